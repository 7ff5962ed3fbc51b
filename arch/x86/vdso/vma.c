// SPDX-License-Identifier: GPL-2.0-only
/*
 * Putting the vDSO into a new program's address space, and keeping the page that its code reads up
 * to date. The image and the data are pages of the kernel, shared by all processes.
 */
#include <linux/binfmts.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/selftest.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <asm/elf.h>
#include <asm/tsc.h>
#include <asm/vdso.h>

struct vdso_data vdso_data __aligned(4096) __section(".vdso.data");

static struct page *data_pages[2], *image_pages[2];

static const struct vm_special_mapping data_mapping = {
	.name = "[vvar]",
	.pages = data_pages,
};

static const struct vm_special_mapping image_mapping = {
	.name = "[vdso]",
	.pages = image_pages,
};

/* Data first, image behind: the distance that the code was linked with. */
static int map_pages(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	vma = _install_special_mapping(mm, addr, PAGE_SIZE,
				       VM_READ | VM_MAYREAD | VM_DONTDUMP | VM_DONTEXPAND,
				       &data_mapping);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	vma = _install_special_mapping(mm, addr + PAGE_SIZE, PAGE_SIZE,
				       VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC |
				       VM_DONTEXPAND, &image_mapping);
	if (IS_ERR(vma)) {
		do_munmap(mm, addr, PAGE_SIZE);
		return PTR_ERR(vma);
	}
	mm->context.vdso = (void *)(addr + PAGE_SIZE);
	return 0;
}

static bool vdso_wanted = true;

/**
 * arch_setup_additional_pages - map the vDSO into current's new address space
 *
 * Context: exec; takes mmap_lock.
 * Return: 0 or an errno of the mapping.
 */
int arch_setup_additional_pages(struct linux_binprm *bprm, int uses_interp)
{
	struct mm_struct *mm = current->mm;
	unsigned long addr;
	int ret;

	if (!vdso_wanted)
		return 0;
	mmap_write_lock(mm);
	addr = get_unmapped_area(NULL, 0, 2 * PAGE_SIZE, 0, 0);
	ret = IS_ERR_VALUE(addr) ? (int)addr : map_pages(mm, addr);
	mmap_write_unlock(mm);
	return ret;
}

/* The time keeper calls this, under its lock, whenever an offset changes. */
void update_vsyscall(s64 offs_real, s64 offs_tai)
{
	u32 seq = vdso_data.seq;

	__atomic_store_n(&vdso_data.seq, seq + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vdso_data.base = tsc_clock.base;
	vdso_data.mult = tsc_clock.mult;
	vdso_data.offs_real = offs_real;
	vdso_data.offs_tai = offs_tai;
	__atomic_store_n(&vdso_data.seq, seq + 2, __ATOMIC_RELEASE);
}

static int __init vdso_init(void)
{
	data_pages[0] = virt_to_page(&vdso_data);
	image_pages[0] = virt_to_page(vdso_image);
	return 0;
}
core_initcall(vdso_init);

static int __init parse_vdso(char *val)
{
	if (!val || (strcmp(val, "0") && strcmp(val, "1")))
		return -EINVAL;
	vdso_wanted = *val == '1';
	return 0;
}
boot_param("vdso", parse_vdso, "0 or 1");

SELFTEST(arch, vdso_is_one_page_behind_its_data)
{
	KT_EXPECT_EQ(vdso_image - (const char *)&vdso_data, PAGE_SIZE);
	KT_EXPECT(vdso_image_end - vdso_image <= PAGE_SIZE);
	KT_EXPECT(!memcmp(vdso_image, "\177ELF", 4));
}
