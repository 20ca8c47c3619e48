/* Imports: the first byte picks the format, the rest is the file.  What comes in is a sound corpus: every sidecar loads
 * without a finding that `check` calls broken, and goes out again in every format. */
#include <string.h>

#include "annotations/formats/import.h"
#include "annotations/session.h"
#include "model/io.h"
#include "tests/fuzz/fuzz.h"

static void failed(void *ctx, struct error *e)
{
	(void)ctx;
	fuzz_error(e);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void progress(void *ctx, uint64_t done)
{
	(void)ctx;
	(void)done;
}

static const struct format *pick(unsigned byte)
{
	size_t n = 0, in = 0;
	for (; formats[n]; n++)
		in += formats[n]->import != NULL;
	size_t want = byte % in;
	for (size_t i = 0; i < n; i++)
		if (formats[i]->import && want-- == 0)
			return formats[i];
	return NULL;
}

/* One for all inputs, looked at again for each: opening one costs most. */
static struct corpus *corpus(void)
{
	static struct corpus *c;
	struct error err = {0};
	if (!c)
		SUCCEEDS(corpus_open("c", "tester", &c, &err), &err);
	SUCCEEDS(corpus_rescan(c, INT64_MAX, &err), &err);
	return c;
}

static void take_in(const struct format *f, const char *path)
{
	struct error err = {0};
	struct corpus *c = corpus();
	struct import_job job = {.folder = "",
	                         .format = f,
	                         .name = path,
	                         .verdict = f->judged ? verdict_name(VERDICT_ACCEPTED) : NULL,
	                         .hooks = {NULL, failed, never, progress}};
	SUCCEEDS(session_open(c, false, &job.session, &err), &err);
	if (!f->import(&job, path, &err))
		fuzz_error(&err);
	SUCCEEDS(session_close(job.session, &err), &err);
	session_free(job.session);
	losses_free(&job.losses);
	losses_free(&job.notices);
}

static bool write_stream(void *ctx, struct str bytes, struct error *err)
{
	struct buf *out = ctx;
	(void)err;
	if (out->n < (size_t)1 << 24)
		buf_add(out, bytes);
	return true;
}

static bool write_file(void *ctx, const char *name, struct str bytes, struct error *err)
{
	HOLDS(name[0] && name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 && !strstr(name, "/../"));
	return write_stream(ctx, bytes, err);
}

static void send_out(struct session *s, struct corpus *c, const struct format *f)
{
	struct error err = {0};
	struct buf out = {0};
	struct export_job job = {.format = f, .text = true, .write = write_stream, .write_file = write_file, .ctx = &out};
	for (enum verdict v = 0; v < VERDICTS; v++)
		job.verdicts[v] = true;
	if (f->begin && !f->begin(&job, &err))
		fuzz_error(&err);
	for (size_t i = 0; i < corpus_count(c); i++) {
		struct doc *d = session_doc(s, corpus_entry(c, i)->file, &err);
		HOLDS(d);
		HOLDS(d->trouble.code == ERROR_NONE);
		if (!f->export(&job, d, &err))
			fuzz_error(&err);
	}
	if (f->end && !f->end(&job, &err))
		fuzz_error(&err);
	losses_free(&job.losses);
	buf_free(&out);
}

void fuzz_import(struct str input)
{
	unsigned byte = fuzz_byte(&input);
	const struct format *f = pick(byte);
	struct error err = {0};
	fuzz_folder();
	fuzz_empty();
	SUCCEEDS(io_make_folder("c", &err), &err);
	fuzz_put("c/a.txt", S(FUZZ_ARTICLE));
	fuzz_put("a.txt", S(FUZZ_ARTICLE)); /* for those whose files stand beside their text */
	char name[16] = "a";
	struct str suffix = str_of(f->suffixes);
	size_t end = str_byte(suffix, ' ', 0);
	suffix = str_sub(suffix, 0, end == NOWHERE ? suffix.n : end);
	HOLDS(suffix.n + 2 < sizeof name);
	memcpy(name + 1, suffix.n ? suffix.p : "", suffix.n);
	fuzz_put(name, input);
	take_in(f, name);
	struct corpus *c = corpus();
	struct session *s = NULL;
	SUCCEEDS(session_open(c, true, &s, &err), &err);
	send_out(s, c, f->export ? f : &jsonl_format);
	for (size_t i = 0; formats[i]; i++)
		if (formats[i]->export && i % 8 == input.n % 8)
			send_out(s, c, formats[i]);
	SUCCEEDS(session_close(s, &err), &err);
	session_free(s);
}
