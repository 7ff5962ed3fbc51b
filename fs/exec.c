// SPDX-License-Identifier: GPL-2.0-only
/*
 * execve: a task becomes another program. The new address space is built on the side; up to the
 * point of no return a failure leaves the caller as it was, after it a failure kills.
 * Locks: de_thread() leaves one thread; what it then changes, only /proc can look at.
 */
#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/posix-timers.h>
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/fcntl.h>
#include <uapi/linux/limits.h>
#include <uapi/linux/personality.h>

#define STACK_LIMIT_DEFAULT	(8 * 1024 * 1024UL)
#define MAX_INTERP_DEPTH	5

static const struct linux_binfmt *const formats[] = { &elf_format, &script_format };

/* argv or envp: from user space, or from the kernel for init. */
struct arg_list {
	const char __user *const __user *user;
	const char *const *kernel;	/* used when not NULL */
};

/* ---- arguments onto the new stack ---- */

static const char __user *user_arg(const struct arg_list *list, int i)
{
	const char __user *str;

	if (get_user(str, list->user + i))
		return ERR_PTR(-EFAULT);
	return str;
}

static int count_args(const struct arg_list *list)
{
	int i = 0;

	if (list->kernel) {
		while (list->kernel[i])
			i++;
		return i;
	}
	if (!list->user)
		return 0;
	for (;; i++) {
		const char __user *str = user_arg(list, i);

		if (!str)
			return i;
		if (IS_ERR((__force const void *)str))
			return -EFAULT;
		if (i >= 0x7fffffff)
			return -E2BIG;
		if (fatal_signal_pending(current))
			return -ERESTARTNOHAND;
		cond_resched();
	}
}

/*
 * A quarter of RLIMIT_STACK, at most 6 MiB and at least 128 KiB, holds the strings and the
 * pointers to them: execve(2), "Limits on size of arguments and environment".
 */
static int set_arg_limits(struct linux_binprm *bprm)
{
	unsigned long limit = min(STACK_LIMIT_DEFAULT / 4 * 3, bprm->rlim_stack.rlim_cur / 4);
	unsigned long pointers = (max(bprm->argc, 1) + (unsigned long)bprm->envc) * sizeof(void *);

	limit = max(limit, (unsigned long)ARG_MAX);
	if (limit <= pointers)
		return -E2BIG;
	bprm->argmin = bprm->p - (limit - pointers);
	return 0;
}

/* Put @len bytes just below bprm->p. */
static int push_bytes(struct linux_binprm *bprm, const char __user *user, const char *kernel,
		      size_t len)
{
	if (len > bprm->p - bprm->argmin)
		return -E2BIG;
	while (len) {
		size_t in_page = (bprm->p - 1) % PAGE_SIZE + 1;
		size_t bytes = min(len, in_page);
		struct page *page;
		char *to;
		int err = 0;

		page = get_arg_page(bprm->mm, bprm->p - bytes, 1);
		if (!page)
			return fatal_signal_pending(current) ? -ERESTARTNOHAND : -E2BIG;
		to = (char *)page_address(page) + (bprm->p - bytes) % PAGE_SIZE;
		len -= bytes;
		if (kernel)
			memcpy(to, kernel + len, bytes);
		else if (copy_from_user(to, user + len, bytes))
			err = -EFAULT;
		put_page(page);
		if (err)
			return err;
		bprm->p -= bytes;
		cond_resched();
	}
	return 0;
}

int copy_string_kernel(const char *arg, struct linux_binprm *bprm)
{
	return push_bytes(bprm, NULL, arg, strlen(arg) + 1);
}

static int push_user_string(struct linux_binprm *bprm, const char __user *str)
{
	long len;

	if (IS_ERR((__force const void *)str))
		return -EFAULT;
	len = strnlen_user(str, MAX_ARG_STRLEN);
	if (!len)
		return -EFAULT;
	if (len > MAX_ARG_STRLEN)
		return -E2BIG;
	return push_bytes(bprm, str, NULL, len);
}

/* The last string first, so that they end up in order. */
static int push_strings(struct linux_binprm *bprm, const struct arg_list *list, int count)
{
	int err = 0;

	while (!err && count-- > 0) {
		if (list->kernel)
			err = copy_string_kernel(list->kernel[count], bprm);
		else
			err = push_user_string(bprm, user_arg(list, count));
		if (fatal_signal_pending(current))
			err = -ERESTARTNOHAND;
	}
	return err;
}

/* Drop argv[0] off the stack: a script's interpreter line takes its place. */
int remove_arg_zero(struct linux_binprm *bprm)
{
	bool end = false;

	if (!bprm->argc)
		return 0;
	while (!end) {
		struct page *page = get_arg_page(bprm->mm, bprm->p, 0);
		char *str;

		if (!page)
			return -EFAULT;
		str = page_address(page);
		do {
			end = str[bprm->p % PAGE_SIZE] == '\0';
			bprm->p++;
		} while (!end && bprm->p % PAGE_SIZE);
		put_page(page);
	}
	bprm->argc--;
	return 0;
}

int bprm_change_interp(const char *interp, struct linux_binprm *bprm)
{
	char *copy = kstrdup(interp, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	if (bprm->interp != bprm->filename)
		kfree(bprm->interp);
	bprm->interp = copy;
	return 0;
}

/* ---- alone in the process ---- */

/* The dead leader's place in all tables, number included, becomes ours. */
static void take_over_leader(struct task_struct *tsk, struct task_struct *leader)
{
	int type;

	tsk->start_time = leader->start_time;
	tsk->start_boottime = leader->start_boottime;
	exchange_tids(tsk, leader);
	for (type = PIDTYPE_TGID; type < PIDTYPE_MAX; type++)
		hlist_replace_rcu(&leader->pid_links[type], &tsk->pid_links[type]);
	list_replace_rcu(&leader->tasks, &tsk->tasks);
	list_replace_init(&leader->sibling, &tsk->sibling);
	tsk->group_leader = tsk;
	leader->group_leader = tsk;
	tsk->exit_signal = SIGCHLD;
	leader->exit_signal = -1;
	ASSERT(leader->exit_state == EXIT_ZOMBIE);
	leader->exit_state = EXIT_DEAD;
	/* A tracer that waits for the leader will find it gone. */
	if (unlikely(leader->ptrace))
		wake_up_all(&leader->parent->signal->wait_chldexit);
}

/* Wait until the old leader is a zombie, then replace it. Return: false when we are killed. */
static bool replace_leader(struct task_struct *tsk)
{
	struct task_struct *leader = tsk->group_leader;

	for (;;) {
		write_lock_irq(&tasklist_lock);
		tsk->signal->notify_count = -1;
		if (leader->exit_state)
			break;
		__set_current_state(TASK_KILLABLE);
		write_unlock_irq(&tasklist_lock);
		schedule();
		if (__fatal_signal_pending(tsk))
			return false;
	}
	take_over_leader(tsk, leader);
	write_unlock_irq(&tasklist_lock);
	release_task(leader);
	return true;
}

/* Wait until all other threads, the leader aside, are gone. Context: siglock held, dropped. */
static bool wait_for_threads(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;

	while (sig->notify_count) {
		__set_current_state(TASK_KILLABLE);
		spin_unlock_irq(&tsk->sighand->siglock);
		schedule();
		if (__fatal_signal_pending(tsk))
			return false;
		spin_lock_irq(&tsk->sighand->siglock);
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	return true;
}

/**
 * de_thread - kill all other threads of the process and become its leader
 * @tsk: current
 *
 * Context: task, may sleep.
 * Return: 0, or -EAGAIN when the process is being killed or another thread is in exec.
 */
static int de_thread(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	bool alone;

	if (thread_group_empty(tsk)) {
		tsk->exit_signal = SIGCHLD;
		return 0;
	}
	spin_lock_irq(&tsk->sighand->siglock);
	if ((sig->flags & SIGNAL_GROUP_EXIT) || sig->group_exec_task) {
		spin_unlock_irq(&tsk->sighand->siglock);
		return -EAGAIN;
	}
	sig->group_exec_task = tsk;
	sig->notify_count = zap_other_threads(tsk);
	if (!thread_group_leader(tsk))
		sig->notify_count--;
	alone = wait_for_threads(tsk);
	if (alone && !thread_group_leader(tsk))
		alone = replace_leader(tsk);

	read_lock(&tasklist_lock);
	sig->group_exec_task = NULL;
	sig->notify_count = 0;
	read_unlock(&tasklist_lock);
	if (!alone)
		return -EAGAIN;
	tsk->exit_signal = SIGCHLD;
	return 0;
}

/* ---- the point of no return ---- */

/* What may not be read as a file shall not be read as memory, by root of a namespace either. */
static void hide_unreadable(struct linux_binprm *bprm)
{
	struct inode *inode = file_inode(bprm->file);
	struct user_namespace *ns = bprm->mm->user_ns, *old = ns;

	if (likely(!inode_permission(inode, MAY_READ)))
		return;
	bprm->unreadable = true;
	while (!kuid_has_mapping(ns, inode->i_uid) || !kgid_has_mapping(ns, inode->i_gid))
		ns = ns->parent;
	bprm->mm->user_ns = get_user_ns(ns);
	put_user_ns(old);
}

static int replace_mm(struct linux_binprm *bprm)
{
	int err;

	hide_unreadable(bprm);
	set_mm_exe_file(bprm->mm, bprm->file);
	mm_release(current, current->mm);
	err = exec_mmap(bprm->mm);
	if (!err)
		bprm->mm = NULL;	/* current's now */
	return err;
}

/* Memory, handlers and credentials change as one for who looks in from outside. */
static int become_new_program(struct linux_binprm *bprm)
{
	struct task_struct *me = current;
	int err = replace_mm(bprm);

	if (err)
		return err;
	exit_itimers(me->signal);
	flush_itimer_signals();
	err = unshare_sighand(me);
	if (err)
		return err;

	me->flags &= ~(PF_RANDOMIZE | PF_FORKNOEXEC | PF_KTHREAD);
	flush_thread();
	rseq_exec();
	me->personality &= ~bprm->per_clear;
	do_close_on_exec(me->files);
	set_task_comm(me, kbasename(bprm->filename));
	WRITE_ONCE(me->self_exec_id, me->self_exec_id + 1);
	flush_signal_handlers(me, false);
	install_exec_creds(bprm);
	return 0;
}

/**
 * begin_new_exec - leave the old program for good
 * @bprm: its file is known to be of the format that calls this
 *
 * Context: task, may sleep.
 * Return: 0 or -errno; after it set bprm->point_of_no_return, failure kills the task.
 */
int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *me = current;
	int err;

	err = bprm_fill_creds(bprm);
	if (err)
		return err;
	bprm->point_of_no_return = true;
	err = de_thread(me);
	if (err)
		return err;
	err = unshare_files();
	if (err)
		return err;
	if (down_write_killable(&me->signal->exec_update_lock))
		return -EINTR;
	err = become_new_program(bprm);
	up_write(&me->signal->exec_update_lock);
	return err;
}

/* The layout of the new address space, once the format knows its personality. */
void setup_new_exec(struct linux_binprm *bprm)
{
	if (!(current->personality & ADDR_NO_RANDOMIZE) && randomize_va_space)
		current->flags |= PF_RANDOMIZE;
	arch_pick_mmap_layout(current->mm, &bprm->rlim_stack);
	current->sas_ss_sp = 0;
	current->sas_ss_size = 0;
	current->sas_ss_flags = SS_DISABLE;
	current->pdeath_signal = bprm->secureexec ? 0 : current->pdeath_signal;
	current->did_exec = true;
}

/* ---- the driver ---- */

/* Somebody else can change our root or directory: a set-uid program must not trust them. */
static void check_unsafe_exec(struct linux_binprm *bprm)
{
	struct task_struct *t;
	int sharers = 1;

	if (current->ptrace)
		bprm->unsafe |= LSM_UNSAFE_PTRACE;
	if (current->no_new_privs)
		bprm->unsafe |= LSM_UNSAFE_NO_NEW_PRIVS;
	spin_lock(&current->fs->lock);
	rcu_read_lock();
	for_each_thread(current, t)
		if (t != current && READ_ONCE(t->fs) == current->fs)
			sharers++;
	rcu_read_unlock();
	if (refcount_read(&current->fs->users) > sharers)
		bprm->unsafe |= LSM_UNSAFE_SHARE;
	else
		current->fs->in_exec = true;
	spin_unlock(&current->fs->lock);
}

static int read_header(struct linux_binprm *bprm)
{
	loff_t pos = 0;
	ssize_t n;

	memset(bprm->buf, 0, BINPRM_BUF_SIZE);
	n = kernel_read(bprm->file, bprm->buf, BINPRM_BUF_SIZE, &pos);
	return n < 0 ? n : 0;
}

static int try_formats(struct linux_binprm *bprm)
{
	unsigned int i;
	int err;

	err = read_header(bprm);
	if (err)
		return err;
	err = -ENOEXEC;
	for (i = 0; i < ARRAY_SIZE(formats) && err == -ENOEXEC; i++) {
		err = formats[i]->load(bprm);
		if (bprm->point_of_no_return)
			break;
	}
	return err;
}

/* A format may name an interpreter instead of loading: then start over with that. */
static int load_program(struct linux_binprm *bprm)
{
	int depth, err;

	for (depth = 0; ; depth++) {
		if (depth > MAX_INTERP_DEPTH)
			return -ELOOP;
		err = try_formats(bprm);
		if (err || !bprm->interpreter)
			return err;
		allow_write_access(bprm->file);
		fput(bprm->file);
		bprm->file = bprm->interpreter;
		bprm->interpreter = NULL;
	}
}

static void free_bprm(struct linux_binprm *bprm)
{
	if (bprm->mm)
		mmput(bprm->mm);
	if (bprm->cred)
		abort_creds(bprm->cred);
	if (bprm->interpreter) {
		allow_write_access(bprm->interpreter);
		fput(bprm->interpreter);
	}
	if (bprm->file) {
		allow_write_access(bprm->file);
		fput(bprm->file);
	}
	if (bprm->interp != bprm->filename)
		kfree(bprm->interp);
	kfree(bprm->fdpath);
	kfree(bprm);
}

/* What /proc and AT_EXECFN show: the path, or /dev/fd/N for a descriptor. */
static int set_filename(struct linux_binprm *bprm, int fd, struct filename *name)
{
	if (fd == AT_FDCWD || name->name[0] == '/') {
		bprm->filename = name->name;
	} else {
		bprm->fdpath = name->name[0] ?
			kasprintf(GFP_KERNEL, "/dev/fd/%d/%s", fd, name->name) :
			kasprintf(GFP_KERNEL, "/dev/fd/%d", fd);
		if (!bprm->fdpath)
			return -ENOMEM;
		bprm->filename = bprm->fdpath;
	}
	bprm->interp = bprm->filename;
	return 0;
}

static int prepare_mm(struct linux_binprm *bprm)
{
	task_lock(current->group_leader);
	bprm->rlim_stack = current->signal->rlim[RLIMIT_STACK];
	task_unlock(current->group_leader);
	bprm->mm = mm_alloc();
	if (!bprm->mm)
		return -ENOMEM;
	bprm->vma = mm_stack_setup(bprm->mm);
	if (IS_ERR(bprm->vma))
		return PTR_ERR(bprm->vma);
	bprm->p = bprm->vma->vm_end - sizeof(void *);
	return 0;
}

static int push_all(struct linux_binprm *bprm, const struct arg_list *argv,
		    const struct arg_list *envp)
{
	int err;

	bprm->argc = count_args(argv);
	if (bprm->argc < 0)
		return bprm->argc;
	bprm->envc = count_args(envp);
	if (bprm->envc < 0)
		return bprm->envc;
	err = set_arg_limits(bprm);
	if (!err)
		err = copy_string_kernel(bprm->filename, bprm);
	bprm->exec = bprm->p;
	if (!err)
		err = push_strings(bprm, envp, bprm->envc);
	if (!err)
		err = push_strings(bprm, argv, bprm->argc);
	/* A program may rely on argv[0]: an empty list gets an empty string, as since Linux 5.18. */
	if (!err && !bprm->argc) {
		err = copy_string_kernel("", bprm);
		bprm->argc = 1;
	}
	return err;
}

static int open_program(struct linux_binprm *bprm, int fd, struct filename *name, int flags)
{
	struct file *file = do_open_execat(fd, name, flags);

	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->file = file;
	return 0;
}

static int exec_steps(struct linux_binprm *bprm, int fd, struct filename *name,
		      const struct arg_list *argv, const struct arg_list *envp, int flags)
{
	int err;

	err = set_filename(bprm, fd, name);
	if (!err)
		err = prepare_mm(bprm);
	if (err)
		return err;
	bprm->cred = prepare_exec_creds();
	if (!bprm->cred)
		return -ENOMEM;
	check_unsafe_exec(bprm);
	err = open_program(bprm, fd, name, flags);
	if (!err) {
		sched_exec();
		err = push_all(bprm, argv, envp);
	}
	if (!err)
		err = load_program(bprm);
	return err;
}

/* set*id() went over RLIMIT_NPROC and nobody left since: execve(2), EAGAIN. */
static bool over_nproc(void)
{
	bool over = (current->flags & PF_NPROC_EXCEEDED) &&
		    atomic_long_read(&current_user()->processes) > rlimit(RLIMIT_NPROC);

	if (!over)
		current->flags &= ~PF_NPROC_EXCEEDED;
	return over;
}

/* Consumes @name. */
static int do_execveat(int fd, struct filename *name, const struct arg_list *argv,
		       const struct arg_list *envp, int flags)
{
	struct linux_binprm *bprm;
	pid_t old_nr = task_pid_vnr(current);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	bprm = over_nproc() ? NULL : kzalloc(sizeof(*bprm), GFP_KERNEL);
	if (!bprm) {
		putname(name);
		return current->flags & PF_NPROC_EXCEEDED ? -EAGAIN : -ENOMEM;
	}
	current->in_execve = true;
	/* Nobody begins to trace us between the look at that and the new powers. */
	err = -ERESTARTNOINTR;
	if (likely(!mutex_lock_interruptible(&current->signal->cred_guard_mutex))) {
		err = exec_steps(bprm, fd, name, argv, envp, flags);
		mutex_unlock(&current->signal->cred_guard_mutex);
	}
	current->in_execve = false;
	current->fs->in_exec = false;
	if (!err) {
		audit_exec(bprm->filename);
		proc_exec_connector(current);
	}
	if (err && bprm->point_of_no_return && !fatal_signal_pending(current))
		force_fatal_sig(SIGSEGV);
	if (likely(!err))
		ptrace_exec_event(old_nr);
	free_bprm(bprm);
	putname(name);
	return err;
}

/**
 * kernel_execve - a kernel thread becomes a user program
 * @filename: path
 * @argv: NULL-terminated
 * @envp: NULL-terminated
 *
 * Context: kernel thread, may sleep. On success the thread function returns 0 to start it.
 * Return: 0, or -errno as execve(2).
 */
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp)
{
	struct arg_list args = { .kernel = argv }, env = { .kernel = envp };

	return do_execveat(AT_FDCWD, getname_kernel(filename), &args, &env, 0);
}

SYSCALL_DEFINE3(execve, const char __user *, filename, const char __user *const __user *, argv,
		const char __user *const __user *, envp)
{
	struct arg_list args = { .user = argv }, env = { .user = envp };

	return do_execveat(AT_FDCWD, getname(filename), &args, &env, 0);
}

SYSCALL_DEFINE5(execveat, int, fd, const char __user *, filename,
		const char __user *const __user *, argv, const char __user *const __user *, envp,
		int, flags)
{
	struct arg_list args = { .user = argv }, env = { .user = envp };

	return do_execveat(fd, getname_flags(filename, flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0),
			   &args, &env, flags);
}
