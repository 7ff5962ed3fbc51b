// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/maps, smaps and pagemap: an address space, area by area.
 * Locks: the mm's mmap_lock for reading while one piece is made; the next piece begins at the
 * first area above the last one shown, whatever changed meanwhile.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/kdev_t.h>
#include <linux/mempolicy.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

#define MAPS_NAME_COLUMN	73

/* One open maps or smaps file; m->private. */
struct maps_private {
	struct mm_struct *mm;		/* mmgrab()ed, or NULL */
	struct pid *pid;		/* the inode's */
	unsigned long next;		/* the next area ends above this */
	bool started;			/* mmap_lock is held */
	enum { MAPS, SMAPS, NUMA_MAPS } which;
	struct mempolicy *policy;	/* numa_maps: the task's own when it was opened */
};

/* Positions count areas; the address decides, so that a changing map does not shift. */
static void *maps_start(struct seq_file *m, loff_t *pos)
{
	struct maps_private *priv = m->private;
	struct mm_struct *mm = priv->mm;

	priv->started = false;
	if (!pid_has_task(priv->pid))
		return ERR_PTR(-ESRCH);
	if (!mm || !mmget_not_zero(mm))
		return NULL;
	if (mmap_read_lock_killable(mm)) {
		mmput(mm);
		return ERR_PTR(-EINTR);
	}
	priv->started = true;
	if (!*pos)
		priv->next = 0;
	return find_vma(mm, priv->next);
}

static void *maps_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct maps_private *priv = m->private;
	struct vm_area_struct *vma = v;

	++*pos;
	priv->next = vma->vm_end;
	return vma->vm_next;
}

static void maps_stop(struct seq_file *m, void *v)
{
	struct maps_private *priv = m->private;

	if (!priv->started)
		return;
	mmap_read_unlock(priv->mm);
	mmput(priv->mm);
	priv->started = false;
}

static void show_range(struct seq_file *m, const struct vm_area_struct *vma)
{
	unsigned long flags = vma->vm_flags, ino = 0, offset = 0;
	dev_t dev = 0;

	if (vma->vm_file) {
		struct inode *inode = file_inode(vma->vm_file);

		dev = inode->i_sb->s_dev;
		ino = inode->i_ino;
		offset = vma->vm_pgoff << PAGE_SHIFT;
	}
	seq_printf(m, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", vma->vm_start, vma->vm_end,
		   flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		   flags & VM_EXEC ? 'x' : '-', flags & VM_MAYSHARE ? 's' : 'p',
		   offset, MAJOR(dev), MINOR(dev), ino);
}

static void show_area(struct seq_file *m, struct vm_area_struct *vma)
{
	const char *name;
	char buf[96];

	show_range(m, vma);
	if (vma->vm_file) {
		seq_pad(m, 0, MAPS_NAME_COLUMN);
		seq_file_path(m, vma->vm_file, "\n");
	} else {
		name = vma_name(vma, buf, sizeof(buf));
		if (name) {
			seq_pad(m, 0, MAPS_NAME_COLUMN);
			seq_puts(m, name);
		}
	}
	seq_putc(m, '\n');
}

static void show_size(struct seq_file *m, const char *name, unsigned long bytes)
{
	seq_printf(m, "%-16s%8lu kB\n", name, bytes >> 10);
}

static void show_stats(struct seq_file *m, const struct mem_size_stats *mss)
{
	show_size(m, "Rss:", mss->rss);
	show_size(m, "Pss:", mss->pss);
	show_size(m, "Pss_Dirty:", mss->private_dirty);
	show_size(m, "Shared_Clean:", mss->shared_clean);
	show_size(m, "Shared_Dirty:", mss->shared_dirty);
	show_size(m, "Private_Clean:", mss->private_clean);
	show_size(m, "Private_Dirty:", mss->private_dirty);
	show_size(m, "Referenced:", mss->referenced);
	show_size(m, "Anonymous:", mss->anonymous);
	show_size(m, "LazyFree:", mss->lazyfree);
	show_size(m, "AnonHugePages:", 0);
	show_size(m, "ShmemPmdMapped:", 0);
	show_size(m, "FilePmdMapped:", 0);
	show_size(m, "Shared_Hugetlb:", 0);
	show_size(m, "Private_Hugetlb:", 0);
	show_size(m, "Swap:", 0);
	show_size(m, "SwapPss:", 0);
	show_size(m, "Locked:", mss->locked);
}

static const struct {
	unsigned long flag;
	char text[3];
} vm_flag_names[] = {
	{ VM_READ, "rd" }, { VM_WRITE, "wr" }, { VM_EXEC, "ex" }, { VM_SHARED, "sh" },
	{ VM_MAYREAD, "mr" }, { VM_MAYWRITE, "mw" }, { VM_MAYEXEC, "me" }, { VM_MAYSHARE, "ms" },
	{ VM_GROWSDOWN, "gd" }, { VM_PFNMAP, "pf" }, { VM_LOCKED, "lo" }, { VM_IO, "io" },
	{ VM_SEQ_READ, "sr" }, { VM_RAND_READ, "rr" }, { VM_DONTCOPY, "dc" },
	{ VM_DONTEXPAND, "de" }, { VM_ACCOUNT, "ac" }, { VM_NORESERVE, "nr" },
	{ VM_WIPEONFORK, "wf" }, { VM_DONTDUMP, "dd" }, { VM_MIXEDMAP, "mm" },
};

static void show_flags(struct seq_file *m, const struct vm_area_struct *vma)
{
	unsigned int i;

	seq_puts(m, "VmFlags: ");
	for (i = 0; i < ARRAY_SIZE(vm_flag_names); i++)
		if (vma->vm_flags & vm_flag_names[i].flag)
			seq_printf(m, "%s ", vm_flag_names[i].text);
	seq_putc(m, '\n');
}

static void show_count(struct seq_file *m, const char *name, unsigned long bytes)
{
	if (bytes)
		seq_printf(m, " %s=%lu", name, bytes >> PAGE_SHIFT);
}

/* A line of numa_maps, numa(7). */
static int numa_show(struct seq_file *m, struct vm_area_struct *vma, struct mempolicy *own)
{
	struct mem_size_stats mss = { };
	unsigned long dirty;
	char policy[64];

	mpol_to_str(policy, sizeof(policy), vma->vm_policy ?: own);
	seq_printf(m, "%08lx %s", vma->vm_start, policy);
	if (vma->vm_file) {
		seq_puts(m, " file=");
		seq_file_path(m, vma->vm_file, "\n\t= ");
	} else if (vma_is_initial_heap(vma)) {
		seq_puts(m, " heap");
	} else if (vma_is_initial_stack(vma)) {
		seq_puts(m, " stack");
	}
	vma_mem_stats(vma, &mss);
	dirty = mss.shared_dirty + mss.private_dirty;
	show_count(m, "anon", mss.anonymous);
	show_count(m, "dirty", dirty);
	if (mss.rss != mss.anonymous && mss.rss != dirty)
		show_count(m, "mapped", mss.rss);
	show_count(m, "N0", mss.rss);
	seq_puts(m, mss.rss ? " kernelpagesize_kB=4\n" : "\n");
	return 0;
}

static int maps_show(struct seq_file *m, void *v)
{
	struct maps_private *priv = m->private;
	struct vm_area_struct *vma = v;
	struct mem_size_stats mss = { };

	if (priv->which == NUMA_MAPS)
		return numa_show(m, vma, priv->policy);
	show_area(m, vma);
	if (priv->which == MAPS)
		return 0;
	vma_mem_stats(vma, &mss);
	show_size(m, "Size:", vma->vm_end - vma->vm_start);
	show_size(m, "KernelPageSize:", PAGE_SIZE);
	show_size(m, "MMUPageSize:", PAGE_SIZE);
	show_stats(m, &mss);
	seq_puts(m, "THPeligible:    0\n");
	show_flags(m, vma);
	return 0;
}

static const struct seq_operations maps_op = {
	.start	= maps_start,
	.next	= maps_next,
	.stop	= maps_stop,
	.show	= maps_show,
};

/* The struct of a task's mm without its memory; @mmp NULL for a kernel thread. */
static int grab_mm(struct inode *inode, struct mm_struct **mmp)
{
	struct task_struct *tsk = get_proc_task(inode);
	struct mm_struct *mm;

	if (!tsk)
		return -ESRCH;
	mm = proc_open_mm(tsk);
	put_task_struct(tsk);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		mmgrab(mm);
		mmput(mm);
	}
	*mmp = mm;
	return 0;
}

/* The policy of a task, with a reference. */
static struct mempolicy *policy_of(struct inode *inode)
{
	struct task_struct *tsk = get_proc_task(inode);
	struct mempolicy *policy;

	if (!tsk)
		return NULL;
	task_lock(tsk);
	policy = mpol_get(tsk->mempolicy);
	task_unlock(tsk);
	put_task_struct(tsk);
	return policy;
}

static int open_maps(struct inode *inode, struct file *file, int which)
{
	struct maps_private *priv;
	struct mm_struct *mm;
	int err = grab_mm(inode, &mm);

	if (err)
		return err;
	priv = __seq_open_private(file, &maps_op, sizeof(*priv));
	if (!priv) {
		if (mm)
			mmdrop(mm);
		return -ENOMEM;
	}
	priv->mm = mm;
	priv->pid = PROC_I(inode)->pid;
	priv->which = which;
	if (which == NUMA_MAPS)
		priv->policy = policy_of(inode);
	return 0;
}

static int maps_open(struct inode *inode, struct file *file)
{
	return open_maps(inode, file, MAPS);
}

static int smaps_open(struct inode *inode, struct file *file)
{
	return open_maps(inode, file, SMAPS);
}

static int numa_maps_open(struct inode *inode, struct file *file)
{
	return open_maps(inode, file, NUMA_MAPS);
}

static int maps_release(struct inode *inode, struct file *file)
{
	struct maps_private *priv = ((struct seq_file *)file->private_data)->private;

	if (priv->mm)
		mmdrop(priv->mm);
	mpol_put(priv->policy);
	return seq_release_private(inode, file);
}

const struct file_operations proc_pid_maps_fops = {
	.open		= maps_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= maps_release,
};

const struct file_operations proc_pid_smaps_fops = {
	.open		= smaps_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= maps_release,
};

const struct file_operations proc_pid_numa_maps_fops = {
	.open		= numa_maps_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= maps_release,
};

int proc_pid_smaps_rollup(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct mm_struct *mm = proc_open_mm(tsk);
	struct mem_size_stats mss = { };
	struct vm_area_struct *vma;
	unsigned long first = 0, last = 0;

	if (IS_ERR_OR_NULL(mm))
		return mm ? PTR_ERR(mm) : -ESRCH;
	mmap_read_lock(mm);
	for_each_vma_of(mm, vma) {
		if (!last)
			first = vma->vm_start;
		last = vma->vm_end;
		vma_mem_stats(vma, &mss);
	}
	mmap_read_unlock(mm);
	mmput(mm);
	seq_printf(m, "%08lx-%08lx ---p 00000000 00:00 0 ", first, last);
	seq_pad(m, 0, MAPS_NAME_COLUMN);
	seq_puts(m, "[rollup]\n");
	show_stats(m, &mss);
	return 0;
}

/* ---- pagemap: eight bytes for each page ---- */

static int pagemap_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm;
	int err = grab_mm(inode, &mm);

	file->private_data = mm;
	return err;
}

static int pagemap_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		mmdrop(file->private_data);
	return 0;
}

static ssize_t pagemap_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct mm_struct *mm = file->private_data;
	bool show_pfn = capable(CAP_SYS_ADMIN);
	ssize_t total = 0;

	if (*pos % sizeof(u64) || iov_iter_count(to) % sizeof(u64))
		return -EINVAL;
	if (!mm || !mmget_not_zero(mm))
		return 0;
	while (iov_iter_count(to) && *pos / sizeof(u64) < TASK_SIZE >> PAGE_SHIFT) {
		unsigned long addr = *pos / sizeof(u64) << PAGE_SHIFT;
		struct vm_area_struct *vma;
		u64 entry = 0;

		mmap_read_lock(mm);
		vma = vma_lookup(mm, addr);
		if (vma)
			entry = vma_pagemap_entry(vma, addr, show_pfn);
		mmap_read_unlock(mm);
		if (copy_to_iter(&entry, sizeof(entry), to) != sizeof(entry)) {
			total = total ?: -EFAULT;
			break;
		}
		*pos += sizeof(entry);
		total += sizeof(entry);
		cond_resched();
	}
	mmput(mm);
	return total;
}

const struct file_operations proc_pid_pagemap_fops = {
	.open		= pagemap_open,
	.read_iter	= pagemap_read,
	.llseek		= generic_file_llseek,
	.release	= pagemap_release,
};
