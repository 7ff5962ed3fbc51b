// SPDX-License-Identifier: GPL-2.0-only
/* Messages of rtnetlink: a header of the family, then attributes (rtnetlink(3)). */
#include <linux/bug.h>
#include <linux/kernel.h>
#include "attr.h"

void *nl_begin(struct nl_msg *m, u16 type, u16 flags, u32 seq, u32 portid, size_t len)
{
	m->nlh = (struct nlmsghdr){
		.nlmsg_len = NLMSG_LENGTH(len),
		.nlmsg_type = type,
		.nlmsg_flags = flags,
		.nlmsg_seq = seq,
		.nlmsg_pid = portid,
	};
	return memset(NLMSG_DATA(&m->nlh), 0, NLMSG_ALIGN(len));
}

void nl_put(struct nl_msg *m, u16 type, const void *data, size_t len)
{
	size_t at = NLMSG_ALIGN(m->nlh.nlmsg_len), end = at + NLA_HDRLEN + NLMSG_ALIGN(len);
	struct nlattr *attr = (struct nlattr *)(m->data + at);

	VERIFY(end <= sizeof(m->data));
	memset(attr, 0, end - at);
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy(attr + 1, data, len);
	m->nlh.nlmsg_len = end;
}

static const struct nlattr *find(const struct nlmsghdr *nlh, size_t hdrlen, u16 type)
{
	const char *p = (const char *)nlh + NLMSG_SPACE(hdrlen);
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const struct nlattr *attr;

	for (; p + sizeof(*attr) <= end; p += NLA_ALIGN(attr->nla_len)) {
		attr = (const struct nlattr *)p;
		if (attr->nla_len < sizeof(*attr) || attr->nla_len > end - p)
			return NULL;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
	}
	return NULL;
}

const void *nl_find(const struct nlmsghdr *nlh, size_t hdrlen, u16 type, size_t len)
{
	const struct nlattr *attr = find(nlh, hdrlen, type);

	return attr && attr->nla_len >= NLA_HDRLEN + len ? attr + 1 : NULL;
}

bool nl_find_string(const struct nlmsghdr *nlh, size_t hdrlen, u16 type, char *text, size_t size)
{
	const struct nlattr *attr = find(nlh, hdrlen, type);
	size_t len = attr ? strnlen((const char *)(attr + 1), attr->nla_len - NLA_HDRLEN) : 0;

	if (!attr || len >= size)
		return false;
	memcpy(text, attr + 1, len);
	text[len] = '\0';
	return true;
}
