// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directory of a group and the files in it: opening, reading, writing, waiting. Names are
 * pinned dentries (fs/libfs.c); cgroup_mutex is taken below a directory's lock. In cgroup2 the
 * files of a controller are there always, and hidden while it does not act in the group.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "dir.h"
#include "internal.h"

/* Behind a file's inode. [I] */
struct cgroup_node {
	const struct cgroup_file *file;
	unsigned int control;		/* whose file it is, 0: the core's */
	struct cgroup *cg;		/* a reference */
};

static const struct cgroup_file_table *const tables[] = {
	&core_file_table, &v1_file_table, &freeze_file_table, &cpuset_file_table,
	&freezer_file_table, &pids_file_table,
};

/* ---- open, read, write, poll ---- */

static bool is_hidden(const struct inode *inode)
{
	const struct cgroup_node *node = inode->i_private;

	return node->control && !control_enabled(node->cg, node->control);
}

static int file_show(struct seq_file *m, void *v)
{
	struct cgroup_node *node = m->private;

	return node->cg->dead ? -ENODEV : node->file->show(m, node->cg);
}

static int cgroup_file_open(struct inode *inode, struct file *file)
{
	struct cgroup_node *node = inode->i_private;

	if (is_hidden(inode))
		return -ENOENT;
	if (node->cg->dead)
		return -ENODEV;
	file->f_version = READ_ONCE(node->cg->event) - 1;	/* news until it is read */
	return single_open(file, file_show, node);
}

static ssize_t cgroup_file_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct cgroup_node *node = file_inode(file)->i_private;

	if (!node->file->show)
		return -EINVAL;
	if (!*pos)
		file->f_version = READ_ONCE(node->cg->event);
	return seq_read_iter(file, to, pos);
}

static ssize_t cgroup_file_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct cgroup_node *node = file_inode(file)->i_private;
	size_t n = iov_iter_count(from);
	char *text;
	int err;

	if (!node->file->write)
		return -EINVAL;
	if (n >= PAGE_SIZE)
		return -E2BIG;
	text = kzalloc(n + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	if (copy_from_iter(text, n, from) != n)
		err = -EFAULT;
	else if (node->cg->dead)
		err = -ENODEV;
	else
		err = node->file->write(node->cg, strim(text), file->f_cred);
	kfree(text);
	return err ?: (ssize_t)n;
}

static __poll_t cgroup_file_poll(struct file *file, struct poll_table_struct *pt)
{
	struct cgroup_node *node = file_inode(file)->i_private;
	__poll_t mask = EPOLLIN | EPOLLRDNORM;

	poll_wait(file, &node->cg->poll, pt);
	if (file->f_version != READ_ONCE(node->cg->event))
		mask |= EPOLLERR | EPOLLPRI;
	return mask;
}

static const struct file_operations cgroup_file_fops = {
	.open		= cgroup_file_open,
	.read_iter	= cgroup_file_read,
	.write_iter	= cgroup_file_write,
	.poll		= cgroup_file_poll,
	.llseek		= generic_file_llseek,
	.release	= single_release,
};

static int cgroup_file_permission(struct inode *inode, int mask)
{
	return is_hidden(inode) ? -ENOENT : generic_permission(inode, mask);
}

static int cgroup_file_getattr(const struct path *path, struct kstat *stat, u32 mask,
			       unsigned int flags)
{
	if (is_hidden(path->dentry->d_inode))
		return -ENOENT;
	return simple_getattr(path, stat, mask, flags);
}

static const struct inode_operations cgroup_file_iops = {
	.permission	= cgroup_file_permission,
	.getattr	= cgroup_file_getattr,
	.setattr	= simple_setattr,
};

void cgroup_evict_file(struct inode *inode)
{
	struct cgroup_node *node = inode->i_private;

	if (node)
		put_cgroup(node->cg);
	kfree(node);
}

/* ---- the files of a directory ---- */

struct inode *cgroup_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_uid = current->cred->fsuid;
	inode->i_gid = current->cred->fsgid;
	inode->i_mtime = inode->i_atime = inode->i_ctime = current_time(inode);
	set_nlink(inode, S_ISDIR(mode) ? 2 : 1);
	return inode;
}

static const char *name_in(const struct cgroup *cg, const struct cgroup_file *file,
			   unsigned int control)
{
	if (control && (cg->hier->flags & HIERARCHY_NOPREFIX))
		return strchr(file->name, '.') + 1;
	return file->name;
}

static umode_t mode_of(const struct cgroup_file *file)
{
	return S_IFREG | (file->show ? 0444 : 0) | (file->write ? 0200 : 0);
}

/* cgroup2's files that others look for by the group. */
static void remember_file(struct cgroup *cg, const char *name, struct dentry *dentry)
{
	if (!is_v2(cg))
		return;
	mutex_lock(&cgroup_mutex);
	if (!strcmp(name, "cgroup.events"))
		cg->events_file = dentry;
	else if (!strcmp(name, "cgroup.procs"))
		cg->procs_file = dentry->d_inode;
	mutex_unlock(&cgroup_mutex);
}

static int add_file(struct dentry *dir, struct cgroup *cg, const struct cgroup_file *file,
		    unsigned int control)
{
	struct inode *inode = cgroup_inode(dir->d_sb, mode_of(file));
	struct cgroup_node *node = kmalloc(sizeof(*node), GFP_KERNEL);
	struct dentry *dentry = NULL;

	if (inode && node)
		dentry = d_alloc_name(dir, name_in(cg, file, control));
	if (!dentry) {
		kfree(node);
		iput(inode);
		return -ENOMEM;
	}
	*node = (struct cgroup_node){ file, control, get_cgroup(cg) };
	inode->i_private = node;
	inode->i_op = &cgroup_file_iops;
	inode->i_fop = &cgroup_file_fops;
	simple_link_dentry(dentry, inode);
	remember_file(cg, file->name, dentry);
	dput(dentry);
	return 0;
}

static bool belongs(const struct cgroup *cg, const struct cgroup_file *file)
{
	if (file->flags & (is_v2(cg) ? FILE_V1 : FILE_V2))
		return false;
	return cg->parent ? !(file->flags & FILE_ONLY_ROOT)
			  : file->flags & (FILE_IN_ROOT | FILE_ONLY_ROOT);
}

static int add_table(struct dentry *dir, struct cgroup *cg, const struct cgroup_file_table *table)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < table->nr && !err; i++) {
		if (belongs(cg, &table->files[i]))
			err = add_file(dir, cg, &table->files[i], table->control);
	}
	return err;
}

static bool is_wanted(const struct cgroup_file_table *table, unsigned int controls, bool core)
{
	return table->control ? table->control & controls : core;
}

/* The directory's lock is held, or nobody sees it. Return: 0 or -ENOMEM, with some of them made. */
int cgroup_fill_dir(struct dentry *dir, struct cgroup *cg, unsigned int controls, bool core)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(tables) && !err; i++) {
		if (is_wanted(tables[i], controls, core))
			err = add_table(dir, cg, tables[i]);
	}
	return err;
}

void cgroup_remove_files(struct dentry *dir, struct cgroup *cg, unsigned int controls, bool core)
{
	struct rb_node *at, *next;

	mutex_lock(&cgroup_mutex);
	if (core) {
		cg->events_file = NULL;
		cg->procs_file = NULL;
	}
	mutex_unlock(&cgroup_mutex);
	for (at = rb_first(&dir->d_children); at; at = next) {
		struct dentry *dentry = rb_entry(at, struct dentry, d_node);
		const struct cgroup_node *node = dentry->d_inode->i_private;

		next = rb_next(at);
		if (S_ISREG(dentry->d_inode->i_mode) &&
		    (node->control ? node->control & controls : core))
			simple_unlink_dentry(dentry);
	}
}

/* ---- listing ---- */

struct visible_context {
	struct dir_context ctx;
	struct dir_context *to;
	unsigned int hidden;		/* controllers whose files are not shown */
};

static unsigned int control_of_name(const char *name, int namelen)
{
	int i;

	for (i = 0; i < NR_CONTROLLERS; i++) {
		int len = strlen(controller_names[i]);

		if (namelen > len && name[len] == '.' && !memcmp(name, controller_names[i], len))
			return 1u << i;
	}
	return 0;
}

static bool give_if_visible(struct dir_context *ctx, const char *name, int namelen, loff_t off,
			    u64 ino, unsigned int type)
{
	struct visible_context *visible = container_of(ctx, struct visible_context, ctx);

	if (type == DT_REG && (visible->hidden & control_of_name(name, namelen)))
		return true;
	visible->to->pos = ctx->pos;
	return visible->to->actor(visible->to, name, namelen, off, ino, type);
}

int cgroup_readdir(struct file *file, struct dir_context *ctx)
{
	const struct cgroup *cg = file_inode(file)->i_private;
	struct visible_context visible = {
		.ctx = { .actor = give_if_visible, .pos = ctx->pos },
		.to = ctx,
		.hidden = is_v2(cg) ? CONTROL_ALL & ~enabled_controls(cg) : 0,
	};
	int err = simple_readdir(file, &visible.ctx);

	ctx->pos = visible.ctx.pos;
	return err;
}
