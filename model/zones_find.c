/* zones_find.c: from lines to zones, see zones.h.
 *
 * Each line is classed by itself (zones_line.h) and given a weight: prose speaks for the article by its length,
 * other short lines a little, furniture against it.  The article is the stretch of lines with the greatest sum, so
 * that a notice word within prose or a list between paragraphs ends nothing, and what follows the article's end
 * needs no heading of its own.  What lies before the first prose is looked through for the title and the byline,
 * what follows the stretch takes the kind of the last line that said what it is. */
#include "model/zones_line.h"

#include <string.h>

#include "model/lines.h"
#include "model/zones_split.h"

#define TITLE_MOST 120   /* code points of a title */
#define TITLE_LINES 3
#define PUBLISHER_MOST 16 /* code points of a paper's or a site's name */

struct page {
	struct str text;
	const struct matcher *matcher;
	struct noise_facts facts;
	struct line *lines;
	size_t n, cap;
	struct folded folded;    /* all lines but those that are very long */
	size_t core, core_end;   /* the article's lines */
	size_t prose;            /* its first prose, or where its lines begin */
	size_t title, title_end; /* lines of the title; the same when there is none */
};

/* ---- lines ------------------------------------------------------------------------------------------------ */

static struct line *new_line(struct page *p)
{
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->lines = mem_grow(p->lines, p->cap, sizeof *p->lines);
	}
	p->lines[p->n] = (struct line){0};
	return &p->lines[p->n++];
}

/* Lines of more than that are prose without being looked at. */
#define LINE_MOST ((size_t)16 << 10)

static void add_prose(struct page *p, size_t off, size_t end)
{
	struct line *line = new_line(p);

	*line = (struct line){.off = off, .end = end, .folded = NOWHERE, .n = LINE_MOST, .words = LINE_MOST, .colon = LINE_MOST, .class = LINE_PROSE};
	if (end - off > ZONES_EDGE)
		return;
	line->folded = folded_add(&p->folded, p->text, off, end, p->facts);
	line->folded_end = p->folded.n++;
}

/* Lines that begin in [off, limit).  Blank ones belong to the one above, the first ones to the one below. */
static void read_lines(struct page *p, size_t off, size_t limit)
{
	size_t start = off;

	while (off < limit) {
		size_t end = line_end(p->text, off, NOWHERE);

		if (end - off > LINE_MOST) {
			add_prose(p, start, end);
		} else {
			line_read(new_line(p), p->text, off, end, p->facts, p->matcher, &p->folded);
			p->lines[p->n - 1].off = start;
		}
		off = end;
		if (p->lines[p->n - 1].class == LINE_BLANK) {
			p->n--;
			if (p->n > 0)
				p->lines[p->n - 1].end = start = end;
			continue;
		}
		start = end;
	}
	if (start < off && p->n == 0)
		*new_line(p) = (struct line){.off = start, .end = off, .folded = NOWHERE, .class = LINE_BLANK};
}

/* All lines, or of a text that is too long those near its ends with one of prose between them. */
static void read_page(struct page *p)
{
	if (p->text.n <= ZONES_WHOLE) {
		read_lines(p, 0, p->text.n);
	} else {
		size_t from, to = line_end(p->text, p->text.n - ZONES_EDGE, NOWHERE);

		read_lines(p, 0, ZONES_EDGE);
		from = p->lines[p->n - 1].end;
		if (from < to)
			add_prose(p, from, to);
		read_lines(p, from < to ? to : from, p->text.n);
	}
}

static bool is_text(const struct line *line)
{
	return line->class == LINE_PROSE || line->class == LINE_SHORT || line->class == LINE_SECTION;
}

/* ---- the stretch of the article ------------------------------------------------------------------------------- */

static int least(unsigned a, unsigned b)
{
	return (int)(a < b ? a : b);
}

static bool ends_article(const struct line *line)
{
	return line->class == LINE_RELATED || line->class == LINE_NOTICE ||
	       (line->class == LINE_BYLINE && (line_has(line, ZONE_WORD_CREDIT) || line->hits[ZONE_WORD_CREDIT] > 0));
}

static int weight_of(const struct line *line, bool after, bool legal)
{
	switch (line->class) {
	case LINE_PROSE:
		/* What was not looked at is never furniture: nothing around it outweighs it. */
		if (line->end - line->off > LINE_MOST)
			return 1 << 24;
		if (legal)
			return line->legal > 0 ? -least(line->n, 100) : least(line->n, 200) / 4;
		return least(line->n, 200);
	case LINE_SHORT:
		return after ? -4 : 2 + least(line->n / 3, 6);
	case LINE_LINK:
		return after ? -8 : -6;
	case LINE_NOTICE:
		return -40 - least(line->n, 160);
	case LINE_RELATED:
		return -30;
	case LINE_NAV:
		return line->bars == 0 ? -6 : line->hits[ZONE_WORD_NAV] ? -25 : -12;
	case LINE_SHARE:
		return line->hits[ZONE_WORD_SHARE] + line->hits[ZONE_WORD_PLATFORM] > 1 ? -20 : -8;
	case LINE_SECTION:
		return after ? -4 : 1;
	case LINE_TICKER:
		return -20;
	case LINE_BYLINE:
		return line->hits[ZONE_WORD_CREDIT] ? -15 : -3;
	case LINE_TITLE:
		return -5;
	case LINE_DATE:
		return after ? -8 : 1;
	case LINE_MARKS:
		return after ? -1 : 0;
	case LINE_BLANK:
		break;
	}
	return 0;
}

/* Once something that ends articles was seen after text, short lines count against, until prose goes on; within a
 * notice so does prose that is like it. */
static void weigh(struct page *p)
{
	unsigned text = 0, plain = 0;
	bool after = false, legal = false;

	for (size_t i = 0; i < p->n; i++) {
		struct line *line = &p->lines[i];

		line->weight = weight_of(line, after, legal);
		if (line->class == LINE_PROSE) {
			text += line->n;
			plain = line->legal > 0 ? 0 : plain + 1;
			if (plain >= 3 || (plain >= 2 && !legal))
				after = legal = false;
		}
		if (ends_article(line)) {
			after |= text > 0 || line->class == LINE_RELATED;
			legal |= line->class == LINE_NOTICE;
			plain = 0;
		}
	}
}

/* Where the head ends: before the first prose; where there is none (a poem, a list) before the second short line, so
 * that the first may be a title. */
static void find_prose(struct page *p)
{
	size_t shorts = 0, second = p->core;

	for (p->prose = p->core; p->prose < p->core_end; p->prose++) {
		if (p->lines[p->prose].class == LINE_PROSE)
			return;
		if (p->lines[p->prose].class == LINE_SHORT && ++shorts == 2)
			second = p->prose;
	}
	p->prose = shorts >= 3 ? second : p->core;
}

/* A short line of addresses or hosts right above what is surely the foot of the page. */
static bool is_foot(const struct page *p, size_t i)
{
	return p->lines[i].class == LINE_SHORT && p->lines[i].legal >= 2 && i + 1 < p->n &&
	       (p->lines[i + 1].class == LINE_NOTICE || p->lines[i + 1].class == LINE_NAV);
}

static void find_core(struct page *p)
{
	int sum = 0, best = 0;
	size_t from = 0;

	weigh(p);
	p->core = p->core_end = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (sum <= 0) {
			sum = 0;
			from = i;
		}
		sum += p->lines[i].weight;
		if (sum > best) {
			best = sum;
			p->core = from;
			p->core_end = i + 1;
		}
	}
	while (p->core_end > p->core + 1 && is_foot(p, p->core_end - 1))
		p->core_end--;
	find_prose(p);
}

/* ---- the title ---------------------------------------------------------------------------------------------- */

static bool may_be_title(const struct line *line)
{
	if (line->n > TITLE_MOST || (line->words < 2 && line->han == 0) || line->ends_colon || line->ordinal || line->bullet || line->full_stops > 0)
		return false;
	if (line->weekday && line->full_date)
		return false;
	if (line->class == LINE_NOTICE || line->class == LINE_RELATED || line->class == LINE_PROSE)
		return line->n <= 60 && !line->ends_stop && line->stops == 0 && line->label_count == 0;
	return line->class == LINE_SHORT;
}

static bool is_byline(const struct line *line)
{
	return line->class == LINE_BYLINE || line->class == LINE_DATE;
}

/* The lines right above line i that may be a title, at most `most`: the first of them; i when there are none. */
static size_t title_above(const struct page *p, size_t i, size_t most)
{
	size_t first = i;

	while (first > 0 && i - first < most && may_be_title(&p->lines[first - 1]))
		first--;
	return first;
}

static bool says_line(const struct page *p, const struct line *line, const struct line *said)
{
	struct folded all = line_folded(line, &p->folded), part = line_folded(said, &p->folded);

	for (size_t i = 0; i + part.n <= all.n; i++)
		if (memcmp(all.cp + i, part.cp, part.n * sizeof *part.cp) == 0)
			return true;
	return false;
}

static bool ends_like_publisher(const struct page *p, const struct line *line)
{
	struct folded f = line_folded(line, &p->folded);
	size_t lengths[ZONE_WORDS];

	for (size_t i = 0; line->hits[ZONE_WORD_PUBLISHER] && i < f.n; i++)
		if (matcher_at(p->matcher, &f, i, lengths) && lengths[ZONE_WORD_PUBLISHER] == f.n - i)
			return true;
	return false;
}

/* A short line that ends like the name of a paper or a site, or that a byline or a notice of the page says again, is who
 * publishes it. */
static bool is_publisher(const struct page *p, size_t i)
{
	const struct line *line = &p->lines[i];

	if (line->folded == NOWHERE || line->n > PUBLISHER_MOST)
		return false;
	if (ends_like_publisher(p, line))
		return true;
	for (size_t k = i + 1; k < p->n; k++)
		if ((p->lines[k].class == LINE_BYLINE || p->lines[k].class == LINE_NOTICE) && p->lines[k].folded != NOWHERE &&
		    says_line(p, &p->lines[k], line))
			return true;
	return false;
}

/* Whether there are more than TITLE_LINES candidates above i, as where a navigation bar stands in a column. */
static bool is_column(const struct page *p, size_t i)
{
	return i - title_above(p, i, TITLE_LINES + 1) > TITLE_LINES;
}

/* Whether a line from i on may be the title. */
static bool title_below(const struct page *p, size_t i)
{
	while (i < p->prose && !may_be_title(&p->lines[i]))
		i++;
	return i < p->prose;
}

static void set_title(struct page *p, size_t from, size_t to)
{
	p->title = from;
	p->title_end = to;
}

/* The title stands right above a line of the byline, or is the first line that may be one. */
static void find_title(struct page *p)
{
	size_t head = p->prose, first = NOWHERE;
	bool byline = false;

	for (size_t i = 0; i < head; i++) {
		const struct line *line = &p->lines[i];

		if (line->class == LINE_TITLE)
			first = first == NOWHERE ? i : first;
		if (!is_byline(line))
			continue;
		byline = true;
		size_t above = title_above(p, i, is_column(p, i) ? 1 : TITLE_LINES);
		while (above < i && is_publisher(p, above) && (above + 1 < i || title_below(p, i + 1)))
			above++;
		if (above < i) {
			set_title(p, above, i);
			return;
		}
	}
	if (first != NOWHERE)
		return;
	for (size_t i = 0; i < head; i++)
		if (may_be_title(&p->lines[i])) {
			if (is_publisher(p, i) && title_below(p, i + 1))
				continue;
			if (p->lines[i].class == LINE_SHORT || byline)
				set_title(p, i, i + 1);
			return;
		}
}

/* ---- kinds ------------------------------------------------------------------------------------------------ */

static enum zone_kind kind_of_class(enum line_class class)
{
	switch (class) {
	case LINE_BYLINE: case LINE_DATE:  return ZONE_BYLINE;
	case LINE_TITLE:                   return ZONE_TITLE;
	case LINE_NOTICE:                  return ZONE_NOTICE;
	case LINE_RELATED: case LINE_LINK: return ZONE_RELATED;
	case LINE_SHARE:                   return ZONE_SHARE;
	case LINE_NAV: case LINE_MARKS:    return ZONE_NAV;
	case LINE_TICKER:                  return ZONE_TICKER;
	case LINE_BLANK: case LINE_PROSE: case LINE_SHORT: case LINE_SECTION:
		break;
	}
	return ZONE_BODY;
}

/* A short line among navigation is navigation. */
static bool among_navigation(const struct page *p, size_t i)
{
	if (p->lines[i].n > 12)
		return false;
	return (i > 0 && p->lines[i - 1].kind == ZONE_NAV) || (i + 1 < p->n && p->lines[i + 1].class == LINE_NAV);
}

/* Whether something of the frame stands between line i and the title. */
static bool apart_from_title(const struct page *p, size_t i)
{
	for (i++; i < p->title; i++)
		if (p->lines[i].class == LINE_NAV || p->lines[i].class == LINE_SHARE || p->lines[i].class == LINE_TICKER)
			return true;
	return false;
}

/* Whether the line holds the whole first line of the title, as the name of a page does. */
static bool says_title(const struct page *p, const struct line *line)
{
	const struct line *title = &p->lines[p->title];
	struct str words = str_trim(str_sub(p->text, title->off, title->end));

	return words.n > 0 && str_find(str_sub(p->text, line->off, line->end), words, 0) != NOWHERE;
}

/* A line above the title that says nothing of itself: the site's name above its bar, a column's name, or part of the title. */
static enum zone_kind kind_above_title(const struct page *p, size_t i)
{
	const struct line *line = &p->lines[i];

	if (among_navigation(p, i) || (line->weekday && line->full_date))
		return ZONE_NAV;
	if (says_title(p, line))
		return ZONE_TITLE;
	if (is_publisher(p, i))
		return ZONE_NAV;
	if (!apart_from_title(p, i))
		return ZONE_TITLE;
	return line->n <= 12 || line->full_date ? ZONE_NAV : ZONE_BODY;
}

/* From the end of the folded line: a bracket, four digits, a bracket, a number, one character, as in 临政办发〔2020〕45号, the
 * form that GB/T 9704-2012 gives to the number of a document. */
static bool ends_in_number(const struct folded *f)
{
	size_t end = f->n - 1, digits = end;

	while (digits > 0 && cp_is_digit(f->cp[digits - 1]))
		digits--;
	if (digits == end || digits < 6 || !cp_is_one_of(f->cp[digits - 1], "〕])】") || !cp_is_one_of(f->cp[digits - 6], "〔[(【"))
		return false;
	for (size_t i = digits - 5; i < digits - 1; i++)
		if (!cp_is_digit(f->cp[i]))
			return false;
	return true;
}

/* What an office or an index numbers a document with; no title, whatever stands around it. */
static bool is_number(const struct page *p, const struct line *line)
{
	struct folded f;

	if (line->n > 30 || line->folded == NOWHERE || line->digits == 0 || line->dated || line->label_count || line->spaced_count)
		return false;
	if (line->han == 0 && line->words - line->digits < 2)
		return true;
	f = line_folded(line, &p->folded);
	return ends_in_number(&f);
}

/* A cell of a table that is a label and nothing else: its value stands below it. */
static bool is_label(const struct line *line)
{
	return line->class == LINE_SHORT && line->words > 0 &&
	       (line->cover[ZONE_WORD_BYLINE] == line->words || line->cover[ZONE_WORD_SOURCE] == line->words);
}

static void find_cells(struct page *p)
{
	for (size_t i = 0; i < p->prose; i++) {
		struct line *line = &p->lines[i];

		if (is_label(line))
			line->labels |= 1u << ZONE_WORD_BYLINE;
		line->ends_colon |= is_label(line);
		if (is_label(line) || (line->class == LINE_SHORT && is_number(p, line)))
			line->class = LINE_BYLINE;
	}
}

/* Rows of a table of labels (索引号, 有效性) whose label no list has, and values that stand below their label. */
static void join_tables(struct page *p)
{
	bool titled = false;

	for (size_t i = 0; i < p->prose; i++) {
		struct line *line = &p->lines[i];

		titled |= i > 0 && may_be_title(&p->lines[i - 1]);
		if (line->class != LINE_SHORT || i == 0 || line[-1].class != LINE_BYLINE || line->n > 40)
			continue;
		if (line[-1].ends_colon && line[-1].labels)
			line->class = LINE_BYLINE;
		if (line->colon > 8 || line->colon + 1 >= line->n)
			continue;
		if (i + 1 < p->prose && line[1].class == LINE_BYLINE)
			line->class = LINE_BYLINE;
		if (line->n - line->colon <= 7 && !titled)
			line->class = LINE_BYLINE;
	}
}

static void set_head(struct page *p)
{
	bool titled = false;

	for (size_t i = 0; i < p->prose; i++) {
		struct line *line = &p->lines[i];

		titled |= i >= p->title_end && p->title_end > 0;
		line->kind = kind_of_class(line->class);
		if (i >= p->title && i < p->title_end)
			line->kind = ZONE_TITLE;
		else if (line->class == LINE_BYLINE && titled && is_number(p, line)) /* the document begins with its number */
			line->kind = ZONE_BODY;
		else if (line->class == LINE_SECTION)
			line->kind = titled || (p->title == p->title_end && i >= p->core) ? ZONE_BODY : ZONE_NAV;
		else if ((line->class == LINE_SHORT || (is_byline(line) && line->weekday && !line->labels)) && i < p->title)
			line->kind = kind_above_title(p, i);
		else if (line->class == LINE_SHORT && !titled && among_navigation(p, i))
			line->kind = ZONE_NAV;
		else if (line->class == LINE_NOTICE && line->ends_stop && line->n > 60 && !(line->labels >> ZONE_WORD_NOTICE & 1))
			line->kind = ZONE_BODY;
		else if ((line->class == LINE_MARKS || line->class == LINE_LINK) && i >= p->core)
			line->kind = titled ? ZONE_BODY : line->kind;
	}
}

/* Within the article only what leaves no doubt is furniture. */
static enum zone_kind kind_within(const struct page *p, size_t i)
{
	const struct line *line = &p->lines[i];

	switch (line->class) {
	case LINE_BYLINE:
		return ZONE_BYLINE;
	case LINE_TITLE:
		return ZONE_TITLE;
	case LINE_SHARE:
		return line->hits[ZONE_WORD_SHARE] + line->hits[ZONE_WORD_PLATFORM] > 1 || line->labels >> ZONE_WORD_SHARE & 1 ? ZONE_SHARE
		                                                                                                       : ZONE_BODY;
	case LINE_NAV:
		return line->hits[ZONE_WORD_NAV] > 0 && line->bars > 0 ? ZONE_NAV : ZONE_BODY;
	case LINE_RELATED:
		return line->labels >> ZONE_WORD_RELATED & 1 && !line->ends_colon ? ZONE_RELATED : ZONE_BODY;
	case LINE_NOTICE:
		return line->labels >> ZONE_WORD_NOTICE & 1 || !line->ends_stop ? ZONE_NOTICE : ZONE_BODY;
	default:
		return ZONE_BODY;
	}
}

/* What a line after the article is that does not say itself, after one of kind `before`. */
static enum zone_kind kind_after(const struct line *line, enum zone_kind before)
{
	if (zone_is_furniture(before) && line->legal >= 2)
		return ZONE_NOTICE;
	switch (before) {
	case ZONE_NAV:
		return line->bullet && line->n >= 6 ? ZONE_RELATED : line->n > 12 ? ZONE_BODY : before;
	case ZONE_BYLINE: case ZONE_TITLE:
		return line->class == LINE_MARKS || is_text(line) || line->class == LINE_DATE ? ZONE_RELATED : before;
	case ZONE_SHARE:
		return line->n >= 8 ? ZONE_RELATED : ZONE_SHARE;
	case ZONE_BODY: case ZONE_NOTICE: case ZONE_RELATED: case ZONE_TICKER: case ZONE_KINDS:
		break;
	}
	return before;
}

/* A line with a date that belongs to the list it stands in. */
static bool is_bare_date(const struct line *line, enum zone_kind before)
{
	return line->class == LINE_DATE ||
	       (line->class == LINE_BYLINE && zone_is_furniture(before) && line->dated && line->label_count == 0 && !line->bracketed);
}

static void set_tail(struct page *p)
{
	enum zone_kind kind = ZONE_BODY;

	for (size_t i = p->core_end; i < p->n; i++) {
		struct line *line = &p->lines[i];

		if (is_foot(p, i))
			kind = ZONE_NOTICE;
		else if (is_text(line) || line->class == LINE_MARKS || is_bare_date(line, kind))
			kind = kind_after(line, kind);
		else
			kind = kind_of_class(line->class);
		line->kind = kind;
	}
}

/* Marks alone between body and furniture belong to the furniture. */
static void set_marks(struct page *p)
{
	for (size_t i = p->n; i-- > p->core_end;)
		if (p->lines[i].class == LINE_MARKS && p->lines[i].kind == ZONE_BODY && i + 1 < p->n)
			p->lines[i].kind = p->lines[i + 1].kind;
}

void zones_find(struct str text, const struct zone_rules *rules, struct zones *out)
{
	const struct matcher *matcher = matcher_of(rules);
	struct page p = {.text = text, .matcher = matcher, .facts = noise_facts_of(text)};

	zones_free(out);
	read_page(&p);
	find_core(&p);
	find_cells(&p);
	join_tables(&p);
	find_title(&p);
	set_head(&p);
	for (size_t i = p.prose; i < p.core_end; i++)
		p.lines[i].kind = kind_within(&p, i);
	set_tail(&p);
	set_marks(&p);
	zones_split(p.lines, p.n, &p.folded, matcher, out);
	folded_free(&p.folded);
	mem_free(p.lines);
	matcher_done(matcher, rules);
}
