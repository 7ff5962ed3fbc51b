// SPDX-License-Identifier: GPL-2.0-only
/*
 * In-kernel tests of the locks: several threads on all CPUs change what a lock guards, and look
 * whether anybody else did.
 */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/seqlock.h>

#define NR_THREADS	4
#define ROUNDS		600

/* Run @fn in NR_THREADS threads at once and wait for all. */
struct crew {
	void (*fn)(int id);
	atomic_t left;
	struct completion done;
};

struct crew_member {
	struct crew *crew;
	int id;
};

static int crew_thread(void *arg)
{
	struct crew_member *member = arg;
	struct crew *crew = member->crew;

	crew->fn(member->id);
	if (atomic_dec_and_test(&crew->left))
		complete(&crew->done);
	return 0;
}

static bool run_crew(void (*fn)(int id))
{
	struct crew crew = { .fn = fn, .left = ATOMIC_INIT(NR_THREADS) };
	struct crew_member member[NR_THREADS];
	int i;

	init_completion(&crew.done);
	for (i = 0; i < NR_THREADS; i++) {
		member[i] = (struct crew_member){ &crew, i };
		if (IS_ERR(kthread_run(crew_thread, &member[i], "lock/%d", i)))
			return false;
	}
	wait_for_completion(&crew.done);
	return true;
}

/* Two counters that only the lock keeps equal. */
static long left, right;
static int wrong;

static void change(int pause)
{
	long l = READ_ONCE(left);

	if (l != READ_ONCE(right))
		wrong++;
	WRITE_ONCE(left, l + 1);
	while (pause-- > 0)
		cpu_relax();
	WRITE_ONCE(right, l + 1);
}

static void begin(void)
{
	left = right = 0;
	wrong = 0;
}

static DEFINE_SPINLOCK(test_spinlock);

static void spin_work(int id)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		spin_lock(&test_spinlock);
		change(i & 15);
		spin_unlock(&test_spinlock);
		if (!(i & 63))
			cond_resched();
	}
}

SELFTEST(locking, spinlock)
{
	begin();
	KT_ASSERT(run_crew(spin_work));
	KT_EXPECT_EQ(left, NR_THREADS * ROUNDS);
	KT_EXPECT_EQ(wrong, 0);
	KT_EXPECT(!spin_is_locked(&test_spinlock));
}

static DEFINE_MUTEX(test_mutex);

static void mutex_work(int id)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&test_mutex);
		change(i & 7);
		/* Sleep in it now and then, so that the others wait. */
		if (!(i & 127))
			schedule_timeout_uninterruptible_ns(10 * NSEC_PER_USEC);
		mutex_unlock(&test_mutex);
	}
}

SELFTEST(locking, mutex)
{
	begin();
	KT_ASSERT(run_crew(mutex_work));
	KT_EXPECT_EQ(left, NR_THREADS * ROUNDS);
	KT_EXPECT_EQ(wrong, 0);
	KT_EXPECT(!mutex_is_locked(&test_mutex));
	KT_EXPECT_EQ(atomic_long_read(&test_mutex.owner), 0);
	KT_EXPECT(mutex_trylock(&test_mutex));
	mutex_unlock(&test_mutex);
}

static DECLARE_RWSEM(test_rwsem);
static atomic_t readers;

static void read_side(int i)
{
	down_read(&test_rwsem);
	atomic_inc(&readers);
	if (READ_ONCE(left) != READ_ONCE(right))
		wrong++;
	if (!(i & 31))
		schedule_timeout_uninterruptible_ns(10 * NSEC_PER_USEC);
	atomic_dec(&readers);
	up_read(&test_rwsem);
}

static void write_side(int i)
{
	down_write(&test_rwsem);
	if (atomic_read(&readers))
		wrong++;
	change(i & 7);
	if (i & 1) {
		up_write(&test_rwsem);
		return;
	}
	downgrade_write(&test_rwsem);
	if (READ_ONCE(left) != READ_ONCE(right))
		wrong++;
	up_read(&test_rwsem);
}

static void rwsem_work(int id)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if ((i + id) & 3)
			read_side(i);
		else
			write_side(i);
	}
}

SELFTEST(locking, rwsem)
{
	begin();
	KT_ASSERT(run_crew(rwsem_work));
	KT_EXPECT_EQ(left, NR_THREADS * ROUNDS / 4);
	KT_EXPECT_EQ(wrong, 0);
	KT_EXPECT_EQ(atomic_long_read(&test_rwsem.count), 0);
	KT_EXPECT(down_write_trylock(&test_rwsem));
	KT_EXPECT(!down_read_trylock(&test_rwsem));
	downgrade_write(&test_rwsem);
	KT_EXPECT(down_read_trylock(&test_rwsem));
	KT_EXPECT(!down_write_trylock(&test_rwsem));
	up_read(&test_rwsem);
	up_read(&test_rwsem);
	KT_EXPECT(!rwsem_is_locked(&test_rwsem));
}

static DEFINE_RWLOCK(test_rwlock);

static void rwlock_work(int id)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if ((i + id) & 3) {
			read_lock(&test_rwlock);
			if (READ_ONCE(left) != READ_ONCE(right))
				wrong++;
			read_unlock(&test_rwlock);
		} else {
			write_lock(&test_rwlock);
			change(i & 7);
			write_unlock(&test_rwlock);
		}
		if (!(i & 63))
			cond_resched();
	}
}

SELFTEST(locking, rwlock)
{
	begin();
	KT_ASSERT(run_crew(rwlock_work));
	KT_EXPECT_EQ(left, NR_THREADS * ROUNDS / 4);
	KT_EXPECT_EQ(wrong, 0);
}

static seqlock_t test_seqlock;

static void seqlock_work(int id)
{
	unsigned int seq;
	long l, r;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (!id) {
			write_seqlock(&test_seqlock);
			change(i & 15);
			write_sequnlock(&test_seqlock);
			continue;
		}
		do {
			seq = read_seqbegin(&test_seqlock);
			l = READ_ONCE(left);
			r = READ_ONCE(right);
		} while (read_seqretry(&test_seqlock, seq));
		if (l != r)
			wrong++;
	}
}

SELFTEST(locking, seqlock)
{
	begin();
	seqlock_init(&test_seqlock);
	KT_ASSERT(run_crew(seqlock_work));
	KT_EXPECT_EQ(left, ROUNDS);
	KT_EXPECT_EQ(wrong, 0);
}
