/* end: the end card: what was decided, what was never on screen, and the fields and relations that `y` accepts with the
 * article.  See article.h. */
#include "tui/screens/article.h"

/* Rows that fields leave: that of the line being filled, one that counts what had no room, one for relations. */
enum { ROWS_AFTER_FIELDS = 3 };
/* Columns that an end of a relation takes, and more than those of any that are told apart. */
enum { SHOWN_END = 16, WHOLE_END = 400 };

void end_show(struct review *v)
{
	v->end_unseen = seen_missing(v, &v->end_first_unseen);
	v->mode = MODE_END;
}

/* Both ends accepted or corrected, and with labels that the relation may have, which a correction can have changed: then
 * it may be taken with the rest. */
static bool ends_kept(struct review *v, const struct relation *r)
{
	const struct schema *schema = set_schema(v->doc->set);
	size_t from = set_find_span(v->doc->set, r->from), to = set_find_span(v->doc->set, r->to),
	       type = schema_relation(schema, r->type);
	const struct span *one, *other;

	if (from == NOWHERE || to == NOWHERE)
		return false;
	one = set_span(v->doc->set, from);
	other = set_span(v->doc->set, to);
	if (type != NOWHERE && !(label_list_has(&schema->relations[type].from, one->label) &&
	                         label_list_has(&schema->relations[type].to, other->label)))
		return false;
	return verdict_keeps(one->verdict) && verdict_keeps(other->verdict);
}

/* ---- what y and Enter do -------------------------------------------------------------------------------------- */

static bool add_rest(struct review *v, struct group *g, struct error *err)
{
	struct set *set = v->doc->set;

	for (size_t i = 0; i < set_fields(set); i++) {
		const struct field *f = set_field(set, i);

		if (f->verdict == VERDICT_UNDECIDED &&
		    !edit_verdict(g, v->doc, ITEM_FIELD, f->id, VERDICT_ACCEPTED, err))
			return false;
	}
	for (size_t i = 0; i < set_relations(set); i++) {
		const struct relation *r = set_relation(set, i);

		if (r->verdict == VERDICT_UNDECIDED && ends_kept(v, r) &&
		    !edit_verdict(g, v->doc, ITEM_RELATION, r->id, VERDICT_ACCEPTED, err))
			return false;
	}
	return true;
}

/* How far the day's work is, where that is known by now. */
static void say_done(struct app *a)
{
	struct corpus *c = app_corpus(a);
	size_t n = corpus_count(c), done = 0;

	for (size_t i = 0; i < n; i++)
		done += corpus_entry(c, i)->status == STATUS_DONE;
	if (corpus_known(c) == n)
		app_say(a, "Done, u undoes; %zu of %zu articles are done", done, n);
	else
		app_say(a, "Done, u undoes");
}

/* `done` is refused while spans are undecided or anything is flagged. */
static bool may_be_done(struct review *v)
{
	const struct counts *n = set_counts(v->doc->set);

	return n->spans[VERDICT_UNDECIDED] == 0 && n->flagged == 0;
}

static void add_undecided(struct buf *out, size_t n)
{
	if (n)
		buf_addf(out, "%zu span%s undecided: Enter goes there", n, n == 1 ? " is" : "s are");
}

/* What is undecided comes first. */
static void add_flagged(struct buf *out, const struct counts *n)
{
	if (n->flagged)
		buf_addf(out, "%zu flagged item%s it from being done%s", n->flagged, n->flagged == 1 ? " keeps" : "s keep",
		         n->spans[VERDICT_UNDECIDED] ? "" : ": Enter goes there");
}

static void say_refused(struct review *v)
{
	const struct counts *n = set_counts(v->doc->set);
	struct buf why = {0};

	add_undecided(&why, n->spans[VERDICT_UNDECIDED]);
	if (!why.n)
		add_flagged(&why, n);
	app_say(v->app, "%s", why.p);
	buf_free(&why);
}

static enum answer accept_rest(struct review *v)
{
	struct app *a = v->app;
	struct group *g;
	struct error err = {0};
	enum answer answer;

	if (!review_editable(v))
		return DONE;
	if (!may_be_done(v)) {
		say_refused(v);
		return DONE;
	}
	g = review_group(v);
	if (!review_commit(v, g, add_rest(v, g, &err) && edit_status(g, v->doc, STATUS_DONE, &err), &err))
		return DONE;
	answer = review_leave_for(v, 1, true);
	if (!app_message(a).n)
		say_done(a);
	return answer;
}

static bool go_undecided_item(struct review *v)
{
	size_t row = pane_next_open(v, NOWHERE);

	if (row == NOWHERE)
		return false;
	pane_enter(v, false);
	v->pane.singly = true;
	pane_go(v, row);
	return true;
}

static bool test_flagged(struct review *v, const struct span *span)
{
	(void)v;
	return span->flagged;
}

/* Spans first, as they stand in the text. */
static bool go_flagged(struct review *v)
{
	struct set *set = v->doc->set;
	size_t index = queue_step(v, 1, test_flagged, true), i = 0;

	if (index != NOWHERE) {
		review_go(v, index);
		return true;
	}
	while (i < set_fields(set) && !set_field(set, i)->flagged)
		i++;
	if (i < set_fields(set)) {
		pane_go_item(v, ITEM_FIELD, set_field(set, i)->id);
		return true;
	}
	for (i = 0; i < set_relations(set) && !set_relation(set, i)->flagged;)
		i++;
	if (i < set_relations(set))
		pane_go_item(v, ITEM_RELATION, set_relation(set, i)->id);
	return i < set_relations(set);
}

/* Unseen paragraphs first, then spans, then fields and relations, then what is flagged. */
static enum answer singly(struct review *v)
{
	size_t index;

	v->mode = MODE_TEXT;
	if (v->end_unseen) {
		review_center(v, v->end_first_unseen);
		app_say(v->app, "Never on screen until now; Space goes on, m is the end card");
		return DONE;
	}
	index = review_span(v) && span_open(review_span(v)) ? review_index(v) : queue_step(v, 1, test_open, true);
	if (index != NOWHERE)
		review_go(v, index);
	else if (go_undecided_item(v))
		return DONE;
	else if (go_flagged(v))
		app_say(v->app, "This is flagged: ! takes the flag away");
	else
		app_say(v->app, "Everything is decided: m and y finish the article");
	return DONE;
}

enum answer end_act(struct review *v, enum action action)
{
	switch (action) {
	case END_ACCEPT:
		return accept_rest(v);
	case END_LEAVE:
		return review_leave_for(v, 1, true);
	case END_SINGLY:
		return singly(v);
	case END_BACK:
	case ACT_CANCEL:
		v->mode = MODE_TEXT;
		return DONE;
	default:
		return PASS;
	}
}

/* ---- the card ----------------------------------------------------------------------------------------------- */

struct card {
	struct grid *g;
	struct rect r;
	int row;
	unsigned ambiguous;
};

/* The rows left for what follows. */
static int rows_left(const struct card *c)
{
	return c->r.row + c->r.rows - c->row;
}

static void put_line(struct card *c, int indent, struct str text, struct style style)
{
	if (rows_left(c) > 0)
		grid_text(c->g, c->row, c->r.col + indent, c->r.cols - indent - 1, text, style);
	c->row++;
}

/* Items in as few lines as they fit, under a name in front. */
struct flow {
	struct card *card;
	struct buf line;
	const char *name;
};

static void flow_end(struct flow *f)
{
	if (f->line.n == 0)
		return;
	if (rows_left(f->card) > 0 && *f->name)
		grid_text(f->card->g, f->card->row, f->card->r.col + 3, 10, str_of(f->name), PLAIN);
	put_line(f->card, 14, buf_str(&f->line), PLAIN);
	buf_clear(&f->line);
	f->name = "";
}

/* between: what stands in front of the text where it is not the first of its line. */
static void flow_put(struct flow *f, struct str text, struct str between)
{
	unsigned room = f->card->r.cols > 18 ? (unsigned)f->card->r.cols - 16 : 2;
	size_t width = text_width(buf_str(&f->line), f->card->ambiguous) + text_width(text, f->card->ambiguous);

	if (f->line.n && width + text_width(between, f->card->ambiguous) > room) {
		/* A list goes on below: its comma stays. */
		buf_add(&f->line, str_trim(between));
		flow_end(f);
	}
	if (f->line.n)
		buf_add(&f->line, between);
	buf_add(&f->line, text);
}

static void flow_add(struct flow *f, struct str text)
{
	flow_put(f, text, S("   "));
}

/* The next undecided value of that name from i on; NOWHERE: none. */
static size_t next_value(const struct set *set, struct str name, size_t i)
{
	for (; i < set_fields(set); i++)
		if (set_field(set, i)->verdict == VERDICT_UNDECIDED && str_eq(set_field(set, i)->name, name))
			return i;
	return NOWHERE;
}

/* All undecided values of the name of field `first`, a list over as many lines as it takes: what `y` accepts is shown.
 * Answers how many had no room. */
static size_t draw_values(const struct set *set, size_t first, bool *told, struct flow *f)
{
	struct str name = set_field(set, first)->name;
	struct buf item = {0};
	size_t more = 0;

	for (size_t i = first, next; i != NOWHERE; i = next) {
		next = next_value(set, name, i + 1);
		told[i] = true;
		if (rows_left(f->card) < ROWS_AFTER_FIELDS) {
			more++;
			continue;
		}
		buf_clear(&item);
		if (i == first) {
			buf_add(&item, name);
			buf_addc(&item, ' ');
		}
		buf_add(&item, set_field(set, i)->value);
		if (next == NOWHERE) {
			buf_addc(&item, ' ');
			buf_add(&item, verdict_mark(f->card->g, VERDICT_UNDECIDED));
		}
		flow_put(f, buf_str(&item), i == first ? S("   ") : S(", "));
	}
	buf_free(&item);
	return more;
}

/* Undecided values, those of one name together. */
static void draw_fields(struct review *v, struct card *c)
{
	struct flow f = {.card = c, .name = "fields"};
	struct set *set = v->doc->set;
	struct buf item = {0};
	size_t more = 0;
	bool *told = mem_array(set_fields(set) + 1, sizeof(*told));

	for (size_t i = 0; i < set_fields(set); i++)
		if (!told[i] && set_field(set, i)->verdict == VERDICT_UNDECIDED)
			more += draw_values(set, i, told, &f);
	if (more) {
		buf_addf(&item, "%zu more, in the pane", more);
		flow_add(&f, buf_str(&item));
	}
	flow_end(&f);
	mem_free(told);
	buf_free(&item);
	buf_free(&f.line);
}

static void add_end(struct review *v, struct str id, unsigned width, struct buf *out)
{
	size_t index = set_find_span(v->doc->set, id);

	if (index != NOWHERE)
		review_quote(v, set_span(v->doc->set, index), width, out);
}

/* Relations that read alike, which mentions of the same things in several places make. */
struct alike {
	struct buf whole, shown; /* with its ends whole, and as the card has room for them */
	size_t n;
};

static void add_relation(struct review *v, const struct card *c, const struct relation *r, unsigned width, struct buf *out)
{
	buf_add(out, r->type);
	buf_addc(out, ' ');
	add_end(v, r->from, width, out);
	buf_addc(out, ' ');
	buf_add(out, grid_mark(c->g, MARK_ARROW));
	buf_addc(out, ' ');
	add_end(v, r->to, width, out);
}

/* Those that y accepts, until `most` read differently; answers how many come after them. */
static size_t gather_relations(struct review *v, const struct card *c, struct alike *list, size_t most, size_t *n, size_t *other)
{
	struct buf whole = {0};
	size_t more = 0;

	for (size_t i = 0, k; i < set_relations(v->doc->set); i++) {
		const struct relation *r = set_relation(v->doc->set, pane_relation(v, i));

		if (r->verdict != VERDICT_UNDECIDED)
			continue;
		if (!ends_kept(v, r)) {
			(*other)++;
			continue;
		}
		if (*n == most) { /* the card is full: what is left is counted, however much it is */
			more++;
			continue;
		}
		buf_clear(&whole);
		add_relation(v, c, r, WHOLE_END, &whole);
		for (k = 0; k < *n && !str_eq(buf_str(&list[k].whole), buf_str(&whole));)
			k++;
		if (k == *n) {
			(*n)++;
			buf_add(&list[k].whole, buf_str(&whole));
			add_relation(v, c, r, SHOWN_END, &list[k].shown);
		}
		list[k].n++;
	}
	buf_free(&whole);
	return more;
}

static void draw_relations(struct review *v, struct card *c)
{
	struct flow f = {.card = c, .name = "relations"};
	struct buf item = {0};
	size_t most = rows_left(c) > 0 ? (size_t)rows_left(c) * 4 : 0, n = 0, other = 0;
	struct alike *list = mem_array(most + 1, sizeof(*list));
	size_t more = gather_relations(v, c, list, most, &n, &other);

	for (size_t i = 0; i < n; i++) {
		if (rows_left(c) < 6) {
			more += list[i].n;
		} else {
			if (list[i].n > 1)
				buf_addf(&list[i].shown, " %s%zu", app_ascii(v->app) ? "x" : "×", list[i].n);
			flow_add(&f, buf_str(&list[i].shown));
		}
		buf_free(&list[i].whole);
		buf_free(&list[i].shown);
	}
	mem_free(list);
	if (more) {
		buf_addf(&item, "%zu more whose ends are accepted", more);
		flow_add(&f, buf_str(&item));
	}
	if (other) {
		buf_clear(&item);
		buf_addf(&item, "%zu stay%s undecided: ends are not accepted, or do not fit", other,
		         other == 1 ? "s" : "");
		flow_add(&f, buf_str(&item));
	}
	flow_end(&f);
	buf_free(&item);
	buf_free(&f.line);
}

/* A line in bold where there is something to say. */
static void put_hindrance(struct card *c, struct buf *line)
{
	if (line->n)
		put_line(c, 3, buf_str(line), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	buf_clear(line);
}

static void draw_counts(struct review *v, struct card *c)
{
	const struct counts *n = set_counts(v->doc->set);
	struct buf line = {0};

	buf_addf(&line, "%zu span%s: %zu accepted, %zu corrected, %zu rejected, %zu added", set_spans(v->doc->set),
	         set_spans(v->doc->set) == 1 ? "" : "s", n->spans[VERDICT_ACCEPTED], n->spans[VERDICT_CORRECTED], n->spans[VERDICT_REJECTED], n->added);
	put_line(c, 3, buf_str(&line), PLAIN);
	buf_clear(&line);
	add_undecided(&line, n->spans[VERDICT_UNDECIDED]);
	put_hindrance(c, &line);
	add_flagged(&line, n);
	put_hindrance(c, &line);
	if (v->end_unseen)
		buf_addf(&line, "%zu paragraph%s never on screen: Enter shows %s", v->end_unseen,
		         v->end_unseen == 1 ? " was" : "s were", v->end_unseen == 1 ? "it" : "them");
	put_hindrance(c, &line);
	buf_free(&line);
}

/* What can be done, in full: the footer has room for a word or two only. */
static void draw_keys(struct review *v, struct card *c)
{
	static const struct {
		enum action action;
		const char *does;
	} keys[] = {
	        {END_ACCEPT, "accept these, done, next article"},
	        {END_LEAVE, "leave it reviewing"},
	        {END_BACK, "back"},
	        {END_SINGLY, "judge them singly"},
	};
	struct flow f = {.card = c, .name = ""};
	struct buf item = {0}, line = {0};

	if (rows_left(c) < 3)
		return;
	c->row++;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct str key;

		if (keys[i].action == END_ACCEPT && !may_be_done(v))
			continue;
		buf_clear(&item);
		app_keys(v->app, keys[i].action, &item);
		key = str_sub(buf_str(&item), 0, str_byte(buf_str(&item), ' ', 0));
		if (key.n > 2 && key.p[0] == '<')
			key = str_sub(key, 1, key.n - 1);
		buf_clear(&line);
		buf_add(&line, key);
		buf_addc(&line, ' ');
		buf_adds(&line, keys[i].does);
		flow_add(&f, buf_str(&line));
	}
	flow_end(&f);
	buf_free(&item);
	buf_free(&line);
	buf_free(&f.line);
}

void end_draw(struct review *v, struct grid *g)
{
	struct card c = {.g = g, .r = v->text_rect, .row = v->text_rect.row, .ambiguous = app_ambiguous(v->app)};
	struct buf title = {0};

	grid_fill(g, c.r, PLAIN);
	buf_adds(&title, set_status(v->doc->set) == STATUS_DONE ? "Done: " : "End of ");
	buf_add(&title, buf_str(&v->headline));
	put_line(&c, 1, buf_str(&title), (struct style){COLOR_DEFAULT, STYLE_BOLD});
	draw_counts(v, &c);
	draw_fields(v, &c);
	draw_relations(v, &c);
	draw_keys(v, &c);
	buf_free(&title);
}
