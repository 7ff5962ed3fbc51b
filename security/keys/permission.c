// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what with a key, and is it still good? keyrings(7), "Access rights". key_mutex is
 * held throughout.
 */
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/timekeeping.h>
#include "internal.h"

static bool cred_in_group(const struct cred *cred, gid_t gid)
{
	return gid == cred->fsgid || groups_search(cred->group_info, gid);
}

/* The class that the credentials are in: one of three, whether it grants more or less. */
static u32 class_perm(const struct key *key, const struct cred *cred)
{
	if (key->uid == cred->fsuid)
		return key->perm >> 16;
	if (key->gid != INVALID_GID && (key->perm & KEY_GRP(KEY_ALL)) &&
	    cred_in_group(cred, key->gid))
		return key->perm >> 8;
	return key->perm;
}

/**
 * key_permission - may these credentials do that?
 * @ref: the key; its possessor's rights come on top
 * @cred: who
 * @need: KEY_VIEW and the like, all of them
 *
 * Return: 0 or -EACCES.
 */
int key_permission(struct key_ref ref, const struct cred *cred, u32 need)
{
	u32 perm = class_perm(ref.key, cred);

	if (ref.possessed)
		perm |= ref.key->perm >> 24;
	return (perm & need & KEY_ALL) == need ? 0 : -EACCES;
}

/* Return: 0, -ENOKEY (on its way out), -EKEYREVOKED, -EKEYEXPIRED. */
int key_validate(const struct key *key)
{
	if (key->flags & KEY_F_INVALIDATED)
		return -ENOKEY;
	if (key->flags & KEY_F_REVOKED)
		return -EKEYREVOKED;
	if (key->expiry && ktime_get_real_seconds() >= key->expiry)
		return -EKEYEXPIRED;
	return 0;
}

/* Return: 0, or the error that a negative key stands for. */
int key_read_state(const struct key *key)
{
	int state = READ_ONCE(key->state);

	return state < 0 ? state : 0;
}

/* What a new key grants when nobody says: all to its possessor, a look to its owner. */
u32 key_default_perm(const struct key_type *type)
{
	u32 perm = KEY_POS(KEY_VIEW | KEY_SEARCH | KEY_LINK | KEY_SETATTR) | KEY_USR(KEY_VIEW);

	if (type->readable)
		perm |= KEY_POS(KEY_READ);
	if (type == &key_type_keyring || type->updatable)
		perm |= KEY_POS(KEY_WRITE);
	return perm;
}
