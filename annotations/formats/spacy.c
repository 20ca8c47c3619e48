/* spacy: the JSON that spaCy reads or is fed with.
 *
 *   ["text", {"entities": [[0, 2, "ORG"]], "cats": {"NEWS": 1.0}}]          a training example of version 2
 *   {"text": "…", "entities": [[0, 2, "ORG"]], "spans": {"sc": [[0, 4, "X"]]}}      one of version 3, on a line; also
 *   {"text": "…", "ents": [{"start", "end", "label", "kb_id"}]}                what Doc.to_json() gives
 *   [{"id", "paragraphs": [{"raw", "sentences": [{"tokens": [{"orth", "ner": "B-ORG"}]}]}]}]   version 2's documents
 *
 * Offsets are code points, half-open.  Out goes version 3's line: `entities` are those that do not overlap, as spaCy
 * wants, `spans` a group of all, and `tokens` that end where spans do; five lines of Python make a DocBin of it.  A
 * document of version 2 has tags on tokens (BILUO, also BIO); its raw text, or the tokens with blanks, is the article.
 * Source: spaCy's documentation, "Training data" (v2, v3), Doc.to_json. */
#include "annotations/formats/places.h"
#include "annotations/formats/tokens.h"

#include "model/utf8.h"

#define GROUP "sc"         /* the usual name of a span group */
#define CATS  "cats"       /* field of the categories that are so; kept: what was said of all */
#define KEPT_GROUP "group" /* kept of a span: the name of its group, where it is another */

struct taking {
	struct record record;
	struct places places;
	struct group_start {
		struct str name;
		size_t first; /* of its spans among the places */
	} *groups;
	size_t n_groups;
};

/* ---- examples ------------------------------------------------------------------------------------------------ */

static const struct node *member(const struct node *item, size_t index, const char *key)
{
	if (item->kind == NODE_LIST)
		return index < item->n ? item->items[index] : NULL;
	return node_get(item, str_of(key));
}

static void find_list(struct taking *t, const struct node *list)
{
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		const struct node *item = list->items[i], *start = member(item, 0, "start"),
		                  *end = member(item, 1, "end");
		if (item->kind == NODE_MAP && node_get(item, S("start_char"))) {
			start = node_get(item, S("start_char"));
			end = node_get(item, S("end_char"));
		}
		if (!node_scalar(member(item, 2, "label")).n)
			record_fail(&t->record, item->line, item->column, ERROR_SCHEMA, "an entity needs a label");
		else
			(void)places_add(&t->places, &t->record, item, start, end, node_get(item, S("text")));
	}
}

static void find_groups(struct taking *t, const struct node *spans)
{
	find_list(t, spans);
	for (size_t i = 0; spans && spans->kind == NODE_MAP && i < spans->n; i++) {
		t->groups = mem_grow(t->groups, t->n_groups + 1, sizeof *t->groups);
		t->groups[t->n_groups++] = (struct group_start){spans->keys[i], t->places.n};
		find_list(t, spans->items[i]);
	}
}

static void keep_group(struct taking *t, size_t place, struct node *span)
{
	struct str name = S(GROUP);
	for (size_t i = 0; i < t->n_groups && t->groups[i].first <= place; i++)
		name = t->groups[i].name;
	if (!str_eq(name, S(GROUP)))
		node_put_text(record_keep(&t->record, span), S(KEPT_GROUP), name);
}

static void take_spans(struct taking *t, struct str text)
{
	if (!places_find(&t->places, &t->record, text, (struct unit){.unit = UNIT_CP}))
		return;
	for (size_t i = 0; i < t->places.n; i++) {
		const struct unit_span *s = &t->places.list[i];
		const struct node *item = t->places.nodes[i];
		struct str link = node_get_text(item, S("kb_id"));
		if (!s->fits)
			continue;
		struct node *span =
		    record_add_span(&t->record, STR_NONE, node_scalar(member(item, 2, "label")), s->from, s->to);
		span->line = item->line;
		span->column = item->column;
		link = link.n ? link : node_scalar(item->kind == NODE_LIST ? member(item, 3, "") : NULL);
		if (link.n)
			record_add_link(span, STR_NONE, link, STR_NONE);
		keep_group(t, i, span);
	}
}

static bool is_zero(struct str number)
{
	for (size_t i = 0; i < number.n; i++)
		if (number.p[i] != '0' && number.p[i] != '.')
			return false;
	return true;
}

static bool is_so(const struct node *value)
{
	return value && value->kind == NODE_SCALAR && !is_zero(value->text) && !str_eq(value->text, S("false"));
}

/* {"NEWS": 1.0, "SPORT": 0}: those that are not nought; what is said of all is kept, for a reader learns from both. */
static void take_categories(struct taking *t, const struct node *cats)
{
	bool plain = true;
	for (size_t i = 0; cats && cats->kind == NODE_MAP && i < cats->n; i++) {
		if (is_so(cats->items[i]))
			record_add_field(&t->record, S(CATS), cats->keys[i]);
		plain = plain && str_starts(node_scalar(cats->items[i]), S("1"));
	}
	if (cats && cats->kind == NODE_MAP && !plain)
		node_put(record_keep(&t->record, t->record.object), S(CATS), node_copy(cats));
}

/* Tags, heads, lemmas: what Doc.to_json() and version 2 say of tokens. */
static void count_tokens(struct import_job *job, const struct node *tokens)
{
	static const char *const known[] = {"id", "start", "end", "orth", "ner", "ws"};
	for (size_t i = 0; tokens && tokens->kind == NODE_LIST && i < tokens->n; i++) {
		const struct node *token = tokens->items[i];
		bool more = false;
		for (size_t k = 0; token->kind == NODE_MAP && k < token->n && !more; k++) {
			more = !node_is_absent(token->items[k]);
			for (size_t j = 0; more && j < COUNT_OF(known); j++)
				more = !str_eq(token->keys[k], str_of(known[j]));
		}
		if (more)
			losses_add(&job->losses, 1, "tokens with tags, heads or the like");
	}
}

static void take_fields(struct taking *t, const struct node *fields)
{
	for (size_t i = 0; fields && fields->kind == NODE_MAP && i < fields->n; i++)
		for (size_t k = 0; fields->items[i]->kind == NODE_LIST && k < fields->items[i]->n; k++)
			if (node_scalar(fields->items[i]->items[k]).n)
				record_add_field(&t->record, fields->keys[i], node_scalar(fields->items[i]->items[k]));
}

static bool take_example(struct taking *t, struct str text, const struct node *said, size_t line, struct error *err)
{
	static const char *const known[] = {"text",   "entities", "ents", "spans", "cats",
	                                    "tokens", "fields",   "file", "sents", NULL};
	record_put_file(&t->record, node_get_text(said, S("file")), node_get_text(said, S("id")), line);
	node_put_text(t->record.object, S("text"), text);
	find_list(t, node_get(said, S("entities")));
	find_list(t, node_get(said, S("ents")));
	find_groups(t, node_get(said, S("spans")));
	take_spans(t, text);
	take_categories(t, node_get(said, S(CATS)));
	count_tokens(t->record.job, node_get(said, S("tokens")));
	take_fields(t, node_get(said, S("fields")));
	record_keep_rest(&t->record, t->record.object, said, known);
	return record_take(&t->record, err);
}

/* ---- documents of version 2 ------------------------------------------------------------------------------------- */

struct tagged {
	struct taking *t;
	struct str raw; /* given, or what the tokens make */
	struct buf made;
	size_t off, cp;     /* behind the last token */
	size_t start, stop; /* code points of the entity that is open */
	struct str label;   /* of it; empty: none */
};

static void close_entity(struct tagged *g)
{
	if (g->label.n)
		record_add_span(&g->t->record, STR_NONE, g->label, g->start, g->stop);
	g->label = STR_NONE;
}

/* What treebanks write for quotes and brackets (Penn Treebank, Bracketing Guidelines, 1995). */
static struct str as_printed(struct str orth)
{
	static const char *const signs[][2] = {{"``", "\""}, {"''", "\""}, {"-LRB-", "("}, {"-RRB-", ")"},
	                                       {"-LSB-", "["}, {"-RSB-", "]"}, {"-LCB-", "{"}, {"-RCB-", "}"}};
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (str_eq(orth, str_of(signs[i][0])))
			return str_of(signs[i][1]);
	return orth;
}

/* Where the token stands in the raw text, behind blanks only, else anywhere further on. */
static size_t find_token(const struct tagged *g, struct str *orth)
{
	size_t at = g->off;
	codepoint cp = 0;
	if (orth->n && str_starts(str_sub(g->raw, at, g->raw.n), *orth)) /* which may be a blank itself */
		return at;
	for (size_t step; (step = utf8_step(g->raw, at, &cp)) && cp_is_space(cp); at += step)
		;
	if (!str_starts(str_sub(g->raw, at, g->raw.n), *orth) &&
	    str_starts(str_sub(g->raw, at, g->raw.n), as_printed(*orth)))
		*orth = as_printed(*orth);
	return orth->n ? str_find(g->raw, *orth, at) : NOWHERE;
}

/* Where the token stands in the raw text, or behind what was made so far. */
static bool place_token(struct tagged *g, const struct node *token, size_t *start, size_t *end)
{
	struct str orth = node_get_text(token, S("orth"));
	size_t at = g->off;
	if (g->raw.p) {
		at = find_token(g, &orth);
		if (at == NOWHERE)
			return record_fail(&g->t->record, token->line, token->column, ERROR_TEXT,
			                   "the raw text has no such token behind those before it");
		g->cp += utf8_count(str_sub(g->raw, g->off, at));
	} else {
		if (g->made.n) {
			buf_addc(&g->made, ' ');
			g->cp++;
		}
		buf_add(&g->made, orth);
	}
	*start = g->cp;
	g->cp += utf8_count(orth);
	g->off = at + orth.n;
	*end = g->cp;
	return true;
}

/* BILUO and BIO at once: L and U end an entity, I goes on with one of its label, all else begins one. */
static void take_token(struct tagged *g, const struct node *token)
{
	struct str tag = node_get_text(token, S("ner"));
	size_t start = 0, end = 0;
	if (!place_token(g, token, &start, &end))
		return;
	struct str label = tag.n > 2 && tag.p[1] == '-' ? str_sub(tag, 2, tag.n) : STR_NONE;
	bool goes_on = label.n && str_eq(label, g->label) && (tag.p[0] == 'I' || tag.p[0] == 'L');
	if (!goes_on) {
		close_entity(g);
		g->label = label;
		g->start = start;
	}
	g->stop = end;
	if (label.n && (tag.p[0] == 'L' || tag.p[0] == 'U'))
		close_entity(g);
}

static void take_sentences(struct tagged *g, const struct node *sentences)
{
	for (size_t i = 0; sentences && sentences->kind == NODE_LIST && i < sentences->n; i++) {
		const struct node *tokens = node_get(sentences->items[i], S("tokens"));
		for (size_t k = 0; tokens && tokens->kind == NODE_LIST && k < tokens->n; k++)
			take_token(g, tokens->items[k]);
		count_tokens(g->t->record.job, tokens);
		close_entity(g);
	}
}

/* Of documents: [{"label": "NEWS", "value": 1.0}]. */
static void take_category_list(struct taking *t, const struct node *list)
{
	struct node *cats = node_map();
	for (size_t i = 0; list && list->kind == NODE_LIST && i < list->n; i++) {
		const struct node *value = node_get(list->items[i], S("value"));
		if (node_get_text(list->items[i], S("label")).n && value)
			node_put(cats, node_get_text(list->items[i], S("label")), node_copy(value));
	}
	take_categories(t, cats);
	node_free(cats);
}

static bool take_paragraph(struct import_job *job, const char *path, size_t line, const struct node *paragraph,
                           struct str id, size_t number, struct error *err)
{
	struct taking t = {.record = record_new(job, path, line)};
	const struct node *raw = node_get(paragraph, S("raw"));
	struct tagged g = {.t = &t, .raw = raw && raw->quoted ? raw->text : STR_NONE};
	struct buf name = {0};
	buf_add(&name, id);
	if (number)
		buf_addf(&name, "-%zu", number);
	take_sentences(&g, node_get(paragraph, S("sentences")));
	take_category_list(&t, node_get(paragraph, S(CATS)));
	record_put_file(&t.record, str_ends(id, S(".txt")) && !number ? id : STR_NONE, buf_str(&name), NOWHERE);
	node_put_text(t.record.object, S("text"), g.raw.p ? g.raw : buf_str(&g.made));
	bool fine = record_take(&t.record, err);
	buf_free(&name);
	buf_free(&g.made);
	return fine;
}

static bool take_document(struct import_job *job, const char *path, size_t line, const struct node *document,
                          struct error *err)
{
	const struct node *list = node_get(document, S("paragraphs")), *id = node_get(document, S("id"));
	bool fine = true;
	for (size_t i = 0; fine && list->kind == NODE_LIST && i < list->n; i++)
		fine = take_paragraph(job, path, line, list->items[i], node_scalar(id), list->n > 1 ? i + 1 : 0, err);
	return fine;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static bool is_string(const struct node *n)
{
	return n && n->kind == NODE_SCALAR && n->quoted;
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *value, struct error *err)
{
	bool tuple = value->kind == NODE_LIST && value->n == 2 && is_string(value->items[0]) &&
	             value->items[1]->kind == NODE_MAP;
	bool fine = true;
	if (node_get(value, S("paragraphs"))) {
		fine = take_document(job, path, line, value, err);
	} else {
		struct taking t = {.record = record_new(job, path, line)};
		const struct node *text = tuple ? value->items[0] : node_get(value, S("text"));
		if (is_string(text)) {
			fine = take_example(&t, text->text, tuple ? value->items[1] : value, line, err);
		} else {
			record_fail(&t.record, line, value->column, ERROR_SCHEMA,
			            "an example is [\"text\", {\"entities\": [[0, 2, \"ORG\"]]}] or {\"text\": …}");
			fine = record_take_or_count(&t.record, false, err);
		}
		span_places_free(&t.places);
		mem_free(t.groups);
	}
	node_free(value);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

/* ---- out -------------------------------------------------------------------------------------------------------- */

static struct node *triple(const struct record_span *s)
{
	const struct node *links = node_get(s->map, S("links"));
	struct node *list = node_pair(s->fragments[0].start, s->fragments[0].stop);
	node_add(list, node_text(s->label));
	if (links && links->kind == NODE_LIST && links->n)
		node_add(list, node_text(node_get_text(links->items[0], S("id"))));
	return list;
}

/* The group that it came in, where that has a name of its own. */
static struct str group_of(const struct outgoing *o, const struct record_span *s)
{
	return node_get_text(record_kept(o->job, s->map), S(KEPT_GROUP));
}

/* Doc.ents must not overlap and none is empty: spans are in order of position, the longer first. */
static struct node *entities_of(const struct outgoing *o)
{
	struct node *list = node_list();
	size_t end = 0;
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_fragment *f = &o->spans[i].fragments[0];
		if (f->off < end || f->off == f->end || group_of(o, &o->spans[i]).n)
			continue;
		node_add(list, triple(&o->spans[i]));
		end = f->end;
	}
	return list;
}

static struct node *tokens_of(const struct outgoing *o)
{
	struct tokens tokens = {0};
	struct node *list = node_list();
	size_t cp = 0, at = 0;
	tokens_find(o, TOKENS_EXACT, &tokens);
	for (size_t i = 0; i < tokens.n; i++) {
		struct node *token = node_map();
		cp += utf8_count(str_sub(o->text, at, tokens.list[i].off));
		node_append(token, S("id"), node_number(i));
		node_append(token, S("start"), node_number(cp));
		cp += utf8_count(str_sub(o->text, tokens.list[i].off, tokens.list[i].end));
		node_append(token, S("end"), node_number(cp));
		node_add(list, token);
		at = tokens.list[i].end;
	}
	tokens_free(&tokens);
	return list;
}

static void put_spans(const struct outgoing *o, struct node *out)
{
	struct node *entities = entities_of(o), *groups = node_map();
	size_t grouped = 0;
	for (size_t i = 0; i < o->n_spans; i++)
		grouped += group_of(o, &o->spans[i]).n > 0;
	bool all = entities->n == o->n_spans - grouped;
	for (size_t i = 0; i < o->n_spans; i++) {
		struct str name = group_of(o, &o->spans[i]);
		if (name.n || !all)
			node_add(node_child(groups, name.n ? name : S(GROUP), NODE_LIST), triple(&o->spans[i]));
	}
	node_put(out, S("entities"), entities);
	node_put(out, S("spans"), groups->n ? groups : NULL);
	if (!groups->n)
		node_free(groups);
}

/* What was said of each that nobody changed since, else 1 and 0. */
static struct node *kept_categories(const struct outgoing *o)
{
	const struct node *kept = node_get(record_kept(o->job, o->top), S(CATS));
	struct node *cats = node_map();
	for (size_t i = 0; kept && kept->kind == NODE_MAP && i < kept->n; i++) {
		bool so = false;
		for (size_t k = 0; k < o->n_fields && !so; k++)
			so = str_eq(o->fields[k].name, S(CATS)) && str_eq(o->fields[k].value, kept->keys[i]);
		node_put(cats, kept->keys[i],
		         so == is_so(kept->items[i]) ? node_copy(kept->items[i]) : node_plain(so ? S("1.0") : S("0.0")));
	}
	return cats;
}

static void put_fields(const struct outgoing *o, struct node *out)
{
	struct node *cats = kept_categories(o), *fields = node_map();
	for (size_t i = 0; i < o->n_fields; i++) {
		struct str name = o->fields[i].name;
		if (str_eq(name, S(CATS))) {
			if (!node_get(cats, o->fields[i].value))
				node_put(cats, o->fields[i].value, node_plain(S("1.0")));
			continue;
		}
		if (!node_get(fields, name))
			node_put(fields, name, node_list());
		node_add(node_get(fields, name), node_text(o->fields[i].value));
	}
	node_put(out, S(CATS), cats->n ? node_copy(cats) : NULL);
	node_put(out, S("fields"), fields->n ? node_copy(fields) : NULL);
	node_free(cats);
	node_free(fields);
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	if (!outgoing_make(job, d, &o, err))
		return false;
	struct node *out = node_map();
	node_put_text(out, S("text"), o.text);
	node_put_text(out, S("file"), str_of(o.file));
	put_spans(&o, out);
	put_fields(&o, out);
	node_put(out, S("tokens"), tokens_of(&o));
	record_put_rest(job, o.top, out);
	bool fine = record_write_line(job, out, err);
	outgoing_free(&o);
	return fine;
}

static unsigned recognise(struct str start, const char *name)
{
	struct str text = str_trim(start);
	(void)name;
	if (text.n == 0 || (text.p[0] != '[' && text.p[0] != '{'))
		return 0;
	if (text.p[0] == '[' && str_find(text, S("\"paragraphs\""), 0) != NOWHERE)
		return str_find(text, S("\"ner\""), 0) != NOWHERE || str_find(text, S("\"orth\""), 0) != NOWHERE ? 90
		                                                                                                 : 0;
	if (str_find(text, S("start_offset"), 0) != NOWHERE || str_find(text, S("\"_input_hash\""), 0) != NOWHERE)
		return 0;
	if (str_find(text, S("\"entities\": [["), 0) != NOWHERE || str_find(text, S("\"entities\":[["), 0) != NOWHERE)
		return text.p[0] == '[' ? 85 : 70;
	return str_find(text, S("\"ents\""), 0) != NOWHERE ? 80 : 0;
}

const struct format spacy_format = {
    .name = "spacy",
    .summary = "spaCy's training data as JSON: version 2's tuples and documents, version 3's lines",
    .suffixes = ".json .jsonl",
    .unit = "code points, half-open; UTF-16 and others are recognised",
    .carries = "spans, as entities and, where they overlap, as a span group; categories, fields",
    .loses = "fragments, relations, attributes, notes, verdicts, scores; of links all but the first id",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_PART,
              [FEATURE_FIELDS] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
