// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel memory that is contiguous by address only. Areas live in a tree under vmap_lock, each
 * with a guard page behind; the search goes on where the last one ended. Task context.
 */
#include <linux/fault-inject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include "internal.h"

#define STACKS_SIZE	(1UL << 32)	/* the top of the range belongs to kernel stacks */
#define AREAS_START	VMALLOC_START
#define AREAS_END	(VMALLOC_END + 1 - STACKS_SIZE)

/* Locks: [v] vmap_lock   [I] fixed while the area exists */
struct vmap_area {
	struct rb_node node;		/* [v] */
	unsigned long start;		/* [I] */
	unsigned long size;		/* [I] with the guard page */
	unsigned int nr_pages;		/* [I] */
	bool owns_pages;		/* [I] vfree() frees them */
	const void *caller;		/* [I] */
	struct page **pages;		/* [I] NULL for device memory */
};

static DEFINE_MUTEX(vmap_lock);
static struct rb_root vmap_root = RB_ROOT;	/* vmap_lock */
static unsigned long vmap_next = AREAS_START;	/* vmap_lock: where to search */

#define to_area(rb)	rb_entry(rb, struct vmap_area, node)

/* The first area that ends above @addr. */
static struct vmap_area *area_above(unsigned long addr)
{
	struct rb_node *node = vmap_root.rb_node;
	struct vmap_area *found = NULL;

	while (node) {
		struct vmap_area *area = to_area(node);

		if (area->start + area->size > addr) {
			found = area;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* Room for @size at or above @from; 0 when there is none. */
static unsigned long find_room(unsigned long from, unsigned long size)
{
	struct vmap_area *area = area_above(from);

	while (area && area->start < from + size) {
		struct rb_node *next = rb_next(&area->node);

		from = area->start + area->size;
		area = next ? to_area(next) : NULL;
	}
	return from + size <= AREAS_END ? from : 0;
}

static bool area_less(struct rb_node *a, const struct rb_node *b)
{
	return to_area(a)->start < to_area(b)->start;
}

static struct vmap_area *alloc_area(unsigned long size, const void *caller)
{
	struct vmap_area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	area->size = PAGE_ALIGN(size) + PAGE_SIZE;
	area->caller = caller;
	mutex_lock(&vmap_lock);
	area->start = find_room(vmap_next, area->size);
	if (!area->start)
		area->start = find_room(AREAS_START, area->size);
	if (area->start) {
		vmap_next = area->start + area->size;
		rb_add(&area->node, &vmap_root, area_less);
	}
	mutex_unlock(&vmap_lock);
	if (!area->start) {
		kfree(area);
		return NULL;
	}
	return area;
}

static struct vmap_area *find_area(unsigned long addr)
{
	struct vmap_area *area;

	mutex_lock(&vmap_lock);
	area = area_above(addr);
	mutex_unlock(&vmap_lock);
	return area && area->start == addr ? area : NULL;
}

static void free_area(struct vmap_area *area)
{
	mutex_lock(&vmap_lock);
	rb_erase(&area->node, &vmap_root);
	mutex_unlock(&vmap_lock);
	kfree(area);
}

static void free_area_pages(struct vmap_area *area)
{
	unsigned int i;

	for (i = 0; i < area->nr_pages; i++)
		__free_page(area->pages[i]);
	vm_stat_add(NR_VMALLOC, -(long)area->nr_pages);
	kvfree(area->pages);
}

static bool fill_area(struct vmap_area *area, unsigned int nr, gfp_t gfp)
{
	area->pages = kvmalloc(nr * sizeof(struct page *), GFP_KERNEL);
	if (!area->pages)
		return false;
	area->owns_pages = true;
	for (; area->nr_pages < nr; area->nr_pages++) {
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		area->pages[area->nr_pages] = page;
	}
	vm_stat_add(NR_VMALLOC, area->nr_pages);
	return area->nr_pages == nr;
}

/**
 * __vmalloc() - memory contiguous in kernel addresses
 * @size: bytes
 * @gfp: how to get the pages; must allow sleeping
 * @prot: PAGE_KERNEL; nothing here may be both writable and executable
 *
 * Context: sleeps.
 * Return: the address or NULL.
 */
void *__vmalloc(unsigned long size, gfp_t gfp, pgprot_t prot)
{
	unsigned int nr = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct vmap_area *area;

	ASSERT(!((pgprot_val(prot) & _PAGE_RW) && !(pgprot_val(prot) & _PAGE_NX)));
	if (!size || size >> PAGE_SHIFT > totalram_pages() || should_fail("vmalloc", "area"))
		return NULL;
	area = alloc_area(size, __builtin_return_address(0));
	if (!area)
		return NULL;
	if (fill_area(area, nr, gfp) && !pt_map_kernel(area->start, area->pages, nr, prot))
		return (void *)area->start;
	if (area->pages)
		free_area_pages(area);
	free_area(area);
	return NULL;
}

void *vmalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL, PAGE_KERNEL);
}

void *vzalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_ZERO, PAGE_KERNEL);
}

static void unmap_area(const void *addr, bool own)
{
	struct vmap_area *area;

	if (!addr)
		return;
	might_sleep();
	area = find_area((unsigned long)addr & PAGE_MASK);
	if (WARN_ON(!area || area->owns_pages != own))
		return;
	pt_unmap_kernel(area->start, (area->size >> PAGE_SHIFT) - 1);
	flush_tlb_kernel_range(area->start, area->start + area->size);
	if (own)
		free_area_pages(area);
	free_area(area);
}

void vfree(const void *addr)
{
	unmap_area(addr, true);
}

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	struct vmap_area *area = alloc_area((unsigned long)count << PAGE_SHIFT,
					    __builtin_return_address(0));

	if (!area)
		return NULL;
	if (pt_map_kernel(area->start, pages, count, prot)) {
		free_area(area);
		return NULL;
	}
	return (void *)area->start;
}

void vunmap(const void *addr)
{
	unmap_area(addr, false);
}

void *ioremap(phys_addr_t phys, size_t size)
{
	unsigned long offset = offset_in_page(phys);
	struct vmap_area *area = alloc_area(offset + size, __builtin_return_address(0));

	if (!area)
		return NULL;
	if (pt_map_kernel_phys(area->start, phys - offset, (area->size >> PAGE_SHIFT) - 1,
			       PAGE_KERNEL_NOCACHE)) {
		free_area(area);
		return NULL;
	}
	return (void *)(area->start + offset);
}

void iounmap(volatile void *addr)
{
	unmap_area((const void *)addr, false);
}

bool is_vmalloc_addr(const void *addr)
{
	return (unsigned long)addr >= VMALLOC_START && (unsigned long)addr <= VMALLOC_END;
}

struct page *vmalloc_to_page(const void *addr)
{
	return is_vmalloc_addr(addr) ? pt_kernel_page((unsigned long)addr) : NULL;
}

int vmalloc_for_each(int (*fn)(unsigned long start, unsigned long size, const void *caller,
			       void *arg), void *arg)
{
	struct rb_node *node;
	int err = 0;

	mutex_lock(&vmap_lock);
	for (node = rb_first(&vmap_root); node && !err; node = rb_next(node))
		err = fn(to_area(node)->start, to_area(node)->size, to_area(node)->caller, arg);
	mutex_unlock(&vmap_lock);
	return err;
}

/* ---- tests ---- */

SELFTEST(vmalloc, separate_areas)
{
	char *a = vmalloc(3 * PAGE_SIZE), *b = vzalloc(100), *c;

	KT_ASSERT(a && b);
	KT_EXPECT(a + 4 * PAGE_SIZE <= b || b + 2 * PAGE_SIZE <= a);
	KT_EXPECT_EQ(b[99], 0);
	a[3 * PAGE_SIZE - 1] = 'x';
	KT_EXPECT(vmalloc_to_page(a) && vmalloc_to_page(a + 3 * PAGE_SIZE) == NULL);
	vfree(a);
	KT_EXPECT(vmalloc_to_page(a) == NULL);
	c = vmalloc(PAGE_SIZE);
	KT_ASSERT(c);
	c[0] = 'y';
	vfree(c);
	vfree(b);
}
