// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classes of the 128 characters of ASCII, as <linux/ctype.h> tests them.
 */
#include <linux/ctype.h>

const unsigned char __ctype_table[256] = {
	[0x00 ... 0x08] = __CT_CNTRL,
	[0x09 ... 0x0d] = __CT_CNTRL | __CT_SPACE,
	[0x0e ... 0x1f] = __CT_CNTRL,
	[' '] = __CT_SPACE | __CT_BLANK,
	['!' ... '/'] = __CT_PUNCT,
	['0' ... '9'] = __CT_DIGIT | __CT_HEX,
	[':' ... '@'] = __CT_PUNCT,
	['A' ... 'F'] = __CT_UPPER | __CT_HEX,
	['G' ... 'Z'] = __CT_UPPER,
	['[' ... '`'] = __CT_PUNCT,
	['a' ... 'f'] = __CT_LOWER | __CT_HEX,
	['g' ... 'z'] = __CT_LOWER,
	['{' ... '~'] = __CT_PUNCT,
	[0x7f] = __CT_CNTRL,
};
