/* yaml_read.c: see yaml_read.h.
 *
 * libyaml 0.2.5 is kept on a short lead: the whole text is checked before it sees any of it, it is asked for one event
 * at a time, and it is never asked again after an error or the end of the document (it would answer "no event" for
 * ever). */
/* One name is in both headers, and ours is the one that the rest of the program sees. */
#define YAML_SCALAR_EVENT LIBYAML_SCALAR_EVENT
#include <yaml.h>
#undef YAML_SCALAR_EVENT

#include "annotations/yaml_read.h"

#include <string.h>

#include "model/io.h"
#include "model/utf8.h"

/* A place in the text.  index counts code points, as libyaml's marks do; line and column are 0-based here. */
struct place {
	size_t off, index, line, column;
};

/* Inside a map keys and values alternate. */
struct level {
	bool map, value_next;
};

struct yaml_reader {
	struct str text; /* without a BOM */
	size_t skipped;  /* bytes of the BOM */
	const char *path;
	yaml_parser_t parser;
	yaml_event_t event; /* owns the text of the last scalar */
	bool have_event;
	bool started, over;
	size_t content;     /* behind the last scalar or bracket, comments left out */
	struct place place; /* moves on with the events; marks never go back further than one */
	struct level levels[YAML_DEPTH];
	unsigned depth;
};

/* ---- places ----------------------------------------------------------------------------------------------- */

/* Length by lead byte; the text is known to be valid. */
static inline size_t length_of(unsigned char lead)
{
	return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* A line ends at LF, at CR LF and at a CR alone; so editors count. */
static inline void place_step(struct place *at, struct str text)
{
	unsigned char lead = (unsigned char)text.p[at->off];
	bool ends = lead == '\n' || (lead == '\r' && (at->off + 1 == text.n || text.p[at->off + 1] != '\n'));
	at->off += length_of(lead);
	at->index++;
	if (ends) {
		at->line++;
		at->column = 0;
	} else {
		at->column++;
	}
}

static void place_move(struct place *at, struct str text, size_t index)
{
	*at = index < at->index ? (struct place){0} : *at;
	while (at->index < index && at->off < text.n)
		place_step(at, text);
}

static struct place place_of_byte(struct str text, size_t off)
{
	struct place at = {0};
	while (at.off < off)
		place_step(&at, text);
	return at;
}

static bool fail_at(const struct yaml_reader *r, const struct place *at, struct error *err, enum error_code code,
                    const char *message)
{
	return error_at(err, code, r->path, at->line + 1, at->column + 1, "%s", message);
}

/* ---- checks of the whole text ------------------------------------------------------------------------------ */

static bool check_encoding(const struct yaml_reader *r, struct error *err)
{
	if (utf8_valid(r->text))
		return true;
	/* Valid up to the bad byte, so the lengths by lead byte hold. */
	size_t off = 0;
	codepoint cp = 0;
	for (size_t step = 0; step = utf8_step(r->text, off, &cp), !(cp & UTF8_BAD);)
		off += step;
	struct place at = place_of_byte(r->text, off);
	return error_at(err, ERROR_ENCODING, r->path, at.line + 1, at.column + 1,
	                "not UTF-8 (byte %02X); save the file as UTF-8", (unsigned)(unsigned char)r->text.p[off]);
}

static bool is_conflict_mark(struct str line)
{
	static const struct str marks[] = {{"<<<<<<< ", 8}, {"||||||| ", 8}, {">>>>>>> ", 8}};
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (str_starts(line, marks[i]))
			return true;
	return str_starts(line, S("=======")) && str_trim(line).n == 7;
}

/* What git leaves in a file that it could not merge.  No file of ours has such a line: text of several lines is never
 * written as one. */
static bool check_conflict(const struct yaml_reader *r, struct error *err)
{
	struct str text = r->text;
	size_t line = 1;
	for (size_t off = 0; off < text.n; line++) {
		size_t end = str_byte(text, '\n', off);
		if (end == NOWHERE)
			end = text.n;
		char first = text.p[off];
		bool likely = first == '<' || first == '=' || first == '>' || first == '|';
		if (likely && is_conflict_mark(str_sub(text, off, end)))
			return error_at(
			    err, ERROR_CONFLICT, r->path, line, 1,
			    "git left a merge conflict here; keep one of the two versions, delete the marker lines "
			    "(or `git checkout --ours` or `--theirs` the file), then open it again");
		off = end + 1;
	}
	return true;
}

/* Whether a line begins at off, to libyaml: at the start, after LF, CR, NEL, LS, PS, and after a BOM. */
static bool begins_line(struct str text, size_t off)
{
	codepoint cp = '\n';
	if (off)
		(void)utf8_step(text, utf8_back(text, off), &cp);
	return cp == '\n' || cp == '\r' || cp == 0x85 || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF;
}

/* libyaml compares each tag directive with all before it. */
static bool check_directives(const struct yaml_reader *r, struct error *err)
{
	for (size_t off = 0; (off = str_find(r->text, S("%TAG"), off)) != NOWHERE; off += 4) {
		if (!begins_line(r->text, off))
			continue;
		struct place at = place_of_byte(r->text, off);
		return fail_at(r, &at, err, ERROR_SYNTAX, "tags are not used here; delete the %TAG line");
	}
	return true;
}

static bool check_text(const struct yaml_reader *r, struct error *err)
{
	if (r->text.n > YAML_FILE)
		return error_set(err, ERROR_LIMIT, r->path, "larger than %zu MiB", YAML_FILE >> 20);
	return check_encoding(r, err) && check_conflict(r, err) && check_directives(r, err);
}

/* ---- the reader ------------------------------------------------------------------------------------------- */

struct yaml_reader *yaml_reader_new(struct str bytes, const char *path)
{
	struct yaml_reader *r = mem_alloc(sizeof(*r));
	r->path = path;
	r->skipped = str_starts(bytes, S("\xEF\xBB\xBF")) ? 3 : 0;
	r->text = str_sub(bytes, r->skipped, bytes.n);
	if (!r->text.p)
		r->text = S("");
	if (!yaml_parser_initialize(&r->parser))
		io_out_of_memory();
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->text.p, r->text.n);
	return r;
}

static void drop_event(struct yaml_reader *r)
{
	if (r->have_event)
		yaml_event_delete(&r->event);
	r->have_event = false;
}

void yaml_reader_free(struct yaml_reader *r)
{
	if (!r)
		return;
	drop_event(r);
	yaml_parser_delete(&r->parser);
	mem_free(r);
}

/* libyaml's word for what is wrong, where, and where the thing began that it is wrong in. */
static bool parser_error(struct yaml_reader *r, struct error *err)
{
	const yaml_parser_t *p = &r->parser;
	if (p->error == YAML_MEMORY_ERROR)
		io_out_of_memory();
	const char *problem = p->problem ? p->problem : "not YAML";
	if (p->error == YAML_READER_ERROR) {
		struct place at = place_of_byte(r->text, p->problem_offset);
		return error_at(err, ERROR_SYNTAX, r->path, at.line + 1, at.column + 1, "%s (U+%04X)", problem,
		                (unsigned)p->problem_value);
	}
	struct place at = {0}, from = {0};
	place_move(&at, r->text, p->problem_mark.index);
	bool tab = at.off < r->text.n && r->text.p[at.off] == '\t';
	const char *hint = tab ? "; indent with blanks, not tabs" : "";
	if (!p->context || p->context_mark.index >= p->problem_mark.index)
		return error_at(err, ERROR_SYNTAX, r->path, at.line + 1, at.column + 1, "%s%s", problem, hint);
	place_move(&from, r->text, p->context_mark.index);
	return error_at(err, ERROR_SYNTAX, r->path, at.line + 1, at.column + 1, "%s, %s that starts on line %zu%s",
	                problem, p->context, from.line + 1, hint);
}

/* Asks libyaml for one event; the last one's text goes. */
static bool parse_event(struct yaml_reader *r, struct error *err)
{
	drop_event(r);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return parser_error(r, err);
	r->have_event = true;
	return true;
}

static bool start(struct yaml_reader *r, struct error *err)
{
	r->started = true;
	return check_text(r, err) && parse_event(r, err);
}

/* Behind the document only blanks and comments may stand.  libyaml is not asked: it would read on into what is not
 * ours. */
static bool check_rest(struct yaml_reader *r, struct error *err)
{
	place_move(&r->place, r->text, r->event.end_mark.index);
	struct place at = r->place;
	while (at.off < r->text.n) {
		struct str rest = str_sub(r->text, at.off, r->text.n);
		bool blank = rest.p[0] == ' ' || rest.p[0] == '\t' || rest.p[0] == '\n' || rest.p[0] == '\r';
		size_t comment_end = rest.p[0] == '#' ? str_byte(rest, '\n', 0) : 0;
		if (comment_end == NOWHERE)
			return true;
		if (comment_end)
			place_move(&at, r->text, at.index + utf8_count(str_sub(rest, 0, comment_end)));
		else if (blank)
			place_step(&at, r->text);
		else if (at.column == 0 && str_starts(rest, S("...")))
			place_move(&at, r->text, at.index + 3);
		else if (at.column == 0 && str_starts(rest, S("---")))
			return fail_at(r, &at, err, ERROR_SYNTAX, "a second document starts here; a file holds one");
		else
			return fail_at(r, &at, err, ERROR_SYNTAX,
			               "this does not belong to what stands above; is the indent right?");
	}
	return true;
}

/* ---- what may be there -------------------------------------------------------------------------------------- */

/* Anchors and tags are refused wherever they may stand.  A lone "!" leaves no tag on a scalar, only the mark that it is
 * not plain. */
static const char *forbidden(const yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	bool marked = false;
	switch (e->type) {
	case YAML_ALIAS_EVENT:
		return "aliases (*name) are not used here; put the text in quotes or write the value out";
	case LIBYAML_SCALAR_EVENT:
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
		marked = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !e->data.scalar.plain_implicit;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (anchor)
		return "anchors (&name) are not used here; put the text in quotes or write the value out";
	return tag || marked ? "tags (!name) are not used here; put the text in quotes or delete the tag" : NULL;
}

static bool is_key(const struct yaml_reader *r)
{
	return r->depth > 0 && r->levels[r->depth - 1].map && !r->levels[r->depth - 1].value_next;
}

/* A value is complete: what follows in a map is the other half of the pair. */
static void turn(struct yaml_reader *r)
{
	if (r->depth > 0)
		r->levels[r->depth - 1].value_next = !r->levels[r->depth - 1].value_next;
}

static bool take_scalar(struct yaml_reader *r, struct yaml_event *e, struct error *err)
{
	const yaml_event_t *from = &r->event;
	e->kind = YAML_SCALAR_EVENT;
	e->text = (struct str){(const char *)from->data.scalar.value, from->data.scalar.length};
	e->quoted = from->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	e->depth = r->depth;
	if (e->text.n > YAML_SCALAR)
		return fail_at(r, &r->place, err, ERROR_LIMIT, "a text of more than 1 MiB starts here");
	turn(r);
	return true;
}

static bool take_start(struct yaml_reader *r, struct yaml_event *e, bool map, struct error *err)
{
	if (is_key(r))
		return fail_at(r, &r->place, err, ERROR_SYNTAX, "a key must be text, not a list or map");
	if (r->depth == YAML_DEPTH)
		return error_at(err, ERROR_LIMIT, r->path, r->place.line + 1, r->place.column + 1,
		                "lists and maps are nested more than %d deep", YAML_DEPTH);
	e->kind = map ? YAML_MAP_START : YAML_LIST_START;
	e->depth = r->depth;
	r->levels[r->depth++] = (struct level){.map = map};
	return true;
}

static void take_end(struct yaml_reader *r, struct yaml_event *e, bool map)
{
	e->kind = map ? YAML_MAP_END : YAML_LIST_END;
	e->depth = --r->depth;
	turn(r);
}

static bool take_event(struct yaml_reader *r, struct yaml_event *e, struct error *err)
{
	place_move(&r->place, r->text, r->event.start_mark.index);
	*e = (struct yaml_event){
	    .off = r->skipped + r->place.off, .line = r->place.line + 1, .column = r->place.column + 1};
	const char *no = forbidden(&r->event);
	if (no)
		return fail_at(r, &r->place, err, ERROR_SYNTAX, no);
	switch (r->event.type) {
	case LIBYAML_SCALAR_EVENT:
		if (!take_scalar(r, e, err))
			return false;
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (!take_start(r, e, r->event.type == YAML_MAPPING_START_EVENT, err))
			return false;
		break;
	default:
		take_end(r, e, r->event.type == YAML_MAPPING_END_EVENT);
		break;
	}
	place_move(&r->place, r->text, r->event.end_mark.index);
	e->end = r->skipped + r->place.off;
	/* The end of a block list or map is where something else begins, behind blanks and comments. */
	bool bracket = e->end > e->off && strchr("[]{}", r->text.p[e->off - r->skipped]);
	if (e->kind == YAML_SCALAR_EVENT || bracket)
		r->content = e->end;
	return true;
}

size_t yaml_content_end(const struct yaml_reader *r)
{
	return r->content;
}

static bool next_or_stop(struct yaml_reader *r, struct yaml_event *e, struct error *err)
{
	if (!r->started && !start(r, err))
		return false;
	for (;;) {
		if (!parse_event(r, err))
			return false;
		switch (r->event.type) {
		case YAML_DOCUMENT_START_EVENT:
			break;
		case YAML_DOCUMENT_END_EVENT:
			if (!check_rest(r, err))
				return false;
			*e = (struct yaml_event){
			    .kind = YAML_END, .off = r->skipped + r->text.n, .end = r->skipped + r->text.n};
			return true;
		case YAML_STREAM_END_EVENT:
			*e = (struct yaml_event){
			    .kind = YAML_END, .off = r->skipped + r->text.n, .end = r->skipped + r->text.n};
			return true;
		default: /* scalars, lists, maps, aliases: libyaml sends no others between these */
			return take_event(r, e, err);
		}
	}
}

bool yaml_next(struct yaml_reader *r, struct yaml_event *e, struct error *err)
{
	if (r->over)
		return fail_at(r, &r->place, err, ERROR_SYNTAX, "nothing is left to read");
	bool good = next_or_stop(r, e, err);
	r->over = !good || e->kind == YAML_END;
	return good;
}

/* ---- trees -------------------------------------------------------------------------------------------------- */

static struct node *placed(struct node *n, const struct yaml_event *e)
{
	n->line = (uint32_t)e->line;
	n->column = (uint32_t)e->column;
	return n;
}

static bool read_list(struct yaml_reader *r, struct node *list, struct error *err)
{
	for (;;) {
		struct yaml_event e;
		struct node *item = NULL;
		if (!yaml_next(r, &e, err))
			return false;
		if (e.kind == YAML_LIST_END)
			return true;
		if (!yaml_tree(r, &e, &item, err))
			return false;
		node_add(list, item);
	}
}

/* One pair; *done when the map ended instead. */
static bool read_pair(struct yaml_reader *r, struct node *map, bool *done, struct error *err)
{
	struct yaml_event e;
	if (!yaml_next(r, &e, err))
		return false;
	*done = e.kind == YAML_MAP_END;
	if (*done)
		return true;
	/* The value has its key's place when it has none of its own to speak of. */
	struct yaml_event key_event = e;
	char *key = str_dup(e.text);
	struct str name = {key, e.text.n};
	struct node *value = NULL;
	bool good = yaml_next(r, &e, err) && yaml_tree(r, &e, &value, err);
	if (good) {
		node_append(map, name, value);
		if (value->kind == NODE_MAP || value->kind == NODE_LIST || value->text.n == 0)
			placed(value, &key_event);
	}
	mem_free(key);
	return good;
}

static bool read_map(struct yaml_reader *r, struct node *map, struct error *err)
{
	for (bool done = false; !done;)
		if (!read_pair(r, map, &done, err))
			return false;
	size_t twice = node_duplicate(map);
	if (twice == NOWHERE)
		return true;
	return error_at(err, ERROR_DUPLICATE, r->path, map->items[twice]->line, map->items[twice]->column,
	                "the key `%.*s` is there twice; keep one",
	                (int)(map->keys[twice].n < 80 ? map->keys[twice].n : 80), map->keys[twice].p);
}

bool yaml_tree(struct yaml_reader *r, const struct yaml_event *first, struct node **out, struct error *err)
{
	*out = NULL;
	if (first->kind == YAML_SCALAR_EVENT) {
		*out = placed(first->quoted ? node_text(first->text) : node_plain(first->text), first);
		return true;
	}
	bool map = first->kind == YAML_MAP_START;
	struct node *n = placed(map ? node_map() : node_list(), first);
	if (!(map ? read_map(r, n, err) : read_list(r, n, err))) {
		node_free(n);
		return false;
	}
	*out = n;
	return true;
}

static bool read_document(struct yaml_reader *r, struct node **out, struct error *err)
{
	struct yaml_event e;
	if (!yaml_next(r, &e, err))
		return false;
	if (e.kind == YAML_END) {
		*out = node_map();
		return true;
	}
	/* "---" alone is an empty document too. */
	bool empty = e.kind == YAML_SCALAR_EVENT && !e.quoted && e.text.n == 0;
	if (!yaml_tree(r, &e, out, err) || !yaml_next(r, &e, err))
		return false;
	if (empty) {
		node_free(*out);
		*out = node_map();
	}
	return true;
}

bool yaml_read(struct str bytes, const char *path, struct node **out, struct error *err)
{
	*out = NULL;
	struct yaml_reader *r = yaml_reader_new(bytes, path);
	bool good = read_document(r, out, err);
	yaml_reader_free(r);
	if (!good) {
		node_free(*out);
		*out = NULL;
	}
	return good;
}
