// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pseudo-terminals: /dev/ptmx makes a pair. The slave is a terminal like any other; the master
 * is the other end of its line: it reads what the slave sends and writes what the slave
 * receives. What master and slave share hangs below the slave's tty->lock. pty(7), ioctl_tty(2).
 */
#include <linux/cred.h>
#include <linux/devpts_fs.h>
#include <linux/file.h>
#include <linux/init.h>
#include "internal.h"

#define PTY_IN_SIZE	16384		/* a few lines of 4 KiB, typed ahead */
#define PTY_OUT_SIZE	8192
#define CHUNK		256

/*
 * Locks: [I] immutable   [l] tty->lock   [a] atomic
 */
struct pty {
	struct tty_struct *tty;		/* [I] the slave; owns this struct */
	struct tty_fifo out;		/* from the slave to the master */
	wait_queue_head_t read_wait;	/* for the master: output, a status, or the slave closed */
	wait_queue_head_t write_wait;	/* for the master: the slave's input has room */
	struct mutex read_mutex;	/* one reader of the master at a time */
	struct mutex write_mutex;	/* one write to the master at a time */
	atomic_t ends;			/* [a] open ends; the last one to close frees the number */
	int index;			/* [I] */
	struct path root;		/* [I] the devpts it belongs to, while an end is open */
	struct dentry *node;		/* [I] its name there, while the master is open */
	bool locked;			/* [l] TIOCSPTLCK: the slave cannot be opened */
	bool packet;			/* [l] TIOCPKT */
	u8 status;			/* [l] TIOCPKT_* that the master has not read */
	bool slave_closed;		/* [l] was open and is not */
};

static struct tty_driver pts_driver;

static struct pty *pty_of(struct tty_struct *tty)
{
	return tty->driver_data;
}

/* One end is closed for good. Context: sleeps, no lock held. */
static void pty_end_closed(struct pty *pty)
{
	if (!atomic_dec_and_test(&pty->ends))
		return;
	devpts_kill_index(pty->root.dentry->d_sb, pty->index);
	path_put(&pty->root);
}

/* ---- the slave's driver ---- */

static struct tty_struct *pts_lookup(struct inode *inode)
{
	struct tty_struct *tty = devpts_inode_tty(inode);

	return tty ? tty_get(tty) : ERR_PTR(-EIO);
}

static int pts_may_open(struct tty_struct *tty)
{
	struct pty *pty = pty_of(tty);

	return tty->line_gone || READ_ONCE(pty->locked) ? -EIO : 0;
}

static void set_slave_closed(struct pty *pty, bool closed)
{
	unsigned long irq;

	spin_lock_irqsave(&pty->tty->lock, irq);
	pty->slave_closed = closed;
	spin_unlock_irqrestore(&pty->tty->lock, irq);
}

static int pts_open(struct tty_struct *tty)
{
	struct pty *pty = pty_of(tty);

	atomic_inc(&pty->ends);
	set_slave_closed(pty, false);
	return 0;
}

static void pts_close(struct tty_struct *tty)
{
	struct pty *pty = pty_of(tty);

	set_slave_closed(pty, true);
	wake_up_interruptible_poll(&pty->read_wait, EPOLLIN | EPOLLHUP);
	wake_up_interruptible_poll(&pty->write_wait, EPOLLOUT);
}

static void pts_shutdown(struct tty_struct *tty)
{
	pty_end_closed(pty_of(tty));
}

static void pts_cleanup(struct tty_struct *tty)
{
	struct pty *pty = pty_of(tty);

	tty_fifo_free(&pty->out);
	kfree(pty);
}

static size_t pts_write_room(struct tty_struct *tty)
{
	return tty->stopped ? 0 : tty_fifo_room(&pty_of(tty)->out);
}

static size_t pts_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct pty *pty = pty_of(tty);

	if (tty->stopped)
		return 0;
	n = tty_fifo_put(&pty->out, buf, n);
	if (n)
		wake_up_interruptible_poll(&pty->read_wait, EPOLLIN | EPOLLRDNORM);
	return n;
}

/* Passes even when output is stopped. */
static void pts_send_xchar(struct tty_struct *tty, u8 c)
{
	struct pty *pty = pty_of(tty);

	tty_fifo_put(&pty->out, &c, 1);
	wake_up_interruptible_poll(&pty->read_wait, EPOLLIN | EPOLLRDNORM);
}

/* What is in the ring is sent, as far as the slave can know. */
static size_t pts_chars_in_buffer(struct tty_struct *tty)
{
	return 0;
}

static void pts_packet_event(struct tty_struct *tty, u8 bits)
{
	struct pty *pty = pty_of(tty);

	if (!pty->packet)
		return;
	if (bits & (TIOCPKT_STOP | TIOCPKT_START))
		pty->status &= ~(TIOCPKT_STOP | TIOCPKT_START);
	if (bits & (TIOCPKT_NOSTOP | TIOCPKT_DOSTOP))
		pty->status &= ~(TIOCPKT_NOSTOP | TIOCPKT_DOSTOP);
	pty->status |= bits;
	wake_up_interruptible_poll(&pty->read_wait, EPOLLPRI | EPOLLIN | EPOLLRDNORM);
}

/*
 * As on Linux, what fits the master's own buffer counts as received: a ^C does not take back
 * the echo of the one before.
 */
static void pts_flush_buffer(struct tty_struct *tty)
{
	tty_fifo_truncate(&pty_of(tty)->out, N_TTY_BUF_SIZE);
	pts_packet_event(tty, TIOCPKT_FLUSHWRITE);
}

static void pts_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	tty->termios.c_cflag &= ~(CSIZE | PARENB);
	tty->termios.c_cflag |= CS8 | CREAD;
}

static void pts_unthrottle(struct tty_struct *tty)
{
	wake_up_interruptible_poll(&pty_of(tty)->write_wait, EPOLLOUT | EPOLLWRNORM);
}

static const struct tty_operations pts_ops = {
	.lookup = pts_lookup,
	.may_open = pts_may_open,
	.open = pts_open,
	.close = pts_close,
	.shutdown = pts_shutdown,
	.cleanup = pts_cleanup,
	.write = pts_write,
	.write_room = pts_write_room,
	.send_xchar = pts_send_xchar,
	.chars_in_buffer = pts_chars_in_buffer,
	.flush_buffer = pts_flush_buffer,
	.set_termios = pts_set_termios,
	.packet_event = pts_packet_event,
	.unthrottle = pts_unthrottle,
};

/* ---- making a pair ---- */

static struct pty *pty_alloc(int index)
{
	struct pty *pty = kzalloc(sizeof(*pty), GFP_KERNEL);

	if (!pty)
		return NULL;
	pty->tty = tty_alloc(&pts_driver, index);
	if (!pty->tty) {
		kfree(pty);
		return NULL;
	}
	pty->tty->driver_data = pty;
	pty->index = index;
	pty->locked = true;
	atomic_set(&pty->ends, 1);
	init_waitqueue_head(&pty->read_wait);
	init_waitqueue_head(&pty->write_wait);
	mutex_init(&pty->read_mutex, LOCK_RANK_TTY);
	mutex_init(&pty->write_mutex, LOCK_RANK_TTY);
	if (tty_setup_input(pty->tty, PTY_IN_SIZE, false) ||
	    tty_fifo_init(&pty->out, PTY_OUT_SIZE, false)) {
		tty_put(pty->tty);
		return NULL;
	}
	return pty;
}

/* A pty with its node in @root, whose reference it takes over on success. */
static struct pty *pty_create(const struct path *root)
{
	struct super_block *sb = root->dentry->d_sb;
	int index = devpts_new_index(sb);
	struct dentry *node;
	struct pty *pty;

	if (index < 0)
		return ERR_PTR(index);
	pty = pty_alloc(index);
	node = pty ? devpts_pty_new(sb, index, pty->tty) : ERR_PTR(-ENOMEM);
	if (IS_ERR(node)) {
		if (pty)
			tty_put(pty->tty);
		devpts_kill_index(sb, index);
		return ERR_CAST(node);
	}
	pty->node = node;
	pty->root = *root;
	return pty;
}

static int ptmx_open(struct inode *inode, struct file *file)
{
	struct path root;
	struct pty *pty;
	int err;

	nonseekable_open(inode, file);
	err = devpts_acquire(file, &root);
	if (err)
		return err;
	pty = pty_create(&root);
	if (IS_ERR(pty)) {
		path_put(&root);
		return PTR_ERR(pty);
	}
	file->private_data = pty;
	return 0;
}

/* The master is closed: the slave's line is dead, its name goes. */
static int ptm_release(struct inode *inode, struct file *file)
{
	struct pty *pty = file->private_data;

	mutex_lock(&tty_mutex);
	pty->tty->line_gone = true;
	mutex_unlock(&tty_mutex);
	devpts_pty_kill(pty->node);
	tty_hangup(pty->tty, false);
	pty_end_closed(pty);
	tty_put(pty->tty);
	return 0;
}

/* ---- the master's data ---- */

static bool master_readable(struct pty *pty)
{
	return tty_fifo_len(&pty->out) || (READ_ONCE(pty->packet) && READ_ONCE(pty->status));
}

/* Packet mode's byte: a status alone, or TIOCPKT_DATA before data. -1: no packet mode. */
static int take_status(struct pty *pty)
{
	unsigned long irq;
	int status = -1;

	spin_lock_irqsave(&pty->tty->lock, irq);
	if (pty->packet) {
		status = pty->status;
		pty->status = 0;
	}
	spin_unlock_irqrestore(&pty->tty->lock, irq);
	return status;
}

static ssize_t copy_output(struct pty *pty, struct iov_iter *to, size_t done)
{
	u8 chunk[CHUNK];
	size_t n;

	while (iov_iter_count(to)) {
		n = min_t(size_t, iov_iter_count(to), sizeof(chunk));
		n = tty_fifo_get(&pty->out, chunk, n);
		if (!n)
			break;
		if (copy_to_iter(chunk, n, to) != n)
			return done ? (ssize_t)done : -EFAULT;
		done += n;
	}
	if (done)
		tty_wakeup(pty->tty);
	return done;
}

/* What is there, at least one byte of it: master_readable() was true. */
static ssize_t read_available(struct pty *pty, struct iov_iter *to)
{
	int status = take_status(pty);
	u8 byte = max(status, 0);

	if (status > 0 || (status == 0 && tty_fifo_len(&pty->out))) {
		if (copy_to_iter(&byte, 1, to) != 1)
			return -EFAULT;
		if (status > 0)
			return 1;
	}
	return copy_output(pty, to, status == 0 && tty_fifo_len(&pty->out));
}

static ssize_t ptm_read_locked(struct pty *pty, bool nonblock, struct iov_iter *to)
{
	ssize_t n;

	for (;;) {
		if (master_readable(pty)) {
			n = read_available(pty, to);
			if (n)
				return n;
			continue;
		}
		if (READ_ONCE(pty->slave_closed) && !tty_fifo_len(&pty->out))
			return -EIO;
		if (nonblock)
			return -EAGAIN;
		if (wait_event_interruptible(pty->read_wait, master_readable(pty) ||
					     READ_ONCE(pty->slave_closed)))
			return -ERESTARTSYS;
	}
}

static ssize_t ptm_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct pty *pty = file->private_data;
	bool nonblock = file->f_flags & O_NONBLOCK;
	ssize_t n;

	if (!iov_iter_count(to))
		return 0;
	if (nonblock) {
		if (!mutex_trylock(&pty->read_mutex))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&pty->read_mutex)) {
		return -ERESTARTSYS;
	}
	n = ptm_read_locked(pty, nonblock, to);
	mutex_unlock(&pty->read_mutex);
	return n;
}

/* Feed @buf to the slave. Return: 0, or why not all of it went; *@done counts what did. */
static int ptm_feed(struct pty *pty, bool nonblock, const u8 *buf, size_t n, size_t *done)
{
	struct tty_fifo *in = &pty->tty->in;
	size_t sent;

	for (;;) {
		sent = tty_fifo_put(in, buf, n);
		tty_input_run(pty->tty);
		*done += sent;
		buf += sent;
		n -= sent;
		if (!n)
			return 0;
		if (sent)
			continue;
		if (nonblock)
			return -EAGAIN;
		if (wait_event_interruptible(pty->write_wait, tty_fifo_room(in)))
			return -ERESTARTSYS;
	}
}

static ssize_t ptm_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct pty *pty = file->private_data;
	bool nonblock = file->f_flags & O_NONBLOCK;
	size_t done = 0, n;
	u8 chunk[CHUNK];
	int err = 0;

	/* One write at a time: bytes of two must not mix. */
	if (nonblock) {
		if (!mutex_trylock(&pty->write_mutex))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&pty->write_mutex)) {
		return -ERESTARTSYS;
	}
	while (!err && iov_iter_count(from)) {
		n = copy_from_iter(chunk, min_t(size_t, iov_iter_count(from), CHUNK), from);
		err = n ? ptm_feed(pty, nonblock, chunk, n, &done) : -EFAULT;
	}
	mutex_unlock(&pty->write_mutex);
	return done ? (ssize_t)done : err;
}

static __poll_t ptm_poll(struct file *file, poll_table *pt)
{
	struct pty *pty = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &pty->read_wait, pt);
	poll_wait(file, &pty->write_wait, pt);
	if (master_readable(pty))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(pty->packet) && READ_ONCE(pty->status))
		mask |= EPOLLPRI;
	if (READ_ONCE(pty->slave_closed))
		mask |= EPOLLHUP;
	if (tty_fifo_room(&pty->tty->in))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

/* ---- the master's ioctls ---- */

static int set_locked(struct pty *pty, unsigned long arg)
{
	int lock;

	if (get_user(lock, (int __user *)arg))
		return -EFAULT;
	WRITE_ONCE(pty->locked, lock != 0);
	return 0;
}

static int set_packet_mode(struct pty *pty, unsigned long arg)
{
	unsigned long irq;
	int on;

	if (get_user(on, (int __user *)arg))
		return -EFAULT;
	spin_lock_irqsave(&pty->tty->lock, irq);
	if (on && !pty->packet)
		pty->status = 0;
	pty->packet = on;
	spin_unlock_irqrestore(&pty->tty->lock, irq);
	return 0;
}

static int signal_slave(struct pty *pty, int sig)
{
	if (sig != SIGINT && sig != SIGQUIT && sig != SIGTSTP)
		return -EINVAL;
	tty_signal_pgrp(pty->tty, sig);
	return 0;
}

/* TIOCGPTPEER: open the slave whatever is mounted where. */
static int open_peer(struct pty *pty, int flags)
{
	struct path path = { .mnt = pty->root.mnt, .dentry = pty->node };
	int fd = get_unused_fd_flags(flags & O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = dentry_open(&path, flags, current_cred());
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/* The master's input is the slave's output, and the other way round. */
static int flush_master(struct pty *pty, unsigned long queue)
{
	unsigned long irq;

	if (queue > TCIOFLUSH)
		return -EINVAL;
	if (queue != TCOFLUSH) {
		tty_fifo_reset(&pty->out);
		tty_wakeup(pty->tty);
	}
	if (queue != TCIFLUSH) {
		spin_lock_irqsave(&pty->tty->lock, irq);
		tty_fifo_reset(&pty->tty->in);
		spin_unlock_irqrestore(&pty->tty->lock, irq);
		wake_up_interruptible_poll(&pty->write_wait, EPOLLOUT | EPOLLWRNORM);
	}
	return 0;
}

static long ptm_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pty *pty = file->private_data;

	switch (cmd) {
	case TIOCSPTLCK:
		return set_locked(pty, arg);
	case TIOCGPTLCK:
		return put_user(READ_ONCE(pty->locked), (int __user *)arg);
	case TIOCPKT:
		return set_packet_mode(pty, arg);
	case TIOCGPKT:
		return put_user(READ_ONCE(pty->packet), (int __user *)arg);
	case TIOCGPTN:
		return put_user((unsigned int)pty->index, (unsigned int __user *)arg);
	case TIOCSIG:
		return signal_slave(pty, arg);
	case TIOCGPTPEER:
		return open_peer(pty, arg);
	case FIONREAD:
		return put_user((int)tty_fifo_len(&pty->out), (int __user *)arg);
	case TIOCOUTQ:
		return put_user((int)tty_fifo_len(&pty->tty->in), (int __user *)arg);
	case TCFLSH:
		return flush_master(pty, arg);
	default:
		return tty_common_ioctl(pty->tty, file, true, cmd, arg);
	}
}

const struct file_operations ptmx_fops = {
	.llseek = no_llseek,
	.open = ptmx_open,
	.release = ptm_release,
	.read_iter = ptm_read,
	.write_iter = ptm_write,
	.poll = ptm_poll,
	.ioctl = ptm_ioctl,
};

static struct tty_driver pts_driver = {
	.name = "pts/",
	.type = TTY_DRIVER_TYPE_PTY,
	.major = UNIX98_PTY_SLAVE_MAJOR,
	.num = NR_UNIX98_PTY_MAX,
	.reset_termios = true,
	.ops = &pts_ops,
};

static int __init pty_init(void)
{
	pts_driver.init_termios = tty_std_termios;
	pts_driver.init_termios.c_cflag &= ~HUPCL;
	VERIFY(__register_chrdev(TTYAUX_MAJOR, 2, 1, "/dev/ptmx", &ptmx_fops) >= 0);
	devtmpfs_create_node("ptmx", 0666, MKDEV(TTYAUX_MAJOR, 2));
	devtmpfs_create_dir("pts", 0755);
	return tty_register_driver(&pts_driver);
}
device_initcall(pty_init);
