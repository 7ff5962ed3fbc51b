// SPDX-License-Identifier: GPL-2.0-only
/*
 * User namespaces: making them, entering them, and translating ids between one of them and the
 * initial one. How maps are written is in kernel/user_map.c, what capabilities mean in a
 * namespace in kernel/capability.c. userns_mutex guards what may be written once.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/fs_struct.h>
#include <linux/init.h>
#include <linux/key.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/selftest.h>
#include <linux/slab.h>
#include "user_namespace.h"

/* Every id but the one that means "none" is itself. */
static const struct id_map identity = {
	.nr = 1,
	.by_kernel = identity.extent,
	.extent = { { .first = 0, .kernel = 0, .count = 0xffffffff } },
};

struct user_namespace init_user_ns = {
	.ns = NS_COMMON_INIT(NS_INUM_USER, &userns_operations),
	.map = { &identity, &identity, &identity },
	.setgroups_allowed = true,
};

DEFINE_MUTEX(userns_mutex);

int overflowuid = 65534;
int overflowgid = 65534;

static struct kmem_cache *user_ns_cache;

/* ---- looking ids up ---- */

/* Where an extent begins, on the side that is searched. */
static u32 extent_start(const struct id_extent *e, bool kernel_side)
{
	return kernel_side ? e->kernel : e->first;
}

/* The extent that holds @count ids from @id on. */
static const struct id_extent *search_short(const struct id_map *map, u32 id, u32 count,
					    bool kernel_side)
{
	for (unsigned int i = 0; i < map->nr; i++) {
		const struct id_extent *e = &map->extent[i];
		u32 start = extent_start(e, kernel_side);

		if (id >= start && id - start < e->count && count <= e->count - (id - start))
			return e;
	}
	return NULL;
}

static const struct id_extent *search_long(const struct id_map *map, u32 id, u32 count,
					   bool kernel_side)
{
	const struct id_extent *table = kernel_side ? map->by_kernel : map->extent;
	unsigned int low = 0, high = map->nr;

	while (low < high) {
		unsigned int mid = (low + high) / 2;
		u32 start = extent_start(&table[mid], kernel_side);

		if (id < start)
			high = mid;
		else if (id - start >= table[mid].count)
			low = mid + 1;
		else
			return count <= table[mid].count - (id - start) ? &table[mid] : NULL;
	}
	return NULL;
}

static const struct id_extent *search_map(const struct user_namespace *ns, enum id_kind kind,
					  u32 id, u32 count, bool kernel_side)
{
	const struct id_map *map = smp_load_acquire(&ns->map[kind]);

	if (!map)
		return NULL;
	return map->nr <= ID_MAP_SHORT ? search_short(map, id, count, kernel_side) :
					 search_long(map, id, count, kernel_side);
}

u32 map_range_in(const struct user_namespace *ns, enum id_kind kind, u32 first, u32 count)
{
	const struct id_extent *e = search_map(ns, kind, first, count, false);

	return e ? e->kernel + (first - e->first) : (u32)-1;
}

/**
 * map_id_in - the kernel's number of a namespace's id
 * @ns: the namespace
 * @kind: user, group or project
 * @id: the id as the namespace has it
 *
 * Context: any. Return: the number, or (u32)-1 when nothing is mapped there.
 */
u32 map_id_in(const struct user_namespace *ns, enum id_kind kind, u32 id)
{
	return map_range_in(ns, kind, id, 1);
}

/**
 * map_id_out - a kernel's number as a namespace sees it
 * @ns: the namespace
 * @kind: user, group or project
 * @kid: the kernel's number
 *
 * Context: any. Return: the id, or (u32)-1 when the namespace does not see it.
 */
u32 map_id_out(const struct user_namespace *ns, enum id_kind kind, u32 kid)
{
	const struct id_extent *e = search_map(ns, kind, kid, 1, true);

	return e ? e->first + (kid - e->kernel) : (u32)-1;
}

/* Is @ns the namespace @ancestor, or below it? */
bool in_userns(const struct user_namespace *ancestor, const struct user_namespace *ns)
{
	while (ns->level > ancestor->level)
		ns = ns->parent;
	return ns == ancestor;
}

/* ---- making and leaving ---- */

/* Nobody has credentials in it any more. It may have been the last child of its parent. */
void __free_user_ns(struct user_namespace *ns)
{
	do {
		struct user_namespace *parent = ns->parent;

		free_user_ns_keys(ns);
		free_id_maps(ns);
		ns_common_free(&ns->ns);
		dec_ucount(ns->ucounts, UCOUNT_USER_NAMESPACES);
		kmem_cache_free(user_ns_cache, ns);
		ns = parent;
	} while (ns != &init_user_ns && refcount_dec_and_test(&ns->ns.count));
}

/* All power inside, none that was brought along; takes over the reference to @ns. */
static void enter_user_ns(struct cred *new, struct user_namespace *ns)
{
	new->securebits = SECUREBITS_DEFAULT;
	new->cap_inheritable = CAP_EMPTY_SET;
	new->cap_permitted = CAP_FULL_SET;
	new->cap_effective = CAP_FULL_SET;
	new->cap_ambient = CAP_EMPTY_SET;
	new->cap_bset = CAP_FULL_SET;
	if (new->keys.auth)
		drop_auth_key(&new->keys);
	put_user_ns(new->user_ns);
	new->user_ns = ns;
}

static struct user_namespace *alloc_user_ns(const struct cred *maker)
{
	struct user_namespace *ns = kmem_cache_zalloc(user_ns_cache, GFP_KERNEL);

	if (!ns)
		return NULL;
	if (ns_common_init(&ns->ns, &userns_operations)) {
		kmem_cache_free(user_ns_cache, ns);
		return NULL;
	}
	ns->parent = get_user_ns(maker->user_ns);
	ns->level = ns->parent->level + 1;
	ns->owner = maker->euid;
	ns->group = maker->egid;
	ns->parent_could_setfcap = cap_raised(maker->cap_effective, CAP_SETFCAP);
	for (unsigned int i = 0; i < NR_UCOUNTS; i++)
		ns->ucount_max[i] = INT_MAX;
	mutex_lock(&userns_mutex);
	ns->setgroups_allowed = ns->parent->setgroups_allowed;
	mutex_unlock(&userns_mutex);
	return ns;
}

/**
 * create_user_ns - make a user namespace and move prepared credentials into it
 * @new: from prepare_creds(); its effective ids become the owner
 *
 * Context: may sleep. Return: 0; -ENOSPC beyond 33 levels or max_user_namespaces; -EPERM in a
 * chroot, or when the maker's own ids are not mapped where it is; -ENOMEM.
 * Source: user_namespaces(7), clone(2).
 */
int create_user_ns(struct cred *new)
{
	struct user_namespace *parent = new->user_ns, *ns;
	struct ucounts *ucounts;

	if (parent->level > USERNS_MAX_LEVEL)
		return -ENOSPC;
	ucounts = inc_ucount(parent, new->euid, UCOUNT_USER_NAMESPACES);
	if (!ucounts)
		return -ENOSPC;
	/* Its maker could change root out of the chroot. */
	if (current_chrooted() || !kuid_has_mapping(parent, new->euid) ||
	    !kgid_has_mapping(parent, new->egid)) {
		dec_ucount(ucounts, UCOUNT_USER_NAMESPACES);
		return -EPERM;
	}
	ns = alloc_user_ns(new);
	if (!ns) {
		dec_ucount(ucounts, UCOUNT_USER_NAMESPACES);
		return -ENOMEM;
	}
	ns->ucounts = ucounts;
	enter_user_ns(new, ns);
	return 0;
}

/* ---- /proc/<pid>/ns/user and setns ---- */

static struct user_namespace *to_user(struct ns_common *ns)
{
	return container_of(ns, struct user_namespace, ns);
}

static struct ns_common *user_get(struct task_struct *tsk)
{
	const struct cred *cred = get_task_cred(tsk);
	struct user_namespace *ns = get_user_ns(cred->user_ns);

	put_cred(cred);
	return &ns->ns;
}

static void user_put(struct ns_common *ns)
{
	put_user_ns(to_user(ns));
}

/* Never into one's own, which would give capabilities back; and never a part of a process. */
static int user_install(struct nsset *nsset, struct ns_common *new)
{
	struct user_namespace *ns = to_user(new);

	if (ns == current_user_ns())
		return -EINVAL;
	if (!thread_group_empty(current) || refcount_read(&current->fs->users) != 1)
		return -EINVAL;
	if (!ns_capable(ns, CAP_SYS_ADMIN))
		return -EPERM;
	enter_user_ns(nsset->cred, get_user_ns(ns));
	return 0;
}

static struct user_namespace *user_owner(struct ns_common *ns)
{
	return to_user(ns)->parent;
}

static struct ns_common *user_parent(struct ns_common *ns)
{
	return user_ns_visible(to_user(ns)->parent);
}

const struct ns_operations userns_operations = {
	.name		= "user",
	.kind		= "user",
	.type		= CLONE_NEWUSER,
	.get		= user_get,
	.put		= user_put,
	.install	= user_install,
	.owner		= user_owner,
	.get_parent	= user_parent,
};

static int __init user_namespaces_init(void)
{
	user_ns_cache = kmem_cache_create("user_namespace", sizeof(struct user_namespace), 0,
					  SLAB_PANIC, NULL);
	return 0;
}
core_initcall(user_namespaces_init);

/* ---- tests ---- */

SELFTEST(user_namespace, ids_in_and_out)
{
	struct id_map *map = kmalloc(sizeof(*map) + 3 * sizeof(struct id_extent), GFP_KERNEL);
	struct user_namespace ns = { .map[ID_USER] = map };

	KT_ASSERT(map);
	map->nr = 3;
	map->by_kernel = map->extent;
	map->extent[0] = (struct id_extent){ 0, 1000, 1 };
	map->extent[1] = (struct id_extent){ 1, 100000, 65535 };
	map->extent[2] = (struct id_extent){ 4000000000u, 5, 294967295 };
	KT_EXPECT_EQ(make_kuid(&ns, 0), 1000);
	KT_EXPECT_EQ(make_kuid(&ns, 65535), 165534);
	KT_EXPECT_EQ(make_kuid(&ns, 65536), INVALID_UID);
	KT_EXPECT_EQ(make_kuid(&ns, INVALID_UID), INVALID_UID);
	KT_EXPECT_EQ(make_kuid(&ns, 4294967294u), 294967299);
	KT_EXPECT_EQ(from_kuid(&ns, 1000), 0);
	KT_EXPECT_EQ(from_kuid(&ns, 0), INVALID_UID);
	KT_EXPECT_EQ(from_kuid_munged(&ns, 0), 65534);
	KT_EXPECT_EQ(from_kgid(&ns, 0), INVALID_GID);
	KT_EXPECT_EQ(map_range_in(&ns, ID_USER, 1, 65535), 100000);
	KT_EXPECT_EQ(map_range_in(&ns, ID_USER, 0, 2), (u32)-1);
	KT_EXPECT_EQ(make_kuid(&init_user_ns, 77), 77);
	KT_EXPECT_EQ(map_id_in(&init_user_ns, ID_PROJECT, 77), 77);
	kfree(map);
}
