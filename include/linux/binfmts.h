/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exec on its way: one struct linux_binprm per call, private to the caller, handed from format to
 * format until one of them knows the file. fs/exec.c drives, kernel/cred.c judges privileges.
 */
#ifndef _LINUX_BINFMTS_H_K
#define _LINUX_BINFMTS_H_K

#include <linux/types.h>
#include <uapi/linux/binfmts.h>
#include <uapi/linux/resource.h>

struct cred;
struct file;
struct mm_struct;
struct vm_area_struct;

#define LSM_UNSAFE_SHARE	1	/* root directory and cwd are shared with another process */
#define LSM_UNSAFE_PTRACE	2
#define LSM_UNSAFE_NO_NEW_PRIVS	4

struct linux_binprm {
	struct mm_struct *mm;		/* the new address space, ours until exec_mmap() */
	struct vm_area_struct *vma;	/* its stack */
	unsigned long p;		/* lowest byte of the stack used so far */
	unsigned long argmin;		/* @p may not go below: E2BIG */
	struct file *file;		/* what is being loaded; a script's interpreter in the end */
	struct file *interpreter;	/* the format wants this loaded instead of @file */
	int argc, envc;
	const char *filename;		/* as the caller named it */
	const char *interp;		/* as it is in the end */
	char *fdpath;			/* "/dev/fd/N…" of execveat(), or NULL */
	unsigned long exec;		/* where AT_EXECFN will point */
	struct cred *cred;		/* the new credentials */
	unsigned int unsafe;		/* LSM_UNSAFE_*: no privileges may be gained */
	unsigned int per_clear;		/* personality bits that set-uid takes away */
	bool secureexec;		/* AT_SECURE */
	bool unreadable;		/* the caller may execute the file, but not read it */
	bool point_of_no_return;	/* from here on, failure kills */
	bool path_inaccessible;		/* a script the interpreter cannot open: FD_CLOEXEC */
	struct rlimit rlim_stack;	/* as it was when exec began */
	char buf[BINPRM_BUF_SIZE];	/* the file's first bytes, zero-padded */
};

/* One executable format. load() returns 0 when the program is ready, -ENOEXEC to try the next. */
struct linux_binfmt {
	const char *name;
	int (*load)(struct linux_binprm *bprm);
};
extern const struct linux_binfmt elf_format, script_format;

/* fs/exec.c, for formats */
int begin_new_exec(struct linux_binprm *bprm);
void setup_new_exec(struct linux_binprm *bprm);
int remove_arg_zero(struct linux_binprm *bprm);
int copy_string_kernel(const char *arg, struct linux_binprm *bprm);
int bprm_change_interp(const char *interp, struct linux_binprm *bprm);
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp);

/* kernel/cred.c */

/* A copy of current's credentials to be changed by exec, or NULL. */
struct cred *prepare_exec_creds(void);
/*
 * Work out bprm->cred for bprm->file (set-uid, set-gid, capability rules of execve(2), securebits,
 * no_new_privs, bprm->unsafe), bprm->secureexec and bprm->per_clear. Return: 0 or -errno.
 */
int bprm_fill_creds(struct linux_binprm *bprm);
/* Past the point of no return: make bprm->cred (then NULL) current's. */
void install_exec_creds(struct linux_binprm *bprm);

#endif
