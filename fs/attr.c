// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing attributes: who may (chmod(2), chown(2), utimensat(2), truncate(2)),
 * and the loss of set-user-ID and set-group-ID that comes with it. The inode's
 * i_rwsem is held for writing throughout.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include "internal.h"

static bool chown_ok(const struct inode *inode, uid_t uid)
{
	if (current_fsuid() == inode->i_uid && uid == inode->i_uid)
		return true;
	return capable_wrt_inode_uidgid(inode, CAP_CHOWN);
}

static bool chgrp_ok(const struct inode *inode, gid_t gid)
{
	if (current_fsuid() == inode->i_uid && (gid == inode->i_gid || in_group_p(gid)))
		return true;
	return capable_wrt_inode_uidgid(inode, CAP_CHOWN);
}

static bool keeps_sgid(const struct inode *inode, gid_t gid)
{
	return in_group_p(gid) || capable_wrt_inode_uidgid(inode, CAP_FSETID);
}

/**
 * setattr_prepare - is this change allowed?
 * @dentry: of the inode
 * @attr: the change; ATTR_MODE may lose S_ISGID here
 *
 * Return: 0, -EPERM, -EFBIG (beyond RLIMIT_FSIZE, with SIGXFSZ, or the file system's limit).
 */
int setattr_prepare(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	unsigned int valid = attr->ia_valid;

	if (valid & ATTR_SIZE) {
		int err = inode_newsize_ok(inode, attr->ia_size);

		if (err)
			return err;
	}
	if (valid & ATTR_FORCE)
		return 0;
	if ((valid & ATTR_UID) && !chown_ok(inode, attr->ia_uid))
		return -EPERM;
	if ((valid & ATTR_GID) && !chgrp_ok(inode, attr->ia_gid))
		return -EPERM;
	if (valid & ATTR_MODE) {
		gid_t gid = (valid & ATTR_GID) ? attr->ia_gid : inode->i_gid;

		if (!inode_owner_or_capable(inode))
			return -EPERM;
		if (!keeps_sgid(inode, gid))
			attr->ia_mode &= ~S_ISGID;
	}
	if ((valid & (ATTR_ATIME_SET | ATTR_MTIME_SET | ATTR_TIMES_SET)) &&
	    !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

/* Growth must respect RLIMIT_FSIZE and s_maxbytes. Return: 0 or -EFBIG (SIGXFSZ is sent). */
int inode_newsize_ok(const struct inode *inode, loff_t offset)
{
	if (offset <= inode->i_size)
		return 0;
	if ((unsigned long)offset > rlimit(RLIMIT_FSIZE)) {
		send_sig(SIGXFSZ, current, 0);
		return -EFBIG;
	}
	return offset > inode->i_sb->s_maxbytes ? -EFBIG : 0;
}

/* Write the new values, but for the size, into the inode. */
void setattr_copy(struct inode *inode, const struct iattr *attr)
{
	unsigned int valid = attr->ia_valid;

	if (valid & ATTR_UID)
		inode->i_uid = attr->ia_uid;
	if (valid & ATTR_GID)
		inode->i_gid = attr->ia_gid;
	if (valid & ATTR_ATIME)
		inode->i_atime = attr->ia_atime;
	if (valid & ATTR_MTIME)
		inode->i_mtime = attr->ia_mtime;
	if (valid & ATTR_CTIME)
		inode->i_ctime = attr->ia_ctime;
	if (valid & ATTR_MODE) {
		umode_t mode = attr->ia_mode;

		if (!keeps_sgid(inode, inode->i_gid))
			mode &= ~S_ISGID;
		inode->i_mode = mode;
	}
}

/* Turn "take the set-ID bits away" into a change of the mode. False: nothing is left to do. */
static bool resolve_kill_bits(const struct inode *inode, struct iattr *attr)
{
	umode_t mode = inode->i_mode;

	if (attr->ia_valid & ATTR_KILL_SUID)
		mode &= ~S_ISUID;
	if ((attr->ia_valid & ATTR_KILL_SGID) && should_kill_sgid(inode))
		mode &= ~S_ISGID;
	attr->ia_valid &= ~(ATTR_KILL_SUID | ATTR_KILL_SGID | ATTR_KILL_PRIV);
	if (mode != inode->i_mode) {
		attr->ia_valid |= ATTR_MODE;
		attr->ia_mode = mode;
	}
	return attr->ia_valid != 0;
}

static int may_touch(struct inode *inode, unsigned int valid)
{
	if ((valid & (ATTR_MODE | ATTR_UID | ATTR_GID | ATTR_TIMES_SET)) &&
	    (IS_IMMUTABLE(inode) || IS_APPEND(inode)))
		return -EPERM;
	if (!(valid & ATTR_TOUCH))
		return 0;
	if (IS_IMMUTABLE(inode))
		return -EPERM;
	/* utimes(NULL): whoever may write may also touch */
	if (inode_owner_or_capable(inode))
		return 0;
	return inode_permission(inode, MAY_WRITE);
}

static u32 changed_events(unsigned int valid)
{
	u32 mask = 0;

	if (valid & ATTR_SIZE)
		mask |= IN_MODIFY;
	if (valid & (ATTR_UID | ATTR_GID | ATTR_MODE))
		mask |= IN_ATTRIB;
	/* both times set: utimes(); one alone tells of reading or writing */
	if ((valid & (ATTR_ATIME | ATTR_MTIME)) == (ATTR_ATIME | ATTR_MTIME))
		mask |= IN_ATTRIB;
	else if (valid & ATTR_ATIME)
		mask |= IN_ACCESS;
	else if ((valid & ATTR_MTIME) && !(valid & ATTR_SIZE))
		mask |= IN_MODIFY;
	return mask;
}

/**
 * notify_change - change attributes
 * @dentry: of the inode
 * @attr: what to change; times not set explicitly become now
 *
 * Context: sleeps; i_rwsem held for writing.
 * Return: 0, -EPERM, -EACCES, -EFBIG, or what the file system says.
 */
int notify_change(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	struct timespec64 now = current_time(inode);
	int err = may_touch(inode, attr->ia_valid);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_MODE) && S_ISLNK(inode->i_mode))
		return -EOPNOTSUPP;
	attr->ia_valid |= ATTR_CTIME;
	attr->ia_ctime = now;
	if (!(attr->ia_valid & ATTR_ATIME_SET))
		attr->ia_atime = now;
	if (!(attr->ia_valid & ATTR_MTIME_SET))
		attr->ia_mtime = now;
	if (!resolve_kill_bits(inode, attr))
		return 0;
	err = inode->i_op->setattr ? inode->i_op->setattr(dentry, attr) :
		simple_setattr(dentry, attr);
	if (!err)
		fsnotify_dentry(dentry, changed_events(attr->ia_valid));
	return err;
}

/* S_ISGID without S_IXGRP once meant mandatory locking; outsiders lose it all the same. */
bool should_kill_sgid(const struct inode *inode)
{
	if (!(inode->i_mode & S_ISGID))
		return false;
	return (inode->i_mode & S_IXGRP) || !keeps_sgid(inode, inode->i_gid);
}

/* Which ATTR_KILL_* a write by current brings about. */
unsigned int should_remove_suid(const struct inode *inode)
{
	unsigned int kill = 0;

	if (inode->i_mode & S_ISUID)
		kill |= ATTR_KILL_SUID;
	if (should_kill_sgid(inode))
		kill |= ATTR_KILL_SGID;
	if (likely(!kill) || !S_ISREG(inode->i_mode) ||
	    capable_wrt_inode_uidgid(inode, CAP_FSETID))
		return 0;
	return kill;
}

/**
 * file_remove_privs - the file is about to be written: drop set-ID bits
 * @file: open for writing; its inode's i_rwsem is held
 *
 * Return: 0, or what ->setattr() says.
 */
int file_remove_privs(struct file *file)
{
	struct inode *inode = file->f_inode;
	struct iattr attr;

	if (likely(!(inode->i_mode & (S_ISUID | S_ISGID))))
		return 0;
	attr.ia_valid = should_remove_suid(inode);
	if (!attr.ia_valid)
		return 0;
	attr.ia_valid |= ATTR_FORCE;
	return notify_change(file->f_path.dentry, &attr);
}
