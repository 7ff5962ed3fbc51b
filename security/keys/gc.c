// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links to keys that were invalidated, or expired gc_delay seconds ago, are dropped by a worker:
 * at the next such moment, and at once when asked. Keys themselves go with their last link.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include "internal.h"

unsigned int key_gc_delay = 300;	/* seconds */

static void gc_run(struct work_struct *work);
static DECLARE_WORK(gc_work, gc_run);
static struct delayed_work gc_later;
static s64 gc_next;			/* key_mutex; seconds of CLOCK_REALTIME, 0: never */

/* The first key whose serial is at least @serial, with a reference; NULL: there are no more. */
static struct key *key_from(key_serial_t serial)
{
	struct rb_node *node;
	struct key *best = NULL;

	spin_lock_irq(&key_lock);
	rb_for_each(node, &key_tree) {
		struct key *key = rb_entry(node, struct key, node);

		if (key->serial >= serial && refcount_inc_not_zero(&key->usage)) {
			best = key;
			break;
		}
	}
	spin_unlock_irq(&key_lock);
	return best;
}

/* One key: its links, and when it will be time for itself. Caller holds key_mutex. */
static s64 gc_one(struct key *key, s64 limit)
{
	if (key->type == &key_type_keyring)
		keyring_drop_dead(key, limit);
	return key->expiry > limit ? key->expiry : 0;
}

static void gc_run(struct work_struct *work)
{
	s64 limit = ktime_get_real_seconds() - READ_ONCE(key_gc_delay), next = 0;
	key_serial_t serial = 0;
	struct key *key;

	mutex_lock(&key_mutex);
	gc_next = 0;
	while ((key = key_from(serial)) != NULL) {
		s64 expiry = gc_one(key, limit);

		if (expiry && (!next || expiry < next))
			next = expiry;
		serial = key->serial + 1;
		key_put(key);
	}
	if (next)
		key_gc_at(next + key_gc_delay);
	mutex_unlock(&key_mutex);
}

/* Look again at @when, in seconds of CLOCK_REALTIME. Context: key_mutex. */
void key_gc_at(s64 when)
{
	s64 now = ktime_get_real_seconds();

	if (gc_next && gc_next <= when)
		return;
	gc_next = when;
	if (when <= now)
		schedule_work(&gc_work);
	else
		mod_delayed_work(&gc_later, (when - now + 1) * NSEC_PER_SEC);
}

void key_gc_now(void)
{
	schedule_work(&gc_work);
}

static int __init gc_init(void)
{
	INIT_DELAYED_WORK(&gc_later, gc_run);
	return 0;
}
core_initcall(gc_init);
