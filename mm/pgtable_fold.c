// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folding: a process that sleeps needs no page tables, only what they say. Those that belong to it
 * alone are written down, group by group, with the entries that are in use, and freed; the mm then
 * has a top level without entries. Tables that others share stay, as entries of the list. Whoever
 * needs the tables unfolds them first, mostly the process itself by its first fault.
 */
#include <linux/init.h>
#include "pgtable.h"

/* More is not worth the list: a process that has so many uses what is in them. */
#define MAX_FOLD_TABLES		16
#define MAX_FOLD_WORDS		400

/*
 * A group is one word, its first address | which of its eight entries follow | its table's level,
 * and these entries; one that has been taken out since is 0.
 */
struct folded_tables {
	unsigned int words;
	u64 word[];
};
#define HEAD_LEVEL	3UL
#define HEAD_MAP_SHIFT	2
#define HEAD_MAP(head)	((unsigned int)((head) >> HEAD_MAP_SHIFT) & ((1U << ENTRIES_PER_GROUP) - 1))

static struct page *empty_root;		/* of every folded address space */
static DEFINE_SPINLOCK(fold_lock);	/* every list, while mmap_lock is held for reading only */

static int __init empty_root_init(void)
{
	pgd_t *pgd = pgd_alloc(GFP_KERNEL);

	VERIFY(pgd);
	empty_root = table_of(pgd);
	return 0;
}
core_initcall(empty_root_init);

bool pt_is_empty_root(const pgd_t *pgd)
{
	return empty_root && pgd == page_address(empty_root);
}

/* ---- folding ---- */

static inline bool is_own_table(u64 entry, unsigned int level)
{
	return level > PT_LEAF && (entry & _PAGE_RW);
}

/* Which entries of a group are written down as they are. */
static unsigned int kept_entries(const u64 *slot, unsigned int level)
{
	unsigned int map = 0, i;

	for (i = 0; i < ENTRIES_PER_GROUP; i++)
		if (slot[i] && !is_own_table(slot[i], level))
			map |= 1U << i;
	return map;
}

struct fold_size {
	unsigned int tables, words;
	bool pinned;		/* pages are referred to from elsewhere: their entries must stay */
};

/* Counts on only while it may still be worth it. */
static void measure(struct page *table, unsigned int level, struct fold_size *size)
{
	unsigned long used = table->pt_used;
	unsigned int group, i;

	size->tables++;
	size->pinned |= table->pt_pinned;
	for_each_used_group(group, used) {
		u64 *slot = group_slots(table, group);
		unsigned int map = kept_entries(slot, level);

		if (map)
			size->words += 1 + hweight32(map);
		for (i = 0; i < ENTRIES_PER_GROUP && size->tables <= MAX_FOLD_TABLES; i++)
			if (is_own_table(slot[i], level))
				measure(entry_table(slot[i]), level - 1, size);
	}
}

static void fold_table(struct page *table, unsigned int level, unsigned long addr,
		       struct folded_tables *to)
{
	unsigned long used = table->pt_used;
	unsigned int group, i;

	for_each_used_group(group, used) {
		unsigned long at = addr + group * ENTRIES_PER_GROUP * pt_span(level);
		u64 *slot = group_slots(table, group);
		unsigned int map = kept_entries(slot, level);

		if (map)
			to->word[to->words++] = at | map << HEAD_MAP_SHIFT | level;
		for (i = 0; i < ENTRIES_PER_GROUP; i++) {
			if (map & 1U << i) {
				to->word[to->words++] = slot[i];
				slot[i] = 0;
			}
		}
		for (i = 0; map != (1U << ENTRIES_PER_GROUP) - 1 && i < ENTRIES_PER_GROUP; i++) {
			struct page *own = slot[i] ? entry_table(slot[i]) : NULL;

			if (!own)
				continue;
			slot[i] = 0;
			fold_table(own, level - 1, at + i * pt_span(level), to);
			pt_free_table(own);
		}
	}
}

/*
 * Take the tables away from the processors: from here on whoever runs in @mm faults at once, and
 * waits for mmap_lock. False: somebody does run in it.
 */
static bool detach_root(struct mm_struct *mm)
{
	pgd_t *old = mm->pgd;

	/* Kernel threads that have it loaded, lazily, let go. */
	if (!cpumask_empty(mm_cpumask(mm)))
		flush_tlb_mm(mm);
	WRITE_ONCE(mm->pgd, page_address(empty_root));
	smp_mb();	/* before the mask is read; switch_mm_irqs_off() has it the other way */
	if (likely(cpumask_empty(mm_cpumask(mm))))
		return true;
	WRITE_ONCE(mm->pgd, old);
	flush_tlb_mm(mm);
	return false;
}

/**
 * pt_fold() - put an address space's own page tables away
 * @mm: nobody runs in it, as far as one can see
 *
 * Context: mmap_lock held for writing; does not sleep.
 * Return: 1 when it is folded now; 0: some CPU uses it after all; -EFBIG: it would not pay;
 *	-EBUSY: some of its pages are in use elsewhere, or locked; -ENOMEM.
 */
int pt_fold(struct mm_struct *mm)
{
	struct page *root = table_of(mm->pgd);
	struct fold_size size = { 0 };
	struct folded_tables *list;

	if (mm->locked_vm)
		return -EBUSY;	/* it was promised not to fault */
	measure(root, PT_ROOT, &size);
	if (size.pinned)
		return -EBUSY;
	if (size.tables > MAX_FOLD_TABLES || size.words > MAX_FOLD_WORDS)
		return -EFBIG;
	list = kmalloc(sizeof(*list) + size.words * sizeof(u64), GFP_NOWAIT | __GFP_NOWARN);
	if (!list)
		return -ENOMEM;
	if (!detach_root(mm)) {
		kfree(list);
		return 0;
	}
	list->words = 0;
	fold_table(root, PT_ROOT, 0, list);
	ASSERT(list->words == size.words);
	pgd_free(page_address(root));
	mm->fold_tables = size.tables - 1;
	smp_store_release(&mm->folded, list);
	vm_stat_inc(PGFOLD);
	return 1;
}

/* ---- unfolding ---- */

struct spare_tables {
	unsigned int nr;
	pgd_t *pgd;
	struct page *table[MAX_FOLD_TABLES];
};

static void free_spares(struct spare_tables *spare)
{
	while (spare->nr)
		pt_free_table(spare->table[--spare->nr]);
	if (spare->pgd)
		pgd_free(spare->pgd);
	spare->pgd = NULL;
}

static bool alloc_spares(struct spare_tables *spare, unsigned int nr, gfp_t gfp)
{
	spare->nr = 0;
	spare->pgd = pgd_alloc(gfp);
	while (spare->pgd && spare->nr < nr) {
		struct page *table = pt_alloc_table(PT_LEAF, gfp);

		if (!table)
			break;
		spare->table[spare->nr++] = table;
	}
	if (spare->pgd && spare->nr == nr)
		return true;
	free_spares(spare);
	return false;
}

/* Fill @way, from the top level to @level's table of @addr; what is missing is made. */
static void make_way(struct spare_tables *spare, unsigned int level, unsigned long addr,
		     struct page *way[PT_ROOT + 1])
{
	unsigned int at;

	way[PT_ROOT] = table_of(spare->pgd);
	for (at = PT_ROOT; at > level; at--) {
		u64 *slot = pt_slot(way[at], at, addr);

		if (!*slot) {
			struct page *table = spare->table[--spare->nr];

			table->pt_level = at - 1;
			*slot = table_entry(table);
			pt_mark_used(way[at], slot);
		}
		way[at - 1] = entry_table(*slot);
	}
}

/* What an entry of a table of @level adds to the counts of that table and those above. */
static void count_entry(u64 entry, unsigned int level, int rss[NR_MM_COUNTERS])
{
	struct page *below = entry_table(entry);
	int kind;

	if (level > PT_LEAF) {
		for (kind = 0; kind < NR_MM_COUNTERS; kind++)
			rss[kind] += atomic_read(&below->pt_rss[kind]);
	} else if (!(entry & _PAGE_SPECIAL)) {
		rss[page_rss_kind(below)]++;
	}
}

/* Put the group at @word back. Returns what comes behind it. */
static const u64 *unfold_group(struct spare_tables *spare, const u64 *word)
{
	u64 head = *word++;
	unsigned int level = head & HEAD_LEVEL, map = HEAD_MAP(head), i;
	unsigned long addr = head & PAGE_MASK;
	int rss[NR_MM_COUNTERS] = { 0 }, kind;
	struct page *way[PT_ROOT + 1];
	u64 *slot;

	make_way(spare, level, addr, way);
	slot = pt_slot(way[level], level, addr);
	pt_mark_used(way[level], slot);
	for (i = 0; i < ENTRIES_PER_GROUP; i++) {
		if (!(map & 1U << i))
			continue;
		slot[i] = *word++;
		if (slot[i])
			count_entry(slot[i], level, rss);
	}
	for (; level < PT_ROOT; level++)
		for (kind = 0; kind < NR_MM_COUNTERS; kind++)
			way[level]->pt_rss[kind].counter += rss[kind];
	return word;
}

static void unfold_all(struct mm_struct *mm, struct spare_tables *spare)
{
	const u64 *word = mm->folded->word, *end = word + mm->folded->words;

	while (word != end)
		word = unfold_group(spare, word);
	smp_store_release(&mm->pgd, spare->pgd);	/* pt_lookup() asks for nothing else */
	spare->pgd = NULL;
}

/**
 * __pt_unfold() - give @mm its page tables back; see pt_unfold()
 *
 * Several may come at once, since mmap_lock is held for reading: each brings tables, one needs
 * them.
 */
int __pt_unfold(struct mm_struct *mm, gfp_t gfp)
{
	struct folded_tables *list = NULL;
	struct spare_tables spare;

	if (!alloc_spares(&spare, READ_ONCE(mm->fold_tables), gfp))
		return -ENOMEM;
	spin_lock(&fold_lock);
	if (mm->folded) {
		list = mm->folded;
		unfold_all(mm, &spare);
		smp_store_release(&mm->folded, NULL);
	}
	spin_unlock(&fold_lock);
	/* Also those for tables that had no entry when they were put away. */
	free_spares(&spare);
	if (!list)
		return 0;
	/* CPUs that run in @mm, ours above all, have loaded the empty top level. */
	flush_tlb_mm(mm);
	kfree(list);
	vm_stat_inc(PGUNFOLD);
	return 0;
}

/* ---- without unfolding ---- */

/**
 * pt_folded_bytes() - what @mm's folded tables take
 *
 * Context: any; no lock needed. Return: bytes, 0: they are not folded.
 */
unsigned long pt_folded_bytes(struct mm_struct *mm)
{
	unsigned long bytes = 0;

	spin_lock(&fold_lock);
	if (mm->folded)
		bytes = sizeof(*mm->folded) + mm->folded->words * sizeof(u64);
	spin_unlock(&fold_lock);
	return bytes;
}

/* Is there, for [start, end), more than entries of last-level tables? */
static bool reaches_below(const struct folded_tables *list, unsigned long start, unsigned long end)
{
	const u64 *word = list->word, *behind = word + list->words;

	for (; word != behind; word += 1 + hweight32(HEAD_MAP(*word))) {
		unsigned int level = *word & HEAD_LEVEL;
		unsigned long at = *word & PAGE_MASK;

		if (level > PT_LEAF && at < end && at + ENTRIES_PER_GROUP * pt_span(level) > start)
			return true;
	}
	return false;
}

#define ZAP_AT_ONCE	64		/* pages that leave the list before they are freed */

struct folded_zap {
	unsigned long start, end;
	enum zap_flags flags;
	unsigned int nr;
	struct page *page[ZAP_AT_ONCE];
};

/* The pages of the group at @word that are to go leave the list, and wait in @zap. */
static void zap_folded_group(u64 *word, struct folded_zap *zap)
{
	unsigned int map = HEAD_MAP(*word), i;
	unsigned long at = *word++ & PAGE_MASK;
	struct page *page;

	for (i = 0; i < ENTRIES_PER_GROUP; i++, at += PAGE_SIZE) {
		if (!(map & 1U << i))
			continue;
		page = *word && !(*word & _PAGE_SPECIAL) ? entry_table(*word) : NULL;
		if (at >= zap->start && at < zap->end &&
		    (!(zap->flags & ZAP_CACHE_ONLY) || (page && !PageAnon(page)))) {
			if (page)
				zap->page[zap->nr++] = page;
			*word = 0;
		}
		word++;
	}
}

/*
 * Go on at word *@at until the list ends or @zap is full. Context: fold_lock. Returns whether there
 * is more.
 */
static bool zap_some(struct folded_tables *list, unsigned int *at, struct folded_zap *zap)
{
	for (; *at < list->words; *at += 1 + hweight32(HEAD_MAP(list->word[*at]))) {
		if (zap->nr > ZAP_AT_ONCE - ENTRIES_PER_GROUP)
			return true;
		if ((list->word[*at] & HEAD_LEVEL) == PT_LEAF)
			zap_folded_group(&list->word[*at], zap);
	}
	return false;
}

/* They belong to the list no more, so nobody else counts or frees them. */
static void free_zapped(struct mm_struct *mm, struct folded_zap *zap)
{
	long gone[NR_MM_COUNTERS] = { 0 };
	unsigned int i;
	int kind;

	for (i = 0; i < zap->nr; i++)
		gone[page_rss_kind(zap->page[i])]--;
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		atomic_long_add(gone[kind], &mm->rss_stat[kind]);
	pt_count_mapped(gone);
	pt_put_pages(zap->page, zap->nr);
	zap->nr = 0;
}

/**
 * pt_zap_folded() - take the pages of [start, end) out of folded tables
 * @flags: ZAP_CACHE_ONLY: leave private pages
 *
 * For truncation, which must not fail: this takes no memory.
 * Context: mmap_lock held. No CPU knows these entries, so nothing is flushed. Pages are freed with
 * no spinlock held.
 * Return: false: unfold first, because of tables that are shared, or because somebody has done so.
 */
bool pt_zap_folded(struct mm_struct *mm, unsigned long start, unsigned long end,
		   enum zap_flags flags)
{
	struct folded_zap zap = { .start = start, .end = end, .flags = flags };
	unsigned int at = 0;
	bool done, more;

	do {
		spin_lock(&fold_lock);
		/* Unfolded meanwhile, it stays so: folding takes mmap_lock for writing. */
		done = mm->folded && !reaches_below(mm->folded, start, end);
		more = done && zap_some(mm->folded, &at, &zap);
		spin_unlock(&fold_lock);
		free_zapped(mm, &zap);
	} while (more);
	return done;
}

/* ---- the end ---- */

static const u64 *drop_group(const u64 *word, long gone[NR_MM_COUNTERS])
{
	u64 head = *word++;
	unsigned int level = head & HEAD_LEVEL, entries = hweight32(HEAD_MAP(head)), nr = 0;
	struct page *pages[ENTRIES_PER_GROUP];

	for (; entries--; word++) {
		struct page *below = entry_table(*word);

		if (!*word)
			continue;
		if (level > PT_LEAF) {
			pt_put_table(below);
		} else if (!(*word & _PAGE_SPECIAL)) {
			gone[page_rss_kind(below)]--;
			pages[nr++] = below;
		}
	}
	pt_put_pages(pages, nr);
	return word;
}

/* The end of an address space that is folded: what is on its list goes, unfolded or not. */
void pt_drop_folded(struct mm_struct *mm)
{
	struct folded_tables *list = mm->folded;
	const u64 *word = list->word, *end = word + list->words;
	long gone[NR_MM_COUNTERS] = { 0 };

	while (word != end)
		word = drop_group(word, gone);
	pt_count_mapped(gone);
	mm->folded = NULL;
	kfree(list);
}
