// SPDX-License-Identifier: GPL-2.0-only
/*
 * The audit trail of processes: a record for each fork, exec and exit, with the login uid and the
 * session that every child inherits. Records go to the audit daemon, else to the kernel log.
 * Locks: audit_lock for the settings; a task's context is its own.
 */
#define pr_fmt(fmt) "audit: " fmt
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#define RECORD_MAX	512		/* bytes of text in a record */
#define EXE_MAX		96

/* What records about a task tell besides the task itself. Made while auditing is on. [c] */
struct audit_context {
	u64 born;			/* serial number of the record of its fork */
	char exe[EXE_MAX];		/* the program it last executed, cut */
};

int audit_enabled;			/* [l] to write; read without */
static DEFINE_MUTEX(audit_lock);
static u32 audit_pid;			/* [l] port of the daemon, 0: none */
static const struct net *audit_net;	/* [l] where that port is; compared only */
static u32 audit_failure = 1;		/* [l] what auditctl -f set; shown only */
static u32 audit_rate_limit;		/* [l] shown only */
static u32 audit_backlog_limit = 64;	/* [l] shown only: the socket's buffer is the backlog */
static atomic64_t serial;
static atomic_t session_counter;
static atomic_t lost;

/* ---- records ---- */

/* To the daemon when there is one, to readers of the log group, else to the kernel log. */
static void emit(int type, const char *text, size_t len)
{
	struct {
		struct nlmsghdr nlh;
		char text[RECORD_MAX];
	} msg = { .nlh = { .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type } };
	u32 daemon = READ_ONCE(audit_pid);

	memcpy(msg.text, text, len);
	netlink_broadcast(&init_net, NETLINK_AUDIT, AUDIT_NLGRP_READLOG, &msg, msg.nlh.nlmsg_len);
	if (!daemon)
		pr_notice("type=%d %s\n", type, text);
	else if (netlink_unicast(READ_ONCE(audit_net), NETLINK_AUDIT, daemon, &msg,
				 msg.nlh.nlmsg_len))
		atomic_inc(&lost);
}

/* Return: the record's serial number. */
static __printf(2, 3) u64 record(int type, const char *fmt, ...)
{
	u64 nr = atomic64_inc_return(&serial), now = ktime_get_real();
	char text[RECORD_MAX];
	va_list args;
	size_t n;

	n = scnprintf(text, sizeof(text), "audit(%llu.%03llu:%llu): ", now / NSEC_PER_SEC,
		      now % NSEC_PER_SEC / NSEC_PER_MSEC, nr);
	va_start(args, fmt);
	n += vscnprintf(text + n, sizeof(text) - n, fmt, args);
	va_end(args);
	emit(type, text, n);
	return nr;
}

void __audit_fork(struct task_struct *child)
{
	u64 nr = record(AUDIT_KERNEL, "op=fork ppid=%d pid=%d tid=%d uid=%u auid=%u ses=%u comm=\"%s\"",
			current->tgid, child->tgid, child->pid, child->real_cred->uid,
			child->loginuid, child->sessionid, child->comm);

	if (child->audit)
		child->audit->born = nr;
}

void __audit_exec(const char *filename)
{
	struct task_struct *tsk = current;

	if (tsk->audit)
		strscpy(tsk->audit->exe, filename, EXE_MAX);
	record(AUDIT_KERNEL, "op=exec pid=%d uid=%u euid=%u auid=%u ses=%u comm=\"%s\" exe=\"%s\"",
	       tsk->tgid, current_uid(), current_euid(), tsk->loginuid, tsk->sessionid,
	       tsk->comm, filename);
}

void __audit_exit(struct task_struct *tsk, long code)
{
	const struct audit_context *ctx = tsk->audit;

	record(AUDIT_KERNEL, "op=exit pid=%d tid=%d uid=%u auid=%u ses=%u comm=\"%s\" exe=\"%s\" "
	       "fork=%llu status=%ld sig=%ld", tsk->tgid, tsk->pid, current_uid(), tsk->loginuid,
	       tsk->sessionid, tsk->comm, ctx ? ctx->exe : "", ctx ? ctx->born : 0,
	       (code >> 8) & 0xff, code & 0x7f);
}

/* ---- the row of fork ---- */

int copy_audit(struct fork_ctx *fc)
{
	const struct audit_context *from = fc->parent->audit;

	if (likely(!audit_enabled))
		return 0;
	fc->child->audit = kzalloc(sizeof(*fc->child->audit), GFP_KERNEL);
	if (!fc->child->audit)
		return -ENOMEM;
	if (from)
		memcpy(fc->child->audit->exe, from->exe, EXE_MAX);
	return 0;
}

void exit_audit(struct task_struct *tsk)
{
	kfree(tsk->audit);
	tsk->audit = NULL;
}

/* ---- the login ---- */

/**
 * audit_set_loginuid - current is a login of this user from now on
 * @loginuid: the user, or AUDIT_UNSET
 *
 * Whoever has one already needs CAP_AUDIT_CONTROL to get another. A login starts a new session
 * of the audit trail; children inherit both.
 *
 * Context: task. Return: 0 or -EPERM. Source: proc(5), /proc/pid/loginuid; pam_loginuid(8).
 */
int audit_set_loginuid(uid_t loginuid)
{
	struct task_struct *tsk = current;
	u32 old = tsk->loginuid, old_session = tsk->sessionid;
	bool allowed = old == AUDIT_UNSET || capable(CAP_AUDIT_CONTROL);

	if (allowed) {
		tsk->sessionid = loginuid == AUDIT_UNSET ? AUDIT_UNSET :
				 (u32)atomic_inc_return(&session_counter);
		tsk->loginuid = loginuid;
	}
	if (audit_enabled)
		record(AUDIT_LOGIN, "pid=%d uid=%u old-auid=%u auid=%u old-ses=%u ses=%u res=%d",
		       tsk->tgid, current_uid(), old, loginuid, old_session, tsk->sessionid,
		       allowed);
	return allowed ? 0 : -EPERM;
}

/* ---- NETLINK_AUDIT: audit(7), auditctl(8) ---- */

static int reply(struct netlink_sock *to, const struct nlmsghdr *request, int type,
		 const void *data, size_t len)
{
	struct {
		struct nlmsghdr nlh;
		char data[64];
	} msg = {
		.nlh = {
			.nlmsg_len = NLMSG_LENGTH(len),
			.nlmsg_type = type,
			.nlmsg_seq = request->nlmsg_seq,
			.nlmsg_pid = netlink_portid(to),
		},
	};

	BUILD_ASSERT(sizeof(struct audit_status) <= sizeof(msg.data));
	memcpy(msg.data, data, len);
	return netlink_reply(to, &msg, msg.nlh.nlmsg_len);
}

static int send_status(struct netlink_sock *to, const struct nlmsghdr *request)
{
	struct audit_status s = {
		.enabled = audit_enabled,
		.failure = audit_failure,
		.pid = audit_pid,
		.rate_limit = audit_rate_limit,
		.backlog_limit = audit_backlog_limit,
		.lost = atomic_read(&lost),
	};

	reply(to, request, AUDIT_GET, &s, sizeof(s));
	return 0;
}

/* Context: audit_lock. */
static int set_pid(struct netlink_sock *from, u32 pid)
{
	if (pid && pid != (u32)task_tgid_vnr(current))
		return -EINVAL;
	if (pid && audit_pid)
		return -EEXIST;
	WRITE_ONCE(audit_net, netlink_net(from));
	WRITE_ONCE(audit_pid, pid ? netlink_portid(from) : 0);
	return 0;
}

/* Context: audit_lock. */
static int __set_status(struct netlink_sock *from, const struct audit_status *s)
{
	int err = 0;

	if (s->mask & ~(AUDIT_STATUS_ENABLED | AUDIT_STATUS_FAILURE | AUDIT_STATUS_PID |
			AUDIT_STATUS_RATE_LIMIT | AUDIT_STATUS_BACKLOG_LIMIT))
		return -EINVAL;
	if ((s->mask & AUDIT_STATUS_ENABLED) && s->enabled > 2)
		return -EINVAL;
	if ((s->mask & AUDIT_STATUS_FAILURE) && s->failure > 2)
		return -EINVAL;
	if ((s->mask & ~AUDIT_STATUS_PID) && audit_enabled == 2)
		return -EPERM;
	if (s->mask & AUDIT_STATUS_PID)
		err = set_pid(from, s->pid);
	if (err)
		return err;
	if (s->mask & AUDIT_STATUS_ENABLED)
		WRITE_ONCE(audit_enabled, s->enabled);
	if (s->mask & AUDIT_STATUS_FAILURE)
		audit_failure = s->failure;
	if (s->mask & AUDIT_STATUS_RATE_LIMIT)
		audit_rate_limit = s->rate_limit;
	if (s->mask & AUDIT_STATUS_BACKLOG_LIMIT)
		audit_backlog_limit = s->backlog_limit;
	return 0;
}

static int set_status(struct netlink_sock *from, const void *data, size_t len)
{
	struct audit_status s = { };
	int err;

	memcpy(&s, data, min(len, sizeof(s)));
	mutex_lock(&audit_lock);
	err = __set_status(from, &s);
	mutex_unlock(&audit_lock);
	return err;
}

/* A program's own record: login, sudo, cron. */
static int user_message(const struct nlmsghdr *nlh, const char *text, size_t len)
{
	len = strnlen(text, len);
	if (audit_enabled)
		record(nlh->nlmsg_type, "pid=%d uid=%u auid=%u ses=%u msg='%.*s'", current->tgid,
		       current_uid(), current->loginuid, current->sessionid, (int)len, text);
	return 0;
}

static bool is_user_message(int type)
{
	return type == AUDIT_USER ||
	       (type >= AUDIT_FIRST_USER_MSG && type <= AUDIT_LAST_USER_MSG) ||
	       (type >= AUDIT_FIRST_USER_MSG2 && type <= AUDIT_LAST_USER_MSG2);
}

static int audit_input(struct netlink_sock *from, const struct nlmsghdr *nlh)
{
	const void *data = NLMSG_DATA(nlh);
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;
	int type = nlh->nlmsg_type;

	if (type < NLMSG_MIN_TYPE)
		return 0;
	if (current_user_ns() != &init_user_ns)
		return -ECONNREFUSED;
	if (is_user_message(type))
		return capable(CAP_AUDIT_WRITE) ? user_message(nlh, data, len) : -EPERM;
	if (type != AUDIT_GET && type != AUDIT_SET && type != AUDIT_LIST_RULES)
		return -EINVAL;
	if (!capable(CAP_AUDIT_CONTROL))
		return -EPERM;
	if (type == AUDIT_SET)
		return set_status(from, data, len);
	if (type == AUDIT_GET)
		return send_status(from, nlh);
	reply(from, nlh, NLMSG_DONE, NULL, 0);	/* rules: there are none */
	return 0;
}

/* The daemon closes its socket: records go to the kernel log again. */
static void audit_release(struct netlink_sock *nls)
{
	mutex_lock(&audit_lock);
	if (audit_pid && audit_pid == netlink_portid(nls) && audit_net == netlink_net(nls))
		WRITE_ONCE(audit_pid, 0);
	mutex_unlock(&audit_lock);
}

static const struct netlink_protocol audit_protocol = {
	.protocol	= NETLINK_AUDIT,
	.groups		= AUDIT_NLGRP_MAX,
	.input		= audit_input,
	.release	= audit_release,
};

static int __init audit_init(void)
{
	netlink_register(&audit_protocol);
	return 0;
}
fs_initcall(audit_init);

static int __init set_audit(char *val)
{
	return kstrtoint(val, 10, &audit_enabled) || audit_enabled < 0 || audit_enabled > 1 ?
	       -EINVAL : 0;
}
boot_param("audit", set_audit, "audit=0|1: record each fork, exec and exit");
