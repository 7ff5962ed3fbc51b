// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/ns: a magic link for each namespace of a task (namespaces(7)). Who may look is the
 * same as for memory; what a link leads to is a file of nsfs.
 */
#include <linux/namei.h>
#include <linux/ns_common.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

static const struct ns_operations *const kinds[] = {
	&netns_operations,
	&utsns_operations,
	&ipcns_operations,
	&pidns_operations,
	&pidns_for_children_operations,
	&userns_operations,
	&mntns_operations,
};

/* The namespace behind a link, with a reference, or ERR_PTR(-ESRCH, -EACCES, -ENOENT). */
static struct ns_common *link_ns(const struct inode *inode)
{
	struct task_struct *tsk = get_proc_task(inode);
	struct ns_common *ns = ERR_PTR(-EACCES);

	if (!tsk)
		return ERR_PTR(-ESRCH);
	if (proc_may_access(tsk))
		ns = PROC_I(inode)->ns_ops->get(tsk) ?: ERR_PTR(-ENOENT);
	put_task_struct(tsk);
	return ns;
}

static const char *ns_get_link(struct dentry *dentry, struct inode *inode,
			       struct delayed_call *done)
{
	struct ns_common *ns = link_ns(inode);
	struct path path;
	int err;

	if (IS_ERR(ns))
		return ERR_CAST(ns);
	err = ns_get_path(&path, ns);
	return ERR_PTR(err ?: nd_jump_link(&path));
}

static int ns_readlink(struct dentry *dentry, char __user *buf, int size)
{
	struct ns_common *ns = link_ns(d_inode(dentry));
	char text[40];
	int len;

	if (IS_ERR(ns))
		return PTR_ERR(ns);
	len = snprintf(text, sizeof(text), "%s:[%u]", ns->ops->kind, ns->inum);
	ns->ops->put(ns);
	len = min(len, size);
	return copy_to_user(buf, text, len) ? -EFAULT : len;
}

static const struct inode_operations ns_link_iops = {
	.get_link	= ns_get_link,
	.readlink	= ns_readlink,
};

static struct dentry *ns_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *tsk = get_proc_task(dir);
	struct inode *inode = NULL;
	unsigned int i;

	if (!tsk)
		return ERR_PTR(-ENOENT);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i]->name, dentry->d_name.name))
			break;
	if (i < ARRAY_SIZE(kinds))
		inode = proc_pid_make_inode(dir->i_sb, tsk, S_IFLNK | 0777);
	put_task_struct(tsk);
	if (!inode)
		return ERR_PTR(-ENOENT);
	PROC_I(inode)->ns_ops = kinds[i];
	inode->i_op = &ns_link_iops;
	d_add(dentry, inode);
	return NULL;
}

static int ns_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));

	if (!tsk)
		return -ENOENT;
	put_task_struct(tsk);
	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; ctx->pos - 2 < ARRAY_SIZE(kinds); ctx->pos++) {
		const char *name = kinds[ctx->pos - 2]->name;
		u64 ino = file_inode(file)->i_ino * 64 + ctx->pos;

		if (!dir_emit(ctx, name, strlen(name), ino, DT_LNK))
			break;
	}
	return 0;
}

const struct inode_operations proc_ns_dir_iops = { .lookup = ns_lookup };
const struct file_operations proc_ns_dir_fops = {
	.iterate_shared	= ns_readdir,
	.llseek		= generic_file_llseek,
};
