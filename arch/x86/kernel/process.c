// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task's CPU side: its first registers, switching to it, TLS, starting a program in it.
 * thread_struct is the running task's own; __switch_to() runs with interrupts off and the run-queue
 * lock held.
 */
#include <linux/errno.h>
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/debugreg.h>
#include <asm/entry.h>
#include <asm/extable.h>
#include <asm/msr.h>
#include <asm/prctl.h>
#include <asm/processor.h>
#include <asm/regset.h>

extern unsigned long __stack_chk_guard;
DECLARE_PER_CPU(unsigned long, __stack_chk_guard);

/* What __switch_to_asm() pops, lowest address first. */
struct switch_frame {
	unsigned long r15, r14, r13, r12, bx, bp;
	unsigned long return_address;
};

/* ---- segments ---- */

#define READ_SEGMENT(name)						\
({									\
	u16 __sel;							\
	asm volatile("mov %%" #name ", %0" : "=rm" (__sel));		\
	__sel;								\
})

/* A selector that user mode had may be gone or bad by now: it becomes 0 then. */
#define LOAD_SEGMENT(name, value)					\
do {									\
	u32 __sel = (value);						\
	asm volatile("1: mov %0, %%" #name "\n"				\
		     "2:\n"						\
		     ".pushsection .text.fixup, \"ax\"\n"		\
		     "3: xorl %0, %0\n"					\
		     "mov %0, %%" #name "\n"				\
		     "jmp 2b\n"						\
		     ".popsection\n"					\
		     _ASM_EXTABLE(1b, 3b)				\
		     : "+r" (__sel) : : "memory", "cc");		\
} while (0)

/* SWAPGS round it, since loading GS changes the base that the kernel's per-CPU data needs. */
static void load_gs_index(u16 selector)
{
	unsigned long flags;

	local_irq_save(flags);
	asm volatile("swapgs" : : : "memory");
	LOAD_SEGMENT(gs, selector);
	asm volatile("swapgs" : : : "memory");
	local_irq_restore(flags);
}

static void save_segments(struct thread_struct *t)
{
	t->fsindex = READ_SEGMENT(fs);
	t->gsindex = READ_SEGMENT(gs);
	t->ds = READ_SEGMENT(ds);
	t->es = READ_SEGMENT(es);
	/* A non-null selector was loaded by user mode and brought its own base. */
	if (unlikely(t->fsindex))
		t->fsbase = rdmsrl_val(MSR_FS_BASE);
	if (unlikely(t->gsindex))
		t->gsbase = rdmsrl_val(MSR_KERNEL_GS_BASE);
}

/**
 * save_user_segments - the selectors and bases as they are in the CPU, into thread_struct
 * @tsk: current
 */
void save_user_segments(struct task_struct *tsk)
{
	save_segments(&tsk->thread);
}

static void load_segments(const struct thread_struct *prev, const struct thread_struct *next)
{
	if (unlikely(prev->ds | next->ds))
		LOAD_SEGMENT(ds, next->ds);
	if (unlikely(prev->es | next->es))
		LOAD_SEGMENT(es, next->es);
	if (unlikely(prev->fsindex | next->fsindex))
		LOAD_SEGMENT(fs, next->fsindex);
	if (unlikely(prev->gsindex | next->gsindex))
		load_gs_index(next->gsindex);
	if (prev->fsbase != next->fsbase || unlikely(prev->fsindex | next->fsindex))
		wrmsrl(MSR_FS_BASE, next->fsbase);
	if (prev->gsbase != next->gsbase || unlikely(prev->gsindex | next->gsindex))
		wrmsrl(MSR_KERNEL_GS_BASE, next->gsbase);
}

/* ---- switching ---- */

/* RDTSC in user mode faults for a task that asked for it. Context: interrupts off. */
static noinline void load_tsc_mode(bool disabled)
{
	write_cr4(disabled ? read_cr4() | X86_CR4_TSD : read_cr4() & ~X86_CR4_TSD);
}

/**
 * set_tsc_disabled - PR_SET_TSC for current
 * @disabled: whether RDTSC is to fault
 */
void set_tsc_disabled(bool disabled)
{
	local_irq_disable();
	current->tsc_disabled = disabled;
	load_tsc_mode(disabled);
	local_irq_enable();
}

/* On the next task's stack already. Return: @prev, which switch_to() hands on. */
__attribute__((__optimize__("no-stack-protector")))
struct task_struct *__switch_to(struct task_struct *prev, struct task_struct *next)
{
	int cpu = smp_processor_id();

	save_segments(&prev->thread);
	load_segments(&prev->thread, &next->thread);
	fpu_switch(prev, next, cpu);
	if (unlikely(prev->thread.dr7 | next->thread.dr7))
		switch_debug_registers(next);
	if (unlikely(prev->tsc_disabled != next->tsc_disabled))
		load_tsc_mode(next->tsc_disabled);
	this_cpu_write(current_task, next);
	this_cpu_write(cpu_top_of_stack, task_top_of_stack(next));
	this_cpu_write(cpu_tss.sp0, task_top_of_stack(next));
	this_cpu_write(__stack_chk_guard, next->thread.stack_canary);
	return prev;
}

/* ---- making a task ---- */

static void set_first_registers(struct fork_ctx *fc, struct pt_regs *regs)
{
	const struct kernel_clone_args *args = fc->args;

	*regs = *task_pt_regs(fc->parent);
	regs->ax = 0;
	/* The tracer steps the parent, not yet the child. */
	if (unlikely(test_tsk_thread_flag(fc->parent, TIF_FORCED_TF)))
		regs->flags &= ~X86_EFLAGS_TF;
	if (args->stack)
		regs->sp = args->stack + args->stack_size;
}

static int set_first_tls(struct fork_ctx *fc)
{
	struct thread_struct *t = &fc->child->thread;

	save_segments(&fc->parent->thread);
	t->fsindex = fc->parent->thread.fsindex;
	t->gsindex = fc->parent->thread.gsindex;
	t->ds = fc->parent->thread.ds;
	t->es = fc->parent->thread.es;
	t->fsbase = fc->parent->thread.fsbase;
	t->gsbase = fc->parent->thread.gsbase;
	if (!(fc->flags & CLONE_SETTLS))
		return 0;
	if (fc->args->tls >= TASK_SIZE_MAX)
		return -EPERM;
	t->fsindex = 0;
	t->fsbase = fc->args->tls;
	return 0;
}

/* Its lowest byte is 0, so that an overrunning string copy cannot write it. */
static unsigned long new_canary(void)
{
	return get_random_long() & ~0xffUL;
}

/**
 * copy_thread - the row "thread": registers, TLS and FPU of a new task
 *
 * Context: current is fc->parent; does not sleep.
 * Return: 0, -EPERM for a TLS address outside user space.
 */
int copy_thread(struct fork_ctx *fc)
{
	const struct kernel_clone_args *args = fc->args;
	struct pt_regs *regs = task_pt_regs(fc->child);
	struct switch_frame *frame = (struct switch_frame *)regs - 1;
	bool user = !args->fn && !args->idle;

	memset(frame, 0, sizeof(*frame));
	frame->return_address = (unsigned long)ret_from_fork;
	fc->child->thread.sp = (unsigned long)frame;
	fc->child->thread.stack_canary = new_canary();
	fpu_clone(fc->child, user);
	if (!user) {
		memset(regs, 0, sizeof(*regs));
		frame->bx = (unsigned long)args->fn;
		frame->r12 = (unsigned long)args->fn_arg;
		return 0;
	}
	set_first_registers(fc, regs);
	return set_first_tls(fc);
}

void exit_thread(struct task_struct *tsk)
{
	fpu_forget(tsk);
}

/* ---- exec ---- */

/**
 * flush_thread - exec: nothing of the old program stays in the CPU
 *
 * Context: current, past the point of no return.
 */
void flush_thread(void)
{
	struct thread_struct *t = &current->thread;

	t->fsbase = 0;
	t->gsbase = 0;
	t->fsindex = 0;
	t->gsindex = 0;
	t->ds = 0;
	t->es = 0;
	LOAD_SEGMENT(ds, 0);
	LOAD_SEGMENT(es, 0);
	LOAD_SEGMENT(fs, 0);
	load_gs_index(0);
	local_irq_disable();
	wrmsrl(MSR_FS_BASE, 0);
	wrmsrl(MSR_KERNEL_GS_BASE, 0);
	local_irq_enable();
	fpu_start_user();
	flush_debug_registers();
}

/**
 * start_thread - exec: where the new program begins
 * @regs: current's saved registers   @new_ip, @new_sp: user addresses
 */
void start_thread(struct pt_regs *regs, unsigned long new_ip, unsigned long new_sp)
{
	unsigned long nr = regs->orig_ax;

	set_thread_flag(TIF_REGS_CHANGED);
	memset(regs, 0, sizeof(*regs));
	regs->orig_ax = nr;	/* a tracer still sees which call this is */
	regs->ip = new_ip;
	regs->sp = new_sp;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags = X86_EFLAGS_IF | X86_EFLAGS_FIXED;
}

/* The initial stack pointer: 16-byte aligned, and moved a little when layouts are random. */
unsigned long arch_align_stack(unsigned long sp)
{
	if (current->flags & PF_RANDOMIZE)
		sp -= get_random_u32() % 8192;
	return sp & ~15UL;
}

/* ---- arch_prctl ---- */

static long set_base(struct task_struct *tsk, unsigned long *base, u16 *index, u32 msr,
		     unsigned long addr)
{
	if (addr >= TASK_SIZE_MAX)
		return -EPERM;
	local_irq_disable();
	if (tsk == current) {
		if (msr == MSR_FS_BASE)
			LOAD_SEGMENT(fs, 0);
		else
			load_gs_index(0);
		wrmsrl(msr, addr);
	}
	*index = 0;
	*base = addr;
	local_irq_enable();
	return 0;
}

static unsigned long get_base(struct task_struct *tsk, const unsigned long *base, u32 msr)
{
	return tsk == current ? rdmsrl_val(msr) : *base;
}

/**
 * do_arch_prctl_64 - read or set a thread's FS or GS base; whether CPUID faults
 * @tsk: current, or stopped
 * Return: 0, -EPERM for an address outside user space, -EFAULT, -ENODEV,
 * -EINVAL for an unknown option. 1 for ARCH_GET_CPUID.
 */
long do_arch_prctl_64(struct task_struct *tsk, int option, unsigned long arg)
{
	struct thread_struct *t = &tsk->thread;

	switch (option) {
	case ARCH_SET_FS:
		return set_base(tsk, &t->fsbase, &t->fsindex, MSR_FS_BASE, arg);
	case ARCH_SET_GS:
		return set_base(tsk, &t->gsbase, &t->gsindex, MSR_KERNEL_GS_BASE, arg);
	case ARCH_GET_FS:
		return put_user(get_base(tsk, &t->fsbase, MSR_FS_BASE),
				(unsigned long __user *)arg);
	case ARCH_GET_GS:
		return put_user(get_base(tsk, &t->gsbase, MSR_KERNEL_GS_BASE),
				(unsigned long __user *)arg);
	case ARCH_GET_CPUID:
		return 1;		/* CPUID never faults here ... */
	case ARCH_SET_CPUID:
		return -ENODEV;		/* ... and cannot be made to */
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE2(arch_prctl, int, option, unsigned long, arg)
{
	return do_arch_prctl_64(current, option, arg);
}
