// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of page tables and copy on write through the real copy_mm() and exit_mm(): a family of
 * three address spaces, each page's references and contents after every step. Once more with the
 * tables of all of them folded before every step.
 */
#include <linux/fork.h>
#include "../pgtable.h"

#define BASE	0x20000000UL
#define NPAGES	8
#define RW	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

enum member { A, B, C, NR_MEMBERS };
enum action { WRITE_ALL, UNMAP_ALL, EXIT, WRITE_HALF, NR_ACTIONS };

struct family {
	struct task_struct *task[NR_MEMBERS];
	u8 value[NR_MEMBERS][NPAGES];	/* what each must read; 0 when it has no page */
	bool gone[NR_MEMBERS];
	bool folds;			/* put all tables away before each step */
};

static void write_byte(struct selftest_ctx *t, struct mm_struct *mm, unsigned int page, u8 value)
{
	KT_EXPECT_EQ(access_remote_vm(mm, BASE + page * PAGE_SIZE + 100, &value, 1, FOLL_WRITE), 1);
}

static struct page *page_at(struct mm_struct *mm, unsigned int page)
{
	pte_t pte = pt_peek(mm, BASE + page * PAGE_SIZE);

	return pte_none(pte) ? NULL : pte_page(pte);
}

/* The last-level table of the test's memory, or NULL. */
static struct page *leaf_of(struct mm_struct *mm)
{
	unsigned long addr = BASE;
	struct pt_path path;

	return pt_next_leaf(mm, &addr, BASE + PAGE_SIZE, &path) ? path.leaf : NULL;
}

/* A child of @parent that never runs. */
static struct task_struct *fork_of(struct selftest_ctx *t, struct task_struct *parent)
{
	static const struct kernel_clone_args args;
	struct task_struct *child = kzalloc(sizeof(*child), GFP_KERNEL);
	struct fork_ctx fc = { .args = &args, .parent = parent, .child = child };

	if (!child)
		return NULL;
	KT_EXPECT_EQ(copy_mm(&fc), 0);
	return child;
}

/* Does a member before @m have the same table? */
static bool table_seen(struct family *f, int m)
{
	int i;

	for (i = 0; i < m; i++)
		if (!f->gone[i] && leaf_of(f->task[i]->mm) == leaf_of(f->task[m]->mm))
			return true;
	return false;
}

/* How many tables of members that are left map the very page @i of member @who? */
static int sharers(struct family *f, enum member who, unsigned int i)
{
	struct page *page = page_at(f->task[who]->mm, i);
	int n = 0, m;

	for (m = 0; m < NR_MEMBERS; m++)
		n += !f->gone[m] && page_at(f->task[m]->mm, i) == page && !table_seen(f, m);
	return n;
}

static void check_family(struct selftest_ctx *t, struct family *f)
{
	unsigned int i;
	int m;

	for (m = 0; m < NR_MEMBERS; m++) {
		struct mm_struct *mm = f->task[m]->mm;

		if (f->gone[m])
			continue;
		KT_EXPECT_EQ(pt_verify(mm), 0);
		KT_EXPECT_EQ(vma_tree_check(mm), 0);
		for (i = 0; i < NPAGES; i++) {
			struct page *page = page_at(mm, i);

			KT_EXPECT(!page == !f->value[m][i]);
			if (!page)
				continue;
			KT_EXPECT_EQ(((u8 *)page_address(page))[100], f->value[m][i]);
			KT_EXPECT_EQ(page_count(page), sharers(f, m, i));
		}
	}
}

static void act(struct selftest_ctx *t, struct family *f, enum member who, enum action action)
{
	struct mm_struct *mm = f->task[who]->mm;
	unsigned int i;

	switch (action) {
	case WRITE_ALL:
	case WRITE_HALF:
		for (i = 0; i < NPAGES; i += action == WRITE_HALF ? 2 : 1) {
			f->value[who][i] = 100 + 10 * who + i;
			write_byte(t, mm, i, f->value[who][i]);
		}
		break;
	case UNMAP_ALL:
		mmap_write_lock(mm);
		KT_EXPECT_EQ(do_munmap(mm, BASE, NPAGES * PAGE_SIZE), 0);
		mmap_write_unlock(mm);
		memset(f->value[who], 0, NPAGES);
		break;
	default:
		exit_mm(f->task[who]);
		f->gone[who] = true;
	}
}

static void fold_family(struct selftest_ctx *t, struct family *f)
{
	int m;

	for (m = 0; f->folds && m < NR_MEMBERS; m++) {
		struct mm_struct *mm = f->task[m]->mm;

		if (f->gone[m])
			continue;
		mmap_write_lock(mm);
		KT_EXPECT_EQ(pt_fold(mm), 1);
		KT_EXPECT(mm->folded && !table_of(mm->pgd)->pt_used);
		mmap_write_unlock(mm);
	}
}

static void unfold_family(struct selftest_ctx *t, struct family *f)
{
	int m;

	for (m = 0; f->folds && m < NR_MEMBERS; m++) {
		if (f->gone[m])
			continue;
		KT_EXPECT_EQ(pt_unfold(f->task[m]->mm, GFP_KERNEL), 0);
		KT_EXPECT(!f->task[m]->mm->folded);
	}
}

static bool make_family(struct selftest_ctx *t, struct family *f)
{
	struct task_struct *a = kzalloc(sizeof(*a), GFP_KERNEL);
	unsigned int i, m;

	memset(f, 0, sizeof(*f));
	if (!a)
		return false;
	f->task[A] = a;
	a->mm = mm_alloc();
	if (!a->mm)
		return false;
	mmap_write_lock(a->mm);
	KT_EXPECT_EQ(mmap_region(a->mm, NULL, BASE, NPAGES * PAGE_SIZE, RW, 0), BASE);
	mmap_write_unlock(a->mm);
	for (i = 0; i < NPAGES; i++)
		write_byte(t, a->mm, i, i + 1);
	f->task[B] = fork_of(t, a);
	f->task[C] = f->task[B] ? fork_of(t, f->task[B]) : NULL;
	for (m = 0; m < NR_MEMBERS; m++)
		for (i = 0; i < NPAGES; i++)
			f->value[m][i] = i + 1;
	return f->task[C];
}

static void disband(struct family *f)
{
	int m;

	for (m = 0; m < NR_MEMBERS; m++) {
		if (f->task[m])
			exit_mm(f->task[m]);
		kfree(f->task[m]);
	}
}

/* Each of the six orders, each action by each member: 6 * 4^3 stories. */
static void run_story(struct selftest_ctx *t, const u8 order[NR_MEMBERS], unsigned int story,
		      bool folds)
{
	struct family f;
	unsigned int step;

	if (!make_family(t, &f)) {
		selftest_fail(t, __FILE__, __LINE__, "no memory for a family");
		disband(&f);
		return;
	}
	f.folds = folds;
	check_family(t, &f);
	for (step = 0; step < NR_MEMBERS; step++, story /= NR_ACTIONS) {
		fold_family(t, &f);
		act(t, &f, order[step], story % NR_ACTIONS);
		unfold_family(t, &f);
		check_family(t, &f);
	}
	fold_family(t, &f);
	disband(&f);
}

static void all_stories(struct selftest_ctx *t, bool folds)
{
	static const u8 orders[][NR_MEMBERS] = {
		{ A, B, C }, { A, C, B }, { B, A, C }, { B, C, A }, { C, A, B }, { C, B, A },
	};
	unsigned long committed, areas, mms;
	unsigned int i, story;

	committed = vm_committed();
	areas = slab_active_objs("vm_area_struct");
	mms = slab_active_objs("mm_struct");
	for (i = 0; i < ARRAY_SIZE(orders); i++)
		for (story = 0; story < NR_ACTIONS * NR_ACTIONS * NR_ACTIONS; story++)
			run_story(t, orders[i], story, folds);
	KT_EXPECT_EQ(vm_committed(), committed);
	KT_EXPECT_EQ(slab_active_objs("vm_area_struct"), areas);
	KT_EXPECT_EQ(slab_active_objs("mm_struct"), mms);
}

SELFTEST(cow, fork_of_fork)
{
	all_stories(t, false);
}

SELFTEST(cow, fork_of_fork_folded)
{
	all_stories(t, true);
}

/* The same with tables that are shared, however little hangs below them. */
static void all_stories_shared(struct selftest_ctx *t, bool folds)
{
	int pages = sysctl_fork_copy_pages, on = sysctl_shared_pgtables;

	sysctl_fork_copy_pages = 0;
	sysctl_shared_pgtables = 1;
	all_stories(t, folds);
	sysctl_fork_copy_pages = pages;
	sysctl_shared_pgtables = on;
}

SELFTEST(cow, fork_of_fork_shared)
{
	all_stories_shared(t, false);
}

SELFTEST(cow, fork_of_fork_shared_folded)
{
	all_stories_shared(t, true);
}

/* Reads of untouched memory share one page, which fork copies without a reference. */
SELFTEST(cow, zero_page)
{
	struct task_struct *a = kzalloc(sizeof(*a), GFP_KERNEL), *b;
	u8 byte = 1;

	KT_ASSERT(a);
	a->mm = mm_alloc();
	KT_ASSERT(a->mm);
	mmap_write_lock(a->mm);
	mmap_region(a->mm, NULL, BASE, NPAGES * PAGE_SIZE, RW, 0);
	mmap_write_unlock(a->mm);
	KT_EXPECT_EQ(access_remote_vm(a->mm, BASE, &byte, 1, 0), 1);
	KT_EXPECT_EQ(byte, 0);
	KT_EXPECT(!page_at(a->mm, 0));		/* who only looks in leaves nothing behind */
	mmap_read_lock(a->mm);
	KT_EXPECT_EQ(faultin_page(vma_lookup(a->mm, BASE), BASE, 0), 0);
	mmap_read_unlock(a->mm);
	KT_EXPECT(page_at(a->mm, 0) == zero_page);
	KT_EXPECT_EQ(page_count(zero_page), 1);
	KT_EXPECT_EQ(get_mm_rss(a->mm), 0);
	b = fork_of(t, a);
	KT_ASSERT(b);
	write_byte(t, b->mm, 0, 9);
	KT_EXPECT(page_at(a->mm, 0) == zero_page);
	KT_EXPECT_EQ(get_mm_rss(b->mm), 1);
	KT_EXPECT_EQ(pt_verify(a->mm) + pt_verify(b->mm), 0);
	exit_mm(a);
	exit_mm(b);
	KT_EXPECT_EQ(page_count(zero_page), 1);
	kfree(a);
	kfree(b);
}

/* Entries move with their pages, tables go when empty. */
SELFTEST(pgtable, move_and_free)
{
	struct mm_struct *mm = mm_alloc();
	unsigned long to = BASE + (5UL << 30) + 3 * PAGE_SIZE;
	struct page *page;
	struct pt_path path;
	u8 byte = 77;

	KT_ASSERT(mm);
	mmap_write_lock(mm);
	mmap_region(mm, NULL, BASE, 1UL << 22, RW, 0);
	mmap_region(mm, NULL, to, 1UL << 22, RW, 0);
	mmap_write_unlock(mm);
	write_byte(t, mm, 0, 1);
	KT_EXPECT_EQ(access_remote_vm(mm, BASE + (1UL << 21), &byte, 1, FOLL_WRITE), 1);
	page = page_at(mm, 0);
	mmap_write_lock(mm);
	KT_EXPECT_EQ(pt_move_range(mm, BASE, to, 1UL << 22), 1UL << 22);
	KT_EXPECT_EQ(pt_verify(mm), 0);
	KT_EXPECT(!page_at(mm, 0));
	KT_EXPECT(pt_lookup(mm, to, &path) && pte_page(*path.pte) == page);
	KT_EXPECT_EQ(do_munmap(mm, BASE, 1UL << 22), 0);
	KT_EXPECT(!pt_lookup(mm, BASE, &path));
	KT_EXPECT_EQ(pt_verify(mm), 0);
	KT_EXPECT_EQ(do_munmap(mm, to, 1UL << 22), 0);
	KT_EXPECT_EQ(mm_pgtables_bytes(mm), 0);
	KT_EXPECT_EQ(get_mm_rss(mm), 0);
	mmap_write_unlock(mm);
	mmput(mm);
}

/* Making a range read-only and back, with and without a second owner. */
SELFTEST(pgtable, protect)
{
	struct task_struct *a = kzalloc(sizeof(*a), GFP_KERNEL), *b;
	struct vm_area_struct *vma;
	struct pt_path path;

	KT_ASSERT(a);
	a->mm = mm_alloc();
	KT_ASSERT(a->mm);
	mmap_write_lock(a->mm);
	mmap_region(a->mm, NULL, BASE, NPAGES * PAGE_SIZE, RW, 0);
	mmap_write_unlock(a->mm);
	write_byte(t, a->mm, 0, 1);
	vma = vma_lookup(a->mm, BASE);
	KT_ASSERT(pt_lookup(a->mm, BASE, &path));
	KT_EXPECT(pte_write(*path.pte));
	vma->vm_flags &= ~VM_WRITE;
	KT_EXPECT(pt_protect_range(vma, vma->vm_start, vma->vm_end, vm_get_page_prot(VM_READ)));
	KT_EXPECT(!pte_write(*path.pte));
	vma->vm_flags |= VM_WRITE;
	pt_protect_range(vma, vma->vm_start, vma->vm_end, vm_get_page_prot(RW));
	KT_EXPECT(pte_write(*path.pte));	/* the only owner: no fault needed */
	b = fork_of(t, a);
	KT_ASSERT(b);
	KT_EXPECT(!pte_write(*path.pte));
	pt_protect_range(vma, vma->vm_start, vma->vm_end, vm_get_page_prot(RW));
	KT_EXPECT(!pte_write(*path.pte));
	exit_mm(b);
	exit_mm(a);
	kfree(a);
	kfree(b);
}
