// SPDX-License-Identifier: GPL-2.0-only
/* exec of each kind, exit and wait: every step from the call to the zombie. */
#include "failnth.h"
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define SET_USER_ID	"/tmp/failnth-suid"

enum { EXEC_PLAIN, EXEC_THREADS, EXEC_NOT_LEADER, EXEC_VFORK };

static void *wait_for_death(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* Return: what execve() said; the caller must be unharmed. */
static int arm_and_exec(const char *path, int n)
{
	char *argv[] = { (char *)path, "exit", NULL }, *envp[] = { "LC_ALL=C", NULL };
	int error;

	open_fail_nth();
	arm(n);
	execve(path, argv, envp);
	error = errno;
	disarm();
	return self_is_harmed(0) ? 255 : error;
}

struct order {
	const char *path;
	int n;
};

static void *exec_here(void *argument)
{
	const struct order *order = argument;

	_exit(arm_and_exec(order->path, order->n));
}

static void exec_child(const struct failcase *c, int n)
{
	struct order order = { strchr(c->name, '/'), n };
	pthread_t thread;

	be_silent();
	if (c->flags == EXEC_THREADS || c->flags == EXEC_NOT_LEADER)
		for (int i = 0; i < 2; i++)
			if (pthread_create(&thread, NULL, wait_for_death, NULL))
				_exit(254);
	if (c->flags == EXEC_NOT_LEADER) {
		if (pthread_create(&thread, NULL, exec_here, &order))
			_exit(254);
		wait_for_death(NULL);
	}
	_exit(arm_and_exec(order.path, n));
}

static int run_exec(const struct failcase *c, int n)
{
	siginfo_t info;
	pid_t pid = fork();
	int status;

	if (!pid)
		exec_child(c, n);
	if (pid < 0)
		return -1;
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	failnth_left = left_of(pid);
	if (waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) >= 254))
		return -1;
	/* Behind the point of no return there is only a signal left to tell it with. */
	if (WIFSIGNALED(status)) {
		strcpy(shared->where, "copy slab\n");
		return WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGSEGV ||
		       WTERMSIG(status) == SIGBUS ? ENOMEM : -1;
	}
	/* A loader that could not map a library says 127. */
	return WEXITSTATUS(status) == 127 ? EIO : WEXITSTATUS(status);
}

/* Its exit code would hide behind that of the program; the name is in the case's. */
static void add_exec(const char *name, unsigned long how, unsigned int kind)
{
	struct failcase *c;

	if (access(strchr(name, '/'), X_OK))
		return;
	c = add(name, run_exec, how, kind);
	/* An argument that cannot be copied does not fit; a name, a file, an interpreter. */
	c->allowed[0] = E2BIG;
	c->allowed[1] = EIO;
	c->allowed[2] = EMFILE;
	c->allowed[3] = ENOEXEC;
	c->allowed[4] = ENOMEM;
	c->allowed[5] = EFAULT;
}

static int copy_program(const char *from, const char *to)
{
	static char buf[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t got = 0;

	while (in >= 0 && out >= 0 && (got = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, got) != got)
			got = -1;
	if (in < 0 || out < 0 || got < 0 || fchown(out, 7, 7) || fchmod(out, 06755))
		return -1;
	close(in);
	close(out);
	return 0;
}

static int run_spawn(const struct failcase *c, int n)
{
	char *argv[] = { "/failnth/static", NULL };
	pid_t pid;
	int error = CALL(n, pid = vfork());

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid > 0 && wait_ok(pid))
		return -1;
	return error;
}

/* ---- exit and wait ---- */

static int run_wait(const struct failcase *c, int n)
{
	int status = -1, error;
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	if (c->flags)
		error = CALL(n, waitid(P_PID, pid, &info, WEXITED));
	else
		error = CALL(n, waitpid(pid, &status, 0));
	/* As on Linux, the child may be gone though its status could not be told. */
	waitpid(pid, &status, 0);
	return error;
}

/* A process whose last steps fail goes all the same. */
static int run_exit(const struct failcase *c, int n)
{
	siginfo_t info;
	pid_t pid = fork();
	int status;

	if (!pid) {
		open_fail_nth();
		arm(n);
		syscall(SYS_exit_group, 0);
	}
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	failnth_left = left_of(pid);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status ? -1 : 0;
}

/* A parent with children that go to somebody else, of which some are dead already. */
static int run_exit_family(const struct failcase *c, int n)
{
	siginfo_t info;
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGTERM, SIG_DFL);
		for (int i = 0; i < 4; i++)
			if (!fork()) {
				if (i & 1)
					_exit(0);
				usleep(2000);
				_exit(0);
			}
		open_fail_nth();
		arm(n);
		syscall(SYS_exit_group, 0);
	}
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	failnth_left = left_of(pid);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status ? -1 : 0;
}

/* However its core fails, a process dies of its signal. */
static int run_core(const struct failcase *c, int n)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	siginfo_t info;
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (chdir("/tmp") || setrlimit(RLIMIT_CORE, &all))
			_exit(1);
		open_fail_nth();
		arm(n);
		syscall(SYS_kill, syscall(SYS_getpid), SIGABRT);
		_exit(2);
	}
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	failnth_left = left_of(pid);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	unlink("/tmp/core");
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? 0 : -1;
}

void add_exec_cases(void)
{
	add_exec("exec /failnth/static", EXEC_PLAIN, 0);
	add_exec("exec /failnth/dynamic", EXEC_PLAIN, CASE_LONG);
	add_exec("exec /failnth/script", EXEC_PLAIN, CASE_LONG);
	add_exec("exec /bin/true", EXEC_PLAIN, 0);
	add_exec("exec by one of three threads, the leader /failnth/static", EXEC_THREADS,
		 CASE_LONG);
	add_exec("exec by a thread that does not lead /failnth/static", EXEC_NOT_LEADER, CASE_LONG);
	if (!access("/failnth/static", X_OK) && !copy_program("/failnth/static", SET_USER_ID))
		add_exec("exec set-user-id " SET_USER_ID, EXEC_PLAIN, CASE_LONG);
	if (!access("/failnth/static", X_OK))
		add("vfork and exec", run_spawn, 0, CASE_LONG);
	add("wait", run_wait, 0, 0);
	add("waitid", run_wait, 1, CASE_LONG);
	add("exit", run_exit, 0, 0);
	add("core", run_core, 0, CASE_LONG);
	add("exit of a parent", run_exit_family, 0, CASE_LONG);
}
