/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists that readers walk under rcu_read_lock() while one writer at a time changes them.
 * Writers hold the list's lock; an unlinked entry keeps its forward pointer and may be freed
 * or linked again only after a grace period.
 */
#ifndef _LINUX_RCULIST_H
#define _LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* Address dependency orders the load of a pointer before loads through it on x86. */
#define list_next_rcu(node)	READ_ONCE((node)->next)

static inline void __list_add_rcu(struct list_head *node, struct list_head *prev,
				  struct list_head *next)
{
	if (!__list_add_valid(node, prev, next))
		return;
	node->next = next;
	node->prev = prev;
	rcu_assign_pointer(prev->next, node);
	next->prev = node;
}

static inline void list_add_rcu(struct list_head *node, struct list_head *head)
{
	__list_add_rcu(node, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *node, struct list_head *head)
{
	__list_add_rcu(node, head->prev, head);
}

/* Readers may still stand on @node: only the backward link is poisoned. */
static inline void list_del_rcu(struct list_head *node)
{
	__list_del_entry(node);
	node->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *node)
{
	node->next = old->next;
	node->prev = old->prev;
	rcu_assign_pointer(node->prev->next, node);
	node->next->prev = node;
	old->prev = LIST_POISON2;
}

#define list_entry_rcu(ptr, type, member) container_of(READ_ONCE(ptr), type, member)

#define list_first_or_null_rcu(ptr, type, member) ({				\
	struct list_head *__lr_head = (ptr);					\
	struct list_head *__lr_first = READ_ONCE(__lr_head->next);		\
	__lr_first != __lr_head ? list_entry(__lr_first, type, member) : NULL;	\
})

#define list_next_or_null_rcu(head, ptr, type, member) ({			\
	struct list_head *__lr_head = (head);					\
	struct list_head *__lr_next = READ_ONCE((ptr)->next);			\
	__lr_next != __lr_head ? list_entry(__lr_next, type, member) : NULL;	\
})

#define list_for_each_entry_rcu(pos, head, member)				\
	for (pos = list_entry_rcu((head)->next, typeof(*pos), member);		\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))

#define list_for_each_entry_continue_rcu(pos, head, member)			\
	for (pos = list_entry_rcu(pos->member.next, typeof(*pos), member);	\
	     !list_entry_is_head(pos, head, member);				\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))

#define list_for_each_entry_from_rcu(pos, head, member)				\
	for (; !list_entry_is_head(pos, head, member);				\
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))

static inline void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	WRITE_ONCE(node->pprev, &head->first);
	rcu_assign_pointer(head->first, node);
	if (first)
		WRITE_ONCE(first->pprev, &node->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *node, struct hlist_node *prev)
{
	node->next = prev->next;
	WRITE_ONCE(node->pprev, &prev->next);
	rcu_assign_pointer(prev->next, node);
	if (node->next)
		WRITE_ONCE(node->next->pprev, &node->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *last = head->first;

	if (!last) {
		hlist_add_head_rcu(node, head);
		return;
	}
	while (last->next)
		last = last->next;
	hlist_add_behind_rcu(node, last);
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	__hlist_del(node);
	WRITE_ONCE(node->pprev, LIST_POISON2);
}

/* As hlist_del_rcu(), but hlist_unhashed() is true afterwards and calling it twice is harmless. */
static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_del(node);
	WRITE_ONCE(node->pprev, NULL);
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *node)
{
	struct hlist_node *next = old->next;

	node->next = next;
	WRITE_ONCE(node->pprev, old->pprev);
	rcu_assign_pointer(*node->pprev, node);
	if (next)
		WRITE_ONCE(next->pprev, &node->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

#define hlist_first_rcu(head)	READ_ONCE((head)->first)
#define hlist_next_rcu(node)	READ_ONCE((node)->next)

#define hlist_for_each_rcu(pos, head) \
	for (pos = hlist_first_rcu(head); pos; pos = hlist_next_rcu(pos))

#define hlist_for_each_entry_rcu(pos, head, member)					\
	for (pos = hlist_entry_safe(hlist_first_rcu(head), typeof(*(pos)), member);	\
	     pos;									\
	     pos = hlist_entry_safe(hlist_next_rcu(&(pos)->member), typeof(*(pos)), member))

#endif
