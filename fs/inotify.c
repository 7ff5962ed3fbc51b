// SPDX-License-Identifier: GPL-2.0-only
/*
 * inotify(7): watches on inodes, and a queue of events per inotify file. notify_lock
 * guards all marks and queues; it is taken only where somebody watches something.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify.h>
#include <linux/init.h>
#include <linux/namei.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <uapi/asm-generic/ioctls.h>
#include "internal.h"

#define INOTIFY_USER_BITS	(IN_ALL_EVENTS | IN_ONESHOT | IN_ONLYDIR | IN_DONT_FOLLOW | \
				 IN_EXCL_UNLINK | IN_MASK_ADD | IN_MASK_CREATE | IN_ISDIR | \
				 IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED)
#define MARK_BITS		(IN_ALL_EVENTS | IN_UNMOUNT | IN_ONESHOT | IN_EXCL_UNLINK)
/* What goes along with an event and is none: nobody asks for these alone. */
#define NOTE_BITS		(IN_ISDIR | IN_EXCL_UNLINK)

/*
 * Locks: [n] notify_lock   [I] immutable
 */
struct notify_event {
	struct list_head list;		/* [n] */
	int wd;				/* [I] */
	u32 mask, cookie;		/* [I] */
	u32 name_len;			/* [I] without NUL; 0: no name */
	char name[];			/* [I] */
};

/* One inotify file. */
struct inotify_group {
	struct list_head marks;		/* [n] inotify_mark.in_group */
	struct list_head events;	/* [n] oldest first */
	unsigned int nr_events;		/* [n] */
	int last_wd;			/* [n] */
	wait_queue_head_t wait;
	struct fasync_struct *fasync;
	struct user_struct *user;	/* [I] who is charged */
	struct notify_event overflow;	/* [n] queued when there is no room for more */
};

/* One watch. Holds its inode. */
struct inotify_mark {
	struct hlist_node on_inode;	/* [n] inode->i_marks */
	struct list_head in_group;	/* [n] */
	struct inotify_group *group;	/* [I] */
	struct inode *inode;		/* [I] */
	int wd;				/* [I] */
	u32 mask;			/* [n] */
};

atomic_t inotify_nr_marks = ATOMIC_INIT(0);
static DEFINE_SPINLOCK(notify_lock);
static unsigned int max_queued_events = 16384;
static unsigned int max_user_instances = 128;
static unsigned int max_user_watches = 65536;

/* ---- queues; notify_lock is held ---- */

static bool same_event(const struct notify_event *e, int wd, u32 mask, u32 cookie,
		       const struct qstr *name)
{
	if (e->wd != wd || e->mask != mask || e->cookie != cookie ||
	    e->name_len != (name ? name->len : 0))
		return false;
	return !name || !memcmp(e->name, name->name, name->len);
}

static void wake_group(struct inotify_group *group)
{
	wake_up_interruptible_poll(&group->wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&group->fasync, SIGIO, POLL_IN);
}

static void queue_overflow(struct inotify_group *group)
{
	if (!list_empty(&group->overflow.list))
		return;
	group->overflow.wd = -1;
	group->overflow.mask = IN_Q_OVERFLOW;
	list_add_tail(&group->overflow.list, &group->events);
	wake_group(group);
}

/* An event like the one before it tells nothing new. Without memory it counts as an overflow. */
static void queue_event(struct inotify_group *group, int wd, u32 mask, u32 cookie,
			const struct qstr *name)
{
	unsigned int len = name ? name->len : 0;
	struct notify_event *e;

	if (!list_empty(&group->events) &&
	    same_event(list_last_entry(&group->events, struct notify_event, list), wd, mask,
		       cookie, name))
		return;
	e = group->nr_events < max_queued_events ?
		kmalloc(sizeof(*e) + len + 1, GFP_ATOMIC | __GFP_NOWARN) : NULL;
	if (!e) {
		queue_overflow(group);
		return;
	}
	e->wd = wd;
	e->mask = mask;
	e->cookie = cookie;
	e->name_len = len;
	if (len)
		memcpy(e->name, name->name, len);
	e->name[len] = '\0';
	list_add_tail(&e->list, &group->events);
	group->nr_events++;
	wake_group(group);
}

/* ---- marks ---- */

static void recalc_mask(struct inode *inode)
{
	struct inotify_mark *mark;
	u32 mask = 0;

	hlist_for_each_entry(mark, &inode->i_marks, on_inode)
		mask |= mark->mask;
	WRITE_ONCE(inode->i_notify_mask, mask);
}

/* Unlink from inode and group, and say so; notify_lock is held. free_marks() follows. */
static void detach_mark(struct inotify_mark *mark, struct list_head *gone)
{
	hlist_del(&mark->on_inode);
	recalc_mask(mark->inode);
	list_move(&mark->in_group, gone);
	queue_event(mark->group, mark->wd, IN_IGNORED, 0, NULL);
}

/* Context: sleeps, no lock. */
static void free_marks(struct list_head *gone)
{
	struct inotify_mark *mark, *next;

	list_for_each_entry_safe(mark, next, gone, in_group) {
		list_del(&mark->in_group);
		atomic_long_dec(&mark->group->user->inotify_watches);
		atomic_dec(&inotify_nr_marks);
		iput(mark->inode);
		kfree(mark);
	}
}

/* What of @mask the watch asked for; see fsnotify_file() for IN_EXCL_UNLINK. */
static void notify_mark(struct inotify_mark *mark, u32 mask, u32 cookie, const struct qstr *name,
			struct list_head *gone)
{
	if (!(mark->mask & mask & ~NOTE_BITS) || (mark->mask & mask & IN_EXCL_UNLINK))
		return;
	queue_event(mark->group, mark->wd, mask & ~IN_EXCL_UNLINK, cookie, name);
	if (mark->mask & IN_ONESHOT)
		detach_mark(mark, gone);
}

void __fsnotify(struct inode *inode, u32 mask, u32 cookie, const struct qstr *name)
{
	struct inotify_mark *mark;
	struct hlist_node *next;
	LIST_HEAD(gone);

	if (!(READ_ONCE(inode->i_notify_mask) & mask & ~NOTE_BITS))
		return;
	spin_lock(&notify_lock);
	hlist_for_each_entry_safe(mark, next, &inode->i_marks, on_inode)
		notify_mark(mark, mask, cookie, name, &gone);
	spin_unlock(&notify_lock);
	free_marks(&gone);
}

void __fsnotify_dentry(struct dentry *dentry, u32 mask)
{
	struct dentry *parent = dget_parent(dentry);
	struct inode *dir = parent->d_inode;
	struct qstr name;
	char *copy;

	if (parent != dentry && (READ_ONCE(dir->i_notify_mask) & mask & ~NOTE_BITS)) {
		copy = __getname();
		if (copy) {
			spin_lock(&dentry->d_lock);
			name = (struct qstr)QSTR_INIT(copy, dentry->d_name.len);
			memcpy(copy, dentry->d_name.name, name.len);
			spin_unlock(&dentry->d_lock);
			__fsnotify(dir, mask, 0, &name);
			__putname(copy);
		}
	}
	dput(parent);
	__fsnotify(dentry->d_inode, mask, 0, NULL);
}

void __fsnotify_rename(struct inode *old_dir, const struct qstr *old_name, struct inode *new_dir,
		       struct dentry *moved)
{
	static atomic_t last_cookie = ATOMIC_INIT(0);
	u32 cookie = atomic_inc_return(&last_cookie), isdir = fsnotify_isdir(moved->d_inode);

	__fsnotify(old_dir, IN_MOVED_FROM | isdir, cookie, old_name);
	__fsnotify(new_dir, IN_MOVED_TO | isdir, cookie, &moved->d_name);
	__fsnotify(moved->d_inode, IN_MOVE_SELF, 0, NULL);
}

static void drop_inode_marks(struct inode *inode, u32 mask)
{
	struct inotify_mark *mark;
	struct hlist_node *next;
	LIST_HEAD(gone);

	spin_lock(&notify_lock);
	hlist_for_each_entry_safe(mark, next, &inode->i_marks, on_inode) {
		if (mask & (mark->mask | IN_UNMOUNT))
			queue_event(mark->group, mark->wd, mask, 0, NULL);
		detach_mark(mark, &gone);
	}
	spin_unlock(&notify_lock);
	free_marks(&gone);
}

void __fsnotify_inoderemove(struct inode *inode)
{
	if (!hlist_empty(&inode->i_marks))
		drop_inode_marks(inode, IN_DELETE_SELF);
}

/* ---- the file ---- */

static LIST_HEAD(all_groups);		/* notify_lock, through group_link */

struct group_link {
	struct list_head list;
	struct inotify_group group;
};

static struct inode *next_watched_inode(struct super_block *sb)
{
	struct inotify_mark *mark;
	struct group_link *link;
	struct inode *found = NULL;

	spin_lock(&notify_lock);
	list_for_each_entry(link, &all_groups, list) {
		list_for_each_entry(mark, &link->group.marks, in_group) {
			if (mark->inode->i_sb == sb) {
				found = mark->inode;
				ihold(found);
				goto out;
			}
		}
	}
out:
	spin_unlock(&notify_lock);
	return found;
}

void fsnotify_unmount(struct super_block *sb)
{
	struct inode *inode;

	while (fsnotify_watched() && (inode = next_watched_inode(sb))) {
		drop_inode_marks(inode, IN_UNMOUNT | fsnotify_isdir(inode));
		iput(inode);
	}
}

/* struct inotify_event and the name, padded to a multiple of the structure's size. */
static size_t event_size(const struct notify_event *e)
{
	size_t name = e->name_len ? round_up(e->name_len + 1, sizeof(struct inotify_event)) : 0;

	return sizeof(struct inotify_event) + name;
}

/* Take the oldest event if it fits into @room. NULL: none; ERR_PTR(-EINVAL): too big. */
static struct notify_event *take_event(struct inotify_group *group, size_t room)
{
	struct notify_event *e = NULL;

	spin_lock(&notify_lock);
	if (!list_empty(&group->events)) {
		e = list_first_entry(&group->events, struct notify_event, list);
		if (event_size(e) > room) {
			e = ERR_PTR(-EINVAL);
		} else {
			list_del_init(&e->list);
			if (e != &group->overflow)
				group->nr_events--;
		}
	}
	spin_unlock(&notify_lock);
	return e;
}

static ssize_t copy_event(const struct notify_event *e, struct iov_iter *to)
{
	size_t size = event_size(e), pad = size - sizeof(struct inotify_event) - e->name_len;
	struct inotify_event head = { .wd = e->wd, .mask = e->mask, .cookie = e->cookie,
				      .len = size - sizeof(head) };

	if (copy_to_iter(&head, sizeof(head), to) != sizeof(head))
		return -EFAULT;
	if (e->name_len && copy_to_iter(e->name, e->name_len, to) != e->name_len)
		return -EFAULT;
	return iov_iter_zero(pad, to) == pad ? (ssize_t)size : -EFAULT;
}

static ssize_t read_events(struct inotify_group *group, struct iov_iter *to)
{
	struct notify_event *e;
	ssize_t total = 0, n;

	while ((e = take_event(group, iov_iter_count(to)))) {
		if (IS_ERR(e))
			return total ? total : PTR_ERR(e);
		n = copy_event(e, to);
		if (e != &group->overflow)
			kfree(e);
		if (n < 0)
			return n;
		total += n;
	}
	return total;
}

static ssize_t inotify_read(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct inotify_group *group = file->private_data;
	ssize_t ret;

	for (;;) {
		ret = read_events(group, to);
		if (ret)
			return ret;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(group->wait, !list_empty(&group->events)))
			return -ERESTARTSYS;
	}
}

static __poll_t inotify_poll(struct file *file, poll_table *pt)
{
	struct inotify_group *group = file->private_data;

	poll_wait(file, &group->wait, pt);
	return list_empty(&group->events) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long inotify_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct inotify_group *group = file->private_data;
	struct notify_event *e;
	int bytes = 0;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	spin_lock(&notify_lock);
	list_for_each_entry(e, &group->events, list)
		bytes += event_size(e);
	spin_unlock(&notify_lock);
	return put_user(bytes, (int __user *)arg);
}

static int inotify_fasync(int fd, struct file *file, int on)
{
	struct inotify_group *group = file->private_data;
	int err = fasync_helper(fd, file, on, &group->fasync);

	return min(err, 0);
}

static void inotify_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct inotify_group *group = file->private_data;
	struct inotify_mark *mark;

	spin_lock(&notify_lock);
	list_for_each_entry(mark, &group->marks, in_group)
		seq_printf(m, "inotify wd:%x ino:%lx sdev:%x mask:%x ignored_mask:0\n", mark->wd,
			   mark->inode->i_ino, mark->inode->i_sb->s_dev,
			   mark->mask & (IN_ALL_EVENTS | IN_ONESHOT | IN_EXCL_UNLINK));
	spin_unlock(&notify_lock);
}

static int inotify_release(struct inode *inode, struct file *file)
{
	struct inotify_group *group = file->private_data;
	struct group_link *link = container_of(group, struct group_link, group);
	struct inotify_mark *mark, *next_mark;
	struct notify_event *e, *next;
	LIST_HEAD(gone);

	spin_lock(&notify_lock);
	list_for_each_entry_safe(mark, next_mark, &group->marks, in_group)
		detach_mark(mark, &gone);
	list_del(&link->list);
	spin_unlock(&notify_lock);
	free_marks(&gone);
	list_for_each_entry_safe(e, next, &group->events, list) {
		if (e != &group->overflow)
			kfree(e);
	}
	atomic_long_dec(&group->user->inotify_instances);
	free_uid(group->user);
	kfree(link);
	return 0;
}

static const struct file_operations inotify_fops = {
	.read_iter	= inotify_read,
	.poll		= inotify_poll,
	.llseek		= noop_llseek,
	.ioctl		= inotify_ioctl,
	.fasync		= inotify_fasync,
	.release	= inotify_release,
	.show_fdinfo	= inotify_show_fdinfo,
};

/* ---- system calls ---- */

static struct group_link *new_group(void)
{
	struct group_link *link = kzalloc(sizeof(*link), GFP_KERNEL);
	struct inotify_group *group = &link->group;

	if (!link)
		return ERR_PTR(-ENOMEM);
	group->user = get_current_user();
	if (atomic_long_inc_return(&group->user->inotify_instances) > max_user_instances ||
	    should_fail_charge("inotify instance")) {
		atomic_long_dec(&group->user->inotify_instances);
		free_uid(group->user);
		kfree(link);
		return ERR_PTR(-EMFILE);
	}
	INIT_LIST_HEAD(&group->marks);
	INIT_LIST_HEAD(&group->events);
	INIT_LIST_HEAD(&group->overflow.list);
	init_waitqueue_head(&group->wait);
	spin_lock(&notify_lock);
	list_add(&link->list, &all_groups);
	spin_unlock(&notify_lock);
	return link;
}

static long do_inotify_init(int flags)
{
	struct group_link *link;
	struct file *file;
	int fd;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	link = new_group();
	if (IS_ERR(link))
		return PTR_ERR(link);
	fd = get_unused_fd_flags(flags & O_CLOEXEC);
	file = fd < 0 ? ERR_PTR(fd) : anon_inode_getfile("inotify", &inotify_fops, &link->group,
							 O_RDONLY | (flags & O_NONBLOCK));
	if (IS_ERR(file)) {
		struct file none = { .private_data = &link->group };

		if (fd >= 0)
			put_unused_fd(fd);
		inotify_release(NULL, &none);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

SYSCALL_DEFINE0(inotify_init)
{
	return do_inotify_init(0);
}

SYSCALL_DEFINE1(inotify_init1, int, flags)
{
	return do_inotify_init(flags);
}

/* notify_lock is held. */
static struct inotify_mark *find_mark(struct inotify_group *group, const struct inode *inode)
{
	struct inotify_mark *mark;

	hlist_for_each_entry(mark, &inode->i_marks, on_inode) {
		if (mark->group == group)
			return mark;
	}
	return NULL;
}

/* Change a watch that exists. Return: its number, -EEXIST (IN_MASK_CREATE). */
static int change_mark(struct inotify_mark *mark, u32 mask)
{
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	if (mask & IN_MASK_ADD)
		mark->mask |= mask & MARK_BITS;
	else
		mark->mask = (mask & MARK_BITS) | IN_UNMOUNT;
	recalc_mask(mark->inode);
	return mark->wd;
}

static struct inotify_mark *new_mark(struct inotify_group *group, struct inode *inode, u32 mask)
{
	struct inotify_mark *mark = kzalloc(sizeof(*mark), GFP_KERNEL);

	if (!mark)
		return ERR_PTR(-ENOMEM);
	if (atomic_long_inc_return(&group->user->inotify_watches) > max_user_watches ||
	    should_fail_charge("inotify watch")) {
		atomic_long_dec(&group->user->inotify_watches);
		kfree(mark);
		return ERR_PTR(-ENOSPC);
	}
	mark->group = group;
	mark->inode = inode;
	mark->mask = (mask & MARK_BITS) | IN_UNMOUNT;
	ihold(inode);
	atomic_inc(&inotify_nr_marks);
	return mark;
}

static int update_watch(struct inotify_group *group, struct inode *inode, u32 mask)
{
	struct inotify_mark *new = new_mark(group, inode, mask), *old;
	LIST_HEAD(unused);
	int wd;

	if (IS_ERR(new))
		return PTR_ERR(new);
	spin_lock(&notify_lock);
	old = find_mark(group, inode);
	if (old) {
		wd = change_mark(old, mask);
		list_add(&new->in_group, &unused);
	} else {
		wd = new->wd = ++group->last_wd;
		hlist_add_head(&new->on_inode, &inode->i_marks);
		list_add(&new->in_group, &group->marks);
		recalc_mask(inode);
	}
	spin_unlock(&notify_lock);
	free_marks(&unused);
	return wd;
}

static int add_watch(struct file *file, const char __user *name, u32 mask)
{
	unsigned int how = 0;
	struct path path;
	int ret;

	if (file->f_op != &inotify_fops)
		return -EINVAL;
	if (!(mask & IN_DONT_FOLLOW))
		how |= LOOKUP_FOLLOW;
	if (mask & IN_ONLYDIR)
		how |= LOOKUP_DIRECTORY;
	ret = user_path_at(AT_FDCWD, name, how, &path);
	if (ret)
		return ret;
	ret = path_permission(&path, MAY_READ);
	if (!ret)
		ret = update_watch(file->private_data, path.dentry->d_inode, mask);
	path_put(&path);
	return ret;
}

SYSCALL_DEFINE3(inotify_add_watch, int, fd, const char __user *, name, u32, mask)
{
	struct fd f;
	int ret;

	if ((mask & ~(u32)INOTIFY_USER_BITS) || !(mask & INOTIFY_USER_BITS))
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	ret = (mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE) ? -EINVAL :
		add_watch(f.file, name, mask);
	fdput(f);
	return ret;
}

static int rm_watch(struct inotify_group *group, int wd)
{
	struct inotify_mark *mark;
	LIST_HEAD(gone);

	spin_lock(&notify_lock);
	list_for_each_entry(mark, &group->marks, in_group) {
		if (mark->wd == wd) {
			detach_mark(mark, &gone);
			break;
		}
	}
	spin_unlock(&notify_lock);
	if (list_empty(&gone))
		return -EINVAL;
	free_marks(&gone);
	return 0;
}

SYSCALL_DEFINE2(inotify_rm_watch, int, fd, int, wd)
{
	struct fd f = fdget(fd);
	int ret;

	if (!f.file)
		return -EBADF;
	ret = f.file->f_op == &inotify_fops ? rm_watch(f.file->private_data, wd) : -EINVAL;
	fdput(f);
	return ret;
}

/* ---- limits: /proc/sys/fs/inotify ---- */

static const struct ctl_table inotify_table[] = {
	{ .name = "max_queued_events", .mode = 0644, .kind = CTL_INT, .data = &max_queued_events,
	  .min = 0, .max = S32_MAX },
	{ .name = "max_user_instances", .mode = 0644, .kind = CTL_INT,
	  .data = &max_user_instances, .min = 0, .max = S32_MAX },
	{ .name = "max_user_watches", .mode = 0644, .kind = CTL_INT, .data = &max_user_watches,
	  .min = 0, .max = S32_MAX },
};

static int __init inotify_sysctl_init(void)
{
	return register_sysctl("fs/inotify", inotify_table, ARRAY_SIZE(inotify_table));
}
fs_initcall(inotify_sysctl_init);
