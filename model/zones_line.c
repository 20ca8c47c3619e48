/* zones_line.c: what one line is by itself, see zones_line.h. */
#include "model/zones_line.h"

#include "model/fold.h"

#define PROSE_SENTENCE 15 /* code points from which on a line that ends like a sentence is prose */
#define PROSE_LONG 60     /* from which on one with commas is */
#define QUOTE_MOST 200    /* of a quotation */
#define BYLINE_MOST 160   /* code points of a byline */

/* ---- folding a line --------------------------------------------------------------------------------------- */

void folded_free(struct folded *f)
{
	mem_free(f->cp);
	mem_free(f->off);
	*f = (struct folded){0};
}

/* Room for so many more characters, and for what stands behind the last one: a line never has more than it has bytes. */
static void make_room(struct folded *f, size_t more)
{
	if (f->n + more + 1 <= f->cap)
		return;
	f->cap = f->cap + more + 1 > 2 * f->cap ? f->cap + more + 256 : 2 * f->cap;
	f->cp = mem_grow(f->cp, f->cap, sizeof *f->cp);
	f->off = mem_grow(f->off, f->cap, sizeof *f->off);
}

static bool is_blank(codepoint cp)
{
	/* Ideographs, and the marks of texts in them: most of what is asked. */
	if ((cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0x3001 && cp <= 0x3020) || (cp >= 0xFF01 && cp <= 0xFF60))
		return false;
	return cp_is_space(cp) || cp_is_hidden(cp) || cp == 0xA0;
}

size_t folded_add(struct folded *f, struct str text, size_t off, size_t end, struct noise_facts facts)
{
	struct noise_list noise = {0};
	const size_t start = f->n;
	size_t n = start, next = 0, last = off;

	make_room(f, end - off);
	noise_find(text, off, end, facts, &noise);
	while (off < end) {
		codepoint cp;
		size_t step = utf8_step(text, off, &cp);

		while (next < noise.n && (noise.list[next].off < off || noise.list[next].kind == NOISE_GLUE))
			next++;
		if (next < noise.n && noise.list[next].off == off) {
			if (noise.list[next].kind == NOISE_MOJIBAKE && n > start) {
				f->cp[n] = ' ';
				f->off[n++] = off;
			}
			off = noise.list[next].end;
			continue;
		}
		cp = is_blank(cp) ? ' ' : fold_cp(cp);
		if (cp != ' ' || n > start) {
			f->cp[n] = cp;
			f->off[n++] = off;
		}
		off += step;
		if (cp != ' ')
			last = off;
	}
	while (n > start && f->cp[n - 1] == ' ')
		n--;
	f->cp[n] = 0;
	f->off[n] = last;
	f->n = n;
	noise_free(&noise);
	return start;
}

void folded_line(struct folded *f, struct str text, size_t off, size_t end, struct noise_facts facts)
{
	f->n = 0;
	folded_add(f, text, off, end, facts);
}

struct folded line_folded(const struct line *line, const struct folded *lines)
{
	return (struct folded){.cp = lines->cp + line->folded, .off = lines->off + line->folded, .n = line->folded_end - line->folded};
}

size_t blanks_at(const struct folded *f, size_t i)
{
	size_t at = i;

	while (at < f->n && f->cp[at] == ' ')
		at++;
	return at - i;
}

/* ---- dates ------------------------------------------------------------------------------------------------ */

static bool is_digit(codepoint cp)
{
	return cp >= '0' && cp <= '9';
}

/* The index after least..most digits at i, or 0. */
static size_t digits(const struct folded *f, size_t i, size_t least, size_t most)
{
	size_t n = 0;

	while (n < most && i + n < f->n && is_digit(f->cp[i + n]))
		n++;
	return n >= least && n > 0 ? i + n : 0;
}

static size_t mark(const struct folded *f, size_t i, codepoint cp)
{
	return i > 0 && i < f->n && f->cp[i] == cp ? i + 1 : 0;
}

/* A month's name or its first three letters at i: the index after it and a full stop, or 0. */
static size_t month_at(const struct folded *f, size_t i)
{
	static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july", "august",
	                                     "september", "october", "november", "december"};

	for (size_t m = 0; m < COUNT_OF(months); m++) {
		size_t n = 0;

		while (i + n < f->n && months[m][n] && f->cp[i + n] == (codepoint)months[m][n])
			n++;
		if (n < 3 || (i + n < f->n && f->cp[i + n] >= 'a' && f->cp[i + n] <= 'z'))
			continue;
		return i + n < f->n && f->cp[i + n] == '.' ? i + n + 1 : i + n;
	}
	return 0;
}

/* march 14, 2022 or 14 march 2022; the index after it, or 0. */
static size_t english_date(const struct folded *f, size_t i)
{
	size_t at = month_at(f, i), day;

	if (at) {
		day = digits(f, at + blanks_at(f, at), 1, 2);
		at = mark(f, day, ',');
		at = at ? at : day;
	} else {
		day = digits(f, i, 1, 2);
		at = day ? month_at(f, day + blanks_at(f, day)) : 0;
		at = mark(f, at, ',') ? at + 1 : at;
	}
	return at && blanks_at(f, at) ? digits(f, at + blanks_at(f, at), 4, 4) : 0;
}

size_t date_at(const struct folded *f, size_t i, bool *full)
{
	size_t year, month, day;
	codepoint sep;

	if (full)
		*full = true;
	if (i > 0 && is_digit(f->cp[i - 1]))
		return 0;
	year = digits(f, i, 4, 4);
	if (year && year < f->n) {
		sep = f->cp[year];
		if (!cp_is_one_of(sep, "-/.年"))
			return 0;
		month = digits(f, year + 1 + blanks_at(f, year + 1), 1, 2);
		day = mark(f, month, sep == 0x5E74 ? 0x6708 : sep);
		day = day ? digits(f, day + blanks_at(f, day), 1, 2) : 0;
		if (day && sep == 0x5E74)
			day = mark(f, day, 0x65E5);
		return day && !(day < f->n && is_digit(f->cp[day]) && sep == '.') ? day - i : 0;
	}
	day = english_date(f, i);
	if (day)
		return day - i;
	if (full)
		*full = false;
	month = digits(f, i, 1, 2);
	day = mark(f, month, '-');
	day = day ? digits(f, day, 2, 2) : 0;
	if (day && day - i == 5 && (day == f->n || !(f->cp[day] == '-' || is_digit(f->cp[day]))))
		return day - i;
	return 0;
}

size_t clock_at(const struct folded *f, size_t i)
{
	size_t minute, second;

	if (i > 0 && is_digit(f->cp[i - 1]))
		return 0;
	minute = digits(f, i, 1, 2);
	minute = mark(f, minute, ':');
	minute = minute ? digits(f, minute, 2, 2) : 0;
	if (!minute)
		return 0;
	second = mark(f, minute, ':');
	second = second ? digits(f, second, 2, 2) : 0;
	return (second ? second : minute) - i;
}

size_t moment_at(const struct folded *f, size_t i, bool *full, bool *clock)
{
	size_t date = date_at(f, i, full), gap, time;

	*clock = false;
	if (!date)
		return 0;
	gap = blanks_at(f, i + date);
	if (i + date + gap < f->n && cp_is_one_of(f->cp[i + date + gap], "t"))
		gap++;
	time = clock_at(f, i + date + gap);
	*clock = time > 0;
	return time ? date + gap + time : date;
}

/* ---- looking at a line ------------------------------------------------------------------------------------ */

/* What marks are to a line: a comma, an end of a sentence, a bar between links, a step of a path. */
enum mark_bit { MARK_COMMA = 1, MARK_FULL_STOP = 2, MARK_STOP = 4, MARK_BAR = 8, MARK_PATH = 16 };

static unsigned marks_of(codepoint cp)
{
	switch (cp) {
	case ',': case 0x3001: /* 、 */
		return MARK_COMMA;
	case 0x3002: case ';': /* 。 */
		return MARK_FULL_STOP | MARK_STOP;
	case '!': case '?':
		return MARK_STOP;
	case '>': case 0x203A: case 0xBB: case 0x2192: /* › » → */
		return MARK_BAR | MARK_PATH;
	case '|': case 0xB7: case 0x2022: case 0x4E28: case 0x2502: case 0x2551: case '/': /* · • 丨 │ ║ */
		return MARK_BAR;
	default:
		return 0;
	}
}

static bool is_word(codepoint cp)
{
	return cp < 0x80 ? (cp >= 'a' && cp <= 'z') || is_digit(cp) : cp_is_word(cp);
}

/* Counts characters; a token is what stands between blanks and bars. */
static void count_characters(struct line *line, const struct folded *f)
{
	bool in_token = false;

	for (size_t i = 0; i < f->n; i++) {
		codepoint cp = f->cp[i];
		bool last = i + 1 == f->n, word = is_word(cp), han = cp_is_han(cp);
		unsigned marks = han && cp != 0x4E28 ? 0 : marks_of(cp);

		line->words += word;
		line->tokens += word && !in_token;
		in_token = cp != ' ' && !(marks & MARK_BAR) && (in_token || word);
		line->han += han;
		line->weekday |= cp == 0x671F && i > 0 && f->cp[i - 1] == 0x661F; /* 星期 */
		if (han)
			continue;
		line->digits += is_digit(cp);
		if (cp == ':' && line->colon == line->n)
			line->colon = (unsigned)i;
		line->bars += (marks & MARK_BAR) != 0;
		line->paths += marks & MARK_PATH && i > 0 && f->cp[i - 1] != cp;
		line->commas += (marks & MARK_COMMA) != 0;
		line->full_stops += (marks & MARK_FULL_STOP) != 0;
		line->stops += marks & MARK_STOP || (cp == '.' && i > 2 && (last || f->cp[i + 1] == ' ') && !is_digit(f->cp[i - 1]));
	}
}

/* Where the line begins once bullets, opening brackets and blanks are passed over. */
static size_t content_start(struct line *line, const struct folded *f)
{
	size_t i = 0;

	while (i < f->n && cp_is_one_of(f->cp[i], " -*·•●■◆▲△▪□○◎★☆※>»▶♦—–[(【〔〖《「") && i < 8) {
		line->bullet |= i == 0 && cp_is_one_of(f->cp[0], "-*·•●■◆▲△▪□○◎★☆※>»▶♦");
		i++;
	}
	line->bracketed = f->n > 2 && cp_is_one_of(f->cp[0], "[(【〔〖") && cp_is_one_of(f->cp[f->n - 1], "])】〕〗");
	return i;
}

static bool is_ordinal(const struct folded *f)
{
	size_t i = 0;

	while (i < f->n && i < 3 && cp_is_one_of(f->cp[i], "一二三四五六七八九十0123456789"))
		i++;
	return i > 0 && i < f->n && cp_is_one_of(f->cp[i], "、.)");
}

/* Whether a colon or a slash follows a word that ends before i, or ends it. */
static bool has_colon(const struct folded *f, size_t i)
{
	if (cp_is_one_of(f->cp[i - 1], ":/"))
		return true;
	i += blanks_at(f, i);
	if (i < f->n && cp_is_one_of(f->cp[i], ")]】〕"))
		i++;
	return i < f->n && (f->cp[i] == ':' || f->cp[i] == '/');
}

/* The index after the quotation that begins at i, or i + 1 when it does not end soon. */
static size_t quoted_end(const struct folded *f, size_t i)
{
	codepoint close = f->cp[i] == 0x201C ? 0x201D : f->cp[i] == 0x300C ? 0x300D : '"';

	for (size_t at = i + 1; at < f->n && at < i + QUOTE_MOST; at++)
		if (f->cp[at] == close)
			return at + 1;
	return i + 1;
}

/* What the word of kind k at [i, end) of a line whose content begins at `start` says as a label. */
static void count_label(struct line *line, const struct folded *f, size_t k, size_t i, size_t end, size_t start)
{
	bool colon = has_colon(f, end), blank = blanks_at(f, end) > 0;

	if (i == start) {
		line->starts |= 1u << k;
		line->labels |= colon ? 1u << k : 0;
		line->spaced |= blank ? 1u << k : 0;
	}
	if (k <= ZONE_WORD_CREDIT)
		line->label_count += colon;
	if (k <= ZONE_WORD_SOURCE)
		line->spaced_count += !colon && blank && (i == 0 || f->cp[i - 1] == ' ');
}

static void count_words(struct line *line, const struct folded *f, const struct matcher *m, size_t start)
{
	size_t free_from[ZONE_WORDS] = {0}, lengths[ZONE_WORDS], label_from = 0, quoted = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (i >= quoted && (f->cp[i] == 0x201C || f->cp[i] == 0x300C || f->cp[i] == '"'))
			quoted = quoted_end(f, i);
		if (!matcher_at(m, f, i, lengths))
			continue;
		size_t longest = 0;
		for (size_t k = 0; k < ZONE_WORDS; k++) {
			if (!lengths[k])
				continue;
			if (i >= label_from)
				count_label(line, f, k, i, i + lengths[k], start);
			if (i < free_from[k] || (k == ZONE_WORD_NOTICE && i < quoted))
				continue;
			line->hits[k]++;
			line->cover[k] += (unsigned)lengths[k];
			free_from[k] = i + lengths[k];
			longest = lengths[k] > longest ? lengths[k] : longest;
			if (i >= quoted)
				line->legal += k == ZONE_WORD_NOTICE ? 2 : k == ZONE_WORD_LEGAL;
		}
		label_from = i >= label_from ? i + longest : label_from;
	}
}

static void count_dates(struct line *line, const struct folded *f)
{
	for (size_t i = 0; i < f->n; i++) {
		bool full = false, clock = false;
		size_t n;

		if (!is_digit(f->cp[i]) && !(f->cp[i] >= 'a' && f->cp[i] <= 's'))
			continue;
		if (i > 0 && f->cp[i] >= 'a' && f->cp[i - 1] >= 'a' && f->cp[i - 1] <= 'z')
			continue;
		n = moment_at(f, i, &full, &clock);
		if (!n)
			continue;
		line->dated += (unsigned)n;
		line->clock |= clock;
		line->full_date |= full;
		i += n - 1;
		line->ends_date = i + 1 >= f->n || (i + 2 >= f->n && cp_is_one_of(f->cp[i + 1], ")]】"));
	}
}

static bool ends_like_sentence(const struct folded *f)
{
	size_t i = f->n;

	while (i > 0 && cp_is_one_of(f->cp[i - 1], "”’」』\")]】 "))
		i--;
	return i > 0 && cp_is_one_of(f->cp[i - 1], "。!?;.…");
}

bool line_has(const struct line *line, enum zone_word kind)
{
	return line->starts >> kind & 1;
}

static bool has_label(const struct line *line, enum zone_word kind)
{
	return line->labels >> kind & 1;
}

/* ---- classing --------------------------------------------------------------------------------------------- */

static bool is_prose(const struct line *line, const struct folded *f)
{
	codepoint last = f->cp[f->n - 1];
	bool cjk = line->han * 2 >= line->words;

	if (!cjk)
		return (line->n >= 60 && line->stops > 0 && line->tokens >= 9) || line->tokens >= 30;
	if (last == '!' || last == '?')
		return line->n >= 40 && line->stops > 1;
	if (line->ends_stop && line->n >= PROSE_SENTENCE)
		return true;
	return line->n >= PROSE_LONG && (line->commas + line->stops >= 2 || line->n >= 150) && line->bars < 4;
}

/* Whether any of the kinds up to `last` is among the bits. */
static bool any_up_to(unsigned bits, enum zone_word last)
{
	return (bits & ((1u << (last + 1)) - 1)) != 0;
}

/* A date with little beside it, labels with their values, or a credit in brackets. */
static bool is_byline(const struct line *line)
{
	if (line->n > BYLINE_MOST || line->commas > 4)
		return false;
	if (any_up_to(line->spaced, ZONE_WORD_SOURCE) && line->spaced_count >= 2)
		return true;
	if (line->stops > 0 && line->label_count < 2)
		return false;
	if (any_up_to(line->labels, ZONE_WORD_CREDIT))
		return line->n <= 40 || line->label_count > 1 || line->dated > 0;
	if (line->label_count >= 2)
		return true;
	if (line->bracketed && line->n <= 60 && line->hits[ZONE_WORD_AUTHOR] + line->hits[ZONE_WORD_CREDIT] > 0)
		return true;
	if (line->dated && line->full_date && line->words - line->dated <= 20 && (line->clock || line->label_count))
		return !line->bullet;
	if (line->n > 30 || line->commas > 1 || line->stops > 0)
		return false;
	return any_up_to(line->spaced, ZONE_WORD_CREDIT) ||
	       (any_up_to(line->starts, ZONE_WORD_CREDIT) && line->hits[ZONE_WORD_AUTHOR] + line->hits[ZONE_WORD_CREDIT] > 1);
}

static bool is_share(const struct line *line)
{
	unsigned cover = line->cover[ZONE_WORD_SHARE] + line->cover[ZONE_WORD_PLATFORM];

	if (line->hits[ZONE_WORD_SHARE] == 0 || line->n > 100)
		return false;
	if (line->hits[ZONE_WORD_SHARE] >= 3 && cover * 5 >= line->words * 2)
		return true;
	return cover * 5 >= line->words * 3 && line->n <= 60;
}

/* A path to the page, links in a row, or words of the frame alone. */
static bool is_nav(const struct line *line)
{
	unsigned frame = line->cover[ZONE_WORD_NAV], cover = frame + line->cover[ZONE_WORD_SECTION];
	unsigned hits = line->hits[ZONE_WORD_NAV] + line->hits[ZONE_WORD_SECTION];

	if (line->stops > 0 || line->n > 400)
		return false;
	if (line->paths > 0 && line->n <= 120 && (line_has(line, ZONE_WORD_NAV) || line->paths > 1 || line->n <= 30))
		return true;
	if (has_label(line, ZONE_WORD_NAV) || (line_has(line, ZONE_WORD_NAV) && line->bars > 0 && line->words <= cover + 12))
		return true;
	if (line->bars >= 3 && line->tokens >= 4 && line->words <= line->tokens * 10 && line->commas < 4)
		return true;
	if (line->tokens >= 4 && hits >= 3 && cover * 4 >= line->words)
		return true;
	if (line->bracketed || line->ends_colon || line->n > 60)
		return false;
	if (line->bars > 0 && hits > 0 && (cover + line->cover[ZONE_WORD_SHARE] + line->cover[ZONE_WORD_PLATFORM]) * 5 >= line->words * 3)
		return true;
	return frame * 2 >= line->words && line->words <= frame + 8;
}

/* Names of sections alone, one or a few. */
static bool is_section(const struct line *line)
{
	unsigned cover = line->cover[ZONE_WORD_NAV] + line->cover[ZONE_WORD_SECTION];

	return line->stops == 0 && !line->bracketed && !line->ends_colon && line->n <= 40 && cover >= line->words;
}

static bool is_related(const struct line *line)
{
	unsigned cover = line->cover[ZONE_WORD_RELATED];

	if (has_label(line, ZONE_WORD_RELATED))
		return line->n <= 120 && !line->ends_stop && line->stops <= 1;
	return cover * 2 >= line->words && cover > 0 && line->n <= 30 && line->stops == 0;
}

/* What says of itself that it is a notice, and what is dense with a notice's words; not what speaks of notices in sentences. */
static bool is_notice(const struct line *line)
{
	/* A word of a language in letters is as long as two or three ideographs. */
	unsigned n = line->han + (line->n - line->han) / 3;

	if (line->hits[ZONE_WORD_NOTICE] == 0 || line->legal < 2)
		return false;
	if (has_label(line, ZONE_WORD_NOTICE))
		return line->legal * 25 >= n || line->n <= 60;
	if (line->n <= 60 && !line->ends_stop && line->stops == 0)
		return line_has(line, ZONE_WORD_NOTICE) || line->legal >= 3 || line->cover[ZONE_WORD_NOTICE] * 5 >= line->words * 2;
	if (line->n <= 60)
		return line->legal >= 4 && line->legal * 12 >= n;
	return line->hits[ZONE_WORD_NOTICE] >= 2 && line->legal >= 5 && line->legal * 25 >= n;
}

/* Links in a row, as at the foot of a page. */
static bool is_footer(const struct line *line)
{
	return line->bars >= 2 && line->hits[ZONE_WORD_NAV] >= 2 && line->cover[ZONE_WORD_NAV] > line->cover[ZONE_WORD_NOTICE];
}

static enum line_class class_of(struct line *line, const struct folded *f)
{
	if (f->n == 0)
		return LINE_BLANK;
	if (line->words == 0)
		return LINE_MARKS;
	if (is_footer(line) && is_nav(line))
		return LINE_NAV;
	if (is_notice(line))
		return LINE_NOTICE;
	if ((has_label(line, ZONE_WORD_TITLE) || line->spaced >> ZONE_WORD_TITLE & 1) && line->n <= 200)
		return LINE_TITLE;
	if (is_related(line))
		return LINE_RELATED;
	if (is_share(line))
		return LINE_SHARE;
	if (line->dated && line->words <= line->dated + 4 && line->n <= 40 && line->label_count == 0)
		return LINE_DATE;
	if (is_byline(line))
		return LINE_BYLINE;
	if (line->hits[ZONE_WORD_TICKER] && (line->cover[ZONE_WORD_TICKER] + line->digits) * 4 >= line->words * 3 && line->n <= 60)
		return LINE_TICKER;
	if (is_prose(line, f))
		return LINE_PROSE;
	if (is_nav(line))
		return LINE_NAV;
	if (is_section(line))
		return LINE_SECTION;
	if (line->bullet && line->ends_date && !line->ends_stop)
		return LINE_LINK;
	return LINE_SHORT;
}

void line_read(struct line *line, struct str text, size_t off, size_t end, struct noise_facts facts, const struct matcher *m,
               struct folded *lines)
{
	*line = (struct line){.off = off, .end = end, .folded = folded_add(lines, text, off, end, facts)};
	line->folded_end = lines->n++; /* past what stands behind the last character */
	line->n = line->colon = (unsigned)(line->folded_end - line->folded);
	const struct folded view = line_folded(line, lines), *f = &view;
	if (f->n > 0) {
		size_t start = content_start(line, f);

		count_characters(line, f);
		count_words(line, f, m, start);
		count_dates(line, f);
		line->ordinal = is_ordinal(f);
		line->ends_stop = ends_like_sentence(f);
		line->ends_colon = f->cp[f->n - 1] == ':';
	}
	line->class = class_of(line, f);
}
