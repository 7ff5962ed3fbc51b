/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel has no such header, but <uapi/linux/shm.h> includes it for user space's sake.
 */
