// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel threads. kthreadd (pid 2) forks them, so that they inherit nothing from whoever asks. What
 * is to be known about one until it has stopped is in a struct kthread; kthread_lock guards the
 * queue of requests and the list of threads.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

/*
 * Locks: [K] kthread_lock   [I] immutable once created   [t] only the thread, until @exited
 */
struct kthread {
	struct list_head list;		/* [K] requests, then threads */
	int (*fn)(void *data);		/* [I] */
	void *data;			/* [I] */
	char name[TASK_COMM_LEN];	/* [I] */
	struct task_struct *task;	/* [I] or an ERR_PTR */
	struct completion created;
	struct completion exited;
	bool started;			/* [t] */
	bool should_stop;		/* [K] */
	int result;			/* [t] */
};

static DEFINE_SPINLOCK(kthread_lock);
static LIST_HEAD(requests);
static LIST_HEAD(threads);
static DECLARE_WAIT_QUEUE_HEAD(kthreadd_wait);

/* Context: kthread_lock */
static struct kthread *find_kthread(struct task_struct *task)
{
	struct kthread *k;

	list_for_each_entry(k, &threads, list)
		if (k->task == task)
			return k;
	return NULL;
}

/* A thread begins asleep, so that its maker can bind it or give it a priority first. */
static void wait_for_start(struct kthread *k)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&k->created);
	schedule();
}

static int kthread_main(void *arg)
{
	struct kthread *k = arg;
	bool stopped;

	spin_lock(&kthread_lock);
	k->task = current;
	list_add(&k->list, &threads);
	spin_unlock(&kthread_lock);
	wait_for_start(k);

	spin_lock(&kthread_lock);
	stopped = k->should_stop;
	spin_unlock(&kthread_lock);
	k->result = stopped ? -EINTR : k->fn(k->data);

	spin_lock(&kthread_lock);
	list_del(&k->list);
	stopped = k->should_stop;
	spin_unlock(&kthread_lock);
	/* Whoever stops it frees it; one that ends by itself was never asked about. */
	if (stopped)
		complete(&k->exited);
	else
		kfree(k);
	do_exit(0);
}

/**
 * kthread_create - make a kernel thread, not yet running
 * @threadfn: its function; when it returns, the thread ends
 * @data: for @threadfn
 * @namefmt: its name, printf-like
 *
 * wake_up_process() starts it.
 *
 * Context: sleeps; kthreadd must be running.
 * Return: the task, or ERR_PTR(-ENOMEM, -EAGAIN).
 */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt,
				   ...)
{
	struct kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);
	struct task_struct *task;
	va_list args;

	if (!k)
		return ERR_PTR(-ENOMEM);
	k->fn = threadfn;
	k->data = data;
	init_completion(&k->created);
	init_completion(&k->exited);
	va_start(args, namefmt);
	vsnprintf(k->name, sizeof(k->name), namefmt, args);
	va_end(args);

	spin_lock(&kthread_lock);
	list_add_tail(&k->list, &requests);
	spin_unlock(&kthread_lock);
	wake_up(&kthreadd_wait);
	wait_for_completion(&k->created);
	task = k->task;
	if (IS_ERR(task)) {
		kfree(k);
		return task;
	}
	/* It is about to call schedule(): until then it may not be moved or woken. */
	wait_task_inactive(task);
	return task;
}

/**
 * kthread_bind - let a thread run on one CPU only
 * @task: created, not yet woken
 * @cpu: which
 *
 * Context: sleeps.
 */
void kthread_bind(struct task_struct *task, unsigned int cpu)
{
	set_cpus_allowed_ptr(task, cpumask_of(cpu));
}

bool kthread_should_stop(void)
{
	struct kthread *k;
	bool stop;

	spin_lock(&kthread_lock);
	k = find_kthread(current);
	stop = k && k->should_stop;
	spin_unlock(&kthread_lock);
	return stop;
}

/**
 * kthread_stop - end a thread and wait until its function has returned
 * @task: from kthread_create(); its function looks at kthread_should_stop()
 *
 * Context: sleeps. Only one caller may stop a thread, and only one that does not end by itself.
 * Return: what the function returned; -EINTR when it had never been started; -ESRCH: no such.
 */
int kthread_stop(struct task_struct *task)
{
	struct kthread *k;
	int result;

	spin_lock(&kthread_lock);
	k = find_kthread(task);
	if (k) {
		k->should_stop = true;
		get_task_struct(task);
	}
	spin_unlock(&kthread_lock);
	if (!k)
		return -ESRCH;
	wake_up_process(task);
	wait_for_completion(&k->exited);
	result = k->result;
	put_task_struct(task);
	kfree(k);
	return result;
}

/* A child of the caller that reports its end with SIGCHLD, and so is reaped at once. */
static pid_t fork_kthread(struct kthread *k)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED,
		.exit_signal = SIGCHLD,
		.fn = kthread_main,
		.fn_arg = k,
		.name = k->name,
	};

	return do_fork(&args);
}

static struct kthread *next_request(void)
{
	struct kthread *k = NULL;

	spin_lock(&kthread_lock);
	if (!list_empty(&requests)) {
		k = list_first_entry(&requests, struct kthread, list);
		list_del_init(&k->list);
	}
	spin_unlock(&kthread_lock);
	return k;
}

/**
 * kthreadd - the parent of all kernel threads; pid 2
 *
 * It ignores SIGCHLD, so that its children are reaped by themselves.
 */
int kthreadd(void *unused)
{
	struct k_sigaction ignore = { .sa.sa_handler = SIG_IGN };
	struct kthread *k;
	pid_t pid;

	do_sigaction(SIGCHLD, &ignore, NULL);
	for (;;) {
		wait_event_idle(kthreadd_wait, (k = next_request()) != NULL);
		pid = fork_kthread(k);
		if (pid < 0) {
			k->task = ERR_PTR(pid);
			complete(&k->created);
		}
	}
	return 0;
}
