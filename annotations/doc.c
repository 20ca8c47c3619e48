/* doc.c: see doc.h. */
#include "annotations/doc.h"

static bool open_article(struct doc *d, const char *sidecar, struct error *err)
{
	char *path = corpus_article_path(d->corpus, str_of(d->file));
	/* What is written down wins over detection; where it cannot be used, detection is better than nothing. */
	char *encoding = sidecar_encoding(sidecar);
	bool good = encoding && article_open(path, encoding, &d->article, NULL);
	if (!good)
		good = article_open(path, NULL, &d->article, err);
	mem_free(encoding);
	mem_free(path);
	return good;
}

bool doc_open_text(struct corpus *c, struct str file, struct doc **out, struct error *err)
{
	struct doc *d = mem_alloc(sizeof(*d));
	d->corpus = c;
	d->file = str_dup(file);
	d->unread = true;
	char *sidecar = corpus_sidecar_path(c, file);
	bool good = open_article(d, sidecar, err);
	if (good) {
		d->set = set_new(d->article, corpus_schema(c));
	} else {
		doc_free(d);
		d = NULL;
	}
	mem_free(sidecar);
	*out = d;
	return good;
}

void doc_read_sidecar(struct doc *d)
{
	if (!d->unread)
		return;
	d->unread = false;
	char *path = corpus_sidecar_path(d->corpus, str_of(d->file));
	(void)sidecar_load(path, io_name_of(d->file), d->set, &d->sidecar, &d->findings, &d->trouble);
	mem_free(path);
}

bool doc_open(struct corpus *c, struct str file, struct doc **out, struct error *err)
{
	if (!doc_open_text(c, file, out, err))
		return false;
	doc_read_sidecar(*out);
	return true;
}

bool doc_reload(struct doc *d, struct error *err)
{
	if (d->unread)
		return true;
	struct set *fresh = set_new(d->article, set_schema(d->set));
	struct sidecar *sidecar = NULL;
	struct findings findings = {0};
	if (!sidecar_load(sidecar_path(d->sidecar), io_name_of(d->file), fresh, &sidecar, &findings, err)) {
		set_free(fresh);
		sidecar_free(sidecar);
		findings_free(&findings);
		return false;
	}
	set_become(d->set, fresh);
	sidecar_free(d->sidecar);
	findings_free(&d->findings);
	error_clear(&d->trouble);
	d->sidecar = sidecar;
	d->findings = findings;
	d->dirty = false;
	return true;
}

void doc_free(struct doc *d)
{
	if (!d)
		return;
	set_free(d->set);
	sidecar_free(d->sidecar);
	findings_free(&d->findings);
	error_clear(&d->trouble);
	article_free(d->article);
	mem_free(d->file);
	mem_free(d);
}

bool doc_read_only(const struct doc *d)
{
	return d->unread || d->trouble.code != ERROR_NONE || sidecar_read_only(d->sidecar);
}
