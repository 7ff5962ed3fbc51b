// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct iov_iter in its four kinds against a flat buffer, and user memory that faults.
 */
#include <host.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#define TOTAL	2000
#define SEGS	12

static struct page page[2];
static char kernel_mem[TOTAL * 4];

struct setup {
	struct iov_iter iter;
	struct iovec iov[SEGS];
	struct kvec kvec[SEGS];
	struct bio_vec bvec[SEGS];
	char *start[SEGS];
	size_t len[SEGS];
};

/* Segments of random lengths, some empty, TOTAL bytes together. */
static void set_up(struct setup *s, int kind, bool source)
{
	size_t left = TOTAL, at = 0;
	int i;

	for (i = 0; i < SEGS; i++) {
		s->len[i] = i == SEGS - 1 ? left : host_random() % 3 ? host_random() % 300 : 0;
		s->len[i] = min(s->len[i], left);
		left -= s->len[i];
		s->start[i] = kind == ITER_BVEC ? page[i % 2].bytes + at % 1024 :
			      kind == ITER_KVEC ? kernel_mem + at : host_user + at;
		s->iov[i] = (struct iovec) { s->start[i], s->len[i] };
		s->kvec[i] = (struct kvec) { s->start[i], s->len[i] };
		s->bvec[i] = (struct bio_vec) { &page[i % 2], s->len[i],
						s->start[i] - page[i % 2].bytes };
		at += s->len[i] + 5;
	}
	if (kind == ITER_BVEC)
		iov_iter_bvec(&s->iter, source, s->bvec, SEGS, TOTAL);
	else if (kind == ITER_KVEC)
		iov_iter_kvec(&s->iter, source, s->kvec, SEGS, TOTAL);
	else
		iov_iter_init(&s->iter, source, s->iov, SEGS, TOTAL);
}

static char *byte_at(struct setup *s, size_t at)
{
	int i;

	for (i = 0; at >= s->len[i]; i++)
		at -= s->len[i];
	return s->start[i] + at;
}

static void check_reads(struct selftest_ctx *t, int kind)
{
	size_t pos = 0, n, i, back;
	static char buf[TOTAL];
	struct setup s;

	set_up(&s, kind, ITER_SOURCE);
	for (i = 0; i < TOTAL; i++)
		*byte_at(&s, i) = host_random();
	while (pos < TOTAL) {
		n = host_random() % 200;
		KT_ASSERT(copy_from_iter(buf, n, &s.iter) == min(n, TOTAL - pos));
		n = min(n, TOTAL - pos);
		for (i = 0; i < n; i++)
			KT_EXPECT_EQ(buf[i], *byte_at(&s, pos + i));
		pos += n;
		back = min(host_random() % 60, pos);
		iov_iter_revert(&s.iter, back);
		iov_iter_advance(&s.iter, back / 2);
		pos -= back - back / 2;
		KT_EXPECT_EQ(iov_iter_count(&s.iter), TOTAL - pos);
	}
	iov_iter_revert(&s.iter, TOTAL);
	KT_EXPECT(copy_from_iter_full(buf, TOTAL, &s.iter));
	for (i = 0; i < TOTAL; i++)
		KT_EXPECT_EQ(buf[i], *byte_at(&s, i));
	KT_EXPECT(!copy_from_iter_full(buf, 1, &s.iter));
}

static void check_writes(struct selftest_ctx *t, int kind)
{
	static char buf[TOTAL];
	struct setup s;
	size_t i;

	set_up(&s, kind, ITER_DEST);
	for (i = 0; i < TOTAL; i++)
		buf[i] = host_random();
	KT_EXPECT_EQ(copy_to_iter(buf, 700, &s.iter), 700);
	KT_EXPECT_EQ(iov_iter_zero(100, &s.iter), 100);
	memset(buf + 700, 0, 100);
	KT_EXPECT_EQ(copy_to_iter(buf + 800, TOTAL, &s.iter), TOTAL - 800);
	KT_EXPECT_EQ(iov_iter_count(&s.iter), 0);
	if (kind != ITER_BVEC)
		for (i = 0; i < TOTAL; i++)
			KT_EXPECT_EQ(*byte_at(&s, i), buf[i]);
}

SELFTEST(iov_iter, all_kinds)
{
	int round;

	for (round = 0; round < 100 && !t->failed; round++) {
		check_reads(t, ITER_IOVEC);
		check_reads(t, ITER_KVEC);
		check_writes(t, ITER_IOVEC);
		check_writes(t, ITER_KVEC);
		check_writes(t, ITER_BVEC);
	}
}

SELFTEST(iov_iter, faults_cut_copies_short)
{
	static char buf[3 * 4096];
	struct iov_iter i;

	host_user_bad[2] = true;
	KT_EXPECT_EQ(import_ubuf(ITER_SOURCE, host_user + 100, 3 * 4096, &i), 0);
	KT_EXPECT_EQ(fault_in_iov_iter_readable(&i, 8000), 0);
	KT_EXPECT_EQ(fault_in_iov_iter_readable(&i, 3 * 4096), 4096 + 100);
	KT_EXPECT_EQ(copy_from_iter(buf, 3 * 4096, &i), 8092);
	KT_EXPECT_EQ(iov_iter_count(&i), 4196);
	KT_EXPECT_EQ(copy_from_iter(buf, 1, &i), 0);
	iov_iter_revert(&i, 8092);
	KT_EXPECT(!copy_from_iter_full(buf, 3 * 4096, &i));
	KT_EXPECT_EQ(iov_iter_count(&i), 3 * 4096);
	import_ubuf(ITER_DEST, host_user + 2 * 4096 - 10, 20, &i);
	KT_EXPECT_EQ(fault_in_iov_iter_writeable(&i, 20), 10);
	KT_EXPECT_EQ(copy_to_iter(buf, 20, &i), 10);
	KT_EXPECT_EQ(iov_iter_zero(20, &i), 0);
	host_user_bad[2] = false;
}

SELFTEST(iov_iter, import_ubuf_limits)
{
	struct iov_iter i;

	KT_EXPECT_EQ(import_ubuf(ITER_DEST, (void *)0xffff888000000000UL, 0, &i), -EFAULT);
	KT_EXPECT_EQ(import_ubuf(ITER_DEST, host_user + sizeof(host_user), 1, &i), -EFAULT);
	KT_EXPECT_EQ(import_ubuf(ITER_DEST, NULL, ~0UL, &i), 0);
	KT_EXPECT_EQ(iov_iter_count(&i), MAX_RW_COUNT);
}

#define KERNEL_ADDRESS	((void *)0xffff888000000000UL)

/* What readv(2) and writev(2) on Linux say to the same arguments. */
static const struct import_case {
	struct iovec iov[2];
	unsigned int nr;
	long ret;
} import_cases[] = {
	{ { { KERNEL_ADDRESS, 10 }, { NULL, -1 } }, 2, -EINVAL },
	{ { { NULL, -1 }, { KERNEL_ADDRESS, 10 } }, 2, -EINVAL },
	{ { { KERNEL_ADDRESS, 0 }, { NULL, 3 } }, 2, -EFAULT },
	{ { { NULL, 3 }, { KERNEL_ADDRESS, 5 } }, 2, -EFAULT },
	{ { { NULL, S64_MAX }, { NULL, 3 } }, 2, -EFAULT },
	{ { { NULL, 0x7fffffff }, { KERNEL_ADDRESS, 1 } }, 2, -EFAULT },
	{ { { NULL, 0x7fffffff }, { NULL, -1 } }, 2, -EINVAL },
	{ { { NULL, 0x7fffffff }, { NULL, 77 } }, 2, MAX_RW_COUNT },
	{ { { NULL, 3 }, { NULL, 4 } }, 2, 7 },
	{ { { NULL, 3 } }, 1025, -EINVAL },
	{ { { NULL, 3 } }, -1U, -EINVAL },
	{ { { NULL, 3 } }, 0, 0 },
};

SELFTEST(iov_iter, import_iovec_as_linux)
{
	struct iovec *user = (struct iovec *)host_user, fast[2], *iov;
	const struct import_case *c;
	unsigned int fast_segs;
	struct iov_iter i;

	for (c = import_cases; c < import_cases + ARRAY_SIZE(import_cases); c++) {
		for (fast_segs = 0; fast_segs <= 2; fast_segs += 2) {
			memcpy(user, c->iov, sizeof(c->iov));
			iov = fast;
			KT_EXPECT_EQ(import_iovec(ITER_DEST, user, c->nr, fast_segs, &iov, &i),
				     c->ret);
			KT_EXPECT(c->ret < 0 || iov_iter_count(&i) == c->ret);
			KT_EXPECT_EQ(iov != NULL, fast_segs == 0 && c->ret > 0);
			kfree(iov);
		}
	}
	iov = fast;
	KT_EXPECT_EQ(import_iovec(ITER_DEST, KERNEL_ADDRESS, 1, 2, &iov, &i), -EFAULT);
	KT_EXPECT(!iov);
	host_fail_from(1);
	iov = fast;
	KT_EXPECT_EQ(import_iovec(ITER_DEST, user, 3, 2, &iov, &i), -ENOMEM);
	KT_EXPECT(!iov);
}
