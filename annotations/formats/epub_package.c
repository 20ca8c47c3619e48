/* epub_package: see epub.h. */
#include "annotations/formats/epub.h"

#include <string.h>
#include <strings.h>

#include "annotations/formats/xml.h"
#include "annotations/node.h"

#define CONTAINER "urn:oasis:names:tc:opendocument:xmlns:container"
#define PACKAGE   "http://www.idpf.org/2007/opf"
#define OLD       "http://openebook.org/namespaces/oeb-package/1.0/" /* Open eBook 1.2 */
#define DUBLIN    "http://purl.org/dc/elements/"                     /* 1.1/, in old books 1.0/ */
#define CIPHER    "http://www.w3.org/2001/04/xmlenc#"

void book_free(struct book *b)
{
	char *const texts[] = {b->package, b->title, b->language, b->date, b->publisher, b->identifier, b->nav, b->ncx};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		mem_free(texts[i]);
	for (size_t i = 0; i < b->n; i++) {
		mem_free(b->chapters[i].member);
		mem_free(b->chapters[i].href);
		mem_free(b->chapters[i].label);
	}
	mem_free(b->chapters);
	if (b->authors)
		node_free(b->authors);
	strmap_free(&b->encrypted);
	*b = (struct book){0};
}

/* Of the package; Open eBook 1.0 has no namespace. */
static bool in_package(const struct xml_element *e, const char *name)
{
	return xml_is(e, PACKAGE, name) || xml_is(e, OLD, name) || xml_is(e, "", name);
}

/* Dublin Core, whose names old books begin with a capital. */
static bool in_dublin(const struct xml_element *e, const char *name)
{
	return str_starts(e->space, S(DUBLIN)) && e->name.n == strlen(name) && strncasecmp(e->name.p, name, e->name.n) == 0;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 3986, 2.1. */
static void add_decoded(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1, low = high >= 0 ? hex(s.p[i + 2]) : -1;
		buf_addc(out, low >= 0 ? (char)(high * 16 + low) : s.p[i]);
		i += low >= 0 ? 2 : 0;
	}
}

static bool has_scheme(struct str s)
{
	size_t colon = str_byte(s, ':', 0), slash = str_byte(s, '/', 0);
	return colon != NOWHERE && (slash == NOWHERE || colon < slash);
}

char *book_member(struct str folder, struct str href)
{
	struct buf path = {0}, out = {0};
	bool stays = !has_scheme(href) && !str_starts(href, S("/"));
	size_t hash = str_byte(href, '#', 0);
	buf_add(&path, folder);
	add_decoded(&path, str_sub(href, 0, hash == NOWHERE ? href.n : hash));
	struct str s = buf_str(&path);
	stays = stays && str_byte(s, '\0', 0) == NOWHERE;
	for (size_t from = 0; from <= s.n && stays;) {
		size_t slash = str_byte(s, '/', from);
		slash = slash == NOWHERE ? s.n : slash;
		struct str part = str_sub(s, from, slash);
		if (str_eq(part, S(".."))) {
			stays = out.n > 0;
			while (out.n && out.p[--out.n] != '/')
				;
		} else if (part.n && !str_eq(part, S("."))) {
			if (out.n)
				buf_addc(&out, '/');
			buf_add(&out, part);
		}
		from = slash + 1;
	}
	buf_free(&path);
	if (stays && out.n)
		return buf_take(&out);
	buf_free(&out);
	return NULL;
}

struct str book_folder(struct str member)
{
	while (member.n && member.p[member.n - 1] != '/')
		member.n--;
	return member;
}

/* ---- the container ---------------------------------------------------------------------------------------------- */

static void ignore_text(void *ctx, struct str text)
{
	(void)ctx;
	(void)text;
}

static void ignore_close(void *ctx, const struct xml_element *e)
{
	(void)ctx;
	(void)e;
}

static void open_container(void *ctx, const struct xml_element *e)
{
	struct book *b = ctx;
	if (xml_is(e, CONTAINER, "rootfile") && !b->package)
		b->package = book_member(STR_NONE, xml_value(e, "full-path"));
}

bool book_read_container(struct book *b, struct str xml, const char *path, struct error *err)
{
	struct xml_hooks hooks = {b, open_container, ignore_text, ignore_close};
	if (!xml_read(xml, path, &hooks, err))
		return false;
	return b->package || error_set(err, ERROR_SCHEMA, path, EPUB_CONTAINER " names no package document");
}

static void open_encryption(void *ctx, const struct xml_element *e)
{
	struct book *b = ctx;
	if (!xml_is(e, CIPHER, "CipherReference"))
		return;
	char *member = book_member(STR_NONE, xml_value(e, "URI"));
	if (member)
		strmap_put(&b->encrypted, str_of(member), STR_NONE);
	mem_free(member);
}

bool book_read_encryption(struct book *b, struct str xml, const char *path, struct error *err)
{
	struct xml_hooks hooks = {b, open_encryption, ignore_text, ignore_close};
	return xml_read(xml, path, &hooks, err);
}

/* ---- the package document --------------------------------------------------------------------------------------- */

struct package {
	struct book *book;
	struct strmap hrefs, types, properties; /* of the manifest, by id */
	struct buf text;
	char **to;       /* where the text of the element goes, NULL: nowhere */
	bool is_author;
};

/* `nav` among the words of properties. */
static bool is_nav(struct str properties)
{
	for (size_t at = 0; at < properties.n;) {
		size_t end = str_byte(properties, ' ', at);
		end = end == NOWHERE ? properties.n : end;
		if (str_eq(str_sub(properties, at, end), S("nav")))
			return true;
		at = end + 1;
	}
	return false;
}

/* The lists of chapters: of EPUB 3 by its property, of EPUB 2 by its type. */
static void find_contents(struct package *p, const struct xml_element *item)
{
	struct book *b = p->book;
	bool ncx = str_eq(xml_value(item, "media-type"), S("application/x-dtbncx+xml"));
	char **to = is_nav(xml_value(item, "properties")) ? &b->nav : ncx ? &b->ncx : NULL;
	if (to && !*to)
		*to = book_member(book_folder(str_of(b->package)), xml_value(item, "href"));
}

static void add_chapter(struct package *p, const struct xml_element *e)
{
	struct book *b = p->book;
	struct str id = xml_value(e, "idref"), href = STR_NONE, type = STR_NONE, properties = STR_NONE;
	strmap_get(&p->hrefs, id, &href);
	strmap_get(&p->types, id, &type);
	strmap_get(&p->properties, id, &properties);
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->chapters = mem_grow(b->chapters, b->cap, sizeof *b->chapters);
	}
	b->chapters[b->n++] = (struct chapter){
	    .member = href.n ? book_member(book_folder(str_of(b->package)), href) : NULL,
	    .href = str_dup(href.n ? href : id),
	    .line = e->line,
	    /* dtbook is EPUB 2's other one, oeb1 that of Open eBook; html is what careless programs write. */
	    .page = str_eq(type, S("application/xhtml+xml")) || str_eq(type, S("text/html")) ||
	            str_eq(type, S("application/x-dtbook+xml")) || str_eq(type, S("text/x-oeb1-document")) || type.n == 0,
	    .contents = is_nav(properties),
	    .apart = str_eq(xml_value(e, "linear"), S("no")),
	};
}

static char **place_of(struct book *b, const struct xml_element *e)
{
	return in_dublin(e, "title")        ? &b->title
	       : in_dublin(e, "language")   ? &b->language
	       : in_dublin(e, "date")       ? &b->date
	       : in_dublin(e, "publisher")  ? &b->publisher
	       : in_dublin(e, "identifier") ? &b->identifier
	                                     : NULL;
}

static void open_package(void *ctx, const struct xml_element *e)
{
	struct package *p = ctx;
	buf_clear(&p->text);
	p->is_author = in_dublin(e, "creator");
	p->to = place_of(p->book, e);
	if (in_package(e, "item")) {
		struct str id = xml_value(e, "id");
		strmap_put(&p->hrefs, id, xml_value(e, "href"));
		strmap_put(&p->types, id, xml_value(e, "media-type"));
		strmap_put(&p->properties, id, xml_value(e, "properties"));
		find_contents(p, e);
	} else if (in_package(e, "itemref")) {
		add_chapter(p, e);
	}
}

static void text_package(void *ctx, struct str text)
{
	struct package *p = ctx;
	if (p->to || p->is_author)
		buf_add(&p->text, text);
}

/* The first of each counts; what comes after are subtitles and the like. */
static void close_package(void *ctx, const struct xml_element *e)
{
	struct package *p = ctx;
	struct str text = str_trim(buf_str(&p->text));
	(void)e;
	if (p->to && !*p->to && text.n)
		*p->to = str_dup(text);
	if (p->is_author && text.n)
		node_add(p->book->authors, node_text(text));
	p->to = NULL;
	p->is_author = false;
}

/* Those apart come behind the others, each in its order. */
static void put_apart_last(struct book *b)
{
	struct chapter *sorted = mem_array(b->n + 1, sizeof *sorted);
	size_t n = 0;
	for (int apart = 0; apart < 2; apart++)
		for (size_t i = 0; i < b->n; i++)
			if (b->chapters[i].apart == (apart == 1))
				sorted[n++] = b->chapters[i];
	mem_free(b->chapters);
	b->chapters = sorted;
	b->cap = b->n + 1;
}

bool book_read_package(struct book *b, struct str xml, const char *path, struct error *err)
{
	struct package p = {.book = b};
	struct xml_hooks hooks = {&p, open_package, text_package, close_package};
	b->authors = node_list();
	bool fine = xml_read(xml, path, &hooks, err);
	strmap_free(&p.hrefs);
	strmap_free(&p.types);
	strmap_free(&p.properties);
	buf_free(&p.text);
	if (!fine)
		return false;
	put_apart_last(b);
	return b->n || error_set(err, ERROR_SCHEMA, path, "the spine of %s is empty: there is nothing to read", b->package);
}
