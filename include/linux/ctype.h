/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Character classes of ASCII. Bytes above 127 belong to no class.
 */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H

#include <linux/types.h>

#define __CT_UPPER	0x01
#define __CT_LOWER	0x02
#define __CT_DIGIT	0x04
#define __CT_CNTRL	0x08
#define __CT_PUNCT	0x10
#define __CT_SPACE	0x20
#define __CT_HEX	0x40
#define __CT_BLANK	0x80	/* the space itself: printable without being graphic */

extern const unsigned char __ctype_table[256];

#define __ctype_is(c, mask)	((__ctype_table[(unsigned char)(c)] & (mask)) != 0)

#define isalnum(c)	__ctype_is(c, __CT_UPPER | __CT_LOWER | __CT_DIGIT)
#define isalpha(c)	__ctype_is(c, __CT_UPPER | __CT_LOWER)
#define iscntrl(c)	__ctype_is(c, __CT_CNTRL)
#define isdigit(c)	__ctype_is(c, __CT_DIGIT)
#define isgraph(c)	__ctype_is(c, __CT_UPPER | __CT_LOWER | __CT_DIGIT | __CT_PUNCT)
#define islower(c)	__ctype_is(c, __CT_LOWER)
#define isprint(c) \
	__ctype_is(c, __CT_UPPER | __CT_LOWER | __CT_DIGIT | __CT_PUNCT | __CT_BLANK)
#define ispunct(c)	__ctype_is(c, __CT_PUNCT)
#define isspace(c)	__ctype_is(c, __CT_SPACE)
#define isupper(c)	__ctype_is(c, __CT_UPPER)
#define isxdigit(c)	__ctype_is(c, __CT_HEX)
#define isascii(c)	(((unsigned char)(c)) <= 0x7f)

static inline int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

static inline int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}

#endif
