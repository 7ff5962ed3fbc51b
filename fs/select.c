// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll and select: ask each file for its events, leaving an entry on its wait queues the first
 * time round, and sleep until one of them is woken.
 * Locks: none of its own; an entry is on its queue's list under that queue's lock.
 */
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/personality.h>

#define POLLIN_SET	(EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR)
#define POLLOUT_SET	(EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR)
#define POLLEX_SET	EPOLLPRI

typedef __kernel_fd_set fd_set;

#define INLINE_ENTRIES	8
#define INLINE_POLLFDS	16
#define FDS_WORDS(n)	(((n) + 63) / 64)

/* One wait queue we stand on. */
struct poll_entry {
	struct file *file;		/* held */
	__poll_t key;			/* wake-ups for other events are not for us */
	struct wait_queue_entry wait;
	wait_queue_head_t *queue;
};

struct poll_chunk {
	struct poll_chunk *next;
	unsigned int used;
	struct poll_entry entries[];
};
#define CHUNK_ENTRIES	((PAGE_SIZE - sizeof(struct poll_chunk)) / sizeof(struct poll_entry))

/* One call's entries. Freed by its owner only, after all are off their queues. */
struct poll_wqueues {
	poll_table pt;
	struct task_struct *task;
	bool triggered;			/* set by wakers: look again before sleeping */
	int error;			/* -ENOMEM: an entry could not be made */
	unsigned int used;
	struct poll_chunk *chunks;
	struct poll_entry inline_entries[INLINE_ENTRIES];
};

static int poll_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct poll_entry *entry = container_of(wait, struct poll_entry, wait);
	struct poll_wqueues *pwq = wait->private;

	if (key && !((unsigned long)key & entry->key))
		return 0;
	smp_store_release(&pwq->triggered, true);
	return wake_up_state(pwq->task, mode);
}

static struct poll_entry *new_entry(struct poll_wqueues *pwq)
{
	struct poll_chunk *chunk = pwq->chunks;

	if (pwq->used < INLINE_ENTRIES)
		return &pwq->inline_entries[pwq->used++];
	if (!chunk || chunk->used == CHUNK_ENTRIES) {
		chunk = (struct poll_chunk *)__get_free_page(GFP_KERNEL);
		if (!chunk) {
			pwq->error = -ENOMEM;
			return NULL;
		}
		chunk->used = 0;
		chunk->next = pwq->chunks;
		pwq->chunks = chunk;
	}
	return &chunk->entries[chunk->used++];
}

static void poll_queue(struct file *file, wait_queue_head_t *queue, poll_table *pt)
{
	struct poll_wqueues *pwq = container_of(pt, struct poll_wqueues, pt);
	struct poll_entry *entry = new_entry(pwq);

	if (!entry)
		return;
	entry->file = get_file(file);
	entry->queue = queue;
	entry->key = pt->_key;
	init_waitqueue_func_entry(&entry->wait, poll_wake);
	entry->wait.private = pwq;
	add_wait_queue(queue, &entry->wait);
}

static void poll_init(struct poll_wqueues *pwq, bool may_sleep)
{
	init_poll_funcptr(&pwq->pt, may_sleep ? poll_queue : NULL);
	pwq->task = current;
	pwq->triggered = false;
	pwq->error = 0;
	pwq->used = 0;
	pwq->chunks = NULL;
}

static void free_entries(struct poll_entry *entries, unsigned int n)
{
	while (n--) {
		remove_wait_queue(entries[n].queue, &entries[n].wait);
		fput(entries[n].file);
	}
}

static void poll_free(struct poll_wqueues *pwq)
{
	struct poll_chunk *chunk, *next;

	free_entries(pwq->inline_entries, pwq->used);
	for (chunk = pwq->chunks; chunk; chunk = next) {
		next = chunk->next;
		free_entries(chunk->entries, chunk->used);
		free_page((unsigned long)chunk);
	}
}

/* Sleep unless a queue was woken since the last look. Return: false when the time is over. */
static bool poll_sleep(struct poll_wqueues *pwq, const ktime_t *expires)
{
	bool in_time = true;

	set_current_state(TASK_INTERRUPTIBLE);
	if (!READ_ONCE(pwq->triggered))
		in_time = schedule_hrtimeout(expires, HRTIMER_MODE_ABS) != 0;
	__set_current_state(TASK_RUNNING);
	/* Cleared before the next look, so that a wake-up during it is not lost. */
	(void)xchg(&pwq->triggered, false);
	return in_time;
}

/*
 * Repeat @look until it finds events, fails, a signal comes, or the time is over.
 * @expires: absolute, CLOCK_MONOTONIC; NULL waits for ever, 0 does not wait.
 */
static int poll_loop(struct poll_wqueues *pwq, const ktime_t *expires,
		     int (*look)(struct poll_wqueues *pwq, void *arg), void *arg)
{
	bool timed_out = expires && *expires == 0;
	int found;

	for (;;) {
		found = look(pwq, arg);
		/* Once round, every file has been queued on. */
		pwq->pt._qproc = NULL;
		if (found)
			return found;
		if (pwq->error)
			return pwq->error;
		if (timed_out)
			return 0;
		if (signal_pending(current))
			return -ERESTARTNOHAND;
		if (!poll_sleep(pwq, expires))
			timed_out = true;
		cond_resched();
	}
}

/* A relative time to an absolute one. Return: @out, NULL for "for ever". */
static const ktime_t *deadline(ktime_t *out, bool has_timeout, s64 sec, long nsec)
{
	if (!has_timeout)
		return NULL;
	*out = sec || nsec ? ktime_add_safe(ktime_get(), ktime_set(sec, nsec)) : 0;
	return out;
}

/* ---- poll ---- */

struct poll_request {
	struct pollfd *fds;
	unsigned int nfds;
};

static __poll_t poll_one(struct pollfd *pfd, poll_table *pt)
{
	__poll_t filter, mask;
	struct fd f;

	if (pfd->fd < 0)
		return 0;
	f = fdget(pfd->fd);
	if (!f.file)
		return EPOLLNVAL;
	filter = (u16)pfd->events | EPOLLERR | EPOLLHUP;
	pt->_key = filter;
	mask = vfs_poll(f.file, pt) & filter;
	fdput(f);
	return mask;
}

static int poll_look(struct poll_wqueues *pwq, void *arg)
{
	struct poll_request *req = arg;
	unsigned int i;
	int count = 0;

	for (i = 0; i < req->nfds; i++) {
		req->fds[i].revents = poll_one(&req->fds[i], &pwq->pt);
		if (req->fds[i].revents) {
			count++;
			/* Something to report: no need to be woken by the others. */
			pwq->pt._qproc = NULL;
		}
	}
	return count;
}

static int put_revents(struct pollfd __user *ufds, const struct poll_request *req)
{
	unsigned int i;

	for (i = 0; i < req->nfds; i++)
		if (put_user(req->fds[i].revents, &ufds[i].revents))
			return -EFAULT;
	return 0;
}

static int do_poll(struct pollfd __user *ufds, unsigned int nfds, const ktime_t *expires)
{
	struct pollfd inline_fds[INLINE_POLLFDS];
	struct poll_request req = { .fds = inline_fds, .nfds = nfds };
	struct poll_wqueues pwq;
	int ret;

	if (nfds > rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	if (nfds > INLINE_POLLFDS) {
		req.fds = kvmalloc(nfds * sizeof(struct pollfd), GFP_KERNEL);
		if (!req.fds)
			return -ENOMEM;
	}
	ret = -EFAULT;
	if (!copy_from_user(req.fds, ufds, nfds * sizeof(struct pollfd))) {
		poll_init(&pwq, !expires || *expires);
		ret = poll_loop(&pwq, expires, poll_look, &req);
		poll_free(&pwq);
		if (ret >= 0 && put_revents(ufds, &req))
			ret = -EFAULT;
	}
	if (req.fds != inline_fds)
		kvfree(req.fds);
	return ret;
}

static long restart_poll(struct restart_block *block);

static long poll_or_restart(struct pollfd __user *ufds, unsigned int nfds, const ktime_t *expires)
{
	struct restart_block *block = &current->restart_block;
	int ret = do_poll(ufds, nfds, expires);

	if (ret != -ERESTARTNOHAND)
		return ret;
	block->fn = restart_poll;
	block->poll.ufds = ufds;
	block->poll.nfds = nfds;
	block->poll.has_timeout = expires != NULL;
	block->poll.expires = expires ? *expires : 0;
	return -ERESTART_RESTARTBLOCK;
}

static long restart_poll(struct restart_block *block)
{
	ktime_t expires = block->poll.expires;

	return poll_or_restart(block->poll.ufds, block->poll.nfds,
			       block->poll.has_timeout ? &expires : NULL);
}

SYSCALL_DEFINE3(poll, struct pollfd __user *, ufds, unsigned int, nfds, int, timeout_ms)
{
	ktime_t expires;

	return poll_or_restart(ufds, nfds,
			       deadline(&expires, timeout_ms >= 0, timeout_ms / 1000,
					timeout_ms % 1000 * NSEC_PER_MSEC));
}

/* ---- time that is left, for the calls that report it ---- */

static bool valid_timespec(const struct __kernel_timespec *ts)
{
	return ts->tv_sec >= 0 && (u64)ts->tv_nsec < NSEC_PER_SEC;
}

/* A pair in user memory, in nanoseconds or microseconds, that is updated afterwards. */
struct user_timeout {
	struct __kernel_timespec __user *ts;	/* or NULL */
	struct __kernel_old_timeval __user *tv;	/* or NULL */
	ktime_t expires;
	const ktime_t *deadline;
};

static int get_user_timeout(struct user_timeout *to)
{
	struct __kernel_old_timeval tv;
	struct __kernel_timespec ts;

	to->deadline = NULL;
	if (!to->ts && !to->tv)
		return 0;
	if (to->ts) {
		if (copy_from_user(&ts, to->ts, sizeof(ts)))
			return -EFAULT;
	} else {
		if (copy_from_user(&tv, to->tv, sizeof(tv)))
			return -EFAULT;
		ts.tv_sec = tv.tv_sec + tv.tv_usec / 1000000;
		ts.tv_nsec = tv.tv_usec % 1000000 * NSEC_PER_USEC;
	}
	if (!valid_timespec(&ts))
		return -EINVAL;
	to->deadline = deadline(&to->expires, true, ts.tv_sec, ts.tv_nsec);
	return 0;
}

/*
 * Write the rest back. That it may not be possible (read-only memory) is no error, but a call that
 * would restart with the whole time again does not restart. Return: @ret, or -EINTR for that.
 */
static int put_user_timeout(const struct user_timeout *to, int ret)
{
	int failed = ret == -ERESTARTNOHAND ? -EINTR : ret;
	s64 left;

	if (!to->deadline)
		return ret;
	if (current->personality & STICKY_TIMEOUTS)
		return failed;
	left = to->expires ? max(to->expires - ktime_get(), (s64)0) : 0;
	if (to->ts) {
		struct __kernel_timespec ts = {
			.tv_sec = left / NSEC_PER_SEC, .tv_nsec = left % NSEC_PER_SEC,
		};

		return copy_to_user(to->ts, &ts, sizeof(ts)) ? failed : ret;
	} else {
		struct __kernel_old_timeval tv = {
			.tv_sec = left / NSEC_PER_SEC,
			.tv_usec = left % NSEC_PER_SEC / NSEC_PER_USEC,
		};

		return copy_to_user(to->tv, &tv, sizeof(tv)) ? failed : ret;
	}
}

/* The end of ppoll, select and pselect: the mask, the rest of the time, the restart. */
static int finish_timed(const struct user_timeout *to, int ret)
{
	restore_saved_sigmask_unless(ret == -ERESTARTNOHAND);
	return put_user_timeout(to, ret);
}

SYSCALL_DEFINE5(ppoll, struct pollfd __user *, ufds, unsigned int, nfds,
		struct __kernel_timespec __user *, tsp, const sigset_t __user *, sigmask,
		size_t, sigsetsize)
{
	struct user_timeout to = { .ts = tsp };
	int ret;

	ret = get_user_timeout(&to);
	if (!ret)
		ret = set_user_sigmask(sigmask, sigsetsize);
	if (ret)
		return ret;
	return finish_timed(&to, do_poll(ufds, nfds, to.deadline));
}

/* ---- select ---- */

/* Six bit maps of @words words: what is asked, then what is true. */
struct select_request {
	unsigned int nfds, words;
	unsigned long *map;
};

enum { SEL_IN, SEL_OUT, SEL_EX, SEL_RES };

static const __poll_t select_sets[SEL_RES] = { POLLIN_SET, POLLOUT_SET, POLLEX_SET };

static unsigned long *select_map(const struct select_request *req, int which)
{
	return req->map + (size_t)which * req->words;
}

static bool select_bit(const struct select_request *req, int which, unsigned int fd)
{
	return (select_map(req, which)[fd / 64] >> (fd % 64)) & 1;
}

/* Return: events found on @fd, or -EBADF. */
static int select_fd(struct select_request *req, unsigned int fd, poll_table *pt)
{
	__poll_t wanted = 0, mask;
	struct fd f = fdget(fd);
	int which, count = 0;

	if (!f.file)
		return -EBADF;
	for (which = SEL_IN; which < SEL_RES; which++)
		if (select_bit(req, which, fd))
			wanted |= select_sets[which];
	pt->_key = wanted | EPOLLERR | EPOLLHUP;
	mask = vfs_poll(f.file, pt);
	fdput(f);
	for (which = SEL_IN; which < SEL_RES; which++) {
		if (select_bit(req, which, fd) && (mask & select_sets[which])) {
			select_map(req, SEL_RES + which)[fd / 64] |= 1UL << (fd % 64);
			count++;
		}
	}
	return count;
}

static int select_look(struct poll_wqueues *pwq, void *arg)
{
	struct select_request *req = arg;
	int count = 0, found;
	unsigned int w;

	for (w = 0; w < req->words; w++) {
		unsigned long asked = select_map(req, SEL_IN)[w] | select_map(req, SEL_OUT)[w] |
				      select_map(req, SEL_EX)[w];

		for (; asked; asked &= asked - 1) {
			unsigned int fd = w * 64 + __builtin_ctzl(asked);

			if (fd >= req->nfds)
				break;
			found = select_fd(req, fd, &pwq->pt);
			if (found < 0)
				return found;
			count += found;
			if (found)
				pwq->pt._qproc = NULL;
		}
		cond_resched();
	}
	return count;
}

static unsigned int open_limit(void)
{
	unsigned int n;

	rcu_read_lock();
	n = files_fdtable(current->files)->max_fds;
	rcu_read_unlock();
	return n;
}

static int get_fd_set(struct select_request *req, int which, fd_set __user *uset)
{
	size_t bytes = req->words * sizeof(long);

	if (!uset)
		return 0;
	return copy_from_user(select_map(req, which), uset, bytes) ? -EFAULT : 0;
}

static int put_fd_set(struct select_request *req, int which, fd_set __user *uset)
{
	size_t bytes = req->words * sizeof(long);

	if (!uset)
		return 0;
	return copy_to_user(uset, select_map(req, SEL_RES + which), bytes) ? -EFAULT : 0;
}

static int do_select(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex,
		     const ktime_t *expires)
{
	unsigned long inline_map[2 * SEL_RES];
	struct select_request req;
	struct poll_wqueues pwq;
	int ret;

	if (n < 0)
		return -EINVAL;
	req.nfds = min((unsigned int)n, open_limit());
	req.words = FDS_WORDS(req.nfds);
	req.map = inline_map;
	if (req.words > 1) {
		req.map = kvmalloc(2 * SEL_RES * req.words * sizeof(long), GFP_KERNEL);
		if (!req.map)
			return -ENOMEM;
	}
	memset(req.map, 0, 2 * SEL_RES * req.words * sizeof(long));
	ret = get_fd_set(&req, SEL_IN, in) ?: get_fd_set(&req, SEL_OUT, out) ?:
	      get_fd_set(&req, SEL_EX, ex);
	if (!ret) {
		poll_init(&pwq, !expires || *expires);
		ret = poll_loop(&pwq, expires, select_look, &req);
		poll_free(&pwq);
	}
	if (ret >= 0 && (put_fd_set(&req, SEL_IN, in) || put_fd_set(&req, SEL_OUT, out) ||
			 put_fd_set(&req, SEL_EX, ex)))
		ret = -EFAULT;
	if (req.map != inline_map)
		kvfree(req.map);
	return ret;
}

SYSCALL_DEFINE5(select, int, n, fd_set __user *, inp, fd_set __user *, outp,
		fd_set __user *, exp, struct __kernel_old_timeval __user *, tvp)
{
	struct user_timeout to = { .tv = tvp };
	int ret = get_user_timeout(&to);

	if (ret)
		return ret;
	return put_user_timeout(&to, do_select(n, inp, outp, exp, to.deadline));
}

/* The sixth argument of pselect6: a mask and its size, since there is no seventh register. */
struct sigset_argpack {
	const sigset_t __user *mask;
	size_t size;
};

SYSCALL_DEFINE6(pselect6, int, n, fd_set __user *, inp, fd_set __user *, outp,
		fd_set __user *, exp, struct __kernel_timespec __user *, tsp, void __user *, sig)
{
	struct sigset_argpack pack = { };
	struct user_timeout to = { .ts = tsp };
	int ret;

	if (sig && copy_from_user(&pack, sig, sizeof(pack)))
		return -EFAULT;
	ret = get_user_timeout(&to);
	if (!ret)
		ret = set_user_sigmask(pack.mask, pack.size);
	if (ret)
		return ret;
	return finish_timed(&to, do_select(n, inp, outp, exp, to.deadline));
}
