// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs/file.c: growth, copies and sharing of descriptor tables against a plain array, each
 * allocation failed in turn, and lookups while another thread opens and closes.
 */
#include <linux/selftest.h>
#include "fdtable_internal.h"

__thread struct task_struct *host_current;
unsigned long host_nofile = 1 << 20;

static struct task_struct task;

void refcount_report(refcount_t *r, const char *what)
{
	host_print(what);
	host_warnings++;
}

/* ---- files that only count ---- */

static atomic_long_t live = ATOMIC64_INIT(0);

static struct file *new_file(void)
{
	struct file *file = host_alloc(sizeof(*file), 1);

	atomic_long_set(&file->f_count, 1);
	atomic_long_inc(&live);
	return file;
}

struct dying {
	struct rcu_head rcu;
	struct file *file;
};

static void free_dying(struct rcu_head *head)
{
	struct dying *d = container_of(head, struct dying, rcu);

	host_free(d->file);
	host_free(d);
}

void fput(struct file *file)
{
	struct dying *d;

	if (!atomic_long_dec_and_test(&file->f_count))
		return;
	atomic_long_dec(&live);
	d = host_alloc(sizeof(*d), 1);
	d->file = file;
	call_rcu(&d->rcu, free_dying);
}

int filp_close(struct file *file, fl_owner_t id)
{
	fput(file);
	return 0;
}

/* ---- a table of our own for each test ---- */

static void begin(void)
{
	static bool ready;
	struct fork_ctx fc = { .parent = &task };
	struct task_struct parent = { .files = &init_files };

	if (!ready)
		fdtable_init();
	ready = true;
	task = (struct task_struct){};
	fc.parent = &parent;
	fc.child = &task;
	VERIFY(copy_files(&fc) == 0);
	host_current = &task;
	host_nofile = 1 << 20;
}

static void end(struct selftest_ctx *t)
{
	exit_files(&task);
	synchronize_rcu();
	KT_EXPECT_EQ(atomic_long_read(&live), 0);
}

static int open_one(unsigned int flags)
{
	int fd = get_unused_fd_flags(flags);

	if (fd >= 0)
		fd_install(fd, new_file());
	return fd;
}

SELFTEST(fdtable, lowest_free)
{
	int i;

	begin();
	for (i = 0; i < 1000; i++)
		KT_ASSERT(open_one(0) == i);
	for (i = 0; i < 1000; i += 3)
		KT_EXPECT_EQ(close_fd(i), 0);
	KT_EXPECT_EQ(close_fd(0), -EBADF);
	KT_EXPECT_EQ(close_fd(5000), -EBADF);
	for (i = 0; i < 1000; i += 3)
		KT_ASSERT(open_one(0) == i);
	KT_EXPECT_EQ(open_one(0), 1000);
	end(t);
}

SELFTEST(fdtable, limits)
{
	int i;

	begin();
	host_nofile = 130;
	for (i = 0; i < 130; i++)
		KT_ASSERT(open_one(0) == i);
	KT_EXPECT_EQ(open_one(0), -EMFILE);
	KT_EXPECT_EQ(ksys_dup3(0, 130, 0), -EBADF);
	KT_EXPECT_EQ(ksys_dup3(0, 129, 0), 129);
	host_nofile = 1 << 30;
	KT_EXPECT_EQ(ksys_dup3(0, sysctl_nr_open, 0), -EBADF);
	KT_EXPECT_EQ(ksys_dup3(0, sysctl_nr_open - 1, 0), sysctl_nr_open - 1);
	KT_EXPECT_EQ(ksys_dup3(131, 1, 0), -EBADF);
	end(t);
}

/* Random opens, closes, dups and ranges, compared with an array of expectations. */
SELFTEST(fdtable, random)
{
	enum { SLOTS = 300 };
	static unsigned char want[SLOTS];	/* 1 open, 2 close-on-exec */
	unsigned int i, fd, last;
	int got;

	begin();
	memset(want, 0, sizeof(want));
	host_nofile = SLOTS;
	for (i = 0; i < 20000; i++) {
		fd = host_random() % SLOTS;
		switch (host_random() % 6) {
		case 0:
		case 1:
			got = open_one(host_random() % 2 ? O_CLOEXEC : 0);
			for (last = 0; last < SLOTS && want[last]; last++)
				;
			KT_ASSERT(got == (last == SLOTS ? -EMFILE : (int)last));
			if (got >= 0)
				want[got] = get_close_on_exec(got) ? 3 : 1;
			break;
		case 2:
			KT_ASSERT(close_fd(fd) == (want[fd] ? 0 : -EBADF));
			want[fd] = 0;
			break;
		case 3:
			last = host_random() % SLOTS;
			if (last == fd)
				break;
			got = ksys_dup3(fd, last, O_CLOEXEC);
			KT_ASSERT(got == (want[fd] ? (int)last : -EBADF));
			if (got >= 0)
				want[last] = 3;
			break;
		case 4:
			if (host_random() % 50)
				break;
			last = min(fd + (unsigned int)(host_random() % 40), SLOTS - 1U);
			KT_ASSERT(__close_range(fd, last, 0) == 0);
			for (; fd <= last; fd++)
				want[fd] = 0;
			break;
		case 5:
			KT_ASSERT(!!__fdget(fd).file == !!want[fd]);
			if (want[fd])
				KT_ASSERT(get_close_on_exec(fd) == (want[fd] == 3));
		}
	}
	do_close_on_exec(task.files);
	for (fd = 0; fd < SLOTS; fd++)
		KT_EXPECT_EQ(!!__fdget(fd).file, want[fd] == 1);
	end(t);
}

SELFTEST(fdtable, fork_copies_and_shares)
{
	struct task_struct child = {};
	struct fork_ctx fc = { .parent = &task, .child = &child };
	struct file *file;
	int i;

	begin();
	for (i = 0; i < 200; i++)
		KT_ASSERT(open_one(i % 2 ? O_CLOEXEC : 0) == i);
	KT_EXPECT_EQ(close_fd(150), 0);
	/* reserved by somebody who is still opening: not in the copy */
	KT_EXPECT_EQ(get_unused_fd_flags(0), 150);
	KT_ASSERT(copy_files(&fc) == 0);
	KT_EXPECT(child.files != task.files);
	for (i = 0; i < 200; i++) {
		file = task.files->fdt->fd[i];
		KT_EXPECT(child.files->fdt->fd[i] == file);
		KT_EXPECT_EQ(fd_is_open(i, child.files->fdt), i != 150);
		KT_EXPECT_EQ(close_on_exec(i, child.files->fdt), i % 2);
		if (file)
			KT_EXPECT_EQ(file_count(file), 2);
	}
	exit_files(&child);
	KT_EXPECT(!child.files);
	exit_files(&child);
	KT_ASSERT(share_files(&fc) == 0);
	KT_EXPECT(child.files == task.files);
	KT_EXPECT_EQ(refcount_read(&task.files->count), 2);
	/* shared: a lookup must take a reference */
	KT_EXPECT_EQ(__fdget(0).flags, FDPUT_FPUT);
	fput(task.files->fdt->fd[0]);
	KT_EXPECT_EQ(unshare_files(), 0);
	KT_EXPECT(child.files != task.files);
	exit_files(&child);
	put_unused_fd(150);
	end(t);
}

SELFTEST(fdtable, every_allocation_fails)
{
	struct task_struct child = {};
	struct fork_ctx fc = { .parent = &task, .child = &child };
	unsigned long before, nth;
	int i, err;

	begin();
	for (i = 0; i < 300; i++)
		KT_ASSERT(open_one(0) == i);
	for (nth = 1; ; nth++) {
		synchronize_rcu();
		before = host_allocated();
		host_fail_from(nth);
		err = copy_files(&fc);
		host_fail_from(0);
		if (!err)
			break;
		KT_EXPECT_EQ(err, -ENOMEM);
		exit_files(&child);
		synchronize_rcu();
		KT_EXPECT_EQ(host_allocated(), before);
	}
	KT_EXPECT(nth > 3);
	exit_files(&child);
	/* growing: nothing is lost, and the next try succeeds */
	for (nth = 1; nth <= 3; nth++) {
		host_fail_from(nth);
		KT_EXPECT_EQ(ksys_dup3(0, 5000, 0), -ENOMEM);
		host_fail_from(0);
		KT_EXPECT(__fdget(299).file);
	}
	KT_EXPECT_EQ(ksys_dup3(0, 5000, 0), 5000);
	end(t);
}

static int stop;

static void *churn(void *arg)
{
	unsigned int i = 0;

	host_current = arg;
	while (!READ_ONCE(stop)) {
		int fd = open_one(0);

		if (++i % 64 == 0)
			ksys_dup3(fd, 200 + i % 2000, 0);
		close_fd(fd);
	}
	return NULL;
}

SELFTEST(fdtable, lookups_race_with_changes)
{
	struct task_struct other = {};
	struct fork_ctx fc = { .parent = &task, .child = &other };
	struct file *file;
	void *thread;
	int i;

	begin();
	KT_ASSERT(share_files(&fc) == 0);
	stop = 0;
	thread = host_thread(churn, &other);
	for (i = 0; i < 200000; i++) {
		file = fget(i % 300);
		if (file) {
			KT_ASSERT(file_count(file) >= 1);
			fput(file);
		}
	}
	WRITE_ONCE(stop, 1);
	host_join(thread);
	exit_files(&other);
	end(t);
}
