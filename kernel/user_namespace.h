/* SPDX-License-Identifier: GPL-2.0-only */
/* Between user_namespace.c, which looks ids up, and user_map.c, which makes the maps. */
#ifndef _KERNEL_USER_NAMESPACE_H
#define _KERNEL_USER_NAMESPACE_H

#include <linux/mutex.h>
#include <linux/user_namespace.h>

/* Up to here a map keeps the order in which it was written, and is searched one by one. */
#define ID_MAP_SHORT	5
#define ID_MAP_MAX	340

/*
 * A map is made whole and never changes. @extent is what is shown; in a long map it ascends by
 * @first, and @by_kernel has the same extents ascending by @kernel.
 */
struct id_map {
	unsigned int nr;
	const struct id_extent *by_kernel;
	struct id_extent extent[];
};

extern struct mutex userns_mutex;

/* The kernel's number of the first of @count ids that lie in one extent of @ns, or -1. */
u32 map_range_in(const struct user_namespace *ns, enum id_kind kind, u32 first, u32 count);

void free_id_maps(struct user_namespace *ns);

#endif /* _KERNEL_USER_NAMESPACE_H */
