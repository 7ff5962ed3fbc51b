// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork, vfork and clone: what a child gets, shares and does not get; FORK.md's forgotten items.
 * ktest: musl
 */
#include "../ktest.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#define STACK (64 * 1024)
static char stack_area[STACK] __attribute__((aligned(16)));

static long raw_clone(unsigned long flags, void *stack, int *ptid, int *ctid, unsigned long tls)
{
	return syscall(SYS_clone, flags, stack, ptid, ctid, tls);
}

TEST(fork_returns_twice_with_the_right_numbers)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid)
		_exit(getppid() == parent && getpid() != parent ? 7 : 1);
	ASSERT_GT(pid, 0);
	EXPECT_EQ(wait_exit(pid), 7);
}

TEST(child_has_a_copy_of_memory)
{
	static int data = 1;
	int on_stack = 1, *heap = malloc(sizeof(int));
	pid_t pid;

	*heap = 1;
	pid = fork();
	if (!pid) {
		data = on_stack = *heap = 2;
		_exit(data + on_stack + *heap);
	}
	EXPECT_EQ(wait_exit(pid), 6);
	EXPECT_EQ(data + on_stack + *heap, 3);
}

TEST_TIMEOUT(ten_thousand_forks, 120)
{
	for (int i = 0; i < 10000; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(i & 0x7f);
		ASSERT_GT(pid, 0);
		ASSERT_EQ(wait_exit(pid), i & 0x7f);
	}
}

TEST(many_children_at_once)
{
	enum { N = 200 };
	pid_t pids[N];
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	for (int i = 0; i < N; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			char c;

			close(p[1]);
			_exit(read(p[0], &c, 1) == 0 ? i & 0x7f : 99);
		}
		ASSERT_GT(pids[i], 0);
	}
	close(p[1]);
	for (int i = 0; i < N; i++)
		EXPECT_EQ(wait_exit(pids[i]), i & 0x7f);
	EXPECT_ERRNO(wait(NULL), ECHILD);
}

TEST(file_offset_is_shared_descriptor_table_is_not)
{
	char name[] = "/tmp/forkXXXXXX";
	int fd = mkstemp(name);
	pid_t pid;

	ASSERT_GE(fd, 0);
	unlink(name);
	ASSERT_EQ(write(fd, "0123456789", 10), 10);
	lseek(fd, 0, SEEK_SET);
	pid = fork();
	if (!pid) {
		char c;

		read(fd, &c, 1);
		close(fd);
		_exit(c == '0' ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 1);
}

TEST(fcntl_locks_are_not_inherited)
{
	char name[] = "/tmp/forkXXXXXX";
	struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	int fd = mkstemp(name);
	pid_t pid;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(fcntl(fd, F_SETLK, &fl), 0);
	pid = fork();
	if (!pid) {
		fl.l_type = F_WRLCK;
		_exit(fcntl(fd, F_SETLK, &fl) == -1 && (errno == EAGAIN || errno == EACCES) ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	unlink(name);
}

static void on_usr1(int sig)
{
	(void)sig;
}

TEST(signal_state_mask_yes_pending_no_alarm_no)
{
	struct itimerval it = { .it_value = { 1000, 0 } };
	sigset_t set;
	pid_t pid;

	signal(SIGUSR1, on_usr1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR2);
	setitimer(ITIMER_REAL, &it, NULL);
	pid = fork();
	if (!pid) {
		struct sigaction sa;
		struct itimerval now;
		sigset_t got;
		int bad = 0;

		sigaction(SIGUSR1, NULL, &sa);
		bad |= sa.sa_handler != on_usr1;
		sigprocmask(SIG_BLOCK, NULL, &got);
		bad |= !sigismember(&got, SIGUSR2) << 1;
		sigpending(&got);
		bad |= sigismember(&got, SIGUSR2) << 2;
		getitimer(ITIMER_REAL, &now);
		bad |= (now.it_value.tv_sec != 0) << 3;
		_exit(bad);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(child_times_start_at_zero)
{
	pid_t pid;

	for (volatile int i = 0; i < 20000000; i++)
		;
	pid = fork();
	if (!pid) {
		struct rusage ru;

		getrusage(RUSAGE_SELF, &ru);
		_exit(ru.ru_utime.tv_sec == 0 && ru.ru_utime.tv_usec < 20000 ? 0 : 1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(prctl_state_name_yes_pdeathsig_no_subreaper_no)
{
	pid_t pid;

	prctl(PR_SET_NAME, "inherited");
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (!pid) {
		char name[16];
		int sig = -1, reaper = -1, bad = 0;

		prctl(PR_GET_NAME, name);
		bad |= strcmp(name, "inherited") != 0;
		prctl(PR_GET_PDEATHSIG, &sig);
		bad |= (sig != 0) << 1;
		prctl(PR_GET_CHILD_SUBREAPER, &reaper);
		bad |= (reaper != 0) << 2;
		_exit(bad);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(pid_does_not_come_back_at_once)
{
	pid_t first = 0;

	for (int i = 0; i < 300; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		ASSERT_GT(pid, 0);
		ASSERT_EQ(wait_exit(pid), 0);
		if (!i)
			first = pid;
		else
			ASSERT_NE(pid, first);
	}
}

TEST(vfork_parent_waits_and_sees_memory)
{
	static volatile int seen;
	pid_t pid = vfork();

	if (!pid) {
		seen = 1;
		_exit(3);
	}
	EXPECT_EQ(seen, 1);
	EXPECT_EQ(wait_exit(pid), 3);
}

static int vfork_child(void *arg)
{
	int *p = arg;

	usleep(30000);
	*p = 1;
	return 5;
}

TEST(clone_vm_vfork_blocks_until_exit)
{
	int done = 0;
	int pid = clone(vfork_child, stack_area + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, &done);

	ASSERT_GT(pid, 0);
	EXPECT_EQ(done, 1);
	EXPECT_EQ(wait_exit(pid), 5);
}

/* FORK.md bug 33: a parent that waits in vfork can be killed. */
TEST(vfork_parent_can_be_killed)
{
	int p[2];
	pid_t pid;
	char c;

	ASSERT_EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		if (!vfork()) {
			struct timespec ts = { 0, 300 * 1000000 };

			nanosleep(&ts, NULL);
			write(p[1], "x", 1);
			_exit(0);
		}
		_exit(9);
	}
	close(p[1]);
	usleep(50000);
	kill(pid, SIGKILL);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
	EXPECT_EQ(read(p[0], &c, 1), 1);	/* the child went on */
}

static int share_child(void *arg)
{
	int *fds = arg;

	close(fds[0]);
	chdir("/tmp");
	umask(0123);
	signal(SIGUSR2, on_usr1);
	_exit(0);
}

/* What LTP's clone02 does not really check: each flag shares, its absence does not. */
TEST(clone_flags_share_exactly_what_they_say)
{
	static const struct {
		unsigned long flags;
		int files, fs, sighand;
	} cases[] = {
		{ CLONE_VM | SIGCHLD, 0, 0, 0 },
		{ CLONE_VM | CLONE_FILES | SIGCHLD, 1, 0, 0 },
		{ CLONE_VM | CLONE_FS | SIGCHLD, 0, 1, 0 },
		{ CLONE_VM | CLONE_SIGHAND | SIGCHLD, 0, 0, 1 },
		{ CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | SIGCHLD, 1, 1, 1 },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fds[2], pid;
		char cwd[64];
		struct sigaction sa;
		mode_t mask;

		ASSERT_EQ(pipe(fds), 0);
		ASSERT_EQ(chdir("/"), 0);
		umask(022);
		signal(SIGUSR2, SIG_DFL);
		pid = clone(share_child, stack_area + STACK, cases[i].flags, fds);
		ASSERT_GT(pid, 0);
		ASSERT_EQ(wait_exit(pid), 0);
		EXPECT_EQ(fcntl(fds[0], F_GETFD) == -1, cases[i].files);
		EXPECT_EQ(strcmp(getcwd(cwd, sizeof(cwd)), "/tmp") == 0, cases[i].fs);
		mask = umask(022);
		EXPECT_EQ(mask == 0123, cases[i].fs);
		sigaction(SIGUSR2, NULL, &sa);
		EXPECT_EQ(sa.sa_handler == on_usr1, cases[i].sighand);
		close(fds[0]);
		close(fds[1]);
	}
}

TEST(tids_are_written_where_asked)
{
	static int ptid, ctid;
	long pid;

	ptid = ctid = 0;
	pid = raw_clone(CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, NULL, &ptid, &ctid, 0);
	if (!pid)
		_exit(ctid == getpid() ? 0 : 1);	/* ptid was written to the parent's copy */
	EXPECT_EQ(ptid, pid);
	EXPECT_EQ(ctid, 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

/* FORK.md bug 6: a kernel address is not written to. */
TEST(clear_child_tid_at_a_kernel_address_is_harmless)
{
	pid_t pid = fork();

	if (!pid) {
		syscall(SYS_set_tid_address, (void *)0xffffffff80100000UL);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(exit_signal_reaches_the_parent_and_wclone_selects)
{
	int status;
	long pid;

	signal(SIGUSR1, SIG_IGN);
	pid = raw_clone(SIGUSR1, NULL, NULL, NULL, 0);
	if (!pid)
		_exit(4);
	ASSERT_GT(pid, 0);
	EXPECT_ERRNO(waitpid(pid, &status, 0), ECHILD);
	EXPECT_EQ(waitpid(pid, &status, __WCLONE), pid);
	EXPECT_EQ(WEXITSTATUS(status), 4);
	pid = raw_clone(0, NULL, NULL, NULL, 0);
	if (!pid)
		_exit(5);
	EXPECT_EQ(waitpid(pid, &status, __WALL), pid);
	EXPECT_EQ(WEXITSTATUS(status), 5);
}

TEST(clone_parent_makes_a_sibling)
{
	int p[2];
	pid_t pid;

	ASSERT_EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		long sibling = raw_clone(CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);

		if (!sibling)
			_exit(6);
		write(p[1], &sibling, sizeof(sibling));
		_exit(0);
	}
	long sibling;

	EXPECT_EQ(wait_exit(pid), 0);
	ASSERT_EQ(read(p[0], &sibling, sizeof(sibling)), (long)sizeof(sibling));
	EXPECT_EQ(wait_exit(sibling), 6);
}

static volatile int got_usr1, got_chld;

static void count_usr1(int sig)
{
	if (sig == SIGUSR1)
		got_usr1++;
	else
		got_chld++;
}

/* FORK.md bug 1: CLONE_PARENT's child dies with the leader's exit signal, not one of its choice. */
TEST(clone_parent_uses_the_leaders_exit_signal)
{
	pid_t pid;

	signal(SIGUSR1, count_usr1);
	signal(SIGCHLD, count_usr1);
	pid = fork();
	if (!pid) {
		if (!raw_clone(CLONE_PARENT | SIGUSR1, NULL, NULL, NULL, 0))
			_exit(0);
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	EXPECT_EQ(got_usr1, 0);
	EXPECT_GE(got_chld, 1);
}

TEST(senseless_flags_are_refused)
{
	static const unsigned long bad[] = {
		CLONE_THREAD, CLONE_THREAD | CLONE_VM, CLONE_SIGHAND, CLONE_THREAD | CLONE_SIGHAND,
		CLONE_NEWNS | CLONE_FS, CLONE_NEWUSER | CLONE_FS,
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_ERRNO(raw_clone(bad[i] | SIGCHLD, NULL, NULL, NULL, 0), EINVAL);
}

TEST(new_namespace_without_privilege_is_eperm)
{
	pid_t pid = fork();

	if (!pid) {
		if (setuid(65534))
			_exit(9);
		ASSERT_ERRNO(raw_clone(CLONE_NEWUTS | SIGCHLD, NULL, NULL, NULL, 0), EPERM);
		ASSERT_ERRNO(raw_clone(CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, 0), EPERM);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(rlimit_nproc_refuses_but_not_root)
{
	pid_t pid = fork();

	if (!pid) {
		struct rlimit rl = { 1, 1 };

		setrlimit(RLIMIT_NPROC, &rl);
		pid_t c = fork();

		if (!c)
			_exit(0);
		ASSERT_GT(c, 0);	/* root may */
		ASSERT_EQ(wait_exit(c), 0);
		ASSERT_EQ(setuid(54321), 0);
		ASSERT_ERRNO(fork(), EAGAIN);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

/* FORK.md bug 5: exec forgets clear_child_tid; nothing to observe but that nothing breaks. */
TEST(robust_and_tid_state_is_not_inherited)
{
	static int word = 1;
	pid_t pid;

	syscall(SYS_set_tid_address, &word);
	pid = fork();
	if (!pid)
		_exit(0);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(word, 1);
}

static void *thread_forks(void *arg)
{
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(11);
		if (pid < 0 || wait_exit(pid) != 11)
			return (void *)1;
	}
	return arg;
}

TEST_TIMEOUT(threads_fork_at_once, 60)
{
	pthread_t t[16];
	void *ret;

	for (int i = 0; i < 16; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, thread_forks, NULL), 0);
	for (int i = 0; i < 16; i++) {
		pthread_join(t[i], &ret);
		EXPECT_EQ((long)ret, 0);
	}
}

static void *just_return(void *arg)
{
	return arg;
}

TEST(threads_come_and_go)
{
	for (long i = 0; i < 500; i++) {
		pthread_t t;
		void *ret;

		ASSERT_EQ(pthread_create(&t, NULL, just_return, (void *)i), 0);
		pthread_join(t, &ret);
		ASSERT_EQ((long)ret, i);
	}
}

/* FORK.md bug 20: fork makes progress under a fast timer, however often it is interrupted. */
TEST(fork_progresses_under_a_1khz_timer)
{
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } };
	size_t size = 16 << 20;
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(mem, 1, size);
	signal(SIGALRM, on_usr1);
	setitimer(ITIMER_REAL, &it, NULL);
	for (int i = 0; i < 20; i++) {
		pid_t pid;

		do
			pid = fork();
		while (pid < 0 && errno == EINTR);
		if (!pid)
			_exit(0);
		ASSERT_GT(pid, 0);
		ASSERT_EQ(wait_exit(pid), 0);
	}
}

/* FORK.md bug 20, second half: nobody escapes a signal to a group that keeps forking. */
TEST(kill_group_of_forkers_leaves_nobody)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int round = 0; round < 20; round++) {
		pid_t leader = fork();
		int gone = 0;

		if (!leader) {
			setpgid(0, 0);
			for (;;) {
				pid_t c = fork();

				if (!c)
					usleep(2000), _exit(0);
				while (waitpid(-1, NULL, WNOHANG) > 0)
					;
			}
		}
		ASSERT_GT(leader, 0);
		setpgid(leader, leader);
		usleep(20000);
		ASSERT_EQ(kill(-leader, SIGKILL), 0);
		EXPECT_EQ(wait_exit(leader), 128 + SIGKILL);
		/* The orphans are ours to reap: then none may be left. */
		for (int i = 0; i < 2000 && !gone; i++) {
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
			gone = kill(-leader, 0) == -1 && errno == ESRCH;
			if (!gone)
				usleep(1000);
		}
		ASSERT_EQ(gone, 1);
	}
}

static int peek_first(void *arg)
{
	double *value = arg;

	return *value == 1.5 ? 0 : 1;
}

/* FORK.md bug 41: descriptors, FPU state and group are right at the first instruction. */
TEST(child_is_complete_at_its_first_instruction)
{
	for (int i = 0; i < 200; i++) {
		register double x = 1.5 + i;
		pid_t pgrp = getpgrp();
		pid_t pid = fork();

		if (!pid)
			_exit(x == 1.5 + i && fcntl(0, F_GETFD) >= 0 && getpgrp() == pgrp ? 0 : 1);
		ASSERT_EQ(wait_exit(pid), 0);
	}
	double value = 1.5;
	int pid = clone(peek_first, stack_area + STACK, CLONE_VM | SIGCHLD, &value);

	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(unshare_parts_and_refuses_as_linux)
{
	pid_t pid;
	int fds[2];

	EXPECT_ERRNO(unshare(0x1), EINVAL);
	EXPECT_ERRNO(unshare(CLONE_PTRACE), EINVAL);
	EXPECT_EQ(unshare(0), 0);
	EXPECT_EQ(unshare(CLONE_FS | CLONE_FILES), 0);
	EXPECT_EQ(unshare(CLONE_THREAD), 0);	/* alone already */
	ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		if (setuid(65534))
			_exit(9);
		ASSERT_ERRNO(unshare(CLONE_NEWUTS), EPERM);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

static int unshare_child(void *arg)
{
	int *fds = arg;

	if (unshare(CLONE_FILES | CLONE_FS))
		_exit(1);
	close(fds[0]);
	chdir("/tmp");
	_exit(0);
}

TEST(after_unshare_nothing_reaches_the_parent)
{
	char cwd[64];
	int fds[2], pid;

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(chdir("/"), 0);
	pid = clone(unshare_child, stack_area + STACK,
		    CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, fds);
	ASSERT_GT(pid, 0);
	ASSERT_EQ(wait_exit(pid), 0);
	EXPECT_GE(fcntl(fds[0], F_GETFD), 0);
	EXPECT_STREQ(getcwd(cwd, sizeof(cwd)), "/");
}
