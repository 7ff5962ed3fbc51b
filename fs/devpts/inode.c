// SPDX-License-Identifier: GPL-2.0-only
/*
 * devpts: the nodes of the ptys. Each mount has its own numbers, its own ptmx and its own
 * options. Names come and go with the masters, under the root's i_rwsem.
 */
#include <linux/cred.h>
#include <linux/devpts_fs.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/tty.h>
#include <uapi/linux/magic.h>

#define PTMX_INO	2
#define FIRST_PTY_INO	3
#define DEFAULT_MODE	0600
#define DEFAULT_PTMX_MODE 0000
#define DEFAULT_MAX	4096		/* ptys of all instances together */

static int pty_max = DEFAULT_MAX;	/* /proc/sys/kernel/pty/max */
static atomic_t pty_count;

struct devpts_options {
	uid_t uid;			/* of new nodes, if set_uid */
	gid_t gid;			/* ... if set_gid */
	bool set_uid, set_gid;
	umode_t mode;			/* of new nodes */
	umode_t ptmx_mode;
	unsigned int max;		/* ptys at a time */
};

/*
 * Locks: [u] s_umount to write, read freely   [I] immutable
 */
struct devpts {
	struct ida numbers;
	struct devpts_options opts;	/* [u] */
	struct dentry *ptmx;		/* [I] pinned by its link */
};

static struct devpts *devpts_of(struct super_block *sb)
{
	return sb->s_fs_info;
}

/* ---- options ---- */

static int parse_mode(const char *value, umode_t *mode)
{
	unsigned int bits;

	if (kstrtouint(value, 8, &bits))
		return -EINVAL;
	*mode = bits & S_IALLUGO;
	return 0;
}

/* uid= and gid=: a number, and from then on no longer the opener's. */
static int parse_owner(const char *value, enum id_kind kind, unsigned int *id, bool *set)
{
	if (kstrtouint(value, 10, id))
		return -EINVAL;
	*id = map_id_in(current_user_ns(), kind, *id);
	*set = true;
	return *id == (unsigned int)-1 ? -EINVAL : 0;
}

static int parse_option(struct devpts_options *opts, char *option)
{
	char *value = strchr(option, '=');

	if (!value)
		return strcmp(option, "newinstance") ? -EINVAL : 0;
	*value++ = '\0';
	if (!strcmp(option, "uid"))
		return parse_owner(value, ID_USER, &opts->uid, &opts->set_uid);
	if (!strcmp(option, "gid"))
		return parse_owner(value, ID_GROUP, &opts->gid, &opts->set_gid);
	if (!strcmp(option, "mode"))
		return parse_mode(value, &opts->mode);
	if (!strcmp(option, "ptmxmode"))
		return parse_mode(value, &opts->ptmx_mode);
	if (strcmp(option, "max") || kstrtouint(value, 10, &opts->max) ||
	    opts->max > NR_UNIX98_PTY_MAX)
		return -EINVAL;
	return 0;
}

/* What is not named gets its default, on a remount too. */
static int parse_options(struct devpts_options *opts, char *data)
{
	char *option;
	int err = 0;

	opts->set_uid = false;
	opts->set_gid = false;
	opts->mode = DEFAULT_MODE;
	opts->ptmx_mode = DEFAULT_PTMX_MODE;
	opts->max = NR_UNIX98_PTY_MAX;
	while (!err && data && (option = strsep(&data, ",")))
		if (*option)
			err = parse_option(opts, option);
	return err;
}

static int devpts_remount(struct super_block *sb, int *flags, char *data)
{
	struct devpts *pts = devpts_of(sb);
	struct devpts_options opts;
	int err = parse_options(&opts, data);

	if (err)
		return err;
	pts->opts = opts;
	pts->ptmx->d_inode->i_mode = S_IFCHR | opts.ptmx_mode;
	return 0;
}

static int devpts_show_options(struct seq_file *m, struct dentry *root)
{
	struct devpts *pts = devpts_of(root->d_sb);

	if (pts->opts.set_uid)
		seq_printf(m, ",uid=%u", pts->opts.uid);
	if (pts->opts.set_gid)
		seq_printf(m, ",gid=%u", pts->opts.gid);
	seq_printf(m, ",mode=%03o,ptmxmode=%03o", pts->opts.mode, pts->opts.ptmx_mode);
	if (pts->opts.max < NR_UNIX98_PTY_MAX)
		seq_printf(m, ",max=%u", pts->opts.max);
	return 0;
}

/* ---- the super block ---- */

static void devpts_evict_inode(struct inode *inode)
{
	clear_inode(inode);
	if (inode->i_private)
		tty_put(inode->i_private);
}

static void devpts_put_super(struct super_block *sb)
{
	struct devpts *pts = devpts_of(sb);

	ida_destroy(&pts->numbers);
	kfree(pts);
}

static const struct super_operations devpts_super_operations = {
	.evict_inode = devpts_evict_inode,
	.statfs = simple_statfs,
	.remount_fs = devpts_remount,
	.put_super = devpts_put_super,
	.show_options = devpts_show_options,
};

static struct inode *devpts_node(struct super_block *sb, unsigned long ino, umode_t mode,
				 dev_t dev)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode_touch(inode, S_ATIME | S_MTIME | S_CTIME);
	init_special_inode(inode, S_IFCHR | mode, dev);
	return inode;
}

static int make_ptmx(struct super_block *sb)
{
	struct devpts *pts = devpts_of(sb);
	struct dentry *dentry = d_alloc_name(sb->s_root, "ptmx");
	struct inode *inode;

	if (!dentry)
		return -ENOMEM;
	inode = devpts_node(sb, PTMX_INO, pts->opts.ptmx_mode, MKDEV(TTYAUX_MAJOR, 2));
	if (!inode) {
		dput(dentry);
		return -ENOMEM;
	}
	simple_link_dentry(dentry, inode);
	pts->ptmx = dentry;
	dput(dentry);
	return 0;
}

static int make_root(struct super_block *sb)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return -ENOMEM;
	inode->i_ino = 1;
	inode->i_mode = S_IFDIR | 0755;
	inode->i_op = &simple_dir_inode_operations;
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	inode_touch(inode, S_ATIME | S_MTIME | S_CTIME);
	sb->s_root = d_make_root(inode);
	return sb->s_root ? 0 : -ENOMEM;
}

static int devpts_fill_super(struct super_block *sb, void *data, int silent)
{
	struct devpts *pts = kzalloc(sizeof(*pts), GFP_KERNEL);
	int err;

	if (!pts)
		return -ENOMEM;
	ida_init(&pts->numbers);
	sb->s_fs_info = pts;
	sb->s_magic = DEVPTS_SUPER_MAGIC;
	sb->s_op = &devpts_super_operations;
	sb->s_blocksize = 1024;
	sb->s_blocksize_bits = 10;
	sb->s_flags |= SB_NOEXEC | SB_NOSUID | SB_ALL_CACHED;
	err = parse_options(&pts->opts, data);
	if (!err)
		err = make_root(sb);
	return err ? err : make_ptmx(sb);
}

static struct dentry *devpts_mount(struct file_system_type *type, int flags,
				   const char *dev_name, void *data)
{
	return mount_nodev(type, flags, data, devpts_fill_super);
}

static struct file_system_type devpts_type = {
	.name = "devpts",
	.fs_flags = FS_USERNS_MOUNT,
	.mount = devpts_mount,
	.kill_sb = kill_litter_super,
};

/* ---- for the pty driver ---- */

static bool is_devpts_root(const struct path *path)
{
	struct super_block *sb = path->dentry->d_sb;

	return sb->s_magic == DEVPTS_SUPER_MAGIC && path->dentry == sb->s_root;
}

/**
 * devpts_acquire - which devpts a ptmx belongs to
 * @file: an open ptmx: a devpts' own, or one that has a devpts mounted on "pts" beside it
 * @root: out: the root of that devpts, with references
 *
 * Context: sleeps.
 * Return: 0; -ENODEV when there is none, or what the lookup of "pts" says.
 */
int devpts_acquire(struct file *file, struct path *root)
{
	struct dentry *dentry = file->f_path.dentry, *dir;
	int err;

	if (dentry->d_sb->s_magic == DEVPTS_SUPER_MAGIC) {
		root->mnt = mntget(file->f_path.mnt);
		root->dentry = dget(dentry->d_sb->s_root);
		return 0;
	}
	dir = dget_parent(dentry);
	err = vfs_path_lookup(dir, file->f_path.mnt, "pts", LOOKUP_FOLLOW | LOOKUP_DIRECTORY,
			      root);
	dput(dir);
	if (err)
		return err;
	if (is_devpts_root(root))
		return 0;
	path_put(root);
	return -ENODEV;
}

/* Return: the lowest free number of @sb, -ENOSPC, or -ENOMEM. Context: sleeps. */
int devpts_new_index(struct super_block *sb)
{
	struct devpts *pts = devpts_of(sb);
	int index;

	if (!pts->opts.max)
		return -ENOSPC;
	/* Charge, then compare. */
	if (atomic_inc_return(&pty_count) > READ_ONCE(pty_max)) {
		atomic_dec(&pty_count);
		return -ENOSPC;
	}
	index = ida_alloc_range(&pts->numbers, 0, pts->opts.max - 1, GFP_KERNEL);
	if (index < 0)
		atomic_dec(&pty_count);
	return index;
}

void devpts_kill_index(struct super_block *sb, int index)
{
	ida_free(&devpts_of(sb)->numbers, index);
	atomic_dec(&pty_count);
}

/**
 * devpts_pty_new - give a pty its name
 * @sb: the devpts
 * @index: its number, which is its name
 * @tty: the slave; the node takes a reference
 *
 * Context: sleeps.
 * Return: the entry, with a reference for devpts_pty_kill(), or ERR_PTR(-ENOMEM).
 */
struct dentry *devpts_pty_new(struct super_block *sb, int index, struct tty_struct *tty)
{
	struct devpts *pts = devpts_of(sb);
	struct dentry *dentry;
	struct inode *inode;
	char name[12];

	inode = devpts_node(sb, index + FIRST_PTY_INO, pts->opts.mode,
			    MKDEV(UNIX98_PTY_SLAVE_MAJOR, index));
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_uid = pts->opts.set_uid ? pts->opts.uid : current_fsuid();
	inode->i_gid = pts->opts.set_gid ? pts->opts.gid : current_fsgid();
	inode->i_private = tty_get(tty);
	snprintf(name, sizeof(name), "%d", index);
	inode_lock(sb->s_root->d_inode);
	dentry = d_alloc_name(sb->s_root, name);
	if (dentry)
		simple_link_dentry(dentry, inode);
	inode_unlock(sb->s_root->d_inode);
	if (dentry)
		return dentry;
	iput(inode);
	return ERR_PTR(-ENOMEM);
}

/* The master is closed: the name goes; who has the node open keeps it. Consumes @dentry. */
void devpts_pty_kill(struct dentry *dentry)
{
	struct inode *dir = dentry->d_sb->s_root->d_inode;

	inode_lock(dir);
	clear_nlink(dentry->d_inode);
	simple_unlink_dentry(dentry);
	inode_unlock(dir);
	dput(dentry);
}

/* The slave behind a node, or NULL when the node is no devpts'. The caller holds the inode. */
struct tty_struct *devpts_inode_tty(struct inode *inode)
{
	if (inode->i_sb->s_magic != DEVPTS_SUPER_MAGIC)
		return NULL;
	return inode->i_private;
}

static const struct ctl_table pty_table[] = {
	{ .name = "max", .mode = 0644, .kind = CTL_INT, .data = &pty_max, .min = 0,
	  .max = NR_UNIX98_PTY_MAX },
	{ .name = "nr", .mode = 0444, .kind = CTL_INT, .data = &pty_count.counter },
};

static int __init devpts_init(void)
{
	int err = register_filesystem(&devpts_type);

	return err ? err : register_sysctl("kernel/pty", pty_table, ARRAY_SIZE(pty_table));
}
fs_initcall(devpts_init);
