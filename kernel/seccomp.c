// SPDX-License-Identifier: GPL-2.0-only
/*
 * seccomp(2): a task gives up system calls for itself and its children. Filters form a tree: each
 * points at the one that was there before it, tasks point at their newest. A task's pointer and
 * mode change under siglock, by the task or by a sibling that synchronises (TSYNC), and the task
 * itself reads them without; filters never change.
 */
#define pr_fmt(fmt) "seccomp: " fmt
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <uapi/linux/audit.h>
#include <uapi/asm/unistd_64.h>
#include <asm/processor.h>
#include <asm/syscall.h>
#include "fork_rows.h"
#include "seccomp.h"

#define MODE_DEAD		(SECCOMP_MODE_FILTER + 1)	/* it made a call that kills */
#define PATH_MAX_INSNS		((1u << 18) / sizeof(struct sock_filter))
#define PATH_PENALTY		4	/* what each filter counts besides its instructions */

/*
 * Locks: [I] immutable once attached   [a] atomic
 */
struct seccomp_filter {
	refcount_t refs;		/* [a] tasks and later filters that point here */
	struct seccomp_filter *prev;	/* [I] older, or NULL; a reference */
	struct seccomp_listener *listener;	/* [I] or NULL; a reference */
	bool log;			/* [I] SECCOMP_FILTER_FLAG_LOG */
	unsigned int len;		/* [I] */
	struct sock_filter insns[];	/* [I] */
};

/* ---- the tree of filters ---- */

static struct seccomp_filter *get_filter(struct seccomp_filter *filter)
{
	if (filter)
		refcount_inc(&filter->refs);
	return filter;
}

static void put_filter(struct seccomp_filter *filter)
{
	struct seccomp_filter *prev;

	for (; filter && refcount_dec_and_test(&filter->refs); filter = prev) {
		prev = filter->prev;
		seccomp_listener_orphan(filter->listener);
		kvfree(filter);
	}
}

static unsigned int path_insns(const struct seccomp_filter *filter)
{
	unsigned int total = 0;

	for (; filter; filter = filter->prev)
		total += filter->len + PATH_PENALTY;
	return total;
}

/* Is @child what @parent became by adding filters? An empty tree is everybody's ancestor. */
static bool is_ancestor(const struct seccomp_filter *parent, const struct seccomp_filter *child)
{
	for (; child && child != parent; child = child->prev)
		;
	return child == parent;
}

/* ---- the row of fork ---- */

/* @child gets what @parent has now. Context: the parent's siglock. */
static void inherit(struct task_struct *child, struct task_struct *parent)
{
	child->seccomp = parent->seccomp;
	get_filter(child->seccomp.filter);
	child->no_new_privs = parent->no_new_privs;
	if (child->seccomp.mode)
		set_tsk_thread_flag(child, TIF_SECCOMP);
}

int copy_seccomp(struct fork_ctx *fc)
{
	if (likely(!fc->parent->seccomp.mode) || fc->args->fn)
		return 0;
	spin_lock_irq(&fc->parent->sighand->siglock);
	inherit(fc->child, fc->parent);
	spin_unlock_irq(&fc->parent->sighand->siglock);
	return 0;
}

void exit_seccomp(struct task_struct *tsk)
{
	put_filter(tsk->seccomp.filter);
	tsk->seccomp.filter = NULL;
}

void __seccomp_follow(struct task_struct *child, struct task_struct *parent)
{
	struct seccomp_filter *old = child->seccomp.filter;

	ASSERT(spin_is_locked(&parent->sighand->siglock));
	if (child->flags & PF_KTHREAD)
		return;
	/* The older one stays alive in the new one's path, or is the same. */
	inherit(child, parent);
	put_filter(old);
}

/* ---- what happened, for the log ---- */

static const struct {
	const char *name;
	u32 action;
} actions[] = {
	{ "kill_process", SECCOMP_RET_KILL_PROCESS },
	{ "kill_thread", SECCOMP_RET_KILL_THREAD },
	{ "trap", SECCOMP_RET_TRAP },
	{ "errno", SECCOMP_RET_ERRNO },
	{ "user_notif", SECCOMP_RET_USER_NOTIF },
	{ "trace", SECCOMP_RET_TRACE },
	{ "log", SECCOMP_RET_LOG },
	{ "allow", SECCOMP_RET_ALLOW },
};

BUILD_ASSERT(ARRAY_SIZE(actions) == SECCOMP_NR_ACTIONS);

const char *seccomp_action_name(unsigned int n)
{
	return actions[n].name;
}

unsigned int seccomp_actions_logged = (1u << SECCOMP_NR_ACTIONS) - 1 -
				      (1u << (SECCOMP_NR_ACTIONS - 1));

static int action_index(u32 action)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].action == action)
			return i;
	return -ENOENT;
}

/* @asked: the filter was attached with FLAG_LOG. Kills, and LOG itself, are logged in any case. */
static void log_action(long nr, int sig, u32 action, bool asked)
{
	int n = action_index(action);
	bool loud = action == SECCOMP_RET_LOG || action == SECCOMP_RET_KILL_THREAD ||
		    action == SECCOMP_RET_KILL_PROCESS;

	if (n < 0)
		n = 0;
	if ((loud || asked) && (READ_ONCE(seccomp_actions_logged) & (1u << n)))
		pr_info("%s[%d] uid=%u sig=%d syscall=%ld ip=%#lx action=%s\n", current->comm,
			current->pid, current_uid(), sig, nr, task_pt_regs(current)->ip,
			actions[n].name);
}

/* ---- a system call ---- */

static struct seccomp_data call_data(const struct pt_regs *regs)
{
	struct seccomp_data data = {
		.nr = syscall_get_nr(current, regs), .arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = regs->ip,
	};
	unsigned long args[6];

	syscall_get_arguments(regs, args);
	for (int i = 0; i < 6; i++)
		data.args[i] = args[i];
	return data;
}

/* The strictest answer on the path, the newest among equals; @match is whose it was. */
static u32 run_filters(const struct seccomp_data *data, const struct seccomp_filter **match)
{
	const struct seccomp_filter *filter = READ_ONCE(current->seccomp.filter);
	u32 ret = SECCOMP_RET_ALLOW, one;

	*match = NULL;
	for (; filter; filter = filter->prev) {
		one = seccomp_run_program(filter->insns, data);
		/* As signed numbers the actions stand in order, killing the process first. */
		if ((s32)(one & SECCOMP_RET_ACTION_FULL) < (s32)(ret & SECCOMP_RET_ACTION_FULL)) {
			ret = one;
			*match = filter;
		}
	}
	return ret;
}

static kernel_siginfo_t sigsys_info(const struct seccomp_data *data, int value)
{
	kernel_siginfo_t info = { .si_signo = SIGSYS, .si_code = SYS_SECCOMP, .si_errno = value };

	info.si_call_addr = (void *)data->instruction_pointer;
	info.si_syscall = data->nr;
	info.si_arch = data->arch;
	return info;
}

/* The registers are as they were at the call. */
static void roll_back(struct pt_regs *regs)
{
	regs->ax = regs->orig_ax;
}

static void kill_by_filter(struct pt_regs *regs, const struct seccomp_data *data, u32 ret)
{
	u32 action = ret & SECCOMP_RET_ACTION_FULL;
	kernel_siginfo_t info = sigsys_info(data, ret & SECCOMP_RET_DATA);

	current->seccomp.mode = MODE_DEAD;
	log_action(data->nr, SIGSYS, action, true);
	/* The last thread's death is the process's, with a core. */
	if (action == SECCOMP_RET_KILL_THREAD && atomic_read(&current->signal->live) != 1)
		do_exit(SIGSYS);
	roll_back(regs);
	force_fatal_sig_info(&info);
}

/* Return: whether the tracer lets the call be made. */
static bool ask_tracer(struct pt_regs *regs, u32 ret)
{
	if (!ptrace_wants(current, PTRACE_EVENT_SECCOMP)) {
		syscall_set_return_value(regs, -ENOSYS, 0);
		return false;
	}
	ptrace_event(PTRACE_EVENT_SECCOMP, ret & SECCOMP_RET_DATA);
	/* Killed, or the tracer made it no call: what RAX holds is its answer. */
	return !fatal_signal_pending(current) && (int)syscall_get_nr(current, regs) >= 0;
}

/* @again: a tracer has had its say, and may have made another call of it. */
static bool filter_call(struct pt_regs *regs, bool again)
{
	const struct seccomp_data data = call_data(regs);
	const struct seccomp_filter *match;
	u32 ret = run_filters(&data, &match), action = ret & SECCOMP_RET_ACTION_FULL;
	kernel_siginfo_t info;

	switch (action) {
	case SECCOMP_RET_ALLOW:
		return true;
	case SECCOMP_RET_LOG:
		log_action(data.nr, 0, action, true);
		return true;
	case SECCOMP_RET_TRACE:
		if (again)
			return true;
		if (ask_tracer(regs, ret))
			return filter_call(regs, true);
		break;
	case SECCOMP_RET_ERRNO:
		syscall_set_return_value(regs, -(long)min_t(u32, ret & SECCOMP_RET_DATA,
							    MAX_ERRNO), 0);
		break;
	case SECCOMP_RET_TRAP:
		roll_back(regs);
		info = sigsys_info(&data, ret & SECCOMP_RET_DATA);
		force_sig_info(&info);
		break;
	case SECCOMP_RET_USER_NOTIF:
		if (seccomp_notify(match->listener, regs, &data))
			return true;
		break;
	default:
		kill_by_filter(regs, &data, ret);
		return false;
	}
	log_action(data.nr, 0, action, match->log);
	return false;
}

static bool strict_call(const struct pt_regs *regs)
{
	switch (syscall_get_nr(current, regs)) {
	case __NR_read:
	case __NR_write:
	case __NR_exit:
	case __NR_rt_sigreturn:
		return true;
	}
	current->seccomp.mode = MODE_DEAD;
	log_action(syscall_get_nr(current, regs), SIGKILL, SECCOMP_RET_KILL_THREAD, true);
	do_exit(SIGKILL);
}

bool secure_computing(struct pt_regs *regs)
{
	if (unlikely(current->ptrace & PT_SUSPEND_SECCOMP))
		return true;
	switch (current->seccomp.mode) {
	case SECCOMP_MODE_STRICT:
		return strict_call(regs);
	case SECCOMP_MODE_FILTER:
		return filter_call(regs, false);
	default:
		/* It is to die of an earlier call. */
		do_exit(SIGKILL);
	}
}

/* ---- modes ---- */

static bool may_have_mode(int mode)
{
	return !current->seccomp.mode || current->seccomp.mode == mode;
}

static void set_mode(struct task_struct *tsk, int mode)
{
	tsk->seccomp.mode = mode;
	set_tsk_thread_flag(tsk, TIF_SECCOMP);
}

static long set_strict(void)
{
	long err = -EINVAL;

	spin_lock_irq(&current->sighand->siglock);
	if (may_have_mode(SECCOMP_MODE_STRICT)) {
		err = 0;
		set_mode(current, SECCOMP_MODE_STRICT);
	}
	spin_unlock_irq(&current->sighand->siglock);
	if (!err)
		set_tsc_disabled(true);
	return err;
}

/* Whoever keeps its set-uid programs must not be able to confuse them. */
static bool may_filter(void)
{
	return current->no_new_privs || ns_capable(current_user_ns(), CAP_SYS_ADMIN);
}

static struct seccomp_filter *read_filter(const void __user *user)
{
	struct seccomp_filter *filter;
	struct sock_fprog prog;
	size_t size;
	int err;

	if (copy_from_user(&prog, user, sizeof(prog)))
		return ERR_PTR(-EFAULT);
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return ERR_PTR(-EINVAL);
	if (!may_filter())
		return ERR_PTR(-EACCES);
	size = prog.len * sizeof(struct sock_filter);
	filter = kvzalloc(sizeof(*filter) + size, GFP_KERNEL);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	refcount_set(&filter->refs, 1);
	filter->len = prog.len;
	err = copy_from_user(filter->insns, (const void __user *)prog.filter, size) ? -EFAULT :
	      seccomp_check_program(filter->insns, filter->len);
	if (!err)
		return filter;
	kvfree(filter);
	return ERR_PTR(err);
}

/* ---- TSYNC: all threads get what the caller has. Context: siglock, cred_guard_mutex. ---- */

static bool can_follow(struct task_struct *thread)
{
	return !thread->seccomp.mode ||
	       (thread->seccomp.mode == SECCOMP_MODE_FILTER &&
		is_ancestor(thread->seccomp.filter, current->seccomp.filter));
}

/* Return: 0, or the number of a thread that has filters of its own. */
static long unsyncable_thread(bool esrch)
{
	struct task_struct *t;

	__for_each_thread(current->signal, t)
		if (t != current && !(t->flags & PF_EXITING) && !can_follow(t))
			return esrch ? -ESRCH : task_pid_vnr(t) ?: -ESRCH;
	return 0;
}

static void sync_threads(void)
{
	struct seccomp_filter *old;
	struct task_struct *t;

	__for_each_thread(current->signal, t) {
		if (t == current || (t->flags & PF_EXITING))
			continue;
		old = t->seccomp.filter;
		smp_store_release(&t->seccomp.filter, get_filter(current->seccomp.filter));
		t->seccomp.filter_count = current->seccomp.filter_count;
		if (current->no_new_privs)
			t->no_new_privs = true;
		if (!t->seccomp.mode)
			set_mode(t, SECCOMP_MODE_FILTER);
		/* It is in the new one's path: a thread that runs it right now loses nothing. */
		put_filter(old);
	}
}

/* Two would have to agree. */
static bool has_listener(const struct seccomp_filter *filter)
{
	for (; filter; filter = filter->prev)
		if (seccomp_listener_open(filter->listener))
			return true;
	return false;
}

/* Context: siglock. Takes the reference on success. */
static long attach_filter(struct seccomp_filter *filter, unsigned long flags)
{
	long err = 0;

	if (!may_have_mode(SECCOMP_MODE_FILTER))
		return -EINVAL;
	if (filter->len + path_insns(current->seccomp.filter) > PATH_MAX_INSNS)
		return -ENOMEM;
	if (filter->listener && has_listener(current->seccomp.filter))
		return -EBUSY;
	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		err = unsyncable_thread(flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH);
	if (err)
		return err;
	filter->log = flags & SECCOMP_FILTER_FLAG_LOG;
	filter->prev = current->seccomp.filter;
	current->seccomp.filter = filter;
	current->seccomp.filter_count++;
	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		sync_threads();
	set_mode(current, SECCOMP_MODE_FILTER);
	return 0;
}

/* No exec meanwhile: it changes who the threads are, and their powers. */
static long attach_locked(struct seccomp_filter *filter, unsigned long flags)
{
	struct mutex *guard = &current->signal->cred_guard_mutex;
	bool sync = flags & SECCOMP_FILTER_FLAG_TSYNC;
	long err;

	if (sync && mutex_lock_killable(guard))
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	err = attach_filter(filter, flags);
	spin_unlock_irq(&current->sighand->siglock);
	if (sync)
		mutex_unlock(guard);
	return err;
}

#define FILTER_FLAGS	(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG |		\
			 SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_NEW_LISTENER |	\
			 SECCOMP_FILTER_FLAG_TSYNC_ESRCH |				\
			 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)

/* A listener and a thread's number cannot both be the answer. */
static bool flags_agree(unsigned long flags)
{
	if (flags & ~FILTER_FLAGS)
		return false;
	if (!(flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return !(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	return !(flags & SECCOMP_FILTER_FLAG_TSYNC) || (flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH);
}

/* Return: the listener's descriptor, or -errno; @filter stays the caller's then. */
static long attach_listening(struct seccomp_filter *filter, unsigned long flags)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;
	long err;

	if (fd < 0)
		return fd;
	filter->listener = seccomp_listener_alloc(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	file = filter->listener ? seccomp_listener_file(filter->listener) : ERR_PTR(-ENOMEM);
	err = IS_ERR(file) ? PTR_ERR(file) : attach_locked(filter, flags);
	if (!err) {
		fd_install(fd, file);
		return fd;
	}
	if (!IS_ERR(file))
		fput(file);
	seccomp_listener_put(filter->listener);
	filter->listener = NULL;
	put_unused_fd(fd);
	return err;
}

static long set_filter(unsigned long flags, const void __user *user)
{
	struct seccomp_filter *filter;
	long ret;

	if (!flags_agree(flags))
		return -EINVAL;
	filter = read_filter(user);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		ret = attach_listening(filter, flags);
	else
		ret = attach_locked(filter, flags);
	/* Only a listener's number is positive and success; else it names a thread. */
	if (ret < 0 || (ret && !filter->listener))
		kvfree(filter);
	return ret;
}

/* ---- calls ---- */

static long action_avail(unsigned long flags, const u32 __user *user)
{
	u32 action;

	if (flags)
		return -EINVAL;
	if (copy_from_user(&action, user, sizeof(action)))
		return -EFAULT;
	return action_index(action) < 0 ? -EOPNOTSUPP : 0;
}

static long notif_sizes(unsigned long flags, void __user *user)
{
	struct seccomp_notif_sizes sizes = {
		.seccomp_notif = sizeof(struct seccomp_notif),
		.seccomp_notif_resp = sizeof(struct seccomp_notif_resp),
		.seccomp_data = sizeof(struct seccomp_data),
	};

	if (flags)
		return -EINVAL;
	return copy_to_user(user, &sizes, sizeof(sizes)) ? -EFAULT : 0;
}

static long do_seccomp(unsigned int op, unsigned int flags, void __user *args)
{
	switch (op) {
	case SECCOMP_SET_MODE_STRICT:
		return flags || args ? -EINVAL : set_strict();
	case SECCOMP_SET_MODE_FILTER:
		return set_filter(flags, args);
	case SECCOMP_GET_ACTION_AVAIL:
		return action_avail(flags, args);
	case SECCOMP_GET_NOTIF_SIZES:
		return notif_sizes(flags, args);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(seccomp, unsigned int, op, unsigned int, flags, void __user *, args)
{
	return do_seccomp(op, flags, args);
}

long prctl_set_seccomp(unsigned long mode, void __user *filter)
{
	switch (mode) {
	case SECCOMP_MODE_STRICT:
		return do_seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL);
	case SECCOMP_MODE_FILTER:
		return do_seccomp(SECCOMP_SET_MODE_FILTER, 0, filter);
	default:
		return -EINVAL;
	}
}

long prctl_get_seccomp(void)
{
	return current->seccomp.mode;
}

void seccomp_show_status(struct seq_file *m, struct task_struct *tsk)
{
	seq_printf(m, "Seccomp:\t%d\nSeccomp_filters:\t%u\n", tsk->seccomp.mode,
		   tsk->seccomp.filter_count);
}

/* ---- what a tracer may see ---- */

/* Filters tell what their authors feared: for root alone, and for one who is not filtered itself. */
static bool may_see_filters(void)
{
	return capable(CAP_SYS_ADMIN) && current->seccomp.mode == SECCOMP_MODE_DISABLED;
}

static struct seccomp_filter *nth_filter(const struct task_struct *tracee, unsigned long index)
{
	struct seccomp_filter *filter = tracee->seccomp.filter;
	unsigned long newer = tracee->seccomp.filter_count;

	if (tracee->seccomp.mode != SECCOMP_MODE_FILTER)
		return ERR_PTR(-EINVAL);
	if (index >= newer)
		return ERR_PTR(-ENOENT);
	for (newer -= index + 1; newer; newer--)
		filter = filter->prev;
	return get_filter(filter);
}

/* The tracee's one of that age, with a reference, or an error. */
static struct seccomp_filter *get_nth_filter(struct task_struct *tracee, unsigned long index)
{
	struct seccomp_filter *filter = ERR_PTR(-EINVAL);
	unsigned long flags;

	if (!lock_task_sighand(tracee, &flags))
		return filter;
	filter = nth_filter(tracee, index);
	unlock_task_sighand(tracee, &flags);
	return filter;
}

long seccomp_get_filter(struct task_struct *tracee, unsigned long index, void __user *to)
{
	struct seccomp_filter *filter;
	long ret;

	if (!may_see_filters())
		return -EACCES;
	filter = get_nth_filter(tracee, index);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	ret = filter->len;
	if (to && copy_to_user(to, filter->insns, filter->len * sizeof(filter->insns[0])))
		ret = -EFAULT;
	put_filter(filter);
	return ret;
}

long seccomp_get_metadata(struct task_struct *tracee, unsigned long size, void __user *record)
{
	struct seccomp_metadata meta = { };
	struct seccomp_filter *filter;

	if (!may_see_filters())
		return -EACCES;
	size = min(size, sizeof(meta));
	if (size < sizeof(meta.filter_off))
		return -EINVAL;
	if (copy_from_user(&meta.filter_off, record, sizeof(meta.filter_off)))
		return -EFAULT;
	filter = get_nth_filter(tracee, meta.filter_off);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	meta.flags = filter->log ? SECCOMP_FILTER_FLAG_LOG : 0;
	put_filter(filter);
	return copy_to_user(record, &meta, size) ? -EFAULT : (long)size;
}
