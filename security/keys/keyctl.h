/* SPDX-License-Identifier: GPL-2.0-only */
/* The operations of keyctl(2), for the table in keyctl_calls.c. */
#ifndef _SECURITY_KEYS_KEYCTL_H
#define _SECURITY_KEYS_KEYCTL_H

#include "internal.h"

struct keyctl_args {
	unsigned long a, b, c, d;
};

/* From user space: a type's name; -EFAULT, -EINVAL, -EPERM for those with a dot. */
int get_type_name(char name[32], const char __user *from);
/* A description or another string. Return: it, or ERR_PTR(-EFAULT, -EINVAL, -ENOMEM). */
char *get_description(const char __user *from);

/* keyctl.c: looking */
long keyctl_get_keyring_id(const struct keyctl_args *args);
long keyctl_join_session(const struct keyctl_args *args);
long keyctl_describe(const struct keyctl_args *args);
long keyctl_search(const struct keyctl_args *args);
long keyctl_read(const struct keyctl_args *args);
long keyctl_get_security(const struct keyctl_args *args);
long keyctl_capabilities(const struct keyctl_args *args);
long keyctl_get_persistent(const struct keyctl_args *args);

/* keyctl_change.c: one key, or the links of a keyring */
long keyctl_update(const struct keyctl_args *args);
long keyctl_revoke(const struct keyctl_args *args);
long keyctl_invalidate(const struct keyctl_args *args);
long keyctl_chown(const struct keyctl_args *args);
long keyctl_setperm(const struct keyctl_args *args);
long keyctl_set_timeout(const struct keyctl_args *args);
long keyctl_clear(const struct keyctl_args *args);
long keyctl_link(const struct keyctl_args *args);
long keyctl_unlink(const struct keyctl_args *args);
long keyctl_move(const struct keyctl_args *args);
long keyctl_restrict(const struct keyctl_args *args);

/* keyctl_construct.c: what the program does that constructs a key */
long keyctl_instantiate(const struct keyctl_args *args);
long keyctl_instantiate_iov(const struct keyctl_args *args);
long keyctl_negate(const struct keyctl_args *args);
long keyctl_reject(const struct keyctl_args *args);
long keyctl_assume_authority(const struct keyctl_args *args);
long keyctl_set_reqkey_keyring(const struct keyctl_args *args);

/* session_to_parent.c */
long keyctl_session_to_parent(const struct keyctl_args *args);

#endif /* _SECURITY_KEYS_KEYCTL_H */
