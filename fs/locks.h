/* SPDX-License-Identifier: GPL-2.0-only */
/* fcntl(2)'s requests that live in files of their own: record locks, leases, seals. */
#ifndef _FS_LOCKS_H
#define _FS_LOCKS_H

#include <linux/filelock.h>
#include <linux/fs.h>

struct flock;

long fcntl_getlk(struct file *file, unsigned int cmd, struct flock __user *ufl);
long fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock __user *ufl);
long fcntl_setlease(int fd, struct file *file, unsigned long type);
long fcntl_getlease(struct file *file);
long memfd_fcntl(struct file *file, unsigned int cmd, unsigned long arg);

/* locks.c, for flock.c. Where nothing else is said, flc_lock is held. */
struct file_lock *alloc_lock(void);			/* no lock; NULL without memory */
void free_lock(struct file_lock *fl);			/* no lock */
void free_locks(struct list_head *gone);		/* no lock */
struct file_lock_context *get_context(struct inode *inode);	/* no lock; NULL without memory */
void block_on(struct file_lock *waiter, struct file_lock *blocker);	/* hang one on the other */
void unblock(struct file_lock *waiter);			/* no lock; no waker is at it afterwards */
void copy_record(struct file_lock *to, const struct file_lock *from);
void drop_record(struct file_lock *fl, struct list_head *gone);
bool lock_conflict(const struct file_lock *a, const struct file_lock *b);
/* lease.c, for locks.c; flc_lock is held. */
void locks_remove_lease(struct file_lock_context *ctx, struct file *file, struct list_head *gone);
int lease_target(const struct file_lock *lease);	/* what it is, or must become */
struct file_lock *flock_of(struct file_lock_context *ctx, const struct file *file);

#endif /* _FS_LOCKS_H */
