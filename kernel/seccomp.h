/* SPDX-License-Identifier: GPL-2.0-only */
/* Between seccomp.c, the listeners of its filters and its values under /proc/sys. */
#ifndef _KERNEL_SECCOMP_H
#define _KERNEL_SECCOMP_H

#include <linux/types.h>

struct file;
struct pt_regs;
struct seccomp_data;
struct seccomp_listener;

#define SECCOMP_NR_ACTIONS	8

const char *seccomp_action_name(unsigned int n);
extern unsigned int seccomp_actions_logged;	/* bits by index; read and written without a lock */

/* kernel/seccomp_notify.c */
struct seccomp_listener *seccomp_listener_alloc(bool killable);
void seccomp_listener_put(struct seccomp_listener *l);
void seccomp_listener_orphan(struct seccomp_listener *l);
bool seccomp_listener_open(const struct seccomp_listener *l);
struct file *seccomp_listener_file(struct seccomp_listener *l);
bool seccomp_notify(struct seccomp_listener *l, struct pt_regs *regs,
		    const struct seccomp_data *data);

#endif
