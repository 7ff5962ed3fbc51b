// SPDX-License-Identifier: GPL-2.0-only
/*
 * Propagation of mounts, mount_namespaces(7): peer groups form a forest, where a group's master
 * is the group that its members are slaves of. What happens below a member happens below all
 * members and slaves of the groups downwards. All under namespace_sem, held for writing.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include "internal.h"
#include "namespace.h"

static DEFINE_IDA(group_ids);

unsigned int sysctl_mount_max = 100000;

/* ---- groups ---- */

struct peer_group *alloc_group(void)
{
	struct peer_group *group = kzalloc(sizeof(*group), GFP_KERNEL);

	if (!group)
		return NULL;
	group->id = ida_alloc_min(&group_ids, 1, GFP_KERNEL);
	if (group->id < 0) {
		kfree(group);
		return NULL;
	}
	INIT_LIST_HEAD(&group->members);
	INIT_LIST_HEAD(&group->slaves);
	INIT_LIST_HEAD(&group->work);
	return group;
}

void join_group(struct mount *m, struct peer_group *group)
{
	m->mnt_group = group;
	list_add_tail(&m->mnt_peers, &group->members);
}

static void leave_master(struct mount *m)
{
	list_del_init(&m->mnt_slave);
	m->mnt_master = NULL;
}

/* NULL leaves. */
void join_master(struct mount *m, struct peer_group *master)
{
	leave_master(m);
	m->mnt_master = master;
	if (master)
		list_add_tail(&m->mnt_slave, &master->slaves);
}

/* The last member leaves its slaves to its own master. */
static void leave_group(struct mount *m)
{
	struct peer_group *group = m->mnt_group;
	struct mount *slave, *next;

	if (!group)
		return;
	m->mnt_group = NULL;
	list_del_init(&m->mnt_peers);
	if (!list_empty(&group->members))
		return;
	list_for_each_entry_safe(slave, next, &group->slaves, mnt_slave)
		join_master(slave, m->mnt_master);
	ida_free(&group_ids, group->id);
	kfree(group);
}

void leave_groups(struct mount *m)
{
	leave_group(m);
	leave_master(m);
}

static struct peer_group *master_of(const struct peer_group *group)
{
	return list_first_entry(&group->members, struct mount, mnt_peers)->mnt_master;
}

/* ---- changing the type ---- */

/* Members of a group of one keep the master that they have. */
static void make_slave(struct mount *m)
{
	struct peer_group *group = m->mnt_group;

	if (!group)
		return;
	if (list_is_singular(&group->members)) {
		leave_group(m);
		return;
	}
	leave_group(m);
	join_master(m, group);
}

static void change_one(struct mount *m, unsigned long type)
{
	m->mnt.mnt_flags &= ~MNT_UNBINDABLE;
	if (type == MS_SHARED)
		return;		/* share_tree() did it */
	make_slave(m);
	if (type != MS_SLAVE)
		leave_master(m);
	if (type == MS_UNBINDABLE)
		m->mnt.mnt_flags |= MNT_UNBINDABLE;
}

static int share_one(struct mount *m)
{
	struct peer_group *group;

	if (m->mnt_group)
		return 0;
	group = alloc_group();
	if (!group)
		return -ENOMEM;
	group->fresh = true;
	join_group(m, group);
	return 0;
}

/* What share_tree() made stays, or goes again. */
void settle_groups(struct mount *m, bool keep)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		if (!p->mnt_group || !p->mnt_group->fresh)
			continue;
		if (keep) {
			p->mnt_group->fresh = false;
			p->mnt.mnt_flags &= ~MNT_UNBINDABLE;
		} else {
			leave_group(p);
		}
	}
}

/* Every mount of the tree gets a group; settle_groups() says whether for good. 0 or -ENOMEM. */
int share_tree(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		if (share_one(p)) {
			settle_groups(m, false);
			return -ENOMEM;
		}
	}
	return 0;
}

/* @type is one of MS_SHARED, MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE. Return: 0 or -ENOMEM. */
int change_propagation(struct mount *m, unsigned long type, bool recurse)
{
	struct mount *p;
	int err = 0;

	if (type == MS_SHARED)
		err = recurse ? share_tree(m) : share_one(m);
	if (err)
		return err;
	for (p = m; p; p = recurse ? next_mnt(p, m) : NULL) {
		if (p->mnt_group)
			p->mnt_group->fresh = false;
		change_one(p, type);
	}
	return 0;
}

/* ---- who receives ---- */

/* @origin and the groups below it, masters first, on @list. They stay in it until empty_walk(). */
static void begin_walk(struct peer_group *origin, struct list_head *list)
{
	struct peer_group *group;
	struct mount *slave;

	list_add_tail(&origin->work, list);
	list_for_each_entry(group, list, work) {
		list_for_each_entry(slave, &group->slaves, mnt_slave) {
			if (slave->mnt_group && list_empty(&slave->mnt_group->work))
				list_add_tail(&slave->mnt_group->work, list);
		}
	}
}

static void empty_walk(struct list_head *list)
{
	struct peer_group *group, *next;

	list_for_each_entry_safe(group, next, list, work) {
		list_del_init(&group->work);
		group->source = NULL;
	}
}

struct receiver_walk {
	bool (*look)(struct mount *receiver, struct receiver_walk *walk);	/* true: enough */
	struct dentry *at;
	struct list_head *more;
	bool found;			/* anything that was put there */
};

static bool walk_group(struct peer_group *group, struct receiver_walk *walk)
{
	struct mount *m;

	list_for_each_entry(m, &group->members, mnt_peers) {
		if (walk->look(m, walk))
			return true;
	}
	list_for_each_entry(m, &group->slaves, mnt_slave) {
		if (!m->mnt_group && walk->look(m, walk))
			return true;
	}
	return false;
}

/* All that see what happens below @parent, itself included. */
static bool walk_receivers(struct mount *parent, struct receiver_walk *walk)
{
	struct peer_group *group;
	bool enough = false;
	LIST_HEAD(list);

	if (!parent->mnt_group)
		return false;
	begin_walk(parent->mnt_group, &list);
	list_for_each_entry(group, &list, work) {
		enough = walk_group(group, walk);
		if (enough)
			break;
	}
	empty_walk(&list);
	return enough;
}

/* ---- mounting ---- */

/* Will the mounts of @m's tree fit into @ns? Then they are expected. Return: 0 or -ENOSPC. */
int count_mounts(struct mnt_namespace *ns, struct mount *m)
{
	unsigned int max = READ_ONCE(sysctl_mount_max), n = 0;
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m))
		n++;
	if (n > max || ns->mounts + ns->pending > max - n)
		return -ENOSPC;
	ns->pending += n;
	return 0;
}

struct delivery {
	struct mount *parent;		/* who began: has it already */
	struct dentry *at;
	struct list_head *copies;
};

/* Return: the copy for @dest, NULL when it gets none, ERR_PTR(-ENOSPC, -ENOMEM, -EPERM). */
static struct mount *deliver(struct delivery *d, struct mount *dest, struct mount *source, int how)
{
	struct mount *copy;
	int err;

	/* copies on their way are no receivers, nor are mounts that do not show the place */
	if (dest == d->parent || !dest->mnt_ns || !is_subdir(d->at, dest->mnt.mnt_root))
		return NULL;
	err = count_mounts(dest->mnt_ns, source);
	if (err)
		return ERR_PTR(err);
	copy = copy_tree(source, source->mnt.mnt_root, how);
	if (IS_ERR(copy)) {
		dest->mnt_ns->pending = 0;
		return copy;
	}
	copy->mnt_dest = dest;
	list_add_tail(&copy->mnt_list, d->copies);
	return copy;
}

/* Its members' copies are peers of each other, and slaves of the master group's. */
static int deliver_to_members(struct delivery *d, struct peer_group *group, bool origin)
{
	struct mount *m, *copy;
	int how = origin ? 0 : COPY_SLAVE | COPY_SHARED;

	list_for_each_entry(m, &group->members, mnt_peers) {
		copy = deliver(d, m, group->source, how);
		if (IS_ERR(copy))
			return PTR_ERR(copy);
		if (copy && how) {
			group->source = copy;
			how = 0;
		}
	}
	return 0;
}

static int deliver_to_slaves(struct delivery *d, struct peer_group *group)
{
	struct mount *m, *copy;

	list_for_each_entry(m, &group->slaves, mnt_slave) {
		if (m->mnt_group)
			continue;
		copy = deliver(d, m, group->source, COPY_SLAVE);
		if (IS_ERR(copy))
			return PTR_ERR(copy);
	}
	return 0;
}

/**
 * propagate_mount - make the copies that mounting @m on @at below @parent brings about
 * @parent: a shared mount
 * @at: the directory entry
 * @m: a tree all of whose mounts are shared
 * @copies: receives them by ->mnt_list; ->mnt_dest is the mount that each belongs on
 *
 * Return: 0, -ENOSPC, -ENOMEM; the copies made so far are on @copies even then.
 */
int propagate_mount(struct mount *parent, struct dentry *at, struct mount *m,
		    struct list_head *copies)
{
	struct delivery d = { .parent = parent, .at = at, .copies = copies };
	struct peer_group *origin = parent->mnt_group, *group;
	LIST_HEAD(list);
	int err = 0;

	begin_walk(origin, &list);
	list_for_each_entry(group, &list, work) {
		group->source = group == origin ? m : master_of(group)->source;
		err = deliver_to_members(&d, group, group == origin);
		if (!err)
			err = deliver_to_slaves(&d, group);
		if (err)
			break;
	}
	empty_walk(&list);
	return err;
}

/* ---- unmounting: mount_lock is held for writing too ---- */

/* Is what this receiver has at the place in use? What has mounts of its own will stay, unasked. */
static bool look_busy(struct mount *receiver, struct receiver_walk *walk)
{
	struct mount *m = __lookup_mnt(&receiver->mnt, walk->at);

	return m && !m->mnt_gone && list_empty(&m->mnt_mounts) && atomic_read(&m->mnt_count) > 1;
}

/* Does anybody use @m, or what would go with it? The caller holds one reference. */
bool propagate_busy(struct mount *m)
{
	struct receiver_walk walk = { .look = look_busy, .at = m->mnt_mountpoint };
	bool busy;

	if (atomic_read(&m->mnt_count) > 2 || !list_empty(&m->mnt_mounts))
		return true;
	if (!mnt_has_parent(m))
		return false;
	m->mnt_gone = true;	/* it was looked at */
	busy = walk_receivers(m->mnt_parent, &walk);
	m->mnt_gone = false;
	return busy;
}

/* @topper, mounted on @m's root, comes down to where @m was; references change hands. */
static void drop_from_under(struct mount *m, struct mount *topper)
{
	struct mount *parent = m->mnt_parent;
	struct dentry *at = m->mnt_mountpoint;

	__unlink_mnt(topper);
	__unlink_mnt(m);
	__link_mnt(topper, parent, at);
	m->mnt_was = (struct path){ .mnt = &m->mnt, .dentry = m->mnt.mnt_root };
}

/* Take along what this receiver has at the place, unless others are mounted inside of it. */
static bool look_umount(struct mount *receiver, struct receiver_walk *walk)
{
	struct mount *m = __lookup_mnt(&receiver->mnt, walk->at), *child, *topper = NULL;

	if (!m)
		return false;
	if (m->mnt_gone) {
		m->mnt_covered = true;
		return false;
	}
	if ((m->mnt.mnt_flags & MNT_LOCKED) && !receiver->mnt_gone)
		return false;
	list_for_each_entry(child, &m->mnt_mounts, mnt_child) {
		if (child->mnt_gone)
			continue;
		if (topper || child->mnt_mountpoint != m->mnt.mnt_root)
			return false;
		topper = child;
	}
	if (topper)
		drop_from_under(m, topper);
	m->mnt_gone = true;
	list_move_tail(&m->mnt_list, walk->more);
	walk->found = true;
	return false;
}

/* One look at all receivers of @gone, once at each place. Return: was a mount spared the walk? */
static bool walk_all_receivers(struct list_head *gone, struct receiver_walk *walk)
{
	bool spared = false;
	struct mount *m;

	list_for_each_entry(m, gone, mnt_list)
		m->mnt_covered = false;
	/* children first: a mount can go when all that is inside of it does */
	list_for_each_entry_reverse(m, gone, mnt_list) {
		if (m->mnt_covered)
			spared = true;
		if (!mnt_has_parent(m) || m->mnt_covered)
			continue;
		walk->at = m->mnt_mountpoint;
		walk_receivers(m->mnt_parent, walk);
	}
	return spared;
}

/*
 * Add to @gone (by ->mnt_list, parents first) what goes along elsewhere. Mounts of one place in a
 * group's members have the same receivers: one walk does for all of them, or the time would grow
 * with the square of their number; but it may have come too early for what emptied since.
 */
void propagate_umount(struct list_head *gone)
{
	struct receiver_walk walk = { .look = look_umount };
	LIST_HEAD(more);
	bool spared;

	walk.more = &more;
	do {
		walk.found = false;
		spared = walk_all_receivers(gone, &walk);
	} while (spared && walk.found);
	list_splice_tail_init(&more, gone);
}

/* ---- showing ---- */

static bool has_member_under(const struct peer_group *group, const struct mnt_namespace *ns,
			     const struct path *root)
{
	struct mount *m;

	list_for_each_entry(m, &group->members, mnt_peers) {
		if (m->mnt_ns == ns && path_reachable(m, m->mnt.mnt_root, root))
			return true;
	}
	return false;
}

/* propagate_from: the nearest group upwards that is seen from @root; 0 when there is none. */
int dominating_group(struct mount *m, const struct path *root)
{
	struct peer_group *group;

	for (group = m->mnt_master; group; group = master_of(group)) {
		if (has_member_under(group, m->mnt_ns, root))
			return group->id;
	}
	return 0;
}
