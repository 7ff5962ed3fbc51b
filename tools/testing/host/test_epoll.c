// SPDX-License-Identifier: GPL-2.0-only
/* epoll's waiting (fs/eventpoll.c itself), under the model of scheduling. */
#include <host.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/signal.h>
#include "model_tasks.h"

void model_step(void);

/* User memory is the shims'. */
extern char host_user[];
bool access_ok(const void __user *addr, size_t size);
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);

/* Between any two looks others may go on. */
static inline bool model_signal_pending(struct task_struct *tsk)
{
	model_step();
	return signal_pending(tsk);
}

#define signal_pending(tsk)	model_signal_pending(tsk)

#include "../../../fs/eventpoll.c"

#define EVENTS	6
#define SEEDS	400

static struct eventpoll set;
static struct file source, set_file;
static DECLARE_WAIT_QUEUE_HEAD(source_wait);
static DECLARE_WAIT_QUEUE_HEAD(taken_wait);
static bool event, over;
static unsigned int interrupted;

static __poll_t poll_source(struct file *file, poll_table *pt)
{
	poll_wait(file, &source_wait, pt);
	model_step();
	return READ_ONCE(event) ? EPOLLIN : 0;
}

static const struct file_operations source_fops = { .poll = poll_source };

/* Task 0: each event is there until somebody has taken it, the last one for ever. */
static void send_all(void)
{
	int i;

	for (i = 0; i <= EVENTS; i++) {
		if (i == EVENTS)
			WRITE_ONCE(over, true);
		WRITE_ONCE(event, true);
		wake_up_poll(&source_wait, EPOLLIN);
		if (i < EVENTS)
			wait_event(taken_wait, !READ_ONCE(event));
	}
	wake_up_all(&taken_wait);
}

/* Tasks 1 and 2. Who is interrupted leaves what is there to the other one. */
static void drain(void)
{
	struct epoll_event __user *to = (void *)(host_user + 64 * model_self());
	int ret;

	while (!READ_ONCE(over)) {
		ret = ep_wait(&set, to, 1, NULL);
		wrong += ret != 1 && ret != -EINTR;
		if (ret == -EINTR) {
			interrupted++;
			current->thread_info.flags = 0;
			wait_event(taken_wait, !READ_ONCE(event) || READ_ONCE(over));
		} else if (!READ_ONCE(over)) {
			WRITE_ONCE(event, false);
			wake_up_all(&taken_wait);
		}
	}
}

static void interrupt_first(void)
{
	int i;

	for (i = 0; i < EVENTS; i++) {
		model_step();
		model_step();
		signal_model_task(&tasks[1]);
	}
}

static void look_at_set(void)
{
	poll_table look;
	int i;

	for (i = 0; i < EVENTS; i++) {
		init_poll_funcptr(&look, NULL);
		ep_poll(&set_file, &look);
	}
}

static void with_signals(void)
{
	switch (model_self()) {
	case 0:
		send_all();
		break;
	case 3:
		interrupt_first();
		break;
	default:
		drain();
	}
}

static void with_looks(void)
{
	if (model_self() == 3)
		look_at_set();
	else
		with_signals();
}

static bool run_epoll(unsigned long seed, void (*operation)(void))
{
	struct epoll_event wanted = { .events = EPOLLIN };
	bool ok;

	mutex_init(&set.mtx);
	spin_lock_init(&set.lock);
	set.items = RB_ROOT;
	INIT_LIST_HEAD(&set.ready);
	init_waitqueue_head(&set.waiters);
	init_waitqueue_head(&set.pollers);
	init_waitqueue_head(&source_wait);
	init_waitqueue_head(&taken_wait);
	set_file.private_data = &set;
	source.f_op = &source_fops;
	INIT_LIST_HEAD(&source.f_ep_links);
	event = over = false;
	if (ep_insert(&set, &wanted, &source, 0))
		return false;
	ok = run_tasks(seed, operation, 1);
	remove_item(&set, find_item(&set, &source, 0));
	return ok;
}

SELFTEST(epoll, an_interrupted_waiter_keeps_no_wake_up)
{
	unsigned long seed;

	wrong = interrupted = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_epoll(seed, with_signals))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: all sleep", seed);
		KT_ASSERT(!t->failed && !wrong);
	}
	KT_EXPECT(interrupted);
}

SELFTEST(epoll, a_look_at_the_set_hides_no_event)
{
	unsigned long seed;

	wrong = 0;
	for (seed = 1; seed <= SEEDS; seed++) {
		if (!run_epoll(seed, with_looks))
			selftest_fail(t, __FILE__, __LINE__, "seed %lu: all sleep", seed);
		KT_ASSERT(!t->failed && !wrong);
	}
}

/* ---- what else epoll calls ---- */

int schedule_hrtimeout(const ktime_t *expires, enum hrtimer_mode mode)
{
	schedule();
	return -EINTR;
}

struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags)
{
	return ERR_PTR(-ENOMEM);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
}

loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return 0;
}

int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize)
{
	return 0;
}

void __set_current_blocked(const sigset_t *newset)
{
}

void __cond_resched(void)
{
}
