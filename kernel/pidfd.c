// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfds: descriptors that name a process for as long as they are open, whatever becomes of its
 * number. The file holds a reference to struct pid and nothing else, so a zombie is not kept.
 * Pollers sleep on the pid's own queue, which the dying leader wakes under tasklist_lock.
 */
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/pid_namespace.h>
#include <linux/pidfd.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/pidfd.h>

/* ---- the file ---- */

static bool group_has_exited(struct pid *pid)
{
	struct task_struct *tsk;
	bool exited;

	rcu_read_lock();
	do {
		tsk = pid_task(pid, PIDTYPE_PID);
		exited = !tsk || (READ_ONCE(tsk->exit_state) && thread_group_empty(tsk));
		/* A leader that exec replaced meanwhile leaves the group alone too. */
	} while (exited && tsk != pid_task(pid, PIDTYPE_PID));
	rcu_read_unlock();
	return exited;
}

static __poll_t pidfd_poll(struct file *file, poll_table *pt)
{
	struct pid *pid = file->private_data;

	poll_wait(file, &pid->wait_pidfd, pt);
	return group_has_exited(pid) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int pidfd_release(struct inode *inode, struct file *file)
{
	put_pid(file->private_data);
	return 0;
}

/* -1 for a process that has been reaped: its number may be another's by now. */
static void pidfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct pid *pid = file->private_data;
	struct task_struct *tsk = get_pid_task(pid, PIDTYPE_PID);
	struct pid_namespace *ns = current_pid_ns();
	int nr = tsk ? pid_nr_ns(pid, ns) : -1;

	if (tsk)
		put_task_struct(tsk);
	seq_printf(m, "Pid:\t%d\nNSpid:\t%d", nr, nr);
	for (unsigned int i = ns->level + 1; nr > 0 && i <= pid->level; i++)
		seq_printf(m, "\t%d", pid->numbers[i].nr);
	seq_putc(m, '\n');
}

static const struct file_operations pidfd_fops = {
	.poll		= pidfd_poll,
	.release	= pidfd_release,
	.show_fdinfo	= pidfd_show_fdinfo,
	.llseek		= no_llseek,
};

static struct file *pidfd_file(struct pid *pid, unsigned int flags)
{
	struct file *file = anon_inode_getfile("[pidfd]", &pidfd_fops, pid, O_RDWR | flags);

	if (!IS_ERR(file))
		get_pid(pid);
	return file;
}

/**
 * pidfd_notify - the leader has died, and with it the process
 * @tsk: the leader
 *
 * Context: tasklist_lock held; exit_state is set.
 */
void pidfd_notify(struct task_struct *tsk)
{
	wake_up_all(&tsk->thread_pid->wait_pidfd);
}

/* ---- from descriptors to processes ---- */

struct pid *pidfd_pid(const struct file *file)
{
	return file->f_op == &pidfd_fops ? file->private_data : ERR_PTR(-EBADF);
}

struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags)
{
	struct fd f = fdget(fd);
	struct pid *pid;

	if (!f.file)
		return ERR_PTR(-EBADF);
	pid = pidfd_pid(f.file);
	if (!IS_ERR(pid)) {
		get_pid(pid);
		if (flags)
			*flags = f.file->f_flags;
	}
	fdput(f);
	return pid;
}

struct task_struct *pidfd_get_task(unsigned int fd)
{
	struct pid *pid = pidfd_get_pid(fd, NULL);
	struct task_struct *tsk;

	if (IS_ERR(pid))
		return ERR_CAST(pid);
	tsk = get_pid_task(pid, PIDTYPE_TGID);
	put_pid(pid);
	return tsk ? tsk : ERR_PTR(-ESRCH);
}

/**
 * pidfd_create - a descriptor that names a process
 * @pid: the process
 * @flags: O_NONBLOCK or 0: waitid(P_PIDFD) does not sleep
 *
 * Context: task, may sleep.
 * Return: the descriptor, close-on-exec; -EINVAL when @pid leads no thread group; -EMFILE,
 * -ENFILE, -ENOMEM. Source: pidfd_open(2).
 */
int pidfd_create(struct pid *pid, unsigned int flags)
{
	struct task_struct *tsk = get_pid_task(pid, PIDTYPE_TGID);
	struct file *file;
	int fd;

	if (!tsk)
		return -EINVAL;
	put_task_struct(tsk);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = pidfd_file(pid, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/* ---- CLONE_PIDFD ---- */

/**
 * pidfd_reserve - everything about the child's pidfd that can fail
 * @fc: its child has a pid; gets the file and the number
 *
 * The number is taken and user space told, but the table has no file there yet: a sibling thread
 * that guesses it gets EBADF.
 * Context: task, may sleep. Return: 0, -EMFILE, -ENFILE, -ENOMEM, -EFAULT.
 */
int pidfd_reserve(struct fork_ctx *fc)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = pidfd_file(fc->child->thread_pid, 0);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fc->pidfd = fd;
	fc->pidfd_file = file;
	return put_user(fd, fc->args->pidfd) ? -EFAULT : 0;
}

void pidfd_install(struct fork_ctx *fc)
{
	fd_install(fc->pidfd, fc->pidfd_file);
	fc->pidfd_file = NULL;
}

/* The fork failed: neither the number nor the file stays. */
void pidfd_unreserve(struct fork_ctx *fc)
{
	if (!fc->pidfd_file)
		return;
	put_unused_fd(fc->pidfd);
	fput(fc->pidfd_file);
	fc->pidfd_file = NULL;
}

/* ---- system calls ---- */

SYSCALL_DEFINE2(pidfd_open, pid_t, nr, unsigned int, flags)
{
	struct pid *pid;
	int fd;

	if (flags & ~PIDFD_NONBLOCK)
		return -EINVAL;
	if (nr <= 0)
		return -EINVAL;
	pid = find_get_pid(nr);
	if (!pid)
		return -ESRCH;
	fd = pidfd_create(pid, flags);
	put_pid(pid);
	return fd;
}

/* A pidfd, or an open directory /proc/<pid>. */
static struct pid *signal_target(const struct file *file)
{
	struct pid *pid = pidfd_pid(file);

	return IS_ERR(pid) ? proc_pid_of_dir(file) : pid;
}

static int send_signal_to(struct pid *pid, int sig, siginfo_t __user *uinfo)
{
	struct kernel_siginfo info = kill_siginfo(sig, SI_USER);
	int ret;

	if (uinfo) {
		ret = copy_siginfo_from_user(&info, uinfo);
		if (ret)
			return ret;
		if (info.si_signo != sig)
			return -EINVAL;
		if (pid != current->thread_pid &&
		    (info.si_code >= 0 || info.si_code == SI_TKILL))
			return -EPERM;
	}
	return kill_pid_info(sig, &info, pid);
}

SYSCALL_DEFINE4(pidfd_send_signal, int, pidfd, int, sig, siginfo_t __user *, info,
		unsigned int, flags)
{
	struct pid *pid;
	struct fd f;
	int ret;

	if (flags)
		return -EINVAL;
	f = fdget(pidfd);
	if (!f.file)
		return -EBADF;
	pid = signal_target(f.file);
	ret = IS_ERR(pid) ? PTR_ERR(pid) : send_signal_to(pid, sig, info);
	fdput(f);
	return ret;
}

/* exec changes credentials and files together: look at both inside of its lock. */
static struct file *file_of_task(struct task_struct *tsk, unsigned int fd)
{
	struct file *file = ERR_PTR(-EPERM);

	if (down_read_killable(&tsk->signal->exec_update_lock))
		return ERR_PTR(-EINTR);
	if (proc_may_access(tsk)) {
		file = fget_task(tsk, fd);
		if (!file)
			file = ERR_PTR(-EBADF);
	}
	up_read(&tsk->signal->exec_update_lock);
	return file;
}

SYSCALL_DEFINE3(pidfd_getfd, int, pidfd, int, fd, unsigned int, flags)
{
	struct task_struct *tsk;
	struct file *file;
	struct pid *pid;
	int ret;

	if (flags)
		return -EINVAL;
	pid = pidfd_get_pid(pidfd, NULL);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	tsk = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!tsk)
		return -ESRCH;
	file = file_of_task(tsk, fd);
	put_task_struct(tsk);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = receive_fd(file, NULL, O_CLOEXEC);
	fput(file);
	return ret;
}
