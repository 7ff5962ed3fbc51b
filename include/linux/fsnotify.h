/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened to a file, for those who watch it or its directory (fs/inotify.c).
 * Nearly always nobody does: each hook begins with one look at a counter.
 */
#ifndef _LINUX_FSNOTIFY_H
#define _LINUX_FSNOTIFY_H

#include <linux/fs.h>
#include <uapi/linux/inotify.h>

extern atomic_t inotify_nr_marks;

/* On @inode itself; with @name: to the entry called so in the directory @inode. */
void __fsnotify(struct inode *inode, u32 mask, u32 cookie, const struct qstr *name);
/* On the file of @dentry, and on its directory with its name. */
void __fsnotify_dentry(struct dentry *dentry, u32 mask);
/* The last name of @inode is gone, and nobody uses it. */
void __fsnotify_inoderemove(struct inode *inode);
void __fsnotify_rename(struct inode *old_dir, const struct qstr *old_name, struct inode *new_dir,
		       struct dentry *moved);
/* @sb is being unmounted: drop the watches in it. Sleeps. */
void fsnotify_unmount(struct super_block *sb);

static __always_inline bool fsnotify_watched(void)
{
	return unlikely(atomic_read(&inotify_nr_marks) != 0);
}

static inline u32 fsnotify_isdir(const struct inode *inode)
{
	return S_ISDIR(inode->i_mode) ? IN_ISDIR : 0;
}

/*
 * Through an open file. IN_EXCL_UNLINK in an event's mask says that the file's name is gone, and
 * keeps the event from watches with that bit.
 */
static inline void fsnotify_file(struct file *file, u32 mask)
{
	struct dentry *dentry = file->f_path.dentry;

	if (!fsnotify_watched() || (file->f_mode & FMODE_PATH))
		return;
	if (d_unlinked(dentry))
		mask |= IN_EXCL_UNLINK;
	__fsnotify_dentry(dentry, mask | fsnotify_isdir(file->f_inode));
}

static inline void fsnotify_close(struct file *file)
{
	fsnotify_file(file, file->f_mode & FMODE_WRITE ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
}

static inline void fsnotify_dentry(struct dentry *dentry, u32 mask)
{
	if (fsnotify_watched())
		__fsnotify_dentry(dentry, mask | fsnotify_isdir(dentry->d_inode));
}

static inline void fsnotify_inode(struct inode *inode, u32 mask)
{
	if (fsnotify_watched())
		__fsnotify(inode, mask | fsnotify_isdir(inode), 0, NULL);
}

/* The name of @dentry in @dir was made or removed; @isdir: IN_ISDIR or 0. */
static inline void fsnotify_name(struct inode *dir, struct dentry *dentry, u32 mask, u32 isdir)
{
	if (fsnotify_watched())
		__fsnotify(dir, mask | isdir, 0, &dentry->d_name);
}

static inline void fsnotify_inoderemove(struct inode *inode)
{
	if (fsnotify_watched())
		__fsnotify_inoderemove(inode);
}

#endif /* _LINUX_FSNOTIFY_H */
