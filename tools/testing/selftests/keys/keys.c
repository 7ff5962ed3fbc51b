// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys and keyrings: what each call of keyctl(2) answers, what is inherited by whom, quotas, and
 * that nothing of it gets lost. keyrings(7). Started as root; /sbin/request-key may be missing.
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <fcntl.h>
#include <linux/keyctl.h>
#include <pthread.h>
#include <stdint.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#define ROOT_ONLY() do { if (geteuid()) SKIP("needs root"); } while (0)
#define keyctl(...) syscall(SYS_keyctl, __VA_ARGS__)

typedef int32_t key_serial_t;

static long add(const char *type, const char *name, const char *data, long ring)
{
	return syscall(SYS_add_key, type, name, data, data ? strlen(data) : 0, ring);
}

static long request(const char *type, const char *name, const char *info, long ring)
{
	return syscall(SYS_request_key, type, name, info, ring);
}

static long ring_id(long special, int create)
{
	return keyctl(KEYCTL_GET_KEYRING_ID, special, create);
}

static void fresh_session(void)
{
	ASSERT_GT(keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL), 0);
}

static int described(long key, const char *want)
{
	char buf[300];

	if (keyctl(KEYCTL_DESCRIBE, key, buf, sizeof(buf)) < 0)
		return 0;
	if (!strcmp(buf, want))
		return 1;
	ktest_print("# described as \"%s\"\n", buf);
	return 0;
}

static void wait_ok(pid_t pid)
{
	int status;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
}

/* The figures of a user in /proc/key-users. Return: 1 when it is there. */
static int usage(unsigned int uid, int *keys, int *bytes)
{
	FILE *f = fopen("/proc/key-users", "r");
	unsigned int who, a, b;
	int found = 0, k, m, n, l, o;

	ASSERT(f != NULL);
	while (fscanf(f, "%u: %u %u/%d %d/%d %d/%d", &who, &a, &b, &o, &k, &m, &n, &l) == 8) {
		if (who == uid) {
			*keys = k;
			*bytes = n;
			found = 1;
		}
	}
	fclose(f);
	return found;
}

/* Away from root, where quotas count. */
static void become(unsigned int uid)
{
	ASSERT_EQ(setgid(uid), 0);
	ASSERT_EQ(setuid(uid), 0);
	fresh_session();
}

TEST(user_key_lives_and_dies)
{
	char buf[16] = "";
	long key;

	fresh_session();
	key = add("user", "a", "hello", KEY_SPEC_SESSION_KEYRING);
	ASSERT_GT(key, 0);
	EXPECT_EQ(keyctl(KEYCTL_READ, key, NULL, 0), 5);
	EXPECT_EQ(keyctl(KEYCTL_READ, key, buf, 3), 5);
	EXPECT_EQ(buf[0], '\0');
	EXPECT_EQ(keyctl(KEYCTL_READ, key, buf, sizeof(buf)), 5);
	EXPECT_STREQ(buf, "hello");
	EXPECT_EQ(add("user", "a", "other", KEY_SPEC_SESSION_KEYRING), key);
	EXPECT_EQ(keyctl(KEYCTL_UPDATE, key, "third one", 9), 0);
	EXPECT_EQ(keyctl(KEYCTL_READ, key, buf, sizeof(buf)), 9);
	EXPECT_STREQ(buf, "third one");
	EXPECT_EQ(request("user", "a", NULL, 0), key);
	EXPECT_EQ(keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "a", 0), key);
	EXPECT_EQ(keyctl(KEYCTL_REVOKE, key), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_READ, key, buf, sizeof(buf)), EKEYREVOKED);
	EXPECT_ERRNO(keyctl(KEYCTL_REVOKE, key), EKEYREVOKED);
	EXPECT_NE(add("user", "a", "new", KEY_SPEC_SESSION_KEYRING), key);
}

TEST(types_and_their_payloads)
{
	long ring = KEY_SPEC_SESSION_KEYRING, key;

	fresh_session();
	EXPECT_ERRNO(add("nosuch", "a", "x", ring), ENODEV);
	EXPECT_ERRNO(request("nosuch", "a", NULL, 0), ENOKEY);
	EXPECT_ERRNO(add(".user", "a", "x", ring), EPERM);
	EXPECT_ERRNO(add("", "a", "x", ring), EINVAL);
	EXPECT_ERRNO(add("user", "", "x", ring), EINVAL);
	EXPECT_ERRNO(add("user", NULL, "x", ring), EINVAL);
	EXPECT_ERRNO(add("user", "a", NULL, ring), EINVAL);
	EXPECT_ERRNO(syscall(SYS_add_key, "user", "a", NULL, 4, ring), EFAULT);
	EXPECT_ERRNO(syscall(SYS_add_key, "user", "a", "", 1 << 20, ring), EINVAL);
	EXPECT_ERRNO(add("keyring", "a", "x", ring), EINVAL);
	EXPECT_ERRNO(add("keyring", ".a", NULL, ring), EPERM);
	EXPECT_ERRNO(add("logon", "a", "x", ring), EINVAL);
	EXPECT_ERRNO(add("logon", ":a", "x", ring), EINVAL);
	key = add("logon", "a:b", "x", ring);
	ASSERT_GT(key, 0);
	EXPECT_ERRNO(keyctl(KEYCTL_READ, key, NULL, 0), EOPNOTSUPP);
	EXPECT_EQ(keyctl(KEYCTL_UPDATE, key, "yz", 2), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_CLEAR, key), ENOTDIR);
	EXPECT_ERRNO(add("user", "a", "x", key), ENOTDIR);
}

TEST(keyrings_and_links)
{
	key_serial_t ids[4] = { };
	long a, b, c, key;

	fresh_session();
	a = add("keyring", "a", NULL, KEY_SPEC_SESSION_KEYRING);
	b = add("keyring", "b", NULL, a);
	c = add("keyring", "c", NULL, b);
	ASSERT(a > 0 && b > 0 && c > 0);
	EXPECT_ERRNO(keyctl(KEYCTL_LINK, a, a), EDEADLK);
	EXPECT_ERRNO(keyctl(KEYCTL_LINK, a, c), EDEADLK);
	key = add("user", "deep", "x", c);
	EXPECT_EQ(request("user", "deep", NULL, a), key);
	EXPECT_EQ(keyctl(KEYCTL_READ, a, ids, sizeof(ids)), 8);
	EXPECT(key == ids[0] || key == ids[1]);
	EXPECT_EQ(keyctl(KEYCTL_UNLINK, key, a), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_UNLINK, key, a), ENOENT);
	EXPECT_ERRNO(keyctl(KEYCTL_MOVE, key, c, b, 2), EINVAL);
	EXPECT_EQ(keyctl(KEYCTL_MOVE, key, c, b, 0), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_MOVE, key, c, b, 0), ENOENT);
	ASSERT_GT(add("user", "deep", "y", c), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_MOVE, key, b, c, KEYCTL_MOVE_EXCL), EEXIST);
	EXPECT_EQ(keyctl(KEYCTL_CLEAR, c), 0);
	EXPECT_EQ(keyctl(KEYCTL_READ, c, NULL, 0), 0);
	EXPECT_EQ(keyctl(KEYCTL_RESTRICT_KEYRING, c, NULL, NULL), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_RESTRICT_KEYRING, c, NULL, NULL), EEXIST);
	EXPECT_ERRNO(keyctl(KEYCTL_LINK, key, c), EPERM);
}

TEST(descriptions_and_permissions)
{
	long key;

	ROOT_ONLY();
	fresh_session();
	EXPECT(described(KEY_SPEC_SESSION_KEYRING, "keyring;0;0;3f030000;_ses"));
	key = add("user", "d", "x", KEY_SPEC_SESSION_KEYRING);
	EXPECT(described(key, "user;0;0;3f010000;d"));
	EXPECT(described(ring_id(KEY_SPEC_THREAD_KEYRING, 1), "keyring;0;0;3f010000;_tid"));
	EXPECT(described(ring_id(KEY_SPEC_PROCESS_KEYRING, 1), "keyring;0;0;3f010000;_pid"));
	EXPECT(described(KEY_SPEC_USER_KEYRING, "keyring;0;65534;1f3f0000;_uid.0"));
	EXPECT_ERRNO(keyctl(KEYCTL_SETPERM, key, 0x40), EINVAL);
	EXPECT_EQ(keyctl(KEYCTL_CHOWN, key, 7, 8), 0);
	EXPECT_EQ(keyctl(KEYCTL_SETPERM, key, 0x3d010000), 0);
	EXPECT(described(key, "user;7;8;3d010000;d"));
	EXPECT_EQ(keyctl(KEYCTL_GET_SECURITY, key, NULL, 0), 1);
	/* What the possessor may search for, he may read as well. */
	EXPECT_EQ(keyctl(KEYCTL_READ, key, NULL, 0), 1);
	EXPECT_EQ(keyctl(KEYCTL_SETPERM, key, 0x21010000), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_UPDATE, key, "y", 1), EACCES);
	EXPECT_ERRNO(keyctl(KEYCTL_LINK, key, KEY_SPEC_PROCESS_KEYRING), EACCES);
}

TEST(time_runs_out)
{
	struct timespec pause = { .tv_nsec = 20000000 };
	long key;

	fresh_session();
	key = add("user", "brief", "x", KEY_SPEC_SESSION_KEYRING);
	EXPECT_EQ(keyctl(KEYCTL_SET_TIMEOUT, key, 1), 0);
	while (keyctl(KEYCTL_UPDATE, key, "y", 0) && errno == EINVAL)
		nanosleep(&pause, NULL);
	EXPECT_EQ(errno, EKEYEXPIRED);
	EXPECT_ERRNO(request("user", "brief", NULL, 0), ENOKEY);
	EXPECT_ERRNO(keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "brief", 0),
		     EKEYEXPIRED);
	EXPECT_GT(add("user", "brief", "x", KEY_SPEC_SESSION_KEYRING), 0);
}

TEST(special_numbers)
{
	EXPECT_ERRNO(ring_id(0, 0), EINVAL);
	EXPECT_ERRNO(ring_id(KEY_SPEC_GROUP_KEYRING, 0), EINVAL);
	EXPECT_ERRNO(ring_id(KEY_SPEC_REQKEY_AUTH_KEY, 0), ENOKEY);
	EXPECT_ERRNO(ring_id(KEY_SPEC_REQUESTOR_KEYRING, 0), ENOKEY);
	EXPECT_ERRNO(ring_id(-9, 0), EINVAL);
	EXPECT_ERRNO(ring_id(KEY_SPEC_THREAD_KEYRING, 0), ENOKEY);
	EXPECT_ERRNO(ring_id(KEY_SPEC_PROCESS_KEYRING, 0), ENOKEY);
	EXPECT_GT(ring_id(KEY_SPEC_USER_SESSION_KEYRING, 0), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_SET_REQKEY_KEYRING, 6), EINVAL);
	EXPECT_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, 1), 0);
	EXPECT_EQ(keyctl(KEYCTL_SET_REQKEY_KEYRING, -1), 1);
	EXPECT_ERRNO(keyctl(99), EOPNOTSUPP);
	EXPECT_ERRNO(keyctl(KEYCTL_ASSUME_AUTHORITY, 12345), ENOKEY);
	EXPECT_EQ(keyctl(KEYCTL_ASSUME_AUTHORITY, 0), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_INSTANTIATE, 12345, "x", 1, 0), EPERM);
	EXPECT_ERRNO(keyctl(KEYCTL_NEGATE, 12345, 1, 0), EPERM);
	EXPECT_ERRNO(keyctl(KEYCTL_REJECT, 12345, 1, 0, 0), EINVAL);
}

/* ---- inheritance ---- */

TEST(fork_takes_the_session_alone)
{
	long session, thread, process;
	pid_t pid;

	fresh_session();
	session = ring_id(KEY_SPEC_SESSION_KEYRING, 0);
	thread = ring_id(KEY_SPEC_THREAD_KEYRING, 1);
	process = ring_id(KEY_SPEC_PROCESS_KEYRING, 1);
	ASSERT(thread > 0 && process > 0);
	pid = fork();
	if (!pid) {
		EXPECT_EQ(ring_id(KEY_SPEC_SESSION_KEYRING, 0), session);
		EXPECT_ERRNO(ring_id(KEY_SPEC_THREAD_KEYRING, 0), ENOKEY);
		EXPECT_ERRNO(ring_id(KEY_SPEC_PROCESS_KEYRING, 0), ENOKEY);
		exit(ktest_result->failures != 0);
	}
	wait_ok(pid);
	EXPECT_EQ(ring_id(KEY_SPEC_THREAD_KEYRING, 0), thread);
}

static void *in_thread(void *arg)
{
	long *rings = arg, own = ring_id(KEY_SPEC_THREAD_KEYRING, 0);

	EXPECT_EQ(ring_id(KEY_SPEC_PROCESS_KEYRING, 0), rings[0]);
	/* Made with the thread, since its maker has one. */
	EXPECT_GT(own, 0);
	EXPECT_NE(own, rings[1]);
	return NULL;
}

TEST(threads_share_the_process_keyring)
{
	long rings[2] = { ring_id(KEY_SPEC_PROCESS_KEYRING, 1),
			  ring_id(KEY_SPEC_THREAD_KEYRING, 1) };
	pthread_t thread;

	ASSERT_EQ(pthread_create(&thread, NULL, in_thread, rings), 0);
	pthread_join(thread, NULL);
	EXPECT_EQ(ring_id(KEY_SPEC_THREAD_KEYRING, 0), rings[1]);
}

/* The program that exec starts: is the session what it was, and all else gone? */
static int after_exec(const char *session)
{
	if (ring_id(KEY_SPEC_SESSION_KEYRING, 0) != atol(session))
		return 1;
	if (ring_id(KEY_SPEC_THREAD_KEYRING, 0) != -1 || ring_id(KEY_SPEC_PROCESS_KEYRING, 0) != -1)
		return 2;
	return 0;
}

TEST(exec_keeps_the_session_alone)
{
	char text[24];
	pid_t pid;

	fresh_session();
	snprintf(text, sizeof(text), "%ld", ring_id(KEY_SPEC_SESSION_KEYRING, 0));
	pid = fork();
	if (!pid) {
		ASSERT_GT(ring_id(KEY_SPEC_THREAD_KEYRING, 1), 0);
		ASSERT_GT(ring_id(KEY_SPEC_PROCESS_KEYRING, 1), 0);
		execl("/proc/self/exe", "keys", "--after-exec", text, NULL);
		_exit(99);
	}
	wait_ok(pid);
}

TEST(session_for_the_parent)
{
	pid_t pid;
	long mine;
	int link[2];
	long theirs = 0;

	fresh_session();
	mine = ring_id(KEY_SPEC_SESSION_KEYRING, 0);
	ASSERT_EQ(pipe(link), 0);
	pid = fork();
	if (!pid) {
		fresh_session();
		theirs = ring_id(KEY_SPEC_SESSION_KEYRING, 0);
		ASSERT_EQ(write(link[1], &theirs, sizeof(theirs)), (long)sizeof(theirs));
		ASSERT_EQ(keyctl(KEYCTL_SESSION_TO_PARENT), 0);
		exit(0);
	}
	ASSERT_EQ(read(link[0], &theirs, sizeof(theirs)), (long)sizeof(theirs));
	wait_ok(pid);
	EXPECT_NE(theirs, mine);
	EXPECT_EQ(ring_id(KEY_SPEC_SESSION_KEYRING, 0), theirs);
}

/* ---- quotas ---- */

TEST(quota_of_a_user)
{
	int keys, bytes, keys2, bytes2;
	static char big[20000];
	long key;

	ROOT_ONLY();
	become(4321);
	ASSERT(usage(4321, &keys, &bytes));
	key = add("user", "q", "12345", KEY_SPEC_SESSION_KEYRING);
	ASSERT_GT(key, 0);
	ASSERT(usage(4321, &keys2, &bytes2));
	EXPECT_EQ(keys2, keys + 1);
	/* Its name with the end of it, its contents, and four bytes for the link. */
	EXPECT_EQ(bytes2, bytes + 2 + 5 + 4);
	memset(big, 'x', sizeof(big) - 1);
	EXPECT_ERRNO(add("user", "big", big, KEY_SPEC_SESSION_KEYRING), EDQUOT);
	for (int i = 0; i < 300; i++) {
		char name[16];

		snprintf(name, sizeof(name), "k%d", i);
		if (add("user", name, "x", KEY_SPEC_SESSION_KEYRING) < 0)
			break;
		keys2++;
	}
	EXPECT_EQ(errno, EDQUOT);
	EXPECT_EQ(keys2, 200);
	EXPECT_EQ(keyctl(KEYCTL_CLEAR, KEY_SPEC_SESSION_KEYRING), 0);
}

/* CVE-2012-2745: a fork that fails, and one that does not, leave no keyring behind. */
TEST(forks_leak_no_keyrings)
{
	struct timespec pause = { .tv_nsec = 10000000 };
	int before, after, bytes;

	ROOT_ONLY();
	become(4322);
	ASSERT_GT(ring_id(KEY_SPEC_THREAD_KEYRING, 1), 0);
	ASSERT_GT(ring_id(KEY_SPEC_PROCESS_KEYRING, 1), 0);
	ASSERT(usage(4322, &before, &bytes));
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		if (!pid) {
			ring_id(KEY_SPEC_THREAD_KEYRING, 1);
			ring_id(KEY_SPEC_PROCESS_KEYRING, 1);
			_exit(0);
		}
		wait_ok(pid);
		syscall(SYS_clone, CLONE_NEWNS | CLONE_FS, 0, 0, 0, 0);
		syscall(SYS_clone, CLONE_NEWNS, 0, 0, 0, 0);
	}
	/* The last references go a little later. */
	for (int i = 0; i < 500; i++) {
		ASSERT(usage(4322, &after, &bytes));
		if (after == before)
			break;
		nanosleep(&pause, NULL);
	}
	EXPECT_EQ(after, before);
}

TEST(invalidated_keys_vanish)
{
	struct timespec pause = { .tv_nsec = 10000000 };
	long key;

	fresh_session();
	key = add("user", "v", "x", KEY_SPEC_SESSION_KEYRING);
	ASSERT_GT(key, 0);
	EXPECT_EQ(keyctl(KEYCTL_INVALIDATE, key), 0);
	EXPECT_ERRNO(keyctl(KEYCTL_UPDATE, key, "y", 1), ENOKEY);
	while (keyctl(KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, NULL, 0) > 0)
		nanosleep(&pause, NULL);
}

static int gc_delay(int set)
{
	FILE *file = fopen("/proc/sys/kernel/keys/gc_delay", "r+");
	int was = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &was) != 1)
		was = -1;
	rewind(file);
	fprintf(file, "%d\n", set);
	fclose(file);
	return was;
}

/* The collector waits for the end of one key already when the other gets a nearer one. */
TEST(the_nearer_end_of_two_counts)
{
	struct timespec pause = { .tv_nsec = 100000000 };
	long later, sooner;
	int delay, tries;

	ROOT_ONLY();
	fresh_session();
	later = add("user", "later", "x", KEY_SPEC_SESSION_KEYRING);
	sooner = add("user", "sooner", "x", KEY_SPEC_SESSION_KEYRING);
	ASSERT(later > 0 && sooner > 0);
	delay = gc_delay(0);
	ASSERT(delay >= 0);
	EXPECT_EQ(keyctl(KEYCTL_SET_TIMEOUT, later, 200), 0);
	EXPECT_EQ(keyctl(KEYCTL_SET_TIMEOUT, sooner, 1), 0);
	for (tries = 0; tries < 100; tries++) {
		if (keyctl(KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, NULL, 0) == 4)
			break;
		nanosleep(&pause, NULL);
	}
	EXPECT_NE(tries, 100);
	gc_delay(delay);
}

TEST(persistent_keyring)
{
	long ring;

	ROOT_ONLY();
	fresh_session();
	ring = keyctl(KEYCTL_GET_PERSISTENT, 4323, KEY_SPEC_SESSION_KEYRING);
	ASSERT_GT(ring, 0);
	EXPECT_EQ(keyctl(KEYCTL_GET_PERSISTENT, 4323, KEY_SPEC_SESSION_KEYRING), ring);
	EXPECT(described(ring, "keyring;4323;65534;1f030000;_persistent.4323"));
	become(4324);
	EXPECT_ERRNO(keyctl(KEYCTL_GET_PERSISTENT, 4323, KEY_SPEC_SESSION_KEYRING), EPERM);
	EXPECT_GT(keyctl(KEYCTL_GET_PERSISTENT, -1, KEY_SPEC_SESSION_KEYRING), 0);
}

/* A user of another namespace has keyrings, and names of sessions, of its own. */
TEST(user_namespaces_have_their_own)
{
	long user = ring_id(KEY_SPEC_USER_KEYRING, 0);
	pid_t pid = fork();

	ROOT_ONLY();
	if (!pid) {
		long inside;

		ASSERT_EQ(unshare(CLONE_NEWUSER), 0);
		inside = ring_id(KEY_SPEC_USER_KEYRING, 0);
		EXPECT_GT(inside, 0);
		EXPECT_NE(inside, user);
		exit(ktest_result->failures != 0);
	}
	wait_ok(pid);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--after-exec"))
		return after_exec(argv[2]);
	return ktest_main(argc, argv);
}
