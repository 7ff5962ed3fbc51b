// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving bytes between kernel memory and whatever a struct iov_iter stands for. No state and no
 * locks; copies to and from user memory may sleep in a page fault.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

void iov_iter_ubuf(struct iov_iter *i, bool source, void __user *buf, size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_UBUF, .data_source = source,
		.ubuf = buf, .nr_segs = 1, .count = count,
	};
}

void iov_iter_init(struct iov_iter *i, bool source, const struct iovec *iov,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_IOVEC, .data_source = source,
		.__iov = iov, .nr_segs = nr_segs, .count = count,
	};
}

void iov_iter_kvec(struct iov_iter *i, bool source, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_KVEC, .data_source = source,
		.kvec = kvec, .nr_segs = nr_segs, .count = count,
	};
}

void iov_iter_bvec(struct iov_iter *i, bool source, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter) {
		.iter_type = ITER_BVEC, .data_source = source,
		.bvec = bvec, .nr_segs = nr_segs, .count = count,
	};
}

/* Length of segment @n counted from the current one, whichever kind it is. */
static size_t seg_len(const struct iov_iter *i, long n)
{
	switch (i->iter_type) {
	case ITER_IOVEC:
		return i->__iov[n].iov_len;
	case ITER_KVEC:
		return i->kvec[n].iov_len;
	default:
		return i->bvec[n].bv_len;
	}
}

static void move_seg(struct iov_iter *i, long n)
{
	if (i->iter_type == ITER_BVEC)
		i->bvec += n;
	else
		i->__iov += n;		/* a kvec has the same size */
	i->nr_segs -= n;
}

BUILD_ASSERT(sizeof(struct iovec) == sizeof(struct kvec));

/* Where the next byte is, and how many of @bytes follow it in one piece. */
static size_t front_piece(const struct iov_iter *i, size_t bytes, void **addr)
{
	size_t len;

	switch (i->iter_type) {
	case ITER_UBUF:
		*addr = (void *)i->ubuf + i->iov_offset;
		return bytes;
	case ITER_IOVEC:
		*addr = (void *)i->__iov->iov_base + i->iov_offset;
		break;
	case ITER_KVEC:
		*addr = i->kvec->iov_base + i->iov_offset;
		break;
	default:
		*addr = page_address(i->bvec->bv_page) + i->bvec->bv_offset + i->iov_offset;
		break;
	}
	len = seg_len(i, 0) - i->iov_offset;
	return min(len, bytes);
}

/**
 * iov_iter_advance() - move forward
 * @i: the iterator
 * @bytes: how far; the rest of it when that is less
 */
void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	bytes = min(bytes, i->count);
	i->count -= bytes;
	i->iov_offset += bytes;
	if (i->iter_type == ITER_UBUF)
		return;
	while (i->nr_segs && i->iov_offset >= seg_len(i, 0)) {
		i->iov_offset -= seg_len(i, 0);
		move_seg(i, 1);
	}
}

/**
 * iov_iter_revert() - move back over what was copied or passed over
 * @i: the iterator
 * @bytes: how far; no further than where it was set up
 */
void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	i->count += bytes;
	while (i->iter_type != ITER_UBUF && bytes > i->iov_offset) {
		bytes -= i->iov_offset;
		move_seg(i, -1);
		i->iov_offset = seg_len(i, 0);
	}
	i->iov_offset -= bytes;
}

/* Bytes in the current segment. */
size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	void *addr;

	return i->nr_segs ? front_piece(i, i->count, &addr) : 0;
}

/*
 * One step of a copy: between @piece, in the iterator's memory, and the kernel's @buf; returns
 * the bytes that could not be copied.
 */
typedef size_t (*step_fn)(void *piece, void *buf, size_t len);

/* Segments of length zero at the front are passed over. */
static __always_inline size_t iterate(struct iov_iter *i, void *buf, size_t bytes,
				      step_fn user_step, step_fn kernel_step)
{
	size_t done = 0, len, left = 0;
	void *piece;

	bytes = min(bytes, i->count);
	while (done < bytes && !left) {
		len = front_piece(i, bytes - done, &piece);
		if (user_backed_iter(i))
			left = user_step(piece, buf + done, len);
		else
			left = kernel_step(piece, buf + done, len);
		done += len - left;
		iov_iter_advance(i, len - left);
	}
	return done;
}

static size_t user_put(void *piece, void *buf, size_t len)
{
	return copy_to_user((void __user *)piece, buf, len);
}

static size_t kernel_put(void *piece, void *buf, size_t len)
{
	memcpy(piece, buf, len);
	return 0;
}

static size_t user_get(void *piece, void *buf, size_t len)
{
	return copy_from_user(buf, (const void __user *)piece, len);
}

static size_t user_get_nofault(void *piece, void *buf, size_t len)
{
	return copy_from_user_nofault(buf, (const void __user *)piece, len);
}

static size_t kernel_get(void *piece, void *buf, size_t len)
{
	memcpy(buf, piece, len);
	return 0;
}

static size_t user_zero(void *piece, void *buf, size_t len)
{
	return clear_user((void __user *)piece, len);
}

static size_t kernel_zero(void *piece, void *buf, size_t len)
{
	memset(piece, 0, len);
	return 0;
}

/**
 * copy_to_iter() - copy kernel memory into an iterator
 * @from: kernel memory
 * @bytes: how much
 * @i: where to; moves forward by what was copied
 *
 * Context: may sleep when @i is user memory.
 * Return: bytes copied; fewer than asked for at the end of @i or at a fault.
 */
size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i)
{
	return iterate(i, (void *)from, bytes, user_put, kernel_put);
}

/**
 * copy_from_iter() - copy from an iterator into kernel memory
 * @to: kernel memory
 * @bytes: how much
 * @i: where from; moves forward by what was copied
 *
 * Context: may sleep when @i is user memory.
 * Return: bytes copied; fewer than asked for at the end of @i or at a fault.
 */
size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i)
{
	return iterate(i, to, bytes, user_get, kernel_get);
}

size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	return iterate(i, NULL, bytes, user_zero, kernel_zero);
}

size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_to_iter(page_address(page) + offset, bytes, i);
}

size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i)
{
	return copy_from_iter(page_address(page) + offset, bytes, i);
}

size_t copy_page_from_iter_atomic(struct page *page, size_t offset, size_t bytes,
				  struct iov_iter *i)
{
	return iterate(i, page_address(page) + offset, bytes, user_get_nofault, kernel_get);
}

bool copy_from_iter_full(void *to, size_t bytes, struct iov_iter *i)
{
	size_t copied = copy_from_iter(to, bytes, i);

	if (copied == bytes)
		return true;
	iov_iter_revert(i, copied);
	return false;
}

bool copy_to_iter_full(const void *from, size_t bytes, struct iov_iter *i)
{
	size_t copied = copy_to_iter(from, bytes, i);

	if (copied == bytes)
		return true;
	iov_iter_revert(i, copied);
	return false;
}

/**
 * import_ubuf() - make an iterator of the buffer that a system call was given
 * @source: ITER_SOURCE to read from it, ITER_DEST to write to it
 * @buf: user address
 * @len: bytes; cut to MAX_RW_COUNT
 * @i: the iterator
 *
 * Return: 0, or -EFAULT when the range is not in user space.
 */
int import_ubuf(bool source, void __user *buf, size_t len, struct iov_iter *i)
{
	len = min(len, MAX_RW_COUNT);
	if (unlikely(!access_ok(buf, len)))
		return -EFAULT;
	iov_iter_ubuf(i, source, buf, len);
	return 0;
}

/**
 * iovec_from_user() - copy an array of iovecs in
 * @uvec: user's array
 * @nr_segs: its length; not more than UIO_MAXIOV
 * @fast_segs: length of @fast_iov
 * @fast_iov: used when it is long enough
 *
 * Context: sleeps.
 * Return: @fast_iov or an array to be freed with kfree(); ERR_PTR(-EINVAL) for too many or for a
 * length that is negative as ssize_t, ERR_PTR(-EFAULT), ERR_PTR(-ENOMEM).
 */
struct iovec *iovec_from_user(const struct iovec __user *uvec, unsigned long nr_segs,
			      unsigned long fast_segs, struct iovec *fast_iov)
{
	struct iovec *iov = fast_iov;
	unsigned long seg;
	int err = 0;

	if (nr_segs == 0)
		return iov;
	if (nr_segs > UIO_MAXIOV)
		return ERR_PTR(-EINVAL);
	if (nr_segs > fast_segs) {
		iov = kmalloc_array(nr_segs, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return ERR_PTR(-ENOMEM);
	}
	if (copy_from_user(iov, uvec, nr_segs * sizeof(*iov)))
		err = -EFAULT;
	for (seg = 0; seg < nr_segs && !err; seg++)
		if ((ssize_t)iov[seg].iov_len < 0)
			err = -EINVAL;
	if (!err)
		return iov;
	if (iov != fast_iov)
		kfree(iov);
	return ERR_PTR(err);
}

/**
 * import_iovec() - make an iterator of the iovecs that readv() or its like was given
 * @source: ITER_SOURCE to read from them, ITER_DEST to write to them
 * @uvec: user's array
 * @nr_segs: its length
 * @fast_segs: length of the array at *@iovp
 * @iovp: in: an array on the caller's stack; out: what to kfree() when @i is done with, or NULL
 * @i: the iterator
 *
 * The total is cut to MAX_RW_COUNT.
 *
 * Context: sleeps.
 * Return: total bytes; -EINVAL, -EFAULT, -ENOMEM as iovec_from_user(), -EFAULT for a segment that
 * is not in user space.
 */
ssize_t import_iovec(bool source, const struct iovec __user *uvec, unsigned int nr_segs,
		     unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i)
{
	struct iovec *fast_iov = *iovp, *iov;
	size_t total = 0, len;
	unsigned int seg;

	*iovp = NULL;
	iov = iovec_from_user(uvec, nr_segs, fast_segs, fast_iov);
	if (IS_ERR(iov))
		return PTR_ERR(iov);
	for (seg = 0; seg < nr_segs; seg++) {
		len = iov[seg].iov_len;
		if (!access_ok(iov[seg].iov_base, len)) {
			if (iov != fast_iov)
				kfree(iov);
			return -EFAULT;
		}
		len = min(len, MAX_RW_COUNT - total);
		iov[seg].iov_len = len;
		total += len;
	}
	iov_iter_init(i, source, iov, nr_segs, total);
	if (iov != fast_iov)
		*iovp = iov;
	return total;
}

/* Call @touch on one byte of each page of [@addr, @addr + @size); bytes from the first failure. */
static size_t touch_pages(unsigned long addr, size_t size, int (*touch)(char __user *))
{
	unsigned long end = addr + size, at = addr;

	if (!size)
		return 0;
	if (!access_ok((void __user *)addr, size))
		return size;
	while (at < end) {
		if (touch((char __user *)at))
			return end - at;
		at = (at & PAGE_MASK) + PAGE_SIZE;
	}
	return 0;
}

static int touch_read(char __user *p)
{
	char c;

	return get_user(c, p);
}

/* Adds nothing to a byte, in one access: other threads may be writing it. */
static int touch_write(char __user *p)
{
	u32 old;

	return user_atomic_add(&old, (u32 __user *)((unsigned long)p & ~3UL), 0);
}

size_t fault_in_readable(const char __user *addr, size_t size)
{
	return touch_pages((unsigned long)addr, size, touch_read);
}

size_t fault_in_writeable(char __user *addr, size_t size)
{
	return touch_pages((unsigned long)addr, size, touch_write);
}

static size_t fault_in_iter(const struct iov_iter *i, size_t bytes, int (*touch)(char __user *))
{
	struct iov_iter walk = *i;
	size_t len, left = 0;
	void *piece;

	bytes = min(bytes, i->count);
	while (bytes && !left && user_backed_iter(&walk)) {
		len = front_piece(&walk, bytes, &piece);
		left = touch_pages((unsigned long)piece, len, touch);
		bytes -= len - left;
		iov_iter_advance(&walk, len);
	}
	return user_backed_iter(i) ? bytes : 0;
}

/**
 * fault_in_iov_iter_readable() - bring in user pages before a copy that must not sleep
 * @i: the iterator; does not move
 * @bytes: how much of it
 *
 * Context: sleeps.
 * Return: bytes at the end of the range that cannot be read; @bytes when none can.
 */
size_t fault_in_iov_iter_readable(const struct iov_iter *i, size_t bytes)
{
	return fault_in_iter(i, bytes, touch_read);
}

/* The same for writing; see fault_in_iov_iter_readable(). */
size_t fault_in_iov_iter_writeable(const struct iov_iter *i, size_t bytes)
{
	return fault_in_iter(i, bytes, touch_write);
}
