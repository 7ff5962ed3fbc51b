// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sysvipc: what there is, of the namespace of whoever opened the file. ipcs(1) reads it.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include "util.h"

/* One of the three files. Locks: [I] immutable */
struct ipc_listing {
	const char *name;
	int kind;			/* IPC_SEM_IDS, ... */
	void (*show)(struct seq_file *m, struct kern_ipc_perm *perm);
};

static const struct ipc_listing listings[] = {
	{ "sem", IPC_SEM_IDS, sem_proc_show },
	{ "msg", IPC_MSG_IDS, msg_proc_show },
	{ "shm", IPC_SHM_IDS, shm_proc_show },
};

/* One open file. Locks: [I] immutable */
struct ipc_reader {
	const struct ipc_listing *listing;	/* [I] */
	struct ipc_namespace *ns;		/* [I] holds a reference */
};

static struct ipc_ids *ids_of(struct seq_file *m)
{
	struct ipc_reader *reader = m->private;

	return &reader->ns->ids[reader->listing->kind];
}

/* Position 0 is the heading, 1 + index an object. */
static void *at_or_behind(struct seq_file *m, loff_t *pos)
{
	int index = *pos - 1;
	void *perm;

	if (!*pos)
		return SEQ_START_TOKEN;
	if (*pos > IPC_INDEX_MAX)
		return NULL;
	perm = idr_get_next(&ids_of(m)->objects, &index);
	if (perm)
		*pos = index + 1;
	return perm;
}

static void *ipc_seq_start(struct seq_file *m, loff_t *pos)
{
	down_read(&ids_of(m)->rwsem);
	return at_or_behind(m, pos);
}

static void *ipc_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return at_or_behind(m, pos);
}

static void ipc_seq_stop(struct seq_file *m, void *v)
{
	up_read(&ids_of(m)->rwsem);
}

static int ipc_seq_show(struct seq_file *m, void *v)
{
	struct ipc_reader *reader = m->private;
	struct kern_ipc_perm *perm = v;

	if (v == SEQ_START_TOKEN) {
		reader->listing->show(m, NULL);
		return 0;
	}
	spin_lock(&perm->lock);
	reader->listing->show(m, perm);
	spin_unlock(&perm->lock);
	return 0;
}

static const struct seq_operations ipc_seq_ops = {
	.start	= ipc_seq_start,
	.next	= ipc_seq_next,
	.stop	= ipc_seq_stop,
	.show	= ipc_seq_show,
};

static int ipc_open(struct inode *inode, struct file *file)
{
	struct ipc_reader *reader = __seq_open_private(file, &ipc_seq_ops, sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	reader->listing = pde_data(inode);
	reader->ns = get_ipc_ns(current_ipc_ns());
	return 0;
}

static int ipc_release(struct inode *inode, struct file *file)
{
	struct ipc_reader *reader = ((struct seq_file *)file->private_data)->private;

	put_ipc_ns(reader->ns);
	return seq_release_private(inode, file);
}

static const struct file_operations ipc_proc_fops = {
	.open		= ipc_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= ipc_release,
};

static int __init ipc_proc_init(void)
{
	struct proc_dir_entry *dir = proc_mkdir("sysvipc", NULL);
	unsigned int i;

	for (i = 0; dir && i < ARRAY_SIZE(listings); i++)
		if (!proc_create(listings[i].name, 0444, dir, &ipc_proc_fops,
				 (void *)&listings[i]))
			return -ENOMEM;
	return dir ? 0 : -ENOMEM;
}
fs_initcall(ipc_proc_init);
