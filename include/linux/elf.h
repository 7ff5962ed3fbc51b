/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ELF, as the loader reads it: the ABI's structures and this machine's choices.
 */
#ifndef _LINUX_ELF_H_K
#define _LINUX_ELF_H_K

#include <uapi/linux/elf.h>
#include <asm/elf.h>

#endif
