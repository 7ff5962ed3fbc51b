// SPDX-License-Identifier: GPL-2.0-only
/*
 * Red-black trees: the balance rules, the order and the summaries after each random change.
 */
#include <host.h>
#include <linux/kernel.h>
#include <linux/rbtree_augmented.h>
#include <linux/selftest.h>

#define NR_NODES	300
#define ROUNDS		20000

/* A range of addresses and the largest hole before any node of the subtree, as VMAs have it. */
struct area {
	struct rb_node rb;
	unsigned long start, end, gap, max_gap;
	bool linked;
};

static struct area areas[NR_NODES];

static unsigned long area_gap(struct area *area)
{
	return area->gap;
}

RB_DECLARE_CALLBACKS_MAX(static, area_callbacks, struct area, rb, unsigned long, max_gap, area_gap);

static bool area_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct area, rb)->start < rb_entry(b, struct area, rb)->start;
}

static int area_cmp(const void *key, const struct rb_node *node)
{
	unsigned long start = rb_entry(node, struct area, rb)->start;

	return *(const unsigned long *)key < start ? -1 : *(const unsigned long *)key > start;
}

static bool is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & 1);
}

/* Black height of the subtree; -1 when a rule is broken. */
static int check_subtree(const struct rb_node *node, const struct rb_node *parent, int *count)
{
	int left, right;

	if (!node)
		return 0;
	(*count)++;
	if (rb_parent(node) != parent || (is_red(node) && is_red(parent)))
		return -1;
	left = check_subtree(node->rb_left, node, count);
	right = check_subtree(node->rb_right, node, count);
	return left < 0 || left != right ? -1 : left + !is_red(node);
}

static unsigned long check_gaps(const struct rb_node *node, bool *ok)
{
	struct area *area;
	unsigned long max;

	if (!node)
		return 0;
	area = rb_entry(node, struct area, rb);
	max = max(area->gap, max(check_gaps(node->rb_left, ok), check_gaps(node->rb_right, ok)));
	if (area->max_gap != max)
		*ok = false;
	return max;
}

static void check_tree(struct selftest_ctx *t, struct rb_root *root, int expected)
{
	unsigned long last = 0;
	struct rb_node *node, *back = NULL;
	int count = 0;

	KT_EXPECT(!is_red(root->rb_node));
	KT_EXPECT(check_subtree(root->rb_node, NULL, &count) >= 0);
	KT_EXPECT_EQ(count, expected);
	rb_for_each(node, root) {
		KT_EXPECT(rb_entry(node, struct area, rb)->start >= last);
		KT_EXPECT(rb_prev(node) == back);
		last = rb_entry(node, struct area, rb)->start;
		back = node;
		count--;
	}
	KT_EXPECT(rb_last(root) == back);
	KT_EXPECT_EQ(count, 0);
}

SELFTEST(rbtree, random_add_and_erase)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct area *area;
	int i, linked = 0;

	for (i = 0; i < NR_NODES; i++)
		areas[i] = (struct area) { .linked = false };
	for (i = 0; i < ROUNDS && !t->failed; i++) {
		area = &areas[host_random() % NR_NODES];
		if (area->linked) {
			rb_erase_cached(&area->rb, &root);
			RB_CLEAR_NODE(&area->rb);
		} else {
			area->start = host_random() % 1000;
			rb_add_cached(&area->rb, &root, area_less);
		}
		area->linked = !area->linked;
		linked += area->linked ? 1 : -1;
		KT_EXPECT(rb_first_cached(&root) == rb_first(&root.rb_root));
		if (i % 16 == 0)
			check_tree(t, &root.rb_root, linked);
	}
}

/* Each area's gap is the hole before it: link and unlink as the VMA tree does. */
static void update_gap(struct area *area, struct rb_node *prev)
{
	area->gap = area->start - (prev ? rb_entry(prev, struct area, rb)->end : 0);
	area_callbacks_propagate(&area->rb, NULL);
}

static void insert_area(struct area *area, struct rb_root *root)
{
	struct rb_node **link = &root->rb_node, *parent = NULL, *next;

	while (*link) {
		parent = *link;
		link = area_less(&area->rb, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&area->rb, parent, link);
	area->gap = 0;
	area->max_gap = 0;
	rb_insert_augmented(&area->rb, root, &area_callbacks);
	update_gap(area, rb_prev(&area->rb));
	next = rb_next(&area->rb);
	if (next)
		update_gap(rb_entry(next, struct area, rb), &area->rb);
}

static void erase_area(struct area *area, struct rb_root *root)
{
	struct rb_node *next = rb_next(&area->rb), *prev = rb_prev(&area->rb);

	rb_erase_augmented(&area->rb, root, &area_callbacks);
	if (next)
		update_gap(rb_entry(next, struct area, rb), prev);
}

SELFTEST(rbtree, gaps_stay_right)
{
	struct rb_root root = RB_ROOT;
	int i, slot, linked = 0;
	bool ok = true;

	for (i = 0; i < NR_NODES; i++)
		areas[i] = (struct area) { .start = i * 100 + host_random() % 50,
					   .end = i * 100 + 50 + host_random() % 50 };
	for (i = 0; i < ROUNDS && ok; i++) {
		slot = host_random() % NR_NODES;
		if (areas[slot].linked)
			erase_area(&areas[slot], &root);
		else
			insert_area(&areas[slot], &root);
		areas[slot].linked = !areas[slot].linked;
		linked += areas[slot].linked ? 1 : -1;
		check_gaps(root.rb_node, &ok);
		if (i % 64 == 0)
			check_tree(t, &root, linked);
	}
	KT_EXPECT(ok);
}

SELFTEST(rbtree, find_and_replace)
{
	struct rb_root root = RB_ROOT;
	unsigned long key;
	int i;

	for (i = 0; i < 100; i++) {
		areas[i].start = i / 2 * 10;
		rb_add(&areas[i].rb, &root, area_less);
	}
	for (key = 0; key < 600; key++) {
		KT_EXPECT_EQ(rb_find(&key, &root, area_cmp) != NULL, key % 10 == 0 && key < 500);
		if (key % 10 == 0 && key < 500)
			KT_EXPECT(rb_find_first(&key, &root, area_cmp) == &areas[key / 5].rb);
	}
	areas[100].start = areas[50].start;
	rb_replace_node(&areas[50].rb, &areas[100].rb, &root);
	check_tree(t, &root, 100);
	key = areas[100].start;
	KT_EXPECT(rb_find_first(&key, &root, area_cmp) == &areas[100].rb);
}

SELFTEST(rbtree, postorder_frees_children_first)
{
	struct rb_root root = RB_ROOT;
	struct area *area, *next;
	int i, seen = 0;

	for (i = 0; i < 100; i++) {
		area = host_alloc(sizeof(*area), 1);
		area->start = host_random();
		rb_add(&area->rb, &root, area_less);
	}
	rbtree_postorder_for_each_entry_safe(area, next, &root, rb) {
		host_free(area);
		seen++;
	}
	KT_EXPECT_EQ(seen, 100);
}
