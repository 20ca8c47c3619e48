/* Any bytes as an article: detected, decoded, indexed, segmented, divided into zones, shown and laid out.  The first two
 * bytes say how it is shown. */
#include "annotations/zone_words.h"
#include "model/article.h"
#include "model/decode.h"
#include "model/fold.h"
#include "model/layout.h"
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"

static struct zone_rules *zone_rules(void)
{
	static struct zone_rules rules;
	static bool loaded;
	struct error err = {0};
	if (!loaded)
		SUCCEEDS(zone_words_load(&rules, &err), &err);
	loaded = true;
	return &rules;
}

static void check_visible(struct str text)
{
	struct buf out = {0};
	codepoint cp;
	visible_add(&out, text, false);
	for (size_t off = 0, step; (step = utf8_step(buf_str(&out), off, &cp)); off += step)
		HOLDS(!cp_is_hidden(cp));
	buf_clear(&out);
	fold_add(&out, text);
	HOLDS(utf8_count(buf_str(&out)) == utf8_count(text));
	buf_free(&out);
}

static void check_index(struct article *a)
{
	struct str text = article_text(a);
	size_t length = article_length(a), off = 0, cp = 0, line, column;
	HOLDS(length == utf8_count(text));
	for (size_t step; (step = utf8_step(text, off, NULL)); off += step, cp++) {
		HOLDS(utf8_back(text, off + step) == off);
		if (cp % 7 == 0) {
			HOLDS(article_cp(a, off) == cp && article_off(a, cp) == off);
			HOLDS(article_line_start(a, off) <= off);
			article_line_column(a, off, &line, &column);
			HOLDS(line >= 1 && column >= 1);
		}
	}
	HOLDS(off == text.n && cp == length && article_off(a, length + 1) == NOWHERE);
}

static void check_segments(struct str text, bool chinese)
{
	struct segmenter *g = segmenter_new(chinese);
	segment_text(g, text);
	for (enum segment_by by = 0; by < SEGMENT_KINDS; by++)
		for (size_t off = 0, next; off < text.n; off = next) {
			next = segment_next(g, by, off);
			HOLDS(next > off && next <= text.n);
			HOLDS(utf8_boundary(text, next) && segment_is_boundary(g, by, next));
			HOLDS(segment_prev(g, by, next) == off);
		}
	for (size_t off = 0; off < text.n; off = cluster_next(text, off))
		HOLDS(cell_width(str_sub(text, off, cluster_next(text, off)), 1) > 0);
	segmenter_free(g);
}

static void check_zones(const struct zones *z, struct str text)
{
	size_t at = 0;
	for (size_t i = 0; i < z->n; i++) {
		HOLDS(z->list[i].off == at && z->list[i].end > at && z->list[i].kind < ZONE_KINDS);
		at = z->list[i].end;
	}
	HOLDS(at == text.n);
}

static void check_row(const struct block *b, const struct row *r, unsigned width)
{
	unsigned col = 0, hanging = 0;
	for (uint32_t i = r->first; i < r->first + r->n; i++) {
		const struct cluster *c = &b->clusters[i];
		HOLDS(i < b->n_clusters && c->width >= 1 && c->off <= c->end && c->shown <= c->shown_end);
		HOLDS(c->shown_end <= b->shown.n && c->end <= b->end - b->off);
		HOLDS(c->col == col);
		col += c->width;
		hanging = col > width ? hanging + c->width : 0;
	}
	HOLDS(r->width == col);
}

static void check_block(const struct block *b, unsigned width)
{
	uint32_t at = 0, first = 0;
	HOLDS(b->n_rows >= 1);
	for (size_t i = 0; i < b->n_rows; i++) {
		HOLDS(b->rows[i].off == at && b->rows[i].end >= at && b->rows[i].first == first);
		check_row(b, &b->rows[i], width);
		at = b->rows[i].end;
		first += b->rows[i].n;
	}
	HOLDS(first == b->n_clusters && at == b->end - b->off);
}

static void check_layout(struct reading *r, unsigned width, unsigned ambiguous)
{
	struct layout *l = layout_new(r, width, ambiguous);
	size_t n = article_text(reading_article(r)).n;
	for (size_t off = 0; off < n;) {
		const struct block *b = layout_block(l, off);
		HOLDS(b && b->off == off && b->end > off && b->end <= n);
		check_block(b, layout_width(l));
		off = b->end;
	}
	for (size_t off = 0; off <= n; off += n / 9 + 1) {
		unsigned col;
		struct place p = layout_place(l, off, &col);
		HOLDS(layout_offset(l, p, col) <= n);
		(void)layout_move(l, p, -3, NULL);
		for (enum unit unit = 0; unit < UNITS; unit++) {
			size_t at = layout_snap(l, off, EDGE_START), from, to;
			HOLDS(layout_step(l, at, unit, 1, EDGE_START) >= at && layout_step(l, at, unit, 1, EDGE_START) <= n);
			HOLDS(layout_step(l, at, unit, -1, EDGE_START) <= at);
			layout_unit(l, at, unit, &from, &to);
			HOLDS(from <= to && to <= n);
		}
	}
	layout_free(l);
}

static void check_article(struct article *a, unsigned how, unsigned width)
{
	struct str text = article_text(a);
	check_index(a);
	check_segments(text, how & 1);
	struct reading *r = reading_new(a, zone_rules());
	struct reading_options o = {.show_glosses = how & 2, .show_mojibake = how & 4, .show_furniture = how & 8,
	                            .raw = how & 16, .script = (enum script)((how >> 5) % 3)};
	check_zones(reading_zones(r), text);
	reading_set_options(r, o);
	check_layout(r, width, 1 + how / 128);
	struct headline h = reading_headline(r);
	HOLDS(h.title.end <= text.n && h.date.end <= text.n && h.source.end <= text.n);
	reading_free(r);
}

void fuzz_text(struct str input)
{
	unsigned how = fuzz_byte(&input), width = fuzz_byte(&input);
	struct error err = {0};
	struct buf text = {0};
	const char *encoding = decode_detect(input);
	if (!encoding)
		return;
	HOLDS(decode_known(encoding));
	if (decode_to_utf8(input, encoding, &text, NULL, &err)) {
		HOLDS(utf8_valid(buf_str(&text)) || str_eq(str_of(encoding), S("utf-8")));
		struct article *a = article_of(buf_str(&text));
		check_visible(buf_str(&text));
		check_article(a, how, width);
		article_free(a);
	} else {
		fuzz_error(&err);
	}
	buf_free(&text);
}
