// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an address space: made by exec, copied or shared by fork, left by exit. mm_users
 * counts those who run in it or look at it, mm_count those who only keep the structure.
 */
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/aio.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <linux/oom.h>
#include <linux/workqueue.h>
#include <asm/mmu_context.h>
#include "internal.h"

/* Up to so many resident pages of files are mapped in the child as well. */
#define FORK_COPY_FILE_PAGES	128

struct kmem_cache *vm_area_cachep;
struct kmem_cache *mm_cachep;

struct mm_struct init_mm = {
	.pgd = swapper_pg_dir,
	.mm_users = ATOMIC_INIT(2),
	.mm_count = ATOMIC_INIT(2),	/* for ever, and the boot task runs on it */
	.mm_rb = RB_ROOT,
};

void __init mm_caches_init(void)
{
	vm_area_cachep = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct), 0,
					   SLAB_PANIC, NULL);
	mm_cachep = kmem_cache_create("mm_struct", sizeof(struct mm_struct), 0,
				      SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	init_rwsem(&init_mm.mmap_lock, LOCK_RANK_MMAP);
	spin_lock_init(&init_mm.arg_lock);
}

/* ---- areas ---- */

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_zalloc(vm_area_cachep, GFP_KERNEL);

	if (vma)
		vma->vm_mm = mm;
	return vma;
}

/* A copy that is in no tree and holds no reference to the file. */
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL);

	if (!vma)
		return NULL;
	*vma = *orig;
	vma->vm_next = vma->vm_prev = NULL;
	anon_name_get(vma->anon_name);
	mpol_get(vma->vm_policy);
	return vma;
}

void vm_area_free(struct vm_area_struct *vma)
{
	anon_name_put(vma->anon_name);
	mpol_put(vma->vm_policy);
	kmem_cache_free(vm_area_cachep, vma);
}

/* ---- making and freeing ---- */

static bool mm_init_one(struct mm_struct *mm)
{
	mm->pgd = pgd_alloc(GFP_KERNEL);
	if (!mm->pgd)
		return false;
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_lock, LOCK_RANK_MMAP);
	spin_lock_init(&mm->arg_lock);
	mm->mm_rb = RB_ROOT;
	mm_verify_init(mm);
	return true;
}

/**
 * mm_alloc() - an empty address space
 *
 * Context: sleeps.
 * Return: the mm with one user, or NULL.
 */
struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_zalloc(mm_cachep, GFP_KERNEL);

	if (!mm)
		return NULL;
	if (!mm_init_one(mm)) {
		kmem_cache_free(mm_cachep, mm);
		return NULL;
	}
	mm->flags = current->mm ? current->mm->flags & MMF_INIT_MASK : MMF_DUMP_FILTER_DEFAULT;
	mm->mmap_base = TASK_SIZE;
	mm->mmap_topdown = true;
	mm->task_size = TASK_SIZE;
	mm->user_ns = get_user_ns(current_user_ns());
	mm_verify_add(mm);
	return mm;
}

/* The last of mm_count: nobody, not even a lazy CPU, has it any more. */
void __mmdrop(struct mm_struct *mm)
{
	ASSERT(mm != &init_mm && mm != current->mm && !mm->mmap);
	mm_verify_remove(mm);
	pgd_free(mm->pgd);
	put_user_ns(mm->user_ns);
	kmem_cache_free(mm_cachep, mm);
}

static void __mmput(struct mm_struct *mm)
{
	ASSERT(!atomic_read(&mm->mm_users));
	if (unlikely(!hlist_empty(&mm->aio_contexts)))
		__exit_aio(mm);
	exit_mmap(mm);
	set_mm_exe_file(mm, NULL);
	mmdrop(mm);
}

void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (atomic_dec_and_test(&mm->mm_users))
		__mmput(mm);
}

static void mmput_worker(struct work_struct *work)
{
	__mmput(container_of(work, struct mm_struct, async_put));
}

/* As mmput(), where the caller must not do the tearing down itself. Any context. */
void mmput_async(struct mm_struct *mm)
{
	if (atomic_dec_and_test(&mm->mm_users)) {
		INIT_WORK(&mm->async_put, mmput_worker);
		schedule_work(&mm->async_put);
	}
}

struct mm_struct *get_task_mm(struct task_struct *tsk)
{
	struct mm_struct *mm;

	task_lock(tsk);
	mm = tsk->mm;
	if (mm && !(tsk->flags & PF_KTHREAD))
		mmget(mm);
	else
		mm = NULL;
	task_unlock(tsk);
	return mm;
}

int mmap_read_lock_killable(struct mm_struct *mm)
{
	return down_read_killable(&mm->mmap_lock);
}

int mmap_write_lock_killable(struct mm_struct *mm)
{
	return down_write_killable(&mm->mmap_lock);
}

/* ---- the executable ---- */

/* No other user of @mm yet, or none left. */
void set_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file)
{
	struct file *old = mm->exe_file;

	if (new_exe_file) {
		get_file(new_exe_file);
		/* exec opened it so; it stays unwritable while it runs */
		WARN_ON(deny_write_access(new_exe_file));
	}
	rcu_assign_pointer(mm->exe_file, new_exe_file);
	if (old) {
		allow_write_access(old);
		fput(old);
	}
}

/* PR_SET_MM_EXE_FILE. 0, -ETXTBSY, -EBUSY while the old one is mapped. */
int replace_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file)
{
	struct vm_area_struct *vma;
	struct file *old;
	int err = 0;

	mmap_read_lock(mm);
	for_each_vma_of(mm, vma)
		if (mm->exe_file && vma->vm_file &&
		    file_inode(vma->vm_file) == file_inode(mm->exe_file))
			err = -EBUSY;
	mmap_read_unlock(mm);
	if (err)
		return err;
	err = deny_write_access(new_exe_file);
	if (err)
		return -EACCES;
	old = xchg(&mm->exe_file, get_file(new_exe_file));
	if (old) {
		mmap_read_lock(mm);
		allow_write_access(old);
		fput(old);
		mmap_read_unlock(mm);
	}
	return 0;
}

struct file *get_mm_exe_file(struct mm_struct *mm)
{
	struct file *file;

	rcu_read_lock();
	file = rcu_dereference(mm->exe_file);
	if (file && !get_file_rcu(file))
		file = NULL;
	rcu_read_unlock();
	return file;
}

struct file *get_task_exe_file(struct task_struct *tsk)
{
	struct mm_struct *mm = get_task_mm(tsk);
	struct file *file;

	if (!mm)
		return NULL;
	file = get_mm_exe_file(mm);
	mmput(mm);
	return file;
}

int suid_dumpable;

int get_dumpable(struct mm_struct *mm)
{
	return READ_ONCE(mm->flags) & MMF_DUMPABLE_MASK;
}

void set_dumpable(struct mm_struct *mm, int value)
{
	unsigned long old = READ_ONCE(mm->flags);

	if (WARN_ON((unsigned int)value > SUID_DUMP_ROOT))
		return;
	while (!try_cmpxchg(&mm->flags, &old, (old & ~MMF_DUMPABLE_MASK) | value))
		;
}

/* ---- fork ---- */

/* One area of the parent's for the child; NULL: -ENOMEM. */
static struct vm_area_struct *dup_area(struct mm_struct *mm, struct vm_area_struct *orig)
{
	struct vm_area_struct *vma = vm_area_dup(orig);

	if (!vma)
		return NULL;
	vma->vm_mm = mm;
	vma->vm_flags &= ~VM_LOCKED_MASK;
	if (vma->vm_flags & VM_WIPEONFORK)
		vma->vm_has_anon = false;
	if (vma->vm_file)
		get_file(vma->vm_file);
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	return vma;
}

/*
 * Is there anything that faults could not bring back? @few_pages: what they could costs less to
 * copy than the one fault on its own code that the child is sure to take.
 */
static bool wants_entries(const struct vm_area_struct *vma, bool few_pages)
{
	if (vma->vm_flags & VM_WIPEONFORK)
		return false;
	return vma->vm_has_anon || (vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) ||
	       (few_pages && vma->vm_file);
}

/* The promise of memory is made again for the child, in full. */
static int charge_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_ACCOUNT ? security_vm_enough_memory(mm, vma_pages(vma)) : 0;
}

static void skip_area(struct mm_struct *mm, struct vm_area_struct *orig)
{
	vm_stat_account(mm, orig->vm_flags, -(long)vma_pages(orig));
}

/*
 * Both mmap_locks are held for writing. What was made so far is consistent at each return, but is
 * not in the tree yet.
 * @copy: page tables too   @last: out, the last area
 */
static int dup_areas(struct mm_struct *mm, struct mm_struct *oldmm, bool copy, bool *changed,
		     struct vm_area_struct **last)
{
	bool few_pages = get_mm_counter(oldmm, MM_FILEPAGES) <= FORK_COPY_FILE_PAGES;
	struct vm_area_struct *orig, *vma;
	int err;

	for (orig = oldmm->mmap; orig; orig = orig->vm_next) {
		if (unlikely(orig->vm_flags & VM_DONTCOPY)) {
			skip_area(mm, orig);
			continue;
		}
		if (unlikely(fatal_signal_pending(current)))
			return -EINTR;
		if (charge_area(mm, orig))
			return -ENOMEM;
		vma = dup_area(mm, orig);
		if (unlikely(!vma)) {
			if (orig->vm_flags & VM_ACCOUNT)
				vm_unacct_memory(vma_pages(orig));
			return -ENOMEM;
		}
		vma_list_append(mm, vma, *last);
		*last = vma;
		/* Truncation visits the parent's area first: it misses no entry on its way. */
		vma_link_file(vma, orig);
		err = copy && wants_entries(orig, few_pages) ? pt_copy_range(mm, orig, changed) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* What the child must not have of the tables that it shares. 0 or -ENOMEM. */
static int punch_holes(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *vma;
	struct mmu_gather tlb;
	int err;

	for_each_vma_of(oldmm, vma) {
		if (likely(!(vma->vm_flags & (VM_DONTCOPY | VM_WIPEONFORK))))
			continue;
		err = pt_own_edges(mm, vma->vm_start, vma->vm_end, vma->vm_start, vma->vm_end,
				   GFP_USER);
		if (err)
			return err;
		tlb_gather_mmu(&tlb, mm, true);
		pt_unmap_range(&tlb, vma->vm_start, vma->vm_end, vma->vm_start, vma->vm_end);
		tlb_finish_mmu(&tlb);
	}
	return 0;
}

/* All areas are there: give @mm the parent's tables. 0 or -ENOMEM. */
static int share_tables(struct mm_struct *mm, struct mm_struct *oldmm)
{
	pt_share_all(mm, oldmm);
	return punch_holes(mm, oldmm);
}

/*
 * Both sides write to their stack and to what the thread pointer points at (libc's thread, with its
 * number) as soon as they run. A copy now costs less than a fault of each later. A sibling thread
 * could write while the page is copied: then faults must do it, after the flush.
 */
static void copy_written_pages(struct mm_struct *mm, struct mm_struct *oldmm)
{
	if (atomic_read(&oldmm->mm_users) != 1)
		return;
	pt_copy_page(mm, oldmm, user_stack_pointer(task_pt_regs(current)));
	pt_copy_page(mm, oldmm, user_thread_pointer(current));
}

static int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *last = NULL;
	bool changed = false, share;
	int err;

	if (down_write_killable(&oldmm->mmap_lock))
		return -EINTR;
	if (unlikely(pt_unfold(oldmm, GFP_KERNEL))) {
		up_write(&oldmm->mmap_lock);
		return -ENOMEM;
	}
	down_write_nested(&mm->mmap_lock, 1);
	*(struct mm_stat *)&mm->total_vm = *(struct mm_stat *)&oldmm->total_vm;
	mm->locked_vm = 0;
	share = pt_worth_sharing(oldmm);
	err = dup_areas(mm, oldmm, !share, &changed, &last);
	vma_tree_build(mm, last);
	if (share && !err) {
		err = share_tables(mm, oldmm);
		changed = true;
	} else if (!err) {
		copy_written_pages(mm, oldmm);
	}
	/* What was only half made is put down at once: nobody shall meet it. */
	if (unlikely(err))
		pt_drop_all(mm, true);
	up_write(&mm->mmap_lock);
	if (likely(!err))
		mm_verify_add(mm);
	if (changed)
		flush_tlb_mm(oldmm);
	up_write(&oldmm->mmap_lock);
	return err;
}

/* What a child's address space takes over as it is. */
static void inherit_layout(struct mm_struct *mm, const struct mm_struct *oldmm)
{
	mm->mmap_base = oldmm->mmap_base;
	mm->mmap_topdown = oldmm->mmap_topdown;
	mm->task_size = oldmm->task_size;
	mm->start_code = oldmm->start_code;
	mm->end_code = oldmm->end_code;
	mm->start_data = oldmm->start_data;
	mm->end_data = oldmm->end_data;
	mm->start_brk = oldmm->start_brk;
	mm->brk = oldmm->brk;
	mm->start_stack = oldmm->start_stack;
	mm->arg_start = oldmm->arg_start;
	mm->arg_end = oldmm->arg_end;
	mm->env_start = oldmm->env_start;
	mm->env_end = oldmm->env_end;
	memcpy(mm->saved_auxv, oldmm->saved_auxv, sizeof(mm->saved_auxv));
	mm->binfmt = oldmm->binfmt;
	mm->flags = oldmm->flags & MMF_INIT_MASK;
	mm->context.vdso = oldmm->context.vdso;
	mm->user_ns = get_user_ns(oldmm->user_ns);
}

/**
 * copy_mm() - fork: a copy of the parent's address space
 * @fc: the fork; kernel threads have none to copy
 *
 * Context: sleeps.
 * Return: 0, -ENOMEM, -EINTR when a fatal signal came.
 */
int copy_mm(struct fork_ctx *fc)
{
	struct mm_struct *oldmm = fc->parent->mm, *mm;
	struct file *exe;
	int err;

	if (!oldmm || (fc->parent->flags & PF_KTHREAD) || fc->args->fn)
		return 0;
	mm = kmem_cache_zalloc(mm_cachep, GFP_KERNEL);
	if (!mm)
		return -ENOMEM;
	if (!mm_init_one(mm)) {
		kmem_cache_free(mm_cachep, mm);
		return -ENOMEM;
	}
	/* From here on the child's exit_mm() frees it, finished or not. */
	fc->child->mm = mm;
	fc->child->active_mm = mm;
	inherit_layout(mm, oldmm);
	exe = get_mm_exe_file(oldmm);
	if (exe) {
		set_mm_exe_file(mm, exe);
		fput(exe);
	}
	err = dup_mmap(mm, oldmm);
	if (err)
		return err;
	mm->hiwater_rss = get_mm_rss(mm);
	mm->hiwater_vm = mm->total_vm;
	kfold_notice();
	return 0;
}

/* CLONE_VM: one address space for both. */
int share_mm(struct fork_ctx *fc)
{
	struct mm_struct *mm = fc->parent->mm;

	if (!mm || fc->args->fn)
		return 0;
	mmget(mm);
	fc->child->mm = mm;
	fc->child->active_mm = mm;
	return 0;
}

/**
 * exit_mm() - @tsk gives its address space up
 * @tsk: a dying task (current), or a fork that failed and never ran
 *
 * Context: sleeps.
 */
void exit_mm(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->mm;

	if (!mm)
		return;
	if (tsk->on_cpu) {
		/* It goes on without a user space; the CPU keeps the tables, lazily. */
		mmgrab(mm);
		task_lock(tsk);
		tsk->mm = NULL;
		enter_lazy_tlb(mm, tsk);
		task_unlock(tsk);
	} else {
		tsk->mm = NULL;
		tsk->active_mm = NULL;
	}
	mmput(mm);
	exit_oom_victim(tsk);
}

/* ---- exec ---- */

int exec_mmap(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old = tsk->mm, *active = tsk->active_mm;

	if (old && mmap_read_lock_killable(old))
		return -EINTR;
	task_lock(tsk);
	local_irq_disable();
	tsk->mm = mm;
	tsk->active_mm = mm;
	activate_mm(active, mm);
	local_irq_enable();
	task_unlock(tsk);
	if (old) {
		mmap_read_unlock(old);
		if (tsk->signal->maxrss < get_mm_hiwater_rss(old))
			tsk->signal->maxrss = get_mm_hiwater_rss(old);
		mmput(old);
		return 0;
	}
	mmdrop(active);
	return 0;
}
