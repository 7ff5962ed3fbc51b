// SPDX-License-Identifier: GPL-2.0-only
/*
 * The alternate signal stack: sigaltstack(2), and what the architecture's frame code needs.
 * Only current touches its settings.
 */
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/**
 * sigsp - where the frame of a signal goes
 * @sp: the interrupted stack pointer
 * @ksig: the signal
 *
 * Return: the top of the alternate stack if it is wanted and not in use, else @sp.
 */
unsigned long sigsp(unsigned long sp, struct ksignal *ksig)
{
	if ((ksig->ka.sa.sa_flags & SA_ONSTACK) && !sas_ss_flags(sp))
		return current->sas_ss_sp + current->sas_ss_size;
	return sp;
}

/* User space gets it byte for byte: what stands between the fields must be nobody's. */
static void current_altstack(stack_t *ss, unsigned long sp)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_sp = (void *)current->sas_ss_sp;
	ss->ss_size = current->sas_ss_size;
	ss->ss_flags = sas_ss_flags(sp) | (current->sas_ss_flags & SS_FLAG_BITS);
}

static int set_altstack(const stack_t *ss, unsigned long sp)
{
	int mode = ss->ss_flags & ~SS_FLAG_BITS;

	if (on_sig_stack(sp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode != SS_DISABLE && ss->ss_size < MINSIGSTKSZ)
		return -ENOMEM;
	current->sas_ss_sp = mode == SS_DISABLE ? 0 : (unsigned long)ss->ss_sp;
	current->sas_ss_size = mode == SS_DISABLE ? 0 : ss->ss_size;
	current->sas_ss_flags = ss->ss_flags;
	return 0;
}

SYSCALL_DEFINE2(sigaltstack, const stack_t __user *, uss, stack_t __user *, uoss)
{
	unsigned long sp = user_stack_pointer(task_pt_regs(current));
	stack_t new, old;
	int ret;

	current_altstack(&old, sp);
	if (uss) {
		if (copy_from_user(&new, uss, sizeof(new)))
			return -EFAULT;
		ret = set_altstack(&new, sp);
		if (ret)
			return ret;
	}
	if (uoss && copy_to_user(uoss, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

/**
 * restore_altstack - sigreturn's half
 * @ss: a copy of what the frame says
 *
 * Bad values are ignored, as on Linux.
 */
void restore_altstack(const stack_t *ss)
{
	set_altstack(ss, user_stack_pointer(task_pt_regs(current)));
}

/**
 * save_altstack - for a signal frame
 * @ss: filled, padding included
 */
void save_altstack(stack_t *ss)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_sp = (void *)current->sas_ss_sp;
	ss->ss_size = current->sas_ss_size;
	ss->ss_flags = current->sas_ss_flags;
}
