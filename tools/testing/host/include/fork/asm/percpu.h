/* SPDX-License-Identifier: GPL-2.0-only */
/* The host has one CPU, and its variables are plain ones. */
#ifndef _ASM_X86_PERCPU_H
#define _ASM_X86_PERCPU_H

#include <linux/types.h>

#define __percpu
#define DEFINE_PER_CPU(type, name)	__typeof__(type) name
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

#define per_cpu(var, cpu)		(var)
#define this_cpu_ptr(ptr)		(ptr)
#define this_cpu_read(var)		(var)
#define this_cpu_write(var, val)	((void)((var) = (val)))
#define this_cpu_add(var, val)		((void)((var) += (val)))
#define this_cpu_inc(var)		((void)(var)++)
#define this_cpu_dec(var)		((void)(var)--)

#endif
