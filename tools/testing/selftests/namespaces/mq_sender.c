// SPDX-License-Identifier: GPL-2.0-only
/*
 * mq_notify(3) across PID namespaces: the sender's number is the one that the receiver knows, 0 for
 * a sender that it cannot see. Needs root.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/syscall.h>

static volatile sig_atomic_t told;
static volatile pid_t sender;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	sender = info->si_pid;
	told = info->si_code == SI_MESGQ;
}

static mqd_t open_queue(char *name, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 8 };

	return mq_open(name, flags, 0600, &attr);
}

/* Signal SIGUSR1 for the next message, and stay deaf to it until told_by(). */
static int ask(mqd_t mq)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	return mq_notify(mq, &event);
}

static pid_t told_by(void)
{
	sigset_t none;

	sigemptyset(&none);
	while (!told)
		sigsuspend(&none);
	return sender;
}

static pid_t fork_into_namespace(void)
{
	return syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, 0UL);
}

TEST(mq_sender_inside_has_the_number_seen_outside)
{
	char name[32];
	int status;
	mqd_t mq;
	pid_t pid;

	if (geteuid())
		SKIP("needs root");
	snprintf(name, sizeof(name), "/mqin%d", getpid());
	mq = open_queue(name, O_RDWR | O_CREAT | O_EXCL);
	ASSERT_GE(mq, 0);
	ASSERT_EQ(ask(mq), 0);
	pid = fork_into_namespace();
	ASSERT_GE(pid, 0);
	if (!pid)
		_exit(getpid() == 1 && !mq_send(mq, "x", 1, 0) ? 0 : 1);
	EXPECT_EQ(told_by(), pid);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	mq_close(mq);
	mq_unlink(name);
}

TEST(mq_sender_outside_has_number_0_inside)
{
	char name[32], c;
	int ready[2], status;
	mqd_t mq;
	pid_t pid;

	if (geteuid())
		SKIP("needs root");
	snprintf(name, sizeof(name), "/mqout%d", getpid());
	mq = open_queue(name, O_RDWR | O_CREAT | O_EXCL);
	ASSERT_GE(mq, 0);
	ASSERT_EQ(pipe(ready), 0);
	pid = fork_into_namespace();
	ASSERT_GE(pid, 0);
	if (!pid) {
		if (ask(mq) || write(ready[1], "", 1) != 1)
			_exit(2);
		_exit(told_by() == 0 ? 0 : 1);
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	EXPECT_EQ(mq_send(mq, "x", 1, 0), 0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	mq_close(mq);
	mq_unlink(name);
}
