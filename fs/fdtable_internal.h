/* SPDX-License-Identifier: GPL-2.0-only */
/* All that fs/file.c needs from the kernel; the host's test harness has its own version. */
#ifndef _FS_FDTABLE_INTERNAL_H
#define _FS_FDTABLE_INTERNAL_H

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fork.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/close_range.h>

#include "internal.h"

#endif /* _FS_FDTABLE_INTERNAL_H */
