// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_DEBUG_PGTABLES: recounting the page tables of all address spaces at once. Every entry that
 * points at a shared table must be found, wherever it is; so all mmap_locks are held together, by
 * one verifier at a time. Nobody else waits for one while holding another but fork, whose child is
 * listed when it is complete.
 */
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>
#include "pgtable.h"

static LIST_HEAD(all_mms);		/* all_mms_lock */
static LIST_HEAD(locked_mms);		/* all_mms_lock to change, verify_mutex to walk */
static DEFINE_SPINLOCK(all_mms_lock);
static DEFINE_MUTEX(verify_mutex);
static u32 verify_round;		/* verify_mutex */

void mm_verify_init(struct mm_struct *mm)
{
	INIT_LIST_HEAD(&mm->all);
}

void mm_verify_add(struct mm_struct *mm)
{
	spin_lock(&all_mms_lock);
	list_add(&mm->all, &all_mms);
	spin_unlock(&all_mms_lock);
}

void mm_verify_remove(struct mm_struct *mm)
{
	spin_lock(&all_mms_lock);
	list_del_init(&mm->all);
	spin_unlock(&all_mms_lock);
}

/* ---- everybody's lock ---- */

static struct mm_struct *next_unlocked(void)
{
	struct mm_struct *mm, *found = NULL;

	spin_lock(&all_mms_lock);
	list_for_each_entry(mm, &all_mms, all) {
		if (!atomic_inc_not_zero(&mm->mm_count))
			continue;
		list_move(&mm->all, &locked_mms);
		found = mm;
		break;
	}
	spin_unlock(&all_mms_lock);
	return found;
}

static unsigned long lock_all(void)
{
	unsigned long n = 0;
	struct mm_struct *mm;

	for (; (mm = next_unlocked()); n++) {
		down_write_nested(&mm->mmap_lock, 1);
		/* More than the record of held locks has room for. */
		lock_debug_release(&mm->mmap_lock);
	}
	return n;
}

static void put_back(struct mm_struct *mm)
{
	spin_lock(&all_mms_lock);
	list_move(&mm->all, &all_mms);
	spin_unlock(&all_mms_lock);
	mmdrop(mm);
}

/*
 * Every list of folded tables becomes tables again, and stays so while this runs. One mm at a time:
 * who waits for memory with all locks held would wait for ever.
 */
static void unfold_all(void)
{
	struct mm_struct *mm, *next;

	while ((mm = next_unlocked())) {
		mmap_write_lock(mm);
		pt_unfold(mm, GFP_KERNEL | __GFP_NOFAIL);
		mmap_write_unlock(mm);
	}
	list_for_each_entry_safe(mm, next, &locked_mms, all)
		put_back(mm);
}

static void unlock_all(void)
{
	struct mm_struct *mm, *next;

	list_for_each_entry_safe(mm, next, &locked_mms, all) {
		lock_debug_acquire(&mm->mmap_lock, false, true);
		up_write(&mm->mmap_lock);
		put_back(mm);
	}
}

/* ---- counting ---- */

/* How many leaf entries point at each frame. */
static u32 *frame_uses;			/* verify_mutex; by pfn */

static int __init frame_uses_init(void)
{
	frame_uses = vzalloc(max_pfn * sizeof(*frame_uses));
	VERIFY(frame_uses);
	return 0;
}
core_initcall(frame_uses_init);

/* The level is the caller's: what the table itself says may be wrong. */
static unsigned int entries_at(unsigned int level)
{
	return level == PT_ROOT ? USER_PTRS_PER_PGD : PTRS_PER_PTE;
}

static bool first_visit(struct page *table)
{
	if (table->pt_round == verify_round)
		return false;
	table->pt_round = verify_round;
	table->pt_found = 0;
	return true;
}

static void count_below(struct page *table, unsigned int level, struct mm_verify_result *result)
{
	u64 *slot = page_address(table);
	struct page *below;
	unsigned int i;

	for (i = 0; i < entries_at(level); i++) {
		if (!slot[i] || (level == PT_LEAF && (slot[i] & _PAGE_SPECIAL)))
			continue;
		below = entry_table(slot[i]);
		if (level == PT_LEAF) {
			result->pages++;
			frame_uses[page_to_pfn(below)]++;
			continue;
		}
		if (first_visit(below)) {
			result->tables++;
			count_below(below, level - 1, result);
		}
		result->shared_tables += ++below->pt_found == 2;
	}
}

/* ---- comparing ---- */

/* A walk over one address space; areas and entries come in the order of addresses. */
struct walk {
	struct mm_verify_result *result;
	struct vm_area_struct *vma;	/* the first one that ends above where we are */
};

static void mistake(struct mm_verify_result *result, struct page *page, const char *what, long is,
		    long found)
{
	if (result->mistakes++)
		return;
	result->what = what;
	result->pfn = page_to_pfn(page);
	result->is = is;
	result->found = found;
}

/* Does the entry fit the area that it lies in? @page: NULL for one without a frame of ours. */
static void check_area(struct walk *w, struct page *page, unsigned long addr, bool writable)
{
	struct page *where = page ?: zero_page;

	while (w->vma && w->vma->vm_end <= addr)
		w->vma = w->vma->vm_next;
	if (!w->vma || w->vma->vm_start > addr) {
		mistake(w->result, where, "an entry outside all areas", addr, 0);
		return;
	}
	if (writable && !(w->vma->vm_flags & VM_WRITE))
		mistake(w->result, where, "writable in an area that is not", addr, 0);
	if (page && PageAnon(page) && (w->vma->vm_flags & VM_SHARED))
		mistake(w->result, where, "a private page in a shared area", addr, 0);
}

static void check_page(struct walk *w, struct page *leaf, u64 entry, unsigned long addr,
		       bool writable)
{
	struct page *page = entry_table(entry);
	long found, cached;

	writable = writable && (entry & _PAGE_RW);
	if (entry & _PAGE_SPECIAL) {
		check_area(w, NULL, addr, writable);
		if (writable && is_zero_page(page))
			mistake(w->result, page, "the zero page can be written", addr, 0);
		return;
	}
	check_area(w, page, addr, writable);
	found = frame_uses[page_to_pfn(page)];
	cached = !PageAnon(page) && page->mapping;
	if (page_count(page) < found + cached)
		mistake(w->result, page, "too few references", page_count(page), found + cached);
	if (!PageAnon(page) || leaf->pt_pinned)
		return;
	if (page_count(page) > found)
		mistake(w->result, page, "too many references", page_count(page), found);
	if (writable && found != 1)
		mistake(w->result, page, "writable and shared", page_count(page), found);
}

static void check_table(struct walk *w, struct page *table, u64 entry)
{
	if (atomic_read(&table->pt_refs) != (int)table->pt_found)
		mistake(w->result, table, "a table's references", atomic_read(&table->pt_refs),
			table->pt_found);
	if ((entry & _PAGE_RW) && table->pt_found != 1)
		mistake(w->result, table, "a shared table behind a writable entry", entry,
			table->pt_found);
}

static void compare_below(struct walk *w, struct page *table, unsigned int level,
			  unsigned long addr, bool writable)
{
	u64 *slot = page_address(table);
	struct page *below;
	unsigned int i;

	for (i = 0; i < entries_at(level); i++, addr += pt_span(level)) {
		if (!slot[i])
			continue;
		if (level == PT_LEAF) {
			check_page(w, table, slot[i], addr, writable);
			continue;
		}
		below = entry_table(slot[i]);
		check_table(w, below, slot[i]);
		compare_below(w, below, level - 1, addr, writable && (slot[i] & _PAGE_RW));
	}
}

static void compare_areas(struct mm_struct *mm, struct mm_verify_result *result)
{
	unsigned long pages = 0, locked = 0;
	struct vm_area_struct *vma;
	int areas = 0;

	for_each_vma_of(mm, vma) {
		areas++;
		pages += vma_pages(vma);
		if (vma->vm_flags & VM_LOCKED)
			locked += vma_pages(vma);
	}
	if (!areas)	/* its end has begun */
		return;
	if (areas != mm->map_count)
		mistake(result, table_of(mm->pgd), "areas", mm->map_count, areas);
	if (pages != mm->total_vm)
		mistake(result, table_of(mm->pgd), "the size of all areas", mm->total_vm, pages);
	if (locked != mm->locked_vm)
		mistake(result, table_of(mm->pgd), "locked pages", mm->locked_vm, locked);
}

static void compare_space(struct mm_struct *mm, struct mm_verify_result *result)
{
	struct walk w = { result, mm->mmap };
	struct page *root = table_of(mm->pgd);
	int bad;

	compare_below(&w, root, PT_ROOT, 0, true);
	compare_areas(mm, result);
	bad = pt_verify(mm);
	if (bad)
		mistake(result, root, "what tables say of themselves", bad, 0);
}

/**
 * mm_verify_all() - recount the page tables of all address spaces
 * @result: out; of the first mistake what it is
 *
 * Context: sleeps; takes every mmap_lock.
 */
void mm_verify_all(struct mm_verify_result *result)
{
	struct mm_struct *mm;

	memset(result, 0, sizeof(*result));
	mutex_lock(&verify_mutex);
	kfold_pause();
	unfold_all();
	result->spaces = lock_all();
	verify_round++;
	memset(frame_uses, 0, max_pfn * sizeof(*frame_uses));
	/* What has come since it was locked shares nothing. */
	list_for_each_entry(mm, &locked_mms, all)
		count_below(table_of(mm->pgd), PT_ROOT, result);
	list_for_each_entry(mm, &locked_mms, all)
		compare_space(mm, result);
	unlock_all();
	kfold_resume();
	mutex_unlock(&verify_mutex);
}
