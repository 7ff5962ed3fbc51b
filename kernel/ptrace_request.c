// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to a stopped tracee that are the same on all CPUs: memory, signals, going on.
 * The tracee is frozen in its stop and off the CPU, so that its fields hold still.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <uapi/linux/audit.h>
#include <asm/ptrace-abi.h>
#include <asm/syscall.h>

/* ---- memory ---- */

static long peek(struct task_struct *child, unsigned long addr, unsigned long data)
{
	unsigned long word;

	if (access_process_vm(child, addr, &word, sizeof(word), FOLL_FORCE) != sizeof(word))
		return -EIO;
	return put_user(word, (unsigned long __user *)data);
}

static long poke(struct task_struct *child, unsigned long addr, unsigned long data)
{
	int done = access_process_vm(child, addr, &data, sizeof(data), FOLL_FORCE | FOLL_WRITE);

	return done == sizeof(data) ? 0 : -EIO;
}

/* ---- signals ---- */

static long get_siginfo(struct task_struct *child, siginfo_t __user *to)
{
	kernel_siginfo_t info;
	unsigned long flags;
	long err = -EINVAL;

	if (!lock_task_sighand(child, &flags))
		return -ESRCH;
	if (child->last_siginfo) {
		info = *child->last_siginfo;
		err = 0;
	}
	unlock_task_sighand(child, &flags);
	return err ?: copy_siginfo_to_user(to, &info);
}

static long set_siginfo(struct task_struct *child, const siginfo_t __user *from)
{
	kernel_siginfo_t info;
	unsigned long flags;
	long err = copy_siginfo_from_user(&info, from);

	if (err)
		return err;
	if (!lock_task_sighand(child, &flags))
		return -ESRCH;
	if (child->last_siginfo)
		*child->last_siginfo = info;
	else
		err = -EINVAL;
	unlock_task_sighand(child, &flags);
	return err;
}

/* The @n-th queued entry, from 0. Return: false when there are fewer. */
static bool nth_queued(struct task_struct *child, bool shared, u64 n, kernel_siginfo_t *info)
{
	struct sigpending *pending = shared ? &child->signal->shared_pending : &child->pending;
	struct sigqueue *q;
	bool found = false;

	spin_lock_irq(&child->sighand->siglock);
	list_for_each_entry(q, &pending->list, list) {
		if (n--)
			continue;
		*info = q->info;
		found = true;
		break;
	}
	spin_unlock_irq(&child->sighand->siglock);
	return found;
}

/* Return: how many were copied, -EINVAL, -EFAULT. */
static long peek_siginfo(struct task_struct *child, unsigned long addr, siginfo_t __user *to)
{
	struct ptrace_peeksiginfo_args args;
	kernel_siginfo_t info;
	int i;

	if (copy_from_user(&args, (void __user *)addr, sizeof(args)))
		return -EFAULT;
	if ((args.flags & ~PTRACE_PEEKSIGINFO_SHARED) || args.nr < 0)
		return -EINVAL;
	/* An index beyond what a list can hold is past its end. */
	if (args.off > ULONG_MAX - INT_MAX)
		return 0;
	for (i = 0; i < args.nr; i++) {
		if (!nth_queued(child, args.flags & PTRACE_PEEKSIGINFO_SHARED, args.off + i, &info))
			break;
		if (copy_siginfo_to_user(to + i, &info))
			return i ? i : -EFAULT;
		if (signal_pending(current))
			return i + 1;
		cond_resched();
	}
	return i;
}

/* What sigsuspend and ppoll will restore is the mask that the program knows. */
static long get_sigmask(struct task_struct *child, unsigned long size, sigset_t __user *to)
{
	sigset_t *mask = child->restore_sigmask ? &child->saved_sigmask : &child->blocked;

	if (size != sizeof(sigset_t))
		return -EINVAL;
	return copy_to_user(to, mask, sizeof(*mask)) ? -EFAULT : 0;
}

static long set_sigmask(struct task_struct *child, unsigned long size, const sigset_t __user *from)
{
	sigset_t mask;

	if (size != sizeof(sigset_t))
		return -EINVAL;
	if (copy_from_user(&mask, from, sizeof(mask)))
		return -EFAULT;
	sigdelsetmask(&mask, SIG_KERNEL_ONLY_MASK);
	/* It looks at what is pending when it goes on. */
	spin_lock_irq(&child->sighand->siglock);
	child->blocked = mask;
	spin_unlock_irq(&child->sighand->siglock);
	child->restore_sigmask = false;
	return 0;
}

/* ---- system calls ---- */

static u8 syscall_op(const struct task_struct *child)
{
	int code = child->last_siginfo ? child->last_siginfo->si_code : 0;

	if (code == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
		return PTRACE_SYSCALL_INFO_SECCOMP;
	if (code != (SIGTRAP | 0x80))
		return PTRACE_SYSCALL_INFO_NONE;
	if (child->ptrace_message == PTRACE_EVENTMSG_SYSCALL_ENTRY)
		return PTRACE_SYSCALL_INFO_ENTRY;
	if (child->ptrace_message == PTRACE_EVENTMSG_SYSCALL_EXIT)
		return PTRACE_SYSCALL_INFO_EXIT;
	return PTRACE_SYSCALL_INFO_NONE;
}

/* Return: bytes of @info that mean something. */
static size_t fill_syscall_info(struct task_struct *child, struct ptrace_syscall_info *info)
{
	struct pt_regs *regs = task_pt_regs(child);
	unsigned long args[6];

	info->op = syscall_op(child);
	info->arch = AUDIT_ARCH_X86_64;
	info->instruction_pointer = regs->ip;
	info->stack_pointer = regs->sp;
	switch (info->op) {
	case PTRACE_SYSCALL_INFO_ENTRY:
	case PTRACE_SYSCALL_INFO_SECCOMP:
		info->entry.nr = regs->orig_ax;
		syscall_get_arguments(regs, args);
		for (int i = 0; i < 6; i++)
			info->entry.args[i] = args[i];
		if (info->op == PTRACE_SYSCALL_INFO_ENTRY)
			return offsetofend(struct ptrace_syscall_info, entry.args);
		info->seccomp.ret_data = child->ptrace_message;
		return offsetofend(struct ptrace_syscall_info, seccomp.ret_data);
	case PTRACE_SYSCALL_INFO_EXIT:
		info->exit.rval = (long)regs->ax;
		info->exit.is_error = (unsigned long)info->exit.rval >= (unsigned long)-4095;
		return offsetofend(struct ptrace_syscall_info, exit.is_error);
	default:
		return offsetof(struct ptrace_syscall_info, entry);
	}
}

/* Return: bytes that there are, whatever the room. */
static long get_syscall_info(struct task_struct *child, unsigned long room, void __user *to)
{
	struct ptrace_syscall_info info = { };
	size_t size = fill_syscall_info(child, &info);

	return copy_to_user(to, &info, min(size, (size_t)room)) ? -EFAULT : (long)size;
}

/* ---- register sets ---- */

static long regset(struct task_struct *child, long request, unsigned int type,
		   struct iovec __user *uiov)
{
	struct iovec iov;
	size_t len;
	long err;

	if (copy_from_user(&iov, uiov, sizeof(iov)))
		return -EFAULT;
	len = iov.iov_len;
	err = ptrace_regset(child, request, type, iov.iov_base, &len);
	if (err)
		return err;
	return put_user(len, &uiov->iov_len);
}

/* ---- going on ---- */

static void set_flag(struct task_struct *child, int flag, bool on)
{
	if (on)
		set_tsk_thread_flag(child, flag);
	else
		clear_tsk_thread_flag(child, flag);
}

static long resume(struct task_struct *child, long request, unsigned long data)
{
	bool emulate = request == PTRACE_SYSEMU || request == PTRACE_SYSEMU_SINGLESTEP;

	if (!valid_signal(data))
		return -EIO;
	set_flag(child, TIF_SYSCALL_TRACE, request == PTRACE_SYSCALL);
	set_flag(child, TIF_SYSCALL_EMU, emulate);
	if (request == PTRACE_SINGLESTEP || request == PTRACE_SYSEMU_SINGLESTEP)
		user_enable_single_step(child);
	else
		user_disable_single_step(child);
	/* A waiter of ours that looks now must not take our signal for a report. */
	spin_lock_irq(&child->sighand->siglock);
	child->exit_code = data;
	wake_up_state(child, __TASK_TRACED);
	spin_unlock_irq(&child->sighand->siglock);
	return 0;
}

/* In a PTRACE_EVENT_STOP: stay stopped, but let the tracer see what else happens to the group. */
static long listen(struct task_struct *child)
{
	unsigned long flags;
	long err = -EIO;

	if (!(child->ptrace & PT_SEIZED))
		return -EIO;
	if (!lock_task_sighand(child, &flags))
		return -ESRCH;
	if (child->last_siginfo && child->last_siginfo->si_code >> 8 == PTRACE_EVENT_STOP) {
		child->jobctl |= JOBCTL_LISTENING;
		if (child->jobctl & JOBCTL_TRAP_NOTIFY)
			ptrace_wake(child, true);
		err = 0;
	}
	unlock_task_sighand(child, &flags);
	return err;
}

static long get_rseq(struct task_struct *child, unsigned long size, void __user *to)
{
	struct ptrace_rseq_configuration conf = {
		.rseq_abi_pointer = (unsigned long)child->rseq,
		.rseq_abi_size = child->rseq ? sizeof(struct rseq) : 0,
		.signature = child->rseq_sig,
	};

	if (copy_to_user(to, &conf, min(size, sizeof(conf))))
		return -EFAULT;
	return sizeof(conf);
}

static long signal_request(struct task_struct *child, long request, unsigned long addr,
			   unsigned long data)
{
	switch (request) {
	case PTRACE_GETSIGINFO:
		return get_siginfo(child, (siginfo_t __user *)data);
	case PTRACE_SETSIGINFO:
		return set_siginfo(child, (const siginfo_t __user *)data);
	case PTRACE_PEEKSIGINFO:
		return peek_siginfo(child, addr, (siginfo_t __user *)data);
	case PTRACE_GETSIGMASK:
		return get_sigmask(child, addr, (sigset_t __user *)data);
	case PTRACE_SETSIGMASK:
		return set_sigmask(child, addr, (const sigset_t __user *)data);
	default:
		return -EIO;
	}
}

/**
 * ptrace_request - what is the same on all CPUs
 * @child: the tracee, frozen, off the CPU
 *
 * Return: 0 or what the request returns; -EIO for one that is not known. Source: ptrace(2).
 */
long ptrace_request(struct task_struct *child, long request, unsigned long addr,
		    unsigned long data)
{
	switch (request) {
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
		return peek(child, addr, data);
	case PTRACE_POKETEXT:
	case PTRACE_POKEDATA:
		return poke(child, addr, data);
	case PTRACE_GETEVENTMSG:
		return put_user(child->ptrace_message, (unsigned long __user *)data);
	case PTRACE_GET_SYSCALL_INFO:
		return get_syscall_info(child, addr, (void __user *)data);
	case PTRACE_GET_RSEQ_CONFIGURATION:
		return get_rseq(child, addr, (void __user *)data);
	case PTRACE_SECCOMP_GET_FILTER:
		return seccomp_get_filter(child, addr, (void __user *)data);
	case PTRACE_SECCOMP_GET_METADATA:
		return seccomp_get_metadata(child, addr, (void __user *)data);
	case PTRACE_GETREGSET:
	case PTRACE_SETREGSET:
		return regset(child, request, addr, (struct iovec __user *)data);
	case PTRACE_LISTEN:
		return listen(child);
	case PTRACE_CONT:
	case PTRACE_SYSCALL:
	case PTRACE_SYSEMU:
	case PTRACE_SYSEMU_SINGLESTEP:
	case PTRACE_SINGLESTEP:
		return resume(child, request, data);
	default:
		return signal_request(child, request, addr, data);
	}
}
