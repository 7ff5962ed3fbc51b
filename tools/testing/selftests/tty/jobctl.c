// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions, process groups and their terminal: signals from the keyboard, background reads
 * and writes, who may become controlling and who may change the foreground group.
 */
#include "pty.h"

static volatile sig_atomic_t caught[65];

static void catch(int sig)
{
	caught[sig]++;
}

static void catch_signal(int sig)
{
	struct sigaction sa = { .sa_handler = catch };

	ASSERT_EQ(sigaction(sig, &sa, NULL), 0);
}

/* Wait for a child to stop: the signal, or -1. */
static int wait_stop(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return -1;
	return WSTOPSIG(status);
}

static int pipes[2];

static void report(int sig)
{
	tell(pipes[1], sig);
}

static void leader_report_signals(struct pair *p)
{
	(void)p;
	signal(SIGINT, report);
	signal(SIGQUIT, report);
	signal(SIGTSTP, report);
	tell(pipes[1], 0);
	for (;;)
		pause();
}

TEST(keyboard_signals)
{
	struct pair p = open_pair();
	pid_t pid;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_report_signals);
	ASSERT_EQ(hear(pipes[0]), 0);
	/* Each echo is read before the next signal, which discards what has not been. */
	put(p.master, "\003");
	EXPECT_EQ(hear(pipes[0]), SIGINT);
	EXPECT(expect_text(p.master, "^C"));
	put(p.master, "\034");
	EXPECT_EQ(hear(pipes[0]), SIGQUIT);
	EXPECT(expect_text(p.master, "^\\"));
	put(p.master, "\032");
	EXPECT_EQ(hear(pipes[0]), SIGTSTP);
	EXPECT(expect_text(p.master, "^Z"));
	kill(pid, SIGKILL);
}

static void leader_flush(struct pair *p)
{
	struct termios t;
	char buf[64];

	signal(SIGINT, SIG_IGN);
	tell(pipes[1], 0);
	ASSERT_EQ(read(p->slave, buf, sizeof(buf)), 4);
	EXPECT_EQ(memcmp(buf, "two\n", 4), 0);
	ASSERT_EQ(tcgetattr(p->slave, &t), 0);
	t.c_lflag |= NOFLSH;
	ASSERT_EQ(tcsetattr(p->slave, TCSANOW, &t), 0);
	tell(pipes[1], 0);
	ASSERT_EQ(read(p->slave, buf, sizeof(buf)), 8);
	EXPECT_EQ(memcmp(buf, "onetwo!\n", 8), 0);
}

/* The characters typed before ^C are gone, unless NOFLSH. */
TEST(interrupt_flushes_input)
{
	struct pair p = open_pair();
	pid_t pid;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_flush);
	ASSERT_EQ(hear(pipes[0]), 0);
	put(p.master, "one\003two\n");
	ASSERT_EQ(hear(pipes[0]), 0);
	put(p.master, "one\003two!\n");
	EXPECT_EQ(wait_exit(pid), 0);
}

static void leader_foreground(struct pair *p)
{
	pid_t child = fork();

	ASSERT_GE(child, 0);
	signal(SIGTTOU, SIG_IGN);
	if (!child) {
		ASSERT_EQ(setpgid(0, 0), 0);
		ASSERT_EQ(tcsetpgrp(p->slave, getpid()), 0);
		signal(SIGINT, SIG_DFL);
		tell(pipes[1], 0);
		pause();
		_exit(7);
	}
	signal(SIGINT, SIG_IGN);
	EXPECT_EQ(wait_exit(child), 128 + SIGINT);
	EXPECT_EQ(tcgetpgrp(p->slave), child);
	tell(pipes[1], 1);
}

/* ^C reaches the foreground group only; the group number stays when the group is gone. */
TEST(interrupt_foreground_only)
{
	struct pair p = open_pair();
	pid_t pid;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_foreground);
	ASSERT_EQ(hear(pipes[0]), 0);
	put(p.master, "\003");
	EXPECT_EQ(hear(pipes[0]), 1);
	EXPECT_EQ(wait_exit(pid), 0);
}

static void leader_background_read(struct pair *p)
{
	pid_t child = fork();
	char c;

	ASSERT_GE(child, 0);
	if (!child) {
		setpgid(0, 0);
		ASSERT_EQ(read(p->slave, &c, 1), 1);
		_exit(c);
	}
	setpgid(child, child);
	EXPECT_EQ(wait_stop(child), SIGTTIN);
	ASSERT_EQ(tcsetpgrp(p->slave, child), 0);
	ASSERT_EQ(kill(child, SIGCONT), 0);
	EXPECT_EQ(wait_exit(child), 'x');
}

/* Stopped by SIGTTIN, the read goes on when the group is brought to the foreground. */
TEST(background_read_stops)
{
	struct pair p = open_pair();

	put(p.master, "x\n");
	EXPECT_EQ(wait_exit(spawn_leader(&p, leader_background_read)), 0);
}

static void leader_background_ignored(struct pair *p)
{
	pid_t child = fork();
	sigset_t set;
	char c;

	ASSERT_GE(child, 0);
	if (!child) {
		setpgid(0, 0);
		signal(SIGTTIN, SIG_IGN);
		EXPECT_ERRNO(read(p->slave, &c, 1), EIO);
		signal(SIGTTIN, SIG_DFL);
		sigemptyset(&set);
		sigaddset(&set, SIGTTIN);
		sigprocmask(SIG_BLOCK, &set, NULL);
		EXPECT_ERRNO(read(p->slave, &c, 1), EIO);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(background_read_ignored)
{
	struct pair p = open_pair();

	EXPECT_EQ(wait_exit(spawn_leader(&p, leader_background_ignored)), 0);
}

static void leader_orphan(struct pair *p)
{
	pid_t child = fork(), parent;
	char c;

	ASSERT_GE(child, 0);
	if (child) {
		EXPECT_EQ(wait_exit(child), 128 + SIGKILL);
		tell(pipes[1], 0);
		sleep_ms(1000);		/* the leader lives: no SIGHUP to anybody */
		return;
	}
	ASSERT_EQ(setpgid(0, 0), 0);
	child = fork();
	ASSERT_GE(child, 0);
	if (child)
		pause();
	parent = getppid();
	kill(parent, SIGKILL);
	while (getppid() == parent)
		sleep_ms(10);
	EXPECT_ERRNO(read(p->slave, &c, 1), EIO);
	tell(pipes[1], 1);
	_exit(0);
}

/* Nobody could continue an orphaned group: its reads fail. */
TEST(background_read_orphaned)
{
	struct pair p = open_pair();
	int first, second;

	ASSERT_EQ(pipe(pipes), 0);
	spawn_leader(&p, leader_orphan);
	first = hear(pipes[0]);
	second = hear(pipes[0]);
	EXPECT_EQ(first + second, 1);
}

static void leader_tostop(struct pair *p)
{
	struct termios t;
	pid_t child;

	ASSERT_EQ(tcgetattr(p->slave, &t), 0);
	child = fork();
	ASSERT_GE(child, 0);
	if (!child) {
		setpgid(0, 0);
		EXPECT_EQ(write(p->slave, "a", 1), 1);	/* no TOSTOP: allowed */
		raise(SIGSTOP);
		EXPECT_EQ(write(p->slave, "b", 1), 1);	/* stops, then goes on */
		signal(SIGTTOU, SIG_IGN);
		EXPECT_EQ(write(p->slave, "c", 1), 1);	/* ignored: allowed */
		_exit(0);
	}
	EXPECT_EQ(wait_stop(child), SIGSTOP);
	t.c_lflag |= TOSTOP;
	ASSERT_EQ(tcsetattr(p->slave, TCSANOW, &t), 0);
	kill(child, SIGCONT);
	EXPECT_EQ(wait_stop(child), SIGTTOU);
	t.c_lflag &= ~TOSTOP;
	ASSERT_EQ(tcsetattr(p->slave, TCSANOW, &t), 0);
	kill(child, SIGCONT);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(background_write_tostop)
{
	struct pair p = open_pair();
	pid_t pid = spawn_leader(&p, leader_tostop);

	EXPECT_STREQ(drain(p.master), "abc");
	EXPECT_EQ(wait_exit(pid), 0);
}

static void leader_background_settings(struct pair *p)
{
	struct winsize ws = { .ws_row = 10, .ws_col = 20 };
	struct termios t;
	pid_t child = fork();

	ASSERT_GE(child, 0);
	if (!child) {
		setpgid(0, 0);
		EXPECT_EQ(tcgetattr(p->slave, &t), 0);
		EXPECT_EQ(ioctl(p->slave, TIOCSWINSZ, &ws), 0);
		EXPECT_EQ(tcsetattr(p->slave, TCSANOW, &t), 0);	/* stops */
		signal(SIGTTOU, SIG_IGN);
		EXPECT_EQ(tcsetattr(p->slave, TCSANOW, &t), 0);
		EXPECT_EQ(tcflush(p->slave, TCIFLUSH), 0);
		_exit(0);
	}
	EXPECT_EQ(wait_stop(child), SIGTTOU);
	ASSERT_EQ(tcsetpgrp(p->slave, child), 0);
	kill(child, SIGCONT);
	EXPECT_EQ(wait_exit(child), 0);
}

TEST(background_settings)
{
	struct pair p = open_pair();

	EXPECT_EQ(wait_exit(spawn_leader(&p, leader_background_settings)), 0);
}

static void leader_groups(struct pair *p)
{
	pid_t child = fork();

	ASSERT_GE(child, 0);
	if (!child) {
		pause();
		_exit(0);
	}
	EXPECT_EQ(tcgetsid(p->slave), getpid());
	EXPECT_EQ(tcgetpgrp(p->slave), getpid());
	EXPECT_ERRNO(tcsetpgrp(p->slave, 999999), ESRCH);
	EXPECT_ERRNO(tcsetpgrp(p->slave, -1), EINVAL);
	EXPECT_ERRNO(tcsetpgrp(p->slave, getppid()), EPERM);	/* another session */
	EXPECT_EQ(setpgid(child, child), 0);
	EXPECT_EQ(tcsetpgrp(p->slave, child), 0);
	EXPECT_EQ(tcgetpgrp(p->slave), child);
	kill(child, SIGKILL);
}

TEST(foreground_group)
{
	struct pair p = open_pair();
	pid_t pgrp = -1, leader, sid = -1;

	/* The test may itself run in a session of its own. */
	setpgid(0, 0);
	EXPECT_ERRNO(tcgetpgrp(p.slave), ENOTTY);
	EXPECT_ERRNO(tcsetpgrp(p.slave, getpgrp()), ENOTTY);
	EXPECT_ERRNO(tcgetsid(p.slave), ENOTTY);
	leader = spawn_leader(&p, leader_groups);
	EXPECT_EQ(wait_exit(leader), 0);
	EXPECT_EQ(ioctl(p.master, TIOCGPGRP, &pgrp), 0);
	EXPECT_ERRNO(ioctl(p.master, TIOCGSID, &sid), ENOTTY);
}

static void leader_of_master_view(struct pair *p)
{
	(void)p;
	tell(pipes[1], getpid());
	pause();
}

/* The master may ask for the group and the session of its slave. */
TEST(master_sees_groups)
{
	struct pair p = open_pair();
	pid_t pid, got = -1;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_of_master_view);
	EXPECT_EQ(hear(pipes[0]), pid);
	EXPECT_EQ(ioctl(p.master, TIOCGPGRP, &got), 0);
	EXPECT_EQ(got, pid);
	got = -1;
	EXPECT_EQ(ioctl(p.master, TIOCGSID, &got), 0);
	EXPECT_EQ(got, pid);
	EXPECT_ERRNO(ioctl(p.master, TIOCSPGRP, &pid), ENOTTY);
	kill(pid, SIGKILL);
}

/* On the master TIOCSCTTY gains the slave; TIOCNOTTY is not for it. */
TEST(controlling_through_master)
{
	struct pair p = open_pair();
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid) {
		ASSERT_GT(setsid(), 0);
		EXPECT_EQ(ioctl(p.master, TIOCSCTTY, 0), 0);
		EXPECT_EQ(tcgetsid(p.slave), getpid());
		EXPECT_ERRNO(ioctl(p.master, TIOCNOTTY), ENOTTY);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

/* Opening without O_NOCTTY, by a leader without one, makes the terminal controlling. */
TEST(open_acquires)
{
	struct pair p = open_pair();
	pid_t pid = fork();
	int fd;

	ASSERT_GE(pid, 0);
	if (!pid) {
		ASSERT_GT(setsid(), 0);
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		fd = open(p.name, O_RDWR | O_NOCTTY);
		ASSERT_GE(fd, 0);
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		close(fd);
		fd = open(p.name, O_WRONLY);	/* not readable: not acquired */
		ASSERT_GE(fd, 0);
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		fd = open(p.name, O_RDWR);
		ASSERT_GE(fd, 0);
		fd = open("/dev/tty", O_RDWR);
		ASSERT_GE(fd, 0);
		EXPECT_EQ(tcgetsid(fd), getpid());
		EXPECT_EQ(write(fd, "hello", 5), 5);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_STREQ(drain(p.master), "hello");
}

TEST(tiocsctty_rules)
{
	struct pair p = open_pair(), other = open_pair();
	pid_t pid = fork(), child;
	int fd;

	ASSERT_GE(pid, 0);
	if (!pid) {
		ASSERT_GT(setsid(), 0);
		child = fork();
		if (!child) {
			EXPECT_ERRNO(ioctl(p.slave, TIOCSCTTY, 0), EPERM);	/* no leader */
			_exit(0);
		}
		EXPECT_EQ(wait_exit(child), 0);
		fd = open(p.name, O_WRONLY | O_NOCTTY);
		ASSERT_GE(fd, 0);
		EXPECT_EQ(ioctl(p.slave, TIOCSCTTY, 0), 0);
		EXPECT_EQ(ioctl(p.slave, TIOCSCTTY, 0), 0);		/* already: fine */
		EXPECT_ERRNO(ioctl(other.slave, TIOCSCTTY, 0), EPERM);	/* has another */
		child = fork();
		if (!child) {
			ASSERT_GT(setsid(), 0);
			EXPECT_ERRNO(ioctl(p.slave, TIOCSCTTY, 0), EPERM); /* it is taken */
			if (geteuid())
				_exit(0);
			EXPECT_EQ(ioctl(p.slave, TIOCSCTTY, 1), 0);	/* root may steal */
			EXPECT_EQ(tcgetsid(p.slave), getpid());
			_exit(0);
		}
		EXPECT_EQ(wait_exit(child), 0);
		if (!geteuid())
			EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);	/* it is gone */
		_exit(0);
	}
	EXPECT_EQ(wait_exit(pid), 0);
}

static void leader_notty(struct pair *p)
{
	pid_t child;
	int fd;

	child = fork();
	ASSERT_GE(child, 0);
	if (!child) {
		EXPECT_EQ(ioctl(p->slave, TIOCNOTTY), 0);	/* only for itself */
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(child), 0);
	fd = open("/dev/tty", O_RDWR);
	EXPECT_GE(fd, 0);
	catch_signal(SIGHUP);
	catch_signal(SIGCONT);
	EXPECT_EQ(ioctl(p->slave, TIOCNOTTY), 0);
	EXPECT_EQ(caught[SIGHUP], 1);
	EXPECT_EQ(caught[SIGCONT], 1);
	EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
	EXPECT_ERRNO(ioctl(p->slave, TIOCNOTTY), ENOTTY);
	EXPECT_EQ(ioctl(p->slave, TIOCSCTTY, 0), 0);
}

TEST(give_up_terminal)
{
	struct pair p = open_pair();

	EXPECT_EQ(wait_exit(spawn_leader(&p, leader_notty)), 0);
}

static void leader_exits(struct pair *p)
{
	pid_t child = fork();

	ASSERT_GE(child, 0);
	if (!child) {
		ASSERT_EQ(setpgid(0, 0), 0);
		signal(SIGTTOU, SIG_IGN);
		ASSERT_EQ(tcsetpgrp(p->slave, getpid()), 0);
		catch_signal(SIGHUP);
		tell(pipes[1], 0);
		while (!caught[SIGHUP])
			sleep_ms(10);
		EXPECT_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
		tell(pipes[1], SIGHUP);
		_exit(0);
	}
	sleep_ms(100);
}

/* When the session's leader exits, the foreground group gets SIGHUP and the terminal is free. */
TEST(leader_exit_hangs_up)
{
	struct pair p = open_pair();
	pid_t pid, again;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_exits);
	EXPECT_EQ(hear(pipes[0]), 0);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_EQ(hear(pipes[0]), SIGHUP);
	again = fork();
	if (!again) {
		ASSERT_GT(setsid(), 0);
		ASSERT_GE(open(p.name, O_RDWR), 0);
		EXPECT_GE(open("/dev/tty", O_RDWR), 0);
		_exit(0);
	}
	EXPECT_EQ(wait_exit(again), 0);
}

static void leader_window(struct pair *p)
{
	struct winsize ws = { .ws_row = 25, .ws_col = 80 };

	catch_signal(SIGWINCH);
	tell(pipes[1], 0);
	while (!caught[SIGWINCH])
		sleep_ms(10);
	EXPECT_EQ(ioctl(p->slave, TIOCGWINSZ, &ws), 0);
	tell(pipes[1], ws.ws_row * 1000 + ws.ws_col);
	caught[SIGWINCH] = 0;
	EXPECT_EQ(ioctl(p->slave, TIOCSWINSZ, &ws), 0);	/* no change, no signal */
	EXPECT_EQ(caught[SIGWINCH], 0);
	ws.ws_col++;
	EXPECT_EQ(ioctl(p->slave, TIOCSWINSZ, &ws), 0);
	EXPECT_EQ(caught[SIGWINCH], 1);
}

TEST(window_size)
{
	struct pair p = open_pair();
	struct winsize ws = { .ws_row = 33, .ws_col = 111 };
	pid_t pid;

	ASSERT_EQ(pipe(pipes), 0);
	EXPECT_EQ(ioctl(p.slave, TIOCGWINSZ, &ws), 0);
	EXPECT_EQ(ws.ws_row, 0);
	ws = (struct winsize){ .ws_row = 33, .ws_col = 111 };
	pid = spawn_leader(&p, leader_window);
	EXPECT_EQ(hear(pipes[0]), 0);
	EXPECT_EQ(ioctl(p.master, TIOCSWINSZ, &ws), 0);
	EXPECT_EQ(hear(pipes[0]), 33111);
	EXPECT_EQ(wait_exit(pid), 0);
	EXPECT_ERRNO(ioctl(p.master, TIOCGWINSZ, NULL), EFAULT);
}

static void leader_tiocsig(struct pair *p)
{
	(void)p;
	catch_signal(SIGQUIT);
	tell(pipes[1], 0);
	while (!caught[SIGQUIT])
		sleep_ms(10);
}

TEST(tiocsig)
{
	struct pair p = open_pair();
	pid_t pid;

	ASSERT_EQ(pipe(pipes), 0);
	pid = spawn_leader(&p, leader_tiocsig);
	EXPECT_EQ(hear(pipes[0]), 0);
	EXPECT_ERRNO(ioctl(p.master, TIOCSIG, SIGHUP), EINVAL);
	EXPECT_EQ(ioctl(p.master, TIOCSIG, SIGQUIT), 0);
	EXPECT_EQ(wait_exit(pid), 0);
}
