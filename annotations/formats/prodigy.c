/* prodigy: Prodigy's JSON lines.
 *
 *   {"text", "meta", "tokens": [{"text", "start", "end", "id", "ws"}], "spans": [{"start", "end", "token_start",
 *    "token_end", "label", "score", "source", "kb_id"}], "relations": [{"head", "child", "head_span", "child_span",
 *    "label"}], "answer": "accept"}
 *
 * Offsets are code points, half-open; token_end is the last token itself; head and child are the last tokens of their
 * spans, or words that are no span: those become spans labelled "token", kept as words, and words again on the way out.
 * Rows of character mode have no tokens.  `accept` accepts what the row says; `reject` rejects it where one span was
 * the question, else (and `ignore`, and no answer) nothing is decided and the answer is kept.  Tokens are made anew on
 * the way out; the row is accepted once anything of it is, and what the row's answer would not say of a span stands at
 * the span.  Source: Prodigy's documentation, "Annotation interfaces" (ner_manual, spans_manual, relations). */
#include <string.h>

#include "annotations/formats/places.h"
#include "annotations/formats/tokens.h"

#include "model/utf8.h"

#define WORD "token" /* label, and key, of what is no span but a word that a relation joins */

static const char *const top_keys[] = {"text", "spans", "relations", "tokens", NULL};

/* ---- in ----------------------------------------------------------------------------------------------------- */

struct taking {
	struct record record;
	const struct node *object;
	struct places places;
	struct strmap ends;  /* "token 5", "end 4" and "0 4 ORG" -> ids of spans */
	const char *verdict; /* of spans that say nothing */
	size_t made;
};

static const char *verdict_of(struct str answer, bool one)
{
	if (str_eq(answer, S("accept")))
		return "accepted";
	return str_eq(answer, S("reject")) && one ? "rejected" : "undecided";
}

/* What stands there as text; JSON's null is none. */
static struct str said(const struct node *map, struct str key)
{
	const struct node *n = node_get(map, key);
	return n && node_is_absent(n) ? STR_NONE : node_scalar(n);
}

static void name_extent(struct buf *out, uint64_t start, uint64_t end, struct str label)
{
	buf_addf(out, "%llu %llu ", (unsigned long long)start, (unsigned long long)end);
	buf_add(out, label);
}

/* The id tells spans of one label at one place apart; most rows have none. */
static void name_end(struct buf *out, uint64_t start, uint64_t end, const struct node *item)
{
	struct str id = said(item, S("id"));
	name_extent(out, start, end, said(item, S("label")));
	if (id.n)
		buf_addf(out, " %.*s", (int)id.n, id.p);
}

static void know_end(struct taking *t, const struct node *item, uint64_t start, uint64_t end, struct str id)
{
	struct buf key = {0};
	uint64_t token;
	buf_addf(&key, "end %llu", (unsigned long long)end);
	strmap_put(&t->ends, buf_str(&key), id);
	buf_clear(&key);
	name_extent(&key, start, end, said(item, S("label")));
	strmap_put(&t->ends, buf_str(&key), id);
	buf_clear(&key);
	name_end(&key, start, end, item);
	strmap_put(&t->ends, buf_str(&key), id);
	buf_clear(&key);
	if (places_number(node_get(item, S("token_end")), &token)) {
		buf_addf(&key, "token %llu", (unsigned long long)token);
		strmap_put(&t->ends, buf_str(&key), id);
	}
	buf_free(&key);
}

static struct node *add_span(struct taking *t, const struct node *item, uint64_t start, uint64_t end, struct str label,
                             struct buf *id)
{
	buf_clear(id);
	buf_addf(id, "#%zu", t->made++);
	struct node *span = record_add_span(&t->record, buf_str(id), label, start, end);
	span->line = item->line;
	span->column = item->column;
	return span;
}

static void put_common(struct taking *t, const struct node *item, struct node *out)
{
	struct str answer = said(item, S("answer")), source = said(item, S("source")), note = said(item, S("note"));
	const struct node *score = node_get(item, S("score"));
	node_put_text(out, S("verdict"), str_of(answer.n ? verdict_of(answer, true) : t->verdict));
	if (score && score->kind == NODE_SCALAR && !score->quoted && !node_is_absent(score))
		node_put(out, S("score"), node_copy(score));
	if (source.n)
		node_put_text(out, S("source"), source);
	if (note.n)
		node_put_text(out, S("note"), note);
}

static void put_attributes(const struct node *item, struct node *out)
{
	const struct node *given = node_get(item, S("attributes"));
	for (size_t i = 0; given && given->kind == NODE_MAP && i < given->n; i++)
		if (given->items[i]->kind == NODE_SCALAR)
			record_put_attribute(out, given->keys[i], given->items[i]->text);
}

static void take_span(struct taking *t, const struct node *item, const struct unit_span *place)
{
	static const char *const known[] = {"start", "end",    "label", "text",  "token_start", "token_end", "answer",
	                                    "score", "source", "note",  "kb_id", "attributes",  NULL};
	struct buf id = {0};
	struct str link = said(item, S("kb_id"));
	struct node *span = add_span(t, item, place->from, place->to, said(item, S("label")), &id);
	put_common(t, item, span);
	put_attributes(item, span);
	if (link.n)
		record_add_link(span, STR_NONE, link, STR_NONE);
	record_keep_rest(&t->record, span, item, known);
	know_end(t, item, place->start, place->end, buf_str(&id));
	buf_free(&id);
}

static void take_spans(struct taking *t, struct str text)
{
	const struct node *list = node_get(t->object, S("spans"));
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		const struct node *item = list->items[i];
		if (!said(item, S("label")).n)
			record_fail(&t->record, item->line, item->column, ERROR_SCHEMA, "a span needs a label");
		else
			(void)places_add(&t->places, &t->record, item, node_get(item, S("start")),
			                 node_get(item, S("end")), node_get(item, S("text")));
	}
	if (!places_find(&t->places, &t->record, text, (struct unit){.unit = UNIT_CP}))
		return;
	for (size_t i = 0; i < t->places.n; i++)
		if (t->places.list[i].fits)
			take_span(t, t->places.nodes[i], &t->places.list[i]);
}

/* The span of a word that is no span: relations may join single words. */
static bool make_end(struct taking *t, const struct node *place, struct buf *id)
{
	uint64_t start, end;
	if (!places_number(node_get(place, S("start")), &start) || !places_number(node_get(place, S("end")), &end))
		return false;
	struct str label = said(place, S("label"));
	struct node *made = add_span(t, place, start, end, label.n ? label : S(WORD), id);
	node_put_text(made, S("verdict"), str_of(t->verdict));
	if (said(place, S("text")).n)
		node_put_text(made, S("text"), said(place, S("text")));
	if (!label.n)
		node_put(record_keep(&t->record, made), S(WORD), node_plain(S("true")));
	know_end(t, place, start, end, buf_str(id));
	return true;
}

/* The token of that number; NULL: the row has none. */
static const struct node *token_of(const struct taking *t, uint64_t number)
{
	const struct node *tokens = node_get(t->object, S("tokens"));
	return tokens && tokens->kind == NODE_LIST && number < tokens->n ? tokens->items[number] : NULL;
}

/* Spans may say nothing of tokens: the one that ends where the token does. */
static bool find_by_token(struct taking *t, uint64_t number, struct buf *key, struct str *found)
{
	uint64_t end;
	buf_addf(key, "token %llu", (unsigned long long)number);
	if (strmap_get(&t->ends, buf_str(key), found))
		return true;
	if (!places_number(node_get(token_of(t, number), S("end")), &end))
		return false;
	buf_clear(key);
	buf_addf(key, "end %llu", (unsigned long long)end);
	return strmap_get(&t->ends, buf_str(key), found);
}

static bool find_end(struct taking *t, const struct node *relation, const char *token_key, const char *span_key,
                     struct buf *id)
{
	const struct node *span = node_get(relation, str_of(span_key));
	uint64_t start = 0, end = 0, token = UINT64_MAX;
	struct str found = STR_NONE;
	struct buf key = {0};
	bool known = false;
	(void)places_number(node_get(relation, str_of(token_key)), &token);
	if (places_number(node_get(span, S("start")), &start) && places_number(node_get(span, S("end")), &end)) {
		name_end(&key, start, end, span);
		known = strmap_get(&t->ends, buf_str(&key), &found);
		if (!known) { /* its id is of no span of this row */
			buf_clear(&key);
			name_extent(&key, start, end, said(span, S("label")));
			known = strmap_get(&t->ends, buf_str(&key), &found);
		}
	} else {
		span = NULL;
		known = find_by_token(t, token, &key, &found);
	}
	if (known) {
		buf_clear(id);
		buf_add(id, found);
	} else {
		known = make_end(t, span ? span : token_of(t, token), id);
	}
	buf_free(&key);
	return known;
}

static void take_relations(struct taking *t)
{
	static const char *const known[] = {"head", "child",  "head_span",  "child_span", "label",
	                                    "note", "answer", "attributes", NULL};
	const struct node *list = node_get(t->object, S("relations"));
	struct buf from = {0}, to = {0};
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		const struct node *in = list->items[i];
		if (!said(in, S("label")).n || !find_end(t, in, "head", "head_span", &from) ||
		    !find_end(t, in, "child", "child_span", &to)) {
			record_fail(
			    &t->record, in->line, in->column, ERROR_SCHEMA,
			    "a relation needs a label, and a head and a child that are tokens or spans of this row");
			continue;
		}
		struct node *relation = record_add_relation(&t->record, STR_NONE, node_get_text(in, S("label")),
		                                            buf_str(&from), buf_str(&to));
		relation->line = in->line;
		relation->column = in->column;
		put_common(t, in, relation);
		put_attributes(in, relation);
		record_keep_rest(&t->record, relation, in, known);
	}
	buf_free(&from);
	buf_free(&to);
}

static bool is_row(const struct node *object)
{
	const struct node *text = node_get(object, S("text"));
	return text && text->kind == NODE_SCALAR && text->quoted;
}

static void take_row(struct taking *t, size_t line)
{
	const struct node *spans = node_get(t->object, S("spans")), *meta = node_get(t->object, S("meta"));
	struct str text = node_get_text(t->object, S("text"));
	t->verdict =
	    verdict_of(said(t->object, S("answer")), spans && spans->kind == NODE_LIST && spans->n == 1);
	record_put_file(&t->record, node_get_text(meta, S("file")), STR_NONE, line);
	node_put_text(t->record.object, S("text"), text);
	take_spans(t, text);
	take_relations(t);
	record_keep_rest(&t->record, t->record.object, t->object, top_keys);
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	struct taking t = {.record = record_new(job, path, line), .object = object};
	if (is_row(object))
		take_row(&t, line);
	else
		record_fail(&t.record, line, 1, ERROR_SCHEMA, "a row needs a text: {\"text\": \"…\", \"spans\": […]}");
	bool fine = record_take_or_count(&t.record, is_row(object), err);
	span_places_free(&t.places);
	strmap_free(&t.ends);
	node_free(object);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

/* ---- out ---------------------------------------------------------------------------------------------------- */

struct writing {
	const struct outgoing *o;
	struct tokens tokens;
	size_t *twins;
	const char *verdict; /* what the row's answer says of spans that say nothing */
};

/* A word that a relation joined and that nobody gave a label since. */
static bool is_word(const struct writing *w, const struct record_span *s)
{
	return str_eq(s->label, S(WORD)) && node_get(record_kept(w->o->job, s->map), S(WORD));
}

static void put_span_place(const struct writing *w, size_t i, struct node *out)
{
	const struct record_span *s = &w->o->spans[i];
	const struct record_fragment *f = &s->fragments[0];
	node_put(out, S("start"), node_number(f->start));
	node_put(out, S("end"), node_number(f->stop));
	node_put(out, S("token_start"), node_number(tokens_at(&w->tokens, f->off)));
	node_put(out, S("token_end"), node_number(tokens_before(&w->tokens, f->end)));
	node_put(out, S("label"), is_word(w, s) ? node_absent() : node_text(s->label));
	if (w->twins[i] != NOWHERE)
		node_put_text(out, S("id"), record_id(w->o->job, s->map));
}

/* Only what the row's answer would not say. */
static void put_verdict(const struct writing *w, const struct node *map, struct node *out)
{
	static const char *const answers[][2] = {{"rejected", "reject"}, {"undecided", "ignore"}};
	struct str verdict = node_get_text(map, S("verdict"));
	const char *answer = "accept", *meant = "accepted";
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		if (!str_eq(verdict, str_of(answers[i][0])))
			continue;
		meant = answers[i][0];
		answer = answers[i][1];
	}
	if (strcmp(meant, w->verdict) != 0)
		node_put_text(out, S("answer"), str_of(answer));
}

/* Who proposed it, as the file said; the format itself and the judge are not named. */
static void put_source(const struct writing *w, const struct node *map, struct node *out)
{
	const struct node *source = node_get(map, S("source")), *score = node_get(source, S("score"));
	struct str by = node_get_text(source, S("by"));
	if (score)
		node_put(out, S("score"), node_copy(score));
	if (by.n && !str_eq(by, str_of(w->o->job->format->name)) &&
	    !str_eq(by, node_get_text(node_get(map, S("judged")), S("by"))))
		node_put_text(out, S("source"), by);
}

static void put_parts(const struct writing *w, const struct node *map, struct node *out)
{
	const struct node *links = node_get(map, S("links")), *attributes = node_get(map, S("attributes"));
	put_verdict(w, map, out);
	put_source(w, map, out);
	if (links && links->kind == NODE_LIST && links->n)
		node_put(out, S("kb_id"), node_copy(node_get(links->items[0], S("id"))));
	if (attributes)
		node_put(out, S("attributes"), node_copy(attributes));
	if (node_get_text(map, S("note")).n)
		node_put_text(out, S("note"), node_get_text(map, S("note")));
	record_put_rest(w->o->job, map, out);
}

static struct node *span_node(const struct writing *w, size_t i)
{
	struct node *out = node_map();
	put_span_place(w, i, out);
	put_parts(w, w->o->spans[i].map, out);
	return out;
}

static struct node *relation_node(const struct writing *w, const struct record_relation *r)
{
	struct node *out = node_map(), *from = node_map(), *to = node_map();
	put_span_place(w, r->from, from);
	put_span_place(w, r->to, to);
	node_put(out, S("head"), node_copy(node_get(from, S("token_end"))));
	node_put(out, S("child"), node_copy(node_get(to, S("token_end"))));
	node_put(out, S("head_span"), from);
	node_put(out, S("child_span"), to);
	node_put_text(out, S("label"), r->type);
	put_parts(w, r->map, out);
	return out;
}

static struct node *token_nodes(const struct writing *w)
{
	struct node *list = node_list();
	size_t cp = 0, at = 0;
	for (size_t i = 0; i < w->tokens.n; i++) {
		const struct token *t = &w->tokens.list[i];
		struct node *token = node_map();
		cp += utf8_count(str_sub(w->o->text, at, t->off));
		node_append(token, S("text"), node_text(str_sub(w->o->text, t->off, t->end)));
		node_append(token, S("start"), node_number(cp));
		cp += utf8_count(str_sub(w->o->text, t->off, t->end));
		node_append(token, S("end"), node_number(cp));
		node_append(token, S("id"), node_number(i));
		node_append(token, S("ws"), node_plain(t->space ? S("true") : S("false")));
		if (t->blank)
			node_append(token, S("disabled"), node_plain(S("true")));
		node_add(list, token);
		at = t->end;
	}
	return list;
}

static bool is_taken(const struct node *map)
{
	struct str verdict = node_get_text(map, S("verdict"));
	return str_eq(verdict, S("accepted")) || str_eq(verdict, S("corrected"));
}

/* Of the row: accepted once anything of it is, or all of it is done; else as it came; else accepted, unless there is
 * something that nobody has looked at. */
static struct str answer_of(const struct outgoing *o, const struct node *kept)
{
	const struct counts *counts = set_counts(o->doc->set);
	bool taken = str_eq(node_get_text(o->top, S("status")), S("done"));
	for (size_t i = 0; i < o->n_spans && !taken; i++)
		taken = is_taken(o->spans[i].map);
	for (size_t i = 0; i < o->n_relations && !taken; i++)
		taken = is_taken(o->relations[i].map);
	if (taken || (!kept && !counts->spans[VERDICT_UNDECIDED]))
		return S("accept");
	return node_get_text(kept, S("answer"));
}

/* Spans that overlap need the interface for them. */
static const char *interface_of(const struct outgoing *o)
{
	size_t end = 0;
	if (o->n_relations)
		return "relations";
	for (size_t i = 0; i < o->n_spans; i++) {
		if (o->spans[i].fragments[0].off < end)
			return "spans_manual";
		end = o->spans[i].fragments[0].end;
	}
	return "ner_manual";
}

static struct node *row_node(struct writing *w)
{
	const struct outgoing *o = w->o;
	const struct node *kept = record_kept(o->job, o->top), *meta = node_get(kept, S("meta"));
	struct node *out = node_map(), *spans = node_list(), *relations = node_list();
	struct node *row_meta = meta && meta->kind == NODE_MAP ? node_copy(meta) : node_map();
	struct str answer = answer_of(o, kept);
	size_t words = 0;
	node_put_text(row_meta, S("file"), str_of(o->file));
	for (size_t i = 0; i < o->n_spans; i++)
		words += is_word(w, &o->spans[i]);
	w->verdict = verdict_of(answer, o->n_spans - words == 1);
	for (size_t i = 0; i < o->n_spans; i++)
		if (!is_word(w, &o->spans[i]))
			node_add(spans, span_node(w, i));
	for (size_t i = 0; i < o->n_relations; i++)
		node_add(relations, relation_node(w, &o->relations[i]));
	node_put_text(out, S("text"), o->text);
	node_put(out, S("meta"), row_meta);
	node_put(out, S("tokens"), token_nodes(w));
	node_put(out, S("spans"), spans);
	node_put(out, S("relations"), o->n_relations ? relations : NULL);
	if (!o->n_relations)
		node_free(relations);
	if (answer.n)
		node_put_text(out, S("answer"), answer);
	if (!node_get(kept, S("_view_id")) && (!kept || o->n_spans))
		node_put_text(out, S("_view_id"), str_of(interface_of(o)));
	record_put_rest(o->job, o->top, out);
	return out;
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct writing w = {.o = &o, .twins = record_twins(&o)};
	tokens_find(&o, TOKENS_EXACT, &w.tokens);
	bool fine = record_write_line(job, row_node(&w), err);
	tokens_free(&w.tokens);
	mem_free(w.twins);
	outgoing_free(&o);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	struct str line = str_sub(start, 0, str_byte(start, '\n', 0));
	(void)name;
	if (!str_starts(str_trim(start), S("{")) || str_find(line, S("\"text\""), 0) == NOWHERE)
		return 0;
	if (str_find(line, S("\"_input_hash\""), 0) != NOWHERE || str_find(line, S("\"_view_id\""), 0) != NOWHERE ||
	    str_find(line, S("\"token_start\""), 0) != NOWHERE)
		return 90;
	if (str_find(line, S("\"file\""), 0) != NOWHERE || str_find(line, S("\"spans\""), 0) == NOWHERE)
		return 0;
	return str_find(line, S("\"meta\""), 0) != NOWHERE || str_find(line, S("\"answer\""), 0) != NOWHERE ? 75 : 0;
}

const struct format prodigy_format = {
    .name = "prodigy",
    .summary = "Prodigy's JSON lines: named entities, spans, relations, binary answers",
    .suffixes = ".jsonl",
    .unit = "code points, half-open; UTF-16 and others are recognised",
    .carries = "spans, relations, answers, scores, attributes, notes on spans, metadata",
    .loses = "fragments, empty spans, fields, notes of the article, all links but the first's id, who judged",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_PART,
              [FEATURE_REJECTED] = CARRY_ALL,
              [FEATURE_UNDECIDED] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
