/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The auxiliary vector which exec puts above the environment.
 */
#ifndef _LINUX_AUXVEC_H_K
#define _LINUX_AUXVEC_H_K

#include <uapi/linux/auxvec.h>

#define AT_VECTOR_SIZE_BASE	22
#define AT_VECTOR_SIZE		(2 * (AT_VECTOR_SIZE_BASE + 2 + 1))	/* words */

#endif
