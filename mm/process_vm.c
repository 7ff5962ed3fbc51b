// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_vm_readv and process_vm_writev: copying between current and another process without a
 * stop. The other side is reached through mm/gup.c, so that a write takes its owner's way to a
 * page of its own. Locks: the other's mmap_lock, page by page.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uio.h>

/* Up to a page from @addr on. Return: bytes moved; less than a full part at a fault; -EFAULT. */
static ssize_t move_part(struct mm_struct *mm, unsigned long addr, size_t len,
			 struct iov_iter *local, char *page, bool write)
{
	size_t part = min(len, PAGE_SIZE - offset_in_page(addr));
	int done;

	part = min(part, iov_iter_count(local));
	if (write) {
		part = copy_from_iter(page, part, local);
		done = part ? access_remote_vm(mm, addr, page, part, FOLL_WRITE) : 0;
		if ((size_t)done < part)
			iov_iter_revert(local, part - done);
		return done;
	}
	done = access_remote_vm(mm, addr, page, part, 0);
	return copy_to_iter(page, done, local);
}

/* Return: bytes moved, or -EFAULT when not one could be. */
static ssize_t move_all(struct mm_struct *mm, const struct iovec *remote, unsigned long segments,
			struct iov_iter *local, char *page, bool write)
{
	ssize_t total = 0, n;

	for (unsigned long i = 0; i < segments; i++) {
		unsigned long addr = (unsigned long)remote[i].iov_base;
		size_t left = remote[i].iov_len;

		while (left && iov_iter_count(local)) {
			size_t part = min(left, PAGE_SIZE - offset_in_page(addr));

			part = min(part, iov_iter_count(local));
			n = move_part(mm, addr, left, local, page, write);
			total += n;
			if ((size_t)n < part)
				return total ? total : -EFAULT;
			addr += n;
			left -= n;
			cond_resched();
		}
	}
	return total;
}

/* Return: the memory with a use; ERR_PTR(-ESRCH, -EPERM, -EINTR). */
static struct mm_struct *mm_of(pid_t pid)
{
	struct task_struct *tsk;
	struct mm_struct *mm;

	rcu_read_lock();
	tsk = find_task_by_vpid(pid);
	if (tsk)
		get_task_struct(tsk);
	rcu_read_unlock();
	if (!tsk)
		return ERR_PTR(-ESRCH);
	mm = mm_access(tsk, PTRACE_MODE_ATTACH_REALCREDS);
	put_task_struct(tsk);
	if (!mm)
		return ERR_PTR(-ESRCH);
	return mm == ERR_PTR(-EACCES) ? ERR_PTR(-EPERM) : mm;
}

static ssize_t move_with(pid_t pid, const struct iovec *remote, unsigned long segments,
			 struct iov_iter *local, bool write)
{
	struct mm_struct *mm = mm_of(pid);
	ssize_t ret = -ENOMEM;
	char *page;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	page = (char *)__get_free_page(GFP_KERNEL);
	if (page)
		ret = move_all(mm, remote, segments, local, page, write);
	free_page((unsigned long)page);
	mmput(mm);
	return ret;
}

static bool is_empty(const struct iovec *iov, unsigned long segments)
{
	for (unsigned long i = 0; i < segments; i++)
		if (iov[i].iov_len)
			return false;
	return true;
}

static ssize_t process_vm_rw(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt,
			     const struct iovec __user *rvec, unsigned long riovcnt,
			     unsigned long flags, bool write)
{
	struct iovec fast_local[8], fast_remote[8], *local = fast_local, *remote;
	struct iov_iter iter;
	ssize_t ret;

	if (flags)
		return -EINVAL;
	ret = import_iovec(write ? ITER_SOURCE : ITER_DEST, lvec, liovcnt, ARRAY_SIZE(fast_local),
			   &local, &iter);
	if (ret < 0)
		return ret;
	ret = 0;
	if (iov_iter_count(&iter)) {
		remote = iovec_from_user(rvec, riovcnt, ARRAY_SIZE(fast_remote), fast_remote);
		ret = PTR_ERR_OR_ZERO(remote);
		if (!ret) {
			if (!is_empty(remote, riovcnt))
				ret = move_with(pid, remote, riovcnt, &iter, write);
			if (remote != fast_remote)
				kfree(remote);
		}
	}
	kfree(local);
	return ret;
}

SYSCALL_DEFINE6(process_vm_readv, pid_t, pid, const struct iovec __user *, lvec,
		unsigned long, liovcnt, const struct iovec __user *, rvec,
		unsigned long, riovcnt, unsigned long, flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, false);
}

SYSCALL_DEFINE6(process_vm_writev, pid_t, pid, const struct iovec __user *, lvec,
		unsigned long, liovcnt, const struct iovec __user *, rvec,
		unsigned long, riovcnt, unsigned long, flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, true);
}
