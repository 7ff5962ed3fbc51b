// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: each word goes to the option of its name; what has none goes to the first
 * program, name=value into its environment and other words among its arguments. Boot only.
 */
#include <linux/cmdline.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>
#include <asm/setup.h>
#include "params.h"

#define MAX_INIT_ARGS	32
#define MAX_INIT_ENVS	32

extern const struct boot_param __boot_params_start[], __boot_params_end[];

const char *init_argv[MAX_INIT_ARGS + 2] = { "init", NULL };
const char *init_envp[MAX_INIT_ENVS + 3] = { "HOME=/", "TERM=linux", NULL };
char *saved_command_line = boot_command_line;

static char scratch[COMMAND_LINE_SIZE] __initdata;
/* Not freed: options and the first program keep pointers into it. */
static char words[COMMAND_LINE_SIZE];

/* A dash and an underscore mean the same in option names, as users of Linux expect. */
static bool __init same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' && *b == '_') || (*a == '_' && *b == '-')))
			return false;
	return *a == *b;
}

static const struct boot_param *__init find_param(const char *name)
{
	for (const struct boot_param *p = __boot_params_start; p < __boot_params_end; p++)
		if (same_name(p->name, name))
			return p;
	return NULL;
}

static void __init run_param(const struct boot_param *p, char *val)
{
	if (!p->fn(val))
		return;
	if (val)
		pr_err("Boot option %s=%s makes no sense: %s takes %s\n", p->name, val, p->name,
		       p->usage);
	else
		pr_err("Boot option %s needs a value: %s takes %s\n", p->name, p->name, p->usage);
}

void __init parse_early_params(const char *line)
{
	char *rest = scratch, *name, *val;

	strscpy(scratch, line, sizeof(scratch));
	rest = skip_spaces(rest);
	while (*rest) {
		const struct boot_param *p;

		rest = next_arg(rest, &name, &val);
		if (!strcmp(name, "--"))
			return;
		p = find_param(name);
		if (p && p->early)
			run_param(p, val);
	}
}

static void __init add_argument(char *word)
{
	int i = 0;

	while (init_argv[i])
		i++;
	if (i > MAX_INIT_ARGS)
		pr_err("Too many words on the command line for init: %s is left out\n", word);
	else
		init_argv[i] = word;
}

/* A later NAME=value takes the place of an earlier one. */
static void __init add_environment(char *name, char *val)
{
	size_t len = strlen(name);
	int i = 0;

	while (init_envp[i] && !(!strncmp(init_envp[i], name, len) && init_envp[i][len] == '='))
		i++;
	if (i > MAX_INIT_ENVS + 1) {
		pr_err("Too many variables on the command line for init: %s is left out\n", name);
		return;
	}
	/* next_arg() cut the word at its '='; quotes may have moved the value by one. */
	if (val != name + len + 1)
		memmove(name + len + 1, val, strlen(val) + 1);
	name[len] = '=';
	init_envp[i] = name;
}

/* How many letters must change, come or go to make @b of @a; counts up to 2, then says 3. */
static int __init distance(const char *a, const char *b, int budget)
{
	int best = 3;

	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (!*a && !*b)
		return 0;
	if (!budget)
		return 3;
	if (*a && *b)
		best = distance(a + 1, b + 1, budget - 1);
	if (*a)
		best = min(best, distance(a + 1, b, budget - 1));
	if (*b)
		best = min(best, distance(a, b + 1, budget - 1));
	return best + 1 > 3 ? 3 : best + 1;
}

/* The option that was probably meant, or NULL. */
static const char *__init similar_option(const char *name)
{
	const char *found = NULL;
	int nearest = strlen(name) > 4 ? 3 : 2;

	for (const struct boot_param *p = __boot_params_start; p < __boot_params_end; p++) {
		int d = distance(name, p->name, 2);

		if (d < nearest) {
			nearest = d;
			found = p->name;
		}
	}
	return found;
}

/* NAME=value and run levels are meant for the first program: no need to talk about them. */
static bool __init is_for_init(const char *name, const char *val)
{
	if (!val)
		return !strcmp(name, "single") || !name[1];
	for (; *name; name++)
		if (*name >= 'a' && *name <= 'z')
			return false;
	return true;
}

static void __init tell_unknown(const char *name, const char *val)
{
	const char *similar = similar_option(name);

	pr_warn("Unknown boot option %s%s%s is handed to the first program%s%s%s\n", name,
		val ? "=" : "", val ?: "", similar ? "; was " : "", similar ?: "",
		similar ? " meant?" : "");
}

static void __init unknown_word(char *name, char *val)
{
	/* module.option=value: a Linux module's; there are none here. */
	if (strchr(name, '.') && val)
		return;
	if (!is_for_init(name, val))
		tell_unknown(name, val);
	if (val)
		add_environment(name, val);
	else
		add_argument(name);
}

void __init parse_params(const char *line)
{
	char *rest = words, *name, *val;
	bool for_init = false;

	strscpy(words, line, sizeof(words));
	rest = skip_spaces(rest);
	while (*rest) {
		const struct boot_param *p;

		rest = next_arg(rest, &name, &val);
		if (for_init) {
			if (val)
				name[strlen(name)] = '=';
			add_argument(name);
			continue;
		}
		if (!strcmp(name, "--")) {
			for_init = true;
			continue;
		}
		p = find_param(name);
		if (!p)
			unknown_word(name, val);
		else if (!p->early)
			run_param(p, val);
	}
}

SELFTEST(params, names_and_near_misses)
{
	KT_EXPECT(same_name("panic-on-warn", "panic_on_warn"));
	KT_EXPECT(!same_name("panic", "panic_on_warn"));
	KT_EXPECT_EQ(distance("loglevel", "loglevel", 2), 0);
	KT_EXPECT_EQ(distance("loglevl", "loglevel", 2), 1);
	KT_EXPECT_EQ(distance("qiuet", "quiet", 2), 2);
	KT_EXPECT_EQ(distance("root", "quiet", 2), 3);
	KT_EXPECT(find_param("panic") && !find_param("pani"));
	KT_EXPECT(is_for_init("PATH", "/bin") && is_for_init("single", NULL));
	KT_EXPECT(!is_for_init("root", "/dev/sda"));
}
