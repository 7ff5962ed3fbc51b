// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work that a task leaves for the moment just before it returns to user space, when it holds no
 * lock and may sleep. Lock-free: a list that others push to and only the task itself empties.
 */
#include <linux/sched.h>

/* Stands at the head once the task is past its last look: nothing can be added any more. */
static struct callback_head work_exited;

/**
 * task_work_add - have a task run something before it returns to user space
 * @tsk: the task
 * @work: its func will be called once, in task context
 *
 * Context: any.
 * Return: 0, or -ESRCH when the task is exiting and will not look again.
 */
int task_work_add(struct task_struct *tsk, struct callback_head *work)
{
	struct callback_head *head = READ_ONCE(tsk->task_works);

	do {
		if (unlikely(head == &work_exited))
			return -ESRCH;
		work->next = head;
	} while (!try_cmpxchg(&tsk->task_works, &head, work));
	set_tsk_thread_flag(tsk, TIF_NOTIFY_RESUME);
	return 0;
}

static struct callback_head *take_all(struct task_struct *tsk)
{
	struct callback_head *head = READ_ONCE(tsk->task_works), *end;

	do {
		if (head == &work_exited)
			return NULL;
		end = !head && (tsk->flags & PF_EXITING) ? &work_exited : NULL;
		if (!head && !end)
			return NULL;
	} while (!try_cmpxchg(&tsk->task_works, &head, end));
	return head;
}

/**
 * task_work_run - run what was left, in the order it was added
 *
 * The last call, from do_exit(), also closes the list.
 * Context: current, no locks, may sleep.
 */
void task_work_run(void)
{
	struct callback_head *work, *next, *fifo;

	while ((work = take_all(current)) != NULL) {
		for (fifo = NULL; work; work = next) {
			next = work->next;
			work->next = fifo;
			fifo = work;
		}
		for (; fifo; fifo = next) {
			next = fifo->next;
			fifo->func(fifo);
		}
	}
}
