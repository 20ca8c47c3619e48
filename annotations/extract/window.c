/* window.c: see window.h. */
#include "annotations/extract/window.h"

#include "model/fold.h"

void window_free(struct window *w)
{
	mem_free(w->cp);
	mem_free(w->off);
	mem_free(w->end);
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
	default:
		return c;
	}
}

static void add_element(struct window *w, codepoint c, size_t off, size_t end)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 512;
		w->cp = mem_grow(w->cp, w->cap, sizeof *w->cp);
		w->off = mem_grow(w->off, w->cap, sizeof *w->off);
		w->end = mem_grow(w->end, w->cap, sizeof *w->end);
	}
	w->cp[w->n] = c;
	w->off[w->n] = (uint32_t)off;
	w->end[w->n++] = (uint32_t)end;
}

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

bool window_fill(struct window *w, struct str text, const struct zones *zones, struct noise_facts facts, size_t from)
{
	w->n = 0;
	w->from = from;
	if (from >= text.n)
		return false;
	const struct zone *zone = zones_at(zones, from);
	size_t content, noise = 0;
	bool open = false;
	w->to = line_end(text, from, zone && zone->end > from ? zone->end : text.n, &content);
	w->zone = zone ? zone->kind : ZONE_BODY;
	if (zone_is_furniture(w->zone))
		return true;
	size_t off = skip_blanks(text, from, content);
	w->noise.n = 0;
	noise_find(text, from, content, facts, &w->noise);
	while (off < content) {
		codepoint c;
		size_t step = utf8_step(text, off, &c);
		while (noise < w->noise.n && (w->noise.list[noise].end <= off || w->noise.list[noise].kind == NOISE_GLUE))
			noise++;
		if (noise < w->noise.n && w->noise.list[noise].off <= off) {
			size_t end = w->noise.list[noise].end;
			if (w->noise.list[noise].kind == NOISE_MOJIBAKE && w->n)
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
		if (c != 0xFEFF && c != 0x200B)
			add_element(w, c, off, off + step);
		off += step;
	}
	return true;
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
