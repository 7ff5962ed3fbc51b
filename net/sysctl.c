// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/net: sizes of sockets' buffers and queues, and a few values of IPv4. Most are those of
 * the reader's network namespace.
 * Locks: conf_lock for the values of IPv4 that follow each other.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#define SIZE(nm, var, lo)	{ .name = nm, .mode = 0644, .kind = CTL_INT, .data = &(var),	\
				  .min = lo, .max = INT_MAX }
#define NET_INT(nm, field, lo, hi)							\
	{ .name = nm, .mode = 0644, .kind = CTL_INT, .locate = locate_in_net,		\
	  .data = (void *)offsetof(struct net, field), .min = lo, .max = hi }

static DEFINE_SPINLOCK(conf_lock);

static const struct ctl_table core_table[] = {
	NET_INT("somaxconn", somaxconn, 0, INT_MAX),
	SIZE("rmem_default", sysctl_rmem_default, SOCK_MIN_RCVBUF),
	SIZE("rmem_max", sysctl_rmem_max, SOCK_MIN_RCVBUF),
	SIZE("wmem_default", sysctl_wmem_default, SOCK_MIN_SNDBUF),
	SIZE("wmem_max", sysctl_wmem_max, SOCK_MIN_SNDBUF),
};

static const struct ctl_table unix_table[] = {
	NET_INT("max_dgram_qlen", unix_max_dgram_qlen, 0, INT_MAX),
};

/* ---- IPv4: /proc/sys/net/ipv4/conf/{all,default,lo} ---- */

/* A new namespace begins with what the first has for all and for new devices. */
void ipv4_conf_init(struct net *net)
{
	net->ipv4_tag[IPV4_CONF_ALL] = READ_ONCE(init_net.ipv4_tag[IPV4_CONF_ALL]);
	net->ipv4_tag[IPV4_CONF_DEFAULT] = READ_ONCE(init_net.ipv4_tag[IPV4_CONF_DEFAULT]);
	net->ipv4_tag[IPV4_CONF_LO] = net->ipv4_tag[IPV4_CONF_DEFAULT];
}

static int get_tag(enum ipv4_conf_dir dir, char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", READ_ONCE(current_net()->ipv4_tag[dir]));
}

/* A device that nobody wrote to follows the default. */
static int set_tag(enum ipv4_conf_dir dir, const char *text)
{
	struct net *net = current_net();
	int value;

	if (kstrtoint(text, 0, &value))
		return -EINVAL;
	spin_lock(&conf_lock);
	WRITE_ONCE(net->ipv4_tag[dir], value);
	if (dir == IPV4_CONF_LO)
		net->ipv4_lo_tag_set = true;
	if (dir == IPV4_CONF_DEFAULT && !net->ipv4_lo_tag_set)
		WRITE_ONCE(net->ipv4_tag[IPV4_CONF_LO], value);
	spin_unlock(&conf_lock);
	return 0;
}

/* The ports that connect() and bind() choose from. */
static int get_port_range(char *buf, size_t size)
{
	struct net *net = current_net();

	return scnprintf(buf, size, "%d\t%d", READ_ONCE(net->ipv4_port_low),
			 READ_ONCE(net->ipv4_port_high));
}

static int set_port_range(char *text)
{
	struct net *net = current_net();
	int low, high;

	if (sscanf(text, "%d %d", &low, &high) != 2 || low < 1 || high > 65535 || high < low)
		return -EINVAL;
	spin_lock(&conf_lock);
	WRITE_ONCE(net->ipv4_port_low, low);
	WRITE_ONCE(net->ipv4_port_high, high);
	spin_unlock(&conf_lock);
	return 0;
}

static const struct ctl_table ipv4_table[] = {
	{ .name = "ip_local_port_range", .mode = 0644, .kind = CTL_CALL, .get = get_port_range,
	  .set = set_port_range },
	NET_INT("ip_unprivileged_port_start", ipv4_unprivileged_port, 0, 65535),
};

#define TAG_OF(nm, dir)								\
static int get_##nm##_tag(char *buf, size_t size)				\
{										\
	return get_tag(dir, buf, size);						\
}										\
static int set_##nm##_tag(char *text)						\
{										\
	return set_tag(dir, text);						\
}										\
static const struct ctl_table nm##_conf_table[] = {				\
	{ .name = "tag", .mode = 0644, .kind = CTL_CALL, .get = get_##nm##_tag,	\
	  .set = set_##nm##_tag },						\
}
TAG_OF(all, IPV4_CONF_ALL);
TAG_OF(default, IPV4_CONF_DEFAULT);
TAG_OF(lo, IPV4_CONF_LO);

static int __init net_sysctl_init(void)
{
	return register_sysctl("net/core", core_table, ARRAY_SIZE(core_table)) ?:
	       register_sysctl("net/unix", unix_table, ARRAY_SIZE(unix_table)) ?:
	       register_sysctl("net/ipv4", ipv4_table, ARRAY_SIZE(ipv4_table)) ?:
	       register_sysctl("net/ipv4/conf/all", all_conf_table, 1) ?:
	       register_sysctl("net/ipv4/conf/default", default_conf_table, 1) ?:
	       register_sysctl("net/ipv4/conf/lo", lo_conf_table, 1);
}
fs_initcall(net_sysctl_init);
