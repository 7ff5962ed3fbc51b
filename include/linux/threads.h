/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits on CPUs and threads that size arrays.
 */
#ifndef _LINUX_THREADS_H
#define _LINUX_THREADS_H

#define NR_CPUS		CONFIG_NR_CPUS

#endif
