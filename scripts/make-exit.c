// SPDX-License-Identifier: GPL-2.0-only
/*
 * $(exit STATUS) for GNU make, which otherwise ends with 2 whatever a recipe's status
 * was: `make run CMD=...` hands on the command's. Loaded by scripts/Makefile.run.
 */
#include <gnumake.h>
#include <stdlib.h>

int plugin_is_GPL_compatible;

int make_exit_gmk_setup(void);

static char *leave(const char *name, unsigned int count, char **args)
{
	(void)name;
	(void)count;
	exit(atoi(args[0]));
}

int make_exit_gmk_setup(void)
{
	gmk_add_function("exit", leave, 1, 1, GMK_FUNC_DEFAULT);
	return 1;
}
