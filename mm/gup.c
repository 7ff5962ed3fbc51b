// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reaching user memory by address without being the process: frames with references, and copies
 * to and from another process (ptrace, /proc/<pid>/mem). mmap_lock is read-held or taken here.
 */
#include <linux/pagemap.h>
#include "internal.h"

static bool may_touch(const struct vm_area_struct *vma, unsigned int gup_flags)
{
	unsigned long flags = vma->vm_flags;

	if (flags & (VM_IO | VM_PFNMAP))
		return false;
	if (gup_flags & FOLL_WRITE) {
		if (flags & VM_WRITE)
			return true;
		/* A tracer may write where the program could not, but only into private memory. */
		return (gup_flags & FOLL_FORCE) && !(flags & VM_SHARED) && (flags & VM_MAYWRITE);
	}
	if (flags & VM_READ)
		return true;
	return (gup_flags & FOLL_FORCE) && (flags & VM_MAYREAD);
}

/* May what the entry maps be written through the kernel? */
static bool writable_entry(const struct vm_area_struct *vma, pte_t pte, unsigned int gup_flags)
{
	struct page *page;

	if (pte_write(pte))
		return true;
	if (!(gup_flags & FOLL_FORCE) || (vma->vm_flags & VM_SHARED) || pte_special(pte))
		return false;
	page = pte_page(pte);
	return PageAnon(page) && page_count(page) == 1;
}

/*
 * The frame behind @addr if the entry already allows what is asked; with a reference. The way to
 * it is private by now: a page that was got through a table which another process shares would be
 * written by that process once it has the table for itself.
 */
static struct page *follow_page(struct vm_area_struct *vma, unsigned long addr,
				unsigned int gup_flags)
{
	struct page *page = NULL;
	struct pt_path path;
	pte_t pte;

	if (!pt_lookup(vma->vm_mm, addr, &path))
		return NULL;
	pt_lock(&path);
	pte = *path.pte;
	if (pte_present(pte) &&
	    (!(gup_flags & FOLL_WRITE) || writable_entry(vma, pte, gup_flags))) {
		page = pte_page(pte);
		get_page(page);
		if (gup_flags & FOLL_WRITE)
			SetPageDirty(page);
		if (gup_flags & FOLL_PIN)
			pt_mark_pinned(&path);
	}
	pt_unlock(&path);
	return page;
}

/* Make @addr present as @fault_flags ask: 0, -EFAULT, -ENOMEM. */
int faultin_page(struct vm_area_struct *vma, unsigned long addr, unsigned int fault_flags)
{
	vm_fault_t fault = handle_mm_fault(vma, addr, fault_flags);

	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	return fault & VM_FAULT_ERROR ? -EFAULT : 0;
}

/*
 * One page of @mm with a reference, mmap_lock held. Without FOLL_PIN the reference must go before
 * the lock does. 0, -EFAULT, -ENOMEM, -EINTR.
 */
long get_one_page(struct mm_struct *mm, unsigned long addr, unsigned int gup_flags,
		  struct page **pagep)
{
	unsigned int fault_flags = FAULT_FLAG_REMOTE;
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	int err;

	if (!vma || !may_touch(vma, gup_flags))
		return -EFAULT;
	if (gup_flags & FOLL_WRITE)
		fault_flags |= FAULT_FLAG_WRITE;
	for (;;) {
		*pagep = follow_page(vma, addr, gup_flags);
		if (*pagep)
			return 0;
		if (fatal_signal_pending(current))
			return -EINTR;
		err = pt_own_path(mm, addr, GFP_USER, false);
		if (!err)
			err = faultin_page(vma, addr, fault_flags);
		if (err)
			return err;
		cond_resched();
	}
}

long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages,
			   unsigned int gup_flags, struct page **pages)
{
	unsigned long i;
	long err = -EFAULT;

	start &= PAGE_MASK;
	for (i = 0; i < nr_pages; i++, start += PAGE_SIZE) {
		err = get_one_page(mm, start, gup_flags | FOLL_PIN, pages + i);
		if (err)
			break;
	}
	return i ? (long)i : err;
}

long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages, struct page **pages,
			     unsigned int gup_flags)
{
	struct mm_struct *mm = current->mm;
	long got;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	got = get_user_pages_remote(mm, start, nr_pages, gup_flags, pages);
	mmap_read_unlock(mm);
	return got;
}

int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags,
			struct page **pages)
{
	return get_user_pages_unlocked(start, nr_pages, pages, gup_flags);
}

/*
 * Reading changes nothing in @mm where it can be helped: what is there is copied from where it is,
 * and memory that was never touched is zeroes. False: it takes a fault.
 */
static bool read_in_place(struct mm_struct *mm, unsigned long addr, void *buf, int bytes,
			  unsigned int gup_flags)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);

	if (!vma || !may_touch(vma, gup_flags))
		return false;
	if (pt_read(mm, addr, buf, bytes))
		return true;
	if (!vma_is_anonymous(vma) || (mm->flags & (1UL << MMF_UNSTABLE)))
		return false;
	memset(buf, 0, bytes);
	return true;
}

static int copy_part(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int gup_flags)
{
	int bytes = min_t(int, len, PAGE_SIZE - offset_in_page(addr));
	struct vm_area_struct *vma;
	struct page *page;
	char *from;

	if (!(gup_flags & FOLL_WRITE) && read_in_place(mm, addr, buf, bytes, gup_flags))
		return bytes;
	if (get_one_page(mm, addr, gup_flags, &page)) {
		vma = vma_lookup(mm, addr);
		if (!vma || !vma->vm_ops || !vma->vm_ops->access)
			return 0;
		return max(vma->vm_ops->access(vma, addr, buf, bytes, gup_flags & FOLL_WRITE), 0);
	}
	from = (char *)page_address(page) + offset_in_page(addr);
	if (gup_flags & FOLL_WRITE)
		memcpy(from, buf, bytes);
	else
		memcpy(buf, from, bytes);
	put_page(page);
	return bytes;
}

/**
 * access_remote_vm() - copy bytes from or to the memory of @mm
 * @addr: in @mm   @buf: kernel memory   @len: bytes
 * @gup_flags: FOLL_WRITE: to @mm; FOLL_FORCE: what the program itself may not
 *
 * Context: sleeps, takes mmap_lock; the caller holds mm_users.
 * Return: bytes copied, which is less than @len at the first place that cannot be reached.
 */
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int gup_flags)
{
	int done = 0, part;

	if (mmap_read_lock_killable(mm))
		return 0;
	while (done < len) {
		part = copy_part(mm, addr + done, (char *)buf + done, len - done, gup_flags);
		if (part <= 0)
			break;
		done += part;
	}
	mmap_read_unlock(mm);
	return done;
}

int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len,
		      unsigned int gup_flags)
{
	struct mm_struct *mm = get_task_mm(tsk);
	int done;

	if (!mm)
		return 0;
	done = access_remote_vm(mm, addr, buf, len, gup_flags);
	mmput(mm);
	return done;
}

/* ---- prefaulting ---- */

/* Fault [start, end) of one area in. mmap_lock read-held. 0 or -errno. */
static int populate_area(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	unsigned int flags = 0;
	int err;

	/* Break copy on write now rather than later, but do not dirty a shared file. */
	if ((vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		flags |= FAULT_FLAG_WRITE;
	if (!(vma->vm_flags & VM_ACCESS_FLAGS))
		return -EFAULT;
	for (; start < end; start += PAGE_SIZE) {
		if (fatal_signal_pending(current))
			return -EINTR;
		err = faultin_page(vma, start, flags);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/**
 * mm_populate() - fault a range of current in, as far as it goes
 * @addr: page-aligned   @len: bytes
 *
 * Context: sleeps, takes mmap_lock.
 * Return: 0, or -errno of the first page that could not be had; -ENOMEM for a hole.
 */
int mm_populate(unsigned long addr, unsigned long len)
{
	unsigned long end = addr + PAGE_ALIGN(len), stop;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err = 0;

	mmap_read_lock(mm);
	while (addr < end && !err) {
		vma = vma_lookup(mm, addr);
		if (!vma) {
			err = -ENOMEM;
			break;
		}
		stop = min(end, vma->vm_end);
		if (!(vma->vm_flags & (VM_IO | VM_PFNMAP)))
			err = populate_area(vma, addr, stop);
		addr = stop;
	}
	mmap_read_unlock(mm);
	return err;
}

/* mlockall(MCL_CURRENT): every area, as far as it goes. */
void mm_populate_all(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	for_each_vma_of(mm, vma)
		if ((vma->vm_flags & VM_LOCKED_MASK) == VM_LOCKED)
			populate_area(vma, vma->vm_start, vma->vm_end);
	mmap_read_unlock(mm);
}
