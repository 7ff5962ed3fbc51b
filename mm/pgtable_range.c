// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables over ranges: unmapping, protecting, copying for fork, moving, visiting. The caller
 * holds mmap_lock; each table's ptl is taken inside.
 */
#include "pgtable.h"

/* ---- unmapping ---- */

struct zap {
	struct mmu_gather *tlb;
	enum zap_flags flags;
	bool alone;			/* mmap_lock is held for writing: no thread is below us */
	unsigned long floor, ceiling;	/* tables that lie wholly in here may go as they are */
	struct pt_path path;		/* the way down to where we are */
	/* Of the leaf at hand: */
	long rss[NR_MM_COUNTERS];	/* pages taken out, negative */
	bool cleared;			/* an entry was */
};

/* Clear entries of one group; false: the gather is full. @addr: where to start, and stopped. */
static bool zap_group(struct zap *z, pte_t *ptep, unsigned long *addr, unsigned long end)
{
	bool room = true;

	for (; *addr != end && room; *addr += PAGE_SIZE, ptep++) {
		pte_t pte = *ptep;
		struct page *page = NULL;

		if (pte_none(pte))
			continue;
		if (likely(!pte_special(pte)))
			page = pte_page(pte);
		if ((z->flags & ZAP_CACHE_ONLY) && (!page || PageAnon(page)))
			continue;
		pt_write_pte(ptep, __pte(0));
		z->cleared = true;
		if (unlikely(!page))
			continue;
		z->rss[page_rss_kind(page)]--;
		room = tlb_remove_page(z->tlb, page);
	}
	return room;
}

/*
 * Clear entries of one leaf from @addr to @end. Returns where it stopped: before @end when the
 * gather is full.
 */
static unsigned long zap_leaf(struct zap *z, unsigned long addr, unsigned long end)
{
	struct pt_path *path = &z->path;
	unsigned long at = addr, stop;
	bool room = true;

	memset(z->rss, 0, sizeof(z->rss));
	z->cleared = false;
	spin_lock(&path->leaf->ptl);
	while (room && pt_next_group(path->leaf, &at, end, &stop))
		room = zap_group(z, path->pte + ((at - addr) >> PAGE_SHIFT), &at, stop);
	pt_count_mapped(z->rss);
	pt_account_all(path, z->rss);
	spin_unlock(&path->leaf->ptl);
	if (room)
		at = end;
	if (z->cleared)
		tlb_cover(z->tlb, addr, at);
	return at;
}

/* All entries of [addr, end) in the leaf at @slot. Sleeps between fillings of the gather. */
static void zap_whole_leaf(struct zap *z, u64 *slot, unsigned long addr, unsigned long end)
{
	struct page *leaf = entry_table(*slot);

	z->path.pmd = (pmd_t *)slot;
	z->path.leaf = leaf;
	while (addr != end) {
		z->path.addr = addr;
		z->path.pte = (pte_t *)pt_slot(leaf, PT_LEAF, addr);
		ASSERT(pt_path_private(&z->path));
		addr = zap_leaf(z, addr, end);
		if (addr != end || z->tlb->active->nr == z->tlb->active->max)
			tlb_flush_mmu(z->tlb);
	}
	cond_resched();
}

/* What hung below an entry of a table of @level is gone from the counts of those above. */
static void account_unhooked(struct zap *z, unsigned int level, const int rss[NR_MM_COUNTERS])
{
	int kind;

	for (kind = 0; kind < NR_MM_COUNTERS; kind++) {
		if (!rss[kind])
			continue;
		if (level == PT_MID)
			atomic_sub(rss[kind], &table_of(z->path.pmd)->pt_rss[kind]);
		if (level <= PT_TOP)
			atomic_sub(rss[kind], &table_of(z->path.pud)->pt_rss[kind]);
		atomic_long_sub(rss[kind], &z->path.mm->rss_stat[kind]);
	}
}

/*
 * Take the table at @slot out with all that hangs below it. While other threads may work below,
 * only a shared one goes so: they do not write there, and who only looks holds its lock. False: it
 * has to be emptied instead.
 */
static bool unhook(struct zap *z, u64 *slot, unsigned int level, unsigned long addr)
{
	struct page *upper = table_of(slot), *table;
	int rss[NR_MM_COUNTERS], kind;
	bool take = true;
	u64 entry;

	spin_lock(&upper->ptl);
	entry = *slot;
	if (!entry || (!z->alone && (entry & _PAGE_RW))) {
		spin_unlock(&upper->ptl);
		return !entry;
	}
	table = entry_table(entry);
	spin_lock_nested(&table->ptl, 1);
	if (!z->alone && atomic_read(&table->pt_refs) == 1) {
		pt_reopen(slot, table);
		take = false;
	} else {
		pt_write(slot, 0);
		for (kind = 0; kind < NR_MM_COUNTERS; kind++)
			rss[kind] = atomic_read(&table->pt_rss[kind]);
	}
	spin_unlock(&table->ptl);
	spin_unlock(&upper->ptl);
	if (!take)
		return false;
	account_unhooked(z, level, rss);
	addr &= ~(pt_span(level) - 1);
	tlb_cover(z->tlb, addr, addr + pt_span(level));
	z->tlb->tables = true;
	if (!tlb_remove_page(z->tlb, table))
		tlb_flush_mmu(z->tlb);
	return true;
}

/*
 * Is the table at @slot not to be used? ZAP_OWN_ONLY passes over what is shared, and what a sibling
 * thread has taken out meanwhile.
 */
static bool pass_over(struct zap *z, u64 *slot)
{
	struct page *upper = table_of(slot), *table;
	bool pass = false;
	u64 entry;

	if (likely(READ_ONCE(*slot) & _PAGE_RW))
		return false;
	ASSERT(z->flags & ZAP_OWN_ONLY);
	spin_lock(&upper->ptl);
	entry = *slot;
	if (!entry) {
		pass = true;
	} else if (!(entry & _PAGE_RW)) {
		table = entry_table(entry);
		spin_lock_nested(&table->ptl, 1);
		pass = atomic_read(&table->pt_refs) > 1;
		if (!pass)
			pt_reopen(slot, table);
		spin_unlock(&table->ptl);
	}
	spin_unlock(&upper->ptl);
	return pass;
}

static void zap_table(struct zap *z, struct page *table, unsigned int level, unsigned long addr,
		      unsigned long end)
{
	u64 *slot = pt_slot(table, level, addr);
	unsigned long next;

	for (; addr != end; addr = next, slot++) {
		next = pt_span_end(level, addr, end);
		if (!READ_ONCE(*slot))
			continue;
		if (level == PT_TOP)
			z->path.pud = (pud_t *)slot;
		else if (level == PT_MID)
			z->path.pmd = (pmd_t *)slot;
		if (pt_span_within(level, addr, z->floor, z->ceiling) &&
		    unhook(z, slot, level, addr))
			continue;
		if (pass_over(z, slot))
			continue;
		if (level == PT_MID)
			zap_whole_leaf(z, slot, addr, next);
		else
			zap_table(z, entry_table(*slot), level - 1, addr, next);
	}
}

static void start_zap(struct zap *z, struct mmu_gather *tlb, enum zap_flags flags, bool alone)
{
	z->tlb = tlb;
	z->flags = flags;
	z->alone = alone;
	z->path.mm = tlb->mm;
}

/*
 * Empty [start, end); the pages wait in @tlb. Sleeps between tables. mmap_lock is held at least for
 * reading, and pt_own_edges() has made the tables at either end private, or pt_own_range() all
 * (ZAP_CACHE_ONLY), or nothing shared is to be touched (ZAP_OWN_ONLY).
 */
void pt_zap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end,
		  enum zap_flags flags)
{
	bool may_unhook = !(flags & (ZAP_CACHE_ONLY | ZAP_OWN_ONLY));
	struct zap z;

	ASSERT(!tlb->mm->folded);
	if (start == end)
		return;
	start_zap(&z, tlb, flags, false);
	z.floor = may_unhook ? start : ULONG_MAX;
	z.ceiling = end;
	zap_table(&z, table_of(tlb->mm->pgd), PT_ROOT, start, end);
}

/*
 * Empty [start, end), and take the tables out that lie wholly in [floor, ceiling), the hole between
 * areas that is left there. mmap_lock held for writing, the edges private.
 */
void pt_unmap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end,
		    unsigned long floor, unsigned long ceiling)
{
	struct zap z;

	ASSERT(!tlb->mm->folded);
	if (start == end)
		return;
	start_zap(&z, tlb, ZAP_EVEN_COWS, true);
	z.floor = floor;
	z.ceiling = ceiling;
	zap_table(&z, table_of(tlb->mm->pgd), PT_ROOT, start, end);
}

/* ---- changing protections ---- */

/* An entry of a private page may be writable when this entry is the page's only reference. */
static inline bool may_make_writable(struct vm_area_struct *vma, pte_t pte)
{
	struct page *page;

	if (!(vma->vm_flags & VM_WRITE) || (vma->vm_flags & VM_SHARED) || pte_special(pte))
		return false;
	page = pte_page(pte);
	return PageAnon(page) && page_count(page) == 1;
}

static bool protect_group(struct vm_area_struct *vma, pte_t *ptep, unsigned long addr,
			  unsigned long end, pgprot_t prot)
{
	bool changed = false;

	for (; addr != end; addr += PAGE_SIZE, ptep++) {
		pte_t old = *ptep, new;

		if (pte_none(old))
			continue;
		new = pte_modify(old, prot);
		if (may_make_writable(vma, old))
			new = pte_mkwrite(new);
		if (pte_same(old, new))
			continue;
		pt_write_pte(ptep, new);
		changed = true;
	}
	return changed;
}

static bool protect_leaf(struct vm_area_struct *vma, struct pt_path *path, unsigned long addr,
			 unsigned long end, pgprot_t prot)
{
	unsigned long at = addr, stop;
	bool changed = false;

	spin_lock(&path->leaf->ptl);
	for (; pt_next_group(path->leaf, &at, end, &stop); at = stop)
		changed |= protect_group(vma, path->pte + ((at - addr) >> PAGE_SHIFT), at, stop,
					 prot);
	spin_unlock(&path->leaf->ptl);
	return changed;
}

/* Give the entries of [start, end), all private, @prot; true: the caller must flush. */
bool pt_protect_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      pgprot_t prot)
{
	unsigned long addr = start;
	struct pt_path path;
	bool changed = false;

	while (pt_next_leaf(vma->vm_mm, &addr, end, &path)) {
		unsigned long stop = leaf_end(addr, end);

		ASSERT(pt_path_private(&path));
		changed |= protect_leaf(vma, &path, addr, stop, prot);
		addr = stop;
		cond_resched();
	}
	return changed;
}

/* ---- fork ---- */

static bool copy_group(struct page *to, pte_t *dst, pte_t *src, unsigned int nr, bool cow,
		       long rss[NR_MM_COUNTERS])
{
	bool changed = false;

	for (; nr--; src++, dst++) {
		pte_t pte = *src;
		struct page *page;

		if (pte_none(pte))
			continue;
		if (cow && pte_write(pte)) {
			pte = pte_wrprotect(pte);
			pt_write_pte(src, pte);
			changed = true;
		}
		pt_write_pte(dst, pte);
		pt_mark_used(to, dst);
		if (unlikely(pte_special(pte)))
			continue;
		page = pte_page(pte);
		get_page(page);
		rss[page_rss_kind(page)]++;
	}
	return changed;
}

static bool copy_leaf(struct pt_path *to, struct pt_path *from, unsigned long addr,
		      unsigned long end, bool cow)
{
	long rss[NR_MM_COUNTERS] = { 0 };
	unsigned long at = addr, stop;
	bool changed = false;

	spin_lock(&to->leaf->ptl);
	spin_lock_nested(&from->leaf->ptl, 1);
	for (; pt_next_group(from->leaf, &at, end, &stop); at = stop) {
		unsigned long first = (at - addr) >> PAGE_SHIFT;

		changed |= copy_group(to->leaf, to->pte + first, from->pte + first,
				      (stop - at) >> PAGE_SHIFT, cow, rss);
	}
	spin_unlock(&from->leaf->ptl);
	pt_count_mapped(rss);
	pt_account_all(to, rss);
	spin_unlock(&to->leaf->ptl);
	return changed;
}

/*
 * fork: give @dst the entries of @src_vma. Pages of private areas become read-only on both sides;
 * *changed is set when the parent lost a permission and must be flushed. 0 or -ENOMEM.
 * Both mmap_locks are held for writing.
 */
int pt_copy_range(struct mm_struct *dst, struct vm_area_struct *src_vma, bool *changed)
{
	bool cow = (src_vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
	unsigned long addr = src_vma->vm_start, end = src_vma->vm_end;
	struct pt_path from, to;

	while (pt_next_leaf(src_vma->vm_mm, &addr, end, &from)) {
		unsigned long stop = leaf_end(addr, end);

		if (pt_alloc_path(dst, addr, &to))
			return -ENOMEM;
		if (copy_leaf(&to, &from, addr, stop, cow))
			*changed = true;
		addr = stop;
		cond_resched();
	}
	return 0;
}

/* Does the private page behind @pte have two users, the entries of parent and child? */
static bool is_theirs_alone(pte_t pte)
{
	return !pte_none(pte) && !pte_special(pte) && !pte_write(pte) && PageAnon(pte_page(pte)) &&
	       page_count(pte_page(pte)) == 2;
}

/**
 * pt_copy_page() - fork: a private page that both sides will write, copied now
 * @dst: has just got @src's entries   @src: the parent, in which nobody else runs
 * @addr: anywhere; where there is no such page, nothing happens
 *
 * Context: both mmap_locks held for writing.
 */
void pt_copy_page(struct mm_struct *dst, struct mm_struct *src, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(src, addr);
	struct pt_path from, to;
	struct page *page, *new;
	pte_t pte;

	if (!vma || vma->vm_start > addr || (vma->vm_flags & (VM_WRITE | VM_SHARED)) != VM_WRITE ||
	    !pt_lookup(src, addr, &from) || !pt_lookup(dst, addr, &to))
		return;
	pte = *to.pte;
	if (!is_theirs_alone(pte))
		return;
	new = alloc_page(GFP_NOWAIT | __GFP_NOWARN);
	if (unlikely(!new))
		return;
	page = pte_page(pte);
	new->flags = 1UL << PG_anon | 1UL << PG_uptodate;
	copy_page(page_address(new), page_address(page));
	pt_write_pte(to.pte, pte_mkwrite(pte_mkdirty(mk_pte(new, vma->vm_page_prot))));
	pt_write_pte(from.pte, pte_mkwrite(pte_mkdirty(*from.pte)));
	put_page(page);
	vm_stat_inc(PGCOW);
}

/* ---- mremap ---- */

static void move_leaf(struct pt_path *to, struct pt_path *from, unsigned long len)
{
	long rss[NR_MM_COUNTERS] = { 0 }, gone[NR_MM_COUNTERS];
	pte_t *src = from->pte, *dst = to->pte;
	bool same = from->leaf == to->leaf;
	int kind;

	spin_lock(&from->leaf->ptl);
	if (!same)
		spin_lock_nested(&to->leaf->ptl, 1);
	for (; len; len -= PAGE_SIZE, src++, dst++) {
		pte_t pte = *src;

		if (pte_none(pte))
			continue;
		pt_write_pte(src, __pte(0));
		pt_write_pte(dst, pte);
		pt_mark_used(to->leaf, dst);
		if (!pte_special(pte))
			rss[page_rss_kind(pte_page(pte))]++;
	}
	for (kind = 0; kind < NR_MM_COUNTERS; kind++)
		gone[kind] = -rss[kind];
	pt_account_all(to, rss);
	pt_account_all(from, gone);
	if (!same)
		spin_unlock(&to->leaf->ptl);
	spin_unlock(&from->leaf->ptl);
}

/*
 * Move entries; the ranges do not overlap, the new one is empty. The caller flushes the old range
 * and holds off truncation. Returns the bytes moved: less than @len when a table was missing.
 */
unsigned long pt_move_range(struct mm_struct *mm, unsigned long old_addr, unsigned long new_addr,
			    unsigned long len)
{
	unsigned long addr = old_addr, end = old_addr + len;
	long shift = new_addr - old_addr;
	struct pt_path from, to;

	if (pt_own_range(mm, old_addr, end, GFP_USER))
		return 0;
	while (pt_next_leaf(mm, &addr, end, &from)) {
		unsigned long stop = leaf_end(addr, end);
		unsigned long to_stop = leaf_end(addr + shift, stop + shift);

		if (pt_alloc_path(mm, addr + shift, &to))
			return addr - old_addr;
		move_leaf(&to, &from, to_stop - shift - addr);
		addr = to_stop - shift;
		cond_resched();
	}
	return len;
}

/* ---- looking ---- */

/* Lock the way to the next leaf at or above *addr, whoever shares it; false: none below @end. */
static bool lock_next_leaf(struct mm_struct *mm, unsigned long *addr, unsigned long end,
			   struct page *way[PT_ROOT + 1])
{
	unsigned int level;

	while (*addr < end) {
		level = pt_lock_way(mm, *addr, way);
		if (level == PT_LEAF)
			return true;
		pt_unlock_way(way, level);
		*addr = pt_span_end(level, *addr, end);
	}
	return false;
}

/* Through how many entries above the leaf it is reached, at least. */
static unsigned int owners_of(struct page *way[PT_ROOT + 1])
{
	return atomic_read(&way[PT_LEAF]->pt_refs) * atomic_read(&way[PT_MID]->pt_refs) *
	       atomic_read(&way[PT_TOP]->pt_refs);
}

bool pt_visit_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		    pt_visit_fn fn, void *arg)
{
	struct page *way[PT_ROOT + 1];
	unsigned long addr = start;

	pt_unfold(mm, GFP_FREEING | __GFP_NOFAIL);
	while (lock_next_leaf(mm, &addr, end, way)) {
		unsigned long stop = leaf_end(addr, end);
		u64 *slot = pt_slot(way[PT_LEAF], PT_LEAF, addr);
		unsigned int owners = owners_of(way);
		bool more = true;

		for (; addr != stop && more; addr += PAGE_SIZE, slot++)
			if (*slot)
				more = fn(__pte(*slot), addr, owners, arg);
		pt_unlock_way(way, PT_LEAF);
		if (!more)
			return false;
		cond_resched();
	}
	return true;
}
