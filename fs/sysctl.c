// SPDX-License-Identifier: GPL-2.0-only
/* The values of /proc/sys/fs: limits that can be changed, counts that can be read. */
#include <linux/coredump.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sprintf.h>
#include <linux/sysctl.h>
#include "internal.h"
#include "namespace.h"

static int get_file_nr(char *buf, size_t size)
{
	return scnprintf(buf, size, "%lu\t0\t%lu", get_nr_files(), get_max_files());
}

static int get_inode_nr(char *buf, size_t size)
{
	return scnprintf(buf, size, "%lu\t0", get_nr_inodes());
}

/* Nothing unused is kept, so the second number is always 0. */
static int get_inode_state(char *buf, size_t size)
{
	return scnprintf(buf, size, "%lu\t0\t0\t0\t0\t0\t0", get_nr_inodes());
}

static int get_dentry_state(char *buf, size_t size)
{
	return scnprintf(buf, size, "%lu\t0\t45\t0\t0\t0", get_nr_dentries());
}

static int get_pipe_max(char *buf, size_t size)
{
	return scnprintf(buf, size, "%u", pipe_max_size);
}

/* Rounded up to what a pipe could really have. */
static int set_pipe_max(char *text)
{
	unsigned int size;
	int err = kstrtouint(text, 10, &size);

	if (err)
		return -EINVAL;
	size = round_pipe_size(size);
	if (!size)
		return -EINVAL;
	pipe_max_size = size;
	return 0;
}

static const struct ctl_table fs_table[] = {
	{ .name = "file-max", .mode = 0644, .kind = CTL_ULONG, .data = &sysctl_max_files },
	{ .name = "file-nr", .mode = 0444, .kind = CTL_CALL, .get = get_file_nr },
	{ .name = "inode-nr", .mode = 0444, .kind = CTL_CALL, .get = get_inode_nr },
	{ .name = "inode-state", .mode = 0444, .kind = CTL_CALL, .get = get_inode_state },
	{ .name = "dentry-state", .mode = 0444, .kind = CTL_CALL, .get = get_dentry_state },
	{ .name = "mount-max", .mode = 0644, .kind = CTL_INT, .data = &sysctl_mount_max,
	  .min = 1, .max = INT_MAX },
	{ .name = "nr_open", .mode = 0644, .kind = CTL_INT, .data = &sysctl_nr_open,
	  .min = BITS_PER_LONG, .max = 0x7fffffc0 / 8 },
	{ .name = "protected_hardlinks", .mode = 0644, .kind = CTL_INT,
	  .data = &sysctl_protected_hardlinks, .max = 1 },
	{ .name = "protected_symlinks", .mode = 0644, .kind = CTL_INT,
	  .data = &sysctl_protected_symlinks, .max = 1 },
	{ .name = "protected_fifos", .mode = 0644, .kind = CTL_INT,
	  .data = &sysctl_protected_fifos, .max = 2 },
	{ .name = "protected_regular", .mode = 0644, .kind = CTL_INT,
	  .data = &sysctl_protected_regular, .max = 2 },
	{ .name = "suid_dumpable", .mode = 0644, .kind = CTL_INT, .data = &suid_dumpable,
	  .min = SUID_DUMP_DISABLE, .max = SUID_DUMP_ROOT },
	{ .name = "pipe-max-size", .mode = 0644, .kind = CTL_CALL, .get = get_pipe_max,
	  .set = set_pipe_max },
	{ .name = "pipe-user-pages-soft", .mode = 0644, .kind = CTL_ULONG,
	  .data = &pipe_user_pages_soft },
	{ .name = "pipe-user-pages-hard", .mode = 0644, .kind = CTL_ULONG,
	  .data = &pipe_user_pages_hard },
};

static int __init fs_sysctl_init(void)
{
	return register_sysctl("fs", fs_table, ARRAY_SIZE(fs_table));
}
fs_initcall(fs_sysctl_init);
