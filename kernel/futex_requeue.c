// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futex operations on two words: FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP. Both buckets
 * are locked, the one at the lower address first.
 */
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/uaccess.h>
#include "futex.h"

void futex_lock_two(struct futex_bucket *a, struct futex_bucket *b)
{
	if (a > b)
		swap(a, b);
	spin_lock(&a->lock);
	if (a != b)
		spin_lock_nested(&b->lock, 1);
}

void futex_unlock_two(struct futex_bucket *a, struct futex_bucket *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

int futex_get_two_keys(u32 __user *uaddr1, u32 __user *uaddr2, unsigned int flags,
			struct futex_key keys[2])
{
	int ret = futex_get_key(uaddr1, flags, &keys[0]);

	return ret ? ret : futex_get_key(uaddr2, flags, &keys[1]);
}

static void move_waiter(struct futex_q *q, struct futex_bucket *from, struct futex_bucket *to,
			const struct futex_key *key)
{
	if (from != to) {
		list_del(&q->list);
		futex_insert(q, to);
		futex_unannounce(from);
		futex_announce(to);
		WRITE_ONCE(q->bucket, to);
	}
	q->key = *key;
}

/* Wake the first waiters, move the next. Context: both locked. Return: how many were either. */
static int requeue_locked(struct futex_bucket *from, struct futex_bucket *to,
			  const struct futex_key keys[2], int nr_wake, int nr_requeue)
{
	struct futex_q *q, *next;
	int count = 0;

	list_for_each_entry_safe(q, next, &from->chain, list) {
		if (count - nr_wake >= nr_requeue)
			break;
		if (!futex_match(&q->key, &keys[0]))
			continue;
		if (q->requeue_pi)
			return -EINVAL;		/* it waits for FUTEX_CMP_REQUEUE_PI */
		if (++count <= nr_wake)
			futex_wake_one(q);
		else
			move_waiter(q, from, to, &keys[1]);
	}
	return count;
}

/**
 * futex_requeue - wake some waiters of one word and let others wait on another
 * @uaddr1: the word they wait on
 * @flags: FLAGS_*
 * @uaddr2: the word to move to
 * @nr_wake: wake at most so many
 * @nr_requeue: move at most so many
 * @cmpval: what the first word must hold, or NULL
 *
 * Return: woken and moved ones, -EAGAIN if the word differs, -EINVAL, -EFAULT.
 */
int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_requeue, const u32 *cmpval)
{
	struct futex_bucket *from, *to;
	struct futex_key keys[2];
	u32 val;
	int ret;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	for (;;) {
		ret = futex_get_two_keys(uaddr1, uaddr2, flags, keys);
		if (ret)
			return ret;
		from = futex_hash(&keys[0]);
		to = futex_hash(&keys[1]);
		futex_lock_two(from, to);
		if (!cmpval || !futex_read_nofault(&val, uaddr1))
			break;
		futex_unlock_two(from, to);
		if (get_user(val, uaddr1))
			return -EFAULT;
	}
	if (cmpval && val != *cmpval)
		ret = -EAGAIN;
	else
		ret = requeue_locked(from, to, keys, nr_wake, nr_requeue);
	futex_unlock_two(from, to);
	return ret;
}

static u32 apply(int op, u32 old, u32 arg)
{
	switch (op) {
	case FUTEX_OP_OR:
		return old | arg;
	case FUTEX_OP_ANDN:
		return old & ~arg;
	default:
		return old ^ arg;
	}
}

static int apply_by_cmpxchg(int op, u32 *old, u32 __user *uaddr, u32 arg)
{
	u32 expected;
	int ret = __get_user(expected, uaddr);

	while (!ret) {
		ret = user_atomic_cmpxchg(old, uaddr, expected, apply(op, expected, arg));
		if (ret || *old == expected)
			break;
		expected = *old;
	}
	return ret;
}

/* The atomic half of FUTEX_WAKE_OP. Context: locks held. Return: 0, -EFAULT, -ENOSYS. */
static int apply_op(u32 encoded, u32 *old, u32 __user *uaddr)
{
	int op = (encoded >> 28) & 7, ret;
	u32 arg = (u32)((s32)(encoded << 8) >> 20);

	if (encoded & (FUTEX_OP_OPARG_SHIFT << 28))
		arg = 1u << (arg & 31);
	if (op > FUTEX_OP_XOR)
		return -ENOSYS;
	pagefault_disable();
	if (op == FUTEX_OP_SET)
		ret = user_atomic_xchg(old, uaddr, arg);
	else if (op == FUTEX_OP_ADD)
		ret = user_atomic_add(old, uaddr, arg);
	else
		ret = apply_by_cmpxchg(op, old, uaddr, arg);
	pagefault_enable();
	return ret;
}

/* Does the former value satisfy the encoded comparison? Return: 1, 0 or -ENOSYS. */
static int compare_op(u32 encoded, u32 old)
{
	s32 left = (s32)old, right = (s32)(encoded << 20) >> 20;

	switch ((encoded >> 24) & 15) {
	case FUTEX_OP_CMP_EQ:
		return left == right;
	case FUTEX_OP_CMP_NE:
		return left != right;
	case FUTEX_OP_CMP_LT:
		return left < right;
	case FUTEX_OP_CMP_LE:
		return left <= right;
	case FUTEX_OP_CMP_GT:
		return left > right;
	case FUTEX_OP_CMP_GE:
		return left >= right;
	default:
		return -ENOSYS;
	}
}

static int wake_locked(struct futex_bucket *bucket, const struct futex_key *key, int nr_wake)
{
	struct futex_q *q, *next;
	int count = 0;

	list_for_each_entry_safe(q, next, &bucket->chain, list) {
		if (!futex_match(&q->key, key))
			continue;
		if (q->requeue_pi)
			return -EINVAL;
		futex_wake_one(q);
		if (++count >= nr_wake)
			break;
	}
	return count;
}

/* Bring the word's page in, writable. */
static int fault_in_writable(u32 __user *uaddr)
{
	u32 old;

	return user_atomic_add(&old, uaddr, 0);
}

/**
 * futex_wake_op - change the second word, wake waiters of the first and perhaps of the second
 * @uaddr1: wake at most @nr_wake waiters here
 * @flags: FLAGS_*
 * @uaddr2: the word to change; if its former value compares, wake @nr_wake2 here too
 * @op: FUTEX_OP()
 *
 * Return: number woken, -EINVAL, -EFAULT, -ENOSYS for an unknown operation or comparison.
 */
int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_wake2, u32 op)
{
	struct futex_bucket *first, *second;
	struct futex_key keys[2];
	u32 old;
	int ret;

	for (;;) {
		ret = futex_get_two_keys(uaddr1, uaddr2, flags, keys);
		if (ret)
			return ret;
		first = futex_hash(&keys[0]);
		second = futex_hash(&keys[1]);
		futex_lock_two(first, second);
		ret = apply_op(op, &old, uaddr2);
		if (ret != -EFAULT)
			break;
		futex_unlock_two(first, second);
		ret = fault_in_writable(uaddr2);
		if (ret)
			return ret;
	}
	if (!ret)
		ret = compare_op(op, old);
	if (ret >= 0) {
		int woken = wake_locked(first, &keys[0], nr_wake);

		if (ret && woken >= 0) {
			ret = wake_locked(second, &keys[1], nr_wake2);
			woken = ret < 0 ? ret : woken + ret;
		}
		ret = woken;
	}
	futex_unlock_two(first, second);
	return ret;
}

/* ---- tests ---- */

SELFTEST(futex, encoded_comparisons_are_signed)
{
	KT_EXPECT_EQ(compare_op(FUTEX_OP(0, 0, FUTEX_OP_CMP_EQ, 5), 5), 1);
	KT_EXPECT_EQ(compare_op(FUTEX_OP(0, 0, FUTEX_OP_CMP_NE, 5), 5), 0);
	KT_EXPECT_EQ(compare_op(FUTEX_OP(0, 0, FUTEX_OP_CMP_LT, 0), (u32)-1), 1);
	KT_EXPECT_EQ(compare_op(FUTEX_OP(0, 0, FUTEX_OP_CMP_GE, 0xfff), (u32)-1), 1);
	KT_EXPECT_EQ(compare_op(FUTEX_OP(0, 0, FUTEX_OP_CMP_GT, 0xfff), 0), 1);
	KT_EXPECT_EQ(compare_op(15u << 24, 0), -ENOSYS);
	KT_EXPECT_EQ(apply(FUTEX_OP_ANDN, 7, 2), 5);
	KT_EXPECT_EQ(apply(FUTEX_OP_XOR, 7, 2), 5);
}
