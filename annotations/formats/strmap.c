/* strmap: open addressing with FNV-1a (Fowler, Noll, Vo), at most half full. */
#include "annotations/formats/strmap.h"

static uint64_t hash_of(struct str key)
{
	uint64_t h = 14695981039346656037u;
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
	return h ^ (h >> 32);
}

static size_t slot_of(const struct strmap *m, uint64_t hash, struct str key)
{
	size_t at = (size_t)hash & (m->size - 1);
	while (m->slots[at].key.p && (m->slots[at].hash != hash || !str_eq(m->slots[at].key, key)))
		at = (at + 1) & (m->size - 1);
	return at;
}

/* All keys are different: the first free one will do. */
static void move_in(struct strmap *m, const struct strmap_slot *slot)
{
	size_t at = (size_t)slot->hash & (m->size - 1);
	while (m->slots[at].key.p)
		at = (at + 1) & (m->size - 1);
	m->slots[at] = *slot;
}

static void grow(struct strmap *m)
{
	struct strmap old = *m;
	m->size = old.size ? old.size * 2 : 64;
	m->slots = mem_array(m->size, sizeof *m->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].key.p)
			move_in(m, &old.slots[i]);
	mem_free(old.slots);
}

/* The empty slice has no address of its own, which here means "no key". */
static struct str keep(struct arena *memory, struct str s)
{
	return s.n ? arena_dup(memory, s) : S("");
}

void strmap_put(struct strmap *m, struct str key, struct str value)
{
	if (m->n * 2 >= m->size)
		grow(m);
	uint64_t hash = hash_of(key);
	struct strmap_slot *slot = &m->slots[slot_of(m, hash, key)];
	if (slot->key.p)
		return;
	*slot = (struct strmap_slot){keep(&m->memory, key), keep(&m->memory, value), hash};
	m->n++;
}

void strmap_set(struct strmap *m, struct str key, struct str value)
{
	struct strmap_slot *slot = m->size ? &m->slots[slot_of(m, hash_of(key), key)] : NULL;
	if (slot && slot->key.p)
		slot->value = keep(&m->memory, value);
	else
		strmap_put(m, key, value);
}

bool strmap_get(const struct strmap *m, struct str key, struct str *value)
{
	if (!m->size)
		return false;
	const struct strmap_slot *slot = &m->slots[slot_of(m, hash_of(key), key)];
	if (slot->key.p && value)
		*value = slot->value;
	return slot->key.p != NULL;
}

void strmap_free(struct strmap *m)
{
	mem_free(m->slots);
	arena_free(&m->memory);
	*m = (struct strmap){0};
}
