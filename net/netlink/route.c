// SPDX-License-Identifier: GPL-2.0-only
/*
 * NETLINK_ROUTE for a machine whose only link is the loopback, down and without addresses: lists
 * of links and addresses are answered, all else is refused (rtnetlink(7)).
 */
#include <linux/init.h>
#include <linux/string.h>

#include <uapi/linux/rtnetlink.h>
#include "netlink.h"

#define LOOPBACK_MTU	65536
/* <linux/if.h> and if_arp.h cannot be had without a libc. */
#define IFF_LOOPBACK	0x8
#define ARPHRD_LOOPBACK	772

struct link_reply {
	struct nlmsghdr nlh;
	struct ifinfomsg info;
	struct nlattr name_attr;
	char name[4];
	struct nlattr mtu_attr;
	u32 mtu;
	struct nlattr address_attr;
	u8 address[8];			/* six and padding */
};

static void send_link(struct netlink_sock *to, const struct nlmsghdr *request, u16 flags)
{
	struct link_reply r = {
		.nlh = {
			.nlmsg_len = sizeof(r),
			.nlmsg_type = RTM_NEWLINK,
			.nlmsg_flags = flags,
			.nlmsg_seq = request->nlmsg_seq,
			.nlmsg_pid = to->portid,
		},
		.info = { .ifi_type = ARPHRD_LOOPBACK, .ifi_index = 1, .ifi_flags = IFF_LOOPBACK },
		.name_attr = { .nla_len = NLA_HDRLEN + 3, .nla_type = IFLA_IFNAME },
		.name = "lo",
		.mtu_attr = { .nla_len = NLA_HDRLEN + 4, .nla_type = IFLA_MTU },
		.mtu = LOOPBACK_MTU,
		.address_attr = { .nla_len = NLA_HDRLEN + 6, .nla_type = IFLA_ADDRESS },
	};

	netlink_reply(to, &r, sizeof(r));
}

static void send_done(struct netlink_sock *to, const struct nlmsghdr *request)
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

	netlink_reply(to, &done, sizeof(done));
}

static int route_input(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	if (!(nlh->nlmsg_flags & NLM_F_REQUEST) || nlh->nlmsg_type < NLMSG_MIN_TYPE)
		return 0;
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct rtgenmsg)))
		return 0;
	switch (nlh->nlmsg_type) {
	case RTM_GETLINK:
		send_link(from, nlh, dump ? NLM_F_MULTI : 0);
		break;
	case RTM_GETADDR:
	case RTM_GETROUTE:
		if (!dump)
			return -EOPNOTSUPP;
		break;
	default:
		return -EOPNOTSUPP;
	}
	if (dump)
		send_done(from, nlh);
	return 0;
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
