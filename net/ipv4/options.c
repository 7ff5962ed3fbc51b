// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket options of the levels IPPROTO_IP, IPPROTO_TCP and IPPROTO_UDP (ip(7), tcp(7), udp(7)).
 * Most only matter to packets, of which there are none: they are checked as on Linux, kept and
 * read back.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/uaccess.h>
#include <uapi/linux/tcp.h>
#include <uapi/linux/udp.h>
#include "inet.h"

#define DEFAULT_TTL		64
#define DEFAULT_MSS		536	/* RFC 1122, while nothing better is known */
#define KEEPIDLE		7200	/* s */
#define KEEPINTVL		75	/* s */
#define KEEPCNT			9
#define SYN_RETRIES		6
#define FIN_TIMEOUT		60	/* s */
#define FIN_TIMEOUT_MAX		120	/* s */
#define RTO_FIRST		1	/* s */
#define RTO_MAX			120	/* s */

void inet_init_options(struct inet_sock *inet)
{
	inet->ttl = -1;
	inet->mtu_discover = IP_PMTUDISC_WANT;
	inet->opt = (struct tcp_options){
		.keepidle = KEEPIDLE, .keepintvl = KEEPINTVL, .keepcnt = KEEPCNT,
		.syncnt = SYN_RETRIES, .linger2 = FIN_TIMEOUT, .quickack = true,
	};
}

static int set_within(int *field, int val, int lo, int hi)
{
	if (val < lo || val > hi)
		return -EINVAL;
	WRITE_ONCE(*field, val);
	return 0;
}

/* ---- IPPROTO_IP ---- */

static int set_ip(struct inet_sock *inet, int name, int val, int len)
{
	switch (name) {
	case IP_TOS:
		WRITE_ONCE(inet->tos, is_tcp(&inet->sk) ? (val & ~3) | (inet->tos & 3) : val);
		return 0;
	case IP_TTL:
		if (!len || (val != -1 && (val < 1 || val > 255)))
			return -EINVAL;
		WRITE_ONCE(inet->ttl, val);
		return 0;
	case IP_MTU_DISCOVER:
		if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_OMIT)
			return -EINVAL;
		WRITE_ONCE(inet->mtu_discover, val);
		return 0;
	case IP_PKTINFO:
		WRITE_ONCE(inet->pktinfo, val);
		return 0;
	case IP_FREEBIND:
		if (!len)
			return -EINVAL;
		WRITE_ONCE(inet->freebind, val);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_ip(struct inet_sock *inet, int name, int *val)
{
	switch (name) {
	case IP_TOS:
		*val = READ_ONCE(inet->tos);
		return 0;
	case IP_TTL:
		*val = READ_ONCE(inet->ttl) < 0 ? DEFAULT_TTL : READ_ONCE(inet->ttl);
		return 0;
	case IP_MTU_DISCOVER:
		*val = READ_ONCE(inet->mtu_discover);
		return 0;
	case IP_PKTINFO:
		*val = READ_ONCE(inet->pktinfo);
		return 0;
	case IP_FREEBIND:
		*val = READ_ONCE(inet->freebind);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* ---- IPPROTO_TCP ---- */

/* Seconds as a number of retransmissions, each after twice the time, and back. */
static u8 secs_to_retrans(int seconds)
{
	int timeout = RTO_FIRST, period = RTO_FIRST;
	u8 n = 1;

	if (seconds <= 0)
		return 0;
	for (; seconds > period && n < 255; n++) {
		timeout = min(timeout * 2, RTO_MAX);
		period += timeout;
	}
	return n;
}

static int retrans_to_secs(u8 n)
{
	int timeout = RTO_FIRST, period = n ? RTO_FIRST : 0;

	for (; n > 1; n--) {
		timeout = min(timeout * 2, RTO_MAX);
		period += timeout;
	}
	return period;
}

static int set_tcp(struct inet_sock *inet, int name, int val)
{
	struct tcp_options *opt = &inet->opt;

	switch (name) {
	case TCP_NODELAY:
		WRITE_ONCE(opt->nodelay, val);
		if (val)
			tcp_push(&inet->sk);
		return 0;
	case TCP_CORK:
		WRITE_ONCE(opt->cork, val);
		if (!val)
			tcp_push(&inet->sk);
		return 0;
	case TCP_QUICKACK:
		WRITE_ONCE(opt->quickack, val & 1);
		return 0;
	case TCP_MAXSEG:
		return val ? set_within(&opt->maxseg, val, 88, 32767) :
		       set_within(&opt->maxseg, 0, 0, 0);
	case TCP_KEEPIDLE:
		return set_within(&opt->keepidle, val, 1, 32767);
	case TCP_KEEPINTVL:
		return set_within(&opt->keepintvl, val, 1, 32767);
	case TCP_KEEPCNT:
		return set_within(&opt->keepcnt, val, 1, 127);
	case TCP_SYNCNT:
		return set_within(&opt->syncnt, val, 1, 127);
	case TCP_LINGER2:
		WRITE_ONCE(opt->linger2, val < 0 ? -1 : min(val ?: FIN_TIMEOUT, FIN_TIMEOUT_MAX));
		return 0;
	case TCP_DEFER_ACCEPT:
		WRITE_ONCE(opt->defer_accept, secs_to_retrans(val));
		return 0;
	case TCP_USER_TIMEOUT:
		return set_within(&opt->user_timeout, val, 0, INT_MAX);
	case TCP_NOTSENT_LOWAT:
		WRITE_ONCE(opt->notsent_lowat, val);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_tcp(struct inet_sock *inet, int name, int *val)
{
	const struct tcp_options *opt = &inet->opt;

	switch (name) {
	case TCP_NODELAY:
		*val = opt->nodelay;
		return 0;
	case TCP_CORK:
		*val = opt->cork;
		return 0;
	case TCP_QUICKACK:
		*val = opt->quickack;
		return 0;
	case TCP_MAXSEG:
		*val = opt->maxseg ?: DEFAULT_MSS;
		return 0;
	case TCP_KEEPIDLE:
		*val = opt->keepidle;
		return 0;
	case TCP_KEEPINTVL:
		*val = opt->keepintvl;
		return 0;
	case TCP_KEEPCNT:
		*val = opt->keepcnt;
		return 0;
	case TCP_SYNCNT:
		*val = opt->syncnt;
		return 0;
	case TCP_LINGER2:
		*val = opt->linger2;
		return 0;
	case TCP_DEFER_ACCEPT:
		*val = retrans_to_secs(opt->defer_accept);
		return 0;
	case TCP_USER_TIMEOUT:
		*val = opt->user_timeout;
		return 0;
	case TCP_NOTSENT_LOWAT:
		*val = opt->notsent_lowat;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* What there is to tell without packets: the state, and a listener's queue. */
static int put_info(struct sock *sk, void __user *val, int len, int __user *ulen)
{
	struct tcp_info info = { .tcpi_state = READ_ONCE(sk->state) };

	if (info.tcpi_state == TCP_LISTEN) {
		info.tcpi_unacked = READ_ONCE(sk->qlen);
		info.tcpi_sacked = READ_ONCE(sk->max_backlog);
	}
	len = min(len, (int)sizeof(info));
	if (put_user(len, ulen) || copy_to_user(val, &info, len))
		return -EFAULT;
	return 0;
}

/* TCP_ULP: a protocol on top, by name; there is none. Return: -EINVAL, -EFAULT, -ENOENT. */
static int set_ulp(const void __user *name, int len)
{
	char copy[16];
	long n;

	if (len < 1)
		return -EINVAL;
	n = strncpy_from_user(copy, name, min(len, (int)sizeof(copy) - 1));
	return n < 0 ? n : -ENOENT;
}

/* ---- IPPROTO_UDP ---- */

static int set_udp(struct inet_sock *inet, int name, int val)
{
	if (name != UDP_CORK)
		return -ENOPROTOOPT;
	udp_set_cork(&inet->sk, val);
	return 0;
}

static int get_udp(struct inet_sock *inet, int name, int *val)
{
	if (name != UDP_CORK)
		return -ENOPROTOOPT;
	*val = READ_ONCE(inet->cork);
	return 0;
}

/* ---- all ---- */

/* The level of the socket's own protocol. */
static int own_level(const struct inet_sock *inet)
{
	return is_tcp(&inet->sk) ? IPPROTO_TCP : IPPROTO_UDP;
}

int inet_setsockopt(struct socket *sock, int level, int name, const void __user *val, int len)
{
	struct inet_sock *inet = inet_sk(sock->sk);
	int number = 0;
	u8 byte;

	if (level == IPPROTO_TCP && name == TCP_ULP && is_tcp(&inet->sk))
		return set_ulp(val, len);
	if (level == own_level(inet)) {
		if (len < (int)sizeof(number))
			return -EINVAL;
		if (copy_from_user(&number, val, sizeof(number)))
			return -EFAULT;
		return level == IPPROTO_TCP ? set_tcp(inet, name, number) :
		       set_udp(inet, name, number);
	}
	if (level != IPPROTO_IP)
		return -ENOPROTOOPT;
	if (len >= (int)sizeof(number)) {
		if (copy_from_user(&number, val, sizeof(number)))
			return -EFAULT;
	} else if (len) {
		if (copy_from_user(&byte, val, 1))
			return -EFAULT;
		number = byte;
	}
	return set_ip(inet, name, number, len);
}

int inet_getsockopt(struct socket *sock, int level, int name, void __user *val, int __user *ulen)
{
	struct inet_sock *inet = inet_sk(sock->sk);
	bool own = level == own_level(inet);
	int number, len, err;
	u8 byte;

	if (!own && level != IPPROTO_IP)
		return -EOPNOTSUPP;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (level == IPPROTO_TCP && name == TCP_INFO)
		return put_info(sock->sk, val, len, ulen);
	if (level == IPPROTO_TCP && name == TCP_ULP)
		return put_user(0, ulen);
	if (level == IPPROTO_IP)
		err = get_ip(inet, name, &number);
	else
		err = (level == IPPROTO_TCP ? get_tcp : get_udp)(inet, name, &number);
	if (err)
		return err;
	if (!own && len > 0 && len < (int)sizeof(number) && number >= 0 && number <= 255) {
		byte = number;
		return put_user(1, ulen) || copy_to_user(val, &byte, 1) ? -EFAULT : 0;
	}
	len = min(len, (int)sizeof(number));
	return put_user(len, ulen) || copy_to_user(val, &number, len) ? -EFAULT : 0;
}
