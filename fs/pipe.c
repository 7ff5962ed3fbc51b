// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes and FIFOs (pipe(7), fifo(7)): a ring of pages. pipe->mutex guards everything;
 * waiters look at head and tail without it. Reads and writes wait exclusively: whoever
 * leaves something for the next one wakes it. Splices, which do not, are all woken.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pipe_fs_i.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <uapi/asm-generic/ioctls.h>
#include "internal.h"
#include "pipe.h"

static struct vfsmount *pipe_mnt;

/* ---- pages ---- */

struct page *get_pipe_page(struct pipe_inode_info *pipe)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pipe->tmp_page); i++) {
		if (pipe->tmp_page[i]) {
			struct page *page = pipe->tmp_page[i];

			pipe->tmp_page[i] = NULL;
			return page;
		}
	}
	return alloc_page(GFP_USER);
}

/* Keep a page that nobody else uses for the next write. */
void put_pipe_page(struct pipe_inode_info *pipe, struct page *page)
{
	unsigned int i;

	for (i = 0; page_count(page) == 1 && i < ARRAY_SIZE(pipe->tmp_page); i++) {
		if (!pipe->tmp_page[i]) {
			pipe->tmp_page[i] = page;
			return;
		}
	}
	put_page(page);
}

/* ---- reading ---- */

/* Take from the oldest buffer. Return: bytes, or -EFAULT. Frees it when it is used up. */
static ssize_t read_one(struct pipe_inode_info *pipe, struct iov_iter *to)
{
	struct pipe_buffer *buf = pipe_slot(pipe, pipe->tail);
	size_t want = min_t(size_t, buf->len, iov_iter_count(to));
	size_t done = copy_page_to_iter(buf->page, buf->offset, want, to);

	if (done < want && !done)
		return -EFAULT;
	buf->offset += done;
	buf->len -= done;
	if (buf->flags & PIPE_BUF_FLAG_PACKET)
		buf->len = 0;	/* what the reader had no room for is lost */
	if (!buf->len) {
		put_pipe_page(pipe, buf->page);
		buf->page = NULL;
		WRITE_ONCE(pipe->tail, pipe->tail + 1);
	}
	return done;
}

/* Take what is there. Return: bytes, 0: the ring is empty, -EFAULT. */
static ssize_t drain(struct pipe_inode_info *pipe, struct iov_iter *to)
{
	ssize_t total = 0, n;
	bool packet;

	while (!pipe_empty(pipe) && iov_iter_count(to)) {
		packet = pipe_slot(pipe, pipe->tail)->flags & PIPE_BUF_FLAG_PACKET;
		n = read_one(pipe, to);
		if (n < 0)
			return total ? total : n;
		total += n;
		if (packet)
			break;
	}
	return total;
}

static bool pipe_readable(const struct pipe_inode_info *pipe)
{
	return !pipe_empty(pipe) || !READ_ONCE(pipe->writers);
}

void wake_writers(struct pipe_inode_info *pipe)
{
	wake_up_interruptible_sync_poll(&pipe->wr_wait, EPOLLOUT | EPOLLWRNORM);
	kill_fasync(&pipe->fasync_writers, SIGIO, POLL_OUT);
}

void wake_readers(struct pipe_inode_info *pipe)
{
	wake_up_interruptible_sync_poll(&pipe->rd_wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&pipe->fasync_readers, SIGIO, POLL_IN);
}

static ssize_t pipe_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct pipe_inode_info *pipe = file->private_data;
	bool was_full = false, waited = false;
	ssize_t ret = 0;

	if (unlikely(!iov_iter_count(to)))
		return 0;
	mutex_lock(&pipe->mutex);
	for (;;) {
		if (!pipe_empty(pipe)) {
			was_full = pipe_full(pipe);
			ret = drain(pipe, to);
			break;
		}
		if (!pipe->writers)
			break;
		if (file->f_flags & O_NONBLOCK) {
			ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
		if (wait_event_interruptible_exclusive(pipe->rd_wait, pipe_readable(pipe)))
			return -ERESTARTSYS;
		waited = true;
		mutex_lock(&pipe->mutex);
	}
	was_full = was_full && !pipe_full(pipe);
	/* we may have consumed a wake-up that another reader needs */
	if (waited && pipe_readable(pipe) && waitqueue_active(&pipe->rd_wait))
		wake_up_interruptible_sync_poll(&pipe->rd_wait, EPOLLIN | EPOLLRDNORM);
	mutex_unlock(&pipe->mutex);
	if (was_full)
		wake_writers(pipe);
	if (ret > 0)
		file_accessed(file);
	return ret;
}

/* ---- writing ---- */

/* Add the odd bytes of a write to the newest page, if all fit. Return: bytes or -EFAULT. */
static ssize_t write_merge(struct pipe_inode_info *pipe, struct iov_iter *from)
{
	size_t chars = iov_iter_count(from) & (PAGE_SIZE - 1);
	struct pipe_buffer *buf;
	size_t done;

	if (!chars || pipe_empty(pipe))
		return 0;
	buf = pipe_slot(pipe, pipe->head - 1);
	if (!(buf->flags & PIPE_BUF_FLAG_CAN_MERGE) || buf->offset + buf->len + chars > PAGE_SIZE)
		return 0;
	done = copy_page_from_iter(buf->page, buf->offset + buf->len, chars, from);
	if (done < chars)
		return -EFAULT;	/* nothing of it counts */
	buf->len += chars;
	return chars;
}

/* Fill one more page. Return: bytes, -ENOMEM, -EFAULT. */
static ssize_t write_page(struct pipe_inode_info *pipe, struct iov_iter *from, bool packet)
{
	size_t want = min_t(size_t, iov_iter_count(from), PAGE_SIZE), done;
	struct page *page = get_pipe_page(pipe);

	if (!page)
		return -ENOMEM;
	done = copy_page_from_iter(page, 0, want, from);
	if (!done) {
		put_pipe_page(pipe, page);
		return -EFAULT;
	}
	*pipe_slot(pipe, pipe->head) = (struct pipe_buffer){
		.page = page, .len = done,
		.flags = packet ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE,
	};
	WRITE_ONCE(pipe->head, pipe->head + 1);
	return done;
}

static bool pipe_writable(const struct pipe_inode_info *pipe)
{
	return !pipe_full(pipe) || !READ_ONCE(pipe->readers);
}

int pipe_wait_readable(struct pipe_inode_info *pipe, bool nonblock)
{
	int err;

	while (!pipe_readable(pipe)) {
		if (nonblock)
			return -EAGAIN;
		mutex_unlock(&pipe->mutex);
		err = wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe));
		mutex_lock(&pipe->mutex);
		if (err)
			return err;
	}
	return 0;
}

int pipe_wait_writable(struct pipe_inode_info *pipe, bool nonblock)
{
	int err;

	while (!pipe_writable(pipe)) {
		if (nonblock)
			return -EAGAIN;
		mutex_unlock(&pipe->mutex);
		err = wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe));
		mutex_lock(&pipe->mutex);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The ring is full. The mutex is held, and dropped while we sleep. @was_empty: readers are still to
 * be woken; who does not sleep leaves that to the end of the write. Return: 0, -EAGAIN, ...
 */
static int wait_for_room(struct file *file, struct pipe_inode_info *pipe, bool *was_empty)
{
	int err;

	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	if (signal_pending(current))
		return -ERESTARTSYS;
	mutex_unlock(&pipe->mutex);
	if (*was_empty)
		wake_readers(pipe);
	err = wait_event_interruptible_exclusive(pipe->wr_wait, pipe_writable(pipe));
	mutex_lock(&pipe->mutex);
	*was_empty = pipe_empty(pipe);
	return err;
}

/* Write all that fits now; sleep for the rest. The mutex is held. */
static ssize_t fill(struct file *file, struct pipe_inode_info *pipe, struct iov_iter *from,
		    bool *was_empty)
{
	bool packet = file->f_flags & O_DIRECT;
	ssize_t total = 0, n;

	*was_empty = pipe_empty(pipe);
	if (!packet && !*was_empty) {
		total = write_merge(pipe, from);
		if (total < 0)
			return total;
	}
	while (iov_iter_count(from)) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			return total ? total : -EPIPE;
		}
		if (!pipe_full(pipe))
			n = write_page(pipe, from, packet);
		else
			n = wait_for_room(file, pipe, was_empty);
		if (n < 0)
			return total ? total : n;
		total += n;
	}
	return total;
}

static ssize_t pipe_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct pipe_inode_info *pipe = file->private_data;
	bool was_empty = false;
	ssize_t ret;

	if (unlikely(!iov_iter_count(from)))
		return 0;
	mutex_lock(&pipe->mutex);
	if (!pipe->readers) {
		send_sig(SIGPIPE, current, 0);
		ret = -EPIPE;
	} else {
		ret = fill(file, pipe, from, &was_empty);
	}
	if (!pipe_full(pipe) && waitqueue_active(&pipe->wr_wait))
		wake_up_interruptible_sync_poll(&pipe->wr_wait, EPOLLOUT | EPOLLWRNORM);
	mutex_unlock(&pipe->mutex);
	/* epoll's edges: every write is news to them, not only the first */
	if (was_empty || pipe->poll_usage)
		wake_readers(pipe);
	if (ret > 0)
		file_update_time(file);
	return ret;
}

/* ---- the rest of an open pipe's life ---- */

static __poll_t pipe_poll(struct file *file, poll_table *pt)
{
	struct pipe_inode_info *pipe = file->private_data;
	__poll_t mask = 0;

	WRITE_ONCE(pipe->poll_usage, true);
	if (file->f_mode & FMODE_READ)
		poll_wait(file, &pipe->rd_wait, pt);
	if (file->f_mode & FMODE_WRITE)
		poll_wait(file, &pipe->wr_wait, pt);
	if (file->f_mode & FMODE_READ) {
		if (!pipe_empty(pipe))
			mask |= EPOLLIN | EPOLLRDNORM;
		/* a FIFO that no writer has opened yet has not hung up */
		if (!READ_ONCE(pipe->writers) && file->f_version != READ_ONCE(pipe->w_counter))
			mask |= EPOLLHUP;
	}
	if (file->f_mode & FMODE_WRITE) {
		if (!pipe_full(pipe))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!READ_ONCE(pipe->readers))
			mask |= EPOLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = file->private_data;
	unsigned int n, bytes = 0;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	mutex_lock(&pipe->mutex);
	for (n = pipe->tail; n != pipe->head; n++)
		bytes += pipe_slot(pipe, n)->len;
	mutex_unlock(&pipe->mutex);
	return put_user((int)bytes, (int __user *)arg);
}

static int pipe_fasync(int fd, struct file *file, int on)
{
	struct pipe_inode_info *pipe = file->private_data;
	int err = 0;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		err = fasync_helper(fd, file, on, &pipe->fasync_readers);
	if (err >= 0 && (file->f_mode & FMODE_WRITE)) {
		err = fasync_helper(fd, file, on, &pipe->fasync_writers);
		if (err < 0 && (file->f_mode & FMODE_READ))
			fasync_helper(-1, file, 0, &pipe->fasync_readers);
	}
	mutex_unlock(&pipe->mutex);
	return err;
}

void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe)
{
	bool last = false;

	spin_lock(&inode->i_lock);
	if (!--pipe->files) {
		inode->i_pipe = NULL;
		last = true;
	}
	spin_unlock(&inode->i_lock);
	if (last)
		free_pipe_info(pipe);
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = file->private_data;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		WRITE_ONCE(pipe->readers, pipe->readers - 1);
	if (file->f_mode & FMODE_WRITE)
		WRITE_ONCE(pipe->writers, pipe->writers - 1);
	if (!pipe->readers != !pipe->writers) {
		/* everybody has to learn it, not just one */
		__wake_up(&pipe->rd_wait, TASK_NORMAL, 0, 0, poll_to_key(EPOLLIN | EPOLLHUP));
		__wake_up(&pipe->wr_wait, TASK_NORMAL, 0, 0, poll_to_key(EPOLLOUT | EPOLLERR));
		kill_fasync(&pipe->fasync_readers, SIGIO, POLL_IN);
		kill_fasync(&pipe->fasync_writers, SIGIO, POLL_OUT);
	}
	mutex_unlock(&pipe->mutex);
	put_pipe_info(inode, pipe);
	return 0;
}

const struct file_operations pipefifo_fops = {
	.llseek		= no_llseek,
	.open		= fifo_open,
	.read_iter	= pipe_read,
	.write_iter	= pipe_write,
	.poll		= pipe_poll,
	.ioctl		= pipe_ioctl,
	.release	= pipe_release,
	.fasync		= pipe_fasync,
};

struct pipe_inode_info *get_pipe_info(struct file *file)
{
	return file->f_op == &pipefifo_fops ? file->private_data : NULL;
}

/* ---- pipe(2) ---- */

static struct inode *new_pipe_inode(void)
{
	struct inode *inode = alloc_anon_inode(pipe_mnt->mnt_sb);
	struct pipe_inode_info *pipe;

	if (!inode)
		return ERR_PTR(-ENFILE);
	pipe = alloc_pipe_info();
	if (IS_ERR_OR_NULL(pipe)) {
		iput(inode);
		return pipe ? ERR_CAST(pipe) : ERR_PTR(-ENFILE);
	}
	pipe->files = 2;
	pipe->readers = pipe->writers = 1;
	/* both counters moved: f_version 0 of either end differs from them */
	pipe->r_counter = pipe->w_counter = 1;
	inode->i_pipe = pipe;
	inode->i_fop = &pipefifo_fops;
	inode->i_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	return inode;
}

/**
 * create_pipe_files - the two ends of a new pipe
 * @files: [0] receives the reading end, [1] the writing end
 * @flags: O_NONBLOCK, O_DIRECT
 *
 * Context: sleeps.
 * Return: 0, -ENFILE, -ENOMEM.
 */
int create_pipe_files(struct file **files, int flags)
{
	struct inode *inode = new_pipe_inode();
	struct pipe_inode_info *pipe;
	struct file *w, *r;

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	pipe = inode->i_pipe;
	w = alloc_file_pseudo(inode, pipe_mnt, "", O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)),
			      &pipefifo_fops);
	if (IS_ERR(w)) {
		free_pipe_info(pipe);
		iput(inode);
		return PTR_ERR(w);
	}
	stream_open(inode, w);
	w->private_data = pipe;
	r = alloc_file_clone(w, O_RDONLY | (flags & O_NONBLOCK), &pipefifo_fops);
	if (IS_ERR(r)) {
		put_pipe_info(inode, pipe);
		fput_sync(w);
		return PTR_ERR(r);
	}
	stream_open(inode, r);
	r->private_data = pipe;
	files[0] = r;
	files[1] = w;
	return 0;
}

static int two_unused_fds(int *fd, int flags)
{
	fd[0] = get_unused_fd_flags(flags);
	if (fd[0] < 0)
		return fd[0];
	fd[1] = get_unused_fd_flags(flags);
	if (fd[1] >= 0)
		return 0;
	put_unused_fd(fd[0]);
	return fd[1];
}

static long do_pipe2(int __user *ufds, int flags)
{
	struct file *files[2];
	int fd[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	err = create_pipe_files(files, flags);
	if (err)
		return err;
	err = two_unused_fds(fd, flags);
	if (!err && copy_to_user(ufds, fd, sizeof(fd))) {
		put_unused_fd(fd[0]);
		put_unused_fd(fd[1]);
		err = -EFAULT;
	}
	if (err) {
		fput_sync(files[0]);
		fput_sync(files[1]);
		return err;
	}
	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;
}

SYSCALL_DEFINE1(pipe, int __user *, fds)
{
	return do_pipe2(fds, 0);
}

SYSCALL_DEFINE2(pipe2, int __user *, fds, int, flags)
{
	return do_pipe2(fds, flags);
}

/* ---- pipefs ---- */

static char *pipe_dname(struct dentry *dentry, char *buf, int len)
{
	return dynamic_dname(buf, len, "pipe:[%lu]", dentry->d_inode->i_ino);
}

static const struct dentry_operations pipe_dentry_operations = { .d_dname = pipe_dname };

static struct dentry *pipe_mount(struct file_system_type *type, int flags, const char *dev,
				 void *data)
{
	return mount_pseudo(type, "pipe:", NULL, &pipe_dentry_operations, PIPEFS_MAGIC);
}

static struct file_system_type pipe_fs_type = {
	.name		= "pipefs",
	.fs_flags	= FS_NO_USER_MOUNT,
	.mount		= pipe_mount,
};

void __init pipe_init(void)
{
	register_filesystem(&pipe_fs_type);
	pipe_mnt = kern_mount(&pipe_fs_type);
	if (IS_ERR(pipe_mnt))
		panic("No memory for pipes");
}
