/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_UNIX, shared by the files of net/unix/ only. Order of locks: bindlock, iolock (sleeping);
 * unix_gc_lock, unix_table_lock, sock->lock (two: net/sock.c), peer_wait.lock, sock->wait.lock.
 * A listener's lock comes before its embryos'.
 */
#ifndef _NET_UNIX_H
#define _NET_UNIX_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <net/msg.h>
#include <net/scm.h>
#include <net/sock.h>
#include <uapi/linux/un.h>

#define UNIX_NAME_OFFSET	offsetof(struct sockaddr_un, sun_path)

/* A name, shared by a listener and what it accepted. Locks: [I] immutable   [a] atomic */
struct unix_addr {
	refcount_t refs;		/* [a] */
	int len;			/* [I] of name, as getsockname() tells */
	struct sockaddr_un name;	/* [I] */
};

/*
 * Locks: [l] sk.lock   [t] unix_table_lock   [b] bindlock to write, [l] too
 *        [g] unix_gc_lock   [p] the peer_wait.lock of waiting_on
 */
struct unix_sock {
	struct sock sk;
	struct unix_addr *addr;		/* [b] set once; NULL: unnamed */
	struct path path;		/* [b] set once; its inode is the name's key */
	struct mutex bindlock;
	struct hlist_node node;		/* [t] */
	struct sock *peer;		/* [l] holds a reference */
	wait_queue_head_t peer_wait;	/* those who wait for room in our queue */
	struct wait_queue_entry peer_wake;	/* [p] passes such a wake-up on to our pollers */
	struct sock *waiting_on;	/* [p] whose peer_wait it stands on, or NULL */
	struct list_head gc_link;	/* [g] */
	unsigned long sent_refs;		/* [g] references by messages in queues */
	unsigned long gc_refs;		/* [g] of them, not from candidates */
	bool gc_candidate;		/* [g] */
	bool accepted;			/* [I] bears its listener's name, but is not found by it */
};

static inline struct unix_sock *unix_sk(const struct sock *sk)
{
	return (struct unix_sock *)sk;
}

/* Has a connection, unlike datagram sockets. */
static inline bool unix_connected_type(const struct sock *sk)
{
	return sk->type != SOCK_DGRAM;
}

/* af_unix.c */
struct sock *unix_create_sock(struct net *net, struct socket *sock, int type);
void unix_release_sock(struct sock *sk, bool embryo);
void unix_release(struct socket *sock);
struct sock *unix_peer_get(struct sock *sk);
int unix_getname(struct socket *sock, struct sockaddr_storage *addr, int peer);
int unix_shutdown(struct socket *sock, int how);
int unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
void unix_set_peercred(struct sock *sk);
int unix_socketpair(struct socket *a, struct socket *b);

/* name.c */
int unix_bind(struct socket *sock, struct sockaddr_storage *addr, int len);
int unix_autobind(struct sock *sk);
int unix_check_addr(const struct sockaddr_storage *addr, int len);
struct sock *unix_find_other(struct net *net, struct sockaddr_storage *addr, int len, int type);
void unix_table_add_unnamed(struct unix_sock *u);
void unix_table_remove(struct unix_sock *u);
struct unix_addr *unix_addr_get(struct unix_addr *addr);
void unix_addr_put(struct unix_addr *addr);
void unix_put_name(struct msghdr *msg, struct sock *sk);
/* call @fn for each socket of @net under unix_table_lock */
void unix_for_each(struct net *net, void (*fn)(struct unix_sock *u, void *arg), void *arg);

/* msg.c */
void unix_purge(struct sock *sk, struct list_head *msgs);
int unix_attach(struct sock_msg *msg, struct scm_cookie *scm, struct sock *from,
		struct sock *to);
int unix_take_scm(struct sock *sk, struct sock_msg *msg, struct scm_cookie *scm, bool peek);

/* stream.c, dgram.c */
extern const struct proto_ops unix_stream_ops, unix_dgram_ops, unix_seqpacket_ops;
int unix_listen(struct socket *sock, int backlog);
int unix_accept(struct socket *sock, struct socket *newsock, int flags);
int unix_stream_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
long unix_wait_for_peer(struct sock *other, long timeo);
void unix_peer_wake_disconnect(struct sock *sk, struct sock *other);

/* garbage.c */
void unix_inflight(struct scm_files *files);
void unix_notinflight(struct scm_files *files);
int unix_charge_files(struct scm_files *files);
void unix_gc(void);
extern spinlock_t unix_gc_lock;

#endif
