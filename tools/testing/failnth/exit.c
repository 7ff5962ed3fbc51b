// SPDX-License-Identifier: GPL-2.0-only
/* What the exec cases run: nothing. */
int main(void)
{
	return 0;
}
