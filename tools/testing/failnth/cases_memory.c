// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: areas split from all sides, with page tables of one's own and shared with a parent, and
 * the faults that make shared pages and tables private.
 */
#include "failnth.h"
#include <sys/shm.h>

#define PAGES	16

static char *area(void)
{
	char *p = mmap(NULL, PAGES * KIB4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		for (int i = 0; i < PAGES; i++)
			p[i * KIB4] = i;
	return p;
}

/* What the failed call left must still be the memory that was there. */
static int drop(char *p, int check)
{
	for (int i = 0; check && i < PAGES; i++)
		if (p[i * KIB4] != i)
			return -1;
	return munmap(p, PAGES * KIB4);
}

static int run_mmap(const struct failcase *c, int n)
{
	void *p = MAP_FAILED;
	int error = CALL(n, p = mmap(NULL, PAGES * KIB4, PROT_READ | PROT_WRITE,
				     MAP_ANONYMOUS | (c->flags & MAP_SHARED ? 0 : MAP_PRIVATE) |
				     c->flags, -1, 0));

	if (p != MAP_FAILED && munmap(p, PAGES * KIB4))
		return -1;
	return error;
}

/* Over the middle of another area: when it fails, Linux may have unmapped that already. */
static int run_mmap_fixed(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, mmap(p + 4 * KIB4, 4 * KIB4, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));

	for (int i = 0; i < PAGES; i++)
		if ((i < 4 || i >= 8) && p[i * KIB4] != i)
			return -1;
	return drop(p, 0) ? -1 : error;
}

static int run_mmap_file(const struct failcase *c, int n)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), error;
	void *p = MAP_FAILED;

	error = CALL(n, p = mmap(NULL, PAGES * KIB4, PROT_READ, (int)c->flags, fd, 0));
	close(fd);
	if (p != MAP_FAILED && munmap(p, PAGES * KIB4))
		return -1;
	return error;
}

static int run_mprotect(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, mprotect(p + 4 * KIB4, 4 * KIB4, PROT_READ));

	return drop(p, 1) ? -1 : error;
}

static int run_munmap(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, munmap(p + 4 * KIB4, 4 * KIB4));

	return drop(p, error) ? -1 : error;
}

static int run_mremap(const struct failcase *c, int n)
{
	char *p = area(), *q = MAP_FAILED;
	int error = CALL(n, q = mremap(p + 4 * KIB4, 4 * KIB4, 64 * KIB4, MREMAP_MAYMOVE));

	if (q != MAP_FAILED && munmap(q, 64 * KIB4))
		return -1;
	return drop(p, error) ? -1 : error;
}

static int run_mlock(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, mlock(p + 4 * KIB4, 4 * KIB4));

	return drop(p, 1) ? -1 : error;
}

static int run_madvise(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, madvise(p + 4 * KIB4, 4 * KIB4, (int)c->flags));

	return drop(p, c->flags != MADV_DONTNEED) ? -1 : error;
}

static int run_brk(const struct failcase *c, int n)
{
	char *end = sbrk(0);
	int error = CALL(n, sbrk(40 * KIB4));

	if (!error) {
		end[20 * KIB4] = 1;
		error = CALL(n, brk(end + KIB4)) ? -1 : 0;
		if (brk(end))
			return -1;
	}
	return sbrk(0) == end ? error : -1;
}

static int run_shm(const struct failcase *c, int n)
{
	char *p = (void *)-1;
	int id = shmget(IPC_PRIVATE, 4 * KIB4, 0600), error;

	if (id < 0)
		return -1;
	error = CALL(n, p = shmat(id, NULL, 0));
	if (p != (void *)-1) {
		p[0] = 1;
		if (shmdt(p))
			return -1;
	}
	return shmctl(id, IPC_RMID, NULL) ? -1 : error;
}

/* ---- on the large area, whose page tables a parent shares: in a child ---- */

static int holds(size_t from, size_t to, char differs)
{
	for (size_t i = from; i < to; i += BIG_STEP)
		if (big_area[i] != (char)(i / BIG_STEP * 7 + 1 + differs))
			return 0;
	return 1;
}

#define MIDDLE		(BIG_AREA / 2)
#define SOME		(16 * KIB4)

enum { SHARED_MPROTECT, SHARED_MUNMAP, SHARED_MREMAP, SHARED_DONTNEED, SHARED_MLOCK,
       SHARED_DONTFORK, SHARED_WHOLE };

static int call_shared(unsigned long what, int n)
{
	switch (what) {
	case SHARED_MPROTECT:
		return CALL(n, mprotect(big_area + MIDDLE, SOME, PROT_READ));
	case SHARED_MUNMAP:
		return CALL(n, munmap(big_area + MIDDLE, SOME));
	case SHARED_MREMAP:
		return CALL(n, mremap(big_area + MIDDLE, SOME, 1 << 20, MREMAP_MAYMOVE));
	case SHARED_DONTNEED:
		return CALL(n, madvise(big_area + MIDDLE, SOME, MADV_DONTNEED));
	case SHARED_MLOCK:
		return CALL(n, mlock(big_area + MIDDLE, SOME));
	case SHARED_DONTFORK:
		return CALL(n, madvise(big_area + MIDDLE, SOME, MADV_DONTFORK));
	default:
		return CALL(n, mprotect(big_area, BIG_AREA, PROT_READ));
	}
}

/* All but the pages that the call was about are as before, and those too when it failed. */
static int run_shared(const struct failcase *c, int n)
{
	int error = call_shared(c->flags, n);
	int gone = c->flags == SHARED_MUNMAP || c->flags == SHARED_MREMAP ||
		   c->flags == SHARED_DONTNEED;

	if (!holds(0, MIDDLE, 0) || !holds(MIDDLE + BIG_STEP, BIG_AREA, 0))
		return -1;
	/* What was advised away may be gone, whatever it said. */
	if (c->flags == SHARED_DONTNEED && error)
		return error;
	if ((error || !gone) && !holds(MIDDLE, MIDDLE + 1, 0))
		return -1;
	return error;
}

/* Each page is written to while a step fails: the access is tried again, nothing is torn. */
static int run_break(const struct failcase *c, int n)
{
	arm(n);
	for (size_t i = 0; i < BIG_AREA; i += BIG_STEP)
		big_area[i] += 1;
	failnth_left = disarm();
	return holds(0, BIG_AREA, 1) ? 0 : -1;
}

/* The kernel writes there instead: a call may fail, but not change anything else. */
static int run_break_by_read(const struct failcase *c, int n)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), error;

	error = CALL(n, read(fd, big_area + MIDDLE + 8, 5 * KIB4));
	close(fd);
	return holds(0, MIDDLE, 0) && holds(MIDDLE + 4 * BIG_STEP, BIG_AREA, 0) ? error : -1;
}

static int run_fork_again(const struct failcase *c, int n)
{
	pid_t pid = -1;
	int error;

	big_area[MIDDLE] += 1;
	error = CALL(n, pid = syscall(SYS_fork));
	if (!pid)
		_exit(holds(0, MIDDLE, 0) && holds(MIDDLE, MIDDLE + 1, 1) &&
		      holds(MIDDLE + BIG_STEP, BIG_AREA, 0) ? 0 : 1);
	if (pid > 0 && wait_ok(pid))
		return -1;
	return holds(0, MIDDLE, 0) ? error : -1;
}

static int run_touch(const struct failcase *c, int n)
{
	char *p = mmap(NULL, 2 * KIB4, PROT_READ | PROT_WRITE, c->flags | MAP_ANONYMOUS, -1, 0);

	arm(n);
	((volatile char *)p)[KIB4] = 1;
	failnth_left = disarm();
	return p[KIB4] == 1 && !p[0] ? 0 : -1;
}

static int run_touch_file(const struct failcase *c, int n)
{
	int fd = memfd_create("failnth", MFD_CLOEXEC);
	volatile char *p;

	if (fd < 0 || ftruncate(fd, 2 * KIB4))
		return -1;
	p = mmap(NULL, 2 * KIB4, PROT_READ | PROT_WRITE, c->flags, fd, 0);
	arm(n);
	p[KIB4] = 1;
	failnth_left = disarm();
	close(fd);
	return p[KIB4] == 1 && !p[0] ? 0 : -1;
}

static int deepen(int levels)
{
	volatile char page[4096];

	page[0] = levels;
	return levels ? deepen(levels - 1) + page[0] : 0;
}

static int run_stack(const struct failcase *c, int n)
{
	int sum;

	arm(n);
	sum = deepen(100);
	failnth_left = disarm();
	return sum == 100 * 101 / 2 ? 0 : -1;
}

void add_memory_cases(void)
{
	static const struct {
		const char *name;
		int (*run)(const struct failcase *, int);
		unsigned long flags;
	} both[] = {
		{ "mprotect split", run_mprotect, 0 },
		{ "munmap split", run_munmap, 0 },
		{ "mremap", run_mremap, 0 },
		{ "madvise DONTNEED", run_madvise, MADV_DONTNEED },
		{ "brk", run_brk, 0 },
		{ "mmap over", run_mmap_fixed, 0 },
	}, shared_tables[] = {
		{ "mprotect", run_shared, SHARED_MPROTECT },
		{ "munmap", run_shared, SHARED_MUNMAP },
		{ "mremap", run_shared, SHARED_MREMAP },
		{ "madvise DONTNEED", run_shared, SHARED_DONTNEED },
		{ "mprotect of all", run_shared, SHARED_WHOLE },
		{ "writes", run_break, 0 },
		{ "read() into", run_break_by_read, 0 },
		{ "fork", run_fork_again, 0 },
	};
	char name[96];

	add("mmap", run_mmap, 0, 0);
	add("mmap shared", run_mmap, MAP_SHARED, 0);
	add("mmap populate", run_mmap, MAP_POPULATE, 0);
	add("mmap locked", run_mmap, MAP_LOCKED, 0);
	add("mmap file", run_mmap_file, MAP_PRIVATE, 0);
	add("mmap file populate", run_mmap_file, MAP_SHARED | MAP_POPULATE, CASE_LONG);
	add("shmat", run_shm, 0, 0);
	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
		add(both[i].name, both[i].run, both[i].flags, 0);
	for (size_t i = 0; i < sizeof(shared_tables) / sizeof(shared_tables[0]); i++) {
		snprintf(name, sizeof(name), "shared tables: %s", shared_tables[i].name);
		add(name, shared_tables[i].run, shared_tables[i].flags, CASE_CHILD);
	}
	/* madvise(2): EAGAIN when the kernel has not got what it takes */
	add("madvise DONTFORK", run_madvise, MADV_DONTFORK, 0)->allowed[0] = EAGAIN;
	add("madvise WIPEONFORK", run_madvise, MADV_WIPEONFORK, 0)->allowed[0] = EAGAIN;
	add("shared tables: madvise DONTFORK", run_shared, SHARED_DONTFORK, CASE_CHILD)->allowed[0] = EAGAIN;
	/* mlock(2): EAGAIN when some of it could not be locked */
	add("mlock", run_mlock, 0, 0)->allowed[0] = EAGAIN;
	add("shared tables: mlock", run_shared, SHARED_MLOCK, CASE_CHILD)->allowed[0] = EAGAIN;
	add("touch", run_touch, MAP_PRIVATE, CASE_CHILD);
	add("touch shared", run_touch, MAP_SHARED, CASE_CHILD | CASE_SIGNAL);
	add("touch file", run_touch_file, MAP_SHARED, CASE_CHILD | CASE_SIGNAL);
	add("touch file private", run_touch_file, MAP_PRIVATE, CASE_CHILD | CASE_SIGNAL | CASE_LONG);
	add("stack grows", run_stack, 0, CASE_CHILD | CASE_SIGNAL);
}
