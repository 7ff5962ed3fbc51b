// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/net/lo: the loopback device of the reader's network namespace. The tree is one for
 * all: each namespace has this one device.
 */
#include <linux/err.h>
#include <net/net_namespace.h>
#include "sysfs.h"

static int show_number(struct seq_file *m, long value)
{
	seq_printf(m, "%ld\n", value);
	return 0;
}

#define NUMBER(nm, value)							\
static int nm##_show(struct seq_file *m, long arg)				\
{										\
	return show_number(m, value);						\
}
NUMBER(addr_assign_type, 0)
NUMBER(addr_len, 6)
NUMBER(dev_id, 0)
NUMBER(dormant, 0)
NUMBER(group, 0)
NUMBER(ifindex, LOOPBACK_INDEX)
NUMBER(mtu, READ_ONCE(current_net()->lo.mtu))
NUMBER(tx_queue_len, READ_ONCE(current_net()->lo.txqlen))
NUMBER(type, ARPHRD_LOOPBACK)
NUMBER(bytes, atomic64_read(&current_net()->lo.bytes))
NUMBER(packets, atomic64_read(&current_net()->lo.packets))
NUMBER(none, 0)

static int address_show(struct seq_file *m, long arg)
{
	seq_puts(m, "00:00:00:00:00:00\n");
	return 0;
}

static int carrier_show(struct seq_file *m, long arg)
{
	return loopback_is_up(&current_net()->lo) ? show_number(m, 1) : -EINVAL;
}

static int flags_show(struct seq_file *m, long arg)
{
	/* Without those that follow from them. */
	seq_printf(m, "0x%x\n", READ_ONCE(current_net()->lo.flags));
	return 0;
}

static int operstate_show(struct seq_file *m, long arg)
{
	seq_puts(m, loopback_is_up(&current_net()->lo) ? "unknown\n" : "down\n");
	return 0;
}

static const struct sysfs_attr lo_attrs[] = {
	{ "addr_assign_type",	addr_assign_type_show },
	{ "addr_len",		addr_len_show },
	{ "address",		address_show },
	{ "broadcast",		address_show },
	{ "carrier",		carrier_show },
	{ "carrier_changes",	none_show },
	{ "dev_id",		dev_id_show },
	{ "dormant",		dormant_show },
	{ "flags",		flags_show },
	{ "ifindex",		ifindex_show },
	{ "iflink",		ifindex_show },
	{ "mtu",		mtu_show },
	{ "netdev_group",	group_show },
	{ "operstate",		operstate_show },
	{ "tx_queue_len",	tx_queue_len_show },
	{ "type",		type_show },
};

static const struct sysfs_attr statistics_attrs[] = {
	{ "collisions",		none_show },
	{ "multicast",		none_show },
	{ "rx_bytes",		bytes_show },
	{ "rx_dropped",		none_show },
	{ "rx_errors",		none_show },
	{ "rx_packets",		packets_show },
	{ "tx_bytes",		bytes_show },
	{ "tx_dropped",		none_show },
	{ "tx_errors",		none_show },
	{ "tx_packets",		packets_show },
};

bool sysfs_add_net(struct dentry *class_net, struct dentry *devices)
{
	struct dentry *lo = sysfs_dir(sysfs_dir(sysfs_dir(devices, "virtual"), "net"),
				      LOOPBACK_NAME);

	return sysfs_link(class_net, LOOPBACK_NAME, "../../devices/virtual/net/" LOOPBACK_NAME) &&
	       sysfs_link(lo, "subsystem", "../../../../class/net") &&
	       sysfs_files(lo, lo_attrs, ARRAY_SIZE(lo_attrs), 0) &&
	       sysfs_files(sysfs_dir(lo, "statistics"), statistics_attrs,
			   ARRAY_SIZE(statistics_attrs), 0);
}
