/* config: zhupi.yaml at the root of a corpus, and the user's own config.yaml.
 *
 * A corpus is data: nothing in zhupi.yaml can name a command, a key or a path outside the corpus; a key that is not
 * known there is reported and has no effect (the file is never written); `brat` holds what brat's own settings said
 * (formats/brat.h).  What runs programs or remaps keys stands in the user's own file only.  Both structs own what they
 * hold.  Readers that fail leave the defaults in *out, so that the articles can still be read; free it in any case.
 *
 * Both are YAML as yaml_read.h takes it, at most CONFIG_SIZE bytes.  A key behind which nothing stands counts as
 * missing. */
#ifndef ZHUPI_ANNOTATIONS_CONFIG_H
#define ZHUPI_ANNOTATIONS_CONFIG_H

#include "annotations/node.h"
#include "model/schema.h"

#define CONFIG_SIZE ((size_t)1 << 20)

/* What has no effect, with its place: keys that are not known. */
struct config_warnings {
	struct error *list;
	size_t n;
};

struct corpus_config {
	struct schema *schema; /* never NULL: the built-in `report` where nothing is said */
	char *language;        /* "" : by the script of the text */
	char **extractors;     /* names; none: nothing is said */
	size_t n_extractors;
	char **articles;       /* glob patterns, default "**" "/" "*.txt" */
	size_t n_articles;
	bool independent; /* annotators: independent */
	bool no_learning; /* learning: off; what was learned (learned.h) counts for nothing */
	struct config_warnings warnings;
};

/* path of a zhupi.yaml; NULL: the defaults.  Errors carry file, line and column.  ERROR_VERSION: written for a newer
 * zhupi. */
bool corpus_config_read(const char *path, struct corpus_config *out, struct error *err);
void corpus_config_free(struct corpus_config *c);

struct key_setting {
	char *action, *keys; /* names as in the key table; keys separated by blanks */
	size_t line, column;
};

struct user_config {
	char *path;      /* where it was read, or would be */
	char *annotator; /* `annotator`, else $USER, else "anonymous" */
	struct key_setting *keys;
	size_t n_keys;
	struct node *extractors;  /* map of name to argv list, or NULL */
	char *palette;            /* "" auto, "8", "256", "none" */
	int lanes;                /* -1 auto, 0, 1 */
	bool advance;             /* go on to the next undecided span after a verdict; default true */
	unsigned ambiguous_width; /* 0 ask the terminal, 1, 2 */
	struct config_warnings warnings;
};

/* Reads $XDG_CONFIG_HOME/zhupi/config.yaml (or ~/.config/...); none is fine. */
bool user_config_read(struct user_config *out, struct error *err);
void user_config_free(struct user_config *c);

void config_warnings_free(struct config_warnings *w);

/* An annotator's name is part of file names: no slash, no control or invisible character, no blank at an end, no dot or
 * dash in front, 1 to 64 bytes. */
bool annotator_fits(struct str name);

/* $XDG_STATE_HOME/zhupi or ~/.local/state/zhupi; not created here; "" where there is no home. */
char *state_folder(void);

/* The built-in schema `report` as YAML, and the commented zhupi.yaml that `init` writes. */
struct str config_report_schema(void);
struct str config_init_text(void);

#endif
