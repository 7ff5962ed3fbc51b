/* SPDX-License-Identifier: GPL-2.0-only */
/* One core dump, between coredump.c, which finds a place for it, and those who name and write it. */
#ifndef _FS_COREDUMP_H
#define _FS_COREDUMP_H

#include <linux/coredump.h>
#include <linux/types.h>

#define CORE_PATTERN_SIZE	128
#define CORE_ARGS_MAX		(CORE_PATTERN_SIZE / 2)

/* Locks: none, only the dumper uses it. */
struct core_dump {
	const kernel_siginfo_t *info;	/* of the signal */
	struct core_state *state;	/* the other threads */
	int dumpable;			/* SUID_DUMP_* */
	unsigned long limit;		/* RLIMIT_CORE, bytes; of the file */
	struct file *file;		/* a new file, or a pipe's writing end */
	bool piped;
	loff_t pos;			/* bytes so far, holes included */
	loff_t hole;			/* zeroes to come before the next byte */
};

/* What the pattern became: a path, or the arguments of a helper. */
struct core_name {
	char *text;			/* CORE_NAME_SIZE bytes */
	size_t used;
	bool too_long;
	unsigned int argc;		/* of a helper */
	const char *argv[CORE_ARGS_MAX + 1];
};

#define CORE_NAME_SIZE	4096

extern char core_pattern[CORE_PATTERN_SIZE];
extern int core_uses_pid;

/* fs/coredump_name.c: into @name, whose text is there. 0, -ENAMETOOLONG, -EINVAL. */
int core_make_name(struct core_name *name, const struct core_dump *d, const char *pattern);
/* fs/coredump_elf.c. Return: whether any of it was written. */
bool core_write_elf(struct core_dump *d);

#endif
