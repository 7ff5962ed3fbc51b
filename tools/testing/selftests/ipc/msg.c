// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V and POSIX message queues: order, types, limits, and being told.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

#define MSG_COPY_	040000
#define MSG_EXCEPT_	020000

struct msg {
	long type;
	char text[64];
};

static int make(void)
{
	int id = msgget(IPC_PRIVATE, 0600);

	ASSERT_GE(id, 0);
	return id;
}

static void put(int id, long type, const char *text)
{
	struct msg msg = { type, "" };

	strcpy(msg.text, text);
	ASSERT_EQ(msgsnd(id, &msg, strlen(text) + 1, 0), 0);
}

static const char *get(int id, long type, int flags)
{
	static struct msg msg;

	return msgrcv(id, &msg, sizeof(msg.text), type, flags | IPC_NOWAIT) < 0 ? "-" : msg.text;
}

TEST(types_choose)
{
	int id = make();

	put(id, 3, "c1");
	put(id, 1, "a1");
	put(id, 2, "b1");
	put(id, 3, "c2");
	put(id, 1, "a2");
	EXPECT_STREQ(get(id, 2, MSG_COPY_), "b1");
	EXPECT_STREQ(get(id, 3, 0), "c1");
	EXPECT_STREQ(get(id, -2, 0), "a1");
	EXPECT_STREQ(get(id, 1, MSG_EXCEPT_), "b1");
	EXPECT_STREQ(get(id, -2, 0), "a2");
	EXPECT_STREQ(get(id, -2, 0), "-");
	EXPECT_STREQ(get(id, 0, 0), "c2");
	EXPECT_STREQ(get(id, 0, 0), "-");
	EXPECT_EQ(errno, ENOMSG);
	EXPECT_EQ(msgctl(id, IPC_RMID, NULL), 0);
}

TEST(too_long_is_refused_or_cut)
{
	struct msg msg;
	int id = make();

	put(id, 1, "0123456789");
	EXPECT_ERRNO(msgrcv(id, &msg, 4, 0, 0), E2BIG);
	EXPECT_EQ(msgrcv(id, &msg, 4, 0, MSG_NOERROR), 4);
	EXPECT(!memcmp(msg.text, "0123", 4));
	EXPECT_ERRNO(msgsnd(id, &msg, 8193, 0), EINVAL);
	msg.type = 0;
	EXPECT_ERRNO(msgsnd(id, &msg, 1, 0), EINVAL);
	EXPECT_EQ(msgctl(id, IPC_RMID, NULL), 0);
}

TEST(a_full_queue_waits_for_room)
{
	static struct { long type; char text[8192]; } big = { 1, "" };
	struct msqid_ds ds;
	int id = make(), status;

	ASSERT_EQ(msgsnd(id, &big, 8192, 0), 0);
	ASSERT_EQ(msgsnd(id, &big, 8192, 0), 0);
	EXPECT_ERRNO(msgsnd(id, &big, 1, IPC_NOWAIT), EAGAIN);
	if (!fork()) {
		/* The parent sees that room was made only when we have filled it. */
		_exit(msgsnd(id, &big, 8192, 0) ? errno : 0);
	}
	ASSERT_EQ(msgrcv(id, &big, 8192, 0, 0), 8192);
	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(msgctl(id, IPC_STAT, &ds), 0);
	EXPECT_EQ(ds.msg_qnum, 2);
	EXPECT_EQ(ds.__msg_cbytes, 16384);
	EXPECT_EQ(msgctl(id, IPC_RMID, NULL), 0);
}

TEST(many_to_many)
{
	enum { PAIRS = 6, EACH = 300 };
	int id = make(), i, n, bad = 0, status;
	struct msg msg;

	for (i = 0; i < PAIRS; i++) {
		if (!fork()) {
			for (n = 0; n < EACH; n++) {
				msg.type = i + 1;
				if (msgsnd(id, &msg, n % 60, 0))
					_exit(1);
			}
			_exit(0);
		}
		if (!fork()) {
			for (n = 0; n < EACH; n++)
				if (msgrcv(id, &msg, 64, i + 1, 0) != n % 60)
					_exit(2);
			_exit(0);
		}
	}
	for (i = 0; i < 2 * PAIRS; i++) {
		ASSERT_GT(wait(&status), 0);
		bad += status != 0;
	}
	EXPECT_EQ(bad, 0);
	EXPECT_STREQ(get(id, 0, 0), "-");
	EXPECT_EQ(msgctl(id, IPC_RMID, NULL), 0);
}

/* ---- POSIX ---- */

static mqd_t open_mq(const char *name, long max, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = max, .mq_msgsize = 32 };

	mq_unlink(name);
	return mq_open(name, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &attr);
}

TEST(priorities)
{
	char name[32], text[32];
	unsigned int prio;
	mqd_t mq;

	snprintf(name, sizeof(name), "/prio%d", getpid());
	mq = open_mq(name, 4, O_NONBLOCK);
	ASSERT_GE(mq, 0);
	EXPECT_ERRNO(mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, NULL), EEXIST);
	EXPECT_EQ(mq_send(mq, "low", 4, 1), 0);
	EXPECT_EQ(mq_send(mq, "high1", 6, 9), 0);
	EXPECT_EQ(mq_send(mq, "mid", 4, 5), 0);
	EXPECT_EQ(mq_send(mq, "high2", 6, 9), 0);
	EXPECT_ERRNO(mq_send(mq, "full", 5, 0), EAGAIN);
	EXPECT_ERRNO(mq_receive(mq, text, 31, NULL), EMSGSIZE);
	EXPECT_EQ(mq_receive(mq, text, 32, &prio), 6);
	EXPECT_STREQ(text, "high1");
	EXPECT_EQ(prio, 9);
	EXPECT_EQ(mq_receive(mq, text, 32, &prio), 6);
	EXPECT_STREQ(text, "high2");
	EXPECT_EQ(mq_receive(mq, text, 32, &prio), 4);
	EXPECT_STREQ(text, "mid");
	EXPECT_EQ(mq_receive(mq, text, 32, &prio), 4);
	EXPECT_ERRNO(mq_receive(mq, text, 32, &prio), EAGAIN);
	EXPECT_EQ(mq_unlink(name), 0);
	EXPECT_ERRNO(mq_open(name, O_RDWR), ENOENT);
	mq_close(mq);
}

static volatile int told;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	told = info->si_code == SI_MESGQ ? info->si_value.sival_int : -1;
}

TEST(told_once_when_it_was_empty)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct pollfd p;
	char name[32], text[32];
	mqd_t mq;

	snprintf(name, sizeof(name), "/told%d", getpid());
	mq = open_mq(name, 4, O_NONBLOCK);
	ASSERT_GE(mq, 0);
	sigaction(SIGUSR1, &sa, NULL);
	event.sigev_value.sival_int = 42;
	ASSERT_EQ(mq_notify(mq, &event), 0);
	EXPECT_ERRNO(mq_notify(mq, &event), EBUSY);
	p = (struct pollfd){ .fd = mq, .events = POLLIN | POLLOUT };
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLOUT);
	ASSERT_EQ(mq_send(mq, "x", 2, 0), 0);
	EXPECT_EQ(told, 42);
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLIN | POLLOUT);
	told = 0;
	ASSERT_EQ(mq_receive(mq, text, 32, NULL), 2);
	ASSERT_EQ(mq_send(mq, "x", 2, 0), 0);
	EXPECT_EQ(told, 0);		/* the promise was for once */
	EXPECT_EQ(mq_notify(mq, &event), 0);
	EXPECT_EQ(mq_notify(mq, NULL), 0);
	mq_unlink(name);
	mq_close(mq);
}

TEST(a_sleeper_gets_it_or_runs_out_of_time)
{
	struct timespec past = { 1, 0 };
	char name[32], text[32];
	int status;
	mqd_t mq;

	snprintf(name, sizeof(name), "/sleep%d", getpid());
	mq = open_mq(name, 1, 0);
	ASSERT_GE(mq, 0);
	EXPECT_ERRNO(mq_timedreceive(mq, text, 32, NULL, &past), ETIMEDOUT);
	if (!fork())
		_exit(mq_receive(mq, text, 32, NULL) != 3 || strcmp(text, "hi"));
	ASSERT_EQ(mq_send(mq, "hi", 3, 0), 0);
	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(mq_send(mq, "1", 2, 0), 0);
	EXPECT_ERRNO(mq_timedsend(mq, "2", 2, 0, &past), ETIMEDOUT);
	mq_unlink(name);
	mq_close(mq);
}
