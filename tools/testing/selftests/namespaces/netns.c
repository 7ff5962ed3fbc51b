// SPDX-License-Identifier: GPL-2.0-only
/* Network namespaces: making, entering, who owns them, and what is separate in them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include "../ktest.h"

#define SELF_NET	"/proc/self/ns/net"

static long long number_of_ns(const char *path)
{
	char text[64];
	unsigned long long nr = 0;
	ssize_t n = readlink(path, text, sizeof(text) - 1);

	if (n < 0)
		return -1;
	text[n] = 0;
	return sscanf(text, "net:[%llu]", &nr) == 1 ? (long long)nr : -1;
}

static int open_ns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ASSERT(fd >= 0);
	return fd;
}

static int open_ns_of(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return open_ns(path);
}

/* A child that sits in a new network namespace until its pipe is closed. */
struct dweller {
	pid_t pid;
	int leave;
};

static struct dweller dweller_start(int flags)
{
	int ready[2], leave[2];
	struct dweller d;
	char c;

	ASSERT_EQ(pipe(ready), 0);
	ASSERT_EQ(pipe(leave), 0);
	d.pid = fork();
	ASSERT(d.pid >= 0);
	if (!d.pid) {
		close(leave[1]);
		ASSERT_EQ(unshare(flags), 0);
		ASSERT_EQ(write(ready[1], "x", 1), 1);
		_exit(read(leave[0], &c, 1) != 0);
	}
	close(ready[1]);
	close(leave[0]);
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
	d.leave = leave[1];
	return d;
}

static void dweller_stop(struct dweller d)
{
	close(d.leave);
	ASSERT_EQ(wait_exit(d.pid), 0);
}

static socklen_t abstract(struct sockaddr_un *un, const char *name)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path + 1, name);
	return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
}

static int listener(const char *name)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len = abstract(&un, name);

	ASSERT(fd >= 0);
	ASSERT_EQ(bind(fd, (struct sockaddr *)&un, len), 0);
	ASSERT_EQ(listen(fd, 1), 0);
	return fd;
}

static int try_connect(const char *name)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), err;
	struct sockaddr_un un;
	socklen_t len = abstract(&un, name);

	ASSERT(fd >= 0);
	err = connect(fd, (struct sockaddr *)&un, len) ? errno : 0;
	close(fd);
	return err;
}

static int file_has(const char *path, const char *text)
{
	static char buf[1 << 16];
	int fd = open(path, O_RDONLY);
	ssize_t n, len = 0;

	ASSERT(fd >= 0);
	while ((n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += n;
	close(fd);
	buf[len] = 0;
	return !!strstr(buf, text);
}

static long read_number(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY);

	ASSERT(fd >= 0);
	EXPECT(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	return atol(text);
}

static int write_number(const char *path, long value)
{
	char text[32];
	int fd = open(path, O_WRONLY), len = snprintf(text, sizeof(text), "%ld\n", value), err;

	if (fd < 0)
		return errno;
	err = write(fd, text, len) == len ? 0 : errno;
	close(fd);
	return err;
}

/* ---- making and entering ---- */

TEST(unshare_makes_another)
{
	long long before = number_of_ns(SELF_NET);
	struct stat st;

	EXPECT_GT(before, 0);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_NE(number_of_ns(SELF_NET), before);
	ASSERT_EQ(stat(SELF_NET, &st), 0);
	EXPECT_EQ((long long)st.st_ino, number_of_ns(SELF_NET));
}

TEST(a_child_of_clone_is_in_its_own)
{
	long long own = number_of_ns(SELF_NET);
	pid_t pid = syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0);

	ASSERT(pid >= 0);
	if (!pid)
		_exit(number_of_ns(SELF_NET) == own);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(number_of_ns(SELF_NET), own);
}

TEST(a_fork_shares_it)
{
	long long own;
	pid_t pid;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	own = number_of_ns(SELF_NET);
	pid = fork();
	if (!pid)
		_exit(number_of_ns(SELF_NET) != own);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(setns_goes_there_and_back)
{
	struct dweller d = dweller_start(CLONE_NEWNET);
	long long own = number_of_ns(SELF_NET);
	int home = open_ns(SELF_NET), there = open_ns_of(d.pid);

	EXPECT_ERRNO(setns(there, CLONE_NEWUTS), EINVAL);
	ASSERT_EQ(setns(there, CLONE_NEWNET), 0);
	EXPECT_NE(number_of_ns(SELF_NET), own);
	ASSERT_EQ(setns(home, 0), 0);
	EXPECT_EQ(number_of_ns(SELF_NET), own);
	dweller_stop(d);
}

TEST(setns_takes_a_pidfd)
{
	struct dweller d = dweller_start(CLONE_NEWNET | CLONE_NEWUTS);
	long long own = number_of_ns(SELF_NET);
	int fd = syscall(SYS_pidfd_open, d.pid, 0);

	ASSERT(fd >= 0);
	ASSERT_EQ(setns(fd, CLONE_NEWNET | CLONE_NEWUTS), 0);
	EXPECT_NE(number_of_ns(SELF_NET), own);
	dweller_stop(d);
}

TEST(an_open_file_keeps_it)
{
	struct dweller d = dweller_start(CLONE_NEWNET);
	int fd = open_ns_of(d.pid);
	struct stat st;

	dweller_stop(d);
	ASSERT_EQ(setns(fd, CLONE_NEWNET), 0);
	ASSERT_EQ(fstat(fd, &st), 0);
	EXPECT_EQ((long long)st.st_ino, number_of_ns(SELF_NET));
	EXPECT_EQ(try_connect("nobody"), ECONNREFUSED);
}

TEST(a_zombie_has_none)
{
	char path[64];
	DIR *dir;
	pid_t pid = fork();
	siginfo_t info;

	if (!pid)
		_exit(0);
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	EXPECT_ERRNO(open(path, O_RDONLY), ENOENT);
	snprintf(path, sizeof(path), "/proc/%d/net/unix", pid);
	EXPECT_ERRNO(open(path, O_RDONLY), ENOENT);
	snprintf(path, sizeof(path), "/proc/%d/net", pid);
	dir = opendir(path);
	ASSERT(dir != NULL);
	errno = 0;
	EXPECT(!readdir(dir));
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(without_the_capability_it_is_refused)
{
	int fd = open_ns(SELF_NET);

	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_ERRNO(unshare(CLONE_NEWNET), EPERM);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0), EPERM);
	EXPECT_ERRNO(setns(fd, CLONE_NEWNET), EPERM);
}

TEST(with_a_user_namespace_anybody_may)
{
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_EQ(unshare(CLONE_NEWUSER | CLONE_NEWNET), 0);
	EXPECT_EQ(unshare(CLONE_NEWNET), 0);
}

TEST(its_owner_is_the_makers_user_namespace)
{
	struct stat user, owner;
	int fd, up;

	ASSERT_EQ(unshare(CLONE_NEWUSER | CLONE_NEWNET), 0);
	fd = open_ns(SELF_NET);
	EXPECT_EQ(ioctl(fd, NS_GET_NSTYPE), CLONE_NEWNET);
	EXPECT_ERRNO(ioctl(fd, NS_GET_PARENT), EINVAL);
	EXPECT_ERRNO(ioctl(fd, NS_GET_OWNER_UID, &up), EINVAL);
	up = ioctl(fd, NS_GET_USERNS);
	ASSERT(up >= 0);
	ASSERT_EQ(fstat(up, &owner), 0);
	ASSERT_EQ(stat("/proc/self/ns/user", &user), 0);
	EXPECT_EQ(owner.st_ino, user.st_ino);
}

TEST(the_first_ones_owner_is_out_of_sight)
{
	int fd = open_ns(SELF_NET);

	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_ERRNO(ioctl(fd, NS_GET_USERNS), EPERM);
	EXPECT_ERRNO(setns(fd, CLONE_NEWNET), EPERM);
}

TEST(their_number_is_limited)
{
	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_EQ(write_number("/proc/sys/user/max_net_namespaces", 1), 0);
	EXPECT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_ERRNO(unshare(CLONE_NEWNET), ENOSPC);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0), ENOSPC);
}

TEST(a_sockets_namespace_can_be_opened)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ns;
	long long own = number_of_ns(SELF_NET);
	struct stat st;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	ns = ioctl(fd, SIOCGSKNS);
	ASSERT(ns >= 0);
	EXPECT_EQ(fcntl(ns, F_GETFD), FD_CLOEXEC);
	ASSERT_EQ(fstat(ns, &st), 0);
	EXPECT_EQ((long long)st.st_ino, own);
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_ERRNO(ioctl(fd, SIOCGSKNS), EPERM);
}

TEST_TIMEOUT(many_come_and_go, 60)
{
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (!pid) {
			ASSERT_EQ(unshare(CLONE_NEWNET), 0);
			listener("same name");
			_exit(0);
		}
		ASSERT_EQ(wait_exit(pid), 0);
	}
}

/* ---- AF_UNIX ---- */

TEST(abstract_names_are_separate)
{
	int home = open_ns(SELF_NET), there;

	listener("netns-test");
	EXPECT_EQ(try_connect("netns-test"), 0);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	there = open_ns(SELF_NET);
	EXPECT_EQ(try_connect("netns-test"), ECONNREFUSED);
	listener("netns-test");
	EXPECT_EQ(try_connect("netns-test"), 0);
	ASSERT_EQ(setns(home, 0), 0);
	EXPECT_EQ(try_connect("netns-test"), 0);
	ASSERT_EQ(setns(there, 0), 0);
	EXPECT_EQ(try_connect("netns-test"), 0);
}

TEST(a_socket_stays_where_it_was_made)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len;

	listener("netns-stay");
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	len = abstract(&un, "netns-stay");
	EXPECT_EQ(connect(fd, (struct sockaddr *)&un, len), 0);
}

TEST(paths_lead_everywhere)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "netns-path" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), other, accepted;
	char c;

	ASSERT_EQ(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ASSERT_EQ(listen(fd, 1), 0);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	other = socket(AF_UNIX, SOCK_STREAM, 0);
	ASSERT_EQ(connect(other, (struct sockaddr *)&un, sizeof(un)), 0);
	accepted = accept(fd, NULL, NULL);
	ASSERT(accepted >= 0);
	ASSERT_EQ(write(other, "x", 1), 1);
	EXPECT_EQ(read(accepted, &c, 1), 1);
	unlink("netns-path");
}

TEST(proc_net_unix_shows_ones_own)
{
	struct dweller d;
	char path[64];

	listener("netns-mine");
	EXPECT(file_has("/proc/net/unix", "@netns-mine"));
	EXPECT(file_has("/proc/thread-self/net/unix", "@netns-mine"));
	d = dweller_start(CLONE_NEWNET);
	snprintf(path, sizeof(path), "/proc/%d/net/unix", d.pid);
	EXPECT(!file_has(path, "@netns-mine"));
	dweller_stop(d);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT(!file_has("/proc/net/unix", "@netns-mine"));
	listener("netns-other");
	EXPECT(file_has("/proc/net/unix", "@netns-other"));
}

TEST(an_open_file_of_proc_net_stays)
{
	char text[4096];
	ssize_t n;
	int fd;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	listener("netns-before");
	fd = open("/proc/net/unix", O_RDONLY);
	ASSERT(fd >= 0);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	n = read(fd, text, sizeof(text) - 1);
	ASSERT(n > 0);
	text[n] = 0;
	EXPECT(strstr(text, "@netns-before") != NULL);
}

TEST(proc_net_is_a_link)
{
	char text[64];
	ssize_t n = readlink("/proc/net", text, sizeof(text) - 1);

	ASSERT(n > 0);
	text[n] = 0;
	EXPECT_STREQ(text, "self/net");
}

/* ---- /proc/sys/net ---- */

#define SOMAXCONN_FILE	"/proc/sys/net/core/somaxconn"
#define TAG(dir)	"/proc/sys/net/ipv4/conf/" dir "/tag"

TEST(somaxconn_is_separate)
{
	int home = open_ns(SELF_NET);
	long own = read_number(SOMAXCONN_FILE);

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_EQ(read_number(SOMAXCONN_FILE), 4096);
	EXPECT_EQ(write_number(SOMAXCONN_FILE, 7), 0);
	EXPECT_EQ(read_number(SOMAXCONN_FILE), 7);
	EXPECT_EQ(write_number(SOMAXCONN_FILE, -1), EINVAL);
	ASSERT_EQ(setns(home, 0), 0);
	EXPECT_EQ(read_number(SOMAXCONN_FILE), own);
}

TEST(a_datagram_queue_is_as_long_as_its_namespace_says)
{
	struct sockaddr_un un;
	int fd, to, n = 0;
	socklen_t len;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_EQ(read_number("/proc/sys/net/unix/max_dgram_qlen"), 10);
	ASSERT_EQ(write_number("/proc/sys/net/unix/max_dgram_qlen", 3), 0);
	to = socket(AF_UNIX, SOCK_DGRAM, 0);
	len = abstract(&un, "netns-queue");
	ASSERT_EQ(bind(to, (struct sockaddr *)&un, len), 0);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	while (sendto(fd, "x", 1, 0, (struct sockaddr *)&un, len) == 1)
		n++;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(n, 4);
}

TEST(a_device_follows_the_default_until_it_is_set)
{
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_EQ(read_number(TAG("lo")), read_number(TAG("default")));
	EXPECT_EQ(write_number(TAG("default"), 5), 0);
	EXPECT_EQ(read_number(TAG("lo")), 5);
	EXPECT_EQ(write_number(TAG("lo"), 6), 0);
	EXPECT_EQ(write_number(TAG("default"), 7), 0);
	EXPECT_EQ(read_number(TAG("lo")), 6);
	EXPECT_EQ(read_number(TAG("default")), 7);
	EXPECT_EQ(write_number(TAG("all"), -3), 0);
	EXPECT_EQ(read_number(TAG("all")), -3);
}

/* ---- netlink ---- */

static int netlink_bound(int protocol, unsigned int port, unsigned int groups)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = port, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, protocol);

	ASSERT(fd >= 0);
	if (!bind(fd, (struct sockaddr *)&nl, sizeof(nl)))
		return fd;
	close(fd);
	return -1;
}

TEST(netlink_ports_are_separate)
{
	EXPECT(netlink_bound(NETLINK_USERSOCK, 77777, 0) >= 0);
	EXPECT_ERRNO(netlink_bound(NETLINK_USERSOCK, 77777, 0), EADDRINUSE);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT(netlink_bound(NETLINK_USERSOCK, 77777, 0) >= 0);
	EXPECT(file_has("/proc/net/netlink", " 77777 "));
}

TEST(netlink_groups_are_separate)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = 2 };
	struct nlmsghdr msg = { .nlmsg_len = sizeof(msg), .nlmsg_type = NLMSG_MIN_TYPE };
	int outside = netlink_bound(NETLINK_USERSOCK, 0, 2), inside, fd;

	ASSERT(outside >= 0);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	inside = netlink_bound(NETLINK_USERSOCK, 0, 2);
	ASSERT(inside >= 0);
	fd = netlink_bound(NETLINK_USERSOCK, 0, 0);
	ASSERT(fd >= 0);
	sendto(fd, &msg, sizeof(msg), 0, (struct sockaddr *)&nl, sizeof(nl));
	EXPECT_EQ(recv(inside, &msg, sizeof(msg), 0), sizeof(msg));
	EXPECT_ERRNO(recv(outside, &msg, sizeof(msg), 0), EAGAIN);
}

/* Process events are the first namespace's. */
TEST(nobody_listens_to_the_connector_elsewhere)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr nlh;
		char cn[24];
	} msg = { .nlh = { .nlmsg_len = sizeof(msg), .nlmsg_type = NLMSG_DONE } };
	int fd;

	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	fd = netlink_bound(NETLINK_CONNECTOR, 0, 1);
	ASSERT(fd >= 0);
	EXPECT_ERRNO(sendto(fd, &msg, sizeof(msg), 0, (struct sockaddr *)&nl, sizeof(nl)),
		     ECONNREFUSED);
	EXPECT_ERRNO(recv(fd, &msg, sizeof(msg), 0), EAGAIN);
}

static int send_to_port(unsigned int port)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = port };
	struct nlmsghdr msg = { .nlmsg_len = sizeof(msg), .nlmsg_type = NLMSG_DONE };
	int fd = netlink_bound(NETLINK_CONNECTOR, 0, 0), err;

	ASSERT(fd >= 0);
	err = sendto(fd, &msg, sizeof(msg), 0, (struct sockaddr *)&nl, sizeof(nl)) < 0 ? errno : 0;
	close(fd);
	return err;
}

/* Who owns the namespace may send to others in it. */
TEST(capabilities_count_in_the_owner)
{
	ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
	EXPECT_EQ(send_to_port(77777), EPERM);
	ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
	EXPECT_EQ(send_to_port(77777), EPERM);
	ASSERT_EQ(unshare(CLONE_NEWNET), 0);
	EXPECT_EQ(send_to_port(77777), ECONNREFUSED);
}
