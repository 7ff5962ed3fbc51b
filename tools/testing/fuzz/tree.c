// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that share what one had: children that do the same as their parent, beside it or while
 * it waits, and reach into each other's memory before they begin; threads; exec; orphans.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "fuzz.h"

#define POKES	4

/* A page that somebody else has written. */
struct poke {
	int page;
	uint64_t stamp;
};

static void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid)
		fail("waitpid", -1);
	if (status)
		_exit(1);
}

static pid_t fork_again(void)
{
	pid_t pid;

	arm();
	pid = fork();
	if (!pid)
		return 0;
	if (disarm() && pid < 0)
		pid = fork();
	if (pid < 0)
		fail("fork", -1);
	return pid;
}

/* ---- reaching into another process ---- */

static long write_by_tracer(pid_t pid, int page, const char *block)
{
	long done = 0;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0))
		return 0;
	if (!ptrace(PTRACE_INTERRUPT, pid, 0, 0) && waitpid(pid, NULL, __WALL) == pid) {
		done = PG;
		for (unsigned int i = 0; i < PG && done; i += sizeof(long))
			if (ptrace(PTRACE_POKEDATA, pid, at(page) + i, *(long *)(block + i)))
				done = 0;
	}
	if (ptrace(PTRACE_DETACH, pid, 0, 0))
		fail("detach", page);
	return done;
}

static long write_mem(pid_t pid, int page, const char *block)
{
	char path[32];
	long done;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return 0;
	done = pwrite(fd, block, PG, (off_t)at(page));
	close(fd);
	return done;
}

static long write_vm(pid_t pid, int page, const char *block)
{
	struct iovec local = { (void *)block, PG }, remote = { at(page), PG };

	return model[page].prot & PROT_WRITE ?
	       process_vm_writev(pid, &local, 1, &remote, 1, 0) : 0;
}

/* Write a page of a process whose memory is like ours; what was written goes to @poke. */
static void poke_one(pid_t pid, struct poke *poke, int may_trace)
{
	int page = draw(PAGES);
	char block[PG];
	long n;

	poke->page = -1;
	if (!forcible(page) || model[page].fork != KEEP)
		return;
	poke->stamp = new_stamp();
	fill(block, poke->stamp);
	switch (draw(may_trace ? 3 : 2)) {
	case 0: n = write_vm(pid, page, block); break;
	case 1: n = write_mem(pid, page, block); break;
	default: n = write_by_tracer(pid, page, block);
	}
	if (n == (long)PG)
		poke->page = page;
	else if (n > 0)
		fail("half a poke", page);
}

static void look_into(pid_t pid)
{
	int page = draw(PAGES);
	char block[PG];
	struct iovec local = { block, PG }, remote = { at(page), PG };
	uint64_t stamp;

	if (content(page, &stamp) != KNOWN || model[page].fork != KEEP)
		return;
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != (long)PG || !holds(block, stamp))
		fail("another's content", page);
}

static void apply(const struct poke *pokes)
{
	for (int i = 0; i < POKES; i++)
		if (pokes[i].page >= 0)
			wrote(pokes[i].page, pokes[i].stamp);
}

static void send_pokes(int fd, const struct poke *pokes)
{
	if (write(fd, pokes, POKES * sizeof(*pokes)) != POKES * (long)sizeof(*pokes))
		fail("word", -1);
}

static void receive_pokes(int fd)
{
	struct poke pokes[POKES];

	if (read(fd, pokes, sizeof(pokes)) != sizeof(pokes))
		fail("word", -1);
	apply(pokes);
}

/* ---- children ---- */

struct family {
	int down[2], up[2];
	uint64_t seed;
	long share;
	int beside;			/* parent and child go on at the same time */
};

/* Pages of files: each is written by one of the two. */
static void share_out(const struct family *f, int child)
{
	for (int i = 0; i < FILES; i++)
		for (int p = 0; p < FPAGES; p++)
			if (!f->beside || (mix(f->seed + i * FPAGES + p) & 1) != (unsigned int)child)
				mine[i][p] &= child && !f->beside;
}

/* The parent has reached into us; we do so into it, and begin. */
static void be_child(struct family *f, pid_t parent)
{
	struct poke pokes[POKES];

	close(f->down[1]);
	close(f->up[0]);
	seed_of_process = f->seed;
	process = f->seed >> 32;
	done = 0;
	depth++;
	alone = alone && !f->beside;
	share_out(f, 1);
	receive_pokes(f->down[0]);
	for (int i = 0; i < POKES; i++)
		poke_one(parent, &pokes[i], 0);
	send_pokes(f->up[1], pokes);
	receive_pokes(f->down[0]);	/* go */
	close(f->down[0]);
	close(f->up[1]);
	check_all();
	run(f->share);
	if (draw(8) == 0)
		execl("/proc/self/exe", "mmfuzz", "0", "0", NULL);
	_exit(0);
}

static void be_parent(struct family *f, pid_t pid)
{
	static const struct poke none[POKES] = { { -1, 0 }, { -1, 0 }, { -1, 0 }, { -1, 0 } };
	struct poke pokes[POKES];

	close(f->down[0]);
	close(f->up[1]);
	for (int i = 0; i < POKES; i++)
		poke_one(pid, &pokes[i], 1);
	send_pokes(f->down[1], pokes);
	receive_pokes(f->up[0]);
	send_pokes(f->down[1], none);
	close(f->down[1]);
	close(f->up[0]);
}

/* A child with its own share of the operations. */
long make_child(long left)
{
	struct family f = { .share = 1 + draw(left / 2 + 1), .beside = draw(2) };
	static uint8_t had[FILES][FPAGES];
	int was_alone = alone;
	const char *name;
	pid_t pid, parent = getpid();

	f.seed = mix(seed_of_process + done * 77);
	if (pipe(f.down) || pipe(f.up))
		fail("pipe", -1);
	pid = fork_again();
	if (!pid) {
		fork_model();
		be_child(&f, parent);
	}
	for (int i = 0; i < 3; i++)
		look_into(pid);
	be_parent(&f, pid);
	memcpy(had, mine, sizeof(mine));
	share_out(&f, 0);
	alone = 0;
	for (int i = 0; f.beside && i < 20; i++)
		do_step(&name);
	reap(pid);
	alone = was_alone;
	memcpy(mine, had, sizeof(mine));
	return f.share;
}

/* ---- threads ---- */

static uint64_t planned[PAGES];

static void *write_slice(void *arg)
{
	for (int i = (long)arg; i < PAGES; i += 20)
		if (planned[i])
			fill(at(i), planned[i]);
	return NULL;
}

/* @every: a multiple of 5 */
static void plan(int every)
{
	memset(planned, 0, sizeof(planned));
	for (int i = 0; i < PAGES; i += every)
		if (writable(i) && model[i].map != SHARED)
			planned[i] = new_stamp();
}

static void carried_out(void)
{
	for (int i = 0; i < PAGES; i++)
		if (planned[i])
			wrote(i, planned[i]);
}

/* Threads write all over while one of them forks; the child looks at what nobody writes. */
void threads_and_fork(void)
{
	pthread_t id[4];
	uint64_t stamp;
	pid_t pid;

	plan(5);
	for (long i = 0; i < 4; i++)
		if (pthread_create(&id[i], NULL, write_slice, (void *)(i * 5)))
			fail("pthread_create", -1);
	pid = fork_again();
	if (!pid) {
		fork_model();
		for (int i = 0; i < PAGES; i++)
			if (!planned[i] && content(i, &stamp) == KNOWN && !holds(at(i), stamp))
				fail("content beside threads", i);
		for (int i = 0; i < PAGES; i++)
			if (planned[i] || (i % 3 == 0 && model[i].map != SHARED))
				put(i);
		check_all();
		_exit(0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(id[i], NULL);
	carried_out();
	reap(pid);
	check_all();
}

static int in_shared_vm(void *arg)
{
	for (long i = 0; i < 20; i += 5)
		write_slice((void *)i);
	return 0;
}

/* A process that runs in the same memory, with or without the parent waiting for it. */
void share_vm(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int flags = CLONE_VM | SIGCHLD | (draw(2) ? CLONE_VFORK : 0);
	pid_t pid;

	plan(40);
	arm();
	pid = clone(in_shared_vm, stack + sizeof(stack), flags, NULL);
	if (disarm() && pid < 0)
		pid = clone(in_shared_vm, stack + sizeof(stack), flags, NULL);
	if (pid < 0)
		fail("clone", -1);
	reap(pid);
	carried_out();
	check_all();
}

void run_elsewhere(void)
{
	char *args[] = { "mmfuzz", "0", "0", NULL };
	pid_t pid = draw(2) ? vfork() : fork();

	if (!pid) {
		execv("/proc/self/exe", args);
		_exit(0);
	}
	if (pid < 0)
		fail("fork for exec", -1);
	reap(pid);
}

/* A grandchild that outlives its parent has everything for itself, or with us. */
void leave_orphan(void)
{
	int fds[2];
	pid_t pid;
	char c = 0;

	if (pipe(fds))
		fail("pipe", -1);
	pid = fork_again();
	if (!pid) {
		fork_model();
		if (fork())
			_exit(0);
		fork_model();
		check_all();
		for (int i = 0; i < PAGES; i++)
			if (model[i].map != SHARED)
				put(i);
		check_all();
		c = 1;
		_exit(write(fds[1], &c, 1) != 1);
	}
	close(fds[1]);
	reap(pid);
	if (read(fds[0], &c, 1) != 1)
		fail("an orphan", -1);
	close(fds[0]);
	check_all();
}

/* Words that the kernel writes during fork and at exit lie in memory that both share. */
void tid_words(void)
{
	int page = draw(PAGES), in_parent = draw(2);
	int flags = SIGCHLD | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID |
		    (in_parent ? CLONE_PARENT_SETTID : 0);
	char *word = at(page) + 64;
	pid_t pid;

	if (!writable(page) || model[page].map == SHARED || model[page].fork != KEEP)
		return;
	pid = syscall(SYS_clone, flags, NULL, at(page) + 128, word, NULL);
	if (!pid) {
		if (*(int *)word != (int)syscall(SYS_gettid))
			_exit(1);
		_exit(0);
	}
	if (pid < 0)
		fail("clone", page);
	if (in_parent && *(int *)(at(page) + 128) != pid)
		fail("the parent's word", page);
	reap(pid);
	if (!in_parent)
		check(page, 1);
	put(page);
}
