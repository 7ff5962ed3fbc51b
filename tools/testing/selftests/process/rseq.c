// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restartable sequences, rseq(2): registration, the number of the CPU, the end of a sequence by
 * preemption, migration and signals, and what a bad one earns. glibc has registered an area for
 * each thread; the tests that need one of their own take that back first. ktest: timeout=120
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <linux/membarrier.h>
#include <linux/rseq.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

extern const ptrdiff_t __rseq_offset;
extern const unsigned int __rseq_size;

#define GLIBC_SIG	0x53053053
#define SIG		0x12345678
#define CPU(area)	(*(volatile uint32_t *)&(area)->cpu_id)
#define CPU_START(area)	(*(volatile uint32_t *)&(area)->cpu_id_start)

static struct rseq *glibc_area(void)
{
	return (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
}

static long rseq(void *area, unsigned int len, int flags, unsigned int sig)
{
	return syscall(SYS_rseq, area, len, flags, sig);
}

static void drop_glibc_s(void)
{
	ASSERT_GT(__rseq_size, 0);
	ASSERT_EQ(rseq(glibc_area(), 32, RSEQ_FLAG_UNREGISTER, GLIBC_SIG), 0);
}

/* With room behind it, since later kernels have longer ones. */
static struct rseq area __attribute__((aligned(256)));
static char room[256] __attribute__((aligned(256)));

static void register_ours(void)
{
	drop_glibc_s();
	memset(&area, 0, sizeof(area));
	ASSERT_EQ(rseq(&area, 32, 0, SIG), 0);
}

static int real_cpu(void)
{
	unsigned int cpu;

	ASSERT_EQ(syscall(SYS_getcpu, &cpu, NULL, NULL), 0);
	return cpu;
}

static int first_cpu(int after)
{
	cpu_set_t set;

	ASSERT_EQ(sched_getaffinity(0, sizeof(set), &set), 0);
	for (after++; after < CPU_SETSIZE; after++)
		if (CPU_ISSET(after, &set))
			return after;
	return -1;
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* ---- registration ---- */

TEST(glibc_s_area_is_there)
{
	ASSERT_GT(__rseq_size, 0);
	run_on(first_cpu(-1));
	EXPECT_EQ(CPU(glibc_area()), real_cpu());
	EXPECT_EQ(CPU_START(glibc_area()), real_cpu());
	EXPECT_EQ(sched_getcpu(), real_cpu());
}

TEST(registering_checks)
{
	drop_glibc_s();
	EXPECT_ERRNO(rseq(&area, 32, 2, SIG), EINVAL);
	EXPECT_ERRNO(rseq(&area, 16, 0, SIG), EINVAL);
	EXPECT_ERRNO(rseq((char *)&area + 8, 32, 0, SIG), EINVAL);
	EXPECT_ERRNO(rseq((void *)0xffff800000000000, 32, 0, SIG), EFAULT);
	EXPECT_ERRNO(rseq(&area, 32, RSEQ_FLAG_UNREGISTER, SIG), EINVAL);
	EXPECT_ERRNO(rseq(NULL, 32, RSEQ_FLAG_UNREGISTER, SIG), EINVAL);
	ASSERT_EQ(rseq(&area, 32, 0, SIG), 0);
	EXPECT_ERRNO(rseq(&area, 32, 0, SIG), EBUSY);
	EXPECT_ERRNO(rseq(&area, 32, 0, SIG + 1), EPERM);
	EXPECT_ERRNO(rseq(room, 32, 0, SIG), EINVAL);
	EXPECT_ERRNO(rseq(&area, 64, 0, SIG), EINVAL);
	EXPECT_ERRNO(rseq(&area, 64, 0, SIG + 1), EINVAL);
	EXPECT_ERRNO(rseq(&area, 32, 2, SIG), EINVAL);
}

TEST(unregistering_checks)
{
	register_ours();
	EXPECT_ERRNO(rseq(&area, 32, RSEQ_FLAG_UNREGISTER | 2, SIG), EINVAL);
	EXPECT_ERRNO(rseq(room, 32, RSEQ_FLAG_UNREGISTER, SIG), EINVAL);
	EXPECT_ERRNO(rseq(&area, 16, RSEQ_FLAG_UNREGISTER, SIG), EINVAL);
	EXPECT_ERRNO(rseq(&area, 32, RSEQ_FLAG_UNREGISTER, SIG + 1), EPERM);
	EXPECT_LT(CPU(&area), 4096);
	EXPECT_EQ(rseq(&area, 32, RSEQ_FLAG_UNREGISTER, SIG), 0);
	EXPECT_EQ(CPU(&area), (uint32_t)RSEQ_CPU_ID_UNINITIALIZED);
	EXPECT_EQ(CPU_START(&area), 0);
	EXPECT_ERRNO(rseq(&area, 32, RSEQ_FLAG_UNREGISTER, SIG), EINVAL);
	EXPECT_EQ(rseq(&area, 32, 0, SIG), 0);
}

TEST(unregistering_from_memory_that_is_gone)
{
	struct rseq *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	drop_glibc_s();
	ASSERT_EQ(rseq(page, 32, 0, SIG), 0);
	ASSERT_EQ(mprotect(page, 4096, PROT_READ), 0);
	EXPECT_ERRNO(rseq(page, 32, RSEQ_FLAG_UNREGISTER, SIG), EFAULT);
	ASSERT_EQ(mprotect(page, 4096, PROT_READ | PROT_WRITE), 0);
	EXPECT_EQ(rseq(page, 32, RSEQ_FLAG_UNREGISTER, SIG), 0);
}

/* ---- inheritance ---- */

static int has_ours(void)
{
	return rseq(&area, 32, 0, SIG) < 0 && errno == EBUSY;
}

TEST(fork_keeps_it)
{
	pid_t pid;

	register_ours();
	pid = fork();
	if (!pid) {
		EXPECT(has_ours());
		EXPECT_EQ(CPU(&area), real_cpu());
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

/* Children that start elsewhere: the number is right at their first instruction. */
TEST(fork_on_all_cpus_names_the_right_one)
{
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (!pid) {
			/* a move between the two would make a difference of no meaning: try again */
			for (int n = 0; n < 100; n++)
				if (CPU(glibc_area()) == (uint32_t)real_cpu())
					_exit(0);
			_exit(1);
		}
		ASSERT_EQ(wait_exit(pid), 0);
	}
}

static void *thread_without(void *arg)
{
	(void)arg;
	/* nor does glibc register one when its creator had none of glibc's */
	EXPECT_EQ(rseq(room, 32, 0, SIG), 0);
	EXPECT_EQ(rseq(room, 32, RSEQ_FLAG_UNREGISTER, SIG), 0);
	return NULL;
}

TEST(a_thread_begins_without)
{
	pthread_t t;

	register_ours();
	ASSERT_EQ(pthread_create(&t, NULL, thread_without, NULL), 0);
	pthread_join(t, NULL);
	EXPECT(has_ours());
}

TEST(exec_drops_it)
{
	pid_t pid = fork();

	if (!pid) {
		register_ours();
		execl("/proc/self/exe", "rseq", "--after-exec", NULL);
		_exit(99);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

/* ---- the number of the CPU ---- */

TEST(number_follows_the_thread)
{
	int a = first_cpu(-1), b = first_cpu(a);

	if (b < 0)
		SKIP("one CPU");
	register_ours();
	for (int i = 0; i < 200; i++) {
		run_on(i & 1 ? b : a);
		ASSERT_EQ(CPU(&area), i & 1 ? b : a);
		ASSERT_EQ(CPU_START(&area), i & 1 ? b : a);
	}
}

static volatile int stop;
static volatile pid_t mover_tid;

static void *mover(void *arg)
{
	int cpu[2] = { first_cpu(-1), first_cpu(first_cpu(-1)) };
	cpu_set_t set;

	(void)arg;
	for (int i = 0; !stop; i++) {
		CPU_ZERO(&set);
		CPU_SET(cpu[i & 1], &set);
		sched_setaffinity(mover_tid, sizeof(set), &set);
		usleep(200);
	}
	return NULL;
}

/*
 * Add one to a counter of this CPU, as allocators do it: read the number, set the sequence up,
 * compare the number, write last. Return: 0, or 1 when it was ended.
 */
static inline __attribute__((always_inline)) int add_here(struct rseq *rs, volatile long *counters,
							  int spin)
{
	int aborted = 0;

	asm volatile(
		".pushsection __rseq_cs, \"aw\"\n"
		".balign 32\n"
		"3: .long 0, 0\n"
		".quad 1f, 2f - 1f, 4f\n"
		".popsection\n"
		"leaq 3b(%%rip), %%rax\n"
		"movq %%rax, %c[cs](%[rs])\n"
		"1:\n"
		"movl %c[id](%[rs]), %%eax\n"
		"movq (%[counters], %%rax, 8), %%rcx\n"
		"movl %[spin], %%edx\n"
		"6: decl %%edx\n"
		"jg 6b\n"
		"addq $1, %%rcx\n"
		"movq %%rcx, (%[counters], %%rax, 8)\n"
		"2:\n"
		"jmp 5f\n"
		".long 0x12345678\n"
		"4: movl $1, %[aborted]\n"
		"5:\n"
		: [aborted] "+r"(aborted)
		: [rs] "r"(rs), [counters] "r"(counters), [spin] "r"(spin),
		  [cs] "i"(offsetof(struct rseq, rseq_cs)), [id] "i"(offsetof(struct rseq, cpu_id))
		: "rax", "rcx", "rdx", "memory", "cc");
	return aborted;
}

/* ---- ended from elsewhere ---- */

static int membarrier(int cmd, unsigned int flags, int cpu)
{
	return syscall(SYS_membarrier, cmd, flags, cpu);
}

TEST(membarrier_checks)
{
	int cmd = MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ;
	int reg = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ;

	EXPECT_EQ(membarrier(MEMBARRIER_CMD_QUERY, 0, 0) & (cmd | reg), cmd | reg);
	EXPECT_ERRNO(membarrier(cmd, 0, 0), EPERM);
	EXPECT_ERRNO(membarrier(cmd, MEMBARRIER_CMD_FLAG_CPU, 0), EPERM);
	EXPECT_ERRNO(membarrier(cmd, 2, 0), EINVAL);
	EXPECT_ERRNO(membarrier(reg, MEMBARRIER_CMD_FLAG_CPU, 0), EINVAL);
	EXPECT_ERRNO(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_FLAG_CPU, 0),
		     EINVAL);
	ASSERT_EQ(membarrier(reg, 0, 0), 0);
	EXPECT_EQ(membarrier(cmd, 0, 0), 0);
	EXPECT_EQ(membarrier(cmd, MEMBARRIER_CMD_FLAG_CPU, real_cpu()), 0);
	EXPECT_EQ(membarrier(cmd, MEMBARRIER_CMD_FLAG_CPU, 100000), 0);
	EXPECT_ERRNO(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0), EPERM);
}

static volatile int begun, ended;
static int spinner_cpu;

/* In one sequence for as long as it takes: hours, were it not for the barrier. */
static void *spinner(void *arg)
{
	struct rseq *mine = aligned_alloc(256, 256);
	static volatile long local[4096];

	(void)arg;
	memset(mine, 0, 256);
	drop_glibc_s();
	run_on(spinner_cpu);
	ASSERT_EQ(rseq(mine, 32, 0, SIG), 0);
	begun = 1;
	ended = add_here(mine, local, 2000000000) + 1;
	ASSERT_EQ(rseq(mine, 32, RSEQ_FLAG_UNREGISTER, SIG), 0);
	return NULL;
}

static void end_by_barrier(unsigned int flags, int cpu)
{
	pthread_t t;

	begun = ended = 0;
	ASSERT_EQ(pthread_create(&t, NULL, spinner, NULL), 0);
	while (!begun || !ended) {
		usleep(1000);
		ASSERT_EQ(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, flags, cpu), 0);
	}
	pthread_join(t, NULL);
	EXPECT_EQ(ended, 2);
}

TEST(membarrier_ends_sequences)
{
	int here = first_cpu(-1);

	spinner_cpu = first_cpu(here);
	if (spinner_cpu < 0)
		SKIP("one CPU");
	run_on(here);
	ASSERT_EQ(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0), 0);
	end_by_barrier(0, 0);
	end_by_barrier(MEMBARRIER_CMD_FLAG_CPU, spinner_cpu);
}

#define ADDERS	4
#define ADDS	20000

static volatile long counters[4096];
static int total_aborts;

static void *adder(void *arg)
{
	struct rseq *mine = aligned_alloc(256, 256);

	(void)arg;
	memset(mine, 0, 256);
	drop_glibc_s();
	ASSERT_EQ(rseq(mine, 32, 0, SIG), 0);
	for (int i = 0; i < ADDS; )
		if (add_here(mine, counters, 50))
			__atomic_fetch_add(&total_aborts, 1, __ATOMIC_RELAXED);
		else
			i++;
	ASSERT_EQ(rseq(mine, 32, RSEQ_FLAG_UNREGISTER, SIG), 0);
	return NULL;
}

TEST_TIMEOUT(counters_of_each_cpu_lose_nothing, 60)
{
	pthread_t t[ADDERS];
	long sum = 0;

	for (int i = 0; i < ADDERS; i++)
		ASSERT_EQ(pthread_create(&t[i], NULL, adder, NULL), 0);
	for (int i = 0; i < ADDERS; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < 4096; i++)
		sum += counters[i];
	EXPECT_EQ(sum, ADDERS * ADDS);
}

/* ---- the end of a sequence ---- */

#define LONG_SPIN	2000000000

static struct itimerval in_ms(int ms)
{
	return (struct itimerval){ .it_value = { 0, ms * 1000 } };
}

extern const struct rseq_cs __start___rseq_cs[], __stop___rseq_cs[];

static volatile int handled, at_abort, inside;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

/* The frame shows the abort handler, where the thread goes on, and never a sequence. */
static void on_alarm(int sig, siginfo_t *info, void *context)
{
	unsigned long ip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	const struct rseq_cs *cs;

	(void)sig;
	(void)info;
	handled++;
	for (cs = __start___rseq_cs; cs < __stop___rseq_cs; cs++) {
		at_abort += ip == cs->abort_ip;
		inside += ip - cs->start_ip < cs->post_commit_offset;
	}
}

TEST_TIMEOUT(signal_ends_it_before_the_handler_runs, 60)
{
	struct sigaction sa = { .sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO };
	struct itimerval timer = in_ms(5);

	timer.it_interval = timer.it_value;
	register_ours();
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	/* others may run on this CPU: a sequence ends for that reason too, and then the alarm comes */
	while (at_abort < 10)
		EXPECT_EQ(add_here(&area, counters, LONG_SPIN), 1);
	EXPECT_EQ(inside, 0);
	EXPECT_EQ(area.rseq_cs, 0);
	for (int i = 0; i < 4096; i++)
		EXPECT_EQ(counters[i], 0);
}

TEST_TIMEOUT(preemption_ends_it, 60)
{
	pid_t pid;

	run_on(first_cpu(-1));
	register_ours();
	pid = fork();
	if (!pid)
		for (;;)
			;
	EXPECT_EQ(add_here(&area, counters, LONG_SPIN), 1);
	EXPECT_EQ(area.rseq_cs, 0);
	kill(pid, SIGKILL);
	wait_exit(pid);
}

TEST_TIMEOUT(migration_ends_it, 60)
{
	pthread_t t;

	if (first_cpu(first_cpu(-1)) < 0)
		SKIP("one CPU");
	register_ours();
	mover_tid = syscall(SYS_gettid);
	ASSERT_EQ(pthread_create(&t, NULL, mover, NULL), 0);
	for (int i = 0; i < 20; i++)
		ASSERT_EQ(add_here(&area, counters, LONG_SPIN), 1);
	stop = 1;
	pthread_join(t, NULL);
}

/* One that was left long ago is forgotten, not ended. */
TEST(a_sequence_that_was_left_is_forgotten)
{
	register_ours();
	signal(SIGALRM, on_signal);
	/* most are run in one go */
	while (add_here(&area, counters, 1))
		;
	raise(SIGALRM);
	EXPECT_EQ(handled, 1);
	EXPECT_EQ(area.rseq_cs, 0);
}

/* ---- bad ones ---- */

extern const char in_code[], in_code_abort[];
asm(".text\n.long 0x12345678\nin_code_abort: ret\n.globl in_code\nin_code: nop\nret\n");

static struct rseq_cs bad __attribute__((aligned(32)));
static void *bad_pointer;
static unsigned int area_flags;

/* A signal makes the kernel look at it. Return: how the child ended. */
static int look_at_bad(void)
{
	pid_t pid = fork();

	if (!pid) {
		signal(SIGUSR1, on_signal);
		register_ours();
		area.flags = area_flags;
		area.rseq_cs = (unsigned long)bad_pointer;
		raise(SIGUSR1);
		_exit(area.rseq_cs ? 1 : 0);
	}
	return wait_exit(pid);
}

static void set_good(void)
{
	bad = (struct rseq_cs){ .start_ip = (unsigned long)in_code, .post_commit_offset = 2,
				.abort_ip = (unsigned long)in_code_abort };
	bad_pointer = &bad;
}

#define SEGV	(128 + SIGSEGV)

TEST(bad_sequences_are_a_segmentation_fault)
{
	set_good();
	EXPECT_EQ(look_at_bad(), 0);
	bad_pointer = (void *)8;
	EXPECT_EQ(look_at_bad(), SEGV);
	bad_pointer = (void *)0xffff800000000000;
	EXPECT_EQ(look_at_bad(), SEGV);
	set_good();
	bad.version = 1;
	EXPECT_EQ(look_at_bad(), SEGV);
	set_good();
	bad.start_ip = 0xffff800000000000;
	EXPECT_EQ(look_at_bad(), SEGV);
	set_good();
	bad.post_commit_offset = -1;
	EXPECT_EQ(look_at_bad(), SEGV);
	set_good();
	bad.abort_ip = 0xffff800000000000;
	EXPECT_EQ(look_at_bad(), SEGV);
	set_good();
	bad.abort_ip = bad.start_ip + 1;
	EXPECT_EQ(look_at_bad(), SEGV);
	/* no signature before it */
	set_good();
	bad.abort_ip = (unsigned long)in_code + 8;
	EXPECT_EQ(look_at_bad(), SEGV);
}

TEST(area_that_is_gone_is_a_segmentation_fault)
{
	struct rseq *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();

	if (!pid) {
		signal(SIGUSR1, on_signal);
		drop_glibc_s();
		ASSERT_EQ(rseq(page, 32, 0, SIG), 0);
		munmap(page, 4096);
		raise(SIGUSR1);
		_exit(1);
	}
	EXPECT_EQ(wait_exit(pid), SEGV);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--after-exec"))
		return rseq(glibc_area(), 32, 0, GLIBC_SIG) < 0 && errno == EBUSY &&
		       rseq(&area, 32, 0, SIG) < 0 && errno == EINVAL ? 0 : 1;
	return ktest_main(argc, argv);
}
