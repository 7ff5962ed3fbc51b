// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's system calls: sched(7), getpriority(2). Targets are found under RCU; the
 * checks come in the order in which Linux makes them visible.
 */
#include <linux/capability.h>
#include <linux/cpuset.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/sched/types.h>
#include "internal.h"

/* The policy bit of sched_setscheduler(2). */
#define RESET_ON_FORK	SCHED_RESET_ON_FORK

/* A policy and what belongs to it, as asked for. */
struct policy_request {
	int policy;		/* -1: leave as it is */
	int rt_priority;
	int nice;
	bool reset_on_fork;
	bool keep_params;	/* SCHED_FLAG_KEEP_PARAMS */
};

/* May current change @p, as far as identities go? Context: rcu_read_lock() */
static bool same_owner(struct task_struct *p)
{
	const struct cred *pcred = __task_cred(p);
	uid_t euid = current_euid();

	return euid == pcred->euid || euid == pcred->uid;
}

/* ... or by the power to? Context: rcu_read_lock() */
static bool owner_or_nice(struct task_struct *p)
{
	return same_owner(p) || ns_capable(__task_cred(p)->user_ns, CAP_SYS_NICE);
}

/* Context: rcu_read_lock(). Return: the task of @pid, 0 being the caller; NULL: none. */
static struct task_struct *find_target(pid_t pid)
{
	return pid ? find_task_by_vpid(pid) : current;
}

/* The same with a reference, or NULL. */
static struct task_struct *get_target(pid_t pid)
{
	struct task_struct *p;

	rcu_read_lock();
	p = find_target(pid);
	if (p)
		get_task_struct(p);
	rcu_read_unlock();
	return p;
}

/* ---- nice ---- */

/* May @p's nice value become @nice? RLIMIT_NICE counts from 1 (nice 19) to 40 (nice -20). */
static bool can_nice(struct task_struct *p, int nice)
{
	return 20 - nice <= (long)task_rlimit(p, RLIMIT_NICE) || capable(CAP_SYS_NICE);
}

/* May @p be given @nice by current? Context: rcu_read_lock(). Return: 0, -EPERM or -EACCES. */
static int check_set_nice(struct task_struct *p, int nice)
{
	if (!owner_or_nice(p))
		return -EPERM;
	if (nice < task_nice(p) && !can_nice(p, nice))
		return -EACCES;
	return 0;
}

/* What setpriority() and getpriority() do to each task they mean. */
struct prio_walk {
	bool set;
	int nice;
	long result;
};

/* A later success does not hide an earlier refusal, but does hide "nobody there". */
static void visit(struct task_struct *p, struct prio_walk *walk)
{
	long found = 20 - task_nice(p);
	int err;

	if (!walk->set) {
		walk->result = max(walk->result, found);
		return;
	}
	err = check_set_nice(p, walk->nice);
	if (err) {
		walk->result = err;
		return;
	}
	if (walk->result == -ESRCH)
		walk->result = 0;
	set_user_nice(p, walk->nice);
}

static void visit_pgrp(int who, struct prio_walk *walk)
{
	struct pid *pgrp = who ? find_vpid(who) : task_pgrp(current);
	struct task_struct *p, *t;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		for_each_thread(p, t)
			visit(t, walk);
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
}

static void visit_user(int who, struct prio_walk *walk)
{
	uid_t uid = who ? make_kuid(current_user_ns(), who) : current_uid();
	struct task_struct *p, *t;

	for_each_process_thread(p, t) {
		if (__task_cred(t)->uid == uid && task_pid_vnr(t))
			visit(t, walk);
	}
}

static int walk_targets(int which, int who, struct prio_walk *walk)
{
	struct task_struct *p;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	walk->result = -ESRCH;
	rcu_read_lock();
	read_lock(&tasklist_lock);
	if (which == PRIO_PGRP) {
		visit_pgrp(who, walk);
	} else if (which == PRIO_USER) {
		visit_user(who, walk);
	} else {
		p = find_target(who);
		if (p)
			visit(p, walk);
	}
	read_unlock(&tasklist_lock);
	rcu_read_unlock();
	return walk->result;
}

SYSCALL_DEFINE3(setpriority, int, which, int, who, int, niceval)
{
	struct prio_walk walk = { .set = true, .nice = clamp(niceval, MIN_NICE, MAX_NICE) };

	return walk_targets(which, who, &walk);
}

/* The raw call returns 20 - nice, 1 to 40, so that no success looks like an error. */
SYSCALL_DEFINE2(getpriority, int, which, int, who)
{
	struct prio_walk walk = { .set = false };

	return walk_targets(which, who, &walk);
}

/* ---- policies ---- */

static bool valid_policy(int policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_FIFO || policy == SCHED_RR ||
	       policy == SCHED_BATCH || policy == SCHED_IDLE;
}

static int check_request(struct task_struct *p, struct policy_request *req)
{
	if (req->policy < 0) {
		req->policy = p->policy;
		req->reset_on_fork = p->sched_reset_on_fork;
	} else if (!valid_policy(req->policy)) {
		return -EINVAL;
	}
	if (req->keep_params) {
		req->policy = p->policy;
		req->rt_priority = p->rt_priority;
		req->nice = task_nice(p);
	}
	if (req->rt_priority < 0 || req->rt_priority >= MAX_RT_PRIO)
		return -EINVAL;
	if (rt_policy(req->policy) != (req->rt_priority != 0))
		return -EINVAL;
	return 0;
}

/* Real-time priorities up to RLIMIT_RTPRIO, or less than one has. */
static int check_rt_permission(struct task_struct *p, const struct policy_request *req)
{
	unsigned long limit = task_rlimit(p, RLIMIT_RTPRIO);

	if (req->policy != (int)p->policy && !limit)
		return -EPERM;
	if (req->rt_priority > (int)p->rt_priority && (unsigned long)req->rt_priority > limit)
		return -EPERM;
	return 0;
}

/* What one may do without CAP_SYS_NICE: sched(7), "Privileges and resource limits". */
static int check_permission(struct task_struct *p, const struct policy_request *req)
{
	bool owner;
	int err = 0;

	if (fair_policy(req->policy) && req->nice < task_nice(p) &&
	    20 - req->nice > (long)task_rlimit(p, RLIMIT_NICE))
		err = -EPERM;
	if (!err && rt_policy(req->policy))
		err = check_rt_permission(p, req);
	/* Leaving SCHED_IDLE is a raise: it takes what the nice value would. */
	if (!err && p->policy == SCHED_IDLE && req->policy != SCHED_IDLE &&
	    20 - task_nice(p) > (long)task_rlimit(p, RLIMIT_NICE))
		err = -EPERM;
	rcu_read_lock();
	owner = owner_or_nice(p);
	rcu_read_unlock();
	if (!owner || (p->sched_reset_on_fork && !req->reset_on_fork))
		err = -EPERM;
	return err && !capable(CAP_SYS_NICE) ? err : 0;
}

static int do_set_policy(struct task_struct *p, struct policy_request *req)
{
	int err = check_request(p, req);

	if (!err)
		err = check_permission(p, req);
	if (err)
		return err;
	/* A real-time task keeps its nice value for later. */
	sched_change_policy(p, req->policy, req->rt_priority,
			    fair_policy(req->policy) ? req->nice : task_nice(p),
			    req->reset_on_fork);
	return 0;
}

static int set_policy_of(pid_t pid, struct policy_request *req)
{
	struct task_struct *p = get_target(pid);
	int err;

	if (!p)
		return -ESRCH;
	err = do_set_policy(p, req);
	put_task_struct(p);
	return err;
}

/* The older calls leave the nice value alone. */
static int set_scheduler(pid_t pid, int policy, const struct sched_param __user *uparam)
{
	struct policy_request req = { .policy = policy };
	struct sched_param param;
	struct task_struct *p;
	int err;

	if (!uparam || pid < 0)
		return -EINVAL;
	if (copy_from_user(&param, uparam, sizeof(param)))
		return -EFAULT;
	if (policy >= 0) {
		req.reset_on_fork = policy & RESET_ON_FORK;
		req.policy = policy & ~RESET_ON_FORK;
	}
	req.rt_priority = param.sched_priority;
	p = get_target(pid);
	if (!p)
		return -ESRCH;
	req.nice = task_nice(p);
	err = do_set_policy(p, &req);
	put_task_struct(p);
	return err;
}

SYSCALL_DEFINE3(sched_setscheduler, pid_t, pid, int, policy, struct sched_param __user *, param)
{
	if (policy < 0)
		return -EINVAL;
	return set_scheduler(pid, policy, param);
}

SYSCALL_DEFINE2(sched_setparam, pid_t, pid, struct sched_param __user *, param)
{
	return set_scheduler(pid, -1, param);
}

SYSCALL_DEFINE1(sched_getscheduler, pid_t, pid)
{
	struct task_struct *p;
	long ret = -ESRCH;

	if (pid < 0)
		return -EINVAL;
	rcu_read_lock();
	p = find_target(pid);
	if (p)
		ret = p->policy | (p->sched_reset_on_fork ? RESET_ON_FORK : 0);
	rcu_read_unlock();
	return ret;
}

SYSCALL_DEFINE2(sched_getparam, pid_t, pid, struct sched_param __user *, uparam)
{
	struct sched_param param = { };
	struct task_struct *p;

	if (!uparam || pid < 0)
		return -EINVAL;
	rcu_read_lock();
	p = find_target(pid);
	if (p)
		param.sched_priority = p->rt_priority;
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	return copy_to_user(uparam, &param, sizeof(param)) ? -EFAULT : 0;
}

/* ---- sched_setattr and sched_getattr ---- */

#define ATTR_FLAGS	(SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS)

/* A struct sched_attr of any size that we know, or whose unknown rest is zero. */
static int read_attr(struct sched_attr __user *uattr, struct sched_attr *attr)
{
	u32 size;
	int err;

	if (get_user(size, &uattr->size))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		err = -E2BIG;
	else
		err = copy_struct_from_user(attr, sizeof(*attr), uattr, size);
	/* Tell how much we know. */
	if (err == -E2BIG && put_user((u32)sizeof(*attr), &uattr->size))
		return -EFAULT;
	return err;
}

SYSCALL_DEFINE3(sched_setattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, flags)
{
	struct policy_request req;
	struct sched_attr attr = { };
	int err;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	err = read_attr(uattr, &attr);
	if (err)
		return err;
	if ((int)attr.sched_policy < 0 || attr.sched_flags & ~(u64)ATTR_FLAGS)
		return -EINVAL;
	req = (struct policy_request){
		.policy = attr.sched_flags & SCHED_FLAG_KEEP_POLICY ? -1 : (int)attr.sched_policy,
		.rt_priority = min(attr.sched_priority, (u32)MAX_RT_PRIO),
		.nice = clamp((int)attr.sched_nice, MIN_NICE, MAX_NICE),
		.reset_on_fork = attr.sched_flags & SCHED_FLAG_RESET_ON_FORK,
		.keep_params = attr.sched_flags & SCHED_FLAG_KEEP_PARAMS,
	};
	return set_policy_of(pid, &req);
}

SYSCALL_DEFINE4(sched_getattr, pid_t, pid, struct sched_attr __user *, uattr, unsigned int, usize,
		unsigned int, flags)
{
	struct sched_attr attr = { };
	struct task_struct *p;

	if (!uattr || pid < 0 || usize > PAGE_SIZE || usize < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	rcu_read_lock();
	p = find_target(pid);
	if (p) {
		attr.sched_policy = p->policy;
		attr.sched_flags = p->sched_reset_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0;
		if (rt_policy(p->policy))
			attr.sched_priority = p->rt_priority;
		else
			attr.sched_nice = task_nice(p);
	}
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	attr.size = min(usize, (unsigned int)sizeof(attr));
	return copy_to_user(uattr, &attr, attr.size) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	if (rt_policy(policy))
		return MAX_RT_PRIO - 1;
	return valid_policy(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	if (rt_policy(policy))
		return 1;
	return valid_policy(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

SYSCALL_DEFINE2(sched_rr_get_interval, pid_t, pid, struct __kernel_timespec __user *, interval)
{
	struct task_struct *p;
	struct timespec64 ts;
	unsigned long flags;
	struct rq *rq;

	if (pid < 0)
		return -EINVAL;
	p = get_target(pid);
	if (!p)
		return -ESRCH;
	rq = task_rq_lock(p, &flags);
	ts = ns_to_timespec64(p->sched_class->rr_interval(rq, p));
	task_rq_unlock(rq, p, flags);
	put_task_struct(p);
	return put_timespec64(&ts, interval);
}

SYSCALL_DEFINE0(sched_yield)
{
	struct rq *rq;

	local_irq_disable();
	rq = this_rq();
	spin_lock(&rq->lock);
	update_rq_clock(rq);
	current->sched_class->yield(rq);
	spin_unlock_irq(&rq->lock);
	schedule();
	return 0;
}

/* ---- affinity ---- */

/* The cpuset may change while we look at it: then its new CPUs count, and the wish as usual. */
static int set_within_cpuset(struct task_struct *p, const struct cpumask *wanted)
{
	struct cpumask mask, allowed;
	int err;

	cpuset_cpus_allowed(p, &allowed);
	cpumask_and(&mask, wanted, &allowed);
	err = set_user_cpus(p, &mask, wanted);
	while (!err) {
		cpuset_cpus_allowed(p, &allowed);
		if (cpumask_subset(&p->cpus_mask, &allowed))
			break;
		sched_set_allowed(p, &allowed);
	}
	return err;
}

static int set_affinity(struct task_struct *p, const struct cpumask *wanted)
{
	bool owner;

	if (p->flags & PF_KTHREAD && p->nr_cpus_allowed == 1)
		return -EINVAL;
	rcu_read_lock();
	owner = owner_or_nice(p);
	rcu_read_unlock();
	if (!owner)
		return -EPERM;
	return set_within_cpuset(p, wanted);
}

SYSCALL_DEFINE3(sched_setaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, umask)
{
	struct cpumask mask = CPU_MASK_NONE;
	struct task_struct *p;
	int err;

	if (copy_from_user(&mask, umask, min(len, (unsigned int)cpumask_size())))
		return -EFAULT;
	p = get_target(pid);
	if (!p)
		return -ESRCH;
	err = set_affinity(p, &mask);
	put_task_struct(p);
	return err;
}

/* Return: how many bytes of @umask were written. */
SYSCALL_DEFINE3(sched_getaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, umask)
{
	struct cpumask mask;
	struct task_struct *p;
	unsigned int size;

	if (len * 8 < nr_cpu_ids || len & (sizeof(unsigned long) - 1))
		return -EINVAL;
	rcu_read_lock();
	p = find_target(pid);
	if (p)
		cpumask_and(&mask, &p->cpus_mask, cpu_online_mask);
	rcu_read_unlock();
	if (!p)
		return -ESRCH;
	size = min(len, (unsigned int)cpumask_size());
	return copy_to_user(umask, &mask, size) ? -EFAULT : (long)size;
}
