/* epub_contents: what the table of contents calls the chapters; see epub.h. */
#include "annotations/formats/epub.h"

#include "annotations/formats/xml.h"

#define XHTML "http://www.w3.org/1999/xhtml"
#define NCX   "http://www.daisy.org/z3986/2005/ncx/"

struct contents {
	struct book *book;
	struct str folder;    /* that its references begin at */
	struct strmap places; /* member -> place among the chapters, in decimal */
	size_t depth, toc;    /* of elements; where the nav of type toc began, 0: not within it */
	bool in_label;        /* within an a, or the text of a navLabel */
	struct buf label;
	char *href; /* of the a */
};

/* Runs of blanks as one: labels are indented as the file is. */
static void add_words(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool blank = text.p[i] == ' ' || text.p[i] == '\t' || text.p[i] == '\n' || text.p[i] == '\r';
		if (!blank)
			buf_addc(out, text.p[i]);
		else if (out->n && out->p[out->n - 1] != ' ')
			buf_addc(out, ' ');
	}
}

static struct chapter *chapter_of(struct contents *c, struct str href)
{
	char *member = book_member(c->folder, href);
	struct str place;
	uint64_t at = 0;
	bool known = member && strmap_get(&c->places, str_of(member), &place) && str_number(place, &at);
	mem_free(member);
	return known ? &c->book->chapters[at] : NULL;
}

static void take_entry(struct contents *c, struct str href)
{
	struct chapter *chapter = chapter_of(c, href);
	struct str label = str_trim(buf_str(&c->label));
	bool within = str_byte(href, '#', 0) != NOWHERE;
	if (!chapter || !label.n)
		return;
	if (!chapter->label) {
		chapter->label = str_dup(label);
		chapter->divided = false;
	} else if (within) {
		chapter->divided = true;
	}
}

static void open_element(void *ctx, const struct xml_element *e)
{
	struct contents *c = ctx;
	c->depth++;
	if (xml_is(e, XHTML, "nav") && !c->toc && str_find(xml_value(e, "type"), S("toc"), 0) != NOWHERE)
		c->toc = c->depth;
	if (c->toc && xml_is(e, XHTML, "a")) {
		buf_clear(&c->label);
		c->in_label = true;
		mem_free(c->href);
		c->href = str_dup(xml_value(e, "href"));
	} else if (xml_is(e, NCX, "navPoint")) {
		buf_clear(&c->label);
	} else if (xml_is(e, NCX, "text")) {
		buf_clear(&c->label);
		c->in_label = true;
	} else if (xml_is(e, NCX, "content")) {
		take_entry(c, xml_value(e, "src"));
	}
}

static void text_inside(void *ctx, struct str text)
{
	struct contents *c = ctx;
	if (c->in_label)
		add_words(&c->label, text);
}

static void close_element(void *ctx, const struct xml_element *e)
{
	struct contents *c = ctx;
	if (c->in_label && xml_is(e, XHTML, "a")) {
		c->in_label = false;
		take_entry(c, str_of(c->href));
	} else if (xml_is(e, NCX, "text")) {
		c->in_label = false;
	}
	if (c->depth-- == c->toc)
		c->toc = 0;
}

bool book_read_contents(struct book *b, const char *member, struct str xml, const char *path, struct error *err)
{
	struct contents c = {.book = b, .folder = book_folder(str_of(member))};
	const struct xml_hooks hooks = {&c, open_element, text_inside, close_element};
	for (size_t i = b->n; i > 0; i--) {
		struct buf place = {0};
		buf_addf(&place, "%zu", i - 1);
		if (b->chapters[i - 1].member)
			strmap_put(&c.places, str_of(b->chapters[i - 1].member), buf_str(&place));
		buf_free(&place);
	}
	bool fine = xml_read(xml, path, &hooks, err);
	strmap_free(&c.places);
	buf_free(&c.label);
	mem_free(c.href);
	return fine;
}
