// SPDX-License-Identifier: GPL-2.0-only
/*
 * The promise of memory: how much has been promised, and whether more may be. Each area with
 * VM_ACCOUNT is charged when it is made and again at fork. One counter, any context.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fault-inject.h>
#include <linux/mman.h>
#include "internal.h"

int sysctl_overcommit_memory = OVERCOMMIT_GUESS;
int sysctl_overcommit_ratio = 50;
unsigned long sysctl_overcommit_kbytes;
unsigned long sysctl_user_reserve_kbytes = 1UL << 17;
unsigned long sysctl_admin_reserve_kbytes = 1UL << 13;

static atomic_long_t committed;		/* pages */

void vm_acct_memory(long pages)
{
	atomic_long_add(pages, &committed);
}

unsigned long vm_committed(void)
{
	long pages = atomic_long_read(&committed);

	return pages < 0 ? 0 : pages;
}

unsigned long vm_commit_limit(void)
{
	if (sysctl_overcommit_kbytes)
		return sysctl_overcommit_kbytes >> (PAGE_SHIFT - 10);
	return totalram_pages() * sysctl_overcommit_ratio / 100;
}

static bool privileged(void)
{
	return cred_ns_capable(current->cred, &init_user_ns, CAP_SYS_ADMIN);
}

/* Mode 2: all promises together, less what is kept for root and for recovering from one hog. */
static bool below_limit(struct mm_struct *mm)
{
	unsigned long allowed = vm_commit_limit(), reserve;

	if (!privileged())
		allowed -= min(allowed, sysctl_admin_reserve_kbytes >> (PAGE_SHIFT - 10));
	if (mm) {
		reserve = sysctl_user_reserve_kbytes >> (PAGE_SHIFT - 10);
		allowed -= min(allowed, min(mm->total_vm / 32, reserve));
	}
	return vm_committed() < allowed;
}

int security_vm_enough_memory(struct mm_struct *mm, long pages)
{
	bool enough = true;

	vm_acct_memory(pages);
	if (likely(sysctl_overcommit_memory == OVERCOMMIT_GUESS))
		enough = pages <= (long)totalram_pages();
	else if (sysctl_overcommit_memory == OVERCOMMIT_NEVER)
		enough = below_limit(mm);
	if (likely(enough) && !should_fail_charge("memory"))
		return 0;
	vm_unacct_memory(pages);
	return -ENOMEM;
}
