// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the C libraries send: posix_spawn of glibc and of musl (ktest: musl), and by hand the calls
 * of newer ones, with their fall-backs.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include "clone3.h"
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>

extern char **environ;

static int spawn(const char *what, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr)
{
	char *args[] = { "spawn", (char *)what, NULL };
	pid_t pid = -1;
	int err = posix_spawn(&pid, "/proc/self/exe", actions, attr, args, environ);

	return err ? -err : wait_exit(pid);
}

TEST(it_runs_and_errors_come_back)
{
	char *args[] = { "nothing", NULL };
	pid_t pid = -1;

	EXPECT_EQ(spawn("status-3", NULL, NULL), 3);
	EXPECT_EQ(posix_spawn(&pid, "/no/such/program", NULL, NULL, args, environ), ENOENT);
	EXPECT_EQ(posix_spawn(&pid, "/proc", NULL, NULL, args, environ), EACCES);
	/* The child that could not is not left behind. */
	EXPECT_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

TEST(file_actions)
{
	posix_spawn_file_actions_t actions;
	int p[2];
	char c = 0;

	ASSERT_EQ(pipe2(p, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, p[1], 9);
	posix_spawn_file_actions_addopen(&actions, 10, "/dev/null", O_RDONLY, 0);
	EXPECT_EQ(spawn("write-9", &actions, NULL), 0);
	EXPECT_EQ(read(p[0], &c, 1), 1);
	EXPECT_EQ(c, 'w');
	posix_spawn_file_actions_addclose(&actions, 9);
	EXPECT_EQ(spawn("write-9", &actions, NULL), 1);
	posix_spawn_file_actions_addopen(&actions, 11, "/no/such/file", O_RDONLY, 0);
	EXPECT_EQ(spawn("write-9", &actions, NULL), -ENOENT);
}

static int handled;

static void handler(int sig)
{
	(void)sig;
	handled++;
}

TEST(attributes)
{
	posix_spawnattr_t attr;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, handler);
	posix_spawnattr_init(&attr);
	EXPECT_EQ(spawn("usr1-ignored", NULL, &attr), 0);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawnattr_setsigmask(&attr, &set);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
				 POSIX_SPAWN_SETPGROUP);
	EXPECT_EQ(spawn("usr1-default", NULL, &attr), 0);
	EXPECT_EQ(spawn("usr1-blocked", NULL, &attr), 0);
	EXPECT_EQ(spawn("own-group", NULL, &attr), 0);
}

TEST(many_at_once_from_handlers_point_of_view)
{
	signal(SIGUSR2, handler);
	for (int i = 0; i < 50; i++) {
		char *args[] = { "spawn", "status-0", NULL };
		pid_t pid;

		ASSERT_EQ(posix_spawn(&pid, "/proc/self/exe", NULL, NULL, args, environ), 0);
		kill(pid, SIGUSR2);
		/* Dead by the default action, or through already: never our handler. */
		EXPECT_EQ(wait_exit(pid) & ~(128 + SIGUSR2), 0);
		EXPECT_EQ(handled, 0);
	}
}

/* The child of the by-hand calls: on the parent's memory, and a signal comes. */
static volatile int child_ran;

static void raise_in_child(void)
{
	sigset_t none = { };

	child_ran = 1;
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Not raise(): the C library's idea of its own number is the parent's. */
	syscall(SYS_kill, syscall(SYS_getpid), SIGUSR2);
	_exit(9);
}

/* vfork by clone3 on our own stack: the parent is stopped meanwhile. */
static pid_t spawn_by_clone3(unsigned long long flags)
{
	struct clone_args args = { .flags = CLONE_VM | CLONE_VFORK | flags,
				   .exit_signal = SIGCHLD };
	static char stack[65536] __attribute__((aligned(16)));
	register long r8 __asm__("r8") = (long)raise_in_child;
	long ret;

	args.stack = (uintptr_t)stack;
	args.stack_size = sizeof(stack);
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%%r8\n\t"
			 "hlt\n"
			 "1:"
			 : "=a" (ret)
			 : "0" (SYS_clone3), "D" (&args), "S" (sizeof(args)), "r" (r8)
			 : "rcx", "r11", "memory");
	return ret;
}

/*
 * glibc since 2.38: with CLONE_CLEAR_SIGHAND the parent's handler must not run in the child, on
 * the parent's memory. A kernel that takes the flag and ignores it lets it run.
 */
TEST(clear_sighand_keeps_handlers_out)
{
	pid_t pid;

	signal(SIGUSR2, handler);
	pid = spawn_by_clone3(CLONE_CLEAR_SIGHAND);
	ASSERT_GT(pid, 0);
	EXPECT_EQ(wait_exit(pid), 128 + SIGUSR2);
	EXPECT_EQ(child_ran, 1);
	EXPECT_EQ(handled, 0);
	/* Without it the handler runs, and the parent sees it. */
	pid = spawn_by_clone3(0);
	EXPECT_EQ(wait_exit(pid), 9);
	EXPECT_EQ(handled, 1);
}

#ifdef __GLIBC__
TEST(closefrom)
{
	posix_spawn_file_actions_t actions;

	ASSERT_EQ(dup2(0, 9), 9);
	EXPECT_EQ(spawn("has-9", NULL, NULL), 0);
	posix_spawn_file_actions_init(&actions);
	ASSERT_EQ(posix_spawn_file_actions_addclosefrom_np(&actions, 3), 0);
	EXPECT_EQ(spawn("has-9", &actions, NULL), 1);
}
#endif

static int check(const char *what)
{
	struct sigaction act;
	sigset_t mask;

	sigaction(SIGUSR1, NULL, &act);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (!strncmp(what, "status-", 7))
		return atoi(what + 7);
	if (!strcmp(what, "write-9"))
		return write(9, "w", 1) != 1;
	if (!strcmp(what, "has-9"))
		return fcntl(9, F_GETFD) < 0;
	if (!strcmp(what, "usr1-ignored"))
		return act.sa_handler != SIG_IGN;
	if (!strcmp(what, "usr1-default"))
		return act.sa_handler != SIG_DFL;
	if (!strcmp(what, "usr1-blocked"))
		return !sigismember(&mask, SIGUSR1);
	if (!strcmp(what, "own-group"))
		return getpgrp() != getpid();
	return 99;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "spawn"))
		return check(argv[1]);
	return ktest_main(argc, argv);
}
