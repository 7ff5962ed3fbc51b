// SPDX-License-Identifier: GPL-2.0-only
/*
 * "#!interpreter [argument]": the line's words replace argv[0], the script's name follows them.
 * Source: execve(2), "Interpreter scripts".
 */
#include <linux/binfmts.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/*
 * Cut the line into interpreter and argument, in place.
 * Return: 0, or -ENOEXEC when there is no interpreter or its name may have been cut off.
 */
static int parse_line(char *buf, char **interp, char **arg)
{
	char *end = strnchr(buf, BINPRM_BUF_SIZE, '\n'), *p;
	bool whole = end != NULL;

	if (!whole)
		end = memchr(buf, '\0', BINPRM_BUF_SIZE);
	whole = end != NULL;
	if (!whole)
		end = buf + BINPRM_BUF_SIZE - 1;
	*end = '\0';
	while (end > buf + 2 && is_blank(end[-1]))
		*--end = '\0';
	*interp = skip_blanks(buf + 2);
	if (**interp == '\0')
		return -ENOEXEC;
	for (p = *interp; *p && !is_blank(*p); p++)
		;
	if (!*p && !whole)
		return -ENOEXEC;
	*arg = NULL;
	if (*p) {
		*p = '\0';
		*arg = skip_blanks(p + 1);
		if (!**arg)
			*arg = NULL;
	}
	return 0;
}

static int load_script(struct linux_binprm *bprm)
{
	char *interp, *arg;
	struct file *file;
	int err;

	if (bprm->buf[0] != '#' || bprm->buf[1] != '!')
		return -ENOEXEC;
	/* The interpreter could not open a script whose descriptor exec has closed. */
	if (bprm->path_inaccessible)
		return -ENOENT;
	err = parse_line(bprm->buf, &interp, &arg);
	if (!err)
		err = remove_arg_zero(bprm);
	if (!err)
		err = copy_string_kernel(bprm->interp, bprm);
	if (err)
		return err;
	bprm->argc++;
	if (arg) {
		err = copy_string_kernel(arg, bprm);
		if (err)
			return err;
		bprm->argc++;
	}
	err = copy_string_kernel(interp, bprm);
	if (err)
		return err;
	bprm->argc++;
	err = bprm_change_interp(interp, bprm);
	if (err)
		return err;
	file = open_exec(interp);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->interpreter = file;
	return 0;
}

const struct linux_binfmt script_format = { .name = "script", .load = load_script };
