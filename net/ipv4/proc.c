// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/tcp and /proc/net/udp: one line for each socket that has a port (proc(5)).
 * Locks: inet_lock for the walk, sock->lock for what a line tells.
 */
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sprintf.h>
#include <linux/user_namespace.h>
#include <linux/cred.h>
#include "inet.h"

#define TCP_WIDTH	149
#define UDP_WIDTH	127

struct walk {
	struct seq_file *m;
	int slot;
};

static uid_t owner(const struct inet_sock *inet)
{
	return from_kuid_munged(current_user_ns(), inet->uid);
}

static void show_tcp(struct inet_sock *inet, void *arg)
{
	struct walk *w = arg;
	struct sock *sk = &inet->sk;
	unsigned long ino = sock_i_ino(sk);
	char line[TCP_WIDTH + 1];
	bool listening;

	spin_lock(&sk->lock);
	listening = sk->state == TCP_LISTEN;
	snprintf(line, sizeof(line), "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X "
		 "%5u %8d %lu %d %016x %lu %lu %u %u %d", w->slot++, (u32)htonl(inet->rcv_saddr),
		 inet->sport, (u32)htonl(inet->daddr), inet->dport, sk->state,
		 listening ? 0 : atomic_read(&sk->wmem),
		 listening ? sk->qlen : sk->qcharge, 0, 0ul, 0, owner(inet), 0, ino, refcount_read(&sk->refs), 0, 0ul, 0ul, 0, 10, 0);
	spin_unlock(&sk->lock);
	seq_printf(w->m, "%-*s\n", TCP_WIDTH, line);
}

static int tcp_show(struct seq_file *m, void *v)
{
	struct walk w = { .m = m };

	seq_printf(m, "%-*s\n", TCP_WIDTH, "  sl  local_address rem_address   st tx_queue rx_queue "
		   "tr tm->when retrnsmt   uid  timeout inode");
	inet_for_each(m->private, SOCK_STREAM, show_tcp, &w);
	return 0;
}

static void show_udp(struct inet_sock *inet, void *arg)
{
	struct walk *w = arg;
	struct sock *sk = &inet->sk;
	unsigned long ino = sock_i_ino(sk);
	char line[UDP_WIDTH + 1];

	spin_lock(&sk->lock);
	snprintf(line, sizeof(line), "%5d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08lX %08X "
		 "%5u %8d %lu %d %016x %u", w->slot++, (u32)htonl(inet->rcv_saddr), inet->sport,
		 (u32)htonl(inet->daddr), inet->dport, sk->state, atomic_read(&sk->wmem),
		 sk->qcharge, 0, 0ul, 0, owner(inet), 0, ino, refcount_read(&sk->refs), 0, 0);
	spin_unlock(&sk->lock);
	seq_printf(w->m, "%-*s\n", UDP_WIDTH, line);
}

static int udp_show(struct seq_file *m, void *v)
{
	struct walk w = { .m = m };

	seq_printf(m, "%-*s\n", UDP_WIDTH, "   sl  local_address rem_address   st tx_queue "
		   "rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops");
	inet_for_each(m->private, SOCK_DGRAM, show_udp, &w);
	return 0;
}

static int __init inet_proc_init(void)
{
	return proc_create_net("tcp", 0444, tcp_show) && proc_create_net("udp", 0444, udp_show) ?
	       0 : -ENOMEM;
}
fs_initcall(inet_proc_init);
