// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching keyrings and what is linked in them, level by level; keyrings(7), "The search
 * algorithm". key_mutex is held throughout.
 */
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/string.h>
#include "internal.h"

/* A search on its way: what it has met on keys that it could not use. */
struct walk {
	const struct key_search *search;
	bool possessed;
	struct key *found;
	int err;
};

static bool matches(const struct key_search *search, const struct key *key)
{
	if (search->exact)
		return key == search->exact;
	return key->type == search->type && !strcmp(key->description, search->description);
}

/* Return: true when the search ends here, with walk->found or walk->err. */
static bool take(struct walk *walk, struct key *key)
{
	struct key_ref ref = { key, walk->possessed };
	int err;

	if (!walk->search->exact) {
		if (key->flags & (KEY_F_INVALIDATED | KEY_F_REVOKED)) {
			walk->err = -EKEYREVOKED;
			return false;
		}
		if (key_validate(key)) {
			if (!walk->search->skip_expired)
				walk->err = -EKEYEXPIRED;
			return false;
		}
		if (key_permission(ref, walk->search->cred, KEY_SEARCH)) {
			walk->err = -EACCES;
			return false;
		}
		err = key_read_state(key);
		if (err) {
			walk->err = err;
			return true;
		}
	}
	walk->found = key;
	return true;
}

/* Looks at the links of @keyring, then at keyrings among them, as deep as @depth. */
static bool walk_keyring(struct walk *walk, struct key *keyring, unsigned int depth)
{
	for (unsigned int i = 0; i < keyring->nr; i++)
		if (matches(walk->search, keyring->link[i]) && take(walk, keyring->link[i]))
			return true;
	if (depth == KEYRING_MAX_DEPTH)
		return false;
	for (unsigned int i = 0; i < keyring->nr; i++) {
		struct key *next = keyring->link[i];
		struct key_ref ref = { next, walk->possessed };

		if (next->type != &key_type_keyring || key_validate(next))
			continue;
		if (!walk->search->exact && key_permission(ref, walk->search->cred, KEY_SEARCH))
			continue;
		if (walk_keyring(walk, next, depth + 1))
			return true;
	}
	return false;
}

/**
 * keyring_search - look for a key in a keyring and below
 * @keyring: the root; a match too
 * @search: for what, and for whom
 * @found: filled, with a reference; possessed when @keyring is
 *
 * Return: 0; -EAGAIN when there is none; -ENOTDIR, -EACCES (@keyring may not be searched), and
 * what a negative or unusable match stands for.
 */
int keyring_search(struct key_ref keyring, const struct key_search *search, struct key_ref *found)
{
	struct walk walk = { .search = search, .possessed = keyring.possessed, .err = -EAGAIN };
	int err;

	if (keyring.key->type != &key_type_keyring)
		return -ENOTDIR;
	err = key_permission(keyring, search->cred, KEY_SEARCH);
	if (err && !search->exact)
		return err;
	if (!search->exact || !err) {
		if (matches(search, keyring.key) && take(&walk, keyring.key))
			goto out;
		if (!key_validate(keyring.key))
			walk_keyring(&walk, keyring.key, 0);
	}
out:
	if (!walk.found)
		return walk.err;
	*found = (struct key_ref){ key_get(walk.found), keyring.possessed };
	return 0;
}

/* "Negative" stands over "none", and both over what went wrong in only some of the keyrings. */
static int combine(int old, int err)
{
	if (err == -ENOKEY || old == -ENOKEY)
		return -ENOKEY;
	return err == -EAGAIN || !old ? err : old;
}

static int search_own(const struct key_search *search, struct key_ref *found)
{
	const struct cred_keys *keys = &search->cred->keys;
	struct key *session = keys->session, *roots[3];
	int err = 0;

	roots[0] = keys->thread;
	roots[1] = keys->process;
	roots[2] = NULL;
	if (session)
		roots[2] = key_get(session);
	else
		existing_user_session(search->cred, &roots[2]);
	for (unsigned int i = 0; i < 3; i++) {
		struct key_ref root = { roots[i], true };
		int ret = root.key ? keyring_search(root, search, found) : 1;

		if (!ret) {
			key_put(roots[2]);
			return 0;
		}
		if (ret < 0)
			err = combine(err, ret);
	}
	key_put(roots[2]);
	return err ?: -EAGAIN;
}

/**
 * search_cred_keyrings - look for a key in all the keyrings of a task
 * @search: for what; in ->cred's thread, process and session keyrings, and when it constructs a
 *	key for somebody, in his
 * @found: filled, with a reference
 *
 * Return: as keyring_search().
 */
int search_cred_keyrings(const struct key_search *search, struct key_ref *found)
{
	struct key *auth = search->cred->keys.auth;
	int err = search_own(search, found), err2;

	if (!err || !auth || !auth->auth || search->type == &key_type_request_key_auth ||
	    key_validate(auth))
		return err;
	if (auth->auth->cred != search->cred) {
		struct key_search theirs = *search;

		theirs.cred = auth->auth->cred;
		err2 = search_own(&theirs, found);
		err = err2 ? combine(err, err2) : 0;
	}
	return err;
}

/* Do these credentials possess the key: is it linked in one of their keyrings? */
bool key_possessed(struct key *key, const struct cred *cred)
{
	const struct key_search search = { .cred = cred, .exact = key };
	struct key_ref found;

	if (search_cred_keyrings(&search, &found))
		return false;
	key_put(found.key);
	return true;
}
