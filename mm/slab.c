// SPDX-License-Identifier: GPL-2.0-only
/*
 * Caches of equal objects: a magazine per CPU (interrupts off) over slabs of pages (cache->lock).
 * Slabs carry their free list; full ones are on no list. Any context as the gfp allows.
 */
#include <linux/fault-inject.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>
#include "internal.h"
#include "slab.h"

DEFINE_MUTEX(slab_mutex);
LIST_HEAD(slab_caches);			/* slab_mutex */
static struct kmem_cache cache_of_caches;
static struct kmem_cache *magazine_cache;	/* has no magazines itself */

static inline void *get_link(const struct kmem_cache *cache, void *obj)
{
	return *(void **)((char *)obj + cache->free_offset);
}

static inline void set_link(const struct kmem_cache *cache, void *obj, void *next)
{
	*(void **)((char *)obj + cache->free_offset) = next;
}

static inline struct page *slab_of(const void *obj)
{
	return compound_head(virt_to_page(obj));
}

/* ---- slabs ---- */

static struct page *new_slab(struct kmem_cache *cache, gfp_t gfp)
{
	struct page *page = alloc_pages((gfp & ~__GFP_ZERO) | __GFP_COMP, cache->order);
	char *base;
	int i;

	if (!page)
		return NULL;
	__SetPageSlab(page);
	page->slab_cache = cache;
	page->freelist = NULL;
	page->slab_inuse = 0;
	page->slab_objects = cache->objects;
	base = page_address(page);
	for (i = cache->objects - 1; i >= 0; i--) {
		void *obj = base + i * cache->size;

		slab_debug_init_object(cache, obj);
		if (cache->ctor)
			cache->ctor(obj);
		set_link(cache, obj, page->freelist);
		page->freelist = obj;
	}
	vm_stat_add(NR_SLAB, 1L << cache->order);
	return page;
}

static void release_slab_pages(struct page *page)
{
	unsigned int order = PageHead(page) ? page->order : 0;

	vm_stat_add(NR_SLAB, -(1L << order));
	__ClearPageSlab(page);
	page->mapping = NULL;
	__free_pages(page, order);
}

static void slab_rcu_free(struct rcu_head *head)
{
	release_slab_pages(container_of(head, struct page, rcu_head));
}

static void free_slab(struct kmem_cache *cache, struct page *page)
{
	ASSERT(!page->slab_inuse);
	if (cache->flags & SLAB_TYPESAFE_BY_RCU)
		call_rcu(&page->rcu_head, slab_rcu_free);
	else
		release_slab_pages(page);
}

static void free_slab_list(struct kmem_cache *cache, struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, slab_list)
		free_slab(cache, page);
}

/* cache->lock held. Move objects from partial slabs to @to; how many. */
static unsigned int take_objects(struct kmem_cache *cache, void **to, unsigned int want)
{
	unsigned int got = 0;

	while (got < want && !list_empty(&cache->partial)) {
		struct page *page = list_first_entry(&cache->partial, struct page, slab_list);

		if (!page->slab_inuse)
			cache->nr_empty--;
		while (got < want && page->freelist) {
			to[got++] = page->freelist;
			page->freelist = get_link(cache, page->freelist);
			page->slab_inuse++;
		}
		if (!page->freelist)
			list_del(&page->slab_list);
	}
	cache->nr_inuse += got;
	return got;
}

/* cache->lock held. An object returns to its slab; a slab too many goes to @surplus. */
static void put_object(struct kmem_cache *cache, void *obj, struct list_head *surplus)
{
	struct page *page = slab_of(obj);
	bool was_full = !page->freelist;

	set_link(cache, obj, page->freelist);
	page->freelist = obj;
	page->slab_inuse--;
	cache->nr_inuse--;
	if (was_full)
		list_add(&page->slab_list, &cache->partial);
	if (page->slab_inuse)
		return;
	if (cache->nr_empty >= cache->max_empty) {
		list_move(&page->slab_list, surplus);
		cache->nr_slabs--;
	} else {
		list_move_tail(&page->slab_list, &cache->partial);
		cache->nr_empty++;
	}
}

/* Up to @want objects, at least one unless there is no memory. */
static unsigned int refill(struct kmem_cache *cache, void **to, unsigned int want, gfp_t gfp)
{
	unsigned long flags;
	struct page *page;
	unsigned int got;

	for (;;) {
		spin_lock_irqsave(&cache->lock, flags);
		got = take_objects(cache, to, want);
		spin_unlock_irqrestore(&cache->lock, flags);
		if (got)
			return got;
		page = new_slab(cache, gfp);
		if (!page)
			return 0;
		spin_lock_irqsave(&cache->lock, flags);
		list_add(&page->slab_list, &cache->partial);
		cache->nr_slabs++;
		cache->nr_empty++;
		spin_unlock_irqrestore(&cache->lock, flags);
	}
}

static void give_back(struct kmem_cache *cache, void **objs, unsigned int nr)
{
	LIST_HEAD(surplus);
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	while (nr--)
		put_object(cache, *objs++, &surplus);
	spin_unlock_irqrestore(&cache->lock, flags);
	free_slab_list(cache, &surplus);
}

/* ---- magazines ---- */

static struct magazine *new_magazine(struct kmem_cache *cache)
{
	struct magazine *mag = NULL;

	if (cache == magazine_cache || !magazine_cache)
		return NULL;
	if (!refill(magazine_cache, (void **)&mag, 1, GFP_NOWAIT | __GFP_NOWARN))
		return NULL;
	mag->avail = 0;
	mag->limit = cache->limit;
	return mag;
}

/* Interrupts off. The CPU's magazine, made if need be; NULL: do without. */
static struct magazine *this_magazine(struct kmem_cache *cache)
{
	struct magazine **slot = &cache->cpu[smp_processor_id()];

	if (unlikely(!*slot))
		*slot = new_magazine(cache);
	return *slot;
}

/* The magazine was empty. Sleeps if @gfp may, so the CPU can be another afterwards. */
static noinline void *alloc_slow(struct kmem_cache *cache, gfp_t gfp)
{
	void *objs[MAGAZINE_MAX / 2];
	unsigned int got, i = 0;
	struct magazine *mag;
	unsigned long flags;
	void *obj;

	got = refill(cache, objs, max(cache->limit / 2, 1U), gfp);
	if (!got)
		return NULL;
	obj = objs[--got];
	local_irq_save(flags);
	mag = this_magazine(cache);
	while (mag && i < got && mag->avail < mag->limit)
		mag->obj[mag->avail++] = objs[i++];
	local_irq_restore(flags);
	if (i < got)
		give_back(cache, objs + i, got - i);
	return obj;
}

/* Interrupts off. The magazine is full, or there is none. */
static noinline void free_slow(struct kmem_cache *cache, void *obj)
{
	struct magazine *mag = this_magazine(cache);
	unsigned int half;

	if (!mag) {
		give_back(cache, &obj, 1);
		return;
	}
	if (mag->avail == mag->limit) {
		/* The oldest half goes: what was freed last is warm. */
		half = max(mag->limit / 2, 1U);
		give_back(cache, mag->obj, half);
		mag->avail -= half;
		memmove(mag->obj, mag->obj + half, mag->avail * sizeof(void *));
	}
	mag->obj[mag->avail++] = obj;
}

static __always_inline void *cache_alloc(struct kmem_cache *cache, gfp_t gfp,
					 unsigned long caller)
{
	struct magazine *mag;
	unsigned long flags;
	void *obj;

	if (gfp & __GFP_WAIT)
		might_sleep();
	if (!(gfp & __GFP_NOFAIL) && should_fail("slab", cache->name))
		return NULL;
	local_irq_save(flags);
	mag = cache->cpu[smp_processor_id()];
	if (likely(mag && mag->avail)) {
		obj = mag->obj[--mag->avail];
		local_irq_restore(flags);
	} else {
		local_irq_restore(flags);
		obj = alloc_slow(cache, gfp);
		if (unlikely(!obj))
			return NULL;
	}
	slab_debug_alloc(cache, obj, caller);
	if (gfp & __GFP_ZERO)
		memset(obj, 0, cache->object_size);
	return obj;
}

static __always_inline void cache_free(struct kmem_cache *cache, void *obj, unsigned long caller)
{
	struct magazine *mag;
	unsigned long flags;

	ASSERT(slab_of(obj)->slab_cache == cache);
	slab_debug_free(cache, obj, caller);
	local_irq_save(flags);
	mag = cache->cpu[smp_processor_id()];
	if (likely(mag && mag->avail < mag->limit))
		mag->obj[mag->avail++] = obj;
	else
		free_slow(cache, obj);
	local_irq_restore(flags);
}

#define CALLER	((unsigned long)__builtin_return_address(0))

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return cache_alloc(cache, gfp, CALLER);
}

void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return cache_alloc(cache, gfp | __GFP_ZERO, CALLER);
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	if (likely(obj))
		cache_free(cache, obj, CALLER);
}

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return cache->object_size;
}

/* ---- kmalloc ---- */

#define NR_KMALLOC	13
struct kmem_cache *kmalloc_caches[NR_KMALLOC];

static const struct {
	unsigned int size;
	const char *name;
} kmalloc_sizes[NR_KMALLOC] = {
	{ 8, "kmalloc-8" }, { 16, "kmalloc-16" }, { 32, "kmalloc-32" }, { 64, "kmalloc-64" },
	{ 96, "kmalloc-96" }, { 128, "kmalloc-128" }, { 192, "kmalloc-192" },
	{ 256, "kmalloc-256" }, { 512, "kmalloc-512" }, { 1024, "kmalloc-1k" },
	{ 2048, "kmalloc-2k" }, { 4096, "kmalloc-4k" }, { 8192, "kmalloc-8k" },
};

static void *kmalloc_large(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	struct page *page;

	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	page = alloc_pages(gfp | __GFP_COMP, order);
	return page ? page_address(page) : NULL;
}

void *__kmalloc(size_t size, gfp_t gfp)
{
	if (unlikely(size > KMALLOC_MAX_CACHE_SIZE))
		return kmalloc_large(size, gfp);
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	return cache_alloc(kmalloc_caches[kmalloc_index(size)], gfp, CALLER);
}

void kfree(const void *obj)
{
	struct page *page;

	if (unlikely(ZERO_OR_NULL_PTR(obj)))
		return;
	page = slab_of(obj);
	if (likely(PageSlab(page)))
		cache_free(page->slab_cache, (void *)obj, CALLER);
	else
		__free_pages(page, PageHead(page) ? page->order : 0);
}

size_t ksize(const void *obj)
{
	struct page *page;

	if (ZERO_OR_NULL_PTR(obj))
		return 0;
	page = slab_of(obj);
	if (PageSlab(page))
		return page->slab_cache->object_size;
	return PAGE_SIZE << (PageHead(page) ? page->order : 0);
}

void kfree_sensitive(const void *obj)
{
	if (!ZERO_OR_NULL_PTR(obj)) {
		memset((void *)obj, 0, ksize(obj));
		barrier();
	}
	kfree(obj);
}

void *krealloc(const void *obj, size_t size, gfp_t gfp)
{
	size_t old = ksize(obj);
	void *new;

	if (!size) {
		kfree(obj);
		return ZERO_SIZE_PTR;
	}
	if (size <= old)
		return (void *)obj;
	new = __kmalloc(size, gfp);
	if (new && old) {
		memcpy(new, obj, old);
		kfree(obj);
	}
	return new;
}

/* ---- making caches ---- */

/* The smallest slab that wastes at most an eighth. */
static unsigned int choose_order(unsigned int size)
{
	unsigned int order;

	for (order = 0; order < 3; order++) {
		unsigned long bytes = PAGE_SIZE << order;

		if (size <= bytes && bytes % size <= bytes / 8)
			break;
	}
	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

static unsigned int choose_limit(unsigned int size)
{
	if (size <= 256)
		return MAGAZINE_MAX;
	if (size <= 1024)
		return 32;
	return size <= 4096 ? 16 : 8;
}

static void cache_init(struct kmem_cache *cache, const char *name, size_t size, size_t align,
		       unsigned int flags, void (*ctor)(void *))
{
	unsigned int room;

	align = max_t(size_t, align, flags & SLAB_HWCACHE_ALIGN ? 64 : ARCH_SLAB_MINALIGN);
	cache->name = name;
	cache->object_size = size;
	cache->align = align;
	cache->flags = flags;
	cache->ctor = ctor;
	room = ALIGN(size, sizeof(void *));
	/* Constructed objects, and those readers may still look at, keep their contents. */
	if (ctor || (flags & SLAB_TYPESAFE_BY_RCU) || SLAB_DEBUG_ROOM) {
		cache->free_offset = room + SLAB_DEBUG_ROOM;
		room = cache->free_offset + sizeof(void *);
	}
	cache->size = ALIGN(room, align);
	cache->order = choose_order(cache->size);
	cache->objects = (PAGE_SIZE << cache->order) / cache->size;
	cache->limit = choose_limit(cache->size);
	cache->max_empty = cache->order ? 1 : 2;
	spin_lock_init(&cache->lock, LOCK_RANK_SLAB);
	INIT_LIST_HEAD(&cache->partial);
	list_add_tail(&cache->list, &slab_caches);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *cache = kmem_cache_zalloc(&cache_of_caches, GFP_KERNEL);

	if (!cache) {
		VERIFY(!(flags & SLAB_PANIC));
		return NULL;
	}
	mutex_lock(&slab_mutex);
	cache_init(cache, name, size, align, flags, ctor);
	mutex_unlock(&slab_mutex);
	return cache;
}

static void drain_magazine(void *arg)
{
	struct kmem_cache *cache = arg;
	struct magazine *mag;
	unsigned long flags;

	local_irq_save(flags);
	mag = cache->cpu[smp_processor_id()];
	if (mag && mag->avail) {
		give_back(cache, mag->obj, mag->avail);
		mag->avail = 0;
	}
	local_irq_restore(flags);
}

/* Give empty slabs back to the page allocator. */
static void shrink_cache(struct kmem_cache *cache)
{
	struct page *page, *next;
	LIST_HEAD(empty);
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	list_for_each_entry_safe(page, next, &cache->partial, slab_list) {
		if (page->slab_inuse)
			continue;
		list_move(&page->slab_list, &empty);
		cache->nr_slabs--;
		cache->nr_empty--;
	}
	spin_unlock_irqrestore(&cache->lock, flags);
	free_slab_list(cache, &empty);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	unsigned int cpu;

	if (!cache)
		return;
	on_each_cpu(drain_magazine, cache, 1);
	shrink_cache(cache);
	mutex_lock(&slab_mutex);
	list_del(&cache->list);
	mutex_unlock(&slab_mutex);
	WARN(cache->nr_slabs, "slab: %s destroyed with objects in use\n", cache->name);
	for_each_possible_cpu(cpu)
		if (cache->cpu[cpu])
			give_back(magazine_cache, (void **)&cache->cpu[cpu], 1);
	kmem_cache_free(&cache_of_caches, cache);
}

static void drain_all_magazines(void *unused)
{
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_caches, list)
		drain_magazine(cache);
}

static void shrink_all_caches(void)
{
	struct kmem_cache *cache;

	on_each_cpu(drain_all_magazines, NULL, 1);
	list_for_each_entry(cache, &slab_caches, list)
		shrink_cache(cache);
	mutex_unlock(&slab_mutex);
}

/* If another task is at it already, its work serves us too. */
void slab_shrink_all(void)
{
	if (mutex_trylock(&slab_mutex))
		shrink_all_caches();
}

/* All of it for certain. Context: sleeps; not under slab_mutex, so not from an allocation. */
void slab_drain(void)
{
	mutex_lock(&slab_mutex);
	shrink_all_caches();
}

bool slab_is_available(void)
{
	return kmalloc_caches[0] != NULL;
}

void __init kmem_cache_init(void)
{
	unsigned int i;

	cache_init(&cache_of_caches, "kmem_cache", sizeof(struct kmem_cache), 64, 0, NULL);
	magazine_cache = kmem_cache_create("kmem_magazine", sizeof(struct magazine) +
					   MAGAZINE_MAX * sizeof(void *), 8, SLAB_PANIC, NULL);
	for (i = 0; i < NR_KMALLOC; i++) {
		unsigned int size = kmalloc_sizes[i].size;

		/* A power of two is aligned to itself; other sizes to their lowest bit. */
		kmalloc_caches[i] = kmem_cache_create(kmalloc_sizes[i].name, size,
						      min_t(size_t, size & -size, PAGE_SIZE),
						      SLAB_PANIC, NULL);
	}
}
