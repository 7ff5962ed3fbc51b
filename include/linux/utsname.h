/* SPDX-License-Identifier: GPL-2.0-only */
/* The names that uname(2) reports, one set for each uts namespace; guarded by uts_sem. */
#ifndef _LINUX_UTSNAME_H_K
#define _LINUX_UTSNAME_H_K

#include <linux/nsproxy.h>
#include <uapi/linux/utsname.h>

struct rw_semaphore;
struct ucounts;

/*
 * Locks: [U] uts_sem   [I] immutable
 */
struct uts_namespace {
	struct new_utsname name;	/* [U] */
	struct user_namespace *user_ns;	/* [I] holds a reference */
	struct ucounts *ucounts;	/* [I] charged for it */
	struct ns_common ns;
};

extern struct uts_namespace init_uts_ns;
extern struct rw_semaphore uts_sem;
/* What /proc/sys/kernel/hostname and domainname tell poll(), of whatever namespace; uts_sem. */
extern struct ctl_watch hostname_watch, domainname_watch;

struct uts_namespace *copy_utsname(struct user_namespace *owner, struct uts_namespace *old);
void put_uts_ns(struct uts_namespace *ns);

static inline struct uts_namespace *get_uts_ns(struct uts_namespace *ns)
{
	refcount_inc(&ns->ns.count);
	return ns;
}

/* Current's, or the first when it is past giving up its own. */
static inline struct uts_namespace *current_uts_ns(void)
{
	return current->nsproxy ? current->nsproxy->uts_ns : &init_uts_ns;
}

static inline struct new_utsname *utsname(void)
{
	return &current_uts_ns()->name;
}

#endif /* _LINUX_UTSNAME_H_K */
