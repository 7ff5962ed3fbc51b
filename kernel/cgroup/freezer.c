// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freezing: cgroup.freeze of cgroup2 and freezer.state of version 1. Each task of a group that
 * freezes has a bit in jobctl, under its siglock, and sleeps on its way to user space while it is
 * set. Where a task sleeps as idly anyway (stopped, traced, in vfork) it counts as frozen there.
 * In cgroup2 the trap is left for a fatal signal or a tracer; in version 1 only thawing ends it.
 */
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/string.h>
#include "internal.h"

/* ---- a task's side ---- */

/**
 * cgroup_refrigerate - sleep while JOBCTL_FREEZE is set, whatever comes
 * @siglock: current's, held with interrupts off; dropped
 *
 * Context: on the way to user space. A late wake-up for an earlier sleep may end it early: the
 * caller looks at the bit again.
 */
void cgroup_refrigerate(spinlock_t *siglock)
{
	__set_current_state(TASK_FROZEN);
	spin_unlock_irq(siglock);
	cgroup_enter_frozen();
	schedule();
}

/*
 * As above, for JOBCTL_TRAP_FREEZE: signals wake it, and the caller sees which of them count. Who
 * thaws wakes only those that it sees here, under siglock: so freeze_ready is set before that goes.
 */
void cgroup_freeze_trap(spinlock_t *siglock)
{
	WRITE_ONCE(current->freeze_ready, true);
	__set_current_state(TASK_INTERRUPTIBLE);
	clear_thread_flag(TIF_SIGPENDING);
	spin_unlock_irq(siglock);
	cgroup_enter_frozen();
	schedule();
}

/* The bits that @tsk's groups want in its jobctl. */
static unsigned long wanted_bits(const struct task_struct *tsk)
{
	const struct css_set *set = tsk->cgroups;
	unsigned long bits = 0;
	unsigned int i;

	if (tsk->flags & (PF_KTHREAD | PF_EXITING))
		return 0;
	for (i = 0; set && i < set->nr; i++) {
		if (READ_ONCE(set->at[i]->freezing))
			bits |= is_v2(set->at[i]) ? JOBCTL_TRAP_FREEZE : JOBCTL_FREEZE;
	}
	return bits;
}

/* Make a task go to sleep, or go on, as its groups now want it. tasklist_lock and siglock held. */
void refreeze_task(struct task_struct *tsk)
{
	unsigned long had = tsk->jobctl & JOBCTL_FREEZE_MASK, want = wanted_bits(tsk);

	if (want == had)
		return;
	tsk->jobctl = (tsk->jobctl & ~JOBCTL_FREEZE_MASK) | want;
	if (want & ~had)
		signal_wake_up(tsk, false);
	if (had & ~want & JOBCTL_FREEZE)
		wake_up_state(tsk, TASK_FROZEN);
	if ((had & ~want & JOBCTL_TRAP_FREEZE) && READ_ONCE(tsk->freeze_ready))
		wake_up_state(tsk, TASK_INTERRUPTIBLE);
}

/* ---- a group's side: cgroup_mutex is held ---- */

static void refreeze_tree(struct cgroup *top)
{
	struct task_struct *p, *t;
	unsigned long flags;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t) {
		if (!is_in_tree(t, top) || !lock_task_sighand(t, &flags))
			continue;
		refreeze_task(t);
		unlock_task_sighand(t, &flags);
	}
	read_unlock(&tasklist_lock);
}

static void count_freezing(struct cgroup *top, int by)
{
	struct cgroup *cg;

	for_each_descendant(cg, top) {
		spin_lock_irq(&cgroup_lock);
		cg->freezing += by;
		update_frozen(cg);
		spin_unlock_irq(&cgroup_lock);
	}
}

/* A child that is being made looks at ->freezing when it is published: none slips through. */
void set_freeze(struct cgroup *cg, bool freeze)
{
	if (cg->freeze == freeze)
		return;
	cg->freeze = freeze;
	count_freezing(cg, freeze ? 1 : -1);
	refreeze_tree(cg);
}

static int change_freeze(struct cgroup *cg, bool freeze)
{
	int err = 0;

	mutex_lock(&cgroup_mutex);
	if (cg->dead)
		err = -ENODEV;
	else
		set_freeze(cg, freeze);
	mutex_unlock(&cgroup_mutex);
	return err;
}

/* ---- files ---- */

static int freeze_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%d\n", READ_ONCE(cg->freeze));
	return 0;
}

static int freeze_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err)
		return err;
	if (value < 0 || value > 1)
		return -ERANGE;
	return change_freeze(cg, value);
}

static int state_show(struct seq_file *m, struct cgroup *cg)
{
	const char *state = "THAWED";

	spin_lock_irq(&cgroup_lock);
	if (cg->freezing)
		state = cg->frozen ? "FROZEN" : "FREEZING";
	spin_unlock_irq(&cgroup_lock);
	seq_printf(m, "%s\n", state);
	return 0;
}

static int state_write(struct cgroup *cg, char *text, const struct cred *opener)
{
	if (!strcmp(text, "FROZEN"))
		return change_freeze(cg, true);
	return strcmp(text, "THAWED") ? -EINVAL : change_freeze(cg, false);
}

static int parent_freezing_show(struct seq_file *m, struct cgroup *cg)
{
	seq_printf(m, "%d\n", READ_ONCE(cg->parent->freezing) != 0);
	return 0;
}

static const struct cgroup_file freezer_files[] = {
	{ "cgroup.freeze",		FILE_V2, freeze_show, freeze_write },
};

static const struct cgroup_file freezer_v1_files[] = {
	{ "freezer.parent_freezing",	FILE_V1, parent_freezing_show, NULL },
	{ "freezer.self_freezing",	FILE_V1, freeze_show, NULL },
	{ "freezer.state",		FILE_V1, state_show, state_write },
};

const struct cgroup_file_table freeze_file_table = {
	0, ARRAY_SIZE(freezer_files), freezer_files
};

const struct cgroup_file_table freezer_file_table = {
	CONTROL_FREEZER, ARRAY_SIZE(freezer_v1_files), freezer_v1_files
};
