/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracing one task by another: what the rest of the kernel calls. A task that is not traced pays
 * one test of task->ptrace in paths that are slow already.
 * task->ptrace and ->parent change under tasklist_lock and the tracee's siglock, both.
 */
#ifndef _LINUX_PTRACE_H_K
#define _LINUX_PTRACE_H_K

#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal_types.h>
#include <asm/ptrace.h>

/* task_struct.ptrace: two bits of state, then the options of PTRACE_SETOPTIONS. */
#define PT_PTRACED		0x00000001
#define PT_SEIZED		0x00000002
#define PT_OPT_SHIFT		3
#define PT_OPTION(opt)		((unsigned int)(opt) << PT_OPT_SHIFT)
#define PT_TRACESYSGOOD		PT_OPTION(PTRACE_O_TRACESYSGOOD)
#define PT_EXITKILL		PT_OPTION(PTRACE_O_EXITKILL)
#define PT_SUSPEND_SECCOMP	PT_OPTION(PTRACE_O_SUSPEND_SECCOMP)
/* The option that asks for an event has the event's number as its bit. */
#define PT_EVENT(event)		PT_OPTION(1u << (event))

/* Who may look or attach: ptrace(2), "Ptrace access mode checking". */
#define PTRACE_MODE_READ	0x01
#define PTRACE_MODE_ATTACH	0x02
#define PTRACE_MODE_FSCREDS	0x08
#define PTRACE_MODE_REALCREDS	0x10
#define PTRACE_MODE_READ_FSCREDS	(PTRACE_MODE_READ | PTRACE_MODE_FSCREDS)
#define PTRACE_MODE_READ_REALCREDS	(PTRACE_MODE_READ | PTRACE_MODE_REALCREDS)
#define PTRACE_MODE_ATTACH_FSCREDS	(PTRACE_MODE_ATTACH | PTRACE_MODE_FSCREDS)
#define PTRACE_MODE_ATTACH_REALCREDS	(PTRACE_MODE_ATTACH | PTRACE_MODE_REALCREDS)

struct fork_ctx;
struct mm_struct;
struct user_namespace;

/* kernel/ptrace_access.c */
bool ptrace_may_access(struct task_struct *tsk, unsigned int mode);
struct mm_struct *mm_access(struct task_struct *tsk, unsigned int mode);
bool ptracer_capable(const struct task_struct *tsk, const struct user_namespace *ns);

/* kernel/ptrace_stop.c: the tracee's side. All of them concern current. */
int ptrace_stop(int exit_code, int why, unsigned long message, kernel_siginfo_t *info);
int ptrace_notify(int exit_code, unsigned long message);
int ptrace_signal(int sig, kernel_siginfo_t *info);
void ptrace_trap(void);
void ptrace_event(int event, unsigned long message);
void ptrace_event_pid(int event, struct pid *pid);
void ptrace_exec_event(pid_t old_nr);
bool ptrace_report_syscall_entry(struct pt_regs *regs);
void ptrace_report_syscall_exit(struct pt_regs *regs, bool step);

/* kernel/ptrace.c: the family of tracer and tracee. Context: tasklist_lock held for writing. */
void __ptrace_unlink(struct task_struct *child);
bool __ptrace_detach(struct task_struct *tracer, struct task_struct *child);
void ptrace_inherit(struct fork_ctx *fc);
void exit_ptrace(struct task_struct *tracer, struct list_head *dead);
void ptrace_wake(struct task_struct *tsk, bool resume);
void ptrace_trap_notify(struct task_struct *tsk);
void ptrace_clear_trapping(struct task_struct *tsk);

/* kernel/ptrace_request.c: what a tracer asks of a stopped tracee, the same on all CPUs. */
long ptrace_request(struct task_struct *child, long request, unsigned long addr,
		    unsigned long data);

/* arch/x86/kernel/ptrace.c, debugreg.c, regset.c */
long arch_ptrace(struct task_struct *child, long request, unsigned long addr, unsigned long data);
void ptrace_disable(struct task_struct *child);
void user_enable_single_step(struct task_struct *child);
void user_disable_single_step(struct task_struct *child);
long ptrace_regset(struct task_struct *child, long request, unsigned int type,
		   void __user *buf, size_t *len);
void send_step_trap(struct pt_regs *regs, int code);

/* Does somebody trace current and want this event? */
static inline bool ptrace_wants(const struct task_struct *tsk, int event)
{
	return unlikely(tsk->ptrace & PT_EVENT(event));
}

static inline bool task_is_traced(const struct task_struct *tsk)
{
	return READ_ONCE(tsk->state) & __TASK_TRACED;
}

/* Its tracer is not its parent's process. Context: tasklist_lock, or current. */
static inline bool ptrace_reparented(const struct task_struct *child)
{
	return !same_thread_group(child->real_parent, child->parent);
}

/* Which event of the tracer a fork is, 0 for none. */
int ptrace_fork_event(u64 flags, int exit_signal);

#endif
