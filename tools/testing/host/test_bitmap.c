// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bit maps against an array of bools, and their text forms both ways.
 */
#include <host.h>
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>

#define MAX_BITS	260

/* Fill map and model alike; bits beyond @nbits are noise in the map. */
static void fill_random(unsigned long *map, bool *model, unsigned int nbits)
{
	unsigned int i, density = host_random() % 4;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++) {
		map[i] = host_random();
		if (density == 1)
			map[i] &= host_random() & host_random();
		if (density == 2)
			map[i] |= host_random() | host_random();
		if (density == 3)
			map[i] = 0;
	}
	for (i = 0; i < nbits; i++)
		model[i] = map[i / 64] >> (i % 64) & 1;
}

static unsigned int model_next(const bool *model, unsigned int nbits, unsigned int from, bool value)
{
	while (from < nbits && model[from] != value)
		from++;
	return min(from, nbits);
}

SELFTEST(bitmap, searches)
{
	unsigned long map[BITS_TO_LONGS(MAX_BITS)];
	unsigned int round, nbits, from, last;
	bool model[MAX_BITS];

	for (round = 0; round < 2000 && !t->failed; round++) {
		nbits = 1 + host_random() % MAX_BITS;
		fill_random(map, model, nbits);
		for (from = 0; from <= nbits; from++) {
			KT_EXPECT_EQ(find_next_bit(map, nbits, from),
				     model_next(model, nbits, from, true));
			KT_EXPECT_EQ(find_next_zero_bit(map, nbits, from),
				     model_next(model, nbits, from, false));
		}
		for (last = nbits; last > 0 && !model[last - 1]; last--)
			;
		KT_EXPECT_EQ(find_last_bit(map, nbits), last ? last - 1 : nbits);
		KT_EXPECT_EQ(bitmap_empty(map, nbits), last == 0);
		KT_EXPECT_EQ(bitmap_full(map, nbits),
			     model_next(model, nbits, 0, false) == nbits);
	}
}

SELFTEST(bitmap, searches_of_one_word)
{
	unsigned long word;
	bool model[64];
	int round;

	for (round = 0; round < 2000; round++) {
		fill_random(&word, model, 64);
		KT_EXPECT_EQ(find_first_bit(&word, 64), model_next(model, 64, 0, true));
		KT_EXPECT_EQ(find_first_bit(&word, 7), model_next(model, 7, 0, true));
		KT_EXPECT_EQ(find_next_zero_bit(&word, 33, 5), model_next(model, 33, 5, false));
		KT_EXPECT_EQ(find_next_bit(&word, 33, 40), 33);
	}
}

SELFTEST(bitmap, operations)
{
	unsigned long a[5], b[5], out[5];
	bool ma[MAX_BITS], mb[MAX_BITS], intersects, subset, equal;
	unsigned int round, nbits, i, weight;

	for (round = 0; round < 5000 && !t->failed; round++) {
		nbits = 1 + host_random() % MAX_BITS;
		fill_random(a, ma, nbits);
		fill_random(b, mb, nbits);
		intersects = false;
		subset = equal = true;
		weight = 0;
		for (i = 0; i < nbits; i++) {
			intersects |= ma[i] && mb[i];
			subset &= !ma[i] || mb[i];
			equal &= ma[i] == mb[i];
			weight += ma[i];
		}
		KT_EXPECT_EQ(bitmap_intersects(a, b, nbits), intersects);
		KT_EXPECT_EQ(bitmap_subset(a, b, nbits), subset);
		KT_EXPECT_EQ(bitmap_equal(a, b, nbits), equal);
		KT_EXPECT_EQ(bitmap_weight(a, nbits), weight);
		KT_EXPECT_EQ(bitmap_and(out, a, b, nbits), intersects);
		for (i = 0; i < nbits; i++)
			KT_EXPECT_EQ(test_bit(i, out), ma[i] && mb[i]);
		KT_EXPECT_EQ(bitmap_andnot(out, a, b, nbits), !subset);
		for (i = 0; i < nbits; i++)
			KT_EXPECT_EQ(test_bit(i, out), ma[i] && !mb[i]);
		bitmap_xor(out, a, b, nbits);
		KT_EXPECT_EQ(bitmap_empty(out, nbits), equal);
		bitmap_or(out, a, b, nbits);
		KT_EXPECT(bitmap_subset(a, out, nbits) && bitmap_subset(b, out, nbits));
	}
}

SELFTEST(bitmap, set_and_clear_ranges)
{
	unsigned long map[5];
	bool model[MAX_BITS];
	unsigned int round, start, n, i;

	for (round = 0; round < 5000 && !t->failed; round++) {
		fill_random(map, model, MAX_BITS);
		start = host_random() % MAX_BITS;
		n = host_random() % (MAX_BITS - start + 1);
		if (round % 2)
			bitmap_set(map, start, n);
		else
			bitmap_clear(map, start, n);
		for (i = 0; i < MAX_BITS; i++)
			KT_EXPECT_EQ(test_bit(i, map),
				     i >= start && i < start + n ? round % 2 : model[i]);
	}
}

SELFTEST(bitmap, zero_area)
{
	unsigned long map[4] = { 0 };

	bitmap_set(map, 0, 3);
	bitmap_set(map, 5, 10);
	KT_EXPECT_EQ(bitmap_find_next_zero_area(map, 256, 0, 2, 0), 3);
	KT_EXPECT_EQ(bitmap_find_next_zero_area(map, 256, 0, 3, 0), 15);
	KT_EXPECT_EQ(bitmap_find_next_zero_area(map, 256, 0, 3, 15), 16);
	KT_EXPECT_EQ(bitmap_find_next_zero_area(map, 256, 20, 236, 0), 20);
	KT_EXPECT_EQ(bitmap_find_next_zero_area(map, 256, 20, 237, 0), 256);
}

static const struct list_case {
	const char *text;
	int err;
	const char *printed;
} list_cases[] = {
	{ "0-3,5", 0, "0-3,5" },
	{ "5,0-3\n", 0, "0-3,5" },
	{ "", 0, "" },
	{ "63", 0, "63" },
	{ "64", -ERANGE, NULL },
	{ "0-64", -ERANGE, NULL },
	{ "99999999999999999999", -ERANGE, NULL },
	{ "0-15:1/4", 0, "0,4,8,12" },
	{ "0-9:3/5,20", 0, "0-2,5-7,20" },
	{ "all", 0, "0-63" },
	{ "1 3\t5", 0, "1,3,5" },
	{ "3-1", -EINVAL, NULL },
	{ "x", -EINVAL, NULL },
	{ "1-", -EINVAL, NULL },
	{ "-1", -EINVAL, NULL },
	{ "1;2", -EINVAL, NULL },
	{ "0-9:3/0", -EINVAL, NULL },
	{ "0-9:6/5", -EINVAL, NULL },
	{ "0-9:3", -EINVAL, NULL },
	{ "allx", -EINVAL, NULL },
};

SELFTEST(bitmap, lists)
{
	const struct list_case *c;
	unsigned long map[1];
	char buf[64];

	for (c = list_cases; c < list_cases + ARRAY_SIZE(list_cases); c++) {
		KT_EXPECT_EQ(bitmap_parselist(c->text, map, 64), c->err);
		if (c->err)
			continue;
		bitmap_print_list(buf, sizeof(buf), map, 64);
		KT_EXPECT(!strcmp(buf, c->printed));
	}
}

SELFTEST(bitmap, lists_round_trip)
{
	unsigned long map[5], back[5];
	unsigned int round, nbits;
	bool model[MAX_BITS];
	char buf[1200];

	for (round = 0; round < 1000; round++) {
		nbits = 1 + host_random() % MAX_BITS;
		fill_random(map, model, nbits);
		bitmap_print_list(buf, sizeof(buf), map, nbits);
		KT_EXPECT_EQ(bitmap_parselist(buf, back, nbits), 0);
		KT_EXPECT(bitmap_equal(map, back, nbits));
		bitmap_print_mask(buf, sizeof(buf), map, nbits);
		KT_EXPECT_EQ(bitmap_parse(buf, sizeof(buf), back, nbits), 0);
		KT_EXPECT(bitmap_equal(map, back, nbits));
	}
}

SELFTEST(bitmap, masks)
{
	unsigned long map[1] = { 0xf0000002fUL };
	char buf[64];

	bitmap_print_mask(buf, sizeof(buf), map, 36);
	KT_EXPECT(!strcmp(buf, "f,0000002f"));
	bitmap_print_mask(buf, sizeof(buf), map, 6);
	KT_EXPECT(!strcmp(buf, "2f"));
	KT_EXPECT_EQ(bitmap_print_mask(buf, 4, map, 36), 3);
	KT_EXPECT(!strcmp(buf, "f,0"));
	KT_EXPECT_EQ(bitmap_parse("f\n", 2, map, 4), 0);
	KT_EXPECT_EQ(map[0], 0xf);
	KT_EXPECT_EQ(bitmap_parse("1f", 2, map, 4), -EOVERFLOW);
	KT_EXPECT_EQ(bitmap_parse("", 0, map, 4), -EINVAL);
	KT_EXPECT_EQ(bitmap_parse("f,", 2, map, 36), -EINVAL);
	KT_EXPECT_EQ(bitmap_parse("123456789", 9, map, 64), -EINVAL);
	KT_EXPECT_EQ(bitmap_parse("g", 1, map, 64), -EINVAL);
}

SELFTEST(bitmap, atomics)
{
	unsigned long map[2] = { 0 };

	set_bit(3, map);
	KT_EXPECT(test_and_set_bit(3, map) && !test_and_set_bit(70, map));
	KT_EXPECT_EQ(map[0], 8);
	KT_EXPECT_EQ(map[1], 64);
	KT_EXPECT(test_and_clear_bit(70, map) && !test_and_clear_bit(70, map));
	change_bit(3, map);
	KT_EXPECT_EQ(map[0], 0);
	KT_EXPECT(!test_and_set_bit_lock(5, map) && test_and_set_bit_lock(5, map));
	clear_bit_unlock(5, map);
	KT_EXPECT_EQ(map[0] | map[1], 0);
}

SELFTEST(bitmap, word_functions)
{
	KT_EXPECT_EQ(fls(0), 0);
	KT_EXPECT_EQ(fls(0x80000000), 32);
	KT_EXPECT_EQ(fls64(1ULL << 40), 41);
	KT_EXPECT_EQ(ffs(0x10), 5);
	KT_EXPECT_EQ(__ffs(1UL << 63), 63);
	KT_EXPECT_EQ(__fls(3), 1);
	KT_EXPECT_EQ(ffz(7), 3);
	KT_EXPECT_EQ(hweight64(~0ULL), 64);
	KT_EXPECT_EQ(hweight8(0xf1), 5);
	KT_EXPECT_EQ(order_base_2(1), 0);
	KT_EXPECT_EQ(order_base_2(1025), 11);
	KT_EXPECT_EQ(roundup_pow_of_two(4096), 4096);
	KT_EXPECT_EQ(rounddown_pow_of_two(4097), 4096);
	KT_EXPECT_EQ(rol32(0x80000001, 1), 3);
	KT_EXPECT_EQ(ror64(1, 1), S64_MIN);
	KT_EXPECT_EQ(sign_extend64(0x80, 7), -128);
}

SELFTEST(cpumask, sets)
{
	struct cpumask a = CPU_MASK_NONE, b;
	unsigned int cpu, seen = 0;

	nr_cpu_ids = 4;
	cpumask_setall(&a);
	KT_EXPECT_EQ(cpumask_weight(&a), 4);
	cpumask_clear_cpu(1, &a);
	for_each_cpu(cpu, &a)
		seen |= 1 << cpu;
	KT_EXPECT_EQ(seen, 0xd);
	KT_EXPECT_EQ(cpumask_next_wrap(3, &a), 0);
	KT_EXPECT_EQ(cpumask_next(0, &a), 2);
	KT_EXPECT_EQ(cpumask_any_but(&a, 0), 2);
	KT_EXPECT(cpumask_and(&b, &a, cpumask_of(2)) && cpumask_equal(&b, cpumask_of(2)));
	KT_EXPECT(!cpumask_and(&b, &a, cpumask_of(1)) && cpumask_empty(&b));
	KT_EXPECT_EQ(cpumask_parse_list("0-3", &b), 0);
	KT_EXPECT_EQ(cpumask_parse_list("0-4", &b), -ERANGE);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		KT_EXPECT(cpumask_weight(cpumask_of(cpu)) == 1 &&
			  cpumask_test_cpu(cpu, cpumask_of(cpu)));
}
