// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/kmsg: the kernel's log, a record a read, and a way for programs to add to it. Each open
 * file has a position of its own; kernel/printk.c owns the log.
 */
#include <linux/capability.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>

#define MEM_MAJOR	1
#define KMSG_MINOR	11
#define RECORD_MAX	4096		/* a record with its escapes */
#define WRITE_MAX	992		/* longest text that a program may add */
#define FACILITY_USER	1

/*
 * Locks: [m] mutex
 */
struct kmsg_reader {
	struct mutex mutex;
	u64 seq;			/* [m] of the record to be read next */
	char record[RECORD_MAX];	/* [m] */
};

static ssize_t read_record(struct kmsg_reader *reader, bool nonblock, struct iov_iter *to)
{
	u64 seq = reader->seq;
	ssize_t n;

	for (;;) {
		n = kmsg_read_record(&seq, reader->record, sizeof(reader->record));
		if (n)
			break;
		if (nonblock)
			return -EAGAIN;
		if (wait_event_interruptible(log_wait, kmsg_next_seq() > seq))
			return -ERESTARTSYS;
	}
	if (n == -EPIPE)
		reader->seq = seq;
	if (n < 0)
		return n;
	/* A record comes whole or not at all, and is not lost to a buffer too small. */
	if (iov_iter_count(to) < n)
		return -EINVAL;
	if (copy_to_iter(reader->record, n, to) != n)
		return -EFAULT;
	reader->seq = seq;
	return n;
}

static ssize_t kmsg_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct kmsg_reader *reader = file->private_data;
	ssize_t n;

	if (!reader)
		return -EBADF;
	if (mutex_lock_interruptible(&reader->mutex))
		return -ERESTARTSYS;
	n = read_record(reader, file->f_flags & O_NONBLOCK, to);
	mutex_unlock(&reader->mutex);
	return n;
}

/* "<N>" in front: priority N % 8, facility N / 8, which is the user's when it is the kernel's. */
static char *parse_priority(char *text, int *level)
{
	unsigned int value = 0;
	char *p = text;

	*level = FACILITY_USER << 3 | 4;
	if (*p++ != '<' || *p < '0' || *p > '9')
		return text;
	while (*p >= '0' && *p <= '9' && value < 100000)
		value = value * 10 + (*p++ - '0');
	if (*p != '>')
		return text;
	*level = value >> 3 ? value : (FACILITY_USER << 3 | (value & 7));
	return p + 1;
}

static ssize_t kmsg_write_text(struct file *file, struct iov_iter *from, loff_t *pos)
{
	size_t n = iov_iter_count(from);
	char *buf, *text;
	int level;

	if (n > WRITE_MAX)
		return -EINVAL;
	buf = kmalloc(n + 1, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (copy_from_iter(buf, n, from) != n) {
		kfree(buf);
		return -EFAULT;
	}
	buf[n] = '\0';
	text = parse_priority(buf, &level);
	kmsg_write(level, text, strlen(text));
	kfree(buf);
	return n;
}

static loff_t kmsg_llseek(struct file *file, loff_t offset, int whence)
{
	struct kmsg_reader *reader = file->private_data;

	if (!reader)
		return -EBADF;
	if (offset)
		return -ESPIPE;
	if (whence != SEEK_SET && whence != SEEK_DATA && whence != SEEK_END)
		return -EINVAL;
	mutex_lock(&reader->mutex);
	reader->seq = whence == SEEK_END ? kmsg_next_seq() : kmsg_first_seq();
	mutex_unlock(&reader->mutex);
	return 0;
}

static __poll_t kmsg_poll(struct file *file, poll_table *pt)
{
	struct kmsg_reader *reader = file->private_data;
	__poll_t mask = 0;
	u64 seq;

	if (!reader)
		return EPOLLERR | EPOLLNVAL;
	kmsg_watch();
	poll_wait(file, &log_wait, pt);
	seq = READ_ONCE(reader->seq);
	if (kmsg_next_seq() > seq)
		mask = EPOLLIN | EPOLLRDNORM;
	if (kmsg_first_seq() > seq)
		mask |= EPOLLERR | EPOLLPRI;
	return mask;
}

static int kmsg_open(struct inode *inode, struct file *file)
{
	struct kmsg_reader *reader;

	if ((file->f_flags & O_ACCMODE) == O_WRONLY)
		return 0;
	reader = kmalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->mutex);
	reader->seq = kmsg_first_seq();
	file->private_data = reader;
	return 0;
}

static int kmsg_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations kmsg_fops = {
	.llseek = kmsg_llseek,
	.open = kmsg_open,
	.release = kmsg_release,
	.read_iter = kmsg_read,
	.write_iter = kmsg_write_text,
	.poll = kmsg_poll,
};

static int __init kmsg_init(void)
{
	VERIFY(__register_chrdev(MEM_MAJOR, KMSG_MINOR, 1, "mem", &kmsg_fops) >= 0);
	return devtmpfs_create_node("kmsg", 0644, MKDEV(MEM_MAJOR, KMSG_MINOR));
}
fs_initcall(kmsg_init);
