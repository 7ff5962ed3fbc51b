// SPDX-License-Identifier: GPL-2.0-only
/* The loopback device of a network namespace, through rtnetlink, requests on sockets and /proc. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include "../ktest.h"

#define FLAGS_UP	(IFF_UP | IFF_LOOPBACK | IFF_RUNNING)

static char buf[16384];

static void enter_new(void)
{
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
}

static int unix_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	ASSERT(fd >= 0);
	return fd;
}

static struct ifreq lo_req(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };

	return ifr;
}

static int get_flags(void)
{
	struct ifreq ifr = lo_req();
	int fd = unix_socket();

	ASSERT_EQ(ioctl(fd, SIOCGIFFLAGS, &ifr), 0);
	close(fd);
	return (unsigned short)ifr.ifr_flags;
}

static int set_flags(int flags)
{
	struct ifreq ifr = lo_req();
	int fd = unix_socket(), err;

	ifr.ifr_flags = flags;
	err = ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
	return err;
}

/* ---- requests on sockets ---- */

TEST(it_is_down_at_birth)
{
	struct ifreq ifr = lo_req();
	int fd = unix_socket();

	enter_new();
	fd = unix_socket();
	EXPECT_EQ(get_flags(), IFF_LOOPBACK);
	ASSERT_EQ(ioctl(fd, SIOCGIFMTU, &ifr), 0);
	EXPECT_EQ(ifr.ifr_mtu, 65536);
	ASSERT_EQ(ioctl(fd, SIOCGIFINDEX, &ifr), 0);
	EXPECT_EQ(ifr.ifr_ifindex, 1);
	ASSERT_EQ(ioctl(fd, SIOCGIFTXQLEN, &ifr), 0);
	EXPECT_EQ(ifr.ifr_qlen, 1000);
	ASSERT_EQ(ioctl(fd, SIOCGIFHWADDR, &ifr), 0);
	EXPECT_EQ(ifr.ifr_hwaddr.sa_family, ARPHRD_LOOPBACK);
	EXPECT(!memcmp(ifr.ifr_hwaddr.sa_data, "\0\0\0\0\0\0", 6));
}

TEST(names_and_numbers)
{
	char name[IF_NAMESIZE];

	enter_new();
	EXPECT_EQ(if_nametoindex("lo"), 1);
	ASSERT(if_indextoname(1, name) != NULL);
	EXPECT_STREQ(name, "lo");
	EXPECT(!if_indextoname(2, name));
	EXPECT_EQ(errno, ENXIO);
	EXPECT_EQ(if_nametoindex("eth7"), 0);
	EXPECT_EQ(errno, ENODEV);
}

TEST(up_and_down)
{
	enter_new();
	ASSERT_EQ(set_flags(IFF_UP), 0);
	EXPECT_EQ(get_flags(), FLAGS_UP);
	ASSERT_EQ(set_flags(0), 0);
	EXPECT_EQ(get_flags(), IFF_LOOPBACK);
}

TEST(it_is_each_namespaces_own)
{
	int home = open("/proc/self/ns/net", O_RDONLY);

	enter_new();
	ASSERT_EQ(set_flags(IFF_UP), 0);
	enter_new();
	EXPECT_EQ(get_flags(), IFF_LOOPBACK);
	ASSERT_EQ(setns(home, CLONE_NEWNET), 0);
}

TEST(changes_need_the_capability)
{
	struct ifreq none = { .ifr_name = "eth7" };
	int fd;

	enter_new();
	fd = unix_socket();
	EXPECT_ERRNO(ioctl(fd, SIOCGIFFLAGS, &none), ENODEV);
	EXPECT_ERRNO(ioctl(fd, SIOCSIFFLAGS, &none), ENODEV);
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_ERRNO(set_flags(IFF_UP), EPERM);
	EXPECT_ERRNO(ioctl(fd, SIOCSIFFLAGS, &none), EPERM);
	EXPECT_EQ(get_flags(), IFF_LOOPBACK);
}

TEST(the_owner_has_the_capability)
{
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	ASSERT_EQ(unshare(CLONE_NEWUSER | CLONE_NEWNET), 0);
	ASSERT_EQ(set_flags(IFF_UP), 0);
	EXPECT_EQ(get_flags(), FLAGS_UP);
}

TEST(what_is_no_request)
{
	struct ifreq ifr = lo_req();
	int fd = unix_socket();

	EXPECT_ERRNO(ioctl(fd, SIOCGIFADDR, &ifr), ENOTTY);
	EXPECT_ERRNO(ioctl(fd, 0x8907, &ifr), ENOTTY);
	EXPECT_ERRNO(ioctl(fd, 0x5401, &ifr), ENOTTY);
	EXPECT_ERRNO(ioctl(fd, SIOCGIFFLAGS, NULL), EFAULT);
}

TEST(the_list_is_of_devices_with_an_address)
{
	struct ifreq ifr[4];
	struct ifconf ifc = { .ifc_len = sizeof(ifr), .ifc_req = ifr };
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr[0].ifr_addr;
	int fd;

	enter_new();
	fd = unix_socket();
	ASSERT_EQ(ioctl(fd, SIOCGIFCONF, &ifc), 0);
	EXPECT_EQ(ifc.ifc_len, 0);
	ASSERT_EQ(set_flags(IFF_UP), 0);
	ifc.ifc_len = sizeof(ifr);
	ASSERT_EQ(ioctl(fd, SIOCGIFCONF, &ifc), 0);
	ASSERT_EQ(ifc.ifc_len, sizeof(ifr[0]));
	EXPECT_STREQ(ifr[0].ifr_name, "lo");
	EXPECT_EQ(sin->sin_family, AF_INET);
	EXPECT_EQ(ntohl(sin->sin_addr.s_addr), INADDR_LOOPBACK);
	ifc = (struct ifconf){ };
	ASSERT_EQ(ioctl(fd, SIOCGIFCONF, &ifc), 0);
	EXPECT_EQ(ifc.ifc_len, sizeof(ifr[0]));
}

/* ---- rtnetlink ---- */

static int rtnl(unsigned int groups)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);

	ASSERT(fd >= 0);
	ASSERT_EQ(bind(fd, (struct sockaddr *)&nl, sizeof(nl)), 0);
	return fd;
}

struct request {
	struct nlmsghdr nlh;
	union {
		struct ifinfomsg link;
		struct ifaddrmsg addr;
		struct rtmsg route;
		char room[256];
	};
};

static struct request request(int type, int flags, size_t len)
{
	struct request r = { .nlh = { .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
				      .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = 7 } };

	return r;
}

static void add_attr(struct request *r, int type, const void *data, size_t len)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->nlh.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->nlh.nlmsg_len = NLMSG_ALIGN(r->nlh.nlmsg_len) + RTA_SPACE(len);
}

/* The answer's error; 0 for an acknowledgement and for other messages, which stay in buf. */
static int ask(int fd, struct request *r)
{
	struct nlmsghdr *nlh = (void *)buf;
	ssize_t n;

	ASSERT_EQ(send(fd, r, r->nlh.nlmsg_len, 0), r->nlh.nlmsg_len);
	n = recv(fd, buf, sizeof(buf), 0);
	ASSERT(n >= (ssize_t)sizeof(*nlh));
	EXPECT_EQ(nlh->nlmsg_seq, 7);
	return nlh->nlmsg_type == NLMSG_ERROR ? -((struct nlmsgerr *)NLMSG_DATA(nlh))->error : 0;
}

static const void *attr_of(size_t hdrlen, int type)
{
	struct nlmsghdr *nlh = (void *)buf;
	struct rtattr *a = (void *)((char *)NLMSG_DATA(nlh) + NLMSG_ALIGN(hdrlen));
	int len = nlh->nlmsg_len - NLMSG_SPACE(hdrlen);

	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == type)
			return RTA_DATA(a);
	return NULL;
}

static int set_link(int fd, unsigned int flags, unsigned int change)
{
	struct request r = request(RTM_NEWLINK, NLM_F_ACK, sizeof(r.link));

	r.link.ifi_index = 1;
	r.link.ifi_flags = flags;
	r.link.ifi_change = change;
	return ask(fd, &r);
}

TEST(one_link_by_number_and_by_name)
{
	struct request r = request(RTM_GETLINK, 0, sizeof(r.link));
	struct ifinfomsg *info = NLMSG_DATA((struct nlmsghdr *)buf);
	int fd;

	enter_new();
	fd = rtnl(0);
	r.link.ifi_index = 1;
	ASSERT_EQ(ask(fd, &r), 0);
	EXPECT_EQ(((struct nlmsghdr *)buf)->nlmsg_type, RTM_NEWLINK);
	EXPECT_EQ(info->ifi_type, ARPHRD_LOOPBACK);
	EXPECT_EQ(info->ifi_index, 1);
	EXPECT_EQ(info->ifi_flags, IFF_LOOPBACK);
	EXPECT_STREQ((const char *)attr_of(sizeof(*info), IFLA_IFNAME), "lo");
	EXPECT_EQ(*(const int *)attr_of(sizeof(*info), IFLA_MTU), 65536);
	EXPECT_EQ(*(const char *)attr_of(sizeof(*info), IFLA_OPERSTATE), 2);
	EXPECT_STREQ((const char *)attr_of(sizeof(*info), IFLA_QDISC), "noop");
	r.link.ifi_index = 2;
	EXPECT_EQ(ask(fd, &r), ENODEV);
	r.link.ifi_index = 0;
	EXPECT_EQ(ask(fd, &r), EINVAL);
	add_attr(&r, IFLA_IFNAME, "lo", 3);
	EXPECT_EQ(ask(fd, &r), 0);
	r = request(RTM_GETLINK, 0, sizeof(r.link));
	add_attr(&r, IFLA_IFNAME, "eth7", 5);
	EXPECT_EQ(ask(fd, &r), ENODEV);
}

TEST(a_link_goes_up_by_message)
{
	struct request r = request(RTM_GETLINK, 0, sizeof(r.link));
	struct ifinfomsg *info = NLMSG_DATA((struct nlmsghdr *)buf);
	int fd;

	enter_new();
	fd = rtnl(0);
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), 0);
	r.link.ifi_index = 1;
	ASSERT_EQ(ask(fd, &r), 0);
	EXPECT_EQ(info->ifi_flags, FLAGS_UP | 0x10000);
	EXPECT_EQ(*(const char *)attr_of(sizeof(*info), IFLA_OPERSTATE), 0);
	EXPECT_STREQ((const char *)attr_of(sizeof(*info), IFLA_QDISC), "noqueue");
	EXPECT_EQ(set_link(fd, 0, IFF_UP), 0);
	EXPECT_EQ(get_flags(), IFF_LOOPBACK);
}

TEST(links_are_refused)
{
	struct request r = request(RTM_NEWLINK, NLM_F_ACK, sizeof(r.link));
	int fd;

	enter_new();
	fd = rtnl(0);
	add_attr(&r, IFLA_IFNAME, "eth7", 5);
	EXPECT_EQ(ask(fd, &r), ENODEV);
	r = request(RTM_NEWLINK, NLM_F_ACK, sizeof(r.link));
	EXPECT_EQ(ask(fd, &r), ENODEV);
	r = request(RTM_DELLINK, NLM_F_ACK, sizeof(r.link));
	r.link.ifi_index = 1;
	EXPECT_EQ(ask(fd, &r), EOPNOTSUPP);
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), EPERM);
}

TEST(changes_are_told)
{
	struct nlmsghdr *nlh = (void *)buf;
	int fd, listener, outside = rtnl(RTMGRP_LINK | RTMGRP_IPV4_IFADDR);

	enter_new();
	listener = rtnl(RTMGRP_LINK | RTMGRP_IPV4_IFADDR);
	fd = rtnl(0);
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), 0);
	ASSERT(recv(listener, buf, sizeof(buf), 0) > 0);
	EXPECT_EQ(nlh->nlmsg_type, RTM_NEWLINK);
	ASSERT(recv(listener, buf, sizeof(buf), 0) > 0);
	EXPECT_EQ(nlh->nlmsg_type, RTM_NEWADDR);
	EXPECT_EQ(nlh->nlmsg_pid, 0);
	EXPECT_ERRNO(recv(outside, buf, sizeof(buf), 0), EAGAIN);
}

static int change_addr(int fd, int type, const char *text, int prefix)
{
	struct request r = request(type, NLM_F_ACK | (type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_EXCL : 0),
				   sizeof(r.addr));
	struct in_addr in;

	ASSERT_EQ(inet_pton(AF_INET, text, &in), 1);
	r.addr.ifa_family = AF_INET;
	r.addr.ifa_prefixlen = prefix;
	r.addr.ifa_index = 1;
	add_attr(&r, IFA_LOCAL, &in, sizeof(in));
	add_attr(&r, IFA_ADDRESS, &in, sizeof(in));
	return ask(fd, &r);
}

/* "127.0.0.1 10.0.0.1", as glibc lists them */
static const char *addresses(void)
{
	static char text[256];
	struct ifaddrs *list, *i;

	text[0] = 0;
	ASSERT_EQ(getifaddrs(&list), 0);
	for (i = list; i; i = i->ifa_next) {
		char one[INET_ADDRSTRLEN];

		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
			continue;
		inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, one,
			  sizeof(one));
		sprintf(text + strlen(text), "%s%s", text[0] ? " " : "", one);
	}
	freeifaddrs(list);
	return text;
}

TEST(addresses_come_and_go)
{
	int fd;

	enter_new();
	fd = rtnl(0);
	EXPECT_STREQ(addresses(), "");
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), 0);
	EXPECT_STREQ(addresses(), "127.0.0.1");
	EXPECT_EQ(change_addr(fd, RTM_NEWADDR, "10.0.0.1", 24), 0);
	EXPECT_EQ(change_addr(fd, RTM_NEWADDR, "10.0.0.2", 24), 0);
	EXPECT_EQ(change_addr(fd, RTM_NEWADDR, "10.0.0.2", 24), EEXIST);
	EXPECT_STREQ(addresses(), "127.0.0.1 10.0.0.1 10.0.0.2");
	/* the first of a subnet takes the others along */
	EXPECT_EQ(change_addr(fd, RTM_DELADDR, "10.0.0.1", 24), 0);
	EXPECT_STREQ(addresses(), "127.0.0.1");
	EXPECT_EQ(change_addr(fd, RTM_DELADDR, "10.0.0.1", 24), EADDRNOTAVAIL);
	EXPECT_EQ(set_link(fd, 0, IFF_UP), 0);
	EXPECT_STREQ(addresses(), "127.0.0.1");
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_EQ(change_addr(fd, RTM_NEWADDR, "10.0.0.1", 24), EPERM);
}

TEST(wider_scopes_come_last)
{
	int fd;

	enter_new();
	fd = rtnl(0);
	EXPECT_EQ(change_addr(fd, RTM_NEWADDR, "10.0.0.1", 8), 0);
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), 0);
	EXPECT_STREQ(addresses(), "127.0.0.1 10.0.0.1");
}

static int route_to(int fd, const char *text)
{
	struct request r = request(RTM_GETROUTE, 0, sizeof(r.route));
	struct in_addr in;

	ASSERT_EQ(inet_pton(AF_INET, text, &in), 1);
	r.route.rtm_family = AF_INET;
	r.route.rtm_dst_len = 32;
	add_attr(&r, RTA_DST, &in, sizeof(in));
	return ask(fd, &r);
}

TEST(routes_lead_to_its_subnets)
{
	struct rtmsg *rt = NLMSG_DATA((struct nlmsghdr *)buf);
	int fd;

	enter_new();
	fd = rtnl(0);
	EXPECT_EQ(route_to(fd, "127.0.0.1"), ENETUNREACH);
	EXPECT_EQ(set_link(fd, IFF_UP, IFF_UP), 0);
	ASSERT_EQ(route_to(fd, "127.3.4.5"), 0);
	EXPECT_EQ(rt->rtm_type, RTN_LOCAL);
	EXPECT_EQ(rt->rtm_table, RT_TABLE_MAIN);
	EXPECT_EQ(ntohl(*(const __be32 *)attr_of(sizeof(*rt), RTA_PREFSRC)), INADDR_LOOPBACK);
	EXPECT_EQ(route_to(fd, "10.0.0.1"), ENETUNREACH);
}

TEST(an_unknown_request_is_refused)
{
	struct request r = request(RTM_GETLINK + 0x100, NLM_F_ACK, 16);
	int fd = rtnl(0);

	EXPECT_EQ(ask(fd, &r), EOPNOTSUPP);
}

TEST(words_explain_an_error)
{
	int fd, on = 1;
	struct nlmsghdr *nlh = (void *)buf;

	enter_new();
	fd = rtnl(0);
	EXPECT_EQ(change_addr(fd, RTM_DELADDR, "10.0.0.1", 24), EADDRNOTAVAIL);
	EXPECT(!(nlh->nlmsg_flags & NLM_F_ACK_TLVS));
	ASSERT_EQ(setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)), 0);
	EXPECT_EQ(change_addr(fd, RTM_DELADDR, "10.0.0.1", 24), EADDRNOTAVAIL);
	EXPECT(nlh->nlmsg_flags & NLM_F_ACK_TLVS);
	EXPECT(memmem(buf, nlh->nlmsg_len, "Address not found", 17) != NULL);
}

/* ---- /proc and /sys ---- */

TEST(proc_net_dev_lists_it)
{
	FILE *f;
	char line[256] = "";

	enter_new();
	f = fopen("/proc/net/dev", "r");
	ASSERT(f != NULL);
	for (int i = 0; i < 3; i++)
		ASSERT(fgets(line, sizeof(line), f) != NULL);
	EXPECT_STREQ(line, "    lo:       0       0    0    0    0     0          0         0"
		     "        0       0    0    0    0     0       0          0\n");
	EXPECT(!fgets(line, sizeof(line), f));
	fclose(f);
}
