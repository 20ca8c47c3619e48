/* stats: see stats.h. */
#include "annotations/stats.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows --------------------------------------------------------------------------------------------------- */

static struct stat_row *row_of(struct stat_row **rows, size_t *n, struct str name)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(str_of((*rows)[i].name), name))
			return &(*rows)[i];
	if ((*n & (*n - 1)) == 0) /* full at each power of two */
		*rows = mem_grow(*rows, *n ? *n * 2 : 1, sizeof **rows);
	(*rows)[*n] = (struct stat_row){.name = str_dup(name)};
	return &(*rows)[(*n)++];
}

uint64_t stat_row_sum(const struct stat_row *r)
{
	uint64_t sum = 0;
	for (size_t v = 0; v < VERDICTS; v++)
		sum += r->count[v];
	return sum;
}

uint64_t stat_row_decided(const struct stat_row *r)
{
	return stat_row_sum(r) - r->count[VERDICT_UNDECIDED];
}

static int by_name(const void *a, const void *b)
{
	const struct stat_row *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/* ---- pace --------------------------------------------------------------------------------------------------- */

static bool two_digits(struct str s, size_t at, int64_t *out)
{
	uint64_t number;
	if (!str_number(str_sub(s, at, at + 2), &number))
		return false;
	*out = (int64_t)number;
	return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar; after Howard Hinnant, "chrono-compatible low-level date
 * algorithms". */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool stats_time(struct str utc, int64_t *out)
{
	uint64_t year;
	int64_t month, day, hour, minute, second;
	if (utc.n != strlen("2026-11-22T06:31:07Z") || utc.p[4] != '-' || utc.p[7] != '-' || utc.p[10] != 'T' ||
	    utc.p[13] != ':' || utc.p[16] != ':' || utc.p[19] != 'Z')
		return false;
	if (!str_number(str_sub(utc, 0, 4), &year) || !two_digits(utc, 5, &month) || !two_digits(utc, 8, &day) ||
	    !two_digits(utc, 11, &hour) || !two_digits(utc, 14, &minute) || !two_digits(utc, 17, &second))
		return false;
	*out = days_of((int64_t)year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	return month >= 1 && month <= 12;
}

static struct stat_pace *pace_of(struct stats *s, struct str by)
{
	for (size_t i = 0; i < s->n_paces; i++)
		if (str_eq(str_of(s->paces[i].by), by))
			return &s->paces[i];
	s->paces = mem_grow(s->paces, s->n_paces + 1, sizeof *s->paces);
	s->paces[s->n_paces] = (struct stat_pace){.by = str_dup(by)};
	return &s->paces[s->n_paces++];
}

static void add_judged(struct stats *s, const struct node *map)
{
	const struct node *judged = node_get(map, S("judged"));
	int64_t when;
	if (!judged || !stats_time(node_get_text(judged, S("on")), &when))
		return;
	struct stat_pace *p = pace_of(s, node_get_text(judged, S("by")));
	if (p->n == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->times = mem_grow(p->times, p->cap, sizeof *p->times);
	}
	p->times[p->n++] = when;
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void reckon(struct stat_pace *p)
{
	if (p->n)
		qsort(p->times, p->n, sizeof *p->times, by_time);
	p->decisions = p->n;
	p->seconds = 0;
	for (size_t i = 1; i < p->n; i++)
		if (p->times[i] - p->times[i - 1] <= STATS_PAUSE)
			p->seconds += (uint64_t)(p->times[i] - p->times[i - 1]);
}

/* ---- articles ----------------------------------------------------------------------------------------------- */

/* Who proposed, and by which rule. */
static void add_rule(struct stats *s, const struct span *span, const struct node *map)
{
	const struct node *source = node_get(map, S("source"));
	struct str by = node_get_text(source, S("by")), rule = node_get_text(source, S("rule"));
	struct buf name = {0};
	if (span->human)
		return;
	buf_add(&name, by.n ? by : S("(unknown)"));
	if (rule.n) {
		buf_addc(&name, ' ');
		buf_add(&name, rule);
	}
	row_of(&s->rules, &s->n_rules, buf_str(&name))->count[span->verdict]++;
	buf_free(&name);
}

static void add_span(struct stats *s, struct set *set, const struct span *span)
{
	const struct node *map = set_node(set, ITEM_SPAN, span->id);
	struct stat_row *row = row_of(&s->labels, &s->n_labels, set_schema(set)->labels[span->label].name);
	row->count[span->verdict]++;
	row->added += span->human;
	add_rule(s, span, map);
	add_judged(s, map);
}

void stats_add(struct stats *s, struct set *set)
{
	const struct counts *counts = set_counts(set);
	s->articles++;
	s->status[set_status(set)]++;
	s->flagged += counts->flagged;
	s->lost += counts->lost;
	s->added += counts->added;
	for (size_t v = 0; v < VERDICTS; v++) {
		s->spans[v] += counts->spans[v];
		s->relations[v] += counts->relations[v];
		s->fields[v] += counts->fields[v];
	}
	for (size_t i = 0; i < set_spans(set); i++)
		add_span(s, set, set_span(set, i));
	for (size_t i = 0; i < set_relations(set); i++)
		add_judged(s, set_node(set, ITEM_RELATION, set_relation(set, i)->id));
	for (size_t i = 0; i < set_fields(set); i++)
		add_judged(s, set_node(set, ITEM_FIELD, set_field(set, i)->id));
}

void stats_finish(struct stats *s)
{
	if (s->n_labels)
		qsort(s->labels, s->n_labels, sizeof *s->labels, by_name);
	if (s->n_rules)
		qsort(s->rules, s->n_rules, sizeof *s->rules, by_name);
	for (size_t i = 0; i < s->n_paces; i++)
		reckon(&s->paces[i]);
}

static void free_rows(struct stat_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mem_free(rows[i].name);
	mem_free(rows);
}

void stats_free(struct stats *s)
{
	free_rows(s->labels, s->n_labels);
	free_rows(s->rules, s->n_rules);
	for (size_t i = 0; i < s->n_paces; i++) {
		mem_free(s->paces[i].by);
		mem_free(s->paces[i].times);
	}
	mem_free(s->paces);
	*s = (struct stats){0};
}
