/* input.c: bytes of a terminal become events, see input.h. */
#include "tui/input.h"

#include <string.h>

#define PASTE_BEGIN S("\033[200~")
#define PASTE_END S("\033[201~")
#define SEQUENCE_LIMIT 64 /* longer ones are no sequence of a keyboard: swallowed up to there */
#define BURST_KINDS 12    /* different characters that prose has at least */
#define BURST_BLANKS 3
#define PROSE_LOOK (4 * (4 * BURST_KEYS + 2)) /* bytes that reads_like_prose() looks at, at most */

struct sequence {
	char *bytes;
	uint32_t key;
};

struct input_reader {
	struct buf in;              /* bytes not yet made into events */
	size_t done;                /* of these, used */
	struct sequence *sequences; /* from the terminal's description */
	size_t n_sequences;
	bool guard;
	bool pasting;               /* after PASTE_BEGIN */
	bool bursting;              /* a burst of prose is being collected */
	bool dropping;              /* what is pasted now was dropped */
	size_t end_seen;            /* while pasting: offset in `in` after the last end mark, 0: none yet */
	size_t searched;            /* while pasting: `in` was searched up to here */
	size_t unended;             /* up to this offset in `in` no OSC or DCS string ends */
	struct buf text;            /* of the event given last */
	bool expecting, placed;
	int row, col;
};

struct input_reader *input_reader_new(void)
{
	return mem_alloc(sizeof(struct input_reader));
}

void input_reader_free(struct input_reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_sequences; i++)
		mem_free(r->sequences[i].bytes);
	mem_free(r->sequences);
	buf_free(&r->in);
	buf_free(&r->text);
	mem_free(r);
}

void input_reader_define(struct input_reader *r, const char *sequence, uint32_t key)
{
	if (!sequence || sequence[0] != '\033' || !sequence[1])
		return;
	r->sequences = mem_grow(r->sequences, r->n_sequences + 1, sizeof(*r->sequences));
	r->sequences[r->n_sequences++] = (struct sequence){mem_dup(sequence), key};
}

void input_reader_guard(struct input_reader *r, bool on)
{
	r->guard = on;
}

static struct str left(const struct input_reader *r)
{
	return str_sub(buf_str(&r->in), r->done, r->in.n);
}

/* The part used is given back when it is most of the buffer, so that bytes move once on average. */
static void use(struct input_reader *r, size_t n)
{
	r->done += n;
	if (r->done == r->in.n) {
		buf_clear(&r->in);
		r->done = r->unended = 0;
	} else if (r->done > r->in.n / 2 && r->done > 4096) {
		memmove(r->in.p, r->in.p + r->done, r->in.n - r->done);
		r->in.n -= r->done;
		r->unended -= r->unended < r->done ? r->unended : r->done;
		r->done = 0;
	}
}

void input_reader_feed(struct input_reader *r, struct str bytes)
{
	if (r->in.n - r->done < PASTE_LIMIT)
		buf_add(&r->in, bytes);
}

void input_reader_expect(struct input_reader *r)
{
	r->expecting = true;
	r->placed = false;
}

bool input_reader_place(struct input_reader *r, int *row, int *col)
{
	if (!r->placed)
		return false;
	r->placed = false;
	*row = r->row;
	*col = r->col;
	return true;
}

/* ---- pastes ------------------------------------------------------------------------------------------------- */

/* Gives the first n bytes as one paste, end marks left out. */
static bool give_paste(struct input_reader *r, size_t n, struct input *out)
{
	struct str rest = str_sub(left(r), 0, n);
	buf_clear(&r->text);
	for (size_t at; rest.n; rest = str_sub(rest, at, rest.n)) {
		size_t mark = str_find(rest, PASTE_END, 0);
		buf_add(&r->text, str_sub(rest, 0, mark));
		at = mark == NOWHERE ? rest.n : mark + PASTE_END.n;
	}
	use(r, n);
	bool dropped = r->dropping;
	r->pasting = r->bursting = r->dropping = false;
	if (dropped)
		return false;
	*out = (struct input){.kind = INPUT_PASTE, .text = buf_str(&r->text)};
	return true;
}

/* Looks at what came since the last call: end marks that belong to this paste, up to the beginning of another. */
static void search_paste(struct input_reader *r)
{
	struct str all = left(r);
	size_t from = r->searched > PASTE_END.n ? r->searched - PASTE_END.n : 0;
	if (from < r->end_seen)
		from = r->end_seen;
	for (size_t at; (at = str_find(all, PASTE_END, from)) != NOWHERE; from = r->end_seen) {
		if (r->end_seen && str_find(str_sub(all, 0, at), PASTE_BEGIN, r->end_seen) != NOWHERE)
			break;
		r->end_seen = at + PASTE_END.n;
	}
	r->searched = all.n;
}

static bool next_of_paste(struct input_reader *r, int silent_ms, struct input *out)
{
	search_paste(r);
	if (r->end_seen && silent_ms >= PASTE_TAIL_MS)
		return give_paste(r, r->end_seen, out);
	if (!r->end_seen && silent_ms >= PASTE_MS)
		return give_paste(r, left(r).n, out);
	return false;
}

static bool is_plain_byte(char c)
{
	return (unsigned char)c >= 0x20 || c == '\r' || c == '\n' || c == '\t';
}

/* Characters, not keys, that stand at the front: up to the first control other than line ends and tabs. */
static struct str plain_front(struct str s)
{
	size_t n = 0;
	while (n < s.n && is_plain_byte(s.p[n]))
		n++;
	return str_sub(s, 0, n);
}

static bool reads_like_prose(struct str s)
{
	bool seen[128] = {false};
	size_t count = 0, kinds = 0, blanks = 0;
	codepoint cp;
	bool han = false;
	for (size_t off = 0, step; (step = utf8_step(s, off, &cp)) && count <= 4 * BURST_KEYS; off += step, count++) {
		han = han || cp_is_han(cp);
		blanks += cp == ' ' || cp == '\n' || cp == '\r';
		if (cp < 128 && !seen[cp]) {
			seen[cp] = true;
			kinds++;
		}
	}
	return count > BURST_KEYS && (han || (kinds >= BURST_KINDS && blanks >= BURST_BLANKS));
}

/* A line end at the very end stays a key: a script that types a line and Enter at once means Enter, and in a field a
 * pasted line end does no more than that. */
static bool next_of_burst(struct input_reader *r, int silent_ms, struct input *out)
{
	if (silent_ms < BURST_MS)
		return false;
	struct str front = plain_front(left(r));
	size_t n = front.n;
	if (n && (front.p[n - 1] == '\r' || front.p[n - 1] == '\n'))
		n--;
	return give_paste(r, n, out);
}

/* ---- escape sequences --------------------------------------------------------------------------------------- */

static bool give_key(struct input_reader *r, size_t used, uint32_t key, struct input *out)
{
	use(r, used);
	*out = (struct input){.kind = INPUT_KEY, .key = key};
	return true;
}

/* Parameters of a CSI sequence: decimal numbers between semicolons (ECMA-48 5.4.2); anything else counts as 0. */
struct parameters {
	unsigned list[4];
	size_t n;
};

static struct parameters read_parameters(struct str s)
{
	struct parameters p = {{0}, 1};
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ';') {
			if (p.n == COUNT_OF(p.list))
				break;
			p.n++;
		} else if (s.p[i] >= '0' && s.p[i] <= '9' && p.list[p.n - 1] < 100000) {
			p.list[p.n - 1] = p.list[p.n - 1] * 10 + (unsigned)(s.p[i] - '0');
		}
	}
	return p;
}

static uint32_t key_of_final(char final)
{
	switch (final) {
	case 'A': return KEY_UP_;
	case 'B': return KEY_DOWN_;
	case 'C': return KEY_RIGHT_;
	case 'D': return KEY_LEFT_;
	case 'H': return KEY_HOME_;
	case 'F': return KEY_END_;
	case 'M': return KEY_ENTER_; /* of the keypad, after SS3 only */
	case 'P': case 'Q': case 'R': case 'S': return KEY_F1_ + (uint32_t)(final - 'P');
	case 'Z': return KEY_BACKTAB_;
	default:  return KEY_NONE_;
	}
}

/* CSI number ~ as VT220 and its followers number the keys. */
static uint32_t key_of_number(unsigned number)
{
	static const uint32_t keys[] = {
		[1] = KEY_HOME_,    [2] = KEY_INSERT_,  [3] = KEY_DELETE_,    [4] = KEY_END_,      [5] = KEY_PGUP_,
		[6] = KEY_PGDN_,    [7] = KEY_HOME_,    [8] = KEY_END_,       [11] = KEY_F1_,      [12] = KEY_F1_ + 1,
		[13] = KEY_F1_ + 2, [14] = KEY_F1_ + 3, [15] = KEY_F1_ + 4,   [17] = KEY_F1_ + 5,  [18] = KEY_F1_ + 6,
		[19] = KEY_F1_ + 7, [20] = KEY_F1_ + 8, [21] = KEY_F1_ + 9,   [23] = KEY_F1_ + 10, [24] = KEY_F1_ + 11,
	};
	return number < COUNT_OF(keys) && keys[number] ? keys[number] : KEY_NONE_;
}

/* The code of XTerm: low two bits the button (3: released, in X10's form), 4 to 16 modifiers, 32 motion, 64 wheel. */
static bool give_mouse(struct input_reader *r, size_t used, unsigned code, int col, int row, bool released,
                       struct input *out)
{
	use(r, used);
	unsigned button = code & 3;
	enum mouse_button what = MOUSE_PRESS;
	if (code & 64) {
		if (button > 1)
			return false;
		what = button ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
	} else if (released || (button == 3 && !(code & 32))) {
		what = MOUSE_RELEASE;
	} else if (button != 0) {
		return false;
	} else if (code & 32) {
		what = MOUSE_DRAG;
	}
	if (row < 0 || col < 0)
		return false;
	*out = (struct input){.kind = INPUT_MOUSE, .row = row, .col = col, .button = what};
	return true;
}

/* A whole CSI sequence of `used` bytes: its parameter bytes and its final byte.  False: it says nothing to us. */
static bool give_csi(struct input_reader *r, struct str body, char final, size_t used, struct input *out)
{
	bool sgr_mouse = str_starts(body, S("<"));
	struct parameters p = read_parameters(sgr_mouse ? str_sub(body, 1, body.n) : body);
	if (sgr_mouse && (final == 'M' || final == 'm') && p.n == 3)
		return give_mouse(r, used, p.list[0], (int)p.list[1] - 1, (int)p.list[2] - 1, final == 'm', out);
	if (final == 'R' && r->expecting && p.n == 2) {
		r->expecting = false;
		r->placed = true;
		r->row = (int)p.list[0] - 1;
		r->col = (int)p.list[1] - 1;
		use(r, used);
		return false;
	}
	if (final == '~' && str_eq(body, S("200"))) {
		use(r, used);
		r->pasting = true;
		r->guard = false;
		r->searched = r->end_seen = 0;
		return false;
	}
	uint32_t key = KEY_NONE_;
	if (body.n == 0 || (body.p[0] >= '0' && body.p[0] <= '9'))
		key = final == '~' ? key_of_number(p.list[0]) : final == 'M' ? KEY_NONE_ : key_of_final(final);
	if (key != KEY_NONE_)
		return give_key(r, used, key, out);
	use(r, used);
	return false;
}

enum found { FOUND_NOTHING, FOUND_PART, FOUND_WHOLE };

/* Divides a CSI sequence at the front of s (after ESC [): parameter bytes, intermediate bytes, final byte (ECMA-48
 * 5.4). */
static enum found scan_csi(struct str s, size_t *body, size_t *used)
{
	size_t n = 2;
	/* The same whether or not what is behind the limit has come. */
	s = str_sub(s, 0, SEQUENCE_LIMIT + 1);
	while (n < s.n && s.p[n] >= 0x30 && s.p[n] <= 0x3F)
		n++;
	*body = n - 2;
	while (n < s.n && s.p[n] >= 0x20 && s.p[n] <= 0x2F)
		n++;
	*used = n;
	if (n == s.n)
		return s.n > SEQUENCE_LIMIT ? FOUND_NOTHING : FOUND_PART;
	if (s.p[n] < 0x40 || s.p[n] > 0x7E)
		return FOUND_NOTHING;
	*used = n + 1;
	return FOUND_WHOLE;
}

/* A sequence of the terminal's description, which wins over what is built in. */
static enum found find_defined(const struct input_reader *r, struct str s, struct sequence *found)
{
	enum found best = FOUND_NOTHING;
	for (size_t i = 0; i < r->n_sequences; i++) {
		struct str bytes = str_of(r->sequences[i].bytes);
		if (str_starts(s, bytes)) {
			*found = r->sequences[i];
			return FOUND_WHOLE;
		}
		if (str_starts(bytes, s))
			best = FOUND_PART;
	}
	return best;
}

/* Old mouse reports, ESC [ M and three bytes offset by 32 (33 for places). */
static bool next_x10_mouse(struct input_reader *r, struct str s, int silent_ms, struct input *out)
{
	if (s.n >= 6) {
		const unsigned char *p = (const unsigned char *)s.p;
		return give_mouse(r, 6, p[3] - 32u, p[4] - 33, p[5] - 33, false, out);
	}
	if (silent_ms >= ESCAPE_MS)
		use(r, s.n);
	return false;
}

/* The offset behind the BEL or ESC \ that ends a string, looked for from n on; NOWHERE: it has not come. */
static size_t string_end(struct str s, size_t n)
{
	for (; n < s.n; n++) {
		if (s.p[n] == '\a')
			return n + 1;
		if (s.p[n] == '\033' && n + 1 < s.n && s.p[n + 1] == '\\')
			return n + 2;
	}
	return NOWHERE;
}

/* An OSC or DCS string: an answer that the program before us asked for.  Ends with BEL or ESC \.  Esc and then a key
 * that happens to be `]` or `P` is told from it by what follows.  Where no end was found none is looked for again: a flood
 * of beginnings would be read over and over. */
static enum found scan_string(struct input_reader *r, struct str s, size_t *used)
{
	size_t n = 2;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	if (n == s.n)
		return FOUND_PART;
	bool is_string = s.p[1] == ']' ? n > 2 && s.p[n] == ';' : memchr(">+$!|", s.p[n], 5) != NULL;
	if (!is_string)
		return FOUND_NOTHING;
	*used = string_end(s, r->unended > r->done + n ? r->unended - r->done : n);
	if (*used != NOWHERE)
		return FOUND_WHOLE;
	r->unended = r->in.n - 1; /* what came last may be half of ESC \ */
	return FOUND_PART;
}

static bool next_of_csi(struct input_reader *r, struct str s, bool silent, struct input *out)
{
	size_t body, used;
	enum found found = scan_csi(s, &body, &used);
	if (found == FOUND_WHOLE)
		return give_csi(r, str_sub(s, 2, 2 + body), s.p[used - 1], used, out);
	return (found == FOUND_NOTHING || silent) && give_key(r, used, KEY_ESC_, out);
}

static bool next_of_ss3(struct input_reader *r, struct str s, bool silent, struct input *out)
{
	if (s.n < 3)
		return silent && give_key(r, 2, KEY_ESC_, out);
	uint32_t key = key_of_final(s.p[2]);
	if (key != KEY_NONE_)
		return give_key(r, 3, key, out);
	use(r, 3);
	return false;
}

static bool next_of_string(struct input_reader *r, struct str s, bool silent, struct input *out)
{
	size_t used;
	enum found found = scan_string(r, s, &used);
	if (found == FOUND_WHOLE)
		use(r, used);
	if (found == FOUND_NOTHING || (found == FOUND_PART && silent))
		return give_key(r, 1, KEY_ESC_, out);
	return false;
}

static bool next_of_escape(struct input_reader *r, int silent_ms, struct input *out)
{
	struct str s = left(r);
	bool silent = silent_ms >= ESCAPE_MS;
	struct sequence defined;
	enum found found = find_defined(r, s, &defined);
	if (found == FOUND_WHOLE)
		return give_key(r, strlen(defined.bytes), defined.key, out);
	if (s.n == 1)
		return silent && give_key(r, 1, KEY_ESC_, out);
	if (found == FOUND_PART && !silent)
		return false;
	if (str_starts(s, S("\033[M")))
		return next_x10_mouse(r, s, silent_ms, out);
	switch (s.p[1]) {
	case '[': return next_of_csi(r, s, silent, out);
	case 'O': return next_of_ss3(r, s, silent, out);
	case ']': case 'P': return next_of_string(r, s, silent, out);
	default:  return give_key(r, 1, KEY_ESC_, out);
	}
}

/* ---- characters --------------------------------------------------------------------------------------------- */

static uint32_t key_of_control(unsigned char c)
{
	switch (c) {
	case '\t': return KEY_TAB_;
	case '\r': case '\n': return KEY_ENTER_;
	case '\b': case 0x7F: return KEY_BACKSPACE_;
	default:   return c;
	}
}

/* A character may be divided between two reads. */
static bool is_whole(struct str s)
{
	unsigned char lead = (unsigned char)s.p[0];
	size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
	if (lead > 0xF4 || s.n >= need)
		return true;
	for (size_t i = 1; i < s.n; i++)
		if (((unsigned char)s.p[i] & 0xC0) != 0x80)
			return true;
	return false;
}

static bool next_of_text(struct input_reader *r, int silent_ms, struct input *out)
{
	struct str s = left(r);
	unsigned char c = (unsigned char)s.p[0];
	if (r->guard && is_plain_byte(s.p[0]) && reads_like_prose(plain_front(str_sub(s, 0, PROSE_LOOK)))) {
		r->bursting = true;
		return false;
	}
	if (c < 0x20 || c == 0x7F) {
		if (c)
			return give_key(r, 1, key_of_control(c), out);
		use(r, 1);
		return false;
	}
	if (!is_whole(s) && silent_ms < ESCAPE_MS)
		return false;
	codepoint cp;
	size_t n = utf8_step(s, 0, &cp);
	if (cp & UTF8_BAD) {
		use(r, n);
		return false;
	}
	buf_clear(&r->text);
	buf_add(&r->text, str_sub(s, 0, n));
	use(r, n);
	*out = (struct input){.kind = INPUT_KEY, .key = cp, .text = buf_str(&r->text)};
	return true;
}

/* ---- the reader --------------------------------------------------------------------------------------------- */

static bool one_step(struct input_reader *r, int silent_ms, struct input *out)
{
	if (r->pasting)
		return next_of_paste(r, silent_ms, out);
	if (r->bursting)
		return next_of_burst(r, silent_ms, out);
	return left(r).p[0] == '\033' ? next_of_escape(r, silent_ms, out) : next_of_text(r, silent_ms, out);
}

bool input_reader_next(struct input_reader *r, int silent_ms, struct input *out)
{
	while (left(r).n || (r->pasting && silent_ms >= PASTE_MS)) {
		size_t before = left(r).n;
		bool pasting = r->pasting, bursting = r->bursting;
		if (one_step(r, silent_ms, out))
			return true;
		bool moved = left(r).n != before || r->pasting != pasting || r->bursting != bursting;
		if (!moved)
			return false;
	}
	return false;
}

int input_reader_wait(const struct input_reader *r)
{
	if (r->pasting)
		return r->end_seen ? PASTE_TAIL_MS : PASTE_MS;
	if (r->bursting)
		return BURST_MS;
	return left(r).n ? ESCAPE_MS : -1;
}

void input_reader_drop(struct input_reader *r)
{
	struct input ignored;
	while (input_reader_next(r, 0, &ignored))
		continue;
	r->dropping = r->pasting || r->bursting;
}
