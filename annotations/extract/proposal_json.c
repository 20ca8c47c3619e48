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
	uint64_t *places; /* start and end of each span found, in code points: relations name the same ones again */
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
static void add_text(struct buf *out, struct str name, struct str text)
{
	buf_add(out, name);
	json_write_text(out, text);
}

static void add_number(struct buf *out, struct str name, uint64_t number)
{
	buf_add(out, name);
	buf_addn(out, number);
}

static void add_score(struct buf *out, struct str name, uint16_t score)
{
	unsigned hundredths = score / 10u;
	char text[] = {(char)('0' + hundredths / 100 % 10), '.', (char)('0' + hundredths / 10 % 10), (char)('0' + hundredths % 10)};
	buf_add(out, name);
	buf_add(out, (struct str){text, sizeof text});
}

static void add_range(const struct writing *w, struct str name, struct str between, uint64_t from, uint64_t to)
{
	add_number(w->out, name, from);
	add_number(w->out, between, to);
}

/* ---- spans -------------------------------------------------------------------------------------------------- */

static void add_head(const struct writing *w, uint64_t start, uint64_t end, struct str label, struct str text)
{
	add_range(w, S("{\"start\":"), S(",\"end\":"), start, end);
	add_text(w->out, S(",\"label\":"), label);
	add_text(w->out, S(",\"text\":"), text);
}

static void add_span(const struct writing *w, size_t i)
{
	const struct found *f = &w->x->spans[i];
	const struct class *class = &w->o->pack->classes[f->class];
	uint64_t start = w->places[2 * i], end = w->places[2 * i + 1];
	uint16_t score = f->score;
	char *by = answers_join(w->answers, start, end, class->name, &score);
	add_head(w, start, end, class->name, str_sub(article_text(w->a), f->off, f->end));
	add_text(w->out, S(",\"source\":{\"by\":"), by ? str_of(by) : S(EXTRACTOR_NAME));
	add_number(w->out, S(",\"version\":"), EXTRACTOR_VERSION);
	add_text(w->out, S(",\"rule\":"), rule_name(w->o->pack, f->rule));
	add_score(w->out, S(",\"score\":"), score);
	buf_addc(w->out, '}');
	if (f->value && class->attribute.n) {
		add_text(w->out, S(",\"attributes\":{"), class->attribute);
		add_text(w->out, S(":"), str_of(f->value));
		buf_addc(w->out, '}');
	}
	buf_addc(w->out, '}');
	mem_free(by);
}

static void add_answer(const struct writing *w, const struct answer_span *s)
{
	size_t off = article_off(w->a, s->start), end = article_off(w->a, s->end);
	add_head(w, s->start, s->end, str_of(s->label), str_sub(article_text(w->a), off, end));
	add_text(w->out, S(",\"source\":{\"by\":"), str_of(s->by));
	if (s->score != SCORE_NONE)
		add_score(w->out, S(",\"score\":"), s->score);
	buf_add(w->out, S("}}"));
}

static void add_spans(const struct writing *w)
{
	bool first = true;
	for (size_t i = 0; i < w->x->n; i++)
		if (is_wanted(w, w->o->pack->classes[w->x->spans[i].class].name)) {
			divide(w->out, &first);
			add_span(w, i);
		}
	for (size_t i = 0; i < w->answers->n_spans; i++) {
		const struct answer_span *s = &w->answers->spans[i];
		if (s->taken || !is_wanted(w, str_of(s->label)))
			continue;
		divide(w->out, &first);
		add_answer(w, s);
	}
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

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
		buf_add(w->out, S(":["));
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

/* ---- relations ---------------------------------------------------------------------------------------------- */

/* from, to: start and end, in code points. */
static void add_relation(const struct writing *w, const char *type, const uint64_t *from, const uint64_t *to)
{
	add_text(w->out, S("{\"type\":"), str_of(type));
	add_range(w, S(",\"from\":["), S(","), from[0], from[1]);
	add_range(w, S("],\"to\":["), S(","), to[0], to[1]);
	buf_add(w->out, S("]}"));
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
		add_relation(w, r->type, &w->places[2 * (size_t)r->from], &w->places[2 * (size_t)r->to]);
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
	struct writing w = {.out = out, .o = o, .x = x, .answers = answers, .a = a, .places = mem_array(2 * x->n + 1, sizeof *w.places)};
	for (size_t i = 0; i < x->n; i++) {
		w.places[2 * i] = article_cp(a, x->spans[i].off);
		w.places[2 * i + 1] = article_cp(a, x->spans[i].end);
	}
	buf_addc(out, '{');
	if (name.n) {
		json_write_text(out, str_of(key));
		add_text(out, S(":"), name);
		buf_addc(out, ',');
	}
	buf_add(out, S("\"spans\":["));
	add_spans(&w);
	buf_add(out, S("],\"fields\":{"));
	add_fields(&w);
	buf_add(out, S("},\"relations\":["));
	add_relations(&w);
	buf_add(out, S("]}"));
	mem_free(w.places);
}
