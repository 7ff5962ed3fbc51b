// SPDX-License-Identifier: GPL-2.0-only
/* acct(2): a record for each process that ends, with what it was and how it ended. Runs as root. */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/acct.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

static char name[64];

static void start(void)
{
	int fd;

	if (geteuid())
		SKIP("not root");
	if (syscall(SYS_acct, NULL)) {
		EXPECT_EQ(errno, ENOSYS);
		SKIP("this kernel has no process accounting");
	}
	snprintf(name, sizeof(name), "/tmp/acct.%d", getpid());
	fd = open(name, O_CREAT | O_TRUNC | O_RDWR, 0600);
	ASSERT_GE(fd, 0);
	close(fd);
	ASSERT_EQ(syscall(SYS_acct, name), 0);
}

/* Return: whether the record of @pid was there; accounting ends. */
static int find(pid_t pid, struct acct_v3 *found)
{
	struct acct_v3 ac;
	int fd, ok = 0;

	syscall(SYS_acct, NULL);
	fd = open(name, O_RDONLY);
	while (read(fd, &ac, sizeof(ac)) == sizeof(ac))
		if (ac.ac_pid == (unsigned int)pid) {
			*found = ac;
			ok = 1;
		}
	close(fd);
	unlink(name);
	return ok;
}

static unsigned long decode(comp_t value)
{
	return (unsigned long)(value & 0x1fff) << 3 * (value >> 13);
}

TEST(exit_status_and_ids)
{
	struct acct_v3 ac;
	time_t before = time(NULL);
	pid_t pid;

	start();
	pid = fork();
	if (!pid) {
		if (setresgid(3, 3, 3) || setresuid(4, 4, 4))
			_exit(1);
		_exit(42);
	}
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT_EQ(find(pid, &ac), 1);
	EXPECT_EQ(ac.ac_version & 0xf, 3);
	EXPECT_EQ(ac.ac_exitcode, 42 << 8);
	EXPECT_EQ(ac.ac_ppid, (unsigned int)getpid());
	EXPECT_EQ(ac.ac_uid, 4);
	EXPECT_EQ(ac.ac_gid, 3);
	EXPECT_EQ(ac.ac_flag & AFORK, AFORK);
	EXPECT_EQ(ac.ac_flag & AXSIG, 0);
	EXPECT_GE(ac.ac_btime, before - 1);
	EXPECT_LE(ac.ac_btime, time(NULL) + 1);
	EXPECT_GT(decode(ac.ac_mem), 100);
}

TEST(death_by_signal_and_times)
{
	struct acct_v3 ac;
	pid_t pid;

	start();
	pid = fork();
	if (!pid) {
		struct timespec ts;

		do
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
		while (ts.tv_nsec < 200000000);
		raise(SIGKILL);
	}
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT_EQ(find(pid, &ac), 1);
	EXPECT_EQ(ac.ac_exitcode, SIGKILL);
	EXPECT_EQ(ac.ac_flag & AXSIG, AXSIG);
	EXPECT_GE(decode(ac.ac_utime) + decode(ac.ac_stime), 15);
	EXPECT_GE(ac.ac_etime, 15);
	EXPECT_LT(ac.ac_etime, 20000);
}

TEST(name_of_the_program)
{
	struct acct_v3 ac;
	pid_t pid;

	start();
	pid = fork();
	if (!pid) {
		execl("/bin/sleep", "sleep", "0", NULL);
		_exit(1);
	}
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT_EQ(find(pid, &ac), 1);
	EXPECT_STREQ(ac.ac_comm, "sleep");
	EXPECT_EQ(ac.ac_flag & AFORK, 0);
	EXPECT_EQ(ac.ac_exitcode, 0);
}

TEST(errors)
{
	pid_t pid;

	start();
	EXPECT_ERRNO(syscall(SYS_acct, "/tmp"), EISDIR);
	EXPECT_ERRNO(syscall(SYS_acct, "/dev/null"), EACCES);
	EXPECT_ERRNO(syscall(SYS_acct, "/nonexistent/file"), ENOENT);
	EXPECT_ERRNO(syscall(SYS_acct, "/dev/null/file"), ENOTDIR);
	EXPECT_ERRNO(syscall(SYS_acct, -1L), EFAULT);
	pid = fork();
	if (!pid) {
		if (setresuid(1, 1, 1))
			_exit(1);
		EXPECT_ERRNO(syscall(SYS_acct, NULL), EPERM);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	EXPECT_EQ(syscall(SYS_acct, NULL), 0);
	unlink(name);
}
