// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory is really used up, over and over, while shared page tables are parted from: somebody else
 * is killed for it, each event succeeds, and neither side sees anything of the other's.
 * ktest: tine timeout=240
 */
#define _GNU_SOURCE
#include <signal.h>
#include "../ktest.h"
#include "mm_util.h"
#include "share_acts.h"

#define CHUNK	(8UL << 20)
#define ROUNDS	1

static pid_t hog;
static volatile int hogs_wanted, kills;

static void set_adj(const char *adj)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	ASSERT_EQ(write(fd, adj, strlen(adj)), (long)strlen(adj));
	close(fd);
}

/* Takes all there is until it is killed. */
static void start_hog(void)
{
	hog = fork();
	if (hog)
		return;
	signal(SIGCHLD, SIG_DFL);
	munmap(mem, SIZE);
	set_adj("1000");
	for (;;)
		mmap(NULL, CHUNK, RW, ANON | MAP_POPULATE, -1, 0);
}

static void next_hog(void)
{
	int status;

	if (waitpid(hog, &status, WNOHANG) != hog)
		return;
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	kills++;
	start_hog();
}

static long free_kib(void)
{
	return proc_value("/proc/meminfo", "MemFree");
}

/* Each time when there is next to nothing left. */
static void act_when_empty(int (*act)(void))
{
	int before = kills;

	while (free_kib() > 6000 && kills == before) {
		next_hog();
		usleep(1000);
	}
	EXPECT_EQ(act(), 0);
	next_hog();
}

static void under_pressure(int (*act)(void), int keeps)
{
	int status, down[2];
	pid_t pid;
	char c;

	for (int round = 0; round < ROUNDS; round++) {
		setup();
		ASSERT_EQ(pipe(down), 0);
		pid = fork();
		if (!pid) {
			close(down[1]);
			EXPECT_EQ(read(down[0], &c, 1), 0);
			EXPECT_EQ(changed(), 0);
			_exit(0);
		}
		close(down[0]);
		mem_fd = open("/proc/self/mem", O_RDWR);
		act_when_empty(act);
		if (keeps)
			EXPECT_EQ(changed(), 0);
		close(mem_fd);
		close(file);
		close(down[1]);
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT_EQ(status, 0);
		munmap(mem, SIZE);
		munmap(elsewhere, SIZE + TABLE);
	}
}

static void with_hog(int (*act)(void), int keeps)
{
	set_adj("-1000");
	setup();
	start_hog();
	under_pressure(act, keeps);
	kill(hog, SIGKILL);
	waitpid(hog, NULL, 0);
}

/* The last page is written anew, so that each page of the parent's is copied. */
static int write_all_again(void)
{
	for (int i = 0; i < PAGES; i++)
		mem[i * PG + 9] = 3;
	return 0;
}

TEST_TIMEOUT(munmap_of_a_part, 60) { with_hog(unmap_part, 0); }
TEST_TIMEOUT(munmap_of_a_table, 60) { with_hog(unmap_table, 0); }
TEST_TIMEOUT(map_over_it, 60) { with_hog(map_over, 0); }
TEST_TIMEOUT(mprotect_of_all, 60) { with_hog(protect_all, 1); }
TEST_TIMEOUT(mprotect_of_a_part, 60) { with_hog(protect_part, 1); }
TEST_TIMEOUT(madvise_dontneed, 60) { with_hog(drop, 0); }
TEST_TIMEOUT(madvise_dontfork, 60) { with_hog(dont_fork, 1); }
TEST_TIMEOUT(madvise_wipeonfork, 60) { with_hog(wipe_on_fork, 1); }
TEST_TIMEOUT(mlock_of_all, 60) { with_hog(lock, 1); }
TEST_TIMEOUT(mremap_of_a_part, 60) { with_hog(move_part, 0); }
TEST_TIMEOUT(mremap_of_all, 60) { with_hog(move_all, 0); }
TEST_TIMEOUT(mremap_grows, 60) { with_hog(make_longer, 0); }
TEST_TIMEOUT(mremap_shrinks, 60) { with_hog(shrink, 0); }
TEST_TIMEOUT(mremap_dontunmap, 60) { with_hog(move_and_keep, 0); }
TEST_TIMEOUT(write_fault_here_and_there, 60) { with_hog(write_fault, 1); }
TEST_TIMEOUT(write_of_all, 60) { with_hog(write_all_again, 1); }
TEST_TIMEOUT(write_by_proc_mem, 60) { with_hog(write_by_kernel, 1); }
TEST_TIMEOUT(truncation, 60)
{
	visible = 3 * TABLE / PG + 5 + 100;
	with_hog(cut_file, 1);
}
TEST_TIMEOUT(hole_punching, 60) { with_hog(punch, 1); }
TEST_TIMEOUT(fork_of_a_fork, 60) { with_hog(fork_again, 1); }
