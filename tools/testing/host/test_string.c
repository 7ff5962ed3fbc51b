// SPDX-License-Identifier: GPL-2.0-only
/*
 * lib/memory.c and lib/string.c: copies at all alignments and lengths with guards around them,
 * and the string functions against plain loops and tables.
 */
#include <host.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>

#define AREA	256
#define GUARD	16
#define MAX_LEN	160

static u8 src[AREA], dst[AREA], model[AREA];

static void fill(u8 *area)
{
	int i;

	for (i = 0; i < AREA; i++)
		area[i] = host_random();
}

static bool same(const u8 *a, const u8 *b)
{
	int i;

	for (i = 0; i < AREA; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

SELFTEST(memory, copies_at_all_alignments)
{
	int from, to, len, i;

	for (len = 0; len <= MAX_LEN; len++) {
		for (from = 0; from < 8; from++) {
			for (to = 0; to < 8; to++) {
				fill(src);
				fill(dst);
				for (i = 0; i < AREA; i++)
					model[i] = dst[i];
				for (i = 0; i < len; i++)
					model[GUARD + to + i] = src[GUARD + from + i];
				KT_EXPECT(memcpy(dst + GUARD + to, src + GUARD + from, len) ==
					  dst + GUARD + to);
				KT_EXPECT(same(dst, model));
			}
		}
	}
}

SELFTEST(memory, moves_that_overlap)
{
	int shift, len, i, from = 64;

	for (len = 0; len <= 90; len++) {
		for (shift = -48; shift <= 48; shift++) {
			fill(dst);
			for (i = 0; i < AREA; i++)
				model[i] = src[i] = dst[i];
			for (i = 0; i < len; i++)
				model[from + shift + i] = src[from + i];
			memmove(dst + from + shift, dst + from, len);
			KT_EXPECT(same(dst, model));
		}
	}
}

SELFTEST(memory, sets_at_all_alignments)
{
	int to, len, i;

	for (len = 0; len <= MAX_LEN; len++) {
		for (to = 0; to < 8; to++) {
			fill(dst);
			for (i = 0; i < AREA; i++)
				model[i] = i >= GUARD + to && i < GUARD + to + len ? 0xc3 : dst[i];
			memset(dst + GUARD + to, 0x7c3, len);
			KT_EXPECT(same(dst, model));
		}
	}
}

SELFTEST(memory, compares_find_the_first_difference)
{
	int len, at;

	for (len = 0; len <= 64; len++) {
		fill(src);
		memcpy(dst, src, AREA);
		KT_EXPECT_EQ(memcmp(src + 3, dst + 3, len), 0);
		for (at = 0; at < len; at++) {
			dst[3 + at] ^= 0x80;
			dst[3 + at + 1] ^= 0x40;
			KT_EXPECT_EQ(memcmp(src + 3, dst + 3, len) > 0, src[3 + at] > dst[3 + at]);
			KT_EXPECT(memcmp(src + 3, dst + 3, len) != 0);
			KT_EXPECT_EQ(memcmp(src + 3, dst + 3, at), 0);
			memcpy(dst, src, AREA);
		}
	}
}

SELFTEST(memory, pages)
{
	char *area = host_alloc(4 * 4096, 0), *a, *b;
	int i;

	a = PTR_ALIGN(area, 4096);
	b = a + 4096;
	for (i = 0; i < 4096; i++)
		a[i] = host_random();
	copy_page(b, a);
	KT_EXPECT_EQ(memcmp(a, b, 4096), 0);
	clear_page(b);
	KT_EXPECT(!memchr_inv(b, 0, 4096));
	host_free(area);
}

SELFTEST(string, searches)
{
	const char *s = "abcabc";

	KT_EXPECT(strchr(s, 'b') == s + 1 && strrchr(s, 'b') == s + 4);
	KT_EXPECT(!strchr(s, 'x') && strchr(s, 0) == s + 6 && strrchr(s, 0) == s + 6);
	KT_EXPECT(strchrnul(s, 'x') == s + 6 && strnchr(s, 2, 'c') == NULL);
	KT_EXPECT(strnchr(s, 3, 'c') == s + 2);
	KT_EXPECT(strstr(s, "ca") == s + 2 && strstr(s, "") == s && !strstr(s, "abcabcd"));
	KT_EXPECT(!strnstr(s, "ca", 3) && strnstr(s, "ca", 4) == s + 2);
	KT_EXPECT(strspn(s, "ab") == 2 && strcspn(s, "cx") == 2 && strpbrk(s, "xc") == s + 2);
	KT_EXPECT(!strpbrk(s, "x"));
	KT_EXPECT(memchr(s, 'c', 3) == s + 2 && !memchr(s, 'c', 2));
	KT_EXPECT(memscan((void *)s, 'x', 6) == s + 6);
	KT_EXPECT(memchr_inv("aab", 'a', 3) && !memchr_inv("aab", 'a', 2));
}

SELFTEST(string, lengths_and_comparisons)
{
	KT_EXPECT_EQ(strlen("hello"), 5);
	KT_EXPECT_EQ(strnlen("hello", 3), 3);
	KT_EXPECT(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && !strcmp("ab", "ab"));
	KT_EXPECT(strcmp("a", "ab") < 0 && strcmp("\377", "a") > 0);
	KT_EXPECT(!strncmp("abc", "abd", 2) && strncmp("abc", "abd", 3) < 0);
	KT_EXPECT(!strncmp("ab", "ab", 10) && !strncmp("x", "y", 0));
	KT_EXPECT(!strcasecmp("HeLLo", "hEllO") && strncasecmp("ab", "AC", 2) < 0);
	KT_EXPECT(sysfs_streq("on\n", "on") && !sysfs_streq("on\n\n", "on") &&
		  !sysfs_streq("o", "on"));
}

SELFTEST(string, bounded_copies)
{
	char buf[8];

	memset(buf, 'x', 8);
	KT_EXPECT_EQ(strscpy(buf, "hello", 8), 5);
	KT_EXPECT(!strcmp(buf, "hello") && buf[6] == 'x');
	KT_EXPECT_EQ(strscpy(buf, "hello world", 8), -E2BIG);
	KT_EXPECT(!strcmp(buf, "hello w"));
	KT_EXPECT_EQ(strscpy(buf, "x", 0), -E2BIG);
	memset(buf, 'x', 8);
	KT_EXPECT_EQ(strscpy_pad(buf, "ab", 8), 2);
	KT_EXPECT(!memchr_inv(buf + 2, 0, 6));
	KT_EXPECT_EQ(strlcpy(buf, "hello world", 8), 11);
	KT_EXPECT(!strcmp(buf, "hello w"));
	strlcpy(buf, "ab", 8);
	KT_EXPECT_EQ(strlcat(buf, "cdefghij", 8), 10);
	KT_EXPECT(!strcmp(buf, "abcdefg"));
	memset(buf, 'x', 8);
	strncpy(buf, "ab", 5);
	KT_EXPECT(!memcmp(buf, "ab\0\0\0xxx", 8));
	strcpy(buf, "abc");
	strcat(buf, "d");
	strncat(buf, "efgh", 2);
	KT_EXPECT(!strcmp(buf, "abcdef"));
}

SELFTEST(string, taking_apart)
{
	char buf[32], *s = buf;

	strcpy(buf, "a,,b;c");
	KT_EXPECT(!strcmp(strsep(&s, ",;"), "a"));
	KT_EXPECT(!strcmp(strsep(&s, ",;"), ""));
	KT_EXPECT(!strcmp(strsep(&s, ",;"), "b"));
	KT_EXPECT(!strcmp(strsep(&s, ",;"), "c"));
	KT_EXPECT(!s && !strsep(&s, ",;"));
	strcpy(buf, "  two words \n");
	KT_EXPECT(!strcmp(strim(buf), "two words"));
	strcpy(buf, "   ");
	KT_EXPECT(!strcmp(strim(buf), ""));
	strcpy(buf, "a/b/c");
	KT_EXPECT(strreplace(buf, '/', '!') == buf + 5 && !strcmp(buf, "a!b!c"));
	KT_EXPECT(!strcmp(kbasename("/bin/sh"), "sh") && !strcmp(kbasename("sh"), "sh"));
	KT_EXPECT_EQ(str_has_prefix("selftest=all", "selftest="), 9);
	KT_EXPECT(!strstarts("sel", "self"));
}

SELFTEST(string, match)
{
	static const char *const names[] = { "off", "on", NULL };

	KT_EXPECT_EQ(match_string(names, 3, "on"), 1);
	KT_EXPECT_EQ(match_string(names, 3, "o"), -EINVAL);
}
