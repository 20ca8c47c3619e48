# The YAML files of annotations/packs/ as bytes in the program; see annotations/pack.h.

PACK_FILES := $(sort $(wildcard annotations/packs/*.yaml annotations/packs/*/*.yaml))

# The list of files is part of what the table depends on: a file that goes must go from the table too.
$(BUILD)/gen/packs.list: FORCE_PACKS
	@mkdir -p $(@D)
	@echo '$(PACK_FILES)' | cmp -s - $@ || echo '$(PACK_FILES)' > $@
.PHONY: FORCE_PACKS

$(BUILD)/gen/packs.inc: annotations/gen/embed $(BUILD)/gen/packs.list $(PACK_FILES)
	@mkdir -p $(@D)
	$(Q)annotations/gen/embed annotations/packs $(PACK_FILES) > $@.part
	$(Q)mv $@.part $@
$(BUILD)/annotations/pack.o: $(BUILD)/gen/packs.inc
