/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values that mark dead or untouched memory. The pointers are non-canonical, so that following
 * one faults at once and the address in the report names the culprit.
 */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

#define POISON_POINTER_BASE	0xdead000000000000UL

#define LIST_POISON1		((void *)(POISON_POINTER_BASE + 0x100))
#define LIST_POISON2		((void *)(POISON_POINTER_BASE + 0x122))
#define RB_POISON		((void *)(POISON_POINTER_BASE + 0x200))

#endif
