// SPDX-License-Identifier: GPL-2.0-only
/* Names of AF_UNIX sockets, and socket options. */
#include "unix_util.h"

static int chdir_to_scratch(void)
{
	char dir[] = "/tmp/tine-unix-XXXXXX";

	return mkdtemp(dir) ? chdir(dir) : -1;
}

TEST(bound_path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	struct stat st;

	ASSERT_EQ(chdir_to_scratch(), 0);
	umask(027);
	ASSERT_EQ(bind_to(fd, "name"), 0);
	ASSERT_EQ(stat("name", &st), 0);
	EXPECT_EQ(st.st_mode, S_IFSOCK | 0750);
	ASSERT_EQ(getsockname(fd, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, 2 + 5);
	EXPECT_STREQ(un.sun_path, "name");
	EXPECT_ERRNO(bind_to(fd, "other"), EINVAL);
	EXPECT_ERRNO(stat("other", &st), ENOENT);
	EXPECT_ERRNO(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "name"), EADDRINUSE);
	EXPECT_ERRNO(open("name", O_RDWR), ENXIO);
	EXPECT_ERRNO(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "no/dir"), ENOENT);
	EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "name"), ECONNREFUSED);
	ASSERT_EQ(listen(fd, 5), 0);
	EXPECT_EQ(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "name"), 0);
	ASSERT_EQ(rename("name", "moved"), 0);
	EXPECT_EQ(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "moved"), 0);
	ASSERT_EQ(symlink("moved", "link"), 0);
	EXPECT_EQ(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "link"), 0);
	EXPECT_ERRNO(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "link"), EADDRINUSE);
	close(fd);
	EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "moved"), ECONNREFUSED);
	EXPECT_EQ(unlink("moved"), 0);
}

TEST(permission)
{
	int fd;
	pid_t pid;

	ASSERT_EQ(chdir_to_scratch(), 0);
	ASSERT_EQ(chmod(".", 0755), 0);
	fd = listener(SOCK_STREAM, "s", 5);
	ASSERT_EQ(chmod("s", 0700), 0);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setuid(5), 0);
		EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "s"), EACCES);
		EXPECT_ERRNO(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "t"), EACCES);
		_exit(0);
	}
	EXPECT_EQ(exit_status(pid), 0);
	close(fd);
}

TEST(full_length_path)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	struct { struct sockaddr_un un; char more[8]; } got;
	socklen_t len = sizeof(got);

	ASSERT_EQ(chdir_to_scratch(), 0);
	un.sun_family = AF_UNIX;
	memset(un.sun_path, 'p', sizeof(un.sun_path));
	ASSERT_EQ(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ASSERT_EQ(getsockname(fd, (struct sockaddr *)&got, &len), 0);
	EXPECT_EQ(len, sizeof(un) + 1);
	ASSERT_EQ(listen(fd, 1), 0);
	EXPECT_EQ(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&un, sizeof(un)), 0);
}

TEST(abstract)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0);

	ASSERT_EQ(bind_to(fd, "@tine-abs"), 0);
	EXPECT_ERRNO(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "@tine-abs"), EADDRINUSE);
	EXPECT_EQ(bind_to(d, "@tine-abs"), 0);
	EXPECT_ERRNO(bind_to(fd, "@tine-two"), EINVAL);
	EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_STREAM, 0), "@tine-ab"), ECONNREFUSED);
	close(fd);
	EXPECT_EQ(bind_to(socket(AF_UNIX, SOCK_STREAM, 0), "@tine-abs"), 0);
}

TEST(autobind)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(un);
	int i;

	ASSERT_EQ(bind(fd, (struct sockaddr *)&un, sizeof(sa_family_t)), 0);
	ASSERT_EQ(getsockname(fd, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, 2 + 6);
	EXPECT_EQ(un.sun_path[0], 0);
	for (i = 1; i < 6; i++)
		EXPECT(strchr("0123456789abcdef", un.sun_path[i]));
}

TEST(bad_addresses)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un un;
	socklen_t len = address(&un, "@tine-bad");
	char big[200] = { AF_UNIX };

	EXPECT_ERRNO(bind(fd, (struct sockaddr *)&un, 0), EINVAL);
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)&un, -1), EINVAL);
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)big, 120), EINVAL);
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)big, 200), EINVAL);
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)1, 20), EFAULT);
	un.sun_family = AF_INET;
	EXPECT_ERRNO(bind(fd, (struct sockaddr *)&un, len), EINVAL);
	EXPECT_ERRNO(connect(fd, (struct sockaddr *)&un, len), EINVAL);
	EXPECT_ERRNO(getsockname(fd, (struct sockaddr *)&un, NULL), EFAULT);
	len = -1;
	EXPECT_ERRNO(getsockname(fd, (struct sockaddr *)&un, &len), EINVAL);
	len = 1;
	EXPECT_EQ(getsockname(fd, (struct sockaddr *)&un, &len), 0);
	EXPECT_EQ(len, sizeof(sa_family_t));
}

TEST(no_syslogd)
{
	EXPECT_ERRNO(connect_to(socket(AF_UNIX, SOCK_DGRAM, 0), "/dev/log-absent"), ENOENT);
}

static int option(int fd, int name)
{
	int val = -1;
	socklen_t len = sizeof(val);

	return getsockopt(fd, SOL_SOCKET, name, &val, &len) ? -errno : val;
}

static int set_option(int fd, int name, int val)
{
	return setsockopt(fd, SOL_SOCKET, name, &val, sizeof(val)) ? -errno : 0;
}

TEST(options)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0), l = listener(SOCK_STREAM, "@tine-opt", 1), c;
	socklen_t len = sizeof(c);

	EXPECT_EQ(option(fd, SO_TYPE), SOCK_SEQPACKET);
	EXPECT_EQ(option(fd, SO_DOMAIN), AF_UNIX);
	EXPECT_EQ(option(fd, SO_PROTOCOL), 0);
	EXPECT_EQ(option(fd, SO_ERROR), 0);
	EXPECT_EQ(option(fd, SO_ACCEPTCONN), 0);
	EXPECT_EQ(option(l, SO_ACCEPTCONN), 1);
	EXPECT_EQ(set_option(fd, SO_TYPE, 1), -ENOPROTOOPT);
	EXPECT_EQ(set_option(fd, SO_ERROR, 1), -ENOPROTOOPT);
	EXPECT_EQ(set_option(fd, 999, 1), -ENOPROTOOPT);
	EXPECT_EQ(option(fd, 999), -ENOPROTOOPT);
	EXPECT_EQ(set_option(fd, SO_REUSEADDR, 5), 0);
	EXPECT_EQ(option(fd, SO_REUSEADDR), 1);
	EXPECT_EQ(set_option(fd, SO_KEEPALIVE, 1), 0);
	EXPECT_EQ(option(fd, SO_KEEPALIVE), 1);
	EXPECT_EQ(set_option(fd, SO_PASSCRED, 1), 0);
	EXPECT_EQ(option(fd, SO_PASSCRED), 1);
	EXPECT_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &c, 2), EINVAL);
	EXPECT_ERRNO(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NULL, 4), EFAULT);
	EXPECT_ERRNO(setsockopt(fd, 6, 1, &c, 4), EOPNOTSUPP);
	EXPECT_ERRNO(getsockopt(fd, 6, 1, &c, &len), EOPNOTSUPP);
	len = -1;
	EXPECT_ERRNO(getsockopt(fd, SOL_SOCKET, SO_TYPE, &c, &len), EINVAL);
}

TEST(buffer_sizes)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	EXPECT_EQ(set_option(fd, SO_SNDBUF, 0), 0);
	EXPECT_EQ(option(fd, SO_SNDBUF), 4608);
	EXPECT_EQ(set_option(fd, SO_RCVBUF, 0), 0);
	EXPECT_EQ(option(fd, SO_RCVBUF), 2304);
	EXPECT_EQ(set_option(fd, SO_SNDBUF, 10000), 0);
	EXPECT_EQ(option(fd, SO_SNDBUF), 20000);
	EXPECT_EQ(set_option(fd, SO_SNDBUF, 0x7fffffff), 0);
	EXPECT_EQ(option(fd, SO_SNDBUF) % 4096, 0);
	EXPECT_EQ(set_option(fd, SO_SNDBUFFORCE, 1000000), 0);
	EXPECT_EQ(option(fd, SO_SNDBUF), 2000000);
	EXPECT_EQ(option(fd, SO_RCVLOWAT), 1);
}

TEST(proc_net_unix)
{
	int fd = listener(SOCK_STREAM, "@tine-proc", 1), found = 0;
	FILE *f = fopen("/proc/net/unix", "r");
	char line[256], name[128];
	unsigned long address_, refs, protocol, flags, type, state, inode;
	struct stat st;

	ASSERT(f);
	ASSERT(fgets(line, sizeof(line), f));
	EXPECT_STREQ(line, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	ASSERT_EQ(fstat(fd, &st), 0);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx: %lx %lx %lx %lx %lx %lu %127s", &address_, &refs, &protocol,
			   &flags, &type, &state, &inode, name) != 8 || inode != st.st_ino)
			continue;
		found++;
		EXPECT_EQ(refs, 2);
		EXPECT_EQ(flags, 0x10000);
		EXPECT_EQ(type, SOCK_STREAM);
		EXPECT_EQ(state, 1);
		EXPECT_STREQ(name, "@tine-proc");
	}
	EXPECT_EQ(found, 1);
	fclose(f);
}

/* Accepted ends bear the listener's name; a connect must find the listener, never one of them. */
static void connect_many(const char *name)
{
	int l = listener(SOCK_STREAM, name, 10), i, c;

	for (i = 0; i < 450; i++) {
		c = socket(AF_UNIX, SOCK_STREAM, 0);
		ASSERT_GE(c, 0);
		ASSERT_EQ(connect_to(c, name), 0);
		ASSERT_GE(accept(l, NULL, NULL), 0);
	}
}

TEST(many_accepted_ends_do_not_hide_the_listener)
{
	connect_many("@tine-many");
}

TEST(many_accepted_ends_do_not_hide_the_listener_of_a_path)
{
	unlink("/tmp/tine-many");
	connect_many("/tmp/tine-many");
	unlink("/tmp/tine-many");
}
