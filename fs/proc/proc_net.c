// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net: a link to the directory below each process, whose files tell about the network
 * namespace that the process is in when they are opened. An open file keeps the namespace.
 */
#include <linux/init.h>
#include <net/net_namespace.h>
#include "internal.h"

static struct proc_dir_entry net_root = {
	.name = "net",
	.mode = S_IFDIR | 0555,
	.nlink = 2,
	.parent = &net_root,
	.children = LIST_HEAD_INIT(net_root.children),
	.sibling = LIST_HEAD_INIT(net_root.sibling),
};

/* The namespace of the process that @inode is below, with a reference, or NULL. */
static struct net *net_of_inode(const struct inode *inode)
{
	struct task_struct *tsk = get_proc_task(inode);
	struct net *net;

	if (!tsk)
		return NULL;
	net = get_task_net(tsk);
	put_task_struct(tsk);
	return net;
}

static int net_file_open(struct inode *inode, struct file *file)
{
	struct net *net = net_of_inode(inode);
	int err;

	if (!net)
		return -ENXIO;
	err = single_open(file, PROC_I(inode)->pde->show, net);
	if (err)
		put_net(net);
	return err;
}

static int net_file_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	put_net(m->private);
	return single_release(inode, file);
}

static const struct file_operations net_file_fops = {
	.open		= net_file_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= net_file_release,
};

bool proc_create_net(const char *name, umode_t mode, int (*show)(struct seq_file *m, void *v))
{
	struct proc_dir_entry *pde = proc_create_single(name, mode, &net_root, show, NULL);

	/* Boot: nobody can have looked it up yet. */
	if (pde)
		pde->fops = &net_file_fops;
	return pde;
}

/* A name below a process: the inode remembers which. */
static struct dentry *net_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct net *net = net_of_inode(dir);
	struct proc_dir_entry *pde;
	struct inode *inode;

	if (!net)
		return ERR_PTR(-ENOENT);
	put_net(net);
	pde = proc_find_child(&net_root, dentry->d_name.name, dentry->d_name.len);
	if (!pde)
		return ERR_PTR(-ENOENT);
	inode = proc_get_inode(dir->i_sb, pde);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	PROC_I(inode)->pid = get_pid(PROC_I(dir)->pid);
	d_add(dentry, inode);
	return NULL;
}

static int net_readdir(struct file *file, struct dir_context *ctx)
{
	struct net *net = net_of_inode(file_inode(file));

	if (!net)
		return -EINVAL;
	put_net(net);
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
