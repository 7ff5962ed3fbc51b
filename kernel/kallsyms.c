// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of kernel functions by address. The tables are made at link time by
 * scripts/kallsyms and are read-only, so anyone may look at any time.
 */
#include <linux/kallsyms.h>
#include <linux/types.h>

#define MARKER_STEP 64	/* as in scripts/kallsyms */

extern const u32 kallsyms_count;
extern const u32 kallsyms_addresses[];	/* offsets from _text, ascending */
extern const u32 kallsyms_markers[];	/* where every MARKER_STEPth name starts */
extern const char kallsyms_names[];
extern const char _text[];

/* Index of the last function that starts at or below @offset; there is one. */
static u32 find_function(unsigned long offset)
{
	u32 low = 0, high = kallsyms_count;

	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (kallsyms_addresses[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static const char *function_name(u32 index)
{
	const char *name = kallsyms_names + kallsyms_markers[index / MARKER_STEP];

	for (u32 skip = index % MARKER_STEP; skip; skip--)
		while (*name++)
			;
	return name;
}

const char *kallsyms_nth(unsigned long index, unsigned long *addr)
{
	if (index >= kallsyms_count)
		return NULL;
	*addr = (unsigned long)_text + kallsyms_addresses[index];
	return function_name(index);
}

/**
 * kallsyms_lookup() - name the function that holds an address
 * @addr: any address
 * @size: if not NULL, receives the function's length in bytes up to the next one
 * @offset: if not NULL, receives the distance of @addr from the function's start
 *
 * Context: Any, no lock taken; safe in NMI and while panicking.
 * Return: the name, or NULL when @addr is not inside the kernel's image.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	unsigned long target = addr - (unsigned long)_text;
	u32 index;

	if (!kallsyms_count || addr < (unsigned long)_text)
		return NULL;
	if (target < kallsyms_addresses[0] || target > kallsyms_addresses[kallsyms_count - 1])
		return NULL;
	index = find_function(target);
	if (offset)
		*offset = target - kallsyms_addresses[index];
	if (size)
		*size = index + 1 < kallsyms_count ?
			kallsyms_addresses[index + 1] - kallsyms_addresses[index] : 0;
	return function_name(index);
}
