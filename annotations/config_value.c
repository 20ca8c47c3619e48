/* config_value.c: see config_value.h. */
#include "annotations/config_value.h"

const struct node *config_get(const struct node *map, struct str key)
{
	const struct node *n = node_get(map, key);
	bool nothing = n && n->kind == NODE_SCALAR && n->text.n == 0 && !n->quoted;
	return nothing ? NULL : n;
}

bool config_fail(const struct config_source *from, const struct node *n, enum error_code code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	bool no = error_atv(from->err, code, from->path, n->line, n->column, format, args);
	va_end(args);
	return no;
}

void config_warn(const struct config_source *from, const struct node *n, enum error_code code, const char *format, ...)
{
	struct config_warnings *w = from->warnings;
	w->list = mem_grow(w->list, w->n + 1, sizeof(*w->list));
	w->list[w->n] = (struct error){0};
	va_list args;
	va_start(args, format);
	error_atv(&w->list[w->n++], code, from->path, n->line, n->column, format, args);
	va_end(args);
}

static bool is_named(struct str key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(key, str_of(names[i])))
			return true;
	return false;
}

void config_unknown(const struct config_source *from, const struct node *map, const char *const *names, size_t n)
{
	for (size_t i = 0; i < map->n; i++)
		if (!is_named(map->keys[i], names, n))
			config_warn(from, map->items[i], ERROR_SCHEMA,
			            "the key `%s` is not known here and has no effect", map->keys[i].p);
}

bool config_is(const struct config_source *from, const struct node *n, enum node_kind kind, const char *what)
{
	static const char *const kinds[] = {[NODE_SCALAR] = "text", [NODE_LIST] = "a list", [NODE_MAP] = "a map"};
	if (n->kind == kind)
		return true;
	return config_fail(from, n, ERROR_SCHEMA, "%s must be %s, not %s", what, kinds[kind], kinds[n->kind]);
}

bool config_text(const struct config_source *from, const struct node *n, const char *what, struct str *out)
{
	if (!config_is(from, n, NODE_SCALAR, what))
		return false;
	if (n->text.n == 0)
		return config_fail(from, n, ERROR_SCHEMA, "%s is empty", what);
	if (str_byte(n->text, '\0', 0) != NOWHERE)
		return config_fail(from, n, ERROR_SCHEMA, "%s contains a zero byte", what);
	*out = n->text;
	return true;
}

bool config_choice(const struct config_source *from, const struct node *n, const char *what, const char *const *names,
                   size_t count, size_t *out)
{
	struct str text;
	if (!config_text(from, n, what, &text))
		return false;
	struct buf choices = {0};
	for (size_t i = 0; i < count; i++) {
		if (str_eq(text, str_of(names[i]))) {
			buf_free(&choices);
			*out = i;
			return true;
		}
		buf_addf(&choices, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
	}
	config_fail(from, n, ERROR_SCHEMA, "%s must be %s, not `%s`", what, choices.p, text.p);
	buf_free(&choices);
	return false;
}

bool config_flag(const struct config_source *from, const struct node *n, const char *what, bool *out)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};
	size_t i;
	if (!config_choice(from, n, what, words, COUNT_OF(words), &i))
		return false;
	*out = i % 2 == 0;
	return true;
}
