/* SPDX-License-Identifier: GPL-2.0-only */
/* A task's root, working directory and umask; the "fs" row of fork (fs/fs_struct.c). */
#ifndef _LINUX_FS_STRUCT_H
#define _LINUX_FS_STRUCT_H

#include <linux/path.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/*
 * Locks: [a] atomic   [l] lock   [u] any sharer writes, tearing is harmless
 */
struct fs_struct {
	refcount_t users;		/* [a] tasks */
	spinlock_t lock;
	int umask;			/* [u] */
	bool in_exec;			/* [l] exec is judging set-uid: no new sharer */
	struct path root, pwd;		/* [l] hold references */
	struct rcu_head rcu;		/* pivot_root() looks at others' under RCU */
};

struct fork_ctx;

extern struct fs_struct init_fs;

void set_fs_root(struct fs_struct *fs, const struct path *path);
void set_fs_pwd(struct fs_struct *fs, const struct path *path);
void chroot_fs_refs(const struct path *old_root, const struct path *new_root);
int unshare_fs_struct(void);
bool current_chrooted(void);
int current_umask(void);

int copy_fs(struct fork_ctx *fc);
int share_fs(struct fork_ctx *fc);
void exit_fs(struct task_struct *tsk);

static inline void get_fs_root(struct fs_struct *fs, struct path *root)
{
	spin_lock(&fs->lock);
	*root = fs->root;
	path_get(root);
	spin_unlock(&fs->lock);
}

static inline void get_fs_pwd(struct fs_struct *fs, struct path *pwd)
{
	spin_lock(&fs->lock);
	*pwd = fs->pwd;
	path_get(pwd);
	spin_unlock(&fs->lock);
}

static inline void get_fs_root_and_pwd(struct fs_struct *fs, struct path *root, struct path *pwd)
{
	spin_lock(&fs->lock);
	*root = fs->root;
	path_get(root);
	*pwd = fs->pwd;
	path_get(pwd);
	spin_unlock(&fs->lock);
}

#endif /* _LINUX_FS_STRUCT_H */
