// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the loader's description of the machine to memblock, page tables, CPUs and per-CPU data.
 * Boot CPU, once, interrupts off.
 */
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/memblock.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <asm/entry.h>
#include <asm/extable.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/signal_frame.h>
#include <asm/trampoline.h>

#define PVH_MAGIC	0x336ec578
#define PVH_MAP_RAM	1
#define MINIMUM_RAM	(12UL << 20)

/* The loader's record; Xen's public "start of day" ABI for PVH. */
struct hvm_start_info {
	u32 magic;
	u32 version;
	u32 flags;
	u32 nr_modules;
	u64 modlist_paddr;
	u64 cmdline_paddr;
	u64 rsdp_paddr;
	u64 memmap_paddr;	/* from version 1 on */
	u32 memmap_entries;
	u32 reserved;
};

struct hvm_modlist_entry {
	u64 paddr;
	u64 size;
	u64 cmdline_paddr;
	u64 reserved;
};

struct hvm_memmap_entry {
	u64 addr;
	u64 size;
	u32 type;
	u32 reserved;
};

char boot_command_line[COMMAND_LINE_SIZE];
unsigned long initrd_start, initrd_end;
static phys_addr_t initrd_phys __initdata;
static size_t initrd_size __initdata;
phys_addr_t boot_rsdp;
phys_addr_t trampoline_phys;

unsigned long __per_cpu_offset[NR_CPUS];
DEFINE_PER_CPU(unsigned long, this_cpu_off);
DEFINE_PER_CPU(unsigned int, cpu_number);
DEFINE_PER_CPU(struct task_struct *, current_task) = &init_task;
DEFINE_PER_CPU(unsigned long, cpu_top_of_stack) = (unsigned long)init_stack + THREAD_SIZE;
DEFINE_PER_CPU(unsigned int, __preempt_count);

extern unsigned long __stack_chk_guard;
DEFINE_PER_CPU(unsigned long, __stack_chk_guard) = 0x57ac6a9d00b1e5c3;

static const struct hvm_start_info *start_info __initdata;

static void __init read_memory_map(void)
{
	const struct hvm_memmap_entry *map = __va(start_info->memmap_paddr);

	for (u32 i = 0; i < start_info->memmap_entries; i++) {
		pr_debug("memory: %016llx-%016llx type %u\n", (unsigned long long)map[i].addr,
			 (unsigned long long)(map[i].addr + map[i].size - 1), map[i].type);
		if (map[i].type == PVH_MAP_RAM)
			memblock_add(map[i].addr, map[i].size);
	}
	if (!memblock.memory.count)
		panic_user("the loader gave no memory map; start QEMU with -kernel vmlinux");
}

static void __init read_modules(void)
{
	const struct hvm_modlist_entry *module = __va(start_info->modlist_paddr);

	if (!start_info->nr_modules)
		return;
	initrd_phys = module->paddr;
	initrd_size = module->size;
	memblock_reserve(initrd_phys, initrd_size);
}

static void __init read_start_info(void)
{
	if (start_info->magic != PVH_MAGIC || start_info->version < 1)
		panic_user("not started by a PVH loader; use qemu-system-x86_64 -kernel vmlinux");
	if (start_info->cmdline_paddr)
		strscpy(boot_command_line, __va(start_info->cmdline_paddr), COMMAND_LINE_SIZE);
	boot_rsdp = start_info->rsdp_paddr;
	read_memory_map();
	read_modules();
}

/* Page 0 stays unused; another low page is where starting CPUs enter in real mode. */
static void __init reserve_low_memory(void)
{
	const phys_addr_t candidate = TRAMPOLINE_PHYS;
	phys_addr_t start, end;
	u64 cursor;

	memblock_reserve(0, PAGE_SIZE);
	for_each_free_mem_range(cursor, start, end) {
		if (start <= candidate && end >= candidate + PAGE_SIZE) {
			trampoline_phys = candidate;
			break;
		}
	}
	if (trampoline_phys)
		memblock_reserve(trampoline_phys, PAGE_SIZE);
}

static void __init check_memory(void)
{
	phys_addr_t end = memblock_end_of_RAM();

	if (memblock_total() < MINIMUM_RAM)
		panic_user("too little memory: %lu MiB; start the machine with -m 16M or more",
			   (unsigned long)(memblock_total() >> 20));
	if (initrd_size && initrd_phys + initrd_size > end)
		panic_user("the initial ram disk does not fit into memory; give more with -m");
	if (initrd_size) {
		initrd_start = (unsigned long)__va(initrd_phys);
		initrd_end = initrd_start + initrd_size;
	}
}

/* Each possible CPU gets a copy of the linked section, and this one moves to its own. */
void __init setup_per_cpu_areas(void)
{
	size_t size = __per_cpu_end - __per_cpu_start;
	int cpu;

	for_each_possible_cpu(cpu) {
		char *area = memblock_alloc(size, 4096);

		memcpy(area, __per_cpu_start, size);
		__per_cpu_offset[cpu] = area - __per_cpu_start;
		per_cpu(this_cpu_off, cpu) = __per_cpu_offset[cpu];
		per_cpu(cpu_number, cpu) = cpu;
		reserve_exception_stacks(cpu);
	}
	wrmsrl(MSR_GS_BASE, __per_cpu_offset[0]);
}

/**
 * setup_arch - memory, page tables, CPUs found, per-CPU data, this CPU in its final state
 *
 * Context: boot, after the early boot options.
 */
void __init setup_arch(void)
{
	check_memory();
	cpu_init_protection();
	kernel_mapping_init();
	smp_count_boot_cpu();
	acpi_boot_init();
	setup_per_cpu_areas();
	cpu_init(0);
	fpu_init_system();
	signal_frame_init();
	smp_prepare_boot_cpu();
}

void __init x86_64_start_kernel(unsigned long start_info_phys);

/* The first C function: stack of init_task, early tables, nothing else. */
void __init x86_64_start_kernel(unsigned long start_info_phys)
{
	start_info = __va(start_info_phys);
	idt_init();
	sort_main_extable();
	early_serial_init();
	identify_cpu(&boot_cpu_data);
	memblock_reserve(__pa_symbol(_text), _end - _text);
	read_start_info();
	reserve_low_memory();
	start_kernel();
}

static phys_addr_t memory_wanted __initdata;

static int __init parse_mem(char *val)
{
	char *end;

	memory_wanted = val ? memparse(val, &end) : 0;
	if (!memory_wanted || *end)
		return -EINVAL;
	while (memblock.memory.count) {
		struct memblock_region *r = &memblock.memory.regions[memblock.memory.count - 1];

		if (r->base + r->size <= memory_wanted)
			break;
		if (r->base < memory_wanted) {
			r->size = (memory_wanted - r->base) & PAGE_MASK;
			break;
		}
		memblock.memory.count--;
	}
	return 0;
}
early_param("mem", parse_mem, "a size such as 64M: memory above it is not used");
