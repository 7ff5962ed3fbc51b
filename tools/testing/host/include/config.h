/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration that the kernel's files see in the host tests, and the C library's names
 * that they must not define.
 */
#ifndef _HOST_CONFIG_H
#define _HOST_CONFIG_H

#define CONFIG_DEBUG		1
#define CONFIG_DEBUG_LIST	1
#define CONFIG_NR_CPUS		64
#define CONFIG_HZ		250

#define vsnprintf	k_vsnprintf
#define vsprintf	k_vsprintf
#define snprintf	k_snprintf
#define sprintf		k_sprintf
#define vsscanf		k_vsscanf
#define sscanf		k_sscanf
#define bsearch		k_bsearch

#endif
