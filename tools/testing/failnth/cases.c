// SPDX-License-Identifier: GPL-2.0-only
/* The list of cases, and what their functions share. Each leaves nothing behind, fail or not. */
#include "failnth.h"

struct failcase cases[MAX_CASES];
int nr_cases;

struct failcase *add(const char *name, int (*run)(const struct failcase *, int),
		     unsigned long flags, unsigned int kind)
{
	struct failcase *c = &cases[nr_cases++];

	if (nr_cases == MAX_CASES)
		exit(3);
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->run = run;
	c->flags = flags;
	c->kind = kind;
	return c;
}

int wait_ok(pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, __WALL);
	while (got < 0 && errno == EINTR);
	return got == pid && !status ? 0 : -1;
}

/* What is left to a task that has gone but was not reaped. */
int left_of(pid_t pid)
{
	char path[64], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/fail-nth", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return -1;
	close(fd);
	note_where(pid);
	return atoi(text);
}

/* A library that cannot go on says so; nobody wants to read that. */
void be_silent(void)
{
	int fd = open("/dev/null", O_WRONLY);

	dup2(fd, 2);
	close(fd);
}

void make_cases(void)
{
	add_clone_cases();
	add_exec_cases();
	add_cgroup_cases();
	add_memory_cases();
	add_file_cases();
	add_task_cases();
}
