// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking the boot line and option values apart. Pure.
 */
#include <linux/cmdline.h>
#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

/* Take the quotes off a value that is quoted as a whole. */
static char *unquote(char *s)
{
	size_t len = strlen(s);

	if (*s != '"')
		return s;
	if (len > 1 && s[len - 1] == '"')
		s[len - 1] = '\0';
	return s + 1;
}

char *next_arg(char *args, char **param, char **val)
{
	bool quoted = false;
	char *equals = NULL, *p;

	args = skip_spaces(args);
	for (p = args; *p && (quoted || !isspace(*p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '=' && !equals)
			equals = p;
	}
	if (*p)
		*p++ = '\0';
	*val = NULL;
	if (*args == '"') {
		*param = unquote(args);
		if (equals) {
			*equals = '\0';
			*val = equals + 1;
		}
		return skip_spaces(p);
	}
	*param = args;
	if (equals) {
		*equals = '\0';
		*val = unquote(equals + 1);
	}
	return skip_spaces(p);
}

int get_option(char **str, int *value)
{
	char *start = *str, *end;

	if (!start || !*start)
		return 0;
	*value = simple_strtol(start, &end, 0);
	if (end == start || (*start == '-' && end == start + 1))
		return 0;
	*str = end;
	if (*end == ',') {
		(*str)++;
		return 2;
	}
	return *end == '-' ? 3 : 1;
}

/* The integers behind the first of a range "first-last"; returns how many were added. */
static int expand_range(char **str, int room, int first, int *to)
{
	int last, n = 0;

	(*str)++;
	if (!get_option(str, &last))
		return 0;
	for (first++; first <= last && n < room; first++)
		to[n++] = first;
	return n;
}

char *get_options(const char *str, int nints, int *ints)
{
	char *s = (char *)str;
	int n = 0, more = 2;

	while (n < nints - 1 && more >= 2) {
		more = get_option(&s, &ints[n + 1]);
		if (!more)
			break;
		n++;
		if (more == 3) {
			n += expand_range(&s, nints - 1 - n, ints[n], &ints[n + 1]);
			more = s[-1] == ',' ? 2 : 1;
		}
	}
	ints[0] = n;
	return s;
}

bool parse_option_str(const char *list, const char *option)
{
	size_t len = strlen(option), word;

	for (; *list; list += word + (list[word] == ',')) {
		word = strcspn(list, ",");
		if (word == len && !memcmp(list, option, len))
			return true;
	}
	return false;
}
