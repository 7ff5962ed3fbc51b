// SPDX-License-Identifier: GPL-2.0-only
/* The global files of /proc and /proc/sys, and sysfs. */
#include "../ktest.h"
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/utsname.h>

static char text[65536];

static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY), len = 0, n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = '\0';
	return len;
}

/* Both figures of /proc/uptime, in hundredths of a second. */
static void read_uptime(int fd, unsigned long long v[2])
{
	unsigned long long a, b, c, d;
	char text[64] = "";

	ASSERT_GT(pread(fd, text, sizeof(text) - 1, 0), 0);
	ASSERT_EQ(sscanf(text, "%llu.%2llu %llu.%2llu", &a, &b, &c, &d), 4);
	v[0] = 100 * a + b;
	v[1] = 100 * c + d;
}

TEST(time_up_and_idle_never_goes_back)
{
	int fd = open("/proc/uptime", O_RDONLY);
	unsigned long long begin[2], was[2], now[2];

	ASSERT_GE(fd, 0);
	read_uptime(fd, begin);
	was[0] = begin[0];
	was[1] = begin[1];
	do {
		read_uptime(fd, now);
		ASSERT_GE(now[0], was[0]);
		ASSERT_GE(now[1], was[1]);
		was[0] = now[0];
		was[1] = now[1];
	} while (now[0] - begin[0] < 100);
	close(fd);
}

TEST(meminfo)
{
	unsigned long total, free_, available;

	ASSERT_GT(slurp("/proc/meminfo"), 0);
	ASSERT_EQ(sscanf(text, "MemTotal: %lu kB\nMemFree: %lu kB\nMemAvailable: %lu kB\n", &total,
			 &free_, &available), 3);
	EXPECT_LT(free_, total);
	EXPECT(!strncmp(text, "MemTotal:       ", 16));
	EXPECT_EQ(strcspn(text, "\n"), 27);
	EXPECT(strstr(text, "\nCommitted_AS:   "));
}

TEST(stat_grows)
{
	unsigned long before, after;
	pid_t pid;

	ASSERT_GT(slurp("/proc/stat"), 0);
	EXPECT(!strncmp(text, "cpu  ", 5));
	EXPECT(strstr(text, "\ncpu0 ") && strstr(text, "\nintr ") && strstr(text, "\nctxt ") &&
	       strstr(text, "\nbtime ") && strstr(text, "\nprocs_running ") &&
	       strstr(text, "\nprocs_blocked "));
	before = strtoul(strstr(text, "\nprocesses ") + 11, NULL, 10);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	slurp("/proc/stat");
	after = strtoul(strstr(text, "\nprocesses ") + 11, NULL, 10);
	EXPECT_GE(after, before + 1);
}

TEST(uptime_and_load)
{
	double up, idle, load[3];
	int running, total, last;

	ASSERT_GT(slurp("/proc/uptime"), 0);
	ASSERT_EQ(sscanf(text, "%lf %lf\n", &up, &idle), 2);
	EXPECT(up > 0);
	ASSERT_GT(slurp("/proc/loadavg"), 0);
	ASSERT_EQ(sscanf(text, "%lf %lf %lf %d/%d %d\n", &load[0], &load[1], &load[2], &running,
			 &total, &last), 6);
	EXPECT_GE(running, 1);
	EXPECT_GE(total, running);
}

TEST(names_agree_with_uname)
{
	struct utsname uts;

	ASSERT_EQ(uname(&uts), 0);
	slurp("/proc/sys/kernel/osrelease");
	EXPECT_EQ(strcspn(text, "\n"), strlen(uts.release));
	EXPECT(!strncmp(text, uts.release, strlen(uts.release)));
	slurp("/proc/sys/kernel/hostname");
	EXPECT(!strncmp(text, uts.nodename, strlen(uts.nodename)));
	ASSERT_GT(slurp("/proc/version"), 0);
	EXPECT(!strncmp(text, "Linux version ", 14));
	EXPECT(!strncmp(text + 14, uts.release, strlen(uts.release)));
}

static void change_is_told(const char *path, int (*set)(const char *, size_t))
{
	struct pollfd one = { open(path, O_RDONLY), POLLPRI, 0 };
	struct pollfd two = { open(path, O_RDWR), POLLIN | POLLPRI, 0 };
	struct pollfd late;

	ASSERT(one.fd >= 0 && two.fd >= 0);
	EXPECT_EQ(poll(&one, 1, 0), 0);
	EXPECT_EQ(poll(&two, 1, 0), 1);
	EXPECT_EQ(two.revents, POLLIN);
	ASSERT_EQ(set("tine-one", 8), 0);
	EXPECT_EQ(poll(&one, 1, 1000), 1);
	EXPECT_EQ(one.revents, POLLPRI | POLLERR);
	EXPECT_EQ(poll(&one, 1, 0), 0);		/* once */
	EXPECT_EQ(poll(&two, 1, 0), 1);
	EXPECT_EQ(two.revents, POLLIN | POLLPRI | POLLERR);
	ASSERT_EQ(pwrite(two.fd, "tine-two", 8, 0), 8);
	late = (struct pollfd){ open(path, O_RDONLY), POLLPRI, 0 };
	EXPECT_EQ(poll(&one, 1, 1000), 1);
	EXPECT_EQ(poll(&late, 1, 0), 0);
	close(one.fd);
	close(two.fd);
	close(late.fd);
}

TEST(changes_of_names_are_polled)
{
	if (geteuid() || unshare(CLONE_NEWUTS))
		SKIP("needs root");
	change_is_told("/proc/sys/kernel/hostname", sethostname);
	change_is_told("/proc/sys/kernel/domainname", setdomainname);
}

/* What says nothing of changes is ready always, to be watched as well. */
TEST(other_values_are_ready)
{
	struct pollfd value = { open("/proc/sys/kernel/pid_max", O_RDONLY), POLLIN | POLLPRI, 0 };

	EXPECT_EQ(poll(&value, 1, 0), 1);
	EXPECT_EQ(value.revents, POLLIN);
}

TEST(random_ids)
{
	char first[64];

	ASSERT_EQ(slurp("/proc/sys/kernel/random/boot_id"), 37);
	strcpy(first, text);
	slurp("/proc/sys/kernel/random/boot_id");
	EXPECT_STREQ(text, first);
	ASSERT_EQ(slurp("/proc/sys/kernel/random/uuid"), 37);
	EXPECT_EQ(text[14], '4');
	strcpy(first, text);
	slurp("/proc/sys/kernel/random/uuid");
	EXPECT(strcmp(text, first));
	EXPECT_GT(slurp("/proc/sys/kernel/random/entropy_avail"), 0);
	EXPECT_GT(slurp("/proc/sys/kernel/random/poolsize"), 0);
}

TEST(files_that_programs_read)
{
	static const char *const path[] = {
		"/proc/cmdline", "/proc/cpuinfo", "/proc/devices", "/proc/filesystems",
		"/proc/interrupts", "/proc/mounts", "/proc/partitions", "/proc/slabinfo",
		"/proc/swaps", "/proc/vmstat", "/proc/tty/drivers", "/proc/kallsyms",
		"/proc/net/unix", "/proc/self/mountinfo", "/proc/self/net/unix",
		"/proc/sys/kernel/pid_max", "/proc/sys/kernel/cap_last_cap",
		"/proc/sys/kernel/ngroups_max", "/proc/sys/vm/overcommit_memory",
		"/proc/sys/net/core/somaxconn", "/proc/sys/fs/file-max", "/proc/sys/fs/nr_open",
		"/sys/devices/system/cpu/online", "/sys/devices/system/cpu/possible",
		"/sys/devices/system/clocksource/clocksource0/current_clocksource",
	};
	unsigned int i;

	for (i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		if (slurp(path[i]) <= 0)
			ktest_print("# %s\n", path[i]);
		EXPECT_GT(slurp(path[i]), 0);
	}
}

TEST(sizes_and_modes)
{
	struct stat st;

	ASSERT_EQ(stat("/proc/meminfo", &st), 0);
	EXPECT_EQ(st.st_mode, S_IFREG | 0444);
	EXPECT_EQ(st.st_size, 0);
	ASSERT_EQ(stat("/proc", &st), 0);
	EXPECT_EQ(st.st_ino, 1);
	EXPECT_EQ(st.st_mode, S_IFDIR | 0555);
	EXPECT_ERRNO(mkdir("/proc/x", 0700), ENOENT);
	EXPECT_ERRNO(open("/proc/x", O_CREAT | O_WRONLY, 0600), ENOENT);
	EXPECT_ERRNO(unlink("/proc/meminfo"), EPERM);
	ASSERT_EQ(stat("/sys/devices/system/cpu/online", &st), 0);
	EXPECT_EQ(st.st_size, 4096);
}

TEST(seeking)
{
	char a[64], b[64];
	int fd = open("/proc/cpuinfo", O_RDONLY);

	ASSERT_EQ(read(fd, a, 32), 32);
	ASSERT_EQ(lseek(fd, 10, SEEK_SET), 10);
	ASSERT_EQ(read(fd, b, 22), 22);
	EXPECT(!memcmp(a + 10, b, 22));
	EXPECT_EQ(pread(fd, b, 5, 3), 5);
	EXPECT(!memcmp(a + 3, b, 5));
}
