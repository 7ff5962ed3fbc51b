// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exec does to credentials: set-uid and set-gid bits, the capability rules for root, ambient
 * capabilities, and when the result is "secure" (AT_SECURE). See execve(2), capabilities(7).
 * Files carry no capabilities of their own.
 */
#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/stat.h>
#include <uapi/linux/personality.h>

/* Personality bits that would weaken a set-uid program. */
#define PER_CLEAR_ON_SETID	(READ_IMPLIES_EXEC | ADDR_NO_RANDOMIZE |		\
				 ADDR_COMPAT_LAYOUT | MMAP_PAGE_ZERO)

/**
 * prepare_exec_creds - the copy that exec works on, without the old program's keyrings
 *
 * Context: may sleep. Return: the copy, or NULL without memory.
 */
struct cred *prepare_exec_creds(void)
{
	struct cred *new = prepare_creds();

	if (new && unlikely(cred_has_keys(&new->keys)))
		drop_process_keys(&new->keys);
	return new;
}

/* Take over the file's owner where its mode says so. */
static void fill_uid(struct linux_binprm *bprm)
{
	struct inode *inode = file_inode(bprm->file);
	umode_t mode = READ_ONCE(inode->i_mode);

	if ((bprm->file->f_path.mnt->mnt_flags & MNT_NOSUID) || current->no_new_privs)
		return;
	/* Owners that the namespace does not know are nobody there. */
	if (!kuid_has_mapping(bprm->cred->user_ns, inode->i_uid) ||
	    !kgid_has_mapping(bprm->cred->user_ns, inode->i_gid))
		return;
	if (mode & S_ISUID) {
		bprm->per_clear |= PER_CLEAR_ON_SETID;
		bprm->cred->euid = inode->i_uid;
	}
	/* Set-gid without group execution once meant mandatory locking. */
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)) {
		bprm->per_clear |= PER_CLEAR_ON_SETID;
		bprm->cred->egid = inode->i_gid;
	}
}

/* Root gets everything that the bounding set allows. Return: are these also effective? */
static bool fill_root_caps(struct cred *new)
{
	uid_t root = make_kuid(new->user_ns, 0);

	new->cap_permitted = CAP_EMPTY_SET;
	if (new->securebits & SECBIT_NOROOT)
		return false;
	if (new->euid == root || new->uid == root)
		new->cap_permitted = new->cap_bset | new->cap_inheritable;
	return new->euid == root;
}

/* Somebody outside could abuse the new powers: do not give more than there was. */
static void refuse_gain(struct cred *new, const struct cred *old, unsigned int unsafe)
{
	if (!cred_capable(old, CAP_SETUID) || (unsafe & LSM_UNSAFE_NO_NEW_PRIVS)) {
		new->euid = new->uid;
		new->egid = new->gid;
	}
	new->cap_permitted &= old->cap_permitted;
}

static bool gained_caps(const struct cred *new, const struct cred *old)
{
	return !cap_issubset(new->cap_permitted, old->cap_permitted | old->cap_ambient);
}

/* Tracing is safe when it began with the power to trace anybody. */
static bool is_unsafe(const struct linux_binprm *bprm)
{
	return (bprm->unsafe & ~LSM_UNSAFE_PTRACE) ||
	       (bprm->unsafe && !ptracer_capable(current, bprm->cred->user_ns));
}

static bool is_secure(const struct cred *new, bool setid, bool effective)
{
	if (setid)
		return true;
	return new->uid != make_kuid(new->user_ns, 0) &&
	       (effective || !cap_issubset(new->cap_permitted, new->cap_ambient));
}

/**
 * bprm_fill_creds - work out the credentials after exec
 * @bprm: ->cred from prepare_exec_creds(), ->file, ->unsafe
 *
 * Fills ->cred, ->secureexec, ->per_clear. Return: 0.
 */
int bprm_fill_creds(struct linux_binprm *bprm)
{
	const struct cred *old = current_cred();
	struct cred *new = bprm->cred;
	bool effective, setid;

	fill_uid(bprm);
	effective = fill_root_caps(new);
	setid = new->euid != old->uid || new->egid != old->gid;
	if ((setid || gained_caps(new, old)) && is_unsafe(bprm)) {
		refuse_gain(new, old, bprm->unsafe);
		setid = new->euid != old->uid || new->egid != old->gid;
	}
	new->suid = new->euid;
	new->fsuid = new->euid;
	new->sgid = new->egid;
	new->fsgid = new->egid;
	if (setid)
		new->cap_ambient = CAP_EMPTY_SET;
	new->cap_permitted |= new->cap_ambient;
	new->cap_effective = effective ? new->cap_permitted : new->cap_ambient;
	new->securebits &= ~SECBIT_KEEP_CAPS;
	bprm->secureexec = is_secure(new, setid, effective);
	return 0;
}

/**
 * install_exec_creds - the new credentials come into force
 * @bprm: ->cred is taken over
 *
 * Context: task, with its new mm.
 */
void install_exec_creds(struct linux_binprm *bprm)
{
	const struct cred *new = bprm->cred;
	bool plain = new->uid == new->euid && new->gid == new->egid && !bprm->unreadable;

	set_dumpable(current->mm, plain ? SUID_DUMP_USER : suid_dumpable);
	commit_creds(bprm->cred);	/* a changed identity undoes the former */
	bprm->cred = NULL;
}
