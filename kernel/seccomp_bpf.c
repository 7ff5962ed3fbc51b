// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classic BPF as seccomp(2) has it: a program is checked once, so that running it needs no checks
 * and ends. No kernel state. Source: seccomp(2), bpf(2); McCanne and Jacobson, "The BSD Packet
 * Filter", 1993: an accumulator, an index register, sixteen words, jumps forward only.
 */
#include <linux/kernel.h>
#include <linux/seccomp.h>
#include <linux/slab.h>
#include <linux/string.h>

#define ALL_WORDS	((1u << BPF_MEMWORDS) - 1)

/* ---- the check ---- */

static bool valid_load(const struct sock_filter *in)
{
	switch (in->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return in->k < sizeof(struct seccomp_data) && !(in->k & 3);
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		return in->k < BPF_MEMWORDS;
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
		return true;
	}
	return false;
}

static bool valid_alu(const struct sock_filter *in)
{
	bool constant = BPF_SRC(in->code) == BPF_K;

	switch (in->code & ~(BPF_K | BPF_X)) {
	case BPF_ALU | BPF_ADD:
	case BPF_ALU | BPF_SUB:
	case BPF_ALU | BPF_MUL:
	case BPF_ALU | BPF_AND:
	case BPF_ALU | BPF_OR:
	case BPF_ALU | BPF_XOR:
		return true;
	case BPF_ALU | BPF_DIV:
		return !constant || in->k;
	case BPF_ALU | BPF_LSH:
	case BPF_ALU | BPF_RSH:
		return !constant || in->k < 32;
	case BPF_ALU | BPF_NEG:
		return constant;
	}
	return false;
}

/* @left: instructions that follow. */
static bool valid_jump(const struct sock_filter *in, unsigned int left)
{
	if (in->code == (BPF_JMP | BPF_JA))
		return in->k < left;
	switch (in->code & ~(BPF_K | BPF_X)) {
	case BPF_JMP | BPF_JEQ:
	case BPF_JMP | BPF_JGT:
	case BPF_JMP | BPF_JGE:
	case BPF_JMP | BPF_JSET:
		return in->jt < left && in->jf < left;
	}
	return false;
}

static bool valid_insn(const struct sock_filter *in, unsigned int left)
{
	switch (BPF_CLASS(in->code)) {
	case BPF_LD:
	case BPF_LDX:
		return valid_load(in);
	case BPF_ST:
	case BPF_STX:
		return in->code == BPF_CLASS(in->code) && in->k < BPF_MEMWORDS;
	case BPF_ALU:
		return valid_alu(in);
	case BPF_JMP:
		return valid_jump(in, left);
	case BPF_RET:
		return in->code == (BPF_RET | BPF_K) || in->code == (BPF_RET | BPF_A);
	default:
		return in->code == (BPF_MISC | BPF_TAX) || in->code == (BPF_MISC | BPF_TXA);
	}
}

/* What is certain to have been stored on every way to @to. */
static void meet(u16 *known, unsigned int to, u16 stored)
{
	known[to] &= stored;
}

/* No word may be loaded before it was stored, whichever way was taken there. */
static bool loads_are_stored(const struct sock_filter *in, u16 *known, unsigned int pc)
{
	u16 stored = known[pc];

	switch (in->code) {
	case BPF_ST:
	case BPF_STX:
		stored |= 1u << in->k;
		break;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		return stored & (1u << in->k) ? (meet(known, pc + 1, stored), true) : false;
	case BPF_JMP | BPF_JA:
		meet(known, pc + 1 + in->k, stored);
		return true;
	}
	if (BPF_CLASS(in->code) == BPF_JMP) {
		meet(known, pc + 1 + in->jt, stored);
		meet(known, pc + 1 + in->jf, stored);
	} else if (BPF_CLASS(in->code) != BPF_RET) {
		meet(known, pc + 1, stored);
	}
	return true;
}

static int check_words(const struct sock_filter *insns, unsigned int len)
{
	u16 *known = kmalloc_array(len, sizeof(*known), GFP_KERNEL);
	unsigned int pc;

	if (!known)
		return -ENOMEM;
	memset(known, 0xff, len * sizeof(*known));
	known[0] = 0;
	for (pc = 0; pc < len && loads_are_stored(&insns[pc], known, pc); pc++)
		;
	kfree(known);
	return pc == len ? 0 : -EINVAL;
}

/**
 * seccomp_check_program - may it be run?
 * @insns: instructions   @len: how many, 1 to BPF_MAXINSNS
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int seccomp_check_program(const struct sock_filter *insns, unsigned int len)
{
	unsigned int pc;

	for (pc = 0; pc < len; pc++)
		if (!valid_insn(&insns[pc], len - pc - 1))
			return -EINVAL;
	if (BPF_CLASS(insns[len - 1].code) != BPF_RET)
		return -EINVAL;
	return check_words(insns, len);
}

/* ---- running ---- */

/* Division by zero ends the program with 0, which kills. */
static u32 alu(u16 code, u32 a, u32 b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	default:
		return -a;
	}
}

static bool compare(u16 code, u32 a, u32 b)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	default:
		return a & b;
	}
}

static u32 load(const struct sock_filter *in, const struct seccomp_data *data, const u32 *words)
{
	switch (BPF_MODE(in->code)) {
	case BPF_ABS:
		return ((const u32 *)data)[in->k / 4];
	case BPF_MEM:
		return words[in->k];
	case BPF_LEN:
		return sizeof(*data);
	default:
		return in->k;
	}
}

/**
 * seccomp_run_program - what a filter says about a system call
 * @insns: checked
 * @data: the call
 *
 * Return: SECCOMP_RET_* with its data.
 */
u32 seccomp_run_program(const struct sock_filter *insns, const struct seccomp_data *data)
{
	u32 words[BPF_MEMWORDS], a = 0, x = 0, b;
	const struct sock_filter *in;

	for (in = insns; ; in++) {
		b = BPF_SRC(in->code) == BPF_X ? x : in->k;
		switch (BPF_CLASS(in->code)) {
		case BPF_LD:
			a = load(in, data, words);
			break;
		case BPF_LDX:
			x = load(in, data, words);
			break;
		case BPF_ST:
			words[in->k] = a;
			break;
		case BPF_STX:
			words[in->k] = x;
			break;
		case BPF_ALU:
			if (unlikely(in->code == (BPF_ALU | BPF_DIV | BPF_X) && !x))
				return 0;
			a = alu(in->code, a, b);
			break;
		case BPF_JMP:
			if (BPF_OP(in->code) == BPF_JA)
				in += in->k;
			else
				in += compare(in->code, a, b) ? in->jt : in->jf;
			break;
		case BPF_RET:
			return BPF_RVAL(in->code) == BPF_A ? a : in->k;
		default:
			if (BPF_MISCOP(in->code) == BPF_TAX)
				x = a;
			else
				a = x;
		}
	}
}
