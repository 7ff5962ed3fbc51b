// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loopback device: flags, IPv4 addresses and what follows from them for routing. An address
 * makes its whole subnet local, as always on a device of this kind.
 * Locks: rtnl_mutex for changes; lo->lock for the list of addresses, whoever reads it.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/loopback.h>
#include <net/net_namespace.h>
#include <uapi/linux/rtnetlink.h>

/* What may be set besides IFF_UP; nothing but their being shown depends on them. */
#define SETTABLE	(IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP | IFF_DYNAMIC | IFF_MULTICAST |	\
			 IFF_PORTSEL | IFF_AUTOMEDIA | IFF_PROMISC | IFF_ALLMULTI)

DEFINE_MUTEX(rtnl_mutex);

void loopback_init(struct loopback *lo)
{
	lo->flags = IFF_LOOPBACK;
	lo->mtu = LOOPBACK_MTU;
	lo->txqlen = LOOPBACK_QLEN;
	spin_lock_init(&lo->lock);
	INIT_LIST_HEAD(&lo->addrs);
}

/* Nobody uses it any more. */
void loopback_free(struct loopback *lo)
{
	struct ifaddr *a, *next;

	list_for_each_entry_safe(a, next, &lo->addrs, link)
		kfree(a);
}

unsigned int loopback_flags(const struct loopback *lo)
{
	unsigned int flags = READ_ONCE(lo->flags);

	return flags & IFF_UP ? flags | IFF_RUNNING | IFF_LOWER_UP : flags;
}

/* ---- addresses ---- */

static bool same_subnet(const struct ifaddr *a, u32 addr)
{
	return !((a->addr ^ addr) & prefix_mask(a->prefix));
}

static bool same_addr(const struct ifaddr *a, const struct ifaddr *b)
{
	return a->addr == b->addr && a->prefix == b->prefix;
}

/* Context: rtnl_mutex. */
static struct ifaddr *find_addr(struct loopback *lo, const struct ifaddr *addr)
{
	struct ifaddr *a;

	list_for_each_entry(a, &lo->addrs, link)
		if (same_addr(a, addr))
			return a;
	return NULL;
}

/**
 * loopback_add_addr - give the device one more address
 * @addr: copied; whether it is secondary is found out
 *
 * Context: rtnl_mutex; may sleep. Return: 0, -EEXIST, -ENOMEM.
 */
int loopback_add_addr(struct net *net, const struct ifaddr *addr)
{
	struct loopback *lo = &net->lo;
	struct list_head *place = &lo->addrs;	/* behind the narrower ones */
	struct ifaddr *new, *a;

	ASSERT(mutex_is_locked(&rtnl_mutex));
	if (find_addr(lo, addr))
		return -EEXIST;
	new = kmemdup(addr, sizeof(*addr), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->secondary = false;
	spin_lock(&lo->lock);
	list_for_each_entry(a, &lo->addrs, link) {
		if (a->prefix == new->prefix && same_subnet(a, new->addr))
			new->secondary = true;
		if (!a->secondary && a->scope >= new->scope)
			place = &a->link;
	}
	list_add(&new->link, new->secondary ? lo->addrs.prev : place);
	spin_unlock(&lo->lock);
	rtnl_addr_changed(net, new, true);
	return 0;
}

static void remove_addr(struct net *net, struct ifaddr *a)
{
	spin_lock(&net->lo.lock);
	list_del(&a->link);
	spin_unlock(&net->lo.lock);
	rtnl_addr_changed(net, a, false);
	kfree(a);
}

/**
 * loopback_del_addr - take an address away; with a subnet's first go the others of it
 * @addr: its addr and prefix
 *
 * Context: rtnl_mutex. Return: 0 or -EADDRNOTAVAIL.
 */
int loopback_del_addr(struct net *net, const struct ifaddr *addr)
{
	struct ifaddr *a = find_addr(&net->lo, addr), *b, *next;

	if (!a)
		return -EADDRNOTAVAIL;
	if (!a->secondary)
		list_for_each_entry_safe(b, next, &net->lo.addrs, link)
			if (b->secondary && b->prefix == a->prefix && same_subnet(a, b->addr))
				remove_addr(net, b);
	remove_addr(net, a);
	return 0;
}

bool loopback_nth_addr(struct net *net, unsigned int n, struct ifaddr *addr)
{
	struct ifaddr *a;
	bool found = false;

	spin_lock(&net->lo.lock);
	list_for_each_entry(a, &net->lo.addrs, link) {
		if (n--)
			continue;
		*addr = *a;
		found = true;
		break;
	}
	spin_unlock(&net->lo.lock);
	return found;
}

bool loopback_route(struct net *net, u32 dst, u32 *src)
{
	const struct ifaddr *best = NULL;
	struct ifaddr *a;

	spin_lock(&net->lo.lock);
	list_for_each_entry(a, &net->lo.addrs, link)
		if (!a->secondary && same_subnet(a, dst) && (!best || a->prefix > best->prefix))
			best = a;
	if (best)
		*src = best->addr;
	spin_unlock(&net->lo.lock);
	return best;
}

bool loopback_is_local(struct net *net, u32 addr)
{
	u32 src;

	return loopback_route(net, addr, &src) && !loopback_is_broadcast(net, addr);
}

bool loopback_is_broadcast(struct net *net, u32 addr)
{
	struct ifaddr *a;
	bool is = false;

	spin_lock(&net->lo.lock);
	list_for_each_entry(a, &net->lo.addrs, link)
		if ((a->broadcast && addr == a->broadcast) ||
		    (a->prefix < 31 && addr == (a->addr | ~prefix_mask(a->prefix))))
			is = true;
	spin_unlock(&net->lo.lock);
	return is && loopback_is_up(&net->lo);
}

/* ---- flags ---- */

/* The device gets the address that everybody expects there, unless it has it. */
static void add_localhost(struct net *net)
{
	const struct ifaddr localhost = {
		.addr = INADDR_LOOPBACK, .prefix = 8, .scope = RT_SCOPE_HOST,
	};

	loopback_add_addr(net, &localhost);
}

/**
 * loopback_change_flags - set the flags in @mask to those of @flags
 *
 * Flags that cannot be set are left as they are, as on Linux.
 * Context: rtnl_mutex; may sleep. Return: 0.
 */
int loopback_change_flags(struct net *net, unsigned int flags, unsigned int mask)
{
	struct loopback *lo = &net->lo;
	unsigned int old = lo->flags;

	ASSERT(mutex_is_locked(&rtnl_mutex));
	mask &= SETTABLE | IFF_UP;
	WRITE_ONCE(lo->flags, (old & ~mask) | (flags & mask));
	if ((lo->flags & ~old) & IFF_UP)
		lo->was_up = true;
	if (lo->flags != old)
		rtnl_link_changed(net);
	if ((lo->flags & ~old) & IFF_UP)
		add_localhost(net);
	return 0;
}

int loopback_set_mtu(struct net *net, int mtu)
{
	if (mtu < 0)
		return -EINVAL;
	if (net->lo.mtu == (unsigned int)mtu)
		return 0;
	WRITE_ONCE(net->lo.mtu, mtu);
	rtnl_link_changed(net);
	return 0;
}

int loopback_set_txqlen(struct net *net, int len)
{
	if (len < 0)
		return -EINVAL;
	WRITE_ONCE(net->lo.txqlen, len);
	rtnl_link_changed(net);
	return 0;
}
