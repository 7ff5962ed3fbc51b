// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies of strings and memory in fresh allocations, from the kernel and from user space.
 * No state. The ones that take a gfp run where it allows, the user ones sleep.
 */
#include <linux/uaccess.h>
#include "internal.h"

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *copy = kmalloc(len + 1, gfp);

	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc(len, gfp);

	if (copy)
		memcpy(copy, src, len);
	return copy;
}

void *memdup_user(const void __user *src, size_t len)
{
	void *copy = kmalloc(len, GFP_USER | __GFP_NOWARN);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	return copy;
}

void *memdup_user_nul(const void __user *src, size_t len)
{
	char *copy = kmalloc(len + 1, GFP_USER | __GFP_NOWARN);

	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, src, len)) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	copy[len] = '\0';
	return copy;
}

char *strndup_user(const char __user *s, long max)
{
	long len = strnlen_user(s, max);
	char *copy;

	if (!len)
		return ERR_PTR(-EFAULT);
	if (len > max)
		return ERR_PTR(-EINVAL);
	copy = memdup_user(s, len);
	if (!IS_ERR(copy))
		copy[len - 1] = '\0';	/* user space may have changed it meanwhile */
	return copy;
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	void *addr;

	if (size <= PAGE_SIZE)
		return kmalloc(size, gfp);
	addr = kmalloc(size, gfp | __GFP_NOWARN | __GFP_NORETRY);
	return addr ? addr : __vmalloc(size, gfp, PAGE_KERNEL);
}

void kvfree(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}
