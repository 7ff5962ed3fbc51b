// SPDX-License-Identifier: GPL-2.0-only
/* unshare(2): leave what clone() made common. Only current changes itself. */
#include <linux/capability.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

#define NAMESPACES	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME)
#define KNOWN		(CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | \
			 CLONE_SYSVSEM | NAMESPACES)

/* What threads share cannot be left while there are others (unshare(2), EINVAL). */
static int check_flags(unsigned long flags)
{
	if (flags & ~(unsigned long)KNOWN)
		return -EINVAL;
	if (flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)) {
		if (!thread_group_empty(current))
			return -EINVAL;
	}
	if ((flags & CLONE_VM) && atomic_read(&current->mm->mm_users) > 1)
		return -EINVAL;
	if (!(flags & NAMESPACES))
		return 0;
	/* there is one namespace of each kind */
	if ((flags & NAMESPACES & ~CLONE_NEWUSER) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	return -EINVAL;
}

SYSCALL_DEFINE1(unshare, unsigned long, flags)
{
	int err = check_flags(flags);

	if (!err && (flags & CLONE_FS))
		err = unshare_fs_struct();
	if (!err && (flags & CLONE_FILES))
		err = unshare_files();
	return err;
}
