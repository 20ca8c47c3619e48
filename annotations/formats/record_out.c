/* record_out: what of an article goes to a format, and what that format cannot carry; see record.h. */
#include <stdlib.h>
#include <string.h>

#include "annotations/formats/record.h"
#include "annotations/json.h"
#include "model/utf8.h"

/* ---- losses --------------------------------------------------------------------------------------------------- */

static unsigned carry_of(const struct outgoing *o, enum feature f)
{
	return o->job->format->carry[f];
}

/* Whether a thing of this kind goes out; what is lost of it is counted. */
static bool carried(struct outgoing *o, enum feature f, const char *what)
{
	unsigned carry = carry_of(o, f);
	if (carry == CARRY_NONE)
		losses_add(&o->job->losses, 1, "%s %s", what, feature_name(f));
	else if (carry == CARRY_PART)
		losses_add(&o->job->losses, 1, "%s %s, written in another form", what, feature_name(f));
	return carry != CARRY_NONE;
}

static bool wanted(struct outgoing *o, enum verdict v, const char *what)
{
	if (o->job->verdicts[v])
		return true;
	if (v == VERDICT_REJECTED || v == VERDICT_UNDECIDED)
		losses_add(&o->job->losses, 1, "%s %s", what, verdict_name(v));
	return false;
}

/* Attributes, links and notes of an item that goes out. */
static void count_parts(struct outgoing *o, const struct node *map, const char *what)
{
	const struct node *attributes = node_get(map, S("attributes")), *links = node_get(map, S("links"));
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++)
		(void)carried(o, FEATURE_ATTRIBUTES, what);
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++)
		(void)carried(o, FEATURE_LINKS, what);
	if (node_get_text(map, S("note")).n)
		(void)carried(o, FEATURE_ITEM_NOTES, what);
	if (node_get_text(map, S("flag")).n)
		(void)carried(o, FEATURE_FLAGS, what);
	if (node_get(map, S("original")))
		(void)carried(o, FEATURE_ORIGINALS, what);
}

/* ---- spans ---------------------------------------------------------------------------------------------------- */

static bool over_newline(const struct outgoing *o, const struct span *s)
{
	for (size_t i = 0; i < s->n_fragments; i++) {
		struct str part = str_sub(o->text, s->fragments[i].off, s->fragments[i].end);
		if (str_byte(part, '\n', 0) != NOWHERE || str_byte(part, '\r', 0) != NOWHERE)
			return true;
	}
	return false;
}

static bool empty(const struct span *s)
{
	for (size_t i = 0; i < s->n_fragments; i++)
		if (s->fragments[i].off < s->fragments[i].end)
			return false;
	return true;
}

static bool shape_carried(struct outgoing *o, const struct span *s)
{
	return (s->n_fragments == 1 || carried(o, FEATURE_DISCONTINUOUS, "spans")) &&
	       (!empty(s) || carried(o, FEATURE_ZERO_WIDTH, "spans")) &&
	       (!over_newline(o, s) || carried(o, FEATURE_NEWLINE, "spans"));
}

static void add_span(struct outgoing *o, const struct span *s)
{
	struct record_span *to = &o->spans[o->n_spans++];
	to->id = arena_dup(&o->memory, s->id);
	to->label = set_schema(o->doc->set)->labels[s->label].name;
	to->n = s->n_fragments;
	to->fragments = arena_alloc(&o->memory, to->n * sizeof *to->fragments);
	to->map = node_copy(set_node(o->doc->set, ITEM_SPAN, s->id));
	if (node_get_text(to->map, S("label")).n)
		to->label = node_get_text(to->map, S("label"));
	for (size_t i = 0; i < to->n; i++) {
		size_t off = s->fragments[i].off, end = s->fragments[i].end;
		to->fragments[i] = (struct record_fragment){off, end, article_cp(o->doc->article, off),
		                                            article_cp(o->doc->article, end)};
	}
}

static void add_spans(struct outgoing *o)
{
	size_t n = set_spans(o->doc->set);
	o->spans = mem_array(n + 1, sizeof *o->spans);
	for (size_t i = 0; i < n; i++) {
		const struct span *s = set_span(o->doc->set, i);
		if (!wanted(o, (enum verdict)s->verdict, "spans"))
			continue;
		if (s->anchoring == ANCHOR_LOST)
			losses_add(&o->job->losses, 1, "spans whose text is lost");
		else if (shape_carried(o, s))
			add_span(o, s);
	}
}

/* ---- overlaps ------------------------------------------------------------------------------------------------- */

static size_t span_off(const struct record_span *s)
{
	return s->fragments[0].off;
}

static size_t span_end(const struct record_span *s)
{
	return s->fragments[s->n - 1].end;
}

/* How two spans overlap, a being the earlier or longer; FEATURES: not at all. */
static enum feature overlap_of(const struct record_span *a, const struct record_span *b)
{
	if (span_off(a) == span_off(b) && span_end(a) == span_end(b))
		return FEATURE_SAME_PLACE;
	if (span_off(b) >= span_end(a))
		return FEATURES;
	return span_end(b) <= span_end(a) ? FEATURE_NESTED : FEATURE_CROSSING;
}

struct loser {
	bool lost;
	enum feature why;
};

static bool overlap_error(const struct outgoing *o, const struct record_span *s, enum feature f, struct error *err)
{
	size_t line, column;
	article_line_column(o->doc->article, span_off(s), &line, &column);
	return error_at(err, ERROR_OVERLAP, o->file, line, column,
	                "%.*s here overlaps another span (%s), which %s cannot hold; choose one: --on-overlap longest",
	                (int)s->label.n, s->label.p, feature_name(f), o->job->format->name);
}

/* Spans in order of position; `kept` is the last one that stays, and nothing that stays ends behind it. */
static bool settle_overlaps(struct outgoing *o, struct loser *losers, struct error *err)
{
	size_t kept = NOWHERE;
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_span *s = &o->spans[i], *k = kept == NOWHERE ? NULL : &o->spans[kept];
		enum feature f = k ? overlap_of(k, s) : FEATURES;
		if (f == FEATURES || carry_of(o, f) == CARRY_ALL) {
			if (!k || span_end(s) >= span_end(k))
				kept = i;
			continue;
		}
		if (o->job->on_overlap == OVERLAP_ERROR)
			return overlap_error(o, s, f, err);
		bool longer = span_end(s) - span_off(s) > span_end(k) - span_off(k);
		size_t loser = o->job->on_overlap == OVERLAP_LONGEST && longer ? kept : i;
		losers[loser] = (struct loser){true, f};
		if (loser == kept)
			kept = i;
	}
	return true;
}

static void remove_losers(struct outgoing *o, const struct loser *losers)
{
	size_t n = 0;
	for (size_t i = 0; i < o->n_spans; i++) {
		if (!losers[i].lost) {
			o->spans[n++] = o->spans[i];
			continue;
		}
		losses_add(&o->job->losses, 1, "spans %s", feature_name(losers[i].why));
		node_free(o->spans[i].map);
	}
	o->n_spans = n;
}

size_t *record_twins(const struct outgoing *o)
{
	struct strmap seen = {0};
	struct buf key = {0};
	size_t *first = mem_array(o->n_spans + 1, sizeof *first);
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_span *s = &o->spans[i];
		struct str index = {(const char *)&i, sizeof i};
		buf_clear(&key);
		for (size_t k = 0; k < s->n; k++)
			buf_addf(&key, "%zu-%zu ", s->fragments[k].off, s->fragments[k].end);
		buf_add(&key, s->label);
		first[i] = NOWHERE;
		if (strmap_get(&seen, buf_str(&key), &index))
			memcpy(&first[i], index.p, sizeof first[i]);
		else
			strmap_put(&seen, buf_str(&key), index);
	}
	strmap_free(&seen);
	buf_free(&key);
	return first;
}

static bool drop_twins(struct outgoing *o, struct error *err)
{
	if (carry_of(o, FEATURE_TWIN) == CARRY_ALL)
		return true;
	struct loser *losers = mem_array(o->n_spans + 1, sizeof *losers);
	size_t *twins = record_twins(o);
	bool fine = true;
	for (size_t i = 0; fine && i < o->n_spans; i++) {
		losers[i] = (struct loser){twins[i] != NOWHERE, FEATURE_TWIN};
		if (losers[i].lost && o->job->on_overlap == OVERLAP_ERROR)
			fine = overlap_error(o, &o->spans[i], FEATURE_TWIN, err);
	}
	if (fine)
		remove_losers(o, losers);
	mem_free(twins);
	mem_free(losers);
	return fine;
}

static bool drop_overlaps(struct outgoing *o, struct error *err)
{
	if (carry_of(o, FEATURE_NESTED) == CARRY_ALL && carry_of(o, FEATURE_CROSSING) == CARRY_ALL &&
	    carry_of(o, FEATURE_SAME_PLACE) == CARRY_ALL)
		return true;
	struct loser *losers = mem_array(o->n_spans + 1, sizeof *losers);
	bool fine = settle_overlaps(o, losers, err);
	if (fine)
		remove_losers(o, losers);
	mem_free(losers);
	return fine;
}

/* ---- relations, fields, notes --------------------------------------------------------------------------------- */

/* Ids of the spans that go out, sorted, for look-ups. */
struct id_place {
	struct str id;
	size_t i;
};

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct id_place *)a)->id, ((const struct id_place *)b)->id);
}

static struct id_place *index_spans(const struct outgoing *o)
{
	struct id_place *places = mem_array(o->n_spans + 1, sizeof *places);
	for (size_t i = 0; i < o->n_spans; i++)
		places[i] = (struct id_place){o->spans[i].id, i};
	qsort(places, o->n_spans, sizeof *places, by_id);
	return places;
}

static size_t find_span(const struct outgoing *o, const struct id_place *places, struct str id)
{
	const struct id_place key = {.id = id};
	const struct id_place *found = bsearch(&key, places, o->n_spans, sizeof *places, by_id);
	return found ? found->i : NOWHERE;
}

static void add_relations(struct outgoing *o, const struct id_place *places)
{
	size_t n = set_relations(o->doc->set);
	o->relations = mem_array(n + 1, sizeof *o->relations);
	for (size_t i = 0; i < n; i++) {
		const struct relation *r = set_relation(o->doc->set, i);
		size_t from = find_span(o, places, r->from), to = find_span(o, places, r->to);
		if (!wanted(o, r->verdict, "relations"))
			continue;
		if (carry_of(o, FEATURE_RELATIONS) == CARRY_NONE) {
			losses_add(&o->job->losses, 1, "relations");
			continue;
		}
		if (from == NOWHERE || to == NOWHERE) {
			losses_add(&o->job->losses, 1, "relations whose ends do not go out");
			continue;
		}
		struct node *map = node_copy(set_node(o->doc->set, ITEM_RELATION, r->id));
		o->relations[o->n_relations++] = (struct record_relation){
		    arena_dup(&o->memory, r->id), node_get_text(map, S("type")), from, to, map};
	}
}

static void add_field(struct outgoing *o, const struct id_place *places, const struct field *f)
{
	struct record_field *to = &o->fields[o->n_fields++];
	to->map = node_copy(set_node(o->doc->set, ITEM_FIELD, f->id));
	to->name = node_get_text(to->map, S("name"));
	to->value = node_get_text(to->map, S("value"));
	to->spans = arena_alloc(&o->memory, (f->n_spans + 1) * sizeof *to->spans);
	for (size_t i = 0; i < f->n_spans; i++) {
		size_t at = find_span(o, places, f->spans[i]);
		if (at != NOWHERE)
			to->spans[to->n_spans++] = at;
	}
}

static void add_fields(struct outgoing *o, const struct id_place *places)
{
	size_t n = set_fields(o->doc->set);
	o->fields = mem_array(n + 1, sizeof *o->fields);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = set_field(o->doc->set, i);
		if (!wanted(o, f->verdict, "fields"))
			continue;
		if (carry_of(o, FEATURE_FIELDS) == CARRY_NONE)
			losses_add(&o->job->losses, 1, "fields");
		else
			add_field(o, places, f);
	}
}

static void add_notes(struct outgoing *o)
{
	size_t n = set_items(o->doc->set, ITEM_NOTE);
	o->notes = mem_array(n + 1, sizeof *o->notes);
	for (size_t i = 0; i < n; i++) {
		if (carry_of(o, FEATURE_NOTES) == CARRY_NONE)
			losses_add(&o->job->losses, 1, "notes");
		else
			o->notes[o->n_notes++] =
			    node_copy(set_node(o->doc->set, ITEM_NOTE, set_item_id(o->doc->set, ITEM_NOTE, i)));
	}
}

static void count_all_parts(struct outgoing *o)
{
	for (size_t i = 0; i < o->n_spans; i++)
		count_parts(o, o->spans[i].map, "spans with");
	for (size_t i = 0; i < o->n_relations; i++)
		count_parts(o, o->relations[i].map, "relations with");
	for (size_t i = 0; i < o->n_fields; i++) {
		count_parts(o, o->fields[i].map, "fields with");
		if (o->fields[i].n_spans)
			(void)carried(o, FEATURE_EVIDENCE, "fields with");
	}
	for (size_t i = 0; i < set_items(o->doc->set, ITEM_ZONE); i++)
		if (carry_of(o, FEATURE_ZONES) == CARRY_NONE)
			losses_add(&o->job->losses, 1, "zones");
}

/* ---- the whole ------------------------------------------------------------------------------------------------ */

/* Files of their own bear the article's name and bytes as they are; in all others, and where text is escaped, bytes that
 * are no UTF-8 cannot stand. */
static void count_bytes(const struct outgoing *out)
{
	const struct format *f = out->job->format;
	bool shown = !f->import || f == &html_format, escaped = f == &cas_json_format || f == &webanno_format;
	if (!shown && !f->folder && !utf8_valid(str_of(out->file)))
		losses_add(&out->job->losses, 1, LOSS_NAME);
	if (!shown && (!f->folder || escaped) && !utf8_valid(out->text))
		losses_add(&out->job->losses, 1, LOSS_TEXT);
}

bool outgoing_make(struct export_job *job, struct doc *d, struct outgoing *out, struct error *err)
{
	*out = (struct outgoing){.job = job, .doc = d, .file = d->file, .text = article_text(d->article)};
	out->top = node_copy(set_node(d->set, ITEM_ARTICLE, STR_NONE));
	add_spans(out);
	if (!drop_twins(out, err) || !drop_overlaps(out, err)) {
		outgoing_free(out);
		return false;
	}
	struct id_place *places = index_spans(out);
	add_relations(out, places);
	add_fields(out, places);
	mem_free(places);
	add_notes(out);
	count_all_parts(out);
	count_bytes(out);
	job->items += out->n_spans + out->n_relations + out->n_fields;
	return true;
}

void outgoing_free(struct outgoing *out)
{
	for (size_t i = 0; i < out->n_spans; i++)
		node_free(out->spans[i].map);
	for (size_t i = 0; i < out->n_relations; i++)
		node_free(out->relations[i].map);
	for (size_t i = 0; i < out->n_fields; i++)
		node_free(out->fields[i].map);
	for (size_t i = 0; i < out->n_notes; i++)
		node_free(out->notes[i]);
	mem_free(out->spans);
	mem_free(out->relations);
	mem_free(out->fields);
	mem_free(out->notes);
	node_free(out->top);
	arena_free(&out->memory);
	*out = (struct outgoing){0};
}

const struct node *record_kept(const struct export_job *job, const struct node *map)
{
	return node_get(map, str_of(job->format->name));
}

struct str record_id(const struct export_job *job, const struct node *map)
{
	struct str kept = node_get_text(record_kept(job, map), S("id"));
	return kept.n ? kept : node_get_text(map, S("id"));
}

struct str record_text(const struct outgoing *out, const struct record_fragment *f)
{
	return str_sub(out->text, f->off, f->end);
}

bool record_write_line(struct export_job *job, struct node *object, struct error *err)
{
	struct buf line = {0};
	json_write(&line, object);
	buf_addc(&line, '\n');
	bool fine = job->write(job->ctx, buf_str(&line), err);
	job->articles += fine;
	buf_free(&line);
	node_free(object);
	return fine;
}

char *record_file(const struct outgoing *out, const char *suffix)
{
	struct str name = str_of(out->file);
	struct buf file = {0};
	if (str_ends(name, S(".txt")))
		name.n -= 4;
	buf_add(&file, name);
	buf_adds(&file, suffix);
	return buf_take(&file);
}
