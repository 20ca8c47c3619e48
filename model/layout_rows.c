/* layout_rows.c: one block's clusters and rows, see layout.h. */
#include "model/layout_build.h"

#include "model/utf8.h"

/* What a cluster means for breaking rows. */
enum {
	MAY_BREAK = 1, /* a row may begin with it */
	BLANK = 2,
	OPENS = 4,     /* no row should end with it */
	CLOSES = 8     /* no row should begin with it */
};

struct builder {
	struct reading *reading;
	struct segmenter *segmenter;
	struct pieces pieces;
	uint8_t *flags; /* of each cluster of the block in hand */
	size_t cap_flags;
};

struct builder *builder_new(struct reading *r)
{
	struct builder *b = mem_alloc(sizeof *b);

	b->reading = r;
	b->segmenter = segmenter_new(article_has_han(reading_article(r)));
	return b;
}

void builder_free(struct builder *b)
{
	segmenter_free(b->segmenter);
	pieces_free(&b->pieces);
	mem_free(b->flags);
	mem_free(b);
}

/* ---- clusters --------------------------------------------------------------------------------------------- */

static struct str cluster_text(const struct block *b, const struct cluster *c)
{
	return str_sub(buf_str(&b->shown), c->shown, c->shown_end);
}

bool cluster_is_blank(const struct block *b, const struct cluster *c)
{
	codepoint cp = 0;

	return c->shown == c->shown_end || (utf8_step(cluster_text(b, c), 0, &cp) > 0 && cp_is_space(cp));
}

static void add_cluster(struct block *b, size_t *cap, struct cluster c)
{
	if (b->n_clusters == *cap) {
		*cap = *cap ? *cap * 2 : 32;
		b->clusters = mem_grow(b->clusters, *cap, sizeof *b->clusters);
	}
	b->clusters[b->n_clusters++] = c;
}

static uint8_t clamp_width(unsigned width)
{
	return (uint8_t)(width < 1 ? 1 : width > UINT8_MAX ? UINT8_MAX : width);
}

/* Plain ideographs and ASCII letters in a row need no look at properties. */
static size_t quick_cluster(struct str text, size_t off, unsigned *width)
{
	const unsigned char *p = (const unsigned char *)text.p + off;
	size_t left = text.n - off;

	if (left >= 4 && p[0] >= 0xE4 && p[0] <= 0xE9 && p[3] >= 0xE4 && p[3] <= 0xE9 && !(p[0] == 0xE4 && p[1] < 0xB8)) {
		*width = 2;
		return off + 3;
	}
	if (left >= 2 && p[0] >= 0x20 && p[0] < 0x7F && p[1] >= 0x20 && p[1] < 0x7F) {
		*width = 1;
		return off + 1;
	}
	return 0;
}

/* The end of the cluster at off within [off, end) of the shown text, at most CLUSTER_BYTES further. */
static size_t cluster_end(struct str shown, size_t off, size_t end, size_t *whole)
{
	size_t next;

	if (*whole <= off)
		*whole = cluster_next(str_sub(shown, 0, end), off);
	next = *whole < end ? *whole : end;
	if (next - off > CLUSTER_BYTES) {
		size_t cut = utf8_floor(shown, off + CLUSTER_BYTES);

		next = cut > off ? cut : next;
	}
	return next;
}

/* The clusters of a raw or virtual piece. */
static void add_text(struct block *b, size_t *cap, const struct piece *p, unsigned ambiguous)
{
	struct str shown = str_sub(buf_str(&b->shown), 0, p->shown_end);
	size_t whole = 0; /* end of the cluster that a cut one is part of */

	for (size_t at = p->shown, next; at < p->shown_end; at = next) {
		uint32_t off = p->kind == PIECE_RAW ? p->off + (uint32_t)(at - p->shown) : p->off;
		unsigned width;

		next = whole <= at ? quick_cluster(shown, at, &width) : 0;
		if (!next) {
			next = cluster_end(shown, at, p->shown_end, &whole);
			width = cell_width(str_sub(shown, at, next), ambiguous);
		}
		add_cluster(b, cap, (struct cluster){
		                        .off = off,
		                        .end = p->kind == PIECE_RAW ? off + (uint32_t)(next - at) : p->off,
		                        .shown = (uint32_t)at,
		                        .shown_end = (uint32_t)next,
		                        .width = clamp_width(width),
		                        .kind = (uint8_t)p->kind,
		                    });
	}
}

static void add_clusters(struct block *b, const struct pieces *pieces, unsigned ambiguous)
{
	size_t cap = 0;

	for (size_t i = 0; i < pieces->n; i++) {
		const struct piece *p = &pieces->list[i];

		if (p->kind == PIECE_HIDDEN)
			continue;
		if (p->kind != PIECE_REPLACED) {
			add_text(b, &cap, p, ambiguous);
			continue;
		}
		add_cluster(b, &cap, (struct cluster){
		                         .off = p->off,
		                         .end = p->end,
		                         .shown = p->shown,
		                         .shown_end = p->shown_end,
		                         .width = clamp_width(text_width(str_sub(buf_str(&b->shown), p->shown, p->shown_end),
		                                                         ambiguous)),
		                         .kind = PIECE_REPLACED,
		                     });
	}
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

/* Marks that no row should end with, by UAX #14's OP and the quotes that open. */
static bool opens(codepoint cp)
{
	switch (cp) {
	case '(': case '[': case '{':
	case 0x2018: case 0x201C: case 0x3008: case 0x300A: case 0x300C: case 0x300E: case 0x3010: case 0x3014: case 0x3016:
	case 0x3018: case 0x301A: case 0x301D: case 0xFF08: case 0xFF3B: case 0xFF5B: case 0xFF5F: case 0xFF62:
		return true;
	default:
		return false;
	}
}

/* Marks that no row should begin with: CL, CP, EX, IS, NS and the quotes that close. */
static bool closes(codepoint cp)
{
	switch (cp) {
	case '!': case ')': case ',': case '.': case ':': case ';': case '?': case ']': case '}':
	case 0x2019: case 0x201D: case 0x2026: case 0x3001: case 0x3002: case 0x3009: case 0x300B: case 0x300D: case 0x300F:
	case 0x3011: case 0x3015: case 0x3017: case 0x3019: case 0x301B: case 0x301E: case 0x301F: case 0xFF01: case 0xFF09:
	case 0xFF0C: case 0xFF0E: case 0xFF1A: case 0xFF1B: case 0xFF1F: case 0xFF3D: case 0xFF5D: case 0xFF60: case 0xFF61:
	case 0xFF63: case 0xFF64:
		return true;
	default:
		return false;
	}
}

static uint8_t marks_of(const struct block *b, const struct cluster *c)
{
	codepoint cp = 0;

	utf8_step(cluster_text(b, c), 0, &cp);
	if (cp_is_space(cp))
		return BLANK;
	if (c->kind != PIECE_RAW)
		return 0;
	return (uint8_t)((opens(cp) ? OPENS : 0) | (closes(cp) ? CLOSES : 0));
}

/* Fills builder->flags: what each cluster is and where UAX #14 lets a row begin. */
static void find_flags(struct builder *builder, const struct block *b)
{
	struct str shown = buf_str(&b->shown);
	size_t may = 0;

	if (b->n_clusters > builder->cap_flags) {
		builder->cap_flags = b->n_clusters * 2;
		builder->flags = mem_grow(builder->flags, builder->cap_flags, 1);
	}
	segment_text(builder->segmenter, shown);
	for (size_t i = 0; i < b->n_clusters; i++) {
		size_t at = b->clusters[i].shown;

		if (may < at)
			may = segment_next(builder->segmenter, BY_LINE, at - 1);
		builder->flags[i] = (uint8_t)(marks_of(b, &b->clusters[i]) | (may == at && i ? MAY_BREAK : 0));
	}
}

/* Where a row that began with cluster `first` ends when cluster i no longer fits and nothing before it may break. */
static size_t forced_break(const struct builder *builder, size_t first, size_t i)
{
	for (size_t at = i; at > first + (i - first) / 2; at--)
		if (!(builder->flags[at] & CLOSES) && !(builder->flags[at - 1] & OPENS))
			return at;
	return i;
}

/* The first cluster after the row that begins with `first`. */
static size_t row_break(const struct builder *builder, const struct block *b, size_t first, unsigned width)
{
	unsigned col = 0;
	size_t may = first;

	for (size_t i = first; i < b->n_clusters; i++) {
		if (i > first && (builder->flags[i] & MAY_BREAK) && !(builder->flags[i] & BLANK))
			may = i;
		if (!(builder->flags[i] & BLANK) && col + b->clusters[i].width > width && i > first)
			return may > first ? may : forced_break(builder, first, i);
		col += b->clusters[i].width;
	}
	return b->n_clusters;
}

static void add_row(struct block *b, size_t *cap, size_t first, size_t end)
{
	unsigned col = 0;

	for (size_t i = first; i < end; i++) {
		b->clusters[i].col = (uint16_t)(col < UINT16_MAX ? col : UINT16_MAX);
		col += b->clusters[i].width;
	}
	if (b->n_rows == *cap) {
		*cap = *cap ? *cap * 2 : 8;
		b->rows = mem_grow(b->rows, *cap, sizeof *b->rows);
	}
	b->rows[b->n_rows++] = (struct row){
	    .first = (uint32_t)first,
	    .n = (uint32_t)(end - first),
	    .off = first > 0 ? b->clusters[first - 1].end : 0,
	    .end = end < b->n_clusters ? b->clusters[end - 1].end : (uint32_t)(b->end - b->off),
	    .width = col,
	};
}

struct block *builder_block(struct builder *builder, size_t start, size_t end, unsigned width, unsigned ambiguous)
{
	struct block *b = mem_alloc(sizeof *b);
	size_t first = 0, cap = 0;

	b->off = start;
	b->end = end;
	b->zone = reading_show(builder->reading, start, end, &b->shown, &builder->pieces);
	b->folded = builder->pieces.n > 0 && builder->pieces.list[0].kind == PIECE_VIRTUAL;
	add_clusters(b, &builder->pieces, ambiguous);
	if (b->folded) {
		add_row(b, &cap, 0, b->n_clusters);
		return b;
	}
	find_flags(builder, b);
	do {
		size_t next = row_break(builder, b, first, width);

		add_row(b, &cap, first, next);
		first = next;
	} while (first < b->n_clusters);
	return b;
}
