/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a member's address to the structure that holds it, with the member's type checked.
 */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif

#ifndef container_of
#define container_of(ptr, type, member) ({						\
	void *__co_ptr = (void *)(ptr);							\
	_Static_assert(__builtin_types_compatible_p(typeof(*(ptr)),			\
						    typeof(((type *)0)->member)) ||	\
		       __builtin_types_compatible_p(typeof(*(ptr)), void),		\
		       "container_of: the pointer is not of the member's type");	\
	(type *)(__co_ptr - offsetof(type, member));					\
})
#endif

#endif
