# zhupi: build, test, install.  Needs GNU make, a C compiler and what `make deps` installs.
#
#   make deps run     install what is missing, build, open sample-corpus/
#   make deps test    install what is missing, build, run every test
#
#   make              build/zhupi                       make install    program, manual page, completions (PREFIX, DESTDIR)
#   make unit golden commands …  one suite of tests; which there are: tests/README.md
#   make asan         all of it with sanitizers, in build-asan    make werror    without a warning, in build-werror
#   make bench        figures beside their bounds       make soak       hours of faults and fuzzing (HOURS=8)
#   make coverage     lines and branches not reached    make planted    planted bugs that tests must notice
#
# BUILD=dir builds elsewhere (two checkouts, two compilers, sanitizers beside the plain build).  V=1 shows whole commands.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
JOBS    ?= $(shell nproc 2>/dev/null || echo 1)
Q       := $(if $(V),,@)

PKGS    := icu-i18n icu-uc ncursesw yaml-0.1 jansson libxml-2.0 libarchive
# Asked at the first use and then kept: `make deps all` must not ask before deps has run.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)

WARN    := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
           -Wwrite-strings -Wunused-result -Wimplicit-fallthrough
WERROR  ?=
OPT     ?= -O2 -g
HARDEN  ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
SAN     ?=
CFLAGS  += -std=c17 $(OPT) $(HARDEN) $(SAN) $(WARN) $(WERROR)
CPPFLAGS += -D_GNU_SOURCE -DZHUPI_VERSION='"$(VERSION)"' -I. -I$(BUILD)/gen $(PKG_CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now $(SAN)

# How lines and branches of these two layers are counted, where they are (tests/coverage/run).
COUNT   ?=

MODEL_C := $(sort $(wildcard model/*.c))
ANNOT_C := $(sort $(wildcard annotations/*.c annotations/*/*.c))
TUI_C   := $(sort $(filter-out tui/main.c,$(wildcard tui/*.c tui/*/*.c)))
obj      = $(patsubst %.c,$(BUILD)/%.o,$(1))
MODEL_A := $(BUILD)/libmodel.a
ANNOT_A := $(BUILD)/libannotations.a
TUI_A   := $(BUILD)/libtui.a
$(call obj,$(MODEL_C) $(ANNOT_C)): private CFLAGS += $(COUNT)

.PHONY: all run deps clean install uninstall man test unit units golden ui commands review docs extract escape terminal fault planted \
        coverage counted bench layers werror asan fuzz fuzzer soak
all: $(BUILD)/zhupi

$(BUILD)/zhupi: $(call obj,tui/main.c) $(TUI_A) $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(MODEL_A): $(call obj,$(MODEL_C))
$(ANNOT_A): $(call obj,$(ANNOT_C))
$(TUI_A):   $(call obj,$(TUI_C))
$(BUILD)/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- what is generated ------------------------------------------------------------------------------------------

-include model/gen/rules.mk annotations/gen/rules.mk tui/gen/rules.mk

# ---- running ----------------------------------------------------------------------------------------------------

# Goals that a person names build with all processors, in a make of their own: so `make deps run` compiles nothing before deps is done.
build = @$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)
ifneq ($(filter deps,$(MAKECMDGOALS)),)
run test unit golden ui fault bench install: | deps
endif

run:
	$(build) all
	@$(BUILD)/zhupi sample-corpus

deps:
	@.ci/deps

# ---- tests ------------------------------------------------------------------------------------------------------
# One program for each tests/unit/LAYER/test_*.c; it links its own layer and those below, so that a call upward is a link error.

UNIT_MODEL := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/model/test_*.c))
UNIT_ANNOT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/annotations/test_*.c))
UNIT_TUI   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/tui/test_*.c))
UNITS      := $(UNIT_MODEL) $(UNIT_ANNOT) $(UNIT_TUI)

$(UNIT_MODEL): $(BUILD)/tests/unit/model/test_%: $(BUILD)/tests/unit/model/test_%.o $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka
$(UNIT_ANNOT): $(BUILD)/tests/unit/annotations/test_%: $(BUILD)/tests/unit/annotations/test_%.o $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka
$(UNIT_TUI): $(BUILD)/tests/unit/tui/test_%: $(BUILD)/tests/unit/tui/test_%.o $(TUI_A) $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

# What the fuzzer runs (tests/fuzz/README.md), as a plain program for what was found before.
FUZZ_O := $(call obj,$(sort $(wildcard tests/fuzz/target_*.c)) tests/fuzz/fuzz.c)
$(BUILD)/tests/fuzz/replay: $(FUZZ_O) $(call obj,tests/fuzz/replay.c) $(TUI_A) $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(BUILD)/tests/fuzz/fuzz: $(FUZZ_O) $(call obj,tests/fuzz/main.c) $(TUI_A) $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

FAULT := $(BUILD)/tests/fault/fault
$(FAULT): $(call obj,$(wildcard tests/fault/*.c)) $(ANNOT_A) $(MODEL_A)
	@echo '  LINK  $(@F)'
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# What tests/coverage/run builds in a folder of its own.
counted: $(UNIT_MODEL) $(UNIT_ANNOT) $(FAULT)

units: $(UNITS) $(FAULT) $(BUILD)/tests/fuzz/replay
test:
	$(build) all units
	@BUILD=$(BUILD) tests/run
unit:
	$(build) units
	@BUILD=$(BUILD) tests/run unit
fuzz:
	$(build) units
	@BUILD=$(BUILD) tests/run fuzz
golden ui commands review docs extract escape terminal:
	$(build) all
	@BUILD=$(BUILD) tests/run $@

# Bugs planted in a copy of the tree, each to be noticed by the tests; some minutes.
planted:
	@tests/fault/planted
coverage:
	@BUILD=$(BUILD) tests/coverage/run -v
fault:
	$(build) all units
	@BUILD=$(BUILD) tests/run fault

layers:
	@tests/layers

werror:
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)-werror WERROR=-Werror all units
asan:
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)-asan HARDEN= OPT='-O1 -g -fno-omit-frame-pointer' \
	  SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' all units

# The fuzz targets under clang's libFuzzer, and the program with the same sanitizers; tests/fuzz/run says how long each runs.
FUZZ_CC ?= clang
fuzzer:
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)-fuzz CC='$(FUZZ_CC)' HARDEN= \
	  OPT='-O1 -gline-tables-only -fno-omit-frame-pointer' \
	  SAN='-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all' $(BUILD)-fuzz/tests/fuzz/fuzz $(BUILD)-fuzz/zhupi
# Hours of it, with faults, kills, terminals and keys at random: HOURS=8; Ctrl-C ends it with what was done.
soak:
	$(build) all units
	$(build) fuzzer
	@BUILD=$(BUILD) tests/soak

bench:
	$(build) all
	@BUILD=$(BUILD) tests/bench/run

clean:
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-werror $(BUILD)-coverage $(BUILD)-fuzz
