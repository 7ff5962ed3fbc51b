/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plain types of signals: sets, actions, queued entries. No inline code,
 * so that <linux/sched.h> can embed them. Functions are in <linux/signal.h>.
 */
#ifndef _LINUX_SIGNAL_TYPES_H
#define _LINUX_SIGNAL_TYPES_H

#include <linux/types.h>
#include <linux/list.h>
#include <uapi/linux/signal.h>

#define _NSIG			64
#define SA_IMMUTABLE		0x00800000	/* set by force_sig: no handler may replace it */

struct user_struct;

/* A siginfo without the padding that user space sees: 48 bytes instead of 128. */
typedef struct kernel_siginfo {
	__SIGINFO;
} kernel_siginfo_t;

struct k_sigaction {
	struct sigaction sa;
};

/* What get_signal() hands to the frame builder. */
struct ksignal {
	struct k_sigaction ka;
	kernel_siginfo_t info;
	int sig;
};

/*
 * A set of pending signals. @list holds the entries that carry information.
 * Locks: [S] sighand->siglock
 */
struct sigpending {
	struct list_head list;		/* [S] of struct sigqueue, in order of arrival */
	sigset_t signal;		/* [S] */
};

/*
 * A fork on its way. A signal to more than one process (kill(-pgrp), kill(-1), the terminal's)
 * that arrives meanwhile must reach the child too: the sender adds it here, and
 * task_publish() makes it the child's shared pending set. A stop signal drops a collected
 * SIGCONT and the reverse. Locks: [S] siglock of the parent
 */
struct multiprocess_signals {
	sigset_t signal;		/* [S] */
	struct hlist_node node;		/* [S] in signal_struct.multiprocess */
};

#define SIGQUEUE_PREALLOC	1	/* owned by a POSIX timer, never freed on delivery */

/*
 * Locks: [S] sighand->siglock of the target   [I] immutable after allocation
 */
struct sigqueue {
	struct list_head list;		/* [S] empty when not queued */
	int flags;			/* [I] SIGQUEUE_* */
	kernel_siginfo_t info;		/* [S] */
	struct user_struct *user;	/* [I] who is charged; holds a reference */
};

#endif /* _LINUX_SIGNAL_TYPES_H */
