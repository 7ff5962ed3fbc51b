// SPDX-License-Identifier: GPL-2.0-only
/* Paths as user space gives them: copied once, checked, and kept for the length of a call. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

/* @name was filled up to @len bytes by strncpy_from_user(). */
static int check_name_length(long len, int flags)
{
	if (len < 0)
		return len;
	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	return len || (flags & LOOKUP_EMPTY) ? 0 : -ENOENT;
}

/**
 * getname_flags - copy a path from user space
 * @uname: the path
 * @flags: LOOKUP_EMPTY: "" is fine
 *
 * Context: sleeps.
 * Return: the name, for putname(); ERR_PTR(-EFAULT, -ENOENT (empty), -ENAMETOOLONG, -ENOMEM).
 */
struct filename *getname_flags(const char __user *uname, int flags)
{
	struct filename *name = __getname();
	int err;

	if (!name)
		return ERR_PTR(-ENOMEM);
	err = check_name_length(strncpy_from_user(name->iname, uname, PATH_MAX), flags);
	if (err) {
		__putname(name);
		return ERR_PTR(err);
	}
	name->name = name->iname;
	name->uptr = uname;
	name->refcnt = 1;
	return name;
}

struct filename *getname(const char __user *uname)
{
	return getname_flags(uname, 0);
}

/* The same from a string in kernel memory. */
struct filename *getname_kernel(const char *text)
{
	size_t len = strlen(text);
	struct filename *name;

	if (len >= PATH_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	name = __getname();
	if (!name)
		return ERR_PTR(-ENOMEM);
	memcpy(name->iname, text, len + 1);
	name->name = name->iname;
	name->uptr = NULL;
	name->refcnt = 1;
	return name;
}

/* Only one task holds a filename: the count needs no atomic. ERR_PTR and NULL are fine. */
void putname(struct filename *name)
{
	if (!IS_ERR_OR_NULL(name) && --name->refcnt == 0)
		__putname(name);
}
