// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of /proc/<pid> that show a process from inside: mem, syscall, stack, coredump_filter.
 * Memory is reached as by ptrace: past the program's own protection, through its copy on write.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <asm/syscall.h>
#include "internal.h"

/* ---- mem ---- */

static int mem_open(struct inode *inode, struct file *file)
{
	struct task_struct *tsk = proc_inode_task(inode);
	struct mm_struct *mm;

	if (!tsk)
		return -ESRCH;
	mm = mm_access(tsk, PTRACE_MODE_ATTACH_FSCREDS);
	put_task_struct(tsk);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		/* Hold the struct, not the memory: an open file must not keep it. */
		mmgrab(mm);
		mmput(mm);
	}
	file->private_data = mm;
	return 0;
}

static int mem_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		mmdrop(file->private_data);
	return 0;
}

/* One page at most. Return: bytes moved, -EIO where there is no memory, -EFAULT. */
static ssize_t move_part(struct mm_struct *mm, unsigned long addr, struct iov_iter *iter,
			 char *page, bool write)
{
	size_t part = min(iov_iter_count(iter), (size_t)PAGE_SIZE);
	int done;

	if (write && !copy_from_iter_full(page, part, iter))
		return -EFAULT;
	done = access_remote_vm(mm, addr, page, part, FOLL_FORCE | (write ? FOLL_WRITE : 0));
	if (!done)
		return -EIO;
	if (!write && copy_to_iter(page, done, iter) != (size_t)done)
		return -EFAULT;
	return done;
}

static ssize_t mem_rw(struct file *file, struct iov_iter *iter, loff_t *pos, bool write)
{
	struct mm_struct *mm = file->private_data;
	ssize_t done = 0, n = 0;
	char *page;

	if (!mm)
		return 0;
	page = (char *)__get_free_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	if (mmget_not_zero(mm)) {
		while (iov_iter_count(iter)) {
			n = move_part(mm, (unsigned long)*pos + done, iter, page, write);
			if (n <= 0)
				break;
			done += n;
		}
		mmput(mm);
	}
	free_page((unsigned long)page);
	*pos += done;
	return done ? done : n;
}

static ssize_t mem_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return mem_rw(file, to, pos, false);
}

static ssize_t mem_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	return mem_rw(file, from, pos, true);
}

/* Any address is a position. */
static loff_t mem_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

const struct file_operations proc_mem_fops = {
	.open		= mem_open,
	.read_iter	= mem_read,
	.write_iter	= mem_write,
	.llseek		= mem_lseek,
	.release	= mem_release,
};

/* ---- what it is doing ---- */

/* Keep exec out while we look. Return: 0, -EPERM, -EINTR. */
static int lock_look(struct task_struct *tsk)
{
	if (down_read_killable(&tsk->signal->exec_update_lock))
		return -EINTR;
	if (ptrace_may_access(tsk, PTRACE_MODE_ATTACH_FSCREDS))
		return 0;
	up_read(&tsk->signal->exec_update_lock);
	return -EPERM;
}

static void show_syscall(struct seq_file *m, struct task_struct *tsk)
{
	struct pt_regs *regs = task_pt_regs(tsk);
	unsigned long args[6];
	long nr = syscall_get_nr(tsk, regs);

	if (tsk == current || READ_ONCE(tsk->state) == TASK_RUNNING) {
		seq_puts(m, "running\n");
		return;
	}
	syscall_get_arguments(regs, args);
	if (nr == -1)
		seq_printf(m, "-1 0x%lx 0x%lx\n", regs->sp, regs->ip);
	else
		seq_printf(m, "%ld 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx\n", nr,
			   args[0], args[1], args[2], args[3], args[4], args[5], regs->sp,
			   regs->ip);
}

/* Source: proc(5), /proc/[pid]/syscall. */
int proc_pid_syscall(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	int err = lock_look(tsk);

	if (err)
		return err;
	show_syscall(m, tsk);
	up_read(&tsk->signal->exec_update_lock);
	return 0;
}

/* ---- coredump_filter: which areas a core file holds, core(5) ---- */

static ssize_t filter_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct task_struct *tsk = proc_inode_task(file_inode(file));
	struct mm_struct *mm;
	char text[16];
	int n = 0;

	if (!tsk)
		return -ESRCH;
	mm = get_task_mm(tsk);
	put_task_struct(tsk);
	if (mm) {
		n = snprintf(text, sizeof(text), "%08lx\n", (READ_ONCE(mm->flags) &
			     MMF_DUMP_FILTER_MASK) >> MMF_DUMP_FILTER_SHIFT);
		mmput(mm);
	}
	if (*pos >= n)
		return 0;
	n = copy_to_iter(text + *pos, n - *pos, to);
	*pos += n;
	return n ? n : -EFAULT;
}

static void set_filter(struct mm_struct *mm, unsigned long bits)
{
	unsigned long old = READ_ONCE(mm->flags);

	bits = bits << MMF_DUMP_FILTER_SHIFT & MMF_DUMP_FILTER_MASK;
	while (!try_cmpxchg(&mm->flags, &old, (old & ~MMF_DUMP_FILTER_MASK) | bits))
		;
}

static ssize_t filter_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	size_t count = iov_iter_count(from);
	struct task_struct *tsk;
	struct mm_struct *mm;
	char text[16] = { };
	unsigned int bits;
	int err;

	if (!copy_from_iter_full(text, min(count, sizeof(text) - 1), from))
		return -EFAULT;
	err = kstrtouint(text, 0, &bits);
	if (err)
		return err;
	tsk = proc_inode_task(file_inode(file));
	if (!tsk)
		return -ESRCH;
	mm = get_task_mm(tsk);
	put_task_struct(tsk);
	if (!mm)
		return count;
	set_filter(mm, bits);
	mmput(mm);
	return count;
}

const struct file_operations proc_coredump_filter_fops = {
	.read_iter	= filter_read,
	.write_iter	= filter_write,
	.llseek		= generic_file_llseek,
};
