/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for hardware: udelay() spins, msleep() sleeps.
 */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/hrtimer.h>

void ndelay(unsigned long ns);
void udelay(unsigned long us);

#endif /* _LINUX_DELAY_H */
