// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interface requests on sockets: netdevice(7). Their device is the namespace's loopback.
 * Locks: rtnl_mutex for changes.
 */
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/loopback.h>
#include <net/net_namespace.h>
#include <uapi/linux/rtnetlink.h>
#include <uapi/linux/sockios.h>

struct ifreq {
	char name[IFNAMSIZ];
	union {
		struct sockaddr sa;
		struct sockaddr_in sin;
		short flags;
		int value;
		char name2[IFNAMSIZ];
		char room[24];
	};
};

struct ifconf {
	int len;
	struct ifreq __user *buf;
};

static bool names_loopback(struct ifreq *ifr)
{
	ifr->name[IFNAMSIZ - 1] = '\0';
	return !strcmp(ifr->name, LOOPBACK_NAME);
}

/* Labels of addresses ("lo:1") are not told apart from the device. */
static bool names_label(struct ifreq *ifr)
{
	ifr->name[IFNAMSIZ - 1] = '\0';
	ifr->name[strcspn(ifr->name, ":")] = '\0';
	return !strcmp(ifr->name, LOOPBACK_NAME);
}

/* ---- the device ---- */

/* Only devices with an address are listed. */
static int list_devices(struct net *net, struct ifconf __user *arg)
{
	struct ifreq ifr = { .name = LOOPBACK_NAME };
	struct ifaddr addr;
	struct ifconf ifc;
	unsigned int n;

	if (copy_from_user(&ifc, arg, sizeof(ifc)))
		return -EFAULT;
	for (n = 0; loopback_nth_addr(net, n, &addr); n++) {
		if (!ifc.buf)
			continue;
		if (ifc.len < (int)((n + 1) * sizeof(ifr)))
			break;
		ifr.sin = (struct sockaddr_in){ .sin_family = AF_INET,
						.sin_addr.s_addr = htonl(addr.addr) };
		if (copy_to_user(&ifc.buf[n], &ifr, sizeof(ifr)))
			return -EFAULT;
	}
	return put_user((int)(n * sizeof(ifr)), &arg->len);
}

static int get_property(const struct loopback *lo, unsigned int cmd, struct ifreq *ifr)
{
	switch (cmd) {
	case SIOCGIFFLAGS:
		ifr->flags = loopback_flags(lo);
		return 0;
	case SIOCGIFMETRIC:
		ifr->value = 0;
		return 0;
	case SIOCGIFMTU:
		ifr->value = READ_ONCE(lo->mtu);
		return 0;
	case SIOCGIFHWADDR:
		ifr->sa = (struct sockaddr){ .sa_family = ARPHRD_LOOPBACK };
		return 0;
	case SIOCGIFMAP:
		memset(ifr->room, 0, sizeof(ifr->room));
		return 0;
	case SIOCGIFINDEX:
		ifr->value = LOOPBACK_INDEX;
		return 0;
	case SIOCGIFTXQLEN:
		ifr->value = READ_ONCE(lo->txqlen);
		return 0;
	default:
		return -ENOTTY;
	}
}

static int set_property(struct net *net, unsigned int cmd, const struct ifreq *ifr)
{
	switch (cmd) {
	case SIOCSIFFLAGS:
		return loopback_change_flags(net, (unsigned short)ifr->flags, 0xffff);
	case SIOCSIFMTU:
		return loopback_set_mtu(net, ifr->value);
	case SIOCSIFTXQLEN:
		return loopback_set_txqlen(net, ifr->value);
	default:
		return -ENOTTY;
	}
}

static int change_device(struct net *net, unsigned int cmd, struct ifreq *ifr)
{
	int err;

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!names_loopback(ifr))
		return -ENODEV;
	mutex_lock(&rtnl_mutex);
	err = set_property(net, cmd, ifr);
	mutex_unlock(&rtnl_mutex);
	return err;
}

/**
 * dev_ioctl - a request that any socket takes
 * @arg: struct ifreq, for SIOCGIFCONF struct ifconf
 *
 * Context: may sleep.
 * Return: 0, -EFAULT, -ENODEV, -EPERM, -EINVAL (a value); -ENOTTY: another request.
 */
int dev_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct ifreq ifr;
	int err;

	if (cmd == SIOCGIFCONF)
		return list_devices(net, arg);
	if ((cmd >> 8) != 0x89)
		return -ENOTTY;
	if (copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	switch (cmd) {
	case SIOCGIFNAME:
		if (ifr.value != LOOPBACK_INDEX)
			return -ENODEV;
		strcpy(ifr.name, LOOPBACK_NAME);
		err = 0;
		break;
	case SIOCSIFFLAGS:
	case SIOCSIFMTU:
	case SIOCSIFTXQLEN:
		return change_device(net, cmd, &ifr);
	default:
		err = get_property(&net->lo, cmd, &ifr);
		if (!err && !names_label(&ifr))
			err = -ENODEV;
	}
	return err ?: copy_to_user(arg, &ifr, sizeof(ifr)) ? -EFAULT : 0;
}

/* ---- its address ---- */

/* The network part of an address before there were masks; -1: not for devices. */
static int class_prefix(u32 addr)
{
	if (!addr || !(addr & 0x80000000))
		return addr ? 8 : 0;
	if ((addr & 0xc0000000) == 0x80000000)
		return 16;
	return (addr & 0xe0000000) == 0xc0000000 ? 24 : -1;
}

static int get_addr(struct net *net, unsigned int cmd, struct ifreq *ifr)
{
	struct ifaddr a;
	u32 value;

	if (!names_label(ifr))
		return -ENODEV;
	if (!loopback_nth_addr(net, 0, &a))
		return -EADDRNOTAVAIL;
	value = cmd == SIOCGIFNETMASK ? prefix_mask(a.prefix) :
		cmd == SIOCGIFBRDADDR ? a.broadcast : a.addr;
	ifr->sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(value) };
	return 0;
}

/* Context: rtnl_mutex. The first address becomes @a. */
static int replace_addr(struct net *net, const struct ifaddr *old, const struct ifaddr *a)
{
	if (old->addr == a->addr && old->prefix == a->prefix)
		return 0;
	if (old->addr)
		loopback_del_addr(net, old);
	return a->addr ? loopback_add_addr(net, a) : 0;
}

/* Context: rtnl_mutex. */
static int set_addr(struct net *net, u32 addr)
{
	struct ifaddr old = { }, a = { .addr = addr, .prefix = class_prefix(addr) };

	if (class_prefix(addr) < 0)
		return -EINVAL;
	a.scope = addr >> 24 == 127 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	loopback_nth_addr(net, 0, &old);
	return old.addr == addr && addr ? 0 : replace_addr(net, &old, &a);
}

/* Context: rtnl_mutex. */
static int set_mask(struct net *net, u32 mask)
{
	unsigned int prefix = hweight64(mask);
	struct ifaddr old, a;

	if (mask != prefix_mask(prefix))
		return -EINVAL;
	if (!loopback_nth_addr(net, 0, &old))
		return -EADDRNOTAVAIL;
	a = old;
	a.prefix = prefix;
	return replace_addr(net, &old, &a);
}

static int change_addr(struct net *net, unsigned int cmd, struct ifreq *ifr)
{
	u32 value = ntohl(ifr->sin.sin_addr.s_addr);
	int err;

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (ifr->sin.sin_family != AF_INET)
		return -EINVAL;
	if (!names_label(ifr))
		return -ENODEV;
	mutex_lock(&rtnl_mutex);
	err = cmd == SIOCSIFADDR ? set_addr(net, value) : set_mask(net, value);
	mutex_unlock(&rtnl_mutex);
	return err;
}

/**
 * dev_addr_ioctl - a request about addresses, for sockets of IPv4
 *
 * Context: may sleep. Return: as dev_ioctl(); -EADDRNOTAVAIL: the device has none.
 */
int dev_addr_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct ifreq ifr;
	int err;

	if (copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
		err = get_addr(net, cmd, &ifr);
		return err ?: copy_to_user(arg, &ifr, sizeof(ifr)) ? -EFAULT : 0;
	case SIOCSIFADDR:
	case SIOCSIFNETMASK:
		return change_addr(net, cmd, &ifr);
	default:
		return -ENOTTY;
	}
}
