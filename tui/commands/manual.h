/* manual: what is generated from the tables of commands and keys: man page, completions, the list of commands in the
 * README. */
#ifndef ZHUPI_TUI_COMMANDS_MANUAL_H
#define ZHUPI_TUI_COMMANDS_MANUAL_H

void manual_man(void);      /* roff, with macros of man(7); prints the key table in its place */
void manual_markdown(void); /* a table of commands */
void manual_bash(void);     /* completion scripts, each in the shell's own way */
void manual_zsh(void);
void manual_fish(void);

#endif
