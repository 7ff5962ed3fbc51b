// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/vma.c: areas that come, go and change size at random; the tree recounted, and lookups and
 * holes compared with a walk over all areas.
 */
#include <host.h>
#include <linux/selftest.h>
#include "internal.h"

#define PAGE		4096UL
#define SPACE_PAGES	4096
#define ROUNDS		30000

static struct mm_struct mm;

static struct vm_area_struct *new_area(unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = host_alloc(sizeof(*vma), 1);

	vma->vm_start = start;
	vma->vm_end = end;
	return vma;
}

static void drop_all(void)
{
	struct vm_area_struct *vma;

	while ((vma = mm.mmap)) {
		vma_tree_remove(&mm, vma);
		host_free(vma);
	}
}

static struct vm_area_struct *slow_find(unsigned long addr)
{
	struct vm_area_struct *vma;

	for (vma = mm.mmap; vma && vma->vm_end <= addr; vma = vma->vm_next)
		;
	return vma;
}

/* The best place in the hole [@start, @end), or the one found so far. */
static unsigned long better(const struct vm_unmapped_area_info *info, unsigned long start,
			    unsigned long end, unsigned long best)
{
	start = max(start, info->low_limit);
	end = min(end, info->high_limit);
	if (end < start || end - start < info->length)
		return best;
	if (info->topdown)
		return end - info->length;
	return best == -(unsigned long)ENOMEM ? start : best;
}

static unsigned long slow_gap(const struct vm_unmapped_area_info *info)
{
	unsigned long best = -(unsigned long)ENOMEM, start = 0;
	struct vm_area_struct *vma;

	for (vma = mm.mmap; vma; vma = vma->vm_next) {
		best = better(info, start, vm_start_gap(vma), best);
		start = vma->vm_end;
	}
	return better(info, start, ~0UL, best);
}

static void check_gap(struct selftest_ctx *t)
{
	struct vm_unmapped_area_info info = {
		.topdown = host_random() % 2,
		.length = (1 + host_random() % 40) * PAGE,
		.low_limit = host_random() % SPACE_PAGES * PAGE,
		.high_limit = host_random() % (2 * SPACE_PAGES) * PAGE,
	};

	if (host_random() % 2) {
		info.low_limit = 0;
		info.high_limit = SPACE_PAGES * PAGE;
	}
	KT_EXPECT_EQ(vma_find_gap(&mm, &info), slow_gap(&info));
}

static void check_find(struct selftest_ctx *t)
{
	unsigned long addr = host_random() % (SPACE_PAGES * PAGE);
	struct vm_area_struct *prev, *vma = slow_find(addr);

	KT_EXPECT(find_vma(&mm, addr) == vma);
	KT_EXPECT(find_vma_prev(&mm, addr, &prev) == vma);
	KT_EXPECT(vma ? prev == vma->vm_prev : !prev || !prev->vm_next);
}

/* Take the place at random if it is free; otherwise do something to the area there. */
static void step(unsigned int round)
{
	unsigned long start = host_random() % SPACE_PAGES * PAGE;
	unsigned long end = start + (1 + host_random() % 12) * PAGE;
	struct vm_area_struct *vma = slow_find(start);

	if (!vma || vma->vm_start >= end) {
		if (round / 4096 % 2 && host_random() % 4)
			return;
		vma = new_area(start, end);
		vma->vm_flags = host_random() % 16 ? 0 : VM_GROWSDOWN;
		vma_tree_insert(&mm, vma);
	} else if (host_random() % 2) {
		vma_tree_remove(&mm, vma);
		host_free(vma);
	} else {
		end = vma->vm_next ? vma->vm_next->vm_start : vma->vm_end + 3 * PAGE;
		start = vma->vm_prev ? vma->vm_prev->vm_end : 0;
		if (host_random() % 2)
			vma->vm_end = vma->vm_start +
				      (1 + host_random() % ((end - vma->vm_start) / PAGE)) * PAGE;
		else
			vma->vm_start = start +
				host_random() % ((vma->vm_end - start) / PAGE) * PAGE;
		vma_tree_resized(&mm, vma);
	}
}

SELFTEST(vma, random_against_walk)
{
	unsigned int round;

	mm = (struct mm_struct) { .mm_rb = RB_ROOT };
	for (round = 0; round < ROUNDS && !t->failed; round++) {
		step(round);
		check_gap(t);
		check_find(t);
		if (round % 16 == 0)
			KT_EXPECT_EQ(vma_tree_check(&mm), 0);
	}
	drop_all();
	KT_EXPECT_EQ(mm.map_count, 0);
	KT_EXPECT_EQ(mm.highest_vm_end, 0);
}

static void build(int areas)
{
	struct vm_area_struct *prev = NULL, *vma;
	int i;

	mm = (struct mm_struct) { .mm_rb = RB_ROOT };
	for (i = 0; i < areas; i++) {
		vma = new_area(i * 3 * PAGE, (i * 3 + 1 + host_random() % 3) * PAGE);
		vma_list_append(&mm, vma, prev);
		prev = vma;
	}
	vma_tree_build(&mm, prev);
}

/* Black nodes on each way down, or -1 where two ways differ or red follows red. */
static int black_height(struct rb_node *node, bool red_above)
{
	bool black;
	int left, right;

	if (!node)
		return 0;
	black = node->__rb_parent_color & 1;
	left = black_height(node->rb_left, !black);
	right = black_height(node->rb_right, !black);
	return left < 0 || left != right || (red_above && !black) ? -1 : left + black;
}

SELFTEST(vma, built_in_order_as_fork_does)
{
	int areas, i;

	for (areas = 0; areas < 300; areas++) {
		build(areas);
		KT_EXPECT_EQ(vma_tree_check(&mm), 0);
		KT_EXPECT(black_height(mm.mm_rb.rb_node, true) >= 0);
		KT_EXPECT(!areas || !rb_parent(mm.mm_rb.rb_node));
		drop_all();
		KT_EXPECT_EQ(mm.map_count, 0);
	}
	build(1000);
	KT_EXPECT_EQ(vma_tree_check(&mm), 0);
	for (i = 0; i < 1000; i++) {
		check_gap(t);
		check_find(t);
		step(i);
	}
	KT_EXPECT_EQ(vma_tree_check(&mm), 0);
	drop_all();
}

/* Bugzilla 4520's pattern: mapping and unmapping at random sizes must not fragment. */
SELFTEST(vma, holes_are_used_again)
{
	struct vm_unmapped_area_info info = {
		.topdown = true, .low_limit = 0, .high_limit = 1UL << 32,
	};
	struct vm_area_struct *slot[600] = { NULL };
	unsigned long start;
	unsigned int i, old;

	mm = (struct mm_struct) { .mm_rb = RB_ROOT };
	for (i = 0; i < 50000 && !t->failed; i++) {
		old = (i + 60) % 600;
		if (slot[old]) {
			vma_tree_remove(&mm, slot[old]);
			host_free(slot[old]);
			slot[old] = NULL;
		}
		info.length = (i & 7) ? (i & 7) << 20 : 9500000 / PAGE * PAGE + PAGE;
		start = vma_find_gap(&mm, &info);
		KT_ASSERT(start != -(unsigned long)ENOMEM);
		slot[i % 600] = new_area(start, start + info.length);
		vma_tree_insert(&mm, slot[i % 600]);
	}
	KT_EXPECT_EQ(vma_tree_check(&mm), 0);
	drop_all();
}
