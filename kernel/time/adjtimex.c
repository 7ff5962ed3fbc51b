// SPDX-License-Identifier: GPL-2.0-only
/*
 * adjtimex(2) and clock_adjtime(2). The wall clock can be stepped, and what a time daemon says
 * about its quality is kept for others to read. The counter's rate is taken as it is: a change of
 * frequency or a slow correction is refused. ntp_lock guards what is kept.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/posix-clock.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/timex.h>
#include "internal.h"

#define ADJ_ADJTIME		0x8000	/* adjtime(3): with ADJ_OFFSET, perhaps read-only */
#define ADJ_OFFSET_READONLY	0x2000
#define DEFAULT_TICK	(USEC_PER_SEC / USER_HZ)
#define MAX_ERROR	16000000L	/* us: nobody vouches for the clock */
#define MAX_TIMECONST	10

static DEFINE_SPINLOCK(ntp_lock);
static int ntp_status = STA_UNSYNC;
static long ntp_maxerror = MAX_ERROR;
static long ntp_esterror = MAX_ERROR;
static long ntp_constant = 2;

static bool is_single_shot(unsigned int modes)
{
	return modes & ADJ_ADJTIME;
}

/* As on Linux, nothing is steered by an offset unless STA_PLL is set. */
static bool steers(const struct __kernel_timex *tx)
{
	int status = tx->modes & ADJ_STATUS ? tx->status : READ_ONCE(ntp_status);

	return (tx->modes & ADJ_OFFSET) && tx->offset && (status & STA_PLL);
}

/* A request that would change the clock's rate to what it is already is none. */
static bool changes_rate(const struct __kernel_timex *tx)
{
	if (steers(tx))
		return true;
	if ((tx->modes & ADJ_FREQUENCY) && tx->freq)
		return true;
	return (tx->modes & ADJ_TICK) && tx->tick != DEFAULT_TICK;
}

/* Return: 0, -EINVAL, -EPERM, -EOPNOTSUPP. */
static int check_modes(const struct __kernel_timex *tx)
{
	unsigned int modes = tx->modes;

	if (is_single_shot(modes)) {
		if (!(modes & ADJ_OFFSET))
			return -EINVAL;
		if (modes & ADJ_OFFSET_READONLY)
			return 0;
		if (!capable(CAP_SYS_TIME))
			return -EPERM;
		return tx->offset ? -EOPNOTSUPP : 0;
	}
	if (modes && !capable(CAP_SYS_TIME))
		return -EPERM;
	if ((modes & ADJ_TICK) && (tx->tick < 900000 / USER_HZ || tx->tick > 1100000 / USER_HZ))
		return -EINVAL;
	return changes_rate(tx) ? -EOPNOTSUPP : 0;
}

static int step_clock(const struct __kernel_timex *tx)
{
	long fraction = tx->time.tv_usec, unit = tx->modes & ADJ_NANO ? 1 : NSEC_PER_USEC;

	if (fraction < 0 || fraction >= NSEC_PER_SEC / unit)
		return -EINVAL;
	if (tx->time.tv_sec > KTIME_SEC_MAX / 2 || tx->time.tv_sec < -(KTIME_SEC_MAX / 2))
		return -EINVAL;
	return timekeeping_inject(tx->time.tv_sec * NSEC_PER_SEC + fraction * unit);
}

static void keep(const struct __kernel_timex *tx)
{
	spin_lock(&ntp_lock);
	if (tx->modes & ADJ_STATUS)
		ntp_status = (ntp_status & STA_RONLY) | (tx->status & ~STA_RONLY);
	if (tx->modes & ADJ_NANO)
		ntp_status |= STA_NANO;
	if (tx->modes & ADJ_MICRO)
		ntp_status &= ~STA_NANO;
	if (tx->modes & ADJ_MAXERROR)
		ntp_maxerror = clamp((long)tx->maxerror, 0L, MAX_ERROR);
	if (tx->modes & ADJ_ESTERROR)
		ntp_esterror = clamp((long)tx->esterror, 0L, MAX_ERROR);
	if (tx->modes & ADJ_TIMECONST)
		ntp_constant = clamp((long)tx->constant + (ntp_status & STA_NANO ? 0 : 4), 0L,
				     (long)MAX_TIMECONST);
	spin_unlock(&ntp_lock);
}

/* Return: the clock's state, TIME_OK or TIME_ERROR. */
static int fill(struct __kernel_timex *tx)
{
	struct timespec64 now = ns_to_timespec64(ktime_get_real());
	int state;

	spin_lock(&ntp_lock);
	tx->status = ntp_status;
	tx->maxerror = ntp_maxerror;
	tx->esterror = ntp_esterror;
	tx->constant = ntp_constant;
	state = ntp_status & (STA_UNSYNC | STA_CLOCKERR) ? TIME_ERROR : TIME_OK;
	spin_unlock(&ntp_lock);
	tx->offset = 0;
	tx->freq = 0;
	tx->precision = 1;
	tx->tolerance = 500L << 16;
	tx->tick = DEFAULT_TICK;
	tx->tai = timekeeping_tai();
	tx->time.tv_sec = now.tv_sec;
	tx->time.tv_usec = tx->status & STA_NANO ? now.tv_nsec : now.tv_nsec / NSEC_PER_USEC;
	tx->ppsfreq = tx->jitter = tx->shift = tx->stabil = 0;
	tx->jitcnt = tx->calcnt = tx->errcnt = tx->stbcnt = 0;
	return state;
}

static int do_adjtimex(struct __kernel_timex *tx)
{
	int err = check_modes(tx);

	if (err)
		return err;
	if (is_single_shot(tx->modes))
		return fill(tx);
	if (tx->modes & ADJ_SETOFFSET) {
		err = step_clock(tx);
		if (err)
			return err;
	}
	keep(tx);
	if ((tx->modes & ADJ_TAI) && tx->constant >= 0 && tx->constant < 100000)
		timekeeping_set_tai(tx->constant);
	return fill(tx);
}

SYSCALL_DEFINE1(adjtimex, struct __kernel_timex __user *, utx)
{
	struct __kernel_timex tx;
	int ret;

	if (copy_from_user(&tx, utx, sizeof(tx)))
		return -EFAULT;
	ret = do_adjtimex(&tx);
	if (ret < 0)
		return ret;
	return copy_to_user(utx, &tx, sizeof(tx)) ? -EFAULT : ret;
}

SYSCALL_DEFINE2(clock_adjtime, clockid_t, clock, struct __kernel_timex __user *, utx)
{
	struct __kernel_timex tx;
	struct timespec64 unused;
	int ret;

	if (copy_from_user(&tx, utx, sizeof(tx)))
		return -EFAULT;
	if (clock != CLOCK_REALTIME)
		return clock_read(clock, &unused) ? -EINVAL : -EOPNOTSUPP;
	ret = do_adjtimex(&tx);
	return copy_to_user(utx, &tx, sizeof(tx)) ? -EFAULT : ret;
}
