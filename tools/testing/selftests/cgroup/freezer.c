// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freezing: cgroup.freeze of cgroup2 (which every group has) and freezer.state of version 1, with
 * signals, stops, tracers, vfork and forks in between.
 */
#include "cg.h"
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ptrace.h>
#include <time.h>

#define FROZEN	"frozen 1"
#define THAWED	"frozen 0"

static void enter(void)
{
	mount_v2();
	ASSERT_EQ(group("+", "tine-f"), 0);
}

static void leave(void)
{
	EXPECT_EQ(remove_group("tine-f"), 0);
	unmount_cgroup();
}

static volatile long *shared_long(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT(p != MAP_FAILED);
	return p;
}

/* A child in tine-f that counts. */
static pid_t start_counter(volatile long *count)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			++*count;
	}
	ASSERT(pid > 0);
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	return pid;
}

static int goes_on(volatile long *count)
{
	long before = *count;
	int tries;

	for (tries = 0; tries < 400 && *count == before; tries++)
		usleep(5000);
	return *count != before;
}

static int stands(volatile long *count)
{
	long before = *count;

	usleep(50000);
	return *count == before;
}

TEST(a_running_task_stands_and_goes_on)
{
	volatile long *count = shared_long();
	pid_t pid;

	enter();
	EXPECT_STREQ(get("tine-f", "cgroup.freeze"), "0\n");
	pid = start_counter(count);
	EXPECT(goes_on(count));
	EXPECT(strstr(get("tine-f", "cgroup.events"), THAWED));
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	EXPECT(stands(count));
	EXPECT_EQ(state_of(pid), 'S');
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	EXPECT(strstr(get("tine-f", "cgroup.events"), THAWED));
	EXPECT(goes_on(count));
	end_child(pid);
	leave();
}

/* Thawed at any moment of its way into the freezer it goes on. */
TEST_TIMEOUT(thawed_while_it_freezes, 60)
{
	volatile long *count = shared_long();
	time_t end = time(NULL) + 3;
	char path[128];
	pid_t pid;
	int fd;

	enter();
	snprintf(path, sizeof(path), "%s/tine-f/cgroup.freeze", cg_root);
	fd = open(path, O_WRONLY);
	ASSERT(fd >= 0);
	pid = start_counter(count);
	for (int i = 0; i < 30000 && time(NULL) < end; i++) {
		long before;

		ASSERT_EQ(pwrite(fd, "1", 1, 0), 1);
		for (volatile int spin = 0; spin < i % 1500; spin++)
			;
		ASSERT_EQ(pwrite(fd, "0", 1, 0), 1);
		before = *count;
		for (volatile int spin = 0; spin < 100000 && *count == before; spin++)
			;
		ASSERT(*count != before || goes_on(count));
	}
	close(fd);
	end_child(pid);
	leave();
}

TEST(values_are_checked)
{
	enter();
	EXPECT_EQ(put("tine-f", "cgroup.freeze", "2"), ERANGE);
	EXPECT_EQ(put("tine-f", "cgroup.freeze", "-1"), ERANGE);
	EXPECT_EQ(put("tine-f", "cgroup.freeze", "x"), EINVAL);
	/* an empty group is frozen at once */
	EXPECT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(strstr(get("tine-f", "cgroup.events"), FROZEN));
	EXPECT_STREQ(get("tine-f", "cgroup.freeze"), "1\n");
	EXPECT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	leave();
}

TEST(a_frozen_task_can_be_killed)
{
	int status;
	pid_t pid;

	enter();
	pid = start_sleeper();
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	kill(pid, SIGCHLD);		/* ignored: changes nothing */
	usleep(20000);
	EXPECT(strstr(get("tine-f", "cgroup.events"), FROZEN));
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WTERMSIG(status), SIGKILL);
	EXPECT(soon("tine-f", "cgroup.events", "populated 0"));
	EXPECT(strstr(get("tine-f", "cgroup.events"), FROZEN));
	leave();
}

static volatile long *handled;

static void on_usr1(int sig)
{
	++*handled;
}

TEST(signals_wait_for_thawing)
{
	pid_t pid;

	enter();
	handled = shared_long();
	pid = fork();
	if (pid == 0) {
		signal(SIGUSR1, on_usr1);
		*handled = 1;
		for (;;)
			pause();
	}
	while (!*handled)
		usleep(1000);
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	kill(pid, SIGUSR1);
	usleep(50000);
	EXPECT_EQ(*handled, 1);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	EXPECT(goes_on(handled) || *handled == 2);
	EXPECT_EQ(*handled, 2);
	end_child(pid);
	leave();
}

TEST(the_tree_is_frozen_when_all_of_it_is)
{
	pid_t pid;

	enter();
	ASSERT_EQ(group("+", "tine-f/a"), 0);
	ASSERT_EQ(group("+", "tine-f/a/b"), 0);
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-f/a/b", "cgroup.procs", pid), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	EXPECT(strstr(get("tine-f/a", "cgroup.events"), FROZEN));
	EXPECT(strstr(get("tine-f/a/b", "cgroup.events"), FROZEN));
	EXPECT_STREQ(get("tine-f/a/b", "cgroup.freeze"), "0\n");
	/* a new group below is frozen too, and does not thaw what is above */
	ASSERT_EQ(group("+", "tine-f/c"), 0);
	EXPECT(strstr(get("tine-f/c", "cgroup.events"), FROZEN));
	EXPECT(strstr(get("tine-f", "cgroup.events"), FROZEN));
	ASSERT_EQ(put("tine-f/a", "cgroup.freeze", "1"), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	EXPECT(strstr(get("tine-f", "cgroup.events"), THAWED));
	EXPECT(strstr(get("tine-f/c", "cgroup.events"), THAWED));
	EXPECT(strstr(get("tine-f/a/b", "cgroup.events"), FROZEN));
	ASSERT_EQ(put("tine-f/a", "cgroup.freeze", "0"), 0);
	EXPECT(strstr(get("tine-f/a/b", "cgroup.events"), THAWED));
	end_child(pid);
	EXPECT_EQ(remove_group("tine-f/c"), 0);
	EXPECT_EQ(remove_group("tine-f/a/b"), 0);
	EXPECT_EQ(remove_group("tine-f/a"), 0);
	leave();
}

TEST(moving_freezes_and_thaws)
{
	volatile long *count = shared_long();
	pid_t pid;

	enter();
	ASSERT_EQ(group("+", "tine-f/cold"), 0);
	ASSERT_EQ(group("+", "tine-f/warm"), 0);
	ASSERT_EQ(put("tine-f/cold", "cgroup.freeze", "1"), 0);
	pid = start_counter(count);
	ASSERT_EQ(put_nr("tine-f/cold", "cgroup.procs", pid), 0);
	EXPECT(soon("tine-f/cold", "cgroup.events", FROZEN));
	EXPECT(stands(count));
	ASSERT_EQ(put_nr("tine-f/warm", "cgroup.procs", pid), 0);
	EXPECT(goes_on(count));
	EXPECT(strstr(get("tine-f/cold", "cgroup.events"), FROZEN));
	end_child(pid);
	EXPECT_EQ(remove_group("tine-f/cold"), 0);
	EXPECT_EQ(remove_group("tine-f/warm"), 0);
	leave();
}

/* Whatever it is doing when the group freezes, no child of a bomb runs on. */
TEST(forks_do_not_escape)
{
	volatile long *count = shared_long();
	int round;
	pid_t pid;

	enter();
	pid = fork();
	if (pid == 0) {
		if (put("tine-f", "cgroup.procs", "0"))
			_exit(1);
		for (;;) {
			pid_t child = fork();

			if (child == 0) {
				__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
				_exit(0);
			}
			waitpid(child, NULL, 0);
		}
	}
	EXPECT(goes_on(count));
	for (round = 0; round < 30; round++) {
		ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
		EXPECT(soon("tine-f", "cgroup.events", FROZEN));
		EXPECT(stands(count));
		ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
		EXPECT(goes_on(count));
	}
	ASSERT_EQ(put("tine-f", "cgroup.kill", "1"), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	leave();
}

TEST(a_stopped_task_counts_as_frozen)
{
	int status;
	pid_t pid;

	enter();
	pid = start_sleeper();
	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	EXPECT_EQ(state_of(pid), 'T');
	/* continued, it stays in the freezer */
	kill(pid, SIGCONT);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	ASSERT_EQ(waitpid(pid, &status, WCONTINUED), pid);
	end_child(pid);
	leave();
}

TEST(a_frozen_task_can_be_stopped)
{
	int status;
	pid_t pid;

	enter();
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	kill(pid, SIGSTOP);
	usleep(20000);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	EXPECT(WIFSTOPPED(status));
	end_child(pid);
	leave();
}

TEST(a_tracer_sees_a_frozen_task)
{
	siginfo_t info;
	int status;
	pid_t pid;

	enter();
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	ASSERT_EQ(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	ASSERT_EQ(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	EXPECT_EQ(ptrace(PTRACE_GETSIGINFO, pid, NULL, &info), 0);
	EXPECT_EQ(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	end_child(pid);
	leave();
}

/* A parent in vfork sleeps idly; the child freezes; both go on when thawed. */
TEST(vfork_is_frozen)
{
	volatile long *count = shared_long();
	int status;
	pid_t pid;

	enter();
	pid = fork();
	if (pid == 0) {
		if (vfork() == 0) {
			while (!count[1])
				++*count;
			_exit(0);
		}
		_exit(0);
	}
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	EXPECT(goes_on(count));
	/* the child may have been born before the move */
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT(soon("tine-f", "cgroup.events", FROZEN));
	count[1] = 1;
	usleep(50000);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "0"), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	leave();
}

TEST(watchers_are_told)
{
	char path[PATH_MAX], buffer[4096];
	struct pollfd events, watch;
	pid_t pid;

	enter();
	pid = start_sleeper();
	ASSERT_EQ(put_nr("tine-f", "cgroup.procs", pid), 0);
	snprintf(path, sizeof(path), "%s/tine-f/cgroup.events", cg_root);
	events.fd = open(path, O_RDONLY);
	events.events = POLLPRI;
	EXPECT_EQ(poll(&events, 1, 0), 1);
	ASSERT_GT(read(events.fd, buffer, sizeof(buffer)), 0);
	watch.fd = inotify_init1(IN_NONBLOCK);
	watch.events = POLLIN;
	ASSERT_GE(inotify_add_watch(watch.fd, path, IN_MODIFY), 0);
	EXPECT_EQ(poll(&events, 1, 0), 0);
	ASSERT_EQ(put("tine-f", "cgroup.freeze", "1"), 0);
	EXPECT_EQ(poll(&events, 1, 10000), 1);
	EXPECT(events.revents & POLLPRI);
	EXPECT(events.revents & POLLERR);
	EXPECT_EQ(poll(&events, 1, 0), 1);		/* until it is read */
	ASSERT_EQ(lseek(events.fd, 0, SEEK_SET), 0);
	ASSERT_GT(read(events.fd, buffer, sizeof(buffer)), 0);
	EXPECT_EQ(poll(&events, 1, 0), 0);
	EXPECT_EQ(poll(&watch, 1, 10000), 1);
	ASSERT_GT(read(watch.fd, buffer, sizeof(buffer)), 0);
	EXPECT(((struct inotify_event *)buffer)->mask & IN_MODIFY);
	end_child(pid);
	EXPECT_EQ(poll(&watch, 1, 10000), 1);
	close(watch.fd);
	close(events.fd);
	leave();
}

/* ---- version 1 ---- */

static void enter_v1(void)
{
	mount_v1("freezer");
	ASSERT_EQ(group("+", "f"), 0);
	ASSERT_EQ(group("+", "f/g"), 0);
}

static void leave_v1(void)
{
	EXPECT_EQ(remove_group("f/g"), 0);
	EXPECT_EQ(remove_group("f"), 0);
	unmount_cgroup();
}

TEST(v1_states)
{
	enter_v1();
	EXPECT_EQ(put("", "freezer.state", "FROZEN"), ENOENT);
	EXPECT_STREQ(get("f", "freezer.state"), "THAWED\n");
	EXPECT_EQ(put("f", "freezer.state", "FREEZING"), EINVAL);
	EXPECT_EQ(put("f", "freezer.self_freezing", "1"), EINVAL);
	EXPECT_EQ(put("f", "freezer.state", "FROZEN"), 0);
	EXPECT_STREQ(get("f/g", "freezer.state"), "FROZEN\n");
	EXPECT_STREQ(get("f", "freezer.self_freezing"), "1\n");
	EXPECT_STREQ(get("f", "freezer.parent_freezing"), "0\n");
	EXPECT_STREQ(get("f/g", "freezer.self_freezing"), "0\n");
	EXPECT_STREQ(get("f/g", "freezer.parent_freezing"), "1\n");
	/* what is asked for above counts */
	EXPECT_EQ(put("f/g", "freezer.state", "THAWED"), 0);
	EXPECT_STREQ(get("f/g", "freezer.state"), "FROZEN\n");
	EXPECT_EQ(put("f", "freezer.state", "THAWED"), 0);
	leave_v1();
}

TEST(v1_death_waits_for_thawing)
{
	int status;
	pid_t pid;

	enter_v1();
	pid = start_sleeper();
	ASSERT_EQ(put_nr("f/g", "tasks", pid), 0);
	ASSERT_EQ(put("f", "freezer.state", "FROZEN"), 0);
	EXPECT(soon("f", "freezer.state", "FROZEN"));
	EXPECT_EQ(state_of(pid), 'D');
	kill(pid, SIGKILL);
	usleep(50000);
	EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
	ASSERT_EQ(put("f", "freezer.state", "THAWED"), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(WTERMSIG(status), SIGKILL);
	leave_v1();
}

TEST(v1_sleep_goes_on_after_thawing)
{
	struct timespec nap = { 0, 200000000 };
	int status;
	pid_t pid;

	enter_v1();
	pid = fork();
	if (pid == 0)
		_exit(nanosleep(&nap, NULL) ? 1 : 0);
	ASSERT_EQ(put_nr("f", "tasks", pid), 0);
	ASSERT_EQ(put("f", "freezer.state", "FROZEN"), 0);
	EXPECT(soon("f", "freezer.state", "FROZEN"));
	usleep(300000);
	EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
	ASSERT_EQ(put("f", "freezer.state", "THAWED"), 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	leave_v1();
}

TEST(v1_moving_out_thaws)
{
	volatile long *count = shared_long();
	pid_t pid;

	enter_v1();
	pid = fork();
	if (pid == 0) {
		for (;;)
			++*count;
	}
	ASSERT_EQ(put("f", "freezer.state", "FROZEN"), 0);
	ASSERT_EQ(put_nr("f/g", "tasks", pid), 0);
	EXPECT(soon("f", "freezer.state", "FROZEN"));
	EXPECT(stands(count));
	ASSERT_EQ(put_nr("", "tasks", pid), 0);
	EXPECT(goes_on(count));
	end_child(pid);
	EXPECT_EQ(put("f", "freezer.state", "THAWED"), 0);
	leave_v1();
}

TEST(v1_stopped_and_frozen)
{
	int status;
	pid_t pid;

	enter_v1();
	pid = start_sleeper();
	kill(pid, SIGSTOP);
	ASSERT_EQ(waitpid(pid, &status, WUNTRACED), pid);
	ASSERT_EQ(put_nr("f", "tasks", pid), 0);
	ASSERT_EQ(put("f", "freezer.state", "FROZEN"), 0);
	EXPECT(soon("f", "freezer.state", "FROZEN"));
	ASSERT_EQ(put("f", "freezer.state", "THAWED"), 0);
	EXPECT_EQ(state_of(pid), 'T');
	kill(pid, SIGCONT);
	ASSERT_EQ(waitpid(pid, &status, WCONTINUED), pid);
	end_child(pid);
	leave_v1();
}
