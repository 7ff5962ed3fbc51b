// SPDX-License-Identifier: GPL-2.0-only
/*
 * msgsnd(2) and msgrcv(2). A message goes straight to a receiver that waits for it; else it queues,
 * and its sender waits while the queue is full.
 * Locks: the queue's own. Sleepers take it before they go on, so wakers may use their stacks.
 */
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "msg.h"

/* Locks: the queue's, while it is on its list. */
struct msg_msg {
	struct list_head list;
	long type;
	size_t size;
	char text[];
};

/* Which message a receiver wants: msgrcv(2). */
enum want {
	WANT_ANY,			/* the oldest */
	WANT_EQUAL,			/* the oldest of the type */
	WANT_OTHER,			/* the oldest of any other (MSG_EXCEPT) */
	WANT_LOWEST,			/* the lowest type up to this */
	WANT_NUMBER,			/* the n-th, and leave it there (MSG_COPY) */
};

/* On the receiver's stack. Locks: the queue's */
struct msg_receiver {
	struct list_head list;
	struct task_struct *task;
	enum want want;
	long type;
	size_t room;			/* bytes that it takes; SIZE_MAX: it cuts off the rest */
	struct msg_msg *msg;		/* what it gets, or ERR_PTR; NULL: not yet decided */
};

struct msg_sender {
	struct list_head list;
	struct task_struct *task;
	size_t size;
};

/* ---- messages ---- */

static struct msg_msg *alloc_msg(size_t size)
{
	struct msg_msg *msg = kvmalloc(sizeof(*msg) + size, GFP_KERNEL);

	if (!msg)
		return ERR_PTR(-ENOMEM);
	msg->size = size;
	return msg;
}

static struct msg_msg *load_msg(const void __user *text, size_t size, long type)
{
	struct msg_msg *msg = alloc_msg(size);

	if (IS_ERR(msg))
		return msg;
	msg->type = type;
	if (!copy_from_user(msg->text, text, size))
		return msg;
	kvfree(msg);
	return ERR_PTR(-EFAULT);
}

void msg_free_messages(struct ipc_namespace *ns, struct list_head *messages)
{
	struct msg_msg *msg, *next;

	list_for_each_entry_safe(msg, next, messages, list) {
		atomic_long_sub(msg->size, &ns->msg_bytes);
		atomic_long_dec(&ns->msg_count);
		kvfree(msg);
	}
}

static bool wanted(const struct msg_msg *msg, enum want want, long type)
{
	switch (want) {
	case WANT_EQUAL:
		return msg->type == type;
	case WANT_OTHER:
		return msg->type != type;
	case WANT_LOWEST:
		return msg->type <= type;
	default:
		return true;
	}
}

static struct msg_msg *find_msg(struct msg_queue *msq, enum want want, long type)
{
	struct msg_msg *msg, *found = NULL;
	long n = 0;

	list_for_each_entry(msg, &msq->messages, list) {
		if (want == WANT_NUMBER) {
			if (n++ == type)
				return msg;
		} else if (wanted(msg, want, type)) {
			if (want != WANT_LOWEST)
				return msg;
			if (!found || msg->type < found->type)
				found = msg;
		}
	}
	return found;
}

/* ---- waking; context: the queue is locked ---- */

static void give(struct msg_receiver *receiver, struct msg_msg *msg)
{
	list_del(&receiver->list);
	receiver->msg = msg;
	wake_up_process(receiver->task);
}

static bool has_room(const struct msg_queue *msq, size_t size)
{
	return msq->cbytes + size <= msq->qbytes && msq->qnum + 1 <= msq->qbytes;
}

/* They stay in line until they have sent. */
static void wake_senders(struct msg_queue *msq, bool all)
{
	struct msg_sender *sender;

	list_for_each_entry(sender, &msq->senders, list)
		if (all || has_room(msq, sender->size))
			wake_up_process(sender->task);
}

void msg_wake_all(struct msg_queue *msq, int err)
{
	struct msg_receiver *receiver, *next;

	list_for_each_entry_safe(receiver, next, &msq->receivers, list)
		give(receiver, ERR_PTR(err));
	wake_senders(msq, true);
}

static void set_pid(struct pid **slot, struct pid *pid)
{
	if (*slot == pid)
		return;
	put_pid(*slot);
	*slot = get_pid(pid);
}

/* ---- sending ---- */

/* Return: did a receiver take it? Those that want it but have no room fail. */
static bool hand_over(struct msg_queue *msq, struct msg_msg *msg)
{
	struct msg_receiver *receiver, *next;

	list_for_each_entry_safe(receiver, next, &msq->receivers, list) {
		if (!wanted(msg, receiver->want, receiver->type))
			continue;
		if (receiver->room < msg->size) {
			give(receiver, ERR_PTR(-E2BIG));
			continue;
		}
		set_pid(&msq->lrpid, task_tgid(receiver->task));
		msq->rtime = ktime_get_real_seconds();
		give(receiver, msg);
		return true;
	}
	return false;
}

/* Until there is room. Context: locked, both ways. */
static int wait_for_room(struct ipc_namespace *ns, struct msg_queue *msq, size_t size, int flags)
{
	struct msg_sender sender = { .task = current, .size = size };
	bool queued = false;
	int err = 0;

	for (;;) {
		err = ipc_check(ns, &msq->perm, S_IWUGO);
		if (!err && msq->perm.deleted)
			err = -EIDRM;
		if (err || has_room(msq, size))
			break;
		if (flags & IPC_NOWAIT) {
			err = -EAGAIN;
			break;
		}
		if (queued && signal_pending(current)) {
			err = -ERESTARTNOHAND;
			break;
		}
		if (!queued)
			list_add_tail(&sender.list, &msq->senders);
		queued = true;
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&msq->perm.lock);
		schedule();
		spin_lock(&msq->perm.lock);
	}
	if (queued)
		list_del(&sender.list);
	return err;
}

static int send(struct ipc_namespace *ns, struct msg_queue *msq, struct msg_msg *msg, int flags)
{
	int err;

	spin_lock(&msq->perm.lock);
	err = wait_for_room(ns, msq, msg->size, flags);
	if (!err) {
		set_pid(&msq->lspid, task_tgid(current));
		msq->stime = ktime_get_real_seconds();
		if (!hand_over(msq, msg)) {
			list_add_tail(&msg->list, &msq->messages);
			msq->cbytes += msg->size;
			msq->qnum++;
			atomic_long_add(msg->size, &ns->msg_bytes);
			atomic_long_inc(&ns->msg_count);
		}
	}
	spin_unlock(&msq->perm.lock);
	return err;
}

SYSCALL_DEFINE4(msgsnd, int, msqid, struct msgbuf __user *, msgp, size_t, msgsz, int, msgflg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct kern_ipc_perm *perm;
	struct msg_msg *msg;
	long type;
	int err;

	if (get_user(type, &msgp->mtype))
		return -EFAULT;
	if (msgsz > READ_ONCE(ns->msg_max) || (long)msgsz < 0 || msqid < 0 || type < 1)
		return -EINVAL;
	msg = load_msg(&msgp->mtext, msgsz, type);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	perm = ipc_find(msg_ids(ns), msqid);
	if (IS_ERR(perm)) {
		kvfree(msg);
		return PTR_ERR(perm);
	}
	err = send(ns, to_msg_queue(perm), msg, msgflg);
	ipc_put(perm);
	if (err)
		kvfree(msg);
	return err;
}

/* ---- receiving ---- */

static enum want what_is_wanted(long *type, int flags)
{
	if (flags & MSG_COPY)
		return WANT_NUMBER;
	if (!*type)
		return WANT_ANY;
	if (*type < 0) {
		*type = *type == LONG_MIN ? LONG_MAX : -*type;
		return WANT_LOWEST;
	}
	return flags & MSG_EXCEPT ? WANT_OTHER : WANT_EQUAL;
}

static void take_out(struct ipc_namespace *ns, struct msg_queue *msq, struct msg_msg *msg)
{
	list_del(&msg->list);
	msq->qnum--;
	msq->cbytes -= msg->size;
	msq->rtime = ktime_get_real_seconds();
	set_pid(&msq->lrpid, task_tgid(current));
	atomic_long_sub(msg->size, &ns->msg_bytes);
	atomic_long_dec(&ns->msg_count);
	wake_senders(msq, false);
}

static struct msg_msg *copy_msg(const struct msg_msg *msg, struct msg_msg *copy)
{
	if (msg->size > copy->size)
		return ERR_PTR(-EINVAL);
	copy->type = msg->type;
	copy->size = msg->size;
	memcpy(copy->text, msg->text, msg->size);
	return copy;
}

/* What is there now. Context: locked. Return: NULL: nothing that is wanted. */
static struct msg_msg *receive_now(struct ipc_namespace *ns, struct msg_queue *msq,
				   const struct msg_receiver *receiver, struct msg_msg *copy)
{
	struct msg_msg *msg = find_msg(msq, receiver->want, receiver->type);

	if (!msg)
		return NULL;
	if (receiver->room < msg->size)
		return ERR_PTR(-E2BIG);
	if (copy)
		return copy_msg(msg, copy);
	take_out(ns, msq, msg);
	return msg;
}

/* Until somebody gives us one. Context: locked, both ways. Return: -EAGAIN: look again. */
static struct msg_msg *wait_for_msg(struct msg_queue *msq, struct msg_receiver *receiver)
{
	receiver->task = current;
	receiver->msg = NULL;
	list_add_tail(&receiver->list, &msq->receivers);
	do {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&msq->perm.lock);
		schedule();
		spin_lock(&msq->perm.lock);
		if (receiver->msg)
			return receiver->msg;
	} while (!signal_pending(current));
	list_del(&receiver->list);
	return ERR_PTR(-ERESTARTNOHAND);
}

static struct msg_msg *receive(struct ipc_namespace *ns, struct msg_queue *msq,
			       struct msg_receiver *receiver, int flags, struct msg_msg *copy)
{
	struct msg_msg *msg;
	int err;

	spin_lock(&msq->perm.lock);
	do {
		err = ipc_check(ns, &msq->perm, S_IRUGO);
		if (!err && msq->perm.deleted)
			err = -EIDRM;
		msg = err ? ERR_PTR(err) : receive_now(ns, msq, receiver, copy);
		if (!msg && (flags & IPC_NOWAIT))
			msg = ERR_PTR(-ENOMSG);
		if (!msg)
			msg = wait_for_msg(msq, receiver);
	} while (msg == ERR_PTR(-EAGAIN));
	spin_unlock(&msq->perm.lock);
	return msg;
}

static long store_msg(struct msgbuf __user *msgp, const struct msg_msg *msg, size_t room)
{
	size_t n = min(room, msg->size);

	if (put_user(msg->type, &msgp->mtype) || copy_to_user(&msgp->mtext, msg->text, n))
		return -EFAULT;
	return n;
}

/* @copy: room for a copy, or NULL to take the message itself; it is used up. */
static long msgrcv(int msqid, struct msgbuf __user *msgp, size_t room, long type, int flags,
		   struct msg_msg *copy)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct msg_receiver receiver = { .room = flags & MSG_NOERROR ? SIZE_MAX : room };
	struct kern_ipc_perm *perm = ipc_find(msg_ids(ns), msqid);
	struct msg_msg *msg;
	long ret;

	if (IS_ERR(perm)) {
		kvfree(copy);
		return PTR_ERR(perm);
	}
	receiver.want = what_is_wanted(&type, flags);
	receiver.type = type;
	msg = receive(ns, to_msg_queue(perm), &receiver, flags, copy);
	ipc_put(perm);
	if (IS_ERR(msg)) {
		kvfree(copy);
		return PTR_ERR(msg);
	}
	ret = store_msg(msgp, msg, room);
	kvfree(msg);
	return ret;
}

SYSCALL_DEFINE5(msgrcv, int, msqid, struct msgbuf __user *, msgp, size_t, msgsz, long, msgtyp,
		int, msgflg)
{
	struct msg_msg *copy = NULL;

	if (msqid < 0 || (long)msgsz < 0)
		return -EINVAL;
	if (msgflg & MSG_COPY) {
		if ((msgflg & MSG_EXCEPT) || !(msgflg & IPC_NOWAIT))
			return -EINVAL;
		copy = alloc_msg(min(msgsz, (size_t)READ_ONCE(current_ipc_ns()->msg_max)));
		if (IS_ERR(copy))
			return PTR_ERR(copy);
	}
	return msgrcv(msqid, msgp, msgsz, msgtyp, msgflg, copy);
}
