// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of registers of a stopped task, as the notes of a core file lay them out: general registers
 * (struct user_regs_struct), FXSAVE's image, the whole XSAVE image.
 * Context of all: the task is stopped and off the CPU, or current.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/fpu.h>
#include <asm/regset.h>

/* What of RFLAGS a tracer may change. */
#define FLAGS_OF_TRACER	(X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF |	\
			 X86_EFLAGS_SF | X86_EFLAGS_TF | X86_EFLAGS_DF | X86_EFLAGS_OF |	\
			 X86_EFLAGS_RF | X86_EFLAGS_AC | X86_EFLAGS_NT)
#define FIELD(name)	(offsetof(struct user_regs_struct, name) / sizeof(long))

/* The trap flag is the tracer's own doing while it single-steps: it is not shown. */
static unsigned long get_flags(struct task_struct *tsk)
{
	unsigned long flags = task_pt_regs(tsk)->flags;

	return test_tsk_thread_flag(tsk, TIF_FORCED_TF) ? flags & ~X86_EFLAGS_TF : flags;
}

static int set_flags(struct task_struct *tsk, unsigned long value)
{
	struct pt_regs *regs = task_pt_regs(tsk);

	/* Set by the tracer as the program's own; else a step under way keeps it. */
	if (value & X86_EFLAGS_TF)
		clear_tsk_thread_flag(tsk, TIF_FORCED_TF);
	else if (test_tsk_thread_flag(tsk, TIF_FORCED_TF))
		value |= X86_EFLAGS_TF;
	regs->flags = (regs->flags & ~FLAGS_OF_TRACER) | (value & FLAGS_OF_TRACER);
	return 0;
}

/**
 * get_user_reg - one word of struct user_regs_struct
 * @n: its index
 */
unsigned long get_user_reg(struct task_struct *tsk, unsigned int n)
{
	const struct thread_struct *t = &tsk->thread;

	switch (n) {
	case FIELD(eflags):
		return get_flags(tsk);
	case FIELD(fs_base):
		return t->fsbase;
	case FIELD(gs_base):
		return t->gsbase;
	case FIELD(ds):
		return t->ds;
	case FIELD(es):
		return t->es;
	case FIELD(fs):
		return t->fsindex;
	case FIELD(gs):
		return t->gsindex;
	default:
		return ((unsigned long *)task_pt_regs(tsk))[n];
	}
}

/* A selector must be null or one of user mode's. */
static bool bad_selector(unsigned long value)
{
	return value > 0xffff || (value && (value & 3) != 3);
}

static int set_segment(struct task_struct *tsk, unsigned int n, unsigned long value)
{
	struct thread_struct *t = &tsk->thread;

	if (bad_selector(value))
		return -EIO;
	switch (n) {
	case FIELD(ds):
		t->ds = value;
		return 0;
	case FIELD(es):
		t->es = value;
		return 0;
	case FIELD(fs):
		t->fsindex = value;
		return 0;
	case FIELD(gs):
		t->gsindex = value;
		return 0;
	}
	/* Code and stack cannot be null. */
	if (!value)
		return -EIO;
	((unsigned long *)task_pt_regs(tsk))[n] = value;
	return 0;
}

/**
 * set_user_reg - change one word of struct user_regs_struct
 * @n: its index
 *
 * Return: 0, or -EIO for what the CPU could not load.
 */
int set_user_reg(struct task_struct *tsk, unsigned int n, unsigned long value)
{
	set_tsk_thread_flag(tsk, TIF_REGS_CHANGED);
	switch (n) {
	case FIELD(eflags):
		return set_flags(tsk, value);
	case FIELD(fs_base):
	case FIELD(gs_base):
		if (value >= TASK_SIZE_MAX)
			return -EIO;
		if (n == FIELD(fs_base))
			tsk->thread.fsbase = value;
		else
			tsk->thread.gsbase = value;
		return 0;
	case FIELD(cs):
	case FIELD(ss):
	case FIELD(ds):
	case FIELD(es):
	case FIELD(fs):
	case FIELD(gs):
		return set_segment(tsk, n, value);
	default:
		((unsigned long *)task_pt_regs(tsk))[n] = value;
		return 0;
	}
}

/* The first @words of the set. */
void get_user_regs(struct task_struct *tsk, unsigned long *to, unsigned int words)
{
	for (unsigned int n = 0; n < words; n++)
		to[n] = get_user_reg(tsk, n);
}

static int set_user_regs(struct task_struct *tsk, const unsigned long *from, unsigned int words)
{
	int err = 0;

	for (unsigned int n = 0; n < words && !err; n++)
		err = set_user_reg(tsk, n, from[n]);
	return err;
}

static long general(struct task_struct *child, bool set, void __user *buf, size_t len)
{
	unsigned long words[USER_REGS_WORDS];

	if (set)
		return copy_from_user(words, buf, len) ? -EFAULT :
		       set_user_regs(child, words, len / sizeof(long));
	get_user_regs(child, words, len / sizeof(long));
	return copy_to_user(buf, words, len) ? -EFAULT : 0;
}

static long floating(struct task_struct *child, bool set, void __user *buf, size_t len)
{
	if (set)
		return fpu_set_fxregs(child, buf, len);
	return copy_to_user(buf, child->thread.fpu.state, len) ? -EFAULT : 0;
}

static long extended(struct task_struct *child, bool set, void __user *buf, size_t len)
{
	struct xregs_state *image;
	long err;

	if (set)
		return len == fpu_state_size ? fpu_set_xstate(child, buf) : -EFAULT;
	image = kmalloc(fpu_state_size, GFP_KERNEL);
	if (!image)
		return -ENOMEM;
	fpu_get_xstate(child, image);
	err = copy_to_user(buf, image, len) ? -EFAULT : 0;
	kfree(image);
	return err;
}

/**
 * ptrace_regset - PTRACE_GETREGSET and PTRACE_SETREGSET
 * @type: NT_PRSTATUS, NT_PRFPREG or NT_X86_XSTATE
 * @buf: user memory
 * @len: in: room; out: what was copied
 *
 * Return: 0, -EINVAL for an unknown set or a broken word, -ENODEV for what this CPU has not,
 * -EIO, -EFAULT, -ENOMEM.
 */
long ptrace_regset(struct task_struct *child, long request, unsigned int type, void __user *buf,
		   size_t *len)
{
	bool set = request == PTRACE_SETREGSET;
	size_t size;

	switch (type) {
	case NT_PRSTATUS:
		size = sizeof(struct user_regs_struct);
		break;
	case NT_PRFPREG:
		size = sizeof(struct user_i387_struct);
		break;
	case NT_X86_XSTATE:
		size = fpu_state_size;
		break;
	default:
		return -EINVAL;
	}
	if (*len % sizeof(long))
		return -EINVAL;
	*len = min(*len, size);
	if (type == NT_PRSTATUS)
		return general(child, set, buf, *len);
	if (type == NT_PRFPREG)
		return floating(child, set, buf, *len);
	return fpu_xfeatures ? extended(child, set, buf, *len) : -ENODEV;
}
