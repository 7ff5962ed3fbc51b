// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cgroup2 file system: a directory per group, made and removed with mkdir and rmdir, and its
 * files. Names are pinned dentries (fs/libfs.c); cgroup_mutex is taken below a directory's lock.
 * The files of a controller are there always, and hidden while it is not handed to the group.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "internal.h"

#define IN_ROOT		0x1	/* the file is in the root as well */
#define OF_PIDS		0x2	/* it is the pids controller's */
#define PIDS_LIMIT	(4 * 1024 * 1024L)

struct cgroup_file {
	const char *name;
	unsigned int flags;
	int (*show)(struct seq_file *m, struct cgroup *cg);
	int (*write)(struct cgroup *cg, char *text);
};

/* Behind a file's inode. [I] */
struct cgroup_node {
	const struct cgroup_file *file;
	struct cgroup *cg;		/* a reference */
};

static struct cgroup_node *node_of(const struct file *file)
{
	return file_inode(file)->i_private;
}

/* ---- the files ---- */

static int show_tasks(struct seq_file *m, struct cgroup *cg, bool threads)
{
	struct task_struct *p, *t;

	rcu_read_lock();
	for_each_process(p) {
		for_each_thread(p, t) {
			if (!in_cgroup(t, cg) || (t->exit_state && thread_group_empty(p)))
				continue;
			seq_printf(m, "%d\n", threads ? task_pid_vnr(t) : task_tgid_vnr(p));
			if (!threads)
				break;
		}
	}
	rcu_read_unlock();
	return 0;
}

static int procs_show(struct seq_file *m, struct cgroup *cg)
{
	return show_tasks(m, cg, false);
}

static int threads_show(struct seq_file *m, struct cgroup *cg)
{
	return show_tasks(m, cg, true);
}

static struct task_struct *task_by_text(const char *text)
{
	struct task_struct *tsk;
	int nr;

	if (kstrtoint(text, 0, &nr) || nr < 0)
		return ERR_PTR(-EINVAL);
	if (!nr)
		return get_task_struct(current->group_leader);
	rcu_read_lock();
	tsk = find_task_by_vpid(nr);
	if (tsk)
		get_task_struct(tsk);
	rcu_read_unlock();
	return tsk ?: ERR_PTR(-ESRCH);
}

static int procs_write(struct cgroup *cg, char *text)
{
	struct task_struct *tsk = task_by_text(text);
	int err;

	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	mutex_lock(&cgroup_mutex);
	if (tsk->flags & PF_KTHREAD)
		err = -EINVAL;
	else if (cg->parent && cg->control)
		err = -EBUSY;		/* processes live in leaves */
	else
		err = move_process(cg, tsk);
	mutex_unlock(&cgroup_mutex);
	put_task_struct(tsk);
	return err;
}

/* There are no threaded groups, so threads cannot part. */
static int threads_write(struct cgroup *cg, char *text)
{
	struct task_struct *tsk = task_by_text(text);

	if (IS_ERR(tsk))
		return PTR_ERR(tsk);
	put_task_struct(tsk);
	return -EOPNOTSUPP;
}

static int controllers_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, !cg->parent || pids_enabled(cg) ? "pids\n" : "\n");
	return 0;
}

static int subtree_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, cg->control & CONTROL_PIDS ? "pids\n" : "\n");
	return 0;
}

/* "+pids -pids ...": the last word about each controller counts. */
static int parse_control(char *text, unsigned int *on, unsigned int *off)
{
	char *word;

	*on = *off = 0;
	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (strcmp(word + 1, "pids"))
			return -EINVAL;
		if (*word == '+') {
			*on |= CONTROL_PIDS;
			*off &= ~CONTROL_PIDS;
		} else if (*word == '-') {
			*off |= CONTROL_PIDS;
			*on &= ~CONTROL_PIDS;
		} else {
			return -EINVAL;
		}
	}
	return 0;
}

/* cgroup_mutex is held. */
static int change_control(struct cgroup *cg, unsigned int on, unsigned int off)
{
	struct cgroup *child;

	if (cg->dead)
		return -ENODEV;
	on &= ~cg->control;
	off &= cg->control;
	if (on && cg->parent && !pids_enabled(cg))
		return -ENOENT;
	/* processes live in leaves */
	if (on && cg->parent && has_tasks(cg))
		return -EBUSY;
	list_for_each_entry(child, &cg->children, sibling) {
		if (off & child->control)
			return -EBUSY;
	}
	if (off) {
		list_for_each_entry(child, &cg->children, sibling)
			child->pids_max = NO_LIMIT;
	}
	cg->control = (cg->control | on) & ~off;
	return 0;
}

static int subtree_write(struct cgroup *cg, char *text)
{
	unsigned int on, off;
	int err = parse_control(text, &on, &off);

	if (err)
		return err;
	mutex_lock(&cgroup_mutex);
	err = change_control(cg, on, off);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int events_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "populated %d\nfrozen 0\n", READ_ONCE(cg->populated) != 0);
	return 0;
}

static int type_show(struct seq_file *m, struct cgroup *cg)
{
	seq_puts(m, "domain\n");
	return 0;
}

static int type_write(struct cgroup *cg, char *text)
{
	return strcmp(text, "threaded") ? -EINVAL : -EOPNOTSUPP;
}

static int stat_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "nr_descendants %u\nnr_dying_descendants 0\n", cg->descendants);
	return 0;
}

static int kill_write(struct cgroup *cg, char *text)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err)
		return err;
	if (value != 1)
		return -ERANGE;
	mutex_lock(&cgroup_mutex);
	err = cg->dead ? -ENODEV : 0;
	if (!err)
		signal_cgroup(cg);
	mutex_unlock(&cgroup_mutex);
	return err;
}

static int show_limit(struct seq_file *m, long limit)
{
	if (limit == NO_LIMIT)
		seq_puts(m, "max\n");
	else
		seq_printf(m, "%ld\n", limit);
	return 0;
}

/* "max" or a number from 0 to @top - 1. */
static int set_limit(long *limit, const char *text, long top, int too_much)
{
	long value = NO_LIMIT;
	int err = strcmp(text, "max") ? kstrtol(text, 0, &value) : 0;

	if (err)
		return err;
	if (strcmp(text, "max") && (value < 0 || value >= top))
		return too_much;
	mutex_lock(&cgroup_mutex);
	*limit = value;
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int depth_show(struct seq_file *m, struct cgroup *cg)
{
	return show_limit(m, cg->max_depth);
}

static int depth_write(struct cgroup *cg, char *text)
{
	return set_limit(&cg->max_depth, text, INT_MAX, -ERANGE);
}

static int descendants_show(struct seq_file *m, struct cgroup *cg)
{
	return show_limit(m, cg->max_descendants);
}

static int descendants_write(struct cgroup *cg, char *text)
{
	return set_limit(&cg->max_descendants, text, INT_MAX, -ERANGE);
}

static int pids_max_show(struct seq_file *m, struct cgroup *cg)
{
	return show_limit(m, cg->pids_max);
}

static int pids_max_write(struct cgroup *cg, char *text)
{
	return set_limit(&cg->pids_max, text, PIDS_LIMIT + 1, -EINVAL);
}

static int pids_current_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%ld\n", (long)atomic_long_read(&cg->pids));
	return 0;
}

static int pids_events_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "max %ld\n", (long)atomic_long_read(&cg->pids_failed));
	return 0;
}

static const struct cgroup_file files[] = {
	{ "cgroup.controllers",		IN_ROOT, controllers_show, NULL },
	{ "cgroup.events",		0, events_show, NULL },
	{ "cgroup.kill",		0, NULL, kill_write },
	{ "cgroup.max.depth",		IN_ROOT, depth_show, depth_write },
	{ "cgroup.max.descendants",	IN_ROOT, descendants_show, descendants_write },
	{ "cgroup.procs",		IN_ROOT, procs_show, procs_write },
	{ "cgroup.stat",		IN_ROOT, stat_show, NULL },
	{ "cgroup.subtree_control",	IN_ROOT, subtree_show, subtree_write },
	{ "cgroup.threads",		IN_ROOT, threads_show, threads_write },
	{ "cgroup.type",		0, type_show, type_write },
	{ "pids.current",		OF_PIDS, pids_current_show, NULL },
	{ "pids.events",		OF_PIDS, pids_events_show, NULL },
	{ "pids.max",			OF_PIDS, pids_max_show, pids_max_write },
};

/* ---- open, read, write, poll ---- */

static bool is_hidden(const struct inode *inode)
{
	const struct cgroup_node *node = inode->i_private;

	return (node->file->flags & OF_PIDS) && !pids_enabled(node->cg);
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
	if ((file->f_mode & FMODE_READ) && !node->file->show)
		return -EINVAL;
	if ((file->f_mode & FMODE_WRITE) && !node->file->write)
		return -EINVAL;
	file->f_version = READ_ONCE(node->cg->event);
	return single_open(file, file_show, node);
}

static ssize_t cgroup_file_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct cgroup_node *node = node_of(file);
	size_t n = iov_iter_count(from);
	char *text;
	int err;

	if (n >= PAGE_SIZE)
		return -E2BIG;
	text = kzalloc(n + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	if (copy_from_iter(text, n, from) != n)
		err = -EFAULT;
	else
		err = node->cg->dead ? -ENODEV : node->file->write(node->cg, strim(text));
	kfree(text);
	return err ?: (ssize_t)n;
}

static __poll_t cgroup_file_poll(struct file *file, struct poll_table_struct *pt)
{
	struct cgroup *cg = node_of(file)->cg;
	__poll_t mask = EPOLLIN | EPOLLRDNORM;
	u64 event;

	poll_wait(file, &cg->poll, pt);
	event = READ_ONCE(cg->event);
	if (file->f_version != event) {
		file->f_version = event;
		mask |= EPOLLERR | EPOLLPRI;
	}
	return mask;
}

static const struct file_operations cgroup_file_fops = {
	.open		= cgroup_file_open,
	.read_iter	= seq_read_iter,
	.write_iter	= cgroup_file_write,
	.poll		= cgroup_file_poll,
	.llseek		= seq_lseek,
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

/* ---- directories ---- */

struct visible_context {
	struct dir_context ctx;
	struct dir_context *to;
	bool show_pids;
};

static bool give_if_visible(struct dir_context *ctx, const char *name, int namelen, loff_t off,
			    u64 ino, unsigned int type)
{
	struct visible_context *visible = container_of(ctx, struct visible_context, ctx);

	if (!visible->show_pids && namelen > 5 && type == DT_REG && !memcmp(name, "pids.", 5))
		return true;
	visible->to->pos = ctx->pos;
	return visible->to->actor(visible->to, name, namelen, off, ino, type);
}

static int cgroup_readdir(struct file *file, struct dir_context *ctx)
{
	struct visible_context visible = {
		.ctx = { .actor = give_if_visible, .pos = ctx->pos },
		.to = ctx,
		.show_pids = pids_enabled(file_inode(file)->i_private),
	};
	int err = simple_readdir(file, &visible.ctx);

	ctx->pos = visible.ctx.pos;
	return err;
}

static struct file_operations cgroup_dir_fops;
static const struct inode_operations cgroup_dir_iops;

static struct inode *cgroup_inode(struct super_block *sb, umode_t mode)
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

static umode_t mode_of(const struct cgroup_file *file)
{
	return S_IFREG | (file->show ? 0444 : 0) | (file->write ? 0200 : 0);
}

static int add_file(struct dentry *dir, struct cgroup *cg, const struct cgroup_file *file)
{
	struct inode *inode = cgroup_inode(dir->d_sb, mode_of(file));
	struct cgroup_node *node = kmalloc(sizeof(*node), GFP_KERNEL);
	struct dentry *dentry = inode && node ? d_alloc_name(dir, file->name) : NULL;

	if (!dentry) {
		kfree(node);
		iput(inode);
		return -ENOMEM;
	}
	*node = (struct cgroup_node){ file, get_cgroup(cg) };
	inode->i_private = node;
	inode->i_op = &cgroup_file_iops;
	inode->i_fop = &cgroup_file_fops;
	simple_link_dentry(dentry, inode);
	dput(dentry);
	return 0;
}

static void remove_files(struct dentry *dir)
{
	struct rb_node *node;

	while ((node = rb_first(&dir->d_children)))
		simple_unlink_dentry(rb_entry(node, struct dentry, d_node));
}

/* The directory of @cg, whose reference it takes, behind the new name @dentry. 0 or -ENOMEM. */
static int fill_dir(struct dentry *dentry, struct cgroup *cg)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(files) && !err; i++) {
		if (cg->parent || (files[i].flags & IN_ROOT))
			err = add_file(dentry, cg, &files[i]);
	}
	return err;
}

static struct inode *dir_inode(struct super_block *sb, struct cgroup *cg, umode_t mode)
{
	struct inode *inode = cgroup_inode(sb, S_IFDIR | mode);

	if (!inode)
		return NULL;
	inode->i_op = &cgroup_dir_iops;
	inode->i_fop = &cgroup_dir_fops;
	inode->i_private = get_cgroup(cg);
	return inode;
}

static int cgroup_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct cgroup *cg;
	struct inode *inode;
	int err;

	mutex_lock(&cgroup_mutex);
	cg = make_cgroup(dir->i_private, dentry->d_name.name);
	mutex_unlock(&cgroup_mutex);
	if (IS_ERR(cg))
		return PTR_ERR(cg);
	inode = dir_inode(dir->i_sb, cg, mode);
	err = inode ? 0 : -ENOMEM;
	if (!err) {
		simple_link_dentry(dentry, inode);
		inc_nlink(dir);
		err = fill_dir(dentry, cg);
	}
	if (err) {
		mutex_lock(&cgroup_mutex);
		kill_cgroup_dir(cg);
		mutex_unlock(&cgroup_mutex);
		if (inode) {
			remove_files(dentry);
			drop_nlink(dir);
			simple_unlink_dentry(dentry);
		}
	}
	put_cgroup(cg);
	return err;
}

static int cgroup_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct cgroup *cg = dentry->d_inode->i_private;
	int err;

	mutex_lock(&cgroup_mutex);
	err = kill_cgroup_dir(cg);
	mutex_unlock(&cgroup_mutex);
	if (err)
		return err;
	remove_files(dentry);
	return simple_rmdir(dir, dentry);
}

static const struct inode_operations cgroup_dir_iops = {
	.lookup		= simple_lookup,
	.mkdir		= cgroup_mkdir,
	.rmdir		= cgroup_rmdir,
	.getattr	= simple_getattr,
	.setattr	= simple_setattr,
};

struct cgroup *cgroup_of_dir(const struct file *file)
{
	struct inode *inode = file_inode(file);
	struct cgroup *cg;

	if (inode->i_op != &cgroup_dir_iops)
		return ERR_PTR(-EBADF);
	cg = inode->i_private;
	return cg->dead ? ERR_PTR(-ENODEV) : get_cgroup(cg);
}

/* ---- the file system ---- */

static void cgroup_evict(struct inode *inode)
{
	struct cgroup_node *node = inode->i_private;

	clear_inode(inode);
	if (S_ISDIR(inode->i_mode)) {
		put_cgroup(inode->i_private);
	} else if (node) {
		put_cgroup(node->cg);
		kfree(node);
	}
}

static const struct super_operations cgroup_sops = {
	.statfs		= simple_statfs,
	.evict_inode	= cgroup_evict,
};

static int cgroup_fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = CGROUP2_SUPER_MAGIC;
	sb->s_op = &cgroup_sops;
	sb->s_time_gran = 1;
	root = dir_inode(sb, &root_cgroup, 0555);
	if (!root)
		return -ENOMEM;
	root->i_mode = S_IFDIR | 0555;
	sb->s_root = d_make_root(root);
	return sb->s_root ? fill_dir(sb->s_root, &root_cgroup) : -ENOMEM;
}

/* The tree outlives its mounts: the first mount is for ever. */
static struct dentry *cgroup_mount(struct file_system_type *type, int flags, const char *dev_name,
				   void *data)
{
	static bool kept;
	struct dentry *root = mount_single(type, flags, data, cgroup_fill_super);

	if (!IS_ERR(root) && !__atomic_exchange_n(&kept, true, __ATOMIC_SEQ_CST))
		atomic_inc(&root->d_sb->s_active);
	return root;
}

static struct file_system_type cgroup2_fs_type = {
	.name		= "cgroup2",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= cgroup_mount,
	.kill_sb	= kill_litter_super,
};

static int cgroups_show(struct seq_file *m, void *v)
{
	seq_puts(m, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
	seq_printf(m, "pids\t0\t%u\t1\n", root_cgroup.descendants + 1);
	return 0;
}

static int __init cgroup_init(void)
{
	cgroup_dir_fops = simple_dir_operations;
	cgroup_dir_fops.iterate_shared = cgroup_readdir;
	if (!proc_create_single("cgroups", 0444, NULL, cgroups_show, NULL))
		return -ENOMEM;
	return register_filesystem(&cgroup2_fs_type);
}
fs_initcall(cgroup_init);
