// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core files, core(5): who gets one, how it is named, where it may be written, and what the parent
 * hears of it. What is inside is in coreelf.c.
 */
#include "coreutil.h"

static int dumped(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig && WCOREDUMP(status);
}

static int killed(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig && !WCOREDUMP(status);
}

static void die_abort(void)
{
	abort();
}

static int abort_in_child(rlim_t limit)
{
	return die_in_child(limit, die_abort, NULL);
}

/* ---- which signals, which limits ---- */

static int raised;

static void die_raise(void)
{
	raise(raised);
}

static void each_signal(void)
{
	static const int core[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV, SIGBUS,
				    SIGSYS, SIGXCPU, SIGXFSZ };
	static const int none[] = { SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGPIPE, SIGALRM, SIGTERM,
				    SIGIO, 34, 64 };
	unsigned int i;

	for (i = 0; i < sizeof(core) / sizeof(*core); i++) {
		raised = core[i];
		EXPECT(dumped(die_in_child(RLIM_INFINITY, die_raise, NULL), raised));
		EXPECT_STREQ(the_core(), "core");
		EXPECT_EQ(unlink("core"), 0);
	}
	for (i = 0; i < sizeof(none) / sizeof(*none); i++) {
		raised = none[i];
		EXPECT(killed(die_in_child(RLIM_INFINITY, die_raise, NULL), raised));
		EXPECT_STREQ(the_core(), "");
	}
}

TEST(core_signals_leave_one_and_others_do_not)
{
	with_pattern("core", each_signal);
}

static void limits(void)
{
	struct stat st;

	EXPECT(killed(abort_in_child(0), SIGABRT));
	EXPECT(killed(abort_in_child(1), SIGABRT));
	EXPECT(killed(abort_in_child(4095), SIGABRT));
	EXPECT_STREQ(the_core(), "");
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	ASSERT_EQ(stat("core", &st), 0);
	EXPECT_LE(st.st_size, 8192);
	EXPECT(dumped(abort_in_child(RLIM_INFINITY), SIGABRT));
	ASSERT_EQ(stat("core", &st), 0);
	EXPECT_GT(st.st_size, 16384);
	EXPECT_EQ(st.st_mode, S_IFREG | 0600);
	/* it is sparse: what was never touched takes no room */
	EXPECT_LE(st.st_blocks * 512, st.st_size + 4096);
}

TEST(limit_truncates_or_forbids)
{
	with_pattern("core", limits);
}

static void child_info(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid) {
		set_core_limit(RLIM_INFINITY);
		raise(SIGSEGV);
	}
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED), 0);
	EXPECT_EQ(info.si_code, CLD_DUMPED);
	EXPECT_EQ(info.si_status, SIGSEGV);
	pid = fork();
	if (!pid) {
		set_core_limit(0);
		raise(SIGSEGV);
	}
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED), 0);
	EXPECT_EQ(info.si_code, CLD_KILLED);
}

TEST(waitid_tells_dumped_from_killed)
{
	with_pattern("core", child_info);
}

/* A name in a directory that is not there: no core, and nobody says that there is one. */
static void nowhere(void)
{
	EXPECT(killed(abort_in_child(RLIM_INFINITY), SIGABRT));
}

TEST(no_place_for_it_is_no_core)
{
	with_pattern("/tmp/no/such/directory/core", nowhere);
}

TEST(empty_pattern_is_no_core)
{
	with_pattern("\n", nowhere);
}

/* ---- names ---- */

static void names(void)
{
	char want[NAME_MAX], host[65];
	int status;
	pid_t pid;

	gethostname(host, sizeof(host));
	prctl(PR_SET_NAME, "a/b..c");
	status = die_in_child(8192, die_abort, &pid);
	EXPECT(dumped(status, SIGABRT));
	snprintf(want, sizeof(want), "c%%.%d.%d.%d.%d.0.0.1.6.%s.a!b..c.8192.end", pid, pid, pid,
		 pid, host);
	EXPECT_STREQ(the_core(), want);
}

TEST(specifiers_of_the_name)
{
	with_pattern("c%%.%p.%P.%i.%I.%u.%g.%d.%s.%h.%e.%c.%Zend%", names);
}

static void name_of_program(void)
{
	char exe[PATH_MAX] = "", want[PATH_MAX + 16], *c;

	ASSERT_GT(readlink("/proc/self/exe", exe, sizeof(exe) - 1), 0);
	for (c = exe; *c; c++)
		if (*c == '/')
			*c = '!';
	snprintf(want, sizeof(want), "%s-%s", strrchr(exe, '!') + 1, exe);
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	EXPECT_STREQ(the_core(), want);
}

TEST(name_of_the_program_and_its_path)
{
	with_pattern("%f-%E", name_of_program);
}

static void name_dots(void)
{
	prctl(PR_SET_NAME, "..");
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	EXPECT_STREQ(the_core(), "!.");
	EXPECT_EQ(unlink("!."), 0);
	prctl(PR_SET_NAME, "");
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	EXPECT_STREQ(the_core(), "!");
}

TEST(a_command_name_is_no_path)
{
	with_pattern("%e", name_dots);
}

static void uses_pid(void)
{
	char want[NAME_MAX];
	pid_t pid;

	write_text(USES_PID, "1");
	EXPECT(dumped(die_in_child(8192, die_abort, &pid), SIGABRT));
	snprintf(want, sizeof(want), "c.%d.%d", pid, pid);
	EXPECT_STREQ(the_core(), want);
	EXPECT_EQ(unlink(want), 0);
	write_text(PATTERN, "c%p");
	EXPECT(dumped(die_in_child(8192, die_abort, &pid), SIGABRT));
	snprintf(want, sizeof(want), "c%d", pid);
	EXPECT_STREQ(the_core(), want);
}

TEST(core_uses_pid_unless_the_pattern_does)
{
	with_pattern("c.%P", uses_pid);
}

static void reads_back(void)
{
	char text[256], wanted[200];

	ASSERT_GT(read_text(PATTERN, text, sizeof(text)), 0);
	EXPECT_STREQ(text, "core-%p x\n");
	/* it has room for 127 characters */
	memset(wanted, 'x', sizeof(wanted));
	wanted[150] = '\0';
	write_text(PATTERN, wanted);
	ASSERT_EQ(read_text(PATTERN, text, sizeof(text)), 128);
}

TEST(pattern_reads_back)
{
	with_pattern("core-%p x\n", reads_back);
}

/* ---- where ---- */

static void write_new(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

/* An older core goes, whatever it was; a link is not followed. */
static void older_core(void)
{
	struct stat st;

	write_new("victim", "precious");
	ASSERT_EQ(symlink("victim", "core"), 0);
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	ASSERT_EQ(lstat("core", &st), 0);
	EXPECT(S_ISREG(st.st_mode));
	ASSERT_EQ(stat("victim", &st), 0);
	EXPECT_EQ(st.st_size, 8);
	ASSERT_EQ(unlink("core"), 0);
	ASSERT_EQ(link("victim", "core"), 0);
	EXPECT(dumped(abort_in_child(8192), SIGABRT));
	ASSERT_EQ(stat("victim", &st), 0);
	EXPECT_EQ(st.st_size, 8);
	EXPECT_EQ(st.st_nlink, 1);
	ASSERT_EQ(unlink("core"), 0);
	ASSERT_EQ(mkdir("core", 0700), 0);
	EXPECT(killed(abort_in_child(8192), SIGABRT));
	ASSERT_EQ(rmdir("core"), 0);
}

TEST(older_core_is_replaced_and_no_link_followed)
{
	with_pattern("core", older_core);
}

static void die_as_user(void)
{
	if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000) ||
	    prctl(PR_SET_DUMPABLE, 1))
		_exit(98);
	abort();
}

static void as_user(void)
{
	struct stat st;

	EXPECT(dumped(die_in_child(8192, die_as_user, NULL), SIGABRT));
	ASSERT_EQ(stat("core", &st), 0);
	EXPECT_EQ(st.st_uid, 1000);
	/* root's file cannot be replaced by a user where only the owner may */
	ASSERT_EQ(unlink("core"), 0);
	write_new("core", "root's");
	ASSERT_EQ(chmod(core_dir, 01777), 0);
	EXPECT(killed(die_in_child(8192, die_as_user, NULL), SIGABRT));
	ASSERT_EQ(stat("core", &st), 0);
	EXPECT_EQ(st.st_size, 6);
	ASSERT_EQ(unlink("core"), 0);
	ASSERT_EQ(chmod(core_dir, 0755), 0);
	EXPECT(killed(die_in_child(8192, die_as_user, NULL), SIGABRT));
	EXPECT_STREQ(the_core(), "");
}

TEST(it_is_written_with_the_powers_of_the_process)
{
	with_pattern("core", as_user);
}

/* ---- dumpable ---- */

static void die_undumpable(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	abort();
}

static void die_changed_ids(void)
{
	if (setresuid(1000, 1000, 1000))
		_exit(98);
	abort();
}

static void die_changed_ids_full(void)
{
	if (setresuid(1000, 1000, 1000) || prctl(PR_GET_DUMPABLE) != 2)
		_exit(98);
	abort();
}

static void dumpable(void)
{
	char pattern[128];
	struct stat st;

	write_text(SUID_DUMPABLE, "0");
	EXPECT(killed(die_in_child(8192, die_undumpable, NULL), SIGABRT));
	EXPECT(killed(die_in_child(8192, die_changed_ids, NULL), SIGABRT));
	EXPECT_STREQ(the_core(), "");
	write_text(SUID_DUMPABLE, "1");
	EXPECT(dumped(die_in_child(8192, die_changed_ids, NULL), SIGABRT));
	ASSERT_EQ(stat("core", &st), 0);
	EXPECT_EQ(st.st_uid, 1000);
	ASSERT_EQ(unlink("core"), 0);
	write_text(SUID_DUMPABLE, "2");
	EXPECT(killed(die_in_child(8192, die_changed_ids_full, NULL), SIGABRT));
	EXPECT_STREQ(the_core(), "");
	snprintf(pattern, sizeof(pattern), "%s/full", core_dir);
	write_text(PATTERN, pattern);
	EXPECT(dumped(die_in_child(8192, die_changed_ids_full, NULL), SIGABRT));
	ASSERT_EQ(stat("full", &st), 0);
	EXPECT_EQ(st.st_uid, 0);
	EXPECT_EQ(st.st_mode, S_IFREG | 0600);
	/* here an older one stays, and there is no new one */
	EXPECT(killed(die_in_child(8192, die_changed_ids_full, NULL), SIGABRT));
}

TEST(dumpable_and_suid_dumpable)
{
	with_pattern("core", dumpable);
}

TEST(suid_dumpable_refuses_other_values)
{
	int fd = open(SUID_DUMPABLE, O_WRONLY);

	ASSERT_GE(fd, 0);
	EXPECT_ERRNO(write(fd, "3", 1), EINVAL);
	EXPECT_ERRNO(write(fd, "-1", 2), EINVAL);
}

/* ---- coredump_filter ---- */

static unsigned long filter(void)
{
	char text[32];

	ASSERT_GT(read_text("/proc/self/coredump_filter", text, sizeof(text)), 0);
	return strtoul(text, NULL, 16);
}

TEST(filter_is_inherited_by_fork_and_kept_by_exec)
{
	char text[64];
	FILE *sh;

	EXPECT_EQ(filter(), 0x33);
	write_text("/proc/self/coredump_filter", "0x1f");
	EXPECT_EQ(filter(), 0x1f);
	if (!fork())
		_exit(filter() == 0x1f ? 0 : 1);
	EXPECT_EQ(wait_exit(-1), 0);
	sh = popen("cat /proc/self/coredump_filter", "r");
	ASSERT(sh);
	ASSERT(fgets(text, sizeof(text), sh));
	pclose(sh);
	EXPECT_STREQ(text, "0000001f\n");
}
