/* article: the screen itself: the current span, what each action does or who does it, and the table of its
 * functions.  See article.h. */
#include "tui/screens/article.h"

struct review *review_of(const struct screen *s)
{
	return s->state;
}

/* ---- the current span --------------------------------------------------------------------------------------- */

static size_t clamp_index(struct review *v, size_t index)
{
	size_t n = set_spans(v->doc->set);

	return n == 0 ? NOWHERE : index < n ? index : n - 1;
}

static void remember(struct review *v, size_t index)
{
	char *id = NULL;

	if (index != NOWHERE) {
		const struct span *span = set_span(v->doc->set, index);

		id = str_dup(span->id);
		v->current_off = span->off;
	}
	mem_free(v->current);
	v->current = id;
	v->index = index;
	v->index_version = set_version(v->doc->set);
}

size_t review_index(struct review *v)
{
	size_t index;

	if (!v->current || v->index_version == set_version(v->doc->set))
		return v->current ? v->index : NOWHERE;
	index = set_find_span(v->doc->set, str_of(v->current));
	if (index == NOWHERE)
		index = clamp_index(v, set_from(v->doc->set, v->current_off));
	remember(v, index);
	return v->index;
}

const struct span *review_span(struct review *v)
{
	size_t index = review_index(v);

	return index == NOWHERE ? NULL : set_span(v->doc->set, index);
}

void review_go(struct review *v, size_t index)
{
	const struct span *span;

	index = index == NOWHERE ? NOWHERE : clamp_index(v, index);
	remember(v, index);
	v->search.at = NOWHERE;
	if (index == NOWHERE) {
		reading_hold(v->reading, NOWHERE, NOWHERE);
		return;
	}
	span = set_span(v->doc->set, index);
	if (span->anchoring == ANCHOR_LOST) {
		reading_hold(v->reading, NOWHERE, NOWHERE);
		return;
	}
	reading_hold(v->reading, span->off, span->end);
	review_center(v, span->off);
}

void review_go_id(struct review *v, struct str id)
{
	size_t index = set_find_span(v->doc->set, id);

	if (index != NOWHERE)
		review_go(v, index);
}

struct str review_label_name(const struct review *v, uint16_t label)
{
	const struct schema *schema = set_schema(v->doc->set);

	return label < schema->n_labels ? schema->labels[label].name : S("?");
}

/* Appends text cut in its middle to at most `cells`: the ends of a long name tell more than its beginning alone. */
static void add_shortened(struct review *v, struct str text, unsigned cells, struct buf *out)
{
	unsigned ambiguous = app_ambiguous(v->app), used;
	size_t head, tail = text.n, n;

	if (text_fit(text, cells, ambiguous, NULL) == text.n) {
		buf_add(out, text);
		return;
	}
	head = text_fit(text, cells * 2 / 3, ambiguous, &used);
	while (tail > head) {
		n = utf8_back(text, tail);
		if (text_width(str_sub(text, n, text.n), ambiguous) + used + 2 > cells)
			break;
		tail = n;
	}
	buf_add(out, str_sub(text, 0, head));
	buf_adds(out, app_ascii(v->app) ? "~" : "…");
	buf_add(out, str_sub(text, tail, text.n));
}

void review_quote(struct review *v, const struct span *span, unsigned cells, struct buf *out)
{
	struct buf text = {0};

	if (span->anchoring == ANCHOR_LOST) {
		/* It has no place: what it said stands in its record. */
		const struct node *said = node_get(set_node(v->doc->set, ITEM_SPAN, span->id), S("text"));

		for (size_t i = 0; said && said->kind == NODE_LIST && i < said->n; i++) {
			buf_adds(&text, i ? " … " : "");
			buf_add(&text, node_scalar(said->items[i]));
		}
		buf_add(&text, node_scalar(said));
	} else {
		for (size_t i = 0; i < span->n_fragments && text.n < 4 * (size_t)cells; i++) {
			size_t off = span->fragments[i].off, end = span->fragments[i].end;

			buf_adds(&text, i ? " … " : "");
			/* Of a long one the ends are enough. */
			if (end - off > 16 * (size_t)cells) {
				struct str raw = article_text(v->doc->article);

				reading_text(v->reading, off, utf8_floor(raw, off + 8 * (size_t)cells), &text);
				off = utf8_floor(raw, end - 8 * (size_t)cells);
			}
			reading_text(v->reading, off, end, &text);
		}
	}
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t')
			text.p[i] = ' ';
	}
	add_shortened(v, buf_str(&text), cells, out);
	buf_free(&text);
}

/* ---- actions ------------------------------------------------------------------------------------------------ */

static enum answer show_end_or_history(struct review *v, enum action action)
{
	struct article_arg arg = {.file = str_of(v->file), .item = str_of(v->current)};

	if (action == ACT_DONE)
		end_show(v);
	else
		app_push(v->app, &history_screen, &arg);
	return DONE;
}

static enum answer cancel(struct review *v)
{
	if (!v->relate_from && !v->search.pattern)
		return PASS;
	mem_free(v->relate_from);
	v->relate_from = NULL;
	search_end(v);
	return DONE;
}

static enum answer pane_toggle(struct review *v)
{
	bool shown = v->pane_rect.rows > 0;

	if (shown && !v->pane.shown_once)
		v->pane.place = PANE_HIDDEN;
	else if (!shown && v->pane.place == PANE_HIDDEN)
		v->pane.place = PANE_AUTO;
	v->pane.shown_once = !shown && app_rows(v->app) < 12;
	review_arrange(v, app_rows(v->app), app_cols(v->app));
	return DONE;
}

static enum answer more_act(struct review *v, enum action action)
{
	switch (action) {
	case ACT_EDIT:
		if (v->relate_from)
			relate_finish(v);
		else
			pane_enter(v, true);
		return DONE;
	case ACT_EDITOR:
		edit_outside(v);
		return DONE;
	case ACT_NOTE:
		edit_note_of_current(v);
		return DONE;
	case ACT_RELATE:
		relate_start(v);
		return DONE;
	case ACT_WHY:
		v->why = true;
		return DONE;
	case ACT_EXTRACT:
		if (app_read_only(v->app))
			app_say(v->app, "Opened with --read: nothing is changed");
		else
			(void)app_extract(v->app, str_of(v->file), false);
		return DONE;
	case ACT_FOCUS:
		pane_enter(v, false);
		return DONE;
	case ACT_PANE:
		return pane_toggle(v);
	case ACT_TOGGLES:
		v->mode = MODE_TOGGLES;
		return DONE;
	case ACT_FOLD:
		fold_here(v);
		return DONE;
	case ACT_ZONE:
		zone_ask(v);
		return DONE;
	case ACT_HISTORY:
	case ACT_DONE:
		return show_end_or_history(v, action);
	case ACT_CANCEL:
		return cancel(v);
	case ACT_BACK:
		return CLOSE;
	default:
		return PASS;
	}
}

/* A row of the page before stays in sight. */
static long page_rows(struct review *v)
{
	long rows = textview_rows(&v->text, v->text_rect);

	return rows > 2 ? rows - 1 : 1;
}

/* At the end of the text reading goes on to the end card, where nothing is left to judge and judging is what one came for. */
static void page_down(struct review *v)
{
	size_t open = set_counts(v->doc->set)->spans[VERDICT_UNDECIDED];

	if (!review_at_end(v))
		review_scroll(v, page_rows(v));
	else if (app_read_only(v->app))
		app_say(v->app, "End of the text: J goes to the next article, q back");
	else if (open)
		app_say(v->app, "End of the text; %zu span%s undecided: ; goes there", open, open == 1 ? " is" : "s are");
	else
		end_show(v);
}

static enum answer go_act(struct review *v, enum action action)
{
	switch (action) {
	case ACT_PAGE_DOWN:
		page_down(v);
		return DONE;
	case ACT_PAGE_UP:
		review_scroll(v, -page_rows(v));
		return DONE;
	case ACT_NEXT_ARTICLE:
		return review_leave_for(v, 1, false);
	case ACT_PREVIOUS_ARTICLE:
		return review_leave_for(v, -1, false);
	case ACT_SEARCH:
		search_ask(v);
		return DONE;
	case ACT_SEARCH_NEXT:
		search_go(v, 1);
		return DONE;
	case ACT_SEARCH_PREVIOUS:
		search_go(v, -1);
		return DONE;
	case ACT_ADD:
	case ACT_SELECT:
	case ACT_CARET_LEFT:
	case ACT_CARET_RIGHT:
	case ACT_FRAGMENT:
	case ACT_SPLIT:
		return select_act(v, action);
	default:
		return more_act(v, action);
	}
}

static enum answer text_act(struct review *v, enum action action)
{
	enum answer answer = judge_act(v, action);

	if (answer == PASS)
		answer = queue_act(v, action);
	return answer == PASS ? go_act(v, action) : answer;
}

static enum answer review_act(struct screen *s, enum action action)
{
	struct review *v = review_of(s);
	bool why = v->why;

	review_arrange(v, app_rows(v->app), app_cols(v->app));
	v->why = false;
	if (why && (action == ACT_WHY || action == ACT_CANCEL))
		return DONE;
	if (search_stop(v) && action == ACT_CANCEL) {
		app_say(v->app, "The search was stopped");
		return DONE;
	}
	switch (v->mode) {
	case MODE_SELECT:
		return select_act(v, action);
	case MODE_PANE:
		return pane_act(v, action);
	case MODE_TOGGLES:
		return toggle_act(v, action);
	case MODE_END:
		return end_act(v, action);
	case MODE_MENU:
		menu_close(v);
		return DONE;
	default:
		return text_act(v, action);
	}
}

/* ---- what is typed into fields and menus --------------------------------------------------------------------- */

static bool review_editing(const struct screen *s)
{
	const struct review *v = review_of(s);

	return v->mode == MODE_MENU || v->pane.editing;
}

static enum answer review_text(struct screen *s, struct str typed, bool pasted)
{
	struct review *v = review_of(s);

	if (v->mode == MODE_MENU)
		return pasted ? DONE : menu_text(v, typed);
	return v->pane.editing ? edit_text(v, typed) : PASS;
}

static enum answer review_edit_key(struct screen *s, uint32_t key)
{
	struct review *v = review_of(s);

	if (v->mode == MODE_MENU) {
		if (key == KEY_ESC_)
			menu_close(v);
		return DONE;
	}
	return v->pane.editing ? edit_key(v, key) : PASS;
}

static enum key_context review_context(const struct screen *s)
{
	static const enum key_context contexts[] = {
	        [MODE_TEXT] = IN_ARTICLE,    [MODE_SELECT] = IN_SELECT, [MODE_PANE] = IN_PANE,
	        [MODE_TOGGLES] = IN_TOGGLES, [MODE_MENU] = IN_LABELS,   [MODE_END] = IN_END,
	};

	return contexts[review_of(s)->mode];
}

static struct str review_file(const struct screen *s)
{
	return str_of(review_of(s)->file);
}

static bool review_show(struct screen *s, enum item_kind kind, struct str id)
{
	struct review *v = review_of(s);

	review_arrange(v, app_rows(v->app), app_cols(v->app));
	if (v->mode != MODE_PANE && !v->select.adding)
		v->mode = MODE_TEXT;
	if (kind == ITEM_SPAN) {
		review_go_id(v, id);
		return true;
	}
	if (kind == ITEM_ZONE)
		zones_show(v, id);
	else
		pane_go_item(v, kind, id);
	return true;
}

const struct screen_ops article_screen = {
        .name = "article",
        .context = IN_ARTICLE,
        .open = review_open,
        .draw = review_draw,
        .act = review_act,
        .text = review_text,
        .edit_key = review_edit_key,
        .editing = review_editing,
        .context_of = review_context,
        .mouse = review_mouse,
        .idle = review_idle,
        .refresh = review_refresh,
        .load = review_load,
        .work = review_work,
        .close = review_close,
        .file = review_file,
        .show = review_show,
};
