// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases (fcntl(2), F_SETLEASE): whoever holds one is told before somebody opens or truncates the
 * file in a way that conflicts, and who does so waits until the holder has given way or its time
 * is up. A lease is a file_lock of the open file, on its inode's flc_lease.
 * Locks: flc_lock. An open counts itself in the inode and then looks for leases; a new lease is
 * on the list before the opens are counted: one of the two sees the other.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/sysctl.h>
#include "internal.h"
#include "locks.h"

static int lease_break_time = 45;	/* seconds */

static bool is_breaking(const struct file_lock *lease)
{
	return lease->fl_break & (LEASE_DOWNGRADE | LEASE_REMOVE);
}

int lease_target(const struct file_lock *lease)
{
	if (lease->fl_break & LEASE_REMOVE)
		return F_UNLCK;
	return lease->fl_break & LEASE_DOWNGRADE ? F_RDLCK : lease->fl_type;
}

static struct file_lock *lease_of(struct file_lock_context *ctx, const struct file *file)
{
	struct file_lock *lease;

	list_for_each_entry(lease, &ctx->flc_lease, fl_list) {
		if (lease->fl_file == file)
			return lease;
	}
	return NULL;
}

/* ---- what becomes of a lease; flc_lock is held ---- */

static void changed(struct file_lock_context *ctx)
{
	WRITE_ONCE(ctx->flc_lease_changes, ctx->flc_lease_changes + 1);
	wake_up_all(&ctx->flc_lease_wait);
}

/* With the lease go the file's owner and signal, whoever set them: so it is on Linux. */
static void drop_lease(struct file_lock_context *ctx, struct file_lock *lease,
		       struct list_head *gone)
{
	list_move(&lease->fl_list, gone);
	file_set_fasync(lease->fl_file, false);
	__f_setown(lease->fl_file, NULL, PIDTYPE_TGID, 1);
	lease->fl_file->f_owner.signum = 0;
	changed(ctx);
}

/* Taking what one is asked to fall back to ends the asking. */
static void retype(struct file_lock_context *ctx, struct file_lock *lease, int type)
{
	lease->fl_type = type;
	if (type == F_RDLCK)
		lease->fl_break &= ~LEASE_DOWNGRADE;
	changed(ctx);
}

/* Those whose time is up lose what they were asked for. */
static void expire(struct file_lock_context *ctx, struct list_head *gone)
{
	struct file_lock *lease, *next;
	ktime_t now = ktime_get();

	list_for_each_entry_safe(lease, next, &ctx->flc_lease, fl_list) {
		if ((lease->fl_break & LEASE_REMOVE) && now >= lease->fl_remove_by)
			drop_lease(ctx, lease, gone);
		else if ((lease->fl_break & LEASE_DOWNGRADE) && now >= lease->fl_downgrade_by)
			retype(ctx, lease, F_RDLCK);
	}
}

void locks_remove_lease(struct file_lock_context *ctx, struct file *file, struct list_head *gone)
{
	struct file_lock *lease = lease_of(ctx, file);

	if (lease)
		drop_lease(ctx, lease, gone);
}

/* ---- breaking ---- */

static bool wants_write(unsigned int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY;
}

static ktime_t deadline(void)
{
	int seconds = READ_ONCE(lease_break_time);

	return seconds > 0 ? ktime_get() + seconds * NSEC_PER_SEC : KTIME_MAX;
}

/* Tell the holder, once for each kind of break. */
static void ask(struct file_lock *lease, bool write)
{
	if (write ? lease->fl_break & LEASE_REMOVE : is_breaking(lease))
		return;
	if (write) {
		lease->fl_break |= LEASE_REMOVE;
		lease->fl_remove_by = deadline();
	} else {
		lease->fl_break |= LEASE_DOWNGRADE;
		lease->fl_downgrade_by = deadline();
	}
	send_sigio(&lease->fl_file->f_owner, lease->fl_fd, POLL_MSG);
}

/* Ask all who are in the way. Return: how long the first of them has, 0 when nobody is. */
static ktime_t ask_all(struct file_lock_context *ctx, bool write)
{
	struct file_lock *lease;
	ktime_t until = 0;

	list_for_each_entry(lease, &ctx->flc_lease, fl_list) {
		if (!write && lease->fl_type != F_WRLCK)
			continue;
		ask(lease, write);
		if (!until)
			until = lease->fl_break & LEASE_REMOVE ? lease->fl_remove_by :
				lease->fl_downgrade_by;
	}
	return until;
}

static long wait_change(struct file_lock_context *ctx, unsigned int seen, ktime_t until)
{
	long left = MAX_SCHEDULE_TIMEOUT;

	if (until != KTIME_MAX)
		left = max_t(long, until - ktime_get(), 1);
	return wait_event_interruptible_timeout(ctx->flc_lease_wait,
						READ_ONCE(ctx->flc_lease_changes) != seen, left);
}

/**
 * __break_lease - wait until no lease is in the way of an open; see break_lease()
 * @flags: the O_* of the open: how it accesses, O_NONBLOCK
 *
 * Context: sleeps, no lock.
 * Return: 0, -EWOULDBLOCK, -ERESTARTSYS.
 */
int __break_lease(struct inode *inode, unsigned int flags)
{
	struct file_lock_context *ctx = smp_load_acquire(&inode->i_flctx);
	unsigned int seen;
	LIST_HEAD(gone);
	ktime_t until;

	for (;;) {
		spin_lock(&ctx->flc_lock);
		expire(ctx, &gone);
		until = ask_all(ctx, wants_write(flags));
		seen = ctx->flc_lease_changes;
		spin_unlock(&ctx->flc_lock);
		free_locks(&gone);
		if (!until)
			return 0;
		if (flags & O_NONBLOCK)
			return -EWOULDBLOCK;
		if (wait_change(ctx, seen, until) < 0)
			return -ERESTARTSYS;
	}
}

/* ---- F_SETLEASE, F_GETLEASE ---- */

/* A read lease wants nobody to write, a write lease nobody else to have the file open. */
static bool opened_otherwise(const struct file *file, int type)
{
	int writers = atomic_read(&file->f_inode->i_writecount);

	if (type == F_RDLCK)
		return writers > 0;
	return writers != !!(file->f_mode & FMODE_WRITE) ||
	       atomic_read(&file->f_inode->i_readcount) != !!(file->f_mode & FMODE_READER);
}

/* Others who may keep reading, and were not asked to go, are no hindrance to a read lease. */
static bool others_mind(struct file_lock_context *ctx, const struct file *file, int type)
{
	struct file_lock *lease;

	list_for_each_entry(lease, &ctx->flc_lease, fl_list) {
		if (lease->fl_file != file &&
		    (type == F_WRLCK || (lease->fl_break & LEASE_REMOVE)))
			return true;
	}
	return false;
}

/* flc_lock is held. @new is used, or is on @gone afterwards. */
static int set_lease(struct file_lock_context *ctx, struct file_lock *new, struct list_head *gone)
{
	struct file *file = new->fl_file;
	struct file_lock *old = lease_of(ctx, file);

	list_add_tail(&new->fl_list, old ? gone : &ctx->flc_lease);
	smp_mb();	/* pairs with the one between an open's count and its look at the list */
	if (opened_otherwise(file, new->fl_type) || others_mind(ctx, file, new->fl_type)) {
		list_move(&new->fl_list, gone);
		return -EAGAIN;
	}
	if (old) {
		retype(ctx, old, new->fl_type);
		return 0;
	}
	file_set_fasync(file, true);
	__f_setown(file, task_pid(current), PIDTYPE_TGID, 0);
	return 0;
}

static struct file_lock *new_lease(int fd, struct file *file, int type)
{
	struct file_lock *lease = alloc_lock();

	if (!lease)
		return NULL;
	lease->fl_flags = FL_LEASE;
	lease->fl_file = file;
	lease->fl_owner = file;
	lease->fl_fd = fd;
	lease->fl_type = type;
	lease->fl_pid = current->tgid;
	lease->fl_end = S64_MAX;
	return lease;
}

/* Return: 0, -EACCES, -EINVAL. */
static int may_lease(const struct inode *inode)
{
	if (inode->i_uid != current_fsuid() && !capable(CAP_LEASE))
		return -EACCES;
	return S_ISREG(inode->i_mode) ? 0 : -EINVAL;
}

static int add_lease(int fd, struct file *file, int type)
{
	struct file_lock *lease = new_lease(fd, file, type);
	struct file_lock_context *ctx;
	LIST_HEAD(gone);
	int err;

	if (!lease)
		return -ENOMEM;
	err = may_lease(file->f_inode);
	ctx = err ? NULL : get_context(file->f_inode);
	if (!ctx) {
		free_lock(lease);
		return err ?: -ENOMEM;
	}
	spin_lock(&ctx->flc_lock);
	expire(ctx, &gone);
	err = set_lease(ctx, lease, &gone);
	spin_unlock(&ctx->flc_lock);
	free_locks(&gone);
	return err;
}

static int remove_lease(struct file *file)
{
	struct file_lock_context *ctx;
	LIST_HEAD(gone);
	int err = may_lease(file->f_inode);

	if (err)
		return err;
	ctx = smp_load_acquire(&file->f_inode->i_flctx);
	if (!ctx)
		return -EAGAIN;
	spin_lock(&ctx->flc_lock);
	locks_remove_lease(ctx, file, &gone);
	spin_unlock(&ctx->flc_lock);
	err = list_empty(&gone) ? -EAGAIN : 0;
	free_locks(&gone);
	return err;
}

/**
 * fcntl_setlease - F_SETLEASE of fcntl(2)
 * @fd: descriptor, shown in si_fd
 * @type: F_RDLCK, F_WRLCK or F_UNLCK
 *
 * Return: 0, -EINVAL, -EACCES, -EAGAIN, -ENOMEM.
 */
long fcntl_setlease(int fd, struct file *file, unsigned long type)
{
	switch ((int)type) {
	case F_UNLCK:
		return remove_lease(file);
	case F_RDLCK:
	case F_WRLCK:
		return add_lease(fd, file, type);
	}
	return -EINVAL;
}

/* F_GETLEASE: what the holder has, or must fall back to. Return: F_RDLCK, F_WRLCK, F_UNLCK. */
long fcntl_getlease(struct file *file)
{
	struct file_lock_context *ctx = smp_load_acquire(&file->f_inode->i_flctx);
	struct file_lock *lease;
	long type = F_UNLCK;
	LIST_HEAD(gone);

	if (!ctx)
		return type;
	spin_lock(&ctx->flc_lock);
	expire(ctx, &gone);
	lease = lease_of(ctx, file);
	if (lease)
		type = lease_target(lease);
	spin_unlock(&ctx->flc_lock);
	free_locks(&gone);
	return type;
}

static const struct ctl_table lease_table[] = {
	{ .name = "lease-break-time", .mode = 0644, .kind = CTL_INT, .data = &lease_break_time,
	  .min = INT_MIN, .max = INT_MAX },
};

static int __init lease_sysctl_init(void)
{
	return register_sysctl("fs", lease_table, ARRAY_SIZE(lease_table));
}
fs_initcall(lease_sysctl_init);
