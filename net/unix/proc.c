// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/unix: one line for each socket.
 * Locks: unix_table_lock for the walk, sock->lock for what a line tells.
 */
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <uapi/linux/net.h>
#include "unix.h"

static int state_number(const struct sock *sk)
{
	if (sk->socket)
		return sk->state == TCP_ESTABLISHED ? SS_CONNECTED : SS_UNCONNECTED;
	return sk->state == TCP_ESTABLISHED ? SS_CONNECTING : SS_DISCONNECTING;
}

/* An abstract name with '@' for each NUL; a path as it is. */
static void show_name(struct seq_file *m, const struct unix_addr *addr)
{
	int i, len = addr->len - UNIX_NAME_OFFSET;

	seq_putc(m, ' ');
	if (addr->name.sun_path[0])
		len--;
	for (i = 0; i < len; i++)
		seq_putc(m, addr->name.sun_path[i] ?: '@');
}

static void show_socket(struct unix_sock *u, void *arg)
{
	struct seq_file *m = arg;
	struct sock *sk = &u->sk;
	unsigned long ino = sock_i_ino(sk);

	spin_lock(&sk->lock);
	/* The table counts as a user; addresses are not for reading. */
	seq_printf(m, "%016x: %08X %08X %08X %04X %02X %5lu", 0, refcount_read(&sk->refs) + 1, 0,
		   sk->state == TCP_LISTEN ? __SO_ACCEPTCON : 0, sk->type, state_number(sk), ino);
	if (u->addr)
		show_name(m, u->addr);
	seq_putc(m, '\n');
	spin_unlock(&sk->lock);
}

static int unix_show(struct seq_file *m, void *v)
{
	seq_puts(m, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	unix_for_each(m->private, show_socket, m);
	return 0;
}

static int __init unix_proc_init(void)
{
	return proc_create_net("unix", 0444, unix_show) ? 0 : -ENOMEM;
}
fs_initcall(unix_proc_init);
