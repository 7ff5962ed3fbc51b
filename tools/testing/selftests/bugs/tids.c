// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that kernels had with the words that a dying thread clears, with robust lists and with
 * rseq: addresses that outlived the memory they were meant for. Each test is named after its bug.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include "../process/clone3.h"
#include <linux/futex.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/rseq.h>

#define ADDRESS		((void *)0x200000000000)
#define STACK		65536

static int *shared_word(int fd)
{
	int *word = mmap(ADDRESS, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);

	ASSERT(word == ADDRESS);
	return word;
}

static char *new_stack(void)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(stack != MAP_FAILED);
	return stack + STACK;
}

static int nap_for_ever(void *unused)
{
	(void)unused;
	while (syscall(SYS_pause))
		;
	return 0;
}

/* Nobody waits for it: it must not stay behind and hold the test's output open. */
static int nap_while_parent_lives(void *parent)
{
	while (syscall(SYS_getppid) == (long)parent)
		usleep(10000);
	return 0;
}

/* CVE-2009-2848: the new program's memory was written at the old program's address. */
TEST(cve_2009_2848_clear_child_tid_does_not_survive_exec)
{
	int fd = memfd_create("word", 0), *word;
	char number[16];
	pid_t pid;

	ASSERT_EQ(ftruncate(fd, 4096), 0);
	word = shared_word(fd);
	*word = 77;
	snprintf(number, sizeof(number), "%d", fd);
	pid = fork();
	if (!pid) {
		syscall(SYS_set_tid_address, word);
		execl("/proc/self/exe", "tids", "word", number, NULL);
		_exit(1);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(*word, 77);
}

/* The new program has something at the same address, and a second user of its memory. */
static int word_program(int fd)
{
	int *word = shared_word(fd);

	if (*word != 77)
		return 2;
	clone(nap_while_parent_lives, new_stack(), CLONE_VM, (void *)(long)getpid());
	return *word != 77;
}

static int set_and_leave(void *address)
{
	syscall(SYS_set_tid_address, address);
	return 0;
}

/* CVE-2010-4258: exit wrote a zero to a kernel address. */
TEST(cve_2010_4258_clear_child_tid_at_kernel_addresses)
{
	static const uintptr_t addresses[] = {
		0xffffffff81000000, 0xffff888000000000, 0xffffffffffffffff, 0x7ffffffff000,
		0x800000000000,
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		pid_t pid = clone(set_and_leave, new_stack(), CLONE_VM | SIGCHLD,
				  (void *)addresses[i]);

		EXPECT_EQ(wait_exit(pid), 0);
	}
}

/* fec1d0115240: a killed thread's word was not cleared, and its waiter slept for ever (nscd). */
TEST(fec1d0115240_the_word_is_cleared_when_killed)
{
	int *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	/* A second user of the memory is left when it dies: us. */
	*word = 1;
	pid = clone(nap_for_ever, new_stack(), CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL,
		    NULL, NULL, word);
	ASSERT_GT(pid, 0);
	kill(pid, SIGKILL);
	while (__atomic_load_n(word, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL, NULL, 0);
	EXPECT_EQ(*word, 0);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
}

/* A lock of the parent's, on the parent's list: not the child's to give up. */
TEST(robust_list_is_not_copied_to_the_child)
{
	struct {
		struct robust_list_head head;
		struct robust_list entry;
		uint32_t word;
	} *lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint32_t owned;

	lock->head.list.next = &lock->entry;
	lock->head.futex_offset = (char *)&lock->word - (char *)&lock->entry;
	lock->entry.next = &lock->head.list;
	ASSERT_EQ(syscall(SYS_set_robust_list, &lock->head, sizeof(lock->head)), 0);
	for (int kill_it = 0; kill_it < 2; kill_it++) {
		/* Even when the word names the child. */
		pid_t pid = syscall(SYS_fork);

		if (!pid) {
			owned = syscall(SYS_gettid);
			__atomic_store_n(&lock->word, owned, __ATOMIC_SEQ_CST);
			if (kill_it)
				raise(SIGKILL);
			syscall(SYS_exit_group, 0);
		}
		wait_exit(pid);
		EXPECT_EQ(lock->word, pid);
	}
}

static int unregister(void *result)
{
	struct rseq *area = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);

	*(int *)result = syscall(SYS_rseq, area, 32, RSEQ_FLAG_UNREGISTER, RSEQ_SIG) ? errno : 0;
	return 0;
}

/* Desnoyers, 2019: a CLONE_VM child kept its parent's rseq area and wrote there. */
TEST(rseq_is_dropped_by_clone_vm_and_kept_by_fork)
{
	int *result = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (!__rseq_size)
		SKIP("no rseq on this kernel");
	*result = -1;
	pid = clone(unregister, new_stack(), CLONE_VM | CLONE_VFORK | SIGCHLD, result);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(*result, EINVAL);
	pid = fork();
	if (!pid)
		_exit(unregister(result));
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(*result, 0);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "word"))
		return word_program(atoi(argv[2]));
	return ktest_main(argc, argv);
}
