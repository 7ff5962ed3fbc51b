// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>: a directory for each process and each thread, made when somebody looks. An inode
 * holds the struct pid, never the task, so an open file outlives the process and then says ESRCH.
 * Locks: RCU to find tasks; each file takes what its subject needs.
 */
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/oom.h>
#include <linux/ptrace.h>
#include <linux/rculist.h>
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "internal.h"

/* What a directory of a process holds. */
struct pid_entry {
	const char *name;
	umode_t mode;
	const struct inode_operations *iops;
	const struct file_operations *fops;
	int (*show)(struct seq_file *m, struct pid *pid, struct task_struct *tsk);
	int (*get_path)(struct task_struct *tsk, struct path *path);
};

/* For files whose subject lives elsewhere. */
struct task_struct *proc_inode_task(const struct inode *inode)
{
	return get_proc_task(inode);
}

/* ---- who may look ---- */

/**
 * proc_may_access - may current see the insides of a task: memory, files, environment?
 * @tsk: the task
 *
 * Context: any task context.
 * Return: true for itself, for a dumpable process with none but current's ids, and with
 * CAP_SYS_PTRACE. Source: ptrace(2), "Ptrace access mode checking", the FSCREDS form.
 */
bool proc_may_access(struct task_struct *tsk)
{
	return ptrace_may_access(tsk, PTRACE_MODE_READ_FSCREDS);
}

/* The mm of a task that current may look at: with a reference, NULL (none), or -EACCES. */
struct mm_struct *proc_open_mm(struct task_struct *tsk)
{
	if (!proc_may_access(tsk))
		return ERR_PTR(-EACCES);
	return get_task_mm(tsk);
}

/* ---- inodes ---- */

/* Files belong to the task's effective ids, or to root when it is not dumpable. */
void proc_pid_update_inode(struct inode *inode, struct task_struct *tsk)
{
	const struct cred *cred;
	bool dumpable = true;

	inode->i_uid = 0;
	inode->i_gid = 0;
	if (inode->i_mode != (S_IFDIR | 0555)) {
		task_lock(tsk);
		dumpable = tsk->mm && get_dumpable(tsk->mm) == SUID_DUMP_USER;
		task_unlock(tsk);
	}
	if (!dumpable)
		return;
	rcu_read_lock();
	cred = __task_cred(tsk);
	inode->i_uid = cred->euid;
	inode->i_gid = cred->egid;
	rcu_read_unlock();
}

struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *tsk, umode_t mode)
{
	struct pid *pid = get_task_pid(tsk, PIDTYPE_PID);
	struct inode *inode;

	if (!pid)
		return NULL;
	inode = proc_new_inode(sb, mode);
	if (!inode) {
		put_pid(pid);
		return NULL;
	}
	PROC_I(inode)->pid = pid;
	proc_pid_update_inode(inode, tsk);
	return inode;
}

/* A cached name is good while its process lives; then it is looked up again and not found. */
static int pid_revalidate(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *tsk;

	if (!inode || !PROC_I(inode)->pid)
		return 1;
	if (dentry->d_time)		/* fd/N: looked up each time */
		return 0;
	tsk = get_proc_task(inode);
	if (!tsk)
		return 0;
	if (!PROC_I(inode)->pde)	/* below net: root's */
		proc_pid_update_inode(inode, tsk);
	put_task_struct(tsk);
	return 1;
}

const struct dentry_operations pid_dentry_ops = { .d_revalidate = pid_revalidate };

static int pid_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		       unsigned int query_flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct task_struct *tsk = get_proc_task(inode);

	generic_fillattr(inode, stat);
	if (!tsk)
		return -ENOENT;
	if (S_ISDIR(inode->i_mode) && inode->i_fop && stat->nlink < 2)
		stat->nlink = 2;
	put_task_struct(tsk);
	return 0;
}

static const struct inode_operations pid_def_iops = { .getattr = pid_getattr };

/* ---- files with one show() ---- */

static int one_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *tsk = get_proc_task(inode);
	int ret;

	if (!tsk)
		return -ESRCH;
	ret = PROC_I(inode)->entry->show(m, PROC_I(inode)->pid, tsk);
	put_task_struct(tsk);
	return ret;
}

static int one_open(struct inode *inode, struct file *file)
{
	return single_open(file, one_show, inode);
}

static const struct file_operations one_fops = {
	.open		= one_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ---- memory of the process as files: cmdline, environ, auxv ---- */

/* Copy [addr + *pos, end) of @mm to @to. */
static ssize_t read_range(struct mm_struct *mm, unsigned long addr, unsigned long end,
			  struct iov_iter *to, loff_t *pos)
{
	char *page = (char *)__get_free_page(GFP_KERNEL);
	ssize_t total = 0;

	if (!page)
		return -ENOMEM;
	addr += *pos;
	while (addr < end && iov_iter_count(to)) {
		size_t want = min(min(end - addr, PAGE_SIZE), iov_iter_count(to));
		int got = access_remote_vm(mm, addr, page, want, 0);
		size_t done;

		if (got <= 0)
			break;
		done = copy_to_iter(page, got, to);
		addr += done;
		total += done;
		if (done < got) {
			total = total ?: -EFAULT;
			break;
		}
	}
	free_page((unsigned long)page);
	if (total > 0)
		*pos += total;
	return total;
}

/*
 * A program may have written its title over argv: without a NUL at the end of argv, the title
 * goes on into the environment, up to its first NUL.
 */
static unsigned long cmdline_end(struct mm_struct *mm)
{
	unsigned long end = mm->arg_end;
	char c = 0;

	if (mm->arg_start >= end || access_remote_vm(mm, end - 1, &c, 1, 0) != 1 || !c)
		return end;
	while (end < mm->env_end && access_remote_vm(mm, end, &c, 1, 0) == 1 && c)
		end++;
	return min(end + 1, mm->env_end);
}

static ssize_t cmdline_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	struct mm_struct *mm;
	ssize_t n = 0;

	if (!tsk)
		return -ESRCH;
	mm = get_task_mm(tsk);
	put_task_struct(tsk);
	if (mm) {
		if (mm->env_end)
			n = read_range(mm, mm->arg_start, cmdline_end(mm), to, pos);
		mmput(mm);
	}
	return n;
}

static const struct file_operations cmdline_fops = {
	.read_iter	= cmdline_read,
	.llseek		= generic_file_llseek,
};

/* environ and auxv keep the address space that was there when they were opened. */
static int mm_open(struct inode *inode, struct file *file)
{
	struct task_struct *tsk = get_proc_task(inode);
	struct mm_struct *mm;

	if (!tsk)
		return -ESRCH;
	mm = proc_open_mm(tsk);
	put_task_struct(tsk);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		/* Hold the struct, not the memory: an open file must not keep it. */
		mmgrab(mm);
		mmput(mm);
	}
	file->private_data = mm;
	return 0;
}

static int mm_release_file(struct inode *inode, struct file *file)
{
	if (file->private_data)
		mmdrop(file->private_data);
	return 0;
}

static ssize_t environ_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct mm_struct *mm = file->private_data;
	ssize_t n = 0;

	if (!mm || !mmget_not_zero(mm))
		return 0;
	n = read_range(mm, mm->env_start, mm->env_end, to, pos);
	mmput(mm);
	return n;
}

static const struct file_operations environ_fops = {
	.open		= mm_open,
	.read_iter	= environ_read,
	.llseek		= generic_file_llseek,
	.release	= mm_release_file,
};

static ssize_t auxv_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct mm_struct *mm = file->private_data;
	unsigned int words = 0;

	if (!mm)
		return 0;
	do
		words += 2;
	while (words < AT_VECTOR_SIZE && mm->saved_auxv[words - 2]);
	return simple_copy_to_iter(mm->saved_auxv, words * sizeof(long), pos, to);
}

static const struct file_operations auxv_fops = {
	.open		= mm_open,
	.read_iter	= auxv_read,
	.llseek		= generic_file_llseek,
	.release	= mm_release_file,
};

/* ---- values that can be written ---- */

static ssize_t get_number(struct iov_iter *from, long *val)
{
	char buf[24];
	size_t n = min(iov_iter_count(from), sizeof(buf) - 1);
	int err;

	if (copy_from_iter(buf, n, from) != n)
		return -EFAULT;
	buf[n] = '\0';
	err = kstrtol(strstrip(buf), 0, val);
	return err ?: (ssize_t)n;
}

static int comm_show(struct seq_file *m, void *v)
{
	struct task_struct *tsk = get_proc_task(m->private);
	char comm[TASK_COMM_LEN];

	if (!tsk)
		return -ESRCH;
	get_task_comm(comm, tsk);
	put_task_struct(tsk);
	seq_puts(m, comm);
	seq_putc(m, '\n');
	return 0;
}

static int comm_open(struct inode *inode, struct file *file)
{
	return single_open(file, comm_show, inode);
}

static ssize_t comm_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	size_t count = iov_iter_count(from), n = min_t(size_t, count, TASK_COMM_LEN - 1);
	char comm[TASK_COMM_LEN] = { };
	ssize_t ret = count;

	if (!tsk)
		return -ESRCH;
	if (copy_from_iter(comm, n, from) != n)
		ret = -EFAULT;
	else if (!same_thread_group(current, tsk))
		ret = -EINVAL;
	else
		set_task_comm(tsk, comm);
	if (ret > 0)
		proc_comm_connector(tsk);
	put_task_struct(tsk);
	return ret;
}

static const struct file_operations comm_fops = {
	.open		= comm_open,
	.read_iter	= seq_read_iter,
	.write_iter	= comm_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* oom_adj is the same value on an older scale, -17 to 15. */
#define OOM_DISABLE	(-17)
#define OOM_ADJUST_MAX	15

static ssize_t oom_read(struct file *file, struct iov_iter *to, loff_t *pos, bool old_scale)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));
	char buf[16];
	int adj, len;

	if (!tsk)
		return -ESRCH;
	adj = READ_ONCE(tsk->signal->oom_score_adj);
	put_task_struct(tsk);
	if (old_scale)
		adj = adj == OOM_SCORE_ADJ_MAX ? OOM_ADJUST_MAX :
		      adj * -OOM_DISABLE / OOM_SCORE_ADJ_MAX;
	len = snprintf(buf, sizeof(buf), "%d\n", adj);
	return simple_copy_to_iter(buf, len, pos, to);
}

static ssize_t oom_write(struct file *file, struct iov_iter *from, bool old_scale)
{
	struct task_struct *tsk;
	ssize_t n;
	long adj;

	n = get_number(from, &adj);
	if (n < 0)
		return n;
	if (old_scale) {
		if (adj < OOM_DISABLE || adj > OOM_ADJUST_MAX)
			return -EINVAL;
		adj = adj == OOM_ADJUST_MAX ? OOM_SCORE_ADJ_MAX :
		      adj * OOM_SCORE_ADJ_MAX / -OOM_DISABLE;
	}
	if (adj < OOM_SCORE_ADJ_MIN || adj > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	tsk = get_proc_task(file_inode(file));
	if (!tsk)
		return -ESRCH;
	/* Only a privileged writer may go below what a privileged writer has set. */
	if (adj < tsk->signal->oom_score_adj_min && !capable(CAP_SYS_RESOURCE)) {
		n = -EACCES;
	} else {
		WRITE_ONCE(tsk->signal->oom_score_adj, adj);
		if (capable(CAP_SYS_RESOURCE))
			WRITE_ONCE(tsk->signal->oom_score_adj_min, adj);
	}
	put_task_struct(tsk);
	return n;
}

static ssize_t oom_score_adj_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return oom_read(file, to, pos, false);
}

static ssize_t oom_score_adj_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	return oom_write(file, from, false);
}

static ssize_t oom_adj_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	return oom_read(file, to, pos, true);
}

static ssize_t oom_adj_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	return oom_write(file, from, true);
}

static const struct file_operations oom_score_adj_fops = {
	.read_iter	= oom_score_adj_read,
	.write_iter	= oom_score_adj_write,
	.llseek		= generic_file_llseek,
};

static const struct file_operations oom_adj_fops = {
	.read_iter	= oom_adj_read,
	.write_iter	= oom_adj_write,
	.llseek		= generic_file_llseek,
};

static int timerslack_show(struct seq_file *m, void *v)
{
	struct task_struct *tsk = get_proc_task(m->private);

	if (!tsk)
		return -ESRCH;
	seq_printf(m, "%llu\n", tsk->timer_slack_ns);
	put_task_struct(tsk);
	return 0;
}

static int timerslack_open(struct inode *inode, struct file *file)
{
	return single_open(file, timerslack_show, inode);
}

static ssize_t timerslack_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct task_struct *tsk;
	ssize_t n;
	long slack;

	n = get_number(from, &slack);
	if (n < 0)
		return n;
	tsk = get_proc_task(file_inode(file));
	if (!tsk)
		return -ESRCH;
	if (tsk != current && !capable(CAP_SYS_NICE))
		n = -EPERM;
	else
		tsk->timer_slack_ns = slack ?: tsk->default_timer_slack_ns;
	put_task_struct(tsk);
	return n;
}

static const struct file_operations timerslack_fops = {
	.open		= timerslack_open,
	.read_iter	= seq_read_iter,
	.write_iter	= timerslack_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* ---- small files ---- */

static const struct {
	const char *name, *unit;
} limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU]		= { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE]		= { "Max file size", "bytes" },
	[RLIMIT_DATA]		= { "Max data size", "bytes" },
	[RLIMIT_STACK]		= { "Max stack size", "bytes" },
	[RLIMIT_CORE]		= { "Max core file size", "bytes" },
	[RLIMIT_RSS]		= { "Max resident set", "bytes" },
	[RLIMIT_NPROC]		= { "Max processes", "processes" },
	[RLIMIT_NOFILE]		= { "Max open files", "files" },
	[RLIMIT_MEMLOCK]	= { "Max locked memory", "bytes" },
	[RLIMIT_AS]		= { "Max address space", "bytes" },
	[RLIMIT_LOCKS]		= { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING]	= { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE]	= { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE]		= { "Max nice priority", NULL },
	[RLIMIT_RTPRIO]		= { "Max realtime priority", NULL },
	[RLIMIT_RTTIME]		= { "Max realtime timeout", "us" },
};

static void show_limit(struct seq_file *m, unsigned long value)
{
	if (value == RLIM_INFINITY)
		seq_printf(m, "%-20s ", "unlimited");
	else
		seq_printf(m, "%-20lu ", value);
}

static int pid_limits(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	struct rlimit rlim[RLIM_NLIMITS];
	unsigned int i;

	task_lock(tsk->group_leader);
	memcpy(rlim, tsk->signal->rlim, sizeof(rlim));
	task_unlock(tsk->group_leader);
	seq_printf(m, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (i = 0; i < RLIM_NLIMITS; i++) {
		seq_printf(m, "%-25s ", limit_names[i].name);
		show_limit(m, rlim[i].rlim_cur);
		show_limit(m, rlim[i].rlim_max);
		if (limit_names[i].unit)
			seq_printf(m, "%-10s\n", limit_names[i].unit);
		else
			seq_putc(m, '\n');
	}
	return 0;
}

static int pid_personality(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	if (!proc_may_access(tsk))
		return -EPERM;
	seq_printf(m, "%08x\n", tsk->personality);
	return 0;
}

static int pid_oom_score(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	seq_printf(m, "%ld\n", oom_score(tsk));
	return 0;
}

static int pid_wchan(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	unsigned long addr = proc_may_access(tsk) ? get_wchan(tsk) : 0;

	if (addr)
		seq_printf(m, "%ps", (void *)addr);
	else
		seq_putc(m, '0');
	return 0;
}

static int pid_schedstat(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	seq_printf(m, "%llu 0 %lu\n", task_sched_runtime(tsk), tsk->nvcsw + tsk->nivcsw);
	return 0;
}

/* Threads of @tsk that live, and what the dead ones have left. */
static void show_io(struct seq_file *m, u64 rchar, u64 wchar, u64 syscr, u64 syscw)
{
	/* Nothing here reaches a disk. */
	seq_printf(m, "rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n"
		   "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n",
		   rchar, wchar, syscr, syscw);
}

static int tid_io(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	if (!proc_may_access(tsk))
		return -EACCES;
	show_io(m, tsk->rchar, tsk->wchar, tsk->syscr, tsk->syscw);
	return 0;
}

static int tgid_io(struct seq_file *m, struct pid *pid, struct task_struct *tsk)
{
	u64 rchar, wchar, syscr, syscw;
	struct task_struct *t;

	if (!proc_may_access(tsk))
		return -EACCES;
	rcu_read_lock();
	rchar = tsk->signal->rchar;
	wchar = tsk->signal->wchar;
	syscr = tsk->signal->syscr;
	syscw = tsk->signal->syscw;
	for_each_thread(tsk, t) {
		rchar += t->rchar;
		wchar += t->wchar;
		syscr += t->syscr;
		syscw += t->syscw;
	}
	rcu_read_unlock();
	show_io(m, rchar, wchar, syscr, syscw);
	return 0;
}

/* ---- links to the task's places ---- */

static int get_cwd_link(struct task_struct *tsk, struct path *path)
{
	int err = -ENOENT;

	task_lock(tsk);
	if (tsk->fs) {
		get_fs_pwd(tsk->fs, path);
		err = 0;
	}
	task_unlock(tsk);
	return err;
}

static int get_root_link(struct task_struct *tsk, struct path *path)
{
	int err = -ENOENT;

	task_lock(tsk);
	if (tsk->fs) {
		get_fs_root(tsk->fs, path);
		err = 0;
	}
	task_unlock(tsk);
	return err;
}

static int get_exe_link(struct task_struct *tsk, struct path *path)
{
	struct file *exe = get_task_exe_file(tsk);

	if (!exe)
		return -ENOENT;
	*path = exe->f_path;
	path_get(path);
	fput(exe);
	return 0;
}

static int link_path(struct inode *inode, struct path *path)
{
	struct task_struct *tsk = get_proc_task(inode);
	int err = -EACCES;

	if (!tsk)
		return -ENOENT;
	if (proc_may_access(tsk))
		err = PROC_I(inode)->entry->get_path(tsk, path);
	put_task_struct(tsk);
	return err;
}

static const char *pid_get_link(struct dentry *dentry, struct inode *inode,
				struct delayed_call *done)
{
	struct path path;
	int err = link_path(inode, &path);

	if (!err)
		err = nd_jump_link(&path);
	return ERR_PTR(err);
}

static int pid_readlink(struct dentry *dentry, char __user *buf, int len)
{
	struct path path;
	int err = link_path(d_inode(dentry), &path);

	if (!err) {
		err = proc_readlink_path(&path, buf, len);
		path_put(&path);
	}
	return err;
}

static const struct inode_operations pid_link_iops = {
	.get_link	= pid_get_link,
	.readlink	= pid_readlink,
	.getattr	= pid_getattr,
};

/* What readlink() of a magic link gives: the path as the caller would name it. */
int proc_readlink_path(const struct path *path, char __user *buf, int len)
{
	char *page = (char *)__get_free_page(GFP_KERNEL), *name;
	int n;

	if (!page)
		return -ENOMEM;
	name = d_path(path, page, PAGE_SIZE);
	n = PTR_ERR_OR_ZERO(name);
	if (!n) {
		n = min_t(int, len, page + PAGE_SIZE - 1 - name);
		if (copy_to_user(buf, name, n))
			n = -EFAULT;
	}
	free_page((unsigned long)page);
	return n;
}

/* ---- mounts ---- */

static int mounts_open_kind(struct inode *inode, struct file *file, int kind)
{
	struct task_struct *tsk = get_proc_task(inode);
	int err;

	if (!tsk)
		return -EINVAL;
	err = mounts_open(file, tsk, kind);
	put_task_struct(tsk);
	return err;
}

#define MOUNTS_FILE(nm, kind)							\
static int nm##_open(struct inode *inode, struct file *file)			\
{										\
	return mounts_open_kind(inode, file, kind);				\
}										\
static const struct file_operations nm##_fops = {				\
	.open		= nm##_open,						\
	.read_iter	= seq_read_iter,					\
	.llseek		= seq_lseek,						\
	.poll		= mounts_poll,						\
	.release	= mounts_release,					\
}
MOUNTS_FILE(pid_mounts, MOUNTS_MOUNTS);
MOUNTS_FILE(mountinfo, MOUNTS_MOUNTINFO);
MOUNTS_FILE(mountstats, MOUNTS_MOUNTSTATS);

/* ---- the tables ---- */

static const struct inode_operations task_dir_iops;
static const struct file_operations task_dir_fops;

#define DIR(nm, m, io, fo)	{ .name = nm, .mode = S_IFDIR | (m), .iops = &io, .fops = &fo }
#define REG(nm, m, fo)		{ .name = nm, .mode = S_IFREG | (m), .fops = &fo }
#define ONE(nm, m, fn)		{ .name = nm, .mode = S_IFREG | (m), .fops = &one_fops, .show = fn }
#define LNK(nm, fn)		{ .name = nm, .mode = S_IFLNK | 0777, .iops = &pid_link_iops,	\
				  .get_path = fn }

#ifdef CONFIG_FAULT_INJECTION
# define FAIL_ENTRIES								\
	REG("fail-nth",		0644, proc_fail_nth_fops),			\
	ONE("fail-nth-where",	0444, proc_fail_nth_where),
#else
# define FAIL_ENTRIES
#endif

/* What a process and each of its threads have alike. */
#define COMMON_ENTRIES								\
	FAIL_ENTRIES								\
	DIR("fd",		0500, proc_fd_iops, proc_fd_fops),		\
	DIR("fdinfo",		0555, proc_fdinfo_iops, proc_fdinfo_fops),	\
	DIR("ns",		0511, proc_ns_dir_iops, proc_ns_dir_fops),	\
	DIR("net",		0555, proc_net_iops, proc_net_fops),		\
	REG("environ",		0400, environ_fops),				\
	REG("auxv",		0400, auxv_fops),				\
	ONE("status",		0444, proc_pid_status),				\
	ONE("personality",	0400, pid_personality),				\
	REG("mem",		0600, proc_mem_fops),				\
	ONE("syscall",		0400, proc_pid_syscall),			\
	ONE("limits",		0444, pid_limits),				\
	REG("comm",		0644, comm_fops),				\
	REG("loginuid",		0644, proc_loginuid_fops),			\
	REG("sessionid",	0444, proc_sessionid_fops),			\
	REG("uid_map",		0644, proc_uid_map_fops),			\
	REG("gid_map",		0644, proc_gid_map_fops),			\
	REG("projid_map",	0644, proc_projid_map_fops),			\
	REG("setgroups",	0644, proc_setgroups_fops),			\
	REG("cmdline",		0444, cmdline_fops),				\
	ONE("statm",		0444, proc_pid_statm),				\
	MM_VERIFY_ENTRY								\
	REG("maps",		0444, proc_pid_maps_fops),			\
	REG("smaps",		0444, proc_pid_smaps_fops),			\
	REG("numa_maps",	0444, proc_pid_numa_maps_fops),			\
	ONE("smaps_rollup",	0444, proc_pid_smaps_rollup),			\
	REG("pagemap",		0400, proc_pid_pagemap_fops),			\
	REG("mounts",		0444, pid_mounts_fops),				\
	REG("mountinfo",	0444, mountinfo_fops),				\
	LNK("cwd",		get_cwd_link),					\
	LNK("root",		get_root_link),					\
	LNK("exe",		get_exe_link),					\
	ONE("oom_score",	0444, pid_oom_score),				\
	REG("oom_score_adj",	0644, oom_score_adj_fops),			\
	REG("oom_adj",		0644, oom_adj_fops),				\
	ONE("cgroup",		0444, proc_pid_cgroup),				\
	ONE("cpuset",		0444, proc_pid_cpuset),				\
	ONE("schedstat",	0444, pid_schedstat),				\
	ONE("wchan",		0444, pid_wchan)

static const struct pid_entry tgid_entries[] = {
	DIR("task",		0555, task_dir_iops, task_dir_fops),
	ONE("stat",		0444, proc_pid_stat),
	ONE("io",		0400, tgid_io),
	REG("coredump_filter",	0644, proc_coredump_filter_fops),
	REG("mountstats",	0400, mountstats_fops),
	REG("timerslack_ns",	0666, timerslack_fops),
	COMMON_ENTRIES,
};

static const struct pid_entry tid_entries[] = {
	ONE("stat",		0444, proc_tid_stat),
	ONE("io",		0400, tid_io),
	ONE("children",		0444, proc_tid_children),
	COMMON_ENTRIES,
};

static struct dentry *entry_lookup(struct inode *dir, struct dentry *dentry,
				   const struct pid_entry *table, unsigned int n)
{
	struct task_struct *tsk = get_proc_task(dir);
	const struct pid_entry *e;
	struct inode *inode = NULL;

	if (!tsk)
		return ERR_PTR(-ENOENT);
	for (e = table; e < table + n; e++)
		if (strlen(e->name) == dentry->d_name.len &&
		    !memcmp(e->name, dentry->d_name.name, dentry->d_name.len))
			break;
	if (e < table + n)
		inode = proc_pid_make_inode(dir->i_sb, tsk, e->mode);
	put_task_struct(tsk);
	if (!inode)
		return ERR_PTR(-ENOENT);
	PROC_I(inode)->entry = e;
	inode->i_op = e->iops ?: &pid_def_iops;
	inode->i_fop = e->fops;
	set_nlink(inode, S_ISDIR(e->mode) ? 2 : 1);
	d_add(dentry, inode);
	return NULL;
}

static int entry_readdir(struct file *file, struct dir_context *ctx,
			 const struct pid_entry *table, unsigned int n)
{
	struct task_struct *tsk = get_proc_task(file_inode(file));

	if (!tsk)
		return -ENOENT;
	put_task_struct(tsk);
	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; ctx->pos - 2 < n; ctx->pos++) {
		const struct pid_entry *e = &table[ctx->pos - 2];
		u64 ino = file_inode(file)->i_ino * 64 + ctx->pos;

		if (!dir_emit(ctx, e->name, strlen(e->name), ino, fs_umode_to_dtype(e->mode)))
			break;
	}
	return 0;
}

static struct dentry *tgid_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return entry_lookup(dir, dentry, tgid_entries, ARRAY_SIZE(tgid_entries));
}

static int tgid_readdir(struct file *file, struct dir_context *ctx)
{
	return entry_readdir(file, ctx, tgid_entries, ARRAY_SIZE(tgid_entries));
}

static struct dentry *tid_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return entry_lookup(dir, dentry, tid_entries, ARRAY_SIZE(tid_entries));
}

static int tid_readdir(struct file *file, struct dir_context *ctx)
{
	return entry_readdir(file, ctx, tid_entries, ARRAY_SIZE(tid_entries));
}

/* The directory of a process that is gone, but was opened before, leads nowhere. */
static int live_permission(struct inode *inode, int mask)
{
	return pid_has_task(PROC_I(inode)->pid) ? generic_permission(inode, mask) : -ESRCH;
}

static const struct inode_operations tgid_dir_iops = {
	.lookup = tgid_lookup, .getattr = pid_getattr, .permission = live_permission,
};
static const struct file_operations tgid_dir_fops = {
	.iterate_shared = tgid_readdir, .llseek = generic_file_llseek,
};
static const struct inode_operations tid_dir_iops = {
	.lookup = tid_lookup, .getattr = pid_getattr,
};
struct pid *proc_pid_of_dir(const struct file *file)
{
	return file->f_op == &tgid_dir_fops ? PROC_I(file_inode(file))->pid : ERR_PTR(-EBADF);
}

static const struct file_operations tid_dir_fops = {
	.iterate_shared = tid_readdir, .llseek = generic_file_llseek,
};

/* ---- numbers as names ---- */

/* A decimal number without leading zeroes, or -1. */
int proc_name_to_number(const struct qstr *name)
{
	unsigned int i, n = 0;

	if (!name->len || (name->len > 1 && name->name[0] == '0'))
		return -1;
	for (i = 0; i < name->len; i++) {
		unsigned int digit = name->name[i] - '0';

		if (digit > 9 || n > (INT_MAX - 9) / 10)
			return -1;
		n = n * 10 + digit;
	}
	return n;
}

static struct dentry *add_task_dir(struct inode *dir, struct dentry *dentry,
				   struct task_struct *tsk, bool whole_process)
{
	struct inode *inode = proc_pid_make_inode(dir->i_sb, tsk, S_IFDIR | 0555);

	if (!inode)
		return ERR_PTR(-ENOENT);
	inode->i_op = whole_process ? &tgid_dir_iops : &tid_dir_iops;
	inode->i_fop = whole_process ? &tgid_dir_fops : &tid_dir_fops;
	set_nlink(inode, whole_process ? 9 : 7);
	d_add(dentry, inode);
	return NULL;
}

/* Any thread's number leads to its directory, though only processes are listed. */
struct dentry *proc_pid_lookup(struct inode *dir, struct dentry *dentry)
{
	int nr = proc_name_to_number(&dentry->d_name);
	struct task_struct *tsk = nr > 0 ? find_get_task_by_pid_ns(nr, proc_pid_ns(dir)) : NULL;
	struct dentry *ret;

	if (!tsk)
		return ERR_PTR(-ENOENT);
	ret = add_task_dir(dir, dentry, tsk, true);
	put_task_struct(tsk);
	return ret;
}

/* The next process whose number is at least @nr, with a reference. */
static struct task_struct *next_process(int nr, struct pid_namespace *ns)
{
	struct task_struct *tsk = NULL;
	struct pid *pid;

	rcu_read_lock();
	while ((pid = find_ge_pid(nr, ns)) != NULL) {
		nr = pid_nr_ns(pid, ns) + 1;
		tsk = pid_task(pid, PIDTYPE_TGID);
		if (tsk && refcount_inc_not_zero(&tsk->usage))
			break;
		tsk = NULL;
	}
	rcu_read_unlock();
	return tsk;
}

/* Positions from @base on are process numbers. */
int proc_pid_readdir(struct file *file, struct dir_context *ctx, loff_t base)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(file));
	struct task_struct *tsk;
	char name[12];
	bool room;
	int len;

	while ((tsk = next_process(ctx->pos - base, ns)) != NULL) {
		pid_t nr = task_tgid_nr_ns(tsk, ns);

		/* Reaped meanwhile: go on behind the number it had. */
		if (!nr) {
			put_task_struct(tsk);
			ctx->pos++;
			continue;
		}
		ctx->pos = base + nr;
		len = snprintf(name, sizeof(name), "%d", nr);
		room = dir_emit(ctx, name, len, (u64)nr << 8, DT_DIR);
		put_task_struct(tsk);
		if (!room)
			return 0;
		ctx->pos++;
		cond_resched();
	}
	return 0;
}

/* ---- /proc/<pid>/task ---- */

static struct dentry *task_dir_lookup(struct inode *dir, struct dentry *dentry,
				      unsigned int flags)
{
	struct task_struct *leader = get_proc_task(dir), *tsk = NULL;
	int nr = proc_name_to_number(&dentry->d_name);
	struct dentry *ret = ERR_PTR(-ENOENT);

	if (leader && nr > 0)
		tsk = find_get_task_by_pid_ns(nr, proc_pid_ns(dir));
	if (tsk && same_thread_group(leader, tsk))
		ret = add_task_dir(dir, dentry, tsk, false);
	if (tsk)
		put_task_struct(tsk);
	if (leader)
		put_task_struct(leader);
	return ret;
}

/* The thread at @index, with a reference. */
static struct task_struct *nth_thread(struct task_struct *leader, loff_t index)
{
	struct task_struct *t, *found = NULL;

	rcu_read_lock();
	for_each_thread(leader, t) {
		if (index--)
			continue;
		if (refcount_inc_not_zero(&t->usage))
			found = t;
		break;
	}
	rcu_read_unlock();
	return found;
}

static int task_dir_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *leader = get_proc_task(file_inode(file)), *t;
	bool room = true;
	char name[12];
	int len;

	if (!leader)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		room = false;
	while (room && (t = nth_thread(leader, ctx->pos - 2)) != NULL) {
		pid_t nr = task_pid_nr_ns(t, proc_pid_ns(file_inode(file)));

		len = snprintf(name, sizeof(name), "%d", nr);
		room = !nr || dir_emit(ctx, name, len, (u64)nr << 8 | 1, DT_DIR);
		put_task_struct(t);
		if (room)
			ctx->pos++;
	}
	put_task_struct(leader);
	return 0;
}

static int task_dir_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
			    unsigned int query_flags)
{
	struct task_struct *tsk = get_proc_task(d_inode(path->dentry));

	generic_fillattr(d_inode(path->dentry), stat);
	if (tsk) {
		stat->nlink += READ_ONCE(tsk->signal->nr_threads);
		put_task_struct(tsk);
	}
	return 0;
}

static const struct inode_operations task_dir_iops = {
	.lookup		= task_dir_lookup,
	.permission	= live_permission,
	.getattr	= task_dir_getattr,
};
static const struct file_operations task_dir_fops = {
	.iterate_shared	= task_dir_readdir,
	.llseek		= generic_file_llseek,
};
