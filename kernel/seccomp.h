/* SPDX-License-Identifier: GPL-2.0-only */
/* Between seccomp.c and its values under /proc/sys. */
#ifndef _KERNEL_SECCOMP_H
#define _KERNEL_SECCOMP_H

#define SECCOMP_NR_ACTIONS	7

const char *seccomp_action_name(unsigned int n);
extern unsigned int seccomp_actions_logged;	/* bits by index; read and written without a lock */

#endif
