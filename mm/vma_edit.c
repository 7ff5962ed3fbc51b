// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing areas: bounds, flags, splitting in two, merging with neighbours, and the list by which
 * truncation finds a file's areas. mmap_lock is held for writing; a file's i_mmap_rwsem guards the
 * bounds of its areas too.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include "internal.h"

/* ---- a file's list of areas ---- */

/* i_mmap_rwsem held for writing. @before: an area that truncation shall visit first, or NULL. */
static void link_file_locked(struct vm_area_struct *vma, struct vm_area_struct *before)
{
	struct address_space *mapping = vma->vm_file->f_mapping;

	if (vma->vm_flags & VM_SHARED)
		atomic_inc(&mapping->i_mmap_writable);
	list_add(&vma->shared, before ? &before->shared : &mapping->i_mmap);
}

static void unlink_file_locked(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED)
		atomic_dec(&vma->vm_file->f_mapping->i_mmap_writable);
	list_del(&vma->shared);
}

/* Truncation looks at an area's bounds through its file: change them under the file's lock. */
static void lock_bounds(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		down_write(&vma->vm_file->f_mapping->i_mmap_rwsem);
}

static void unlock_bounds(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		up_write(&vma->vm_file->f_mapping->i_mmap_rwsem);
}

/* Let truncation find @vma; behind @before of the same file, if that is given. */
void vma_link_file(struct vm_area_struct *vma, struct vm_area_struct *before)
{
	if (!vma->vm_file)
		return;
	lock_bounds(vma);
	link_file_locked(vma, before);
	unlock_bounds(vma);
}

void vma_unlink_file(struct vm_area_struct *vma)
{
	if (!vma->vm_file)
		return;
	lock_bounds(vma);
	unlink_file_locked(vma);
	unlock_bounds(vma);
}

/* @vma is complete and overlaps nothing. */
void insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma_tree_insert(mm, vma);
	vma_link_file(vma, NULL);
}

/* ---- merging and splitting ---- */

/* What must be equal for two areas to be one. */
struct vma_key {
	unsigned long flags;
	struct file *file;
	const struct vm_operations_struct *ops;
	void *private_data;
	struct anon_vma_name *anon_name;
	struct mempolicy *policy;
};

static struct vma_key key_of(struct vm_area_struct *vma)
{
	return (struct vma_key){ vma->vm_flags, vma->vm_file, vma->vm_ops, vma->vm_private_data,
				 vma->anon_name, vma->vm_policy };
}

static bool key_matches(struct vm_area_struct *vma, const struct vma_key *key)
{
	return vma->vm_flags == key->flags && vma->vm_file == key->file &&
	       vma->vm_ops == key->ops && vma->vm_private_data == key->private_data &&
	       anon_name_same(vma->anon_name, key->anon_name) &&
	       mpol_equal(vma->vm_policy, key->policy) &&
	       !(vma->vm_flags & VM_SPECIAL) && !(vma->vm_ops && vma->vm_ops->close);
}

/* May what lies at @addr, @pgoff of its file, follow directly behind @prev? */
static bool can_follow(struct vm_area_struct *prev, unsigned long addr, unsigned long pgoff,
		       const struct vma_key *key)
{
	return prev && prev->vm_end == addr && key_matches(prev, key) &&
	       (!key->file || prev->vm_pgoff + vma_pages(prev) == pgoff);
}

static bool can_precede(struct vm_area_struct *next, unsigned long end, unsigned long end_pgoff,
			const struct vma_key *key)
{
	return next && next->vm_start == end && key_matches(next, key) &&
	       (!key->file || next->vm_pgoff == end_pgoff);
}

static void set_bounds(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	if (vma->vm_file)
		vma->vm_pgoff += ((long)start - (long)vma->vm_start) >> PAGE_SHIFT;
	vma->vm_start = start;
	vma->vm_end = end;
	if (!vma->vm_file)
		vma->vm_pgoff = start >> PAGE_SHIFT;
}

/* Give back an area that is in no tree and no file's list any more. */
void release_vma(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	vm_area_free(vma);
}

/* @vma swallows @next, which follows directly and matches. */
static void join_next(struct mm_struct *mm, struct vm_area_struct *vma,
		      struct vm_area_struct *next)
{
	unsigned long end = next->vm_end;

	/* In one step for truncation: no entry may be in neither area. */
	lock_bounds(vma);
	if (next->vm_file)
		unlink_file_locked(next);
	vma_tree_remove(mm, next);
	set_bounds(vma, vma->vm_start, end);
	unlock_bounds(vma);
	vma->vm_has_anon |= next->vm_has_anon;
	vma_tree_resized(mm, vma);
	release_vma(next);
}

/* @vma shall end at @end, and the hole up to there is free; a matching neighbour is joined. */
void vma_extend(struct vm_area_struct *vma, unsigned long end)
{
	struct vma_key key = key_of(vma);

	lock_bounds(vma);
	set_bounds(vma, vma->vm_start, end);
	unlock_bounds(vma);
	vma_tree_resized(vma->vm_mm, vma);
	if (can_precede(vma->vm_next, end, vma->vm_pgoff + vma_pages(vma), &key))
		join_next(vma->vm_mm, vma, vma->vm_next);
}

/*
 * Extend a neighbour over the hole [addr, end) rather than make a new area; NULL: none fits.
 * @file: mapped by generic_file_mmap(), or NULL for private anonymous memory
 */
struct vm_area_struct *vma_merge_hole(struct mm_struct *mm, struct vm_area_struct *prev,
				      unsigned long addr, unsigned long end, unsigned long vm_flags,
				      struct file *file, unsigned long pgoff)
{
	struct vma_key merged = { .flags = vm_flags, .file = file }, *key = &merged;
	struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;
	unsigned long end_pgoff = pgoff + ((end - addr) >> PAGE_SHIFT);

	if (file)
		merged.ops = &generic_file_vm_ops;
	if (can_follow(prev, addr, pgoff, key)) {
		lock_bounds(prev);
		set_bounds(prev, prev->vm_start, end);
		unlock_bounds(prev);
		vma_tree_resized(mm, prev);
		if (can_precede(next, end, end_pgoff, key))
			join_next(mm, prev, next);
		return prev;
	}
	if (can_precede(next, end, end_pgoff, key)) {
		lock_bounds(next);
		set_bounds(next, addr, next->vm_end);
		unlock_bounds(next);
		vma_tree_resized(mm, next);
		return next;
	}
	return NULL;
}

/**
 * split_vma() - cut an area in two at @addr
 * @new_below: the new structure becomes the lower part
 *
 * Return: 0, -ENOMEM, or what the driver's may_split says. Does not look at max_map_count.
 */
int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr,
	      bool new_below)
{
	struct vm_area_struct *new;
	int err;

	ASSERT(vma->vm_start < addr && addr < vma->vm_end);
	if (vma->vm_ops && vma->vm_ops->may_split) {
		err = vma->vm_ops->may_split(vma, addr);
		if (err)
			return err;
	}
	new = vm_area_dup(vma);
	if (!new)
		return -ENOMEM;
	if (new->vm_file)
		get_file(new->vm_file);
	lock_bounds(vma);
	if (new_below) {
		set_bounds(new, new->vm_start, addr);
		set_bounds(vma, addr, vma->vm_end);
	} else {
		set_bounds(new, addr, new->vm_end);
		set_bounds(vma, vma->vm_start, addr);
	}
	if (new->vm_file)
		link_file_locked(new, vma);
	unlock_bounds(vma);
	vma_tree_resized(mm, vma);
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	vma_tree_insert(mm, new);
	return 0;
}

/* Move the boundary between @low and its successor @high to @addr. */
static void shift_boundary(struct mm_struct *mm, struct vm_area_struct *low,
			   struct vm_area_struct *high, unsigned long addr)
{
	lock_bounds(low);
	set_bounds(low, low->vm_start, addr);
	set_bounds(high, addr, high->vm_end);
	unlock_bounds(low);
	low->vm_has_anon |= high->vm_has_anon;
	high->vm_has_anon = low->vm_has_anon;
	vma_tree_resized(mm, low);
	vma_tree_resized(mm, high);
}

/* Cut [start, end) out of @vma as an area of its own. NULL: -ENOMEM in *err. */
static struct vm_area_struct *isolate(struct mm_struct *mm, struct vm_area_struct *vma,
				      unsigned long start, unsigned long end, int *err)
{
	*err = -ENOMEM;
	if ((vma->vm_start < start || end < vma->vm_end) &&
	    mm->map_count >= sysctl_max_map_count)
		return NULL;
	if (vma->vm_start < start) {
		*err = split_vma(mm, vma, start, true);
		if (*err)
			return NULL;
	}
	if (end < vma->vm_end) {
		*err = split_vma(mm, vma, end, false);
		if (*err)
			return NULL;
	}
	return vma;
}

/* A range at an edge of @vma goes to the neighbour that looks like it; NULL: it cannot. */
static struct vm_area_struct *give_to_neighbour(struct mm_struct *mm, struct vm_area_struct *vma,
						unsigned long start, unsigned long end,
						const struct vma_key *key)
{
	struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;

	if (start == vma->vm_start && end < vma->vm_end &&
	    can_follow(prev, start, vma->vm_pgoff, key)) {
		shift_boundary(mm, prev, vma, end);
		return prev;
	}
	if (end == vma->vm_end && start > vma->vm_start &&
	    can_precede(next, end, vma->vm_pgoff + vma_pages(vma), key)) {
		shift_boundary(mm, vma, next, start);
		return next;
	}
	return NULL;
}

static void replace_vma_policy(struct vm_area_struct *vma, struct mempolicy *policy)
{
	struct mempolicy *old = vma->vm_policy;

	if (likely(old == policy))
		return;
	vma->vm_policy = mpol_get(policy);
	mpol_put(old);
}

/**
 * vma_merge_or_split() - give [start, end) of @vma new flags, name and policy
 *
 * Merges with a neighbour that has them already, else splits what stays different off.
 * Return: the area that now holds [start, end), or ERR_PTR(-ENOMEM). The accounting of sizes by
 * flags and vm_page_prot are the caller's business.
 */
struct vm_area_struct *vma_merge_or_split(struct vm_area_struct *vma, unsigned long start,
					  unsigned long end, unsigned long flags,
					  struct anon_vma_name *name, struct mempolicy *policy)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vma_key key = key_of(vma);
	struct vm_area_struct *to, *prev;
	int err;

	key.flags = flags;
	key.anon_name = name;
	key.policy = policy;
	to = give_to_neighbour(mm, vma, start, end, &key);
	if (to)
		return to;
	vma = isolate(mm, vma, start, end, &err);
	if (!vma)
		return ERR_PTR(err);
	anon_name_replace(vma, name);
	replace_vma_policy(vma, policy);
	vma->vm_flags = flags;
	vma_tree_resized(mm, vma);
	prev = vma->vm_prev;
	if (can_follow(prev, start, vma->vm_pgoff, &key)) {
		join_next(mm, prev, vma);
		vma = prev;
	}
	if (can_precede(vma->vm_next, end, vma->vm_pgoff + vma_pages(vma), &key))
		join_next(mm, vma, vma->vm_next);
	return vma;
}

struct vm_area_struct *vma_modify_flags(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, unsigned long flags)
{
	return vma_merge_or_split(vma, start, end, flags, vma->anon_name, vma->vm_policy);
}

/* mbind(2). @policy may be NULL; the area takes a reference of its own. */
struct vm_area_struct *vma_set_policy(struct vm_area_struct *vma, unsigned long start,
				      unsigned long end, struct mempolicy *policy)
{
	return vma_merge_or_split(vma, start, end, vma->vm_flags, vma->anon_name, policy);
}
