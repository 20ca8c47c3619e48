/* cas_types: what is known of UIMA types: those of UIMA itself, those of DKPro Core that everybody has, and what a type
 * system description says. */
#include "annotations/formats/cas.h"

#include "annotations/formats/xml.h"
#include "model/utf8.h"

#define DEEPEST 64 /* ancestors of a type, which may be declared in a circle */

static void feature_key(struct buf *out, struct str type, struct str feature)
{
	buf_add(out, type);
	buf_addc(out, '\x1f');
	buf_add(out, feature);
}

void cas_add_type(struct cas *c, struct str name, struct str super)
{
	strmap_put(&c->types, name, super);
}

void cas_add_feature(struct cas *c, struct str type, struct str feature, struct str range)
{
	struct buf key = {0};
	feature_key(&key, type, feature);
	strmap_put(&c->types, buf_str(&key), range);
	buf_free(&key);
}

struct str cas_range(const struct cas *c, struct str type, struct str feature)
{
	struct buf key = {0};
	struct str range = STR_NONE;
	for (int i = 0; i < DEEPEST && type.n; i++) {
		struct str super = STR_NONE;
		buf_clear(&key);
		feature_key(&key, type, feature);
		if (strmap_get(&c->types, buf_str(&key), &range))
			break;
		type = strmap_get(&c->types, type, &super) ? super : STR_NONE;
	}
	buf_free(&key);
	return range;
}

bool cas_extends(const struct cas *c, struct str type, struct str super)
{
	for (int i = 0; i < DEEPEST && type.n; i++) {
		struct str next = STR_NONE;
		if (str_eq(type, super))
			return true;
		type = strmap_get(&c->types, type, &next) ? next : STR_NONE;
	}
	return false;
}

bool cas_range_is_value(struct str range)
{
	static const char *const values[] = {"String",     "Boolean",    "Byte",        "Short",        "Integer",
	                                     "Long",       "Float",      "Double",      "IntegerArray", "IntegerList",
	                                     "FloatArray", "FloatList",  "StringArray", "StringList",   "BooleanArray",
	                                     "ByteArray",  "ShortArray", "LongArray",   "DoubleArray"};
	if (!str_starts(range, S("uima.cas.")))
		return false;
	struct str name = str_sub(range, sizeof("uima.cas.") - 1, range.n);
	if (str_ends(name, S("[]")))
		name.n -= 2;
	for (size_t i = 0; i < COUNT_OF(values); i++)
		if (str_eq(name, str_of(values[i])))
			return true;
	return false;
}

bool cas_is_array(struct str type)
{
	return str_ends(type, S("[]")) ||
	       (str_starts(type, S("uima.cas.")) && (str_ends(type, S("Array")) || str_ends(type, S("List"))));
}

struct str cas_short(struct str type)
{
	size_t from = type.n;
	while (from > 0 && type.p[from - 1] != '.')
		from--;
	return str_sub(type, from, type.n);
}

struct str cas_naming(struct str type)
{
	static const char *const known[][2] = {
	    {"de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.", "PosValue"},
	    {"de.tudarmstadt.ukp.dkpro.core.api.syntax.type.chunk.", "chunkValue"},
	    {"de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.", "DependencyType"},
	    {"de.tudarmstadt.ukp.dkpro.core.api.syntax.type.constituent.", "constituentType"},
	    {"de.tudarmstadt.ukp.dkpro.core.api.semantics.type.SemPred", "category"},
	};
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (str_starts(type, str_of(known[i][0])))
			return str_of(known[i][1]);
	return S("value");
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static bool is_reserved(struct str name)
{
	static const char *const words[] = {
	    "begin",     "end",  "sofa",  "note",   "identifier",    "Governor",
	    "Dependent", "next", "first", "target", "referenceType", "referenceRelation"};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_eq(name, str_of(words[i])))
			return true;
	return false;
}

/* XML 1.0 up to its fourth edition, production 86: what Java's and Python's parsers take for a letter in names. */
static bool is_ideographic(codepoint cp)
{
	return (cp >= 0x4E00 && cp <= 0x9FA5) || cp == 0x3007 || (cp >= 0x3021 && cp <= 0x3029);
}

/* A name of XML and of Java at once; _ is escaped where it would read as an escape. */
static bool is_name_char(struct str name, size_t off, codepoint cp, bool dots)
{
	bool letter = (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || is_ideographic(cp);
	if (cp == '.')
		return dots && off > 0 && off + 1 < name.n;
	if (cp == '_')
		return !str_starts(str_sub(name, off, name.n), S("_x"));
	return letter || (off > 0 && cp >= '0' && cp <= '9');
}

void cas_add_name(struct buf *out, struct str name, bool dots)
{
	codepoint cp = 0;
	bool reserved = !dots && is_reserved(name);
	for (size_t off = 0, step; (step = utf8_step(name, off, &cp)); off += step) {
		if (is_name_char(name, off, cp, dots) && !(reserved && off == 0))
			buf_add(out, str_sub(name, off, off + step));
		else
			buf_addf(out, "_x%X_", (unsigned)(cp & UTF8_BAD ? 0xFFFD : cp));
	}
	if (!name.n)
		buf_adds(out, "_x0_");
}

/* The character of an escape at off; 0 bytes: none stands there. */
static size_t unescape(struct str name, size_t off, codepoint *cp)
{
	size_t at = off + 2;
	uint32_t value = 0;
	if (!str_starts(str_sub(name, off, name.n), S("_x")))
		return 0;
	for (; at < name.n && at < off + 8; at++) {
		char c = name.p[at];
		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (uint32_t)(c - 'A' + 10);
		else
			break;
	}
	*cp = value;
	return at > off + 2 && at < name.n && name.p[at] == '_' && value <= 0x10FFFF ? at + 1 - off : 0;
}

void cas_add_plain(struct buf *out, struct str name)
{
	for (size_t off = 0; off < name.n;) {
		codepoint cp = 0;
		size_t escape = unescape(name, off, &cp);
		if (escape && cp)
			utf8_add(out, cp);
		else if (!escape)
			buf_addc(out, name.p[off]);
		off += escape ? escape : 1;
	}
}

/* ---- descriptions ------------------------------------------------------------------------------------------- */

/* <typeDescription> with name, supertypeName and <featureDescription>s with name, rangeTypeName. */
struct description {
	struct cas *cas;
	struct buf text, type, super, feature, range;
	bool in_feature;
};

static void open_element(void *ctx, const struct xml_element *e)
{
	struct description *d = ctx;
	buf_clear(&d->text);
	if (str_eq(e->name, S("typeDescription"))) {
		buf_clear(&d->type);
		buf_clear(&d->super);
	} else if (str_eq(e->name, S("featureDescription"))) {
		d->in_feature = true;
		buf_clear(&d->feature);
		buf_clear(&d->range);
	}
}

static void text_inside(void *ctx, struct str text)
{
	struct description *d = ctx;
	buf_add(&d->text, text);
}

static void keep_text(const struct description *d, struct buf *out)
{
	buf_clear(out);
	buf_add(out, str_trim(buf_str(&d->text)));
}

static void close_element(void *ctx, const struct xml_element *e)
{
	struct description *d = ctx;
	if (str_eq(e->name, S("name"))) {
		keep_text(d, d->in_feature ? &d->feature : &d->type);
	} else if (str_eq(e->name, S("supertypeName"))) {
		keep_text(d, &d->super);
		cas_add_type(d->cas, buf_str(&d->type), buf_str(&d->super));
	} else if (str_eq(e->name, S("rangeTypeName"))) {
		keep_text(d, &d->range);
	} else if (str_eq(e->name, S("featureDescription"))) {
		d->in_feature = false;
		cas_add_feature(d->cas, buf_str(&d->type), buf_str(&d->feature), buf_str(&d->range));
	}
	buf_clear(&d->text);
}

bool cas_read_types(struct cas *c, struct str xml, const char *path, struct error *err)
{
	struct description d = {.cas = c};
	const struct xml_hooks hooks = {&d, open_element, text_inside, close_element};
	bool fine = xml_read(xml, path, &hooks, err);
	buf_free(&d.text);
	buf_free(&d.type);
	buf_free(&d.super);
	buf_free(&d.feature);
	buf_free(&d.range);
	return fine;
}
