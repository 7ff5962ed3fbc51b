// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals: the objects, their drivers, and the files opened on them. tty_mutex serialises
 * open, last close and hang-up; a terminal's data hang below its own lock. See tty.h for order.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "internal.h"

DEFINE_MUTEX(tty_mutex, LOCK_RANK_TTY);

static LIST_HEAD(tty_drivers);		/* tty_mutex */

/* What a terminal is like before anybody sets it: termios(3), "sane". */
const struct ktermios tty_std_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = 003,
		[VQUIT] = 034,
		[VERASE] = 0177,
		[VKILL] = 025,
		[VEOF] = 004,
		[VMIN] = 1,
		[VSTART] = 021,
		[VSTOP] = 023,
		[VSUSP] = 032,
		[VREPRINT] = 022,
		[VDISCARD] = 017,
		[VWERASE] = 027,
		[VLNEXT] = 026,
	},
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

/* ---- objects ---- */

struct tty_struct *tty_get(struct tty_struct *tty)
{
	if (tty)
		refcount_inc(&tty->ref);
	return tty;
}

/* Context: any. */
void tty_put(struct tty_struct *tty)
{
	if (!tty || !refcount_dec_and_test(&tty->ref))
		return;
	if (tty->ops->cleanup)
		tty->ops->cleanup(tty);
	put_pid(tty->pgrp);
	put_pid(tty->session);
	n_tty_free(&tty->ld);
	tty_fifo_free(&tty->in);
	kfree(tty);
}

/**
 * tty_alloc - make a terminal
 * @driver: whose it is
 * @index: minor within the driver
 *
 * Context: sleeps.
 * Return: the object with one reference, without an input ring (tty_setup_input()), or NULL.
 */
struct tty_struct *tty_alloc(struct tty_driver *driver, unsigned int index)
{
	struct tty_struct *tty = kzalloc(sizeof(*tty), GFP_KERNEL);

	if (!tty)
		return NULL;
	refcount_set(&tty->ref, 1);
	tty->driver = driver;
	tty->ops = driver->ops;
	tty->index = index;
	snprintf(tty->name, sizeof(tty->name), "%s%u", driver->name, index);
	mutex_init(&tty->read_mutex, LOCK_RANK_TTY);
	mutex_init(&tty->write_mutex, LOCK_RANK_TTY);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
	spin_lock_init(&tty->lock, LOCK_RANK_TTY_CTRL);
	tty->termios = driver->init_termios;
	return tty;
}

/* Give @tty its rings. Context: sleeps. Return: 0 or -ENOMEM, and then tty_put() is due. */
int tty_setup_input(struct tty_struct *tty, unsigned int size, bool with_flags)
{
	int err = tty_fifo_init(&tty->in, size, with_flags);

	return err ? err : n_tty_alloc(&tty->ld);
}

dev_t tty_devnum(const struct tty_struct *tty)
{
	return MKDEV(tty->driver->major, tty->driver->minor_start + tty->index);
}

const char *tty_name(const struct tty_struct *tty)
{
	return tty ? tty->name : "(none)";
}

/**
 * tty_register_driver - make a driver's device numbers openable
 * @driver: filled in by the caller, never to go away
 *
 * Return: 0, or what __register_chrdev() says.
 */
int tty_register_driver(struct tty_driver *driver)
{
	int err = __register_chrdev(driver->major, driver->minor_start, driver->num, driver->name,
				    &tty_fops);

	if (err < 0)
		return err;
	mutex_lock(&tty_mutex);
	list_add_tail(&driver->drivers, &tty_drivers);
	mutex_unlock(&tty_mutex);
	return 0;
}

/* /proc/tty/drivers: what it is, device name, major, range of minors, kind. */
void tty_drivers_show(struct seq_file *m)
{
	struct tty_driver *driver;
	char range[24];

	seq_puts(m, "/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
		 "/dev/console         /dev/console    5       1 system:console\n"
		 "/dev/ptmx            /dev/ptmx       5       2 system\n");
	mutex_lock(&tty_mutex);
	list_for_each_entry(driver, &tty_drivers, drivers) {
		bool pty = driver->type == TTY_DRIVER_TYPE_PTY;
		int len = strcspn(driver->name, "/");

		snprintf(range, sizeof(range), driver->num > 1 ? "%u-%u" : "%u",
			 driver->minor_start, driver->minor_start + driver->num - 1);
		seq_printf(m, "%-20s /dev/%-8.*s %3u %7s %s\n", pty ? "pty_slave" : "serial", len,
			   driver->name, driver->major, range, pty ? "pty:slave" : "serial");
	}
	mutex_unlock(&tty_mutex);
}

/* ---- opening and closing ---- */

bool tty_file_hung_up(const struct tty_file *tf)
{
	return !tf->console && READ_ONCE(tf->tty->hang_count) != tf->hang_count;
}

static int may_open(struct tty_struct *tty)
{
	if (tty->exclusive && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	return tty->ops->may_open ? tty->ops->may_open(tty) : 0;
}

static int open_locked(struct tty_struct *tty, struct tty_file *tf, bool console)
{
	int err = may_open(tty);

	if (err)
		return err;
	if (!tty->count && tty->ops->open) {
		err = tty->ops->open(tty);
		if (err)
			return err;
	}
	tty->count++;
	tf->tty = tty_get(tty);
	tf->hang_count = tty->hang_count;
	tf->console = console;
	return 0;
}

/**
 * tty_open_file - connect a file to a terminal
 * @tty: the terminal; the file takes its own reference
 * @file: being opened
 * @console: it is /dev/console
 * @noctty: do not make it the opener's controlling terminal
 *
 * Context: sleeps, takes tty_mutex.
 * Return: 0; -EBUSY (TIOCEXCL), -EIO (a locked or dead pty), -ENOMEM.
 */
int tty_open_file(struct tty_struct *tty, struct file *file, bool console, bool noctty)
{
	struct tty_file *tf = kzalloc(sizeof(*tf), GFP_KERNEL);
	int err;

	if (!tf)
		return -ENOMEM;
	mutex_lock(&tty_mutex);
	err = open_locked(tty, tf, console);
	if (!err) {
		file->private_data = tf;
		if (!noctty)
			tty_acquire_on_open(tty, file);
	}
	mutex_unlock(&tty_mutex);
	if (err)
		kfree(tf);
	return err;
}

static struct tty_struct *driver_tty(struct tty_driver *driver, struct inode *inode)
{
	unsigned int index = MINOR(inode->i_rdev) - driver->minor_start;
	struct tty_struct *tty;

	if (driver->ops->lookup)
		return driver->ops->lookup(inode);
	tty = driver->ttys[index];
	return tty ? tty_get(tty) : ERR_PTR(-ENXIO);
}

/* The terminal of a device number, with a reference. */
static struct tty_struct *find_tty(struct inode *inode)
{
	struct tty_struct *tty = ERR_PTR(-ENODEV);
	struct tty_driver *driver;
	dev_t dev = inode->i_rdev;

	mutex_lock(&tty_mutex);
	list_for_each_entry(driver, &tty_drivers, drivers) {
		if (MAJOR(dev) != driver->major || MINOR(dev) < driver->minor_start ||
		    MINOR(dev) - driver->minor_start >= driver->num)
			continue;
		tty = driver_tty(driver, inode);
		break;
	}
	mutex_unlock(&tty_mutex);
	return tty;
}

static int open_put(struct tty_struct *tty, struct file *file, bool console, bool noctty)
{
	int err;

	if (IS_ERR(tty))
		return PTR_ERR(tty);
	err = tty_open_file(tty, file, console, noctty);
	tty_put(tty);
	return err;
}

static int tty_open(struct inode *inode, struct file *file)
{
	nonseekable_open(inode, file);
	return open_put(find_tty(inode), file, false, file->f_flags & O_NOCTTY);
}

/* /dev/tty: tty(4). */
static int current_tty_open(struct inode *inode, struct file *file)
{
	struct tty_struct *tty = get_current_tty();

	nonseekable_open(inode, file);
	return open_put(tty ? tty : ERR_PTR(-ENXIO), file, false, true);
}

static int console_open(struct inode *inode, struct file *file)
{
	nonseekable_open(inode, file);
	return open_put(console_tty(), file, true, true);
}

static int tty_release(struct inode *inode, struct file *file)
{
	struct tty_file *tf = file->private_data;
	struct tty_struct *tty = tf->tty;
	bool last;

	fasync_helper(-1, file, 0, &tty->fasync);
	mutex_lock(&tty_mutex);
	last = !--tty->count;
	if (last) {
		tty_session_forget(tty);
		if (tty->ops->close)
			tty->ops->close(tty);
	}
	mutex_unlock(&tty_mutex);
	if (last && tty->ops->shutdown)
		tty->ops->shutdown(tty);
	tty_put(tty);
	kfree(tf);
	return 0;
}

/* ---- the other file operations ---- */

static ssize_t tty_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct tty_file *tf = file->private_data;

	if (tty_file_hung_up(tf))
		return 0;
	return n_tty_read(tf, file->f_flags & O_NONBLOCK, to);
}

static ssize_t tty_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct tty_file *tf = file->private_data;
	struct file *redirect = tf->console ? tty_console_redirect() : NULL;
	ssize_t ret;

	if (redirect) {
		ret = vfs_iter_write(redirect, from, pos);
		fput(redirect);
		return ret;
	}
	if (tty_file_hung_up(tf))
		return -EIO;
	return n_tty_write(tf, file->f_flags & O_NONBLOCK, from);
}

/* Is a write sure not to wait? Linux asks for a nearly empty queue and no writer at work. */
static bool tty_writable(struct tty_struct *tty)
{
	unsigned long irq;
	bool ready;

	if (mutex_is_locked(&tty->write_mutex))
		return false;
	spin_lock_irqsave(&tty->lock, irq);
	ready = __n_tty_flush_echo(tty) && tty->ops->chars_in_buffer(tty) < WAKEUP_CHARS &&
		tty->ops->write_room(tty);
	spin_unlock_irqrestore(&tty->lock, irq);
	return ready;
}

static __poll_t tty_poll(struct file *file, poll_table *pt)
{
	struct tty_file *tf = file->private_data;
	struct tty_struct *tty = tf->tty;
	__poll_t mask = 0;

	poll_wait(file, &tty->read_wait, pt);
	poll_wait(file, &tty->write_wait, pt);
	if (tty_file_hung_up(tf))
		return EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLWRNORM;
	if (n_tty_input_available(tty, true))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tty_writable(tty))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_file *tf = file->private_data;

	if (tty_file_hung_up(tf))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	return tty_common_ioctl(tf->tty, file, false, cmd, arg);
}

/*
 * FIOASYNC: SIGIO goes to the foreground group, unless F_SETOWN named somebody. Without one
 * it goes to the caller.
 */
static int tty_fasync(int fd, struct file *file, int on)
{
	struct tty_file *tf = file->private_data;
	struct pid *pgrp;
	int err;

	err = fasync_helper(fd, file, on, &tf->tty->fasync);
	if (err <= 0 || !on)
		return min(err, 0);
	pgrp = tty_get_pgrp(tf->tty);
	if (pgrp)
		__f_setown(file, pgrp, PIDTYPE_PGID, 0);
	else
		__f_setown(file, task_pid(current), PIDTYPE_TGID, 0);
	put_pid(pgrp);
	return 0;
}

#define TTY_FILE_OPERATIONS(how_to_open) {	\
	.llseek = no_llseek,			\
	.open = how_to_open,			\
	.release = tty_release,			\
	.read_iter = tty_read,			\
	.write_iter = tty_write,		\
	.poll = tty_poll,			\
	.ioctl = tty_ioctl,			\
	.fasync = tty_fasync,			\
}

const struct file_operations tty_fops = TTY_FILE_OPERATIONS(tty_open);
static const struct file_operations current_tty_fops = TTY_FILE_OPERATIONS(current_tty_open);
static const struct file_operations console_fops = TTY_FILE_OPERATIONS(console_open);

static int __init tty_init(void)
{
	VERIFY(__register_chrdev(TTYAUX_MAJOR, 0, 1, "/dev/tty", &current_tty_fops) >= 0);
	VERIFY(__register_chrdev(TTYAUX_MAJOR, 1, 1, "/dev/console", &console_fops) >= 0);
	devtmpfs_create_node("tty", 0666, MKDEV(TTYAUX_MAJOR, 0));
	devtmpfs_create_node("console", 0600, MKDEV(TTYAUX_MAJOR, 1));
	return 0;
}
fs_initcall(tty_init);
