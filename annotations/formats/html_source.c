/* html_source: see html_source.h. */
#include "annotations/formats/html_source.h"

#include <string.h>

#include "model/decode.h"
#include "model/utf8.h"

#define PRESCAN ((size_t)4096) /* bytes in which a page names its encoding; HTML asks for 1024 */

/* ---- words -------------------------------------------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool html_equals_word(struct str s, const char *word)
{
	size_t i = 0;
	while (i < s.n && word[i] && lower(s.p[i]) == word[i])
		i++;
	return i == s.n && !word[i];
}

bool html_starts_word(struct str s, const char *word)
{
	size_t n = strlen(word);
	return s.n >= n && html_equals_word(str_sub(s, 0, n), word);
}

/* ---- encoding ----------------------------------------------------------------------------------------------- */

/* Labels of the WHATWG Encoding Standard (4.2) that are met for what decode.h reads. */
static const char *encoding_of_label(struct str label)
{
	static const char *const labels[][2] = {
	    {"utf-8", "utf-8"},
	    {"utf8", "utf-8"},
	    {"gb2312", "gb18030"},
	    {"gbk", "gb18030"},
	    {"gb18030", "gb18030"},
	    {"x-gbk", "gb18030"},
	    {"gb_2312-80", "gb18030"},
	    {"chinese", "gb18030"},
	    {"big5", "big5"},
	    {"big5-hkscs", "big5"},
	    {"cn-big5", "big5"},
	    {"x-x-big5", "big5"},
	    {"shift_jis", "shift_jis"},
	    {"shift-jis", "shift_jis"},
	    {"sjis", "shift_jis"},
	    {"x-sjis", "shift_jis"},
	    {"windows-31j", "shift_jis"},
	    {"euc-jp", "euc-jp"},
	    {"x-euc-jp", "euc-jp"},
	    {"euc-kr", "euc-kr"},
	    {"ks_c_5601-1987", "euc-kr"},
	    {"windows-949", "euc-kr"},
	    {"iso-8859-1", "windows-1252"},
	    {"latin1", "windows-1252"},
	    {"windows-1252", "windows-1252"},
	    {"us-ascii", "windows-1252"},
	    {"ascii", "windows-1252"},
	};
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (html_equals_word(label, labels[i][0]))
			return decode_name(labels[i][1]);
	return NULL;
}

static bool is_label_char(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* charset=… of a <meta>, or encoding=… of an XML declaration. */
static const char *named_encoding(struct str html)
{
	struct str head = str_sub(html, 0, PRESCAN);
	for (size_t at = 0; at < head.n; at++) {
		struct str rest = str_sub(head, at, head.n);
		size_t word = html_starts_word(rest, "charset") ? 7 : html_starts_word(rest, "encoding") ? 8 : 0;
		if (!word)
			continue;
		size_t from = word;
		while (from < rest.n && strchr(" \t\r\n=\"'", rest.p[from]) && rest.p[from])
			from++;
		size_t end = from;
		while (end < rest.n && is_label_char(rest.p[end]))
			end++;
		const char *found = encoding_of_label(str_sub(rest, from, end));
		if (found)
			return found;
	}
	return NULL;
}

const char *html_encoding(struct str html)
{
	bool ascii = true;
	if (str_starts(html, S("\xEF\xBB\xBF")) || str_starts(html, S("\xFF\xFE")) || str_starts(html, S("\xFE\xFF")))
		return decode_detect(html);
	for (size_t i = 0; i < html.n && ascii; i++)
		ascii = (unsigned char)html.p[i] < 0x80;
	/* Few bytes of another encoding are valid UTF-8 by chance; that a page names the wrong one is common. */
	if (ascii || utf8_valid(html))
		return decode_name("utf-8");
	const char *named = named_encoding(html);
	return named && strcmp(named, "utf-8") != 0 ? named : decode_detect(html);
}

/* UTF-8 that the parser cannot stumble over: it would stop at a NUL and take a bad byte for a change of encoding. */
static bool decode_page(struct str html, const char *path, const char *encoding, struct buf *out, struct error *err)
{
	struct buf text = {0};
	if (!decode_to_utf8(html, encoding, &text, NULL, err)) {
		buf_free(&text);
		return false;
	}
	struct str s = buf_str(&text);
	codepoint cp;
	buf_reserve(out, s.n + 1);
	for (size_t off = str_starts(s, S("\xEF\xBB\xBF")) ? 3 : 0, n; (n = utf8_step(s, off, &cp)) > 0; off += n) {
		if (cp & UTF8_BAD)
			utf8_add(out, 0xFFFD);
		else if ((cp < ' ' && cp != '\t' && cp != '\n' && cp != '\r') || cp == 0x7F || cp == 0xFFFE ||
		         cp == 0xFFFF)
			buf_addc(out, ' ');
		else
			buf_add(out, str_sub(s, off, off + n));
	}
	buf_free(&text);
	if (out->n <= INT32_MAX)
		return true;
	return error_set(err, ERROR_LIMIT, path, "too large to be read as a page");
}

/* ---- sections of XHTML ------------------------------------------------------------------------------------------ */

/* XHTML as EPUB has it, not HTML, where such a section is a broken comment. */
static bool is_xhtml(struct str page)
{
	struct str head = str_sub(page, 0, PRESCAN);
	return str_starts(head, S("<?xml")) || str_find(head, S("\"http://www.w3.org/1999/xhtml\""), 0) != NOWHERE;
}

static void add_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '<' || c == '&')
			buf_adds(out, c == '<' ? "&lt;" : "&amp;");
		else
			buf_addc(out, c);
	}
}

/* What stands in <![CDATA[…]]> is text, which the parser of HTML does not know: the same, escaped. */
static void open_sections(struct buf *page)
{
	static const struct str begins = {"<![CDATA[", 9}, ends = {"]]>", 3};
	struct str s = buf_str(page);
	struct buf out = {0};
	size_t from = 0, at = 0;
	if (!is_xhtml(s) || str_find(s, begins, 0) == NOWHERE)
		return;
	while ((at = str_find(s, S("<!"), at)) != NOWHERE) {
		bool comment = str_starts(str_sub(s, at, s.n), S("<!--"));
		size_t end = comment ? str_find(s, S("-->"), at) : str_find(s, ends, at);
		if (end == NOWHERE)
			break;
		if (!comment && str_starts(str_sub(s, at, s.n), begins)) {
			buf_add(&out, str_sub(s, from, at));
			add_escaped(&out, str_sub(s, at + begins.n, end));
			from = at = end + ends.n;
		} else {
			at = comment ? end : at + 2;
		}
	}
	buf_add(&out, str_sub(s, from, s.n));
	buf_free(page);
	*page = out;
}

/* ---- what would take for ever ----------------------------------------------------------------------------------- */

#define ATTRIBUTES 1000 /* of one tag: libxml2 compares each with all before it */

/* Over one tag from its name on, quotes kept in mind; counts what may be attributes. */
static size_t pass_tag(struct str html, size_t at, size_t *attributes)
{
	char quote = 0;
	bool blank = false;
	for (; at < html.n; at++) {
		char c = html.p[at];
		if (quote) {
			quote = c == quote ? 0 : quote;
			continue;
		}
		if (c == '>')
			return at + 1;
		if ((c == '"' || c == '\'') && html.p[at - 1] == '=')
			quote = c;
		bool now = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '/';
		*attributes += blank && !now;
		blank = now || c == '"' || c == '\'';
	}
	return at;
}

/* Behind the end tag of an element whose content is no markup. */
static size_t pass_raw(struct str html, size_t at, const char *name)
{
	for (; at < html.n; at++)
		if (html.p[at] == '<' && at + 1 < html.n && html.p[at + 1] == '/' &&
		    html_starts_word(str_sub(html, at + 2, html.n), name))
			return at;
	return at;
}

static bool check_tags(struct str html, const char *path, struct error *err)
{
	for (size_t at = str_byte(html, '<', 0); at != NOWHERE; at = str_byte(html, '<', at)) {
		struct str rest = str_sub(html, at + 1, html.n);
		size_t attributes = 0;
		bool script = html_starts_word(rest, "script"), style = html_starts_word(rest, "style");
		if (str_starts(rest, S("!--"))) {
			size_t end = str_find(html, S("-->"), at + 4);
			at = end == NOWHERE ? html.n : end;
			continue;
		}
		if (!rest.n || lower(rest.p[0]) < 'a' || lower(rest.p[0]) > 'z') {
			at++;
			continue;
		}
		at = pass_tag(html, at + 1, &attributes);
		if (attributes > ATTRIBUTES)
			return error_set(err, ERROR_LIMIT, path, "a tag has more than %d attributes: this is no page",
			                 ATTRIBUTES);
		if (script || style)
			at = pass_raw(html, at, script ? "script" : "style");
	}
	return true;
}

bool html_source(struct str html, const char *path, struct buf *out, const char **encoding, struct error *err)
{
	const char *name = html_encoding(html);
	if (!name)
		return error_set(err, ERROR_ENCODING, path, "this is no text in any encoding that is known here");
	if (encoding)
		*encoding = name;
	if (!decode_page(html, path, name, out, err))
		return false;
	open_sections(out);
	return check_tags(buf_str(out), path, err);
}
