/* learned.c: see learned.h. */
#include "annotations/extract/learned.h"

#include <stdlib.h>

#include "annotations/doc.h"
#include "annotations/extract/lattice.h"
#include "annotations/yaml_read.h"
#include "annotations/yaml_write.h"
#include "model/io.h"

#define LEARNED_FORMAT 1
#define LEARNED_BYTES ((size_t)64 << 20)

struct tally {
	char *label, *text;
	uint64_t accepted, rejected;
};

struct tallies {
	struct tally *list; /* by label and text */
	size_t n, cap;
};

struct learned {
	struct tallies fixed, counted;
	const struct pack *pack;
	struct lexicon *proposed, *left_out;
};

char *learned_path(const struct corpus *c)
{
	return io_join(corpus_root(c), "learned.yaml");
}

static int by_key(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;
	int order = str_cmp(str_of(x->label), str_of(y->label));
	return order ? order : str_cmp(str_of(x->text), str_of(y->text));
}

static void add_tally(struct tallies *t, struct str label, struct str text, uint64_t accepted, uint64_t rejected)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->list = mem_grow(t->list, t->cap, sizeof(*t->list));
	}
	t->list[t->n++] = (struct tally){str_dup(label), str_dup(text), accepted, rejected};
}

static void sort_tallies(struct tallies *t)
{
	size_t kept = 0;
	if (t->n)
		qsort(t->list, t->n, sizeof(*t->list), by_key);
	for (size_t i = 0; i < t->n; i++) {
		struct tally *last = kept ? &t->list[kept - 1] : NULL, *one = &t->list[i];
		if (!last || by_key(last, one) != 0) {
			t->list[kept++] = *one;
			continue;
		}
		last->accepted += one->accepted;
		last->rejected += one->rejected;
		mem_free(one->label);
		mem_free(one->text);
	}
	t->n = kept;
}

static void free_tallies(struct tallies *t)
{
	for (size_t i = 0; i < t->n; i++) {
		mem_free(t->list[i].label);
		mem_free(t->list[i].text);
	}
	mem_free(t->list);
	*t = (struct tallies){0};
}

void learned_free(struct learned *l)
{
	if (!l)
		return;
	free_tallies(&l->fixed);
	free_tallies(&l->counted);
	lexicon_free(l->proposed);
	lexicon_free(l->left_out);
	mem_free(l);
}

bool learned_is_empty(const struct learned *l)
{
	return l->fixed.n == 0 && l->counted.n == 0;
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static bool fail_at(const struct node *n, const char *path, const char *what, struct error *err)
{
	return error_at(err, ERROR_SCHEMA, path, n->line, n->column, "%s", what);
}

static bool read_label(struct str label, const struct node *map, const char *path, struct tallies *out,
                       struct error *err)
{
	uint64_t accepted, rejected;
	if (map->kind != NODE_MAP)
		return fail_at(map, path, "a label needs a map of strings to [accepted, rejected]", err);
	for (size_t i = 0; i < map->n; i++) {
		const struct node *pair = map->items[i];
		if (pair->kind != NODE_LIST || pair->n != 2 || !node_is_number(pair->items[0], &accepted) ||
		    !node_is_number(pair->items[1], &rejected) || accepted > UINT32_MAX || rejected > UINT32_MAX)
			return fail_at(pair, path, "a string needs two numbers: [accepted, rejected]", err);
		add_tally(out, label, map->keys[i], accepted, rejected);
	}
	return true;
}

static bool read_tallies(const struct node *map, const char *path, struct tallies *out, struct error *err)
{
	if (!map || (map->kind == NODE_SCALAR && map->text.n == 0))
		return true;
	if (map->kind != NODE_MAP)
		return fail_at(map, path, "a map of labels is needed here", err);
	for (size_t i = 0; i < map->n; i++)
		if (!read_label(map->keys[i], map->items[i], path, out, err))
			return false;
	sort_tallies(out);
	return true;
}

static bool read_all(const struct node *map, const char *path, struct learned *l, struct error *err)
{
	uint64_t version;
	const struct node *format = node_get(map, S("learned"));
	if (!format || !node_is_number(format, &version))
		return error_at(err, ERROR_SCHEMA, path, 1, 1, "it begins with `learned: %d`", LEARNED_FORMAT);
	if (version > LEARNED_FORMAT)
		return error_at(err, ERROR_VERSION, path, format->line, format->column, "written by a newer zhupi");
	return read_tallies(node_get(map, S("fixed")), path, &l->fixed, err) &&
	       read_tallies(node_get(map, S("counted")), path, &l->counted, err);
}

bool learned_read(const char *path, struct learned **out, struct error *err)
{
	struct learned *l = mem_alloc(sizeof(*l));
	struct buf bytes = {0};
	struct node *map = NULL;
	struct error why = {0};
	bool fine = io_read_file(path, LEARNED_BYTES, &bytes, NULL, &why);
	if (fine)
		fine = yaml_read(buf_str(&bytes), path, &map, &why) && read_all(map, path, l, &why);
	else if (why.code == ERROR_MISSING) {
		error_clear(&why);
		fine = true;
	}
	buf_free(&bytes);
	node_free(map);
	if (!fine) {
		if (err)
			*err = why;
		else
			error_clear(&why);
		learned_free(l);
		l = NULL;
	}
	*out = l;
	return fine;
}

static void write_tallies(struct buf *out, const char *name, const struct tallies *t)
{
	const char *label = "";
	buf_addf(out, "%s:\n", name);
	for (size_t i = 0; i < t->n; i++) {
		const struct tally *one = &t->list[i];
		if (i == 0 || !str_eq(str_of(label), str_of(one->label))) {
			label = one->label;
			buf_adds(out, "  ");
			yaml_write_text(out, str_of(label));
			buf_adds(out, ":\n");
		}
		buf_adds(out, "    ");
		yaml_write_key(out, str_of(one->text), 4);
		buf_addf(out, "[%llu, %llu]\n", (unsigned long long)one->accepted, (unsigned long long)one->rejected);
	}
}

bool learned_write(const struct learned *l, const char *path, struct error *err)
{
	struct buf out = {0};
	buf_adds(&out, "# What was accepted and rejected in review, by label and string: [accepted, rejected].\n"
	               "# `zhupi extract --learn` renews `counted`; `fixed` is yours and wins; `learning: off` in zhupi.yaml\n"
	               "# makes all of it count for nothing.\n");
	buf_addf(&out, "learned: %d\n", LEARNED_FORMAT);
	write_tallies(&out, "fixed", &l->fixed);
	write_tallies(&out, "counted", &l->counted);
	char *folder = io_folder_of(path);
	io_recover(folder, false, NULL);
	bool fine = io_replace_file(path, buf_str(&out), err);
	mem_free(folder);
	buf_free(&out);
	return fine;
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

static bool fits(struct str text)
{
	size_t n = 0, han = 0, off = 0, step;
	codepoint c;
	for (; n <= LEXICON_WORD && (step = utf8_step(text, off, &c)) > 0; off += step, n++) {
		if (c == '\n' || c == '\r')
			return false;
		han += cp_is_han(c);
	}
	return han >= 2 && n <= LEXICON_WORD;
}

static void count_set(struct tallies *t, const struct set *s)
{
	struct str all = article_text(set_article(s));
	const struct schema *schema = set_schema(s);
	for (size_t i = 0; i < set_spans(s); i++) {
		const struct span *span = set_span(s, i);
		struct str text = str_sub(all, span->off, span->end);
		bool judged = span->verdict != VERDICT_UNDECIDED && span->anchoring == ANCHORED;
		if (judged && span->n_fragments == 1 && span->label < schema->n_labels && fits(text))
			add_tally(t, schema->labels[span->label].name, text, span->verdict != VERDICT_REJECTED,
			          span->verdict == VERDICT_REJECTED);
	}
}

static bool count_corpus(struct corpus *c, bool (*stop)(void), struct tallies *t)
{
	for (size_t i = 0; i < corpus_count(c); i++) {
		struct doc *d = NULL;
		struct error err = {0};
		if (stop && stop())
			return false;
		if (doc_open(c, corpus_entry(c, i)->file, &d, &err)) {
			count_set(t, d->set);
			doc_free(d);
		}
		error_clear(&err);
	}
	return true;
}

bool learned_count(struct learned *l, const struct corpus *part, bool (*stop)(void), struct error *err)
{
	struct tallies t = {0};
	struct corpus *whole = NULL;
	if (!corpus_open(corpus_root(part), corpus_annotator(part), &whole, err))
		return false;
	bool fine = count_corpus(whole, stop, &t) ||
	            error_set(err, ERROR_USAGE, NULL, "interrupted while counting: learned.yaml is as it was");
	corpus_free(whole);
	sort_tallies(&t);
	struct tallies before = l->counted;
	l->counted = fine ? t : before;
	free_tallies(fine ? &before : &t);
	return fine;
}

/* ---- use --------------------------------------------------------------------------------------------------------- */

static void prepare(struct learned *l, const struct tally *one)
{
	codepoint word[LEXICON_WORD];
	size_t n = 0, off = 0, step;
	class_id class = pack_class(l->pack, str_of(one->label));
	bool wanted = one->accepted > one->rejected, unwanted = one->accepted == 0 && one->rejected >= 2;
	if (class == CLASS_NONE || !l->pack->classes[class].label || !(wanted || unwanted) || !fits(str_of(one->text)))
		return;
	while (n < LEXICON_WORD && (step = utf8_step(str_of(one->text), off, &word[n])) > 0) {
		off += step;
		n++;
	}
	uint64_t score = 1000 * (one->accepted + 1) / (one->accepted + one->rejected + 2);
	(void)lexicon_add(wanted ? l->proposed : l->left_out, word, n, class, (uint16_t)(score < 999 ? score : 999));
}

void learned_prepare(struct learned *l, const struct pack *p)
{
	lexicon_free(l->proposed);
	lexicon_free(l->left_out);
	l->pack = p;
	l->proposed = lexicon_new(l->counted.n > 1000, l->counted.n);
	l->left_out = lexicon_new(l->counted.n > 1000, l->counted.n);
	for (size_t i = 0; i < l->fixed.n; i++)
		prepare(l, &l->fixed.list[i]);
	for (size_t i = 0; i < l->counted.n; i++) {
		const struct tally *one = &l->counted.list[i];
		bool overruled = l->fixed.n && bsearch(one, l->fixed.list, l->fixed.n, sizeof(*one), by_key);
		if (!overruled)
			prepare(l, one);
	}
}

/* The longest word that begins at off: its end and its best class; 0: none. */
static size_t longest_at(const struct lexicon *words, struct str text, size_t off, struct lexicon_out *best)
{
	size_t end = 0, step;
	uint32_t state = 0;
	codepoint c;
	while ((step = utf8_step(text, off, &c)) > 0 && (state = lexicon_step(words, state, c)) > 0) {
		off += step;
		const struct lexicon_out *o = lexicon_first(words, state);
		if (!o)
			continue;
		end = off;
		*best = *o;
		while ((o = lexicon_next(words, o)) != NULL)
			if (o->value > best->value || (o->value == best->value && o->class < best->class))
				*best = *o;
	}
	return end;
}

static bool is_left_out(const struct learned *l, struct str text, const struct found *f)
{
	struct str word = str_sub(text, f->off, f->end);
	uint32_t state = 0;
	codepoint c;
	for (size_t off = 0, step; (step = utf8_step(word, off, &c)) > 0; off += step)
		if ((state = lexicon_step(l->left_out, state, c)) == 0)
			return false;
	for (const struct lexicon_out *o = lexicon_first(l->left_out, state); o; o = lexicon_next(l->left_out, o))
		if (o->class == f->class)
			return true;
	return false;
}

static bool is_kept_by_person(const struct learned *l, struct set *judged, size_t off, size_t end)
{
	size_t *near = NULL, n = 0, cap = 0;
	bool kept = false;
	if (!judged)
		return false;
	set_touching(judged, off, end, &near, &n, &cap);
	for (size_t i = 0; i < n && !kept; i++) {
		const struct span *s = set_span(judged, near[i]);
		const struct schema *schema = set_schema(judged);
		class_id class = s->label < schema->n_labels ? pack_class(l->pack, schema->labels[s->label].name) : CLASS_NONE;
		bool holds_others = class != CLASS_NONE && l->pack->classes[class].container;
		kept = verdict_keeps((enum verdict)s->verdict) && !holds_others && s->off < end && off < s->end;
	}
	mem_free(near);
	return kept;
}

struct additions {
	struct found *list;
	size_t n;
	uint32_t *reach; /* for each span of the extraction the furthest end up to it */
};

static bool is_taken(const struct learned *l, const struct extraction *x, const uint32_t *reach, struct found one)
{
	size_t low = 0, high = x->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (x->spans[middle].off < one.end)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i-- > 0 && reach[i] > one.off;) {
		const struct found *f = &x->spans[i];
		if (!f->dropped && f->end > one.off && (!l->pack->classes[f->class].container || f->class == one.class))
			return true;
	}
	return false;
}

static void find_additions(const struct learned *l, struct str text, const struct zones *zones, struct set *judged,
                           const struct extraction *x, struct additions *out)
{
	for (size_t off = 0, step; out->n < LEARNED_MOST && (step = utf8_step(text, off, NULL)) > 0; off += step) {
		struct lexicon_out best = {0};
		size_t end = longest_at(l->proposed, text, off, &best);
		if (end == 0)
			continue;
		const struct zone *zone = zones_at(zones, off);
		struct found one = {.off = (uint32_t)off,
		                    .end = (uint32_t)end,
		                    .class = best.class,
		                    .rule = RULE_LEARNED,
		                    .score = best.value,
		                    .zone = (uint8_t)zone->kind};
		bool shown = zone->kind == ZONE_TITLE || zone->kind == ZONE_BYLINE || zone->kind == ZONE_BODY;
		if (!shown || is_taken(l, x, out->reach, one) || is_kept_by_person(l, judged, off, end))
			continue;
		out->list[out->n++] = one;
		step = end - off;
	}
}

/* Both lists are in order of position; spans that facts name get other indices or go. */
static void join(struct extraction *x, const struct additions *more)
{
	uint32_t *moved = mem_array(x->n + 1, sizeof(*moved));
	struct found *all = mem_array(x->n + more->n + 1, sizeof(*all));
	size_t n = 0, next = 0;
	for (size_t i = 0; i < x->n; i++) {
		while (next < more->n && more->list[next].off < x->spans[i].off)
			all[n++] = more->list[next++];
		moved[i] = x->spans[i].dropped ? UINT32_MAX : (uint32_t)n;
		if (x->spans[i].dropped)
			mem_free(x->spans[i].value);
		else
			all[n++] = x->spans[i];
	}
	while (next < more->n)
		all[n++] = more->list[next++];
	size_t kept = 0;
	for (size_t i = 0; i < x->n_relations; i++) {
		struct fact_relation r = x->relations[i];
		r.from = moved[r.from];
		r.to = moved[r.to];
		if (r.from != UINT32_MAX && r.to != UINT32_MAX)
			x->relations[kept++] = r;
	}
	x->n_relations = kept;
	for (size_t i = 0; i < x->n_fields; i++)
		if (x->fields[i].span != UINT32_MAX)
			x->fields[i].span = moved[x->fields[i].span];
	mem_free(x->spans);
	mem_free(moved);
	x->cap = x->n + more->n + 1;
	x->spans = all;
	x->n = n;
}

void learned_apply(const struct learned *l, struct str text, const struct zones *zones, struct set *judged,
                   struct extraction *x)
{
	struct additions more = {.list = mem_array(LEARNED_MOST, sizeof(*more.list)),
	                         .reach = mem_array(x->n + 1, sizeof(*more.reach))};
	uint32_t furthest = 0;
	bool dropped = false;
	for (size_t i = 0; i < x->n; i++) {
		struct found *f = &x->spans[i];
		f->dropped = is_left_out(l, text, f);
		dropped = dropped || f->dropped;
		furthest = f->end > furthest ? f->end : furthest;
		more.reach[i] = furthest;
	}
	find_additions(l, text, zones, judged, x, &more);
	if (dropped || more.n)
		join(x, &more);
	mem_free(more.list);
	mem_free(more.reach);
}
