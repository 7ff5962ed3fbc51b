// SPDX-License-Identifier: GPL-2.0-only
/*
 * sched_setscheduler and its relatives, getpriority and setpriority: values, errors, permissions,
 * inheritance.
 */
#include "../ktest.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define NOBODY	65534
#define NO_PID	4194303		/* above every pid that a test may meet */

struct attr {
	unsigned int size, policy;
	unsigned long long flags;
	int nice;
	unsigned int priority;
	unsigned long long runtime, deadline, period;
	unsigned int util_min, util_max;
};

#define FLAG_RESET_ON_FORK	1
#define FLAG_KEEP_POLICY	8
#define FLAG_KEEP_PARAMS	16

static int set_scheduler(pid_t pid, int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return syscall(SYS_sched_setscheduler, pid, policy, &param);
}

static int set_attr(pid_t pid, struct attr *attr)
{
	return syscall(SYS_sched_setattr, pid, attr, 0);
}

static int get_attr(pid_t pid, struct attr *attr, unsigned int size)
{
	return syscall(SYS_sched_getattr, pid, attr, size, 0);
}

static void become_nobody(void)
{
	ASSERT_EQ(setresuid(NOBODY, NOBODY, NOBODY), 0);
}

/* The status that a child exits with after running @fn. */
static int in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid)
		_exit(fn());
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT(WIFEXITED(status));
	return WEXITSTATUS(status);
}

TEST(priority_ranges)
{
	EXPECT_EQ(sched_get_priority_max(SCHED_FIFO), 99);
	EXPECT_EQ(sched_get_priority_min(SCHED_FIFO), 1);
	EXPECT_EQ(sched_get_priority_max(SCHED_RR), 99);
	EXPECT_EQ(sched_get_priority_min(SCHED_RR), 1);
	EXPECT_EQ(sched_get_priority_max(SCHED_OTHER), 0);
	EXPECT_EQ(sched_get_priority_min(SCHED_BATCH), 0);
	EXPECT_EQ(sched_get_priority_max(SCHED_IDLE), 0);
	EXPECT_ERRNO(sched_get_priority_max(-1), EINVAL);
	EXPECT_ERRNO(sched_get_priority_min(4), EINVAL);
}

TEST(set_scheduler_checks)
{
	EXPECT_ERRNO(set_scheduler(0, 9, 0), EINVAL);
	EXPECT_ERRNO(set_scheduler(0, -1, 0), EINVAL);
	EXPECT_ERRNO(set_scheduler(0, SCHED_OTHER, 1), EINVAL);
	EXPECT_ERRNO(set_scheduler(0, SCHED_FIFO, 0), EINVAL);
	EXPECT_ERRNO(set_scheduler(0, SCHED_FIFO, 100), EINVAL);
	EXPECT_ERRNO(set_scheduler(0, SCHED_FIFO, -1), EINVAL);
	EXPECT_ERRNO(set_scheduler(-5, SCHED_OTHER, 0), EINVAL);
	EXPECT_ERRNO(set_scheduler(NO_PID, SCHED_OTHER, 0), ESRCH);
	EXPECT_ERRNO(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, (void *)8), EFAULT);
	EXPECT_ERRNO(sched_getscheduler(-1), EINVAL);
	EXPECT_ERRNO(sched_getscheduler(NO_PID), ESRCH);
	EXPECT_ERRNO(syscall(SYS_sched_getparam, 0, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_getparam, 0, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_sched_setparam, -1, (void *)8), EINVAL);
}

TEST(policies_are_kept)
{
	static const int policies[] = { SCHED_BATCH, SCHED_IDLE, SCHED_OTHER };
	struct sched_param param;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(set_scheduler(0, policies[i], 0), 0);
		EXPECT_EQ(sched_getscheduler(0), policies[i]);
	}
	if (set_scheduler(0, SCHED_FIFO, 7))
		SKIP("real-time policies are not permitted here");
	EXPECT_EQ(sched_getscheduler(0), SCHED_FIFO);
	ASSERT_EQ(sched_getparam(0, &param), 0);
	EXPECT_EQ(param.sched_priority, 7);
	param.sched_priority = 9;
	ASSERT_EQ(sched_setparam(0, &param), 0);
	EXPECT_EQ(sched_getscheduler(getpid()), SCHED_FIFO);
	param.sched_priority = 0;
	EXPECT_ERRNO(sched_setparam(0, &param), EINVAL);
	ASSERT_EQ(set_scheduler(0, SCHED_RR, 1), 0);
	EXPECT_EQ(sched_getscheduler(0), SCHED_RR);
	ASSERT_EQ(set_scheduler(0, SCHED_OTHER, 0), 0);
}

TEST(a_real_time_task_keeps_its_nice_value)
{
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 3), 0);
	if (set_scheduler(0, SCHED_RR, 1))
		SKIP("real-time policies are not permitted here");
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 3);
	ASSERT_EQ(set_scheduler(0, SCHED_OTHER, 0), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 3);
}

TEST(attributes_and_their_sizes)
{
	struct attr attr;

	memset(&attr, 0xff, sizeof(attr));
	EXPECT_ERRNO(get_attr(0, &attr, 47), EINVAL);
	EXPECT_ERRNO(get_attr(0, &attr, 4097), EINVAL);
	EXPECT_ERRNO(get_attr(-1, &attr, 48), EINVAL);
	EXPECT_ERRNO(get_attr(NO_PID, &attr, 48), ESRCH);
	EXPECT_ERRNO(syscall(SYS_sched_getattr, 0, &attr, 48, 1), EINVAL);
	ASSERT_EQ(get_attr(0, &attr, 48), 0);
	EXPECT_EQ(attr.size, 48);
	EXPECT_EQ(attr.policy, SCHED_OTHER);
	EXPECT_EQ(attr.util_max, 0xffffffff);

	memset(&attr, 0, sizeof(attr));
	attr.size = 40;
	EXPECT_ERRNO(set_attr(0, &attr), E2BIG);
	EXPECT_EQ(attr.size, sizeof(attr));
	attr.size = 48;
	attr.policy = 77;
	EXPECT_ERRNO(set_attr(0, &attr), EINVAL);
	attr.policy = SCHED_OTHER;
	attr.flags = 0x8000;
	EXPECT_ERRNO(set_attr(0, &attr), EINVAL);
	attr.flags = 0;
	attr.priority = 5;
	EXPECT_ERRNO(set_attr(0, &attr), EINVAL);
	attr.priority = 0;
	attr.nice = 50;
	EXPECT_EQ(set_attr(0, &attr), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 19);
	EXPECT_ERRNO(syscall(SYS_sched_setattr, 0, &attr, 1), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_setattr, 0, NULL, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sched_setattr, NO_PID, &attr, 0), ESRCH);
}

TEST(attributes_can_be_kept)
{
	struct attr attr = { .size = 48, .policy = SCHED_BATCH, .nice = 4 };

	ASSERT_EQ(set_attr(0, &attr), 0);
	attr = (struct attr){ .size = 48, .flags = FLAG_KEEP_PARAMS, .policy = SCHED_OTHER };
	ASSERT_EQ(set_attr(0, &attr), 0);
	ASSERT_EQ(get_attr(0, &attr, 48), 0);
	/* The policy counts as one of the parameters. */
	EXPECT_EQ(attr.policy, SCHED_BATCH);
	EXPECT_EQ(attr.nice, 4);
	attr = (struct attr){ .size = 48, .flags = FLAG_KEEP_POLICY, .nice = 6 };
	ASSERT_EQ(set_attr(0, &attr), 0);
	ASSERT_EQ(get_attr(0, &attr, 48), 0);
	EXPECT_EQ(attr.policy, SCHED_BATCH);
	EXPECT_EQ(attr.nice, 6);
}

static int report_policy(void)
{
	return sched_getscheduler(0) << 4 | (getpriority(PRIO_PROCESS, 0) + 1);
}

TEST(children_inherit)
{
	ASSERT_EQ(set_scheduler(0, SCHED_BATCH, 0), 0);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 5), 0);
	EXPECT_EQ(in_child(report_policy), SCHED_BATCH << 4 | 6);
}

TEST(reset_on_fork)
{
	struct attr attr = { .size = 48 };

	if (set_scheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, 5))
		SKIP("real-time policies are not permitted here");
	EXPECT_EQ(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
	EXPECT_EQ(in_child(report_policy), SCHED_OTHER << 4 | 1);
	ASSERT_EQ(get_attr(0, &attr, 48), 0);
	EXPECT_EQ(attr.flags, FLAG_RESET_ON_FORK);
	EXPECT_EQ(attr.priority, 5);
	ASSERT_EQ(set_scheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, 0), 0);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, -3), 0);
	EXPECT_EQ(in_child(report_policy), 1);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 3), 0);
	EXPECT_EQ(in_child(report_policy), 4);
	become_nobody();
	/* Only privilege takes the flag away. */
	EXPECT_ERRNO(set_scheduler(0, SCHED_OTHER, 0), EPERM);
}

TEST(priority_calls)
{
	EXPECT_ERRNO(syscall(SYS_getpriority, 3, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getpriority, -1, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getpriority, PRIO_PROCESS, NO_PID), ESRCH);
	EXPECT_ERRNO(syscall(SYS_getpriority, PRIO_PGRP, NO_PID), ESRCH);
	EXPECT_ERRNO(syscall(SYS_getpriority, PRIO_USER, 987654), ESRCH);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, NO_PID, 1), ESRCH);
	EXPECT_EQ(syscall(SYS_getpriority, PRIO_PROCESS, 0), 20);
	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 100), 0);
	EXPECT_EQ(syscall(SYS_getpriority, PRIO_PROCESS, getpid()), 1);
}

static int priority_of_self(void)
{
	return syscall(SYS_getpriority, PRIO_PROCESS, 0);
}

TEST(priority_of_a_group_is_its_best)
{
	int status, ready[2], done[2];
	char byte;
	pid_t pid;

	ASSERT_EQ(setpgid(0, 0), 0);
	ASSERT_EQ(pipe(ready) | pipe(done), 0);
	pid = fork();
	if (!pid) {
		setpriority(PRIO_PROCESS, 0, 7);
		write(ready[1], "", 1);
		read(done[0], &byte, 1);
		_exit(priority_of_self());
	}
	ASSERT_EQ(read(ready[0], &byte, 1), 1);
	EXPECT_EQ(getpriority(PRIO_PGRP, 0), 0);
	ASSERT_EQ(setpriority(PRIO_PGRP, 0, 9), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, pid), 9);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 9);
	ASSERT_EQ(write(done[1], "", 1), 1);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WEXITSTATUS(status), 11);
}

TEST(unprivileged_may_only_be_nicer)
{
	struct rlimit none = { 0, 0 };

	ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 2), 0);
	ASSERT_EQ(setrlimit(RLIMIT_NICE, &none), 0);
	ASSERT_EQ(setrlimit(RLIMIT_RTPRIO, &none), 0);
	become_nobody();
	EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 5), 0);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, 0, 4), EACCES);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, getppid(), 10), EPERM);
	EXPECT_ERRNO(set_scheduler(0, SCHED_FIFO, 1), EPERM);
	EXPECT_EQ(set_scheduler(0, SCHED_BATCH, 0), 0);
	EXPECT_EQ(set_scheduler(0, SCHED_IDLE, 0), 0);
	EXPECT_ERRNO(set_scheduler(0, SCHED_OTHER, 0), EPERM);
	EXPECT_ERRNO(set_scheduler(getppid(), SCHED_BATCH, 0), EPERM);
}

TEST(limits_allow_what_they_say)
{
	struct rlimit nice = { 25, 25 }, rt = { 3, 3 };

	if (setrlimit(RLIMIT_NICE, &nice) || setrlimit(RLIMIT_RTPRIO, &rt))
		SKIP("limits cannot be raised here");
	become_nobody();
	EXPECT_EQ(setpriority(PRIO_PROCESS, 0, -5), 0);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, 0, -6), EACCES);
	EXPECT_ERRNO(set_scheduler(0, SCHED_FIFO, 4), EPERM);
	if (set_scheduler(0, SCHED_FIFO, 3))
		SKIP("real-time policies are not permitted here");
	EXPECT_EQ(set_scheduler(0, SCHED_RR, 2), 0);
	EXPECT_EQ(set_scheduler(0, SCHED_OTHER, 0), 0);
}

TEST(round_robin_interval)
{
	struct timespec ts = { -1, -1 };

	EXPECT_ERRNO(sched_rr_get_interval(-1, &ts), EINVAL);
	EXPECT_ERRNO(sched_rr_get_interval(NO_PID, &ts), ESRCH);
	EXPECT_ERRNO(syscall(SYS_sched_rr_get_interval, 0, (void *)8), EFAULT);
	ASSERT_EQ(sched_rr_get_interval(0, &ts), 0);
	EXPECT_EQ(ts.tv_sec, 0);
	if (set_scheduler(0, SCHED_RR, 1))
		SKIP("real-time policies are not permitted here");
	ASSERT_EQ(sched_rr_get_interval(0, &ts), 0);
	EXPECT_EQ(ts.tv_sec, 0);
	EXPECT_EQ(ts.tv_nsec, 100000000);
	ASSERT_EQ(set_scheduler(0, SCHED_FIFO, 1), 0);
	ASSERT_EQ(sched_rr_get_interval(0, &ts), 0);
	EXPECT_EQ(ts.tv_nsec, 0);
}
