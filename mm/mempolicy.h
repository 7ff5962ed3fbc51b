/* SPDX-License-Identifier: GPL-2.0-only */
/* Between mempolicy.c and migrate.c. */
#ifndef _MM_MEMPOLICY_H
#define _MM_MEMPOLICY_H

int get_nodes(unsigned long *nodes, const unsigned long __user *umask, unsigned long maxnode);

#endif /* _MM_MEMPOLICY_H */
