/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The harness of the user-space tests. A test program is one C file:
 *
 *	#include "../ktest.h"
 *	TEST(dup_returns_lowest) { ASSERT_EQ(dup(0), 3); }
 *
 * main() is here. Each TEST runs in a forked child with a time limit and may
 * itself fork: a failed check in any descendant fails the test. EXPECT_*
 * goes on after a failure, ASSERT_* ends the process that it is in.
 * SKIP("why") ends the test as skipped. Results are KTAP on stdout, the
 * exit status is 0 when nothing failed. `prog name...` runs the named tests,
 * `prog -l` lists them. A program that needs its own main() (because it executes
 * itself, say) defines KTEST_OWN_MAIN and calls ktest_main(argc, argv).
 *
 * A comment `ktest: word...` in the file tells the runner: `musl` (build with musl
 * as well), `tine` (not for the host's Linux), `timeout=SECONDS` (for the program).
 */
#ifndef KTEST_H
#define KTEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define KTEST_MAX	256
#define KTEST_TIMEOUT	20	/* seconds */

struct ktest {
	const char *name;
	void (*run)(void);
	int timeout;
};

/* Shared by a test's processes and the harness. */
struct ktest_result {
	int failures;
	int skipped;
	char reason[200];
};

/* KTEST_SCALE=n in the environment: a machine n times slower than the author's. */
static int ktest_seconds(const struct ktest *test)
{
	const char *scale = getenv("KTEST_SCALE");

	return test->timeout * (scale && atoi(scale) > 0 ? atoi(scale) : 1);
}

static struct ktest ktest_list[KTEST_MAX];
static int ktest_count;
static struct ktest_result ktest_private, *ktest_result = &ktest_private;
static volatile pid_t ktest_running;
static volatile sig_atomic_t ktest_timed_out;

/* One write per line, unbuffered: nothing to flush, nothing doubled by fork. */
__attribute__((format(printf, 1, 2), unused)) static void ktest_print(const char *format, ...)
{
	char line[1024];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length >= (int)sizeof(line))
		length = sizeof(line) - 1;
	if (write(STDOUT_FILENO, line, length) != length)
		_exit(1);
}

static void ktest_add(const char *name, void (*run)(void), int timeout)
{
	if (ktest_count == KTEST_MAX) {
		ktest_print("Bail out! more than %d tests in one program\n", KTEST_MAX);
		_exit(2);
	}
	ktest_list[ktest_count++] = (struct ktest){ name, run, timeout };
}

#define TEST_TIMEOUT(name, seconds)						\
	static void test_##name(void);						\
	__attribute__((constructor)) static void ktest_register_##name(void)	\
	{									\
		ktest_add(#name, test_##name, seconds);				\
	}									\
	static void test_##name(void)
#define TEST(name) TEST_TIMEOUT(name, KTEST_TIMEOUT)

/* Count a failure; `fatal` ends this process. */
static inline void ktest_failed(int fatal)
{
	__atomic_fetch_add(&ktest_result->failures, 1, __ATOMIC_RELAXED);
	if (fatal)
		_exit(1);
}

#define KTEST_TRUE(fatal, condition) do {					\
	if (!(condition)) {							\
		int saved_errno_ = errno;					\
										\
		ktest_print("# %s:%d: not true: %s (errno %d)\n", __FILE__,	\
			    __LINE__, #condition, saved_errno_);		\
		ktest_failed(fatal);						\
	}									\
} while (0)

#define KTEST_COMPARE(fatal, left, op, right) do {				\
	long long left_ = (long long)(left), right_;				\
	int errno_ = errno;							\
										\
	right_ = (long long)(right);						\
	if (!(left_ op right_)) {						\
		ktest_print("# %s:%d: expected %s %s %s, have %lld and %lld (errno %d)\n", \
			    __FILE__, __LINE__, #left, #op, #right,		\
			    left_, right_, errno_);				\
		ktest_failed(fatal);						\
	}									\
} while (0)

#define KTEST_STRING(fatal, left, right) do {					\
	const char *left_ = (left), *right_ = (right);				\
										\
	if (strcmp(left_, right_)) {						\
		ktest_print("# %s:%d: expected %s to be \"%s\", have \"%s\"\n",	\
			    __FILE__, __LINE__, #left, right_, left_);		\
		ktest_failed(fatal);						\
	}									\
} while (0)

/* The call must return -1 with this errno. */
#define KTEST_ERRNO(fatal, call, error) do {					\
	long long value_;							\
	int errno_;								\
										\
	errno = 0;								\
	value_ = (long long)(call);						\
	errno_ = errno;								\
	if (value_ != -1 || errno_ != (error)) {				\
		ktest_print("# %s:%d: expected %s to fail with %s, have %lld (errno %d)\n", \
			    __FILE__, __LINE__, #call, #error, value_, errno_);	\
		ktest_failed(fatal);						\
	}									\
} while (0)

#define EXPECT(condition)	KTEST_TRUE(0, condition)
#define EXPECT_EQ(a, b)		KTEST_COMPARE(0, a, ==, b)
#define EXPECT_NE(a, b)		KTEST_COMPARE(0, a, !=, b)
#define EXPECT_LT(a, b)		KTEST_COMPARE(0, a, <, b)
#define EXPECT_LE(a, b)		KTEST_COMPARE(0, a, <=, b)
#define EXPECT_GT(a, b)		KTEST_COMPARE(0, a, >, b)
#define EXPECT_GE(a, b)		KTEST_COMPARE(0, a, >=, b)
#define EXPECT_STREQ(a, b)	KTEST_STRING(0, a, b)
#define EXPECT_ERRNO(call, e)	KTEST_ERRNO(0, call, e)

#define ASSERT(condition)	KTEST_TRUE(1, condition)
#define ASSERT_EQ(a, b)		KTEST_COMPARE(1, a, ==, b)
#define ASSERT_NE(a, b)		KTEST_COMPARE(1, a, !=, b)
#define ASSERT_LT(a, b)		KTEST_COMPARE(1, a, <, b)
#define ASSERT_LE(a, b)		KTEST_COMPARE(1, a, <=, b)
#define ASSERT_GT(a, b)		KTEST_COMPARE(1, a, >, b)
#define ASSERT_GE(a, b)		KTEST_COMPARE(1, a, >=, b)
#define ASSERT_STREQ(a, b)	KTEST_STRING(1, a, b)
#define ASSERT_ERRNO(call, e)	KTEST_ERRNO(1, call, e)

#define SKIP(...) do {								\
	snprintf(ktest_result->reason, sizeof(ktest_result->reason), __VA_ARGS__); \
	ktest_result->skipped = 1;						\
	_exit(0);								\
} while (0)

/* Wait for a child: its exit status, or 128 + the signal that killed it, or -1. */
__attribute__((unused)) static int wait_exit(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Field @number of /proc/<pid>/stat, from the 3rd on, to the line's end; "" when there is none. */
__attribute__((unused)) static const char *stat_field(pid_t pid, int number)
{
	static __thread char line[1024];
	char path[64], *field;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		n = read(fd, line, sizeof(line) - 1);
		close(fd);
	}
	line[n > 0 ? n : 0] = 0;
	field = strrchr(line, ')');	/* a name may hold blanks and brackets */
	for (int i = 2; i < number && field; i++)
		field = strchr(field + 1, ' ');
	return field ? field + 1 : "";
}

__attribute__((unused)) static char state_of(pid_t pid)
{
	return *stat_field(pid, 3);
}

/* However long the host takes to run both. One that is gone is not waited for. */
__attribute__((unused)) static void until_state(pid_t pid, char state)
{
	char now;

	while ((now = state_of(pid)) && now != state)
		usleep(500);
}

static void ktest_alarm(int sig)
{
	(void)sig;
	ktest_timed_out = 1;
	if (ktest_running > 0)
		kill(ktest_running, SIGKILL);
}

/* Run one test in a child; returns the wait status. */
static int ktest_run_child(const struct ktest *test)
{
	int status;
	pid_t pid;

	memset(ktest_result, 0, sizeof(*ktest_result));
	ktest_timed_out = 0;
	ktest_running = 0;
	pid = fork();
	if (pid < 0) {
		ktest_print("# fork failed: errno %d\n", errno);
		return 1 << 8;
	}
	if (!pid) {
		signal(SIGALRM, SIG_DFL);
		test->run();
		_exit(0);
	}
	ktest_running = pid;
	alarm(ktest_seconds(test));
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			ktest_print("# waitpid failed: errno %d\n", errno);
			return 1 << 8;
		}
	}
	ktest_running = 0;
	alarm(0);
	return status;
}

static int ktest_report(int number, const struct ktest *test, int status)
{
	if (ktest_timed_out)
		ktest_print("# no result after %d s\n", ktest_seconds(test));
	else if (WIFSIGNALED(status))
		ktest_print("# killed by signal %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status) && !ktest_result->failures)
		ktest_print("# exit status %d\n", WEXITSTATUS(status));
	if (ktest_timed_out || status || ktest_result->failures) {
		ktest_print("not ok %d %s\n", number, test->name);
		return 1;
	}
	if (ktest_result->skipped)
		ktest_print("ok %d %s # SKIP %s\n", number, test->name, ktest_result->reason);
	else
		ktest_print("ok %d %s\n", number, test->name);
	return 0;
}

static int ktest_wanted(const struct ktest *test, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], test->name))
			return 1;
	return argc < 2;
}

static int ktest_main(int argc, char **argv)
{
	struct sigaction on_alarm = { .sa_handler = ktest_alarm };
	int wanted = 0, number = 0, failed = 0;
	void *shared;

	if (argc > 1 && !strcmp(argv[1], "-l")) {
		for (int i = 0; i < ktest_count; i++)
			ktest_print("%s\n", ktest_list[i].name);
		return 0;
	}
	for (int i = 0; i < ktest_count; i++)
		wanted += ktest_wanted(&ktest_list[i], argc, argv);
	ktest_print("KTAP version 1\n1..%d\n", wanted);
	shared = mmap(NULL, sizeof(*ktest_result), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared != MAP_FAILED)
		ktest_result = shared;
	else
		ktest_print("# no shared memory (errno %d): only failed exits count\n", errno);
	sigaction(SIGALRM, &on_alarm, NULL);
	for (int i = 0; i < ktest_count; i++)
		if (ktest_wanted(&ktest_list[i], argc, argv))
			failed += ktest_report(++number, &ktest_list[i],
					       ktest_run_child(&ktest_list[i]));
	return failed != 0;
}

#ifndef KTEST_OWN_MAIN
int main(int argc, char **argv)
{
	return ktest_main(argc, argv);
}
#endif

#endif /* KTEST_H */
