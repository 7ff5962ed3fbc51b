// SPDX-License-Identifier: GPL-2.0-only
/* ptrace: stops, registers, memory, system calls, single steps, watchpoints. */
#include "../ktest.h"
#include "tracer.h"

TEST(traceme_stop_and_continue)
{
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGUSR1);
		_exit(7);
	}
	ASSERT_EQ(wait_stop(pid), SIGUSR1);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);	/* the signal is dropped */
	ASSERT_EQ(wait_status(pid), 7 << 8);
}

TEST(signal_is_delivered_when_passed_on)
{
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGUSR1);
		_exit(7);
	}
	ASSERT_EQ(wait_stop(pid), SIGUSR1);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, SIGTERM), 0);
	ASSERT_EQ(wait_status(pid), SIGTERM);
}

TEST(ignored_signal_is_still_shown)
{
	pid_t pid = traced_child();

	if (!pid) {
		signal(SIGUSR1, SIG_IGN);
		raise(SIGUSR1);
		_exit(0);
	}
	ASSERT_EQ(wait_stop(pid), SIGUSR1);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, SIGUSR1), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(peek_and_poke_memory_and_registers)
{
	static volatile long word = 0x1122334455667788;
	struct user_regs_struct regs;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		_exit(word == 42 ? 0 : 1);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_PEEKDATA, pid, &word, 0), 0x1122334455667788);
	ASSERT_EQ(ptrace(PTRACE_POKEDATA, pid, &word, 42), 0);
	ASSERT_EQ(word, 0x1122334455667788);		/* ours is another copy */
	ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
	ASSERT_EQ(regs.cs, 0x33);
	ASSERT_EQ((unsigned long)ptrace(PTRACE_PEEKUSER, pid,
					offsetof(struct user, regs.rip), 0), regs.rip);
	errno = 0;
	EXPECT_EQ(ptrace(PTRACE_PEEKUSER, pid, 3, 0), -1);
	EXPECT_EQ(errno, EIO);
	EXPECT_EQ(ptrace(PTRACE_PEEKDATA, pid, 0, 0), -1);
	EXPECT_EQ(errno, EIO);
	EXPECT_EQ(ptrace(PTRACE_CONT, pid, 0, 65), -1);
	EXPECT_EQ(errno, EIO);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(poke_writes_read_only_text)
{
	long text = 0;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	text = ptrace(PTRACE_PEEKTEXT, pid, (void *)wait_stop, 0);
	ASSERT_EQ(ptrace(PTRACE_POKETEXT, pid, (void *)wait_stop, text ^ 0xff), 0);
	EXPECT_EQ(ptrace(PTRACE_PEEKTEXT, pid, (void *)wait_stop, 0), text ^ 0xff);
	EXPECT_EQ(*(long *)wait_stop, text);
	ASSERT_EQ(ptrace(PTRACE_KILL, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), SIGKILL);
}

TEST(syscall_stops_and_their_info)
{
	struct ptrace_syscall_info info;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		syscall(SYS_getppid);
		_exit(3);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD), 0);
	for (;;) {
		ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
		ASSERT_EQ(wait_stop(pid), SIGTRAP | 0x80);
		ASSERT(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0);
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_getppid)
			break;
	}
	ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), SIGTRAP | 0x80);
	ASSERT_EQ(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info), 33);
	ASSERT_EQ(info.op, PTRACE_SYSCALL_INFO_EXIT);
	EXPECT_EQ(info.exit.rval, getpid());
	EXPECT_EQ(info.arch, AUDIT_ARCH_X86_64);
	ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), SIGTRAP | 0x80);
	ASSERT(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0);
	EXPECT_EQ(info.entry.nr, SYS_exit_group);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 3 << 8);
}

static void number_is_no_call(unsigned long number)
{
	struct user_regs_struct regs;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		_exit(syscall(SYS_getppid) == 12345 ? 0 : 1);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	do {
		ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, 0, 0), 0);
		ASSERT_EQ(wait_stop(pid), SIGTRAP);
		ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
	} while (regs.orig_rax != SYS_getppid);
	EXPECT_EQ((long)regs.rax, -ENOSYS);
	regs.orig_rax = number;		/* no call at all, and this is its result */
	regs.rax = 12345;
	ASSERT_EQ(ptrace(PTRACE_SETREGS, pid, 0, &regs), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(tracer_changes_number_and_result)
{
	number_is_no_call(-1);
	/* A number is an int: what is above it does not count. */
	number_is_no_call(0x80000000ffffffffUL);
}

TEST(sysemu_leaves_calls_to_the_tracer)
{
	struct user_regs_struct regs;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		_exit(syscall(SYS_getppid) == 77 ? 0 : 1);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	/* raise() still has a call to make on some C libraries: let them pass. */
	do {
		ASSERT_EQ(ptrace(PTRACE_SYSEMU, pid, 0, 0), 0);
		ASSERT_EQ(wait_stop(pid), SIGTRAP);
		ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
		regs.rax = regs.orig_rax == SYS_getppid ? 77 : 0;
		ASSERT_EQ(ptrace(PTRACE_SETREGS, pid, 0, &regs), 0);
	} while (regs.orig_rax != SYS_getppid);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

/* Two instructions and a system call: the call counts as one step. */
TEST(single_steps)
{
	struct user_regs_struct regs;
	unsigned long at[5];
	pid_t pid = traced_child();

	if (!pid) {
		asm volatile("int3\n nop\n nop\n mov $39, %%eax\n syscall\n nop\n nop\n"
			     : : : "rax", "rcx", "r11", "memory");
		_exit(0);
	}
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	for (int i = 0; i < 5; i++) {
		ASSERT_EQ(ptrace(PTRACE_GETREGS, pid, 0, &regs), 0);
		EXPECT(!(regs.eflags & 0x100));
		at[i] = regs.rip;
		ASSERT_EQ(ptrace(PTRACE_SINGLESTEP, pid, 0, 0), 0);
		ASSERT_EQ(wait_stop(pid), SIGTRAP);
	}
	EXPECT_EQ(at[1] - at[0], 1);
	EXPECT_EQ(at[2] - at[1], 1);
	EXPECT_EQ(at[3] - at[2], 5);
	EXPECT_EQ(at[4] - at[3], 2);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

static volatile long handled;

static __attribute__((noinline)) void on_usr1(int sig)
{
	handled = sig;
}

TEST(step_into_a_handler_stops_at_its_first_instruction)
{
	pid_t pid = traced_child();

	if (!pid) {
		signal(SIGUSR1, on_usr1);
		raise(SIGUSR1);
		_exit(handled == SIGUSR1 ? 0 : 1);
	}
	ASSERT_EQ(wait_stop(pid), SIGUSR1);
	ASSERT_EQ(ptrace(PTRACE_SINGLESTEP, pid, 0, SIGUSR1), 0);
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	EXPECT_EQ(ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, regs.rip), 0),
		  (long)on_usr1);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

#define DEBUGREG(n)	(offsetof(struct user, u_debugreg) + (n) * 8)

TEST(watchpoint_stops_after_the_write)
{
	static volatile long watched;
	siginfo_t si;
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		watched = 5;
		asm volatile("" : : : "memory");
		_exit(watched);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_POKEUSER, pid, DEBUGREG(0), &watched), 0);
	/* local enable, on writes, eight bytes */
	if (ptrace(PTRACE_POKEUSER, pid, DEBUGREG(7), 1 | 1 << 16 | 2 << 18))
		SKIP("no watchpoints in this machine");
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	EXPECT_EQ(ptrace(PTRACE_PEEKDATA, pid, &watched, 0), 5);
	EXPECT_EQ(ptrace(PTRACE_PEEKUSER, pid, DEBUGREG(6), 0) & 15, 1);
	ASSERT_EQ(ptrace(PTRACE_GETSIGINFO, pid, 0, &si), 0);
	EXPECT_EQ(si.si_code, 4 /* TRAP_HWBKPT */);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 5 << 8);
}

TEST(hardware_breakpoint_stops_before_the_instruction)
{
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		on_usr1(9);
		_exit(handled);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_POKEUSER, pid, DEBUGREG(2), on_usr1), 0);
	if (ptrace(PTRACE_POKEUSER, pid, DEBUGREG(7), 1 << 4))
		SKIP("no breakpoints in this machine");
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	EXPECT_EQ(ptrace(PTRACE_PEEKUSER, pid, offsetof(struct user, regs.rip), 0),
		  (long)on_usr1);
	ASSERT_EQ(ptrace(PTRACE_POKEUSER, pid, DEBUGREG(7), 0), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 9 << 8);
}

TEST(fpu_registers_are_seen_and_set)
{
	struct user_fpregs_struct fp;
	pid_t pid = traced_child();

	if (!pid) {
		unsigned long in = 0xabcdef, out;

		asm volatile("movq %1, %%xmm3\n int3\n movq %%xmm3, %0"
			     : "=r" (out) : "r" (in) : "xmm3");
		_exit(out == 0x55 ? 0 : 1);
	}
	ASSERT_EQ(wait_stop(pid), SIGTRAP);
	ASSERT_EQ(ptrace(PTRACE_GETFPREGS, pid, 0, &fp), 0);
	EXPECT_EQ(fp.xmm_space[12], 0xabcdef);
	fp.xmm_space[12] = 0x55;
	ASSERT_EQ(ptrace(PTRACE_SETFPREGS, pid, 0, &fp), 0);
	ASSERT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(register_sets)
{
	static char image[1 << 16];	/* a CPU with AMX has more than 8 KiB */
	struct iovec iov = { image, sizeof(image) };
	pid_t pid = traced_child();

	if (!pid) {
		raise(SIGSTOP);
		_exit(0);
	}
	ASSERT_EQ(wait_stop(pid), SIGSTOP);
	ASSERT_EQ(ptrace(PTRACE_GETREGSET, pid, 1 /* NT_PRSTATUS */, &iov), 0);
	EXPECT_EQ(iov.iov_len, sizeof(struct user_regs_struct));
	iov.iov_len = sizeof(image);
	ASSERT_EQ(ptrace(PTRACE_GETREGSET, pid, 2 /* NT_PRFPREG */, &iov), 0);
	EXPECT_EQ(iov.iov_len, 512);
	iov.iov_len = sizeof(image);
	if (!ptrace(PTRACE_GETREGSET, pid, 0x202 /* NT_X86_XSTATE */, &iov)) {
		EXPECT(iov.iov_len >= 576);
		EXPECT_EQ(image[464] & 3, 3);
		EXPECT_EQ(ptrace(PTRACE_SETREGSET, pid, 0x202, &iov), 0);
	} else {
		EXPECT_EQ(errno, ENODEV);
	}
	iov.iov_len = 7;
	EXPECT_EQ(ptrace(PTRACE_GETREGSET, pid, 1, &iov), -1);
	EXPECT_EQ(errno, EINVAL);
	iov.iov_len = 8;
	EXPECT_EQ(ptrace(PTRACE_GETREGSET, pid, 0x7777, &iov), -1);
	EXPECT_EQ(errno, EINVAL);
	ASSERT_EQ(ptrace(PTRACE_DETACH, pid, 0, 0), 0);
	ASSERT_EQ(wait_status(pid), 0);
}

TEST(requests_without_a_stopped_tracee)
{
	int fds[2];
	pid_t pid;

	ASSERT_EQ(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		char c;

		close(fds[1]);
		_exit(read(fds[0], &c, 1));
	}
	EXPECT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), -1);
	EXPECT_EQ(errno, ESRCH);
	EXPECT_EQ(ptrace(PTRACE_ATTACH, getpid(), 0, 0), -1);
	EXPECT_EQ(errno, EPERM);
	EXPECT_EQ(ptrace(PTRACE_SEIZE, pid, 0, 1UL << 31), -1);
	EXPECT_EQ(errno, EIO);
	EXPECT_EQ(ptrace(PTRACE_SEIZE, pid, 1, 0), -1);
	EXPECT_EQ(errno, EIO);
	EXPECT_EQ(ptrace(PTRACE_SEIZE, pid, 0, 0), 0);
	EXPECT_EQ(ptrace(PTRACE_CONT, pid, 0, 0), -1);	/* it runs */
	EXPECT_EQ(errno, ESRCH);
	EXPECT_EQ(ptrace(PTRACE_ATTACH, pid, 0, 0), -1);
	EXPECT_EQ(errno, EPERM);
	close(fds[1]);
	ASSERT_EQ(wait_status(pid), 0);
}
