/* zones: which part of an article is title, byline and body, and which is the furniture of the page it was found on.
 *
 * Lines are classed by shape (separators, length, sentence marks, dates) and by words; the words come in as `struct
 * zone_rules`, this file has none of its own.  They are compared with text folded to simplified script, half-width
 * and lower case (fold.h) with glosses taken out.  Zones cover the text without gaps, in order; a zone of lines ends
 * after its last newline.  In a text of more than ZONES_WHOLE bytes only the first and last ZONES_EDGE bytes are
 * classed and all between is body: what is that long is no web page with a frame.  Title, byline and body are never
 * furniture; when in doubt a line is body, because what is folded may be overlooked. */
#ifndef ZHUPI_MODEL_ZONES_H
#define ZHUPI_MODEL_ZONES_H

#include "model/base.h"

#define ZONES_WHOLE ((size_t)256 << 10)
#define ZONES_EDGE ((size_t)64 << 10)

enum zone_kind { ZONE_BODY, ZONE_TITLE, ZONE_BYLINE, ZONE_NAV, ZONE_NOTICE, ZONE_RELATED, ZONE_SHARE, ZONE_TICKER, ZONE_KINDS };

struct zone {
	size_t off, end; /* bytes of the raw text */
	enum zone_kind kind;
};

/* Owns its list. */
struct zones {
	struct zone *list;
	size_t n, cap;
};

/* What a rule's words mean; each is a list of folded strings. */
enum zone_word {
	ZONE_WORD_BYLINE,   /* labels of a byline: 发布时间, 点击数 */
	ZONE_WORD_SOURCE,   /* those that name where it was published: 来源 */
	ZONE_WORD_AUTHOR,   /* those that name who wrote it, also within credits in brackets: 记者 */
	ZONE_WORD_CREDIT,   /* those that name who edited it; at the end of an article nothing of it follows: 责任编辑 */
	ZONE_WORD_TITLE,    /* labels that stand before a repeated title: 原标题 */
	ZONE_WORD_NOTICE,   /* what only a copyright notice, a disclaimer or the foot of a page says */
	ZONE_WORD_LEGAL,    /* what they say too, and other texts as well: 授权, 侵权 */
	ZONE_WORD_RELATED,  /* headings of lists of other articles: 相关推荐 */
	ZONE_WORD_SHARE,    /* 分享, 打印, 字号 */
	ZONE_WORD_PLATFORM, /* where to: 微信; means nothing without a word of the list before */
	ZONE_WORD_NAV,      /* 首页, 当前位置 */
	ZONE_WORD_SECTION,  /* 体育, 财经: mean something only in a row, or above the title */
	ZONE_WORD_TICKER,   /* 上证指数 */
	ZONE_WORD_PUBLISHER,/* how names of papers and sites end: 日报, 新闻网 */
	ZONE_WORDS
};

struct zone_rules {
	struct str *words[ZONE_WORDS];
	size_t count[ZONE_WORDS];
	struct matcher *matcher; /* of all of them, by zone_rules_prepare(); NULL: made anew for each text */
};

/* When all words are there: sorts them once for all texts.  They must not change until zone_rules_release(). */
void zone_rules_prepare(struct zone_rules *rules);
void zone_rules_release(struct zone_rules *rules);

/* Replaces *out. */
void zones_find(struct str text, const struct zone_rules *rules, struct zones *out);
/* Appends [off, end), which begins where the last zone ends; lengthens that one where it is of the same kind.
 * Nothing when empty. */
void zones_add(struct zones *z, size_t off, size_t end, enum zone_kind kind);
/* Makes [off, end) one zone of that kind, as a person said. */
void zones_set(struct zones *z, size_t off, size_t end, enum zone_kind kind);
const struct zone *zones_at(const struct zones *z, size_t off); /* NULL only for an empty text */
void zones_free(struct zones *z);

bool zone_is_furniture(enum zone_kind kind);
const char *zone_name(enum zone_kind kind);                 /* "body", "title", … as in a sidecar */
bool zone_of_name(struct str name, enum zone_kind *out);

/* What the header line of an article shows, found in its zones: byte ranges in the raw text, empty where there is none. */
struct headline {
	struct zone title, date, source;
};
struct headline zones_headline(struct str text, const struct zones *z, const struct zone_rules *rules);

#endif
