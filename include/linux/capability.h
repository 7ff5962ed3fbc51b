/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capabilities as 64-bit sets. Checks are against the caller's (or a task's)
 * effective set; the rules that change sets are in kernel/capability.c.
 */
#ifndef _LINUX_CAPABILITY_H_K
#define _LINUX_CAPABILITY_H_K

#include <linux/types.h>
#include <uapi/linux/capability.h>

typedef u64 kernel_cap_t;

#define CAP_BIT(cap)		(1ULL << (cap))
#define CAP_EMPTY_SET		((kernel_cap_t)0)
#define CAP_FULL_SET		((CAP_BIT(CAP_LAST_CAP) << 1) - 1)

/* What a change of the file-system uid between 0 and non-0 gives and takes. */
#define CAP_FS_SET	(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_DAC_OVERRIDE) |		\
			 CAP_BIT(CAP_DAC_READ_SEARCH) | CAP_BIT(CAP_FOWNER) |		\
			 CAP_BIT(CAP_FSETID) | CAP_BIT(CAP_LINUX_IMMUTABLE) |		\
			 CAP_BIT(CAP_MKNOD) | CAP_BIT(CAP_MAC_OVERRIDE))

struct cred;
struct file;
struct task_struct;
struct user_namespace;

static inline bool cap_raised(kernel_cap_t set, int cap)
{
	return set & CAP_BIT(cap);
}

static inline bool cap_issubset(kernel_cap_t a, kernel_cap_t b)
{
	return !(a & ~b);
}

/* capable() asks about the initial namespace, ns_capable() about any. */
bool capable(int cap);
bool ns_capable(const struct user_namespace *ns, int cap);
bool file_ns_capable(const struct file *file, const struct user_namespace *ns, int cap);
bool has_capability(struct task_struct *tsk, int cap);
bool has_ns_capability(struct task_struct *tsk, const struct user_namespace *ns, int cap);
bool cred_capable(const struct cred *cred, int cap);
bool cred_ns_capable(const struct cred *cred, const struct user_namespace *ns, int cap);
void cap_emulate_setxuid(struct cred *new, const struct cred *old);
long cap_prctl_ambient(unsigned long op, unsigned long cap, unsigned long arg4,
		       unsigned long arg5);
long cap_prctl_bset_drop(unsigned long cap);
long cap_prctl_set_securebits(unsigned long bits);
long cap_prctl_set_keepcaps(unsigned long on);

#endif /* _LINUX_CAPABILITY_H_K */
