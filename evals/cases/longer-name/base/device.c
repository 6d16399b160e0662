#include "device.h"

#include <string.h>

int device_init(struct device *device, unsigned id, const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length >= DEVICE_NAME_MAX)
        return -1;
    memcpy(device->name, name, length + 1);
    device->id = id;
    return 0;
}
