// SPDX-License-Identifier: GPL-2.0-only
/*
 * NETLINK_CONNECTOR with its one speaker: process events, as forkstat(8) and its like read them.
 * Locks: none of its own; the families of tasks are read under RCU.
 */
#include <linux/capability.h>
#include <linux/cn_proc.h>
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>
#include <uapi/linux/connector.h>
#include "netlink.h"

/* Programs that asked to hear, by PROC_CN_MCAST_LISTEN. A socket's own share is its cookie. */
atomic_t proc_event_listeners;

static DEFINE_PER_CPU(u32, event_seq);

/* The event as it travels. cn_msg is 20 bytes long, so the event is not aligned: packed. */
struct event_msg {
	struct nlmsghdr nlh;
	struct cn_msg cn;
	struct proc_event ev;
} __packed;

/* ---- telling ---- */

static void init_msg(struct event_msg *m, u32 what)
{
	memset(m, 0, sizeof(*m));
	m->nlh.nlmsg_len = sizeof(*m);
	m->nlh.nlmsg_type = NLMSG_DONE;
	m->cn.id.idx = CN_IDX_PROC;
	m->cn.id.val = CN_VAL_PROC;
	m->cn.len = sizeof(m->ev);
	m->ev.what = what;
	m->ev.timestamp_ns = ktime_get();
}

/* The number of each CPU's events has no gap, so that a reader sees a loss. */
static void send_msg(struct event_msg *m)
{
	u32 seq = this_cpu_read(event_seq);

	this_cpu_write(event_seq, seq + 1);
	m->cn.seq = seq;
	m->nlh.nlmsg_seq = seq;
	m->ev.cpu = smp_processor_id();
	netlink_broadcast(&init_net, NETLINK_CONNECTOR, CN_IDX_PROC, m, sizeof(*m));
}

void __proc_fork_event(struct task_struct *child)
{
	struct event_msg m;
	const struct task_struct *parent;

	init_msg(&m, PROC_EVENT_FORK);
	rcu_read_lock();
	parent = rcu_dereference(child->real_parent);
	m.ev.event_data.fork.parent_pid = parent->pid;
	m.ev.event_data.fork.parent_tgid = parent->tgid;
	rcu_read_unlock();
	m.ev.event_data.fork.child_pid = child->pid;
	m.ev.event_data.fork.child_tgid = child->tgid;
	send_msg(&m);
}

void __proc_exec_event(struct task_struct *tsk)
{
	struct event_msg m;

	init_msg(&m, PROC_EVENT_EXEC);
	m.ev.event_data.exec.process_pid = tsk->pid;
	m.ev.event_data.exec.process_tgid = tsk->tgid;
	send_msg(&m);
}

void __proc_id_event(struct task_struct *tsk, int which)
{
	const struct cred *cred;
	struct event_msg m;

	init_msg(&m, which);
	m.ev.event_data.id.process_pid = tsk->pid;
	m.ev.event_data.id.process_tgid = tsk->tgid;
	rcu_read_lock();
	cred = rcu_dereference(tsk->real_cred);
	if (which == PROC_EVENT_UID) {
		m.ev.event_data.id.r.ruid = cred->uid;
		m.ev.event_data.id.e.euid = cred->euid;
	} else {
		m.ev.event_data.id.r.rgid = cred->gid;
		m.ev.event_data.id.e.egid = cred->egid;
	}
	rcu_read_unlock();
	send_msg(&m);
}

void __proc_sid_event(struct task_struct *tsk)
{
	struct event_msg m;

	init_msg(&m, PROC_EVENT_SID);
	m.ev.event_data.sid.process_pid = tsk->pid;
	m.ev.event_data.sid.process_tgid = tsk->tgid;
	send_msg(&m);
}

void __proc_ptrace_event(struct task_struct *tsk, struct task_struct *tracer)
{
	struct event_msg m;

	init_msg(&m, PROC_EVENT_PTRACE);
	m.ev.event_data.ptrace.process_pid = tsk->pid;
	m.ev.event_data.ptrace.process_tgid = tsk->tgid;
	m.ev.event_data.ptrace.tracer_pid = tracer ? tracer->pid : 0;
	m.ev.event_data.ptrace.tracer_tgid = tracer ? tracer->tgid : 0;
	send_msg(&m);
}

void __proc_comm_event(struct task_struct *tsk)
{
	struct event_msg m;

	init_msg(&m, PROC_EVENT_COMM);
	m.ev.event_data.comm.process_pid = tsk->pid;
	m.ev.event_data.comm.process_tgid = tsk->tgid;
	strscpy(m.ev.event_data.comm.comm, tsk->comm, sizeof(m.ev.event_data.comm.comm));
	send_msg(&m);
}

void __proc_coredump_event(struct task_struct *tsk)
{
	const struct task_struct *parent;
	struct event_msg m;

	init_msg(&m, PROC_EVENT_COREDUMP);
	m.ev.event_data.coredump.process_pid = tsk->pid;
	m.ev.event_data.coredump.process_tgid = tsk->tgid;
	rcu_read_lock();
	parent = rcu_dereference(tsk->real_parent);
	m.ev.event_data.coredump.parent_pid = parent->pid;
	m.ev.event_data.coredump.parent_tgid = parent->tgid;
	rcu_read_unlock();
	send_msg(&m);
}

void __proc_exit_event(struct task_struct *tsk)
{
	const struct task_struct *parent;
	struct event_msg m;

	init_msg(&m, PROC_EVENT_EXIT);
	m.ev.event_data.exit.process_pid = tsk->pid;
	m.ev.event_data.exit.process_tgid = tsk->tgid;
	m.ev.event_data.exit.exit_code = tsk->exit_code;
	m.ev.event_data.exit.exit_signal = tsk->exit_signal;
	rcu_read_lock();
	parent = rcu_dereference(tsk->real_parent);
	m.ev.event_data.exit.parent_pid = parent->pid;
	m.ev.event_data.exit.parent_tgid = parent->tgid;
	rcu_read_unlock();
	send_msg(&m);
}

/* ---- being told ---- */

/* Everybody hears that somebody asked, and how it went. */
static void acknowledge(const struct cn_msg *request, int err)
{
	struct event_msg m;

	init_msg(&m, PROC_EVENT_NONE);
	m.cn.seq = request->seq;
	m.cn.ack = request->ack + 1;
	m.nlh.nlmsg_seq = request->seq;
	m.ev.cpu = -1;
	m.ev.event_data.ack.err = err;
	netlink_broadcast(&init_net, NETLINK_CONNECTOR, CN_IDX_PROC, &m, sizeof(m));
}

/* Never below zero: only what it asked for can a socket give back. */
static void stop_listening(struct netlink_sock *from)
{
	if (atomic_add_unless(netlink_cookie(from), -1, 0))
		atomic_dec(&proc_event_listeners);
}

static void multicast_ctl(struct netlink_sock *from, const struct cn_msg *cn)
{
	enum proc_cn_mcast_op op;
	int err = 0;

	if (cn->len != sizeof(op) || current_user_ns() != &init_user_ns)
		return;
	memcpy(&op, cn->data, sizeof(op));
	if (!capable(CAP_NET_ADMIN)) {
		err = EPERM;
	} else if (op == PROC_CN_MCAST_LISTEN) {
		atomic_inc(netlink_cookie(from));
		atomic_inc(&proc_event_listeners);
	} else if (op == PROC_CN_MCAST_IGNORE) {
		stop_listening(from);
	} else {
		err = EINVAL;
	}
	acknowledge(cn, err);
}

static int connector_input(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const struct cn_msg *cn = NLMSG_DATA(nlh);

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*cn)) ||
	    nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*cn)) + cn->len)
		return 0;
	if (cn->id.idx == CN_IDX_PROC && cn->id.val == CN_VAL_PROC)
		multicast_ctl(from, cn);
	return 0;
}

static void connector_release(struct netlink_sock *nls)
{
	while (atomic_read(netlink_cookie(nls)))
		stop_listening(nls);
}

static const struct netlink_protocol connector_protocol = {
	.protocol	= NETLINK_CONNECTOR,
	.groups		= CN_NETLINK_USERS + 0xf,
	.first_ns_only	= true,
	.input		= connector_input,
	.release	= connector_release,
};

static int __init connector_init(void)
{
	netlink_register(&connector_protocol);
	return 0;
}
fs_initcall(connector_init);
