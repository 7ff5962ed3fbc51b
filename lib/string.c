// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strings, as ISO C and POSIX name them, and the kernel's bounded variants. No lock, no state.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++)
		if (*p == (u8)c)
			return (void *)p;
	return NULL;
}

/* The first byte that is not @c, or NULL. */
void *memchr_inv(const void *s, int c, size_t n)
{
	typedef u64 __attribute__((may_alias, aligned(1))) any_u64;
	u64 wanted = 0x0101010101010101UL * (u8)c, differs;
	const u8 *p = s;

	for (; n >= sizeof(any_u64); n -= sizeof(any_u64), p += sizeof(any_u64)) {
		differs = *(const any_u64 *)p ^ wanted;
		if (differs)
			return (void *)(p + __builtin_ctzl(differs) / 8);
	}
	for (; n; n--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

/* As memchr(), but the end of the area when @c is not there. */
void *memscan(void *s, int c, size_t n)
{
	u8 *p = s;

	while (n && *p != (u8)c) {
		n--;
		p++;
	}
	return p;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	int x, y;

	for (; n; n--, a++, b++) {
		x = tolower((u8)*a);
		y = tolower((u8)*b);
		if (x != y || !x)
			return x - y;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

/* As strchr(), but the end of the string when @c is not there. */
char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}

char *strnchr(const char *s, size_t n, int c)
{
	for (; n; n--, s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}

char *strnstr(const char *haystack, const char *needle, size_t n)
{
	size_t len = strlen(needle);

	n = strnlen(haystack, n);
	for (; n >= len; n--, haystack++)
		if (!memcmp(haystack, needle, len))
			return (char *)haystack;
	return NULL;
}

char *strstr(const char *haystack, const char *needle)
{
	return strnstr(haystack, needle, SIZE_MAX);
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

/* Cut off and return the first field of *@s; *@s becomes the rest, or NULL after the last. */
char *strsep(char **s, const char *delimiters)
{
	char *field = *s, *end;

	if (!field)
		return NULL;
	end = strpbrk(field, delimiters);
	if (end)
		*end++ = '\0';
	*s = end;
	return field;
}

char *strcpy(char *dst, const char *src)
{
	return memcpy(dst, src, strlen(src) + 1);
}

char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

char *strncat(char *dst, const char *src, size_t n)
{
	char *end = dst + strlen(dst);
	size_t len = strnlen(src, n);

	memcpy(end, src, len);
	end[len] = '\0';
	return dst;
}

/* Returns the length of @src: at least @size when it was cut. */
size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src), part;

	if (size) {
		part = min(len, size - 1);
		memcpy(dst, src, part);
		dst[part] = '\0';
	}
	return len;
}

size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t used = strnlen(dst, size);

	return used + strlcpy(dst + used, src, size - used);
}

/**
 * strscpy() - copy a string into a buffer
 * @dst: the buffer
 * @src: the string; read no further than @size bytes
 * @size: bytes in the buffer
 *
 * Return: bytes copied without the NUL, or -E2BIG when @src was cut (or @size is zero).
 */
ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strnlen(src, size);

	if (!size)
		return -E2BIG;
	if (len < size) {
		memcpy(dst, src, len);
		dst[len] = '\0';
		return len;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return -E2BIG;
}

/* As strscpy(), and the rest of the buffer is zeroed: for buffers that user space will see. */
ssize_t strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t len = strscpy(dst, src, size);

	if (len >= 0)
		memset(dst + len + 1, 0, size - len - 1);
	return len;
}

char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}

/* Cut trailing white space off in place; returns the first character that is not white space. */
char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}

/* Returns the end of the string. */
char *strreplace(char *s, char old, char new)
{
	for (; *s; s++)
		if (*s == old)
			*s = new;
	return s;
}

/* Equal, but for one newline at the end of either: what `echo` writes into a settings file. */
bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' && !a[1])
		a++;
	if (*b == '\n' && !b[1])
		b++;
	return !*a && !*b;
}

/* Index of @s in @array, which ends after @n entries or at a NULL; -EINVAL when not there. */
int match_string(const char *const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], s))
			return i;
	return -EINVAL;
}
