/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys: what the files of security/keys share. Keys are rare and their calls are slow ones, so
 * one mutex, key_mutex, guards all of their contents; keys themselves are counted and found by
 * serial number under key_lock, which also guards quotas. key_put() may be called anywhere.
 */
#ifndef _SECURITY_KEYS_INTERNAL_H
#define _SECURITY_KEYS_INTERNAL_H

#include <linux/cred.h>
#include <linux/key.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <uapi/linux/keyctl.h>

typedef s32 key_serial_t;

/* Permissions of one class; a key's word has possessor, user, group and other, high to low. */
#define KEY_VIEW		0x01
#define KEY_READ		0x02
#define KEY_WRITE		0x04
#define KEY_SEARCH		0x08
#define KEY_LINK		0x10
#define KEY_SETATTR		0x20
#define KEY_ALL			0x3f
#define KEY_POS(p)		((u32)(p) << 24)
#define KEY_USR(p)		((u32)(p) << 16)
#define KEY_GRP(p)		((u32)(p) << 8)
#define KEY_OTH(p)		((u32)(p))
#define KEY_PERM_MASK		0x3f3f3f3fu
#define KEY_PERM_UNDEF		0xffffffffu

#define KEY_LINK_BYTES		4	/* quota of a link */
#define KEY_MAX_DESC		4096
#define KEY_MAX_PAYLOAD		32767
#define KEYRING_MAX_DEPTH	6
#define KEY_NEGATIVE_SECONDS	60

/* key.flags */
#define KEY_F_REVOKED		0x01
#define KEY_F_IN_QUOTA		0x02
#define KEY_F_CONSTRUCT		0x04	/* user space is at it */
#define KEY_F_INVALIDATED	0x08
#define KEY_F_RESTRICTED	0x10	/* a keyring that takes no more links */

/* key.state; a negative key has -errno */
#define KEY_STATE_NEW		0
#define KEY_STATE_POSITIVE	1

/* key_alloc() */
enum key_quota {
	KEY_QUOTA_NONE,
	KEY_QUOTA_OVERRUN,		/* counted, but never refused */
	KEY_QUOTA_CHECK,
};

/*
 * What one uid has. Locks: [k] key_lock   [I] immutable
 */
struct key_user {
	struct hlist_node node;		/* [k] */
	uid_t uid;			/* [I] */
	int usage;			/* [k] keys, and whoever is about to make one */
	int nkeys;			/* [k] */
	int nikeys;			/* [k] instantiated */
	int qnkeys;			/* [k] in quota */
	int qnbytes;			/* [k] */
};

/* A payload on its way into a key. */
struct key_payload {
	const void *data;
	size_t len;
};

struct key_type {
	const char *name;
	bool readable, updatable;
	/* may a key have this description? 0 or -EINVAL; NULL: any */
	int (*vet_description)(const char *description);
	/* 0 or -errno for a payload; key_mutex is not held */
	int (*check)(const struct key_payload *payload);
	/* fill a new key, or put something else into an old one: 0, -ENOMEM, -EDQUOT */
	int (*fill)(struct key *key, const struct key_payload *payload);
	/* forget the contents: revoked, or the last reference is gone */
	void (*clear)(struct key *key);
	/* copy at most @len bytes to @buf: how many there are */
	long (*read)(const struct key *key, char *buf, size_t len);
};

/* Who asked for a key, and what for: the contents of a .request_key_auth. */
struct key_auth {
	struct key *target;
	struct key *dest;		/* or NULL */
	const struct cred *cred;	/* whose keyrings the helper may search */
	char *info;
	size_t info_len;
	pid_t pid;
};

/*
 * Locks: [a] atomic   [I] immutable   [k] key_lock   [m] key_mutex
 */
struct key {
	refcount_t usage;		/* [a] */
	key_serial_t serial;		/* [I] */
	struct rb_node node;		/* [k] by serial */
	struct list_head dead;		/* [k] no reference is left, to be freed */
	const struct key_type *type;	/* [I] */
	char *description;		/* [I] */
	struct key_user *user;		/* [m] charged for it */
	uid_t uid;			/* [m] */
	gid_t gid;			/* [m] */
	u32 perm;			/* [m] */
	s64 expiry;			/* [m] seconds of CLOCK_REALTIME, 0: never */
	unsigned int flags;		/* [m] KEY_F_* */
	int state;			/* [m] KEY_STATE_*, waited for without */
	size_t quotalen;		/* [m] bytes charged */
	size_t datalen;			/* [m] bytes of them for the contents */
	const struct user_namespace *ns;	/* [k] where its name counts; only compared */
	union {
		void *data;		/* [m] user, logon */
		struct key_auth *auth;	/* [m] .request_key_auth */
		struct {
			struct key **link;	/* [m] each holds a reference */
			unsigned int nr, room;	/* [m] */
		};
	};
};

/* A key as a task came by it: possessed when a search of its keyrings finds it. */
struct key_ref {
	struct key *key;
	bool possessed;
};

extern struct mutex key_mutex;
extern spinlock_t key_lock;
extern struct rb_root key_tree;
extern struct hlist_head key_users;
extern unsigned int key_quota_maxkeys, key_quota_maxbytes;
extern unsigned int key_quota_root_maxkeys, key_quota_root_maxbytes;
extern unsigned int key_gc_delay, persistent_keyring_expiry;

extern const struct key_type key_type_keyring, key_type_user, key_type_logon;
extern const struct key_type key_type_request_key_auth;

/* key.c */
struct key *key_alloc(const struct key_type *type, const char *description, uid_t uid, gid_t gid,
		      u32 perm, enum key_quota quota);
struct key *key_get(struct key *key);
void key_put(struct key *key);
struct key *key_lookup(key_serial_t serial);
int key_reserve(struct key *key, size_t datalen);
int key_chown_quota(struct key *key, uid_t uid);
int key_fill(struct key *key, const struct key_payload *payload);
int key_update(struct key *key, const struct key_payload *payload);
void key_set_state(struct key *key, int state);
void key_revoke(struct key *key);
void key_invalidate(struct key *key);
void key_set_timeout(struct key *key, unsigned int seconds);
const struct key_type *key_type_lookup(const char *name);
u32 key_default_perm(const struct key_type *type);

/* permission.c: 0, -EACCES; -ENOKEY, -EKEYREVOKED, -EKEYEXPIRED */
int key_permission(struct key_ref ref, const struct cred *cred, u32 need);
int key_validate(const struct key *key);
int key_read_state(const struct key *key);

/* keyring.c */
struct key *keyring_alloc(const char *description, uid_t uid, gid_t gid, u32 perm,
			  enum key_quota quota);
int key_link(struct key *keyring, struct key *key);
int key_link_check(struct key *keyring, const struct key *key);
int key_unlink(struct key *keyring, struct key *key);
int key_move(struct key *key, struct key *from, struct key *to, bool exclusive);
struct key *keyring_find(struct key *keyring, const struct key_type *type,
			 const char *description);
void keyring_clear(struct key *keyring);
bool keyring_drop_dead(struct key *keyring, s64 limit);

/* search.c */
struct key_search {
	const struct cred *cred;
	const struct key_type *type;
	const char *description;
	struct key *exact;		/* this one and no other, in any state */
	bool skip_expired;		/* as good as none: it is going to be replaced */
};
int keyring_search(struct key_ref keyring, const struct key_search *search, struct key_ref *found);
int search_cred_keyrings(const struct key_search *search, struct key_ref *found);
bool key_possessed(struct key *key, const struct cred *cred);

/* gc.c */
void key_gc_at(s64 when);
void key_gc_now(void);

/* process_keys.c */
#define KEY_CREATE		1	/* make a special keyring that is missing */
#define KEY_PARTIAL		2	/* also one that is not instantiated, or not valid */
#define KEY_ANY_STATE		4	/* nor look at its permissions */
int lookup_user_key(key_serial_t id, unsigned int how, u32 need, struct key_ref *ref);
int user_keyrings(struct key **user, struct key **session);
long join_session_keyring(const char *name);
int install_process_keyring(struct cred *new);
/* The _uid_ses keyring of @cred, if it has one by now, with a reference. */
void existing_user_session(const struct cred *cred, struct key **session);
int wait_for_construction(const struct key *key);
/* The same with key_mutex held, and dropped meanwhile; at once when nobody is at it. */
int wait_until_made(const struct key *key);
long get_persistent(uid_t uid, struct key *dest);

/* request_key.c */
int request_key_and_link(const struct key_type *type, const char *description, const char *info,
			 size_t info_len, struct key *dest, struct key_ref *ref);
int key_finish(struct key *key, int state, unsigned int seconds, const struct key_payload *payload,
	       struct key *dest, struct key *authkey);
int find_authkey(key_serial_t target, struct key **authkey);
struct key *authkey_alloc(struct key *target, const char *info, size_t len, struct key *dest);

/* upcall.c */
int call_request_key(struct key *key, struct key *authkey);

#endif /* _SECURITY_KEYS_INTERNAL_H */
