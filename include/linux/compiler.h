/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What we ask of the compiler, under the names kernel code uses.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __noreturn		__attribute__((__noreturn__))
#undef __packed
#define __packed		__attribute__((__packed__))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __printf(fmt, args)	__attribute__((__format__(printf, fmt, args)))
#define __scanf(fmt, args)	__attribute__((__format__(scanf, fmt, args)))
#define __must_check		__attribute__((__warn_unused_result__))
#define __maybe_unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __weak			__attribute__((__weak__))
#define __pure			__attribute__((__pure__))
#define __cold			__attribute__((__cold__))
#define __section(name)		__attribute__((__section__(name)))
#define __cacheline_aligned	__attribute__((__aligned__(64)))
#define __nostackprotector	__attribute__((__optimize__("no-stack-protector")))
#define fallthrough		__attribute__((__fallthrough__))

#ifdef __CHECKER__
# define __user			__attribute__((noderef, address_space(1)))
# define __iomem		__attribute__((noderef, address_space(2)))
# define __force		__attribute__((force))
# define __acquires(x)		__attribute__((context(x, 0, 1)))
# define __releases(x)		__attribute__((context(x, 1, 0)))
#else
# define __user
# define __iomem
# define __force
# define __acquires(x)
# define __releases(x)
#endif
#define __rcu

#define barrier()		__asm__ __volatile__("" : : : "memory")

/* One access, neither torn nor repeated nor left out. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	do { *(volatile __typeof__(x) *)&(x) = (val); } while (0)

/* Hide where a value came from, so that the compiler cannot reason about it. */
#define OPTIMIZER_HIDE_VAR(v)	__asm__("" : "=r" (v) : "0" (v))

#ifndef offsetof
# define offsetof(type, member)	__builtin_offsetof(type, member)
#endif
#define offsetofend(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))
#define container_of(ptr, type, member) __extension__ ({			\
	const __typeof__(((type *)0)->member) *__mptr = (ptr);			\
	(type *)((char *)(unsigned long)__mptr - offsetof(type, member)); })

/* IS_ENABLED(CONFIG_X): 1 when the option is set to y, 0 when it is not, usable in C. */
#define __ARG_PLACEHOLDER_1	0,
#define __take_second(ignored, val, ...) val
#define ___is_defined(arg1_or_junk) __take_second(arg1_or_junk 1, 0, 0)
#define __is_defined2(val)	___is_defined(__ARG_PLACEHOLDER_##val)
#define __is_defined1(x)	__is_defined2(x)
#define IS_ENABLED(option)	__is_defined1(option)

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define __CONCAT_1(a, b)	a##b
#define CONCATENATE(a, b)	__CONCAT_1(a, b)
#define __UNIQUE_ID(prefix)	CONCATENATE(prefix, __COUNTER__)

#endif
