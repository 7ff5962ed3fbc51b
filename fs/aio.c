// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts of asynchronous I/O: io_setup, io_destroy, io_getevents. A context belongs to an address
 * space: fork leaves it behind, exec and the last exit end it. io_setup(2), libaio.
 * Locks: context_lock for the lists of all address spaces; see aio.h.
 */
#include <linux/aio.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/sysctl.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include "aio.h"

/* What stands at the start of the ring; libaio knows it. */
struct aio_ring {
	u32 id;
	u32 nr;
	u32 head;
	u32 tail;
	u32 magic;
	u32 compat_features;
	u32 incompat_features;
	u32 header_length;
};

/* io_pgetevents()'s sixth argument: a mask and its size. */
struct __aio_sigset {
	const sigset_t __user *sigmask;
	size_t sigsetsize;
};

#define AIO_RING_MAGIC	0xa10a10a1
#define MAX_EVENTS	0x10000000u
#define EVENTS_PER_PAGE	(PAGE_SIZE / sizeof(struct io_event))

/* An event never lies across two pages, and the header is one event long. */
BUILD_ASSERT(sizeof(struct aio_ring) == sizeof(struct io_event));
BUILD_ASSERT(PAGE_SIZE % sizeof(struct io_event) == 0);

static DEFINE_SPINLOCK(context_lock);
static unsigned long aio_nr;			/* context_lock: of all contexts together */
static unsigned long aio_max_nr = 65536;

static struct aio_ring *ring_of(struct kioctx *ctx)
{
	return page_address(ctx->pages[0]);
}

static struct io_event *event_at(struct kioctx *ctx, unsigned int index)
{
	index++;		/* behind the header */
	return (struct io_event *)page_address(ctx->pages[index / EVENTS_PER_PAGE]) +
	       index % EVENTS_PER_PAGE;
}

/* User space may have written anything there. */
static unsigned int head_of(struct kioctx *ctx)
{
	return READ_ONCE(ring_of(ctx)->head) % ctx->nr;
}

static unsigned int nr_waiting(struct kioctx *ctx)
{
	return (READ_ONCE(ctx->tail) + ctx->nr - head_of(ctx)) % ctx->nr;
}

/* ---- events in ---- */

int aio_reserve(struct kioctx *ctx)
{
	int err = 0;

	spin_lock(&ctx->lock);
	if (ctx->dead)
		err = -EINVAL;
	else if (ctx->in_flight + nr_waiting(ctx) >= ctx->nr - 1)
		err = -EAGAIN;
	else
		ctx->in_flight++;
	spin_unlock(&ctx->lock);
	return err;
}

void aio_post(struct kioctx *ctx, u64 data, u64 obj, s64 res, struct file *eventfd)
{
	struct io_event *event;

	spin_lock(&ctx->lock);
	event = event_at(ctx, ctx->tail);
	event->data = data;
	event->obj = obj;
	event->res = res;
	event->res2 = 0;
	WRITE_ONCE(ctx->tail, (ctx->tail + 1) % ctx->nr);
	smp_store_release(&ring_of(ctx)->tail, ctx->tail);
	spin_unlock(&ctx->lock);
	if (eventfd)
		eventfd_signal(eventfd, 1);
	aio_unreserve(ctx);
}

/* ---- contexts ---- */

void aio_put(struct kioctx *ctx)
{
	unsigned int i;

	if (!refcount_dec_and_test(&ctx->refs))
		return;
	for (i = 0; i < ctx->nr_pages; i++)
		put_page(ctx->pages[i]);
	kvfree(ctx->pages);
	kfree(ctx);
}

/* The caller's context of that name, if the ring can be read there: with a reference, or NULL. */
struct kioctx *aio_lookup(unsigned long user_id)
{
	struct aio_ring __user *ring = (struct aio_ring __user *)user_id;
	struct kioctx *ctx;
	u32 magic;

	if (get_user(magic, &ring->magic))
		return NULL;
	spin_lock(&context_lock);
	hlist_for_each_entry(ctx, &current->mm->aio_contexts, of_mm) {
		if (ctx->user_id == user_id) {
			refcount_inc(&ctx->refs);
			spin_unlock(&context_lock);
			return ctx;
		}
	}
	spin_unlock(&context_lock);
	return NULL;
}

static struct kioctx *alloc_context(unsigned int max_reqs)
{
	struct kioctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	unsigned int nr = max(max_reqs, num_possible_cpus() * 4) * 2 + 2;

	if (!ctx)
		return NULL;
	refcount_set(&ctx->refs, 1);
	spin_lock_init(&ctx->lock);
	mutex_init(&ctx->ring_mutex);
	init_waitqueue_head(&ctx->wait);
	INIT_LIST_HEAD(&ctx->active);
	ctx->max_reqs = max_reqs;
	ctx->nr_pages = 0;
	ctx->nr = round_up(nr + 1, (unsigned int)EVENTS_PER_PAGE) - 1;
	ctx->pages = kvcalloc((ctx->nr + 1) / EVENTS_PER_PAGE, sizeof(*ctx->pages), GFP_KERNEL);
	if (ctx->pages)
		return ctx;
	kfree(ctx);
	return NULL;
}

/* All pages of the ring now: completion cannot wait for memory. */
static int fill_ring(struct kioctx *ctx, struct file *file)
{
	struct address_space *mapping = file->f_mapping;
	unsigned int i, n = (ctx->nr + 1) / EVENTS_PER_PAGE;
	int err;

	for (i = 0; i < n; i++) {
		err = mapping->a_ops->getpage(mapping, i, GET_WRITE, &ctx->pages[i]);
		if (err)
			return err == -EINTR ? err : -ENOMEM;
		ctx->nr_pages++;
		SetPageDirty(ctx->pages[i]);
	}
	*ring_of(ctx) = (struct aio_ring){
		.nr = ctx->nr,
		.magic = AIO_RING_MAGIC,
		.compat_features = 1,
		.header_length = sizeof(struct aio_ring),
	};
	return 0;
}

/* mremap(2) moved a ring. Context: mmap_lock. */
static int ring_moved(struct vm_area_struct *vma)
{
	struct kioctx *ctx;

	spin_lock(&context_lock);
	hlist_for_each_entry(ctx, &vma->vm_mm->aio_contexts, of_mm)
		if (ctx->pages[0]->mapping == vma->vm_file->f_mapping && !vma->vm_pgoff)
			ctx->user_id = vma->vm_start;
	spin_unlock(&context_lock);
	return 0;
}

/* Those of any file, and ring_moved(). */
static struct vm_operations_struct ring_vm_ops;

static int map_ring(struct kioctx *ctx, struct file *file, size_t size)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr, unused;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	addr = do_mmap(file, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, VM_DONTEXPAND, 0,
		       &unused);
	if (!IS_ERR_VALUE(addr))
		find_vma(mm, addr)->vm_ops = &ring_vm_ops;
	mmap_write_unlock(mm);
	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	ctx->user_id = addr;
	return 0;
}

static int make_ring(struct kioctx *ctx)
{
	size_t size = (size_t)(ctx->nr + 1) * sizeof(struct io_event);
	struct file *file = shmem_file_setup("[aio]", size, VM_NORESERVE);
	int err;

	if (IS_ERR(file))
		return -ENOMEM;
	err = fill_ring(ctx, file);
	if (!err)
		err = map_ring(ctx, file, size);
	fput(file);
	return err;
}

/* Charge, then compare. Return: 0, -EAGAIN over aio-max-nr. */
static int publish(struct kioctx *ctx)
{
	int err = 0;

	spin_lock(&context_lock);
	aio_nr += ctx->max_reqs;
	if (aio_nr > READ_ONCE(aio_max_nr) || aio_nr < ctx->max_reqs) {
		aio_nr -= ctx->max_reqs;
		err = -EAGAIN;
	} else {
		hlist_add_head(&ctx->of_mm, &current->mm->aio_contexts);
	}
	spin_unlock(&context_lock);
	return err;
}

/* Nobody finds it any more. Return: false when another was faster. */
static bool unpublish(struct kioctx *ctx)
{
	bool first;

	spin_lock(&context_lock);
	first = !hlist_unhashed(&ctx->of_mm);
	if (first) {
		hlist_del_init(&ctx->of_mm);
		aio_nr -= ctx->max_reqs;
	}
	spin_unlock(&context_lock);
	return first;
}

/* After unpublish(): every request ends. Gives up the list's reference. */
static void end_context(struct kioctx *ctx)
{
	aio_end_requests(ctx);
	aio_put(ctx);
}

static void unmap_ring(struct kioctx *ctx)
{
	vm_munmap(ctx->user_id, (size_t)(ctx->nr + 1) * sizeof(struct io_event));
}

void __exit_aio(struct mm_struct *mm)
{
	struct kioctx *ctx;

	/* Nobody else can see @mm: no lock is needed to walk. */
	while (!hlist_empty(&mm->aio_contexts)) {
		ctx = hlist_entry(mm->aio_contexts.first, struct kioctx, of_mm);
		unpublish(ctx);
		end_context(ctx);
	}
}

static long setup(unsigned int nr_events, aio_context_t __user *ctxp)
{
	struct kioctx *ctx = alloc_context(nr_events);
	long err;

	if (!ctx)
		return -ENOMEM;
	err = make_ring(ctx);
	if (!err) {
		err = publish(ctx);
		if (!err && put_user(ctx->user_id, ctxp)) {
			unpublish(ctx);
			err = -EFAULT;
		}
		if (err)
			unmap_ring(ctx);
	}
	if (err)
		aio_put(ctx);
	return err;
}

SYSCALL_DEFINE2(io_setup, unsigned int, nr_events, aio_context_t __user *, ctxp)
{
	unsigned long old;

	if (get_user(old, ctxp))
		return -EFAULT;
	if (old || !nr_events)
		return -EINVAL;
	if (nr_events > MAX_EVENTS)
		return -EINVAL;
	if (nr_events > READ_ONCE(aio_max_nr))
		return -EAGAIN;
	return setup(nr_events, ctxp);
}

SYSCALL_DEFINE1(io_destroy, aio_context_t, ctx_id)
{
	struct kioctx *ctx = aio_lookup(ctx_id);

	if (!ctx)
		return -EINVAL;
	if (!unpublish(ctx)) {
		aio_put(ctx);
		return -EINVAL;
	}
	end_context(ctx);
	unmap_ring(ctx);
	aio_put(ctx);
	return 0;
}

/* ---- events out ---- */

/* What is there, up to @max. Context: ring_mutex. Return: how many, or -EFAULT. */
static long take_events(struct kioctx *ctx, struct io_event __user *to, long max)
{
	unsigned int head = head_of(ctx), tail = smp_load_acquire(&ctx->tail);
	long n = 0;

	while (n < max && head != tail) {
		if (copy_to_user(&to[n], event_at(ctx, head), sizeof(*to)))
			return -EFAULT;
		head = (head + 1) % ctx->nr;
		n++;
	}
	if (n)
		smp_store_release(&ring_of(ctx)->head, head);
	return n;
}

static long read_some(struct kioctx *ctx, struct io_event __user *to, long max)
{
	long n;

	mutex_lock(&ctx->ring_mutex);
	n = take_events(ctx, to, max);
	mutex_unlock(&ctx->ring_mutex);
	return n;
}

/* At least @min of them or until @left ns are over. Return: how many; -EFAULT, -EINTR, -EINVAL. */
static long read_events(struct kioctx *ctx, long min, long max, struct io_event __user *to,
			long left)
{
	long got = 0, n;

	for (;;) {
		n = read_some(ctx, to + got, max - got);
		if (n < 0)
			return got ?: n;
		got += n;
		if (got >= min || !left)
			return got;
		if (READ_ONCE(ctx->dead))
			return got ?: -EINVAL;
		left = wait_event_interruptible_timeout(ctx->wait,
				nr_waiting(ctx) || READ_ONCE(ctx->dead), left);
		if (left < 0)
			return got ?: -EINTR;
	}
}

/* @timeout NULL: no limit. */
static long getevents(aio_context_t id, long min, long nr, struct io_event __user *to,
		      const struct timespec64 *timeout)
{
	struct kioctx *ctx = aio_lookup(id);
	long left = MAX_SCHEDULE_TIMEOUT, ret = -EINVAL;

	if (!ctx)
		return -EINVAL;
	if (timeout)
		left = max_t(s64, timespec64_to_ns(timeout), 0);
	if (min >= 0 && min <= nr)
		ret = read_events(ctx, min, nr, to, left);
	aio_put(ctx);
	return ret;
}

SYSCALL_DEFINE5(io_getevents, aio_context_t, ctx_id, long, min_nr, long, nr,
		struct io_event __user *, events, struct __kernel_timespec __user *, utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_timespec64(&timeout, utimeout))
		return -EFAULT;
	return getevents(ctx_id, min_nr, nr, events, utimeout ? &timeout : NULL);
}

SYSCALL_DEFINE6(io_pgetevents, aio_context_t, ctx_id, long, min_nr, long, nr,
		struct io_event __user *, events, struct __kernel_timespec __user *, utimeout,
		const struct __aio_sigset __user *, uset)
{
	struct __aio_sigset sig = {};
	struct timespec64 timeout;
	bool interrupted;
	long ret;

	if (utimeout && get_timespec64(&timeout, utimeout))
		return -EFAULT;
	if (uset && copy_from_user(&sig, uset, sizeof(sig)))
		return -EFAULT;
	ret = set_user_sigmask(sig.sigmask, sig.sigsetsize);
	if (ret)
		return ret;
	ret = getevents(ctx_id, min_nr, nr, events, utimeout ? &timeout : NULL);
	interrupted = signal_pending(current);
	restore_saved_sigmask_unless(interrupted);
	return interrupted && (!ret || ret == -EINTR) ? -ERESTARTNOHAND : ret;
}

/* ---- /proc/sys/fs ---- */

static const struct ctl_table aio_table[] = {
	{ .name = "aio-nr", .mode = 0444, .kind = CTL_ULONG, .data = &aio_nr },
	{ .name = "aio-max-nr", .mode = 0644, .kind = CTL_ULONG, .data = &aio_max_nr },
};

static int __init aio_init(void)
{
	ring_vm_ops = generic_file_vm_ops;
	ring_vm_ops.mremap = ring_moved;
	return register_sysctl("fs", aio_table, ARRAY_SIZE(aio_table));
}
fs_initcall(aio_init);
