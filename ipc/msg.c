// SPDX-License-Identifier: GPL-2.0-only
/*
 * Message queues: msgget(2) and msgctl(2). The set of queues is guarded by its rwsem, each queue by
 * its lock.
 */
#include <linux/capability.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "msg.h"

static void free_queue(struct kern_ipc_perm *perm)
{
	put_pid(to_msg_queue(perm)->lspid);
	put_pid(to_msg_queue(perm)->lrpid);
}

/* Context: rwsem held for writing. */
static int make_queue(struct ipc_namespace *ns, const struct ipc_params *params)
{
	struct msg_queue *msq = kzalloc(sizeof(*msq), GFP_KERNEL);
	int id;

	if (!msq)
		return -ENOMEM;
	msq->perm.free = free_queue;
	msq->qbytes = ns->msg_mnb;
	msq->ctime = ktime_get_real_seconds();
	INIT_LIST_HEAD(&msq->messages);
	INIT_LIST_HEAD(&msq->receivers);
	INIT_LIST_HEAD(&msq->senders);
	id = ipc_add(msg_ids(ns), &msq->perm, params, ns->msg_mni);
	if (id < 0)
		kfree(msq);
	return id;
}

static const struct ipc_ops msg_ops = { .make = make_queue };

/* Context: rwsem held for writing; the queue is locked, and unlocked here. */
static void remove_queue(struct ipc_namespace *ns, struct kern_ipc_perm *perm)
{
	struct msg_queue *msq = to_msg_queue(perm);
	LIST_HEAD(messages);

	ipc_remove(msg_ids(ns), perm);
	msg_wake_all(msq, -EIDRM);
	list_splice_init(&msq->messages, &messages);
	spin_unlock(&perm->lock);
	msg_free_messages(ns, &messages);
	ipc_put(perm);
}

SYSCALL_DEFINE2(msgget, key_t, key, int, msgflg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct ipc_params params = { .key = key, .flags = msgflg };

	return ipc_get_id(ns, msg_ids(ns), &msg_ops, &params);
}

/* ---- msgctl(2) ---- */

static int msg_info(struct ipc_namespace *ns, int cmd, void __user *to)
{
	struct msginfo info = {
		.msgpool = MSGPOOL,
		.msgmap = MSGMAP,
		.msgmax = ns->msg_max,
		.msgmnb = ns->msg_mnb,
		.msgmni = ns->msg_mni,
		.msgssz = MSGSSZ,
		.msgtql = MSGTQL,
		.msgseg = MSGSEG,
	};
	int highest;

	down_read(&msg_ids(ns)->rwsem);
	if (cmd == MSG_INFO) {
		info.msgpool = msg_ids(ns)->in_use;
		info.msgmap = min(atomic_long_read(&ns->msg_count), (long)INT_MAX);
		info.msgtql = min(atomic_long_read(&ns->msg_bytes), (long)INT_MAX);
	}
	highest = max(msg_ids(ns)->max_index, 0);
	up_read(&msg_ids(ns)->rwsem);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : highest;
}

/* Context: the queue is locked. */
static void fill_stat(struct msqid64_ds *ds, const struct msg_queue *msq)
{
	ipc_fill_perm(&ds->msg_perm, &msq->perm);
	ds->msg_stime = msq->stime;
	ds->msg_rtime = msq->rtime;
	ds->msg_ctime = msq->ctime;
	ds->msg_cbytes = msq->cbytes;
	ds->msg_qnum = msq->qnum;
	ds->msg_qbytes = msq->qbytes;
	ds->msg_lspid = pid_vnr(msq->lspid);
	ds->msg_lrpid = pid_vnr(msq->lrpid);
}

static int msg_stat(struct ipc_namespace *ns, int msqid, int cmd, void __user *to)
{
	struct kern_ipc_perm *perm = ipc_find_for_stat(ns, msg_ids(ns), msqid, cmd != IPC_STAT,
						       cmd == MSG_STAT_ANY);
	struct msqid64_ds ds = {};
	int id;

	if (IS_ERR(perm))
		return PTR_ERR(perm);
	fill_stat(&ds, to_msg_queue(perm));
	id = cmd == IPC_STAT ? 0 : perm->id;
	spin_unlock(&perm->lock);
	ipc_put(perm);
	return copy_to_user(to, &ds, sizeof(ds)) ? -EFAULT : id;
}

/* Context: the queue is locked. */
static int set_queue(struct ipc_namespace *ns, struct msg_queue *msq, const struct msqid64_ds *ds)
{
	int err;

	if (ds->msg_qbytes > ns->msg_mnb && !ipc_capable(ns, CAP_SYS_RESOURCE))
		return -EPERM;
	err = ipc_set_perm(&msq->perm, &ds->msg_perm);
	if (err)
		return err;
	msq->qbytes = ds->msg_qbytes;
	msq->ctime = ktime_get_real_seconds();
	/* Who waits may have lost the permission, or gained room. */
	msg_wake_all(msq, -EAGAIN);
	return 0;
}

static int msg_change(struct ipc_namespace *ns, int msqid, int cmd, const void __user *from)
{
	struct kern_ipc_perm *perm;
	struct msqid64_ds ds;
	int err = 0;

	if (cmd == IPC_SET && copy_from_user(&ds, from, sizeof(ds)))
		return -EFAULT;
	down_write(&msg_ids(ns)->rwsem);
	perm = ipc_find_for_change(ns, msg_ids(ns), msqid);
	if (IS_ERR(perm)) {
		up_write(&msg_ids(ns)->rwsem);
		return PTR_ERR(perm);
	}
	if (cmd == IPC_RMID) {
		remove_queue(ns, perm);
	} else {
		err = set_queue(ns, to_msg_queue(perm), &ds);
		spin_unlock(&perm->lock);
	}
	up_write(&msg_ids(ns)->rwsem);
	ipc_put(perm);
	return err;
}

SYSCALL_DEFINE3(msgctl, int, msqid, int, cmd, struct msqid_ds __user *, buf)
{
	struct ipc_namespace *ns = current_ipc_ns();

	if (msqid < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case MSG_INFO:
		return msg_info(ns, cmd, buf);
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		return msg_stat(ns, msqid, cmd, buf);
	case IPC_SET:
	case IPC_RMID:
		return msg_change(ns, msqid, cmd, buf);
	default:
		return -EINVAL;
	}
}

/* ---- namespaces and /proc ---- */

void msg_init_ns(struct ipc_namespace *ns)
{
	ns->msg_max = MSGMAX;
	ns->msg_mnb = MSGMNB;
	ns->msg_mni = MSGMNI;
	atomic_long_set(&ns->msg_bytes, 0);
	atomic_long_set(&ns->msg_count, 0);
}

void msg_exit_ns(struct ipc_namespace *ns)
{
	ipc_empty_set(ns, msg_ids(ns), remove_queue);
}

void msg_proc_show(struct seq_file *m, struct kern_ipc_perm *perm)
{
	struct ipc64_perm ids;
	struct msg_queue *msq;

	if (!perm) {
		seq_puts(m, "       key      msqid perms      cbytes       qnum lspid lrpid   uid"
			    "   gid  cuid  cgid      stime      rtime      ctime\n");
		return;
	}
	msq = to_msg_queue(perm);
	ipc_fill_perm(&ids, perm);
	seq_printf(m, "%10d %10d  %4o  %10lu %10lu %5u %5u %5u %5u %5u %5u %10llu %10llu %10llu\n",
		   perm->key, perm->id, perm->mode, msq->cbytes, msq->qnum,
		   pid_vnr(msq->lspid), pid_vnr(msq->lrpid), ids.uid, ids.gid, ids.cuid,
		   ids.cgid, (u64)msq->stime, (u64)msq->rtime, (u64)msq->ctime);
}
