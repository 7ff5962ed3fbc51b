// SPDX-License-Identifier: GPL-2.0-only
/* What belongs to tasks: signals, timers, tracing, keys, System V objects, ids, limits. */
#include "failnth.h"
#include <grp.h>
#include <linux/aio_abi.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

/* ---- signals and timers ---- */

static int run_sigqueue(const struct failcase *c, int n)
{
	union sigval value = { .sival_int = 7 };
	struct timespec now = { 0, 0 };
	sigset_t set, old;
	siginfo_t info;
	int error;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, &old);
	if (c->flags) {
		if (sigqueue(getpid(), SIGRTMIN + 3, value))
			return -1;
		error = CALL(n, sigtimedwait(&set, &info, &now));
	} else {
		error = CALL(n, sigqueue(getpid(), SIGRTMIN + 3, value));
		if (!error && (sigtimedwait(&set, &info, &now) < 0 || info.si_value.sival_int != 7))
			return -1;
	}
	while (sigtimedwait(&set, &info, &now) > 0)
		;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return error;
}

static volatile int handled;

static void on_signal(int signal)
{
	handled++;
}

/* A frame that cannot be built kills, as on Linux; in a child. */
static int run_kill_self(const struct failcase *c, int n)
{
	struct sigaction action = { .sa_handler = on_signal };
	pid_t pid;
	int status;

	pid = fork();
	if (!pid) {
		open_fail_nth();
		sigaction(SIGUSR1, &action, NULL);
		arm(n);
		raise(SIGUSR1);
		shared->left = disarm();
		note_where(0);
		_exit(handled == 1 ? 0 : 1);
	}
	shared->left = 0;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	failnth_left = shared->left;
	if (WIFSIGNALED(status)) {
		strcpy(shared->where, "copy user\n");
		return WTERMSIG(status) == SIGSEGV ? EFAULT : -1;
	}
	/* The signal may have had no record, but it came. */
	return WEXITSTATUS(status) ? -1 : 0;
}

static int run_timer(const struct failcase *c, int n)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2 };
	struct itimerspec later = { { 0, 0 }, { 1000, 0 } };
	timer_t timer = NULL;
	int error;

	if (c->flags) {
		if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer))
			return -1;
		error = CALL(n, syscall(SYS_timer_settime, (int)(long)timer, 0, &later, NULL));
	} else {
		error = CALL(n, syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
	}
	if ((!error || c->flags) && syscall(SYS_timer_delete, (int)(long)timer))
		return -1;
	return error;
}

static int run_itimer(const struct failcase *c, int n)
{
	struct itimerval later = { { 0, 0 }, { 1000, 0 } }, none = { { 0, 0 }, { 0, 0 } };
	int error = CALL(n, setitimer(ITIMER_REAL, &later, NULL));

	return setitimer(ITIMER_REAL, &none, NULL) ? -1 : error;
}

static int run_nanosleep(const struct failcase *c, int n)
{
	struct timespec nap = { 0, 1000 };
	int error;

	arm(n);
	error = clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	failnth_left = disarm();
	return error;
}

/* ---- tracing ---- */

static int run_ptrace(const struct failcase *c, int n)
{
	struct iovec regs;
	static char image[4096];
	int error, status;
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	if (pid < 0)
		return -1;
	if (c->flags < 2) {
		error = CALL(n, ptrace(c->flags ? PTRACE_SEIZE : PTRACE_ATTACH, pid, NULL, NULL));
	} else {
		if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid)
			return -1;
		regs = (struct iovec){ image, sizeof(image) };
		if (c->flags == 2)
			error = CALL(n, ptrace(PTRACE_GETREGSET, pid, 2L, &regs));
		else if (c->flags == 3)
			error = CALL(n, ptrace(PTRACE_POKEDATA, pid, &handled, 5L));
		else
			error = CALL(n, ptrace(PTRACE_DETACH, pid, NULL, NULL));
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) == pid && !WIFSIGNALED(status))
		;
	return error;
}

static int run_vm_write(const struct failcase *c, int n)
{
	static char mine[3 * 4096];
	struct iovec local = { mine, sizeof(mine) }, remote = { big_area, sizeof(mine) };
	int error, status;
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	error = CALL(n, process_vm_writev(pid, &local, 1, &remote, 1, 0));
	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid ? error : -1;
}

/* ---- keys: in a child with a session of its own, so that all goes with it ---- */

enum { KEY_ADD, KEY_UPDATE, KEY_SESSION, KEY_LINK, KEY_SEARCH, KEY_READ, KEY_DESCRIBE };
#define KEYCTL_JOIN	1
#define SESSION		(-3L)

static long add_a_key(const char *data)
{
	return syscall(SYS_add_key, "user", "failnth", data, strlen(data), SESSION);
}

static long use_keys(unsigned long what, long key)
{
	static char text[200];

	switch (what) {
	case KEY_ADD:
	case KEY_UPDATE:
		return add_a_key("something that is somewhat longer than before");
	case KEY_SESSION:
		return syscall(SYS_keyctl, KEYCTL_JOIN, "another", 0, 0, 0);
	case KEY_LINK:
		return syscall(SYS_add_key, "keyring", "failnth-ring", NULL, 0, SESSION);
	case KEY_SEARCH:
		return syscall(SYS_keyctl, 10, SESSION, "user", "failnth", 0);
	case KEY_READ:
		return syscall(SYS_keyctl, 11, key, text, sizeof(text), 0);
	default:
		return syscall(SYS_keyctl, 6, key, text, sizeof(text), 0);
	}
}

static int run_keys(const struct failcase *c, int n)
{
	long key = 0;

	if (syscall(SYS_keyctl, KEYCTL_JOIN, NULL, 0, 0, 0) < 0)
		return -1;
	if (c->flags != KEY_ADD)
		key = add_a_key("short");
	if (key < 0)
		return -1;
	return CALL(n, use_keys(c->flags, key));
}

static int run_fork_with_keys(const struct failcase *c, int n)
{
	pid_t pid = -1;
	int error;

	if (syscall(SYS_keyctl, 0, -1L, 1, 0, 0) < 0 ||	/* a thread keyring */
	    syscall(SYS_keyctl, 0, -2L, 1, 0, 0) < 0 ||	/* a process keyring */
	    syscall(SYS_keyctl, KEYCTL_JOIN, NULL, 0, 0, 0) < 0)
		return -1;
	error = CALL(n, pid = syscall(SYS_fork));
	if (!pid)
		_exit(0);
	return pid > 0 && wait_ok(pid) ? -1 : error;
}

/* ---- System V and POSIX objects ---- */

static int run_shmget(const struct failcase *c, int n)
{
	int id = -1, error = CALL(n, id = shmget(IPC_PRIVATE, 4096, 0600));

	return id >= 0 && shmctl(id, IPC_RMID, NULL) ? -1 : error;
}

static int run_sem(const struct failcase *c, int n)
{
	struct sembuf up = { 0, 1, SEM_UNDO };
	int id = -1, error;

	if (!c->flags) {
		error = CALL(n, id = semget(IPC_PRIVATE, 3, 0600));
	} else {
		id = semget(IPC_PRIVATE, 3, 0600);
		error = CALL(n, semop(id, &up, 1));
		/* Nothing was done, or it was and is known. */
		if (semctl(id, 0, GETVAL) != !error)
			return -1;
	}
	return id >= 0 && semctl(id, 0, IPC_RMID) ? -1 : error;
}

static int run_fork_with_undo(const struct failcase *c, int n)
{
	struct sembuf up = { 0, 1, SEM_UNDO };
	int id = semget(IPC_PRIVATE, 1, 0600), error;
	pid_t pid = -1;

	if (semop(id, &up, 1))
		return -1;
	error = CALL(n, pid = syscall(SYS_clone, CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0));
	if (!pid)
		_exit(0);
	if (pid > 0 && wait_ok(pid))
		return -1;
	if (semctl(id, 0, GETVAL) != 1)
		return -1;
	return semctl(id, 0, IPC_RMID) ? -1 : error;
}

struct message {
	long type;
	char text[6000];
};

static int run_msg(const struct failcase *c, int n)
{
	static struct message out = { .type = 1 }, in;
	int id = -1, error;

	if (c->flags == 0) {
		error = CALL(n, id = msgget(IPC_PRIVATE, 0600));
	} else {
		id = msgget(IPC_PRIVATE, 0600);
		if (c->flags == 1) {
			error = CALL(n, msgsnd(id, &out, sizeof(out.text), IPC_NOWAIT));
		} else {
			if (msgsnd(id, &out, sizeof(out.text), 0))
				return -1;
			error = CALL(n, msgrcv(id, &in, sizeof(in.text), 0, IPC_NOWAIT));
		}
	}
	return id >= 0 && msgctl(id, IPC_RMID, NULL) ? -1 : error;
}

static int run_mq(const struct failcase *c, int n)
{
	static char text[8192];
	int fd = -1, error;
	struct timespec past = { 0, 0 };

	if (c->flags == 0) {
		error = CALL(n, fd = syscall(SYS_mq_open, "failnth", O_RDWR | O_CREAT, 0600, NULL));
	} else {
		fd = syscall(SYS_mq_open, "failnth", O_RDWR | O_CREAT, 0600, NULL);
		if (c->flags == 2 && syscall(SYS_mq_timedsend, fd, "message", 7, 0, NULL))
			return -1;
		if (c->flags == 1)
			error = CALL(n, syscall(SYS_mq_timedsend, fd, "message", 7, 0, &past));
		else
			error = CALL(n, syscall(SYS_mq_timedreceive, fd, text, sizeof(text), NULL,
						&past));
	}
	if (fd >= 0)
		close(fd);
	syscall(SYS_mq_unlink, "failnth");
	return error;
}

static int run_aio(const struct failcase *c, int n)
{
	aio_context_t context = 0;
	int error = CALL(n, syscall(SYS_io_setup, 8, &context));

	return context && syscall(SYS_io_destroy, context) ? -1 : error;
}

/* ---- futexes ---- */

static int run_futex(const struct failcase *c, int n)
{
	static uint32_t word;
	static const int ops[] = { FUTEX_WAKE, FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_CMP_REQUEUE };
	struct timespec none = { 0, 1 };
	int error;

	word = 0;
	/* CMP_REQUEUE has a number where others have a time: none to move. */
	error = CALL(n, syscall(SYS_futex, &word, ops[c->flags], 0, c->flags == 3 ? NULL : &none,
				&word, 0));
	if (c->flags == 2 && !error && syscall(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0))
		return -1;
	/* That it timed out is its success. */
	return error == ETIMEDOUT ? 0 : error;
}

static int has_pi_futexes(void)
{
	static uint32_t word;

	return !syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0) &&
	       !syscall(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

/* ---- ids, limits, the scheduler, names ---- */

enum { SELF_SETUID, SELF_SETGROUPS, SELF_SETRLIMIT, SELF_AFFINITY, SELF_NAME, SELF_CAPS,
       SELF_SIGACTION, SELF_ALTSTACK, SELF_SCHEDULER, SELF_HOSTNAME, SELF_GETRUSAGE, SELF_TIMES,
       SELF_SETSID, SELF_CLEAR_TID, SELF_PERSONALITY, SELF_GETGROUPS, SELF_MEMPOLICY };

static long call_self(unsigned long what)
{
	static const gid_t groups[] = { 1, 2, 3 };
	struct sigaction action = { .sa_handler = on_signal };
	stack_t stack = { .ss_sp = (void *)big_area, .ss_size = 65536 };
	struct sched_param param = { .sched_priority = 1 };
	struct rlimit limit = { 60, 60 };
	unsigned long nodes = 1;
	struct rusage usage;
	gid_t got[8];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	switch (what) {
	case SELF_SETUID:
		return syscall(SYS_setresuid, 4343, 0, 0);
	case SELF_SETGROUPS:
		return syscall(SYS_setgroups, 3, groups);
	case SELF_SETRLIMIT:
		return setrlimit(RLIMIT_NOFILE, &limit);
	case SELF_AFFINITY:
		return sched_setaffinity(0, sizeof(cpus), &cpus);
	case SELF_NAME:
		return prctl(PR_SET_NAME, "failing");
	case SELF_CAPS:
		return prctl(PR_CAPBSET_DROP, 5);
	case SELF_SIGACTION:
		return sigaction(SIGUSR1, &action, NULL);
	case SELF_ALTSTACK:
		return sigaltstack(&stack, NULL);
	case SELF_SCHEDULER:
		return sched_setscheduler(0, SCHED_FIFO, &param);
	case SELF_HOSTNAME:
		return sethostname("tine", 4);
	case SELF_GETRUSAGE:
		return getrusage(RUSAGE_SELF, &usage);
	case SELF_SETSID:
		return setsid();
	case SELF_PERSONALITY:
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	case SELF_GETGROUPS:
		return getgroups(8, got);
	default:
		return syscall(SYS_set_mempolicy, 2, &nodes, 2);
	}
}

static int run_self(const struct failcase *c, int n)
{
	return CALL(n, call_self(c->flags));
}

static int run_seccomp(const struct failcase *c, int n)
{
	struct sock_filter insns[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, 0 }, { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	struct sock_fprog prog = { 2, insns };

	return CALL(n, syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, c->flags, &prog));
}

static void add_self(void)
{
	static const struct {
		const char *name;
		unsigned long what;
	} calls[] = {
		{ "setresuid", SELF_SETUID }, { "setgroups", SELF_SETGROUPS },
		{ "setrlimit", SELF_SETRLIMIT }, { "sched_setaffinity", SELF_AFFINITY },
		{ "prctl SET_NAME", SELF_NAME }, { "prctl CAPBSET_DROP", SELF_CAPS },
		{ "sigaction", SELF_SIGACTION }, { "sigaltstack", SELF_ALTSTACK },
		{ "sched_setscheduler", SELF_SCHEDULER }, { "sethostname", SELF_HOSTNAME },
		{ "getrusage", SELF_GETRUSAGE }, { "setsid", SELF_SETSID },
		{ "prctl NO_NEW_PRIVS", SELF_PERSONALITY }, { "getgroups", SELF_GETGROUPS },
		{ "set_mempolicy", SELF_MEMPOLICY },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		/* setresuid(2): EAGAIN when there is no account for the new user */
		add(calls[i].name, run_self, calls[i].what, CASE_CHILD | CASE_LONG)->allowed[0] =
			calls[i].what == SELF_SETUID ? EAGAIN : 0;
}

static void add_keys(void)
{
	static const char *const names[] = { "add_key", "add_key again", "keyctl JOIN_SESSION_KEYRING",
					     "add_key keyring", "keyctl SEARCH", "keyctl READ",
					     "keyctl DESCRIBE" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add(names[i], run_keys, i, CASE_CHILD | (i ? CASE_LONG : 0));
	add("fork with keyrings", run_fork_with_keys, 0, CASE_CHILD);
}

static void add_ipc(void)
{
	add("shmget", run_shmget, 0, CASE_LONG);
	add("semget", run_sem, 0, CASE_LONG);
	add("semop with undo", run_sem, 1, CASE_CHILD);
	add("clone SYSVSEM with undo", run_fork_with_undo, 0, CASE_CHILD | CASE_LONG);
	add("msgget", run_msg, 0, CASE_LONG);
	add("msgsnd", run_msg, 1, CASE_LONG);
	add("msgrcv", run_msg, 2, CASE_LONG);
	add("mq_open", run_mq, 0, CASE_LONG)->allowed[0] = ENOSPC;
	add("mq_send", run_mq, 1, 0);
	add("mq_receive", run_mq, 2, CASE_LONG);
	add("io_setup", run_aio, 0, CASE_LONG);
}

void add_task_cases(void)
{
	/* sigqueue(3) and timer_create(2): EAGAIN when there is no record for it */
	add("sigqueue", run_sigqueue, 0, 0)->allowed[0] = EAGAIN;
	add("sigtimedwait", run_sigqueue, 1, CASE_LONG);
	add("a signal's frame", run_kill_self, 0, 0);
	add("timer_create", run_timer, 0, 0)->allowed[0] = EAGAIN;
	add("timer_settime", run_timer, 1, CASE_LONG);
	add("setitimer", run_itimer, 0, CASE_CHILD | CASE_LONG);
	add("clock_nanosleep", run_nanosleep, 0, CASE_LONG);
	add("ptrace ATTACH", run_ptrace, 0, 0);
	add("ptrace SEIZE", run_ptrace, 1, CASE_LONG);
	add("ptrace GETREGSET", run_ptrace, 2, CASE_LONG);
	/* a page that cannot be had is an address that cannot be reached */
	add("ptrace POKEDATA", run_ptrace, 3, CASE_LONG)->allowed[0] = EIO;
	add("ptrace DETACH", run_ptrace, 4, CASE_LONG);
	add("process_vm_writev", run_vm_write, 0, CASE_LONG)->allowed[0] = EFAULT;
	add_keys();
	add_ipc();
	add("futex WAKE", run_futex, 0, CASE_LONG);
	add("futex WAIT", run_futex, 1, CASE_LONG);
	if (has_pi_futexes())
		add("futex LOCK_PI", run_futex, 2, 0);
	add("futex CMP_REQUEUE", run_futex, 3, CASE_LONG);
	add_self();
	add("seccomp", run_seccomp, 0, CASE_CHILD);
	add("seccomp TSYNC", run_seccomp, SECCOMP_FILTER_FLAG_TSYNC, CASE_CHILD | CASE_LONG);
	add("seccomp listener", run_seccomp, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	    CASE_CHILD | CASE_LONG);
}
