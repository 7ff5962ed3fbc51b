/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mm/internal.h when mm/vma.c is built for the host: only what areas need.
 */
#ifndef _HOST_MM_INTERNAL_H
#define _HOST_MM_INTERNAL_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/rbtree.h>

#define VM_GROWSDOWN	0x100UL
#define stack_guard_gap	(256UL * 4096)

struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_flags;
	struct rb_node vm_rb;
	unsigned long rb_subtree_gap;
	struct vm_area_struct *vm_next, *vm_prev;
};

struct mm_struct {
	struct vm_area_struct *mmap, *mmap_cache;
	struct rb_root mm_rb;
	unsigned long highest_vm_end;
	int map_count;
};

struct vm_unmapped_area_info {
	bool topdown;
	unsigned long length, low_limit, high_limit;
};

static inline unsigned long vm_start_gap(const struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;

	if (vma->vm_flags & VM_GROWSDOWN)
		start = start > stack_guard_gap ? start - stack_guard_gap : 0;
	return start;
}

void vma_tree_insert(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_list_append(struct mm_struct *mm, struct vm_area_struct *vma,
		     struct vm_area_struct *prev);
void vma_tree_build(struct mm_struct *mm, struct vm_area_struct *last);
void vma_tree_remove(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_tree_resized(struct mm_struct *mm, struct vm_area_struct *vma);
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr,
				     struct vm_area_struct **prev);
unsigned long vma_find_gap(struct mm_struct *mm, const struct vm_unmapped_area_info *info);
int vma_tree_check(struct mm_struct *mm);

#endif
