/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of one walk along a path, between namei.c and namei_open.c. */
#ifndef _FS_NAMEIDATA_H
#define _FS_NAMEIDATA_H

#include <linux/fs.h>
#include <linux/namei.h>

enum last_type { LAST_NORM, LAST_ROOT, LAST_DOT, LAST_DOTDOT };

/* A symbolic link that is being followed: what comes after it, and what keeps its text alive. */
struct link_frame {
	struct path link;
	struct delayed_call done;
	const char *rest;
};

#define INLINE_LINKS	2

struct nameidata {
	struct path path;		/* where we are; references */
	struct path root;		/* "/" of this walk; references; set on first use */
	struct qstr last;		/* the component to come */
	enum last_type last_type;
	unsigned int flags;		/* LOOKUP_* */
	unsigned int total_links;
	unsigned int depth;		/* frames in use */
	struct link_frame *stack;
	struct link_frame inline_stack[INLINE_LINKS];
	struct filename *name;
	int dfd;
	unsigned int names_seq;		/* rename_lock and mount_lock at the start of a walk that is */
	unsigned int mounts_seq;	/* not to leave a directory */
	struct nameidata *saved;	/* an outer walk of the same task */
};

void nd_begin(struct nameidata *nd, int dfd, struct filename *name, unsigned int flags,
	      const struct path *root);
void nd_end(struct nameidata *nd);
const char *path_init(struct nameidata *nd);
/* Up to, but not including, the last component. Return: 0 or -errno. */
int link_path_walk(const char *text, struct nameidata *nd);
/*
 * Take the step to nd->last. Return: NULL when done, the text of a symbolic link to
 * walk first (if @follow), or ERR_PTR.
 */
const char *walk_component(struct nameidata *nd, bool follow);
/* The same from an entry that was looked up already; consumes its reference. */
const char *step_into(struct nameidata *nd, struct dentry *dentry, bool follow);
/* Checks at the end of a walk. Return: 0, -ENOTDIR. */
int complete_walk(struct nameidata *nd);

/*
 * Find @name in @dir, whose i_rwsem is held: an entry with a reference, negative if there
 * is no such file, or ERR_PTR.
 */
struct dentry *lookup_locked(struct dentry *dir, const struct qstr *name, unsigned int flags);
/* The same without the lock and only when a cached entry is at hand; else NULL. */
struct dentry *lookup_cached(struct dentry *dir, const struct qstr *name);

static inline bool last_has_slash(const struct nameidata *nd)
{
	return nd->last.name[nd->last.len] != '\0';
}

/*
 * The parent directory of @name and the last component, which is not followed.
 * Return: 0 or -errno; then *@parent needs path_put().
 */
int filename_parentat(int dfd, struct filename *name, unsigned int flags, struct path *parent,
		      struct qstr *last, enum last_type *type);

#endif /* _FS_NAMEIDATA_H */
