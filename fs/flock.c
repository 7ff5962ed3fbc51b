// SPDX-License-Identifier: GPL-2.0-only
/* flock(2): locks of whole files, owned by the open file. Lists and waiting are locks.c's. */
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include "internal.h"
#include "locks.h"

static struct file_lock *flock_conflict(struct file_lock_context *ctx, const struct file_lock *fl)
{
	struct file_lock *other;

	list_for_each_entry(other, &ctx->flc_flock, fl_list) {
		if (lock_conflict(other, fl))
			return other;
	}
	return NULL;
}

struct file_lock *flock_of(struct file_lock_context *ctx, const struct file *file)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &ctx->flc_flock, fl_list) {
		if (fl->fl_file == file)
			return fl;
	}
	return NULL;
}

/* Return: 0, -EAGAIN, FILE_LOCK_DEFERRED, -ENOLCK. Converting first drops the old one. */
static int flock_once(struct inode *inode, struct file_lock *fl)
{
	struct file_lock_context *ctx = get_context(inode);
	struct file_lock *new = alloc_lock(), *old, *blocker;
	LIST_HEAD(gone);
	int err = 0;

	if (!ctx || !new) {
		free_lock(new);
		return -ENOLCK;
	}
	spin_lock(&ctx->flc_lock);
	old = flock_of(ctx, fl->fl_file);
	if (old && old->fl_type == fl->fl_type)
		goto out;
	if (old)
		drop_record(old, &gone);
	if (fl->fl_type == F_UNLCK)
		goto out;
	blocker = flock_conflict(ctx, fl);
	if (!blocker) {
		copy_record(new, fl);
		list_add_tail(&new->fl_list, &ctx->flc_flock);
		new = NULL;
	} else if (fl->fl_flags & FL_SLEEP) {
		block_on(fl, blocker);
		err = FILE_LOCK_DEFERRED;
	} else {
		err = -EAGAIN;
	}
out:
	spin_unlock(&ctx->flc_lock);
	free_lock(new);
	free_locks(&gone);
	return err;
}

static int flock_wait(struct inode *inode, struct file_lock *fl)
{
	int err;

	for (;;) {
		err = flock_once(inode, fl);
		if (err != FILE_LOCK_DEFERRED)
			return err;
		err = wait_event_interruptible(fl->fl_wait, !READ_ONCE(fl->fl_blocker));
		unblock(fl);
		if (err)
			return err;
	}
}

static int flock_type(unsigned int cmd)
{
	switch (cmd & ~LOCK_NB) {
	case LOCK_SH:
		return F_RDLCK;
	case LOCK_EX:
		return F_WRLCK;
	case LOCK_UN:
		return F_UNLCK;
	}
	return -EINVAL;
}

SYSCALL_DEFINE2(flock, unsigned int, fd, unsigned int, cmd)
{
	int type = flock_type(cmd), err;
	struct file_lock *fl;
	struct fd f;

	/* LOCK_MAND was taken and ignored for a long time, and still is */
	if (cmd & LOCK_MAND)
		return 0;
	if (type < 0)
		return type;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	err = -EBADF;
	if (type != F_UNLCK && !(f.file->f_mode & (FMODE_READ | FMODE_WRITE)))
		goto out;
	err = -ENOLCK;
	fl = alloc_lock();
	if (!fl)
		goto out;
	fl->fl_file = f.file;
	fl->fl_owner = f.file;
	fl->fl_pid = current->tgid;
	fl->fl_type = type;
	fl->fl_end = S64_MAX;
	fl->fl_flags = FL_FLOCK | (cmd & LOCK_NB ? 0 : FL_SLEEP);
	err = flock_wait(f.file->f_inode, fl);
	free_lock(fl);
out:
	fdput(f);
	return err;
}
