#ifndef DEVICE_H
#define DEVICE_H

/* Longest name of a device, with its terminating zero. */
#define DEVICE_NAME_MAX 16

struct device {
    char name[DEVICE_NAME_MAX];
    unsigned id;
};

/* 0 on success, -1 where the name is empty or too long. */
int device_init(struct device *device, unsigned id, const char *name);

#endif
