// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of keys that hold data: "user", which anybody with the right may read back, and
 * "logon", which only the kernel reads.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

static int check_blob(const struct key_payload *payload)
{
	return payload->data && payload->len && payload->len <= KEY_MAX_PAYLOAD ? 0 : -EINVAL;
}

static int fill_blob(struct key *key, const struct key_payload *payload)
{
	void *copy = kvmalloc(payload->len, GFP_KERNEL);
	int err;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, payload->data, payload->len);
	err = key_reserve(key, payload->len);
	if (err) {
		kvfree(copy);
		return err;
	}
	kvfree(key->data);
	key->data = copy;
	return 0;
}

/* What was secret does not stay in free memory. */
static void clear_blob(struct key *key)
{
	if (!key->data)
		return;
	memset(key->data, 0, key->datalen);
	barrier();
	kvfree(key->data);
	key->data = NULL;
}

static long read_blob(const struct key *key, char *buf, size_t len)
{
	memcpy(buf, key->data, min(len, key->datalen));
	return key->datalen;
}

/* A prefix says which service it is for. */
static int vet_logon(const char *description)
{
	const char *colon = strchr(description, ':');

	return colon && colon != description ? 0 : -EINVAL;
}

const struct key_type key_type_user = {
	.name		= "user",
	.readable	= true,
	.updatable	= true,
	.check		= check_blob,
	.fill		= fill_blob,
	.clear		= clear_blob,
	.read		= read_blob,
};

const struct key_type key_type_logon = {
	.name		= "logon",
	.updatable	= true,
	.vet_description = vet_logon,
	.check		= check_blob,
	.fill		= fill_blob,
	.clear		= clear_blob,
};

/* The kinds that user space may name; NULL: none of them. */
const struct key_type *key_type_lookup(const char *name)
{
	static const struct key_type *const types[] = {
		&key_type_keyring, &key_type_user, &key_type_logon,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i]->name, name))
			return types[i];
	return NULL;
}
