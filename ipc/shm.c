// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared segments: shmget(2) and shmctl(2). A segment is a nameless tmpfs file. The set is guarded
 * by its rwsem, which may be taken under mmap_lock; each segment by its lock.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "../kernel/fork_rows.h"
#include "shm.h"

/* ---- making and removing ---- */

static void free_segment(struct kern_ipc_perm *perm)
{
	put_pid(to_shm(perm)->cpid);
	put_pid(to_shm(perm)->lpid);
}

/* There are no huge pages: what Linux says with an empty pool. */
static int refuse_huge(int flags)
{
	unsigned int log = (flags >> SHM_HUGE_SHIFT) & SHM_HUGE_MASK;

	if (log && log != 21 && log != 30)
		return -EINVAL;
	return capable(CAP_IPC_LOCK) ? -ENOMEM : -EPERM;
}

static struct file *make_file(const struct ipc_params *params)
{
	unsigned long flags = 0;
	char name[16];

	if (params->flags & SHM_HUGETLB)
		return ERR_PTR(refuse_huge(params->flags));
	if ((params->flags & SHM_NORESERVE) && sysctl_overcommit_memory != OVERCOMMIT_NEVER)
		flags = VM_NORESERVE;
	snprintf(name, sizeof(name), "SYSV%08x", params->key);
	return shmem_promised_file(name, params->size, flags);
}

static struct shmid_kernel *alloc_segment(const struct ipc_params *params)
{
	struct shmid_kernel *shp = kzalloc(sizeof(*shp), GFP_KERNEL);
	struct file *file;

	if (!shp)
		return ERR_PTR(-ENOMEM);
	file = make_file(params);
	if (IS_ERR(file)) {
		kfree(shp);
		return ERR_CAST(file);
	}
	shp->file = file;
	shp->size = params->size;
	shp->ctime = ktime_get_real_seconds();
	shp->cpid = get_pid(task_tgid(current));
	shp->perm.free = free_segment;
	return shp;
}

/* Context: rwsem held for writing. */
static int make_segment(struct ipc_namespace *ns, const struct ipc_params *params)
{
	unsigned long pages = (params->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct shmid_kernel *shp;
	int id;

	if (params->size < SHMMIN || params->size > ns->shm_max)
		return -EINVAL;
	if (pages << PAGE_SHIFT < params->size)
		return -ENOSPC;
	if (ns->shm_total + pages < pages || ns->shm_total + pages > ns->shm_all)
		return -ENOSPC;
	shp = alloc_segment(params);
	if (IS_ERR(shp))
		return PTR_ERR(shp);
	id = ipc_add(shm_ids(ns), &shp->perm, params, ns->shm_mni);
	if (id < 0) {
		fput(shp->file);
		put_pid(shp->cpid);
		kfree(shp);
		return id;
	}
	/* /proc/PID/maps shows the inode's number, and tools expect the identifier there. */
	file_inode(shp->file)->i_ino = id;
	ns->shm_total += pages;
	shp->creator = current;
	hlist_add_head(&shp->of_creator, &current->shm_created);
	return id;
}

static bool is_as_large(struct kern_ipc_perm *perm, const struct ipc_params *params)
{
	return params->size <= to_shm(perm)->size;
}

static const struct ipc_ops shm_ops = { .make = make_segment, .fits = is_as_large };

/* Context: rwsem held for writing. */
static void forget_creator(struct shmid_kernel *shp)
{
	if (shp->creator)
		hlist_del_init(&shp->of_creator);
	shp->creator = NULL;
}

/* The SHM_LOCK charge goes back to who paid. Context: the segment is locked. */
static void unlock_pages(struct shmid_kernel *shp)
{
	if (!shp->locker)
		return;
	user_shm_unlock(shp->size, shp->locker);
	shp->locker = NULL;
	shp->perm.mode &= ~SHM_LOCKED;
}

void shm_destroy(struct ipc_namespace *ns, struct shmid_kernel *shp)
{
	struct file *file = shp->file;

	ipc_remove(shm_ids(ns), &shp->perm);
	ns->shm_total -= shm_pages(shp);
	forget_creator(shp);
	unlock_pages(shp);
	spin_unlock(&shp->perm.lock);
	fput(file);
	ipc_put(&shp->perm);
}

/* Context: as shm_destroy(). What is attached lives on, without key, until it is detached. */
static void remove_segment(struct ipc_namespace *ns, struct kern_ipc_perm *perm)
{
	if (!to_shm(perm)->nattch) {
		shm_destroy(ns, to_shm(perm));
		return;
	}
	perm->mode |= SHM_DEST;
	ipc_forget_key(shm_ids(ns), perm);
	spin_unlock(&perm->lock);
}

SYSCALL_DEFINE3(shmget, key_t, key, size_t, size, int, shmflg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct ipc_params params = { .key = key, .flags = shmflg, .size = size };

	return ipc_get_id(ns, shm_ids(ns), &shm_ops, &params);
}

/* ---- shmctl(2) ---- */

static int ipc_info(struct ipc_namespace *ns, void __user *to)
{
	struct shminfo64 info = {
		.shmmax = ns->shm_max,
		.shmmin = SHMMIN,
		.shmmni = ns->shm_mni,
		.shmseg = ns->shm_mni,
		.shmall = ns->shm_all,
	};
	int highest;

	if (copy_to_user(to, &info, sizeof(info)))
		return -EFAULT;
	down_read(&shm_ids(ns)->rwsem);
	highest = max(shm_ids(ns)->max_index, 0);
	up_read(&shm_ids(ns)->rwsem);
	return highest;
}

static unsigned long resident_pages(const struct shmid_kernel *shp)
{
	return atomic_long_read(&SHMEM_I(file_inode(shp->file))->alloced);
}

/* Nothing is ever swapped out. */
static int shm_info(struct ipc_namespace *ns, void __user *to)
{
	struct shm_info info = {};
	struct kern_ipc_perm *perm;
	int highest, index;

	down_read(&shm_ids(ns)->rwsem);
	info.used_ids = shm_ids(ns)->in_use;
	info.shm_tot = ns->shm_total;
	idr_for_each_entry(&shm_ids(ns)->objects, perm, index)
		info.shm_rss += resident_pages(to_shm(perm));
	highest = max(shm_ids(ns)->max_index, 0);
	up_read(&shm_ids(ns)->rwsem);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : highest;
}

static int shm_stat(struct ipc_namespace *ns, int shmid, int cmd, void __user *to)
{
	struct kern_ipc_perm *perm = ipc_find_for_stat(ns, shm_ids(ns), shmid, cmd != IPC_STAT,
						       cmd == SHM_STAT_ANY);
	struct shmid64_ds ds = {};
	struct shmid_kernel *shp;
	int id;

	if (IS_ERR(perm))
		return PTR_ERR(perm);
	shp = to_shm(perm);
	ipc_fill_perm(&ds.shm_perm, perm);
	ds.shm_segsz = shp->size;
	ds.shm_atime = shp->atime;
	ds.shm_dtime = shp->dtime;
	ds.shm_ctime = shp->ctime;
	ds.shm_cpid = pid_vnr(shp->cpid);
	ds.shm_lpid = pid_vnr(shp->lpid);
	ds.shm_nattch = shp->nattch;
	id = cmd == IPC_STAT ? 0 : perm->id;
	spin_unlock(&perm->lock);
	ipc_put(perm);
	return copy_to_user(to, &ds, sizeof(ds)) ? -EFAULT : id;
}

static int shm_change(struct ipc_namespace *ns, int shmid, int cmd, const void __user *from)
{
	struct kern_ipc_perm *perm;
	struct shmid64_ds ds;
	int err = 0;

	if (cmd == IPC_SET && copy_from_user(&ds, from, sizeof(ds)))
		return -EFAULT;
	down_write(&shm_ids(ns)->rwsem);
	perm = ipc_find_for_change(ns, shm_ids(ns), shmid);
	if (IS_ERR(perm)) {
		up_write(&shm_ids(ns)->rwsem);
		return PTR_ERR(perm);
	}
	if (cmd == IPC_RMID) {
		remove_segment(ns, perm);
	} else {
		err = ipc_set_perm(perm, &ds.shm_perm);
		if (!err)
			to_shm(perm)->ctime = ktime_get_real_seconds();
		spin_unlock(&perm->lock);
	}
	up_write(&shm_ids(ns)->rwsem);
	ipc_put(perm);
	return err;
}

/* Context: the segment is locked. */
static int lock_or_unlock(struct ipc_namespace *ns, struct shmid_kernel *shp, int cmd)
{
	if (!ipc_capable(ns, CAP_IPC_LOCK)) {
		if (!ipc_is_owner(&shp->perm))
			return -EPERM;
		if (cmd == SHM_LOCK && !rlimit(RLIMIT_MEMLOCK))
			return -EPERM;
	}
	if (cmd == SHM_UNLOCK) {
		unlock_pages(shp);
		return 0;
	}
	if (shp->locker)
		return 0;
	if (!user_shm_lock(shp->size, current_user()))
		return -ENOMEM;
	shp->locker = current_user();
	shp->perm.mode |= SHM_LOCKED;
	return 0;
}

static int shm_lock(struct ipc_namespace *ns, int shmid, int cmd)
{
	struct kern_ipc_perm *perm = ipc_find(shm_ids(ns), shmid);
	int err;

	if (IS_ERR(perm))
		return PTR_ERR(perm);
	err = ipc_lock_live(perm);
	if (!err) {
		err = lock_or_unlock(ns, to_shm(perm), cmd);
		spin_unlock(&perm->lock);
	}
	ipc_put(perm);
	return err;
}

SYSCALL_DEFINE3(shmctl, int, shmid, int, cmd, struct shmid_ds __user *, buf)
{
	struct ipc_namespace *ns = current_ipc_ns();

	if (cmd < 0 || shmid < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return ipc_info(ns, buf);
	case SHM_INFO:
		return shm_info(ns, buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return shm_stat(ns, shmid, cmd, buf);
	case IPC_SET:
	case IPC_RMID:
		return shm_change(ns, shmid, cmd, buf);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shm_lock(ns, shmid, cmd);
	default:
		return -EINVAL;
	}
}

/* ---- the row of fork: who made a segment ---- */

int copy_sysvshm(struct fork_ctx *fc)
{
	return 0;
}

/* The creator is gone: with shm_rmid_forced, what nobody has attached goes as well. */
void exit_sysvshm(struct task_struct *tsk)
{
	struct ipc_namespace *ns;
	struct shmid_kernel *shp;

	if (likely(hlist_empty(&tsk->shm_created)))
		return;
	ns = task_ipc_ns(tsk);
	down_write(&shm_ids(ns)->rwsem);
	while (!hlist_empty(&tsk->shm_created)) {
		shp = hlist_entry(tsk->shm_created.first, struct shmid_kernel, of_creator);
		spin_lock(&shp->perm.lock);
		forget_creator(shp);
		if (ns->shm_rmid_forced && !shp->nattch)
			shm_destroy(ns, shp);
		else
			spin_unlock(&shp->perm.lock);
	}
	up_write(&shm_ids(ns)->rwsem);
}

/* ---- namespaces and /proc ---- */

void shm_destroy_orphaned(struct ipc_namespace *ns)
{
	struct kern_ipc_perm *perm;
	int index;

	down_write(&shm_ids(ns)->rwsem);
	idr_for_each_entry(&shm_ids(ns)->objects, perm, index) {
		spin_lock(&perm->lock);
		if (!to_shm(perm)->creator && shm_may_destroy(ns, to_shm(perm)))
			shm_destroy(ns, to_shm(perm));
		else
			spin_unlock(&perm->lock);
	}
	up_write(&shm_ids(ns)->rwsem);
}

void shm_init_ns(struct ipc_namespace *ns)
{
	ns->shm_max = SHMMAX;
	ns->shm_all = SHMALL;
	ns->shm_mni = SHMMNI;
	ns->shm_rmid_forced = 0;
	ns->shm_total = 0;
}

void shm_exit_ns(struct ipc_namespace *ns)
{
	ipc_empty_set(ns, shm_ids(ns), remove_segment);
}

void shm_proc_show(struct seq_file *m, struct kern_ipc_perm *perm)
{
	struct ipc64_perm ids;
	struct shmid_kernel *shp;

	if (!perm) {
		seq_puts(m, "       key      shmid perms                  size  cpid  lpid nattch"
			    "   uid   gid  cuid  cgid      atime      dtime      ctime"
			    "                   rss                  swap\n");
		return;
	}
	shp = to_shm(perm);
	ipc_fill_perm(&ids, perm);
	seq_printf(m, "%10d %10d  %4o %21lu %5u %5u  %5lu %5u %5u %5u %5u %10llu %10llu %10llu "
		      "%21lu %21lu\n",
		   perm->key, perm->id, perm->mode, shp->size, pid_vnr(shp->cpid),
		   pid_vnr(shp->lpid), shp->nattch, ids.uid, ids.gid, ids.cuid, ids.cgid,
		   (u64)shp->atime, (u64)shp->dtime, (u64)shp->ctime,
		   resident_pages(shp) * PAGE_SIZE, 0UL);
}
