// SPDX-License-Identifier: GPL-2.0-only
/* The operations of keyctl(2) that change a key, or the links of a keyring. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "keyctl.h"

/* Something to do to one key that was looked up. Context: key_mutex. */
static long with_key(key_serial_t id, unsigned int how, u32 need,
		     long (*act)(struct key_ref ref, const struct keyctl_args *args),
		     const struct keyctl_args *args)
{
	struct key_ref ref;
	long ret;

	mutex_lock(&key_mutex);
	ret = lookup_user_key(id, how, need, &ref);
	if (!ret) {
		ret = act(ref, args);
		key_put(ref.key);
	}
	mutex_unlock(&key_mutex);
	return ret;
}

/* ---- contents and life ---- */

static long update(struct key_ref ref, const struct keyctl_args *args)
{
	const struct key_payload payload = { (const void *)args->b, args->c };
	int err;

	if (!ref.key->type->updatable)
		return -EOPNOTSUPP;
	err = ref.key->type->check(&payload);
	return err ?: key_update(ref.key, &payload);
}

long keyctl_update(const struct keyctl_args *args)
{
	struct keyctl_args copied = *args;
	void *copy = NULL;
	long ret;

	if (args->c > PAGE_SIZE)
		return -EINVAL;
	if (args->b && args->c) {
		copy = memdup_user((const void __user *)args->b, args->c);
		if (IS_ERR(copy))
			return PTR_ERR(copy);
	}
	copied.b = (unsigned long)copy;
	ret = with_key(args->a, 0, KEY_WRITE, update, &copied);
	kfree(copy);
	return ret;
}

static long revoke(struct key_ref ref, const struct keyctl_args *args)
{
	key_revoke(ref.key);
	return 0;
}

long keyctl_revoke(const struct keyctl_args *args)
{
	long ret = with_key(args->a, 0, KEY_WRITE, revoke, args);

	return ret == -EACCES ? with_key(args->a, 0, KEY_SETATTR, revoke, args) : ret;
}

static long invalidate(struct key_ref ref, const struct keyctl_args *args)
{
	key_invalidate(ref.key);
	return 0;
}

long keyctl_invalidate(const struct keyctl_args *args)
{
	return with_key(args->a, 0, KEY_SEARCH, invalidate, args);
}

static long set_timeout(struct key_ref ref, const struct keyctl_args *args)
{
	key_set_timeout(ref.key, args->b);
	return 0;
}

/* Whoever constructs a key may say how long it lasts. */
long keyctl_set_timeout(const struct keyctl_args *args)
{
	long ret = with_key(args->a, KEY_CREATE | KEY_PARTIAL, KEY_SETATTR, set_timeout, args);
	struct key *authkey;

	if (ret != -EACCES)
		return ret;
	mutex_lock(&key_mutex);
	if (!find_authkey(args->a, &authkey)) {
		key_set_timeout(authkey->auth->target, args->b);
		key_put(authkey);
		ret = 0;
	}
	mutex_unlock(&key_mutex);
	return ret;
}

/* ---- attributes ---- */

static long change_owner(struct key_ref ref, const struct keyctl_args *args)
{
	uid_t uid = args->b;
	gid_t gid = args->c;
	struct key *key = ref.key;
	int err;

	if (!capable(CAP_SYS_ADMIN)) {
		if (uid != INVALID_UID && uid != key->uid)
			return -EACCES;
		if (gid != INVALID_GID && gid != key->gid && !in_group_p(gid))
			return -EACCES;
	}
	if (uid != INVALID_UID && uid != key->uid) {
		err = key_chown_quota(key, uid);
		if (err)
			return err;
		key->uid = uid;
	}
	if (gid != INVALID_GID)
		key->gid = gid;
	return 0;
}

long keyctl_chown(const struct keyctl_args *args)
{
	struct keyctl_args ids = *args;
	uid_t uid = args->b;
	gid_t gid = args->c;

	if (uid != INVALID_UID) {
		uid = make_kuid(current_user_ns(), uid);
		if (uid == INVALID_UID)
			return -EINVAL;
	}
	if (gid != INVALID_GID) {
		gid = make_kgid(current_user_ns(), gid);
		if (gid == INVALID_GID)
			return -EINVAL;
	}
	if (uid == INVALID_UID && gid == INVALID_GID)
		return 0;
	ids.b = uid;
	ids.c = gid;
	return with_key(args->a, KEY_CREATE | KEY_PARTIAL, KEY_SETATTR, change_owner, &ids);
}

static long set_perm(struct key_ref ref, const struct keyctl_args *args)
{
	if (ref.key->uid != current_fsuid() && !capable(CAP_SYS_ADMIN))
		return -EACCES;
	ref.key->perm = args->b;
	return 0;
}

long keyctl_setperm(const struct keyctl_args *args)
{
	if ((u32)args->b & ~KEY_PERM_MASK)
		return -EINVAL;
	return with_key(args->a, KEY_CREATE | KEY_PARTIAL, KEY_SETATTR, set_perm, args);
}

/* ---- links ---- */

static long clear(struct key_ref ref, const struct keyctl_args *args)
{
	if (ref.key->type != &key_type_keyring)
		return -ENOTDIR;
	keyring_clear(ref.key);
	return 0;
}

long keyctl_clear(const struct keyctl_args *args)
{
	return with_key(args->a, KEY_CREATE, KEY_WRITE, clear, args);
}

static long link_into(struct key_ref keyring, const struct keyctl_args *args)
{
	struct key_ref ref;
	long ret = lookup_user_key(args->a, KEY_CREATE, KEY_LINK, &ref);

	if (ret)
		return ret;
	ret = key_link(keyring.key, ref.key);
	key_put(ref.key);
	return ret;
}

long keyctl_link(const struct keyctl_args *args)
{
	return with_key(args->b, KEY_CREATE, KEY_WRITE, link_into, args);
}

static long unlink_from(struct key_ref keyring, const struct keyctl_args *args)
{
	struct key_ref ref;
	long ret = lookup_user_key(args->a, KEY_PARTIAL | KEY_ANY_STATE, 0, &ref);

	if (ret)
		return ret;
	ret = key_unlink(keyring.key, ref.key);
	key_put(ref.key);
	return ret;
}

long keyctl_unlink(const struct keyctl_args *args)
{
	return with_key(args->b, 0, KEY_WRITE, unlink_from, args);
}

static long move_key(struct key_ref ref, const struct keyctl_args *args)
{
	struct key_ref from, to;
	long ret = lookup_user_key(args->b, 0, KEY_WRITE, &from);

	if (ret)
		return ret;
	ret = lookup_user_key(args->c, KEY_CREATE, KEY_WRITE, &to);
	if (!ret) {
		ret = key_move(ref.key, from.key, to.key, args->d & KEYCTL_MOVE_EXCL);
		key_put(to.key);
	}
	key_put(from.key);
	return ret;
}

long keyctl_move(const struct keyctl_args *args)
{
	if ((unsigned int)args->d & ~KEYCTL_MOVE_EXCL)
		return -EINVAL;
	return with_key(args->a, KEY_CREATE, KEY_LINK, move_key, args);
}

/* No type here has rules of its own for what may be linked: all that is left is "nothing". */
static long restrict_ring(struct key_ref ref, const struct keyctl_args *args)
{
	const char *type = (const char *)args->b;

	if (ref.key->type != &key_type_keyring)
		return -ENOTDIR;
	if (type)
		return key_type_lookup(type) ? -ENOENT : -ENOKEY;
	if (ref.key->flags & KEY_F_RESTRICTED)
		return -EEXIST;
	ref.key->flags |= KEY_F_RESTRICTED;
	return 0;
}

long keyctl_restrict(const struct keyctl_args *args)
{
	struct keyctl_args copied = *args;
	char name[32], *rule;
	int err;

	if (args->b) {
		if (!args->c)
			return -EINVAL;
		err = get_type_name(name, (const char __user *)args->b);
		if (err)
			return err;
		rule = strndup_user((const char __user *)args->c, PAGE_SIZE);
		if (IS_ERR(rule))
			return PTR_ERR(rule);
		kfree(rule);
		copied.b = (unsigned long)name;
	} else if (args->c) {
		return -EINVAL;
	}
	return with_key(args->a, 0, KEY_SETATTR, restrict_ring, &copied);
}
