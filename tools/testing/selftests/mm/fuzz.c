// SPDX-License-Identifier: GPL-2.0-only
/*
 * A short run of the fuzzer of memory (make fuzz), the same each time: every process of a tree knows
 * what every byte must be. ktest: timeout=200
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-result"
#define main mmfuzz_main
#include "../../fuzz/fail.c"
#include "../../fuzz/model.c"
#include "../../fuzz/ops.c"
#include "../../fuzz/tree.c"
#include "../../fuzz/mmfuzz.c"
#undef main

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	ASSERT_EQ(write(fd, value, strlen(value)), (long)strlen(value));
	close(fd);
}

/* Small programs would have their tables copied; and who waits for its turn has them folded. */
static void set_knobs(const char *pages, const char *fold_ms)
{
	set("/proc/sys/vm/fork_copy_pages", pages);
	set("/proc/sys/vm/fold_idle_ms", fold_ms);
}

static void play(const char *first_seed)
{
	char *args[] = { "mmfuzz", (char *)first_seed, "400", NULL };
	int status;
	pid_t pid;

	set_knobs("0", "1");
	pid = fork();
	if (!pid)
		_exit(mmfuzz_main(3, args));
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	set_knobs("512", "30");
	EXPECT_EQ(status, 0);
}

TEST_TIMEOUT(middle_tables, 60) { play("1"); }
TEST_TIMEOUT(top_tables, 60) { play("2"); }
TEST_TIMEOUT(last_tables, 60) { play("3"); }

int main(int argc, char **argv)
{
	if (!strcmp(argv[0], "mmfuzz"))
		return 0;
	return ktest_main(argc, argv);
}
