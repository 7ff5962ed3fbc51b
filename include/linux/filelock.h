/* SPDX-License-Identifier: GPL-2.0-only */
/* Advisory locks of files (fs/locks.c). */
#ifndef _LINUX_FILELOCK_H
#define _LINUX_FILELOCK_H

#include <linux/fs.h>
#include <linux/wait.h>

#define FL_POSIX	1
#define FL_FLOCK	2
#define FL_SLEEP	128
#define FL_OFDLCK	1024

#define FILE_LOCK_DEFERRED	1

/*
 * A lock, or a request for one.
 * Locks: [I] immutable while on a list   [c] flc_lock   [b] blocked_lock
 */
struct file_lock {
	struct list_head fl_list;	/* [c] flc_posix or flc_flock */
	struct list_head fl_waiters;	/* [b] requests that wait for this lock, by fl_blocked */
	struct list_head fl_blocked;	/* [b] */
	struct list_head fl_pending;	/* [b] flc_blocked */
	struct file_lock *fl_blocker;	/* [b] NULL: look again */
	wait_queue_head_t fl_wait;
	fl_owner_t fl_owner;		/* [I] descriptor table, or open file */
	struct file *fl_file;		/* [I] */
	int fl_flags;			/* [I] FL_* */
	int fl_type;			/* [I] F_RDLCK, ... */
	pid_t fl_pid;			/* [I] -1: an open file's */
	loff_t fl_start, fl_end;	/* [c] first and last byte */
};

/*
 * Locks: [c] flc_lock   [b] blocked_lock   [I] immutable
 */
struct file_lock_context {
	spinlock_t flc_lock;
	struct list_head flc_posix;	/* [c] by owner, ascending */
	struct list_head flc_flock;	/* [c] */
	struct list_head flc_blocked;	/* [b] POSIX requests that wait */
	struct list_head flc_all;	/* [b] */
	struct inode *inode;		/* [I] */
};

#endif /* _LINUX_FILELOCK_H */
