// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending to and receiving from POSIX message queues, and being told. The highest priority goes
 * first, of messages and of those that wait; within one, the oldest.
 * Locks: the queue's own. Sleepers take it before they go on, so wakers may use their stacks.
 */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/hrtimer.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <net/sock.h>
#include "mqueue.h"

/* ---- the queue; context: locked ---- */

static void insert_msg(struct mqueue *mq, struct mq_msg *msg)
{
	struct rb_node **link = &mq->messages.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		/* Behind those of the same priority. */
		link = msg->prio > rb_entry(parent, struct mq_msg, node)->prio ?
		       &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&msg->node, parent, link);
	rb_insert_color(&msg->node, &mq->messages);
	mq->attr.mq_curmsgs++;
	mq->bytes += msg->size;
}

static struct mq_msg *take_msg(struct mqueue *mq)
{
	struct mq_msg *msg = rb_entry(rb_first(&mq->messages), struct mq_msg, node);

	rb_erase(&msg->node, &mq->messages);
	mq->attr.mq_curmsgs--;
	mq->bytes -= msg->size;
	return msg;
}

void mq_free_messages(struct mqueue *mq)
{
	while (!RB_EMPTY_ROOT(&mq->messages))
		kvfree(take_msg(mq));
}

static struct mq_msg *load_msg(const void __user *text, size_t size, unsigned int prio)
{
	struct mq_msg *msg = kvmalloc(sizeof(*msg) + size, GFP_KERNEL);

	if (!msg)
		return ERR_PTR(-ENOMEM);
	msg->size = size;
	msg->prio = prio;
	if (!copy_from_user(msg->text, text, size))
		return msg;
	kvfree(msg);
	return ERR_PTR(-EFAULT);
}

/* ---- waiting ---- */

/* Behind all that are at least as urgent. A lower number is more urgent. */
static void enqueue(struct list_head *queue, struct mq_waiter *waiter)
{
	struct mq_waiter *other;

	list_for_each_entry(other, queue, list)
		if (other->task->prio > waiter->task->prio)
			break;
	list_add_tail(&waiter->list, &other->list);
}

static void finish(struct mq_waiter *waiter, struct mq_msg *msg)
{
	list_del(&waiter->list);
	waiter->msg = msg;
	waiter->done = true;
	wake_up_process(waiter->task);
}

static struct mq_waiter *first_waiter(struct list_head *queue)
{
	return list_empty(queue) ? NULL : list_first_entry(queue, struct mq_waiter, list);
}

/*
 * Until another side serves us. Context: locked, both ways.
 * Return: 0, -ERESTARTSYS, -ETIMEDOUT.
 */
static int wait_turn(struct mqueue *mq, struct list_head *queue, struct mq_waiter *waiter,
		     const ktime_t *until)
{
	bool late = false;

	waiter->task = current;
	waiter->done = false;
	enqueue(queue, waiter);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&mq->lock);
		if (until)
			late = !schedule_hrtimeout_clock(until, HRTIMER_MODE_ABS, CLOCK_REALTIME);
		else
			schedule();
		__set_current_state(TASK_RUNNING);
		spin_lock(&mq->lock);
		if (waiter->done)
			return 0;
		if (late || signal_pending(current))
			break;
	}
	list_del(&waiter->list);
	return signal_pending(current) ? -ERESTARTSYS : -ETIMEDOUT;
}

/* ---- being told: mq_notify(3) ---- */

/* It is used up or given up; finish it without the lock. Context: locked. */
static void take_notification(struct mqueue *mq, struct mq_notification *out)
{
	*out = mq->notify;
	mq->notify.owner = NULL;
}

/*
 * No permission is asked for: the receiver wanted it. The sender's ids are told as the receiver's
 * namespaces number them; 0 is a sender that they do not know.
 */
static void send_signal(const struct mq_notification *notification)
{
	struct task_struct *tsk;
	kernel_siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = notification->signo;
	info.si_code = SI_MESGQ;
	info.si_value = notification->value;
	rcu_read_lock();
	tsk = pid_task(notification->owner, PIDTYPE_TGID);
	if (tsk) {
		info.si_pid = task_tgid_nr_ns(current, ns_of_pid(notification->owner));
		info.si_uid = from_kuid_munged(task_cred_field(tsk, user_ns), current_uid());
		do_send_sig_info(info.si_signo, &info, tsk, PIDTYPE_TGID);
	}
	rcu_read_unlock();
}

/* @code: NOTIFY_WOKENUP: a message came; NOTIFY_REMOVED: none will. Context: no lock held. */
static void finish_notification(struct mq_notification *notification, int code)
{
	if (!notification->owner)
		return;
	if (notification->sock) {
		notification->cookie[NOTIFY_COOKIE_LEN - 1] = code;
		netlink_sock_send(notification->sock, notification->cookie, NOTIFY_COOKIE_LEN);
		sock_put(notification->sock);
	} else if (code == NOTIFY_WOKENUP && notification->how == SIGEV_SIGNAL &&
		   notification->signo) {
		send_signal(notification);
	}
	put_pid(notification->owner);
}

void mq_drop_notification(struct mqueue *mq)
{
	finish_notification(&mq->notify, NOTIFY_REMOVED);
}

/* ---- mq_timedsend(2) ---- */

static int send_msg(struct mqueue *mq, struct mq_msg *msg, bool block, const ktime_t *until,
		    struct mq_notification *tell)
{
	struct mq_waiter waiter = { .msg = msg }, *receiver;

	if (mq->attr.mq_curmsgs == mq->attr.mq_maxmsg)
		return block ? wait_turn(mq, &mq->senders, &waiter, until) : -EAGAIN;
	receiver = first_waiter(&mq->receivers);
	if (receiver) {
		finish(receiver, msg);
		return 0;
	}
	insert_msg(mq, msg);
	if (mq->attr.mq_curmsgs == 1)
		take_notification(mq, tell);
	wake_up_poll(&mq->pollers, EPOLLIN | EPOLLRDNORM);
	return 0;
}

static int do_send(struct file *file, const char __user *text, size_t size, unsigned int prio,
		   const ktime_t *until)
{
	struct mq_notification tell = {};
	struct mqueue *mq;
	struct mq_msg *msg;
	int err;

	if (file->f_op != &mqueue_file_operations || !(file->f_mode & FMODE_WRITE))
		return -EBADF;
	mq = mqueue_of(file_inode(file));
	if (size > (size_t)mq->attr.mq_msgsize)
		return -EMSGSIZE;
	msg = load_msg(text, size, prio);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	spin_lock(&mq->lock);
	err = send_msg(mq, msg, !(file->f_flags & O_NONBLOCK), until, &tell);
	spin_unlock(&mq->lock);
	if (err) {
		kvfree(msg);
		return err;
	}
	inode_touch(file_inode(file), S_ATIME | S_MTIME | S_CTIME);
	finish_notification(&tell, NOTIFY_WOKENUP);
	return 0;
}

/* Return: 0 with *@until set to it or to NULL, -EFAULT, -EINVAL. */
static int get_deadline(const struct __kernel_timespec __user *from, ktime_t *value,
			const ktime_t **until)
{
	struct timespec64 ts;

	*until = NULL;
	if (!from)
		return 0;
	if (get_timespec64(&ts, from))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	*value = timespec64_to_ktime(ts);
	*until = value;
	return 0;
}

SYSCALL_DEFINE5(mq_timedsend, int, mqdes, const char __user *, text, size_t, size,
		unsigned int, prio, const struct __kernel_timespec __user *, utimeout)
{
	const ktime_t *until;
	ktime_t value;
	struct fd f;
	int err;

	err = get_deadline(utimeout, &value, &until);
	if (err)
		return err;
	if (prio >= MQ_PRIO_MAX)
		return -EINVAL;
	f = fdget(mqdes);
	if (!f.file)
		return -EBADF;
	err = do_send(f.file, text, size, prio, until);
	fdput(f);
	return err;
}

/* ---- mq_timedreceive(2) ---- */

/* Context: locked. Return: the message or ERR_PTR. */
static struct mq_msg *receive_msg(struct mqueue *mq, bool block, const ktime_t *until)
{
	struct mq_waiter waiter = {}, *sender;
	struct mq_msg *msg;
	int err;

	if (!mq->attr.mq_curmsgs) {
		if (!block)
			return ERR_PTR(-EAGAIN);
		err = wait_turn(mq, &mq->receivers, &waiter, until);
		return err ? ERR_PTR(err) : waiter.msg;
	}
	msg = take_msg(mq);
	sender = first_waiter(&mq->senders);
	if (sender) {
		insert_msg(mq, sender->msg);
		finish(sender, NULL);
	} else {
		wake_up_poll(&mq->pollers, EPOLLOUT | EPOLLWRNORM);
	}
	return msg;
}

static ssize_t do_receive(struct file *file, char __user *text, size_t size,
			  unsigned int __user *uprio, const ktime_t *until)
{
	struct mqueue *mq;
	struct mq_msg *msg;
	ssize_t ret;

	if (file->f_op != &mqueue_file_operations || !(file->f_mode & FMODE_READ))
		return -EBADF;
	mq = mqueue_of(file_inode(file));
	if (size < (size_t)mq->attr.mq_msgsize)
		return -EMSGSIZE;
	spin_lock(&mq->lock);
	msg = receive_msg(mq, !(file->f_flags & O_NONBLOCK), until);
	spin_unlock(&mq->lock);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	inode_touch(file_inode(file), S_ATIME | S_MTIME | S_CTIME);
	ret = msg->size;
	if ((uprio && put_user(msg->prio, uprio)) || copy_to_user(text, msg->text, msg->size))
		ret = -EFAULT;
	kvfree(msg);
	return ret;
}

SYSCALL_DEFINE5(mq_timedreceive, int, mqdes, char __user *, text, size_t, size,
		unsigned int __user *, prio, const struct __kernel_timespec __user *, utimeout)
{
	const ktime_t *until;
	ktime_t value;
	ssize_t ret;
	struct fd f;

	ret = get_deadline(utimeout, &value, &until);
	if (ret)
		return ret;
	f = fdget(mqdes);
	if (!f.file)
		return -EBADF;
	ret = do_receive(f.file, text, size, prio, until);
	fdput(f);
	return ret;
}

/* ---- mq_notify(2), mq_getsetattr(2) ---- */

/* SIGEV_THREAD goes through a netlink socket, whose number stands where the signal's would. */
static int get_thread_notification(const struct sigevent *event, struct mq_notification *new)
{
	struct socket *sock;
	struct fd f;
	int err = 0;

	if (copy_from_user(new->cookie, event->sigev_value.sival_ptr, NOTIFY_COOKIE_LEN))
		return -EFAULT;
	f = fdget(event->sigev_signo);
	if (!f.file)
		return -EBADF;
	sock = file_is_socket(f.file) ? sock_from_file(f.file) : NULL;
	if (!sock)
		err = -ENOTSOCK;
	else if (sock->sk->family != AF_NETLINK)
		err = -EINVAL;
	else
		new->sock = sock_hold(sock->sk);
	fdput(f);
	return err;
}

static int get_notification(const struct sigevent *event, struct mq_notification *new)
{
	new->how = event->sigev_notify;
	new->signo = event->sigev_signo;
	new->value = event->sigev_value;
	switch (event->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
		return valid_signal(event->sigev_signo) ? 0 : -EINVAL;
	case SIGEV_THREAD:
		return get_thread_notification(event, new);
	default:
		return -EINVAL;
	}
}

/* Return: 0, or -EBUSY when somebody is registered already. */
static int register_notification(struct mqueue *mq, struct mq_notification *new)
{
	int err = 0;

	spin_lock(&mq->lock);
	if (mq->notify.owner) {
		err = -EBUSY;
	} else {
		new->owner = get_pid(task_tgid(current));
		mq->notify = *new;
		new->sock = NULL;
	}
	spin_unlock(&mq->lock);
	return err;
}

/* The caller's own; another process's stays. */
static void unregister_notification(struct mqueue *mq)
{
	struct mq_notification old = {};

	spin_lock(&mq->lock);
	if (mq->notify.owner && mq->notify.owner == task_tgid(current))
		take_notification(mq, &old);
	spin_unlock(&mq->lock);
	finish_notification(&old, NOTIFY_REMOVED);
}

/* @new NULL: no longer. */
static int set_notification(int mqdes, struct mq_notification *new)
{
	struct fd f = fdget(mqdes);
	int err = -EBADF;

	if (!f.file)
		return -EBADF;
	if (f.file->f_op == &mqueue_file_operations) {
		err = 0;
		if (new)
			err = register_notification(mqueue_of(file_inode(f.file)), new);
		else
			unregister_notification(mqueue_of(file_inode(f.file)));
	}
	fdput(f);
	return err;
}

SYSCALL_DEFINE2(mq_notify, int, mqdes, const struct sigevent __user *, uevent)
{
	struct mq_notification new = {};
	struct sigevent event;
	int err;

	if (!uevent)
		return set_notification(mqdes, NULL);
	if (copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	err = get_notification(&event, &new);
	if (!err)
		err = set_notification(mqdes, &new);
	if (new.sock)
		sock_put(new.sock);
	return err;
}

static void get_set_flags(struct file *file, const struct mq_attr *new, struct mq_attr *old)
{
	struct mqueue *mq = mqueue_of(file_inode(file));

	spin_lock(&mq->lock);
	*old = mq->attr;
	spin_unlock(&mq->lock);
	old->mq_flags = file->f_flags & O_NONBLOCK;
	if (!new)
		return;
	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~O_NONBLOCK) | (new->mq_flags & O_NONBLOCK);
	spin_unlock(&file->f_lock);
	inode_touch(file_inode(file), S_ATIME | S_CTIME);
}

SYSCALL_DEFINE3(mq_getsetattr, int, mqdes, const struct mq_attr __user *, unew,
		struct mq_attr __user *, uold)
{
	struct mq_attr new, old;
	struct fd f;

	if (unew && copy_from_user(&new, unew, sizeof(new)))
		return -EFAULT;
	if (unew && (new.mq_flags & ~O_NONBLOCK))
		return -EINVAL;
	f = fdget(mqdes);
	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &mqueue_file_operations) {
		fdput(f);
		return -EBADF;
	}
	get_set_flags(f.file, unew ? &new : NULL, &old);
	fdput(f);
	return uold && copy_to_user(uold, &old, sizeof(old)) ? -EFAULT : 0;
}

/* ---- the queue as a file ---- */

static ssize_t mqueue_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct mqueue *mq = mqueue_of(file_inode(file));
	char text[80];
	int n;

	spin_lock(&mq->lock);
	n = scnprintf(text, sizeof(text), "QSIZE:%-10lu NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n",
		      mq->bytes, mq->notify.owner ? mq->notify.how : 0,
		      mq->notify.owner && mq->notify.how == SIGEV_SIGNAL ? mq->notify.signo : 0,
		      pid_vnr(mq->notify.owner));
	spin_unlock(&mq->lock);
	return simple_copy_to_iter(text, n, pos, to);
}

static __poll_t mqueue_poll(struct file *file, poll_table *pt)
{
	struct mqueue *mq = mqueue_of(file_inode(file));
	__poll_t events = 0;

	poll_wait(file, &mq->pollers, pt);
	spin_lock(&mq->lock);
	if (mq->attr.mq_curmsgs)
		events |= EPOLLIN | EPOLLRDNORM;
	if (mq->attr.mq_curmsgs < mq->attr.mq_maxmsg)
		events |= EPOLLOUT | EPOLLWRNORM;
	spin_unlock(&mq->lock);
	return events;
}

/* Who closes any of its descriptors of the queue is not told any more. */
static int mqueue_flush(struct file *file, fl_owner_t id)
{
	unregister_notification(mqueue_of(file_inode(file)));
	return 0;
}

const struct file_operations mqueue_file_operations = {
	.flush		= mqueue_flush,
	.poll		= mqueue_poll,
	.read_iter	= mqueue_read,
	.llseek		= default_llseek,
};
