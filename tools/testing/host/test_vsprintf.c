// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatted output and input: random formats against the C library's, and what is the kernel's
 * own against tables.
 */
#include <host.h>
#include <linux/bitmap.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

/* The formats are made at run time: neither compiler nor we can check them against arguments. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wsuggest-attribute=format"
#pragma GCC diagnostic ignored "-Wformat-security"

#define BUF	256

static void compare(struct selftest_ctx *t, unsigned long size, const char *fmt, ...)
{
	char ours[BUF], theirs[BUF];
	va_list args, again;
	int len, expected;

	memset(ours, 'x', BUF);
	memset(theirs, 'x', BUF);
	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(ours, size, fmt, args);
	expected = host_vsnprintf(theirs, size, fmt, again);
	va_end(again);
	va_end(args);
	if (len != expected || memcmp(ours, theirs, BUF))
		selftest_fail(t, __FILE__, __LINE__, "\"%s\" in %lu: \"%s\" (%d), not \"%s\" (%d)",
			      fmt, size, size ? ours : "", len, size ? theirs : "", expected);
}

/* "%", flags, perhaps a width, perhaps a precision. */
static char *random_spec(char *p)
{
	int i;

	*p++ = '%';
	for (i = host_random() % 3; i > 0; i--)
		*p++ = "-+ #0"[host_random() % 5];
	if (host_random() % 2)
		p += sprintf(p, "%d", (int)(1 + host_random() % 30));
	if (host_random() % 2)
		p += sprintf(p, host_random() % 4 ? ".%d" : ".", (int)(host_random() % 30));
	return p;
}

static unsigned long random_value(void)
{
	unsigned long v = host_random();

	switch (host_random() % 4) {
	case 0:
		return v % 16;
	case 1:
		return v;
	case 2:
		return 1UL << v % 64;
	default:
		return 0 - v % 300;
	}
}

SELFTEST(vsprintf, random_integers_as_libc)
{
	static const char *const lengths[] = { "", "h", "hh", "l", "ll", "z", "j", "t" };
	char fmt[64], *p;
	int i;

	for (i = 0; i < 200000 && !t->failed; i++) {
		p = fmt + sprintf(fmt, "<");
		p = random_spec(p);
		p += sprintf(p, "%s%c>", lengths[host_random() % 8],
			     "diuxXo"[host_random() % 6]);
		compare(t, host_random() % 8 ? BUF : host_random() % 20, fmt, random_value());
	}
}

SELFTEST(vsprintf, random_strings_as_libc)
{
	static const char *const strings[] = { "", "a", "hello, world", "\303\244\377" };
	char fmt[64], *p;
	int i;

	for (i = 0; i < 20000 && !t->failed; i++) {
		p = random_spec(fmt);
		*p++ = 's';
		sprintf(p, "|%%c%%%%|");
		compare(t, host_random() % 8 ? BUF : host_random() % 20, fmt,
			strings[host_random() % 4], 'c');
	}
}

SELFTEST(vsprintf, many_arguments_as_libc)
{
	compare(t, BUF, "%d %s %c%c %lx %#o %-5d| %05d %+d %*d %-*d| %.*s %%", 1, "two", '3', '4',
		0x55555555555UL, 8, 9, 10, 11, 6, 12, -6, 13, 3, "fourteen");
	compare(t, BUF, "%*d|%.*d|%*s", -8, 5, -1, 0, 5, "ab");
	compare(t, BUF, "%s %10s %-10s|%.3s", "a", "bc", "def", "ghijkl");
	compare(t, BUF, "%5c|%-5c|", 'x', 'y');
	compare(t, 0, "%d and more", 5);
	compare(t, 1, "%d and more", 5);
	compare(t, BUF, "%d%%", 100);
	compare(t, BUF, "");
}

static void expect_text(struct selftest_ctx *t, const char *expected, const char *fmt, ...)
{
	char buf[BUF];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	if (len != (int)strlen(expected) || strcmp(buf, expected))
		selftest_fail(t, __FILE__, __LINE__, "%s: \"%s\", not \"%s\"", fmt, buf, expected);
}

SELFTEST(vsprintf, kernel_extensions)
{
	unsigned long map[2] = { 0xf00000000000002fUL, 1 };

	expect_text(t, "0000000000001234", "%p", (void *)0x1234);
	expect_text(t, "ffff888000000000", "%px", (void *)0xffff888000000000UL);
	expect_text(t, "0000000000000000|", "%p|", NULL);
	expect_text(t, "some_function+0x10/0x100", "%pS", (void *)0x1010);
	expect_text(t, "some_function", "%ps", (void *)0x1010);
	expect_text(t, "some_function+0x100/0x100", "%pB", (void *)0x1100);
	expect_text(t, "0x2000", "%pS", (void *)0x2000);
	expect_text(t, "<0-3,5,60-64>", "<%*pbl>", 65, map);
	expect_text(t, "1,f0000000,0000002f", "%*pb", 65, map);
	expect_text(t, "(null)|  (null)|(nu", "%s|%8s|%.3s", NULL, NULL, NULL);
	expect_text(t, "(efault)", "%s", (char *)8);
}

SELFTEST(vsprintf, scnprintf_counts_what_fits)
{
	char buf[8];

	KT_EXPECT_EQ(scnprintf(buf, sizeof(buf), "%s", "1234567890"), 7);
	KT_EXPECT_EQ(scnprintf(buf, sizeof(buf), "%s", "123"), 3);
	KT_EXPECT_EQ(scnprintf(buf, 0, "%s", "123"), 0);
	KT_EXPECT_EQ(scnprintf(buf, 1, "%s", "123"), 0);
	KT_EXPECT_EQ(buf[0], 0);
}

SELFTEST(vsprintf, kasprintf_allocates_or_fails)
{
	char *s = kasprintf(GFP_KERNEL, "%s-%d", "task", 42);

	KT_ASSERT(s);
	KT_EXPECT(!strcmp(s, "task-42"));
	kfree(s);
	host_fail_from(1);
	KT_EXPECT(!kasprintf(GFP_KERNEL, "%s-%d", "task", 42));
}

static int libc_scan(const char *input, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = host_vsscanf(input, fmt, args);
	va_end(args);
	return n < 0 ? 0 : n;
}

static void scan_both(struct selftest_ctx *t, const char *input, const char *fmt)
{
	char ours[4][64], theirs[4][64];
	int n, expected;

	memset(ours, 0x5a, sizeof(ours));
	memset(theirs, 0x5a, sizeof(theirs));
	n = sscanf(input, fmt, ours[0], ours[1], ours[2], ours[3]);
	expected = libc_scan(input, fmt, theirs[0], theirs[1], theirs[2], theirs[3]);
	if (n != expected || memcmp(ours, theirs, sizeof(ours)))
		selftest_fail(t, __FILE__, __LINE__, "\"%s\" as \"%s\": %d, not %d", input, fmt, n,
			      expected);
}

SELFTEST(vsscanf, as_libc)
{
	static const char *const inputs[] = {
		"12 34 56", "-7 +8", "0x1f 017 9", "  42abc", "abc def ghi", "a,b,c", "1:2:3.4",
		"", "   ", "deadbeef", "99999999999", "2147483647", "-1", "%5", "key=value",
		"3-5", "0x", "08", "1\n2\t3", "[tag] rest",
	};
	static const char *const formats[] = {
		"%d %d %d", "%u%u", "%i %i %i", "%x", "%lx", "%s %s", "%c%c", "%[a-c],%[a-c]",
		"%d:%d:%d.%d", "%3d%2d", "%*d %d", "%[^=]=%s", "%d-%d", "%hhu", "%hd", "%lu",
		"%5s%s", "%%%d", " %d%n", "%s", "%2c", "[%[^]]] %s", "%[]x]", "%ld %ld", "%o",
		"%li",
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(inputs); i++)
		for (j = 0; j < ARRAY_SIZE(formats); j++)
			scan_both(t, inputs[i], formats[j]);
}
