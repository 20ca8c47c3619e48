/* tags: see tags.h. */
#include "annotations/formats/tags.h"

#include "annotations/formats/record.h"

static const char *const names[TAG_SCHEMES] = {"BIO", "IOB1", "IOE1", "IOE2", "BIOES", "BMES", "BILOU"};

const char *tag_scheme_name(enum tag_scheme s)
{
	return names[s];
}

bool tag_scheme_of_name(struct str name, enum tag_scheme *out)
{
	for (size_t i = 0; i < TAG_SCHEMES; i++)
		if (str_eq(name, str_of(names[i]))) {
			*out = (enum tag_scheme)i;
			return true;
		}
	return false;
}

bool tag_parse(struct str tag, char *place, struct str *label)
{
	*label = STR_NONE;
	*place = 'O';
	if (str_eq(tag, S("O")))
		return true;
	if (tag.n < 3 || (tag.p[1] != '-' && tag.p[1] != '_'))
		return false;
	*label = str_sub(tag, 2, tag.n);
	switch (tag.p[0]) {
	case 'B':
		*place = 'B';
		return true;
	case 'I':
	case 'M':
		*place = 'I';
		return true;
	case 'E':
	case 'L':
		*place = 'E';
		return true;
	case 'S':
	case 'U':
	case 'W':
		*place = 'S';
		return true;
	default:
		return false;
	}
}

static void see_letter(struct tag_evidence *e, char letter)
{
	e->begins |= letter == 'B';
	e->ends |= letter == 'E' || letter == 'L';
	e->single |= letter == 'S' || letter == 'U' || letter == 'W';
	e->middle |= letter == 'M';
	e->last |= letter == 'L';
	e->unit |= letter == 'U';
}

void tags_next(struct tag_evidence *e, struct str tag, char place, struct str label, bool *ends, bool *starts)
{
	bool inside = e->before && e->before != 'O', same = inside && str_eq(e->label, label);
	bool closed = e->before == 'E' || e->before == 'S';
	*ends = inside && (place == 'O' || place == 'B' || place == 'S' || !same || closed);
	*starts = place != 'O' && (!inside || *ends);
	if (place != 'O')
		see_letter(e, tag.p[0]);
	e->starts_inside += *starts && place == 'I';
	e->starts_apart += *starts && place == 'B' && !(same && !closed);
	e->stops_inside += *ends && e->before == 'I';
	e->before = place;
	e->label = label;
}

void tags_sentence_end(struct tag_evidence *e)
{
	e->stops_inside += e->before == 'I';
	e->before = 0;
	e->label = STR_NONE;
}

enum tag_scheme tags_scheme(const struct tag_evidence *e)
{
	if (e->single || (e->begins && e->ends))
		return e->last || e->unit ? TAGS_BILOU : e->middle ? TAGS_BMES : TAGS_BIOES;
	if (e->ends)
		return e->stops_inside ? TAGS_IOE1 : TAGS_IOE2;
	return e->starts_inside ? TAGS_IOB1 : TAGS_BIO;
}

bool tags_clean(const struct tag_evidence *e)
{
	switch (tags_scheme(e)) {
	case TAGS_IOB1:
		return e->starts_apart == 0;
	case TAGS_BIOES:
	case TAGS_BMES:
	case TAGS_BILOU:
		return e->starts_inside == 0 && e->stops_inside == 0;
	case TAGS_BIO:
	case TAGS_IOE1:
	case TAGS_IOE2:
	case TAG_SCHEMES:
		break;
	}
	return true;
}

static char letter_of(enum tag_scheme s, size_t i, size_t n, bool after, bool next)
{
	bool first = i == 0, last = i + 1 == n;
	switch (s) {
	case TAGS_BIO:
		return first ? 'B' : 'I';
	case TAGS_IOB1:
		return first && after ? 'B' : 'I';
	case TAGS_IOE1:
		return last && next ? 'E' : 'I';
	case TAGS_IOE2:
		return last ? 'E' : 'I';
	case TAGS_BIOES:
		return first && last ? 'S' : first ? 'B' : last ? 'E' : 'I';
	case TAGS_BMES:
		return first && last ? 'S' : first ? 'B' : last ? 'E' : 'M';
	case TAGS_BILOU:
		return first && last ? 'U' : first ? 'B' : last ? 'L' : 'I';
	case TAG_SCHEMES:
		break;
	}
	return 'O';
}

void tag_add(struct buf *out, enum tag_scheme s, char separator, struct str label, size_t i, size_t n, bool after,
             bool next)
{
	buf_addc(out, letter_of(s, i, n, after, next));
	buf_addc(out, separator);
	record_add_word(out, label);
}
