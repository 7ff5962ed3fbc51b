/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A piece of a page, for iterators over page contents.
 */
#ifndef _LINUX_BVEC_H
#define _LINUX_BVEC_H

struct page;

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

#endif
