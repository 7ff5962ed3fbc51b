/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of rtnetlink: building one, and finding attributes in one. */
#ifndef _NETLINK_ATTR_H
#define _NETLINK_ATTR_H

#include <linux/netlink.h>
#include <linux/string.h>
#include <uapi/linux/rtnetlink.h>

#define NL_MSG_MAX	1024

/* One message that grows; what does not fit is a bug. [c] */
struct nl_msg {
	union {
		struct nlmsghdr nlh;
		char data[NL_MSG_MAX];
	};
};

/* Begin with @len zero bytes behind the header. Return: those. */
void *nl_begin(struct nl_msg *m, u16 type, u16 flags, u32 seq, u32 portid, size_t len);
void nl_put(struct nl_msg *m, u16 type, const void *data, size_t len);

static inline void nl_put_u8(struct nl_msg *m, u16 type, u8 value)
{
	nl_put(m, type, &value, sizeof(value));
}

static inline void nl_put_u32(struct nl_msg *m, u16 type, u32 value)
{
	nl_put(m, type, &value, sizeof(value));
}

static inline void nl_put_string(struct nl_msg *m, u16 type, const char *text)
{
	nl_put(m, type, text, strlen(text) + 1);
}

/* An attribute behind @hdrlen bytes of a request, with at least @len bytes, or NULL. */
const void *nl_find(const struct nlmsghdr *nlh, size_t hdrlen, u16 type, size_t len);
/* A string attribute, terminated, of less than @size bytes into @text. */
bool nl_find_string(const struct nlmsghdr *nlh, size_t hdrlen, u16 type, char *text, size_t size);

struct net;
struct netlink_sock;

/* rtnl_addr.c */
int rtnl_get_addr(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump);
int rtnl_new_addr(struct netlink_sock *from, const struct nlmsghdr *nlh);
int rtnl_del_addr(struct netlink_sock *from, const struct nlmsghdr *nlh);
int rtnl_get_route(struct netlink_sock *from, const struct nlmsghdr *nlh, bool dump);

#endif
