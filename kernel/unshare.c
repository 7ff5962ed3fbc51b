// SPDX-License-Identifier: GPL-2.0-only
/*
 * unshare(2): the caller stops sharing what it shares since its clone, one flag a row of fork.
 * Threads cannot part.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/ipc_namespace.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>

#define UNSHARE_FLAGS	(CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES |	\
			 CLONE_SYSVSEM | CLONE_NEWUSER | CLONE_NS_FLAGS)

/* What each flag takes along: no memory without the handlers, no handlers without threads. */
static unsigned long implied_flags(unsigned long flags)
{
	if (flags & CLONE_NEWUSER)
		flags |= CLONE_THREAD | CLONE_FS;
	if (flags & CLONE_VM)
		flags |= CLONE_SIGHAND;
	if (flags & CLONE_SIGHAND)
		flags |= CLONE_THREAD;
	if (flags & CLONE_NEWNS)
		flags |= CLONE_FS;
	return flags;
}

/* Does anybody outside of the process run in our memory? */
static bool memory_is_shared(void)
{
	struct task_struct *p, *t;
	bool shared = false;

	rcu_read_lock();
	for_each_process_thread(p, t)
		if (t != current && READ_ONCE(t->mm) == current->mm)
			shared = true;
	rcu_read_unlock();
	return shared;
}

static int check_unshare(unsigned long flags)
{
	if (flags & ~UNSHARE_FLAGS)
		return -EINVAL;
	if ((flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)) && !thread_group_empty(current))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && refcount_read(&current->sighand->count) > 1)
		return -EINVAL;
	if ((flags & CLONE_VM) && memory_is_shared())
		return -EINVAL;
	return 0;
}

/* Credentials in a new user namespace, for commit_creds() when all else has gone well. */
static int unshare_userns(unsigned long flags, struct cred **new)
{
	int err;

	if (!(flags & CLONE_NEWUSER))
		return 0;
	*new = prepare_creds();
	if (!*new)
		return -ENOMEM;
	err = create_user_ns(*new);
	if (err) {
		abort_creds(*new);
		*new = NULL;
	}
	return err;
}

/* Everything that can fail; what it makes is not seen before it is put on. */
static int prepare_unshare(unsigned long flags, struct cred **cred, struct nsproxy **nsproxy)
{
	struct nsproxy *new;
	int err;

	err = unshare_userns(flags, cred);
	if (!err && (flags & CLONE_FS))
		err = unshare_fs_struct();
	if (!err && (flags & CLONE_FILES))
		err = unshare_files();
	if (err)
		return err;
	new = unshare_namespaces(flags, *cred ? (*cred)->user_ns : current_user_ns());
	if (IS_ERR(new))
		return PTR_ERR(new);
	*nsproxy = new;
	return 0;
}

SYSCALL_DEFINE1(unshare, unsigned long, unshare_flags)
{
	unsigned long flags = implied_flags(unshare_flags);
	struct nsproxy *nsproxy = NULL;
	struct cred *cred = NULL;
	int err;

	err = check_unshare(flags);
	if (!err)
		err = prepare_unshare(flags, &cred, &nsproxy);
	if (err) {
		if (cred)
			abort_creds(cred);
		return err;
	}
	/* As if we had died: another namespace's semaphores cannot be reached. */
	if (flags & (CLONE_SYSVSEM | CLONE_NEWIPC))
		exit_semundo(current);
	if (flags & CLONE_NEWIPC)
		exit_sysvshm(current);
	if (nsproxy)
		switch_namespaces(current, nsproxy);
	return cred ? commit_creds(cred) : 0;
}
