/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of kernel functions by address, for backtraces and /proc/<pid>/wchan. */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset);
/* The function number @index in order of addresses, or NULL beyond the last. */
const char *kallsyms_nth(unsigned long index, unsigned long *addr);

#endif /* _LINUX_KALLSYMS_H */
