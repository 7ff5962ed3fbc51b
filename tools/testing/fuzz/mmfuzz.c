// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmfuzz SEED OPS [KEEP]: a tree of processes that change their memory at random, each with a model
 * of what every byte must be. What an operation does follows from SEED, its process and its number
 * alone, so a failure can be played again, and with operations left out: KEEP names a file with
 * those that are to be done, two words each. With TRACE in the environment each is printed, with
 * FAIL calls run out of memory. Prints "@@ wrong ..." and ends with 1 on a difference.
 */
#include <sys/prctl.h>
#include "fuzz.h"

#define DEPTH	6
#define MAX_KEPT	100000

uint32_t process;
uint64_t seed_of_process;
long done;
int depth;
static uint64_t random_state = 1, stamps, first_seed;
static struct { uint32_t process; long number; } *kept;
static int nr_kept = -1;
static const char *doing = "";

uint64_t mix(uint64_t value)
{
	value += 0x9e3779b97f4a7c15;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
	value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
	return value ^ (value >> 31);
}

uint64_t draw(uint64_t limit)
{
	random_state = mix(random_state);
	return (random_state >> 11) % limit;
}

uint64_t new_stamp(void)
{
	return mix(seed_of_process + done * 4096 + ++stamps) | 1;
}

void fail(const char *what, int page)
{
	if (!board || !__atomic_exchange_n(&board->wrong, 1, __ATOMIC_RELAXED)) {
		printf("@@ wrong %s: page %d, depth %d, operation %08x %ld (%s), errno %d, seed %llu\n",
		       what, page, depth, process, done, doing, errno,
		       (unsigned long long)first_seed);
		if (page >= 0)
			printf("@@ page %d: map %d prot %d fork %d file %d:%d copied %d stamp %llx, "
			       "is %llx\n", page, model[page].map, model[page].prot,
			       model[page].fork, model[page].file, model[page].fpage,
			       model[page].copied, (unsigned long long)model[page].stamp,
			       model[page].prot & PROT_READ && model[page].map ?
			       *(unsigned long long *)at(page) : 0);
	}
	fflush(stdout);
	_exit(1);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	long page = ((char *)info->si_addr - mem) / (long)PG;

	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	fail(sig == SIGBUS ? "SIGBUS" : "SIGSEGV", page >= 0 && page < PAGES ? page : -1);
}

static void read_kept(const char *path)
{
	FILE *file = fopen(path, "r");

	kept = malloc(MAX_KEPT * sizeof(*kept));
	for (nr_kept = 0; file && nr_kept < MAX_KEPT; nr_kept++)
		if (fscanf(file, "%x %ld", &kept[nr_kept].process, &kept[nr_kept].number) != 2)
			break;
	if (file)
		fclose(file);
}

static int is_kept(void)
{
	if (nr_kept < 0)
		return 1;
	for (int i = 0; i < nr_kept; i++)
		if (kept[i].process == process && kept[i].number == done)
			return 1;
	return 0;
}

void run(long ops)
{
	while (done < ops) {
		done++;
		if (!is_kept())
			continue;
		random_state = mix(seed_of_process ^ (done * 0x2545f4914f6cdd1d));
		stamps = 0;
		if (depth < DEPTH && !draw(25)) {
			doing = "child";
			if (getenv("TRACE"))
				printf("@@ op %08x %ld child\n", process, done);
			done += make_child(ops - done);
		} else {
			do_step(&doing);
		}
		if (draw(400) == 0)
			check_tables();
	}
	check_all();
}

int main(int argc, char **argv)
{
	long ops = argc > 2 ? atol(argv[2]) : 10000;
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	if (!ops)
		return 0;
	if (argc > 1)
		first_seed = strtoull(argv[1], NULL, 0);
	if (argc > 3)
		read_kept(argv[3]);
	fail_mode = getenv("FAIL") != NULL;
	setvbuf(stdout, NULL, _IOLBF, 0);	/* fork shall not double what waits */
	prctl(PR_SET_PTRACER, -1, 0, 0, 0);	/* children reach into us, where Yama asks */
	setup_memory(first_seed);
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	seed_of_process = mix(first_seed);
	process = seed_of_process >> 32;
	for (int i = 0; i < PAGES; i++)
		put(i);
	run(ops);
	check_tables();
	printf("@@ same: seed %llu, %ld operations\n", (unsigned long long)first_seed, ops);
	return 0;
}
