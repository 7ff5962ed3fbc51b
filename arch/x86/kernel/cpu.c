// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the CPU is, and putting each CPU into the kernel's state: segments, system calls and
 * protection.
 * boot_cpu_data is written by the boot CPU before others run.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/desc.h>
#include <asm/entry.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/setup.h>

struct cpuinfo_x86 boot_cpu_data;
static DEFINE_PER_CPU(struct cpuinfo_x86, cpu_info);

DEFINE_PER_CPU_ALIGNED(struct x86_tss, cpu_tss);
DEFINE_PER_CPU(unsigned long, user_rsp_scratch);
DEFINE_PER_CPU(unsigned long, hardirq_stack_top);
static DEFINE_PER_CPU(char *, exception_stacks);
static DEFINE_PER_CPU_ALIGNED(struct gdt_page, gdt_page) = { .entries = {
	[GDT_ENTRY_KERNEL32_CS] = 0x00cf9b000000ffff,
	[GDT_ENTRY_KERNEL_CS] = 0x00af9b000000ffff,
	[GDT_ENTRY_KERNEL_DS] = 0x00cf93000000ffff,
	[GDT_ENTRY_USER32_CS] = 0x00cffb000000ffff,
	[GDT_ENTRY_USER_DS] = 0x00cff3000000ffff,
	[GDT_ENTRY_USER_CS] = 0x00affb000000ffff,
} };

struct cpuinfo_x86 *cpu_data_of(int cpu)
{
	return per_cpu_ptr(&cpu_info, cpu);
}

/* ---- identification ---- */

static void read_vendor(struct cpuinfo_x86 *c)
{
	u32 words[3], eax;

	cpuid(0, &eax, &words[0], &words[2], &words[1]);
	c->cpuid_level = eax;
	memcpy(c->vendor_id, words, sizeof(words));
}

static void read_model_name(struct cpuinfo_x86 *c)
{
	u32 *words = (u32 *)(void *)c->model_id;

	for (u32 leaf = 0; leaf < 3; leaf++, words += 4)
		cpuid(0x80000002 + leaf, &words[0], &words[1], &words[2], &words[3]);
	memmove(c->model_id, skip_spaces(c->model_id), strlen(skip_spaces(c->model_id)) + 1);
}

static void read_family(struct cpuinfo_x86 *c)
{
	u32 sig, ebx, ecx, edx;

	cpuid(1, &sig, &ebx, &ecx, &edx);
	c->family = (sig >> 8) & 15;
	c->model = (sig >> 4) & 15;
	c->stepping = sig & 15;
	if (c->family == 15)
		c->family += (sig >> 20) & 255;
	if (c->family >= 6)
		c->model += ((sig >> 16) & 15) << 4;
	c->apicid = ebx >> 24;
	c->cache_line_size = ((ebx >> 8) & 255) * 8 ?: 64;
	c->capability[0] = edx;
	c->capability[1] = ecx;
}

static void read_extended(struct cpuinfo_x86 *c)
{
	u32 max, a, b, ecx, edx;

	cpuid(0x80000000, &max, &b, &ecx, &edx);
	if (max >= 0x80000001) {
		cpuid(0x80000001, &a, &b, &ecx, &edx);
		c->capability[2] = edx;
		c->capability[3] = ecx;
	}
	if (max >= 0x80000004)
		read_model_name(c);
	if (max >= 0x80000006) {
		cpuid(0x80000006, &a, &b, &ecx, &edx);
		c->cache_size = ecx >> 16;
	}
	if (max >= 0x80000007)
		cpuid(0x80000007, &a, &b, &ecx, &c->capability[7]);
	c->phys_bits = 36;
	c->virt_bits = 48;
	if (max >= 0x80000008) {
		cpuid(0x80000008, &a, &b, &ecx, &edx);
		c->phys_bits = a & 255;
		c->virt_bits = (a >> 8) & 255;
	}
}

/**
 * identify_cpu - fill @c from this CPU's CPUID
 */
void identify_cpu(struct cpuinfo_x86 *c)
{
	u32 a, b, ecx, edx;

	read_vendor(c);
	read_family(c);
	if (c->cpuid_level >= 7) {
		cpuid_count(7, 0, &a, &b, &ecx, &edx);
		c->capability[4] = b;
		c->capability[5] = ecx;
	}
	if (c->cpuid_level >= 13) {
		cpuid_count(13, 1, &a, &b, &ecx, &edx);
		c->capability[6] = a;
	}
	read_extended(c);
}

/* ---- protection ---- */

/* Where the image has a NOP for STAC or CLAC, and the instruction's third byte. */
struct smap_site {
	s32 place;
	u32 byte;
};

extern const struct smap_site __start_smap_sites[], __stop_smap_sites[];

/* Boot CPU, while the image is still writable through the early tables. */
static void __init patch_smap_sites(void)
{
	for (const struct smap_site *s = __start_smap_sites; s < __stop_smap_sites; s++) {
		u8 *insn = (u8 *)&s->place + s->place;

		insn[1] = 0x01;
		insn[2] = (u8)s->byte;
	}
}

static bool smap_wanted = true, smep_wanted = true;

static unsigned long cr4_bits(void)
{
	unsigned long cr4 = read_cr4() | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT;

	if (boot_cpu_has(X86_FEATURE_PGE))
		cr4 |= X86_CR4_PGE;
	if (boot_cpu_has(X86_FEATURE_SMEP) && smep_wanted)
		cr4 |= X86_CR4_SMEP;
	if (boot_cpu_has(X86_FEATURE_SMAP) && smap_wanted)
		cr4 |= X86_CR4_SMAP;
	if (boot_cpu_has(X86_FEATURE_UMIP))
		cr4 |= X86_CR4_UMIP;
	if (boot_cpu_has(X86_FEATURE_XSAVE))
		cr4 |= X86_CR4_OSXSAVE;
	return cr4;
}

/**
 * cpu_init_protection - decide on SMAP and patch its sites
 *
 * Context: boot CPU, before kernel_mapping_init() makes text read-only.
 */
void __init cpu_init_protection(void)
{
	if (!smap_wanted)
		boot_cpu_data.capability[4] &= ~(1U << (X86_FEATURE_SMAP % 32));
	if (boot_cpu_has(X86_FEATURE_SMAP))
		patch_smap_sites();
}

static int __init parse_nosmap(char *val)
{
	smap_wanted = false;
	return val ? -EINVAL : 0;
}
early_param("nosmap", parse_nosmap, "no value");

static int __init parse_nosmep(char *val)
{
	smep_wanted = false;
	return val ? -EINVAL : 0;
}
early_param("nosmep", parse_nosmep, "no value");

/* ---- per-CPU state ---- */

/* Stacks that exceptions and interrupts switch to; memory of their own per CPU. */
void __init reserve_exception_stacks(int cpu)
{
	per_cpu(exception_stacks, cpu) =
		memblock_alloc(IST_STACKS * EXCEPTION_STACK_SIZE, PAGE_SIZE);
	per_cpu(hardirq_stack_top, cpu) =
		(unsigned long)memblock_alloc(IRQ_STACK_SIZE, PAGE_SIZE) + IRQ_STACK_SIZE;
}

static void set_tss_descriptor(struct gdt_page *gdt, struct x86_tss *tss)
{
	u64 base = (u64)tss, limit = sizeof(*tss) - 1;

	gdt->entries[GDT_ENTRY_TSS] = limit | (base & 0xffffff) << 16 | 0x89ULL << 40 |
				      ((base >> 24) & 0xff) << 56;
	gdt->entries[GDT_ENTRY_TSS + 1] = base >> 32;
}

static void load_gdt(struct gdt_page *gdt)
{
	struct desc_ptr ptr = { sizeof(*gdt) - 1, (unsigned long)gdt };

	asm volatile("lgdt %0" : : "m" (ptr));
	asm volatile("pushq %0\n"
		     "leaq 1f(%%rip), %%rax\n"
		     "pushq %%rax\n"
		     "lretq\n"
		     "1:" : : "i" (__KERNEL_CS) : "rax", "memory");
}

/* GDT, TSS with its stacks, task register. */
void gdt_tss_init_cpu(int cpu)
{
	struct gdt_page *gdt = per_cpu_ptr(&gdt_page, cpu);
	struct x86_tss *tss = per_cpu_ptr(&cpu_tss, cpu);
	char *stacks = per_cpu(exception_stacks, cpu);

	for (int i = 0; i < IST_STACKS; i++)
		tss->ist[i] = (unsigned long)stacks + (i + 1) * EXCEPTION_STACK_SIZE;
	tss->sp0 = per_cpu(cpu_top_of_stack, cpu);
	tss->io_bitmap_base = sizeof(*tss);
	set_tss_descriptor(gdt, tss);
	/* LSL of this selector tells user mode its CPU: the vDSO's getcpu. */
	gdt->entries[GDT_ENTRY_CPUNODE] = 0x0040f50000000000ULL | (cpu & 0xffff);
	load_gdt(gdt);
	asm volatile("ltr %w0" : : "r" (GDT_ENTRY_TSS * 8));
}

/* SYSCALL: where it goes, which selectors it loads, which flags it clears. */
void syscall_init_cpu(void)
{
	wrmsrl(MSR_STAR, (u64)__USER32_CS << 48 | (u64)__KERNEL_CS << 32);
	wrmsrl(MSR_LSTAR, (unsigned long)entry_syscall);
	wrmsrl(MSR_SYSCALL_MASK, X86_EFLAGS_IF | X86_EFLAGS_TF | X86_EFLAGS_DF | X86_EFLAGS_AC |
				 X86_EFLAGS_NT | X86_EFLAGS_IOPL | X86_EFLAGS_RF);
	wrmsrl(MSR_EFER, rdmsrl_val(MSR_EFER) | EFER_SCE);
}

/**
 * cpu_init - bring this CPU into the kernel's state
 * @cpu: its number; its per-CPU area is in use already
 *
 * Context: on that CPU, interrupts off.
 */
void cpu_init(int cpu)
{
	struct cpuinfo_x86 *c = cpu_data_of(cpu);

	gdt_tss_init_cpu(cpu);
	wrmsrl(MSR_KERNEL_GS_BASE, 0);
	idt_load();
	write_cr0(CR0_STATE);
	write_cr4(cr4_bits());
	syscall_init_cpu();
	if (boot_cpu_has(X86_FEATURE_RDTSCP))
		wrmsrl(MSR_TSC_AUX, cpu);
	fpu_init_cpu();
	identify_cpu(c);
}
