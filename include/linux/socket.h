/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and structures of the socket calls; struct msghdr is the kernel's view of a message. */
#ifndef _LINUX_SOCKET_H_K
#define _LINUX_SOCKET_H_K

#include <linux/types.h>
#include <linux/uio.h>
#include <uapi/linux/socket.h>
#include <uapi/asm/socket.h>

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_PACKET	17
#define AF_MAX		46
#define PF_UNIX		AF_UNIX

#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_SEQPACKET	5
#define SOCK_MAX	11
#define SOCK_TYPE_MASK	0xf

#define SOCK_CLOEXEC	O_CLOEXEC
#define SOCK_NONBLOCK	O_NONBLOCK

#define MSG_OOB			0x1
#define MSG_PEEK		0x2
#define MSG_DONTROUTE		0x4
#define MSG_CTRUNC		0x8
#define MSG_TRUNC		0x20
#define MSG_DONTWAIT		0x40
#define MSG_EOR			0x80
#define MSG_WAITALL		0x100
#define MSG_CONFIRM		0x800
#define MSG_ERRQUEUE		0x2000
#define MSG_NOSIGNAL		0x4000
#define MSG_MORE		0x8000
#define MSG_WAITFORONE		0x10000
#define MSG_CMSG_CLOEXEC	0x40000000

#define SCM_RIGHTS		1
#define SCM_CREDENTIALS		2
#define SOL_NETLINK		270

#define SCM_MAX_FD		253	/* descriptors in one message */

#define SOMAXCONN		4096

#define SHUT_RD			0
#define SHUT_WR			1
#define SHUT_RDWR		2

typedef __kernel_sa_family_t sa_family_t;

#define sockaddr_storage	__kernel_sockaddr_storage

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct linger {
	int l_onoff;
	int l_linger;
};

struct ucred {
	u32 pid;
	u32 uid;
	u32 gid;
};

struct cmsghdr {
	size_t cmsg_len;	/* with this header */
	int cmsg_level;
	int cmsg_type;
};

#define CMSG_ALIGN(len)		(((len) + sizeof(long) - 1) & ~(sizeof(long) - 1))
#define CMSG_SPACE(len)		(sizeof(struct cmsghdr) + CMSG_ALIGN(len))
#define CMSG_LEN(len)		(sizeof(struct cmsghdr) + (len))

/* sendmsg() and recvmsg() as user space sees them. */
struct user_msghdr {
	void __user *msg_name;
	int msg_namelen;
	struct iovec __user *msg_iov;
	size_t msg_iovlen;
	void __user *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags;
};

struct mmsghdr {
	struct user_msghdr msg_hdr;
	unsigned int msg_len;
};

/* One message on its way. */
struct msghdr {
	void *msg_name;			/* address, in the kernel; NULL: not wanted */
	int msg_namelen;
	unsigned int msg_flags;
	struct iov_iter msg_iter;
	union {
		void *msg_control;		/* sending: a copy */
		void __user *msg_control_user;	/* receiving: what is left of the buffer */
	};
	size_t msg_controllen;
};

#endif
