// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor tables. files->file_lock guards changes; lookups use RCU and the file's
 * count. A table only grows: the old generation is freed after RCU. The "files" row
 * of fork, exec and exit.
 */
#include <linux/fault-inject.h>
#include <linux/uaccess.h>
#include "fdtable_internal.h"

unsigned int sysctl_nr_open = 1024 * 1024;
unsigned int sysctl_nr_open_min = BITS_PER_LONG;
unsigned int sysctl_nr_open_max = (INT_MAX / sizeof(void *)) & ~(BITS_PER_LONG - 1);

static struct kmem_cache *files_cachep;

struct files_struct init_files = {
	.count		= REFCOUNT_INIT(1),
	.fdt		= &init_files.fdtab,
	.fdtab		= {
		.max_fds	= NR_OPEN_DEFAULT,
		.fd		= &init_files.fd_array[0],
		.close_on_exec	= init_files.close_on_exec_init,
		.open_fds	= init_files.open_fds_init,
		.full_fds_bits	= init_files.full_fds_bits_init,
	},
	.file_lock	= __SPIN_LOCK_UNLOCKED(init_files.file_lock, LOCK_RANK_FILES),
	.resize_wait	= __WAIT_QUEUE_HEAD_INITIALIZER(init_files.resize_wait),
};

#define fd_words(max_fds)	((max_fds) / BITS_PER_LONG)
#define full_words(max_fds)	DIV_ROUND_UP(fd_words(max_fds), BITS_PER_LONG)

/* ---- tables ---- */

static void free_fdtable(struct fdtable *fdt)
{
	kvfree(fdt->fd);
	kvfree(fdt->open_fds);
	kfree(fdt);
}

static void free_fdtable_rcu(struct rcu_head *rcu)
{
	free_fdtable(container_of(rcu, struct fdtable, rcu));
}

/* Slots for descriptor @nr: rounded so that pointers fill a power of two of KiB. */
static unsigned int table_size(unsigned int nr)
{
	unsigned int per_kib = 1024 / sizeof(struct file *);

	return roundup_pow_of_two(nr / per_kib + 1) * per_kib;
}

/*
 * Context: sleeps. Return: a table with a slot for @nr, no descriptor open, the pointers not yet
 * set; ERR_PTR(-EMFILE, -ENOMEM).
 */
static struct fdtable *alloc_fdtable(unsigned int nr)
{
	unsigned int max = table_size(nr), words = fd_words(max);
	struct fdtable *fdt;

	if (max > sysctl_nr_open)
		max = ALIGN(max(sysctl_nr_open, nr + 1), BITS_PER_LONG);
	if (nr >= sysctl_nr_open_max)
		return ERR_PTR(-EMFILE);
	words = fd_words(max);
	fdt = kzalloc(sizeof(*fdt), GFP_KERNEL);
	if (!fdt)
		return ERR_PTR(-ENOMEM);
	fdt->max_fds = max;
	fdt->fd = kvmalloc_array(max, sizeof(struct file *), GFP_KERNEL);
	fdt->open_fds = kvcalloc(2 * words + full_words(max), sizeof(long), GFP_KERNEL);
	if (!fdt->fd || !fdt->open_fds) {
		free_fdtable(fdt);
		return ERR_PTR(-ENOMEM);
	}
	fdt->close_on_exec = fdt->open_fds + words;
	fdt->full_fds_bits = fdt->close_on_exec + words;
	return fdt;
}

/* No files from descriptor @from on. */
static void clear_pointers(struct fdtable *fdt, unsigned int from)
{
	memset(fdt->fd + from, 0, (fdt->max_fds - from) * sizeof(struct file *));
}

/* Copy the bits of the first @count descriptors; @to is zeroed and at least as big. */
static void copy_fd_bitmaps(struct fdtable *to, const struct fdtable *from, unsigned int count)
{
	unsigned int words = fd_words(count);

	memcpy(to->open_fds, from->open_fds, words * sizeof(long));
	memcpy(to->close_on_exec, from->close_on_exec, words * sizeof(long));
	memcpy(to->full_fds_bits, from->full_fds_bits,
	       DIV_ROUND_UP(words, BITS_PER_LONG) * sizeof(long));
}

/*
 * Make room for descriptor @nr. file_lock is held, and dropped in between.
 * Return: 1, or -EMFILE, -ENOMEM.
 */
static int grow_table(struct files_struct *files, unsigned int nr)
{
	struct fdtable *new, *old;

	files->resize_in_progress = true;
	spin_unlock(&files->file_lock);
	new = alloc_fdtable(nr);
	spin_lock(&files->file_lock);
	files->resize_in_progress = false;
	if (IS_ERR(new)) {
		wake_up_all(&files->resize_wait);
		return PTR_ERR(new);
	}
	old = files->fdt;
	copy_fd_bitmaps(new, old, old->max_fds);
	memcpy(new->fd, old->fd, old->max_fds * sizeof(struct file *));
	clear_pointers(new, old->max_fds);
	rcu_assign_pointer(files->fdt, new);
	if (old != &files->fdtab)
		call_rcu(&old->rcu, free_fdtable_rcu);
	wake_up_all(&files->resize_wait);
	return 1;
}

/*
 * Is there a slot for @nr? file_lock is held. Return: 0 there was, 1 there is now and the
 * lock was dropped in between, -EMFILE, -ENOMEM.
 */
static int expand_files(struct files_struct *files, unsigned int nr)
{
	int expanded = 0;

	for (;;) {
		if (nr < files->fdt->max_fds)
			return expanded;
		if (nr >= sysctl_nr_open)
			return -EMFILE;
		if (!files->resize_in_progress)
			return grow_table(files, nr);
		spin_unlock(&files->file_lock);
		expanded = 1;
		wait_event(files->resize_wait, !READ_ONCE(files->resize_in_progress));
		spin_lock(&files->file_lock);
	}
}

static inline void set_open_fd(unsigned int fd, struct fdtable *fdt)
{
	__set_bit(fd, fdt->open_fds);
	fd /= BITS_PER_LONG;
	if (!~fdt->open_fds[fd])
		__set_bit(fd, fdt->full_fds_bits);
}

static inline void clear_open_fd(unsigned int fd, struct fdtable *fdt)
{
	__clear_bit(fd, fdt->open_fds);
	__clear_bit(fd / BITS_PER_LONG, fdt->full_fds_bits);
}

/* The lowest free descriptor from @start on; may be max_fds. */
static unsigned int find_next_fd(const struct fdtable *fdt, unsigned int start)
{
	unsigned int max = fdt->max_fds, word = start / BITS_PER_LONG;
	unsigned int full = find_next_zero_bit(fdt->full_fds_bits, fd_words(max), word);

	if (full >= fd_words(max))
		return max;
	if (full > word)
		start = full * BITS_PER_LONG;
	return find_next_zero_bit(fdt->open_fds, max, start);
}

/**
 * alloc_fd - reserve the lowest free descriptor of current
 * @start: not below
 * @end: not at or above: RLIMIT_NOFILE
 * @flags: O_CLOEXEC
 *
 * Context: sleeps when the table must grow.
 * Return: the descriptor, or -EMFILE, -ENOMEM.
 */
int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd;
	int err;

	spin_lock(&files->file_lock);
	do {
		fdt = files->fdt;
		fd = max(start, files->next_fd);
		if (fd < fdt->max_fds)
			fd = find_next_fd(fdt, fd);
		err = fd >= end || should_fail_charge("descriptor") ? -EMFILE :
		      expand_files(files, fd);
	} while (err > 0);
	if (!err) {
		if (start <= files->next_fd)
			files->next_fd = fd + 1;
		fdt = files->fdt;
		set_open_fd(fd, fdt);
		__assign_bit(fd, fdt->close_on_exec, flags & O_CLOEXEC);
		err = fd;
	}
	spin_unlock(&files->file_lock);
	return err;
}

int get_unused_fd_flags(unsigned int flags)
{
	return alloc_fd(0, rlimit(RLIMIT_NOFILE), flags);
}

static void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	clear_open_fd(fd, files->fdt);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
}

/**
 * fd_install - the reserved descriptor now means @file
 * @fd: from get_unused_fd_flags()
 * @file: its reference is consumed
 *
 * From here on other threads may use and close it.
 */
void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;

	spin_lock(&files->file_lock);
	fdt = files->fdt;
	ASSERT(!fdt->fd[fd]);
	rcu_assign_pointer(fdt->fd[fd], file);
	spin_unlock(&files->file_lock);
}

/* Take @fd's file out; file_lock is held. NULL: not open (or only reserved). */
static struct file *pick_file(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = files->fdt;
	struct file *file;

	if (fd >= fdt->max_fds)
		return NULL;
	file = fdt->fd[fd];
	if (file) {
		rcu_assign_pointer(fdt->fd[fd], NULL);
		__put_unused_fd(files, fd);
	}
	return file;
}

/* close(2). Return: what ->flush() says, or -EBADF. */
int close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	spin_lock(&files->file_lock);
	file = pick_file(files, fd);
	spin_unlock(&files->file_lock);
	return file ? filp_close(file, files) : -EBADF;
}

/* ---- from descriptor to file ---- */

/*
 * The file may be freed and reused under our eyes until its count is ours: take it,
 * then look whether the slot still says the same.
 */
static struct file *get_file_of(struct files_struct *files, unsigned int fd, fmode_t refuse)
{
	struct file *file;

	rcu_read_lock();
	for (;;) {
		file = files_lookup_fd_rcu(files, fd);
		if (!file || (file->f_mode & refuse)) {
			file = NULL;
			break;
		}
		if (!get_file_rcu(file))
			continue;
		if (likely(files_lookup_fd_rcu(files, fd) == file))
			break;
		rcu_read_unlock();
		fput(file);
		rcu_read_lock();
	}
	rcu_read_unlock();
	return file;
}

struct file *fget(unsigned int fd)
{
	return get_file_of(current->files, fd, FMODE_PATH);
}

struct file *fget_raw(unsigned int fd)
{
	return get_file_of(current->files, fd, 0);
}

/* A file of another task, O_PATH included. */
struct file *fget_task(struct task_struct *tsk, unsigned int fd)
{
	struct file *file = NULL;

	task_lock(tsk);
	if (tsk->files)
		file = get_file_of(tsk->files, fd, 0);
	task_unlock(tsk);
	return file;
}

struct file *task_lookup_next_fd(struct task_struct *tsk, unsigned int *ret_fd)
{
	struct files_struct *files = get_files_struct(tsk);
	unsigned int fd = *ret_fd;
	struct file *file = NULL;

	if (!files)
		return NULL;
	for (; fd < READ_ONCE(files->fdt)->max_fds; fd++) {
		file = get_file_of(files, fd, 0);
		if (file)
			break;
	}
	put_files_struct(files);
	*ret_fd = fd;
	return file;
}

/* Alone in the table, nobody can close the file while we are in this call: borrow it. */
static inline struct fd borrow_fd(unsigned int fd, fmode_t refuse)
{
	struct files_struct *files = current->files;
	struct file *file;

	if (likely(refcount_read(&files->count) == 1)) {
		file = files_lookup_fd_rcu(files, fd);
		if (!file || unlikely(file->f_mode & refuse))
			file = NULL;
		return (struct fd){ file, 0 };
	}
	file = get_file_of(files, fd, refuse);
	return (struct fd){ file, file ? FDPUT_FPUT : 0 };
}

struct fd __fdget(unsigned int fd)
{
	return borrow_fd(fd, FMODE_PATH);
}

struct fd __fdget_raw(unsigned int fd)
{
	return borrow_fd(fd, 0);
}

/* With the position locked when somebody else could move it meanwhile (POSIX 2.9.7). */
struct fd __fdget_pos(unsigned int fd)
{
	struct fd f = borrow_fd(fd, FMODE_PATH);

	if (f.file && (f.file->f_mode & FMODE_ATOMIC_POS) && file_count(f.file) > 1) {
		f.flags |= FDPUT_POS_UNLOCK;
		mutex_lock(&f.file->f_pos_lock);
	}
	return f;
}

void __f_unlock_pos(struct file *file)
{
	mutex_unlock(&file->f_pos_lock);
}

/* ---- copying ---- */

/* As many descriptors, in whole words, as reach the last open one. */
static unsigned int count_open_files(const struct fdtable *fdt)
{
	unsigned int words = fd_words(fdt->max_fds);

	while (words > 0 && !fdt->open_fds[words - 1])
		words--;
	return max(words, 1U) * BITS_PER_LONG;
}

static struct files_struct *alloc_files(void)
{
	struct files_struct *files = kmem_cache_zalloc(files_cachep, GFP_KERNEL);

	if (!files)
		return NULL;
	refcount_set(&files->count, 1);
	spin_lock_init(&files->file_lock, LOCK_RANK_FILES);
	init_waitqueue_head(&files->resize_wait);
	files->fdtab.max_fds = NR_OPEN_DEFAULT;
	files->fdtab.fd = files->fd_array;
	files->fdtab.close_on_exec = files->close_on_exec_init;
	files->fdtab.open_fds = files->open_fds_init;
	files->fdtab.full_fds_bits = files->full_fds_bits_init;
	files->fdt = &files->fdtab;
	return files;
}

static void free_files(struct files_struct *files)
{
	if (files->fdt != &files->fdtab)
		free_fdtable(files->fdt);
	kmem_cache_free(files_cachep, files);
}

/* 64 descriptors in a row, all taken: a few instructions for each. */
static void copy_full_word(struct fdtable *new, const struct fdtable *old, unsigned int fd)
{
	struct file **from = old->fd + fd, **to = new->fd + fd;
	unsigned int i;

#pragma GCC unroll 8
	for (i = 0; i < BITS_PER_LONG; i++) {
		struct file *file = from[i];

		to[i] = file;
		if (likely(file))
			get_file(file);
		else
			clear_open_fd(fd + i, new);
	}
}

/* The descriptors from @fd on of which @bits says that they are taken; the others are not set. */
static void copy_word(struct fdtable *new, const struct fdtable *old, unsigned int fd,
		      unsigned long bits)
{
	for (; bits; bits &= bits - 1) {
		unsigned int nr = fd + __ffs(bits);
		struct file *file = old->fd[nr];

		new->fd[nr] = file;
		if (likely(file))
			get_file(file);
		else
			clear_open_fd(nr, new);
	}
}

/*
 * Take a reference to each file of @old; a slot that is only reserved stays free in @new. The
 * pointers of a big table are arbitrary before, those within files_struct are zero.
 */
static void copy_fd_pointers(struct fdtable *new, const struct fdtable *old, unsigned int count)
{
	bool zeroed = new->max_fds == NR_OPEN_DEFAULT;
	unsigned int word;

	for (word = 0; word < fd_words(count); word++) {
		unsigned int fd = word * BITS_PER_LONG;
		unsigned long bits = old->open_fds[word];

		if (unlikely(!~bits)) {
			copy_full_word(new, old, fd);
			continue;
		}
		if (unlikely(!zeroed))
			memset(new->fd + fd, 0, BITS_PER_LONG * sizeof(*new->fd));
		copy_word(new, old, fd, bits);
	}
	if (unlikely(!zeroed))
		clear_pointers(new, count);
}

/*
 * A copy of @old's table. Context: sleeps.
 * Return: it, or ERR_PTR(-ENOMEM, -EMFILE).
 */
static struct files_struct *dup_fd(struct files_struct *old)
{
	struct files_struct *new = alloc_files();
	struct fdtable *fdt;
	unsigned int count;

	if (!new)
		return ERR_PTR(-ENOMEM);
	spin_lock(&old->file_lock);
	while ((count = count_open_files(old->fdt)) > new->fdt->max_fds) {
		spin_unlock(&old->file_lock);
		if (new->fdt != &new->fdtab)
			free_fdtable(new->fdt);
		/* The limit was lowered below what is open already: unshare(2), EMFILE. */
		if (count > ALIGN(READ_ONCE(sysctl_nr_open), BITS_PER_LONG))
			fdt = ERR_PTR(-EMFILE);
		else
			fdt = alloc_fdtable(count - 1);
		new->fdt = IS_ERR(fdt) ? &new->fdtab : fdt;
		if (IS_ERR(fdt)) {
			free_files(new);
			return ERR_CAST(fdt);
		}
		/* it may have grown meanwhile: look again */
		spin_lock(&old->file_lock);
	}
	copy_fd_bitmaps(new->fdt, old->fdt, count);
	copy_fd_pointers(new->fdt, old->fdt, count);
	new->next_fd = 0;
	spin_unlock(&old->file_lock);
	return new;
}

/* Nobody else uses the table. */
static void close_files(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;
	unsigned int word;

	for (word = 0; word < fd_words(fdt->max_fds); word++) {
		unsigned long bits = fdt->open_fds[word];

		for (; bits; bits &= bits - 1) {
			unsigned int fd = word * BITS_PER_LONG + __ffs(bits);
			struct file *file = fdt->fd[fd];

			fdt->fd[fd] = NULL;
			if (file)
				filp_close(file, files);
		}
		cond_resched();
	}
}

struct files_struct *get_files_struct(struct task_struct *tsk)
{
	struct files_struct *files;

	task_lock(tsk);
	files = tsk->files;
	if (files)
		refcount_inc(&files->count);
	task_unlock(tsk);
	return files;
}

/* Context: sleeps when it is the last. */
void put_files_struct(struct files_struct *files)
{
	if (!refcount_dec_and_test(&files->count))
		return;
	close_files(files);
	free_files(files);
}

/* The row of fork. Return: 0, -ENOMEM, -EMFILE. */
int copy_files(struct fork_ctx *fc)
{
	struct files_struct *files;

	if (!fc->parent->files)
		return 0;
	files = dup_fd(fc->parent->files);
	if (IS_ERR(files))
		return PTR_ERR(files);
	fc->child->files = files;
	return 0;
}

int share_files(struct fork_ctx *fc)
{
	if (fc->parent->files) {
		refcount_inc(&fc->parent->files->count);
		fc->child->files = fc->parent->files;
	}
	return 0;
}

void exit_files(struct task_struct *tsk)
{
	struct files_struct *files;

	task_lock(tsk);
	files = tsk->files;
	tsk->files = NULL;
	task_unlock(tsk);
	if (files)
		put_files_struct(files);
}

/* Give current a table of its own: unshare(CLONE_FILES), exec. Return: 0, -ENOMEM, -EMFILE. */
int unshare_files(void)
{
	struct files_struct *old = current->files, *new;

	if (!old || refcount_read(&old->count) == 1)
		return 0;
	new = dup_fd(old);
	if (IS_ERR(new))
		return PTR_ERR(new);
	task_lock(current);
	current->files = new;
	task_unlock(current);
	put_files_struct(old);
	return 0;
}

/* Exec is past the point of no return. The table is current's alone. */
void do_close_on_exec(struct files_struct *files)
{
	unsigned int word;

	spin_lock(&files->file_lock);
	for (word = 0; word < fd_words(files->fdt->max_fds); word++) {
		unsigned long bits = files->fdt->close_on_exec[word];

		if (!bits)
			continue;
		files->fdt->close_on_exec[word] = 0;
		bits &= files->fdt->open_fds[word];
		for (; bits; bits &= bits - 1) {
			struct file *file = pick_file(files, word * BITS_PER_LONG + __ffs(bits));

			if (!file)
				continue;
			spin_unlock(&files->file_lock);
			filp_close(file, files);
			cond_resched();
			spin_lock(&files->file_lock);
		}
	}
	spin_unlock(&files->file_lock);
}

/* ---- what dup2(), fcntl() and close_range() are made of ---- */

void set_close_on_exec(unsigned int fd, int flag)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__assign_bit(fd, files->fdt->close_on_exec, flag);
	spin_unlock(&files->file_lock);
}

bool get_close_on_exec(unsigned int fd)
{
	struct fdtable *fdt;
	bool set;

	rcu_read_lock();
	fdt = files_fdtable(current->files);
	set = fd < fdt->max_fds && close_on_exec(fd, fdt);
	rcu_read_unlock();
	return set;
}

/*
 * Put @file at @fd, closing what was there. file_lock is held and dropped.
 * Return: @fd, or -EBUSY: somebody is just opening at @fd.
 */
static int do_dup2(struct files_struct *files, struct file *file, unsigned int fd,
		   unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *old = fdt->fd[fd];

	if (!old && fd_is_open(fd, fdt)) {
		spin_unlock(&files->file_lock);
		return -EBUSY;
	}
	get_file(file);
	rcu_assign_pointer(fdt->fd[fd], file);
	set_open_fd(fd, fdt);
	__assign_bit(fd, fdt->close_on_exec, flags & O_CLOEXEC);
	spin_unlock(&files->file_lock);
	if (old)
		filp_close(old, files);
	return fd;
}

/* @fd of current becomes @file (which gains a reference); NULL closes it. */
int replace_fd(unsigned int fd, struct file *file, unsigned int flags)
{
	struct files_struct *files = current->files;
	int err;

	if (!file)
		return close_fd(fd);
	if (fd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_files(files, fd);
	if (err < 0) {
		spin_unlock(&files->file_lock);
		return err;
	}
	return do_dup2(files, file, fd, flags);
}

/**
 * receive_fd - a new descriptor of current for a file that came from elsewhere (SCM_RIGHTS)
 * @file: gains a reference
 * @ufd: where to write its number to; NULL: nowhere
 * @o_flags: O_CLOEXEC
 *
 * Return: the descriptor, -EMFILE, -EFAULT.
 */
int receive_fd(struct file *file, int __user *ufd, unsigned int o_flags)
{
	int fd = get_unused_fd_flags(o_flags);

	if (fd < 0)
		return fd;
	if (ufd && put_user(fd, ufd)) {
		put_unused_fd(fd);
		return -EFAULT;
	}
	fd_install(fd, get_file(file));
	return fd;
}

/* dup2(), dup3(): @oldfd differs from @newfd. Return: @newfd, -EBADF, -EBUSY, -ENOMEM. */
int ksys_dup3(unsigned int oldfd, unsigned int newfd, unsigned int flags)
{
	struct files_struct *files = current->files;
	struct file *file;
	int err;

	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_files(files, newfd);
	file = oldfd < files->fdt->max_fds ? files->fdt->fd[oldfd] : NULL;
	if (file && err >= 0)
		return do_dup2(files, file, newfd, flags);
	spin_unlock(&files->file_lock);
	return !file || err == -EMFILE ? -EBADF : err;
}

/* fcntl(F_DUPFD): the lowest free one from @from on. @file gains a reference. */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long limit = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= limit)
		return -EINVAL;
	fd = alloc_fd(from, limit, flags);
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

static void range_cloexec(struct files_struct *files, unsigned int fd, unsigned int max_fd)
{
	spin_lock(&files->file_lock);
	max_fd = min(max_fd, files->fdt->max_fds - 1);
	for (; fd <= max_fd; fd++)
		__set_bit(fd, files->fdt->close_on_exec);
	spin_unlock(&files->file_lock);
}

static void range_close(struct files_struct *files, unsigned int fd, unsigned int max_fd)
{
	struct file *file;

	spin_lock(&files->file_lock);
	for (;;) {
		struct fdtable *fdt = files->fdt;

		fd = find_next_bit(fdt->open_fds, fdt->max_fds, fd);
		if (fd > max_fd || fd >= fdt->max_fds)
			break;
		file = pick_file(files, fd++);
		spin_unlock(&files->file_lock);
		if (file)
			filp_close(file, files);
		cond_resched();
		spin_lock(&files->file_lock);
	}
	spin_unlock(&files->file_lock);
}

/**
 * __close_range - close_range(2)
 * @fd: first
 * @max_fd: last, inclusive
 * @flags: CLOSE_RANGE_UNSHARE, CLOSE_RANGE_CLOEXEC
 *
 * Return: 0, -EINVAL, or what unsharing says.
 */
int __close_range(unsigned int fd, unsigned int max_fd, unsigned int flags)
{
	int err;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (fd > max_fd)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		err = unshare_files();
		if (err)
			return err;
	}
	if (flags & CLOSE_RANGE_CLOEXEC)
		range_cloexec(current->files, fd, max_fd);
	else
		range_close(current->files, fd, max_fd);
	return 0;
}

int iterate_fd(struct files_struct *files, unsigned int n,
	       int (*fn)(const void *p, struct file *file, unsigned int fd), const void *p)
{
	int res = 0;

	if (!files)
		return 0;
	spin_lock(&files->file_lock);
	for (; n < files->fdt->max_fds && !res; n++) {
		if (files->fdt->fd[n])
			res = fn(p, files->fdt->fd[n], n);
	}
	spin_unlock(&files->file_lock);
	return res;
}

void __init fdtable_init(void)
{
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct), 0,
					 SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
