// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults: memory that appears when it is first touched, copies when it is first written, the
 * page cache's pages. mmap_lock is held for reading; each entry is changed under its table's lock.
 */
#include <linux/fs.h>
#include <linux/oom.h>
#include <linux/pagemap.h>
#include <linux/signal.h>
#include "internal.h"

/* Frames round a file fault that are mapped with it when they are at hand. */
#define FAULT_AROUND_BYTES	(16 * PAGE_SIZE)

static inline bool is_write(unsigned int flags)
{
	return flags & FAULT_FLAG_WRITE;
}

static struct page *new_anon_page(gfp_t gfp)
{
	struct page *page = alloc_page(GFP_USER | gfp);

	if (likely(page))
		page->flags = 1UL << PG_anon | 1UL << PG_uptodate;
	return page;
}

static inline pte_t anon_pte(struct vm_area_struct *vma, struct page *page)
{
	pte_t pte = pte_mkdirty(mk_pte(page, vma->vm_page_prot));

	return vma->vm_flags & VM_WRITE ? pte_mkwrite(pte) : pte;
}

/* The zero page: one for all, without a reference. */
static inline pte_t zero_pte(struct vm_area_struct *vma)
{
	return pte_mkspecial(mk_pte(zero_page, vma->vm_page_prot));
}

static inline void now_has_anon(struct vm_area_struct *vma)
{
	if (unlikely(!vma->vm_has_anon))
		WRITE_ONCE(vma->vm_has_anon, true);
}

/* ---- anonymous memory ---- */

static vm_fault_t anonymous_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page = NULL;
	pte_t pte;

	/* The OOM killer has taken what was here: never show zeroes instead. */
	if (unlikely(vma->vm_mm->flags & (1UL << MMF_UNSTABLE)))
		return VM_FAULT_SIGBUS;
	if (is_write(vmf->flags)) {
		page = new_anon_page(__GFP_ZERO);
		if (unlikely(!page))
			return VM_FAULT_OOM;
		pte = anon_pte(vma, page);
	} else {
		pte = zero_pte(vma);
	}
	pt_lock(vmf->path);
	if (likely(pte_none(*vmf->path->pte))) {
		pt_install(vmf->path, pte, page);
		now_has_anon(vma);
		if (page)
			vm_stat_inc(NR_ANON_MAPPED);
		page = NULL;
	}
	pt_unlock(vmf->path);
	if (unlikely(page))
		put_page(page);		/* another thread was faster */
	return 0;
}

/* ---- copy on write ---- */

static inline void copy_frame(struct page *to, pte_t from)
{
	if (unlikely(pte_pfn(from) == page_to_pfn(zero_page)))
		clear_page(page_address(to));
	else
		copy_page(page_address(to), page_address(pte_page(from)));
}

/* The leaf is locked; @new holds a copy of what @old maps. */
static void install_copy(struct vm_fault *vmf, pte_t old, struct page *new)
{
	struct page *old_page = pte_special(old) ? NULL : pte_page(old);

	pt_replace(vmf->path, pte_mkyoung(anon_pte(vmf->vma, new)), old_page, new);
	if (!old_page || !PageAnon(old_page))
		vm_stat_inc(NR_ANON_MAPPED);
	if (old_page && !PageAnon(old_page))
		vm_stat_dec(NR_FILE_MAPPED);
	now_has_anon(vmf->vma);
	vm_stat_inc(PGCOW);
}

/* No frame was at hand: get one without the lock, while a reference keeps the old one as it is. */
static noinline vm_fault_t copy_slow(struct vm_fault *vmf, pte_t old)
{
	struct page *old_page = pte_special(old) ? NULL : pte_page(old), *new;
	bool done = false;

	if (old_page)
		get_page(old_page);
	pt_unlock(vmf->path);
	new = new_anon_page(0);
	if (new) {
		copy_frame(new, old);
		pt_lock(vmf->path);
		done = pte_same(*vmf->path->pte, old);
		if (done)
			install_copy(vmf, old, new);
		pt_unlock(vmf->path);
	}
	if (old_page) {
		if (done)
			put_page(old_page);	/* the entry's */
		put_page(old_page);
	}
	if (new && !done)
		put_page(new);
	return new ? 0 : VM_FAULT_OOM;
}

/* The leaf is locked and gets unlocked. @pte is present, not writable, in a private area. */
static vm_fault_t cow_fault(struct vm_fault *vmf, pte_t pte)
{
	struct page *old = pte_special(pte) ? NULL : pte_page(pte), *new;

	if (old && PageAnon(old) && page_count(old) == 1) {
		/* The entry's reference is the only one: nobody shares it. */
		pte = pte_mkyoung(pte_mkdirty(pte));
		if (vmf->vma->vm_flags & VM_WRITE)
			pte = pte_mkwrite(pte);
		pt_change(vmf->path, pte);
		pt_unlock(vmf->path);
		vm_stat_inc(PGREUSE);
		return 0;
	}
	if (unlikely(!pfn_valid(pte_pfn(pte)))) {	/* a device's memory has no copies */
		pt_unlock(vmf->path);
		return VM_FAULT_SIGBUS;
	}
	new = alloc_page(GFP_NOWAIT | __GFP_NOWARN);
	if (unlikely(!new))
		return copy_slow(vmf, pte);
	new->flags = 1UL << PG_anon | 1UL << PG_uptodate;
	copy_frame(new, pte);
	install_copy(vmf, pte, new);
	pt_unlock(vmf->path);
	if (old)
		put_page(old);
	return 0;
}

/* ---- files ---- */

/* Ask the file for the page; it comes locked, so that truncation cannot pass us. */
static vm_fault_t ask_file(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf->vma->vm_ops->fault(vmf);

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return ret;
	if (!(ret & VM_FAULT_LOCKED))
		lock_page(vmf->page);
	return ret;
}

/* Map vmf->page (locked, with a reference which the entry takes over) unless another was faster. */
static void install_file_page(struct vm_fault *vmf, pte_t pte)
{
	struct page *page = vmf->page;

	pt_lock(vmf->path);
	if (likely(pte_none(*vmf->path->pte))) {
		pt_install(vmf->path, pte, page);
		vm_stat_inc(NR_FILE_MAPPED);
		vmf->page = NULL;
	}
	pt_unlock(vmf->path);
	unlock_page(page);
	if (vmf->page)
		put_page(page);
}

static void fault_around(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long start = max(vmf->address & ~(FAULT_AROUND_BYTES - 1), vma->vm_start);
	unsigned long end = min((vmf->address | (FAULT_AROUND_BYTES - 1)) + 1, vma->vm_end);

	if (end - start > PAGE_SIZE)
		vma->vm_ops->map_pages(vmf, linear_page_index(vma, start),
				       linear_page_index(vma, end - PAGE_SIZE));
}

static vm_fault_t read_file_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	if (vmf->vma->vm_ops->map_pages) {
		fault_around(vmf);
		if (!pte_none(ptep_get(vmf->path->pte)))
			return 0;
	}
	ret = ask_file(vmf);
	if (!vmf->page)
		return ret;
	install_file_page(vmf, mk_pte(vmf->page, vmf->vma->vm_page_prot));
	return ret;
}

/* A private copy at once: the shared page is never mapped. */
static vm_fault_t cow_file_fault(struct vm_fault *vmf)
{
	struct page *new = new_anon_page(0);
	struct page *page;
	vm_fault_t ret;

	if (!new)
		return VM_FAULT_OOM;
	ret = ask_file(vmf);
	page = vmf->page;
	if (!page) {
		put_page(new);
		return ret;
	}
	copy_page(page_address(new), page_address(page));
	pt_lock(vmf->path);
	if (likely(pte_none(*vmf->path->pte))) {
		pt_install(vmf->path, anon_pte(vmf->vma, new), new);
		now_has_anon(vmf->vma);
		vm_stat_inc(NR_ANON_MAPPED);
		new = NULL;
	}
	pt_unlock(vmf->path);
	unlock_page(page);
	put_page(page);
	if (new)
		put_page(new);
	return ret;
}

static vm_fault_t shared_file_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t ret = ask_file(vmf), more;

	if (!vmf->page)
		return ret;
	if (vma->vm_ops->page_mkwrite) {
		more = vma->vm_ops->page_mkwrite(vmf);
		if (more & VM_FAULT_ERROR) {
			unlock_page(vmf->page);
			put_page(vmf->page);
			return more;
		}
	}
	SetPageDirty(vmf->page);
	install_file_page(vmf, pte_mkdirty(mk_pte(vmf->page, vma->vm_page_prot)));
	if (vma->vm_file)
		file_update_time(vma->vm_file);
	return ret;
}

static vm_fault_t file_fault(struct vm_fault *vmf)
{
	if (!vmf->vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	if (!is_write(vmf->flags))
		return read_file_fault(vmf);
	if (vmf->vma->vm_flags & VM_SHARED)
		return shared_file_fault(vmf);
	return cow_file_fault(vmf);
}

/* ---- the entry exists ---- */

static vm_fault_t present_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pte_t pte;

	pt_lock(vmf->path);
	pte = *vmf->path->pte;
	if (unlikely(pte_none(pte))) {	/* unmapped meanwhile: the access will fault again */
		pt_unlock(vmf->path);
		return 0;
	}
	if (is_write(vmf->flags) && !pte_write(pte)) {
		if (!(vma->vm_flags & VM_SHARED))
			return cow_fault(vmf, pte);
		pte = pte_mkwrite(pte_mkdirty(pte));
	}
	pte = pte_mkyoung(pte);
	if (!pte_same(pte, *vmf->path->pte))
		pt_change(vmf->path, pte);
	pt_unlock(vmf->path);
	/* Another thread resolved it, or this CPU remembers an entry that allowed less. */
	flush_tlb_one_local(vmf->address);
	return 0;
}

/* A shared table has an entry here: nothing to change, this CPU remembers an older one. */
static noinline bool already_readable(struct mm_struct *mm, unsigned long address)
{
	if (pte_none(pt_peek(mm, address)))
		return false;
	flush_tlb_one_local(address);
	return true;
}

vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address, unsigned int flags)
{
	struct pt_path path;
	struct vm_fault vmf;

	vm_stat_inc(PGFAULT);
	address &= PAGE_MASK;
	if (unlikely(!pt_lookup(vma->vm_mm, address, &path))) {
		if (pt_unfold(vma->vm_mm, GFP_USER))
			return VM_FAULT_OOM;
		if (!is_write(flags) && already_readable(vma->vm_mm, address))
			return 0;
		if (pt_alloc_path(vma->vm_mm, address, &path))
			return VM_FAULT_OOM;
	}
	vmf.vma = vma;
	vmf.flags = flags;
	vmf.address = address;
	vmf.path = &path;
	vmf.page = NULL;
	if (!pte_none(ptep_get(path.pte)))
		return present_fault(&vmf);
	if (vma_is_anonymous(vma))
		return anonymous_fault(&vmf);
	vmf.pgoff = linear_page_index(vma, address);
	return file_fault(&vmf);
}

/* ---- from the processor's fault ---- */

static inline bool access_allowed(const struct vm_area_struct *vma, unsigned int flags)
{
	if (is_write(flags))
		return vma->vm_flags & VM_WRITE;
	if (unlikely(flags & FAULT_FLAG_INSTRUCTION))
		return vma->vm_flags & VM_EXEC;
	return vma->vm_flags & VM_ACCESS_FLAGS;
}

/* Nothing at @address: may the stack above grow? mmap_lock is read-held, again at the end. */
static noinline struct vm_area_struct *grow_towards(struct mm_struct *mm, unsigned long address)
{
	struct vm_area_struct *vma = find_vma(mm, address);

	if (!vma || !(vma->vm_flags & VM_GROWSDOWN))
		return NULL;
	mmap_read_unlock(mm);
	if (mmap_write_lock_killable(mm)) {
		mmap_read_lock(mm);
		return NULL;
	}
	vma = find_extend_vma(mm, address);
	downgrade_write(&mm->mmap_lock);
	return vma;
}

static int fault_signal(vm_fault_t fault, int *si_code)
{
	if (fault & VM_FAULT_OOM) {
		if (fatal_signal_pending(current))
			return SIGKILL;
		pagefault_out_of_memory();
		return 0;
	}
	*si_code = fault & VM_FAULT_SIGBUS ? BUS_ADRERR : SEGV_ACCERR;
	return fault & VM_FAULT_SIGBUS ? SIGBUS : SIGSEGV;
}

/* The process slept so long that its tables were put away: the access is tried again. */
static noinline int unfold_fault(struct mm_struct *mm, int *si_code)
{
	/* Who is dying has things to write yet that others wait for (its robust futexes). */
	gfp_t gfp = current->flags & PF_EXITING ? GFP_FREEING | __GFP_NOFAIL : GFP_USER;
	int err = pt_unfold(mm, gfp);

	mmap_read_unlock(mm);
	return err ? fault_signal(VM_FAULT_OOM, si_code) : 0;
}

int do_user_fault(struct mm_struct *mm, unsigned long address, unsigned int flags, int *si_code)
{
	struct vm_area_struct *vma;
	vm_fault_t fault;
	int sig = 0;

	mmap_read_lock(mm);
	if (unlikely(READ_ONCE(mm->folded)))
		return unfold_fault(mm, si_code);
	vma = find_vma(mm, address);
	if (unlikely(!vma || vma->vm_start > address)) {
		vma = grow_towards(mm, address);
		if (!vma) {
			mmap_read_unlock(mm);
			*si_code = SEGV_MAPERR;
			return SIGSEGV;
		}
	}
	if (unlikely(!access_allowed(vma, flags))) {
		mmap_read_unlock(mm);
		*si_code = SEGV_ACCERR;
		return SIGSEGV;
	}
	fault = handle_mm_fault(vma, address, flags);
	mmap_read_unlock(mm);
	if (unlikely(fault & VM_FAULT_ERROR))
		sig = fault_signal(fault, si_code);
	if (unlikely(fault & VM_FAULT_MAJOR))
		current->maj_flt++;
	else
		current->min_flt++;
	return sig;
}

/* ---- unmapping by file ---- */

/* Empty a part of @vma; mmap_lock held at least for reading. 0, or -ENOMEM with nothing done. */
int zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long len)
{
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_gather tlb;

	if (pt_own_edges(mm, start, start + len, start, start + len, GFP_FREEING))
		return -ENOMEM;
	update_hiwater_rss(mm);
	tlb_gather_mmu(&tlb, mm, false);
	pt_zap_range(&tlb, start, start + len, ZAP_EVEN_COWS);
	tlb_finish_mmu(&tlb);
	return 0;
}

/* A file's pages [first, last] out of one area; its mmap_lock is held. */
static void unmap_file_range(struct vm_area_struct *vma, pgoff_t first, pgoff_t last,
			     enum zap_flags flags)
{
	pgoff_t vba = vma->vm_pgoff, vea = vba + vma_pages(vma) - 1;
	struct mm_struct *mm = vma->vm_mm;
	gfp_t gfp = GFP_FREEING | __GFP_NOFAIL;
	unsigned long start, end;
	struct mmu_gather tlb;

	if (last < vba || first > vea)
		return;
	start = vma->vm_start + ((max(first, vba) - vba) << PAGE_SHIFT);
	end = vma->vm_start + ((min(last, vea) - vba + 1) << PAGE_SHIFT);
	if (unlikely(READ_ONCE(mm->folded)) && pt_zap_folded(mm, start, end, flags))
		return;
	/* The file is shorter already: this may wait for memory, but not fail. */
	if (flags & ZAP_CACHE_ONLY)
		VERIFY(!pt_own_range(mm, start, end, gfp));
	else
		VERIFY(!pt_own_edges(mm, start, end, start, end, gfp));
	tlb_gather_mmu(&tlb, mm, false);
	pt_zap_range(&tlb, start, end, flags);
	tlb_finish_mmu(&tlb);
}

/*
 * Unmap from every area of @mapping whose mmap_lock can be had, @locked's being held already. NULL:
 * all done; else an mm, with a reference, whose lock somebody else has. i_mmap_rwsem is read-held.
 */
static struct mm_struct *unmap_areas(struct address_space *mapping, pgoff_t first, pgoff_t last,
				     enum zap_flags flags, struct mm_struct *locked)
{
	struct vm_area_struct *vma;
	struct mm_struct *mm;

	list_for_each_entry(vma, &mapping->i_mmap, shared) {
		mm = vma->vm_mm;
		if (mm != locked && !mmap_read_trylock(mm)) {
			mmgrab(mm);
			return mm;
		}
		unmap_file_range(vma, first, last, flags);
		if (mm != locked)
			mmap_read_unlock(mm);
	}
	return NULL;
}

/**
 * unmap_mapping_range() - take a file's pages out of every address space
 * @mapping: the file's page cache
 * @holebegin: first byte, rounded up to a page
 * @holelen: bytes, rounded up; 0: to the end
 * @even_cows: private copies too
 *
 * Tables change only under mmap_lock, which comes before i_mmap_rwsem: where it is taken, wait for
 * it without the latter and start over. What was emptied before is passed over quickly.
 * Context: sleeps; takes mmap_locks and i_mmap_rwsem.
 */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen,
			 int even_cows)
{
	pgoff_t first = ((u64)holebegin + PAGE_SIZE - 1) >> PAGE_SHIFT;
	pgoff_t last = holelen ? (((u64)holebegin + holelen + PAGE_SIZE - 1) >> PAGE_SHIFT) - 1
			       : ULONG_MAX;
	enum zap_flags flags = even_cows ? ZAP_EVEN_COWS : ZAP_CACHE_ONLY;
	struct mm_struct *locked = NULL, *busy;

	if (last < first || !mapping_mapped(mapping))
		return;
	do {
		down_read(&mapping->i_mmap_rwsem);
		busy = unmap_areas(mapping, first, last, flags, locked);
		up_read(&mapping->i_mmap_rwsem);
		if (locked) {
			mmap_read_unlock(locked);
			mmdrop(locked);
		}
		locked = busy;
		if (locked)
			mmap_read_lock(locked);
	} while (locked);
}

/* ---- drivers ---- */

static int insert_entry(struct vm_area_struct *vma, unsigned long addr, pte_t pte,
			struct page *page)
{
	struct pt_path path;
	int err = 0;

	if (pt_alloc_path(vma->vm_mm, addr, &path))
		return -ENOMEM;
	pt_lock(&path);
	if (pte_none(*path.pte))
		pt_install(&path, pte, page);
	else
		err = -EBUSY;
	pt_unlock(&path);
	return err;
}

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int err;

	get_page(page);
	err = insert_entry(vma, addr, mk_pte(page, vma->vm_page_prot), page);
	if (err)
		put_page(page);
	else
		vm_stat_inc(NR_FILE_MAPPED);
	return err;
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot)
{
	unsigned long end = addr + PAGE_ALIGN(size);
	int err;

	vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	for (; addr != end; addr += PAGE_SIZE, pfn++) {
		err = insert_entry(vma, addr, pte_mkspecial(pfn_pte(pfn, prot)), NULL);
		if (err)
			return err;
	}
	return 0;
}
