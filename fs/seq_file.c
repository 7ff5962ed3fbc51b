// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text made on the fly. Records are printed into a buffer that grows until one fits; a reader
 * gets them in whatever pieces it asks for.
 * Locks: m->lock, for readers that share the open file.
 */
#include <linux/err.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#define SEQ_MAX_RECORD	(64UL << 20)

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return -ENOMEM;
	mutex_init(&m->lock);
	m->op = op;
	m->file = file;
	file->private_data = m;
	return 0;
}

static void drop_buffer(struct seq_file *m)
{
	kvfree(m->buf);
	m->buf = NULL;
	m->size = m->count = m->from = 0;
}

static int set_buffer(struct seq_file *m, size_t size)
{
	drop_buffer(m);
	if (size > SEQ_MAX_RECORD)
		return -ENOMEM;
	m->buf = kvmalloc(size, GFP_KERNEL);
	if (!m->buf)
		return -ENOMEM;
	m->size = size;
	return 0;
}

static void restart(struct seq_file *m)
{
	m->index = 0;
	m->read_pos = 0;
	m->count = m->from = 0;
}

/*
 * Print one record behind what is there.
 * Return: 1 printed (or skipped), 0 it did not fit and was taken back, -errno.
 */
static int show_one(struct seq_file *m, void *v)
{
	size_t before = m->count;
	int err = m->op->show(m, v);

	if (err < 0)
		return err;
	if (seq_has_overflowed(m)) {
		m->count = before;
		return 0;
	}
	if (err == SEQ_SKIP)
		m->count = before;
	return 1;
}

/*
 * Fill the buffer with at least one record, and more while they fit and are wanted.
 * Return: 0 (count is 0 at the end of the sequence), or -errno.
 */
static int fill(struct seq_file *m, size_t wanted)
{
	bool too_small;
	void *v;
	int ret;

	do {
		too_small = false;
		ret = 0;
		m->count = m->from = 0;
		v = m->op->start(m, &m->index);
		while (v && !IS_ERR(v)) {
			ret = show_one(m, v);
			if (ret < 0)
				break;
			if (!ret) {
				too_small = !m->count;
				break;
			}
			v = m->op->next(m, v, &m->index);
			if (m->count >= wanted)
				break;
		}
		if (IS_ERR(v))
			ret = PTR_ERR(v);
		m->op->stop(m, v);
		if (too_small && ret >= 0)
			ret = set_buffer(m, m->size * 2);
	} while (too_small && ret >= 0);
	return ret < 0 ? ret : 0;
}

/* Make the text from the start again and drop what comes before @pos. */
static int skip_to(struct seq_file *m, loff_t pos)
{
	int err;

	restart(m);
	while (m->read_pos < pos) {
		size_t step;

		if (m->from == m->count) {
			err = fill(m, min_t(loff_t, pos - m->read_pos, PAGE_SIZE));
			if (err)
				return err;
			if (!m->count)
				break;
		}
		step = min_t(loff_t, m->count - m->from, pos - m->read_pos);
		m->from += step;
		m->read_pos += step;
	}
	return 0;
}

static ssize_t drain(struct seq_file *m, struct iov_iter *to)
{
	size_t n = min(m->count - m->from, iov_iter_count(to));
	size_t done = copy_to_iter(m->buf + m->from, n, to);

	m->from += done;
	m->read_pos += done;
	return done < n && !done ? -EFAULT : (ssize_t)done;
}

static ssize_t read_locked(struct seq_file *m, struct iov_iter *to, loff_t pos)
{
	ssize_t total = 0, n;
	int err = 0;

	if (!m->buf)
		err = set_buffer(m, PAGE_SIZE);
	if (!err && pos != m->read_pos)
		err = skip_to(m, pos);
	while (!err && iov_iter_count(to)) {
		if (m->from == m->count) {
			if (total)
				break;	/* one buffer a call: records stay whole for small readers */
			err = fill(m, iov_iter_count(to));
			if (err || !m->count)
				break;
		}
		n = drain(m, to);
		if (n < 0)
			err = n;
		else
			total += n;
	}
	return total ?: err;
}

ssize_t seq_read_iter(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	ssize_t n;

	if (!iov_iter_count(to))
		return 0;
	mutex_lock(&m->lock);
	n = read_locked(m, to, *pos);
	if (n > 0)
		*pos += n;
	mutex_unlock(&m->lock);
	return n;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	drop_buffer(m);
	kfree(m);
	return 0;
}

/* ---- one record, or private data ---- */

static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data,
		     size_t size)
{
	struct seq_operations *op = kzalloc(sizeof(*op), GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!op)
		return -ENOMEM;
	op->start = single_start;
	op->next = single_next;
	op->stop = single_stop;
	op->show = show;
	err = seq_open(file, op);
	if (err) {
		kfree(op);
		return err;
	}
	m = file->private_data;
	m->private = data;
	err = size ? set_buffer(m, size) : 0;
	if (err)
		single_release(NULL, file);
	return err;
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	return single_open_size(file, show, data, 0);
}

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;

	seq_release(inode, file);
	kfree(op);
	return 0;
}

void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, op)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}

int seq_release_private(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return seq_release(inode, file);
}

/* ---- printing; a buffer that is exactly full has overflowed ---- */

void seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (m->count + len < m->size) {
		memcpy(m->buf + m->count, data, len);
		m->count += len;
	} else {
		m->count = m->size;
	}
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	size_t room = m->size - m->count;
	int len;

	if (!room)
		return;
	len = vsnprintf(m->buf + m->count, room, fmt, args);
	m->count = len < room ? m->count + len : m->size;
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}

void seq_put_decimal_ull(struct seq_file *m, const char *before, unsigned long long num)
{
	char digits[20];
	int i = sizeof(digits);

	do {
		digits[--i] = '0' + num % 10;
		num /= 10;
	} while (num);
	seq_puts(m, before);
	seq_write(m, digits + i, sizeof(digits) - i);
}

void seq_put_decimal_ll(struct seq_file *m, const char *before, long long num)
{
	seq_puts(m, before);
	if (num < 0)
		seq_putc(m, '-');
	seq_put_decimal_ull(m, "", num < 0 ? -(unsigned long long)num : num);
}

void seq_put_hex(struct seq_file *m, const char *before, unsigned long long num)
{
	seq_printf(m, "%s%llx", before, num);
}

void seq_pad(struct seq_file *m, char c, size_t column)
{
	size_t begin = m->count;

	while (begin > 0 && m->buf[begin - 1] != '\n')
		begin--;
	while (m->count - begin < column && !seq_has_overflowed(m))
		seq_putc(m, ' ');
	if (c)
		seq_putc(m, c);
}

void seq_escape(struct seq_file *m, const char *s, const char *esc)
{
	for (; *s; s++) {
		if (strchr(esc, *s))
			seq_printf(m, "\\%03o", (unsigned char)*s);
		else
			seq_putc(m, *s);
	}
}

int seq_path(struct seq_file *m, const struct path *path, const char *esc)
{
	char *page = (char *)__get_free_page(GFP_KERNEL), *name;

	if (!page)
		return -ENOMEM;
	name = d_path(path, page, PAGE_SIZE);
	if (!IS_ERR(name))
		seq_escape(m, name, esc);
	free_page((unsigned long)page);
	return PTR_ERR_OR_ZERO(name);
}

int seq_file_path(struct seq_file *m, struct file *file, const char *esc)
{
	return seq_path(m, &file->f_path, esc);
}
