// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one process does to its memory, and to the model of it.
 */
#include <sys/prctl.h>
#include <sys/uio.h>
#include "fuzz.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

static void forget_all(int from, int n, struct page_model what)
{
	for (int i = from; i < from + n; i++, what.fpage++)
		model[i] = what;
}

static int all(int from, int n, int (*test)(int page))
{
	for (int i = from; i < from + n; i++)
		if (!test(i))
			return 0;
	return 1;
}

static int is_mapped(int page)
{
	return model[page].map != HOLE;
}

static int has_content(int page)
{
	uint64_t stamp;

	return content(page, &stamp) != NO_ACCESS;
}

/* ---- mapping ---- */

static void map_anon(int from, int n)
{
	int prot = draw(8) ? RW : PROT_READ;

	if (TRY(mmap(at(from), n * PG, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)) !=
	    (long)at(from))
		fail("mmap", from);
	forget_all(from, n, (struct page_model){ .map = ANON, .prot = prot });
}

static void map_file(int from, int n)
{
	int file = draw(FILES), map = draw(2) ? PRIVATE : SHARED, start;

	if (n > FPAGES)
		n = FPAGES;
	start = draw(FPAGES - n + 1);
	if (TRY(mmap(at(from), n * PG, RW, (map == SHARED ? MAP_SHARED : MAP_PRIVATE) | MAP_FIXED,
		     file_fd[file], start * PG)) != (long)at(from))
		fail("mmap of a file", from);
	forget_all(from, n, (struct page_model){ .map = map, .prot = RW, .file = file,
						 .fpage = start });
}

static void unmap(int from, int n)
{
	if (TRY_ALL(munmap(at(from), n * PG), from, n))
		fail("munmap", from);
	forget_all(from, n, (struct page_model){ .map = HOLE });
}

static void protect(int from, int n)
{
	static const int prots[] = { PROT_NONE, PROT_READ, RW, RW, RW };
	int prot = prots[draw(5)];

	if (!all(from, n, is_mapped))
		return;
	if (TRY(mprotect(at(from), n * PG, prot)))
		fail("mprotect", from);
	for (int i = from; i < from + n; i++)
		model[i].prot = prot;
	check(from, n);
}

/* ---- moving ---- */

static void move(int from, int n)
{
	int keep = draw(4) == 0 && model[from].map == ANON, to;
	static struct page_model old[PAGES];

	n = same_area(from, n);
	to = draw(PAGES - n);
	if (model[from].map == HOLE || (to < from + n && from < to + n))
		return;
	arm();
	if (mremap(at(from), n * PG, n * PG, MREMAP_MAYMOVE | MREMAP_FIXED |
		   (keep ? MREMAP_DONTUNMAP : 0), at(to)) != at(to)) {
		if (!disarm() && errno != EFAULT)
			fail("mremap", from);
		/* What was at the new place may be gone, what was to move may not. */
		check(from, n);
		if (munmap(at(to), n * PG))
			fail("munmap", to);
		forget_all(to, n, (struct page_model){ .map = HOLE });
		return;
	}
	disarm();
	memcpy(old, model + from, n * sizeof(old[0]));
	if (keep)
		forget_all(from, n, (struct page_model){ .map = ANON, .prot = old[0].prot,
							 .fork = old[0].fork });
	else
		forget_all(from, n, (struct page_model){ .map = HOLE });
	memcpy(model + to, old, n * sizeof(old[0]));
	check(to, n);
	check(from, n);
}

static void shrink(int from, int n)
{
	int left;

	n = same_area(from, n);
	if (model[from].map == HOLE || n < 2)
		return;
	left = 1 + draw(n - 1);
	if (TRY_ALL(mremap(at(from), n * PG, left * PG, 0), from, n) != (long)at(from))
		fail("mremap to less", from);
	forget_all(from + left, n - left, (struct page_model){ .map = HOLE });
	check(from, left);
}

/* Longer, where nothing lies behind; in one piece only if the kernel sees one area. */
static void grow(int from, int n)
{
	struct page_model last;
	int old, more = 0;

	old = same_area(from, n);
	if (model[from].map == HOLE)
		return;
	last = model[from + old - 1];
	while (from + old + more < PAGES && more < n && model[from + old + more].map == HOLE)
		more++;
	if (last.map > ANON && last.fpage + more >= FPAGES)
		return;
	if (!more || TRY_ALL(mremap(at(from), old * PG, (old + more) * PG, 0), from, old) !=
	    (long)at(from))
		return;
	last.stamp = last.copied = 0;
	last.fpage++;
	forget_all(from + old, more, last);
	check(from, old + more);
}

/* ---- advice ---- */

static void drop(int from, int n)
{
	if (!all(from, n, is_mapped))
		return;
	if (TRY(madvise(at(from), n * PG, MADV_DONTNEED)))
		fail("MADV_DONTNEED", from);
	for (int i = from; i < from + n; i++)
		model[i].stamp = model[i].copied = 0;
	check(from, n);
}

/* Each page is as it was, or zeroes. */
static void free_lazily(int from, int n)
{
	n = same_area(from, n < 64 ? n : 64);
	if (model[from].map != ANON || !(model[from].prot & PROT_READ))
		return;
	if (TRY(madvise(at(from), n * PG, MADV_FREE)))
		fail("MADV_FREE", from);
	for (int i = from; i < from + n; i++) {
		if (*(volatile uint64_t *)at(i) == 0)
			model[i].stamp = 0;
		if (model[i].prot & PROT_WRITE)
			put(i);		/* so that it stays what it is */
	}
	if (!(model[from].prot & PROT_WRITE) && madvise(at(from), n * PG, MADV_DONTNEED) == 0)
		forget_all(from, n, (struct page_model){ .map = ANON, .prot = model[from].prot,
							 .fork = model[from].fork });
	check(from, n);
}

static void advise_fork(int from, int n)
{
	static const struct { int advice, value; } kinds[] = {
		{ MADV_DONTFORK, OMIT }, { MADV_WIPEONFORK, WIPE },
		{ MADV_DOFORK, KEEP }, { MADV_KEEPONFORK, KEEP },
	};
	int k = draw(4);

	n = same_area(from, n);
	if (model[from].map != ANON)
		return;
	/* Each advice undoes its own kind only; keep the two apart. */
	if (model[from].fork == OMIT)
		k = 2;
	else if (model[from].fork == WIPE)
		k = 3;
	if (TRY_ALL(madvise(at(from), n * PG, kinds[k].advice), from, n))
		fail("advice for fork", from);
	for (int i = from; i < from + n; i++)
		model[i].fork = kinds[k].value;
}

/* Pages of files were written to, unchanged, so that they have copies; or not all of them. */
static void may_be_copied(int from, int n)
{
	for (int i = from; i < from + n; i++)
		if (model[i].map == PRIVATE)
			put(i);
}

static void advise_idly(int from, int n)
{
	static const int advice[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
				      MADV_COLD, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
				      MADV_DONTDUMP, MADV_DODUMP };

	if (!all(from, n, is_mapped))
		return;
	TRY(madvise(at(from), n * PG, advice[draw(9)]));
	check(from, n);
	may_be_copied(from, n);
}

static void lock(int from, int n)
{
	if (!all(from, n, has_content))
		return;
	TRY(mlock2(at(from), n * PG, draw(2) ? MLOCK_ONFAULT : 0));
	check(from, n);
	if (TRY(munlock(at(from), n * PG)))
		fail("munlock", from);
	may_be_copied(from, n);
}

/* ---- files ---- */

static void truncate_file(int from, int n)
{
	int file = draw(FILES), size = draw(3) ? FPAGES - (int)draw(200) : 1 + (int)draw(FPAGES);

	if (!alone)
		return;
	if (TRY(ftruncate(file_fd[file], size * PG)))
		fail("ftruncate", size);
	for (int i = size; i < board->size[file]; i++) {
		board->cut[file][i]++;
		board->stamp[file][i] = 0;
	}
	board->size[file] = size;
	check(from, n);
}

static void punch(int from, int n)
{
	int file = draw(FILES), first = draw(FPAGES - 1), last;

	for (last = first; last < board->size[file] && last < first + n && mine[file][last]; last++)
		;
	if (last == first)
		return;
	if (TRY(fallocate(file_fd[file], 3 /* KEEP_SIZE | PUNCH_HOLE */, first * PG,
			  (last - first) * PG)))
		fail("punch", first);
	memset(board->stamp[file] + first, 0, (last - first) * sizeof(uint64_t));
	check(from, n);
}

static void write_file(int from, int n)
{
	int file = draw(FILES), page = draw(FPAGES);
	char block[PG];

	if (page >= board->size[file] || !mine[file][page])
		return;
	board->stamp[file][page] = new_stamp();
	fill(block, board->stamp[file][page]);
	if (TRY(pwrite(file_fd[file], block, PG, page * PG)) != (long)PG &&
	    pwrite(file_fd[file], block, PG, page * PG) != (long)PG)
		fail("pwrite", page);
	check(from, n);
}

/* ---- writes by the kernel ---- */

/* A call that moves one page, again if only a part came through. */
#define WHOLE(call, what, page) do {						\
	if (TRY(call) != (long)PG && (call) != (long)PG)			\
		fail(what, page);						\
	} while (0)

static void read_file(int from, int n)
{
	int file = draw(FILES), page = draw(FPAGES);

	if (page >= board->size[file] || !mine[file][page] || !writable(from))
		return;
	if (model[from].map == SHARED && model[from].file == file)
		return;
	WHOLE(pread(file_fd[file], at(from), PG, page * PG), "pread", from);
	wrote(from, board->stamp[file][page]);
	check(from, 1);
}

static void through_pipe(int from, int n)
{
	int to = draw(PAGES), gift = draw(2), fds[2];
	struct iovec iov = { at(from), PG };
	uint64_t stamp, again;

	if (content(from, &stamp) != KNOWN || !writable(to))
		return;
	if (pipe(fds))
		fail("pipe", from);
	if ((gift ? vmsplice(fds[1], &iov, 1, 0) : write(fds[1], at(from), PG)) != (long)PG)
		fail("into the pipe", from);
	/* What is in the pipe stays as it is, unless the very page is written. */
	if (!gift)
		put(from);
	else if (model[from].map == ANON && draw(2) && !madvise(at(from), PG, MADV_DONTNEED))
		wrote(from, 0);
	if (read(fds[0], at(to), PG) != (long)PG)
		fail("out of the pipe", to);
	close(fds[0]);
	close(fds[1]);
	wrote(to, stamp);
	check(to, 1);
	if (content(from, &again) == KNOWN)
		check(from, 1);
}

static void write_own_mem(int from, int n)
{
	int fd = open("/proc/self/mem", O_RDWR);
	uint64_t stamp = new_stamp();
	char block[PG];

	if (fd < 0)
		fail("/proc/self/mem", -1);
	if (forcible(from)) {
		fill(block, stamp);
		WHOLE(pwrite(fd, block, PG, (off_t)at(from)), "/proc/self/mem", from);
		wrote(from, stamp);
	}
	close(fd);
	check(from, 1);
}

static void write_self(int from, int n)
{
	char block[2 * PG];
	struct iovec local = { block, 2 * PG }, remote = { at(from), 2 * PG };
	uint64_t stamp = new_stamp();

	if (from + 2 > PAGES || !writable(from) || !writable(from + 1))
		return;
	fill(block, stamp);
	fill(block + PG, stamp + 2);
	if (process_vm_writev(getpid(), &local, 1, &remote, 1, 0) != 2 * (long)PG)
		fail("process_vm_writev", from);
	wrote(from, stamp);
	wrote(from + 1, stamp + 2);
	check(from, 2);
}

static void on_signal(int sig)
{
}

/* A frame in pages that are shared with others. */
static void signal_frame(int from, int n)
{
	stack_t off = { .ss_flags = SS_DISABLE }, stack = { .ss_sp = at(from), .ss_size = 8 * PG };
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };

	if (from + 8 > PAGES || !all(from, 8, writable))
		return;
	if (sigaltstack(&stack, NULL) || sigaction(SIGUSR2, &act, NULL) || raise(SIGUSR2) ||
	    sigaltstack(&off, NULL))
		fail("signal", from);
	for (int i = from; i < from + 8; i++)
		put(i);
}

/* The heap's end, up and down again. */
static void move_brk(int from, int n)
{
	int bytes = (n < 64 ? n : 64) * PG;
	char *old = sbrk(bytes);

	if (old == (void *)-1)
		return;
	for (int i = 0; i < bytes; i += PG)
		if (old[i])
			fail("brk", i / (int)PG);
	memset(old, 0x5a, bytes);
	if (TRY(sbrk(-bytes)) == -1)
		fail("brk", -1);
}

static void write_some(int from, int n)
{
	for (int i = 0; i < n && i < 32; i++)
		put(from + i);
}

/* ---- choice ---- */

static const struct {
	const char *name;
	int weight;
	void (*run)(int from, int n);
	void (*tree)(void);
} kinds[] = {
	{ "write", 60, write_some, NULL },
	{ "check", 20, check, NULL },
	{ "mmap", 12, map_anon, NULL },
	{ "mmap of a file", 8, map_file, NULL },
	{ "munmap", 5, unmap, NULL },
	{ "mprotect", 10, protect, NULL },
	{ "mremap", 8, move, NULL },
	{ "mremap to less", 3, shrink, NULL },
	{ "mremap to more", 4, grow, NULL },
	{ "MADV_DONTNEED", 8, drop, NULL },
	{ "MADV_FREE", 3, free_lazily, NULL },
	{ "advice for fork", 5, advise_fork, NULL },
	{ "advice", 4, advise_idly, NULL },
	{ "mlock", 4, lock, NULL },
	{ "ftruncate", 4, truncate_file, NULL },
	{ "punch", 3, punch, NULL },
	{ "pwrite", 5, write_file, NULL },
	{ "pread", 6, read_file, NULL },
	{ "pipe", 8, through_pipe, NULL },
	{ "/proc/self/mem", 6, write_own_mem, NULL },
	{ "process_vm_writev", 6, write_self, NULL },
	{ "signal", 4, signal_frame, NULL },
	{ "brk", 4, move_brk, NULL },
	{ "threads and fork", 1, NULL, threads_and_fork },
	{ "clone VM", 2, NULL, share_vm },
	{ "exec", 1, NULL, run_elsewhere },
	{ "orphan", 1, NULL, leave_orphan },
	{ "tid words", 2, NULL, tid_words },
};

#define KINDS	((int)(sizeof(kinds) / sizeof(kinds[0])))

/* A few pages, many, or whole tables. */
static void choose_range(int *from, int *n)
{
	switch (draw(8)) {
	case 0:
		*n = TABLE * (1 + draw(2));
		*from = TABLE * draw((PAGES - *n) / TABLE + 1);
		break;
	case 1:
	case 2:
		*n = 1 + draw(600);
		*from = draw(PAGES - *n);
		break;
	default:
		*n = 1 + draw(16);
		*from = draw(PAGES - *n);
	}
}

void do_step(const char **name)
{
	int from, n, pick, sum = 0, k;

	for (k = 0; k < KINDS; k++)
		sum += kinds[k].weight;
	pick = draw(sum);
	for (k = 0; pick >= kinds[k].weight; k++)
		pick -= kinds[k].weight;
	choose_range(&from, &n);
	*name = kinds[k].name;
	if (getenv("TRACE"))
		printf("@@ op %08x %ld %s %d %d\n", process, done, *name, from, n);
	if (kinds[k].tree)
		kinds[k].tree();
	else
		kinds[k].run(from, n);
}
