// SPDX-License-Identifier: GPL-2.0-only
/*
 * Root, working directory and umask of a task: the "fs" row of fork. fs->lock guards
 * both paths; a task's pointer to its fs_struct changes under task_lock().
 */
#include <linux/err.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "internal.h"

static struct kmem_cache *fs_cachep;

struct fs_struct init_fs = {
	.users	= REFCOUNT_INIT(1),
	.lock	= __SPIN_LOCK_UNLOCKED(init_fs.lock, LOCK_RANK_FS_STRUCT),
	.umask	= 0022,
};

static void replace_path(struct fs_struct *fs, struct path *slot, const struct path *path)
{
	struct path old;

	path_get(path);
	spin_lock(&fs->lock);
	old = *slot;
	*slot = *path;
	spin_unlock(&fs->lock);
	if (old.dentry)
		path_put(&old);
}

/* chroot(2); takes its own references. */
void set_fs_root(struct fs_struct *fs, const struct path *path)
{
	replace_path(fs, &fs->root, path);
}

/* chdir(2); takes its own references. */
void set_fs_pwd(struct fs_struct *fs, const struct path *path)
{
	replace_path(fs, &fs->pwd, path);
}

/* fs->lock is held. Returns how many references to @old have become superfluous. */
static int swap_if_equal(struct path *slot, const struct path *old, const struct path *new)
{
	if (!path_equal(slot, old))
		return 0;
	*slot = *new;
	path_get(new);
	return 1;
}

/* pivot_root(2): whoever is at @old_root moves to @new_root. */
void chroot_fs_refs(const struct path *old_root, const struct path *new_root)
{
	struct task_struct *p, *t;
	struct fs_struct *fs;
	int count = 0;

	read_lock_irq(&tasklist_lock);
	for_each_process_thread(p, t) {
		/* alloc_lock ranks below tasklist_lock; nobody takes them the other way round */
		fs = READ_ONCE(t->fs);
		if (!fs)
			continue;
		spin_lock(&fs->lock);
		count += swap_if_equal(&fs->root, old_root, new_root);
		count += swap_if_equal(&fs->pwd, old_root, new_root);
		spin_unlock(&fs->lock);
	}
	read_unlock_irq(&tasklist_lock);
	while (count--)
		path_put(old_root);
}

static struct fs_struct *dup_fs(struct fs_struct *old)
{
	struct fs_struct *fs = kmem_cache_alloc(fs_cachep, GFP_KERNEL);

	if (!fs)
		return NULL;
	refcount_set(&fs->users, 1);
	spin_lock_init(&fs->lock, LOCK_RANK_FS_STRUCT);
	fs->in_exec = false;
	fs->umask = old->umask;
	get_fs_root_and_pwd(old, &fs->root, &fs->pwd);
	return fs;
}

static void free_fs(struct rcu_head *head)
{
	kmem_cache_free(fs_cachep, container_of(head, struct fs_struct, rcu));
}

static void put_fs(struct fs_struct *fs)
{
	struct path root, pwd;

	if (!refcount_dec_and_test(&fs->users))
		return;
	/* chroot_fs_refs() may still look at it: leave it nothing to change */
	spin_lock(&fs->lock);
	root = fs->root;
	pwd = fs->pwd;
	fs->root = fs->pwd = (struct path){};
	spin_unlock(&fs->lock);
	path_put(&root);
	path_put(&pwd);
	call_rcu(&fs->rcu, free_fs);
}

/* The row of fork. Return: 0 or -ENOMEM. */
int copy_fs(struct fork_ctx *fc)
{
	fc->child->fs = dup_fs(fc->parent->fs);
	return fc->child->fs ? 0 : -ENOMEM;
}

/* Return: 0, or -EAGAIN while an exec looks at who shares (check_unsafe_exec()). */
int share_fs(struct fork_ctx *fc)
{
	struct fs_struct *fs = fc->parent->fs;
	int err = 0;

	spin_lock(&fs->lock);
	if (fs->in_exec)
		err = -EAGAIN;
	else
		refcount_inc(&fs->users);
	spin_unlock(&fs->lock);
	if (!err)
		fc->child->fs = fs;
	return err;
}

void exit_fs(struct task_struct *tsk)
{
	struct fs_struct *fs;

	task_lock(tsk);
	fs = tsk->fs;
	tsk->fs = NULL;
	task_unlock(tsk);
	if (fs)
		put_fs(fs);
}

/* unshare(CLONE_FS). Return: 0 or -ENOMEM. */
int unshare_fs_struct(void)
{
	struct fs_struct *old = current->fs, *new;

	if (refcount_read(&old->users) == 1)
		return 0;
	new = dup_fs(old);
	if (!new)
		return -ENOMEM;
	task_lock(current);
	current->fs = new;
	task_unlock(current);
	put_fs(old);
	return 0;
}

int current_umask(void)
{
	return current->fs->umask;
}

void __init fs_struct_init(void)
{
	fs_cachep = kmem_cache_create("fs_cache", sizeof(struct fs_struct), 0,
				      SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
