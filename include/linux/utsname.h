/* SPDX-License-Identifier: GPL-2.0-only */
/* The names that uname(2) reports; guarded by uts_sem. */
#ifndef _LINUX_UTSNAME_H_K
#define _LINUX_UTSNAME_H_K

#include <uapi/linux/utsname.h>

struct rw_semaphore;

/*
 * Locks: [U] uts_sem
 */
struct uts_namespace {
	struct new_utsname name;	/* [U] */
};

extern struct uts_namespace init_uts_ns;
extern struct rw_semaphore uts_sem;

static inline struct new_utsname *utsname(void)
{
	return &init_uts_ns.name;
}

#endif /* _LINUX_UTSNAME_H_K */
