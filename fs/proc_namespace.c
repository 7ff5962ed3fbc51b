// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of /proc/PID/mounts, mountinfo and mountstats (proc(5)): a walk over the
 * namespace with namespace_sem held for reading, as seen from the task's root.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "internal.h"
#include "mount.h"
#include "namespace.h"

struct proc_mounts {
	struct path root;	/* what the task calls "/"; references */
	struct mnt_namespace *ns;	/* a reference */
	u64 event;		/* the namespace when it was last polled */
	int (*show)(struct seq_file *m, struct mount *mnt);
};

static void *m_start(struct seq_file *m, loff_t *pos)
{
	struct proc_mounts *p = m->private;
	struct mount *mnt;
	loff_t n = *pos;

	down_read(&namespace_sem);
	list_for_each_entry(mnt, &p->ns->list, mnt_list) {
		if (n-- == 0)
			return mnt;
	}
	return NULL;
}

static void *m_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct proc_mounts *p = m->private;
	struct mount *mnt = v;

	++*pos;
	return list_is_last(&mnt->mnt_list, &p->ns->list) ? NULL :
		list_next_entry(mnt, mnt_list);
}

static void m_stop(struct seq_file *m, void *v)
{
	up_read(&namespace_sem);
}

static int m_show(struct seq_file *m, void *v)
{
	struct proc_mounts *p = m->private;

	return p->show(m, v);
}

static const struct seq_operations mounts_op = {
	.start	= m_start,
	.next	= m_next,
	.stop	= m_stop,
	.show	= m_show,
};

/* ---- the parts of a line ---- */

static void mangle(struct seq_file *m, const char *text)
{
	seq_escape(m, text, " \t\n\\#");
}

struct flag_name {
	unsigned long flag;
	const char *name;
};

static void show_flags(struct seq_file *m, const struct flag_name *names, unsigned long flags)
{
	for (; names->name; names++) {
		if (flags & names->flag)
			seq_puts(m, names->name);
	}
}

static void show_sb_flags(struct seq_file *m, const struct super_block *sb)
{
	static const struct flag_name names[] = {
		{ SB_SYNCHRONOUS, ",sync" }, { SB_DIRSYNC, ",dirsync" },
		{ SB_MANDLOCK, ",mand" }, { SB_LAZYTIME, ",lazytime" }, {}
	};

	show_flags(m, names, sb->s_flags);
}

static void show_mnt_flags(struct seq_file *m, const struct vfsmount *mnt)
{
	static const struct flag_name names[] = {
		{ MNT_NOSUID, ",nosuid" }, { MNT_NODEV, ",nodev" }, { MNT_NOEXEC, ",noexec" },
		{ MNT_NOATIME, ",noatime" }, { MNT_NODIRATIME, ",nodiratime" },
		{ MNT_RELATIME, ",relatime" }, { MNT_NOSYMFOLLOW, ",nosymfollow" }, {}
	};

	show_flags(m, names, mnt->mnt_flags);
}

static int show_fs_options(struct seq_file *m, struct mount *mnt)
{
	const struct super_operations *op = mnt->mnt.mnt_sb->s_op;

	return op->show_options ? op->show_options(m, mnt->mnt.mnt_root) : 0;
}

/* SEQ_SKIP: not below the task's root. */
static int show_mountpoint(struct seq_file *m, struct mount *mnt)
{
	struct path path = { .mnt = &mnt->mnt, .dentry = mnt->mnt.mnt_root };
	struct proc_mounts *p = m->private;
	char *buf = __getname(), *text;
	int err = 0;

	if (!buf)
		return -ENOMEM;
	text = __d_path(&path, &p->root, buf, PATH_MAX);
	if (IS_ERR_OR_NULL(text))
		err = text ? PTR_ERR(text) : SEQ_SKIP;
	else
		seq_escape(m, text, " \t\n\\");
	__putname(buf);
	return err;
}

/* ---- /proc/PID/mounts ---- */

static int show_mounts_line(struct seq_file *m, struct mount *mnt)
{
	int err;

	mangle(m, mnt->mnt_devname);
	seq_putc(m, ' ');
	err = show_mountpoint(m, mnt);
	if (err)
		return err;
	seq_putc(m, ' ');
	mangle(m, mnt->mnt.mnt_sb->s_type->name);
	seq_puts(m, __mnt_is_readonly(&mnt->mnt) ? " ro" : " rw");
	show_sb_flags(m, mnt->mnt.mnt_sb);
	show_mnt_flags(m, &mnt->mnt);
	err = show_fs_options(m, mnt);
	seq_puts(m, " 0 0\n");
	return err;
}

/* ---- /proc/PID/mountinfo ---- */

static int show_root_in_fs(struct seq_file *m, struct mount *mnt)
{
	char *buf = __getname(), *text;
	int err = 0;

	if (!buf)
		return -ENOMEM;
	text = dentry_path(mnt->mnt.mnt_root, buf, PATH_MAX);
	if (IS_ERR(text))
		err = PTR_ERR(text);
	else
		seq_escape(m, text, " \t\n\\");
	__putname(buf);
	return err;
}

/* The optional fields: where it stands in the propagation of mounts. */
static void show_propagation(struct seq_file *m, struct mount *mnt)
{
	struct proc_mounts *p = m->private;
	int from;

	if (mnt->mnt_group)
		seq_printf(m, " shared:%i", mnt->mnt_group->id);
	if (mnt->mnt_master) {
		from = dominating_group(mnt, &p->root);
		seq_printf(m, " master:%i", mnt->mnt_master->id);
		if (from && from != mnt->mnt_master->id)
			seq_printf(m, " propagate_from:%i", from);
	}
	if (mnt->mnt.mnt_flags & MNT_UNBINDABLE)
		seq_puts(m, " unbindable");
}

static int show_mountinfo_line(struct seq_file *m, struct mount *mnt)
{
	struct super_block *sb = mnt->mnt.mnt_sb;
	int err;

	seq_printf(m, "%i %i %u:%u ", mnt->mnt_id, mnt->mnt_parent->mnt_id,
		   MAJOR(sb->s_dev), MINOR(sb->s_dev));
	err = show_root_in_fs(m, mnt);
	if (err)
		return err;
	seq_putc(m, ' ');
	err = show_mountpoint(m, mnt);
	if (err)
		return err;
	seq_puts(m, mnt->mnt.mnt_flags & MNT_READONLY ? " ro" : " rw");
	show_mnt_flags(m, &mnt->mnt);
	show_propagation(m, mnt);
	seq_puts(m, " - ");
	mangle(m, sb->s_type->name);
	seq_putc(m, ' ');
	mangle(m, mnt->mnt_devname);
	seq_puts(m, sb->s_flags & SB_RDONLY ? " ro" : " rw");
	show_sb_flags(m, sb);
	err = show_fs_options(m, mnt);
	seq_putc(m, '\n');
	return err;
}

/* ---- /proc/PID/mountstats ---- */

static int show_mountstats_line(struct seq_file *m, struct mount *mnt)
{
	int err;

	seq_puts(m, "device ");
	mangle(m, mnt->mnt_devname);
	seq_puts(m, " mounted on ");
	err = show_mountpoint(m, mnt);
	if (err)
		return err;
	seq_puts(m, " with fstype ");
	mangle(m, mnt->mnt.mnt_sb->s_type->name);
	seq_putc(m, '\n');
	return 0;
}

/* ---- files ---- */

static void put_view(struct proc_mounts *p)
{
	if (p->ns) {
		path_put(&p->root);
		put_mnt_ns(p->ns);
	}
	kfree(p);
}

/**
 * mounts_open - open one of the three
 * @file: a seq_file from here on; released by mounts_release()
 * @tsk: whose view
 * @which: MOUNTS_*
 *
 * Return: 0, -ENOMEM, -EINVAL (the task is gone).
 */
int mounts_open(struct file *file, struct task_struct *tsk, int which)
{
	static int (*const show[])(struct seq_file *, struct mount *) = {
		[MOUNTS_MOUNTS] = show_mounts_line,
		[MOUNTS_MOUNTINFO] = show_mountinfo_line,
		[MOUNTS_MOUNTSTATS] = show_mountstats_line,
	};
	struct proc_mounts *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int err;

	if (!p)
		return -ENOMEM;
	task_lock(tsk);
	if (tsk->fs && tsk->nsproxy) {
		get_fs_root(tsk->fs, &p->root);
		p->ns = get_mnt_ns(tsk->nsproxy->mnt_ns);
	}
	task_unlock(tsk);
	err = p->ns ? seq_open(file, &mounts_op) : -EINVAL;
	if (err) {
		put_view(p);
		return err;
	}
	p->show = show[which];
	p->event = READ_ONCE(p->ns->event);
	((struct seq_file *)file->private_data)->private = p;
	return 0;
}

int mounts_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct proc_mounts *p = m->private;

	put_view(p);
	return seq_release(inode, file);
}

/* A change of the tree is EPOLLERR | EPOLLPRI, once for each reader. */
__poll_t mounts_poll(struct file *file, struct poll_table_struct *pt)
{
	struct seq_file *m = file->private_data;
	struct proc_mounts *p = m->private;
	__poll_t mask = EPOLLIN | EPOLLRDNORM;
	u64 event;

	poll_wait(file, &p->ns->poll, pt);
	event = READ_ONCE(p->ns->event);
	if (p->event != event) {
		p->event = event;
		mask |= EPOLLERR | EPOLLPRI;
	}
	return mask;
}

/* For /proc/PID/fdinfo. */
int mnt_id_of(const struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt)->mnt_id;
}
