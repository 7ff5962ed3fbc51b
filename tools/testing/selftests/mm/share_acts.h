/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can happen to memory that fork shares, each as a function that returns 0 when it was done
 * and may be called again when it was not. Who includes this has included ktest.h and mm_util.h.
 */
#ifndef SHARE_ACTS_H
#define SHARE_ACTS_H

#define TABLE	(512 * PG)
#define SIZE	(4 * TABLE)
#define PAGES	((int)(SIZE / PG))

static char *mem, *elsewhere;
static int mem_fd, file, visible = PAGES;

static void setup(void)
{
	char *p = map_anon(SIZE + 2 * TABLE);

	ASSERT(p != MAP_FAILED);
	mem = (char *)(((uintptr_t)p + TABLE - 1) & ~(TABLE - 1));
	elsewhere = map_anon(SIZE + TABLE);
	file = temp_file(TABLE);
	ASSERT(mmap(mem + 3 * TABLE + 5 * PG, 200 * PG, RW, MAP_PRIVATE | MAP_FIXED, file, 0) !=
	       MAP_FAILED);
	for (int i = 0; i < PAGES; i++)
		mem[i * PG] = 1 + i % 100;
}

static int changed(void)
{
	int n = 0;

	for (int i = 0; i < visible; i++)
		n += mem[i * PG] != 1 + i % 100;
	return n;
}

static int unmap_table(void) { return munmap(mem + TABLE, TABLE); }
static int unmap_part(void) { return munmap(mem + TABLE - 3 * PG, TABLE); }
static int protect_all(void) { return mprotect(mem, SIZE, PROT_READ); }
static int protect_part(void) { return mprotect(mem + TABLE - PG, 2 * PG, PROT_READ); }
static int drop(void) { return madvise(mem + PG, TABLE, MADV_DONTNEED); }
static int dont_fork(void) { return madvise(mem + 9 * PG, TABLE, MADV_DONTFORK); }
static int wipe_on_fork(void) { return madvise(mem + 9 * PG, TABLE, MADV_WIPEONFORK); }
static int lock(void) { return mlock(mem, SIZE); }
static int cut_file(void) { return ftruncate(file, 100 * PG); }

static int shrink(void)
{
	return mremap(mem, 3 * TABLE, TABLE + PG, 0) == mem ? 0 : -1;
}

static int move_all(void)
{
	return mremap(mem, 3 * TABLE, 3 * TABLE, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere + PG) ==
	       elsewhere + PG ? 0 : -1;
}

static int move_part(void)
{
	return mremap(mem + 9 * PG, TABLE, TABLE, MREMAP_MAYMOVE | MREMAP_FIXED,
		      elsewhere + 11 * PG) == elsewhere + 11 * PG ? 0 : -1;
}

static int move_and_keep(void)
{
	return mremap(mem + TABLE, TABLE, TABLE, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
		      elsewhere + 11 * PG) == elsewhere + 11 * PG ? 0 : -1;
}

static int make_longer(void)
{
	return mremap(mem, 3 * TABLE, 5 * TABLE, MREMAP_MAYMOVE) != MAP_FAILED ? 0 : -1;
}

/* What was there may be gone when it fails: mmap(2). */
static int map_over(void)
{
	return mmap(mem + TABLE - PG, TABLE, RW, ANON | MAP_FIXED, -1, 0) != MAP_FAILED ? 0 : -1;
}

static int punch(void)
{
	return fallocate(file, 3 /* KEEP_SIZE | PUNCH_HOLE */, 3 * PG, 90 * PG);
}

/* Faults are tried again, so nothing is seen of the failure. */
static int write_fault(void)
{
	mem[TABLE] = 1 + 512 % 100;
	mem[2 * TABLE + 1] = 1;
	return 0;
}

static int write_by_kernel(void)
{
	char c = 1 + 512 % 100;
	long n = pwrite(mem_fd, &c, 1, (off_t)(uintptr_t)(mem + TABLE));

	if (errno == EIO)
		errno = EFAULT;
	return n == 1 ? 0 : -1;
}

static int fork_again(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(changed());
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

#endif
