/* facts.c: document fields and relations, told from what stands round the spans.
 *
 * Within a sentence a run of names (each with its offices) is a subject; the verbs up to the next run tell what its
 * people did.  The verbs and the labels of credits are lists of the pack: fact-chair, fact-speak, fact-attend,
 * fact-held, fact-ahead, fact-reporter, fact-editor. */
#include <string.h>

#include "annotations/extract/extract_internal.h"

#define SCORE_FIELD 850
#define SCORE_RELATION 850
#define RUN_MAX 128 /* names of one run */

enum fact_class { LABEL_PERSON, LABEL_POST, LABEL_ORG, LABEL_TIME, LABEL_MEETING, CHAIR, SPEAK, ATTEND, HELD, AHEAD, REPORTER, EDITOR, FACT_CLASSES };

struct facts {
	struct extractor *e;
	struct extraction *x;
	class_id ids[FACT_CLASSES];
	uint16_t *bits;            /* of each class of the pack: bits by enum fact_class */
	uint32_t *starts, *ends;   /* of each span of the window, in elements */
	size_t cap;
	size_t first, last;        /* spans of the window */
	uint32_t meeting;          /* the one that the article reports, UINT32_MAX: none yet */
};

static bool is(const struct facts *f, size_t span, enum fact_class c)
{
	return f->ids[c] != CLASS_NONE && f->x->spans[span].class == f->ids[c];
}

static unsigned bit(enum fact_class c)
{
	return 1u << c;
}

/* Of which lists words lie in the state. */
static unsigned lists_of(const struct facts *f, uint32_t state)
{
	const struct lexicon *l = f->e->pack->lexicon;
	const struct lexicon_out *outs = lexicon_outs(l), *o = lexicon_first(l, state);
	unsigned lists = 0;
	while (o) {
		lists |= f->bits[o->class];
		o = o->next ? &outs[o->next - 1] : NULL;
	}
	return lists;
}

/* Of which lists a word begins at an element of [from, to): all of them at once, for the text is walked but once. */
static unsigned lists_in(const struct facts *f, size_t from, size_t to)
{
	const struct window *w = &f->e->window;
	const struct lexicon *l = f->e->pack->lexicon;
	unsigned lists = 0;
	for (size_t at = from; at < to; at++)
		for (size_t i = at, state = 0; i < w->n && (state = lexicon_step(l, (uint32_t)state, w->cp[i])) != 0; i++)
			lists |= lists_of(f, (uint32_t)state);
	return lists;
}

/* Of which lists a word ends at the element. */
static unsigned lists_before(const struct facts *f, size_t at)
{
	const struct window *w = &f->e->window;
	unsigned lists = 0;
	for (size_t from = at; from > 0 && at - from < 8;) {
		size_t i = --from;
		uint32_t state = 0;
		while (i < at && (state = lexicon_step(f->e->pack->lexicon, state, w->cp[i])) != 0)
			i++;
		lists |= state ? lists_of(f, state) : 0;
	}
	return lists;
}

static bool ends_sentence(codepoint c)
{
	return c == 0x3002 || c == '!' || c == '?' || c == ';';
}

static bool is_mark(codepoint c)
{
	return !cp_is_word(c);
}

/* ---- results ------------------------------------------------------------------------------------------------ */

/* The text of elements as it is written, without noise. */
static char *written_text(const struct facts *f, size_t from, size_t to, struct str text)
{
	struct buf out = {0};
	for (size_t i = from; i < to; i++)
		buf_add(&out, str_sub(text, f->e->window.off[i], f->e->window.end[i]));
	struct str trimmed = str_trim(buf_str(&out));
	char *value = str_dup(trimmed);
	buf_free(&out);
	return value;
}

static bool has_field(const struct extraction *x, const char *name, const char *value)
{
	for (size_t i = 0; i < x->n_fields; i++)
		if (strcmp(x->fields[i].name, name) == 0 && (!value || strcmp(x->fields[i].value, value) == 0))
			return true;
	return false;
}

static void add_field(struct extraction *x, const char *name, char *value, uint32_t span)
{
	if (!*value || has_field(x, name, value)) {
		mem_free(value);
		return;
	}
	if (x->n_fields == x->cap_fields) {
		x->cap_fields = x->cap_fields ? x->cap_fields * 2 : 16;
		x->fields = mem_grow(x->fields, x->cap_fields, sizeof *x->fields);
	}
	x->fields[x->n_fields++] = (struct fact_field){.name = name, .value = value, .span = span, .score = SCORE_FIELD};
}

static void add_span_field(struct facts *f, const char *name, size_t span, struct str text)
{
	size_t k = span - f->first;
	add_field(f->x, name, written_text(f, f->starts[k], f->ends[k], text), (uint32_t)span);
}

static void add_relation(struct extraction *x, const char *type, size_t from, size_t to)
{
	for (size_t i = x->n_relations; i-- > 0 && x->n_relations - i < 64;)
		if (x->relations[i].from == from && x->relations[i].to == to && strcmp(x->relations[i].type, type) == 0)
			return;
	if (x->n_relations == x->cap_relations) {
		x->cap_relations = x->cap_relations ? x->cap_relations * 2 : 32;
		x->relations = mem_grow(x->relations, x->cap_relations, sizeof *x->relations);
	}
	x->relations[x->n_relations++] = (struct fact_relation){.type = type, .from = (uint32_t)from, .to = (uint32_t)to, .score = SCORE_RELATION};
}

/* ---- offices ------------------------------------------------------------------------------------------------ */

static bool joins(const struct window *w, size_t from, size_t to)
{
	if (to - from > 2)
		return false;
	for (size_t i = from; i < to; i++)
		if (w->cp[i] != 0x3001 && w->cp[i] != ' ' && w->cp[i] != 0x517C && w->cp[i] != 0x540C && w->cp[i] != 0x5FD7) /* 、兼同志 */
			return false;
	return true;
}

/* The offices in a chain right before a name. */
static void find_holds(struct facts *f, size_t person)
{
	const struct window *w = &f->e->window;
	size_t at = f->starts[person - f->first];
	for (size_t i = person; i-- > f->first && is(f, i, LABEL_POST) && joins(w, f->ends[i - f->first], at); at = f->starts[i - f->first])
		add_relation(f->x, "holds", person, i);
	if (person + 1 < f->last && is(f, person + 1, LABEL_POST) && f->starts[person + 1 - f->first] == f->ends[person - f->first])
		add_relation(f->x, "holds", person, person + 1);
}

/* ---- meetings ----------------------------------------------------------------------------------------------- */

static size_t sentence_start(const struct window *w, size_t at)
{
	while (at > 0 && !ends_sentence(w->cp[at - 1]))
		at--;
	return at;
}

static size_t sentence_end(const struct window *w, size_t at)
{
	while (at < w->n && !ends_sentence(w->cp[at]))
		at++;
	return at;
}

static bool is_held(const struct facts *f, size_t meeting)
{
	const struct window *w = &f->e->window;
	size_t start = f->starts[meeting - f->first], end = f->ends[meeting - f->first], to = end;
	if ((lists_before(f, start) | (start ? lists_before(f, start - 1) : 0)) & bit(HELD))
		return true;
	while (to < w->n && to - end < 14 && !is_mark(w->cp[to]))
		to++;
	return (lists_in(f, end, to) & (bit(HELD) | bit(AHEAD))) == bit(HELD);
}

static void find_meeting(struct facts *f, size_t meeting, struct str text)
{
	const struct window *w = &f->e->window;
	size_t from = sentence_start(w, f->starts[meeting - f->first]), time = NOWHERE;
	if (!is_held(f, meeting))
		return;
	if (f->x->spans[meeting].zone == ZONE_BODY) {
		add_span_field(f, "meetings", meeting, text);
		f->meeting = (uint32_t)meeting;
	}
	for (size_t i = f->first; i < meeting; i++)
		if (is(f, i, LABEL_TIME) && f->starts[i - f->first] >= from)
			time = i;
	if (time != NOWHERE)
		add_relation(f->x, "held-on", meeting, time);
}

/* ---- who did what ------------------------------------------------------------------------------------------- */

/* The run of names that begins with a span: names and offices with nothing but marks and joining words between. */
static size_t run_end(const struct facts *f, size_t first, size_t *people, size_t *n)
{
	const struct window *w = &f->e->window;
	size_t i = first;
	*n = 0;
	for (; i < f->last && *n < RUN_MAX; i++) {
		size_t k = i - f->first;
		if (i > first) {
			size_t gap = f->starts[k] - f->ends[k - 1];
			bool close = f->starts[k] >= f->ends[k - 1] && gap <= 1 &&
			             (gap == 0 || w->cp[f->ends[k - 1]] == 0x3001 || w->cp[f->ends[k - 1]] == 0x548C || w->cp[f->ends[k - 1]] == ' ');
			if (!close)
				break;
		}
		if (is(f, i, LABEL_PERSON))
			people[(*n)++] = i;
		else if (!is(f, i, LABEL_POST) && !is(f, i, LABEL_ORG))
			break;
	}
	return i;
}

static bool begins_clause(const struct facts *f, size_t span)
{
	const struct window *w = &f->e->window;
	size_t at = f->starts[span - f->first];
	if (at == 0 || is_mark(w->cp[at - 1]))
		return true;
	/* 会上 由 和 与 */
	codepoint c = w->cp[at - 1];
	return c == 0x7531 || c == 0x4E0A || c == 0x5BFC || c == 0x540E;
}

/* The meeting of the sentence, else the one that the article reports. */
static uint32_t meeting_for(const struct facts *f, size_t from, size_t to)
{
	for (size_t i = f->first; i < f->last; i++)
		if (is(f, i, LABEL_MEETING) && f->starts[i - f->first] >= from && f->starts[i - f->first] < to)
			return (uint32_t)i;
	return f->meeting;
}

static void tell(struct facts *f, size_t person, const char *field, const char *relation, uint32_t meeting, struct str text)
{
	add_span_field(f, field, person, text);
	if (meeting != UINT32_MAX)
		add_relation(f->x, relation, person, meeting);
}

static void find_acts(struct facts *f, const size_t *people, size_t n, size_t next, struct str text)
{
	const struct window *w = &f->e->window;
	size_t from = f->ends[people[n - 1] - f->first], to = sentence_end(w, from), clause = from;
	for (size_t i = next; i < f->last && f->starts[i - f->first] < to; i++)
		if (is(f, i, LABEL_PERSON) && begins_clause(f, i)) {
			to = f->starts[i - f->first];
			break;
		}
	while (clause < to && w->cp[clause] != ',')
		clause++;
	uint32_t meeting = meeting_for(f, from, clause);
	unsigned near = lists_in(f, from, clause), all = near | lists_in(f, clause, to);
	bool chairs = n == 1 && near & bit(CHAIR), speaks = n <= 2 && all & bit(SPEAK);
	bool attends = (n >= 3 ? all : near) & bit(ATTEND); /* of a list also behind a comma */
	for (size_t i = 0; i < n; i++) {
		if (chairs)
			tell(f, people[i], "chair", "chairs", meeting, text);
		if (speaks)
			tell(f, people[i], "speakers", "speaks-at", meeting, text);
		if (attends && !chairs && !speaks)
			tell(f, people[i], "attendees", "attends", meeting, text);
		else if (attends && meeting != UINT32_MAX)
			add_relation(f->x, "attends", people[i], meeting);
	}
}

/* ---- credits ------------------------------------------------------------------------------------------------ */

static unsigned labels_before(const struct facts *f, size_t span)
{
	const struct window *w = &f->e->window;
	size_t at = f->starts[span - f->first];
	while (at > 0 && (w->cp[at - 1] == ' ' || w->cp[at - 1] == ':' || w->cp[at - 1] == '/'))
		at--;
	return lists_before(f, at);
}

/* A credit: names behind a label, and the paper in front of it. */
static void find_credits(struct facts *f, struct str text)
{
	const struct window *w = &f->e->window;
	enum fact_class credit = FACT_CLASSES;
	size_t paper = NOWHERE, last_end = 0;
	for (size_t i = f->first; i < f->last; i++) {
		size_t k = i - f->first;
		if (is(f, i, LABEL_ORG)) {
			paper = i;
			continue;
		}
		if (!is(f, i, LABEL_PERSON))
			continue;
		unsigned labels = labels_before(f, i);
		if (labels & bit(REPORTER))
			credit = REPORTER;
		else if (labels & bit(EDITOR))
			credit = EDITOR;
		else if (f->starts[k] > last_end + 2 || (f->starts[k] > last_end && !is_mark(w->cp[f->starts[k] - 1])))
			credit = FACT_CLASSES;
		last_end = f->ends[k];
		if (credit == EDITOR && !has_field(f->x, "editor", NULL))
			add_span_field(f, "editor", i, text);
		if (credit != REPORTER)
			continue;
		add_span_field(f, "reporters", i, text);
		if (paper != NOWHERE && f->starts[k] - f->ends[paper - f->first] < 24)
			add_relation(f->x, "works-for", i, paper);
	}
}

/* ---- windows ------------------------------------------------------------------------------------------------ */

static void place_spans(struct facts *f)
{
	const struct window *w = &f->e->window;
	size_t n = f->last - f->first;
	if (n > f->cap) {
		f->cap = n + 64;
		f->starts = mem_grow(f->starts, f->cap, sizeof *f->starts);
		f->ends = mem_grow(f->ends, f->cap, sizeof *f->ends);
	}
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		const struct found *s = &f->x->spans[f->first + i];
		while (at < w->n && w->off[at] < s->off)
			at++;
		size_t end = at;
		while (end < w->n && w->off[end] < s->end)
			end++;
		f->starts[i] = (uint32_t)at;
		f->ends[i] = (uint32_t)end;
	}
}

static void find_in_window(struct facts *f, struct str text)
{
	size_t people[RUN_MAX], n;
	place_spans(f);
	find_credits(f, text);
	if (f->e->window.zone == ZONE_BYLINE)
		return;
	for (size_t i = f->first; i < f->last; i++) {
		if (is(f, i, LABEL_PERSON))
			find_holds(f, i);
		if (is(f, i, LABEL_MEETING))
			find_meeting(f, i, text);
	}
	if (f->e->window.zone != ZONE_BODY)
		return;
	for (size_t i = f->first; i < f->last;) {
		size_t next = i + 1;
		if (is(f, i, LABEL_PERSON) || is(f, i, LABEL_POST)) {
			next = run_end(f, i, people, &n);
			if (next <= i)
				next = i + 1;
			if (n && begins_clause(f, i))
				find_acts(f, people, n, next, text);
		}
		i = next;
	}
}

/* Who was in the chair or spoke is no mere attendee. */
static void settle_attendees(struct extraction *x)
{
	size_t kept = 0;
	for (size_t i = 0; i < x->n_fields; i++) {
		struct fact_field *f = &x->fields[i];
		if (strcmp(f->name, "attendees") == 0 && (has_field(x, "chair", f->value) || has_field(x, "speakers", f->value)))
			mem_free(f->value);
		else
			x->fields[kept++] = *f;
	}
	x->n_fields = kept;
}

/* `sp20241125` behind 来源: is a number of the site's. */
static bool is_number_of_page(struct str s)
{
	codepoint c;
	bool digit = false;
	for (size_t off = 0, step; (step = utf8_step(s, off, &c)) != 0; off += step) {
		if (cp_is_han(c))
			return false;
		digit |= c >= '0' && c <= '9';
	}
	return digit;
}

static void find_headline(struct facts *f, struct str text, const struct zones *zones, const struct zone_rules *words,
                          struct noise_facts facts)
{
	struct headline h = zones_headline(text, zones, words);
	const struct zone *parts[] = {&h.title, &h.source};
	static const char *const names[] = {"title", "source"};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i]->end <= parts[i]->off)
			continue;
		struct noise_list noise = {0};
		struct buf out = {0};
		size_t from = parts[i]->off;
		noise_find(text, parts[i]->off, parts[i]->end, facts, &noise);
		for (size_t k = 0; k < noise.n; k++) {
			if (noise.list[k].kind == NOISE_GLUE || noise.list[k].off < from)
				continue;
			buf_add(&out, str_sub(text, from, noise.list[k].off));
			from = noise.list[k].end;
		}
		if (from < parts[i]->end)
			buf_add(&out, str_sub(text, from, parts[i]->end));
		if (!is_number_of_page(buf_str(&out)))
			add_field(f->x, names[i], str_dup(str_trim(buf_str(&out))), UINT32_MAX);
		buf_free(&out);
		noise_free(&noise);
	}
	for (size_t i = 0; i < f->x->n; i++) {
		const struct found *s = &f->x->spans[i];
		if (s->class != f->ids[LABEL_TIME] || s->zone != ZONE_BYLINE || !s->value || strlen(s->value) < 7)
			continue;
		add_field(f->x, "published", mem_dup(s->value), (uint32_t)i);
		break;
	}
}

void facts_find(struct extractor *e, struct extraction *x, struct str text, const struct zones *zones, const struct zone_rules *words,
                struct noise_facts noise)
{
	static const char *const names[FACT_CLASSES] = {"PERSON",    "POST",        "ORG",       "TIME",          "MEETING",    "fact-chair",
	                                                "fact-speak", "fact-attend", "fact-held", "fact-ahead",
	                                                "fact-reporter", "fact-editor"};
	struct facts f = {.e = e, .x = x, .meeting = UINT32_MAX};
	f.bits = mem_array(e->pack->n_classes + 1, sizeof *f.bits);
	for (size_t i = 0; i < FACT_CLASSES; i++) {
		f.ids[i] = pack_class(e->pack, str_of(names[i]));
		if (f.ids[i] != CLASS_NONE)
			f.bits[f.ids[i]] = (uint16_t)bit((enum fact_class)i);
	}
	find_headline(&f, text, zones, words, noise);
	for (size_t i = 0; i < x->n;) {
		f.first = i;
		while (i < x->n && x->spans[i].window == x->spans[f.first].window)
			i++;
		f.last = i;
		if (window_fill(&e->window, text, zones, noise, x->spans[f.first].window))
			find_in_window(&f, text);
	}
	settle_attendees(x);
	mem_free(f.bits);
	mem_free(f.starts);
	mem_free(f.ends);
}
