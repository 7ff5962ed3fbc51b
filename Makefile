# SPDX-License-Identifier: GPL-2.0-only
#
# Tine's build: one make, no recursion. Every folder's Makefile only lists what
# it holds (obj-y += foo.o bar/, obj-$(CONFIG_X) += ..., cflags-foo.o := ...);
# this file reads them all, so make sees the whole graph at once.
# `make help` lists the targets.

VERSION := 6.1.0

MAKEFLAGS += -rR --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all FORCE
all:

ifneq ($(realpath .),$(realpath $(dir $(firstword $(MAKEFILE_LIST)))))
$(error Run make in the top folder of the source tree; O=dir names the build folder)
endif

ARCH := x86
O ?= build
O := $(patsubst %/,%,$(O))
V ?= 0
C ?= 0
export O ARCH V VERSION

ifeq ($(V),0)
Q := @
say = @printf '  %-7s %s\n' $(1) $(2);
MAKEFLAGS += -s
else
Q :=
say :=
endif

CROSS_COMPILE ?=
CC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
CHECK ?= sparse
PYTHON := /usr/bin/python3
export CC LD NM OBJCOPY PYTHON

# ---- goals that need no configuration, and goals that make one ----

CONFIG_GOALS := defconfig menuconfig oldconfig olddefconfig savedefconfig %.config
PLAIN_GOALS := help clean mrproper tags style run run-guest gdb check bench profile demo-snapshot soak fuzz failnth host-check ltp $(CONFIG_GOALS)
GOALS := $(or $(MAKECMDGOALS),all)

ifneq ($(filter $(CONFIG_GOALS),$(GOALS)),)
ifneq ($(filter-out $(firstword $(GOALS)),$(GOALS)),)
SEQUENTIAL := y
endif
endif

ifdef SEQUENTIAL
# Configuration first, then the rest, one after the other in the order given.
.PHONY: $(GOALS) in-order
$(GOALS): in-order
	@:
in-order:
	$(Q)set -e; for goal in $(GOALS); do $(MAKE) $$goal; done
else

# ---- configuration ----

KCONFIG := $(PYTHON) scripts/kconfig
KCONFIG_FILES := $(wildcard Kconfig */Kconfig */Kconfig.* arch/*/Kconfig)

.PHONY: defconfig menuconfig oldconfig olddefconfig savedefconfig
defconfig menuconfig oldconfig olddefconfig savedefconfig:
	$(Q)$(KCONFIG) $@
%.config: FORCE
	$(Q)$(KCONFIG) merge $@

ifneq ($(filter-out $(PLAIN_GOALS),$(GOALS)),)
NEED_CONFIG := y
endif

ifdef NEED_CONFIG
include $(O)/include/config/auto.conf

$(O)/.config:
	$(Q)$(KCONFIG) defconfig
$(O)/include/config/auto.conf: $(O)/.config $(KCONFIG_FILES) scripts/kconfig
	$(Q)$(KCONFIG) sync
$(O)/include/generated/autoconf.h: $(O)/include/config/auto.conf ;
endif

# ---- compiler flags ----

INCLUDES := -Iarch/x86/include -Iinclude -I$(O)/include
INCLUDES += -isystem $(O)/include/uapi -isystem $(shell $(CC) -print-file-name=include)

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wvla -Wcast-align -Wmissing-prototypes
WARNINGS += -Wstrict-prototypes -Wunused-label -Wimplicit-fallthrough
WARNINGS += -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers

KERNEL_CPPFLAGS := -nostdinc $(INCLUDES) -include $(O)/include/generated/autoconf.h -D__KERNEL__

KERNEL_CFLAGS := -std=gnu11 -fms-extensions -ffreestanding -O2 -m64 -mcmodel=kernel
KERNEL_CFLAGS += -mno-red-zone -mgeneral-regs-only -fno-pic -fno-pie -fcf-protection=none
KERNEL_CFLAGS += -fno-strict-aliasing -fno-common -fno-omit-frame-pointer
KERNEL_CFLAGS += -fno-delete-null-pointer-checks -fno-asynchronous-unwind-tables
KERNEL_CFLAGS += -fno-stack-clash-protection -fmacro-prefix-map=$(O)/=
KERNEL_CFLAGS += $(if $(CONFIG_STACKPROTECTOR),-fstack-protector-strong \
	-mstack-protector-guard=tls -mstack-protector-guard-reg=gs \
	-mstack-protector-guard-symbol=__stack_chk_guard,-fno-stack-protector)
KERNEL_CFLAGS += $(if $(CONFIG_UBSAN),$(UBSAN_CFLAGS))
KERNEL_CFLAGS += $(if $(CONFIG_DEBUG_INFO),-g)
KERNEL_CFLAGS += $(WARNINGS)

UBSAN_CFLAGS := -fsanitize=shift,integer-divide-by-zero,unreachable,bounds,bool,enum
UBSAN_CFLAGS += -fsanitize=signed-integer-overflow,alignment

comma := ,
KERNEL_AFLAGS := -D__ASSEMBLY__ -m64 -fno-pic -fno-pie $(if $(CONFIG_DEBUG_INFO),-Wa$(comma)-g)

LDFLAGS := -m elf_x86_64 -z noexecstack -z max-page-size=0x1000 --no-warn-rwx-segments
LDFLAGS += --build-id=none

CHECKFLAGS := -D__linux__ -Dlinux -D__unix__ -Wno-bitwise -Wno-return-void -Wno-unknown-attribute
CHECKFLAGS += $(INCLUDES) -include $(O)/include/generated/autoconf.h -D__KERNEL__ -D__CHECKER__
CHECKFLAGS += -std=gnu11 -fms-extensions -m64 -nostdinc

# ---- the folders ----

# $(call walk,dir/): read dir/Makefile, add its objects to OBJS, go into its folders.
define walk-one
obj-y :=
-include $(1)Makefile
OBJS += $$(addprefix $(1),$$(filter %.o,$$(obj-y)))
$$(foreach o,$$(filter %.o,$$(obj-y)),$$(eval CFLAGS_$(1)$$(o) := $$(cflags-$$(o)))$$(eval cflags-$$(o) :=))
dirs-$(1) := $$(filter %/,$$(obj-y))
endef
walk = $(eval $(call walk-one,$(1)))$(foreach d,$(dirs-$(1)),$(call walk,$(1)$(d)))

TOP_FOLDERS := init/ kernel/ mm/ fs/ ipc/ net/ security/ drivers/ lib/ arch/x86/

ifdef NEED_CONFIG
OBJS :=
$(foreach d,$(TOP_FOLDERS),$(call walk,$(d)))
# A line that two branches both added counts once; the order is the initcalls' order.
uniq = $(if $(1),$(firstword $(1)) $(call uniq,$(filter-out $(firstword $(1)),$(1))))
OBJS := $(addprefix $(O)/,$(call uniq,$(OBJS)))
LDS := $(O)/arch/x86/kernel/vmlinux.lds

OUT_FOLDERS := $(sort $(dir $(OBJS) $(LDS)) $(O)/include/generated/ $(O)/include/uapi/)
MISSING_FOLDERS := $(filter-out $(wildcard $(OUT_FOLDERS)),$(OUT_FOLDERS))
ifneq ($(MISSING_FOLDERS),)
$(shell mkdir -p $(MISSING_FOLDERS))
endif

# ---- generated headers ----

GENERATED := $(O)/include/generated/autoconf.h $(O)/include/generated/utsrelease.h
GENERATED += $(O)/include/generated/syscall_table.h
UAPI := $(addprefix $(O)/include/uapi/,linux asm asm-generic)

$(UAPI):
	$(Q)scripts/link-uapi $(@F) $@

$(O)/include/generated/syscall_table.h: arch/x86/entry/syscalls.tbl scripts/syscall-table
	$(call say,GEN,$@)
	$(Q)$(PYTHON) scripts/syscall-table $< $@

# Looked at after each commit; rewritten, and its users rebuilt, only when its text changes.
$(O)/include/generated/utsrelease.h: $(O)/include/config/auto.conf scripts/utsrelease $(wildcard .git/logs/HEAD)
	$(Q)scripts/utsrelease $@ '$(VERSION)' $(CONFIG_LOCALVERSION)

.PHONY: prepare
prepare: $(GENERATED) $(UAPI)

# ---- objects ----
#
# Each object's .d file holds its dependencies and, in saved-<object>, the
# command that made it. An object whose command would differ now is rebuilt.

cmd-c = $(CC) $(KERNEL_CPPFLAGS) $(KERNEL_CFLAGS) $(CFLAGS_$(1:$(O)/%=%)) -c
cmd-S = $(CC) $(KERNEL_CPPFLAGS) $(KERNEL_AFLAGS) -c
cmd-lds = $(CC) $(KERNEL_CPPFLAGS) -D__ASSEMBLY__ -E -P -x assembler-with-cpp
cmd-of = $(strip $(if $(filter %.lds,$(1)),$(cmd-lds),$(if $(wildcard $(1:$(O)/%.o=%.S)),$(cmd-S),$(cmd-c))))
depfile = $(dir $(1)).$(notdir $(1)).d
save-cmd = $(Q)echo 'saved-$@ := $(call cmd-of,$@)' >> $(call depfile,$@)

$(O)/%.o: %.c | prepare
	$(call say,CC,$<)
ifneq ($(C),0)
	$(Q)$(CHECK) $(CHECKFLAGS) $(CFLAGS_$(@:$(O)/%=%)) $<
endif
	$(Q)$(call cmd-of,$@) -MMD -MP -MF $(call depfile,$@) -o $@ $<
	$(save-cmd)

$(O)/%.o: %.S | prepare
	$(call say,AS,$<)
	$(Q)$(call cmd-of,$@) -MMD -MP -MF $(call depfile,$@) -o $@ $<
	$(save-cmd)

$(LDS): $(O)/%: %.S | prepare
	$(call say,LDS,$<)
	$(Q)$(call cmd-of,$@) -MMD -MP -MT $@ -MF $(call depfile,$@) -o $@ $<
	$(save-cmd)

-include $(wildcard $(foreach o,$(OBJS) $(LDS),$(call depfile,$(o))))

changed-cmd = $(if $(subst x$(saved-$(1)),,x$(call cmd-of,$(1)))$(subst x$(call cmd-of,$(1)),,x$(saved-$(1))),$(1))
REBUILD := $(if $(filter 2,$(C)),$(OBJS),$(foreach o,$(OBJS) $(LDS),$(call changed-cmd,$(o))))
$(REBUILD): FORCE

# ---- vmlinux ----

ifeq ($(wildcard arch/x86/kernel/vmlinux.lds.S),)
all: $(OBJS)
	@echo 'arch/x86/kernel/vmlinux.lds.S is missing: objects built, nothing linked'
else
all: $(O)/vmlinux
	@:
endif

-include $(wildcard $(O)/.vmlinux.d)
LINK_CMD := $(strip $(LD) $(LDFLAGS) $(OBJS))
ifneq ($(LINK_CMD),$(saved-vmlinux))
$(O)/vmlinux: FORCE
endif

$(O)/vmlinux: $(OBJS) $(LDS) scripts/link-vmlinux scripts/kallsyms
	$(call say,LD,$@)
	$(Q)LDFLAGS='$(LDFLAGS)' scripts/link-vmlinux $@ $(LDS) $(OBJS)
	$(Q)echo 'saved-vmlinux := $(LINK_CMD)' > $(O)/.vmlinux.d
endif # NEED_CONFIG

# ---- running and testing ----

include scripts/Makefile.run

# ---- the rest ----

.PHONY: compile_commands.json tags clean mrproper help style
compile_commands.json: all
	$(call say,GEN,$@)
	$(Q)$(PYTHON) scripts/compile-commands $(O) > $@

tags:
	$(call say,GEN,$@)
	$(Q)ctags -R --languages=C,Asm --langmap=c:.c.h --exclude=build* .

style:
	$(Q)$(PYTHON) scripts/style
	$(Q)scripts/doc-clone --check

clean:
	$(Q)if [ -d $(O) ]; then find $(O) -mindepth 1 -maxdepth 1 ! -name .config -exec rm -rf {} +; fi

mrproper: clean
	$(Q)rm -f $(O)/.config $(O)/.config.old tags compile_commands.json
	$(Q)if [ -d $(O) ]; then rmdir --ignore-fail-on-non-empty $(O); fi

help:
	@cat scripts/help.txt
endif # SEQUENTIAL
FORCE:
