/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What semaphore sets, message queues and shared segments have in common: identifiers, keys,
 * permissions, life and death. Private to ipc/.
 */
#ifndef _IPC_UTIL_H
#define _IPC_UTIL_H

#include <linux/err.h>
#include <linux/ipc_namespace.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <uapi/linux/ipc.h>

struct seq_file;

/* An identifier is its index below and the sequence number of its set above. */
#define IPC_INDEX_BITS	15
#define IPC_INDEX_MAX	(1 << IPC_INDEX_BITS)
#define IPC_SEQ_MAX	((INT_MAX >> IPC_INDEX_BITS) + 1)

/*
 * The head of each object. Lookups take a reference under RCU and then the lock; who finds the
 * object removed gives up.
 * Locks: [I] immutable after ipc_add()   [l] lock   [w] ipc_ids.rwsem and [l] to write
 */
struct kern_ipc_perm {
	spinlock_t lock;
	bool deleted;			/* [l] IPC_RMID came */
	int id;				/* [I] */
	unsigned int seq;		/* [I] */
	key_t key;			/* [w] */
	uid_t uid;			/* [l] */
	gid_t gid;			/* [l] */
	uid_t cuid;			/* [I] */
	gid_t cgid;			/* [I] */
	umode_t mode;			/* [l] */
	struct hlist_node key_node;	/* [w] */
	refcount_t refs;
	void (*free)(struct kern_ipc_perm *perm);	/* [I] what hangs on it; then kfree_rcu() */
	struct rcu_head rcu;
};

struct ipc_params {
	key_t key;
	int flags;			/* IPC_CREAT and friends, and the mode */
	size_t size;			/* of a segment, or semaphores */
};

/* The kind's own half of the ...get() calls. */
struct ipc_ops {
	/* rwsem held for writing. The id or -errno. */
	int (*make)(struct ipc_namespace *ns, const struct ipc_params *params);
	/* Is the found object large enough? */
	bool (*fits)(struct kern_ipc_perm *perm, const struct ipc_params *params);
};

int ipc_get_id(struct ipc_namespace *ns, struct ipc_ids *ids, const struct ipc_ops *ops,
	       const struct ipc_params *params);
int ipc_add(struct ipc_ids *ids, struct kern_ipc_perm *new, const struct ipc_params *params,
	    int limit);
void ipc_remove(struct ipc_ids *ids, struct kern_ipc_perm *perm);
void ipc_forget_key(struct ipc_ids *ids, struct kern_ipc_perm *perm);
void ipc_put(struct kern_ipc_perm *perm);

struct kern_ipc_perm *ipc_find_index(struct ipc_ids *ids, int index);
struct kern_ipc_perm *ipc_find(struct ipc_ids *ids, int id);
struct kern_ipc_perm *ipc_find_for_stat(struct ipc_namespace *ns, struct ipc_ids *ids, int id,
					bool by_index, bool any);
struct kern_ipc_perm *ipc_find_for_change(struct ipc_namespace *ns, struct ipc_ids *ids, int id);
int ipc_lock_live(struct kern_ipc_perm *perm);

int ipc_check(struct ipc_namespace *ns, const struct kern_ipc_perm *perm, int mode);
bool ipc_is_owner(const struct kern_ipc_perm *perm);
bool ipc_capable(struct ipc_namespace *ns, int cap);
void ipc_fill_perm(struct ipc64_perm *out, const struct kern_ipc_perm *in);
int ipc_set_perm(struct kern_ipc_perm *perm, const struct ipc64_perm *from);

/* Objects of a set that goes with its namespace: each is handed, referenced, to @remove. */
void ipc_empty_set(struct ipc_namespace *ns, struct ipc_ids *ids,
		   void (*remove)(struct ipc_namespace *ns, struct kern_ipc_perm *perm));

void sem_init_ns(struct ipc_namespace *ns);
void sem_exit_ns(struct ipc_namespace *ns);
void msg_init_ns(struct ipc_namespace *ns);
void msg_exit_ns(struct ipc_namespace *ns);
void shm_init_ns(struct ipc_namespace *ns);
void shm_exit_ns(struct ipc_namespace *ns);
void mq_init_ns(struct ipc_namespace *ns);
void mq_exit_ns(struct ipc_namespace *ns);
/* /proc/sys/kernel/shm_rmid_forced was set: segments without creator and user go. */
void shm_destroy_orphaned(struct ipc_namespace *ns);

/* /proc/sysvipc: the heading, and one object's line; the object is locked. */
void sem_proc_show(struct seq_file *m, struct kern_ipc_perm *perm);
void msg_proc_show(struct seq_file *m, struct kern_ipc_perm *perm);
void shm_proc_show(struct seq_file *m, struct kern_ipc_perm *perm);

#endif
