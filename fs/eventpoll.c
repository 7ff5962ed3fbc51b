// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll: a set of watched files that stays queued on their wait queues and keeps a list of those
 * that may be ready.
 * Locks, outermost first: epoll_mutex (who watches whom), ep->mtx (the set), ep->lock (the ready
 * list, taken by wake-ups inside other wait queues' locks).
 */
#include <linux/err.h>
#include <linux/eventpoll.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define EP_MAX_EVENTS		(INT_MAX / (int)sizeof(struct epoll_event))
#define EP_MAX_NESTS		4
#define EP_MODE_BITS		(EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
#define EP_EXCLUSIVE_OK		(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP |	\
				 EPOLLET | EPOLLEXCLUSIVE)

/*
 * Locks: [m] mtx   [l] lock
 */
struct eventpoll {
	struct mutex mtx;
	spinlock_t lock;
	struct rb_root items;		/* [m] by file and descriptor */
	struct list_head ready;		/* [l] items that may have events */
	bool scanned;			/* [l] who has mtx took them off, and may put them back */
	wait_queue_head_t waiters;	/* epoll_wait() */
	wait_queue_head_t pollers;	/* poll() of the epoll file itself */
	struct file *file;		/* [I] */
};

/*
 * One watched file. Locks: [m] ep->mtx   [l] ep->lock   [e] epoll_mutex   [I] immutable
 */
struct epitem {
	struct rb_node node;		/* [m] */
	struct list_head ready_link;	/* [l] */
	struct list_head file_link;	/* [e] file->f_ep_links */
	struct eventpoll *ep;		/* [I] */
	struct file *file;		/* [I] not counted: its end removes us */
	int fd;				/* [I] */
	struct epoll_event event;	/* [m] to write, [l] for event.events */
	struct list_head hooks;		/* [m] struct ep_hook */
	bool no_memory;			/* [m] a hook could not be made */
};

/* One wait queue of a watched file. */
struct ep_hook {
	struct list_head link;		/* [m] item->hooks */
	struct epitem *item;
	struct wait_queue_entry wait;
	wait_queue_head_t *queue;	/* NULL: it is gone */
};

struct ep_poll_table {
	poll_table pt;
	struct epitem *item;
};

static DEFINE_MUTEX(epoll_mutex);
static const struct file_operations eventpoll_fops;

static bool is_epoll(const struct file *file)
{
	return file->f_op == &eventpoll_fops;
}

/* ---- wake-ups from the watched files ---- */

/* After an item went on the ready list. Return: was anybody waiting? */
static bool wake_set(struct eventpoll *ep)
{
	bool waiting = wq_has_sleeper(&ep->waiters);

	if (waiting)
		wake_up(&ep->waiters);
	if (waitqueue_active(&ep->pollers))
		wake_up_poll(&ep->pollers, EPOLLIN);
	return waiting;
}

/*
 * The queue goes away before the watched file does (a signalfd's is its opener's): leave it.
 * Context: the queue's lock.
 */
static void leave_queue(struct ep_hook *hook)
{
	list_del_init(&hook->wait.entry);
	/* Whoever sees NULL need not wait for the lock that we hold. */
	smp_store_release(&hook->queue, NULL);
}

static int ep_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct ep_hook *hook = container_of(wait, struct ep_hook, wait);
	struct epitem *item = hook->item;
	struct eventpoll *ep = item->ep;
	__poll_t events = key_to_poll(key);
	unsigned long irq;
	bool wanted, woke = false;

	spin_lock_irqsave(&ep->lock, irq);
	/* A one-shot item that has fired is silent until EPOLL_CTL_MOD. */
	wanted = (item->event.events & ~EP_MODE_BITS) &&
		 (!events || (events & item->event.events));
	if (wanted && list_empty(&item->ready_link))
		list_add_tail(&item->ready_link, &ep->ready);
	/* A set that shares the queue is passed over while nobody waits for this one. */
	woke = !(item->event.events & EPOLLEXCLUSIVE);
	spin_unlock_irqrestore(&ep->lock, irq);
	if (wanted)
		woke |= wake_set(ep);
	if (events & POLLFREE)
		leave_queue(hook);
	return wanted && woke;
}

static void ep_queue(struct file *file, wait_queue_head_t *queue, poll_table *pt)
{
	struct epitem *item = container_of(pt, struct ep_poll_table, pt)->item;
	struct ep_hook *hook = kmalloc(sizeof(*hook), GFP_KERNEL);

	if (!hook) {
		item->no_memory = true;
		return;
	}
	hook->item = item;
	hook->queue = queue;
	init_waitqueue_func_entry(&hook->wait, ep_wake);
	list_add_tail(&hook->link, &item->hooks);
	if (item->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(queue, &hook->wait);
	else
		add_wait_queue(queue, &hook->wait);
}

static void drop_hooks(struct epitem *item)
{
	struct ep_hook *hook, *next;

	list_for_each_entry_safe(hook, next, &item->hooks, link) {
		wait_queue_head_t *queue;

		/* POLLFREE may take the queue away under us, but frees it after RCU only. */
		rcu_read_lock();
		queue = smp_load_acquire(&hook->queue);
		if (queue)
			remove_wait_queue(queue, &hook->wait);
		rcu_read_unlock();
		kfree(hook);
	}
	INIT_LIST_HEAD(&item->hooks);
}

/* What is true now of what the item asks for. Context: ep->mtx. */
static __poll_t item_events(struct epitem *item, poll_table *pt)
{
	pt->_key = item->event.events;
	return vfs_poll(item->file, pt) & item->event.events;
}

/* ---- the set ---- */

static int compare_item(const struct epitem *item, const struct file *file, int fd)
{
	if (item->file != file)
		return item->file < file ? -1 : 1;
	return item->fd < fd ? -1 : item->fd > fd;
}

static struct epitem *find_item(struct eventpoll *ep, struct file *file, int fd)
{
	struct rb_node *n = ep->items.rb_node;

	while (n) {
		struct epitem *item = rb_entry(n, struct epitem, node);
		int order = compare_item(item, file, fd);

		if (!order)
			return item;
		n = order < 0 ? n->rb_right : n->rb_left;
	}
	return NULL;
}

static void insert_item(struct eventpoll *ep, struct epitem *new)
{
	struct rb_node **link = &ep->items.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (compare_item(rb_entry(parent, struct epitem, node), new->file, new->fd) < 0)
			link = &parent->rb_right;
		else
			link = &parent->rb_left;
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, &ep->items);
}

static void mark_ready(struct eventpoll *ep, struct epitem *item)
{
	spin_lock_irq(&ep->lock);
	if (list_empty(&item->ready_link))
		list_add_tail(&item->ready_link, &ep->ready);
	spin_unlock_irq(&ep->lock);
	wake_set(ep);
}

/* Context: epoll_mutex and ep->mtx. */
static void remove_item(struct eventpoll *ep, struct epitem *item)
{
	drop_hooks(item);
	list_del(&item->file_link);
	rb_erase(&item->node, &ep->items);
	spin_lock_irq(&ep->lock);
	list_del_init(&item->ready_link);
	spin_unlock_irq(&ep->lock);
	kfree(item);
}

void eventpoll_release_file(struct file *file)
{
	mutex_lock(&epoll_mutex);
	while (!list_empty(&file->f_ep_links)) {
		struct epitem *item = list_first_entry(&file->f_ep_links, struct epitem,
						       file_link);
		struct eventpoll *ep = item->ep;

		mutex_lock(&ep->mtx);
		remove_item(ep, item);
		mutex_unlock(&ep->mtx);
	}
	mutex_unlock(&epoll_mutex);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event, struct file *file,
		     int fd)
{
	struct epitem *item = kzalloc(sizeof(*item), GFP_KERNEL);
	struct ep_poll_table ept = { .item = item };
	__poll_t events;

	if (!item)
		return -ENOMEM;
	INIT_LIST_HEAD(&item->ready_link);
	INIT_LIST_HEAD(&item->hooks);
	item->ep = ep;
	item->file = file;
	item->fd = fd;
	item->event = *event;
	list_add_tail(&item->file_link, &file->f_ep_links);
	insert_item(ep, item);

	init_poll_funcptr(&ept.pt, ep_queue);
	events = item_events(item, &ept.pt);
	if (item->no_memory) {
		remove_item(ep, item);
		return -ENOMEM;
	}
	if (events)
		mark_ready(ep, item);
	return 0;
}

static int ep_modify(struct eventpoll *ep, struct epitem *item, const struct epoll_event *event)
{
	poll_table pt;

	if ((item->event.events | event->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	spin_lock_irq(&ep->lock);
	item->event = *event;
	spin_unlock_irq(&ep->lock);
	/* Events between the old mask and the new one were not noted: look. */
	init_poll_funcptr(&pt, NULL);
	if (item_events(item, &pt))
		mark_ready(ep, item);
	return 0;
}

/* ---- no loops among sets that watch sets ---- */

/* Is @target reachable from @ep, or is the nesting below @ep too deep? Context: epoll_mutex. */
static bool reaches(struct eventpoll *ep, const struct eventpoll *target, int depth)
{
	struct rb_node *n;

	if (ep == target || depth > EP_MAX_NESTS)
		return true;
	for (n = rb_first(&ep->items); n; n = rb_next(n)) {
		struct epitem *item = rb_entry(n, struct epitem, node);

		if (is_epoll(item->file) &&
		    reaches(item->file->private_data, target, depth + 1))
			return true;
	}
	return false;
}

/* How many sets stand above @ep. Context: epoll_mutex. */
static int height_above(struct eventpoll *ep, int depth)
{
	struct epitem *item;
	int most = depth;

	if (depth > EP_MAX_NESTS)
		return depth;
	list_for_each_entry(item, &ep->file->f_ep_links, file_link)
		most = max(most, height_above(item->ep, depth + 1));
	return most;
}

static bool would_loop(struct eventpoll *ep, struct file *file)
{
	return is_epoll(file) && reaches(file->private_data, ep, height_above(ep, 0) + 1);
}

/* ---- system calls ---- */

static int ep_apply(struct eventpoll *ep, int op, struct file *file, int fd,
		    struct epoll_event *event)
{
	struct epitem *item = find_item(ep, file, fd);

	event->events |= EPOLLERR | EPOLLHUP;
	event->events &= ~EPOLLWAKEUP;
	switch (op) {
	case EPOLL_CTL_ADD:
		return item ? -EEXIST : ep_insert(ep, event, file, fd);
	case EPOLL_CTL_DEL:
		if (!item)
			return -ENOENT;
		remove_item(ep, item);
		return 0;
	case EPOLL_CTL_MOD:
		return item ? ep_modify(ep, item, event) : -ENOENT;
	}
	return -EINVAL;
}

static int check_exclusive(int op, const struct file *file, const struct epoll_event *event)
{
	if (op == EPOLL_CTL_DEL || !(event->events & EPOLLEXCLUSIVE))
		return 0;
	if (op == EPOLL_CTL_MOD)
		return -EINVAL;
	return is_epoll(file) || (event->events & ~EP_EXCLUSIVE_OK) ? -EINVAL : 0;
}

static int ep_ctl(struct file *epfile, int op, struct file *file, int fd,
		  struct epoll_event *event)
{
	struct eventpoll *ep = epfile->private_data;
	int err;

	if (!file_can_poll(file))
		return -EPERM;
	if (file == epfile || !is_epoll(epfile))
		return -EINVAL;
	err = check_exclusive(op, file, event);
	if (err)
		return err;
	mutex_lock(&epoll_mutex);
	if (op == EPOLL_CTL_ADD && would_loop(ep, file)) {
		err = -ELOOP;
	} else {
		mutex_lock(&ep->mtx);
		err = ep_apply(ep, op, file, fd, event);
		mutex_unlock(&ep->mtx);
	}
	mutex_unlock(&epoll_mutex);
	return err;
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, uevent)
{
	struct epoll_event event = { };
	struct fd ep, target;
	int err = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	ep = fdget(epfd);
	if (!ep.file)
		return -EBADF;
	target = fdget(fd);
	if (target.file) {
		err = ep_ctl(ep.file, op, target.file, fd, &event);
		fdput(target);
	}
	fdput(ep);
	return err;
}

/* ---- waiting ---- */

static struct epitem *pop_ready(struct eventpoll *ep, struct list_head *from)
{
	struct epitem *item = NULL;

	spin_lock_irq(&ep->lock);
	if (!list_empty(from)) {
		item = list_first_entry(from, struct epitem, ready_link);
		list_del_init(&item->ready_link);
	}
	spin_unlock_irq(&ep->lock);
	return item;
}

/* After reporting: one-shot items fall silent, level-triggered ones are looked at again. */
static void rearm(struct eventpoll *ep, struct epitem *item)
{
	spin_lock_irq(&ep->lock);
	if (item->event.events & EPOLLONESHOT)
		item->event.events &= EP_MODE_BITS;
	else if (!(item->event.events & EPOLLET) && list_empty(&item->ready_link))
		list_add_tail(&item->ready_link, &ep->ready);
	spin_unlock_irq(&ep->lock);
}

/* Take all that may be ready, to look at it. Context: ep->mtx, until give_back(). */
static void take_all(struct eventpoll *ep, struct list_head *scan)
{
	spin_lock_irq(&ep->lock);
	list_splice_init(&ep->ready, scan);
	ep->scanned = true;
	spin_unlock_irq(&ep->lock);
}

/* Put what was not looked at back in front. */
static bool give_back(struct eventpoll *ep, struct list_head *rest)
{
	bool more;

	spin_lock_irq(&ep->lock);
	list_splice_init(rest, &ep->ready);
	ep->scanned = false;
	more = !list_empty(&ep->ready);
	spin_unlock_irq(&ep->lock);
	return more;
}

static int send_events(struct eventpoll *ep, struct epoll_event __user *events, int max)
{
	struct epitem *item;
	LIST_HEAD(scan);
	poll_table pt;
	int n = 0, err = 0;

	init_poll_funcptr(&pt, NULL);
	mutex_lock(&ep->mtx);
	take_all(ep, &scan);
	while (n < max && (item = pop_ready(ep, &scan)) != NULL) {
		struct epoll_event found = {
			.events = item_events(item, &pt),
			.data = item->event.data,
		};

		if (!found.events)
			continue;
		if (copy_to_user(&events[n], &found, sizeof(found))) {
			mark_ready(ep, item);
			err = -EFAULT;
			break;
		}
		n++;
		rearm(ep, item);
	}
	if (give_back(ep, &scan))
		wake_set(ep);
	mutex_unlock(&ep->mtx);
	return n ?: err;
}

/* What is being looked at may be ready: send_events() waits for that, nobody wakes a sleeper. */
static bool may_be_ready(struct eventpoll *ep)
{
	bool may;

	spin_lock_irq(&ep->lock);
	may = ep->scanned || !list_empty(&ep->ready);
	spin_unlock_irq(&ep->lock);
	return may;
}

/*
 * Sleep until something may be ready. Return: 1, 0 when the time is over, -EINTR.
 *
 * Until finish_wait() the one wake-up for an event may be spent on us: then the event is ours,
 * signal or not, since nobody else was told.
 */
static int wait_ready(struct eventpoll *ep, const ktime_t *expires)
{
	DEFINE_WAIT(wait);
	int ret = 0;

	for (;;) {
		prepare_to_wait_exclusive(&ep->waiters, &wait, TASK_INTERRUPTIBLE);
		if (may_be_ready(ep)) {
			ret = 1;
			break;
		}
		if (signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		if (!schedule_hrtimeout(expires, HRTIMER_MODE_ABS))
			break;
	}
	finish_wait(&ep->waiters, &wait);
	return may_be_ready(ep) ? 1 : ret;
}

/* @expires: absolute, CLOCK_MONOTONIC; NULL for ever, 0 not at all. */
static int ep_wait(struct eventpoll *ep, struct epoll_event __user *events, int max,
		   const ktime_t *expires)
{
	int ret;

	for (;;) {
		if (may_be_ready(ep)) {
			ret = send_events(ep, events, max);
			if (ret)
				return ret;
		}
		if (expires && (!*expires || ktime_get() >= *expires))
			return 0;
		ret = wait_ready(ep, expires);
		if (ret <= 0)
			return ret;
	}
}

static int do_epoll_wait(int epfd, struct epoll_event __user *events, int max,
			 const ktime_t *expires)
{
	int ret = -EINVAL;
	struct fd f;

	if (max <= 0 || max > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(events, max * sizeof(*events)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	if (is_epoll(f.file))
		ret = ep_wait(f.file->private_data, events, max, expires);
	fdput(f);
	return ret;
}

static const ktime_t *ms_deadline(ktime_t *out, int ms)
{
	if (ms < 0)
		return NULL;
	*out = ms ? ktime_get() + ms_to_ktime(ms) : 0;
	return out;
}

SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events, int, maxevents,
		int, timeout)
{
	ktime_t expires;

	return do_epoll_wait(epfd, events, maxevents, ms_deadline(&expires, timeout));
}

static int do_epoll_pwait(int epfd, struct epoll_event __user *events, int max,
			  const ktime_t *expires, const sigset_t __user *mask, size_t size)
{
	int ret = set_user_sigmask(mask, size);

	if (ret)
		return ret;
	ret = do_epoll_wait(epfd, events, max, expires);
	restore_saved_sigmask_unless(ret == -EINTR);
	return ret;
}

SYSCALL_DEFINE6(epoll_pwait, int, epfd, struct epoll_event __user *, events, int, maxevents,
		int, timeout, const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	ktime_t expires;

	return do_epoll_pwait(epfd, events, maxevents, ms_deadline(&expires, timeout), sigmask,
			      sigsetsize);
}

SYSCALL_DEFINE6(epoll_pwait2, int, epfd, struct epoll_event __user *, events, int, maxevents,
		const struct __kernel_timespec __user *, timeout,
		const sigset_t __user *, sigmask, size_t, sigsetsize)
{
	struct __kernel_timespec ts;
	ktime_t expires;

	if (!timeout)
		return do_epoll_pwait(epfd, events, maxevents, NULL, sigmask, sigsetsize);
	if (copy_from_user(&ts, timeout, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || (u64)ts.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	expires = ktime_set(ts.tv_sec, ts.tv_nsec);
	if (expires)
		expires = ktime_add_safe(ktime_get(), expires);
	return do_epoll_pwait(epfd, events, maxevents, &expires, sigmask, sigsetsize);
}

/* ---- the epoll file ---- */

static __poll_t ep_poll(struct file *file, poll_table *pt)
{
	struct eventpoll *ep = file->private_data;
	struct epitem *item;
	LIST_HEAD(scan);
	__poll_t ret = 0;
	poll_table look;

	poll_wait(file, &ep->pollers, pt);
	init_poll_funcptr(&look, NULL);
	mutex_lock_nested(&ep->mtx, 1);
	take_all(ep, &scan);
	/* Items without events fall off the list here; the first with some ends the search. */
	while (!ret && (item = pop_ready(ep, &scan)) != NULL) {
		if (!item_events(item, &look))
			continue;
		ret = EPOLLIN | EPOLLRDNORM;
		spin_lock_irq(&ep->lock);
		if (list_empty(&item->ready_link))
			list_add(&item->ready_link, &ep->ready);
		spin_unlock_irq(&ep->lock);
	}
	give_back(ep, &scan);
	mutex_unlock(&ep->mtx);
	return ret;
}

static int ep_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *n;

	mutex_lock(&epoll_mutex);
	mutex_lock(&ep->mtx);
	while ((n = rb_first(&ep->items)) != NULL) {
		remove_item(ep, rb_entry(n, struct epitem, node));
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	mutex_unlock(&epoll_mutex);
	kfree(ep);
	return 0;
}

static void ep_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *n;

	mutex_lock(&ep->mtx);
	for (n = rb_first(&ep->items); n; n = rb_next(n)) {
		struct epitem *item = rb_entry(n, struct epitem, node);
		struct inode *inode = file_inode(item->file);

		seq_printf(m, "tfd: %8d events: %8x data: %16llx  pos:%lli ino:%lx sdev:%x\n",
			   item->fd, item->event.events, (long long)item->event.data,
			   (long long)item->file->f_pos, inode->i_ino, inode->i_sb->s_dev);
	}
	mutex_unlock(&ep->mtx);
}

static const struct file_operations eventpoll_fops = {
	.release	= ep_release,
	.poll		= ep_poll,
	.show_fdinfo	= ep_show_fdinfo,
	.llseek		= noop_llseek,
};

static int do_epoll_create(int flags)
{
	struct eventpoll *ep;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = kzalloc(sizeof(*ep), GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	mutex_init(&ep->mtx);
	spin_lock_init(&ep->lock);
	ep->items = RB_ROOT;
	INIT_LIST_HEAD(&ep->ready);
	init_waitqueue_head_nested(&ep->waiters);
	init_waitqueue_head_nested(&ep->pollers);
	fd = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd < 0) {
		kfree(ep);
		return fd;
	}
	ep->file = anon_inode_getfile("[eventpoll]", &eventpoll_fops, ep,
				      O_RDWR | (flags & O_CLOEXEC));
	if (IS_ERR(ep->file)) {
		int err = PTR_ERR(ep->file);

		put_unused_fd(fd);
		kfree(ep);
		return err;
	}
	fd_install(fd, ep->file);
	return fd;
}

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	return do_epoll_create(flags);
}

SYSCALL_DEFINE1(epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : do_epoll_create(0);
}
