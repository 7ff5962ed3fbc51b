// SPDX-License-Identifier: GPL-2.0-only
/*
 * shmat(2) and shmdt(2). Each attach opens the segment's file anew, with the access asked for; each
 * area that maps it counts as attached, through fork, split and exit.
 * Locks: mmap_lock, then the set's rwsem where a segment may go, then the segment's.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include "shm.h"

#define SHMLBA	PAGE_SIZE

/* file->private_data of an attach. Locks: [I] immutable */
struct shm_attach {
	struct ipc_namespace *ns;	/* [I] holds a reference */
	struct shmid_kernel *shp;	/* [I] holds a reference */
	struct file *file;		/* [I] the segment's own; holds a reference */
};

/* ---- counting ---- */

/* Context: the segment is locked. */
static void set_last_pid(struct shmid_kernel *shp)
{
	struct pid *pid = task_tgid(current);

	if (shp->lpid == pid)
		return;
	put_pid(shp->lpid);
	shp->lpid = get_pid(pid);
}

/* One more area. Return: 0, or -EIDRM when the segment went before it was mapped. */
static int count_area(struct shmid_kernel *shp)
{
	int err = ipc_lock_live(&shp->perm);

	if (err)
		return err;
	shp->nattch++;
	shp->atime = ktime_get_real_seconds();
	set_last_pid(shp);
	spin_unlock(&shp->perm.lock);
	return 0;
}

/* One less; the segment goes with the last if it was to. */
static void drop_attach(struct ipc_namespace *ns, struct shmid_kernel *shp)
{
	bool last;

	spin_lock(&shp->perm.lock);
	shp->nattch--;
	last = shm_may_destroy(ns, shp);
	spin_unlock(&shp->perm.lock);
	if (likely(!last))
		return;
	down_write(&shm_ids(ns)->rwsem);
	spin_lock(&shp->perm.lock);
	if (shm_may_destroy(ns, shp))
		shm_destroy(ns, shp);
	else
		spin_unlock(&shp->perm.lock);
	up_write(&shm_ids(ns)->rwsem);
}

static void shm_area_open(struct vm_area_struct *vma)
{
	struct shm_attach *attach = vma->vm_file->private_data;

	/* The area that this was copied from keeps the segment. */
	WARN_ON(count_area(attach->shp));
}

static void shm_area_close(struct vm_area_struct *vma)
{
	struct shm_attach *attach = vma->vm_file->private_data;
	struct shmid_kernel *shp = attach->shp;

	spin_lock(&shp->perm.lock);
	set_last_pid(shp);
	shp->dtime = ktime_get_real_seconds();
	spin_unlock(&shp->perm.lock);
	drop_attach(attach->ns, shp);
}

static const struct vm_operations_struct shm_vm_ops = {
	.open		= shm_area_open,
	.close		= shm_area_close,
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
};

/* ---- the file of an attach ---- */

static int shm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct shm_attach *attach = file->private_data;
	int err = count_area(attach->shp);

	if (err)
		return err;
	err = generic_file_mmap(file, vma);
	if (err) {
		drop_attach(attach->ns, attach->shp);
		return err;
	}
	vma->vm_ops = &shm_vm_ops;
	return 0;
}

static void free_attach(struct shm_attach *attach)
{
	fput(attach->file);
	ipc_put(&attach->shp->perm);
	put_ipc_ns(attach->ns);
	kfree(attach);
}

static int shm_release(struct inode *inode, struct file *file)
{
	free_attach(file->private_data);
	return 0;
}

static int shm_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}

static long shm_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct shm_attach *attach = file->private_data;

	return attach->file->f_op->fallocate(attach->file, mode, offset, len);
}

static const struct file_operations shm_file_operations = {
	.mmap		= shm_mmap,
	.fsync		= shm_fsync,
	.fallocate	= shm_fallocate,
	.release	= shm_release,
	.llseek		= noop_llseek,
};

static struct file *open_attach(struct ipc_namespace *ns, struct shmid_kernel *shp, int flags)
{
	struct shm_attach *attach = kmalloc(sizeof(*attach), GFP_KERNEL);
	struct file *file;

	if (!attach)
		return ERR_PTR(-ENOMEM);
	attach->ns = get_ipc_ns(ns);
	refcount_inc(&shp->perm.refs);
	attach->shp = shp;
	attach->file = get_file(shp->file);
	file = alloc_file_clone(shp->file, flags, &shm_file_operations);
	if (IS_ERR(file)) {
		free_attach(attach);
		return file;
	}
	file->private_data = attach;
	file->f_mapping = shp->file->f_mapping;
	return file;
}

/* ---- shmat(2) ---- */

/* What an attach asks for, from its flags. */
struct attach_mode {
	unsigned long addr;
	unsigned long prot;
	unsigned long map_flags;
	int access;			/* S_IRUGO | ... */
	int open_flags;
};

static int judge_address(struct attach_mode *mode, int shmflg)
{
	mode->map_flags = MAP_SHARED;
	if (!mode->addr)
		return shmflg & SHM_REMAP ? -EINVAL : 0;
	if (mode->addr & (SHMLBA - 1)) {
		if (!(shmflg & SHM_RND))
			return -EINVAL;
		mode->addr &= ~(SHMLBA - 1);
		/* Rounded down to nothing, it is a wish for the lowest address, not for any. */
		if (!mode->addr && (shmflg & SHM_REMAP))
			return -EINVAL;
	}
	mode->map_flags |= MAP_FIXED;
	return 0;
}

static void judge_access(struct attach_mode *mode, int shmflg)
{
	mode->prot = PROT_READ;
	mode->access = S_IRUGO;
	mode->open_flags = O_RDONLY;
	if (!(shmflg & SHM_RDONLY)) {
		mode->prot |= PROT_WRITE;
		mode->access |= S_IWUGO;
		mode->open_flags = O_RDWR;
	}
	if (shmflg & SHM_EXEC) {
		mode->prot |= PROT_EXEC;
		mode->access |= S_IXUGO;
	}
}

static unsigned long map_segment(struct file *file, const struct attach_mode *mode, size_t size,
				 bool replace)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr = mode->addr, populate = 0, ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (addr && !replace &&
	    (addr + size < addr || find_vma_intersection(mm, addr, addr + size)))
		ret = -EINVAL;
	else
		ret = do_mmap(file, addr, size, mode->prot, mode->map_flags, 0, 0, &populate);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, populate);
	return ret;
}

/* The segment cannot go while it is being attached. Return: the address or -errno. */
static unsigned long attach_segment(struct ipc_namespace *ns, struct shmid_kernel *shp,
				    const struct attach_mode *mode, int shmflg)
{
	unsigned long ret;
	struct file *file;
	int err;

	err = ipc_check(ns, &shp->perm, mode->access);
	if (!err)
		err = ipc_lock_live(&shp->perm);
	if (err)
		return err;
	shp->nattch++;
	spin_unlock(&shp->perm.lock);
	file = open_attach(ns, shp, mode->open_flags);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
	} else {
		ret = map_segment(file, mode, shp->size, shmflg & SHM_REMAP);
		fput(file);
	}
	drop_attach(ns, shp);
	return ret;
}

SYSCALL_DEFINE3(shmat, int, shmid, char __user *, shmaddr, int, shmflg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct attach_mode mode = { .addr = (unsigned long)shmaddr };
	struct kern_ipc_perm *perm;
	unsigned long ret;

	if (shmid < 0 || judge_address(&mode, shmflg))
		return -EINVAL;
	judge_access(&mode, shmflg);
	perm = ipc_find(shm_ids(ns), shmid);
	if (IS_ERR(perm))
		return PTR_ERR(perm);
	ret = attach_segment(ns, to_shm(perm), &mode, shmflg);
	ipc_put(perm);
	return ret;
}

/* ---- shmdt(2) ---- */

/* Was @vma, or what it is a rest of, attached at @addr? */
static bool belongs_to(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma->vm_ops == &shm_vm_ops &&
	       vma->vm_start - addr == vma->vm_pgoff << PAGE_SHIFT;
}

/* All pieces of the attach at @addr. Context: mmap_lock held for writing. */
static int detach(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr), *next;
	struct file *file = NULL;
	unsigned long end = 0;

	for (; vma && (!file || vma->vm_start < end); vma = next) {
		next = vma->vm_next;
		if (!belongs_to(vma, addr) || (file && vma->vm_file != file))
			continue;
		if (!file) {
			file = get_file(vma->vm_file);
			end = addr + PAGE_ALIGN(i_size_read(file_inode(file)));
		}
		do_munmap(mm, vma->vm_start, vma->vm_end - vma->vm_start);
	}
	if (!file)
		return -EINVAL;
	fput(file);
	return 0;
}

SYSCALL_DEFINE1(shmdt, char __user *, shmaddr)
{
	unsigned long addr = (unsigned long)shmaddr;
	struct mm_struct *mm = current->mm;
	int err;

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = detach(mm, addr);
	mmap_write_unlock(mm);
	return err;
}
