/* proposal_json.c: see proposal_json.h. */
#include "annotations/extract/proposal_json.h"

#include <string.h>

#include "annotations/json.h"

struct writing {
	struct buf *out;
	const struct proposal_options *o;
	const struct extraction *x;
	struct answers *answers;
	struct article *a;
};

static bool is_wanted(const struct writing *w, struct str label)
{
	return !w->o->wanted || w->o->wanted(w->o->ctx, label);
}

/* What stands before a key or an item: nothing at the first one. */
static void divide(struct buf *out, bool *first)
{
	if (!*first)
		buf_addc(out, ',');
	*first = false;
}

/* name: with its colon, as JSON. */
static void add_text(struct buf *out, const char *name, struct str text)
{
	buf_adds(out, name);
	json_write_text(out, text);
}

static void add_number(struct buf *out, const char *name, uint64_t number)
{
	char digits[20]; /* UINT64_MAX has twenty */
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_adds(out, name);
	buf_add(out, (struct str){digits + at, sizeof digits - at});
}

static void add_score(struct buf *out, const char *name, uint16_t score)
{
	unsigned hundredths = score / 10u;
	char text[] = {(char)('0' + hundredths / 100 % 10), '.', (char)('0' + hundredths / 10 % 10), (char)('0' + hundredths % 10)};
	buf_adds(out, name);
	buf_add(out, (struct str){text, sizeof text});
}

static void add_range(const struct writing *w, const char *name, const char *between, uint64_t from, uint64_t to)
{
	add_number(w->out, name, from);
	add_number(w->out, between, to);
}

/* ---- spans ---------------------------------------------------------------------------------------------------------- */

static void add_head(const struct writing *w, uint64_t start, uint64_t end, struct str label, struct str text)
{
	add_range(w, "{\"start\":", ",\"end\":", start, end);
	add_text(w->out, ",\"label\":", label);
	add_text(w->out, ",\"text\":", text);
}

static void add_span(const struct writing *w, const struct found *f)
{
	const struct class *class = &w->o->pack->classes[f->class];
	uint64_t start = article_cp(w->a, f->off), end = article_cp(w->a, f->end);
	uint16_t score = f->score;
	char *by = answers_join(w->answers, start, end, class->name, &score);
	add_head(w, start, end, class->name, str_sub(article_text(w->a), f->off, f->end));
	add_text(w->out, ",\"source\":{\"by\":", by ? str_of(by) : S(EXTRACTOR_NAME));
	add_number(w->out, ",\"version\":", EXTRACTOR_VERSION);
	add_text(w->out, ",\"rule\":", rule_name(w->o->pack, f->rule));
	add_score(w->out, ",\"score\":", score);
	buf_addc(w->out, '}');
	if (f->value && class->attribute.n) {
		add_text(w->out, ",\"attributes\":{", class->attribute);
		add_text(w->out, ":", str_of(f->value));
		buf_addc(w->out, '}');
	}
	buf_addc(w->out, '}');
	mem_free(by);
}

static void add_answer(const struct writing *w, const struct answer_span *s)
{
	size_t off = article_off(w->a, s->start), end = article_off(w->a, s->end);
	add_head(w, s->start, s->end, str_of(s->label), str_sub(article_text(w->a), off, end));
	add_text(w->out, ",\"source\":{\"by\":", str_of(s->by));
	if (s->score != SCORE_NONE)
		add_score(w->out, ",\"score\":", s->score);
	buf_adds(w->out, "}}");
}

static void add_spans(const struct writing *w)
{
	bool first = true;
	for (size_t i = 0; i < w->x->n; i++)
		if (is_wanted(w, w->o->pack->classes[w->x->spans[i].class].name)) {
			divide(w->out, &first);
			add_span(w, &w->x->spans[i]);
		}
	for (size_t i = 0; i < w->answers->n_spans; i++) {
		const struct answer_span *s = &w->answers->spans[i];
		if (s->taken || !is_wanted(w, str_of(s->label)))
			continue;
		divide(w->out, &first);
		add_answer(w, s);
	}
}

/* ---- fields --------------------------------------------------------------------------------------------------------- */

/* The fields found come first, then those answered: one number counts through both. */
static const char *field_name(const struct writing *w, size_t i)
{
	return i < w->x->n_fields ? w->x->fields[i].name : w->answers->fields[i - w->x->n_fields].name;
}

static const char *field_value(const struct writing *w, size_t i)
{
	return i < w->x->n_fields ? w->x->fields[i].value : w->answers->fields[i - w->x->n_fields].value;
}

/* Whether one before i has that name, and that value too where one is asked for. */
static bool came_before(const struct writing *w, size_t i, const char *value)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(field_name(w, k), field_name(w, i)) == 0 && (!value || strcmp(field_value(w, k), value) == 0))
			return true;
	return false;
}

static void add_fields(const struct writing *w)
{
	size_t n = w->x->n_fields + w->answers->n_fields;
	bool first = true;
	for (size_t i = 0; i < n; i++) {
		if (came_before(w, i, NULL))
			continue;
		bool first_value = true;
		divide(w->out, &first);
		json_write_text(w->out, str_of(field_name(w, i)));
		buf_adds(w->out, ":[");
		for (size_t k = i; k < n; k++) {
			bool again = k >= w->x->n_fields && came_before(w, k, field_value(w, k)); /* those found differ */
			if (again || strcmp(field_name(w, k), field_name(w, i)) != 0)
				continue;
			divide(w->out, &first_value);
			json_write_text(w->out, str_of(field_value(w, k)));
		}
		buf_addc(w->out, ']');
	}
}

/* ---- relations ------------------------------------------------------------------------------------------------------ */

static void add_relation(const struct writing *w, const char *type, const uint64_t from[2], const uint64_t to[2])
{
	add_text(w->out, "{\"type\":", str_of(type));
	add_range(w, ",\"from\":[", ",", from[0], from[1]);
	add_range(w, "],\"to\":[", ",", to[0], to[1]);
	buf_adds(w->out, "]}");
}

static void add_relations(const struct writing *w)
{
	bool first = true;
	for (size_t i = 0; i < w->x->n_relations; i++) {
		const struct fact_relation *r = &w->x->relations[i];
		const struct found *from = &w->x->spans[r->from], *to = &w->x->spans[r->to];
		if (!is_wanted(w, w->o->pack->classes[from->class].name) || !is_wanted(w, w->o->pack->classes[to->class].name))
			continue;
		divide(w->out, &first);
		add_relation(w, r->type, (uint64_t[]){article_cp(w->a, from->off), article_cp(w->a, from->end)},
		             (uint64_t[]){article_cp(w->a, to->off), article_cp(w->a, to->end)});
	}
	for (size_t i = 0; i < w->answers->n_relations; i++) {
		const struct answer_relation *r = &w->answers->relations[i];
		divide(w->out, &first);
		add_relation(w, r->type, r->from, r->to);
	}
}

void proposal_write_json(struct buf *out, const struct proposal_options *o, const struct extraction *x, struct answers *answers, struct article *a,
                         const char *key, struct str name)
{
	struct writing w = {.out = out, .o = o, .x = x, .answers = answers, .a = a};
	buf_addc(out, '{');
	if (name.n) {
		json_write_text(out, str_of(key));
		add_text(out, ":", name);
		buf_addc(out, ',');
	}
	buf_adds(out, "\"spans\":[");
	add_spans(&w);
	buf_adds(out, "],\"fields\":{");
	add_fields(&w);
	buf_adds(out, "},\"relations\":[");
	add_relations(&w);
	buf_adds(out, "]}");
}
