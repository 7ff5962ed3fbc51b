// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the areas' tree: every change leaves order, links and holes right, and the search finds
 * what a scan finds.
 */
#include "../internal.h"

#define SPACE_PAGES	256UL
#define BASE		0x10000000UL

/* A stack's guard gap ends at the area before it. */
static unsigned long guarded_start(struct vm_area_struct *vma)
{
	return max(vm_start_gap(vma), vma->vm_prev ? vma->vm_prev->vm_end : 0);
}

/* What vma_find_gap() must answer, by trying each place. */
static unsigned long scan_for_gap(struct mm_struct *mm, const struct vm_unmapped_area_info *info)
{
	unsigned long last = info->high_limit - info->length, addr, i, n;

	if (info->high_limit < info->low_limit + info->length)
		return -ENOMEM;
	n = (last - info->low_limit) >> PAGE_SHIFT;
	for (i = 0; i <= n; i++) {
		struct vm_area_struct *vma;

		addr = info->topdown ? last - (i << PAGE_SHIFT) :
				       info->low_limit + (i << PAGE_SHIFT);
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			if (guarded_start(vma) < addr + info->length && vma->vm_end > addr)
				break;
		if (!vma)
			return addr;
	}
	return -ENOMEM;
}

static u32 next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void compare_gaps(struct selftest_ctx *t, struct mm_struct *mm, u32 *seed)
{
	struct vm_unmapped_area_info info = {
		.topdown = next_random(seed) & 1,
		.length = (1 + next_random(seed) % 20) << PAGE_SHIFT,
		.low_limit = BASE + (next_random(seed) % 64 << PAGE_SHIFT),
		.high_limit = BASE + ((SPACE_PAGES - next_random(seed) % 64) << PAGE_SHIFT),
	};

	KT_EXPECT_EQ(vma_find_gap(mm, &info), scan_for_gap(mm, &info));
}

static void insert_or_remove(struct mm_struct *mm, u32 *seed)
{
	unsigned long start = BASE + (next_random(seed) % SPACE_PAGES << PAGE_SHIFT);
	unsigned long end = start + ((1 + next_random(seed) % 6) << PAGE_SHIFT);
	struct vm_area_struct *vma = find_vma_intersection(mm, start, end);

	if (vma) {
		vma_tree_remove(mm, vma);
		vm_area_free(vma);
		return;
	}
	vma = vm_area_alloc(mm);
	if (!vma)
		return;
	vma->vm_start = start;
	vma->vm_end = end;
	if (next_random(seed) % 8 == 0)
		vma->vm_flags = VM_GROWSDOWN;
	vma_tree_insert(mm, vma);
}

SELFTEST(vma, tree_and_holes)
{
	struct mm_struct *mm = mm_alloc();
	unsigned int guard = sysctl_stack_guard_gap, i;
	struct vm_area_struct *vma;
	u32 seed = 42;

	KT_ASSERT(mm);
	sysctl_stack_guard_gap = 2;
	for (i = 0; i < 1500; i++) {
		insert_or_remove(mm, &seed);
		KT_EXPECT_EQ(vma_tree_check(mm), 0);
		compare_gaps(t, mm, &seed);
	}
	sysctl_stack_guard_gap = guard;
	while ((vma = mm->mmap)) {
		vma_tree_remove(mm, vma);
		vm_area_free(vma);
	}
	KT_EXPECT_EQ(mm->map_count, 0);
	mmput(mm);
}

#define RW	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define PAGES(n)	((n) * PAGE_SIZE)

SELFTEST(vma, merge_and_split)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;

	KT_ASSERT(mm);
	mmap_write_lock(mm);
	KT_EXPECT_EQ(mmap_region(mm, NULL, BASE, PAGES(4), RW, 0), BASE);
	KT_EXPECT_EQ(mmap_region(mm, NULL, BASE + PAGES(8), PAGES(4), RW, 0), BASE + PAGES(8));
	KT_EXPECT_EQ(mm->map_count, 2);
	KT_EXPECT_EQ(mmap_region(mm, NULL, BASE + PAGES(4), PAGES(4), RW, 0), BASE + PAGES(4));
	KT_EXPECT_EQ(mm->map_count, 1);
	/* a hole in the middle, then other flags at either edge of it */
	KT_EXPECT_EQ(do_munmap(mm, BASE + PAGES(5), PAGES(2)), 0);
	KT_EXPECT_EQ(mm->map_count, 2);
	vma = vma_lookup(mm, BASE + PAGES(8));
	vma = vma_modify_flags(vma, BASE + PAGES(8), BASE + PAGES(9), vma->vm_flags & ~VM_WRITE);
	KT_ASSERT(!IS_ERR(vma));
	KT_EXPECT_EQ(mm->map_count, 4);
	/* the boundary moves, no area is made */
	vma = vma_lookup(mm, BASE + PAGES(9));
	vma = vma_modify_flags(vma, BASE + PAGES(9), BASE + PAGES(10), vma->vm_flags & ~VM_WRITE);
	KT_ASSERT(!IS_ERR(vma));
	KT_EXPECT_EQ(mm->map_count, 4);
	KT_EXPECT_EQ(vma->vm_end, BASE + PAGES(10));
	/* back again: all one */
	vma = vma_modify_flags(vma, vma->vm_start, vma->vm_end, vma->vm_flags | VM_WRITE);
	KT_ASSERT(!IS_ERR(vma));
	KT_EXPECT_EQ(mm->map_count, 2);
	KT_EXPECT_EQ(mm->total_vm, 10);
	KT_EXPECT_EQ(vma_tree_check(mm), 0);
	mmap_write_unlock(mm);
	mmput(mm);
}

/* exec's arguments lie at the top, and chance may want them lower by less than they are long. */
SELFTEST(vma, arguments_move_by_less_than_their_length)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	unsigned long shift = 0, i;
	struct page *page;
	u8 byte;

	KT_ASSERT(mm);
	vma = mm_stack_setup(mm);
	KT_ASSERT(!IS_ERR(vma));
	for (i = 1; i <= 8; i++) {
		page = get_arg_page(mm, STACK_TOP_MAX - i * PAGE_SIZE, 1);
		KT_ASSERT(page);
		*(u8 *)page_address(page) = i;
		put_page(page);
	}
	KT_EXPECT_EQ(setup_arg_pages(mm, vma, STACK_TOP_MAX - 3 * PAGE_SIZE, EXSTACK_DEFAULT, &shift), 0);
	KT_EXPECT(shift >= 3 * PAGE_SIZE);
	for (i = 1; i <= 8; i++) {
		byte = 0;
		access_remote_vm(mm, STACK_TOP_MAX - shift - i * PAGE_SIZE, &byte, 1, 0);
		KT_EXPECT_EQ(byte, i);
	}
	mmput(mm);
}
