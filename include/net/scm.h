/* SPDX-License-Identifier: GPL-2.0-only */
/* Control messages of sockets: descriptors (SCM_RIGHTS) and credentials in transit. */
#ifndef _NET_SCM_H
#define _NET_SCM_H

#include <linux/cred.h>
#include <linux/socket.h>
#include <linux/types.h>

struct pid;
struct socket;

/* Files on their way, each with a reference. */
struct scm_files {
	unsigned int count, room;
	struct user_struct *user;	/* who is charged while they are in flight; NULL: nobody */
	struct file *file[];
};

/* What goes with a message. */
struct scm_cookie {
	struct pid *pid;		/* holds a reference; NULL: none */
	uid_t uid;
	gid_t gid;
	struct scm_files *files;	/* or NULL */
};

/**
 * scm_send - read the control data of a message to be sent
 * @msg: with its control data in the kernel
 * @scm: filled; scm_destroy() is due when 0 is returned
 * @creds: fill the sender's credentials in even if not given
 *
 * Return: 0, -EINVAL (malformed, unknown kind), -EBADF, -EPERM or -ESRCH (false credentials),
 * -ENOMEM.
 */
int scm_send(struct msghdr *msg, struct scm_cookie *scm, bool creds);
/* Hand @scm out to the receiver's control buffer, and destroy it. */
void scm_recv(struct socket *sock, struct msghdr *msg, struct scm_cookie *scm, int flags);
void scm_destroy(struct scm_cookie *scm);
struct scm_files *scm_files_dup(const struct scm_files *files);
void scm_files_free(struct scm_files *files);
int put_cmsg(struct msghdr *msg, int level, int type, int len, const void *data);

#endif
