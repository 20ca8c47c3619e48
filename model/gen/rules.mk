# Tables that are made at build from the data in this folder.

# pinyin: syllables and readings
$(BUILD)/gen/pinyin_make: model/gen/pinyin_make.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<
$(BUILD)/gen/pinyin_table.h: $(BUILD)/gen/pinyin_make model/gen/pinyin_readings.txt
	$(BUILD)/gen/pinyin_make < model/gen/pinyin_readings.txt > $@.part
	mv $@.part $@
$(BUILD)/model/pinyin.o: $(BUILD)/gen/pinyin_table.h
