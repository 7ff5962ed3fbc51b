// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the row list: what an embryo inherits, what each flag shares, and that throwing an
 * embryo away leaves no trace. They build children of a parent made for the purpose, so nothing
 * that runs is touched.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/fork.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "fork_rows.h"
#include "internal.h"

/* A child of @parent with @flags, not published; or ERR_PTR. */
static struct task_struct *embryo_of(struct task_struct *parent, u64 flags)
{
	struct kernel_clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	struct fork_ctx fc = { .args = &args, .flags = flags, .parent = parent };

	return build_task(&fc);
}

/* A parent with an address space of its own; ERR_PTR without memory. */
static struct task_struct *make_parent(void)
{
	struct task_struct *parent = embryo_of(current, 0);

	if (!IS_ERR(parent)) {
		parent->mm = mm_alloc();
		parent->group_leader = parent;
	}
	return parent;
}

/* Everything that is neither inherited nor set by dup_task() itself. */
static void blank_known_fields(struct task_struct *t)
{
	memset(&t->inherit, 0, sizeof(t->inherit));
	t->flags = 0;
	t->state = 0;
	refcount_set(&t->usage, 0);
	memset(&t->alloc_lock, 0, sizeof(t->alloc_lock));
	memset(&t->pi_lock, 0, sizeof(t->pi_lock));
	memset(&t->children, 0, sizeof(t->children));
	memset(&t->sibling, 0, sizeof(t->sibling));
	memset(&t->ptraced, 0, sizeof(t->ptraced));
	memset(&t->ptrace_entry, 0, sizeof(t->ptrace_entry));
	memset(&t->thread_node, 0, sizeof(t->thread_node));
	memset(&t->tasks, 0, sizeof(t->tasks));
	memset(&t->pending, 0, sizeof(t->pending));
}

SELFTEST(fork, embryo_is_zero_but_for_the_inherited_group)
{
	struct kernel_clone_args args = { };
	struct fork_ctx fc = { .args = &args, .parent = current };
	struct task_struct *child = dup_task(&fc);
	struct task_inherit expected = current->inherit;

	KT_ASSERT(child);
	expected.default_timer_slack_ns = current->timer_slack_ns;
	KT_EXPECT(!memcmp(&child->inherit, &expected, sizeof(expected)));
	KT_EXPECT_EQ(child->state, TASK_NEW);
	KT_EXPECT_EQ(refcount_read(&child->usage), 2);
	KT_EXPECT(child->flags & PF_FORKNOEXEC);
	KT_EXPECT(sigisemptyset(&child->pending.signal) && list_empty(&child->pending.list));
	blank_known_fields(child);
	KT_EXPECT(!memchr_inv(child, 0, sizeof(*child)));
	discard_embryo(child);
}

#define CHECK_SHARED(row, flag, same, count) do {				\
	struct task_struct *other, *sharer;					\
	int before = (count);							\
										\
	sharer = embryo_of(parent, (flag));					\
	KT_ASSERT(!IS_ERR(sharer));						\
	child = sharer;								\
	KT_EXPECT(same);							\
	KT_EXPECT_EQ((count), before + 1);					\
	discard_embryo(sharer);							\
	KT_EXPECT_EQ((count), before);						\
	other = embryo_of(parent, 0);						\
	KT_ASSERT(!IS_ERR(other));						\
	child = other;								\
	KT_EXPECT(!(same));							\
	KT_EXPECT_EQ((count), before);						\
	discard_embryo(other);							\
	KT_EXPECT_EQ((count), before);						\
} while (0)

SELFTEST(fork, each_flag_shares_its_row_and_no_other)
{
	struct task_struct *parent = make_parent(), *child;
	const u64 group = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;

	KT_ASSERT(!IS_ERR(parent) && parent->mm);
	CHECK_SHARED(files, CLONE_FILES, child->files == parent->files,
		     refcount_read(&parent->files->count));
	CHECK_SHARED(fs, CLONE_FS, child->fs == parent->fs, refcount_read(&parent->fs->users));
	CHECK_SHARED(mm, CLONE_VM, child->mm == parent->mm, atomic_read(&parent->mm->mm_users));
	CHECK_SHARED(sighand, CLONE_VM | CLONE_SIGHAND, child->sighand == parent->sighand,
		     refcount_read(&parent->sighand->count));
	CHECK_SHARED(signal, group, child->signal == parent->signal,
		     refcount_read(&parent->signal->sigcnt));
	child = embryo_of(parent, group);
	KT_ASSERT(!IS_ERR(child));
	KT_EXPECT(child->real_cred == parent->real_cred);
	KT_EXPECT(child->files != parent->files && child->fs != parent->fs);
	discard_embryo(child);
	child = embryo_of(parent, 0);
	KT_ASSERT(!IS_ERR(child));
	KT_EXPECT(child->stack != parent->stack && child->thread_pid != parent->thread_pid);
	KT_EXPECT_EQ(child->real_cred->uid, parent->real_cred->uid);
	discard_embryo(child);
	discard_embryo(parent);
}

static const char *const fork_caches[] = {
	"task_struct", "signal_cache", "sighand_cache", "files_cache", "fs_cache",
	"vm_area_struct", "mm_struct", "pid",
};

SELFTEST(fork, discarded_embryos_leave_nothing)
{
	unsigned long before[ARRAY_SIZE(fork_caches)];
	long threads = READ_ONCE(nr_threads);
	long processes = atomic_long_read(&current->real_cred->user->processes);
	struct task_struct *parent;
	unsigned int i, round;

	rcu_barrier();
	for (i = 0; i < ARRAY_SIZE(fork_caches); i++)
		before[i] = slab_active_objs(fork_caches[i]);
	for (round = 0; round < 50; round++) {
		parent = make_parent();
		KT_ASSERT(!IS_ERR(parent) && parent->mm);
		discard_embryo(embryo_of(parent, 0));
		discard_embryo(embryo_of(parent, CLONE_VM | CLONE_FILES | CLONE_FS));
		discard_embryo(embryo_of(parent, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD));
		discard_embryo(parent);
	}
	rcu_barrier();
	for (i = 0; i < ARRAY_SIZE(fork_caches); i++)
		KT_EXPECT_EQ(slab_active_objs(fork_caches[i]), before[i]);
	KT_EXPECT_EQ(READ_ONCE(nr_threads), threads);
	KT_EXPECT_EQ(atomic_long_read(&current->real_cred->user->processes), processes);
}

SELFTEST(fork, limit_on_processes_is_charged_and_given_back)
{
	struct task_struct *child;
	int limit = max_threads;

	max_threads = READ_ONCE(nr_threads);
	child = embryo_of(current, 0);
	max_threads = limit;
	KT_EXPECT(PTR_ERR(child) == -EAGAIN);
	child = embryo_of(current, 0);
	KT_ASSERT(!IS_ERR(child));
	discard_embryo(child);
}
