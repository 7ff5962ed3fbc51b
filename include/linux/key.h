/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys and keyrings, as far as credentials hold on to them; keyrings(7). What a key is made of is
 * security/keys/internal.h's.
 */
#ifndef _LINUX_KEY_H
#define _LINUX_KEY_H

#include <linux/compiler.h>
#include <linux/types.h>

struct cred;
struct key;
struct user_namespace;

/*
 * The keyrings of a task, inside its credentials. Locks: [I] as the credentials themselves
 */
struct cred_keys {
	struct key *thread;		/* [I] this task's alone */
	struct key *process;		/* [I] all threads', until exec */
	struct key *session;		/* [I] inherited by fork and exec; NULL: the user's */
	struct key *auth;		/* [I] what it may construct, KEYCTL_ASSUME_AUTHORITY */
	int reqkey_default;		/* [I] KEY_REQKEY_DEFL_*: where request_key() puts keys */
};

/* A task that has none of them pays this test. */
static inline bool cred_has_keys(const struct cred_keys *keys)
{
	return keys->thread || keys->process || keys->session || keys->auth;
}

/* security/keys/process_keys.c */
void get_cred_keys(const struct cred_keys *keys);
void put_cred_keys(struct cred_keys *keys);
void drop_thread_keys(struct cred_keys *keys);
/* A thread keyring for prepared credentials that have none. Return: 0 or -ENOMEM. */
int install_thread_keyring(struct cred *new);
void drop_process_keys(struct cred_keys *keys);
void drop_auth_key(struct cred_keys *keys);
void keys_follow_fsids(const struct cred *new, const struct cred *old);
void free_user_ns_keys(struct user_namespace *ns);

#endif /* _LINUX_KEY_H */
