/* rules_lists.c: the word lists of a rule file. */
#include "annotations/extract/rules_read.h"
#include "model/fold.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Where a word of a list stands in the file: the text of a scalar has lost its indentation. */
static bool bad_word(const struct reader *r, const struct node *list, struct str word, size_t line, const char *message, struct error *err)
{
	size_t off = 0;
	for (size_t i = 1; i < line && off != NOWHERE && off < r->bytes.n; i++) {
		off = str_byte(r->bytes, '\n', off);
		off = off == NOWHERE ? r->bytes.n : off + 1;
	}
	size_t found = str_find(r->bytes, word, off < r->bytes.n ? off : 0);
	size_t column = found == NOWHERE ? list->column : utf8_count(str_sub(r->bytes, off, found)) + 1;
	return error_at(err, ERROR_SCHEMA, r->path, line, column, "%s", message);
}

static bool add_word(struct reader *r, const struct node *list, class_id class, struct str word, size_t line, struct error *err)
{
	codepoint folded[LEXICON_WORD];
	size_t equals = str_byte(word, '=', 0), n = 0;
	uint64_t value = 0;
	struct str text = equals == NOWHERE ? word : str_sub(word, 0, equals);
	if (equals != NOWHERE && (!str_number(str_sub(word, equals + 1, word.n), &value) || value > UINT16_MAX))
		return bad_word(r, list, word, line, "what follows = must be a whole number up to 65535", err);
	codepoint c;
	for (size_t off = 0, step; (step = utf8_step(text, off, &c)) != 0; off += step) {
		if (n == LEXICON_WORD)
			return bad_word(r, list, word, line, "a word of more than 32 characters", err);
		folded[n++] = fold_cp(c);
	}
	return lexicon_add(r->pack->lexicon, folded, n, class, (uint16_t)value) || bad_word(r, list, word, line, "an empty word", err);
}

static bool read_words(struct reader *r, const struct node *node, class_id class, size_t line, struct error *err)
{
	struct str text = node->text;
	size_t i = 0;
	while (i < text.n) {
		if (is_blank(text.p[i])) {
			line += text.p[i++] == '\n';
			continue;
		}
		if (text.p[i] == '#') {
			size_t end = str_byte(text, '\n', i);
			i = end == NOWHERE ? text.n : end;
			continue;
		}
		size_t from = i;
		while (i < text.n && !is_blank(text.p[i]))
			i++;
		if (!add_word(r, node, class, str_sub(text, from, i), line, err))
			return false;
	}
	return true;
}

/* A block scalar begins on the line behind its `|`; its own line number is that of the sign. */
static bool is_block(const struct reader *r, const struct node *node)
{
	size_t off = 0;
	for (uint32_t i = 1; i < node->line; i++) {
		off = str_byte(r->bytes, '\n', off);
		if (off == NOWHERE)
			return false;
		off++;
	}
	off = utf8_skip(r->bytes, off, node->column - 1);
	return off < r->bytes.n && (r->bytes.p[off] == '|' || r->bytes.p[off] == '>');
}

bool rules_read_lists(struct reader *r, const struct node *lists, struct error *err)
{
	if (lists->kind != NODE_MAP)
		return error_at(err, ERROR_SCHEMA, r->path, lists->line, lists->column, "lists must be a map of names to words");
	for (size_t i = 0; i < lists->n; i++) {
		const struct node *list = lists->items[i];
		class_id class = pack_make_class(r->pack, lists->keys[i], r->path, list->line);
		if (class == CLASS_NONE)
			return error_at(err, ERROR_LIMIT, r->path, list->line, list->column, "too many lists");
		r->pack->classes[class].given = true;
		if (list->kind == NODE_SCALAR) {
			if (!read_words(r, list, class, list->line + (is_block(r, list) ? 1 : 0), err))
				return false;
			continue;
		}
		if (list->kind == NODE_MAP)
			return error_at(err, ERROR_SCHEMA, r->path, list->line, list->column, "a list is a text of words or a list of them");
		for (size_t k = 0; k < list->n; k++)
			if (list->items[k]->kind != NODE_SCALAR || !read_words(r, list->items[k], class, list->items[k]->line, err))
				return error_at(err, ERROR_SCHEMA, r->path, list->items[k]->line, list->items[k]->column, "a word must be text");
	}
	return true;
}
