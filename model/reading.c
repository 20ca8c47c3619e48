/* reading: see reading.h. */
#include "model/reading.h"

#include <string.h>

#include "model/fold.h"
#include "model/lines.h"
#include "model/segment.h"
#include "model/utf8.h"

#define CUT_LOOK ((size_t)2048)  /* how far before a cut a break opportunity is looked for */
#define SCRIPT_SAMPLE ((size_t)64 << 10)
#define TAB_SHOWN "    "

struct reading {
	struct article *article;
	const struct zone_rules *rules;
	struct str text;
	struct zones zones;
	struct noise_facts facts;
	struct reading_options options;
	size_t *open;             /* starts of furniture that was toggled open */
	size_t n_open, cap_open;
	size_t hold, hold_end;    /* NOWHERE: nothing is held */
	unsigned version;
	bool written[SCRIPT_HANT + 1]; /* whether characters of that script alone were seen */
	struct segmenter *segmenter;
	struct script_converter *converter;
};

static void find_scripts(struct reading *r)
{
	struct str sample = str_sub(r->text, 0, SCRIPT_SAMPLE);
	codepoint cp;

	for (size_t off = 0, n; (n = utf8_step(sample, off, &cp)) > 0; off += n) {
		r->written[SCRIPT_HANT] |= fold_hans(cp) != cp;
		r->written[SCRIPT_HANS] |= fold_hant(cp) != cp;
	}
}

void reading_find_zones(struct reading *r)
{
	if (r->rules)
		zones_find(r->text, r->rules, &r->zones);
	else if (r->text.n)
		zones_set(&r->zones, 0, r->text.n, ZONE_BODY);
	r->version++;
}

struct reading *reading_new(struct article *a, const struct zone_rules *rules)
{
	struct reading *r = mem_alloc(sizeof *r);

	r->article = a;
	r->rules = rules;
	r->text = article_text(a);
	r->hold = r->hold_end = NOWHERE;
	r->version = 1;
	r->facts = noise_facts_of(r->text);
	reading_find_zones(r);
	find_scripts(r);
	r->segmenter = segmenter_new(article_has_han(a));
	r->converter = script_converter_new();
	return r;
}

void reading_free(struct reading *r)
{
	if (!r)
		return;
	zones_free(&r->zones);
	segmenter_free(r->segmenter);
	script_converter_free(r->converter);
	mem_free(r->open);
	mem_free(r);
}

const struct article *reading_article(const struct reading *r)
{
	return r->article;
}

const struct zones *reading_zones(const struct reading *r)
{
	return &r->zones;
}

struct headline reading_headline(const struct reading *r)
{
	static const struct zone_rules none = {0};

	return zones_headline(r->text, &r->zones, r->rules ? r->rules : &none);
}

void reading_set_zone(struct reading *r, size_t off, size_t end, enum zone_kind kind)
{
	zones_set(&r->zones, off, end, kind);
	r->version++;
}

struct reading_options reading_options(const struct reading *r)
{
	return r->options;
}

void reading_set_options(struct reading *r, struct reading_options o)
{
	r->options = o;
	r->version++;
}

bool reading_converted(const struct reading *r)
{
	if (r->options.raw || r->options.script == SCRIPT_RAW)
		return false;
	return r->written[r->options.script == SCRIPT_HANS ? SCRIPT_HANT : SCRIPT_HANS];
}

unsigned reading_version(const struct reading *r)
{
	return r->version;
}

/* ---- lines ------------------------------------------------------------------------------------------------ */

static bool line_is_long(struct str text, size_t off)
{
	size_t start = line_start(text, off, BLOCK_BYTES);
	size_t end = line_end(text, off, BLOCK_BYTES);

	return start == NOWHERE || end == NOWHERE || end - start > BLOCK_BYTES;
}

/* ---- furniture -------------------------------------------------------------------------------------------- */

/* The whole lines of the run of furniture zones of one kind that off is in. */
static bool furniture_run(const struct reading *r, size_t off, size_t *start, size_t *end, enum zone_kind *kind)
{
	const struct zone *first = zones_at(&r->zones, off), *last = first;
	size_t line;

	if (!first || !zone_is_furniture(first->kind))
		return false;
	while (first > r->zones.list && first[-1].kind == first->kind)
		first--;
	while (last + 1 < r->zones.list + r->zones.n && last[1].kind == first->kind)
		last++;
	line = line_start(r->text, first->off, BLOCK_BYTES);
	*start = line == first->off ? line : line_end(r->text, first->off, BLOCK_BYTES);
	*end = last->end < r->text.n ? line_start(r->text, last->end, BLOCK_BYTES) : r->text.n;
	*kind = first->kind;
	return *start != NOWHERE && *end != NOWHERE && *start < *end && off >= *start && off < *end;
}

static size_t *find_open(const struct reading *r, size_t start)
{
	for (size_t i = 0; i < r->n_open; i++)
		if (r->open[i] == start)
			return &r->open[i];
	return NULL;
}

static bool is_held(const struct reading *r, size_t start, size_t end)
{
	return r->hold != NOWHERE && r->hold < end && start < (r->hold_end > r->hold ? r->hold_end : r->hold + 1);
}

/* The folded run that off is in. */
static bool folded_run(const struct reading *r, size_t off, size_t *start, size_t *end, enum zone_kind *kind)
{
	if (r->options.raw || r->options.show_furniture || !furniture_run(r, off, start, end, kind))
		return false;
	return !is_held(r, *start, *end) && !find_open(r, *start);
}

bool reading_folded(const struct reading *r, size_t off)
{
	size_t start, end;
	enum zone_kind kind;

	return folded_run(r, off, &start, &end, &kind);
}

void reading_toggle_fold(struct reading *r, size_t off)
{
	size_t start, end, *there;
	enum zone_kind kind;

	if (!furniture_run(r, off, &start, &end, &kind))
		return;
	r->version++;
	there = find_open(r, start);
	if (there) {
		*there = r->open[--r->n_open];
		return;
	}
	if (r->n_open == r->cap_open) {
		r->cap_open = r->cap_open ? r->cap_open * 2 : 8;
		r->open = mem_grow(r->open, r->cap_open, sizeof *r->open);
	}
	r->open[r->n_open++] = start;
}

/* Whether any furniture is touched by what is held. */
static bool holds_furniture(const struct reading *r)
{
	for (size_t i = 0; i < r->zones.n; i++)
		if (zone_is_furniture(r->zones.list[i].kind) && is_held(r, r->zones.list[i].off, r->zones.list[i].end))
			return true;
	return false;
}

void reading_hold(struct reading *r, size_t off, size_t end)
{
	bool before = holds_furniture(r);

	if (r->hold == off && r->hold_end == end)
		return;
	r->hold = off;
	r->hold_end = end;
	if (before || holds_furniture(r))
		r->version++;
}

/* ---- blocks ----------------------------------------------------------------------------------------------- */

/* Whether the line is divided near g, a multiple of BLOCK_BYTES. */
static bool is_cut(struct str text, size_t g)
{
	size_t margin = BLOCK_BYTES / 4;

	if (g < margin || text.n - g < margin || g >= text.n)
		return false;
	if (memchr(text.p + g - margin, '\n', 2 * margin) || memchr(text.p + g - margin, '\r', 2 * margin))
		return false;
	return line_is_long(text, g);
}

/* Where: at the last break opportunity at or before g, or between graphemes, or at worst between code points. */
static size_t cut_at(const struct reading *r, size_t g)
{
	size_t from = utf8_floor(r->text, g - CUT_LOOK), at;
	struct str window = str_sub(r->text, from, utf8_floor(r->text, g + CUT_LOOK / 8));

	segment_text(r->segmenter, window);
	at = segment_prev(r->segmenter, BY_LINE, utf8_floor(window, g - from) + 1);
	if (at > 0)
		return from + utf8_floor(window, at);
	for (size_t next = cluster_next(window, 0); next <= g - from && next < window.n; next = cluster_next(window, next))
		at = next;
	return at > 0 ? from + at : utf8_floor(r->text, g);
}

/* The piece of a long line that off is in. */
static void long_block(const struct reading *r, size_t off, size_t *start, size_t *end)
{
	size_t first = off / BLOCK_BYTES + 1;

	*start = NOWHERE;
	for (size_t k = first; k > 0 && k + 3 > first && *start == NOWHERE; k--)
		if (is_cut(r->text, k * BLOCK_BYTES) && cut_at(r, k * BLOCK_BYTES) <= off)
			*start = cut_at(r, k * BLOCK_BYTES);
	*end = NOWHERE;
	for (size_t k = off / BLOCK_BYTES; k < first + 3 && *end == NOWHERE; k++)
		if (k > 0 && is_cut(r->text, k * BLOCK_BYTES) && cut_at(r, k * BLOCK_BYTES) > off)
			*end = cut_at(r, k * BLOCK_BYTES);
	size_t line = line_start(r->text, off, 3 * BLOCK_BYTES);
	size_t after = line_end(r->text, off, 3 * BLOCK_BYTES);
	if (*start == NOWHERE || (line != NOWHERE && *start < line))
		*start = line;
	if (*end == NOWHERE || (after != NOWHERE && *end > after))
		*end = after;
}

bool reading_block(const struct reading *r, size_t off, size_t *start, size_t *end)
{
	enum zone_kind kind;

	if (r->text.n == 0)
		return false;
	if (off >= r->text.n)
		off = r->text.n - 1;
	off = utf8_floor(r->text, off);
	if (folded_run(r, off, start, end, &kind))
		return true;
	if (line_is_long(r->text, off)) {
		long_block(r, off, start, end);
		return true;
	}
	*start = line_start(r->text, off, BLOCK_BYTES);
	*end = line_end(r->text, off, BLOCK_BYTES);
	return true;
}

/* ---- what is shown ---------------------------------------------------------------------------------------- */

void pieces_free(struct pieces *p)
{
	mem_free(p->list);
	*p = (struct pieces){0};
}

static struct piece *add_piece(struct pieces *p, struct piece piece)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 16;
		p->list = mem_grow(p->list, p->cap, sizeof *p->list);
	}
	p->list[p->n] = piece;
	return &p->list[p->n++];
}

/* What one call of reading_show builds; offsets are relative to the block. */
struct show {
	struct str text; /* of the block */
	struct buf *shown;
	struct pieces *pieces;
};

/* Raw bytes up to `end` as `kind`; their shown text, if any, has been appended since `shown`. */
static void put(struct show *s, size_t off, size_t end, size_t shown, enum piece_kind kind)
{
	struct piece *last = s->pieces->n ? &s->pieces->list[s->pieces->n - 1] : NULL;

	if (last && last->kind == kind && (kind == PIECE_RAW || kind == PIECE_HIDDEN)) {
		last->end = (uint32_t)end;
		last->shown_end = (uint32_t)s->shown->n;
		return;
	}
	add_piece(s->pieces, (struct piece){(uint32_t)off, (uint32_t)end, (uint32_t)shown, (uint32_t)s->shown->n, kind});
}

/* Characters [off, end) of the block that no noise touches. */
static void put_text(struct show *s, size_t off, size_t end)
{
	codepoint cp, before = 0, after;
	size_t n;

	for (; off < end; off += n) {
		size_t shown = s->shown->n;

		n = utf8_step(s->text, off, &cp);
		if (!cp_is_hidden(cp)) {
			buf_add(s->shown, str_sub(s->text, off, off + n));
			put(s, off, off + n, shown, PIECE_RAW);
		} else if (utf8_step(s->text, off + n, &after) && cp_belongs(cp, before, after)) {
			buf_add(s->shown, str_sub(s->text, off, off + n));
			put(s, off, off + n, shown, PIECE_RAW);
		} else if (cp_belongs(cp, before, 0)) {
			buf_add(s->shown, str_sub(s->text, off, off + n));
			put(s, off, off + n, shown, PIECE_RAW);
		} else {
			if (cp == '\t')
				buf_adds(s->shown, TAB_SHOWN);
			else
				cp_add_mark(s->shown, cp);
			put(s, off, off + n, shown, PIECE_REPLACED);
		}
		before = cp;
	}
}

static bool noise_is_shown(const struct reading *r, enum noise_kind kind)
{
	if (r->options.raw || kind == NOISE_GLUE)
		return true;
	return kind == NOISE_GLOSS ? r->options.show_glosses : r->options.show_mojibake;
}

/* Where to begin looking for noise that may reach to off. */
static size_t reach_back(const struct reading *r, size_t off)
{
	return utf8_floor(r->text, off > NOISE_REACH ? off - NOISE_REACH : 0);
}

static void put_noise(struct show *s, size_t off, size_t end, enum noise_kind kind)
{
	size_t shown = s->shown->n;

	if (kind == NOISE_MOJIBAKE)
		buf_addc(s->shown, ' ');
	put(s, off, end, shown, kind == NOISE_MOJIBAKE ? PIECE_REPLACED : PIECE_HIDDEN);
}

/* The first `length` bytes of the block that starts at `start`. */
static void put_line(const struct reading *r, struct show *s, size_t start, size_t length)
{
	struct noise_list found = {0};
	size_t at = 0;

	noise_find(r->text, reach_back(r, start), start + length, r->facts, &found);
	if (start == 0 && !r->options.raw && str_starts(s->text, S("\xef\xbb\xbf"))) {
		at = 3;
		put(s, 0, at, 0, PIECE_HIDDEN);
	}
	for (size_t i = 0; i < found.n; i++) {
		struct noise noise = found.list[i];
		size_t off = noise.off > start ? noise.off - start : 0;
		size_t end = noise.end > start ? noise.end - start : 0;

		end = end < length ? end : length;
		if (off < at || off >= end || noise_is_shown(r, noise.kind))
			continue;
		put_text(s, at, off);
		put_noise(s, off, end, noise.kind);
		at = end;
	}
	put_text(s, at, length);
	noise_free(&found);
}

/* ---- script ----------------------------------------------------------------------------------------------- */

/* Goes over a raw piece code point by code point: `as` is its text after conversion.  What was changed becomes a
 * piece of its own. */
static void put_converted(struct show *s, struct piece piece, struct str as)
{
	size_t off = piece.off, at = 0, n, m;
	codepoint was, is;

	for (; off < piece.end; off += n, at += m) {
		size_t shown = s->shown->n;

		n = utf8_step(s->text, off, &was);
		m = utf8_step(as, at, &is);
		buf_add(s->shown, str_sub(as, at, at + m));
		put(s, off, off + n, shown, was == is ? PIECE_RAW : PIECE_REPLACED);
	}
}

/* Converts the whole of s->shown by words, so that a hidden gloss does not come between the characters of one, and takes the
 * pieces anew. */
static void convert(const struct reading *r, struct show *s)
{
	struct buf as = {0}, before = *s->shown;
	struct pieces pieces = *s->pieces;
	size_t at = 0;

	script_convert(r->converter, buf_str(&before), r->options.script, &as);
	*s->shown = (struct buf){0};
	*s->pieces = (struct pieces){0};
	for (size_t i = 0; i < pieces.n; i++) {
		struct piece p = pieces.list[i];
		size_t points = utf8_count(str_sub(buf_str(&before), p.shown, p.shown_end));
		size_t to = utf8_skip(buf_str(&as), at, points);
		size_t shown = s->shown->n;

		if (p.kind == PIECE_RAW) {
			put_converted(s, p, str_sub(buf_str(&as), at, to));
		} else {
			buf_add(s->shown, str_sub(buf_str(&before), p.shown, p.shown_end));
			put(s, p.off, p.end, shown, p.kind);
		}
		at = to;
	}
	buf_free(&as);
	buf_free(&before);
	pieces_free(&pieces);
}

/* ---- one block -------------------------------------------------------------------------------------------- */

static size_t count_lines(struct str text)
{
	size_t lines = 0;

	for (size_t off = 0, end; off < text.n; off = end) {
		struct str line;
		codepoint cp;

		end = line_end(text, off, text.n);
		line = str_sub(text, off, end);
		for (size_t i = 0, n; (n = utf8_step(line, i, &cp)) > 0; i += n)
			if (!cp_is_space(cp)) {
				lines++;
				break;
			}
	}
	return lines;
}

static void show_folded(struct show *s, enum zone_kind kind)
{
	static const char *const names[ZONE_KINDS] = {
	    [ZONE_NAV] = "navigation", [ZONE_NOTICE] = "notice", [ZONE_RELATED] = "related articles",
	    [ZONE_SHARE] = "share links", [ZONE_TICKER] = "ticker",
	};
	size_t lines = count_lines(s->text);

	buf_addf(s->shown, "\xe2\x96\xb8 %s, %zu line%s", names[kind], lines, lines == 1 ? "" : "s");
	put(s, 0, 0, 0, PIECE_VIRTUAL);
	put(s, 0, s->text.n, s->shown->n, PIECE_HIDDEN);
}

/* The zone that most bytes of [start, end) are in. */
static enum zone_kind main_zone(const struct reading *r, size_t start, size_t end)
{
	size_t most = 0, in[ZONE_KINDS] = {0};
	enum zone_kind kind = ZONE_BODY;

	for (const struct zone *z = zones_at(&r->zones, start); z && z < r->zones.list + r->zones.n && z->off < end; z++) {
		in[z->kind] += (z->end < end ? z->end : end) - (z->off > start ? z->off : start);
		if (in[z->kind] > most) {
			most = in[z->kind];
			kind = z->kind;
		}
	}
	return kind;
}

enum zone_kind reading_show(const struct reading *r, size_t start, size_t end, struct buf *shown, struct pieces *pieces)
{
	struct show s = {str_sub(r->text, start, end), shown, pieces};
	size_t length = s.text.n, from, to;
	enum zone_kind kind;

	buf_clear(shown);
	pieces->n = 0;
	if (folded_run(r, start, &from, &to, &kind)) {
		show_folded(&s, kind);
		return kind;
	}
	while (length > 0 && is_newline(s.text.p[length - 1]))
		length--;
	put_line(r, &s, start, length);
	if (reading_converted(r))
		convert(r, &s);
	if (length < s.text.n)
		put(&s, length, s.text.n, shown->n, PIECE_HIDDEN);
	return main_zone(r, start, end);
}

void reading_text(const struct reading *r, size_t off, size_t end, struct buf *out)
{
	struct noise_list found = {0};
	size_t at = off;

	end = end < r->text.n ? end : r->text.n;
	noise_find(r->text, reach_back(r, off), end, r->facts, &found);
	for (size_t i = 0; i < found.n; i++) {
		struct noise n = found.list[i];

		if (n.kind == NOISE_GLUE || n.end <= at)
			continue;
		if (n.off > at)
			buf_add(out, str_sub(r->text, at, n.off));
		if (n.kind == NOISE_MOJIBAKE)
			buf_addc(out, ' ');
		at = n.end < end ? n.end : end;
	}
	if (at < end)
		buf_add(out, str_sub(r->text, at, end));
	noise_free(&found);
}
