// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to oneself and to children: masks, queues, information, handlers, restarts.
 * ktest: musl
 */
#include "../ktest.h"
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t count, last_sig, last_code, last_value;
static volatile pid_t last_pid;
static volatile int order[64], order_len;

static void on_signal(int sig)
{
	count++;
	last_sig = sig;
}

static void on_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	count++;
	last_sig = sig;
	last_code = info->si_code;
	last_pid = info->si_pid;
	last_value = info->si_value.sival_int;
	if (order_len < 64)
		order[order_len++] = sig * 1000 + info->si_value.sival_int;
}

static void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };

	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

static void handle_info(int sig, int flags)
{
	struct sigaction sa = { .sa_sigaction = on_info, .sa_flags = SA_SIGINFO | flags };

	sigfillset(&sa.sa_mask);
	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

static void mask(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	ASSERT_EQ(sigprocmask(how, &set, NULL), 0);
}

TEST(handler_runs_and_returns)
{
	handle(SIGUSR1, on_signal, 0);
	EXPECT_EQ(raise(SIGUSR1), 0);
	EXPECT_EQ(count, 1);
	EXPECT_EQ(last_sig, SIGUSR1);
	EXPECT_EQ(kill(getpid(), SIGUSR1), 0);
	EXPECT_EQ(count, 2);
}

TEST(classical_signals_do_not_queue)
{
	handle(SIGUSR1, on_signal, 0);
	mask(SIG_BLOCK, SIGUSR1);
	for (int i = 0; i < 5; i++)
		kill(getpid(), SIGUSR1);
	EXPECT_EQ(count, 0);
	mask(SIG_UNBLOCK, SIGUSR1);
	EXPECT_EQ(count, 1);
}

TEST(real_time_signals_queue_in_order)
{
	union sigval value;
	sigset_t set;

	handle_info(SIGRTMIN, 0);
	handle_info(SIGRTMIN + 1, 0);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 4; i++) {
		value.sival_int = i;
		EXPECT_EQ(sigqueue(getpid(), SIGRTMIN + 1, value), 0);
		value.sival_int = 10 + i;
		EXPECT_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	EXPECT_EQ(count, 8);
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(order[i], SIGRTMIN * 1000 + 10 + i);
		EXPECT_EQ(order[4 + i], (SIGRTMIN + 1) * 1000 + i);
	}
	EXPECT_EQ(last_code, SI_QUEUE);
	EXPECT_EQ(last_pid, getpid());
}

TEST(information_names_the_sender)
{
	pid_t pid = getpid(), child;

	handle_info(SIGUSR1, 0);
	kill(pid, SIGUSR1);
	EXPECT_EQ(last_code, SI_USER);
	EXPECT_EQ(last_pid, pid);
	syscall(SYS_tgkill, pid, pid, SIGUSR1);
	EXPECT_EQ(last_code, SI_TKILL);
	mask(SIG_BLOCK, SIGUSR1);
	child = fork();
	if (!child) {
		kill(pid, SIGUSR1);
		_exit(0);
	}
	wait_exit(child);
	mask(SIG_UNBLOCK, SIGUSR1);
	EXPECT_EQ(last_pid, child);
}

TEST(nobody_pretends_to_be_the_kernel)
{
	siginfo_t info;
	pid_t child = fork();

	if (!child) {
		pause();
		_exit(0);
	}
	memset(&info, 0, sizeof(info));
	info.si_code = SI_USER;
	EXPECT_ERRNO(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, &info), EPERM);
	info.si_code = SI_TKILL;
	EXPECT_ERRNO(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, &info), EPERM);
	info.si_code = 1;
	EXPECT_ERRNO(syscall(SYS_rt_tgsigqueueinfo, child, child, SIGUSR1, &info), EPERM);
	EXPECT_ERRNO(syscall(SYS_rt_tgsigqueueinfo, 0, child, SIGUSR1, &info), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, (void *)8), EFAULT);
	kill(child, SIGKILL);
	EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
}

TEST(handler_mask_nodefer_resethand)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER };
	struct sigaction old;

	sigaddset(&sa.sa_mask, SIGUSR2);
	sigaddset(&sa.sa_mask, SIGKILL);
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR1, NULL, &old);
	EXPECT(!sigismember(&old.sa_mask, SIGKILL));
	EXPECT(sigismember(&old.sa_mask, SIGUSR2));
	EXPECT(old.sa_flags & SA_RESETHAND);
	EXPECT(old.sa_flags & SA_NODEFER);
	raise(SIGUSR1);
	EXPECT_EQ(count, 1);
	sigaction(SIGUSR1, NULL, &old);
	EXPECT(old.sa_handler == SIG_DFL);
}

TEST(bad_arguments)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		unsigned long set;
	} ksa = { 0 };
	sigset_t set;

	EXPECT_ERRNO(syscall(SYS_rt_sigaction, SIGKILL, &ksa, NULL, 8), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigaction, SIGSTOP, &ksa, NULL, 8), EINVAL);
	EXPECT_EQ(syscall(SYS_rt_sigaction, SIGKILL, NULL, &ksa, 8), 0);
	EXPECT_ERRNO(syscall(SYS_rt_sigaction, 0, NULL, &ksa, 8), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigaction, 65, NULL, &ksa, 8), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &ksa, 4), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, (void *)8, NULL, 8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_rt_sigprocmask, 7, &ksa, NULL, 8), EINVAL);
	EXPECT_EQ(syscall(SYS_rt_sigprocmask, 7, NULL, &set, 8), 0);
	EXPECT_ERRNO(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_rt_sigpending, &set, 16), EINVAL);
	EXPECT_ERRNO(syscall(SYS_rt_sigsuspend, &set, 4), EINVAL);
	EXPECT_ERRNO(kill(getpid(), 65), EINVAL);
	EXPECT_ERRNO(kill(getpid(), -1), EINVAL);
	EXPECT_ERRNO(kill(0x7ffffff0, 0), ESRCH);
	EXPECT_ERRNO(kill((int)0x80000000, 0), ESRCH);
	EXPECT_ERRNO(syscall(SYS_tgkill, getpid(), 0, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_tgkill, 1, getpid(), 0), ESRCH);
	EXPECT_ERRNO(syscall(SYS_tkill, -1, 0), EINVAL);
	EXPECT_EQ(kill(getpid(), 0), 0);
}

TEST(sigkill_and_sigstop_cannot_be_blocked)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigprocmask(SIG_SETMASK, NULL, &set);
	EXPECT(!sigismember(&set, SIGKILL));
	EXPECT(!sigismember(&set, SIGSTOP));
	EXPECT(sigismember(&set, SIGTERM));
}

TEST(ignoring_discards_what_is_pending)
{
	sigset_t pending;

	mask(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	sigpending(&pending);
	EXPECT(sigismember(&pending, SIGUSR1));
	signal(SIGUSR1, SIG_IGN);
	sigpending(&pending);
	EXPECT(!sigismember(&pending, SIGUSR1));
	raise(SIGUSR1);
	sigpending(&pending);
	EXPECT(sigismember(&pending, SIGUSR1));
	handle(SIGUSR1, on_signal, 0);
	mask(SIG_UNBLOCK, SIGUSR1);
	EXPECT_EQ(count, 1);
}

TEST(sigsuspend_restores_the_mask)
{
	sigset_t set, after;

	handle(SIGUSR1, on_signal, 0);
	mask(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&set);
	EXPECT_ERRNO(sigsuspend(&set), EINTR);
	EXPECT_EQ(count, 1);
	sigprocmask(SIG_SETMASK, NULL, &after);
	EXPECT(sigismember(&after, SIGUSR1));
}

TEST(sigtimedwait_takes_and_times_out)
{
	struct timespec zero = { 0, 0 }, bad = { 0, 1000000000 }, soon = { 0, 20000000 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &zero), EAGAIN);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &soon), EAGAIN);
	EXPECT_ERRNO(sigtimedwait(&set, &info, &bad), EINVAL);
	sigqueue(getpid(), SIGRTMIN + 2, (union sigval){ .sival_int = 7 });
	raise(SIGUSR1);
	EXPECT_EQ(sigtimedwait(&set, &info, &zero), SIGUSR1);
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGRTMIN + 2);
	EXPECT_EQ(info.si_value.sival_int, 7);
	EXPECT_EQ(info.si_code, SI_QUEUE);
}

TEST(sigwaitinfo_is_woken_by_a_child)
{
	pid_t pid = getpid(), child;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	child = fork();
	if (!child) {
		usleep(20000);
		kill(pid, SIGUSR2);
		_exit(0);
	}
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGUSR2);
	EXPECT_EQ(info.si_pid, child);
	EXPECT_EQ(wait_exit(child), 0);
}

/* A child that signals us after a moment, then writes into the pipe. */
static pid_t nudge_then_write(int fd)
{
	pid_t pid = getpid(), child = fork();

	if (!child) {
		usleep(30000);
		kill(pid, SIGUSR1);
		usleep(30000);
		if (write(fd, "x", 1) != 1)
			_exit(1);
		_exit(0);
	}
	return child;
}

TEST(sa_restart_restarts_read)
{
	int fd[2];
	char c = 0;
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	handle(SIGUSR1, on_signal, SA_RESTART);
	child = nudge_then_write(fd[1]);
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	EXPECT_EQ(c, 'x');
	EXPECT_EQ(count, 1);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(without_sa_restart_read_fails)
{
	int fd[2];
	char c = 0;
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	handle(SIGUSR1, on_signal, 0);
	child = nudge_then_write(fd[1]);
	EXPECT_ERRNO(read(fd[0], &c, 1), EINTR);
	EXPECT_EQ(read(fd[0], &c, 1), 1);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(nanosleep_tells_what_is_left)
{
	struct timespec want = { 5, 0 }, left = { 0, 0 };
	int fd[2];
	pid_t child;

	ASSERT_EQ(pipe(fd), 0);
	handle(SIGUSR1, on_signal, SA_RESTART);
	child = nudge_then_write(fd[1]);
	EXPECT_ERRNO(nanosleep(&want, &left), EINTR);
	EXPECT(left.tv_sec == 4 && left.tv_nsec > 0);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(ignored_signals_do_not_interrupt)
{
	pid_t pid = getpid(), child;
	struct timespec start, end, want = { 0, 120000000 };

	signal(SIGUSR1, SIG_IGN);
	clock_gettime(CLOCK_MONOTONIC, &start);
	child = fork();
	if (!child) {
		usleep(20000);
		kill(pid, SIGUSR1);
		kill(pid, SIGWINCH);
		_exit(0);
	}
	EXPECT_EQ(nanosleep(&want, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT_GE((end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000,
		  119);
	EXPECT_EQ(wait_exit(child), 0);
}

static int death_of(int sig)
{
	int status;
	pid_t child = fork();

	if (!child) {
		signal(sig, SIG_DFL);
		raise(sig);
		_exit(42);
	}
	waitpid(child, &status, 0);
	return status;
}

TEST(default_actions)
{
	static const int fatal[] = { SIGHUP, SIGINT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2,
		SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGKILL, SIGQUIT, SIGILL, SIGTRAP,
		SIGABRT, SIGFPE, SIGSEGV, SIGBUS, SIGSYS, SIGXCPU, SIGXFSZ };
	static const int ignored[] = { SIGCHLD, SIGCONT, SIGURG, SIGWINCH };

	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		EXPECT_EQ(death_of(fatal[i]) & 0x7f, fatal[i]);
	EXPECT_EQ(death_of(SIGRTMIN) & 0x7f, SIGRTMIN);
	EXPECT_EQ(death_of(SIGRTMAX) & 0x7f, SIGRTMAX);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		EXPECT_EQ(death_of(ignored[i]), 42 << 8);
}

TEST(sigchld_information)
{
	pid_t child;

	handle_info(SIGCHLD, 0);
	child = fork();
	if (!child)
		_exit(7);
	while (!count)
		usleep(1000);
	EXPECT_EQ(last_code, CLD_EXITED);
	EXPECT_EQ(last_pid, child);
	EXPECT_EQ(wait_exit(child), 7);
}

TEST(ignored_sigchld_reaps)
{
	int status;
	pid_t child;

	signal(SIGCHLD, SIG_IGN);
	child = fork();
	if (!child)
		_exit(0);
	EXPECT_ERRNO(waitpid(child, &status, 0), ECHILD);
}

TEST(nocldwait_reaps_and_still_signals)
{
	int status;
	pid_t child;

	handle(SIGCHLD, on_signal, SA_NOCLDWAIT | SA_RESTART);
	child = fork();
	if (!child)
		_exit(0);
	EXPECT_ERRNO(waitpid(child, &status, 0), ECHILD);
	EXPECT_EQ(count, 1);
}

TEST(kill_zero_reaches_the_group)
{
	int status;
	pid_t child = fork();

	if (!child) {
		setpgid(0, 0);
		if (!fork()) {
			pause();
			_exit(0);
		}
		usleep(20000);
		kill(0, SIGTERM);
		pause();
		_exit(1);
	}
	waitpid(child, &status, 0);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

TEST(fault_cannot_be_ignored)
{
	int status;
	pid_t child = fork();

	if (!child) {
		mask(SIG_BLOCK, SIGSEGV);
		signal(SIGSEGV, SIG_IGN);
		*(volatile int *)strtoul("16", NULL, 10) = 1;
		_exit(0);
	}
	waitpid(child, &status, 0);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}
