// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices by number. Drivers register ranges of minors at boot; opening a
 * node finds the driver and hands over to its ->open. chrdevs_lock guards the list.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "internal.h"

/* Locks: [I] immutable   [l] chrdevs_lock */
struct chrdev {
	struct chrdev *next;			/* [l] ascending by number */
	unsigned int major, baseminor, count;	/* [I] */
	const char *name;			/* [I] */
	const struct file_operations *fops;	/* [I] */
};

#define DYNAMIC_MAJOR_FIRST	234
#define DYNAMIC_MAJOR_LAST	254

static struct chrdev *chrdevs;
static DEFINE_SPINLOCK(chrdevs_lock);

static bool overlaps(const struct chrdev *a, const struct chrdev *b)
{
	return a->major == b->major && a->baseminor < b->baseminor + b->count &&
	       b->baseminor < a->baseminor + a->count;
}

static bool major_is_free(unsigned int major)
{
	struct chrdev *cd;

	for (cd = chrdevs; cd; cd = cd->next) {
		if (cd->major == major)
			return false;
	}
	return true;
}

static int insert_chrdev(struct chrdev *new)
{
	struct chrdev **p;

	if (!new->major) {
		new->major = DYNAMIC_MAJOR_LAST;
		while (!major_is_free(new->major)) {
			if (--new->major < DYNAMIC_MAJOR_FIRST)
				return -EBUSY;
		}
	}
	for (p = &chrdevs; *p; p = &(*p)->next) {
		if (overlaps(*p, new))
			return -EBUSY;
	}
	for (p = &chrdevs; *p; p = &(*p)->next) {
		if ((*p)->major > new->major ||
		    ((*p)->major == new->major && (*p)->baseminor > new->baseminor))
			break;
	}
	new->next = *p;
	*p = new;
	return 0;
}

/**
 * __register_chrdev - become the driver of some minors
 * @major: 0: choose one
 * @baseminor: the first
 * @count: how many
 * @name: for /proc/devices, not copied
 * @fops: ->open sees the node's number in inode->i_rdev
 *
 * Return: 0 (or the chosen major when @major is 0), -EBUSY, -ENOMEM.
 */
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops)
{
	struct chrdev *cd = kzalloc(sizeof(*cd), GFP_KERNEL);
	int err;

	if (!cd)
		return -ENOMEM;
	*cd = (struct chrdev){ .major = major, .baseminor = baseminor, .count = count,
			       .name = name, .fops = fops };
	spin_lock(&chrdevs_lock);
	err = insert_chrdev(cd);
	spin_unlock(&chrdevs_lock);
	if (err) {
		kfree(cd);
		return err;
	}
	return major ? 0 : cd->major;
}

void unregister_chrdev_range(unsigned int major, unsigned int baseminor, unsigned int count)
{
	struct chrdev **p, *gone = NULL;

	spin_lock(&chrdevs_lock);
	for (p = &chrdevs; *p; p = &(*p)->next) {
		if ((*p)->major == major && (*p)->baseminor == baseminor && (*p)->count == count) {
			gone = *p;
			*p = gone->next;
			break;
		}
	}
	spin_unlock(&chrdevs_lock);
	kfree(gone);
}

static const struct file_operations *find_chrdev(dev_t dev)
{
	const struct file_operations *fops = NULL;
	struct chrdev *cd;

	spin_lock(&chrdevs_lock);
	for (cd = chrdevs; cd; cd = cd->next) {
		if (cd->major == MAJOR(dev) && MINOR(dev) - cd->baseminor < cd->count) {
			fops = cd->fops;
			break;
		}
	}
	spin_unlock(&chrdevs_lock);
	return fops;
}

static int chrdev_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = find_chrdev(inode->i_rdev);

	if (!fops)
		return -ENXIO;
	file->f_op = fops;
	return fops->open ? fops->open(inode, file) : 0;
}

/* What every character node's inode starts with: open() puts the driver's in place. */
const struct file_operations def_chr_fops = { .open = chrdev_open };

void chrdev_show(struct seq_file *m)
{
	const struct chrdev *cd, *before = NULL;

	seq_puts(m, "Character devices:\n");
	spin_lock(&chrdevs_lock);
	for (cd = chrdevs; cd; before = cd, cd = cd->next) {
		if (!before || before->major != cd->major || before->name != cd->name)
			seq_printf(m, "%3u %s\n", cd->major, cd->name);
	}
	spin_unlock(&chrdevs_lock);
}
