// SPDX-License-Identifier: GPL-2.0-only
/*
 * kcmp(2): do two processes share an open file, memory, a descriptor table? Objects are ordered by
 * an obscured address, so that a program can sort them and learns nothing about the kernel.
 */
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/init.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <uapi/linux/kcmp.h>

static unsigned long cookies[KCMP_TYPES][2];

/* The same order for each pair of a type until the next boot. Return: 0 equal, 1 less, 2 more. */
static int order(const void *a, const void *b, int type)
{
	unsigned long x = ((unsigned long)a ^ cookies[type][0]) * cookies[type][1];
	unsigned long y = ((unsigned long)b ^ cookies[type][0]) * cookies[type][1];

	return x == y ? 0 : x < y ? 1 : 2;
}

static long compare_files(struct task_struct *a, struct task_struct *b, unsigned int fd_a,
			  unsigned int fd_b)
{
	struct file *x = fget_task(a, fd_a), *y = fget_task(b, fd_b);
	long ret = x && y ? order(x, y, KCMP_FILE) : -EBADF;

	if (x)
		fput(x);
	if (y)
		fput(y);
	return ret;
}

static long compare(struct task_struct *a, struct task_struct *b, int type, unsigned long idx_a,
		    unsigned long idx_b)
{
	switch (type) {
	case KCMP_FILE:
		return compare_files(a, b, idx_a, idx_b);
	case KCMP_VM:
		return order(a->mm, b->mm, type);
	case KCMP_FILES:
		return order(a->files, b->files, type);
	case KCMP_FS:
		return order(a->fs, b->fs, type);
	case KCMP_SIGHAND:
		return order(a->sighand, b->sighand, type);
	case KCMP_IO:
		return order(a->io_context, b->io_context, type);
	case KCMP_SYSVSEM:
		return order(a->semundo, b->semundo, type);
	default:
		return -EINVAL;
	}
}

/* Both must stay what they are while they are compared. */
static long compare_locked(struct task_struct *a, struct task_struct *b, int type,
			   unsigned long idx_a, unsigned long idx_b)
{
	struct rw_semaphore *x = &a->signal->exec_update_lock, *y = &b->signal->exec_update_lock;
	long ret = -EPERM;

	if (x > y)
		swap(x, y);
	if (down_read_killable(x))
		return -EINTR;
	if (x != y && down_read_killable(y)) {
		up_read(x);
		return -EINTR;
	}
	if (ptrace_may_access(a, PTRACE_MODE_READ_REALCREDS) &&
	    ptrace_may_access(b, PTRACE_MODE_READ_REALCREDS))
		ret = compare(a, b, type, idx_a, idx_b);
	if (x != y)
		up_read(y);
	up_read(x);
	return ret;
}

SYSCALL_DEFINE5(kcmp, pid_t, pid1, pid_t, pid2, int, type, unsigned long, idx1,
		unsigned long, idx2)
{
	struct task_struct *a, *b;
	long ret = -ESRCH;

	rcu_read_lock();
	a = find_task_by_vpid(pid1);
	b = find_task_by_vpid(pid2);
	if (a && b) {
		get_task_struct(a);
		get_task_struct(b);
	}
	rcu_read_unlock();
	if (!a || !b)
		return ret;
	ret = compare_locked(a, b, type, idx1, idx2);
	put_task_struct(a);
	put_task_struct(b);
	return ret;
}

static int __init kcmp_init(void)
{
	for (int i = 0; i < KCMP_TYPES; i++) {
		cookies[i][0] = get_random_long();
		cookies[i][1] = get_random_long() | 1;	/* odd: no two addresses become one */
	}
	return 0;
}
late_initcall(kcmp_init);
