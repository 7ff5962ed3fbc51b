// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/fork.c itself, with model rows behind it: every step, both edges of each row and the last
 * look fail in turn, for every legal set of flags that rows or fork.c look at. The errno is that
 * of the step, what was taken is given back once, nobody has seen the child, the parent is as it
 * was; and what succeeds is published once, and goes as tasks go.
 */
#define pr_fmt(fmt) "fork: " fmt
#include <host.h>
#include <linux/errno.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/sched.h>

/* fs/file.c is linked in here too. */
#define copy_files	model_copy_files
#define share_files	model_share_files
#define exit_files	model_exit_files
#define should_fail(kind, what)	model_edge_fails()

static bool model_edge_fails(void);

#include "../../../kernel/fork.c"

/* What the child holds of a row: two parts of its own, or a share of the parent's. */
static struct model {
	void *own[2];
	unsigned int shared, taken, released;
} model[NR_FORK_ROWS];

struct task_struct *model_parent;
struct task_struct init_task;
struct pid_namespace init_pid_ns;
unsigned int arch_task_struct_size = sizeof(struct task_struct);

static struct task_struct parent;
static struct signal_struct parent_signal;
static struct sighand_struct parent_sighand;
static struct nsproxy model_spaces = { .pid_ns_for_children = &init_pid_ns };
static unsigned char pid_space[sizeof(struct pid) + sizeof(struct upid)] __attribute__((aligned(8)));
#define model_pid	((struct pid *)pid_space)

static struct task_struct *published, *woken;
static unsigned int attached, pidfds, pidfds_installed;
static unsigned int fail_at, steps;
static int expected;		/* the errno of the step that failed */

static bool step_fails(int err)
{
	if (++steps != fail_at)
		return false;
	expected = -err;
	return true;
}

static bool model_edge_fails(void)
{
	return step_fails(ENOMEM);
}

/* Each row has its own errno. It may fail half way, and then leaves the half attached. */
static int model_copy(enum fork_row row)
{
	unsigned int i;

	model[row].taken++;
	for (i = 0; i < 2; i++) {
		if (step_fails(200 + row))
			return -(200 + (int)row);
		model[row].own[i] = kmalloc(8 + row, GFP_KERNEL);
	}
	return 0;
}

static int model_share(enum fork_row row)
{
	model[row].taken++;
	if (step_fails(300 + row))
		return -(300 + (int)row);
	model[row].shared++;
	return 0;
}

static void model_exit(enum fork_row row)
{
	unsigned int i;

	model[row].released++;
	if (model[row].shared)
		model[row].shared--;
	for (i = 0; i < 2; i++) {
		kfree(model[row].own[i]);
		model[row].own[i] = NULL;
	}
}

/* ---- the rows; these two give the child what publishing links ---- */

int copy_signal(struct fork_ctx *fc)
{
	struct signal_struct *sig;
	int err = model_copy(FORK_ROW_signal);

	if (err)
		return err;
	sig = kzalloc(sizeof(*sig), GFP_KERNEL);
	INIT_LIST_HEAD(&sig->thread_head);
	fc->child->signal = sig;
	return 0;
}

int share_signal(struct fork_ctx *fc)
{
	int err = model_share(FORK_ROW_signal);

	if (!err)
		fc->child->signal = fc->parent->signal;
	return err;
}

void exit_signal(struct task_struct *tsk)
{
	model_exit(FORK_ROW_signal);
	if (tsk->signal != &parent_signal)
		kfree(tsk->signal);
	tsk->signal = NULL;
}

int copy_pid(struct fork_ctx *fc)
{
	int err = model_copy(FORK_ROW_pid);

	if (!err)
		fc->child->thread_pid = model_pid;
	fc->child->pid = 77;
	return err;
}

void exit_pid(struct task_struct *tsk)
{
	model_exit(FORK_ROW_pid);
	tsk->thread_pid = NULL;
}

/* The row "stack" is fork.c's own. */
void *alloc_kernel_stack(void)
{
	model[FORK_ROW_stack].taken++;
	return step_fails(ENOMEM) ? NULL : kmalloc(64, GFP_KERNEL);
}

void free_kernel_stack(void *stack)
{
	kfree(stack);
}

/* All others are alike: defined below is who is not. */
#define SPECIAL_stack	~, 1
#define SPECIAL_signal	~, 1
#define SPECIAL_pid	~, 1
#define SECOND(a, b, ...)	b
#define PROBE(...)		SECOND(__VA_ARGS__, 0, 0)
#define IS_SPECIAL(x)		PROBE(SPECIAL_##x)
#define PASTE_(a, b)		a##b
#define PASTE(a, b)		PASTE_(a, b)
#define MODEL_OWN_0(x)								\
	int copy_##x(struct fork_ctx *fc) { return model_copy(FORK_ROW_##x); }	\
	void exit_##x(struct task_struct *tsk) { model_exit(FORK_ROW_##x); }
#define MODEL_OWN_1(x)
#define MODEL_SHR_0(x)								\
	MODEL_OWN_0(x)								\
	int share_##x(struct fork_ctx *fc) { return model_share(FORK_ROW_##x); }
#define MODEL_SHR_1(x)
#define MODEL_OWN(x)		PASTE(MODEL_OWN_, IS_SPECIAL(x))(x)
#define MODEL_SHR(x, flag)	PASTE(MODEL_SHR_, IS_SPECIAL(x))(x)
FORK_ROWS(MODEL_OWN, MODEL_SHR)

/* ---- what else fork.c calls ---- */

int security_task_create(u64 flags)
{
	return step_fails(EACCES) ? -EACCES : 0;
}

int pidfd_reserve(struct fork_ctx *fc)
{
	if (step_fails(EMFILE))
		return -EMFILE;
	pidfds++;
	fc->pidfd_file = (struct file *)&pidfds;
	/* The number is told after the file is there. */
	return step_fails(EFAULT) ? -EFAULT : 0;
}

void pidfd_unreserve(struct fork_ctx *fc)
{
	if (fc->pidfd_file)
		pidfds--;
	fc->pidfd_file = NULL;
}

void pidfd_install(struct fork_ctx *fc)
{
	pidfds--;
	pidfds_installed++;
}

/* As on Linux, a tid that the parent cannot be told is no failure. */
int put_user(int value, int *to)
{
	return -EFAULT;
}

void attach_pid(struct task_struct *tsk, enum pid_type type)
{
	attached |= 1u << type;
	if (type == PIDTYPE_PID)
		published = tsk;
}

void wake_up_new_task(struct task_struct *tsk)
{
	woken = tsk;
}

struct tty_struct *tty_get(struct tty_struct *tty)
{
	return tty;
}

ktime_t ktime_get(void)
{
	return 1;
}

ktime_t ktime_get_boottime(void)
{
	return 1;
}

pid_t __task_pid_nr_ns(struct task_struct *tsk, enum pid_type type, struct pid_namespace *ns)
{
	return 77;
}

int wait_for_completion_killable(struct completion *done)
{
	return 0;
}

int ptrace_fork_event(u64 flags, int exit_signal)
{
	return 0;
}

int audit_enabled;
atomic_t proc_event_listeners;

void __audit_fork(struct task_struct *child) { }
void __proc_fork_event(struct task_struct *child) { }
void __cgroup_publish(struct task_struct *child, const struct fork_ctx *fc) { }
void __cgroup_count_frozen(struct task_struct *tsk) { }
void __cgroup_uncount_frozen(struct task_struct *tsk) { }
void recalc_sigpending(void) { }
void task_join_group_stop(struct task_struct *tsk) { }
void ptrace_inherit(struct fork_ctx *fc) { }
void ptrace_event_pid(int event, struct pid *pid) { }
void put_pid(struct pid *pid) { }
void init_completion(struct completion *done) { }
void complete(struct completion *done) { }
void futex_exit_release(struct task_struct *tsk) { }
int futex_wake_user(u32 __user *uaddr, int count) { return 0; }
void init_idle(struct task_struct *idle, int cpu) { }
void nproc_init(void) { }

/* ---- one fork ---- */

static void make_parent(void)
{
	memset(&parent, 0, sizeof(parent));
	memset(&parent_signal, 0, sizeof(parent_signal));
	memset(&init_task, 0, sizeof(init_task));
	parent.signal = &parent_signal;
	parent.sighand = &parent_sighand;
	parent.nsproxy = &model_spaces;
	parent.group_leader = parent.real_parent = &parent;
	parent.thread_pid = model_pid;
	model_pid->numbers[0].nr = 5;
	model_pid->numbers[0].ns = &init_pid_ns;
	init_pid_ns.dying = false;
	INIT_LIST_HEAD(&parent.children);
	INIT_LIST_HEAD(&parent.sibling);
	INIT_LIST_HEAD(&parent_signal.thread_head);
	INIT_LIST_HEAD(&init_task.tasks);
	model_parent = &parent;
}

/* All rows were given up, once, or none was asked for anything; and none after one that failed. */
static bool rows_are_given_back(bool failed)
{
	unsigned int releases = model[FORK_ROW_nproc].released;
	bool ended = false;
	unsigned int row;

	for (row = 0; row < NR_FORK_ROWS; row++) {
		const struct model *m = &model[row];

		if (m->own[0] || m->own[1] || m->shared || m->taken > 1)
			return false;
		if ((row != FORK_ROW_stack && m->released != releases) || m->taken > releases)
			return false;
		if (ended && m->taken)
			return false;
		ended |= !m->taken;
	}
	return releases <= 1 && (failed || !ended);
}

/* The child that lived dies, is reaped, and its last reference goes. */
static bool end_child(void)
{
	struct task_struct *child = published;

	if (!child || child != woken || !(attached & 1u << PIDTYPE_PID))
		return false;
	list_del(&child->thread_node);
	if (child->sibling.next != &child->sibling)
		list_del(&child->sibling);
	if (child->tasks.next != &child->tasks)
		list_del(&child->tasks);
	exit_rows(child);
	reap_rows(child);
	free_task(child);
	return true;
}

static bool fork_once(const struct kernel_clone_args *args)
{
	struct task_struct before;
	unsigned long held, forks = total_forks;
	pid_t pid;

	memset(model, 0, sizeof(model));
	published = woken = NULL;
	attached = pidfds_installed = pidfds = steps = 0;
	expected = 0;
	held = host_allocated();
	before = parent;
	pid = do_fork(args);
	if (expected ? pid != expected : pid != 77)
		return false;
	if (!expected && (pidfds_installed != !!(args->flags & CLONE_PIDFD) || !end_child()))
		return false;
	if (expected && (published || woken || attached || pidfds_installed))
		return false;
	return !pidfds && rows_are_given_back(expected) && host_allocated() == held &&
	       total_forks == forks + !expected && hlist_empty(&parent_signal.multiprocess) &&
	       list_empty(&parent.children) && list_empty(&init_task.tasks) &&
	       !memcmp(&before, &parent, sizeof(parent)) &&
	       !spin_is_locked(&parent_sighand.siglock) && !rwlock_is_write_locked(&tasklist_lock);
}

/* ---- all flags ---- */

static const u64 choices[] = {
	CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_SYSVSEM, CLONE_IO,
	CLONE_PARENT, CLONE_VFORK, CLONE_PIDFD, CLONE_PARENT_SETTID, CLONE_CHILD_CLEARTID,
	CLONE_CLEAR_SIGHAND, CLONE_NEWNS, CLONE_NEWPID,
};

static u64 flags_of(unsigned int bits)
{
	unsigned int i;
	u64 flags = 0;

	for (i = 0; i < ARRAY_SIZE(choices); i++)
		flags |= bits & 1u << i ? choices[i] : 0;
	return flags;
}

static bool legal_args(struct kernel_clone_args *args, u64 flags)
{
	static int word[2];

	memset(args, 0, sizeof(*args));
	args->flags = flags;
	args->exit_signal = flags & (CLONE_THREAD | CLONE_PARENT) ? 0 : 17;
	args->pidfd = &word[0];
	args->parent_tid = &word[1];
	args->child_tid = &word[1];
	return !clone3_args_check(args) && !clone_args_check(args);
}

static void begin(void)
{
	if (!task_struct_cachep)
		fork_init();
	make_parent();
}

SELFTEST(fork_rows, each_step_fails_for_each_legal_set_of_flags)
{
	unsigned int bits, sets = 0, forks = 0;
	struct kernel_clone_args args;

	begin();
	for (bits = 0; bits < 1u << ARRAY_SIZE(choices); bits++) {
		if (!legal_args(&args, flags_of(bits)))
			continue;
		sets++;
		fail_at = 0;
		do {
			fail_at++;
			forks++;
			KT_ASSERT(fork_once(&args));
			KT_ASSERT(!expected == (steps < fail_at));
		} while (expected);
	}
	pr_info("%u legal sets of flags, %u forks, each step of each failed once\n", sets, forks);
	KT_EXPECT(sets > 2000 && forks > sets * 2 * NR_FORK_ROWS);
}

/* The last look refuses: everything was made, and goes. */
SELFTEST(fork_rows, the_last_look_refuses_each_legal_set_of_flags)
{
	unsigned int bits, why, forks = 0;
	struct kernel_clone_args args;

	begin();
	fail_at = 0;
	for (bits = 0; bits < 1u << ARRAY_SIZE(choices); bits++) {
		if (!legal_args(&args, flags_of(bits)))
			continue;
		for (why = 0; why < 2; why++) {
			init_pid_ns.dying = why == 0;
			parent_signal.flags = why == 1 ? SIGNAL_GROUP_EXIT : 0;
			memset(model, 0, sizeof(model));
			published = NULL;
			pidfds = 0;
			KT_ASSERT(do_fork(&args) == (why == 0 ? -ENOMEM : -EINTR));
			KT_ASSERT(!published && !pidfds && rows_are_given_back(true));
			forks++;
		}
	}
	pr_info("%u forks refused at the last look\n", forks);
}
