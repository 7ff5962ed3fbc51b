// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folded page tables met by those who cannot wait until their owner has unfolded them by a fault:
 * exec half-way, truncation, the OOM killer, /proc.
 */
#include <linux/binfmts.h>
#include <linux/fork.h>
#include <linux/oom.h>
#include "../pgtable.h"

#define BASE	0x20000000UL
#define NPAGES	150		/* more than are freed at once */
#define RW	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

static void write_byte(struct selftest_ctx *t, struct mm_struct *mm, unsigned long addr, u8 value)
{
	KT_EXPECT_EQ(access_remote_vm(mm, addr, &value, 1, FOLL_WRITE), 1);
}

static int read_byte(struct mm_struct *mm, unsigned long addr)
{
	u8 value;

	return access_remote_vm(mm, addr, &value, 1, 0) == 1 ? value : -1;
}

static void fold_mm(struct selftest_ctx *t, struct mm_struct *mm)
{
	mmap_write_lock(mm);
	KT_EXPECT_EQ(pt_fold(mm), 1);
	mmap_write_unlock(mm);
}

/* NPAGES pages, each with its number in it, and folded; NULL: no memory. */
static struct mm_struct *folded_mm(struct selftest_ctx *t)
{
	struct mm_struct *mm = mm_alloc();
	unsigned long i;

	if (!mm)
		return NULL;
	mmap_write_lock(mm);
	KT_EXPECT_EQ(mmap_region(mm, NULL, BASE, NPAGES * PAGE_SIZE, RW, 0), BASE);
	mmap_write_unlock(mm);
	for (i = 0; i < NPAGES; i++)
		write_byte(t, mm, BASE + i * PAGE_SIZE, i + 1);
	fold_mm(t, mm);
	return mm;
}

/* The arguments' pages are there when exec gives the stack its place and its permissions. */
SELFTEST(fold, exec_half_way)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	unsigned long shift, addr;
	struct page *page;
	struct pt_path path;

	KT_ASSERT(mm);
	vma = mm_stack_setup(mm);
	KT_ASSERT(!IS_ERR(vma));
	addr = vma->vm_end - 8;
	page = get_arg_page(mm, addr, 1);
	KT_ASSERT(page);
	put_page(page);
	write_byte(t, mm, addr, 5);
	fold_mm(t, mm);
	KT_EXPECT_EQ(setup_arg_pages(mm, vma, vma->vm_end - 64 * PAGE_SIZE, EXSTACK_ENABLE_X,
				     &shift), 0);
	KT_EXPECT_EQ(read_byte(mm, addr - shift), 5);
	mmap_read_lock(mm);
	KT_EXPECT(pt_lookup(mm, addr - shift, &path) && !(pte_val(*path.pte) & _PAGE_NX));
	mmap_read_unlock(mm);
	mmput(mm);
}

/* In place, and without memory; an entry that is gone does not come back. */
SELFTEST(fold, zap_in_place)
{
	struct mm_struct *mm = folded_mm(t);
	unsigned long anon = global_page_state(NR_ANON_MAPPED);
	unsigned long i;

	KT_ASSERT(mm);
	mmap_read_lock(mm);
	KT_EXPECT(pt_zap_folded(mm, BASE, BASE + NPAGES * PAGE_SIZE, ZAP_CACHE_ONLY));
	KT_EXPECT_EQ(get_mm_rss(mm), NPAGES);
	KT_EXPECT(pt_zap_folded(mm, BASE + 2 * PAGE_SIZE, BASE + 109 * PAGE_SIZE, ZAP_EVEN_COWS));
	KT_EXPECT(mm->folded);
	mmap_read_unlock(mm);
	KT_EXPECT_EQ(get_mm_rss(mm), NPAGES - 107);
	KT_EXPECT_EQ(global_page_state(NR_ANON_MAPPED), anon - 107);
	for (i = 0; i < NPAGES; i++)
		KT_EXPECT_EQ(read_byte(mm, BASE + i * PAGE_SIZE), i >= 2 && i < 109 ? 0 : i + 1);
	KT_EXPECT_EQ(pt_verify(mm), 0);
	KT_EXPECT(!pt_zap_folded(mm, BASE, BASE + PAGE_SIZE, ZAP_EVEN_COWS));
	/* Once more to the end of an mm whose list has holes. */
	fold_mm(t, mm);
	mmap_read_lock(mm);
	KT_EXPECT(pt_zap_folded(mm, BASE, BASE + PAGE_SIZE, ZAP_EVEN_COWS));
	mmap_read_unlock(mm);
	mmput(mm);
	KT_EXPECT_EQ(global_page_state(NR_ANON_MAPPED), anon - NPAGES);
}

/* What others share must be parted first: that takes tables. */
SELFTEST(fold, zap_refuses_shared)
{
	static const struct kernel_clone_args args;
	struct task_struct *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct task_struct *b = kzalloc(sizeof(*b), GFP_KERNEL);
	struct fork_ctx fc = { .args = &args, .parent = a, .child = b };
	int pages = sysctl_fork_copy_pages, on = sysctl_shared_pgtables;

	KT_ASSERT(a && b);
	a->mm = folded_mm(t);
	KT_ASSERT(a->mm);
	sysctl_fork_copy_pages = 0;
	sysctl_shared_pgtables = 1;
	KT_EXPECT_EQ(copy_mm(&fc), 0);
	sysctl_fork_copy_pages = pages;
	sysctl_shared_pgtables = on;
	fold_mm(t, b->mm);
	mmap_read_lock(b->mm);
	KT_EXPECT(!IS_ENABLED(CONFIG_SHARED_PGTABLES) ||
		  !pt_zap_folded(b->mm, BASE, BASE + PAGE_SIZE, ZAP_EVEN_COWS));
	mmap_read_unlock(b->mm);
	KT_EXPECT_EQ(read_byte(b->mm, BASE), 1);
	exit_mm(a);
	fold_mm(t, b->mm);
	exit_mm(b);
	kfree(a);
	kfree(b);
}

/* A victim's memory goes, asleep or not. */
SELFTEST(fold, oom_reaps)
{
	struct mm_struct *mm = folded_mm(t);

	KT_ASSERT(mm);
	mmap_read_lock(mm);
	oom_reap_mm(mm);
	mmap_read_unlock(mm);
	KT_EXPECT_EQ(get_mm_rss(mm), 0);
	mmput(mm);
}

SELFTEST(fold, size_is_told)
{
	struct mm_struct *mm = folded_mm(t);

	KT_ASSERT(mm);
	mmap_read_lock(mm);
	KT_EXPECT(mm_pgtables_bytes(mm) >= NPAGES * sizeof(u64));
	KT_EXPECT(mm_pgtables_bytes(mm) < PAGE_SIZE);
	KT_EXPECT_EQ(pt_unfold(mm, GFP_KERNEL), 0);
	KT_EXPECT_EQ(mm_pgtables_bytes(mm), 3 * PAGE_SIZE);
	mmap_read_unlock(mm);
	mmput(mm);
}
