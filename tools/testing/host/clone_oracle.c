// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the running Linux which flags of clone() and clone3() it refuses with EINVAL in the presence
 * of others and prints the answers as clone_table.h. Run as root, so that privileges refuse nothing first:
 *   make -C tools/testing/host oracle
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_DETACHED
#define CLONE_DETACHED	0x00400000
#endif

static const uint64_t bases[] = {
	0, CLONE_VM | CLONE_SIGHAND, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD,
};

/* The child leaves at once: it may have no stack and no thread pointer. */
static long raw_clone(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = 0;
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov $60, %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n"
			 "1:"
			 : "=a" (ret)
			 : "0" (nr), "D" (a), "S" (b), "d" (c), "r" (r10), "r" (r8)
			 : "rcx", "r11", "memory");
	return ret;
}

/* One of the two calls, and the bits of its flags that are worth asking about. */
struct call {
	const char *name;
	int first, last;
	int (*error)(uint64_t flags);
};

static int pidfd, tid, child_tid;

/* The old call has one address for the tid and for the pidfd. */
static int clone_errno(uint64_t flags)
{
	long ret = raw_clone(SYS_clone, flags, 0, (long)&tid, (long)&child_tid);

	return ret < 0 ? -ret : 0;
}

static int clone3_errno(uint64_t flags)
{
	struct clone_args args = {
		.flags = flags, .pidfd = (uintptr_t)&pidfd, .parent_tid = (uintptr_t)&tid,
		.child_tid = (uintptr_t)&child_tid, .cgroup = 0x7fffffff,
	};
	long ret = raw_clone(SYS_clone3, (long)&args, sizeof(args), 0, 0);

	return ret < 0 ? -ret : 0;
}

/* In a process of its own: what the flags share or leave behind goes with it. */
static int refused(const struct call *call, uint64_t flags)
{
	int *result = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	*result = -1;
	if (fork() == 0) {
		*result = call->error(flags);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	err = *result;
	munmap(result, 4096);
	return err == EINVAL;
}

static uint64_t refused_with(const struct call *call, uint64_t flags)
{
	uint64_t mask = 0;
	int bit;

	for (bit = call->first; bit <= call->last; bit++)
		if (refused(call, flags | 1ULL << bit))
			mask |= 1ULL << bit;
	return mask;
}

static void print_table(const struct call *call)
{
	unsigned int i;
	int bit;

	printf("static const struct clone_answer %s_answers[] = {\n", call->name);
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		for (bit = call->first; bit <= call->last; bit++)
			printf("\t{ 0x%09llxULL, 0x%09llxULL },\n",
			       (unsigned long long)(bases[i] | 1ULL << bit),
			       (unsigned long long)refused_with(call, bases[i] | 1ULL << bit));
	printf("};\n");
}

static const struct call calls[] = {
	{ "clone", 8, 31, clone_errno },
	{ "clone3", 0, 35, clone3_errno },
};

int main(void)
{
	struct utsname name;

	uname(&name);
	printf("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	       "/*\n * Made by clone_oracle on %s %s: with @flags and any one bit of @with, the call\n"
	       " * says EINVAL; with any other one bit that was asked about it does not.\n */\n"
	       "struct clone_answer {\n\tu64 flags, with;\n};\n\n", name.sysname, name.release);
	print_table(&calls[0]);
	printf("\n");
	print_table(&calls[1]);
	return 0;
}
