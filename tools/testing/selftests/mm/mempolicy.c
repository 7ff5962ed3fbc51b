// SPDX-License-Identifier: GPL-2.0-only
/* Memory policies of tasks and areas on a machine of one node: errors, fork, splits. */
#include "../ktest.h"
#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PAGE	4096UL

static unsigned long node0 = 1;

static long set_policy(int mode, unsigned long *nodes, unsigned long max)
{
	return syscall(SYS_set_mempolicy, mode, nodes, max);
}

static long get_policy(int *mode, unsigned long *nodes, unsigned long max, void *addr, int flags)
{
	return syscall(SYS_get_mempolicy, mode, nodes, max, addr, flags);
}

static long bind_range(void *addr, unsigned long len, int mode, unsigned long *nodes, int flags)
{
	return syscall(SYS_mbind, addr, len, mode, nodes, nodes ? 64UL : 0UL, flags);
}

static int mode_at(void *addr)
{
	int mode = -1;

	return get_policy(&mode, NULL, 0, addr, MPOL_F_ADDR) ? -1 : mode;
}

static char *map_pages(int n)
{
	char *p = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(p != MAP_FAILED);
	return p;
}

static void need_policies(void)
{
	if (get_policy(NULL, NULL, 0, NULL, 0))
		SKIP("no memory policies here");
}

TEST(task_policy_is_inherited)
{
	unsigned long nodes = 0;
	int mode = -1, status;
	pid_t pid;

	need_policies();
	EXPECT_EQ(get_policy(&mode, NULL, 0, NULL, 0), 0);
	EXPECT_EQ(mode, MPOL_DEFAULT);
	ASSERT_EQ(set_policy(MPOL_BIND, &node0, 64), 0);
	pid = fork();
	ASSERT(pid >= 0);
	if (pid == 0) {
		if (get_policy(&mode, &nodes, 1024, NULL, 0))
			_exit(1);
		_exit(mode == MPOL_BIND && nodes == 1 ? 0 : 2);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(set_policy(MPOL_DEFAULT, NULL, 0), 0);
}

TEST(errors_of_the_task_policy)
{
	unsigned long none = 0, far = 1UL << 40;

	need_policies();
	EXPECT_ERRNO(set_policy(MPOL_MAX + 3, NULL, 0), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_BIND, NULL, 0), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_BIND, &none, 64), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_BIND, &far, 64), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_DEFAULT, &node0, 64), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_LOCAL, &node0, 64), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_BIND | MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES, &node0,
				64), EINVAL);
	EXPECT_ERRNO(set_policy(MPOL_BIND, (void *)8, 64), EFAULT);
	EXPECT_ERRNO(get_policy(NULL, NULL, 0, NULL, 0x100), EINVAL);
	EXPECT_ERRNO(get_policy(NULL, NULL, 0, &none, 0), EINVAL);
	EXPECT_ERRNO(get_policy(NULL, NULL, 0, NULL, MPOL_F_MEMS_ALLOWED | MPOL_F_ADDR), EINVAL);
	EXPECT_ERRNO(get_policy(NULL, NULL, 0, NULL, MPOL_F_ADDR), EFAULT);
	EXPECT_ERRNO(get_policy(NULL, NULL, 0, NULL, MPOL_F_NODE), EINVAL);
}

TEST(area_policies_split_and_are_inherited)
{
	char *p = map_pages(5);
	int status;
	pid_t pid;

	need_policies();
	ASSERT_EQ(bind_range(p + PAGE, 2 * PAGE, MPOL_BIND, &node0, 0), 0);
	EXPECT_EQ(mode_at(p), MPOL_DEFAULT);
	EXPECT_EQ(mode_at(p + PAGE), MPOL_BIND);
	EXPECT_EQ(mode_at(p + 2 * PAGE), MPOL_BIND);
	EXPECT_EQ(mode_at(p + 3 * PAGE), MPOL_DEFAULT);
	/* mprotect splits it further, and both parts keep it */
	ASSERT_EQ(mprotect(p + 2 * PAGE, PAGE, PROT_READ), 0);
	EXPECT_EQ(mode_at(p + PAGE), MPOL_BIND);
	EXPECT_EQ(mode_at(p + 2 * PAGE), MPOL_BIND);
	pid = fork();
	ASSERT(pid >= 0);
	if (pid == 0)
		_exit(mode_at(p + PAGE) == MPOL_BIND && mode_at(p) == MPOL_DEFAULT ? 0 : 1);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	ASSERT_EQ(bind_range(p, 5 * PAGE, MPOL_DEFAULT, NULL, 0), 0);
	EXPECT_EQ(mode_at(p + PAGE), MPOL_DEFAULT);
}

TEST(errors_of_mbind)
{
	char *p = map_pages(3);

	need_policies();
	EXPECT_ERRNO(bind_range(p + 1, PAGE, MPOL_BIND, &node0, 0), EINVAL);
	EXPECT_ERRNO(bind_range(p, PAGE, MPOL_BIND, &node0, 0x100), EINVAL);
	EXPECT_EQ(bind_range(p, 0, MPOL_BIND, &node0, 0), 0);
	ASSERT_EQ(munmap(p + PAGE, PAGE), 0);
	EXPECT_ERRNO(bind_range(p, 3 * PAGE, MPOL_BIND, &node0, 0), EFAULT);
	EXPECT_ERRNO(bind_range(p + PAGE, PAGE, MPOL_BIND, &node0, 0), EFAULT);
}

TEST(where_pages_are)
{
	char *p = map_pages(2);
	void *pages[3] = { p, p + PAGE, (void *)PAGE };
	int status[3] = { 9, 9, 9 }, nodes[2] = { 0, 7 };

	need_policies();
	*p = 1;
	ASSERT_EQ(syscall(SYS_move_pages, 0, 3UL, pages, NULL, status, 0), 0);
	EXPECT_EQ(status[0], 0);
	EXPECT_EQ(status[1], -ENOENT);
	EXPECT_EQ(status[2], -EFAULT);
	EXPECT_ERRNO(syscall(SYS_move_pages, 0, 2UL, pages, nodes, status, MPOL_MF_MOVE), ENODEV);
	EXPECT_ERRNO(syscall(SYS_move_pages, 0, 1UL, pages, NULL, status, 0x100), EINVAL);
	EXPECT_EQ(syscall(SYS_migrate_pages, 0, 64UL, &node0, &node0), 0);
}

/* Each call once took a reference from the page of zeroes that all share. */
TEST(node_of_memory_that_was_only_read)
{
	volatile char *p = map_pages(1);
	int node = 9;

	need_policies();
	ASSERT_EQ(*p, 0);
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(syscall(SYS_get_mempolicy, &node, NULL, 0UL, p, MPOL_F_NODE | MPOL_F_ADDR),
			  0);
	EXPECT_EQ(node, 0);
	EXPECT_EQ(*p, 0);
}
