// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of kernel instructions that may fault. Sorted once at boot, read-only after.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <asm/extable.h>
#include <asm/ptrace.h>

extern struct exception_table_entry __start___ex_table[], __stop___ex_table[];

static unsigned long entry_insn(const struct exception_table_entry *e)
{
	return (unsigned long)&e->insn + e->insn;
}

static unsigned long entry_fixup(const struct exception_table_entry *e)
{
	return (unsigned long)&e->fixup + e->fixup;
}

static void store_entry(struct exception_table_entry *e, unsigned long insn, unsigned long fixup)
{
	e->insn = (s32)(insn - (unsigned long)&e->insn);
	e->fixup = (s32)(fixup - (unsigned long)&e->fixup);
}

/* Insertion sort: the linker leaves runs that are sorted already. Before rodata is read-only. */
void __init sort_main_extable(void)
{
	for (struct exception_table_entry *e = __start___ex_table; e < __stop___ex_table; e++) {
		unsigned long insn = entry_insn(e), fixup = entry_fixup(e);
		struct exception_table_entry *at = e;

		while (at > __start___ex_table && entry_insn(at - 1) > insn) {
			store_entry(at, entry_insn(at - 1), entry_fixup(at - 1));
			at--;
		}
		if (at != e)
			store_entry(at, insn, fixup);
	}
}

static const struct exception_table_entry *search_extable(unsigned long ip)
{
	const struct exception_table_entry *low = __start___ex_table, *high = __stop___ex_table;

	while (low < high) {
		const struct exception_table_entry *middle = low + (high - low) / 2;

		if (entry_insn(middle) == ip)
			return middle;
		if (entry_insn(middle) < ip)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/**
 * fixup_exception - go on at the fix-up of the instruction that faulted
 * Return: false when the table does not know it.
 */
bool fixup_exception(struct pt_regs *regs)
{
	const struct exception_table_entry *e = search_extable(regs->ip);

	if (!e)
		return false;
	regs->ip = entry_fixup(e);
	return true;
}
