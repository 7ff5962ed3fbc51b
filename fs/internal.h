/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of fs/ share among themselves. */
#ifndef _FS_INTERNAL_H
#define _FS_INTERNAL_H

#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/seqlock.h>

struct fs_struct;

/* dcache.c */
extern seqlock_t rename_lock;
struct dentry *d_peek(const struct dentry *parent, const struct qstr *name);
void *__getname(void);
void __putname(void *name);

/* Names are short: eight bytes at a time beat a call. */
static __always_inline bool names_equal(const char *a, const char *b, unsigned int len)
{
	u64 x, y;

	for (; len >= sizeof(x); a += sizeof(x), b += sizeof(x), len -= sizeof(x)) {
		__builtin_memcpy(&x, a, sizeof(x));
		__builtin_memcpy(&y, b, sizeof(y));
		if (x != y)
			return false;
	}
	while (len--) {
		if (*a++ != *b++)
			return false;
	}
	return true;
}

/* The hash of a name, a byte at a time, so that walking can do it on the way. */
static inline u32 name_hash_start(const struct dentry *parent)
{
	return (u32)((unsigned long)parent >> 6);
}

static inline u32 name_hash_step(u32 hash, unsigned char c)
{
	return (hash ^ c) * 0x01000193U;
}

unsigned long get_nr_dentries(void);

/* file_table.c */
extern unsigned long sysctl_max_files;

/* inode.c */
umode_t mode_strip_sgid(const struct inode *dir, umode_t mode);
unsigned long get_nr_inodes(void);

/* permission.c */
bool sticky_refuses(const struct inode *dir, const struct inode *inode);
int may_delete(struct inode *dir, struct dentry *victim, bool isdir);
int may_create(struct inode *dir, struct dentry *child);

/* attr.c */
bool should_kill_sgid(const struct inode *inode);
unsigned int should_remove_suid(const struct inode *inode);

/* namei_open.c */
bool path_noexec(const struct path *path);

/* file.c */
int ksys_dup3(unsigned int oldfd, unsigned int newfd, unsigned int flags);

/* tmpfs/super.c: what devtmpfs is made of */
int tmpfs_fill_super(struct super_block *sb, void *data, int silent);

/* in the order of boot: vfs_init.c */
void dcache_init(void);
void inode_init(void);
void files_init(void);
void fdtable_init(void);
void fs_struct_init(void);
void anon_inode_init(void);
void pipe_init(void);
void locks_init(void);
void devtmpfs_init(void);

/* fs/read_write.c: flags of preadv2(2). 0 or -EOPNOTSUPP. */
int check_rwf(const struct file *file, int flags);
int rw_verify_area(const struct file *file, loff_t pos, size_t count);

/* fs/permission.c: links and files that somebody may have put in our way */
extern int sysctl_protected_hardlinks, sysctl_protected_symlinks;
extern int sysctl_protected_fifos, sysctl_protected_regular;
int may_link_source(struct inode *inode);
int may_follow_last(const struct inode *dir, const struct inode *link);
int may_open_created(const struct inode *dir, const struct inode *inode);

#endif /* _FS_INTERNAL_H */
