// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPC namespaces: who shares which System V objects.
 */
#include <linux/init.h>
#include <linux/ipc_namespace.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include "util.h"

struct ipc_namespace init_ipc_ns = { .count = REFCOUNT_INIT(1), .user_ns = &init_user_ns };

static void init_ids(struct ipc_ids *ids)
{
	init_rwsem(&ids->rwsem, LOCK_RANK_IPC_IDS);
	idr_init(&ids->objects);
	ids->max_index = -1;
	ids->last_index = -1;
	ids->next_id = -1;
}

static void init_ns(struct ipc_namespace *ns)
{
	int i;

	for (i = 0; i < IPC_NR_IDS; i++)
		init_ids(&ns->ids[i]);
	sem_init_ns(ns);
	msg_init_ns(ns);
	shm_init_ns(ns);
	mq_init_ns(ns);
}

/* Context: sleeps. */
void put_ipc_ns(struct ipc_namespace *ns)
{
	if (!refcount_dec_and_test(&ns->count))
		return;
	mq_exit_ns(ns);
	sem_exit_ns(ns);
	msg_exit_ns(ns);
	shm_exit_ns(ns);
	kfree_rcu(ns, rcu);
}

static int __init ipc_init(void)
{
	init_ns(&init_ipc_ns);
	return 0;
}
core_initcall(ipc_init);
