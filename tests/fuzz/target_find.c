/* Search: a query and a text, divided by a line `%%`; in the text found forward and backward alike.  The first byte: `r`
 * a regular expression, `g` a pattern of paths, else words. */
#include "annotations/glob.h"
#include "model/find.h"
#include "model/regex.h"
#include "model/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check_words(struct str query, struct str text)
{
	struct find_pattern *p = find_compile(query);
	struct find_hidden none = {0};
	size_t end, last = NOWHERE, seen = 0;
	if (!p) {
		HOLDS(!query.n);
		return;
	}
	for (size_t at = 0; (at = find_next(p, text, none, at, &end)) != NOWHERE; seen++) {
		HOLDS(at <= end && end <= text.n && utf8_boundary(text, at) && utf8_boundary(text, end));
		HOLDS(last == NOWHERE || at > last);
		size_t back_end, back = find_prev(p, text, none, at + 1, &back_end);
		HOLDS(back == at && back_end == end);
		last = at++;
	}
	for (size_t at = text.n + 1; (at = find_prev(p, text, none, at, &end)) != NOWHERE;)
		HOLDS(seen-- > 0);
	HOLDS(seen == 0);
	find_free(p);
}

static void check_regex(struct str pattern, struct str text)
{
	struct error err = {0};
	struct regex *r = NULL;
	if (!regex_compile(pattern, text.n & 1 ? REGEX_IGNORE_CASE : 0, &r, &err)) {
		fuzz_error(&err);
		return;
	}
	regex_text(r, text, 25 * REGEX_BLOCK); /* hundreds of the patterns found run away: that costs no more than others */
	size_t from = 0, off, end;
	for (unsigned i = 0; i < 8 && regex_next(r, from, &off, &end, &err); i++) {
		HOLDS(from <= off && off <= end && end <= text.n);
		for (unsigned group = 0; group < 4; group++) {
			size_t a, b;
			if (regex_group(r, group, &a, &b))
				HOLDS(a <= b && b <= text.n);
		}
		if (end == off && end == text.n)
			break;
		from = end > off ? end : off + utf8_step(text, off, NULL);
	}
	if (err.code != ERROR_NONE)
		fuzz_error(&err);
	regex_free(r);
}

static void check_glob(struct str pattern, struct str path)
{
	(void)glob_match(pattern, path);
	if (str_byte(path, '*', 0) == NOWHERE && str_byte(path, '?', 0) == NOWHERE && path.n)
		HOLDS(glob_match(path, path));
}

void fuzz_find(struct str input)
{
	unsigned what = fuzz_byte(&input);
	struct str query = fuzz_part(&input);
	if (what == 'r')
		check_regex(query, input);
	else if (what == 'g')
		check_glob(query, input);
	else
		check_words(query, input);
}
