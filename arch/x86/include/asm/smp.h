/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other CPUs: who am I, poke one, run a function on some.
 */
#ifndef _ASM_X86_SMP_H
#define _ASM_X86_SMP_H

#include <linux/cpumask.h>
#include <asm/percpu.h>

#define smp_processor_id()	((int)this_cpu_read(cpu_number))
#define raw_smp_processor_id()	smp_processor_id()
#define get_cpu()		smp_processor_id()
#define put_cpu()		do { } while (0)

typedef void (*smp_call_func_t)(void *info);

int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info,
			    bool wait);
void smp_call_function(smp_call_func_t func, void *info, int wait);
void on_each_cpu(smp_call_func_t func, void *info, int wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
void smp_send_reschedule(int cpu);
void smp_send_stop(void);

void smp_count_boot_cpu(void);
void smp_prepare_boot_cpu(void);
void smp_init(void);

extern u32 cpu_to_apicid[];

#endif
