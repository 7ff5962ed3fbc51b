// SPDX-License-Identifier: GPL-2.0-only
/*
 * User access beyond plain copies: strings, copies that must not sleep, atomic operations, and
 * structures whose size user space chooses. No state, no lock.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/string.h>
#include <linux/uaccess.h>

unsigned long copy_from_user_nofault(void *to, const void __user *from, unsigned long n)
{
	pagefault_disable();
	n = copy_from_user(to, from, n);
	pagefault_enable();
	return n;
}

unsigned long copy_to_user_nofault(void __user *to, const void *from, unsigned long n)
{
	pagefault_disable();
	n = copy_to_user(to, from, n);
	pagefault_enable();
	return n;
}

long copy_from_kernel_nofault(void *to, const void *from, size_t n)
{
	unsigned long left;

	if ((unsigned long)from < TASK_SIZE_MAX)
		return -EFAULT;
	pagefault_disable();
	left = __copy_user(to, from, n);
	pagefault_enable();
	return left ? -EFAULT : 0;
}

/* The longest stretch from @s that access_ok allows, at most @count. */
static unsigned long user_string_limit(const char __user *s, unsigned long count)
{
	unsigned long addr = (unsigned long)s;

	return addr >= TASK_SIZE_MAX ? 0 : min(count, TASK_SIZE_MAX - addr);
}

#define ONES	0x0101010101010101UL
#define HIGHS	0x8080808080808080UL

/* Non-zero when a byte of the word is zero; the lowest set bit belongs to the first such byte. */
static unsigned long zero_bytes(unsigned long word)
{
	return (word - ONES) & ~word & HIGHS;
}

/*
 * A string that ends before TASK_SIZE_MAX is copied eight bytes at a time. Reading beyond the NUL
 * is kept inside its page by reading aligned words.
 */
long strncpy_from_user(char *to, const char __user *from, long count)
{
	unsigned long limit = user_string_limit(from, count), n = 0;
	unsigned long word;
	char c;

	if (should_fail_usercopy())
		return -EFAULT;
	while (n < limit && ((unsigned long)from + n) % 8) {
		if (__get_user(c, from + n))
			return -EFAULT;
		to[n] = c;
		if (!c)
			return n;
		n++;
	}
	while (n + 8 <= limit) {
		if (__get_user(word, (const unsigned long __user *)(from + n)))
			return -EFAULT;
		memcpy(to + n, &word, 8);
		word = zero_bytes(word);
		if (word)
			return n + __builtin_ctzl(word) / 8;
		n += 8;
	}
	for (; n < limit; n++) {
		if (__get_user(c, from + n))
			return -EFAULT;
		to[n] = c;
		if (!c)
			return n;
	}
	return limit == count ? count : -EFAULT;
}

long strnlen_user(const char __user *s, long count)
{
	unsigned long limit = user_string_limit(s, count), n = 0, word;
	char c;

	if (should_fail_usercopy())
		return 0;
	while (n < limit && (((unsigned long)s + n) % 8 || n + 8 > limit)) {
		if (__get_user(c, s + n))
			return 0;
		n++;
		if (!c)
			return n;
	}
	while (n + 8 <= limit) {
		if (__get_user(word, (const unsigned long __user *)(s + n)))
			return 0;
		word = zero_bytes(word);
		if (word)
			return n + __builtin_ctzl(word) / 8 + 1;
		n += 8;
	}
	for (; n < limit; n++) {
		if (__get_user(c, s + n))
			return 0;
		if (!c)
			return n + 1;
	}
	return limit == count ? count + 1 : 0;
}

#define USER_ATOMIC(insn, reg, ptr)						\
({										\
	int __ua_err = 0;							\
	asm volatile(ASM_STAC							\
		     "1: " insn "\n"						\
		     "2:\n" ASM_CLAC						\
		     ".pushsection .text.fixup, \"ax\"\n"			\
		     "3: movl %3, %0\n"						\
		     "jmp 2b\n"							\
		     ".popsection\n"						\
		     _ASM_EXTABLE(1b, 3b)					\
		     : "+r" (__ua_err), "+r" (reg), "+m" (*(ptr))		\
		     : "i" (-EFAULT) : "memory", "cc");				\
	__ua_err;								\
})

int user_atomic_xchg(u32 *old, u32 __user *ptr, u32 val)
{
	int err;

	if (!access_ok(ptr, sizeof(*ptr)) || should_fail_usercopy())
		return -EFAULT;
	err = USER_ATOMIC("xchgl %1, %2", val, ptr);
	*old = val;
	return err;
}

int user_atomic_add(u32 *old, u32 __user *ptr, u32 val)
{
	int err;

	if (!access_ok(ptr, sizeof(*ptr)) || should_fail_usercopy())
		return -EFAULT;
	err = USER_ATOMIC("lock; xaddl %1, %2", val, ptr);
	*old = val;
	return err;
}

int user_atomic_cmpxchg(u32 *old, u32 __user *ptr, u32 expected, u32 new)
{
	int err = 0;

	if (!access_ok(ptr, sizeof(*ptr)) || should_fail_usercopy())
		return -EFAULT;
	asm volatile(ASM_STAC
		     "1: lock; cmpxchgl %4, %2\n"
		     "2:\n" ASM_CLAC
		     ".pushsection .text.fixup, \"ax\"\n"
		     "3: movl %3, %0\n"
		     "jmp 2b\n"
		     ".popsection\n"
		     _ASM_EXTABLE(1b, 3b)
		     : "+r" (err), "+a" (expected), "+m" (*ptr)
		     : "i" (-EFAULT), "r" (new) : "memory", "cc");
	*old = expected;
	return err;
}

/**
 * check_zeroed_user - is a user range all zero?
 * Context: may sleep.
 * Return: 1, 0, or -EFAULT.
 */
int check_zeroed_user(const void __user *from, size_t size)
{
	const u8 __user *p = from;
	u8 byte;

	for (; size; size--, p++) {
		if (get_user(byte, p))
			return -EFAULT;
		if (byte)
			return 0;
	}
	return 1;
}

/**
 * copy_struct_from_user - take in a structure that may be older or newer than ours
 * @ksize: bytes of our structure
 * @usize: bytes that user space says it has
 *
 * What user space lacks is zero; what it has beyond ours must be zero.
 * Context: may sleep.
 * Return: 0, -E2BIG for a non-zero tail, -EFAULT.
 */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t common = min(ksize, usize);
	int ret;

	if (usize > ksize) {
		ret = check_zeroed_user((const u8 __user *)src + ksize, usize - ksize);
		if (ret <= 0)
			return ret ?: -E2BIG;
	}
	memset((u8 *)dst + common, 0, ksize - common);
	return copy_from_user(dst, src, common) ? -EFAULT : 0;
}

/* ---- tests: process 1 has no address space yet, so every user address faults ---- */

SELFTEST(arch, user_copies_say_what_is_left)
{
	char buf[32] = "unchanged";
	u64 value = 7;

	KT_EXPECT_EQ(copy_from_user(buf, (void __user *)4096, 20), 20);
	KT_EXPECT_EQ(copy_to_user((void __user *)4096, buf, 13), 13);
	KT_EXPECT_EQ(clear_user((void __user *)4096, 9), 9);
	KT_EXPECT(!strcmp(buf, "unchanged"));
	KT_EXPECT_EQ(get_user(value, (u64 __user *)4096), -EFAULT);
	KT_EXPECT_EQ(value, 0);
	KT_EXPECT_EQ(put_user(value, (u64 __user *)4096), -EFAULT);
	KT_EXPECT_EQ(strncpy_from_user(buf, (char __user *)4096, 8), -EFAULT);
	KT_EXPECT_EQ(strnlen_user((char __user *)4096, 8), 0);
}

SELFTEST(arch, kernel_addresses_are_no_user_addresses)
{
	char buf[8];

	KT_EXPECT_EQ(copy_from_user(buf, (void __user *)PAGE_OFFSET, 8), 8);
	KT_EXPECT_EQ(copy_from_user(buf, (void __user *)(TASK_SIZE_MAX - 4), 8), 8);
	KT_EXPECT_EQ(copy_from_user(buf, (void __user *)~0UL, 8), 8);
	KT_EXPECT_EQ(copy_from_user(buf, (void __user *)8, ~0UL), ~0UL);
	KT_EXPECT(access_ok(TASK_SIZE_MAX, 0) && !access_ok(TASK_SIZE_MAX, 1));
}

static const unsigned long buf_for_test = 0x1122334455667788;

SELFTEST(arch, kernel_reads_survive_holes)
{
	unsigned long word = 5;

	KT_EXPECT_EQ(copy_from_kernel_nofault(&word, (void *)(VMALLOC_END - 7), 8), -EFAULT);
	KT_EXPECT_EQ(copy_from_kernel_nofault(&word, (void *)(1UL << 63), 8), -EFAULT);
	KT_EXPECT_EQ(copy_from_kernel_nofault(&word, (void *)8, 8), -EFAULT);
	KT_EXPECT_EQ(copy_from_kernel_nofault(&word, &buf_for_test, 8), 0);
	KT_EXPECT_EQ(word, 0x1122334455667788);
}
