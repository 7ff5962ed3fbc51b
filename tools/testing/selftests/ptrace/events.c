// SPDX-License-Identifier: GPL-2.0-only
/* ptrace: events of fork, vfork, clone, exec and exit; seizing; who inherits a tracer. */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <sched.h>
#include <pthread.h>
#include "tracer.h"

#define EVENT(e)	(SIGTRAP | (e) << 8)

static char stack[65536] __attribute__((aligned(16)));

static int exit_at_once(void *code)
{
	_exit((long)code);
}

/* Stopped in its first signal, with @options. */
static pid_t stopped_child(long options, void (*then)(void))
{
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		then();
		_exit(0);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, options), 0);
	return pid;
}

static int go_on(pid_t pid)
{
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	return wait_stop(pid);
}

static pid_t message(pid_t pid)
{
	unsigned long msg = 0;

	ASSERT_EQ(ptrace(PTRACE_GETEVENTMSG, pid, 0, &msg), 0);
	return msg;
}

static void do_fork_child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(5);
	waitpid(pid, NULL, 0);
}

TEST(fork_event_names_the_child_which_is_traced)
{
	pid_t pid = stopped_child(PTRACE_O_TRACEFORK, do_fork_child), child;

	ASSERT_EQ(go_on(pid), EVENT(PTRACE_EVENT_FORK));
	child = message(pid);
	ASSERT_EQ(wait_stop(child), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_CONT, child, 0, 0), 0);
	ASSERT_EQ(wait_status(child), 5 << 8);		/* first to us, then to its parent */
	ASSERT_EQ(go_on(pid), SIGCHLD);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static void do_vfork_child(void)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

TEST(vfork_done_comes_after_the_child_has_gone)
{
	pid_t pid = stopped_child(PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE, do_vfork_child);
	pid_t child;

	ASSERT_EQ(go_on(pid), EVENT(PTRACE_EVENT_VFORK));
	child = message(pid);
	ASSERT_EQ(wait_stop(child), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	/* The parent waits as long as the child is stopped. */
	ASSERT_EQ(waitpid(pid, NULL, __WALL | WNOHANG), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, child, 0, 0), 0);
	ASSERT_EQ(wait_status(child), 0);
	ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_VFORK_DONE));
	EXPECT_EQ(message(pid), child);
	kill(pid, SIGKILL);
	ASSERT_EQ(wait_status(pid), SIGKILL);
}

static void do_clone_ptrace(void)
{
	int pid = clone(exit_at_once, stack + sizeof(stack), CLONE_PTRACE | SIGCHLD, (void *)6L);

	waitpid(pid, NULL, 0);
}

TEST(clone_ptrace_needs_no_option)
{
	pid_t pid = stopped_child(0, do_clone_ptrace), child;
	int status;

	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	child = waitpid(-1, &status, __WALL);
	ASSERT(child > 0 && child != pid);
	ASSERT_EQ(status >> 8, SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_CONT, child, 0, 0), 0);
	ASSERT_EQ(wait_status(child), 6 << 8);
	ASSERT_EQ(wait_stop(pid), SIGCHLD);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static void do_clone_untraced(void)
{
	int pid = clone(exit_at_once, stack + sizeof(stack), CLONE_UNTRACED | SIGCHLD, NULL);

	waitpid(pid, NULL, 0);
}

TEST(clone_untraced_hides_the_child)
{
	pid_t pid = stopped_child(PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE, do_clone_untraced);

	ASSERT_EQ(go_on(pid), SIGCHLD);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static void do_exec(void)
{
	execl("/proc/self/exe", "events", "quiet", NULL);
}

TEST(exec_and_exit_events)
{
	pid_t pid = stopped_child(PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT, do_exec);
	int stop = go_on(pid);

	ASSERT_EQ(stop, EVENT(PTRACE_EVENT_EXEC));
	EXPECT_EQ(message(pid), pid);
	ASSERT_EQ(go_on(pid), EVENT(PTRACE_EVENT_EXIT));
	EXPECT_EQ(message(pid), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(exec_without_the_option_is_a_sigtrap)
{
	pid_t pid = stopped_child(0, do_exec);

	ASSERT_EQ(go_on(pid), SIGTRAP);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static void *thread_execs(void *arg)
{
	do_exec();
	return arg;
}

static void do_thread_exec(void)
{
	pthread_t t;

	pthread_create(&t, NULL, thread_execs, NULL);
	for (;;)
		pause();
}

TEST(exec_of_a_thread_tells_its_old_number)
{
	pid_t pid = stopped_child(PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC, do_thread_exec), tid;

	ASSERT_EQ(go_on(pid), EVENT(PTRACE_EVENT_CLONE));
	tid = message(pid);
	ASSERT_EQ(wait_stop(tid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, tid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_EXEC));
	EXPECT_EQ(message(pid), tid);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid)
		wait_for_ever();
	return pid;
}

TEST(seize_interrupt_listen)
{
	pid_t pid = sleeper();

	ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD), 0);
	EXPECT_EQ(ptrace(PTRACE_LISTEN, pid, 0, 0), -1);
	ASSERT_EQ(ptrace(PTRACE_INTERRUPT, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_STOP));
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	/* A stop signal: first the signal, then the group's stop. */
	kill(pid, SIGSTOP);
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, SIGSTOP), 0);
	ASSERT_EQ(wait_stop(pid), SIGSTOP | PTRACE_EVENT_STOP << 8);
	ASSERT_EQ(ptrace(PTRACE_LISTEN, pid, 0, 0), 0);
	EXPECT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), -1);
	EXPECT_EQ(errno, ESRCH);
	kill(pid, SIGCONT);
	ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_STOP));
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), SIGCONT);
	ASSERT_EQ(ptrace(PTRACE_DETACH, pid, 0, SIGTERM), 0);
	ASSERT_EQ(wait_status(pid), SIGTERM);
}

TEST(attach_to_a_stopped_process)
{
	pid_t pid = sleeper();
	int status;

	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	ASSERT_EQ(ptrace(PTRACE_ATTACH, pid, 0, 0), 0);
	ASSERT_EQ(waitpid(pid, &status, __WALL | WNOHANG), pid);
	EXPECT_EQ(status >> 8, SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_KILL, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), SIGKILL);
}

static int kill_tracer_of(pid_t pid, long options)
{
	pid_t tracer = fork();
	int status;

	if (!tracer) {
		ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, options), 0);
		raise(SIGKILL);
	}
	ASSERT_EQ(waitpid(tracer, &status, 0), tracer);
	return status;
}

TEST(tracer_that_dies_lets_go_or_kills)
{
	pid_t pid = sleeper();

	kill_tracer_of(pid, 0);
	ASSERT_EQ(kill(pid, 0), 0);
	ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, 0), 0);
	ASSERT_EQ(ptrace(PTRACE_INTERRUPT, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_STOP));
	ASSERT_EQ(ptrace(PTRACE_DETACH, pid, 0, 0), 0);
	kill_tracer_of(pid, PTRACE_O_EXITKILL);
	ASSERT_EQ(wait_status(pid), SIGKILL);
}

TEST(parent_waits_after_the_tracer)
{
	pid_t pid = sleeper(), tracer = fork();
	int status;

	if (!tracer) {
		ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT), 0);
		kill(pid, SIGTERM);
		ASSERT_EQ(wait_stop(pid), SIGTERM);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, SIGTERM), 0);
		ASSERT_EQ(wait_stop(pid), EVENT(PTRACE_EVENT_EXIT));
		EXPECT_EQ(message(pid), SIGTERM);
		ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
		ASSERT_EQ(wait_status(pid), SIGTERM);
		_exit(0);
	}
	ASSERT_EQ(waitpid(tracer, &status, 0), tracer);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(wait_status(pid), SIGTERM);
}

TEST(kill_ends_every_stop)
{
	for (int i = 0; i < 50; i++) {
		pid_t pid = stopped_child(PTRACE_O_TRACESYSGOOD, wait_for_ever);

		ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
		if (i & 1)
			ASSERT_EQ(wait_stop(pid), SIGTRAP | 0x80);
		kill(pid, SIGKILL);
		for (;;) {
			int status = wait_status(pid);

			if (WIFSIGNALED(status))
				break;
			ptrace(PTRACE_CONT, pid, 0, 0);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "quiet"))
		return 0;
	return ktest_main(argc, argv);
}
