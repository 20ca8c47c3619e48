/* regex.c: see regex.h. */
#include "model/regex.h"

#include <unicode/uregex.h>
#include <unicode/utext.h>

#include "model/utf8.h"

#define STACK_LIMIT (1 << 20)

struct regex {
	URegularExpression *expression;
	UText *utext;
	struct str text;
	uint64_t steps, allowed;
};

/* Called by ICU every REGEX_BLOCK steps (its TIMER_INITIAL_VALUE); what it says of them begins anew with each search. */
static UBool U_CALLCONV take_block(const void *context, int32_t blocks)
{
	struct regex *r = (struct regex *)context;
	(void)blocks;
	r->steps += REGEX_BLOCK;
	return r->steps <= r->allowed;
}

bool regex_compile(struct str pattern, unsigned flags, struct regex **out, struct error *err)
{
	*out = NULL;
	if (pattern.n > REGEX_PATTERN_LIMIT)
		return error_set(err, ERROR_LIMIT, NULL, "a regular expression of more than %zu bytes", REGEX_PATTERN_LIMIT);
	if (!utf8_valid(pattern))
		return error_set(err, ERROR_SYNTAX, NULL, "a regular expression that is not valid UTF-8");
	UErrorCode status = U_ZERO_ERROR;
	UParseError place = {0};
	UText *utext = utext_openUTF8(NULL, pattern.n ? pattern.p : "", (int64_t)pattern.n, &status);
	uint32_t icu_flags = flags & REGEX_IGNORE_CASE ? UREGEX_CASE_INSENSITIVE : 0;
	URegularExpression *expression = uregex_openUText(utext, icu_flags, &place, &status);
	utext_close(utext);
	struct regex *r = mem_alloc(sizeof *r);
	if (!U_FAILURE(status)) {
		uregex_setMatchCallback(expression, take_block, r, &status);
		uregex_setStackLimit(expression, STACK_LIMIT, &status);
	}
	if (U_FAILURE(status)) {
		uregex_close(expression);
		mem_free(r);
		size_t line = place.line > 0 ? (size_t)place.line : 0, column = place.offset > 0 ? (size_t)place.offset : 0;
		return error_at(err, ERROR_SYNTAX, NULL, line, column, "this regular expression cannot be read: %s",
		                u_errorName(status));
	}
	r->expression = expression;
	regex_text(r, STR_NONE, 0);
	*out = r;
	return true;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	uregex_close(r->expression);
	utext_close(r->utext);
	mem_free(r);
}

void regex_text(struct regex *r, struct str text, uint64_t steps)
{
	UErrorCode status = U_ZERO_ERROR;
	if (!text.n)
		text = S("");
	r->text = text;
	r->steps = 0;
	r->allowed = steps;
	r->utext = utext_openUTF8(r->utext, text.p, (int64_t)text.n, &status);
	uregex_setUText(r->expression, r->utext, &status);
	if (U_FAILURE(status))
		r->text = STR_NONE; /* every search then fails with ICU's reason */
}

uint64_t regex_steps(const struct regex *r)
{
	return r->steps;
}

bool regex_group(struct regex *r, unsigned group, size_t *off, size_t *end)
{
	UErrorCode status = U_ZERO_ERROR;
	int64_t from = uregex_start64(r->expression, (int32_t)group, &status);
	int64_t to = uregex_end64(r->expression, (int32_t)group, &status);
	if (U_FAILURE(status) || from < 0 || to < from)
		return false;
	/* ICU takes several bad bytes as one; ours are each one. */
	*off = utf8_floor(r->text, (size_t)from);
	*end = utf8_floor(r->text, (size_t)to);
	return true;
}

bool regex_named(struct regex *r, const char *name, size_t *off, size_t *end)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t group = uregex_groupNumberFromCName(r->expression, name, -1, &status);
	return !U_FAILURE(status) && group >= 0 && regex_group(r, (unsigned)group, off, end);
}

bool regex_next(struct regex *r, size_t from, size_t *off, size_t *end, struct error *err)
{
	UErrorCode status = U_ZERO_ERROR;
	if (from > r->text.n)
		return false;
	bool found = uregex_find64(r->expression, (int64_t)from, &status);
	if (status == U_REGEX_STOPPED_BY_CALLER || status == U_REGEX_STACK_OVERFLOW)
		return error_set(err, ERROR_LIMIT, NULL,
		                 "this regular expression takes too long here; make it simpler, for example a+ for (a+)+");
	if (U_FAILURE(status))
		return error_set(err, ERROR_SYNTAX, NULL, "this regular expression cannot be used: %s", u_errorName(status));
	return found && regex_group(r, 0, off, end);
}
