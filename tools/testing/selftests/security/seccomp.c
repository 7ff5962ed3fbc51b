// SPDX-License-Identifier: GPL-2.0-only
/*
 * seccomp(2): modes, the actions of a filter, who may have one, inheritance, threads.
 * The programs that a filter may be are in seccompbpf.c.
 */
#define KTEST_OWN_MAIN
#include "seccomp.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/resource.h>
#include <sys/user.h>
#include <ucontext.h>

static int child_status(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

/* Runs @body in a child. Return: its wait status. */
static int in_child(void (*body)(void))
{
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		body();
		_exit(0);
	}
	return child_status(pid);
}

/* ---- strict mode ---- */

static void strict_allowed(void)
{
	char c;

	ASSERT_EQ(prctl(PR_GET_SECCOMP), 0);
	ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), 0);
	if (write(1, "", 0) || read(-1, &c, 1) != -1)
		syscall(SYS_exit, 1);
	syscall(SYS_exit, 42);
}

static void strict_refused(void)
{
	seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL);
	raw_getpid();
	syscall(SYS_exit, 1);
}

static void strict_prctl(void)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	prctl(PR_GET_SECCOMP);
	syscall(SYS_exit, 1);
}

TEST(strict_mode_leaves_four_calls)
{
	int status = in_child(strict_allowed);

	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	status = in_child(strict_refused);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	status = in_child(strict_prctl);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(strict_mode_refuses_arguments_and_other_modes)
{
	int x;

	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_STRICT, 1, NULL), EINVAL);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_STRICT, 0, &x), EINVAL);
	EXPECT_ERRNO(seccomp(99, 0, NULL), EINVAL);
	EXPECT_ERRNO(prctl(PR_SET_SECCOMP, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_SET_SECCOMP, 3, 0), EINVAL);
	EXPECT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 1, 0), 0);
	EXPECT_EQ(prctl(PR_GET_SECCOMP), SECCOMP_MODE_FILTER);
	EXPECT_ERRNO(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), EINVAL);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL), EINVAL);
}

/* ---- setting a filter ---- */

TEST(arguments_are_checked_in_linux_s_order)
{
	struct sock_filter allow[] = { RET(SECCOMP_RET_ALLOW) };
	struct sock_fprog none = { 0, allow }, bad = { 1, (void *)8 };

	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, 1u << 31, NULL), EINVAL);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, 0, NULL), EFAULT);
	EXPECT_ERRNO(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL), EFAULT);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, 0, &none), EINVAL);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, 0, &bad), EFAULT);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC |
			     SECCOMP_FILTER_FLAG_NEW_LISTENER, PROG(allow)), EINVAL);
	EXPECT_EQ(prctl(PR_GET_SECCOMP), 0);
	EXPECT_EQ(status_number("Seccomp:"), 0);
	EXPECT_EQ(status_number("Seccomp_filters:"), 0);
}

TEST(needs_no_new_privs_or_cap_sys_admin)
{
	struct sock_filter allow[] = { RET(SECCOMP_RET_ALLOW) };
	struct sock_fprog none = { 0, allow };

	EXPECT_EQ(set_filter(allow, 1, 0), 0);
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_ERRNO(set_filter(allow, 1, 0), EACCES);
	EXPECT_ERRNO(seccomp(SECCOMP_SET_MODE_FILTER, 0, &none), EINVAL);
	no_new_privs();
	EXPECT_EQ(set_filter(allow, 1, 0), 0);
	EXPECT_EQ(status_number("Seccomp:"), 2);
	EXPECT_EQ(status_number("Seccomp_filters:"), 2);
}

TEST(flags_log_and_spec_allow)
{
	EXPECT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 7, SECCOMP_FILTER_FLAG_LOG |
				SECCOMP_FILTER_FLAG_SPEC_ALLOW), 0);
	EXPECT_ERRNO(raw_getpid(), 7);
}

TEST(actions_that_are_there)
{
	static const unsigned int there[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
		SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
	};
	unsigned int bad = 0x12340000;
	struct seccomp_notif_sizes sizes;

	for (unsigned int i = 0; i < ARRAY_SIZE(there); i++) {
		unsigned int action = there[i];

		EXPECT_EQ(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action), 0);
		EXPECT_ERRNO(seccomp(SECCOMP_GET_ACTION_AVAIL, 1, &action), EINVAL);
	}
	EXPECT_ERRNO(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &bad), EOPNOTSUPP);
	EXPECT_ERRNO(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (void *)8), EFAULT);
	EXPECT_EQ(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, &sizes), 0);
	EXPECT_EQ(sizes.seccomp_notif, 80);
	EXPECT_EQ(sizes.seccomp_notif_resp, 24);
	EXPECT_EQ(sizes.seccomp_data, 64);
	EXPECT_ERRNO(seccomp(SECCOMP_GET_NOTIF_SIZES, 1, &sizes), EINVAL);
	EXPECT_ERRNO(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, (void *)8), EFAULT);
}

/* ---- actions ---- */

TEST(errno_is_what_the_filter_says)
{
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 40, 0), 0);
	EXPECT_ERRNO(raw_getpid(), 40);
	EXPECT_EQ(syscall(SYS_getppid), getppid());
}

TEST(errno_zero_is_success_and_large_ones_are_cut)
{
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO, 0), 0);
	EXPECT_EQ(raw_getpid(), 0);
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 0xffff, 0), 0);
	EXPECT_ERRNO(raw_getpid(), 4095);
}

/* Of equal actions the newest filter's counts, else the strictest. */
TEST(strictest_action_of_all_filters)
{
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 10, 0), 0);
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ALLOW, 0), 0);
	EXPECT_ERRNO(raw_getpid(), 10);
	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 20, 0), 0);
	EXPECT_ERRNO(raw_getpid(), 20);
	ASSERT_EQ(filter_getpid(SECCOMP_RET_TRACE | 30, 0), 0);
	EXPECT_ERRNO(raw_getpid(), 20);
	EXPECT_EQ(status_number("Seccomp_filters:"), 4);
}

TEST(log_allows)
{
	pid_t pid = getpid();

	ASSERT_EQ(filter_getpid(SECCOMP_RET_LOG, 0), 0);
	EXPECT_EQ(raw_getpid(), pid);
}

TEST(trace_without_a_tracer_and_notification_without_a_listener_are_enosys)
{
	ASSERT_EQ(filter_getpid(SECCOMP_RET_TRACE, 0), 0);
	EXPECT_ERRNO(raw_getpid(), ENOSYS);
}

static volatile siginfo_t trap_info;
static volatile long trap_ax, trap_ip;

static void on_trap(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)sig;
	memcpy((void *)&trap_info, info, sizeof(trap_info));
	trap_ax = regs[REG_RAX];
	trap_ip = regs[REG_RIP];
	regs[REG_RAX] = 1234;
}

TEST(trap_is_a_signal_that_tells_all)
{
	struct sigaction sa = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

	ASSERT_EQ(sigaction(SIGSYS, &sa, NULL), 0);
	ASSERT_EQ(filter_getpid(SECCOMP_RET_TRAP | 0x55, 0), 0);
	EXPECT_EQ(raw_getpid(), 1234);
	EXPECT_EQ(trap_info.si_signo, SIGSYS);
	EXPECT_EQ(trap_info.si_code, 1 /* SYS_SECCOMP */);
	EXPECT_EQ(trap_info.si_errno, 0x55);
	EXPECT_EQ(trap_info.si_syscall, SYS_getpid);
	EXPECT_EQ(trap_info.si_arch, AUDIT_ARCH_X86_64);
	EXPECT_EQ((long)trap_info.si_call_addr, trap_ip);
	EXPECT_EQ(trap_ax, SYS_getpid);
}

static void trap_blocked(void)
{
	sigset_t set;

	signal(SIGSYS, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigprocmask(SIG_BLOCK, &set, NULL);
	filter_getpid(SECCOMP_RET_TRAP, 0);
	raw_getpid();
}

TEST(trap_cannot_be_blocked_or_ignored)
{
	int status = in_child(trap_blocked);

	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static unsigned int kill_action;

static void not_called(int sig)
{
	(void)sig;
	_exit(1);
}

static void kill_self(void)
{
	signal(SIGSYS, not_called);
	filter_getpid(kill_action, 0);
	raw_getpid();
	_exit(2);
}

TEST(kills_even_with_a_handler)
{
	static const unsigned int actions[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, 0x12340000, 0x00010000,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(actions); i++) {
		int status;

		kill_action = actions[i];
		status = in_child(kill_self);
		EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	}
}

static void *killed_thread(void *arg)
{
	raw_getpid();
	return arg;
}

static void kill_in_thread(void)
{
	pthread_t t;
	void *ret = (void *)1;

	filter_getpid(kill_action, 0);
	pthread_create(&t, NULL, killed_thread, (void *)2);
	pthread_join(t, &ret);
	_exit(ret == (void *)2 ? 3 : 42);
}

TEST(kill_thread_kills_one_and_kill_process_all)
{
	int status;

	kill_action = SECCOMP_RET_KILL_THREAD;
	status = in_child(kill_in_thread);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	kill_action = SECCOMP_RET_KILL_PROCESS;
	status = in_child(kill_in_thread);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

/* ---- inheritance ---- */

TEST(fork_and_threads_inherit)
{
	pid_t pid;

	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 40, 0), 0);
	pid = fork();
	if (!pid) {
		EXPECT_ERRNO(raw_getpid(), 40);
		EXPECT_EQ(status_number("Seccomp:"), 2);
		EXPECT_EQ(status_number("Seccomp_filters:"), 1);
		/* what it adds is its own */
		ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 41, 0), 0);
		EXPECT_ERRNO(raw_getpid(), 41);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_ERRNO(raw_getpid(), 40);
}

TEST(exec_keeps_it)
{
	pid_t pid;

	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 40, 0), 0);
	pid = fork();
	if (!pid) {
		execl("/proc/self/exe", "seccomp", "--getpid", NULL);
		_exit(99);
	}
	EXPECT_EQ(wait_exit(pid), 40);
}

static void *fork_in_thread(void *arg)
{
	pid_t pid;
	int n;

	for (n = 0; n < 200; n++) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (wait_exit(pid))
			*(int *)arg = 1;
	}
	return NULL;
}

/* A tree of filters lives and dies with tasks in any order; the runner counts what is left. */
TEST_TIMEOUT(filters_added_while_siblings_fork, 60)
{
	pthread_t t[3];
	int failed = 0;

	no_new_privs();
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, fork_in_thread, &failed), 0);
	for (int n = 0; n < 60; n++)
		ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | n, SECCOMP_FILTER_FLAG_TSYNC), 0);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	EXPECT_EQ(failed, 0);
}

/* ---- threads ---- */

static pthread_barrier_t barrier;
static volatile long thread_getpid, thread_nnp;

static void *follower(void *arg)
{
	if (arg)
		filter_getpid(SECCOMP_RET_ALLOW, 0);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	thread_getpid = raw_getpid() < 0 ? errno : 0;
	thread_nnp = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	return NULL;
}

static pthread_t start_follower(void *arg)
{
	pthread_t t;

	pthread_barrier_init(&barrier, NULL, 2);
	ASSERT_EQ(pthread_create(&t, NULL, follower, arg), 0);
	pthread_barrier_wait(&barrier);
	return t;
}

static void end_follower(pthread_t t)
{
	pthread_barrier_wait(&barrier);
	pthread_join(t, NULL);
}

TEST(a_thread_s_filter_is_its_own)
{
	pthread_t t = start_follower(NULL);

	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 40, 0), 0);
	end_follower(t);
	EXPECT_EQ(thread_getpid, 0);
	EXPECT_EQ(thread_nnp, 0);
}

TEST(tsync_gives_it_to_all_threads_with_no_new_privs)
{
	pthread_t t = start_follower(NULL);

	ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 40, SECCOMP_FILTER_FLAG_TSYNC), 0);
	end_follower(t);
	EXPECT_EQ(thread_getpid, 40);
	EXPECT_EQ(thread_nnp, 1);
}

TEST(tsync_names_a_thread_that_has_gone_another_way)
{
	pthread_t t = start_follower((void *)1);
	long ret = filter_getpid(SECCOMP_RET_ERRNO | 40, SECCOMP_FILTER_FLAG_TSYNC);

	EXPECT_GT(ret, 0);
	EXPECT_NE(ret, getpid());
	EXPECT_EQ(prctl(PR_GET_SECCOMP), 0);
	EXPECT_ERRNO(filter_getpid(SECCOMP_RET_ERRNO | 40, SECCOMP_FILTER_FLAG_TSYNC |
				   SECCOMP_FILTER_FLAG_TSYNC_ESRCH), ESRCH);
	end_follower(t);
	EXPECT_EQ(thread_getpid, 0);
	EXPECT_EQ(prctl(PR_GET_SECCOMP), 0);
}

/* ---- tracers ---- */

static pid_t traced_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		ASSERT_EQ(filter_getpid(SECCOMP_RET_TRACE | 0x77, 0), 0);
		_exit(raw_getpid() < 0 ? errno : raw_getpid() == 4321 ? 100 : 101);
	}
	ASSERT(WIFSTOPPED(child_status(pid)));
	ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	return pid;
}

static void expect_event(pid_t pid)
{
	unsigned long message = 0;

	ASSERT_EQ(child_status(pid) >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
	ASSERT_EQ(ptrace(PTRACE_GETEVENTMSG, pid, 0, &message), 0);
	EXPECT_EQ(message, 0x77);
}

TEST(tracer_skips_a_call_and_answers)
{
	pid_t pid = traced_child();
	struct user_regs_struct regs;

	for (int i = 0; i < 2; i++) {
		expect_event(pid);
		ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
		EXPECT_EQ(regs.orig_rax, SYS_getpid);
		EXPECT_EQ((long)regs.rax, -ENOSYS);
		regs.orig_rax = -1;
		regs.rax = 4321;
		ASSERT_EQ(ptrace(PTRACE_SETREGS, pid, 0, &regs), 0);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	}
	EXPECT_EQ(child_status(pid), 100 << 8);
}

TEST(tracer_lets_a_call_go_on)
{
	pid_t pid = traced_child();

	for (int i = 0; i < 2; i++) {
		expect_event(pid);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	}
	EXPECT_EQ(child_status(pid), 101 << 8);
}

/* A call that a tracer made of another is filtered again. */
TEST(tracer_cannot_get_round_a_filter)
{
	struct user_regs_struct regs;
	pid_t pid = fork();

	if (!pid) {
		struct sock_filter insns[] = {
			LOAD(FIELD(nr)), ON(SYS_getpid, SECCOMP_RET_TRACE),
			ON(SYS_getuid, SECCOMP_RET_ERRNO | 33), RET(SECCOMP_RET_ALLOW),
		};

		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		no_new_privs();
		ASSERT_EQ(set_filter(insns, ARRAY_SIZE(insns), 0), 0);
		_exit(raw_getpid() < 0 ? errno : 1);
	}
	ASSERT(WIFSTOPPED(child_status(pid)));
	ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(child_status(pid) >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
	ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
	regs.orig_rax = SYS_getuid;
	ASSERT_EQ(ptrace(PTRACE_SETREGS, pid, 0, &regs), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	EXPECT_EQ(child_status(pid), 33 << 8);
}

/* The stop at a system call comes before the filter. */
TEST(system_call_stop_comes_first)
{
	pid_t pid = fork();
	int stops = 0, status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		ASSERT_EQ(filter_getpid(SECCOMP_RET_ERRNO | 5, 0), 0);
		_exit(raw_getpid() < 0 ? errno : 1);
	}
	ASSERT(WIFSTOPPED(child_status(pid)));
	ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD), 0);
	for (;;) {
		ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
		status = child_status(pid);
		if (!WIFSTOPPED(status))
			break;
		stops += ptrace(PTRACE_PEEKUSER, pid, 8 * ORIG_RAX, 0) == SYS_getpid;
	}
	EXPECT_EQ(status, 5 << 8);
	EXPECT_EQ(stops, 2);
}

/* ---- /proc/sys ---- */

static void read_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY), n;

	ASSERT_GE(fd, 0);
	n = read(fd, buf, size - 1);
	ASSERT_GT(n, 0);
	buf[n] = '\0';
	close(fd);
}

static long see(int request, pid_t pid, unsigned long addr, void *data)
{
	return syscall(SYS_ptrace, request, pid, addr, data);
}

/* A tracee whose older filter logs, and whose newer one is longer; stopped. */
static pid_t stopped_with_two_filters(void)
{
	struct sock_filter first[] = { RET(SECCOMP_RET_ALLOW) };
	int status;
	pid_t pid = fork();

	if (!pid) {
		ASSERT_EQ(set_filter(first, 1, SECCOMP_FILTER_FLAG_LOG), 0);
		ASSERT_EQ(filter_getpid(SECCOMP_RET_ALLOW, 0), 0);
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT(WIFSTOPPED(status));
	return pid;
}

TEST(tracer_sees_filters_from_the_oldest_on)
{
	struct __ptrace_seccomp_metadata meta = { .filter_off = 0, .flags = 99 };
	struct sock_filter insns[16] = { };
	pid_t pid;

	if (geteuid())
		SKIP("needs root");
	pid = stopped_with_two_filters();
	EXPECT_EQ(see(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(meta), &meta), sizeof(meta));
	EXPECT_EQ(meta.flags, SECCOMP_FILTER_FLAG_LOG);
	meta.filter_off = 1;
	EXPECT_EQ(see(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(meta) + 8, &meta), sizeof(meta));
	EXPECT_EQ(meta.flags, 0);
	EXPECT_EQ(see(PTRACE_SECCOMP_GET_METADATA, pid, 8, &meta), 8);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_METADATA, pid, 7, &meta), EINVAL);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_METADATA, pid, 16, NULL), EFAULT);
	meta.filter_off = 2;
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_METADATA, pid, 16, &meta), ENOENT);
	EXPECT_EQ(see(PTRACE_SECCOMP_GET_FILTER, pid, 0, NULL), 1);
	EXPECT_EQ(see(PTRACE_SECCOMP_GET_FILTER, pid, 1, insns), 4);
	EXPECT_EQ(insns[1].k, SYS_getpid);
	EXPECT_EQ(insns[4].code, 0);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_FILTER, pid, 2, insns), ENOENT);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_FILTER, pid, 0, (void *)8), EFAULT);
	filter_getpid(SECCOMP_RET_ALLOW, 0);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_FILTER, pid, 0, NULL), EACCES);
	EXPECT_ERRNO(see(PTRACE_SECCOMP_GET_METADATA, pid, 7, &meta), EACCES);
	kill(pid, SIGKILL);
}

TEST(sysctls_name_the_actions)
{
	char avail[256], logged[256];
	int fd;

	read_line("/proc/sys/kernel/seccomp/actions_avail", avail, sizeof(avail));
	EXPECT(strstr(avail, "kill_process kill_thread trap errno "));
	EXPECT(strstr(avail, " trace log allow\n"));
	read_line("/proc/sys/kernel/seccomp/actions_logged", logged, sizeof(logged));
	EXPECT(!strstr(logged, "allow"));
	fd = open("/proc/sys/kernel/seccomp/actions_logged", O_WRONLY);
	ASSERT_GE(fd, 0);
	EXPECT_ERRNO(write(fd, "kill_process allow", 18), EINVAL);
	EXPECT_ERRNO(write(fd, "nonsense", 8), EINVAL);
	EXPECT_ERRNO(open("/proc/sys/kernel/seccomp/none", O_RDONLY), ENOENT);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--getpid"))
		return raw_getpid() < 0 ? errno : 0;
	return ktest_main(argc, argv);
}
