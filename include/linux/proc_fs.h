/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adding files to /proc from anywhere in the kernel. Entries are made at boot and stay.
 */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>

struct proc_dir_entry;
struct task_struct;

/* @parent NULL: /proc itself. All return the entry, or NULL without memory. Context: may sleep. */
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *target);
/* A file that one show() prints whole. @data is m->private. */
struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *m, void *v), void *data);
struct proc_dir_entry *proc_create_seq(const char *name, umode_t mode,
				       struct proc_dir_entry *parent,
				       const struct seq_operations *op);
/* With file operations of its own; pde_data(inode) is @data. */
struct proc_dir_entry *proc_create(const char *name, umode_t mode,
				   struct proc_dir_entry *parent,
				   const struct file_operations *fops, void *data);
/* A file of /proc/<pid>/net that one show() prints whole; m->private is the struct net. */
bool proc_create_net(const char *name, umode_t mode, int (*show)(struct seq_file *m, void *v));
void *pde_data(const struct inode *inode);
/* The task that a file below /proc/<pid> is about, with a reference; NULL when it is gone. */
struct task_struct *proc_inode_task(const struct inode *inode);

struct file;
struct pid;
struct task_struct;

/* May current see the insides of a task? fs/proc/base.c */
bool proc_may_access(struct task_struct *tsk);
/* The process whose /proc/<pid> @file has open, borrowed from it, or ERR_PTR(-EBADF). */
struct pid *proc_pid_of_dir(const struct file *file);

#endif
