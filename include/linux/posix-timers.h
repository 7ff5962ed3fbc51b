/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval timers, POSIX timers and limits on CPU time: what the signal code, exec, exit and the
 * tick call. See kernel/time/itimer.c, posix-timers.c and posix-cpu-timers.c.
 */
#ifndef _LINUX_POSIX_TIMERS_H
#define _LINUX_POSIX_TIMERS_H

#include <linux/types.h>

struct kernel_siginfo;
struct signal_struct;
struct task_struct;

void posix_timers_init(struct signal_struct *signal);
void itimer_real_rearm(struct signal_struct *signal);
void posix_timer_rearm(struct kernel_siginfo *info);
void exit_itimers(struct signal_struct *signal);

void run_posix_cpu_timers(struct task_struct *tsk);
void posix_cpu_timers_exit(struct task_struct *tsk);
void posix_cpu_timers_exit_group(struct task_struct *tsk);
void update_rlimit_cpu(struct task_struct *tsk, unsigned long seconds);

#endif /* _LINUX_POSIX_TIMERS_H */
