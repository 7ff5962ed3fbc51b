// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page cache: a file's pages in mapping->i_pages, found under RCU, each with a reference of
 * the cache's. The page lock holds off truncation. Reading, writing and mapping of such files.
 */
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include "internal.h"

void address_space_init_once(struct address_space *mapping)
{
	memset(mapping, 0, sizeof(*mapping));
	xa_init(&mapping->i_pages, LOCK_RANK_PAGES);
	init_rwsem(&mapping->i_mmap_rwsem, LOCK_RANK_MAPPING);
	INIT_LIST_HEAD(&mapping->i_mmap);
}

/* ---- the page lock ---- */

#define NR_PAGE_WAITQS	64
static struct wait_queue_head page_waitqs[NR_PAGE_WAITQS] = {
	[0 ... NR_PAGE_WAITQS - 1] = { .lock = __SPIN_LOCK_UNLOCKED(page_waitq, LOCK_RANK_WAITQ) },
};

static struct wait_queue_head *page_waitq(struct page *page)
{
	return &page_waitqs[page_to_pfn(page) % NR_PAGE_WAITQS];
}

static int __init page_waitqs_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_PAGE_WAITQS; i++)
		init_waitqueue_head(&page_waitqs[i]);
	return 0;
}
core_initcall(page_waitqs_init);

/* The bit tells the unlocker to look at the queue; set before each attempt that may sleep. */
static bool trylock_or_announce(struct page *page)
{
	__atomic_fetch_or(&page->flags, 1UL << PG_waiters, __ATOMIC_SEQ_CST);
	return trylock_page(page);
}

void __lock_page(struct page *page)
{
	wait_event(*page_waitq(page), trylock_or_announce(page));
}

int __lock_page_killable(struct page *page)
{
	int err = wait_event_killable(*page_waitq(page), trylock_or_announce(page));

	return err ? -EINTR : 0;
}

void __unlock_page_wake(struct page *page)
{
	__atomic_fetch_and(&page->flags, ~(1UL << PG_waiters), __ATOMIC_SEQ_CST);
	wake_up_all(page_waitq(page));
}

/* ---- finding and adding ---- */

struct page *find_get_page(struct address_space *mapping, pgoff_t index)
{
	struct page *page;

	rcu_read_lock();
	do {
		page = xa_load(&mapping->i_pages, index);
		if (!page)
			break;
		/* It may be freed and used elsewhere between the two looks. */
		if (get_page_unless_zero(page)) {
			if (likely(page == xa_load(&mapping->i_pages, index)))
				break;
			put_page(page);
		}
	} while (1);
	rcu_read_unlock();
	return page;
}

struct page *find_lock_page(struct address_space *mapping, pgoff_t index)
{
	struct page *page;

	for (;;) {
		page = find_get_page(mapping, index);
		if (!page)
			return NULL;
		lock_page(page);
		if (likely(page->mapping == mapping))
			return page;
		unlock_page(page);
		put_page(page);
	}
}

unsigned int find_get_pages_range(struct address_space *mapping, pgoff_t *index, pgoff_t end,
				  unsigned int nr, struct page **pages)
{
	unsigned long at = *index;
	unsigned int got = 0;
	struct page *page;

	rcu_read_lock();
	xa_for_each_range(&mapping->i_pages, at, page, *index, end) {
		if (!get_page_unless_zero(page))
			continue;
		if (page != xa_load(&mapping->i_pages, at)) {
			put_page(page);
			continue;
		}
		pages[got++] = page;
		*index = at + 1;
		if (got == nr)
			break;
	}
	rcu_read_unlock();
	if (got < nr)
		*index = end + 1;
	return got;
}

int add_to_page_cache(struct page *page, struct address_space *mapping, pgoff_t index, gfp_t gfp)
{
	int err;

	get_page(page);
	page->mapping = mapping;
	page->index = index;
	xa_lock(&mapping->i_pages);
	err = __xa_insert(&mapping->i_pages, index, page, gfp);
	if (!err)
		mapping->nrpages++;
	xa_unlock(&mapping->i_pages);
	if (err) {
		page->mapping = NULL;
		put_page(page);
		return err == -EBUSY ? -EEXIST : err;
	}
	vm_stat_inc(NR_FILE_PAGES);
	if (PageSwapBacked(page))
		vm_stat_inc(NR_SHMEM);
	return 0;
}

void delete_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	ASSERT(PageLocked(page) && mapping);
	xa_lock(&mapping->i_pages);
	__xa_erase(&mapping->i_pages, page->index);
	mapping->nrpages--;
	page->mapping = NULL;
	xa_unlock(&mapping->i_pages);
	vm_stat_dec(NR_FILE_PAGES);
	if (PageSwapBacked(page))
		vm_stat_dec(NR_SHMEM);
}

struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, void *unused)
{
	struct page *page;
	int err = mapping->a_ops->getpage(mapping, index, GET_CACHE, &page);

	return err ? ERR_PTR(err) : page;
}

/* ---- reading and writing ---- */

/* One page's worth of a read. Bytes copied, or -errno. */
static ssize_t read_part(struct address_space *mapping, loff_t pos, size_t bytes,
			 struct iov_iter *to)
{
	size_t offset = offset_in_page(pos), copied;
	struct page *page;
	int err;

	err = mapping->a_ops->getpage(mapping, pos >> PAGE_SHIFT, GET_READ, &page);
	if (err)
		return err == -EINVAL ? 0 : err;
	if (!page)
		copied = iov_iter_zero(bytes, to);
	else
		copied = copy_page_to_iter(page, offset, bytes, to);
	if (page)
		put_page(page);
	return copied ? (ssize_t)copied : -EFAULT;
}

/**
 * generic_file_read_iter() - read from a file in the page cache
 * @file: open for reading   @to: where to   @pos: moved on by what was read
 *
 * Context: sleeps.
 * Return: bytes, 0 at the end, -EFAULT, -EINTR.
 */
ssize_t generic_file_read_iter(struct file *file, struct iov_iter *to, loff_t *pos)
{
	struct address_space *mapping = file->f_mapping;
	ssize_t done = 0, part = 0;

	while (iov_iter_count(to)) {
		loff_t left = i_size_read(mapping->host) - *pos;
		size_t bytes = min_t(size_t, iov_iter_count(to), PAGE_SIZE - offset_in_page(*pos));

		if (left <= 0)
			break;
		part = read_part(mapping, *pos, min_t(loff_t, bytes, left), to);
		if (part <= 0)
			break;
		done += part;
		*pos += part;
		cond_resched();
	}
	if (done || part >= 0)
		file_accessed(file);
	return done ? done : part;
}

/* One page's worth of a write; the inode is locked. */
static ssize_t write_part(struct address_space *mapping, loff_t pos, size_t bytes,
			  struct iov_iter *from)
{
	size_t offset = offset_in_page(pos), copied;
	struct page *page;
	int err = mapping->a_ops->may_write ? mapping->a_ops->may_write(mapping, pos, bytes) : 0;

	if (err)
		return err;
	/* The source may be a mapping of this very page: bring it in before anything is held. */
	if (fault_in_iov_iter_readable(from, bytes) == bytes)
		return -EFAULT;
	err = mapping->a_ops->getpage(mapping, pos >> PAGE_SHIFT, GET_WRITE, &page);
	if (err)
		return err;
	copied = copy_page_from_iter(page, offset, bytes, from);
	if (copied)
		SetPageDirty(page);
	if (pos + (loff_t)copied > i_size_read(mapping->host))
		i_size_write(mapping->host, pos + copied);
	put_page(page);
	return copied ? (ssize_t)copied : -EFAULT;
}

static ssize_t write_locked(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct address_space *mapping = file->f_mapping;
	ssize_t done = 0, part;
	int err;

	part = generic_write_checks(file, from, pos);
	if (part <= 0)
		return part;
	err = file_remove_privs(file);
	if (!err)
		err = file_update_time(file);
	if (err)
		return err;
	while (iov_iter_count(from)) {
		size_t room = PAGE_SIZE - offset_in_page(*pos);
		size_t bytes = min_t(size_t, iov_iter_count(from), room);

		part = write_part(mapping, *pos, bytes, from);
		if (part <= 0)
			break;
		done += part;
		*pos += part;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done ? done : part;
}

/**
 * generic_file_write_iter() - write to a file in the page cache
 * @file: open for writing   @from: what   @pos: moved on by what was written
 *
 * Context: sleeps; takes the inode lock.
 * Return: bytes, -EFAULT, -EFBIG, -ENOSPC, -ENOMEM, -EPERM (sealed).
 */
ssize_t generic_file_write_iter(struct file *file, struct iov_iter *from, loff_t *pos)
{
	struct inode *inode = file->f_mapping->host;
	ssize_t ret;

	inode_lock(inode);
	ret = write_locked(file, from, pos);
	inode_unlock(inode);
	return ret;
}

/* ---- mapping ---- */

/* Still the file's page at this place, and below its end? The page is locked. */
static bool page_is_current(struct page *page, struct address_space *mapping, pgoff_t index)
{
	return page->mapping == mapping && page->index == index &&
	       index < (pgoff_t)((i_size_read(mapping->host) + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct page *page;
	int err;

	for (;;) {
		err = mapping->a_ops->getpage(mapping, vmf->pgoff, GET_CACHE, &page);
		if (err)
			return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
		lock_page(page);
		if (likely(page_is_current(page, mapping, vmf->pgoff)))
			break;
		unlock_page(page);
		put_page(page);
	}
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

/* Map one page that is in the cache, if nothing is in the way. The leaf is locked. */
static void map_if_ready(struct vm_fault *vmf, struct pt_path *path, struct page *page,
			 struct address_space *mapping, pgoff_t index)
{
	if (!get_page_unless_zero(page))
		return;
	if (trylock_page(page)) {
		if (page_is_current(page, mapping, index) && PageUptodate(page)) {
			pt_install(path, mk_pte(page, vmf->vma->vm_page_prot), page);
			vm_stat_inc(NR_FILE_MAPPED);
			unlock_page(page);
			return;
		}
		unlock_page(page);
	}
	put_page(page);
}

/*
 * Map what is in the cache of [start, end] round the fault. All of it lies under the fault's own
 * last-level table.
 */
void filemap_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct pt_path path = *vmf->path;
	unsigned long index;
	struct page *page;

	pt_lock(vmf->path);
	rcu_read_lock();
	xa_for_each_range(&mapping->i_pages, index, page, start, end) {
		long distance = (long)index - (long)vmf->pgoff;

		path.pte = vmf->path->pte + distance;
		path.addr = vmf->address + distance * (long)PAGE_SIZE;
		if (pte_none(*path.pte))
			map_if_ready(vmf, &path, page, mapping, index);
	}
	rcu_read_unlock();
	pt_unlock(vmf->path);
}

const struct vm_operations_struct generic_file_vm_ops = {
	.fault = filemap_fault,
	.map_pages = filemap_map_pages,
};

/* f_op->mmap of every file whose mapping has a_ops->getpage. */
int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (!file->f_mapping->a_ops || !file->f_mapping->a_ops->getpage)
		return -ENODEV;
	file_accessed(file);
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
