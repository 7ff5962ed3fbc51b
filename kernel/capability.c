// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capabilities: the check, capget and capset, and the rules by which set*id calls and prctl
 * change the sets (capabilities(7)). What exec does with them is in kernel/cred_exec.c.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/selftest.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/* In the namespace that the credentials are of. */
bool cred_capable(const struct cred *cred, int cap)
{
	return cap_raised(cred->cap_effective, cap);
}

/*
 * In another one: who has a capability has it in all namespaces below, and who has made a
 * namespace has them all in it and below (user_namespaces(7), "Capabilities").
 */
static bool capable_elsewhere(const struct cred *cred, const struct user_namespace *ns, int cap)
{
	while (ns->level > cred->user_ns->level) {
		if (ns->parent == cred->user_ns && ns->owner == cred->euid)
			return true;
		ns = ns->parent;
	}
	return ns == cred->user_ns && cred_capable(cred, cap);
}

/**
 * cred_ns_capable - would these credentials allow @cap in @ns?
 * @cred: any
 * @ns: the namespace that owns what is to be done
 * @cap: CAP_*
 *
 * Context: any.
 */
bool cred_ns_capable(const struct cred *cred, const struct user_namespace *ns, int cap)
{
	if (likely(ns == cred->user_ns))
		return cred_capable(cred, cap);
	return capable_elsewhere(cred, ns, cap);
}

/**
 * ns_capable - may current do what @cap allows, to what belongs to @ns?
 * @ns: a user namespace
 * @cap: CAP_*
 *
 * Return: the answer; a use is remembered in PF_SUPERPRIV.
 */
bool ns_capable(const struct user_namespace *ns, int cap)
{
	if (!cred_ns_capable(current_cred(), ns, cap))
		return false;
	current->flags |= PF_SUPERPRIV;
	return true;
}

/**
 * capable - may current do what @cap allows to the whole system?
 * @cap: CAP_*
 *
 * Return: as ns_capable() of the initial namespace.
 */
bool capable(int cap)
{
	return ns_capable(&init_user_ns, cap);
}

/* Could whoever opened @file do it? So that a set-uid program's descriptors lend no power. */
bool file_ns_capable(const struct file *file, const struct user_namespace *ns, int cap)
{
	return cred_ns_capable(file->f_cred, ns, cap);
}

/* The same question about another task, without a trace. */
bool has_ns_capability(struct task_struct *tsk, const struct user_namespace *ns, int cap)
{
	bool ret;

	rcu_read_lock();
	ret = cred_ns_capable(__task_cred(tsk), ns, cap);
	rcu_read_unlock();
	return ret;
}

bool has_capability(struct task_struct *tsk, int cap)
{
	return has_ns_capability(tsk, &init_user_ns, cap);
}

static bool is_root_somehow(const struct cred *cred, uid_t root)
{
	return cred->uid == root || cred->euid == root || cred->suid == root;
}

/**
 * cap_emulate_setxuid - root's powers come and go with its uids
 * @new: prepared credentials whose uids have been changed
 * @old: the present ones
 *
 * capabilities(7), "Effect of user ID changes on capabilities".
 */
void cap_emulate_setxuid(struct cred *new, const struct cred *old)
{
	uid_t root = make_kuid(old->user_ns, 0);

	if (new->securebits & SECBIT_NO_SETUID_FIXUP)
		return;
	if (is_root_somehow(old, root) && !is_root_somehow(new, root)) {
		if (!(new->securebits & SECBIT_KEEP_CAPS)) {
			new->cap_permitted = CAP_EMPTY_SET;
			new->cap_effective = CAP_EMPTY_SET;
		}
		new->cap_ambient = CAP_EMPTY_SET;
	}
	if (old->euid == root && new->euid != root)
		new->cap_effective = CAP_EMPTY_SET;
	if (old->euid != root && new->euid == root)
		new->cap_effective = new->cap_permitted;
}

/* How many 32-bit halves this version of the interface has; tells the caller ours if unknown. */
static int cap_version(cap_user_header_t header, unsigned int *halves)
{
	u32 version;

	if (get_user(version, &header->version))
		return -EFAULT;
	switch (version) {
	case _LINUX_CAPABILITY_VERSION_1:
		*halves = _LINUX_CAPABILITY_U32S_1;
		return 0;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		*halves = _LINUX_CAPABILITY_U32S_3;
		return 0;
	default:
		if (put_user((u32)_LINUX_CAPABILITY_VERSION_3, &header->version))
			return -EFAULT;
		return -EINVAL;
	}
}

static int get_caps_of(pid_t pid, kernel_cap_t sets[3])
{
	const struct cred *cred;
	struct task_struct *tsk;
	int ret = -ESRCH;

	rcu_read_lock();
	tsk = pid ? find_task_by_vpid(pid) : current;
	if (tsk) {
		cred = __task_cred(tsk);
		sets[0] = cred->cap_effective;
		sets[1] = cred->cap_permitted;
		sets[2] = cred->cap_inheritable;
		ret = 0;
	}
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE2(capget, cap_user_header_t, header, cap_user_data_t, data)
{
	struct __user_cap_data_struct out[_LINUX_CAPABILITY_U32S_3];
	unsigned int halves = 0;
	kernel_cap_t sets[3];
	pid_t pid;
	int ret;

	ret = cap_version(header, &halves);
	if (!data || ret)
		return !data && ret == -EINVAL ? 0 : ret;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	ret = get_caps_of(pid, sets);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < halves; i++)
		out[i] = (struct __user_cap_data_struct){
			.effective = sets[0] >> (32 * i),
			.permitted = sets[1] >> (32 * i),
			.inheritable = sets[2] >> (32 * i),
		};
	return copy_to_user(data, out, halves * sizeof(*out)) ? -EFAULT : 0;
}

/* capset(2): nothing may be gained but what the present sets allow. */
static bool capset_permitted(const struct cred *old, kernel_cap_t effective,
			     kernel_cap_t permitted, kernel_cap_t inheritable)
{
	if (!cap_issubset(inheritable, old->cap_inheritable | old->cap_permitted) &&
	    !cred_capable(old, CAP_SETPCAP))
		return false;
	return cap_issubset(inheritable, old->cap_inheritable | old->cap_bset) &&
	       cap_issubset(permitted, old->cap_permitted) &&
	       cap_issubset(effective, permitted);
}

static long set_caps(kernel_cap_t effective, kernel_cap_t permitted, kernel_cap_t inheritable)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	if (!capset_permitted(current_cred(), effective, permitted, inheritable)) {
		abort_creds(new);
		return -EPERM;
	}
	new->cap_effective = effective;
	new->cap_permitted = permitted;
	new->cap_inheritable = inheritable;
	new->cap_ambient &= permitted & inheritable;
	return commit_creds(new);
}

SYSCALL_DEFINE2(capset, cap_user_header_t, header, const cap_user_data_t, data)
{
	struct __user_cap_data_struct in[_LINUX_CAPABILITY_U32S_3] = { };
	kernel_cap_t effective = 0, permitted = 0, inheritable = 0;
	unsigned int halves = 0;
	pid_t pid;
	int ret;

	ret = cap_version(header, &halves);
	if (ret)
		return ret;
	if (get_user(pid, &header->pid))
		return -EFAULT;
	if (pid && pid != task_pid_vnr(current))
		return -EPERM;
	if (copy_from_user(in, data, halves * sizeof(*in)))
		return -EFAULT;
	for (unsigned int i = 0; i < halves; i++) {
		effective |= (u64)in[i].effective << (32 * i);
		permitted |= (u64)in[i].permitted << (32 * i);
		inheritable |= (u64)in[i].inheritable << (32 * i);
	}
	return set_caps(effective & CAP_FULL_SET, permitted & CAP_FULL_SET,
			inheritable & CAP_FULL_SET);
}

/* PR_CAPBSET_DROP. Return: 0, -EPERM, -EINVAL, -ENOMEM. */
long cap_prctl_bset_drop(unsigned long cap)
{
	struct cred *new;

	if (!cred_capable(current_cred(), CAP_SETPCAP))
		return -EPERM;
	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->cap_bset &= ~CAP_BIT(cap);
	return commit_creds(new);
}

/* PR_SET_SECUREBITS: locked bits stay, locks stay, and it is a privilege. */
long cap_prctl_set_securebits(unsigned long bits)
{
	unsigned long old = current_cred()->securebits;
	unsigned long locks = old & SECURE_ALL_LOCKS;
	struct cred *new;

	if (((locks >> 1) & (old ^ bits)) || (locks & ~bits) ||
	    (bits & ~(unsigned long)(SECURE_ALL_BITS | SECURE_ALL_LOCKS)) ||
	    !cred_capable(current_cred(), CAP_SETPCAP))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->securebits = bits;
	return commit_creds(new);
}

/* PR_SET_KEEPCAPS. */
long cap_prctl_set_keepcaps(unsigned long on)
{
	struct cred *new;

	if (on > 1)
		return -EINVAL;
	if (current_cred()->securebits & SECBIT_KEEP_CAPS_LOCKED)
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->securebits &= ~SECBIT_KEEP_CAPS;
	if (on)
		new->securebits |= SECBIT_KEEP_CAPS;
	return commit_creds(new);
}

static bool may_raise_ambient(const struct cred *cred, int cap)
{
	return cap_raised(cred->cap_permitted, cap) && cap_raised(cred->cap_inheritable, cap) &&
	       !(cred->securebits & SECBIT_NO_CAP_AMBIENT_RAISE);
}

static long commit_ambient(kernel_cap_t ambient)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	new->cap_ambient = ambient;
	return commit_creds(new);
}

/* PR_CAP_AMBIENT and its four operations. */
long cap_prctl_ambient(unsigned long op, unsigned long cap, unsigned long arg4,
		       unsigned long arg5)
{
	const struct cred *cred = current_cred();

	if (op == PR_CAP_AMBIENT_CLEAR_ALL)
		return cap | arg4 | arg5 ? -EINVAL : commit_ambient(CAP_EMPTY_SET);
	if (cap > CAP_LAST_CAP || (arg4 | arg5))
		return -EINVAL;
	switch (op) {
	case PR_CAP_AMBIENT_IS_SET:
		return cap_raised(cred->cap_ambient, cap);
	case PR_CAP_AMBIENT_RAISE:
		if (!may_raise_ambient(cred, cap))
			return -EPERM;
		return commit_ambient(cred->cap_ambient | CAP_BIT(cap));
	case PR_CAP_AMBIENT_LOWER:
		return commit_ambient(cred->cap_ambient & ~CAP_BIT(cap));
	default:
		return -EINVAL;
	}
}

/* ---- tests ---- */

static struct cred cred_with_uids(uid_t uid, uid_t euid, uid_t suid)
{
	return (struct cred){
		.uid = uid, .euid = euid, .suid = suid, .user_ns = &init_user_ns,
		.cap_permitted = CAP_FULL_SET,
		.cap_effective = euid ? CAP_EMPTY_SET : CAP_FULL_SET,
		.cap_ambient = CAP_BIT(CAP_KILL),
	};
}

SELFTEST(capability, uids_take_and_give)
{
	struct cred old = cred_with_uids(0, 0, 0), new = old;

	new.uid = new.euid = new.suid = 5;
	cap_emulate_setxuid(&new, &old);
	KT_EXPECT_EQ(new.cap_permitted, 0);
	KT_EXPECT_EQ(new.cap_effective, 0);
	KT_EXPECT_EQ(new.cap_ambient, 0);

	new = old;
	new.euid = 5;
	cap_emulate_setxuid(&new, &old);
	KT_EXPECT_EQ(new.cap_permitted, CAP_FULL_SET);
	KT_EXPECT_EQ(new.cap_effective, 0);
	KT_EXPECT_EQ(new.cap_ambient, CAP_BIT(CAP_KILL));

	old = new;
	new.euid = 0;
	cap_emulate_setxuid(&new, &old);
	KT_EXPECT_EQ(new.cap_effective, CAP_FULL_SET);

	old = cred_with_uids(0, 0, 0);
	old.securebits = SECBIT_KEEP_CAPS;
	new = old;
	new.uid = new.euid = new.suid = 5;
	cap_emulate_setxuid(&new, &old);
	KT_EXPECT_EQ(new.cap_permitted, CAP_FULL_SET);
	KT_EXPECT_EQ(new.cap_effective, 0);
}
