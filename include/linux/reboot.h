/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ending the machine. The magic numbers of reboot(2) are in the ABI header.
 */
#ifndef _LINUX_REBOOT_H_K
#define _LINUX_REBOOT_H_K

#include <uapi/linux/reboot.h>
#include <linux/compiler.h>

/* Exit codes for QEMU's isa-debug-exit: QEMU's status is twice the code plus one. */
#define QEMU_EXIT_PANIC		0x7f

/**
 * qemu_exit - leave QEMU if it was started with -device isa-debug-exit (port 0xf4)
 * Context: any. Returns when there is no such device.
 */
void qemu_exit(int code);

void __noreturn machine_restart_now(void);	/* stops nobody, asks nobody: after a panic */
void __noreturn machine_restart(void);
void __noreturn machine_power_off(void);
void __noreturn machine_halt(void);

#endif
