// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the first C function to /init: boot options, the order in which the kernel's parts come up,
 * and the first program. Boot CPU alone until smp_init().
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/pid.h>
#include <linux/radix.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/signal.h>
#include <linux/smp.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include "params.h"

enum system_states system_state = SYSTEM_BOOTING;
bool initcall_debug;

static char *init_program;	/* init= */

/* ---- the first program ---- */

static int run_init(const char *path)
{
	init_argv[0] = path;
	return kernel_execve(path, init_argv, init_envp);
}

/* Return: 0 when current is the program now; the error of the last one tried otherwise. */
static int try_to_run_init(const char *path)
{
	int ret = run_init(path);

	if (ret && ret != -ENOENT)
		pr_err("%s cannot be run (error %d): is it an executable for x86-64?\n", path, ret);
	return ret;
}

static void find_init(void)
{
	static const char *const candidates[] = {
		"/init", "/sbin/init", "/etc/init", "/bin/init", "/bin/sh",
	};

	if (init_program) {
		if (!try_to_run_init(init_program))
			return;
		panic_user("init=%s cannot be run: name a program in the initial ram disk",
			   init_program);
	}
	for (int i = 0; i < ARRAY_SIZE(candidates); i++)
		if (!try_to_run_init(candidates[i]))
			return;
	if (!initrd_start)
		panic_user("no initial ram disk, so there is no program to run; "
			   "give QEMU -initrd FILE, a cpio archive with /init");
	panic_user("no /init in the initial ram disk, or the interpreter that it names is "
		   "missing; put a program there, or name one with init=");
}

static void __init do_initcalls(void)
{
	extern const initcall_t __initcall_start[], __initcall_end[];

	for (const initcall_t *fn = __initcall_start; fn < __initcall_end; fn++) {
		int ret = (*fn)();

		if (ret)
			pr_warn("initcall %pS failed: %d\n", *fn, ret);
	}
}

/* Descriptors 0, 1 and 2 of the first program. */
static void __init open_console(void)
{
	struct file *file = filp_open("/dev/console", O_RDWR, 0);

	if (IS_ERR(file)) {
		pr_err("/dev/console cannot be opened (error %ld): /init has no terminal\n",
		       PTR_ERR(file));
		return;
	}
	for (int i = 0; i < 3; i++)
		f_dupfd(0, file, 0);
	fput_sync(file);
}

static void __init kernel_init_freeable(void)
{
	smp_init();
	do_initcalls();
	populate_rootfs();
	open_console();
	mark_rodata_ro();
	crash_if_asked();
	selftest_run();
}

/* Process 1. */
static int kernel_init(void *unused)
{
	kernel_init_freeable();
	free_initmem();
	system_state = SYSTEM_RUNNING;
	find_init();
	return 0;
}

/* ---- bringing up ---- */

static void __init __noreturn start_tasks(void)
{
	kernel_thread(kernel_init, NULL, "init", CLONE_FS);
	kernel_thread(kthreadd, NULL, "kthreadd", CLONE_FS | CLONE_FILES);
	local_irq_enable();
	cpu_idle_loop();
}

/**
 * start_kernel - everything, in order
 *
 * Context: init_task, interrupts off, one CPU, no allocator.
 */
void __init start_kernel(void)
{
	parse_early_params(boot_command_line);
	pr_notice("%s %s %s\n", utsname()->sysname, utsname()->release,
		  utsname()->version);
	setup_arch();
	pr_notice("Command line: %s\n", boot_command_line);
	mm_init();
	radix_init();
	parse_params(boot_command_line);
	init_IRQ();
	time_init();
	sched_init();
	timekeeping_init();
	cred_init();
	pid_init();
	signals_init();
	fork_init();
	vfs_caches_init();
	start_tasks();
}

/* ---- options that are nobody else's ---- */

static int __init parse_init(char *val)
{
	init_program = val;
	return val && *val ? 0 : -EINVAL;
}
boot_param("init", parse_init, "the path of the first program");

static int __init parse_initcall_debug(char *val)
{
	initcall_debug = true;
	return val ? -EINVAL : 0;
}
boot_param("initcall_debug", parse_initcall_debug, "no value");
