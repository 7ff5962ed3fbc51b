// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_DEBUG_SLAB: behind each object stand a red zone, its state and the last caller; a free
 * object is filled with a pattern. Called by whoever owns the object at that moment.
 */
#include "internal.h"
#include "slab.h"

#define RED_ZONE	0xbb5ca1ab1eb0bb1eULL
#define STATE_FREE	0x09f911029d74e35bULL
#define STATE_USED	0xd84156c5635688c0ULL
#define FREE_BYTE	0x6b
#define FREE_WORD	0x6b6b6b6b6b6b6b6bULL
#define NEW_BYTE	0x5a

struct trailer {
	u64 red_zone;
	u64 state;
	unsigned long caller;
};
BUILD_ASSERT(sizeof(struct trailer) == SLAB_DEBUG_ROOM);

static struct trailer *trailer_of(struct kmem_cache *cache, void *obj)
{
	return (struct trailer *)((char *)obj + ALIGN(cache->object_size, sizeof(void *)));
}

/* Others may look at a free object, or its constructed state must last: no pattern. */
static bool has_pattern(const struct kmem_cache *cache)
{
	return !cache->ctor && !(cache->flags & SLAB_TYPESAFE_BY_RCU);
}

static void __cold slab_bug(struct kmem_cache *cache, void *obj, const char *what)
{
	struct trailer *tr = trailer_of(cache, obj);

	pr_emerg("slab: %s: object %px: %s; last allocated or freed by %pS\n", cache->name, obj,
		 what, (void *)tr->caller);
	pr_emerg("slab: red zone %llx state %llx, starts with %llx %llx\n", tr->red_zone,
		 tr->state, ((u64 *)obj)[0], cache->object_size > 8 ? ((u64 *)obj)[1] : 0);
	WARN_ON(1);
}

static void fill(struct kmem_cache *cache, void *obj, int byte)
{
	memset(obj, byte, cache->object_size);
}

static void check_pattern(struct kmem_cache *cache, void *obj)
{
	unsigned int i;

	for (i = 0; i + 8 <= cache->object_size; i += 8) {
		if (*(u64 *)((char *)obj + i) != FREE_WORD) {
			slab_bug(cache, obj, "written after it was freed");
			return;
		}
	}
}

void slab_debug_init_object(struct kmem_cache *cache, void *obj)
{
	struct trailer *tr = trailer_of(cache, obj);

	tr->red_zone = RED_ZONE;
	tr->state = STATE_FREE;
	tr->caller = 0;
	if (has_pattern(cache))
		fill(cache, obj, FREE_BYTE);
}

void slab_debug_alloc(struct kmem_cache *cache, void *obj, unsigned long caller)
{
	struct trailer *tr = trailer_of(cache, obj);

	if (tr->red_zone != RED_ZONE || tr->state != STATE_FREE)
		slab_bug(cache, obj, "overwritten while it was free");
	else if (has_pattern(cache))
		check_pattern(cache, obj);
	tr->red_zone = RED_ZONE;
	tr->state = STATE_USED;
	tr->caller = caller;
	if (has_pattern(cache))
		fill(cache, obj, NEW_BYTE);
}

void slab_debug_free(struct kmem_cache *cache, void *obj, unsigned long caller)
{
	struct trailer *tr = trailer_of(cache, obj);
	unsigned long offset = (unsigned long)obj & ((PAGE_SIZE << cache->order) - 1);

	if (offset % cache->size)
		slab_bug(cache, obj, "freed by an address inside an object");
	else if (tr->state == STATE_FREE)
		slab_bug(cache, obj, "freed twice");
	else if (tr->red_zone != RED_ZONE || tr->state != STATE_USED)
		slab_bug(cache, obj, "written past its end");
	tr->state = STATE_FREE;
	tr->caller = caller;
	if (has_pattern(cache))
		fill(cache, obj, FREE_BYTE);
}
