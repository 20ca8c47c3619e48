# Tables that are made at build from the data in this folder.

# pinyin: syllables and readings
$(BUILD)/gen/pinyin_make: model/gen/pinyin_make.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<
$(BUILD)/gen/pinyin_table.h: $(BUILD)/gen/pinyin_make model/gen/pinyin_readings.txt
	$(Q)$(BUILD)/gen/pinyin_make < model/gen/pinyin_readings.txt > $@.part
	$(Q)mv $@.part $@
$(BUILD)/model/pinyin.o: $(BUILD)/gen/pinyin_table.h

# fold: what characters are searched as
$(BUILD)/gen/fold_make: model/gen/fold_make.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(PKG_LIBS)
$(BUILD)/gen/fold_table.h: $(BUILD)/gen/fold_make
	$(Q)$(BUILD)/gen/fold_make > $@.part
	$(Q)mv $@.part $@
$(BUILD)/model/fold.o: $(BUILD)/gen/fold_table.h
