// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixed part of /proc: entries that the kernel makes at boot.
 * Locks: proc_tree_lock for the lists; entries stay for ever.
 */
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

#define FIRST_FIXED_INO	0xf0000000UL

static DEFINE_SPINLOCK(proc_tree_lock);
static unsigned long next_ino = FIRST_FIXED_INO + 1;

struct proc_dir_entry proc_root = {
	.name = "/proc",
	.mode = S_IFDIR | 0555,
	.nlink = 2,
	.ino = FIRST_FIXED_INO,
	.parent = &proc_root,
	.children = LIST_HEAD_INIT(proc_root.children),
	.sibling = LIST_HEAD_INIT(proc_root.sibling),
};

static struct proc_dir_entry *add_entry(const char *name, umode_t mode,
					struct proc_dir_entry *parent)
{
	struct proc_dir_entry *pde = kzalloc(sizeof(*pde), GFP_KERNEL);

	if (!pde)
		return NULL;
	pde->name = name;
	pde->mode = mode;
	pde->nlink = S_ISDIR(mode) ? 2 : 1;
	pde->parent = parent ?: &proc_root;
	INIT_LIST_HEAD(&pde->children);
	spin_lock(&proc_tree_lock);
	pde->ino = next_ino++;
	spin_unlock(&proc_tree_lock);
	return pde;
}

/* Everything in it is set: let lookups find it. */
static struct proc_dir_entry *publish(struct proc_dir_entry *pde)
{
	spin_lock(&proc_tree_lock);
	list_add_tail(&pde->sibling, &pde->parent->children);
	if (S_ISDIR(pde->mode))
		pde->parent->nlink++;
	spin_unlock(&proc_tree_lock);
	return pde;
}

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFDIR | 0555, parent);

	return pde ? publish(pde) : NULL;
}

struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *target)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFLNK | 0777, parent);

	if (!pde)
		return NULL;
	pde->target = target;
	return publish(pde);
}

/* A link in /proc itself whose text depends on the reader. */
struct proc_dir_entry *proc_symlink_dynamic(const char *name,
					    const struct inode_operations *iops)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFLNK | 0777, NULL);

	if (!pde)
		return NULL;
	pde->iops = iops;
	return publish(pde);
}

struct proc_dir_entry *proc_create(const char *name, umode_t mode,
				   struct proc_dir_entry *parent,
				   const struct file_operations *fops, void *data)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFREG | mode, parent);

	if (!pde)
		return NULL;
	pde->fops = fops;
	pde->data = data;
	return publish(pde);
}

static int single_file_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *pde = PROC_I(inode)->pde;

	return single_open(file, pde->show, pde->data);
}

static const struct file_operations single_file_fops = {
	.open		= single_file_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= single_release,
};

struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *m, void *v), void *data)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFREG | mode, parent);

	if (!pde)
		return NULL;
	pde->fops = &single_file_fops;
	pde->show = show;
	pde->data = data;
	return publish(pde);
}

static int seq_file_open(struct inode *inode, struct file *file)
{
	return seq_open(file, PROC_I(inode)->pde->seq);
}

static const struct file_operations seq_file_fops = {
	.open		= seq_file_open,
	.read_iter	= seq_read_iter,
	.llseek		= seq_lseek,
	.release	= seq_release,
};

struct proc_dir_entry *proc_create_seq(const char *name, umode_t mode,
				       struct proc_dir_entry *parent,
				       const struct seq_operations *op)
{
	struct proc_dir_entry *pde = add_entry(name, S_IFREG | mode, parent);

	if (!pde)
		return NULL;
	pde->fops = &seq_file_fops;
	pde->seq = op;
	return publish(pde);
}

void *pde_data(const struct inode *inode)
{
	return PROC_I(inode)->pde->data;
}

struct proc_dir_entry *proc_find_child(struct proc_dir_entry *dir, const char *name,
				       unsigned int len)
{
	struct proc_dir_entry *pde, *found = NULL;

	spin_lock(&proc_tree_lock);
	list_for_each_entry(pde, &dir->children, sibling) {
		if (strlen(pde->name) == len && !memcmp(pde->name, name, len)) {
			found = pde;
			break;
		}
	}
	spin_unlock(&proc_tree_lock);
	return found;
}

struct proc_dir_entry *proc_find_or_mkdir(struct proc_dir_entry *dir, const char *name,
					  unsigned int len)
{
	struct proc_dir_entry *pde = proc_find_child(dir, name, len);

	if (pde)
		return pde;
	name = kstrndup(name, len, GFP_KERNEL);
	return name ? proc_mkdir(name, dir) : NULL;
}

/* ---- as a file system sees them ---- */

static const char *fixed_get_link(struct dentry *dentry, struct inode *inode,
				  struct delayed_call *done)
{
	return PROC_I(inode)->pde->target;
}

static const struct inode_operations fixed_link_iops = { .get_link = fixed_get_link };

static struct dentry *fixed_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_lookup_fixed(PROC_I(dir)->pde, dir, dentry);
}

static int fixed_readdir(struct file *file, struct dir_context *ctx)
{
	if (!dir_emit_dots(file, ctx))
		return 0;
	return proc_readdir_fixed(file, ctx, PROC_I(file_inode(file))->pde, 2);
}

static const struct inode_operations fixed_dir_iops = { .lookup = fixed_lookup };
static const struct file_operations fixed_dir_fops = {
	.iterate_shared	= fixed_readdir,
	.llseek		= generic_file_llseek,
};

struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *pde)
{
	struct inode *inode = proc_new_inode(sb, pde->mode);

	if (!inode)
		return NULL;
	inode->i_ino = pde->ino;
	PROC_I(inode)->pde = pde;
	set_nlink(inode, pde->nlink);
	if (S_ISDIR(pde->mode)) {
		inode->i_op = &fixed_dir_iops;
		inode->i_fop = &fixed_dir_fops;
	} else if (S_ISLNK(pde->mode)) {
		inode->i_op = pde->iops ?: &fixed_link_iops;
	} else {
		inode->i_fop = pde->fops;
	}
	return inode;
}

struct dentry *proc_lookup_fixed(struct proc_dir_entry *dir, struct inode *inode,
				 struct dentry *dentry)
{
	struct proc_dir_entry *pde = proc_find_child(dir, dentry->d_name.name, dentry->d_name.len);
	struct inode *found;

	if (!pde)
		return ERR_PTR(-ENOENT);
	found = proc_get_inode(inode->i_sb, pde);
	if (!found)
		return ERR_PTR(-ENOMEM);
	d_add(dentry, found);
	return NULL;
}

loff_t proc_count_fixed(struct proc_dir_entry *dir)
{
	struct proc_dir_entry *pde;
	loff_t n = 0;

	spin_lock(&proc_tree_lock);
	list_for_each_entry(pde, &dir->children, sibling)
		n++;
	spin_unlock(&proc_tree_lock);
	return n;
}

/* The entry at @index; the list only grows at its end. */
static struct proc_dir_entry *nth_child(struct proc_dir_entry *dir, loff_t index)
{
	struct proc_dir_entry *pde, *found = NULL;

	spin_lock(&proc_tree_lock);
	list_for_each_entry(pde, &dir->children, sibling) {
		if (!index--) {
			found = pde;
			break;
		}
	}
	spin_unlock(&proc_tree_lock);
	return found;
}

/* Entries stand at positions @base and up. */
int proc_readdir_fixed(struct file *file, struct dir_context *ctx, struct proc_dir_entry *dir,
		       loff_t base)
{
	struct proc_dir_entry *pde;

	while ((pde = nth_child(dir, ctx->pos - base)) != NULL) {
		if (!dir_emit(ctx, pde->name, strlen(pde->name), pde->ino,
			      fs_umode_to_dtype(pde->mode)))
			return 0;
		ctx->pos++;
	}
	return 0;
}
