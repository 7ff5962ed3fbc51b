// SPDX-License-Identifier: GPL-2.0-only
/*
 * The newc reader on archives made by cpio(1), whole, concatenated, and damaged in every byte.
 */
#include <host.h>
#include <linux/cpio.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/selftest.h>
#include <linux/stat.h>
#include <linux/string.h>

#define MAKE_ARCHIVE								\
	"set -e; d=$(mktemp -d); cd $d; mkdir -p t/sub; cd t;"			\
	"printf hello > file; : > empty; printf 'four' > sub/four; ln -s sub/four link;" \
	"ln file hard; mkfifo pipe; head -c 5000 /dev/zero > zeroes; chmod 4711 file;"	\
	"touch -d @1000000000 file;"						\
	"find . | LC_ALL=C sort | cpio --quiet -o -H newc; rm -r $d"

static char *archive;
static unsigned long archive_size;

/* The archive, in memory of just its size so that ASan sees a read beyond it. */
static bool make_archive(struct selftest_ctx *t)
{
	unsigned long size;
	char *output = host_command("command -v cpio", &size);

	if (!output) {
		t->skip = "cpio(1) is not installed";
		return false;
	}
	host_free(output);
	output = host_command(MAKE_ARCHIVE, &archive_size);
	if (!output) {
		selftest_fail(t, __FILE__, __LINE__, "cannot make the archive");
		return false;
	}
	archive = host_alloc(archive_size, 0);
	memcpy(archive, output, archive_size);
	host_free(output);
	return true;
}

static const struct expected {
	const char *name;
	u32 mode;
	const char *data;
	size_t len;
} expected[] = {
	{ ".", S_IFDIR, NULL, 0 },
	{ "empty", S_IFREG, "", 0 },
	{ "file", S_IFREG, NULL, 0 },
	{ "hard", S_IFREG, "hello", 5 },
	{ "link", S_IFLNK, "sub/four", 8 },
	{ "pipe", S_IFIFO, NULL, 0 },
	{ "sub", S_IFDIR, NULL, 0 },
	{ "sub/four", S_IFREG, "four", 4 },
	{ "zeroes", S_IFREG, NULL, 5000 },
};

static void check_entry(struct selftest_ctx *t, const struct cpio_entry *e)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expected) && strcmp(expected[i].name, e->name); i++)
		;
	KT_ASSERT(i < ARRAY_SIZE(expected));
	KT_EXPECT_EQ(e->mode & S_IFMT, expected[i].mode);
	KT_EXPECT_EQ(e->name_len, strlen(e->name));
	if (expected[i].data)
		KT_EXPECT(e->data_len == expected[i].len &&
			  !memcmp(e->data, expected[i].data, e->data_len));
	if (!strcmp(e->name, "file") || !strcmp(e->name, "hard")) {
		KT_EXPECT_EQ(e->nlink, 2);
		KT_EXPECT_EQ(e->mtime, 1000000000);
		KT_EXPECT_EQ(e->mode & 07777, 04711);
	}
}

/* How cpio_next() ends: 0 or -EINVAL; counts the entries before that. */
static int read_all(const char *data, size_t size, struct cpio_reader *reader, unsigned int *count)
{
	struct cpio_entry e;
	int ret;

	*count = 0;
	cpio_init(reader, data, size);
	while ((ret = cpio_next(reader, &e)) == 1)
		(*count)++;
	return ret;
}

SELFTEST(cpio, reads_what_cpio_writes)
{
	struct cpio_reader reader;
	struct cpio_entry e;
	unsigned int count = 0;
	int ret;

	if (!make_archive(t))
		return;
	cpio_init(&reader, archive, archive_size);
	while ((ret = cpio_next(&reader, &e)) == 1) {
		check_entry(t, &e);
		count++;
	}
	KT_EXPECT_EQ(ret, 0);
	KT_EXPECT_EQ(count, ARRAY_SIZE(expected));
	host_free(archive);
}

SELFTEST(cpio, archives_after_each_other)
{
	struct cpio_reader reader;
	unsigned int count;
	char *twice;

	if (!make_archive(t))
		return;
	twice = host_alloc(2 * archive_size + 512, 1);
	memcpy(twice, archive, archive_size);
	memcpy(twice + archive_size + 512, archive, archive_size);
	KT_EXPECT_EQ(read_all(twice, 2 * archive_size + 512, &reader, &count), 0);
	KT_EXPECT_EQ(count, 2 * ARRAY_SIZE(expected));
	twice[archive_size + 100] = 'x';
	KT_EXPECT_EQ(read_all(twice, 2 * archive_size + 512, &reader, &count), -EINVAL);
	KT_EXPECT(strstr(reader.error, "no newc header"));
	KT_EXPECT_EQ(reader.offset, archive_size + 100);
	host_free(twice);
	host_free(archive);
}

/* Cut anywhere before the trailer's name ends: refused, with a reason, reading no byte beyond. */
SELFTEST(cpio, every_truncation_is_refused)
{
	struct cpio_reader reader;
	unsigned long size, end;
	unsigned int count;
	char *copy;
	int ret;

	if (!make_archive(t))
		return;
	for (end = archive_size; memcmp(archive + end - 10, "TRAILER!!!", 10); end--)
		;
	for (size = 0; size < archive_size && !t->failed; size++) {
		copy = host_alloc(size, 0);
		memcpy(copy, archive, size);
		ret = read_all(copy, size, &reader, &count);
		KT_EXPECT_EQ(ret, size > end ? 0 : -EINVAL);
		KT_EXPECT_EQ(!reader.error, ret == 0);
		host_free(copy);
	}
	host_free(archive);
}

/* Any byte changed to any of a few values: some reading, never one beyond the memory. */
SELFTEST(cpio, every_damaged_byte_is_survived)
{
	static const unsigned char damage[] = { 0, '0', 'f', 'F', 0xff, 'g', 0x80 };
	struct cpio_reader reader;
	unsigned long at, v;
	unsigned int count;
	char was;

	if (!make_archive(t))
		return;
	for (at = 0; at < archive_size; at++) {
		was = archive[at];
		for (v = 0; v < ARRAY_SIZE(damage); v++) {
			archive[at] = damage[v];
			if (read_all(archive, archive_size, &reader, &count))
				KT_EXPECT(reader.error && reader.offset <= archive_size);
		}
		archive[at] = was;
	}
	host_free(archive);
}

/* The fields are numbered as in the header; see cpio(5). */
static void put_field(char *header, int field, u32 value)
{
	char text[9];

	snprintf(text, sizeof(text), "%08X", value);
	memcpy(header + 6 + 8 * field, text, 8);
}

static int make_entry(char *buf, u32 mode, const char *name, u32 namesize, u32 filesize)
{
	int i;

	memset(buf, 0, 512);
	memcpy(buf, "070701", 6);
	for (i = 0; i < 13; i++)
		put_field(buf, i, 0);
	put_field(buf, 1, mode);
	put_field(buf, 6, filesize);
	put_field(buf, 11, namesize);
	memcpy(buf + 110, name, strlen(name));
	return ALIGN(110 + namesize, 4) + ALIGN(filesize, 4);
}

static const struct bad_case {
	u32 mode;
	const char *name;
	u32 namesize, filesize;
	const char *error;
} bad_cases[] = {
	{ 0, "x", 2, 0, "file type" },
	{ 0170000, "x", 2, 0, "file type" },
	{ S_IFDIR, "x", 2, 4, "may have data" },
	{ S_IFCHR, "x", 2, 4, "may have data" },
	{ S_IFLNK, "x", 2, 0, "no target" },
	{ S_IFLNK, "x", 2, 5000, "too long" },
	{ S_IFREG, "x", 0, 0, "name's length" },
	{ S_IFREG, "x", 4097, 0, "name's length" },
	{ S_IFREG, "", 1, 0, "name is empty" },
	{ S_IFREG, "xy", 2, 0, "not ended" },
	{ S_IFREG, "x", 4, 0, "holds a NUL" },
	{ S_IFREG, "x", 2, 0xffffffff, "inside a file's data" },
	{ S_IFREG, "x", 400, 0, "NUL" },
	{ S_IFREG, "x", 500, 0, "inside a name" },
};

SELFTEST(cpio, reasons_are_named)
{
	const struct bad_case *c;
	struct cpio_reader reader;
	struct cpio_entry e;
	char buf[512];

	for (c = bad_cases; c < bad_cases + ARRAY_SIZE(bad_cases); c++) {
		make_entry(buf, c->mode, c->name, c->namesize, c->filesize);
		cpio_init(&reader, buf, sizeof(buf));
		KT_EXPECT_EQ(cpio_next(&reader, &e), -EINVAL);
		if (!reader.error || !strstr(reader.error, c->error))
			selftest_fail(t, __FILE__, __LINE__, "\"%s\", not \"%s\"", reader.error,
				      c->error);
	}
}

SELFTEST(cpio, other_formats_are_named)
{
	static const char *const magics[][2] = {
		{ "070707", "old portable" }, { "070702", "crc" }, { "\037\213\10\0\0\0", "gzip" },
		{ "\x28\xb5\x2f\xfd..", "zstd" }, { "\xfd" "7zXZ.", "xz" },
		{ "\177ELF..", "no newc" },
	};
	struct cpio_reader reader;
	struct cpio_entry e;
	char buf[512] = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(magics); i++) {
		memcpy(buf, magics[i][0], 6);
		cpio_init(&reader, buf, sizeof(buf));
		KT_EXPECT_EQ(cpio_next(&reader, &e), -EINVAL);
		KT_EXPECT(strstr(reader.error, magics[i][1]));
	}
	memset(buf, 0, sizeof(buf));
	cpio_init(&reader, buf, sizeof(buf));
	KT_EXPECT_EQ(cpio_next(&reader, &e), -EINVAL);
	KT_EXPECT(strstr(reader.error, "empty"));
}
