// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floating-point and vector registers through fork, threads, context switches and exec.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <cpuid.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>

static void set_xmm(uint64_t value)
{
	asm volatile("movq %0, %%xmm7\nmovq %0, %%xmm14" : : "r" (value) : "xmm7", "xmm14");
}

TEST(child_has_its_parents_registers)
{
	uint64_t out = 0, value = 0xfeedfacecafe;
	long pid;
	int status;

	set_xmm(value);
	asm volatile("mov $57, %%eax\nsyscall\nmovq %%xmm14, %1"
		     : "=&a" (pid), "=r" (out) : : "rcx", "r11", "memory");
	if (!pid)
		_exit(out == value ? 0 : 1);
	EXPECT_EQ(out, value);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

static int has_avx(void)
{
	unsigned int a, b, c, d, lo, hi;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1 << 27)) || !(c & (1 << 28)))
		return 0;
	asm volatile("xgetbv" : "=a" (lo), "=d" (hi) : "c" (0));
	return (lo & 6) == 6;
}

/* Every task keeps its own value in the upper half of YMM9 while others run on the same CPU. */
static int spin_with_value(uint64_t value, int rounds)
{
	uint64_t block[4] = { value, ~value, value * 3, value * 5 }, out[4];

	asm volatile("vmovdqu %0, %%ymm9" : : "m" (block) : "memory");
	for (int i = 0; i < rounds; i++) {
		sched_yield();
		asm volatile("vmovdqu %%ymm9, %0" : "=m" (out) : : "memory");
		if (memcmp(block, out, sizeof(out)))
			return 1;
	}
	return 0;
}

TEST(ymm_registers_survive_switches)
{
	int status, bad = 0;

	if (!has_avx())
		SKIP("no AVX");
	for (int i = 0; i < 6; i++)
		if (!fork())
			_exit(spin_with_value(0x1000 + i, 300));
	for (int i = 0; i < 6; i++) {
		ASSERT(wait(&status) > 0);
		bad += status != 0;
	}
	EXPECT_EQ(bad, 0);
}

static void *thread_values(void *arg)
{
	double sum = 0, x = (long)arg;

	for (int i = 0; i < 2000; i++) {
		sum += x;
		if (i % 100 == 0)
			sched_yield();
	}
	return (void *)(long)(sum == x * 2000);
}

TEST(threads_compute_apart)
{
	pthread_t t[8];
	void *ok;

	for (long i = 0; i < 8; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, thread_values, (void *)(i + 1)), 0);
	for (int i = 0; i < 8; i++) {
		ASSERT_EQ(pthread_join(t[i], &ok), 0);
		EXPECT(ok);
	}
}

TEST(rounding_mode_is_inherited)
{
	unsigned int mxcsr = 0x1f80 | 0x6000, now;
	int status;

	asm volatile("ldmxcsr %0" : : "m" (mxcsr));
	if (!fork()) {
		asm volatile("stmxcsr %0" : "=m" (now));
		_exit((now & 0x6000) == 0x6000 ? 0 : 1);
	}
	ASSERT(wait(&status) > 0);
	EXPECT_EQ(status, 0);
}

static struct {
	uint64_t xmm7, xmm14;
	uint32_t mxcsr;
	uint16_t control;
} seen;

static void look_at_registers(int sig)
{
	asm volatile("movq %%xmm7, %0\nmovq %%xmm14, %1" : "=m" (seen.xmm7), "=m" (seen.xmm14));
	asm volatile("stmxcsr %0\nfnstcw %1" : "=m" (seen.mxcsr), "=m" (seen.control));
	set_xmm(7);
}

/* A handler begins as a program does, and what it leaves in the registers goes with it. */
TEST(handler_starts_with_fresh_registers)
{
	uint32_t mxcsr = 0x1f80 | 0x6000, after = 0;
	uint16_t control = 0x037f | 0x0c00, control_after = 0;
	uint64_t value = 0xfeedfacecafe, out = 0;
	long res;

	signal(SIGUSR1, look_at_registers);
	memset(&seen, 0xff, sizeof(seen));
	set_xmm(value);
	asm volatile("ldmxcsr %0\nfldcw %1" : : "m" (mxcsr), "m" (control));
	res = syscall(SYS_kill, getpid(), SIGUSR1);
	asm volatile("movq %%xmm14, %0\nstmxcsr %1\nfnstcw %2"
		     : "=m" (out), "=m" (after), "=m" (control_after));
	EXPECT_EQ(res, 0);
	EXPECT_EQ(out, value);
	EXPECT_EQ(after, mxcsr);
	EXPECT_EQ(control_after, control);
	EXPECT_EQ(seen.mxcsr, 0x1f80);
	EXPECT_EQ(seen.control, 0x037f);
	EXPECT_EQ(seen.xmm7, 0);
	EXPECT_EQ(seen.xmm14, 0);
}

TEST(exec_starts_with_fresh_registers)
{
	unsigned int mxcsr = 0x1f80 | 0x6000;
	int status;

	if (!fork()) {
		asm volatile("ldmxcsr %0" : : "m" (mxcsr));
		execl("/proc/self/exe", "fpu", "--fresh", NULL);
		_exit(99);
	}
	ASSERT(wait(&status) > 0);
	EXPECT_EQ(status, 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--fresh")) {
		unsigned int mxcsr;
		unsigned short control;

		asm volatile("stmxcsr %0\nfnstcw %1" : "=m" (mxcsr), "=m" (control));
		return mxcsr == 0x1f80 && control == 0x37f ? 0 : 1;
	}
	return ktest_main(argc, argv);
}
