// SPDX-License-Identifier: GPL-2.0-only
/*
 * User notification, seccomp(2) and seccomp_unotify(2): a call waits until another process, which
 * holds the listener, has answered for it. A listener belongs to one filter and one open file, and
 * goes with the last of the two. Locks: listener->lock for everything; a waiting call is on its
 * task's stack, and only that task takes it off the list.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <asm/syscall.h>
#include "seccomp.h"

/* What <linux/seccomp.h> of the first years called it. */
#define ID_VALID_AS_READ	SECCOMP_IOR(2, __u64)

enum state { WAITS, IS_READ, ANSWERED };

/* A descriptor on its way into the task that waits; on the listener's stack. [l] */
struct addfd {
	struct file *file;
	unsigned int fd, flags;		/* of the task; SECCOMP_ADDFD_FLAG_* */
	unsigned int fd_flags;		/* O_CLOEXEC */
	long result;
	struct completion done;
	struct list_head node;		/* call.addfds */
};

/* One call that waits. [l] the listener's lock */
struct call {
	struct task_struct *task;	/* [I] */
	const struct seccomp_data *data;	/* [I] */
	u64 id;				/* [I] */
	enum state state;		/* [l] */
	struct seccomp_notif_resp answer;	/* [l] */
	struct list_head addfds;	/* [l] */
	struct completion wake;		/* answered, or there is a descriptor to take */
	struct list_head node;		/* [l] */
};

/*
 * Locks: [l] lock   [a] atomic   [I] immutable
 */
struct seccomp_listener {
	refcount_t refs;		/* [a] the filter and the file */
	struct mutex lock;
	bool closed;			/* [l] nobody will answer any more */
	bool unused;			/* [l] no task has the filter any more */
	bool killable;			/* [I] a call that was read waits for a kill only */
	u64 next_id;			/* [l] */
	struct list_head calls;		/* [l] in the order in which they came */
	unsigned int nr[ANSWERED + 1];	/* [l] to write: how many are in which state */
	wait_queue_head_t wait;		/* readers and pollers */
};

struct seccomp_listener *seccomp_listener_alloc(bool killable)
{
	struct seccomp_listener *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return NULL;
	refcount_set(&l->refs, 1);
	mutex_init(&l->lock);
	INIT_LIST_HEAD(&l->calls);
	init_waitqueue_head(&l->wait);
	l->killable = killable;
	return l;
}

void seccomp_listener_put(struct seccomp_listener *l)
{
	if (l && refcount_dec_and_test(&l->refs))
		kfree(l);
}

/* The filter is nobody's any more. Context: any that may sleep. */
void seccomp_listener_orphan(struct seccomp_listener *l)
{
	if (!l)
		return;
	WRITE_ONCE(l->unused, true);
	wake_up_poll(&l->wait, EPOLLHUP);
	seccomp_listener_put(l);
}

/* Context: l->lock. */
static void set_state(struct seccomp_listener *l, struct call *call, enum state state)
{
	WRITE_ONCE(l->nr[call->state], l->nr[call->state] - 1);
	call->state = state;
	WRITE_ONCE(l->nr[state], l->nr[state] + 1);
}

static void enter(struct seccomp_listener *l, struct call *call)
{
	call->id = ++l->next_id;
	call->state = WAITS;
	WRITE_ONCE(l->nr[WAITS], l->nr[WAITS] + 1);
	list_add_tail(&call->node, &l->calls);
	wake_up_poll(&l->wait, EPOLLIN);
}

static void leave(struct seccomp_listener *l, struct call *call)
{
	WRITE_ONCE(l->nr[call->state], l->nr[call->state] - 1);
	list_del(&call->node);
}

bool seccomp_listener_open(const struct seccomp_listener *l)
{
	return l && !READ_ONCE(l->closed);
}

/* ---- the task that makes the call ---- */

static void take_descriptor(struct seccomp_listener *l, struct call *call, struct addfd *add)
{
	list_del_init(&add->node);
	if (add->flags & SECCOMP_ADDFD_FLAG_SETFD)
		add->result = replace_fd(add->fd, add->file, add->fd_flags) < 0 ? -EBADF : add->fd;
	else
		add->result = receive_fd(add->file, NULL, add->fd_flags);
	if (add->result >= 0 && (add->flags & SECCOMP_ADDFD_FLAG_SEND)) {
		set_state(l, call, ANSWERED);
		call->answer = (struct seccomp_notif_resp){ .val = add->result };
	}
	complete(&add->done);
}

static void take_descriptors(struct seccomp_listener *l, struct call *call)
{
	struct addfd *add, *next;

	list_for_each_entry_safe(add, next, &call->addfds, node)
		if (call->state != ANSWERED)
			take_descriptor(l, call, add);
}

/* The call ends: who brings a descriptor now is too late. */
static void refuse_descriptors(struct call *call)
{
	struct addfd *add, *next;

	list_for_each_entry_safe(add, next, &call->addfds, node) {
		list_del_init(&add->node);
		add->result = -ESRCH;
		complete(&add->done);
	}
}

/* Context: l->lock, dropped meanwhile. Return: 0 when answered, -ERESTARTSYS. */
static int wait_for_answer(struct seccomp_listener *l, struct call *call)
{
	bool killable;
	int err = 0;

	while (call->state != ANSWERED && !err) {
		killable = l->killable && call->state == IS_READ;
		mutex_unlock(&l->lock);
		err = killable ? wait_for_completion_killable(&call->wake) :
				 wait_for_completion_interruptible(&call->wake);
		mutex_lock(&l->lock);
		/* It was read while it slept: from now on only a kill counts. */
		if (err && !killable && l->killable && call->state == IS_READ)
			err = 0;
		if (!err)
			take_descriptors(l, call);
	}
	return call->state == ANSWERED ? 0 : err;
}

/**
 * seccomp_notify - let the listener decide about current's call
 * @l: the filter's, or NULL
 * @regs: get the answer
 * @data: the call
 *
 * Context: task, may sleep. Return: true when the call is to be made after all.
 */
bool seccomp_notify(struct seccomp_listener *l, struct pt_regs *regs,
		    const struct seccomp_data *data)
{
	struct call call = { .task = current, .data = data };
	int err = -ENOSYS;

	INIT_LIST_HEAD(&call.addfds);
	init_completion(&call.wake);
	if (l) {
		mutex_lock(&l->lock);
		if (!l->closed) {
			enter(l, &call);
			err = wait_for_answer(l, &call);
			refuse_descriptors(&call);
			leave(l, &call);
		}
		mutex_unlock(&l->lock);
	}
	if (!err && (call.answer.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE))
		return true;
	syscall_set_return_value(regs, err ?: call.answer.error, call.answer.val);
	return false;
}

/* ---- the listener ---- */

static struct call *find_state(struct seccomp_listener *l, enum state state)
{
	struct call *call;

	list_for_each_entry(call, &l->calls, node)
		if (call->state == state)
			return call;
	return NULL;
}

static struct call *find_id(struct seccomp_listener *l, u64 id)
{
	struct call *call;

	list_for_each_entry(call, &l->calls, node)
		if (call->id == id)
			return call;
	return NULL;
}

/* The caller hands in zeroes, so that later kernels can ask for more. */
static int check_zeroes(const void __user *user)
{
	struct seccomp_notif zeroes;

	if (copy_from_user(&zeroes, user, sizeof(zeroes)))
		return -EFAULT;
	return memchr_inv(&zeroes, 0, sizeof(zeroes)) ? -EINVAL : 0;
}

static long receive(struct seccomp_listener *l, void __user *user)
{
	struct seccomp_notif notif = { };
	struct call *call;
	long err = check_zeroes(user);

	if (!err && wait_event_interruptible(l->wait, READ_ONCE(l->nr[WAITS]) ||
					     READ_ONCE(l->unused)))
		err = -EINTR;
	if (err)
		return err;
	mutex_lock(&l->lock);
	call = find_state(l, WAITS);
	if (call) {
		notif.id = call->id;
		notif.pid = task_pid_vnr(call->task);
		notif.data = *call->data;
		set_state(l, call, IS_READ);
		wake_up_poll(&l->wait, EPOLLOUT);
	}
	mutex_unlock(&l->lock);
	if (!call)
		return -ENOENT;
	if (!copy_to_user(user, &notif, sizeof(notif)))
		return 0;
	/* As if it had not been read; it may be gone by now. */
	mutex_lock(&l->lock);
	call = find_id(l, notif.id);
	if (call && call->state == IS_READ) {
		set_state(l, call, WAITS);
		wake_up_poll(&l->wait, EPOLLIN);
	}
	mutex_unlock(&l->lock);
	return -EFAULT;
}

static long answer(struct seccomp_listener *l, const void __user *user)
{
	struct seccomp_notif_resp resp;
	struct call *call;
	long err = 0;

	if (copy_from_user(&resp, user, sizeof(resp)))
		return -EFAULT;
	if (resp.flags & ~SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		return -EINVAL;
	if (resp.flags && (resp.error || resp.val))
		return -EINVAL;
	mutex_lock(&l->lock);
	call = find_id(l, resp.id);
	if (!call)
		err = -ENOENT;
	else if (call->state != IS_READ)
		err = -EINPROGRESS;
	if (!err) {
		set_state(l, call, ANSWERED);
		call->answer = resp;
		complete(&call->wake);
	}
	mutex_unlock(&l->lock);
	return err;
}

static long id_valid(struct seccomp_listener *l, const u64 __user *user)
{
	struct call *call;
	long err = -ENOENT;
	u64 id;

	if (copy_from_user(&id, user, sizeof(id)))
		return -EFAULT;
	mutex_lock(&l->lock);
	call = find_id(l, id);
	if (call && call->state == IS_READ)
		err = 0;
	mutex_unlock(&l->lock);
	return err;
}

/* Context: l->lock. Return: 0, or why @add cannot be given to @call. */
static long hand_over(struct call *call, struct addfd *add)
{
	if (!call)
		return -ENOENT;
	if (call->state != IS_READ)
		return -EINPROGRESS;
	/* Its number is to be the answer: no other may be on the way. */
	if ((add->flags & SECCOMP_ADDFD_FLAG_SEND) && !list_empty(&call->addfds))
		return -EBUSY;
	list_add_tail(&add->node, &call->addfds);
	complete(&call->wake);
	return 0;
}

static long wait_until_taken(struct seccomp_listener *l, struct addfd *add)
{
	long err = wait_for_completion_interruptible(&add->done);

	mutex_lock(&l->lock);
	if (err && !list_empty(&add->node))
		list_del(&add->node);
	else
		err = add->result;	/* it had been taken in spite of the signal */
	mutex_unlock(&l->lock);
	return err;
}

/* The first one that there was; a later, longer one is taken as far as its rest is zero. */
#define ADDFD_SIZE_VER0	24

/* A request whose record may grow is known by the rest of its number. */
static unsigned int without_size(unsigned int cmd)
{
	return _IOC(_IOC_NONE, _IOC_TYPE(cmd), _IOC_NR(cmd), 0);
}

static long give_descriptor(struct seccomp_listener *l, const void __user *user, size_t size)
{
	struct seccomp_notif_addfd arg;
	struct addfd add = { };
	long err;

	if (size < ADDFD_SIZE_VER0 || size >= PAGE_SIZE)
		return -EINVAL;
	err = copy_struct_from_user(&arg, sizeof(arg), user, size);
	if (err)
		return err;
	if ((arg.newfd_flags & ~O_CLOEXEC) ||
	    (arg.flags & ~(SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND)) ||
	    (arg.newfd && !(arg.flags & SECCOMP_ADDFD_FLAG_SETFD)))
		return -EINVAL;
	add.file = fget(arg.srcfd);
	if (!add.file)
		return -EBADF;
	add.fd = arg.newfd;
	add.flags = arg.flags;
	add.fd_flags = arg.newfd_flags;
	init_completion(&add.done);
	mutex_lock(&l->lock);
	err = hand_over(find_id(l, arg.id), &add);
	mutex_unlock(&l->lock);
	if (!err)
		err = wait_until_taken(l, &add);
	fput(add.file);
	return err;
}

static long notify_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct seccomp_listener *l = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case SECCOMP_IOCTL_NOTIF_RECV:
		return receive(l, user);
	case SECCOMP_IOCTL_NOTIF_SEND:
		return answer(l, user);
	case SECCOMP_IOCTL_NOTIF_ID_VALID:
	case ID_VALID_AS_READ:
		return id_valid(l, user);
	}
	if (without_size(cmd) == without_size(SECCOMP_IOCTL_NOTIF_ADDFD))
		return give_descriptor(l, user, _IOC_SIZE(cmd));
	return -EINVAL;
}

static __poll_t notify_poll(struct file *file, poll_table *pt)
{
	struct seccomp_listener *l = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &l->wait, pt);
	if (READ_ONCE(l->nr[WAITS]))
		events |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(l->nr[IS_READ]))
		events |= EPOLLOUT | EPOLLWRNORM;
	if (READ_ONCE(l->unused))
		events |= EPOLLHUP;
	return events;
}

/* Nobody is left to answer: calls that wait fail as if nobody had ever listened. */
static int notify_release(struct inode *inode, struct file *file)
{
	struct seccomp_listener *l = file->private_data;
	struct call *call;

	mutex_lock(&l->lock);
	WRITE_ONCE(l->closed, true);
	list_for_each_entry(call, &l->calls, node) {
		if (call->state == ANSWERED)
			continue;
		set_state(l, call, ANSWERED);
		call->answer = (struct seccomp_notif_resp){ .error = -ENOSYS };
		complete(&call->wake);
	}
	mutex_unlock(&l->lock);
	seccomp_listener_put(l);
	return 0;
}

static const struct file_operations notify_fops = {
	.ioctl		= notify_ioctl,
	.poll		= notify_poll,
	.release	= notify_release,
	.llseek		= no_llseek,
};

/* Return: an open file, which holds a reference, or ERR_PTR. */
struct file *seccomp_listener_file(struct seccomp_listener *l)
{
	struct file *file = anon_inode_getfile("seccomp notify", &notify_fops, l, O_RDWR);

	if (!IS_ERR(file))
		refcount_inc(&l->refs);
	return file;
}
