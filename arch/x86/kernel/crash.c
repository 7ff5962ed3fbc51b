// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot option crash=: make the kernel fail in a chosen way, to see that protection holds and
 * that the failure is reported well. Process 1, late in boot.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/page.h>
#include <asm/sections.h>

typedef void (*crash_fn_t)(void);

/* The address is hidden, or the compiler would object to it. */
static void poke(unsigned long addr)
{
	OPTIMIZER_HIDE_VAR(addr);
	*(volatile u8 *)addr = 0x90;
}

static noinline void crash_null(void)
{
	poke(8);
}

/* 0xc3 is RET: with NX off, this would simply come back. */
static noinline void crash_exec(void)
{
	static u8 data[16] = { 0xc3 };

	((crash_fn_t)(void *)data)();
}

static noinline void crash_text(void)
{
	poke((unsigned long)_text);
}

static noinline void crash_alias(void)
{
	poke((unsigned long)__va(__pa(_text)));
}

static noinline void crash_rodata(void)
{
	static const u8 constant = 5;

	poke((unsigned long)&constant);
}

static noinline void crash_canonical(void)
{
	poke(1UL << 63);
}

static noinline int recurse(volatile int *above)
{
	volatile int frame[64];

	frame[0] = *above + 1;
	return frame[0] ? recurse(frame) + frame[0] : 0;
}

static noinline void crash_stack(void)
{
	int start = 1;

	recurse(&start);
}

/* The size is hidden, or the compiler would see the overrun. */
static noinline void crash_canary(void)
{
	char buf[16];
	size_t n = 64;

	OPTIMIZER_HIDE_VAR(n);
	memset(buf, 'x', n);
	OPTIMIZER_HIDE_VAR(n);
	barrier();
}

static noinline void crash_bug(void)
{
	BUG();
}

static noinline void crash_warn(void)
{
	WARN(true, "crash=warn asked for this");
}

static const struct {
	const char *name;
	crash_fn_t fn;
} crashes[] = {
	{ "null", crash_null },		{ "exec", crash_exec },
	{ "text", crash_text },		{ "alias", crash_alias },
	{ "rodata", crash_rodata },	{ "canonical", crash_canonical },
	{ "stack", crash_stack },	{ "canary", crash_canary },
	{ "bug", crash_bug },		{ "warn", crash_warn },
};

static crash_fn_t chosen;

static int __init parse_crash(char *val)
{
	for (int i = 0; val && i < ARRAY_SIZE(crashes); i++) {
		if (!strcmp(val, crashes[i].name)) {
			chosen = crashes[i].fn;
			return 0;
		}
	}
	return -EINVAL;
}
boot_param("crash", parse_crash,
	   "null, exec, text, alias, rodata, canonical, stack, canary, bug or warn");

/* After mark_rodata_ro(). */
void crash_if_asked(void)
{
	if (chosen)
		chosen();
}
