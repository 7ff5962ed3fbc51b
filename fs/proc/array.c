// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/stat, statm and status: a task in numbers, in the columns that ps and top know.
 * Source: proc(5).
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/seccomp.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/tty.h>
#include <linux/kdev_t.h>
#include "internal.h"

static const struct {
	unsigned int bits;
	const char *text;
} task_states[] = {
	{ EXIT_DEAD, "X (dead)" },
	{ EXIT_ZOMBIE, "Z (zombie)" },
	{ __TASK_TRACED, "t (tracing stop)" },
	{ __TASK_STOPPED, "T (stopped)" },
	{ TASK_NOLOAD, "I (idle)" },
	{ TASK_UNINTERRUPTIBLE | TASK_FROZEN, "D (disk sleep)" },
	{ TASK_INTERRUPTIBLE, "S (sleeping)" },
};

static const char *state_text(struct task_struct *tsk)
{
	unsigned int state = READ_ONCE(tsk->state) | READ_ONCE(tsk->exit_state), i;

	for (i = 0; i < ARRAY_SIZE(task_states); i++)
		if (state & task_states[i].bits)
			return task_states[i].text;
	return "R (running)";
}

/* The four sets of a process. Context: any; empty once the task has been reaped. */
struct sigsets {
	sigset_t pending, shared, blocked, ignored, caught;
	unsigned long queued, queue_limit;
	int threads;
};

static void collect_signals(struct task_struct *tsk, struct sigsets *s)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	int sig;

	memset(s, 0, sizeof(*s));
	rcu_read_lock();
	s->queued = atomic_long_read(&__task_cred(tsk)->user->sigpending);
	s->queue_limit = task_rlimit(tsk, RLIMIT_SIGPENDING);
	s->blocked = tsk->blocked;
	s->threads = READ_ONCE(tsk->signal->nr_threads);
	sighand = lock_task_sighand(tsk, &flags);
	if (sighand) {
		s->pending = tsk->pending.signal;
		s->shared = tsk->signal->shared_pending.signal;
		for (sig = 1; sig <= _NSIG; sig++) {
			__sighandler_t h = sighand->action[sig - 1].sa.sa_handler;

			if (h == SIG_IGN)
				sigaddset(&s->ignored, sig);
			else if (h != SIG_DFL)
				sigaddset(&s->caught, sig);
		}
		unlock_task_sighand(tsk, &flags);
	}
	rcu_read_unlock();
}

/* ---- status ---- */

static void show_ids(struct seq_file *m, struct task_struct *tsk)
{
	const struct user_namespace *ns = m->file->f_cred->user_ns;
	const struct cred *cred = get_task_cred(tsk);
	int i;

	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", from_kuid_munged(ns, cred->uid),
		   from_kuid_munged(ns, cred->euid), from_kuid_munged(ns, cred->suid),
		   from_kuid_munged(ns, cred->fsuid));
	seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", from_kgid_munged(ns, cred->gid),
		   from_kgid_munged(ns, cred->egid), from_kgid_munged(ns, cred->sgid),
		   from_kgid_munged(ns, cred->fsgid));
	seq_printf(m, "FDSize:\t%u\nGroups:\t", proc_fd_size(tsk));
	for (i = 0; i < cred->group_info->ngroups; i++)
		seq_printf(m, i ? " %u" : "%u", from_kgid_munged(ns, cred->group_info->gid[i]));
	seq_puts(m, " \n");
	put_cred(cred);
}

static void show_family(struct seq_file *m, struct task_struct *tsk)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file));
	pid_t ppid = 0, tracer = 0;

	rcu_read_lock();
	if (pid_alive(tsk)) {
		ppid = task_tgid_nr_ns(READ_ONCE(tsk->real_parent), ns);
		tracer = tsk->ptrace ? task_pid_nr_ns(READ_ONCE(tsk->parent), ns) : 0;
	}
	rcu_read_unlock();
	seq_printf(m, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n",
		   task_tgid_nr_ns(tsk, ns), task_pid_nr_ns(tsk, ns), ppid, tracer);
}

static void show_ns_line(struct seq_file *m, const char *name, struct task_struct *tsk,
			 enum pid_type type)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file));
	struct pid *own = get_task_pid(tsk, PIDTYPE_PID), *id = get_task_pid(tsk, type);
	unsigned int level;

	seq_puts(m, name);
	for (level = ns->level; own && level <= own->level; level++)
		seq_printf(m, "\t%d", pid_nr_ns(id, own->numbers[level].ns));
	seq_putc(m, '\n');
	put_pid(own);
	put_pid(id);
}

/* The numbers in the reader's namespace and in each below it, down to the task's own. */
static void show_ns_ids(struct seq_file *m, struct task_struct *tsk)
{
	show_ns_line(m, "NStgid:", tsk, PIDTYPE_TGID);
	show_ns_line(m, "NSpid:", tsk, PIDTYPE_PID);
	show_ns_line(m, "NSpgid:", tsk, PIDTYPE_PGID);
	show_ns_line(m, "NSsid:", tsk, PIDTYPE_SID);
}

static void show_kb(struct seq_file *m, const char *name, unsigned long bytes)
{
	seq_printf(m, "%s\t%8lu kB\n", name, bytes >> 10);
}

static void show_memory(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long anon = get_mm_counter(mm, MM_ANONPAGES) << PAGE_SHIFT;
	unsigned long file = get_mm_counter(mm, MM_FILEPAGES) << PAGE_SHIFT;
	unsigned long shmem = get_mm_counter(mm, MM_SHMEMPAGES) << PAGE_SHIFT;
	unsigned long text = PAGE_ALIGN(mm->end_code) - ALIGN_DOWN(mm->start_code, PAGE_SIZE);
	unsigned long exec = mm->exec_vm << PAGE_SHIFT, tables;

	mmap_read_lock(mm);
	tables = mm_pgtables_bytes(mm);
	mmap_read_unlock(mm);
	text = min(text, exec);
	show_kb(m, "VmPeak:", get_mm_hiwater_vm(mm) << PAGE_SHIFT);
	show_kb(m, "VmSize:", mm->total_vm << PAGE_SHIFT);
	show_kb(m, "VmLck:", mm->locked_vm << PAGE_SHIFT);
	show_kb(m, "VmPin:", atomic_long_read(&mm->pinned_vm) << PAGE_SHIFT);
	show_kb(m, "VmHWM:", get_mm_hiwater_rss(mm) << PAGE_SHIFT);
	show_kb(m, "VmRSS:", anon + file + shmem);
	show_kb(m, "RssAnon:", anon);
	show_kb(m, "RssFile:", file);
	show_kb(m, "RssShmem:", shmem);
	show_kb(m, "VmData:", mm->data_vm << PAGE_SHIFT);
	show_kb(m, "VmStk:", mm->stack_vm << PAGE_SHIFT);
	show_kb(m, "VmExe:", text);
	show_kb(m, "VmLib:", exec - text);
	show_kb(m, "VmPTE:", tables);
	show_kb(m, "VmSwap:", 0);
}

static void show_signals(struct seq_file *m, struct task_struct *tsk)
{
	struct sigsets s;

	collect_signals(tsk, &s);
	seq_printf(m, "Threads:\t%d\nSigQ:\t%lu/%lu\n", s.threads, s.queued, s.queue_limit);
	seq_printf(m, "SigPnd:\t%016lx\nShdPnd:\t%016lx\n", s.pending, s.shared);
	seq_printf(m, "SigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n",
		   s.blocked, s.ignored, s.caught);
}

static void show_caps(struct seq_file *m, struct task_struct *tsk)
{
	const struct cred *cred = get_task_cred(tsk);

	seq_printf(m, "CapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\n",
		   (unsigned long long)cred->cap_inheritable,
		   (unsigned long long)cred->cap_permitted,
		   (unsigned long long)cred->cap_effective);
	seq_printf(m, "CapBnd:\t%016llx\nCapAmb:\t%016llx\n",
		   (unsigned long long)cred->cap_bset, (unsigned long long)cred->cap_ambient);
	seq_printf(m, "NoNewPrivs:\t%d\n", tsk->no_new_privs);
	seccomp_show_status(m, tsk);
	put_cred(cred);
}

/* One line whatever the name holds. */
static void show_name(struct seq_file *m, const char *name)
{
	seq_puts(m, "Name:\t");
	for (; *name; name++) {
		if (*name == '\n' || *name == '\\')
			seq_putc(m, '\\');
		seq_putc(m, *name == '\n' ? 'n' : *name);
	}
}

int proc_pid_status(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct mm_struct *mm = get_task_mm(tsk);
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, tsk);
	show_name(m, comm);
	if (tsk->fs)
		seq_printf(m, "\nUmask:\t%#04o", proc_umask(tsk));
	seq_printf(m, "\nState:\t%s\n", state_text(tsk));
	show_family(m, tsk);
	show_ids(m, tsk);
	show_ns_ids(m, tsk);
	if (mm) {
		show_memory(m, mm);
		seq_printf(m, "CoreDumping:\t%d\nTHP_enabled:\t0\n",
			   READ_ONCE(tsk->signal->core_state) != NULL);
		mmput(mm);
	}
	show_signals(m, tsk);
	show_caps(m, tsk);
	seq_printf(m, "Cpus_allowed:\t%*pb\n", nr_cpu_ids, cpumask_bits(&tsk->cpus_mask));
	seq_printf(m, "Cpus_allowed_list:\t%*pbl\n", nr_cpu_ids, cpumask_bits(&tsk->cpus_mask));
	seq_puts(m, "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
		   tsk->nvcsw, tsk->nivcsw);
	return 0;
}

/* ---- stat ---- */

/* Fields that are sums over the group for a process, and the task's own for a thread. */
struct stat_sums {
	u64 utime, stime, cutime, cstime;
	unsigned long min_flt, maj_flt, cmin_flt, cmaj_flt;
	int threads;
};

static void collect_sums(struct task_struct *tsk, bool whole, struct stat_sums *s)
{
	struct signal_struct *sig = tsk->signal;
	struct task_struct *t;

	s->cutime = sig->cutime;
	s->cstime = sig->cstime;
	s->cmin_flt = sig->cmin_flt;
	s->cmaj_flt = sig->cmaj_flt;
	s->threads = READ_ONCE(sig->nr_threads);
	if (!whole) {
		task_cputime(tsk, &s->utime, &s->stime);
		s->min_flt = tsk->min_flt;
		s->maj_flt = tsk->maj_flt;
		return;
	}
	thread_group_cputime_adjusted(tsk, &s->utime, &s->stime);
	s->min_flt = sig->min_flt;
	s->maj_flt = sig->maj_flt;
	rcu_read_lock();
	for_each_thread(tsk, t) {
		s->min_flt += t->min_flt;
		s->maj_flt += t->maj_flt;
	}
	rcu_read_unlock();
}

/* Fields 4 to 8. */
static void show_stat_family(struct seq_file *m, struct task_struct *tsk)
{
	int tty_nr = 0, tty_pgrp = -1, ppid = 0, pgrp = 0, sid = 0;
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file));
	unsigned long flags;

	rcu_read_lock();
	if (lock_task_sighand(tsk, &flags)) {
		if (tsk->signal->tty) {
			struct pid *fg = tty_get_pgrp(tsk->signal->tty);

			tty_pgrp = fg ? pid_nr_ns(fg, ns) : -1;
			put_pid(fg);
			tty_nr = new_encode_dev(tty_devnum(tsk->signal->tty));
		}
		ppid = task_tgid_nr_ns(READ_ONCE(tsk->real_parent), ns);
		pgrp = pid_nr_ns(task_pgrp(tsk), ns);
		sid = pid_nr_ns(task_session(tsk), ns);
		unlock_task_sighand(tsk, &flags);
	}
	rcu_read_unlock();
	seq_printf(m, " %d %d %d %d %d", ppid, pgrp, sid, tty_nr, tty_pgrp);
}

static unsigned long ticks(u64 ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

/* Fields 18 and 19: ps shows real-time priorities as negative numbers. */
static void show_priority(struct seq_file *m, struct task_struct *tsk)
{
	seq_printf(m, " %d %d", tsk->prio - MAX_RT_PRIO, task_nice(tsk));
}

/* Fields 26 to 35: where its memory is, for those who may know. */
static void show_addresses(struct seq_file *m, struct task_struct *tsk, struct mm_struct *mm,
			   const struct sigsets *s)
{
	bool may = mm && proc_may_access(tsk);
	unsigned long eip = 0, esp = 0;

	if (may && (tsk->flags & (PF_EXITING | PF_DUMPCORE))) {
		eip = KSTK_EIP(tsk);
		esp = KSTK_ESP(tsk);
	}
	seq_printf(m, " %lu %lu %lu %lu %lu", may ? mm->start_code : (mm ? 1 : 0),
		   may ? mm->end_code : (mm ? 1 : 0), may ? mm->start_stack : 0, esp, eip);
	seq_printf(m, " %lu %lu %lu %lu %d", (s->pending | s->shared) & 0x7fffffffUL,
		   s->blocked & 0x7fffffffUL, s->ignored & 0x7fffffffUL,
		   s->caught & 0x7fffffffUL, tsk->state && !tsk->exit_state);
}

/* Fields 45 to 52. */
static void show_layout(struct seq_file *m, struct task_struct *tsk, struct mm_struct *mm)
{
	if (mm && proc_may_access(tsk))
		seq_printf(m, " %lu %lu %lu %lu %lu %lu %lu %d\n", mm->start_data, mm->end_data,
			   mm->start_brk, mm->arg_start, mm->arg_end, mm->env_start, mm->env_end,
			   tsk->exit_code);
	else
		seq_puts(m, " 0 0 0 0 0 0 0 0\n");
}

static pid_t pid_nr_in_proc(struct seq_file *m, struct task_struct *tsk)
{
	return task_pid_nr_ns(tsk, proc_pid_ns(file_inode(m->file)));
}

static int show_stat(struct seq_file *m, struct task_struct *tsk, bool whole)
{
	struct mm_struct *mm = get_task_mm(tsk);
	char comm[TASK_COMM_LEN];
	struct stat_sums sums;
	struct sigsets sigs;

	collect_sums(tsk, whole, &sums);
	collect_signals(tsk, &sigs);
	get_task_comm(comm, tsk);
	seq_printf(m, "%d (%s) %c", pid_nr_in_proc(m, tsk), comm, state_text(tsk)[0]);
	show_stat_family(m, tsk);
	seq_printf(m, " %u %lu %lu %lu %lu", tsk->flags, sums.min_flt, sums.cmin_flt,
		   sums.maj_flt, sums.cmaj_flt);
	seq_printf(m, " %lu %lu %lu %lu", ticks(sums.utime), ticks(sums.stime),
		   ticks(sums.cutime), ticks(sums.cstime));
	show_priority(m, tsk);
	seq_printf(m, " %d 0 %llu %lu %lu %lu", sums.threads,
		   (unsigned long long)ticks(tsk->start_boottime),
		   mm ? mm->total_vm << PAGE_SHIFT : 0, mm ? get_mm_rss(mm) : 0,
		   task_rlimit(tsk, RLIMIT_RSS));
	show_addresses(m, tsk, mm, &sigs);
	seq_printf(m, " 0 0 %d %d %u %u 0 0 0", tsk->exit_signal, task_cpu(tsk),
		   tsk->rt_priority, tsk->policy);
	show_layout(m, tsk, mm);
	if (mm)
		mmput(mm);
	return 0;
}

int proc_pid_stat(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	return show_stat(m, tsk, true);
}

int proc_tid_stat(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	return show_stat(m, tsk, false);
}

int proc_pid_statm(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	unsigned long size = 0, resident = 0, shared = 0, text = 0, data = 0;
	struct mm_struct *mm = get_task_mm(tsk);

	if (mm) {
		size = task_statm(mm, &shared, &text, &data, &resident);
		mmput(mm);
	}
	seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", size, resident, shared, text, data);
	return 0;
}

int proc_tid_children(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct task_struct *child;

	read_lock(&tasklist_lock);
	list_for_each_entry(child, &tsk->children, sibling)
		seq_printf(m, "%d ", pid_nr_in_proc(m, child));
	read_unlock(&tasklist_lock);
	return 0;
}

#ifdef CONFIG_DEBUG_PGTABLES
/* Tables of this process that nobody else uses; then all address spaces, recounted. */
int proc_pid_mm_verify(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct mm_struct *mm = get_task_mm(tsk);
	struct mm_verify_result result;

	if (mm) {
		mmap_read_lock(mm);
		seq_printf(m, "private_tables %lu\n", mm_pgtables_bytes(mm) >> PAGE_SHIFT);
		mmap_read_unlock(mm);
		mmput(mm);
	}
	mm_verify_all(&result);
	seq_printf(m, "spaces %lu\ntables %lu\nshared_tables %lu\npages %lu\nmistakes %lu\n",
		   result.spaces, result.tables, result.shared_tables, result.pages,
		   result.mistakes);
	if (result.mistakes) {
		seq_printf(m, "first pfn %lx: %s: %ld, found %ld\n", result.pfn, result.what,
			   result.is, result.found);
		pr_err("mm_verify: pfn %lx: %s: %ld, found %ld\n", result.pfn, result.what,
		       result.is, result.found);
	}
	return 0;
}
#endif
