/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file system of pty nodes, as the pty driver uses it. Every mount is an instance of its
 * own with its own numbers.
 */
#ifndef _LINUX_DEVPTS_FS_H
#define _LINUX_DEVPTS_FS_H

#include <linux/path.h>

struct dentry;
struct file;
struct inode;
struct super_block;
struct tty_struct;

#define UNIX98_PTY_SLAVE_MAJOR	136
#define NR_UNIX98_PTY_MAX	(1 << 20)

int devpts_acquire(struct file *file, struct path *root);
int devpts_new_index(struct super_block *sb);
void devpts_kill_index(struct super_block *sb, int index);
struct dentry *devpts_pty_new(struct super_block *sb, int index, struct tty_struct *tty);
void devpts_pty_kill(struct dentry *dentry);
struct tty_struct *devpts_inode_tty(struct inode *inode);

extern const struct file_operations ptmx_fops;

#endif
