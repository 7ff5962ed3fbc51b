// SPDX-License-Identifier: GPL-2.0-only
/*
 * Supplementary groups: a sorted, immutable array behind a reference count.
 * in_group_p() is what permission checks call.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/**
 * groups_alloc - an empty set with room for @ngroups
 * @ngroups: 0 to NGROUPS_MAX
 *
 * Context: may sleep. Return: the set with one reference, or NULL without memory.
 */
struct group_info *groups_alloc(int ngroups)
{
	struct group_info *gi = kvmalloc(sizeof(*gi) + ngroups * sizeof(gid_t), GFP_KERNEL);

	if (!gi)
		return NULL;
	refcount_set(&gi->usage, 1);
	gi->ngroups = ngroups;
	return gi;
}

void put_group_info(struct group_info *gi)
{
	if (gi && refcount_dec_and_test(&gi->usage))
		kvfree(gi);
}

static int gid_cmp(const void *a, const void *b)
{
	gid_t left = *(const gid_t *)a, right = *(const gid_t *)b;

	return (left > right) - (left < right);
}

/**
 * groups_search - is @gid in the set?
 * @gi: a set whose array is sorted
 * @gid: the group
 *
 * Return: 1 or 0.
 */
int groups_search(const struct group_info *gi, gid_t gid)
{
	int low = 0, high = gi->ngroups;

	while (low < high) {
		int mid = (low + high) / 2;

		if (gi->gid[mid] == gid)
			return 1;
		if (gi->gid[mid] < gid)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* Is @gid the caller's file-system group or one of the supplementary ones? */
bool in_group_p(gid_t gid)
{
	const struct cred *cred = current_cred();

	return gid == cred->fsgid || groups_search(cred->group_info, gid);
}

bool in_egroup_p(gid_t gid)
{
	const struct cred *cred = current_cred();

	return gid == cred->egid || groups_search(cred->group_info, gid);
}

/* As the caller's namespace numbers them. */
int groups_to_user(gid_t __user *list, const struct group_info *gi)
{
	const struct user_namespace *ns = current_user_ns();

	if (likely(ns == &init_user_ns))
		return copy_to_user(list, gi->gid, gi->ngroups * sizeof(gid_t)) ? -EFAULT : 0;
	for (int i = 0; i < gi->ngroups; i++)
		if (put_user(from_kgid_munged(ns, gi->gid[i]), list + i))
			return -EFAULT;
	return 0;
}

SYSCALL_DEFINE2(getgroups, int, size, gid_t __user *, list)
{
	const struct group_info *gi = current_cred()->group_info;

	if (size < 0)
		return -EINVAL;
	if (!size)
		return gi->ngroups;
	if (gi->ngroups > size)
		return -EINVAL;
	return groups_to_user(list, gi) ?: gi->ngroups;
}

static int groups_from_user(struct group_info *gi, const gid_t __user *list)
{
	if (copy_from_user(gi->gid, list, gi->ngroups * sizeof(gid_t)))
		return -EFAULT;
	for (int i = 0; i < gi->ngroups; i++) {
		gi->gid[i] = make_kgid(current_user_ns(), gi->gid[i]);
		if (gi->gid[i] == INVALID_GID)
			return -EINVAL;
	}
	sort(gi->gid, gi->ngroups, sizeof(gid_t), gid_cmp, NULL);
	return 0;
}

/* Takes over the reference to @gi. */
static long set_current_groups(struct group_info *gi)
{
	struct cred *new = prepare_creds();

	if (!new) {
		put_group_info(gi);
		return -ENOMEM;
	}
	put_group_info(new->group_info);
	new->group_info = gi;
	return commit_creds(new);
}

SYSCALL_DEFINE2(setgroups, int, size, gid_t __user *, list)
{
	struct group_info *gi;
	int ret;

	if (!may_setgroups())
		return -EPERM;
	if ((unsigned int)size > NGROUPS_MAX)
		return -EINVAL;
	gi = groups_alloc(size);
	if (!gi)
		return -ENOMEM;
	ret = groups_from_user(gi, list);
	if (ret) {
		put_group_info(gi);
		return ret;
	}
	return set_current_groups(gi);
}
