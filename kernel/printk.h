/* SPDX-License-Identifier: GPL-2.0-only */
/* What printk.c shares with panic.c and syslog.c. */
#ifndef _KERNEL_PRINTK_H
#define _KERNEL_PRINTK_H

#include <linux/types.h>

extern bool oops_in_progress;	/* the lock may be held by a dead CPU: go on without it */

void printk_flush(void);
size_t log_format_record(u64 *seq, char *buf, size_t size, bool with_level);
size_t log_buffer_size(void);

#endif
