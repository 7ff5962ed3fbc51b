// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/kernel: the limits of System V objects, of the reader's namespace.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/sched.h>
#include <linux/sysctl.h>
#include "util.h"

static void *in_ns(void *offset)
{
	return (char *)current_ipc_ns() + (size_t)offset;
}

/* Four numbers: semaphores of a set, of all sets, operations of a call, sets. */
static int get_sem(char *buf, size_t size)
{
	struct ipc_namespace *ns = current_ipc_ns();

	return scnprintf(buf, size, "%d\t%d\t%d\t%d", ns->sem_msl, ns->sem_mns, ns->sem_opm,
			 ns->sem_mni);
}

static int set_sem(char *text)
{
	struct ipc_namespace *ns = current_ipc_ns();
	int msl = ns->sem_msl, mns = ns->sem_mns, opm = ns->sem_opm, mni = ns->sem_mni;

	if (sscanf(text, "%d %d %d %d", &msl, &mns, &opm, &mni) < 1)
		return -EINVAL;
	if (mni < 0 || mni > IPC_INDEX_MAX)
		return -ERANGE;
	WRITE_ONCE(ns->sem_msl, msl);
	WRITE_ONCE(ns->sem_mns, mns);
	WRITE_ONCE(ns->sem_opm, opm);
	WRITE_ONCE(ns->sem_mni, mni);
	return 0;
}

static int get_forced(char *buf, size_t size)
{
	return scnprintf(buf, size, "%d", READ_ONCE(current_ipc_ns()->shm_rmid_forced));
}

static int set_forced(char *text)
{
	struct ipc_namespace *ns = current_ipc_ns();

	if ((text[0] != '0' && text[0] != '1') || text[1])
		return -EINVAL;
	WRITE_ONCE(ns->shm_rmid_forced, text[0] - '0');
	if (ns->shm_rmid_forced)
		shm_destroy_orphaned(ns);
	return 0;
}

/* Once the kernel chose msgmni by the memory's size; the switch is kept for who looks for it. */
static int get_auto_msgmni(char *buf, size_t size)
{
	return scnprintf(buf, size, "0");
}

static int set_auto_msgmni(char *text)
{
	return (text[0] == '0' || text[0] == '1') && !text[1] ? 0 : -EINVAL;
}

#define NS(nm, knd, field, lo, hi)						\
	{ .name = nm, .mode = 0644, .kind = knd, .locate = in_ns,		\
	  .data = (void *)offsetof(struct ipc_namespace, field), .min = lo, .max = hi }
#define CALL(nm, g, s)	{ .name = nm, .mode = 0644, .kind = CTL_CALL, .get = g, .set = s }

static const struct ctl_table ipc_table[] = {
	CALL("sem", get_sem, set_sem),
	NS("shmmax", CTL_ULONG, shm_max, 0, 0),
	NS("shmall", CTL_ULONG, shm_all, 0, 0),
	NS("shmmni", CTL_INT, shm_mni, 0, IPC_INDEX_MAX),
	CALL("shm_rmid_forced", get_forced, set_forced),
	NS("msgmax", CTL_INT, msg_max, 0, INT_MAX),
	NS("msgmnb", CTL_INT, msg_mnb, 0, INT_MAX),
	NS("msgmni", CTL_INT, msg_mni, 0, IPC_INDEX_MAX),
	CALL("auto_msgmni", get_auto_msgmni, set_auto_msgmni),
	NS("sem_next_id", CTL_INT, ids[IPC_SEM_IDS].next_id, 0, INT_MAX),
	NS("msg_next_id", CTL_INT, ids[IPC_MSG_IDS].next_id, 0, INT_MAX),
	NS("shm_next_id", CTL_INT, ids[IPC_SHM_IDS].next_id, 0, INT_MAX),
};

static int __init ipc_sysctl_init(void)
{
	return register_sysctl("kernel", ipc_table, ARRAY_SIZE(ipc_table));
}
fs_initcall(ipc_sysctl_init);
