// SPDX-License-Identifier: GPL-2.0-only
/*
 * xarray, idr and ida against simple models, with each allocation failing in turn and with
 * readers of other threads.
 */
#include <host.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/xarray.h>

#define NR_KEYS	64

/* Keys at all distances: neighbours, edges of nodes, the far end. */
static unsigned long random_key(void)
{
	switch (host_random() % 4) {
	case 0:
		return host_random() % NR_KEYS;
	case 1:
		return (1UL << host_random() % 64) - host_random() % 2;
	case 2:
		return ~0UL - host_random() % 3;
	default:
		return host_random() % 5000;
	}
}

static void *entry_of(unsigned long value)
{
	return (void *)((value + 16) << 2);
}

struct model {
	unsigned long key[512];
	void *entry[512];
	int used;
};

static void *model_load(struct model *m, unsigned long key)
{
	int i;

	for (i = 0; i < m->used; i++)
		if (m->key[i] == key)
			return m->entry[i];
	return NULL;
}

static void model_store(struct model *m, unsigned long key, void *entry)
{
	int i;

	for (i = 0; i < m->used && m->key[i] != key; i++)
		;
	if (i == m->used && entry)
		m->used++;
	if (i == m->used)
		return;
	m->key[i] = key;
	m->entry[i] = entry;
	if (entry)
		return;
	m->used--;
	m->key[i] = m->key[m->used];
	m->entry[i] = m->entry[m->used];
}

static void *model_next(struct model *m, unsigned long *key)
{
	int i, best = -1;

	for (i = 0; i < m->used; i++)
		if (m->key[i] >= *key && (best < 0 || m->key[i] < m->key[best]))
			best = i;
	if (best < 0)
		return NULL;
	*key = m->key[best];
	return m->entry[best];
}

static void check_walk(struct selftest_ctx *t, struct xarray *xa, struct model *m)
{
	unsigned long index, key = 0;
	void *entry;
	int seen = 0;

	xa_for_each(xa, index, entry) {
		KT_EXPECT(model_next(m, &key) == entry);
		KT_EXPECT_EQ(key, index);
		key++;
		seen++;
	}
	KT_EXPECT_EQ(seen, m->used);
}

SELFTEST(xarray, random_against_model)
{
	static struct model m;
	DEFINE_XARRAY(xa);
	unsigned long key, next, found;
	void *entry;
	int i;

	m.used = 0;
	for (i = 0; i < 40000 && !t->failed; i++) {
		key = random_key();
		entry = host_random() % 8 && m.used < 500 ? entry_of(i) : NULL;
		/* Every other time it shrinks, down to nothing and back to a few. */
		if (i / 1000 % 2 && m.used && host_random() % 8) {
			key = m.key[host_random() % m.used];
			entry = NULL;
		}
		KT_EXPECT(xa_store(&xa, key, entry, GFP_KERNEL) == model_load(&m, key));
		model_store(&m, key, entry);
		KT_EXPECT(xa_load(&xa, key) == entry);
		next = found = random_key();
		KT_EXPECT(xa_find(&xa, &found, ~0UL) == model_next(&m, &next));
		KT_EXPECT_EQ(found, next);
		if (i % 256 == 0)
			check_walk(t, &xa, &m);
	}
	KT_EXPECT_EQ(xa_empty(&xa), m.used == 0);
	xa_destroy(&xa);
	KT_EXPECT(xa_empty(&xa));
}

SELFTEST(xarray, erasing_all_frees_all)
{
	unsigned long before = host_allocated(), index;
	DEFINE_XARRAY(xa);
	void *entry;
	int i;

	for (i = 0; i < 3000; i++)
		xa_store(&xa, i * 37UL, entry_of(i), GFP_KERNEL);
	xa_for_each(&xa, index, entry)
		KT_EXPECT(xa_erase(&xa, index) == entry);
	synchronize_rcu();
	KT_EXPECT_EQ(host_allocated(), before);
}

SELFTEST(xarray, insert_and_cmpxchg)
{
	DEFINE_XARRAY(xa);

	KT_EXPECT_EQ(xa_insert(&xa, 7, entry_of(1), GFP_KERNEL), 0);
	KT_EXPECT_EQ(xa_insert(&xa, 7, entry_of(2), GFP_KERNEL), -EBUSY);
	KT_EXPECT(xa_cmpxchg(&xa, 7, entry_of(2), entry_of(3), GFP_KERNEL) == entry_of(1));
	KT_EXPECT(xa_load(&xa, 7) == entry_of(1));
	KT_EXPECT(xa_cmpxchg(&xa, 7, entry_of(1), NULL, GFP_KERNEL) == entry_of(1));
	KT_EXPECT(xa_empty(&xa));
	xa_store(&xa, 0, xa_mk_value(5), GFP_KERNEL);
	KT_EXPECT(xa_is_value(xa_load(&xa, 0)) && xa_to_value(xa_load(&xa, 0)) == 5);
	xa_destroy(&xa);
}

SELFTEST(xarray, each_allocation_fails)
{
	unsigned long before, nth, key;
	DEFINE_XARRAY(xa);
	int i;

	for (i = 0; i < 300 && !t->failed; i++) {
		key = random_key();
		if (xa_load(&xa, key))
			continue;
		for (nth = 1;; nth++) {
			before = host_allocated();
			host_fail_from(nth);
			if (!xa_is_err(xa_store(&xa, key, entry_of(i), GFP_KERNEL)))
				break;
			KT_EXPECT(host_failed());
			KT_EXPECT_EQ(host_allocated(), before);
			KT_EXPECT(!xa_load(&xa, key));
		}
		host_fail_from(0);
		KT_EXPECT(xa_load(&xa, key) == entry_of(i));
	}
	xa_destroy(&xa);
}

static struct xarray shared_xa;
static bool reader_stop;

/* Entries of even indices are always there; odd ones come and go, but hold their own index. */
static void *reader(void *arg)
{
	unsigned long index, seen, wrong = 0;
	void *entry;

	while (!__atomic_load_n(&reader_stop, __ATOMIC_ACQUIRE)) {
		seen = 0;
		xa_for_each_range(&shared_xa, index, entry, 0, 3999) {
			wrong += entry != entry_of(index);
			seen += index % 2 == 0;
		}
		wrong += seen != 2000;
	}
	return (void *)(*(unsigned long *)arg = wrong);
}

SELFTEST(xarray, readers_beside_a_writer)
{
	unsigned long index, wrong = 0;
	void *thread;
	int i;

	xa_init(&shared_xa);
	reader_stop = false;
	for (index = 0; index < 4000; index += 2)
		xa_store(&shared_xa, index, entry_of(index), GFP_KERNEL);
	thread = host_thread(reader, &wrong);
	for (i = 0; i < 100000; i++) {
		index = host_random() % 2000 * 2 + 1;
		if (host_random() % 2)
			xa_store(&shared_xa, index, entry_of(index), GFP_KERNEL);
		else
			xa_erase(&shared_xa, index);
		index = (1UL << 20) << host_random() % 40;
		xa_store(&shared_xa, index, i % 2 ? entry_of(index) : NULL, GFP_KERNEL);
	}
	__atomic_store_n(&reader_stop, true, __ATOMIC_RELEASE);
	host_join(thread);
	KT_EXPECT_EQ(wrong, 0);
	xa_destroy(&shared_xa);
}

SELFTEST(idr, random_against_model)
{
	static void *model[5000];
	DEFINE_IDR(idr);
	int i, id, start, want;

	for (i = 0; i < 5000; i++)
		model[i] = NULL;
	for (i = 0; i < 60000 && !t->failed; i++) {
		if (host_random() % 100 < (i / 10000 % 2 ? 30 : 60)) {
			start = host_random() % 3 ? 0 : host_random() % 4000;
			for (want = start; want < 5000 && model[want]; want++)
				;
			id = idr_alloc(&idr, entry_of(i), start, 5000, GFP_ATOMIC);
			KT_EXPECT_EQ(id, want < 5000 ? want : -ENOSPC);
			if (id >= 0)
				model[id] = entry_of(i);
		} else {
			id = host_random() % 5000;
			KT_EXPECT(idr_find(&idr, id) == model[id]);
			KT_EXPECT(idr_remove(&idr, id) == model[id]);
			model[id] = NULL;
		}
	}
	for (i = 0; i < 5000; i++)
		KT_EXPECT(idr_find(&idr, i) == model[i]);
	idr_destroy(&idr);
}

SELFTEST(idr, limits)
{
	DEFINE_IDR(idr);
	int i, top = INT_MAX;

	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(0), -1, 0, GFP_ATOMIC), -EINVAL);
	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(1), top, 0, GFP_ATOMIC), top);
	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(2), top, 0, GFP_ATOMIC), -ENOSPC);
	for (i = 1; i < 5; i++)
		KT_EXPECT_EQ(idr_alloc(&idr, entry_of(i), 1, 5, GFP_ATOMIC), i);
	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(5), 1, 5, GFP_ATOMIC), -ENOSPC);
	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(5), 0, 5, GFP_ATOMIC), 0);
	KT_EXPECT(!idr_find(&idr, ~0UL) && !idr_find(&idr, 1UL << 40));
	KT_EXPECT(idr_replace(&idr, NULL, 77) == ERR_PTR(-ENOENT));
	idr_destroy(&idr);
	KT_EXPECT(idr_is_empty(&idr));
}

SELFTEST(idr, reserved_until_replaced)
{
	DEFINE_IDR(idr);
	void *entry;
	int id;

	KT_EXPECT_EQ(idr_alloc(&idr, NULL, 300, 0, GFP_ATOMIC), 300);
	KT_EXPECT(!idr_find(&idr, 300));
	idr_for_each_entry(&idr, entry, id)
		KT_EXPECT(!"a reserved id was shown");
	KT_EXPECT_EQ(idr_alloc(&idr, entry_of(1), 300, 301, GFP_ATOMIC), -ENOSPC);
	KT_EXPECT(!idr_replace(&idr, entry_of(2), 300));
	KT_EXPECT(idr_find(&idr, 300) == entry_of(2));
	idr_for_each_entry(&idr, entry, id)
		KT_EXPECT(id == 300 && entry == entry_of(2));
	KT_EXPECT(idr_remove(&idr, 300) == entry_of(2));
	KT_EXPECT(idr_is_empty(&idr));
}

SELFTEST(idr, cyclic_reuses_last)
{
	DEFINE_IDR(idr);
	int i;

	for (i = 0; i < 1000; i++)
		KT_EXPECT_EQ(idr_alloc_cyclic(&idr, entry_of(i), 300, 1300, GFP_ATOMIC), 300 + i);
	idr_remove(&idr, 500);
	idr_remove(&idr, 400);
	KT_EXPECT_EQ(idr_alloc_cyclic(&idr, entry_of(1), 300, 1300, GFP_ATOMIC), 400);
	idr_remove(&idr, 350);
	KT_EXPECT_EQ(idr_alloc_cyclic(&idr, entry_of(1), 300, 1300, GFP_ATOMIC), 500);
	KT_EXPECT_EQ(idr_alloc_cyclic(&idr, entry_of(1), 300, 1300, GFP_ATOMIC), 350);
	KT_EXPECT_EQ(idr_alloc_cyclic(&idr, entry_of(1), 300, 1300, GFP_ATOMIC), -ENOSPC);
	idr_destroy(&idr);
}

SELFTEST(idr, each_allocation_fails)
{
	unsigned long before, nth;
	DEFINE_IDR(idr);
	int i, id;

	for (i = 0; i < 300 && !t->failed; i++) {
		for (nth = 1;; nth++) {
			before = host_allocated();
			host_fail_from(nth);
			id = idr_alloc(&idr, entry_of(i), i * 99, 0, GFP_ATOMIC);
			if (id >= 0)
				break;
			KT_EXPECT_EQ(id, -ENOMEM);
			KT_EXPECT_EQ(host_allocated(), before);
		}
		host_fail_from(0);
		KT_EXPECT_EQ(id, i * 99);
	}
	idr_destroy(&idr);
}

SELFTEST(ida, lowest_first)
{
	DEFINE_IDA(ida);
	unsigned long before, nth;
	int i, id;

	for (i = 0; i < 5000; i++)
		KT_EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 4097);
	ida_free(&ida, 63);
	KT_EXPECT_EQ(ida_alloc_min(&ida, 64, GFP_KERNEL), 4097);
	KT_EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), 63);
	KT_EXPECT_EQ(ida_alloc_max(&ida, 4999, GFP_KERNEL), -ENOSPC);
	for (nth = 1;; nth++) {
		before = host_allocated();
		host_fail_from(nth);
		id = ida_alloc_min(&ida, 1 << 30, GFP_KERNEL);
		if (id >= 0)
			break;
		KT_EXPECT_EQ(id, -ENOMEM);
		KT_EXPECT_EQ(host_allocated(), before);
	}
	host_fail_from(0);
	KT_EXPECT_EQ(id, 1 << 30);
	ida_destroy(&ida);
	KT_EXPECT(ida_is_empty(&ida));
}
