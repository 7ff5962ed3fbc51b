/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects of one size, from per-CPU magazines over slabs of whole pages (mm/slab.c). Any context as
 * the gfp says; freeing never sleeps. Debug builds poison, red-zone and remember who allocated.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <asm/page.h>

struct kmem_cache;
struct seq_file;

#define SLAB_HWCACHE_ALIGN	0x01u	/* objects start at cache lines */
#define SLAB_PANIC		0x02u	/* creation must not fail */
#define SLAB_TYPESAFE_BY_RCU	0x04u	/* pages are freed after a grace period only */
#define SLAB_ACCOUNT		0x08u
#define SLAB_RECLAIM_ACCOUNT	0x10u

#define ARCH_KMALLOC_MINALIGN	8
#define ARCH_SLAB_MINALIGN	8
#define KMALLOC_MAX_CACHE_SIZE	8192UL
#define KMALLOC_MAX_SIZE	(1UL << (PAGE_SHIFT + MAX_ORDER - 1))
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

/**
 * kmem_cache_create() - a cache of objects
 * @name: for /proc/slabinfo; not copied
 * @size: bytes   @align: power of two or 0   @flags: SLAB_*
 * @ctor: runs once on each object when its slab is made; the object must be freed in that state
 *
 * Context: sleeps.
 * Return: the cache or NULL.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *));
/* All objects must have been freed. */
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *obj);
unsigned int kmem_cache_size(struct kmem_cache *cache);

#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)

void *__kmalloc(size_t size, gfp_t gfp);
void kfree(const void *obj);
void kfree_sensitive(const void *obj);	/* wiped first */
size_t ksize(const void *obj);
void *krealloc(const void *obj, size_t size, gfp_t gfp);

extern struct kmem_cache *kmalloc_caches[];
unsigned int kmalloc_slow_index(size_t size);

/* Which of kmalloc_caches[]: 8 16 32 64 96 128 192 256 512 1k 2k 4k 8k; constant folding only. */
static __always_inline unsigned int kmalloc_index(size_t size)
{
	return size <= 8 ? 0 : size <= 16 ? 1 : size <= 32 ? 2 : size <= 64 ? 3 : size <= 96 ? 4 :
	       size <= 128 ? 5 : size <= 192 ? 6 : size <= 256 ? 7 : size <= 512 ? 8 :
	       size <= 1024 ? 9 : size <= 2048 ? 10 : size <= 4096 ? 11 : 12;
}

static __always_inline void *kmalloc(size_t size, gfp_t gfp)
{
	if (__builtin_constant_p(size) && size && size <= KMALLOC_MAX_CACHE_SIZE)
		return kmem_cache_alloc(kmalloc_caches[kmalloc_index(size)], gfp);
	return __kmalloc(size, gfp);
}

static __always_inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, gfp);
}

static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc_array(n, size, gfp | __GFP_ZERO);
}

static inline void *krealloc_array(void *obj, size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return krealloc(obj, bytes, gfp);
}

/* mm/util.c */
char *kstrdup(const char *s, gfp_t gfp);
char *kstrndup(const char *s, size_t max, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);
/* Copies from user space; ERR_PTR(-EFAULT), ERR_PTR(-ENOMEM), ERR_PTR(-EINVAL: longer than @max). */
void *memdup_user(const void __user *src, size_t len);
void *memdup_user_nul(const void __user *src, size_t len);
char *strndup_user(const char __user *s, long max);

/* kmalloc, or vmalloc where that is too big for it. Not from interrupts. */
void *kvmalloc(size_t size, gfp_t gfp);
void kvfree(const void *addr);

static inline void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_ZERO);
}

static inline void *kvmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kvmalloc(bytes, gfp);
}

static inline void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kvmalloc_array(n, size, gfp | __GFP_ZERO);
}

/* ---- /proc/slabinfo: walk with the iterator, which holds the list's lock ---- */

struct slabinfo {
	const char *name;
	unsigned long active_objs, num_objs, objsize, objs_per_slab, pages_per_slab;
	unsigned long limit, batchcount, active_slabs, num_slabs;
};

struct kmem_cache *slabinfo_start(loff_t pos);		/* locks; NULL at the end */
struct kmem_cache *slabinfo_next(struct kmem_cache *cache);
void slabinfo_stop(void);
void get_slabinfo(struct kmem_cache *cache, struct slabinfo *info);

/* Objects in use of the cache called @name, magazines not counted; for leak tests. */
unsigned long slab_active_objs(const char *name);
/* Give every magazine's objects and empty slabs back. Sleeps. */
void slab_shrink_all(void);
void slab_drain(void);

bool slab_is_available(void);

#endif
