/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of ptrace share: a traced child, and waiting for one event of it. */
#ifndef SELFTESTS_TRACER_H
#define SELFTESTS_TRACER_H

#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <linux/audit.h>

#define PTRACE_EVENT_OF(status)	((status) >> 16)
/* glibc's <sys/ptrace.h> has the structure under another name. */
#define ptrace_syscall_info	__ptrace_syscall_info

/* The status of the next change of @pid, tracee or child. */
static int wait_status(pid_t pid)
{
	int status;
	pid_t got;

	do {
		got = waitpid(pid, &status, __WALL);
	} while (got < 0 && errno == EINTR);
	ASSERT_EQ(got, pid);
	return status;
}

/* The signal of its stop, event included above it. */
static int wait_stop(pid_t pid)
{
	int status = wait_status(pid);

	if ((status & 0xff) != 0x7f)
		ktest_print("# status %#x is no stop\n", status);
	ASSERT_EQ(status & 0xff, 0x7f);
	return status >> 8;
}

/* As fork(); the child is traced, and runs until its first signal. */
static pid_t traced_child(void)
{
	pid_t pid = fork();

	if (!pid)
		ASSERT_EQ(ptrace(PTRACE_TRACEME, 0, 0, 0), 0);
	return pid;
}

#endif
