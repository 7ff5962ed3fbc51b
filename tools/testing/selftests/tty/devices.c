// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small devices: null, zero, full, random, urandom, kmsg, and getrandom(2).
 */
#include "pty.h"
#include <linux/random.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int dev(const char *name, int flags)
{
	int fd = open(name, flags);

	ASSERT_GE(fd, 0);
	return fd;
}

TEST(null)
{
	int fd = dev("/dev/null", O_RDWR);
	char c;

	EXPECT_EQ(read(fd, &c, 1), 0);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(lseek(fd, 100, SEEK_SET), 0);
	EXPECT_EQ(poll(&(struct pollfd){ .fd = fd, .events = POLLIN | POLLOUT }, 1, 0), 1);
}

TEST(zero)
{
	int fd = dev("/dev/zero", O_RDWR);
	static char buf[100000];
	char *map;

	memset(buf, 1, sizeof(buf));
	EXPECT_EQ(read(fd, buf, sizeof(buf)), sizeof(buf));
	for (size_t i = 0; i < sizeof(buf); i++)
		ASSERT_EQ(buf[i], 0);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	ASSERT(map != MAP_FAILED);
	EXPECT_EQ(map[5000], 0);
	map[5000] = 1;
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT(map != MAP_FAILED);
	EXPECT_EQ(map[5000], 0);
	if (!fork()) {
		map[5000] = 7;
		_exit(0);
	}
	EXPECT_EQ(wait_exit(-1), 0);
	EXPECT_EQ(map[5000], 7);
}

TEST(full)
{
	int fd = dev("/dev/full", O_RDWR);
	char c = 1;

	EXPECT_ERRNO(write(fd, "abc", 3), ENOSPC);
	EXPECT_EQ(read(fd, &c, 1), 1);
	EXPECT_EQ(c, 0);
}

TEST(numbers)
{
	static const struct { const char *name; int major, minor; } nodes[] = {
		{ "/dev/null", 1, 3 }, { "/dev/zero", 1, 5 }, { "/dev/full", 1, 7 },
		{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
	};
	struct stat st;

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		ASSERT_EQ(stat(nodes[i].name, &st), 0);
		EXPECT_EQ(st.st_rdev, nodes[i].major << 8 | nodes[i].minor);
		EXPECT_EQ(st.st_mode, S_IFCHR | 0666);
	}
}

static void check_random(int (*fill)(char *buf, size_t n))
{
	static char a[4096], b[4096];
	int ones = 0, same = 0;

	ASSERT_EQ(fill(a, sizeof(a)), sizeof(a));
	ASSERT_EQ(fill(b, sizeof(b)), sizeof(b));
	for (size_t i = 0; i < sizeof(a); i++) {
		ones += __builtin_popcount((unsigned char)a[i]);
		same += a[i] == b[i];
	}
	EXPECT_GT(ones, 16384 - 1000);
	EXPECT_LT(ones, 16384 + 1000);
	EXPECT_LT(same, 60);
}

static int fill_getrandom(char *buf, size_t n)
{
	return getrandom(buf, n, 0);
}

static int fill_urandom(char *buf, size_t n)
{
	return read(dev("/dev/urandom", O_RDONLY), buf, n);
}

static int fill_random(char *buf, size_t n)
{
	return read(dev("/dev/random", O_RDONLY), buf, n);
}

TEST(random_sources)
{
	check_random(fill_getrandom);
	check_random(fill_urandom);
	check_random(fill_random);
}

/* After fork, parent and child must not get the same. */
TEST(random_after_fork)
{
	int fds[2];
	char a[16], b[16];

	ASSERT_EQ(pipe(fds), 0);
	if (!fork()) {
		ASSERT_EQ(getrandom(a, 16, 0), 16);
		ASSERT_EQ(write(fds[1], a, 16), 16);
		_exit(0);
	}
	ASSERT_EQ(getrandom(b, 16, 0), 16);
	ASSERT_EQ(read(fds[0], a, 16), 16);
	EXPECT_NE(memcmp(a, b, 16), 0);
}

TEST(getrandom_flags)
{
	char buf[300];

	EXPECT_EQ(getrandom(buf, 256, GRND_NONBLOCK), 256);
	EXPECT_EQ(getrandom(buf, 300, GRND_RANDOM), 300);
	EXPECT_EQ(syscall(SYS_getrandom, buf, 10, 4), 10);		/* GRND_INSECURE */
	EXPECT_ERRNO(syscall(SYS_getrandom, buf, 10, 8), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getrandom, buf, 10, 4 | GRND_RANDOM), EINVAL);
	EXPECT_ERRNO(syscall(SYS_getrandom, (void *)8, 10, 0), EFAULT);
	EXPECT_EQ(getrandom(buf, 0, 0), 0);
}

TEST(random_device)
{
	int fd = dev("/dev/random", O_RDWR), bits = -1, ten = 10;

	EXPECT_EQ(ioctl(fd, RNDGETENTCNT, &bits), 0);
	EXPECT_EQ(bits, 256);
	EXPECT_EQ(write(fd, "noise", 5), 5);
	EXPECT_EQ(readable(fd, 0), 1);
	if (!geteuid())
		ASSERT_EQ(setuid(12345), 0);
	EXPECT_ERRNO(ioctl(fd, RNDADDTOENTCNT, &ten), EPERM);
	EXPECT_ERRNO(ioctl(fd, 0x1234, &ten), EINVAL);
}

/* ---- the kernel's log ---- */

/* Read records to the end of the log; true when @text was in one. Keeps that record. */
static int find_record(int fd, const char *text, char *record, size_t size)
{
	ssize_t n;

	for (;;) {
		n = read(fd, record, size - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return 0;
		record[n] = '\0';
		if (strstr(record, text))
			return 1;
	}
}

/* Linux drops what programs write too quickly, unless told otherwise. */
static int log_is_rationed(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_RDONLY);

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && !strncmp(text, "ratelimit", 9);
}

/* A reader that waits is woken by what a program writes. */
TEST(kmsg_wakes_reader)
{
	char record[8192];
	int fd = open("/dev/kmsg", O_RDWR);
	pid_t pid;

	if (fd < 0)
		SKIP("no /dev/kmsg, or not allowed");
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 0);
	pid = fork();
	if (!pid) {
		sleep_ms(200);
		EXPECT_EQ(write(fd, "<7>awake\n", 9), 9);
		_exit(0);
	}
	if (!readable(fd, 2000))
		SKIP("programs may not write to the log here");
	EXPECT_GT(read(fd, record, sizeof(record)), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(kmsg)
{
	char record[8192], small[4], text[64], *end;
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	unsigned long long stamp, sequence;
	unsigned int priority;

	if (fd < 0)
		SKIP("no /dev/kmsg, or not allowed");
	snprintf(text, sizeof(text), "kmsg test %d\n", getpid());
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 0);
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
	if (!readable(fd, 100))
		SKIP("programs may not write to the log here");
	EXPECT_ERRNO(read(fd, small, sizeof(small)), EINVAL);
	if (!find_record(fd, text, record, sizeof(record)) && log_is_rationed())
		SKIP("programs wrote too much to the log already");
	ASSERT(strstr(record, "kmsg test"));
	EXPECT_EQ(sscanf(record, "%u,%llu,%llu,-;", &priority, &sequence, &stamp), 3);
	EXPECT_EQ(priority, 12);			/* the user's facility, a warning */
	end = strchr(record, ';');
	ASSERT(end);
	EXPECT_EQ(strncmp(end + 1, text, strlen(text)), 0);
	EXPECT_EQ(write(fd, "<6>other\n", 9), 9);
	ASSERT(find_record(fd, "other", record, sizeof(record)));
	EXPECT_EQ(strncmp(record, "14,", 3), 0);
	EXPECT_ERRNO(read(fd, record, sizeof(record)), EAGAIN);
	EXPECT_ERRNO(lseek(fd, 1, SEEK_SET), ESPIPE);
}
