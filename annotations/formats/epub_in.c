/* epub_in: a book becomes a folder of text articles, one for each chapter in the order of its spine: book.epub becomes
 * book/001.txt, book/002.txt …  So the library shows a table of contents, and what was read is remembered by chapter.
 *
 * Each chapter is read as a page (html_page.h).  It is called what the table of contents calls it, unless that names only
 * places within it; else by its heading.  Members without text (covers, pictures) and the table of contents make no
 * article, but keep their number, so that the numbers are those of the spine.  The names of members are only looked up,
 * never written: articles are numbered.  The archive is walked four times: names and the package document; the package
 * and what is encrypted; the table of contents; the chapters, in the order in which they are packed.  Memory holds the packed book and one
 * chapter. */
#include <string.h>

#include "annotations/formats/epub.h"
#include "annotations/formats/html_in.h"
#include "annotations/formats/html_page.h"
#include "annotations/formats/record.h"
#include "annotations/formats/zip.h"
#include "model/io.h"
#include "model/sha256.h"

#define BOOK_LIMIT    ((size_t)512 << 20) /* bytes of an archive */
#define PACKAGE_LIMIT ((size_t)32 << 20)  /* bytes of the package document and the like */
#define CHAPTER_LIMIT ((size_t)64 << 20)
#define MOST_MEMBERS  100000

struct reading {
	struct import_job *job;
	const char *path;
	struct str bytes;
	char *hash;   /* of bytes */
	char *folder; /* of its articles */
	struct book book;
	struct strmap places; /* member -> its first place in the spine, a number */
	size_t without_text;
};

static void fail(struct reading *r, struct error *e)
{
	r->job->counts.failed++;
	r->job->hooks.failed(r->job->hooks.ctx, e);
}

/* Walks the archive; visit: false ends the walk with an error.  False: that, or the archive is broken. */
static bool walk(struct reading *r, bool (*visit)(struct reading *r, struct zip *z, const struct zip_member *m,
                                                  struct error *err),
                 struct error *err)
{
	struct zip *z = zip_open(r->bytes, r->path);
	struct zip_member m;
	enum zip_step step = ZIP_MEMBER;
	bool fine = true;
	for (size_t n = 0; fine && (step = zip_next(z, &m, err)) == ZIP_MEMBER; n++) {
		if (n == MOST_MEMBERS)
			fine = error_set(err, ERROR_LIMIT, r->path, "more than %d members are in this archive",
			                 MOST_MEMBERS);
		else
			fine = visit(r, z, &m, err);
		if (r->job->hooks.interrupted(r->job->hooks.ctx))
			break;
	}
	zip_close(z);
	return fine && step != ZIP_BROKEN;
}

/* ---- what is in it ---------------------------------------------------------------------------------------------- */

static bool read_xml(struct reading *r, struct zip *z, const char *member,
                     bool (*take)(struct book *b, struct str xml, const char *path, struct error *err), struct error *err)
{
	struct buf xml = {0};
	char *path = io_join(r->path, member);
	bool fine = zip_read(z, PACKAGE_LIMIT, &xml, err) && take(&r->book, buf_str(&xml), path, err);
	mem_free(path);
	buf_free(&xml);
	return fine;
}

static bool visit_names(struct reading *r, struct zip *z, const struct zip_member *m, struct error *err)
{
	struct error failed = {0};
	if (m->name.n == 0) {
		error_set(&failed, ERROR_ENCODING, r->path, "a member has a name that is no UTF-8; it is not read");
		fail(r, &failed);
	} else if (!zip_name_stays(m->name)) {
		error_set(&failed, ERROR_SCHEMA, r->path,
		          "the member `%.*s` has a name that leaves the archive; it is not read", (int)m->name.n,
		          m->name.p);
		fail(r, &failed);
	}
	return !str_eq(m->name, S(EPUB_CONTAINER)) || read_xml(r, z, EPUB_CONTAINER, book_read_container, err);
}

static bool visit_package(struct reading *r, struct zip *z, const struct zip_member *m, struct error *err)
{
	if (str_eq(m->name, S(EPUB_ENCRYPTION)))
		return read_xml(r, z, EPUB_ENCRYPTION, book_read_encryption, err);
	return !str_eq(m->name, str_of(r->book.package)) || r->book.authors ||
	       read_xml(r, z, r->book.package, book_read_package, err);
}

/* EPUB 3's table of contents counts; EPUB 2's, which new books may have too, where there is no other.  One that cannot be
 * read costs no chapter. */
static bool visit_contents(struct reading *r, struct zip *z, const struct zip_member *m, struct error *err)
{
	const char *member = r->book.nav ? r->book.nav : r->book.ncx;
	struct error failed = {0};
	struct buf xml = {0};
	(void)err;
	if (!member || !str_eq(m->name, str_of(member)) || strmap_get(&r->book.encrypted, m->name, NULL))
		return true;
	char *path = io_join(r->path, member);
	if (!zip_read(z, PACKAGE_LIMIT, &xml, &failed) ||
	    !book_read_contents(&r->book, member, buf_str(&xml), path, &failed)) {
		error_clear(&failed);
		record_noted(r->job, "tables of contents that cannot be read: chapters are called by their headings");
	}
	mem_free(path);
	buf_free(&xml);
	return true;
}

static bool read_book(struct reading *r, struct error *err)
{
	if (!walk(r, visit_names, err))
		return false;
	if (!r->book.package)
		return error_set(err, ERROR_SCHEMA, r->path, "this is no EPUB: it has no " EPUB_CONTAINER);
	if (!walk(r, visit_package, err))
		return false;
	if (!r->book.authors)
		return error_set(err, ERROR_SCHEMA, r->path, "%s, its package document, is not in it", r->book.package);
	return walk(r, visit_contents, err);
}

/* ---- chapters --------------------------------------------------------------------------------------------------- */

static void put_text(struct node *to, const char *key, const char *value)
{
	if (value)
		node_put_text(to, str_of(key), str_of(value));
}

static struct node *origin_of(const struct reading *r, const struct chapter *c)
{
	struct node *origin = node_map();
	const struct book *b = &r->book;
	node_put_text(origin, S("format"), str_of(r->job->format->name));
	if (strcmp(r->path, "-") != 0)
		node_put_text(origin, S("file"), str_of(io_name_of(r->path)));
	node_put_text(origin, S("sha256"), str_of(r->hash));
	put_text(origin, "member", c->member);
	if (c->apart)
		node_put_text(origin, S("linear"), S("no"));
	put_text(origin, "title", b->title);
	if (b->authors->n)
		node_put(origin, S("authors"), node_copy(b->authors));
	put_text(origin, "publisher", b->publisher);
	put_text(origin, "identifier", b->identifier);
	return origin;
}

/* What the table of contents says, else the heading, else what stands in the head, else the book's. */
static struct str title_of(const struct reading *r, const struct chapter *c, const struct page *p)
{
	struct str title = str_trim(buf_str(&p->title));
	if (c->label && !c->divided)
		return str_of(c->label);
	if (p->heading.n || p->lesser.n)
		return buf_str(p->heading.n ? &p->heading : &p->lesser);
	if (c->label)
		return str_of(c->label);
	return title.n ? title : str_of(r->book.title);
}

/* A schema need not have a field for authors. */
static bool add_authors(struct reading *r, struct group *g, struct error *err)
{
	const struct schema *s = corpus_schema(session_corpus(r->job->session));
	const char *name = schema_field(s, S("author")) != NOWHERE ? "author" : "authors";
	bool fine = true;
	for (size_t i = 0; fine && schema_field(s, str_of(name)) != NOWHERE && i < r->book.authors->n; i++)
		fine = page_field(r->job, g, name, r->book.authors->items[i]->text, err);
	return fine;
}

static bool add_what_is_said(struct reading *r, const struct chapter *c, const struct page *p, struct error *err)
{
	struct group *g = group_new(corpus_annotator(session_corpus(r->job->session)));
	struct node *was = node_map(), *set = node_map();
	struct buf date = {0};
	(void)page_date(str_of(r->book.date), &date);
	bool fine = page_field(r->job, g, "title", title_of(r, c, p), err) &&
	            page_field(r->job, g, "published", buf_str(&date), err) &&
	            page_field(r->job, g, "source", str_of(r->book.title), err) && add_authors(r, g, err);
	node_put(was, S("origin"), node_absent());
	node_put(set, S("origin"), origin_of(r, c));
	if (r->book.language) {
		node_put(was, S("language"), node_absent());
		node_put_text(set, S("language"), str_of(r->book.language));
	}
	group_add_op(g, r->job->target->doc->file, ITEM_ARTICLE, STR_NONE, was, set);
	buf_free(&date);
	if (fine)
		return import_commit(r->job, g, err);
	group_free(g);
	return false;
}

static bool make_article(struct reading *r, struct zip *z, const struct chapter *c, struct error *err)
{
	struct buf html = {0}, name = {0};
	struct page page = {0};
	char *path = io_join(r->path, c->member);
	bool fine = zip_read(z, CHAPTER_LIMIT, &html, err) && page_read(buf_str(&html), path, &page, NULL, err);
	if (fine && page.text.n == 0) {
		r->without_text++;
	} else if (fine) {
		size_t number = (size_t)(c - r->book.chapters) + 1;
		buf_addf(&name, "%s/%0*zu.txt", r->folder, r->book.n > 9999 ? 6 : r->book.n > 999 ? 4 : 3, number);
		r->job->counts.objects++;
		fine = import_create(r->job, buf_str(&name), buf_str(&page.text), err) && add_what_is_said(r, c, &page, err);
		import_end(r->job);
	}
	page_free(&page);
	buf_free(&name);
	buf_free(&html);
	mem_free(path);
	return fine;
}

static bool visit_chapter(struct reading *r, struct zip *z, const struct zip_member *m, struct error *err)
{
	struct error failed = {0};
	struct str place;
	uint64_t at;
	(void)err;
	if (!strmap_get(&r->places, m->name, &place) || !str_number(place, &at) || r->book.chapters[at].met)
		return true;
	struct chapter *c = &r->book.chapters[at];
	bool fine = true;
	c->met = true;
	if (strmap_get(&r->book.encrypted, m->name, NULL))
		fine = error_set(&failed, ERROR_KIND, r->path,
		                 "%s is encrypted: take the protection off with what made the book", c->member);
	else if (!m->file)
		fine = error_set(&failed, ERROR_KIND, r->path, "%s is a link or a folder; it is not followed", c->member);
	else
		fine = make_article(r, z, c, &failed);
	if (!fine)
		fail(r, &failed);
	r->job->hooks.progress(r->job->hooks.ctx, r->job->counts.objects);
	return true;
}

/* Which members are to be read. */
static void plan(struct reading *r)
{
	struct error failed = {0};
	struct buf number = {0};
	for (size_t i = 0; i < r->book.n; i++) {
		struct chapter *c = &r->book.chapters[i];
		char *path = io_join(r->path, r->book.package);
		if (!c->member) {
			error_at(&failed, ERROR_REFERENCE, path, c->line, 0,
			         "`%s` is no member that an archive can have; this chapter is not read", c->href);
			fail(r, &failed);
			c->met = true;
		} else if (c->contents || !c->page) {
			r->without_text++;
			c->met = true;
		} else {
			buf_clear(&number);
			buf_addf(&number, "%zu", i);
			strmap_put(&r->places, str_of(c->member), buf_str(&number));
		}
		mem_free(path);
	}
	buf_free(&number);
}

static void tell_missing(struct reading *r)
{
	struct error failed = {0};
	char *path = io_join(r->path, r->book.package);
	struct str place;
	uint64_t at;
	for (size_t i = 0; i < r->book.n; i++) {
		struct chapter *c = &r->book.chapters[i];
		/* A member that stands in the spine twice is read once. */
		if (c->met || (strmap_get(&r->places, str_of(c->member), &place) && str_number(place, &at) && at != i))
			continue;
		error_at(&failed, ERROR_MISSING, path, c->line, 0, "%s is not in the archive", c->member);
		fail(r, &failed);
	}
	mem_free(path);
	if (r->without_text)
		losses_add(&r->job->losses, r->without_text, "members of the spine without text, or that list the others");
}

/* ---- the format --------------------------------------------------------------------------------------------- */

static bool take_book(struct reading *r, struct error *err)
{
	char *name = strcmp(r->path, "-") == 0 ? mem_dup("book.txt") : record_name(r->job);
	struct str folder = str_of(name);
	const char *why;
	bool fine = import_name(&folder, &why) ||
	            error_set(err, ERROR_USAGE, r->path, "no folder can have the name of this file: %s", why);
	r->folder = str_dup(str_sub(folder, 0, folder.n - strlen(".txt")));
	r->hash = sha256_of(r->bytes);
	mem_free(name);
	if (!fine || !read_book(r, err))
		return false;
	plan(r);
	fine = walk(r, visit_chapter, err);
	if (fine && !r->job->hooks.interrupted(r->job->hooks.ctx))
		tell_missing(r);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct reading r = {.job = job, .path = path};
	struct buf bytes = {0};
	bool fine = import_read(path, BOOK_LIMIT, &bytes, err);
	r.bytes = buf_str(&bytes);
	fine = fine && take_book(&r, err);
	book_free(&r.book);
	strmap_free(&r.places);
	mem_free(r.folder);
	mem_free(r.hash);
	buf_free(&bytes);
	return fine;
}

/* OCF 4.3: the first member is `mimetype`, stored as it is. */
static unsigned recognise(struct str start, const char *name)
{
	if (!str_starts(start, S("PK\x03\x04")))
		return 0;
	return str_find(str_sub(start, 0, 100), S("application/epub+zip"), 0) != NOWHERE ? 95
	       : str_ends(str_of(name), S(".epub"))                                      ? 80
	                                                                                 : 0;
}

const struct format epub_format = {
    .name = "epub",
    .summary = "books become folders of text articles, one a chapter in the order of reading",
    .suffixes = ".epub",
    .unit = "",
    .carries = "the text of chapters in lines, those outside the order of reading last; the chapter's title, the book's "
               "title as source, its date as undecided fields; authors, publisher, language, the member that it came from",
    .loses = "pictures, links, layout, notes' places, the table of contents; what is encrypted",
    .recognise = recognise,
    .import = import,
};
