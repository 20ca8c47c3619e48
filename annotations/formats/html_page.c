/* html_page: see html_page.h. */
#include "annotations/formats/html_page.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "annotations/formats/html_source.h"
#include "annotations/formats/xml.h"
#include "model/io.h"
#include "model/utf8.h"

#define BROKEN_WORK ((size_t)1 << 29) /* open elements looked through for end tags that end nothing */

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
			if (html_equals_word(attribute(atts, keys[k]), names[i].name))
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
		if (rest.n && rest.p[0] == ':' && html_starts_word(str_trim(str_sub(rest, 1, rest.n)), "none"))
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
	else if (strcmp(name, "link") == 0 && html_equals_word(attribute(atts, "rel"), "canonical"))
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
	} else if (strcmp(name, "pre") == 0 && !r->pre_at)
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
bool page_read(struct str html, const char *path, struct page *out, const char **encoding, struct error *err)
{
	struct buf utf8 = {0};
	bool fine =
	    html_source(html, path, &utf8, encoding, err) && (utf8.n == 0 || parse(buf_str(&utf8), path, out, err));
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
