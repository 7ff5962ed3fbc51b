// SPDX-License-Identifier: GPL-2.0-only
/*
 * The areas of one address space: a list by address and a tree in which each node knows the
 * largest hole before any area below it. mmap_lock guards both. Host-testable.
 */
#include <linux/rbtree_augmented.h>
#include "internal.h"

#define to_vma(rb)	rb_entry(rb, struct vm_area_struct, vm_rb)

/* The hole before @vma that others may use: a stack keeps its guard gap for itself. */
static inline unsigned long vma_gap(const struct vm_area_struct *vma)
{
	unsigned long start = vm_start_gap(vma);
	unsigned long prev_end = vma->vm_prev ? vma->vm_prev->vm_end : 0;

	return start > prev_end ? start - prev_end : 0;
}

RB_DECLARE_CALLBACKS_MAX(static, vma_gap_callbacks, struct vm_area_struct, vm_rb, unsigned long,
			 rb_subtree_gap, vma_gap);

static void gap_changed(struct vm_area_struct *vma)
{
	vma_gap_callbacks.propagate(&vma->vm_rb, NULL);
}

static void link_node(struct mm_struct *mm, struct vm_area_struct *vma, struct rb_node *parent,
		      struct rb_node **link)
{
	struct vm_area_struct *next = vma->vm_next;
	struct rb_node *above = parent;

	if (!next)
		mm->highest_vm_end = vma->vm_end;
	rb_link_node(&vma->vm_rb, parent, link);
	vma_gap_callbacks_compute_max(vma, false);
	/* The area that follows lies on the way up, and its own hole has changed as well. */
	if (next) {
		vma_gap_callbacks.propagate(parent, &next->vm_rb);
		vma_gap_callbacks_compute_max(next, false);
		above = rb_parent(&next->vm_rb);
	}
	vma_gap_callbacks.propagate(above, NULL);
	rb_insert_augmented(&vma->vm_rb, &mm->mm_rb, &vma_gap_callbacks);
	mm->map_count++;
}

static void link_list(struct mm_struct *mm, struct vm_area_struct *vma,
		      struct vm_area_struct *prev)
{
	struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;

	vma->vm_prev = prev;
	vma->vm_next = next;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (next)
		next->vm_prev = vma;
}

/* @vma overlaps no area of @mm. */
void vma_tree_insert(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct rb_node **link = &mm->mm_rb.rb_node, *parent = NULL;
	struct vm_area_struct *prev = NULL;

	while (*link) {
		parent = *link;
		if (vma->vm_start < to_vma(parent)->vm_start) {
			link = &parent->rb_left;
		} else {
			prev = to_vma(parent);
			link = &parent->rb_right;
		}
	}
	ASSERT(!prev || prev->vm_end <= vma->vm_start);
	link_list(mm, vma, prev);
	ASSERT(!vma->vm_next || vma->vm_end <= vma->vm_next->vm_start);
	link_node(mm, vma, parent, link);
}

/* Behind @prev, the last area so far (NULL: none yet). vma_tree_build() must follow. */
void vma_list_append(struct mm_struct *mm, struct vm_area_struct *vma,
		     struct vm_area_struct *prev)
{
	ASSERT(!prev || !prev->vm_next);
	vma->vm_prev = prev;
	vma->vm_next = NULL;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	mm->map_count++;
}

/*
 * The next @count areas of the list as a subtree. Halves differ by one at most, so all rows but the
 * last are full: the last is red, and each way down meets the same number of black nodes.
 */
static struct rb_node *build_subtree(struct vm_area_struct **next, unsigned int count,
				     unsigned int rows)
{
	struct rb_node *left, *right;
	struct vm_area_struct *vma;

	if (!count)
		return NULL;
	left = build_subtree(next, count / 2, rows - 1);
	vma = *next;
	*next = vma->vm_next;
	right = build_subtree(next, count - count / 2 - 1, rows - 1);
	rb_join(&vma->vm_rb, left, right, rows != 0);
	vma_gap_callbacks_compute_max(vma, false);
	return &vma->vm_rb;
}

/* A list that fork has copied in order: make the tree of it at once. */
void vma_tree_build(struct mm_struct *mm, struct vm_area_struct *last)
{
	struct vm_area_struct *first = mm->mmap;
	unsigned int count = mm->map_count;

	/* A tree of one row is its root, and black. */
	mm->mm_rb.rb_node = build_subtree(&first, count, count > 1 ? __fls(count) : 1);
	mm->highest_vm_end = last ? last->vm_end : 0;
}

void vma_tree_remove(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;

	rb_erase_augmented(&vma->vm_rb, &mm->mm_rb, &vma_gap_callbacks);
	if (prev)
		prev->vm_next = next;
	else
		mm->mmap = next;
	if (next) {
		next->vm_prev = prev;
		gap_changed(next);
	} else {
		mm->highest_vm_end = prev ? prev->vm_end : 0;
	}
	mm->mmap_cache = NULL;
	mm->map_count--;
}

/* @vma's start, end or flags were changed, without passing a neighbour. */
void vma_tree_resized(struct mm_struct *mm, struct vm_area_struct *vma)
{
	gap_changed(vma);
	if (vma->vm_next)
		gap_changed(vma->vm_next);
	else
		mm->highest_vm_end = vma->vm_end;
	mm->mmap_cache = NULL;
}

/**
 * find_vma() - the first area that ends above @addr
 * @mm: its mmap_lock is held
 * @addr: any
 *
 * Return: the area, which may start above @addr, or NULL.
 */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *found = READ_ONCE(mm->mmap_cache);
	struct rb_node *node = mm->mm_rb.rb_node;

	if (likely(found && found->vm_start <= addr && addr < found->vm_end))
		return found;
	found = NULL;
	while (node) {
		struct vm_area_struct *vma = to_vma(node);

		if (vma->vm_end > addr) {
			found = vma;
			if (vma->vm_start <= addr) {
				/* Any reader may write it; who changes areas clears it. */
				WRITE_ONCE(mm->mmap_cache, vma);
				break;
			}
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* The same; *prev is the area before it (the last one when there is none above). */
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, unsigned long addr,
				     struct vm_area_struct **prev)
{
	struct vm_area_struct *vma = find_vma(mm, addr);
	struct rb_node *last;

	if (vma) {
		*prev = vma->vm_prev;
	} else {
		last = rb_last(&mm->mm_rb);
		*prev = last ? to_vma(last) : NULL;
	}
	return vma;
}

/* ---- holes ---- */

static bool subtree_fits(struct rb_node *node, unsigned long length)
{
	return node && to_vma(node)->rb_subtree_gap >= length;
}

/* The part of the hole before @vma that lies within the limits. */
static bool hole_fits(struct vm_area_struct *vma, const struct vm_unmapped_area_info *info,
		      unsigned long *start, unsigned long *end)
{
	unsigned long prev_end = vma->vm_prev ? vma->vm_prev->vm_end : 0;

	*start = max(prev_end, info->low_limit);
	*end = min(vm_start_gap(vma), info->high_limit);
	return *end >= *start && *end - *start >= info->length;
}

/* The node to look at after @node and all on its far side: the nearest ancestor not yet seen. */
static struct rb_node *climb(struct rb_node *node, bool from_right)
{
	struct rb_node *parent = rb_parent(node);

	while (parent && node == (from_right ? parent->rb_left : parent->rb_right)) {
		node = parent;
		parent = rb_parent(node);
	}
	return parent;
}

static unsigned long highest_hole(struct mm_struct *mm, const struct vm_unmapped_area_info *info)
{
	unsigned long start = max(mm->highest_vm_end, info->low_limit), end = info->high_limit;
	struct rb_node *node = mm->mm_rb.rb_node;
	bool descend = true;

	if (end >= start && end - start >= info->length)
		return end - info->length;
	while (node) {
		struct vm_area_struct *vma = to_vma(node);

		if (descend && subtree_fits(node->rb_right, info->length) &&
		    vma->vm_end < info->high_limit) {
			node = node->rb_right;
			continue;
		}
		if (hole_fits(vma, info, &start, &end))
			return end - info->length;
		if (vma->vm_start <= info->low_limit)
			break;
		descend = subtree_fits(node->rb_left, info->length);
		node = descend ? node->rb_left : climb(node, true);
	}
	return -ENOMEM;
}

static unsigned long lowest_hole(struct mm_struct *mm, const struct vm_unmapped_area_info *info)
{
	struct rb_node *node = mm->mm_rb.rb_node;
	unsigned long start, end;
	bool descend = true;

	while (node) {
		struct vm_area_struct *vma = to_vma(node);

		if (descend && subtree_fits(node->rb_left, info->length) &&
		    vma->vm_start > info->low_limit) {
			node = node->rb_left;
			continue;
		}
		if (hole_fits(vma, info, &start, &end))
			return start;
		if (vma->vm_end >= info->high_limit)
			return -ENOMEM;
		descend = subtree_fits(node->rb_right, info->length);
		node = descend ? node->rb_right : climb(node, false);
	}
	start = max(mm->highest_vm_end, info->low_limit);
	end = info->high_limit;
	return end >= start && end - start >= info->length ? start : -ENOMEM;
}

/*
 * Room for info->length bytes within [low_limit, high_limit): the highest place, or the lowest.
 * O(log n). An address or -ENOMEM.
 */
unsigned long vma_find_gap(struct mm_struct *mm, const struct vm_unmapped_area_info *info)
{
	return info->topdown ? highest_hole(mm, info) : lowest_hole(mm, info);
}

/* ---- tests ---- */

/* Recount everything; the number of mistakes. */
int vma_tree_check(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *prev = NULL;
	struct rb_node *node = rb_first(&mm->mm_rb);
	int bad = 0, count = 0;

	for (vma = mm->mmap; vma; prev = vma, vma = vma->vm_next) {
		unsigned long max_gap = vma_gap(vma);

		count++;
		bad += node != &vma->vm_rb;
		bad += vma->vm_prev != prev;
		bad += vma->vm_start >= vma->vm_end;
		bad += prev && prev->vm_end > vma->vm_start;
		if (vma->vm_rb.rb_left)
			max_gap = max(max_gap, to_vma(vma->vm_rb.rb_left)->rb_subtree_gap);
		if (vma->vm_rb.rb_right)
			max_gap = max(max_gap, to_vma(vma->vm_rb.rb_right)->rb_subtree_gap);
		bad += max_gap != vma->rb_subtree_gap;
		node = node ? rb_next(node) : NULL;
	}
	bad += node != NULL;
	bad += count != mm->map_count;
	bad += mm->highest_vm_end != (prev ? prev->vm_end : 0);
	return bad;
}
