// SPDX-License-Identifier: GPL-2.0-only
/*
 * The namespaces of a task as a whole: the row of fork, unshare(2)'s part and setns(2). A struct
 * nsproxy never changes once a task has it; a change is another struct, put on under task_lock().
 * What a namespace of each kind is lives with its subject.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs_struct.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/ipc_namespace.h>
#include <linux/mnt_namespace.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/pidfd.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>
#include "fork_rows.h"

/* Kinds of which there is one only: asking for another is -EINVAL, after the privilege. */
#define NS_SINGLE	(CLONE_NEWCGROUP | CLONE_NEWTIME)

static struct kmem_cache *nsproxy_cachep;
static DEFINE_IDA(ns_inums);

struct nsproxy init_nsproxy = {
	.count = REFCOUNT_INIT(1),
	.uts_ns = &init_uts_ns,
	.mnt_ns = &init_mnt_ns,
	.ipc_ns = &init_ipc_ns,
	.pid_ns_for_children = &init_pid_ns,
	.net_ns = &init_net,
};

/* ---- numbers ---- */

int ns_common_init(struct ns_common *ns, const struct ns_operations *ops)
{
	int nr = ida_alloc(&ns_inums, GFP_KERNEL);

	if (nr < 0)
		return nr;
	refcount_set(&ns->count, 1);
	ns->inum = NS_INUM_FIRST_FREE + nr;
	ns->ops = ops;
	return 0;
}

void ns_common_free(struct ns_common *ns)
{
	ida_free(&ns_inums, ns->inum - NS_INUM_FIRST_FREE);
}

/* ---- making and giving up ---- */

/* The last reference: also how a half-made one goes, whose missing kinds are NULL. */
void __put_nsproxy(struct nsproxy *ns)
{
	if (ns->uts_ns)
		put_uts_ns(ns->uts_ns);
	if (ns->ipc_ns)
		put_ipc_ns(ns->ipc_ns);
	if (ns->mnt_ns)
		put_mnt_ns(ns->mnt_ns);
	if (ns->net_ns)
		put_net(ns->net_ns);
	put_pid_ns(ns->pid_ns_for_children);
	kmem_cache_free(nsproxy_cachep, ns);
}

/*
 * A kind of @new is a fresh one when @flag is in @flags, else the old one counted once more;
 * on failure the function returns, and the caller gives back what @new has got.
 */
#define NEW_OR_SAME(field, flag, make, get) do {				\
	new->field = (flags & (flag)) ? (make) : get(old->field);		\
	if (IS_ERR(new->field)) {						\
		int __err = PTR_ERR(new->field);				\
										\
		new->field = NULL;						\
		return __err;							\
	}									\
} while (0)

static int fill_nsproxy(struct nsproxy *new, u64 flags, struct nsproxy *old,
			struct user_namespace *owner, struct fs_struct *fs)
{
	NEW_OR_SAME(uts_ns, CLONE_NEWUTS, copy_utsname(owner, old->uts_ns), get_uts_ns);
	NEW_OR_SAME(ipc_ns, CLONE_NEWIPC, copy_ipcs(owner, old->ipc_ns), get_ipc_ns);
	NEW_OR_SAME(pid_ns_for_children, CLONE_NEWPID,
		    copy_pid_ns(owner, old->pid_ns_for_children), get_pid_ns);
	NEW_OR_SAME(net_ns, CLONE_NEWNET, copy_net_ns(owner), get_net);
	/* the last: it moves @fs along, which nothing takes back */
	NEW_OR_SAME(mnt_ns, CLONE_NEWNS, copy_mnt_ns(owner, old->mnt_ns, fs), get_mnt_ns);
	return 0;
}

/**
 * create_namespaces - a copy of a set of namespaces with some of them new
 * @flags: CLONE_NEW*: the new ones; 0 for a plain copy
 * @old: the set
 * @owner: the user namespace that owns the new ones
 * @fs: root and working directory, which move along into a new mount namespace
 *
 * Context: may sleep. The caller has checked the privilege.
 * Return: it, with one reference, or ERR_PTR(-EINVAL, -ENOMEM, -ENOSPC).
 */
struct nsproxy *create_namespaces(u64 flags, struct nsproxy *old, struct user_namespace *owner,
				  struct fs_struct *fs)
{
	struct nsproxy *new;
	int err;

	if (flags & NS_SINGLE)
		return ERR_PTR(-EINVAL);
	new = kmem_cache_zalloc(nsproxy_cachep, GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	refcount_set(&new->count, 1);
	err = fill_nsproxy(new, flags, old, owner, fs);
	if (!err)
		return new;
	__put_nsproxy(new);
	return ERR_PTR(err);
}

void switch_namespaces(struct task_struct *tsk, struct nsproxy *new)
{
	struct nsproxy *old;

	might_sleep();
	task_lock(tsk);
	old = tsk->nsproxy;
	tsk->nsproxy = new;
	task_unlock(tsk);
	if (old)
		put_nsproxy(old);
}

/* ---- the row of fork ---- */

int copy_namespaces(struct fork_ctx *fc)
{
	struct user_namespace *owner;
	struct nsproxy *new;

	if (likely(!(fc->flags & CLONE_NS_FLAGS))) {
		fc->child->nsproxy = get_nsproxy(fc->parent->nsproxy);
		return 0;
	}
	/* The child's user namespace is here already, and owns what is made with it. */
	owner = fc->child->real_cred->user_ns;
	if (!ns_capable(owner, CAP_SYS_ADMIN))
		return -EPERM;
	/* The undo list would act on semaphores of another namespace. */
	if ((fc->flags & (CLONE_NEWIPC | CLONE_SYSVSEM)) == (CLONE_NEWIPC | CLONE_SYSVSEM))
		return -EINVAL;
	new = create_namespaces(fc->flags, fc->parent->nsproxy, owner, fc->child->fs);
	if (IS_ERR(new))
		return PTR_ERR(new);
	fc->child->nsproxy = new;
	return 0;
}

void exit_namespaces(struct task_struct *tsk)
{
	if (likely(tsk->nsproxy == &init_nsproxy))
		WRITE_ONCE(tsk->nsproxy, NULL);
	else if (tsk->nsproxy)
		switch_namespaces(tsk, NULL);
}

/**
 * unshare_namespaces - what unshare(2) is to put on
 * @flags: CLONE_NEW*
 * @owner: the user namespace that the caller will be in
 *
 * Context: may sleep.
 * Return: the new set, NULL when @flags ask for none, or ERR_PTR(-EPERM) and what
 * create_namespaces() says.
 */
struct nsproxy *unshare_namespaces(u64 flags, struct user_namespace *owner)
{
	if (!(flags & CLONE_NS_FLAGS))
		return NULL;
	if (!ns_capable(owner, CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	return create_namespaces(flags & CLONE_NS_FLAGS, current->nsproxy, owner, current->fs);
}

/* ---- setns(2) ---- */

struct user_namespace *nsset_user_ns(const struct nsset *nsset)
{
	return nsset->cred ? nsset->cred->user_ns : current_user_ns();
}

/* Private copies of what the kinds in @flags will change. put_nsset() also after a failure. */
static int prepare_nsset(struct nsset *nsset, unsigned int flags)
{
	struct nsproxy *copy;

	*nsset = (struct nsset){ .flags = flags, .fs = current->fs };
	copy = create_namespaces(0, current->nsproxy, current_user_ns(), current->fs);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	nsset->nsproxy = copy;
	if (flags & CLONE_NEWUSER) {
		nsset->cred = prepare_creds();
		if (!nsset->cred)
			return -ENOMEM;
	}
	return 0;
}

static void put_nsset(struct nsset *nsset)
{
	if (nsset->cred)
		abort_creds(nsset->cred);
	if (nsset->nsproxy)
		put_nsproxy(nsset->nsproxy);
}

/* Everybody agreed: nothing below fails. */
static void commit_nsset(struct nsset *nsset)
{
	if (nsset->cred)
		commit_creds(nsset->cred);
	nsset->cred = NULL;
	/* What we did and made stays behind in the old one. */
	if (nsset->flags & CLONE_NEWIPC) {
		exit_semundo(current);
		exit_sysvshm(current);
	}
	switch_namespaces(current, nsset->nsproxy);
	nsset->nsproxy = NULL;
}

/* The kinds in the order of entering: capabilities come with the first. */
static const struct ns_operations *const setns_order[] = {
	&userns_operations,
	&utsns_operations,
	&ipcns_operations,
	&pidns_operations,
	&netns_operations,
	&mntns_operations,	/* the last: it moves fs */
};

/* @tsk's namespace of one kind. Its death is -ESRCH. */
static int install_from_task(struct nsset *nsset, const struct ns_operations *ops,
			     struct task_struct *tsk)
{
	struct ns_common *ns = ops->get(tsk);
	int err;

	if (!ns)
		return -ESRCH;
	err = ops->install(nsset, ns);
	ops->put(ns);
	return err;
}

/* setns() with a pidfd: all kinds of @nsset->flags from one process, or none. */
static int install_all_from(struct nsset *nsset, struct task_struct *tsk)
{
	unsigned int i;
	int err;

	if (!proc_may_access(tsk))
		return -EPERM;
	for (i = 0; i < ARRAY_SIZE(setns_order); i++) {
		if (!(nsset->flags & setns_order[i]->type))
			continue;
		err = install_from_task(nsset, setns_order[i], tsk);
		if (err)
			return err;
	}
	return 0;
}

static int setns_of_pid(struct pid *pid, unsigned int flags)
{
	struct task_struct *tsk;
	struct nsset nsset;
	int err;

	if (!flags || flags & ~(CLONE_NS_FLAGS | CLONE_NEWUSER))
		return -EINVAL;
	tsk = get_pid_task(pid, PIDTYPE_PID);
	if (!tsk)
		return -ESRCH;
	err = prepare_nsset(&nsset, flags);
	if (!err)
		err = install_all_from(&nsset, tsk);
	put_task_struct(tsk);
	if (!err)
		commit_nsset(&nsset);
	put_nsset(&nsset);
	return err;
}

static int setns_of_file(struct ns_common *ns, unsigned int type)
{
	struct nsset nsset;
	int err;

	if (type && type != ns->ops->type)
		return -EINVAL;
	err = prepare_nsset(&nsset, ns->ops->type);
	if (!err)
		err = ns->ops->install(&nsset, ns);
	if (!err)
		commit_nsset(&nsset);
	put_nsset(&nsset);
	return err;
}

/* Source: setns(2). */
SYSCALL_DEFINE2(setns, int, fd, int, flags)
{
	struct fd f = fdget(fd);
	struct pid *pid;
	int err;

	if (!f.file)
		return -EBADF;
	pid = pidfd_pid(f.file);
	if (!IS_ERR(pid)) {
		err = setns_of_pid(pid, flags);
	} else {
		struct ns_common *ns = ns_of_file(f.file);

		err = IS_ERR(ns) ? PTR_ERR(ns) : setns_of_file(ns, flags);
	}
	fdput(f);
	return err;
}

static int __init nsproxy_init(void)
{
	nsproxy_cachep = kmem_cache_create("nsproxy", sizeof(struct nsproxy), 0, SLAB_PANIC,
					   NULL);
	return 0;
}
core_initcall(nsproxy_init);
