/* brat_tell: attributes, links and notes of an .ann file that is written; see brat_writing.h. */
#include "annotations/formats/brat_writing.h"

/* ---- attributes, links, notes --------------------------------------------------------------------------------- */

static const struct node *map_of(const struct writing *w, struct referent r)
{
	return r.span != NONE ? w->out->spans[r.span].map : w->out->relations[r.relation].map;
}

/* Whether this was not said of the item yet; now it is. */
static bool say(struct writing *w, struct referent r, const char *kind, struct str name)
{
	buf_clear(&w->scratch);
	buf_addf(&w->scratch, "%s %u %u ", kind, (unsigned)r.span, (unsigned)r.relation);
	buf_add(&w->scratch, name);
	bool fresh = !strmap_get(&w->said, buf_str(&w->scratch), NULL);
	if (fresh)
		strmap_put(&w->said, buf_str(&w->scratch), S("1"));
	return fresh;
}

static void make_attribute(struct writing *w, struct str id, struct str name, struct str target, struct str value)
{
	buf_addf(&w->file, "%.*s\t", (int)id.n, id.p);
	record_add_word(&w->file, name);
	buf_addf(&w->file, " %.*s", (int)target.n, target.p);
	if (!str_eq(value, S("true"))) {
		buf_addc(&w->file, ' ');
		record_add_line(&w->file, value);
	}
	buf_adds(&w->file, w->newline);
}

void brat_write_attribute(struct writing *w, struct str line, struct str id, struct str rest)
{
	struct str words[3];
	struct referent r;
	size_t n = brat_words(rest, words, 3);
	if (n < 2 || !brat_refer(w, words[1], &r))
		return;
	struct str value = n == 3 ? words[2] : S("true");
	struct buf name = {0};
	record_add_plain(&name, words[0]);
	const struct node *now = node_get(node_get(map_of(w, r), S("attributes")), buf_str(&name));
	brat_use_attribute(w->used, words[0], value);
	if (!say(w, r, "A", buf_str(&name)) || (now && brat_means(value, node_scalar(now))))
		brat_write_line(w, line);
	else if (now)
		make_attribute(w, id, buf_str(&name), words[1], node_scalar(now));
	buf_free(&name);
}

static struct str link_key(struct buf *key, struct str db, struct str id)
{
	buf_clear(key);
	buf_add(key, db);
	buf_addc(key, ':');
	buf_add(key, id);
	return buf_str(key);
}

static const struct node *find_link(const struct node *map, struct str db, struct str id)
{
	const struct node *links = node_get(map, S("links"));
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++)
		if (brat_means(db, node_get_text(links->items[i], S("db"))) &&
		    brat_means(id, node_get_text(links->items[i], S("id"))))
			return links->items[i];
	return NULL;
}

void brat_write_link(struct writing *w, struct str line, struct str rest)
{
	struct str words[3], db, id;
	struct referent r;
	struct buf key = {0};
	size_t tab = str_byte(rest, '\t', 0);
	size_t n = brat_words(str_sub(rest, 0, tab == NOWHERE ? rest.n : tab), words, 3);
	if (n < 3 || !brat_refer(w, words[1], &r) || !brat_pair(words[2], &db, &id))
		return;
	bool ours = str_eq(words[0], S("Reference"));
	const struct node *link = ours ? find_link(map_of(w, r), db, id) : NULL;
	if (link)
		(void)say(w, r, "N", link_key(&key, node_get_text(link, S("db")), node_get_text(link, S("id"))));
	if (!ours || link)
		brat_write_line(w, line);
	buf_free(&key);
}

static void make_note(struct writing *w, struct str id, struct str target, struct str text)
{
	buf_addf(&w->file, "%.*s\tAnnotatorNotes %.*s\t", (int)id.n, id.p, (int)target.n, target.p);
	record_add_line(&w->file, text);
	buf_adds(&w->file, w->newline);
}

void brat_write_note(struct writing *w, struct str line, struct str id, struct str rest)
{
	struct str words[2];
	struct referent r;
	size_t tab = str_byte(rest, '\t', 0);
	size_t n = brat_words(str_sub(rest, 0, tab == NOWHERE ? rest.n : tab), words, 2);
	bool known = n == 2 && brat_refer(w, words[1], &r);
	if (!known && n == 2 && (brat_own_id(words[1], 'T') || brat_own_id(words[1], 'R') || brat_own_id(words[1], 'E')))
		return;
	bool ours = known && str_eq(words[0], S("AnnotatorNotes")) && tab != NOWHERE && tab + 1 < rest.n;
	if (!ours || !say(w, r, "#", STR_NONE)) {
		brat_write_line(w, line);
		return;
	}
	struct str now = node_get_text(map_of(w, r), S("note"));
	if (brat_means(str_sub(rest, tab + 1, rest.n), now))
		brat_write_line(w, line);
	else if (now.n)
		make_note(w, id, words[1], now);
}

/* ---- what came since ------------------------------------------------------------------------------------------ */

void brat_write_parts(struct writing *w, struct referent r, struct str target)
{
	const struct node *map = map_of(w, r), *attributes = node_get(map, S("attributes")),
	                  *links = node_get(map, S("links"));
	struct str note = node_get_text(map, S("note"));
	struct buf key = {0};
	for (size_t i = 0; attributes && attributes->kind == NODE_MAP && i < attributes->n; i++) {
		struct str value = node_scalar(attributes->items[i]);
		brat_use_attribute(w->used, attributes->keys[i], value);
		if (say(w, r, "A", attributes->keys[i]))
			make_attribute(w, brat_new_id(w, 'A'), attributes->keys[i], target, value);
	}
	for (size_t i = 0; links && links->kind == NODE_LIST && i < links->n; i++) {
		struct str db = node_get_text(links->items[i], S("db")), id = node_get_text(links->items[i], S("id"));
		if (!db.n || !id.n || !say(w, r, "N", link_key(&key, db, id)))
			continue;
		struct str own = brat_new_id(w, 'N');
		buf_addf(&w->file, "%.*s\tReference %.*s ", (int)own.n, own.p, (int)target.n, target.p);
		record_add_word(&w->file, db);
		buf_addc(&w->file, ':');
		record_add_word(&w->file, id);
		buf_addc(&w->file, '\t');
		record_add_line(&w->file, node_get_text(links->items[i], S("name")));
		buf_adds(&w->file, w->newline);
	}
	if (note.n && say(w, r, "#", STR_NONE))
		make_note(w, brat_new_id(w, '#'), target, note);
	buf_free(&key);
}
