/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading and writing user memory. Every access is inside user_access_begin/end (SMAP open) and has
 * an exception-table entry; nothing else in the kernel may dereference a user pointer.
 */
#ifndef _ASM_X86_UACCESS_H
#define _ASM_X86_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/fault-inject.h>
#include <asm/extable.h>
#include <asm/page.h>
#include <asm/smap.h>

/**
 * access_ok - does the whole range lie in user space? Says nothing about what is mapped there.
 */
static __always_inline bool __access_ok(unsigned long addr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && addr <= TASK_SIZE_MAX - size;
}
#define access_ok(addr, size)	__access_ok((unsigned long)(addr), (size))

/* Bytes not copied; 0 is success. Assembly in lib/usercopy.S; no access_ok check. */
unsigned long __copy_user(void *to, const void *from, unsigned long n);
unsigned long __clear_user(void *to, unsigned long n);

/**
 * copy_from_user - copy from user space
 * Context: May sleep (page fault).
 * Return: bytes that could not be copied. The rest of @to is left as it was.
 */
static inline unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (!access_ok(from, n) || should_fail_usercopy())
		return n;
	return __copy_user(to, (__force const void *)from, n);
}

/**
 * copy_to_user - copy to user space
 * Context: May sleep (page fault).
 * Return: bytes that could not be copied.
 */
static inline unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (!access_ok(to, n) || should_fail_usercopy())
		return n;
	return __copy_user((__force void *)to, from, n);
}

#define __copy_from_user(to, from, n)	__copy_user((to), (__force const void *)(from), (n))
#define __copy_to_user(to, from, n)	__copy_user((__force void *)(to), (from), (n))

static inline unsigned long clear_user(void __user *to, unsigned long n)
{
	if (!access_ok(to, n) || should_fail_usercopy())
		return n;
	return __clear_user((__force void *)to, n);
}

/* With user pages that are not there failing at once instead of being faulted in. */
unsigned long copy_from_user_nofault(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user_nofault(void __user *to, const void *from, unsigned long n);
/* From any kernel address, mapped or not. Return: 0 or -EFAULT. */
long copy_from_kernel_nofault(void *to, const void *from, size_t n);

/* Return: length without the NUL, @count if there is none within it, -EFAULT. */
long strncpy_from_user(char *to, const char __user *from, long count);
/* Return: length with the NUL, more than @count if it is longer, 0 on a fault. */
long strnlen_user(const char __user *s, long count);

extern void __bad_user_size(void);

#define __get_user_asm(err, val, ptr, suffix, ctype)			\
({									\
	ctype __gua;							\
	asm volatile(ASM_STAC						\
		     "1: mov" suffix " %2, %1\n"			\
		     "2:\n" ASM_CLAC					\
		     ".pushsection .text.fixup, \"ax\"\n"		\
		     "3: movl %3, %0\n"					\
		     "xor %k1, %k1\n"					\
		     "jmp 2b\n"						\
		     ".popsection\n"					\
		     _ASM_EXTABLE(1b, 3b)				\
		     : "+r" (err), "=&r" (__gua)			\
		     : "m" (*(__force ctype *)(ptr)), "i" (-EFAULT) : "memory", "cc"); \
	(val) = (__typeof__(val))__gua;					\
})

#define __put_user_asm(err, val, ptr, suffix, ctype)			\
({									\
	asm volatile(ASM_STAC						\
		     "1: mov" suffix " %1, %2\n"			\
		     "2:\n" ASM_CLAC					\
		     ".pushsection .text.fixup, \"ax\"\n"		\
		     "3: movl %3, %0\n"					\
		     "jmp 2b\n"						\
		     ".popsection\n"					\
		     _ASM_EXTABLE(1b, 3b)				\
		     : "+r" (err)					\
		     : "r" ((ctype)(val)), "m" (*(__force ctype *)(ptr)), "i" (-EFAULT) : "memory", "cc"); \
})

/* __get_user/__put_user: the caller has checked access_ok. */
#define __get_user(x, ptr)						\
({									\
	int __gue = 0;							\
	const __typeof__(*(ptr)) __user *__gup = (ptr);			\
	u64 __guv;							\
	switch (sizeof(*__gup)) {					\
	case 1: __get_user_asm(__gue, __guv, __gup, "b", u8); break;	\
	case 2: __get_user_asm(__gue, __guv, __gup, "w", u16); break;	\
	case 4: __get_user_asm(__gue, __guv, __gup, "l", u32); break;	\
	case 8: __get_user_asm(__gue, __guv, __gup, "q", u64); break;	\
	default: __bad_user_size(); __guv = 0;				\
	}								\
	(x) = (__typeof__(*(ptr)))__guv;				\
	__gue;								\
})

#define __put_user(x, ptr)						\
({									\
	int __pue = 0;							\
	__typeof__(*(ptr)) __user *__pup = (ptr);				\
	__typeof__(*(ptr)) __pux = (x);					\
	switch (sizeof(*__pup)) {					\
	case 1: __put_user_asm(__pue, __pux, __pup, "b", u8); break;	\
	case 2: __put_user_asm(__pue, __pux, __pup, "w", u16); break;	\
	case 4: __put_user_asm(__pue, __pux, __pup, "l", u32); break;	\
	case 8: __put_user_asm(__pue, __pux, __pup, "q", u64); break;	\
	default: __bad_user_size();					\
	}								\
	__pue;								\
})

/**
 * get_user, put_user - one value of 1, 2, 4 or 8 bytes
 * Context: May sleep (page fault).
 * Return: 0 or -EFAULT; get_user sets @x to 0 then.
 */
#define get_user(x, ptr)						\
({									\
	const __typeof__(*(ptr)) __user *__gcp = (ptr);			\
	int __gce = -EFAULT;						\
	if (__builtin_expect(access_ok(__gcp, sizeof(*__gcp)), 1) &&	\
	    !should_fail_usercopy())					\
		__gce = __get_user(x, __gcp);				\
	else								\
		(x) = (__typeof__(x))0;					\
	__gce;								\
})

#define put_user(x, ptr)						\
({									\
	__typeof__(*(ptr)) __user *__pcp = (ptr);				\
	__typeof__(*(ptr)) __pcx = (x);					\
	int __pce = -EFAULT;						\
	if (__builtin_expect(access_ok(__pcp, sizeof(*__pcp)), 1) &&	\
	    !should_fail_usercopy())					\
		__pce = __put_user(__pcx, __pcp);			\
	__pce;								\
})

/*
 * Atomic operations on a user word, for futexes. Return: 0 or -EFAULT; *old gets the value before.
 */
int user_atomic_cmpxchg(u32 *old, u32 __user *ptr, u32 expected, u32 new);
int user_atomic_xchg(u32 *old, u32 __user *ptr, u32 val);
int user_atomic_add(u32 *old, u32 __user *ptr, u32 val);

#define user_access_begin(ptr, len)	(access_ok(ptr, len) && (stac(), true))
#define user_access_end()		clac()

#endif
