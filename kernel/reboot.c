// SPDX-License-Identifier: GPL-2.0-only
/*
 * reboot(2). One caller at a time; everything after the checks is final.
 */
#include <linux/capability.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

static DEFINE_MUTEX(reboot_mutex);

static bool magic_is_right(int magic1, int magic2)
{
	return magic1 == (int)LINUX_REBOOT_MAGIC1 &&
	       (magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

static void __noreturn end_machine(unsigned int cmd, const char *why)
{
	switch (cmd) {
	case LINUX_REBOOT_CMD_POWER_OFF:
		system_state = SYSTEM_POWER_OFF;
		pr_notice("reboot: Power down\n");
		console_drain();
		machine_power_off();
	case LINUX_REBOOT_CMD_HALT:
		system_state = SYSTEM_HALT;
		pr_notice("reboot: System halted\n");
		console_drain();
		machine_halt();
	default:
		system_state = SYSTEM_RESTART;
		pr_notice("reboot: Restarting system%s%s\n", why ? " with command " : "",
			  why ?: "");
		console_drain();
		machine_restart();
	}
}

static long restart_with_command(const void __user *arg)
{
	char command[256];
	long n = strncpy_from_user(command, arg, sizeof(command) - 1);

	if (n < 0)
		return -EFAULT;
	command[n] = '\0';
	end_machine(LINUX_REBOOT_CMD_RESTART2, command);
}

static long do_reboot(unsigned int cmd, const void __user *arg)
{
	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		end_machine(cmd, NULL);
	case LINUX_REBOOT_CMD_RESTART2:
		return restart_with_command(arg);
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;	/* there is no keyboard to press the keys on */
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE4(reboot, int, magic1, int, magic2, unsigned int, cmd, const void __user *, arg)
{
	long ret;

	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if (!magic_is_right(magic1, magic2))
		return -EINVAL;
	mutex_lock(&reboot_mutex);
	ret = do_reboot(cmd, arg);
	mutex_unlock(&reboot_mutex);
	return ret;
}
