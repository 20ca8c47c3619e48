/* paint: spans over rows, as runs and as lanes, by example and against a plain count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "annotations/paint.h"

struct page {
	struct schema *schema;
	struct article *article;
	struct set *set;
	struct reading *reading;
	struct layout *layout;
	unsigned spans;
};

static void add_label(struct schema *s, const char *name, char key)
{
	schema_add_label(s, str_of(name))->key = key;
}

static struct page page_of(const char *text, unsigned width)
{
	struct page p = {.schema = schema_new(), .article = article_of(str_of(text))};

	add_label(p.schema, "MEETING", 'm');
	add_label(p.schema, "ORG", 'g');
	add_label(p.schema, "DISEASE", 'd');
	add_label(p.schema, "SLOGAN", 's');
	add_label(p.schema, "PERSON", 'p');
	add_label(p.schema, "MEASURE", 'e');
	p.set = set_new(p.article, p.schema);
	p.reading = reading_new(p.article, NULL);
	p.layout = layout_new(p.reading, width, 1);
	return p;
}

static void page_free(struct page *p)
{
	layout_free(p->layout);
	reading_free(p->reading);
	set_free(p->set);
	article_free(p->article);
	schema_free(p->schema);
}

static struct node *pair(size_t from, size_t to)
{
	struct node *n = node_list();

	node_add(n, node_number(from));
	node_add(n, node_number(to));
	return n;
}

/* A span of one fragment, or with to2 > from2 of two. */
static void add_fragments(struct page *p, const char *label, size_t from, size_t to, size_t from2, size_t to2,
                          enum verdict verdict)
{
	struct node *map = node_map(), *at = node_list(), *texts = node_list();
	struct str text = article_text(p->article);
	struct error err = {0};
	struct buf id = {0};

	buf_addf(&id, "k%04u", p->spans++);
	node_put_text(map, S("id"), buf_str(&id));
	node_put_text(map, S("label"), str_of(label));
	node_add(at, pair(from, to));
	node_add(texts, node_text(str_sub(text, article_off(p->article, from), article_off(p->article, to))));
	if (to2 > from2) {
		node_add(at, pair(from2, to2));
		node_add(texts, node_text(str_sub(text, article_off(p->article, from2), article_off(p->article, to2))));
	}
	node_put(map, S("at"), at);
	node_put(map, S("text"), texts);
	node_put_text(map, S("verdict"), str_of(verdict_name(verdict)));
	assert_true(set_add(p->set, ITEM_SPAN, buf_str(&id), map, &err));
	node_free(map);
	buf_free(&id);
}

static void add(struct page *p, const char *label, size_t from, size_t to, enum verdict verdict)
{
	add_fragments(p, label, from, to, 0, 0, verdict);
}

static size_t index_at(struct page *p, size_t from, size_t to)
{
	for (size_t i = 0; i < set_spans(p->set); i++) {
		const struct span *s = set_span(p->set, i);

		if (s->off == article_off(p->article, from) && s->end == article_off(p->article, to))
			return i;
	}
	return NOWHERE;
}

/* ---- lanes -------------------------------------------------------------------------------------------------- */

static void lane_string(struct page *p, size_t current, size_t row_number, struct buf *out)
{
	static const char *const marks[] = {" ", "└", "┘", "┴", "╚", "╝"};
	static const char *const body[] = {"─", "═", "≡"};
	struct paint_request r = {.set = p->set, .current = current};
	struct place place = layout_move(p->layout, (struct place){0, 0}, (long)row_number, &(long){0});
	const struct block *b = layout_block(p->layout, place.block);
	const struct row *row = &b->rows[place.row];
	struct lane_cell *cells = mem_array(row->width + 1, sizeof(*cells));

	paint_lane(&r, b, row, cells, row->width);
	for (unsigned i = 0; i < row->width; i++) {
		const struct lane_cell *c = &cells[i];

		if (c->mark == LANE_LETTER || c->mark == LANE_STATE)
			buf_addc(out, c->letter);
		else if (c->mark != LANE_BODY && c->mark != LANE_NONE)
			buf_adds(out, marks[c->mark]);
		else if (c->current)
			buf_adds(out, "▔");
		else
			buf_adds(out, c->mark == LANE_BODY ? body[c->depth > 2 ? 2 : c->depth - 1] : " ");
	}
	mem_free(cells);
}

static void assert_lane(struct page *p, size_t current, size_t row, const char *expected)
{
	struct buf lane = {0};

	lane_string(p, current, row, &lane);
	assert_string_equal(lane.p, expected);
	buf_free(&lane);
}

static struct page nested_page(void)
{
	struct page p = page_of(
	        "完河南省委新冠肺炎疫情防控工作第十二次专题会议后,高建军强调,一要坚持“外防输入、内防反弹”总策略不放松",
	        44);

	add(&p, "MEETING", 1, 23, VERDICT_CORRECTED);
	add(&p, "ORG", 1, 5, VERDICT_ACCEPTED);
	add(&p, "DISEASE", 5, 9, VERDICT_UNDECIDED);
	add(&p, "SLOGAN", 7, 15, VERDICT_UNDECIDED);
	add(&p, "PERSON", 25, 28, VERDICT_UNDECIDED);
	add(&p, "MEASURE", 31, 51, VERDICT_UNDECIDED);
	add(&p, "SLOGAN", 36, 45, VERDICT_UNDECIDED);
	add(&p, "ORG", 36, 40, VERDICT_UNDECIDED);
	return p;
}

/* The picture of the specification: three deep, crossing, one current. */
static void test_lanes_nested(void **state)
{
	struct page p = nested_page();

	(void)state;
	assert_lane(&p, index_at(&p, 5, 9), 0, "  ╚M~════┘└D?▔└S?┘═══════════┘──────────────");
	assert_lane(&p, index_at(&p, 5, 9), 1, "─┘   └P?──┘     └E?──────╚S?≡≡≡≡┘═════════┘─");
	page_free(&p);
}

/* Of spans that start together the longest gives the letters, but the current one before all. */
static void test_lane_letters(void **state)
{
	struct page p = nested_page();

	(void)state;
	assert_lane(&p, index_at(&p, 36, 40), 1, "─┘   └P?──┘     └E?──────╚G?▔▔▔▔┘═════════┘─");
	page_free(&p);
}

static void test_lane_edges(void **state)
{
	struct page p = page_of("abcdef一二", 40);

	(void)state;
	add(&p, "ORG", 0, 1, VERDICT_UNDECIDED);
	add(&p, "PERSON", 2, 4, VERDICT_REJECTED);
	add(&p, "PERSON", 3, 6, VERDICT_ACCEPTED);
	add(&p, "DISEASE", 6, 8, VERDICT_REJECTED);
	assert_lane(&p, NOWHERE, 0, "┴ └╚P┘└Dx┘");
	page_free(&p);
}

static void test_lane_fragments(void **state)
{
	struct page p = page_of("一二三四五六七八", 40);

	(void)state;
	add_fragments(&p, "ORG", 0, 2, 5, 8, VERDICT_ACCEPTED);
	assert_lane(&p, NOWHERE, 0, "└G+┘      └G+──┘");
	page_free(&p);
}

/* An empty span, and one that lies in what is hidden, are marked where they would be. */
static void test_lane_empty(void **state)
{
	struct page p = page_of("落實(shí)責任", 40);

	(void)state;
	add(&p, "ORG", 1, 1, VERDICT_UNDECIDED);
	assert_lane(&p, NOWHERE, 0, "  └┘    ");
	add(&p, "PERSON", 3, 5, VERDICT_UNDECIDED);
	assert_lane(&p, NOWHERE, 0, "  └┘└┘  ");
	page_free(&p);
	p = page_of("ab", 40);
	add(&p, "ORG", 2, 2, VERDICT_UNDECIDED);
	assert_lane(&p, NOWHERE, 0, " ┴");
	page_free(&p);
}

/* ---- runs --------------------------------------------------------------------------------------------------- */

struct runs {
	struct run *list;
	size_t n, cap;
};

static struct runs runs_of(struct page *p, struct paint_request r, const struct block *b, const struct row *row)
{
	struct runs runs = {0};

	r.set = p->set;
	paint_row(&r, b, row, &runs.list, &runs.n, &runs.cap);
	return runs;
}

static const struct run *run_at(const struct runs *runs, unsigned col)
{
	for (size_t i = 0; i < runs->n; i++) {
		if (col >= runs->list[i].col && col < runs->list[i].col + runs->list[i].width)
			return &runs->list[i];
	}
	return NULL;
}

static void test_runs_nested(void **state)
{
	struct page p = nested_page();
	const struct block *b = layout_block(p.layout, 0);
	struct runs runs = runs_of(&p, (struct paint_request){.current = index_at(&p, 1, 23)}, b, &b->rows[0]);

	(void)state;
	assert_int_equal(run_at(&runs, 0)->label, PAINT_NO_LABEL);
	assert_int_equal(run_at(&runs, 0)->depth, 0);
	assert_int_equal(run_at(&runs, 2)->depth, 2);
	/* The current one gives the label although it is not the innermost. */
	assert_int_equal(run_at(&runs, 2)->label, 0);
	assert_true(run_at(&runs, 2)->current);
	assert_int_equal(run_at(&runs, 14)->depth, 3);
	mem_free(runs.list);
	runs = runs_of(&p, (struct paint_request){.current = NOWHERE}, b, &b->rows[0]);
	assert_int_equal(run_at(&runs, 2)->label, 1);
	assert_int_equal(run_at(&runs, 14)->label, 2);
	assert_int_equal(run_at(&runs, 18)->label, 3);
	assert_int_equal(run_at(&runs, 40)->label, 0);
	assert_int_equal(run_at(&runs, 40)->verdict, VERDICT_CORRECTED);
	mem_free(runs.list);
	page_free(&p);
}

static void test_runs_rejected(void **state)
{
	struct page p = page_of("一二三四", 40);
	const struct block *b = layout_block(p.layout, 0);
	struct runs runs;

	(void)state;
	add(&p, "ORG", 0, 4, VERDICT_ACCEPTED);
	add(&p, "PERSON", 1, 2, VERDICT_REJECTED);
	runs = runs_of(&p, (struct paint_request){.current = NOWHERE}, b, &b->rows[0]);
	assert_int_equal(runs.n, 1);
	assert_int_equal(runs.list[0].label, 1);
	assert_int_equal(runs.list[0].depth, 1);
	mem_free(runs.list);
	runs = runs_of(&p, (struct paint_request){.current = index_at(&p, 1, 2), .hide_rejected = true}, b,
	               &b->rows[0]);
	assert_int_equal(run_at(&runs, 2)->verdict, VERDICT_REJECTED);
	assert_true(run_at(&runs, 2)->current);
	mem_free(runs.list);
	page_free(&p);
}

static void test_runs_selection(void **state)
{
	struct page p = page_of("一二三四", 40);
	const struct block *b = layout_block(p.layout, 0);
	struct fragment match = {6, 9};
	struct runs runs = runs_of(
	        &p,
	        (struct paint_request){
	                .current = NOWHERE, .select_off = 3, .select_end = 9, .matches = &match, .n_matches = 1},
	        b, &b->rows[0]);

	(void)state;
	assert_int_equal(runs.n, 4);
	assert_false(run_at(&runs, 0)->selected);
	assert_true(run_at(&runs, 2)->selected);
	assert_false(run_at(&runs, 2)->match);
	assert_true(run_at(&runs, 4)->match);
	assert_false(run_at(&runs, 6)->selected);
	mem_free(runs.list);
	page_free(&p);
}

/* ---- against a plain count ----------------------------------------------------------------------------------- */

static unsigned depth_by_count(struct page *p, size_t off, size_t end)
{
	unsigned depth = 0;

	for (size_t i = 0; i < set_spans(p->set); i++) {
		const struct span *s = set_span(p->set, i);
		bool here = false;

		for (size_t f = 0; f < s->n_fragments; f++)
			here |= s->fragments[f].off < end && s->fragments[f].end > off;
		depth += here && s->verdict != VERDICT_REJECTED;
	}
	return depth;
}

static void check_row(struct page *p, const struct block *b, const struct row *row)
{
	struct runs runs = runs_of(p, (struct paint_request){.current = NOWHERE}, b, row);
	unsigned col = row->n ? b->clusters[row->first].col : 0;

	for (size_t i = 0; i < runs.n; i++) {
		assert_int_equal(runs.list[i].col, col);
		col += runs.list[i].width;
	}
	for (size_t i = 0; i < row->n; i++) {
		const struct cluster *k = &b->clusters[row->first + i];

		assert_int_equal(run_at(&runs, k->col)->depth, depth_by_count(p, b->off + k->off, b->off + k->end));
	}
	mem_free(runs.list);
}

static void test_runs_random(void **state)
{
	(void)state;
	srand(7);
	for (unsigned width = 6; width < 40; width += 3) {
		struct page p =
		        page_of("开封市委书记高建军abc主持,\n第二段 mixed text 一二三四五六七八九十。\n\n末段", width);
		size_t length = article_length(p.article);

		for (int i = 0; i < 25; i++) {
			size_t from = (size_t)rand() % length, to = from + 1 + (size_t)rand() % 12,
			       more = to + 2 + (size_t)rand() % 5;

			/* One that is hidden altogether is marked beside its place: another test. */
			if (article_text(p.article).p[article_off(p.article, from)] == '\n')
				continue;
			to = to < length ? to : length;
			if (i % 4 == 0 && more + 3 < length)
				add_fragments(&p, "ORG", from, to, more, more + 3, (enum verdict)(rand() % VERDICTS));
			else
				add(&p, i % 2 ? "ORG" : "PERSON", from, to, (enum verdict)(rand() % VERDICTS));
		}
		for (size_t off = 0; off < article_text(p.article).n;) {
			const struct block *b = layout_block(p.layout, off);

			for (size_t row = 0; row < b->n_rows; row++)
				check_row(&p, b, &b->rows[row]);
			off = b->end;
		}
		page_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lanes_nested),  cmocka_unit_test(test_lane_letters),
	        cmocka_unit_test(test_lane_edges),    cmocka_unit_test(test_lane_fragments),
	        cmocka_unit_test(test_lane_empty),    cmocka_unit_test(test_runs_nested),
	        cmocka_unit_test(test_runs_rejected), cmocka_unit_test(test_runs_selection),
	        cmocka_unit_test(test_runs_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
