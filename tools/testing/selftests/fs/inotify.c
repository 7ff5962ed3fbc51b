// SPDX-License-Identifier: GPL-2.0-only
/* inotify(7): what is told, to whom, in which order. */
#include "../ktest.h"
#include "fsutil.h"
#include <sys/inotify.h>

static char buf[8192];
static int got, at;

/* The next event as "wd mask name", or "" when there is none. */
static const char *next(int fd, struct inotify_event *last)
{
	static char text[400];
	struct inotify_event *e;

	if (at >= got) {
		at = 0;
		got = read(fd, buf, sizeof(buf));
		if (got <= 0) {
			got = 0;
			return "";
		}
	}
	e = (struct inotify_event *)(buf + at);
	if (last)
		*last = *e;
	snprintf(text, sizeof(text), "%d %x %s", e->wd, e->mask, e->len ? e->name : "");
	EXPECT_EQ(e->len % sizeof(*e), 0);
	at += sizeof(*e) + e->len;
	return text;
}

static const char *want(int wd, unsigned int mask, const char *name)
{
	static char text[400];

	snprintf(text, sizeof(text), "%d %x %s", wd, mask, name);
	return text;
}

TEST(directory)
{
	struct inotify_event a, b;
	int fd, wd, file;

	enter_tmpdir();
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	ASSERT_GE(fd, 0);
	wd = inotify_add_watch(fd, ".", IN_ALL_EVENTS & ~IN_ACCESS);
	EXPECT_EQ(wd, 1);
	EXPECT_ERRNO(read(fd, buf, sizeof(buf)), EAGAIN);
	file = open("f", O_CREAT | O_WRONLY, 0644);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_CREATE, "f"));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_OPEN, "f"));
	EXPECT_EQ(write(file, "x", 1), 1);
	EXPECT_EQ(write(file, "x", 1), 1);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_MODIFY, "f"));
	close(file);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_CLOSE_WRITE, "f"));
	chmod("f", 0600);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ATTRIB, "f"));
	mkdir("d", 0755);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_CREATE | IN_ISDIR, "d"));
	symlink("f", "s");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_CREATE, "s"));
	rename("f", "g");
	EXPECT_STREQ(next(fd, &a), want(wd, IN_MOVED_FROM, "f"));
	EXPECT_STREQ(next(fd, &b), want(wd, IN_MOVED_TO, "g"));
	EXPECT_EQ(a.cookie, b.cookie);
	EXPECT_NE(a.cookie, 0);
	unlink("g");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_DELETE, "g"));
	rmdir("d");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_DELETE | IN_ISDIR, "d"));
	truncate("s", 0);
	EXPECT_STREQ(next(fd, NULL), "");
	EXPECT_EQ(inotify_rm_watch(fd, wd), 0);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_IGNORED, ""));
	EXPECT_ERRNO(inotify_rm_watch(fd, wd), EINVAL);
	leave_tmpdir();
}

TEST(file_itself)
{
	int fd, wd, file;
	char c;

	enter_tmpdir();
	make_file("f", "abc");
	fd = inotify_init1(IN_NONBLOCK);
	wd = inotify_add_watch(fd, "f", IN_ALL_EVENTS);
	file = open("f", O_RDONLY);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_OPEN, ""));
	EXPECT_EQ(read(file, &c, 1), 1);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ACCESS, ""));
	close(file);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_CLOSE_NOWRITE, ""));
	truncate("f", 0);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_MODIFY, ""));
	link("f", "g");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ATTRIB, ""));
	rename("f", "h");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_MOVE_SELF, ""));
	unlink("g");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ATTRIB, ""));
	unlink("h");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ATTRIB, ""));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_IGNORED, ""));
	EXPECT_STREQ(next(fd, NULL), "");
	leave_tmpdir();
}

TEST(masks_and_errnos)
{
	int fd, wd, n;

	enter_tmpdir();
	make_file("f", "x");
	ASSERT_EQ(symlink("none", "l"), 0);
	fd = inotify_init1(IN_NONBLOCK);
	EXPECT_ERRNO(inotify_init1(1), EINVAL);
	EXPECT_ERRNO(inotify_add_watch(fd, "none", IN_OPEN), ENOENT);
	EXPECT_ERRNO(inotify_add_watch(fd, "l", IN_OPEN), ENOENT);
	EXPECT_GE(inotify_add_watch(fd, "l", IN_OPEN | IN_DONT_FOLLOW), 0);
	EXPECT_ERRNO(inotify_add_watch(fd, "f", IN_OPEN | IN_ONLYDIR), ENOTDIR);
	EXPECT_ERRNO(inotify_add_watch(fd, "f", 0), EINVAL);
	EXPECT_ERRNO(inotify_add_watch(fd, "f", 0x10000), EINVAL);
	EXPECT_ERRNO(inotify_add_watch(99, "f", IN_OPEN), EBADF);
	EXPECT_ERRNO(inotify_add_watch(0, "f", IN_OPEN), EINVAL);
	wd = inotify_add_watch(fd, "f", IN_OPEN);
	EXPECT_EQ(inotify_add_watch(fd, "f", IN_MODIFY), wd);
	close(open("f", O_RDONLY));
	EXPECT_STREQ(next(fd, NULL), "");
	EXPECT_EQ(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_ADD), wd);
	close(open("f", O_RDONLY));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_OPEN, ""));
	EXPECT_ERRNO(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_CREATE), EEXIST);
	EXPECT_EQ(inotify_add_watch(fd, "f", IN_OPEN | IN_ONESHOT), wd);
	close(open("f", O_RDONLY));
	close(open("f", O_RDONLY));
	EXPECT_EQ(ioctl(fd, FIONREAD, &n), 0);
	EXPECT_EQ(n, 2 * sizeof(struct inotify_event));
	EXPECT_ERRNO(read(fd, buf, 4), EINVAL);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_OPEN, ""));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_IGNORED, ""));
	EXPECT_STREQ(next(fd, NULL), "");
	leave_tmpdir();
}

TEST(directory_itself)
{
	int fd, wd;

	enter_tmpdir();
	mkdir("d", 0755);
	fd = inotify_init1(IN_NONBLOCK);
	wd = inotify_add_watch(fd, "d", IN_ALL_EVENTS);
	rename("d", "e");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_MOVE_SELF, ""));
	chmod("e", 0700);
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_ATTRIB | IN_ISDIR, ""));
	rmdir("e");
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(fd, NULL), want(wd, IN_IGNORED, ""));
	EXPECT_STREQ(next(fd, NULL), "");
	leave_tmpdir();
}

/* What is done through an open file without a name; chmod and truncate go by the file. */
TEST(excl_unlink)
{
	int excl, all, in, file, self, dir;

	enter_tmpdir();
	file = open("f", O_CREAT | O_RDWR, 0644);
	excl = inotify_init1(IN_NONBLOCK);
	self = inotify_add_watch(excl, "f", IN_ALL_EVENTS | IN_EXCL_UNLINK);
	in = inotify_add_watch(excl, ".", IN_ALL_EVENTS | IN_EXCL_UNLINK);
	all = inotify_init1(IN_NONBLOCK);
	dir = inotify_add_watch(all, ".", IN_ALL_EVENTS);
	EXPECT_EQ(write(file, "x", 1), 1);
	EXPECT_STREQ(next(excl, NULL), want(in, IN_MODIFY, "f"));
	EXPECT_STREQ(next(excl, NULL), want(self, IN_MODIFY, ""));
	EXPECT_STREQ(next(all, NULL), want(dir, IN_MODIFY, "f"));
	unlink("f");
	EXPECT_STREQ(next(excl, NULL), want(self, IN_ATTRIB, ""));
	EXPECT_STREQ(next(excl, NULL), want(in, IN_DELETE, "f"));
	EXPECT_STREQ(next(all, NULL), want(dir, IN_DELETE, "f"));
	EXPECT_EQ(write(file, "y", 1), 1);
	EXPECT_STREQ(next(excl, NULL), "");
	EXPECT_STREQ(next(all, NULL), want(dir, IN_MODIFY, "f"));
	EXPECT_EQ(fchmod(file, 0600), 0);
	EXPECT_STREQ(next(excl, NULL), want(in, IN_ATTRIB, "f"));
	EXPECT_STREQ(next(excl, NULL), want(self, IN_ATTRIB, ""));
	EXPECT_STREQ(next(all, NULL), want(dir, IN_ATTRIB, "f"));
	close(file);
	EXPECT_STREQ(next(all, NULL), want(dir, IN_CLOSE_WRITE, "f"));
	EXPECT_STREQ(next(excl, NULL), want(self, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(excl, NULL), want(self, IN_IGNORED, ""));
	EXPECT_STREQ(next(excl, NULL), "");
	leave_tmpdir();
}

static unsigned int shown_mask(int fd)
{
	char path[64], text[1000] = "", *at_mask;
	unsigned int mask = 0xdead;
	int info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = open(path, O_RDONLY);
	EXPECT_GT(read(info, text, sizeof(text) - 1), 0);
	close(info);
	at_mask = strstr(text, " mask:");
	if (at_mask)
		sscanf(at_mask, " mask:%x", &mask);
	return mask;
}

TEST(fdinfo_shows_the_flags_of_a_watch)
{
	static const struct { unsigned int asked, shown; } masks[] = {
		{ IN_MODIFY, IN_MODIFY },
		{ IN_MODIFY | IN_ONESHOT, IN_MODIFY | IN_ONESHOT },
		{ IN_MODIFY | IN_EXCL_UNLINK, IN_MODIFY | IN_EXCL_UNLINK },
		{ IN_ALL_EVENTS | IN_ONLYDIR | IN_DONT_FOLLOW, IN_ALL_EVENTS },
		{ IN_OPEN | IN_EXCL_UNLINK | IN_ONESHOT, IN_OPEN | IN_EXCL_UNLINK | IN_ONESHOT },
		{ IN_CLOSE_WRITE | IN_MASK_ADD,
		  IN_OPEN | IN_CLOSE_WRITE | IN_EXCL_UNLINK | IN_ONESHOT },
		{ IN_ISDIR | IN_UNMOUNT, 0 },
	};
	int fd = inotify_init();

	enter_tmpdir();
	for (unsigned int i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		ASSERT_EQ(inotify_add_watch(fd, ".", masks[i].asked), 1);
		EXPECT_EQ(shown_mask(fd), masks[i].shown);
	}
	leave_tmpdir();
}

TEST(poll_and_unmount)
{
	struct pollfd pfd = { .events = POLLIN };
	int wd;

	enter_tmpdir();
	pfd.fd = inotify_init();
	wd = inotify_add_watch(pfd.fd, ".", IN_CREATE);
	EXPECT_EQ(poll(&pfd, 1, 0), 0);
	if (fork() == 0) {
		usleep(50000);
		make_file("f", "x");
		_exit(0);
	}
	EXPECT_EQ(poll(&pfd, 1, 5000), 1);
	EXPECT_STREQ(next(pfd.fd, NULL), want(wd, IN_CREATE, "f"));
	wait(NULL);
	if (geteuid() == 0 && mkdir("m", 0755) == 0 && mount("x", "m", "tmpfs", 0, NULL) == 0) {
		at = got = 0;
		EXPECT_STREQ(next(pfd.fd, NULL), want(wd, IN_CREATE | IN_ISDIR, "m"));
		wd = inotify_add_watch(pfd.fd, "m", IN_CREATE);
		EXPECT_EQ(umount("m"), 0);
		EXPECT_STREQ(next(pfd.fd, NULL), want(wd, IN_UNMOUNT | IN_ISDIR, ""));
		EXPECT_STREQ(next(pfd.fd, NULL), want(wd, IN_IGNORED, ""));
	}
	leave_tmpdir();
}

TEST(watches_go_with_their_file)
{
	char name[16];

	enter_tmpdir();
	for (int i = 0; i < 200; i++) {
		int fd = inotify_init1(IN_NONBLOCK);

		ASSERT_GE(fd, 0);
		snprintf(name, sizeof(name), "f%d", i);
		make_file(name, "x");
		ASSERT_GE(inotify_add_watch(fd, name, IN_ALL_EVENTS), 0);
		ASSERT_GE(inotify_add_watch(fd, ".", IN_ALL_EVENTS), 0);
		unlink(name);
		close(fd);
	}
	leave_tmpdir();
}

/* What nobody holds open tells of its own end first. */
TEST(own_end_before_the_directorys_word)
{
	int fd, dir, d, f, file;

	enter_tmpdir();
	fd = inotify_init1(IN_NONBLOCK);
	ASSERT_EQ(mkdir("d", 0755), 0);
	make_file("f", "x");
	make_file("g", "x");
	dir = inotify_add_watch(fd, ".", IN_DELETE);
	d = inotify_add_watch(fd, "d", IN_DELETE_SELF);
	f = inotify_add_watch(fd, "f", IN_DELETE_SELF);
	ASSERT_EQ(rmdir("d"), 0);
	EXPECT_STREQ(next(fd, NULL), want(d, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(fd, NULL), want(d, IN_IGNORED, ""));
	EXPECT_STREQ(next(fd, NULL), want(dir, IN_DELETE | IN_ISDIR, "d"));
	ASSERT_EQ(unlink("f"), 0);
	EXPECT_STREQ(next(fd, NULL), want(f, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(fd, NULL), want(f, IN_IGNORED, ""));
	EXPECT_STREQ(next(fd, NULL), want(dir, IN_DELETE, "f"));
	f = inotify_add_watch(fd, "g", IN_DELETE_SELF);
	file = open("g", O_RDONLY);
	ASSERT_EQ(unlink("g"), 0);
	EXPECT_STREQ(next(fd, NULL), want(dir, IN_DELETE, "g"));
	EXPECT_STREQ(next(fd, NULL), "");
	close(file);
	EXPECT_STREQ(next(fd, NULL), want(f, IN_DELETE_SELF, ""));
	EXPECT_STREQ(next(fd, NULL), want(f, IN_IGNORED, ""));
	leave_tmpdir();
}
