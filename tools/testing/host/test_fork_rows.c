// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork rows with model rows behind them: every step and every edge of each row fails in turn,
 * for every set of sharing flags, and all that was taken must have been given back, once.
 */
#include <linux/errno.h>
#include <linux/fault-inject.h>
#include <linux/fork.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/sched.h>

/* fs/file.c is linked in here too. */
#define copy_files	model_copy_files
#define share_files	model_share_files
#define exit_files	model_exit_files
#define should_fail(kind, what)	model_should_fail()
#define ROW_COUNT(x, what)	model_count(FORK_ROW_##x)
#include "../../../kernel/fork_rows.h"

/* What the child holds of a row: two parts of its own, or a share of the parent's. */
static struct model {
	void *own[2];
	unsigned int shared, taken, released, counted;
} model[NR_FORK_ROWS];

static unsigned int fail_at, steps;

static bool model_should_fail(void)
{
	return ++steps == fail_at;
}

static void model_count(enum fork_row row)
{
	model[row].counted++;
}

/* It may fail half way, and then leaves the half attached. */
static int model_copy(enum fork_row row)
{
	unsigned int i;

	model[row].taken++;
	for (i = 0; i < 2; i++) {
		if (model_should_fail())
			return -ENOMEM;
		model[row].own[i] = kmalloc(8 + row, GFP_KERNEL);
	}
	return 0;
}

static int model_share(enum fork_row row)
{
	model[row].taken++;
	if (model_should_fail())
		return -EAGAIN;
	model[row].shared++;
	return 0;
}

static void model_exit(enum fork_row row)
{
	unsigned int i;

	model[row].released++;
	if (model[row].shared)
		model[row].shared--;
	for (i = 0; i < 2; i++) {
		kfree(model[row].own[i]);
		model[row].own[i] = NULL;
	}
}

#define MODEL_OWN(x)								\
	int copy_##x(struct fork_ctx *fc) { return model_copy(FORK_ROW_##x); }	\
	void exit_##x(struct task_struct *tsk) { model_exit(FORK_ROW_##x); }
#define MODEL_SHR(x, flag)							\
	MODEL_OWN(x)								\
	int share_##x(struct fork_ctx *fc) { return model_share(FORK_ROW_##x); }
FORK_ROWS(MODEL_OWN, MODEL_SHR)

static int acquire_rows(struct fork_ctx *fc)
{
	int err;

	FORK_ROWS(ACQUIRE_OWN, ACQUIRE_SHR)
	return 0;
}

static void release_rows(struct task_struct *tsk)
{
	EXIT_ROWS(RELEASE)
	REAP_ROWS(RELEASE)
	FREE_ROWS(RELEASE)
}

/* Nothing is held, each row was given up once, and no row was asked after one that failed. */
static bool all_is_well(int err)
{
	bool ended = false;
	unsigned int row;

	for (row = 0; row < NR_FORK_ROWS; row++) {
		const struct model *m = &model[row];

		if (m->own[0] || m->own[1] || m->shared || m->released != 1 || m->taken > 1)
			return false;
		if (ended && (m->taken || m->counted))
			return false;
		ended |= !m->taken;
	}
	return err || !ended;
}

#define NO_FLAG(x)
#define ROW_FLAG(x, flag)	| (flag)
#define ALL_FLAGS		(0ULL FORK_ROWS(NO_FLAG, ROW_FLAG))

SELFTEST(fork_rows, each_step_fails_for_each_set_of_flags)
{
	struct fork_ctx fc = { };
	unsigned int cases = 0;
	int err;

	do {
		fail_at = 0;
		do {
			memset(model, 0, sizeof(model));
			fail_at++;
			steps = 0;
			err = acquire_rows(&fc);
			release_rows(NULL);
			KT_EXPECT(all_is_well(err));
			KT_EXPECT(!err == (steps < fail_at));
			cases++;
		} while (steps >= fail_at);
		fc.flags = (fc.flags - ALL_FLAGS) & ALL_FLAGS;
	} while (fc.flags);
	KT_EXPECT(cases > 2 * NR_FORK_ROWS);
}
