// SPDX-License-Identifier: GPL-2.0-only
/*
 * User-mode helpers: /sbin/request-key, the program of a core_pattern. A kernel thread is the
 * helper's parent, since the one who asks may not be a parent that gets to see it, and runs with
 * credentials, files and namespaces that are none of the helper's business.
 */
#include <linux/binfmts.h>
#include <linux/err.h>
#include <linux/fork.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/umh.h>
#include <uapi/linux/wait.h>

/**
 * umh_prepare - a call that its user has filled gets its one reference
 * @call: name, path, argv, init and free are set
 */
void umh_prepare(struct umh_call *call)
{
	refcount_set(&call->users, 1);
	init_completion(&call->started);
	init_completion(&call->ended);
	call->error = 0;
}

void umh_put(struct umh_call *call)
{
	if (refcount_dec_and_test(&call->users))
		call->free(call);
}

static void default_signals(void)
{
	struct k_sigaction action = { .sa.sa_handler = SIG_DFL };

	do_sigaction(SIGCHLD, &action, NULL);
}

/* The helper, up to its first instruction. */
static int become_helper(void *arg)
{
	static const char *const env[] = {
		"HOME=/", "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL
	};
	struct umh_call *call = arg;
	int err;

	default_signals();
	err = call->init ? call->init(call) : 0;
	if (!err)
		err = kernel_execve(call->path, call->argv, env);
	call->error = err;
	complete(&call->started);
	if (!err)
		return 0;
	do_exit(0);
}

/* Its parent, which waits for its end. */
static int run_helper(void *arg)
{
	struct umh_call *call = arg;
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_UNTRACED, .exit_signal = SIGCHLD,
		.fn = become_helper, .fn_arg = arg, .name = call->name,
	};
	int status = 0;
	pid_t pid;

	default_signals();
	pid = do_fork(&args);
	if (pid < 0) {
		call->error = pid;
		complete(&call->started);
	} else {
		kernel_wait4(pid, &status, __WALL, NULL);
	}
	complete(&call->ended);
	umh_put(call);
	return 0;
}

/**
 * umh_start - run the program
 * @call: from umh_prepare(); the caller keeps its reference
 *
 * Context: task, may sleep; until the helper runs, or the caller is killed.
 * Return: 0, -ERESTARTSYS when killed (it may run yet), -ENOMEM, -EAGAIN, or what ->init() and
 * execve(2) say.
 */
int umh_start(struct umh_call *call)
{
	struct task_struct *thread;
	int err;

	refcount_inc(&call->users);
	thread = kthread_run(run_helper, call, "%s", call->name);
	if (IS_ERR(thread)) {
		umh_put(call);
		return PTR_ERR(thread);
	}
	err = wait_for_completion_killable(&call->started);
	return err ?: call->error;
}

/**
 * umh_wait - until a helper that was started has ended
 *
 * Context: task, may sleep. Return: 0, -ERESTARTSYS when killed first.
 */
int umh_wait(struct umh_call *call)
{
	return wait_for_completion_killable(&call->ended);
}
