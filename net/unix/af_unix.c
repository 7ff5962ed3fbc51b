// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX sockets: creation, release, pairs, and what all three types have in common.
 * Locks: sock->lock; see unix.h for the order.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/asm-generic/ioctls.h>
#include <net/net_namespace.h>
#include <uapi/linux/sockios.h>
#include "unix.h"

static struct kmem_cache *unix_cache;
static atomic_long_t nr_socks;

/* ---- life ---- */

static void unix_destruct(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	ASSERT(list_empty(&sk->queue) && !u->peer && hlist_unhashed(&u->node));
	unix_addr_put(u->addr);
	atomic_long_dec(&nr_socks);
	kmem_cache_free(unix_cache, u);
}

/* A socket we wait for has room again: tell our pollers. Context: its peer_wait.lock. */
static int pass_wake_up(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct unix_sock *u = container_of(wait, struct unix_sock, peer_wake);

	list_del_init(&wait->entry);
	u->waiting_on = NULL;
	wake_up_interruptible_poll(&u->sk.wait, key_to_poll(key));
	return 0;
}

/**
 * unix_create_sock - a socket without name and peer
 * @net: whose abstract names it reaches
 * @sock: what it belongs to; NULL for a connection that was not accepted yet
 *
 * Return: it, with one reference, or ERR_PTR(-ENFILE, -ENOMEM).
 */
struct sock *unix_create_sock(struct net *net, struct socket *sock, int type)
{
	struct unix_sock *u;

	if (atomic_long_inc_return(&nr_socks) > 2 * (long)get_max_files()) {
		atomic_long_dec(&nr_socks);
		return ERR_PTR(-ENFILE);
	}
	u = kmem_cache_zalloc(unix_cache, GFP_KERNEL);
	if (!u) {
		atomic_long_dec(&nr_socks);
		return ERR_PTR(-ENOMEM);
	}
	sock_init(net, &u->sk, sock, AF_UNIX, type, 0);
	u->sk.max_backlog = READ_ONCE(net->unix_max_dgram_qlen);
	u->sk.destruct = unix_destruct;
	mutex_init(&u->bindlock);
	INIT_LIST_HEAD(&u->gc_link);
	/* Wakes sockets' own queues. */
	init_waitqueue_head_nested(&u->peer_wait);
	init_waitqueue_func_entry(&u->peer_wake, pass_wake_up);
	unix_table_add_unnamed(u);
	return &u->sk;
}

/* The connection is gone: the other end reads what it has, then the end of file. */
static void leave_peer(struct sock *peer, bool unread)
{
	spin_lock(&peer->lock);
	peer->shutdown = SHUTDOWN_MASK;
	if (unread)
		WRITE_ONCE(peer->err, ECONNRESET);
	spin_unlock(&peer->lock);
	sock_wake(peer, EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLRDHUP | EPOLLRDNORM | EPOLLWRNORM);
}

/**
 * unix_release_sock - the end of @sk as far as users see
 * @embryo: it was never accepted, so its peer is reset
 *
 * Drops the creator's reference. Context: no lock held.
 */
void unix_release_sock(struct sock *sk, bool embryo)
{
	struct unix_sock *u = unix_sk(sk);
	struct sock *peer;
	struct path path;
	LIST_HEAD(msgs);

	unix_table_remove(u);
	spin_lock(&sk->lock);
	sk->dead = true;
	sk->socket = NULL;
	sk->shutdown = SHUTDOWN_MASK;
	sk->state = TCP_CLOSE;
	peer = u->peer;
	u->peer = NULL;
	path = u->path;
	u->path = (struct path){ };
	list_splice_init(&sk->queue, &msgs);
	WRITE_ONCE(sk->qlen, 0);
	WRITE_ONCE(sk->qcharge, 0);
	spin_unlock(&sk->lock);

	wake_up_interruptible_all(&u->peer_wait);
	if (peer) {
		if (unix_connected_type(sk))
			leave_peer(peer, embryo || !list_empty(&msgs));
		unix_peer_wake_disconnect(sk, peer);
		sock_put(peer);
	}
	unix_purge(sk, &msgs);
	if (path.dentry)
		path_put(&path);
	sock_put(sk);
	unix_gc();
}

void unix_release(struct socket *sock)
{
	struct sock *sk = sock->sk;

	sock->sk = NULL;
	unix_release_sock(sk, false);
}

/* ---- peers ---- */

/* Return: the peer with a reference, or NULL. */
struct sock *unix_peer_get(struct sock *sk)
{
	struct sock *peer;

	spin_lock(&sk->lock);
	peer = unix_sk(sk)->peer;
	if (peer)
		sock_hold(peer);
	spin_unlock(&sk->lock);
	return peer;
}

/* Remember the caller as the one behind @sk, for SO_PEERCRED of the other end. */
void unix_set_peercred(struct sock *sk)
{
	const struct cred *cred = get_current_cred(), *old_cred;
	struct pid *pid = get_pid(task_tgid(current)), *old_pid;

	spin_lock(&sk->lock);
	old_pid = sk->peer_pid;
	old_cred = sk->peer_cred;
	sk->peer_pid = pid;
	sk->peer_cred = cred;
	spin_unlock(&sk->lock);
	put_pid(old_pid);
	put_cred(old_cred);
}

int unix_socketpair(struct socket *a, struct socket *b)
{
	/* Nobody else knows them yet. */
	unix_sk(a->sk)->peer = sock_hold(b->sk);
	unix_sk(b->sk)->peer = sock_hold(a->sk);
	unix_set_peercred(a->sk);
	unix_set_peercred(b->sk);
	a->sk->state = TCP_ESTABLISHED;
	b->sk->state = TCP_ESTABLISHED;
	return 0;
}

int unix_getname(struct socket *sock, struct sockaddr_storage *addr, int peer)
{
	struct sock *sk = peer ? unix_peer_get(sock->sk) : sock_hold(sock->sk);
	struct unix_addr *name;
	int len = UNIX_NAME_OFFSET;

	if (!sk)
		return -ENOTCONN;
	name = smp_load_acquire(&unix_sk(sk)->addr);
	addr->ss_family = AF_UNIX;
	if (name) {
		len = name->len;
		memcpy(addr, &name->name, len);
	}
	sock_put(sk);
	return len;
}

int unix_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk, *peer;
	int mode = how + 1;	/* SHUT_RD, SHUT_WR, SHUT_RDWR as bits */
	int peer_mode = (mode & RCV_SHUTDOWN ? SEND_SHUTDOWN : 0) |
			(mode & SEND_SHUTDOWN ? RCV_SHUTDOWN : 0);

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	spin_lock(&sk->lock);
	sk->shutdown |= mode;
	peer = unix_sk(sk)->peer;
	if (peer)
		sock_hold(peer);
	spin_unlock(&sk->lock);
	sock_wake(sk, EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLRDHUP | EPOLLRDNORM | EPOLLWRNORM);
	if (!peer)
		return 0;
	if (unix_connected_type(sk)) {
		spin_lock(&peer->lock);
		peer->shutdown |= peer_mode;
		spin_unlock(&peer->lock);
		sock_wake(peer, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLRDNORM | EPOLLWRNORM |
			  (peer_mode == SHUTDOWN_MASK ? EPOLLHUP : 0));
	}
	sock_put(peer);
	return 0;
}

/* ---- ioctl ---- */

int unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int val;

	switch (cmd) {
	case SIOCOUTQ:
		return put_user(atomic_read(&sock->sk->wmem), (int __user *)arg);
	case SIOCINQ:
		val = sock_bytes_to_read(sock->sk);
		return val < 0 ? val : put_user(val, (int __user *)arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- the family ---- */

static int unix_create(struct net *net, struct socket *sock, int protocol)
{
	struct sock *sk;

	if (protocol && protocol != PF_UNIX)
		return -EPROTONOSUPPORT;
	switch (sock->type) {
	case SOCK_STREAM:
		sock->ops = &unix_stream_ops;
		break;
	case SOCK_RAW:	/* BSD's name for it */
		sock->type = SOCK_DGRAM;
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_DGRAM:
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_SEQPACKET:
		sock->ops = &unix_seqpacket_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	sk = unix_create_sock(net, sock, sock->type);
	if (IS_ERR(sk))
		return PTR_ERR(sk);
	sock->sk = sk;
	return 0;
}

static const struct net_proto_family unix_family = {
	.family	= AF_UNIX,
	.create	= unix_create,
};

static int __init unix_init(void)
{
	unix_cache = kmem_cache_create("UNIX", sizeof(struct unix_sock),
				       __alignof__(struct unix_sock), SLAB_PANIC, NULL);
	sock_register(&unix_family);
	return 0;
}
fs_initcall(unix_init);
