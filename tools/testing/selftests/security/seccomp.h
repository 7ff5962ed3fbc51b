/* SPDX-License-Identifier: GPL-2.0-only */
/* For the tests of seccomp(2): small programs in classic BPF. */
#ifndef SECCOMP_TEST_H
#define SECCOMP_TEST_H

#include "../ktest.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define FIELD(name)	((unsigned int)offsetof(struct seccomp_data, name))
#define LOAD(k)		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, k)
#define RET(k)		BPF_STMT(BPF_RET | BPF_K, k)
/* If the call is @nr, answer @ret. */
#define ON(nr, ret)	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), RET(ret)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof(*(a)))
#define PROG(insns)	(&(struct sock_fprog){ ARRAY_SIZE(insns), insns })

static __attribute__((unused)) long seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(SYS_seccomp, op, flags, args);
}

static __attribute__((unused)) void no_new_privs(void)
{
	ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
}

static __attribute__((unused)) long set_filter(struct sock_filter *insns, size_t len,
					       unsigned int flags)
{
	struct sock_fprog prog = { len, insns };

	return seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog);
}

/* getpid() answers @ret from now on, the rest is allowed. */
static __attribute__((unused)) long filter_getpid(unsigned int ret, unsigned int flags)
{
	struct sock_filter insns[] = {
		LOAD(FIELD(nr)), ON(SYS_getpid, ret), RET(SECCOMP_RET_ALLOW),
	};

	no_new_privs();
	return set_filter(insns, ARRAY_SIZE(insns), flags);
}

static __attribute__((unused)) long raw_getpid(void)
{
	return syscall(SYS_getpid);
}

/* The number behind @name in /proc/self/status. */
static __attribute__((unused)) int status_number(const char *name)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	int value = -1;

	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			value = atoi(line + strlen(name));
	fclose(f);
	return value;
}

#endif
