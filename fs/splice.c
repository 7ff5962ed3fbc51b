// SPDX-License-Identifier: GPL-2.0-only
/*
 * splice(2), tee(2), vmsplice(2), sendfile(2), copy_file_range(2). Files are read and
 * written through their own operations, never under a pipe's mutex, which ranks after
 * the locks that those take.
 */
#include <linux/bvec.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"
#include "pipe.h"

#define SPLICE_F_MOVE		0x01
#define SPLICE_F_NONBLOCK	0x02
#define SPLICE_F_MORE		0x04
#define SPLICE_F_GIFT		0x08
#define SPLICE_F_ALL		0x0f

/* ---- a pipe's buffers ---- */

/* Put a filled page at the head; the ring has room. The mutex is held. */
static void push_buffer(struct pipe_inode_info *pipe, const struct pipe_buffer *buf)
{
	*pipe_slot(pipe, pipe->head) = *buf;
	WRITE_ONCE(pipe->head, pipe->head + 1);
}

/* Append one page of @len bytes, sleeping for room. Consumes @page. Return: 0 or -errno. */
static int append_page(struct pipe_inode_info *pipe, struct page *page, unsigned int len,
		       bool nonblock)
{
	struct pipe_buffer buf = { .page = page, .len = len };
	int err;

	mutex_lock(&pipe->mutex);
	err = pipe_wait_writable(pipe, nonblock);
	if (!err && !pipe->readers) {
		send_sig(SIGPIPE, current, 0);
		err = -EPIPE;
	}
	if (!err)
		push_buffer(pipe, &buf);
	mutex_unlock(&pipe->mutex);
	if (err)
		put_page(page);
	else
		wake_readers(pipe);
	return err;
}

/*
 * Take the oldest buffer out, keeping its slot reserved.
 * Return: 1, 0 (no writers any more), -EAGAIN, -ERESTARTSYS.
 */
static int take_buffer(struct pipe_inode_info *pipe, struct pipe_buffer *buf, bool nonblock)
{
	int ret;

	mutex_lock(&pipe->mutex);
	ret = pipe_wait_readable(pipe, nonblock);
	if (!ret && !pipe_empty(pipe)) {
		*buf = *pipe_slot(pipe, pipe->tail);
		pipe->reserved++;
		WRITE_ONCE(pipe->tail, pipe->tail + 1);
		ret = 1;
	}
	mutex_unlock(&pipe->mutex);
	return ret;
}

/* What is left of a taken buffer goes back to the front. */
static void return_buffer(struct pipe_inode_info *pipe, struct pipe_buffer *buf)
{
	bool room = false;

	mutex_lock(&pipe->mutex);
	pipe->reserved--;
	if (buf->len) {
		WRITE_ONCE(pipe->tail, pipe->tail - 1);
		*pipe_slot(pipe, pipe->tail) = *buf;
	} else {
		put_pipe_page(pipe, buf->page);
		room = true;
	}
	mutex_unlock(&pipe->mutex);
	if (room)
		wake_writers(pipe);
	else
		wake_readers(pipe);
}

/* ---- file to pipe, pipe to file, pipe to pipe ---- */

static ssize_t file_to_pipe(struct file *in, loff_t *pos, struct pipe_inode_info *pipe, size_t len,
			    bool nonblock)
{
	ssize_t total = 0, n;
	struct page *page;
	int err;

	while (len) {
		mutex_lock(&pipe->mutex);
		err = pipe_wait_writable(pipe, nonblock || total);
		mutex_unlock(&pipe->mutex);
		if (err)
			return total ? total : err;
		page = alloc_page(GFP_USER);
		if (!page)
			return total ? total : -ENOMEM;
		n = kernel_read(in, page_address(page), min_t(size_t, len, PAGE_SIZE), pos);
		if (n <= 0) {
			put_page(page);
			return total ? total : n;
		}
		err = append_page(pipe, page, n, false);
		if (err)
			return total ? total : err;
		total += n;
		len -= n;
		if (in->f_mode & FMODE_STREAM)
			break;	/* more might not come for a long time */
	}
	return total;
}

static ssize_t pipe_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t *pos, size_t len,
			    bool nonblock)
{
	struct pipe_buffer buf;
	ssize_t total = 0, n;
	int got;

	while (len) {
		got = take_buffer(pipe, &buf, nonblock || total);
		if (got <= 0)
			return total ? total : got;
		n = kernel_write(out, (char *)page_address(buf.page) + buf.offset,
				 min_t(size_t, len, buf.len), pos);
		if (n > 0) {
			buf.offset += n;
			buf.len -= n;
			total += n;
			len -= n;
		}
		return_buffer(pipe, &buf);
		if (n <= 0)
			return total ? total : n;
	}
	return total;
}

/* The part of @buf that is asked for, as a buffer of its own with a reference. */
static struct pipe_buffer share_buffer(const struct pipe_buffer *buf, size_t len)
{
	struct pipe_buffer copy = *buf;

	get_page(copy.page);
	copy.flags &= ~PIPE_BUF_FLAG_CAN_MERGE;
	copy.len = min_t(size_t, copy.len, len);
	return copy;
}

static void lock_two(struct pipe_inode_info *a, struct pipe_inode_info *b)
{
	if (a > b)
		swap(a, b);
	mutex_lock(&a->mutex);
	mutex_lock_nested(&b->mutex, 1);
}

/* Wait for one side at a time: never asleep with both mutexes. */
static int wait_for_both(struct pipe_inode_info *in, struct pipe_inode_info *out, bool nonblock)
{
	int err;

	mutex_lock(&in->mutex);
	err = pipe_wait_readable(in, nonblock);
	mutex_unlock(&in->mutex);
	if (err)
		return err;
	mutex_lock(&out->mutex);
	err = pipe_wait_writable(out, nonblock);
	mutex_unlock(&out->mutex);
	return err;
}

/* Both mutexes are held: share what there is, and if @move take it from @in. */
static ssize_t transfer(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len,
			bool move)
{
	unsigned int at = in->tail;
	ssize_t total = 0;

	while (len && at != in->head && !pipe_full(out)) {
		struct pipe_buffer *from = pipe_slot(in, at), copy = share_buffer(from, len);

		push_buffer(out, &copy);
		total += copy.len;
		len -= copy.len;
		at++;
		if (!move)
			continue;
		from->offset += copy.len;
		from->len -= copy.len;
		if (!from->len) {
			put_page(from->page);
			from->page = NULL;
			WRITE_ONCE(in->tail, at);
		}
	}
	return total;
}

static ssize_t pipe_to_pipe(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len,
			    bool move, bool nonblock)
{
	ssize_t ret;
	int err;

	for (;;) {
		err = wait_for_both(in, out, nonblock);
		if (err)
			return err;
		lock_two(in, out);
		if (!out->readers) {
			send_sig(SIGPIPE, current, 0);
			ret = -EPIPE;
		} else {
			ret = transfer(in, out, len, move);
		}
		/* somebody may have been faster; the end of the input is the end */
		err = ret || (pipe_empty(in) && !in->writers);
		mutex_unlock(&in->mutex);
		mutex_unlock(&out->mutex);
		if (err)
			break;
	}
	if (ret > 0) {
		wake_readers(out);
		if (move)
			wake_writers(in);
	}
	return ret;
}

/* ---- splice(2), tee(2), vmsplice(2) ---- */

static int get_offset(struct file *file, loff_t __user *uoff, loff_t *off)
{
	if (!uoff) {
		*off = file->f_pos;
		return 0;
	}
	if (!(file->f_mode & FMODE_PREAD))
		return -EINVAL;
	return copy_from_user(off, uoff, sizeof(*off)) ? -EFAULT : 0;
}

static int put_offset(struct file *file, loff_t __user *uoff, loff_t off)
{
	if (!uoff) {
		file->f_pos = off;
		return 0;
	}
	return copy_to_user(uoff, &off, sizeof(off)) ? -EFAULT : 0;
}

static ssize_t splice_file_end(struct file *in, struct file *out, loff_t __user *uoff, size_t len,
			       bool nonblock)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);
	struct file *file = ipipe ? out : in;
	ssize_t ret;
	loff_t off;
	int err = get_offset(file, uoff, &off);

	if (err)
		return err;
	if (ipipe && (out->f_flags & O_APPEND))
		return -EINVAL;
	err = rw_verify_area(file, off, len);
	if (err)
		return err;
	len = min_t(size_t, len, MAX_RW_COUNT);
	ret = ipipe ? pipe_to_file(ipipe, out, &off, len, nonblock) :
		      file_to_pipe(in, &off, opipe, len, nonblock);
	if (ret > 0 && put_offset(file, uoff, off))
		ret = -EFAULT;
	return ret;
}

static ssize_t do_splice(struct file *in, loff_t __user *in_off, struct file *out,
			 loff_t __user *out_off, size_t len, unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);
	bool nonblock = flags & SPLICE_F_NONBLOCK;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if ((ipipe && in_off) || (opipe && out_off))
		return -ESPIPE;
	if (ipipe && (in->f_flags & O_NONBLOCK))
		nonblock = true;
	if (opipe && (out->f_flags & O_NONBLOCK))
		nonblock = true;
	if (ipipe && opipe)
		return ipipe == opipe ? -EINVAL :
			pipe_to_pipe(ipipe, opipe, min_t(size_t, len, MAX_RW_COUNT), true,
				     nonblock);
	if ((!ipipe && !opipe) || is_anon_inode_file(in) || is_anon_inode_file(out) ||
	    S_ISDIR(in->f_inode->i_mode))
		return -EINVAL;
	return splice_file_end(in, out, ipipe ? out_off : in_off, len, nonblock);
}

/* Two descriptors for one call. Return: 0 or -EBADF. */
static int fdget_two(int a, int b, struct fd *fa, struct fd *fb)
{
	*fa = fdget(a);
	if (!fa->file)
		return -EBADF;
	*fb = fdget(b);
	if (fb->file)
		return 0;
	fdput(*fa);
	return -EBADF;
}

SYSCALL_DEFINE6(splice, int, fd_in, loff_t __user *, off_in, int, fd_out,
		loff_t __user *, off_out, size_t, len, unsigned int, flags)
{
	struct fd in, out;
	ssize_t ret;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (fdget_two(fd_in, fd_out, &in, &out))
		return -EBADF;
	ret = do_splice(in.file, off_in, out.file, off_out, len, flags);
	fdput(out);
	fdput(in);
	return ret;
}

SYSCALL_DEFINE4(tee, int, fd_in, int, fd_out, size_t, len, unsigned int, flags)
{
	struct pipe_inode_info *ipipe, *opipe;
	ssize_t ret = -EINVAL;
	struct fd in, out;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	if (fdget_two(fd_in, fd_out, &in, &out))
		return -EBADF;
	ipipe = get_pipe_info(in.file);
	opipe = get_pipe_info(out.file);
	if (!(in.file->f_mode & FMODE_READ) || !(out.file->f_mode & FMODE_WRITE))
		ret = -EBADF;
	else if (ipipe && opipe && ipipe != opipe)
		ret = pipe_to_pipe(ipipe, opipe, len, false,
				   (flags & SPLICE_F_NONBLOCK) ||
				   ((in.file->f_flags | out.file->f_flags) & O_NONBLOCK));
	fdput(out);
	fdput(in);
	return ret;
}

/* What there is room for; waits for the first page only. */
static ssize_t user_to_pipe(struct pipe_inode_info *pipe, struct iov_iter *from, bool nonblock)
{
	ssize_t total = 0;
	struct page *page;
	size_t n;
	int err;

	while (iov_iter_count(from)) {
		page = alloc_page(GFP_USER);
		if (!page)
			return total ? total : -ENOMEM;
		n = min_t(size_t, PAGE_SIZE, iov_iter_count(from));
		n = copy_page_from_iter(page, 0, n, from);
		if (!n) {
			put_page(page);
			return total ? total : -EFAULT;
		}
		err = append_page(pipe, page, n, nonblock || total);
		if (err)
			return total ? total : err;
		total += n;
	}
	return total;
}

static ssize_t pipe_to_user(struct pipe_inode_info *pipe, struct iov_iter *to, bool nonblock)
{
	struct pipe_buffer buf;
	ssize_t total = 0;
	size_t n;
	int got;

	while (iov_iter_count(to)) {
		got = take_buffer(pipe, &buf, nonblock || total);
		if (got <= 0)
			return total ? total : got;
		n = copy_to_iter((char *)page_address(buf.page) + buf.offset,
				 min_t(size_t, buf.len, iov_iter_count(to)), to);
		buf.offset += n;
		buf.len -= n;
		total += n;
		return_buffer(pipe, &buf);
		if (!n)
			return total ? total : -EFAULT;
	}
	return total;
}

/* Pages are copied, which vmsplice(2) leaves open: to user memory always, from it too. */
SYSCALL_DEFINE4(vmsplice, int, fd, const struct iovec __user *, uiov, unsigned long, nr,
		unsigned int, flags)
{
	struct iovec fast[8], *iov = fast;
	struct pipe_inode_info *pipe;
	bool write, nonblock;
	struct iov_iter iter;
	ssize_t ret;
	struct fd f;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	write = f.file->f_mode & FMODE_WRITE;
	nonblock = flags & SPLICE_F_NONBLOCK;	/* O_NONBLOCK is not asked, as on Linux */
	pipe = get_pipe_info(f.file);
	ret = pipe ? 0 : -EBADF;
	if (!ret)
		ret = import_iovec(write ? ITER_SOURCE : ITER_DEST, uiov, nr, ARRAY_SIZE(fast),
				   &iov, &iter);
	if (ret > 0) {
		ret = write ? user_to_pipe(pipe, &iter, nonblock) :
			      pipe_to_user(pipe, &iter, nonblock);
		kfree(iov);
	}
	fdput(f);
	return ret;
}

/* ---- file to file, through a page ---- */

/* Copy up to @len bytes. Both positions advance by what was written. */
static ssize_t copy_bytes(struct file *in, loff_t *in_pos, struct file *out, loff_t *out_pos,
			  size_t len)
{
	struct page *page = alloc_page(GFP_USER);
	ssize_t total = 0, n = 0, done = 0;
	loff_t from;

	if (!page)
		return -ENOMEM;
	while (len) {
		from = *in_pos;
		n = kernel_read(in, page_address(page), min_t(size_t, len, PAGE_SIZE), &from);
		if (n <= 0)
			break;
		done = kernel_write(out, page_address(page), n, out_pos);
		if (done <= 0) {
			n = done;
			break;
		}
		*in_pos += done;
		total += done;
		len -= done;
		if (done < n || signal_pending(current))
			break;
		cond_resched();
	}
	put_page(page);
	return total ? total : min(n, 0L);
}

static int check_sendfile(const struct file *in, const struct file *out, bool has_offset)
{
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (has_offset && !(in->f_mode & FMODE_PREAD))
		return -ESPIPE;
	if (S_ISDIR(in->f_inode->i_mode) || !in->f_op->read_iter || !out->f_op->write_iter)
		return -EINVAL;
	/* A short read of a stream is an answer that going on would swallow: a terminal's ^D. */
	if (!(in->f_mode & FMODE_LSEEK) || is_anon_inode_file(in))
		return -EINVAL;
	return out->f_flags & O_APPEND ? -EINVAL : 0;
}

SYSCALL_DEFINE4(sendfile, int, out_fd, int, in_fd, loff_t __user *, uoff, size_t, count)
{
	struct fd in, out;
	loff_t pos = 0;
	ssize_t ret;

	if (uoff && copy_from_user(&pos, uoff, sizeof(pos)))
		return -EFAULT;
	if (fdget_two(in_fd, out_fd, &in, &out))
		return -EBADF;
	ret = check_sendfile(in.file, out.file, uoff);
	if (!ret)
		ret = rw_verify_area(in.file, uoff ? pos : in.file->f_pos, count);
	if (!ret)
		ret = rw_verify_area(out.file, out.file->f_pos, count);
	if (!ret)
		ret = copy_bytes(in.file, uoff ? &pos : &in.file->f_pos, out.file,
				 &out.file->f_pos, min_t(size_t, count, MAX_RW_COUNT));
	fdput(out);
	fdput(in);
	if (uoff && copy_to_user(uoff, &pos, sizeof(pos)))
		return -EFAULT;
	return ret;
}

static int check_copy_range(const struct file *in, loff_t in_pos, const struct file *out,
			    loff_t out_pos, size_t *len)
{
	struct inode *iin = in->f_inode, *iout = out->f_inode;
	loff_t end;

	if (S_ISDIR(iin->i_mode) || S_ISDIR(iout->i_mode))
		return -EISDIR;
	if (!S_ISREG(iin->i_mode) || !S_ISREG(iout->i_mode))
		return -EINVAL;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE) ||
	    (out->f_flags & O_APPEND))
		return -EBADF;
	if (iin->i_sb != iout->i_sb)
		return -EXDEV;
	if (in_pos < 0 || out_pos < 0 || check_add_overflow(in_pos, (loff_t)*len, &end) ||
	    check_add_overflow(out_pos, (loff_t)*len, &end))
		return -EOVERFLOW;
	*len = in_pos >= i_size_read(iin) ? 0 : min_t(u64, *len, i_size_read(iin) - in_pos);
	if (iin == iout && out_pos + (loff_t)*len > in_pos && out_pos < in_pos + (loff_t)*len)
		return -EINVAL;
	return 0;
}

static ssize_t copy_range(struct file *in, loff_t __user *uin, struct file *out,
			  loff_t __user *uout, size_t len)
{
	loff_t in_pos, out_pos;
	ssize_t ret;

	if (get_offset(in, uin, &in_pos) || get_offset(out, uout, &out_pos))
		return -EFAULT;
	ret = check_copy_range(in, in_pos, out, out_pos, &len);
	if (ret)
		return ret;
	ret = copy_bytes(in, &in_pos, out, &out_pos, min_t(size_t, len, MAX_RW_COUNT));
	if (ret > 0 && (put_offset(in, uin, in_pos) || put_offset(out, uout, out_pos)))
		ret = -EFAULT;
	return ret;
}

SYSCALL_DEFINE6(copy_file_range, int, fd_in, loff_t __user *, off_in, int, fd_out,
		loff_t __user *, off_out, size_t, len, unsigned int, flags)
{
	struct fd in, out;
	ssize_t ret;

	if (fdget_two(fd_in, fd_out, &in, &out))
		return -EBADF;
	ret = flags ? -EINVAL : copy_range(in.file, off_in, out.file, off_out, len);
	fdput(out);
	fdput(in);
	return ret;
}
