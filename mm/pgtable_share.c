// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables that several address spaces share: fork shares them, whoever must change one makes
 * its way private first, from the top down. An entry that points at a shared table is not writable.
 * An entry that points at a table changes with the ptl of both held, the upper one first.
 */
#include <linux/init.h>
#include <linux/kstrtox.h>
#include "pgtable.h"

/* Up to here fork copies entries: private pages, and spans of 16 MiB that have tables. */
#define FORK_COPY_PAGES		512
#define FORK_COPY_GROUPS	16

/* Tables that an address space left, to be put down once its CPUs cannot walk them any more. */
#define MAX_LEFT	12
struct left_tables {
	unsigned int nr;
	struct page *table[MAX_LEFT];
};

/* ---- putting tables down ---- */

#define PAGES_AT_ONCE	32

/* Drop one reference of each; @pages is used up. */
void pt_put_pages(struct page **pages, unsigned int nr)
{
	unsigned int i, free = 0;

	for (i = 0; i < nr; i++) {
		struct page *page = compound_head(pages[i]);

		if (!put_page_testzero(page))
			continue;
		if (unlikely(PageHead(page)))
			__put_page(page);
		else
			pages[free++] = page;
	}
	free_page_batch(pages, free);
}

static void empty_leaf(struct page *leaf)
{
	struct page *pages[PAGES_AT_ONCE];
	unsigned int group, i, nr = 0;
	unsigned long used = leaf->pt_used;
	long gone[NR_MM_COUNTERS];

	for_each_used_group(group, used) {
		u64 *slot = group_slots(leaf, group);

		if (nr > PAGES_AT_ONCE - ENTRIES_PER_GROUP) {
			pt_put_pages(pages, nr);
			nr = 0;
		}
		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			u64 entry = slot[i];

			if (!entry)
				continue;
			slot[i] = 0;
			if (likely(!(entry & _PAGE_SPECIAL)))
				pages[nr++] = entry_table(entry);
		}
	}
	pt_put_pages(pages, nr);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		gone[i] = -(long)atomic_read(&leaf->pt_rss[i]);
	pt_count_mapped(gone);
}

static void empty_upper(struct page *table)
{
	unsigned long used = table->pt_used;
	unsigned int group, i;

	for_each_used_group(group, used) {
		u64 *slot = group_slots(table, group);

		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			u64 entry = slot[i];

			if (!entry)
				continue;
			slot[i] = 0;
			pt_put_table(entry_table(entry));
		}
		cond_resched();
	}
}

/*
 * An entry that pointed at @table is gone, and no CPU that used it can walk the table any more.
 * With the last one go all that hangs below it, without a flush. No spinlock held.
 */
void pt_put_table(struct page *table)
{
	ASSERT(PageTable(table) && atomic_read(&table->pt_refs) > 0);
	if (!atomic_dec_and_test(&table->pt_refs))
		return;
	/* Nobody can find it: its entries are ours without the lock. */
	if (table->pt_level == PT_LEAF)
		empty_leaf(table);
	else
		empty_upper(table);
	pt_free_table(table);
}

/* The end of an address space: its tables go. @dead: no CPU has it loaded. */
void pt_drop_all(struct mm_struct *mm, bool dead)
{
	struct page *root = table_of(mm->pgd);
	unsigned long used = root->pt_used;
	unsigned int group, i;
	int kind;

	if (unlikely(mm->folded))
		pt_drop_folded(mm);
	for_each_used_group(group, used) {
		u64 *slot = group_slots(root, group);

		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			u64 entry = slot[i];

			if (!entry)
				continue;
			slot[i] = 0;
			if (unlikely(!dead))
				flush_tlb_mm(mm);
			pt_put_table(entry_table(entry));
		}
	}
	root->pt_used = 0;
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		atomic_long_set(&mm->rss_stat[kind], 0);
}

/* ---- making a way private ---- */

/* Our CPUs may still walk the tables that were left, from what they remember of the way. */
static void put_left(struct mm_struct *mm, unsigned long addr, struct left_tables *left)
{
	if (!left->nr)
		return;
	/* INVLPG of any address drops all that the walker remembers (SDM vol. 3, 4.10.4.1). */
	flush_tlb_page(mm, addr);
	while (left->nr)
		pt_put_table(left->table[--left->nr]);
}

/*
 * Below a table that was pinned, pages may be referred to from elsewhere (a pipe, a device) while
 * their entries are writable. Once such a table was shared that is no longer safe: the other side
 * may be gone, but what it gave away must not change. Each entry asks again, by a fault.
 */
static void forbid_below(struct page *table)
{
	unsigned long used = table->pt_used;
	unsigned int group, i;

	for_each_used_group(group, used) {
		u64 *slot = group_slots(table, group);

		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			u64 entry = slot[i];

			if (!(entry & _PAGE_RW))
				continue;
			/* Mapped shared: writing in place is what was asked for. */
			if (table->pt_level == PT_LEAF &&
			    ((entry & _PAGE_SPECIAL) || !PageAnon(entry_table(entry))))
				continue;
			pt_write(&slot[i], entry & ~(u64)_PAGE_RW);
		}
	}
	table->pt_pinned = 0;
}

/* @table turned out to be @slot's alone; both are locked, with the one that holds @slot. */
void pt_reopen(u64 *slot, struct page *table)
{
	ASSERT(spin_is_locked(&table->ptl) && atomic_read(&table->pt_refs) == 1);
	if (unlikely(table->pt_pinned))
		forbid_below(table);
	pt_write(slot, *slot | _PAGE_RW);
}

static void copy_upper_group(u64 *to, u64 *from)
{
	unsigned int i;

	for (i = 0; i < ENTRIES_PER_GROUP; i++) {
		u64 entry = from[i];

		if (!entry)
			continue;
		atomic_inc(&entry_table(entry)->pt_refs);
		if (entry & _PAGE_RW) {
			entry &= ~(u64)_PAGE_RW;
			pt_write(&from[i], entry);
		}
		to[i] = entry;
	}
}

static void copy_leaf_group(u64 *to, u64 *from)
{
	unsigned int i;

	for (i = 0; i < ENTRIES_PER_GROUP; i++) {
		u64 entry = from[i];
		struct page *page;

		if (!entry)
			continue;
		if (likely(!(entry & _PAGE_SPECIAL))) {
			page = entry_table(entry);
			get_page(page);
			if ((entry & _PAGE_RW) && PageAnon(page)) {
				entry &= ~(u64)_PAGE_RW;
				pt_write(&from[i], entry);
			}
		}
		to[i] = entry;
	}
}

/* Fill @to, which nobody sees yet, with what the shared table @from holds. @from is locked. */
static void copy_table(struct page *to, struct page *from)
{
	unsigned long used = from->pt_used;
	long rss[NR_MM_COUNTERS];
	unsigned int group;
	int kind;

	to->pt_used = used;
	for_each_used_group(group, used) {
		if (from->pt_level == PT_LEAF)
			copy_leaf_group(group_slots(to, group), group_slots(from, group));
		else
			copy_upper_group(group_slots(to, group), group_slots(from, group));
	}
	for (kind = 0; kind < NR_MM_COUNTERS; kind++) {
		rss[kind] = atomic_read(&from->pt_rss[kind]);
		atomic_set(&to->pt_rss[kind], rss[kind]);
	}
	if (from->pt_level == PT_LEAF)
		pt_count_mapped(rss);
	/* Nothing below either is writable now. */
	from->pt_pinned = 0;
}

/*
 * The table at @slot shall be @slot's alone: reopen it if it is, else copy it into *spare. False: a
 * spare is needed.
 */
static bool own_table(u64 *slot, struct page **spare, struct left_tables *left)
{
	struct page *upper = table_of(slot), *table;
	bool done = true;
	u64 entry;

	spin_lock(&upper->ptl);
	entry = *slot;
	if (!entry || (entry & _PAGE_RW)) {	/* another thread was faster */
		spin_unlock(&upper->ptl);
		return true;
	}
	table = entry_table(entry);
	spin_lock_nested(&table->ptl, 1);
	if (atomic_read(&table->pt_refs) == 1) {
		pt_reopen(slot, table);
	} else if (*spare) {
		copy_table(*spare, table);
		/* Only now that it is filled may anybody walk it. */
		pt_write(slot, table_entry(*spare));
		*spare = NULL;
		left->table[left->nr++] = table;
	} else {
		done = false;
	}
	spin_unlock(&table->ptl);
	spin_unlock(&upper->ptl);
	return done;
}

static int own_slot(u64 *slot, unsigned int level, gfp_t gfp, struct left_tables *left)
{
	struct page *spare = NULL;

	if (!own_table(slot, &spare, left)) {
		spare = pt_alloc_table(level, gfp);
		if (!spare)
			return -ENOMEM;
		VERIFY(own_table(slot, &spare, left));
	}
	if (spare)
		pt_free_table(spare);
	return 0;
}

/*
 * Make the table at @slot private if there is one, or, when @make says so, put one there. 1: there
 * is one, 0: there is none, -ENOMEM.
 */
static noinline int own_or_make_slow(u64 *slot, unsigned int level, gfp_t gfp, bool make,
				     struct left_tables *left)
{
	u64 entry;
	int err;

	for (;;) {
		entry = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
		if (entry & _PAGE_RW)
			return 1;
		if (!entry && !make)
			return 0;
		err = entry ? own_slot(slot, level, gfp, left) : pt_make_table(slot, level, gfp);
		if (err)
			return err;
	}
}

static inline int own_or_make(u64 *slot, unsigned int level, gfp_t gfp, bool make,
			      struct left_tables *left)
{
	if (likely(__atomic_load_n(slot, __ATOMIC_ACQUIRE) & _PAGE_RW))
		return 1;
	return own_or_make_slow(slot, level, gfp, make, left);
}

/**
 * pt_own_path() - make the way to @addr's entry private to @mm
 * @make: also make the tables that are missing
 *
 * Context: sleeps; mmap_lock held. What is private stays so until the lock is dropped.
 * Return: 0 or -ENOMEM; then some of the way may be private, which changes nothing.
 */
int pt_own_path(struct mm_struct *mm, unsigned long addr, gfp_t gfp, bool make)
{
	struct left_tables left = { .nr = 0 };
	struct page *table;
	unsigned int level;
	int ret = 1;

	if (pt_unfold(mm, gfp))
		return -ENOMEM;
	table = table_of(mm->pgd);
	for (level = PT_ROOT; level > PT_LEAF && ret > 0; level--) {
		u64 *slot = pt_slot(table, level, addr);

		ret = own_or_make(slot, level - 1, gfp, make, &left);
		if (ret > 0)
			table = entry_table(READ_ONCE(*slot));
	}
	put_left(mm, addr, &left);
	return min(ret, 0);
}

/* One leaf at *addr, which moves behind it, or behind what is missing. 0 or -ENOMEM. */
static int own_next_leaf(struct mm_struct *mm, unsigned long *addr, unsigned long end, gfp_t gfp,
			 struct left_tables *left)
{
	struct page *table = table_of(mm->pgd);
	unsigned int level;
	int ret;

	for (level = PT_ROOT; ; level--) {
		u64 *slot = pt_slot(table, level, *addr);

		ret = own_or_make(slot, level - 1, gfp, false, left);
		if (ret < 0)
			return ret;
		if (!ret || level == PT_MID)
			break;
		table = entry_table(READ_ONCE(*slot));
	}
	*addr = pt_span_end(level, *addr, end);
	return 0;
}

/* Make every table that serves [start, end) private. 0 or -ENOMEM, with nothing changed. */
int pt_own_range(struct mm_struct *mm, unsigned long start, unsigned long end, gfp_t gfp)
{
	struct left_tables left = { .nr = 0 };
	unsigned long addr = start;
	int err = pt_unfold(mm, gfp);

	while (addr < end && !err) {
		err = own_next_leaf(mm, &addr, end, gfp, &left);
		if (left.nr > MAX_LEFT - PT_ROOT)
			put_left(mm, start, &left);
		cond_resched();
	}
	put_left(mm, start, &left);
	return err;
}

/* Those on @addr's way that do not lie wholly in [floor, ceiling). */
static int own_edge(struct mm_struct *mm, unsigned long addr, unsigned long floor,
		    unsigned long ceiling, gfp_t gfp, struct left_tables *left)
{
	struct page *table = table_of(mm->pgd);
	unsigned int level;
	int ret;

	for (level = PT_ROOT; level > PT_LEAF; level--) {
		u64 *slot = pt_slot(table, level, addr);

		if (pt_span_within(level, addr, floor, ceiling))
			break;
		ret = own_or_make(slot, level - 1, gfp, false, left);
		if (ret <= 0)
			return ret;
		table = entry_table(READ_ONCE(*slot));
	}
	return 0;
}

/**
 * pt_own_edges() - before [start, end) is emptied: make private what is needed for that
 * @floor: where the hole that will be there begins   @ceiling: and ends; 0: at the very end
 *
 * Tables wholly within the hole go as they are; the others must lose entries.
 * Context: sleeps; mmap_lock held.
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int pt_own_edges(struct mm_struct *mm, unsigned long start, unsigned long end,
		 unsigned long floor, unsigned long ceiling, gfp_t gfp)
{
	struct left_tables left = { .nr = 0 };
	int err = pt_unfold(mm, gfp);

	if (!err)
		err = own_edge(mm, start, floor, ceiling, gfp, &left);
	if (!err)
		err = own_edge(mm, end - 1, floor, ceiling, gfp, &left);
	put_left(mm, start, &left);
	return err;
}

/* ---- looking at shared tables ---- */

/*
 * Lock the tables on the way to @addr's entry, as far as there are any. All of them: to take a
 * table out, a sibling thread needs its lock and that of the one above, and what is taken out may
 * be freed with all that hangs below it. Returns the level that was reached.
 */
unsigned int pt_lock_way(struct mm_struct *mm, unsigned long addr, struct page *way[PT_ROOT + 1])
{
	unsigned int level = PT_ROOT;
	u64 entry;

	ASSERT(!mm->folded);
	way[PT_ROOT] = table_of(mm->pgd);
	spin_lock(&way[PT_ROOT]->ptl);
	for (; level > PT_LEAF; level--) {
		entry = *pt_slot(way[level], level, addr);
		if (!entry)
			break;
		way[level - 1] = entry_table(entry);
		spin_lock_nested(&way[level - 1]->ptl, 1);
	}
	return level;
}

void pt_unlock_way(struct page *way[PT_ROOT + 1], unsigned int level)
{
	for (; level <= PT_ROOT; level++)
		spin_unlock(&way[level]->ptl);
}

/* The entry of @addr, whoever shares its table. May sleep. */
pte_t pt_peek(struct mm_struct *mm, unsigned long addr)
{
	struct page *way[PT_ROOT + 1];
	unsigned int level;
	u64 entry;

	pt_unfold(mm, GFP_FREEING | __GFP_NOFAIL);
	level = pt_lock_way(mm, addr, way);
	entry = *pt_slot(way[level], level, addr);
	pt_unlock_way(way, level);
	return __pte(entry);
}

/**
 * pt_read() - copy out of the page behind @addr, whoever shares its table
 * @buf: kernel memory   @bytes: not beyond the page
 *
 * The way stays locked meanwhile: a reference alone would not do, since who gets the table for
 * himself may write to the page in place.
 * Context: sleeps; mmap_lock held. Return: false when nothing is mapped there, or no memory.
 */
bool pt_read(struct mm_struct *mm, unsigned long addr, void *buf, unsigned int bytes)
{
	struct page *way[PT_ROOT + 1], *page;
	bool readable = false;
	unsigned int level;
	u64 entry;

	pt_unfold(mm, GFP_FREEING | __GFP_NOFAIL);
	level = pt_lock_way(mm, addr, way);
	entry = level == PT_LEAF ? *pt_slot(way[PT_LEAF], PT_LEAF, addr) : 0;
	if (entry) {
		page = entry_table(entry);
		readable = !(entry & _PAGE_SPECIAL) || is_zero_page(page);
		if (readable)
			memcpy(buf, (char *)page_address(page) + offset_in_page(addr), bytes);
	}
	pt_unlock_way(way, level);
	return readable;
}

/* A page below @path gets a reference that may outlive the entry; the leaf is locked. */
void pt_mark_pinned(struct pt_path *path)
{
	ASSERT(pt_path_private(path));
	WRITE_ONCE(path->leaf->pt_pinned, 1);
	WRITE_ONCE(table_of(path->pmd)->pt_pinned, 1);
	WRITE_ONCE(table_of(path->pud)->pt_pinned, 1);
}

static unsigned long private_tables(struct page *table)
{
	unsigned long used = table->pt_used, sum = 0;
	unsigned int group, i;

	for_each_used_group(group, used) {
		u64 *slot = group_slots(table, group);

		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			u64 entry = __atomic_load_n(&slot[i], __ATOMIC_ACQUIRE);

			if (!(entry & _PAGE_RW))
				continue;
			sum++;
			if (table->pt_level > PT_MID)
				sum += private_tables(entry_table(entry));
		}
	}
	return sum;
}

/**
 * mm_pgtables_bytes() - what @mm's page tables take that no other address space uses
 *
 * Context: mmap_lock held, so that these stay.
 * Return: bytes, without the top level; while they are folded, those of the list.
 */
unsigned long mm_pgtables_bytes(struct mm_struct *mm)
{
	unsigned long folded = pt_folded_bytes(mm);

	return folded ?: private_tables(table_of(mm->pgd)) << PAGE_SHIFT;
}

/* ---- fork ---- */

#ifdef CONFIG_SHARED_PGTABLES
int sysctl_shared_pgtables = 1;
#else
int sysctl_shared_pgtables;
#endif
int sysctl_fork_copy_pages = FORK_COPY_PAGES;

/* vm.shared_pgtables, and the boot option. 0, or -EINVAL: what is not built in cannot be had. */
int set_shared_pgtables(char *text)
{
	unsigned int on;

	if (kstrtouint(text, 10, &on) || on > IS_ENABLED(CONFIG_SHARED_PGTABLES))
		return -EINVAL;
	sysctl_shared_pgtables = on;
	return 0;
}
boot_param("shared_pgtables", set_shared_pgtables, "0, or 1 where SHARED_PGTABLES is built in");

/* Groups of entries under which there are leaves; stops counting above @limit. */
static unsigned int leaf_groups(struct page *table, unsigned int limit)
{
	unsigned long used = table->pt_used;
	unsigned int group, i, sum = 0;

	for_each_used_group(group, used) {
		u64 *slot = group_slots(table, group);

		if (table->pt_level == PT_MID) {
			sum++;
			continue;
		}
		for (i = 0; i < ENTRIES_PER_GROUP && sum <= limit; i++)
			if (slot[i])
				sum += leaf_groups(entry_table(slot[i]), limit);
	}
	return sum;
}

/* The most groups that @mm's areas can have; stops counting above @limit. */
static unsigned int area_groups(struct mm_struct *mm, unsigned int limit)
{
	const unsigned int shift = PMD_SHIFT + __builtin_ctz(ENTRIES_PER_GROUP);
	struct vm_area_struct *vma;
	unsigned long sum = 0;

	for (vma = mm->mmap; vma && sum <= limit; vma = vma->vm_next)
		sum += ((vma->vm_end - 1) >> shift) - (vma->vm_start >> shift) + 1;
	return sum > limit ? limit + 1 : sum;
}

/*
 * Is it cheaper to share @mm's tables with a child than to copy what is in them? Both sides write
 * to some pages at once and would copy those tables anyway, so small programs do not gain.
 */
bool pt_worth_sharing(struct mm_struct *mm)
{
	if (!IS_ENABLED(CONFIG_SHARED_PGTABLES) || !READ_ONCE(sysctl_shared_pgtables))
		return false;
	if (get_mm_counter(mm, MM_ANONPAGES) > (unsigned long)sysctl_fork_copy_pages)
		return true;
	if (area_groups(mm, FORK_COPY_GROUPS) <= FORK_COPY_GROUPS)
		return false;
	return leaf_groups(table_of(mm->pgd), FORK_COPY_GROUPS) > FORK_COPY_GROUPS;
}

/**
 * pt_share_all() - fork: give the empty @mm all that @oldmm has, by pointing at the same tables
 *
 * Context: both mmap_locks held for writing. The caller flushes @oldmm before it drops its.
 */
void pt_share_all(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct page *from = table_of(oldmm->pgd), *to = table_of(mm->pgd);
	unsigned long used = from->pt_used;
	unsigned int group;
	int kind;

	to->pt_used = used;
	for_each_used_group(group, used)
		copy_upper_group(group_slots(to, group), group_slots(from, group));
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		atomic_long_set(&mm->rss_stat[kind], atomic_long_read(&oldmm->rss_stat[kind]));
}
