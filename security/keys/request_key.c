// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asking for a key: what no keyring has is constructed by a program in user space, which gets an
 * authorization key for it. request_key(2), request-key(8). key_mutex is held throughout, but
 * while the program runs.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include "internal.h"

/* ---- authorization keys ---- */

static void clear_auth(struct key *key)
{
	struct key_auth *auth = key->auth;

	if (!auth)
		return;
	key->auth = NULL;
	key_put(auth->target);
	key_put(auth->dest);
	put_cred(auth->cred);
	kfree(auth->info);
	kfree(auth);
}

static long read_auth(const struct key *key, char *buf, size_t len)
{
	const struct key_auth *auth = key->auth;

	if (!auth)
		return -EKEYREVOKED;
	memcpy(buf, auth->info, min(len, auth->info_len));
	return auth->info_len;
}

const struct key_type key_type_request_key_auth = {
	.name		= ".request_key_auth",
	.readable	= true,
	.clear		= clear_auth,
	.read		= read_auth,
};

static struct key_auth *alloc_auth(struct key *target, const char *info, size_t len,
				   struct key *dest)
{
	struct key_auth *auth = kzalloc(sizeof(*auth), GFP_KERNEL);

	if (!auth)
		return NULL;
	auth->info = kmalloc(len + 1, GFP_KERNEL);
	if (!auth->info) {
		kfree(auth);
		return NULL;
	}
	memcpy(auth->info, info, len);
	auth->info_len = len;
	auth->target = key_get(target);
	auth->dest = key_get(dest);
	auth->pid = current->pid;
	return auth;
}

/* On whose behalf: a helper that asks for a further key does it for who asked it. */
static void set_requester(struct key_auth *auth)
{
	struct key *mine = current_cred()->keys.auth;

	if (mine && mine->auth) {
		auth->cred = get_cred(mine->auth->cred);
		auth->pid = mine->auth->pid;
	} else {
		auth->cred = get_current_cred();
	}
}

/* The right to make @target what it shall be. Return: the key or ERR_PTR. */
struct key *authkey_alloc(struct key *target, const char *info, size_t len, struct key *dest)
{
	const struct cred *cred = current_cred();
	struct key_auth *auth = alloc_auth(target, info, len, dest);
	struct key *key;
	char name[16];

	if (!auth)
		return ERR_PTR(-ENOMEM);
	set_requester(auth);
	snprintf(name, sizeof(name), "%x", target->serial);
	key = key_alloc(&key_type_request_key_auth, name, cred->fsuid, cred->fsgid,
			KEY_POS(KEY_VIEW | KEY_READ | KEY_SEARCH | KEY_LINK) | KEY_USR(KEY_VIEW),
			KEY_QUOTA_NONE);
	if (IS_ERR(key)) {
		struct key unborn = { .auth = auth };

		clear_auth(&unborn);
		return key;
	}
	key->auth = auth;
	key_set_state(key, KEY_STATE_POSITIVE);
	return key;
}

/* current's right to construct the key of this number. Return: 0, -ENOKEY, -EKEYREVOKED. */
int find_authkey(key_serial_t target, struct key **authkey)
{
	struct key_search search = { .cred = current_cred(), .type = &key_type_request_key_auth };
	struct key_ref ref;
	char name[16];
	int err;

	snprintf(name, sizeof(name), "%x", target);
	search.description = name;
	err = search_cred_keyrings(&search, &ref);
	if (err)
		return err == -EAGAIN ? -ENOKEY : err;
	*authkey = ref.key;
	return 0;
}

/* ---- the end of a construction ---- */

/**
 * key_finish - a key under construction becomes what it shall be
 * @key: not yet instantiated
 * @state: KEY_STATE_POSITIVE, or -errno for a negative key
 * @seconds: how long a negative one lasts
 * @payload: of a positive one
 * @dest: link it there, or NULL
 * @authkey: is used up, or NULL
 *
 * Return: 0, -EBUSY (it is made already), key_fill()'s and key_link()'s errors.
 */
int key_finish(struct key *key, int state, unsigned int seconds, const struct key_payload *payload,
	       struct key *dest, struct key *authkey)
{
	int err = dest ? key_link_check(dest, key) : 0;

	if (err)
		return err;
	if (key->state != KEY_STATE_NEW)
		return -EBUSY;
	if (state == KEY_STATE_POSITIVE) {
		err = key_fill(key, payload);
	} else {
		key_set_timeout(key, seconds);
		key_set_state(key, state);
	}
	if (!err && dest)
		err = key_link(dest, key);
	if (!err && authkey)
		key_invalidate(authkey);
	return err;
}

/* ---- where a new key goes ---- */

static key_serial_t default_ring(void)
{
	const struct cred_keys *keys = &current_cred()->keys;

	switch (keys->reqkey_default) {
	case KEY_REQKEY_DEFL_DEFAULT:
	case KEY_REQKEY_DEFL_REQUESTOR_KEYRING:
		if (keys->auth && keys->auth->auth && keys->auth->auth->dest)
			return KEY_SPEC_REQUESTOR_KEYRING;
		if (keys->thread)
			return KEY_SPEC_THREAD_KEYRING;
		if (keys->process)
			return KEY_SPEC_PROCESS_KEYRING;
		return keys->session ? KEY_SPEC_SESSION_KEYRING : KEY_SPEC_USER_SESSION_KEYRING;
	case KEY_REQKEY_DEFL_USER_SESSION_KEYRING:
		return KEY_SPEC_USER_SESSION_KEYRING;
	default:
		/* The first three have their number with the other sign, and so has the user's. */
		return -keys->reqkey_default;
	}
}

/* Return: the keyring with a reference, NULL when there is none, or ERR_PTR. */
static struct key *find_dest(struct key *dest)
{
	key_serial_t id = default_ring();
	struct key_ref ref;
	int err;

	if (dest)
		return key_get(dest);
	err = lookup_user_key(id, 0, id == KEY_SPEC_REQUESTOR_KEYRING ? 0 : KEY_WRITE, &ref);
	if (err == -ENOKEY)
		return NULL;
	return err ? ERR_PTR(err) : ref.key;
}

/* ---- the request ---- */

static int make_key(const struct key_type *type, const char *description, struct key *dest,
		    struct key **made)
{
	const struct cred *cred = current_cred();
	struct key *key;
	int err = 0;

	key = key_alloc(type, description, cred->fsuid, cred->fsgid, key_default_perm(type),
			KEY_QUOTA_CHECK);
	if (IS_ERR(key))
		return PTR_ERR(key);
	key->flags |= KEY_F_CONSTRUCT;
	if (dest)
		err = key_link(dest, key);
	if (err) {
		key_put(key);
		return err;
	}
	*made = key;
	return 0;
}

/* Let user space construct it. Whatever comes of that, the key is not new afterwards. */
static int have_it_made(struct key *key, const char *info, size_t len, struct key *dest)
{
	struct key *authkey = authkey_alloc(key, info, len, dest);
	int err;

	if (IS_ERR(authkey)) {
		key_finish(key, -ENOKEY, KEY_NEGATIVE_SECONDS, NULL, NULL, NULL);
		return PTR_ERR(authkey);
	}
	mutex_unlock(&key_mutex);
	err = call_request_key(key, authkey);
	mutex_lock(&key_mutex);
	if (!err && (key->state == KEY_STATE_NEW || key_validate(key)))
		err = -ENOKEY;
	key_finish(key, -ENOKEY, KEY_NEGATIVE_SECONDS, NULL, NULL, NULL);
	key_invalidate(authkey);
	key_put(authkey);
	return err;
}

static int construct(const struct key_type *type, const char *description, const char *info,
		     size_t len, struct key *given_dest, struct key_ref *ref)
{
	struct key *dest, *key = NULL;
	int err;

	if (type == &key_type_keyring)
		return -EPERM;
	dest = find_dest(given_dest);
	if (IS_ERR(dest))
		return PTR_ERR(dest);
	err = make_key(type, description, dest, &key);
	if (!err) {
		err = have_it_made(key, info, len, dest);
		if (err)
			key_put(key);
		else
			*ref = (struct key_ref){ key, dest != NULL };
	}
	key_put(dest);
	return err;
}

/* Somebody else may still be at it: wait, and give his answer. */
static int use_found(struct key *key, struct key *dest)
{
	int err = dest ? key_link(dest, key) : 0;

	if (!err && (key->flags & KEY_F_CONSTRUCT)) {
		mutex_unlock(&key_mutex);
		err = wait_for_construction(key);
		mutex_lock(&key_mutex);
	}
	return err ?: key_validate(key);
}

/**
 * request_key_and_link - find a key in current's keyrings, or have it made
 * @type: of what kind
 * @description: its name
 * @info: for the program that makes it; NULL: do not make it
 * @info_len: bytes
 * @dest: link it there, or NULL
 * @ref: filled, with a reference
 *
 * Context: key_mutex, which is dropped while the program runs.
 * Return: 0, or one of the errors of request_key(2).
 */
int request_key_and_link(const struct key_type *type, const char *description, const char *info,
			 size_t info_len, struct key *dest, struct key_ref *ref)
{
	const struct key_search search = { .cred = current_cred(), .type = type,
					   .description = description, .skip_expired = true };
	int err = search_cred_keyrings(&search, ref);

	if (err == -EAGAIN)
		return info ? construct(type, description, info, info_len, dest, ref) : -ENOKEY;
	if (err)
		return err;
	err = use_found(ref->key, dest);
	if (err)
		key_put(ref->key);
	return err;
}
