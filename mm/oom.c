// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory: choose the process whose death wins most, say so, kill it, and take its private
 * memory back at once. oom_lock admits one chooser; waiters sleep and try again.
 */
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/signal.h>
#include <linux/wait.h>
#include "internal.h"

#define RETRY_NS	10000000L	/* between tries while a victim goes */
#define PATIENCE	500		/* tries before the next one is chosen */

static DEFINE_MUTEX(oom_lock);
static atomic_t victims;		/* chosen and not gone yet */
static unsigned int waited;		/* oom_lock: tries since the last kill */

int sysctl_panic_on_oom;
int sysctl_oom_kill_allocating_task;
int sysctl_oom_dump_tasks = 1;

bool tsk_is_oom_victim(struct task_struct *tsk)
{
	return test_tsk_thread_flag(tsk, TIF_MEMDIE);
}

static void mark_victim(struct task_struct *tsk)
{
	if (!test_and_set_tsk_thread_flag(tsk, TIF_MEMDIE))
		atomic_inc(&victims);
}

void exit_oom_victim(struct task_struct *tsk)
{
	if (likely(!tsk_is_oom_victim(tsk)))
		return;
	clear_tsk_thread_flag(tsk, TIF_MEMDIE);
	atomic_dec(&victims);
}

/* ---- whom ---- */

/* A thread of @p that still has the memory, or NULL. RCU read side. */
static struct task_struct *thread_with_mm(struct task_struct *p)
{
	struct task_struct *t;

	for_each_thread(p, t)
		if (READ_ONCE(t->mm))
			return t;
	return NULL;
}

static bool unkillable(struct task_struct *p)
{
	return is_global_init(p) || (p->flags & PF_KTHREAD);
}

/* Resident memory that only mappings keep alive: of shared areas without a file's name. */
static unsigned long nameless_shared(struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	unsigned long pages = 0;

	if (!get_mm_counter(mm, MM_SHMEMPAGES) || !mmap_read_trylock(mm))
		return 0;
	for_each_vma_of(mm, vma)
		if (vma_is_anon_shmem(vma))
			pages += vma_pages(vma);
	mmap_read_unlock(mm);
	return min(pages, get_mm_counter(mm, MM_SHMEMPAGES));
}

/* Page tables that @mm alone uses; 0 when somebody is changing them. */
static unsigned long table_bytes(struct mm_struct *mm)
{
	unsigned long bytes;

	if (!mmap_read_trylock(mm))
		return 0;
	bytes = mm_pgtables_bytes(mm);
	mmap_read_unlock(mm);
	return bytes;
}

/* Pages that @mm would give back. Files live in memory whoever maps them: they do not count. */
static unsigned long mm_weight(struct mm_struct *mm)
{
	return get_mm_counter(mm, MM_ANONPAGES) + nameless_shared(mm) +
	       table_bytes(mm) / PAGE_SIZE;
}

/* A vfork child runs on its parent's memory: what counts is the parent. */
static bool in_vfork(struct task_struct *tsk)
{
	struct task_struct *parent = rcu_dereference(tsk->real_parent);

	return READ_ONCE(tsk->vfork_done) && parent && parent->mm == tsk->mm;
}

long oom_badness(struct task_struct *tsk, unsigned long totalpages)
{
	long points = LONG_MIN, adj;
	struct task_struct *t;

	if (unkillable(tsk))
		return LONG_MIN;
	t = thread_with_mm(tsk);
	if (!t)
		return LONG_MIN;
	task_lock(t);
	adj = tsk->signal->oom_score_adj;
	if (t->mm && adj != OOM_SCORE_ADJ_MIN && !in_vfork(t) &&
	    !(t->mm->flags & (1UL << MMF_OOM_SKIP)))
		points = (long)mm_weight(t->mm) + adj * (long)(totalpages / 1000);
	task_unlock(t);
	return points;
}

unsigned long oom_score(struct task_struct *tsk)
{
	unsigned long total = totalram_pages();
	long badness = oom_badness(tsk, total);

	if (badness == LONG_MIN)
		return 0;
	return max((1000 + badness * 1000 / (long)total) * 2 / 3, 0L);
}

/* With a reference, or NULL. */
static struct task_struct *select_victim(void)
{
	struct task_struct *p, *chosen = NULL;
	long points, most = LONG_MIN;

	rcu_read_lock();
	for_each_process(p) {
		points = oom_badness(p, totalram_pages());
		if (points > most) {
			most = points;
			chosen = p;
		}
	}
	if (chosen)
		get_task_struct(chosen);
	rcu_read_unlock();
	return chosen;
}

/* ---- the kill ---- */

static void announce(gfp_t gfp, unsigned int order)
{
	struct task_struct *p;

	pr_warn("%s invoked oom-killer: gfp_mask=0x%x, order=%u, oom_score_adj=%d\n",
		current->comm, gfp, order, current->signal->oom_score_adj);
	pr_info("Mem: %lu KiB total, %lu free, %lu anon, %lu cache, %lu slab, %lu tables\n",
		totalram_pages() * 4, nr_free_pages() * 4, global_page_state(NR_ANON_MAPPED) * 4,
		global_page_state(NR_FILE_PAGES) * 4, global_page_state(NR_SLAB) * 4,
		global_page_state(NR_PAGETABLE) * 4);
	if (!sysctl_oom_dump_tasks)
		return;
	pr_info("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes oom_score_adj name\n");
	rcu_read_lock();
	for_each_process(p) {
		struct task_struct *t = thread_with_mm(p);

		if (unkillable(p) || !t)
			continue;
		task_lock(t);
		if (t->mm)
			pr_info("[%7d] %5d %5d %8lu %8lu %14lu %13d %s\n", p->pid,
				p->cred->uid, p->tgid, t->mm->total_vm, get_mm_rss(t->mm),
				table_bytes(t->mm), p->signal->oom_score_adj, p->comm);
		task_unlock(t);
	}
	rcu_read_unlock();
}

/*
 * Take the private memory of a dying address space without waiting for its tasks. They get SIGBUS
 * for it from now on, so that no zeroes are taken for data. Context: mmap_lock held for reading.
 */
void oom_reap_mm(struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	struct mmu_gather tlb;

	__atomic_fetch_or(&mm->flags, 1UL << MMF_UNSTABLE, __ATOMIC_SEQ_CST);
	/* A few tables of the reserve, for all that hangs below them. */
	if (pt_unfold(mm, GFP_ATOMIC | __GFP_NOWARN))
		return;
	tlb_gather_mmu(&tlb, mm, false);
	for_each_vma_of(mm, vma)
		if (vma_is_anonymous(vma) && !(vma->vm_flags & (VM_PFNMAP | VM_SHARED)))
			pt_zap_range(&tlb, vma->vm_start, vma->vm_end, ZAP_OWN_ONLY);
	tlb_finish_mmu(&tlb);
}

/* Everybody who runs in @mm must die, or nothing is won. False: somebody there may not. */
static bool kill_users(struct mm_struct *mm)
{
	struct task_struct *p, *t;
	bool all = true;

	rcu_read_lock();
	for_each_process(p) {
		t = thread_with_mm(p);
		if (!t || READ_ONCE(t->mm) != mm)
			continue;
		if (unkillable(p))
			all = false;
		else
			do_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
	}
	rcu_read_unlock();
	return all;
}

static void kill_victim(struct task_struct *victim, const char *why)
{
	struct task_struct *t;
	struct mm_struct *mm = NULL;

	rcu_read_lock();
	t = thread_with_mm(victim);
	if (t) {
		task_lock(t);
		mm = t->mm;
		if (mm) {
			mmget(mm);
			mark_victim(t);
		}
		task_unlock(t);
	}
	rcu_read_unlock();
	if (!mm)
		return;
	waited = 0;
	pr_err("%s: Killed process %d (%s) total-vm:%lukB, anon-rss:%lukB, file-rss:%lukB, "
	       "shmem-rss:%lukB, UID:%u pgtables:%lukB oom_score_adj:%d\n",
	       why, victim->pid, victim->comm, mm->total_vm * 4,
	       get_mm_counter(mm, MM_ANONPAGES) * 4, get_mm_counter(mm, MM_FILEPAGES) * 4,
	       get_mm_counter(mm, MM_SHMEMPAGES) * 4, victim->cred->uid,
	       table_bytes(mm) / 1024, victim->signal->oom_score_adj);
	vm_stat_inc(OOM_KILL);
	if (kill_users(mm)) {
		if (mmap_read_trylock(mm)) {
			oom_reap_mm(mm);
			mmap_read_unlock(mm);
		}
	} else {
		__atomic_fetch_or(&mm->flags, 1UL << MMF_OOM_SKIP, __ATOMIC_SEQ_CST);
	}
	mmput_async(mm);
}

/* A victim that does not go in time is passed over from now on. */
static void give_up_on_victims(void)
{
	struct task_struct *p, *t;

	rcu_read_lock();
	for_each_process_thread(p, t) {
		if (!tsk_is_oom_victim(t))
			continue;
		task_lock(t);
		if (t->mm)
			__atomic_fetch_or(&t->mm->flags, 1UL << MMF_OOM_SKIP, __ATOMIC_SEQ_CST);
		task_unlock(t);
	}
	rcu_read_unlock();
}

/* oom_lock held. False: there is nobody left to kill. */
static bool choose_and_kill(gfp_t gfp, unsigned int order)
{
	struct task_struct *victim;

	if (sysctl_panic_on_oom)
		panic("Out of memory: vm.panic_on_oom is set");
	announce(gfp, order);
	if (sysctl_oom_kill_allocating_task && current->mm && !unkillable(current) &&
	    current->signal->oom_score_adj != OOM_SCORE_ADJ_MIN)
		victim = get_task_struct(current->group_leader);
	else
		victim = select_victim();
	if (!victim)
		return false;
	kill_victim(victim, "Out of memory");
	put_task_struct(victim);
	return true;
}

static bool current_is_dying(void)
{
	return current->mm && (fatal_signal_pending(current) || (current->flags & PF_EXITING));
}

bool out_of_memory(gfp_t gfp, unsigned int order)
{
	bool progress = true;

	/* A dying task frees more by dying than anybody else could. */
	if (current_is_dying()) {
		mark_victim(current);
		return true;
	}
	if (mutex_trylock(&oom_lock)) {
		if (atomic_read(&victims) && waited++ < PATIENCE) {
			mutex_unlock(&oom_lock);
			schedule_timeout_killable_ns(RETRY_NS);
			return true;
		}
		if (atomic_read(&victims))
			give_up_on_victims();
		progress = choose_and_kill(gfp, order);
		mutex_unlock(&oom_lock);
		if (!progress && !(gfp & __GFP_NORETRY))
			panic("Out of memory and no process left to kill; "
			      "give the machine more memory (qemu -m)");
	}
	if (!tsk_is_oom_victim(current) && !fatal_signal_pending(current))
		schedule_timeout_killable_ns(RETRY_NS / 10);
	return progress;
}

/*
 * The allocator has killed for an ordinary page already; what still comes here was refused for
 * another reason, and killing for it would help nobody. The access is tried again, as on Linux.
 */
void pagefault_out_of_memory(void)
{
	if (!fatal_signal_pending(current))
		cond_resched();
}
