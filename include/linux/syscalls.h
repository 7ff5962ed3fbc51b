/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SYSCALL_DEFINEn(name, type1, arg1, …) defines sys_name(), the entry that the table in
 * arch/x86/entry/syscalls.tbl names: it takes the arguments out of the saved registers.
 */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/ptrace.h>

#define __SC_DECL0(m)
#define __SC_DECL1(t, a)	t a
#define __SC_DECL2(t, a, ...)	t a, __SC_DECL1(__VA_ARGS__)
#define __SC_DECL3(t, a, ...)	t a, __SC_DECL2(__VA_ARGS__)
#define __SC_DECL4(t, a, ...)	t a, __SC_DECL3(__VA_ARGS__)
#define __SC_DECL5(t, a, ...)	t a, __SC_DECL4(__VA_ARGS__)
#define __SC_DECL6(t, a, ...)	t a, __SC_DECL5(__VA_ARGS__)

/* The arguments, each in its register (AMD64 supplement, A.2.1) and of its type. */
#define __SC_ARGS1(t1, a1)	(t1)__regs->di
#define __SC_ARGS2(t1, a1, t2, a2)						\
	__SC_ARGS1(t1, a1), (t2)__regs->si
#define __SC_ARGS3(t1, a1, t2, a2, t3, a3)					\
	__SC_ARGS2(t1, a1, t2, a2), (t3)__regs->dx
#define __SC_ARGS4(t1, a1, t2, a2, t3, a3, t4, a4)				\
	__SC_ARGS3(t1, a1, t2, a2, t3, a3), (t4)__regs->r10
#define __SC_ARGS5(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5)			\
	__SC_ARGS4(t1, a1, t2, a2, t3, a3, t4, a4), (t5)__regs->r8
#define __SC_ARGS6(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6)		\
	__SC_ARGS5(t1, a1, t2, a2, t3, a3, t4, a4, t5, a5), (t6)__regs->r9

#define __SYSCALL_DEFINE(n, name, ...)						\
	long sys_##name(const struct pt_regs *__regs);				\
	static inline long __do_sys_##name(__SC_DECL##n(__VA_ARGS__));		\
	long sys_##name(const struct pt_regs *__regs)				\
	{									\
		return __do_sys_##name(__SC_ARGS##n(__VA_ARGS__));			\
	}									\
	static inline long __do_sys_##name(__SC_DECL##n(__VA_ARGS__))

#define SYSCALL_DEFINE0(name)							\
	long sys_##name(const struct pt_regs *__regs);				\
	static inline long __do_sys_##name(void);				\
	long sys_##name(const struct pt_regs *__regs)				\
	{									\
		return __do_sys_##name();					\
	}									\
	static inline long __do_sys_##name(void)

#define SYSCALL_DEFINE1(name, ...)	__SYSCALL_DEFINE(1, name, __VA_ARGS__)
#define SYSCALL_DEFINE2(name, ...)	__SYSCALL_DEFINE(2, name, __VA_ARGS__)
#define SYSCALL_DEFINE3(name, ...)	__SYSCALL_DEFINE(3, name, __VA_ARGS__)
#define SYSCALL_DEFINE4(name, ...)	__SYSCALL_DEFINE(4, name, __VA_ARGS__)
#define SYSCALL_DEFINE5(name, ...)	__SYSCALL_DEFINE(5, name, __VA_ARGS__)
#define SYSCALL_DEFINE6(name, ...)	__SYSCALL_DEFINE(6, name, __VA_ARGS__)

#endif
