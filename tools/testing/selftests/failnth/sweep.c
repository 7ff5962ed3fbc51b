// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short fail-nth sweep: each step of each call in turn, some combinations of flags. The whole
 * is `make failnth`.
 * ktest: tine timeout=300
 */
#define FAILNTH_SHORT 1
#include "../../failnth/failnth.c"
#include "../../failnth/counts.c"
#include "../../failnth/harm.c"
#include "../../failnth/cases.c"
#include "../../failnth/cases_cgroup.c"
#include "../../failnth/cases_clone.c"
#include "../../failnth/cases_exec.c"
#include "../../failnth/cases_memory.c"
#include "../../failnth/cases_file.c"
#include "../../failnth/cases_task.c"
