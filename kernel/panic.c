// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end: panics, failed assertions, warnings, and what follows an oops. Takes no lock; one CPU
 * panics, the others are stopped.
 */
#include <linux/console.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/sprintf.h>
#include <linux/utsname.h>
#include <asm/tsc.h>
#include "printk.h"

int panic_timeout;		/* seconds until restart; 0: stay, below 0: at once */
bool panic_on_oops;
bool panic_on_warn;
unsigned long tainted_mask;
static int panic_cpu = -1;

static void __noreturn stop_here(void)
{
	local_irq_disable();
	for (;;)
		asm volatile("hlt");
}

/* After the message: leave QEMU if it listens, restart if panic= says so, or stay. */
static void __noreturn after_panic(void)
{
	console_drain();
	qemu_exit(QEMU_EXIT_PANIC);
	if (panic_timeout > 0) {
		pr_emerg("Restarting in %d seconds\n", panic_timeout);
		for (int i = 0; i < panic_timeout; i++)
			mdelay(1000);
	}
	if (panic_timeout)
		machine_restart_now();
	pr_emerg("The machine is stopped; with panic=N it would restart after N seconds.\n");
	stop_here();
}

static bool i_am_first(void)
{
	int none = -1;

	return __atomic_compare_exchange_n(&panic_cpu, &none, smp_processor_id(), false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void __noreturn __cold vpanic(bool backtrace, const char *fmt, va_list args)
{
	static char message[512];

	local_irq_disable();
	if (READ_ONCE(panic_cpu) == smp_processor_id())
		after_panic();	/* failed again while telling why it failed */
	if (!i_am_first())
		stop_here();
	oops_in_progress = true;
	smp_send_stop();
	printk_flush();
	vscnprintf(message, sizeof(message), fmt, args);
	pr_emerg("Kernel panic - not syncing: %s\n", message);
	if (backtrace)
		dump_stack();
	printk_flush();
	after_panic();
}

/**
 * panic - the kernel cannot go on
 * @fmt: why, in a sentence; no newline at the end
 *
 * Context: any.
 */
void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(!oops_in_progress, fmt, args);
}

/**
 * panic_user - the kernel cannot go on, and the reason is the user's to mend
 * @fmt: what is wrong and what to do, without register dump or backtrace
 *
 * Context: any; meant for boot.
 */
void panic_user(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vpanic(false, fmt, args);
}

void assert_failed(const char *what, const char *file, int line)
{
	panic("assertion failed: %s at %s:%d", what, file, line);
}

void warn_slowpath(const char *file, int line, const char *fmt, ...)
{
	char message[160];
	va_list args;

	va_start(args, fmt);
	vscnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	__atomic_fetch_or(&tainted_mask, TAINT_WARN, __ATOMIC_RELAXED);
	pr_warn("WARNING: CPU %d: %s at %s:%d\n", smp_processor_id(), message, file, line);
	dump_stack();
	if (panic_on_warn)
		panic("panic_on_warn is set");
}

/**
 * dump_stack - print the running task and the calls that led here
 */
void dump_stack(void)
{
	pr_warn("CPU: %d PID: %d Comm: %.16s %s\n", smp_processor_id(), current->pid,
		current->comm, utsname()->release);
	show_stack(NULL, (unsigned long)__builtin_frame_address(0));
}

static int __init parse_panic(char *val)
{
	return val && !kstrtoint(val, 0, &panic_timeout) ? 0 : -EINVAL;
}
early_param("panic", parse_panic, "seconds until restart; 0 stays, -1 restarts at once");

static int __init parse_oops(char *val)
{
	if (!val || strcmp(val, "panic"))
		return -EINVAL;
	panic_on_oops = true;
	return 0;
}
early_param("oops", parse_oops, "panic");

static int __init parse_panic_on_warn(char *val)
{
	panic_on_warn = true;
	return 0;
}
early_param("panic_on_warn", parse_panic_on_warn, "no value");
