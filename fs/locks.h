/* SPDX-License-Identifier: GPL-2.0-only */
/* fcntl(2)'s requests that live in files of their own: record locks, leases, seals. */
#ifndef _FS_LOCKS_H
#define _FS_LOCKS_H

#include <linux/fs.h>

struct flock;

long fcntl_getlk(struct file *file, unsigned int cmd, struct flock __user *ufl);
long fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock __user *ufl);
long fcntl_setlease(struct file *file, long type);
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _FS_LOCKS_H */
