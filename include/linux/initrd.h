/* SPDX-License-Identifier: GPL-2.0-only */
/* The initial ram disk as the loader left it: direct-map addresses, both 0 without one. */
#ifndef _LINUX_INITRD_H
#define _LINUX_INITRD_H

extern unsigned long initrd_start, initrd_end;

/* Unpack it into the root file system and give its pages back: init/initramfs.c. */
void populate_rootfs(void);

#endif
