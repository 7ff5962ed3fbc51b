// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time-stamp counter as the clock, and the local APIC timer's speed: both measured against the
 * 8254, whose speed never varies. Boot CPU, once.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <asm/apic.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <asm/tsc.h>

#define PIT_HZ		1193182ULL
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_GATE	0x61

#define SHORT_TICKS	1194	/* about a millisecond */
#define LONG_TICKS	23864	/* about twenty */
#define SHORT_SPAN	1000000
#define LONG_SPAN	50000000

struct tsc_clock tsc_clock;
static u64 forced_khz;
static bool have_pit __initdata;

/* Channel 2 counts down from its top once; the speaker stays off. */
static void pit_start(void)
{
	outb((inb(PIT_GATE) & ~2) | 1, PIT_GATE);
	outb(0xb0, PIT_COMMAND);
	outb(0xff, PIT_CHANNEL2);
	outb(0xff, PIT_CHANNEL2);
}

static u16 pit_read(void)
{
	u8 low;

	outb(0x80, PIT_COMMAND);	/* latch */
	low = inb(PIT_CHANNEL2);
	return low | inb(PIT_CHANNEL2) << 8;
}

/* One look at the 8254, and when it was; the moment is known up to @error. Ticks of the counter. */
struct reading {
	u64 tsc, error;
	u16 count;
};

static struct reading pit_look(void)
{
	struct reading r;
	u64 before = rdtsc();

	r.count = pit_read();
	r.error = rdtsc() - before;
	r.tsc = before + r.error / 2;
	return r;
}

/* Does it count at all? */
static bool pit_runs(void)
{
	u16 first;

	pit_start();
	first = pit_read();
	for (int i = 0; i < 1000; i++) {
		if (pit_read() != first)
			return true;
	}
	return false;
}

/* Look until it has counted down to @until. Return: false when it stands still. */
static bool pit_wait(u16 until, struct reading *r)
{
	for (int i = 0; i < 10000000; i++) {
		*r = pit_look();
		if (r->count <= until)
			return true;
	}
	return false;
}

/* It has gone through 0 and round: the read-back command shows its output high. */
static bool pit_expired(void)
{
	outb(0xe8, PIT_COMMAND);
	return inb(PIT_CHANNEL2) & 0x80;
}

struct calibration {
	u64 tsc_khz;
	u64 lapic_hz;
	u64 error;		/* ticks of the counter, of @span */
	u64 span;
};

/* Both counters over @ticks of the 8254. Return: false when that cannot be told. */
static bool measure_once(u16 ticks, struct calibration *c)
{
	u64 begin, end, lapic, pause;
	struct reading first, last;

	pit_start();
	if (!pit_wait(0xfff0, &first))
		return false;
	begin = rdtsc();
	lapic_calibrate_begin();
	pause = rdtsc() - begin;
	if (!pit_wait(first.count - ticks, &last) || pit_expired())
		return false;
	end = rdtsc();
	lapic = lapic_calibrate_end();
	pause += rdtsc() - end;
	c->span = last.tsc - first.tsc;
	c->error = first.error + last.error + pause;
	c->tsc_khz = c->span * PIT_HZ / (first.count - last.count) / 1000;
	c->lapic_hz = lapic * c->tsc_khz / ((end - begin) / 1000 ?: 1);
	return true;
}

#define VIRTUAL_LAPIC_HZ	1000000000ULL

/* No 8254, as on some microvms: there the local APIC's timer counts nanoseconds. */
static bool measure_by_lapic(u64 span, struct calibration *c)
{
	u64 before = rdtsc(), begin, end, after, lapic;

	lapic_calibrate_begin();
	begin = rdtsc();
	while (rdtsc() - begin < span)
		cpu_relax();
	end = rdtsc();
	lapic = lapic_calibrate_end();
	after = rdtsc();
	if (!lapic)
		return false;
	c->error = (begin - before) + (after - end);
	c->span = end - begin + c->error / 2;
	c->lapic_hz = VIRTUAL_LAPIC_HZ;
	c->tsc_khz = c->span * (VIRTUAL_LAPIC_HZ / 1000) / lapic;
	return true;
}

/*
 * The best of several measurements: a virtual CPU may lose its host's CPU in the middle of one.
 * @ticks of the 8254, or, without it, @span of the counter. Return: false when neither is there.
 */
static bool measure(u16 ticks, u64 span, struct calibration *best)
{
	struct calibration c;
	bool found = false;

	for (int i = 0; i < 10; i++) {
		if (!(have_pit ? measure_once(ticks, &c) : measure_by_lapic(span, &c)))
			continue;
		if (!found || c.error * (best->span / 1000) < best->error * (c.span / 1000))
			*best = c;
		found = true;
		if (best->error < best->span / 500)
			break;
	}
	return found;
}

static bool near(u64 value, u64 wanted, u64 per_mille)
{
	return value > wanted - wanted * per_mille / 1000 &&
	       value < wanted + wanted * per_mille / 1000;
}

/*
 * A virtual counter of exactly 1 GHz, as with -icount, shows in a millisecond; a real one deserves
 * a longer look.
 */
static void calibrate(struct calibration *c)
{
	have_pit = pit_runs();
	if (!measure(SHORT_TICKS, SHORT_SPAN, c)) {
		pr_warn("no timer to measure with: counter taken for 1 GHz; tsc_khz= sets it\n");
		*c = (struct calibration){ 1000000, 1000000000 };
		return;
	}
	if (!near(c->tsc_khz, 1000000, 3))
		measure(LONG_TICKS, LONG_SPAN, c);
	else
		c->tsc_khz = 1000000;
	if (near(c->lapic_hz, 1000000000, 3))
		c->lapic_hz = 1000000000;
}

/**
 * tsc_init - find the counter's speed and start the clock at 0
 *
 * Context: boot, local APIC mapped, interrupts off.
 */
void __init tsc_init(void)
{
	struct calibration c;

	calibrate(&c);
	if (forced_khz)
		c.tsc_khz = forced_khz;
	tsc_clock.khz = c.tsc_khz;
	tsc_clock.mult = (1000000ULL << TSC_SHIFT) / c.tsc_khz;
	tsc_clock.ticks_per_ns = (c.tsc_khz << TSC_SHIFT) / 1000000;
	tsc_clock.base = rdtsc();
	lapic_timer_set_frequency(c.lapic_hz);
	pr_info("clock: counter at %llu.%03llu MHz, timer at %llu Hz\n",
		(unsigned long long)(c.tsc_khz / 1000), (unsigned long long)(c.tsc_khz % 1000),
		(unsigned long long)c.lapic_hz);
}

void __init time_init(void)
{
	tsc_init();
	lapic_timer_init_cpu();
}

u64 tsc_ns_to_ticks(u64 ns)
{
	return (u64)(((unsigned __int128)ns * tsc_clock.ticks_per_ns) >> TSC_SHIFT);
}

void ndelay(unsigned long nsecs)
{
	u64 until = rdtsc() + tsc_ns_to_ticks(nsecs);

	while ((s64)(rdtsc() - until) < 0)
		cpu_relax();
}

void udelay(unsigned long usecs)
{
	ndelay(usecs * 1000);
}

void mdelay(unsigned long msecs)
{
	while (msecs--)
		udelay(1000);
}

static int __init parse_tsc_khz(char *val)
{
	unsigned long khz;

	if (!val || kstrtoul(val, 0, &khz) || khz < 1000)
		return -EINVAL;
	forced_khz = khz;
	return 0;
}
early_param("tsc_khz", parse_tsc_khz, "the counter's speed in kHz");

/* ---- the CMOS clock ---- */

static u8 cmos_read(u8 reg)
{
	outb(reg, 0x70);
	return inb(0x71);
}

static unsigned int from_bcd(u8 value, bool bcd)
{
	return bcd ? (value & 15) + (value >> 4) * 10 : value;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static s64 days_from_civil(s64 year, unsigned int month, unsigned int day)
{
	static const u16 before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	s64 y = year - 1970;
	s64 leaps = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return y * 365 + leaps + before[month - 1] + (month > 2 && leap) + day - 1;
}

s64 arch_read_rtc(void)
{
	u8 sec, min, hour, day, month, year, century;
	bool bcd;

	for (int i = 0; i < 1000 && (cmos_read(0x0a) & 0x80); i++)
		cpu_relax();
	do {
		sec = cmos_read(0x00);
		min = cmos_read(0x02);
		hour = cmos_read(0x04);
		day = cmos_read(0x07);
		month = cmos_read(0x08);
		year = cmos_read(0x09);
		century = cmos_read(0x32);
	} while (sec != cmos_read(0x00));
	bcd = !(cmos_read(0x0b) & 4);
	month = from_bcd(month, bcd);
	century = from_bcd(century, bcd);
	if (century < 19 || century > 21)
		century = 20;
	if (month < 1 || month > 12)
		return 0;
	return ((days_from_civil(century * 100 + from_bcd(year, bcd), month,
				 from_bcd(day, bcd)) * 24 + from_bcd(hour & 0x7f, bcd)) * 60 +
		from_bcd(min, bcd)) * 60 + from_bcd(sec, bcd);
}
