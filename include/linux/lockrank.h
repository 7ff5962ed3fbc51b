/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of locks. A task may take a lock only if its rank is above every ranked lock it
 * holds; the debug build panics on a descent and prints both. Sleeping locks come first, because
 * nothing may sleep under a spinlock. LOCK_RANK_NONE takes no part in the order.
 * See Documentation/locking/order.md.
 */
#ifndef _LINUX_LOCKRANK_H
#define _LINUX_LOCKRANK_H

#include <linux/types.h>

enum lock_rank {
	LOCK_RANK_NONE = 0,

	/* sleeping locks */
	LOCK_RANK_CRED_GUARD,		/* signal->cred_guard_mutex: exec against ptrace */
	LOCK_RANK_MOUNT,		/* namespace_sem: the tree of mounts */
	LOCK_RANK_RENAME,		/* super_block->s_rename_mutex */
	LOCK_RANK_INODE,		/* inode->i_rwsem (directories nest parent first) */
	LOCK_RANK_PIPE,			/* pipe->mutex */
	LOCK_RANK_TTY,			/* tty_mutex, a terminal's readers and writers */
	LOCK_RANK_MMAP,			/* mm->mmap_lock */
	LOCK_RANK_IPC_IDS,		/* ipc_ids->rwsem: the set of System V objects */
	LOCK_RANK_MAPPING,		/* address_space: page lock / truncate */

	/* spinlocks */
	LOCK_RANK_TASK_ALLOC,		/* tsk->alloc_lock (task_lock) */
	LOCK_RANK_TASKLIST,		/* tasklist_lock */
	LOCK_RANK_SIGHAND,		/* sighand->siglock */
	LOCK_RANK_TTY_CTRL,		/* tty->lock */
	LOCK_RANK_FILES,		/* files->file_lock */
	LOCK_RANK_FS_STRUCT,		/* fs->lock */
	LOCK_RANK_DENTRY,		/* dentry->d_lock, dcache hash */
	LOCK_RANK_PAGE_TABLE,		/* each page table page's own lock */
	LOCK_RANK_PAGES,		/* address_space->i_pages */
	LOCK_RANK_IPC,			/* one System V object */
	LOCK_RANK_FUTEX,		/* futex hash bucket */
	LOCK_RANK_FUTEX_PI,		/* who waits for whose futex */
	LOCK_RANK_WAITQ,		/* wait queues */
	LOCK_RANK_PI,			/* task->pi_lock: wake-ups */
	LOCK_RANK_RQ,			/* run queue */
	LOCK_RANK_HRTIMER,		/* per-CPU timer base */
	LOCK_RANK_SLAB,			/* kmem_cache depot */
	LOCK_RANK_ZONE,			/* buddy allocator */
	LOCK_RANK_CONSOLE,		/* printk ring and console port */
	LOCK_RANK_COUNT
};

struct task_struct;

#ifdef CONFIG_DEBUG_LOCKRANK
struct lock_debug {
	u8 rank;			/* enum lock_rank */
	u8 sleeping;			/* a mutex or rwsem */
	const char *name;		/* the expression it was initialised with */
};

void lockrank_acquire(const struct lock_debug *dbg, const void *lock, bool shared, bool trylock,
		      unsigned long ip);
void lockrank_release(const struct lock_debug *dbg, const void *lock);
bool lockrank_held(const void *lock);
void show_held_locks(struct task_struct *tsk);

# define __LOCK_DEBUG_FIELD		struct lock_debug dbg;
# define __LOCK_DEBUG_INIT(n, r, s)	.dbg = { .rank = (r), .sleeping = (s), .name = #n },
# define lock_debug_init(l, r, s, n)	((l)->dbg = (struct lock_debug){ (r), (s), (n) })
# define lock_debug_acquire(l, shared, try)					\
	lockrank_acquire(&(l)->dbg, (l), (shared), (try), (unsigned long)__builtin_return_address(0))
# define lock_debug_release(l)		lockrank_release(&(l)->dbg, (l))
# define lock_debug_held(l)		lockrank_held(l)
#else
# define __LOCK_DEBUG_FIELD
# define __LOCK_DEBUG_INIT(n, r, s)
# define lock_debug_init(l, r, s, n)	do { (void)sizeof((r) + (s)); } while (0)
# define lock_debug_acquire(l, shared, try)	do { } while (0)
# define lock_debug_release(l)		do { } while (0)
# define lock_debug_held(l)		true
# define show_held_locks(tsk)		((void)(tsk))
#endif

/* spin_lock_init(lock) or spin_lock_init(lock, rank): pick the rank, NONE when left out. */
#define __LOCK_RANK(...)		__LOCK_RANK_PICK(, ##__VA_ARGS__, LOCK_RANK_NONE)
#define __LOCK_RANK_PICK(dummy, rank, ...) rank

#endif
