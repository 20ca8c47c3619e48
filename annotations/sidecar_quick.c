/* sidecar_quick.c: a sidecar in our own layout, line by line; see sidecar_pass.h and yaml_quick.h. */
#include "annotations/sidecar_pass.h"
#include "annotations/yaml_quick.h"
#include "model/utf8.h"

static bool at_record(const struct quick *q)
{
	return str_starts(str_sub(q->text, q->off, q->off + 2), S("- "));
}

/* ---- the common span --------------------------------------------------------------------------------------------- */

/* What a span's lean record needs, as it stands in the source. */
struct facts {
	struct str id, label, text, verdict, score, by, judged_by;
	uint64_t from, to;
	uint32_t label_line, label_column;
	bool flagged, original, machine; /* machine: the source says more than who */
	unsigned seen;
};

enum key {
	ID = 1,
	LABEL = 2,
	AT = 4,
	TEXT = 8,
	CONTEXT = 16,
	VERDICT = 32,
	SOURCE = 64,
	ORIGINAL = 128,
	JUDGED = 256,
	ATTRIBUTES = 512,
	LINKS = 1024,
	NOTE = 2048,
	FLAG = 4096
};

static unsigned key_of(struct str name)
{
	static const struct {
		struct str name;
		enum key key;
	} keys[] = {{{"id", 2}, ID},           {{"label", 5}, LABEL},
	            {{"at", 2}, AT},           {{"text", 4}, TEXT},
	            {{"context", 7}, CONTEXT}, {{"verdict", 7}, VERDICT},
	            {{"source", 6}, SOURCE},   {{"original", 8}, ORIGINAL},
	            {{"judged", 6}, JUDGED},   {{"attributes", 10}, ATTRIBUTES},
	            {{"links", 5}, LINKS},     {{"note", 4}, NOTE},
	            {{"flag", 4}, FLAG}};
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_eq(keys[i].name, name))
			return keys[i].key;
	return 0;
}

static bool number(struct quick *q, uint64_t *out)
{
	struct str digits;
	return quick_skip(q, &digits) && digits.p && !(digits.n > 1 && digits.p[0] == '0') && digits.p[-1] != '"' &&
	       str_number(digits, out);
}

/* [[from, to]] */
static bool one_pair(struct quick *q, struct facts *f)
{
	return quick_take(q, '[') && quick_take(q, '[') && number(q, &f->from) && quick_take(q, ',') &&
	       quick_take(q, ' ') && number(q, &f->to) && quick_take(q, ']') && quick_take(q, ']');
}

/* {by: …, score: …, …} */
static bool who(struct quick *q, struct str *by, struct str *score, bool *more)
{
	struct str key, value;
	bool first = true, good, had_by = false, had_score = false;
	if (!quick_take(q, '{'))
		return false;
	struct quick whole = *q;
	while (quick_map_next(q, &first, &key, &good)) {
		bool is_by = str_eq(key, S("by")), is_score = str_eq(key, S("score"));
		if (!quick_skip(q, &value) || !value.p || (is_by && had_by) || (is_score && had_score))
			return false;
		had_by |= is_by;
		had_score |= is_score;
		if (is_by)
			*by = value;
		if (is_score)
			*score = value;
		*more |= is_score || str_eq(key, S("rule")) || str_eq(key, S("version"));
	}
	/* Once more for what this does not look at: keys that are there twice. */
	whole.off--;
	return good && quick_skip(&whole, NULL) && whole.off == q->off;
}

static bool take_fact(struct quick *q, unsigned key, struct facts *f)
{
	struct str raw, unused;
	bool ignored = false;
	switch (key) {
	case AT:
		return one_pair(q, f);
	case SOURCE:
		return who(q, &f->by, &f->score, &f->machine);
	case JUDGED:
		return who(q, &f->judged_by, &unused, &ignored);
	case CONTEXT:
	case ORIGINAL:
	case ATTRIBUTES:
	case LINKS:
		f->original |= key == ORIGINAL;
		return quick_skip(q, NULL);
	default:
		break;
	}
	if (key == LABEL) { /* before it on its line there is ASCII alone */
		f->label_line = q->line;
		f->label_column = (uint32_t)(q->off - q->line_start) + 1;
	}
	if (!quick_skip(q, &raw) || !raw.p)
		return false;
	if (key == ID)
		f->id = raw;
	else if (key == LABEL)
		f->label = raw;
	else if (key == TEXT)
		f->text = raw;
	else if (key == VERDICT)
		f->verdict = raw;
	else if (key == FLAG)
		f->flagged = raw.n > 0;
	return true;
}

static bool gather(struct quick *q, struct facts *f)
{
	struct str name;
	struct buf room = {0};
	bool more = false, good;
	*f = (struct facts){0};
	good = quick_take(q, '-') && quick_take(q, ' ');
	while (good) {
		good = quick_key(q, &name, &room, &more) && more && room.n == 0;
		unsigned key = good ? key_of(name) : 0;
		good = key && !(f->seen & key) && take_fact(q, key, f);
		f->seen |= key;
		if (!good || !quick_next_key(q))
			break;
	}
	buf_free(&room);
	unsigned needed = ID | LABEL | AT | TEXT | VERDICT;
	return good && (f->seen & needed) == needed && q->off < q->text.n && q->text.p[q->off] == '\n';
}

static bool judge_facts(struct set *set, const struct facts *f, struct span *span)
{
	enum verdict v;
	if (f->id.n == 0 || f->label.n == 0 || !verdict_of_name(f->verdict, &v))
		return false;
	if (set->article_changed || f->from > f->to || f->to > UINT32_MAX)
		return false;
	size_t off = article_off(set->article, (size_t)f->from), end = off == NOWHERE ? NOWHERE : off + f->text.n;
	if (off == NOWHERE || !str_eq(str_sub(article_text(set->article), off, end), f->text) ||
	    utf8_count(f->text) != f->to - f->from)
		return false;
	*span = (struct span){.off = (uint32_t)off,
	                      .end = (uint32_t)end,
	                      .label = schema_intern(set->schema, f->label),
	                      .verdict = (uint8_t)v,
	                      .flagged = f->flagged};
	span->score = set_score(f->score);
	span->human = v == VERDICT_ACCEPTED && !f->original && !f->machine && f->by.n && str_eq(f->by, f->judged_by);
	return true;
}

/* Nearly every span: one fragment, its text where it should be, nothing that needs telling.  False, with q as it was,
 * for all others. */
static bool common_span(struct pass *p, struct quick *q, struct part *part, struct record *record)
{
	struct quick start = *q;
	struct facts facts;
	struct span span;
	if (gather(q, &facts) && judge_facts(p->set, &facts, &span)) {
		record->content = record->to = (uint32_t)q->off;
		p->last_record = set_load_common(p->set, facts.id, &span, record);
		if (p->last_record != NO_ITEM) {
			struct node label = {.line = facts.label_line, .column = facts.label_column};
			part->records++;
			pass_label(p, p->last_record, &label);
			return true;
		}
	}
	*q = start;
	return false;
}

/* ---- lists and keys ---------------------------------------------------------------------------------------------- */

static bool tree_record(struct pass *p, struct quick *q, struct part *part, enum item_kind kind, struct record *record)
{
	struct node *map = quick_record(q);
	if (!map)
		return false;
	record->content = record->to = (uint32_t)q->off;
	pass_record(p, part, kind, map, record);
	return true;
}

static bool quick_list(struct pass *p, struct quick *q, struct part *part, enum item_kind kind)
{
	part->lines = true;
	while (at_record(q)) {
		struct record record = {.from = (uint32_t)q->off, .line = q->line, .mode = RECORD_LINES};
		pass_record_line(p, part, q->off, 0);
		if (!(kind == ITEM_SPAN && common_span(p, q, part, &record)) && !tree_record(p, q, part, kind, &record))
			return false;
		part->content = q->off;
		if (!quick_line_end(q))
			return false;
	}
	return part->records > 0;
}

static bool quick_top(struct pass *p, struct quick *q, struct part *part)
{
	struct node *value = quick_value(q);
	if (!value || !pass_top(p, part, value, NULL))
		return false;
	part->content = q->off;
	return quick_line_end(q);
}

static bool quick_part(struct pass *p, struct quick *q, struct buf *room)
{
	struct str name;
	enum item_kind kind;
	size_t off = q->off, line = q->line;
	bool more;
	if (!quick_key(q, &name, room, &more))
		return false;
	struct part *part = pass_key(p, name, off, line, 1, NULL);
	if (!part)
		return false;
	if (more)
		return quick_top(p, q, part);
	return sidecar_key_is_list(part->key, &kind) && quick_line_end(q) && quick_list(p, q, part, kind);
}

bool pass_quickly(struct pass *p)
{
	struct quick q = {.text = p->bytes, .line = 1};
	struct buf room = {0};
	bool good = quick_may_read(p->bytes);
	while (good && q.off < q.text.n)
		good = quick_part(p, &q, &room);
	buf_free(&room);
	return good;
}
