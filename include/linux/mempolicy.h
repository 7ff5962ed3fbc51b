/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where memory is to come from: the policies of tasks and of areas (set_mempolicy(2), mbind(2)).
 * There is one node, so a policy decides nothing; it is kept, inherited and shown.
 */
#ifndef _LINUX_MEMPOLICY_H_K
#define _LINUX_MEMPOLICY_H_K

#include <linux/refcount.h>
#include <linux/types.h>
#include <uapi/linux/mempolicy.h>

#define NR_NODES		1		/* that there are */
#define MAX_NUMNODES		1024		/* that user space may name */

/*
 * Never changes once somebody has it, so that fork and split areas share it.
 * Locks: [a] atomic   [I] immutable
 */
struct mempolicy {
	refcount_t refs;		/* [a] */
	unsigned short mode;		/* [I] MPOL_* */
	unsigned short flags;		/* [I] MPOL_F_STATIC_NODES, ... */
	unsigned long nodes;		/* [I] the nodes that are used */
	unsigned long user_nodes;	/* [I] the nodes that were asked for */
	int home_node;			/* [I] set_mempolicy_home_node(2), -1: none */
};

struct fork_ctx;
struct task_struct;

/* the row of fork */
int copy_mempolicy(struct fork_ctx *fc);
void exit_mempolicy(struct task_struct *tsk);

void __mpol_put(struct mempolicy *pol);
bool __mpol_equal(const struct mempolicy *a, const struct mempolicy *b);

static inline struct mempolicy *mpol_get(struct mempolicy *pol)
{
	if (pol)
		refcount_inc(&pol->refs);
	return pol;
}

static inline void mpol_put(struct mempolicy *pol)
{
	if (pol && refcount_dec_and_test(&pol->refs))
		__mpol_put(pol);
}

static inline bool mpol_equal(const struct mempolicy *a, const struct mempolicy *b)
{
	return a == b || (a && b && __mpol_equal(a, b));
}

/* The text of a policy in numa_maps, into @buf. */
void mpol_to_str(char *buf, size_t size, const struct mempolicy *pol);

#endif /* _LINUX_MEMPOLICY_H_K */
