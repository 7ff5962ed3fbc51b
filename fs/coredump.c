// SPDX-License-Identifier: GPL-2.0-only
/*
 * A place for the core of a dying process, core(5): a new file of the process's own, or the
 * standard input of a helper. Runs in the thread that took the signal; the others have stopped.
 */
#define pr_fmt(fmt) "coredump: " fmt
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/pipe_fs_i.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/umh.h>
#include "coredump.h"

char core_pattern[CORE_PATTERN_SIZE] = "core";
int core_uses_pid;
static unsigned int core_pipe_limit;
static atomic_t pipes_open;		/* dumps into helpers at this moment */

/* ---- into a file ---- */

/* It is ours, new, and nobody else can open it through another name. */
static bool is_trusted(struct file *file)
{
	struct inode *inode = file_inode(file);

	return S_ISREG(inode->i_mode) && inode->i_nlink == 1 &&
	       !d_unhashed(file->f_path.dentry) && inode->i_uid == current_fsuid() &&
	       (inode->i_mode & 0677) == 0600;
}

static struct file *open_core(const struct core_dump *d, const char *name)
{
	int flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_LARGEFILE;
	struct file *file;
	struct path root;

	if (d->dumpable != SUID_DUMP_ROOT) {
		kern_unlink(name);	/* an older core; O_EXCL sees to the rest */
		return filp_open(name, flags, 0600);
	}
	/* The user may have chosen root and directory: trust neither. */
	if (name[0] != '/') {
		pr_warn("%s[%d]: a set-uid program's core_pattern must be a full path or a helper\n",
			current->comm, current->tgid);
		return ERR_PTR(-EPERM);
	}
	get_fs_root(init_task.fs, &root);
	file = file_open_root(&root, name, flags, 0600);
	path_put(&root);
	return file;
}

static bool dump_to_file(struct core_dump *d, const char *name)
{
	bool dumped = false;

	d->file = open_core(d, name);
	if (IS_ERR(d->file))
		return false;
	if (is_trusted(d->file) && !do_truncate(d->file->f_path.dentry, 0, 0, d->file))
		dumped = core_write_elf(d);
	filp_close(d->file, NULL);
	return dumped;
}

/* ---- into a helper ---- */

struct core_pipe {
	struct umh_call umh;
	struct file *end;		/* to read from, until the helper has it */
	struct core_name name;
	char text[CORE_NAME_SIZE];
};

static void free_pipe(struct umh_call *umh)
{
	struct core_pipe *pipe = container_of(umh, struct core_pipe, umh);

	if (pipe->end)
		fput(pipe->end);
	kfree(pipe);
}

/* In the helper: its input, and no core of its own, which would start another helper. */
static int attach_pipe(struct umh_call *umh)
{
	struct core_pipe *pipe = container_of(umh, struct core_pipe, umh);
	int err = replace_fd(0, pipe->end, 0);

	fput(pipe->end);
	pipe->end = NULL;
	task_lock(current->group_leader);
	current->signal->rlim[RLIMIT_CORE] = (struct rlimit){ 1, 1 };
	task_unlock(current->group_leader);
	return min(err, 0);
}

static struct core_pipe *alloc_pipe(struct core_dump *d, const char *pattern)
{
	struct core_pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);
	struct file *ends[2];

	if (!pipe)
		return NULL;
	pipe->name.text = pipe->text;
	if (core_make_name(&pipe->name, d, pattern) || create_pipe_files(ends, 0)) {
		kfree(pipe);
		return NULL;
	}
	pipe->end = ends[0];
	d->file = ends[1];
	pipe->umh.name = "core-helper";
	pipe->umh.path = pipe->name.argv[0];
	pipe->umh.argv = pipe->name.argv;
	pipe->umh.init = attach_pipe;
	pipe->umh.free = free_pipe;
	umh_prepare(&pipe->umh);
	return pipe;
}

static bool run_pipe(struct core_dump *d, const char *pattern, bool wait)
{
	struct core_pipe *pipe = alloc_pipe(d, pattern);
	bool dumped = false;
	int err;

	if (!pipe)
		return false;
	err = umh_start(&pipe->umh);
	if (err)
		pr_info("core of %s[%d]: %s does not run: %d\n", current->comm, current->tgid,
			pipe->name.argv[0], err);
	else
		dumped = core_write_elf(d);
	fput_sync(d->file);
	/* It may look at /proc/<pid> until it ends: that is what the limit is for. */
	if (!err && wait)
		umh_wait(&pipe->umh);
	umh_put(&pipe->umh);
	return dumped;
}

static bool dump_to_pipe(struct core_dump *d, const char *pattern)
{
	unsigned int limit = READ_ONCE(core_pipe_limit);
	bool dumped = false;

	/* A helper's own: see attach_pipe(). */
	if (d->limit == 1) {
		pr_warn("%s[%d] has RLIMIT_CORE 1: no core\n", current->comm, current->tgid);
		return false;
	}
	d->limit = RLIM_INFINITY;
	if ((unsigned int)atomic_inc_return(&pipes_open) > limit && limit)
		pr_warn("%s[%d]: over core_pipe_limit: no core\n", current->comm, current->tgid);
	else
		dumped = run_pipe(d, pattern, limit);
	atomic_dec(&pipes_open);
	return dumped;
}

/* ---- the dump ---- */

static bool dump_by_name(struct core_dump *d, const char *pattern)
{
	struct core_name *name = kzalloc(sizeof(*name), GFP_KERNEL);
	bool dumped = false;

	if (name)
		name->text = kmalloc(CORE_NAME_SIZE, GFP_KERNEL);
	if (name && name->text && !core_make_name(name, d, pattern))
		dumped = dump_to_file(d, name->text);
	if (name)
		kfree(name->text);
	kfree(name);
	return dumped;
}

static bool dump(struct core_dump *d, const char *pattern)
{
	struct cred *cred = prepare_creds();
	const struct cred *old;
	bool dumped;

	if (!cred)
		return false;
	/* What is not the user's to read becomes root's. */
	if (d->dumpable == SUID_DUMP_ROOT)
		cred->fsuid = 0;
	old = override_creds(cred);
	dumped = d->piped ? dump_to_pipe(d, pattern) : dump_by_name(d, pattern);
	revert_creds(old);
	put_cred(cred);
	return dumped;
}

/**
 * do_coredump - write the core of current's process, if it is to have one
 * @info: of the signal that kills it
 *
 * On return the group is dying, or about to be: group_exit_code says whether there is a core.
 * Context: task on its way out, no locks; sleeps until the core is written. A SIGKILL ends it.
 */
void do_coredump(const kernel_siginfo_t *info)
{
	struct core_dump d = { .info = info, .limit = rlimit(RLIMIT_CORE) };
	char pattern[CORE_PATTERN_SIZE];
	struct core_state state;

	if (!current->mm)
		return;
	d.dumpable = get_dumpable(current->mm);
	strscpy(pattern, core_pattern, sizeof(pattern));
	d.piped = pattern[0] == '|';
	if (d.dumpable == SUID_DUMP_DISABLE || (!d.piped && d.limit < ELF_EXEC_PAGESIZE))
		return;
	if (coredump_gather(info->si_signo, &state))
		return;
	d.state = &state;
	coredump_release(&state, dump(&d, pattern));
}

static const struct ctl_table core_table[] = {
	{ .name = "core_pattern", .mode = 0644, .kind = CTL_STRING, .data = core_pattern,
	  .size = sizeof(core_pattern) },
	{ .name = "core_uses_pid", .mode = 0644, .kind = CTL_INT, .data = &core_uses_pid,
	  .min = INT_MIN, .max = INT_MAX },
	{ .name = "core_pipe_limit", .mode = 0644, .kind = CTL_INT, .data = &core_pipe_limit,
	  .max = INT_MAX },
};

static int __init coredump_init(void)
{
	return register_sysctl("kernel", core_table, ARRAY_SIZE(core_table));
}
fs_initcall(coredump_init);
