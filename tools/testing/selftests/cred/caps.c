// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capabilities: capget, capset, prctl's part, and what set*id calls and exec make of them.
 * Started as root.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define ROOT_ONLY() do { if (geteuid()) SKIP("needs root"); } while (0)
#define BIT(cap) (1ull << (cap))

struct sets {
	uint64_t effective, permitted, inheritable;
};

static struct sets get(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	ASSERT_EQ(syscall(SYS_capget, &header, data), 0);
	return (struct sets){
		data[0].effective | (uint64_t)data[1].effective << 32,
		data[0].permitted | (uint64_t)data[1].permitted << 32,
		data[0].inheritable | (uint64_t)data[1].inheritable << 32,
	};
}

static int set(struct sets s)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ s.effective, s.permitted, s.inheritable },
		{ s.effective >> 32, s.permitted >> 32, s.inheritable >> 32 },
	};

	return syscall(SYS_capset, &header, data);
}

TEST(versions_and_arguments)
{
	struct __user_cap_header_struct header = { 0x12345678, 0 };
	struct __user_cap_data_struct data[2];

	EXPECT_ERRNO(syscall(SYS_capget, &header, data), EINVAL);
	EXPECT_EQ(header.version, _LINUX_CAPABILITY_VERSION_3);
	header.version = 0;
	EXPECT_EQ(syscall(SYS_capget, &header, NULL), 0);
	EXPECT_EQ(header.version, _LINUX_CAPABILITY_VERSION_3);
	header.pid = -1;
	EXPECT_ERRNO(syscall(SYS_capget, &header, data), EINVAL);
	header.pid = 0x7ffffff0;
	EXPECT_ERRNO(syscall(SYS_capget, &header, data), ESRCH);
	header.pid = 1;
	EXPECT_EQ(syscall(SYS_capget, &header, data), 0);
	EXPECT_ERRNO(syscall(SYS_capset, &header, data), EPERM);
	header.pid = 0;
	header.version = _LINUX_CAPABILITY_VERSION_1;
	EXPECT_EQ(syscall(SYS_capget, &header, data), 0);
	EXPECT_ERRNO(syscall(SYS_capget, &header, (void *)8), EFAULT);
	EXPECT_ERRNO(syscall(SYS_capget, (void *)8, data), EFAULT);
}

TEST(nothing_can_be_gained)
{
	struct sets s = get();

	ROOT_ONLY();
	s.effective &= ~BIT(CAP_KILL);
	EXPECT_EQ(set(s), 0);
	s.effective |= BIT(CAP_KILL);
	EXPECT_EQ(set(s), 0);
	s.permitted &= ~BIT(CAP_KILL);
	EXPECT_ERRNO(set(s), EPERM);		/* effective beyond permitted */
	s.effective &= ~BIT(CAP_KILL);
	EXPECT_EQ(set(s), 0);
	s.permitted |= BIT(CAP_KILL);
	EXPECT_ERRNO(set(s), EPERM);
}

TEST(uids_take_and_give)
{
	struct sets all = get(), s;

	ROOT_ONLY();
	ASSERT_EQ(syscall(SYS_setresuid, -1, 1000, -1), 0);
	s = get();
	EXPECT_EQ(s.effective, 0);
	EXPECT_EQ(s.permitted, all.permitted);
	ASSERT_EQ(syscall(SYS_setresuid, -1, 0, -1), 0);
	EXPECT_EQ(get().effective, all.permitted);
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
	s = get();
	EXPECT_EQ(s.effective, 0);
	EXPECT_EQ(s.permitted, 0);
}

TEST(keepcaps)
{
	struct sets all = get(), s;

	ROOT_ONLY();
	EXPECT_ERRNO(prctl(PR_SET_KEEPCAPS, 2, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0), 1);
	ASSERT_EQ(syscall(SYS_setresuid, 1000, 1000, 1000), 0);
	s = get();
	EXPECT_EQ(s.permitted, all.permitted);
	EXPECT_EQ(s.effective, 0);
	s.effective = s.permitted;
	EXPECT_EQ(set(s), 0);
	EXPECT_EQ(syscall(SYS_setuid, 0), 0);
}

TEST(fsuid_moves_file_capabilities)
{
	ROOT_ONLY();
	syscall(SYS_setfsuid, 1000);
	EXPECT(!(get().effective & BIT(CAP_DAC_OVERRIDE)));
	EXPECT(get().effective & BIT(CAP_KILL));
	syscall(SYS_setfsuid, 0);
	EXPECT(get().effective & BIT(CAP_DAC_OVERRIDE));
}

TEST(bounding_set)
{
	ROOT_ONLY();
	EXPECT_EQ(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0), 1);
	EXPECT_ERRNO(prctl(PR_CAPBSET_READ, 64, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_CAPBSET_DROP, 64, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_CAPBSET_READ, CAP_KILL, 0, 0, 0), 0);
	syscall(SYS_setuid, 1000);
	EXPECT_ERRNO(prctl(PR_CAPBSET_DROP, CAP_CHOWN, 0, 0, 0), EPERM);
}

TEST(securebits)
{
	ROOT_ONLY();
	EXPECT_EQ(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), 0);
	EXPECT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED,
			0, 0, 0), 0);
	EXPECT_ERRNO(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), EPERM);
	EXPECT_ERRNO(prctl(PR_SET_SECUREBITS, 1 << 20, 0, 0, 0), EPERM);
	syscall(SYS_setresuid, 1000, 1000, 1000);
	EXPECT(get().effective & BIT(CAP_KILL));
}

TEST(ambient_set)
{
	struct sets s = get();

	ROOT_ONLY();
	EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, 9, CAP_KILL, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 64, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 1, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 1, 0, 0), EINVAL);
	EXPECT_ERRNO(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), EPERM);
	s.inheritable |= BIT(CAP_KILL);
	EXPECT_EQ(set(s), 0);
	EXPECT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), 0);
	EXPECT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0), 1);
	s.inheritable &= ~BIT(CAP_KILL);
	EXPECT_EQ(set(s), 0);
	EXPECT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0), 0);
}

/* ---- across exec: the child looks at itself and reports by its exit status ---- */

static int exec_self(const char *path, const char *what)
{
	pid_t child = fork();

	if (!child) {
		execl(path, "caps", "--look", what, NULL);
		_exit(99);
	}
	return wait_exit(child);
}

static int look(const char *what)
{
	struct sets s = get();

	if (!strcmp(what, "all"))
		return s.effective && s.effective == s.permitted ? 0 : 1;
	if (!strcmp(what, "none"))
		return s.effective || s.permitted ? 1 : 0;
	if (!strcmp(what, "kill"))
		return s.effective == BIT(CAP_KILL) && s.permitted == BIT(CAP_KILL) ? 0 : 1;
	if (!strcmp(what, "euid0"))
		return geteuid() == 0 && getuid() == 1000 && s.effective ? 0 : 1;
	if (!strcmp(what, "euid1000"))
		return geteuid() == 1000 ? 0 : 1;
	return 98;
}

TEST(exec_of_root_and_others)
{
	ROOT_ONLY();
	EXPECT_EQ(exec_self("/proc/self/exe", "all"), 0);
	syscall(SYS_setuid, 1000);
	EXPECT_EQ(exec_self("/proc/self/exe", "none"), 0);
}

TEST(exec_keeps_ambient)
{
	struct sets s = get();

	ROOT_ONLY();
	s.inheritable = BIT(CAP_KILL);
	ASSERT_EQ(set(s), 0);
	ASSERT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0), 0);
	ASSERT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0), 0);
	syscall(SYS_setresuid, 1000, 1000, 1000);
	EXPECT_EQ(exec_self("/proc/self/exe", "kill"), 0);
}

TEST(exec_noroot)
{
	ROOT_ONLY();
	ASSERT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0, 0, 0), 0);
	EXPECT_EQ(exec_self("/proc/self/exe", "none"), 0);
}

/* A set-uid copy of this program, where the file system allows it. */
static int copy_setuid(char *name)
{
	static char buffer[65536];
	int in = open("/proc/self/exe", 0), out = mkstemp(name);
	ssize_t n;

	if (in < 0 || out < 0)
		return -1;
	while ((n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, n) != n)
			return -1;
	if (fchmod(out, 04755))
		return -1;
	close(in);
	close(out);
	return 0;
}

TEST(setuid_exec)
{
	char name[] = "/tmp/capsXXXXXX";
	int ret;

	ROOT_ONLY();
	ASSERT_EQ(copy_setuid(name), 0);
	syscall(SYS_setresuid, 1000, 1000, 0);
	ret = exec_self(name, "euid0");
	EXPECT_EQ(ret, 0);
	EXPECT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ret = exec_self(name, "euid1000");
	EXPECT_EQ(ret, 0);
	syscall(SYS_setresuid, -1, 0, -1);
	unlink(name);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--look"))
		return look(argv[2]);
	return ktest_main(argc, argv);
}
