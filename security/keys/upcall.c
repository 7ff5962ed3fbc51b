// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running /sbin/request-key, request-key(8), as a user-mode helper (kernel/umh.c). Its session
 * keyring holds the authorization key.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/umh.h>
#include "internal.h"

#define HELPER	"/sbin/request-key"
#define NR_ARGS	7

struct upcall {
	struct umh_call umh;
	struct key *session;
	char text[NR_ARGS - 1][16];
	const char *argv[NR_ARGS + 2];
};

static void free_upcall(struct umh_call *umh)
{
	struct upcall *call = container_of(umh, struct upcall, umh);

	key_put(call->session);
	kfree(call);
}

/* In the helper. */
static int set_session(struct umh_call *umh)
{
	struct upcall *call = container_of(umh, struct upcall, umh);
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	put_cred_keys(&new->keys);
	new->keys.session = key_get(call->session);
	return commit_creds(new);
}

static key_serial_t serial_of(const struct key *key)
{
	return key ? key->serial : 0;
}

/* create KEY UID GID THREAD-KEYRING PROCESS-KEYRING SESSION-KEYRING */
static void fill_args(struct upcall *call, const struct key *key, const struct cred *cred,
		      const struct key *session)
{
	const long values[NR_ARGS - 1] = {
		key->serial, cred->fsuid, cred->fsgid, serial_of(cred->keys.thread),
		serial_of(cred->keys.process), serial_of(session),
	};

	call->argv[0] = HELPER;
	call->argv[1] = "create";
	for (int i = 0; i < NR_ARGS - 1; i++) {
		snprintf(call->text[i], sizeof(call->text[i]), "%ld", values[i]);
		call->argv[i + 2] = call->text[i];
	}
}

static struct upcall *prepare_upcall(struct key *key, struct key *authkey)
{
	struct upcall *call = kzalloc(sizeof(*call), GFP_KERNEL);
	const struct cred *cred = current_cred();
	struct key *session = key_get(cred->keys.session);
	char name[24];
	int err = 0;

	if (!call) {
		key_put(session);
		return ERR_PTR(-ENOMEM);
	}
	call->umh.name = "request-key";
	call->umh.path = HELPER;
	call->umh.argv = call->argv;
	call->umh.init = set_session;
	call->umh.free = free_upcall;
	umh_prepare(&call->umh);
	snprintf(name, sizeof(name), "_req.%u", key->serial);
	call->session = keyring_alloc(name, cred->fsuid, cred->fsgid, KEY_POS(KEY_ALL) |
				      KEY_USR(KEY_VIEW | KEY_READ), KEY_QUOTA_OVERRUN);
	if (IS_ERR(call->session)) {
		err = PTR_ERR(call->session);
		call->session = NULL;
	}
	if (!err)
		err = key_link(call->session, authkey);
	if (!err && !session)
		err = user_keyrings(NULL, &session);
	if (!err)
		fill_args(call, key, cred, session);
	key_put(session);
	if (!err)
		return call;
	key_put(call->session);
	kfree(call);
	return ERR_PTR(err);
}

/**
 * call_request_key - let the helper construct a key
 * @key: the key
 * @authkey: the right to do so
 *
 * Context: no key_mutex; sleeps until the helper is done, or the caller is killed.
 * Return: 0 when it has run, -ENOENT and the like when it cannot, -ENOMEM, -ERESTARTSYS.
 */
int call_request_key(struct key *key, struct key *authkey)
{
	struct upcall *call;
	int err;

	mutex_lock(&key_mutex);
	call = prepare_upcall(key, authkey);
	mutex_unlock(&key_mutex);
	if (IS_ERR(call))
		return PTR_ERR(call);
	err = umh_start(&call->umh);
	if (!err)
		err = umh_wait(&call->umh);
	umh_put(&call->umh);
	return err;
}
