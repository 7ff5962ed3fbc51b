// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mqueue file system: one per IPC namespace, mounted by the kernel when it is first used and by
 * anybody who wants to see it. mq_overview(7).
 * Locks: the directory's i_rwsem guards names and the number of queues.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/ipc_namespace.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "mqueue.h"
#include "util.h"

#define MQUEUE_MAGIC	0x19800202	/* statfs(2) */
#define HARD_MSGMAX	65536		/* messages, even for root */
#define HARD_MSGSIZEMAX	(16 << 20)	/* bytes of one */
#define MIN_MSGSIZEMAX	128
#define NODE_CHARGE	48		/* what RLIMIT_MSGQUEUE takes for a message's header */
#define DIRENT_SIZE	20		/* what a name adds to the directory's size */

/* One namespace's file system is made at a time. */
static DEFINE_MUTEX(mount_mutex);

/* ---- queues ---- */

/* mq_open(3): the limits of the namespace, or the hard ones for the privileged. */
static int check_attr(struct ipc_namespace *ns, const struct mq_attr *attr)
{
	long max = ns->mq_msg_max, size = ns->mq_msgsize_max;

	if (capable(CAP_SYS_RESOURCE)) {
		max = HARD_MSGMAX;
		size = HARD_MSGSIZEMAX;
	}
	if (attr->mq_maxmsg <= 0 || attr->mq_msgsize <= 0)
		return -EINVAL;
	return attr->mq_maxmsg > max || attr->mq_msgsize > size ? -EINVAL : 0;
}

/* Charge first, then compare. */
static int charge_user(struct mqueue *mq)
{
	unsigned long max = mq->attr.mq_maxmsg;

	mq->charge = max * mq->attr.mq_msgsize + max * NODE_CHARGE +
		     min(max, (unsigned long)MQ_PRIO_MAX) * NODE_CHARGE;
	mq->user = get_current_user();
	if ((unsigned long)atomic_long_add_return(mq->charge, &mq->user->mq_bytes) <=
	    rlimit(RLIMIT_MSGQUEUE) &&
	    !should_fail_charge("mqueue"))
		return 0;
	return -EMFILE;
}

static void free_mqueue(struct mqueue *mq)
{
	if (mq->user) {
		atomic_long_sub(mq->charge, &mq->user->mq_bytes);
		free_uid(mq->user);
	}
	mq_drop_notification(mq);
	mq_free_messages(mq);
	kfree(mq);
}

static struct mqueue *alloc_mqueue(struct ipc_namespace *ns, const struct mq_attr *attr)
{
	struct mqueue *mq = kzalloc(sizeof(*mq), GFP_KERNEL);
	int err;

	if (!mq)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&mq->lock, LOCK_RANK_IPC);
	init_waitqueue_head(&mq->pollers);
	INIT_LIST_HEAD(&mq->senders);
	INIT_LIST_HEAD(&mq->receivers);
	mq->attr.mq_maxmsg = min(ns->mq_msg_max, ns->mq_msg_default);
	mq->attr.mq_msgsize = min(ns->mq_msgsize_max, ns->mq_msgsize_default);
	if (attr) {
		mq->attr.mq_maxmsg = attr->mq_maxmsg;
		mq->attr.mq_msgsize = attr->mq_msgsize;
	}
	err = attr ? check_attr(ns, attr) : 0;
	if (!err)
		err = charge_user(mq);
	if (!err)
		return mq;
	free_mqueue(mq);
	return ERR_PTR(err);
}

/* ---- inodes and names ---- */

static struct inode *make_inode(struct super_block *sb, struct inode *dir, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode_init_owner(inode, dir, mode);
	inode->i_atime = inode->i_mtime = inode->i_ctime = inode->i_btime = current_time(inode);
	return inode;
}

static struct inode *make_queue_inode(struct ipc_namespace *ns, struct inode *dir, umode_t mode,
				      const struct mq_attr *attr)
{
	struct mqueue *mq = alloc_mqueue(ns, attr);
	struct inode *inode;

	if (IS_ERR(mq))
		return ERR_CAST(mq);
	inode = make_inode(dir->i_sb, NULL, (mode & S_IALLUGO) | S_IFREG);
	if (!inode) {
		free_mqueue(mq);
		return ERR_PTR(-ENOMEM);
	}
	inode->i_private = mq;
	inode->i_fop = &mqueue_file_operations;
	i_size_write(inode, 80);	/* what read(2) shows */
	return inode;
}

static bool charge_queue(struct ipc_namespace *ns)
{
	if (atomic_inc_return(&ns->mq_queues) <= READ_ONCE(ns->mq_queues_max) ||
	    capable(CAP_SYS_RESOURCE))
		return true;
	atomic_dec(&ns->mq_queues);
	return false;
}

/* A queue with the name of @dentry. Context: i_rwsem of @dir held. */
static int create_queue(struct inode *dir, struct dentry *dentry, umode_t mode,
			const struct mq_attr *attr)
{
	struct ipc_namespace *ns = dir->i_sb->s_fs_info;
	struct inode *inode;

	if (!ns)
		return -EACCES;		/* the namespace is gone, a mount of it is left */
	if (!charge_queue(ns))
		return -ENOSPC;
	inode = make_queue_inode(ns, dir, mode, attr);
	if (IS_ERR(inode)) {
		atomic_dec(&ns->mq_queues);
		return PTR_ERR(inode);
	}
	i_size_write(dir, i_size_read(dir) + DIRENT_SIZE);
	inode_touch(dir, S_ATIME | S_CTIME | S_MTIME);
	simple_link_dentry(dentry, inode);
	return 0;
}

static int mqueue_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return create_queue(dir, dentry, mode, NULL);
}

static int mqueue_unlink(struct inode *dir, struct dentry *dentry)
{
	i_size_write(dir, i_size_read(dir) - DIRENT_SIZE);
	return simple_unlink(dir, dentry);
}

static void mqueue_evict(struct inode *inode)
{
	struct ipc_namespace *ns;

	clear_inode(inode);
	if (!inode->i_private)
		return;
	free_mqueue(inode->i_private);
	/* A descriptor may outlive the namespace, which is freed after RCU. */
	rcu_read_lock();
	ns = READ_ONCE(inode->i_sb->s_fs_info);
	if (ns)
		atomic_dec(&ns->mq_queues);
	rcu_read_unlock();
}

/* ---- the file system ---- */

static const struct inode_operations mqueue_dir_inode_operations = {
	.lookup	= simple_lookup,
	.create	= mqueue_create,
	.unlink	= mqueue_unlink,
};

static const struct super_operations mqueue_super_operations = {
	.evict_inode	= mqueue_evict,
	.statfs		= simple_statfs,
};

static int fill_super(struct super_block *sb, void *data, int silent)
{
	struct inode *root;

	sb->s_magic = MQUEUE_MAGIC;
	sb->s_op = &mqueue_super_operations;
	sb->s_flags |= SB_ALL_CACHED | SB_NODEV | SB_NOEXEC;
	sb->s_fs_info = data;
	root = make_inode(sb, NULL, S_IFDIR | S_ISVTX | S_IRWXUGO);
	if (root) {
		root->i_op = &mqueue_dir_inode_operations;
		root->i_fop = &simple_dir_operations;
		inc_nlink(root);
	}
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

/* The kernel's own mount of @ns's queues. Return: it, borrowed, or ERR_PTR(-ENOMEM). */
static struct vfsmount *mount_of(struct ipc_namespace *ns);

static struct dentry *mqueue_mount(struct file_system_type *type, int flags, const char *dev,
				   void *data)
{
	struct vfsmount *mnt;

	if (flags & SB_KERNMOUNT)
		return mount_nodev(type, flags, data, fill_super);
	mnt = mount_of(current_ipc_ns());
	if (IS_ERR(mnt))
		return ERR_CAST(mnt);
	atomic_inc(&mnt->mnt_sb->s_active);
	return dget(mnt->mnt_root);
}

static struct file_system_type mqueue_fs_type = {
	.name		= "mqueue",
	.fs_flags	= FS_USERNS_MOUNT,
	.mount		= mqueue_mount,
	.kill_sb	= kill_litter_super,
};

static struct vfsmount *mount_of(struct ipc_namespace *ns)
{
	struct vfsmount *mnt = smp_load_acquire(&ns->mq_mnt);

	if (mnt)
		return mnt;
	mutex_lock(&mount_mutex);
	mnt = ns->mq_mnt;
	if (!mnt) {
		mnt = vfs_kern_mount(&mqueue_fs_type, SB_KERNMOUNT, "mqueue", ns);
		if (!IS_ERR(mnt)) {
			mnt->mnt_flags |= MNT_INTERNAL;
			smp_store_release(&ns->mq_mnt, mnt);
		}
	}
	mutex_unlock(&mount_mutex);
	return mnt;
}

void mq_init_ns(struct ipc_namespace *ns)
{
	ns->mq_mnt = NULL;
	atomic_set(&ns->mq_queues, 0);
	ns->mq_queues_max = 256;
	ns->mq_msg_max = 10;
	ns->mq_msgsize_max = 8192;
	ns->mq_msg_default = 10;
	ns->mq_msgsize_default = 8192;
}

/* What users have mounted lives on, but nothing can be made in it. */
void mq_exit_ns(struct ipc_namespace *ns)
{
	struct vfsmount *mnt = ns->mq_mnt;

	if (!mnt)
		return;
	inode_lock(mnt->mnt_root->d_inode);
	WRITE_ONCE(mnt->mnt_sb->s_fs_info, NULL);
	inode_unlock(mnt->mnt_root->d_inode);
	mntput(mnt);
}

/* ---- mq_open(2), mq_unlink(2) ---- */

/* Permission for a queue that is there already. */
static int check_open(struct inode *inode, int oflag)
{
	static const int access[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE };

	if ((oflag & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if ((oflag & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	return inode_permission(inode, access[oflag & O_ACCMODE]);
}

/* Find the queue, or make it. Context: i_rwsem of the root held. */
static int find_or_create(const struct path *path, int oflag, umode_t mode,
			  const struct mq_attr *attr)
{
	struct inode *dir = path->mnt->mnt_root->d_inode;
	int err;

	if (!d_is_negative(path->dentry))
		return check_open(path->dentry->d_inode, oflag);
	if (!(oflag & O_CREAT))
		return -ENOENT;
	err = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	return err ?: create_queue(dir, path->dentry, mode & ~current_umask(), attr);
}

static struct file *open_queue(const char *name, int oflag, umode_t mode,
			       const struct mq_attr *attr)
{
	struct path path = { .mnt = mount_of(current_ipc_ns()) };
	struct file *file;
	struct inode *dir;
	int err;

	if (IS_ERR(path.mnt))
		return ERR_CAST(path.mnt);
	dir = path.mnt->mnt_root->d_inode;
	inode_lock(dir);
	path.dentry = lookup_one_len(name, path.mnt->mnt_root, strlen(name));
	if (IS_ERR(path.dentry)) {
		inode_unlock(dir);
		return ERR_CAST(path.dentry);
	}
	err = find_or_create(&path, oflag, mode, attr);
	file = err ? ERR_PTR(err) : dentry_open(&path, oflag, current_cred());
	dput(path.dentry);
	inode_unlock(dir);
	return file;
}

static int do_mq_open(const char __user *uname, int oflag, umode_t mode,
		      const struct mq_attr *attr)
{
	struct filename *name = getname(uname);
	struct file *file;
	int fd;

	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd >= 0) {
		file = open_queue(name->name, oflag, mode, attr);
		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			fd_install(fd, file);
		}
	}
	putname(name);
	return fd;
}

SYSCALL_DEFINE4(mq_open, const char __user *, uname, int, oflag, umode_t, mode,
		struct mq_attr __user *, uattr)
{
	struct mq_attr attr;

	if (uattr && copy_from_user(&attr, uattr, sizeof(attr)))
		return -EFAULT;
	return do_mq_open(uname, oflag, mode, uattr ? &attr : NULL);
}

static int unlink_name(struct vfsmount *mnt, const char *name)
{
	struct inode *dir = mnt->mnt_root->d_inode, *inode = NULL;
	struct dentry *dentry;
	int err;

	inode_lock(dir);
	dentry = lookup_one_len(name, mnt->mnt_root, strlen(name));
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err && d_is_negative(dentry))
		err = -ENOENT;
	if (!err) {
		inode = dentry->d_inode;
		ihold(inode);
		err = vfs_unlink(dir, dentry);
	}
	if (!IS_ERR(dentry))
		dput(dentry);
	inode_unlock(dir);
	if (inode)
		iput(inode);
	return err;
}

SYSCALL_DEFINE1(mq_unlink, const char __user *, uname)
{
	struct vfsmount *mnt = mount_of(current_ipc_ns());
	struct filename *name;
	int err;

	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	name = getname(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	err = unlink_name(mnt, name->name);
	putname(name);
	return err;
}

/* ---- /proc/sys/fs/mqueue ---- */

static void *in_ns(void *offset)
{
	return (char *)current_ipc_ns() + (size_t)offset;
}

#define NS(nm, field, lo, hi)							\
	{ .name = nm, .mode = 0644, .kind = CTL_INT, .locate = in_ns,		\
	  .data = (void *)offsetof(struct ipc_namespace, field), .min = lo, .max = hi }

static const struct ctl_table mq_table[] = {
	NS("queues_max", mq_queues_max, 0, 0),
	NS("msg_max", mq_msg_max, 1, HARD_MSGMAX),
	NS("msgsize_max", mq_msgsize_max, MIN_MSGSIZEMAX, HARD_MSGSIZEMAX),
	NS("msg_default", mq_msg_default, 1, HARD_MSGMAX),
	NS("msgsize_default", mq_msgsize_default, MIN_MSGSIZEMAX, HARD_MSGSIZEMAX),
};

static int __init mqueue_init(void)
{
	return register_filesystem(&mqueue_fs_type) ?:
	       register_sysctl("fs/mqueue", mq_table, ARRAY_SIZE(mq_table));
}
fs_initcall(mqueue_init);
