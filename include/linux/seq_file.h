/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files whose text is made on the fly: the writer prints records, the reader may take them in
 * any pieces. Used by /proc; see fs/seq_file.c.
 */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/stdarg.h>
#include <linux/types.h>

struct seq_operations;
struct path;

/*
 * One open file. Locks: [k] lock
 */
struct seq_file {
	char *buf;			/* [k] text made and not yet read */
	size_t size;			/* [k] of @buf */
	size_t from;			/* [k] first byte not yet read */
	size_t count;			/* [k] bytes in @buf */
	loff_t index;			/* [k] of the record to make next */
	loff_t read_pos;		/* [k] file position that the text stands for */
	struct mutex lock;
	const struct seq_operations *op;
	struct file *file;
	void *private;
};

/* A sequence of records; start() may take locks that stop() drops. */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP	1		/* show(): leave this record out */
#define SEQ_START_TOKEN	((void *)1)

int seq_open(struct file *file, const struct seq_operations *op);
ssize_t seq_read_iter(struct file *file, struct iov_iter *to, loff_t *pos);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int seq_release(struct inode *inode, struct file *file);

/* One record only. */
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data,
		     size_t size);
int single_release(struct inode *inode, struct file *file);

void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize);
int seq_release_private(struct inode *inode, struct file *file);

void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args) __printf(2, 0);
void seq_putc(struct seq_file *m, char c);
void seq_puts(struct seq_file *m, const char *s);
void seq_write(struct seq_file *m, const void *data, size_t len);
void seq_put_decimal_ull(struct seq_file *m, const char *before, unsigned long long num);
void seq_put_decimal_ll(struct seq_file *m, const char *before, long long num);
void seq_put_hex(struct seq_file *m, const char *before, unsigned long long num);
void seq_pad(struct seq_file *m, char c, size_t column);
/* @s with each character of @esc as \ooo */
void seq_escape(struct seq_file *m, const char *s, const char *esc);
int seq_path(struct seq_file *m, const struct path *path, const char *esc);
int seq_file_path(struct seq_file *m, struct file *file, const char *esc);

static inline bool seq_has_overflowed(const struct seq_file *m)
{
	return m->count == m->size;
}

#endif
