// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports of IPv4: who has which, who may share one, and whom a datagram or a connection is for.
 * Locks: inet_lock guards the table and the addresses of all sockets in it.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/random.h>
#include <linux/string.h>
#include "inet.h"

#define TABLE_SIZE	256

static struct hlist_head table[TABLE_SIZE];	/* [t] by port; the newest first */
static DEFINE_SPINLOCK(inet_lock);

/* One table for both protocols: the port spreads well enough. */
static struct hlist_head *bucket(const struct net *net, u16 port)
{
	return &table[(port ^ net->ns.inum) % TABLE_SIZE];
}

static bool has_port(const struct inet_sock *inet, const struct net *net, int type, u16 port)
{
	return inet->sport == port && inet->sk.type == type && inet->sk.net == net;
}

/* ---- sharing ---- */

static bool overlap(u32 a, u32 b)
{
	return !a || !b || a == b;
}

/* May both have the same address and port? @listening: @a is about to listen. */
static bool may_share(const struct inet_sock *a, const struct inet_sock *b, bool listening)
{
	if (sock_flag(&a->sk, SOCK_F_REUSEPORT) && sock_flag(&b->sk, SOCK_F_REUSEPORT) &&
	    a->uid == b->uid)
		return true;
	if (!sock_flag(&a->sk, SOCK_F_REUSEADDR) || !sock_flag(&b->sk, SOCK_F_REUSEADDR))
		return false;
	return !is_tcp(&a->sk) || (b->sk.state != TCP_LISTEN && !listening);
}

/* Context: inet_lock. */
static bool conflict(const struct inet_sock *inet, u32 addr, u16 port, bool listening)
{
	struct inet_sock *other;

	hlist_for_each_entry(other, bucket(inet->sk.net, port), node) {
		if (other == inet || !has_port(other, inet->sk.net, inet->sk.type, port))
			continue;
		if (listening && other->sk.state != TCP_LISTEN)
			continue;
		if (overlap(other->rcv_saddr, addr) && !may_share(inet, other, listening))
			return true;
	}
	return false;
}

/* ---- getting one ---- */

/* Context: inet_lock. */
static void link_port(struct inet_sock *inet, u16 port)
{
	spin_lock(&inet->sk.lock);
	inet->sport = port;
	spin_unlock(&inet->sk.lock);
	hlist_add_head(&inet->node, bucket(inet->sk.net, port));
}

/* Context: inet_lock. */
static bool is_taken(const struct inet_sock *inet, u16 port)
{
	struct inet_sock *other;

	hlist_for_each_entry(other, bucket(inet->sk.net, port), node)
		if (has_port(other, inet->sk.net, inet->sk.type, port))
			return true;
	return false;
}

/* A port that nobody has, whatever the address. Context: inet_lock. Return: 0: none is left. */
static u16 free_port(struct inet_sock *inet)
{
	u32 low = READ_ONCE(inet->sk.net->ipv4_port_low);
	u32 high = READ_ONCE(inet->sk.net->ipv4_port_high);
	u32 count = max(high, low) - low + 1, i, first = get_random_u32() % count;

	for (i = 0; i < count; i++) {
		u16 port = low + (first + i) % count;

		if (!is_taken(inet, port))
			return port;
	}
	return 0;
}

/**
 * inet_get_port - bind to an address and a port
 * @port: 0: any free one
 *
 * Return: 0, -EINVAL (bound already), -EADDRINUSE.
 */
int inet_get_port(struct inet_sock *inet, u32 addr, u16 port)
{
	bool chosen = port;
	int err = 0;

	spin_lock(&inet_lock);
	if (inet->sport || inet->sk.state != TCP_CLOSE) {
		err = -EINVAL;
	} else {
		if (!port)
			port = free_port(inet);
		else if (conflict(inet, addr, port, false))
			port = 0;
		if (!port)
			err = -EADDRINUSE;
	}
	if (!err) {
		inet->rcv_saddr = addr;
		inet->saddr = addr;
		inet->addr_bound = addr;
		inet->port_bound = chosen;
		link_port(inet, port);
	}
	spin_unlock(&inet_lock);
	return err;
}

/* A port for a socket that sends or listens without having bound one. Return: 0 or -EAGAIN. */
int inet_autobind(struct inet_sock *inet)
{
	u16 port;

	if (READ_ONCE(inet->sport))
		return 0;
	spin_lock(&inet_lock);
	port = inet->sport;
	if (!port) {
		port = free_port(inet);
		if (port)
			link_port(inet, port);
	}
	spin_unlock(&inet_lock);
	return port ? 0 : -EAGAIN;
}

/**
 * inet_start_listening - a socket with a port becomes a listener, or its queue another length
 *
 * Return: 0, -EINVAL (it is connected), -EADDRINUSE (somebody listens already, and may not share).
 */
int inet_start_listening(struct inet_sock *inet, int backlog)
{
	struct sock *sk = &inet->sk;
	int err = 0;

	spin_lock(&inet_lock);
	spin_lock(&sk->lock);
	if (sk->state != TCP_CLOSE && sk->state != TCP_LISTEN)
		err = -EINVAL;
	else if (sk->state == TCP_CLOSE &&
		 conflict(inet, inet->rcv_saddr, inet->sport, true))
		err = -EADDRINUSE;
	if (!err) {
		sk->max_backlog = backlog;
		sk->state = TCP_LISTEN;
	}
	spin_unlock(&sk->lock);
	spin_unlock(&inet_lock);
	return err;
}

/* What bind() chose stays, when a disconnect asks; the end of a socket forgets all. */
void inet_put_port(struct inet_sock *inet)
{
	spin_lock(&inet_lock);
	if (!hlist_unhashed(&inet->node))
		hlist_del_init(&inet->node);
	inet->sport = 0;
	spin_unlock(&inet_lock);
}

/* An accepted connection has its listener's port. Its addresses are set. */
void inet_adopt_port(struct inet_sock *inet)
{
	spin_lock(&inet_lock);
	hlist_add_head(&inet->node, bucket(inet->sk.net, inet->sport));
	spin_unlock(&inet_lock);
}

/* ---- peers ---- */

/* @dport 0: nobody any more. */
void inet_set_peer(struct inet_sock *inet, u32 saddr, u32 daddr, u16 dport)
{
	spin_lock(&inet_lock);
	spin_lock(&inet->sk.lock);
	inet->daddr = daddr;
	inet->dport = dport;
	if (dport) {
		if (!inet->saddr)
			inet->saddr = saddr;
		if (!inet->rcv_saddr)
			inet->rcv_saddr = saddr;
	} else if (!inet->addr_bound) {
		inet->saddr = 0;
		inet->rcv_saddr = 0;
	}
	spin_unlock(&inet->sk.lock);
	spin_unlock(&inet_lock);
}

/* Does another socket of @inet's port have this very connection? */
bool inet_pair_exists(struct inet_sock *inet, u32 saddr, u32 daddr, u16 dport)
{
	struct inet_sock *other;
	bool found = false;

	spin_lock(&inet_lock);
	hlist_for_each_entry(other, bucket(inet->sk.net, inet->sport), node)
		if (other != inet && has_port(other, inet->sk.net, inet->sk.type, inet->sport) &&
		    other->saddr == saddr && other->daddr == daddr && other->dport == dport)
			found = true;
	spin_unlock(&inet_lock);
	return found;
}

/* ---- whom something is for ---- */

/* How well a socket fits; 0: not at all. Context: inet_lock. */
static int score(const struct inet_sock *inet, u32 saddr, u16 sport, u32 daddr)
{
	int points = 1;

	if (is_tcp(&inet->sk))
		return inet->sk.state != TCP_LISTEN ? 0 : inet->rcv_saddr == daddr ? 3 :
		       inet->rcv_saddr ? 0 : 1;
	if (inet->rcv_saddr) {
		if (inet->rcv_saddr != daddr)
			return 0;
		points += 2;
	}
	if (inet->dport) {
		if (inet->dport != sport || inet->daddr != saddr)
			return 0;
		points += 4;
	}
	return points;
}

/* The @nth of those that fit best. Context: inet_lock. */
static struct inet_sock *pick(struct net *net, int type, u32 saddr, u16 sport, u32 daddr,
			      u16 dport, int best, unsigned int nth)
{
	struct inet_sock *inet;

	hlist_for_each_entry(inet, bucket(net, dport), node)
		if (has_port(inet, net, type, dport) &&
		    score(inet, saddr, sport, daddr) == best && !nth--)
			return inet;
	return NULL;
}

struct sock *inet_lookup(struct net *net, int type, u32 saddr, u16 sport, u32 daddr, u16 dport)
{
	struct inet_sock *inet, *found = NULL;
	unsigned int sharers = 0;
	int best = 0, points;

	spin_lock(&inet_lock);
	hlist_for_each_entry(inet, bucket(net, dport), node) {
		if (!has_port(inet, net, type, dport))
			continue;
		points = score(inet, saddr, sport, daddr);
		if (points > best) {
			best = points;
			found = inet;
			sharers = 0;
		}
		sharers += points && points == best && sock_flag(&inet->sk, SOCK_F_REUSEPORT);
	}
	/* Each sender has the same one of those who share a port for that purpose. */
	if (found && sock_flag(&found->sk, SOCK_F_REUSEPORT) && sharers > 1)
		found = pick(net, type, saddr, sport, daddr, dport, best,
			     ((saddr ^ sport) * 0x9e3779b1u >> 16) % sharers) ?: found;
	if (found)
		sock_hold(&found->sk);
	spin_unlock(&inet_lock);
	return found ? &found->sk : NULL;
}

void inet_for_each(struct net *net, int type, void (*fn)(struct inet_sock *inet, void *arg),
		   void *arg)
{
	struct inet_sock *inet;
	unsigned int i;

	spin_lock(&inet_lock);
	for (i = 0; i < TABLE_SIZE; i++)
		hlist_for_each_entry(inet, &table[i], node)
			if (inet->sk.net == net && inet->sk.type == type)
				fn(inet, arg);
	spin_unlock(&inet_lock);
}
