// SPDX-License-Identifier: GPL-2.0-only
/*
 * CONFIG_UBSAN: the functions that instrumented code calls when it is about to do what C leaves
 * undefined. Each place is reported once, as a warning with a backtrace. Any context.
 */
#include <linux/bug.h>
#include <linux/sprintf.h>
#include "ubsan.h"

#define REPORTED	(~0U)

static bool first_report(struct source_location *loc)
{
	return __atomic_exchange_n(&loc->column, REPORTED, __ATOMIC_RELAXED) != REPORTED;
}

#define REPORT(loc, fmt, ...) do {						\
	struct source_location *__loc = (loc);					\
	if (first_report(__loc))						\
		warn_slowpath(__loc->file, __loc->line,				\
			      "undefined behaviour: " fmt, ##__VA_ARGS__);	\
} while (0)

static void value_text(char buf[24], const struct type_descriptor *type, unsigned long value)
{
	unsigned int bits = 1U << (type->info >> 1);

	if (type->kind != UBSAN_KIND_INT || bits > 64)
		snprintf(buf, 24, "(%u bits)", bits);
	else if (type->info & 1)
		snprintf(buf, 24, "%ld", (long)(value << (64 - bits)) >> (64 - bits));
	else
		snprintf(buf, 24, "%lu", value);
}

static void report_overflow(struct overflow_data *data, unsigned long a, const char *operator,
			    unsigned long b)
{
	char left[24], right[24];

	value_text(left, data->type, a);
	value_text(right, data->type, b);
	REPORT(&data->loc, "%s %s %s overflows %s", left, operator, right, data->type->name);
}

void __ubsan_handle_add_overflow(struct overflow_data *data, unsigned long a, unsigned long b)
{
	report_overflow(data, a, "+", b);
}

void __ubsan_handle_sub_overflow(struct overflow_data *data, unsigned long a, unsigned long b)
{
	report_overflow(data, a, "-", b);
}

void __ubsan_handle_mul_overflow(struct overflow_data *data, unsigned long a, unsigned long b)
{
	report_overflow(data, a, "*", b);
}

void __ubsan_handle_divrem_overflow(struct overflow_data *data, unsigned long a, unsigned long b)
{
	report_overflow(data, a, "/", b);
}

void __ubsan_handle_negate_overflow(struct overflow_data *data, unsigned long a)
{
	report_overflow(data, 0, "-", a);
}

void __ubsan_handle_shift_out_of_bounds(struct shift_data *data, unsigned long a, unsigned long b)
{
	char left[24], right[24];

	value_text(left, data->lhs_type, a);
	value_text(right, data->rhs_type, b);
	REPORT(&data->loc, "%s shifted by %s does not fit %s", left, right,
	       data->lhs_type->name);
}

void __ubsan_handle_out_of_bounds(struct bounds_data *data, unsigned long index)
{
	char text[24];

	value_text(text, data->index_type, index);
	REPORT(&data->loc, "index %s is out of %s", text, data->array_type->name);
}

void __ubsan_handle_load_invalid_value(struct invalid_value_data *data, unsigned long value)
{
	REPORT(&data->loc, "%lu is no value of %s", value, data->type->name);
}

void __ubsan_handle_type_mismatch_v1(struct type_mismatch_data *data, unsigned long ptr)
{
	REPORT(&data->loc, "%#lx is not an address of %s, which is aligned to %lu", ptr,
	       data->type->name, 1UL << data->log_alignment);
}

void __noreturn __ubsan_handle_builtin_unreachable(struct unreachable_data *data)
{
	panic("%s:%u: this was said to be unreachable", data->loc.file, data->loc.line);
}
