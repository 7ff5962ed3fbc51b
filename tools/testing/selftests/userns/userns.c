// SPDX-License-Identifier: GPL-2.0-only
/*
 * User namespaces: who may map what, what ids look like on both sides, what capabilities are
 * worth inside and outside. user_namespaces(7). Started as root.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define ROOT_ONLY() do { if (geteuid()) SKIP("needs root"); } while (0)

/* Return: what write(2) says, in one call. */
static long put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	long ret;

	if (fd < 0)
		return -1;
	ret = write(fd, text, strlen(text));
	close(fd);
	return ret;
}

static long put_of(pid_t pid, const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return put(path, text);
}

static void get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	ASSERT(fd >= 0);
	n = read(fd, buf, size - 1);
	ASSERT(n >= 0);
	buf[n] = '\0';
	close(fd);
}

static void wait_ok(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* A child in a namespace of its own; the parent maps, then lets it go on. */
struct pair {
	pid_t pid;
	int ready[2], go[2];
};

static int in_child(struct pair *p)
{
	char c = 0;

	ASSERT_EQ(pipe(p->ready), 0);
	ASSERT_EQ(pipe(p->go), 0);
	p->pid = fork();
	ASSERT(p->pid >= 0);
	if (!p->pid) {
		ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
		ASSERT_EQ(write(p->ready[1], &c, 1), 1);
		ASSERT_EQ(read(p->go[0], &c, 1), 1);
		return 1;
	}
	ASSERT_EQ(read(p->ready[0], &c, 1), 1);
	return 0;
}

static void let_go(struct pair *p)
{
	ASSERT_EQ(write(p->go[1], "", 1), 1);
	wait_ok(p->pid);
}

static uint64_t effective(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	ASSERT_EQ(syscall(SYS_capget, &header, data), 0);
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

TEST(unmapped_ids_overflow)
{
	ROOT_ONLY();
	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_EQ(getuid(), 65534);
	EXPECT_EQ(getegid(), 65534);
	EXPECT(effective() != 0);
	EXPECT_ERRNO(setuid(0), EINVAL);
	EXPECT_ERRNO(setresuid(-1, 5, -1), EINVAL);
	EXPECT_EQ(setresuid(-1, -1, -1), 0);
	EXPECT_ERRNO(setgroups(0, NULL), EPERM);
}

TEST(parent_maps_a_range)
{
	char buf[200];
	struct pair p;

	ROOT_ONLY();
	if (in_child(&p)) {
		EXPECT_EQ(getuid(), 5);
		EXPECT_EQ(setuid(0), 0);
		EXPECT_EQ(getuid(), 0);
		EXPECT_EQ(setresuid(7, 8, 9), 0);
		EXPECT_ERRNO(setuid(10), EINVAL);
		get("/proc/self/uid_map", buf, sizeof(buf));
		EXPECT(!strcmp(buf, "         0     100000          5\n"
					 "         5          0          5\n"));
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "0 100000 5\n5 0 5\n"), 17);
	EXPECT_ERRNO(put_of(p.pid, "uid_map", "0 100000 5\n"), EPERM);
	let_go(&p);
}

TEST(what_is_no_map)
{
	static const char *const bad[] = {
		"", "\n", "0 0", "0 0 0", "x 0 1", "0 0 1 1", "0 0 1x", "-1 0 1", "4294967295 0 1",
		"0 4294967295 1", "4294967294 0 2", "0 0 4294967296", "0 0 5\n3 10 5",
		"0 10 5\n10 12 5", "0x0 0 1", "0 0 1\n\n",
	};
	struct pair p;

	ROOT_ONLY();
	if (in_child(&p))
		exit(0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		errno = 0;
		if (put_of(p.pid, "uid_map", bad[i]) >= 0 || errno != EINVAL) {
			ktest_print("# taken: \"%s\" (%d)\n", bad[i], errno);
			ktest_failed(0);
		}
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "  0 \t 1   1  "), 13);
	let_go(&p);
}

TEST(many_extents)
{
	static char text[16384];
	struct pair p;
	char *end = text;

	ROOT_ONLY();
	for (int i = 0; i < 341; i++)
		end += sprintf(end, "%d %d 1\n", 2 * i, 1000 - i);
	if (in_child(&p)) {
		EXPECT_EQ(setuid(2 * 339), 0);
		EXPECT_EQ(getuid(), 2 * 339);
		EXPECT_ERRNO(setuid(2 * 339 + 1), EINVAL);
		exit(ktest_result->failures != 0);
	}
	/* It ends where a page does, and a map has 340 lines at most. */
	EXPECT_ERRNO(put_of(p.pid, "uid_map", text), EINVAL);
	end = text;
	for (int i = 0; i < 340; i++)
		end += sprintf(end, "%d %d 1\n", 2 * i, 1000 - i);
	text[4095] = '\0';
	*strrchr(text, '\n') = '\0';
	EXPECT(put_of(p.pid, "uid_map", text) > 0);
	let_go(&p);
}

/* Somebody without privileges: himself, and groups only without setgroups(). */
TEST(one_maps_oneself)
{
	pid_t pid;

	ROOT_ONLY();
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setresgid(1000, 1000, 1000), 0);
		ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
		ASSERT_EQ(prctl(PR_SET_DUMPABLE, 1), 0);
		ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
		EXPECT_ERRNO(put("/proc/self/uid_map", "0 0 1"), EPERM);
		EXPECT_ERRNO(put("/proc/self/uid_map", "0 1000 2"), EPERM);
		EXPECT_EQ(put("/proc/self/uid_map", "0 1000 1"), 8);
		EXPECT_ERRNO(put("/proc/self/gid_map", "0 1000 1"), EPERM);
		EXPECT_EQ(put("/proc/self/setgroups", "deny"), 4);
		EXPECT_ERRNO(put("/proc/self/setgroups", "allow"), EPERM);
		EXPECT_EQ(put("/proc/self/gid_map", "0 1000 1\n"), 9);
		EXPECT_EQ(getuid(), 0);
		EXPECT_EQ(getgid(), 0);
		EXPECT_ERRNO(setgroups(0, NULL), EPERM);
		exit(ktest_result->failures != 0);
	}
	wait_ok(pid);
}

TEST(setgroups_is_decided_before_the_map)
{
	struct pair p;

	ROOT_ONLY();
	if (in_child(&p)) {
		gid_t gid = 3;
		char buf[16];

		get("/proc/self/setgroups", buf, sizeof(buf));
		EXPECT(!strcmp(buf, "allow\n"));
		EXPECT_ERRNO(put("/proc/self/setgroups", "deny"), EPERM);
		EXPECT_ERRNO(put("/proc/self/setgroups", "no"), EINVAL);
		EXPECT_EQ(setgroups(1, &gid), 0);
		EXPECT_EQ(getgroups(1, &gid), 1);
		EXPECT_EQ(gid, 3);
		gid = 30;
		EXPECT_ERRNO(setgroups(1, &gid), EINVAL);
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "gid_map", "0 0 10"), 6);
	let_go(&p);
}

TEST(files_from_inside_and_outside)
{
	char path[] = "/tmp/usernsXXXXXX";
	int fd = mkstemp(path);
	struct stat st;
	struct pair p;

	ROOT_ONLY();
	ASSERT(fd >= 0);
	ASSERT_EQ(fchown(fd, 20, 21), 0);
	if (in_child(&p)) {
		ASSERT_EQ(setresgid(0, 0, 0), 0);
		ASSERT_EQ(setresuid(0, 0, 0), 0);
		ASSERT_EQ(stat(path, &st), 0);
		EXPECT_EQ(st.st_uid, 10);
		EXPECT_EQ(st.st_gid, 11);
		ASSERT_EQ(stat("/proc", &st), 0);
		EXPECT_EQ(st.st_uid, 65534);
		EXPECT_ERRNO(chmod("/proc/version", 0444), EPERM);
		EXPECT_EQ(chown(path, 3, 4), 0);
		EXPECT_ERRNO(chown(path, 3000, -1), EINVAL);
		EXPECT_ERRNO(mknod("/tmp/userns.null", S_IFCHR, 0x103), EPERM);
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "0 10 20"), 7);
	EXPECT_EQ(put_of(p.pid, "gid_map", "0 10 20"), 7);
	let_go(&p);
	ASSERT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ(st.st_uid, 13);
	EXPECT_EQ(st.st_gid, 14);
	unlink(path);
}

/* All power, but not over what the initial namespace owns. */
TEST(power_ends_at_the_border)
{
	struct rlimit lim = { 1 << 20, 1 << 20 };

	ROOT_ONLY();
	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 64, 64 }), 0);
	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_ERRNO(setrlimit(RLIMIT_NOFILE, &lim), EPERM);
	EXPECT_ERRNO(sethostname("x", 1), EPERM);
	EXPECT_ERRNO(setpriority(PRIO_PROCESS, 0, -5), EACCES);
}

TEST(signals_name_their_sender)
{
	siginfo_t info;
	sigset_t set;
	struct pair p;

	ROOT_ONLY();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (in_child(&p)) {
		EXPECT_EQ(sigwaitinfo(&set, &info), SIGUSR1);
		EXPECT_EQ(info.si_uid, 7);
		ASSERT_EQ(setresuid(3, 3, 3), 0);
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "0 500 5\n7 0 1"), 13);
	ASSERT_EQ(kill(p.pid, SIGUSR1), 0);
	ASSERT_EQ(write(p.go[1], "", 1), 1);
	ASSERT_EQ(waitid(P_PID, p.pid, &info, WEXITED), 0);
	EXPECT_EQ(info.si_uid, 503);
	EXPECT_EQ(info.si_status, 0);
}

TEST(sockets_name_their_peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	struct pair p;
	int sk[2];

	ROOT_ONLY();
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sk), 0);
	if (in_child(&p)) {
		EXPECT_EQ(getsockopt(sk[0], SOL_SOCKET, SO_PEERCRED, &cred, &len), 0);
		EXPECT_EQ(cred.uid, 9);
		EXPECT_EQ(cred.gid, 65534);
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "9 0 1"), 5);
	let_go(&p);
}

static int nest(void)
{
	int depth = 0;

	while (!unshare(CLONE_NEWUSER)) {
		depth++;
		/* The next one wants its maker's ids mapped. */
		if (put("/proc/self/uid_map", "0 0 1") < 0)
			return -1;
		if (put("/proc/self/setgroups", "deny") < 0 ||
		    put("/proc/self/gid_map", "0 0 1") < 0)
			return -2;
	}
	return depth;
}

TEST(nesting_ends)
{
	ROOT_ONLY();
	EXPECT_EQ(nest(), 33);
	EXPECT_EQ(errno, ENOSPC);
}

TEST(limit_per_user)
{
	char buf[32];

	ROOT_ONLY();
	get("/proc/sys/user/max_user_namespaces", buf, sizeof(buf));
	EXPECT(atoi(buf) > 0);
	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_EQ(put("/proc/self/uid_map", "0 0 1"), 5);
	EXPECT_EQ(put("/proc/self/setgroups", "deny"), 4);
	EXPECT_EQ(put("/proc/self/gid_map", "0 0 1"), 5);
	EXPECT_EQ(put("/proc/sys/user/max_user_namespaces", "0"), 1);
	EXPECT_ERRNO(unshare(CLONE_NEWUSER), ENOSPC);
}

static int exit_child(void *arg)
{
	return 0;
}

TEST(flags_that_go_not_together)
{
	static char stack[16384] __attribute__((aligned(16)));
	char *top = stack + sizeof(stack);

	EXPECT_ERRNO(clone(exit_child, top, CLONE_NEWUSER | CLONE_FS | SIGCHLD, NULL), EINVAL);
	EXPECT_ERRNO(clone(exit_child, top, CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND |
			   CLONE_VM, NULL), EINVAL);
}

TEST(no_namespace_in_a_chroot)
{
	ROOT_ONLY();
	ASSERT_EQ(mkdir("/tmp/userns.root", 0755) && errno != EEXIST, 0);
	ASSERT_EQ(chroot("/tmp/userns.root"), 0);
	EXPECT_ERRNO(unshare(CLONE_NEWUSER), EPERM);
}

TEST(status_as_the_reader_sees_it)
{
	char buf[4096], want[64];
	struct pair p;
	pid_t parent = getpid();

	ROOT_ONLY();
	if (in_child(&p)) {
		snprintf(want, sizeof(want), "/proc/%d/status", parent);
		get(want, buf, sizeof(buf));
		EXPECT(strstr(buf, "Uid:\t4\t4\t4\t4\n") != NULL);
		exit(ktest_result->failures != 0);
	}
	EXPECT_EQ(put_of(p.pid, "uid_map", "4 0 1"), 5);
	let_go(&p);
}

/* A program that one may run but not read: nor its memory, as root of a namespace either. */
TEST(unreadable_program_is_not_dumpable)
{
	static const char copy[] = "cp /proc/%d/exe /tmp/userns.exe && chmod 111 /tmp/userns.exe";
	char command[120];
	int status;
	pid_t pid;

	ROOT_ONLY();
	snprintf(command, sizeof(command), copy, getpid());
	ASSERT_EQ(system(command), 0);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setresgid(1000, 1000, 1000), 0);
		ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
		execl("/tmp/userns.exe", "userns", "--dumpable", NULL);
		_exit(99);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	unlink("/tmp/userns.exe");
	EXPECT(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 0);
}

/* A set-uid program that gains nothing, as its directory is shared with us, is dumpable. */
static int exec_set_uid(void *arg)
{
	execl("/tmp/userns.suid", "userns", "--dumpable", NULL);
	return 99;
}

TEST(set_uid_that_gains_nothing_is_dumpable)
{
	static const char copy[] = "cd /tmp && cp /proc/%d/exe userns.suid && "
				   "chmod 4755 userns.suid";
	static char stack[16384] __attribute__((aligned(16)));
	int flags, status;
	char command[120];
	pid_t pid;

	ROOT_ONLY();
	snprintf(command, sizeof(command), copy, getpid());
	ASSERT_EQ(system(command), 0);
	/* root's again with the saved ones: somebody has to clean up */
	ASSERT_EQ(setresgid(1000, 1000, 0), 0);
	ASSERT_EQ(setresuid(1000, 1000, 0), 0);
	for (flags = 0; flags <= CLONE_FS; flags += CLONE_FS) {
		pid = clone(exec_set_uid, stack + sizeof(stack), flags | SIGCHLD, NULL);
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT(WIFEXITED(status));
		EXPECT_EQ(WEXITSTATUS(status), flags ? 1 : 0);
	}
	ASSERT_EQ(setresuid(0, 0, 0), 0);
	EXPECT_EQ(unlink("/tmp/userns.suid"), 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--dumpable"))
		return prctl(PR_GET_DUMPABLE);
	return ktest_main(argc, argv);
}
