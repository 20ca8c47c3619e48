/* values.c: see values.h. */
#include "annotations/extract/values.h"

#include <string.h>

#include "annotations/extract/extract_internal.h"

enum { HAN_YEAR = 0x5E74, HAN_MONTH = 0x6708, HAN_DAY = 0x65E5, HAN_DATE = 0x53F7, HAN_HOUR = 0x65F6, HAN_OCLOCK = 0x70B9, HAN_MINUTE = 0x5206,
       HAN_SECOND = 0x79D2, HAN_HALF = 0x534A, HAN_TO = 0x81F3, HAN_UNTIL = 0x5230, HAN_TEN = 0x5341, HAN_MORE = 0x591A, HAN_OVER = 0x4F59 };

struct scan {
	struct str text;
	size_t at;
	bool dates; /* 点 is the hour, not a decimal point */
};

static codepoint peek(const struct scan *s)
{
	codepoint c = 0;
	return utf8_step(s->text, s->at, &c) ? c : 0;
}

static codepoint take(struct scan *s)
{
	codepoint c = peek(s);
	s->at += utf8_step(s->text, s->at, NULL);
	return c;
}

static int digit_of(codepoint c)
{
	static const codepoint han[] = {0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	for (size_t i = 0; i < COUNT_OF(han); i++)
		if (han[i] == c)
			return (int)i;
	return c == 0x3007 ? 0 : c == 0x4E24 ? 2 : -1;
}

static uint64_t unit_of(codepoint c)
{
	switch (c) {
	case HAN_TEN:
		return 10;
	case 0x767E:
		return 100;
	case 0x5343:
		return 1000;
	case 0x4E07:
		return 10000;
	case 0x4EBF:
		return 100000000;
	default:
		return 0;
	}
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* A number in thousandths, so that decimals with a unit (3.2万) come out whole. */
struct number {
	uint64_t thousandths;
	bool found;
};

#define NUMBER_MAX ((uint64_t)1 << 53)

static struct number take_number(struct scan *s)
{
	struct number n = {0};
	uint64_t total = 0, section = 0, last = 0, scale = 1;
	bool decimal = false;
	for (codepoint c; (c = peek(s)) != 0;) {
		int digit = digit_of(c);
		uint64_t unit = unit_of(c);
		if (digit >= 0 && decimal && scale < 1000) {
			scale *= 10;
			last += (uint64_t)digit * (1000 / scale);
		} else if (digit >= 0 && !decimal && last < NUMBER_MAX / 10000) {
			last = last * 10 + (uint64_t)digit * 1000;
		} else if ((c == '.' || c == HAN_OCLOCK) && !s->dates && n.found && !decimal) {
			decimal = true;
		} else if (unit >= 10000 && total + section + last < NUMBER_MAX / unit) {
			total = (total + section + (last || section || total ? last : 1000)) * unit;
			section = last = 0;
		} else if (unit && unit < 10000 && last < NUMBER_MAX / unit) {
			section += (last ? last : 1000) * unit;
			last = 0;
		} else if (digit < 0 && c != ',') {
			break;
		}
		if (unit)
			decimal = false, scale = 1;
		n.found = n.found || digit >= 0 || unit;
		take(s);
	}
	n.thousandths = total + section + last;
	return n;
}

static void add_number(struct buf *out, uint64_t thousandths)
{
	buf_addf(out, "%llu", (unsigned long long)(thousandths / 1000));
	unsigned rest = (unsigned)(thousandths % 1000);
	if (!rest)
		return;
	char digits[4] = {(char)('0' + rest / 100), (char)('0' + rest / 10 % 10), (char)('0' + rest % 10), 0};
	size_t n = 3;
	while (n && digits[n - 1] == '0')
		n--;
	buf_addc(out, '.');
	buf_add(out, (struct str){digits, n});
}

char *value_number(struct str text)
{
	struct scan s = {text, 0, false};
	struct buf out = {0};
	if (str_starts(text, S("百分之")))
		s.at = strlen("百分之");
	struct number first = take_number(&s);
	if (!first.found && peek(&s) == HAN_HALF) {
		buf_adds(&out, "0.5");
		return buf_take(&out);
	}
	if (!first.found)
		return NULL;
	if (str_starts(str_sub(text, s.at, text.n), S("分之"))) {
		s.at += strlen("分之");
		struct number top = take_number(&s);
		add_number(&out, top.thousandths);
		buf_addc(&out, '/');
		add_number(&out, first.thousandths);
		return buf_take(&out);
	}
	/* 30多万: the unit behind 多 */
	if (peek(&s) == HAN_MORE || peek(&s) == HAN_OVER) {
		take(&s);
		uint64_t unit = unit_of(peek(&s));
		if (unit >= 10000 && first.thousandths < NUMBER_MAX / unit)
			first.thousandths *= unit;
	}
	add_number(&out, first.thousandths);
	for (codepoint c; (c = peek(&s)) != 0; take(&s)) {
		if (c != HAN_TO && c != HAN_UNTIL && c != '~' && c != '-' && c != 0x2014)
			continue;
		take(&s);
		struct number second = take_number(&s);
		if (!second.found)
			break;
		buf_addc(&out, '-');
		add_number(&out, second.thousandths);
		break;
	}
	return buf_take(&out);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

struct moment {
	unsigned year, month, day, hour, minute, second;
	bool has_hour, has_second, late;
};

/* 二〇二四 is written digit by digit; take_number() reads both. */
static unsigned small_number(struct scan *s, bool *found)
{
	struct number n = take_number(s);
	*found = n.found && n.thousandths / 1000 < 10000;
	return *found ? (unsigned)(n.thousandths / 1000) : 0;
}

static bool is_late(struct str rest)
{
	static const char *const words[] = {"下午", "晚", "傍晚", "午后", "夜", "深夜", "晚上", "晚间"};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_starts(rest, str_of(words[i])))
			return true;
	return false;
}

static void take_clock(struct scan *s, struct moment *m, unsigned first)
{
	bool found;
	m->hour = first;
	m->has_hour = true;
	if (peek(s) == HAN_HALF) {
		m->minute = 30;
		take(s);
		return;
	}
	unsigned minute = small_number(s, &found);
	if (!found)
		return;
	m->minute = minute;
	if (peek(s) == HAN_MINUTE || peek(s) == ':')
		take(s);
	unsigned second = small_number(s, &found);
	if (found) {
		m->second = second;
		m->has_second = true;
	}
}

/* One end of a range; the rest of the text stays. */
static void take_moment(struct scan *s, struct moment *m)
{
	bool found;
	for (codepoint c; (c = peek(s)) != 0;) {
		if ((c == HAN_TO || c == HAN_UNTIL || c == '~' || c == 0x2014) && (m->year || m->month || m->day || m->has_hour))
			return;
		m->late = m->late || is_late(str_sub(s->text, s->at, s->text.n));
		size_t before = s->at;
		unsigned number = small_number(s, &found);
		if (!found) {
			if (s->at == before)
				take(s);
			continue;
		}
		switch (peek(s)) {
		case HAN_YEAR:
			/* 109年: a year of the Republic of China, counted from 1911 */
			m->year = number >= 100 && number < 200 ? number + 1911 : number;
			break;
		case HAN_MONTH:
			m->month = number;
			break;
		case HAN_DAY:
		case HAN_DATE:
			m->day = number;
			break;
		case ':': case HAN_HOUR: case HAN_OCLOCK:
			take(s);
			take_clock(s, m, number);
			continue;
		case '-': case '/': case '.':
			if (!m->year && number > 1000)
				m->year = number;
			else if (!m->year && !m->month && peek(s) == '.') /* 29.06.2018 */
				*(m->day ? &m->month : &m->day) = number;
			else if (!m->month && m->year)
				m->month = number;
			else if (!m->day && !m->month && number <= 12) {
				m->month = number; /* 1-10月 */
				return;
			}
			break;
		default:
			if (m->year && m->month && !m->day)
				m->day = number;
			else if (!m->year && number > 1000)
				m->year = number;
			continue;
		}
		take(s);
	}
}

static bool sensible(const struct moment *m)
{
	return m->month <= 12 && m->day <= 31 && m->hour <= 24 && m->minute < 60 && m->second < 61 && (m->year || m->month || m->day || m->has_hour);
}

static void add_moment(struct buf *out, struct moment m)
{
	if (m.late && m.hour < 12 && m.has_hour)
		m.hour += 12;
	if (m.year)
		buf_addf(out, "%04u", m.year);
	else if (m.month)
		buf_addc(out, '-');
	if (m.month)
		buf_addf(out, "-%02u", m.month);
	if (m.day)
		buf_addf(out, m.month ? "-%02u" : "---%02u", m.day);
	if (m.has_hour)
		buf_addf(out, "T%02u:%02u", m.hour, m.minute);
	if (m.has_second)
		buf_addf(out, ":%02u", m.second);
}

char *value_iso(struct str text, struct date_context context)
{
	struct scan s = {text, 0, true};
	struct moment from = {0}, to = {0};
	take_moment(&s, &from);
	take_moment(&s, &to);
	if (!sensible(&from))
		return NULL;
	bool range = to.year || to.month || to.day || to.has_hour;
	if (range && !sensible(&to))
		return NULL;
	if (!from.month && from.day)
		from.month = context.month;
	if (!from.year && from.month && !(range && to.year))
		from.year = context.year;
	if (range && !from.year && to.year)
		from.year = to.year;
	if (range && !to.year && (to.month || to.day))
		to.year = from.year;
	if (range && !to.month && to.day)
		to.month = from.month;
	struct buf out = {0};
	add_moment(&out, from);
	if (range) {
		buf_addc(&out, '/');
		add_moment(&out, to);
	}
	return buf_take(&out);
}

/* ---- spans -------------------------------------------------------------------------------------------------- */

/* Year and month of an ISO date that begins with both. */
static bool read_context(const char *iso, struct date_context *out)
{
	struct scan s = {str_of(iso), 0, true};
	bool found;
	unsigned year = small_number(&s, &found);
	if (!found || year < 1000 || take(&s) != '-')
		return false;
	out->year = year;
	out->month = small_number(&s, &found);
	return found;
}

static bool attribute_is(const struct pack *p, const struct found *f, const char *name)
{
	return str_eq(p->classes[f->class].attribute, str_of(name));
}

void values_fill(const struct pack *p, struct extraction *x)
{
	struct date_context context = {0};
	for (int byline = 1; byline >= 0 && !context.year; byline--)
		for (size_t i = 0; i < x->n && !context.year; i++) {
			const struct found *f = &x->spans[i];
			if (!attribute_is(p, f, "iso") || (f->zone == ZONE_BYLINE) != (byline == 1))
				continue;
			char *iso = value_iso(found_text(x, f), (struct date_context){0});
			if (iso && !read_context(iso, &context))
				context = (struct date_context){0};
			mem_free(iso);
		}
	for (size_t i = 0; i < x->n; i++) {
		struct found *f = &x->spans[i];
		if (attribute_is(p, f, "iso"))
			f->value = value_iso(found_text(x, f), context);
		else if (attribute_is(p, f, "value"))
			f->value = value_number(found_text(x, f));
	}
}
