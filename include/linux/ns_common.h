/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all kinds of namespaces have in common: a count, a number that user space knows them by,
 * and the operations behind /proc/<pid>/ns, setns(2) and ioctl_ns(2).
 */
#ifndef _LINUX_NS_COMMON_H
#define _LINUX_NS_COMMON_H

#include <linux/refcount.h>
#include <linux/types.h>

struct cred;
struct file;
struct fs_struct;
struct nsproxy;
struct ns_common;
struct path;
struct task_struct;
struct user_namespace;

/* What setns() builds, to be put on all at once when every kind has agreed. */
struct nsset {
	unsigned int flags;		/* CLONE_NEW* */
	struct nsproxy *nsproxy;	/* a private copy of current's */
	struct cred *cred;		/* a copy when CLONE_NEWUSER is in flags, else NULL */
	struct fs_struct *fs;		/* current's own */
};

/*
 * One kind. get() and get_parent() return a reference; install() puts the namespace into @nsset
 * (taking its own reference, giving up the one that was there) or says -EPERM, -EINVAL.
 */
struct ns_operations {
	const char *name;		/* of the link in /proc/<pid>/ns */
	const char *kind;		/* in the link's text: "pid" for "pid_for_children" too */
	unsigned int type;		/* CLONE_NEW* */
	struct ns_common *(*get)(struct task_struct *tsk);	/* NULL: it has none any more */
	void (*put)(struct ns_common *ns);
	int (*install)(struct nsset *nsset, struct ns_common *ns);
	struct user_namespace *(*owner)(struct ns_common *ns);	/* no reference */
	struct ns_common *(*get_parent)(struct ns_common *ns);	/* NULL here: no hierarchy */
};

/*
 * Locks: [a] atomic   [I] immutable
 */
struct ns_common {
	refcount_t count;		/* [a] */
	unsigned int inum;		/* [I] as stat() shows it */
	const struct ns_operations *ops;	/* [I] */
};

/* The numbers of the first namespaces, known to programs. The others' begin above. */
enum {
	NS_INUM_TIME	= 0xeffffffa,
	NS_INUM_CGROUP	= 0xeffffffb,
	NS_INUM_PID	= 0xeffffffc,
	NS_INUM_USER	= 0xeffffffd,
	NS_INUM_UTS	= 0xeffffffe,
	NS_INUM_IPC	= 0xefffffff,
	NS_INUM_NET	= 0xf0000000,
	NS_INUM_MNT	= 0xf0000001,
	NS_INUM_FIRST_FREE
};

#define NS_COMMON_INIT(nr, o)	{ .count = REFCOUNT_INIT(1), .inum = nr, .ops = o }

/* Whose privileges count: the user namespace that setns() leads to. */
struct user_namespace *nsset_user_ns(const struct nsset *nsset);

/* A new one with one reference; ns_common_free() before its memory goes. 0, -ENOMEM, -ENOSPC. */
int ns_common_init(struct ns_common *ns, const struct ns_operations *ops);
void ns_common_free(struct ns_common *ns);

/* fs/nsfs.c: */
/* a path for @ns, whose reference it takes even on failure */
int ns_get_path(struct path *path, struct ns_common *ns);
/* a descriptor for @ns, whose reference it takes even on failure; -EMFILE, -ENOMEM */
int open_ns(struct ns_common *ns);
/* the namespace behind an open file, borrowed, or ERR_PTR(-EINVAL) */
struct ns_common *ns_of_file(const struct file *file);
/* may be bind-mounted though it is on no mount of ours */
bool path_is_ns(const struct path *path);

struct ns_common *user_ns_visible(struct user_namespace *owner);

/* The kinds, in the order in which /proc/<pid>/ns lists them. */
extern const struct ns_operations netns_operations;
extern const struct ns_operations utsns_operations;
extern const struct ns_operations ipcns_operations;
extern const struct ns_operations pidns_operations;
extern const struct ns_operations pidns_for_children_operations;
extern const struct ns_operations userns_operations;
extern const struct ns_operations mntns_operations;
extern const struct ns_operations cgroupns_operations;

#endif /* _LINUX_NS_COMMON_H */
