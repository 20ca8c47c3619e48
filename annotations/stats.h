/* stats: a corpus in numbers.  Articles are added one after the other; nothing of them is kept but counts and, for the
 * pace, the second of each decision. */
#ifndef ZHUPI_ANNOTATIONS_STATS_H
#define ZHUPI_ANNOTATIONS_STATS_H

#include "annotations/set.h"

/* One row of counts: a label, or what proposed ("zh-report name-after-post"). */
struct stat_row {
	char *name;
	uint64_t count[VERDICTS];
	uint64_t added; /* made by a person; they count as accepted too */
};

/* One annotator at work.  Pauses longer than STATS_PAUSE are no work. */
#define STATS_PAUSE 300 /* seconds */
struct stat_pace {
	char *by;
	int64_t *times; /* seconds since 1970 of each decision */
	size_t n, cap;
	uint64_t decisions, seconds; /* by stats_finish(): decisions, seconds of work between them */
};

struct stats {
	uint64_t articles, failed, status[STATUS_DONE + 1];
	uint64_t flagged, lost;
	uint64_t spans[VERDICTS], relations[VERDICTS], fields[VERDICTS], added;
	struct stat_row *labels, *rules;
	size_t n_labels, n_rules;
	struct stat_pace *paces;
	size_t n_paces;
};

void stats_add(struct stats *s, struct set *set);
void stats_finish(struct stats *s); /* sorts rows by name, reckons the pace */
void stats_free(struct stats *s);
uint64_t stat_row_sum(const struct stat_row *r);
uint64_t stat_row_decided(const struct stat_row *r);
/* 2026-11-22T06:31:07Z as seconds since 1970; false: another form. */
bool stats_time(struct str utc, int64_t *out);

#endif
