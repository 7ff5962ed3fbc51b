// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames as x86-64 programs see them: registers, masks, the FPU image, the alternate stack,
 * and what a program may do to them before it returns. ktest: musl
 */
#include "../ktest.h"
#include <stdint.h>
#include <sys/auxv.h>
#include <ucontext.h>

static volatile sig_atomic_t seen;
static void *volatile seen_address;
static volatile int seen_code;

static void note(int sig, siginfo_t *info, void *uc)
{
	seen = sig;
	seen_code = info->si_code;
	seen_address = info->si_addr;
}

static void install(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };

	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

/* ---- faults say what they were ---- */

static void skip_fault(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	note(sig, info, context);
	/* The faulting instruction left its successor's address in RBX. */
	uc->uc_mcontext.gregs[REG_RIP] = uc->uc_mcontext.gregs[REG_RBX];
}

#define FAULT(insn)							\
	asm volatile("lea 1f(%%rip), %%rbx\n" insn "\n1:"			\
		     : : : "rbx", "rax", "rcx", "rdx", "memory")

TEST(read_of_nothing)
{
	install(SIGSEGV, skip_fault, 0);
	FAULT("mov 16, %%rax");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SEGV_MAPERR);
	EXPECT_EQ((long)seen_address, 16);
}

TEST(write_to_read_only)
{
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(page != MAP_FAILED);
	install(SIGSEGV, skip_fault, 0);
	asm volatile("lea 1f(%%rip), %%rbx\nmovb $1, (%0)\n1:" : : "r" (page) : "rbx", "memory");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SEGV_ACCERR);
	EXPECT(seen_address == page);
}

TEST(kernel_address_is_not_mapped)
{
	install(SIGSEGV, skip_fault, 0);
	asm volatile("lea 1f(%%rip), %%rbx\nmovb (%0), %%al\n1:"
		     : : "r" (0xffffffff80100000UL) : "rbx", "rax", "memory");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SEGV_MAPERR);
}

TEST(non_canonical_address)
{
	install(SIGSEGV, skip_fault, 0);
	asm volatile("lea 1f(%%rip), %%rbx\nmovb (%0), %%al\n1:"
		     : : "r" (0x8000000000000000UL) : "rbx", "rax", "memory");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SI_KERNEL);
	EXPECT(!seen_address);
}

TEST(divide_by_zero)
{
	install(SIGFPE, skip_fault, 0);
	FAULT("xor %%ecx, %%ecx\nxor %%edx, %%edx\nmov $1, %%eax\ndiv %%ecx");
	EXPECT_EQ(seen, SIGFPE);
	EXPECT_EQ(seen_code, FPE_INTDIV);
}

TEST(undefined_instruction)
{
	install(SIGILL, skip_fault, 0);
	FAULT("ud2");
	EXPECT_EQ(seen, SIGILL);
	EXPECT_EQ(seen_code, ILL_ILLOPN);
}

TEST(breakpoint)
{
	install(SIGTRAP, note, 0);
	asm volatile("int3");
	EXPECT_EQ(seen, SIGTRAP);
	EXPECT_EQ(seen_code, SI_KERNEL);
}

TEST(privileged_instruction)
{
	install(SIGSEGV, skip_fault, 0);
	FAULT("cli");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SI_KERNEL);
}

TEST(data_is_not_executable)
{
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(page != MAP_FAILED);
	page[0] = 0xc3;
	install(SIGSEGV, skip_fault, 0);
	asm volatile("lea 1f(%%rip), %%rbx\njmp *%0\n1:" : : "r" (page) : "rbx", "memory");
	EXPECT_EQ(seen, SIGSEGV);
	EXPECT_EQ(seen_code, SEGV_ACCERR);
	EXPECT(seen_address == page);
}

static volatile int steps;

static void count_step(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (++steps == 3)
		uc->uc_mcontext.gregs[REG_EFL] &= ~0x100L;
}

TEST(single_step)
{
	install(SIGTRAP, count_step, 0);
	asm volatile("pushfq\norq $0x100, (%%rsp)\npopfq\nnop\nnop\nnop\nnop\nnop"
		     : : : "memory", "cc");
	EXPECT_EQ(steps, 3);
}

/* ---- the frame ---- */

static void skip_and_mask(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	skip_fault(sig, info, context);
	*(uint16_t *)uc->uc_mcontext.fpregs = 0x37f;
}

TEST(floating_point_exception_code)
{
	unsigned short control = 0x37f & ~0x4;	/* unmask divide by zero */

	install(SIGFPE, skip_and_mask, 0);
	asm volatile("lea 1f(%%rip), %%rbx\nfldcw %0\nfld1\nfldz\nfdivrp\nfwait\n1: fninit"
		     : : "m" (control) : "rbx", "memory");
	EXPECT_EQ(seen, SIGFPE);
	EXPECT_EQ(seen_code, FPE_FLTDIV);
}

static void trash_everything(int sig, siginfo_t *info, void *context)
{
	seen = sig;
	asm volatile("xor %%eax, %%eax\nmovq %%rax, %%xmm0\nmovq %%rax, %%xmm15\n"
		     "mov %%rax, %%r8\nmov %%rax, %%r11\nfninit\nfld1\n"
		     : : : "rax", "r8", "r11", "xmm0", "xmm15", "st", "memory");
}

TEST(registers_survive_a_handler)
{
	uint64_t in = 0x1122334455667788, xmm0, xmm15, r8, r11, rbx;
	double st;

	install(SIGUSR1, trash_everything, 0);
	asm volatile("movq %[in], %%xmm0\nmovq %[in], %%xmm15\nmov %[in], %%r8\nmov %[in], %%rbx\n"
		     "fldpi\n"
		     "mov $39, %%eax\nsyscall\n"	/* getpid */
		     "mov %%eax, %%edi\nmov $10, %%esi\nmov $62, %%eax\nsyscall\n"	/* kill */
		     "movq %%xmm0, %[xmm0]\nmovq %%xmm15, %[xmm15]\nmov %%r8, %[r8]\n"
		     "mov %%rbx, %[rbx]\nfstpl %[st]\n"
		     : [xmm0] "=m" (xmm0), [xmm15] "=m" (xmm15), [r8] "=m" (r8),
		       [rbx] "=m" (rbx), [st] "=m" (st)
		     : [in] "r" (in)
		     : "rax", "rbx", "rcx", "rdi", "rsi", "r8", "r11", "xmm0", "xmm15", "st",
		       "memory");
	r11 = 0;
	EXPECT_EQ(seen, SIGUSR1);
	EXPECT(xmm0 == in && xmm15 == in && r8 == in && rbx == in && !r11);
	EXPECT(st > 3.14 && st < 3.15);
}

static void change_result(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	uc->uc_mcontext.gregs[REG_RBX] = 4242;
	*(uint32_t *)((char *)uc->uc_mcontext.fpregs + 160 + 3 * 16) = 77;
}

TEST(handler_changes_registers)
{
	uint64_t rbx, xmm3;

	install(SIGUSR1, change_result, 0);
	asm volatile("xor %%ebx, %%ebx\nmovq %%rbx, %%xmm3\n"
		     "mov $39, %%eax\nsyscall\n"
		     "mov %%eax, %%edi\nmov $10, %%esi\nmov $62, %%eax\nsyscall\n"
		     "mov %%rbx, %0\nmovq %%xmm3, %1\n"
		     : "=m" (rbx), "=m" (xmm3)
		     : : "rax", "rbx", "rcx", "rdi", "rsi", "r11", "xmm3", "memory");
	EXPECT_EQ(rbx, 4242);
	EXPECT_EQ(xmm3, 77);
}

#define STRANGE_FLAGS	0x247002UL	/* ID, AC, NT, IOPL 3 */

/* As Go and others call through a register: CALL *RCX, and a signal before the first instruction. */
static void rcx_is_rip(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	uc->uc_mcontext.gregs[REG_RCX] = uc->uc_mcontext.gregs[REG_RIP];
	uc->uc_mcontext.gregs[REG_R11] = STRANGE_FLAGS;
}

TEST(r11_is_not_taken_for_the_flags)
{
	uint64_t before, after, r11;

	install(SIGUSR1, rcx_is_rip, 0);
	asm volatile("mov $39, %%eax\nsyscall\n"
		     "mov %%eax, %%edi\nmov $10, %%esi\nmov $62, %%eax\n"
		     "pushfq\npop %%rbx\n"
		     "syscall\n"
		     "pushfq\npop %%rdx\n"
		     "pushq $0x202\npopfq\ncld\n"	/* go on as if nothing had been */
		     : "=b" (before), "=d" (after)
		     : : "rax", "rcx", "rdi", "rsi", "r11", "memory", "cc");
	asm volatile("mov $39, %%eax\nsyscall\n"
		     "mov %%eax, %%edi\nmov $10, %%esi\nmov $62, %%eax\n"
		     "syscall\n"
		     "mov %%r11, %0\npushq $0x202\npopfq\n"
		     : "=r" (r11)
		     : : "rax", "rcx", "rdi", "rsi", "r11", "memory", "cc");
	EXPECT_EQ(after, before);
	EXPECT_EQ(r11, STRANGE_FLAGS);
}

static void check_frame(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint32_t *sw = (uint32_t *)((char *)uc->uc_mcontext.fpregs + 464);

	seen = sig;
	EXPECT_EQ((unsigned long)uc->uc_mcontext.fpregs % 64, 0);
	EXPECT_EQ((unsigned long)__builtin_frame_address(0) % 16, 0);
	if (uc->uc_flags & 1) {
		EXPECT_EQ(sw[0], 0x46505853);
		EXPECT_EQ(*(uint32_t *)((char *)uc->uc_mcontext.fpregs + sw[4]), 0x46505845);
	}
	EXPECT(sigismember(&uc->uc_sigmask, SIGUSR2));
	EXPECT(!sigismember(&uc->uc_sigmask, SIGUSR1));
}

TEST(frame_layout)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	install(SIGUSR1, check_frame, 0);
	raise(SIGUSR1);
	EXPECT_EQ(seen, SIGUSR1);
}

static void break_header(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (!(uc->uc_flags & 1))
		raise(SIGSEGV);		/* a CPU without XSAVE has no header to break */
	memset((char *)uc->uc_mcontext.fpregs + 512 + 8, 0xff, 56);	/* must be zero */
}

static void break_mxcsr(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	memset((char *)uc->uc_mcontext.fpregs + 24, 0xff, 4);
}

static void drop_image(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	uc->uc_mcontext.fpregs = NULL;
}

static int status_after(void (*handler)(int, siginfo_t *, void *))
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		install(SIGUSR1, handler, 0);
		raise(SIGUSR1);
		_exit(7);
	}
	waitpid(pid, &status, 0);
	return status;
}

TEST(spoilt_fpu_images)
{
	int status = status_after(break_header);

	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = status_after(break_mxcsr);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = status_after(drop_image);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void break_stack(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	uc->uc_mcontext.gregs[REG_RIP] = (long)0x8000000000000000UL;
}

/* RCX the same, as if SYSCALL had put it there: SYSRET would fault in the kernel. */
static void break_stack_as_syscall(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	break_stack(sig, info, context);
	uc->uc_mcontext.gregs[REG_RCX] = uc->uc_mcontext.gregs[REG_RIP];
	uc->uc_mcontext.gregs[REG_R11] = uc->uc_mcontext.gregs[REG_EFL];
}

TEST(return_to_non_canonical_address_is_a_segv)
{
	void (*handlers[])(int, siginfo_t *, void *) = { break_stack, break_stack_as_syscall };

	for (int i = 0; i < 2; i++) {
		int status;
		pid_t pid = fork();

		if (!pid) {
			install(SIGUSR1, handlers[i], 0);
			raise(SIGUSR1);
			_exit(1);
		}
		ASSERT_EQ(waitpid(pid, &status, 0), pid);
		EXPECT(WIFSIGNALED(status));
		EXPECT_EQ(WTERMSIG(status), SIGSEGV);
	}
}

/* ---- the alternate stack ---- */

static char alternate[64 * 1024];

static int on_alternate(void *p)
{
	return (char *)p >= alternate && (char *)p < alternate + sizeof(alternate);
}

static void overflow_handler(int sig, siginfo_t *info, void *context)
{
	char here;

	_exit(sig == SIGSEGV && on_alternate(&here) ? 42 : 1);
}

static int recurse(int depth)
{
	volatile char frame[4096];

	frame[0] = depth;
	return depth < 1 << 30 ? recurse(depth + 1) + frame[0] : 0;
}

TEST(stack_overflow_on_the_alternate_stack)
{
	stack_t ss = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
	int status;
	pid_t pid = fork();

	if (!pid) {
		sigaltstack(&ss, NULL);
		install(SIGSEGV, overflow_handler, SA_ONSTACK);
		_exit(recurse(0) & 1);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 42);
}

TEST(minimum_stack_size_is_told)
{
	unsigned long size = getauxval(51);	/* AT_MINSIGSTKSZ */

	EXPECT(size > 900 && size < 64 * 1024);
}
