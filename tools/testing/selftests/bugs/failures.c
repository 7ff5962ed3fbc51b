// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bugs that kernels had when a fork failed or was refused: what it had taken by then did not go
 * back, or it was not refused at all. Each test is named after its bug.
 */
/* ktest: timeout=240 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include "../process/clone3.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#define FAILURES	2000

/* Objects in use of a slab cache, by any of its names; -1 where the kernel does not say. */
static long slab_objects(const char *name)
{
	FILE *file = fopen("/proc/slabinfo", "r");
	char line[256], cache[64];
	long active, found = -1;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %ld", cache, &active) == 2 && !strcmp(cache, name))
			found = active;
	if (file)
		fclose(file);
	return found;
}

/* Frees wait for grace periods: look again until it fits, or give the last count. */
static long settled(const char *name, long wanted)
{
	struct timespec nap = { .tv_nsec = 20000000 };
	long now = slab_objects(name);

	for (int i = 0; i < 100 && now > wanted; i++) {
		nanosleep(&nap, NULL);
		now = slab_objects(name);
	}
	return now;
}

/* A fork that fails when nearly everything has been made: its number is taken. */
static void fail_late(void)
{
	pid_t self = getpid();
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&self,
				   .set_tid_size = 1 };

	for (int i = 0; i < FAILURES; i++)
		ASSERT_ERRNO(clone3(&args, sizeof(args)), EEXIST);
}

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static long files_of_all(void)
{
	FILE *file = fopen("/proc/sys/fs/file-nr", "r");
	long n = -1;

	if (!file || fscanf(file, "%ld", &n) != 1)
		n = -1;
	if (file)
		fclose(file);
	return n;
}

static void no_growth(const char *const *names)
{
	long before[8];
	int i;

	if (getuid())
		SKIP("needs root");
	if (slab_objects(names[0]) < 0)
		SKIP("no count of %s on this kernel", names[0]);
	for (i = 0; names[i]; i++)
		before[i] = slab_objects(names[i]);
	fail_late();
	/* Others may be at work here; a leak would show every single failure. */
	for (i = 0; names[i]; i++)
		EXPECT_LT(settled(names[i], before[i] + FAILURES / 4), before[i] + FAILURES / 2);
}

/* f60a85cad677: copy_process() leaked memory when it failed late. */
TEST_TIMEOUT(commit_f60a85cad677_failed_forks_leak_no_objects, 60)
{
	static const char *const names[] = {
		"task_struct", "mm_struct", "vm_area_struct", "files_cache", "fs_cache",
		"signal_cache", "pid", NULL
	};

	no_growth(names);
}

/*
 * CVE-2012-2745: copy_creds() leaked or misused what it had taken when fork failed: the keyrings of
 * thread, process and session, which each child has or shares.
 */
TEST_TIMEOUT(cve_2012_2745_failed_forks_leak_no_credentials, 60)
{
	static const char *const linux_names[] = { "cred_jar", "key_jar", NULL }, *const names[] = {
		"cred", "key_jar", NULL
	};

	for (long keyring = -3; keyring < 0; keyring++)
		EXPECT_GT(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, keyring, 1), 0);
	no_growth(slab_objects("cred") < 0 ? linux_names : names);
}

/* CLONE_PIDFD and CLONE_INTO_CGROUP: the descriptor, or its file, stayed after a failure. */
TEST_TIMEOUT(clone_pidfd_leaks_no_descriptor_and_no_file, 60)
{
	int fd = -1, before = open_files();
	long files = files_of_all();
	struct clone_args args = { .flags = CLONE_PIDFD | CLONE_INTO_CGROUP, .cgroup = 1000,
				   .exit_signal = SIGCHLD, .pidfd = (uintptr_t)&fd };

	for (int i = 0; i < FAILURES; i++)
		ASSERT_ERRNO(clone3(&args, sizeof(args)), EBADF);
	args.flags = CLONE_PIDFD;
	args.pidfd = 16;
	for (int i = 0; i < FAILURES; i++)
		ASSERT_ERRNO(clone3(&args, sizeof(args)), EFAULT);
	EXPECT_EQ(open_files(), before);
	if (files >= 0)
		EXPECT_LT(files_of_all(), files + FAILURES);
}

static int put(const char *dir, const char *file, const char *text)
{
	char path[128];
	int fd, bad;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	bad = fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return bad;
}

/* A group that admits nobody, in @dir/full; or why there is none. */
static const char *make_full_group(const char *dir)
{
	char group[64];

	snprintf(group, sizeof(group), "%s/full", dir);
	if (getuid() || unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return "needs root, and a root of a mount";
	if (mkdir(dir, 0700) || mount("none", dir, "cgroup2", 0, NULL))
		return "no cgroup2";
	if (put(dir, "cgroup.subtree_control", "+pids") || mkdir(group, 0700))
		return "no pids controller in cgroup2";
	return put(group, "pids.max", "0") ? "no pids.max" : NULL;
}

/* The same, refused by the group's limit when the descriptor, on Linux, is there already. */
TEST_TIMEOUT(clone_pidfd_into_a_full_cgroup_leaks_nothing, 60)
{
	int fd = -1, before, cgroup;
	char dir[32], group[64];
	const char *why;
	long files;

	snprintf(dir, sizeof(dir), "/tmp/full-%d", getpid());
	snprintf(group, sizeof(group), "%s/full", dir);
	why = make_full_group(dir);
	if (why) {
		umount(dir);
		rmdir(dir);
		SKIP("%s", why);
	}
	cgroup = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	before = open_files();
	files = files_of_all();
	/* Each of these waits for a grace period on Linux. */
	for (int i = 0; i < FAILURES / 20; i++) {
		struct clone_args args = { .flags = CLONE_PIDFD | CLONE_INTO_CGROUP,
					   .cgroup = cgroup, .exit_signal = SIGCHLD,
					   .pidfd = (uintptr_t)&fd };

		ASSERT_ERRNO(clone3(&args, sizeof(args)), EAGAIN);
	}
	EXPECT_EQ(open_files(), before);
	if (files >= 0)
		EXPECT_LT(files_of_all(), files + FAILURES / 40);
	close(cgroup);
	/* Nothing holds the group: it can go. */
	EXPECT_EQ(rmdir(group), 0);
	EXPECT_EQ(umount(dir), 0);
	EXPECT_EQ(rmdir(dir), 0);
}

/* CVE-2013-1858: a new user namespace with the old one's root directory was a way out. */
TEST(cve_2013_1858_newuser_with_fs)
{
	struct clone_args args = { .flags = CLONE_NEWUSER | CLONE_FS, .exit_signal = SIGCHLD };

	EXPECT_ERRNO(clone3(&args, sizeof(args)), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWUSER | CLONE_FS | SIGCHLD, 0, 0, 0, 0), EINVAL);
}

/* 6013f67f: undo lists of two IPC namespaces in one. */
TEST(commit_6013f67f_newipc_with_sysvsem)
{
	struct clone_args args = { .flags = CLONE_NEWIPC | CLONE_SYSVSEM, .exit_signal = SIGCHLD };

	if (getuid())
		SKIP("needs root");
	EXPECT_ERRNO(clone3(&args, sizeof(args)), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWIPC | CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0),
		     EINVAL);
}

/* fa729c4df558: the stack was not looked at, nor the upper half of the exit signal. */
TEST(fa729c4df558_clone3_looks_at_stack_and_signal)
{
	struct clone_args stacks[] = {
		{ .exit_signal = SIGCHLD, .stack = 4096 },
		{ .exit_signal = SIGCHLD, .stack_size = 4096 },
		{ .exit_signal = SIGCHLD, .stack = -8192ULL, .stack_size = 4096 },
		{ .exit_signal = SIGCHLD, .stack = 4096, .stack_size = -4096ULL },
		{ .exit_signal = 0x100000000ULL | SIGCHLD },
		{ .exit_signal = 0x8000000000000000ULL },
		{ .exit_signal = 0x100 },
	};

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++)
		EXPECT_ERRNO(clone3(&stacks[i], sizeof(stacks[i])), EINVAL);
}

static void arm(clockid_t clock, int count)
{
	struct itimerspec soon = { { 0, 1000000 }, { 0, 1000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;

	signal(SIGUSR1, SIG_IGN);
	while (count--) {
		ASSERT_EQ(timer_create(clock, &event, &timer), 0);
		ASSERT_EQ(timer_settime(timer, 0, &soon, NULL), 0);
	}
}

static void *arm_and_spin(void *unused)
{
	arm(CLOCK_THREAD_CPUTIME_ID, 4);
	for (volatile int i = 0; i < 20000; i++)
		;
	return unused;
}

/* CVE-2005-3805: threads with CPU timers ended at the same time as their process, and hung it. */
TEST_TIMEOUT(cve_2005_3805_threads_with_timers_exit, 60)
{
	for (int round = 0; round < 30; round++) {
		pid_t pid = fork();

		if (!pid) {
			pthread_t threads[4];

			arm(CLOCK_PROCESS_CPUTIME_ID, 2);
			arm(CLOCK_MONOTONIC, 2);
			for (int i = 0; i < 4; i++)
				pthread_create(&threads[i], NULL, arm_and_spin, NULL);
			if (round & 1)
				pthread_join(threads[0], NULL);
			_exit(0);
		}
		EXPECT_EQ(wait_exit(pid), 0);
	}
}

static void *exec_here(void *unused)
{
	struct itimerval soon = { { 0, 1000 }, { 0, 1000 } };

	signal(SIGALRM, SIG_IGN);
	setitimer(ITIMER_REAL, &soon, NULL);
	arm(CLOCK_MONOTONIC, 2);
	execl("/proc/self/exe", "failures", "exit", NULL);
	return unused;
}

/* CVE-2005-1913: a thread that was not the leader called exec with a timer running; panic. */
TEST_TIMEOUT(cve_2005_1913_a_thread_execs_with_a_timer, 60)
{
	for (int round = 0; round < 20; round++) {
		pid_t pid = fork();

		if (!pid) {
			pthread_t thread;

			pthread_create(&thread, NULL, exec_here, NULL);
			pthread_join(thread, NULL);
			_exit(1);
		}
		EXPECT_EQ(wait_exit(pid), 0);
	}
}

/* A child that shares everything there is to share, and leaves without touching any of it. */
static long share_and_leave(void)
{
	long ret;

	__asm__ volatile("xor %%edx, %%edx\n\t"
			 "xor %%r10d, %%r10d\n\t"
			 "xor %%r8d, %%r8d\n\t"
			 "syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov $60, %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n"
			 "1:"
			 : "=a" (ret)
			 : "0" (SYS_clone), "D" (CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES |
						 CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_IO | SIGCHLD),
			   "S" (0)
			 : "rcx", "rdx", "r8", "r10", "r11", "memory");
	return ret;
}

/* CVE-2016-0728 and its kind: a count that is not given back goes round in the end. */
TEST_TIMEOUT(cve_2016_0728_shared_counts_return_to_their_start, 150)
{
	/* A debug kernel has counts that warn long before they go round, and takes minutes. */
	int rounds = access("/proc/sys/debug/settle", F_OK) ? 1 << 16 : 1 << 12;
	cpu_set_t here;

	/* It is the counts that are tried, not how parent and child change processors. */
	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	sched_setaffinity(0, sizeof(here), &here);
	for (int i = 0; i < rounds; i++) {
		pid_t pid = share_and_leave();

		ASSERT_GT(pid, 0);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	}
	/* Linux refuses these while anybody shares memory or handlers. */
	EXPECT_EQ(unshare(CLONE_VM), 0);
	EXPECT_EQ(unshare(CLONE_SIGHAND), 0);
	EXPECT_EQ(unshare(CLONE_FS | CLONE_FILES), 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	return ktest_main(argc, argv);
}
