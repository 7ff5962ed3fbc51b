/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory management as the rest of the kernel sees it: pages and their counts, areas, address
 * spaces, faults, other processes' memory, statistics. Page tables are private to mm/.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <asm/page.h>
#include <asm/pgtable.h>

struct fork_ctx;
struct iov_iter;
struct rlimit;
struct seq_file;
struct sysinfo;

/* ---- frames ---- */

extern atomic_long_t _totalram_pages;
extern struct page *zero_page;		/* shared by all reads of untouched memory */

static inline unsigned long totalram_pages(void)
{
	return atomic_long_read(&_totalram_pages);
}

/* The smallest order whose block holds @size bytes. */
static inline unsigned int get_order(unsigned long size)
{
	return size <= PAGE_SIZE ? 0 : ilog2((size - 1) >> PAGE_SHIFT) + 1;
}

/* mm/page_alloc.c: at the end of boot, give [start, end) of the direct map or image to the lists */
unsigned long free_reserved_area(void *start, void *end, const char *what);

/* Build the page, slab and vmalloc allocators from memblock; boot CPU, once. */
void mm_init(void);

/* ---- references to frames ---- */

void __put_page(struct page *page);	/* the last reference is gone */

static inline struct page *compound_head(struct page *page)
{
	return unlikely(PageTail(page)) ? page->compound_head : page;
}

static inline int page_count(struct page *page)
{
	return atomic_read(&compound_head(page)->_refcount);
}

static inline void get_page(struct page *page)
{
	ASSERT(page_count(page) > 0);
	atomic_inc(&compound_head(page)->_refcount);
}

static inline bool get_page_unless_zero(struct page *page)
{
	return atomic_inc_not_zero(&page->_refcount);
}

static inline bool put_page_testzero(struct page *page)
{
	ASSERT(atomic_read(&page->_refcount) > 0);
	return atomic_dec_and_test(&page->_refcount);
}

static inline void put_page(struct page *page)
{
	page = compound_head(page);
	if (put_page_testzero(page))
		__put_page(page);
}

static inline bool PageUptodateOrAnon(struct page *page)
{
	return PageUptodate(page) || PageAnon(page);
}

/* ---- areas ---- */

#define VM_NONE		0x00000000UL
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL	/* mprotect() may set VM_READ, ... */
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_PFNMAP	0x00000400UL	/* frames without references */
#define VM_DENYWRITE	0x00000800UL
#define VM_LOCKED	0x00002000UL
#define VM_IO		0x00004000UL
#define VM_SEQ_READ	0x00008000UL
#define VM_RAND_READ	0x00010000UL
#define VM_DONTCOPY	0x00020000UL	/* not at fork */
#define VM_DONTEXPAND	0x00040000UL	/* no mremap() growth */
#define VM_LOCKONFAULT	0x00080000UL
#define VM_ACCOUNT	0x00100000UL	/* charged to Committed_AS */
#define VM_NORESERVE	0x00200000UL
#define VM_WIPEONFORK	0x02000000UL
#define VM_DONTDUMP	0x04000000UL
#define VM_MIXEDMAP	0x10000000UL
#define VM_HUGEPAGE	0x20000000UL
#define VM_NOHUGEPAGE	0x40000000UL
#define VM_MERGEABLE	0x80000000UL
#define VM_STACK_INCOMPLETE_SETUP	(VM_RAND_READ | VM_SEQ_READ)

#define VM_STACK	VM_GROWSDOWN
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)
#define VM_LOCKED_MASK	(VM_LOCKED | VM_LOCKONFAULT)
#define VM_SPECIAL	(VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)
#define VM_DATA_FLAGS_TSK_EXEC		(VM_READ | VM_WRITE | task_exec_flag() | \
					 VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define VM_DATA_FLAGS_NON_EXEC		(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | \
					 VM_MAYEXEC)
#define VM_DATA_DEFAULT_FLAGS		VM_DATA_FLAGS_NON_EXEC
#define VM_STACK_FLAGS			(VM_STACK | VM_DATA_FLAGS_NON_EXEC | VM_ACCOUNT)

extern unsigned int sysctl_stack_guard_gap;	/* pages */
#define stack_guard_gap	((unsigned long)sysctl_stack_guard_gap << PAGE_SHIFT)

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}

static inline bool vma_is_initial_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack && vma->vm_end >= vma->vm_mm->start_stack;
}

/* All under mmap_lock. find_vma(): the first area that ends above @addr, which may start above. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr,
				     struct vm_area_struct **prev);
/* The area that holds @addr; grows a stack down to it (needs the write lock for that). */
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr);
int expand_stack(struct vm_area_struct *vma, unsigned long address);

static inline struct vm_area_struct *find_vma_intersection(struct mm_struct *mm,
							   unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	return find_vma_intersection(mm, addr, addr + 1);
}

#define for_each_vma_of(mm, vma) \
	for ((vma) = (mm)->mmap; (vma); (vma) = (vma)->vm_next)

pgprot_t vm_get_page_prot(unsigned long vm_flags);

/* ---- changing an address space; current->mm ---- */

/**
 * do_mmap() - map @len bytes into current->mm
 * @file: or NULL for anonymous memory; a reference is taken
 * @addr: hint, or the address with MAP_FIXED
 * @prot: PROT_*   @flags: MAP_*
 * @vm_flags: additional VM_* (exec: 0)
 * @pgoff: in pages
 * @populate: out: bytes to prefault once mmap_lock is dropped; see mm_populate()
 *
 * Context: mmap_lock held for writing.
 * Return: the address, or -errno as mmap(2).
 */
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long vm_flags,
		      unsigned long pgoff, unsigned long *populate);
/* The same; takes mmap_lock and populates. @offset in bytes. */
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flags, unsigned long offset);
unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flags, unsigned long pgoff);
/* mmap_lock held for writing. 0, -EINVAL, -ENOMEM. */
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
int vm_munmap(unsigned long start, size_t len);
/* Anonymous memory at a fixed place (exec's bss, the heap); takes mmap_lock. @vm_flags: VM_EXEC. */
int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long vm_flags);
unsigned long do_brk(unsigned long addr, unsigned long len);
unsigned long get_unmapped_area(struct file *file, unsigned long addr, unsigned long len,
				unsigned long pgoff, unsigned long flags);
int mm_populate(unsigned long addr, unsigned long len);

/* Kernel-made areas (the vDSO). @pages is NULL-terminated and outlives the area. */
struct vm_special_mapping {
	const char *name;
	struct page **pages;
	vm_fault_t (*fault)(const struct vm_special_mapping *sm, struct vm_area_struct *vma,
			    struct vm_fault *vmf);
};
/* mmap_lock held for writing. The area or ERR_PTR(-errno). */
struct vm_area_struct *_install_special_mapping(struct mm_struct *mm, unsigned long addr,
						unsigned long len, unsigned long vm_flags,
						const struct vm_special_mapping *spec);
bool vma_is_special_mapping(const struct vm_area_struct *vma,
			    const struct vm_special_mapping *spec);

/* For a driver's mmap(): map frames of the direct map or a device; 0 or -errno. */
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot);

/* For a file's ->mmap(): pages from its page cache; 0 or -ENOEXEC-like errnos. */
extern const struct vm_operations_struct generic_file_vm_ops;
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
/* ... for operations of one's own over such a file */
vm_fault_t filemap_fault(struct vm_fault *vmf);
void filemap_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
/* /dev/zero: turn @vma into shared anonymous (or plain private) memory. */
int shmem_zero_setup(struct vm_area_struct *vma);


/* For a driver's mmap(): plain private memory after all. */
static inline void vma_set_anonymous(struct vm_area_struct *vma)
{
	vma->vm_ops = NULL;
}

/* prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, ...) */
int prctl_set_vma_name(unsigned long addr, unsigned long len, const char __user *user);

/* ---- an mm's life ---- */

struct mm_struct *mm_alloc(void);	/* empty, one user; NULL */
void mmput(struct mm_struct *mm);	/* may sleep; the last tears the address space down */
void mmput_async(struct mm_struct *mm);
void __mmdrop(struct mm_struct *mm);

static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}

static inline void mmdrop(struct mm_struct *mm)
{
	if (unlikely(atomic_dec_and_test(&mm->mm_count)))
		__mmdrop(mm);
}

static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}

static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}

/* @tsk's mm with a reference (mmput), NULL for kernel threads and the dead. */
struct mm_struct *get_task_mm(struct task_struct *tsk);

int copy_mm(struct fork_ctx *fc);
int share_mm(struct fork_ctx *fc);
void exit_mm(struct task_struct *tsk);
/* vfork: the child has left its parent's mm, by exec or exit; in kernel/fork.c */
void mm_release(struct task_struct *tsk, struct mm_struct *mm);

/**
 * exec_mmap() - make @mm current's address space and drop the old one
 * @mm: from mm_alloc(), filled by exec; the reference goes to current
 *
 * Context: sleeps. The calling thread is alone in its group.
 * Return: 0, or -EINTR when the old mm is being torn down.
 */
int exec_mmap(struct mm_struct *mm);

void set_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file);
int replace_mm_exe_file(struct mm_struct *mm, struct file *new_exe_file);
struct file *get_mm_exe_file(struct mm_struct *mm);	/* with a reference, or NULL */
struct file *get_task_exe_file(struct task_struct *tsk);

int get_dumpable(struct mm_struct *mm);
void set_dumpable(struct mm_struct *mm, int value);

static inline void mmap_read_lock(struct mm_struct *mm)
{
	down_read(&mm->mmap_lock);
}

static inline bool mmap_read_trylock(struct mm_struct *mm)
{
	return down_read_trylock(&mm->mmap_lock);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static inline void mmap_write_lock(struct mm_struct *mm)
{
	down_write(&mm->mmap_lock);
}

static inline bool mmap_write_trylock(struct mm_struct *mm)
{
	return down_write_trylock(&mm->mmap_lock);
}

static inline void mmap_write_unlock(struct mm_struct *mm)
{
	up_write(&mm->mmap_lock);
}

int mmap_read_lock_killable(struct mm_struct *mm);	/* 0 or -EINTR */
int mmap_write_lock_killable(struct mm_struct *mm);

/* ---- exec's stack ---- */

/*
 * setup_arg_pages() - exec: the first stack area, at the top of @mm, before it is current's
 * bprm_mm_init makes it at STACK_TOP_MAX; once filled, exec moves it to its random place.
 */

/**
 * mm_stack_setup() - the area for arguments, a page high, at the top of user space
 * @mm: fresh from mm_alloc()
 *
 * Return: the area, or ERR_PTR(-ENOMEM). Write through get_mm_page().
 */
struct vm_area_struct *mm_stack_setup(struct mm_struct *mm);

/**
 * get_arg_page() - the frame behind @addr of a stack under construction, grown and made writable
 * @mm: of mm_stack_setup()
 * @addr: at or below what was asked for before
 * @write: false: only what is there
 *
 * Context: sleeps; takes mmap_lock.
 * Return: the page with a reference, or NULL (too low for RLIMIT_STACK / 4, or no memory).
 */
struct page *get_arg_page(struct mm_struct *mm, unsigned long addr, int write);

/**
 * setup_arg_pages() - move the finished argument area to its final place and give it room to grow
 * @mm: current->mm
 * @vma: of mm_stack_setup()
 * @stack_top: the new end, at most: the area does not come to lie upon itself
 * @executable_stack: EXSTACK_DEFAULT, EXSTACK_DISABLE_X, EXSTACK_ENABLE_X
 * @shift: out: how far it went down; subtract from every pointer into it
 *
 * Context: sleeps; takes mmap_lock.
 * Return: 0, -ENOMEM, -EFAULT.
 */
int setup_arg_pages(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long stack_top,
		    int executable_stack, unsigned long *shift);

#define EXSTACK_DEFAULT		0
#define EXSTACK_DISABLE_X	1
#define EXSTACK_ENABLE_X	2

/* ASLR. All return page-aligned values and 0 shift when current's personality or the sysctl says so. */
extern int randomize_va_space;				/* 0, 1, 2 */
unsigned long randomize_stack_top(unsigned long stack_top);
unsigned long arch_mmap_rnd(void);			/* for mmap_base and ET_DYN */
unsigned long randomize_page(unsigned long start, unsigned long range);
unsigned long arch_randomize_brk(struct mm_struct *mm);
/* Choose mmap_base from RLIMIT_STACK (exec, once flags of the personality are known). */
void arch_pick_mmap_layout(struct mm_struct *mm, struct rlimit *rlim_stack);

/* ---- faults ---- */

#define FAULT_FLAG_WRITE	0x01
#define FAULT_FLAG_USER		0x02	/* from user mode */
#define FAULT_FLAG_INSTRUCTION	0x04
#define FAULT_FLAG_REMOTE	0x08	/* another process's memory */
#define FAULT_FLAG_UNSHARE	0x10	/* break COW without making it writable */
#define FAULT_FLAG_FORCE	0x20	/* a tracer: VM_MAYWRITE is enough */

#define VM_FAULT_OOM		0x0001
#define VM_FAULT_SIGBUS		0x0002
#define VM_FAULT_MAJOR		0x0004
#define VM_FAULT_SIGSEGV	0x0040
#define VM_FAULT_NOPAGE		0x0100	/* ->fault installed the entry itself */
#define VM_FAULT_LOCKED		0x0200	/* vmf->page is locked */
#define VM_FAULT_RETRY		0x0400
#define VM_FAULT_ERROR		(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned int flags;		/* FAULT_FLAG_* */
	pgoff_t pgoff;
	unsigned long address;		/* of the page */
	unsigned long real_address;
	struct page *page;		/* ->fault gives it here, with a reference */
	struct pt_path *path;		/* private to mm/ */
};

/**
 * handle_mm_fault() - make @address present, writable for FAULT_FLAG_WRITE
 * @vma: holds @address; its permissions were checked by the caller
 * @address: of the access
 * @flags: FAULT_FLAG_*
 *
 * Context: mmap_lock held for reading, kept; may sleep.
 * Return: 0 or VM_FAULT_*.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags);

/**
 * do_user_fault() - the whole of a user page fault: finds the area, grows the stack, retries
 * @mm: current->mm
 * @address: of the access   @flags: FAULT_FLAG_*
 * @si_code: out: SEGV_MAPERR, SEGV_ACCERR or BUS_ADRERR
 *
 * Context: sleeps; takes mmap_lock. For the architecture's #PF handler.
 * Return: 0 (try again), SIGSEGV, SIGBUS, or SIGKILL (out of memory; current is being killed).
 */
int do_user_fault(struct mm_struct *mm, unsigned long address, unsigned int flags, int *si_code);

/* ---- other processes' memory ---- */

#define FOLL_WRITE	0x01
#define FOLL_FORCE	0x10	/* VM_MAY* is enough */
#define FOLL_PIN	0x40	/* mm/gup.c: the reference may outlive the hold of mmap_lock */
#define FOLL_ANON	0x8000	/* only private anonymous memory: COW, mlock, DAX-free */

/* Bytes copied; stops at the first that cannot be. Sleeps. */
int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len,
		      unsigned int gup_flags);
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int gup_flags);

/**
 * get_user_pages_remote() - references to the frames behind a range of @mm
 * @start: page-aligned down   @nr_pages: at most
 * @gup_flags: FOLL_*   @pages: out
 *
 * Context: mmap_lock held for reading; sleeps.
 * Return: pages got (>= 1), or -EFAULT, -ENOMEM, -EINTR when not even the first.
 */
long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   unsigned int gup_flags, struct page **pages);
/* The same of current->mm; takes mmap_lock. */
long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages, struct page **pages,
			     unsigned int gup_flags);
int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags,
			struct page **pages);

/* ---- truncation and the page cache's maps ---- */

/* Unmap [holebegin, holebegin + holelen) bytes (0: to the end) of @mapping from every area. */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows);

/* ---- accounting and statistics ---- */

static inline unsigned long get_mm_counter(struct mm_struct *mm, int kind)
{
	long v = atomic_long_read(&mm->rss_stat[kind]);

	return v < 0 ? 0 : v;
}

static inline unsigned long get_mm_rss(struct mm_struct *mm)
{
	return get_mm_counter(mm, MM_FILEPAGES) + get_mm_counter(mm, MM_ANONPAGES) +
	       get_mm_counter(mm, MM_SHMEMPAGES);
}

static inline unsigned long get_mm_hiwater_rss(struct mm_struct *mm)
{
	return max(mm->hiwater_rss, get_mm_rss(mm));
}

static inline unsigned long get_mm_hiwater_vm(struct mm_struct *mm)
{
	return max(mm->hiwater_vm, mm->total_vm);
}

/* Of page tables that only @mm uses; mmap_lock held. */
unsigned long mm_pgtables_bytes(struct mm_struct *mm);

static inline void update_hiwater_rss(struct mm_struct *mm)
{
	unsigned long rss = get_mm_rss(mm);

	if (mm->hiwater_rss < rss)
		mm->hiwater_rss = rss;
}

/* getrusage: raise *maxrss (pages) to @mm's high-water mark. */
static inline void setmax_mm_hiwater_rss(unsigned long *maxrss, struct mm_struct *mm)
{
	unsigned long rss = get_mm_hiwater_rss(mm);

	if (*maxrss < rss)
		*maxrss = rss;
}

enum vm_stat_item {
	NR_FREE_PAGES, NR_FILE_PAGES, NR_SHMEM, NR_ANON_MAPPED, NR_FILE_MAPPED, NR_SLAB, NR_PAGETABLE,
	NR_KERNEL_STACK, NR_MLOCK, NR_VMALLOC,
	PGALLOC, PGFREE, PGFAULT, PGMAJFAULT, PGCOW, PGREUSE, PGFOLD, PGUNFOLD, OOM_KILL,
	NR_VM_STAT_ITEMS
};

/* Sum over CPUs, never negative. Names as /proc/vmstat has them. */
unsigned long global_page_state(enum vm_stat_item item);
extern const char * const vmstat_text[NR_VM_STAT_ITEMS];

void si_meminfo(struct sysinfo *val);		/* mem_unit 1 page-size units as sysinfo(2) wants */
long si_mem_available(void);			/* pages */
unsigned long nr_free_pages(void);
unsigned long nr_free_buffer_pages(void);
unsigned long vm_commit_limit(void);		/* pages */
void drain_cached_memory(void);
unsigned long vm_committed(void);		/* pages */
unsigned long vmalloc_nr_pages(void);

/* Free blocks of each order, for /proc/buddyinfo. */
void page_alloc_free_blocks(unsigned long nr[MAX_ORDER]);

/* ---- sysctl vm.* ---- */
extern int sysctl_overcommit_memory;		/* OVERCOMMIT_* */
extern int sysctl_overcommit_ratio;
extern unsigned long sysctl_overcommit_kbytes;
extern int sysctl_max_map_count;
extern unsigned long sysctl_user_reserve_kbytes;
extern unsigned long sysctl_admin_reserve_kbytes;
extern unsigned long mmap_min_addr;
extern int sysctl_panic_on_oom;
extern int sysctl_oom_kill_allocating_task;
extern int sysctl_oom_dump_tasks;
extern int sysctl_legacy_va_layout;
extern int sysctl_shared_pgtables;		/* fork shares page tables */
int set_shared_pgtables(char *text);
int get_fold_idle_ms(char *buf, size_t size);	/* how often idle page tables are looked for */
int set_fold_idle_ms(char *text);
extern int sysctl_fork_copy_pages;		/* private pages up to which it copies them */

#define DEFAULT_MAX_MAP_COUNT	65530
#define OVERCOMMIT_GUESS	0
#define OVERCOMMIT_ALWAYS	1
#define OVERCOMMIT_NEVER	2

/* ---- /proc/<pid>/{maps,smaps,statm,mm_verify} ---- */

struct mem_size_stats {
	unsigned long rss, pss, shared_clean, shared_dirty, private_clean, private_dirty;
	unsigned long referenced, anonymous, lazyfree, locked;
	unsigned long nr_ptes;
};

/* Resident pages of @vma in bytes; mmap_lock held for reading. */
void vma_mem_stats(struct vm_area_struct *vma, struct mem_size_stats *mss);
/* One line on the page tables of @mm and, recounted, of all address spaces; sleeps. */
struct mm_verify_result {
	unsigned long spaces, tables, shared_tables, pages, mistakes;
	/* the first mistake: of which frame, what, and two numbers that differ */
	const char *what;
	unsigned long pfn;
	long is, found;
};
void mm_verify_all(struct mm_verify_result *result);
/* "[heap]", "[stack]", "[vdso]", "[anon:x]" or NULL (file or nameless); mmap_lock held. */
const char *vma_name(struct vm_area_struct *vma, char *buf, size_t size);
/* One entry of /proc/<pid>/pagemap; mmap_lock held for reading. */
u64 vma_pagemap_entry(struct vm_area_struct *vma, unsigned long addr, bool show_pfn);
/* statm's columns in pages; returns the size. */
unsigned long task_statm(struct mm_struct *mm, unsigned long *shared, unsigned long *text,
			 unsigned long *data, unsigned long *resident);

/* ---- kernel stacks ---- */

/* THREAD_SIZE bytes with a guard page below; from this CPU's cache when it has one. NULL. */
void *alloc_kernel_stack(void);
void free_kernel_stack(void *stack);
/* Not from RCU or interrupts: frees go to the caller's CPU. True when @addr hits a guard page. */
bool is_kernel_stack_guard(unsigned long addr);

#endif
