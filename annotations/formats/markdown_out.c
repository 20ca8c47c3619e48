/* markdown_out: articles as Markdown to read or to paste: a heading for each, its text with spans in bold and their
 * labels as code, then fields, relations and notes as lists.  Spans that overlap cannot all be shown.  What Markdown
 * would take for its own marks is escaped (CommonMark 0.30, 2.4), HTML among it. */
#include "annotations/formats/html_out.h"
#include "annotations/formats/record.h"
#include "model/utf8.h"

static void add_text(struct buf *out, struct str text)
{
	codepoint cp = 0;
	size_t plain = 0; /* what means nothing to Markdown goes over in runs: graphemes stay whole */
	bool start = true; /* of a line, where digits and marks begin lists and headings */
	for (size_t off = 0, step; (step = utf8_step(text, off, &cp)); off += step) {
		bool mark = cp == '\\' || cp == '`' || cp == '*' || cp == '_' || cp == '[' || cp == ']' || cp == '#' ||
		            cp == '|' || cp == '~' || cp == '!';
		bool first = start && (cp == '+' || cp == '-' || cp == '=');
		bool number = (cp == '.' || cp == ')') && off > 0 && text.p[off - 1] >= '0' && text.p[off - 1] <= '9';
		bool blank = cp == '\t' || (start && cp == ' ');
		if (cp == '\n' || mark || first || number || blank) {
			html_add_text(out, str_sub(text, plain, off));
			plain = off + step;
		}
		if (cp == '\n')
			buf_adds(out, "\n\n");
		else if (mark || first || number)
			buf_addf(out, "\\%c", (char)cp);
		else if (blank)
			buf_adds(out, "&#32;");
		start = cp == '\n' || (start && cp == ' ');
	}
	html_add_text(out, str_sub(text, plain, text.n));
}

/* Of a value that must stay on its line. */
static void add_line(struct buf *out, struct str text)
{
	for (size_t from = 0; from <= text.n;) {
		size_t end = str_byte(text, '\n', from);
		end = end == NOWHERE ? text.n : end;
		add_text(out, str_sub(text, from, end));
		buf_adds(out, end < text.n ? " " : "");
		from = end + 1;
	}
}

static void add_body(const struct outgoing *o, struct buf *out)
{
	size_t at = 0;
	for (size_t i = 0; i < o->n_spans; i++) {
		const struct record_fragment *f = &o->spans[i].fragments[0];
		add_text(out, str_sub(o->text, at, f->off));
		buf_adds(out, "**");
		add_line(out, record_text(o, f));
		buf_adds(out, "** (");
		add_line(out, o->spans[i].label);
		buf_adds(out, ")");
		at = f->end;
	}
	add_text(out, str_sub(o->text, at, o->text.n));
	buf_adds(out, "\n\n");
}

static void add_relations(const struct outgoing *o, struct buf *out)
{
	for (size_t i = 0; i < o->n_relations; i++) {
		buf_adds(out, "- ");
		add_line(out, record_text(o, &o->spans[o->relations[i].from].fragments[0]));
		buf_adds(out, " **");
		add_line(out, o->relations[i].type);
		buf_adds(out, "** ");
		add_line(out, record_text(o, &o->spans[o->relations[i].to].fragments[0]));
		buf_addc(out, '\n');
	}
}

static void add_lists(const struct outgoing *o, struct buf *out)
{
	for (size_t i = 0; i < o->n_fields; i++) {
		buf_adds(out, "- **");
		add_line(out, o->fields[i].name);
		buf_adds(out, "**: ");
		add_line(out, o->fields[i].value);
		buf_addc(out, '\n');
	}
	add_relations(o, out);
	for (size_t i = 0; i < o->n_notes; i++) {
		buf_adds(out, "- ");
		add_line(out, node_get_text(o->notes[i], S("text")));
		buf_addc(out, '\n');
	}
	if (o->n_fields || o->n_relations || o->n_notes)
		buf_addc(out, '\n');
}

static bool export(struct export_job *job, struct doc *d, struct error *err)
{
	struct outgoing o;
	struct buf out = {0};
	if (!outgoing_make(job, d, &o, err))
		return false;
	buf_adds(&out, "# ");
	add_line(&out, str_of(o.file));
	buf_adds(&out, "\n\n");
	add_body(&o, &out);
	add_lists(&o, &out);
	bool fine = job->write(job->ctx, buf_str(&out), err);
	job->articles += fine;
	buf_free(&out);
	outgoing_free(&o);
	return fine;
}

const struct format markdown_format = {
    .name = "markdown",
    .summary = "Markdown to read or to paste: spans in bold with their labels, fields, relations, notes",
    .unit = "",
    .carries = "spans that do not overlap, fields, relations, notes of the article",
    .loses = "overlaps, fragments, empty spans, attributes, links, notes on spans, verdicts, scores",
    .carry = {[FEATURE_NEWLINE] = CARRY_PART,
              [FEATURE_RELATIONS] = CARRY_ALL,
              [FEATURE_FIELDS] = CARRY_ALL,
              [FEATURE_NOTES] = CARRY_ALL},
    .export = export,
};
