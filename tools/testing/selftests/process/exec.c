// SPDX-License-Identifier: GPL-2.0-only
/*
 * execve and execveat: what the new program finds, what exec keeps and what it forgets, scripts,
 * limits, errors in order, and exec out of a thread. The program executes itself.
 * ktest: musl
 */
#define KTEST_OWN_MAIN
#include "../ktest.h"
#include <elf.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char self[256];

/* ---- the other side: what the executed program does, by its argv[1] ---- */

static int show_args(int argc, char **argv, char **envp)
{
	for (int i = 0; i < argc; i++)
		printf("[%s]", argv[i]);
	for (; *envp; envp++)
		printf("{%s}", *envp);
	putchar('\n');
	return 0;
}

static int check_auxv(void)
{
	int bad = 0;

	bad |= getauxval(AT_PAGESZ) != 4096;
	bad |= (getauxval(AT_CLKTCK) != 100) << 1;
	bad |= (getauxval(AT_UID) != getuid() || getauxval(AT_EGID) != getegid()) << 2;
	bad |= !getauxval(AT_RANDOM) << 3;
	bad |= (!getauxval(AT_PHDR) || !getauxval(AT_PHNUM) || !getauxval(AT_ENTRY)) << 4;
	bad |= (strcmp((char *)getauxval(AT_EXECFN), self) != 0) << 5;
	bad |= (getauxval(AT_SECURE) != 0) << 6;
	return bad & 0x7f;
}

static int check_fds(void)
{
	return fcntl(50, F_GETFD) == -1 && fcntl(51, F_GETFD) == 0 ? 0 : 1;
}

static int check_signals(void)
{
	struct sigaction sa;
	sigset_t set;
	int bad = 0;

	sigaction(SIGUSR1, NULL, &sa);
	bad |= sa.sa_handler != SIG_DFL;
	sigaction(SIGUSR2, NULL, &sa);
	bad |= (sa.sa_handler != SIG_IGN) << 1;
	sigprocmask(SIG_BLOCK, NULL, &set);
	bad |= !sigismember(&set, SIGHUP) << 2;
	sigpending(&set);
	bad |= !sigismember(&set, SIGHUP) << 3;
	return bad;
}

static int check_identity(char *want)
{
	char comm[16] = "";

	prctl(PR_GET_NAME, comm);
	return getpid() == atoi(want) && syscall(SYS_gettid) == getpid() &&
	       !strcmp(comm, "exec-alias") ? 0 : 1;
}

/* Stack and heap are usable, big arguments arrived whole. */
static int check_big(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		if (strlen(argv[i]) != 100000)
			return 1;
	return argc == 12 ? 0 : 2;
}

static void *exec_again(void *left)
{
	execl(self, self, "@again", (char *)left, NULL);
	_exit(126);
}

/* Executes itself out of a thread so many times, tells so on descriptor 50, and stays. */
static int again(int left)
{
	char text[16];
	pthread_t t;

	if (!left)
		return write(50, "x", 1) == 1 ? pause() : 1;
	snprintf(text, sizeof(text), "%d", left - 1);
	pthread_create(&t, NULL, exec_again, text);
	for (;;)
		pause();
}

static int other_side(int argc, char **argv, char **envp)
{
	const char *what = argv[1] + 1;

	if (!strcmp(what, "args"))
		return show_args(argc - 2, argv + 2, envp);
	if (!strcmp(what, "auxv"))
		return check_auxv();
	if (!strcmp(what, "fds"))
		return check_fds();
	if (!strcmp(what, "signals"))
		return check_signals();
	if (!strcmp(what, "identity"))
		return check_identity(argv[2]);
	if (!strcmp(what, "big"))
		return check_big(argc, argv);
	if (!strcmp(what, "exit"))
		return atoi(argv[2]);
	if (!strcmp(what, "again"))
		return again(atoi(argv[2]));
	return 99;
}

int main(int argc, char **argv, char **envp)
{
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	if (argc > 1 && argv[1][0] == '@')
		return other_side(argc, argv, envp);
	if (argc == 1 && !argv[0][0])
		return 42;	/* null_argv_gets_an_empty_name */
	return ktest_main(argc, argv);
}

/* ---- tests ---- */

#define RUN(...) __extension__ ({						\
	pid_t pid_ = fork();							\
	if (!pid_) {								\
		execl(self, self, __VA_ARGS__, NULL);				\
		_exit(127);							\
	}									\
	wait_exit(pid_); })

/* Run @path and collect what it prints. */
static int capture(char *out, size_t size, const char *path, char *const argv[], char *const envp[])
{
	int p[2];
	size_t have = 0;
	ssize_t n;
	pid_t pid;

	ASSERT_EQ(pipe(p), 0);
	pid = fork();
	if (!pid) {
		dup2(p[1], 1);
		execve(path, argv, envp);
		_exit(errno);
	}
	close(p[1]);
	while (have < size - 1 && (n = read(p[0], out + have, size - 1 - have)) > 0)
		have += n;
	out[have] = '\0';
	close(p[0]);
	return wait_exit(pid);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	ASSERT_EQ(chmod(path, mode), 0);
}

TEST(arguments_and_environment_arrive)
{
	char *argv[] = { self, "@args", "a", "", "b c", NULL }, *envp[] = { "X=1", "Y=", NULL };
	char out[256];

	EXPECT_EQ(capture(out, sizeof(out), self, argv, envp), 0);
	EXPECT_STREQ(out, "[a][][b c]{X=1}{Y=}\n");
}

TEST(auxv_tells_the_truth)
{
	EXPECT_EQ(RUN("@auxv"), 0);
}

TEST(close_on_exec)
{
	pid_t pid = fork();

	if (!pid) {
		dup2(0, 50);
		fcntl(50, F_SETFD, FD_CLOEXEC);
		dup2(0, 51);
		execl(self, self, "@fds", NULL);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

static void nothing(int sig)
{
	(void)sig;
}

TEST(signal_state_over_exec)
{
	pid_t pid = fork();

	if (!pid) {
		sigset_t set;

		signal(SIGUSR1, nothing);
		signal(SIGUSR2, SIG_IGN);
		sigemptyset(&set);
		sigaddset(&set, SIGHUP);
		sigprocmask(SIG_BLOCK, &set, NULL);
		raise(SIGHUP);
		execl(self, self, "@signals", NULL);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

TEST(errors)
{
	char *argv[] = { "x", NULL }, *envp[] = { NULL };
	char long_name[5000];

	memset(long_name, 'a', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	EXPECT_ERRNO(execve("/nonexistent", argv, envp), ENOENT);
	EXPECT_ERRNO(execve("", argv, envp), ENOENT);
	EXPECT_ERRNO(execve("/tmp", argv, envp), EACCES);
	EXPECT_ERRNO(execve("/dev/null", argv, envp), EACCES);
	EXPECT_ERRNO(execve("/proc/self/exe/x", argv, envp), ENOTDIR);
	EXPECT_ERRNO(execve(long_name, argv, envp), ENAMETOOLONG);
	EXPECT_ERRNO(syscall(SYS_execve, (char *)8, argv, envp), EFAULT);
	EXPECT_ERRNO(syscall(SYS_execve, self, (char **)8, envp), EFAULT);
	write_file("/tmp/exec-plain", "just text\n", 0644);
	EXPECT_ERRNO(execve("/tmp/exec-plain", argv, envp), EACCES);
	write_file("/tmp/exec-text", "just text\n", 0755);
	EXPECT_ERRNO(execve("/tmp/exec-text", argv, envp), ENOEXEC);
	write_file("/tmp/exec-empty", "", 0755);
	EXPECT_ERRNO(execve("/tmp/exec-empty", argv, envp), ENOEXEC);
	write_file("/tmp/exec-elf", "\177ELF\2\1\1", 0755);
	EXPECT_ERRNO(execve("/tmp/exec-elf", argv, envp), ENOEXEC);
	unlink("/tmp/exec-plain");
	unlink("/tmp/exec-text");
	unlink("/tmp/exec-empty");
	unlink("/tmp/exec-elf");
}

TEST(running_program_cannot_be_written_and_open_one_not_run)
{
	int from, to;
	char buf[65536];
	ssize_t n;

	EXPECT_ERRNO(open(self, O_WRONLY), ETXTBSY);
	from = open(self, O_RDONLY);
	to = open("/tmp/exec-copy", O_RDWR | O_CREAT | O_TRUNC, 0755);
	while ((n = read(from, buf, sizeof(buf))) > 0)
		ASSERT_EQ(write(to, buf, n), n);
	char *argv[] = { "x", "@exit", "5", NULL }, *envp[] = { NULL };
	EXPECT_ERRNO(execve("/tmp/exec-copy", argv, envp), ETXTBSY);
	close(to);
	EXPECT_EQ(capture(buf, sizeof(buf), "/tmp/exec-copy", argv, envp), 5);
	unlink("/tmp/exec-copy");
}

TEST(scripts)
{
	char script[600], out[1024], want[1024];
	char *argv[] = { "ignored", "one", "two", NULL }, *envp[] = { NULL };

	snprintf(script, sizeof(script), "#!%s @args\n", self);
	write_file("/tmp/exec-script", script, 0755);
	EXPECT_EQ(capture(out, sizeof(out), "/tmp/exec-script", argv, envp), 0);
	snprintf(want, sizeof(want), "[/tmp/exec-script][one][two]\n");
	EXPECT_STREQ(out, want);

	/* Blanks round the interpreter and one argument with blanks inside. */
	snprintf(script, sizeof(script), "#! \t%s   @args x  y \t\n", self);
	write_file("/tmp/exec-script", script, 0755);
	EXPECT_EQ(capture(out, sizeof(out), "/tmp/exec-script", argv, envp), 99);

	write_file("/tmp/exec-script", "#!\n", 0755);
	EXPECT_ERRNO(execve("/tmp/exec-script", argv, envp), ENOEXEC);
	write_file("/tmp/exec-script", "#!/nonexistent\n", 0755);
	EXPECT_ERRNO(execve("/tmp/exec-script", argv, envp), ENOENT);
	unlink("/tmp/exec-script");
}

TEST(scripts_of_scripts_end)
{
	char name[32], script[64];
	char *argv[] = { "x", NULL }, *envp[] = { NULL };

	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "/tmp/exec-s%d", i);
		snprintf(script, sizeof(script), "#!/tmp/exec-s%d\n", i + 1);
		write_file(name, script, 0755);
	}
	EXPECT_ERRNO(execve("/tmp/exec-s0", argv, envp), ELOOP);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "/tmp/exec-s%d", i);
		unlink(name);
	}
}

TEST(big_arguments)
{
	char *big = malloc(200000), *argv[16] = { self, "@big" }, *envp[] = { NULL }, out[8];

	memset(big, 'a', 200000);
	big[100000] = '\0';
	for (int i = 2; i < 12; i++)
		argv[i] = big;
	argv[12] = NULL;
	EXPECT_EQ(capture(out, sizeof(out), self, argv, envp), 0);
	big[100000] = 'a';
	big[131071] = '\0';		/* MAX_ARG_STRLEN with its end: the longest */
	argv[3] = NULL;
	EXPECT_EQ(capture(out, sizeof(out), self, argv, envp), 1);
	big[131071] = 'a';
	big[131072] = '\0';
	EXPECT_ERRNO(execve(self, argv, envp), E2BIG);
	big[100000] = '\0';
	char **many = calloc(200, sizeof(char *));
	many[0] = self;
	many[1] = "@exit";
	for (int i = 2; i < 100; i++)
		many[i] = big;
	EXPECT_ERRNO(execve(self, many, envp), E2BIG);
}

TEST(stack_limit_bounds_the_arguments)
{
	struct rlimit rl = { 512 * 1024, RLIM_INFINITY };
	char *big = malloc(100001), *argv[] = { self, "@exit", "0", big, NULL, NULL };
	char *envp[] = { NULL };

	memset(big, 'a', 100000);
	big[100000] = '\0';
	ASSERT_EQ(setrlimit(RLIMIT_STACK, &rl), 0);
	EXPECT_EQ(RUN("@exit", "3"), 3);
	argv[4] = big;		/* 200,000 bytes and more are over a quarter of 512 KiB */
	EXPECT_ERRNO(execve(self, argv, envp), E2BIG);
}

/* A program that no ld.so starts: it ends with 0 when it was loaded at a multiple of @align. */
static void write_static_pie(const char *path, unsigned long align)
{
	static const unsigned char code[] = {
		0x48, 0x8d, 0x05, 0x81, 0xff, 0xff, 0xff,	/* lea -0x7f(%rip), %rax: its start */
		0xa9, 0, 0, 0, 0,				/* test $mask, %eax */
		0x0f, 0x95, 0xc0,				/* setne %al */
		0x0f, 0xb6, 0xf8,				/* movzbl %al, %edi */
		0xb8, 0x3c, 0, 0, 0, 0x0f, 0x05,		/* _exit */
	};
	struct {
		Elf64_Ehdr e;
		Elf64_Phdr p;
		unsigned char code[sizeof(code)];
	} f = {
		.e = { .e_ident = ELFMAG "\2\1\1", .e_type = ET_DYN, .e_machine = EM_X86_64,
		       .e_version = 1, .e_entry = 0x78, .e_phoff = 64, .e_ehsize = 64,
		       .e_phentsize = 56, .e_phnum = 1 },
		.p = { .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_filesz = 0x78 + sizeof(code),
		       .p_memsz = 0x78 + sizeof(code), .p_align = align },
	};
	unsigned int mask = align - 1;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	memcpy(f.code, code, sizeof(code));
	memcpy(f.code + 8, &mask, sizeof(mask));
	ASSERT_EQ(write(fd, &f, 0x78 + sizeof(code)), 0x78 + sizeof(code));
	close(fd);
}

TEST(static_pie_is_aligned_as_it_asks)
{
	static const unsigned long aligns[] = { 0x1000, 0x4000, 0x200000, 0x1000000 };
	char path[64];

	snprintf(path, sizeof(path), "/tmp/aligned.%d", getpid());
	for (int i = 0; i < 32; i++) {
		pid_t pid;

		write_static_pie(path, aligns[i % 4]);
		pid = fork();
		if (!pid) {
			execl(path, path, NULL);
			_exit(99);
		}
		EXPECT_EQ(wait_exit(pid), 0);
	}
	unlink(path);
}

TEST(null_argv_gets_an_empty_name)
{
	pid_t pid = fork();

	if (!pid) {
		char *none[] = { NULL };

		execve("/proc/self/exe", none, none);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid), 42);
}

TEST(execveat_by_descriptor_and_directory)
{
	char *argv[] = { "x", "@exit", "6", NULL }, *envp[] = { NULL };
	int fd = open(self, O_PATH | O_CLOEXEC), dir = open("/", O_PATH | O_DIRECTORY);
	pid_t pid;

	ASSERT_GE(fd, 0);
	pid = fork();
	if (!pid) {
		syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid), 6);
	pid = fork();
	if (!pid) {
		syscall(SYS_execveat, dir, self + 1, argv, envp, 0);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid), 6);
	EXPECT_ERRNO(syscall(SYS_execveat, fd, "", argv, envp, 0), ENOENT);
	EXPECT_ERRNO(syscall(SYS_execveat, 999, "x", argv, envp, 0), EBADF);
	EXPECT_ERRNO(syscall(SYS_execveat, dir, "x", argv, envp, 0x10), EINVAL);
	ASSERT_EQ(symlink(self, "/tmp/exec-link"), 0);
	EXPECT_ERRNO(syscall(SYS_execveat, AT_FDCWD, "/tmp/exec-link", argv, envp,
			     AT_SYMLINK_NOFOLLOW), ELOOP);
	unlink("/tmp/exec-link");
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *exec_from_thread(void *arg)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	execl("/tmp/exec-alias", "alias", "@identity", pid, NULL);
	_exit(126);
	return arg;
}

/* De-threading: the thread that execs becomes the process, number and all. */
TEST(exec_of_a_thread_takes_over_the_process)
{
	unlink("/tmp/exec-alias");
	ASSERT_EQ(symlink(self, "/tmp/exec-alias"), 0);
	for (int round = 0; round < 30; round++) {
		pid_t pid = fork();

		if (!pid) {
			pthread_t t;

			for (int i = 0; i < 8; i++)
				pthread_create(&t, NULL, sleeper, NULL);
			pthread_create(&t, NULL, exec_from_thread, NULL);
			for (;;)
				pause();
		}
		ASSERT_EQ(wait_exit(pid), 0);
	}
	unlink("/tmp/exec-alias");
}

/*
 * While a thread takes over, nobody finds the process gone: not kill(), not wait(). (Nor does a pidfd
 * become readable here; on Linux it may.)
 */
TEST_TIMEOUT(a_number_is_never_nobodys_during_exec, 60)
{
	int p[2], status, lost = 0, dead = 0;
	pid_t pid;
	char c;

	ASSERT_EQ(pipe2(p, O_NONBLOCK), 0);
	pid = fork();
	if (!pid) {
		dup2(p[1], 50);
		execl(self, self, "@again", "400", NULL);
		_exit(127);
	}
	while (read(p[0], &c, 1) != 1) {
		for (int i = 0; i < 100; i++) {
			lost += kill(pid, 0) != 0;
			dead += waitpid(pid, &status, WNOHANG) != 0;
		}
		ASSERT_EQ(dead, 0);
	}
	EXPECT_EQ(lost, 0);
	kill(pid, SIGKILL);
	EXPECT_EQ(wait_exit(pid), 128 + SIGKILL);
}

static void *exec_or_die(void *arg)
{
	execl(self, self, "@exit", "0", NULL);
	return arg;
}

TEST(threads_that_exec_at_once_do_not_deadlock)
{
	for (int round = 0; round < 30; round++) {
		pid_t pid = fork();

		if (!pid) {
			pthread_t t;

			for (int i = 0; i < 8; i++)
				pthread_create(&t, NULL, exec_or_die, NULL);
			for (;;)
				pause();
		}
		ASSERT_EQ(wait_exit(pid), 0);
	}
}

TEST(kill_during_exec_storm)
{
	for (int round = 0; round < 40; round++) {
		pid_t pid = fork();

		if (!pid) {
			for (;;) {
				pid_t c = vfork();

				if (!c) {
					execl(self, self, "@exit", "0", NULL);
					_exit(127);
				}
				waitpid(c, NULL, 0);
			}
		}
		usleep(1000 + round * 137);
		kill(pid, SIGKILL);
		ASSERT_EQ(wait_exit(pid), 128 + SIGKILL);
	}
}

TEST(set_user_id_program)
{
	pid_t pid;
	char out[65536];
	ssize_t n;
	int from = open(self, O_RDONLY), to;

	if (getuid())
		SKIP("needs root");
	to = open("/tmp/exec-suid", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	while ((n = read(from, out, sizeof(out))) > 0)
		ASSERT_EQ(write(to, out, n), n);
	close(to);
	ASSERT_EQ(chown("/tmp/exec-suid", 12345, 12346), 0);
	ASSERT_EQ(chmod("/tmp/exec-suid", 06755), 0);
	pid = fork();
	if (!pid) {
		/* AT_SECURE is set and the effective ids are the file's: @auxv says 64 and no 4. */
		ASSERT_EQ(setresgid(100, 100, 100), 0);
		ASSERT_EQ(setresuid(100, 100, 100), 0);
		execl("/tmp/exec-suid", "x", "@auxv", NULL);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid) & ~32, 64);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setresuid(100, 100, 100), 0);
		ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
		execl("/tmp/exec-suid", "x", "@auxv", NULL);
		_exit(127);
	}
	EXPECT_EQ(wait_exit(pid) & ~32, 0);
	unlink("/tmp/exec-suid");
}
