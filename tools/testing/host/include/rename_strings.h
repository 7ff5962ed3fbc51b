/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For lib/string.c, lib/memory.c and their tests: keep apart from the C library's functions,
 * which everything else uses because ASan watches them.
 */
#ifndef _HOST_RENAME_STRINGS_H
#define _HOST_RENAME_STRINGS_H

#define memcpy		k_memcpy
#define memmove		k_memmove
#define memset		k_memset
#define memcmp		k_memcmp
#define memchr		k_memchr
#define strlen		k_strlen
#define strnlen		k_strnlen
#define strcmp		k_strcmp
#define strncmp		k_strncmp
#define strcasecmp	k_strcasecmp
#define strncasecmp	k_strncasecmp
#define strchr		k_strchr
#define strchrnul	k_strchrnul
#define strrchr		k_strrchr
#define strstr		k_strstr
#define strspn		k_strspn
#define strcspn		k_strcspn
#define strpbrk		k_strpbrk
#define strsep		k_strsep
#define strcpy		k_strcpy
#define strncpy		k_strncpy
#define strcat		k_strcat
#define strncat		k_strncat

#endif
