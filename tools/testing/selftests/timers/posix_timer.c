// SPDX-License-Identifier: GPL-2.0-only
/*
 * timer_create(2) and its family.
 * ktest: musl
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

typedef int ktimer_t;

static volatile sig_atomic_t count, last_code, last_value, last_overrun;
static volatile pid_t last_tid;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	count++;
	last_code = info->si_code;
	last_value = info->si_value.sival_int;
	last_overrun = info->si_overrun;
	last_tid = syscall(SYS_gettid);
}

static void handle(int sig)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };

	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

static int create(clockid_t clock, struct sigevent *event, ktimer_t *id)
{
	return syscall(SYS_timer_create, clock, event, id);
}

static int settime(ktimer_t id, int flags, long value_ns, long interval_ns)
{
	struct itimerspec it = {
		{ interval_ns / 1000000000, interval_ns % 1000000000 },
		{ value_ns / 1000000000, value_ns % 1000000000 },
	};

	return syscall(SYS_timer_settime, id, flags, &it, NULL);
}

static struct itimerspec gettime(ktimer_t id)
{
	struct itimerspec it;

	ASSERT_EQ(syscall(SYS_timer_gettime, id, &it), 0);
	return it;
}

TEST(arguments_are_checked)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 0 };
	struct itimerspec bad = { { 0, 0 }, { 0, 1000000000 } };
	ktimer_t id;

	EXPECT_ERRNO(create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event.sigev_signo = 65;
	EXPECT_ERRNO(create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event.sigev_signo = SIGUSR1;
	event.sigev_notify = 77;
	EXPECT_ERRNO(create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_notify_thread_id = 1;
	EXPECT_ERRNO(create(CLOCK_MONOTONIC, &event, &id), EINVAL);
	EXPECT_ERRNO(create(99, NULL, &id), EINVAL);
	EXPECT_ERRNO(create(CLOCK_MONOTONIC_COARSE, NULL, &id), EOPNOTSUPP);
	EXPECT_ERRNO(create(CLOCK_MONOTONIC, (void *)8, &id), EFAULT);
	EXPECT_ERRNO(create(CLOCK_MONOTONIC, NULL, (void *)8), EFAULT);
	EXPECT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	EXPECT_ERRNO(syscall(SYS_timer_settime, id, 0, NULL, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_timer_settime, id, 0, &bad, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_timer_settime, id, 0, (void *)8, NULL), EFAULT);
	EXPECT_ERRNO(syscall(SYS_timer_gettime, id, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_timer_gettime, 12345, &bad), EINVAL);
	EXPECT_ERRNO(syscall(SYS_timer_getoverrun, 12345), EINVAL);
	EXPECT_ERRNO(syscall(SYS_timer_delete, 12345), EINVAL);
	EXPECT_EQ(syscall(SYS_timer_delete, id), 0);
	EXPECT_ERRNO(syscall(SYS_timer_delete, id), EINVAL);
}

static void once(clockid_t clock)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1,
				  .sigev_value.sival_int = 77 };
	struct itimerspec it;
	ktimer_t id;

	count = 0;
	handle(SIGUSR1);
	ASSERT_EQ(create(clock, &event, &id), 0);
	it = gettime(id);
	EXPECT(!it.it_value.tv_sec && !it.it_value.tv_nsec);
	ASSERT_EQ(settime(id, 0, 30000000, 0), 0);
	it = gettime(id);
	EXPECT(!it.it_value.tv_sec && it.it_value.tv_nsec > 0 && it.it_value.tv_nsec <= 30000000);
	while (!count)
		usleep(1000);
	EXPECT_EQ(last_code, SI_TIMER);
	EXPECT_EQ(last_value, 77);
	EXPECT_EQ(last_overrun, 0);
	it = gettime(id);
	EXPECT(!it.it_value.tv_sec && !it.it_value.tv_nsec);
	EXPECT_EQ(syscall(SYS_timer_delete, id), 0);
}

TEST(fires_once)
{
	once(CLOCK_REALTIME);
	once(CLOCK_MONOTONIC);
	once(CLOCK_BOOTTIME);
}

TEST(default_event_is_sigalrm)
{
	ktimer_t id;

	handle(SIGALRM);
	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	ASSERT_EQ(settime(id, 0, 1000000, 0), 0);
	while (!count)
		usleep(1000);
	EXPECT_EQ(last_value, id);
}

TEST(absolute_time)
{
	struct timespec now;
	ktimer_t id;

	handle(SIGALRM);
	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	ASSERT_EQ(settime(id, TIMER_ABSTIME,
			  now.tv_sec * 1000000000 + now.tv_nsec + 30000000, 0), 0);
	while (!count)
		usleep(1000);
	count = 0;
	ASSERT_EQ(settime(id, TIMER_ABSTIME, 1, 0), 0);
	while (!count)
		usleep(1000);
}

TEST(overruns_are_counted)
{
	sigset_t set;
	ktimer_t id;

	handle(SIGALRM);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	ASSERT_EQ(settime(id, 0, 5000000, 5000000), 0);
	usleep(103000);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	EXPECT_EQ(count, 1);
	EXPECT_GE(last_overrun, 15);
	EXPECT_EQ(syscall(SYS_timer_getoverrun, id), last_overrun);
	settime(id, 0, 0, 0);
}

TEST(ignored_signal_does_not_stop_it)
{
	ktimer_t id;

	signal(SIGALRM, SIG_IGN);
	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	ASSERT_EQ(settime(id, 0, 5000000, 5000000), 0);
	usleep(30000);
	handle(SIGALRM);
	for (int i = 0; i < 1000 && !count; i++)
		usleep(1000);
	EXPECT(count > 0);
	settime(id, 0, 0, 0);
}

TEST(silent_timer_can_be_read)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct itimerspec it;
	ktimer_t id;

	ASSERT_EQ(create(CLOCK_MONOTONIC, &event, &id), 0);
	ASSERT_EQ(settime(id, 0, 20000000, 10000000), 0);
	usleep(50000);
	it = gettime(id);
	EXPECT_EQ(it.it_interval.tv_nsec, 10000000);
	EXPECT(it.it_value.tv_nsec > 0 && it.it_value.tv_nsec <= 10000000);
}

static volatile int stop;
static volatile pid_t thread_tid;

static void *idle_thread(void *arg)
{
	thread_tid = syscall(SYS_gettid);
	while (!stop)
		usleep(1000);
	return arg;
}

TEST(a_thread_can_be_chosen)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	pthread_t thread;
	ktimer_t id;

	handle(SIGUSR1);
	ASSERT_EQ(pthread_create(&thread, NULL, idle_thread, NULL), 0);
	while (!thread_tid)
		usleep(1000);
	event.sigev_notify_thread_id = thread_tid;
	ASSERT_EQ(create(CLOCK_MONOTONIC, &event, &id), 0);
	ASSERT_EQ(settime(id, 0, 1000000, 0), 0);
	while (!count)
		usleep(1000);
	EXPECT_EQ(last_tid, thread_tid);
	stop = 1;
	pthread_join(thread, NULL);
	/* its target is gone: the timer fires into nothing */
	EXPECT_EQ(settime(id, 0, 1000000, 0), 0);
	usleep(10000);
	EXPECT_EQ(count, 1);
}

#define DYING_TIMERS	64

static volatile int may_die;

static void *die_with_signals(void *arg)
{
	sigset_t set;

	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	thread_tid = syscall(SYS_gettid);
	while (!may_die)
		;
	return arg;
}

/* A thread dies with the signals of timers that another thread deletes just now. */
TEST_TIMEOUT(timers_are_deleted_while_their_thread_dies, 60)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID };
	time_t end = time(NULL) + 3;
	ktimer_t id[DYING_TIMERS];
	pthread_t thread;

	for (int round = 0; round < 1000 && time(NULL) < end; round++) {
		thread_tid = may_die = 0;
		ASSERT_EQ(pthread_create(&thread, NULL, die_with_signals, NULL), 0);
		while (!thread_tid)
			;
		event.sigev_notify_thread_id = thread_tid;
		for (int i = 0; i < DYING_TIMERS; i++) {
			event.sigev_signo = SIGRTMIN + i % 8;
			ASSERT_EQ(create(CLOCK_MONOTONIC, &event, &id[i]), 0);
			ASSERT_EQ(settime(id[i], 0, 1, 0), 0);
		}
		may_die = 1;
		for (volatile int i = 0; i < round * 37 % 20000; i++)
			;
		for (int i = 0; i < DYING_TIMERS; i++)
			ASSERT_EQ(syscall(SYS_timer_delete, id[i]), 0);
		pthread_join(thread, NULL);
	}
}

static void cpu_clock(clockid_t clock)
{
	ktimer_t id;

	count = 0;
	handle(SIGALRM);
	ASSERT_EQ(create(clock, NULL, &id), 0);
	ASSERT_EQ(settime(id, 0, 40000000, 40000000), 0);
	usleep(80000);
	EXPECT_EQ(count, 0);
	while (count < 3)
		;
	EXPECT_EQ(last_code, SI_TIMER);
	EXPECT_EQ(syscall(SYS_timer_delete, id), 0);
}

TEST(cpu_clocks)
{
	cpu_clock(CLOCK_PROCESS_CPUTIME_ID);
	cpu_clock(CLOCK_THREAD_CPUTIME_ID);
}

TEST(expired_cpu_timer_fires_at_once)
{
	ktimer_t id;

	handle(SIGALRM);
	ASSERT_EQ(create(CLOCK_PROCESS_CPUTIME_ID, NULL, &id), 0);
	ASSERT_EQ(settime(id, TIMER_ABSTIME, 1, 0), 0);
	while (!count)
		;
}

TEST(not_inherited_by_fork)
{
	struct itimerspec it;
	ktimer_t id;
	pid_t child;

	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	child = fork();
	if (!child)
		_exit(syscall(SYS_timer_gettime, id, &it) < 0 && errno == EINVAL ? 0 : 1);
	EXPECT_EQ(wait_exit(child), 0);
}

/* Enough for an exec on a slow machine. */
#define EXEC_TIME	500000000

TEST(deleted_by_exec)
{
	ktimer_t id;
	char text[16];
	pid_t child;

	ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
	ASSERT_EQ(settime(id, 0, EXEC_TIME, EXEC_TIME), 0);
	snprintf(text, sizeof(text), "%d", id);
	child = fork();
	if (!child) {
		ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
		settime(id, 0, EXEC_TIME, EXEC_TIME);
		snprintf(text, sizeof(text), "%d", id);
		execl("/proc/self/exe", "posix_timer", "--after-exec", text, NULL);
		_exit(99);
	}
	signal(SIGALRM, SIG_IGN);
	EXPECT_EQ(wait_exit(child), 0);
}

static void *exec_in_thread(void *text)
{
	execl("/proc/self/exe", "posix_timer", "--after-exec", (char *)text, NULL);
	_exit(98);
}

/* A thread that is not the leader execs while timers of all kinds run. */
TEST(deleted_by_exec_of_a_thread)
{
	static char text[16];
	pthread_t thread;
	ktimer_t id;

	for (int i = 0; i < 4; i++) {
		pid_t child = fork();

		if (!child) {
			ASSERT_EQ(create(CLOCK_THREAD_CPUTIME_ID, NULL, &id), 0);
			settime(id, 0, EXEC_TIME, EXEC_TIME);
			ASSERT_EQ(create(CLOCK_PROCESS_CPUTIME_ID, NULL, &id), 0);
			settime(id, 0, EXEC_TIME, EXEC_TIME);
			ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id), 0);
			settime(id, 0, EXEC_TIME, EXEC_TIME);
			snprintf(text, sizeof(text), "%d", id);
			pthread_create(&thread, NULL, exec_in_thread, text);
			for (;;)
				pause();
		}
		EXPECT_EQ(wait_exit(child), 0);
	}
}

/* SIGALRM would kill us if the timer still ran. */
static int after_exec(const char *text)
{
	struct itimerspec it;

	usleep(EXEC_TIME / 1000 + 100000);
	return syscall(SYS_timer_gettime, atoi(text), &it) < 0 && errno == EINVAL ? 0 : 1;
}

TEST(many_timers)
{
	ktimer_t id[200];

	signal(SIGALRM, SIG_IGN);
	for (int i = 0; i < 200; i++) {
		ASSERT_EQ(create(CLOCK_MONOTONIC, NULL, &id[i]), 0);
		ASSERT_EQ(settime(id[i], 0, 1000000 + i, 1000000), 0);
	}
	usleep(20000);
	for (int i = 0; i < 200; i += 2)
		EXPECT_EQ(syscall(SYS_timer_delete, id[i]), 0);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--after-exec"))
		return after_exec(argv[2]);
	return ktest_main(argc, argv);
}
