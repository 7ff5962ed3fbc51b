// SPDX-License-Identifier: GPL-2.0-only
/*
 * clone3: its argument record, in the order in which Linux refuses it, and what only it can ask
 * for: chosen pids, cleared handlers, a cgroup.
 */
#include "../ktest.h"
#include "clone3.h"
#include <fcntl.h>
#include <sys/prctl.h>

#define PAGE	4096

TEST(sizes)
{
	char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	struct clone_args *args = (void *)pages;

	EXPECT_ERRNO(clone3(args, PAGE + 1), E2BIG);
	EXPECT_ERRNO(clone3(NULL, PAGE + 1), E2BIG);
	EXPECT_ERRNO(clone3(args, CLONE_ARGS_SIZE_VER0 - 1), EINVAL);
	EXPECT_ERRNO(clone3(NULL, 0), EINVAL);
	EXPECT_ERRNO(clone3(NULL, sizeof(*args)), EFAULT);
	/* What lies behind the record must be zero, as far as the size says. */
	args->exit_signal = SIGCHLD;
	pages[sizeof(*args)] = 1;
	EXPECT_ERRNO(clone3(args, sizeof(*args) + 1), E2BIG);
	EXPECT_ERRNO(clone3(args, PAGE), E2BIG);
	pages[sizeof(*args)] = 0;
	munmap(pages + PAGE, PAGE);
	EXPECT_EQ(reap(clone3(args, PAGE)), 0);
	EXPECT_EQ(reap(clone3(args, CLONE_ARGS_SIZE_VER0)), 0);
	EXPECT_EQ(reap(clone3(args, CLONE_ARGS_SIZE_VER1)), 0);
	/* A record that runs into nothing. */
	args = (void *)(pages + PAGE - 32);
	EXPECT_ERRNO(clone3(args, sizeof(*args)), EFAULT);
}

struct refused {
	const char *what;
	struct clone_args args;
	int err;
};

static int word;
#define P(x)	((uintptr_t)(x))

static const struct refused refused[] = {
	{ "flag 34", { .flags = 1ULL << 34, .exit_signal = SIGCHLD }, EINVAL },
	{ "flag 63", { .flags = 1ULL << 63, .exit_signal = SIGCHLD }, EINVAL },
	{ "CSIGNAL among the flags", { .flags = SIGCHLD }, EINVAL },
	{ "CLONE_DETACHED", { .flags = 0x00400000 }, EINVAL },
	{ "signal 65", { .exit_signal = 65 }, EINVAL },
	{ "signal 255", { .exit_signal = 255 }, EINVAL },
	{ "signal 256", { .exit_signal = 256 }, EINVAL },
	{ "signal in the upper half", { .exit_signal = 1ULL << 32 | SIGCHLD }, EINVAL },
	{ "signal -1", { .exit_signal = -1ULL }, EINVAL },
	{ "thread with a signal", { .flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM,
	  .exit_signal = SIGCHLD }, EINVAL },
	{ "sibling with a signal", { .flags = CLONE_PARENT, .exit_signal = SIGCHLD }, EINVAL },
	{ "shared and cleared handlers", { .flags = CLONE_VM | CLONE_SIGHAND |
	  CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD }, EINVAL },
	{ "handlers without memory", { .flags = CLONE_SIGHAND }, EINVAL },
	{ "thread without handlers", { .flags = CLONE_THREAD | CLONE_VM }, EINVAL },
	{ "new user and shared root", { .flags = CLONE_NEWUSER | CLONE_FS }, EINVAL },
	{ "new mounts and shared root", { .flags = CLONE_NEWNS | CLONE_FS }, EINVAL },
	{ "stack without size", { .stack = 0x100000 }, EINVAL },
	{ "size without stack", { .stack_size = 4096 }, EINVAL },
	{ "kernel stack", { .stack = 0xffff888000000000, .stack_size = 4096 }, EINVAL },
	{ "stack that wraps", { .stack = 0x100000, .stack_size = -4096ULL }, EINVAL },
	{ "stack beyond user space", { .stack = 0x7ffffffff000, .stack_size = 1ULL << 40 },
	  EINVAL },
	{ "set_tid without size", { .set_tid = P(&word) }, EINVAL },
	{ "size without set_tid", { .set_tid_size = 1 }, EINVAL },
	{ "33 levels of pids", { .set_tid = P(&word), .set_tid_size = 33 }, EINVAL },
	{ "32 levels of pids", { .set_tid = P(&word), .set_tid_size = 32 }, EINVAL },
	{ "unreadable pids", { .set_tid = 16, .set_tid_size = 1 }, EFAULT },
	{ "pid 0", { .set_tid = P(&word), .set_tid_size = 1 }, EINVAL },
	{ "cgroup beyond INT_MAX", { .flags = CLONE_INTO_CGROUP, .cgroup = 0x80000000 },
	  EINVAL },
	{ "cgroup that is not open", { .flags = CLONE_INTO_CGROUP, .cgroup = 1000 }, EBADF },
	{ "cgroup that is none", { .flags = CLONE_INTO_CGROUP, .cgroup = 1 }, EBADF },
	{ "pidfd at a bad address", { .flags = CLONE_PIDFD, .pidfd = 16 }, EFAULT },
	{ "pidfd over the tid", { .flags = CLONE_PIDFD | CLONE_PARENT_SETTID, .pidfd = P(&word),
	  .parent_tid = P(&word) }, EINVAL },
};

TEST(what_linux_refuses)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct clone_args args = refused[i].args;
		long pid = clone3(&args, sizeof(args));

		if (pid > 0)
			reap(pid);
		if (pid != -1 || errno != refused[i].err) {
			ktest_print("# %s\n", refused[i].what);
			EXPECT_ERRNO(pid, refused[i].err);
		}
	}
}

TEST(old_records_have_no_cgroup)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .cgroup = 1 };

	EXPECT_ERRNO(clone3(&args, CLONE_ARGS_SIZE_VER1), EINVAL);
}

TEST(a_signal_for_the_exit)
{
	struct clone_args args = { .exit_signal = SIGUSR1 };
	sigset_t set;
	siginfo_t info;
	long pid;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = clone3(&args, sizeof(args));
	if (!pid)
		_exit(3);
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	EXPECT_EQ(info.si_pid, pid);
	EXPECT_EQ(info.si_status, 3);
	EXPECT_ERRNO(waitpid(pid, NULL, 0), ECHILD);
	EXPECT_EQ(waitpid(pid, NULL, __WCLONE), pid);
}

static void handler(int sig)
{
	(void)sig;
}

/* Handlers go, ignored signals stay ignored: clone(2), CLONE_CLEAR_SIGHAND. */
TEST(cleared_handlers)
{
	struct clone_args args = { .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD };
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER };
	long pid;

	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, SIGHUP);
	sigaction(SIGUSR1, &act, NULL);
	signal(SIGUSR2, SIG_IGN);
	pid = clone3(&args, sizeof(args));
	if (!pid) {
		sigaction(SIGUSR1, NULL, &act);
		EXPECT(act.sa_handler == SIG_DFL);
		EXPECT_EQ(act.sa_flags & (SA_RESTART | SA_NODEFER), 0);
		EXPECT_EQ(sigismember(&act.sa_mask, SIGHUP), 0);
		sigaction(SIGUSR2, NULL, &act);
		EXPECT(act.sa_handler == SIG_IGN);
		raise(SIGUSR1);
		_exit(1);
	}
	EXPECT_EQ(wait_exit(pid), 128 + SIGUSR1);
	sigaction(SIGUSR1, NULL, &act);
	EXPECT(act.sa_handler == handler);
}

static int free_pid(void)
{
	int pid = fork();

	if (!pid)
		_exit(0);
	wait_exit(pid);
	return pid;
}

TEST(a_chosen_pid)
{
	pid_t set_tid = free_pid();
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = P(&set_tid),
				   .set_tid_size = 1 };
	pid_t two[2] = { set_tid, set_tid };
	long pid;

	if (getuid())
		SKIP("needs root");
	pid = clone3(&args, sizeof(args));
	if (!pid)
		_exit(getpid() == set_tid ? 0 : 1);
	EXPECT_EQ(pid, set_tid);
	EXPECT_EQ(wait_exit(pid), 0);
	/* Taken, out of range, for a level that is not there. */
	set_tid = getpid();
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EEXIST);
	set_tid = 1 << 30;
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EINVAL);
	set_tid = -1;
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EINVAL);
	args.set_tid = P(two);
	args.set_tid_size = 32;
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EINVAL);
	set_tid = free_pid();
	args.set_tid = P(&set_tid);
	args.set_tid_size = 1;
	ASSERT_EQ(setuid(65534), 0);
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EPERM);
}

TEST(a_stack_of_its_own)
{
	size_t size = 64 << 10;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct clone_args args = { .flags = CLONE_VM, .exit_signal = SIGCHLD,
				   .stack = P(stack), .stack_size = size };
	long pid = clone3_on_stack(&args, sizeof(args));

	ASSERT_GT(pid, 0);
	EXPECT_EQ(wait_exit(pid), 7);
	/* It pushed its stack pointer: just below the end of the range. */
	EXPECT_EQ(*(uintptr_t *)(stack + size - 8), P(stack) + size);
}

/* The upper half of clone()'s flags is not looked at: clone(2). */
TEST(clone_takes_32_bits)
{
	long pid = syscall(SYS_clone, CLONE_INTO_CGROUP | CLONE_CLEAR_SIGHAND | 1ULL << 40 |
			   SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	EXPECT_GT(pid, 0);
	EXPECT_EQ(wait_exit(pid), 0);
}
