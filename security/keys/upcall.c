// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running /sbin/request-key, request-key(8): a kernel thread is its parent, since the one who asks
 * may not be a parent that gets to see it. Its session keyring holds the authorization key.
 */
#include <linux/binfmts.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fork.h>
#include <linux/kthread.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <uapi/linux/wait.h>
#include "internal.h"

#define HELPER	"/sbin/request-key"
#define NR_ARGS	7

/* One run. Who asked may be killed meanwhile: the last of the two to leave frees it. */
struct upcall {
	refcount_t users;
	struct key *session;
	char text[NR_ARGS - 1][16];
	const char *argv[NR_ARGS + 2];
	struct completion done;
	int exec_error;
};

static void put_upcall(struct upcall *call)
{
	if (!refcount_dec_and_test(&call->users))
		return;
	key_put(call->session);
	kfree(call);
}

static void default_signals(void)
{
	struct k_sigaction action = { .sa.sa_handler = SIG_DFL };

	do_sigaction(SIGCHLD, &action, NULL);
}

static int set_session(struct upcall *call)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	put_cred_keys(&new->keys);
	new->keys.session = key_get(call->session);
	return commit_creds(new);
}

/* The helper, up to its first instruction. */
static int become_helper(void *arg)
{
	static const char *const env[] = {
		"HOME=/", "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL
	};
	struct upcall *call = arg;
	int err;

	default_signals();
	err = set_session(call);
	if (!err)
		err = kernel_execve(HELPER, call->argv, env);
	if (!err)
		return 0;
	call->exec_error = err;
	do_exit(0);
}

/* Its parent, which waits for its end. */
static int run_helper(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_UNTRACED, .exit_signal = SIGCHLD,
		.fn = become_helper, .fn_arg = arg, .name = "request-key",
	};
	struct upcall *call = arg;
	int status = 0;
	pid_t pid;

	default_signals();
	pid = do_fork(&args);
	if (pid < 0)
		call->exec_error = pid;
	else
		kernel_wait4(pid, &status, __WALL, NULL);
	complete(&call->done);
	put_upcall(call);
	return 0;
}

static key_serial_t serial_of(const struct key *key)
{
	return key ? key->serial : 0;
}

/* create KEY UID GID THREAD-KEYRING PROCESS-KEYRING SESSION-KEYRING */
static void fill_args(struct upcall *call, const struct key *key, const struct cred *cred,
		      const struct key *session)
{
	const long values[NR_ARGS - 1] = {
		key->serial, cred->fsuid, cred->fsgid, serial_of(cred->keys.thread),
		serial_of(cred->keys.process), serial_of(session),
	};

	call->argv[0] = HELPER;
	call->argv[1] = "create";
	for (int i = 0; i < NR_ARGS - 1; i++) {
		snprintf(call->text[i], sizeof(call->text[i]), "%ld", values[i]);
		call->argv[i + 2] = call->text[i];
	}
}

static struct upcall *prepare_upcall(struct key *key, struct key *authkey)
{
	struct upcall *call = kzalloc(sizeof(*call), GFP_KERNEL);
	const struct cred *cred = current_cred();
	struct key *session = key_get(cred->keys.session);
	char name[24];
	int err = 0;

	if (!call) {
		key_put(session);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&call->users, 2);
	init_completion(&call->done);
	snprintf(name, sizeof(name), "_req.%u", key->serial);
	call->session = keyring_alloc(name, cred->fsuid, cred->fsgid, KEY_POS(KEY_ALL) |
				      KEY_USR(KEY_VIEW | KEY_READ), KEY_QUOTA_OVERRUN);
	if (IS_ERR(call->session)) {
		err = PTR_ERR(call->session);
		call->session = NULL;
	}
	if (!err)
		err = key_link(call->session, authkey);
	if (!err && !session)
		err = user_keyrings(NULL, &session);
	if (!err)
		fill_args(call, key, cred, session);
	key_put(session);
	if (!err)
		return call;
	key_put(call->session);
	kfree(call);
	return ERR_PTR(err);
}

/**
 * call_request_key - let the helper construct a key
 * @key: the key
 * @authkey: the right to do so
 *
 * Context: no key_mutex; sleeps until the helper is done, or the caller is killed.
 * Return: 0 when it has run, -ENOENT and the like when it cannot, -ENOMEM, -ERESTARTSYS.
 */
int call_request_key(struct key *key, struct key *authkey)
{
	struct task_struct *thread;
	struct upcall *call;
	int err;

	mutex_lock(&key_mutex);
	call = prepare_upcall(key, authkey);
	mutex_unlock(&key_mutex);
	if (IS_ERR(call))
		return PTR_ERR(call);
	thread = kthread_run(run_helper, call, "request-key");
	if (IS_ERR(thread)) {
		put_upcall(call);
		put_upcall(call);
		return PTR_ERR(thread);
	}
	err = wait_for_completion_killable(&call->done);
	if (!err)
		err = call->exec_error;
	put_upcall(call);
	return err;
}
