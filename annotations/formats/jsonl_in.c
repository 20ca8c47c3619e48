/* jsonl_in: zhupi's own JSONL, the plain door for any extractor; one object a line, one object an article.
 *
 *   {"file": "a.txt", "text": "…", "language": "zh", "status": "reviewing",
 *    "spans": [{"id", "start", "end" | "fragments", "label", "text", "verdict", "score", "source", "original",
 * "judged", "attributes", "links", "note", "flag"}], "fields": {"name": value | [value …]}, a value being a string or
 * {"value", "spans", "verdict", "score", "source", "judged", "id", …}, "relations": [{"id", "type", "from", "to" |
 * "args", …}], "notes": [{"id", "text", "by", "on"}], "zones": [{"start", "end", "kind", "judged"}], "origin": {…}}
 *
 * All is optional but `file` or `id` (then `<id>.txt`). `text` makes the article where it is not there.  Offsets are
 * code points of the raw text, half-open; an end of a relation is an id or [start, end].  Without `verdict`: undecided;
 * without `source`: the name of the job; `"source": null`: nobody knows.  Zones that are found anyway are not kept; one
 * that differs is kept when it says who judged it. */
#include "annotations/formats/jsonl.h"
#include "annotations/formats/record.h"

static bool take(struct import_job *job, const char *path, size_t line, struct node *object, struct error *err)
{
	struct record r = {.job = job, .path = path, .line = line, .object = object};
	return record_take(&r, err);
}

static bool import(struct import_job *job, const char *path, struct error *err)
{
	return jsonl_lines(job, path, jsonl_quick_line, take, err);
}

/* An object of which the first keys say which article it is and what is said of it. */
static unsigned recognise(struct str start, const char *name)
{
	struct str line = str_trim(str_sub(start, 0, str_byte(start, '\n', 0)));
	if (!str_starts(line, S("{")))
		return 0;
	unsigned score = str_ends(str_of(name), S(".jsonl")) ? 10 : 0;
	if (str_starts(str_trim(str_sub(line, 1, line.n)), S("\"file\"")))
		return score + 80;
	if (str_find(line, S("\"id\""), 0) != NOWHERE || str_find(line, S("\"file\""), 0) != NOWHERE)
		score += 15;
	return score + 5;
}

const struct format jsonl_format = {
    .name = "jsonl",
    .summary = "zhupi's own JSON lines, one object an article: the plain door for any extractor, and the way out with "
               "everything",
    .unit = "code points of the raw text, half-open",
    .carries = "spans with fragments, verdicts, originals, sources, scores, judges, attributes, links, notes and "
               "flags; fields; relations; notes; "
               "zones that a person changed; status; texts",
    .loses = "context for re-anchoring (made anew), keys that zhupi does not know, comments, history",
    .suffixes = ".jsonl .ndjson",
    .carry = {CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL,
              CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL, CARRY_ALL,
              CARRY_ALL, CARRY_ALL, CARRY_ALL},
    .every_verdict = true,
    .recognise = recognise,
    .import = import,
    .export = jsonl_export,
};
