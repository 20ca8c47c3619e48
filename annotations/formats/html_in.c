/* html_in: a page saved from the web becomes a text article: title, a line with date and source, then the lines of the
 * page; what the page says of itself becomes undecided fields, and `origin` in the sidecar keeps where it came from. */
#include <string.h>

#include "annotations/formats/html_in.h"
#include "annotations/formats/html_out.h"
#include "annotations/formats/html_page.h"
#include "annotations/formats/record.h"
#include "model/sha256.h"
#include "model/utf8.h"

enum { TAB_MOST = 600 }; /* bytes of what stands in the tab: some 200 ideographs */

/* ---- dates -------------------------------------------------------------------------------------------------- */

/* One or two digits (four of a year) at *at, then one of the marks in `after` or, where it has a '.', nothing at all. */
static bool take_number(struct str s, size_t *at, size_t most, struct buf *out)
{
	size_t from = *at;
	while (*at < s.n && *at - from < most && s.p[*at] >= '0' && s.p[*at] <= '9')
		(*at)++;
	if (*at == from || (most == 4 && *at - from != 4))
		return false;
	if (*at - from == 1)
		buf_addc(out, '0');
	buf_add(out, str_sub(s, from, *at));
	return true;
}

static bool take_mark(struct str s, size_t *at, const char *const *marks)
{
	for (; *marks; marks++) {
		if (str_starts(str_sub(s, *at, s.n), str_of(*marks))) {
			*at += strlen(*marks);
			return true;
		}
	}
	return false;
}

static void add_clock(struct str s, size_t at, struct buf *out)
{
	static const char *const colons[] = {":", "：", "时", NULL}, *const between[] = {"T", " ", "　", NULL};
	struct buf clock = {0};
	while (take_mark(s, &at, between))
		;
	if (!take_number(s, &at, 2, &clock) || !take_mark(s, &at, colons)) {
		buf_free(&clock);
		return;
	}
	buf_addc(&clock, ':');
	bool fine = take_number(s, &at, 2, &clock);
	if (fine && take_mark(s, &at, colons)) {
		buf_addc(&clock, ':');
		fine = take_number(s, &at, 2, &clock);
	}
	if (fine) {
		buf_addc(out, 'T');
		buf_add(out, buf_str(&clock));
		struct str zone = str_sub(s, at, s.n);
		if (zone.n && (zone.p[0] == 'Z' || zone.p[0] == '+' || zone.p[0] == '-') && zone.n <= strlen("+08:00"))
			buf_add(out, zone);
	}
	buf_free(&clock);
}

bool page_date(struct str s, struct buf *out)
{
	static const char *const after_year[] = {"-", "/", ".", "年", NULL}, *const after_month[] = {"-", "/", ".",
	                                                                                             "月", NULL};
	static const char *const after_day[] = {"日", NULL};
	for (size_t from = 0; from + 8 <= s.n; from++) {
		size_t at = from;
		struct buf date = {0};
		bool inside = from > 0 && s.p[from - 1] >= '0' && s.p[from - 1] <= '9';
		bool fine = !inside && take_number(s, &at, 4, &date) && take_mark(s, &at, after_year);
		buf_addc(&date, '-');
		fine = fine && take_number(s, &at, 2, &date) && take_mark(s, &at, after_month);
		buf_addc(&date, '-');
		fine = fine && take_number(s, &at, 2, &date);
		if (fine) {
			(void)take_mark(s, &at, after_day);
			buf_add(out, buf_str(&date));
			add_clock(s, at, out);
		}
		buf_free(&date);
		if (fine)
			return true;
	}
	return false;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

static bool has_han(struct str s)
{
	codepoint cp;
	for (size_t off = 0, n; (n = utf8_step(s, off, &cp)) > 0; off += n)
		if (cp_is_han(cp))
			return true;
	return false;
}

static bool stands_alone(struct str text, struct str line)
{
	for (size_t from = 0; from < text.n;) {
		size_t end = str_byte(text, '\n', from);
		end = end == NOWHERE ? text.n : end;
		if (str_eq(str_trim(str_sub(text, from, end)), line))
			return true;
		from = end + 1;
	}
	return false;
}

static struct str longer_line(const struct page *p, struct str part, struct str than)
{
	part = str_trim(part);
	return part.n > than.n && stands_alone(buf_str(&p->text), part) ? part : than;
}

/* Of what stands in the tab the longest part, before a mark or behind one, that is a line of the page: the article's title
 * without the names of its column and of the site.  Empty where there is none, or where it is too long for a title. */
static struct str part_of_tab(const struct page *p, struct str tab)
{
	struct str found = STR_NONE;
	codepoint cp;
	for (size_t off = 0, n; tab.n <= TAB_MOST && (n = utf8_step(tab, off, &cp)) > 0; off += n)
		if (cp_is_one_of(cp, "_|-–—·｜")) {
			found = longer_line(p, str_sub(tab, 0, off), found);
			found = longer_line(p, str_sub(tab, off + n, tab.n), found);
		}
	return found;
}

/* What the page calls itself for others, else its heading, else what stands in the tab.  A heading that is only the rest of the
 * tab beside a longer line of the page is the name of the site. */
static struct str title_of(const struct page *p)
{
	struct str heading = buf_str(&p->heading), tab = str_trim(buf_str(&p->title)), part;
	if (p->meta_title.n)
		return buf_str(&p->meta_title);
	part = part_of_tab(p, tab);
	if (heading.n && !(part.n > heading.n && (str_starts(tab, heading) || str_ends(tab, heading))))
		return heading;
	return part.n ? part : tab;
}

static void add_byline(const struct page *p, bool chinese, struct buf *out)
{
	buf_add(out, buf_str(&p->date));
	if (p->date.n && p->source.n)
		buf_addc(out, ' ');
	if (p->source.n)
		buf_addf(out, "%s%s", chinese ? "来源：" : "Source: ", p->source.p);
	if (p->date.n || p->source.n)
		buf_addc(out, '\n');
}

/* The heading stands at the top, so its own line is left out. */
static void add_lines(struct str text, struct str title, struct buf *out)
{
	bool met = title.n == 0;
	for (size_t from = 0; from < text.n;) {
		size_t end = str_byte(text, '\n', from);
		end = end == NOWHERE ? text.n : end;
		struct str line = str_sub(text, from, end);
		if (!met && str_eq(str_trim(line), title))
			met = true;
		else {
			buf_add(out, line);
			buf_addc(out, '\n');
		}
		from = end + 1;
	}
}

static void make_text(const struct page *p, struct buf *out)
{
	struct str title = title_of(p), text = buf_str(&p->text);
	buf_add(out, title);
	if (title.n)
		buf_addc(out, '\n');
	add_byline(p, has_han(str_sub(text, 0, (size_t)1 << 16)) || has_han(title), out);
	add_lines(text, title, out);
}

/* ---- the article -------------------------------------------------------------------------------------------- */

bool page_field(struct import_job *job, struct group *g, const char *name, struct str value, struct error *err)
{
	struct node *map = node_map(), *source = node_map();
	struct str by = str_of(job->by ? job->by : job->format->name);
	bool added = false;
	if (value.n == 0) {
		node_free(map);
		node_free(source);
		return true;
	}
	char *id = edit_proposal_id(by, str_of(name), NULL, value);
	node_put_text(source, S("by"), by);
	node_put_text(map, S("id"), str_of(id));
	node_put_text(map, S("name"), str_of(name));
	node_put_text(map, S("value"), value);
	node_put_text(map, S("verdict"), str_of(verdict_name(VERDICT_UNDECIDED)));
	node_put(map, S("source"), source);
	bool fine = edit_propose(g, job->target->doc, ITEM_FIELD, map, &added, err);
	job->counts.items[ITEM_FIELD] += added;
	mem_free(id);
	node_free(map);
	return fine;
}

/* What the head does not say stands perhaps in the lines, where the zones find it. */
static bool add_fields(struct import_job *job, struct group *g, const struct page *p, struct error *err)
{
	struct doc *d = job->target->doc;
	struct str text = article_text(d->article);
	struct zones zones = {0};
	const struct zone_rules *rules = corpus_zone_rules(d->corpus);
	zones_find(text, rules, &zones);
	struct headline h = zones_headline(text, &zones, rules);
	struct str date = p->date.n ? buf_str(&p->date) : str_sub(text, h.date.off, h.date.end);
	struct str source = p->source.n ? buf_str(&p->source) : str_sub(text, h.source.off, h.source.end);
	struct buf iso = {0};
	(void)page_date(date, &iso);
	bool fine = page_field(job, g, "title", title_of(p), err) &&
	            page_field(job, g, "published", buf_str(&iso), err) &&
	            page_field(job, g, "source", str_trim(source), err);
	buf_free(&iso);
	zones_free(&zones);
	return fine;
}

static void add_origin(struct group *g, struct doc *d, const char *path, struct str html, const struct page *p,
                       const char *encoding)
{
	struct node *was = node_map(), *set = node_map(), *origin = node_map();
	char *hash = sha256_of(html);
	node_put_text(origin, S("format"), str_of(html_format.name));
	if (strcmp(path, "-") != 0)
		node_put_text(origin, S("file"), str_of(io_name_of(path)));
	node_put_text(origin, S("sha256"), str_of(hash));
	node_put_text(origin, S("encoding"), str_of(encoding));
	if (p->url.n)
		node_put_text(origin, S("url"), buf_str(&p->url));
	node_put(was, S("origin"), node_absent());
	node_put(set, S("origin"), origin);
	group_add_op(g, d->file, ITEM_ARTICLE, STR_NONE, was, set);
	mem_free(hash);
}

/* report.html becomes report.txt, in the folder it has below the one that was given. */
static bool name_of(const struct import_job *job, const char *path, struct buf *out, struct error *err)
{
	const char *why;
	char *name = strcmp(path, "-") == 0 ? mem_dup("page.txt") : record_name(job);
	buf_adds(out, name);
	mem_free(name);
	struct str given = buf_str(out);
	return import_name(&given, &why) ||
	       error_set(err, ERROR_USAGE, path, "no article can have the name of this file: %s", why);
}

static bool make_article(struct import_job *job, const char *path, struct str html, const struct page *p,
                         const char *encoding, struct error *err)
{
	struct buf name = {0}, text = {0};
	make_text(p, &text);
	bool fine = p->text.n > 0 ||
	            error_set(err, ERROR_SCHEMA, path,
	                      p->frames ? "this page is made of frames: the text is in the pages that they show"
	                                : "no text is in this page");
	fine = fine && name_of(job, path, &name, err) && import_create(job, buf_str(&name), buf_str(&text), err);
	if (fine) {
		struct group *g = group_new(corpus_annotator(session_corpus(job->session)));
		fine = add_fields(job, g, p, err);
		add_origin(g, job->target->doc, path, html, p, encoding);
		if (fine)
			fine = import_commit(job, g, err);
		else
			group_free(g);
		import_end(job);
	}
	buf_free(&name);
	buf_free(&text);
	return fine;
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	struct buf html = {0};
	struct page page = {0};
	struct error failed = {0};
	const char *encoding = NULL;
	(void)err; /* a page that cannot be read is one object that failed */
	job->counts.objects++;
	bool fine = import_read(path, HTML_LIMIT, &html, &failed) &&
	            page_read(buf_str(&html), path, &page, &encoding, &failed) &&
	            make_article(job, path, buf_str(&html), &page, encoding, &failed);
	if (!fine) {
		job->counts.failed++;
		job->hooks.failed(job->hooks.ctx, &failed);
	}
	job->hooks.progress(job->hooks.ctx, job->counts.objects);
	page_free(&page);
	buf_free(&html);
	return true;
}

static unsigned recognise(struct str start, const char *name)
{
	struct str s = str_trim(start), n = str_of(name);
	bool named = str_ends(n, S(".html")) || str_ends(n, S(".htm")) || str_ends(n, S(".xhtml"));
	bool tagged = str_find(s, S("<html"), 0) != NOWHERE || str_find(s, S("<HTML"), 0) != NOWHERE ||
	              str_find(s, S("<body"), 0) != NOWHERE;
	return tagged ? (named ? 90 : 60) : named ? 40 : 0;
}

const struct format html_format = {
    .name = "html",
    .summary = "in: pages saved from the web become text articles; out: pages that show articles with their spans",
    .suffixes = ".html .htm .xhtml",
    .unit = "",
    .carries = "in: the text in lines, title, date and source as undecided fields, where the page came from; out: all "
               "that is accepted, to look at",
    .loses = "in: pictures, links, layout, scripts, what is marked hidden; out: verdicts, scores, who judged",
    .carry = {[FEATURE_NESTED] = CARRY_ALL,
              [FEATURE_CROSSING] = CARRY_ALL,
              [FEATURE_SAME_PLACE] = CARRY_ALL,
              [FEATURE_TWIN] = CARRY_ALL,
              [FEATURE_DISCONTINUOUS] = CARRY_ALL,
              [FEATURE_ZERO_WIDTH] = CARRY_ALL,
              [FEATURE_NEWLINE] = CARRY_ALL,
              [FEATURE_ATTRIBUTES] = CARRY_ALL,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_ITEM_NOTES] = CARRY_ALL,
              [FEATURE_LINKS] = CARRY_ALL,
              [FEATURE_FIELDS] = CARRY_ALL,
              [FEATURE_NOTES] = CARRY_ALL},
    .folder = true,
    .recognise = recognise,
    .import = import,
    .export = html_export,
};
