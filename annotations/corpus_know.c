/* corpus_know.c: what the articles of a corpus hold, read one by one; see corpus.h. */
#include "annotations/corpus.h"

#include <errno.h>
#include <fcntl.h>

#include "annotations/corpus_internal.h"
#include "annotations/sidecar.h"
#include "model/decode.h"
#include "model/io.h"
#include "model/noise.h"
#include "model/utf8.h"

/* Bytes of an article that are searched for its title: a title stands near the top even of a page with much around it,
 * and in a large corpus this is read some thousand times. */
#define HEAD ((size_t)16 << 10)

#define OPENING ((size_t)120) /* bytes of the opening words: some forty ideographs */

#define RECALL_LEAST ((size_t)500) /* articles from which keeping what is known saves time that somebody notices */
#define RECALL_STALE ((size_t)50)  /* it is kept anew when more than one in so many was read */

/* ---- the head of an article ------------------------------------------------------------------------------------- */

/* At most HEAD bytes from the start of a regular file; fewer after an error: a title is a kindness.  The last
 * character may be cut, which neither detection nor zones mind. */
static void read_head(const char *path, struct buf *out)
{
	struct stat st;
	int fd = io_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (fd < 0)
		return;
	bool regular = io_get()->fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	buf_reserve(out, HEAD);
	while (regular && out->n < HEAD) {
		ssize_t got = io_get()->read(fd, out->p + out->n, HEAD - out->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		out->n += (size_t)got;
	}
	out->p[out->n] = '\0';
	(void)io_get()->close(fd);
}

static char *zone_text(struct str text, struct zone zone)
{
	struct noise_list noise = {0};
	struct buf out = {0};
	size_t at = zone.off;
	if (zone.off < zone.end)
		noise_find(text, zone.off, zone.end, noise_facts_of(text), &noise);
	for (size_t i = 0; i < noise.n; i++) {
		if (noise.list[i].kind == NOISE_GLUE || noise.list[i].off < at)
			continue;
		buf_add(&out, str_sub(text, at, noise.list[i].off));
		if (noise.list[i].kind == NOISE_MOJIBAKE)
			buf_addc(&out, ' ');
		at = noise.list[i].end;
	}
	buf_add(&out, str_sub(text, at, zone.end > at ? zone.end : at));
	char *read = str_dup(str_trim(buf_str(&out)));
	noise_free(&noise);
	buf_free(&out);
	return read;
}

/* The first words of the body, for a reader to know the article by. */
static char *opening_of(struct str text, const struct zones *zones)
{
	for (size_t i = 0; i < zones->n; i++) {
		struct zone z = zones->list[i];
		if (z.kind != ZONE_BODY)
			continue;
		size_t mark = z.off == 0 && str_starts(text, S("\xEF\xBB\xBF")) ? 3 : 0; /* a BOM is shown as nothing */
		struct str body = str_trim(str_sub(text, z.off + mark, z.end));
		if (!body.n)
			continue;
		z.off = (size_t)(body.p - text.p);
		size_t line = str_byte(body, '\n', 0), most = OPENING < body.n ? utf8_floor(body, OPENING) : body.n;
		z.end = z.off + (line < most ? line : most);
		return zone_text(text, z);
	}
	return NULL;
}

static void take_headline(const struct corpus *c, struct str text, struct entry *e)
{
	struct zones zones = {0};
	zones_find(text, &c->rules, &zones);
	struct headline h = zones_headline(text, &zones, &c->rules);
	if (!e->title)
		e->title = zone_text(text, h.title);
	if (!e->date)
		e->date = zone_text(text, h.date);
	if (!e->source)
		e->source = zone_text(text, h.source);
	if (!*e->title && !e->opening)
		e->opening = opening_of(text, &zones);
	zones_free(&zones);
}

/* What the sidecar says wins over what is detected; where that is UTF-8 there is nothing to doubt.  NULL: no text. */
static const char *head_encoding(const struct corpus *c, const struct entry *e, struct str head)
{
	const char *detected = decode_detect(head);
	if (detected && str_eq(str_of(detected), S("utf-8")))
		return detected;
	char *path = corpus_sidecar_path(c, e->file), *written = sidecar_encoding(path);
	const char *known = written ? decode_name(written) : NULL;
	mem_free(written);
	mem_free(path);
	return known ? known : detected;
}

static void know_article(const struct corpus *c, struct entry *e)
{
	struct buf bytes = {0}, text = {0};
	char *path = corpus_article_path(c, e->file);
	read_head(path, &bytes);
	struct str head = buf_str(&bytes);
	const char *encoding = head_encoding(c, e, head);
	if (encoding && decode_to_utf8(head, encoding, &text, NULL, NULL))
		take_headline(c, buf_str(&text), e);
	mem_free(path);
	buf_free(&text);
	buf_free(&bytes);
}

/* ---- entries ------------------------------------------------------------------------------------------------ */

/* Takes *value over when it says something and the place is free. */
static void take_text(char **to, char **value)
{
	if (!*to && *value && (*value)[0]) {
		*to = *value;
		*value = NULL;
	}
	mem_free(*value);
	*value = NULL;
}

static void know_sidecar(const struct corpus *c, struct entry *e)
{
	struct sidecar_summary summary = {0};
	struct error err = {0};
	char *path = corpus_sidecar_path(c, e->file);
	bool good = sidecar_summary(path, &summary, &err);
	e->failed = !good && err.code != ERROR_MISSING;
	if (good) {
		e->status = summary.status;
		e->decided = summary.decided;
		e->proposed = summary.proposed;
		e->flagged = summary.flagged;
	}
	take_text(&e->title, &summary.title);
	take_text(&e->date, &summary.date);
	take_text(&e->source, &summary.source);
	error_clear(&err);
	mem_free(path);
}

static void entry_forget(struct corpus *c, struct entry *e)
{
	c->known -= e->known;
	c->titled -= e->titled;
	entry_clear(e);
	*e = (struct entry){.file = e->file};
}

static void mark_known(struct corpus *c, struct entry *e)
{
	c->known += !e->known;
	e->known = true;
}

static void mark_titled(struct corpus *c, struct entry *e)
{
	char **texts[] = {&e->title, &e->date, &e->source};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (!*texts[i])
			*texts[i] = mem_dup("");
	c->titled += !e->titled;
	e->titled = true;
}

static void take_recalled_texts(struct corpus *c, struct entry *e, const struct recalled *r)
{
	e->title = str_dup(r->title);
	e->date = str_dup(r->date);
	e->source = str_dup(r->source);
	e->opening = r->opening.n ? str_dup(r->opening) : NULL;
	e->article_seen = r->article;
	mark_titled(c, e);
}

/* Status and counts; also the title where the sidecar tells it, which spares opening the article. */
static void learn_status(struct corpus *c, struct entry *e)
{
	struct recalled r;
	if (recall_of(c->recall, e->file, &r) && recall_is_still(c, e->file, true, r.sidecar)) {
		e->sidecar_seen = r.sidecar;
		e->status = r.status;
		e->decided = r.decided;
		e->proposed = r.proposed;
		e->flagged = r.flagged;
		e->failed = r.failed;
		if (r.article == FINGERPRINT_UNUSED)
			take_recalled_texts(c, e, &r);
	} else {
		char *path = corpus_sidecar_path(c, e->file);
		e->sidecar_seen = recall_fingerprint(path); /* before the file is read: what changes meanwhile is another one */
		mem_free(path);
		know_sidecar(c, e);
		c->learned++;
		if (e->title) {
			e->article_seen = FINGERPRINT_UNUSED;
			mark_titled(c, e);
		}
	}
	mark_known(c, e);
}

static void learn_title(struct corpus *c, struct entry *e)
{
	struct recalled r;
	/* The sidecar was looked at for the status. */
	bool had = e->sidecar_seen != FINGERPRINT_UNSURE && recall_of(c->recall, e->file, &r) && r.sidecar == e->sidecar_seen;
	if (had && recall_is_still(c, e->file, false, r.article)) {
		take_recalled_texts(c, e, &r);
		return;
	}
	char *path = corpus_article_path(c, e->file);
	e->article_seen = recall_fingerprint(path);
	mem_free(path);
	if (had)
		know_sidecar(c, e); /* its date and source count before those of the article */
	if (!e->title)
		know_article(c, e);
	c->learned++;
	mark_titled(c, e);
}

bool corpus_know(struct corpus *c, size_t i)
{
	struct entry *e = &c->entries.list[i];
	entry_forget(c, e);
	learn_status(c, e);
	if (!e->titled)
		learn_title(c, e);
	held_folder_release(&c->held);
	return !e->failed;
}

/* ---- in slices ---------------------------------------------------------------------------------------------- */

static size_t next_unknown(const struct corpus *c, size_t from, size_t to)
{
	while (from < to && c->entries.list[from].known)
		from++;
	return from;
}

/* One step: statuses of all, then titles. */
static void learn_next(struct corpus *c)
{
	struct listing *l = &c->entries;
	if (c->known < l->n) {
		c->next = next_unknown(c, c->next, l->n);
		learn_status(c, &l->list[c->next]);
		return;
	}
	while (l->list[c->next_untitled].titled)
		c->next_untitled++;
	learn_title(c, &l->list[c->next_untitled]);
}

bool corpus_step(struct corpus *c, int64_t until_ms)
{
	if (!corpus_list(c, until_ms))
		return false;
	if (!c->recall_asked && c->entries.n >= RECALL_LEAST)
		c->recall = recall_load(c);
	c->recall_asked = true;
	bool statuses = c->known < c->entries.n;
	while (c->titled < c->entries.n) {
		learn_next(c);
		if ((statuses && c->known == c->entries.n) || io_now_ms() >= until_ms)
			break;
	}
	held_folder_release(&c->held);
	if (c->titled < c->entries.n)
		return false;
	recall_free(c->recall);
	c->recall = NULL;
	return true;
}

size_t corpus_known(const struct corpus *c)
{
	return c->known;
}

size_t corpus_facts(const struct corpus *c)
{
	return c->known + c->titled;
}

bool corpus_remember(struct corpus *c, struct error *err)
{
	if (c->single || c->entries.n < RECALL_LEAST || c->learned <= c->entries.n / RECALL_STALE)
		return true;
	c->learned = 0;
	return recall_save(c, err);
}

/* ---- an open article
 * -------------------------------------------------------------------------------------------------- */

/* The value of a field of the set, unless a person rejected it. */
static void take_field(const struct set *s, struct str name, char **to)
{
	for (size_t i = 0; i < set_fields(s); i++) {
		const struct field *f = set_field(s, i);
		if (f->verdict == VERDICT_REJECTED || f->value.n == 0 || !str_eq(f->name, name))
			continue;
		mem_free(*to);
		*to = str_dup(f->value);
		return;
	}
}

void corpus_note(struct corpus *c, size_t i, const struct set *s)
{
	if (i >= c->entries.n)
		return;
	struct entry *e = &c->entries.list[i];
	const struct counts *counts = set_counts(s);
	size_t proposed = set_spans(s);
	e->status = set_status(s);
	e->proposed = (uint32_t)proposed;
	e->decided = (uint32_t)(proposed - counts->spans[VERDICT_UNDECIDED]);
	e->flagged = counts->flagged > 0;
	take_field(s, S("title"), &e->title);
	take_field(s, S("published"), &e->date);
	take_field(s, S("source"), &e->source);
	if (!e->title && !e->titled)
		know_article(c, e);
	/* It is written later, as another file than the one that was read. */
	e->sidecar_seen = e->article_seen = FINGERPRINT_UNSURE;
	c->learned++;
	mark_known(c, e);
	mark_titled(c, e);
}
