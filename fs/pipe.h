/* SPDX-License-Identifier: GPL-2.0-only */
/* Between pipe.c, which moves data, pipe_info.c, which sizes rings, and splice.c. */
#ifndef _FS_PIPE_H
#define _FS_PIPE_H

#include <linux/pipe_fs_i.h>

/* Nobody's pipe yet. NULL without memory, ERR_PTR(-ENFILE) over the user's limit. */
struct pipe_inode_info *alloc_pipe_info(void);
void free_pipe_info(struct pipe_inode_info *pipe);
void put_pipe_page(struct pipe_inode_info *pipe, struct page *page);

#endif /* _FS_PIPE_H */
