// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of semaphores: semget(2) and semctl(2). The set of sets is guarded by its rwsem, the values
 * by each set's lock.
 */
#include <linux/capability.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "sem.h"

/* ---- making and removing ---- */

static void free_sems(struct kern_ipc_perm *perm)
{
	struct sem_array *sma = to_sem_array(perm);
	int i;

	for (i = 0; i < sma->nsems; i++)
		put_pid(sma->sems[i].pid);
	kvfree(sma->sems);
}

static struct sem_array *alloc_array(int nsems)
{
	struct sem_array *sma = kzalloc(sizeof(*sma), GFP_KERNEL);

	if (!sma)
		return NULL;
	sma->sems = kvcalloc(nsems, sizeof(*sma->sems), GFP_KERNEL);
	if (!sma->sems) {
		kfree(sma);
		return NULL;
	}
	sma->perm.free = free_sems;
	sma->nsems = nsems;
	sma->ctime = ktime_get_real_seconds();
	INIT_LIST_HEAD(&sma->waiting_zero);
	INIT_LIST_HEAD(&sma->waiting);
	INIT_LIST_HEAD(&sma->undos);
	return sma;
}

/* Context: rwsem held for writing. */
static int make_array(struct ipc_namespace *ns, const struct ipc_params *params)
{
	struct sem_array *sma;
	int id;

	if (!params->size)
		return -EINVAL;
	if (ns->used_sems + (int)params->size > ns->sem_mns)
		return -ENOSPC;
	sma = alloc_array(params->size);
	if (!sma)
		return -ENOMEM;
	id = ipc_add(sem_ids(ns), &sma->perm, params, ns->sem_mni);
	if (id < 0) {
		kvfree(sma->sems);
		kfree(sma);
		return id;
	}
	ns->used_sems += sma->nsems;
	return id;
}

static bool has_as_many(struct kern_ipc_perm *perm, const struct ipc_params *params)
{
	return params->size <= (size_t)to_sem_array(perm)->nsems;
}

static const struct ipc_ops sem_ops = { .make = make_array, .fits = has_as_many };

/* Context: rwsem held for writing; the set is locked, and unlocked here. */
static void remove_array(struct ipc_namespace *ns, struct kern_ipc_perm *perm)
{
	struct sem_array *sma = to_sem_array(perm);
	LIST_HEAD(dead);

	ipc_remove(sem_ids(ns), perm);
	ns->used_sems -= sma->nsems;
	sem_take_undos(sma, &dead);
	sem_fail_waiters(sma, -EIDRM);
	spin_unlock(&perm->lock);
	sem_free_undos(&dead);
	ipc_put(perm);
}

SYSCALL_DEFINE3(semget, key_t, key, int, nsems, int, semflg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct ipc_params params = { .key = key, .flags = semflg, .size = nsems };

	if (nsems < 0 || nsems > ns->sem_msl)
		return -EINVAL;
	return ipc_get_id(ns, sem_ids(ns), &sem_ops, &params);
}

/* ---- semctl(2): describing ---- */

static int sem_info(struct ipc_namespace *ns, int cmd, void __user *to)
{
	struct seminfo info = {
		.semmap = SEMMAP,
		.semmni = ns->sem_mni,
		.semmns = ns->sem_mns,
		.semmnu = SEMMNU,
		.semmsl = ns->sem_msl,
		.semopm = ns->sem_opm,
		.semume = SEMUME,
		.semusz = SEMUSZ,
		.semvmx = SEMVMX,
		.semaem = SEMAEM,
	};
	int highest;

	down_read(&sem_ids(ns)->rwsem);
	if (cmd == SEM_INFO) {
		info.semusz = sem_ids(ns)->in_use;
		info.semaem = ns->used_sems;
	}
	highest = max(sem_ids(ns)->max_index, 0);
	up_read(&sem_ids(ns)->rwsem);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : highest;
}

static int sem_stat(struct ipc_namespace *ns, int semid, int cmd, void __user *to)
{
	struct kern_ipc_perm *perm = ipc_find_for_stat(ns, sem_ids(ns), semid, cmd != IPC_STAT,
						       cmd == SEM_STAT_ANY);
	struct semid64_ds ds = {};
	int id;

	if (IS_ERR(perm))
		return PTR_ERR(perm);
	ipc_fill_perm(&ds.sem_perm, perm);
	ds.sem_otime = to_sem_array(perm)->otime;
	ds.sem_ctime = to_sem_array(perm)->ctime;
	ds.sem_nsems = to_sem_array(perm)->nsems;
	id = cmd == IPC_STAT ? 0 : perm->id;
	spin_unlock(&perm->lock);
	ipc_put(perm);
	return copy_to_user(to, &ds, sizeof(ds)) ? -EFAULT : id;
}

/* ---- semctl(2): values ---- */

static int get_all(struct sem_array *sma, unsigned short __user *to)
{
	unsigned short *values = kvmalloc_array(sma->nsems, sizeof(*values), GFP_KERNEL);
	int err, i;

	if (!values)
		return -ENOMEM;
	err = ipc_lock_live(&sma->perm);
	if (!err) {
		for (i = 0; i < sma->nsems; i++)
			values[i] = sma->sems[i].val;
		spin_unlock(&sma->perm.lock);
		if (copy_to_user(to, values, sma->nsems * sizeof(*values)))
			err = -EFAULT;
	}
	kvfree(values);
	return err;
}

/* Context: the set is locked. */
static void set_value(struct sem_array *sma, int num, int val)
{
	sma->sems[num].val = val;
	sem_set_pid(&sma->sems[num], task_tgid(current));
	sem_forget_undo(sma, num);
}

/* Context: the set is locked, and unlocked here. */
static void values_changed(struct sem_array *sma)
{
	sma->ctime = ktime_get_real_seconds();
	sem_wake_waiters(sma);
	spin_unlock(&sma->perm.lock);
}

static int check_values(const unsigned short *values, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (values[i] > SEMVMX)
			return -ERANGE;
	return 0;
}

static int set_all(struct sem_array *sma, const unsigned short __user *from)
{
	unsigned short *values = kvmalloc_array(sma->nsems, sizeof(*values), GFP_KERNEL);
	int err, i;

	if (!values)
		return -ENOMEM;
	err = copy_from_user(values, from, sma->nsems * sizeof(*values)) ? -EFAULT : 0;
	if (!err)
		err = check_values(values, sma->nsems);
	if (!err)
		err = ipc_lock_live(&sma->perm);
	if (!err) {
		for (i = 0; i < sma->nsems; i++)
			set_value(sma, i, values[i]);
		values_changed(sma);
	}
	kvfree(values);
	return err;
}

static int get_one(struct sem_array *sma, int num, int cmd)
{
	int ret;

	if (num < 0 || num >= sma->nsems)
		return -EINVAL;
	ret = ipc_lock_live(&sma->perm);
	if (ret)
		return ret;
	if (cmd == GETVAL)
		ret = sma->sems[num].val;
	else if (cmd == GETPID)
		ret = pid_vnr(sma->sems[num].pid);
	else
		ret = sem_count_waiters(sma, num, cmd == GETZCNT);
	spin_unlock(&sma->perm.lock);
	return ret;
}

static int sem_values(struct ipc_namespace *ns, int semid, int num, int cmd, void __user *buf)
{
	struct kern_ipc_perm *perm = ipc_find(sem_ids(ns), semid);
	int ret;

	if (IS_ERR(perm))
		return PTR_ERR(perm);
	ret = ipc_check(ns, perm, cmd == SETALL ? S_IWUGO : S_IRUGO);
	if (!ret) {
		if (cmd == GETALL)
			ret = get_all(to_sem_array(perm), buf);
		else if (cmd == SETALL)
			ret = set_all(to_sem_array(perm), buf);
		else
			ret = get_one(to_sem_array(perm), num, cmd);
	}
	ipc_put(perm);
	return ret;
}

static int set_one(struct ipc_namespace *ns, struct sem_array *sma, int num, int val)
{
	int err;

	if (num < 0 || num >= sma->nsems)
		return -EINVAL;
	err = ipc_check(ns, &sma->perm, S_IWUGO);
	if (!err)
		err = ipc_lock_live(&sma->perm);
	if (err)
		return err;
	set_value(sma, num, val);
	values_changed(sma);
	return 0;
}

static int sem_setval(struct ipc_namespace *ns, int semid, int num, int val)
{
	struct kern_ipc_perm *perm;
	int err;

	if (val < 0 || val > SEMVMX)
		return -ERANGE;
	perm = ipc_find(sem_ids(ns), semid);
	if (IS_ERR(perm))
		return PTR_ERR(perm);
	err = set_one(ns, to_sem_array(perm), num, val);
	ipc_put(perm);
	return err;
}

/* ---- semctl(2): owners ---- */

static int sem_change(struct ipc_namespace *ns, int semid, int cmd, const void __user *from)
{
	struct kern_ipc_perm *perm;
	struct semid64_ds ds;
	int err = 0;

	if (cmd == IPC_SET && copy_from_user(&ds, from, sizeof(ds)))
		return -EFAULT;
	down_write(&sem_ids(ns)->rwsem);
	perm = ipc_find_for_change(ns, sem_ids(ns), semid);
	if (IS_ERR(perm)) {
		up_write(&sem_ids(ns)->rwsem);
		return PTR_ERR(perm);
	}
	if (cmd == IPC_RMID) {
		remove_array(ns, perm);
	} else {
		err = ipc_set_perm(perm, &ds.sem_perm);
		if (!err)
			to_sem_array(perm)->ctime = ktime_get_real_seconds();
		spin_unlock(&perm->lock);
	}
	up_write(&sem_ids(ns)->rwsem);
	ipc_put(perm);
	return err;
}

SYSCALL_DEFINE4(semctl, int, semid, int, semnum, int, cmd, unsigned long, arg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	void __user *buf = (void __user *)arg;

	if (semid < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SEM_INFO:
		return sem_info(ns, cmd, buf);
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		return sem_stat(ns, semid, cmd, buf);
	case GETALL:
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case SETALL:
		return sem_values(ns, semid, semnum, cmd, buf);
	case SETVAL:
		return sem_setval(ns, semid, semnum, (int)arg);
	case IPC_SET:
	case IPC_RMID:
		return sem_change(ns, semid, cmd, buf);
	default:
		return -EINVAL;
	}
}

/* ---- namespaces and /proc ---- */

void sem_init_ns(struct ipc_namespace *ns)
{
	ns->sem_msl = SEMMSL;
	ns->sem_mns = SEMMNS;
	ns->sem_opm = SEMOPM;
	ns->sem_mni = SEMMNI;
}

void sem_exit_ns(struct ipc_namespace *ns)
{
	ipc_empty_set(ns, sem_ids(ns), remove_array);
}

void sem_proc_show(struct seq_file *m, struct kern_ipc_perm *perm)
{
	struct ipc64_perm ids;
	struct sem_array *sma;

	if (!perm) {
		seq_puts(m, "       key      semid perms      nsems   uid   gid  cuid  cgid"
			    "      otime      ctime\n");
		return;
	}
	sma = to_sem_array(perm);
	ipc_fill_perm(&ids, perm);
	seq_printf(m, "%10d %10d  %4o %10u %5u %5u %5u %5u %10llu %10llu\n",
		   perm->key, perm->id, perm->mode, sma->nsems, ids.uid, ids.gid, ids.cuid,
		   ids.cgid, (u64)sma->otime, (u64)sma->ctime);
}
