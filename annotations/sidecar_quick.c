/* sidecar_quick.c: a sidecar in our own layout, line by line; see sidecar_pass.h and yaml_quick.h. */
#include "annotations/sidecar_pass.h"
#include "annotations/yaml_quick.h"

static bool at_record(const struct quick *q)
{
	return str_starts(str_sub(q->text, q->off, q->off + 2), S("- "));
}

static bool quick_list(struct pass *p, struct quick *q, struct part *part, enum item_kind kind)
{
	part->lines = true;
	while (at_record(q)) {
		struct record record = {.from = (uint32_t)q->off, .line = q->line, .mode = RECORD_LINES};
		pass_record_line(p, part, q->off, 0);
		struct node *map = quick_record(q);
		if (!map)
			return false;
		record.content = record.to = (uint32_t)q->off;
		pass_record(p, part, kind, map, &record);
		part->content = q->off;
		if (!quick_line_end(q))
			return false;
	}
	return part->records > 0;
}

static bool quick_top(struct pass *p, struct quick *q, struct part *part)
{
	struct node *value = quick_value(q);
	if (!value || !pass_top(p, part, value, NULL))
		return false;
	part->content = q->off;
	return quick_line_end(q);
}

static bool quick_part(struct pass *p, struct quick *q, struct buf *room)
{
	struct str name;
	enum item_kind kind;
	size_t off = q->off, line = q->line;
	bool more;
	if (!quick_key(q, &name, room, &more))
		return false;
	struct part *part = pass_key(p, name, off, line, 1, NULL);
	if (!part)
		return false;
	if (more)
		return quick_top(p, q, part);
	return sidecar_key_is_list(part->key, &kind) && quick_line_end(q) && quick_list(p, q, part, kind);
}

bool pass_quickly(struct pass *p)
{
	struct quick q = {.text = p->bytes, .line = 1};
	struct buf room = {0};
	bool good = quick_may_read(p->bytes);
	while (good && q.off < q.text.n)
		good = quick_part(p, &q, &room);
	buf_free(&room);
	return good;
}
