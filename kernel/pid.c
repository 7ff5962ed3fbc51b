// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process numbers. A bit map says which are taken and is searched from the last one given out,
 * so that a number comes back only after a full turn; a hash finds struct pid by number.
 * Locks: pidmap_lock for the map and the hash; tasklist_lock for what hangs on a pid.
 */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include "fork_rows.h"

/* Locks: [M] pidmap_lock, which interrupts never take */
static DEFINE_SPINLOCK(pidmap_lock);
static struct hlist_head *pid_hash;		/* [M], readers under RCU */
static unsigned int pid_hash_bits;
static struct kmem_cache *pid_cachep;		/* of those of level 0 */

int pid_max = PID_MAX_DEFAULT;			/* sysctl kernel.pid_max */

struct pid init_struct_pid = {
	.count = REFCOUNT_INIT(1),
	.numbers = { { .nr = 0, .ns = &init_pid_ns } },
};

static struct hlist_head *pid_bucket(int nr, const struct pid_namespace *ns)
{
	return &pid_hash[((nr + ns->ns.inum) * 0x9e3779b1u) >> (32 - pid_hash_bits)];
}

/* Make sure that @nr's part of the map exists. Drops and retakes the lock to allocate. */
static bool pidmap_page(struct pid_namespace *ns, int nr)
{
	unsigned long **slot = &ns->pidmap[nr / PIDS_PER_PAGE];
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
static int pidmap_find(struct pid_namespace *ns, int from, int to)
{
	while (from < to) {
		int base = rounddown(from, (int)PIDS_PER_PAGE);
		int end = min(to - base, (int)PIDS_PER_PAGE);
		int bit;

		if (!pidmap_page(ns, from))
			return -ENOMEM;
		bit = find_next_zero_bit(ns->pidmap[base / PIDS_PER_PAGE], end, from - base);
		if (bit < end)
			return base + bit;
		from = base + PIDS_PER_PAGE;
	}
	return -EAGAIN;
}

static int pidmap_take(struct pid_namespace *ns)
{
	int nr = pidmap_find(ns, ns->last_pid + 1, pid_max);

	/* A full turn: start again above the numbers that belong to the system's daemons. */
	if (nr == -EAGAIN)
		nr = pidmap_find(ns, RESERVED_PIDS, pid_max);
	if (nr < 0)
		return nr;
	__set_bit(nr % PIDS_PER_PAGE, ns->pidmap[nr / PIDS_PER_PAGE]);
	ns->last_pid = nr;
	return nr;
}

/* The very number that clone3() asked for. The turn of the others is not disturbed. */
static int pidmap_take_this(struct pid_namespace *ns, int nr)
{
	if (!pidmap_page(ns, nr))
		return -ENOMEM;
	if (__test_and_set_bit(nr % PIDS_PER_PAGE, ns->pidmap[nr / PIDS_PER_PAGE]))
		return -EEXIST;
	return nr;
}

/* set_tid of clone(2): a number in range, a namespace with an init, a privilege. */
static int check_set_tid(struct pid_namespace *ns, int nr)
{
	if (nr < 1 || nr >= pid_max)
		return -EINVAL;
	if (nr != 1 && !READ_ONCE(ns->child_reaper))
		return -EINVAL;
	if (!ns_capable(ns->user_ns, CAP_CHECKPOINT_RESTORE) &&
	    !ns_capable(ns->user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	return 0;
}

/* Give a number back; the last but init's lets init go. Context: pidmap_lock. */
static void release_number(struct pid_namespace *ns, int nr)
{
	__clear_bit(nr % PIDS_PER_PAGE, ns->pidmap[nr / PIDS_PER_PAGE]);
	ns->nr_pids--;
	if (unlikely(ns->zap_waiter) && ns->nr_pids <= 2)
		wake_up_process(ns->zap_waiter);
	/* Its first fork failed: the next may make an init. */
	if (unlikely(!ns->nr_pids && !ns->child_reaper))
		ns->last_pid = 0;
}

/* Numbers in @ns and all above, the deepest first; what was taken is in @pid on failure too. */
static int take_numbers(struct pid *pid, struct pid_namespace *ns, const pid_t *set_tid,
			size_t set_tid_size)
{
	size_t i;
	int nr;

	for (i = 0; ns; ns = ns->parent, i++) {
		nr = unlikely(i < set_tid_size) ? check_set_tid(ns, set_tid[i]) : 0;
		if (nr)
			return nr;
		spin_lock_irq(&pidmap_lock);
		if (should_fail_charge("pid"))
			nr = -EAGAIN;
		else
			nr = unlikely(i < set_tid_size) ? pidmap_take_this(ns, set_tid[i]) :
							  pidmap_take(ns);
		if (likely(nr >= 0))
			ns->nr_pids++;
		spin_unlock_irq(&pidmap_lock);
		if (unlikely(nr < 0))
			return nr;
		pid->numbers[ns->level].nr = nr;
		pid->numbers[ns->level].ns = ns;
	}
	return 0;
}

/* A lookup may find it from here on. Return: 0, or -ENOMEM when its namespace is dying. */
static int publish_numbers(struct pid *pid)
{
	int err = 0;

	spin_lock_irq(&pidmap_lock);
	if (unlikely(ns_of_pid(pid)->dying))
		err = -ENOMEM;
	for (unsigned int i = 0; !err && i <= pid->level; i++)
		hlist_add_head_rcu(&pid->numbers[i].hash_node,
				   pid_bucket(pid->numbers[i].nr, pid->numbers[i].ns));
	spin_unlock_irq(&pidmap_lock);
	return err;
}

static struct pid *alloc_struct(unsigned int level)
{
	struct pid *pid;

	if (likely(!level))
		pid = kmem_cache_alloc(pid_cachep, GFP_KERNEL);
	else
		pid = kmalloc(sizeof(*pid) + (level + 1) * sizeof(struct upid), GFP_KERNEL);
	if (unlikely(!pid))
		return NULL;
	refcount_set(&pid->count, 1);
	pid->level = level;
	for (unsigned int type = 0; type < PIDTYPE_MAX; type++)
		INIT_HLIST_HEAD(&pid->tasks[type]);
	/* epoll is woken inside this queue's lock. */
	init_waitqueue_head_nested(&pid->wait_pidfd);
	for (unsigned int i = 0; i <= level; i++)
		pid->numbers[i].ns = NULL;
	return pid;
}

static void free_struct(struct pid *pid)
{
	if (likely(!pid->level))
		kmem_cache_free(pid_cachep, pid);
	else
		kfree(pid);
}

static void undo_alloc(struct pid *pid)
{
	spin_lock_irq(&pidmap_lock);
	for (unsigned int i = 0; i <= pid->level; i++)
		if (pid->numbers[i].ns)
			release_number(pid->numbers[i].ns, pid->numbers[i].nr);
	spin_unlock_irq(&pidmap_lock);
	free_struct(pid);
}

/**
 * alloc_pid - take the next free process number of each level, or given ones
 * @ns: the namespace of the task to be
 * @set_tid: the numbers wanted, the deepest level's first
 * @set_tid_size: how many there are
 *
 * With no task on it, it looks like one that has just died.
 * Context: may sleep.
 * Return: a pid with one reference, -EAGAIN when all numbers are taken, -ENOMEM, also when the
 * init of @ns is dead; for given numbers -EINVAL (out of range, for more levels than there are,
 * or not 1 where there is no init), -EPERM, -EEXIST.
 */
struct pid *alloc_pid(struct pid_namespace *ns, const pid_t *set_tid, size_t set_tid_size)
{
	struct pid *pid;
	int err;

	if (unlikely(set_tid_size > ns->level + 1))
		return ERR_PTR(-EINVAL);
	pid = alloc_struct(ns->level);
	if (unlikely(!pid))
		return ERR_PTR(-ENOMEM);
	err = take_numbers(pid, ns, set_tid, set_tid_size) ?: publish_numbers(pid);
	if (unlikely(err)) {
		undo_alloc(pid);
		return ERR_PTR(err);
	}
	get_pid_ns(ns);
	return pid;
}

static void free_pid_rcu(struct rcu_head *head)
{
	struct pid *pid = container_of(head, struct pid, rcu);

	put_pid_ns(ns_of_pid(pid));
	free_struct(pid);
}

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		call_rcu(&pid->rcu, free_pid_rcu);
}

/**
 * free_pid - give the numbers back
 * @pid: nothing hangs on it any more
 *
 * Those who hold references keep the struct; they will find no task.
 * Context: any, tasklist_lock may be held.
 */
void free_pid(struct pid *pid)
{
	unsigned long flags;

	spin_lock_irqsave(&pidmap_lock, flags);
	for (unsigned int i = 0; i <= pid->level; i++) {
		hlist_del_rcu(&pid->numbers[i].hash_node);
		release_number(pid->numbers[i].ns, pid->numbers[i].nr);
	}
	spin_unlock_irqrestore(&pidmap_lock, flags);
	put_pid(pid);
}

/* ---- the end of a namespace ---- */

void pid_ns_set_dying(struct pid_namespace *ns)
{
	spin_lock_irq(&pidmap_lock);
	ns->dying = true;
	ns->zap_waiter = current;
	spin_unlock_irq(&pidmap_lock);
}

/* Only @own numbers are left: nobody wakes the waiter any more. */
bool pid_ns_is_empty(struct pid_namespace *ns, unsigned int own)
{
	bool empty;

	spin_lock_irq(&pidmap_lock);
	empty = ns->nr_pids <= own;
	if (empty)
		ns->zap_waiter = NULL;
	spin_unlock_irq(&pidmap_lock);
	return empty;
}

/* ---- the row of fork ---- */

int copy_pid(struct fork_ctx *fc)
{
	struct pid *pid;

	if (fc->args->idle)
		return 0;
	pid = alloc_pid(fc->child->nsproxy->pid_ns_for_children, fc->args->set_tid,
			fc->args->set_tid_size);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	fc->child->thread_pid = pid;
	fc->child->pid = pid_nr(pid);
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

/* Who looks without a lock finds one of the two in each list at every moment. */
static void swap_only_nodes(struct hlist_head *a, struct hlist_head *b)
{
	struct hlist_node *of_a = a->first, *of_b = b->first;

	ASSERT(!of_a->next && !of_b->next);
	rcu_assign_pointer(a->first, of_b);
	rcu_assign_pointer(b->first, of_a);
	WRITE_ONCE(of_a->pprev, &b->first);
	WRITE_ONCE(of_b->pprev, &a->first);
}

/**
 * exchange_tids - two threads swap their numbers
 * @left: the thread in exec, which becomes the leader
 * @right: the old leader, dead
 *
 * Neither number is nobody's meanwhile: kill(), wait() and pidfds would take the process for dead.
 * Context: tasklist_lock held for writing.
 */
void exchange_tids(struct task_struct *left, struct task_struct *right)
{
	struct pid *left_pid = left->thread_pid, *right_pid = right->thread_pid;

	swap_only_nodes(&left_pid->tasks[PIDTYPE_PID], &right_pid->tasks[PIDTYPE_PID]);
	WRITE_ONCE(left->thread_pid, right_pid);
	WRITE_ONCE(right->thread_pid, left_pid);
	WRITE_ONCE(left->pid, pid_nr(right_pid));
	WRITE_ONCE(right->pid, pid_nr(left_pid));
}

/* ---- from numbers to pids and back ---- */

/* Context: rcu_read_lock. Return: the pid, or NULL; hold the lock while it is used. */
struct pid *find_pid_ns(int nr, struct pid_namespace *ns)
{
	struct upid *upid;

	hlist_for_each_entry_rcu(upid, pid_bucket(nr, ns), hash_node)
		if (upid->nr == nr && upid->ns == ns)
			return container_of(upid, struct pid, numbers[ns->level]);
	return NULL;
}

/* The same in current's namespace. */
struct pid *find_vpid(int nr)
{
	return find_pid_ns(nr, current_pid_ns());
}

struct pid *find_get_pid_ns(int nr, struct pid_namespace *ns)
{
	struct pid *pid;

	rcu_read_lock();
	pid = find_pid_ns(nr, ns);
	if (pid && !refcount_inc_not_zero(&pid->count))
		pid = NULL;
	rcu_read_unlock();
	return pid;
}

struct pid *find_get_pid(int nr)
{
	return find_get_pid_ns(nr, current_pid_ns());
}

int pid_nr_ns(const struct pid *pid, const struct pid_namespace *ns)
{
	if (!pid || ns->level > pid->level || pid->numbers[ns->level].ns != ns)
		return 0;
	return pid->numbers[ns->level].nr;
}

int pid_vnr(const struct pid *pid)
{
	return pid_nr_ns(pid, current_pid_ns());
}

pid_t __task_pid_nr_ns(struct task_struct *tsk, enum pid_type type, struct pid_namespace *ns)
{
	pid_t nr;

	rcu_read_lock();
	nr = pid_nr_ns(READ_ONCE(*task_pid_ptr(tsk, type)), ns);
	rcu_read_unlock();
	return nr;
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
struct task_struct *find_task_by_pid_ns(int nr, struct pid_namespace *ns)
{
	return pid_task(find_pid_ns(nr, ns), PIDTYPE_PID);
}

struct task_struct *find_task_by_vpid(int nr)
{
	return find_task_by_pid_ns(nr, current_pid_ns());
}

struct task_struct *find_get_task_by_pid_ns(int nr, struct pid_namespace *ns)
{
	struct task_struct *tsk;

	rcu_read_lock();
	tsk = find_task_by_pid_ns(nr, ns);
	if (tsk && !refcount_inc_not_zero(&tsk->usage))
		tsk = NULL;
	rcu_read_unlock();
	return tsk;
}

static int next_taken(const struct pid_namespace *ns, int nr)
{
	for (; nr < PID_MAX_LIMIT; nr = roundup(nr + 1, (int)PIDS_PER_PAGE)) {
		unsigned long *map = READ_ONCE(ns->pidmap[nr / PIDS_PER_PAGE]);
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
 * @ns: whose numbers
 *
 * Context: rcu_read_lock.
 * Return: the pid, or NULL when there is none; for walking all processes as /proc does.
 */
struct pid *find_ge_pid(int nr, struct pid_namespace *ns)
{
	struct pid *pid;

	for (nr = next_taken(ns, max(nr, 0)); nr >= 0; nr = next_taken(ns, nr + 1)) {
		pid = find_pid_ns(nr, ns);
		if (pid)
			return pid;
	}
	return NULL;
}

int pid_last_allocated(struct pid_namespace *ns)
{
	return READ_ONCE(ns->last_pid);
}

void pid_set_last_allocated(struct pid_namespace *ns, int nr)
{
	spin_lock_irq(&pidmap_lock);
	ns->last_pid = nr;
	spin_unlock_irq(&pidmap_lock);
}

/* Context: boot, after the slab allocator. */
void __init pid_init(void)
{
	unsigned int i;

	pid_hash_bits = clamp_t(unsigned int, ilog2(totalram_pages()) - 6, 6, 14);
	pid_hash = kmalloc_array(1UL << pid_hash_bits, sizeof(*pid_hash), GFP_KERNEL);
	init_pid_ns.pidmap[0] = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	if (!pid_hash || !init_pid_ns.pidmap[0])
		panic("pid: not enough memory for the hash of process numbers");
	for (i = 0; i < 1U << pid_hash_bits; i++)
		INIT_HLIST_HEAD(&pid_hash[i]);
	__set_bit(0, init_pid_ns.pidmap[0]);	/* no task has number 0 */
	pid_cachep = kmem_cache_create("pid", sizeof(struct pid) + sizeof(struct upid),
				       __alignof__(struct pid), SLAB_PANIC, NULL);
}

SELFTEST(pid, number_comes_back_after_a_full_turn)
{
	struct pid *a = alloc_pid(&init_pid_ns, NULL, 0), *b;
	int nr;

	KT_ASSERT(!IS_ERR(a));
	nr = pid_nr(a);
	KT_EXPECT(find_pid_ns(nr, &init_pid_ns) == a);
	free_pid(a);
	KT_EXPECT(find_pid_ns(nr, &init_pid_ns) == NULL);
	b = alloc_pid(&init_pid_ns, NULL, 0);
	KT_ASSERT(!IS_ERR(b));
	KT_EXPECT(pid_nr(b) != nr);
	KT_EXPECT(find_ge_pid(pid_nr(b), &init_pid_ns) == b);
	free_pid(b);
}
