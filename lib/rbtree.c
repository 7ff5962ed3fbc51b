// SPDX-License-Identifier: GPL-2.0-only
/*
 * Balancing and walking of red-black trees, after Cormen, Leiserson, Rivest and Stein, ch. 13.
 * Mirror images are one piece of code: a side is a bool, true for left. Locks: the caller's.
 */
#include <linux/rbtree_augmented.h>

#define RB_RED		0UL
#define RB_BLACK	1UL

static inline struct rb_node **rb_side(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

static inline bool rb_is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & RB_BLACK);
}

static inline void rb_set_black(struct rb_node *node)
{
	node->__rb_parent_color |= RB_BLACK;
}

static inline void rb_set_red(struct rb_node *node)
{
	node->__rb_parent_color &= ~RB_BLACK;
}

static inline void rb_set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent | (node->__rb_parent_color & RB_BLACK);
}

/* Let whatever pointed at @old, a child of @parent or the root, point at @node. */
static inline void rb_change_child(struct rb_node *old, struct rb_node *node,
				   struct rb_node *parent, struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, node);
	else
		WRITE_ONCE(*rb_side(parent, parent->rb_left == old), node);
}

typedef void (*rb_rotate_fn)(struct rb_node *old, struct rb_node *node);

/* @top goes down on side @left; its child of the other side takes its place. */
static __always_inline void rb_rotate(struct rb_node *top, bool left, struct rb_root *root,
				      rb_rotate_fn rotate)
{
	struct rb_node *up = *rb_side(top, !left);
	struct rb_node *inner = *rb_side(up, left);
	struct rb_node *parent = rb_parent(top);

	*rb_side(top, !left) = inner;
	if (inner)
		rb_set_parent(inner, top);
	*rb_side(up, left) = top;
	rb_change_child(top, up, parent, root);
	rb_set_parent(up, parent);
	rb_set_parent(top, up);
	rotate(top, up);
}

/* @node is red; so may its parent be, which is what has to be repaired. */
static __always_inline void rb_insert_fix(struct rb_node *node, struct rb_root *root,
					  rb_rotate_fn rotate)
{
	struct rb_node *parent, *grand, *uncle;
	bool left;

	while (rb_is_red(parent = rb_parent(node))) {
		grand = rb_parent(parent);	/* exists: the root is black */
		left = parent == grand->rb_left;
		uncle = *rb_side(grand, !left);
		if (rb_is_red(uncle)) {
			rb_set_black(parent);
			rb_set_black(uncle);
			rb_set_red(grand);
			node = grand;
			continue;
		}
		if (node == *rb_side(parent, !left)) {
			rb_rotate(parent, left, root, rotate);
			parent = node;
		}
		rb_rotate(grand, !left, root, rotate);
		rb_set_black(parent);
		rb_set_red(grand);
		break;
	}
	rb_set_black(root->rb_node);
}

/* One black is missing on the paths through the empty side of @parent. */
static __always_inline void rb_erase_fix(struct rb_node *parent, struct rb_root *root,
					 rb_rotate_fn rotate)
{
	struct rb_node *node = NULL, *sibling, *near, *far;
	bool left;

	while (parent) {
		left = parent->rb_left == node;
		sibling = *rb_side(parent, !left);
		if (rb_is_red(sibling)) {
			rb_rotate(parent, left, root, rotate);
			rb_set_black(sibling);
			rb_set_red(parent);
			sibling = *rb_side(parent, !left);
		}
		near = *rb_side(sibling, left);
		far = *rb_side(sibling, !left);
		if (!rb_is_red(near) && !rb_is_red(far)) {
			rb_set_red(sibling);
			if (rb_is_red(parent)) {
				rb_set_black(parent);
				return;
			}
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!rb_is_red(far)) {
			rb_rotate(sibling, !left, root, rotate);
			far = sibling;
			sibling = near;
		}
		rb_rotate(parent, left, root, rotate);
		sibling->__rb_parent_color = (unsigned long)rb_parent(sibling) |
					     (parent->__rb_parent_color & RB_BLACK);
		rb_set_black(parent);
		rb_set_black(far);
		return;
	}
}

/* @node has at most one child, which then is red and a leaf. Returns where a black is missing. */
static __always_inline struct rb_node *
rb_unlink_simple(struct rb_node *node, struct rb_root *root,
		 const struct rb_augment_callbacks *augment)
{
	struct rb_node *child = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *parent = rb_parent(node);

	rb_change_child(node, child, parent, root);
	if (child)
		child->__rb_parent_color = (unsigned long)parent | RB_BLACK;
	augment->propagate(parent, NULL);
	return child || rb_is_red(node) ? NULL : parent;
}

/* @node has two children: its successor, which has no left child, takes its place and colour. */
static __always_inline struct rb_node *
rb_unlink_inner(struct rb_node *node, struct rb_root *root,
		const struct rb_augment_callbacks *augment)
{
	struct rb_node *next = node->rb_right, *child, *parent;
	bool lost_black;

	while (next->rb_left)
		next = next->rb_left;
	child = next->rb_right;
	parent = rb_parent(next);
	lost_black = !rb_is_red(next);
	if (parent == node) {
		parent = next;
	} else {
		parent->rb_left = child;
		next->rb_right = node->rb_right;
		rb_set_parent(next->rb_right, next);
	}
	if (child) {
		child->__rb_parent_color = (unsigned long)parent | RB_BLACK;
		lost_black = false;
	}
	next->rb_left = node->rb_left;
	rb_set_parent(next->rb_left, next);
	rb_change_child(node, next, rb_parent(node), root);
	next->__rb_parent_color = node->__rb_parent_color;
	augment->copy(node, next);
	augment->propagate(parent, next);
	augment->propagate(next, NULL);
	return lost_black ? parent : NULL;
}

static __always_inline void rb_erase_any(struct rb_node *node, struct rb_root *root,
					 const struct rb_augment_callbacks *augment)
{
	struct rb_node *unbalanced;

	if (node->rb_left && node->rb_right)
		unbalanced = rb_unlink_inner(node, root, augment);
	else
		unbalanced = rb_unlink_simple(node, root, augment);
	rb_erase_fix(unbalanced, root, augment->rotate);
}

static inline void no_propagate(struct rb_node *node, struct rb_node *stop)
{
}

static inline void no_copy(struct rb_node *old, struct rb_node *node)
{
}

static inline void no_rotate(struct rb_node *old, struct rb_node *node)
{
}

static const struct rb_augment_callbacks no_augment = {
	.propagate = no_propagate,
	.copy = no_copy,
	.rotate = no_rotate,
};

/**
 * rb_insert_color() - balance a tree after a node was linked into it
 * @node: the node that rb_link_node() has just linked as a leaf
 * @root: the tree
 *
 * Context: any; the tree's lock is held.
 */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	rb_insert_fix(node, root, no_rotate);
}

/**
 * rb_erase() - take a node out of a tree
 * @node: a node of the tree; its links are stale afterwards (see RB_CLEAR_NODE())
 * @root: the tree
 *
 * Context: any; the tree's lock is held.
 */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	rb_erase_any(node, root, &no_augment);
}

void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   void (*rotate)(struct rb_node *old, struct rb_node *node))
{
	rb_insert_fix(node, root, rotate);
}

void __rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			  const struct rb_augment_callbacks *augment)
{
	rb_erase_any(node, root, augment);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left) {
		node = node->rb_left;
		while (node->rb_right)
			node = node->rb_right;
		return (struct rb_node *)node;
	}
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return parent;
}

void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	*node = *victim;
	if (node->rb_left)
		rb_set_parent(node->rb_left, node);
	if (node->rb_right)
		rb_set_parent(node->rb_right, node);
	rb_change_child(victim, node, rb_parent(victim), root);
}

static struct rb_node *rb_deepest_left(const struct rb_node *node)
{
	while (node->rb_left || node->rb_right)
		node = node->rb_left ? node->rb_left : node->rb_right;
	return (struct rb_node *)node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? rb_deepest_left(root->rb_node) : NULL;
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return rb_deepest_left(parent->rb_right);
	return parent;
}
