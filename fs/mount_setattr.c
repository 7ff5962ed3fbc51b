// SPDX-License-Identifier: GPL-2.0-only
/* mount_setattr(2): flags and propagation of a mount, or of a tree of them, at once. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "namespace.h"

#define SETATTR_AT	(AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)
#define SETATTR_PLAIN	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |		\
			 MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)
#define SETATTR_KNOWN	(SETATTR_PLAIN | MOUNT_ATTR__ATIME)
#define PROPAGATION	(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)

struct attr_change {
	int set, clear;			/* MNT_* */
	unsigned long propagation;	/* MS_*, 0: stays */
	bool recurse;
};

static int attr_to_mnt(u64 attr)
{
	static const struct {
		u64 attr;
		int mnt;
	} map[] = {
		{ MOUNT_ATTR_RDONLY, MNT_READONLY }, { MOUNT_ATTR_NOSUID, MNT_NOSUID },
		{ MOUNT_ATTR_NODEV, MNT_NODEV }, { MOUNT_ATTR_NOEXEC, MNT_NOEXEC },
		{ MOUNT_ATTR_NODIRATIME, MNT_NODIRATIME },
		{ MOUNT_ATTR_NOSYMFOLLOW, MNT_NOSYMFOLLOW },
	};
	unsigned int i;
	int mnt = 0;

	for (i = 0; i < ARRAY_SIZE(map); i++)
		if (attr & map[i].attr)
			mnt |= map[i].mnt;
	return mnt;
}

/* The access time is a choice among three: it can only be set with the whole field cleared. */
static int read_atime(const struct mount_attr *attr, struct attr_change *change)
{
	u64 clear = attr->attr_clr & MOUNT_ATTR__ATIME, set = attr->attr_set & MOUNT_ATTR__ATIME;

	if (!clear)
		return set ? -EINVAL : 0;
	if (clear != MOUNT_ATTR__ATIME)
		return -EINVAL;
	change->clear |= MNT_RELATIME | MNT_NOATIME;
	if (set == MOUNT_ATTR_RELATIME)
		change->set |= MNT_RELATIME;
	else if (set == MOUNT_ATTR_NOATIME)
		change->set |= MNT_NOATIME;
	else if (set != MOUNT_ATTR_STRICTATIME)
		return -EINVAL;
	return 0;
}

static int read_change(const struct mount_attr *attr, struct attr_change *change)
{
	if (attr->propagation & ~(u64)PROPAGATION)
		return -EINVAL;
	if (attr->propagation & (attr->propagation - 1))
		return -EINVAL;
	if ((attr->attr_set | attr->attr_clr) & ~(u64)SETATTR_KNOWN)
		return -EINVAL;
	change->propagation = attr->propagation;
	change->set = attr_to_mnt(attr->attr_set);
	change->clear = attr_to_mnt(attr->attr_clr);
	return read_atime(attr, change);
}

static int new_flags(const struct mount *m, const struct attr_change *change)
{
	return ((m->mnt.mnt_flags & ~change->clear) | change->set) & MNT_USER_FLAGS;
}

/* All mounts or none: put the flags back, up to @end. */
static void restore_flags(struct mount *m, struct mount *end, const int *old)
{
	struct mount *p;

	for (p = m; p != end; p = next_mnt(p, m))
		p->mnt.mnt_flags = *old++;
}

static int set_flags(struct mount *m, const struct attr_change *change)
{
	struct mount *p;
	int *old, n = 0, err = 0;

	for (p = m; p; p = next_mnt(p, m))
		n++;
	old = kmalloc_array(n, sizeof(*old), GFP_KERNEL);
	if (!old)
		return -ENOMEM;
	n = 0;
	for (p = m; p && !err; p = change->recurse ? next_mnt(p, m) : NULL) {
		old[n++] = p->mnt.mnt_flags;
		err = set_mnt_flags(p, new_flags(p, change));
		if (err)
			restore_flags(m, p, old);
	}
	kfree(old);
	return err;
}

static int change_mounts(const struct path *path, const struct attr_change *change)
{
	struct mount *m = real_mount(path->mnt);
	int err;

	if (!path_mounted(path))
		return -EINVAL;
	down_write(&namespace_sem);
	err = our_mnt(path->mnt) ? set_flags(m, change) : -EINVAL;
	if (!err && change->propagation)
		err = change_propagation(m, change->propagation, change->recurse);
	if (!err)
		touch_mnt_namespace(m->mnt_ns);
	up_write(&namespace_sem);
	return err;
}

static unsigned int lookup_flags(unsigned int flags)
{
	unsigned int how = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;

	return flags & AT_EMPTY_PATH ? how | LOOKUP_EMPTY : how;
}

SYSCALL_DEFINE5(mount_setattr, int, dfd, const char __user *, name, unsigned int, flags,
		struct mount_attr __user *, uattr, size_t, size)
{
	struct attr_change change = { .recurse = flags & AT_RECURSIVE };
	struct mount_attr attr;
	struct path path;
	int err;

	if (flags & ~SETATTR_AT)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < MOUNT_ATTR_SIZE_VER0)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	err = copy_struct_from_user(&attr, sizeof(attr), uattr, size);
	if (err)
		return err;
	if (!attr.attr_set && !attr.attr_clr && !attr.propagation)
		return 0;
	err = read_change(&attr, &change);
	if (!err)
		err = user_path_at(dfd, name, lookup_flags(flags), &path);
	if (err)
		return err;
	err = change_mounts(&path, &change);
	path_put(&path);
	return err;
}
