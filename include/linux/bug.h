/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Assertions in three strengths. All are type-checked in every build.
 *   BUILD_ASSERT  at compile time      ASSERT  debug builds      VERIFY  always
 * WARN_ON reports once per place with a backtrace and goes on; a test run counts it as a failure.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/compiler.h>

#define BUILD_ASSERT(cond)	_Static_assert(cond, #cond)
#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), "BUILD_BUG_ON: " #cond)

/* kernel/panic.c */
void __noreturn __cold panic(const char *fmt, ...) __printf(1, 2);
void __noreturn __cold assert_failed(const char *what, const char *file, int line);
void __cold warn_slowpath(const char *file, int line, const char *fmt, ...) __printf(3, 4);

#define VERIFY(cond) do {							\
	if (unlikely(!(cond)))							\
		assert_failed(#cond, __FILE__, __LINE__);			\
} while (0)

#ifdef CONFIG_DEBUG
# define ASSERT(cond)	VERIFY(cond)
#else
# define ASSERT(cond)	do { (void)sizeof(!(cond)); } while (0)
#endif

#define BUG()		assert_failed("BUG()", __FILE__, __LINE__)
#define BUG_ON(cond)	VERIFY(!(cond))

#define WARN_ON(cond) __extension__ ({						\
	bool __warn_on = !!(cond);						\
	if (unlikely(__warn_on))						\
		warn_slowpath(__FILE__, __LINE__, "%s", #cond);			\
	unlikely(__warn_on); })

#define WARN_ON_ONCE(cond) __extension__ ({					\
	static bool __warned;							\
	bool __warn_once = !!(cond);						\
	if (unlikely(__warn_once) && !__warned) {				\
		__warned = true;						\
		warn_slowpath(__FILE__, __LINE__, "%s", #cond);			\
	}									\
	unlikely(__warn_once); })

#define WARN(cond, fmt, ...) __extension__ ({					\
	bool __warn_on = !!(cond);						\
	if (unlikely(__warn_on))						\
		warn_slowpath(__FILE__, __LINE__, fmt, ##__VA_ARGS__);		\
	unlikely(__warn_on); })
#define WARN_ONCE(cond, fmt, ...) __extension__ ({				\
	static bool __warned;							\
	bool __warn_once = !!(cond);						\
	if (unlikely(__warn_once) && !__warned) {				\
		__warned = true;						\
		warn_slowpath(__FILE__, __LINE__, fmt, ##__VA_ARGS__);		\
	}									\
	unlikely(__warn_once); })

#endif
