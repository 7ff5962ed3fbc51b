// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every byte must be, and looking whether it is.
 */
#include <sys/uio.h>
#include "fuzz.h"

char *mem;
struct page_model model[PAGES];
struct board *board;
int file_fd[FILES];
uint8_t mine[FILES][FPAGES];
int alone = 1;

/* The region lies across a boundary of last-level, middle or top tables. */
void setup_memory(int place)
{
	static const uint64_t boundary[] = { 0x200000200000, 0x200040000000, 0x208000000000 };
	char *want = (char *)boundary[place % 3] - (PAGES / TABLE / 2) * TABLE * PG;

	mem = mmap(want, PAGES * PG, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (mem != want)
		fail("setup", -1);
	board = mmap(NULL, sizeof(*board), RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		exit(1);
	for (int i = 0; i < PAGES; i++)
		model[i] = (struct page_model){ .map = ANON, .prot = RW };
	for (int f = 0; f < FILES; f++) {
		file_fd[f] = memfd_create("mmfuzz", 0);
		board->size[f] = FPAGES;
		if (file_fd[f] < 0 || ftruncate(file_fd[f], FPAGES * PG))
			fail("file", -1);
	}
	memset(mine, 1, sizeof(mine));
}

/* Does the page have a private copy that no truncation has taken since? */
static int has_copy(const struct page_model *m)
{
	return m->map == ANON ||
	       (m->map == PRIVATE && m->copied && m->cut == board->cut[m->file][m->fpage]);
}

static int in_file(const struct page_model *m)
{
	return m->fpage < board->size[m->file];
}

/* What a read of @page must find. */
enum known content(int page, uint64_t *stamp)
{
	const struct page_model *m = &model[page];

	if (m->map == HOLE || !(m->prot & PROT_READ))
		return NO_ACCESS;
	if (has_copy(m)) {
		*stamp = m->stamp;
		return KNOWN;
	}
	if (!in_file(m))
		return NO_ACCESS;
	*stamp = board->stamp[m->file][m->fpage];
	return mine[m->file][m->fpage] ? KNOWN : UNKNOWN;
}

/* May anybody but us write it, or may it not be written? */
static int ours_to_write(const struct page_model *m)
{
	if (m->map == SHARED)
		return in_file(m) && mine[m->file][m->fpage];
	return has_copy(m) || (m->map == PRIVATE && in_file(m));
}

int writable(int page)
{
	return (model[page].prot & PROT_WRITE) && ours_to_write(&model[page]);
}

/* By a tracer, or through /proc/<pid>/mem. */
int forcible(int page)
{
	return model[page].map != SHARED && model[page].prot && ours_to_write(&model[page]);
}

void fill(char *p, uint64_t stamp)
{
	uint64_t *word = (uint64_t *)p;

	memset(p, (uint8_t)(stamp >> 8), PG);
	word[0] = stamp;
	word[WORDS / 2] = stamp * 3;
	word[WORDS - 1] = stamp ^ (stamp >> 7);
}

/* Every byte. */
int holds(const char *p, uint64_t stamp)
{
	static __thread char want[PG];

	fill(want, stamp);
	return !memcmp(p, want, PG);
}

/* The words at both ends and in the middle, and a cache line somewhere. */
static int looks_like(const char *p, uint64_t stamp)
{
	const uint64_t *word = (const uint64_t *)p;
	unsigned int line = 1 + draw(30);
	uint64_t byte = (uint8_t)(stamp >> 8) * 0x0101010101010101;

	return word[0] == stamp && word[WORDS / 2] == stamp * 3 &&
	       word[WORDS - 1] == (stamp ^ (stamp >> 7)) && word[line * 8] == byte &&
	       word[line * 8 + 7] == byte;
}

/* @page holds @stamp now, by whatever way it was written. */
void wrote(int page, uint64_t stamp)
{
	struct page_model *m = &model[page];

	if (m->map == SHARED) {
		board->stamp[m->file][m->fpage] = stamp;
		return;
	}
	m->stamp = stamp;
	m->copied = 1;
	if (m->map == PRIVATE)
		m->cut = board->cut[m->file][m->fpage];
}

void put(int page)
{
	uint64_t stamp = new_stamp();

	if (!writable(page))
		return;
	fill(at(page), stamp);
	wrote(page, stamp);
}

/* Does the kernel, on our behalf, reach what it must and nothing else? */
static void probe(int page)
{
	uint64_t stamp;
	char byte = 0;
	struct iovec local = { &byte, 1 }, remote = { at(page) + 8, 1 };
	enum known known = content(page, &stamp);

	if (known == UNKNOWN)
		return;
	if ((process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1) != (known == KNOWN))
		fail("access", page);
	if (known == KNOWN && byte != (char)(stamp >> 8))
		fail("probed content", page);
}

/* Up to 64 of the pages. */
void check(int from, int n)
{
	int step = 1 + n / 64;
	uint64_t stamp;

	for (int i = from + draw(step); i < from + n; i += step)
		if (content(i, &stamp) == KNOWN && !looks_like(at(i), stamp))
			fail("content", i);
	probe(from + draw(n));
}

/* Each page, and every byte of some. */
void check_all(void)
{
	int every = draw(16);
	uint64_t stamp;

	for (int i = 0; i < PAGES; i++) {
		if (content(i, &stamp) != KNOWN)
			continue;
		if (!looks_like(at(i), stamp) || (i % 16 == every && !holds(at(i), stamp)))
			fail("content", i);
		if (i % 256 == every)
			probe(i);
	}
}

/* How many of @n pages from @from on are one area, as far as a program can know. */
int same_area(int from, int n)
{
	const struct page_model *first = &model[from], *m;
	int i;

	for (i = 1; i < n; i++) {
		m = &model[from + i];
		if (m->map != first->map || m->prot != first->prot || m->fork != first->fork)
			break;
		if (m->map > ANON && (m->file != first->file || m->fpage != first->fpage + i))
			break;
	}
	return i;
}

/* What fork leaves the child. */
void fork_model(void)
{
	for (int i = 0; i < PAGES; i++) {
		if (model[i].fork == OMIT)
			model[i] = (struct page_model){ .map = HOLE };
		else if (model[i].fork == WIPE)
			model[i].stamp = 0;
	}
}

/* Debug kernels recount all page tables. */
void check_tables(void)
{
	FILE *file = fopen("/proc/self/mm_verify", "r");
	char line[128];
	long mistakes;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "mistakes %ld", &mistakes) == 1 && mistakes)
			fail("page tables", -1);
	if (file)
		fclose(file);
}
