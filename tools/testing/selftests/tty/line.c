// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line discipline character by character: what is echoed, what is read, what is written,
 * for each flag of termios(3). Each case types on the master of a fresh pty.
 */
#include "pty.h"
#include <sys/sendfile.h>

#define I	(ICRNL | IXON)
#define O	(OPOST | ONLCR)
#define L	(ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN)

struct line_case {
	const char *name;
	tcflag_t iflag, oflag, lflag;
	const char *typed;
	const char *echoed;
	const char *reads[4];		/* what successive reads give; "" is end of file */
	int cc, value;			/* one control character to change, if value */
};

static const struct line_case editing[] = {
	{ "plain", I, O, L, "abc\n", "abc\r\n", { "abc\n" } },
	{ "carriage return", I, O, L, "abc\r", "abc\r\n", { "abc\n" } },
	{ "unfinished", I, O, L, "abc", "abc", { NULL } },
	{ "two lines", I, O, L, "ab\ncd\n", "ab\r\ncd\r\n", { "ab\n", "cd\n" } },
	{ "empty line", I, O, L, "\n", "\r\n", { "\n" } },
	{ "erase", I, O, L, "abx\177c\n", "abx\b \bc\r\n", { "abc\n" } },
	{ "erase at start", I, O, L, "\177a\177\177b\n", "a\b \bb\r\n", { "b\n" } },
	{ "erase control", I, O, L, "a\001\177b\n", "a^A\b \b\b \bb\r\n", { "ab\n" } },
	{ "erase tab", I, O, L, "ab\t\177c\n", "ab\t\b\b\b\b\b\bc\r\n", { "abc\n" } },
	{ "erase tab after tab", I, O, L, "\ta\t\177\n", "\ta\t\b\b\b\b\b\b\b\r\n", { "\ta\n" } },
	{ "erase tab after control", I, O, L, "\001\t\177\n", "^A\t\b\b\b\b\b\b\r\n",
	  { "\001\n" } },
	{ "kill", I, O, L, "abc\025d\n", "abc\b \b\b \b\b \bd\r\n", { "d\n" } },
	{ "kill nothing", I, O, L, "\025d\n", "d\r\n", { "d\n" } },
	{ "word erase", I, O, L, "one two_3 \027x\n",
	  "one two_3 \b \b\b \b\b \b\b \b\b \b\b \bx\r\n", { "one x\n" } },
	{ "word erase punctuation", I, O, L, "a ++\027b\n", "a ++\b \b\b \b\b \b\b \bb\r\n",
	  { "b\n" } },
	{ "reprint", I, O, L, "ab\022c\n", "ab^R\r\nabc\r\n", { "abc\n" } },
	{ "literal next", I, O, L, "a\026\177b\n", "a^\b^?b\r\n", { "a\177b\n" } },
	{ "literal interrupt", I, O, L, "\026\003\n", "^\b^C\r\n", { "\003\n" } },
	{ "literal newline", I, O, L, "a\026\nb\n", "a^\b^Jb\r\n", { "a\nb\n" } },
	{ "end of file", I, O, L, "\004", "", { "" } },
	{ "end of file after text", I, O, L, "ab\004c\n", "abc\r\n", { "ab", "c\n" } },
	{ "end of file twice", I, O, L, "ab\004\004", "ab", { "ab", "" } },
	{ "end of file between", I, O, L, "a\n\004b\n", "a\r\nb\r\n", { "a\n", "", "b\n" } },
	{ "eol", I, O, L, "ab;c\n", "ab;c\r\n", { "ab;", "c\n" }, VEOL, ';' },
	{ "eol2", I, O, L, "ab;c\n", "ab;c\r\n", { "ab;", "c\n" }, VEOL2, ';' },
	{ "eol2 without iexten", I, O, L & ~IEXTEN, "ab;c\n", "ab;c\r\n",
	  { "ab;c\n" }, VEOL2, ';' },
	{ "other erase", I, O, L, "ab#c\177\n", "ab\b \bc^?\r\n", { "ac\177\n" }, VERASE, '#' },
	{ "controls", I, O, L, "\001\033\t\007\n", "^A^[\t^G\r\n", { "\001\033\t\007\n" } },
	{ "bytes above 127", I, O, L, "\303\244\n", "\303\244\r\n", { "\303\244\n" } },
	{ "utf8 erase", I | IUTF8, O, L, "a\303\244\177b\n", "a\303\244\b \bb\r\n", { "ab\n" } },
	{ "utf8 three bytes", I | IUTF8, O, L, "\342\202\254\177\n", "\342\202\254\b \b\r\n",
	  { "\n" } },
	{ "utf8 tail alone", I | IUTF8, O, L, "\200\177\n", "\200\r\n", { "\200\n" } },
	{ "utf8 tail killed", I | IUTF8, O, L, "\200a\025\n", "\200a\b \b\r\n", { "\200\n" } },
	{ "latin1 erase", I, O, L, "a\303\244\177b\n", "a\303\244\b \bb\r\n", { "a\303b\n" } },
	{ "utf8 tab", I | IUTF8, O, L, "\303\244\t\177\n", "\303\244\t\b\b\b\b\b\b\b\r\n",
	  { "\303\244\n" } },
};

static const struct line_case echoing[] = {
	{ "no echo", I, O, L & ~ECHO, "ab\177c\n", "", { "ac\n" } },
	{ "echonl", I, O, (L & ~ECHO) | ECHONL, "abc\n", "\r\n", { "abc\n" } },
	{ "no echoe", I, O, L & ~ECHOE, "abc\177d\n", "abc^?d\r\n", { "abd\n" } },
	{ "no echoctl", I, O, L & ~ECHOCTL, "a\001b\177\n", "a\001b\b \b\r\n", { "a\001\n" } },
	{ "no echoctl erase", I, O, L & ~ECHOCTL, "a\001\177b\n", "a\001b\r\n", { "ab\n" } },
	{ "no echoke", I, O, L & ~ECHOKE, "abc\025d\n", "abc^U\r\nd\r\n", { "d\n" } },
	{ "no echok", I, O, L & ~(ECHOKE | ECHOK), "abc\025d\n", "abc^Ud\r\n", { "d\n" } },
	{ "echoprt", I, O, L | ECHOPRT, "abc\177\177d\n", "abc\\cb/d\r\n", { "ad\n" } },
	{ "echoprt to start", I, O, L | ECHOPRT, "ab\177\177c\n", "ab\\ba/c\r\n", { "c\n" } },
	{ "no iexten", I, O, L & ~IEXTEN, "a\026b\027\022\n", "a^Vb^W^R\r\n",
	  { "a\026b\027\022\n" } },
	{ "no isig", I, O, L & ~ISIG, "a\003\034\032\n", "a^C^\\^Z\r\n", { "a\003\034\032\n" } },
	{ "no onlcr", I, OPOST, L, "abc\n", "abc\n", { "abc\n" } },
	{ "no opost", I, 0, L, "abc\n", "abc\n", { "abc\n" } },
};

static const struct line_case mapping[] = {
	{ "no icrnl", IXON, O, L, "ab\rc\n", "ab^Mc\r\n", { "ab\rc\n" } },
	{ "igncr", I | IGNCR, O, L, "ab\rc\n", "abc\r\n", { "abc\n" } },
	{ "inlcr", IXON | INLCR, O, L, "ab\n\004", "ab^M", { "ab\r" } },
	{ "inlcr and icrnl", I | INLCR, O, L, "ab\rc\n\004", "ab\r\nc^M", { "ab\n", "c\r" } },
	{ "istrip", I | ISTRIP, O, L, "\341\342\n", "ab\r\n", { "ab\n" } },
	{ "parmrk", I | PARMRK, O, L, "a\377b\n", "a\377b\r\n", { "a\377\377b\n" } },
	{ "parmrk istrip", I | PARMRK | ISTRIP, O, L, "a\377b\n", "a^?b\r\n",
	  { "a\177b\n" }, VERASE, 1 },
	{ "iuclc", I | IUCLC, O, L, "AbC\n", "abc\r\n", { "abc\n" } },
	{ "iuclc without iexten", I | IUCLC, O, L & ~IEXTEN, "AbC\n", "AbC\r\n", { "AbC\n" } },
	{ "flow control eaten", I, O, L, "a\023\021b\n", "ab\r\n", { "ab\n" } },
	{ "no ixon", ICRNL, O, L, "a\023\021b\n", "a^S^Qb\r\n", { "a\023\021b\n" } },
};

static const struct line_case raw[] = {
	{ "raw", 0, 0, 0, "a\r\n\003\004", "", { "a\r\n\003\004" } },
	{ "cbreak", I, O, ECHO | ISIG, "ab\177", "ab\177", { "ab\177" } },
	{ "raw echo", 0, O, ECHO | ECHOCTL, "a\001\n\r\t", "a^A^J^M\t", { "a\001\n\r\t" } },
	{ "raw icrnl", I, 0, 0, "a\rb", "", { "a\nb" } },
	{ "raw icrnl echo", I, O, ECHO | ECHOCTL, "a\r\nb", "a\r\n^Jb", { "a\n\nb" } },
	{ "raw echo no echoctl", 0, O, ECHO, "a\001\n\r", "a\001\r\n\r", { "a\001\n\r" } },
	{ "raw literal next", I, O, ECHO | ECHOCTL | IEXTEN, "\026a", "^Va", { "\026a" } },
};

static void set_case(int fd, const struct line_case *c)
{
	struct termios t;

	ASSERT_EQ(tcgetattr(fd, &t), 0);
	t.c_iflag = c->iflag;
	t.c_oflag = c->oflag;
	t.c_lflag = c->lflag;
	if (c->value)
		t.c_cc[c->cc] = c->value;
	ASSERT_EQ(tcsetattr(fd, TCSANOW, &t), 0);
}

/* Make control characters visible in a failure's report. */
static const char *shown(const char *text, size_t n)
{
	static char bufs[2][1024];
	static int which;
	char *buf = bufs[which ^= 1];
	size_t at = 0;

	for (size_t i = 0; i < n && at < sizeof(bufs[0]) - 8; i++) {
		if (text[i] >= ' ' && text[i] < 127 && text[i] != '\\')
			buf[at++] = text[i];
		else
			at += sprintf(buf + at, "\\%03o", (unsigned char)text[i]);
	}
	buf[at] = '\0';
	return buf;
}

static void compare(const struct line_case *c, const char *what, const char *got, size_t n,
		    const char *wanted)
{
	if (n == strlen(wanted) && !memcmp(got, wanted, n))
		return;
	ktest_print("# %s: %s \"%s\", expected \"%s\"\n", c->name, what, shown(got, n),
		    shown(wanted, strlen(wanted)));
	ktest_failed(0);
}

static void run_case(const struct line_case *c)
{
	struct pair p = open_pair();
	const char *echo;
	char buf[256];
	ssize_t n;

	set_case(p.slave, c);
	put(p.master, c->typed);
	for (int i = 0; i < 4 && c->reads[i]; i++) {
		n = readable(p.slave, WAIT_MS) ? read(p.slave, buf, sizeof(buf)) : -1;
		if (n < 0) {
			compare(c, "nothing read", "", 0, c->reads[i]);
			continue;
		}
		compare(c, "read", buf, n, c->reads[i]);
	}
	if (readable(p.slave, 0))
		compare(c, "something else to read", "?", 1, "");
	echo = drain(p.master);
	compare(c, "echo", echo, strlen(echo), c->echoed);
	close(p.slave);
	close(p.master);
}

#define RUN(table) do {								\
	for (size_t i_ = 0; i_ < sizeof(table) / sizeof((table)[0]); i_++)	\
		run_case(&(table)[i_]);						\
} while (0)

TEST(editing)
{
	RUN(editing);
}

TEST(echoing)
{
	RUN(echoing);
}

TEST(mapping)
{
	RUN(mapping);
}

TEST(raw)
{
	RUN(raw);
}

struct output_case {
	const char *name;
	tcflag_t oflag;
	const char *written, *sent;
};

static const struct output_case output[] = {
	{ "onlcr", O, "a\nb", "a\r\nb" },
	{ "none", 0, "a\nb\rc\td", "a\nb\rc\td" },
	{ "opost alone", OPOST, "a\nb\r\n", "a\nb\r\n" },
	{ "ocrnl", OPOST | OCRNL, "a\rb", "a\nb" },
	{ "onocr", OPOST | ONOCR, "\rab\r\rc", "ab\rc" },
	{ "onlret", OPOST | ONLRET | ONOCR, "ab\n\rc\r", "ab\nc\r" },
	{ "xtabs", OPOST | XTABS, "\ta\tb", "        a       b" },
	{ "xtabs after newline", O | XTABS, "abc\n\tx", "abc\r\n        x" },
	{ "xtabs after backspace", OPOST | XTABS, "ab\b\tx", "ab\b       x" },
	{ "xtabs after return", OPOST | XTABS, "abc\r\tx", "abc\r        x" },
	{ "xtabs and controls", OPOST | XTABS, "\033\001\tx", "\033\001        x" },
	{ "newline keeps column", OPOST | XTABS, "abc\n\tx", "abc\n     x" },
	{ "olcuc", OPOST | OLCUC, "abC1", "ABC1" },
};

TEST(output)
{
	for (size_t i = 0; i < sizeof(output) / sizeof(output[0]); i++) {
		struct line_case c = { .name = output[i].name, .oflag = output[i].oflag,
				       .iflag = I, .lflag = L };
		struct pair p = open_pair();
		const char *sent;

		set_case(p.slave, &c);
		put(p.slave, output[i].written);
		sent = drain(p.master);
		compare(&c, "sent", sent, strlen(sent), output[i].sent);
		close(p.slave);
		close(p.master);
	}
}

/* The echo knows the column that output left. */
TEST(erase_after_prompt)
{
	struct pair p = open_pair();

	put(p.slave, "prompt> ");
	put(p.master, "a\t\177b\n");
	EXPECT_STREQ(drain(p.master), "prompt> a\t\b\b\b\b\b\b\bb\r\n");
}

/* It would go on after a ^D: cat had to be told twice. */
TEST(sendfile_refuses_terminal)
{
	struct pair p = open_pair();
	int out = memfd_create("out", 0);

	ASSERT_GE(out, 0);
	EXPECT_ERRNO(sendfile(out, p.slave, NULL, 100), EINVAL);
}

TEST(read_in_pieces)
{
	struct pair p = open_pair();
	char buf[16];

	put(p.master, "abcdef\n");
	EXPECT_EQ(read(p.slave, buf, 3), 3);
	EXPECT_EQ(memcmp(buf, "abc", 3), 0);
	EXPECT_EQ(read(p.slave, buf, 16), 4);
	EXPECT_EQ(memcmp(buf, "def\n", 4), 0);
}

/* ^D right behind what fills the buffer belongs to that read. */
TEST(end_of_file_at_buffer_end)
{
	struct pair p = open_pair();
	char buf[16];

	put(p.master, "abc\004");
	EXPECT_EQ(read(p.slave, buf, 3), 3);
	EXPECT_EQ(readable(p.slave, QUIET_MS), 0);
	put(p.master, "abc\004");
	EXPECT_EQ(read(p.slave, buf, 2), 2);
	EXPECT_EQ(read(p.slave, buf, 16), 1);
	EXPECT_EQ(readable(p.slave, QUIET_MS), 0);
}

/* A line holds 4095 characters and its newline; the rest is dropped. */
TEST(long_line)
{
	struct pair p = open_pair();
	static char text[6000], buf[8192];
	struct termios t;
	ssize_t n;

	ASSERT_EQ(tcgetattr(p.slave, &t), 0);
	t.c_lflag &= ~ECHO;
	t.c_iflag &= ~IMAXBEL;
	ASSERT_EQ(tcsetattr(p.slave, TCSANOW, &t), 0);
	memset(text, 'x', sizeof(text));
	for (size_t at = 0; at < sizeof(text); at += 500)
		ASSERT_EQ(write(p.master, text + at, 500), 500);
	put(p.master, "\n");
	ASSERT(readable(p.slave, WAIT_MS));
	n = read(p.slave, buf, sizeof(buf));
	EXPECT_EQ(n, 4096);
	EXPECT_EQ(buf[4094], 'x');
	EXPECT_EQ(buf[4095], '\n');
	put(p.master, "next\n");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 5);
}

/* Going to canonical mode makes what is there readable, leaving it the unfinished line too. */
TEST(switch_modes)
{
	struct pair p = open_pair();
	struct termios cooked;
	char buf[32];

	ASSERT_EQ(tcgetattr(p.slave, &cooked), 0);
	put(p.master, "part");
	EXPECT_EQ(readable(p.slave, QUIET_MS), 0);
	set_raw(p.slave, 1, 0);
	EXPECT(readable(p.slave, WAIT_MS));
	EXPECT_EQ(read(p.slave, buf, 2), 2);
	ASSERT_EQ(tcsetattr(p.slave, TCSANOW, &cooked), 0);
	EXPECT(readable(p.slave, WAIT_MS));
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	EXPECT_EQ(memcmp(buf, "rt", 2), 0);
	put(p.master, "a\nb\n");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	set_raw(p.slave, 1, 0);
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
}

TEST(queue_lengths)
{
	struct pair p = open_pair();
	int n = -1;

	put(p.master, "abc\nde");
	ASSERT(readable(p.slave, WAIT_MS));
	ASSERT_EQ(ioctl(p.slave, FIONREAD, &n), 0);
	EXPECT_EQ(n, 4);
	put(p.master, "\004");
	sleep_ms(QUIET_MS);
	ASSERT_EQ(ioctl(p.slave, FIONREAD, &n), 0);
	EXPECT_EQ(n, 6);
	ASSERT_EQ(ioctl(p.slave, TIOCOUTQ, &n), 0);
	EXPECT_EQ(n, 0);
}

TEST(flush)
{
	struct pair p = open_pair();
	char buf[16];

	put(p.master, "abc\nde");
	ASSERT(readable(p.slave, WAIT_MS));
	EXPECT_EQ(tcflush(p.slave, TCIFLUSH), 0);
	EXPECT_EQ(readable(p.slave, QUIET_MS), 0);
	put(p.master, "f\n");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 2);
	EXPECT_ERRNO(tcflush(p.slave, 3), EINVAL);
	EXPECT_ERRNO(tcflow(p.slave, 4), EINVAL);
}

/* ^S holds output, ^Q lets it go. */
TEST(stop_and_start)
{
	struct pair p = open_pair();
	int flags = fcntl(p.slave, F_GETFL);

	put(p.slave, "one");
	EXPECT_STREQ(drain(p.master), "one");
	put(p.master, "\023");
	sleep_ms(QUIET_MS);
	ASSERT_EQ(fcntl(p.slave, F_SETFL, flags | O_NONBLOCK), 0);
	EXPECT_ERRNO(write(p.slave, "two", 3), EAGAIN);
	EXPECT_EQ(readable(p.master, QUIET_MS), 0);
	put(p.master, "\021");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(write(p.slave, "two", 3), 3);
	EXPECT_STREQ(drain(p.master), "two");
}

TEST(tcflow_holds_output)
{
	struct pair p = open_pair();

	EXPECT_EQ(fcntl(p.slave, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	EXPECT_EQ(tcflow(p.slave, TCOOFF), 0);
	EXPECT_ERRNO(write(p.slave, "x", 1), EAGAIN);
	put(p.master, "\021");		/* does not release what the program holds */
	sleep_ms(QUIET_MS);
	EXPECT_ERRNO(write(p.slave, "x", 1), EAGAIN);
	EXPECT_EQ(tcflow(p.slave, TCOON), 0);
	EXPECT_EQ(write(p.slave, "x", 1), 1);
	EXPECT_STREQ(drain(p.master), "x");
	EXPECT_EQ(tcflow(p.slave, TCIOFF), 0);
	EXPECT_STREQ(drain(p.master), "\023");
	EXPECT_EQ(tcflow(p.slave, TCION), 0);
	EXPECT_STREQ(drain(p.master), "\021");
}

TEST(ixany)
{
	struct pair p = open_pair();

	set_flags(p.slave, I | IXANY, O, L);
	EXPECT_EQ(fcntl(p.slave, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	put(p.master, "\023");
	sleep_ms(QUIET_MS);
	EXPECT_ERRNO(write(p.slave, "x", 1), EAGAIN);
	put(p.master, "a");
	sleep_ms(QUIET_MS);
	EXPECT_EQ(write(p.slave, "x", 1), 1);
	EXPECT_STREQ(drain(p.master), "ax");
}

TEST(tiocsti)
{
	struct pair p = open_pair();
	char buf[8];

	if (geteuid())
		SKIP("needs root");
	for (const char *c = "hi\n"; *c; c++)
		if (ioctl(p.slave, TIOCSTI, c))
			SKIP("refused (dev.tty.legacy_tiocsti)");
	EXPECT_EQ(read(p.slave, buf, sizeof(buf)), 3);
	EXPECT_STREQ(drain(p.master), "hi\r\n");
}
