// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V shared memory: attaching, counting, and when a segment goes.
 */
#include "../ktest.h"
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#define SIZE	(4 * 4096)

static int make(size_t size)
{
	int id = shmget(IPC_PRIVATE, size, 0600);

	ASSERT_GE(id, 0);
	return id;
}

static unsigned long attached(int id)
{
	struct shmid_ds ds;

	ASSERT_EQ(shmctl(id, IPC_STAT, &ds), 0);
	return ds.shm_nattch;
}

TEST(two_places_show_the_same)
{
	int id = make(SIZE);
	char *a = shmat(id, NULL, 0), *b = shmat(id, NULL, SHM_RDONLY);

	ASSERT(a != (void *)-1 && b != (void *)-1);
	EXPECT_EQ(attached(id), 2);
	strcpy(a + 5000, "seen");
	EXPECT_STREQ(b + 5000, "seen");
	EXPECT_ERRNO(mprotect(b, SIZE, PROT_READ | PROT_WRITE), EACCES);
	EXPECT_EQ(shmdt(a), 0);
	EXPECT_ERRNO(shmdt(a), EINVAL);
	EXPECT_ERRNO(shmdt(b + 1), EINVAL);
	EXPECT_EQ(shmdt(b), 0);
	EXPECT_EQ(attached(id), 0);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

TEST(fork_exec_and_exit_count)
{
	int id = make(SIZE), go[2];
	char *mem = shmat(id, NULL, 0), c;

	ASSERT(mem != (void *)-1);
	ASSERT_EQ(pipe(go), 0);
	if (!fork()) {
		mem[0] = 'x';
		close(go[1]);
		(void)!read(go[0], &c, 1);
		_exit(0);
	}
	EXPECT_EQ(attached(id), 2);
	close(go[1]);
	wait(NULL);
	EXPECT_EQ(attached(id), 1);
	EXPECT_EQ(mem[0], 'x');
	/* A removed segment lives as long as it is attached, and nobody finds it by key. */
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
	EXPECT_EQ(attached(id), 1);
	EXPECT_EQ(mem[0], 'x');
	EXPECT_EQ(shmdt(mem), 0);
	EXPECT_ERRNO(shmctl(id, IPC_RMID, NULL), EINVAL);
}

TEST(pieces_count_and_go_together)
{
	int id = make(SIZE);
	char *mem = shmat(id, NULL, 0);

	ASSERT(mem != (void *)-1);
	ASSERT_EQ(mprotect(mem + 4096, 4096, PROT_READ), 0);
	EXPECT_EQ(attached(id), 3);
	ASSERT_EQ(munmap(mem + 2 * 4096, 4096), 0);
	EXPECT_EQ(attached(id), 3);
	EXPECT_EQ(shmdt(mem), 0);
	EXPECT_EQ(attached(id), 0);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

TEST(addresses)
{
	int id = make(SIZE);
	char *hole = mmap(NULL, 2 * SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_ERRNO((long)shmat(id, hole + 1, 0), EINVAL);
	EXPECT_ERRNO((long)shmat(id, hole, 0), EINVAL);
	EXPECT_ERRNO((long)shmat(id, NULL, SHM_REMAP), EINVAL);
	EXPECT(shmat(id, hole + 100, SHM_RND | SHM_REMAP) == hole);
	EXPECT_EQ(shmdt(hole), 0);
	EXPECT(shmat(id, hole, 0) == hole);
	EXPECT_EQ(shmdt(hole), 0);
	EXPECT_ERRNO((long)shmat(-1, NULL, 0), EINVAL);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
	EXPECT_ERRNO((long)shmat(id, NULL, 0), EINVAL);
}

TEST(sizes_and_keys)
{
	key_t key = 0x5e9 + getpid();
	int id;

	EXPECT_ERRNO(shmget(IPC_PRIVATE, 0, 0600), EINVAL);
	EXPECT_ERRNO(shmget(key, 1, 0600), ENOENT);
	id = shmget(key, SIZE, IPC_CREAT | 0600);
	ASSERT_GE(id, 0);
	EXPECT_EQ(shmget(key, 0, 0), id);
	EXPECT_EQ(shmget(key, SIZE, 0), id);
	EXPECT_ERRNO(shmget(key, SIZE + 1, 0), EINVAL);
	EXPECT_ERRNO(shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
	EXPECT_ERRNO(shmget(key, SIZE, 0), ENOENT);
}

TEST(maps_show_key_and_identifier)
{
	int id = make(SIZE), found = 0;
	char line[256], *mem = shmat(id, NULL, 0);
	unsigned long start, inode;
	FILE *f = fopen("/proc/self/maps", "r");

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%*x %*s %*x %*s %lu", &start, &inode) != 2)
			continue;
		if (start != (unsigned long)mem)
			continue;
		found = 1;
		EXPECT_EQ(inode, (unsigned long)id);
		EXPECT(strstr(line, "/SYSV00000000 (deleted)"));
	}
	EXPECT(found);
	fclose(f);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
	EXPECT_EQ(shmdt(mem), 0);
}

TEST(attached_and_killed_many_times)
{
	int id = make(SIZE), i;
	pid_t pid[16];

	for (i = 0; i < 16; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		for (;;) {
			char *mem = shmat(id, NULL, 0);

			if (mem == (void *)-1)
				_exit(0);
			__atomic_add_fetch((int *)mem, 1, __ATOMIC_SEQ_CST);
			shmdt(mem);
		}
	}
	while (!attached(id))
		sched_yield();
	for (i = 0; i < 8; i++)
		kill(pid[i], SIGKILL);
	for (i = 0; i < 8; i++)
		waitpid(pid[i], NULL, 0);
	EXPECT_EQ(shmctl(id, IPC_RMID, NULL), 0);
	for (i = 8; i < 16; i++)
		kill(pid[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	EXPECT_ERRNO(shmctl(id, IPC_RMID, NULL), EINVAL);
}
