// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls that send and receive. User memory is read before the protocol is asked:
 * address and control data are copies, the data are an iterator.
 * Locks: none.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/sock.h>
#include "internal.h"

#define FAST_IOV	8
#define CONTROL_MAX	20480		/* of one message: net.core.optmem_max */
#define CONTROL_FAST	64

ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	return sock->ops->sendmsg(sock, msg, iov_iter_count(&msg->msg_iter));
}

ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	return sock->ops->recvmsg(sock, msg, iov_iter_count(&msg->msg_iter), flags);
}

static unsigned int file_msg_flags(const struct socket *sock)
{
	return sock->file->f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

/* ---- one buffer ---- */

static ssize_t do_sendto(struct socket *sock, void __user *buf, size_t len, unsigned int flags,
			 void __user *uaddr, int addr_len)
{
	struct sockaddr_storage addr;
	struct msghdr msg = { .msg_flags = flags | file_msg_flags(sock) };
	int err = import_ubuf(ITER_SOURCE, buf, len, &msg.msg_iter);

	if (err)
		return err;
	if (uaddr) {
		err = move_addr_to_kernel(uaddr, addr_len, &addr);
		if (err)
			return err;
		msg.msg_name = &addr;
		msg.msg_namelen = addr_len;
	}
	return sock_sendmsg(sock, &msg);
}

SYSCALL_DEFINE6(sendto, int, fd, void __user *, buf, size_t, len, unsigned int, flags,
		struct sockaddr __user *, uaddr, int, addr_len)
{
	struct socket *sock;
	struct fd f;
	ssize_t ret;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	ret = do_sendto(sock, buf, len, flags, uaddr, addr_len);
	fdput(f);
	return ret;
}

static ssize_t do_recvfrom(struct socket *sock, void __user *buf, size_t len, unsigned int flags,
			   void __user *uaddr, int __user *ulen)
{
	struct sockaddr_storage addr;
	struct msghdr msg = { .msg_name = uaddr ? &addr : NULL };
	ssize_t ret = import_ubuf(ITER_DEST, buf, len, &msg.msg_iter);
	int err;

	if (ret)
		return ret;
	ret = sock_recvmsg(sock, &msg, flags | file_msg_flags(sock));
	if (ret >= 0 && uaddr) {
		err = move_addr_to_user(&addr, msg.msg_namelen, uaddr, ulen);
		if (err)
			return err;
	}
	return ret;
}

SYSCALL_DEFINE6(recvfrom, int, fd, void __user *, buf, size_t, len, unsigned int, flags,
		struct sockaddr __user *, uaddr, int __user *, ulen)
{
	struct socket *sock;
	struct fd f;
	ssize_t ret;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	ret = do_recvfrom(sock, buf, len, flags, uaddr, ulen);
	fdput(f);
	return ret;
}

/* ---- msghdr ---- */

/* A call's own copies, on its stack. */
struct msg_buffers {
	struct user_msghdr user;
	struct sockaddr_storage addr;
	struct iovec fast_iov[FAST_IOV];
	struct iovec *iov;		/* to be freed, or NULL */
	char fast_control[CONTROL_FAST] __aligned(8);
	void *control;			/* to be freed, or NULL */
};

static int get_msghdr(struct msg_buffers *b, struct msghdr *msg, struct user_msghdr __user *umsg,
		      bool source)
{
	ssize_t bytes;

	if (copy_from_user(&b->user, umsg, sizeof(b->user)))
		return -EFAULT;
	if (!b->user.msg_name)
		b->user.msg_namelen = 0;
	if (b->user.msg_namelen < 0)
		return -EINVAL;
	if (b->user.msg_namelen > sizeof(b->addr))
		b->user.msg_namelen = sizeof(b->addr);
	if (source && b->user.msg_namelen) {
		if (move_addr_to_kernel(b->user.msg_name, b->user.msg_namelen, &b->addr))
			return -EFAULT;
		msg->msg_name = &b->addr;
		msg->msg_namelen = b->user.msg_namelen;
	} else if (!source) {
		msg->msg_name = b->user.msg_name ? &b->addr : NULL;
	}
	if (b->user.msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	b->iov = b->fast_iov;
	bytes = import_iovec(source, b->user.msg_iov, b->user.msg_iovlen, FAST_IOV, &b->iov,
			     &msg->msg_iter);
	return bytes < 0 ? bytes : 0;
}

static int get_control(struct msg_buffers *b, struct msghdr *msg)
{
	size_t len = b->user.msg_controllen;
	void *to = b->fast_control;

	if (!b->user.msg_control || !len)
		return len > INT_MAX ? -ENOBUFS : 0;
	if (len > CONTROL_MAX)
		return -ENOBUFS;
	if (len > sizeof(b->fast_control)) {
		to = b->control = kmalloc(len, GFP_KERNEL);
		if (!to)
			return -ENOBUFS;
	}
	msg->msg_control = to;
	msg->msg_controllen = len;
	return copy_from_user(to, b->user.msg_control, len) ? -EFAULT : 0;
}

static void free_buffers(struct msg_buffers *b)
{
	if (b->iov != b->fast_iov)
		kfree(b->iov);
	kfree(b->control);
}

static ssize_t do_sendmsg(struct socket *sock, struct user_msghdr __user *umsg,
			  unsigned int flags)
{
	struct msg_buffers b;
	struct msghdr msg = { };
	ssize_t ret;

	b.iov = NULL;
	b.control = NULL;
	ret = get_msghdr(&b, &msg, umsg, ITER_SOURCE);
	if (!ret) {
		ret = get_control(&b, &msg);
		msg.msg_flags = flags | file_msg_flags(sock);
		if (!ret)
			ret = sock_sendmsg(sock, &msg);
		free_buffers(&b);
	}
	return ret;
}

static int put_msghdr(const struct msg_buffers *b, const struct msghdr *msg,
		      struct user_msghdr __user *umsg)
{
	int err = 0;

	if (b->user.msg_name)
		err = move_addr_to_user(&b->addr, msg->msg_namelen, b->user.msg_name,
					&umsg->msg_namelen);
	return err ?: put_user(msg->msg_flags & ~MSG_CMSG_CLOEXEC, &umsg->msg_flags) ?:
	       put_user(b->user.msg_controllen - msg->msg_controllen, &umsg->msg_controllen);
}

static ssize_t do_recvmsg(struct socket *sock, struct user_msghdr __user *umsg,
			  unsigned int flags)
{
	struct msg_buffers b;
	struct msghdr msg = { };
	ssize_t ret;
	int err;

	b.iov = NULL;
	b.control = NULL;
	ret = get_msghdr(&b, &msg, umsg, ITER_DEST);
	if (ret)
		return ret;
	msg.msg_control_user = b.user.msg_control;
	msg.msg_controllen = b.user.msg_controllen;
	msg.msg_flags = flags & MSG_CMSG_CLOEXEC;
	ret = sock_recvmsg(sock, &msg, flags | file_msg_flags(sock));
	if (ret >= 0) {
		err = put_msghdr(&b, &msg, umsg);
		if (err)
			ret = err;
	}
	free_buffers(&b);
	return ret;
}

SYSCALL_DEFINE3(sendmsg, int, fd, struct user_msghdr __user *, umsg, unsigned int, flags)
{
	struct socket *sock;
	struct fd f;
	ssize_t ret;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	ret = do_sendmsg(sock, umsg, flags);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE3(recvmsg, int, fd, struct user_msghdr __user *, umsg, unsigned int, flags)
{
	struct socket *sock;
	struct fd f;
	ssize_t ret;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	ret = do_recvmsg(sock, umsg, flags);
	fdput(f);
	return ret;
}

/* ---- many messages ---- */

/* Return: messages sent, or the error of the first. */
SYSCALL_DEFINE4(sendmmsg, int, fd, struct mmsghdr __user *, vec, unsigned int, vlen,
		unsigned int, flags)
{
	struct socket *sock;
	unsigned int n;
	ssize_t ret = 0;
	struct fd f;
	int err;

	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	vlen = min(vlen, (unsigned int)UIO_MAXIOV);
	for (n = 0; n < vlen; n++) {
		ret = do_sendmsg(sock, &vec[n].msg_hdr, flags);
		if (ret >= 0)
			ret = put_user(ret, &vec[n].msg_len);
		if (ret < 0)
			break;
		if (signal_pending(current)) {
			n++;
			break;
		}
		cond_resched();
	}
	fdput(f);
	return n ?: ret;
}

/* The messages up to the deadline. Return: how many, or the error of the first. */
static long recv_many(struct socket *sock, struct mmsghdr __user *vec, unsigned int vlen,
		      unsigned int flags, const ktime_t *deadline)
{
	bool wait_for_one = flags & MSG_WAITFORONE;
	ssize_t ret = sock_error(sock->sk);
	unsigned int n = 0;

	flags &= ~MSG_WAITFORONE;
	while (!ret && n < vlen) {
		ret = do_recvmsg(sock, &vec[n].msg_hdr, flags);
		if (ret >= 0)
			ret = put_user(ret, &vec[n].msg_len);
		if (ret)
			break;
		n++;
		if (wait_for_one)
			flags |= MSG_DONTWAIT;
		if (deadline && ktime_get() >= *deadline)
			break;
		cond_resched();
	}
	if (n && ret < 0 && ret != -EAGAIN)
		WRITE_ONCE(sock->sk->err, -ret);	/* for the next call */
	return n ?: ret;
}

SYSCALL_DEFINE5(recvmmsg, int, fd, struct mmsghdr __user *, vec, unsigned int, vlen,
		unsigned int, flags, struct __kernel_timespec __user *, timeout)
{
	struct __kernel_timespec ts;
	struct socket *sock;
	ktime_t deadline, left;
	struct fd f;
	long ret;
	int err;

	if (timeout) {
		if (copy_from_user(&ts, timeout, sizeof(ts)))
			return -EFAULT;
		if (ts.tv_sec < 0 || (u64)ts.tv_nsec >= NSEC_PER_SEC)
			return -EINVAL;
		deadline = ktime_add_safe(ktime_get(), ktime_set(ts.tv_sec, ts.tv_nsec));
	}
	sock = sockfd_lookup(fd, &f, &err);
	if (!sock)
		return err;
	ret = recv_many(sock, vec, min(vlen, (unsigned int)UIO_MAXIOV), flags,
			timeout ? &deadline : NULL);
	fdput(f);
	if (timeout && ret > 0) {
		left = max(deadline - ktime_get(), (ktime_t)0);
		ts.tv_sec = left / NSEC_PER_SEC;
		ts.tv_nsec = left % NSEC_PER_SEC;
		if (copy_to_user(timeout, &ts, sizeof(ts)))
			return -EFAULT;
	}
	return ret;
}
