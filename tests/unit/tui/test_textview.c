/* textview: text and lanes on a grid, cells and offsets there and back, the middle third. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/utf8.h"
#include "tui/textview.h"

struct page {
	struct schema *schema;
	struct article *article;
	struct set *set;
	struct reading *reading;
	struct layout *layout;
	struct textview view;
	struct grid grid;
	unsigned spans;
};

static struct page page_of(const char *text, int rows, int cols, unsigned width)
{
	static const struct {
		const char *name;
		char key;
		enum color color;
	} labels[] = {
	        {"MEETING", 'm', COLOR_RED}, {"ORG", 'g', COLOR_YELLOW},  {"DISEASE", 'd', COLOR_GREEN},
	        {"SLOGAN", 's', COLOR_BLUE}, {"PERSON", 'p', COLOR_CYAN}, {"MEASURE", 'e', COLOR_WHITE},
	};
	struct page p = {.schema = schema_new(), .article = article_of(str_of(text))};

	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		struct label *l = schema_add_label(p.schema, str_of(labels[i].name));

		l->key = labels[i].key;
		l->color = labels[i].color;
	}
	p.set = set_new(p.article, p.schema);
	p.reading = reading_new(p.article, NULL);
	p.layout = layout_new(p.reading, width, 1);
	p.view = (struct textview){.layout = p.layout, .schema = p.schema, .color = true};
	p.grid.ambiguous = 1;
	grid_resize(&p.grid, rows, cols);
	return p;
}

static void page_free(struct page *p)
{
	grid_free(&p->grid);
	layout_free(p->layout);
	reading_free(p->reading);
	set_free(p->set);
	article_free(p->article);
	schema_free(p->schema);
}

static void add(struct page *p, const char *label, size_t from, size_t to, enum verdict verdict)
{
	struct node *map = node_map(), *at = node_list(), *place = node_list();
	struct error err = {0};
	struct buf id = {0};

	buf_addf(&id, "k%04u", p->spans++);
	node_put_text(map, S("id"), buf_str(&id));
	node_put_text(map, S("label"), str_of(label));
	node_add(place, node_number(from));
	node_add(place, node_number(to));
	node_add(at, place);
	node_put(map, S("at"), at);
	node_put_text(map, S("text"),
	              str_sub(article_text(p->article), article_off(p->article, from), article_off(p->article, to)));
	node_put_text(map, S("verdict"), str_of(verdict_name(verdict)));
	assert_true(set_add(p->set, ITEM_SPAN, buf_str(&id), map, &err));
	node_free(map);
	buf_free(&id);
}

static struct rect whole(const struct page *p)
{
	return (struct rect){0, 0, p->grid.rows, p->grid.cols};
}

static void assert_screen(struct page *p, size_t current, const char *expected)
{
	struct paint_request paint = {.set = p->set, .current = current};
	struct buf out = {0};

	textview_draw(&p->view, &paint, &p->grid, whole(p));
	grid_dump(&p->grid, &out, false);
	assert_string_equal(out.p, expected);
	buf_free(&out);
}

static struct page nested_page(void)
{
	struct page p = page_of(
	        "完河南省委新冠肺炎疫情防控工作第十二次专题会议后,高建军强调,一要坚持“外防输入、内防反弹”总策略不放松",
	        4, 50, 44);

	add(&p, "MEETING", 1, 23, VERDICT_CORRECTED);
	add(&p, "ORG", 1, 5, VERDICT_ACCEPTED);
	add(&p, "DISEASE", 5, 9, VERDICT_UNDECIDED);
	add(&p, "SLOGAN", 7, 15, VERDICT_UNDECIDED);
	add(&p, "PERSON", 25, 28, VERDICT_UNDECIDED);
	add(&p, "MEASURE", 31, 51, VERDICT_UNDECIDED);
	add(&p, "SLOGAN", 36, 45, VERDICT_UNDECIDED);
	add(&p, "ORG", 36, 40, VERDICT_UNDECIDED);
	p.view.lanes = 1;
	return p;
}

static void test_draw_lanes(void **state)
{
	struct page p = nested_page();

	(void)state;
	assert_screen(&p, 2,
	              "   完河南省委新冠肺炎疫情防控工作第十二次专题会\n"
	              "     ╚M~════┘└D?▔└S?┘═══════════┘──────────────\n"
	              "   议后,高建军强调,一要坚持“外防输入、内防反弹”\n"
	              "   ─┘   └P?──┘     └E?──────╚S?≡≡≡≡┘═════════┘─\n");
	p.grid.ascii = true;
	assert_screen(&p, 2,
	              "   完河南省委新冠肺炎疫情防控工作第十二次专题会\n"
	              "     {M~====)(D?^(S?)===========)--------------\n"
	              "   议后,高建军强调,一要坚持“外防输入、内防反弹”\n"
	              "   -)   (P?--)     (E?------{S?####)=========)-\n");
	page_free(&p);
}

/* Labelling moves no text: the text rows are the same with and without spans and lanes. */
static void test_text_stays(void **state)
{
	struct page bare = page_of("完河南省委新冠肺炎疫情防控工作第十二次专题会议后,高建军强调,"
	                           "一要坚持“外防输入、内防反弹”总策略不放松",
	                           4, 50, 44),
	            p = nested_page();
	struct paint_request none = {.set = bare.set, .current = NOWHERE}, all = {.set = p.set, .current = 3};
	struct buf one = {0}, other = {0};

	(void)state;
	p.view.lanes = 0;
	textview_draw(&bare.view, &none, &bare.grid, whole(&bare));
	textview_draw(&p.view, &all, &p.grid, whole(&p));
	grid_dump(&bare.grid, &one, false);
	grid_dump(&p.grid, &other, false);
	assert_string_equal(one.p, other.p);
	buf_free(&one);
	buf_free(&other);
	page_free(&bare);
	page_free(&p);
}

/* Without colour every state has a look of its own. */
static void test_styles_apart(void **state)
{
	struct textview v = {0};
	struct run runs[] = {
	        {.label = PAINT_NO_LABEL},
	        {.label = 0, .depth = 1, .verdict = VERDICT_UNDECIDED},
	        {.label = 0, .depth = 1, .verdict = VERDICT_CORRECTED},
	        {.label = 0, .depth = 0, .verdict = VERDICT_REJECTED},
	        {.label = 0, .depth = 2, .verdict = VERDICT_ACCEPTED},
	        {.label = 0, .depth = 1, .verdict = VERDICT_ACCEPTED, .current = true},
	        {.label = PAINT_NO_LABEL, .match = true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		for (size_t j = i + 1; j < COUNT_OF(runs); j++)
			assert_int_not_equal(textview_style(&v, &runs[i]).flags, textview_style(&v, &runs[j]).flags);
		assert_int_equal(textview_style(&v, &runs[i]).color, COLOR_DEFAULT);
	}
}

/* Every cell of text answers the offset that is drawn there. */
static void test_cells_and_offsets(void **state)
{
	struct page p = page_of("一二三abc四五六,\n\n段落二:一二三四五六七八九十。", 16, 30, 10);

	(void)state;
	for (int lanes = 0; lanes < 2; lanes++) {
		struct str text = article_text(p.article);

		p.view.lanes = lanes;
		for (size_t off = 0; off < text.n;) {
			size_t n = utf8_step(text, off, NULL);
			int row, col;

			if (text.p[off] != '\n') {
				assert_true(textview_cell(&p.view, whole(&p), off, &row, &col));
				assert_int_equal(textview_hit(&p.view, whole(&p), row, col), off);
			}
			off += n;
		}
		assert_int_equal(textview_hit(&p.view, whole(&p), 15, 3), NOWHERE);
		assert_int_equal(textview_hit(&p.view, whole(&p), 16, 3), NOWHERE);
	}
	page_free(&p);
}

static void test_center(void **state)
{
	struct buf text = {0};
	struct page p;
	int row, col;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_addf(&text, "第%d行\n", i);
	p = page_of(text.p, 30, 30, 20);
	for (size_t off = 0; off + 1 < article_text(p.article).n; off += 7) {
		size_t at = utf8_floor(article_text(p.article), off);

		textview_center(&p.view, whole(&p), at);
		assert_true(textview_cell(&p.view, whole(&p), at, &row, &col));
		/* Only the beginning of the text may stand above the middle third. */
		assert_true(row < 20);
		assert_true(row >= 10 || p.view.top.block == 0);
	}
	textview_center(&p.view, whole(&p), 0);
	assert_int_equal(p.view.top.block, 0);
	page_free(&p);
	buf_free(&text);
}

static void test_empty_article(void **state)
{
	struct page p = page_of("", 4, 30, 20);
	struct paint_request paint = {.set = p.set, .current = NOWHERE};

	(void)state;
	assert_int_equal(textview_draw(&p.view, &paint, &p.grid, whole(&p)), 0);
	assert_int_equal(textview_hit(&p.view, whole(&p), 0, 0), NOWHERE);
	textview_center(&p.view, whole(&p), 0);
	textview_scroll(&p.view, 5);
	page_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_draw_lanes),   cmocka_unit_test(test_text_stays),
	        cmocka_unit_test(test_styles_apart), cmocka_unit_test(test_cells_and_offsets),
	        cmocka_unit_test(test_center),       cmocka_unit_test(test_empty_article),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
