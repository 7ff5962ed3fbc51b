/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of net/ only. */
#ifndef _NET_INTERNAL_H
#define _NET_INTERNAL_H

#include <linux/file.h>
#include <linux/net.h>

/* Look up a descriptor. Return: NULL with *@err = -EBADF or -ENOTSOCK; else fdput(*@f) is due. */
struct socket *sockfd_lookup(int fd, struct fd *f, int *err);
struct socket *sock_alloc(int type);
void sock_discard(struct socket *sock);
/* Give @sock its file; on failure @sock is discarded. */
struct file *sock_alloc_file(struct socket *sock, int flags);
int sock_create(int family, int type, int protocol, struct socket **res);

int move_addr_to_kernel(void __user *uaddr, int len, struct sockaddr_storage *addr);
int move_addr_to_user(const struct sockaddr_storage *addr, int len, void __user *uaddr,
		      int __user *ulen);

ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg);
ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);

#endif
