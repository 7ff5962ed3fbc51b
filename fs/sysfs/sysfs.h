/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside fs/sysfs: the tree is made whole when it is mounted first. */
#ifndef _FS_SYSFS_H
#define _FS_SYSFS_H

#include <linux/fs.h>
#include <linux/seq_file.h>

/* @arg: which CPU, which node */
typedef int (*sysfs_show_t)(struct seq_file *m, long arg);

/* One file of a directory. */
struct sysfs_attr {
	const char *name;
	sysfs_show_t show;
};

/* Return: the new directory, or NULL without memory (or for a NULL @parent). */
struct dentry *sysfs_dir(struct dentry *parent, const char *name);
/* All false without memory, or for a NULL @dir. */
bool sysfs_files(struct dentry *dir, const struct sysfs_attr *attrs, unsigned int n, long arg);
bool sysfs_link(struct dentry *dir, const char *name, const char *target);

/* tree.c: fill @root. Return: 0 or -ENOMEM. */
int sysfs_populate(struct dentry *root);

/* net.c */
bool sysfs_add_net(struct dentry *class_net, struct dentry *devices);

#endif
