/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler hands to the handlers of -fsanitize=...: the ABI of GCC's and LLVM's runtime.
 */
#ifndef _LIB_UBSAN_H
#define _LIB_UBSAN_H

#include <linux/types.h>

struct source_location {
	const char *file;
	u32 line;
	u32 column;		/* ours after the first report: ~0 */
};

enum { UBSAN_KIND_INT = 0 };

struct type_descriptor {
	u16 kind;
	u16 info;		/* of an integer: bit 0 signed, above it log2 of the bits */
	char name[];
};

struct overflow_data {
	struct source_location loc;
	const struct type_descriptor *type;
};

struct shift_data {
	struct source_location loc;
	const struct type_descriptor *lhs_type, *rhs_type;
};

struct bounds_data {
	struct source_location loc;
	const struct type_descriptor *array_type, *index_type;
};

struct unreachable_data {
	struct source_location loc;
};

struct invalid_value_data {
	struct source_location loc;
	const struct type_descriptor *type;
};

struct type_mismatch_data {
	struct source_location loc;
	const struct type_descriptor *type;
	u8 log_alignment;
	u8 kind;
};

/* Values of up to 64 bits come as they are, larger ones by address. */
void __ubsan_handle_add_overflow(struct overflow_data *data, unsigned long a, unsigned long b);
void __ubsan_handle_sub_overflow(struct overflow_data *data, unsigned long a, unsigned long b);
void __ubsan_handle_mul_overflow(struct overflow_data *data, unsigned long a, unsigned long b);
void __ubsan_handle_negate_overflow(struct overflow_data *data, unsigned long a);
void __ubsan_handle_divrem_overflow(struct overflow_data *data, unsigned long a, unsigned long b);
void __ubsan_handle_shift_out_of_bounds(struct shift_data *data, unsigned long a, unsigned long b);
void __ubsan_handle_out_of_bounds(struct bounds_data *data, unsigned long index);
void __ubsan_handle_load_invalid_value(struct invalid_value_data *data, unsigned long value);
void __ubsan_handle_type_mismatch_v1(struct type_mismatch_data *data, unsigned long ptr);
void __noreturn __ubsan_handle_builtin_unreachable(struct unreachable_data *data);

#endif
