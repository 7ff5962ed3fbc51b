// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers from text, boot options, sorting, lists, hashes, 128-bit arithmetic.
 */
#include <host.h>
#include <linux/chacha.h>
#include <linux/cmdline.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/rculist.h>
#include <linux/selftest.h>
#include <linux/siphash.h>
#include <linux/sort.h>
#include <linux/string.h>

static const struct number_case {
	const char *text;
	unsigned int base;
	int err;
	long long value;
} signed_cases[] = {
	{ "0", 10, 0, 0 }, { "-1", 10, 0, -1 }, { "+7\n", 10, 0, 7 }, { "0x1F", 0, 0, 31 },
	{ "017", 0, 0, 15 }, { "-0x10", 16, 0, -16 }, { "ff", 16, 0, 255 },
	{ "9223372036854775807", 10, 0, S64_MAX }, { "-9223372036854775808", 10, 0, S64_MIN },
	{ "9223372036854775808", 10, -ERANGE, 0 }, { "-9223372036854775809", 10, -ERANGE, 0 },
	{ "99999999999999999999", 10, -ERANGE, 0 }, { "", 10, -EINVAL, 0 },
	{ "-", 10, -EINVAL, 0 }, { "+-1", 10, -EINVAL, 0 }, { "1 ", 10, -EINVAL, 0 },
	{ " 1", 10, -EINVAL, 0 }, { "1\n\n", 10, -EINVAL, 0 }, { "0x", 0, -EINVAL, 0 },
	{ "12a", 10, -EINVAL, 0 }, { "08", 0, -EINVAL, 0 }, { "--1", 10, -EINVAL, 0 },
};

SELFTEST(kstrto, signed_numbers)
{
	const struct number_case *c;
	long long value;

	for (c = signed_cases; c < signed_cases + ARRAY_SIZE(signed_cases); c++) {
		value = 0;
		KT_EXPECT_EQ(kstrtoll(c->text, c->base, &value), c->err);
		KT_EXPECT_EQ(value, c->value);
	}
}

SELFTEST(kstrto, narrow_types)
{
	unsigned long long ull;
	unsigned int u;
	bool b;
	int i;
	u8 byte;

	KT_EXPECT_EQ(kstrtoull("18446744073709551615", 10, &ull), 0);
	KT_EXPECT_EQ(ull, ~0ULL);
	KT_EXPECT_EQ(kstrtoull("18446744073709551616", 10, &ull), -ERANGE);
	KT_EXPECT_EQ(kstrtoull("-1", 10, &ull), -EINVAL);
	KT_EXPECT_EQ(kstrtouint("4294967296", 10, &u), -ERANGE);
	KT_EXPECT(!kstrtoint("-2147483648", 10, &i) && i == INT_MIN);
	KT_EXPECT_EQ(kstrtoint("2147483648", 10, &i), -ERANGE);
	KT_EXPECT_EQ(kstrtou8("256", 10, &byte), -ERANGE);
	KT_EXPECT(!kstrtobool("on", &b) && b && !kstrtobool("0", &b) && !b);
	KT_EXPECT_EQ(kstrtobool("maybe", &b), -EINVAL);
}

SELFTEST(kstrto, memparse)
{
	char *end;

	KT_EXPECT_EQ(memparse("16M,", &end), 16 << 20);
	KT_EXPECT(*end == ',');
	KT_EXPECT_EQ(memparse("0x10k", NULL), 16 << 10);
	KT_EXPECT_EQ(memparse("2G", NULL), 2LL << 30);
	KT_EXPECT_EQ(memparse("1E", NULL), 1LL << 60);
	KT_EXPECT_EQ(memparse("100", &end), 100);
	KT_EXPECT(!*end);
}

SELFTEST(cmdline, words)
{
	char line[] = "  quiet root=/dev/x \"spaced=a b\" init=\"/bin/sh -c\" a=b=c empty=  last";
	static const char *const want[][2] = {
		{ "quiet", NULL }, { "root", "/dev/x" }, { "spaced", "a b" },
		{ "init", "/bin/sh -c" }, { "a", "b=c" }, { "empty", "" }, { "last", NULL },
	};
	char *rest = line, *param, *val;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		KT_EXPECT(*rest);
		rest = next_arg(rest, &param, &val);
		KT_EXPECT(!strcmp(param, want[i][0]));
		KT_EXPECT(want[i][1] ? val && !strcmp(val, want[i][1]) : !val);
	}
	KT_EXPECT(!*rest);
}

SELFTEST(cmdline, unbalanced_quotes)
{
	char a[] = "x=\"never closed", b[] = "\"", c[] = "a\"b c\"d e";
	char *rest, *param, *val;

	rest = next_arg(a, &param, &val);
	KT_EXPECT(!*rest && !strcmp(param, "x") && !strcmp(val, "never closed"));
	rest = next_arg(b, &param, &val);
	KT_EXPECT(!*rest && !strcmp(param, "") && !val);
	rest = next_arg(c, &param, &val);
	KT_EXPECT(!strcmp(param, "a\"b c\"d") && !strcmp(rest, "e"));
}

SELFTEST(cmdline, options)
{
	char text[] = "3,-4,5-x", *s = text;
	int v, ints[8];

	KT_EXPECT(get_option(&s, &v) == 2 && v == 3);
	KT_EXPECT(get_option(&s, &v) == 2 && v == -4);
	KT_EXPECT(get_option(&s, &v) == 3 && v == 5);
	KT_EXPECT_EQ(get_option(&s, &v), 0);
	get_options("1,3-5,9", 8, ints);
	KT_EXPECT_EQ(ints[0], 5);
	KT_EXPECT(ints[1] == 1 && ints[2] == 3 && ints[3] == 4 && ints[4] == 5 && ints[5] == 9);
	get_options("1-100", 4, ints);
	KT_EXPECT(ints[0] == 3 && ints[3] == 3);
	KT_EXPECT(parse_option_str("buddy,slab", "slab"));
	KT_EXPECT(!parse_option_str("buddy,slabs", "slab"));
}

static int cmp_int(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

SELFTEST(sort, sorts_and_finds)
{
	int array[200], n, i, round, key;
	long sum, after;

	for (round = 0; round < 500; round++) {
		n = host_random() % 200;
		for (i = 0, sum = 0; i < n; i++)
			sum += array[i] = host_random() % 1000;
		sort(array, n, sizeof(int), cmp_int, NULL);
		for (i = 0, after = 0; i < n; i++) {
			after += array[i];
			KT_EXPECT(!i || array[i - 1] <= array[i]);
			KT_EXPECT(bsearch(&array[i], array, n, sizeof(int), cmp_int));
		}
		KT_EXPECT_EQ(after, sum);
		key = 1001;
		KT_EXPECT(!bsearch(&key, array, n, sizeof(int), cmp_int));
	}
}

struct item {
	int value;
	struct list_head node;
	struct hlist_node hash;
};

static int list_digits(struct list_head *head)
{
	struct item *item;
	int digits = 0;

	list_for_each_entry(item, head, node)
		digits = digits * 10 + item->value;
	return digits;
}

SELFTEST(list, operations)
{
	struct item items[6], *item, *n;
	LIST_HEAD(a);
	LIST_HEAD(b);
	int i;

	for (i = 0; i < 6; i++) {
		items[i].value = i + 1;
		list_add_tail(&items[i].node, i < 3 ? &a : &b);
	}
	KT_EXPECT(list_digits(&a) == 123 && list_digits(&b) == 456);
	list_move(&items[2].node, &a);
	KT_EXPECT_EQ(list_digits(&a), 312);
	list_rotate_left(&a);
	KT_EXPECT_EQ(list_digits(&a), 123);
	list_splice_tail_init(&a, &b);
	KT_EXPECT(list_empty(&a) && list_digits(&b) == 456123);
	list_cut_position(&a, &b, &items[5].node);
	KT_EXPECT(list_digits(&a) == 456 && list_digits(&b) == 123);
	list_for_each_entry_safe(item, n, &a, node)
		if (item->value != 5)
			list_del_init(&item->node);
	KT_EXPECT(list_is_singular(&a) && list_first_entry(&a, struct item, node)->value == 5);
	KT_EXPECT(list_empty(&items[3].node));
	list_splice(&b, &a);
	KT_EXPECT(list_digits(&a) == 1235 && list_count_nodes(&a) == 4);
	list_for_each_entry_reverse(item, &a, node)
		KT_EXPECT(item->value == 5 || item->value < 4);
}

SELFTEST(list, debug_refuses_damage)
{
	struct item a, b;
	LIST_HEAD(head);

	list_add(&a.node, &head);
	list_add(&a.node, &head);
	KT_EXPECT_EQ(host_warnings, 1);
	list_del(&a.node);
	list_del(&a.node);
	KT_EXPECT_EQ(host_warnings, 2);
	list_add(&a.node, &head);
	b.node = a.node;
	list_del(&b.node);
	KT_EXPECT_EQ(host_warnings, 3);
	host_warnings = 0;
}

SELFTEST(list, hash_chains)
{
	struct item items[4], *item;
	struct hlist_node *n;
	HLIST_HEAD(head);
	int i, digits = 0;

	for (i = 0; i < 4; i++) {
		items[i].value = i;
		INIT_HLIST_NODE(&items[i].hash);
		KT_EXPECT(hlist_unhashed(&items[i].hash));
		hlist_add_head_rcu(&items[i].hash, &head);
	}
	hlist_del_init_rcu(&items[2].hash);
	hlist_del_init(&items[2].hash);
	hlist_add_behind(&items[2].hash, &items[0].hash);
	hlist_for_each_entry_rcu(item, &head, hash)
		digits = digits * 10 + item->value;
	KT_EXPECT_EQ(digits, 3102);
	hlist_for_each_entry_safe(item, n, &head, hash)
		hlist_del(&item->hash);
	KT_EXPECT(hlist_empty(&head));
}

/* RFC 8439, section 2.3.2 */
SELFTEST(chacha, rfc_vector)
{
	static const u8 nonce[12] = { 0, 0, 0, 9, 0, 0, 0, 0x4a };
	static const u8 want[16] = { 0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15,
				     0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4 };
	struct chacha_state state;
	u8 key[32], out[64];
	int i;

	for (i = 0; i < 32; i++)
		key[i] = i;
	chacha_init(&state, key, nonce, 1);
	chacha_block(&state, out);
	KT_EXPECT(!memcmp(out, want, 16));
	KT_EXPECT_EQ(out[63], 0x4e);
	KT_EXPECT_EQ(state.word[12], 2);
}

/* The vector of the paper's appendix A. */
SELFTEST(siphash, paper_vector)
{
	siphash_key_t key = { { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL } };
	u8 data[15];
	int i;

	for (i = 0; i < 15; i++)
		data[i] = i;
	KT_EXPECT_EQ(siphash(data, 15, &key), 0xa129ca6149be45e5ULL);
}

SELFTEST(math64, wide_products)
{
	u64 n = 1000000007;

	KT_EXPECT_EQ(mul_u64_u64_shr(~0ULL, ~0ULL, 64), ~0ULL - 1);
	KT_EXPECT_EQ(mul_u64_u64_div_u64(~0ULL, 1000, 2000), ~0ULL / 2);
	KT_EXPECT_EQ(mul_u64_u32_shr(1ULL << 40, 1U << 31, 32), 1ULL << 39);
	KT_EXPECT_EQ(do_div(n, 1000), 7);
	KT_EXPECT_EQ(n, 1000000);
}

SELFTEST(ctype, classes)
{
	int c;

	for (c = 0; c < 256; c++) {
		KT_EXPECT_EQ(isdigit(c), c >= '0' && c <= '9');
		KT_EXPECT_EQ(isupper(c), c >= 'A' && c <= 'Z');
		KT_EXPECT_EQ(islower(c), c >= 'a' && c <= 'z');
		KT_EXPECT_EQ(isprint(c), c >= 32 && c < 127);
		KT_EXPECT_EQ(isgraph(c), c > 32 && c < 127);
		KT_EXPECT_EQ(iscntrl(c), c < 32 || c == 127);
		KT_EXPECT_EQ(isspace(c), c == ' ' || (c >= 9 && c <= 13));
		KT_EXPECT_EQ(ispunct(c), isgraph(c) && !isalnum(c));
	}
	KT_EXPECT(tolower('Q') == 'q' && toupper('q') == 'Q' && tolower('[') == '[');
}
