/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking the boot line and option values apart.
 */
#ifndef _LINUX_CMDLINE_H
#define _LINUX_CMDLINE_H

#include <linux/types.h>

/*
 * Cut the first word off @args in place: *@param is its name, *@val what follows its '=' or NULL.
 * A value, or the whole word, may stand in double quotes, which are taken off. Returns the rest,
 * without leading white space; an empty string at the end. Call with at least one word there.
 */
char *next_arg(char *args, char **param, char **val);

/*
 * Read an integer at *@str and move behind it and a comma.
 * Return: 0 no integer, 1 the last one, 2 a comma follows, 3 a range ("3-") follows.
 */
int get_option(char **str, int *value);

/* "3,7-9": @ints[0] gets the count, then the integers; @nints is the length of @ints. */
char *get_options(const char *str, int nints, int *ints);

/* Is @option one of the words, separated by commas, of @list? */
bool parse_option_str(const char *list, const char *option);

#endif
