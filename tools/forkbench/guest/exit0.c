// SPDX-License-Identifier: GPL-2.0-only
/* What forkbench executes: a small static program that ends at once. */
int main(void)
{
	return 0;
}
