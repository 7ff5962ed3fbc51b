// SPDX-License-Identifier: GPL-2.0-only
/*
 * The alternate signal stack.
 * ktest: musl
 */
#include "../ktest.h"
#include <sys/syscall.h>
#include <time.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static char area[65536] __attribute__((aligned(16)));
static volatile int on_area, flags_inside;

static void look(int sig)
{
	stack_t now;
	char here;

	(void)sig;
	on_area = &here >= area && &here < area + sizeof(area);
	sigaltstack(NULL, &now);
	flags_inside = now.ss_flags;
}

static int set(void *sp, int flags, size_t size)
{
	stack_t ss = { .ss_sp = sp, .ss_flags = flags, .ss_size = size };

	return syscall(SYS_sigaltstack, &ss, NULL);
}

static void handle(int flags)
{
	struct sigaction sa = { .sa_handler = look, .sa_flags = flags };

	ASSERT_EQ(sigaction(SIGUSR1, &sa, NULL), 0);
}

TEST(starts_disabled)
{
	stack_t now;

	EXPECT_EQ(sigaltstack(NULL, &now), 0);
	EXPECT_EQ(now.ss_flags, SS_DISABLE);
}

/* Leave something of ours on the kernel's stack. */
static void litter(int round)
{
	struct timespec past = { 0, 0x5a5a5a }, none = { 0, 0 };
	char path[64];

	memset(path, 0x5a, sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	if (round & 1)
		access(path, R_OK);
	if (round & 2)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL);
	if (round & 4)
		syscall(SYS_select, 3, NULL, NULL, NULL, &none);
	if (round & 8)
		readlink("/proc/self/exe", path, sizeof(path));
	if (round & 16)
		syscall(SYS_getrandom, path, sizeof(path), 0);
}

/* Four bytes stand between the flags and the size; what the kernel had there is not ours. */
TEST(tells_nothing_between_its_fields)
{
	stack_t now;

	for (int round = 0; round < 64; round++) {
		memset(&now, 0xa5, sizeof(now));
		litter(round);
		ASSERT_EQ(syscall(SYS_sigaltstack, NULL, &now), 0);
		ASSERT_EQ(*(unsigned int *)((char *)&now.ss_flags + 4), 0);
	}
}

TEST(arguments_are_checked)
{
	EXPECT_ERRNO(set(area, 0, 1024), ENOMEM);
	EXPECT_ERRNO(set(area, 4, sizeof(area)), EINVAL);
	EXPECT_ERRNO(syscall(SYS_sigaltstack, (void *)8, NULL), EFAULT);
	EXPECT_EQ(set(area, SS_DISABLE, 0), 0);
	EXPECT_EQ(set(area, SS_ONSTACK, sizeof(area)), 0);
}

TEST(used_only_when_asked_for)
{
	ASSERT_EQ(set(area, 0, sizeof(area)), 0);
	handle(0);
	raise(SIGUSR1);
	EXPECT_EQ(on_area, 0);
	EXPECT_EQ(flags_inside, 0);
	handle(SA_ONSTACK);
	raise(SIGUSR1);
	EXPECT_EQ(on_area, 1);
	EXPECT_EQ(flags_inside, SS_ONSTACK);
}

static volatile int change_errno;

static void change(int sig)
{
	(void)sig;
	errno = 0;
	if (set(area, 0, sizeof(area) / 2))
		change_errno = errno;
}

TEST(cannot_be_changed_while_in_use)
{
	struct sigaction sa = { .sa_handler = change, .sa_flags = SA_ONSTACK };

	ASSERT_EQ(set(area, 0, sizeof(area)), 0);
	sigaction(SIGUSR1, &sa, NULL);
	raise(SIGUSR1);
	EXPECT_EQ(change_errno, EPERM);
}

TEST(autodisarm)
{
	stack_t now;

	ASSERT_EQ(set(area, SS_AUTODISARM, sizeof(area)), 0);
	handle(SA_ONSTACK);
	raise(SIGUSR1);
	EXPECT_EQ(on_area, 1);
	EXPECT_EQ(flags_inside, SS_DISABLE);
	sigaltstack(NULL, &now);
	EXPECT_EQ((unsigned int)now.ss_flags, SS_AUTODISARM);
	EXPECT(now.ss_sp == area);
}

TEST(kept_by_fork)
{
	stack_t now;
	pid_t child;

	ASSERT_EQ(set(area, 0, sizeof(area)), 0);
	child = fork();
	if (!child) {
		sigaltstack(NULL, &now);
		_exit(now.ss_sp == area && !now.ss_flags ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(child), 0);
}
