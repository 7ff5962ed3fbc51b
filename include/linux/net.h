/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct socket: what a descriptor of a socket stands for (net/socket.c), and the operations that
 * a protocol family gives it. The protocol's own half is struct sock (<net/sock.h>).
 */
#ifndef _LINUX_NET_H_K
#define _LINUX_NET_H_K

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/socket.h>

struct net;
struct proto_ops;
struct sock;

/*
 * Locks: [I] immutable once the file exists
 */
struct socket {
	short type;			/* [I] SOCK_* */
	const struct proto_ops *ops;	/* [I] */
	struct file *file;		/* [I] not counted: the file owns us */
	struct inode *inode;		/* [I] the file's */
	struct sock *sk;		/* [I] holds a reference */
};

/* All run in task context and may sleep; addresses are in the kernel and @len bytes long. */
struct proto_ops {
	int family;
	void (*release)(struct socket *sock);
	int (*bind)(struct socket *sock, struct sockaddr_storage *addr, int len);
	int (*connect)(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
	int (*socketpair)(struct socket *a, struct socket *b);
	/* @newsock has its type and ops, and no sk yet; @flags: O_NONBLOCK */
	int (*accept)(struct socket *sock, struct socket *newsock, int flags);
	int (*listen)(struct socket *sock, int backlog);
	int (*shutdown)(struct socket *sock, int how);
	/* @peer 1: the peer's; 2: that of a connection being accepted. Return: its length */
	int (*getname)(struct socket *sock, struct sockaddr_storage *addr, int peer);
	__poll_t (*poll)(struct file *file, struct socket *sock, poll_table *pt);
	/* -ENOIOCTLCMD: not mine */
	int (*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);
	/* Return: bytes; @flags: MSG_*, also for msg->msg_flags on sending */
	ssize_t (*sendmsg)(struct socket *sock, struct msghdr *msg, size_t len);
	ssize_t (*recvmsg)(struct socket *sock, struct msghdr *msg, size_t len, int flags);
	int (*set_peek_off)(struct sock *sk, int offset);
	/* Options of the protocol's own levels. NULL: there are none. */
	int (*setsockopt)(struct socket *sock, int level, int name, const void __user *val,
			  int len);
	int (*getsockopt)(struct socket *sock, int level, int name, void __user *val,
			  int __user *ulen);
};

struct net_proto_family {
	int family;
	/* set sock->ops and sock->sk; @sock has its type */
	int (*create)(struct net *net, struct socket *sock, int protocol);
};

void sock_register(const struct net_proto_family *family);
bool file_is_socket(const struct file *file);
/* Return: the socket behind @file, or NULL with *@err = -ENOTSOCK. */
struct socket *sock_from_file(struct file *file);

#endif
