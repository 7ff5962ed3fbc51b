/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials. A struct cred is immutable once committed; to change one's own,
 * prepare_creds(), modify the copy, commit_creds() or abort_creds(). Only a task
 * itself replaces its credentials; others read them under RCU.
 */
#ifndef _LINUX_CRED_H
#define _LINUX_CRED_H

#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/key.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/list.h>
#include <linux/types.h>
#include <linux/user_namespace.h>

#define INVALID_UID	((uid_t)-1)
#define INVALID_GID	((gid_t)-1)
#define NGROUPS_MAX	65536

/*
 * Supplementary groups, sorted. Locks: [I] immutable after set_groups()
 */
struct group_info {
	refcount_t usage;
	int ngroups;			/* [I] */
	gid_t gid[];			/* [I] ascending */
};

/*
 * What one uid has in the whole system.
 * Locks: [a] atomic   [I] immutable   [U] uidhash_lock
 */
struct user_struct {
	refcount_t refs;		/* [a] the last put takes uidhash_lock */
	atomic_long_t processes;	/* [a] charged by fork, compared with RLIMIT_NPROC */
	atomic_long_t sigpending;	/* [a] queued signals, RLIMIT_SIGPENDING */
	atomic_long_t locked_shm;	/* [a] pages locked by shmctl and memfd, RLIMIT_MEMLOCK */
	atomic_long_t mq_bytes;		/* [a] of POSIX message queues, RLIMIT_MSGQUEUE */
	atomic_long_t inotify_watches;	/* [a] */
	atomic_long_t inotify_instances;	/* [a] */
	atomic_long_t unix_inflight;	/* [a] descriptors on their way through AF_UNIX */
	atomic_long_t pipe_pages;	/* [a] */
	uid_t uid;			/* [I] */
	struct hlist_node hash;		/* [U] */
};

/*
 * Locks: [a] atomic   [I] immutable once committed
 */
struct cred {
	refcount_t usage;		/* [a] */
	uid_t uid, euid, suid, fsuid;	/* [I] */
	gid_t gid, egid, sgid, fsgid;	/* [I] */
	unsigned int securebits;	/* [I] SECBIT_* */
	kernel_cap_t cap_inheritable;	/* [I] */
	kernel_cap_t cap_permitted;	/* [I] */
	kernel_cap_t cap_effective;	/* [I] */
	kernel_cap_t cap_bset;		/* [I] */
	kernel_cap_t cap_ambient;	/* [I] */
	struct user_struct *user;	/* [I] of the real uid; holds a reference */
	struct user_namespace *user_ns;	/* [I] what the ids and capabilities are of; reference */
	struct group_info *group_info;	/* [I] holds a reference */
	struct cred_keys keys;		/* [I] holds references */
	struct rcu_head rcu;
};

extern struct cred init_cred;
extern struct user_struct root_user;
extern struct group_info init_groups;

void cred_init(void);
struct cred *prepare_creds(void);
struct cred *prepare_kernel_cred(struct task_struct *tsk);
int commit_creds(struct cred *new);
void abort_creds(struct cred *new);
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);
void __put_cred(struct cred *cred);
const struct cred *get_task_cred(struct task_struct *tsk);

struct user_struct *alloc_uid(uid_t uid);
struct user_struct *find_user(uid_t uid);
void free_uid(struct user_struct *up);

struct group_info *groups_alloc(int ngroups);
void put_group_info(struct group_info *gi);
int groups_to_user(gid_t __user *list, const struct group_info *gi);
int groups_search(const struct group_info *gi, gid_t gid);
bool in_group_p(gid_t gid);
bool in_egroup_p(gid_t gid);

static inline struct user_struct *get_uid(struct user_struct *up)
{
	refcount_inc(&up->refs);
	return up;
}

static inline struct group_info *get_group_info(struct group_info *gi)
{
	refcount_inc(&gi->usage);
	return gi;
}

static inline const struct cred *get_cred(const struct cred *cred)
{
	refcount_inc(&((struct cred *)cred)->usage);
	return cred;
}

static inline void put_cred(const struct cred *cred)
{
	if (cred && refcount_dec_and_test(&((struct cred *)cred)->usage))
		__put_cred((struct cred *)cred);
}

/* Only current changes its own pointers, so it needs no RCU to read them. */
#define current_cred()		((const struct cred *)current->cred)
#define current_real_cred()	((const struct cred *)current->real_cred)

/* Another task's objective credentials; the caller is in an RCU read section. */
#define __task_cred(tsk)	((const struct cred *)rcu_dereference((tsk)->real_cred))

#define get_current_cred()	get_cred(current_cred())
#define get_current_user()	get_uid(current_cred()->user)

#define current_uid()		(current_cred()->uid)
#define current_gid()		(current_cred()->gid)
#define current_euid()		(current_cred()->euid)
#define current_egid()		(current_cred()->egid)
#define current_suid()		(current_cred()->suid)
#define current_sgid()		(current_cred()->sgid)
#define current_fsuid()		(current_cred()->fsuid)
#define current_fsgid()		(current_cred()->fsgid)
#define current_user()		(current_cred()->user)
#define current_user_ns()	(current_cred()->user_ns)

#define task_cred_field(tsk, field)					\
({									\
	typeof(((struct cred *)0)->field) ___val;			\
	rcu_read_lock();						\
	___val = __task_cred(tsk)->field;				\
	rcu_read_unlock();						\
	___val;								\
})

#define task_uid(tsk)		task_cred_field(tsk, uid)
#define task_euid(tsk)		task_cred_field(tsk, euid)

#endif /* _LINUX_CRED_H */
