// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory policies of tasks and areas: set_mempolicy(2), get_mempolicy(2), mbind(2).
 * A task's is its own to change, under alloc_lock since others read it; an area's under mmap_lock.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/fork.h>
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "internal.h"
#include "mempolicy.h"

#define NODES_ONLINE	1UL
#define USER_MASK_FLAGS	(MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES)

/* ---- a policy ---- */

void __mpol_put(struct mempolicy *pol)
{
	kfree(pol);
}

bool __mpol_equal(const struct mempolicy *a, const struct mempolicy *b)
{
	return a->mode == b->mode && a->flags == b->flags && a->nodes == b->nodes &&
	       a->user_nodes == b->user_nodes && a->home_node == b->home_node;
}

void mpol_to_str(char *buf, size_t size, const struct mempolicy *pol)
{
	static const char *const names[] = {
		[MPOL_DEFAULT] = "default", [MPOL_PREFERRED] = "prefer", [MPOL_BIND] = "bind",
		[MPOL_INTERLEAVE] = "interleave", [MPOL_LOCAL] = "local",
		[MPOL_PREFERRED_MANY] = "prefer (many)",
	};
	unsigned int mode = pol ? pol->mode : MPOL_DEFAULT;
	int n = scnprintf(buf, size, "%s", names[mode]);

	if (pol && (pol->flags & USER_MASK_FLAGS))
		n += scnprintf(buf + n, size - n, "=%s",
			       pol->flags & MPOL_F_STATIC_NODES ? "static" : "relative");
	if (pol && pol->nodes)
		scnprintf(buf + n, size - n, ":0");
}

/* Split the mode from its flags, in Linux's order. Return: 0 or -EINVAL. */
static int split_mode(int *mode, unsigned short *flags)
{
	*flags = *mode & MPOL_MODE_FLAGS;
	*mode &= ~MPOL_MODE_FLAGS;
	if ((unsigned int)*mode >= MPOL_MAX)
		return -EINVAL;
	if ((*flags & USER_MASK_FLAGS) == USER_MASK_FLAGS)
		return -EINVAL;
	if ((*flags & MPOL_F_NUMA_BALANCING) && *mode != MPOL_BIND)
		return -EINVAL;
	return 0;
}

/* Bits beyond the first word: set ones name nodes that cannot be. Return: 0, -EINVAL, -EFAULT. */
static int check_rest(const unsigned long __user *umask, unsigned long bits)
{
	unsigned long i, word;

	for (i = 1; i * BITS_PER_LONG < bits; i++) {
		if (get_user(word, umask + i))
			return -EFAULT;
		if (bits - i * BITS_PER_LONG < BITS_PER_LONG)
			word &= (1UL << (bits % BITS_PER_LONG)) - 1;
		if (word && i * BITS_PER_LONG >= MAX_NUMNODES)
			return -EINVAL;
	}
	return 0;
}

/* A mask of @maxnode - 1 bits, as the ABI has it. Nodes above the first word do not exist. */
int get_nodes(unsigned long *nodes, const unsigned long __user *umask, unsigned long maxnode)
{
	unsigned long bits = maxnode - 1;

	*nodes = 0;
	if (!bits || !umask)
		return 0;
	if (bits > PAGE_SIZE * 8)
		return -EINVAL;
	if (get_user(*nodes, umask))
		return -EFAULT;
	if (bits < BITS_PER_LONG)
		*nodes &= (1UL << bits) - 1;
	return check_rest(umask, bits);
}

/* Do mode, flags and nodes go together? Return: 0 or -EINVAL; an empty preference is local. */
static int check_policy(int *mode, unsigned short flags, unsigned long nodes)
{
	if (*mode == MPOL_DEFAULT)
		return nodes ? -EINVAL : 0;
	if (*mode == MPOL_PREFERRED && !nodes) {
		*mode = MPOL_LOCAL;
		return flags & USER_MASK_FLAGS ? -EINVAL : 0;
	}
	if (*mode == MPOL_LOCAL)
		return nodes || (flags & USER_MASK_FLAGS) ? -EINVAL : 0;
	return nodes ? 0 : -EINVAL;
}

/* The nodes that are really used: those that there are; relative ones fold onto them. */
static unsigned long usable_nodes(unsigned short flags, unsigned long nodes)
{
	if (flags & MPOL_F_RELATIVE_NODES)
		return NODES_ONLINE;
	return nodes & NODES_ONLINE;
}

/* With one reference; NULL for the default; ERR_PTR(-EINVAL, -ENOMEM). */
static struct mempolicy *mpol_new(int mode, unsigned short flags, unsigned long nodes)
{
	struct mempolicy *pol;
	int err = check_policy(&mode, flags, nodes);

	if (err || mode == MPOL_DEFAULT)
		return ERR_PTR(err);
	if (nodes && !usable_nodes(flags, nodes))
		return ERR_PTR(-EINVAL);
	pol = kzalloc(sizeof(*pol), GFP_KERNEL);
	if (!pol)
		return ERR_PTR(-ENOMEM);
	refcount_set(&pol->refs, 1);
	pol->mode = mode;
	pol->flags = flags;
	pol->nodes = nodes ? usable_nodes(flags, nodes) : 0;
	pol->user_nodes = nodes;
	pol->home_node = -1;
	return pol;
}

/* ---- the row of fork ---- */

int copy_mempolicy(struct fork_ctx *fc)
{
	fc->child->mempolicy = mpol_get(fc->parent->mempolicy);
	return 0;
}

/* Others may be reading it, in numa_maps. */
static struct mempolicy *replace_policy(struct task_struct *tsk, struct mempolicy *new)
{
	struct mempolicy *old;

	task_lock(tsk);
	old = tsk->mempolicy;
	tsk->mempolicy = new;
	task_unlock(tsk);
	return old;
}

void exit_mempolicy(struct task_struct *tsk)
{
	if (unlikely(tsk->mempolicy))
		mpol_put(replace_policy(tsk, NULL));
}

SYSCALL_DEFINE3(set_mempolicy, int, mode, const unsigned long __user *, nmask,
		unsigned long, maxnode)
{
	struct mempolicy *new;
	unsigned short flags;
	unsigned long nodes = 0;
	int err = split_mode(&mode, &flags);

	if (!err)
		err = get_nodes(&nodes, nmask, maxnode);
	if (err)
		return err;
	new = mpol_new(mode, flags, nodes);
	if (IS_ERR(new))
		return PTR_ERR(new);
	mpol_put(replace_policy(current, new));
	return 0;
}

/* ---- get_mempolicy ---- */

static int put_nodes(unsigned long __user *umask, unsigned long maxnode, unsigned long nodes)
{
	unsigned long bytes = round_up(maxnode - 1, BITS_PER_LONG) / 8;

	if (bytes > sizeof(nodes)) {
		if (bytes > PAGE_SIZE)
			return -EINVAL;
		if (clear_user(umask + 1, bytes - sizeof(nodes)))
			return -EFAULT;
		bytes = sizeof(nodes);
	}
	return copy_to_user(umask, &nodes, bytes) ? -EFAULT : 0;
}

/* The area's policy at @addr, with a reference; NULL: it has none; ERR_PTR(-EFAULT). */
static struct mempolicy *policy_at(unsigned long addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	struct mempolicy *pol;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	pol = vma ? mpol_get(vma->vm_policy) : ERR_PTR(-EFAULT);
	mmap_read_unlock(mm);
	return pol;
}

/* The node of the page at @addr, which is faulted in. Return: it or -EFAULT. */
static int node_at(unsigned long addr)
{
	struct page *page;
	int err = get_user_pages_fast(addr & PAGE_MASK, 1, 0, &page);

	if (err <= 0)
		return err ?: -EFAULT;
	put_page(page);
	return 0;
}

/* What *policy is to be. */
static int policy_value(const struct mempolicy *pol, unsigned long addr, unsigned long flags)
{
	if (!(flags & MPOL_F_NODE))
		return pol ? pol->mode | pol->flags : MPOL_DEFAULT;
	if (flags & MPOL_F_ADDR)
		return node_at(addr);
	/* where the next page would come from */
	return pol && pol->mode == MPOL_INTERLEAVE ? 0 : -EINVAL;
}

static unsigned long policy_nodes(const struct mempolicy *pol)
{
	if (!pol)
		return 0;
	return pol->flags & USER_MASK_FLAGS ? pol->user_nodes : pol->nodes;
}

static int find_policy(unsigned long addr, unsigned long flags, int *value, unsigned long *nodes)
{
	struct mempolicy *pol;

	if (flags & ~(unsigned long)(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED))
		return -EINVAL;
	if (flags & MPOL_F_MEMS_ALLOWED) {
		*value = 0;
		*nodes = NODES_ONLINE;
		return flags & (MPOL_F_NODE | MPOL_F_ADDR) ? -EINVAL : 0;
	}
	if (!(flags & MPOL_F_ADDR) && addr)
		return -EINVAL;
	pol = flags & MPOL_F_ADDR ? policy_at(addr) : mpol_get(current->mempolicy);
	if (IS_ERR(pol))
		return PTR_ERR(pol);
	*value = policy_value(pol, addr, flags);
	*nodes = policy_nodes(pol);
	mpol_put(pol);
	return min(*value, 0);
}

SYSCALL_DEFINE5(get_mempolicy, int __user *, policy, unsigned long __user *, nmask,
		unsigned long, maxnode, unsigned long, addr, unsigned long, flags)
{
	unsigned long nodes = 0;
	int value = 0, err;

	if (nmask && maxnode < NR_NODES)
		return -EINVAL;
	err = find_policy(addr, flags, &value, &nodes);
	if (err)
		return err;
	if (policy && put_user(value, policy))
		return -EFAULT;
	return nmask ? put_nodes(nmask, maxnode, nodes) : 0;
}

/* ---- mbind ---- */

/* Is all of [start, end) mapped? */
static bool range_is_whole(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	for (; vma && vma->vm_start <= start; vma = vma->vm_next) {
		start = vma->vm_end;
		if (start >= end)
			return true;
	}
	return false;
}

/* Every area of [start, end) gets the policy @new; mmap_lock is held for writing. */
static int change_policies(struct mm_struct *mm, unsigned long start, unsigned long end,
			   struct mempolicy *new)
{
	struct vm_area_struct *vma;

	while (start < end) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start >= end)
			return 0;
		start = max(start, vma->vm_start);
		if (!mpol_equal(vma->vm_policy, new)) {
			vma = vma_set_policy(vma, start, min(end, vma->vm_end), new);
			if (IS_ERR(vma))
				return PTR_ERR(vma);
		}
		start = vma->vm_end;
	}
	return 0;
}

static int mbind_range(unsigned long start, unsigned long end, struct mempolicy *new)
{
	struct mm_struct *mm = current->mm;
	int err;

	mmap_write_lock(mm);
	/* nothing has to move: every page is on the one node */
	err = range_is_whole(mm, start, end) ? change_policies(mm, start, end, new) : -EFAULT;
	mmap_write_unlock(mm);
	return err;
}

SYSCALL_DEFINE6(mbind, unsigned long, start, unsigned long, len, unsigned long, mode,
		const unsigned long __user *, nmask, unsigned long, maxnode, unsigned int, flags)
{
	unsigned long nodes = 0, end = start + PAGE_ALIGN(len);
	struct mempolicy *new;
	unsigned short mflags;
	int lmode = mode, err;

	err = split_mode(&lmode, &mflags);
	if (!err)
		err = get_nodes(&nodes, nmask, maxnode);
	if (err)
		return err;
	if (flags & ~(unsigned int)MPOL_MF_VALID)
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (offset_in_page(start) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	new = mpol_new(lmode, mflags, nodes);
	if (IS_ERR(new))
		return PTR_ERR(new);
	err = mbind_range(start, end, new);
	mpol_put(new);
	return err;
}

/* ---- set_mempolicy_home_node ---- */

/* The same policy with another home. With one reference, or ERR_PTR(-ENOMEM). */
static struct mempolicy *with_home(const struct mempolicy *old, int node)
{
	struct mempolicy *new = kmalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return ERR_PTR(-ENOMEM);
	*new = *old;
	refcount_set(&new->refs, 1);
	new->home_node = node;
	return new;
}

static int set_home(struct vm_area_struct *vma, unsigned long start, unsigned long end, int node)
{
	struct mempolicy *new;
	int err;

	if (vma->vm_policy->mode != MPOL_BIND && vma->vm_policy->mode != MPOL_PREFERRED_MANY)
		return -EOPNOTSUPP;
	new = with_home(vma->vm_policy, node);
	if (IS_ERR(new))
		return PTR_ERR(new);
	vma = vma_set_policy(vma, start, end, new);
	err = PTR_ERR_OR_ZERO(vma);
	mpol_put(new);
	return err;
}

/* -ENOENT: no area of the range has a policy. */
static int set_homes(struct mm_struct *mm, unsigned long start, unsigned long end, int node)
{
	struct vm_area_struct *vma;
	int err = -ENOENT;

	while (start < end) {
		unsigned long stop;

		vma = find_vma(mm, start);
		if (!vma || vma->vm_start >= end)
			break;
		stop = min(end, vma->vm_end);
		if (vma->vm_policy) {
			err = set_home(vma, max(start, vma->vm_start), stop, node);
			if (err)
				break;
		}
		start = stop;
	}
	return err;
}

SYSCALL_DEFINE4(set_mempolicy_home_node, unsigned long, start, unsigned long, len,
		unsigned long, home_node, unsigned long, flags)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct mm_struct *mm = current->mm;
	int err;

	if (offset_in_page(start) || flags || home_node >= NR_NODES || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	mmap_write_lock(mm);
	err = set_homes(mm, start, end, home_node);
	mmap_write_unlock(mm);
	return err;
}
