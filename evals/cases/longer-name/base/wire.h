#ifndef WIRE_H
#define WIRE_H

#include "device.h"

/* 24 bytes on the wire: do not change, receivers in the field expect it. */
struct beacon {
    unsigned char version;
    unsigned char flags;
    unsigned char id[2];
    char name[16];
    unsigned char checksum[4];
};

void wire_pack(struct beacon *beacon, const struct device *device);

#endif
