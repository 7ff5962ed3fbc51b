// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the program calls that constructs a key for somebody: keyctl_instantiate(3) and its kin.
 * It has to assume the authority first.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include "keyctl.h"

#define PAYLOAD_MAX	(1024 * 1024 - 1)
#define MAX_ERRNO_VALUE	4095
/* The kernel's own codes for system calls to be started again. */
#define FIRST_RESTART	512
#define LAST_RESTART	516

static long assume(struct key *authkey)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	key_put(new->keys.auth);
	new->keys.auth = key_get(authkey);
	return commit_creds(new);
}

/* Where the constructed key shall be linked too. Return: 0, with *@dest NULL for nowhere. */
static int get_dest(key_serial_t id, const struct key_auth *auth, struct key **dest)
{
	struct key_ref ref;
	int err;

	*dest = NULL;
	if (!id)
		return 0;
	if (id == KEY_SPEC_REQKEY_AUTH_KEY)
		return -EINVAL;
	if (id == KEY_SPEC_REQUESTOR_KEYRING) {
		*dest = key_get(auth->dest);
		return 0;
	}
	if (id < KEY_SPEC_REQUESTOR_KEYRING)
		return -ENOKEY;
	err = lookup_user_key(id, KEY_CREATE, KEY_WRITE, &ref);
	if (!err)
		*dest = ref.key;
	return err;
}

/* The end of a construction that current has assumed. Context: key_mutex. */
static long finish(key_serial_t id, int state, unsigned int seconds,
		   const struct key_payload *payload, key_serial_t ring)
{
	struct key *authkey = key_get(current_cred()->keys.auth), *dest;
	long ret = -EPERM;

	if (authkey && authkey->auth && authkey->auth->target->serial == id) {
		struct key *target = key_get(authkey->auth->target);

		ret = get_dest(ring, authkey->auth, &dest);
		if (!ret && payload)
			ret = target->type->check(payload);
		if (!ret) {
			ret = key_finish(target, state, seconds, payload, dest, authkey);
			key_put(dest);
		}
		key_put(target);
		if (!ret)
			ret = assume(NULL);
	}
	key_put(authkey);
	return ret;
}

static long instantiate(key_serial_t id, const struct key_payload *payload, key_serial_t ring)
{
	long ret;

	mutex_lock(&key_mutex);
	ret = finish(id, KEY_STATE_POSITIVE, 0, payload, ring);
	mutex_unlock(&key_mutex);
	return ret;
}

/* Is there any authority at all? It comes before the look at the payload. */
static bool has_authority(key_serial_t id)
{
	const struct key *authkey = current_cred()->keys.auth;
	bool has;

	mutex_lock(&key_mutex);
	has = authkey && authkey->auth && authkey->auth->target->serial == id;
	mutex_unlock(&key_mutex);
	return has;
}

static long instantiate_from(key_serial_t id, struct iov_iter *from, key_serial_t ring)
{
	struct key_payload payload = { .len = iov_iter_count(from) };
	void *copy = NULL;
	long ret = -EFAULT;

	if (payload.len > PAYLOAD_MAX)
		return -EINVAL;
	if (!has_authority(id))
		return -EPERM;
	if (payload.len) {
		copy = kvmalloc(payload.len, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	payload.data = copy;
	if (copy_from_iter(copy, payload.len, from) == payload.len)
		ret = instantiate(id, &payload, ring);
	if (copy)
		memset(copy, 0, payload.len);
	kvfree(copy);
	return ret;
}

long keyctl_instantiate(const struct keyctl_args *args)
{
	struct iov_iter from;
	int err;

	if (!args->b)
		return instantiate(args->a, &(struct key_payload){ }, args->d);
	err = import_ubuf(WRITE, (void __user *)args->b, args->c, &from);
	return err ?: instantiate_from(args->a, &from, args->d);
}

long keyctl_instantiate_iov(const struct keyctl_args *args)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct iov_iter from;
	ssize_t ret;

	if (!args->b || !args->c)
		return instantiate(args->a, &(struct key_payload){ }, args->d);
	ret = import_iovec(WRITE, (const struct iovec __user *)args->b, args->c, UIO_FASTIOV,
			   &iov, &from);
	if (ret < 0)
		return ret;
	ret = instantiate_from(args->a, &from, args->d);
	kfree(iov);
	return ret;
}

static long reject(key_serial_t id, unsigned int seconds, unsigned int error, key_serial_t ring)
{
	long ret;

	if (!error || error >= MAX_ERRNO_VALUE ||
	    (error >= FIRST_RESTART && error <= LAST_RESTART && error != 515))
		return -EINVAL;
	mutex_lock(&key_mutex);
	ret = finish(id, -(int)error, seconds, NULL, ring);
	mutex_unlock(&key_mutex);
	return ret;
}

long keyctl_negate(const struct keyctl_args *args)
{
	return reject(args->a, args->b, ENOKEY, args->c);
}

long keyctl_reject(const struct keyctl_args *args)
{
	return reject(args->a, args->b, args->c, args->d);
}

/* Return: the authorization key's number; 0 when the authority was given up. */
long keyctl_assume_authority(const struct keyctl_args *args)
{
	key_serial_t id = args->a;
	struct key *authkey = NULL;
	long ret = 0;

	if (id < 0)
		return -EINVAL;
	mutex_lock(&key_mutex);
	if (id)
		ret = find_authkey(id, &authkey);
	if (!ret)
		ret = assume(authkey);
	if (!ret && authkey)
		ret = authkey->serial;
	key_put(authkey);
	mutex_unlock(&key_mutex);
	return ret;
}

/* Where keys go that request_key() is given no keyring for. Return: the former place. */
static long set_default(int where)
{
	struct cred *new = prepare_creds();
	int old = current_cred()->keys.reqkey_default, err = 0;

	if (!new)
		return -ENOMEM;
	if (where == KEY_REQKEY_DEFL_THREAD_KEYRING)
		err = install_thread_keyring(new);
	else if (where == KEY_REQKEY_DEFL_PROCESS_KEYRING)
		err = install_process_keyring(new);
	if (err) {
		abort_creds(new);
		return err;
	}
	new->keys.reqkey_default = where;
	return commit_creds(new) ?: old;
}

long keyctl_set_reqkey_keyring(const struct keyctl_args *args)
{
	int where = args->a;
	long ret;

	if (where == KEY_REQKEY_DEFL_NO_CHANGE)
		return current_cred()->keys.reqkey_default;
	if (where < 0 || where > KEY_REQKEY_DEFL_REQUESTOR_KEYRING ||
	    where == KEY_REQKEY_DEFL_GROUP_KEYRING)
		return -EINVAL;
	mutex_lock(&key_mutex);
	ret = set_default(where);
	mutex_unlock(&key_mutex);
	return ret;
}
