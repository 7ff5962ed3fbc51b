// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cpusets of both versions: which settings go together, which CPUs a task gets, what becomes of its
 * own wish, and forks while all of it changes. ktest: timeout=120
 */
#include "cg.h"
#include <sys/prctl.h>

static int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

static unsigned long mask_of(pid_t pid)
{
	unsigned long mask[16] = { 0 };

	ASSERT_GT(syscall(SYS_sched_getaffinity, pid, sizeof(mask), mask), 0);
	return mask[0];
}

static int set_mask(pid_t pid, unsigned long mask)
{
	return syscall(SYS_sched_setaffinity, pid, sizeof(mask), &mask) ? errno : 0;
}

/* Version 1, with the groups a and a/b, which have all CPUs of CPUs 0 and 1. */
static void enter_v1(void)
{
	mount_v1("cpuset");
	ASSERT_EQ(group("+", "a"), 0);
	if (nr_cpus() < 2)
		return;
	ASSERT_EQ(put("a", "cpuset.cpus", "0-1"), 0);
	ASSERT_EQ(put("a", "cpuset.mems", "0"), 0);
}

static void leave_v1(void)
{
	EXPECT_EQ(remove_group("a"), 0);
	unmount_cgroup();
}

TEST(v1_a_new_cpuset_is_empty)
{
	mount_v1("cpuset");
	ASSERT_EQ(group("+", "a"), 0);
	EXPECT_STREQ(get("a", "cpuset.cpus"), "\n");
	EXPECT_STREQ(get("a", "cpuset.mems"), "\n");
	EXPECT_STREQ(get("", "cpuset.mems"), "0\n");
	EXPECT_STREQ(get("a", "cpuset.sched_load_balance"), "1\n");
	EXPECT_EQ(put("a", "tasks", "0"), ENOSPC);
	EXPECT_EQ(put("", "cpuset.cpus", "0"), EACCES);
	EXPECT_EQ(put("a", "cpuset.cpus", "0-2000"), ERANGE);
	EXPECT_EQ(put("a", "cpuset.cpus", "x"), EINVAL);
	EXPECT_EQ(put("a", "cpuset.mems", "1"), EINVAL);
	EXPECT_EQ(put("a", "cpuset.mems", "5000"), ERANGE);
	EXPECT_EQ(put("a", "cpuset.memory_pressure", "1"), EINVAL);
	EXPECT_EQ(put("a", "cpuset.memory_pressure_enabled", "1"), ENOENT);
	EXPECT_EQ(put("a", "cpuset.cpus", "0"), 0);
	EXPECT_EQ(put("a", "tasks", "0"), ENOSPC);
	EXPECT_EQ(put("a", "cpuset.mems", "0"), 0);
	EXPECT_EQ(put("a", "cpuset.mem_hardwall", "5"), 0);
	EXPECT_STREQ(get("a", "cpuset.mem_hardwall"), "1\n");
	EXPECT_EQ(put("a", "cpuset.mem_hardwall", "x"), EINVAL);
	/* children that copy */
	EXPECT_EQ(put("a", "cgroup.clone_children", "1"), 0);
	ASSERT_EQ(group("+", "a/b"), 0);
	EXPECT_STREQ(get("a/b", "cpuset.cpus"), "0\n");
	EXPECT_STREQ(get("a/b", "cpuset.effective_cpus"), "0\n");
	EXPECT_STREQ(get("a/b", "cpuset.mem_hardwall"), "0\n");
	EXPECT_EQ(group("-", "a/b"), 0);
	leave_v1();
}

TEST(v1_families)
{
	enter_v1();
	if (nr_cpus() < 2) {
		leave_v1();
		SKIP("one CPU");
	}
	ASSERT_EQ(group("+", "a/b"), 0);
	ASSERT_EQ(group("+", "a/c"), 0);
	EXPECT_EQ(put("a/b", "cpuset.cpus", "0"), 0);
	EXPECT_EQ(put("a", "cpuset.cpus", "1"), EBUSY);
	if (nr_cpus() > 2)
		EXPECT_EQ(put("a/b", "cpuset.cpus", "0-2"), EACCES);
	EXPECT_EQ(put("a/b", "cpuset.cpu_exclusive", "1"), EACCES);
	EXPECT_EQ(put("", "cpuset.cpu_exclusive", "1"), 0);
	EXPECT_EQ(put("a", "cpuset.cpu_exclusive", "1"), 0);
	EXPECT_EQ(put("a/b", "cpuset.cpu_exclusive", "1"), 0);
	EXPECT_EQ(put("a", "cpuset.cpu_exclusive", "0"), EBUSY);
	EXPECT_EQ(put("a/c", "cpuset.cpus", "0-1"), EINVAL);
	EXPECT_EQ(put("a/c", "cpuset.cpus", "1"), 0);
	EXPECT_EQ(group("-", "a/b"), 0);
	EXPECT_EQ(group("-", "a/c"), 0);
	leave_v1();
}

TEST(v1_tasks_get_the_cpus)
{
	char line[128], want[64];
	pid_t pid;
	FILE *f;

	enter_v1();
	if (nr_cpus() < 2) {
		leave_v1();
		SKIP("one CPU");
	}
	pid = start_sleeper();
	ASSERT_EQ(put_nr("a", "tasks", pid), 0);
	EXPECT_EQ(mask_of(pid), 3);
	snprintf(line, sizeof(line), "/proc/%d/cpuset", pid);
	f = fopen(line, "r");
	ASSERT(f && fgets(want, sizeof(want), f));
	EXPECT_STREQ(want, "/a\n");
	fclose(f);
	EXPECT_EQ(put("a", "cpuset.cpus", ""), ENOSPC);
	EXPECT_EQ(put("a", "cpuset.mems", ""), ENOSPC);
	EXPECT_EQ(put("a", "cpuset.cpus", "1"), 0);
	EXPECT_EQ(mask_of(pid), 2);
	EXPECT_EQ(set_mask(pid, 1), EINVAL);
	EXPECT_EQ(set_mask(pid, 3), 0);
	EXPECT_EQ(mask_of(pid), 2);
	EXPECT_EQ(put_nr("", "tasks", pid), 0);
	EXPECT_EQ(mask_of(pid) & 3, 3);
	end_child(pid);
	leave_v1();
}

/* A running task is moved before the write returns. */
TEST(v1_running_tasks_go)
{
	int round, cpu, status, seen;
	volatile int *where;		/* where, and how often that was said */
	pid_t pid;

	enter_v1();
	if (nr_cpus() < 2) {
		leave_v1();
		SKIP("one CPU");
	}
	where = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = fork();
	if (pid == 0) {
		for (;;)
			where[0] = sched_getcpu(), where[1]++;
	}
	ASSERT_EQ(put_nr("a", "tasks", pid), 0);
	for (round = 0; round < 25; round++) {
		cpu = round & 1;
		ASSERT_EQ(put("a", "cpuset.cpus", cpu ? "1" : "0"), 0);
		/* what it says next may be old news */
		for (seen = where[1]; where[1] - seen < 2; )
			usleep(100);
		EXPECT_EQ(where[0], cpu);
	}
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	leave_v1();
}

/* ---- cgroup2 ---- */

static int has_cpuset(void)
{
	return strstr(get("", "cgroup.controllers"), "cpuset") != NULL;
}

static void enter_v2(void)
{
	mount_v2();
	if (!has_cpuset() || strstr(get("", "cgroup.subtree_control"), "cpuset")) {
		unmount_cgroup();
		SKIP("the system uses the cpuset controller");
	}
	ASSERT_EQ(put("", "cgroup.subtree_control", "+cpuset"), 0);
	ASSERT_EQ(group("+", "tine-c"), 0);
}

static void leave_v2(void)
{
	EXPECT_EQ(remove_group("tine-c"), 0);
	EXPECT_EQ(put("", "cgroup.subtree_control", "-cpuset"), 0);
	unmount_cgroup();
}

TEST(v2_what_is_not_set_comes_from_above)
{
	pid_t pid;

	enter_v2();
	EXPECT_STREQ(get("tine-c", "cpuset.cpus"), "\n");
	EXPECT_STREQ(get("tine-c", "cpuset.mems"), "\n");
	EXPECT_STREQ(get("tine-c", "cpuset.cpus.effective"), get("", "cpuset.cpus.effective"));
	EXPECT_STREQ(get("tine-c", "cpuset.mems.effective"), "0\n");
	EXPECT_EQ(put("tine-c", "cpuset.cpus", "0"), 0);
	EXPECT_STREQ(get("tine-c", "cpuset.cpus.effective"), "0\n");
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-c", "cgroup.procs", pid), 0);
	EXPECT_EQ(mask_of(pid), 1);
	ASSERT_EQ(put_nr("", "cgroup.procs", pid), 0);
	EXPECT_EQ(mask_of(pid), mask_of(getpid()));
	EXPECT_EQ(put("tine-c", "cpuset.cpus", ""), 0);
	end_child(pid);
	leave_v2();
}

TEST(v2_levels)
{
	unsigned long all = mask_of(getpid());
	pid_t pid;

	enter_v2();
	if (nr_cpus() < 2) {
		leave_v2();
		SKIP("one CPU");
	}
	ASSERT_EQ(group("+", "tine-c/a"), 0);
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-c/a", "cgroup.procs", pid), 0);
	EXPECT_EQ(put("tine-c", "cpuset.cpus", "1"), 0);
	EXPECT_EQ(mask_of(pid), 2);
	ASSERT_EQ(put("tine-c", "cgroup.subtree_control", "+cpuset"), 0);
	EXPECT_EQ(mask_of(pid), 2);
	/* asked for, not had */
	EXPECT_EQ(put("tine-c/a", "cpuset.cpus", "0"), 0);
	EXPECT_STREQ(get("tine-c/a", "cpuset.cpus"), "0\n");
	EXPECT_STREQ(get("tine-c/a", "cpuset.cpus.effective"), "1\n");
	EXPECT_EQ(mask_of(pid), 2);
	EXPECT_EQ(put("tine-c", "cpuset.cpus", "0-1"), 0);
	EXPECT_EQ(mask_of(pid), 1);
	ASSERT_EQ(put("tine-c", "cgroup.subtree_control", "-cpuset"), 0);
	EXPECT_EQ(mask_of(pid), 3);
	ASSERT_EQ(put_nr("", "cgroup.procs", pid), 0);
	EXPECT_EQ(mask_of(pid), all);
	end_child(pid);
	EXPECT_EQ(remove_group("tine-c/a"), 0);
	leave_v2();
}

/* ---- forks while cpusets and masks change ---- */

#define WORKERS	8

struct tally {
	volatile int stop;
	volatile long changes;		/* odd while one is under way */
	volatile long forks, judged, bad;
};

/*
 * Is the caller where its mask allows it to be? While a mask changes it may not be, for as long as
 * the other processor takes to send it away; so only looks with no change beside them count.
 */
static int is_well_placed(struct tally *tally)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		long changes = tally->changes;
		unsigned long mask = mask_of(0);
		int cpu = sched_getcpu();

		if (changes & 1 || mask != mask_of(0) || changes != tally->changes)
			continue;
		__atomic_add_fetch(&tally->judged, 1, __ATOMIC_SEQ_CST);
		return (mask >> cpu) & 1;
	}
	return 1;
}

static void fork_and_look(struct tally *tally)
{
	while (!tally->stop) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			_exit(is_well_placed(tally) ? 0 : 1);
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			__atomic_add_fetch(&tally->bad, 1, __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&tally->forks, 1, __ATOMIC_SEQ_CST);
	}
	_exit(0);
}

static void change_something(pid_t pid)
{
	static const char *const sets[] = { "0", "1", "0-1" };
	static const char *const dirs[] = { "a", "b", "" };

	switch (rand() % 4) {
	case 0:
		EXPECT_EQ(put("a", "cpuset.cpus", sets[rand() % 3]), 0);
		break;
	case 1:
		EXPECT_EQ(put("b", "cpuset.cpus", sets[rand() % 3]), 0);
		break;
	case 2:
		EXPECT_EQ(put_nr(dirs[rand() % 3], "cgroup.procs", pid), 0);
		break;
	default:
		set_mask(pid, 1 + rand() % 3);	/* may be outside of its cpuset */
	}
}

static void change_things(struct tally *tally, const pid_t *workers, int rounds)
{
	int i;

	for (i = 0; i < rounds; i++) {
		__atomic_add_fetch(&tally->changes, 1, __ATOMIC_SEQ_CST);
		change_something(workers[rand() % WORKERS]);
		__atomic_add_fetch(&tally->changes, 1, __ATOMIC_SEQ_CST);
		if (i % 2)
			usleep(500);
	}
	tally->stop = 1;
}

TEST_TIMEOUT(children_are_where_they_may_be, 60)
{
	struct tally *tally;
	pid_t workers[WORKERS];
	int i, status;

	enter_v1();
	if (nr_cpus() < 2) {
		leave_v1();
		SKIP("one CPU");
	}
	ASSERT_EQ(group("+", "b"), 0);
	ASSERT_EQ(put("b", "cpuset.mems", "0"), 0);
	ASSERT_EQ(put("b", "cpuset.cpus", "0-1"), 0);
	tally = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(tally != MAP_FAILED);
	for (i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (workers[i] == 0)
			fork_and_look(tally);
	}
	change_things(tally, workers, 600);
	for (i = 0; i < WORKERS; i++) {
		ASSERT_EQ(waitpid(workers[i], &status, 0), workers[i]);
		EXPECT_EQ(status, 0);
	}
	EXPECT_EQ(tally->bad, 0);
	EXPECT_GT(tally->forks, 0);
	EXPECT_GT(tally->judged, 0);
	EXPECT_STREQ(get("a", "tasks"), "");
	EXPECT_STREQ(get("b", "tasks"), "");
	EXPECT_EQ(remove_group("b"), 0);
	leave_v1();
}
