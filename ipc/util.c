// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the three kinds of System V objects have in common. A set's rwsem guards which objects there
 * are; each object has a lock of its own. Identifiers: svipc(7), sysvipc(7).
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/user_namespace.h>
#include "util.h"

/* Indices are given out in turn, so that an identifier does not come back soon. */
#define MIN_TURN	64

/* ---- permissions ---- */

bool ipc_capable(struct ipc_namespace *ns, int cap)
{
	return ns_capable(ns->user_ns, cap);
}

bool ipc_is_owner(const struct kern_ipc_perm *perm)
{
	uid_t euid = current_euid();

	return euid == perm->cuid || euid == perm->uid;
}

/**
 * ipc_check - may the caller use an object?
 * @mode: the permissions asked for, as S_IRUGO and S_IWUGO; of all three classes together
 *
 * Return: 0 or -EACCES.
 */
int ipc_check(struct ipc_namespace *ns, const struct kern_ipc_perm *perm, int mode)
{
	int wanted = ((mode >> 6) | (mode >> 3) | mode) & 07, granted = perm->mode;

	if (ipc_is_owner(perm))
		granted >>= 6;
	else if (in_egroup_p(perm->cgid) || in_egroup_p(perm->gid))
		granted >>= 3;
	if (!(wanted & ~granted) || ipc_capable(ns, CAP_IPC_OWNER))
		return 0;
	return -EACCES;
}

void ipc_fill_perm(struct ipc64_perm *out, const struct kern_ipc_perm *in)
{
	struct user_namespace *user_ns = current_user_ns();

	out->key = in->key;
	out->uid = from_kuid_munged(user_ns, in->uid);
	out->gid = from_kgid_munged(user_ns, in->gid);
	out->cuid = from_kuid_munged(user_ns, in->cuid);
	out->cgid = from_kgid_munged(user_ns, in->cgid);
	out->mode = in->mode;
	out->seq = in->seq;
}

/* IPC_SET: owner and mode. Context: the object is locked. Return: 0 or -EINVAL. */
int ipc_set_perm(struct kern_ipc_perm *perm, const struct ipc64_perm *from)
{
	uid_t uid = make_kuid(current_user_ns(), from->uid);
	gid_t gid = make_kgid(current_user_ns(), from->gid);

	if (uid == INVALID_UID || gid == INVALID_GID)
		return -EINVAL;
	perm->uid = uid;
	perm->gid = gid;
	perm->mode = (perm->mode & ~S_IRWXUGO) | (from->mode & S_IRWXUGO);
	return 0;
}

/* ---- finding ---- */

/* Take a reference to what is at @index. NULL: nothing. */
struct kern_ipc_perm *ipc_find_index(struct ipc_ids *ids, int index)
{
	struct kern_ipc_perm *perm;

	rcu_read_lock();
	perm = idr_find(&ids->objects, index);
	if (perm && !refcount_inc_not_zero(&perm->refs))
		perm = NULL;
	rcu_read_unlock();
	return perm;
}

/* Return: the object with a reference, or ERR_PTR(-EINVAL). */
struct kern_ipc_perm *ipc_find(struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *perm = ipc_find_index(ids, id & (IPC_INDEX_MAX - 1));

	if (perm && perm->id != id) {
		ipc_put(perm);
		perm = NULL;
	}
	return perm ?: ERR_PTR(-EINVAL);
}

/* Lock @perm, unless it was removed meanwhile: -EIDRM, not locked. */
int ipc_lock_live(struct kern_ipc_perm *perm)
{
	spin_lock(&perm->lock);
	if (likely(!perm->deleted))
		return 0;
	spin_unlock(&perm->lock);
	return -EIDRM;
}

/**
 * ipc_find_for_stat - IPC_STAT and the two that go by index
 * @by_index: @id is an index in the set
 * @any: whoever asks may see it
 *
 * Return: the object, referenced and locked, or ERR_PTR(-EINVAL, -EACCES, -EIDRM).
 */
struct kern_ipc_perm *ipc_find_for_stat(struct ipc_namespace *ns, struct ipc_ids *ids, int id,
					bool by_index, bool any)
{
	struct kern_ipc_perm *perm;
	int err = 0;

	if (by_index) {
		perm = ipc_find_index(ids, id & (IPC_INDEX_MAX - 1));
		if (!perm)
			return ERR_PTR(-EINVAL);
	} else {
		perm = ipc_find(ids, id);
		if (IS_ERR(perm))
			return perm;
	}
	if (!any)
		err = ipc_check(ns, perm, S_IRUGO);
	if (!err)
		err = ipc_lock_live(perm);
	if (!err)
		return perm;
	ipc_put(perm);
	return ERR_PTR(err);
}

/**
 * ipc_find_for_change - IPC_SET and IPC_RMID: the owner's, the maker's and root's
 *
 * Context: rwsem held for writing.
 * Return: the object, referenced and locked, or ERR_PTR(-EINVAL, -EPERM).
 */
struct kern_ipc_perm *ipc_find_for_change(struct ipc_namespace *ns, struct ipc_ids *ids, int id)
{
	struct kern_ipc_perm *perm = ipc_find(ids, id);
	int err;

	if (IS_ERR(perm))
		return perm;
	err = ipc_lock_live(perm);
	if (!err && !ipc_is_owner(perm) && !ipc_capable(ns, CAP_SYS_ADMIN)) {
		spin_unlock(&perm->lock);
		err = -EPERM;
	}
	if (!err)
		return perm;
	ipc_put(perm);
	return ERR_PTR(err);
}

static struct hlist_head *chain_of(struct ipc_ids *ids, key_t key)
{
	return &ids->by_key[((u32)key * 0x9e3779b1u) >> 26];
}

static struct kern_ipc_perm *find_key(struct ipc_ids *ids, key_t key)
{
	struct kern_ipc_perm *perm;

	hlist_for_each_entry(perm, chain_of(ids, key), key_node)
		if (perm->key == key)
			return perm;
	return NULL;
}

/* ---- coming and going ---- */

/* The caller's last use of @perm. Context: no lock held. */
void ipc_put(struct kern_ipc_perm *perm)
{
	if (!refcount_dec_and_test(&perm->refs))
		return;
	perm->free(perm);
	kfree_rcu(perm, rcu);
}

/* Where /proc/sys wants the next object, or the next place in turn. Return: the index or -errno. */
static int choose_index(struct ipc_ids *ids, unsigned int *seq, int limit)
{
	int index, turn = min(max(ids->in_use * 3 / 2, MIN_TURN), limit);

	if (ids->next_id >= 0) {
		*seq = ids->next_id >> IPC_INDEX_BITS;
		index = ids->next_id & (IPC_INDEX_MAX - 1);
		ids->next_id = -1;
		return idr_alloc(&ids->objects, NULL, index, 0, GFP_KERNEL);
	}
	index = idr_alloc_cyclic(&ids->objects, NULL, 0, turn, GFP_KERNEL);
	if (index < 0)
		return index;
	if (index <= ids->last_index)
		ids->seq = (ids->seq + 1) % IPC_SEQ_MAX;
	ids->last_index = index;
	*seq = ids->seq;
	return index;
}

/**
 * ipc_add - give a new object its owner and identifier, and let others find it
 * @new: zeroed but for ->free and what the kind needs
 * @limit: how many there may be
 *
 * Context: rwsem held for writing.
 * Return: the identifier, -ENOSPC over @limit, -ENOMEM.
 */
int ipc_add(struct ipc_ids *ids, struct kern_ipc_perm *new, const struct ipc_params *params,
	    int limit)
{
	unsigned int seq;
	int index;

	limit = min(limit, IPC_INDEX_MAX);
	if (ids->in_use >= limit)
		return -ENOSPC;
	index = choose_index(ids, &seq, limit);
	if (index < 0)
		return index;
	spin_lock_init(&new->lock, LOCK_RANK_IPC);
	refcount_set(&new->refs, 1);
	new->key = params->key;
	new->mode = params->flags & S_IRWXUGO;
	new->uid = new->cuid = current_euid();
	new->gid = new->cgid = current_egid();
	new->seq = seq;
	new->id = (int)(seq << IPC_INDEX_BITS | index);
	INIT_HLIST_NODE(&new->key_node);
	if (new->key != IPC_PRIVATE)
		hlist_add_head(&new->key_node, chain_of(ids, new->key));
	ids->in_use++;
	ids->max_index = max(ids->max_index, index);
	idr_replace(&ids->objects, new, index);
	return new->id;
}

/* Nobody finds it by its key any more. Context: rwsem for writing, object locked. */
void ipc_forget_key(struct ipc_ids *ids, struct kern_ipc_perm *perm)
{
	if (perm->key != IPC_PRIVATE)
		hlist_del_init(&perm->key_node);
	perm->key = IPC_PRIVATE;
}

/* Nobody finds it at all; the set's reference is the caller's now. Context: as above. */
void ipc_remove(struct ipc_ids *ids, struct kern_ipc_perm *perm)
{
	int index = perm->id & (IPC_INDEX_MAX - 1);

	ipc_forget_key(ids, perm);
	idr_remove(&ids->objects, index);
	perm->deleted = true;
	ids->in_use--;
	if (index == ids->max_index) {
		while (index >= 0 && !idr_find(&ids->objects, index))
			index--;
		ids->max_index = index;
	}
}

static int use_existing(struct ipc_namespace *ns, struct kern_ipc_perm *perm,
			const struct ipc_ops *ops, const struct ipc_params *params)
{
	if ((params->flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
		return -EEXIST;
	if (ops->fits && !ops->fits(perm, params))
		return -EINVAL;
	return ipc_check(ns, perm, params->flags) ?: perm->id;
}

/**
 * ipc_get_id - semget, msgget and shmget
 *
 * Context: task, sleeps.
 * Return: an identifier; -ENOENT, -EEXIST, -EACCES, -EINVAL, or what @ops->make says.
 */
int ipc_get_id(struct ipc_namespace *ns, struct ipc_ids *ids, const struct ipc_ops *ops,
	       const struct ipc_params *params)
{
	struct kern_ipc_perm *perm = NULL;
	int ret;

	down_write(&ids->rwsem);
	if (params->key != IPC_PRIVATE)
		perm = find_key(ids, params->key);
	if (perm)
		ret = use_existing(ns, perm, ops, params);
	else if (params->key != IPC_PRIVATE && !(params->flags & IPC_CREAT))
		ret = -ENOENT;
	else
		ret = ops->make(ns, params);
	up_write(&ids->rwsem);
	return ret;
}

void ipc_empty_set(struct ipc_namespace *ns, struct ipc_ids *ids,
		   void (*remove)(struct ipc_namespace *ns, struct kern_ipc_perm *perm))
{
	struct kern_ipc_perm *perm;
	int index;

	down_write(&ids->rwsem);
	idr_for_each_entry(&ids->objects, perm, index) {
		refcount_inc(&perm->refs);
		spin_lock(&perm->lock);
		remove(ns, perm);
		ipc_put(perm);
	}
	up_write(&ids->rwsem);
	idr_destroy(&ids->objects);
}
