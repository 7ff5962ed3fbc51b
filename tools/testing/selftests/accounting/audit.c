// SPDX-License-Identifier: GPL-2.0-only
/*
 * The audit trail: NETLINK_AUDIT's settings, and the records of fork, exec and exit with the login
 * that they belong to. ktest: tine (Linux records system calls by rules instead).
 */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

struct message {
	struct nlmsghdr nlh;
	union {
		char text[1024];
		struct audit_status status;
		int error;
	};
};

static int open_audit(unsigned int groups)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd;

	if (geteuid())
		SKIP("not root");
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

/* Send a request and take the acknowledgement. Return: its error. */
static int request(int fd, int type, const void *data, size_t len)
{
	struct message m = { .nlh = { .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
				      .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK, .nlmsg_seq = 3 } };

	memcpy(m.text, data, len);
	ASSERT_EQ(send(fd, &m, m.nlh.nlmsg_len, 0), (long)m.nlh.nlmsg_len);
	ASSERT_GT(recv(fd, &m, sizeof(m), 0), 0);
	EXPECT_EQ(m.nlh.nlmsg_type, NLMSG_ERROR);
	EXPECT_EQ(m.nlh.nlmsg_seq, 3);
	return m.error;
}

static int enable(int fd, int on)
{
	struct audit_status s = { .mask = AUDIT_STATUS_ENABLED, .enabled = on };

	return request(fd, AUDIT_SET, &s, sizeof(s));
}

TEST(settings)
{
	struct message m = { .nlh = { .nlmsg_len = NLMSG_LENGTH(0), .nlmsg_type = AUDIT_GET,
				      .nlmsg_flags = NLM_F_REQUEST } };
	struct audit_status bad = { .mask = AUDIT_STATUS_ENABLED, .enabled = 3 };
	int fd = open_audit(0);

	EXPECT_EQ(enable(fd, 1), 0);
	ASSERT_EQ(send(fd, &m, m.nlh.nlmsg_len, 0), (long)m.nlh.nlmsg_len);
	ASSERT_GT(recv(fd, &m, sizeof(m), 0), 0);
	EXPECT_EQ(m.nlh.nlmsg_type, AUDIT_GET);
	EXPECT_EQ(m.status.enabled, 1);
	EXPECT_EQ(request(fd, AUDIT_SET, &bad, sizeof(bad)), -EINVAL);
	EXPECT_EQ(request(fd, AUDIT_DEL_RULE, "", 0), -EINVAL);
	EXPECT_EQ(enable(fd, 0), 0);
}

/* The next record that has both @a and @b in it, or an empty one. */
static struct message record_with(int fd, const char *a, const char *b)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct message m;

	while (poll(&pfd, 1, 10000) == 1) {
		memset(&m, 0, sizeof(m));
		ASSERT_GT(recv(fd, &m, sizeof(m) - 1, 0), 0);
		if (strstr(m.text, a) && strstr(m.text, b))
			return m;
	}
	memset(&m, 0, sizeof(m));
	return m;
}

TEST(life_of_a_process)
{
	int ctl = open_audit(0), fd = open_audit(1 << (AUDIT_NLGRP_READLOG - 1)), login;
	char pid_is[32];
	struct message m;
	pid_t pid;

	login = open("/proc/self/loginuid", O_WRONLY);
	ASSERT_EQ(write(login, "777", 3), 3);
	ASSERT_EQ(enable(ctl, 1), 0);
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", "exit 5", NULL);
		_exit(1);
	}
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_EQ(enable(ctl, 0), 0);
	snprintf(pid_is, sizeof(pid_is), " pid=%d ", pid);
	m = record_with(fd, "op=fork", pid_is);
	EXPECT(strstr(m.text, "auid=777 "));
	EXPECT_EQ(m.nlh.nlmsg_type, AUDIT_KERNEL);
	m = record_with(fd, "op=exec", pid_is);
	EXPECT(strstr(m.text, "exe=\"/bin/sh\""));
	m = record_with(fd, "op=exit", pid_is);
	EXPECT(strstr(m.text, "status=5 sig=0"));
	EXPECT(strstr(m.text, "auid=777 "));
	EXPECT(strstr(m.text, "exe=\"/bin/sh\""));
}

/* What login(1) and sudo(8) write. */
TEST(user_messages)
{
	int ctl = open_audit(0), fd = open_audit(1 << (AUDIT_NLGRP_READLOG - 1));
	struct message m;
	pid_t pid;

	ASSERT_EQ(enable(ctl, 1), 0);
	EXPECT_EQ(request(ctl, AUDIT_FIRST_USER_MSG + 5, "op=login ok", 12), 0);
	EXPECT_EQ(enable(ctl, 0), 0);
	m = record_with(fd, "msg='op=login ok'", "auid=");
	EXPECT_EQ(m.nlh.nlmsg_type, AUDIT_FIRST_USER_MSG + 5);
	pid = fork();
	if (!pid) {
		if (setresuid(1, 1, 1))
			_exit(1);
		EXPECT_EQ(request(ctl, AUDIT_FIRST_USER_MSG, "x", 2), -EPERM);
		EXPECT_EQ(enable(ctl, 1), -EPERM);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}
