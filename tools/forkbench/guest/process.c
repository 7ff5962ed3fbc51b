// SPDX-License-Identifier: GPL-2.0-only
/* Cases: making, executing and ending small processes; many of them; many descriptors. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "measure.h"

#define CHAIN		1000
#define IDLE		100
#define FILES		10000
#define FILE_ROUNDS	51
#define SHELL_TURNS	100

static const char exec_target[] = "/bin/exit0";

static void small(void)
{
	fork_row("small", ROUNDS);
}

/* The same small fork with the sharing of page tables off and on, where there is the switch. */
static void sharing(void)
{
	static const char path[] = "/proc/sys/vm/shared_pgtables";

	if (sysctl(path, "0"))
		return;
	fork_row("small_off", ROUNDS);
	if (sysctl(path, "1"))
		die(path);
	fork_row("small_on", ROUNDS);
}

static void vfork_exit_once(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void exec_child(void)
{
	char *args[] = { (char *)exec_target, NULL };

	execve(exec_target, args, environ);
	_exit(1);
}

static void fork_exec_once(void)
{
	pid_t pid = fork();

	if (!pid)
		exec_child();
	wait_for(pid);
}

static void vfork_exec_once(void)
{
	pid_t pid = vfork();

	if (!pid)
		exec_child();
	wait_for(pid);
}

static void spawn_shell_once(void)
{
	char *args[] = { "sh", "-c", "true", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/busybox", NULL, NULL, args, environ))
		die("posix_spawn");
	wait_for(pid);
}

static void vfork_exit(void)
{
	each("vfork_exit", vfork_exit_once);
}

static void fork_exec(void)
{
	each("fork_exec", fork_exec_once);
}

static void vfork_exec(void)
{
	each("vfork_exec", vfork_exec_once);
}

static void spawn_shell(void)
{
	each("spawn_shell", spawn_shell_once);
}

/* A shell that starts `busybox true` @turns times, from its own start to its end. */
static unsigned long shell_run(int turns)
{
	char script[128], *args[] = { "sh", "-c", script, NULL };
	unsigned long start = cycles();
	pid_t pid;

	snprintf(script, sizeof(script),
		 "i=0; while [ $i -lt %d ]; do /bin/busybox true; i=$((i+1)); done", turns);
	if (posix_spawn(&pid, "/bin/busybox", NULL, NULL, args, environ))
		die("posix_spawn");
	wait_for(pid);
	return cycles() - start;
}

static void shell_each(void)
{
	unsigned long sample[3];

	shell_run(1);
	for (int i = 0; i < 3; i++) {
		unsigned long few = shell_run(10);

		sample[i] = (shell_run(10 + SHELL_TURNS) - few) / SHELL_TURNS;
	}
	print("shell_each", median(sample, 3));
}

/* Each the child of the one before; the last one ends first. */
static void chain(void)
{
	unsigned long start = cycles();
	pid_t top = fork(), pid = top;
	int left = CHAIN;

	if (!top) {
		while (--left) {
			pid = fork();
			if (pid)
				break;
		}
		if (left)
			wait_for(pid);
		_exit(0);
	}
	wait_for(top);
	print("chain_each", (cycles() - start) / CHAIN);
}

static void idle_children(void)
{
	static pid_t pids[IDLE];
	long before;

	usleep(100000);
	before = file_kb("/proc/meminfo", "MemFree:");
	for (int i = 0; i < IDLE; i++) {
		pids[i] = fork();
		if (!pids[i])
			for (;;)
				pause();
	}
	usleep(100000);
	print("kB_idle_child", (before - file_kb("/proc/meminfo", "MemFree:")) / IDLE);
	for (int i = 0; i < IDLE; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

/* The call alone: the child waits, so that nothing of its end is counted. */
static unsigned long call_of_waiting_child(void)
{
	static unsigned long sample[FILE_ROUNDS];

	for (int i = 0; i < FILE_ROUNDS; i++) {
		unsigned long start = cycles();
		pid_t pid = fork();

		if (!pid)
			for (;;)
				pause();
		sample[i] = cycles() - start;
		if (pid < 0 || kill(pid, SIGKILL) || waitpid(pid, NULL, 0) != pid)
			die("waiting child");
	}
	return median(sample, FILE_ROUNDS) - overhead();
}

static void descriptors(void)
{
	unsigned long call, whole;

	struct rlimit limit = { FILES + 100, FILES + 100 };
	int first = open("/dev/null", O_RDWR), last = first;

	if (first < 0 || setrlimit(RLIMIT_NOFILE, &limit))
		die("descriptors");
	for (int i = 1; i < FILES; i++) {
		last = dup(first);
		if (last < 0)
			die("dup");
	}
	print("fork_files_10000", call_of_waiting_child());
	fork_rounds(FILE_ROUNDS, &call, &whole);
	print("fork_exit_files_10000", whole);
	syscall(SYS_close_range, first, last, 0);
}

static void null_call_once(void)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(SYS_getppid) : "rcx", "r11", "memory");
}

static void null_call(void)
{
	each("null_call", null_call_once);
}

const struct bench_case process_cases[] = {
	{ "small", small },
	{ "sharing", sharing },
	{ "vfork_exit", vfork_exit },
	{ "fork_exec", fork_exec },
	{ "vfork_exec", vfork_exec },
	{ "spawn_shell", spawn_shell },
	{ "shell_each", shell_each },
	{ "null_call", null_call },
	{ "idle_children", idle_children },
	{ "chain", chain },
	{ "descriptors", descriptors },
	{ NULL, NULL }
};
