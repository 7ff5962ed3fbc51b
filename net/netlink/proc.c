// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/netlink: one line for each socket.
 * Locks: netlink_table_lock for the walk.
 */
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "netlink.h"

static void show_socket(struct netlink_sock *nls, void *arg)
{
	struct seq_file *m = arg;
	struct sock *sk = &nls->sk;

	/* Addresses are not for reading; a message is counted where it waits, not at its sender. */
	seq_printf(m, "%016x %-3d %-10u %08x %-8zu %-8d %-5d %-8d %-8u %-8lu\n", 0,
		   sk->protocol, nls->portid, (u32)(nls->groups[0] >> 1), READ_ONCE(nls->queued), 0,
		   0, refcount_read(&sk->refs) + 1, READ_ONCE(nls->drops), sock_i_ino(sk));
}

static int netlink_show(struct seq_file *m, void *v)
{
	seq_puts(m, "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    "
		 "Drops    Inode\n");
	netlink_for_each(m->private, show_socket, m);
	return 0;
}

static int __init netlink_proc_init(void)
{
	return proc_create_net("netlink", 0444, netlink_show) ? 0 : -ENOMEM;
}
fs_initcall(netlink_proc_init);
