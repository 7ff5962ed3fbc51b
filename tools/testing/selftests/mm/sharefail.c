// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory runs out in the middle of parting from shared page tables: each step of each event fails
 * in turn. Then nothing may have changed, for either side, and the same call succeeds afterwards.
 * Needs /proc/<pid>/fail-nth. ktest: timeout=300
 */
#define _GNU_SOURCE
#include "../ktest.h"
#include "mm_util.h"
#include "share_acts.h"

#define LIMIT	400		/* no event has more steps */

static int fail_fd;

static void arm(int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", n);

	ASSERT_EQ(pwrite(fail_fd, text, length, 0), length);
}

/* Did a step fail? */
static int disarm(void)
{
	int saved = errno, left;
	char text[16] = "";

	ASSERT(pread(fail_fd, text, sizeof(text) - 1, 0) > 0);
	left = atoi(text);
	if (left)
		ASSERT_EQ(pwrite(fail_fd, "0", 1, 0), 1);
	errno = saved;
	return !left;
}

/* @act returns 0 when it was done. @lasting: what failed once may show all the same. */
static void sweep(int (*act)(void), int lasting)
{
	int fired = 1, result = -1, steps;

	mem_fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	for (steps = 1; fired && result; steps++) {
		ASSERT(steps < LIMIT);
		arm(steps);
		result = act();
		fired = disarm();
		if (!result)
			break;
		EXPECT(fired);
		EXPECT(errno == ENOMEM || errno == EAGAIN || errno == EFAULT);
		if (!lasting)
			EXPECT_EQ(changed(), 0);
	}
	EXPECT_EQ(result, 0);
	close(mem_fd);
}

/* In the child, then in the parent; the other one looks at the end. */
static void event(int (*act)(void), int lasting)
{
	int status, down[2];
	pid_t pid;
	char c;

	for (int in_child = 1; in_child >= 0; in_child--) {
		setup();
		ASSERT_EQ(pipe(down), 0);
		pid = fork();
		if (!pid) {
			close(down[1]);
			if (!in_child)
				EXPECT_EQ(read(down[0], &c, 1), 0);
		}
		fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		if (fail_fd < 0) {
			if (!pid)
				_exit(0);
			SKIP("no fault injection here");
		}
		if ((pid == 0) == in_child)
			sweep(act, lasting);
		else if (!pid || !in_child)
			EXPECT_EQ(changed(), 0);
		if (!pid)
			_exit(0);
		close(down[1]);
		close(down[0]);
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT_EQ(status, 0);
		if (in_child)
			EXPECT_EQ(changed(), 0);
		close(fail_fd);
	}
}

TEST_TIMEOUT(munmap_a_table, 60) { event(unmap_table, 0); }
TEST_TIMEOUT(munmap_a_part, 60) { event(unmap_part, 0); }
TEST_TIMEOUT(mprotect_all, 60) { event(protect_all, 0); }
TEST_TIMEOUT(mprotect_a_part, 60) { event(protect_part, 0); }
TEST_TIMEOUT(madvise_dontneed, 60) { event(drop, 0); }
TEST_TIMEOUT(madvise_dontfork, 60) { event(dont_fork, 0); }
TEST_TIMEOUT(madvise_wipeonfork, 60) { event(wipe_on_fork, 0); }
TEST_TIMEOUT(mlock_all, 60) { event(lock, 0); }
TEST_TIMEOUT(mremap_shrinks, 60) { event(shrink, 0); }
TEST_TIMEOUT(mremap_moves_all, 60) { event(move_all, 0); }
TEST_TIMEOUT(mremap_moves_a_part, 60) { event(move_part, 0); }
TEST_TIMEOUT(mremap_dontunmap, 60) { event(move_and_keep, 0); }
TEST_TIMEOUT(mremap_grows, 60) { event(make_longer, 0); }
TEST_TIMEOUT(map_fixed_over_it, 60) { event(map_over, 1); }
TEST_TIMEOUT(truncation, 60)
{
	visible = 3 * TABLE / PG + 5 + 100;
	event(cut_file, 1);
}

TEST_TIMEOUT(hole_punching, 60) { event(punch, 1); }
TEST_TIMEOUT(write_faults, 60) { event(write_fault, 1); }
TEST_TIMEOUT(writes_by_proc_mem, 60) { event(write_by_kernel, 0); }
TEST_TIMEOUT(fork_of_a_fork, 60) { event(fork_again, 0); }
