// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is inside a core file: ELF headers, notes of every thread, the memory that coredump_filter
 * wants; and cores that a helper reads. ktest: timeout=120
 */
#define KTEST_OWN_MAIN
#include "coreutil.h"
#include <elf.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/procfs.h>
#include <sys/syscall.h>
#include <sys/user.h>

#define PAGE	4096UL

static const unsigned char *image;
static size_t image_size;

static void map_core(const char *name)
{
	struct stat st;
	int fd = open(name, O_RDONLY);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(fstat(fd, &st), 0);
	image_size = st.st_size;
	image = mmap(NULL, image_size, PROT_READ, MAP_PRIVATE, fd, 0);
	ASSERT(image != MAP_FAILED);
	close(fd);
}

static const Elf64_Phdr *phdrs(void)
{
	return (const void *)(image + ((const Elf64_Ehdr *)image)->e_phoff);
}

static int nr_phdrs(void)
{
	return ((const Elf64_Ehdr *)image)->e_phnum;
}

/* The @n-th note of @type from 0; its size in *@size. */
static const void *note(unsigned int type, int n, size_t *size)
{
	const unsigned char *at = image + phdrs()[0].p_offset, *end = at + phdrs()[0].p_filesz;

	while (at < end) {
		const Elf64_Nhdr *head = (const void *)at;
		const unsigned char *data = at + sizeof(*head) + ((head->n_namesz + 3) & ~3u);

		if (head->n_type == type && n-- == 0) {
			if (size)
				*size = head->n_descsz;
			return data;
		}
		at = data + ((head->n_descsz + 3) & ~3u);
	}
	return NULL;
}

static const Elf64_Phdr *segment_of(const void *addr)
{
	for (int i = 1; i < nr_phdrs(); i++)
		if ((unsigned long)addr - phdrs()[i].p_vaddr < phdrs()[i].p_memsz)
			return &phdrs()[i];
	return NULL;
}

/* The bytes at @addr of the dead, or NULL when the core has not got them. */
static const void *memory(const void *addr)
{
	const Elf64_Phdr *p = segment_of(addr);
	unsigned long offset = p ? (unsigned long)addr - p->p_vaddr : 0;

	if (!p || offset >= p->p_filesz)
		return NULL;
	ASSERT_LT(p->p_offset + offset, image_size);
	return image + p->p_offset + offset;
}

static int dumps(int status, int sig)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == sig && WCOREDUMP(status);
}

/* ---- one thread ---- */

static volatile char *bad_address = (char *)0x123456;
static char stamp[] = "a word in the data segment";

static void die_at_known_place(void)
{
	asm volatile("movabs $0x1122334455667788, %%r15; mov $0x99, %%r14; movq %%r15, %%xmm7\n"
		     "movb $1, (%0)" : : "r"(bad_address) : "r14", "r15", "xmm7", "memory");
}

static void headers(void)
{
	const Elf64_Ehdr *eh;

	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_at_known_place, NULL), SIGSEGV));
	map_core("core");
	eh = (const void *)image;
	EXPECT(!memcmp(eh->e_ident, ELFMAG, SELFMAG));
	EXPECT_EQ(eh->e_ident[EI_CLASS], ELFCLASS64);
	EXPECT_EQ(eh->e_type, ET_CORE);
	EXPECT_EQ(eh->e_machine, EM_X86_64);
	EXPECT_EQ(eh->e_phentsize, sizeof(Elf64_Phdr));
	EXPECT_EQ(eh->e_shnum, 0);
	EXPECT_EQ(phdrs()[0].p_type, PT_NOTE);
	EXPECT_EQ(phdrs()[0].p_memsz, 0);
	for (int i = 1; i < nr_phdrs(); i++) {
		EXPECT_EQ(phdrs()[i].p_type, PT_LOAD);
		EXPECT_EQ(phdrs()[i].p_offset % PAGE, 0);
		EXPECT_LE(phdrs()[i].p_offset + phdrs()[i].p_filesz, image_size);
	}
	ASSERT(memory(stamp));
	EXPECT_STREQ((const char *)memory(stamp), stamp);
}

TEST(headers_and_memory)
{
	with_pattern("core", headers);
}

static void notes(void)
{
	const struct elf_prstatus *st;
	const struct elf_prpsinfo *ps;
	const struct user_regs_struct *regs;
	const struct user_fpregs_struct *fp;
	const siginfo_t *info;
	const unsigned long *auxv;
	size_t size;
	pid_t pid;

	prctl(PR_SET_NAME, "coretest");
	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_at_known_place, &pid), SIGSEGV));
	map_core("core");
	st = note(NT_PRSTATUS, 0, &size);
	ASSERT(st);
	EXPECT_EQ(size, sizeof(*st));
	EXPECT_EQ(st->pr_pid, pid);
	EXPECT_EQ(st->pr_ppid, getpid());
	EXPECT_EQ(st->pr_pgrp, getpgrp());
	EXPECT_EQ(st->pr_sid, getsid(0));
	EXPECT_EQ(st->pr_cursig, SIGSEGV);
	EXPECT_EQ(st->pr_info.si_signo, SIGSEGV);
	EXPECT_EQ(st->pr_fpvalid, 1);
	regs = (const void *)&st->pr_reg;
	EXPECT_EQ(regs->r15, 0x1122334455667788);
	EXPECT_EQ(regs->r14, 0x99);
	EXPECT_EQ(regs->fs_base, (unsigned long)__builtin_thread_pointer());
	EXPECT(!note(NT_PRSTATUS, 1, NULL));

	ps = note(NT_PRPSINFO, 0, &size);
	ASSERT(ps);
	EXPECT_EQ(size, sizeof(*ps));
	EXPECT_EQ(ps->pr_sname, 'R');
	EXPECT_EQ(ps->pr_pid, pid);
	EXPECT_EQ(ps->pr_uid, getuid());
	EXPECT_STREQ(ps->pr_fname, "coretest");
	EXPECT(strstr(ps->pr_psargs, "coreelf"));

	info = note(NT_SIGINFO, 0, &size);
	ASSERT(info);
	EXPECT_EQ(size, sizeof(*info));
	EXPECT_EQ(info->si_signo, SIGSEGV);
	EXPECT_EQ(info->si_code, SEGV_MAPERR);
	EXPECT_EQ((unsigned long)info->si_addr, 0x123456);

	auxv = note(NT_AUXV, 0, &size);
	ASSERT(auxv);
	EXPECT_EQ(auxv[size / 8 - 2], AT_NULL);
	fp = note(NT_FPREGSET, 0, &size);
	ASSERT(fp);
	EXPECT_EQ(size, 512);
	EXPECT_EQ(*(const uint64_t *)&fp->xmm_space[4 * 7], 0x1122334455667788);
	if (note(NT_X86_XSTATE, 0, &size))
		EXPECT_GT(size, 512);
}

TEST(notes_of_the_thread_that_died)
{
	with_pattern("core", notes);
}

static void file_note(void)
{
	const unsigned long *word;
	const char *name;
	char exe[PATH_MAX] = "";
	size_t size;
	unsigned long i, found = 0;

	ASSERT_GT(readlink("/proc/self/exe", exe, sizeof(exe) - 1), 0);
	ASSERT(dumps(die_in_child(RLIM_INFINITY, abort, NULL), SIGABRT));
	map_core("core");
	word = note(NT_FILE, 0, &size);
	ASSERT(word);
	EXPECT_EQ(word[1], PAGE);
	name = (const char *)(word + 2 + 3 * word[0]);
	for (i = 0; i < word[0]; i++, name += strlen(name) + 1) {
		EXPECT_LT(word[2 + 3 * i], word[3 + 3 * i]);
		if ((unsigned long)file_note - word[2 + 3 * i] < word[3 + 3 * i] - word[2 + 3 * i]) {
			EXPECT_STREQ(name, exe);
			found++;
		}
	}
	EXPECT_EQ((unsigned long)name - (unsigned long)word, size);
	EXPECT_EQ(found, 1);
}

TEST(note_of_the_mapped_files)
{
	with_pattern("core", file_note);
}

/* ---- which memory ---- */

static char *private_anon, *untouched, *shared_anon, *file_private, *file_shared, *dontdump,
	*file_written;

static char *map(int prot, int flags, int fd)
{
	char *at = mmap(NULL, 4 * PAGE, prot, flags, fd, 0);

	ASSERT(at != MAP_FAILED);
	return at;
}

static void map_all(void)
{
	int fd = open("data", O_RDWR | O_CREAT, 0600);
	char page[PAGE];

	memset(page, 'f', sizeof(page));
	for (int i = 0; i < 4; i++)
		ASSERT_EQ(write(fd, page, PAGE), (int)PAGE);
	private_anon = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	/* of other protections, so that they do not become one area */
	untouched = map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	shared_anon = map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	file_private = map(PROT_READ, MAP_PRIVATE, fd);
	file_shared = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	file_written = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	dontdump = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	private_anon[PAGE] = 'p';
	shared_anon[PAGE] = 's';
	dontdump[PAGE] = 'd';
	file_written[PAGE] = 'w';
	ASSERT_EQ(madvise(dontdump, 4 * PAGE, MADV_DONTDUMP), 0);
	close(fd);
}

static const char *filter_text;

static void die_filtered(void)
{
	write_text("/proc/self/coredump_filter", filter_text);
	abort();
}

static void dump_filtered(const char *filter)
{
	filter_text = filter;
	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_filtered, NULL), SIGABRT));
	map_core("core");
}

#define BYTE(at)	(memory(at) ? *(const char *)memory(at) : '-')

static void filters(void)
{
	map_all();
	dump_filtered("0x33");
	EXPECT_EQ(BYTE(private_anon + PAGE), 'p');
	EXPECT_EQ(BYTE(private_anon), 0);
	EXPECT_EQ(BYTE(untouched), '-');
	EXPECT(segment_of(untouched));
	EXPECT_EQ(BYTE(shared_anon + PAGE), 's');
	EXPECT_EQ(BYTE(file_private), '-');
	EXPECT_EQ(BYTE(file_shared), '-');
	EXPECT_EQ(BYTE(dontdump + PAGE), '-');
	EXPECT_EQ(BYTE(file_written + PAGE), 'w');
	EXPECT_EQ(BYTE(file_written), 'f');
	dump_filtered("0x1");
	EXPECT_EQ(BYTE(private_anon + PAGE), 'p');
	EXPECT_EQ(BYTE(shared_anon + PAGE), '-');
	dump_filtered("0x2");
	EXPECT_EQ(BYTE(private_anon + PAGE), '-');
	EXPECT_EQ(BYTE(shared_anon + PAGE), 's');
	EXPECT_EQ(BYTE(file_written + PAGE), '-');
	dump_filtered("0x4");
	EXPECT_EQ(BYTE(file_private), 'f');
	EXPECT_EQ(BYTE(file_shared), '-');
	dump_filtered("0x8");
	EXPECT_EQ(BYTE(file_private), '-');
	EXPECT_EQ(BYTE(file_shared + 3 * PAGE), 'f');
	dump_filtered("0");
	EXPECT_EQ(BYTE(stamp), '-');
	EXPECT_EQ(BYTE(private_anon + PAGE), '-');
}

TEST(filter_chooses_areas)
{
	with_pattern("core", filters);
}

/* Of a program's first page, where its build id is. */
extern const char __ehdr_start[];

static void elf_headers(void)
{
	const char *start = __ehdr_start;

	dump_filtered("0x10");
	ASSERT(memory(start));
	EXPECT(!memcmp(memory(start), ELFMAG, SELFMAG));
	EXPECT_EQ(segment_of(start)->p_filesz, PAGE);
	dump_filtered("0x0");
	EXPECT(!memory(start));
}

TEST(filter_keeps_elf_headers)
{
	with_pattern("core", elf_headers);
}

/* ---- threads ---- */

#define THREADS	4

static volatile char looping[THREADS];
static pthread_barrier_t barrier;
static pid_t *tids;	/* shared with the parent */

static void *sleeper(void *arg)
{
	long n = (long)arg;

	tids[n] = syscall(SYS_gettid);
	pthread_barrier_wait(&barrier);
	if (n & 1)
		for (;;)
			pause();
	asm volatile("movabs $0x1122334455667788, %%r13\n1: movb $1, (%0)\njmp 1b"
		     : : "r"(&looping[n]) : "r13", "memory");
	return NULL;
}

static void die_with_threads(void)
{
	pthread_t t;

	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (long i = 0; i < THREADS; i++)
		ASSERT_EQ(pthread_create(&t, NULL, sleeper, (void *)i), 0);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < THREADS; i += 2)
		while (!looping[i])
			usleep(100);
	abort();
}

static void *dier(void *arg)
{
	(void)arg;
	tids[THREADS] = syscall(SYS_gettid);
	raise(SIGSEGV);
	return NULL;
}

static void die_in_thread(void)
{
	pthread_t t;

	tids[0] = getpid();
	ASSERT_EQ(pthread_create(&t, NULL, dier, NULL), 0);
	for (;;)
		pause();
}

static void share_tids(void)
{
	tids = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT(tids != MAP_FAILED);
}

static void threads(void)
{
	const struct elf_prstatus *st;
	int i, n, found[THREADS] = { };
	pid_t pid;

	share_tids();
	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_with_threads, &pid), SIGABRT));
	map_core("core");
	for (n = 0; (st = note(NT_PRSTATUS, n, NULL)); n++) {
		if (!n)
			EXPECT_EQ(st->pr_pid, pid);
		for (i = 0; i < THREADS; i++)
			if (st->pr_pid == tids[i]) {
				found[i]++;
				if (!(i & 1))
					EXPECT_EQ(((const struct user_regs_struct *)
						   &st->pr_reg)->r13, 0x1122334455667788);
			}
	}
	EXPECT_EQ(n, THREADS + 1);
	for (i = 0; i < THREADS; i++)
		EXPECT_EQ(found[i], 1);
	EXPECT(note(NT_FPREGSET, THREADS, NULL));
	EXPECT(!note(NT_PRPSINFO, 1, NULL));
}

TEST(every_thread_is_in_it)
{
	with_pattern("core", threads);
}

static void from_thread(void)
{
	const struct elf_prstatus *st;
	char want[64];
	pid_t pid;
	siginfo_t info;

	share_tids();
	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_in_thread, &pid), SIGSEGV));
	snprintf(want, sizeof(want), "core.%d.%d", pid, tids[THREADS]);
	EXPECT_STREQ(the_core(), want);
	map_core(want);
	st = note(NT_PRSTATUS, 0, NULL);
	ASSERT(st);
	EXPECT_EQ(st->pr_pid, tids[THREADS]);
	st = note(NT_PRSTATUS, 1, NULL);
	ASSERT(st);
	EXPECT_EQ(st->pr_pid, pid);
	pid = fork();
	if (!pid) {
		set_core_limit(RLIM_INFINITY);
		die_in_thread();
	}
	ASSERT_EQ(waitid(P_PID, pid, &info, WEXITED), 0);
	EXPECT_EQ(info.si_code, CLD_DUMPED);
}

TEST(the_thread_that_died_comes_first)
{
	with_pattern("core.%p.%i", from_thread);
}

/* FORK.md's bug 25: one thread dies, another is stopped, or both die at once. */
static void *raiser(void *arg)
{
	pthread_barrier_wait(&barrier);
	raise((long)arg);
	return NULL;
}

static void die_and_stop(void)
{
	pthread_t t;

	pthread_barrier_init(&barrier, NULL, 4);
	pthread_create(&t, NULL, raiser, (void *)SIGSTOP);
	pthread_create(&t, NULL, raiser, (void *)SIGABRT);
	pthread_create(&t, NULL, raiser, (void *)SIGSEGV);
	pthread_barrier_wait(&barrier);
	for (;;)
		pause();
}

static void races(void)
{
	for (int i = 0; i < 30; i++) {
		pid_t pid = fork();
		int status;

		if (!pid) {
			set_core_limit(RLIM_INFINITY);
			die_and_stop();
		}
		/* the stop may come before anybody died */
		while (waitpid(pid, &status, WNOHANG) != pid) {
			kill(pid, SIGCONT);
			usleep(1000);
		}
		ASSERT(WIFSIGNALED(status));
		ASSERT(WCOREDUMP(status));
	}
}

TEST_TIMEOUT(death_of_one_thread_beats_the_stop_of_another, 60)
{
	with_pattern("core", races);
}

/* A process that shares the memory, but is none of the group's threads, lives on. */
static char vm_stack[65536];
static volatile int *go;

static int vm_sharer(void *arg)
{
	(void)arg;
	while (!*go)
		usleep(1000);
	_exit(7);
}

static void die_with_sharer(void)
{
	pid_t pid = clone(vm_sharer, vm_stack + sizeof(vm_stack), CLONE_VM | CLONE_PARENT, NULL);

	ASSERT_GT(pid, 0);
	tids[0] = pid;
	abort();
}

static void sharer(void)
{
	int status;

	share_tids();
	go = (volatile int *)(tids + 1);
	ASSERT(dumps(die_in_child(RLIM_INFINITY, die_with_sharer, NULL), SIGABRT));
	*go = 1;
	ASSERT_GT(tids[0], 0);
	ASSERT_EQ(waitpid(tids[0], &status, __WALL), tids[0]);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

TEST(who_shares_the_memory_lives_on)
{
	with_pattern("core", sharer);
}

/* ---- helpers ---- */

static void wait_for(const char *name)
{
	struct stat st;

	while (stat(name, &st))
		usleep(1000);
}

static char self[PATH_MAX - 64];

static void helper_reads(void)
{
	char pattern[PATH_MAX + 128], text[256], want[64];
	struct stat st;
	pid_t pid;

	/* waited for: what it wrote is there when we are */
	write_text(PIPE_LIMIT, "4");
	snprintf(pattern, sizeof(pattern), "|%s helper %s %%p %%s  %%e", self, core_dir);
	write_text(PATTERN, pattern);
	prctl(PR_SET_NAME, "two words");
	EXPECT(dumps(die_in_child(0, abort, &pid), SIGABRT));
	ASSERT_GT(read_text("args", text, sizeof(text)), 0);
	snprintf(want, sizeof(want), "4 %d 6 two words core 1", pid);
	EXPECT_STREQ(text, want);
	map_core("piped");
	EXPECT_EQ(((const struct elf_prstatus *)note(NT_PRSTATUS, 0, NULL))->pr_pid, pid);
	EXPECT_STREQ((const char *)memory(stamp), stamp);
	EXPECT_EQ(unlink("piped") | unlink("args"), 0);
	/* not waited for, but it comes */
	write_text(PIPE_LIMIT, "0");
	EXPECT(dumps(die_in_child(0, abort, &pid), SIGABRT));
	wait_for("done");
	EXPECT_EQ(stat("piped", &st), 0);
	/* its own RLIMIT_CORE */
	EXPECT(!dumps(die_in_child(1, abort, NULL), SIGABRT));
}

TEST(helper_gets_it_on_standard_input)
{
	with_pattern("core", helper_reads);
}

static void no_helper(void)
{
	int status = die_in_child(RLIM_INFINITY, abort, NULL);

	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	EXPECT(!WCOREDUMP(status));
	EXPECT_STREQ(the_core(), "");
}

TEST(helper_that_is_not_there)
{
	with_pattern("|/no/such/helper %p", no_helper);
}

static void deaf_helper(void)
{
	char pattern[PATH_MAX + 128];

	snprintf(pattern, sizeof(pattern), "|%s deaf", self);
	write_text(PATTERN, pattern);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(WTERMSIG(die_in_child(0, abort, NULL)), SIGABRT);
}

TEST(helper_that_does_not_read)
{
	with_pattern("core", deaf_helper);
}

/* It never reads: the dumper blocks in the pipe, and only a SIGKILL gets it out. */
static void kill_ends_it(void)
{
	char pattern[PATH_MAX + 128];
	pid_t pid;
	int status;

	snprintf(pattern, sizeof(pattern), "|%s stuck %s", self, core_dir);
	write_text(PATTERN, pattern);
	pid = fork();
	if (!pid)
		abort();
	wait_for("stuck");
	kill(pid, SIGTERM);
	usleep(50000);
	EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFSIGNALED(status));
	EXPECT_EQ(WTERMSIG(status), SIGKILL);
	EXPECT(!WCOREDUMP(status));
	close(open("let-go", O_CREAT | O_WRONLY, 0600));
	wait_for("gone");
}

TEST(sigkill_ends_a_dump)
{
	with_pattern("core", kill_ends_it);
}

static int helper(char **argv)
{
	char text[256];
	static char buf[65536];
	struct rlimit limit;
	int fd, n;

	if (chdir(argv[2]))
		return 1;
	snprintf(text, sizeof(text), "/proc/%s/status", argv[3]);
	n = read_text(text, buf, sizeof(buf));
	getrlimit(RLIMIT_CORE, &limit);
	snprintf(text, sizeof(text), "4 %s %s %s core %ld", argv[3], argv[4], argv[5],
		 n > 0 && strstr(buf, "CoreDumping:\t1\n") ? (long)limit.rlim_cur : -1L);
	fd = open("args", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (write(fd, text, strlen(text)) < 0)
		return 1;
	fd = open("piped", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	while ((n = read(0, buf, sizeof(buf))) > 0)
		if (write(fd, buf, n) != n)
			return 1;
	close(open("done", O_CREAT | O_WRONLY, 0600));
	return 0;
}

static int stuck(char **argv)
{
	if (chdir(argv[2]))
		return 1;
	close(open("stuck", O_CREAT | O_WRONLY, 0600));
	wait_for("let-go");
	close(open("gone", O_CREAT | O_WRONLY, 0600));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "helper"))
		return helper(argv);
	if (argc > 1 && !strcmp(argv[1], "stuck"))
		return stuck(argv);
	if (argc > 1 && !strcmp(argv[1], "deaf"))
		return 0;
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 1;
	return ktest_main(argc, argv);
}
