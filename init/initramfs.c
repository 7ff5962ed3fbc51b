// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unpacking the initramfs, a "newc" cpio archive in memory, into the root tmpfs.
 * What is wrong with it is said in words, because there is nobody else to say it.
 */
#include <linux/cpio.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/panic.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- hard links: entries of one file share an inode number; the last has the data ---- */

struct seen {
	struct hlist_node node;
	u32 ino, major, minor;
	umode_t mode;
	char name[];
};

#define SEEN_CHAINS	32
static struct hlist_head seen[SEEN_CHAINS] __initdata;

static const char * __init find_link(const struct cpio_entry *e)
{
	struct hlist_head *chain = &seen[e->ino % SEEN_CHAINS];
	struct seen *s;

	hlist_for_each_entry(s, chain, node) {
		if (s->ino == e->ino && s->major == e->devmajor && s->minor == e->devminor &&
		    !((s->mode ^ e->mode) & S_IFMT))
			return s->name;
	}
	s = kmalloc(sizeof(*s) + e->name_len + 1, GFP_KERNEL);
	if (!s)
		return NULL;
	s->ino = e->ino;
	s->major = e->devmajor;
	s->minor = e->devminor;
	s->mode = e->mode;
	memcpy(s->name, e->name, e->name_len + 1);
	hlist_add_head(&s->node, chain);
	return NULL;
}

static void __init forget_links(void)
{
	struct hlist_node *next;
	struct seen *s;
	int i;

	for (i = 0; i < SEEN_CHAINS; i++) {
		hlist_for_each_entry_safe(s, next, &seen[i], node) {
			hlist_del(&s->node);
			kfree(s);
		}
	}
}

/* ---- one entry ---- */

static int __init link_to(const char *old_name, const char *new_name)
{
	struct dentry *dentry;
	struct path old, dir;
	int err = kern_path(old_name, 0, &old);

	if (err)
		return err;
	dentry = kern_path_create(AT_FDCWD, new_name, &dir, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_link(old.dentry, dir.dentry->d_inode, dentry);
		done_path_create(&dir, dentry);
	}
	path_put(&old);
	return err;
}

/* Remove what is in the way of a new entry. A directory must be empty. */
static int __init remove_at(const struct path *path)
{
	struct dentry *parent = dget_parent(path->dentry);
	struct inode *dir = parent->d_inode;
	int err;

	inode_lock(dir);
	err = S_ISDIR(path->dentry->d_inode->i_mode) ? vfs_rmdir(dir, path->dentry) :
		vfs_unlink(dir, path->dentry);
	inode_unlock(dir);
	dput(parent);
	return err;
}

static void __init set_attributes(struct inode *inode, const struct cpio_entry *e)
{
	inode->i_uid = e->uid;
	inode->i_gid = e->gid;
	if (!S_ISLNK(inode->i_mode))
		inode->i_mode = (inode->i_mode & S_IFMT) | (e->mode & S_IALLUGO);
	inode->i_mtime = (struct timespec64){ .tv_sec = e->mtime };
	inode->i_atime = inode->i_mtime;
}

/* Write all of a file's data. Return: 0, -ENOMEM, -ENOSPC. */
static int __init write_data(struct file *file, const struct cpio_entry *e)
{
	loff_t pos = 0;
	ssize_t n;

	while (pos < e->data_len) {
		n = kernel_write(file, (const char *)e->data + pos, e->data_len - pos, &pos);
		if (n <= 0)
			return n ? n : -EIO;
	}
	return 0;
}

static int __init unpack_file(const struct cpio_entry *e)
{
	const char *first = e->nlink > 1 ? find_link(e) : NULL;
	struct file *file;
	int err = 0;

	if (first) {
		err = link_to(first, e->name);
		if (err || !e->data_len)
			return err;
	}
	file = filp_open(e->name, O_WRONLY | O_CREAT | O_LARGEFILE | (first ? 0 : O_TRUNC), 0600);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = write_data(file, e);
	set_attributes(file->f_inode, e);
	fput_sync(file);
	return err;
}

static struct dentry * __init create_at(const struct cpio_entry *e, struct path *dir)
{
	return kern_path_create(AT_FDCWD, e->name, dir, LOOKUP_DIRECTORY);
}

static int __init unpack_special(const struct cpio_entry *e)
{
	struct dentry *dentry;
	struct inode *inode;
	struct path dir;
	char *target;
	int err;

	dentry = create_at(e, &dir);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	inode = dir.dentry->d_inode;
	switch (e->mode & S_IFMT) {
	case S_IFDIR:
		err = vfs_mkdir(inode, dentry, e->mode & S_IRWXUGO);
		break;
	case S_IFLNK:
		target = kmemdup_nul(e->data, e->data_len, GFP_KERNEL);
		err = target ? vfs_symlink(inode, dentry, target) : -ENOMEM;
		kfree(target);
		break;
	default:
		err = vfs_mknod(inode, dentry, e->mode, MKDEV(e->rdevmajor, e->rdevminor));
	}
	if (!err)
		set_attributes(dentry->d_inode, e);
	done_path_create(&dir, dentry);
	return err;
}

/* A later entry of the same name wins; a directory just gets the new attributes. */
static int __init replace_existing(const struct cpio_entry *e)
{
	struct path path;
	int err = kern_path(e->name, 0, &path);

	if (err)
		return 0;
	if (S_ISDIR(e->mode) && S_ISDIR(path.dentry->d_inode->i_mode)) {
		set_attributes(path.dentry->d_inode, e);
		err = 1;
	} else if (!S_ISREG(e->mode) || !S_ISREG(path.dentry->d_inode->i_mode)) {
		err = remove_at(&path);
	}
	path_put(&path);
	return err;
}

static int __init unpack_entry(const struct cpio_entry *e)
{
	int err;

	if (!e->name_len)
		return 0;
	err = replace_existing(e);
	if (err)
		return min(err, 0);
	return S_ISREG(e->mode) ? unpack_file(e) : unpack_special(e);
}

/* ---- the archive ---- */

static void __init unpack(const void *start, size_t size)
{
	struct cpio_reader reader;
	struct cpio_entry entry;
	int more, err;

	cpio_init(&reader, start, size);
	while ((more = cpio_next(&reader, &entry)) > 0) {
		err = unpack_entry(&entry);
		if (err == -ENOMEM || err == -ENOSPC)
			panic_user("too little memory: the initial ram disk of %zu KiB does not fit (at %s); give the machine more (qemu -m)",
				   size >> 10, entry.name);
		if (err)
			pr_warn("initramfs: %s: error %d\n", entry.name, err);
		cond_resched();
	}
	if (more < 0)
		panic_user("the initial ram disk is damaged or no cpio archive (byte %zu: %s); make it with: find . | cpio -o -H newc, not compressed",
			   reader.offset, reader.error);
}

/* A console for /init even if the archive brings no device nodes, as Linux's own does. */
static void __init make_console_node(void)
{
	struct dentry *dentry;
	struct path dir;

	dentry = kern_path_create(AT_FDCWD, "/dev", &dir, LOOKUP_DIRECTORY);
	if (!IS_ERR(dentry)) {
		vfs_mkdir(dir.dentry->d_inode, dentry, 0755);
		done_path_create(&dir, dentry);
	}
	dentry = kern_path_create(AT_FDCWD, "/dev/console", &dir, 0);
	if (!IS_ERR(dentry)) {
		vfs_mknod(dir.dentry->d_inode, dentry, S_IFCHR | 0600, MKDEV(5, 1));
		done_path_create(&dir, dentry);
	}
}

/**
 * populate_rootfs - unpack the initial ram disk, then give its memory back
 *
 * Without one there is only /dev/console; who looks for /init says so.
 *
 * Context: boot, in a task with root's credentials and umask 0.
 */
void __init populate_rootfs(void)
{
	make_console_node();
	if (!initrd_start)
		return;
	unpack((void *)initrd_start, initrd_end - initrd_start);
	forget_links();
	free_reserved_area((void *)initrd_start, (void *)initrd_end, "initrd");
}
