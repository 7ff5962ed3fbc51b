/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Terminals as the rest of the kernel sees them: the controlling terminal of a session, and
 * the object that drivers/tty works on.
 */
#ifndef _LINUX_TTY_H_K
#define _LINUX_TTY_H_K

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/tty_ldisc.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/tty.h>
#include <asm/termios.h>

struct seq_file;
struct fasync_struct;
struct file;
struct inode;
struct pid;
struct task_struct;
struct signal_struct;

#define TTYAUX_MAJOR	5
#define TTY_MAJOR	4
#define TTY_NAME_LEN	16
#define WAKEUP_CHARS	256	/* poll: fewer unsent bytes than this count as writable */

#define _tty_iflag(tty, f)	((tty)->termios.c_iflag & (f))
#define _tty_oflag(tty, f)	((tty)->termios.c_oflag & (f))
#define _tty_cflag(tty, f)	((tty)->termios.c_cflag & (f))
#define _tty_lflag(tty, f)	((tty)->termios.c_lflag & (f))

/*
 * Locks: [I] immutable   [R] reference count   [m] tty_mutex   [r] read_mutex   [w] write_mutex
 *        [l] lock (interrupts off; taken in interrupts)
 * Order: tty_mutex, write_mutex, read_mutex, lock, then the driver's own.
 */
struct tty_struct {
	refcount_t ref;			/* [R] each file, each signal_struct, the driver's table */
	struct tty_driver *driver;	/* [I] */
	const struct tty_operations *ops; /* [I] */
	unsigned int index;		/* [I] minor within the driver */
	char name[TTY_NAME_LEN];	/* [I] "ttyS0", "pts/3" */
	void *driver_data;		/* [I] */
	int count;			/* [m] open files */
	bool line_gone;			/* [m] hung up for good: the pty's master is closed */

	struct mutex read_mutex;	/* one reader at a time */
	struct mutex write_mutex;	/* one write(2) at a time */
	wait_queue_head_t read_wait;	/* input arrived, or hang-up */
	wait_queue_head_t write_wait;	/* room in the output, output empty, or hang-up */
	struct fasync_struct *fasync;	/* who wants SIGIO for input; fs/fcntl.c's lock */

	spinlock_t lock;
	u32 hang_count;			/* [l] files opened under an earlier value are hung up */
	bool stopped;			/* [l] output held by VSTOP or TCOOFF */
	bool tco_stopped;		/* [l] ... by TCOOFF: VSTART does not release it */
	bool throttled;			/* [l] IXOFF: the other end was sent VSTOP */
	bool exclusive;			/* [l] TIOCEXCL */
	struct ktermios termios;	/* [l] */
	struct ktermios termios_locked;	/* [l] bits that only a privileged task may change */
	struct winsize winsize;		/* [l] */
	struct pid *pgrp;		/* [l] foreground process group, holds a reference */
	struct pid *session;		/* [l] holds a reference */
	struct n_tty ld;		/* [l] */
	struct tty_fifo in;		/* received, not yet seen by the line discipline */
};

/* An open file of a terminal: file->private_data. */
struct tty_file {
	struct tty_struct *tty;		/* [I] holds a reference */
	u32 hang_count;			/* [I] tty->hang_count at open */
	bool console;			/* [I] /dev/console: never hung up, no job control */
};

/* Locks: taken by open, release and hang-up of any terminal; sleeps. */
extern struct mutex tty_mutex;

/* ---- for fork, exit, exec, /proc ---- */

struct tty_struct *tty_get(struct tty_struct *tty);
void tty_put(struct tty_struct *tty);
void tty_drivers_show(struct seq_file *m);
#define tty_kref_get(tty)	tty_get(tty)
#define tty_kref_put(tty)	tty_put(tty)
struct tty_struct *get_current_tty(void);
void disassociate_ctty(int on_exit);
dev_t tty_devnum(const struct tty_struct *tty);
struct pid *tty_get_pgrp(struct tty_struct *tty);
const char *tty_name(const struct tty_struct *tty);

/* ---- within drivers/tty ---- */

struct tty_struct *tty_alloc(struct tty_driver *driver, unsigned int index);
int tty_setup_input(struct tty_struct *tty, unsigned int size, bool with_flags);
int tty_open_file(struct tty_struct *tty, struct file *file, bool console, bool noctty);
bool tty_file_hung_up(const struct tty_file *tf);
int tty_check_change(struct tty_struct *tty, int sig);
void tty_hangup(struct tty_struct *tty, bool exit_session);
void tty_acquire_on_open(struct tty_struct *tty, struct file *file);
long tty_job_control_ioctl(struct tty_struct *tty, struct file *file, bool master,
			   unsigned int cmd, unsigned long arg);
long tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
long tty_common_ioctl(struct tty_struct *tty, struct file *file, bool master, unsigned int cmd,
		      unsigned long arg);
int tty_wait_until_sent(struct tty_struct *tty, long timeout);
void tty_flush_input(struct tty_struct *tty);
void tty_flush_output(struct tty_struct *tty);
int tty_signal_pgrp(struct tty_struct *tty, int sig);
void __tty_start(struct tty_struct *tty);
void __tty_stop(struct tty_struct *tty);
void __tty_packet_event(struct tty_struct *tty, u8 bits);
void tty_session_forget(struct tty_struct *tty);
struct tty_struct *console_tty(void);
struct file *tty_console_redirect(void);
void tty_console_redirect_end(struct tty_struct *tty);
void tty_termios_encode(struct ktermios *termios);

extern const struct file_operations tty_fops;

#endif /* _LINUX_TTY_H_K */
