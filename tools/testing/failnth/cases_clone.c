// SPDX-License-Identifier: GPL-2.0-only
/* fork, vfork, threads, clone and clone3 with every legal set of flags; unshare and setns. */
#include "failnth.h"
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

static char clone_stack[64 * 1024] __attribute__((aligned(16)));
static char tls_block[4096] __attribute__((aligned(64)));
static int cgroup_fd = -1;

/* Return: the child's pid or -1; it exits at once, without touching shared memory. */
static long raw_clone(unsigned long flags, void *stack, int *ptid, int *ctid)
{
	register int *r10 asm("r10") = ctid;
	register void *r8 asm("r8") = tls_block;
	long ret;

	asm volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\t"
		     "xor %%edi, %%edi\n\tmov $60, %%eax\n\tsyscall\n1:"
		     : "=a" (ret)
		     : "0" ((long)SYS_clone), "D" (flags), "S" (stack), "d" (ptid), "r" (r10),
		       "r" (r8)
		     : "rcx", "r11", "memory");
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

static long raw_clone3(struct clone_args *args)
{
	long ret;

	asm volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\t"
		     "xor %%edi, %%edi\n\tmov $60, %%eax\n\tsyscall\n1:"
		     : "=a" (ret) : "0" ((long)SYS_clone3), "D" (args), "S" (sizeof(*args))
		     : "rcx", "r11", "memory");
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

/* Threads have nobody to wait for them, and siblings our parent. */
static int is_gone(pid_t pid)
{
	while (!syscall(SYS_tkill, pid, 0) || errno != ESRCH)
		sched_yield();
	return 0;
}

static int finish_clone(unsigned long flags, long pid, int error, int pidfd)
{
	if (pidfd >= 0 && close(pidfd))
		return -1;
	if (pid > 0) {
		if (flags & (CLONE_THREAD | CLONE_PARENT) ? is_gone(pid) : wait_ok(pid))
			return -1;
	} else if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD) {
		return -1;	/* a child nobody was told of */
	}
	return error;
}

static int run_clone(const struct failcase *c, int n)
{
	unsigned long flags = c->flags | (c->flags & CLONE_THREAD ? 0 : SIGCHLD);
	static int tid, word;
	int error;
	long pid = -1;

	word = -1;
	error = CALL(n, pid = raw_clone(flags, flags & CLONE_VM ? clone_stack + sizeof(clone_stack) : NULL,
					&word, &tid));
	return finish_clone(flags, pid, error, flags & CLONE_PIDFD && pid > 0 ? word : -1);
}

/* A number that nobody has. */
#define FREE_PID	20011

static int do_clone3(unsigned long long flags, int n, int set_tid)
{
	static int tid, word, pidfd, free_pid = FREE_PID;
	struct clone_args args = {
		.flags = flags,
		.pidfd = (uintptr_t)&pidfd,
		.child_tid = (uintptr_t)&tid,
		.parent_tid = (uintptr_t)&word,
		.exit_signal = flags & (CLONE_THREAD | CLONE_PARENT) ? 0 : SIGCHLD,
		.stack = flags & CLONE_VM ? (uintptr_t)clone_stack : 0,
		.stack_size = flags & CLONE_VM ? sizeof(clone_stack) : 0,
		.tls = (uintptr_t)tls_block,
		.cgroup = cgroup_fd,
		.set_tid = set_tid ? (uintptr_t)&free_pid : 0,
		.set_tid_size = set_tid,
	};
	int error;
	long pid = -1;

	pidfd = -1;
	error = CALL(n, pid = raw_clone3(&args));
	if (set_tid && pid > 0 && pid != FREE_PID)
		return -1;
	return finish_clone(flags, pid, error, pid > 0 ? pidfd : -1);
}

static int run_clone3(const struct failcase *c, int n)
{
	return do_clone3(c->flags, n, 0);
}

static int run_set_tid(const struct failcase *c, int n)
{
	return do_clone3(c->flags, n, 1);
}

static int run_fork(const struct failcase *c, int n)
{
	long pid = -1;
	int error = CALL(n, pid = raw_clone(SIGCHLD, NULL, NULL, NULL));

	return finish_clone(0, pid, error, -1);
}

static int run_vfork(const struct failcase *c, int n)
{
	long pid = -1;
	int error = CALL(n, pid = raw_clone(CLONE_VFORK | CLONE_VM | SIGCHLD, NULL, NULL, NULL));

	return finish_clone(0, pid, error, -1);
}

/* A thread that ends says who it is. */
static volatile pid_t ending;

static void *thread_body(void *argument)
{
	return argument;
}

/* The stack is too large for the C library to keep. */
static int create_thread(int n)
{
	pthread_attr_t attr;
	pthread_t thread;
	void *got = NULL;
	sigset_t mask;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64UL << 20);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	arm(n);
	error = pthread_create(&thread, &attr, thread_body, (void *)&ending);
	failnth_left = disarm();
	/* The C library does not look whether it could change the mask. */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (!failnth_left)
		note_where(0);
	if (!error && (pthread_join(thread, &got) || got != &ending))
		return -1;
	return error;
}

/* In a child: a C library that cannot go on calls abort(). */
static int run_pthread(const struct failcase *c, int n)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		be_silent();
		open_fail_nth();
		shared->error = create_thread(n);
		shared->left = failnth_left;
		if (self_is_harmed(0))
			shared->error = -1;
		_exit(0);
	}
	shared->left = 0;
	shared->error = EAGAIN;
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	failnth_left = shared->left;
	return !status || WTERMSIG(status) == SIGABRT ? shared->error : -1;
}

static void *end_of_thread(void *argument)
{
	const int *n = argument;
	int fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	char text[24];
	int length = snprintf(text, sizeof(text), "%d %d", *n, failnth_more);

	if (fd < 0 || dup2(fd, 60) != 60 || close(fd))
		_exit(123);
	ending = gettid();
	if (pwrite(60, text, length, 0) != length)
		_exit(123);
	syscall(SYS_exit, 0);
	return NULL;
}

/*
 * A thread that ends while its steps fail goes all the same. Nobody can ask afterwards which did,
 * and pthread_join() waits for a word that could not be cleared, as on Linux.
 */
static int run_thread_exit(const struct failcase *c, int n)
{
	pthread_t thread;

	ending = 0;
	if (pthread_create(&thread, NULL, end_of_thread, &n) || pthread_detach(thread))
		return -1;
	while (!ending)
		sched_yield();
	is_gone(ending);
	close(60);
	strcpy(shared->where, "exit of a thread\n");
	failnth_left = n > 30;
	return 0;
}

/* ---- every legal set of flags ---- */

struct named_flag {
	unsigned long long flag;
	const char *name;
};

static const struct named_flag sharing[] = {
	{ CLONE_VM, "VM" }, { CLONE_SIGHAND, "SIGHAND" }, { CLONE_THREAD, "THREAD" },
	{ CLONE_FS, "FS" }, { CLONE_FILES, "FILES" }, { CLONE_SYSVSEM, "SYSVSEM" },
	{ CLONE_IO, "IO" }, { CLONE_CLEAR_SIGHAND, "CLEAR_SIGHAND" },
};

/* CLONE_SETTLS comes last: without CLONE_VM it matters to nobody but the child. */
static const unsigned long long others[] = {
	CLONE_PARENT, CLONE_PARENT_SETTID, CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID, CLONE_VFORK,
	CLONE_PTRACE, CLONE_UNTRACED, CLONE_PIDFD, CLONE_SETTLS,
};

static const struct named_flag spaces[] = {
	{ CLONE_NEWUTS, "uts" }, { CLONE_NEWIPC, "ipc" }, { CLONE_NEWNS, "mnt" },
	{ CLONE_NEWPID, "pid" }, { CLONE_NEWUSER, "user" }, { CLONE_NEWNET, "net" },
	{ CLONE_NEWCGROUP, "cgroup" },
};

#define NR_OTHERS	(sizeof(others) / sizeof(others[0]))
#define NR_SHARING	(sizeof(sharing) / sizeof(sharing[0]))
#define NR_SPACES	(sizeof(spaces) / sizeof(spaces[0]))

static int is_legal(unsigned long long flags)
{
	return failnth_legal(flags, flags & (CLONE_THREAD | CLONE_PARENT) ? 0 : SIGCHLD, 1);
}

static unsigned long long others_of(unsigned int bits)
{
	unsigned long long flags = 0;

	for (size_t i = 0; i < NR_OTHERS; i++)
		flags |= bits & 1u << i ? others[i] : 0;
	return flags;
}

/*
 * What sharing[] has, given; with it every legal set of others[], and one sweep of this case sweeps
 * over all of them. To make each step of each set fail takes hours ("all"); without, a set gets
 * each eighth step and its neighbours, which differ in the first three of others[], the rest.
 */
static int run_all_others(const struct failcase *c, int n)
{
	static int rounds_untouched;
	int worst = 0, untouched = 1;

	for (unsigned int bits = 0; bits < 1u << NR_OTHERS; bits++) {
		unsigned long long flags = c->flags | others_of(bits);
		int error;

		if (!is_legal(flags) || (!failnth_all && n > 1 && bits % 8 != (unsigned int)n % 8))
			continue;
		error = do_clone3(flags, n, 0);
		if (error < 0) {
			printf("#   flags %#llx\n", flags);
			return -1;
		}
		shared->combinations += n == 1;
		if (!failnth_left) {
			untouched = 0;
			shared->forced++;
			shared->survived += !error;
		} else if (error) {
			printf("#   flags %#llx\n", flags);
			return -1;
		}
		worst = error ? error : worst;
	}
	rounds_untouched = untouched && n > 1 ? rounds_untouched + 1 : 0;
	/* Each eighth of them must have come to its end. */
	failnth_left = rounds_untouched >= 8 || (failnth_all && untouched);
	shared->forced -= !failnth_left;	/* one() counts one */
	if (!failnth_left)
		strcpy(shared->where, "copy slab table charge row, of many\n");
	return worst;
}

static void name_flags(char *name, size_t size, const char *call, unsigned long long flags)
{
	size_t used = snprintf(name, size, "%s", call);

	for (size_t i = 0; i < NR_SHARING; i++)
		if (flags & sharing[i].flag)
			used += snprintf(name + used, size - used, " %s", sharing[i].name);
}

/* Each legal set of sharing[]: alone by clone and clone3, and with all of others[]. */
static void add_sharing(void)
{
	char name[96];

	for (unsigned int bits = 0; bits < 1u << NR_SHARING; bits++) {
		unsigned long long flags = 0;
		struct failcase *c;

		for (size_t i = 0; i < NR_SHARING; i++)
			flags |= bits & 1u << i ? sharing[i].flag : 0;
		if (!is_legal(flags))
			continue;
		if (!(flags & CLONE_CLEAR_SIGHAND)) {
			name_flags(name, sizeof(name), "clone", flags);
			add(name, run_clone, flags, CASE_LONG);
		}
		name_flags(name, sizeof(name), "clone3", flags);
		add(name, run_clone3, flags, CASE_LONG);
		name_flags(name, sizeof(name), "clone3 and others:", flags);
		c = add(name, run_all_others, flags, CASE_LONG | CASE_FAST | CASE_ONCE);
		c->allowed[0] = ENOMEM;
		c->allowed[1] = EAGAIN;
		c->allowed[2] = EFAULT;
		c->allowed[3] = EMFILE;
	}
}

/* ---- namespaces ---- */

static int run_unshare(const struct failcase *c, int n)
{
	return CALL(n, unshare(c->flags));
}

static int run_setns(const struct failcase *c, int n)
{
	char path[64];
	int fd, error;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", strrchr(c->name, ' ') + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	error = CALL(n, setns(fd, c->flags));
	close(fd);
	return error;
}

static int run_setns_pidfd(const struct failcase *c, int n)
{
	int fd = syscall(SYS_pidfd_open, getppid(), 0), error;

	if (fd < 0)
		return -1;
	error = CALL(n, setns(fd, c->flags));
	close(fd);
	return error;
}

/* Another user namespace, and the way into it. */
static int run_setns_user(const struct failcase *c, int n)
{
	int go[2], fd, error;
	char byte, path[64];
	pid_t pid;

	if (pipe(go))
		return -1;
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWUSER) || write(go[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	if (read(go[0], &byte, 1) != 1)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	error = CALL(n, setns(fd, CLONE_NEWUSER));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return error;
}

/* Only the namespaces that this kernel has. */
static void add_spaces(void)
{
	unsigned long all = 0;
	char name[96], path[64];

	for (size_t i = 0; i < NR_SPACES; i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", spaces[i].name);
		if (access(path, F_OK))
			continue;
		snprintf(name, sizeof(name), "clone new %s", spaces[i].name);
		add(name, run_clone, spaces[i].flag, 0);
		snprintf(name, sizeof(name), "clone3 new %s", spaces[i].name);
		add(name, run_clone3, spaces[i].flag, CASE_LONG);
		snprintf(name, sizeof(name), "unshare %s", spaces[i].name);
		add(name, run_unshare, spaces[i].flag, CASE_CHILD);
		if (spaces[i].flag == CLONE_NEWUSER) {
			add("setns another user", run_setns_user, 0, CASE_CHILD | CASE_LONG);
			continue;
		}
		all |= spaces[i].flag;
		snprintf(name, sizeof(name), "setns %s", spaces[i].name);
		add(name, run_setns, spaces[i].flag, CASE_CHILD);
	}
	add("setns by pidfd", run_setns_pidfd, all & ~CLONE_NEWPID, CASE_CHILD);
	add("clone new of all", run_clone, all | CLONE_NEWUSER, CASE_LONG);
	add("clone new of all but user", run_clone, all, 0);
	add("clone new of all VM", run_clone, all | CLONE_VM, CASE_LONG);
	add("clone new of all VM FILES VFORK", run_clone, all | CLONE_VM | CLONE_FILES | CLONE_VFORK,
	    CASE_LONG);
	add("unshare of all", run_unshare, all | CLONE_NEWUSER | CLONE_FILES | CLONE_SYSVSEM,
	    CASE_CHILD);
	add("unshare FILES FS", run_unshare, CLONE_FILES | CLONE_FS, CASE_CHILD);
	add("unshare SYSVSEM", run_unshare, CLONE_SYSVSEM, CASE_CHILD);
	add("unshare THREAD SIGHAND VM", run_unshare, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM,
	    CASE_CHILD | CASE_LONG);
}

/* ---- CLONE_INTO_CGROUP ---- */

static int open_cgroup(void)
{
	if (mkdir("/tmp/failnth-cgroup", 0700) ||
	    mount("none", "/tmp/failnth-cgroup", "cgroup2", 0, NULL) ||
	    (mkdir("/tmp/failnth-cgroup/one", 0700) && errno != EEXIST))
		return -1;
	return open("/tmp/failnth-cgroup/one", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void add_cgroup(void)
{
	cgroup_fd = open_cgroup();
	if (cgroup_fd < 0)
		return;
	add("clone3 INTO_CGROUP", run_clone3, CLONE_INTO_CGROUP, 0);
	add("clone3 INTO_CGROUP PIDFD", run_clone3, CLONE_INTO_CGROUP | CLONE_PIDFD, CASE_LONG);
	add("clone3 INTO_CGROUP VM VFORK", run_clone3, CLONE_INTO_CGROUP | CLONE_VM | CLONE_VFORK,
	    CASE_LONG);
	if (access("/proc/self/ns/cgroup", F_OK))
		return;
	add("clone3 INTO_CGROUP new cgroup", run_clone3, CLONE_INTO_CGROUP | CLONE_NEWCGROUP,
	    CASE_LONG);
}

#define PTHREAD_FLAGS	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SIGHAND | \
			 CLONE_THREAD | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

void add_clone_cases(void)
{
	add("fork", run_fork, 0, 0);
	add("fork of a forked process", run_fork, 0, CASE_CHILD);
	add("fork in namespaces of its own", run_fork, 0, CASE_SPACES);
	add("vfork", run_vfork, 0, 0);
	add("clone tids", run_clone,
	    CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID, 0);
	add("clone PIDFD", run_clone, CLONE_PIDFD, 0);
	add("clone3 PIDFD", run_clone3, CLONE_PIDFD, 0);
	add("clone3 PIDFD in namespaces of its own", run_clone3, CLONE_PIDFD,
	    CASE_SPACES | CASE_LONG);
	add("clone3 CLEAR_SIGHAND", run_clone3, CLONE_CLEAR_SIGHAND, 0);
	add("clone3 set_tid", run_set_tid, 0, 0)->allowed[0] = EEXIST;
	add("clone3 set_tid PIDFD", run_set_tid, CLONE_PIDFD, CASE_LONG)->allowed[0] = EEXIST;
	add("clone a thread", run_clone, PTHREAD_FLAGS, 0);
	add("clone3 a thread", run_clone3, PTHREAD_FLAGS, 0);
	add("clone3 a thread in namespaces of its own", run_clone3, PTHREAD_FLAGS,
	    CASE_SPACES | CASE_LONG);
	add("clone VM VFORK", run_clone, CLONE_VM | CLONE_VFORK, 0);
	add("clone all that is shared", run_clone, CLONE_VM | CLONE_FS | CLONE_FILES |
	    CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_IO, 0);
	add("clone all but memory", run_clone, CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_IO, 0);
	add("pthread_create", run_pthread, 0, CASE_ONCE)->allowed[0] = EAGAIN;
	add("exit of a thread", run_thread_exit, 0, 0);
	add_cgroup();
	add_spaces();
	if (failnth_legal)
		add_sharing();
}
