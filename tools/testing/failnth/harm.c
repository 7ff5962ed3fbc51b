// SPDX-License-Identifier: GPL-2.0-only
/* A call that failed must leave its caller as it was: memory, descriptors, signals, names, ids. */
#include "failnth.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define FDS	64

char *big_area;
static char *private_area, *common_area;
static __thread long on_this_thread = 0x7153;

/* What can be compared byte by byte. */
struct self {
	short fd_flags[FDS];
	sigset_t mask, pending;
	unsigned long actions[3][4];	/* as the kernel has it; the C library's has gaps */
	stack_t altstack;
	char directory[256], name[16];
	uid_t uid[3];
	gid_t gid[3];
	pid_t pid, ppid, group, session;
	cpu_set_t cpus;
	struct rlimit limits[3];
	void *end_of_data, *robust;
	size_t robust_size;
	int nice, policy, oom;
};
static struct self remembered;

static void fill(char *area, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		area[i] = (char)(i / step * 7 + 1);
}

static int filled(const char *area, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		if (area[i] != (char)(i / step * 7 + 1))
			return 0;
	return 1;
}

static void look(struct self *self, int all)
{
	static const int signals[] = { SIGCHLD, SIGUSR1, SIGTERM };
	static const int limits[] = { RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_AS };

	memset(self, 0, sizeof(*self));
	for (int fd = 0; fd < (all ? FDS : 16); fd++)
		self->fd_flags[fd] = fcntl(fd, F_GETFD);
	sigprocmask(SIG_BLOCK, NULL, &self->mask);
	sigpending(&self->pending);
	syscall(SYS_getcwd, self->directory, sizeof(self->directory));
	self->end_of_data = sbrk(0);
	if (!all)
		return;
	for (int i = 0; i < 3; i++) {
		syscall(SYS_rt_sigaction, signals[i], NULL, self->actions[i], 8);
		getrlimit(limits[i], &self->limits[i]);
	}
	sigaltstack(NULL, &self->altstack);
	prctl(PR_GET_NAME, self->name);
	getresuid(&self->uid[0], &self->uid[1], &self->uid[2]);
	getresgid(&self->gid[0], &self->gid[1], &self->gid[2]);
	self->pid = getpid();
	self->ppid = getppid();
	self->group = getpgrp();
	self->session = getsid(0);
	sched_getaffinity(0, sizeof(self->cpus), &self->cpus);
	syscall(SYS_get_robust_list, 0, &self->robust, &self->robust_size);
	self->nice = getpriority(PRIO_PROCESS, 0);
	self->policy = sched_getscheduler(0);
}

static char *map(size_t size, int how)
{
	char *area = mmap(NULL, size, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		exit(4);
	return area;
}

/* The sweeping process, before its first step: give it something to lose, and note it. */
void remember_self(void)
{
	sigset_t blocked;

	private_area = map(16 * KIB4, MAP_PRIVATE);
	common_area = map(4 * KIB4, MAP_SHARED);
	big_area = map(BIG_AREA, MAP_PRIVATE);
	fill(private_area, 16 * KIB4, 512);
	fill(common_area, 4 * KIB4, 512);
	fill(big_area, BIG_AREA, BIG_STEP);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	look(&remembered, 1);
}

static int differs(const char *what)
{
	printf("#   harmed: %s\n", what);
	return 1;
}

#define SAME(field)	(!memcmp(&now.field, &remembered.field, sizeof(now.field)))

static int rest_differs(void)
{
	struct self now;

	look(&now, 1);
	if (memcmp(&now, &remembered, sizeof(now))) {
		if (!SAME(fd_flags))
			return differs("descriptors");
		if (!SAME(actions) || !SAME(altstack))
			return differs("signal handling");
		if (!SAME(uid) || !SAME(gid))
			return differs("credentials");
		return differs("something of the process");
	}
	if (!filled(big_area, BIG_AREA, BIG_STEP))
		return differs("memory, the large area");
	return 0;
}

/* After a step; all: also what takes long to look at. */
int self_is_harmed(int all)
{
	struct self now;

	look(&now, 0);
	if (memcmp(now.fd_flags, remembered.fd_flags, 16 * sizeof(now.fd_flags[0])))
		return differs("descriptors");
	if (!SAME(mask) || !SAME(pending))
		return differs("signal mask");
	if (!SAME(directory))
		return differs("working directory");
	if (!SAME(end_of_data))
		return differs("the heap's end");
	if (on_this_thread != 0x7153)
		return differs("thread-local storage");
	if (!filled(private_area, 16 * KIB4, 512) || !filled(common_area, 4 * KIB4, 512))
		return differs("memory");
	return all && rest_differs();
}
