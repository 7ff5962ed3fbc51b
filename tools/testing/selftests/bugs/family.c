// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that kernels had with who is told of a death, and by which signal: CLONE_PARENT, exit
 * signals over exec, wait. Each test is named after its bug.
 */
/* ktest: timeout=240 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include "../process/clone3.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

static long raw_clone(unsigned long flags)
{
	return syscall(SYS_clone, flags, 0, 0, 0, 0);
}

static sigset_t block(int one, int two)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, one);
	sigaddset(&set, two);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return set;
}

/* CVE-2009-0028: a CLONE_PARENT child's chosen signal hit the grandparent. */
TEST(cve_2009_0028_clone_parent_child_chooses_no_signal)
{
	sigset_t set = block(SIGUSR1, SIGUSR2);
	siginfo_t info;
	long leader;

	/* The leader reports with SIGUSR1, so that is what its CLONE_PARENT child must send. */
	leader = raw_clone(SIGUSR1);
	if (!leader) {
		if (!raw_clone(CLONE_PARENT | SIGUSR2))
			_exit(0);
		pause();
	}
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	EXPECT_NE(info.si_pid, leader);
	EXPECT_EQ(waitpid(info.si_pid, NULL, __WALL), info.si_pid);
	kill(leader, SIGKILL);
	EXPECT_EQ(waitpid(leader, NULL, __WALL), leader);
}

/* CVE-2020-35508, b4e00444cab4: CLONE_PARENT raced with the exit of the real parent. */
TEST_TIMEOUT(cve_2020_35508_clone_parent_against_an_exiting_parent, 60)
{
	pid_t self = getpid();

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int round = 0; round < 200; round++) {
		int reaped = 0, status;
		pid_t parent = fork(), got;

		if (!parent) {
			pid_t middle = getpid();

			if (!fork()) {
				if (!raw_clone(CLONE_PARENT | SIGCHLD))
					_exit(getppid() != middle && getppid() != self);
				_exit(0);
			}
			_exit(0);
		}
		while ((got = waitpid(-1, &status, 0)) > 0) {
			reaped++;
			EXPECT_EQ(status, 0);
		}
		ASSERT_EQ(reaped, 3);
		/* Nobody is left who would report with another signal. */
		ASSERT_ERRNO(waitpid(-1, NULL, __WALL | WNOHANG), ECHILD);
	}
}

/* A program that may change identity: a set-uid copy of this one. */
static const char *setuid_copy(void)
{
	static const char copy[] = "setuid-copy";
	char data[65536];
	int from = open("/proc/self/exe", 0), to = creat(copy, 0755);
	ssize_t got;

	while ((got = read(from, data, sizeof(data))) > 0)
		if (write(to, data, got) != got)
			return NULL;
	close(from);
	close(to);
	return chown(copy, 65534, 65534) || chmod(copy, 04755) ? NULL : copy;
}

/* CVE-2009-1337: the exit signal survived a set-uid exec. */
TEST(cve_2009_1337_exit_signal_ends_at_exec)
{
	const char *program = getuid() ? "/proc/self/exe" : setuid_copy();
	sigset_t set = block(SIGUSR1, SIGCHLD);
	siginfo_t info;
	long pid;

	ASSERT(program);
	pid = raw_clone(SIGUSR1);
	if (!pid) {
		execl(program, program, "exit", "0", NULL);
		_exit(1);
	}
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGCHLD);
	EXPECT_EQ(info.si_pid, pid);
	EXPECT_EQ(wait_exit(pid), 0);
}

/*
 * CVE-2020-12826: a child could signal its parent's next program once the 32-bit counter of execs
 * had gone round. No kernel lets us set the counter; what it is for is tested: after one exec of
 * the parent, the child's signal is SIGCHLD.
 */
TEST(cve_2020_12826_a_new_program_gets_no_old_signal)
{
	pid_t pid = fork();

	if (!pid) {
		block(SIGUSR1, SIGCHLD);
		execl("/proc/self/exe", "family", "parent", NULL);
		_exit(1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

/* First program: start a child with a signal of its own, exec; second: see what comes. */
static int parent_program(const char *state)
{
	sigset_t set = block(SIGUSR1, SIGCHLD);
	char number[16];
	int gate[2];
	siginfo_t info;

	if (!state) {
		char c;

		if (pipe(gate))
			return 2;
		if (!raw_clone(SIGUSR1)) {
			close(gate[1]);
			_exit(read(gate[0], &c, 1) != 0);
		}
		snprintf(number, sizeof(number), "%d", gate[1]);
		execl("/proc/self/exe", "family", "parent", number, NULL);
		return 3;
	}
	close(atoi(state));
	return sigwaitinfo(&set, &info) == SIGCHLD ? 0 : 4;
}

/* dd83c161fbcc: wait4(INT_MIN) negated what has no negative. */
TEST(dd83c161fbcc_wait4_of_int_min)
{
	EXPECT_ERRNO(wait4(INT_MIN, NULL, 0, NULL), ESRCH);
	EXPECT_ERRNO(kill(INT_MIN, 0), ESRCH);
}

/* d68b46fe: a parent that waited in vfork could not be killed. */
TEST(d68b46fe_a_vfork_parent_can_be_killed)
{
	int gate[2], word[2];
	pid_t parent, child = 0;
	char c;

	ASSERT_EQ(pipe(gate) | pipe(word), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	parent = fork();
	if (!parent) {
		close(gate[1]);
		if (!raw_clone(CLONE_VFORK | SIGCHLD)) {
			child = getpid();
			if (write(word[1], &child, sizeof(child)) < 0)
				_exit(1);
			_exit(read(gate[0], &c, 1) == 0 ? 5 : 1);
		}
		_exit(2);
	}
	ASSERT_EQ(read(word[0], &child, sizeof(child)), sizeof(child));
	kill(parent, SIGKILL);
	EXPECT_EQ(wait_exit(parent), 128 + SIGKILL);
	/* The child goes on, and ends when we say so. */
	EXPECT_EQ(kill(child, 0), 0);
	close(gate[1]);
	EXPECT_EQ(wait_exit(child), 5);
}

static void *vfork_often(void *unused)
{
	for (int i = 0; i < 40; i++) {
		int status = -1;
		pid_t pid = vfork();

		if (!pid)
			_exit(3);
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		ASSERT_EQ(status, 3 << 8);
	}
	return unused;
}

/* CVE-2026-43417: many threads in vfork at once stalled each other. */
TEST_TIMEOUT(cve_2026_43417_vfork_from_many_threads, 60)
{
	pthread_t threads[16];

	for (int i = 0; i < 16; i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, vfork_often, NULL), 0);
	for (int i = 0; i < 16; i++)
		pthread_join(threads[i], NULL);
}

static int uid_gate[2], uid_word[2];

static void *vfork_and_look(void *unused)
{
	pid_t pid = vfork();
	char c;

	if (!pid) {
		if (write(uid_word[1], "", 1) != 1 || read(uid_gate[0], &c, 1) != 1)
			_exit(2);
		_exit(getuid() != 0 || geteuid() != 0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	return unused;
}

/* musl: a vfork child runs on memory that says one uid while its kernel credentials say another. */
TEST(musl_vfork_child_keeps_its_credentials)
{
	pthread_t thread;
	char c;

	if (getuid())
		SKIP("needs root");
	ASSERT_EQ(pipe(uid_gate) | pipe(uid_word), 0);
	pthread_create(&thread, NULL, vfork_and_look, NULL);
	ASSERT_EQ(read(uid_word[0], &c, 1), 1);
	/* Of this thread alone: the C library's setuid() would wait for the other. */
	ASSERT_EQ(syscall(SYS_setresuid, 65534, 65534, 65534), 0);
	ASSERT_EQ(write(uid_gate[1], "", 1), 1);
	pthread_join(thread, NULL);
	EXPECT_EQ(getuid(), 65534);
}

/* A process of @uid that stays; there, and counted, once it has said so. */
static pid_t holder(unsigned int uid, int ready[2])
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		if (setuid(uid) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	return pid;
}

/* 72fa5997: over RLIMIT_NPROC, setuid() succeeds and the next exec says EAGAIN. */
TEST(commit_72fa5997_nproc_is_checked_at_exec)
{
	struct rlimit limit = { 1, 1 };
	pid_t others[2], pid;
	int ready[2];

	if (getuid())
		SKIP("needs root");
	ASSERT_EQ(pipe(ready), 0);
	others[0] = holder(54321, ready);
	others[1] = holder(54321, ready);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_NPROC, &limit);
		ASSERT_EQ(setuid(54321), 0);
		execl("/proc/self/exe", "family", "exit", "1", NULL);
		_exit(errno == EAGAIN ? 0 : 2);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	for (int i = 0; i < 2; i++) {
		kill(others[i], SIGKILL);
		wait_exit(others[i]);
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "exit"))
		return atoi(argv[2]);
	if (argc > 1 && !strcmp(argv[1], "parent"))
		return parent_program(argv[2]);
	return ktest_main(argc, argv);
}
