/* SPDX-License-Identifier: GPL-2.0-only */
/* The other CPUs. */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <asm/smp.h>

#endif
