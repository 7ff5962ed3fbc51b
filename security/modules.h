/* SPDX-License-Identifier: GPL-2.0-only */
/* The modules that this kernel was built with, in the order in which they are asked. */
#ifndef _SECURITY_MODULES_H
#define _SECURITY_MODULES_H

#include <linux/security.h>

extern const struct security_operations yama_ops;
extern const struct security_operations forkrate_ops;

static const struct security_operations *const security_modules[] = {
#ifdef CONFIG_SECURITY_YAMA
	&yama_ops,
#endif
#ifdef CONFIG_SECURITY_FORKRATE
	&forkrate_ops,
#endif
	NULL
};

#endif
