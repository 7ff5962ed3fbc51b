// SPDX-License-Identifier: GPL-2.0-only
/*
 * read(2), write(2) and their vectors, lseek(2), and the same from inside the kernel.
 * Everything becomes an iov_iter and a position; the file's operations do the rest.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

/* ---- positions ---- */

loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize)
{
	if (offset < 0 || offset > maxsize)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

/**
 * generic_file_llseek_size - lseek(2) where @eof is the end
 * @file: its f_pos is ours to change
 * @offset: as lseek(2)
 * @whence: SEEK_*; no holes but the one at the end
 * @maxsize: no position above
 * @eof: size
 *
 * Return: the new position, -EINVAL, -ENXIO (SEEK_DATA, SEEK_HOLE beyond the end).
 */
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence, loff_t maxsize,
				loff_t eof)
{
	switch (whence) {
	case SEEK_END:
		offset += eof;
		break;
	case SEEK_CUR:
		if (offset == 0)
			return file->f_pos;
		offset += file->f_pos;
		break;
	case SEEK_DATA:
		if ((u64)offset >= eof)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if ((u64)offset >= eof)
			return -ENXIO;
		offset = eof;
		break;
	}
	return vfs_setpos(file, offset, maxsize);
}

loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file->f_inode;

	return generic_file_llseek_size(file, offset, whence, inode->i_sb->s_maxbytes,
					i_size_read(inode));
}

loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size)
{
	if (whence > SEEK_END)
		return -EINVAL;
	return generic_file_llseek_size(file, offset, whence, size, size);
}

loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek(file, offset, whence);
}

/* Succeeds and does nothing: /dev/null and the like. */
loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}

loff_t no_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}

loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}

SYSCALL_DEFINE3(lseek, unsigned int, fd, loff_t, offset, unsigned int, whence)
{
	struct fd f = fdget_pos(fd);
	loff_t pos;

	if (!f.file)
		return -EBADF;
	pos = whence > SEEK_MAX_ ? -EINVAL : vfs_llseek(f.file, offset, whence);
	fdput_pos(f);
	return pos;
}

/* ---- one transfer ---- */

static ssize_t rw_check(const struct file *file, fmode_t mode, bool has_op)
{
	if (unlikely(!(file->f_mode & mode)))
		return -EBADF;
	return likely(has_op) ? 0 : -EINVAL;
}

/* 0, or -EINVAL: @pos is negative or @count leads beyond LLONG_MAX; streams have no @pos. */
int rw_verify_area(const struct file *file, loff_t pos, size_t count)
{
	if (unlikely((ssize_t)count < 0))
		return -EINVAL;
	if (file->f_mode & FMODE_STREAM)
		return 0;
	return unlikely(pos < 0 || count > (u64)(LLONG_MAX - pos)) ? -EINVAL : 0;
}

static int check_area(const struct file *file, struct iov_iter *iter, loff_t pos)
{
	int err = rw_verify_area(file, pos, iov_iter_count(iter));

	iov_iter_truncate(iter, MAX_RW_COUNT);
	return err;
}

/**
 * vfs_iter_read - read from a file
 * @file: open for reading
 * @to: destination
 * @pos: where; advanced; streams ignore it
 *
 * Context: sleeps.
 * Return: bytes, 0 at the end, -EBADF, -EINVAL and what the file says.
 */
ssize_t vfs_iter_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	ssize_t ret = rw_check(file, FMODE_READ, file->f_op->read_iter);

	if (!ret)
		ret = check_area(file, to, *pos);
	if (!ret)
		ret = file->f_op->read_iter(file, to, pos);
	if (ret > 0) {
		fsnotify_file(file, IN_ACCESS);
		current->rchar += ret;
	}
	current->syscr++;
	return ret;
}

/* As vfs_iter_read(). */
ssize_t vfs_iter_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	ssize_t ret = rw_check(file, FMODE_WRITE, file->f_op->write_iter);

	if (!ret)
		ret = check_area(file, from, *pos);
	if (!ret)
		ret = file->f_op->write_iter(file, from, pos);
	if (ret > 0) {
		fsnotify_file(file, IN_MODIFY);
		current->wchar += ret;
	}
	current->syscw++;
	return ret;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct iov_iter iter;
	ssize_t ret = rw_check(file, FMODE_READ, file->f_op->read_iter);

	if (ret)
		return ret;
	ret = import_ubuf(ITER_DEST, buf, count, &iter);
	return ret ? ret : vfs_iter_read(file, &iter, pos);
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct iov_iter iter;
	ssize_t ret = rw_check(file, FMODE_WRITE, file->f_op->write_iter);

	if (ret)
		return ret;
	ret = import_ubuf(ITER_SOURCE, (char __user *)buf, count, &iter);
	return ret ? ret : vfs_iter_write(file, &iter, pos);
}

/* Read into kernel memory at *@pos. Return: bytes or -errno. */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	struct kvec kvec = { .iov_base = buf, .iov_len = min_t(size_t, count, MAX_RW_COUNT) };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, kvec.iov_len);
	return vfs_iter_read(file, &iter, pos);
}

ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	struct kvec kvec = { .iov_base = (void *)buf,
			     .iov_len = min_t(size_t, count, MAX_RW_COUNT) };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &kvec, 1, kvec.iov_len);
	return vfs_iter_write(file, &iter, pos);
}

/**
 * generic_write_checks - where and how much may be written
 * @file: O_APPEND moves @pos to the end
 * @from: shortened to what RLIMIT_FSIZE and the file system allow
 * @pos: position
 *
 * Context: the inode is locked.
 * Return: bytes to write, 0, -EFBIG (and SIGXFSZ).
 */
ssize_t generic_write_checks(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct inode *inode = file->f_mapping->host;
	unsigned long limit = rlimit(RLIMIT_FSIZE);
	loff_t max = inode->i_sb->s_maxbytes;

	if (!iov_iter_count(from))
		return 0;
	if (file->f_flags & O_APPEND)
		*pos = i_size_read(inode);
	if (limit != RLIM_INFINITY) {
		if (*pos >= 0 && (unsigned long)*pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		max = min_t(unsigned long, max, limit);
	}
	if (*pos >= max)
		return -EFBIG;
	iov_iter_truncate(from, max - *pos);
	return iov_iter_count(from);
}

/* ---- system calls ---- */

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_read(f.file, buf, count, &f.file->f_pos);
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_write(f.file, buf, count, &f.file->f_pos);
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE4(pread64, unsigned int, fd, char __user *, buf, size_t, count, loff_t, pos)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PREAD)
		ret = vfs_read(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE4(pwrite64, unsigned int, fd, const char __user *, buf, size_t, count, loff_t, pos)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PWRITE)
		ret = vfs_write(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}

/* preadv2(2): what the flags mean for files that live in memory. */
int check_rwf(const struct file *file, int flags)
{
	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND))
		return -EOPNOTSUPP;
	return flags & RWF_NOWAIT ? -EOPNOTSUPP : 0;
}

#define FAST_IOV	8

static ssize_t do_vector(struct file *file, bool write, const struct iovec __user *vec,
			 unsigned long nr, loff_t *pos, int flags)
{
	struct iovec fast[FAST_IOV], *iov = fast;
	struct iov_iter iter;
	ssize_t ret;

	ret = rw_check(file, write ? FMODE_WRITE : FMODE_READ,
		       write ? (void *)file->f_op->write_iter : (void *)file->f_op->read_iter);
	if (ret)
		return ret;
	ret = import_iovec(write ? ITER_SOURCE : ITER_DEST, vec, nr, FAST_IOV, &iov, &iter);
	if (ret < 0)
		return ret;
	ret = check_rwf(file, flags);
	if (!ret && (flags & RWF_APPEND) && write)
		*pos = i_size_read(file->f_inode);
	if (!ret)
		ret = write ? vfs_iter_write(file, &iter, pos) : vfs_iter_read(file, &iter, pos);
	kfree(iov);
	return ret;
}

static ssize_t do_rwv(unsigned int fd, bool write, const struct iovec __user *vec,
		      unsigned long nr, int flags)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = do_vector(f.file, write, vec, nr, &f.file->f_pos, flags);
	fdput_pos(f);
	return ret;
}

static ssize_t do_prwv(unsigned int fd, bool write, const struct iovec __user *vec,
		       unsigned long nr, loff_t pos, int flags)
{
	ssize_t ret = -ESPIPE;
	struct fd f;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & (write ? FMODE_PWRITE : FMODE_PREAD))
		ret = do_vector(f.file, write, vec, nr, &pos, flags);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE3(readv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr)
{
	return do_rwv(fd, false, vec, nr, 0);
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr)
{
	return do_rwv(fd, true, vec, nr, 0);
}

/* A 64-bit position comes whole in the first of its two arguments. */
SYSCALL_DEFINE5(preadv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr,
		unsigned long, pos, unsigned long, pos_high)
{
	return do_prwv(fd, false, vec, nr, pos, 0);
}

SYSCALL_DEFINE5(pwritev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr,
		unsigned long, pos, unsigned long, pos_high)
{
	return do_prwv(fd, true, vec, nr, pos, 0);
}

SYSCALL_DEFINE6(preadv2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr,
		unsigned long, pos, unsigned long, pos_high, int, flags)
{
	if (pos == -1UL)
		return do_rwv(fd, false, vec, nr, flags);
	return do_prwv(fd, false, vec, nr, pos, flags);
}

SYSCALL_DEFINE6(pwritev2, unsigned long, fd, const struct iovec __user *, vec, unsigned long, nr,
		unsigned long, pos, unsigned long, pos_high, int, flags)
{
	if (pos == -1UL)
		return do_rwv(fd, true, vec, nr, flags);
	return do_prwv(fd, true, vec, nr, pos, flags);
}
