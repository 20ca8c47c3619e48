/* xml: see xml.h. */
#include "annotations/formats/xml.h"

#include <libxml/parser.h>
#include <string.h>

#include "model/io.h"
#include "model/utf8.h"

struct reading {
	const struct xml_hooks *hooks;
	xmlParserCtxtPtr parser;
	bool declares; /* entities */
	struct xml_attribute *attributes;
	size_t cap;
};

static struct str str_of_xml(const xmlChar *s)
{
	return str_of((const char *)s);
}

static size_t line_of(const struct reading *r)
{
	int line = xmlSAX2GetLineNumber(r->parser);
	return line > 0 ? (size_t)line : 0;
}

/* libxml2 gives each attribute as five pointers: name, prefix, namespace, value and its end. */
static void on_open(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int n_spaces,
                    const xmlChar **spaces, int n, int n_default, const xmlChar **given)
{
	struct reading *r = ctx;
	size_t count = n > 0 ? (size_t)n : 0;
	(void)prefix;
	(void)n_spaces;
	(void)spaces;
	(void)n_default;
	if (count > r->cap) {
		r->cap = count * 2;
		r->attributes = mem_grow(r->attributes, r->cap, sizeof *r->attributes);
	}
	for (size_t i = 0; i < count; i++) {
		const xmlChar **a = given + 5 * i;
		r->attributes[i] = (struct xml_attribute){
		    str_of_xml(a[2]), str_of_xml(a[0]), {(const char *)a[3], (size_t)(a[4] - a[3])}};
	}
	struct xml_element e = {str_of_xml(space), str_of_xml(name), r->attributes, count, line_of(r)};
	r->hooks->open(r->hooks->ctx, &e);
}

static void on_close(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
	struct reading *r = ctx;
	(void)prefix;
	struct xml_element e = {str_of_xml(space), str_of_xml(name), NULL, 0, line_of(r)};
	r->hooks->close(r->hooks->ctx, &e);
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
	struct reading *r = ctx;
	r->hooks->text(r->hooks->ctx, (struct str){(const char *)text, n > 0 ? (size_t)n : 0});
}

static void on_entity(void *ctx, const xmlChar *name, int type, const xmlChar *external, const xmlChar *system,
                      xmlChar *content)
{
	struct reading *r = ctx;
	(void)name;
	(void)type;
	(void)external;
	(void)system;
	(void)content;
	r->declares = true;
	xmlStopParser(r->parser);
}

static void on_error(void *ctx, const char *format, ...)
{
	(void)ctx;
	(void)format;
}

static bool failed(const struct reading *r, const char *path, struct error *err)
{
	const xmlError *e = xmlCtxtGetLastError(r->parser);
	if (r->declares)
		return error_at(err, ERROR_SYNTAX, path, line_of(r), 0,
		                "the file declares entities, which are not read: take <!DOCTYPE …> out");
	struct str why = e && e->message ? str_trim(str_of(e->message)) : S("it ends too early");
	size_t line = e && e->line > 0 ? (size_t)e->line : line_of(r);
	return error_at(err, ERROR_SYNTAX, path, line, e && e->int2 > 0 ? (size_t)e->int2 : 0,
	                "not well-formed XML: %.*s", (int)why.n, why.p);
}

/* In pieces, because a call takes an int. */
static bool feed(struct reading *r, struct str xml)
{
	static const size_t piece = (size_t)1 << 24;
	int code = 0;
	for (size_t from = 0; from < xml.n && !code && !r->declares; from += piece) {
		struct str part = str_sub(xml, from, from + piece);
		code = xmlParseChunk(r->parser, part.p, (int)part.n, 0);
	}
	if (!code && !r->declares)
		code = xmlParseChunk(r->parser, "", 0, 1);
	return code == 0 && r->parser->wellFormed && !r->declares;
}

static void *grow(void *p, size_t size)
{
	return mem_grow(p, size, 1);
}

void xml_set_memory(void)
{
	(void)xmlMemSetup(mem_free, mem_get, grow, mem_dup);
}

struct str xml_value(const struct xml_element *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++)
		if (str_eq(e->attributes[i].name, str_of(name)))
			return e->attributes[i].value;
	return STR_NONE;
}

bool xml_is(const struct xml_element *e, const char *space, const char *name)
{
	return str_eq(e->name, str_of(name)) && str_eq(e->space, str_of(space));
}

bool xml_read(struct str xml, const char *path, const struct xml_hooks *hooks, struct error *err)
{
	struct reading r = {.hooks = hooks};
	xmlSAXHandler sax;
	memset(&sax, 0, sizeof sax);
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = on_open;
	sax.endElementNs = on_close;
	sax.characters = on_text;
	sax.cdataBlock = on_text;
	sax.entityDecl = on_entity;
	sax.error = on_error;
	sax.warning = on_error;
	xml_set_memory();
	r.parser = xmlCreatePushParserCtxt(&sax, &r, NULL, 0, path);
	if (!r.parser)
		io_out_of_memory();
	/* Without declarations the only entities are XML's own five, which NOENT has replaced in attributes. */
	(void)xmlCtxtUseOptions(r.parser, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_HUGE | XML_PARSE_NOERROR |
	                                      XML_PARSE_NOWARNING);
	bool fine = feed(&r, xml) || failed(&r, path, err);
	mem_free(r.attributes);
	/* Declarations have libxml2 begin a document, which it frees only where it reads to the end. */
	xmlFreeDoc(r.parser->myDoc);
	xmlFreeParserCtxt(r.parser);
	return fine;
}

/* XML 1.0, production 2. */
static bool is_xml_char(codepoint cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp <= 0xD7FF) ||
	       (cp >= 0xE000 && cp <= 0xFFFD) || (cp >= 0x10000 && cp <= 0x10FFFF);
}

size_t xml_add_text(struct buf *out, struct str text)
{
	codepoint cp = 0;
	size_t replaced = 0;
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		if (cp & UTF8_BAD) {
			utf8_add(out, 0xFFFD);
			replaced++;
		} else if (!is_xml_char(cp)) {
			buf_addc(out, ' ');
			replaced++;
		} else if (cp == '&' || cp == '<' || cp == '>' || cp == '"' || cp == '\'') {
			buf_adds(out, cp == '&'   ? "&amp;"
			              : cp == '<' ? "&lt;"
			              : cp == '>' ? "&gt;"
			              : cp == '"' ? "&quot;"
			                          : "&#39;");
		} else if (cp < ' ' || cp == 0x85 || cp == 0x2028) {
			buf_addf(out, "&#%u;", (unsigned)cp);
		} else {
			buf_add(out, str_sub(text, off, off + step));
		}
	}
	return replaced;
}
