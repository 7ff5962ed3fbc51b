// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process did to semaphores with SEM_UNDO is taken back when it dies: the row "semundo" of
 * fork. CLONE_SYSVSEM shares one list, and the last sharer's death applies it; fork starts without.
 * Locks: a set's lock, then the list's. An undo is freed by whoever takes it off both.
 */
#include <linux/fork.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "../kernel/fork_rows.h"
#include "sem.h"

static struct sem_undo_list *alloc_list(void)
{
	struct sem_undo_list *list = kmalloc(sizeof(*list), GFP_KERNEL);

	if (!list)
		return NULL;
	refcount_set(&list->refs, 1);
	spin_lock_init(&list->lock);
	INIT_LIST_HEAD(&list->undos);
	return list;
}

/* ---- finding one ---- */

/* Context: the set is locked. */
static struct sem_undo *find_undo(struct sem_array *sma, struct sem_undo_list *list)
{
	struct sem_undo *undo;

	list_for_each_entry(undo, &sma->undos, of_array)
		if (undo->owner == list)
			return undo;
	return NULL;
}

static void link_undo(struct sem_array *sma, struct sem_undo_list *list, struct sem_undo *undo)
{
	undo->array = sma;
	undo->owner = list;
	list_add(&undo->of_array, &sma->undos);
	spin_lock(&list->lock);
	list_add(&undo->of_list, &list->undos);
	spin_unlock(&list->lock);
}

int sem_lock_with_undo(struct sem_array *sma, struct sem_undo **undo)
{
	struct sem_undo_list *list = current->semundo;
	struct sem_undo *new = NULL;
	int err;

	if (!list) {
		list = alloc_list();
		if (!list)
			return -ENOMEM;
		current->semundo = list;
	}
	for (;;) {
		err = ipc_lock_live(&sma->perm);
		if (err)
			break;
		*undo = find_undo(sma, list);
		if (!*undo && new) {
			link_undo(sma, list, new);
			*undo = new;
			new = NULL;
		}
		if (*undo)
			break;
		spin_unlock(&sma->perm.lock);
		new = kvzalloc(sizeof(*new) + sma->nsems * sizeof(short), GFP_KERNEL);
		if (!new)
			return -ENOMEM;
	}
	kvfree(new);		/* a sibling thread was faster, or the set is gone */
	return err;
}

/* SETVAL and SETALL begin anew: nothing is left to take back. Context: the set is locked. */
void sem_forget_undo(struct sem_array *sma, int num)
{
	struct sem_undo *undo;

	list_for_each_entry(undo, &sma->undos, of_array)
		undo->adjust[num] = 0;
}

/* The set is being removed: its undos go to @dead, for sem_free_undos(). Context: it is locked. */
void sem_take_undos(struct sem_array *sma, struct list_head *dead)
{
	struct sem_undo *undo;

	list_for_each_entry(undo, &sma->undos, of_array) {
		spin_lock(&undo->owner->lock);
		list_del(&undo->of_list);
		spin_unlock(&undo->owner->lock);
	}
	list_splice_init(&sma->undos, dead);
}

void sem_free_undos(struct list_head *dead)
{
	struct sem_undo *undo, *next;

	list_for_each_entry_safe(undo, next, dead, of_array)
		kvfree(undo);
}

/* ---- applying ---- */

static void apply(struct sem_array *sma, struct sem_undo *undo, struct pid *pid)
{
	struct sem *sem;
	int i, val;

	for (i = 0; i < sma->nsems; i++) {
		if (!undo->adjust[i])
			continue;
		sem = &sma->sems[i];
		/* semop(2): as far as it goes, since there is nobody to wait or to be told. */
		val = sem->val + undo->adjust[i];
		sem->val = clamp(val, 0, SEMVMX);
		sem_set_pid(sem, pid);
	}
	sma->otime = ktime_get_real_seconds();
	sem_wake_waiters(sma);
}

/* A set that @list has an undo of, referenced; NULL: there is none left. */
static struct sem_array *first_array(struct sem_undo_list *list)
{
	struct sem_array *sma = NULL;

	spin_lock(&list->lock);
	if (!list_empty(&list->undos)) {
		sma = list_first_entry(&list->undos, struct sem_undo, of_list)->array;
		refcount_inc(&sma->perm.refs);
	}
	spin_unlock(&list->lock);
	return sma;
}

static void apply_list(struct sem_undo_list *list, struct pid *pid)
{
	struct sem_array *sma;
	struct sem_undo *undo;

	while ((sma = first_array(list))) {
		spin_lock(&sma->perm.lock);
		/* IPC_RMID may have freed it meanwhile. */
		undo = find_undo(sma, list);
		if (undo) {
			list_del(&undo->of_array);
			spin_lock(&list->lock);
			list_del(&undo->of_list);
			spin_unlock(&list->lock);
			apply(sma, undo, pid);
		}
		spin_unlock(&sma->perm.lock);
		kvfree(undo);
		ipc_put(&sma->perm);
		cond_resched();
	}
}

/* ---- the row ---- */

/* A process of its own has done nothing yet. */
int copy_semundo(struct fork_ctx *fc)
{
	return 0;
}

/* Made now if need be: the two could not find each other's later. Return: 0 or -ENOMEM. */
int share_semundo(struct fork_ctx *fc)
{
	struct sem_undo_list *list = fc->parent->semundo;

	if (unlikely(!list)) {
		list = alloc_list();
		if (!list)
			return -ENOMEM;
		fc->parent->semundo = list;
	}
	refcount_inc(&list->refs);
	fc->child->semundo = list;
	return 0;
}

/* Also unshare(CLONE_SYSVSEM) and a new IPC namespace. Context: sleeps. */
void exit_semundo(struct task_struct *tsk)
{
	struct sem_undo_list *list = tsk->semundo;

	if (likely(!list))
		return;
	tsk->semundo = NULL;
	if (!refcount_dec_and_test(&list->refs))
		return;
	apply_list(list, tsk->signal->pids[PIDTYPE_TGID]);
	kfree(list);
}
