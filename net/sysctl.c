// SPDX-License-Identifier: GPL-2.0-only
/* /proc/sys/net: sizes of sockets' buffers and queues. */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sysctl.h>
#include <net/sock.h>
#include "unix/unix.h"

#define SIZE(nm, var, lo)	{ .name = nm, .mode = 0644, .kind = CTL_INT, .data = &(var),	\
				  .min = lo, .max = INT_MAX }

static const struct ctl_table core_table[] = {
	SIZE("somaxconn", sysctl_somaxconn, 0),
	SIZE("rmem_default", sysctl_rmem_default, SOCK_MIN_RCVBUF),
	SIZE("rmem_max", sysctl_rmem_max, SOCK_MIN_RCVBUF),
	SIZE("wmem_default", sysctl_wmem_default, SOCK_MIN_SNDBUF),
	SIZE("wmem_max", sysctl_wmem_max, SOCK_MIN_SNDBUF),
};

static const struct ctl_table unix_table[] = {
	SIZE("max_dgram_qlen", sysctl_unix_max_dgram_qlen, 0),
};

static int __init net_sysctl_init(void)
{
	return register_sysctl("net/core", core_table, ARRAY_SIZE(core_table)) ?:
	       register_sysctl("net/unix", unix_table, ARRAY_SIZE(unix_table));
}
fs_initcall(net_sysctl_init);
