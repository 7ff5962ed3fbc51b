// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floating-point and vector state of user tasks. Leaving the CPU, a user task's registers are
 * always saved; coming back, they are loaded unless still there. Interrupts off while switching.
 * The memory image follows task_struct in the same allocation.
 */
#include <linux/fork.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/extable.h>
#include <asm/fpu.h>
#include <asm/processor.h>
#include <asm/sigcontext.h>
#include <asm/smap.h>

#define XSTATE_WANTED	(XFEATURE_MASK_FPSSE | XFEATURE_MASK_YMM | XFEATURE_MASK_AVX512)
#define LEGACY_SIZE	512
#define XHEADER_SIZE	64

unsigned int fpu_state_size = LEGACY_SIZE;
u64 fpu_xfeatures;
unsigned int arch_task_struct_size = sizeof(struct task_struct);

static u32 mxcsr_mask = 0xffbf;
static bool image_has_gaps;		/* between the parts that XSAVE writes */
/* Whose registers this CPU holds, if that task last ran here; NULL when nobody's. */
static DEFINE_PER_CPU(struct fpu *, fpu_owner);

static void xsetbv(u64 value)
{
	asm volatile("xsetbv" : : "a" ((u32)value), "d" ((u32)(value >> 32)), "c" (0));
}

/* AVX-512's three components come together or not at all (SDM vol. 1, 13.3). */
static u64 usable_features(u64 supported)
{
	u64 mask = supported & XSTATE_WANTED;

	if ((mask & XFEATURE_MASK_AVX512) != XFEATURE_MASK_AVX512 || !(mask & XFEATURE_MASK_YMM))
		mask &= ~XFEATURE_MASK_AVX512;
	return mask;
}

/* This CPU: let user mode use what fpu_init_system() settled on. */
void fpu_init_cpu(void)
{
	if (fpu_xfeatures)
		xsetbv(fpu_xfeatures);
	asm volatile("fninit");
}

/* Bytes of the components behind the header. */
static unsigned int __init parts_size(void)
{
	u32 size, offset, ecx, edx, sum = 0;

	for (u32 i = 2; i < 63; i++) {
		if (!(fpu_xfeatures & (1UL << i)))
			continue;
		cpuid_count(13, i, &size, &offset, &ecx, &edx);
		sum += size;
	}
	return sum;
}

/* Which bits of MXCSR there are: 0 stands for the first CPUs' set (SDM vol. 1, 11.6.6). */
static void __init read_mxcsr_mask(void)
{
	static struct xregs_state image __initdata;

	asm volatile("fxsave64 %0" : "=m" (image));
	if (image.mxcsr_mask)
		mxcsr_mask = image.mxcsr_mask;
}

/**
 * fpu_init_system - settle which state is kept and how large its image is
 *
 * Context: boot CPU, after identify_cpu(), CR4.OSXSAVE set.
 */
void __init fpu_init_system(void)
{
	u32 eax, ebx, ecx, edx;

	if (boot_cpu_has(X86_FEATURE_XSAVE)) {
		cpuid_count(13, 0, &eax, &ebx, &ecx, &edx);
		fpu_xfeatures = usable_features(eax | (u64)edx << 32);
		xsetbv(fpu_xfeatures);
		cpuid_count(13, 0, &eax, &ebx, &ecx, &edx);
		fpu_state_size = ebx;
		image_has_gaps = fpu_state_size > sizeof(struct xregs_state) + parts_size();
	}
	read_mxcsr_mask();
	arch_task_struct_size = ALIGN((unsigned int)sizeof(struct task_struct), 64U) +
				fpu_state_size;
}

static struct xregs_state *image_of(struct task_struct *tsk)
{
	return (struct xregs_state *)((char *)tsk + ALIGN(sizeof(*tsk), 64UL));
}

static void save_registers(struct xregs_state *state)
{
	if (fpu_xfeatures)
		asm volatile("xsave64 %0" : "+m" (*state) : "a" (-1), "d" (-1) : "memory");
	else
		asm volatile("fxsave64 %0" : "=m" (*state) : : "memory");
}

static void load_registers(const struct xregs_state *state)
{
	if (fpu_xfeatures)
		asm volatile("xrstor64 %0" : : "m" (*state), "a" (-1), "d" (-1) : "memory");
	else
		asm volatile("fxrstor64 %0" : : "m" (*state) : "memory");
}

/* XSAVE leaves most of the header alone, and XRSTOR insists on zeroes there. */
static void clear_header(struct xregs_state *state)
{
	if (fpu_xfeatures)
		memset(&state->xfeatures, 0, XHEADER_SIZE);
}

/*
 * A new image, before the first save: what no save writes must not show in a signal frame what the
 * memory held before.
 */
static void clear_unwritten(struct xregs_state *state)
{
	memset(state->padding, 0, sizeof(state->padding) + sizeof(state->sw_reserved));
	clear_header(state);
	if (image_has_gaps)
		memset(state->extended, 0, fpu_state_size - sizeof(*state));
}

static void set_initial(struct xregs_state *state)
{
	memset(state, 0, fpu_state_size);
	state->cwd = FCW_DEFAULT;
	state->mxcsr = MXCSR_DEFAULT;
}

/* From __switch_to(). */
void fpu_switch(struct task_struct *prev, struct task_struct *next, int cpu)
{
	struct fpu *old = &prev->thread.fpu, *new = &next->thread.fpu;

	if (old->used) {
		save_registers(old->state);
		old->last_cpu = cpu;
	}
	if (!new->used)
		return;
	if (this_cpu_read(fpu_owner) == new && new->last_cpu == cpu)
		return;
	load_registers(new->state);
	this_cpu_write(fpu_owner, new);
}

/**
 * fpu_clone - a new task's image: the running task's registers, or none for a kernel task
 * @user: the child will run in user mode
 *
 * Context: current is the parent; a switch may come at any point before interrupts go off.
 */
void fpu_clone(struct task_struct *child, bool user)
{
	struct fpu *fpu = &child->thread.fpu;
	unsigned long flags;

	fpu->state = image_of(child);
	fpu->last_cpu = -1;
	fpu->used = user;
	if (!user)
		return;
	clear_unwritten(fpu->state);
	local_irq_save(flags);
	if (current->thread.fpu.used)
		save_registers(fpu->state);
	else
		set_initial(fpu->state);
	local_irq_restore(flags);
}

/* exec: current starts with fresh registers. */
void fpu_start_user(void)
{
	struct fpu *fpu = &current->thread.fpu;
	unsigned long flags;

	local_irq_save(flags);
	set_initial(fpu->state);
	fpu->used = true;
	fpu->last_cpu = smp_processor_id();
	load_registers(fpu->state);
	this_cpu_write(fpu_owner, fpu);
	local_irq_restore(flags);
}

/* A handler starts with fresh registers too: what it interrupted is in its frame. */
void fpu_start_handler(void)
{
	static const struct xregs_state initial = {
		.cwd = FCW_DEFAULT,
		.mxcsr = MXCSR_DEFAULT,
	};

	load_registers(&initial);
}

/* A dying task's address may be given to another: no CPU may take its registers for that one's. */
void fpu_forget(struct task_struct *tsk)
{
	tsk->thread.fpu.last_cpu = -1;
}

/* ---- signal frames: the layout of asm/sigcontext.h ---- */

static unsigned int frame_size(void)
{
	return fpu_xfeatures ? fpu_state_size + FP_XSTATE_MAGIC2_SIZE : LEGACY_SIZE;
}

/**
 * fpu_sigframe_reserve - room for the image below @sp
 * @image: out, its address, 64-byte aligned
 * Return: the new stack pointer.
 */
unsigned long fpu_sigframe_reserve(unsigned long sp, unsigned long *image)
{
	sp = (sp - frame_size()) & ~63UL;
	*image = sp;
	return sp;
}

unsigned int fpu_sigframe_size(void)
{
	return frame_size() + 64;
}

/* Save straight into the image of current, so that memory and registers agree. */
static void save_current(void)
{
	unsigned long flags;

	local_irq_save(flags);
	save_registers(current->thread.fpu.state);
	local_irq_restore(flags);
}

/* Tells who reads the frame how large the image is; XSAVE leaves these bytes to software. */
static void set_magic(struct xregs_state *state)
{
	struct _fpx_sw_bytes *sw = (struct _fpx_sw_bytes *)state->sw_reserved;

	BUILD_ASSERT(sizeof(*sw) == sizeof(state->sw_reserved));
	sw->magic1 = FP_XSTATE_MAGIC1;
	sw->extended_size = fpu_state_size + FP_XSTATE_MAGIC2_SIZE;
	sw->xfeatures = fpu_xfeatures;
	sw->xstate_size = fpu_state_size;
}

/* A tracer is to find nothing there. */
static void clear_magic(struct xregs_state *state)
{
	struct _fpx_sw_bytes *sw = (struct _fpx_sw_bytes *)state->sw_reserved;

	sw->magic1 = 0;
	sw->extended_size = 0;
	sw->xfeatures = 0;
	sw->xstate_size = 0;
}

/**
 * fpu_save_sigframe - write current's registers into a signal frame
 * @image: what fpu_sigframe_reserve() gave
 * Return: 0 or -EFAULT.
 */
int fpu_save_sigframe(void __user *image)
{
	struct xregs_state *state = current->thread.fpu.state;
	unsigned long left;

	if (!access_ok(image, frame_size()))
		return -EFAULT;
	save_current();
	if (!fpu_xfeatures)
		return __copy_to_user(image, state, fpu_state_size) ? -EFAULT : 0;
	state->xfeatures |= XFEATURE_MASK_FPSSE;
	set_magic(state);
	left = __copy_to_user(image, state, fpu_state_size);
	clear_magic(state);
	if (left)
		return -EFAULT;
	return __put_user(FP_XSTATE_MAGIC2, (u32 __user *)((char __user *)image + fpu_state_size));
}

/* How much of the user's image is meant: all of it if both magics are there, else FXSAVE's part. */
static bool has_extended(const struct xregs_state __user *image)
{
	struct _fpx_sw_bytes sw;
	u32 magic2;

	if (!fpu_xfeatures || __copy_from_user(&sw, image->sw_reserved, sizeof(sw)))
		return false;
	if (sw.magic1 != FP_XSTATE_MAGIC1 || sw.xstate_size != fpu_state_size ||
	    sw.extended_size < sw.xstate_size)
		return false;
	if (__get_user(magic2, (const u32 __user *)((const char __user *)image + sw.xstate_size)))
		return false;
	return magic2 == FP_XSTATE_MAGIC2;
}

/* Would loading what user mode wrote fault (SDM vol. 1, 10.2.3 and 13.8.1)? */
static bool is_loadable(const struct xregs_state *state, bool extended)
{
	if (state->mxcsr & ~mxcsr_mask)
		return false;
	return !extended || (!(state->xfeatures & ~fpu_xfeatures) && !state->xcomp_bv &&
			     !memchr_inv(state->reserved, 0, sizeof(state->reserved)));
}

static int read_image(struct xregs_state *state, const void __user *image)
{
	bool extended = has_extended(image);

	if (__copy_from_user(state, image, extended ? fpu_state_size : LEGACY_SIZE) ||
	    !is_loadable(state, extended))
		return -EFAULT;
	if (fpu_xfeatures && !extended) {
		clear_header(state);
		state->xfeatures = XFEATURE_MASK_FPSSE;
	}
	return 0;
}

/**
 * fpu_restore_sigframe - take current's registers from a signal frame
 * @image: NULL for the initial state
 *
 * Context: task; may sleep. The registers stay as they were, or become initial, on error.
 * Return: 0 or -EFAULT.
 */
int fpu_restore_sigframe(const void __user *image)
{
	struct fpu *fpu = &current->thread.fpu;
	int ret;

	if (!image) {
		fpu_start_user();
		return 0;
	}
	if (!access_ok(image, frame_size()))
		return -EFAULT;
	/* A switch in between would save the old registers over the new image: claim none. */
	fpu->used = false;
	ret = read_image(fpu->state, image);
	if (ret)
		set_initial(fpu->state);
	local_irq_disable();
	load_registers(fpu->state);
	fpu->used = true;
	fpu->last_cpu = smp_processor_id();
	this_cpu_write(fpu_owner, fpu);
	local_irq_enable();
	return ret;
}

/* ---- a stopped task's image, for its tracer ---- */

/* The image is newer than what any CPU still holds. */
static void image_changed(struct task_struct *tsk)
{
	tsk->thread.fpu.last_cpu = -1;
}

/**
 * fpu_get_xstate - the whole image as ptrace and core files show it
 * @tsk: stopped, or current after fpu_save_current()
 * @to: fpu_state_size bytes
 */
void fpu_get_xstate(struct task_struct *tsk, struct xregs_state *to)
{
	memcpy(to, tsk->thread.fpu.state, fpu_state_size);
	memset(to->sw_reserved, 0, sizeof(to->sw_reserved));
	/* Debuggers read there which components the kernel keeps. */
	memcpy(to->sw_reserved, &fpu_xfeatures, sizeof(fpu_xfeatures));
}

/* Current's registers into its image. */
void fpu_save_current(void)
{
	save_current();
}

/* Return: 0, -EFAULT, -EINVAL for a reserved bit of MXCSR. */
int fpu_set_fxregs(struct task_struct *tsk, const void __user *from, size_t len)
{
	struct xregs_state *state = tsk->thread.fpu.state;
	struct xregs_state image;

	memcpy(&image, state, LEGACY_SIZE);
	if (len > LEGACY_SIZE || copy_from_user(&image, from, len))
		return -EFAULT;
	if (image.mxcsr & ~mxcsr_mask)
		return -EINVAL;
	memcpy(state, &image, LEGACY_SIZE);
	if (fpu_xfeatures)
		state->xfeatures |= XFEATURE_MASK_FPSSE;
	image_changed(tsk);
	return 0;
}

/* Return: 0, -EFAULT, -ENOMEM, -EINVAL for what the CPU could not load. */
int fpu_set_xstate(struct task_struct *tsk, const void __user *from)
{
	struct xregs_state *image = kmalloc(fpu_state_size, GFP_KERNEL);
	int err = 0;

	if (!image)
		return -ENOMEM;
	if (copy_from_user(image, from, fpu_state_size))
		err = -EFAULT;
	else if (!is_loadable(image, true))
		err = -EINVAL;
	if (!err) {
		memcpy(tsk->thread.fpu.state, image, fpu_state_size);
		image_changed(tsk);
	}
	kfree(image);
	return err;
}
