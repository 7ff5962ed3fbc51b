// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel messages: formatting, the ring of records that dmesg prints, and the consoles.
 * log_lock guards all of it and is the innermost lock of the kernel; printk() may be called from
 * anywhere. While the machine dies, the lock is taken by force.
 */
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <asm/tsc.h>
#include "printk.h"

#define LOG_BUF_SIZE	(64 * 1024)
#define LINE_MAX	992

/*
 * Locks: [l] log_lock
 */
struct log_record {
	u64 time;		/* [l] ns since boot */
	u16 size;		/* [l] of the whole record, a multiple of 8; 0: wrap to the start */
	u16 length;		/* [l] bytes of text */
	u8 level;		/* [l] facility << 3 | level */
	char text[];		/* [l] without the newline */
};

static DEFINE_SPINLOCK(log_lock, LOCK_RANK_CONSOLE);
static char log_buf[LOG_BUF_SIZE] __aligned(8);
static u32 log_head, log_tail;		/* [l] offsets: where to write next, the oldest record */
static u64 log_first, log_next;		/* [l] sequence numbers of the oldest and of the next one */
static char line_buf[LINE_MAX + 2];	/* [l] the line being formatted or not yet ended */
static unsigned int line_length;	/* [l] bytes that wait for a newline */
static int line_level;			/* [l] their level */
static char out_buf[LINE_MAX + 32];	/* [l] a line with its time stamp */

static struct console *consoles;	/* [l] */
static char preferred_name[16];		/* from console=, the last one wins */
static char *preferred_options;

int console_loglevel = CONFIG_LOG_LEVEL;
bool oops_in_progress;
static bool ignore_loglevel;
DECLARE_WAIT_QUEUE_HEAD(log_wait);
static bool readers_wait;		/* somebody sleeps on log_wait, or will */

static struct log_record *record_at(u32 offset)
{
	return (struct log_record *)(void *)(log_buf + offset);
}

static struct log_record *record_skip_wrap(u32 *offset)
{
	if (*offset + sizeof(struct log_record) > LOG_BUF_SIZE || !record_at(*offset)->size)
		*offset = 0;
	return record_at(*offset);
}

static void drop_oldest(void)
{
	struct log_record *rec = record_skip_wrap(&log_tail);

	log_tail += rec->size;
	log_first++;
}

/* Bytes from log_head that hold nothing: up to the tail, or to the buffer's end. */
static bool room_for(u32 size)
{
	if (log_first == log_next || log_head > log_tail)
		return log_head + size <= LOG_BUF_SIZE;
	return log_head + size <= log_tail;
}

static struct log_record *reserve_record(u32 size)
{
	while (!room_for(size)) {
		if (log_first == log_next || log_head > log_tail) {
			if (log_head + sizeof(struct log_record) <= LOG_BUF_SIZE)
				record_at(log_head)->size = 0;
			log_head = 0;
			if (log_first == log_next)
				log_tail = 0;
			continue;
		}
		drop_oldest();
	}
	return record_at(log_head);
}

static void store_record(int level, const char *text, unsigned int length)
{
	u32 size = ALIGN((u32)(sizeof(struct log_record) + length), 8U);
	struct log_record *rec = reserve_record(size);

	rec->time = arch_clock_ns();
	rec->size = size;
	rec->length = length;
	rec->level = level;
	memcpy(rec->text, text, length);
	log_head += size;
	log_next++;
}

/* "[    1.234567] " */
static unsigned int format_stamp(char *buf, size_t size, u64 time)
{
	u64 usecs = time / 1000;

	return scnprintf(buf, size, "[%5llu.%06llu] ", (unsigned long long)(usecs / 1000000),
			 (unsigned long long)(usecs % 1000000));
}

static unsigned int format_record(char *buf, size_t size, const struct log_record *rec)
{
	unsigned int n = format_stamp(buf, size, rec->time);

	return n + scnprintf(buf + n, size - n, "%.*s\n", (int)rec->length, rec->text);
}

static void write_consoles(const struct log_record *rec)
{
	unsigned int n;

	if ((rec->level & 7) >= console_loglevel && !ignore_loglevel)
		return;
	n = format_record(out_buf, sizeof(out_buf), rec);
	for (struct console *con = consoles; con; con = con->next)
		if (con->flags & CON_ENABLED)
			con->write(con, out_buf, n);
}

static void emit_line(int level, const char *text, unsigned int length)
{
	u32 at;

	store_record(level, text, length);
	at = log_head - ALIGN((u32)(sizeof(struct log_record) + length), 8U);
	write_consoles(record_at(at));
}

/* Cut what is in line_buf at its newlines; what follows the last one waits. */
static void emit_lines(void)
{
	char *start = line_buf, *end = line_buf + line_length, *nl;

	while ((nl = memchr(start, '\n', end - start))) {
		emit_line(line_level, start, nl - start);
		start = nl + 1;
	}
	line_length = end - start;
	memmove(line_buf, start, line_length);
	if (line_length >= LINE_MAX) {
		emit_line(line_level, line_buf, line_length);
		line_length = 0;
	}
}

static void flush_unfinished(void)
{
	if (line_length)
		emit_line(line_level, line_buf, line_length);
	line_length = 0;
}

/* The level of a message; *fmt moves past its prefix. -1: goes on with the line before. */
static int parse_level(const char **fmt)
{
	char c;

	if ((*fmt)[0] != KERN_SOH[0])
		return 4;
	c = (*fmt)[1];
	*fmt += 2;
	return c == 'c' ? -1 : c - '0';
}

static bool lock_log(unsigned long *flags)
{
	local_irq_save(*flags);
	if (!READ_ONCE(oops_in_progress)) {
		spin_lock(&log_lock);
		return true;
	}
	/* The holder may be this CPU, or stopped: wait a little, then print all the same. */
	for (int i = 0; i < 1000000; i++) {
		if (spin_trylock(&log_lock))
			return true;
		cpu_relax();
	}
	return false;
}

static void unlock_log(unsigned long flags, bool locked)
{
	if (locked)
		spin_unlock(&log_lock);
	local_irq_restore(flags);
}

int vprintk(const char *fmt, va_list args)
{
	int level = parse_level(&fmt), n;
	unsigned long flags;
	bool locked;

	locked = lock_log(&flags);
	if (level >= 0) {
		flush_unfinished();
		line_level = level;
	}
	n = vscnprintf(line_buf + line_length, LINE_MAX + 1 - line_length, fmt, args);
	line_length += n;
	emit_lines();
	unlock_log(flags, locked);
	return n;
}

/**
 * printk - log a message and show it on the consoles if its level is below loglevel=
 * @fmt: begins with a KERN_ level
 *
 * Context: any.
 * Return: characters added.
 */
int printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}

/* For panic(): what is still unfinished goes out. */
void printk_flush(void)
{
	unsigned long flags;
	bool locked = lock_log(&flags);

	flush_unfinished();
	unlock_log(flags, locked);
}

/* ---- the log's readers ---- */

u64 kmsg_first_seq(void)
{
	return READ_ONCE(log_first);
}

u64 kmsg_next_seq(void)
{
	return READ_ONCE(log_next);
}

/* The record with number @seq, which is in the log. */
static struct log_record *find_record(u64 seq)
{
	u32 offset = log_tail;
	struct log_record *rec = record_skip_wrap(&offset);

	for (u64 at = log_first; at < seq; at++) {
		offset += rec->size;
		rec = record_skip_wrap(&offset);
	}
	return rec;
}

static ssize_t format_kmsg(char *buf, size_t size, const struct log_record *rec, u64 seq)
{
	int n = snprintf(buf, size, "%u,%llu,%llu,-;%.*s\n", rec->level, (unsigned long long)seq,
			 (unsigned long long)(rec->time / 1000), (int)rec->length, rec->text);

	return n < size ? n : -EINVAL;
}

ssize_t kmsg_read_record(u64 *seq, char *buf, size_t size)
{
	unsigned long flags;
	ssize_t n = 0;
	bool locked = lock_log(&flags);

	WRITE_ONCE(readers_wait, true);
	if (*seq < log_first) {
		*seq = log_first;
		n = -EPIPE;
	} else if (*seq < log_next) {
		n = format_kmsg(buf, size, find_record(*seq), *seq);
		*seq += n > 0;
	}
	unlock_log(flags, locked);
	return n;
}

void kmsg_write(int level, const char *text, size_t len)
{
	unsigned long flags;
	bool locked = lock_log(&flags);

	flush_unfinished();
	line_level = level;
	line_length = min_t(size_t, len, LINE_MAX - 1);
	memcpy(line_buf, text, line_length);
	if (!line_length || line_buf[line_length - 1] != '\n')
		line_buf[line_length++] = '\n';
	emit_lines();
	unlock_log(flags, locked);
	printk_wake_readers();
}

/* Somebody is about to sleep on log_wait. */
void kmsg_watch(void)
{
	WRITE_ONCE(readers_wait, true);
}

/**
 * printk_wake_readers - wake those who wait for new messages
 * Context: hard interrupt or task, no lock held. printk() itself cannot: its caller may hold a
 * run-queue lock.
 */
void printk_wake_readers(void)
{
	static u64 woken;

	if (READ_ONCE(readers_wait) && READ_ONCE(woken) != READ_ONCE(log_next)) {
		WRITE_ONCE(woken, READ_ONCE(log_next));
		wake_up_interruptible(&log_wait);
	}
}

/**
 * log_format_record - one record with its stamp, as dmesg and syslog(2) show it
 * @seq: in/out, as kmsg_read_record()
 * @with_level: put "<level>" first
 * Return: bytes, or 0 at the end of the log.
 */
size_t log_format_record(u64 *seq, char *buf, size_t size, bool with_level)
{
	unsigned long flags;
	size_t n = 0;
	bool locked = lock_log(&flags);

	if (*seq < log_first)
		*seq = log_first;
	if (*seq < log_next) {
		struct log_record *rec = find_record(*seq);

		if (with_level)
			n = scnprintf(buf, size, "<%u>", rec->level);
		n += format_record(buf + n, size - n, rec);
		*seq += 1;
	}
	unlock_log(flags, locked);
	return n;
}

size_t log_buffer_size(void)
{
	return LOG_BUF_SIZE;
}

/* ---- consoles ---- */

static bool console_matches(const struct console *con)
{
	size_t len = strlen(con->name);
	char number[8];

	if (!preferred_name[0])
		return true;
	if (strncmp(preferred_name, con->name, len))
		return false;
	snprintf(number, sizeof(number), "%d", con->index < 0 ? 0 : con->index);
	return !strcmp(preferred_name + len, number);
}

static void replay_log(struct console *con)
{
	u32 offset = log_tail;

	for (u64 at = log_first; at < log_next; at++) {
		struct log_record *rec = record_skip_wrap(&offset);

		if ((rec->level & 7) < console_loglevel || ignore_loglevel)
			con->write(con, out_buf, format_record(out_buf, sizeof(out_buf), rec));
		offset += rec->size;
	}
}

/* A real console takes over what the boot consoles have shown. Return: was there one? */
static bool drop_boot_consoles(void)
{
	struct console **link = &consoles;
	bool found = false;

	while (*link) {
		if ((*link)->flags & CON_BOOT) {
			*link = (*link)->next;
			found = true;
		} else {
			link = &(*link)->next;
		}
	}
	return found;
}

int register_console(struct console *con)
{
	unsigned long flags;
	bool locked, shown;
	int ret = 0;

	if (!(con->flags & CON_BOOT) && !console_matches(con))
		return -EBUSY;
	if (con->setup)
		ret = con->setup(con, preferred_options);
	if (ret < 0)
		return ret;
	locked = lock_log(&flags);
	shown = !(con->flags & CON_BOOT) && drop_boot_consoles();
	con->flags |= CON_ENABLED;
	if (!(con->flags & CON_BOOT))
		con->flags |= CON_CONSDEV;
	con->next = consoles;
	consoles = con;
	if ((con->flags & CON_PRINTBUFFER) && !shown)
		replay_log(con);
	unlock_log(flags, locked);
	return 0;
}

int unregister_console(struct console *con)
{
	struct console **link = &consoles;
	unsigned long flags;
	bool locked = lock_log(&flags);
	int ret = -ENODEV;

	for (; *link; link = &(*link)->next) {
		if (*link == con) {
			*link = con->next;
			ret = 0;
			break;
		}
	}
	unlock_log(flags, locked);
	return ret;
}

struct tty_driver *console_device(int *index)
{
	struct tty_driver *driver = NULL;
	unsigned long flags;
	bool locked = lock_log(&flags);

	for (struct console *con = consoles; con && !driver; con = con->next)
		if (con->device)
			driver = con->device(con, index);
	unlock_log(flags, locked);
	return driver;
}

const struct console *console_nth(int n)
{
	const struct console *con = consoles;

	while (con && n--)
		con = con->next;
	return con;
}

void console_drain(void)
{
	/* No lock: the list does not change any more, and the machine may be dying. */
	for (struct console *con = consoles; con; con = con->next)
		if (con->drain)
			con->drain(con);
}

/* ---- boot options ---- */

static int __init parse_console(char *val)
{
	char *comma;

	if (!val || !*val)
		return -EINVAL;
	comma = strchr(val, ',');
	if (comma)
		*comma++ = '\0';
	preferred_options = comma;
	return strscpy(preferred_name, val, sizeof(preferred_name)) < 0 ? -EINVAL : 0;
}
boot_param("console", parse_console, "a console's name, such as ttyS0 or ttyS0,115200");

static int __init parse_loglevel(char *val)
{
	unsigned int level;

	if (!val || kstrtouint(val, 0, &level) || level > 10)
		return -EINVAL;
	console_loglevel = level;
	return 0;
}
early_param("loglevel", parse_loglevel, "a number from 0 (quiet) to 8 (everything)");

static int __init parse_ignore_loglevel(char *val)
{
	ignore_loglevel = true;
	return val ? -EINVAL : 0;
}
early_param("ignore_loglevel", parse_ignore_loglevel, "no value");

static int __init parse_quiet(char *val)
{
	console_loglevel = 4;
	return val ? -EINVAL : 0;
}
early_param("quiet", parse_quiet, "no value");

static int __init parse_debug(char *val)
{
	console_loglevel = 8;
	return val ? -EINVAL : 0;
}
early_param("debug", parse_debug, "no value");
