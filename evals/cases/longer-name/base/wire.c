#include "wire.h"

#include <string.h>

static unsigned sum(const unsigned char *bytes, size_t length)
{
    unsigned total = 0;
    for (size_t at = 0; at < length; at++)
        total = total * 31 + bytes[at];
    return total;
}

void wire_pack(struct beacon *beacon, const struct device *device)
{
    memset(beacon, 0, sizeof *beacon);
    beacon->version = 2;
    beacon->id[0] = (unsigned char)(device->id >> 8);
    beacon->id[1] = (unsigned char)device->id;
    strcpy(beacon->name, device->name);
    unsigned total = sum((const unsigned char *)beacon, sizeof *beacon - 4);
    memcpy(beacon->checksum, &total, sizeof beacon->checksum);
}
