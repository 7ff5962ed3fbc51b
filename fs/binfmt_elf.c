// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF programs: static, static-pie and dynamic. Maps the segments and the interpreter, and puts
 * argc, argv, envp and the auxiliary vector on the new stack.
 * Source: System V ABI with the AMD64 supplement; getauxval(3) for the vector.
 */
#include <linux/auxvec.h>
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/limits.h>
#include <uapi/linux/personality.h>

#define ELF_PAGESTART(v)	((v) & ~(unsigned long)(PAGE_SIZE - 1))
#define ELF_PAGEOFFSET(v)	((v) & (PAGE_SIZE - 1))
#define ELF_PAGEALIGN(v)	ELF_PAGESTART((v) + PAGE_SIZE - 1)
#define MAX_PHDRS_BYTES		65536

/* One ELF file: the program or its interpreter. */
struct elf_file {
	struct file *file;
	Elf64_Ehdr ehdr;
	Elf64_Phdr *phdrs;		/* kmalloc'd */
	unsigned long bias;		/* added to every address in the file */
	unsigned long low;		/* first mapped address */
	unsigned long start_code, end_code, start_data, end_data, brk;
};

/* What load_elf() collects on its way. */
struct elf_load {
	struct elf_file exe, interp;
	char *interp_path;		/* kmalloc'd, or NULL */
	int stack_exec;			/* EXSTACK_* */
	unsigned long entry;
};

static int read_exactly(struct file *file, void *buf, size_t len, loff_t pos)
{
	ssize_t n = kernel_read(file, buf, len, &pos);

	if (n < 0)
		return n;
	return n == len ? 0 : -EIO;
}

static bool header_ok(const Elf64_Ehdr *ehdr)
{
	return !memcmp(ehdr->e_ident, ELFMAG, SELFMAG) &&
	       (ehdr->e_type == ET_EXEC || ehdr->e_type == ET_DYN) && elf_check_arch(ehdr) &&
	       ehdr->e_phentsize == sizeof(Elf64_Phdr) && ehdr->e_phnum &&
	       ehdr->e_phnum <= MAX_PHDRS_BYTES / sizeof(Elf64_Phdr);
}

static int read_phdrs(struct elf_file *elf)
{
	size_t size = elf->ehdr.e_phnum * sizeof(Elf64_Phdr);

	elf->phdrs = kmalloc(size, GFP_KERNEL);
	if (!elf->phdrs)
		return -ENOMEM;
	return read_exactly(elf->file, elf->phdrs, size, elf->ehdr.e_phoff);
}

static const Elf64_Phdr *find_phdr(const struct elf_file *elf, unsigned int type)
{
	int i;

	for (i = 0; i < elf->ehdr.e_phnum; i++)
		if (elf->phdrs[i].p_type == type)
			return &elf->phdrs[i];
	return NULL;
}

/* ---- the interpreter ---- */

static int read_interp_path(struct elf_load *load)
{
	const Elf64_Phdr *ph = find_phdr(&load->exe, PT_INTERP);
	int err;

	if (!ph)
		return 0;
	if (ph->p_filesz > PATH_MAX || ph->p_filesz < 2)
		return -ENOEXEC;
	load->interp_path = kmalloc(ph->p_filesz, GFP_KERNEL);
	if (!load->interp_path)
		return -ENOMEM;
	err = read_exactly(load->exe.file, load->interp_path, ph->p_filesz, ph->p_offset);
	if (err)
		return err;
	return load->interp_path[ph->p_filesz - 1] == '\0' ? 0 : -ENOEXEC;
}

static int open_interp(struct elf_load *load)
{
	struct elf_file *interp = &load->interp;
	int err;

	err = read_interp_path(load);
	if (err || !load->interp_path)
		return err;
	interp->file = open_exec(load->interp_path);
	if (IS_ERR(interp->file)) {
		err = PTR_ERR(interp->file);
		interp->file = NULL;
		return err;
	}
	err = read_exactly(interp->file, &interp->ehdr, sizeof(interp->ehdr), 0);
	if (err)
		return err;
	if (!header_ok(&interp->ehdr))
		return -ELIBBAD;
	return read_phdrs(interp);
}

static void read_stack_flags(struct elf_load *load)
{
	const Elf64_Phdr *ph = find_phdr(&load->exe, PT_GNU_STACK);

	load->stack_exec = !ph ? EXSTACK_DEFAULT :
			   ph->p_flags & PF_X ? EXSTACK_ENABLE_X : EXSTACK_DISABLE_X;
}

/* ---- segments ---- */

static unsigned long prot_of(const Elf64_Phdr *ph)
{
	return (ph->p_flags & PF_R ? PROT_READ : 0) | (ph->p_flags & PF_W ? PROT_WRITE : 0) |
	       (ph->p_flags & PF_X ? PROT_EXEC : 0);
}

static bool segment_ok(const Elf64_Phdr *ph)
{
	return ph->p_filesz <= ph->p_memsz && ph->p_memsz <= TASK_SIZE &&
	       ph->p_vaddr < TASK_SIZE && TASK_SIZE - ph->p_memsz >= ph->p_vaddr;
}

/* From the first page of the first segment to the end of the last. */
static unsigned long total_span(const struct elf_file *elf)
{
	unsigned long low = ~0UL, high = 0;
	int i;

	for (i = 0; i < elf->ehdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdrs[i];

		if (ph->p_type != PT_LOAD)
			continue;
		low = min(low, ELF_PAGESTART(ph->p_vaddr));
		high = max(high, (unsigned long)(ph->p_vaddr + ph->p_memsz));
	}
	return high > low ? high - low : 0;
}

static unsigned long max_alignment(const struct elf_file *elf)
{
	unsigned long align = PAGE_SIZE;
	int i;

	for (i = 0; i < elf->ehdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdrs[i];

		if (ph->p_type == PT_LOAD && is_power_of_2(ph->p_align))
			align = max(align, (unsigned long)ph->p_align);
	}
	return align;
}

/*
 * Where a movable file goes. Without a hint mmap chooses, which knows pages only: for a larger
 * alignment it is asked for so much that an aligned place for @total bytes must be in it.
 */
static unsigned long movable_place(const struct elf_file *elf, unsigned long hint,
				   unsigned long total)
{
	unsigned long align = max_alignment(elf), room;

	if (hint)
		return ALIGN_DOWN(hint, align);
	if (align == PAGE_SIZE)
		return 0;
	if (align > TASK_SIZE || total > TASK_SIZE - align)
		return -ENOMEM;
	mmap_read_lock(current->mm);
	room = get_unmapped_area(elf->file, 0, ELF_PAGEALIGN(total) + align - PAGE_SIZE, 0,
				 MAP_PRIVATE);
	mmap_read_unlock(current->mm);
	return IS_ERR_VALUE(room) ? room : ALIGN(room, align);
}

/*
 * Map the part of a segment that is in the file. The first one of a movable file is mapped with
 * the size of the whole, so that nothing else can get into the gaps, and cut back.
 */
static unsigned long map_file_part(struct elf_file *elf, const Elf64_Phdr *ph, unsigned long addr,
				   unsigned long flags, unsigned long total)
{
	unsigned long offset = ELF_PAGEOFFSET(ph->p_vaddr);
	unsigned long size = ELF_PAGEALIGN(ph->p_filesz + offset);
	unsigned long map;

	addr = ELF_PAGESTART(addr);
	if (!size)
		return addr;
	if (!total)
		return vm_mmap(elf->file, addr, size, prot_of(ph), flags, ph->p_offset - offset);
	total = ELF_PAGEALIGN(total);
	map = vm_mmap(elf->file, addr, total, prot_of(ph), flags, ph->p_offset - offset);
	if (!IS_ERR_VALUE(map) && total > size)
		vm_munmap(map + size, total - size);
	return map;
}

/* Memory behind the file's part: the rest of its last page cleared, then anonymous pages. */
static int map_bss_part(const Elf64_Phdr *ph, unsigned long bias)
{
	unsigned long file_end = bias + ph->p_vaddr + ph->p_filesz;
	unsigned long mem_end = ELF_PAGEALIGN(bias + ph->p_vaddr + ph->p_memsz);
	unsigned long from = ELF_PAGEALIGN(file_end);
	unsigned long map;

	if (ph->p_memsz == ph->p_filesz)
		return 0;
	/* A read-only segment with bss cannot be cleared, and nobody would see it otherwise. */
	if (ph->p_filesz && ELF_PAGEOFFSET(file_end) &&
	    clear_user((void __user *)file_end, from - file_end) && (ph->p_flags & PF_W))
		return -EFAULT;
	if (!ph->p_filesz)
		from = ELF_PAGESTART(file_end);
	if (mem_end <= from)
		return 0;
	map = vm_mmap(NULL, from, mem_end - from, prot_of(ph),
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, 0);
	return IS_ERR_VALUE(map) ? (int)map : 0;
}

/* The marks that /proc/<pid>/stat shows and brk() starts from. */
static void note_segment(struct elf_file *elf, const Elf64_Phdr *ph)
{
	unsigned long start = elf->bias + ph->p_vaddr;
	unsigned long file_end = start + ph->p_filesz;

	if ((ph->p_flags & PF_X) && start < elf->start_code)
		elf->start_code = start;
	if (start > elf->start_data)
		elf->start_data = start;
	if ((ph->p_flags & PF_X) && file_end > elf->end_code)
		elf->end_code = file_end;
	if (file_end > elf->end_data)
		elf->end_data = file_end;
	if (start + ph->p_memsz > elf->brk)
		elf->brk = start + ph->p_memsz;
}

/*
 * Map all segments. @hint is where a movable file should go: 0 lets mmap choose.
 * Return: 0 or -errno.
 */
static int map_segments(struct elf_file *elf, unsigned long hint)
{
	unsigned long total = total_span(elf), flags = MAP_PRIVATE;
	bool first = true, movable = elf->ehdr.e_type == ET_DYN;
	int i, err;

	if (!total)
		return -EINVAL;
	elf->start_code = ~0UL;
	for (i = 0; i < elf->ehdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &elf->phdrs[i];
		unsigned long map, at;

		if (ph->p_type != PT_LOAD)
			continue;
		if (!segment_ok(ph))
			return -EINVAL;
		if (first && movable) {
			at = movable_place(elf, hint, total);
			if (IS_ERR_VALUE(at))
				return (int)at;
			flags = MAP_PRIVATE | (at ? MAP_FIXED_NOREPLACE : 0);
		} else {
			at = elf->bias + ph->p_vaddr;
			flags = MAP_PRIVATE | (first ? MAP_FIXED_NOREPLACE : MAP_FIXED);
		}
		map = map_file_part(elf, ph, at, flags, first ? total : 0);
		if (IS_ERR_VALUE(map))
			return map == -EEXIST ? -ENOMEM : (int)map;
		if (first) {
			elf->bias = movable ? map - ELF_PAGESTART(ph->p_vaddr) : 0;
			elf->low = map;
		}
		first = false;
		err = map_bss_part(ph, elf->bias);
		if (err)
			return err;
		note_segment(elf, ph);
	}
	return 0;
}

/* ---- the initial stack ---- */

struct auxv {
	unsigned long *v;
	unsigned int n;
};

static void aux(struct auxv *a, unsigned long id, unsigned long val)
{
	a->v[a->n++] = id;
	a->v[a->n++] = val;
}

/* Copy to the stack below @p. Return: its address, or 0. */
static unsigned long push(unsigned long p, const void *data, size_t len)
{
	p -= len;
	return copy_to_user((void __user *)p, data, len) ? 0 : p;
}

static unsigned long phdr_address(const struct elf_file *exe)
{
	int i;

	for (i = 0; i < exe->ehdr.e_phnum; i++) {
		const Elf64_Phdr *ph = &exe->phdrs[i];

		if (ph->p_type == PT_PHDR)
			return exe->bias + ph->p_vaddr;
		if (ph->p_type == PT_LOAD && ph->p_offset <= exe->ehdr.e_phoff &&
		    exe->ehdr.e_phoff < ph->p_offset + ph->p_filesz)
			return exe->bias + exe->ehdr.e_phoff - ph->p_offset + ph->p_vaddr;
	}
	return 0;
}

static void fill_auxv(struct auxv *a, struct linux_binprm *bprm, struct elf_load *load,
		      unsigned long random, unsigned long platform)
{
	const struct cred *cred = current_cred();

	if (current->mm->context.vdso)
		aux(a, AT_SYSINFO_EHDR, (unsigned long)current->mm->context.vdso);
	aux(a, AT_MINSIGSTKSZ, arch_sigframe_size);
	aux(a, AT_HWCAP, ELF_HWCAP);
	aux(a, AT_PAGESZ, ELF_EXEC_PAGESIZE);
	aux(a, AT_CLKTCK, 100);
	aux(a, AT_PHDR, phdr_address(&load->exe));
	aux(a, AT_PHENT, sizeof(Elf64_Phdr));
	aux(a, AT_PHNUM, load->exe.ehdr.e_phnum);
	aux(a, AT_BASE, load->interp_path ? load->interp.bias : 0);
	aux(a, AT_FLAGS, 0);
	aux(a, AT_ENTRY, load->exe.bias + load->exe.ehdr.e_entry);
	aux(a, AT_UID, from_kuid_munged(cred->user_ns, cred->uid));
	aux(a, AT_EUID, from_kuid_munged(cred->user_ns, cred->euid));
	aux(a, AT_GID, from_kgid_munged(cred->user_ns, cred->gid));
	aux(a, AT_EGID, from_kgid_munged(cred->user_ns, cred->egid));
	aux(a, AT_SECURE, bprm->secureexec);
	aux(a, AT_RANDOM, random);
	aux(a, AT_HWCAP2, ELF_HWCAP2);
	aux(a, AT_EXECFN, bprm->exec);
	aux(a, AT_PLATFORM, platform);
	aux(a, AT_NULL, 0);
	BUILD_ASSERT(2 * 21 <= AT_VECTOR_SIZE);
}

/* @n pointers to the strings that begin at *@str, then a NULL. */
static int put_pointers(unsigned long __user **sp, unsigned long *str, int n)
{
	while (n-- > 0) {
		long len = strnlen_user((void __user *)*str, MAX_ARG_STRLEN);

		if (!len || len > MAX_ARG_STRLEN || put_user(*str, (*sp)++))
			return -EFAULT;
		*str += len;
	}
	return put_user(0UL, (*sp)++);
}

/* argc, argv[], NULL, envp[], NULL, auxv from *@spp upwards; strings are above already. */
static int put_vectors(struct linux_binprm *bprm, unsigned long start, const struct auxv *a)
{
	struct mm_struct *mm = current->mm;
	unsigned long __user *sp = (unsigned long __user *)start;
	unsigned long str = mm->arg_start;

	if (put_user((unsigned long)bprm->argc, sp++))
		return -EFAULT;
	if (put_pointers(&sp, &str, bprm->argc))
		return -EFAULT;
	mm->arg_end = str;
	mm->env_start = str;
	if (put_pointers(&sp, &str, bprm->envc))
		return -EFAULT;
	mm->env_end = str;
	return copy_to_user(sp, a->v, a->n * sizeof(a->v[0])) ? -EFAULT : 0;
}

static int create_tables(struct linux_binprm *bprm, struct elf_load *load)
{
	static const char platform_name[] = ELF_PLATFORM;
	struct mm_struct *mm = current->mm;
	struct auxv a = { .v = mm->saved_auxv };
	unsigned long p, platform, random;
	u8 seed[16];
	size_t words;

	p = arch_align_stack(bprm->p);
	platform = push(p, platform_name, sizeof(platform_name));
	get_random_bytes(seed, sizeof(seed));
	random = platform ? push(ALIGN_DOWN(platform, 16), seed, sizeof(seed)) : 0;
	if (!random)
		return -EFAULT;
	memset(mm->saved_auxv, 0, sizeof(mm->saved_auxv));
	fill_auxv(&a, bprm, load, random, platform);
	words = 1 + bprm->argc + 1 + bprm->envc + 1 + a.n;
	bprm->p = ALIGN_DOWN(random - words * sizeof(long), 16);
	mm->start_stack = bprm->p;
	return put_vectors(bprm, bprm->p, &a);
}

/* ---- putting it together ---- */

/* A dynamic program goes to its own region; ld.so run by hand, or static-pie, where mmap likes. */
static unsigned long exe_hint(const struct elf_load *load)
{
	if (load->exe.ehdr.e_type != ET_DYN || !load->interp_path)
		return 0;
	return ELF_ET_DYN_BASE + (current->flags & PF_RANDOMIZE ? arch_mmap_rnd() : 0);
}

static void set_brk(const struct elf_load *load)
{
	struct mm_struct *mm = current->mm;

	mm->start_code = load->exe.start_code;
	mm->end_code = load->exe.end_code;
	mm->start_data = load->exe.start_data;
	mm->end_data = load->exe.end_data;
	mm->brk = mm->start_brk = ELF_PAGEALIGN(load->exe.brk);
	if (!(current->flags & PF_RANDOMIZE) || randomize_va_space < 2)
		return;
	/* Beside ld.so's neighbours in the mmap area a heap would soon hit something. */
	if (load->exe.ehdr.e_type == ET_DYN && !load->interp_path)
		mm->brk = mm->start_brk = ELF_ET_DYN_BASE;
	mm->brk = mm->start_brk = arch_randomize_brk(mm);
}

static int map_all(struct elf_load *load)
{
	int err = map_segments(&load->exe, exe_hint(load));

	if (err)
		return err;
	load->entry = load->exe.bias + load->exe.ehdr.e_entry;
	set_brk(load);
	if (load->interp_path) {
		err = map_segments(&load->interp, 0);
		load->entry = load->interp.bias + load->interp.ehdr.e_entry;
	}
	return err ?: load->entry < TASK_SIZE ? err : -EINVAL;
}

static int set_stack(struct linux_binprm *bprm, int stack_exec)
{
	unsigned long shift;
	int err;

	err = setup_arg_pages(current->mm, bprm->vma, randomize_stack_top(STACK_TOP), stack_exec,
			      &shift);
	if (err)
		return err;
	bprm->p -= shift;
	bprm->exec -= shift;
	current->mm->arg_start = bprm->p;
	return 0;
}

/* Everything that can be refused is checked before the old program is gone. */
static int check_files(struct linux_binprm *bprm, struct elf_load *load)
{
	int err;

	load->exe.file = bprm->file;
	memcpy(&load->exe.ehdr, bprm->buf, sizeof(load->exe.ehdr));
	if (!header_ok(&load->exe.ehdr))
		return -ENOEXEC;
	err = read_phdrs(&load->exe);
	if (err)
		return err == -EIO ? -ENOEXEC : err;
	err = open_interp(load);
	if (!err)
		read_stack_flags(load);
	return err;
}

static int become(struct linux_binprm *bprm, struct elf_load *load)
{
	int err;

	err = begin_new_exec(bprm);
	if (err)
		return err;
	current->personality &= ~PER_MASK;
	setup_new_exec(bprm);
	err = set_stack(bprm, load->stack_exec);
	if (!err)
		err = map_all(load);
	if (!err)
		err = arch_setup_additional_pages(bprm, load->interp_path != NULL);
	if (!err)
		err = create_tables(bprm, load);
	if (!err)
		start_thread(current_pt_regs(), load->entry, bprm->p);
	return err;
}

static int load_elf(struct linux_binprm *bprm)
{
	struct elf_load *load;
	int err;

	if (memcmp(bprm->buf, ELFMAG, SELFMAG))
		return -ENOEXEC;
	load = kzalloc(sizeof(*load), GFP_KERNEL);
	if (!load)
		return -ENOMEM;
	err = check_files(bprm, load);
	if (!err)
		err = become(bprm, load);
	if (load->interp.file) {
		allow_write_access(load->interp.file);
		fput(load->interp.file);
	}
	kfree(load->interp.phdrs);
	kfree(load->exe.phdrs);
	kfree(load->interp_path);
	kfree(load);
	return err;
}

const struct linux_binfmt elf_format = { .name = "elf", .load = load_elf };
