// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system call instruction itself: what it keeps, what it clobbers, odd numbers, odd flags.
 */
#include "../ktest.h"
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>

TEST(only_rax_rcx_r11_change)
{
	uint64_t r[9] = { 0 };

	asm volatile("mov $2, %%rbx\nmov $3, %%rdx\nmov $4, %%rsi\nmov $5, %%rdi\nmov $6, %%r8\n"
		     "mov $7, %%r9\nmov $8, %%r10\nmov $9, %%r12\nmov $10, %%r15\n"
		     "mov $39, %%eax\nsyscall\n"
		     "mov %%rbx, 0(%0)\nmov %%rdx, 8(%0)\nmov %%rsi, 16(%0)\nmov %%rdi, 24(%0)\n"
		     "mov %%r8, 32(%0)\nmov %%r9, 40(%0)\nmov %%r10, 48(%0)\nmov %%r12, 56(%0)\n"
		     "mov %%r15, 64(%0)\n"
		     : : "r" ((r)), "m" (r)
		     : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
		       "r15", "memory");
	for (int i = 0; i < 9; i++)
		EXPECT_EQ(r[i], i + 2);
}

TEST(unknown_numbers)
{
	EXPECT_EQ(syscall(9999), -1);
	EXPECT_EQ(errno, ENOSYS);
	EXPECT_EQ(syscall(-1), -1);
	EXPECT_EQ(errno, ENOSYS);
	EXPECT_EQ(syscall(0x7fffffff), -1);
	EXPECT_EQ(errno, ENOSYS);
}

TEST(flags_survive)
{
	uint64_t before = 0x244ed7, after;	/* CF PF AF ZF SF IF DF OF AC ID; no TF */

	before &= ~0x100ULL;
	before &= ~0x4000ULL;	/* NT */
	asm volatile("pushfq\npush %1\npopfq\nmov $39, %%eax\nsyscall\npushfq\npop %0\npopfq"
		     : "=&r" (after) : "r" (before) : "rax", "rcx", "r11", "memory", "cc");
	EXPECT_EQ(after & 0x240cd5, before & 0x240cd5);
}

TEST(direction_flag_does_not_reach_the_kernel)
{
	char buf[64] = "";
	int fds[2];
	long n;

	ASSERT_EQ(pipe(fds), 0);
	ASSERT_EQ(write(fds[1], "0123456789abcdef0123456789", 26), 26);
	asm volatile("std\nsyscall\ncld" : "=a" (n)
		     : "0" (SYS_read), "D" ((long)fds[0]), "S" (buf), "d" (26L)
		     : "rcx", "r11", "memory", "cc");
	EXPECT_EQ(n, 26);
	EXPECT(!strcmp(buf, "0123456789abcdef0123456789"));
}

TEST(bad_pointers_are_efault)
{
	int fds[2];

	ASSERT_EQ(pipe(fds), 0);
	EXPECT_EQ(write(fds[1], (void *)0xffffffff80100000UL, 8), -1);
	EXPECT_EQ(errno, EFAULT);
	EXPECT_EQ(write(fds[1], (void *)0x7ffffffff000UL - 4, 8), -1);
	EXPECT_EQ(errno, EFAULT);
	EXPECT_EQ(write(fds[1], (void *)0x8000000000000000UL, 8), -1);
	EXPECT_EQ(errno, EFAULT);
	EXPECT_EQ(syscall(SYS_write, fds[1], 16, 8), -1);
	EXPECT_EQ(errno, EFAULT);
}

TEST(copy_stops_at_the_last_byte_there)
{
	char *two = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char name[300];

	ASSERT(two != MAP_FAILED);
	ASSERT_EQ(munmap(two + 4096, 4096), 0);
	/* A string that ends exactly at the page's end can be read. */
	strcpy(two + 4096 - 5, "/tmp");
	EXPECT_EQ(access(two + 4096 - 5, F_OK), 0);
	memset(two + 4096 - 4, '/', 4);
	EXPECT_EQ(access(two + 4096 - 4, F_OK), -1);
	EXPECT_EQ(errno, EFAULT);
	memset(name, 'x', sizeof(name));
	name[299] = '\0';
	EXPECT_EQ(access(name, F_OK), -1);
	EXPECT_EQ(errno, ENAMETOOLONG);
}
