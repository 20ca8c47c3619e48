/* zones.c: the list of zones, see zones.h.  Finding them is in zones_find.c. */
#include "model/zones.h"

static const char *const names[ZONE_KINDS] = {"body", "title", "byline", "nav", "notice", "related", "share", "ticker"};

const char *zone_name(enum zone_kind kind)
{
	return names[kind];
}

bool zone_of_name(struct str name, enum zone_kind *out)
{
	for (size_t i = 0; i < ZONE_KINDS; i++)
		if (str_eq(name, str_of(names[i]))) {
			*out = (enum zone_kind)i;
			return true;
		}
	return false;
}

bool zone_is_furniture(enum zone_kind kind)
{
	return kind >= ZONE_NAV;
}

void zones_free(struct zones *z)
{
	mem_free(z->list);
	*z = (struct zones){0};
}

void zones_add(struct zones *z, size_t off, size_t end, enum zone_kind kind)
{
	if (off >= end)
		return;
	if (z->n && z->list[z->n - 1].kind == kind) {
		z->list[z->n - 1].end = end;
		return;
	}
	if (z->n == z->cap) {
		z->cap = z->cap ? z->cap * 2 : 16;
		z->list = mem_grow(z->list, z->cap, sizeof *z->list);
	}
	z->list[z->n++] = (struct zone){off, end, kind};
}

void zones_set(struct zones *z, size_t off, size_t end, enum zone_kind kind)
{
	struct zones next = {0};
	bool done = false;

	for (size_t i = 0; i < z->n; i++) {
		struct zone *it = &z->list[i];

		zones_add(&next, it->off, it->end < off ? it->end : off, it->kind);
		if (!done && it->end > off) {
			zones_add(&next, off, end, kind);
			done = true;
		}
		zones_add(&next, it->off > end ? it->off : end, it->end, it->kind);
	}
	if (!done)
		zones_add(&next, off, end, kind);
	zones_free(z);
	*z = next;
}

const struct zone *zones_at(const struct zones *z, size_t off)
{
	size_t low = 0, high = z->n;

	if (z->n == 0)
		return NULL;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (z->list[middle].off <= off)
			low = middle;
		else
			high = middle;
	}
	return &z->list[low];
}
