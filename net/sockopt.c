// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket options of level SOL_SOCKET (socket(7)).
 * Locks: sock->lock for the peer's credentials; plain numbers are written whole.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <net/sock.h>

/* Options that are one bit, set by any number but 0. */
static int option_flag(int name)
{
	switch (name) {
	case SO_DEBUG:
		return SOCK_F_DEBUG;
	case SO_REUSEADDR:
		return SOCK_F_REUSEADDR;
	case SO_REUSEPORT:
		return SOCK_F_REUSEPORT;
	case SO_KEEPALIVE:
		return SOCK_F_KEEPALIVE;
	case SO_BROADCAST:
		return SOCK_F_BROADCAST;
	case SO_DONTROUTE:
		return SOCK_F_DONTROUTE;
	case SO_OOBINLINE:
		return SOCK_F_OOBINLINE;
	case SO_PASSCRED:
		return SOCK_F_PASSCRED;
	case SO_NO_CHECK:		/* nothing here is summed */
		return SOCK_F_NO_CHECK;
	default:
		return -1;
	}
}

/* ---- setting ---- */

static int set_timeout(long *timeo, const void __user *val, int len)
{
	struct __kernel_old_timeval tv;

	if (len < sizeof(tv))
		return -EINVAL;
	if (copy_from_user(&tv, val, sizeof(tv)))
		return -EFAULT;
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EDOM;
	if (tv.tv_sec < 0)
		*timeo = 0;
	else if (!tv.tv_sec && !tv.tv_usec)
		*timeo = MAX_SCHEDULE_TIMEOUT;
	else if (tv.tv_sec >= MAX_SCHEDULE_TIMEOUT / NSEC_PER_SEC)
		*timeo = MAX_SCHEDULE_TIMEOUT;
	else
		*timeo = tv.tv_sec * NSEC_PER_SEC + tv.tv_usec * NSEC_PER_USEC;
	return 0;
}

static int set_linger(struct sock *sk, const void __user *val, int len)
{
	struct linger linger;

	if (len < sizeof(linger))
		return -EINVAL;
	if (copy_from_user(&linger, val, sizeof(linger)))
		return -EFAULT;
	sk->linger.l_onoff = !!linger.l_onoff;
	if (linger.l_onoff)
		sk->linger.l_linger = linger.l_linger;
	return 0;
}

/* Twice what is asked for: half is for bookkeeping. */
static void set_sndbuf(struct sock *sk, int val)
{
	set_bit(SOCK_F_SNDBUF_SET, &sk->flags);
	WRITE_ONCE(sk->sndbuf, max(min(val, INT_MAX / 2) * 2, SOCK_MIN_SNDBUF));
	/* Whoever waited for room may have it now. */
	sock_wake(sk, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
}

static void set_rcvbuf(struct sock *sk, int val)
{
	WRITE_ONCE(sk->rcvbuf, max(min(val, INT_MAX / 2) * 2, SOCK_MIN_RCVBUF));
}

static int set_number(struct socket *sock, int name, int val)
{
	struct sock *sk = sock->sk;
	int flag = option_flag(name);

	if (flag >= 0) {
		if (name == SO_DEBUG && val && !capable(CAP_NET_ADMIN))
			return -EACCES;
		assign_bit(flag, &sk->flags, val);
		return 0;
	}
	switch (name) {
	case SO_SNDBUF:
		set_sndbuf(sk, min((unsigned int)val, sysctl_wmem_max));
		return 0;
	case SO_RCVBUF:
		set_rcvbuf(sk, min((unsigned int)val, sysctl_rmem_max));
		return 0;
	case SO_SNDBUFFORCE:
	case SO_RCVBUFFORCE:
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		(name == SO_SNDBUFFORCE ? set_sndbuf : set_rcvbuf)(sk, max(val, 0));
		return 0;
	case SO_RCVLOWAT:
		WRITE_ONCE(sk->rcvlowat, val < 0 ? INT_MAX : val ?: 1);
		return 0;
	case SO_PRIORITY:
		if ((val < 0 || val > 6) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		sk->priority = val;
		return 0;
	case SO_MARK:
		if (!capable(CAP_NET_ADMIN))
			return -EPERM;
		sk->mark = val;
		return 0;
	case SO_TIMESTAMP:
	case SO_TIMESTAMPNS:
		assign_bit(SOCK_F_TIMESTAMP, &sk->flags, val && name == SO_TIMESTAMP);
		assign_bit(SOCK_F_TIMESTAMPNS, &sk->flags, val && name == SO_TIMESTAMPNS);
		return 0;
	case SO_PEEK_OFF:
		return sock->ops->set_peek_off ? sock->ops->set_peek_off(sk, val) : -EOPNOTSUPP;
	default:
		return -ENOPROTOOPT;
	}
}

/**
 * sock_setsockopt - set an option of level SOL_SOCKET
 * @name: SO_*   @val, @len: in user memory
 *
 * Return: 0 or -EINVAL (too short), -EFAULT, -ENOPROTOOPT (no such option, or only readable),
 * -EDOM, -EACCES, -EPERM. See socket(7).
 */
int sock_setsockopt(struct socket *sock, int name, const void __user *val, int len)
{
	int number;

	if (len < sizeof(number))
		return -EINVAL;
	if (get_user(number, (const int __user *)val))
		return -EFAULT;
	switch (name) {
	case SO_LINGER:
		return set_linger(sock->sk, val, len);
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		return set_timeout(&sock->sk->rcvtimeo, val, len);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return set_timeout(&sock->sk->sndtimeo, val, len);
	default:
		return set_number(sock, name, number);
	}
}

/* ---- reading ---- */

static struct __kernel_old_timeval get_timeout(long timeo)
{
	struct __kernel_old_timeval tv = { };

	if (timeo != MAX_SCHEDULE_TIMEOUT) {
		tv.tv_sec = timeo / NSEC_PER_SEC;
		tv.tv_usec = timeo % NSEC_PER_SEC / NSEC_PER_USEC;
	}
	return tv;
}

static int get_number(struct socket *sock, int name, int *val)
{
	struct sock *sk = sock->sk;
	int flag = option_flag(name);

	if (flag >= 0) {
		*val = sock_flag(sk, flag);
		return 0;
	}
	switch (name) {
	case SO_TYPE:
		*val = sk->type;
		return 0;
	case SO_DOMAIN:
		*val = sk->family;
		return 0;
	case SO_PROTOCOL:
		*val = sk->protocol;
		return 0;
	case SO_ERROR:
		*val = -sock_error(sk);
		return 0;
	case SO_SNDBUF:
		*val = READ_ONCE(sk->sndbuf);
		return 0;
	case SO_RCVBUF:
		*val = READ_ONCE(sk->rcvbuf);
		return 0;
	case SO_RCVLOWAT:
		*val = READ_ONCE(sk->rcvlowat);
		return 0;
	case SO_SNDLOWAT:
		*val = 1;
		return 0;
	case SO_ACCEPTCONN:
		*val = READ_ONCE(sk->state) == TCP_LISTEN;
		return 0;
	case SO_PRIORITY:
		*val = sk->priority;
		return 0;
	case SO_MARK:
		*val = sk->mark;
		return 0;
	case SO_TIMESTAMP:
		*val = sock_flag(sk, SOCK_F_TIMESTAMP);
		return 0;
	case SO_TIMESTAMPNS:
		*val = sock_flag(sk, SOCK_F_TIMESTAMPNS);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static struct ucred get_peercred(struct sock *sk)
{
	struct ucred peer = { 0, -1, -1 };

	spin_lock(&sk->lock);
	peer.pid = pid_vnr(sk->peer_pid);
	if (sk->peer_cred) {
		peer.uid = from_kuid_munged(current_user_ns(), sk->peer_cred->euid);
		peer.gid = from_kgid_munged(current_user_ns(), sk->peer_cred->egid);
	}
	spin_unlock(&sk->lock);
	return peer;
}

/* The peer's supplementary groups; too short a buffer is told the length. */
static int get_peergroups(struct sock *sk, void __user *val, int len, int __user *ulen)
{
	const struct cred *cred;
	int need, err;

	spin_lock(&sk->lock);
	cred = sk->peer_cred ? get_cred(sk->peer_cred) : NULL;
	spin_unlock(&sk->lock);
	if (!cred)
		return -ENODATA;
	need = cred->group_info->ngroups * sizeof(gid_t);
	err = put_user(need, ulen);
	if (!err && len < need)
		err = -ERANGE;
	if (!err)
		err = groups_to_user(val, cred->group_info);
	put_cred(cred);
	return err;
}

static int put_option(const void *from, int size, void __user *val, int len, int __user *ulen)
{
	len = min(len, size);
	if (copy_to_user(val, from, len))
		return -EFAULT;
	return put_user(len, ulen);
}

static int get_peername(struct socket *sock, void __user *val, int len, int __user *ulen)
{
	struct sockaddr_storage addr;
	int size = sock->ops->getname(sock, &addr, true);

	if (size < 0)
		return -ENOTCONN;
	if (size < len)
		len = size;
	else if (size > len)
		return -EINVAL;
	return put_option(&addr, size, val, len, ulen);
}

/**
 * sock_getsockopt - read an option of level SOL_SOCKET
 * @name: SO_*   @val: in user memory   @ulen: its room, becomes what was written
 *
 * Return: 0 or -EINVAL, -EFAULT, -ENOPROTOOPT.
 */
int sock_getsockopt(struct socket *sock, int name, void __user *val, int __user *ulen)
{
	struct __kernel_old_timeval tv;
	struct ucred peer;
	int len, number, err;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	switch (name) {
	case SO_LINGER:
		return put_option(&sock->sk->linger, sizeof(struct linger), val, len, ulen);
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		tv = get_timeout(READ_ONCE(sock->sk->rcvtimeo));
		return put_option(&tv, sizeof(tv), val, len, ulen);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		tv = get_timeout(READ_ONCE(sock->sk->sndtimeo));
		return put_option(&tv, sizeof(tv), val, len, ulen);
	case SO_PEERCRED:
		peer = get_peercred(sock->sk);
		return put_option(&peer, sizeof(peer), val, len, ulen);
	case SO_PEERGROUPS:
		return get_peergroups(sock->sk, val, len, ulen);
	case SO_PEERNAME:
		return get_peername(sock, val, len, ulen);
	}
	err = get_number(sock, name, &number);
	return err ?: put_option(&number, sizeof(number), val, len, ulen);
}
