/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that fork tells user space of. */
#ifndef _LINUX_UACCESS_H
#define _LINUX_UACCESS_H

int put_user(int value, int *to);

#endif
