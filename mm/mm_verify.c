// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_DEBUG_PGTABLES: recounting the page tables of all address spaces at once. Every entry that
 * points at a shared table must be found, wherever it is; so all mmap_locks are held together, by
 * one verifier at a time. Nobody else waits for one while holding another but fork, whose child is
 * listed when it is complete.
 */
#include <linux/mutex.h>
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

static void unlock_all(void)
{
	struct mm_struct *mm, *next;

	list_for_each_entry_safe(mm, next, &locked_mms, all) {
		spin_lock(&all_mms_lock);
		list_move(&mm->all, &all_mms);
		spin_unlock(&all_mms_lock);
		lock_debug_acquire(&mm->mmap_lock, false, true);
		up_write(&mm->mmap_lock);
		mmdrop(mm);
	}
}

/* ---- counting ---- */

static bool first_visit(struct page *table)
{
	if (table->pt_round == verify_round)
		return false;
	table->pt_round = verify_round;
	table->pt_found = 0;
	return true;
}

/* Private pages have no other use for these two fields. */
static void count_page(struct page *page)
{
	unsigned long mark = 0xfee1dead00000000UL | verify_round;

	if (page->index != mark) {
		page->index = mark;
		page->private = 0;
	}
	page->private++;
}

static void count_below(struct page *table, struct mm_verify_result *result)
{
	unsigned int i, nr = table->pt_level == PT_ROOT ? USER_PTRS_PER_PGD : PTRS_PER_PTE;
	u64 *slot = page_address(table);
	struct page *below;

	for (i = 0; i < nr; i++) {
		if (!slot[i] || (table->pt_level == PT_LEAF && (slot[i] & _PAGE_SPECIAL)))
			continue;
		below = entry_table(slot[i]);
		if (table->pt_level == PT_LEAF) {
			result->pages++;
			if (PageAnon(below))
				count_page(below);
			continue;
		}
		if (first_visit(below)) {
			result->tables++;
			count_below(below, result);
		}
		result->shared_tables += ++below->pt_found == 2;
	}
}

/* ---- comparing ---- */

static void mistake(struct mm_verify_result *result, struct page *page, const char *what, long is,
		    long found)
{
	if (!result->mistakes++)
		pr_err("mm_verify: pfn %lx: %s: %ld, found %ld\n", page_to_pfn(page), what, is,
		       found);
}

static void check_page(struct page *leaf, u64 entry, bool writable,
		       struct mm_verify_result *result)
{
	struct page *page = entry_table(entry);
	long found = PageAnon(page) ? (long)page->private : 1;

	if (page_count(page) < found)
		mistake(result, page, "too few references", page_count(page), found);
	if (!PageAnon(page) || leaf->pt_pinned)
		return;
	if (page_count(page) != found)
		mistake(result, page, "references", page_count(page), found);
	if (writable && (entry & _PAGE_RW) && found != 1)
		mistake(result, page, "writable and shared", page_count(page), found);
}

static void compare_below(struct page *table, bool writable, struct mm_verify_result *result)
{
	unsigned int i, nr = table->pt_level == PT_ROOT ? USER_PTRS_PER_PGD : PTRS_PER_PTE;
	u64 *slot = page_address(table);
	struct page *below;

	for (i = 0; i < nr; i++) {
		if (!slot[i] || (table->pt_level == PT_LEAF && (slot[i] & _PAGE_SPECIAL)))
			continue;
		if (table->pt_level == PT_LEAF) {
			check_page(table, slot[i], writable, result);
			continue;
		}
		below = entry_table(slot[i]);
		if (atomic_read(&below->pt_refs) != (int)below->pt_found)
			mistake(result, below, "table's references", atomic_read(&below->pt_refs),
				below->pt_found);
		if ((slot[i] & _PAGE_RW) && below->pt_found != 1)
			mistake(result, below, "shared table, writable entry", slot[i],
				below->pt_found);
		compare_below(below, writable && (slot[i] & _PAGE_RW), result);
	}
}

static void compare_space(struct mm_struct *mm, struct mm_verify_result *result)
{
	struct page *root = table_of(mm->pgd);
	int bad = pt_verify(mm);

	if (bad)
		mistake(result, root, "counts of resident pages", bad, 0);
	compare_below(root, true, result);
}

/**
 * mm_verify_all() - recount the page tables of all address spaces
 * @result: out; the first mistake is on the console too
 *
 * Context: sleeps; takes every mmap_lock.
 */
void mm_verify_all(struct mm_verify_result *result)
{
	struct mm_struct *mm;

	memset(result, 0, sizeof(*result));
	mutex_lock(&verify_mutex);
	result->spaces = lock_all();
	verify_round++;
	/* What has come since it was locked shares nothing. */
	list_for_each_entry(mm, &locked_mms, all)
		count_below(table_of(mm->pgd), result);
	list_for_each_entry(mm, &locked_mms, all)
		compare_space(mm, result);
	unlock_all();
	mutex_unlock(&verify_mutex);
}
