// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advisory locks: POSIX records (fcntl(2), owned by a descriptor table), OFD records
 * (owned by an open file) and flock(2). flc_lock guards an inode's lists; whoever
 * waits hangs on the lock that blocks it, under blocked_lock, which ranks inside.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "locks.h"

static struct kmem_cache *flock_cache;
static DEFINE_SPINLOCK(blocked_lock);	/* every fl_blocker, fl_waiters */
static LIST_HEAD(all_contexts);		/* blocked_lock: for /proc/locks */

/* ---- objects ---- */

struct file_lock *alloc_lock(void)
{
	struct file_lock *fl = kmem_cache_zalloc(flock_cache, GFP_KERNEL);

	if (!fl)
		return NULL;
	INIT_LIST_HEAD(&fl->fl_list);
	INIT_LIST_HEAD(&fl->fl_waiters);
	INIT_LIST_HEAD(&fl->fl_blocked);
	INIT_LIST_HEAD(&fl->fl_pending);
	init_waitqueue_head(&fl->fl_wait);
	return fl;
}

void free_lock(struct file_lock *fl)
{
	if (fl)
		kmem_cache_free(flock_cache, fl);
}

void free_locks(struct list_head *gone)
{
	struct file_lock *fl, *next;

	list_for_each_entry_safe(fl, next, gone, fl_list) {
		list_del_init(&fl->fl_list);
		free_lock(fl);
	}
}

struct file_lock_context *get_context(struct inode *inode)
{
	struct file_lock_context *ctx = READ_ONCE(inode->i_flctx), *new;

	if (ctx)
		return ctx;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return NULL;
	spin_lock_init(&new->flc_lock);
	INIT_LIST_HEAD(&new->flc_posix);
	INIT_LIST_HEAD(&new->flc_flock);
	INIT_LIST_HEAD(&new->flc_lease);
	init_waitqueue_head(&new->flc_lease_wait);
	INIT_LIST_HEAD(&new->flc_blocked);
	new->inode = inode;
	spin_lock(&inode->i_lock);
	ctx = inode->i_flctx;
	if (!ctx)
		smp_store_release(&inode->i_flctx, new);
	spin_unlock(&inode->i_lock);
	if (ctx) {
		kfree(new);
		return ctx;
	}
	spin_lock(&blocked_lock);
	list_add_tail(&new->flc_all, &all_contexts);
	spin_unlock(&blocked_lock);
	return new;
}

/* The inode is being evicted. */
void locks_free_lock_context(struct inode *inode)
{
	struct file_lock_context *ctx = inode->i_flctx;

	if (likely(!ctx))
		return;
	ASSERT(list_empty(&ctx->flc_posix) && list_empty(&ctx->flc_flock) &&
	       list_empty(&ctx->flc_lease));
	spin_lock(&blocked_lock);
	list_del(&ctx->flc_all);
	spin_unlock(&blocked_lock);
	inode->i_flctx = NULL;
	kfree(ctx);
}

/* ---- waiting ---- */

/* flc_lock and blocked_lock are held. */
static void __block_on(struct file_lock *waiter, struct file_lock *blocker)
{
	WRITE_ONCE(waiter->fl_blocker, blocker);
	list_add_tail(&waiter->fl_blocked, &blocker->fl_waiters);
}

void block_on(struct file_lock *waiter, struct file_lock *blocker)
{
	spin_lock(&blocked_lock);
	__block_on(waiter, blocker);
	spin_unlock(&blocked_lock);
}

/* @blocker goes or shrinks: let all who wait for it look again. */
static void wake_waiters(struct file_lock *blocker)
{
	struct file_lock *waiter;

	spin_lock(&blocked_lock);
	while (!list_empty(&blocker->fl_waiters)) {
		waiter = list_first_entry(&blocker->fl_waiters, struct file_lock, fl_blocked);
		list_del_init(&waiter->fl_blocked);
		WRITE_ONCE(waiter->fl_blocker, NULL);
		wake_up(&waiter->fl_wait);
	}
	spin_unlock(&blocked_lock);
}

/* Give up waiting; also makes sure that no waker is still at @waiter. */
void unblock(struct file_lock *waiter)
{
	spin_lock(&blocked_lock);
	list_del_init(&waiter->fl_blocked);
	WRITE_ONCE(waiter->fl_blocker, NULL);
	spin_unlock(&blocked_lock);
}

/* ---- conflicts ---- */

static bool same_owner(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_owner == b->fl_owner;
}

static bool overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_start <= b->fl_end && b->fl_start <= a->fl_end;
}

bool lock_conflict(const struct file_lock *a, const struct file_lock *b)
{
	return !same_owner(a, b) && (a->fl_type == F_WRLCK || b->fl_type == F_WRLCK);
}

static struct file_lock *posix_conflict(struct file_lock_context *ctx, const struct file_lock *fl)
{
	struct file_lock *other;

	list_for_each_entry(other, &ctx->flc_posix, fl_list) {
		if (overlap(other, fl) && lock_conflict(other, fl))
			return other;
	}
	return NULL;
}

/* Enough for any honest chain; a longer one is taken for a cycle that others close. */
#define MAX_DEADLOCK_STEPS	10

/* What @owner waits for at present, on this inode; blocked_lock is held. */
static struct file_lock *waiting_for(struct file_lock_context *ctx, fl_owner_t owner)
{
	struct file_lock *wait;

	list_for_each_entry(wait, &ctx->flc_blocked, fl_pending) {
		if (wait->fl_owner == owner && wait->fl_blocker)
			return wait;
	}
	return NULL;
}

/*
 * Would @fl, waiting for @blocker, close a circle? Follows owner by owner whom each
 * waits for. OFD owners are not tasks: they may be released by anybody. blocked_lock is held.
 */
static bool would_deadlock(const struct file_lock *fl, struct file_lock *blocker)
{
	struct file_lock_context *ctx;
	struct file_lock *wait = NULL;
	int steps = 0;

	if (fl->fl_flags & FL_OFDLCK)
		return false;
	while (blocker) {
		if (steps++ > MAX_DEADLOCK_STEPS || (blocker->fl_flags & FL_OFDLCK))
			return false;
		if (blocker->fl_owner == fl->fl_owner)
			return true;
		wait = NULL;
		list_for_each_entry(ctx, &all_contexts, flc_all) {
			wait = waiting_for(ctx, blocker->fl_owner);
			if (wait)
				break;
		}
		blocker = wait ? wait->fl_blocker : NULL;
	}
	return false;
}

/* ---- POSIX and OFD records ---- */

void copy_record(struct file_lock *to, const struct file_lock *from)
{
	to->fl_owner = from->fl_owner;
	to->fl_pid = from->fl_pid;
	to->fl_flags = from->fl_flags;
	to->fl_type = from->fl_type;
	to->fl_start = from->fl_start;
	to->fl_end = from->fl_end;
	to->fl_file = from->fl_file;
}

/* Does @a end just before @b begins, or overlap it? */
static bool touches(const struct file_lock *a, const struct file_lock *b)
{
	return (a->fl_end == S64_MAX || a->fl_end + 1 >= b->fl_start) &&
	       (b->fl_end == S64_MAX || b->fl_end + 1 >= a->fl_start);
}

void drop_record(struct file_lock *fl, struct list_head *gone)
{
	list_move(&fl->fl_list, gone);
	wake_waiters(fl);
}

/*
 * Cut the range of @fl out of @old, which has the same owner and overlaps it.
 * @spare takes the right part when @old falls in two. Returns whether it was used.
 */
static bool cut_record(struct file_lock *old, const struct file_lock *fl, struct file_lock *spare,
		       struct list_head *gone)
{
	bool left = old->fl_start < fl->fl_start, right = old->fl_end > fl->fl_end;

	if (left && right) {
		copy_record(spare, old);
		spare->fl_start = fl->fl_end + 1;
		old->fl_end = fl->fl_start - 1;
		list_add(&spare->fl_list, &old->fl_list);
	} else if (left) {
		old->fl_end = fl->fl_start - 1;
	} else if (right) {
		old->fl_start = fl->fl_end + 1;
	} else {
		drop_record(old, gone);
		return false;
	}
	wake_waiters(old);
	return left && right;
}

/* Records of one owner stand together, ascending: find where @fl belongs. */
static struct list_head *place_for(struct file_lock_context *ctx, const struct file_lock *fl)
{
	struct file_lock *other;
	bool seen = false;

	list_for_each_entry(other, &ctx->flc_posix, fl_list) {
		if (same_owner(other, fl)) {
			seen = true;
			if (other->fl_start > fl->fl_start)
				return &other->fl_list;
		} else if (seen) {
			return &other->fl_list;
		}
	}
	return &ctx->flc_posix;
}

/*
 * Make the range of @fl be of @fl's type for its owner. @new becomes the record (but
 * for F_UNLCK), @spare a second one if need be; what is used is set to NULL.
 */
static void apply_record(struct file_lock_context *ctx, const struct file_lock *fl,
			 struct file_lock **new, struct file_lock **spare, struct list_head *gone)
{
	struct file_lock *old, *next, merged = *fl;

	list_for_each_entry_safe(old, next, &ctx->flc_posix, fl_list) {
		if (!same_owner(old, fl))
			continue;
		if (old->fl_type == fl->fl_type && touches(old, &merged)) {
			merged.fl_start = min(merged.fl_start, old->fl_start);
			merged.fl_end = max(merged.fl_end, old->fl_end);
			drop_record(old, gone);
		} else if (overlap(old, fl)) {
			if (cut_record(old, fl, *spare, gone))
				*spare = NULL;
		}
	}
	if (fl->fl_type == F_UNLCK)
		return;
	copy_record(*new, &merged);
	list_add_tail(&(*new)->fl_list, place_for(ctx, &merged));
	*new = NULL;
}

/*
 * Try once. Return: 0, -EAGAIN (somebody has it), FILE_LOCK_DEFERRED (@fl hangs on the
 * blocker), -EDEADLK, -ENOLCK (no memory).
 */
static int posix_lock_once(struct inode *inode, struct file_lock *fl)
{
	struct file_lock_context *ctx = get_context(inode);
	struct file_lock *new = alloc_lock(), *spare = alloc_lock(), *blocker = NULL;
	LIST_HEAD(gone);
	int err = 0;

	if (!ctx || !new || !spare) {
		free_lock(new);
		free_lock(spare);
		return -ENOLCK;
	}
	spin_lock(&ctx->flc_lock);
	if (fl->fl_type != F_UNLCK)
		blocker = posix_conflict(ctx, fl);
	if (!blocker) {
		apply_record(ctx, fl, &new, &spare, &gone);
	} else if (!(fl->fl_flags & FL_SLEEP)) {
		err = -EAGAIN;
	} else {
		spin_lock(&blocked_lock);
		if (would_deadlock(fl, blocker)) {
			err = -EDEADLK;
		} else {
			__block_on(fl, blocker);
			list_add(&fl->fl_pending, &ctx->flc_blocked);
			err = FILE_LOCK_DEFERRED;
		}
		spin_unlock(&blocked_lock);
	}
	spin_unlock(&ctx->flc_lock);
	free_lock(new);
	free_lock(spare);
	free_locks(&gone);
	return err;
}

static void no_longer_pending(struct file_lock *fl)
{
	spin_lock(&blocked_lock);
	list_del_init(&fl->fl_pending);
	spin_unlock(&blocked_lock);
}

/* Until it is ours, or a signal comes. */
static int posix_lock_wait(struct inode *inode, struct file_lock *fl)
{
	int err;

	for (;;) {
		err = posix_lock_once(inode, fl);
		if (err != FILE_LOCK_DEFERRED)
			return err;
		err = wait_event_interruptible(fl->fl_wait, !READ_ONCE(fl->fl_blocker));
		no_longer_pending(fl);
		unblock(fl);
		if (err)
			return err;
	}
}

/* struct flock's idea of a range into first and last byte. Return: 0, -EINVAL, -EOVERFLOW. */
static int flock_range(struct file *file, const struct flock *l, struct file_lock *fl)
{
	loff_t start = l->l_start, base = 0;

	switch (l->l_whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = file->f_pos;
		break;
	case SEEK_END:
		base = i_size_read(file->f_inode);
		break;
	default:
		return -EINVAL;
	}
	if (start > 0 && base > S64_MAX - start)
		return -EOVERFLOW;
	start += base;
	if (start < 0)
		return -EINVAL;
	fl->fl_start = start;
	fl->fl_end = S64_MAX;
	if (l->l_len > 0) {
		if (l->l_len - 1 > S64_MAX - start)
			return -EOVERFLOW;
		fl->fl_end = start + l->l_len - 1;
	} else if (l->l_len < 0) {
		if (start + l->l_len < 0)
			return -EINVAL;
		fl->fl_end = start - 1;
		fl->fl_start = start + l->l_len;
	}
	return 0;
}

/* Fill @fl from a request. Return: 0, -EINVAL, -EOVERFLOW. */
static int flock_to_record(struct file *file, const struct flock *l, bool ofd,
			   struct file_lock *fl)
{
	if (l->l_type != F_RDLCK && l->l_type != F_WRLCK && l->l_type != F_UNLCK)
		return -EINVAL;
	if (ofd && l->l_pid != 0)
		return -EINVAL;
	fl->fl_type = l->l_type;
	fl->fl_file = file;
	fl->fl_flags = ofd ? FL_OFDLCK : FL_POSIX;
	fl->fl_owner = ofd ? (fl_owner_t)file : (fl_owner_t)current->files;
	fl->fl_pid = ofd ? -1 : current->tgid;
	return flock_range(file, l, fl);
}

static int check_access(const struct file *file, int type)
{
	if (type == F_RDLCK && !(file->f_mode & FMODE_READ))
		return -EBADF;
	if (type == F_WRLCK && !(file->f_mode & FMODE_WRITE))
		return -EBADF;
	return 0;
}

/* The owner's number as @ns sees it; 0 when it does not, or the owner is dead; -1: a file's. */
static pid_t lock_owner_nr(const struct file_lock *fl, struct pid_namespace *ns)
{
	pid_t nr = fl->fl_pid;

	if (nr <= 0 || ns == &init_pid_ns)
		return nr;
	rcu_read_lock();
	nr = pid_nr_ns(find_pid_ns(nr, &init_pid_ns), ns);
	rcu_read_unlock();
	return nr;
}

/* F_GETLK, F_OFD_GETLK. Return: 0, -EINVAL, -EOVERFLOW, -EFAULT, -ENOLCK. */
long fcntl_getlk(struct file *file, unsigned int cmd, struct flock __user *ufl)
{
	struct file_lock_context *ctx;
	struct file_lock fl = {}, *other = NULL;
	struct flock l;
	int err;

	if (copy_from_user(&l, ufl, sizeof(l)))
		return -EFAULT;
	if (cmd == F_GETLK && l.l_type != F_RDLCK && l.l_type != F_WRLCK)
		return -EINVAL;
	err = flock_to_record(file, &l, cmd == F_OFD_GETLK, &fl);
	if (err)
		return err;
	l.l_type = F_UNLCK;
	ctx = get_context(file->f_inode);
	if (!ctx)
		return -ENOLCK;
	spin_lock(&ctx->flc_lock);
	other = posix_conflict(ctx, &fl);
	if (other) {
		l.l_type = other->fl_type;
		l.l_whence = SEEK_SET;
		l.l_start = other->fl_start;
		l.l_len = other->fl_end == S64_MAX ? 0 : other->fl_end - other->fl_start + 1;
		l.l_pid = lock_owner_nr(other, current_pid_ns());
	}
	spin_unlock(&ctx->flc_lock);
	return copy_to_user(ufl, &l, sizeof(l)) ? -EFAULT : 0;
}

/* Another thread closed the descriptor while we waited: the lock would never go. */
static bool fd_still_means(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;
	struct file *now;

	/*
	 * close() takes the descriptor out under this lock, and looks for our record afterwards:
	 * it finds that, or we find the descriptor gone.
	 */
	spin_lock(&files->file_lock);
	now = files_lookup_fd_rcu(files, fd);
	spin_unlock(&files->file_lock);
	return now == file;
}

/*
 * F_SETLK, F_SETLKW and the OFD forms.
 * Return: 0, -EAGAIN, -EDEADLK, -EBADF, -EINVAL, -EOVERFLOW, -ENOLCK, -EFAULT, -ERESTARTSYS.
 */
long fcntl_setlk(unsigned int fd, struct file *file, unsigned int cmd, struct flock __user *ufl)
{
	bool ofd = cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;
	struct inode *inode = file->f_inode;
	struct file_lock *fl;
	struct flock l;
	long err;

	if (copy_from_user(&l, ufl, sizeof(l)))
		return -EFAULT;
	fl = alloc_lock();
	if (!fl)
		return -ENOLCK;
	err = flock_to_record(file, &l, ofd, fl);
	if (!err)
		err = check_access(file, l.l_type);
	if (!err && (cmd == F_SETLKW || cmd == F_OFD_SETLKW))
		fl->fl_flags |= FL_SLEEP;
	if (!err)
		err = posix_lock_wait(inode, fl);
	if (!err && !ofd && l.l_type != F_UNLCK && !fd_still_means(fd, file)) {
		locks_remove_posix(file, current->files);
		err = -EBADF;
	}
	free_lock(fl);
	return err;
}

/* close(2) of any descriptor drops all of the owner's records of the file. */
void locks_remove_posix(struct file *file, fl_owner_t owner)
{
	struct file_lock_context *ctx = smp_load_acquire(&file->f_inode->i_flctx);
	struct file_lock *fl, *next;
	LIST_HEAD(gone);

	if (likely(!ctx) || list_empty(&ctx->flc_posix))
		return;
	spin_lock(&ctx->flc_lock);
	list_for_each_entry_safe(fl, next, &ctx->flc_posix, fl_list) {
		if (fl->fl_owner == owner)
			drop_record(fl, &gone);
	}
	spin_unlock(&ctx->flc_lock);
	free_locks(&gone);
}

/* The last reference to @file is gone: its flock, OFD records and lease go. */
void locks_remove_file(struct file *file)
{
	struct file_lock_context *ctx = smp_load_acquire(&file->f_inode->i_flctx);
	struct file_lock *fl, *next;
	LIST_HEAD(gone);

	if (likely(!ctx))
		return;
	spin_lock(&ctx->flc_lock);
	list_for_each_entry_safe(fl, next, &ctx->flc_posix, fl_list) {
		if (fl->fl_owner == file)
			drop_record(fl, &gone);
	}
	fl = flock_of(ctx, file);
	if (fl)
		drop_record(fl, &gone);
	locks_remove_lease(ctx, file, &gone);
	spin_unlock(&ctx->flc_lock);
	free_locks(&gone);
}

/* ---- /proc/locks ---- */

static const char *lock_kind(const struct file_lock *fl)
{
	if (fl->fl_flags & FL_LEASE)
		return fl->fl_break ? "LEASE  BREAKING " : "LEASE  ACTIVE   ";
	if (fl->fl_flags & FL_FLOCK)
		return "FLOCK  ADVISORY ";
	return fl->fl_flags & FL_OFDLCK ? "OFDLCK ADVISORY " : "POSIX  ADVISORY ";
}

static const char *lock_type(const struct file_lock *fl)
{
	int type = fl->fl_flags & FL_LEASE ? lease_target(fl) : fl->fl_type;

	return type == F_WRLCK ? "WRITE" : type == F_RDLCK ? "READ" : "UNLCK";
}

static void show_lock(struct seq_file *m, struct file_lock_context *ctx,
		      const struct file_lock *fl, int id)
{
	const struct inode *inode = ctx->inode;

	seq_printf(m, "%d: %s %s %d %02x:%02x:%lu %lld ", id, lock_kind(fl), lock_type(fl),
		   lock_owner_nr(fl, current_pid_ns()),
		   MAJOR(inode->i_sb->s_dev), MINOR(inode->i_sb->s_dev), inode->i_ino,
		   fl->fl_start);
	if (fl->fl_end == S64_MAX)
		seq_puts(m, "EOF\n");
	else
		seq_printf(m, "%lld\n", fl->fl_end);
}

/* blocked_lock is inner to flc_lock: only try for the latter; a busy inode is left out. */
void locks_show(struct seq_file *m)
{
	struct file_lock_context *ctx;
	struct file_lock *fl;
	int id = 1;

	spin_lock(&blocked_lock);
	list_for_each_entry(ctx, &all_contexts, flc_all) {
		if (!spin_trylock(&ctx->flc_lock))
			continue;
		list_for_each_entry(fl, &ctx->flc_posix, fl_list)
			show_lock(m, ctx, fl, id++);
		list_for_each_entry(fl, &ctx->flc_flock, fl_list)
			show_lock(m, ctx, fl, id++);
		list_for_each_entry(fl, &ctx->flc_lease, fl_list)
			show_lock(m, ctx, fl, id++);
		spin_unlock(&ctx->flc_lock);
	}
	spin_unlock(&blocked_lock);
}

void __init locks_init(void)
{
	flock_cache = kmem_cache_create("file_lock_cache", sizeof(struct file_lock), 0,
					SLAB_PANIC, NULL);
}
