// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asynchronous I/O through the calls themselves: results, eventfd, waiting for a file, cancelling,
 * and that a child has no context.
 */
#include "../ktest.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>

static aio_context_t setup(int n)
{
	aio_context_t ctx = 0;

	ASSERT_EQ(syscall(SYS_io_setup, n, &ctx), 0);
	return ctx;
}

static long submit(aio_context_t ctx, struct iocb *one)
{
	return syscall(SYS_io_submit, ctx, 1, &one);
}

static long take(aio_context_t ctx, long min, struct io_event *event)
{
	return syscall(SYS_io_getevents, ctx, min, 1, event, NULL);
}

static long take_now(aio_context_t ctx, struct io_event *event)
{
	struct timespec none = {};

	return syscall(SYS_io_getevents, ctx, 0, 1, event, &none);
}

TEST(write_and_read)
{
	char path[] = "/tmp/aioXXXXXX", buf[16] = "";
	aio_context_t ctx = setup(4);
	int fd = mkstemp(path), efd = eventfd(0, 0);
	struct iocb write = { .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd, .aio_data = 7,
			      .aio_buf = (uintptr_t)"hello", .aio_nbytes = 6, .aio_offset = 100,
			      .aio_flags = IOCB_FLAG_RESFD, .aio_resfd = efd };
	struct iocb read_back = { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = fd,
				  .aio_buf = (uintptr_t)buf, .aio_nbytes = 16, .aio_offset = 100 };
	struct io_event event;
	uint64_t count;

	unlink(path);
	ASSERT_EQ(submit(ctx, &write), 1);
	ASSERT_EQ(take(ctx, 1, &event), 1);
	EXPECT_EQ(event.data, 7);
	EXPECT_EQ(event.obj, (uintptr_t)&write);
	EXPECT_EQ(event.res, 6);
	ASSERT_EQ(read(efd, &count, 8), 8);
	EXPECT_EQ(count, 1);
	ASSERT_EQ(submit(ctx, &read_back), 1);
	ASSERT_EQ(take(ctx, 1, &event), 1);
	EXPECT_EQ(event.res, 6);
	EXPECT_STREQ(buf, "hello");
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
	EXPECT_ERRNO(syscall(SYS_io_destroy, ctx), EINVAL);
}

TEST(refused)
{
	aio_context_t ctx = setup(1), zero = 0, junk = 1;
	struct iocb bad = { .aio_lio_opcode = 77, .aio_fildes = 0 };
	struct io_event event;

	EXPECT_ERRNO(syscall(SYS_io_setup, 0, &zero), EINVAL);
	EXPECT_ERRNO(syscall(SYS_io_setup, 1, &junk), EINVAL);
	EXPECT_ERRNO(syscall(SYS_io_setup, 1, NULL), EFAULT);
	EXPECT_ERRNO(submit(ctx, &bad), EINVAL);
	bad.aio_lio_opcode = IOCB_CMD_PREAD;
	bad.aio_fildes = -1;
	EXPECT_ERRNO(submit(ctx, &bad), EBADF);
	bad.aio_reserved2 = 1;
	EXPECT_ERRNO(submit(ctx, &bad), EINVAL);
	EXPECT_ERRNO(submit(0x1000, &bad), EINVAL);
	EXPECT_ERRNO(syscall(SYS_io_submit, ctx, -1L, NULL), EINVAL);
	EXPECT_ERRNO(syscall(SYS_io_getevents, ctx, 2, 1, &event, NULL), EINVAL);
	EXPECT_EQ(take_now(ctx, &event), 0);
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
}

TEST(waiting_for_a_pipe)
{
	aio_context_t ctx = setup(4);
	struct io_event event;
	int p[2];

	ASSERT_EQ(pipe(p), 0);
	struct iocb wait_for = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = p[0],
				 .aio_buf = POLLIN };

	ASSERT_EQ(submit(ctx, &wait_for), 1);
	EXPECT_EQ(take_now(ctx, &event), 0);
	ASSERT_EQ(write(p[1], "x", 1), 1);
	ASSERT_EQ(take(ctx, 1, &event), 1);
	EXPECT(event.res & POLLIN);
	ASSERT_EQ(submit(ctx, &wait_for), 1);	/* it is there already */
	ASSERT_EQ(take(ctx, 1, &event), 1);
	EXPECT(event.res & POLLIN);
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
}

TEST(cancelled_and_left_behind)
{
	aio_context_t ctx = setup(4);
	struct io_event event;
	int p[2], status;

	ASSERT_EQ(pipe(p), 0);
	struct iocb wait_for = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = p[0],
				 .aio_buf = POLLIN };

	ASSERT_EQ(submit(ctx, &wait_for), 1);
	if (!fork()) {
		/* The context is the parent's alone. */
		_exit(!(take_now(ctx, &event) < 0 && errno == EINVAL));
	}
	ASSERT_GT(wait(&status), 0);
	EXPECT_EQ(status, 0);
	EXPECT_ERRNO(syscall(SYS_io_cancel, ctx, &wait_for, &event), EINPROGRESS);
	ASSERT_EQ(take(ctx, 1, &event), 1);
	EXPECT_EQ(event.obj, (uintptr_t)&wait_for);
	EXPECT_ERRNO(syscall(SYS_io_cancel, ctx, &wait_for, &event), EINVAL);
	/* Exit ends what still waits. */
	ASSERT_EQ(submit(ctx, &wait_for), 1);
}

struct raced {
	int fd;
	volatile int turn, stop;
};

static void *wake_in_turn(void *arg)
{
	struct raced *r = arg;
	int done = 0;

	while (!r->stop) {
		if (r->turn == done) {
			sched_yield();
			continue;
		}
		done = r->turn;
		for (volatile int i = 0; i < done % 400; i++)
			;
		eventfd_write(r->fd, 1);
	}
	return NULL;
}

/* It is woken after it was queued, and seen to be ready before it waits: there is one end of it. */
TEST(woken_while_it_is_submitted)
{
	struct raced r = { .fd = eventfd(0, EFD_NONBLOCK) };
	aio_context_t ctx = setup(4);
	struct io_event event;
	pthread_t waker;
	uint64_t count;
	struct iocb wait_for = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = r.fd,
				 .aio_buf = POLLIN };

	ASSERT_EQ(pthread_create(&waker, NULL, wake_in_turn, &r), 0);
	for (time_t end = time(NULL) + 4; time(NULL) < end; ) {
		r.turn++;
		ASSERT_EQ(submit(ctx, &wait_for), 1);
		ASSERT_EQ(take(ctx, 1, &event), 1);
		ASSERT(event.res & POLLIN);
		EXPECT_EQ(take_now(ctx, &event), 0);
		while (read(r.fd, &count, 8) != 8)
			sched_yield();
	}
	r.stop = 1;
	pthread_join(waker, NULL);
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
}

TEST(position_that_wraps)
{
	char path[] = "/tmp/aioXXXXXX", buf[16] = "";
	aio_context_t ctx = setup(1);
	int fd = mkstemp(path);
	struct iocb io = { .aio_fildes = fd, .aio_buf = (uintptr_t)buf, .aio_nbytes = 16 };

	unlink(path);
	for (io.aio_lio_opcode = IOCB_CMD_PREAD; io.aio_lio_opcode <= IOCB_CMD_PWRITE;
	     io.aio_lio_opcode++) {
		io.aio_offset = -1;
		EXPECT_ERRNO(submit(ctx, &io), EINVAL);
		io.aio_offset = INT64_MAX;
		EXPECT_ERRNO(submit(ctx, &io), EINVAL);
	}
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
}

static size_t size_of_area(unsigned long start)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long from = 0, to = 0;
	char line[256];

	while (f && from != start && fgets(line, sizeof(line), f))
		sscanf(line, "%lx-%lx", &from, &to);
	ASSERT_EQ(from, start);
	fclose(f);
	return to - from;
}

/* A context is called by the address of its ring, wherever that is, and while it can be read. */
TEST(ring_that_moves_and_hides)
{
	char path[] = "/tmp/aioXXXXXX";
	aio_context_t ctx = setup(1), old = ctx;
	int fd = mkstemp(path);
	struct iocb io = { .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd,
			   .aio_buf = (uintptr_t)path, .aio_nbytes = 4 };
	struct io_event event;
	size_t size;
	void *place;

	unlink(path);
	size = size_of_area(ctx);
	place = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(mremap((void *)ctx, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place);
	ctx = (aio_context_t)place;
	EXPECT_ERRNO(submit(old, &io), EINVAL);
	EXPECT_EQ(submit(ctx, &io), 1);
	EXPECT_EQ(take(ctx, 1, &event), 1);
	EXPECT_EQ(event.res, 4);
	ASSERT_EQ(mprotect(place, 4096, PROT_NONE), 0);
	EXPECT_ERRNO(submit(ctx, &io), EINVAL);
	EXPECT_ERRNO(take_now(ctx, &event), EINVAL);
	EXPECT_ERRNO(syscall(SYS_io_destroy, ctx), EINVAL);
	ASSERT_EQ(mprotect(place, 4096, PROT_READ), 0);
	EXPECT_EQ(syscall(SYS_io_destroy, ctx), 0);
	EXPECT_ERRNO(mprotect(place, 4096, PROT_READ), ENOMEM);
}
