// SPDX-License-Identifier: GPL-2.0-only
/* /proc/net/dev and /proc/net/route: the loopback's traffic; no route leads elsewhere. */
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <net/loopback.h>
#include <net/net_namespace.h>

static int dev_show(struct seq_file *m, void *v)
{
	struct net *net = m->private;
	u64 bytes = atomic64_read(&net->lo.bytes), packets = atomic64_read(&net->lo.packets);

	seq_puts(m, "Inter-|   Receive                                                |  Transmit\n"
		 " face |bytes    packets errs drop fifo frame compressed multicast|bytes    "
		 "packets errs drop fifo colls carrier compressed\n");
	seq_printf(m, "%6s: %7llu %7llu %4d %4d %4d %5d %10d %9d "
		   "%8llu %7llu %4d %4d %4d %5d %7d %10d\n", LOOPBACK_NAME, bytes, packets, 0, 0, 0, 0, 0, 0, bytes, packets, 0, 0, 0, 0, 0,
		   0);
	return 0;
}

/* The main table, which is empty: what is local stands in another. Lines are padded to 127. */
static int route_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%-127s\n", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask"
		   "\t\tMTU\tWindow\tIRTT");
	return 0;
}

static int __init net_proc_init(void)
{
	return proc_create_net("dev", 0444, dev_show) &&
	       proc_create_net("route", 0444, route_show) ? 0 : -ENOMEM;
}
fs_initcall(net_proc_init);
