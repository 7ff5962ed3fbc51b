// SPDX-License-Identifier: GPL-2.0-only
/* In-kernel tests of names, paths and counts: what user space cannot see. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pipe_fs_i.h>
#include <linux/rcupdate.h>
#include <linux/selftest.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include "internal.h"

static int make(const char *name, umode_t mode)
{
	struct path dir;
	struct dentry *dentry = kern_path_create(AT_FDCWD, name, &dir, LOOKUP_DIRECTORY);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = S_ISDIR(mode) ? vfs_mkdir(dir.dentry->d_inode, dentry, mode) :
			      vfs_create(dir.dentry->d_inode, dentry, mode, true);
	done_path_create(&dir, dentry);
	return err;
}

static int remove(const char *name)
{
	struct dentry *parent;
	struct path path;
	int err = kern_path(name, 0, &path);

	if (err)
		return err;
	parent = dget_parent(path.dentry);
	inode_lock(parent->d_inode);
	err = S_ISDIR(path.dentry->d_inode->i_mode) ?
		vfs_rmdir(parent->d_inode, path.dentry) : vfs_unlink(parent->d_inode, path.dentry);
	inode_unlock(parent->d_inode);
	dput(parent);
	path_put(&path);
	return err;
}

SELFTEST(vfs, counts_return)
{
	unsigned long dentries = get_nr_dentries(), inodes = get_nr_inodes();
	unsigned long files = get_nr_files();
	struct file *file, *ends[2];
	char name[300];
	int i;

	KT_ASSERT(make("/vfs-test", S_IFDIR | 0700) == 0);
	for (i = 0; i < 50; i++) {
		/* short names and long ones, whose text is an allocation */
		snprintf(name, sizeof(name), "/vfs-test/%0*d", i % 2 ? 3 : 200, i);
		KT_EXPECT_EQ(make(name, S_IFREG | 0600), 0);
		file = filp_open(name, O_RDWR, 0);
		KT_ASSERT(!IS_ERR(file));
		KT_EXPECT_EQ(remove(name), 0);
		KT_EXPECT_EQ(file->f_inode->i_nlink, 0);
		fput_sync(file);
		KT_EXPECT_EQ(kern_path(name, 0, &(struct path){}), -ENOENT);
	}
	KT_EXPECT_EQ(create_pipe_files(ends, 0), 0);
	fput_sync(ends[0]);
	fput_sync(ends[1]);
	KT_EXPECT_EQ(remove("/vfs-test"), 0);
	KT_EXPECT_EQ(get_nr_dentries(), dentries);
	KT_EXPECT_EQ(get_nr_inodes(), inodes);
	KT_EXPECT_EQ(get_nr_files(), files);
}

SELFTEST(vfs, lookups_miss_cleanly)
{
	unsigned long dentries = get_nr_dentries();
	struct path path;
	int i;

	for (i = 0; i < 100; i++) {
		KT_EXPECT_EQ(kern_path("/no/such/file", 0, &path), -ENOENT);
		KT_EXPECT_EQ(kern_path("/vfs-none", 0, &path), -ENOENT);
	}
	KT_EXPECT_EQ(get_nr_dentries(), dentries);
}

SELFTEST(vfs, rename_keeps_names_apart)
{
	static const char long_name[] = "a-name-that-is-longer-than-what-fits-inline";
	static const struct qstr a_name = QSTR_INIT(long_name, sizeof(long_name) - 1);
	struct dentry *root, *a, *b;
	struct path path;
	struct qstr q;

	KT_ASSERT(make("/vfs-test", S_IFDIR | 0700) == 0);
	KT_ASSERT(kern_path("/vfs-test", 0, &path) == 0);
	root = path.dentry;
	inode_lock(root->d_inode);
	a = lookup_one_len(a_name.name, root, a_name.len);
	b = lookup_one_len("b", root, 1);
	KT_EXPECT(!IS_ERR(a) && !IS_ERR(b) && d_is_negative(a));
	KT_EXPECT_EQ(vfs_create(root->d_inode, a, 0600, true), 0);
	KT_EXPECT_EQ(vfs_rename(root->d_inode, a, root->d_inode, b, 0), 0);
	KT_EXPECT(!strcmp(a->d_name.name, "b") && a->d_name.name == a->d_iname);
	KT_EXPECT_EQ(b->d_name.len, a_name.len);
	KT_EXPECT(d_unhashed(b) && !d_unhashed(a));
	q = (struct qstr)QSTR_INIT("b", 1);
	q.hash = full_name_hash(root, "b", 1);
	KT_EXPECT(d_lookup(root, &q) == a);
	dput(a);
	KT_EXPECT_EQ(vfs_unlink(root->d_inode, a), 0);
	dput(a);
	dput(b);
	inode_unlock(root->d_inode);
	path_put(&path);
	KT_EXPECT_EQ(remove("/vfs-test"), 0);
}

SELFTEST(vfs, paths_back)
{
	char buf[64], *text;
	struct path path;

	KT_ASSERT(make("/vfs-test", S_IFDIR | 0700) == 0);
	KT_ASSERT(make("/vfs-test/sub", S_IFDIR | 0700) == 0);
	KT_ASSERT(kern_path("/vfs-test/../vfs-test//sub/", 0, &path) == 0);
	text = d_path(&path, buf, sizeof(buf));
	KT_EXPECT(!IS_ERR(text) && !strcmp(text, "/vfs-test/sub"));
	KT_EXPECT_EQ(PTR_ERR(d_path(&path, buf, 13)), -ENAMETOOLONG);
	KT_EXPECT(!IS_ERR(d_path(&path, buf, 14)));
	KT_EXPECT_EQ(remove("/vfs-test/sub"), 0);
	text = d_path(&path, buf, sizeof(buf));
	KT_EXPECT(!IS_ERR(text) && !strcmp(text, "/vfs-test/sub (deleted)"));
	path_put(&path);
	KT_EXPECT_EQ(remove("/vfs-test"), 0);
}

SELFTEST(vfs, write_access_excludes_execution)
{
	struct file *file = filp_open("/vfs-prog", O_WRONLY | O_CREAT, 0755), *prog;

	KT_ASSERT(!IS_ERR(file));
	KT_EXPECT_EQ(PTR_ERR(open_exec("/vfs-prog")), -ETXTBSY);
	fput_sync(file);
	prog = open_exec("/vfs-prog");
	KT_ASSERT(!IS_ERR(prog));
	KT_EXPECT_EQ(PTR_ERR(filp_open("/vfs-prog", O_WRONLY, 0)), -ETXTBSY);
	allow_write_access(prog);
	fput_sync(prog);
	file = filp_open("/vfs-prog", O_WRONLY, 0);
	KT_ASSERT(!IS_ERR(file));
	fput_sync(file);
	KT_EXPECT_EQ(remove("/vfs-prog"), 0);
}
