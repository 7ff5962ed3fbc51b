// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many namespaces of each kind a user has made: counted in the namespace of the maker and,
 * on behalf of its owner, in all above, and limited there by /proc/sys/user (namespaces(7)).
 * ucounts_lock guards the table; it is a leaf.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>

#define UCOUNT_BITS	6

static struct hlist_head ucounts_table[1 << UCOUNT_BITS];
static DEFINE_SPINLOCK(ucounts_lock);

static struct hlist_head *bucket(const struct user_namespace *ns, uid_t uid)
{
	unsigned long key = (unsigned long)ns / 64 + uid;

	return &ucounts_table[(key ^ key >> UCOUNT_BITS) % ARRAY_SIZE(ucounts_table)];
}

/* Caller holds ucounts_lock. */
static struct ucounts *find_ucounts(const struct user_namespace *ns, uid_t uid)
{
	struct ucounts *uc;

	hlist_for_each_entry(uc, bucket(ns, uid), node)
		if (uc->ns == ns && uc->uid == uid && refcount_inc_not_zero(&uc->refs))
			return uc;
	return NULL;
}

static struct ucounts *get_ucounts(struct user_namespace *ns, uid_t uid)
{
	struct ucounts *uc, *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return NULL;
	new->ns = ns;
	new->uid = uid;
	refcount_set(&new->refs, 1);
	spin_lock_irq(&ucounts_lock);
	uc = find_ucounts(ns, uid);
	if (!uc)
		hlist_add_head(&new->node, bucket(ns, uid));
	spin_unlock_irq(&ucounts_lock);
	if (!uc)
		return new;
	kfree(new);
	return uc;
}

static void put_ucounts(struct ucounts *uc)
{
	unsigned long flags;

	if (!refcount_dec_and_test(&uc->refs))
		return;
	spin_lock_irqsave(&ucounts_lock, flags);
	hlist_del(&uc->node);
	spin_unlock_irqrestore(&ucounts_lock, flags);
	kfree(uc);
}

/* From a user of a namespace to the one who is answerable for it one level up. */
static struct ucounts *next_up(const struct ucounts *uc)
{
	return uc->ns->ucounts;
}

/**
 * inc_ucount - charge one more of a kind to a user
 * @ns: the namespace of the maker
 * @uid: the maker, as the kernel counts
 * @kind: what is made
 *
 * Context: may sleep.
 * Return: what to hand to dec_ucount(); NULL over a limit (ENOSPC) or without memory.
 */
struct ucounts *inc_ucount(struct user_namespace *ns, uid_t uid, enum ucount_kind kind)
{
	struct ucounts *uc = get_ucounts(ns, uid), *up;

	if (!uc)
		return NULL;
	for (up = uc; up; up = next_up(up))
		if (atomic_long_inc_return(&up->count[kind]) >
			    READ_ONCE(up->ns->ucount_max[kind]) ||
		    should_fail_charge("ucount"))
			break;
	if (!up)
		return uc;
	for (struct ucounts *undo = uc; undo != up; undo = next_up(undo))
		atomic_long_dec(&undo->count[kind]);
	atomic_long_dec(&up->count[kind]);
	put_ucounts(uc);
	return NULL;
}

/**
 * dec_ucount - give back what inc_ucount() charged
 * @ucounts: its answer, or NULL
 * @kind: the same as there
 *
 * Context: any.
 */
void dec_ucount(struct ucounts *ucounts, enum ucount_kind kind)
{
	struct ucounts *up;

	if (!ucounts)
		return;
	for (up = ucounts; up; up = next_up(up))
		atomic_long_dec(&up->count[kind]);
	put_ucounts(ucounts);
}

/* ---- /proc/sys/user: the limits of the reader's own namespace ---- */

static int get_max(enum ucount_kind kind, char *buf, size_t size)
{
	return scnprintf(buf, size, "%ld", READ_ONCE(current_user_ns()->ucount_max[kind]));
}

static int set_max(enum ucount_kind kind, const char *text)
{
	struct user_namespace *ns = current_user_ns();
	long value;

	if (!ns_capable(ns, CAP_SYS_RESOURCE))
		return -EPERM;
	if (kstrtol(text, 0, &value) || value < 0 || value > INT_MAX)
		return -EINVAL;
	WRITE_ONCE(ns->ucount_max[kind], value);
	return 0;
}

#define MAX_OF(nm, kind)							\
static int read_##nm(char *buf, size_t size)					\
{										\
	return get_max(kind, buf, size);					\
}										\
static int write_##nm(char *text)							\
{										\
	return set_max(kind, text);						\
}
MAX_OF(user, UCOUNT_USER_NAMESPACES)
MAX_OF(pid, UCOUNT_PID_NAMESPACES)
MAX_OF(uts, UCOUNT_UTS_NAMESPACES)
MAX_OF(ipc, UCOUNT_IPC_NAMESPACES)
MAX_OF(net, UCOUNT_NET_NAMESPACES)
MAX_OF(mnt, UCOUNT_MNT_NAMESPACES)
MAX_OF(cgroup, UCOUNT_CGROUP_NAMESPACES)
MAX_OF(time, UCOUNT_TIME_NAMESPACES)

#define LIMIT(nm)	{ .name = "max_" #nm "_namespaces", .mode = 0644, .kind = CTL_CALL,	\
			  .get = read_##nm, .set = write_##nm }

static const struct ctl_table user_table[] = {
	LIMIT(user), LIMIT(pid), LIMIT(uts), LIMIT(ipc), LIMIT(net), LIMIT(mnt), LIMIT(cgroup),
	LIMIT(time),
};

static int __init ucount_init(void)
{
	for (unsigned int i = 0; i < NR_UCOUNTS; i++)
		init_user_ns.ucount_max[i] = max_threads / 2;
	return register_sysctl("user", user_table, ARRAY_SIZE(user_table));
}
fs_initcall(ucount_init);

/* ---- tests ---- */

SELFTEST(ucount, the_limit_above_counts)
{
	struct user_namespace above = { .ucount_max[UCOUNT_UTS_NAMESPACES] = 2 };
	struct user_namespace ns = { .ucount_max[UCOUNT_UTS_NAMESPACES] = 5 };
	struct ucounts *uc[3];

	ns.ucounts = inc_ucount(&above, 7, UCOUNT_UTS_NAMESPACES);
	KT_ASSERT(ns.ucounts);
	uc[0] = inc_ucount(&ns, 8, UCOUNT_UTS_NAMESPACES);
	KT_EXPECT(uc[0]);
	KT_EXPECT(!inc_ucount(&ns, 8, UCOUNT_UTS_NAMESPACES));
	KT_EXPECT_EQ(atomic_long_read(&uc[0]->count[UCOUNT_UTS_NAMESPACES]), 1);
	uc[1] = inc_ucount(&above, 9, UCOUNT_UTS_NAMESPACES);
	KT_EXPECT(uc[1]);
	dec_ucount(uc[0], UCOUNT_UTS_NAMESPACES);
	uc[2] = inc_ucount(&ns, 9, UCOUNT_UTS_NAMESPACES);
	KT_EXPECT(uc[2]);
	dec_ucount(uc[2], UCOUNT_UTS_NAMESPACES);
	dec_ucount(uc[1], UCOUNT_UTS_NAMESPACES);
	dec_ucount(ns.ucounts, UCOUNT_UTS_NAMESPACES);
}
