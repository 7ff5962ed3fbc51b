// SPDX-License-Identifier: GPL-2.0-only
/*
 * FS and GS bases: arch_prctl, threads, fork, switches; and the vDSO. ktest: musl
 */
#include "../ktest.h"
#include <asm/prctl.h>
#include <elf.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static long arch_prctl(int option, unsigned long arg)
{
	return syscall(SYS_arch_prctl, option, arg);
}

static unsigned long read_gs(void)
{
	unsigned long value;

	asm volatile("mov %%gs:0, %0" : "=r" (value));
	return value;
}

TEST(gs_base)
{
	unsigned long word = 12345, base = 0;

	ASSERT_EQ(arch_prctl(ARCH_SET_GS, (unsigned long)&word), 0);
	EXPECT_EQ(read_gs(), 12345);
	EXPECT_EQ(arch_prctl(ARCH_GET_GS, (unsigned long)&base), 0);
	EXPECT_EQ(base, (unsigned long)&word);
	for (int i = 0; i < 100; i++)
		sched_yield();
	EXPECT_EQ(read_gs(), 12345);
}

TEST(gs_base_goes_to_a_child)
{
	unsigned long word = 999;
	int status;

	ASSERT_EQ(arch_prctl(ARCH_SET_GS, (unsigned long)&word), 0);
	if (!fork())
		_exit(read_gs() == 999 ? 0 : 1);
	ASSERT(wait(&status) > 0);
	EXPECT_EQ(status, 0);
}

TEST(bases_outside_user_space_are_refused)
{
	EXPECT_EQ(arch_prctl(ARCH_SET_GS, 0xffff800000000000UL), -1);
	EXPECT_EQ(errno, EPERM);
	EXPECT_EQ(arch_prctl(ARCH_SET_FS, 0x7ffffffff000UL), -1);
	EXPECT_EQ(errno, EPERM);
	EXPECT_EQ(arch_prctl(ARCH_GET_FS, 8), -1);
	EXPECT_EQ(errno, EFAULT);
	EXPECT_EQ(arch_prctl(0x7777, 0), -1);
	EXPECT_EQ(errno, EINVAL);
}

static __thread long mine;

static void *own_value(void *arg)
{
	mine = (long)arg;
	for (int i = 0; i < 200; i++) {
		sched_yield();
		if (mine != (long)arg)
			return (void *)1;
	}
	return NULL;
}

TEST(threads_have_their_own_tls)
{
	pthread_t t[8];
	void *bad;

	for (long i = 0; i < 8; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, own_value, (void *)(i + 100)), 0);
	for (int i = 0; i < 8; i++) {
		ASSERT_EQ(pthread_join(t[i], &bad), 0);
		EXPECT(!bad);
	}
}

/* ---- the vDSO ---- */

static void *find_symbol(const char *name)
{
	char *image = (char *)getauxval(AT_SYSINFO_EHDR);
	Elf64_Ehdr *eh = (Elf64_Ehdr *)image;
	Elf64_Phdr *ph = (Elf64_Phdr *)(image + eh->e_phoff);
	Elf64_Dyn *dyn = NULL;
	Elf64_Sym *symbols = NULL;
	char *strings = NULL, *bias = image;
	uint32_t *hash = NULL;

	for (int i = 0; i < eh->e_phnum; i++) {
		if (ph[i].p_type == PT_DYNAMIC)
			dyn = (Elf64_Dyn *)(image + ph[i].p_offset);
		else if (ph[i].p_type == PT_LOAD)
			bias = image + ph[i].p_offset - ph[i].p_vaddr;
	}
	for (; dyn && dyn->d_tag; dyn++) {
		if (dyn->d_tag == DT_STRTAB)
			strings = bias + dyn->d_un.d_ptr;
		else if (dyn->d_tag == DT_SYMTAB)
			symbols = (Elf64_Sym *)(bias + dyn->d_un.d_ptr);
		else if (dyn->d_tag == DT_HASH)
			hash = (uint32_t *)(bias + dyn->d_un.d_ptr);
	}
	for (uint32_t i = 1; hash && i < hash[1]; i++)
		if (!strcmp(strings + symbols[i].st_name, name))
			return bias + symbols[i].st_value;
	return NULL;
}

TEST(vdso_has_its_functions)
{
	ASSERT(getauxval(AT_SYSINFO_EHDR) != 0);
	EXPECT(!memcmp((void *)getauxval(AT_SYSINFO_EHDR), "\177ELF", 4));
	EXPECT(find_symbol("__vdso_clock_gettime") != NULL);
	EXPECT(find_symbol("__vdso_gettimeofday") != NULL);
	EXPECT(find_symbol("__vdso_time") != NULL);
	EXPECT(find_symbol("__vdso_getcpu") != NULL);
	EXPECT(find_symbol("__vdso_clock_getres") != NULL);
}

static int64_t ns_of(const struct timespec *ts)
{
	return ts->tv_sec * 1000000000L + ts->tv_nsec;
}

static void compare_clock(clockid_t clock)
{
	int (*gettime)(clockid_t, struct timespec *) = find_symbol("__vdso_clock_gettime");
	struct timespec before, middle, after;

	for (int i = 0; i < 50; i++) {
		ASSERT_EQ(syscall(SYS_clock_gettime, clock, &before), 0);
		ASSERT_EQ(gettime(clock, &middle), 0);
		ASSERT_EQ(syscall(SYS_clock_gettime, clock, &after), 0);
		EXPECT(ns_of(&before) <= ns_of(&middle));
		EXPECT(ns_of(&middle) <= ns_of(&after));
	}
}

TEST(vdso_agrees_with_the_kernel)
{
	compare_clock(CLOCK_REALTIME);
	compare_clock(CLOCK_MONOTONIC);
	compare_clock(CLOCK_BOOTTIME);
	compare_clock(CLOCK_PROCESS_CPUTIME_ID);
}

TEST(vdso_seconds)
{
	int (*gettimeofday_)(struct timeval *, struct timezone *) =
		find_symbol("__vdso_gettimeofday");
	time_t (*time_)(time_t *) = find_symbol("__vdso_time");
	struct timeval tv;
	time_t stored, returned;

	ASSERT_EQ(gettimeofday_(&tv, NULL), 0);
	EXPECT(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	returned = time_(&stored);
	EXPECT_EQ(returned, stored);
	EXPECT(returned - tv.tv_sec >= 0 && returned - tv.tv_sec <= 1);
}

TEST(vdso_getcpu)
{
	int (*getcpu_)(unsigned int *, unsigned int *, void *) = find_symbol("__vdso_getcpu");
	unsigned int cpu = 999;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
	ASSERT_EQ(getcpu_(&cpu, NULL, NULL), 0);
	EXPECT_EQ(cpu, 0);
}
