// SPDX-License-Identifier: GPL-2.0-only
/*
 * Areas which the kernel itself puts into an address space, such as the vDSO. Their pages belong to
 * the maker and outlive every area. mmap_lock is held for writing by who installs one.
 */
#include "internal.h"

static const char *special_name(struct vm_area_struct *vma)
{
	return ((struct vm_special_mapping *)vma->vm_private_data)->name;
}

static vm_fault_t special_fault(struct vm_fault *vmf)
{
	const struct vm_special_mapping *spec = vmf->vma->vm_private_data;
	struct page **pages = spec->pages;
	pgoff_t pgoff;

	if (spec->fault)
		return spec->fault(spec, vmf->vma, vmf);
	for (pgoff = vmf->pgoff; pgoff && *pages; pgoff--)
		pages++;
	if (!*pages)
		return VM_FAULT_SIGBUS;
	get_page(*pages);
	vmf->page = *pages;
	return 0;
}

/* It may be moved and unmapped, not cut. */
static int special_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EINVAL;
}

static const struct vm_operations_struct special_vm_ops = {
	.fault = special_fault,
	.may_split = special_may_split,
	.name = special_name,
};

struct vm_area_struct *_install_special_mapping(struct mm_struct *mm, unsigned long addr,
						unsigned long len, unsigned long vm_flags,
						const struct vm_special_mapping *spec)
{
	struct vm_area_struct *vma = vm_area_alloc(mm);

	if (!vma)
		return ERR_PTR(-ENOMEM);
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags | mm->def_flags | VM_DONTEXPAND;
	vma->vm_flags &= ~VM_LOCKED_MASK;
	vma->vm_ops = &special_vm_ops;
	vma->vm_private_data = (void *)spec;
	vma_set_page_prot(vma);
	insert_vm_struct(mm, vma);
	vm_stat_account(mm, vma->vm_flags, len >> PAGE_SHIFT);
	return vma;
}

bool vma_is_special_mapping(const struct vm_area_struct *vma,
			    const struct vm_special_mapping *spec)
{
	return vma->vm_private_data == spec && vma->vm_ops == &special_vm_ops;
}
