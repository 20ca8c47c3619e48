/* units: see units.h. */
#include "annotations/formats/units.h"

#include <stdlib.h>

#include "annotations/anchor.h"
#include "model/segment.h"
#include "model/utf8.h"

/* One end of a span. */
struct mark {
	uint64_t given;
	size_t span;
	bool end;
};

struct counting {
	struct str text;
	struct mark *marks; /* sorted by `given` */
	size_t n;
	struct unit_span *spans;
	size_t n_spans;
};

static int by_offset(const void *a, const void *b)
{
	uint64_t x = ((const struct mark *)a)->given, y = ((const struct mark *)b)->given;
	return (x > y) - (x < y);
}

/* Spans mostly come in the order of their places, so that only their ends stand out of line: each is moved to where it
 * belongs.  False: that would take long. */
static bool sort_nearly_sorted(struct mark *marks, size_t n)
{
	size_t moves = 0, most = 8 * n;
	for (size_t i = 1; i < n; i++) {
		struct mark mark = marks[i];
		size_t at = i;
		for (; at && marks[at - 1].given > mark.given; at--)
			marks[at] = marks[at - 1];
		marks[at] = mark;
		moves += i - at;
		if (moves > most)
			return false;
	}
	return true;
}

static void sort_marks(struct counting *c)
{
	c->marks = mem_array(c->n_spans * 2 + 1, sizeof *c->marks);
	for (size_t i = 0; i < c->n_spans; i++) {
		c->marks[c->n++] = (struct mark){c->spans[i].start, i, false};
		c->marks[c->n++] = (struct mark){c->spans[i].end, i, true};
	}
	if (!sort_nearly_sorted(c->marks, c->n))
		qsort(c->marks, c->n, sizeof *c->marks, by_offset);
}

/* The step at off: its bytes, its code points, and how far it moves the count. */
struct step {
	size_t bytes;
	uint64_t cps, count;
};

static struct step step_of(const struct counting *c, struct unit unit, size_t off)
{
	codepoint cp = 0;
	size_t bytes = utf8_step(c->text, off, &cp);
	struct step s = {bytes, 1, 1};
	bool crlf = cp == '\r' && off + 1 < c->text.n && c->text.p[off + 1] == '\n';
	if (unit.unit == UNIT_GRAPHEMES) {
		s.bytes = cluster_next(c->text, off) - off;
		s.cps = s.bytes == bytes ? 1 : utf8_count(str_sub(c->text, off, off + s.bytes));
	}
	if (unit.lf && crlf)
		return (struct step){2, 2, 1};
	if (unit.unit == UNIT_UTF16)
		s.count = utf16_units(cp);
	else if (unit.unit == UNIT_BYTES)
		s.count = bytes;
	return s;
}

static void place_mark(const struct counting *c, const struct mark *m, struct unit unit, size_t off, uint64_t cp)
{
	struct unit_span *s = &c->spans[m->span];
	if (!m->end) {
		s->off = off;
		s->from = cp;
		return;
	}
	s->stop = off;
	s->to = cp;
	if (!unit.inclusive || off == NOWHERE)
		return;
	struct step last = off < c->text.n ? step_of(c, unit, off) : (struct step){0};
	s->stop = last.bytes ? off + last.bytes : NOWHERE;
	s->to += last.cps;
}

/* Runs of ASCII are one code point, one unit and one byte each: they are passed over at once. */
static size_t ascii_run(const struct counting *c, size_t off, uint64_t most)
{
	size_t n = 0;
	while (n < most && off + n < c->text.n) {
		unsigned char b = (unsigned char)c->text.p[off + n];
		if (b >= 0x80 || b == '\r')
			break;
		n++;
	}
	return n;
}

/* Code points need no look at what they are. */
static void place_code_points(const struct counting *c, struct unit unit)
{
	uint64_t cp = 0;
	size_t off = 0, next = 0;
	for (; next < c->n; next++) {
		uint64_t given = c->marks[next].given;
		if (given > cp) {
			if (given - cp > c->text.n - off)
				break;
			size_t to = utf8_skip(c->text, off, (size_t)(given - cp));
			if (to == c->text.n && utf8_count(str_sub(c->text, off, to)) != given - cp)
				break;
			off = to;
			cp = given;
		}
		place_mark(c, &c->marks[next], unit, off, cp);
	}
	for (; next < c->n; next++)
		place_mark(c, &c->marks[next], unit, NOWHERE, 0);
}

static void place_counting(const struct counting *c, struct unit unit)
{
	uint64_t count = 0, cp = 0;
	size_t off = 0, next = 0;
	for (;;) {
		for (; next < c->n && c->marks[next].given <= count; next++) {
			bool here = c->marks[next].given == count;
			place_mark(c, &c->marks[next], unit, here ? off : NOWHERE, cp);
		}
		if (next == c->n || off == c->text.n)
			break;
		size_t run = unit.unit == UNIT_GRAPHEMES ? 0 : ascii_run(c, off, c->marks[next].given - count);
		struct step s = run ? (struct step){run, run, run} : step_of(c, unit, off);
		off += s.bytes;
		cp += s.cps;
		count += s.count;
	}
	for (; next < c->n; next++)
		place_mark(c, &c->marks[next], unit, NOWHERE, 0);
}

static void place_all(const struct counting *c, struct unit unit)
{
	if (unit.unit == UNIT_CP && !unit.lf)
		place_code_points(c, unit);
	else
		place_counting(c, unit);
}

static bool fits(struct str text, const struct unit_span *s)
{
	if (s->off == NOWHERE || s->stop == NOWHERE || s->off > s->stop)
		return false;
	return !s->text.p || anchor_matches(text, s->off, s->stop, s->text);
}

/* How many fit. */
static size_t try_unit(const struct counting *c, struct unit unit)
{
	size_t fine = 0;
	place_all(c, unit);
	for (size_t i = 0; i < c->n_spans; i++) {
		c->spans[i].fits = fits(c->text, &c->spans[i]);
		fine += c->spans[i].fits;
	}
	return fine;
}

void units_place(struct str text, struct unit unit, struct unit_span *spans, size_t n)
{
	struct counting c = {.text = text, .spans = spans, .n_spans = n};
	sort_marks(&c);
	(void)try_unit(&c, unit);
	mem_free(c.marks);
}

static bool same_unit(struct unit a, struct unit b)
{
	return a.unit == b.unit && a.inclusive == b.inclusive && a.lf == b.lf;
}

/* What the others say of the places that one unit gave: the sum suffices to tell them apart. */
static uint64_t places_sum(const struct counting *c)
{
	uint64_t sum = 1469598103934665603u; /* FNV-1a, 64 bits */
	for (size_t i = 0; i < c->n_spans; i++) {
		sum = (sum ^ c->spans[i].off) * 1099511628211u;
		sum = (sum ^ c->spans[i].stop) * 1099511628211u;
	}
	return sum;
}

struct trial {
	struct unit best; /* that fits most, and how many it fits */
	size_t most;
	uint64_t places;
	bool doubtful; /* two fit all and mean different places */
};

static void try_others(const struct counting *c, struct unit declared, struct trial *t)
{
	bool crlf = str_find(c->text, S("\r\n"), 0) != NOWHERE;
	for (unsigned k = 0; k < OFFSET_UNITS * 4u; k++) {
		struct unit unit = {(enum offset_unit)(k / 4), k & 1u, (k & 2u) != 0};
		if (same_unit(unit, declared) || (unit.lf && !crlf))
			continue;
		size_t fine = try_unit(c, unit);
		if (fine == c->n_spans && t->most == fine)
			t->doubtful |= places_sum(c) != t->places;
		if (fine <= t->most)
			continue;
		*t = (struct trial){.best = unit, .most = fine, .places = places_sum(c)};
	}
}

static bool refuse(const struct counting *c, struct unit declared, const struct trial *t, const char *path,
                   struct error *err)
{
	size_t i = 0;
	(void)try_unit(c, declared);
	while (i + 1 < c->n_spans && c->spans[i].fits)
		i++;
	const struct unit_span *s = &c->spans[i];
	struct buf why = {0};
	buf_addf(&why, "offsets %llu to %llu are not where this span's text stands",
	         (unsigned long long)s->start, (unsigned long long)s->end);
	if (t->doubtful)
		buf_adds(&why, ", and more than one other unit would fit all of them with different meanings");
	else
		buf_addf(&why, "; of %zu spans %zu fit as %s, which is no proof", c->n_spans, t->most, units_name(t->best));
	error_at(err, ERROR_OFFSET, path, s->line, s->column, "%s; nothing of it is taken", why.p);
	buf_free(&why);
	return false;
}

bool units_find(struct str text, struct unit declared, struct unit_span *spans, size_t n, const char *path,
                struct unit *found, struct error *err)
{
	struct counting c = {.text = text, .spans = spans, .n_spans = n};
	struct trial t = {.best = declared};
	bool fine = true;
	*found = declared;
	sort_marks(&c);
	size_t fitting = try_unit(&c, declared);
	if (fitting < n) {
		t.most = fitting;
		try_others(&c, declared, &t);
		if (t.most == n && !t.doubtful)
			*found = t.best;
		else if (t.most > fitting)
			fine = refuse(&c, declared, &t, path, err);
		if (fine)
			(void)try_unit(&c, *found);
	}
	mem_free(c.marks);
	return fine;
}

const char *units_name(struct unit unit)
{
	static const char *const names[OFFSET_UNITS][4] = {
	    {"code points", "code points, the end being the last one", "code points, CRLF as one",
	     "code points, CRLF as one, the end being the last one"},
	    {"UTF-16 code units", "UTF-16 code units, the end being the last one", "UTF-16 code units, CRLF as one",
	     "UTF-16 code units, CRLF as one, the end being the last one"},
	    {"UTF-8 bytes", "UTF-8 bytes, the end being the last one", "UTF-8 bytes, CRLF as one",
	     "UTF-8 bytes, CRLF as one, the end being the last one"},
	    {"grapheme clusters", "grapheme clusters, the end being the last one", "grapheme clusters, CRLF as one",
	     "grapheme clusters, CRLF as one, the end being the last one"},
	};
	return names[unit.unit][(unit.inclusive ? 1 : 0) + (unit.lf ? 2 : 0)];
}
