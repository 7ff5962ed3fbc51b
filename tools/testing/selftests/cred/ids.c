// SPDX-License-Identifier: GPL-2.0-only
/*
 * User and group ids by the raw system calls: who may change what, and what follows.
 * Started as root.
 * ktest: musl
 */
#include "../ktest.h"
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define ROOT_ONLY() do { if (geteuid()) SKIP("needs root"); } while (0)

static int uids_are(unsigned int r, unsigned int e, unsigned int s)
{
	unsigned int ids[3] = { 99, 99, 99 };

	syscall(SYS_getresuid, &ids[0], &ids[1], &ids[2]);
	if (ids[0] == r && ids[1] == e && ids[2] == s)
		return 1;
	ktest_print("# uids %u %u %u\n", ids[0], ids[1], ids[2]);
	return 0;
}

static int gids_are(unsigned int r, unsigned int e, unsigned int s)
{
	unsigned int ids[3] = { 99, 99, 99 };

	syscall(SYS_getresgid, &ids[0], &ids[1], &ids[2]);
	if (ids[0] == r && ids[1] == e && ids[2] == s)
		return 1;
	ktest_print("# gids %u %u %u\n", ids[0], ids[1], ids[2]);
	return 0;
}

TEST(setuid_of_root_is_final)
{
	ROOT_ONLY();
	EXPECT_ERRNO(syscall(SYS_setuid, -1), EINVAL);
	EXPECT_EQ(syscall(SYS_setuid, 1000), 0);
	EXPECT(uids_are(1000, 1000, 1000));
	EXPECT_ERRNO(syscall(SYS_setuid, 0), EPERM);
	EXPECT_ERRNO(syscall(SYS_setresuid, 0, 0, 0), EPERM);
	EXPECT_ERRNO(syscall(SYS_setgroups, 0, NULL), EPERM);
	EXPECT_ERRNO(syscall(SYS_setgid, 5), EPERM);
}

TEST(setreuid_rules)
{
	ROOT_ONLY();
	EXPECT_EQ(syscall(SYS_setreuid, 100, 200), 0);
	EXPECT(uids_are(100, 200, 200));
	EXPECT_EQ(syscall(SYS_setreuid, 200, 100), 0);
	EXPECT(uids_are(200, 100, 100));
	EXPECT_ERRNO(syscall(SYS_setreuid, 300, -1), EPERM);
	EXPECT_ERRNO(syscall(SYS_setreuid, -1, 300), EPERM);
	EXPECT_EQ(syscall(SYS_setreuid, -1, 200), 0);
	EXPECT(uids_are(200, 200, 100));
	EXPECT_ERRNO(syscall(SYS_setreuid, 100, -1), EPERM);
	EXPECT_EQ(syscall(SYS_setreuid, -1, 100), 0);
	EXPECT(uids_are(200, 100, 100));
}

TEST(setresuid_rules)
{
	ROOT_ONLY();
	EXPECT_EQ(syscall(SYS_setresuid, 1, 2, 3), 0);
	EXPECT(uids_are(1, 2, 3));
	EXPECT_EQ(syscall(SYS_setresuid, 3, 1, 2), 0);
	EXPECT(uids_are(3, 1, 2));
	EXPECT_EQ(syscall(SYS_setresuid, -1, -1, -1), 0);
	EXPECT_ERRNO(syscall(SYS_setresuid, 4, -1, -1), EPERM);
	EXPECT_ERRNO(syscall(SYS_getresuid, NULL, NULL, NULL), EFAULT);
}

TEST(group_rules)
{
	ROOT_ONLY();
	EXPECT_EQ(syscall(SYS_setresgid, 1, 2, 3), 0);
	EXPECT(gids_are(1, 2, 3));
	EXPECT_EQ(syscall(SYS_setregid, 10, 20), 0);
	EXPECT(gids_are(10, 20, 20));
	EXPECT_EQ(syscall(SYS_setgid, 30), 0);
	EXPECT(gids_are(30, 30, 30));
	EXPECT_EQ(syscall(SYS_setresgid, 1, 2, 3), 0);
	EXPECT_EQ(syscall(SYS_setuid, 1000), 0);
	EXPECT_EQ(syscall(SYS_setgid, 3), 0);
	EXPECT(gids_are(1, 3, 3));
	EXPECT_ERRNO(syscall(SYS_setgid, 2), EPERM);
	EXPECT_ERRNO(syscall(SYS_setresgid, 2, 2, 2), EPERM);
	EXPECT_ERRNO(syscall(SYS_setregid, -1, 7), EPERM);
}

TEST(saved_uid_allows_a_return)
{
	ROOT_ONLY();
	EXPECT_EQ(syscall(SYS_setresuid, 1000, 1000, 0), 0);
	EXPECT_ERRNO(syscall(SYS_setgid, 5), EPERM);
	EXPECT_EQ(syscall(SYS_setresuid, -1, 0, -1), 0);
	EXPECT_EQ(syscall(SYS_setgid, 5), 0);
}

TEST(fs_ids)
{
	ROOT_ONLY();
	EXPECT_EQ(syscall(SYS_setfsuid, 500), 0);
	EXPECT_EQ(syscall(SYS_setfsuid, -1), 500);
	EXPECT_EQ(syscall(SYS_setfsgid, 600), 0);
	EXPECT_EQ(syscall(SYS_setfsgid, -1), 600);
	EXPECT_EQ(syscall(SYS_setresuid, -1, 1000, -1), 0);
	EXPECT_EQ(syscall(SYS_setfsuid, 77), 1000);
	EXPECT_EQ(syscall(SYS_setfsuid, -1), 1000);
}

TEST(groups)
{
	static unsigned int set[4] = { 9, 3, 7, 3 }, got[8];

	ROOT_ONLY();
	EXPECT_ERRNO(syscall(SYS_setgroups, 65537, set), EINVAL);
	EXPECT_ERRNO(syscall(SYS_setgroups, -1, set), EINVAL);
	EXPECT_ERRNO(syscall(SYS_setgroups, 4, (void *)8), EFAULT);
	EXPECT_EQ(syscall(SYS_setgroups, 4, set), 0);
	EXPECT_EQ(syscall(SYS_getgroups, 0, NULL), 4);
	EXPECT_ERRNO(syscall(SYS_getgroups, 3, got), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getgroups, -1, got), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getgroups, 4, (void *)8), EFAULT);
	EXPECT_EQ(syscall(SYS_getgroups, 8, got), 4);
	EXPECT(got[0] == 3 && got[1] == 3 && got[2] == 7 && got[3] == 9);
	EXPECT_EQ(syscall(SYS_setgroups, 0, NULL), 0);
	EXPECT_EQ(syscall(SYS_getgroups, 0, NULL), 0);
}

TEST(groups_give_access)
{
	char name[] = "/tmp/credXXXXXX";
	unsigned int gid = 4242;
	pid_t child;
	int fd;

	ROOT_ONLY();
	fd = mkstemp(name);
	ASSERT(fd >= 0);
	ASSERT_EQ(fchown(fd, 1, gid), 0);
	ASSERT_EQ(fchmod(fd, 0640), 0);
	for (int member = 0; member < 2; member++) {
		child = fork();
		if (!child) {
			syscall(SYS_setgroups, member, &gid);
			syscall(SYS_setgid, 1000);
			syscall(SYS_setuid, 1000);
			_exit(open(name, O_RDONLY) >= 0);
		}
		EXPECT_EQ(wait_exit(child), member);
	}
	unlink(name);
}

TEST(kill_permission)
{
	pid_t child;

	ROOT_ONLY();
	child = fork();
	if (!child) {
		syscall(SYS_setresuid, 1000, 1000, 1000);
		for (;;)
			pause();
	}
	usleep(30000);
	syscall(SYS_setresuid, 2000, 2000, 0);
	EXPECT_ERRNO(kill(child, SIGTERM), EPERM);
	EXPECT_ERRNO(kill(child, 0), EPERM);
	EXPECT_EQ(kill(child, SIGCONT), 0);	/* same session */
	EXPECT_ERRNO(kill(1, 0), EPERM);
	syscall(SYS_setresuid, -1, 0, -1);
	EXPECT_EQ(kill(child, SIGTERM), 0);
	EXPECT_EQ(wait_exit(child), 128 + SIGTERM);
}

TEST(changing_identity_forgets_pdeathsig_and_dumpability)
{
	int sig = -1;

	ROOT_ONLY();
	EXPECT_EQ(prctl(PR_GET_DUMPABLE), 1);
	EXPECT_EQ(prctl(PR_SET_PDEATHSIG, SIGUSR1), 0);
	EXPECT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
	EXPECT_EQ(prctl(PR_GET_PDEATHSIG, &sig), 0);
	EXPECT_EQ(sig, 0);
	EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0);
}
