// SPDX-License-Identifier: GPL-2.0-only
/*
 * NETLINK_ROUTE: the IPv4 addresses of the loopback device, and the routes that follow from them,
 * all in the table "local". Routes of one's own are refused.
 * Locks: rtnl_mutex for changes; lists are answered from copies.
 */
#include <linux/cred.h>
#include <linux/in.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <net/loopback.h>
#include <net/net_namespace.h>
#include <uapi/linux/in_route.h>
#include "attr.h"
#include "netlink.h"

#define FOR_EVER	0xffffffffu

static void nl_put_be32(struct nl_msg *m, u16 type, u32 value)
{
	nl_put_u32(m, type, (u32)htonl(value));
}

static int send_msg(struct netlink_sock *to, struct nl_msg *m)
{
	return netlink_reply(to, m, m->nlh.nlmsg_len);
}

/* ---- addresses ---- */

static void build_addr(struct nl_msg *m, const struct ifaddr *a, u16 type, u16 flags, u32 seq,
		       u32 portid)
{
	const struct ifa_cacheinfo life = { .ifa_prefered = FOR_EVER, .ifa_valid = FOR_EVER };
	struct ifaddrmsg *info = nl_begin(m, type, flags, seq, portid, sizeof(*info));

	info->ifa_family = AF_INET;
	info->ifa_prefixlen = a->prefix;
	info->ifa_flags = IFA_F_PERMANENT | (a->secondary ? IFA_F_SECONDARY : 0);
	info->ifa_scope = a->scope;
	info->ifa_index = LOOPBACK_INDEX;
	nl_put_be32(m, IFA_ADDRESS, a->addr);
	nl_put_be32(m, IFA_LOCAL, a->addr);
	if (a->broadcast)
		nl_put_be32(m, IFA_BROADCAST, a->broadcast);
	nl_put_string(m, IFA_LABEL, LOOPBACK_NAME);
	nl_put_u32(m, IFA_FLAGS, info->ifa_flags);
	nl_put(m, IFA_CACHEINFO, &life, sizeof(life));
}

/* Context: rtnl_mutex. */
void rtnl_addr_changed(struct net *net, const struct ifaddr *addr, bool added)
{
	struct nl_msg *m = kmalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return;
	build_addr(m, addr, added ? RTM_NEWADDR : RTM_DELADDR, 0, 0, 0);
	netlink_broadcast(net, NETLINK_ROUTE, RTNLGRP_IPV4_IFADDR, m, m->nlh.nlmsg_len);
	kfree(m);
}

static u8 family_of(const struct nlmsghdr *nlh)
{
	return ((const struct rtgenmsg *)NLMSG_DATA(nlh))->rtgen_family;
}

/* Which device a list is of; 0: all. The header of old requests is too short to say. */
static u32 index_of(const struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nlh);

	return from->strict && nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(*info)) ? info->ifa_index : 0;
}

int rtnl_get_addr(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump)
{
	struct nl_msg *m;
	struct ifaddr a;
	unsigned int n;
	u32 index;
	int err = 0;

	if (!dump)
		return -EOPNOTSUPP;
	if (family_of(nlh) != AF_UNSPEC && family_of(nlh) != AF_INET)
		return 0;
	index = index_of(from, nlh);
	if (index && index != LOOPBACK_INDEX)
		return -ENODEV;
	m = kmalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOBUFS;
	for (n = 0; !err && loopback_nth_addr(netlink_net(from), n, &a); n++) {
		build_addr(m, &a, RTM_NEWADDR, NLM_F_MULTI, nlh->nlmsg_seq, from->portid);
		err = send_msg(from, m);
	}
	kfree(m);
	return err;
}

static u32 find_be32(const struct nlmsghdr *nlh, size_t hdrlen, u16 type, u32 otherwise)
{
	const __be32 *value = nl_find(nlh, hdrlen, type, sizeof(*value));

	return value ? ntohl(*value) : otherwise;
}

static int parse_addr(struct netlink_sock *from, const struct nlmsghdr *nlh, struct ifaddr *a)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nlh);

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return -EINVAL;
	if (info->ifa_family != AF_INET)
		return -EOPNOTSUPP;
	if (info->ifa_prefixlen > 32) {
		netlink_ext_ack(from, "ipv4: Invalid prefix length");
		return -EINVAL;
	}
	*a = (struct ifaddr){
		.addr = find_be32(nlh, sizeof(*info), IFA_LOCAL,
				  find_be32(nlh, sizeof(*info), IFA_ADDRESS, 0)),
		.broadcast = find_be32(nlh, sizeof(*info), IFA_BROADCAST, 0),
		.prefix = info->ifa_prefixlen,
		.scope = info->ifa_scope,
	};
	return 0;
}

int rtnl_new_addr(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nlh);
	struct ifaddr a;
	int err = parse_addr(from, nlh, &a);

	if (err)
		return err;
	if (!nl_find(nlh, sizeof(*info), IFA_LOCAL, 4)) {
		netlink_ext_ack(from, "ipv4: Local address is not supplied");
		return -EINVAL;
	}
	if (info->ifa_index != LOOPBACK_INDEX) {
		netlink_ext_ack(from, "ipv4: Device not found");
		return -ENODEV;
	}
	mutex_lock(&rtnl_mutex);
	err = loopback_add_addr(netlink_net(from), &a);
	mutex_unlock(&rtnl_mutex);
	if (err == -EEXIST && !(nlh->nlmsg_flags & NLM_F_EXCL) &&
	    (nlh->nlmsg_flags & NLM_F_REPLACE))
		return 0;
	if (err == -EEXIST)
		netlink_ext_ack(from, "ipv4: Address already assigned");
	return err;
}

int rtnl_del_addr(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *info = NLMSG_DATA(nlh);
	struct ifaddr a;
	int err = parse_addr(from, nlh, &a);

	if (err)
		return err;
	if (info->ifa_index != LOOPBACK_INDEX) {
		netlink_ext_ack(from, "ipv4: Device not found");
		return -ENODEV;
	}
	mutex_lock(&rtnl_mutex);
	err = loopback_del_addr(netlink_net(from), &a);
	mutex_unlock(&rtnl_mutex);
	if (err)
		netlink_ext_ack(from, "ipv4: Address not found");
	return err;
}

/* ---- routes ---- */

struct route {
	u32 dst, src;
	u8 prefix, type, scope;
};

static void build_route(struct nl_msg *m, const struct route *r, u32 seq, u32 portid)
{
	struct rtmsg *rt = nl_begin(m, RTM_NEWROUTE, NLM_F_MULTI, seq, portid, sizeof(*rt));

	rt->rtm_family = AF_INET;
	rt->rtm_dst_len = r->prefix;
	rt->rtm_table = RT_TABLE_LOCAL;
	rt->rtm_protocol = RTPROT_KERNEL;
	rt->rtm_scope = r->scope;
	rt->rtm_type = r->type;
	nl_put_u32(m, RTA_TABLE, RT_TABLE_LOCAL);
	nl_put_be32(m, RTA_DST, r->dst);
	nl_put_be32(m, RTA_PREFSRC, r->src);
	nl_put_u32(m, RTA_OIF, LOOPBACK_INDEX);
}

/* The routes that an address makes, up to three. Return: how many. */
static unsigned int routes_of(const struct ifaddr *a, bool up, u32 src, struct route r[3])
{
	u32 mask = prefix_mask(a->prefix);
	unsigned int n = 0;

	if (!a->secondary && a->prefix < 32)
		r[n++] = (struct route){ a->addr & mask, src, a->prefix, RTN_LOCAL, RT_SCOPE_HOST };
	r[n++] = (struct route){ a->addr, src, 32, RTN_LOCAL, RT_SCOPE_HOST };
	if (up && !a->secondary && a->prefix < 31)
		r[n++] = (struct route){ a->addr | ~mask, src, 32, RTN_BROADCAST, RT_SCOPE_LINK };
	return n;
}

static int dump_routes(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	struct nl_msg *m = kmalloc(sizeof(*m), GFP_KERNEL);
	struct net *net = netlink_net(from);
	bool up = loopback_is_up(&net->lo);
	unsigned int n, i, count;
	struct route r[3];
	struct ifaddr a;
	int err = 0;
	u32 src;

	if (!m)
		return -ENOBUFS;
	for (n = 0; net->lo.was_up && loopback_nth_addr(net, n, &a); n++) {
		if (!loopback_route(net, a.addr, &src))
			src = a.addr;
		count = routes_of(&a, up, src, r);
		for (i = 0; !err && i < count; i++) {
			build_route(m, &r[i], nlh->nlmsg_seq, from->portid);
			err = send_msg(from, m);
		}
	}
	kfree(m);
	return err;
}

/* What a packet to one address would take. */
static int get_one_route(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	u32 dst = find_be32(nlh, sizeof(struct rtmsg), RTA_DST, 0), src;
	const struct rta_cacheinfo cache = { };
	struct rtmsg *rt;
	struct nl_msg *m;
	int err;

	if (!loopback_route(netlink_net(from), dst, &src))
		return -ENETUNREACH;
	m = kmalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOBUFS;
	rt = nl_begin(m, RTM_NEWROUTE, 0, nlh->nlmsg_seq, from->portid, sizeof(*rt));
	rt->rtm_family = AF_INET;
	rt->rtm_dst_len = 32;
	/* Without rules both tables are looked up as one, which is called the main one. */
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_type = loopback_is_broadcast(netlink_net(from), dst) ? RTN_BROADCAST : RTN_LOCAL;
	rt->rtm_flags = RTM_F_CLONED | RTCF_LOCAL;
	nl_put_u32(m, RTA_TABLE, RT_TABLE_MAIN);
	nl_put_be32(m, RTA_DST, dst);
	nl_put_u32(m, RTA_OIF, LOOPBACK_INDEX);
	nl_put_be32(m, RTA_PREFSRC, src);
	nl_put_u32(m, RTA_UID, from_kuid_munged(current_user_ns(), current_uid()));
	nl_put(m, RTA_CACHEINFO, &cache, sizeof(cache));
	err = send_msg(from, m);
	kfree(m);
	return err;
}

/* A strict asker may want one table only. */
static bool wants_local_table(const struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const struct rtmsg *rt = NLMSG_DATA(nlh);
	const u32 *table;

	if (!from->strict || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*rt)))
		return true;
	table = nl_find(nlh, sizeof(*rt), RTA_TABLE, sizeof(*table));
	if (table)
		return *table == RT_TABLE_LOCAL;
	return !rt->rtm_table || rt->rtm_table == RT_TABLE_LOCAL;
}

int rtnl_get_route(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump)
{
	if (dump) {
		if (family_of(nlh) != AF_UNSPEC && family_of(nlh) != AF_INET)
			return 0;
		return wants_local_table(from, nlh) ? dump_routes(from, nlh) : 0;
	}
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct rtmsg)))
		return -EINVAL;
	return family_of(nlh) == AF_INET ? get_one_route(from, nlh) : -EOPNOTSUPP;
}
