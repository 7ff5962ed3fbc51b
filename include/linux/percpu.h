/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU variables: DEFINE_PER_CPU, this_cpu_read and friends come from the architecture. */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <asm/percpu.h>

#endif
