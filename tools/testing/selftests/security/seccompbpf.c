// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs that seccomp(2) takes: which are refused, and what each instruction does. A program
 * leaves its result in the errno of getpid().
 */
#include "seccomp.h"

#define A_RESULT	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffff),			\
			BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),		\
			BPF_STMT(BPF_RET | BPF_A, 0)
/* Everything but getpid() is allowed; for that, what follows computes A. */
#define ONLY_GETPID	LOAD(FIELD(nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpid, 1, 0), \
			RET(SECCOMP_RET_ALLOW)

static int compute(const struct sock_filter *body, size_t len)
{
	struct sock_filter head[] = { ONLY_GETPID }, tail[] = { A_RESULT }, all[64];
	size_t n = 0;
	int status;
	pid_t pid = fork();

	if (!pid) {
		no_new_privs();
		memcpy(all, head, sizeof(head));
		n = ARRAY_SIZE(head);
		memcpy(all + n, body, len * sizeof(*body));
		n += len;
		memcpy(all + n, tail, sizeof(tail));
		n += ARRAY_SIZE(tail);
		if (set_filter(all, n, 0))
			_exit(255);
		errno = 0;
		_exit(raw_getpid() < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#define COMPUTE(...) ({								\
	struct sock_filter body_[] = { __VA_ARGS__ };				\
	compute(body_, ARRAY_SIZE(body_));					\
})

#define IMM(k)		BPF_STMT(BPF_LD | BPF_IMM, k)
#define IMMX(k)		BPF_STMT(BPF_LDX | BPF_IMM, k)
#define ALU(op, k)	BPF_STMT(BPF_ALU | (op) | BPF_K, k)
#define ALUX(op)	BPF_STMT(BPF_ALU | (op) | BPF_X, 0)

TEST(arithmetic)
{
	EXPECT_EQ(COMPUTE(IMM(40), ALU(BPF_ADD, 2)), 42);
	EXPECT_EQ(COMPUTE(IMM(2), ALU(BPF_SUB, 3), ALU(BPF_RSH, 28)), 15);
	EXPECT_EQ(COMPUTE(IMM(6), ALU(BPF_MUL, 7)), 42);
	EXPECT_EQ(COMPUTE(IMM(0xfffffffe), ALU(BPF_DIV, 0x11111111)), 14);
	EXPECT_EQ(COMPUTE(IMM(0x7f), ALU(BPF_AND, 0x55)), 0x55);
	EXPECT_EQ(COMPUTE(IMM(0x50), ALU(BPF_OR, 5)), 0x55);
	EXPECT_EQ(COMPUTE(IMM(0x7f), ALU(BPF_XOR, 0x55)), 0x2a);
	EXPECT_EQ(COMPUTE(IMM(5), ALU(BPF_LSH, 4)), 80);
	EXPECT_EQ(COMPUTE(IMM(80), ALU(BPF_RSH, 4)), 5);
	EXPECT_EQ(COMPUTE(IMM(0xfffffff0), BPF_STMT(BPF_ALU | BPF_NEG, 0)), 16);
	EXPECT_EQ(COMPUTE(IMM(40), IMMX(2), ALUX(BPF_ADD)), 42);
	EXPECT_EQ(COMPUTE(IMM(40), IMMX(2), ALUX(BPF_SUB)), 38);
	EXPECT_EQ(COMPUTE(IMM(40), IMMX(2), ALUX(BPF_MUL)), 80);
	EXPECT_EQ(COMPUTE(IMM(40), IMMX(2), ALUX(BPF_DIV)), 20);
	EXPECT_EQ(COMPUTE(IMM(6), IMMX(3), ALUX(BPF_AND)), 2);
	EXPECT_EQ(COMPUTE(IMM(6), IMMX(3), ALUX(BPF_OR)), 7);
	EXPECT_EQ(COMPUTE(IMM(6), IMMX(3), ALUX(BPF_XOR)), 5);
	EXPECT_EQ(COMPUTE(IMM(6), IMMX(3), ALUX(BPF_LSH)), 48);
	EXPECT_EQ(COMPUTE(IMM(48), IMMX(3), ALUX(BPF_RSH)), 6);
}

TEST(division_by_an_index_of_zero_kills)
{
	EXPECT_EQ(COMPUTE(IMM(40), IMMX(0), ALUX(BPF_DIV)), -SIGSYS);
}

TEST(loads_and_stores)
{
	EXPECT_EQ(COMPUTE(IMM(7), BPF_STMT(BPF_ST, 15), IMM(0), BPF_STMT(BPF_LD | BPF_MEM, 15)), 7);
	EXPECT_EQ(COMPUTE(IMMX(9), BPF_STMT(BPF_STX, 3), BPF_STMT(BPF_LD | BPF_MEM, 3)), 9);
	EXPECT_EQ(COMPUTE(IMM(9), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LDX | BPF_MEM, 3),
			  BPF_STMT(BPF_MISC | BPF_TXA, 0)), 9);
	EXPECT_EQ(COMPUTE(IMM(9), BPF_STMT(BPF_MISC | BPF_TAX, 0), IMM(1), ALUX(BPF_ADD)), 10);
	EXPECT_EQ(COMPUTE(BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0)), 64);
	EXPECT_EQ(COMPUTE(BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0),
			  BPF_STMT(BPF_MISC | BPF_TXA, 0)), 64);
	EXPECT_EQ(COMPUTE(LOAD(FIELD(nr))), SYS_getpid);
	EXPECT_EQ(COMPUTE(LOAD(FIELD(arch)), ALU(BPF_AND, 0xff)), AUDIT_ARCH_X86_64 & 0xff);
}

TEST(jumps)
{
	EXPECT_EQ(COMPUTE(IMM(1), BPF_STMT(BPF_JMP | BPF_JA, 1), IMM(2)), 1);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 5, 1, 0), IMM(2)), 5);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 1, 0), IMM(2)), 2);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 5, 1, 0), IMM(2)), 2);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 5, 1, 0), IMM(2)), 5);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 4, 1, 0), IMM(2)), 5);
	EXPECT_EQ(COMPUTE(IMM(5), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 2, 1, 0), IMM(2)), 2);
	/* unsigned */
	EXPECT_EQ(COMPUTE(IMM(0x80000000), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 1, 0, 1), IMM(7),
			  ALU(BPF_AND, 0xff)), 7);
	EXPECT_EQ(COMPUTE(IMM(5), IMMX(5), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0), IMM(2)), 5);
	EXPECT_EQ(COMPUTE(IMM(5), IMMX(4), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 1, 0), IMM(2)), 5);
	EXPECT_EQ(COMPUTE(IMM(5), IMMX(6), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_X, 0, 1, 0), IMM(2)), 2);
	EXPECT_EQ(COMPUTE(IMM(5), IMMX(1), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 1, 0), IMM(2)), 5);
}

TEST(arguments_both_halves)
{
	struct sock_filter insns[] = {
		LOAD(FIELD(nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 1, 0),
		RET(SECCOMP_RET_ALLOW),
		LOAD(FIELD(args[1])), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x55667788, 0, 2),
		LOAD(FIELD(args[1]) + 4), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x11223344, 1, 0),
		RET(SECCOMP_RET_ERRNO | 1), RET(SECCOMP_RET_ERRNO | 2),
	};

	no_new_privs();
	ASSERT_EQ(set_filter(insns, ARRAY_SIZE(insns), 0), 0);
	EXPECT_ERRNO(syscall(SYS_getpriority, 0, 0x1122334455667788), 2);
	EXPECT_ERRNO(syscall(SYS_getpriority, 0, 0x1122334555667788), 1);
	EXPECT_ERRNO(syscall(SYS_getpriority, 0, 0x1122334455667789), 1);
}

/* ---- refused ---- */

#define REFUSED(...) do {							\
	struct sock_filter insns_[] = { __VA_ARGS__ };				\
	EXPECT_ERRNO(set_filter(insns_, ARRAY_SIZE(insns_), 0), EINVAL);	\
} while (0)
#define END	RET(SECCOMP_RET_ALLOW)

TEST(bad_instructions)
{
	no_new_privs();
	REFUSED(IMM(1));
	REFUSED(END, IMM(1));
	REFUSED(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), END);
	REFUSED(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), END);
	REFUSED(BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), END);
	REFUSED(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), END);
	REFUSED(LOAD(64), END);
	REFUSED(LOAD(2), END);
	REFUSED(LOAD(0xfffffffc), END);
	REFUSED(ALU(BPF_DIV, 0), END);
	REFUSED(ALU(BPF_MOD, 3), END);
	REFUSED(ALUX(BPF_MOD), END);
	REFUSED(ALU(BPF_LSH, 32), END);
	REFUSED(ALU(BPF_RSH, 32), END);
	REFUSED(ALUX(BPF_NEG), END);
	REFUSED(BPF_STMT(BPF_RET | BPF_X, 0));
	REFUSED(BPF_STMT(BPF_ST | BPF_MEM, 0), END);
	REFUSED(BPF_STMT(BPF_ST, 16), END);
	REFUSED(BPF_STMT(BPF_STX, 16), END);
	REFUSED(BPF_STMT(BPF_LD | BPF_MEM, 16), END);
	REFUSED(BPF_STMT(BPF_MISC | 0x40, 0), END);
	REFUSED(BPF_STMT(0xffff, 0), END);
	REFUSED(BPF_STMT(0x100, 0), END);
}

TEST(bad_jumps)
{
	no_new_privs();
	REFUSED(BPF_STMT(BPF_JMP | BPF_JA, 1), END);
	REFUSED(BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff), END);
	REFUSED(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), END);
	REFUSED(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 255), END);
	REFUSED(BPF_JUMP(BPF_JMP | 0x50 | BPF_K, 0, 0, 0), END);
	REFUSED(BPF_STMT(BPF_JMP | BPF_JA | BPF_X, 0), END);
}

/* A word that some way did not store would show the kernel's stack. */
TEST(words_are_stored_before_they_are_loaded)
{
	struct sock_filter both[] = {
		IMM(1), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(BPF_ST, 2), BPF_STMT(BPF_ST, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 2), END,
	};

	no_new_privs();
	REFUSED(BPF_STMT(BPF_LD | BPF_MEM, 0), END);
	REFUSED(BPF_STMT(BPF_LDX | BPF_MEM, 0), END);
	REFUSED(BPF_STMT(BPF_ST, 1), BPF_STMT(BPF_LD | BPF_MEM, 0), END);
	REFUSED(IMM(1), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), BPF_STMT(BPF_ST, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 2), END);
	REFUSED(BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_ST, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 2), END);
	EXPECT_EQ(set_filter(both, ARRAY_SIZE(both), 0), 0);
}

TEST(as_long_as_4096_and_32768_in_all)
{
	static struct sock_filter insns[4097];
	int n;

	no_new_privs();
	for (n = 0; n < 4097; n++)
		insns[n] = (struct sock_filter)RET(SECCOMP_RET_ALLOW);
	EXPECT_ERRNO(set_filter(insns, 4097, 0), EINVAL);
	/* Linux counts what it translates them to, which is about twice as much */
	for (n = 0; n < 3; n++)
		EXPECT_EQ(set_filter(insns, 4096, 0), 0);
	while (n < 8 && !set_filter(insns, 4096, 0))
		n++;
	EXPECT_LT(n, 8);
	EXPECT_ERRNO(set_filter(insns, 4096, 0), ENOMEM);
}
