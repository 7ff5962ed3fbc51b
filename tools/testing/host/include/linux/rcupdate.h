/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU on the host: callbacks wait until a test runs them, so that what a reader may still hold
 * is not freed under it. Readers of other threads must be gone by then.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/types.h>

#define rcu_read_lock()			do { } while (0)
#define rcu_read_unlock()		do { } while (0)
#define rcu_dereference(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_dereference_raw(p)		rcu_dereference(p)
#define rcu_dereference_check(p, c)	rcu_dereference(p)
#define rcu_dereference_protected(p, c)	(p)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

typedef void (*rcu_callback_t)(struct rcu_head *head);

void call_rcu(struct rcu_head *head, rcu_callback_t func);
void synchronize_rcu(void);
#define rcu_barrier()			synchronize_rcu()

#define kfree_rcu(ptr, field) \
	call_rcu(&(ptr)->field, (rcu_callback_t)offsetof(__typeof__(*(ptr)), field))

#endif
