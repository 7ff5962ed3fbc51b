/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line, between main.c and params.c. */
#ifndef _INIT_PARAMS_H
#define _INIT_PARAMS_H

/* For the first program: its arguments and environment, from words that no option wants. */
extern const char *init_argv[];
extern const char *init_envp[];

/* Run the early options of @line; before any allocation. */
void parse_early_params(const char *line);

/* Run the others, and hand what nobody knows to the first program. */
void parse_params(const char *line);

#endif
