// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings: keys that hold links to keys, at most one of each type and description. key_mutex is
 * held throughout, but in clear(), which may also be about a keyring that nobody refers to.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static int check_keyring(const struct key_payload *payload)
{
	return payload->len ? -EINVAL : 0;
}

static int fill_keyring(struct key *key, const struct key_payload *payload)
{
	return 0;
}

static void clear_links(struct key *keyring)
{
	for (unsigned int i = 0; i < keyring->nr; i++)
		key_put(keyring->link[i]);
	kvfree(keyring->link);
	keyring->link = NULL;
	keyring->nr = 0;
	keyring->room = 0;
}

/* The serial numbers, as many as fit whole. */
static long read_keyring(const struct key *keyring, char *buf, size_t len)
{
	key_serial_t *to = (key_serial_t *)buf;

	for (unsigned int i = 0; i < keyring->nr && (i + 1) * sizeof(*to) <= len; i++)
		to[i] = keyring->link[i]->serial;
	return keyring->nr * sizeof(key_serial_t);
}

const struct key_type key_type_keyring = {
	.name		= "keyring",
	.readable	= true,
	.check		= check_keyring,
	.fill		= fill_keyring,
	.clear		= clear_links,
	.read		= read_keyring,
};

/* A keyring, ready for use. Return: it, or ERR_PTR as key_alloc(). */
struct key *keyring_alloc(const char *description, uid_t uid, gid_t gid, u32 perm,
			  enum key_quota quota)
{
	struct key *keyring = key_alloc(&key_type_keyring, description, uid, gid, perm, quota);

	if (!IS_ERR(keyring))
		key_set_state(keyring, KEY_STATE_POSITIVE);
	return keyring;
}

/* ---- links ---- */

static int index_of(const struct key *keyring, const struct key_type *type,
		    const char *description)
{
	for (unsigned int i = 0; i < keyring->nr; i++) {
		const struct key *key = keyring->link[i];

		if (key->type == type && !strcmp(key->description, description))
			return i;
	}
	return -1;
}

/* The link with this name, whatever its state, with a reference; NULL: none. */
struct key *keyring_find(struct key *keyring, const struct key_type *type,
			 const char *description)
{
	int i = index_of(keyring, type, description);

	return i < 0 ? NULL : key_get(keyring->link[i]);
}

/* Would a link to @key close a circle, or make the tree too deep? */
static int check_tree(const struct key *keyring, const struct key *key, unsigned int depth)
{
	if (key == keyring)
		return -EDEADLK;
	if (key->type != &key_type_keyring)
		return 0;
	if (depth > KEYRING_MAX_DEPTH)
		return -ELOOP;
	for (unsigned int i = 0; i < key->nr; i++) {
		int err = check_tree(keyring, key->link[i], depth + 1);

		if (err)
			return err;
	}
	return 0;
}

/* Return: 0, -ENOTDIR, -EKEYREVOKED and the like, -EPERM (restricted), -EDEADLK, -ELOOP. */
int key_link_check(struct key *keyring, const struct key *key)
{
	int err;

	if (keyring->type != &key_type_keyring)
		return -ENOTDIR;
	err = key_validate(keyring);
	if (!err && (keyring->flags & KEY_F_RESTRICTED))
		err = -EPERM;
	return err ?: check_tree(keyring, key, 1);
}

static int make_room(struct key *keyring)
{
	unsigned int room = keyring->room ? 2 * keyring->room : 4;
	struct key **link;

	if (keyring->nr < keyring->room)
		return 0;
	link = kvmalloc(room * sizeof(*link), GFP_KERNEL);
	if (!link)
		return -ENOMEM;
	memcpy(link, keyring->link, keyring->nr * sizeof(*link));
	kvfree(keyring->link);
	keyring->link = link;
	keyring->room = room;
	return 0;
}

/**
 * key_link - put a key into a keyring
 * @keyring: where
 * @key: takes the place of one with the same type and description
 *
 * Return: 0; key_link_check()'s errors; -EDQUOT, -ENOMEM.
 */
int key_link(struct key *keyring, struct key *key)
{
	int err = key_link_check(keyring, key), i;

	if (err)
		return err;
	i = index_of(keyring, key->type, key->description);
	if (i >= 0) {
		struct key *old = keyring->link[i];

		keyring->link[i] = key_get(key);
		key_put(old);
		return 0;
	}
	err = make_room(keyring);
	if (!err)
		err = key_reserve(keyring, keyring->datalen + KEY_LINK_BYTES);
	if (!err)
		keyring->link[keyring->nr++] = key_get(key);
	return err;
}

static void remove_link(struct key *keyring, unsigned int i)
{
	struct key *key = keyring->link[i];

	keyring->nr--;
	memmove(&keyring->link[i], &keyring->link[i + 1],
		(keyring->nr - i) * sizeof(*keyring->link));
	key_reserve(keyring, keyring->datalen - KEY_LINK_BYTES);
	key_put(key);
}

/* Return: 0, -ENOTDIR, -ENOENT when it is not linked there. */
int key_unlink(struct key *keyring, struct key *key)
{
	if (keyring->type != &key_type_keyring)
		return -ENOTDIR;
	for (unsigned int i = 0; i < keyring->nr; i++) {
		if (keyring->link[i] == key) {
			remove_link(keyring, i);
			return 0;
		}
	}
	return -ENOENT;
}

static bool is_linked(const struct key *keyring, const struct key *key)
{
	for (unsigned int i = 0; i < keyring->nr; i++)
		if (keyring->link[i] == key)
			return true;
	return false;
}

/* Return: 0, -ENOTDIR, -ENOENT (not in @from), -EEXIST (@exclusive), and key_link()'s. */
int key_move(struct key *key, struct key *from, struct key *to, bool exclusive)
{
	int err;

	if (from == to)
		return 0;
	if (from->type != &key_type_keyring || to->type != &key_type_keyring)
		return -ENOTDIR;
	if (!is_linked(from, key))
		return -ENOENT;
	if (exclusive && index_of(to, key->type, key->description) >= 0)
		return -EEXIST;
	err = key_link(to, key);
	return err ?: key_unlink(from, key);
}

void keyring_clear(struct key *keyring)
{
	clear_links(keyring);
	key_reserve(keyring, 0);
}

/* Drop links to what was invalidated, or is past its time since @limit. Were there any? */
bool keyring_drop_dead(struct key *keyring, s64 limit)
{
	unsigned int before = keyring->nr;

	for (unsigned int i = keyring->nr; i-- > 0; ) {
		const struct key *key = keyring->link[i];

		if ((key->flags & KEY_F_INVALIDATED) || (key->expiry && key->expiry <= limit))
			remove_link(keyring, i);
	}
	return keyring->nr != before;
}
