// SPDX-License-Identifier: GPL-2.0-only
/*
 * NETLINK_ROUTE: who asks what, and the links, of which each namespace has one (rtnetlink(7)).
 * Addresses and routes are in rtnl_addr.c; all else is refused.
 * Locks: rtnl_mutex for changes.
 */
#include <linux/capability.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/loopback.h>
#include <net/net_namespace.h>
#include "attr.h"
#include "netlink.h"

#define GSO_SIZE	65536
#define GSO_SEGS	65535
#define TSO_SIZE	524280
#define UNIX_NAME_LEN	128		/* of an alternative name */

/* ---- a link ---- */

static void put_stats(struct nl_msg *m, const struct loopback *lo)
{
	u64 bytes = atomic64_read(&lo->bytes), packets = atomic64_read(&lo->packets);
	struct rtnl_link_stats64 stats = {
		.rx_packets = packets, .tx_packets = packets, .rx_bytes = bytes, .tx_bytes = bytes,
	};
	struct rtnl_link_stats old = {
		.rx_packets = packets, .tx_packets = packets, .rx_bytes = bytes, .tx_bytes = bytes,
	};

	nl_put(m, IFLA_STATS64, &stats, sizeof(stats));
	nl_put(m, IFLA_STATS, &old, sizeof(old));
}

static void put_limits(struct nl_msg *m)
{
	nl_put_u32(m, IFLA_MIN_MTU, 0);
	nl_put_u32(m, IFLA_MAX_MTU, 0);
	nl_put_u32(m, IFLA_NUM_TX_QUEUES, 1);
	nl_put_u32(m, IFLA_GSO_MAX_SEGS, GSO_SEGS);
	nl_put_u32(m, IFLA_GSO_MAX_SIZE, GSO_SIZE);
	nl_put_u32(m, IFLA_GRO_MAX_SIZE, GSO_SIZE);
	nl_put_u32(m, IFLA_TSO_MAX_SIZE, TSO_SIZE);
	nl_put_u32(m, IFLA_TSO_MAX_SEGS, GSO_SEGS);
	nl_put_u32(m, IFLA_NUM_RX_QUEUES, 1);
}

static void put_link(struct nl_msg *m, const struct loopback *lo)
{
	static const u8 address[6];
	unsigned int flags = loopback_flags(lo);
	bool up = flags & IFF_UP;

	nl_put_string(m, IFLA_IFNAME, LOOPBACK_NAME);
	nl_put_u32(m, IFLA_TXQLEN, READ_ONCE(lo->txqlen));
	nl_put_u8(m, IFLA_OPERSTATE, up ? IF_OPER_UNKNOWN : IF_OPER_DOWN);
	nl_put_u8(m, IFLA_LINKMODE, 0);
	nl_put_u32(m, IFLA_MTU, READ_ONCE(lo->mtu));
	nl_put_u32(m, IFLA_GROUP, 0);
	nl_put_u32(m, IFLA_PROMISCUITY, !!(flags & IFF_PROMISC));
	nl_put_u32(m, IFLA_ALLMULTI, !!(flags & IFF_ALLMULTI));
	put_limits(m);
	nl_put_u8(m, IFLA_CARRIER, 1);
	nl_put_u32(m, IFLA_CARRIER_CHANGES, 0);
	nl_put_string(m, IFLA_QDISC, READ_ONCE(lo->was_up) ? "noqueue" : "noop");
	nl_put(m, IFLA_ADDRESS, address, sizeof(address));
	nl_put(m, IFLA_BROADCAST, address, sizeof(address));
	put_stats(m, lo);
}

static void build_link(struct nl_msg *m, const struct loopback *lo, u16 flags, u32 seq, u32 portid,
		       unsigned int change)
{
	struct ifinfomsg *info = nl_begin(m, RTM_NEWLINK, flags, seq, portid, sizeof(*info));

	info->ifi_type = ARPHRD_LOOPBACK;
	info->ifi_index = LOOPBACK_INDEX;
	info->ifi_flags = loopback_flags(lo);
	info->ifi_change = change;
	put_link(m, lo);
}

/* Context: rtnl_mutex. Without memory those who listen hear nothing, as when they are slow. */
void rtnl_link_changed(struct net *net)
{
	struct nl_msg *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return;
	build_link(m, &net->lo, 0, 0, 0, ~0u);
	netlink_broadcast(net, NETLINK_ROUTE, RTNLGRP_LINK, m, m->nlh.nlmsg_len);
	kfree(m);
}

static int send_link(struct netlink_sock *to, const struct nlmsghdr *request, u16 flags)
{
	struct nl_msg *m = kmalloc(sizeof(*m), GFP_KERNEL);
	int err;

	if (!m)
		return -ENOBUFS;
	build_link(m, &netlink_net(to)->lo, flags, request->nlmsg_seq, to->portid, 0);
	err = netlink_reply(to, m, m->nlh.nlmsg_len);
	kfree(m);
	return err;
}

/* Which link a request means. Return: 0, -ENODEV, -EINVAL (it does not say). */
static int which_link(const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *info = NLMSG_DATA(nlh);
	char name[UNIX_NAME_LEN];

	if (info->ifi_index)
		return info->ifi_index == LOOPBACK_INDEX ? 0 : -ENODEV;
	if (!nl_find_string(nlh, sizeof(*info), IFLA_IFNAME, name, sizeof(name)) &&
	    !nl_find_string(nlh, sizeof(*info), IFLA_ALT_IFNAME, name, sizeof(name)))
		return -EINVAL;
	return strcmp(name, LOOPBACK_NAME) ? -ENODEV : 0;
}

static int get_link(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump)
{
	int err;

	if (dump)
		return send_link(from, nlh, NLM_F_MULTI);
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return -EINVAL;
	err = which_link(nlh);
	return err ?: send_link(from, nlh, 0);
}

/* ---- changing it ---- */

/* What can be set; anything else that is asked for cannot. */
static bool is_settable(const struct nlmsghdr *nlh)
{
	static const u16 refused[] = {
		IFLA_LINKINFO, IFLA_ADDRESS, IFLA_MASTER, IFLA_NET_NS_PID, IFLA_NET_NS_FD,
		IFLA_IFALIAS, IFLA_GROUP, IFLA_LINK, IFLA_XDP, IFLA_PROTO_DOWN,
	};
	const struct ifinfomsg *info = NLMSG_DATA(nlh);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++)
		if (nl_find(nlh, sizeof(*info), refused[i], 0))
			return false;
	/* A name beside a number is a new name. */
	return !(info->ifi_index && nl_find(nlh, sizeof(*info), IFLA_IFNAME, 1));
}

/* Context: rtnl_mutex. */
static int change_link(struct net *net, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *info = NLMSG_DATA(nlh);
	const u32 *mtu = nl_find(nlh, sizeof(*info), IFLA_MTU, sizeof(u32));
	const u32 *qlen = nl_find(nlh, sizeof(*info), IFLA_TXQLEN, sizeof(u32));
	unsigned int mask = info->ifi_change ?: ~0u;
	int err = 0;

	if (mtu)
		err = loopback_set_mtu(net, *mtu);
	if (!err && qlen)
		err = loopback_set_txqlen(net, *qlen);
	if (!err && (info->ifi_flags || info->ifi_change))
		err = loopback_change_flags(net, info->ifi_flags, mask);
	return err;
}

static int set_link(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	int err;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return -EINVAL;
	err = which_link(nlh);
	if (err && nlh->nlmsg_type == RTM_NEWLINK)
		err = -ENODEV;
	if (err && nlh->nlmsg_type == RTM_NEWLINK && (nlh->nlmsg_flags & NLM_F_CREATE)) {
		netlink_ext_ack(from, "Unknown device type");
		return -EOPNOTSUPP;
	}
	if (!err && (nlh->nlmsg_flags & NLM_F_EXCL))
		return -EEXIST;
	if (!err && !is_settable(nlh))
		err = -EOPNOTSUPP;
	if (err)
		return err;
	mutex_lock(&rtnl_mutex);
	err = change_link(netlink_net(from), nlh);
	mutex_unlock(&rtnl_mutex);
	return err;
}

/* ---- requests ---- */

static int send_done(struct netlink_sock *to, const struct nlmsghdr *request)
{
	struct {
		struct nlmsghdr nlh;
		int error;
	} done = {
		.nlh = {
			.nlmsg_len = sizeof(done),
			.nlmsg_type = NLMSG_DONE,
			.nlmsg_flags = NLM_F_MULTI,
			.nlmsg_seq = request->nlmsg_seq,
			.nlmsg_pid = to->portid,
		},
	};

	return netlink_reply(to, &done, sizeof(done));
}

/* Lists of what is never there are empty. */
static int answer(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump)
{
	switch (nlh->nlmsg_type) {
	case RTM_GETLINK:
		return get_link(from, nlh, dump);
	case RTM_GETADDR:
		return rtnl_get_addr(from, nlh, dump);
	case RTM_GETROUTE:
		return rtnl_get_route(from, nlh, dump);
	case RTM_GETNEIGH:
		return dump ? 0 : -EOPNOTSUPP;
	default:
		return -EOPNOTSUPP;
	}
}

static int change(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_SETLINK:
		return set_link(from, nlh);
	case RTM_NEWADDR:
		return rtnl_new_addr(from, nlh);
	case RTM_DELADDR:
		return rtnl_del_addr(from, nlh);
	default:
		return -EOPNOTSUPP;
	}
}

/* Types come in fours: new, delete, get, set. */
static bool is_get(const struct nlmsghdr *nlh)
{
	return ((nlh->nlmsg_type - RTM_BASE) & 3) == 2;
}

static int route_input(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	int err;

	if (!(nlh->nlmsg_flags & NLM_F_REQUEST) || nlh->nlmsg_type < NLMSG_MIN_TYPE)
		return 0;
	if (nlh->nlmsg_type > RTM_MAX)
		return -EOPNOTSUPP;
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct rtgenmsg)))
		return 0;
	if (!is_get(nlh)) {
		if (!ns_capable(netlink_net(from)->user_ns, CAP_NET_ADMIN))
			return -EPERM;
		return change(from, nlh);
	}
	err = answer(from, nlh, dump);
	return err ?: dump ? send_done(from, nlh) ?: NETLINK_NO_ACK : 0;
}

static const struct netlink_protocol route_protocol = {
	.protocol	= NETLINK_ROUTE,
	.groups		= RTNLGRP_MAX,
	.anyone_listens	= true,
	.input		= route_input,
};

static int __init route_init(void)
{
	netlink_register(&route_protocol);
	return 0;
}
fs_initcall(route_init);
