// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/null, /dev/zero, /dev/full and /dev/port: null(4), full(4), mem(4). No state, no lock.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/signal.h>
#include <linux/uio.h>
#include <asm/io.h>

#define MEM_MAJOR	1
#define PORT_COUNT	65536

static ssize_t null_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return 0;
}

static ssize_t null_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	size_t n = iov_iter_count(from);

	iov_iter_advance(from, n);
	return n;
}

static ssize_t zero_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	size_t done = 0, want, n;

	while (iov_iter_count(to)) {
		want = min_t(size_t, iov_iter_count(to), PAGE_SIZE);
		n = iov_iter_zero(want, to);
		done += n;
		if (n != want)
			return done ? (ssize_t)done : -EFAULT;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t full_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	return -ENOSPC;
}

/* Shared: a nameless tmpfs file. Private: anonymous memory, as if no file were there. */
static int zero_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED)
		return shmem_zero_setup(vma);
	vma_set_anonymous(vma);
	return 0;
}

/* /dev/port: the byte at position P is I/O port P. */
static ssize_t port_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	size_t done = 0;
	u8 value;

	for (; iov_iter_count(to) && *pos < PORT_COUNT; done++, (*pos)++) {
		value = inb(*pos);
		if (copy_to_iter(&value, 1, to) != 1)
			return done ? (ssize_t)done : -EFAULT;
	}
	return done;
}

static ssize_t port_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	size_t done = 0;
	u8 value;

	for (; iov_iter_count(from) && *pos < PORT_COUNT; done++, (*pos)++) {
		if (copy_from_iter(&value, 1, from) != 1)
			return done ? (ssize_t)done : -EFAULT;
		outb(value, *pos);
	}
	return done;
}

static int port_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_RAWIO) ? 0 : -EPERM;
}

static loff_t port_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, PORT_COUNT);
}

/* The position is always 0. */
static loff_t null_llseek(struct file *file, loff_t offset, int whence)
{
	file->f_pos = 0;
	return 0;
}

static const struct file_operations null_fops = {
	.llseek = null_llseek,
	.read_iter = null_read,
	.write_iter = null_write,
};

static const struct file_operations zero_fops = {
	.llseek = null_llseek,
	.read_iter = zero_read,
	.write_iter = null_write,
	.mmap = zero_mmap,
};

static const struct file_operations full_fops = {
	.llseek = null_llseek,
	.read_iter = zero_read,
	.write_iter = full_write,
};

static const struct file_operations port_fops = {
	.llseek = port_llseek,
	.open = port_open,
	.read_iter = port_read,
	.write_iter = port_write,
};

static const struct {
	const char *name;
	unsigned int minor;
	umode_t mode;
	const struct file_operations *fops;
} devices[] = {
	{ "null", 3, 0666, &null_fops },
	{ "zero", 5, 0666, &zero_fops },
	{ "full", 7, 0666, &full_fops },
	{ "port", 4, 0640, &port_fops },
};

static int __init mem_init_devices(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		VERIFY(__register_chrdev(MEM_MAJOR, devices[i].minor, 1, "mem",
					 devices[i].fops) >= 0);
		devtmpfs_create_node(devices[i].name, devices[i].mode,
				     MKDEV(MEM_MAJOR, devices[i].minor));
	}
	return 0;
}
fs_initcall(mem_init_devices);
