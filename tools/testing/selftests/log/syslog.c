// SPDX-License-Identifier: GPL-2.0-only
/*
 * syslog(2): reading, limits, errors and their order. Nothing here clears the log, since the runner
 * reads it.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <sys/klog.h>

static int allowed(void)
{
	return klogctl(9, NULL, 0) >= 0;
}

/* In a container, what is written may never arrive. */
static int write_arrives(void)
{
	int size = klogctl(10, NULL, 0), fd = open("/dev/kmsg", O_WRONLY), found;
	char *buf = calloc(1, size > 0 ? size + 1 : 1);

	if (fd < 0 || size <= 0 || !buf || write(fd, "<6>ktest: probe", 15) != 15)
		return 0;
	found = klogctl(3, buf, size) > 0 && strstr(buf, "ktest: probe\n");
	close(fd);
	free(buf);
	return found;
}

TEST(unknown_actions)
{
	if (!allowed())
		SKIP("the log is not for us");
	EXPECT_ERRNO(klogctl(11, NULL, 0), EINVAL);
	EXPECT_ERRNO(klogctl(-1, NULL, 0), EINVAL);
	EXPECT_EQ(klogctl(0, NULL, 0), 0);
	EXPECT_EQ(klogctl(1, NULL, 0), 0);
}

TEST(bad_buffers)
{
	char buf[16];

	if (!allowed())
		SKIP("the log is not for us");
	EXPECT_ERRNO(klogctl(3, NULL, 16), EINVAL);
	EXPECT_ERRNO(klogctl(3, buf, -1), EINVAL);
	EXPECT_EQ(klogctl(3, buf, 0), 0);
	EXPECT_ERRNO(klogctl(3, (char *)0xffffffff80000000UL, 16), EFAULT);
	EXPECT_ERRNO(klogctl(8, NULL, 0), EINVAL);
	EXPECT_ERRNO(klogctl(8, NULL, 9), EINVAL);
}

TEST(messages_of_dev_kmsg_are_read_back)
{
	int size = klogctl(10, NULL, 0), fd = open("/dev/kmsg", O_WRONLY), n;
	char *buf;

	if (!allowed() || !write_arrives())
		SKIP("the log is not for us");
	buf = calloc(1, size + 1);
	ASSERT(buf != NULL);
	ASSERT_EQ(write(fd, "<6>ktest: hello log", 19), 19);
	/* Linux shows nothing behind a line that the kernel is still writing. */
	for (int try = 0; try < 100; try++) {
		n = klogctl(3, buf, size);
		ASSERT(n > 0 && n <= size);
		if (strstr(buf, "ktest: hello log\n"))
			break;
		usleep(10000);
	}
	EXPECT(strstr(buf, "ktest: hello log\n") != NULL);
	EXPECT_EQ(buf[0], '<');
}

TEST(a_small_buffer_gets_the_newest_whole_lines)
{
	int fd = open("/dev/kmsg", O_WRONLY), n;
	char buf[200] = "", line[32];

	if (!allowed() || !write_arrives())
		SKIP("the log is not for us");
	for (int i = 0; i < 5; i++) {
		snprintf(line, sizeof(line), "<6>ktest: line %d\n", i);
		ASSERT_EQ(write(fd, line, 18), 18);
	}
	n = klogctl(3, buf, sizeof(buf) - 1);
	ASSERT(n > 0);
	EXPECT_EQ(buf[0], '<');
	EXPECT_EQ(buf[n - 1], '\n');
	EXPECT(strstr(buf, "line 4") != NULL);
}

TEST(without_privilege)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (setgid(1000) || setuid(1000))
			_exit(1);
		_exit(klogctl(5, NULL, 0) == -1 && errno == EPERM &&
		      klogctl(8, NULL, 7) == -1 && errno == EPERM ? 0 : 2);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}
