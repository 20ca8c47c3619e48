/* brat_out: brat's standoff files written; see brat.h.
 *
 * First the lines of the file that the article came from, in their order, each as it stood if it is still true, changed
 * or left out if it is not; then what came since, with ids that follow. */
#include <string.h>

#include "annotations/formats/brat_writing.h"

/* ---- lines ---------------------------------------------------------------------------------------------------- */

void brat_write_line(struct writing *w, struct str line)
{
	buf_add(&w->file, line);
	buf_adds(&w->file, w->newline);
}

static void write_span(struct writing *w, size_t i)
{
	const struct record_span *s = &w->out->spans[i];
	struct str line = node_get_text(record_kept(w->out->job, s->map), S("line")), type;
	struct record_fragment *f = NULL;
	size_t n = 0;
	w->span_done[i] = true;
	brat_use_label(w->used, s->label);
	bool same = line.n && brat_bound_of(line, &type, &f, &n) && n == s->n && brat_means(type, s->label);
	for (size_t k = 0; same && k < n; k++)
		same = f[k].start == s->fragments[k].start && f[k].stop == s->fragments[k].stop;
	mem_free(f);
	if (same) {
		brat_write_line(w, line);
		return;
	}
	brat_add_bound(&w->file, w->span_ids[i], s->label, s->fragments, s->n, w->out->text);
	buf_adds(&w->file, w->newline);
}

/* The kept line as long as its ends and type are those of the relation. */
static bool same_relation(const struct writing *w, const struct record_relation *r, struct str line)
{
	struct str id, rest, words[4], role, target;
	struct referent from, to;
	if (!brat_line(line, &id, &rest) || brat_words(str_trim(rest), words, 4) != 3 || !brat_means(words[0], r->type))
		return false;
	return brat_pair(words[1], &role, &target) && brat_refer(w, target, &from) && from.span == r->from &&
	       brat_pair(words[2], &role, &target) && brat_refer(w, target, &to) && to.span == r->to;
}

static void write_relation(struct writing *w, size_t i)
{
	const struct record_relation *r = &w->out->relations[i];
	struct str line = node_get_text(record_kept(w->out->job, r->map), S("line"));
	w->relation_done[i] = true;
	brat_use_relation(w->used, r->type);
	if (line.n && same_relation(w, r, line)) {
		brat_write_line(w, line);
		return;
	}
	brat_add_relation(&w->file, w->relation_ids[i], r->type, w->span_ids[r->from], w->span_ids[r->to]);
	buf_adds(&w->file, w->newline);
}

/* The relation that a role or two members of a group stand for. */
static bool find_relation(struct writing *w, struct str type, size_t from, size_t to, size_t *i)
{
	struct str value;
	struct buf plain = {0};
	record_add_plain(&plain, type);
	brat_relation_key(&w->scratch, buf_str(&plain), from, to);
	buf_free(&plain);
	if (!strmap_get(&w->relations, buf_str(&w->scratch), &value))
		return false;
	memcpy(i, value.p, sizeof *i);
	return true;
}

/* The type of an event is the label of its trigger; one that was corrected goes into the event too. */
static struct str event_type(const struct record_span *trigger, struct str type)
{
	struct str was = node_get_text(node_get(trigger->map, S("original")), S("label"));
	return was.n && brat_means(type, was) ? trigger->label : type;
}

/* The one that came from this role of this event, where it still says so. */
static bool find_role(struct writing *w, struct str event, size_t number, struct str type, size_t from, size_t to, size_t *i)
{
	struct str value;
	struct buf id = {0}, plain = {0};
	buf_addf(&id, "%.*s-%zu", (int)event.n, event.p, number);
	bool found = strmap_get(&w->roles, buf_str(&id), &value);
	if (found) {
		memcpy(i, value.p, sizeof *i);
		record_add_plain(&plain, type);
		const struct record_relation *r = &w->out->relations[*i];
		found = r->from == from && r->to == to && str_eq(r->type, buf_str(&plain));
	}
	buf_free(&plain);
	buf_free(&id);
	return found || find_relation(w, type, from, to, i);
}

static bool add_role(struct writing *w, struct buf *line, struct str event, size_t number, struct str word, size_t trigger,
                     struct str type)
{
	struct str role, target;
	struct referent to;
	size_t relation;
	if (!brat_pair(word, &role, &target) || !brat_refer(w, target, &to))
		return false;
	if (to.span != NONE) {
		if (!find_role(w, event, number, brat_role(role), trigger, to.span, &relation))
			return false;
		w->relation_done[relation] = true;
	}
	brat_use_role(w->used, type, brat_role(role));
	buf_addc(line, ' ');
	buf_add(line, word);
	return true;
}

static void write_event(struct writing *w, struct str line, struct str id, struct str rest)
{
	size_t at = str_byte(rest, ' ', 0), number = 0;
	struct str type, trigger;
	struct referent r;
	struct buf made = {0};
	bool whole = true;
	if (!brat_refer(w, id, &r) || r.span == NONE ||
	    !brat_pair(str_sub(rest, 0, at == NOWHERE ? rest.n : at), &type, &trigger))
		return;
	struct str now = event_type(&w->out->spans[r.span], type);
	whole = str_eq(now, type);
	buf_addf(&made, "%.*s\t%.*s:%.*s", (int)id.n, id.p, (int)now.n, now.p, (int)trigger.n, trigger.p);
	while (at < rest.n) {
		size_t end = str_byte(rest, ' ', at + 1);
		struct str word = str_sub(rest, at + 1, end == NOWHERE ? rest.n : end);
		if (word.n && !add_role(w, &made, id, ++number, word, r.span, now))
			whole = false;
		at = end;
	}
	brat_write_line(w, whole ? line : buf_str(&made));
	buf_free(&made);
}

/* `*`: a group is cut where two neighbours are no longer together. */
static void end_group(struct writing *w, struct buf *group, size_t members)
{
	if (members > 1)
		brat_write_line(w, buf_str(group));
	buf_clear(group);
}

static void write_group(struct writing *w, struct str rest)
{
	size_t at = str_byte(rest, ' ', 0), before = NOWHERE, relation, members = 0;
	struct str type = str_sub(rest, 0, at == NOWHERE ? rest.n : at);
	struct buf group = {0};
	while (at < rest.n) {
		size_t end = str_byte(rest, ' ', at + 1);
		struct str id = str_sub(rest, at + 1, end == NOWHERE ? rest.n : end);
		struct referent r;
		at = end;
		if (!id.n || !brat_refer(w, str_trim(id), &r) || r.span == NONE)
			continue;
		bool together = before != NOWHERE && find_relation(w, type, before, r.span, &relation);
		if (together)
			w->relation_done[relation] = true;
		if (!together && before != r.span) {
			end_group(w, &group, members);
			members = 0;
			buf_addf(&group, "*\t%.*s", (int)type.n, type.p);
		}
		buf_addc(&group, ' ');
		buf_add(&group, id);
		members++;
		before = r.span;
	}
	end_group(w, &group, members);
	buf_free(&group);
}

/* ---- the lines of the file ------------------------------------------------------------------------------------ */

static void write_verbatim(struct writing *w, struct str line)
{
	struct str id, rest;
	struct referent r;
	char kind = brat_line(line, &id, &rest) ? id.p[0] : '\0';
	bool numbered = kind && brat_number(id) != NOWHERE;
	if (kind == '*' && id.n == 1)
		write_group(w, rest);
	else if (kind == 'E' && numbered)
		write_event(w, line, id, rest);
	else if ((kind == 'A' || kind == 'M') && numbered)
		brat_write_attribute(w, line, id, rest);
	else if (kind == 'N' && numbered)
		brat_write_link(w, line, rest);
	else if (kind == '#' && numbered)
		brat_write_note(w, line, id, rest);
	else if (kind != 'T' || !numbered || brat_refer(w, id, &r))
		brat_write_line(w, line);
}

static void write_referred(struct writing *w, struct str id)
{
	struct referent r;
	if (!brat_refer(w, id, &r))
		return;
	if (r.span != NONE && !w->span_done[r.span])
		write_span(w, r.span);
	else if (r.relation != NONE && !w->relation_done[r.relation])
		write_relation(w, r.relation);
}

/* A run comes from a sidecar, that is from anywhere: one that is much longer than there are items ends early, and what
 * is left follows as new. */
static void write_run(struct writing *w, struct str from, struct str to)
{
	size_t first = brat_number(from), last = brat_number(to);
	size_t most = 1000 + 2 * (set_spans(w->out->doc->set) + set_relations(w->out->doc->set));
	struct buf id = {0};
	if (first == NOWHERE || last == NOWHERE)
		return;
	for (size_t k = first; k <= last && k - first < most; k++) {
		buf_clear(&id);
		buf_addf(&id, "%c%zu", from.p[0], k);
		write_referred(w, buf_str(&id));
	}
	buf_free(&id);
}

static void write_lines(struct writing *w)
{
	for (size_t i = 0; w->lines && i < w->lines->n; i++) {
		struct str s = node_scalar(w->lines->items[i]);
		size_t dots = str_find(s, S(".."), 0);
		if (s.n && s.p[0] == '=')
			write_verbatim(w, str_sub(s, 1, s.n));
		else if (dots == NOWHERE)
			write_referred(w, s);
		else
			write_run(w, str_sub(s, 0, dots), str_sub(s, dots + 2, s.n));
	}
}

/* ---- what came since ------------------------------------------------------------------------------------------ */

static void write_new(struct writing *w)
{
	const struct outgoing *o = w->out;
	for (size_t i = 0; i < o->n_spans; i++)
		if (!w->span_done[i])
			write_span(w, i);
	for (size_t i = 0; i < o->n_relations; i++) {
		if (w->relation_done[i])
			continue;
		if (!w->relation_ids[i].p)
			w->relation_ids[i] = brat_new_id(w, 'R');
		write_relation(w, i);
	}
	for (size_t i = 0; i < o->n_spans; i++)
		brat_write_parts(w, (struct referent){(uint32_t)i, NONE}, w->span_ids[i]);
	for (size_t i = 0; i < o->n_relations; i++)
		if (w->relation_ids[i].p)
			brat_write_parts(w, (struct referent){NONE, (uint32_t)i}, w->relation_ids[i]);
}

/* What a line cannot hold. */
static void count_losses(const struct outgoing *o)
{
	for (size_t i = 0; i < o->n_spans + o->n_relations; i++) {
		const struct node *map = i < o->n_spans ? o->spans[i].map : o->relations[i - o->n_spans].map;
		const struct node *links = node_get(map, S("links"));
		for (size_t k = 0; links && links->kind == NODE_LIST && k < links->n; k++)
			if (!node_get_text(links->items[k], S("db")).n || !node_get_text(links->items[k], S("id")).n)
				losses_add(&o->job->losses, 1, "links without a database or id");
	}
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static void make_file(struct writing *w)
{
	const struct outgoing *o = w->out;
	const struct node *kept = record_kept(o->job, o->top);
	bool crlf = str_eq(node_get_text(kept, S("newlines")), S("crlf"));
	bool open = str_eq(node_get_text(kept, S("end")), S("open"));
	w->newline = crlf ? "\r\n" : "\n";
	if (str_eq(node_get_text(kept, S("mark")), S("bom")))
		buf_adds(&w->file, "\xEF\xBB\xBF");
	w->lines = node_get(kept, S("lines"));
	if (w->lines && w->lines->kind != NODE_LIST)
		w->lines = NULL;
	w->span_ids = mem_array(o->n_spans + 1, sizeof *w->span_ids);
	w->span_done = mem_array(o->n_spans + 1, sizeof *w->span_done);
	w->relation_ids = mem_array(o->n_relations + 1, sizeof *w->relation_ids);
	w->relation_done = mem_array(o->n_relations + 1, sizeof *w->relation_done);
	for (size_t i = 0; i < COUNT_OF(w->next); i++)
		w->next[i] = 1;
	brat_index_items(w);
	brat_index_lines(w);
	for (size_t i = 0; i < o->n_spans; i++)
		if (!w->span_ids[i].p)
			w->span_ids[i] = brat_new_id(w, 'T');
	write_lines(w);
	write_new(w);
	if (open && str_ends(buf_str(&w->file), str_of(w->newline)))
		w->file.n -= strlen(w->newline);
}

static void free_writing(struct writing *w)
{
	buf_free(&w->file);
	buf_free(&w->scratch);
	strmap_free(&w->ids);
	strmap_free(&w->roles);
	strmap_free(&w->relations);
	strmap_free(&w->said);
	mem_free(w->span_ids);
	mem_free(w->span_done);
	mem_free(w->relation_ids);
	mem_free(w->relation_done);
	arena_free(&w->memory);
}

bool brat_export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing out;
	if (!outgoing_make(job, d, &out, err))
		return false;
	struct writing w = {.out = &out, .used = job->state};
	char *ann = record_file(&out, ".ann"), *txt = record_file(&out, ".txt");
	brat_use_corpus(w.used, d->corpus, set_schema(d->set));
	count_losses(&out);
	make_file(&w);
	bool fine = job->write_file(job->ctx, txt, out.text, err) &&
	            job->write_file(job->ctx, ann, buf_str(&w.file), err);
	job->articles += fine;
	free_writing(&w);
	mem_free(ann);
	mem_free(txt);
	outgoing_free(&out);
	return fine;
}

bool brat_begin(struct export_job *job, struct error *err)
{
	(void)err;
	job->state = brat_used_new();
	return true;
}

bool brat_end(struct export_job *job, struct error *err)
{
	bool fine = !job->articles || brat_conf_export(job, job->state, err);
	brat_used_free(job->state);
	job->state = NULL;
	return fine;
}
