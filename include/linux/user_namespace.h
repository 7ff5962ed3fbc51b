/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User namespaces. Inside the kernel a uid_t or gid_t is always the number of the initial
 * namespace; numbers are translated where user space hands them over (make_kuid, make_kgid) and
 * where it gets them back (from_kuid, from_kgid). A task of init_user_ns pays one comparison.
 * See user_namespaces(7) and Documentation/core-api/namespaces-user.md.
 */
#ifndef _LINUX_USER_NAMESPACE_H
#define _LINUX_USER_NAMESPACE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/ns_common.h>
#include <linux/refcount.h>
#include <linux/types.h>

struct cred;
struct file_operations;
struct inode;
struct key;
struct user_namespace;

enum id_kind {
	ID_USER,
	ID_GROUP,
	ID_PROJECT,
	NR_ID_KINDS
};

/* @count ids from @first of the namespace are those from @kernel of the initial one. */
struct id_extent {
	u32 first, kernel, count;
};

struct id_map;

/* What is limited per user of a namespace, and in all namespaces above: /proc/sys/user. */
enum ucount_kind {
	UCOUNT_USER_NAMESPACES,
	UCOUNT_PID_NAMESPACES,
	UCOUNT_UTS_NAMESPACES,
	UCOUNT_IPC_NAMESPACES,
	UCOUNT_NET_NAMESPACES,
	UCOUNT_MNT_NAMESPACES,
	UCOUNT_CGROUP_NAMESPACES,
	UCOUNT_TIME_NAMESPACES,
	NR_UCOUNTS
};

/*
 * What a user has made in a namespace.
 * Locks: [a] atomic   [I] immutable   [U] ucounts_lock
 */
struct ucounts {
	struct hlist_node node;		/* [U] */
	struct user_namespace *ns;	/* [I] not counted: it outlives its counts */
	uid_t uid;			/* [I] */
	refcount_t refs;		/* [a] the last put takes ucounts_lock */
	atomic_long_t count[NR_UCOUNTS];	/* [a] */
};

#define USERNS_MAX_LEVEL	32	/* a namespace of this level may still have children */

/*
 * Locks: [a] atomic   [I] immutable   [M] userns_mutex to write, [r] readable without
 *        [K] key_mutex
 */
struct user_namespace {
	struct ns_common ns;		/* its count: [a] of all but init_user_ns */
	struct user_namespace *parent;	/* [I] holds a reference */
	unsigned int level;		/* [I] 0 for init_user_ns */
	uid_t owner;			/* [I] who made it: has all capabilities in it */
	gid_t group;			/* [I] */
	const struct id_map *map[NR_ID_KINDS];	/* [M r] NULL until written, then fixed */
	bool setgroups_allowed;		/* [M r] */
	bool parent_could_setfcap;	/* [I] the maker's: who may map the parent's root */
	struct ucounts *ucounts;	/* [I] charged for it; NULL for init_user_ns */
	long ucount_max[NR_UCOUNTS];	/* [M r] /proc/sys/user */
	struct key *user_keyrings;	/* [K] its users' keyrings, made on first use */
	struct key *persistent_keyrings;	/* [K] */
};

extern struct user_namespace init_user_ns;
extern int overflowuid, overflowgid;

void __free_user_ns(struct user_namespace *ns);

/* init_user_ns is for ever: it is not counted, so that forks do not fight for its line. */
static inline struct user_namespace *get_user_ns(struct user_namespace *ns)
{
	if (unlikely(ns != &init_user_ns))
		refcount_inc(&ns->ns.count);
	return ns;
}

static inline void put_user_ns(struct user_namespace *ns)
{
	if (unlikely(ns && ns != &init_user_ns) && refcount_dec_and_test(&ns->ns.count))
		__free_user_ns(ns);
}

/* kernel/user_namespace.c */
u32 map_id_in(const struct user_namespace *ns, enum id_kind kind, u32 id);
u32 map_id_out(const struct user_namespace *ns, enum id_kind kind, u32 kid);
bool in_userns(const struct user_namespace *ancestor, const struct user_namespace *ns);
int create_user_ns(struct cred *new);
bool may_setgroups(void);

/* A namespace's number to the kernel's; (u32)-1 when nothing is mapped there. */
static inline uid_t make_kuid(const struct user_namespace *ns, uid_t uid)
{
	return likely(ns == &init_user_ns) ? uid : map_id_in(ns, ID_USER, uid);
}

static inline gid_t make_kgid(const struct user_namespace *ns, gid_t gid)
{
	return likely(ns == &init_user_ns) ? gid : map_id_in(ns, ID_GROUP, gid);
}

/* The kernel's number as a namespace sees it; (u32)-1 when it does not. */
static inline uid_t from_kuid(const struct user_namespace *ns, uid_t kuid)
{
	return likely(ns == &init_user_ns) ? kuid : map_id_out(ns, ID_USER, kuid);
}

static inline gid_t from_kgid(const struct user_namespace *ns, gid_t kgid)
{
	return likely(ns == &init_user_ns) ? kgid : map_id_out(ns, ID_GROUP, kgid);
}

/* The same for interfaces that must show something: overflowuid for the unseen. */
static inline uid_t from_kuid_munged(const struct user_namespace *ns, uid_t kuid)
{
	uid_t uid = from_kuid(ns, kuid);

	return unlikely(uid == (uid_t)-1) ? (uid_t)READ_ONCE(overflowuid) : uid;
}

static inline gid_t from_kgid_munged(const struct user_namespace *ns, gid_t kgid)
{
	gid_t gid = from_kgid(ns, kgid);

	return unlikely(gid == (gid_t)-1) ? (gid_t)READ_ONCE(overflowgid) : gid;
}

static inline bool kuid_has_mapping(const struct user_namespace *ns, uid_t kuid)
{
	return from_kuid(ns, kuid) != (uid_t)-1;
}

static inline bool kgid_has_mapping(const struct user_namespace *ns, gid_t kgid)
{
	return from_kgid(ns, kgid) != (gid_t)-1;
}

/* kernel/ucount.c: NULL when @uid has too many in @ns or above (the caller says ENOSPC). */
struct ucounts *inc_ucount(struct user_namespace *ns, uid_t uid, enum ucount_kind kind);
void dec_ucount(struct ucounts *ucounts, enum ucount_kind kind);

/* /proc/<pid>/{uid_map,gid_map,projid_map,setgroups} */
extern const struct file_operations proc_uid_map_fops, proc_gid_map_fops;
extern const struct file_operations proc_projid_map_fops, proc_setgroups_fops;

#endif /* _LINUX_USER_NAMESPACE_H */
