// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and closing: what the flags mean, what an open file is made of, and the
 * system calls open(2), openat(2), openat2(2), creat(2), close(2).
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/openat2.h>
#include "internal.h"
#include "open.h"

static const struct file_operations empty_fops;

static bool counts_as_writer(const struct inode *inode)
{
	return S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode);
}

/* Writing needs the file not being executed, and the mount writable. */
static int claim_write(struct file *file)
{
	int err;

	if (!counts_as_writer(file->f_inode))
		return 0;
	err = get_write_access(file->f_inode);
	if (err)
		return err;
	file->f_mode |= FMODE_WRITER;
	err = mnt_want_write(file->f_path.mnt);
	if (!err)
		file->f_mode |= FMODE_MNT_WRITE;
	return err;
}

/* Those who only read are counted for leases. Return: 0 or -errno. */
static int claim(struct file *file)
{
	struct inode *inode = file->f_inode;

	if (file->f_mode & FMODE_WRITE) {
		int err = claim_write(file);

		if (err)
			return err;
	}
	if (!S_ISREG(inode->i_mode))
		return 0;
	if ((file->f_mode & (FMODE_READ | FMODE_WRITE)) == FMODE_READ) {
		atomic_inc(&inode->i_readcount);
		file->f_mode |= FMODE_READER;
	}
	return break_lease(inode, file->f_flags);
}

static int do_dentry_open(struct file *file)
{
	struct inode *inode = file->f_inode;
	int err;

	file->f_mapping = inode->i_mapping;
	if (unlikely(file->f_flags & O_PATH)) {
		file->f_mode = FMODE_PATH | FMODE_OPENED;
		file->f_op = &empty_fops;
		return 0;
	}
	err = claim(file);
	if (err)
		return err;
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	file->f_op = inode->i_fop;
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (file->f_op->open) {
		err = file->f_op->open(inode, file);
		if (err)
			return err;
	}
	file->f_mode |= FMODE_OPENED;
	if (!file->f_op->llseek || file->f_op->llseek == no_llseek)
		file->f_mode &= ~FMODE_LSEEK;
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	if (unlikely(file->f_flags & O_DIRECT) && !(file->f_mode & FMODE_CAN_ODIRECT))
		return -EINVAL;
	fsnotify_file(file, IN_OPEN);
	return 0;
}

/* Return: 0 or -errno; the caller puts the file in either case. */
int vfs_open(const struct path *path, struct file *file)
{
	file->f_path = *path;
	path_get(path);
	file->f_inode = path->dentry->d_inode;
	return do_dentry_open(file);
}

/**
 * dentry_open - open what a path already points at, without permission checks
 * @path: the place
 * @flags: O_*
 * @cred: whose file it is
 *
 * Return: the file, or ERR_PTR.
 */
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred)
{
	struct file *file = alloc_empty_file(flags, cred);
	int err;

	if (IS_ERR(file))
		return file;
	err = vfs_open(path, file);
	if (err) {
		fput_sync(file);
		return ERR_PTR(err);
	}
	return file;
}

/* For ->open of what has no position at all: pipes, terminals. Return: 0. */
int stream_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	file->f_mode |= FMODE_STREAM;
	return 0;
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

int generic_file_open(struct inode *inode, struct file *file)
{
	return 0;
}

/* ---- flags ---- */

#define VALID_RESOLVE	(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | \
			 RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED)
#define OPEN_HOW_SIZE_VER0	24
#define O_PATH_FLAGS	(O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
#define WILL_CREATE(f)	((f) & (O_CREAT | __O_TMPFILE))

static int resolve_to_lookup(u64 resolve)
{
	int lookup = 0;

	if (resolve & RESOLVE_NO_XDEV)
		lookup |= LOOKUP_NO_XDEV;
	if (resolve & RESOLVE_NO_MAGICLINKS)
		lookup |= LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_NO_SYMLINKS)
		lookup |= LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_BENEATH)
		lookup |= LOOKUP_BENEATH;
	if (resolve & RESOLVE_IN_ROOT)
		lookup |= LOOKUP_IN_ROOT;
	return lookup;
}

static int check_resolve(u64 resolve, u64 flags)
{
	if (resolve & ~VALID_RESOLVE)
		return -EINVAL;
	if ((resolve & RESOLVE_BENEATH) && (resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	/* everything is cached; but creating or truncating may sleep for other reasons */
	if ((resolve & RESOLVE_CACHED) && (flags & (O_TRUNC | O_CREAT | __O_TMPFILE)))
		return -EAGAIN;
	return 0;
}

int build_open_flags(const struct open_how *how, struct open_flags *op)
{
	u64 flags = how->flags;
	int acc_mode = ACC_MODE(flags), err;

	if (flags & ~(u64)VALID_OPEN_FLAGS)
		return -EINVAL;
	err = check_resolve(how->resolve, flags);
	if (err)
		return err;
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	if (WILL_CREATE(flags)) {
		if (how->mode & ~S_IALLUGO)
			return -EINVAL;
		op->mode = how->mode | S_IFREG;
	} else {
		if (how->mode)
			return -EINVAL;
		op->mode = 0;
	}
	if (flags & __O_TMPFILE) {
		if ((flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE)
			return -EINVAL;
		if (!(acc_mode & MAY_WRITE))
			return -EINVAL;
	}
	if (flags & O_PATH) {
		if (flags & ~(u64)O_PATH_FLAGS)
			return -EINVAL;
		acc_mode = 0;
	}
	if (flags & __O_SYNC)
		flags |= O_DSYNC;
	op->open_flag = flags;
	op->kind = 0;
	if (flags & O_TRUNC)
		acc_mode |= MAY_WRITE;
	if (flags & O_APPEND)
		acc_mode |= MAY_APPEND;
	op->acc_mode = acc_mode;
	op->lookup_flags = resolve_to_lookup(how->resolve) | LOOKUP_OPEN;
	if (flags & O_CREAT) {
		op->lookup_flags |= LOOKUP_CREATE;
		if (flags & O_EXCL)
			flags |= O_NOFOLLOW;
	}
	if (flags & O_DIRECTORY)
		op->lookup_flags |= LOOKUP_DIRECTORY;
	if (!(flags & O_NOFOLLOW))
		op->lookup_flags |= LOOKUP_FOLLOW;
	return 0;
}

/* open(2) and openat(2) ignore what they do not know. */
static struct open_how build_open_how(int flags, umode_t mode)
{
	struct open_how how = { .flags = flags & VALID_OPEN_FLAGS, .mode = mode & S_IALLUGO };

	if (how.flags & O_PATH)
		how.flags &= O_PATH_FLAGS;
	if (!WILL_CREATE(how.flags))
		how.mode = 0;
	return how;
}

/* ---- from the kernel ---- */

struct file *file_open_name(struct filename *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct open_flags op;
	int err = build_open_flags(&how, &op);

	return err ? ERR_PTR(err) : do_filp_open(AT_FDCWD, name, &op, NULL);
}

struct file *file_open_root(const struct path *root, const char *text, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct filename *name = getname_kernel(text);
	struct file *file;
	struct open_flags op;
	int err;

	if (IS_ERR(name))
		return ERR_CAST(name);
	err = build_open_flags(&how, &op);
	file = err ? ERR_PTR(err) : do_filp_open(AT_FDCWD, name, &op, root);
	putname(name);
	return file;
}

/**
 * filp_open - open a path from the kernel
 * @text: the path
 * @flags: O_*
 * @mode: for O_CREAT
 *
 * Return: the file, for filp_close() or fput(); ERR_PTR.
 */
struct file *filp_open(const char *text, int flags, umode_t mode)
{
	struct filename *name = getname_kernel(text);
	struct file *file;

	if (IS_ERR(name))
		return ERR_CAST(name);
	file = file_open_name(name, flags, mode);
	putname(name);
	return file;
}

/**
 * do_open_execat - open a program
 * @dfd: where a relative path begins
 * @name: stays the caller's
 * @flags: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
 *
 * Writers are denied until allow_write_access().
 *
 * Return: the file, or ERR_PTR(-EACCES (not a regular file, no permission, noexec),
 * -ETXTBSY, -EINVAL) and what path walking says.
 */
struct file *do_open_execat(int dfd, struct filename *name, int flags)
{
	struct open_flags op = { .open_flag = O_LARGEFILE | O_RDONLY, .kind = OPEN_EXEC,
				 .acc_mode = MAY_EXEC, .lookup_flags = LOOKUP_FOLLOW };
	struct file *file;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return ERR_PTR(-EINVAL);
	if (flags & AT_SYMLINK_NOFOLLOW)
		op.lookup_flags &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		op.lookup_flags |= LOOKUP_EMPTY;
	file = do_filp_open(dfd, name, &op, NULL);
	if (IS_ERR(file))
		return file;
	err = S_ISREG(file->f_inode->i_mode) && !path_noexec(&file->f_path) ? 0 : -EACCES;
	if (!err)
		err = deny_write_access(file);
	if (err) {
		fput_sync(file);
		return ERR_PTR(err);
	}
	return file;
}

struct file *open_exec(const char *text)
{
	struct filename *name = getname_kernel(text);
	struct file *file;

	if (IS_ERR(name))
		return ERR_CAST(name);
	file = do_open_execat(AT_FDCWD, name, 0);
	putname(name);
	return file;
}

static noinline int close_with_duties(struct file *file, fl_owner_t id)
{
	int err = 0;

	if (file->f_op->flush)
		err = file->f_op->flush(file, id);
	if (likely(!(file->f_mode & FMODE_PATH)))
		locks_remove_posix(file, id);
	fput_sync(file);
	return err;
}

/**
 * filp_close - a descriptor goes
 * @file: its reference is consumed
 * @id: the descriptor table: who owns POSIX record locks
 *
 * Context: sleeps.
 * Return: what ->flush() says.
 */
int filp_close(struct file *file, fl_owner_t id)
{
	if (unlikely(file->f_op->flush || READ_ONCE(file->f_inode->i_flctx)))
		return close_with_duties(file, id);
	fput_sync(file);
	return 0;
}

/* ---- system calls ---- */

static long do_sys_openat2(int dfd, const char __user *uname, const struct open_how *how)
{
	struct open_flags op;
	struct filename *name;
	struct file *file;
	int fd, err = build_open_flags(how, &op);

	if (err)
		return err;
	name = getname(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(how->flags);
	if (fd >= 0) {
		file = do_filp_open(dfd, name, &op, NULL);
		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			fd_install(fd, file);
		}
	}
	putname(name);
	return fd;
}

long do_sys_open(int dfd, const char __user *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);

	return do_sys_openat2(dfd, name, &how);
}

SYSCALL_DEFINE3(open, const char __user *, name, int, flags, umode_t, mode)
{
	return do_sys_open(AT_FDCWD, name, flags | O_LARGEFILE, mode);
}

SYSCALL_DEFINE4(openat, int, dfd, const char __user *, name, int, flags, umode_t, mode)
{
	return do_sys_open(dfd, name, flags | O_LARGEFILE, mode);
}

SYSCALL_DEFINE4(openat2, int, dfd, const char __user *, name, struct open_how __user *, uhow,
		size_t, size)
{
	struct open_how how;
	int err;

	if (size < OPEN_HOW_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&how, sizeof(how), uhow, size);
	if (err)
		return err;
	if (!(how.flags & O_PATH))
		how.flags |= O_LARGEFILE;
	return do_sys_openat2(dfd, name, &how);
}

SYSCALL_DEFINE2(creat, const char __user *, name, umode_t, mode)
{
	return do_sys_open(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE, mode);
}

/* An interrupted close is still done: never ask for a restart. */
SYSCALL_DEFINE1(close, unsigned int, fd)
{
	int err = close_fd(fd);

	if (unlikely(err == -ERESTARTSYS || err == -ERESTARTNOINTR ||
		     err == -ERESTARTNOHAND || err == -ERESTART_RESTARTBLOCK))
		return -EINTR;
	return err;
}

SYSCALL_DEFINE3(close_range, unsigned int, fd, unsigned int, max_fd, unsigned int, flags)
{
	return __close_range(fd, max_fd, flags);
}
