/* conll_in: what the readers of tokens in columns share: which columns a file has, and the article being read.
 *
 * Three kinds of files: a tag for each token (CoNLL-2000, 2002, 2003, GermEval 2014, and everything that looks like
 * them); spans as brackets in a column, `(PERSON*`, `*`, `*)` (CoNLL-2011, 2012); words with their part of speech and
 * the word that they depend on (CoNLL-X of 2006 and 2007, 2008, 2009, CoNLL-U, CoreNLP).  Sources: the shared tasks'
 * descriptions; universaldependencies.org/format.html for CoNLL-U. */
#ifndef ZHUPI_ANNOTATIONS_FORMATS_CONLL_IN_H
#define ZHUPI_ANNOTATIONS_FORMATS_CONLL_IN_H

#include "annotations/formats/align.h"
#include "annotations/formats/tags.h"

#define CONLL_COLUMNS 64 /* of a file of tags */
#define CONLL_LAYERS  4
#define CONLL_MOST    512 /* columns that are looked at: 2008, 2009 and 2012 have one for each predicate of a sentence */

enum conll_kind { CONLL_TAGS, CONLL_BRACKETS, CONLL_TREE };

struct conll_layout {
	enum conll_kind kind;
	const char *name; /* of a known layout, for notes; NULL */
	bool tabs;        /* else runs of blanks */
	bool plain;       /* labels without a letter before them */
	bool sentences;   /* one to a line: TOKEN|POS|TAG TOKEN|POS|TAG, or without POS */
	bool misc;        /* the tag is NER=… among other things in its column */
	size_t columns;   /* how many there are, or are at least: see varies */
	bool varies;
	size_t token, tags[CONLL_LAYERS], n_tags;
	/* CONLL_TREE: of two columns the second where the first has `_`. */
	size_t form2, pos, pos2, head, head2, relation; /* NOWHERE: none */
};

/* What the file is like; false: no CoNLL. */
bool conll_sniff(struct str file, struct conll_layout *out);
/* How many columns there are; no more than CONLL_MOST are filled in. */
size_t conll_split(struct str line, bool tabs, struct str *fields);
/* A word of a sentence that is a line, in so many columns. */
bool conll_split_word(struct str word, size_t columns, struct str *fields);
/* Without its line end and blanks at its end. */
bool conll_next_line(struct str file, size_t *at, struct str *line);
/* A line before another article: -DOCSTART-, #begin document, # newdoc. */
bool conll_is_start(const struct conll_layout *l, struct str line);

/* A word of a tree; several can be one token (CoNLL-U: 2-3 haven't, 2 have, 3 n't). */
struct conll_word {
	struct str id, pos, head, relation; /* borrowed from the file */
	size_t token, line;
	bool sentence; /* the first of one */
};

struct conll_words {
	struct conll_word *list;
	size_t n, cap;
	uint64_t until; /* the last word of the token of several words */
};

struct conll_reading {
	struct import_job *job;
	const char *path;
	struct conll_layout layout;
	struct record record;
	struct align_tokens tokens;
	struct str *tags; /* of all layers, n_tags for each token */
	size_t cap_tags;
	struct conll_words words;
	struct tag_evidence evidence;
	size_t number, articles; /* of the article, how many there are */
	char separator;          /* between letter and label */
	bool sentence;           /* the next token is the first of one */
};

/* A line of a tree: a token, a word of one, or neither. */
void conll_add_tree_line(struct conll_reading *r, const struct str *fields, size_t n, size_t line);
/* Spans and relations of the words of an article whose tokens have their places. */
void conll_take_tree(struct conll_reading *r);
/* Spans of the brackets in the first layer. */
void conll_take_brackets(struct conll_reading *r);
/* A span over tokens first to end - 1, where they all stand in the article. */
void conll_add_span(struct conll_reading *r, size_t first, size_t end, struct str label);

#endif
