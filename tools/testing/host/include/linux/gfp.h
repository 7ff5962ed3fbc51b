/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation flags on the host: only __GFP_ZERO matters.
 */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO	((gfp_t)4)
#define GFP_NOWAIT	((gfp_t)0)
#define GFP_ATOMIC	((gfp_t)1)
#define GFP_KERNEL	((gfp_t)2)

#endif
