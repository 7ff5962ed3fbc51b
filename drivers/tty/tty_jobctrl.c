// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and their controlling terminals: who may read and write, who is signalled, how a
 * terminal is gained, given up and hung up. signal->tty hangs below siglock, tty->session and
 * tty->pgrp below tty->lock; both change together only under tty_mutex.
 */
#include <linux/capability.h>
#include <linux/syscalls.h>
#include "internal.h"

/* ---- the terminal of a task ---- */

/**
 * get_current_tty - the controlling terminal
 *
 * Context: any task.
 * Return: it, with a reference, or NULL.
 */
struct tty_struct *get_current_tty(void)
{
	struct tty_struct *tty;
	unsigned long irq;

	spin_lock_irqsave(&current->sighand->siglock, irq);
	tty = tty_get(current->signal->tty);
	spin_unlock_irqrestore(&current->sighand->siglock, irq);
	return tty;
}

/* The foreground process group, with a reference, or NULL. Context: any. */
struct pid *tty_get_pgrp(struct tty_struct *tty)
{
	struct pid *pgrp;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	pgrp = get_pid(tty->pgrp);
	spin_unlock_irqrestore(&tty->lock, irq);
	return pgrp;
}

static struct pid *tty_get_session(struct tty_struct *tty)
{
	struct pid *session;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	session = get_pid(tty->session);
	spin_unlock_irqrestore(&tty->lock, irq);
	return session;
}

/* Consumes both references. */
static void tty_set_session(struct tty_struct *tty, struct pid *session, struct pid *pgrp)
{
	struct pid *old_session, *old_pgrp;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	old_session = tty->session;
	old_pgrp = tty->pgrp;
	tty->session = session;
	tty->pgrp = pgrp;
	spin_unlock_irqrestore(&tty->lock, irq);
	put_pid(old_session);
	put_pid(old_pgrp);
}

/* Put @tty into a process, or NULL; the old one's reference goes. */
static void signal_set_tty(struct task_struct *tsk, struct tty_struct *tty)
{
	struct pid *old_pgrp;
	struct tty_struct *old;
	unsigned long irq;

	spin_lock_irqsave(&tsk->sighand->siglock, irq);
	old = tsk->signal->tty;
	tsk->signal->tty = tty_get(tty);
	old_pgrp = tsk->signal->tty_old_pgrp;
	tsk->signal->tty_old_pgrp = NULL;
	spin_unlock_irqrestore(&tsk->sighand->siglock, irq);
	put_pid(old_pgrp);
	tty_put(old);
}

/* Context: tty_mutex. */
static void set_controlling_tty(struct tty_struct *tty)
{
	ASSERT(mutex_is_locked(&tty_mutex));
	tty_set_session(tty, get_task_pid(current, PIDTYPE_SID),
			get_task_pid(current, PIDTYPE_PGID));
	signal_set_tty(current, tty);
}

/* A session leader without a terminal gains the one it opens for reading. Context: tty_mutex. */
void tty_acquire_on_open(struct tty_struct *tty, struct file *file)
{
	if (current->signal->leader && !current->signal->tty && !tty->session &&
	    (file->f_mode & FMODE_READ))
		set_controlling_tty(tty);
}

/* ---- losing a terminal ---- */

/* If @tsk has @tty, take it away. Return: true when it had. Context: tasklist_lock. */
static bool take_tty_from(struct task_struct *tsk, struct tty_struct *tty)
{
	unsigned long irq;
	bool had;

	spin_lock_irqsave(&tsk->sighand->siglock, irq);
	had = tsk->signal->tty == tty;
	if (had)
		tsk->signal->tty = NULL;
	spin_unlock_irqrestore(&tsk->sighand->siglock, irq);
	return had;
}

/* The leader is told, and remembers whom to tell when it exits. Context: tasklist_lock. */
static void signal_hung_up_leader(struct task_struct *leader, struct pid *pgrp)
{
	struct pid *old_pgrp;
	unsigned long irq;

	do_send_sig_info(SIGHUP, SEND_SIG_PRIV, leader, PIDTYPE_TGID);
	do_send_sig_info(SIGCONT, SEND_SIG_PRIV, leader, PIDTYPE_TGID);
	spin_lock_irqsave(&leader->sighand->siglock, irq);
	old_pgrp = leader->signal->tty_old_pgrp;
	leader->signal->tty_old_pgrp = get_pid(pgrp);
	spin_unlock_irqrestore(&leader->sighand->siglock, irq);
	put_pid(old_pgrp);
}

/* Take @tty away from every process of @session; with @hang_up also signal its leader. */
static void session_lose_tty(struct pid *session, struct tty_struct *tty, struct pid *pgrp,
			     bool hang_up)
{
	struct task_struct *tsk;
	unsigned int lost = 0;

	read_lock(&tasklist_lock);
	do_each_pid_task(session, PIDTYPE_SID, tsk) {
		lost += take_tty_from(tsk, tty);
		if (hang_up && tsk->signal->leader)
			signal_hung_up_leader(tsk, pgrp);
	} while_each_pid_task(session, PIDTYPE_SID, tsk);
	read_unlock(&tasklist_lock);
	while (lost--)
		tty_put(tty);
}

/* The last file is closed: nobody's controlling terminal any more. Context: tty_mutex. */
void tty_session_forget(struct tty_struct *tty)
{
	struct pid *session = tty_get_session(tty);

	if (!session)
		return;
	session_lose_tty(session, tty, NULL, false);
	tty_set_session(tty, NULL, NULL);
	put_pid(session);
}

/* Everything that a hang-up undoes in the terminal itself. Files opened before are dead. */
static void hang_up_state(struct tty_struct *tty)
{
	struct ktermios old = tty->termios;
	unsigned long irq;

	spin_lock_irqsave(&tty->lock, irq);
	tty->hang_count++;
	tty->exclusive = false;
	tty->stopped = false;
	tty->tco_stopped = false;
	tty_fifo_reset(&tty->in);
	__n_tty_reset_input(tty);
	tty->ld.echo_tail = tty->ld.echo_head;
	if (tty->driver->reset_termios) {
		tty->termios = tty->driver->init_termios;
		__n_tty_set_termios(tty, &old);
	}
	spin_unlock_irqrestore(&tty->lock, irq);
	if (tty->ops->hangup)
		tty->ops->hangup(tty);
}

static void hang_up_locked(struct tty_struct *tty, bool exit_session)
{
	struct pid *session = tty_get_session(tty), *pgrp = tty_get_pgrp(tty);

	hang_up_state(tty);
	if (session)
		session_lose_tty(session, tty, pgrp, true);
	if (pgrp && exit_session)
		kill_pgrp(pgrp, SIGHUP, 1);
	tty_set_session(tty, NULL, NULL);
	put_pid(session);
	put_pid(pgrp);
	wake_up_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM | EPOLLHUP);
	wake_up_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM | EPOLLHUP);
	wake_up_all(&tty->read_wait);
	wake_up_all(&tty->write_wait);
}

/**
 * tty_hangup - hang a terminal up
 * @tty: the terminal
 * @exit_session: because its session's leader exits: the foreground group gets SIGHUP too
 *
 * Open files read end of file, write -EIO. The session loses its terminal, its leader gets
 * SIGHUP and SIGCONT. The terminal can be opened again at once.
 *
 * Context: sleeps, takes tty_mutex.
 */
void tty_hangup(struct tty_struct *tty, bool exit_session)
{
	mutex_lock(&tty_mutex);
	hang_up_locked(tty, exit_session);
	mutex_unlock(&tty_mutex);
	tty_console_redirect_end(tty);
}

/*
 * The leader gives its terminal up, by TIOCNOTTY or by exiting. The session loses it before the
 * foreground group is told: who gets the signal finds no terminal. Context: tty_mutex.
 */
static void leader_drop_tty(struct tty_struct *tty, bool on_exit)
{
	struct pid *pgrp = tty_get_pgrp(tty);
	struct pid *session = get_task_pid(current, PIDTYPE_SID);

	tty_set_session(tty, NULL, NULL);
	session_lose_tty(session, tty, NULL, false);
	put_pid(session);
	if (!pgrp)
		return;
	kill_pgrp(pgrp, SIGHUP, on_exit);
	if (!on_exit)
		kill_pgrp(pgrp, SIGCONT, on_exit);
	put_pid(pgrp);
}

/* An exiting leader whose terminal was hung up earlier: those whom it served learn it now. */
static void signal_old_pgrp(void)
{
	struct pid *pgrp;

	spin_lock_irq(&current->sighand->siglock);
	pgrp = current->signal->tty_old_pgrp;
	current->signal->tty_old_pgrp = NULL;
	spin_unlock_irq(&current->sighand->siglock);
	if (!pgrp)
		return;
	kill_pgrp(pgrp, SIGHUP, 1);
	kill_pgrp(pgrp, SIGCONT, 1);
	put_pid(pgrp);
}

/**
 * disassociate_ctty - a session leader parts from its controlling terminal
 * @on_exit: it exits (else it asked: TIOCNOTTY)
 *
 * Nothing happens for other tasks. POSIX.1-2017 3.337 and exit(3): the foreground group gets
 * SIGHUP; a line that is no pty is hung up altogether when the leader exits.
 *
 * Context: sleeps; current still has its sighand and pids.
 */
void disassociate_ctty(int on_exit)
{
	struct tty_struct *tty;
	bool hung_up = false;

	if (!current->signal->leader)
		return;
	mutex_lock(&tty_mutex);
	tty = get_current_tty();
	if (!tty) {
		if (on_exit)
			signal_old_pgrp();
	} else if (on_exit && tty->driver->type != TTY_DRIVER_TYPE_PTY) {
		hang_up_locked(tty, true);
		hung_up = true;
	} else {
		leader_drop_tty(tty, on_exit);
	}
	mutex_unlock(&tty_mutex);
	if (hung_up)
		tty_console_redirect_end(tty);
	tty_put(tty);
}

/* vhangup(2) */
SYSCALL_DEFINE0(vhangup)
{
	struct tty_struct *tty;

	if (!capable(CAP_SYS_TTY_CONFIG))
		return -EPERM;
	tty = get_current_tty();
	if (tty)
		tty_hangup(tty, false);
	tty_put(tty);
	return 0;
}

/* ---- job control ---- */

static bool signal_is_ignored(int sig)
{
	return sigismember(&current->blocked, sig) ||
	       current->sighand->action[sig - 1].sa.sa_handler == SIG_IGN;
}

/* A task of background group @pgrp touches its terminal: POSIX.1-2017 11.1.4. */
static int background_access(struct pid *pgrp, int sig)
{
	if (signal_is_ignored(sig))
		return sig == SIGTTIN ? -EIO : 0;
	if (is_current_pgrp_orphaned())
		return -EIO;
	kill_pgrp(pgrp, sig, 1);
	set_thread_flag(TIF_SIGPENDING);
	return -ERESTARTSYS;
}

/**
 * tty_check_change - may the current task touch this terminal?
 * @tty: the terminal
 * @sig: SIGTTIN before reading, SIGTTOU before writing or changing it
 *
 * Return: 0; -EIO (the signal could not stop the group, or for reading is ignored);
 * -ERESTARTSYS when the group was sent @sig.
 */
int tty_check_change(struct tty_struct *tty, int sig)
{
	struct pid *pgrp, *foreground;
	int ret = 0;

	if (READ_ONCE(current->signal->tty) != tty)
		return 0;
	pgrp = get_task_pid(current, PIDTYPE_PGID);
	foreground = tty_get_pgrp(tty);
	if (foreground && foreground != pgrp)
		ret = background_access(pgrp, sig);
	put_pid(foreground);
	put_pid(pgrp);
	return ret;
}

/* Send @sig to the foreground group. */
int tty_signal_pgrp(struct tty_struct *tty, int sig)
{
	struct pid *pgrp = tty_get_pgrp(tty);
	int err = 0;

	if (pgrp)
		err = kill_pgrp(pgrp, sig, 1);
	put_pid(pgrp);
	return err;
}

/* ---- ioctls ---- */

/* TIOCSCTTY, under tty_mutex; @steal: argument 1, root may take another session's terminal. */
static int make_controlling(struct tty_struct *tty, struct file *file, bool steal)
{
	struct pid *session;
	bool mine;

	session = get_task_pid(current, PIDTYPE_SID);
	mine = session == tty->session;
	put_pid(session);
	if (current->signal->leader && mine)
		return 0;
	if (!current->signal->leader || current->signal->tty)
		return -EPERM;
	if (tty->session && !(steal && capable(CAP_SYS_ADMIN)))
		return -EPERM;
	if (!(file->f_mode & FMODE_READ) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (tty->session)
		tty_session_forget(tty);
	set_controlling_tty(tty);
	return 0;
}

static int tiocsctty(struct tty_struct *tty, struct file *file, bool steal)
{
	int err;

	mutex_lock(&tty_mutex);
	err = make_controlling(tty, file, steal);
	mutex_unlock(&tty_mutex);
	return err;
}

static int tiocnotty(struct tty_struct *tty, bool master)
{
	if (master || READ_ONCE(current->signal->tty) != tty)
		return -ENOTTY;
	disassociate_ctty(0);
	signal_set_tty(current, NULL);
	return 0;
}

/* From the pty's master anybody may ask, else only its session. */
static bool may_ask(struct tty_struct *tty, bool master)
{
	return master || READ_ONCE(current->signal->tty) == tty;
}

static int put_pid_number(struct pid *pid, unsigned long arg)
{
	int nr = pid_vnr(pid);

	put_pid(pid);
	return put_user(nr, (int __user *)arg);
}

static int tiocgpgrp(struct tty_struct *tty, bool master, unsigned long arg)
{
	if (!may_ask(tty, master))
		return -ENOTTY;
	return put_pid_number(tty_get_pgrp(tty), arg);
}

static int tiocgsid(struct tty_struct *tty, bool master, unsigned long arg)
{
	struct pid *session;

	if (!may_ask(tty, master))
		return -ENOTTY;
	session = tty_get_session(tty);
	return session ? put_pid_number(session, arg) : -ENOTTY;
}

/*
 * The process group @nr of the current session, with a reference. As on Linux, the number of
 * a process of the session that leads no group passes too.
 */
static struct pid *own_session_pgrp(int nr)
{
	struct task_struct *member;
	struct pid *pgrp;
	bool own = false;

	read_lock(&tasklist_lock);
	pgrp = get_pid(find_vpid(nr));
	member = pgrp ? pid_task(pgrp, PIDTYPE_PGID) : NULL;
	if (pgrp && !member)
		member = pid_task(pgrp, PIDTYPE_PID);
	if (member)
		own = task_session(member) == task_session(current);
	read_unlock(&tasklist_lock);
	if (!pgrp)
		return ERR_PTR(-ESRCH);
	if (own)
		return pgrp;
	put_pid(pgrp);
	return ERR_PTR(-EPERM);
}

static bool is_session_tty(struct tty_struct *tty)
{
	struct pid *session = get_task_pid(current, PIDTYPE_SID);
	bool same = READ_ONCE(current->signal->tty) == tty && READ_ONCE(tty->session) == session;

	put_pid(session);
	return same;
}

static int tiocspgrp(struct tty_struct *tty, unsigned long arg)
{
	int err = tty_check_change(tty, SIGTTOU), nr;
	struct pid *pgrp, *old;
	unsigned long irq;

	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (!is_session_tty(tty))
		return -ENOTTY;
	if (get_user(nr, (int __user *)arg))
		return -EFAULT;
	if (nr < 0)
		return -EINVAL;
	pgrp = own_session_pgrp(nr);
	if (IS_ERR(pgrp))
		return PTR_ERR(pgrp);
	spin_lock_irqsave(&tty->lock, irq);
	old = tty->pgrp;
	tty->pgrp = pgrp;
	spin_unlock_irqrestore(&tty->lock, irq);
	put_pid(old);
	return 0;
}

/**
 * tty_job_control_ioctl - the ioctls about sessions and process groups
 * @tty: the terminal (a pty's, if called on its master)
 * @file: the open file
 * @master: it is the pty's master
 * @cmd: command
 * @arg: its argument
 *
 * Return: as ioctl_tty(2) says, or -ENOIOCTLCMD for other commands.
 */
long tty_job_control_ioctl(struct tty_struct *tty, struct file *file, bool master,
			   unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TIOCSCTTY:
		return tiocsctty(tty, file, arg == 1);
	case TIOCNOTTY:
		return tiocnotty(tty, master);
	case TIOCGPGRP:
		return tiocgpgrp(tty, master, arg);
	case TIOCSPGRP:
		return tiocspgrp(tty, arg);
	case TIOCGSID:
		return tiocgsid(tty, master, arg);
	default:
		return -ENOIOCTLCMD;
	}
}
