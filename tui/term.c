/* term.c: see term.h. */
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "model/io.h"
#include "tui/draw.h"
#include "tui/term_signals.h"
#include "tui/term_curses.h"

enum {
	READ_BYTES = 4096,
	IDLE_MS = 1000,
	LATER_IDLE_MS = 2000,
	DOUBLE_MS = 400,
	STUCK_S = 2,
	RESTORE_BYTES = 512,
	LOST_ERRORS = 3
};

/* Bracketed paste; button, drag and wheel reports with SGR coordinates (XTerm ctlseqs). */
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l"

static struct {
	bool open;            /* ours now: not before term_open, not while an editor has it */
	bool started;         /* ncurses was started */
	int in;               /* the terminal; -1: none */
	SCREEN *screen;
	struct drawing *drawing;
	struct input_reader *reader;
	struct platform platform;
	bool private_modes;   /* it takes ESC[?…h: its cursor address is a CSI sequence */
	bool can_mouse, mouse;
	struct termios shell; /* as it was */
	char restore[RESTORE_BYTES];
	size_t n_restore;
	bool lost, resume;
	int errors;           /* reads that failed, in a row */
	int64_t last_byte, next_idle;
	struct { int64_t at; int row, col; } press;
} term = {.in = -1};

/* ---- getting it back ---------------------------------------------------------------------------------------- */

static void write_quietly(int fd, const char *bytes, size_t n)
{
	ssize_t ignored = write(fd, bytes, n);
	(void)ignored;
}

static int add_restore(int c)
{
	if (term.n_restore < RESTORE_BYTES)
		term.restore[term.n_restore++] = (char)c;
	return c;
}

static void add_capability(const char *capability)
{
	if (capability)
		(void)tputs(capability, 1, add_restore);
}

static void prepare_restore(void)
{
	term.n_restore = 0;
	for (const char *p = term.private_modes ? MOUSE_OFF PASTE_OFF : ""; *p; p++)
		(void)add_restore(*p);
	add_capability(exit_attribute_mode);
	add_capability(orig_pair);
	add_capability(cursor_normal);
	add_capability(exit_ca_mode);
}

/* Without a byte to a terminal that takes none. */
static void restore_modes(void)
{
	(void)tcsetattr(term.in, TCSANOW, &term.shell);
}

void term_restore(void)
{
	if (!term.open)
		return;
	term.open = false;
	write_quietly(STDOUT_FILENO, term.restore, term.n_restore);
	restore_modes();
}

/* ---- modes -------------------------------------------------------------------------------------------------- */

static void send(const char *bytes)
{
	if (term.private_modes)
		write_quietly(STDOUT_FILENO, bytes, strlen(bytes));
}

static void enter_modes(void)
{
	send(PASTE_ON);
	if (term.mouse)
		send(MOUSE_ON);
}

static int put_byte(int c)
{
	char byte = (char)c;
	write_quietly(STDOUT_FILENO, &byte, 1);
	return c;
}

/* Without an alternate screen ours stays, and the cursor is on its last row: the shell's prompt has that to itself. */
static void leave_last_row(void)
{
	if (exit_ca_mode)
		return;
	(void)put_byte('\r');
	if (clr_eol)
		(void)tputs(clr_eol, 1, put_byte);
	else
		(void)put_byte('\n');
}

static void leave(void *ctx)
{
	(void)ctx;
	if (!term.open)
		return;
	send(MOUSE_OFF PASTE_OFF);
	(void)curs_set(1);
	(void)endwin();
	leave_last_row();
	term.open = false;
}

static void measure(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		(void)resizeterm(size.ws_row, size.ws_col);
}

static void enter(void *ctx)
{
	(void)ctx;
	if (term.open)
		return;
	(void)reset_prog_mode();
	term.open = true;
	measure();
	enter_modes();
	drawing_forget(term.drawing);
	input_reader_drop(term.reader);
	term.resume = true;
}

static void suspend(void *ctx)
{
	if (!signals_may_stop())
		return;
	leave(ctx);
	signals_stop();
	enter(ctx);
}

/* ---- the platform ------------------------------------------------------------------------------------------- */

static void show(void *ctx, struct grid *g)
{
	(void)ctx;
	if (!term.lost)
		drawing_show(term.drawing, g);
}

static void redraw(void *ctx)
{
	(void)ctx;
	drawing_forget(term.drawing);
}

static void read_bytes(void)
{
	char bytes[READ_BYTES];
	ssize_t n = read(term.in, bytes, sizeof(bytes));
	if (n > 0) {
		term.errors = 0;
		term.last_byte = io_now_ms();
		input_reader_feed(term.reader, (struct str){bytes, (size_t)n});
		return;
	}
	if (n == 0 || errno == EIO || (errno != EINTR && errno != EAGAIN && ++term.errors >= LOST_ERRORS))
		term.lost = true;
}

static bool readable(int timeout_ms)
{
	struct pollfd fds[2] = {{.fd = term.in, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
	int n = poll(fds, 2, timeout_ms);
	if (n <= 0)
		return false;
	if (fds[1].revents)
		signals_drain();
	if (fds[0].revents & POLLIN)
		return true;
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		term.lost = true;
	return false;
}

static void drop(void *ctx)
{
	(void)ctx;
	int64_t until = io_now_ms() + STUCK_S * 1000;
	while (!term.lost && io_now_ms() < until && readable(0)) {
		read_bytes();
		input_reader_drop(term.reader);
	}
	input_reader_drop(term.reader);
}

static bool set_mouse(void *ctx, bool on)
{
	(void)ctx;
	on = on && term.can_mouse;
	if (on != term.mouse)
		send(on ? MOUSE_ON : MOUSE_OFF);
	term.mouse = on;
	return on;
}

static void size(void *ctx, int *rows, int *cols)
{
	(void)ctx;
	getmaxyx(stdscr, *rows, *cols);
}

const struct platform *term_platform(void)
{
	return &term.platform;
}

/* ---- events ------------------------------------------------------------------------------------------------- */

int term_exit_status(void)
{
	if (signals_ended())
		return 128 + signals_ended();
	return term.lost ? 2 : 0;
}

/* Two presses on one place within DOUBLE_MS are a double one. */
static void note_press(struct input *in)
{
	if (in->kind != INPUT_MOUSE || in->button != MOUSE_PRESS)
		return;
	int64_t now = io_now_ms();
	bool again = in->row == term.press.row && in->col == term.press.col && now - term.press.at <= DOUBLE_MS;
	if (again)
		in->button = MOUSE_DOUBLE;
	term.press.at = again ? 0 : now;
	term.press.row = in->row;
	term.press.col = in->col;
}

/* The terminal has said where a character of ambiguous width left the cursor. */
static bool learn_width(struct input *out)
{
	int row, col;
	if (!input_reader_place(term.reader, &row, &col) || col != 2 || term.platform.ambiguous == 2)
		return false;
	term.platform.ambiguous = 2;
	*out = (struct input){.kind = INPUT_RESIZE};
	drawing_forget(term.drawing);
	return true;
}

static bool next_of_signals(struct input *out)
{
	if (signals_ended() || term.lost) {
		signals_ending();
		*out = (struct input){.kind = INPUT_END};
		return true;
	}
	if (signals_take_stop())
		suspend(NULL);
	if (signals_take_continue()) {
		leave(NULL);
		enter(NULL);
	}
	if (term.resume) {
		term.resume = false;
		/* It may have come after enter() had measured. */
		if (signals_take_resize())
			measure();
		*out = (struct input){.kind = INPUT_RESUME};
		return true;
	}
	if (!signals_take_resize())
		return false;
	measure();
	*out = (struct input){.kind = INPUT_RESIZE};
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return b < a ? b : a;
}

static bool next_idle(struct input *out, int64_t now)
{
	if (now < term.next_idle)
		return false;
	term.next_idle = now + LATER_IDLE_MS;
	*out = (struct input){.kind = INPUT_IDLE};
	return true;
}

bool term_next(struct input *out, int timeout_ms)
{
	int64_t end = io_now_ms() + timeout_ms;
	for (;;) {
		int64_t now = io_now_ms();
		if (next_of_signals(out))
			return true;
		if (input_reader_next(term.reader, (int)(now - term.last_byte), out)) {
			term.next_idle = now + IDLE_MS;
			note_press(out);
			return true;
		}
		if (learn_width(out) || next_idle(out, now))
			return true;
		int64_t until = earlier(end, term.next_idle);
		int pending = input_reader_wait(term.reader);
		if (pending >= 0)
			until = earlier(until, term.last_byte + pending);
		if (readable(until > now ? (int)(until - now) : 0))
			read_bytes();
		else if (until >= end && io_now_ms() >= end)
			return false;
	}
}

/* ---- taking it over ----------------------------------------------------------------------------------------- */

static bool check_type(struct error *err)
{
	const char *type = getenv("TERM");
	if (!type || !*type)
		return error_set(err, ERROR_USAGE, NULL,
		                 "TERM is not set: say what the terminal is, as in TERM=xterm-256color");
	int found;
	if (setupterm(type, STDOUT_FILENO, &found) != OK)
		return error_set(
		    err, ERROR_USAGE, NULL,
		    "the terminal type %s is not known here: set TERM to one that is, as in TERM=xterm-256color", type);
	bool will_do = cursor_address && clear_screen;
	(void)del_curterm(cur_term);
	if (!will_do)
		return error_set(
		    err, ERROR_USAGE, NULL,
		    "a terminal of type %s cannot place its cursor: set TERM to what it is, or use zhupi show", type);
	return true;
}

static bool open_input(struct error *err)
{
	term.in = isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC);
	return term.in >= 0 || error_errno(err, "/dev/tty", "read keys from");
}

static void define_keys(void)
{
	static const struct {
		const char *capability;
		uint32_t key;
	} keys[] = {
		{"kcuu1", KEY_UP_},     {"kcud1", KEY_DOWN_}, {"kcub1", KEY_LEFT_},   {"kcuf1", KEY_RIGHT_},
		{"khome", KEY_HOME_},   {"kend", KEY_END_},   {"kpp", KEY_PGUP_},     {"knp", KEY_PGDN_},
		{"kich1", KEY_INSERT_}, {"kdch1", KEY_DELETE_}, {"kcbt", KEY_BACKTAB_}, {"kent", KEY_ENTER_},
		{"kf1", KEY_F1_},       {"kf2", KEY_F1_ + 1}, {"kf3", KEY_F1_ + 2},   {"kf4", KEY_F1_ + 3},
		{"kf5", KEY_F1_ + 4},   {"kf6", KEY_F1_ + 5}, {"kf7", KEY_F1_ + 6},   {"kf8", KEY_F1_ + 7},
		{"kf9", KEY_F1_ + 8},   {"kf10", KEY_F1_ + 9}, {"kf11", KEY_F1_ + 10}, {"kf12", KEY_F1_ + 11},
	};
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *sequence = tigetstr(keys[i].capability);
		if (sequence && sequence != (char *)-1)
			input_reader_define(term.reader, sequence, keys[i].key);
	}
}

static const char *extended(const char *capability)
{
	const char *value = tigetstr(capability);
	return value && value != (char *)-1 ? value : NULL;
}

/* A character of ambiguous width in the corner, and the question where the cursor is now; then the corner is blank
 * again, as ncurses believes.  The answer comes as any input does: a terminal that does not answer costs nothing. */
static void ask_width(const struct user_config *config)
{
	if (config->ambiguous_width || !term.private_modes)
		return;
	input_reader_expect(term.reader);
	(void)refresh();
	send("\033[H\u201C\033[6n\033[H  \033[H");
}

static bool is_linux_console(void)
{
	const char *type = getenv("TERM");
	return type && strcmp(type, "linux") == 0;
}

static bool wants_color(void)
{
	const char *none = getenv("NO_COLOR");
	return !(none && *none) && has_colors();
}

static void start_modes(void)
{
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)typeahead(-1);
	(void)scrollok(stdscr, FALSE);
}

bool term_open(const struct user_config *config, bool ascii, struct error *err)
{
	if (!check_type(err) || !open_input(err))
		return false;
	(void)tcgetattr(term.in, &term.shell);
	use_env(FALSE);
	use_tioctl(TRUE);
	/* ncurses changes the modes at once: from here on whatever ends us gives them back. */
	term.open = true;
	if (!signals_open(term_restore, restore_modes, err)) {
		term.open = false;
		return false;
	}
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen) {
		term_restore();
		signals_close();
		return error_set(err, ERROR_USAGE, NULL, "ncurses cannot use this terminal: set TERM to what it is");
	}
	term.started = true;
	start_modes();
	term.private_modes = strncmp(cursor_address, "\033[", 2) == 0;
	term.can_mouse = term.private_modes && key_mouse && !is_linux_console();
	term.reader = input_reader_new();
	define_keys();
	input_reader_guard(term.reader, !extended("BE"));
	prepare_restore();
	term.platform = (struct platform){.show = show,
	                                  .redraw = redraw,
	                                  .drop = drop,
	                                  .suspend = suspend,
	                                  .leave = leave,
	                                  .enter = enter,
	                                  .mouse = set_mouse,
	                                  .size = size,
	                                  .color = wants_color(),
	                                  .ascii = ascii || is_linux_console(),
	                                  .ambiguous = 1};
	term.drawing = drawing_new(term.platform.color, config->palette);
	measure();
	enter_modes();
	ask_width(config);
	term.last_byte = io_now_ms();
	term.next_idle = term.last_byte + IDLE_MS;
	return true;
}

void term_close(void)
{
	leave(NULL);
	if (!term.started)
		return;
	term.started = false;
	signals_close();
	drawing_free(term.drawing);
	input_reader_free(term.reader);
	delscreen(term.screen);
}
