// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restartable sequences, rseq(2): registration, and on the way to user mode the number of the CPU
 * and the end of a sequence that was interrupted. Everything is current's own; user memory is
 * trusted with nothing but its own thread. Source: rseq(2), <linux/rseq.h>.
 */
#define pr_fmt(fmt) "rseq: " fmt
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define AREA_SIZE	sizeof(struct rseq)

/*
 * The accesses are those without fault injection: they come when the scheduler wants, which is no
 * step of what the thread does. The area was in user memory when it was registered.
 */

/* ---- the number of the CPU ---- */

/* Valid until the thread is moved: rseq_migrate() sees to that. */
static int write_cpu(void)
{
	struct rseq __user *area = current->rseq;
	u32 cpu = smp_processor_id();

	current->rseq_cpu = cpu;
	if (__put_user(cpu, &area->cpu_id_start) || __put_user(cpu, &area->cpu_id))
		return -EFAULT;
	return 0;
}

/* Nobody keeps the numbers true from now on. */
static int forget_cpu(void)
{
	struct rseq __user *area = current->rseq;

	if (put_user(0u, &area->cpu_id_start) ||
	    put_user((u32)RSEQ_CPU_ID_UNINITIALIZED, &area->cpu_id))
		return -EFAULT;
	return 0;
}

/* ---- sequences ---- */

static bool is_inside(u64 ip, const struct rseq_cs *cs)
{
	return ip - cs->start_ip < cs->post_commit_offset;
}

/* All of it, and its handler, in user memory; the handler outside of what it ends. */
static bool is_sound(const struct rseq_cs *cs)
{
	return cs->start_ip < TASK_SIZE_MAX && cs->abort_ip < TASK_SIZE_MAX &&
	       cs->abort_ip >= sizeof(u32) &&
	       cs->post_commit_offset < TASK_SIZE_MAX - cs->start_ip && !cs->version &&
	       !is_inside(cs->abort_ip, cs);
}

/* Before the handler stands what the thread registered: no other code can be made one. */
static bool is_signed(const struct rseq_cs *cs)
{
	u32 sig;

	if (__get_user(sig, (const u32 __user *)(cs->abort_ip - sizeof(u32))))
		return false;
	if (sig == current->rseq_sig)
		return true;
	pr_info("%s[%d]: no signature %#x before the abort handler %#llx, but %#x\n",
		current->comm, current->pid, current->rseq_sig,
		(unsigned long long)cs->abort_ip, sig);
	return false;
}

static int read_sequence(u64 where, struct rseq_cs *cs)
{
	if (where >= TASK_SIZE_MAX - sizeof(*cs) ||
	    __copy_from_user(cs, (const void __user *)where, sizeof(*cs)))
		return -EFAULT;
	return is_sound(cs) && is_signed(cs) ? 0 : -EINVAL;
}

/* Flags that once kept a sequence from being ended are refused, as on Linux since 6.0. */
static bool has_flags(const struct rseq_cs *cs)
{
	u32 flags;

	return __get_user(flags, &current->rseq->flags) || flags || cs->flags;
}

static noinline int end_sequence(struct pt_regs *regs, u64 where)
{
	struct rseq_cs cs;
	int err = read_sequence(where, &cs);

	if (err)
		return err;
	if (is_inside(regs->ip, &cs)) {
		if (has_flags(&cs))
			return -EINVAL;
		regs->ip = cs.abort_ip;
	}
	/* Left long ago, or ended now. */
	return __put_user(0ull, &current->rseq->rseq_cs);
}

/**
 * rseq_resume - current, which has a rseq area, was not run in one go
 * @regs: of user mode; the instruction pointer may change
 *
 * Context: task on its way to user mode, interrupts on; may sleep and fault.
 * Return: false when user memory is not as rseq(2) wants it: the thread has earned a SIGSEGV.
 */
bool rseq_resume(struct pt_regs *regs)
{
	u64 where;

	if (__get_user(where, &current->rseq->rseq_cs))
		return false;
	if (unlikely(where) && end_sequence(regs, where))
		return false;
	return current->rseq_cpu == smp_processor_id() || !write_cpu();
}

/* TIF_NOTIFY_RESUME was set, maybe for other reasons. Context: as above. */
void rseq_notify_resume(struct pt_regs *regs)
{
	if (current->rseq && !rseq_resume(regs))
		force_sigsegv(0);
}

/* ---- the call ---- */

static long unregister(const struct rseq __user *area, u32 len, u32 sig)
{
	if (current->rseq != area || !area || len != AREA_SIZE)
		return -EINVAL;
	if (current->rseq_sig != sig)
		return -EPERM;
	if (forget_cpu())
		return -EFAULT;
	current->rseq = NULL;
	return 0;
}

static long registered_already(const struct rseq __user *area, u32 len, u32 sig)
{
	if (current->rseq != area || len != AREA_SIZE)
		return -EINVAL;
	return current->rseq_sig == sig ? -EBUSY : -EPERM;
}

SYSCALL_DEFINE4(rseq, struct rseq __user *, area, u32, len, int, flags, u32, sig)
{
	if (flags == RSEQ_FLAG_UNREGISTER)
		return unregister(area, len, sig);
	if (unlikely(flags))
		return -EINVAL;
	if (unlikely(current->rseq))
		return registered_already(area, len, sig);
	if ((unsigned long)area % __alignof__(*area) || len != AREA_SIZE)
		return -EINVAL;
	if (!access_ok(area, len))
		return -EFAULT;
	current->rseq = area;
	current->rseq_sig = sig;
	/* What is not there is found out, and punished, on the way out, as on Linux. */
	if (unlikely(write_cpu())) {
		current->rseq_cpu = UINT_MAX;
		set_thread_flag(TIF_NOTIFY_RESUME);
	}
	return 0;
}
