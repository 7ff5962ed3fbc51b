/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of mm/ share with each other. A host harness can put its own file of this name
 * before this one to build vma.c and the allocators' logic in user space.
 */
#ifndef _MM_INTERNAL_H
#define _MM_INTERNAL_H

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/tlbflush.h>

/* ---- statistics: mm/vmstat.c ---- */

struct vm_stats {
	long count[NR_VM_STAT_ITEMS];
};
DECLARE_PER_CPU(struct vm_stats, vm_stats);

/* One instruction, safe against interrupts; a CPU's share may be negative. */
#define vm_stat_add(item, n)	this_cpu_add(vm_stats.count[item], (long)(n))
#define vm_stat_inc(item)	this_cpu_add(vm_stats.count[item], 1L)
#define vm_stat_dec(item)	this_cpu_add(vm_stats.count[item], -1L)

/* ---- frames: mm/page_alloc.c ---- */

extern unsigned long min_free_pages;

/* May @gfp's caller go below the reserve (a dying task, an interrupt)? */
void page_alloc_init(void);
unsigned long pcp_cached_pages(void);

static inline bool is_zero_page(const struct page *page)
{
	return page == zero_page;
}

/* ---- slab: mm/slab.c ---- */

void kmem_cache_init(void);

/* ---- vmalloc and stacks ---- */

void kernel_stacks_shrink(void);

/* ---- page tables: mm/pgtable.c, the only writer of entries ---- */

/*
 * The way from the top of an address space to one last-level entry. Tables that belong to one
 * address space are stable while its mmap_lock is held; entries only under the table's ptl.
 */
struct pt_path {
	struct mm_struct *mm;
	unsigned long addr;
	pud_t *pud;		/* in the top table */
	pmd_t *pmd;		/* in the middle table */
	pte_t *pte;		/* in the last-level table ("leaf"), the entry of addr */
	struct page *leaf;
};

/*
 * Pages and tables which have been taken out of an address space and may be used again only after
 * the TLBs have forgotten them. One task's; on its stack.
 */
#define GATHER_INLINE	30
struct gather_batch {
	struct gather_batch *next;
	unsigned int nr, max;
	struct page *pages[];		/* or tables, each with all that hangs below it */
};

struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end;	/* what a flush must cover */
	bool dead;			/* no CPU uses this mm any more: nothing to flush */
	bool need_flush;
	bool tables;			/* tables are among what waits */
	unsigned int batches;
	struct gather_batch *active;
	struct gather_batch first;
	struct page *inline_pages[GATHER_INLINE];
};

void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm, bool dead);
void tlb_finish_mmu(struct mmu_gather *tlb);
void tlb_flush_mmu(struct mmu_gather *tlb);
bool tlb_more_room(struct mmu_gather *tlb);

/* An entry of @page at @addr was cleared; false: flush before the next one. */
static inline bool tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	struct gather_batch *batch = tlb->active;

	batch->pages[batch->nr++] = page;
	return likely(batch->nr < batch->max) || tlb_more_room(tlb);
}

static inline void tlb_cover(struct mmu_gather *tlb, unsigned long start, unsigned long end)
{
	tlb->need_flush = true;
	tlb->start = min(tlb->start, start);
	tlb->end = max(tlb->end, end);
}


/* For tables that are needed to give memory back: half of the reserve is theirs. */
#define GFP_FREEING	(GFP_USER | __GFP_HIGH)

pgd_t *pgd_alloc(gfp_t gfp);
void pgd_free(pgd_t *pgd);
void pt_free_table(struct page *table);		/* empty, and forgotten by every TLB */
void pt_caches_shrink(void);

bool pt_lookup(struct mm_struct *mm, unsigned long addr, struct pt_path *path);

/* mm/pgtable_fold.c */
int pt_fold(struct mm_struct *mm);
int __pt_unfold(struct mm_struct *mm, gfp_t gfp);
unsigned long pt_folded_bytes(struct mm_struct *mm);

void kfold_notice(void);

/* mm/kfold.c: between the two nothing is folded. Sleeps. */
void kfold_pause(void);
void kfold_resume(void);

/*
 * The tables that were put away while @mm's owner slept come back. mmap_lock is held. With
 * __GFP_NOFAIL it cannot fail. Sleeps. 0 or -ENOMEM.
 */
static inline int pt_unfold(struct mm_struct *mm, gfp_t gfp)
{
	return likely(!smp_load_acquire(&mm->folded)) ? 0 : __pt_unfold(mm, gfp);
}

/* mm/pgtable_share.c */
int pt_own_path(struct mm_struct *mm, unsigned long addr, gfp_t gfp, bool make);
int pt_own_range(struct mm_struct *mm, unsigned long start, unsigned long end, gfp_t gfp);
int pt_own_edges(struct mm_struct *mm, unsigned long start, unsigned long end,
		 unsigned long floor, unsigned long ceiling, gfp_t gfp);
pte_t pt_peek(struct mm_struct *mm, unsigned long addr);
bool pt_read(struct mm_struct *mm, unsigned long addr, void *buf, unsigned int bytes);
void pt_put_table(struct page *table);
void pt_drop_all(struct mm_struct *mm, bool dead);
void pt_mark_pinned(struct pt_path *path);
bool pt_worth_sharing(struct mm_struct *mm);
void pt_share_all(struct mm_struct *mm, struct mm_struct *oldmm);

/*
 * The way to @addr's entry, made where it is missing and private to @mm all along.
 * Sleeps. 0 or -ENOMEM.
 */
static inline int pt_alloc_path(struct mm_struct *mm, unsigned long addr, struct pt_path *path)
{
	if (likely(pt_lookup(mm, addr, path)))
		return 0;
	return pt_own_path(mm, addr, GFP_USER, true) || !pt_lookup(mm, addr, path) ? -ENOMEM : 0;
}

static inline void pt_lock(struct pt_path *path)
{
	spin_lock(&path->leaf->ptl);
}

static inline void pt_unlock(struct pt_path *path)
{
	spin_unlock(&path->leaf->ptl);
}

/*
 * All with the leaf locked. An entry stands for one reference to its page, which the caller gives
 * or gets. @page: NULL for entries without one (the zero page, device frames).
 */
void pt_install(struct pt_path *path, pte_t pte, struct page *page);
void pt_replace(struct pt_path *path, pte_t new, struct page *old_page, struct page *new_page);
void pt_change(struct pt_path *path, pte_t new);

/* ZAP_CACHE_ONLY: private copies stay. ZAP_OWN_ONLY: what other address spaces share stays. */
enum zap_flags { ZAP_EVEN_COWS = 1, ZAP_CACHE_ONLY = 2, ZAP_OWN_ONLY = 4 };
bool pt_zap_folded(struct mm_struct *mm, unsigned long start, unsigned long end,
		   enum zap_flags flags);

void pt_zap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end,
		  enum zap_flags flags);
void pt_unmap_range(struct mmu_gather *tlb, unsigned long start, unsigned long end,
		    unsigned long floor, unsigned long ceiling);
bool pt_protect_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		      pgprot_t prot);
void pt_copy_page(struct mm_struct *dst, struct mm_struct *src, unsigned long addr);
int pt_copy_range(struct mm_struct *dst, struct vm_area_struct *src_vma, bool *changed);
unsigned long pt_move_range(struct mm_struct *mm, unsigned long old_addr, unsigned long new_addr,
			    unsigned long len);

/*
 * Visit entries that are not empty; the leaf is locked. @owners: through how many entries above it
 * is reached, at least. @fn returns false to stop.
 */
typedef bool (*pt_visit_fn)(pte_t pte, unsigned long addr, unsigned int owners, void *arg);
bool pt_visit_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		    pt_visit_fn fn, void *arg);

/* mm/pgtable_verify.c: mistakes found; mmap_lock held for writing. */
int pt_verify(struct mm_struct *mm);

/* mm/mm_verify.c: the mm can be found by who recounts them all, until it is freed. */
#ifdef CONFIG_DEBUG_PGTABLES
void mm_verify_init(struct mm_struct *mm);
void mm_verify_add(struct mm_struct *mm);
void mm_verify_remove(struct mm_struct *mm);
#else
static inline void mm_verify_init(struct mm_struct *mm) { }
static inline void mm_verify_add(struct mm_struct *mm) { }
static inline void mm_verify_remove(struct mm_struct *mm) { }
#endif

/* Kernel half. 0 or -ENOMEM; unmapping leaves the flush to the caller. */
int pt_map_kernel(unsigned long addr, struct page **pages, unsigned int nr, pgprot_t prot);
int pt_map_kernel_phys(unsigned long addr, phys_addr_t phys, unsigned int nr, pgprot_t prot);
void pt_unmap_kernel(unsigned long addr, unsigned int nr);
struct page *pt_kernel_page(unsigned long addr);

/* Which counter of resident pages @page belongs to. */
static inline int page_rss_kind(const struct page *page)
{
	if (PageAnon(page))
		return MM_ANONPAGES;
	return PageSwapBacked(page) ? MM_SHMEMPAGES : MM_FILEPAGES;
}

/* ---- areas: mm/vma.c ---- */

struct vm_area_struct *vm_area_alloc(struct mm_struct *mm);
struct vm_area_struct *vm_area_dup(struct vm_area_struct *orig);
void vm_area_free(struct vm_area_struct *vma);

void vma_tree_insert(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_list_append(struct mm_struct *mm, struct vm_area_struct *vma,
		     struct vm_area_struct *prev);
void vma_tree_build(struct mm_struct *mm, struct vm_area_struct *last);
void vma_tree_remove(struct mm_struct *mm, struct vm_area_struct *vma);
/* vm_start or vm_end was changed, without passing a neighbour. */
void vma_tree_resized(struct mm_struct *mm, struct vm_area_struct *vma);

/* A name that a program gave to anonymous memory (PR_SET_VMA_ANON_NAME). */
struct anon_vma_name {
	refcount_t refs;
	char name[];
};
void anon_name_free(struct anon_vma_name *name);

static inline struct anon_vma_name *anon_name_get(struct anon_vma_name *name)
{
	if (unlikely(name))
		refcount_inc(&name->refs);
	return name;
}

static inline void anon_name_put(struct anon_vma_name *name)
{
	if (unlikely(name) && refcount_dec_and_test(&name->refs))
		anon_name_free(name);
}

static inline bool anon_name_same(const struct anon_vma_name *a, const struct anon_vma_name *b)
{
	return likely(a == b) || (a && b && !strcmp(a->name, b->name));
}

static inline void anon_name_replace(struct vm_area_struct *vma, struct anon_vma_name *name)
{
	if (likely(vma->anon_name == name))
		return;
	anon_name_get(name);
	anon_name_put(vma->anon_name);
	vma->anon_name = name;
}

struct vm_unmapped_area_info {
	bool topdown;
	unsigned long length, low_limit, high_limit;
};
unsigned long vma_find_gap(struct mm_struct *mm, const struct vm_unmapped_area_info *info);
int vma_tree_check(struct mm_struct *mm);

static inline unsigned long vm_start_gap(const struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;

	if (unlikely(vma->vm_flags & VM_GROWSDOWN))
		start = start > stack_guard_gap ? start - stack_guard_gap : 0;
	return start;
}

/* ---- mapping and unmapping: mm/mmap.c ---- */

static inline pgoff_t linear_index(const struct vm_area_struct *vma, unsigned long addr)
{
	return ((addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

void vma_link_file(struct vm_area_struct *vma, struct vm_area_struct *before);
void vma_unlink_file(struct vm_area_struct *vma);
void insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);
int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr,
	      bool new_below);
/* @vma's [start, end) shall have @flags: merge it with what lies beside it, or split it off. */
struct vm_area_struct *vma_modify_flags(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, unsigned long flags);
struct vm_area_struct *vma_merge_or_split(struct vm_area_struct *vma, unsigned long start,
					  unsigned long end, unsigned long flags,
					  struct anon_vma_name *name, struct mempolicy *policy);
struct vm_area_struct *vma_set_policy(struct vm_area_struct *vma, unsigned long start,
				      unsigned long end, struct mempolicy *policy);
void vm_stat_account(struct mm_struct *mm, unsigned long flags, long npages);
bool may_expand_vm(struct mm_struct *mm, unsigned long flags, unsigned long npages);
unsigned long mmap_region(struct mm_struct *mm, struct file *file, unsigned long addr,
			  unsigned long len, unsigned long vm_flags, unsigned long pgoff);
bool accountable_mapping(struct file *file, unsigned long vm_flags);
void exit_mmap(struct mm_struct *mm);

static inline void mm_locked_add(struct mm_struct *mm, long pages)
{
	mm->locked_vm += pages;
	vm_stat_add(NR_MLOCK, pages);
}

int mlock_future_check(struct mm_struct *mm, unsigned long flags, unsigned long len);
int can_do_mlock(void);
void release_vma(struct vm_area_struct *vma);
struct vm_area_struct *vma_merge_hole(struct mm_struct *mm, struct vm_area_struct *prev,
				      unsigned long addr, unsigned long end, unsigned long vm_flags,
				      struct file *file, unsigned long pgoff);
void vma_extend(struct vm_area_struct *vma, unsigned long end);
bool vma_is_anon_shmem(const struct vm_area_struct *vma);
void vma_set_page_prot(struct vm_area_struct *vma);
int do_brk_flags(unsigned long addr, unsigned long len, unsigned long vm_flags);

/* ---- faults: mm/memory.c ---- */

int zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long len);
void mm_populate_all(struct mm_struct *mm);
long get_one_page(struct mm_struct *mm, unsigned long addr, unsigned int gup_flags,
		  struct page **pagep);
int faultin_page(struct vm_area_struct *vma, unsigned long addr, unsigned int fault_flags);

/* ---- page cache ---- */


/* ---- fork's caches ---- */

extern struct kmem_cache *vm_area_cachep;
extern struct kmem_cache *mm_cachep;
void mm_caches_init(void);		/* mm/fork.c */

/* madvise.c */
int do_madvise(struct mm_struct *mm, unsigned long start, size_t len_in, int advice);

/* oom.c: the private memory of a dying address space, at once. mmap_lock held for reading. */
void oom_reap_mm(struct mm_struct *mm);

#endif
