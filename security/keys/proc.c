// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/keys, /proc/key-users and /proc/sys/kernel/keys: proc_keys(5), proc_key-users(5).
 */
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/sprintf.h>
#include <linux/sysctl.h>
#include <linux/timekeeping.h>
#include "internal.h"

/* The key whose number is the least from @serial on, with a reference. */
static struct key *next_key(key_serial_t serial)
{
	struct rb_node *node;
	struct key *found = NULL;

	spin_lock_irq(&key_lock);
	rb_for_each(node, &key_tree) {
		struct key *key = rb_entry(node, struct key, node);

		if (key->serial >= serial && refcount_inc_not_zero(&key->usage)) {
			found = key;
			break;
		}
	}
	spin_unlock_irq(&key_lock);
	return found;
}

static void lifetime(const struct key *key, char text[16])
{
	static const struct {
		long unit, below;
		char name;
	} units[] = {
		{ 1, 60, 's' }, { 60, 3600, 'm' }, { 3600, 24 * 3600, 'h' },
		{ 24 * 3600, 7 * 24 * 3600, 'd' }, { 7 * 24 * 3600, LONG_MAX, 'w' },
	};
	s64 left = key->expiry - ktime_get_real_seconds();
	int i = 0;

	if (!key->expiry || left <= 0) {
		snprintf(text, 16, key->expiry ? "expd" : "perm");
		return;
	}
	while (left >= units[i].below)
		i++;
	snprintf(text, 16, "%lu%c", (unsigned long)(left / units[i].unit), units[i].name);
}

static void show_contents(struct seq_file *m, const struct key *key)
{
	if (key->type == &key_type_request_key_auth) {
		seq_printf(m, "key:%s", key->description);
		if (key->auth)
			seq_printf(m, " pid:%d ci:%zu", key->auth->pid, key->auth->info_len);
		return;
	}
	seq_puts(m, key->description);
	if (key->state != KEY_STATE_POSITIVE)
		return;
	if (key->type != &key_type_keyring)
		seq_printf(m, ": %zu", key->datalen);
	else if (key->nr)
		seq_printf(m, ": %u", key->nr);
	else
		seq_puts(m, ": empty");
}

static char flag(unsigned int set, char c)
{
	return set ? c : '-';
}

static void show_key(struct seq_file *m, const struct key *key)
{
	const struct user_namespace *ns = m->file->f_cred->user_ns;
	char life[16];

	lifetime(key, life);
	/* One reference is the reader's. "D" is for keys of dead types; there are none. */
	seq_printf(m, "%08x %c%c-%c%c%c%c %5d %4s %08x %5d %5d %-9.9s ", key->serial,
		   flag(key->state != KEY_STATE_NEW, 'I'), flag(key->flags & KEY_F_REVOKED, 'R'),
		   flag(key->flags & KEY_F_IN_QUOTA, 'Q'), flag(key->flags & KEY_F_CONSTRUCT, 'U'),
		   flag(key->state < 0, 'N'), flag(key->flags & KEY_F_INVALIDATED, 'i'),
		   (int)refcount_read(&key->usage) - 1, life, key->perm,
		   from_kuid_munged(ns, key->uid), from_kgid_munged(ns, key->gid),
		   key->type->name);
	show_contents(m, key);
	seq_putc(m, '\n');
}

static int keys_show(struct seq_file *m, void *v)
{
	const struct cred *cred = m->file->f_cred;
	key_serial_t serial = 0;
	struct key_ref ref;

	mutex_lock(&key_mutex);
	while ((ref.key = next_key(serial)) != NULL) {
		ref.possessed = key_possessed(ref.key, cred);
		if (kuid_has_mapping(cred->user_ns, ref.key->user->uid) &&
		    !key_permission(ref, current_cred(), KEY_VIEW))
			show_key(m, ref.key);
		serial = ref.key->serial + 1;
		key_put(ref.key);
	}
	mutex_unlock(&key_mutex);
	return 0;
}

static void show_user(struct seq_file *m, const struct key_user *user)
{
	bool root = !user->uid;

	seq_printf(m, "%5u: %5d %d/%d %d/%u %d/%u\n",
		   from_kuid_munged(m->file->f_cred->user_ns, user->uid), user->usage,
		   user->nkeys, user->nikeys,
		   user->qnkeys, root ? key_quota_root_maxkeys : key_quota_maxkeys,
		   user->qnbytes, root ? key_quota_root_maxbytes : key_quota_maxbytes);
}

/* The user with the least uid from @uid on. Caller holds key_lock. */
static const struct key_user *next_user(u64 uid)
{
	const struct key_user *user, *best = NULL;

	hlist_for_each_entry(user, &key_users, node)
		if (user->uid >= uid && (!best || user->uid < best->uid))
			best = user;
	return best;
}

static int key_users_show(struct seq_file *m, void *v)
{
	const struct key_user *user;
	u64 uid = 0;

	spin_lock_irq(&key_lock);
	while ((user = next_user(uid)) != NULL) {
		if (kuid_has_mapping(m->file->f_cred->user_ns, user->uid))
			show_user(m, user);
		uid = (u64)user->uid + 1;
	}
	spin_unlock_irq(&key_lock);
	return 0;
}

#define KEY_INT(nm, var, lo)	{ .name = nm, .mode = 0644, .kind = CTL_INT, .data = &(var),	\
				  .min = lo, .max = INT_MAX }

static const struct ctl_table keys_table[] = {
	KEY_INT("maxkeys", key_quota_maxkeys, 1),
	KEY_INT("maxbytes", key_quota_maxbytes, 1),
	KEY_INT("root_maxkeys", key_quota_root_maxkeys, 1),
	KEY_INT("root_maxbytes", key_quota_root_maxbytes, 1),
	KEY_INT("gc_delay", key_gc_delay, 0),
	KEY_INT("persistent_keyring_expiry", persistent_keyring_expiry, 0),
};

static int __init keys_proc_init(void)
{
	if (!proc_create_single("keys", 0444, NULL, keys_show, NULL) ||
	    !proc_create_single("key-users", 0444, NULL, key_users_show, NULL))
		return -ENOMEM;
	return register_sysctl("kernel/keys", keys_table, ARRAY_SIZE(keys_table));
}
fs_initcall(keys_proc_init);
