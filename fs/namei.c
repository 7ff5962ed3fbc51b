// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking a path, component by component (path_resolution(7), symlink(7)). Each step
 * holds references on where it is; symbolic links are frames on a small stack, never
 * recursion. Directories are locked only when the dcache has no answer.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"
#include "mount.h"
#include "nameidata.h"

/* ---- beginning and end of a walk ---- */

void nd_begin(struct nameidata *nd, int dfd, struct filename *name, unsigned int flags,
	      const struct path *root)
{
	nd->path = (struct path){};
	nd->root = (struct path){};
	nd->flags = flags;
	nd->total_links = 0;
	nd->depth = 0;
	nd->stack = nd->inline_stack;
	nd->name = name;
	nd->dfd = dfd;
	nd->last_type = LAST_ROOT;
	if (root) {
		nd->root = *root;
		path_get(root);
	}
	nd->saved = current->nameidata;
	current->nameidata = nd;
}

static void pop_frame(struct nameidata *nd)
{
	struct link_frame *frame = &nd->stack[--nd->depth];

	do_delayed_call(&frame->done);
	path_put(&frame->link);
}

/* Drop everything that the walk still holds. Where it arrived must have been taken out. */
void nd_end(struct nameidata *nd)
{
	while (nd->depth)
		pop_frame(nd);
	if (nd->stack != nd->inline_stack)
		kfree(nd->stack);
	if (nd->path.dentry)
		path_put(&nd->path);
	if (nd->root.dentry)
		path_put(&nd->root);
	current->nameidata = nd->saved;
}

static void set_root(struct nameidata *nd)
{
	if (!nd->root.dentry)
		get_fs_root(current->fs, &nd->root);
}

/* Go to @path, whose references become ours. */
static void nd_move_to(struct nameidata *nd, const struct path *path)
{
	struct path old = nd->path;

	nd->path = *path;
	if (old.dentry)
		path_put(&old);
}

/* An absolute path or link. Return: 0, -EXDEV (openat2(2): RESOLVE_BENEATH, RESOLVE_NO_XDEV). */
static int jump_to_root(struct nameidata *nd)
{
	if (unlikely(nd->flags & LOOKUP_BENEATH))
		return -EXDEV;
	set_root(nd);
	if (unlikely(nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt && nd->path.mnt != nd->root.mnt)
		return -EXDEV;
	path_get(&nd->root);
	nd_move_to(nd, &nd->root);
	return 0;
}

static int start_at_fd(struct nameidata *nd)
{
	struct fd f = fdget_raw(nd->dfd);

	if (!f.file)
		return -EBADF;
	if (*nd->name->name && !S_ISDIR(f.file->f_inode->i_mode)) {
		fdput(f);
		return -ENOTDIR;
	}
	nd->path = f.file->f_path;
	path_get(&nd->path);
	fdput(f);
	return 0;
}

static int start_relative(struct nameidata *nd)
{
	int err = 0;

	if (nd->dfd == AT_FDCWD)
		get_fs_pwd(current->fs, &nd->path);
	else
		err = start_at_fd(nd);
	if (!err && (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT)) && !nd->root.dentry) {
		nd->root = nd->path;
		path_get(&nd->root);
	}
	return err;
}

#define LOOKUP_SCOPED	(LOOKUP_BENEATH | LOOKUP_IN_ROOT)

/*
 * A directory that is moved while we are in it may take us out of where we are to stay, and ".."
 * never meets the root then. openat2(2): EAGAIN, the caller may try again.
 */
static int may_have_left(const struct nameidata *nd)
{
	return read_seqretry(&mount_lock, nd->mounts_seq) ||
	       read_seqretry(&rename_lock, nd->names_seq) ? -EAGAIN : 0;
}

/* Stand where the path begins. Return: the path's text, or ERR_PTR(-EBADF, -ENOTDIR, -EXDEV). */
const char *path_init(struct nameidata *nd)
{
	const char *text = nd->name->name;
	int err;

	if (unlikely(nd->flags & LOOKUP_SCOPED)) {
		nd->mounts_seq = read_seqbegin(&mount_lock);
		nd->names_seq = read_seqbegin(&rename_lock);
	}
	if (*text == '/' && !(nd->flags & LOOKUP_IN_ROOT)) {
		err = jump_to_root(nd);
		return err ? ERR_PTR(err) : text;
	}
	if (nd->root.dentry && !(nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT))) {
		/* a caller's root: relative paths begin there too */
		nd->path = nd->root;
		path_get(&nd->path);
		return text;
	}
	err = start_relative(nd);
	return err ? ERR_PTR(err) : text;
}

/* ---- one component ---- */

static struct dentry *revalidate(struct dentry *dentry)
{
	if (likely(!dentry->d_op || !dentry->d_op->d_revalidate))
		return dentry;
	if (dentry->d_op->d_revalidate(dentry))
		return dentry;
	d_drop(dentry);
	dput(dentry);
	return NULL;
}

struct dentry *lookup_cached(struct dentry *dir, const struct qstr *name)
{
	struct dentry *dentry = d_lookup(dir, name);

	return dentry ? revalidate(dentry) : NULL;
}

/* Ask the file system; @dir's i_rwsem is held. */
static struct dentry *lookup_real(struct dentry *dir, const struct qstr *name, unsigned int flags)
{
	struct dentry *dentry, *other;

	if (unlikely(IS_DEADDIR(dir->d_inode)))
		return ERR_PTR(-ENOENT);
	dentry = d_alloc(dir, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	other = dir->d_inode->i_op->lookup(dir->d_inode, dentry, flags);
	if (unlikely(other)) {
		dput(dentry);
		return other;
	}
	return dentry;
}

struct dentry *lookup_locked(struct dentry *dir, const struct qstr *name, unsigned int flags)
{
	struct dentry *dentry = d_lookup_sure(dir, name);

	if (name->len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	if (dentry)
		dentry = revalidate(dentry);
	return dentry ? dentry : lookup_real(dir, name, flags);
}

/* The dcache had nothing at first sight. Return: a positive entry or ERR_PTR. */
static struct dentry *lookup_slow(struct dentry *dir, const struct qstr *name, unsigned int flags)
{
	struct inode *inode = dir->d_inode;
	struct dentry *dentry;

	if (dir->d_sb->s_flags & SB_ALL_CACHED) {
		if (name->len > NAME_MAX)
			return ERR_PTR(-ENAMETOOLONG);
		dentry = d_lookup_sure(dir, name);
		return dentry ? dentry : ERR_PTR(-ENOENT);
	}
	inode_lock(inode);
	dentry = lookup_locked(dir, name, flags);
	inode_unlock(inode);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		dput(dentry);
		return ERR_PTR(-ENOENT);
	}
	return dentry;
}

/* Room for one more link. Return: 0, -ELOOP, -ENOMEM. */
static int reserve_frame(struct nameidata *nd)
{
	struct link_frame *bigger;

	if (unlikely(nd->total_links++ >= MAXSYMLINKS))
		return -ELOOP;
	if (likely(nd->depth != INLINE_LINKS) || nd->stack != nd->inline_stack)
		return 0;
	bigger = kmalloc_array(MAXSYMLINKS, sizeof(*bigger), GFP_KERNEL);
	if (!bigger)
		return -ENOMEM;
	memcpy(bigger, nd->inline_stack, sizeof(nd->inline_stack));
	nd->stack = bigger;
	return 0;
}

/* Is nothing left, neither here nor behind the links that we are inside of? */
static bool nothing_left(const struct nameidata *nd, const char *text)
{
	unsigned int depth = nd->depth;

	if (*text)
		return false;
	while (depth) {
		if (*nd->stack[--depth].rest)
			return false;
	}
	return true;
}

/* @link is in nd->path. Return: 0, -ELOOP, -EACCES. */
static int may_follow(const struct nameidata *nd, const struct path *link)
{
	const char *after = nd->last.name + nd->last.len;

	while (*after == '/')
		after++;
	if (nothing_left(nd, after)) {
		int err = may_follow_last(nd->path.dentry->d_inode, link->dentry->d_inode);

		if (unlikely(err))
			return err;
	}
	if (unlikely(nd->flags & LOOKUP_NO_SYMLINKS))
		return -ELOOP;
	return unlikely(link->mnt->mnt_flags & MNT_NOSYMFOLLOW) ? -ELOOP : 0;
}

/*
 * Begin to follow @link, whose references become the frame's.
 * Return: its text, NULL when it was a magic link (we are there), or ERR_PTR.
 */
static const char *pick_link(struct nameidata *nd, const struct path *link)
{
	struct inode *inode = link->dentry->d_inode;
	struct link_frame *frame;
	const char *text;
	int err = reserve_frame(nd);

	if (!err)
		err = may_follow(nd, link);
	if (err) {
		path_put(link);
		return ERR_PTR(err);
	}
	frame = &nd->stack[nd->depth++];
	*frame = (struct link_frame){ .link = *link, .rest = "" };
	touch_atime(link);
	text = inode->i_op->get_link(link->dentry, inode, &frame->done);
	if (IS_ERR_OR_NULL(text)) {
		pop_frame(nd);
		return text;
	}
	if (*text == '/') {
		err = jump_to_root(nd);
		if (err)
			return ERR_PTR(err);
	}
	return text;
}

/* @path is an entry of nd->path's directory, maybe covered by mounts. mnt has no reference yet. */
static int cross_mounts(struct nameidata *nd, struct path *path)
{
	mntget(path->mnt);
	if (follow_down(path) && unlikely(nd->flags & LOOKUP_NO_XDEV)) {
		path_put(path);
		return -EXDEV;
	}
	if (path->mnt == nd->path.mnt)
		mntput(path->mnt);	/* nd->path's own stands for both */
	return 0;
}

/* The step ends on a mount point or a symbolic link. */
static noinline const char *step_into_slow(struct nameidata *nd, struct dentry *dentry, bool follow)
{
	struct path path = { .mnt = nd->path.mnt, .dentry = dentry };

	if (d_mountpoint(dentry)) {
		int err = cross_mounts(nd, &path);

		if (err)
			return ERR_PTR(err);
	}
	if (S_ISLNK(path.dentry->d_inode->i_mode) && follow) {
		if (path.mnt == nd->path.mnt)
			mntget(path.mnt);
		return pick_link(nd, &path);
	}
	dput(nd->path.dentry);
	if (path.mnt != nd->path.mnt)
		mntput(nd->path.mnt);
	nd->path = path;
	return NULL;
}

const char *step_into(struct nameidata *nd, struct dentry *dentry, bool follow)
{
	if (unlikely(d_mountpoint(dentry) || S_ISLNK(dentry->d_inode->i_mode)))
		return step_into_slow(nd, dentry, follow);
	dput(nd->path.dentry);
	nd->path.dentry = dentry;
	return NULL;
}

/* "..": not above the root, out of mounts, and then up to whatever covers the parent. */
static int __go_up(struct nameidata *nd)
{
	struct dentry *parent;

	set_root(nd);
	for (;;) {
		if (path_equal(&nd->path, &nd->root))
			return unlikely(nd->flags & LOOKUP_BENEATH) ? -EXDEV : 0;
		if (nd->path.dentry != nd->path.mnt->mnt_root) {
			parent = dget_parent(nd->path.dentry);
			dput(nd->path.dentry);
			nd->path.dentry = parent;
			break;
		}
		if (!follow_up(&nd->path))
			return 0;
		if (unlikely(nd->flags & LOOKUP_NO_XDEV))
			return -EXDEV;
	}
	if (unlikely(d_mountpoint(nd->path.dentry)) && follow_down(&nd->path) &&
	    (nd->flags & LOOKUP_NO_XDEV))
		return -EXDEV;
	return 0;
}

static int go_up(struct nameidata *nd)
{
	int err = __go_up(nd);

	return unlikely(nd->flags & LOOKUP_SCOPED) && !err ? may_have_left(nd) : err;
}

const char *walk_component(struct nameidata *nd, bool follow)
{
	struct dentry *dentry;

	if (unlikely(nd->last_type != LAST_NORM)) {
		if (nd->last_type == LAST_DOTDOT)
			return ERR_PTR(go_up(nd));
		return NULL;
	}
	dentry = lookup_cached(nd->path.dentry, &nd->last);
	if (unlikely(!dentry))
		dentry = lookup_slow(nd->path.dentry, &nd->last, nd->flags);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	return step_into(nd, dentry, follow);
}

/* ---- all components ---- */

/* Most directories let everybody search them. */
static inline int may_lookup(struct inode *dir)
{
	if (likely((dir->i_mode & 0111) == 0111 && !dir->i_op->permission))
		return 0;
	return inode_permission(dir, MAY_EXEC);
}

/* Read a component into nd->last; returns what follows it and its slashes. */
static const char *parse_component(struct nameidata *nd, const char *text)
{
	u32 hash = name_hash_start(nd->path.dentry);
	const char *p = text;

	do
		hash = name_hash_step(hash, (unsigned char)*p++);
	while (*p && *p != '/');
	nd->last = (struct qstr){ .hash = hash, .len = p - text, .name = text };
	nd->last_type = LAST_NORM;
	if (unlikely(*text == '.')) {
		if (nd->last.len == 1)
			nd->last_type = LAST_DOT;
		else if (nd->last.len == 2 && text[1] == '.')
			nd->last_type = LAST_DOTDOT;
	}
	while (*p == '/')
		p++;
	return p;
}

/* Put away the links whose text is used up; returns what to go on with. */
static const char *leave_links(struct nameidata *nd, const char *text)
{
	while (!*text && nd->depth) {
		text = nd->stack[nd->depth - 1].rest;
		pop_frame(nd);
	}
	return text;
}

/*
 * Go down plain directories as far as they go without asking anybody: no locks, no
 * references on the way, under RCU. Stops before whatever is not a cached directory that
 * everybody may search. Returns the text that is left, or NULL: nd->last is the last component.
 */
static const char *leap(struct nameidata *nd, const char *text)
{
	struct dentry *start = nd->path.dentry, *dentry = start, *child;
	const char *here = text, *next;
	struct qstr last = {};
	unsigned int seq;

	rcu_read_lock();
	seq = read_seqbegin(&rename_lock);
	for (;;) {
		struct inode *dir = READ_ONCE(dentry->d_inode);
		struct qstr name = { .name = here };
		u32 hash = name_hash_start(dentry);

		if ((dir->i_mode & 0111) != 0111 || dir->i_op->permission)
			break;
		for (next = here; *next && *next != '/'; next++)
			hash = name_hash_step(hash, (unsigned char)*next);
		name.hash = hash;
		name.len = next - here;
		while (*next == '/')
			next++;
		if (*here == '.' && name.len <= 2)
			break;
		if (!*next) {
			last = name;
			break;
		}
		child = d_peek(dentry, &name);
		if (!child || (READ_ONCE(child->d_flags) & (DCACHE_HASHED | DCACHE_DIRECTORY |
		    DCACHE_MOUNTED)) != (DCACHE_HASHED | DCACHE_DIRECTORY) || child->d_op)
			break;
		dentry = child;
		here = next;
	}
	if (dentry != start && !atomic_inc_not_zero(&dentry->d_count))
		dentry = start;
	rcu_read_unlock();
	if (dentry == start)
		goto out;
	if (unlikely(d_unhashed(dentry) || read_seqretry(&rename_lock, seq))) {
		dput(dentry);
		return text;
	}
	nd->path.dentry = dentry;
	dput(start);
out:
	if (!last.len || nd->depth || (dentry == start && here != text))
		return dentry == start ? text : here;
	nd->last = last;
	nd->last_type = LAST_NORM;
	return NULL;
}

int link_path_walk(const char *text, struct nameidata *nd)
{
	const char *link;
	int err;

	while (*text == '/')
		text++;
	nd->last_type = LAST_ROOT;
	nd->last = (struct qstr){ .name = "" };
	if (likely(*text && S_ISDIR(nd->path.dentry->d_inode->i_mode))) {
		text = leap(nd, text);
		if (!text)
			return 0;
	}
	while (*text) {
		if (unlikely(!S_ISDIR(nd->path.dentry->d_inode->i_mode)))
			return -ENOTDIR;
		err = may_lookup(nd->path.dentry->d_inode);
		if (err)
			return err;
		text = parse_component(nd, text);
		if (nothing_left(nd, text))
			return 0;
		link = walk_component(nd, true);
		if (IS_ERR(link))
			return PTR_ERR(link);
		if (unlikely(link)) {
			nd->stack[nd->depth - 1].rest = text;
			for (text = link; *text == '/'; text++)
				;
		}
		text = leave_links(nd, text);
	}
	return 0;
}

int complete_walk(struct nameidata *nd)
{
	struct dentry *dentry = nd->path.dentry;

	if ((nd->flags & LOOKUP_DIRECTORY) && !S_ISDIR(dentry->d_inode->i_mode))
		return -ENOTDIR;
	return 0;
}

static const char *lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && last_has_slash(nd))
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, nd->flags & LOOKUP_FOLLOW);
}

static int path_lookupat(struct nameidata *nd, struct path *path)
{
	const char *text = path_init(nd);
	int err;

	while (!IS_ERR_OR_NULL(text)) {
		err = link_path_walk(text, nd);
		if (err)
			return err;
		text = lookup_last(nd);
	}
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = complete_walk(nd);
	if (err)
		return err;
	*path = nd->path;
	nd->path = (struct path){};
	return 0;
}

/**
 * filename_lookup - walk to the end of a path
 * @dfd: where a relative path begins, or AT_FDCWD
 * @name: from getname(); stays the caller's; ERR_PTR passes through
 * @flags: LOOKUP_*
 * @path: receives the place with references
 * @root: begin here and see it as "/", or NULL
 *
 * Context: sleeps.
 * Return: 0, -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -EBADF, -ENAMETOOLONG, -EXDEV, -ENOMEM.
 */
int filename_lookup(int dfd, struct filename *name, unsigned int flags, struct path *path,
		    const struct path *root)
{
	struct nameidata nd;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	nd_begin(&nd, dfd, name, flags, root);
	err = path_lookupat(&nd, path);
	nd_end(&nd);
	return err;
}

int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent,
		      struct qstr *last, enum last_type *type)
{
	struct nameidata nd;
	const char *text;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	nd_begin(&nd, dfd, name, flags | LOOKUP_PARENT, NULL);
	text = path_init(&nd);
	err = IS_ERR(text) ? PTR_ERR(text) : link_path_walk(text, &nd);
	if (!err) {
		*parent = nd.path;
		*last = nd.last;
		*type = nd.last_type;
		nd.path = (struct path){};
	}
	nd_end(&nd);
	return err;
}

/* ---- for everybody ---- */

int user_path_at(int dfd, const char __user *uname, unsigned int flags, struct path *path)
{
	struct filename *name = getname_flags(uname, flags);
	int err = filename_lookup(dfd, name, flags, path, NULL);

	putname(name);
	return err;
}

int kern_path(const char *text, unsigned int flags, struct path *path)
{
	struct filename *name = getname_kernel(text);
	int err = filename_lookup(AT_FDCWD, name, flags, path, NULL);

	putname(name);
	return err;
}

int vfs_path_lookup(struct dentry *dentry, struct vfsmount *mnt, const char *text,
		    unsigned int flags, struct path *path)
{
	struct path root = { .mnt = mnt, .dentry = dentry };
	struct filename *name = getname_kernel(text);
	int err = filename_lookup(AT_FDCWD, name, flags, path, &root);

	putname(name);
	return err;
}

/* Return: 0; -ELOOP or -EXDEV when openat2(2) forbade it. The references of @path are consumed. */
int nd_jump_link(const struct path *path)
{
	struct nameidata *nd = current->nameidata;
	int err = 0;

	if (unlikely(nd->flags & LOOKUP_NO_MAGICLINKS))
		err = -ELOOP;
	else if (unlikely(nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != path->mnt)
		err = -EXDEV;
	else if (unlikely(nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT)))
		err = -EXDEV;
	if (err)
		path_put(path);
	else
		nd_move_to(nd, path);
	return err;
}

static int name_one(struct qstr *q, struct dentry *base, const char *name, int len)
{
	*q = (struct qstr)QSTR_INIT(name, len);
	q->hash = full_name_hash(base, name, len);
	if (!len || (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))))
		return -EACCES;
	return memchr(name, '/', len) ? -EACCES : inode_permission(base->d_inode, MAY_EXEC);
}

/* One component below @base, whose i_rwsem is held. A negative entry if there is none. */
struct dentry *lookup_one_len(const char *name, struct dentry *base, int len)
{
	struct qstr q;
	int err = name_one(&q, base, name, len);

	return err ? ERR_PTR(err) : lookup_locked(base, &q, 0);
}

struct dentry *lookup_one_len_unlocked(const char *name, struct dentry *base, int len)
{
	struct dentry *dentry;

	inode_lock(base->d_inode);
	dentry = lookup_one_len(name, base, len);
	inode_unlock(base->d_inode);
	return dentry;
}
