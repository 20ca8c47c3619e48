/* record_lines: files of JSON lines, whatever their objects mean; see record.h. */
#include "annotations/formats/jsonl.h"
#include "annotations/formats/lines.h"
#include "annotations/formats/record.h"

#define HOPELESS 20 /* lines of no JSON at the start that make it another kind of file */

struct reading {
	struct import_job *job;
	json_taker *take;
	line_taker *quick; /* NULL: none */
	struct lines *lines;
	size_t hopeless; /* lines of no JSON, none of JSON so far; NOWHERE: there was one */
};

static bool is_blank(struct str line)
{
	return str_trim(line).n == 0;
}

static bool take_line(struct reading *r, struct str line, struct error *err)
{
	struct import_job *job = r->job;
	struct error failed = {0};
	struct node *object = NULL;
	bool taken = false;
	if (r->quick && !r->quick(job, lines_name(r->lines), lines_number(r->lines), line, &taken, err))
		return false;
	if (taken) {
		r->hopeless = NOWHERE;
		return true;
	}
	if (!jsonl_read(line, lines_name(r->lines), lines_number(r->lines), 1, &object, &failed)) {
		job->counts.objects++;
		job->counts.failed++;
		job->hooks.failed(job->hooks.ctx, &failed);
		if (r->hopeless != NOWHERE && ++r->hopeless >= HOPELESS)
			return error_set(err, ERROR_SYNTAX, lines_name(r->lines),
			                 "this is no JSONL, which has one whole object on each line; from JSON it is "
			                 "made by: jq -c . FILE");
		return true;
	}
	r->hopeless = NOWHERE;
	return r->take(job, lines_name(r->lines), lines_number(r->lines), object, err);
}

static bool take_lines(struct reading *r, struct error *err)
{
	struct import_job *job = r->job;
	for (;;) {
		struct error failed = {0};
		struct str line;
		bool fatal;
		if (job->hooks.interrupted(job->hooks.ctx))
			return true;
		switch (lines_next(r->lines, &line, &fatal, &failed)) {
		case LINE_READ:
			if (!is_blank(line) && !take_line(r, line, err))
				return false;
			break;
		case LINE_FAILED:
			if (fatal) {
				*err = failed;
				return false;
			}
			job->counts.objects++;
			job->counts.failed++;
			job->hooks.failed(job->hooks.ctx, &failed);
			break;
		case LINE_END:
		case LINE_INTERRUPTED:
			return true;
		}
		job->hooks.progress(job->hooks.ctx, job->counts.objects);
	}
}

static bool read_lines(struct reading *r, struct error *err)
{
	struct import_job *job = r->job;
	bool fine = take_lines(r, err);
	if (fine && lines_number(r->lines) == 0 && !job->hooks.interrupted(job->hooks.ctx))
		fine = error_set(err, ERROR_SYNTAX, lines_name(r->lines), "nothing is in it");
	import_end(job);
	return fine;
}

bool record_json_lines_of(struct import_job *job, struct lines *lines, json_taker *take, struct error *err)
{
	struct reading r = {.job = job, .take = take, .lines = lines};
	return read_lines(&r, err);
}

bool jsonl_lines(struct import_job *job, const char *path, line_taker *quick, json_taker *take, struct error *err)
{
	struct lines *lines = lines_open(path, job->hooks.interrupted, job->hooks.ctx, err);
	struct reading r = {.job = job, .take = take, .quick = quick, .lines = lines};
	bool fine = lines && read_lines(&r, err);
	lines_close(lines);
	return fine;
}
