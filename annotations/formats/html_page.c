/* html_page: see html_page.h. */
#include "annotations/formats/html_page.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "annotations/formats/xml.h"
#include "model/decode.h"
#include "model/io.h"
#include "model/utf8.h"

/* ---- encoding ----------------------------------------------------------------------------------------------- */

#define PRESCAN ((size_t)4096) /* bytes in which a page names its encoding; HTML asks for 1024 */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equals_word(struct str s, const char *word)
{
	size_t i = 0;
	while (i < s.n && word[i] && lower(s.p[i]) == word[i])
		i++;
	return i == s.n && !word[i];
}

static bool starts_word(struct str s, const char *word)
{
	size_t n = strlen(word);
	return s.n >= n && equals_word(str_sub(s, 0, n), word);
}

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
		if (equals_word(label, labels[i][0]))
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
		size_t word = starts_word(rest, "charset") ? 7 : starts_word(rest, "encoding") ? 8 : 0;
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

const char *page_encoding(struct str html)
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

/* ---- what would take for ever ----------------------------------------------------------------------------------- */

#define ATTRIBUTES  1000              /* of one tag: libxml2 compares each with all before it */
#define BROKEN_WORK ((size_t)1 << 29) /* open elements looked through for end tags that end nothing */

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
		    starts_word(str_sub(html, at + 2, html.n), name))
			return at;
	return at;
}

static bool check_tags(struct str html, const char *path, struct error *err)
{
	for (size_t at = str_byte(html, '<', 0); at != NOWHERE; at = str_byte(html, '<', at)) {
		struct str rest = str_sub(html, at + 1, html.n);
		size_t attributes = 0;
		bool script = starts_word(rest, "script"), style = starts_word(rest, "style");
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

/* ---- elements ----------------------------------------------------------------------------------------------- */

/* Rendering by the HTML Standard's style sheet (15.3): display block, none, table-row, table-cell; what is no text. */
static const char *const blocks[] = {
    "address", "article", "aside", "blockquote", "body",  "br",       "caption",    "center", "dd",     "details",
    "dialog",  "dir",     "div",   "dl",         "dt",    "fieldset", "figcaption", "figure", "footer", "form",
    "h1",      "h2",      "h3",    "h4",         "h5",    "h6",       "header",     "hgroup", "hr",     "html",
    "legend",  "li",      "main",  "menu",       "nav",   "ol",       "option",     "p",      "pre",    "search",
    "section", "summary", "table", "tbody",      "tfoot", "thead",    "title",      "tr",     "ul",     NULL,
};
static const char *const left_out[] = {
    "applet", "audio",  "canvas", "datalist", "embed", "iframe",   "map",      "noembed", "noframes", "noscript",
    "object", "script", "select", "style",    "svg",   "template", "textarea", "video",   NULL,
};

static bool in_list(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

struct reader {
	struct page *page;
	xmlParserCtxtPtr context;
	size_t depth;        /* elements open */
	size_t out_at;       /* depth of the element that is left out, 0: none */
	size_t pre_at;       /* depth of the <pre>, 0: none */
	struct buf *aside;   /* where the text of <title> goes, else NULL */
	const char *heading; /* the name of the open heading, NULL: none */
	size_t heading_from; /* its start in `text` */
	bool ruby;           /* a bracket was opened for <rt> */
	size_t line;         /* start of the current line in page->text */
	bool blank, newline; /* blanks wait for the next character; a newline was among them */
	size_t work;         /* see BROKEN_WORK */
	bool too_broken;
};

static void end_line(struct reader *r)
{
	struct buf *text = &r->page->text;
	r->blank = r->newline = false;
	while (text->n > r->line && text->p[text->n - 1] == ' ')
		text->n--;
	if (text->n > r->line)
		buf_addc(text, '\n');
	r->line = text->n;
}

static codepoint last_of(struct str s)
{
	codepoint cp = 0;
	if (s.n)
		(void)utf8_step(s, utf8_back(s, s.n), &cp);
	return cp;
}

static bool is_wide(codepoint cp)
{
	return cp_is_han(cp) || (cp >= 0x3001 && cp <= 0x30FF) || (cp >= 0xFF00 && cp <= 0xFF60);
}

/* A break of the source between two wide characters is there for whoever wrote it. */
static void add_waiting_blank(struct reader *r, struct buf *to, size_t from, codepoint next)
{
	bool wide = r->newline && is_wide(next) && is_wide(last_of(buf_str(to)));
	if (r->blank && to->n > from && !wide)
		buf_addc(to, ' ');
	r->blank = r->newline = false;
}

/* &#128; to &#159; are Windows-1252 (HTML Standard, numeric character reference end state). */
static codepoint of_windows_1252(codepoint cp)
{
	static const uint16_t table[32] = {
	    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
	};
	return cp >= 0x80 && cp <= 0x9F ? table[cp - 0x80] : cp;
}

static void add_text(struct reader *r, struct str s, struct buf *to, size_t from, bool pre)
{
	codepoint cp;
	for (size_t off = 0, n; (n = utf8_step(s, off, &cp)) > 0; off += n) {
		cp = of_windows_1252(cp);
		if (pre && cp == '\n') {
			end_line(r);
		} else if (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == '\f' || cp == 0xA0) {
			r->newline |= cp == '\n';
			if (pre && cp != '\r')
				buf_addc(to, ' ');
			else
				r->blank = true;
		} else if (cp != 0xAD && cp != 0x200B &&
		           cp != 0xFEFF) { /* soft hyphen, zero-width space, BOM: only hints for breaking lines */
			add_waiting_blank(r, to, from, cp);
			utf8_add(to, cp);
		}
	}
}

static void on_characters(void *ctx, const xmlChar *bytes, int n)
{
	struct reader *r = ctx;
	struct str s = {(const char *)bytes, n > 0 ? (size_t)n : 0};
	if (r->out_at)
		return;
	if (r->aside)
		add_text(r, s, r->aside, 0, false);
	else
		add_text(r, s, &r->page->text, r->line, r->pre_at != 0);
}

/* ---- what the head says --------------------------------------------------------------------------------------- */

static struct str attribute(const xmlChar **atts, const char *name)
{
	for (size_t i = 0; atts && atts[i]; i += 2)
		if (strcmp((const char *)atts[i], name) == 0)
			return str_of((const char *)atts[i + 1]);
	return STR_NONE;
}

static bool has_attribute(const xmlChar **atts, const char *name)
{
	for (size_t i = 0; atts && atts[i]; i += 2)
		if (strcmp((const char *)atts[i], name) == 0)
			return true;
	return false;
}

/* One line, blanks as one. */
static void set_once(struct buf *to, struct str value)
{
	codepoint cp;
	bool blank = false;
	if (to->n)
		return;
	for (size_t off = 0, n; (n = utf8_step(value, off, &cp)) > 0; off += n) {
		if (cp_is_space(cp) || cp < ' ') {
			blank = to->n > 0;
			continue;
		}
		if (blank)
			buf_addc(to, ' ');
		blank = false;
		utf8_add(to, of_windows_1252(cp));
	}
}

static void take_meta(struct page *p, const xmlChar **atts)
{
	static const struct {
		const char *name;
		size_t member;
	} names[] = {
	    {"og:title", offsetof(struct page, meta_title)},
	    {"articletitle", offsetof(struct page, meta_title)},
	    {"article:published_time", offsetof(struct page, date)},
	    {"og:release_date", offsetof(struct page, date)},
	    {"pubdate", offsetof(struct page, date)},
	    {"publishdate", offsetof(struct page, date)},
	    {"firstpublishedtime", offsetof(struct page, date)},
	    {"datepublished", offsetof(struct page, date)},
	    {"dc.date", offsetof(struct page, date)},
	    {"source", offsetof(struct page, source)},
	    {"contentsource", offsetof(struct page, source)},
	    {"og:site_name", offsetof(struct page, source)},
	    {"dc.publisher", offsetof(struct page, source)},
	    {"og:url", offsetof(struct page, url)},
	};
	static const char *const keys[] = {"property", "name", "itemprop"};
	for (size_t k = 0; k < COUNT_OF(keys); k++)
		for (size_t i = 0; i < COUNT_OF(names); i++)
			if (equals_word(attribute(atts, keys[k]), names[i].name))
				set_once((struct buf *)(void *)((char *)p + names[i].member),
				         attribute(atts, "content"));
}

static bool is_hidden(const xmlChar **atts)
{
	struct str style = attribute(atts, "style");
	if (has_attribute(atts, "hidden"))
		return true;
	for (size_t at = str_find(style, S("display"), 0); at != NOWHERE; at = str_find(style, S("display"), at + 7)) {
		struct str rest = str_trim(str_sub(style, at + 7, style.n));
		if (rest.n && rest.p[0] == ':' && starts_word(str_trim(str_sub(rest, 1, rest.n)), "none"))
			return true;
	}
	return false;
}

/* ---- headings, readings --------------------------------------------------------------------------------------- */

static const char *heading_name(const char *name)
{
	static const char *const names[] = {"h1", "h2", "h3"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return names[i];
	return NULL;
}

static struct buf *place_of_heading(const struct reader *r, const char *name)
{
	return name[1] == '1' ? &r->page->heading : &r->page->lesser;
}

/* Brackets stand where the page has none of its own (<rp>). */
static void begin_reading(struct reader *r)
{
	codepoint last = last_of(buf_str(&r->page->text));
	r->ruby = !r->aside && last != '(' && last != 0xFF08;
	if (r->ruby)
		buf_addc(&r->page->text, '(');
}

static void end_reading(struct reader *r)
{
	buf_addc(&r->page->text, ')');
	r->ruby = r->blank = r->newline = false;
}

/* ---- events ------------------------------------------------------------------------------------------------- */

static void on_start(void *ctx, const xmlChar *element, const xmlChar **atts)
{
	struct reader *r = ctx;
	const char *name = (const char *)element;
	r->depth++;
	if (r->out_at)
		return;
	if (in_list(left_out, name) || is_hidden(atts)) {
		r->out_at = r->depth;
		return;
	}
	if (in_list(blocks, name))
		end_line(r);
	r->page->frames |= strcmp(name, "frameset") == 0;
	if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
		r->blank = true;
	else if (strcmp(name, "meta") == 0)
		take_meta(r->page, atts);
	else if (strcmp(name, "link") == 0 && equals_word(attribute(atts, "rel"), "canonical"))
		set_once(&r->page->url, attribute(atts, "href"));
	else if (strcmp(name, "time") == 0)
		set_once(&r->page->date, attribute(atts, "datetime"));
	else if (strcmp(name, "title") == 0 && r->page->title.n == 0)
		r->aside = &r->page->title;
	else if (strcmp(name, "rt") == 0)
		begin_reading(r);
	else if (heading_name(name) && !r->heading && !place_of_heading(r, heading_name(name))->n) {
		r->heading = heading_name(name);
		r->heading_from = r->page->text.n;
	}
	else if (strcmp(name, "pre") == 0 && !r->pre_at)
		r->pre_at = r->depth;
}

static void end_heading(struct reader *r)
{
	struct str heading = str_sub(buf_str(&r->page->text), r->heading_from, r->page->text.n);
	set_once(place_of_heading(r, r->heading), heading);
	r->heading = NULL;
}

static void on_end(void *ctx, const xmlChar *element)
{
	struct reader *r = ctx;
	const char *name = (const char *)element;
	if (r->out_at == r->depth)
		r->out_at = 0;
	else if (!r->out_at && in_list(blocks, name))
		end_line(r);
	if (strcmp(name, "title") == 0) {
		r->aside = NULL;
		r->blank = r->newline = false;
	}
	if (r->heading && strcmp(name, r->heading) == 0)
		end_heading(r);
	if (strcmp(name, "rt") == 0 && r->ruby)
		end_reading(r);
	if (r->pre_at == r->depth)
		r->pre_at = 0;
	if (r->depth)
		r->depth--;
}

/* An end tag that ends nothing was looked for in all that is open. */
static void on_error(void *ctx, const char *format, ...)
{
	struct reader *r = ctx;
	(void)format;
	r->work += r->depth + 1;
	if (r->work < BROKEN_WORK || r->too_broken)
		return;
	r->too_broken = true;
	xmlStopParser(r->context);
}

static bool parse(struct str html, const char *path, struct page *out, struct error *err)
{
	struct reader r = {.page = out};
	xml_set_memory();
	r.context = htmlNewParserCtxt();
	if (!r.context)
		io_out_of_memory();
	htmlSAXHandler sax = {
	    .startElement = on_start,
	    .endElement = on_end,
	    .characters = on_characters,
	    .ignorableWhitespace = on_characters,
	    .cdataBlock = on_characters,
	    .error = on_error,
	};
	*r.context->sax = sax;
	r.context->userData = &r;
	xmlDocPtr none = htmlCtxtReadMemory(r.context, html.p, (int)html.n, NULL, "UTF-8",
	                                    HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOWARNING |
	                                        HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
	end_line(&r);
	if (none)
		xmlFreeDoc(none);
	htmlFreeParserCtxt(r.context);
	return !r.too_broken || error_set(err, ERROR_LIMIT, path, "the tags of this page are too broken to be read");
}

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

bool page_read(struct str html, const char *path, struct page *out, const char **encoding, struct error *err)
{
	struct buf utf8 = {0};
	const char *name = page_encoding(html);
	if (!name)
		return error_set(err, ERROR_ENCODING, path, "this is no text in any encoding that is known here");
	if (encoding)
		*encoding = name;
	bool fine = decode_page(html, path, name, &utf8, err);
	if (fine)
		open_sections(&utf8);
	fine = fine && check_tags(buf_str(&utf8), path, err) && (utf8.n == 0 || parse(buf_str(&utf8), path, out, err));
	buf_free(&utf8);
	return fine;
}

void page_free(struct page *p)
{
	buf_free(&p->text);
	buf_free(&p->title);
	buf_free(&p->heading);
	buf_free(&p->lesser);
	buf_free(&p->meta_title);
	buf_free(&p->date);
	buf_free(&p->source);
	buf_free(&p->url);
}
