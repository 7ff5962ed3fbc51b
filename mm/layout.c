// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where things go in a new address space, and by how much chance moves them (ASLR). exec calls
 * these for current; PF_RANDOMIZE says whether chance has a say.
 */
#include <linux/personality.h>
#include <linux/random.h>
#include <linux/resource.h>
#include "internal.h"

#define MMAP_RND_BITS	28
#define STACK_RND_MASK	0x3fffffUL		/* pages: 16 GiB */
#define BRK_RND_RANGE	0x02000000UL
#define MIN_STACK_GAP	(128UL << 20)
#define MAX_STACK_GAP	(TASK_SIZE / 6 * 5)

int randomize_va_space = 2;
int sysctl_legacy_va_layout;

unsigned long arch_mmap_rnd(void)
{
	return (get_random_u64() & ((1UL << MMAP_RND_BITS) - 1)) << PAGE_SHIFT;
}

/* A page-aligned address in [start, start + range). */
unsigned long randomize_page(unsigned long start, unsigned long range)
{
	start = PAGE_ALIGN(start);
	range >>= PAGE_SHIFT;
	return range ? start + ((get_random_u64() % range) << PAGE_SHIFT) : start;
}

unsigned long randomize_stack_top(unsigned long stack_top)
{
	unsigned long down = 0;

	if (current->flags & PF_RANDOMIZE)
		down = (get_random_u64() & STACK_RND_MASK) << PAGE_SHIFT;
	return PAGE_ALIGN(stack_top) - down;
}

unsigned long arch_randomize_brk(struct mm_struct *mm)
{
	if (!(current->flags & PF_RANDOMIZE) || randomize_va_space < 2)
		return mm->brk;
	return randomize_page(mm->brk, BRK_RND_RANGE);
}

static bool legacy_layout(const struct rlimit *rlim_stack)
{
	return (current->personality & ADDR_COMPAT_LAYOUT) || sysctl_legacy_va_layout;
}

void arch_pick_mmap_layout(struct mm_struct *mm, struct rlimit *rlim_stack)
{
	unsigned long rnd = current->flags & PF_RANDOMIZE ? arch_mmap_rnd() : 0;
	unsigned long pad = stack_guard_gap, gap = rlim_stack->rlim_cur;

	mm->mmap_topdown = !legacy_layout(rlim_stack);
	if (!mm->mmap_topdown) {
		mm->mmap_base = PAGE_ALIGN(TASK_SIZE / 3) + rnd;
		return;
	}
	if (current->flags & PF_RANDOMIZE)
		pad += STACK_RND_MASK << PAGE_SHIFT;
	if (gap + pad > gap)
		gap += pad;
	gap = clamp(gap, MIN_STACK_GAP, MAX_STACK_GAP);
	mm->mmap_base = PAGE_ALIGN(TASK_SIZE - gap - rnd);
}
