// SPDX-License-Identifier: GPL-2.0-only
/*
 * notify_on_release of version 1: when the last task or child of a group has gone, the hierarchy's
 * release_agent is run with the group's path (cgroups(7)), by the work queue.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/umh.h>
#include <linux/workqueue.h>
#include "internal.h"

static LIST_HEAD(release_list);		/* release_lock; each with a reference */
static DEFINE_SPINLOCK(release_lock);

/* What the agent is started with. */
struct agent_call {
	struct umh_call umh;
	const char *argv[3];
	char text[];			/* program, then path */
};

static void free_call(struct umh_call *umh)
{
	kfree(container_of(umh, struct agent_call, umh));
}

/* cgroup_mutex is held. NULL: no agent, no memory, or it is not as empty as it was. */
static struct agent_call *prepare_call(struct cgroup *cg)
{
	const char *agent = cg->hier->release_agent;
	size_t agent_size, path_size = 2;
	struct agent_call *call;
	const struct cgroup *p;
	char *at;

	if (!agent || !*agent || cg->dead || READ_ONCE(cg->populated) || cg->descendants)
		return NULL;
	agent_size = strlen(agent) + 1;
	for (p = cg; p->parent; p = p->parent)
		path_size += strlen(p->name) + 1;
	call = kzalloc(sizeof(*call) + agent_size + path_size, GFP_KERNEL);
	if (!call)
		return NULL;
	call->argv[0] = strcpy(call->text, agent);
	at = call->text + agent_size + path_size - 1;
	for (p = cg; p->parent; p = p->parent) {
		at -= strlen(p->name);
		memcpy(at, p->name, strlen(p->name));
		*--at = '/';
	}
	call->argv[1] = at;
	call->umh.name = "cgroup-agent";
	call->umh.path = call->argv[0];
	call->umh.argv = call->argv;
	call->umh.free = free_call;
	umh_prepare(&call->umh);
	return call;
}

static struct cgroup *next_to_release(void)
{
	struct cgroup *cg;

	spin_lock_irq(&release_lock);
	cg = list_first_entry_or_null(&release_list, struct cgroup, release);
	if (cg)
		list_del_init(&cg->release);
	spin_unlock_irq(&release_lock);
	return cg;
}

static void run_agents(struct work_struct *work)
{
	struct agent_call *call;
	struct cgroup *cg;

	while ((cg = next_to_release())) {
		mutex_lock(&cgroup_mutex);
		call = prepare_call(cg);
		mutex_unlock(&cgroup_mutex);
		if (call) {
			umh_start(&call->umh);
			umh_put(&call->umh);
		}
		put_cgroup(cg);
	}
}

static DECLARE_WORK(release_work, run_agents);

/* @cg may just have become empty. cgroup_mutex or cgroup_lock is held. */
void check_release(struct cgroup *cg)
{
	unsigned long flags;

	if (likely(!READ_ONCE(cg->notify_on_release)) || is_v2(cg) || !cg->parent || cg->dead ||
	    READ_ONCE(cg->populated) || READ_ONCE(cg->descendants))
		return;
	spin_lock_irqsave(&release_lock, flags);
	if (list_empty(&cg->release)) {
		list_add_tail(&cg->release, &release_list);
		get_cgroup(cg);
		schedule_work(&release_work);
	}
	spin_unlock_irqrestore(&release_lock, flags);
}
