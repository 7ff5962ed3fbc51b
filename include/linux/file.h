/* SPDX-License-Identifier: GPL-2.0-only */
/* From a descriptor to its file and back. Lookups take no lock (fs/file.c). */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

#include <linux/fdtable.h>
#include <linux/types.h>

struct cred;
struct file;
struct file_operations;
struct inode;
struct path;
struct vfsmount;

/*
 * A borrowed file: for the length of one system call, by the task whose table it
 * came from. FDPUT_FPUT: a reference was taken; FDPUT_POS_UNLOCK: f_pos_lock is held.
 */
struct fd {
	struct file *file;
	unsigned int flags;
};

#define FDPUT_FPUT		1
#define FDPUT_POS_UNLOCK	2

struct file *fget(unsigned int fd);		/* not for O_PATH files */
struct file *fget_raw(unsigned int fd);		/* O_PATH files too */
struct fd __fdget(unsigned int fd);
struct fd __fdget_raw(unsigned int fd);
struct fd __fdget_pos(unsigned int fd);
void __f_unlock_pos(struct file *file);

/*
 * Drop a reference. The last one releases the file in task context: at once, or on
 * the way back to user space if the caller may hold locks (see fs/file_table.c).
 */
void fput(struct file *file);
/* Drop a reference and, if it was the last, release the file before returning. Sleeps. */
void fput_sync(struct file *file);

static inline struct fd fdget(unsigned int fd)
{
	return __fdget(fd);
}

static inline struct fd fdget_raw(unsigned int fd)
{
	return __fdget_raw(fd);
}

static inline struct fd fdget_pos(unsigned int fd)
{
	return __fdget_pos(fd);
}

static inline void fdput(struct fd f)
{
	if (unlikely(f.flags & FDPUT_FPUT))
		fput(f.file);
}

static inline void fdput_pos(struct fd f)
{
	if (f.flags & FDPUT_POS_UNLOCK)
		__f_unlock_pos(f.file);
	fdput(f);
}

int get_unused_fd_flags(unsigned int flags);	/* O_CLOEXEC or 0; obeys RLIMIT_NOFILE */
int alloc_fd(unsigned int start, unsigned int end, unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);	/* consumes the reference */
int replace_fd(unsigned int fd, struct file *file, unsigned int flags);
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);
/* give the current task a new descriptor for @file (takes its own reference): SCM_RIGHTS */
int receive_fd(struct file *file, int __user *ufd, unsigned int o_flags);
void set_close_on_exec(unsigned int fd, int flag);
bool get_close_on_exec(unsigned int fd);

struct file *alloc_empty_file(int flags, const struct cred *cred);
struct file *alloc_file(const struct path *path, int flags, const struct file_operations *fop);
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop);
struct file *alloc_file_clone(struct file *base, int flags, const struct file_operations *fop);

unsigned long get_nr_files(void);
unsigned long get_max_files(void);

#endif /* _LINUX_FILE_H */
