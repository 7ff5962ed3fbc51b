// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names that programs give to anonymous memory (PR_SET_VMA_ANON_NAME), seen in /proc/<pid>/maps as
 * [anon:name]. Shared by areas through a count; mmap_lock guards which area has which.
 */
#include <linux/ctype.h>
#include <linux/uaccess.h>
#include "internal.h"

#define NAME_MAX_LEN	80	/* with the NUL */

void anon_name_free(struct anon_vma_name *name)
{
	kfree(name);
}

static bool name_is_fit(const char *s)
{
	for (; *s; s++)
		if (!isprint(*s) || strchr("\\`$[]", *s))
			return false;
	return true;
}

/* With one reference; ERR_PTR(-EFAULT), (-EINVAL), (-ENOMEM). */
static struct anon_vma_name *name_from_user(const char __user *user)
{
	struct anon_vma_name *name;
	char *text = strndup_user(user, NAME_MAX_LEN);
	size_t len;

	if (IS_ERR(text))
		return (void *)text;
	len = strlen(text) + 1;
	name = name_is_fit(text) ? kmalloc(sizeof(*name) + len, GFP_KERNEL) : ERR_PTR(-EINVAL);
	if (!name)
		name = ERR_PTR(-ENOMEM);
	if (!IS_ERR(name)) {
		refcount_set(&name->refs, 1);
		memcpy(name->name, text, len);
	}
	kfree(text);
	return name;
}

static int name_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		      struct anon_vma_name *name)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	int unmapped = 0;

	while (start < end) {
		unsigned long stop;

		if (!vma)
			return -ENOMEM;
		if (vma->vm_start > start) {
			unmapped = -ENOMEM;
			start = vma->vm_start;
			if (start >= end)
				break;
		}
		stop = min(end, vma->vm_end);
		if (vma->vm_file && !vma_is_anon_shmem(vma))
			return -EBADF;
		if (!anon_name_same(vma->anon_name, name)) {
			vma = vma_merge_or_split(vma, start, stop, vma->vm_flags, name,
						 vma->vm_policy);
			if (IS_ERR(vma))
				return PTR_ERR(vma);
		}
		start = stop;
		vma = find_vma(mm, start);
	}
	return unmapped;
}

/**
 * prctl_set_vma_name() - prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, addr, len, name)
 * @addr: page-aligned   @len: bytes   @user: at most 79 printable characters; NULL removes
 *
 * Context: sleeps; takes mmap_lock of current.
 * Return: 0, -EINVAL, -EFAULT, -ENOMEM (a hole), -EBADF (a file's mapping).
 */
int prctl_set_vma_name(unsigned long addr, unsigned long len, const char __user *user)
{
	struct anon_vma_name *name = NULL;
	struct mm_struct *mm = current->mm;
	unsigned long end = addr + PAGE_ALIGN(len);
	int err = 0;

	if (user) {
		name = name_from_user(user);
		if (IS_ERR(name))
			return PTR_ERR(name);
	}
	if (offset_in_page(addr) || (len && !PAGE_ALIGN(len)) || end < addr)
		err = -EINVAL;
	else if (end != addr && mmap_write_lock_killable(mm))
		err = -EINTR;
	else if (end != addr) {
		err = name_range(mm, addr, end, name);
		mmap_write_unlock(mm);
	}
	anon_name_put(name);
	return err;
}
