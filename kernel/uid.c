// SPDX-License-Identifier: GPL-2.0-only
/*
 * The set*id and get*id system calls. Each prepares a copy of the caller's credentials, changes
 * it by the rules of setuid(2), setreuid(2), setresuid(2), setfsuid(2), and commits it.
 * What happens to capabilities is in kernel/capability.c.
 */
#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/* The account follows the real uid. */
static int set_user(struct cred *new)
{
	struct user_struct *up = alloc_uid(new->uid);

	if (!up)
		return -EAGAIN;
	free_uid(new->user);
	new->user = up;
	return 0;
}

/*
 * Over RLIMIT_NPROC a change of uid still succeeds, because too few programs check it; the
 * next exec fails instead (execve(2), EAGAIN).
 */
static void flag_nproc_exceeded(const struct cred *new)
{
	if (new->user == current_user())
		return;
	if (new->user != &root_user &&
	    (unsigned long)atomic_long_read(&new->user->processes) > rlimit(RLIMIT_NPROC))
		current->flags |= PF_NPROC_EXCEEDED;
	else
		current->flags &= ~PF_NPROC_EXCEEDED;
}

static long commit_uids(struct cred *new)
{
	const struct cred *old = current_cred();

	if (new->uid != old->uid) {
		int ret = set_user(new);

		if (ret) {
			abort_creds(new);
			return ret;
		}
	}
	cap_emulate_setxuid(new, old);
	flag_nproc_exceeded(new);
	return commit_creds(new);
}

/*
 * The caller's numbers become the kernel's; -1, "no change", stays. False: one of them means
 * nobody in the caller's namespace.
 */
static bool take_uid(uid_t *id)
{
	if (*id == INVALID_UID)
		return true;
	*id = make_kuid(current_user_ns(), *id);
	return *id != INVALID_UID;
}

static bool take_gid(gid_t *id)
{
	if (*id == INVALID_GID)
		return true;
	*id = make_kgid(current_user_ns(), *id);
	return *id != INVALID_GID;
}

/* Does @id occur among the caller's real, effective and saved uids? "No change" does. */
static bool uid_is_own(const struct cred *cred, uid_t id)
{
	return id == INVALID_UID || id == cred->uid || id == cred->euid || id == cred->suid;
}

static bool gid_is_own(const struct cred *cred, gid_t id)
{
	return id == INVALID_GID || id == cred->gid || id == cred->egid || id == cred->sgid;
}

static bool reuid_permitted(const struct cred *old, uid_t ruid, uid_t euid)
{
	if (ruid != INVALID_UID && ruid != old->uid && ruid != old->euid &&
	    !ns_capable(old->user_ns, CAP_SETUID))
		return false;
	return uid_is_own(old, euid) || ns_capable(old->user_ns, CAP_SETUID);
}

SYSCALL_DEFINE2(setreuid, uid_t, ruid, uid_t, euid)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if (!take_uid(&ruid) || !take_uid(&euid))
		return -EINVAL;
	if (!reuid_permitted(old, ruid, euid))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ruid != INVALID_UID)
		new->uid = ruid;
	if (euid != INVALID_UID)
		new->euid = euid;
	if (ruid != INVALID_UID || (euid != INVALID_UID && euid != old->uid))
		new->suid = new->euid;
	new->fsuid = new->euid;
	return commit_uids(new);
}

SYSCALL_DEFINE1(setuid, uid_t, uid)
{
	const struct cred *old = current_cred();
	bool privileged;
	struct cred *new;

	uid = make_kuid(old->user_ns, uid);
	if (uid == INVALID_UID)
		return -EINVAL;
	privileged = ns_capable(old->user_ns, CAP_SETUID);
	if (!privileged && uid != old->uid && uid != old->suid)
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (privileged) {
		new->uid = uid;
		new->suid = uid;
	}
	new->euid = uid;
	new->fsuid = uid;
	return commit_uids(new);
}

SYSCALL_DEFINE3(setresuid, uid_t, ruid, uid_t, euid, uid_t, suid)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if (!take_uid(&ruid) || !take_uid(&euid) || !take_uid(&suid))
		return -EINVAL;
	if (!(uid_is_own(old, ruid) && uid_is_own(old, euid) && uid_is_own(old, suid)) &&
	    !ns_capable(old->user_ns, CAP_SETUID))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ruid != INVALID_UID)
		new->uid = ruid;
	if (euid != INVALID_UID)
		new->euid = euid;
	if (suid != INVALID_UID)
		new->suid = suid;
	new->fsuid = new->euid;
	return commit_uids(new);
}

static long put_three_ids(const u32 ids[3], u32 __user *a, u32 __user *b, u32 __user *c)
{
	if (put_user(ids[0], a) || put_user(ids[1], b) || put_user(ids[2], c))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE3(getresuid, uid_t __user *, ruid, uid_t __user *, euid, uid_t __user *, suid)
{
	const struct cred *cred = current_cred();
	const struct user_namespace *ns = cred->user_ns;
	const u32 ids[3] = {
		from_kuid_munged(ns, cred->uid), from_kuid_munged(ns, cred->euid),
		from_kuid_munged(ns, cred->suid),
	};

	return put_three_ids(ids, ruid, euid, suid);
}

SYSCALL_DEFINE3(getresgid, gid_t __user *, rgid, gid_t __user *, egid, gid_t __user *, sgid)
{
	const struct cred *cred = current_cred();
	const struct user_namespace *ns = cred->user_ns;
	const u32 ids[3] = {
		from_kgid_munged(ns, cred->gid), from_kgid_munged(ns, cred->egid),
		from_kgid_munged(ns, cred->sgid),
	};

	return put_three_ids(ids, rgid, egid, sgid);
}

static bool regid_permitted(const struct cred *old, gid_t rgid, gid_t egid)
{
	if (rgid != INVALID_GID && rgid != old->gid && rgid != old->egid &&
	    !ns_capable(old->user_ns, CAP_SETGID))
		return false;
	return gid_is_own(old, egid) || ns_capable(old->user_ns, CAP_SETGID);
}

SYSCALL_DEFINE2(setregid, gid_t, rgid, gid_t, egid)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if (!take_gid(&rgid) || !take_gid(&egid))
		return -EINVAL;
	if (!regid_permitted(old, rgid, egid))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (rgid != INVALID_GID)
		new->gid = rgid;
	if (egid != INVALID_GID)
		new->egid = egid;
	if (rgid != INVALID_GID || (egid != INVALID_GID && egid != old->gid))
		new->sgid = new->egid;
	new->fsgid = new->egid;
	return commit_creds(new);
}

SYSCALL_DEFINE1(setgid, gid_t, gid)
{
	const struct cred *old = current_cred();
	bool privileged;
	struct cred *new;

	gid = make_kgid(old->user_ns, gid);
	if (gid == INVALID_GID)
		return -EINVAL;
	privileged = ns_capable(old->user_ns, CAP_SETGID);
	if (!privileged && gid != old->gid && gid != old->sgid)
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (privileged) {
		new->gid = gid;
		new->sgid = gid;
	}
	new->egid = gid;
	new->fsgid = gid;
	return commit_creds(new);
}

SYSCALL_DEFINE3(setresgid, gid_t, rgid, gid_t, egid, gid_t, sgid)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if (!take_gid(&rgid) || !take_gid(&egid) || !take_gid(&sgid))
		return -EINVAL;
	if (!(gid_is_own(old, rgid) && gid_is_own(old, egid) && gid_is_own(old, sgid)) &&
	    !ns_capable(old->user_ns, CAP_SETGID))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (rgid != INVALID_GID)
		new->gid = rgid;
	if (egid != INVALID_GID)
		new->egid = egid;
	if (sgid != INVALID_GID)
		new->sgid = sgid;
	new->fsgid = new->egid;
	return commit_creds(new);
}

/* Only the effective set's file-system capabilities follow the file-system uid. */
static void fsuid_fix_caps(struct cred *new, const struct cred *old)
{
	uid_t root = make_kuid(old->user_ns, 0);

	if (new->securebits & SECBIT_NO_SETUID_FIXUP)
		return;
	if (old->fsuid == root && new->fsuid != root)
		new->cap_effective &= ~CAP_FS_SET;
	if (old->fsuid != root && new->fsuid == root)
		new->cap_effective |= new->cap_permitted & CAP_FS_SET;
}

/* Never fails: the answer is the former value, whatever happened (setfsuid(2)). */
SYSCALL_DEFINE1(setfsuid, uid_t, uid)
{
	const struct cred *old = current_cred();
	uid_t former = from_kuid_munged(old->user_ns, old->fsuid);
	struct cred *new;

	uid = make_kuid(old->user_ns, uid);
	if (uid == INVALID_UID || uid == old->fsuid)
		return former;
	if (!uid_is_own(old, uid) && !ns_capable(old->user_ns, CAP_SETUID))
		return former;
	new = prepare_creds();
	if (!new)
		return former;
	new->fsuid = uid;
	fsuid_fix_caps(new, old);
	commit_creds(new);
	return former;
}

SYSCALL_DEFINE1(setfsgid, gid_t, gid)
{
	const struct cred *old = current_cred();
	gid_t former = from_kgid_munged(old->user_ns, old->fsgid);
	struct cred *new;

	gid = make_kgid(old->user_ns, gid);
	if (gid == INVALID_GID || gid == old->fsgid)
		return former;
	if (!gid_is_own(old, gid) && !ns_capable(old->user_ns, CAP_SETGID))
		return former;
	new = prepare_creds();
	if (!new)
		return former;
	new->fsgid = gid;
	commit_creds(new);
	return former;
}

SYSCALL_DEFINE0(getuid)
{
	return from_kuid_munged(current_user_ns(), current_uid());
}

SYSCALL_DEFINE0(geteuid)
{
	return from_kuid_munged(current_user_ns(), current_euid());
}

SYSCALL_DEFINE0(getgid)
{
	return from_kgid_munged(current_user_ns(), current_gid());
}

SYSCALL_DEFINE0(getegid)
{
	return from_kgid_munged(current_user_ns(), current_egid());
}
