/* formats: the table and what all formats share, see format.h. */
#include "annotations/formats/format.h"

#include <string.h>

const struct format *const formats[] = {
	&jsonl_format,  &html_format,    &epub_format,  &brat_format,  &conll_format, &hf_format, &cluener_format, &yedda_format,
	&csv_format,    &table_tsv_format, &doccano_format, &prodigy_format,  &label_studio_format, &spacy_format,
	&webanno_format, &w3c_format,    &xmi_format,   &cas_json_format,     &markdown_format, NULL,
};

const struct format *format_find(const char *name)
{
	for (size_t i = 0; formats[i]; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const char *feature_name(enum feature f)
{
	static const char *const names[FEATURES] = {
	    [FEATURE_NESTED] = "nested",
	    [FEATURE_CROSSING] = "crossing",
	    [FEATURE_SAME_PLACE] = "same place",
	    [FEATURE_TWIN] = "same place and label",
	    [FEATURE_DISCONTINUOUS] = "discontinuous",
	    [FEATURE_ZERO_WIDTH] = "zero-width",
	    [FEATURE_NEWLINE] = "over a newline",
	    [FEATURE_ATTRIBUTES] = "attributes",
	    [FEATURE_RELATIONS] = "relations",
	    [FEATURE_ITEM_NOTES] = "notes on items",
	    [FEATURE_LINKS] = "links",
	    [FEATURE_FIELDS] = "fields",
	    [FEATURE_NOTES] = "notes",
	    [FEATURE_REJECTED] = "rejected",
	    [FEATURE_UNDECIDED] = "undecided",
	    [FEATURE_ORIGINALS] = "originals",
	    [FEATURE_FLAGS] = "flags",
	    [FEATURE_EVIDENCE] = "evidence",
	    [FEATURE_ZONES] = "zones",
	};
	return f < FEATURES ? names[f] : "";
}

/* What is no text of any format, but says what it is; NULL: it is not that. */
static const char *packed_as(struct str start)
{
	if (str_starts(start, S("\x1F\x8B")))
		return "this is packed by gzip: zcat FILE | zhupi import --from FORMAT - DIR";
	if (str_starts(start, S("PK\x03\x04")))
		return "this is a zip archive and no EPUB: unpack it and import what is in it";
	if (str_starts(start, S("\xFF\xFE")) || str_starts(start, S("\xFE\xFF")))
		return "this is UTF-16, where formats are UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW";
	return NULL;
}

const struct format *format_recognise(struct str start, const char *name, struct error *err)
{
	const struct format *best = NULL, *second = NULL;
	unsigned most = 0;
	if (str_starts(start, S("\xEF\xBB\xBF"))) /* a mark of UTF-8, which Windows likes */
		start = str_sub(start, 3, start.n);
	for (size_t i = 0; formats[i]; i++) {
		unsigned score = formats[i]->recognise ? formats[i]->recognise(start, name) : 0;
		if (score == 0 || score < most)
			continue;
		second = score == most ? best : NULL;
		best = formats[i];
		most = score;
	}
	if (best && !second)
		return best;
	if (best)
		error_set(err, ERROR_USAGE, name, "this may be %s or %s; say which: --from FORMAT", second->name,
		          best->name);
	else if (packed_as(start))
		error_set(err, ERROR_USAGE, name, "%s", packed_as(start));
	else
		error_set(err, ERROR_USAGE, name, "no format is recognised; say which it is: --from FORMAT (a text needs no import: copy it into the folder)");
	return NULL;
}

void losses_add(struct losses *l, uint64_t count, const char *format, ...)
{
	struct buf what = {0};
	va_list args;
	va_start(args, format);
	buf_addv(&what, format, args);
	va_end(args);
	struct str place;
	size_t i = l->n;
	if (strmap_get(&l->places, buf_str(&what), &place)) {
		memcpy(&i, place.p, sizeof i);
		l->list[i].count += count;
		buf_free(&what);
		return;
	}
	strmap_put(&l->places, buf_str(&what), (struct str){(const char *)&i, sizeof i});
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->list = mem_grow(l->list, l->cap, sizeof *l->list);
	}
	l->list[l->n++] = (struct loss){buf_take(&what), count};
}

void losses_free(struct losses *l)
{
	for (size_t i = 0; i < l->n; i++)
		mem_free(l->list[i].what);
	mem_free(l->list);
	strmap_free(&l->places);
	*l = (struct losses){0};
}
