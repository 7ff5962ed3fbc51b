// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures of every cache, for /proc/slabinfo and for tests that look for leaks. slab_mutex keeps
 * the caches, each cache's lock its figures.
 */
#include <linux/mutex.h>
#include "internal.h"
#include "slab.h"

struct kmem_cache *slabinfo_start(loff_t pos)
{
	struct kmem_cache *cache;

	mutex_lock(&slab_mutex);
	list_for_each_entry(cache, &slab_caches, list)
		if (!pos--)
			return cache;
	return NULL;
}

struct kmem_cache *slabinfo_next(struct kmem_cache *cache)
{
	if (list_is_last(&cache->list, &slab_caches))
		return NULL;
	return list_next_entry(cache, list);
}

void slabinfo_stop(void)
{
	mutex_unlock(&slab_mutex);
}

static unsigned long objects_in_magazines(struct kmem_cache *cache)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct magazine *mag = READ_ONCE(cache->cpu[cpu]);

		if (mag)
			sum += READ_ONCE(mag->avail);
	}
	return sum;
}

void get_slabinfo(struct kmem_cache *cache, struct slabinfo *info)
{
	unsigned long flags, idle;

	spin_lock_irqsave(&cache->lock, flags);
	idle = objects_in_magazines(cache);
	info->active_objs = cache->nr_inuse > idle ? cache->nr_inuse - idle : 0;
	info->num_objs = cache->nr_slabs * cache->objects;
	info->num_slabs = cache->nr_slabs;
	info->active_slabs = cache->nr_slabs - cache->nr_empty;
	spin_unlock_irqrestore(&cache->lock, flags);
	info->name = cache->name;
	info->objsize = cache->size;
	info->objs_per_slab = cache->objects;
	info->pages_per_slab = 1UL << cache->order;
	info->limit = cache->limit;
	info->batchcount = max(cache->limit / 2, 1U);
}

unsigned long slab_active_objs(const char *name)
{
	struct kmem_cache *cache;
	unsigned long active = 0;
	struct slabinfo info;

	for (cache = slabinfo_start(0); cache; cache = slabinfo_next(cache)) {
		if (strcmp(cache->name, name))
			continue;
		get_slabinfo(cache, &info);
		active += info.active_objs;
	}
	slabinfo_stop();
	return active;
}
