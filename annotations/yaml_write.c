/* yaml_write.c: see yaml_write.h.
 *
 * Plain is what starts with a letter (or anything that is not ASCII), holds no mark that means something to a reader in
 * some context, and is no word of YAML 1.1 (https://yaml.org/type/: bool, null) or 1.2.  All numbers, dates and times
 * of both start with an ASCII digit, a sign or a dot and are ASCII throughout: a digit may start what holds anything
 * else (3月12日). */
#include "annotations/yaml_write.h"

#include <string.h>

#include "model/utf8.h"

/* YAML 1.2.2, 7.4.3: a key without `?` has at most 1,024 characters to its colon. */
#define KEY_CHARACTERS 1000

/* ---- plain or not ------------------------------------------------------------------------------------------- */

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ascii_letter(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

/* Words that some reader takes for true, false or nothing, in any case. */
static bool is_trap_word(struct str text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
	if (text.n > strlen("false"))
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t n = strlen(words[i]), same = 0;
		while (same < n && same < text.n && ascii_lower(text.p[same]) == words[i][same])
			same++;
		if (same == n && text.n == n)
			return true;
	}
	return false;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

static bool starts_plain(struct str text, codepoint first)
{
	if (first >= 0x80)
		return !cp_is_space(first);
	if (first >= '0' && first <= '9')
		return !is_ascii(text);
	return ascii_letter(text.p[0]) || strchr("_/($", text.p[0]);
}

/* Marks that end or change a plain scalar: in a flow `,[]{}` and (to PyYAML) `?`; `:` where it may be taken for the end
 * of a key, and to be safe everywhere; `#` after a blank. */
static bool stays_plain(struct str text, size_t off, codepoint cp)
{
	if (cp == '#')
		return off > 0 && text.p[off - 1] != ' ';
	return cp >= 0x80 ? !cp_is_hidden(cp) : cp >= ' ' && cp != 0x7F && !strchr(",[]{}?:", (int)cp);
}

/* Bytes from off that are plain wherever they stand: letters, digits, ideographs (U+4E00 to U+9FFF). */
static size_t plain_run(struct str text, size_t off)
{
	const unsigned char *p = (const unsigned char *)text.p;
	size_t at = off;
	for (;;) {
		if (at < text.n && (ascii_letter(text.p[at]) || (p[at] >= '0' && p[at] <= '9')))
			at++;
		else if (text.n - at >= 3 && (p[at] == 0xE4 ? p[at + 1] >= 0xB8 : p[at] > 0xE4 && p[at] <= 0xE9) &&
		         (p[at + 1] & 0xC0) == 0x80 && (p[at + 2] & 0xC0) == 0x80)
			at += 3;
		else
			return at - off;
	}
}

static bool is_plain(struct str text)
{
	codepoint cp = 0;
	size_t step = utf8_step(text, 0, &cp);
	if (!step || !starts_plain(text, cp) || is_trap_word(text))
		return false;
	for (size_t off = 0, run; off < text.n; off += step) {
		if ((run = plain_run(text, off))) {
			step = run;
			cp = 'a';
			continue;
		}
		step = utf8_step(text, off, &cp);
		if (!stays_plain(text, off, cp))
			return false;
	}
	return !cp_is_space(cp);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void write_escape(struct buf *out, codepoint cp)
{
	if (cp == '\n')
		buf_adds(out, "\\n");
	else if (cp == '\t')
		buf_adds(out, "\\t");
	else if (cp == '\r')
		buf_adds(out, "\\r");
	else if (cp < 0x100)
		buf_addf(out, "\\x%02X", (unsigned)cp);
	else if (cp < 0x10000)
		buf_addf(out, "\\u%04X", (unsigned)cp);
	else
		buf_addf(out, "\\U%08X", (unsigned)cp);
}

static void write_quoted(struct buf *out, struct str text)
{
	codepoint cp = 0;
	buf_addc(out, '"');
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		if (cp == '"' || cp == '\\')
			buf_addc(out, '\\');
		if (cp & UTF8_BAD)
			utf8_add(out, 0xFFFD);
		else if (cp_is_hidden(cp))
			write_escape(out, cp);
		else
			buf_add(out, str_sub(text, off, off + step));
	}
	buf_addc(out, '"');
}

void yaml_write_text(struct buf *out, struct str text)
{
	if (is_plain(text))
		buf_add(out, text);
	else
		write_quoted(out, text);
}

static size_t digits_from(struct str text, size_t off)
{
	while (off < text.n && text.p[off] >= '0' && text.p[off] <= '9')
		off++;
	return off;
}

/* A number to every reader and the same one: 12, -3, 0.93; not 017, 1e3 or 1_000. */
static bool is_plain_number(const struct node *n)
{
	struct str text = n->text;
	if (n->quoted)
		return false;
	size_t from = text.n && text.p[0] == '-' ? 1 : 0, whole = digits_from(text, from);
	bool leading_zero = whole > from + 1 && text.p[from] == '0';
	if (whole == from || leading_zero)
		return false;
	if (whole == text.n)
		return true;
	return text.p[whole] == '.' && whole + 1 < text.n && digits_from(text, whole + 1) == text.n;
}

/* What JSON has words for, and every reader of YAML takes for the same. */
static bool is_plain_word(const struct node *n)
{
	return !n->quoted && (str_eq(n->text, S("true")) || str_eq(n->text, S("false")) || str_eq(n->text, S("null")));
}

void yaml_write_key(struct buf *out, struct str key, size_t indent)
{
	struct buf text = {0};
	yaml_write_text(&text, key);
	bool simple = utf8_count(buf_str(&text)) <= KEY_CHARACTERS;
	if (!simple)
		buf_adds(out, "? ");
	buf_add(out, buf_str(&text));
	buf_free(&text);
	if (simple) {
		buf_adds(out, ": ");
		return;
	}
	if (indent != YAML_FLOW)
		buf_addc(out, '\n');
	for (size_t i = 0; indent != YAML_FLOW && i < indent; i++)
		buf_addc(out, ' ');
	buf_adds(out, indent == YAML_FLOW ? " : " : ": ");
}

void yaml_write_flow(struct buf *out, const struct node *n, bool plain)
{
	if (n->kind == NODE_SCALAR) {
		if (plain && (is_plain_number(n) || is_plain_word(n)))
			buf_add(out, n->text);
		else
			yaml_write_text(out, n->text);
		return;
	}
	buf_addc(out, n->kind == NODE_MAP ? '{' : '[');
	for (size_t i = 0; i < n->n; i++) {
		if (i > 0)
			buf_adds(out, ", ");
		if (n->kind == NODE_MAP)
			yaml_write_key(out, n->keys[i], YAML_FLOW);
		yaml_write_flow(out, n->items[i], plain);
	}
	buf_addc(out, n->kind == NODE_MAP ? '}' : ']');
}
