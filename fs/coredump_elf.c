// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core as an ELF file: headers, notes on threads, mapped files and the signal, then the memory.
 * Whatever is zero or was never touched becomes a hole. The other threads have stopped, so that
 * their registers stay; the memory may have other users (see mm/coredump.c).
 * Source: core(5), elf(5), System V ABI with the AMD64 supplement.
 */
#include <linux/coredump.h>
#include <linux/cred.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/cputime.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/elfcore.h>
#include <asm/fpu.h>
#include <asm/regset.h>
#include "coredump.h"

#define NOTE_NAME	"CORE"
#define NOTE_NAME_XSAVE	"LINUX"
#define FILE_NOTE_MAX	(4UL << 20)

/* What is gathered before the first byte is written. */
struct core_elf {
	struct core_dump *d;
	struct core_area *areas;
	unsigned int nr_areas;
	unsigned long *files;		/* NT_FILE's bytes, kvmalloc'd; NULL: none */
	size_t files_size;
	void *page;			/* PAGE_SIZE bytes to copy through */
	struct xregs_state *xstate;	/* fpu_state_size bytes */
	size_t notes_size;
	unsigned int nr_threads;
};

/* ---- bytes ---- */

static bool emit_raw(struct core_dump *d, const void *data, size_t len)
{
	loff_t pos = d->pos;
	ssize_t n;

	while (len) {
		if (fatal_signal_pending(current) || (u64)(d->pos + len) > d->limit)
			return false;
		n = kernel_write(d->file, data, len, &pos);
		if (n <= 0)
			return false;
		data = (const char *)data + n;
		len -= n;
		d->pos += n;
		pos = d->pos;
	}
	return true;
}

/* A file's holes cost nothing; a pipe gets its zeroes. */
static bool fill_hole(struct core_dump *d)
{
	const void *zeroes = page_address(zero_page);
	size_t part;

	if (!d->piped) {
		d->pos += d->hole;
		d->hole = 0;
	}
	while (d->hole) {
		part = min_t(loff_t, d->hole, PAGE_SIZE);
		if (!emit_raw(d, zeroes, part))
			return false;
		d->hole -= part;
	}
	return true;
}

static bool emit(struct core_dump *d, const void *data, size_t len)
{
	return fill_hole(d) && emit_raw(d, data, len);
}

static void skip_to(struct core_dump *d, loff_t pos)
{
	ASSERT(pos >= d->pos + d->hole);
	d->hole = pos - d->pos;
}

/* ---- notes ---- */

static size_t note_size(const char *name, size_t len)
{
	return sizeof(Elf64_Nhdr) + ALIGN(strlen(name) + 1, 4UL) + ALIGN(len, 4UL);
}

static bool emit_note(struct core_dump *d, const char *name, unsigned int type, const void *data,
		      size_t len)
{
	Elf64_Nhdr head = { .n_namesz = strlen(name) + 1, .n_descsz = len, .n_type = type };

	if (!emit(d, &head, sizeof(head)) || !emit(d, name, head.n_namesz))
		return false;
	skip_to(d, ALIGN(d->pos, 4L));
	if (!emit(d, data, len))
		return false;
	skip_to(d, ALIGN(d->pos, 4L));
	return true;
}

static pid_t parent_vnr(struct task_struct *tsk)
{
	pid_t nr;

	rcu_read_lock();
	nr = task_tgid_nr_ns(rcu_dereference(tsk->real_parent), current_pid_ns());
	rcu_read_unlock();
	return nr;
}

/* A process's times are the leader's; other threads have their own. */
static void fill_times(struct elf_prstatus *st, struct task_struct *tsk)
{
	struct task_cputime group;
	u64 utime, stime;

	task_cputime(tsk, &utime, &stime);
	if (thread_group_leader(tsk)) {
		thread_group_cputime(tsk, &group);
		utime = group.utime;
		stime = group.stime;
	}
	st->pr_utime = ns_to_kernel_old_timeval(utime);
	st->pr_stime = ns_to_kernel_old_timeval(stime);
	st->pr_cutime = ns_to_kernel_old_timeval(tsk->signal->cutime);
	st->pr_cstime = ns_to_kernel_old_timeval(tsk->signal->cstime);
}

static bool emit_prstatus(struct core_dump *d, struct task_struct *tsk)
{
	struct elf_prstatus st = {
		.pr_signo = d->info->si_signo, .pr_cursig = d->info->si_signo,
		.pr_sigpend = tsk->pending.signal, .pr_sighold = tsk->blocked,
		.pr_pid = task_pid_vnr(tsk), .pr_ppid = parent_vnr(tsk), .pr_fpvalid = 1,
	};

	rcu_read_lock();
	st.pr_pgrp = task_pgrp_vnr(tsk);
	st.pr_sid = task_session_vnr(tsk);
	rcu_read_unlock();
	fill_times(&st, tsk);
	get_user_regs(tsk, (unsigned long *)&st.pr_reg, USER_REGS_WORDS);
	return emit_note(d, NOTE_NAME, NT_PRSTATUS, &st, sizeof(st));
}

static void fill_args(char *to, size_t size)
{
	struct mm_struct *mm = current->mm;
	size_t len = min_t(size_t, mm->arg_end - mm->arg_start, size - 1), i;

	if (copy_from_user(to, (const char __user *)mm->arg_start, len))
		len = 0;
	for (i = 0; i < len; i++)
		if (!to[i])
			to[i] = ' ';
	to[len] = '\0';
}

static bool emit_prpsinfo(struct core_dump *d)
{
	struct task_struct *tsk = current;
	struct elf_prpsinfo ps = {
		.pr_sname = 'R', .pr_nice = task_nice(tsk), .pr_flag = tsk->flags,
		.pr_uid = current_real_cred()->uid, .pr_gid = current_real_cred()->gid,
		.pr_pid = task_pid_vnr(tsk), .pr_ppid = parent_vnr(tsk),
	};

	rcu_read_lock();
	ps.pr_pgrp = task_pgrp_vnr(tsk);
	ps.pr_sid = task_session_vnr(tsk);
	rcu_read_unlock();
	strscpy(ps.pr_fname, tsk->comm, sizeof(ps.pr_fname));
	fill_args(ps.pr_psargs, sizeof(ps.pr_psargs));
	return emit_note(d, NOTE_NAME, NT_PRPSINFO, &ps, sizeof(ps));
}

static bool emit_siginfo(struct core_dump *d)
{
	siginfo_t info = { };

	memcpy(&info, d->info, sizeof(*d->info));
	return emit_note(d, NOTE_NAME, NT_SIGINFO, &info, sizeof(info));
}

static size_t auxv_size(void)
{
	const unsigned long *auxv = current->mm->saved_auxv;
	size_t n = 0;

	while (n < AT_VECTOR_SIZE - 2 && auxv[n] != AT_NULL)
		n += 2;
	return (n + 2) * sizeof(*auxv);
}

static bool emit_fpregs(struct core_elf *e, struct task_struct *tsk)
{
	return emit_note(e->d, NOTE_NAME, NT_PRFPREG, tsk->thread.fpu.state,
			 sizeof(struct user_i387_struct));
}

static bool emit_xstate(struct core_elf *e, struct task_struct *tsk)
{
	if (!fpu_xfeatures)
		return true;
	fpu_get_xstate(tsk, e->xstate);
	return emit_note(e->d, NOTE_NAME_XSAVE, NT_X86_XSTATE, e->xstate, fpu_state_size);
}

/* The thread that died comes first, and with it what concerns the whole process. */
static bool emit_notes(struct core_elf *e)
{
	struct core_dump *d = e->d;
	struct core_thread *other;

	if (!emit_prstatus(d, current) || !emit_prpsinfo(d) || !emit_siginfo(d) ||
	    !emit_note(d, NOTE_NAME, NT_AUXV, current->mm->saved_auxv, auxv_size()))
		return false;
	if (e->files && !emit_note(d, NOTE_NAME, NT_FILE, e->files, e->files_size))
		return false;
	if (!emit_fpregs(e, current) || !emit_xstate(e, current))
		return false;
	list_for_each_entry(other, &d->state->threads, node)
		if (!emit_prstatus(d, other->task) || !emit_fpregs(e, other->task) ||
		    !emit_xstate(e, other->task))
			return false;
	return true;
}

static size_t all_notes_size(const struct core_elf *e)
{
	size_t thread = note_size(NOTE_NAME, sizeof(struct elf_prstatus)) +
			note_size(NOTE_NAME, sizeof(struct user_i387_struct)) +
			(fpu_xfeatures ? note_size(NOTE_NAME_XSAVE, fpu_state_size) : 0);

	return e->nr_threads * thread + note_size(NOTE_NAME, sizeof(struct elf_prpsinfo)) +
	       note_size(NOTE_NAME, sizeof(siginfo_t)) + note_size(NOTE_NAME, auxv_size()) +
	       (e->files ? note_size(NOTE_NAME, e->files_size) : 0);
}

/* ---- NT_FILE: count, page size, {start, end, page offset} each, then the names ---- */

static const char *area_path(struct core_elf *e, const struct core_area *area)
{
	const char *path = d_path(&area->file->f_path, e->page, PAGE_SIZE);

	return IS_ERR(path) ? "" : path;
}

static char *add_name(char *to, const char *end, const char *path)
{
	size_t len = strlen(path) + 1;

	if (len > (size_t)(end - to))
		len = 0;
	memcpy(to, path, len);
	return to + len;
}

static void fill_files(struct core_elf *e, unsigned int count, size_t names)
{
	unsigned long *word = e->files + 2;
	char *name = (char *)(e->files + 2 + 3 * count), *start = name;
	const struct core_area *area;

	e->files[0] = count;
	e->files[1] = PAGE_SIZE;
	for (area = e->areas; area < e->areas + e->nr_areas; area++) {
		if (!area->file)
			continue;
		*word++ = area->start;
		*word++ = area->end;
		*word++ = area->pgoff;
		/* A file that was renamed meanwhile may have outgrown its room. */
		name = add_name(name, start + names, area_path(e, area));
	}
	e->files_size = name - (char *)e->files;
}

/* Without memory for it the core goes without that note. */
static void make_files(struct core_elf *e)
{
	const struct core_area *area;
	unsigned int count = 0;
	size_t names = 0, size;

	for (area = e->areas; area < e->areas + e->nr_areas; area++)
		if (area->file) {
			count++;
			names += strlen(area_path(e, area)) + 1;
		}
	size = (2 + 3 * count) * sizeof(long) + names;
	if (!count || size > FILE_NOTE_MAX)
		return;
	e->files = kvmalloc(size, GFP_KERNEL);
	if (e->files)
		fill_files(e, count, names);
}

/* ---- headers ---- */

static unsigned int count_phdrs(const struct core_elf *e)
{
	return e->nr_areas + 1;
}

/* More program headers than e_phnum can say: then section header 0 does, which comes last. */
static bool needs_shdr(const struct core_elf *e)
{
	return count_phdrs(e) >= PN_XNUM;
}

static loff_t notes_offset(const struct core_elf *e)
{
	return sizeof(Elf64_Ehdr) + (loff_t)count_phdrs(e) * sizeof(Elf64_Phdr);
}

static loff_t memory_offset(const struct core_elf *e)
{
	return ALIGN(notes_offset(e) + e->notes_size, (loff_t)PAGE_SIZE);
}

static loff_t memory_size(const struct core_elf *e)
{
	loff_t size = 0;
	unsigned int i;

	for (i = 0; i < e->nr_areas; i++)
		size += e->areas[i].dump_size;
	return size;
}

static bool emit_ehdr(struct core_elf *e)
{
	bool shdr = needs_shdr(e);
	Elf64_Ehdr ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELF_CLASS, ELF_DATA, EV_CURRENT,
			     ELFOSABI_NONE },
		.e_type = ET_CORE, .e_machine = ELF_ARCH, .e_version = EV_CURRENT,
		.e_phoff = sizeof(ehdr), .e_ehsize = sizeof(ehdr),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = shdr ? PN_XNUM : count_phdrs(e),
		.e_shoff = shdr ? memory_offset(e) + memory_size(e) : 0,
		.e_shentsize = shdr ? sizeof(Elf64_Shdr) : 0, .e_shnum = shdr,
	};

	return emit(e->d, &ehdr, sizeof(ehdr));
}

static unsigned int segment_flags(unsigned long vm_flags)
{
	return (vm_flags & VM_READ ? PF_R : 0) | (vm_flags & VM_WRITE ? PF_W : 0) |
	       (vm_flags & VM_EXEC ? PF_X : 0);
}

static bool emit_phdrs(struct core_elf *e)
{
	Elf64_Phdr note = { .p_type = PT_NOTE, .p_offset = notes_offset(e),
			    .p_filesz = e->notes_size };
	loff_t offset = memory_offset(e);
	const struct core_area *area;

	if (!emit(e->d, &note, sizeof(note)))
		return false;
	for (area = e->areas; area < e->areas + e->nr_areas; area++) {
		Elf64_Phdr load = {
			.p_type = PT_LOAD, .p_flags = segment_flags(area->flags),
			.p_offset = offset, .p_vaddr = area->start,
			.p_filesz = area->dump_size, .p_memsz = area->end - area->start,
			.p_align = ELF_EXEC_PAGESIZE,
		};

		if (!emit(e->d, &load, sizeof(load)))
			return false;
		offset += area->dump_size;
	}
	return true;
}

static bool emit_shdr(struct core_elf *e)
{
	Elf64_Shdr shdr = { .sh_type = SHT_NULL, .sh_size = 1, .sh_info = count_phdrs(e) };

	return !needs_shdr(e) || emit(e->d, &shdr, sizeof(shdr));
}

/* ---- memory ---- */

static bool emit_area(struct core_elf *e, const struct core_area *area)
{
	struct core_dump *d = e->d;
	unsigned long addr;
	int got;

	for (addr = area->start; addr < area->start + area->dump_size; addr += PAGE_SIZE) {
		got = mm_core_page(current->mm, addr, e->page);
		if (got < 0 || fatal_signal_pending(current))
			return false;
		if (!got)
			d->hole += PAGE_SIZE;
		else if (!emit(d, e->page, PAGE_SIZE))
			return false;
		cond_resched();
	}
	return true;
}

static bool emit_memory(struct core_elf *e)
{
	struct core_dump *d = e->d;
	unsigned int i;

	skip_to(d, memory_offset(e));
	for (i = 0; i < e->nr_areas; i++)
		if (!emit_area(e, &e->areas[i]))
			return false;
	if (!emit_shdr(e))
		return false;
	/* A hole at the end makes no file longer: the last byte does. */
	if (d->hole) {
		d->hole--;
		return emit(d, "", 1);
	}
	return true;
}

/* ---- the whole ---- */

/* Which of the files' first pages are ELF headers. */
static void look_for_headers(struct core_elf *e)
{
	struct core_area *area;
	char magic[SELFMAG];

	for (area = e->areas; area < e->areas + e->nr_areas; area++)
		if (area->if_elf &&
		    (copy_from_user(magic, (const void __user *)area->start, SELFMAG) ||
		     memcmp(magic, ELFMAG, SELFMAG)))
			area->dump_size = 0;
}

static bool prepare(struct core_elf *e)
{
	struct core_thread *other;

	e->page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	e->xstate = kmalloc(fpu_state_size, GFP_KERNEL);
	if (!e->page || !e->xstate)
		return false;
	e->areas = mm_core_areas(current->mm, &e->nr_areas);
	if (!e->areas)
		return false;
	look_for_headers(e);
	make_files(e);
	fpu_save_current();
	save_user_segments(current);
	e->nr_threads = 1;
	list_for_each_entry(other, &e->d->state->threads, node)
		e->nr_threads++;
	e->notes_size = all_notes_size(e);
	return true;
}

bool core_write_elf(struct core_dump *d)
{
	struct core_elf e = { .d = d };
	bool ready = prepare(&e);

	/* What is cut off by a limit or a full disk is a core all the same. */
	if (ready && emit_ehdr(&e) && emit_phdrs(&e) && emit_notes(&e))
		emit_memory(&e);
	mm_core_areas_free(e.areas, e.nr_areas);
	kvfree(e.files);
	kfree(e.xstate);
	kfree(e.page);
	return ready;
}
