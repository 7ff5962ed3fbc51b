// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control messages that carry descriptors and credentials (cmsg(3), unix(7)).
 * Locks: none; a cookie belongs to one call or one message.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/scm.h>
#include <net/sock.h>


/* ---- lists of files ---- */

static struct scm_files *files_alloc(unsigned int room)
{
	struct scm_files *files = kmalloc(sizeof(*files) + room * sizeof(struct file *),
					  GFP_KERNEL);

	if (files) {
		files->count = 0;
		files->room = room;
		files->user = NULL;
	}
	return files;
}

/* The same files once more (MSG_PEEK); not charged. NULL without memory. */
struct scm_files *scm_files_dup(const struct scm_files *files)
{
	struct scm_files *copy = files_alloc(files->count);

	if (!copy)
		return NULL;
	for (; copy->count < files->count; copy->count++)
		copy->file[copy->count] = get_file(files->file[copy->count]);
	return copy;
}

void scm_files_free(struct scm_files *files)
{
	unsigned int i;

	for (i = 0; i < files->count; i++)
		fput(files->file[i]);
	if (files->user)
		free_uid(files->user);
	kfree(files);
}

void scm_destroy(struct scm_cookie *scm)
{
	put_pid(scm->pid);
	scm->pid = NULL;
	if (scm->files)
		scm_files_free(scm->files);
	scm->files = NULL;
}

/* ---- sending ---- */

static int add_files(struct scm_cookie *scm, const int *fd, unsigned int n)
{
	unsigned int i;

	if (!n)
		return 0;
	if (n > SCM_MAX_FD)
		return -EINVAL;
	if (!scm->files) {
		scm->files = files_alloc(SCM_MAX_FD);
		if (!scm->files)
			return -ENOMEM;
	}
	if (scm->files->count + n > SCM_MAX_FD)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct file *file = fd[i] < 0 ? NULL : fget_raw(fd[i]);

		if (!file)
			return -EBADF;
		scm->files->file[scm->files->count++] = file;
	}
	return 0;
}

/* Only the privileged may lie about themselves. */
static int check_creds(const struct ucred *claim, uid_t uid, gid_t gid)
{
	const struct cred *cred = current_cred();

	if (claim->pid != task_tgid_vnr(current) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (uid != cred->uid && uid != cred->euid && uid != cred->suid &&
	    !ns_capable(cred->user_ns, CAP_SETUID))
		return -EPERM;
	if (gid != cred->gid && gid != cred->egid && gid != cred->sgid &&
	    !ns_capable(cred->user_ns, CAP_SETGID))
		return -EPERM;
	return 0;
}

static int add_creds(struct scm_cookie *scm, const struct ucred *claim)
{
	uid_t uid = make_kuid(current_user_ns(), claim->uid);
	gid_t gid = make_kgid(current_user_ns(), claim->gid);
	struct pid *pid;
	int err;

	if (uid == INVALID_UID || gid == INVALID_GID)
		return -EINVAL;
	err = check_creds(claim, uid, gid);
	if (err)
		return err;
	pid = find_get_pid(claim->pid);
	if (!pid)
		return -ESRCH;
	put_pid(scm->pid);
	scm->pid = pid;
	scm->uid = uid;
	scm->gid = gid;
	return 0;
}

static int parse_one(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	size_t len = cmsg->cmsg_len - sizeof(*cmsg);

	if (cmsg->cmsg_level != SOL_SOCKET)
		return 0;
	switch (cmsg->cmsg_type) {
	case SCM_RIGHTS:
		return add_files(scm, (const int *)(cmsg + 1), len / sizeof(int));
	case SCM_CREDENTIALS:
		if (len != sizeof(struct ucred))
			return -EINVAL;
		return add_creds(scm, (const struct ucred *)(cmsg + 1));
	default:
		return -EINVAL;
	}
}

static int parse_control(struct msghdr *msg, struct scm_cookie *scm)
{
	size_t offset = 0, left;
	int err = 0;

	while (!err && msg->msg_controllen - offset >= sizeof(struct cmsghdr)) {
		const struct cmsghdr *cmsg = msg->msg_control + offset;

		left = msg->msg_controllen - offset;
		if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > left)
			return -EINVAL;
		err = parse_one(cmsg, scm);
		if (CMSG_ALIGN(cmsg->cmsg_len) >= left)
			break;
		offset += CMSG_ALIGN(cmsg->cmsg_len);
	}
	return err;
}

int scm_send(struct msghdr *msg, struct scm_cookie *scm, bool creds)
{
	int err;

	*scm = (struct scm_cookie){ .uid = INVALID_UID, .gid = INVALID_GID };
	if (creds) {
		scm->pid = get_pid(task_tgid(current));
		scm->uid = current_uid();
		scm->gid = current_gid();
	}
	if (!msg->msg_controllen)
		return 0;
	err = parse_control(msg, scm);
	if (!err && scm->files && !scm->files->count) {
		scm_files_free(scm->files);
		scm->files = NULL;
	}
	if (err)
		scm_destroy(scm);
	return err;
}

/* ---- receiving ---- */

/* The header of a message of @len payload bytes, and room for it used up. */
static int put_header(struct msghdr *msg, int level, int type, size_t len)
{
	struct cmsghdr cmsg = { .cmsg_len = CMSG_LEN(len), .cmsg_level = level,
				.cmsg_type = type };
	size_t space = min(CMSG_SPACE(len), msg->msg_controllen);

	if (copy_to_user(msg->msg_control_user, &cmsg, sizeof(cmsg)))
		return -EFAULT;
	msg->msg_control_user += space;
	msg->msg_controllen -= space;
	return 0;
}

/**
 * put_cmsg - one control message for the receiver
 *
 * What does not fit is cut off and MSG_CTRUNC says so.
 *
 * Return: 0 or -EFAULT.
 */
int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data)
{
	void __user *to = msg->msg_control_user + sizeof(struct cmsghdr);

	if (!msg->msg_control_user || msg->msg_controllen < sizeof(struct cmsghdr)) {
		msg->msg_flags |= MSG_CTRUNC;
		return 0;
	}
	if (msg->msg_controllen < CMSG_LEN(len)) {
		msg->msg_flags |= MSG_CTRUNC;
		len = msg->msg_controllen - sizeof(struct cmsghdr);
	}
	if (copy_to_user(to, data, len))
		return -EFAULT;
	return put_header(msg, level, type, len);
}

/* A message that was sent before anybody asked for credentials is from the overflow ids. */
static void put_creds(struct msghdr *msg, const struct scm_cookie *scm)
{
	struct ucred creds = {
		.pid = pid_vnr(scm->pid),
		.uid = from_kuid_munged(current_user_ns(), scm->uid),
		.gid = from_kgid_munged(current_user_ns(), scm->gid),
	};

	put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, sizeof(creds), &creds);
}

static unsigned int rights_room(const struct msghdr *msg)
{
	if (!msg->msg_control_user || msg->msg_controllen <= sizeof(struct cmsghdr))
		return 0;
	return (msg->msg_controllen - sizeof(struct cmsghdr)) / sizeof(int);
}

/* As many new descriptors as there is room for; the other files are let go. */
static void put_rights(struct msghdr *msg, const struct scm_files *files)
{
	int __user *to = msg->msg_control_user + sizeof(struct cmsghdr);
	unsigned int n = min(files->count, rights_room(msg)), i;

	for (i = 0; i < n; i++)
		if (receive_fd(files->file[i], &to[i],
			       msg->msg_flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0) < 0)
			break;
	if (i < files->count)
		msg->msg_flags |= MSG_CTRUNC;
	if (i && put_header(msg, SOL_SOCKET, SCM_RIGHTS, i * sizeof(int)))
		msg->msg_flags |= MSG_CTRUNC;
}

void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm, int flags)
{
	bool creds = sock_flag(sock->sk, SOCK_F_PASSCRED);

	if (!msg->msg_control_user) {
		if (creds || scm->files)
			msg->msg_flags |= MSG_CTRUNC;
	} else {
		if (creds)
			put_creds(msg, scm);
		if (scm->files) {
			msg->msg_flags |= flags & MSG_CMSG_CLOEXEC;
			put_rights(msg, scm->files);
		}
	}
	scm_destroy(scm);
}
