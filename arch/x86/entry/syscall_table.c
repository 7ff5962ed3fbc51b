// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system call table, made from syscalls.tbl. Read-only.
 */
#include <asm/syscall.h>

#define SYSCALL(nr, name, entry) long entry(const struct pt_regs *regs);
#include <generated/syscall_table.h>
#undef SYSCALL

#define SYSCALL(nr, name, entry) [nr] = entry,
/* The gaps first, then each call over its gap. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
const sys_call_ptr_t sys_call_table[NR_SYSCALLS + 1] = {
	[0 ... NR_SYSCALLS] = sys_ni_syscall,
#include <generated/syscall_table.h>
};
#pragma GCC diagnostic pop
