// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/kernel and /proc/sys/vm: the values that have no subsystem of their own to list them.
 */
#include <linux/capability.h>
#include <linux/console.h>
#include <linux/cred.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/pid.h>
#include <linux/rwsem.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>

#define UTS_GETTER(field)							\
static int get_##field(char *buf, size_t size)					\
{										\
	int n;									\
										\
	down_read(&uts_sem);							\
	n = scnprintf(buf, size, "%s", utsname()->field);			\
	up_read(&uts_sem);							\
	return n;								\
}
UTS_GETTER(sysname)
UTS_GETTER(release)
UTS_GETTER(version)
UTS_GETTER(nodename)
UTS_GETTER(domainname)

static int set_name(char *field, struct ctl_watch *watch, const char *text)
{
	if (!ns_capable(current_uts_ns()->user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	down_write(&uts_sem);
	strscpy(field, text, __NEW_UTS_LEN + 1);
	sysctl_changed(watch);
	up_write(&uts_sem);
	return 0;
}

static int set_nodename(char *text)
{
	return set_name(utsname()->nodename, &hostname_watch, text);
}

static int set_domainname(char *text)
{
	return set_name(utsname()->domainname, &domainname_watch, text);
}

static int get_cap_last_cap(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", CAP_LAST_CAP);
}

static int get_ngroups_max(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", NGROUPS_MAX);
}

static int get_printk(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d\t4\t1\t7", console_loglevel);
}

static int set_printk(char *text)
{
	int level;

	text[strcspn(text, " \t")] = '\0';
	if (kstrtoint(text, 10, &level) || level < 0 || level > 8)
		return -EINVAL;
	console_loglevel = level;
	return 0;
}

static int get_tainted(char *buf, size_t size)
{
	return scnprintf(buf, size, "%lu", READ_ONCE(tainted_mask));
}

#define CALL(nm, m, g, s)	{ .name = nm, .mode = m, .kind = CTL_CALL, .get = g, .set = s }
#define INT(nm, var, lo, hi)	{ .name = nm, .mode = 0644, .kind = CTL_INT, .data = &(var),	\
				  .min = lo, .max = hi }
#define ULONG(nm, var)		{ .name = nm, .mode = 0644, .kind = CTL_ULONG, .data = &(var),	\
				  .max = LONG_MAX }

static const struct ctl_table kernel_table[] = {
	CALL("ostype", 0444, get_sysname, NULL),
	CALL("osrelease", 0444, get_release, NULL),
	CALL("version", 0444, get_version, NULL),
	{ .name = "hostname", .mode = 0644, .kind = CTL_CALL, .get = get_nodename,
	  .set = set_nodename, .watch = &hostname_watch },
	{ .name = "domainname", .mode = 0644, .kind = CTL_CALL, .get = get_domainname,
	  .set = set_domainname, .watch = &domainname_watch },
	CALL("cap_last_cap", 0444, get_cap_last_cap, NULL),
	CALL("ngroups_max", 0444, get_ngroups_max, NULL),
	CALL("printk", 0644, get_printk, set_printk),
	INT("dmesg_restrict", dmesg_restrict, 0, 1),
	CALL("tainted", 0444, get_tainted, NULL),
	INT("pid_max", pid_max, 301, PID_MAX_LIMIT),
	INT("threads-max", max_threads, 20, 0x3fffffff),
	INT("panic", panic_timeout, INT_MIN, INT_MAX),
	{ .name = "panic_on_oops", .mode = 0644, .kind = CTL_BOOL, .data = &panic_on_oops },
	INT("randomize_va_space", randomize_va_space, 0, 2),
	INT("overflowuid", overflowuid, 0, 65535),
	INT("overflowgid", overflowgid, 0, 65535),
};

static int get_shared_pgtables(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", sysctl_shared_pgtables);
}

static const struct ctl_table vm_table[] = {
	INT("overcommit_memory", sysctl_overcommit_memory, 0, 2),
	INT("overcommit_ratio", sysctl_overcommit_ratio, 0, INT_MAX),
	ULONG("overcommit_kbytes", sysctl_overcommit_kbytes),
	INT("max_map_count", sysctl_max_map_count, 0, INT_MAX),
	ULONG("mmap_min_addr", mmap_min_addr),
	ULONG("user_reserve_kbytes", sysctl_user_reserve_kbytes),
	ULONG("admin_reserve_kbytes", sysctl_admin_reserve_kbytes),
	INT("panic_on_oom", sysctl_panic_on_oom, 0, 2),
	INT("oom_kill_allocating_task", sysctl_oom_kill_allocating_task, 0, INT_MAX),
	INT("oom_dump_tasks", sysctl_oom_dump_tasks, 0, INT_MAX),
	INT("legacy_va_layout", sysctl_legacy_va_layout, 0, INT_MAX),
	CALL("shared_pgtables", 0644, get_shared_pgtables, set_shared_pgtables),
	CALL("fold_idle_ms", 0644, get_fold_idle_ms, set_fold_idle_ms),
	INT("fork_copy_pages", sysctl_fork_copy_pages, 0, INT_MAX),
};

static int __init sysctl_init(void)
{
	return register_sysctl("kernel", kernel_table, ARRAY_SIZE(kernel_table)) ?:
	       register_sysctl("vm", vm_table, ARRAY_SIZE(vm_table));
}
fs_initcall(sysctl_init);
