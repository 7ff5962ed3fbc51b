/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asynchronous I/O contexts as mm/ sees them: they belong to an address space and end with it.
 */
#ifndef _LINUX_AIO_H
#define _LINUX_AIO_H

struct mm_struct;

/* The last user of @mm is gone: its contexts end. Context: sleeps. */
void __exit_aio(struct mm_struct *mm);

#endif
