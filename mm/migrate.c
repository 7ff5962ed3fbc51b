// SPDX-License-Identifier: GPL-2.0-only
/*
 * migrate_pages(2) and move_pages(2). With one node no page ever moves: what is left is who may
 * ask, of whom, and where each page is.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mempolicy.h"

/* The task's memory with a reference. ERR_PTR(-ESRCH, -EPERM, -EINVAL: a kernel thread). */
static struct mm_struct *mm_of_pid(pid_t pid)
{
	struct task_struct *tsk = current;
	struct mm_struct *mm = ERR_PTR(-EPERM);

	rcu_read_lock();
	if (pid)
		tsk = find_task_by_vpid(pid);
	if (tsk)
		get_task_struct(tsk);
	rcu_read_unlock();
	if (!tsk)
		return ERR_PTR(-ESRCH);
	if (tsk == current || ptrace_may_access(tsk, PTRACE_MODE_READ_REALCREDS))
		mm = get_task_mm(tsk) ?: ERR_PTR(-EINVAL);
	put_task_struct(tsk);
	return mm;
}

SYSCALL_DEFINE4(migrate_pages, pid_t, pid, unsigned long, maxnode,
		const unsigned long __user *, old_nodes, const unsigned long __user *, new_nodes)
{
	unsigned long old = 0, new = 0;
	struct mm_struct *mm;
	int err = get_nodes(&old, old_nodes, maxnode);

	if (!err)
		err = get_nodes(&new, new_nodes, maxnode);
	if (err)
		return err;
	mm = mm_of_pid(pid);
	if (IS_ERR(mm) && PTR_ERR(mm) != -EINVAL)
		return PTR_ERR(mm);
	if ((new & ~1UL) && !capable(CAP_SYS_NICE))
		err = -EPERM;
	else if (!(new & 1) || IS_ERR(mm))
		err = -EINVAL;
	if (!IS_ERR(mm))
		mmput(mm);
	return err;		/* 0 pages could not be moved */
}

/* ---- move_pages ---- */

struct page_place {
	int status;
};

static bool look_at_page(pte_t pte, unsigned long addr, unsigned int owners, void *arg)
{
	struct page_place *place = arg;

	/* the shared zero page is nobody's to move */
	place->status = pte_special(pte) ? -EFAULT : 0;
	return false;
}

/* The node of the page at @addr: 0; -ENOENT: there is none yet; -EFAULT. */
static int page_status(struct mm_struct *mm, unsigned long addr)
{
	struct page_place place = { -ENOENT };
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (!vma)
		place.status = -EFAULT;
	else
		pt_visit_range(mm, addr & PAGE_MASK, (addr & PAGE_MASK) + PAGE_SIZE, look_at_page,
			       &place);
	mmap_read_unlock(mm);
	return place.status;
}

/* Where is page @i, and where is it wanted? Return: 0, -EFAULT, -ENODEV. */
static int one_page(struct mm_struct *mm, unsigned long i, const void __user * __user *pages,
		    const int __user *nodes, int __user *status)
{
	const void __user *addr;
	int node = 0;

	if (get_user(addr, pages + i))
		return -EFAULT;
	if (nodes && get_user(node, nodes + i))
		return -EFAULT;
	if (node < 0 || node >= NR_NODES)
		return -ENODEV;
	return put_user(page_status(mm, (unsigned long)addr), status + i) ? -EFAULT : 0;
}

SYSCALL_DEFINE6(move_pages, pid_t, pid, unsigned long, nr_pages,
		const void __user * __user *, pages, const int __user *, nodes,
		int __user *, status, int, flags)
{
	struct mm_struct *mm;
	unsigned long i;
	int err = 0;

	if (flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL))
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	mm = mm_of_pid(pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	for (i = 0; i < nr_pages && !err; i++) {
		err = fatal_signal_pending(current) ? -EINTR :
			one_page(mm, i, pages, nodes, status);
		cond_resched();
	}
	mmput(mm);
	return err;
}
