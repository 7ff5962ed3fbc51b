// SPDX-License-Identifier: GPL-2.0-only
/*
 * Would mm_verify see it? Each rule of page tables is broken on its own in a scratch family of
 * address spaces, must be reported as what it is, and is put right again.
 */
#include <linux/fork.h>
#include "../pgtable.h"

#define BASE	0x20000000UL
#define NPAGES	8
#define RW	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)

/* @alone shares nothing with anybody; @parent and @child share all but what @child wrote. */
struct scene {
	struct task_struct *parent, *child, *alone;
	struct page *way[PT_ROOT + 1];	/* to @alone's first page */
	struct page *shared;		/* the table below the parent's and the child's root */
	u64 *entry;			/* of @alone's first page */
};

static struct task_struct *make_task(struct selftest_ctx *t)
{
	struct task_struct *task = kzalloc(sizeof(*task), GFP_KERNEL);
	unsigned long i;
	u8 byte = 1;

	if (!task)
		return NULL;
	task->mm = mm_alloc();
	if (!task->mm)
		return task;
	mmap_write_lock(task->mm);
	KT_EXPECT_EQ(mmap_region(task->mm, NULL, BASE, NPAGES * PAGE_SIZE, RW, 0), BASE);
	mmap_write_unlock(task->mm);
	for (i = 0; i < NPAGES - 1; i++)
		KT_EXPECT_EQ(access_remote_vm(task->mm, BASE + i * PAGE_SIZE, &byte, 1, FOLL_WRITE),
			     1);
	return task;
}

static struct task_struct *fork_shared(struct selftest_ctx *t, struct task_struct *parent)
{
	static const struct kernel_clone_args args;
	struct task_struct *child = kzalloc(sizeof(*child), GFP_KERNEL);
	struct fork_ctx fc = { .args = &args, .parent = parent, .child = child };
	int pages = sysctl_fork_copy_pages, on = sysctl_shared_pgtables;

	if (!child)
		return NULL;
	sysctl_fork_copy_pages = 0;
	sysctl_shared_pgtables = 1;
	KT_EXPECT_EQ(copy_mm(&fc), 0);
	sysctl_fork_copy_pages = pages;
	sysctl_shared_pgtables = on;
	return child;
}

static bool make_scene(struct selftest_ctx *t, struct scene *s)
{
	unsigned int level;

	memset(s, 0, sizeof(*s));
	s->parent = make_task(t);
	s->alone = make_task(t);
	if (!s->parent || !s->alone || !s->parent->mm || !s->alone->mm)
		return false;
	s->child = fork_shared(t, s->parent);
	if (!s->child || !s->child->mm)
		return false;
	level = pt_lock_way(s->alone->mm, BASE, s->way);
	pt_unlock_way(s->way, level);
	s->entry = pt_slot(s->way[PT_LEAF], PT_LEAF, BASE);
	s->shared = entry_table(*pt_slot(table_of(s->child->mm->pgd), PT_ROOT, BASE));
	return level == PT_LEAF;
}

static void end_scene(struct scene *s)
{
	struct task_struct *tasks[] = { s->child, s->parent, s->alone };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		if (tasks[i])
			exit_mm(tasks[i]);
		kfree(tasks[i]);
	}
}

static void expect_sound(struct selftest_ctx *t)
{
	struct mm_verify_result result;

	mm_verify_all(&result);
	KT_EXPECT_EQ(result.mistakes, 0);
	if (result.mistakes)
		pr_err("mm_verify: %s: %ld, found %ld\n", result.what, result.is, result.found);
}

static void expect_seen(struct selftest_ctx *t, const char *what)
{
	struct mm_verify_result result;

	mm_verify_all(&result);
	if (!result.mistakes || strcmp(result.what, what))
		selftest_fail(t, __FILE__, __LINE__, "'%s' was taken for '%s'", what,
			      result.mistakes ? result.what : "sound");
}

static void count_is_seen(struct selftest_ctx *t, atomic_t *count, int by, const char *what)
{
	atomic_add(by, count);
	expect_seen(t, what);
	atomic_sub(by, count);
}

static void word_is_seen(struct selftest_ctx *t, u64 *word, u64 value, const char *what)
{
	u64 old = *word;

	*word = value;
	expect_seen(t, what);
	*word = old;
}

static void references(struct selftest_ctx *t, struct scene *s)
{
	struct page *page = entry_table(*s->entry);
	unsigned int level;

	for (level = PT_LEAF; level < PT_ROOT; level++)
		count_is_seen(t, &s->way[level]->pt_refs, 1, "a table's references");
	count_is_seen(t, &s->shared->pt_refs, 1, "a table's references");
	count_is_seen(t, &s->shared->pt_refs, -1, "a table's references");
	count_is_seen(t, &page->_refcount, 1, "too many references");
	count_is_seen(t, &page->_refcount, -1, "too few references");
}

static void permissions(struct selftest_ctx *t, struct scene *s)
{
	u64 *root = pt_slot(table_of(s->child->mm->pgd), PT_ROOT, BASE);
	struct vm_area_struct *vma = vma_lookup(s->alone->mm, BASE);
	struct page *page = entry_table(*s->entry), *leaf;
	unsigned long flags = vma->vm_flags;
	u64 *slot;

	if (IS_ENABLED(CONFIG_SHARED_PGTABLES))
		word_is_seen(t, root, *root | _PAGE_RW, "a shared table behind a writable entry");
	vma->vm_flags = flags & ~VM_WRITE;
	expect_seen(t, "writable in an area that is not");
	vma->vm_flags = flags | VM_SHARED;
	expect_seen(t, "a private page in a shared area");
	vma->vm_flags = flags;
	/* The last page was never written: a second entry for the first one's page. */
	leaf = s->way[PT_LEAF];
	slot = pt_slot(leaf, PT_LEAF, BASE + (NPAGES - 1) * PAGE_SIZE);
	atomic_inc(&page->_refcount);
	word_is_seen(t, slot, *s->entry, "writable and shared");
	atomic_dec(&page->_refcount);
	word_is_seen(t, slot,
		     page_to_phys(zero_page) | _PAGE_SPECIAL | _PAGE_RW | _PAGE_PRESENT | _PAGE_USER,
		     "the zero page can be written");
}

static void areas(struct selftest_ctx *t, struct scene *s)
{
	struct mm_struct *mm = s->alone->mm;
	struct vm_area_struct *vma = vma_lookup(mm, BASE);

	vma->vm_end -= 2 * PAGE_SIZE;
	expect_seen(t, "an entry outside all areas");
	vma->vm_end += 2 * PAGE_SIZE;
	mm->map_count++;
	expect_seen(t, "areas");
	mm->map_count--;
	mm->total_vm++;
	expect_seen(t, "the size of all areas");
	mm->total_vm--;
	mm->locked_vm++;
	expect_seen(t, "locked pages");
	mm->locked_vm--;
}

static void tables(struct selftest_ctx *t, struct scene *s)
{
	static const char what[] = "what tables say of themselves";
	unsigned int level;
	int kind;

	for (kind = 0; kind < NR_MM_COUNTERS; kind++) {
		for (level = PT_LEAF; level < PT_ROOT; level++)
			count_is_seen(t, &s->way[level]->pt_rss[kind], 1, what);
		atomic_long_inc(&s->alone->mm->rss_stat[kind]);
		expect_seen(t, what);
		atomic_long_dec(&s->alone->mm->rss_stat[kind]);
	}
	for (level = PT_LEAF; level < PT_ROOT; level++) {
		struct page *table = s->way[level];

		word_is_seen(t, &table->pt_used, 0, what);
		table->pt_level++;
		expect_seen(t, what);
		table->pt_level--;
		word_is_seen(t, (u64 *)&table->flags, 0, what);
	}
}

static void with_scene(struct selftest_ctx *t,
		       void (*damage)(struct selftest_ctx *t, struct scene *s))
{
	struct scene s;

	if (make_scene(t, &s)) {
		expect_sound(t);
		damage(t, &s);
		expect_sound(t);
	} else {
		selftest_fail(t, __FILE__, __LINE__, "no memory for a scene");
	}
	end_scene(&s);
}

SELFTEST(mm_verify, references) { with_scene(t, references); }
SELFTEST(mm_verify, permissions) { with_scene(t, permissions); }
SELFTEST(mm_verify, areas) { with_scene(t, areas); }
SELFTEST(mm_verify, tables) { with_scene(t, tables); }
