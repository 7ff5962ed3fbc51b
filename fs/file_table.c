// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files: making them, and releasing them when the last reference goes. A file
 * is freed after RCU, because descriptor lookups take no lock.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/eventpoll.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static struct kmem_cache *filp_cache;
static atomic_long_t nr_files = ATOMIC64_INIT(0);	/* counted against file-max */
unsigned long sysctl_max_files = 8192;

unsigned long get_nr_files(void)
{
	return atomic_long_read(&nr_files);
}

unsigned long get_max_files(void)
{
	return sysctl_max_files;
}

/* Charge first, then compare. Root may go over: it must be able to repair things. */
static bool charge_file(void)
{
	static bool told;

	if (likely(atomic_long_inc_return(&nr_files) <= READ_ONCE(sysctl_max_files)))
		return true;
	if (capable(CAP_SYS_ADMIN))
		return true;
	atomic_long_dec(&nr_files);
	if (!told) {
		told = true;
		pr_info("VFS: file-max limit %lu reached\n", sysctl_max_files);
	}
	return false;
}

/**
 * alloc_empty_file - a file that is not open yet
 * @flags: O_*
 * @cred: whose; a reference is taken
 *
 * Context: sleeps.
 * Return: the file with one reference, or ERR_PTR(-ENFILE, -ENOMEM).
 */
struct file *alloc_empty_file(int flags, const struct cred *cred)
{
	struct file *file;

	if (!charge_file())
		return ERR_PTR(-ENFILE);
	file = kmem_cache_zalloc(filp_cache, GFP_KERNEL);
	if (!file) {
		atomic_long_dec(&nr_files);
		return ERR_PTR(-ENOMEM);
	}
	file->f_cred = get_cred(cred);
	file->f_flags = flags;
	file->f_mode = OPEN_FMODE(flags);
	atomic_long_set(&file->f_count, 1);
	spin_lock_init(&file->f_lock);
	mutex_init(&file->f_pos_lock);
	rwlock_init(&file->f_owner.lock);
	INIT_LIST_HEAD(&file->f_ep_links);
	return file;
}

/* What ->f_op offers decides what may be tried. */
static void set_mode_from_ops(struct file *file, const struct file_operations *fop)
{
	file->f_op = fop;
	if (fop->llseek != no_llseek && fop->llseek)
		file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
}

/**
 * alloc_file - a file that is open, without ->open
 * @path: where; its references go to the file
 * @flags: O_*
 * @fop: operations
 *
 * Return: the file, or ERR_PTR (then the references stay the caller's).
 */
struct file *alloc_file(const struct path *path, int flags, const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(flags, current_cred());

	if (IS_ERR(file))
		return file;
	file->f_path = *path;
	file->f_inode = path->dentry->d_inode;
	file->f_mapping = file->f_inode->i_mapping;
	set_mode_from_ops(file, fop);
	file->f_mode |= FMODE_OPENED;
	return file;
}

/* alloc_file() with a nameless dentry of its own; consumes @inode's reference if it succeeds. */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop)
{
	struct qstr q = QSTR_INIT(name, strlen(name));
	struct path path = { .mnt = mnt };
	struct file *file;

	path.dentry = d_alloc_pseudo(mnt->mnt_sb, &q);
	if (!path.dentry)
		return ERR_PTR(-ENOMEM);
	mntget(mnt);
	d_instantiate(path.dentry, inode);
	file = alloc_file(&path, flags, fop);
	if (IS_ERR(file)) {
		ihold(inode);
		path_put(&path);
	}
	return file;
}

/* Another file of the same dentry: the second end of a pipe. */
struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop)
{
	struct file *file = alloc_file(&base->f_path, flags, fop);

	if (!IS_ERR(file))
		path_get(&file->f_path);
	return file;
}

static void file_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(filp_cache, container_of(head, struct file, f_rcu));
}

static void file_free(struct file *file)
{
	if (!(file->f_mode & FMODE_NOACCOUNT))
		atomic_long_dec(&nr_files);
	put_cred(file->f_cred);
	call_rcu(&file->f_rcu, file_free_rcu);
}

static void release_opened(struct file *file)
{
	if (unlikely(file->f_flags & FASYNC) && file->f_op->fasync)
		file->f_op->fasync(-1, file, 0);
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
}

/* The last reference is gone. */
static void __fput(struct file *file)
{
	might_sleep();
	if (file->f_mode & FMODE_OPENED) {
		fsnotify_close(file);
		eventpoll_release(file);
		locks_remove_file(file);
		release_opened(file);
	}
	if (unlikely(file->f_owner.pid))
		put_pid(file->f_owner.pid);
	if (file->f_mode & FMODE_READER)
		atomic_dec(&file->f_inode->i_readcount);
	if (file->f_mode & FMODE_WRITER)
		put_write_access(file->f_inode);
	if (file->f_mode & FMODE_MNT_WRITE)
		mnt_drop_write(file->f_path.mnt);
	path_put(&file->f_path);
	file_free(file);
}

static void fput_work(struct callback_head *work)
{
	__fput(container_of((struct rcu_head *)work, struct file, f_rcu));
}

BUILD_ASSERT(sizeof(struct callback_head) == sizeof(struct rcu_head));

void fput(struct file *file)
{
	struct callback_head *work = (struct callback_head *)&file->f_rcu;

	if (likely(!atomic_long_dec_and_test(&file->f_count)))
		return;
	/* the caller may hold locks that ->release takes: wait until it holds none */
	if (likely(!(current->flags & (PF_KTHREAD | PF_EXITING)))) {
		work->func = fput_work;
		if (!task_work_add(current, work))
			return;
	}
	__fput(file);
}

void fput_sync(struct file *file)
{
	if (atomic_long_dec_and_test(&file->f_count))
		__fput(file);
}

/* Each file costs about a kilobyte with its inode and dentry: let them use a tenth of memory. */
void __init files_init(void)
{
	unsigned long tenth = totalram_pages() * (PAGE_SIZE / 1024) / 10;

	filp_cache = kmem_cache_create("filp", sizeof(struct file), 0, SLAB_PANIC, NULL);
	sysctl_max_files = max_t(unsigned long, tenth, 8192);
}
