// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short fail-nth sweep: each step of each call in turn, some combinations of flags. The whole
 * is `make failnth`.
 * ktest: tine timeout=120
 */
#define FAILNTH_SHORT 1
#include "../../failnth/failnth.c"
#include "../../failnth/cases.c"
