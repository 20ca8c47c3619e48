/* window.c: see window.h. */
#include "annotations/extract/window.h"

#include "model/fold.h"

void window_free(struct window *w)
{
	mem_free(w->kept.cp);
	mem_free(w->kept.off);
	mem_free(w->kept.end);
	mem_free(w->kept.kinds);
	mem_free(w->kept.traits);
	mem_free(w->kept.list);
	mem_free(w->known);
	mem_free(w->word_bits);
	words_free(w->words);
	noise_free(&w->noise);
	*w = (struct window){0};
}

static codepoint fold_mark(codepoint c)
{
	switch (c) {
	case 0x300C: case 0x300E: case 0x301D: case 0xFF62: case 0xFE41: case 0xFE43:
		return 0x201C;
	case 0x300D: case 0x300F: case 0x301E: case 0x301F: case 0xFF63: case 0xFE42: case 0xFE44:
		return 0x201D;
	case 0x2022: case 0x2027: case 0x22C5: case 0x30FB: case 0x2219: case 0x00B7: case 0xFF65:
		return 0x00B7;
	case 0x223C: case 0x301C: case 0x02DC:
		return '~';
	case 0x2013: case 0x2015: case 0x2500: case 0x2012:
		return 0x2014;
	case 0x25CB: case 0x25EF: case 0x3007:
		return 0x3007;
	case 0x00A0: case 0x3000: case '\t':
		return ' ';
	case 0xFF61:
		return 0x3002;
	case 0xFF64: case 0xFE51:
		return 0x3001;
	case 0x3010: case 0x3014: case 0x3016:
		return '(';
	case 0x3011: case 0x3015: case 0x3017:
		return ')';
	default:
		return c;
	}
}

#define KNOWN 0x10000u /* code points of the first plane, of which nearly all text is */
#define KIND_KNOWN 0x80  /* beside enum kind */

static uint8_t remembered_kinds(struct window *w, codepoint c)
{
	if (c >= KNOWN)
		return (uint8_t)kinds_of(c);
	if (!w->known)
		w->known = mem_array(KNOWN, sizeof *w->known);
	if (!(w->known[c] & KIND_KNOWN))
		w->known[c] = (uint8_t)(kinds_of(c) | KIND_KNOWN);
	return w->known[c];
}

static inline void make_room(struct window *w)
{
	if (w->kept.n == w->kept.cap) {
		w->kept.cap = w->kept.cap ? w->kept.cap * 2 : 4096;
		w->kept.cp = mem_grow(w->kept.cp, w->kept.cap, sizeof *w->kept.cp);
		w->kept.off = mem_grow(w->kept.off, w->kept.cap, sizeof *w->kept.off);
		w->kept.end = mem_grow(w->kept.end, w->kept.cap, sizeof *w->kept.end);
		w->kept.kinds = mem_grow(w->kept.kinds, w->kept.cap, sizeof *w->kept.kinds);
		w->kept.traits = mem_grow(w->kept.traits, w->kept.cap, sizeof *w->kept.traits);
	}
}

static inline void add_element(struct window *w, codepoint c, size_t off, size_t end)
{
	uint8_t kinds = remembered_kinds(w, c);
	make_room(w);
	if (kinds & KIND_SPACE)
		c = ' ';
	w->kept.kinds[w->kept.n] = kinds;
	w->kept.traits[w->kept.n] = (kinds & ((1u << KIND_BITS) - 1)) | trait_of(c);
	w->kept.cp[w->kept.n] = c;
	w->kept.off[w->kept.n] = (uint32_t)off;
	w->kept.end[w->kept.n++] = (uint32_t)end;
}

/* ---- windows that are kept ---------------------------------------------------------------------------------- */

void window_begin(struct window *w)
{
	w->kept.n = w->kept.n_list = 0;
}

static bool recall(struct window *w, size_t from)
{
	size_t low = 0, high = w->kept.n_list;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->kept.list[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == w->kept.n_list || w->kept.list[low].from != from)
		return false;
	const struct window_kept *k = &w->kept.list[low];
	w->from = k->from;
	w->to = k->to;
	w->zone = k->zone;
	w->n = k->n;
	w->cp = w->kept.cp + k->start;
	w->off = w->kept.off + k->start;
	w->end = w->kept.end + k->start;
	w->kinds = w->kept.kinds + k->start;
	w->traits = w->kept.traits + k->start;
	return true;
}

/* Room for a window at `from`: a text too long to be kept as a whole, and one that is begun again, lets go of what
 * was there. */
static void prepare(struct window *w, size_t from)
{
	bool ahead = w->kept.n_list == 0 || w->kept.list[w->kept.n_list - 1].from < from;
	if (!ahead || w->kept.n + WINDOW_MAX > WINDOWS_KEPT || w->kept.n_list == WINDOWS_KEPT)
		window_begin(w);
	if (w->kept.n_list == w->kept.cap_list) {
		w->kept.cap_list = w->kept.cap_list ? w->kept.cap_list * 2 : 64;
		w->kept.list = mem_grow(w->kept.list, w->kept.cap_list, sizeof *w->kept.list);
	}
}

/* ---- filling ------------------------------------------------------------------------------------------------ */

/* End of the line or part of a line at from: before its newline in *content, behind it as the answer. */
static size_t line_end(struct str text, size_t from, size_t limit, size_t *content)
{
	size_t off = from, sentence = 0, count = 0;
	codepoint c;
	while (off < limit && count++ < WINDOW_MAX) {
		size_t step = utf8_step(text, off, &c);
		if (c == '\n' || c == '\r') {
			*content = off;
			return off + step;
		}
		off += step;
		if (c == 0x3002 || c == '!' || c == 0xFF01 || c == 0xFF1B || c == ';')
			sentence = off;
	}
	if (off < limit && sentence > from)
		off = sentence;
	*content = off;
	return off;
}

/* Runs that fold to nothing else: blanks at the start tell a rule nothing. */
static size_t skip_blanks(struct str text, size_t from, size_t to)
{
	codepoint c;
	while (from < to) {
		size_t step = utf8_step(text, from, &c);
		if (!cp_is_space(c) && c != 0xFEFF)
			break;
		from += step;
	}
	return from;
}

/* A comma that a page left in front of another mark (`，、`, `，。`) counts for nothing. */
static bool is_stray(codepoint before, size_t end, codepoint c, size_t off)
{
	return before == ',' && end == off && (c == ',' || c == 0x3001 || c == 0x3002 || c == ';');
}

static void add_elements(struct window *w, struct str text, struct noise_facts facts, size_t from, size_t content)
{
	size_t off = skip_blanks(text, from, content), noise = 0, start = w->kept.n;
	bool open = false;
	w->noise.n = 0;
	noise_find(text, from, content, facts, &w->noise);
	while (off < content) {
		codepoint c;
		size_t step = utf8_step(text, off, &c);
		while (noise < w->noise.n && (w->noise.list[noise].end <= off || w->noise.list[noise].kind == NOISE_GLUE))
			noise++;
		if (noise < w->noise.n && w->noise.list[noise].off <= off) {
			size_t end = w->noise.list[noise].end;
			if (w->noise.list[noise].kind == NOISE_MOJIBAKE && w->kept.n > start)
				add_element(w, ' ', off, end);
			off = end;
			continue;
		}
		if (c == '"' || c == 0xFF02) {
			c = open ? 0x201D : 0x201C;
			open = !open;
		} else {
			c = fold_cp(fold_mark(c));
		}
		if (w->kept.n > start && is_stray(w->kept.cp[w->kept.n - 1], w->kept.end[w->kept.n - 1], c, off))
			w->kept.n--;
		if (c != 0xFEFF && c != 0x200B)
			add_element(w, c, off, off + step);
		off += step;
	}
}

bool window_fill(struct window *w, struct str text, const struct zones *zones, struct noise_facts facts, size_t from)
{
	if (from >= text.n)
		return false;
	if (recall(w, from))
		return true;
	prepare(w, from);
	const struct zone *zone = zones_at(zones, from);
	struct window_kept k = {.from = from, .start = w->kept.n, .zone = zone ? zone->kind : ZONE_BODY};
	size_t content;
	k.to = line_end(text, from, zone && zone->end > from ? zone->end : text.n, &content);
	if (!zone_is_furniture(k.zone))
		add_elements(w, text, facts, from, content);
	k.n = w->kept.n - k.start;
	make_room(w);
	w->kept.traits[w->kept.n++] = TRAIT_END;
	w->kept.list[w->kept.n_list++] = k;
	return recall(w, from);
}

/* Words do not cross what is no Han, so the clause round the element is enough. */
static void divide_clause(struct window *w, size_t at)
{
	size_t from = at, to = at;
	while (from > 0 && cp_is_han(w->cp[from - 1]))
		from--;
	while (to < w->n && cp_is_han(w->cp[to]))
		to++;
	size_t words = (to - from) / 64 + 1;
	if (words > w->cap_word_bits) {
		w->cap_word_bits = words + 16;
		w->word_bits = mem_grow(w->word_bits, w->cap_word_bits, sizeof *w->word_bits);
	}
	if (!w->words)
		w->words = words_new();
	words_find(w->words, w->cp + from, to - from, w->word_bits);
	uint8_t *kinds = w->kept.kinds + (w->kinds - w->kept.kinds);
	for (size_t i = from; i < to; i++)
		kinds[i] |= (uint8_t)(WINDOW_DIVIDED | (w->word_bits[(i - from) >> 6] >> ((i - from) & 63) & 1 ? WINDOW_WORD : 0));
}

bool window_word_starts(struct window *w, size_t at)
{
	if (at >= w->n || !cp_is_han(w->cp[at]))
		return true;
	if (!(w->kinds[at] & WINDOW_DIVIDED))
		divide_clause(w, at);
	return w->kinds[at] & WINDOW_WORD;
}

void window_range(const struct window *w, size_t start, size_t end, size_t *off, size_t *to)
{
	*off = w->off[start];
	*to = end > start ? w->end[end - 1] : w->off[start];
}

void window_add_text(const struct window *w, size_t start, size_t end, struct buf *out)
{
	for (size_t i = start; i < end; i++)
		utf8_add(out, w->cp[i]);
}
