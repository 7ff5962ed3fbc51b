/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the slab allocator's files.
 */
#ifndef _MM_SLAB_H
#define _MM_SLAB_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/threads.h>

#define MAGAZINE_MAX	64

/* Objects at hand for one CPU. Locks: [c] that CPU with interrupts off   [I] fixed */
struct magazine {
	unsigned int avail;		/* [c] */
	unsigned int limit;		/* [I] */
	void *obj[];			/* [c] last in, first out */
};

/*
 * A cache. Its slabs are compound pages; a free object's word at free_offset links to the next.
 * Locks: [I] fixed after creation   [c] a CPU's own slot, interrupts off   [l] lock
 *        [S] slab_mutex
 */
struct kmem_cache {
	struct magazine *cpu[NR_CPUS];	/* [c] NULL until first used */
	unsigned int object_size;	/* [I] what the user asked for */
	unsigned int size;		/* [I] distance between objects */
	unsigned int free_offset;	/* [I] of the link in a free object */
	unsigned int align;		/* [I] */
	unsigned int flags;		/* [I] SLAB_* */
	unsigned int order;		/* [I] of a slab */
	unsigned int objects;		/* [I] per slab */
	unsigned int limit;		/* [I] of a magazine */
	unsigned int max_empty;		/* [I] empty slabs that are kept */
	void (*ctor)(void *obj);	/* [I] */
	const char *name;		/* [I] */
	spinlock_t lock;
	struct list_head partial;	/* [l] slabs with free objects, empty ones last */
	unsigned long nr_slabs;		/* [l] */
	unsigned long nr_empty;		/* [l] */
	unsigned long nr_inuse;		/* [l] objects out of their slabs */
	struct list_head list;		/* [S] */
};

extern struct mutex slab_mutex;
extern struct list_head slab_caches;	/* slab_mutex */

#ifdef CONFIG_DEBUG_SLAB
/* Room behind each object, and what is checked at each step. */
#define SLAB_DEBUG_ROOM		24
void slab_debug_init_object(struct kmem_cache *cache, void *obj);
void slab_debug_alloc(struct kmem_cache *cache, void *obj, unsigned long caller);
void slab_debug_free(struct kmem_cache *cache, void *obj, unsigned long caller);
#else
#define SLAB_DEBUG_ROOM		0
static inline void slab_debug_init_object(struct kmem_cache *cache, void *obj)
{
}

static inline void slab_debug_alloc(struct kmem_cache *cache, void *obj, unsigned long caller)
{
}

static inline void slab_debug_free(struct kmem_cache *cache, void *obj, unsigned long caller)
{
}
#endif

#endif
