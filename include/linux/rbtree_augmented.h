/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees in which each node also summarises its subtree (a maximum, a largest gap).
 * The library calls back whenever a subtree changes; inlined, so that the callbacks are direct.
 */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

#include <linux/rbtree.h>

/*
 * propagate: recompute from @node upwards until @stop (not included; NULL for the root's end).
 * copy:      @node takes the place of @old and covers the same subtree.
 * rotate:    @node takes the place of @old, which becomes its child: @node gets @old's summary
 *            and @old is recomputed.
 */
struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	void (*copy)(struct rb_node *old, struct rb_node *node);
	void (*rotate)(struct rb_node *old, struct rb_node *node);
};

void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   void (*rotate)(struct rb_node *old, struct rb_node *node));
void __rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			  const struct rb_augment_callbacks *augment);

/*
 * After rb_link_node(). The caller has set @node's own summary and has walked the summaries of
 * its ancestors up to date (on the way down, or with augment->propagate(parent, NULL)).
 */
static inline void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
				       const struct rb_augment_callbacks *augment)
{
	__rb_insert_augmented(node, root, augment->rotate);
}

static inline void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
				      const struct rb_augment_callbacks *augment)
{
	__rb_erase_augmented(node, root, augment);
}

static inline void rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					      bool leftmost,
					      const struct rb_augment_callbacks *augment)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

static inline void rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					     const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

/*
 * Define callbacks @name for @type whose rb node is @member and whose summary is @summary.
 * @compute(object, exit): recompute the object's summary from itself and its children; with
 * @exit, return true when it did not change, which ends the propagation.
 */
#define RB_DECLARE_CALLBACKS(linkage, name, type, member, summary, compute)	\
static void name##_propagate(struct rb_node *rb, struct rb_node *stop)		\
{										\
	while (rb != stop) {							\
		type *object = rb_entry(rb, type, member);			\
										\
		if (compute(object, true))					\
			break;							\
		rb = rb_parent(&object->member);				\
	}									\
}										\
static void name##_copy(struct rb_node *rb_old, struct rb_node *rb_new)		\
{										\
	rb_entry(rb_new, type, member)->summary =				\
		rb_entry(rb_old, type, member)->summary;			\
}										\
static void name##_rotate(struct rb_node *rb_old, struct rb_node *rb_new)	\
{										\
	name##_copy(rb_old, rb_new);						\
	compute(rb_entry(rb_old, type, member), false);				\
}										\
linkage const struct rb_augment_callbacks name = {				\
	.propagate = name##_propagate,						\
	.copy = name##_copy,							\
	.rotate = name##_rotate,						\
}

/*
 * The usual summary: the maximum of @value(object) over the subtree, of type @rbtype.
 */
#define RB_DECLARE_CALLBACKS_MAX(linkage, name, type, member, rbtype, summary, value)	\
static inline bool name##_compute_max(type *object, bool exit)				\
{											\
	rbtype max = value(object);							\
	type *child;									\
											\
	child = rb_entry_safe(object->member.rb_left, type, member);			\
	if (child && child->summary > max)						\
		max = child->summary;							\
	child = rb_entry_safe(object->member.rb_right, type, member);			\
	if (child && child->summary > max)						\
		max = child->summary;							\
	if (exit && object->summary == max)						\
		return true;								\
	object->summary = max;								\
	return false;									\
}											\
RB_DECLARE_CALLBACKS(linkage, name, type, member, summary, name##_compute_max)

#endif
