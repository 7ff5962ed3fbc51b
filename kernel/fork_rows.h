/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a task owns, in the order it is acquired. This list is the centre of Tine: the compiler
 * makes copy_process(), the three releases and their proofs from it, and whoever wants to know
 * what CLONE_FILES does reads it here. Each row's functions live with its subject:
 *   int copy_x(fc)   a private x for fc->child     int share_x(fc)   the same x, counted once more
 *   void exit_x(tsk) gives it up; tolerates none
 */
#ifndef _KERNEL_FORK_ROWS_H
#define _KERNEL_FORK_ROWS_H

#include <linux/audit.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/security.h>

struct task_struct;

/* OWN(x): always private.  SHR(x, flag): shared with the parent when the flag is given. */
#define FORK_ROWS(OWN, SHR)							\
	OWN(stack)		/* kernel stack */				\
	OWN(nproc)		/* RLIMIT_NPROC and threads-max: refuse early */ \
	SHR(creds,   CLONE_THREAD)						\
	OWN(audit)		/* what the audit trail remembers of it */	\
	OWN(security)		/* what a security module keeps, or refuses */	\
	SHR(semundo, CLONE_SYSVSEM)	/* what semop() did, to be taken back */ \
	OWN(sysvshm)		/* segments that the task made */		\
	OWN(sched)		/* class, priority, a first CPU */		\
	SHR(files,   CLONE_FILES)						\
	SHR(fs,      CLONE_FS)	/* root, cwd, umask */				\
	SHR(sighand, CLONE_SIGHAND)						\
	SHR(signal,  CLONE_THREAD)						\
	OWN(seccomp)		/* filters of system calls; after sighand */	\
	SHR(mm,      CLONE_VM)							\
	OWN(namespaces)								\
	SHR(io,      CLONE_IO)	/* io priority */				\
	OWN(mempolicy)		/* set_mempolicy(2) */				\
	OWN(cgroup)		/* and what its controllers charge */		\
	OWN(thread)		/* registers and FPU; after mm */		\
	OWN(pid)		/* last: the number is seen by others */

/* Given up when the task exits, while it can still sleep; */
#define EXIT_ROWS(ROW)								\
	ROW(mm)									\
	ROW(semundo)								\
	ROW(sysvshm)								\
	ROW(files)								\
	ROW(fs)									\
	ROW(namespaces)								\
	ROW(io)									\
	ROW(mempolicy)

/* when its parent reaps it; */
#define REAP_ROWS(ROW)								\
	ROW(seccomp)								\
	ROW(nproc)								\
	ROW(cgroup)								\
	ROW(pid)								\
	ROW(sighand)

/* and when the last reference goes, after readers under RCU are done. */
#define FREE_ROWS(ROW)								\
	ROW(thread)								\
	ROW(signal)								\
	ROW(sched)								\
	ROW(security)								\
	ROW(audit)								\
	ROW(creds)								\
	ROW(stack)

/* The index of each row, for counters and fault injection. */
#define __ROW_ENUM_OWN(x)	FORK_ROW_##x,
#define __ROW_ENUM_SHR(x, flag)	FORK_ROW_##x,
enum fork_row {
	FORK_ROWS(__ROW_ENUM_OWN, __ROW_ENUM_SHR)
	NR_FORK_ROWS
};

/* The prototypes: a row without its functions does not link. */
#define __ROW_PROTO_OWN(x)							\
	int copy_##x(struct fork_ctx *fc);					\
	void exit_##x(struct task_struct *tsk);
#define __ROW_PROTO_SHR(x, flag)						\
	__ROW_PROTO_OWN(x)							\
	int share_##x(struct fork_ctx *fc);
FORK_ROWS(__ROW_PROTO_OWN, __ROW_PROTO_SHR)

/* Each row is given up exactly once: every bit is there, and there are no more than rows. */
#define __ROW_BIT(x)		| (1u << FORK_ROW_##x)
#define __ROW_ONE(x)		+ 1
BUILD_ASSERT((0 EXIT_ROWS(__ROW_BIT) REAP_ROWS(__ROW_BIT) FREE_ROWS(__ROW_BIT)) ==
	     (1u << NR_FORK_ROWS) - 1);
BUILD_ASSERT((0 EXIT_ROWS(__ROW_ONE) REAP_ROWS(__ROW_ONE) FREE_ROWS(__ROW_ONE)) == NR_FORK_ROWS);

/* What each row did, per CPU; /proc/fork_stat adds them up. */
struct fork_row_stat {
	u64 copies, shares, failures;
};

struct fork_stat {
	struct fork_row_stat row[NR_FORK_ROWS];
};
DECLARE_PER_CPU(struct fork_stat, fork_stat);

extern const char *const fork_row_names[NR_FORK_ROWS];

/*
 * The bodies that are made of the list: FORK_ROWS(ACQUIRE_OWN, ACQUIRE_SHR) with `fc` and `err` at
 * hand, XXX_ROWS(RELEASE) with `tsk`. ROW_COUNT(x, what) is the user's, who counts or does not.
 */
#define ROW_DONE(x, err, how) do {						\
	if (unlikely(err)) {							\
		ROW_COUNT(x, failures);		\
		return err;							\
	}									\
	ROW_COUNT(x, how);				\
} while (0);
/* Both edges of a row are steps that fault injection can fail. */
#define ROW_STEP(x, call)							\
	err = should_fail("row", "before " #x) ? -ENOMEM : (call);		\
	if (!err && should_fail("row", "after " #x))				\
		err = -ENOMEM;
#define ACQUIRE_OWN(x)								\
	ROW_STEP(x, copy_##x(fc))						\
	ROW_DONE(x, err, copies)
#define ACQUIRE_SHR(x, flag)							\
	if (fc->flags & (flag)) {						\
		ROW_STEP(x, share_##x(fc))					\
		ROW_DONE(x, err, shares)					\
	} else {								\
		ROW_STEP(x, copy_##x(fc))					\
		ROW_DONE(x, err, copies)					\
	}

#define RELEASE(x)	exit_##x(tsk);

#endif
