// SPDX-License-Identifier: GPL-2.0-only
/*
 * The "newc" cpio format (cpio(5)): a 110-byte header of hexadecimal fields, the name and the
 * data, each padded to four bytes; a file named TRAILER!!! ends an archive. Several archives may
 * follow each other with zero bytes between them. Pure: called by init/initramfs.c.
 */
#include <linux/cpio.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/stat.h>
#include <linux/string.h>

#define MAGIC_LEN	6
#define FIELD_LEN	8
#define NR_FIELDS	13
#define HEADER_LEN	(MAGIC_LEN + NR_FIELDS * FIELD_LEN)
#define NAME_MAX_LEN	4096	/* with the NUL, as PATH_MAX */

enum field {
	F_INO, F_MODE, F_UID, F_GID, F_NLINK, F_MTIME, F_FILESIZE,
	F_DEVMAJOR, F_DEVMINOR, F_RDEVMAJOR, F_RDEVMINOR, F_NAMESIZE, F_CHECK,
};

/* Field by field; __parse_digits() would take fewer digits than eight. */
static bool parse_field(const char *s, u32 *value)
{
	int i;

	*value = 0;
	for (i = 0; i < FIELD_LEN; i++) {
		if (!isxdigit(s[i]))
			return false;
		*value = *value << 4 | (isdigit(s[i]) ? s[i] - '0' : tolower(s[i]) - 'a' + 10);
	}
	return true;
}

static const char *check_magic(const char *p, size_t left)
{
	if (left < MAGIC_LEN)
		return "the archive ends inside a header";
	if (!memcmp(p, "070701", MAGIC_LEN))
		return left < HEADER_LEN ? "the archive ends inside a header" : NULL;
	if (!memcmp(p, "070707", MAGIC_LEN))
		return "this is the old portable format: make it with cpio -H newc";
	if (!memcmp(p, "070702", MAGIC_LEN))
		return "this is the crc format: make it with cpio -H newc";
	if ((u8)p[0] == 0x1f && (u8)p[1] == 0x8b)
		return "this is compressed by gzip: give it uncompressed";
	if (!memcmp(p, "\x28\xb5\x2f\xfd", 4) || !memcmp(p, "\xfd" "7zXZ", 5))
		return "this is compressed by zstd or xz: give it uncompressed";
	return "there is no newc header (070701) here";
}

static const char *check_type(u32 mode, size_t size)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFLNK:
		if (!size)
			return "a symbolic link has no target";
		return size >= NAME_MAX_LEN ? "a symbolic link's target is too long" : NULL;
	case S_IFDIR:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return size ? "only a file or a symbolic link may have data" : NULL;
	default:
		return "the mode holds no known file type";
	}
}

static const char *check_name(const char *name, u32 namesize, size_t left)
{
	if (!namesize || namesize > NAME_MAX_LEN)
		return "a name's length is zero or beyond 4096";
	if (left < namesize)
		return "the archive ends inside a name";
	if (name[namesize - 1])
		return "a name is not ended by NUL";
	if (memchr(name, '\0', namesize) != name + namesize - 1)
		return "a name holds a NUL";
	return namesize == 1 ? "a name is empty" : NULL;
}

static void fill_entry(struct cpio_entry *entry, const u32 *field)
{
	*entry = (struct cpio_entry) {
		.ino = field[F_INO], .mode = field[F_MODE], .uid = field[F_UID],
		.gid = field[F_GID], .nlink = field[F_NLINK], .mtime = field[F_MTIME],
		.devmajor = field[F_DEVMAJOR], .devminor = field[F_DEVMINOR],
		.rdevmajor = field[F_RDEVMAJOR], .rdevminor = field[F_RDEVMINOR],
		.name_len = field[F_NAMESIZE] - 1, .data_len = field[F_FILESIZE],
	};
}

/* The entry at the reader's offset; moves it behind the entry. Returns what is wrong or NULL. */
static const char *read_entry(struct cpio_reader *reader, struct cpio_entry *entry, bool *trailer)
{
	size_t left = reader->size - reader->offset, name_end;
	const char *p = reader->start + reader->offset, *error;
	u32 field[NR_FIELDS];
	int i;

	error = check_magic(p, left);
	if (error)
		return error;
	for (i = 0; i < NR_FIELDS; i++)
		if (!parse_field(p + MAGIC_LEN + i * FIELD_LEN, &field[i]))
			return "a header field is not a hexadecimal number";
	error = check_name(p + HEADER_LEN, field[F_NAMESIZE], left - HEADER_LEN);
	if (error)
		return error;
	fill_entry(entry, field);
	entry->name = p + HEADER_LEN;
	*trailer = !strcmp(entry->name, "TRAILER!!!");
	error = *trailer ? NULL : check_type(entry->mode, entry->data_len);
	if (error)
		return error;
	name_end = ALIGN((size_t)HEADER_LEN + field[F_NAMESIZE], 4);
	if (*trailer)
		entry->data_len = 0;
	if (entry->data_len && (left < name_end || left - name_end < entry->data_len))
		return "the archive ends inside a file's data";
	entry->data = p + name_end;
	/* The last padding may be missing. */
	reader->offset += min(ALIGN(name_end + entry->data_len, 4), left);
	return NULL;
}

static void skip_zeroes(struct cpio_reader *reader)
{
	while (reader->offset < reader->size && !reader->start[reader->offset])
		reader->offset++;
}

/**
 * cpio_init() - begin to read an archive
 * @reader: the reader's state
 * @start: the archive, aligned to four bytes
 * @size: its length in bytes
 */
void cpio_init(struct cpio_reader *reader, const void *start, size_t size)
{
	*reader = (struct cpio_reader) { .start = start, .size = size };
}

/**
 * cpio_next() - read the next entry
 * @reader: the reader's state
 * @entry: set when 1 is returned
 *
 * Entries' names are as they stand in the archive: perhaps absolute, perhaps with "..".
 *
 * Return: 1, 0 at the end, -EINVAL with @reader->error and @reader->offset saying what and where.
 * An archive that ends without its trailer is an error.
 */
int cpio_next(struct cpio_reader *reader, struct cpio_entry *entry)
{
	bool trailer = false;

	for (;;) {
		if (reader->offset == 0 || trailer)
			skip_zeroes(reader);
		if (reader->offset == reader->size) {
			if (trailer)
				return 0;
			reader->error = "the archive is empty or ends without its trailer";
			return -EINVAL;
		}
		reader->error = read_entry(reader, entry, &trailer);
		if (reader->error)
			return -EINVAL;
		if (!trailer)
			return 1;
	}
}
