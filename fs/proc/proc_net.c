// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net: a link to the directory below each process, which shows the same fixed entries for
 * all of them.
 */
#include <linux/init.h>
#include "internal.h"

static struct proc_dir_entry net_root = {
	.name = "net",
	.mode = S_IFDIR | 0555,
	.nlink = 2,
	.parent = &net_root,
	.children = LIST_HEAD_INIT(net_root.children),
	.sibling = LIST_HEAD_INIT(net_root.sibling),
};

struct proc_dir_entry *const proc_net = &net_root;

static struct dentry *net_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_lookup_fixed(&net_root, dir, dentry);
}

static int net_readdir(struct file *file, struct dir_context *ctx)
{
	if (!dir_emit_dots(file, ctx))
		return 0;
	return proc_readdir_fixed(file, ctx, &net_root, 2);
}

const struct inode_operations proc_net_iops = { .lookup = net_lookup };
const struct file_operations proc_net_fops = {
	.iterate_shared	= net_readdir,
	.llseek		= generic_file_llseek,
};

static int __init proc_net_init(void)
{
	return proc_symlink("net", NULL, "self/net") ? 0 : -ENOMEM;
}
fs_initcall(proc_net_init);
