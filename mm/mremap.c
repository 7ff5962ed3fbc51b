// SPDX-License-Identifier: GPL-2.0-only
/*
 * mremap(2): making a mapping longer, shorter or live elsewhere, entries and all. mmap_lock is held
 * for writing; a file's i_mmap_rwsem keeps truncation away while entries are between two places.
 */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/syscalls.h>
#include "internal.h"

struct remap {
	unsigned long addr, old_len, new_len, flags, new_addr;
	unsigned long populate;		/* out: bytes at the end to fault in */
};

/* The area at r->addr if it may be resized or moved as asked; else ERR_PTR. */
static struct vm_area_struct *area_to_remap(struct mm_struct *mm, const struct remap *r)
{
	struct vm_area_struct *vma = vma_lookup(mm, r->addr);
	unsigned long pages, pgoff;

	if (!vma)
		return ERR_PTR(-EFAULT);
	/* Old length zero duplicates a shared mapping; of a private one nothing could be shared. */
	if (!r->old_len && !(vma->vm_flags & (VM_SHARED | VM_MAYSHARE)))
		return ERR_PTR(-EINVAL);
	if ((r->flags & MREMAP_DONTUNMAP) && (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP)))
		return ERR_PTR(-EINVAL);
	if (r->old_len > vma->vm_end - r->addr)
		return ERR_PTR(-EFAULT);
	if (r->new_len == r->old_len)
		return vma;
	pgoff = linear_index(vma, r->addr);
	if (pgoff + (r->new_len >> PAGE_SHIFT) < pgoff)
		return ERR_PTR(-EINVAL);
	if (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
		return ERR_PTR(-EFAULT);
	if (r->new_len <= r->old_len)
		return vma;
	pages = (r->new_len - r->old_len) >> PAGE_SHIFT;
	if (mlock_future_check(mm, vma->vm_flags, r->new_len - r->old_len))
		return ERR_PTR(-EAGAIN);
	if (!may_expand_vm(mm, vma->vm_flags, pages))
		return ERR_PTR(-ENOMEM);
	return vma;
}

/* Move the entries; all or none. 0 or -ENOMEM. */
static int move_entries(struct vm_area_struct *vma, unsigned long from, unsigned long to,
			unsigned long len)
{
	struct mm_struct *mm = vma->vm_mm;
	struct address_space *mapping = vma->vm_file ? vma->vm_file->f_mapping : NULL;
	unsigned long moved;

	if (mapping)
		down_write(&mapping->i_mmap_rwsem);
	moved = pt_move_range(mm, from, to, len);
	if (moved != len) {
		pt_move_range(mm, to, from, moved);	/* the old tables are still there */
		flush_tlb_range(mm, to, to + moved);
	}
	flush_tlb_range(mm, from, from + len);
	if (mapping)
		up_write(&mapping->i_mmap_rwsem);
	return moved == len ? 0 : -ENOMEM;
}

/* A second area like @vma for [r->new_addr, + new_len), empty. */
static struct vm_area_struct *twin_area(struct vm_area_struct *vma, const struct remap *r)
{
	struct vm_area_struct *new = vm_area_dup(vma);

	if (!new)
		return NULL;
	new->vm_start = r->new_addr;
	new->vm_end = r->new_addr + r->new_len;
	new->vm_pgoff = vma->vm_file ? linear_index(vma, r->addr) : r->new_addr >> PAGE_SHIFT;
	if (new->vm_file)
		get_file(new->vm_file);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	insert_vm_struct(vma->vm_mm, new);
	return new;
}

/* MREMAP_DONTUNMAP: the old range stays, empty; what moved is no longer locked there. */
static void keep_old_area(struct mm_struct *mm, struct vm_area_struct *vma,
			  const struct remap *r)
{
	struct vm_area_struct *kept;

	if (!(vma->vm_flags & VM_LOCKED))
		return;
	kept = vma_modify_flags(vma, r->addr, r->addr + r->old_len,
				vma->vm_flags & ~VM_LOCKED_MASK);
	if (!IS_ERR(kept))
		mm_locked_add(mm, -(long)(r->old_len >> PAGE_SHIFT));
}

/* The old range becomes an area of its own, so that nothing can fail once entries have moved. */
static int cut_out(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	int err = 0;

	if (vma->vm_start < start)
		err = split_vma(vma->vm_mm, vma, start, true);
	if (!err && end < vma->vm_end)
		err = split_vma(vma->vm_mm, vma, end, false);
	return err;
}

/* Nothing was moved: the pieces of the old area come together again. */
static void heal(struct vm_area_struct *vma)
{
	vma_modify_flags(vma, vma->vm_start, vma->vm_end, vma->vm_flags);
}

/* Everything is checked: move @vma's range to r->new_addr, which is free. */
static unsigned long move_area(struct vm_area_struct *vma, struct remap *r)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long len = min(r->old_len, r->new_len), pages = r->new_len >> PAGE_SHIFT;
	bool keep = (r->flags & MREMAP_DONTUNMAP) || !r->old_len;
	struct vm_area_struct *new;
	int err;

	/* Cutting the old range out may need two more areas. */
	if (mm->map_count >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if ((vma->vm_flags & VM_ACCOUNT) && security_vm_enough_memory(mm, pages))
		return -ENOMEM;
	err = keep ? 0 : cut_out(vma, r->addr, r->addr + r->old_len);
	new = err ? NULL : twin_area(vma, r);
	if (!err)
		err = new ? move_entries(vma, r->addr, r->new_addr, len) : -ENOMEM;
	if (!err && vma->vm_ops && vma->vm_ops->mremap)
		err = vma->vm_ops->mremap(new);
	vm_stat_account(mm, vma->vm_flags, new ? pages : 0);
	if (new && (vma->vm_flags & VM_LOCKED))
		mm_locked_add(mm, pages);
	if (err) {
		if (new)
			do_munmap(mm, r->new_addr, r->new_len);
		else if (vma->vm_flags & VM_ACCOUNT)
			vm_unacct_memory(pages);
		heal(vma);
		return err;
	}
	if ((vma->vm_flags & VM_LOCKED) && r->new_len > r->old_len)
		r->populate = r->new_len - r->old_len;
	if (keep)
		keep_old_area(mm, vma, r);
	else
		VERIFY(!do_munmap(mm, r->addr, r->old_len));
	vma_modify_flags(new, new->vm_start, new->vm_end, new->vm_flags);	/* may merge */
	return r->new_addr;
}

static unsigned long place_for(struct vm_area_struct *vma, const struct remap *r,
			       unsigned long hint, unsigned long map_flags)
{
	if (vma->vm_flags & VM_MAYSHARE)
		map_flags |= MAP_SHARED;
	return get_unmapped_area(vma->vm_file, hint, r->new_len, linear_index(vma, r->addr),
				 map_flags);
}

/* MREMAP_FIXED or MREMAP_DONTUNMAP. */
static unsigned long remap_to(struct mm_struct *mm, struct remap *r)
{
	struct vm_area_struct *vma;
	unsigned long place;
	int err;

	if (offset_in_page(r->new_addr))
		return -EINVAL;
	if (r->new_len > TASK_SIZE || r->new_addr > TASK_SIZE - r->new_len)
		return -EINVAL;
	if (r->addr + r->old_len > r->new_addr && r->new_addr + r->new_len > r->addr)
		return -EINVAL;
	if (mm->map_count + 2 >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (r->flags & MREMAP_FIXED) {
		err = do_munmap(mm, r->new_addr, r->new_len);
		if (err)
			return err;
	}
	if (r->old_len > r->new_len) {
		err = do_munmap(mm, r->addr + r->new_len, r->old_len - r->new_len);
		if (err)
			return err;
		r->old_len = r->new_len;
	}
	vma = area_to_remap(mm, r);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if ((r->flags & MREMAP_DONTUNMAP) &&
	    !may_expand_vm(mm, vma->vm_flags, r->old_len >> PAGE_SHIFT))
		return -ENOMEM;
	place = place_for(vma, r, r->new_addr, r->flags & MREMAP_FIXED ? MAP_FIXED : 0);
	if (IS_ERR_VALUE(place))
		return place;
	if (!(r->flags & MREMAP_FIXED))
		r->new_addr = place;
	return move_area(vma, r);
}

/* Room behind @vma for @more bytes? */
static bool can_grow_in_place(struct vm_area_struct *vma, unsigned long more)
{
	unsigned long end = vma->vm_end + more;

	if (end < vma->vm_end || end > TASK_SIZE)
		return false;
	return !vma->vm_next || end <= vm_start_gap(vma->vm_next);
}

static unsigned long grow_in_place(struct vm_area_struct *vma, struct remap *r)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long more = r->new_len - r->old_len, pages = more >> PAGE_SHIFT;

	if ((vma->vm_flags & VM_ACCOUNT) && security_vm_enough_memory(mm, pages))
		return -ENOMEM;
	vma_extend(vma, vma->vm_end + more);
	vm_stat_account(mm, vma->vm_flags, pages);
	if (vma->vm_flags & VM_LOCKED) {
		mm_locked_add(mm, pages);
		r->populate = more;
	}
	return r->addr;
}

static unsigned long remap_locked(struct mm_struct *mm, struct remap *r)
{
	struct vm_area_struct *vma = vma_lookup(mm, r->addr);
	unsigned long place;
	int err;

	if (!vma)
		return -EFAULT;
	if (r->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return remap_to(mm, r);
	if (r->old_len >= r->new_len) {
		err = r->old_len == r->new_len ? 0 :
		      do_munmap(mm, r->addr + r->new_len, r->old_len - r->new_len);
		return err ? (unsigned long)err : r->addr;
	}
	vma = area_to_remap(mm, r);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (r->old_len == vma->vm_end - r->addr &&
	    can_grow_in_place(vma, r->new_len - r->old_len))
		return grow_in_place(vma, r);
	if (!(r->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	place = place_for(vma, r, 0, 0);
	if (IS_ERR_VALUE(place))
		return place;
	r->new_addr = place;
	return move_area(vma, r);
}

SYSCALL_DEFINE5(mremap, unsigned long, addr, unsigned long, old_len, unsigned long, new_len,
		unsigned long, flags, unsigned long, new_addr)
{
	struct remap r = { addr, PAGE_ALIGN(old_len), PAGE_ALIGN(new_len), flags, new_addr, 0 };
	struct mm_struct *mm = current->mm;
	unsigned long ret;

	if (flags & ~(unsigned long)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & MREMAP_FIXED) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && (!(flags & MREMAP_MAYMOVE) || old_len != new_len))
		return -EINVAL;
	if (offset_in_page(addr) || !r.new_len)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = remap_locked(mm, &r);
	mmap_write_unlock(mm);
	if (!IS_ERR_VALUE(ret) && r.populate)
		mm_populate(ret + r.new_len - r.populate, r.populate);
	return ret;
}
