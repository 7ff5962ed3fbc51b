// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of AF_UNIX sockets: paths (an inode of type socket) and abstract ones (unix(7)).
 * Locks: unix_table_lock guards the table of all sockets; bindlock makes one bind() the only one.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/namei.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include "unix.h"

#define TABLE_SIZE	256

static struct hlist_head unix_table[TABLE_SIZE];
static DEFINE_SPINLOCK(unix_table_lock);

/* ---- the table ---- */

static struct hlist_head *bucket_of_name(const struct net *net, const struct sockaddr_un *name,
					 int len, int type)
{
	u32 hash = type ^ net->ns.inum;
	int i;

	for (i = UNIX_NAME_OFFSET; i < len; i++)
		hash = hash * 31 + ((const u8 *)name)[i];
	return &unix_table[(hash ^ (hash >> 8)) % TABLE_SIZE];
}

static struct hlist_head *bucket_of_pointer(const void *p)
{
	unsigned long key = (unsigned long)p;

	return &unix_table[((key >> 6) ^ (key >> 14)) % TABLE_SIZE];
}

void unix_table_add_unnamed(struct unix_sock *u)
{
	spin_lock(&unix_table_lock);
	hlist_add_head(&u->node, bucket_of_pointer(u));
	spin_unlock(&unix_table_lock);
}

void unix_table_remove(struct unix_sock *u)
{
	spin_lock(&unix_table_lock);
	hlist_del_init(&u->node);
	spin_unlock(&unix_table_lock);
}

void unix_for_each(struct net *net, void (*fn)(struct unix_sock *u, void *arg), void *arg)
{
	struct unix_sock *u;
	int i;

	spin_lock(&unix_table_lock);
	for (i = 0; i < TABLE_SIZE; i++)
		hlist_for_each_entry(u, &unix_table[i], node)
			if (u->sk.net == net)
				fn(u, arg);
	spin_unlock(&unix_table_lock);
}

/* Give @u its name, in the right bucket. Context: bindlock and unix_table_lock. */
static void name_socket(struct unix_sock *u, struct unix_addr *addr, const struct path *path,
			struct hlist_head *bucket)
{
	hlist_del_init(&u->node);
	spin_lock(&u->sk.lock);
	if (path)
		u->path = *path;
	smp_store_release(&u->addr, addr);
	spin_unlock(&u->sk.lock);
	hlist_add_head(&u->node, bucket);
}

static bool has_name(const struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	return !READ_ONCE(u->accepted) && u->addr && !u->path.dentry && u->addr->len == len &&
	       !memcmp(&u->addr->name, name, len);
}

/* Context: unix_table_lock. */
static struct unix_sock *find_abstract(const struct net *net, const struct sockaddr_un *name,
				       int len, int type)
{
	struct unix_sock *u;

	hlist_for_each_entry(u, bucket_of_name(net, name, len, type), node)
		if (u->sk.net == net && u->sk.type == type && has_name(u, name, len))
			return u;
	return NULL;
}

static struct sock *find_by_inode(const struct inode *inode)
{
	struct sock *found = NULL;
	struct unix_sock *u;

	spin_lock(&unix_table_lock);
	hlist_for_each_entry(u, bucket_of_pointer(inode), node) {
		if (!READ_ONCE(u->accepted) && u->path.dentry &&
		    d_inode(u->path.dentry) == inode) {
			found = sock_hold(&u->sk);
			break;
		}
	}
	spin_unlock(&unix_table_lock);
	return found;
}

/* ---- addresses ---- */

struct unix_addr *unix_addr_get(struct unix_addr *addr)
{
	if (addr)
		refcount_inc(&addr->refs);
	return addr;
}

void unix_addr_put(struct unix_addr *addr)
{
	if (addr && refcount_dec_and_test(&addr->refs))
		kfree(addr);
}

static struct unix_addr *addr_alloc(const struct sockaddr_un *name, int len)
{
	struct unix_addr *addr = kzalloc(sizeof(*addr), GFP_KERNEL);

	if (!addr)
		return NULL;
	refcount_set(&addr->refs, 1);
	addr->len = len;
	memcpy(&addr->name, name, len);
	return addr;
}

/* Return: 0, or -EINVAL when @addr is no address of this family. */
int unix_check_addr(const struct sockaddr_storage *addr, int len)
{
	if (len <= UNIX_NAME_OFFSET || len > sizeof(struct sockaddr_un) ||
	    addr->ss_family != AF_UNIX)
		return -EINVAL;
	return 0;
}

/* The sender's name into a received message. */
void unix_put_name(struct msghdr *msg, struct sock *sk)
{
	struct unix_addr *addr = smp_load_acquire(&unix_sk(sk)->addr);

	if (!addr)
		return;
	msg->msg_namelen = addr->len;
	memcpy(msg->msg_name, &addr->name, addr->len);
}

/* The path in @un, terminated: sockaddr_storage has room behind it. */
static int terminate_path(struct sockaddr_un *un, int len)
{
	((char *)un)[len] = '\0';
	return UNIX_NAME_OFFSET + strlen(un->sun_path) + 1;
}

/* ---- bind ---- */

/* @dentry was just made for @u. Return: 0, or an error, and then the name is gone again. */
static int bind_to_dentry(struct unix_sock *u, struct unix_addr *addr, const struct path *dir,
			  struct dentry *dentry)
{
	struct path path = { .mnt = dir->mnt, .dentry = dentry };
	int err = mutex_lock_interruptible(&u->bindlock);

	if (!err && u->addr) {
		mutex_unlock(&u->bindlock);
		err = -EINVAL;
	}
	if (err) {
		vfs_unlink(d_inode(dir->dentry), dentry);
		return err;
	}
	path_get(&path);
	spin_lock(&unix_table_lock);
	name_socket(u, addr, &path, bucket_of_pointer(d_inode(dentry)));
	spin_unlock(&unix_table_lock);
	mutex_unlock(&u->bindlock);
	return 0;
}

static int bind_path(struct socket *sock, struct sockaddr_un *un, int len)
{
	umode_t mode = S_IFSOCK | (sock->inode->i_mode & 0777 & ~current_umask());
	struct unix_addr *addr;
	struct dentry *dentry;
	struct path dir;
	int err;

	addr = addr_alloc(un, terminate_path(un, len));
	if (!addr)
		return -ENOMEM;
	dentry = kern_path_create(AT_FDCWD, un->sun_path, &dir, 0);
	if (IS_ERR(dentry)) {
		err = PTR_ERR(dentry);
	} else {
		err = vfs_mknod(d_inode(dir.dentry), dentry, mode, 0);
		if (!err)
			err = bind_to_dentry(unix_sk(sock->sk), addr, &dir, dentry);
		done_path_create(&dir, dentry);
	}
	if (err)
		unix_addr_put(addr);
	return err == -EEXIST ? -EADDRINUSE : err;
}

/* Context: bindlock. Return: 0 or -EADDRINUSE. */
static int claim_abstract(struct unix_sock *u, struct unix_addr *addr)
{
	int err = -EADDRINUSE;

	spin_lock(&unix_table_lock);
	if (!find_abstract(u->sk.net, &addr->name, addr->len, u->sk.type)) {
		name_socket(u, addr, NULL, bucket_of_name(u->sk.net, &addr->name, addr->len,
							  u->sk.type));
		err = 0;
	}
	spin_unlock(&unix_table_lock);
	return err;
}

static int bind_abstract(struct unix_sock *u, const struct sockaddr_un *un, int len)
{
	struct unix_addr *addr = addr_alloc(un, len);
	int err;

	if (!addr)
		return -ENOMEM;
	err = mutex_lock_interruptible(&u->bindlock);
	if (!err) {
		err = u->addr ? -EINVAL : claim_abstract(u, addr);
		mutex_unlock(&u->bindlock);
	}
	if (err)
		unix_addr_put(addr);
	return err;
}

/**
 * unix_autobind - give @sk an abstract name of five hexadecimal digits, unless it has one
 *
 * Return: 0, -ENOMEM, -ENOSPC (all are taken), -EINTR.
 */
int unix_autobind(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);
	u32 number = get_random_u32() & 0xfffff, tries;
	struct unix_addr *addr;
	int err;

	addr = addr_alloc(&(struct sockaddr_un){ .sun_family = AF_UNIX }, UNIX_NAME_OFFSET + 6);
	if (!addr)
		return -ENOMEM;
	err = mutex_lock_interruptible(&u->bindlock);
	if (!err && !u->addr) {
		err = -EADDRINUSE;
		for (tries = 0; err && tries <= 0xfffff; tries++) {
			char name[8];

			snprintf(name, sizeof(name), "%05x", (number + tries) & 0xfffff);
			memcpy(addr->name.sun_path + 1, name, 5);
			err = claim_abstract(u, addr);
			cond_resched();
		}
		if (!err)
			addr = NULL;
		mutex_unlock(&u->bindlock);
	} else if (!err) {
		mutex_unlock(&u->bindlock);
	}
	unix_addr_put(addr);
	return err == -EADDRINUSE ? -ENOSPC : err;
}

int unix_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	struct sockaddr_un *un = (struct sockaddr_un *)addr;
	int err;

	if (len == UNIX_NAME_OFFSET && un->sun_family == AF_UNIX)
		return unix_autobind(sock->sk);
	err = unix_check_addr(addr, len);
	if (err)
		return err;
	if (un->sun_path[0])
		return bind_path(sock, un, len);
	return bind_abstract(unix_sk(sock->sk), un, len);
}

/* ---- lookup ---- */

static struct sock *find_path(struct sockaddr_un *un, int len, int type)
{
	struct sock *sk = NULL;
	struct path path;
	int err;

	terminate_path(un, len);
	err = kern_path(un->sun_path, LOOKUP_FOLLOW, &path);
	if (err)
		return ERR_PTR(err);
	err = path_permission(&path, MAY_WRITE);
	if (!err) {
		if (S_ISSOCK(d_inode(path.dentry)->i_mode))
			sk = find_by_inode(d_inode(path.dentry));
		if (!sk)
			err = -ECONNREFUSED;
		else if (sk->type == type)
			touch_atime(&path);
		else
			err = -EPROTOTYPE;
	}
	path_put(&path);
	if (err && sk)
		sock_put(sk);
	return err ? ERR_PTR(err) : sk;
}

/**
 * unix_find_other - the socket that has a name
 * @net: where abstract names are looked up; paths lead everywhere
 * @addr: passed unix_check_addr()   @type: SOCK_* that it must have
 *
 * Return: it, with a reference, or ERR_PTR(-ECONNREFUSED, -EPROTOTYPE, what the path walk says).
 */
struct sock *unix_find_other(struct net *net, struct sockaddr_storage *addr, int len, int type)
{
	struct sockaddr_un *un = (struct sockaddr_un *)addr;
	struct sock *sk = ERR_PTR(-ECONNREFUSED);
	struct unix_sock *u;

	if (un->sun_path[0])
		return find_path(un, len, type);
	spin_lock(&unix_table_lock);
	u = find_abstract(net, un, len, type);
	if (u)
		sk = sock_hold(&u->sk);
	spin_unlock(&unix_table_lock);
	return sk;
}
