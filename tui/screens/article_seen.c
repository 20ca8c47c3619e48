/* article_seen: what was on screen, as ranges of the raw text: a gold corpus needs what the machine missed, so each
 * article is read to its end, and the end card says what was passed over.  Kept with the reading places, as
 * "from-to from-to …", until the article is done.  See article.h. */
#include "model/lines.h"
#include "tui/screens/article.h"

void seen_add(struct seen *s, size_t off, size_t end)
{
	size_t at = 0, over = 0;

	if (off >= end)
		return;
	while (at < s->n && s->list[at].end < off)
		at++;
	while (at + over < s->n && s->list[at + over].off <= end)
		over++;
	if (over == 1 && s->list[at].off <= off && s->list[at].end >= end)
		return;
	if (over) {
		off = s->list[at].off < off ? s->list[at].off : off;
		end = s->list[at + over - 1].end > end ? s->list[at + over - 1].end : end;
	} else if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->list = mem_grow(s->list, s->cap, sizeof(*s->list));
	}
	/* `over` ranges make room for one. */
	if (over == 0) {
		for (size_t i = s->n++; i > at; i--)
			s->list[i] = s->list[i - 1];
	} else {
		for (size_t i = at + over; i < s->n; i++)
			s->list[i - over + 1] = s->list[i];
		s->n -= over - 1;
	}
	s->list[at] = (struct fragment){(uint32_t)off, (uint32_t)end};
}

static struct str setting_name(const struct review *v, struct buf *out)
{
	buf_adds(out, "seen ");
	buf_adds(out, v->file);
	return buf_str(out);
}

void seen_load(struct review *v)
{
	struct buf name = {0};
	struct str text = places_setting(app_places(v->app), setting_name(v, &name));

	buf_free(&name);
	for (text = str_trim(text); text.n; text = str_trim(text)) {
		struct str range = str_sub(text, 0, str_byte(text, ' ', 0));
		size_t dash = str_byte(range, '-', 0);
		uint64_t from, to;

		if (dash != NOWHERE && str_number(str_sub(range, 0, dash), &from) &&
		    str_number(str_sub(range, dash + 1, range.n), &to) && to <= article_text(v->doc->article).n)
			seen_add(&v->seen, (size_t)from, (size_t)to);
		text = str_sub(text, range.n, text.n);
	}
}

void seen_save(struct review *v)
{
	struct buf name = {0}, value = {0};

	for (size_t i = 0; i < v->seen.n && set_status(v->doc->set) != STATUS_DONE; i++)
		buf_addf(&value, "%s%u-%u", i ? " " : "", v->seen.list[i].off, v->seen.list[i].end);
	places_set_setting(app_places(v->app), setting_name(v, &name), buf_str(&value));
	buf_free(&name);
	buf_free(&value);
}

static bool is_blank(struct str text)
{
	codepoint cp;

	for (size_t at = 0; at < text.n;) {
		at += utf8_step(text, at, &cp);
		if (!cp_is_space(cp) && !cp_is_hidden(cp))
			return false;
	}
	return true;
}

static bool was_seen(const struct seen *s, size_t *at, size_t off, size_t end)
{
	while (*at < s->n && s->list[*at].end <= off)
		++*at;
	return *at < s->n && s->list[*at].off < end;
}

size_t seen_missing(struct review *v, size_t *first)
{
	struct str text = article_text(v->doc->article);
	size_t missing = 0, range = 0, end;

	*first = NOWHERE;
	for (size_t off = 0; off < text.n; off = end) {
		const struct zone *zone = zones_at(reading_zones(v->reading), off);

		/* A very long line counts by pieces, and only a piece is looked at for its end. */
		end = line_end(text, off, BLOCK_BYTES);
		if (end == NOWHERE)
			end = utf8_floor(text, off + BLOCK_BYTES);
		if (was_seen(&v->seen, &range, off, end) || (zone && zone_is_furniture(zone->kind)) ||
		    is_blank(str_sub(text, off, end)))
			continue;
		if (missing++ == 0)
			*first = off;
	}
	return missing;
}
