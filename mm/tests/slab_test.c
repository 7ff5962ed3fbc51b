// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the slab allocator: contents, alignment, constructors, counts.
 */
#include "../internal.h"

SELFTEST(slab, kmalloc_sizes)
{
	static const unsigned int sizes[] = { 1, 8, 9, 63, 64, 65, 96, 97, 192, 193, 4096, 8192,
					      8193, 100000 };
	void *obj[ARRAY_SIZE(sizes)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		obj[i] = kmalloc(sizes[i], GFP_KERNEL);
		KT_ASSERT(obj[i]);
		KT_EXPECT(ksize(obj[i]) >= sizes[i]);
		if (!(sizes[i] & (sizes[i] - 1)) && sizes[i] <= PAGE_SIZE)
			KT_EXPECT(IS_ALIGNED((unsigned long)obj[i], sizes[i]));
		memset(obj[i], i + 1, sizes[i]);
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		KT_EXPECT_EQ(((u8 *)obj[i])[0], i + 1);
		KT_EXPECT_EQ(((u8 *)obj[i])[sizes[i] - 1], i + 1);
		kfree(obj[i]);
	}
	KT_EXPECT(kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	KT_EXPECT(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	KT_EXPECT(!kcalloc(1UL << 33, 1UL << 33, GFP_KERNEL));
}

SELFTEST(slab, zeroed_and_grown)
{
	u8 *obj = kzalloc(500, GFP_KERNEL);
	unsigned int i, sum = 0;

	KT_ASSERT(obj);
	for (i = 0; i < 500; i++)
		sum |= obj[i];
	KT_EXPECT_EQ(sum, 0);
	memset(obj, 7, 500);
	obj = krealloc(obj, 3000, GFP_KERNEL);
	KT_ASSERT(obj);
	KT_EXPECT_EQ(obj[499], 7);
	kfree_sensitive(obj);
}

static unsigned int constructed;

static void count_ctor(void *obj)
{
	constructed++;
	*(u64 *)obj = 0x1234;
}

SELFTEST(slab, constructed_cache)
{
	struct kmem_cache *cache = kmem_cache_create("selftest", 72, 0, 0, count_ctor);
	void *obj[200];
	unsigned int i, made;

	KT_ASSERT(cache);
	for (i = 0; i < ARRAY_SIZE(obj); i++) {
		obj[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KT_ASSERT(obj[i]);
		KT_EXPECT_EQ(*(u64 *)obj[i], 0x1234);
	}
	KT_EXPECT_EQ(slab_active_objs("selftest"), ARRAY_SIZE(obj));
	made = constructed;
	KT_EXPECT(made >= ARRAY_SIZE(obj));
	for (i = 0; i < ARRAY_SIZE(obj); i++)
		kmem_cache_free(cache, obj[i]);
	KT_EXPECT_EQ(slab_active_objs("selftest"), 0);
	obj[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	KT_EXPECT_EQ(*(u64 *)obj[0], 0x1234);
	KT_EXPECT_EQ(constructed, made);
	kmem_cache_free(cache, obj[0]);
	kmem_cache_destroy(cache);
}
