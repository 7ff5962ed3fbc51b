// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls that make, name and connect sockets.
 * Locks: none; each call goes on to the protocol.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include "internal.h"

#define SOCK_FLAGS	(SOCK_CLOEXEC | SOCK_NONBLOCK)

/* ---- addresses ---- */

int move_addr_to_kernel(void __user *uaddr, int len, struct sockaddr_storage *addr)
{
	if (len < 0 || len > sizeof(*addr))
		return -EINVAL;
	return copy_from_user(addr, uaddr, len) ? -EFAULT : 0;
}

/* As much as the user's buffer (*@ulen) takes; *@ulen becomes the true length. */
int move_addr_to_user(const struct sockaddr_storage *addr, int len, void __user *uaddr,
		      int __user *ulen)
{
	int room;

	if (get_user(room, ulen))
		return -EFAULT;
	room = min(room, len);
	if (room < 0)
		return -EINVAL;
	if (room && copy_to_user(uaddr, addr, room))
		return -EFAULT;
	return put_user(len, ulen);
}

/* ---- making ---- */

static int sock_map_fd(struct socket *sock, int flags)
{
	struct file *file;
	int fd = get_unused_fd_flags(flags & O_CLOEXEC);

	if (fd < 0) {
		sock_discard(sock);
		return fd;
	}
	file = sock_alloc_file(sock, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct socket *sock;
	int err;

	if (flags & ~SOCK_FLAGS)
		return -EINVAL;
	err = sock_create(family, type & SOCK_TYPE_MASK, protocol, &sock);
	return err ?: sock_map_fd(sock, flags);
}

/* Two connected sockets as files. On failure nothing is left. */
static int make_pair(int family, int type, int protocol, int flags, struct file *files[2])
{
	struct socket *a, *b;
	int err;

	err = sock_create(family, type, protocol, &a);
	if (err)
		return err;
	err = sock_create(family, type, protocol, &b);
	if (err) {
		sock_discard(a);
		return err;
	}
	err = a->ops->socketpair(a, b);
	if (err) {
		sock_discard(a);
		sock_discard(b);
		return err;
	}
	files[0] = sock_alloc_file(a, flags);
	if (IS_ERR(files[0])) {
		sock_discard(b);
		return PTR_ERR(files[0]);
	}
	files[1] = sock_alloc_file(b, flags);
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return PTR_ERR(files[1]);
	}
	return 0;
}

static int reserve_pair(int flags, int fd[2])
{
	fd[0] = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd[0] < 0)
		return fd[0];
	fd[1] = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd[1] >= 0)
		return 0;
	put_unused_fd(fd[0]);
	return fd[1];
}

SYSCALL_DEFINE4(socketpair, int, family, int, type, int, protocol, int __user *, usockvec)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct file *files[2] = { };
	int fd[2], err;

	if (flags & ~SOCK_FLAGS)
		return -EINVAL;
	err = reserve_pair(flags, fd);
	if (err)
		return err;
	/* Before there is anything to undo but numbers. */
	err = put_user(fd[0], &usockvec[0]) ?: put_user(fd[1], &usockvec[1]);
	if (!err)
		err = make_pair(family, type & SOCK_TYPE_MASK, protocol, flags, files);
	if (err) {
		put_unused_fd(fd[0]);
		put_unused_fd(fd[1]);
		return err;
	}
	fd_install(fd[0], files[0]);
	fd_install(fd[1], files[1]);
	return 0;
}

/* ---- naming and connecting ---- */

SYSCALL_DEFINE3(bind, int, fd, struct sockaddr __user *, uaddr, int, len)
{
	struct sockaddr_storage addr = { };
	struct socket *sock;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	err = move_addr_to_kernel(uaddr, len, &addr) ?: sock->ops->bind(sock, &addr, len);
	fdput(f);
	return err;
}

SYSCALL_DEFINE2(listen, int, fd, int, backlog)
{
	struct socket *sock;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	err = sock->ops->listen(sock, min((unsigned int)backlog,
					  (unsigned int)READ_ONCE(sock->sk->net->somaxconn)));
	fdput(f);
	return err;
}

static int accept_address(struct socket *sock, void __user *uaddr, int __user *ulen)
{
	struct sockaddr_storage addr;
	int len;

	if (!uaddr)
		return 0;
	len = sock->ops->getname(sock, &addr, 2);
	return len < 0 ? -ECONNABORTED : move_addr_to_user(&addr, len, uaddr, ulen);
}

static struct file *do_accept(struct socket *sock, void __user *uaddr, int __user *ulen,
			      int flags)
{
	struct socket *newsock = sock_alloc(sock->type);
	struct file *file;
	int err;

	if (!newsock)
		return ERR_PTR(-ENFILE);
	newsock->ops = sock->ops;
	file = sock_alloc_file(newsock, flags);
	if (IS_ERR(file))
		return file;
	err = sock->ops->accept(sock, newsock, sock->file->f_flags & O_NONBLOCK) ?:
	      accept_address(newsock, uaddr, ulen);
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

static long do_accept4(int fd, void __user *uaddr, int __user *ulen, int flags)
{
	struct socket *sock;
	struct file *file;
	struct fd f;
	int newfd, err;

	if (flags & ~SOCK_FLAGS)
		return -EINVAL;
	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	newfd = get_unused_fd_flags(flags & O_CLOEXEC);
	if (newfd >= 0) {
		file = do_accept(sock, uaddr, ulen, flags);
		if (IS_ERR(file)) {
			put_unused_fd(newfd);
			newfd = PTR_ERR(file);
		} else {
			fd_install(newfd, file);
		}
	}
	fdput(f);
	return newfd;
}

SYSCALL_DEFINE4(accept4, int, fd, struct sockaddr __user *, uaddr, int __user *, ulen, int, flags)
{
	return do_accept4(fd, uaddr, ulen, flags);
}

SYSCALL_DEFINE3(accept, int, fd, struct sockaddr __user *, uaddr, int __user *, ulen)
{
	return do_accept4(fd, uaddr, ulen, 0);
}

SYSCALL_DEFINE3(connect, int, fd, struct sockaddr __user *, uaddr, int, len)
{
	struct sockaddr_storage addr = { };
	struct socket *sock;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	err = move_addr_to_kernel(uaddr, len, &addr) ?:
	      sock->ops->connect(sock, &addr, len, f.file->f_flags & O_NONBLOCK);
	fdput(f);
	return err;
}

static long do_getname(int fd, void __user *uaddr, int __user *ulen, bool peer)
{
	struct sockaddr_storage addr;
	struct socket *sock;
	struct fd f;
	int err, len;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	len = sock->ops->getname(sock, &addr, peer);
	fdput(f);
	return len < 0 ? len : move_addr_to_user(&addr, len, uaddr, ulen);
}

SYSCALL_DEFINE3(getsockname, int, fd, struct sockaddr __user *, uaddr, int __user *, ulen)
{
	return do_getname(fd, uaddr, ulen, false);
}

SYSCALL_DEFINE3(getpeername, int, fd, struct sockaddr __user *, uaddr, int __user *, ulen)
{
	return do_getname(fd, uaddr, ulen, true);
}

SYSCALL_DEFINE2(shutdown, int, fd, int, how)
{
	struct socket *sock;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	err = sock->ops->shutdown(sock, how);
	fdput(f);
	return err;
}

/* ---- options ---- */

SYSCALL_DEFINE5(setsockopt, int, fd, int, level, int, name, char __user *, val, int, len)
{
	struct socket *sock;
	struct fd f;
	int err;

	if (len < 0)
		return -EINVAL;
	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_setsockopt(sock, name, val, len);
	else
		err = sock->ops->setsockopt ?
		      sock->ops->setsockopt(sock, level, name, val, len) : -EOPNOTSUPP;
	fdput(f);
	return err;
}

SYSCALL_DEFINE5(getsockopt, int, fd, int, level, int, name, char __user *, val, int __user *, ulen)
{
	struct socket *sock;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, name, val, ulen);
	else
		err = sock->ops->getsockopt ?
		      sock->ops->getsockopt(sock, level, name, val, ulen) : -EOPNOTSUPP;
	fdput(f);
	return err;
}
