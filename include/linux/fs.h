/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files, inodes, mounted file systems and what implements them. A file system
 * fills the tables of operations below; fs/ does the rest. Every data transfer
 * goes through a struct iov_iter, in user or kernel memory alike.
 */
#ifndef _LINUX_FS_H_K
#define _LINUX_FS_H_K

#include <linux/address_space.h>
#include <linux/atomic.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/time64.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/fs.h>
#include <uapi/linux/limits.h>

struct cred;
struct delayed_call;
struct dir_context;
struct fasync_struct;
struct file;
struct file_lock;
struct file_lock_context;
struct iattr;
struct inode;
struct iov_iter;
struct kstatfs;
struct page;
struct pid;
struct pipe_inode_info;
struct poll_table_struct;
struct seq_file;
struct super_block;
struct vm_area_struct;
struct vfsmount;

/* permission() masks */
#define MAY_EXEC	0x01
#define MAY_WRITE	0x02
#define MAY_READ	0x04
#define MAY_APPEND	0x08
#define MAY_ACCESS	0x10
#define MAY_OPEN	0x20
#define MAY_CHDIR	0x40

/* f_mode */
#define FMODE_READ		0x0001
#define FMODE_WRITE		0x0002
#define FMODE_LSEEK		0x0004
#define FMODE_PREAD		0x0008
#define FMODE_PWRITE		0x0010
#define FMODE_EXEC		0x0020	/* opened for exec */
#define FMODE_ATOMIC_POS	0x0040	/* f_pos is shared by readers: lock it */
#define FMODE_WRITER		0x0080	/* counted in i_writecount */
#define FMODE_OPENED		0x0100	/* ->open succeeded, so ->release is due */
#define FMODE_CREATED		0x0200	/* this open made the file */
#define FMODE_STREAM		0x0400	/* has no position at all */
#define FMODE_NOACCOUNT		0x0800	/* not counted against file-max */
#define FMODE_PATH		0x1000	/* O_PATH */
#define FMODE_MNT_WRITE		0x2000	/* holds mnt_want_write() */
#define FMODE_CAN_ODIRECT	0x4000
#define FMODE_READER		0x8000	/* counted in i_readcount */

#define OPEN_FMODE(flags)	((fmode_t)(((flags) + 1) & O_ACCMODE))
#define ACC_MODE(flags)		("\004\002\006\006"[(flags) & O_ACCMODE])

#define SEEK_MAX_		SEEK_HOLE
#define MAX_LFS_FILESIZE	((loff_t)S64_MAX)

/* s_flags: SB_RDONLY and friends equal the MS_* of mount(2) */
#define SB_RDONLY	MS_RDONLY
#define SB_NOSUID	MS_NOSUID
#define SB_NODEV	MS_NODEV
#define SB_NOEXEC	MS_NOEXEC
#define SB_SYNCHRONOUS	MS_SYNCHRONOUS
#define SB_MANDLOCK	MS_MANDLOCK
#define SB_DIRSYNC	MS_DIRSYNC
#define SB_NOATIME	MS_NOATIME
#define SB_SILENT	MS_SILENT
#define SB_LAZYTIME	MS_LAZYTIME
#define SB_KERNMOUNT	(1 << 22)	/* kern_mount(): not for users */
#define SB_ALL_CACHED	(1 << 24)	/* every name is in the dcache: a miss is ENOENT */
#define SB_NOUSER	(1UL << 31)

/* i_flags */
#define S_SYNC		0x01
#define S_NOATIME	0x02
#define S_APPEND	0x04
#define S_IMMUTABLE	0x08
#define S_DEAD		0x10	/* a removed directory: nothing can be made in it */
#define S_NOCMTIME	0x20
#define S_LINKABLE	0x80	/* O_TMPFILE without O_EXCL: linkat() may name it */
#define S_PRIVATE	0x40	/* internal: anon inodes; no permission checks */

#define IS_DEADDIR(inode)	((inode)->i_flags & S_DEAD)
#define IS_APPEND(inode)	((inode)->i_flags & S_APPEND)
#define IS_IMMUTABLE(inode)	((inode)->i_flags & S_IMMUTABLE)
#define IS_RDONLY(inode)	((inode)->i_sb->s_flags & SB_RDONLY)

/* ---- inodes ---- */

/*
 * Locks: [I] immutable after creation   [a] atomic   [i] i_lock   [s] i_rwsem
 *        [S] s_inode_list_lock   [t] written under i_rwsem or i_lock, read freely
 */
struct inode {
	umode_t i_mode;				/* [s] */
	unsigned int i_flags;			/* [s] S_* */
	uid_t i_uid;				/* [s] */
	gid_t i_gid;				/* [s] */
	const struct inode_operations *i_op;	/* [I] */
	struct super_block *i_sb;		/* [I] */
	struct address_space *i_mapping;	/* [I] */
	unsigned long i_ino;			/* [I] */
	unsigned int i_nlink;			/* [s] of the directories concerned */
	dev_t i_rdev;				/* [I] */
	loff_t i_size;				/* [s] to write, read freely */
	struct timespec64 i_atime;		/* [t] */
	struct timespec64 i_mtime;		/* [t] */
	struct timespec64 i_ctime;		/* [t] */
	struct timespec64 i_btime;		/* [I] */
	spinlock_t i_lock;
	unsigned int i_blkbits;			/* [I] */
	u64 i_blocks;				/* [i] of 512 bytes */
	struct rw_semaphore i_rwsem;
	atomic_t i_count;			/* [a] */
	atomic_t i_writecount;			/* [a] writers; negative: being executed */
	atomic_t i_readcount;			/* [a] a regular file's opens only to read */
	const struct file_operations *i_fop;	/* [I] given to opened files */
	struct file_lock_context *i_flctx;	/* [i] once; then constant */
	struct address_space i_data;
	union {
		struct pipe_inode_info *i_pipe;	/* [i] FIFO's or pipe's */
		struct cdev *i_cdev;
		char *i_link;			/* [I] a symlink's text, if simple */
	};
	void *i_private;			/* file system's own */
	struct hlist_head i_marks;		/* inotify's notify_lock: watches */
	u32 i_notify_mask;			/* ... and all that they ask for; read freely */
	u64 i_version;
	struct rcu_head i_rcu;
};

struct inode_operations {
	/*
	 * Make @dentry (new, unhashed) positive or negative with d_add(), or return
	 * another dentry with a reference, or ERR_PTR. i_rwsem is held (shared suffices).
	 */
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	/* the text of a link, valid until done->fn; or after nd_jump_link() NULL */
	const char *(*get_link)(struct dentry *dentry, struct inode *inode,
				struct delayed_call *done);
	int (*permission)(struct inode *inode, int mask);
	int (*readlink)(struct dentry *dentry, char __user *buf, int len);
	/* changes of a directory: its i_rwsem is held, the names were judged legal */
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
	int (*link)(struct dentry *old, struct inode *dir, struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct inode *dir, struct dentry *dentry, const char *target);
	int (*mkdir)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
	int (*rename)(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
		      struct dentry *new, unsigned int flags);
	int (*tmpfile)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*setattr)(struct dentry *dentry, struct iattr *attr);
	int (*getattr)(const struct path *path, struct kstat *stat, u32 request_mask,
		       unsigned int query_flags);
	int (*update_time)(struct inode *inode, int flags);
};

/* What ->get_link() wants done once its text was used. */
struct delayed_call {
	void (*fn)(void *arg);
	void *arg;
};

static inline void set_delayed_call(struct delayed_call *call, void (*fn)(void *), void *arg)
{
	call->fn = fn;
	call->arg = arg;
}

static inline void do_delayed_call(struct delayed_call *call)
{
	if (call->fn)
		call->fn(call->arg);
}

#define ATTR_MODE	(1 << 0)
#define ATTR_UID	(1 << 1)
#define ATTR_GID	(1 << 2)
#define ATTR_SIZE	(1 << 3)
#define ATTR_ATIME	(1 << 4)
#define ATTR_MTIME	(1 << 5)
#define ATTR_CTIME	(1 << 6)
#define ATTR_ATIME_SET	(1 << 7)
#define ATTR_MTIME_SET	(1 << 8)
#define ATTR_FORCE	(1 << 9)	/* not the user's wish: no permission checks */
#define ATTR_KILL_SUID	(1 << 11)
#define ATTR_KILL_SGID	(1 << 12)
#define ATTR_FILE	(1 << 13)
#define ATTR_KILL_PRIV	(1 << 14)
#define ATTR_OPEN	(1 << 15)	/* truncation by open(O_TRUNC) */
#define ATTR_TIMES_SET	(1 << 16)
#define ATTR_TOUCH	(1 << 17)	/* utimes(NULL) */

/* What a change of attributes asks for. */
struct iattr {
	unsigned int ia_valid;		/* ATTR_* */
	umode_t ia_mode;
	uid_t ia_uid;
	gid_t ia_gid;
	loff_t ia_size;
	struct timespec64 ia_atime;
	struct timespec64 ia_mtime;
	struct timespec64 ia_ctime;
	struct file *ia_file;		/* with ATTR_FILE: through which file */
};

/* ---- open files ---- */

/*
 * Who is told by a signal (F_SETOWN). Locks: [l] lock
 */
struct fown_struct {
	rwlock_t lock;
	struct pid *pid;		/* [l] holds a reference */
	int pid_type;			/* [l] enum pid_type */
	uid_t uid, euid;		/* [l] of the one who asked */
	int signum;			/* [l] 0: SIGIO without siginfo */
};

/*
 * Locks: [I] immutable after open   [a] atomic   [p] f_pos_lock if FMODE_ATOMIC_POS
 *        [f] f_lock to write, read freely   [d] driver's
 */
struct file {
	struct path f_path;			/* [I] holds references */
	struct inode *f_inode;			/* [I] */
	const struct file_operations *f_op;	/* [I] */
	spinlock_t f_lock;
	fmode_t f_mode;				/* [I] FMODE_* */
	atomic_long_t f_count;			/* [a] */
	unsigned int f_flags;			/* [f] O_* */
	struct mutex f_pos_lock;
	loff_t f_pos;				/* [p] */
	struct fown_struct f_owner;
	const struct cred *f_cred;		/* [I] holds a reference */
	void *private_data;			/* [d] */
	struct address_space *f_mapping;	/* [I] */
	u64 f_version;				/* [d] */
	void *f_ep;				/* epoll's: who watches this file */
	struct list_head f_ep_links;		/* epoll's */
	struct rcu_head f_rcu;			/* first as task work, then for freeing */
};

typedef void *fl_owner_t;

struct file_operations {
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	/* move bytes at *@pos and advance it; streams ignore @pos */
	ssize_t (*read_iter)(struct file *file, struct iov_iter *to, loff_t *pos);
	ssize_t (*write_iter)(struct file *file, struct iov_iter *from, loff_t *pos);
	int (*iterate_shared)(struct file *file, struct dir_context *ctx);
	__poll_t (*poll)(struct file *file, struct poll_table_struct *pt);
	long (*ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, fl_owner_t id);		/* each close() */
	int (*release)(struct inode *inode, struct file *file);	/* the last one */
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
	int (*fasync)(int fd, struct file *file, int on);
	int (*lock)(struct file *file, int cmd, struct file_lock *fl);
	int (*flock)(struct file *file, int cmd, struct file_lock *fl);
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
	/* optional; without them splice goes through read_iter and write_iter */
	ssize_t (*splice_read)(struct file *in, loff_t *pos, struct pipe_inode_info *pipe,
			       size_t len, unsigned int flags);
	ssize_t (*splice_write)(struct pipe_inode_info *pipe, struct file *out, loff_t *pos,
				size_t len, unsigned int flags);
	void (*show_fdinfo)(struct seq_file *m, struct file *file);
};

/* ---- reading directories ---- */

/* Takes one entry; false: no room, stop. */
typedef bool (*filldir_t)(struct dir_context *ctx, const char *name, int namelen, loff_t off,
			  u64 ino, unsigned int type);

struct dir_context {
	filldir_t actor;
	loff_t pos;		/* of the entry being given; set it beyond before the next */
};

static inline bool dir_emit(struct dir_context *ctx, const char *name, int namelen, u64 ino,
			    unsigned int type)
{
	return ctx->actor(ctx, name, namelen, ctx->pos, ino, type);
}

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12

static inline unsigned char fs_umode_to_dtype(umode_t mode)
{
	return (mode & S_IFMT) >> 12;
}

/* "." at 0 and ".." at 1; false when the buffer was full */
bool dir_emit_dots(struct file *file, struct dir_context *ctx);

/* ---- file systems ---- */

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*free_inode)(struct inode *inode);	/* after RCU */
	void (*evict_inode)(struct inode *inode);	/* no name and no user left */
	int (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	int (*remount_fs)(struct super_block *sb, int *flags, char *data);
	void (*put_super)(struct super_block *sb);
	int (*show_options)(struct seq_file *m, struct dentry *root);
};

/*
 * Locks: [I] immutable once mounted   [a] atomic   [u] s_umount   [L] sb_lock
 */
struct super_block {
	struct list_head s_list;		/* [L] all of them */
	struct hlist_node s_instances;		/* [L] of its type */
	dev_t s_dev;				/* [I] anonymous: major 0 */
	unsigned int s_blocksize_bits;		/* [I] */
	unsigned long s_blocksize;		/* [I] */
	unsigned long s_flags;			/* [u] SB_* */
	unsigned long s_magic;			/* [I] */
	loff_t s_maxbytes;			/* [I] */
	struct file_system_type *s_type;	/* [I] */
	const struct super_operations *s_op;	/* [I] */
	const struct dentry_operations *s_d_op;	/* [I] for new dentries */
	struct dentry *s_root;			/* [I] holds a reference */
	struct rw_semaphore s_umount;
	struct mutex s_vfs_rename_mutex;	/* one rename between directories at a time */
	atomic_t s_active;			/* [a] mounts, and who finds it by type */
	struct list_head s_mounts;		/* mount_lock: mount.mnt_of_sb */
	atomic_long_t s_next_ino;		/* [a] */
	unsigned int s_time_gran;		/* [I] nanoseconds */
	void *s_fs_info;			/* file system's own */
	char s_id[32];
};

#define FS_REQUIRES_DEV		0x01
#define FS_NO_USER_MOUNT	0x02	/* pipefs and the like: only kern_mount() */
#define FS_USERNS_MOUNT		0x08

struct file_system_type {
	const char *name;
	int fs_flags;
	/* a root dentry with a reference and an active super block, or ERR_PTR */
	struct dentry *(*mount)(struct file_system_type *type, int flags, const char *dev_name,
				void *data);
	void (*kill_sb)(struct super_block *sb);
	struct file_system_type *next;
	struct hlist_head fs_supers;
};

struct kstatfs {
	long f_type;
	long f_bsize;
	u64 f_blocks;
	u64 f_bfree;
	u64 f_bavail;
	u64 f_files;
	u64 f_ffree;
	__kernel_fsid_t f_fsid;
	long f_namelen;
	long f_frsize;
	long f_flags;
};

int register_filesystem(struct file_system_type *type);
struct file_system_type *get_fs_type(const char *name);
/* "nodev\ttmpfs\n" lines: /proc/filesystems */
void filesystems_show(struct seq_file *m);

struct super_block *alloc_super(struct file_system_type *type, int flags);
/* helpers for ->mount: a new instance each time, or one for all */
struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data,
			   int (*fill_super)(struct super_block *sb, void *data, int silent));
struct dentry *mount_single(struct file_system_type *type, int flags, void *data,
			    int (*fill_super)(struct super_block *sb, void *data, int silent));
struct dentry *mount_keyed(struct file_system_type *type, int flags, void *data, void *key,
			   int (*fill)(struct super_block *, void *, int));
void deactivate_super(struct super_block *sb);
struct super_block *get_super_of_dev(dev_t dev);
void generic_shutdown_super(struct super_block *sb);
void kill_anon_super(struct super_block *sb);
void kill_litter_super(struct super_block *sb);	/* ... whose dentries are pinned */
int get_anon_bdev(dev_t *dev);
void free_anon_bdev(dev_t dev);
/* pipefs, sockfs, anon_inodefs */
struct dentry *mount_pseudo(struct file_system_type *type, const char *name,
			    const struct super_operations *ops,
			    const struct dentry_operations *dops, unsigned long magic);
int vfs_statfs(const struct path *path, struct kstatfs *buf);

/* ---- inode life ---- */

void inode_init_once(struct inode *inode);	/* for slab constructors of embedding structs */
struct inode *new_inode(struct super_block *sb);
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode);
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev);
void iput(struct inode *inode);
void clear_inode(struct inode *inode);
unsigned long get_next_ino(void);
struct inode *alloc_anon_inode(struct super_block *sb);
void set_nlink(struct inode *inode, unsigned int nlink);
void inc_nlink(struct inode *inode);
void drop_nlink(struct inode *inode);
void clear_nlink(struct inode *inode);

static inline void ihold(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

static inline void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

static inline void i_size_write(struct inode *inode, loff_t size)
{
	WRITE_ONCE(inode->i_size, size);
}

void inode_add_bytes(struct inode *inode, loff_t bytes);
void inode_sub_bytes(struct inode *inode, loff_t bytes);

struct timespec64 current_time(const struct inode *inode);
void touch_atime(const struct path *path);
int file_update_time(struct file *file);
void file_accessed(struct file *file);
void inode_touch(struct inode *inode, int what);	/* set to now: S_ATIME | S_MTIME | S_CTIME */
#define S_ATIME		1
#define S_MTIME		2
#define S_CTIME		4

int file_remove_privs(struct file *file);
int setattr_prepare(struct dentry *dentry, struct iattr *attr);
void setattr_copy(struct inode *inode, const struct iattr *attr);
int notify_change(struct dentry *dentry, struct iattr *attr);
int inode_newsize_ok(const struct inode *inode, loff_t offset);
bool inode_owner_or_capable(const struct inode *inode);
bool capable_wrt_inode_uidgid(const struct inode *inode, int cap);
int inode_permission(struct inode *inode, int mask);
int path_permission(const struct path *path, int mask);
int generic_permission(struct inode *inode, int mask);
void generic_fillattr(struct inode *inode, struct kstat *stat);
int vfs_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline struct file *get_file(struct file *file)
{
	atomic_long_inc(&file->f_count);
	return file;
}

#define get_file_rcu(f)		atomic_long_inc_not_zero(&(f)->f_count)
#define file_count(f)		atomic_long_read(&(f)->f_count)

/* exec: while a file runs, nobody may open it for writing, and the other way round */
int get_write_access(struct inode *inode);
void put_write_access(struct inode *inode);
int deny_write_access(struct file *file);
void allow_write_access(struct file *file);

/* ---- opening, reading, writing from the kernel ---- */

/* A path copied from user space. */
struct filename {
	const char *name;
	const char __user *uptr;
	int refcnt;
	char iname[];
};

struct filename *getname(const char __user *name);
struct filename *getname_flags(const char __user *name, int flags);	/* LOOKUP_EMPTY */
struct filename *getname_kernel(const char *name);
void putname(struct filename *name);

struct file *filp_open(const char *name, int flags, umode_t mode);
/* @name below @root, which is "/" to it */
struct file *file_open_root(const struct path *root, const char *name, int flags, umode_t mode);
struct file *file_open_name(struct filename *name, int flags, umode_t mode);
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred);
int filp_close(struct file *file, fl_owner_t id);
long do_sys_open(int dfd, const char __user *name, int flags, umode_t mode);
/* exec's: a regular file with execute permission, writers denied until the caller allows them */
struct file *do_open_execat(int dfd, struct filename *name, int flags);
struct file *open_exec(const char *name);
int stream_open(struct inode *inode, struct file *file);
int nonseekable_open(struct inode *inode, struct file *file);
int generic_file_open(struct inode *inode, struct file *file);

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_iter_read(struct file *file, struct iov_iter *to, loff_t *pos);
ssize_t vfs_iter_write(struct file *file, struct iov_iter *from, loff_t *pos);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);
int vfs_fsync(struct file *file, int datasync);
long vfs_truncate(const struct path *path, loff_t length);
long do_truncate(struct dentry *dentry, loff_t length, unsigned int time_attrs,
		 struct file *file);
int vfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len);
int vfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode);
int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *target);
int vfs_link(struct dentry *old, struct inode *dir, struct dentry *new);
int vfs_unlink(struct inode *dir, struct dentry *dentry);
int kern_unlink(const char *text);
int vfs_rmdir(struct inode *dir, struct dentry *dentry);
int vfs_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
	       struct dentry *new, unsigned int flags);
int readlink_copy(char __user *buf, int len, const char *link);

/* From the page cache: mm/filemap.c */
ssize_t generic_file_read_iter(struct file *file, struct iov_iter *to, loff_t *pos);
ssize_t generic_file_write_iter(struct file *file, struct iov_iter *from, loff_t *pos);
ssize_t generic_write_checks(struct file *file, struct iov_iter *from, loff_t *pos);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);

loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t no_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence, loff_t maxsize,
				loff_t eof);
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize);
int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync);
ssize_t generic_read_dir(struct file *file, struct iov_iter *to, loff_t *pos);

/* ---- a file system of pinned dentries: fs/libfs.c ---- */

extern const struct file_operations simple_dir_operations;
extern const struct inode_operations simple_dir_inode_operations;
extern const struct inode_operations simple_symlink_inode_operations;
extern const struct super_operations simple_super_operations;

/* Hash, pin and list in its directory a dentry that is to stay; and the reverse. */
void simple_link_dentry(struct dentry *dentry, struct inode *inode);
void simple_unlink_dentry(struct dentry *dentry);
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int simple_link(struct dentry *old, struct inode *dir, struct dentry *dentry);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
bool simple_empty(struct dentry *dentry);
int simple_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
		  struct dentry *new, unsigned int flags);
int simple_setattr(struct dentry *dentry, struct iattr *attr);
int simple_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);
int simple_statfs(struct dentry *dentry, struct kstatfs *buf);
int simple_readdir(struct file *file, struct dir_context *ctx);
const char *simple_get_link(struct dentry *dentry, struct inode *inode,
			    struct delayed_call *done);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *pos, const void *from,
				size_t available);
ssize_t simple_copy_to_iter(const void *from, size_t available, loff_t *pos,
			    struct iov_iter *to);

/* ---- files without a name: fs/anon_inodes.c ---- */

bool is_anon_inode_file(const struct file *file);
/* All share one inode; shown as "anon_inode:[name]", @name with its brackets. */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops,
				void *priv, int flags);
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv,
		     int flags);

/* fs/eventfd.c */
struct file *eventfd_fget(int fd);
void eventfd_signal(struct file *file, u64 n);

/* ---- device nodes: fs/char_dev.c, fs/devtmpfs ---- */

/* Driver of @count minors from @baseminor; its ->open sees the minor in inode->i_rdev. */
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops);
/* minors 0..255; major 0: choose one and return it */
static inline int register_chrdev(unsigned int major, const char *name,
				  const struct file_operations *fops)
{
	return __register_chrdev(major, 0, 256, name, fops);
}
void unregister_chrdev_range(unsigned int major, unsigned int baseminor, unsigned int count);
/* The character-device half of /proc/devices. */
void chrdev_show(struct seq_file *m);
extern const struct file_operations def_chr_fops;

/* A node in every devtmpfs; "pts/0" makes the directory. @mode: permissions, | S_IFBLK. */
int devtmpfs_create_node(const char *name, umode_t mode, dev_t dev);
int devtmpfs_create_owned_node(const char *name, umode_t mode, uid_t uid, gid_t gid, dev_t dev);
int devtmpfs_create_link(const char *name, const char *target);
int devtmpfs_create_dir(const char *name, umode_t mode);
int devtmpfs_delete_node(const char *name);
/* mount devtmpfs on /dev of the first root: boot, before /init opens the console */
int devtmpfs_mount(const char *mountpoint);

/* ---- locks: fs/locks.c ---- */

void locks_remove_posix(struct file *file, fl_owner_t owner);
void locks_remove_file(struct file *file);
void locks_free_lock_context(struct inode *inode);
/* /proc/locks */
void locks_show(struct seq_file *m);

/* ---- signal-driven input and output: fs/fcntl.c ---- */

/*
 * One file that wants a signal. Locks: [l] fasync_lock to write, RCU to read
 */
struct fasync_struct {
	int fa_fd;				/* [l] */
	struct fasync_struct *fa_next;		/* [l] */
	struct file *fa_file;			/* [l] */
	struct rcu_head fa_rcu;
};

int fasync_helper(int fd, struct file *file, int on, struct fasync_struct **fapp);
/* any context; @sig is the reason, usually SIGIO; @band POLL_IN, POLL_OUT, ... */
void kill_fasync(struct fasync_struct **fapp, int sig, int band);
void send_sigio(struct fown_struct *fown, int fd, int band);
void file_set_fasync(struct file *file, bool on);
int send_sigurg(struct fown_struct *fown);
int f_setown(struct file *file, unsigned long who, int force);
void __f_setown(struct file *file, struct pid *pid, int type, int force);
pid_t f_getown(struct file *file);

/* ---- boot ---- */

void vfs_caches_init(void);		/* dcache, inodes, files, mounts: the root tmpfs */
void init_rootfs(void);

#endif /* _LINUX_FS_H_K */
