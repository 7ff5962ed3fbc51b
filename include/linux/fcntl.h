/* SPDX-License-Identifier: GPL-2.0-only */
/* open() flags: the sets that are legal. */
#ifndef _LINUX_FCNTL_H_K
#define _LINUX_FCNTL_H_K

#include <linux/types.h>
#include <uapi/linux/fcntl.h>

#define VALID_OPEN_FLAGS						\
	(O_RDONLY | O_WRONLY | O_RDWR | O_CREAT | O_EXCL | O_NOCTTY |	\
	 O_TRUNC | O_APPEND | O_NDELAY | O_NONBLOCK | __O_SYNC |	\
	 O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY |	\
	 O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | __O_TMPFILE)

/* what F_SETFL may change */
#define SETFL_MASK	(O_APPEND | O_NONBLOCK | O_NDELAY | O_DIRECT | O_NOATIME)

#endif /* _LINUX_FCNTL_H_K */
