// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mount namespaces: their making as a copy of another's tree (CLONE_NEWNS), their end,
 * /proc/<pid>/ns/mnt and setns(2). What is in them is under namespace_sem.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mnt_namespace.h>
#include <linux/mount.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include "internal.h"
#include "namespace.h"

struct mnt_namespace init_mnt_ns = {
	.ns	= NS_COMMON_INIT(NS_INUM_MNT, &mntns_operations),
	.user_ns = &init_user_ns,
	.list	= LIST_HEAD_INIT(init_mnt_ns.list),
	.poll	= __WAIT_QUEUE_HEAD_INITIALIZER(init_mnt_ns.poll),
};

static u64 last_seq;		/* namespace_sem: the youngest namespace's */

/* ---- making and giving up ---- */

static struct mnt_namespace *alloc_mnt_ns(struct user_namespace *owner)
{
	struct ucounts *ucounts = inc_ucount(owner, current->cred->euid, UCOUNT_MNT_NAMESPACES);
	struct mnt_namespace *ns;
	int err;

	if (!ucounts)
		return ERR_PTR(-ENOSPC);
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	err = ns ? ns_common_init(&ns->ns, &mntns_operations) : -ENOMEM;
	if (err) {
		kfree(ns);
		dec_ucount(ucounts, UCOUNT_MNT_NAMESPACES);
		return ERR_PTR(err);
	}
	ns->ucounts = ucounts;
	ns->user_ns = get_user_ns(owner);
	INIT_LIST_HEAD(&ns->list);
	init_waitqueue_head(&ns->poll);
	return ns;
}

static void free_mnt_ns(struct mnt_namespace *ns)
{
	dec_ucount(ns->ucounts, UCOUNT_MNT_NAMESPACES);
	put_user_ns(ns->user_ns);
	ns_common_free(&ns->ns);
	kfree(ns);
}

/* The last reference: all its mounts go, as by umount -l. Context: may sleep. */
void put_mnt_ns(struct mnt_namespace *ns)
{
	LIST_HEAD(gone);

	if (!refcount_dec_and_test(&ns->ns.count))
		return;
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	umount_tree(ns->root, false, &gone);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&gone);
	free_mnt_ns(ns);
}

/* The whole of @old's tree is @ns's now. */
static void fill_mnt_ns(struct mnt_namespace *ns, struct mount *top)
{
	struct mount *m;

	ns->seq = ++last_seq;
	ns->root = top;
	for (m = top; m; m = next_mnt(m, top)) {
		m->mnt_ns = ns;
		list_add_tail(&m->mnt_list, &ns->list);
		ns->mounts++;
	}
}

/* Where @path is in the copy of its namespace. Return: the mount, with a reference, or NULL. */
static struct vfsmount *copy_of(const struct vfsmount *mnt, const struct mnt_namespace *old,
				const struct mnt_namespace *new)
{
	struct mount *m = real_mount(mnt);

	if (m->mnt_ns != old || !m->mnt_copy || m->mnt_copy->mnt_ns != new)
		return NULL;
	return mntget(&m->mnt_copy->mnt);
}

/* @fs is nobody else's: let it stand in the new namespace where it stood in the old one. */
static void move_fs(struct fs_struct *fs, const struct mnt_namespace *old,
		    const struct mnt_namespace *new)
{
	struct vfsmount *root = copy_of(fs->root.mnt, old, new);
	struct vfsmount *pwd = copy_of(fs->pwd.mnt, old, new);

	spin_lock(&fs->lock);
	if (root)
		swap(fs->root.mnt, root);
	if (pwd)
		swap(fs->pwd.mnt, pwd);
	spin_unlock(&fs->lock);
	mntput(root);
	mntput(pwd);
}

/**
 * copy_mnt_ns - CLONE_NEWNS: a namespace with a copy of another's tree
 * @owner: the user namespace that owns it; a less privileged one gets slaves, locked
 * @old: the original
 * @fs: root and working directory that move along; nobody shares it
 *
 * Context: may sleep.
 * Return: it, with one reference, or ERR_PTR(-ENOMEM, -ENOSPC).
 */
struct mnt_namespace *copy_mnt_ns(struct user_namespace *owner, struct mnt_namespace *old,
				  struct fs_struct *fs)
{
	struct mnt_namespace *ns = alloc_mnt_ns(owner);
	bool lesser = owner != old->user_ns;
	struct mount *top;

	if (IS_ERR(ns))
		return ns;
	down_write(&namespace_sem);
	top = copy_tree(old->root, old->root->mnt.mnt_root,
			COPY_UNBINDABLE | (lesser ? COPY_SHARED_TO_SLAVE : 0));
	if (IS_ERR(top)) {
		up_write(&namespace_sem);
		free_mnt_ns(ns);
		return ERR_CAST(top);
	}
	if (lesser)
		lock_mnt_tree(top);
	fill_mnt_ns(ns, top);
	move_fs(fs, old, ns);
	up_write(&namespace_sem);
	return ns;
}

/* ---- /proc/<pid>/ns/mnt and setns ---- */

static struct mnt_namespace *to_mnt_ns(struct ns_common *ns)
{
	return container_of(ns, struct mnt_namespace, ns);
}

struct mnt_namespace *task_mnt_ns(struct task_struct *tsk)
{
	struct mnt_namespace *ns = NULL;

	task_lock(tsk);
	if (tsk->nsproxy)
		ns = get_mnt_ns(tsk->nsproxy->mnt_ns);
	task_unlock(tsk);
	return ns;
}

static struct ns_common *mntns_get(struct task_struct *tsk)
{
	struct mnt_namespace *ns = task_mnt_ns(tsk);

	return ns ? &ns->ns : NULL;
}

static void mntns_put(struct ns_common *ns)
{
	put_mnt_ns(to_mnt_ns(ns));
}

/* The top of what is mounted on the root of @ns, with references. */
static void top_of(struct mnt_namespace *ns, struct path *top)
{
	down_read(&namespace_sem);
	top->mnt = mntget(&ns->root->mnt);
	top->dentry = dget(top->mnt->mnt_root);
	up_read(&namespace_sem);
	follow_down(top);
}

static int mntns_install(struct nsset *nsset, struct ns_common *new)
{
	struct user_namespace *own = nsset_user_ns(nsset);
	struct mnt_namespace *ns = to_mnt_ns(new);
	struct path top;

	if (!ns_capable(ns->user_ns, CAP_SYS_ADMIN) || !ns_capable(own, CAP_SYS_CHROOT) ||
	    !ns_capable(own, CAP_SYS_ADMIN))
		return -EPERM;
	/* who shares root and working directory cannot be in two namespaces */
	if (refcount_read(&nsset->fs->users) != 1)
		return -EINVAL;
	get_mnt_ns(ns);
	put_mnt_ns(nsset->nsproxy->mnt_ns);
	nsset->nsproxy->mnt_ns = ns;
	top_of(ns, &top);
	set_fs_pwd(nsset->fs, &top);
	set_fs_root(nsset->fs, &top);
	path_put(&top);
	return 0;
}

static struct user_namespace *mntns_owner(struct ns_common *ns)
{
	return to_mnt_ns(ns)->user_ns;
}

const struct ns_operations mntns_operations = {
	.name		= "mnt",
	.kind		= "mnt",
	.type		= CLONE_NEWNS,
	.get		= mntns_get,
	.put		= mntns_put,
	.install	= mntns_install,
	.owner		= mntns_owner,
};
