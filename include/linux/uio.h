/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct iov_iter: where the bytes of a read or write come from or go to, be it user memory,
 * kernel memory or pages. An iterator belongs to one task; copying moves it forward by what was
 * copied, and a user page that cannot be reached cuts the copy short.
 */
#ifndef _LINUX_UIO_H
#define _LINUX_UIO_H

#include <linux/bvec.h>
#include <linux/types.h>
#include <uapi/linux/uio.h>

/* One system call moves no more than this. */
#define MAX_RW_COUNT	(0x7fffffffUL & ~4095UL)

/* As seen from the file: a read() fills an ITER_DEST, a write() drains an ITER_SOURCE. */
#define ITER_DEST	false
#define ITER_SOURCE	true
#ifndef READ
#define READ		0
#define WRITE		1
#endif

struct kvec {
	void *iov_base;
	size_t iov_len;
};

enum iter_type {
	ITER_UBUF,		/* one user buffer */
	ITER_IOVEC,		/* user buffers */
	ITER_KVEC,		/* kernel buffers */
	ITER_BVEC,		/* pages */
};

struct iov_iter {
	u8 iter_type;			/* enum iter_type */
	bool data_source;
	size_t iov_offset;		/* into the first segment, or into the buffer */
	size_t count;			/* bytes left */
	union {
		void __user *ubuf;
		const struct iovec *__iov;
		const struct kvec *kvec;
		const struct bio_vec *bvec;
	};
	unsigned long nr_segs;		/* from the first on; 1 for ITER_UBUF */
};

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline bool iov_iter_rw(const struct iov_iter *i)
{
	return i->data_source ? WRITE : READ;
}

static inline bool user_backed_iter(const struct iov_iter *i)
{
	return i->iter_type == ITER_UBUF || i->iter_type == ITER_IOVEC;
}

/* Leave out everything beyond @count bytes from here; iov_iter_reexpand() brings it back. */
static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = count;
}

static inline void iov_iter_reexpand(struct iov_iter *i, size_t count)
{
	i->count = count;
}

void iov_iter_ubuf(struct iov_iter *i, bool source, void __user *buf, size_t count);
void iov_iter_init(struct iov_iter *i, bool source, const struct iovec *iov,
		   unsigned long nr_segs, size_t count);
void iov_iter_kvec(struct iov_iter *i, bool source, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count);
void iov_iter_bvec(struct iov_iter *i, bool source, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count);

/* From user space's arguments: 0 (ssize_t: bytes) or -EFAULT, -EINVAL, -ENOMEM. */
int import_ubuf(bool source, void __user *buf, size_t len, struct iov_iter *i);
ssize_t import_iovec(bool source, const struct iovec __user *uvec, unsigned int nr_segs,
		     unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i);
struct iovec *iovec_from_user(const struct iovec __user *uvec, unsigned long nr_segs,
			      unsigned long fast_segs, struct iovec *fast_iov);
#define import_single_range(rw, buf, len, iov, i)	import_ubuf(rw, buf, len, i)

/* Bytes copied, which is less than asked for at the end of @i or at a fault. */
size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i);
size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i);
size_t iov_iter_zero(size_t bytes, struct iov_iter *i);
size_t copy_page_to_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
/* Does not sleep: a user page that is not there ends the copy. */
size_t copy_page_from_iter_atomic(struct page *page, size_t offset, size_t bytes,
				  struct iov_iter *i);

/* All or nothing: @i does not move when not everything could be copied. */
bool copy_from_iter_full(void *to, size_t bytes, struct iov_iter *i);
bool copy_to_iter_full(const void *from, size_t bytes, struct iov_iter *i);

void iov_iter_advance(struct iov_iter *i, size_t bytes);
void iov_iter_revert(struct iov_iter *i, size_t bytes);
size_t iov_iter_single_seg_count(const struct iov_iter *i);

/* Touch user memory so that it is there soon after; returns the bytes that cannot be. */
size_t fault_in_readable(const char __user *addr, size_t size);
size_t fault_in_writeable(char __user *addr, size_t size);
size_t fault_in_iov_iter_readable(const struct iov_iter *i, size_t bytes);
size_t fault_in_iov_iter_writeable(const struct iov_iter *i, size_t bytes);

#endif
