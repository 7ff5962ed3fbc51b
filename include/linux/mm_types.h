/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data of memory management: page frames, areas of an address space, address spaces.
 * Functions are in <linux/mm.h>; only mm/ and the architecture look inside page-table fields.
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/auxvec.h>
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree_types.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <asm/mmu.h>
#include <asm/pgtable_types.h>

struct address_space;
struct file;
struct kmem_cache;
struct linux_binfmt;
struct mempolicy;
struct mm_struct;
struct page;
struct task_struct;
struct user_namespace;
struct user_struct;
struct vm_area_struct;
struct vm_fault;

/* Kinds of resident pages; each page-table page counts those hanging below it. */
enum rss_kind { MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES, NR_MM_COUNTERS };

/*
 * One frame of RAM. The union's member follows from flags (PG_slab, PG_table, PG_buddy, else user
 * or page cache, or the allocator's client may use private).
 *
 * Locks: [a] atomic   [z] zone lock   [c] cache's node lock   [l] page lock (PG_locked) and
 *        mapping->i_pages.xa_lock   [t] this table's ptl   [I] fixed while allocated
 */
struct page {
	unsigned long flags;			/* [a] PG_* */
	atomic_t _refcount;			/* [a] 0: free or being freed */
	unsigned int order;			/* [z] of a free block; [I] of a compound head */
	union {
		struct {			/* page cache and anonymous */
			struct address_space *mapping;	/* [l] NULL: anonymous or truncated */
			pgoff_t index;			/* [l] in units of pages */
			unsigned long private;		/* [l] the owner's */
			struct list_head lru;		/* the owner's */
		};
		struct list_head buddy;		/* [z] */
		struct {			/* slab */
			struct kmem_cache *slab_cache;	/* [I] */
			void *freelist;			/* [c] */
			struct list_head slab_list;	/* [c] */
			unsigned int slab_inuse;	/* [c] */
			unsigned int slab_objects;	/* [I] */
		};
		struct {			/* page table, any level */
			atomic_t pt_refs;	/* [a] upper entries that point at it; > 1: shared */
			atomic_t pt_rss[NR_MM_COUNTERS];	/* [a] pages hanging below it */
			spinlock_t ptl;		/* guards the entries */
			u8 pt_level;		/* [I] enum pt_level */
			u8 pt_pinned;		/* [t] pages below are referred to from elsewhere */
			u64 pt_used;		/* [t] bit: group of eight entries, ever used */
			u32 pt_found, pt_round;	/* mm/mm_verify.c's count of references */
		};
		struct page *compound_head;	/* [I] of a tail page (PG_tail) */
		struct rcu_head rcu_head;
	};
} __aligned(64);		/* one cache line, and pfn <-> page is a shift */

enum pageflags {
	PG_locked,	/* under I/O or truncation; lock_page() */
	PG_waiters,	/* somebody sleeps for PG_locked */
	PG_uptodate,	/* the cache page holds the file's bytes */
	PG_dirty,
	PG_referenced,
	PG_slab,
	PG_table,	/* a page table */
	PG_buddy,	/* head of a free block */
	PG_reserved,	/* never freed: kernel image, holes */
	PG_head,	/* first page of a compound page */
	PG_tail,
	PG_anon,	/* belongs to a private mapping */
	PG_swapbacked,	/* tmpfs: counts as shmem */
	PG_mlocked,
	PG_lazyfree,	/* MADV_FREE: may go under pressure */
	PG_free,	/* lies in the allocator, poisoned (debug) */
};

#define PAGE_FLAG(name, bit)							\
static inline bool Page##name(const struct page *page)				\
{										\
	return READ_ONCE(page->flags) & (1UL << (bit));				\
}										\
static inline void SetPage##name(struct page *page)				\
{										\
	__atomic_fetch_or(&page->flags, 1UL << (bit), __ATOMIC_RELAXED);	\
}										\
static inline void ClearPage##name(struct page *page)				\
{										\
	__atomic_fetch_and(&page->flags, ~(1UL << (bit)), __ATOMIC_RELAXED);	\
}										\
static inline void __SetPage##name(struct page *page)	/* nobody else sees it */	\
{										\
	page->flags |= 1UL << (bit);						\
}										\
static inline void __ClearPage##name(struct page *page)				\
{										\
	page->flags &= ~(1UL << (bit));						\
}

PAGE_FLAG(Locked, PG_locked)
PAGE_FLAG(Uptodate, PG_uptodate)
PAGE_FLAG(Dirty, PG_dirty)
PAGE_FLAG(Referenced, PG_referenced)
PAGE_FLAG(Slab, PG_slab)
PAGE_FLAG(Table, PG_table)
PAGE_FLAG(Buddy, PG_buddy)
PAGE_FLAG(Reserved, PG_reserved)
PAGE_FLAG(Head, PG_head)
PAGE_FLAG(Tail, PG_tail)
PAGE_FLAG(Anon, PG_anon)
PAGE_FLAG(SwapBacked, PG_swapbacked)
PAGE_FLAG(Mlocked, PG_mlocked)
PAGE_FLAG(LazyFree, PG_lazyfree)

#undef PAGE_FLAG

typedef unsigned int vm_fault_t;	/* VM_FAULT_* */

struct vm_operations_struct {
	/* The area was duplicated (fork, split): take references. mmap_lock of its mm, write. */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	/* Give vmf->page with a reference, or install the entry and return VM_FAULT_NOPAGE. */
	vm_fault_t (*fault)(struct vm_fault *vmf);
	/* Map pages round vmf->pgoff that are at hand, up to [start, end]. */
	void (*map_pages)(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
	/* A shared page is about to become writable. */
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	/* A tracer's access to memory without struct page. */
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
		      int write);
	int (*mprotect)(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			unsigned long newflags);
	/* Refuses a split at @addr with an errno. */
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	int (*mremap)(struct vm_area_struct *vma);
	const char *(*name)(struct vm_area_struct *vma);	/* for /proc/<pid>/maps */
};

/*
 * A range of an address space with one protection and one backing.
 *
 * Locks: [M] vm_mm->mmap_lock   [m] vm_file->f_mapping->i_mmap_rwsem   [I] fixed
 */
struct vm_area_struct {
	unsigned long vm_start;				/* [M] first address */
	unsigned long vm_end;				/* [M] first address behind */
	unsigned long vm_flags;				/* [M] VM_* */
	struct rb_node vm_rb;				/* [M] by address */
	unsigned long rb_subtree_gap;			/* [M] largest hole before any area below */
	struct vm_area_struct *vm_next, *vm_prev;	/* [M] by address */
	struct mm_struct *vm_mm;			/* [I] */
	pgprot_t vm_page_prot;				/* [M] of a new entry */
	bool vm_has_anon;				/* [M] read: may hold anonymous pages */
	unsigned long vm_pgoff;				/* [M] in pages; see vm_start for anonymous */
	struct file *vm_file;				/* [I] NULL: anonymous */
	const struct vm_operations_struct *vm_ops;	/* [I] */
	void *vm_private_data;				/* the driver's */
	struct list_head shared;			/* [m] mapping->i_mmap */
	struct anon_vma_name *anon_name;		/* [M] PR_SET_VMA_ANON_NAME */
	struct mempolicy *vm_policy;			/* [M] mbind(2), NULL: none */
};

struct mm_stat {
	unsigned long total_vm;		/* [M] pages in areas */
	unsigned long locked_vm;	/* [M] pages with VM_LOCKED */
	unsigned long data_vm;		/* [M] private writable, not stack */
	unsigned long exec_vm;		/* [M] executable, not writable, not stack */
	unsigned long stack_vm;		/* [M] VM_GROWSDOWN */
};

/* Flags in mm->flags: two bits of dumpability, then the core dump filter, then ours. */
#define SUID_DUMP_DISABLE	0
#define SUID_DUMP_USER		1
#define SUID_DUMP_ROOT		2
#define MMF_DUMPABLE_MASK	3UL
#define MMF_DUMP_FILTER_SHIFT	2
#define MMF_DUMP_FILTER_MASK	(0x1ffUL << MMF_DUMP_FILTER_SHIFT)
#define MMF_DUMP_FILTER_DEFAULT	(0x33UL << MMF_DUMP_FILTER_SHIFT)
#define MMF_HAS_MDWE		20
#define MMF_OOM_SKIP		21	/* the OOM killer has had this one */
#define MMF_OOM_REAPED		22
#define MMF_UNSTABLE		23	/* its pages may have been taken away */
#define MMF_DISABLE_THP		24	/* PR_SET_THP_DISABLE, inherited */
#define MMF_INIT_MASK		(MMF_DUMPABLE_MASK | MMF_DUMP_FILTER_MASK | 1UL << MMF_DISABLE_THP)

/*
 * An address space.
 *
 * Locks: [M] mmap_lock   [F] mmap_lock to write, or to read and fold_lock of mm/pgtable_fold.c
 *        [k] kfold only   [a] atomic   [g] arg_lock
 *        [I] fixed after exec   [R] RCU read, exe_file's writers hold [M]
 */
struct mm_struct {
	struct vm_area_struct *mmap;		/* [M] first area */
	struct rb_root mm_rb;			/* [M] */
	struct vm_area_struct *mmap_cache;	/* [M] read: last one found */
	pgd_t *pgd;				/* [F] empty while the tables are folded */
	struct folded_tables *folded;		/* [F] instead of tables, or NULL */
	unsigned int fold_tables;		/* [M] how many tables that were */
	unsigned int fold_refused;		/* [k] runs_of() its task when it could not be folded */
	atomic_t mm_users;			/* [a] tasks and mmget(); 0: torn down */
	atomic_t mm_count;			/* [a] mmgrab(), one for all mm_users; 0: freed */
	struct rw_semaphore mmap_lock;
	int map_count;				/* [M] */
	unsigned long mmap_base;		/* [I] search downwards (or upwards) from here */
	bool mmap_topdown;			/* [I] */
	unsigned long task_size;		/* [I] */
	unsigned long highest_vm_end;		/* [M] */
	unsigned long def_flags;		/* [M] VM_LOCKED after mlockall(MCL_FUTURE) */
	struct mm_stat;				/* [M] */
	atomic_long_t pinned_vm;
	unsigned long hiwater_rss;		/* pages; racy, only grows */
	unsigned long hiwater_vm;		/* [M] */
	atomic_long_t rss_stat[NR_MM_COUNTERS];	/* [a] resident pages; only mm/pgtable*.c */
	spinlock_t arg_lock;
	unsigned long start_code, end_code, start_data, end_data;	/* [g] */
	unsigned long start_brk, brk, start_stack;	/* [M] */
	unsigned long arg_start, arg_end, env_start, env_end;	/* [g] */
	unsigned long saved_auxv[AT_VECTOR_SIZE];	/* [I] */
	struct linux_binfmt *binfmt;		/* [I] */
	struct file *exe_file;			/* [R] */
	struct task_struct *owner;		/* a task that uses it; hint only */
	struct user_namespace *user_ns;		/* [I] where CAP_SYS_PTRACE opens it; reference */
	unsigned long flags;			/* [a] MMF_* */
	mm_context_t context;			/* the architecture's */
	atomic_t membarrier_state;		/* [a] */
	struct hlist_head aio_contexts;		/* context_lock of fs/aio.c */
	struct work_struct async_put;		/* mmput_async() */
#ifdef CONFIG_DEBUG_PGTABLES
	struct list_head all;			/* mm/mm_verify.c */
#endif
};

extern struct mm_struct init_mm;

#endif
