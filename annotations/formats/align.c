/* align: see align.h. */
#include "annotations/formats/align.h"

#include "model/segment.h"
#include "model/utf8.h"

#define NEAR   64
#define WINDOW 2048 /* bytes that are looked through for a token that does not stand at once */

void align_add(struct align_tokens *t, struct str form, size_t line, bool sentence)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 1024;
		t->list = mem_grow(t->list, t->cap, sizeof *t->list);
	}
	t->list[t->n++] = (struct align_token){.form = form, .line = line, .sentence = sentence, .off = NOWHERE, .end = NOWHERE};
}

void align_free(struct align_tokens *t)
{
	mem_free(t->list);
	*t = (struct align_tokens){0};
}

/* ---- to a text ------------------------------------------------------------------------------------------------ */

static size_t skip_blanks(struct str text, size_t off)
{
	codepoint cp = 0;
	for (size_t n; (n = utf8_step(text, off, &cp)) > 0; off += n)
		if (!cp_is_space(cp) && cp != 0xFEFF && cp != 0x200B)
			break;
	return off;
}

/* What treebanks write for marks that they cannot hold. */
static struct str other_form(struct str form)
{
	static const struct {
		const char *form, *text;
	} forms[] = {{"``", "\""}, {"''", "\""}, {"-LRB-", "("}, {"-RRB-", ")"}, {"-LSB-", "["},
	             {"-RSB-", "]"}, {"-LCB-", "{"}, {"-RCB-", "}"}};
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (str_eq(form, str_of(forms[i].form)))
			return str_of(forms[i].text);
	return STR_NONE;
}

/* How much of the text at off the token is; 0: it does not stand there. */
static size_t match_at(struct str text, size_t off, struct str form)
{
	struct str rest = str_sub(text, off, text.n), other = other_form(form);
	if (str_starts(rest, form))
		return form.n;
	return other.n && str_starts(rest, other) ? other.n : 0;
}

/* The first place of the token from off on, before limit. */
static size_t find_form(struct str text, size_t off, size_t limit, struct str form, size_t *length)
{
	limit = limit < text.n ? limit : text.n;
	for (size_t at = off; at < limit; at += utf8_step(text, at, NULL))
		if ((*length = match_at(text, at, form)))
			return at;
	return NOWHERE;
}

/* A token further on where the one behind it follows at once; else one very near, with the next one near too. */
static size_t look_ahead(struct str text, size_t off, const struct align_tokens *t, size_t i, size_t *length)
{
	bool last = i + 1 == t->n;
	size_t ignored, at = off;
	while ((at = find_form(text, at, off + WINDOW, t->list[i].form, length)) != NOWHERE) {
		size_t next = skip_blanks(text, at + *length);
		if (last || match_at(text, next, t->list[i + 1].form))
			return at;
		at += utf8_step(text, at, NULL);
	}
	at = find_form(text, off, off + NEAR, t->list[i].form, length);
	if (at == NOWHERE || last || find_form(text, at + *length, at + *length + NEAR, t->list[i + 1].form, &ignored) == NOWHERE)
		return NOWHERE;
	return at;
}

static void count_skipped(struct str text, size_t from, size_t to, struct align_report *report)
{
	codepoint cp = 0;
	for (size_t at = from, n; at < to && (n = utf8_step(text, at, &cp)) > 0; at += n) {
		if (cp_is_space(cp) || cp == 0xFEFF)
			continue;
		if (report->skipped++ == 0)
			report->first = at;
	}
}

void align_to(struct str text, struct align_tokens *t, struct align_report *report)
{
	size_t off = 0, counted = 0;
	uint64_t cp = 0;
	*report = (struct align_report){0};
	for (size_t i = 0; i < t->n; i++) {
		struct align_token *token = &t->list[i];
		size_t at = skip_blanks(text, off), length = match_at(text, at, token->form);
		if (!length) {
			size_t found = look_ahead(text, at, t, i, &length);
			if (found == NOWHERE) {
				report->missing++;
				continue;
			}
			count_skipped(text, at, found, report);
			at = found;
		}
		token->off = at;
		token->end = off = at + length;
		cp += utf8_count(str_sub(text, counted, at));
		token->from = cp;
		cp += utf8_count(str_sub(text, at, off));
		token->to = cp;
		counted = off;
	}
	count_skipped(text, off, text.n, report);
}

/* ---- without one ---------------------------------------------------------------------------------------------- */

static codepoint last_of(struct str s)
{
	codepoint cp = 0;
	(void)utf8_step(s, s.n ? utf8_back(s, s.n) : 0, &cp);
	return cp;
}

/* Han, kana, and full-width and CJK marks: nothing stands between them and what is beside. */
static bool stands_close(codepoint cp)
{
	return cp_is_han(cp) || (cp >= 0x3000 && cp <= 0x30FF) || (cp >= 0xFF00 && cp <= 0xFFEF) ||
	       (cp >= 0x2014 && cp <= 0x2027);
}

/* What the tokens are, as a whole. */
struct writing {
	bool han;        /* else words stand apart, whatever they are */
	bool characters; /* one character a token, but for a few */
};

static struct writing writing_of(const struct align_tokens *t)
{
	struct writing w = {0};
	size_t single = 0;
	for (size_t i = 0; i < t->n; i++) {
		struct str form = t->list[i].form;
		codepoint cp = 0;
		for (size_t off = 0, n; !w.han && (n = utf8_step(form, off, &cp)) > 0; off += n)
			w.han = cp_is_han(cp) || (cp >= 0x3041 && cp <= 0x30FF);
		single += cluster_next(form, 0) == form.n;
	}
	w.characters = w.han && single * 10 >= t->n * 9;
	return w;
}

static bool is_character(struct str form)
{
	return cluster_next(form, 0) == form.n;
}

static bool blank_between(struct writing w, const struct align_token *before, const struct align_token *token)
{
	codepoint cp = 0;
	if (before->close_after || token->close)
		return false;
	if (!w.han)
		return true;
	if (w.characters && is_character(before->form) && is_character(token->form))
		return false;
	(void)utf8_step(token->form, 0, &cp);
	return !stands_close(last_of(before->form)) && !stands_close(cp);
}

void align_make(struct align_tokens *t, struct buf *text)
{
	struct writing w = writing_of(t);
	uint64_t cp = 0;
	t->made = t->characters = true;
	for (size_t i = 0; i < t->n; i++) {
		struct align_token *token = &t->list[i];
		bool apart = i && (token->sentence || blank_between(w, &t->list[i - 1], token));
		if (apart)
			buf_addc(text, token->sentence ? '\n' : ' ');
		t->characters &= is_character(token->form) && (!apart || token->sentence);
		token->off = text->n;
		buf_add(text, token->form);
		token->end = text->n;
		token->from = cp + apart;
		token->to = cp = token->from + utf8_count(token->form);
	}
	if (t->n)
		buf_addc(text, '\n');
}

/* ---- which text ----------------------------------------------------------------------------------------------- */

static char *text_path(const struct import_job *job, const char *file)
{
	struct stat st;
	if (!job->text)
		return NULL;
	if (io_get()->stat(job->text, &st) == 0 && S_ISDIR(st.st_mode))
		return io_join(job->text, file);
	return mem_dup(job->text);
}

static bool is_there(const struct import_job *job, const char *file)
{
	char *below = io_join(job->folder, file);
	char *path = corpus_article_path(session_corpus(job->session), str_of(*job->folder ? below : file));
	struct stat st;
	bool there = io_get()->lstat(path, &st) == 0;
	mem_free(path);
	mem_free(below);
	return there;
}

static void note(struct record *r, struct str text, const struct align_report *report)
{
	size_t line = 1;
	if (report->missing)
		losses_add(&r->job->losses, report->missing, "tokens that do not stand in the article");
	if (!report->skipped)
		return;
	for (size_t i = 0; i < report->first; i++)
		line += text.p[i] == '\n';
	losses_add(&r->job->notices, report->skipped, "characters of the article that stand in no token");
	record_noted(r->job, "the first of them in %s, line %zu", node_get_text(r->object, S("file")).p, line);
}

bool align_record(struct record *r, const char *file, struct align_tokens *t, struct error *err)
{
	char *path = text_path(r->job, file);
	struct article *given = NULL;
	struct align_report report = {0};
	struct str text = STR_NONE;
	struct buf made = {0};
	bool fine = true, there = is_there(r->job, file);
	t->made = false;
	node_put_text(r->object, S("file"), str_of(file));
	if (path) {
		fine = article_open(path, NULL, &given, err);
		text = fine ? article_text(given) : STR_NONE;
	} else if (there) {
		fine = record_article(r, str_of(file), &text, err);
	}
	if (fine && (path || there)) {
		align_to(text, t, &report);
		note(r, text, &report);
	} else if (fine) {
		align_make(t, &made);
		text = buf_str(&made);
	}
	if (fine && (path || !there))
		node_put_text(r->object, S("text"), text);
	article_free(given);
	buf_free(&made);
	mem_free(path);
	return fine;
}
