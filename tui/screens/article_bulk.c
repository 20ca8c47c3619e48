/* article_bulk: verdicts about many spans at once: of one string, or all that the filter shows; one group, so one
 * undo.  See article.h. */
#include "tui/screens/article.h"

static size_t span_length(const struct span *span)
{
	return span->end - span->off;
}

/* Most spans differ in their first character. */
static bool begin_alike(struct str raw, const struct span *a, const struct span *b)
{
	size_t n = utf8_step(raw, a->off, NULL);

	return str_eq(str_sub(raw, a->off, a->off + n), str_sub(raw, b->off, b->off + n));
}

/* By the reading text, so that a name with glosses is the name without. */
bool same_string(struct review *v, const struct span *a, const struct span *b)
{
	struct str raw = article_text(v->doc->article);
	struct buf one = {0}, other = {0};
	bool same;

	if (a->anchoring == ANCHOR_LOST || b->anchoring == ANCHOR_LOST || a->n_fragments != b->n_fragments)
		return false;
	if (span_length(a) == 0 || span_length(b) == 0 || !begin_alike(raw, a, b))
		return false;
	for (size_t i = 0; i < a->n_fragments; i++) {
		reading_text(v->reading, a->fragments[i].off, a->fragments[i].end, &one);
		reading_text(v->reading, b->fragments[i].off, b->fragments[i].end, &other);
	}
	same = str_eq(buf_str(&one), buf_str(&other));
	buf_free(&one);
	buf_free(&other);
	return same;
}

/* The span whose verdict is carried over: the current one where it is decided, else the one judged last. */
static const struct span *model_of(struct review *v)
{
	const struct span *span = review_span(v);
	size_t index;

	if (span && !span_open(span))
		return span;
	index = v->judged ? set_find_span(v->doc->set, str_of(v->judged)) : NOWHERE;
	span = index == NOWHERE ? NULL : set_span(v->doc->set, index);
	return span && !span_open(span) ? span : NULL;
}

static bool add_verdict(struct review *v, struct group *g, const struct span *span, enum verdict verdict,
                        uint16_t label, struct error *err)
{
	if (span->anchoring == ANCHOR_MOVED && verdict != VERDICT_REJECTED && !edit_reanchor(g, v->doc, span->id, err))
		return false;
	if (verdict == VERDICT_REJECTED)
		return edit_verdict(g, v->doc, ITEM_SPAN, span->id, verdict, err);
	return edit_label(g, v->doc, span->id, label, true, err);
}

/* Of which string: the current span is another by now, where a verdict went on. */
static void say_no_other(struct review *v, const struct span *model)
{
	struct buf quote = {0};

	review_quote(v, model, 24, &quote);
	app_say(v->app, "No other undecided span reads %s", buf_str(&quote).p);
	buf_free(&quote);
}

void bulk_same(struct review *v)
{
	const struct span *model = model_of(v);
	struct group *g;
	struct error err = {0};
	size_t changed = 0;
	bool ok = true;

	if (!model) {
		app_say(v->app, "Judge one first: = carries its verdict over to the same string");
		return;
	}
	if (!review_editable(v))
		return;
	g = review_group(v);
	for (size_t i = 0; ok && i < set_spans(v->doc->set); i++) {
		const struct span *span = set_span(v->doc->set, i);

		if (span == model || span->verdict != VERDICT_UNDECIDED || !same_string(v, model, span))
			continue;
		ok = add_verdict(v, g, span, model->verdict, model->label, &err);
		changed += ok;
	}
	if (changed == 0 && ok)
		say_no_other(v, model);
	if (!review_commit(v, g, ok, &err) || changed == 0)
		return;
	if (!review_span(v) || !span_open(review_span(v)))
		review_advance(v);
	app_say(v->app, "%zu more of the same string, u undoes", changed);
}

/* ---- all of the filter, or of the string -------------------------------------------------------------------- */

static bool takes_part(const struct span *span, enum verdict verdict)
{
	return span->verdict == VERDICT_UNDECIDED && (span->anchoring != ANCHOR_LOST || verdict == VERDICT_REJECTED);
}

static size_t count_open(struct review *v, enum verdict verdict, size_t from, size_t to)
{
	size_t count = 0;

	for (size_t rank = from; rank < to; rank++)
		count += takes_part(set_span(v->doc->set, queue_index(v, rank)), verdict);
	return count;
}

/* of: which string, in front of what is said; may be empty. */
static void bulk_judge(struct review *v, size_t from, size_t to, const char *of)
{
	struct group *g = review_group(v);
	struct error err = {0};
	size_t changed = 0;
	bool ok = true;

	for (size_t rank = from; ok && rank < to; rank++) {
		const struct span *span = set_span(v->doc->set, queue_index(v, rank));

		if (!takes_part(span, v->bulk))
			continue;
		ok = add_verdict(v, g, span, v->bulk, span->label, &err);
		changed += ok;
	}
	if (!review_commit(v, g, ok, &err))
		return;
	review_advance(v);
	app_say(v->app, "%s%s%zu %s, u undoes", of, *of ? ": " : "", changed, verdict_name(v->bulk));
}

static void answered(struct screen *s, char key)
{
	if (key == 'y')
		bulk_judge(review_of(s), 0, queue_size(review_of(s)), "");
}

/* In the order by string a group is looked at as one and decided as one: no question, as `u` takes it back as one. */
static void bulk_group(struct review *v, enum verdict verdict)
{
	size_t index = review_index(v), rank = index == NOWHERE ? NOWHERE : queue_rank(v, index), first, end, open;

	if (rank == NOWHERE) {
		app_say(v->app, "No span is current");
		return;
	}
	queue_group(v, rank, &first, &end, &open);
	if (count_open(v, verdict, first, end) == 0) {
		say_no_other(v, review_span(v));
		return;
	}
	struct buf quote = {0};

	review_quote(v, review_span(v), 24, &quote);
	v->bulk = verdict;
	bulk_judge(v, first, end, quote.p ? quote.p : "");
	buf_free(&quote);
}

void bulk_ask(struct review *v, enum verdict verdict)
{
	size_t count;
	struct buf question = {0};

	if (!review_editable(v))
		return;
	if (v->queue.order == ORDER_STRING) {
		bulk_group(v, verdict);
		return;
	}
	count = count_open(v, verdict, 0, queue_size(v));
	if (count == 0) {
		app_say(v->app, "No undecided span here");
		return;
	}
	v->bulk = verdict;
	buf_addf(&question, "%s all %zu undecided ", verdict == VERDICT_REJECTED ? "Reject" : "Accept", count);
	if (v->queue.label != PAINT_NO_LABEL)
		buf_add(&question, review_label_name(v, v->queue.label));
	else
		buf_adds(&question, "spans of this article");
	buf_adds(&question, "?  y yes  n no");
	app_ask(v->app, v->screen, buf_str(&question).p, "yn", answered);
	buf_free(&question);
}
