// SPDX-License-Identifier: GPL-2.0-only
/* mount_namespaces(7): peers, slaves, private and unbindable mounts, in one namespace and two. */
#include "../ktest.h"
#include "fsutil.h"
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

static char base[PATH_MAX];

/* A private tmpfs as a work place, with the directories a, b and c in it. */
static void enter_mount_test(void)
{
	if (geteuid())
		SKIP("needs root");
	ASSERT_EQ(unshare(CLONE_NEWNS), 0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		SKIP("/ is not the root of a mount (a chroot)");
	enter_tmpdir();
	ASSERT_EQ(mount("work", ".", "tmpfs", 0, NULL), 0);
	ASSERT(getcwd(base, sizeof(base)));
	ASSERT_EQ(chdir(base), 0);
	ASSERT_EQ(mkdir("a", 0755), 0);
	ASSERT_EQ(mkdir("b", 0755), 0);
	ASSERT_EQ(mkdir("c", 0755), 0);
}

/* The optional fields of the mount at base/@dir, the topmost; NULL: nothing is mounted there. */
static const char *fields_of(const char *dir)
{
	static char found[256];
	char line[3 * PATH_MAX], want[2 * PATH_MAX], *at, *dash;
	FILE *f = fopen("/proc/self/mountinfo", "r");
	const char *res = NULL;

	snprintf(want, sizeof(want), " %s/%s ", base, dir);
	while (f && fgets(line, sizeof(line), f)) {
		at = strstr(line, want);
		dash = strstr(line, " - ");
		if (!at || !dash || at > dash)
			continue;
		*dash = '\0';
		at = strchr(at + strlen(want), ' ');	/* behind the options */
		snprintf(found, sizeof(found), "%s", at ? at + 1 : "");
		res = found;
	}
	if (f)
		fclose(f);
	return res;
}

static int group_of(const char *dir, const char *kind)
{
	const char *fields = fields_of(dir), *at = fields ? strstr(fields, kind) : NULL;

	return at ? atoi(at + strlen(kind)) : 0;
}

static void make_mount(const char *dir, unsigned long type)
{
	ASSERT_EQ(mount("t", dir, "tmpfs", 0, NULL), 0);
	ASSERT_EQ(mount(NULL, dir, NULL, type, NULL), 0);
}

TEST(peers_see_each_others_mounts)
{
	enter_mount_test();
	make_mount("a", MS_SHARED);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(mount("a", "b", NULL, MS_BIND, NULL), 0);
	EXPECT(group_of("a", "shared:") > 0);
	EXPECT_EQ(group_of("a", "shared:"), group_of("b", "shared:"));
	ASSERT_EQ(mount("t", "b/x", "tmpfs", 0, NULL), 0);
	EXPECT(fields_of("a/x") != NULL);
	EXPECT_EQ(group_of("a/x", "shared:"), group_of("b/x", "shared:"));
	EXPECT_NE(group_of("a/x", "shared:"), group_of("a", "shared:"));
	make_file("a/x/f", "1");
	EXPECT_EQ(access("b/x/f", F_OK), 0);
	/* a user of the copy keeps both busy */
	ASSERT_EQ(chdir("b/x"), 0);
	EXPECT_ERRNO(umount2("../../a/x", 0), EBUSY);
	ASSERT_EQ(chdir(base), 0);
	EXPECT_EQ(umount("a/x"), 0);
	EXPECT(fields_of("b/x") == NULL);
}

TEST(a_slave_receives_and_does_not_send)
{
	enter_mount_test();
	make_mount("a", MS_SHARED);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(mkdir("a/y", 0755), 0);
	ASSERT_EQ(mount("a", "b", NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(mount(NULL, "b", NULL, MS_SLAVE, NULL), 0);
	EXPECT_EQ(group_of("b", "master:"), group_of("a", "shared:"));
	EXPECT_EQ(group_of("b", "shared:"), 0);
	ASSERT_EQ(mount("t", "a/x", "tmpfs", 0, NULL), 0);
	EXPECT_EQ(group_of("b/x", "master:"), group_of("a/x", "shared:"));
	ASSERT_EQ(mount("t", "b/y", "tmpfs", 0, NULL), 0);
	EXPECT(fields_of("a/y") == NULL);
	/* shared as well: it has peers of its own, which receive too */
	ASSERT_EQ(mount(NULL, "b", NULL, MS_SHARED, NULL), 0);
	ASSERT_EQ(mount("b", "c", NULL, MS_BIND, NULL), 0);
	EXPECT_EQ(group_of("c", "shared:"), group_of("b", "shared:"));
	EXPECT_EQ(group_of("c", "master:"), group_of("a", "shared:"));
	ASSERT_EQ(umount("a/x"), 0);
	EXPECT(fields_of("b/x") == NULL);
	ASSERT_EQ(mount("t", "a/x", "tmpfs", 0, NULL), 0);
	EXPECT_EQ(group_of("b/x", "shared:"), group_of("c/x", "shared:"));
	EXPECT_EQ(group_of("c/x", "master:"), group_of("a/x", "shared:"));
	/* the master's end leaves a peer group without a master */
	ASSERT_EQ(umount2("a", MNT_DETACH), 0);
	EXPECT_EQ(group_of("b", "master:"), 0);
	EXPECT(group_of("b", "shared:") > 0);
}

TEST(private_and_unbindable)
{
	enter_mount_test();
	make_mount("a", MS_SHARED);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(mount("a", "b", NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(mount(NULL, "b", NULL, MS_PRIVATE, NULL), 0);
	ASSERT_EQ(mount("t", "a/x", "tmpfs", 0, NULL), 0);
	EXPECT(fields_of("b/x") == NULL);
	ASSERT_EQ(mount(NULL, "b", NULL, MS_UNBINDABLE, NULL), 0);
	EXPECT_STREQ(fields_of("b"), "unbindable");
	EXPECT_ERRNO(mount("b", "c", NULL, MS_BIND, NULL), EINVAL);
	/* a recursive bind leaves it out */
	ASSERT_EQ(mount(NULL, "a/x", NULL, MS_UNBINDABLE, NULL), 0);
	ASSERT_EQ(mount("a", "c", NULL, MS_BIND | MS_REC, NULL), 0);
	EXPECT(fields_of("c/x") == NULL);
	EXPECT_ERRNO(mount(NULL, "a", NULL, MS_SHARED | MS_SLAVE, NULL), EINVAL);
	EXPECT_ERRNO(mount(NULL, "a/..", NULL, MS_SHARED | MS_NODEV, NULL), EINVAL);
}

TEST(moving_out_of_a_shared_mount_is_refused)
{
	enter_mount_test();
	make_mount("a", MS_SHARED);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(mkdir("a/y", 0755), 0);
	ASSERT_EQ(mount("t", "a/x", "tmpfs", 0, NULL), 0);
	EXPECT_ERRNO(mount("a/x", "c", NULL, MS_MOVE, NULL), EINVAL);
	/* into one it propagates */
	ASSERT_EQ(mount("a", "b", NULL, MS_BIND, NULL), 0);
	make_mount("c", MS_PRIVATE);
	ASSERT_EQ(mount("c", "a/y", NULL, MS_MOVE, NULL), 0);
	EXPECT(group_of("b/y", "shared:") > 0);
	EXPECT_EQ(group_of("a/y", "shared:"), group_of("b/y", "shared:"));
	/* and an unbindable one does not go there */
	make_mount("c", MS_UNBINDABLE);
	ASSERT_EQ(umount("a/y"), 0);
	EXPECT_ERRNO(mount("c", "a/y", NULL, MS_MOVE, NULL), EINVAL);
	EXPECT_ERRNO(mount("a", "a/y", NULL, MS_MOVE, NULL), ELOOP);
}

TEST(a_mount_below_another_goes_with_its_copy)
{
	enter_mount_test();
	make_mount("a", MS_SHARED);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(mount("a", "b", NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(mount("t", "a/x", "tmpfs", 0, NULL), 0);
	ASSERT_EQ(mkdir("a/x/deep", 0755), 0);
	ASSERT_EQ(mount("t", "a/x/deep", "tmpfs", 0, NULL), 0);
	EXPECT(fields_of("b/x/deep") != NULL);
	EXPECT_ERRNO(umount("b/x"), EBUSY);
	EXPECT_EQ(umount2("b/x", MNT_DETACH), 0);
	EXPECT(fields_of("a/x/deep") == NULL);
	EXPECT(fields_of("a/x") == NULL);
}

/* Runs @fn in a child with a mount namespace of its own; its exit code. */
static int in_new_namespace(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWNS) ? 99 : fn());
	ASSERT(pid > 0);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int mount_on_x(void)
{
	return mount("t", "a/x", "tmpfs", 0, NULL) ? 1 : 0;
}

static int unmount_x(void)
{
	return umount2("a/x", MNT_DETACH) ? 1 : 0;
}

static int slave_and_mount(void)
{
	if (mount(NULL, "a", NULL, MS_SLAVE, NULL))
		return 1;
	return mount_on_x();
}

TEST(namespaces_share_what_is_shared)
{
	enter_mount_test();
	make_mount("a", MS_PRIVATE);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	EXPECT_EQ(in_new_namespace(mount_on_x), 0);
	EXPECT(fields_of("a/x") == NULL);
	ASSERT_EQ(mount(NULL, "a", NULL, MS_SHARED, NULL), 0);
	EXPECT_EQ(in_new_namespace(slave_and_mount), 0);
	EXPECT(fields_of("a/x") == NULL);
	EXPECT_EQ(in_new_namespace(mount_on_x), 0);
	EXPECT(fields_of("a/x") != NULL);
	EXPECT_EQ(in_new_namespace(unmount_x), 0);
	EXPECT(fields_of("a/x") == NULL);
}

/* What is a mount point elsewhere may be removed here, and is unmounted there. */
TEST(removing_a_foreign_mount_point)
{
	int in[2], out[2];
	char c;
	pid_t pid;

	enter_mount_test();
	make_mount("a", MS_PRIVATE);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(pipe(in), 0);
	ASSERT_EQ(pipe(out), 0);
	pid = fork();
	ASSERT(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) || mount_on_x() || write(out[1], "m", 1) != 1)
			_exit(1);
		if (read(in[0], &c, 1) != 1)
			_exit(2);
		_exit(fields_of("a/x") ? 3 : 0);
	}
	ASSERT_EQ(read(out[0], &c, 1), 1);
	EXPECT_EQ(rmdir("a/x"), 0);
	ASSERT_EQ(write(in[1], "g", 1), 1);
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

TEST(a_change_is_polled)
{
	struct pollfd p = { .events = POLLPRI };

	enter_mount_test();
	p.fd = open("/proc/self/mountinfo", O_RDONLY);
	ASSERT(p.fd >= 0);
	EXPECT_EQ(poll(&p, 1, 0), 0);
	make_mount("a", MS_PRIVATE);
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT(p.revents & POLLPRI);
	EXPECT_EQ(poll(&p, 1, 0), 0);
	close(p.fd);
}

TEST(setns_moves_root_and_working_directory)
{
	char here[PATH_MAX];
	int fd, status;
	pid_t pid;

	enter_mount_test();
	fd = open("/proc/self/ns/mnt", O_RDONLY);
	ASSERT(fd >= 0);
	pid = fork();
	ASSERT(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) || mount("t", "a", "tmpfs", 0, NULL) || !fields_of("a"))
			_exit(1);
		if (setns(fd, CLONE_NEWNS))
			_exit(2);
		if (fields_of("a"))
			_exit(3);
		if (!getcwd(here, sizeof(here)) || strcmp(here, "/"))
			_exit(4);
		_exit(setns(fd, CLONE_NEWUTS) == -1 && errno == EINVAL ? 0 : 5);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* Each of these mounts doubles what is there; all of them go as one. */
TEST(thousands_of_peers_on_one_place)
{
	struct stat before, there;
	int i;

	enter_mount_test();
	make_mount("a", MS_PRIVATE);
	ASSERT_EQ(mkdir("a/x", 0755), 0);
	ASSERT_EQ(stat("a", &before), 0);
	ASSERT_EQ(mount("a/x", "a/x", NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(mount(NULL, "a/x", NULL, MS_SHARED, NULL), 0);
	for (i = 0; i < 14; i++)
		ASSERT_EQ(mount("a/x", "a/x", NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(umount("a/x"), 0);	/* and as many peers' */
	ASSERT_EQ(umount2("a", MNT_DETACH), 0);
	ASSERT_EQ(stat("a", &there), 0);
	EXPECT(there.st_dev != before.st_dev);
	EXPECT(fields_of("a") == NULL);
}
