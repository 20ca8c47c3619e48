/* hf: token classification as Hugging Face's datasets and pipelines have it.
 *
 *   {"tokens": ["开", "封"], "ner_tags": ["B-ORG", "I-ORG"], "file": "a.txt", "offsets": [[0, 1], [1, 2]]}
 *   {"entity_group": "ORG", "score": 0.9, "word": "开 封", "start": 0, "end": 2}
 *
 * or both in a page of Hugging Face's data set viewer: {"features": [{"name", "type": {… "names": ["O", …]}}],
 * "rows": [{"row": {…}}]}, or all rows of a column in one list.  The first is a data set: tags are IOB2, or numbers
 * of lines of label_list.txt beside the file; `words`, `ner`, `tags`, `labels` are other names of its keys.  `file`
 * and `offsets` (code points) are zhupi's own addition; without them tokens are laid onto the article, see align.h.
 * The second is what a pipeline says of a text (--text, or the article of the file's name): a proposal with a score;
 * its word has lost blanks and case, so only the rest is compared. */

#include "annotations/formats/align.h"
#include "annotations/formats/conll.h"
#include "annotations/formats/places.h"
#include "model/article.h"
#include "model/utf8.h"

struct tag_list {
	struct buf file;
	struct str *names;
	size_t n;
};

static void read_labels(const char *path, struct tag_list *l)
{
	char *folder = io_folder_of(path), *file = io_join(folder, "label_list.txt");
	struct error err = {0};
	if (io_read_file(file, (size_t)1 << 20, &l->file, NULL, &err))
		for (size_t at = 0; at < l->file.n;) {
			size_t end = str_byte(buf_str(&l->file), '\n', at);
			end = end == NOWHERE ? l->file.n : end;
			l->names = mem_grow(l->names, l->n + 1, sizeof *l->names);
			l->names[l->n++] = str_trim(str_sub(buf_str(&l->file), at, end));
			at = end + 1;
		}
	error_clear(&err);
	mem_free(file);
	mem_free(folder);
}

/* ---- data sets ------------------------------------------------------------------------------------------------ */

static const struct node *list_of(const struct node *object, const char *const *keys)
{
	for (size_t i = 0; keys[i]; i++) {
		const struct node *list = node_get(object, str_of(keys[i]));
		if (list && list->kind == NODE_LIST)
			return list;
	}
	return NULL;
}

static bool tag_of(struct record *r, const struct tag_list *l, const struct node *node, struct str *tag)
{
	uint64_t number;
	*tag = node_scalar(node);
	if (!node_is_number(node, &number))
		return true;
	if (number < l->n) {
		*tag = l->names[number];
		return true;
	}
	return record_fail(r, node->line, node->column, ERROR_SCHEMA,
	                   l->n ? "tag %llu has no line in label_list.txt"
	                        : "tag %llu is a number: put label_list.txt beside the file, one tag a line",
	                   (unsigned long long)number);
}

struct tokens {
	struct align_tokens list;
	const struct node *forms, *tags;
};

static void end_chunk(struct record *r, const struct tokens *t, size_t first, size_t end, struct str label)
{
	const struct align_token *a = &t->list.list[first], *b = &t->list.list[end - 1];
	const struct node *at = t->forms->items[first];
	if (a->off == NOWHERE || b->off == NOWHERE) {
		record_fail(r, at->line, at->column, ERROR_TEXT, "a %.*s begins or ends with a token that does not stand there",
		            (int)label.n, label.p);
		return;
	}
	struct buf plain = {0};
	record_add_plain(&plain, label);
	struct node *span = record_add_span(r, STR_NONE, buf_str(&plain), a->from, b->to);
	span->line = at->line;
	span->column = at->column;
	buf_free(&plain);
}

static void take_tags(struct record *r, const struct tag_list *l, const struct tokens *t)
{
	struct tag_evidence e = {0};
	struct str label, tag, open = STR_NONE;
	size_t first = NOWHERE;
	char place;
	for (size_t i = 0; i < t->tags->n; i++) {
		bool ends, starts;
		if (!tag_of(r, l, t->tags->items[i], &tag))
			return;
		if (!tag_parse(tag, &place, &label)) {
			place = str_eq(tag, S("O")) || !tag.n ? 'O' : 'I';
			label = tag;
		}
		tags_next(&e, tag, place, label, &ends, &starts);
		if (ends && first != NOWHERE)
			end_chunk(r, t, first, i, open);
		first = starts ? i : ends ? NOWHERE : first;
		open = starts ? label : open;
	}
	if (first != NOWHERE)
		end_chunk(r, t, first, t->tags->n, open);
}

/* Places that came with the tokens, checked. */
static bool place_tokens(struct record *r, struct tokens *t, const struct node *offsets, struct str text)
{
	struct places p = {0};
	bool fine = offsets->n == t->forms->n;
	if (!fine)
		record_fail(r, offsets->line, offsets->column, ERROR_SCHEMA, "there are not as many offsets as tokens");
	for (size_t i = 0; fine && i < offsets->n; i++) {
		const struct node *pair = offsets->items[i];
		fine = pair->kind == NODE_LIST && pair->n == 2 &&
		       places_add(&p, r, pair, pair->items[0], pair->items[1], t->forms->items[i]);
	}
	fine = fine && places_find(&p, r, text, (struct unit){.unit = UNIT_CP});
	for (size_t i = 0; fine && i < p.n; i++) {
		if (!p.list[i].fits)
			continue;
		t->list.list[i].off = p.list[i].off;
		t->list.list[i].end = p.list[i].stop;
		t->list.list[i].from = p.list[i].from;
		t->list.list[i].to = p.list[i].to;
	}
	span_places_free(&p);
	return fine;
}

static bool find_places(struct record *r, struct tokens *t, const struct node *object, struct error *err)
{
	const struct node *offsets = node_get(object, S("offsets")), *given = node_get(object, S("text"));
	struct str text = node_scalar(given);
	char *name = str_dup(node_get_text(r->object, S("file")));
	bool fine = true;
	if (given)
		node_put_text(r->object, S("text"), text);
	if (offsets && offsets->kind == NODE_LIST)
		fine = (given || record_article(r, str_of(name), &text, err)) && place_tokens(r, t, offsets, text);
	else if (given)
		align_to(text, &t->list, &(struct align_report){0});
	else
		fine = align_record(r, name, &t->list, err);
	mem_free(name);
	return fine;
}

static bool take_set(struct record *r, const struct tag_list *l, const struct node *object)
{
	static const char *const form_keys[] = {"tokens", "words", NULL},
	                         *const tag_keys[] = {"ner_tags", "ner", "tags", "labels", NULL},
	                         *const known[] = {"tokens", "words", "ner_tags", "ner", "tags", "labels", "offsets", "text", "file", NULL};
	struct tokens t = {.forms = list_of(object, form_keys), .tags = list_of(object, tag_keys)};
	struct error err = {0};
	if (!t.forms || !t.tags || t.forms->n != t.tags->n)
		return record_fail(r, object->line, object->column, ERROR_SCHEMA,
		                   "tokens and as many ner_tags are wanted here, or what a pipeline says: entity_group, "
		                   "start, end");
	for (size_t i = 0; i < t.forms->n; i++)
		if (t.forms->items[i]->kind != NODE_SCALAR || t.tags->items[i]->kind != NODE_SCALAR)
			return record_fail(r, t.forms->items[i]->line, t.forms->items[i]->column, ERROR_SCHEMA,
			                   "a token is a text here, and so is a tag, or the number of one");
	for (size_t i = 0; i < t.forms->n; i++)
		align_add(&t.list, node_scalar(t.forms->items[i]), t.forms->items[i]->line, false);
	bool fine = find_places(r, &t, object, &err);
	if (fine)
		take_tags(r, l, &t);
	else if (err.code != ERROR_NONE)
		record_fail(r, object->line, object->column, err.code, "%s", err.message);
	record_keep_rest(r, r->object, object, known);
	error_clear(&err);
	align_free(&t.list);
	return fine;
}

/* ---- pipelines ------------------------------------------------------------------------------------------------ */

/* But for blanks, `##` and the case of ASCII letters. */
static bool same_word(struct str word, struct str text)
{
	size_t i = 0, k = 0;
	for (;;) {
		while (i < word.n && (word.p[i] == ' ' || word.p[i] == '#'))
			i++;
		while (k < text.n && (text.p[k] == ' ' || text.p[k] == '#'))
			k++;
		if (i == word.n || k == text.n)
			return i == word.n && k == text.n;
		char a = word.p[i++], b = text.p[k++];
		a = a >= 'A' && a <= 'Z' ? (char)(a + 32) : a;
		b = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
		if (a != b)
			return false;
	}
}

static bool pipeline_text(struct record *r, struct article **given, struct str *text, struct error *err)
{
	struct stat st;
	const char *path = r->job->text;
	char *name = record_name(r->job);
	bool fine = true;
	if (path && io_get()->stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		fine = article_open(path, NULL, given, err);
		*text = fine ? article_text(*given) : STR_NONE;
		node_put_text(r->object, S("text"), *text);
	} else {
		fine = record_article(r, str_of(name), text, err);
	}
	node_put_text(r->object, S("file"), str_of(name));
	mem_free(name);
	return fine;
}

static bool take_found(struct record *r, const struct node *object, struct error *err)
{
	struct article *given = NULL;
	struct str text = STR_NONE, label = node_get_text(object, S("entity_group")), kind;
	struct places p = {0};
	char place;
	if (!label.n && tag_parse(node_get_text(object, S("entity")), &place, &kind))
		label = kind;
	bool fine = pipeline_text(r, &given, &text, err) &&
	            places_add(&p, r, object, node_get(object, S("start")), node_get(object, S("end")), NULL) &&
	            places_find(&p, r, text, (struct unit){.unit = UNIT_CP}) && p.list[0].fits;
	struct str word = node_get_text(object, S("word"));
	if (fine && word.n && !same_word(word, str_sub(text, p.list[0].off, p.list[0].stop)))
		fine = record_fail(r, object->line, object->column, ERROR_TEXT, "the article reads otherwise there");
	if (fine) {
		struct node *span = record_add_span(r, STR_NONE, label, p.list[0].from, p.list[0].to);
		node_put_text(span, S("verdict"), str_of(verdict_name(VERDICT_UNDECIDED)));
		if (node_get(object, S("score")))
			node_put(span, S("score"), node_copy(node_get(object, S("score"))));
	}
	span_places_free(&p);
	article_free(given);
	return fine;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static bool is_found(const struct node *object)
{
	return node_get(object, S("entity_group")) || node_get(object, S("entity"));
}

/* The names of the tags where the file brings them: features, the first that has names. */
static void read_features(const struct node *features, struct tag_list *l)
{
	for (size_t i = 0; features && features->kind == NODE_LIST && i < features->n && !l->n; i++) {
		const struct node *type = node_get(features->items[i], S("type")), *names = node_get(type, S("names"));
		names = names ? names : node_get(node_get(type, S("feature")), S("names"));
		for (size_t k = 0; names && names->kind == NODE_LIST && k < names->n; k++) {
			l->names = mem_grow(l->names, l->n + 1, sizeof *l->names);
			l->names[l->n++] = node_scalar(names->items[k]);
		}
	}
}

/* number: of the object, where several begin on one line too. */
static bool take_row(struct import_job *job, const char *path, size_t line, size_t number, const struct node *object,
                     const struct tag_list *names, struct error *err)
{
	bool fine = true;
	struct record r = record_new(job, path, line);
	struct tag_list labels = {0};
	struct error failed = {0};
	if (is_found(object)) {
		fine = take_found(&r, object, &failed);
	} else {
		const struct node *tags = node_get(object, S("ner_tags"));
		if (!names->n && tags && tags->kind == NODE_LIST && tags->n && node_is_number(tags->items[0], &(uint64_t){0}))
			read_labels(path, &labels);
		record_put_file(&r, node_get_text(object, S("file")), node_get_text(object, S("id")), number);
		fine = take_set(&r, names->n ? names : &labels, object);
	}
	if (failed.code != ERROR_NONE)
		record_fail(&r, object->line, object->column, failed.code, "%s", failed.message);
	error_clear(&failed);
	fine = record_take_or_count(&r, fine, err);
	mem_free(labels.names);
	buf_free(&labels.file);
	return fine;
}

/* The i-th row of an object whose values are columns; NULL: it has no more. */
static struct node *row_of_columns(const struct node *columns, size_t i)
{
	struct node *row = node_map();
	row->line = columns->line;
	row->column = columns->column;
	for (size_t k = 0; k < columns->n; k++)
		if (columns->items[k]->kind == NODE_LIST && i < columns->items[k]->n)
			node_append(row, columns->keys[k], node_copy(columns->items[k]->items[i]));
	if (row->n)
		return row;
	node_free(row);
	return NULL;
}

static bool is_columns(const struct node *object)
{
	const struct node *tokens = node_get(object, S("tokens"));
	tokens = tokens ? tokens : node_get(object, S("words"));
	return tokens && tokens->kind == NODE_LIST && tokens->n && tokens->items[0]->kind == NODE_LIST;
}

static bool take(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	const struct node *rows = object->kind == NODE_LIST ? object : node_get(object, S("rows"));
	struct tag_list names = {0};
	bool fine = true;
	read_features(node_get(object, S("features")), &names);
	if (rows && rows->kind == NODE_LIST) {
		for (size_t i = 0; fine && i < rows->n; i++) {
			const struct node *row = node_get(rows->items[i], S("row"));
			fine = take_row(job, path, line, line + i, row ? row : rows->items[i], &names, err);
		}
	} else if (is_columns(object)) {
		struct node *row = NULL;
		for (size_t i = 0; fine && (row = row_of_columns(object, i)); i++) {
			fine = take_row(job, path, line, line + i, row, &names, err);
			node_free(row);
		}
	} else {
		fine = take_row(job, path, line, line, object, &names, err);
	}
	mem_free(names.names);
	node_free(object);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return record_json_values(job, path, take, err);
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct conll_tokens t;
	if (!outgoing_make(job, d, &o, err))
		return false;
	conll_tokens_of(&o, &t);
	t.scheme = TAGS_BIO;
	t.separator = '-';
	struct node *out = node_map(), *tokens = node_list(), *tags = node_list(), *offsets = node_list();
	uint64_t cp = 0;
	for (size_t i = 0, at = 0; i < t.n; i++) {
		struct str form = str_sub(o.text, t.list[i].off, t.list[i].end);
		struct buf tag = {0};
		conll_tag(&tag, &o, &t, i);
		uint64_t from = cp + utf8_count(str_sub(o.text, at, t.list[i].off));
		cp = from + utf8_count(form);
		node_add(tokens, node_text(form));
		node_add(tags, node_text(buf_str(&tag)));
		node_add(offsets, node_pair(from, cp));
		at = t.list[i].end;
		buf_free(&tag);
	}
	node_put_text(out, S("file"), str_of(o.file));
	if (job->text)
		node_put_text(out, S("text"), o.text);
	node_put(out, S("tokens"), tokens);
	node_put(out, S("ner_tags"), tags);
	node_put(out, S("offsets"), offsets);
	record_put_rest(job, o.top, out);
	bool fine = record_write_line(job, out, err);
	conll_tokens_free(&t);
	outgoing_free(&o);
	return fine;
}

static bool has_key(struct str line, struct str key)
{
	return str_find(line, key, 0) != NOWHERE;
}

static unsigned recognise(struct str start, const char *name)
{
	struct str line = str_sub(str_trim(start), 0, 4096);
	(void)name;
	if (!str_starts(line, S("{")) && !str_starts(line, S("[")))
		return 0;
	if (has_key(line, S("\"entity_group\"")))
		return 90;
	if (!has_key(line, S("\"tokens\"")) && !has_key(line, S("\"words\"")))
		return 0;
	return has_key(start, S("\"ner_tags\"")) || has_key(line, S("\"labels\"")) ? 92 : has_key(start, S("\"ner\"")) && !has_key(line, S("\"paragraphs\"")) ? 60 : 0;
}

const struct format hf_format = {
    .name = "hf",
    .summary = "Hugging Face token classification: data sets in and out, answers of a pipeline in",
    .suffixes = ".jsonl .json",
    .unit = "code points, half-open",
    .carries = "spans that do not overlap and that begin and end with a character that is no blank",
    .loses = "relations, attributes, notes, links, fields, ids, verdicts; blanks, without --text",
    .carry = {[FEATURE_NEWLINE] = CARRY_ALL},
    .judged = true,
    .recognise = recognise,
    .import = import,
    .export = export,
};
