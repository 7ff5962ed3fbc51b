// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/{uid_map,gid_map,projid_map,setgroups}: a map is written once and whole, by
 * somebody whom user_namespaces(7) allows to, under userns_mutex. Readers of maps take no lock.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uio.h>
#include "user_namespace.h"

void free_id_maps(struct user_namespace *ns)
{
	for (unsigned int i = 0; i < NR_ID_KINDS; i++)
		kvfree(ns->map[i]);
}

/* ---- text to extents: the numbers are still those of the parent ---- */

static bool parse_number(char **text, u32 *value, char after)
{
	char *start = skip_spaces(*text), *end;
	unsigned long long n;

	if (!isdigit(*start))
		return false;
	n = simple_strtoull(start, &end, 10);
	if (n > U32_MAX || (*end && !isspace(*end)) || (after && !isspace(*end)))
		return false;
	*value = n;
	*text = end;
	return true;
}

static bool parse_line(char *line, struct id_extent *e)
{
	if (!parse_number(&line, &e->first, ' ') || !parse_number(&line, &e->kernel, ' ') ||
	    !parse_number(&line, &e->count, '\0') || *skip_spaces(line))
		return false;
	/* Not empty, without the id that means "none", and without running over. */
	return e->first != (u32)-1 && e->kernel != (u32)-1 &&
	       e->first + e->count > e->first && e->kernel + e->count > e->kernel;
}

static bool overlap(u32 a, u32 a_count, u32 b, u32 b_count)
{
	return a < b + b_count && b < a + a_count;
}

static bool overlaps_earlier(const struct id_map *map, const struct id_extent *new)
{
	for (unsigned int i = 0; i < map->nr; i++) {
		const struct id_extent *e = &map->extent[i];

		if (overlap(e->first, e->count, new->first, new->count) ||
		    overlap(e->kernel, e->count, new->kernel, new->count))
			return true;
	}
	return false;
}

static int parse_map(char *text, struct id_map *map)
{
	struct id_extent e;

	while (text && *text) {
		char *line = strsep(&text, "\n");

		if (!parse_line(line, &e) || overlaps_earlier(map, &e) || map->nr == ID_MAP_MAX)
			return -EINVAL;
		map->extent[map->nr++] = e;
	}
	return map->nr ? 0 : -EINVAL;
}

/* ---- who may map what ---- */

static int cap_of(enum id_kind kind)
{
	return kind == ID_USER ? CAP_SETUID : CAP_SETGID;
}

/*
 * Who maps the parent's root could give files capabilities that count in the parent: only for
 * one who could do so without.
 */
static bool may_map_root(const struct file *file, struct user_namespace *ns,
			 const struct id_map *map)
{
	bool has_root = false;

	for (unsigned int i = 0; i < map->nr; i++)
		has_root |= !map->extent[i].kernel;
	if (!has_root)
		return true;
	if (file->f_cred->user_ns == ns)
		return ns->parent_could_setfcap;
	return file_ns_capable(file, ns->parent, CAP_SETFCAP);
}

/* Somebody without privileges maps himself, and nobody else. */
static bool maps_only_owner(const struct cred *opener, const struct user_namespace *ns,
			    enum id_kind kind, const struct id_map *map)
{
	const struct id_extent *e = &map->extent[0];

	if (map->nr != 1 || e->count != 1 || ns->owner != opener->euid)
		return false;
	if (kind == ID_USER)
		return make_kuid(ns->parent, e->kernel) == opener->euid;
	/* A group may be a means to forbid: it must not be possible to drop it. */
	return !ns->setgroups_allowed && make_kgid(ns->parent, e->kernel) == opener->egid;
}

static bool map_permitted(const struct file *file, struct user_namespace *ns, enum id_kind kind,
			  const struct id_map *map)
{
	if (kind == ID_PROJECT)
		return true;
	if (kind == ID_USER && !may_map_root(file, ns, map))
		return false;
	if (maps_only_owner(file->f_cred, ns, kind, map))
		return true;
	return ns_capable(ns->parent, cap_of(kind)) &&
	       file_ns_capable(file, ns->parent, cap_of(kind));
}

/* ---- from the parent's numbers to the kernel's, and into force ---- */

static int map_through_parent(const struct user_namespace *ns, enum id_kind kind,
			      struct id_map *map)
{
	for (unsigned int i = 0; i < map->nr; i++) {
		struct id_extent *e = &map->extent[i];

		e->kernel = map_range_in(ns->parent, kind, e->kernel, e->count);
		if (e->kernel == (u32)-1)
			return -EPERM;
	}
	return 0;
}

static int by_first(const void *a, const void *b)
{
	u32 x = ((const struct id_extent *)a)->first, y = ((const struct id_extent *)b)->first;

	return (x > y) - (x < y);
}

static int by_kernel(const void *a, const void *b)
{
	u32 x = ((const struct id_extent *)a)->kernel, y = ((const struct id_extent *)b)->kernel;

	return (x > y) - (x < y);
}

/* A map of just the right size, sorted both ways when it is long. */
static struct id_map *final_map(const struct id_map *draft)
{
	bool is_long = draft->nr > ID_MAP_SHORT;
	size_t bytes = draft->nr * sizeof(struct id_extent);
	struct id_map *map = kvmalloc(sizeof(*map) + bytes * (is_long ? 2 : 1), GFP_KERNEL);

	if (!map)
		return NULL;
	map->nr = draft->nr;
	memcpy(map->extent, draft->extent, bytes);
	map->by_kernel = map->extent;
	if (is_long) {
		struct id_extent *second = map->extent + map->nr;

		sort(map->extent, map->nr, sizeof(*second), by_first, NULL);
		memcpy(second, map->extent, bytes);
		sort(second, map->nr, sizeof(*second), by_kernel, NULL);
		map->by_kernel = second;
	}
	return map;
}

/* Caller holds userns_mutex. @draft has room for ID_MAP_MAX extents. */
static int install_map(struct file *file, struct user_namespace *ns, enum id_kind kind,
		       char *text, struct id_map *draft)
{
	struct id_map *map;
	int err;

	if (ns->map[kind])
		return -EPERM;
	if (kind != ID_PROJECT && !file_ns_capable(file, ns, CAP_SYS_ADMIN))
		return -EPERM;
	err = parse_map(text, draft);
	if (err)
		return err;
	if (!map_permitted(file, ns, kind, draft))
		return -EPERM;
	err = map_through_parent(ns, kind, draft);
	if (err)
		return err;
	map = final_map(draft);
	if (!map)
		return -ENOMEM;
	smp_store_release(&ns->map[kind], map);
	return 0;
}

/* The text of one write, which is the whole file. */
static char *whole_text(struct iov_iter *from, loff_t pos, size_t limit)
{
	size_t count = iov_iter_count(from);
	char *text;

	if (pos || count >= limit)
		return ERR_PTR(-EINVAL);
	text = kzalloc(count + 1, GFP_KERNEL);
	if (!text)
		return ERR_PTR(-ENOMEM);
	if (copy_from_iter(text, count, from) == count)
		return text;
	kfree(text);
	return ERR_PTR(-EFAULT);
}

static ssize_t write_map(struct file *file, struct iov_iter *from, loff_t *pos,
			 enum id_kind kind)
{
	struct user_namespace *ns = ((struct seq_file *)file->private_data)->private;
	struct user_namespace *opener_ns = file->f_cred->user_ns;
	size_t count = iov_iter_count(from);
	struct id_map *draft;
	char *text;
	int err;

	if (!ns->parent || (opener_ns != ns && opener_ns != ns->parent))
		return -EPERM;
	text = whole_text(from, *pos, PAGE_SIZE);
	if (IS_ERR(text))
		return PTR_ERR(text);
	draft = kvmalloc(sizeof(*draft) + ID_MAP_MAX * sizeof(struct id_extent), GFP_KERNEL);
	if (!draft) {
		kfree(text);
		return -ENOMEM;
	}
	draft->nr = 0;
	mutex_lock(&userns_mutex);
	err = install_map(file, ns, kind, text, draft);
	mutex_unlock(&userns_mutex);
	kvfree(draft);
	kfree(text);
	if (err)
		return err;
	*pos = count;
	return count;
}

/* ---- reading ---- */

static int show_map(struct seq_file *m, enum id_kind kind)
{
	const struct user_namespace *ns = m->private, *lower = m->file->f_cred->user_ns;
	const struct id_map *map = smp_load_acquire(&ns->map[kind]);

	/* From inside, one sees what one's ids are in the parent. */
	if (lower == ns && ns->parent)
		lower = ns->parent;
	for (unsigned int i = 0; map && i < map->nr; i++) {
		const struct id_extent *e = &map->extent[i];

		seq_printf(m, "%10u %10u %10u\n", e->first, map_id_out(lower, kind, e->kernel),
			   e->count);
	}
	return 0;
}

/* The namespace of the task behind a file of /proc, with a reference; NULL when it is gone. */
static struct user_namespace *ns_of_inode(struct inode *inode)
{
	struct task_struct *tsk = proc_inode_task(inode);
	struct user_namespace *ns;

	if (!tsk)
		return NULL;
	rcu_read_lock();
	ns = get_user_ns(__task_cred(tsk)->user_ns);
	rcu_read_unlock();
	put_task_struct(tsk);
	return ns;
}

static int open_with_ns(struct inode *inode, struct file *file,
			int (*show)(struct seq_file *m, void *v))
{
	struct user_namespace *ns = ns_of_inode(inode);
	int err;

	if (!ns)
		return -EINVAL;
	err = single_open(file, show, ns);
	if (err)
		put_user_ns(ns);
	return err;
}

static int release_with_ns(struct inode *inode, struct file *file)
{
	put_user_ns(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

#define ID_MAP_FILE(nm, kind)								\
static int nm##_show(struct seq_file *m, void *v)					\
{											\
	return show_map(m, kind);							\
}											\
static int nm##_open(struct inode *inode, struct file *file)				\
{											\
	return open_with_ns(inode, file, nm##_show);					\
}											\
static ssize_t nm##_write(struct file *file, struct iov_iter *from, loff_t *pos)	\
{											\
	return write_map(file, from, pos, kind);					\
}											\
const struct file_operations proc_##nm##_fops = {					\
	.open		= nm##_open,							\
	.read_iter	= seq_read_iter,						\
	.write_iter	= nm##_write,							\
	.llseek		= seq_lseek,							\
	.release	= release_with_ns,						\
}
ID_MAP_FILE(uid_map, ID_USER);
ID_MAP_FILE(gid_map, ID_GROUP);
ID_MAP_FILE(projid_map, ID_PROJECT);

/* ---- setgroups ---- */

/* May current change its supplementary groups, as far as its namespace goes? */
bool may_setgroups(void)
{
	struct user_namespace *ns = current_user_ns();

	if (!ns_capable(ns, CAP_SETGID))
		return false;
	return smp_load_acquire(&ns->map[ID_GROUP]) && READ_ONCE(ns->setgroups_allowed);
}

static int setgroups_show(struct seq_file *m, void *v)
{
	const struct user_namespace *ns = m->private;

	seq_puts(m, READ_ONCE(ns->setgroups_allowed) ? "allow\n" : "deny\n");
	return 0;
}

static int setgroups_open(struct inode *inode, struct file *file)
{
	struct user_namespace *ns;
	int err = open_with_ns(inode, file, setgroups_show);

	if (err || !(file->f_mode & FMODE_WRITE))
		return err;
	ns = ((struct seq_file *)file->private_data)->private;
	if (ns_capable(ns, CAP_SYS_ADMIN))
		return 0;
	release_with_ns(inode, file);
	return -EACCES;
}

/* Denied is for ever, and only as long as no group is mapped. */
static int set_setgroups(struct user_namespace *ns, bool allow)
{
	int err = 0;

	mutex_lock(&userns_mutex);
	if (allow && !ns->setgroups_allowed)
		err = -EPERM;
	else if (!allow && ns->setgroups_allowed && ns->map[ID_GROUP])
		err = -EPERM;
	else
		WRITE_ONCE(ns->setgroups_allowed, allow);
	mutex_unlock(&userns_mutex);
	return err;
}

static ssize_t setgroups_write(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct user_namespace *ns = ((struct seq_file *)file->private_data)->private;
	size_t count = iov_iter_count(from);
	int err = -EINVAL;
	char *text, *word;

	text = whole_text(from, *pos, sizeof("allow\n") + 1);
	if (IS_ERR(text))
		return PTR_ERR(text);
	word = strim(text);
	if (word == text && (!strcmp(word, "allow") || !strcmp(word, "deny")))
		err = set_setgroups(ns, word[0] == 'a');
	kfree(text);
	if (err)
		return err;
	*pos = count;
	return count;
}

const struct file_operations proc_setgroups_fops = {
	.open		= setgroups_open,
	.read_iter	= seq_read_iter,
	.write_iter	= setgroups_write,
	.llseek		= seq_lseek,
	.release	= release_with_ns,
};
