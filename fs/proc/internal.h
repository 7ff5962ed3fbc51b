/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside fs/proc: what hangs behind a /proc inode.
 */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

/*
 * One fixed entry of the tree. Locks: [P] proc_tree_lock   [I] immutable
 */
struct proc_dir_entry {
	const char *name;		/* [I] */
	umode_t mode;			/* [I] */
	unsigned int nlink;		/* [P] */
	unsigned long ino;		/* [I] */
	struct proc_dir_entry *parent;	/* [I] */
	struct list_head children;	/* [P] */
	struct list_head sibling;	/* [P] */
	const struct file_operations *fops;	/* [I] */
	const struct inode_operations *iops;	/* [I] of a dynamic link */
	int (*show)(struct seq_file *m, void *v);	/* [I] */
	const struct seq_operations *seq;	/* [I] */
	const char *target;		/* [I] a symlink's */
	void *data;			/* [I] */
};

struct ns_operations;
struct pid_entry;

struct proc_inode {
	struct pid *pid;		/* of files below /proc/<pid>; holds a reference */
	const struct pid_entry *entry;	/* likewise: which file */
	const struct ns_operations *ns_ops;	/* of ns/<name> */
	int fd;				/* fd/N, fdinfo/N */
	struct proc_dir_entry *pde;	/* of fixed entries; files of /proc/<pid>/net have both */
	struct inode vfs_inode;
};

static inline struct proc_inode *PROC_I(const struct inode *inode)
{
	return container_of((struct inode *)inode, struct proc_inode, vfs_inode);
}

/* The namespace whose numbers an inode's file system shows. */
static inline struct pid_namespace *proc_pid_ns(const struct inode *inode)
{
	return inode->i_sb->s_fs_info;
}

/* The task behind an inode, with a reference, or NULL when it is gone. */
static inline struct task_struct *get_proc_task(const struct inode *inode)
{
	return get_pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
}

/* Dead or alive, but not reaped? */
static inline bool pid_has_task(struct pid *pid)
{
	bool has;

	rcu_read_lock();
	has = pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return has;
}

/* generic.c */
extern struct proc_dir_entry proc_root;
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *pde);
struct dentry *proc_lookup_fixed(struct proc_dir_entry *dir, struct inode *inode,
				 struct dentry *dentry);
int proc_readdir_fixed(struct file *file, struct dir_context *ctx, struct proc_dir_entry *dir,
		       loff_t base);
loff_t proc_count_fixed(struct proc_dir_entry *dir);
struct proc_dir_entry *proc_symlink_dynamic(const char *name,
					    const struct inode_operations *iops);

struct proc_dir_entry *proc_find_child(struct proc_dir_entry *dir, const char *name,
				       unsigned int len);
struct proc_dir_entry *proc_find_or_mkdir(struct proc_dir_entry *dir, const char *name,
					  unsigned int len);

/* inode.c */
struct inode *proc_new_inode(struct super_block *sb, umode_t mode);

/* fail_nth.c */
extern const struct file_operations proc_fail_nth_fops;
int proc_fail_nth_where(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

/* base.c */
extern const struct dentry_operations pid_dentry_ops;
struct dentry *proc_pid_lookup(struct inode *dir, struct dentry *dentry);
int proc_pid_readdir(struct file *file, struct dir_context *ctx, loff_t base);
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *tsk, umode_t mode);
void proc_pid_update_inode(struct inode *inode, struct task_struct *tsk);
struct mm_struct *proc_open_mm(struct task_struct *tsk);
int proc_readlink_path(const struct path *path, char __user *buf, int len);
int proc_name_to_number(const struct qstr *name);

/* array.c */
int proc_pid_stat(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
int proc_tid_stat(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
int proc_pid_status(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
int proc_pid_statm(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
#ifdef CONFIG_DEBUG_PGTABLES
int proc_pid_mm_verify(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
# define MM_VERIFY_ENTRY	ONE("mm_verify", 0400, proc_pid_mm_verify),
#else
# define MM_VERIFY_ENTRY
#endif
int proc_tid_children(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

/* proc_net.c */
extern const struct inode_operations proc_net_iops;
extern const struct file_operations proc_net_fops;
extern const struct file_operations proc_loginuid_fops, proc_sessionid_fops;

/* namespaces.c */
extern const struct inode_operations proc_ns_dir_iops;
extern const struct file_operations proc_ns_dir_fops;

/* fd.c */
unsigned int proc_fd_size(struct task_struct *tsk);
int proc_umask(struct task_struct *tsk);
extern const struct inode_operations proc_fd_iops, proc_fdinfo_iops;
extern const struct file_operations proc_fd_fops, proc_fdinfo_fops;

/* mem.c */
extern const struct file_operations proc_mem_fops, proc_coredump_filter_fops;
int proc_pid_syscall(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

/* task_mmu.c */
extern const struct file_operations proc_pid_maps_fops, proc_pid_smaps_fops, proc_pid_numa_maps_fops;
extern const struct file_operations proc_pid_pagemap_fops;
int proc_pid_smaps_rollup(struct seq_file *m, struct pid *pid, struct task_struct *tsk);

#endif
