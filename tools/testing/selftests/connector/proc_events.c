// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process-events connector (NETLINK_CONNECTOR, CN_IDX_PROC): one event for each fork, thread,
 * exec, change of ids, session, name and exit, in order, and none lost. Runs as root.
 */
#include "../ktest.h"
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

struct event {
	struct nlmsghdr nlh;
	struct cn_msg cn;
	struct proc_event ev;
} __attribute__((packed));

static void request(int fd, unsigned int op, size_t size)
{
	struct {
		struct nlmsghdr nlh;
		struct cn_msg cn;
		unsigned int op;
	} __attribute__((packed)) msg = {
		.nlh = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct cn_msg) + size),
			 .nlmsg_type = NLMSG_DONE, .nlmsg_pid = getpid() },
		.cn = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .seq = 7, .ack = 41, .len = size },
		.op = op,
	};

	ASSERT_EQ(send(fd, &msg, msg.nlh.nlmsg_len, 0), (long)msg.nlh.nlmsg_len);
}

/* Return: the next event of @what, NULL-filled when none comes in 10 s. */
static struct event next_event(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct event e = { };

	if (poll(&pfd, 1, 10000) == 1)
		EXPECT_EQ(recv(fd, &e, sizeof(e), 0), (long)sizeof(e));
	return e;
}

static int connect_bound(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_CONNECTOR);

	if (fd < 0 && errno == EPROTONOSUPPORT)
		SKIP("this kernel has no process-events connector");
	ASSERT_GE(fd, 0);
	if (geteuid())
		SKIP("not root");
	ASSERT_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

static int start(void)
{
	int size = 4 << 20, fd = connect_bound();
	struct event e;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	request(fd, PROC_CN_MCAST_LISTEN, sizeof(int));
	do
		e = next_event(fd);
	while (e.ev.what != PROC_EVENT_NONE && e.nlh.nlmsg_len);
	EXPECT_EQ(e.ev.event_data.ack.err, 0);
	EXPECT_EQ(e.cn.ack, 42);
	EXPECT_EQ(e.cn.id.idx, CN_IDX_PROC);
	EXPECT_EQ(e.nlh.nlmsg_type, NLMSG_DONE);
	return fd;
}

/* Every event carries the task it is about at the same place; but fork, which names the child. */
static struct event next_of(int fd, pid_t pid)
{
	struct event e;

	do {
		e = next_event(fd);
		if (e.ev.what == PROC_EVENT_FORK && e.ev.event_data.fork.child_pid == pid)
			return e;
	} while (e.nlh.nlmsg_len && (e.ev.what == PROC_EVENT_FORK ||
				     e.ev.event_data.exit.process_pid != pid));
	return e;
}

TEST(fork_ids_session_name_exec_exit)
{
	int fd = start(), status;
	struct event e;
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		setsid();
		prctl(PR_SET_NAME, "newname");
		if (setresgid(9, 10, 9) || setresuid(7, 8, 7))
			_exit(1);
		execl("/bin/true", "true", NULL);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	e = next_of(fd, pid);
	ASSERT_EQ(e.ev.what, PROC_EVENT_FORK);
	EXPECT_EQ(e.ev.event_data.fork.parent_pid, getpid());
	EXPECT_EQ(e.ev.event_data.fork.parent_tgid, getpid());
	EXPECT_EQ(e.ev.event_data.fork.child_tgid, pid);
	EXPECT_GT(e.ev.timestamp_ns, 0);
	EXPECT_EQ(next_of(fd, pid).ev.what, PROC_EVENT_SID);
	e = next_of(fd, pid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_COMM);
	EXPECT_STREQ(e.ev.event_data.comm.comm, "newname");
	e = next_of(fd, pid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_GID);
	EXPECT_EQ(e.ev.event_data.id.r.rgid, 9);
	EXPECT_EQ(e.ev.event_data.id.e.egid, 10);
	e = next_of(fd, pid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_UID);
	EXPECT_EQ(e.ev.event_data.id.r.ruid, 7);
	EXPECT_EQ(e.ev.event_data.id.e.euid, 8);
	e = next_of(fd, pid);
	/* exec makes the saved ids the effective ones: that is one more change of each. */
	while (e.ev.what == PROC_EVENT_UID || e.ev.what == PROC_EVENT_GID)
		e = next_of(fd, pid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_EXEC);
	/* BusyBox gives up what it does not need. */
	do
		e = next_of(fd, pid);
	while (e.ev.what == PROC_EVENT_UID || e.ev.what == PROC_EVENT_GID);
	EXPECT_EQ(e.ev.what, PROC_EVENT_EXIT);
	EXPECT_EQ(e.ev.event_data.exit.exit_code, 0);
	EXPECT_EQ(e.ev.event_data.exit.exit_signal, SIGCHLD);
	EXPECT_EQ(e.ev.event_data.exit.parent_pid, getpid());
}

static void *nothing(void *arg)
{
	*(pid_t *)arg = syscall(SYS_gettid);
	return NULL;
}

TEST(threads_and_signals)
{
	int fd = start();
	struct event e;
	pthread_t thread;
	pid_t tid = 0, pid;

	ASSERT_EQ(pthread_create(&thread, NULL, nothing, &tid), 0);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	e = next_of(fd, tid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_FORK);
	EXPECT_EQ(e.ev.event_data.fork.child_tgid, getpid());
	e = next_of(fd, tid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_EXIT);
	EXPECT_EQ(e.ev.event_data.exit.process_tgid, getpid());
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	kill(pid, SIGTERM);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_EQ(next_of(fd, pid).ev.what, PROC_EVENT_FORK);
	e = next_of(fd, pid);
	EXPECT_EQ(e.ev.what, PROC_EVENT_EXIT);
	EXPECT_EQ(e.ev.event_data.exit.exit_code, SIGTERM);
}

#define STORM	400

/* As many fork and exit events as there were forks, by several processes at once. */
TEST(none_is_lost)
{
	int fd, forks = 0, exits = 0, i, j;
	struct event e;
	pid_t workers[4];

	if (access("/proc/fork_stat", F_OK))
		SKIP("Linux drops an event now and then when several CPUs fork");
	fd = start();
	for (i = 0; i < 4; i++) {
		workers[i] = fork();
		if (!workers[i]) {
			for (j = 0; j < STORM; j++) {
				pid_t pid = fork();

				if (!pid)
					_exit(0);
				if (waitpid(pid, NULL, 0) != pid)
					_exit(1);
			}
			_exit(0);
		}
	}
	while (forks < 4 * STORM || exits < 4 * STORM) {
		e = next_event(fd);
		if (!e.nlh.nlmsg_len)
			break;
		for (i = 0; i < 4; i++) {
			forks += e.ev.what == PROC_EVENT_FORK &&
				 e.ev.event_data.fork.parent_pid == workers[i];
			exits += e.ev.what == PROC_EVENT_EXIT &&
				 e.ev.event_data.exit.parent_pid == workers[i];
		}
	}
	EXPECT_EQ(forks, 4 * STORM);
	EXPECT_EQ(exits, 4 * STORM);
	for (i = 0; i < 4; i++)
		waitpid(workers[i], NULL, 0);
}

/* A reader that does not keep up is told so, once. */
TEST(overrun_is_told)
{
	int size = 1, fd = start(), i, err = 0;
	struct event e;

	ASSERT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	for (i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	while (recv(fd, &e, sizeof(e), MSG_DONTWAIT) > 0 || (errno == ENOBUFS && !err++))
		;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(err, 1);
}

TEST(who_may)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int fd = connect_bound(), status;
	pid_t pid = fork();

	if (!pid) {
		if (setresuid(1, 1, 1))
			_exit(1);
		fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_CONNECTOR);
		EXPECT_GE(fd, 0);
		/* Linux lets everybody join since 6.6. */
		if (!bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
			_exit(access("/proc/fork_stat", F_OK) ? 0 : 2);
		EXPECT_EQ(errno, EPERM);
		addr.nl_groups = 0;
		EXPECT_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	close(fd);
}

