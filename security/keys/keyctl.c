// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of keyctl(2) that look at keys. Each takes key_mutex for the look, and copies to
 * user space without it.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "keyctl.h"

long keyctl_get_keyring_id(const struct keyctl_args *args)
{
	struct key_ref ref;
	long ret;

	mutex_lock(&key_mutex);
	ret = lookup_user_key(args->a, args->b ? KEY_CREATE : 0, KEY_SEARCH, &ref);
	if (!ret) {
		ret = ref.key->serial;
		key_put(ref.key);
	}
	mutex_unlock(&key_mutex);
	return ret;
}

long keyctl_join_session(const struct keyctl_args *args)
{
	char *name = NULL;
	long ret;

	if (args->a) {
		name = get_description((const char __user *)args->a);
		if (IS_ERR(name))
			return PTR_ERR(name);
		if (name[0] == '.') {
			kfree(name);
			return -EPERM;
		}
	}
	mutex_lock(&key_mutex);
	ret = join_session_keyring(name);
	mutex_unlock(&key_mutex);
	kfree(name);
	return ret;
}

/* For a look at a key: the right to view it, or to construct it. */
static int lookup_to_view(key_serial_t id, struct key_ref *ref)
{
	int err = lookup_user_key(id, KEY_PARTIAL, KEY_VIEW, ref);
	struct key *authkey;

	if (err != -EACCES || find_authkey(id, &authkey))
		return err;
	key_put(authkey);
	return lookup_user_key(id, KEY_PARTIAL | KEY_ANY_STATE, 0, ref);
}

static char *describe(const struct key *key)
{
	const struct user_namespace *ns = current_user_ns();
	size_t room = strlen(key->description) + 80;
	char *text = kmalloc(room, GFP_KERNEL);

	if (text)
		snprintf(text, room, "%s;%d;%d;%08x;%s", key->type->name,
			 from_kuid_munged(ns, key->uid), from_kgid_munged(ns, key->gid),
			 key->perm, key->description);
	return text;
}

/* All or nothing goes to user space; the answer is how much there is. */
static long put_whole(void __user *to, size_t room, const void *from, size_t len)
{
	if (to && room >= len && copy_to_user(to, from, len))
		return -EFAULT;
	return len;
}

long keyctl_describe(const struct keyctl_args *args)
{
	char *text = NULL;
	struct key_ref ref;
	long ret;

	mutex_lock(&key_mutex);
	ret = lookup_to_view(args->a, &ref);
	if (!ret) {
		text = describe(ref.key);
		key_put(ref.key);
		if (!text)
			ret = -ENOMEM;
	}
	mutex_unlock(&key_mutex);
	if (!ret)
		ret = put_whole((void __user *)args->b, args->c, text, strlen(text) + 1);
	kfree(text);
	return ret;
}

static long search_locked(key_serial_t ring, const char *type_name, const char *description,
			  key_serial_t dest_id)
{
	struct key_search search = { .cred = current_cred(), .description = description };
	struct key_ref keyring, dest = { }, ref;
	long ret = lookup_user_key(ring, 0, KEY_SEARCH, &keyring);

	if (ret)
		return ret;
	if (dest_id)
		ret = lookup_user_key(dest_id, KEY_CREATE, KEY_WRITE, &dest);
	search.type = key_type_lookup(type_name);
	if (!ret && !search.type)
		ret = -ENOKEY;
	if (!ret)
		ret = keyring_search(keyring, &search, &ref);
	if (ret == -EAGAIN)
		ret = -ENOKEY;
	if (!ret) {
		if (dest.key)
			ret = key_permission(ref, search.cred, KEY_LINK) ?:
			      key_link(dest.key, ref.key);
		if (!ret)
			ret = ref.key->serial;
		key_put(ref.key);
	}
	key_put(dest.key);
	key_put(keyring.key);
	return ret;
}

long keyctl_search(const struct keyctl_args *args)
{
	char name[32], *description;
	long ret = get_type_name(name, (const char __user *)args->b);

	if (ret)
		return ret;
	description = get_description((const char __user *)args->c);
	if (IS_ERR(description))
		return PTR_ERR(description);
	mutex_lock(&key_mutex);
	ret = search_locked(args->a, name, description, args->d);
	mutex_unlock(&key_mutex);
	kfree(description);
	return ret;
}

/* ---- contents ---- */

/* By permission, or since one has it in one's keyrings. */
static int may_read(struct key_ref ref)
{
	int err = wait_until_made(ref.key);

	if (err)
		return err < 0 && ref.key->state < 0 ? -ENOKEY : err;
	if (key_permission(ref, current_cred(), KEY_READ) && !ref.possessed)
		return -EACCES;
	if (!ref.key->type->read)
		return -EOPNOTSUPP;
	return key_validate(ref.key);
}

/* A copy of the contents: @len bytes at @copy, for kvfree(). Context: key_mutex. */
static long copy_contents(key_serial_t id, void **copy)
{
	struct key_ref ref;
	long ret = lookup_user_key(id, KEY_ANY_STATE, 0, &ref);

	if (ret)
		return -ENOKEY;
	ret = may_read(ref);
	if (!ret)
		ret = ref.key->type->read(ref.key, NULL, 0);
	if (ret > 0) {
		*copy = kvmalloc(ret, GFP_KERNEL);
		ret = *copy ? ref.key->type->read(ref.key, *copy, ret) : -ENOMEM;
	}
	key_put(ref.key);
	return ret;
}

long keyctl_read(const struct keyctl_args *args)
{
	void *copy = NULL;
	long ret;

	mutex_lock(&key_mutex);
	ret = copy_contents(args->a, &copy);
	mutex_unlock(&key_mutex);
	if (ret > 0) {
		size_t len = ret;

		ret = put_whole((void __user *)args->b, args->c, copy, len);
		memset(copy, 0, len);
	}
	kvfree(copy);
	return ret;
}

/* No security module labels keys: the label is the empty string. */
long keyctl_get_security(const struct keyctl_args *args)
{
	struct key_ref ref;
	long ret;

	mutex_lock(&key_mutex);
	ret = lookup_to_view(args->a, &ref);
	if (!ret)
		key_put(ref.key);
	mutex_unlock(&key_mutex);
	return ret ?: put_whole((void __user *)args->b, args->c, "", 1);
}

long keyctl_capabilities(const struct keyctl_args *args)
{
	static const u8 caps[] = {
		KEYCTL_CAPS0_CAPABILITIES | KEYCTL_CAPS0_PERSISTENT_KEYRINGS |
		KEYCTL_CAPS0_INVALIDATE | KEYCTL_CAPS0_RESTRICT_KEYRING | KEYCTL_CAPS0_MOVE,
		KEYCTL_CAPS1_NS_KEYRING_NAME,
	};
	size_t room = args->b, len = min(room, sizeof(caps));
	u8 __user *to = (u8 __user *)args->a;

	if (!to || !room)
		return sizeof(caps);
	if (copy_to_user(to, caps, len) || clear_user(to + len, room - len))
		return -EFAULT;
	return sizeof(caps);
}

long keyctl_get_persistent(const struct keyctl_args *args)
{
	uid_t uid = args->a;
	struct key_ref dest;
	long ret;

	uid = uid == INVALID_UID ? current_uid() : make_kuid(current_user_ns(), uid);
	if (uid == INVALID_UID)
		return -EINVAL;
	mutex_lock(&key_mutex);
	ret = lookup_user_key(args->b, KEY_CREATE, KEY_WRITE, &dest);
	if (!ret) {
		ret = dest.key->type == &key_type_keyring ? get_persistent(uid, dest.key) :
							    -ENOTDIR;
		key_put(dest.key);
	}
	mutex_unlock(&key_mutex);
	return ret;
}
