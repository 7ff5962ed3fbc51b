// SPDX-License-Identifier: GPL-2.0-only
/*
 * tmpfs: mounting, its options (size, nr_blocks, nr_inodes, mode, uid, gid), and the
 * root file system, which is one. Options change under s_umount.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "../internal.h"
#include "internal.h"

/* tmpfs(5): half of memory, and as many inodes as that has pages. */
static unsigned long default_blocks(void)
{
	return totalram_pages() / 2;
}

static unsigned long default_inodes(void)
{
	return totalram_pages() / 2;
}

/* ---- options ---- */

struct tmpfs_options {
	unsigned long blocks, inodes;
	umode_t mode;
	uid_t uid;
	gid_t gid;
	bool has_blocks, has_inodes;
};

/* A number with an optional k, m, g, t or, if @percent, a part of memory. -EINVAL. */
static int parse_size(const char *val, bool percent, u64 *res)
{
	char *end;
	u64 n;

	if (!*val)
		return -EINVAL;
	n = memparse(val, &end);
	if (percent && *end == '%') {
		n = n * totalram_pages() / 100 << PAGE_SHIFT;
		end++;
	}
	*res = n;
	return *end ? -EINVAL : 0;
}

static int parse_one(char *name, const char *val, struct tmpfs_options *opt)
{
	unsigned int n;
	u64 size;

	if (!strcmp(name, "size") || !strcmp(name, "nr_blocks")) {
		bool bytes = *name == 's';

		if (parse_size(val, bytes, &size))
			return -EINVAL;
		opt->blocks = bytes ? DIV_ROUND_UP(size, PAGE_SIZE) : size;
		opt->has_blocks = true;
	} else if (!strcmp(name, "nr_inodes")) {
		if (parse_size(val, false, &size))
			return -EINVAL;
		opt->inodes = size;
		opt->has_inodes = true;
	} else if (!strcmp(name, "mode")) {
		if (kstrtouint(val, 8, &n))
			return -EINVAL;
		opt->mode = n & S_IALLUGO;
	} else if (!strcmp(name, "uid")) {
		if (kstrtouint(val, 10, &n))
			return -EINVAL;
		opt->uid = make_kuid(current_user_ns(), n);
		return opt->uid == INVALID_UID ? -EINVAL : 0;
	} else if (!strcmp(name, "gid")) {
		if (kstrtouint(val, 10, &n))
			return -EINVAL;
		opt->gid = make_kgid(current_user_ns(), n);
		return opt->gid == INVALID_GID ? -EINVAL : 0;
	} else {
		pr_info("tmpfs: Unknown parameter '%s'\n", name);
		return -EINVAL;
	}
	return 0;
}

static int parse_options(char *text, struct tmpfs_options *opt)
{
	char *name, *val;

	while ((name = strsep(&text, ","))) {
		if (!*name)
			continue;
		val = strchr(name, '=');
		if (val)
			*val++ = '\0';
		if (parse_one(name, val ? val : "", opt))
			return -EINVAL;
	}
	return 0;
}

/* ---- super operations ---- */

static int tmpfs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct tmpfs_sb *sbi = TMPFS_SB(dentry->d_sb);

	buf->f_type = dentry->d_sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	if (sbi->limits.max_blocks) {
		long used = atomic_long_read(&sbi->limits.used_blocks);

		buf->f_blocks = sbi->limits.max_blocks;
		buf->f_bavail = buf->f_bfree = sbi->limits.max_blocks - used;
	}
	if (sbi->max_inodes) {
		buf->f_files = sbi->max_inodes;
		buf->f_ffree = sbi->max_inodes - atomic_long_read(&sbi->used_inodes);
	}
	return 0;
}

/* New limits must hold what is there already. */
static int tmpfs_remount(struct super_block *sb, int *flags, char *data)
{
	struct tmpfs_sb *sbi = TMPFS_SB(sb);
	struct tmpfs_options opt = {};

	if (parse_options(data, &opt))
		return -EINVAL;
	if (opt.has_blocks) {
		if (opt.blocks && atomic_long_read(&sbi->limits.used_blocks) > (long)opt.blocks)
			return -EINVAL;
		if (opt.blocks && !sbi->limits.max_blocks)
			return -EINVAL;
	}
	if (opt.has_inodes) {
		if (opt.inodes && atomic_long_read(&sbi->used_inodes) > (long)opt.inodes)
			return -EINVAL;
		if (opt.inodes && !sbi->max_inodes)
			return -EINVAL;
		sbi->max_inodes = opt.inodes;
	}
	if (opt.has_blocks)
		sbi->limits.max_blocks = opt.blocks;
	return 0;
}

static int tmpfs_show_options(struct seq_file *m, struct dentry *root)
{
	struct tmpfs_sb *sbi = TMPFS_SB(root->d_sb);

	if (sbi->limits.max_blocks != default_blocks())
		seq_printf(m, ",size=%luk", sbi->limits.max_blocks << (PAGE_SHIFT - 10));
	if (sbi->max_inodes != default_inodes())
		seq_printf(m, ",nr_inodes=%lu", sbi->max_inodes);
	if (sbi->mode != (S_IRWXUGO | S_ISVTX))
		seq_printf(m, ",mode=%03o", sbi->mode);
	if (sbi->uid)
		seq_printf(m, ",uid=%u", sbi->uid);
	if (sbi->gid)
		seq_printf(m, ",gid=%u", sbi->gid);
	return 0;
}

static void tmpfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
}

static const struct super_operations tmpfs_ops = {
	.alloc_inode	= tmpfs_alloc_inode,
	.free_inode	= tmpfs_free_inode,
	.evict_inode	= tmpfs_evict_inode,
	.statfs		= tmpfs_statfs,
	.remount_fs	= tmpfs_remount,
	.put_super	= tmpfs_put_super,
	.show_options	= tmpfs_show_options,
};

int tmpfs_fill_super(struct super_block *sb, void *data, int silent)
{
	struct tmpfs_options opt = { .blocks = default_blocks(), .inodes = default_inodes(),
				     .mode = S_IRWXUGO | S_ISVTX,
				     .uid = current_fsuid(), .gid = current_fsgid() };
	struct tmpfs_sb *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	struct inode *root;

	if (!sbi)
		return -ENOMEM;
	sb->s_fs_info = sbi;
	sb->s_op = &tmpfs_ops;
	if (sb->s_flags & SB_KERNMOUNT)
		opt.blocks = opt.inodes = 0;
	else if (parse_options(data, &opt))
		return -EINVAL;
	sbi->limits.max_blocks = opt.blocks;
	sbi->max_inodes = opt.inodes;
	sbi->mode = opt.mode;
	sbi->uid = opt.uid;
	sbi->gid = opt.gid;
	sb->s_magic = TMPFS_MAGIC;
	sb->s_flags |= SB_ALL_CACHED;
	root = tmpfs_get_inode(sb, NULL, opt.mode | S_IFDIR, 0, VM_NORESERVE);
	if (!root)
		return -ENOMEM;
	root->i_uid = opt.uid;
	root->i_gid = opt.gid;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *tmpfs_mount(struct file_system_type *type, int flags, const char *dev,
				  void *data)
{
	return mount_nodev(type, flags, data, tmpfs_fill_super);
}

/* The root is 0755, as every root directory is. */
static struct dentry *rootfs_mount(struct file_system_type *type, int flags, const char *dev,
				   void *data)
{
	char mode[] = "mode=755";

	return mount_nodev(type, flags, mode, tmpfs_fill_super);
}

static struct file_system_type tmpfs_type = {
	.name		= "tmpfs",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= tmpfs_mount,
	.kill_sb	= kill_litter_super,
};

static const struct super_operations ramfs_ops = {
	.alloc_inode	= tmpfs_alloc_inode,
	.free_inode	= tmpfs_free_inode,
	.evict_inode	= tmpfs_evict_inode,
	.statfs		= tmpfs_statfs,
	.put_super	= tmpfs_put_super,
};

/* Of @text's options, mode= counts; those that ramfs does not know are nobody's business. */
static int ramfs_mode(char *text, unsigned int *mode)
{
	char *word;

	while ((word = strsep(&text, ",")))
		if (!strncmp(word, "mode=", 5) && kstrtouint(word + 5, 8, mode))
			return -EINVAL;
	return 0;
}

/* ramfs: no limits. */
static int ramfs_fill_super(struct super_block *sb, void *data, int silent)
{
	char options[48];
	unsigned int mode = 0755;
	int err = ramfs_mode(data, &mode);

	if (err)
		return err;
	scnprintf(options, sizeof(options), "size=0,nr_inodes=0,mode=%o", mode & 07777);
	err = tmpfs_fill_super(sb, options, silent);
	sb->s_magic = RAMFS_MAGIC;
	sb->s_op = &ramfs_ops;
	return err;
}

static struct dentry *ramfs_mount(struct file_system_type *type, int flags, const char *dev,
				  void *data)
{
	return mount_nodev(type, flags, data, ramfs_fill_super);
}

static struct file_system_type ramfs_type = {
	.name		= "ramfs",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= ramfs_mount,
	.kill_sb	= kill_litter_super,
};

static struct file_system_type rootfs_type = {
	.name		= "rootfs",
	.fs_flags	= FS_NO_USER_MOUNT,
	.mount		= rootfs_mount,
	.kill_sb	= kill_litter_super,
};

/* Before mnt_init() makes the root of it. */
void __init init_rootfs(void)
{
	tmpfs_inode_cache_init();
	register_filesystem(&tmpfs_type);
	register_filesystem(&ramfs_type);
	register_filesystem(&rootfs_type);
	memfd_init();
}
