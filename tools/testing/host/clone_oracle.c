// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the running Linux which flags of clone() it refuses with EINVAL in the presence of others
 * and prints the answers as clone_table.h. Run as root, so that privileges refuse nothing first:
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

static int clone_errno(uint64_t flags)
{
	static int pidfd, tid, child_tid;
	struct clone_args args = {
		.flags = flags, .pidfd = (uintptr_t)&pidfd, .parent_tid = (uintptr_t)&tid,
		.child_tid = (uintptr_t)&child_tid, .cgroup = 0x7fffffff,
	};
	long ret;

	/* clone3() knows no CLONE_DETACHED; clone() takes one address for the tid and the pidfd. */
	if (flags & CLONE_DETACHED)
		ret = raw_clone(SYS_clone, flags, 0, (long)&tid, (long)&child_tid);
	else
		ret = raw_clone(SYS_clone3, (long)&args, sizeof(args), 0, 0);
	return ret < 0 ? -ret : 0;
}

/* In a process of its own: what the flags share or leave behind goes with it. */
static int refused(uint64_t flags)
{
	int *result = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int err;

	*result = -1;
	if (fork() == 0) {
		*result = clone_errno(flags);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	err = *result;
	munmap(result, 4096);
	return err == EINVAL;
}

static uint64_t refused_with(uint64_t flags)
{
	uint64_t mask = 0;
	int bit;

	for (bit = 7; bit < 34; bit++)
		if (!(bit >= 32 && (flags & CLONE_DETACHED)) &&
		    !((1ULL << bit) == CLONE_DETACHED && flags >> 32) &&
		    refused(flags | 1ULL << bit))
			mask |= 1ULL << bit;
	return mask;
}

int main(void)
{
	struct utsname name;
	unsigned int i;
	int bit;

	uname(&name);
	printf("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	       "/*\n * Made by clone_oracle on %s %s: with @flags and any one bit of @with, clone\n"
	       " * says EINVAL; with any other one bit it does not.\n */\n"
	       "static const struct clone_answer {\n\tu64 flags, with;\n} clone_answers[] = {\n",
	       name.sysname, name.release);
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		for (bit = 7; bit < 34; bit++)
			if (bit != 11 && bit != 16)	/* no flags: 0x800, 0x10000 */
				printf("\t{ 0x%09llxULL, 0x%09llxULL },\n",
				       (unsigned long long)(bases[i] | 1ULL << bit),
				       (unsigned long long)refused_with(bases[i] | 1ULL << bit));
	printf("};\n");
	return 0;
}
