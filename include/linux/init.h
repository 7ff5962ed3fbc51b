/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code and data that boot alone needs (freed afterwards), boot options and boot-time calls.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define __init		__section(".init.text") __cold
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")

typedef int (*initcall_t)(void);

/* Called once by do_initcalls() in level order, after SMP and the scheduler are up. */
#define __define_initcall(fn, level)						\
	static const initcall_t __initcall_##fn __used				\
	__attribute__((__section__(".initcall" #level ".init"))) = fn
#define core_initcall(fn)	__define_initcall(fn, 1)	/* subsystems without users */
#define fs_initcall(fn)		__define_initcall(fn, 2)	/* file systems */
#define device_initcall(fn)	__define_initcall(fn, 3)	/* drivers */
#define late_initcall(fn)	__define_initcall(fn, 4)

/*
 * One boot option. @fn gets what stands after '=' (NULL when there is none) and returns 0, or
 * -EINVAL when the value makes no sense: boot then names the option and what it takes.
 */
struct boot_param {
	const char *name;
	int (*fn)(char *val);
	const char *usage;
	bool early;			/* before memory is up */
};

#define __boot_param(str, func, use, is_early)					\
	static const struct boot_param __boot_param_##func __used __aligned(8)	\
	__attribute__((__section__(".boot_params"))) =				\
	{ .name = (str), .fn = (func), .usage = (use), .early = (is_early) }
#define early_param(str, fn, usage)	__boot_param(str, fn, usage, true)
#define boot_param(str, fn, usage)	__boot_param(str, fn, usage, false)

extern char *saved_command_line;
extern bool initcall_debug;

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
};
extern enum system_states system_state;

#endif
