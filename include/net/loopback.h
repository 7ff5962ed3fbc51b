/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one device of a network namespace, "lo": its flags, its IPv4 addresses, and which addresses
 * can be reached through it. IPv4 addresses are in host byte order here.
 */
#ifndef _NET_LOOPBACK_H
#define _NET_LOOPBACK_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct net;

/* <linux/if.h>, if_arp.h and ifreq cannot be had without a libc. */
#define IFNAMSIZ	16
#define IFF_UP		0x1
#define IFF_BROADCAST	0x2
#define IFF_DEBUG	0x4
#define IFF_LOOPBACK	0x8
#define IFF_NOTRAILERS	0x20
#define IFF_RUNNING	0x40
#define IFF_NOARP	0x80
#define IFF_PROMISC	0x100
#define IFF_ALLMULTI	0x200
#define IFF_MULTICAST	0x1000
#define IFF_PORTSEL	0x2000
#define IFF_AUTOMEDIA	0x4000
#define IFF_DYNAMIC	0x8000
#define IFF_LOWER_UP	0x10000
#define IF_OPER_UNKNOWN	0
#define IF_OPER_DOWN	2
#define ARPHRD_LOOPBACK	772

#define LOOPBACK_INDEX	1
#define LOOPBACK_NAME	"lo"
#define LOOPBACK_MTU	65536
#define LOOPBACK_QLEN	1000

/* One IPv4 address. [A] all of it */
struct ifaddr {
	struct list_head link;
	u32 addr, broadcast;		/* broadcast 0: none */
	u8 prefix;			/* bits */
	u8 scope;			/* RT_SCOPE_* */
	bool secondary;			/* another was first in its subnet */
};

/*
 * Locks: [R] rtnl_mutex to write, words read without   [A] lock to read; rtnl_mutex too to write
 *        [a] atomic
 */
struct loopback {
	unsigned int flags;		/* [R] IFF_*, those that can be set and IFF_LOOPBACK */
	bool was_up;			/* [R] its queue was never needed before that */
	unsigned int mtu, txqlen;	/* [R] */
	spinlock_t lock;
	struct list_head addrs;		/* [A] ifaddr: narrow scopes first, secondaries last */
	atomic64_t packets, bytes;	/* [a] handed over; sent and received are the same */
};

extern struct mutex rtnl_mutex;

void loopback_init(struct loopback *lo);
void loopback_free(struct loopback *lo);

/* As user space sees them, with IFF_RUNNING and IFF_LOWER_UP. */
unsigned int loopback_flags(const struct loopback *lo);

static inline bool loopback_is_up(const struct loopback *lo)
{
	return READ_ONCE(lo->flags) & IFF_UP;
}

/* Count one packet of @len bytes below the Ethernet header. */
static inline void loopback_count(struct loopback *lo, size_t len)
{
	atomic64_inc(&lo->packets);
	atomic64_add(len + 14, &lo->bytes);
}

/* Changes. Context: rtnl_mutex; may sleep. They tell those who listen. */
int loopback_change_flags(struct net *net, unsigned int flags, unsigned int mask);
int loopback_set_mtu(struct net *net, int mtu);
int loopback_set_txqlen(struct net *net, int len);
int loopback_add_addr(struct net *net, const struct ifaddr *addr);
int loopback_del_addr(struct net *net, const struct ifaddr *addr);

/* The @n-th address copied into *@addr. */
bool loopback_nth_addr(struct net *net, unsigned int n, struct ifaddr *addr);
/* Can @dst be reached? @src is then the address that its packets bear. */
bool loopback_route(struct net *net, u32 dst, u32 *src);
bool loopback_is_local(struct net *net, u32 addr);
bool loopback_is_broadcast(struct net *net, u32 addr);

/* net/core/dev_ioctl.c: SIOC[GS]IF*; -ENOTTY: no such */
int dev_ioctl(struct net *net, unsigned int cmd, void __user *arg);
/* those of IPv4 addresses */
int dev_addr_ioctl(struct net *net, unsigned int cmd, void __user *arg);

/* net/netlink: tell those who listen that something changed */
void rtnl_link_changed(struct net *net);
void rtnl_addr_changed(struct net *net, const struct ifaddr *addr, bool added);

#endif
