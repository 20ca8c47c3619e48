/* schema: labels by name and index, lists of labels, types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/schema.h"

static void test_labels(void **state)
{
	(void)state;
	static const char *const names[] = {"PERSON", "ORG", "A", "机构", "", "PERSO", "z", "Z"};
	struct schema *s = schema_new();
	assert_int_equal(schema_label(s, S("PERSON")), NOWHERE);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_true(str_eq(schema_add_label(s, str_of(names[i]))->name, str_of(names[i])));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		assert_int_equal(schema_label(s, str_of(names[i])), i);
		assert_int_equal(schema_intern(s, str_of(names[i])), i);
	}
	assert_int_equal(s->n_labels, COUNT_OF(names));
	assert_int_equal(schema_label(s, S("PERSONS")), NOWHERE);
	schema_free(s);
}

static void test_unknown_label(void **state)
{
	(void)state;
	struct schema *s = schema_new();
	schema_add_label(s, S("PERSON"))->known = true;
	uint16_t other = schema_intern(s, S("OTHER"));
	assert_int_equal(other, 1);
	assert_false(s->labels[other].known);
	assert_int_equal(s->labels[other].layer, LAYER_FREE);
	assert_int_equal(schema_intern(s, S("OTHER")), 1);
	schema_free(s);
	schema_free(NULL);
}

/* A sidecar with more labels than a schema holds: the last place takes all that are left, the others keep theirs. */
static void test_too_many_labels(void **state)
{
	(void)state;
	struct schema *s = schema_new();
	struct buf name = {0};
	for (unsigned i = 0; i < 3 * SCHEMA_LABELS; i++) {
		buf_clear(&name);
		buf_addf(&name, "L%u", i);
		uint16_t index = schema_intern(s, buf_str(&name));
		assert_int_equal(index, i < SCHEMA_LABELS - 1 ? i : SCHEMA_LABELS - 1);
	}
	assert_int_equal(s->n_labels, SCHEMA_LABELS);
	assert_int_equal(schema_label(s, S("L77")), 77);
	assert_true(str_eq(s->labels[SCHEMA_LABELS - 1].name, S("(too many labels)")));
	schema_add_label(s, S("one more"));
	assert_int_equal(s->n_labels, SCHEMA_LABELS);
	buf_free(&name);
	schema_free(s);
}

static void test_types(void **state)
{
	(void)state;
	struct attribute_type attributes[] = {{.name = S("role")}, {.name = S("iso")}};
	struct relation_type relations[] = {{.name = S("holds")}};
	struct field_type fields[] = {{.name = S("title")}, {.name = S("chair")}};
	struct schema s = {.attributes = attributes, .n_attributes = 2, .relations = relations, .n_relations = 1,
	                   .fields = fields, .n_fields = 2};
	assert_int_equal(schema_attribute(&s, S("iso")), 1);
	assert_int_equal(schema_attribute(&s, S("is")), NOWHERE);
	assert_int_equal(schema_relation(&s, S("holds")), 0);
	assert_int_equal(schema_relation(&s, S("")), NOWHERE);
	assert_int_equal(schema_field(&s, S("chair")), 1);
	assert_int_equal(schema_field(&s, S("Chair")), NOWHERE);
}

static void test_label_lists(void **state)
{
	(void)state;
	uint16_t some[] = {3, 7};
	struct label_list list = {some, 2}, every = {0};
	assert_true(label_list_has(&list, 7));
	assert_false(label_list_has(&list, 4));
	assert_true(label_list_has(&every, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels), cmocka_unit_test(test_unknown_label), cmocka_unit_test(test_too_many_labels),
		cmocka_unit_test(test_types),  cmocka_unit_test(test_label_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
