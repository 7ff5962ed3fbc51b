// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a dentry back to a path, written from the end of a buffer towards its
 * beginning. rename_lock tells when names moved meanwhile; getcwd(2).
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mount.h"

/* What was written is [text, end); left says how much fits before it. */
struct path_buf {
	char *text;
	int left;		/* negative: it did not fit */
};

static bool prepend(struct path_buf *b, const char *s, int len)
{
	b->left -= len;
	if (b->left < 0)
		return false;
	b->text -= len;
	memcpy(b->text, s, len);
	return true;
}

/* Under d_lock the name cannot be freed or exchanged. */
static bool prepend_name(struct path_buf *b, struct dentry *dentry)
{
	bool ok;

	spin_lock(&dentry->d_lock);
	ok = prepend(b, dentry->d_name.name, dentry->d_name.len) && prepend(b, "/", 1);
	spin_unlock(&dentry->d_lock);
	return ok;
}

/*
 * One attempt. Return: 0 reached @root; 1 reached the top of the tree of mounts;
 * 2 reached a mount that is in no tree. RCU keeps all we pass alive.
 */
static int climb(struct path_buf *b, const struct path *path, const struct path *root)
{
	struct dentry *dentry = path->dentry;
	struct mount *m = path->mnt ? real_mount(path->mnt) : NULL;

	while (!root || dentry != root->dentry || !m || &m->mnt != root->mnt) {
		if (m && dentry == m->mnt.mnt_root) {
			struct mount *parent = READ_ONCE(m->mnt_parent);

			if (parent == m)
				return READ_ONCE(m->mnt_ns) ? 1 : 2;
			dentry = READ_ONCE(m->mnt_mountpoint);
			m = parent;
			continue;
		}
		if (IS_ROOT(dentry))
			return m ? 3 : 1;
		if (!prepend_name(b, dentry))
			break;
		dentry = READ_ONCE(dentry->d_parent);
	}
	return 0;
}

/* As climb(), until nothing moved meanwhile. @b is begun again with each attempt. */
static int build_path(struct path_buf *b, const struct path *path, const struct path *root)
{
	const struct path_buf start = *b;
	unsigned int names, mounts;
	int res;

	rcu_read_lock();
	do {
		*b = start;
		names = read_seqbegin(&rename_lock);
		mounts = read_seqbegin(&mount_lock);
		res = climb(b, path, root);
	} while (read_seqretry(&rename_lock, names) || read_seqretry(&mount_lock, mounts));
	rcu_read_unlock();
	return res;
}

static struct path_buf path_buf_at_end(char *buf, int buflen)
{
	struct path_buf b = { .text = buf + buflen, .left = buflen };

	prepend(&b, "", 1);
	return b;
}

static char *finish(struct path_buf *b, const char *end)
{
	/* only the root itself has no name */
	if (b->left >= 0 && (b->text == end || *b->text != '/'))
		prepend(b, "/", 1);
	return b->left < 0 ? ERR_PTR(-ENAMETOOLONG) : b->text;
}

/**
 * __d_path - the path of @path as seen from @root
 * @path: what to name
 * @root: what is "/"
 * @buf: where to write, at its end
 * @buflen: bytes
 *
 * Return: a pointer into @buf; NULL when @path is not below @root; ERR_PTR(-ENAMETOOLONG).
 */
char *__d_path(const struct path *path, const struct path *root, char *buf, int buflen)
{
	struct path_buf b = path_buf_at_end(buf, buflen);
	char *end = b.text;

	if (build_path(&b, path, root) > 0)
		return NULL;
	return finish(&b, end);
}

/**
 * d_path - the path of @path as current sees it
 *
 * A removed file's ends in " (deleted)"; a nameless file is what its ->d_dname says;
 * what lies outside of current's root is shown as far as its tree goes.
 *
 * Return: a pointer into @buf, or ERR_PTR(-ENAMETOOLONG).
 */
char *d_path(const struct path *path, char *buf, int buflen)
{
	struct path_buf b = path_buf_at_end(buf, buflen);
	struct dentry *dentry = path->dentry;
	char *end = b.text;
	struct path root;

	if (dentry->d_op && dentry->d_op->d_dname && IS_ROOT(dentry))
		return dentry->d_op->d_dname(dentry, buf, buflen);
	if (READ_ONCE(dentry->d_flags) & DCACHE_DELETED) {
		prepend(&b, " (deleted)", 10);
		end = b.text;
	}
	get_fs_root(current->fs, &root);
	build_path(&b, path, &root);
	path_put(&root);
	return finish(&b, end);
}

/* The path inside of its file system. */
char *dentry_path(struct dentry *dentry, char *buf, int buflen)
{
	struct path path = { .dentry = dentry };
	struct path_buf b = path_buf_at_end(buf, buflen);
	char *end = b.text;

	build_path(&b, &path, NULL);
	return finish(&b, end);
}

/* For ->d_dname(). Return: a pointer into @buf, or ERR_PTR(-ENAMETOOLONG). */
char *dynamic_dname(char *buf, int buflen, const char *fmt, ...)
{
	char text[64];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args) + 1;
	va_end(args);
	if (len > sizeof(text) || len > buflen)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buf + buflen - len, text, len);
}

/* getcwd(2): a directory out of our reach begins with "(unreachable)". */
static int cwd_text(char *buf, char **text)
{
	struct path_buf b = path_buf_at_end(buf, PATH_MAX);
	struct path root, pwd;
	char *end = b.text;
	int where = -ENOENT;

	get_fs_root_and_pwd(current->fs, &root, &pwd);
	if (!(READ_ONCE(pwd.dentry->d_flags) & DCACHE_DELETED))
		where = build_path(&b, &pwd, &root);
	path_put(&pwd);
	path_put(&root);
	if (where < 0)
		return where;
	*text = finish(&b, end);
	if (!IS_ERR(*text) && where > 0) {
		prepend(&b, "(unreachable)", 13);
		*text = b.left < 0 ? ERR_PTR(-ENAMETOOLONG) : b.text;
	}
	return PTR_ERR_OR_ZERO(*text);
}

SYSCALL_DEFINE2(getcwd, char __user *, ubuf, unsigned long, size)
{
	char *buf = __getname(), *text;
	long len;

	if (!buf)
		return -ENOMEM;
	len = cwd_text(buf, &text);
	if (!len) {
		len = buf + PATH_MAX - text;
		if (len > size)
			len = -ERANGE;
		else if (copy_to_user(ubuf, text, len))
			len = -EFAULT;
	}
	__putname(buf);
	return len;
}
