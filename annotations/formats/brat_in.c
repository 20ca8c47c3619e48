/* brat_in: brat's standoff files read; see brat.h. */
#include <string.h>

#include "annotations/formats/brat.h"
#include "annotations/formats/units.h"
#include "model/article.h"
#include "model/utf8.h"

#define BOM "\xEF\xBB\xBF"

struct ann_line {
	struct str line;   /* without its newline */
	struct str id, rest;
	size_t number;     /* 1-based */
	struct node *item; /* the span or relation it became; of an event: its trigger */
	struct brat_bound bound;
	size_t first;      /* of a T line: its fragments in `units` */
	bool referred;     /* it is named by its id in `lines`: its item knows the rest */
	bool gone;         /* reported, or part of another line */
};

struct reading {
	struct record record;
	struct import_job *job;
	struct str text; /* of the article */
	struct ann_line *lines;
	size_t n;
	struct unit_span *units;
	size_t n_units;
	size_t *by_number; /* lines of T1, T2 … */
	size_t n_numbers;
	struct strmap ids;     /* all other ids -> index of the line, as bytes */
	struct strmap claimed; /* attributes and notes that an item has already */
	struct buf canonical, plain; /* scratch */
	size_t *places;        /* lines by a hash of label and place: index + 1 */
	size_t n_places;
};

/* ---- lines ---------------------------------------------------------------------------------------------------- */

static void split_lines(struct reading *r, struct str file, bool crlf)
{
	size_t room = 1;
	for (size_t at = 0; (at = str_byte(file, '\n', at)) != NOWHERE; at++)
		room++;
	r->lines = mem_array(room, sizeof *r->lines);
	for (size_t at = 0; at < file.n;) {
		size_t end = str_byte(file, '\n', at);
		size_t next = end == NOWHERE ? file.n : end + 1;
		struct ann_line *l = &r->lines[r->n++];
		l->line = str_sub(file, at, end == NOWHERE ? file.n : end);
		if (crlf && str_ends(l->line, S("\r")))
			l->line.n--;
		l->number = r->n;
		at = next;
	}
}

static bool all_crlf(struct str file)
{
	size_t at = 0, n = 0;
	for (size_t lf; (lf = str_byte(file, '\n', at)) != NOWHERE; at = lf + 1, n++)
		if (lf == 0 || file.p[lf - 1] != '\r')
			return false;
	return n > 0;
}

static bool fail(struct reading *r, struct ann_line *l, enum error_code code, const char *why)
{
	l->gone = true;
	return record_fail(&r->record, l->number, 1, code, "%.*s: %s", (int)l->id.n, l->id.p, why);
}

static struct str index_bytes(const size_t *i)
{
	return (struct str){(const char *)i, sizeof *i};
}

/* The line of an id; NOWHERE. */
static size_t line_of(const struct reading *r, struct str id)
{
	struct str value;
	size_t number = id.n && id.p[0] == 'T' ? brat_number(id) : NOWHERE, i = NOWHERE;
	if (number < r->n_numbers)
		return r->by_number[number] - 1; /* 0, not there, gives NOWHERE */
	if (strmap_get(&r->ids, id, &value))
		memcpy(&i, value.p, sizeof i);
	return i;
}

static void index_line(struct reading *r, size_t i)
{
	struct ann_line *l = &r->lines[i];
	if (l->id.p[0] == '*')
		return;
	if (line_of(r, l->id) != NOWHERE) {
		fail(r, l, ERROR_DUPLICATE, "another line bears this id already");
		return;
	}
	size_t number = l->id.p[0] == 'T' ? brat_number(l->id) : NOWHERE;
	if (number < r->n_numbers)
		r->by_number[number] = i + 1;
	else
		strmap_put(&r->ids, l->id, index_bytes(&i));
}

/* The kinds of line that are understood; others are kept as they are. */
static char kind_of(const struct ann_line *l)
{
	char c = l->id.n ? l->id.p[0] : '\0';
	if (l->gone || !c)
		return '\0';
	if (c == '*')
		return l->id.n == 1 ? c : '\0';
	if (c == 'M')
		c = 'A';
	return strchr("TERAN#", c) && brat_number(l->id) != NOWHERE ? c : '\0';
}

static void index_lines(struct reading *r)
{
	r->n_numbers = r->n * 2 + 64;
	r->by_number = mem_array(r->n_numbers, sizeof *r->by_number);
	for (size_t i = 0; i < r->n; i++) {
		struct ann_line *l = &r->lines[i];
		const char *why = "";
		bool known = brat_line(l->line, &l->id, &l->rest) && kind_of(l);
		if (!utf8_valid(l->line) && !(known && kind_of(l) == 'T')) {
			fail(r, l, ERROR_ENCODING, "this line is no UTF-8");
			continue;
		}
		if (!known)
			continue;
		index_line(r, i);
		if (kind_of(l) != 'T')
			continue;
		if (!brat_bound(l->rest, &l->bound, &why))
			fail(r, l, ERROR_SYNTAX, why);
		else if (!utf8_valid(l->bound.type))
			fail(r, l, ERROR_ENCODING, "its type is no UTF-8");
		else
			r->n_units += l->bound.n;
	}
}

/* ---- text-bound lines ----------------------------------------------------------------------------------------- */

static void collect_units(struct reading *r)
{
	size_t n = 0;
	r->units = mem_array(r->n_units + 1, sizeof *r->units);
	for (size_t i = 0; i < r->n; i++) {
		struct ann_line *l = &r->lines[i];
		l->first = n;
		for (size_t k = 0; k < l->bound.n && !l->gone; k++)
			r->units[n++] = (struct unit_span){.start = l->bound.fragments[k].start,
			                                   .end = l->bound.fragments[k].end,
			                                   .text = l->bound.n == 1 ? l->bound.text : STR_NONE,
			                                   .line = l->number,
			                                   .column = 1};
	}
}

static struct str unit_text(const struct reading *r, const struct unit_span *u)
{
	return str_sub(r->text, u->off, u->stop);
}

/* Fragments joined by one blank, by nothing (files before brat 1.3) or by " [...] " (bconv). */
static bool joined(const struct reading *r, const struct ann_line *l)
{
	static const char *const between[] = {" ", "", " [...] "};
	for (size_t k = 0; k < COUNT_OF(between); k++) {
		struct buf all = {0};
		for (size_t i = 0; i < l->bound.n; i++) {
			buf_adds(&all, i ? between[k] : "");
			buf_add(&all, unit_text(r, &r->units[l->first + i]));
		}
		bool same = str_eq(buf_str(&all), l->bound.text);
		buf_free(&all);
		if (same)
			return true;
	}
	return false;
}

/* The text of a span over several lines stands in the file as it is, so that its lines are broken: those that follow
 * are part of this one. */
static bool over_lines(struct reading *r, size_t i, struct str file, struct str wanted)
{
	struct ann_line *l = &r->lines[i];
	size_t from = (size_t)(l->bound.text.p - file.p), end = from + wanted.n;
	if (end > file.n || memcmp(file.p + from, wanted.p, wanted.n) != 0 ||
	    (end < file.n && file.p[end] != '\n' && file.p[end] != '\r'))
		return false;
	l->line.n = (size_t)(file.p + end - l->line.p);
	l->bound.text = wanted;
	for (size_t k = i + 1; k < r->n && r->lines[k].line.p < file.p + end; k++)
		r->lines[k].gone = true;
	return true;
}

/* As some programs write it: a blank for each newline. */
static bool but_for_newlines(struct str given, struct str wanted)
{
	bool same = given.n == wanted.n;
	for (size_t i = 0; same && i < given.n; i++)
		same = given.p[i] == wanted.p[i] || (given.p[i] == ' ' && (wanted.p[i] == '\n' || wanted.p[i] == '\r'));
	return same;
}

static bool text_fits(struct reading *r, size_t i, struct str file)
{
	struct ann_line *l = &r->lines[i];
	const struct unit_span *u = &r->units[l->first];
	for (size_t k = 0; k < l->bound.n; k++)
		if (u[k].off == NOWHERE || u[k].stop == NOWHERE || u[k].off > u[k].stop)
			return false;
	if (!l->bound.text.p)
		return true;
	if (l->bound.n > 1)
		return joined(r, l) || but_for_newlines(l->bound.text, unit_text(r, u));
	if (u->fits)
		return true;
	struct str wanted = unit_text(r, u);
	if (str_byte(wanted, '\n', 0) == NOWHERE)
		return false;
	return but_for_newlines(l->bound.text, wanted) || over_lines(r, i, file, wanted);
}

static bool misfit(struct reading *r, struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	for (size_t k = 0; k < l->bound.n; k++)
		if (u[k].off == NOWHERE || u[k].stop == NOWHERE)
			return fail(r, l, ERROR_OFFSET, "its offsets lie outside the text");
	struct buf why = {0};
	buf_adds(&why, "the text reads otherwise there: '");
	visible_add(&why, str_sub(r->text, u->off, utf8_skip(str_sub(r->text, 0, u->stop), u->off, 24)), false);
	buf_adds(&why, "'");
	fail(r, l, ERROR_TEXT, why.p);
	buf_free(&why);
	return false;
}

static bool overlap_within(const struct reading *r, const struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	for (size_t i = 0; i < l->bound.n; i++)
		for (size_t k = 0; k < i; k++)
			if (u[i].off < u[k].stop && u[k].off < u[i].stop)
				return true;
	return false;
}

/* What a word or text of the file stands for; valid until the next call. */
static struct str plain(struct reading *r, struct str text)
{
	if (str_find(text, S("\xE2\x90"), 0) == NOWHERE)
		return text;
	buf_clear(&r->plain);
	record_add_plain(&r->plain, text);
	return buf_str(&r->plain);
}

/* Whether the line is what brat_out.c writes for this span. */
static bool is_plain(struct reading *r, const struct ann_line *l)
{
	const struct unit_span *u = &r->units[l->first];
	struct record_fragment f = {u->off, u->stop, (size_t)u->from, (size_t)u->to};
	if (l->bound.n != 1)
		return false;
	buf_clear(&r->canonical);
	brat_add_bound(&r->canonical, l->id, plain(r, l->bound.type), &f, 1, r->text);
	return str_eq(buf_str(&r->canonical), l->line);
}

static void keep_line(struct reading *r, struct ann_line *l, struct node *item)
{
	if (utf8_valid(l->line))
		node_put_text(record_keep(&r->record, item), S("line"), l->line);
}

/* Two lines that say the same of the same place are one span. */
static struct ann_line *same_before(struct reading *r, size_t i)
{
	const struct ann_line *l = &r->lines[i];
	const struct unit_span *u = &r->units[l->first];
	uint64_t hash = 1469598103934665603u; /* FNV-1a */
	for (size_t k = 0; k < l->bound.type.n; k++)
		hash = (hash ^ (unsigned char)l->bound.type.p[k]) * 1099511628211u;
	for (size_t k = 0; k < l->bound.n; k++)
		hash = ((hash ^ u[k].from) * 1099511628211u ^ u[k].to) * 1099511628211u;
	for (size_t at = (size_t)(hash ^ hash >> 32) & (r->n_places - 1);; at = (at + 1) & (r->n_places - 1)) {
		if (!r->places[at]) {
			r->places[at] = i + 1;
			return NULL;
		}
		struct ann_line *other = &r->lines[r->places[at] - 1];
		bool same = str_eq(other->bound.type, l->bound.type) && other->bound.n == l->bound.n;
		for (size_t k = 0; same && k < l->bound.n; k++)
			same = r->units[other->first + k].from == u[k].from && r->units[other->first + k].to == u[k].to;
		if (same)
			return other;
	}
}

static void take_bound(struct reading *r, size_t i, struct str file)
{
	struct ann_line *l = &r->lines[i], *same;
	const struct unit_span *u = &r->units[l->first];
	if (!text_fits(r, i, file)) {
		misfit(r, l);
		return;
	}
	if (l->bound.n > 1 && overlap_within(r, l)) {
		fail(r, l, ERROR_OFFSET, "its fragments overlap");
		return;
	}
	if ((same = same_before(r, i))) {
		l->item = same->item;
		return;
	}
	r->record.line = l->number;
	l->item = record_add_span(&r->record, l->id, plain(r, l->bound.type), u->from, u->to);
	for (size_t k = 1; k < l->bound.n; k++)
		record_add_fragment(l->item, u[k].from, u[k].to);
	l->referred = true;
	if (!is_plain(r, l))
		keep_line(r, l, l->item);
}

static bool take_bounds(struct reading *r, struct str file, struct error *err)
{
	const struct unit declared = {.unit = UNIT_CP};
	struct unit found;
	collect_units(r);
	if (!units_find(r->text, declared, r->units, r->n_units, r->record.path, &found, err))
		return false;
	if (found.unit != UNIT_CP || found.inclusive || found.lf)
		record_noted(r->job, "offsets are %s", units_name(found));
	for (r->n_places = 64; r->n_places < r->n * 2; r->n_places *= 2)
		continue;
	r->places = mem_array(r->n_places, sizeof *r->places);
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].bound.n && !r->lines[i].gone)
			take_bound(r, i, file);
	return true;
}

/* ---- what is said of spans ------------------------------------------------------------------------------------ */

/* The item that an id stands for; NULL: there is none, which is reported. */
static struct node *target(struct reading *r, struct ann_line *l, struct str id)
{
	size_t i = line_of(r, id);
	if (i != NOWHERE && !r->lines[i].gone)
		return r->lines[i].item;
	struct buf why = {0};
	buf_adds(&why, "it speaks of ");
	visible_add(&why, str_sub(id, 0, 40), false);
	buf_adds(&why, ", which is not there");
	fail(r, l, ERROR_REFERENCE, why.p);
	buf_free(&why);
	return NULL;
}

static bool is_span(const struct node *item)
{
	return item && node_get(item, S("label"));
}

static struct str id_of(const struct node *item)
{
	return node_get_text(item, S("id"));
}

/* Of an event only its trigger, so that others can refer to it. */
static void take_trigger(struct reading *r, struct ann_line *l)
{
	struct str words[1], type, id;
	size_t blank = str_byte(l->rest, ' ', 0);
	struct str first = str_sub(l->rest, 0, blank == NOWHERE ? l->rest.n : blank);
	if (brat_words(first, words, 1) == 1 && brat_pair(words[0], &type, &id))
		l->item = target(r, l, id);
	else
		fail(r, l, ERROR_SYNTAX, "an event reads: E1, tab, TYPE:TRIGGER ROLE:TARGET …");
}

static void take_roles(struct reading *r, struct ann_line *l)
{
	size_t at = str_byte(l->rest, ' ', 0), n = 0;
	while (at < l->rest.n) {
		size_t end = str_byte(l->rest, ' ', at + 1);
		struct str word = str_sub(l->rest, at + 1, end == NOWHERE ? l->rest.n : end), role, id;
		at = end;
		if (!word.n)
			continue;
		if (!brat_pair(word, &role, &id)) {
			fail(r, l, ERROR_SYNTAX, "an event reads: E1, tab, TYPE:TRIGGER ROLE:TARGET …");
			return;
		}
		struct node *to = target(r, l, id);
		if (!to)
			return;
		struct buf name = {0};
		buf_addf(&name, "%.*s-%zu", (int)l->id.n, l->id.p, ++n);
		r->record.line = l->number;
		if (is_span(to) && is_span(l->item))
			record_add_relation(&r->record, buf_str(&name), plain(r, brat_role(role)), id_of(l->item), id_of(to));
		buf_free(&name);
	}
}

static void take_relation(struct reading *r, struct ann_line *l)
{
	struct str words[4], role[2], id[2];
	size_t n = brat_words(str_trim(l->rest), words, COUNT_OF(words));
	if (n < 3 || !brat_pair(words[1], &role[0], &id[0]) || !brat_pair(words[2], &role[1], &id[1])) {
		fail(r, l, ERROR_SYNTAX, "a relation reads: R1, tab, TYPE Arg1:T1 Arg2:T2");
		return;
	}
	struct node *from = target(r, l, id[0]), *to = from ? target(r, l, id[1]) : NULL;
	if (!to || n > 3 || !is_span(from) || !is_span(to))
		return;
	r->record.line = l->number;
	l->item = record_add_relation(&r->record, l->id, plain(r, words[0]), id_of(from), id_of(to));
	l->referred = true;
	buf_clear(&r->canonical);
	brat_add_relation(&r->canonical, l->id, plain(r, words[0]), id_of(from), id_of(to));
	if (!str_eq(buf_str(&r->canonical), l->line))
		keep_line(r, l, l->item);
}

/* Each two neighbours of the group. */
static void take_group(struct reading *r, struct ann_line *l)
{
	struct node *before = NULL;
	size_t at = str_byte(l->rest, ' ', 0);
	struct str type = str_sub(l->rest, 0, at == NOWHERE ? l->rest.n : at);
	while (at < l->rest.n) {
		size_t end = str_byte(l->rest, ' ', at + 1);
		struct str id = str_trim(str_sub(l->rest, at + 1, end == NOWHERE ? l->rest.n : end));
		struct node *item = id.n ? target(r, l, id) : NULL;
		at = end;
		if (id.n && !item)
			return;
		r->record.line = l->number;
		if (is_span(before) && is_span(item))
			record_add_relation(&r->record, STR_NONE, plain(r, type), id_of(before), id_of(item));
		before = item ? item : before;
	}
}

/* Whether nothing has been said of this item under this name; now it is. */
static bool claim(struct reading *r, const struct node *item, struct str name)
{
	struct buf key = {0};
	buf_add(&key, (struct str){(const char *)&item, sizeof item});
	buf_add(&key, name);
	bool fresh = !strmap_get(&r->claimed, buf_str(&key), NULL);
	if (fresh)
		strmap_put(&r->claimed, buf_str(&key), S("1"));
	buf_free(&key);
	return fresh;
}

static void take_attribute(struct reading *r, struct ann_line *l)
{
	struct str words[3];
	size_t n = brat_words(l->rest, words, 3);
	struct node *item = n >= 2 ? target(r, l, words[1]) : NULL;
	if (n < 2)
		fail(r, l, ERROR_SYNTAX, "an attribute reads: A1, tab, NAME TARGET VALUE");
	if (!item || !claim(r, item, words[0]))
		return;
	struct buf name = {0};
	record_add_plain(&name, words[0]);
	record_put_attribute(item, buf_str(&name), n == 3 ? plain(r, words[2]) : S("true"));
	buf_free(&name);
}

static void take_link(struct reading *r, struct ann_line *l)
{
	struct str words[3], db, id;
	size_t tab = str_byte(l->rest, '\t', 0);
	struct str name = tab == NOWHERE ? STR_NONE : str_sub(l->rest, tab + 1, l->rest.n);
	size_t n = brat_words(str_sub(l->rest, 0, tab == NOWHERE ? l->rest.n : tab), words, 3);
	if (n < 3 || !brat_pair(words[2], &db, &id)) {
		fail(r, l, ERROR_SYNTAX, "a normalisation reads: N1, tab, Reference TARGET DB:ID, tab, NAME");
		return;
	}
	struct node *item = target(r, l, words[1]);
	if (!item || !str_eq(words[0], S("Reference")))
		return;
	struct buf base = {0}, entry = {0};
	record_add_plain(&base, db);
	record_add_plain(&entry, id);
	record_add_link(item, buf_str(&base), buf_str(&entry), plain(r, name));
	buf_free(&base);
	buf_free(&entry);
}

/* The first note of an annotator is the item's own; the others stay as they are. */
static void take_note(struct reading *r, struct ann_line *l)
{
	struct str words[2];
	size_t tab = str_byte(l->rest, '\t', 0);
	if (tab == NOWHERE || brat_words(str_sub(l->rest, 0, tab), words, 2) < 2 ||
	    !str_eq(words[0], S("AnnotatorNotes")) || tab + 1 == l->rest.n)
		return;
	size_t i = line_of(r, words[1]);
	struct node *item = i == NOWHERE ? target(r, l, words[1]) : r->lines[i].item;
	if (i != NOWHERE && r->lines[i].gone)
		item = target(r, l, words[1]);
	if (item && claim(r, item, S("#")))
		node_put_text(item, S("note"), plain(r, str_sub(l->rest, tab + 1, l->rest.n)));
}

/* The lines of one kind. */
static void take_kind(struct reading *r, char kind, void (*take)(struct reading *r, struct ann_line *l))
{
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].id.n && !r->lines[i].gone && kind_of(&r->lines[i]) == kind)
			take(r, &r->lines[i]);
}

/* ---- the order of lines ---------------------------------------------------------------------------------------- */

struct run {
	char kind;
	size_t first, last;
};

static void add_run(struct node *list, const struct run *run)
{
	struct buf text = {0};
	if (!run->kind)
		return;
	buf_addf(&text, "%c%zu", run->kind, run->first);
	if (run->last > run->first)
		buf_addf(&text, "..%c%zu", run->kind, run->last);
	node_add(list, node_text(buf_str(&text)));
	buf_free(&text);
}

/* T7, not T07: a run spells its numbers so. */
static bool counts_on(struct run *run, const struct ann_line *l)
{
	size_t number = brat_number(l->id);
	if (l->id.p[1] == '0' || run->kind != l->id.p[0] || number != run->last + 1)
		return false;
	run->last = number;
	return true;
}

static void add_line(struct node *list, struct str line)
{
	struct buf text = {0};
	buf_addc(&text, '=');
	buf_add(&text, line);
	node_add(list, node_text(buf_str(&text)));
	buf_free(&text);
}

static void keep_order(struct reading *r, struct str file, bool crlf)
{
	struct node *list = node_list(), *kept = record_keep(&r->record, r->record.object);
	struct run run = {0};
	for (size_t i = 0; i < r->n; i++) {
		const struct ann_line *l = &r->lines[i];
		if (l->gone || (l->referred && counts_on(&run, l)))
			continue;
		add_run(list, &run);
		run = (struct run){0};
		if (!l->referred)
			add_line(list, l->line);
		else if (l->id.p[1] == '0')
			node_add(list, node_text(l->id));
		else
			run = (struct run){l->id.p[0], brat_number(l->id), brat_number(l->id)};
	}
	add_run(list, &run);
	node_put(kept, S("lines"), list);
	if (crlf)
		node_put_text(kept, S("newlines"), S("crlf"));
	if (file.n && file.p[file.n - 1] != '\n')
		node_put_text(kept, S("end"), S("open"));
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static void free_reading(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		mem_free(r->lines[i].bound.fragments);
	mem_free(r->lines);
	mem_free(r->units);
	mem_free(r->by_number);
	mem_free(r->places);
	strmap_free(&r->ids);
	strmap_free(&r->claimed);
	buf_free(&r->canonical);
	buf_free(&r->plain);
}

static bool take_file(struct reading *r, struct str file, struct error *err)
{
	bool crlf = all_crlf(file), mark = str_starts(file, S(BOM));
	if (mark) {
		file = str_sub(file, sizeof BOM - 1, file.n);
		node_put_text(record_keep(&r->record, r->record.object), S("mark"), S("bom"));
	}
	split_lines(r, file, crlf);
	index_lines(r);
	if (!take_bounds(r, file, err))
		return false;
	take_kind(r, 'E', take_trigger);
	take_kind(r, 'R', take_relation);
	take_kind(r, 'E', take_roles);
	take_kind(r, '*', take_group);
	take_kind(r, 'A', take_attribute);
	take_kind(r, 'N', take_link);
	take_kind(r, '#', take_note);
	keep_order(r, file, crlf);
	return true;
}

/* The text: of --text, of X.txt beside X.ann, of the article that the corpus has. */
static bool find_text(struct reading *r, const char *path, struct article **beside, struct error *err)
{
	struct buf file = {0};
	struct stat st;
	bool fine = true;
	buf_adds(&file, path);
	if (str_ends(buf_str(&file), S(".ann")))
		file.n -= 4;
	buf_adds(&file, ".txt");
	const char *text = r->job->text ? r->job->text : file.p;
	char *name = record_name(r->job);
	if (io_get()->stat(text, &st) == 0 && S_ISREG(st.st_mode)) {
		fine = article_open(text, NULL, beside, err);
		r->text = fine ? article_text(*beside) : STR_NONE;
		if (fine)
			node_put_text(r->record.object, S("text"), r->text);
	} else {
		fine = record_article(&r->record, str_of(name), &r->text, err);
	}
	if (fine)
		node_put_text(r->record.object, S("file"), str_of(name));
	mem_free(name);
	buf_free(&file);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	if (brat_is_conf(path))
		return brat_conf_import(job, path, err);
	struct reading r = {.job = job, .record = record_new(job, path, 0)};
	struct buf file = {0};
	struct article *beside = NULL;
	bool standard = strcmp(path, "-") == 0;
	bool fine = (standard ? io_read_fd(0, "standard input", ARTICLE_LIMIT, &file, err)
	                      : io_read_file(path, ARTICLE_LIMIT, &file, NULL, err)) &&
	            find_text(&r, path, &beside, err) && take_file(&r, buf_str(&file), err);
	if (fine)
		fine = record_take(&r.record, err);
	else
		record_drop(&r.record);
	free_reading(&r);
	article_free(beside);
	buf_free(&file);
	import_end(job);
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	return fine;
}

/* T1, a tab, a type and a number at the start say enough. */
static unsigned recognise(struct str start, const char *name)
{
	struct str id, rest;
	struct brat_bound bound = {0};
	const char *why;
	unsigned score = str_ends(str_of(name), S(".ann")) ? 50 : 0;
	if (brat_is_conf(name))
		return 90;
	for (size_t at = 0, n = 0; at < start.n && n < 20; n++) {
		size_t end = str_byte(start, '\n', at);
		struct str line = str_sub(start, at, end);
		if (end != NOWHERE && brat_line(line, &id, &rest) && id.p[0] == 'T' && brat_number(id) != NOWHERE &&
		    brat_bound(rest, &bound, &why)) {
			mem_free(bound.fragments);
			return score + 45;
		}
		if (end == NOWHERE)
			break;
		at = end + 1;
	}
	return score && start.n == 0 ? score : score / 2;
}

const struct format brat_format = {
    .name = "brat",
    .summary = "brat standoff: X.ann beside X.txt, with annotation.conf, visual.conf and kb_shortcuts.conf",
    .suffixes = ".ann annotation.conf",
    .unit = "code points, half-open",
    .carries = "spans with fragments, relations, attributes, links (normalisations), notes; events as relations from "
               "their triggers; lines it does not know, ids and the order of lines as they were",
    .loses = "verdicts and who judged, sources and scores, fields, notes of the article; a span over a newline is "
             "written in parts",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_DISCONTINUOUS] = CARRY_ALL,
              [FEATURE_ZERO_WIDTH] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_PART,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_ALL},
    .judged = true,
    .folder = true,
    .recognise = recognise,
    .import = import,
    .begin = brat_begin,
    .export = brat_export,
    .end = brat_end,
};
