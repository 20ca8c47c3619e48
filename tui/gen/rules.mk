# What the program says of itself: man page and completions from the tables of commands and keys; and the installation.

MAN         := $(BUILD)/zhupi.1
COMPLETIONS := $(BUILD)/completions/zhupi.bash $(BUILD)/completions/zhupi.zsh $(BUILD)/completions/zhupi.fish

man: $(MAN)
$(MAN): $(BUILD)/zhupi
	$(BUILD)/zhupi help --man > $@.part
	mv $@.part $@

completions: $(COMPLETIONS)
$(COMPLETIONS): $(BUILD)/completions/zhupi.%: $(BUILD)/zhupi
	@mkdir -p $(@D)
	$(BUILD)/zhupi help --$* > $@.part
	mv $@.part $@

BINDIR  = $(DESTDIR)$(PREFIX)/bin
MANDIR  = $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

.PHONY: completions
install: $(BUILD)/zhupi $(MAN) $(COMPLETIONS)
	install -d $(BINDIR) $(MANDIR) $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -m 755 $(BUILD)/zhupi $(BINDIR)/zhupi
	install -m 644 $(MAN) $(MANDIR)/zhupi.1
	install -m 644 $(BUILD)/completions/zhupi.bash $(BASHDIR)/zhupi
	install -m 644 $(BUILD)/completions/zhupi.zsh $(ZSHDIR)/_zhupi
	install -m 644 $(BUILD)/completions/zhupi.fish $(FISHDIR)/zhupi.fish

uninstall:
	rm -f $(BINDIR)/zhupi $(MANDIR)/zhupi.1 $(BASHDIR)/zhupi $(ZSHDIR)/_zhupi $(FISHDIR)/zhupi.fish
