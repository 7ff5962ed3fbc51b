// SPDX-License-Identifier: GPL-2.0-only
/*
 * Radix tree of 64-way nodes. The owner's lock serialises writers; a reader under RCU sees each
 * entry either before or after a change, because a node is filled before it is linked and freed
 * a grace period after it was unlinked. Callers: lib/xarray.c and lib/idr.c.
 */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/radix.h>
#include <linux/slab.h>

#define NODE_TAG	2UL
#define SLOT_MASK	(RADIX_SLOTS - 1)

static struct kmem_cache *node_cache;

/* Entries have the low bits 00 or x1, or are RADIX_RESERVED, which is no address. */
static inline bool is_node(const void *entry)
{
	return ((unsigned long)entry & 3) == NODE_TAG && entry != RADIX_RESERVED;
}

static inline struct radix_node *to_node(const void *entry)
{
	return (struct radix_node *)((unsigned long)entry & ~3UL);
}

static inline void *tag_node(const struct radix_node *node)
{
	return (void *)((unsigned long)node | NODE_TAG);
}

static inline unsigned int slot_of(const struct radix_node *node, unsigned long index)
{
	return (index >> node->shift) & SLOT_MASK;
}

/* The last index that a tree with this head can hold. */
static unsigned long last_index(const void *head)
{
	unsigned int bits;

	if (!is_node(head))
		return 0;
	bits = to_node(head)->shift + RADIX_SHIFT;
	return bits >= BITS_PER_LONG ? ~0UL : (1UL << bits) - 1;
}

void *radix_lookup(const struct radix_tree *tree, unsigned long index)
{
	const void *entry = rcu_dereference(tree->head);
	const struct radix_node *node;

	if (index > last_index(entry))
		return NULL;
	while (is_node(entry)) {
		node = to_node(entry);
		entry = rcu_dereference(node->slots[slot_of(node, index)]);
	}
	return (void *)entry;
}

/*
 * Go down towards *@index. Where the way is empty, *@index moves on to the next slot of that node
 * that is not; returns NULL when the node has none, with *@index behind it (0: at the very end).
 */
static void *descend(const void *entry, unsigned long *index)
{
	const struct radix_node *node;
	unsigned int slot;

	while (is_node(entry)) {
		node = to_node(entry);
		for (slot = slot_of(node, *index); slot < RADIX_SLOTS; slot++) {
			entry = rcu_dereference(node->slots[slot]);
			if (entry)
				break;
			*index = ((*index >> node->shift) + 1) << node->shift;
		}
		if (slot == RADIX_SLOTS)
			return NULL;
	}
	return (void *)entry;
}

void *radix_find(const struct radix_tree *tree, unsigned long *index, unsigned long max)
{
	unsigned long at = *index;
	const void *head;
	void *entry;

	do {
		head = rcu_dereference(tree->head);
		if (at > last_index(head) || at > max)
			return NULL;
		entry = descend(head, &at);
		if (entry && at <= max) {
			*index = at;
			return entry;
		}
	} while (at && !entry && is_node(head));
	return NULL;
}

unsigned long radix_find_free(const struct radix_tree *tree, unsigned long start)
{
	const struct radix_node *node;
	unsigned long at = start;
	const void *entry;
	unsigned int slot;
	u64 free;

	if (tree->head && !is_node(tree->head))
		return start ? start : 1;
again:
	entry = tree->head;
	if (at > last_index(entry))
		return at;
	while (is_node(entry)) {
		node = to_node(entry);
		slot = slot_of(node, at);
		free = ~node->full & (~0ULL << slot);
		if (!free) {
			at = ((at >> node->shift >> RADIX_SHIFT) + 1) << node->shift << RADIX_SHIFT;
			if (!at)
				return 0;
			goto again;
		}
		if (__ffs(free) != slot)
			at = ((at >> node->shift) - slot + __ffs(free)) << node->shift;
		entry = node->slots[__ffs(free)];
	}
	return at;
}

/* Bits that a node must have below and in it to hold @index as the top. */
static unsigned int top_shift(unsigned long index)
{
	return index ? __fls(index) / RADIX_SHIFT * RADIX_SHIFT : 0;
}

unsigned int radix_nodes_needed(const struct radix_tree *tree, unsigned long index)
{
	const void *entry = tree->head;
	unsigned int levels;

	if (!entry)
		return index ? top_shift(index) / RADIX_SHIFT + 1 : 0;
	if (index > last_index(entry)) {
		levels = is_node(entry) ? to_node(entry)->shift / RADIX_SHIFT + 1 : 0;
		/* New tops above the old one, and a new branch below the last of them. */
		return 2 * (top_shift(index) / RADIX_SHIFT) + 1 - levels;
	}
	while (is_node(entry)) {
		levels = to_node(entry)->shift / RADIX_SHIFT;
		entry = to_node(entry)->slots[slot_of(to_node(entry), index)];
		if (!entry)
			return levels;
	}
	return 0;
}

bool radix_fill_spares(struct radix_spares *spares, unsigned int count, gfp_t gfp)
{
	struct radix_node *node;

	for (; spares->count < count; spares->count++) {
		node = kmem_cache_zalloc(node_cache, gfp);
		if (!node)
			return false;
		node->next_spare = spares->first;
		spares->first = node;
	}
	return true;
}

void radix_drop_spares(struct radix_spares *spares)
{
	struct radix_node *node;

	while ((node = spares->first)) {
		spares->first = node->next_spare;
		kmem_cache_free(node_cache, node);
	}
	spares->count = 0;
}

static struct radix_node *take_spare(struct radix_spares *spares, unsigned int shift)
{
	struct radix_node *node = spares->first;

	ASSERT(node);
	spares->first = node->next_spare;
	spares->count--;
	node->next_spare = NULL;
	node->shift = shift;
	return node;
}

static void free_node_rcu(struct rcu_head *head)
{
	kmem_cache_free(node_cache, container_of(head, struct radix_node, rcu));
}

/* @node has become full, or has stopped being so: tell those above. */
static void update_full(struct radix_node *node)
{
	struct radix_node *parent;
	u64 bit, was;

	while ((parent = node->parent)) {
		bit = 1ULL << node->offset;
		was = parent->full;
		parent->full = ~node->full ? was & ~bit : was | bit;
		if (parent->full == was)
			return;
		node = parent;
	}
}

static void set_slot(struct radix_node *node, unsigned int slot, void *entry, bool full)
{
	bool was_full = !~node->full;
	void *old = node->slots[slot];

	node->count += !!entry - !!old;
	node->full = full ? node->full | 1ULL << slot : node->full & ~(1ULL << slot);
	rcu_assign_pointer(node->slots[slot], entry);
	if (was_full != !~node->full)
		update_full(node);
}

static void link_child(struct radix_node *parent, unsigned int slot, struct radix_node *child)
{
	child->parent = parent;
	child->offset = slot;
	set_slot(parent, slot, tag_node(child), !~child->full);
}

/* Put tops over the tree until it can hold @index. */
static void grow(struct radix_tree *tree, unsigned long index, struct radix_spares *spares)
{
	struct radix_node *top;
	void *head = tree->head;

	if (!head && index) {
		tree->head = tag_node(take_spare(spares, top_shift(index)));
		return;
	}
	while (index > last_index(head)) {
		top = take_spare(spares, is_node(head) ? to_node(head)->shift + RADIX_SHIFT : 0);
		if (is_node(head))
			link_child(top, 0, to_node(head));
		else
			set_slot(top, 0, head, true);
		head = tag_node(top);
		rcu_assign_pointer(tree->head, head);
	}
}

/* Unlink nodes that hold nothing, from @node upwards, and tops that hold only slot 0. */
static void shrink(struct radix_tree *tree, struct radix_node *node)
{
	struct radix_node *parent;

	while (node && !node->count) {
		parent = node->parent;
		if (parent)
			set_slot(parent, node->offset, NULL, false);
		else
			rcu_assign_pointer(tree->head, NULL);
		call_rcu(&node->rcu, free_node_rcu);
		node = parent;
	}
	while (is_node(tree->head)) {
		node = to_node(tree->head);
		if (node->count != 1 || !node->slots[0])
			break;
		if (is_node(node->slots[0]))
			to_node(node->slots[0])->parent = NULL;
		rcu_assign_pointer(tree->head, node->slots[0]);
		call_rcu(&node->rcu, free_node_rcu);
	}
}

static void *erase(struct radix_tree *tree, unsigned long index)
{
	struct radix_node *node = NULL;
	void *entry = tree->head;

	if (index > last_index(entry))
		return NULL;
	while (is_node(entry)) {
		node = to_node(entry);
		entry = node->slots[slot_of(node, index)];
	}
	if (!entry)
		return NULL;
	if (node) {
		set_slot(node, slot_of(node, index), NULL, false);
		shrink(tree, node);
	} else {
		rcu_assign_pointer(tree->head, NULL);
	}
	return entry;
}

void *radix_store(struct radix_tree *tree, unsigned long index, void *entry,
		  struct radix_spares *spares)
{
	struct radix_node *node;
	unsigned int slot;
	void *old;

	ASSERT(!is_node(entry));
	if (!entry)
		return erase(tree, index);
	grow(tree, index, spares);
	if (!is_node(tree->head)) {
		old = tree->head;
		rcu_assign_pointer(tree->head, entry);
		return old;
	}
	node = to_node(tree->head);
	while (node->shift) {
		slot = slot_of(node, index);
		if (!node->slots[slot])
			link_child(node, slot, take_spare(spares, node->shift - RADIX_SHIFT));
		node = to_node(node->slots[slot]);
	}
	slot = slot_of(node, index);
	old = node->slots[slot];
	set_slot(node, slot, entry, true);
	return old;
}

void radix_destroy(struct radix_tree *tree)
{
	struct radix_node *node, *parent;
	unsigned int slot;
	void *entry = tree->head;

	rcu_assign_pointer(tree->head, NULL);
	node = is_node(entry) ? to_node(entry) : NULL;
	slot = 0;
	while (node) {
		if (slot < RADIX_SLOTS) {
			entry = node->shift ? node->slots[slot] : NULL;
			slot = node->shift ? slot + 1 : RADIX_SLOTS;
			if (entry) {
				node = to_node(entry);
				slot = 0;
			}
			continue;
		}
		parent = node->parent;
		slot = node->offset + 1;
		call_rcu(&node->rcu, free_node_rcu);
		node = parent;
	}
}

/**
 * radix_init() - make the cache of nodes
 *
 * Context: once at boot, after the slab allocator is up and before any array is used.
 */
void __init radix_init(void)
{
	node_cache = kmem_cache_create("radix_tree_node", sizeof(struct radix_node), 0,
				       SLAB_PANIC, NULL);
}
