// SPDX-License-Identifier: GPL-2.0-only
/*
 * add_key(2), request_key(2) and the table of keyctl(2). User memory is touched without key_mutex.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include "keyctl.h"

#define ADD_KEY_MAX	(1024 * 1024 - 1)

int get_type_name(char name[32], const char __user *from)
{
	long len = strncpy_from_user(name, from, 32);

	if (len < 0)
		return -EFAULT;
	if (!len || len >= 32)
		return -EINVAL;
	return name[0] == '.' ? -EPERM : 0;
}

char *get_description(const char __user *from)
{
	return strndup_user(from, KEY_MAX_DESC);
}

/* ---- add_key ---- */

/* A new key, or a new payload for the one of that name. Context: key_mutex. */
static int create_or_update(const struct key_type *type, const char *description,
			    const struct key_payload *payload, struct key *keyring,
			    struct key **result)
{
	const struct cred *cred = current_cred();
	struct key *key = NULL;
	int err;

	if (type->updatable)
		key = keyring_find(keyring, type, description);
	if (key && key_validate(key)) {
		key_put(key);
		key = NULL;
	}
	*result = key;
	if (key) {
		err = key->state == KEY_STATE_NEW ? wait_until_made(key) : 0;
		if (!err)
			err = key_permission((struct key_ref){ key, true }, cred, KEY_WRITE);
		return err ?: key_update(key, payload);
	}
	key = key_alloc(type, description, cred->fsuid, cred->fsgid, key_default_perm(type),
			KEY_QUOTA_CHECK);
	*result = NULL;
	if (IS_ERR(key))
		return PTR_ERR(key);
	*result = key;
	err = key_fill(key, payload);
	return err ?: key_link(keyring, key);
}

static long add_locked(const char *type_name, const char *description,
		       const struct key_payload *payload, key_serial_t ring)
{
	const struct key_type *type;
	struct key_ref keyring;
	struct key *key = NULL;
	long ret = lookup_user_key(ring, KEY_CREATE, KEY_WRITE, &keyring);

	if (ret)
		return ret;
	type = key_type_lookup(type_name);
	if (!type)
		ret = -ENODEV;
	else if (keyring.key->type != &key_type_keyring)
		ret = -ENOTDIR;
	else if (!description)
		ret = -EINVAL;
	else
		ret = type->check(payload);
	/* Restricted ones are full for everybody; others are refused by what is in them. */
	if (!ret && (keyring.key->flags & KEY_F_RESTRICTED))
		ret = -EPERM;
	if (!ret)
		ret = create_or_update(type, description, payload, keyring.key, &key);
	if (!ret)
		ret = key->serial;
	key_put(key);
	key_put(keyring.key);
	return ret;
}

static long add_with_payload(const char *type, const char *description, const void __user *data,
			     size_t len, key_serial_t ring)
{
	struct key_payload payload = { .len = len };
	void *copy = NULL;
	long ret;

	if (len) {
		copy = kvmalloc(len, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
		if (copy_from_user(copy, data, len)) {
			kvfree(copy);
			return -EFAULT;
		}
	}
	payload.data = copy;
	mutex_lock(&key_mutex);
	ret = add_locked(type, description, &payload, ring);
	mutex_unlock(&key_mutex);
	if (copy)
		memset(copy, 0, len);
	kvfree(copy);
	return ret;
}

SYSCALL_DEFINE5(add_key, const char __user *, type, const char __user *, description,
		const void __user *, payload, size_t, plen, key_serial_t, ringid)
{
	char name[32], *text = NULL;
	long ret;

	if (plen > ADD_KEY_MAX)
		return -EINVAL;
	ret = get_type_name(name, type);
	if (ret)
		return ret;
	if (description) {
		text = get_description(description);
		if (IS_ERR(text))
			return PTR_ERR(text);
	}
	if (text && text[0] == '.' && !strcmp(name, "keyring"))
		ret = -EPERM;
	else
		ret = add_with_payload(name, text && *text ? text : NULL, payload, plen, ringid);
	kfree(text);
	return ret;
}

/* ---- request_key ---- */

static long request_locked(const char *type_name, const char *description, const char *info,
			   key_serial_t dest_id)
{
	struct key_ref dest = { }, ref;
	const struct key_type *type;
	long ret = 0;

	if (dest_id)
		ret = lookup_user_key(dest_id, KEY_CREATE, KEY_WRITE, &dest);
	if (ret)
		return ret;
	type = key_type_lookup(type_name);
	if (type)
		ret = request_key_and_link(type, description, info, info ? strlen(info) : 0,
					   dest.key, &ref);
	else
		ret = -ENOKEY;
	if (!ret) {
		ret = key_read_state(ref.key);
		if (!ret)
			ret = ref.key->serial;
		key_put(ref.key);
	}
	key_put(dest.key);
	return ret;
}

SYSCALL_DEFINE4(request_key, const char __user *, type, const char __user *, description,
		const char __user *, callout_info, key_serial_t, destringid)
{
	char name[32], *text, *info = NULL;
	long ret = get_type_name(name, type);

	if (ret)
		return ret;
	text = get_description(description);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (callout_info) {
		info = strndup_user(callout_info, PAGE_SIZE);
		if (IS_ERR(info)) {
			kfree(text);
			return PTR_ERR(info);
		}
	}
	mutex_lock(&key_mutex);
	ret = request_locked(name, text, info, destringid);
	mutex_unlock(&key_mutex);
	kfree(info);
	kfree(text);
	return ret;
}

/* ---- keyctl ---- */

static long (*const operations[])(const struct keyctl_args *args) = {
	[KEYCTL_GET_KEYRING_ID]		= keyctl_get_keyring_id,
	[KEYCTL_JOIN_SESSION_KEYRING]	= keyctl_join_session,
	[KEYCTL_UPDATE]			= keyctl_update,
	[KEYCTL_REVOKE]			= keyctl_revoke,
	[KEYCTL_CHOWN]			= keyctl_chown,
	[KEYCTL_SETPERM]		= keyctl_setperm,
	[KEYCTL_DESCRIBE]		= keyctl_describe,
	[KEYCTL_CLEAR]			= keyctl_clear,
	[KEYCTL_LINK]			= keyctl_link,
	[KEYCTL_UNLINK]			= keyctl_unlink,
	[KEYCTL_SEARCH]			= keyctl_search,
	[KEYCTL_READ]			= keyctl_read,
	[KEYCTL_INSTANTIATE]		= keyctl_instantiate,
	[KEYCTL_NEGATE]			= keyctl_negate,
	[KEYCTL_SET_REQKEY_KEYRING]	= keyctl_set_reqkey_keyring,
	[KEYCTL_SET_TIMEOUT]		= keyctl_set_timeout,
	[KEYCTL_ASSUME_AUTHORITY]	= keyctl_assume_authority,
	[KEYCTL_GET_SECURITY]		= keyctl_get_security,
	[KEYCTL_SESSION_TO_PARENT]	= keyctl_session_to_parent,
	[KEYCTL_REJECT]			= keyctl_reject,
	[KEYCTL_INSTANTIATE_IOV]	= keyctl_instantiate_iov,
	[KEYCTL_INVALIDATE]		= keyctl_invalidate,
	[KEYCTL_GET_PERSISTENT]		= keyctl_get_persistent,
	[KEYCTL_RESTRICT_KEYRING]	= keyctl_restrict,
	[KEYCTL_MOVE]			= keyctl_move,
	[KEYCTL_CAPABILITIES]		= keyctl_capabilities,
};

SYSCALL_DEFINE5(keyctl, int, option, unsigned long, arg2, unsigned long, arg3,
		unsigned long, arg4, unsigned long, arg5)
{
	const struct keyctl_args args = { arg2, arg3, arg4, arg5 };

	if (option < 0 || option >= (int)ARRAY_SIZE(operations) || !operations[option])
		return -EOPNOTSUPP;
	return operations[option](&args);
}
