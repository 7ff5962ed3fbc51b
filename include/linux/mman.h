/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Translating mmap()'s bits into an area's, and the promise of memory (overcommit).
 */
#ifndef _LINUX_MMAN_H_K
#define _LINUX_MMAN_H_K

#include <linux/mm.h>
#include <uapi/linux/mman.h>

static inline unsigned long calc_vm_prot_bits(unsigned long prot)
{
	BUILD_ASSERT(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE && PROT_EXEC == VM_EXEC);
	return prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
}

static inline unsigned long calc_vm_flag_bits(unsigned long flags)
{
	return (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0) |
	       (flags & MAP_LOCKED ? VM_LOCKED : 0);
}

/**
 * security_vm_enough_memory() - charge @pages to Committed_AS if the overcommit mode allows it
 * @mm: of the process (its size counts in mode 2)
 * @pages: to add
 *
 * Context: any.
 * Return: 0 or -ENOMEM; undo with vm_unacct_memory().
 */
int security_vm_enough_memory(struct mm_struct *mm, long pages);
void vm_acct_memory(long pages);

/* mm/mlock.c */
bool user_shm_lock(size_t size, struct user_struct *user);
void user_shm_unlock(size_t size, struct user_struct *user);

static inline void vm_unacct_memory(long pages)
{
	vm_acct_memory(-pages);
}

#endif
