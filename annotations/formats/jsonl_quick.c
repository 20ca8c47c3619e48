/* jsonl_quick: a JSONL line as extractors write it, taken in without a tree of its spans, which are nearly all of it.
 *
 * A line is read so when each of its spans has one fragment and only keys and values that jsonl_spans.c would take without
 * a word: everything else, and every line that json_quick.h gives up at, is read as a tree.  So is a line of which a span
 * is not where it says, or whose article has items already: messages, and what meets what, are known in one place. */
#include "annotations/anchor.h"
#include "annotations/formats/jsonl.h"
#include "annotations/json_quick.h"

#define VALUE_DEPTH 4 /* as jsonl_value.c has it */

struct quick_span {
	struct str id, label, text, verdict, score; /* p NULL: not there */
	struct str by;                              /* of its source; p NULL: it names none */
	uint64_t start, end;                        /* code points */
	size_t off, stop;                           /* bytes of the article */
	size_t at;                                  /* of the line: where the object stands */
	bool more;                                  /* it says more than this */
};

struct jsonl_quick {
	struct json_quick q;
	struct json_quick again; /* over the same line, for values that are read once more */
	size_t number; /* of the line */
	size_t at;     /* of the line: where the list stands; 0: there is none */
	struct quick_span *list;
	size_t n, cap;
};

/* ---- spans ------------------------------------------------------------------------------------------------------ */

enum span_key { KEY_ID, KEY_START, KEY_END, KEY_LABEL, KEY_TEXT, KEY_SCORE, KEY_VERDICT, KEY_SOURCE, KEY_JUDGED, KEY_LINKS,
	        KEY_ATTRIBUTES, KEY_NOTE, KEY_FLAG, SPAN_KEYS };

static enum span_key key_of(struct str key)
{
	static const struct str names[SPAN_KEYS] = {
	    [KEY_ID] = {"id", 2},           [KEY_START] = {"start", 5},   [KEY_END] = {"end", 3},
	    [KEY_LABEL] = {"label", 5},     [KEY_TEXT] = {"text", 4},     [KEY_SCORE] = {"score", 5},
	    [KEY_VERDICT] = {"verdict", 7}, [KEY_SOURCE] = {"source", 6}, [KEY_JUDGED] = {"judged", 6},
	    [KEY_LINKS] = {"links", 5},     [KEY_NOTE] = {"note", 4},     [KEY_ATTRIBUTES] = {"attributes", 10},
	    [KEY_FLAG] = {"flag", 4},
	};
	enum span_key k = 0;
	while (k < SPAN_KEYS && !str_eq(names[k], key))
		k++;
	return k;
}

static bool whole_number(struct json_quick *q, uint64_t *out)
{
	struct str digits;
	return json_quick_number(q, &digits) && str_number(digits, out);
}

/* A list or an object, whose first byte is `mark`, not too deep. */
static bool pass_nested(struct json_quick *q, char mark)
{
	unsigned depth;
	return json_quick_peek(q) == mark && json_quick_skip(q, &depth) && depth <= VALUE_DEPTH;
}

/* The string of `by` among the keys of a source, which was passed over before. */
static bool source_by(struct json_quick *q, size_t at, struct str *by)
{
	size_t behind = q->off;
	struct str key;
	bool first = true, good;
	*by = S("");
	q->off = at;
	(void)json_quick_take(q, '{');
	while (json_quick_next(q, &first, &key, &good)) {
		if (!str_eq(key, S("by"))) {
			(void)json_quick_skip(q, NULL);
			continue;
		}
		if (json_quick_peek(q) != '"')
			return false;
		(void)json_quick_string(q, by);
	}
	q->off = behind;
	return true;
}

static bool read_source(struct json_quick *q, struct str *by)
{
	if (json_quick_peek(q) == '"')
		return json_quick_string(q, by);
	size_t at = q->off;
	return pass_nested(q, '{') && source_by(q, at, by);
}

static bool read_judged(struct json_quick *q)
{
	return json_quick_peek(q) == '"' ? json_quick_skip(q, NULL) : pass_nested(q, '{');
}

static bool read_verdict(struct json_quick *q, struct str *name)
{
	enum verdict v;
	return json_quick_string(q, name) && verdict_of_name(*name, &v);
}

static bool read_value(struct json_quick *q, enum span_key key, struct quick_span *s)
{
	s->more |= key > KEY_VERDICT;
	switch (key) {
	case KEY_ID:
		return json_quick_string(q, &s->id);
	case KEY_START:
		return whole_number(q, &s->start);
	case KEY_END:
		return whole_number(q, &s->end);
	case KEY_LABEL:
		return json_quick_string(q, &s->label) && s->label.n;
	case KEY_TEXT:
		return json_quick_string(q, &s->text);
	case KEY_SCORE:
		return json_quick_number(q, &s->score);
	case KEY_VERDICT:
		return read_verdict(q, &s->verdict);
	case KEY_SOURCE:
		return read_source(q, &s->by);
	case KEY_JUDGED:
		return read_judged(q);
	case KEY_LINKS:
		return pass_nested(q, '[');
	case KEY_ATTRIBUTES:
		return pass_nested(q, '{');
	case KEY_NOTE:
	case KEY_FLAG:
		return json_quick_peek(q) == '"' && json_quick_skip(q, NULL);
	case SPAN_KEYS:
		break;
	}
	return false;
}

static bool read_span(struct json_quick *q, struct quick_span *s)
{
	const unsigned needed = 1u << KEY_START | 1u << KEY_END | 1u << KEY_LABEL;
	unsigned met = 0;
	bool first = true, good;
	struct str name;
	if (!json_quick_take(q, '{'))
		return false;
	s->at = q->off - 1;
	while (json_quick_next(q, &first, &name, &good)) {
		enum span_key key = key_of(name);
		if (met & 1u << key || !read_value(q, key, s))
			return false;
		met |= 1u << key;
	}
	return good && (met & needed) == needed && s->start <= s->end;
}

static bool read_spans(struct jsonl_quick *l)
{
	bool first = true, good;
	if (l->at || !json_quick_take(&l->q, '['))
		return false;
	l->at = l->q.off - 1;
	while (json_quick_more(&l->q, &first, &good)) {
		if (l->n == l->cap) {
			l->cap = l->cap ? l->cap * 2 : 32;
			l->list = mem_grow(l->list, l->cap, sizeof *l->list);
		}
		l->list[l->n] = (struct quick_span){0};
		if (!read_span(&l->q, &l->list[l->n]))
			return false;
		l->n++;
	}
	return good;
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static bool read_text(struct json_quick *q, struct record *r)
{
	return !r->text.p && json_quick_peek(q) == '"' && json_quick_string(q, &r->text) &&
	       str_byte(r->text, '\0', 0) == NOWHERE;
}

static bool read_other(struct json_quick *q, struct str key, struct node *object)
{
	struct node *value = json_quick_value(q);
	if (value)
		node_append(object, key, value);
	return value != NULL;
}

static bool read_line(struct jsonl_quick *l, struct record *r, struct str line)
{
	struct json_quick *q = &l->q;
	bool first = true, good;
	struct str key;
	if (!json_quick_start(q, line))
		return false;
	json_quick_place(q, r->line, 1);
	if (!json_quick_take(q, '{'))
		return false;
	r->object->column = (uint32_t)q->off;
	while (json_quick_next(q, &first, &key, &good)) {
		bool fine = str_eq(key, S("spans"))  ? read_spans(l)
		            : str_eq(key, S("text")) ? read_text(q, r)
		                                     : read_other(q, key, r->object);
		if (!fine)
			return false;
	}
	return good && json_quick_at_end(q) && node_duplicate(r->object) == NOWHERE;
}

bool jsonl_quick_line(struct import_job *job, const char *path, size_t number, struct str line, bool *taken,
                      struct error *err)
{
	struct record r = record_new(job, path, number);
	r.quick = mem_alloc(sizeof *r.quick);
	r.quick->number = number;
	*taken = read_line(r.quick, &r, line);
	if (*taken)
		return record_take(&r, err);
	record_drop(&r);
	return true;
}

void jsonl_quick_free(struct jsonl_quick *l)
{
	if (!l)
		return;
	json_quick_end(&l->q);
	json_quick_end(&l->again);
	mem_free(l->list);
	mem_free(l);
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

static bool place(struct jsonl_object *o, struct quick_span *s)
{
	s->off = s->start <= SIZE_MAX ? article_off(o->doc->article, (size_t)s->start) : NOWHERE;
	s->stop = s->end <= SIZE_MAX ? article_off(o->doc->article, (size_t)s->end) : NOWHERE;
	return s->off != NOWHERE && s->stop != NOWHERE &&
	       (!s->text.p || anchor_matches(article_text(o->doc->article), s->off, s->stop, s->text));
}

static bool all_fit(struct jsonl_object *o, struct jsonl_quick *l)
{
	bool fine = !jsonl_has_items(o->doc->set);
	for (size_t i = 0; fine && i < l->n; i++)
		fine = place(o, &l->list[i]);
	return fine;
}

/* The value that stands at a place of the line, which was read before.  Values are mostly asked for from left to right: lines and columns are
 * counted on from the last one, for a line may have tens of thousands. */
static struct node *value_at(struct jsonl_quick *l, size_t at)
{
	struct json_quick *q = &l->again;
	if (!q->text.p) {
		(void)json_quick_start(q, l->q.text);
		json_quick_place(q, l->number, 1);
	} else if (at < q->counted) {
		json_quick_place(q, l->number, 1);
	}
	q->off = at;
	return json_quick_value(q);
}

void jsonl_quick_items(struct jsonl_object *o)
{
	struct jsonl_quick *l = o->record->quick;
	if (!l || !l->at || all_fit(o, l))
		return;
	l->n = 0;
	node_append(o->record->object, S("spans"), value_at(l, l->at));
}

static struct node *said_of(struct jsonl_quick *l, const struct quick_span *s)
{
	if (s->more)
		return value_at(l, s->at);
	struct node *said = node_map();
	if (s->verdict.p)
		node_append(said, S("verdict"), node_text(s->verdict));
	if (s->score.p)
		node_append(said, S("score"), node_plain(s->score));
	return said;
}

/* The id that came, if it can be ours; else the one that every clone gives the proposal. */
static void choose_id(struct jsonl_object *o, const struct quick_span *s, struct buf *id)
{
	struct str text = str_sub(article_text(o->doc->article), s->off, s->stop);
	struct str by = s->by.p ? s->by : str_of(o->job->by ? o->job->by : o->job->format->name);
	buf_clear(id);
	buf_add(id, s->id);
	if (jsonl_id_keeps(s->id) && !jsonl_id_used(o, s->id))
		return;
	size_t more = 0;
	do
		edit_span_id(id, by, s->label, s->start, s->end, text, more++);
	while (jsonl_id_used(o, buf_str(id)));
}

static void take_span(struct jsonl_object *o, const struct quick_span *s, bool build, struct buf *key, struct buf *room)
{
	struct import_target *t = o->job->target;
	struct str id;
	buf_clear(key);
	identity_place(key, s->label, s->start, s->end);
	if (strmap_get(&t->known, buf_str(key), NULL)) { /* two of one label at one place */
		struct node *span = value_at(o->record->quick, s->at);
		jsonl_span(o, span);
		node_free(span);
		return;
	}
	choose_id(o, s, room);
	id = buf_str(room);
	strmap_put(&t->known, buf_str(key), id);
	jsonl_use_id(o, id);
	jsonl_know_met(o, ITEM_SPAN, id);
	o->job->counts.items[ITEM_SPAN]++;
	t->changed |= o->job->dry_run; /* else when it is committed */
	if (s->id.n && !str_eq(s->id, id))
		strmap_put(&o->local, s->id, id);
	if (!build)
		return;
	struct node *said = said_of(o->record->quick, s);
	struct record_plain plain = {id, s->label, s->start, s->end, s->off, s->stop};
	struct node *map = jsonl_span_map(o, plain, said);
	if (t->extents)
		import_know(t, ITEM_SPAN, id, map);
	edit_propose_new(o->group, o->doc, ITEM_SPAN, map);
	node_free(said);
}

#define NEIGHBOURS 16 /* spans of one start that are compared; more may hold two that are the same */

/* Whether two of one label may stand at one place.  Spans mostly come in the order of their starts. */
static bool may_have_twins(const struct jsonl_quick *l)
{
	for (size_t i = 1; l && i < l->n; i++) {
		const struct quick_span *s = &l->list[i];
		if (s->start < s[-1].start)
			return true;
		for (size_t k = i; k-- > 0 && l->list[k].start == s->start;)
			if (i - k > NEIGHBOURS || (l->list[k].end == s->end && str_eq(l->list[k].label, s->label)))
				return true;
	}
	return false;
}

void jsonl_quick_spans(struct jsonl_object *o)
{
	const struct jsonl_quick *l = o->record->quick;
	struct buf key = {0}, room = {0};
	/* What refers to spans, and a second one of the same, finds them in the group. */
	bool build = !o->job->dry_run || jsonl_get(o->object, S("relations")) || jsonl_get(o->object, S("fields")) ||
	             o->job->target->extents || may_have_twins(l);
	for (size_t i = 0; l && i < l->n; i++)
		take_span(o, &l->list[i], build, &key, &room);
	buf_free(&room);
	buf_free(&key);
}
