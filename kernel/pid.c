// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process numbers. A bit map says which are taken and is searched from the last one given out,
 * so that a number comes back only after a full turn; a hash finds struct pid by number.
 * Locks: pidmap_lock for the map and the hash; tasklist_lock for what hangs on a pid.
 */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include "fork_rows.h"

#define PIDS_PER_PAGE	(PAGE_SIZE * 8)
#define PIDMAP_PAGES	(PID_MAX_LIMIT / PIDS_PER_PAGE)

/* Locks: [M] pidmap_lock, which interrupts never take */
static DEFINE_SPINLOCK(pidmap_lock);
static unsigned long *pidmap[PIDMAP_PAGES];	/* [M] pages appear when first reached */
static int last_pid;				/* [M] */
static struct hlist_head *pid_hash;		/* [M], readers under RCU */
static unsigned int pid_hash_bits;
static struct kmem_cache *pid_cachep;

int pid_max = PID_MAX_DEFAULT;			/* sysctl kernel.pid_max */

struct pid init_struct_pid = { .count = REFCOUNT_INIT(1) };

static struct hlist_head *pid_bucket(int nr)
{
	return &pid_hash[(nr * 0x9e3779b1u) >> (32 - pid_hash_bits)];
}

/* Make sure that @nr's part of the map exists. Drops and retakes the lock to allocate. */
static bool pidmap_page(int nr)
{
	unsigned long **slot = &pidmap[nr / PIDS_PER_PAGE];
	unsigned long *page;

	if (likely(*slot))
		return true;
	spin_unlock_irq(&pidmap_lock);
	page = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	spin_lock_irq(&pidmap_lock);
	if (!page || *slot)
		free_page((unsigned long)page);
	else
		*slot = page;
	return *slot != NULL;
}

/* First free number in [from, to), or -EAGAIN when there is none, -ENOMEM. */
static int pidmap_find(int from, int to)
{
	while (from < to) {
		int base = rounddown(from, (int)PIDS_PER_PAGE);
		int end = min(to - base, (int)PIDS_PER_PAGE);
		int bit;

		if (!pidmap_page(from))
			return -ENOMEM;
		bit = find_next_zero_bit(pidmap[base / PIDS_PER_PAGE], end, from - base);
		if (bit < end)
			return base + bit;
		from = base + PIDS_PER_PAGE;
	}
	return -EAGAIN;
}

static int pidmap_take(void)
{
	int nr = pidmap_find(last_pid + 1, pid_max);

	/* A full turn: start again above the numbers that belong to the system's daemons. */
	if (nr == -EAGAIN)
		nr = pidmap_find(RESERVED_PIDS, pid_max);
	if (nr < 0)
		return nr;
	__set_bit(nr % PIDS_PER_PAGE, pidmap[nr / PIDS_PER_PAGE]);
	last_pid = nr;
	return nr;
}

/* The very number that clone3() asked for. The turn of the others is not disturbed. */
static int pidmap_take_this(int nr)
{
	if (!pidmap_page(nr))
		return -ENOMEM;
	if (__test_and_set_bit(nr % PIDS_PER_PAGE, pidmap[nr / PIDS_PER_PAGE]))
		return -EEXIST;
	return nr;
}

/* set_tid of clone(2): a number in range, a namespace with an init, a privilege. */
static int check_set_tid(int nr)
{
	if (nr < 1 || nr >= pid_max)
		return -EINVAL;
	if (!capable(CAP_CHECKPOINT_RESTORE) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return 0;
}

/**
 * alloc_pid - take the next free process number, or a given one
 * @set_tid: the number wanted, or unused
 * @set_tid_size: 1 when @set_tid is given, else 0
 *
 * A lookup may find it at once; with no task on it, it looks like one that has just died.
 * Context: may sleep.
 * Return: a pid with one reference, -EAGAIN when all numbers are taken, -ENOMEM; for a given
 * number -EINVAL (out of range, or for more levels than there are), -EPERM, -EEXIST.
 */
struct pid *alloc_pid(const pid_t *set_tid, size_t set_tid_size)
{
	struct pid *pid;
	int nr = 0, type;

	if (unlikely(set_tid_size))
		nr = set_tid_size > 1 ? -EINVAL : check_set_tid(*set_tid);
	if (unlikely(nr))
		return ERR_PTR(nr);
	pid = kmem_cache_alloc(pid_cachep, GFP_KERNEL);
	if (unlikely(!pid))
		return ERR_PTR(-ENOMEM);
	refcount_set(&pid->count, 1);
	for (type = 0; type < PIDTYPE_MAX; type++)
		INIT_HLIST_HEAD(&pid->tasks[type]);
	/* epoll is woken inside this queue's lock. */
	init_waitqueue_head_nested(&pid->wait_pidfd);

	spin_lock_irq(&pidmap_lock);
	if (should_fail_charge("pid"))
		nr = -EAGAIN;
	else
		nr = unlikely(set_tid_size) ? pidmap_take_this(*set_tid) : pidmap_take();
	if (likely(nr >= 0)) {
		pid->nr = nr;
		hlist_add_head_rcu(&pid->hash_node, pid_bucket(nr));
	}
	spin_unlock_irq(&pidmap_lock);
	if (unlikely(nr < 0)) {
		kmem_cache_free(pid_cachep, pid);
		return ERR_PTR(nr);
	}
	return pid;
}

static void free_pid_rcu(struct rcu_head *head)
{
	kmem_cache_free(pid_cachep, container_of(head, struct pid, rcu));
}

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		call_rcu(&pid->rcu, free_pid_rcu);
}

/**
 * free_pid - give the number back
 * @pid: nothing hangs on it any more
 *
 * Those who hold references keep the struct; they will find no task.
 * Context: any, tasklist_lock may be held.
 */
void free_pid(struct pid *pid)
{
	unsigned long flags;

	spin_lock_irqsave(&pidmap_lock, flags);
	hlist_del_rcu(&pid->hash_node);
	__clear_bit(pid->nr % PIDS_PER_PAGE, pidmap[pid->nr / PIDS_PER_PAGE]);
	spin_unlock_irqrestore(&pidmap_lock, flags);
	put_pid(pid);
}

int copy_pid(struct fork_ctx *fc)
{
	struct pid *pid;

	if (fc->args->idle)
		return 0;
	pid = alloc_pid(fc->args->set_tid, fc->args->set_tid_size);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	fc->child->thread_pid = pid;
	fc->child->pid = pid->nr;
	return 0;
}

/* An embryo's number hangs on nothing; a reaped task's has gone with its last link. */
void exit_pid(struct task_struct *tsk)
{
	struct pid *pid = tsk->thread_pid;

	tsk->thread_pid = NULL;
	if (pid)
		free_pid(pid);
}

static struct pid **task_pid_ptr(struct task_struct *tsk, enum pid_type type)
{
	return type == PIDTYPE_PID ? &tsk->thread_pid : &tsk->signal->pids[type];
}

/**
 * attach_pid - hang a task on the pid that it names for @type
 * @tsk: the task; its pid pointer of @type is set
 * @type: PIDTYPE_PID, or for a group leader TGID, PGID or SID
 *
 * Context: tasklist_lock held for writing.
 */
void attach_pid(struct task_struct *tsk, enum pid_type type)
{
	hlist_add_head_rcu(&tsk->pid_links[type], &(*task_pid_ptr(tsk, type))->tasks[type]);
}

static bool pid_unused(const struct pid *pid)
{
	int type;

	for (type = 0; type < PIDTYPE_MAX; type++)
		if (!hlist_empty(&pid->tasks[type]))
			return false;
	return true;
}

/* The last link takes the number with it. */
static void replace_pid(struct task_struct *tsk, enum pid_type type, struct pid *new)
{
	struct pid **slot = task_pid_ptr(tsk, type);
	struct pid *old = *slot;

	hlist_del_rcu(&tsk->pid_links[type]);
	WRITE_ONCE(*slot, new);
	if (new)
		attach_pid(tsk, type);
	if (pid_unused(old) && old != &init_struct_pid)
		free_pid(old);
}

/* Context: tasklist_lock held for writing. */
void detach_pid(struct task_struct *tsk, enum pid_type type)
{
	replace_pid(tsk, type, NULL);
}

/* Context: tasklist_lock held for writing. */
void change_pid(struct task_struct *tsk, enum pid_type type, struct pid *pid)
{
	replace_pid(tsk, type, pid);
}

/**
 * exchange_tids - two threads swap their numbers
 * @left: the thread in exec, which becomes the leader
 * @right: the old leader, dead
 *
 * Context: tasklist_lock held for writing.
 */
void exchange_tids(struct task_struct *left, struct task_struct *right)
{
	struct pid *left_pid = left->thread_pid, *right_pid = right->thread_pid;

	hlist_del_rcu(&left->pid_links[PIDTYPE_PID]);
	hlist_del_rcu(&right->pid_links[PIDTYPE_PID]);
	WRITE_ONCE(left->thread_pid, right_pid);
	WRITE_ONCE(right->thread_pid, left_pid);
	WRITE_ONCE(left->pid, right_pid->nr);
	WRITE_ONCE(right->pid, left_pid->nr);
	attach_pid(left, PIDTYPE_PID);
	attach_pid(right, PIDTYPE_PID);
}

/* Context: rcu_read_lock. Return: the pid, or NULL; hold the lock while it is used. */
struct pid *find_pid(int nr)
{
	struct pid *pid;

	hlist_for_each_entry_rcu(pid, pid_bucket(nr), hash_node)
		if (pid->nr == nr)
			return pid;
	return NULL;
}

struct pid *find_get_pid(int nr)
{
	struct pid *pid;

	rcu_read_lock();
	pid = find_pid(nr);
	if (pid && !refcount_inc_not_zero(&pid->count))
		pid = NULL;
	rcu_read_unlock();
	return pid;
}

/* Context: rcu_read_lock or tasklist_lock. */
struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	struct hlist_node *first;

	if (!pid)
		return NULL;
	first = rcu_dereference(pid->tasks[type].first);
	return first ? container_of(first, struct task_struct, pid_links[type]) : NULL;
}

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *tsk;

	rcu_read_lock();
	tsk = pid_task(pid, type);
	if (tsk && !refcount_inc_not_zero(&tsk->usage))
		tsk = NULL;
	rcu_read_unlock();
	return tsk;
}

struct pid *get_task_pid(struct task_struct *tsk, enum pid_type type)
{
	struct pid *pid;

	rcu_read_lock();
	pid = READ_ONCE(*task_pid_ptr(tsk, type));
	if (pid && !refcount_inc_not_zero(&pid->count))
		pid = NULL;
	rcu_read_unlock();
	return pid;
}

/* Context: rcu_read_lock or tasklist_lock. */
struct task_struct *find_task_by_pid(int nr)
{
	return pid_task(find_pid(nr), PIDTYPE_PID);
}

struct task_struct *find_get_task_by_pid(int nr)
{
	struct task_struct *tsk;

	rcu_read_lock();
	tsk = find_task_by_pid(nr);
	if (tsk && !refcount_inc_not_zero(&tsk->usage))
		tsk = NULL;
	rcu_read_unlock();
	return tsk;
}

static int next_taken(int nr)
{
	for (; nr < PID_MAX_LIMIT; nr = roundup(nr + 1, (int)PIDS_PER_PAGE)) {
		unsigned long *map = READ_ONCE(pidmap[nr / PIDS_PER_PAGE]);
		unsigned long bit;

		if (!map)
			continue;
		bit = find_next_bit(map, PIDS_PER_PAGE, nr % PIDS_PER_PAGE);
		if (bit < PIDS_PER_PAGE)
			return rounddown(nr, (int)PIDS_PER_PAGE) + bit;
	}
	return -1;
}

/**
 * find_ge_pid - the first pid in use at or above a number
 * @nr: where to begin
 *
 * Context: rcu_read_lock.
 * Return: the pid, or NULL when there is none; for walking all processes as /proc does.
 */
struct pid *find_ge_pid(int nr)
{
	struct pid *pid;

	for (nr = next_taken(max(nr, 0)); nr >= 0; nr = next_taken(nr + 1)) {
		pid = find_pid(nr);
		if (pid)
			return pid;
	}
	return NULL;
}

int pid_last_allocated(void)
{
	return READ_ONCE(last_pid);
}

/* Context: boot, after the slab allocator. */
void __init pid_init(void)
{
	unsigned int i;

	pid_hash_bits = clamp_t(unsigned int, ilog2(totalram_pages()) - 6, 6, 14);
	pid_hash = kmalloc_array(1UL << pid_hash_bits, sizeof(*pid_hash), GFP_KERNEL);
	pidmap[0] = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	if (!pid_hash || !pidmap[0])
		panic("pid: not enough memory for the hash of process numbers");
	for (i = 0; i < 1U << pid_hash_bits; i++)
		INIT_HLIST_HEAD(&pid_hash[i]);
	__set_bit(0, pidmap[0]);	/* no task has number 0 */
	pid_cachep = kmem_cache_create("pid", sizeof(struct pid), __alignof__(struct pid),
				       SLAB_PANIC, NULL);
}

SELFTEST(pid, number_comes_back_after_a_full_turn)
{
	struct pid *a = alloc_pid(NULL, 0), *b;
	int nr;

	KT_ASSERT(!IS_ERR(a));
	nr = a->nr;
	KT_EXPECT(find_pid(nr) == a);
	free_pid(a);
	KT_EXPECT(find_pid(nr) == NULL);
	b = alloc_pid(NULL, 0);
	KT_ASSERT(!IS_ERR(b));
	KT_EXPECT(b->nr != nr);
	KT_EXPECT(find_ge_pid(b->nr) == b);
	free_pid(b);
}
