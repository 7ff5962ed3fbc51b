// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_DEBUG_LIST: refuse to link or unlink an entry whose neighbours disagree, and say so.
 * Called from the inlines of <linux/list.h> under the list's own lock.
 */
#include <linux/bug.h>
#include <linux/list.h>

bool __list_add_valid(struct list_head *node, const struct list_head *prev,
		      const struct list_head *next)
{
	return !(WARN(next->prev != prev, "list: add: %px->prev is %px, not %px\n",
		      next, next->prev, prev) ||
		 WARN(prev->next != next, "list: add: %px->next is %px, not %px\n",
		      prev, prev->next, next) ||
		 WARN(node == prev || node == next, "list: add: %px is there already\n", node));
}

bool __list_del_valid(const struct list_head *node)
{
	const struct list_head *prev = node->prev, *next = node->next;

	return !(WARN(next == LIST_POISON1 || prev == LIST_POISON2,
		      "list: del: %px was deleted before\n", node) ||
		 WARN(!next || !prev, "list: del: %px was never linked\n", node) ||
		 WARN(prev->next != node, "list: del: %px->next is %px, not %px\n",
		      prev, prev->next, node) ||
		 WARN(next->prev != node, "list: del: %px->prev is %px, not %px\n",
		      next, next->prev, node));
}
