// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets as files: sockfs, the operations of an open socket, the table of protocol families.
 * Locks: families are registered at boot only; a socket's own state belongs to its protocol.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/loopback.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <uapi/asm-generic/ioctls.h>
#include <uapi/linux/sockios.h>
#include "internal.h"

static const struct net_proto_family *families[AF_MAX];
static struct vfsmount *sock_mnt;
static const struct file_operations socket_fops;

/* Boot only. */
void sock_register(const struct net_proto_family *family)
{
	families[family->family] = family;
}

/* ---- life ---- */

struct socket *sock_alloc(int type)
{
	struct socket *sock = kzalloc(sizeof(*sock), GFP_KERNEL);

	if (sock)
		sock->type = type;
	return sock;
}

/* Undo sock_alloc() and what the family added. */
void sock_discard(struct socket *sock)
{
	if (sock->sk)
		sock->ops->release(sock);
	kfree(sock);
}

int sock_create(int family, int type, int protocol, struct socket **res)
{
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;
	if (!families[family])
		return -EAFNOSUPPORT;
	sock = sock_alloc(type);
	if (!sock)
		return -ENOMEM;
	err = families[family]->create(current_net(), sock, protocol);
	if (err) {
		kfree(sock);
		return err;
	}
	*res = sock;
	return 0;
}

static struct inode *sock_new_inode(void)
{
	struct inode *inode = new_inode(sock_mnt->mnt_sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = S_IFSOCK | 0777;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	return inode;
}

struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct inode *inode = sock_new_inode();
	struct file *file;

	if (!inode) {
		sock_discard(sock);
		return ERR_PTR(-ENOMEM);
	}
	file = alloc_file_pseudo(inode, sock_mnt, "", O_RDWR | (flags & O_NONBLOCK),
				 &socket_fops);
	if (IS_ERR(file)) {
		iput(inode);
		sock_discard(sock);
		return file;
	}
	file->f_mode |= FMODE_STREAM;
	file->private_data = sock;
	sock->inode = inode;
	sock->file = file;
	return file;
}

bool file_is_socket(const struct file *file)
{
	return file->f_op == &socket_fops;
}

struct socket *sock_from_file(struct file *file)
{
	return file_is_socket(file) ? file->private_data : NULL;
}

struct socket *sockfd_lookup(int fd, struct fd *f, int *err)
{
	*f = fdget(fd);
	if (!f->file) {
		*err = -EBADF;
		return NULL;
	}
	if (file_is_socket(f->file))
		return f->file->private_data;
	fdput(*f);
	*err = -ENOTSOCK;
	return NULL;
}

/* ---- file operations ---- */

static ssize_t socket_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *to };
	ssize_t ret;

	if (!iov_iter_count(to))
		return 0;
	ret = sock_recvmsg(sock, &msg, file->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0);
	*to = msg.msg_iter;
	return ret;
}

static ssize_t socket_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *from };
	ssize_t ret;

	if (file->f_flags & O_NONBLOCK)
		msg.msg_flags = MSG_DONTWAIT;
	if (sock->type == SOCK_SEQPACKET)
		msg.msg_flags |= MSG_EOR;
	ret = sock_sendmsg(sock, &msg);
	*from = msg.msg_iter;
	return ret;
}

static __poll_t socket_poll(struct file *file, poll_table *pt)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll(file, sock, pt);
}

/* A descriptor for the network namespace that the socket was made in. */
static long socket_ns(struct socket *sock)
{
	struct net *net = sock->sk->net;

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return open_ns(&get_net(net)->ns);
}

static long socket_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;
	int __user *uarg = (int __user *)arg;
	int val, err;

	switch (cmd) {
	case FIOSETOWN:
	case SIOCSPGRP:
		if (get_user(val, uarg))
			return -EFAULT;
		return f_setown(file, val, 1);
	case SIOCGSKNS:
		return socket_ns(sock);
	case FIOGETOWN:
	case SIOCGPGRP:
		return put_user(f_getown(file), uarg);
	}
	err = sock->ops->ioctl(sock, cmd, arg);
	if (err == -ENOIOCTLCMD)
		err = dev_ioctl(sock->sk->net, cmd, uarg);
	return err;
}

static int socket_fasync(int fd, struct file *file, int on)
{
	struct socket *sock = file->private_data;

	return fasync_helper(fd, file, on, &sock->sk->fasync) < 0 ? -ENOMEM : 0;
}

static int socket_release(struct inode *inode, struct file *file)
{
	sock_discard(file->private_data);
	return 0;
}

/* Reached through /proc/PID/fd only: a socket is not opened twice. */
static int socket_no_open(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

static const struct file_operations socket_fops = {
	.llseek		= no_llseek,
	.read_iter	= socket_read,
	.write_iter	= socket_write,
	.poll		= socket_poll,
	.ioctl		= socket_ioctl,
	.open		= socket_no_open,
	.fasync		= socket_fasync,
	.release	= socket_release,
};

/* ---- sockfs ---- */

static char *sockfs_dname(struct dentry *dentry, char *buf, int len)
{
	return dynamic_dname(buf, len, "socket:[%lu]", dentry->d_inode->i_ino);
}

static const struct dentry_operations sockfs_dentry_operations = { .d_dname = sockfs_dname };

static struct dentry *sockfs_mount(struct file_system_type *type, int flags, const char *dev,
				   void *data)
{
	return mount_pseudo(type, "socket:", NULL, &sockfs_dentry_operations, SOCKFS_MAGIC);
}

static struct file_system_type sock_fs_type = {
	.name		= "sockfs",
	.fs_flags	= FS_NO_USER_MOUNT,
	.mount		= sockfs_mount,
};

static int __init sock_init_fs(void)
{
	int err = register_filesystem(&sock_fs_type);

	if (err)
		return err;
	sock_mnt = kern_mount(&sock_fs_type);
	return PTR_ERR_OR_ZERO(sock_mnt);
}
core_initcall(sock_init_fs);
