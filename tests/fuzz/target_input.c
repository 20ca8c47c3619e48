/* Bytes of a terminal: however they are divided between two reads, the same events come of them while nothing is silent;
 * no event is a key that a terminal cannot have, and a reader that is silent for long holds nothing back. */
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tui/input.h"

enum { SILENT = 10000 };

static void note(struct buf *log, const struct input *in)
{
	switch (in->kind) {
	case INPUT_KEY:
		HOLDS(in->key > 0 && in->key < KEY_LIMIT_ && in->key != KEY_NONE_);
		HOLDS(!in->text.n || utf8_valid(in->text));
		HOLDS(in->key >= KEY_NONE_ || in->key < 0x20 || in->text.n);
		break;
	case INPUT_MOUSE:
		HOLDS(in->row >= 0 && in->col >= 0 && in->button <= MOUSE_WHEEL_DOWN);
		break;
	default:
		HOLDS(in->kind == INPUT_PASTE);
	}
	buf_addf(log, "%d %x %d %d %d [", in->kind, in->key, in->row, in->col, in->button);
	buf_add(log, in->text);
	buf_adds(log, "]\n");
}

static void drain(struct input_reader *r, int silent, struct buf *log)
{
	struct input in;
	while (input_reader_next(r, silent, &in))
		note(log, &in);
}

static struct input_reader *reader(unsigned flags)
{
	struct input_reader *r = input_reader_new();
	input_reader_define(r, "\033OA", KEY_UP_);
	input_reader_define(r, "\033[1~", KEY_HOME_);
	input_reader_define(r, "\033[[A", KEY_F1_);
	input_reader_guard(r, flags & 1);
	if (flags & 2)
		input_reader_expect(r);
	return r;
}

/* Fed `step` bytes at a time. */
static void read_all(unsigned flags, struct str bytes, size_t step, struct buf *log)
{
	struct input_reader *r = reader(flags);
	for (size_t at = 0; at < bytes.n; at += step) {
		input_reader_feed(r, str_sub(bytes, at, at + step < bytes.n ? at + step : bytes.n));
		drain(r, 0, log);
	}
	for (unsigned i = 0; input_reader_wait(r) >= 0; i++) {
		drain(r, SILENT, log);
		HOLDS(i < 4); /* a paste or a burst, and what stood behind it */
	}
	struct input in;
	HOLDS(!input_reader_next(r, SILENT, &in));
	input_reader_drop(r);
	input_reader_free(r);
}

void fuzz_input(struct str input)
{
	struct buf whole = {0}, bytes = {0}, pieces = {0};
	unsigned flags = fuzz_byte(&input);
	read_all(flags, input, input.n + 1, &whole);
	/* A burst is told by what comes at once: there the division counts. */
	if (!(flags & 1)) {
		read_all(flags, input, 1, &bytes);
		read_all(flags, input, flags % 7 + 2, &pieces);
		HOLDS(str_eq(buf_str(&whole), buf_str(&bytes)));
		HOLDS(str_eq(buf_str(&whole), buf_str(&pieces)));
	}
	buf_free(&whole);
	buf_free(&bytes);
	buf_free(&pieces);
}
