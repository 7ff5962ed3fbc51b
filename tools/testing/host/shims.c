// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of the kernel that the tested files call: memory, RCU, log, panic, user access.
 */
#include <host.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

struct kmem_cache {
	size_t size;
	void (*ctor)(void *);
};

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *))
{
	static struct kmem_cache caches[32];
	static unsigned int used;

	VERIFY(used < ARRAY_SIZE(caches));
	caches[used] = (struct kmem_cache) { size, ctor };
	return &caches[used++];
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *obj = kmalloc(cache->size, gfp);

	if (obj && cache->ctor)
		cache->ctor(obj);
	return obj;
}

void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

void kmem_cache_free(struct kmem_cache *cache, void *obj)
{
	host_free(obj);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	return host_alloc(size, gfp & __GFP_ZERO);
}

void *kzalloc(size_t size, gfp_t gfp)
{
	return host_alloc(size, 1);
}

void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	return check_mul_overflow(n, size, &bytes) ? NULL : kmalloc(bytes, gfp);
}

void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc_array(n, size, gfp | __GFP_ZERO);
}

void kfree(const void *obj)
{
	host_free(obj);
}

static struct rcu_head *rcu_waiting;
static unsigned int rcu_lock;

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	while (__atomic_exchange_n(&rcu_lock, 1, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
	head->next = rcu_waiting;
	rcu_waiting = head;
	__atomic_store_n(&rcu_lock, 0, __ATOMIC_RELEASE);
}

/* Small "functions" are the offset of the head in an object for kfree(). */
static void rcu_run(struct rcu_head *head)
{
	if ((unsigned long)head->func < 4096)
		kfree((char *)head - (unsigned long)head->func);
	else
		head->func(head);
}

void synchronize_rcu(void)
{
	struct rcu_head *head;

	while ((head = rcu_waiting)) {
		rcu_waiting = head->next;
		rcu_run(head);
	}
}

static void print_args(const char *prefix, const char *fmt, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	host_print(prefix);
	host_print(text);
	host_print("\n");
}

int printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_args("# log: ", fmt[0] == KERN_SOH[0] ? fmt + 2 : fmt, args);
	va_end(args);
	return 0;
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_args("# panic: ", fmt, args);
	va_end(args);
	host_abort();
}

void assert_failed(const char *what, const char *file, int line)
{
	panic("%s:%d: %s does not hold", file, line, what);
}

unsigned int host_warnings;

void warn_slowpath(const char *file, int line, const char *fmt, ...)
{
	host_warnings++;
}

void dump_stack(void)
{
}

void selftest_fail(struct selftest_ctx *t, const char *file, int line, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	t->failed++;
	host_note_failure(file, line, text);
}

/* One function of 256 bytes, for %pS. */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	if (addr < 0x1000 || addr >= 0x1100)
		return NULL;
	*size = 0x100;
	*offset = addr - 0x1000;
	return "some_function";
}

char host_user[HOST_USER_PAGES * 4096] __aligned(4096);
bool host_user_bad[HOST_USER_PAGES];

/* The arena ends where user space ends. */
bool access_ok(const void __user *addr, size_t size)
{
	unsigned long end = (unsigned long)host_user + sizeof(host_user);

	return size <= end && (unsigned long)addr <= end - size;
}

/* Bytes from @addr that can be reached, at most @n. */
static unsigned long reachable(const void __user *addr, unsigned long n)
{
	unsigned long at = (unsigned long)addr - (unsigned long)host_user, end = at + n;

	if (!access_ok(addr, n) || at >= sizeof(host_user))
		return 0;
	for (; at < end; at = ALIGN_DOWN(at, 4096UL) + 4096)
		if (host_user_bad[at / 4096])
			return at - ((unsigned long)addr - (unsigned long)host_user);
	return n;
}

unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long ok = reachable(from, n);

	memcpy(to, from, ok);
	return n - ok;
}

unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	unsigned long ok = reachable(to, n);

	memcpy(to, from, ok);
	return n - ok;
}

unsigned long clear_user(void __user *to, unsigned long n)
{
	unsigned long ok = reachable(to, n);

	memset(to, 0, ok);
	return n - ok;
}

int user_atomic_add(u32 *old, u32 __user *ptr, u32 val)
{
	if (reachable(ptr, 4) < 4)
		return -EFAULT;
	*old = __atomic_fetch_add(ptr, val, __ATOMIC_SEQ_CST);
	return 0;
}

extern const struct selftest *const __start_selftests[], *const __stop_selftests[];

/* For host.c, which cannot see our types. */
unsigned int host_test_count(void);
unsigned int host_run_test(unsigned int i, const char **subject, const char **name,
			   const char **skip, int dry);

unsigned int host_test_count(void)
{
	return __stop_selftests - __start_selftests;
}

unsigned int host_run_test(unsigned int i, const char **subject, const char **name,
			   const char **skip, int dry)
{
	struct selftest_ctx ctx = { 0, NULL };

	*subject = __start_selftests[i]->subject;
	*name = __start_selftests[i]->name;
	if (dry)
		return 0;
	host_warnings = 0;
	host_seed(1);
	__start_selftests[i]->fn(&ctx);
	synchronize_rcu();
	*skip = ctx.skip;
	if (host_warnings)
		selftest_fail(&ctx, __FILE__, __LINE__, "%u warnings", host_warnings);
	return ctx.failed;
}
