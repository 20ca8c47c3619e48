/* output: the part of command.h's output that only the parser needs. */
#ifndef ZHUPI_TUI_COMMANDS_OUTPUT_H
#define ZHUPI_TUI_COMMANDS_OUTPUT_H

/* Before a command runs: Ctrl-C sets command_interrupted(), a closed pipe is seen as a failed write. */
void output_start(void);

#endif
