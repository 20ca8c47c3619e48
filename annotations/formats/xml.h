/* xml: XML as a stream of elements, the one place that sees libxml2's XML parser; html_page.h its HTML parser.
 *
 * A document type may be named, as books of the first two versions of EPUB do, and is not looked at; one that
 * declares entities is refused, for that is where those hide that grow or reach for files.  Nothing is fetched.
 * Names are local; namespaces are URIs. Strings live as long as the call. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_XML_H
#define ZHUPI_ANNOTATIONS_FORMATS_XML_H

#include "model/base.h"

struct xml_attribute {
	struct str space, name, value; /* of the value: borrowed as the rest */
};

struct xml_element {
	struct str space, name;
	const struct xml_attribute *attributes; /* none at its end */
	size_t n;
	size_t line;
};

struct xml_hooks {
	void *ctx;
	void (*open)(void *ctx, const struct xml_element *e);
	void (*text)(void *ctx, struct str text); /* in pieces */
	void (*close)(void *ctx, const struct xml_element *e);
};

/* Memory of libxml2 is got where the program's own is: one that runs out ends the program, and is not taken for a file
 * that ends early.  Before anything is read by it. */
void xml_set_memory(void);

/* False: not well-formed, or with entities of its own (err: path, line and column). What came before was heard. */
bool xml_read(struct str xml, const char *path, const struct xml_hooks *hooks, struct error *err);

/* The value of an attribute, STR_NONE where the element has none of that name; borrowed from the element. */
struct str xml_value(const struct xml_element *e, const char *name);
bool xml_is(const struct xml_element *e, const char *space, const char *name); /* "": in no namespace */

/* Text as an attribute or as content: what XML has a use for is escaped, tabs and line ends too (in attributes they
 * would become blanks).  Characters that XML 1.0 cannot hold become a blank, bytes that are none U+FFFD; answers how
 * many. */
size_t xml_add_text(struct buf *out, struct str text);

#endif
