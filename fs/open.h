/* SPDX-License-Identifier: GPL-2.0-only */
/* What an open asks for, between open.c, which reads the flags, and namei_open.c. */
#ifndef _FS_OPEN_H
#define _FS_OPEN_H

#include <linux/fs.h>

struct open_how;

#define OPEN_EXEC	0x01	/* not a user's flag: the file is to be executed */

struct open_flags {
	int open_flag;		/* O_* */
	int kind;		/* OPEN_EXEC */
	umode_t mode;		/* of a file that is made */
	int acc_mode;		/* MAY_* */
	int lookup_flags;	/* LOOKUP_* */
};

/* Fill @op. Return: 0 or -EINVAL. */
int build_open_flags(const struct open_how *how, struct open_flags *op);
struct file *do_filp_open(int dfd, struct filename *name, const struct open_flags *op,
			  const struct path *root);
/* @file (empty) becomes an open file of @path, of which it takes references. */
int vfs_open(const struct path *path, struct file *file);

#endif /* _FS_OPEN_H */
