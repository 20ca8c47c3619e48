/* layout_build: what layout.c, layout_rows.c and layout_step.c share; nobody else includes it.
 *
 * A builder makes the blocks of one reading.  It borrows the reading and owns a segmenter and scratch memory. */
#ifndef ZHUPI_MODEL_LAYOUT_BUILD_H
#define ZHUPI_MODEL_LAYOUT_BUILD_H

#include "model/layout.h"

struct builder;

struct builder *builder_new(struct reading *r);
void builder_free(struct builder *b);
/* The block [start, end) laid out; the caller owns it, its members with mem_free and buf_free. */
struct block *builder_block(struct builder *b, size_t start, size_t end, unsigned width, unsigned ambiguous);

struct segmenter *layout_segmenter(struct layout *l, const struct block *b); /* holding the shown text of b */
/* The first cluster of the block that ends after raw offset `off` (of the text): the one it is in, or the next;
 * n_clusters when none. */
size_t block_cluster(const struct block *b, size_t off);
/* Whether a cluster is a blank. */
bool cluster_is_blank(const struct block *b, const struct cluster *c);

#endif
