// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames: entering a handler, coming back through rt_sigreturn, restarting system calls.
 * Everything concerns current and its saved registers; no lock.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <asm/elf.h>
#include <asm/fpu.h>
#include <asm/processor.h>
#include <asm/sigcontext.h>
#include <asm/signal_frame.h>
#include <asm/syscall.h>
#include <asm/ucontext.h>
#include <uapi/asm/unistd_64.h>

/* The ABI lets a function use this much below its stack pointer. */
#define REDZONE		128
/* What a handler may change in the flags. */
#define FLAGS_OF_USER	(X86_EFLAGS_AC | X86_EFLAGS_OF | X86_EFLAGS_DF | X86_EFLAGS_TF | \
			 X86_EFLAGS_SF | X86_EFLAGS_ZF | X86_EFLAGS_AF | X86_EFLAGS_PF | \
			 X86_EFLAGS_CF | X86_EFLAGS_RF)

/* What the handler finds on its stack: its return address, then what it may look at. */
struct rt_sigframe {
	void (*pretcode)(void);
	struct ucontext uc;
	siginfo_t info;
	/* the FPU image lies above, 64-byte aligned */
};

unsigned long arch_sigframe_size;

/* For AT_MINSIGSTKSZ: a frame with its image, alignments and redzone. */
void __init signal_frame_init(void)
{
	arch_sigframe_size = ALIGN(sizeof(struct rt_sigframe) + fpu_sigframe_size() + 16 + REDZONE,
				   16UL);
}

/* ---- into a handler ---- */

static void __user *frame_address(struct ksignal *ksig, struct pt_regs *regs, unsigned long *fpu)
{
	unsigned long sp = regs->sp - REDZONE, base;
	bool nested = on_sig_stack(regs->sp);

	base = sigsp(sp, ksig);
	sp = fpu_sigframe_reserve(base, fpu);
	/* A function's stack is 8 off a multiple of 16 right after the call. */
	sp = ((sp - sizeof(struct rt_sigframe)) & ~15UL) - 8;
	/* Out of room on the alternate stack: do not run into what lies below. */
	if ((nested || base != regs->sp - REDZONE) && !(current->sas_ss_flags & SS_AUTODISARM) &&
	    !on_sig_stack(sp))
		return NULL;
	return (void __user *)sp;
}

/* Field by field: an initialiser would zero all of it first. */
static void fill_sigcontext(struct sigcontext *sc, const struct pt_regs *regs, unsigned long fpu)
{
	sc->r8 = regs->r8;
	sc->r9 = regs->r9;
	sc->r10 = regs->r10;
	sc->r11 = regs->r11;
	sc->r12 = regs->r12;
	sc->r13 = regs->r13;
	sc->r14 = regs->r14;
	sc->r15 = regs->r15;
	sc->rdi = regs->di;
	sc->rsi = regs->si;
	sc->rbp = regs->bp;
	sc->rbx = regs->bx;
	sc->rdx = regs->dx;
	sc->rax = regs->ax;
	sc->rcx = regs->cx;
	sc->rsp = regs->sp;
	sc->rip = regs->ip;
	sc->eflags = regs->flags;
	sc->cs = regs->cs;
	sc->gs = 0;
	sc->fs = 0;
	sc->ss = regs->ss;
	sc->err = current->thread.error_code;
	sc->trapno = current->thread.trap_nr;
	sc->oldmask = *sigmask_to_save();
	sc->cr2 = current->thread.cr2;
	sc->fpstate = (void *)fpu;
	memset(sc->reserved1, 0, sizeof(sc->reserved1));
}

static void fill_ucontext(struct ucontext *uc, const struct pt_regs *regs, unsigned long fpu)
{
	BUILD_ASSERT(sizeof(*uc) == sizeof(uc->uc_flags) + sizeof(uc->uc_link) +
		     sizeof(uc->uc_stack) + sizeof(uc->uc_mcontext) + sizeof(uc->uc_sigmask));
	uc->uc_flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS | (fpu_xfeatures ? UC_FP_XSTATE : 0);
	uc->uc_link = NULL;
	save_altstack(&uc->uc_stack);
	fill_sigcontext(&uc->uc_mcontext, regs, fpu);
	uc->uc_sigmask = *sigmask_to_save();
}

static int write_frame(struct rt_sigframe __user *frame, struct ksignal *ksig,
		       const struct pt_regs *regs, unsigned long fpu)
{
	struct ucontext uc;
	unsigned long restorer = (unsigned long)ksig->ka.sa.sa_restorer;

	if (!(ksig->ka.sa.sa_flags & SA_RESTORER))
		return -EFAULT;
	if (fpu_save_sigframe((void __user *)fpu))
		return -EFAULT;
	fill_ucontext(&uc, regs, fpu);
	if (put_user(restorer, (unsigned long __user *)&frame->pretcode) || copy_to_user(&frame->uc, &uc, sizeof(uc)))
		return -EFAULT;
	if (ksig->ka.sa.sa_flags & SA_SIGINFO)
		return copy_siginfo_to_user(&frame->info, &ksig->info);
	return 0;
}

static int setup_rt_frame(struct ksignal *ksig, struct pt_regs *regs)
{
	unsigned long fpu;
	struct rt_sigframe __user *frame;

	/* The frame shows where a sequence that it interrupts is to begin anew. */
	if (!rseq_signal(regs))
		return -EFAULT;
	frame = frame_address(ksig, regs, &fpu);
	if (!frame || !access_ok(frame, sizeof(*frame)) || write_frame(frame, ksig, regs, fpu))
		return -EFAULT;
	fpu_start_handler();
	regs->di = ksig->sig;
	regs->si = (unsigned long)&frame->info;
	regs->dx = (unsigned long)&frame->uc;
	regs->ax = 0;	/* a variadic handler: no vector registers hold arguments */
	regs->ip = (unsigned long)ksig->ka.sa.sa_handler;
	regs->sp = (unsigned long)frame;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->flags &= ~(X86_EFLAGS_DF | X86_EFLAGS_RF | X86_EFLAGS_TF);
	return 0;
}

/* ---- system calls that were interrupted ---- */

static bool in_system_call(const struct pt_regs *regs)
{
	return (long)regs->orig_ax >= 0;
}

/* The SYSCALL instruction is two bytes; run it again with the same or another number. */
static void restart_call(struct pt_regs *regs, unsigned long nr)
{
	regs->ax = nr;
	regs->ip -= 2;
}

static void restart_before_handler(struct pt_regs *regs, const struct ksignal *ksig)
{
	switch ((long)regs->ax) {
	case -ERESTART_RESTARTBLOCK:
	case -ERESTARTNOHAND:
		regs->ax = (unsigned long)-EINTR;
		break;
	case -ERESTARTSYS:
		if (!(ksig->ka.sa.sa_flags & SA_RESTART)) {
			regs->ax = (unsigned long)-EINTR;
			break;
		}
		fallthrough;
	case -ERESTARTNOINTR:
		restart_call(regs, regs->orig_ax);
		break;
	}
}

static void restart_without_handler(struct pt_regs *regs)
{
	switch ((long)regs->ax) {
	case -ERESTARTNOHAND:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
		restart_call(regs, regs->orig_ax);
		break;
	case -ERESTART_RESTARTBLOCK:
		restart_call(regs, __NR_restart_syscall);
		break;
	}
}

/* A tracer that steps is shown the handler's first instruction, and the frame has no trap flag. */
static void enter_handler(struct ksignal *ksig, struct pt_regs *regs)
{
	bool stepping = unlikely(test_thread_flag(TIF_SINGLESTEP));

	if (stepping)
		user_disable_single_step(current);
	signal_setup_done(setup_rt_frame(ksig, regs), ksig, stepping);
}

void arch_do_signal(struct pt_regs *regs)
{
	struct ksignal ksig;

	if (get_signal(&ksig)) {
		if (in_system_call(regs))
			restart_before_handler(regs, &ksig);
		enter_handler(&ksig, regs);
		return;
	}
	if (in_system_call(regs))
		restart_without_handler(regs);
	restore_saved_sigmask();
}

/* ---- back from a handler ---- */

static int restore_sigcontext(struct pt_regs *regs, const struct sigcontext *sc)
{
	current->restart_block.fn = do_no_restart_syscall;
	set_thread_flag(TIF_REGS_CHANGED);
	regs->r8 = sc->r8;
	regs->r9 = sc->r9;
	regs->r10 = sc->r10;
	regs->r11 = sc->r11;
	regs->r12 = sc->r12;
	regs->r13 = sc->r13;
	regs->r14 = sc->r14;
	regs->r15 = sc->r15;
	regs->di = sc->rdi;
	regs->si = sc->rsi;
	regs->bp = sc->rbp;
	regs->bx = sc->rbx;
	regs->dx = sc->rdx;
	regs->ax = sc->rax;
	regs->cx = sc->rcx;
	regs->sp = sc->rsp;
	regs->ip = sc->rip;
	regs->flags = (regs->flags & ~FLAGS_OF_USER) | (sc->eflags & FLAGS_OF_USER);
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->orig_ax = ~0UL;	/* what it says was no system call's result */
	return fpu_restore_sigframe((__force void __user *)sc->fpstate);
}

SYSCALL_DEFINE0(rt_sigreturn)
{
	struct pt_regs *regs = task_pt_regs(current);
	/* The handler's RET took the return address off. */
	struct rt_sigframe __user *frame = (void __user *)(regs->sp - sizeof(long));
	struct ucontext uc;

	if (copy_from_user(&uc, &frame->uc, sizeof(uc)))
		goto bad;
	set_current_blocked(&uc.uc_sigmask);
	if (restore_sigcontext(regs, &uc.uc_mcontext))
		goto bad;
	restore_altstack(&uc.uc_stack);
	return (long)regs->ax;
bad:
	force_sig(SIGSEGV);
	return 0;
}
