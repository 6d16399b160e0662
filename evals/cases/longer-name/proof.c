/* Bytes behind a packed beacon must stay as they are, whatever name was accepted. */
#include "device.c"
#include "wire.c"

#include <stdio.h>

int main(void)
{
    struct { struct beacon beacon; unsigned char behind[32]; } memory;
    struct device device;
    memset(&memory, 0xAA, sizeof memory);
    if (device_init(&device, 7, "conference room, 2nd floor") != 0)
        return 0; /* refused, as before */
    wire_pack(&memory.beacon, &device);
    if (memory.behind[0] != 0xAA || memory.beacon.name[15] != 0) {
        fputs("DEFECT: the name runs out of its field\n", stderr);
        return 1;
    }
    return 0;
}
