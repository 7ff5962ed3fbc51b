/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error numbers: those of the ABI, and the few that never leave the kernel.
 */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#include <asm/errno.h>

/* Turned into a restart or -EINTR by the signal code on the way to user space. */
#define ERESTARTSYS		512	/* restart if SA_RESTART */
#define ERESTARTNOINTR		513	/* always restart */
#define ERESTARTNOHAND		514	/* restart if no handler ran */
#define ENOIOCTLCMD		515	/* no such ioctl here; becomes ENOTTY */
#define ERESTART_RESTARTBLOCK	516	/* restart through restart_syscall() */

#endif
