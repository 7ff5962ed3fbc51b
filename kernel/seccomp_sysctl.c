// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/kernel/seccomp: which actions there are, and which of them are logged. seccomp(2).
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include "seccomp.h"

#define ALLOW_BIT	(1u << (SECCOMP_NR_ACTIONS - 1))

static int names(char *buf, size_t size, unsigned int bits)
{
	int len = 0;

	for (unsigned int i = 0; i < SECCOMP_NR_ACTIONS; i++)
		if (bits & (1u << i))
			len += scnprintf(buf + len, size - len, "%s%s", len ? " " : "",
					 seccomp_action_name(i));
	return len;
}

static int get_avail(char *buf, size_t size)
{
	return names(buf, size, (1u << SECCOMP_NR_ACTIONS) - 1);
}

static int get_logged(char *buf, size_t size)
{
	return names(buf, size, READ_ONCE(seccomp_actions_logged));
}

static int bit_of(const char *name)
{
	for (unsigned int i = 0; i < SECCOMP_NR_ACTIONS; i++)
		if (!strcmp(name, seccomp_action_name(i)))
			return 1u << i;
	return -EINVAL;
}

/* What is allowed is never logged. */
static int set_logged(char *text)
{
	unsigned int bits = 0;
	char *name;
	int bit;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	while ((name = strsep(&text, " "))) {
		if (!*name)
			continue;
		bit = bit_of(name);
		if (bit < 0 || bit == ALLOW_BIT)
			return -EINVAL;
		bits |= bit;
	}
	WRITE_ONCE(seccomp_actions_logged, bits);
	return 0;
}

static const struct ctl_table seccomp_table[] = {
	{ .name = "actions_avail", .mode = 0444, .kind = CTL_CALL, .get = get_avail },
	{ .name = "actions_logged", .mode = 0644, .kind = CTL_CALL, .get = get_logged,
	  .set = set_logged },
};

static int __init seccomp_sysctl_init(void)
{
	return register_sysctl("kernel/seccomp", seccomp_table, ARRAY_SIZE(seccomp_table));
}
fs_initcall(seccomp_sysctl_init);
