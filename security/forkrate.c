// SPDX-License-Identifier: GPL-2.0-only
/*
 * A limit on how fast each user makes tasks. Every user has a bucket that time fills with
 * permits; a task takes one, and holds on to the bucket while it lives.
 * Locks: buckets_lock for the table and the buckets.
 */
#define pr_fmt(fmt) "forkrate: " fmt
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include "modules.h"

#define NR_CHAINS	32

static int fork_limit;			/* tasks per second, 0: no limit */
static int fork_burst = 100;		/* tasks at once */

/* Locks: [I] immutable   [b] buckets_lock */
struct bucket {
	struct hlist_node link;		/* [b] */
	uid_t uid;			/* [I] */
	unsigned int tasks;		/* [b] that hold on to it */
	u64 next;			/* [b] ns: when a steady maker would make its next task */
};

static struct hlist_head buckets[NR_CHAINS];
static DEFINE_SPINLOCK(buckets_lock);

static bool is_exempt(void)
{
	return !current_uid() || capable(CAP_SYS_RESOURCE);
}

/* Context: buckets_lock. */
static struct bucket *find_bucket(uid_t uid)
{
	struct bucket *b;

	hlist_for_each_entry(b, &buckets[uid % NR_CHAINS], link)
		if (b->uid == uid)
			return b;
	return NULL;
}

/* How far ahead of the steady pace a user may be, in ns. */
static u64 allowance(int limit)
{
	return (u64)max(READ_ONCE(fork_burst), 1) * (NSEC_PER_SEC / limit);
}

/* One more task: is the user too far ahead of time? Nothing is taken. Context: buckets_lock. */
static bool is_over(const struct bucket *b, int limit, u64 now)
{
	u64 next = max(b->next, now) + NSEC_PER_SEC / limit;

	return next - now > allowance(limit);
}

/* Refuse before anything is built; the permit itself is taken with the task. */
static int forkrate_task_create(u64 clone_flags)
{
	int limit = READ_ONCE(fork_limit);
	struct bucket *b;
	bool over;

	if (likely(!limit) || is_exempt())
		return 0;
	spin_lock(&buckets_lock);
	b = find_bucket(current_uid());
	over = b && is_over(b, limit, ktime_get());
	spin_unlock(&buckets_lock);
	if (over)
		pr_debug("user %u makes more than %d tasks a second\n", current_uid(), limit);
	return over ? -EAGAIN : 0;
}

/* Buckets that nobody holds and that are full again say nothing. Context: buckets_lock. */
static void drop_full(struct hlist_head *chain)
{
	struct hlist_node *next;
	struct bucket *b;
	u64 now = ktime_get();

	hlist_for_each_entry_safe(b, next, chain, link) {
		if (b->tasks || b->next > now)
			continue;
		hlist_del(&b->link);
		kfree(b);
	}
}

/* The bucket of @uid, made of @new when there is none. Context: buckets_lock. */
static struct bucket *get_bucket(uid_t uid, struct bucket **new)
{
	struct bucket *b = find_bucket(uid);

	if (!b && *new) {
		b = *new;
		*new = NULL;
		b->uid = uid;
		drop_full(&buckets[uid % NR_CHAINS]);
		hlist_add_head(&b->link, &buckets[uid % NR_CHAINS]);
	}
	if (b)
		b->tasks++;
	return b;
}

/* Charge, then compare: two forks at once cannot both take the last permit. */
static int forkrate_task_alloc(struct task_struct *child, u64 clone_flags)
{
	int limit = READ_ONCE(fork_limit);
	struct bucket *new, *b;
	u64 now = ktime_get();
	bool over = false;

	if (likely(!limit) || is_exempt())
		return 0;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	spin_lock(&buckets_lock);
	b = get_bucket(child->real_cred->uid, &new);
	child->security = b;
	if (b) {
		over = is_over(b, limit, now);
		if (!over)
			b->next = max(b->next, now) + NSEC_PER_SEC / limit;
	}
	spin_unlock(&buckets_lock);
	kfree(new);
	return !b ? -ENOMEM : over ? -EAGAIN : 0;
}

static void forkrate_task_free(struct task_struct *tsk)
{
	struct bucket *b = tsk->security;

	tsk->security = NULL;
	if (likely(!b))
		return;
	/* It stays until it is full again: else dying would be a way to get another. */
	spin_lock(&buckets_lock);
	b->tasks--;
	spin_unlock(&buckets_lock);
}

static const struct ctl_table forkrate_table[] = {
	{ .name = "limit", .mode = 0644, .kind = CTL_INT, .data = &fork_limit, .max = 1000000 },
	{ .name = "burst", .mode = 0644, .kind = CTL_INT, .data = &fork_burst, .min = 1,
	  .max = 1000000 },
};

static int __init forkrate_init(void)
{
	return register_sysctl("kernel/forkrate", forkrate_table, ARRAY_SIZE(forkrate_table));
}
late_initcall(forkrate_init);

const struct security_operations forkrate_ops = {
	.name		= "forkrate",
	.task_create	= forkrate_task_create,
	.task_alloc	= forkrate_task_alloc,
	.task_free	= forkrate_task_free,
};
