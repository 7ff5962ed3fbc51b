/* SPDX-License-Identifier: GPL-2.0-only */
/* Advisory locks of files (fs/locks.c). */
#ifndef _LINUX_FILELOCK_H
#define _LINUX_FILELOCK_H

#include <linux/fs.h>
#include <linux/wait.h>

#define FL_POSIX	1
#define FL_FLOCK	2
#define FL_LEASE	32
#define FL_SLEEP	128
#define FL_OFDLCK	1024

#define FILE_LOCK_DEFERRED	1

/* fl_break: what a lease's holder was asked for */
#define LEASE_DOWNGRADE		1	/* others want to read */
#define LEASE_REMOVE		2	/* others want to write */

/*
 * A lock, or a request for one.
 * Locks: [I] immutable while on a list   [c] flc_lock   [b] blocked_lock
 */
struct file_lock {
	struct list_head fl_list;	/* [c] flc_posix, flc_flock or flc_lease */
	struct list_head fl_waiters;	/* [b] requests that wait for this lock, by fl_blocked */
	struct list_head fl_blocked;	/* [b] */
	struct list_head fl_pending;	/* [b] flc_blocked */
	struct file_lock *fl_blocker;	/* [b] NULL: look again */
	wait_queue_head_t fl_wait;
	fl_owner_t fl_owner;		/* [I] descriptor table, or open file */
	struct file *fl_file;		/* [I] */
	int fl_flags;			/* [I] FL_* */
	int fl_type;			/* [I] F_RDLCK, ...; [c] a lease's */
	pid_t fl_pid;			/* [I] -1: an open file's */
	loff_t fl_start, fl_end;	/* [c] first and last byte */
	int fl_fd;			/* [I] lease: for si_fd */
	unsigned int fl_break;		/* [c] lease: LEASE_* */
	ktime_t fl_downgrade_by;	/* [c] lease: KTIME_MAX: no end */
	ktime_t fl_remove_by;		/* [c] the same */
};

/*
 * Locks: [c] flc_lock   [b] blocked_lock   [I] immutable
 */
struct file_lock_context {
	spinlock_t flc_lock;
	struct list_head flc_posix;	/* [c] by owner, ascending */
	struct list_head flc_flock;	/* [c] */
	struct list_head flc_lease;	/* [c] looked at without by break_lease() */
	unsigned int flc_lease_changes;	/* [c] counts what those in flc_lease_wait wait for */
	wait_queue_head_t flc_lease_wait;
	struct list_head flc_blocked;	/* [b] POSIX requests that wait */
	struct list_head flc_all;	/* [b] */
	struct inode *inode;		/* [I] */
};

int __break_lease(struct inode *inode, unsigned int flags);

/* Before an open or a truncation, which has counted itself in the inode. */
static inline int break_lease(struct inode *inode, unsigned int flags)
{
	struct file_lock_context *ctx;

	smp_mb__after_atomic();
	ctx = READ_ONCE(inode->i_flctx);
	if (likely(!ctx) || list_empty_careful(&ctx->flc_lease))
		return 0;
	return __break_lease(inode, flags);
}

#endif /* _LINUX_FILELOCK_H */
