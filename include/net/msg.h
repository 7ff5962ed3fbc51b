/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sockets hand each other, whatever their family: messages, charged to the sender until they
 * are freed, and the ways of waiting for them. A stream is a queue of messages that is read
 * without regard to their bounds.
 */
#ifndef _NET_MSG_H
#define _NET_MSG_H

#include <linux/list.h>
#include <linux/slab.h>
#include <net/scm.h>
#include <net/sock.h>

/* One message. [I] except as tagged: the receiver's [l] lock, [o] iolock. */
struct sock_msg {
	struct list_head link;		/* [l] */
	refcount_t refs;		/* the queue's, and a reader's that peeks */
	struct sock *sender;		/* who is charged, with a reference; NULL: nobody */
	struct sock *embryo;		/* a listener's queue: the connection to accept */
	/* Before it is freed, for what the family attached; or NULL. */
	void (*release)(struct sock_msg *msg);
	union {
		struct scm_cookie scm;	/* AF_UNIX; files: [l] and unix_gc_lock */
		struct {		/* AF_INET: in host byte order */
			u32 saddr, daddr;
			u16 sport;
		} from;
	};
	unsigned int len;
	unsigned int done;		/* [o] bytes already read */
	unsigned int charge;
	char data[];
};

/* The largest piece of a stream: it comes from a slab cache. */
#define SOCK_CHUNK	(KMALLOC_MAX_CACHE_SIZE - sizeof(struct sock_msg))

static inline bool sock_writable(const struct sock *sk)
{
	return sk->state != TCP_LISTEN && atomic_read(&sk->wmem) * 4L <= READ_ONCE(sk->sndbuf);
}

static inline bool sock_queue_full(const struct sock *sk)
{
	return READ_ONCE(sk->qlen) > READ_ONCE(sk->max_backlog);
}

/* net/msg.c */
struct sock_msg *sock_msg_alloc(struct sock *sk, size_t len, long *timeo);
struct sock_msg *sock_msg_embryo(struct sock *embryo);
void sock_msg_put(struct sock_msg *msg);
void sock_msg_uncharge(struct sock_msg *msg);
void __sock_enqueue(struct sock *sk, struct sock_msg *msg);
void __sock_dequeue(struct sock *sk, struct sock_msg *msg);
struct sock_msg *sock_take_msg(struct sock *sk, bool peek);
int sock_bytes_to_read(struct sock *sk);
long sock_wait_data(struct sock *sk, long timeo);
struct sock_msg *sock_wait_embryo(struct sock *sk, bool noblock);

/* One recvmsg() of a stream on its way. */
struct stream_read {
	struct socket *sock;
	struct msghdr *msg;
	size_t size, target, copied;
	int flags;
	long timeo;
	struct sock_msg *last;		/* peeked at */
	/* May be NULL. Before bytes of a message are copied: 1: go on; 0: enough; or an error. */
	int (*begin)(struct stream_read *r, struct sock_msg *m);
	/* May be NULL. After that: the same. */
	int (*end)(struct stream_read *r, struct sock_msg *m);
	/* Nothing is there: 1: wait; 0: nothing will come; or an error. */
	int (*empty)(struct sock *sk);
};

/* net/stream.c */
ssize_t sock_stream_read(struct stream_read *r);

#endif
