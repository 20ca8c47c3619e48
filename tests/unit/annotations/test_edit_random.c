/* edit: every script of actions can be taken back, and what it leaves can be saved and loaded; scripts are random, from
 * fixed seeds. */
#include "edit_bench_fixture.h"

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static struct str any(struct bench *b, enum item_kind kind)
{
	size_t n = set_items(b->doc->set, kind);
	return n ? set_item_id(b->doc->set, kind, roll((uint32_t)n)) : S("none");
}

static void random_fragments(struct bench *b, struct fragment *f, size_t *n)
{
	size_t from = roll(40), gap = roll(4);
	*n = 1 + (roll(4) == 0);
	f[0] = piece(b, from, from + roll(5));
	f[1] = piece(b, from + 5 + gap, from + 5 + gap + roll(4));
	if (*n == 2 && f[1].end > article_text(b->doc->article).n)
		*n = 1;
}

/* One thing a reviewer might do; it may be refused. */
static void random_action(struct bench *b, struct group *g)
{
	static const char *const labels[] = {"PERSON", "POST", "ORG", "PLACE", "TIME", "新标签"};
	struct str id = any(b, ITEM_SPAN), ids[1] = {id};
	struct fragment f[2];
	size_t n;
	random_fragments(b, f, &n);
	uint16_t l = label(b, labels[roll(COUNT_OF(labels))]);
	enum item_kind judged = ITEM_SPAN + roll(3);
	switch (roll(16)) {
	case 0:
	case 1:
	case 2:
		(void)edit_verdict(g, b->doc, judged, any(b, judged), roll(VERDICTS), NULL);
		break;
	case 3:
	case 4:
		(void)edit_label(g, b->doc, id, l, roll(2), NULL);
		break;
	case 5:
	case 6:
		(void)edit_fragments(g, b->doc, id, f, n, NULL);
		break;
	case 7:
	case 8:
		(void)edit_add_span(g, b->doc, l, f, n, NULL, NULL);
		break;
	case 9:
		(void)edit_delete(g, b->doc, judged, any(b, judged), NULL);
		break;
	case 10:
		(void)edit_attribute(g, b->doc, id, S("role"), roll(3) ? S("no") : STR_NONE, NULL);
		break;
	case 11:
		(void)edit_note(g, b->doc, ITEM_SPAN, id, roll(3) ? S("a\n# b: c") : STR_NONE, NULL);
		(void)edit_flag(g, b->doc, judged, any(b, judged), roll(2) ? S("~") : STR_NONE, NULL);
		break;
	case 12:
		(void)edit_add_field(g, b->doc, S("chair"), S("2022-03-14"), ids, 1, NULL, NULL);
		(void)edit_field(g, b->doc, any(b, ITEM_FIELD), roll(2) ? S("017") : S("卢志军"), ids, roll(2), NULL);
		break;
	case 13:
		(void)edit_add_relation(g, b->doc, S("holds"), id, any(b, ITEM_SPAN), NULL, NULL);
		break;
	case 14:
		(void)edit_zone(g, b->doc, f[0].off, f[0].end, roll(2) ? S("nav") : S("body"), NULL);
		(void)edit_add_note(g, b->doc, S("note"), NULL, NULL);
		break;
	default:
		(void)edit_status(g, b->doc, roll(3), NULL);
		break;
	}
}

static char *rendered(struct bench *b)
{
	struct buf out = {0};
	sidecar_render(b->doc->sidecar, b->doc->set, &out);
	return buf_take(&out);
}

#define GROUPS 60

static void check_counts(struct bench *b)
{
	struct set *s = b->doc->set;
	struct counts by_hand = {0};
	for (size_t i = 0; i < set_spans(s); i++) {
		const struct span *x = set_span(s, i);
		by_hand.spans[x->verdict]++;
		by_hand.added += x->human;
		by_hand.flagged += x->flagged;
	}
	for (size_t i = 0; i < set_relations(s); i++)
		by_hand.flagged += set_relation(s, i)->flagged;
	for (size_t i = 0; i < set_fields(s); i++)
		by_hand.flagged += set_field(s, i)->flagged;
	const struct counts *kept = set_counts(s);
	assert_memory_equal(kept->spans, by_hand.spans, sizeof(by_hand.spans));
	assert_int_equal(kept->added, by_hand.added);
	assert_int_equal(kept->flagged, by_hand.flagged);
}

static struct group *random_group(struct bench *b)
{
	struct group *g = start();
	for (uint32_t acts = 1 + roll(4); acts--;)
		random_action(b, g);
	return g;
}

/* Each group and its inverse; all undone gives the first bytes; what is rendered loads as the same set. */
static void random_script(struct bench *b)
{
	struct group *done[GROUPS];
	char *states[GROUPS + 1];
	states[0] = rendered(b);
	for (int i = 0; i < GROUPS; i++) {
		done[i] = random_group(b);
		for (size_t k = 0; k < done[i]->n_ops; k++)
			OK(op_apply(b->doc->set, &done[i]->ops[k], &err_));
		states[i + 1] = rendered(b);
		check_counts(b);
	}
	for (int i = GROUPS; i-- > 0;) {
		struct group *back = group_inverse(done[i]);
		for (size_t k = 0; k < back->n_ops; k++) {
			assert_int_equal(op_state(b->doc->set, &back->ops[k]), OP_BEFORE);
			OK(op_apply(b->doc->set, &back->ops[k], &err_));
		}
		char *now = rendered(b);
		if (strcmp(now, states[i]) != 0)
			print_error("seed %u, group %d (%s):\n%s\n--- instead of\n%s\n", seed, i,
			            done[i]->what ? done[i]->what : "", now, states[i]);
		assert_string_equal(now, states[i]);
		mem_free(now);
		group_free(back);
	}
	/* Forward again, saved and loaded. */
	for (int i = 0; i < GROUPS; i++)
		for (size_t k = 0; k < done[i]->n_ops; k++)
			OK(op_apply(b->doc->set, &done[i]->ops[k], &err_));
	OK(sidecar_install(b->doc->sidecar, b->doc->set, str_of(states[GROUPS]), &err_));
	assert_file("a.txt.yaml", states[GROUPS]);
	char *again = rendered(b);
	assert_string_equal(again, states[GROUPS]);
	check_counts(b);
	mem_free(again);
	for (int i = 0; i <= GROUPS; i++)
		mem_free(states[i]);
	for (int i = 0; i < GROUPS; i++)
		group_free(done[i]);
}

static void test_random_scripts(void **state)
{
	(void)state;
	for (uint32_t start_seed = 1; start_seed <= 12; start_seed++) {
		(void)unlink("a.txt.yaml");
		put_corpus(start_seed % 4 ? THREE_SPANS "extra: {kept: [yes, 0x1F]}\n" : NULL);
		struct bench b;
		open_bench(&b);
		seed = start_seed * 1000;
		random_script(&b);
		close_bench(&b);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(test_random_scripts),
	};
	return cmocka_run_group_tests_name("edit_random", tests, NULL, NULL);
}
