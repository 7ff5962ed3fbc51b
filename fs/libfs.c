// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system whose names are the dentries themselves: each is pinned by a
 * reference of its own and stands in its parent's tree by a number that never
 * changes, which is what a directory reader remembers. The parent's i_rwsem guards.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

static void children_insert(struct dentry *parent, struct dentry *dentry)
{
	struct rb_node **link = &parent->d_children.rb_node, *above = NULL;

	while (*link) {
		above = *link;
		link = dentry->d_off < rb_entry(above, struct dentry, d_node)->d_off ?
			&above->rb_left : &above->rb_right;
	}
	rb_link_node(&dentry->d_node, above, link);
	rb_insert_color(&dentry->d_node, &parent->d_children);
}

/**
 * simple_link_dentry - the end of creating a name
 * @dentry: negative, unhashed
 * @inode: its reference is consumed
 *
 * Context: the parent's i_rwsem is held for writing (or the tree is still private).
 */
void simple_link_dentry(struct dentry *dentry, struct inode *inode)
{
	struct dentry *parent = dentry->d_parent;

	dget(dentry);
	dentry->d_flags |= DCACHE_LINKED;
	dentry->d_off = parent->d_next_off++;
	children_insert(parent, dentry);
	d_add(dentry, inode);
}

/* Take an entry out of its directory's tree; lookups still find it. The pin is the caller's. */
static void unlist(struct dentry *dentry)
{
	ASSERT(dentry->d_flags & DCACHE_LINKED);
	rb_erase(&dentry->d_node, &dentry->d_parent->d_children);
	spin_lock(&dentry->d_lock);
	dentry->d_flags &= ~DCACHE_LINKED;
	spin_unlock(&dentry->d_lock);
}

/* The name goes; who uses the entry keeps it. Context as simple_link_dentry(). */
void simple_unlink_dentry(struct dentry *dentry)
{
	unlist(dentry);
	d_delete(dentry);
	dput(dentry);
}

/* Every name is in the dcache: what was not found there does not exist. */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	return NULL;
}

int simple_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = old->d_inode;

	inode_touch(inode, S_CTIME);
	inode_touch(dir, S_CTIME | S_MTIME);
	inc_nlink(inode);
	ihold(inode);
	simple_link_dentry(dentry, inode);
	return 0;
}

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	inode_touch(dentry->d_inode, S_CTIME);
	inode_touch(dir, S_CTIME | S_MTIME);
	drop_nlink(dentry->d_inode);
	simple_unlink_dentry(dentry);
	return 0;
}

bool simple_empty(struct dentry *dentry)
{
	return RB_EMPTY_ROOT(&dentry->d_children);
}

int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!simple_empty(dentry))
		return -ENOTEMPTY;
	drop_nlink(dentry->d_inode);
	simple_unlink(dir, dentry);
	drop_nlink(dir);
	return 0;
}

/* Take @dentry out of @from's tree and give it a place in @to's; d_move() follows. */
static void relink(struct dentry *dentry, struct dentry *from, struct dentry *to)
{
	rb_erase(&dentry->d_node, &from->d_children);
	dentry->d_off = to->d_next_off++;
	children_insert(to, dentry);
}

static void swap_places(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			struct dentry *new)
{
	bool old_is_dir = S_ISDIR(old->d_inode->i_mode), new_is_dir = S_ISDIR(new->d_inode->i_mode);
	struct dentry *from = old->d_parent, *to = new->d_parent;

	if (old_dir != new_dir && old_is_dir != new_is_dir) {
		if (old_is_dir) {
			drop_nlink(old_dir);
			inc_nlink(new_dir);
		} else {
			drop_nlink(new_dir);
			inc_nlink(old_dir);
		}
	}
	relink(old, from, to);
	relink(new, to, from);
	inode_touch(new->d_inode, S_CTIME);
}

/**
 * simple_rename - rename(2) and its RENAME_NOREPLACE, RENAME_EXCHANGE forms
 *
 * The caller moves the dentries afterwards (vfs_rename() does).
 *
 * Return: 0, -ENOTEMPTY, -EINVAL (other flags).
 */
int simple_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
		  struct dentry *new, unsigned int flags)
{
	bool is_dir = S_ISDIR(old->d_inode->i_mode);

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	inode_touch(old->d_inode, S_CTIME);
	if (flags & RENAME_EXCHANGE) {
		swap_places(old_dir, old, new_dir, new);
	} else {
		if (new->d_inode && !simple_empty(new))
			return -ENOTEMPTY;
		if (new->d_inode) {
			if (is_dir) {
				drop_nlink(new->d_inode);
				drop_nlink(new_dir);
			}
			inode_touch(new->d_inode, S_CTIME);
			drop_nlink(new->d_inode);
			/* d_move() takes its place in one step: the name is never missing */
			unlist(new);
			dput(new);
		}
		if (is_dir && old_dir != new_dir) {
			drop_nlink(old_dir);
			inc_nlink(new_dir);
		}
		relink(old, old->d_parent, new->d_parent);
	}
	inode_touch(old_dir, S_CTIME | S_MTIME);
	inode_touch(new_dir, S_CTIME | S_MTIME);
	return 0;
}

int simple_setattr(struct dentry *dentry, struct iattr *attr)
{
	int err = setattr_prepare(dentry, attr);

	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE)
		i_size_write(dentry->d_inode, attr->ia_size);
	setattr_copy(dentry->d_inode, attr);
	return 0;
}

int simple_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	generic_fillattr(path->dentry->d_inode, stat);
	return 0;
}

int simple_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	buf->f_type = dentry->d_sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	return 0;
}

const char *simple_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	return inode->i_link;
}

/* ---- reading directories ---- */

/* Give "." and "..". Return: false when the caller's buffer is full. */
bool dir_emit_dots(struct file *file, struct dir_context *ctx)
{
	struct dentry *dentry = file->f_path.dentry, *parent;
	bool room;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, dentry->d_inode->i_ino, DT_DIR))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		parent = dget_parent(dentry);
		room = dir_emit(ctx, "..", 2, parent->d_inode->i_ino, DT_DIR);
		dput(parent);
		if (!room)
			return false;
		ctx->pos = 2;
	}
	return true;
}

/* The first child whose number is @off or above. */
static struct dentry *child_from(struct dentry *dir, u64 off)
{
	struct rb_node *node = dir->d_children.rb_node;
	struct dentry *best = NULL;

	while (node) {
		struct dentry *dentry = rb_entry(node, struct dentry, d_node);

		if (dentry->d_off >= off) {
			best = dentry;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

int simple_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->f_path.dentry, *dentry;
	struct rb_node *node;

	if (!dir_emit_dots(file, ctx))
		return 0;
	for (dentry = child_from(dir, ctx->pos); dentry; ) {
		struct inode *inode = dentry->d_inode;

		ctx->pos = dentry->d_off;
		if (!dir_emit(ctx, dentry->d_name.name, dentry->d_name.len, inode->i_ino,
			      fs_umode_to_dtype(inode->i_mode)))
			return 0;
		ctx->pos = dentry->d_off + 1;
		node = rb_next(&dentry->d_node);
		dentry = rb_entry_safe(node, struct dentry, d_node);
	}
	return 0;
}

ssize_t generic_read_dir(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return -EISDIR;
}

int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}

/* A directory has no end to count from. */
static loff_t simple_dir_llseek(struct file *file, loff_t offset, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	return generic_file_llseek(file, offset, whence);
}

const struct file_operations simple_dir_operations = {
	.llseek		= simple_dir_llseek,
	.read_iter	= generic_read_dir,
	.iterate_shared	= simple_readdir,
	.fsync		= noop_fsync,
};

const struct inode_operations simple_dir_inode_operations = {
	.lookup		= simple_lookup,
};

const struct inode_operations simple_symlink_inode_operations = {
	.get_link	= simple_get_link,
};

const struct super_operations simple_super_operations = {
	.statfs		= simple_statfs,
};

/* ---- contents that are at hand ---- */

/**
 * simple_copy_to_iter - answer a read from a buffer in memory
 * @from: the whole content, @available bytes
 * @pos: where to start; advanced
 * @to: destination
 *
 * Return: bytes copied, 0 at the end, -EINVAL, -EFAULT.
 */
ssize_t simple_copy_to_iter(const void *from, size_t available, loff_t *pos, struct iov_iter *to)
{
	size_t want = iov_iter_count(to), done;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= available || !want)
		return 0;
	want = min_t(size_t, want, available - *pos);
	done = copy_to_iter((const char *)from + *pos, want, to);
	if (!done)
		return -EFAULT;
	*pos += done;
	return done;
}

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *pos, const void *from,
				size_t available)
{
	size_t left;

	if (*pos < 0)
		return -EINVAL;
	if (*pos >= available || !count)
		return 0;
	count = min_t(size_t, count, available - *pos);
	left = copy_to_user(to, (const char *)from + *pos, count);
	if (left == count)
		return -EFAULT;
	count -= left;
	*pos += count;
	return count;
}
