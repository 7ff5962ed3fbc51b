// SPDX-License-Identifier: GPL-2.0-only
/* The calls that failnth sweeps over. Each leaves nothing behind, whether it fails or not. */
#include "failnth.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct failcase cases[MAX_CASES];
int nr_cases;

static char stacks[2][64 * 1024] __attribute__((aligned(16)));

static struct failcase *add(const char *name, int (*run)(const struct failcase *, int),
			    unsigned long flags)
{
	struct failcase *c = &cases[nr_cases++];

	if (nr_cases == MAX_CASES)
		exit(3);
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->run = run;
	c->flags = flags;
	return c;
}

/* Arm, do the call, disarm; the errno of a failure. */
#define CALL(n, expression) ({							\
	long value_;								\
	int error_;								\
										\
	arm(n);									\
	value_ = (long)(expression);						\
	error_ = value_ == -1 ? errno : 0;					\
	failnth_left = disarm();						\
	error_;									\
})

static int wait_ok(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, __WALL);
	while (got < 0 && errno == EINTR);
	return got == pid && !status ? 0 : -1;
}

/* ---- tasks ---- */

/* Return: the child's pid or -1; it exits at once, without touching shared memory. */
static long raw_clone(unsigned long flags, void *stack, int *ptid, int *ctid)
{
	register int *r10 asm("r10") = ctid;
	register long r8 asm("r8") = 0;
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
		     : "=a" (ret) : "0" (435L), "D" (args), "S" (sizeof(*args))
		     : "rcx", "r11", "memory");
	if (ret < 0) {
		errno = -ret;
		return -1;
	}
	return ret;
}

/* A thread has no parent to wait: the kernel clears its word when it has gone. */
static int thread_gone(volatile int *tid, pid_t pid)
{
	pid_t self = getpid();

	(void)tid;
	while (!syscall(SYS_tgkill, self, pid, 0) || errno != ESRCH)
		sched_yield();
	return 0;
}

static int finish_clone(unsigned long flags, long pid, int error, volatile int *tid, int pidfd)
{
	if (pidfd >= 0 && close(pidfd))
		return -1;
	if (pid > 0) {
		if ((flags & CLONE_THREAD ? thread_gone(tid, pid) : wait_ok(pid)))
			return -1;
	} else if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD) {
		return -1;	/* a child nobody was told of */
	}
	return error;
}

static int run_clone(const struct failcase *c, int n)
{
	unsigned long flags = c->flags & ~(unsigned long)CLONE_PIDFD;
	static int tid, word;
	int error;
	long pid = -1;

	word = -1;
	if (c->flags & CLONE_PIDFD)
		flags |= CLONE_PIDFD;
	error = CALL(n, pid = raw_clone(flags | (flags & CLONE_THREAD ? 0 : SIGCHLD),
					flags & CLONE_VM ? stacks[0] + sizeof(stacks[0]) : NULL,
					&word, &tid));
	return finish_clone(flags, pid, error, &tid,
			    flags & CLONE_PIDFD && pid > 0 ? word : -1);
}

static int run_clone3(const struct failcase *c, int n)
{
	static int tid, word, pidfd;
	struct clone_args args = {
		.flags = c->flags,
		.pidfd = (uintptr_t)&pidfd,
		.child_tid = (uintptr_t)&tid,
		.parent_tid = (uintptr_t)&word,
		.exit_signal = c->flags & CLONE_THREAD ? 0 : SIGCHLD,
		.stack = c->flags & CLONE_VM ? (uintptr_t)stacks[0] : 0,
		.stack_size = c->flags & CLONE_VM ? sizeof(stacks[0]) : 0,
	};
	int error;
	long pid = -1;

	pidfd = -1;
	error = CALL(n, pid = raw_clone3(&args));
	return finish_clone(c->flags, pid, error, &tid, pid > 0 ? pidfd : -1);
}

static int run_fork(const struct failcase *c, int n)
{
	long pid = -1;
	int error = CALL(n, pid = raw_clone(SIGCHLD, NULL, NULL, NULL));

	return finish_clone(0, pid, error, NULL, -1);
}

/* In a child: its own steps, its end included. */
static int in_child(int n, int (*call)(unsigned long), unsigned long flags)
{
	int status, error;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		close(fail_fd);
		open_fail_nth();
		arm(n);
		error = call(flags) ? errno : 0;
		/* Two bytes of news: did a step fail, and what was said. */
		_exit(disarm() ? error ? 119 : 118 : error);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	failnth_left = WEXITSTATUS(status) == 118 || WEXITSTATUS(status) == 119;
	return failnth_left ? (WEXITSTATUS(status) == 119 ? EINVAL : 0) : WEXITSTATUS(status);
}

static int call_unshare(unsigned long flags)
{
	return unshare(flags);
}

static int run_unshare(const struct failcase *c, int n)
{
	return in_child(n, call_unshare, c->flags);
}

static int self_ns = -1;

static int call_setns(unsigned long flags)
{
	return setns(self_ns, flags);
}

static int run_setns(const struct failcase *c, int n)
{
	const char *name = c->name + strlen("setns ");
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	self_ns = open(path, O_RDONLY | O_CLOEXEC);
	if (self_ns < 0)
		return -1;
	ret = in_child(n, call_setns, c->flags);
	close(self_ns);
	return ret;
}

/* ---- exec: every step from the call to the new program's end, read off the zombie ---- */

/* What is left to a task that has gone but was not reaped. */
static int left_of(pid_t pid)
{
	char path[64], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	close(fd);
	return atoi(text);
}

static int run_exec(const struct failcase *c, int n)
{
	char *path = (char *)c->name + strlen("exec ");
	char *argv[] = { path, "exit", NULL }, *envp[] = { NULL };
	siginfo_t info;
	pid_t pid = fork();
	int status;

	if (!pid) {
		close(fail_fd);
		open_fail_nth();
		arm(n);
		execve(path, argv, envp);
		_exit(errno);
	}
	if (pid < 0)
		return -1;
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	failnth_left = left_of(pid);
	waitpid(pid, &status, 0);
	/* Behind the point of no return there is only a signal left to tell it with. */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGSEGV ||
		       WTERMSIG(status) == SIGBUS ? ENOMEM : -1;
	/* A loader that could not map a library says 127. */
	return WEXITSTATUS(status) == 127 ? ENOMEM : WEXITSTATUS(status);
}

/* ---- descriptors ---- */

static int call_dup2(unsigned long to)
{
	return dup2(0, to) < 0;
}

/* In a child, whose table has not grown yet. */
static int run_grow(const struct failcase *c, int n)
{
	return in_child(n, call_dup2, c->flags);
}

static int run_open(const struct failcase *c, int n)
{
	int fd = -1, error = CALL(n, fd = open("/tmp/failnth-file", O_RDWR | O_CREAT, 0600));

	if (fd >= 0)
		close(fd);
	unlink("/tmp/failnth-file");
	return error;
}

static int run_pair(const struct failcase *c, int n)
{
	int fd[2] = { -1, -1 }, error;

	if (c->flags)
		error = CALL(n, socketpair(AF_UNIX, c->flags, 0, fd));
	else
		error = CALL(n, pipe(fd));
	if (!error && (close(fd[0]) || close(fd[1])))
		return -1;
	return error;
}

static int run_single(const struct failcase *c, int n)
{
	int fd = -1, error;

	if (c->flags)
		error = CALL(n, fd = socket(AF_UNIX, SOCK_STREAM, 0));
	else
		error = CALL(n, fd = epoll_create1(0));
	if (fd >= 0)
		close(fd);
	return error;
}

static int run_epoll_add(const struct failcase *c, int n)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd[2], ep = epoll_create1(0), error;

	if (pipe(fd))
		return -1;
	error = CALL(n, epoll_ctl(ep, EPOLL_CTL_ADD, fd[0], &event));
	close(ep);
	close(fd[0]);
	close(fd[1]);
	return error;
}

/* ---- memory: split areas from all sides ---- */

#define PAGES	16
#define KIB4	4096UL

static char *area(void)
{
	char *p = mmap(NULL, PAGES * KIB4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		for (int i = 0; i < PAGES; i++)
			p[i * KIB4] = i;
	return p;
}

/* What the failed call left must still be the memory that was there. */
static int drop(char *p, int check)
{
	for (int i = 0; check && i < PAGES; i++)
		if (p[i * KIB4] != i)
			return -1;
	return munmap(p, PAGES * KIB4);
}

static int run_mmap(const struct failcase *c, int n)
{
	void *p = MAP_FAILED;
	int error = CALL(n, p = mmap(NULL, PAGES * KIB4, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | c->flags, -1, 0));

	if (p != MAP_FAILED && munmap(p, PAGES * KIB4))
		return -1;
	return error;
}

static int run_mprotect(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, mprotect(p + 4 * KIB4, 4 * KIB4, PROT_READ));

	return drop(p, 1) ? -1 : error;
}

static int run_munmap(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, munmap(p + 4 * KIB4, 4 * KIB4));

	return drop(p, error) ? -1 : error;
}

static int run_mremap(const struct failcase *c, int n)
{
	char *p = area(), *q = MAP_FAILED;
	int error = CALL(n, q = mremap(p + 4 * KIB4, 4 * KIB4, 64 * KIB4, MREMAP_MAYMOVE));

	if (q != MAP_FAILED && munmap(q, 64 * KIB4))
		return -1;
	return drop(p, error) ? -1 : error;
}

static int run_mlock(const struct failcase *c, int n)
{
	char *p = area();
	int error = CALL(n, mlock(p + 4 * KIB4, 4 * KIB4));

	return drop(p, 1) ? -1 : error;
}

static int run_touch(const struct failcase *c, int n)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		char *p = mmap(NULL, KIB4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		close(fail_fd);
		open_fail_nth();
		arm(n);
		*(volatile char *)p = 1;
		_exit(disarm() ? 118 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	failnth_left = WIFEXITED(status) && WEXITSTATUS(status) == 118;
	return WIFEXITED(status) ? 0 : ENOMEM;
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
	error = CALL(n, waitpid(pid, &status, 0));
	/* As on Linux, the child may be gone though its status could not be told. */
	waitpid(pid, &status, 0);
	return error;
}

/* A process whose last steps fail goes all the same. */
static int run_exit(const struct failcase *c, int n)
{
	int status;
	siginfo_t info;
	pid_t pid = fork();

	if (!pid) {
		close(fail_fd);
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

/* ---- control groups: a hierarchy without controllers, and cgroup2 ---- */

static char group_v1[64], group_v2[64];

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error;

	if (fd < 0)
		return -1;
	error = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	errno = error;
	return error ? -1 : 0;
}

static int write_tasks(const char *group, const char *text)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	return write_text(path, text);
}

/* flags: 1 for version 1, else 2. */
static const char *base_of(const struct failcase *c)
{
	return c->flags == 1 ? group_v1 : group_v2;
}

static int run_group(const struct failcase *c, int n)
{
	char path[96];
	int error;

	snprintf(path, sizeof(path), "%s/new", base_of(c));
	error = CALL(n, mkdir(path, 0755));
	if (!error && rmdir(path))
		return -1;
	return error && !access(path, F_OK) ? -1 : error;
}

static int run_enter(const struct failcase *c, int n)
{
	int error = CALL(n, write_tasks(base_of(c), "0"));
	char root[80];

	snprintf(root, sizeof(root), "%s/..", base_of(c));
	return write_tasks(root, "0") ? -1 : error;
}

/* A fork in a group. */
static int run_group_fork(const struct failcase *c, int n)
{
	char root[80];
	int error;

	if (write_tasks(base_of(c), "0"))
		return -1;
	error = run_fork(c, n);
	snprintf(root, sizeof(root), "%s/..", base_of(c));
	return write_tasks(root, "0") ? -1 : error;
}

static int run_into(const struct failcase *c, int n)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	long pid = -1;
	int error;

	args.cgroup = open(group_v2, O_RDONLY | O_DIRECTORY);
	error = CALL(n, pid = raw_clone3(&args));
	close(args.cgroup);
	return finish_clone(0, pid, error, NULL, -1);
}

static int run_mount_group(const struct failcase *c, int n)
{
	int error = CALL(n, mount("none", "/failnth-cg/1", "cgroup", 0, "none,name=failnth-new"));

	return !error && umount("/failnth-cg/1") ? -1 : error;
}

static void add_groups(void)
{
	mkdir("/failnth-cg", 0755);
	mkdir("/failnth-cg/1", 0755);
	mkdir("/failnth-cg/v1", 0755);
	mkdir("/failnth-cg/v2", 0755);
	if (mount("none", "/failnth-cg/v1", "cgroup", 0, "none,name=failnth") ||
	    mount("none", "/failnth-cg/v2", "cgroup2", 0, NULL))
		return;
	snprintf(group_v1, sizeof(group_v1), "/failnth-cg/v1/group");
	snprintf(group_v2, sizeof(group_v2), "/failnth-cg/v2/group");
	if ((mkdir(group_v1, 0755) | mkdir(group_v2, 0755)) && errno != EEXIST)
		return;
	add("cgroup v1 mount", run_mount_group, 0)->allowed[0] = EMFILE;
	for (unsigned long version = 1; version <= 2; version++) {
		add(version == 1 ? "cgroup v1 mkdir" : "cgroup2 mkdir", run_group, version);
		add(version == 1 ? "cgroup v1 enter" : "cgroup2 enter", run_enter, version)->allowed[0] =
			EMFILE;
		add(version == 1 ? "cgroup v1 fork" : "cgroup2 fork", run_group_fork, version);
	}
	add("clone3 INTO_CGROUP", run_into, 0);
}

/* ---- cores ---- */

/* However its core fails, a process dies of its signal. */
static int run_core(const struct failcase *c, int n)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int status;
	siginfo_t info;
	pid_t pid = fork();

	if (!pid) {
		if (chdir("/tmp") || setrlimit(RLIMIT_CORE, &all))
			_exit(1);
		close(fail_fd);
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

/* ---- filters ---- */

static int call_seccomp(unsigned long flags)
{
	struct sock_filter insns[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, 0 }, { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	struct sock_fprog prog = { 2, insns };
	int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);

	if (fd > 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int run_seccomp(const struct failcase *c, int n)
{
	return in_child(n, call_seccomp, c->flags);
}

/* ---- the list ---- */

static const struct {
	unsigned long flag;
	const char *name;
} sharing[] = {
	{ CLONE_FS, "FS" }, { CLONE_FILES, "FILES" }, { CLONE_SYSVSEM, "SYSVSEM" }, { CLONE_IO, "IO" },
}, spaces[] = {
	{ CLONE_NEWUTS, "uts" }, { CLONE_NEWIPC, "ipc" }, { CLONE_NEWNS, "mnt" },
	{ CLONE_NEWPID, "pid" }, { CLONE_NEWUSER, "user" }, { CLONE_NEWNET, "net" },
	{ CLONE_NEWCGROUP, "cgroup" },
};

static void add_sharing(const char *call, int (*run)(const struct failcase *, int))
{
	static const unsigned long base[] = {
		0, CLONE_VM, CLONE_VM | CLONE_SIGHAND, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD,
	};
	static const char *const base_name[] = { "", " VM", " VM SIGHAND", " VM SIGHAND THREAD" };
	char name[64];

	for (int b = 0; b < 4; b++) {
		for (unsigned int bits = 0; bits < 16; bits++) {
			unsigned long flags = base[b];

			if (failnth_short && bits != 0 && bits != 15)
				continue;
			snprintf(name, sizeof(name), "%s%s", call, base_name[b]);
			for (int i = 0; i < 4; i++) {
				if (!(bits & 1u << i))
					continue;
				flags |= sharing[i].flag;
				strcat(name, " ");
				strcat(name, sharing[i].name);
			}
			add(name, run, flags);
		}
	}
}

/* Only the namespaces that this kernel has. */
static void add_spaces(void)
{
	char name[64], path[64];

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", spaces[i].name);
		if (access(path, F_OK))
			continue;
		snprintf(name, sizeof(name), "clone new %s", spaces[i].name);
		add(name, run_clone, spaces[i].flag)->allowed[0] = ENOSPC;
		snprintf(name, sizeof(name), "unshare %s", spaces[i].name);
		add(name, run_unshare, spaces[i].flag)->allowed[0] = ENOSPC;
		if (spaces[i].flag == CLONE_NEWUSER)	/* one's own is refused */
			continue;
		snprintf(name, sizeof(name), "setns %s", spaces[i].name);
		add(name, run_setns, spaces[i].flag);
	}
}

static void add_exec(void)
{
	static const char *const programs[] = { "/bin/true", "/failnth/static", "/failnth/dynamic",
						"/failnth/script" };
	char name[64];

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct failcase *c;

		if (access(programs[i], X_OK))
			continue;
		snprintf(name, sizeof(name), "exec %s", programs[i]);
		c = add(name, run_exec, 0);
		/* An argument that cannot be copied does not fit; a name, a file, an interpreter. */
		c->allowed[0] = E2BIG;
		c->allowed[1] = EIO;
		c->allowed[2] = EMFILE;
		c->allowed[3] = ENOEXEC;
	}
}

void make_cases(void)
{
	add("fork", run_fork, 0);
	add("vfork", run_clone, CLONE_VM | CLONE_VFORK);
	add("clone tids", run_clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);
	add("clone PIDFD", run_clone, CLONE_PIDFD)->allowed[0] = EMFILE;
	add("clone3 PIDFD", run_clone3, CLONE_PIDFD)->allowed[0] = EMFILE;
	add("clone3 CLEAR_SIGHAND", run_clone3, CLONE_CLEAR_SIGHAND);
	add("unshare FILES FS", run_unshare, CLONE_FILES | CLONE_FS);
	add("dup2 growth", run_grow, 900)->allowed[0] = EMFILE;
	add("dup2 far growth", run_grow, 1000)->allowed[0] = EMFILE;
	add("open", run_open, 0)->allowed[0] = EMFILE;
	cases[nr_cases - 1].allowed[1] = ENOSPC;	/* tmpfs: no inode */
	add("pipe", run_pair, 0)->allowed[0] = EMFILE;
	cases[nr_cases - 1].allowed[1] = ENFILE;	/* no inode, no buffer */
	add("socketpair", run_pair, SOCK_STREAM)->allowed[0] = EMFILE;
	add("socket", run_single, 1)->allowed[0] = EMFILE;
	add("epoll_create", run_single, 0)->allowed[0] = EMFILE;
	add("epoll_ctl", run_epoll_add, 0);
	add("mmap", run_mmap, 0);
	add("mmap populate", run_mmap, MAP_POPULATE);
	add("mmap locked", run_mmap, MAP_LOCKED);
	add("mprotect split", run_mprotect, 0);
	add("munmap split", run_munmap, 0);
	add("mremap", run_mremap, 0);
	add("mlock", run_mlock, 0);
	add("touch", run_touch, 0);
	add("wait", run_wait, 0);
	add("exit", run_exit, 0);
	add("core", run_core, 0);
	add("seccomp", run_seccomp, 0);
	add("seccomp TSYNC", run_seccomp, SECCOMP_FILTER_FLAG_TSYNC);
	add("seccomp listener", run_seccomp, SECCOMP_FILTER_FLAG_NEW_LISTENER)->allowed[0] = EMFILE;
	add_exec();
	add_groups();
	add_spaces();
	add_sharing("clone", run_clone);
	add_sharing("clone3", run_clone3);
}
