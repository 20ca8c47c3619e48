/* noise: see noise.h. */
#include "model/noise.h"

#include <string.h>

#include "model/fold.h"
#include "model/pinyin.h"

#define FACTS_BYTES ((size_t)64 << 10)
#define SEVERAL 3      /* toned glosses that make an article a glossed one */
#define SEVERAL_RUNS 2 /* lines that begin with mojibake that make an article a broken one */
#define RUN_MOST 64    /* characters of a mojibake run */

void noise_free(struct noise_list *list)
{
	mem_free(list->list);
	*list = (struct noise_list){0};
}

static void add(struct noise_list *out, size_t off, size_t end, enum noise_kind kind)
{
	if (out->n == out->cap) {
		out->cap = out->cap ? out->cap * 2 : 16;
		out->list = mem_grow(out->list, out->cap, sizeof *out->list);
	}
	out->list[out->n++] = (struct noise){off, end, kind};
}

static codepoint cp_at(struct str text, size_t off)
{
	codepoint cp = 0;

	return utf8_step(text, off, &cp) ? cp : 0;
}

static codepoint cp_before(struct str text, size_t off)
{
	return off > 0 ? cp_at(text, utf8_back(text, off)) : 0;
}

static bool is_newline(codepoint cp)
{
	return cp == '\n' || cp == '\r';
}

/* ---- glosses ---------------------------------------------------------------------------------------------- */

/* The letters of pinyin that bear a mark, taken apart (NFD).  Source: Unicode character database. */
static const struct {
	codepoint cp;
	char letter;
	unsigned char tone;
} marked[] = {
    {0xE0, 'a', 4}, {0xE1, 'a', 2}, {0x101, 'a', 1}, {0x1CE, 'a', 3}, {0xE8, 'e', 4}, {0xE9, 'e', 2}, {0x113, 'e', 1},
    {0x11B, 'e', 3}, {0xEC, 'i', 4}, {0xED, 'i', 2}, {0x12B, 'i', 1}, {0x1D0, 'i', 3}, {0xF2, 'o', 4}, {0xF3, 'o', 2},
    {0x14D, 'o', 1}, {0x1D2, 'o', 3}, {0xF9, 'u', 4}, {0xFA, 'u', 2}, {0x16B, 'u', 1}, {0x1D4, 'u', 3}, {0xFC, 'v', 0},
    {0x1D6, 'v', 1}, {0x1D8, 'v', 2}, {0x1DA, 'v', 3}, {0x1DC, 'v', 4}, {0x144, 'n', 2}, {0x148, 'n', 3},
    {0x1F9, 'n', 4}, {0x1E3F, 'm', 2}, {0xEA, 'E', 0}, {0x1EBF, 'E', 2}, {0x1EC1, 'E', 4}, {0x251, 'a', 0},
    {0x261, 'g', 0},
};

struct reading_of {
	char letters[PINYIN_LETTERS + 1];
	unsigned n;
	unsigned tones;   /* tone marks seen */
	bool capital;     /* first letter */
};

static bool push(struct reading_of *r, char letter)
{
	if (letter == 'E')
		return push(r, 'e') && push(r, 'a');
	if (r->n == PINYIN_LETTERS)
		return false;
	r->letters[r->n++] = letter;
	return true;
}

static bool take_combining(struct reading_of *r, codepoint cp)
{
	char *last = r->n ? &r->letters[r->n - 1] : NULL;

	if (!last)
		return false;
	if (cp == 0x308 && *last == 'u') {
		*last = 'v';
		return true;
	}
	if (cp == 0x302 && *last == 'e')
		return push(r, 'a');
	if (cp != 0x300 && cp != 0x301 && cp != 0x304 && cp != 0x30C)
		return false;
	r->tones++;
	return true;
}

static bool take_letter(struct reading_of *r, codepoint cp)
{
	if (cp >= 'a' && cp <= 'z')
		return push(r, (char)cp);
	if (cp >= 'A' && cp <= 'Z' && r->n == 0) {
		r->capital = true;
		return push(r, (char)(cp - 'A' + 'a'));
	}
	if (cp >= 0x300 && cp <= 0x30C)
		return take_combining(r, cp);
	for (size_t i = 0; i < COUNT_OF(marked); i++)
		if (marked[i].cp == cp) {
			r->tones += marked[i].tone > 0;
			return push(r, marked[i].letter);
		}
	return false;
}

/* Reads one syllable, blanks, and the bracket that closes it; the offset after the bracket, or 0. */
static size_t read_syllable(struct str text, size_t off, struct reading_of *r, unsigned *number)
{
	codepoint cp;
	size_t n;
	bool blank = false;

	*r = (struct reading_of){0};
	for (; (n = utf8_step(text, off, &cp)) > 0; off += n) {
		if (cp == ')' || cp == 0xFF09)
			break;
		if (cp == ' ' && r->n > 0)
			blank = true;
		else if (blank || !take_letter(r, cp))
			return 0;
	}
	if (n == 0 || r->tones > 1 || !pinyin_find((struct str){r->letters, r->n}, number))
		return 0;
	return off + n;
}

#define WORD_LETTERS 40 /* of a gloss of several syllables */

/* Whether the letters [0, n) are readings of the ideographs before off, one each. */
static bool reads_word(struct str text, size_t off, const struct reading_of *letters, size_t n)
{
	codepoint base = cp_before(text, off);

	if (n == 0)
		return true;
	if (!cp_is_han(base))
		return false;
	for (size_t take = 1; take <= n && take <= PINYIN_LETTERS; take++) {
		char syllable[PINYIN_LETTERS];
		unsigned number, tones = 0;

		for (size_t i = 0; i < take; i++) {
			syllable[i] = letters[n - take + i].letters[0];
			tones += letters[n - take + i].tones;
		}
		if (tones <= 1 && pinyin_find((struct str){syllable, take}, &number) &&
		    (pinyin_reads(base, number) || pinyin_reads(fold_cp(base), number)) &&
		    reads_word(text, utf8_back(text, off), letters, n - take))
			return true;
	}
	return false;
}

/* The end of a gloss of several syllables, for as many ideographs before the bracket at off, or 0. */
static size_t word_gloss_end(struct str text, size_t off)
{
	struct reading_of letters[WORD_LETTERS];
	size_t n = 0, at = off + utf8_step(text, off, NULL), step;
	unsigned tones = 0;
	codepoint cp;

	for (; (step = utf8_step(text, at, &cp)) > 0 && cp != ')' && cp != 0xFF09; at += step) {
		struct reading_of *last = n ? &letters[n - 1] : NULL;

		if (last && cp >= 0x300 && cp <= 0x30C) {
			if (!take_combining(last, cp) || last->n != 1)
				return 0;
			continue;
		}
		if (n == WORD_LETTERS)
			return 0;
		letters[n] = (struct reading_of){0};
		if (!take_letter(&letters[n], cp) || letters[n].n != 1 || letters[n].capital)
			return 0;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		tones += letters[i].tones;
	return step > 0 && tones >= 1 && reads_word(text, off, letters, n) ? at + step : 0;
}

/* The end of the gloss whose opening bracket is at off, or 0. */
static size_t gloss_end(struct str text, size_t off, struct noise_facts facts)
{
	codepoint base = cp_before(text, off);
	struct reading_of r;
	unsigned number;
	size_t end;

	if (!cp_is_han(base))
		return 0;
	end = read_syllable(text, off + utf8_step(text, off, NULL), &r, &number);
	if (end == 0)
		return word_gloss_end(text, off);
	if (r.tones == 1 && !r.capital)
		return end;
	if (r.tones == 0 && (!facts.toneless_glosses || r.capital))
		return 0;
	return pinyin_reads(base, number) || pinyin_reads(fold_cp(base), number) ? end : 0;
}

/* ---- mojibake --------------------------------------------------------------------------------------------- */

static bool is_lost(codepoint cp)
{
	return cp == '?' || cp == 0xFF1F || cp == 0xFFFD;
}

/* Whether only blanks stand between the start of the line and off. */
static bool at_line_start(struct str text, size_t off)
{
	size_t limit = off > NOISE_REACH ? off - NOISE_REACH : 0;

	while (off > limit) {
		codepoint cp = cp_before(text, off);

		if (is_newline(cp))
			return true;
		if (!cp_is_space(cp) && cp != 0xFEFF)
			return false;
		off = utf8_back(text, off);
	}
	return off == 0;
}

/* Back over the clause before off: is there a word in it that asks? */
static bool clause_asks(struct str text, size_t off)
{
	for (unsigned i = 0; i < 40 && off > 0; i++) {
		codepoint cp = cp_before(text, off);

		if (is_newline(cp) || cp_is_one_of(cp, "。！？；，,.!?;"))
			return false;
		if (cp_is_one_of(cp, "吗嗎呢么麼谁誰何哪几幾多怎否吧啊呀岂豈没沒"))
			return true;
		off = utf8_back(text, off);
	}
	return false;
}

/* Whether off lies in a bracket on this line that begins like the credit of a reporter. */
static bool in_credit(struct str text, size_t off)
{
	static const char *const words[] = {"记者", "記者", "通讯员", "通訊員", "编辑", "編輯", "作者", "实习生", "實習生",
	                                    "摄影", "攝影", "责编", "責編", "供稿", "文/", "图/", "圖/"};
	size_t end = off;

	for (unsigned i = 0; i < 40 && off > 0; i++) {
		codepoint cp = cp_before(text, off);

		off = utf8_back(text, off);
		if (is_newline(cp) || cp_is_one_of(cp, ")）。"))
			return false;
		if (cp != '(' && cp != 0xFF08)
			continue;
		for (size_t w = 0; w < COUNT_OF(words); w++)
			if (str_find(str_sub(text, off, end), str_of(words[w]), 0) != NOWHERE)
				return true;
		return false;
	}
	return false;
}

/* A lead byte that lost its second byte shifted all that follow: up to two wrong ideographs, then a lone ASCII trail byte
 * (GBK trail bytes begin at 0x40) right before text that is whole again.  The offset after it, or off. */
static size_t skip_shifted(struct str text, size_t off)
{
	size_t at = off;

	for (unsigned i = 0; i <= 2; i++) {
		codepoint cp = cp_at(text, at);

		if (i > 0 && cp_is_one_of(cp, "_@^`{|}~[]\\") && cp_is_han(cp_at(text, at + 1)))
			return at + 1;
		if (!cp_is_han(cp))
			return off;
		at += utf8_step(text, at, NULL);
	}
	return off;
}

static size_t broken_gloss_end(struct str text, size_t off, size_t run_end)
{
	struct reading_of r;
	unsigned number;
	size_t end = read_syllable(text, run_end, &r, &number);

	if (end == 0 || r.tones != 1 || !cp_is_han(cp_before(text, off)))
		return 0;
	return skip_shifted(text, end);
}

/* Whether a run [off, end) of `count` lost characters stood for spaces. */
static bool stood_for_spaces(struct str text, size_t off, size_t end, unsigned count, struct noise_facts facts)
{
	codepoint lost = cp_at(text, off), before = cp_before(text, off), after = cp_at(text, end);
	bool opens = cp_is_han(after) || cp_is_digit(after) || cp_is_one_of(after, "“‘《〈「『【〔（([\"");

	if (at_line_start(text, off))
		return (opens && (lost != 0xFF1F || count > 1)) || (count > 1 && after > ' ' && cp_is_word(after));
	if (cp_is_one_of(before, "。，、；：,;:") && opens)
		return lost != 0xFF1F;
	if (!cp_is_han(before) || !cp_is_han(after) || lost == 0xFF1F)
		return false;
	if (in_credit(text, off))
		return true;
	return facts.lost_spaces && !clause_asks(text, off);
}

/* The end of the mojibake that starts at off, or 0. */
static size_t mojibake_end(struct str text, size_t off, struct noise_facts facts)
{
	codepoint lost = cp_at(text, off);
	size_t end = off, broken;
	unsigned count = 0;

	if (is_lost(cp_before(text, off)))
		return 0;
	while (cp_at(text, end) == lost && count <= RUN_MOST) {
		end += utf8_step(text, end, NULL);
		count++;
	}
	if (count > RUN_MOST || is_lost(cp_at(text, end)))
		return 0;
	broken = broken_gloss_end(text, off, end);
	if (broken)
		return broken;
	return stood_for_spaces(text, off, end, count, facts) ? end : 0;
}

/* ---- glue ------------------------------------------------------------------------------------------------- */

/* Reads least..most ASCII digits; the offset after them, or 0. */
static size_t take_digits(struct str text, size_t off, unsigned least, unsigned most)
{
	unsigned n = 0;

	while (n < most && off + n < text.n && text.p[off + n] >= '0' && text.p[off + n] <= '9')
		n++;
	return n >= least ? off + n : 0;
}

static size_t take(struct str text, size_t off, const char *what)
{
	struct str s = str_of(what);

	return off && str_starts(str_sub(text, off, text.n), s) ? off + s.n : 0;
}

/* 2022-03-14, 2022/3/14, 2022.3.14 or 2022年3月14日; the offset after it, or 0. */
static size_t take_date(struct str text, size_t off, bool *numeric)
{
	size_t at = take_digits(text, off, 4, 4), next;
	char mark[2] = {at && at < text.n ? text.p[at] : '\0', '\0'};

	*numeric = mark[0] == '-' || mark[0] == '/' || mark[0] == '.';
	next = *numeric ? take(text, at, mark) : take(text, at, "年");
	at = next ? take_digits(text, next, 1, 2) : 0;
	next = *numeric ? take(text, at, mark) : take(text, at, "月");
	at = next ? take_digits(text, next, 1, 2) : 0;
	return *numeric ? at : take(text, at, "日");
}

/* A clock time after up to two blanks (or the T of ISO 8601); the offset after it, or 0. */
static size_t take_clock(struct str text, size_t off)
{
	size_t at = off, next;

	for (unsigned i = 0; i < 2 && at < text.n && (text.p[at] == ' ' || text.p[at] == 'T'); i++)
		at++;
	at = take_digits(text, at, 1, 2);
	at = take(text, at, ":");
	at = at ? take_digits(text, at, 2, 2) : 0;
	next = take(text, at, ":");
	next = next ? take_digits(text, next, 2, 2) : 0;
	return next ? next : at;
}

/* The end of the date at off that is stuck to what follows, or 0. */
static size_t glue_end(struct str text, size_t off)
{
	codepoint before = cp_before(text, off), after;
	size_t date, clock;
	bool numeric;

	if (cp_is_digit(before) || (before < 0x80 && cp_is_word(before)) || cp_is_one_of(before, "-/.:"))
		return 0;
	date = take_date(text, off, &numeric);
	if (!date)
		return 0;
	clock = take_clock(text, date);
	if (!clock && !numeric)
		return 0;
	after = cp_at(text, clock ? clock : date);
	if (cp_is_one_of(after, "至到起前后後止日的以之上下和及与與在由许許分时時版期号號凌早中晚"))
		return 0;
	if (!cp_is_han(after) && !(clock && cp_is_word(after)))
		return 0;
	return clock ? clock : date;
}

/* ---- finding ---------------------------------------------------------------------------------------------- */

static size_t noise_end(struct str text, size_t off, struct noise_facts facts, enum noise_kind *kind)
{
	codepoint cp = cp_at(text, off);

	if (cp == '(' || cp == 0xFF08) {
		*kind = NOISE_GLOSS;
		return gloss_end(text, off, facts);
	}
	if (is_lost(cp)) {
		*kind = NOISE_MOJIBAKE;
		return mojibake_end(text, off, facts);
	}
	*kind = NOISE_GLUE;
	return glue_end(text, off);
}

/* Whether a bracket, a lost character or a year may stand at off: told by the first bytes, most full-width
 * marks (EF BC 8C ，) by the third. */
static bool may_begin(struct str text, size_t off)
{
	unsigned char byte = (unsigned char)text.p[off];

	if (byte == '1' || byte == '2')
		return off + 3 < text.n && text.p[off + 3] >= '0' && text.p[off + 3] <= '9';
	if (byte != 0xEF)
		return byte == '(' || byte == '?';
	if (text.n - off < 3)
		return false;
	byte = (unsigned char)text.p[off + 2];
	return byte == 0x88 || byte == 0x9F || byte == 0xBD; /* of FF08, FF1F, FFFD */
}

/* The first byte in [off, end) that may_begin() looks at, sixteen at a time: most of a text is others.  None of them
 * is ever within a character. */
static size_t next_lead(struct str text, size_t off, size_t end)
{
	typedef unsigned char lanes __attribute__((vector_size(16)));
	static const bool leads[256] = {['('] = true, ['?'] = true, ['1'] = true, ['2'] = true, [0xEF] = true};

	for (; off + sizeof(lanes) <= end; off += sizeof(lanes)) {
		lanes at;
		uint64_t halves[2];

		memcpy(&at, text.p + off, sizeof at);
		lanes found = (lanes)((at == '(') | (at == '?') | (at == '1') | (at == '2') | (at == 0xEF));
		memcpy(halves, &found, sizeof halves);
		if (halves[0] | halves[1])
			break;
	}
	while (off < end && !leads[(unsigned char)text.p[off]])
		off++;
	return off;
}

void noise_find(struct str text, size_t off, size_t end, struct noise_facts facts, struct noise_list *out)
{
	if (end > text.n)
		end = text.n;
	for (;;) {
		enum noise_kind kind;
		size_t to;

		off = next_lead(text, off, end);
		if (off >= end)
			return;
		if (!may_begin(text, off)) {
			off++;
			continue;
		}
		to = noise_end(text, off, facts, &kind);
		if (to)
			add(out, off, to, kind);
		off = to ? to : off + 1;
	}
}

struct noise_facts noise_facts_of(struct str text)
{
	struct noise_list found = {0};
	struct noise_facts facts = {0};
	size_t glosses = 0, runs = 0;

	noise_find(text, 0, FACTS_BYTES, facts, &found);
	for (size_t i = 0; i < found.n; i++) {
		glosses += found.list[i].kind == NOISE_GLOSS;
		runs += found.list[i].kind == NOISE_MOJIBAKE && at_line_start(text, found.list[i].off);
	}
	noise_free(&found);
	facts.toneless_glosses = glosses >= SEVERAL;
	facts.lost_spaces = runs >= SEVERAL_RUNS;
	return facts;
}
