/* jsonl_copy: a span goes out as JSON straight from the lines of its sidecar, without a tree between.
 *
 * Only spans of one fragment that nobody touched since they were read, in the layout and with the keys that a sidecar
 * commonly has; others go by jsonl_out.c, which writes the same. */
#include "annotations/formats/jsonl.h"
#include "annotations/json.h"
#include "annotations/yaml_quick.h"

#define COPY_DEPTH 8 /* of a value; yaml_quick.h reads none that is deeper */

/* In the order in which they go out, those behind KEY_SOURCE as they are. */
enum copied { KEY_LABEL, KEY_VERDICT, KEY_SOURCE, KEY_JUDGED, KEY_ATTRIBUTES, KEY_LINKS, KEY_NOTE, KEY_FLAG, COPIED,
	      KEY_PASSED = COPIED /* known, but taken from elsewhere */, KEY_UNKNOWN };

static const struct str names[] = {{"label", 5}, {"verdict", 7}, {"source", 6}, {"judged", 6}, {"attributes", 10},
                                   {"links", 5}, {"note", 4},    {"flag", 4},   {"id", 2},     {"at", 2},
                                   {"text", 4},  {"context", 7}};

static enum copied key_of(struct str key)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(names[i], key))
			return i < COPIED ? (enum copied)i : KEY_PASSED;
	return KEY_UNKNOWN;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool next_is(const struct quick *q, char c)
{
	return q->off < q->text.n && q->text.p[q->off] == c;
}

static bool copy_scalar(struct quick *q, struct buf *out)
{
	struct str text;
	bool quoted = next_is(q, '"');
	if (!quick_skip(q, &text) || !text.p) /* none, or one with escapes */
		return false;
	if (quoted)
		json_write_text(out, text);
	else
		json_write_plain(out, text);
	return true;
}

static bool copy_value(struct quick *q, struct buf *out, unsigned depth);

static bool copy_list(struct quick *q, struct buf *out, unsigned depth)
{
	(void)quick_take(q, '[');
	buf_addc(out, '[');
	for (bool first = true; !quick_take(q, ']'); first = false) {
		if (!first && !(quick_take(q, ',') && quick_take(q, ' ')))
			return false;
		if (!first)
			buf_addc(out, ',');
		if (!copy_value(q, out, depth + 1))
			return false;
	}
	buf_addc(out, ']');
	return true;
}

static void copy_key(struct str key, bool first, struct buf *out)
{
	if (!first)
		buf_addc(out, ',');
	json_write_text(out, key);
	buf_addc(out, ':');
}

static bool copy_map(struct quick *q, struct buf *out, unsigned depth)
{
	bool first = true, good, was_first = true;
	struct str key;
	(void)quick_take(q, '{');
	buf_addc(out, '{');
	for (; quick_map_next(q, &first, &key, &good); was_first = false) {
		copy_key(key, was_first, out);
		if (!copy_value(q, out, depth + 1))
			return false;
	}
	buf_addc(out, '}');
	return good;
}

static bool copy_value(struct quick *q, struct buf *out, unsigned depth)
{
	if (depth > COPY_DEPTH)
		return false;
	if (next_is(q, '['))
		return copy_list(q, out, depth);
	return next_is(q, '{') ? copy_map(q, out, depth) : copy_scalar(q, out);
}

/* ---- the source ------------------------------------------------------------------------------------------------- */

/* Where a key of a source stands in the order in which it goes out. */
static int rank_of(struct str key)
{
	static const struct str first[] = {{"by", 2}, {"version", 7}, {"rule", 4}};
	for (int i = 0; i < (int)COUNT_OF(first); i++)
		if (str_eq(first[i], key))
			return i;
	return (int)COUNT_OF(first);
}

/* The keys without the score into `out`, the score into `score`; false where they would have to be put in order. */
static bool split_source(struct quick *q, struct buf *out, struct buf *score)
{
	bool first = true, good, was_first = true;
	int rank = 0;
	struct str key, text;
	if (!quick_take(q, '{'))
		return false;
	buf_addc(out, '{');
	while (quick_map_next(q, &first, &key, &good)) {
		if (str_eq(key, S("score"))) {
			if (next_is(q, '[') || next_is(q, '{') || !quick_skip(q, &text) || !text.p)
				return false;
			json_write_plain(score, text);
			continue;
		}
		int next = rank_of(key);
		if (next < rank)
			return false;
		rank = next;
		copy_key(key, was_first, out);
		was_first = false;
		if (!copy_value(q, out, 1))
			return false;
	}
	buf_addc(out, '}');
	return good;
}

static bool copy_source(struct quick *q, struct buf *out)
{
	struct buf source = {0}, score = {0};
	bool fine = split_source(q, &source, &score);
	if (fine) {
		if (score.n) {
			buf_adds(out, ",\"score\":");
			buf_add(out, buf_str(&score));
		}
		buf_adds(out, ",\"source\":");
		buf_add(out, buf_str(&source));
	}
	buf_free(&source);
	buf_free(&score);
	return fine;
}

/* ---- spans ------------------------------------------------------------------------------------------------------ */

/* Where the value of each key stands; false: it is not of the common kind. */
static bool find_values(struct quick *q, struct quick values[COPIED])
{
	struct buf room = {0};
	struct str key;
	bool good = quick_take(q, '-') && quick_take(q, ' '), more;
	while (good) {
		good = quick_key(q, &key, &room, &more) && more && room.n == 0;
		enum copied k = good ? key_of(key) : KEY_UNKNOWN;
		if (k < COPIED && values[k].text.p)
			good = false;
		if (k < COPIED)
			values[k] = *q;
		good = good && k != KEY_UNKNOWN && quick_skip(q, NULL);
		if (!good || !quick_next_key(q))
			break;
	}
	buf_free(&room);
	return good && values[KEY_LABEL].text.p && str_eq(str_sub(q->text, q->off, q->text.n), S("\n"));
}

static void add_place(struct doc *d, const struct span *s, struct buf *out)
{
	buf_adds(out, "{\"id\":");
	json_write_text(out, s->id);
	buf_adds(out, ",\"start\":");
	buf_addn(out, article_cp(d->article, s->off));
	buf_adds(out, ",\"end\":");
	buf_addn(out, article_cp(d->article, s->end));
}

static bool copy_common(struct doc *d, const struct span *s, struct quick values[COPIED], struct buf *out)
{
	add_place(d, s, out);
	buf_adds(out, ",\"label\":");
	if (!copy_value(&values[KEY_LABEL], out, 0))
		return false;
	buf_adds(out, ",\"text\":");
	json_write_text(out, str_sub(article_text(d->article), s->off, s->end));
	buf_adds(out, ",\"verdict\":");
	json_write_text(out, str_of(verdict_name((enum verdict)s->verdict)));
	if (!values[KEY_SOURCE].text.p)
		buf_adds(out, ",\"source\":null");
	else if (!copy_source(&values[KEY_SOURCE], out))
		return false;
	for (size_t k = KEY_JUDGED; k < COPIED; k++) {
		if (!values[k].text.p)
			continue;
		copy_key(names[k], false, out);
		if (!copy_value(&values[k], out, 0))
			return false;
	}
	buf_addc(out, '}');
	return true;
}

bool jsonl_copy_span(struct doc *d, const struct span *s, struct buf *out)
{
	struct quick q = {.text = set_record(d->set, ITEM_SPAN, s->id), .line = 1}, values[COPIED] = {0};
	size_t before = out->n;
	if (s->n_fragments != 1 || !q.text.n || !quick_may_read(q.text) || !find_values(&q, values))
		return false;
	if (copy_common(d, s, values, out))
		return true;
	out->n = before;
	return false;
}
