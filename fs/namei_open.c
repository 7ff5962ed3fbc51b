// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last step of open(2): find or make the file, decide whether it may be opened,
 * open it, truncate it. The directory is locked only if the file may have to be made.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include "internal.h"
#include "mount.h"
#include "nameidata.h"
#include "open.h"

/* mount(2): does MS_NOEXEC hold here? */
bool path_noexec(const struct path *path)
{
	return (path->mnt->mnt_flags & MNT_NOEXEC) || (path->mnt->mnt_sb->s_flags & SB_NOEXEC);
}

static bool may_open_dev(const struct path *path)
{
	return !(path->mnt->mnt_flags & MNT_NODEV) && !(path->mnt->mnt_sb->s_flags & SB_NODEV);
}

static int may_open_type(const struct path *path, umode_t mode, int acc_mode)
{
	switch (mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		return (acc_mode & MAY_EXEC) ? -EACCES : 0;
	case S_IFBLK:
	case S_IFCHR:
		if (!may_open_dev(path))
			return -EACCES;
		fallthrough;
	case S_IFIFO:
	case S_IFSOCK:
		return (acc_mode & MAY_EXEC) ? -EACCES : 0;
	}
	return (acc_mode & MAY_EXEC) && path_noexec(path) ? -EACCES : 0;
}

/* Return: 0, -ELOOP, -EISDIR, -EACCES, -EPERM, -EROFS. */
static int may_open(const struct path *path, int acc_mode, int flags)
{
	struct inode *inode = path->dentry->d_inode;
	int err = may_open_type(path, inode->i_mode, acc_mode);

	if (err)
		return err;
	err = inode_permission(inode, MAY_OPEN | acc_mode);
	if (err)
		return err;
	if (IS_APPEND(inode)) {
		if ((flags & O_ACCMODE) != O_RDONLY && !(flags & O_APPEND))
			return -EPERM;
		if (flags & O_TRUNC)
			return -EPERM;
	}
	return (flags & O_NOATIME) && !inode_owner_or_capable(inode) ? -EPERM : 0;
}

static int truncate_opened(struct file *file)
{
	const struct path *path = &file->f_path;
	int err = get_write_access(path->dentry->d_inode);

	if (err)
		return err;
	err = do_truncate(path->dentry, 0, ATTR_MTIME | ATTR_CTIME | ATTR_OPEN, file);
	put_write_access(path->dentry->d_inode);
	return err;
}

/* The walk stands on the file. Return: 0 or -errno. */
static int open_found(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	int flags = op->open_flag, acc_mode = op->acc_mode, err;
	struct inode *inode = nd->path.dentry->d_inode;
	bool truncate, counted = false;

	if (flags & O_CREAT) {
		if ((flags & O_EXCL) && !(file->f_mode & FMODE_CREATED))
			return -EEXIST;
		if (S_ISDIR(inode->i_mode))
			return -EISDIR;
	}
	err = complete_walk(nd);
	if (err)
		return err;
	truncate = (flags & O_TRUNC) && S_ISREG(inode->i_mode);
	if (file->f_mode & FMODE_CREATED) {
		/* whoever makes a file may have it as asked, whatever its mode says */
		acc_mode = 0;
		truncate = false;
	} else if (truncate) {
		err = mnt_want_write(nd->path.mnt);
		if (err)
			return err;
		counted = true;
	}
	err = flags & O_PATH ? 0 : may_open(&nd->path, acc_mode, flags);
	if (!err)
		err = vfs_open(&nd->path, file);
	if (!err && truncate)
		err = truncate_opened(file);
	if (counted)
		mnt_drop_write(nd->path.mnt);
	return err;
}

/* Make the file; the directory is locked. @dentry is negative. */
static int create_file(struct nameidata *nd, struct file *file, struct dentry *dentry,
		       const struct open_flags *op)
{
	struct inode *dir = nd->path.dentry->d_inode;
	umode_t mode = mode_strip_sgid(dir, op->mode) & ~current_umask();
	int err = mnt_want_write(nd->path.mnt);

	if (err)
		return err;
	err = vfs_create(dir, dentry, mode, op->open_flag & O_EXCL);
	if (!err)
		file->f_mode |= FMODE_CREATED;
	mnt_drop_write(nd->path.mnt);
	return err;
}

/* Return: an entry (positive), or ERR_PTR. */
static struct dentry *lookup_or_create(struct nameidata *nd, struct file *file,
				       const struct open_flags *op)
{
	struct dentry *dir = nd->path.dentry, *dentry;
	int err = 0;

	inode_lock(dir->d_inode);
	dentry = lookup_locked(dir, &nd->last, nd->flags);
	if (!IS_ERR(dentry) && d_is_negative(dentry))
		err = create_file(nd, file, dentry, op);
	inode_unlock(dir->d_inode);
	if (err) {
		dput(dentry);
		return ERR_PTR(err);
	}
	return dentry;
}

/*
 * Take the last step, making the file if need be.
 * Return: NULL: open_found() may go on; a link's text to follow; ERR_PTR.
 */
static const char *open_last(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	bool follow = nd->flags & LOOKUP_FOLLOW;
	struct dentry *dentry;
	int err;

	if (nd->last_type != LAST_NORM)
		return walk_component(nd, false);
	if (!(op->open_flag & O_CREAT)) {
		if (last_has_slash(nd)) {
			nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
			follow = true;
		}
		return walk_component(nd, follow);
	}
	if (last_has_slash(nd))
		return ERR_PTR(-EISDIR);
	if (!S_ISDIR(nd->path.dentry->d_inode->i_mode))
		return ERR_PTR(-ENOTDIR);
	dentry = op->open_flag & O_EXCL ? NULL : lookup_cached(nd->path.dentry, &nd->last);
	if (!dentry)
		dentry = lookup_or_create(nd, file, op);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	err = 0;
	if (!(file->f_mode & FMODE_CREATED))
		err = op->open_flag & O_EXCL ? -EEXIST :
		      may_open_created(nd->path.dentry->d_inode, dentry->d_inode);
	if (err) {
		dput(dentry);
		return ERR_PTR(err);
	}
	return step_into(nd, dentry, follow);
}

/* open(2), O_TMPFILE: a nameless file in the directory that the path names. */
static int open_tmpfile(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	static const struct qstr slash = QSTR_INIT("/", 1);
	struct path dir = nd->path, path = { .mnt = dir.mnt };
	struct inode *inode = dir.dentry->d_inode;
	umode_t mode = mode_strip_sgid(inode, op->mode) & ~current_umask();
	int err = mnt_want_write(dir.mnt);

	if (err)
		return err;
	err = inode_permission(inode, MAY_WRITE | MAY_EXEC);
	if (!err && !inode->i_op->tmpfile)
		err = -EOPNOTSUPP;
	if (err)
		goto out;
	path.dentry = d_alloc(dir.dentry, &slash);
	err = path.dentry ? inode->i_op->tmpfile(inode, path.dentry, mode) : -ENOMEM;
	if (!err)
		err = may_open(&path, 0, op->open_flag);
	if (!err)
		err = vfs_open(&path, file);
	dput(path.dentry);
out:
	mnt_drop_write(dir.mnt);
	return err;
}

static int walk_for_tmpfile(struct nameidata *nd, struct file *file, const struct open_flags *op,
			    const char *text)
{
	int err;

	while (!IS_ERR_OR_NULL(text)) {
		err = link_path_walk(text, nd);
		if (err)
			return err;
		if (nd->last_type == LAST_NORM && last_has_slash(nd))
			nd->flags |= LOOKUP_FOLLOW;
		text = walk_component(nd, nd->flags & LOOKUP_FOLLOW);
	}
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = complete_walk(nd);
	return err ? err : open_tmpfile(nd, file, op);
}

static int walk_and_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	const char *text = path_init(nd);
	int err;

	if ((op->open_flag & __O_TMPFILE) && !IS_ERR(text))
		return walk_for_tmpfile(nd, file, op, text);
	while (!IS_ERR_OR_NULL(text)) {
		err = link_path_walk(text, nd);
		if (err)
			return err;
		text = open_last(nd, file, op);
	}
	return IS_ERR(text) ? PTR_ERR(text) : open_found(nd, file, op);
}

/**
 * do_filp_open - open by path
 * @dfd: where a relative path begins
 * @name: the path; stays the caller's
 * @op: from build_open_flags()
 * @root: begin here and see it as "/", or NULL
 *
 * Context: sleeps.
 * Return: the file, or ERR_PTR with open(2)'s errno.
 */
struct file *do_filp_open(int dfd, struct filename *name, const struct open_flags *op,
			  const struct path *root)
{
	struct nameidata nd;
	struct file *file;
	int err;

	file = alloc_empty_file(op->open_flag, current->cred);
	if (IS_ERR(file))
		return file;
	nd_begin(&nd, dfd, name, op->lookup_flags, root);
	err = walk_and_open(&nd, file, op);
	nd_end(&nd);
	if (err) {
		fput_sync(file);
		return ERR_PTR(err);
	}
	return file;
}
