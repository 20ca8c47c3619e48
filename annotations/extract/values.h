/* values: normal values of what rules find: dates and times in ISO 8601, numbers in digits.
 *
 * Texts are folded (half-width, simplified).  Strings answered are the caller's; NULL: it says no value. */
#ifndef ZHUPI_ANNOTATIONS_EXTRACT_VALUES_H
#define ZHUPI_ANNOTATIONS_EXTRACT_VALUES_H

#include "model/base.h"

/* What a text leaves out: taken from where it was published.  0: not known. */
struct date_context {
	unsigned year, month;
};

/* 2022-03-12, 2021-08, 2021, 2021-08-04T20:00, --03-12 where the year is not known; a range as start/end. Afternoon
 * and evening shift a clock before 12. */
char *value_iso(struct str text, struct date_context context);
/* "12" of 12个, "13" of 十三项, "800000" of 80万, "95" of 95%, "3/4" of 四分之三; a range as from-to.  NULL without a number. */
char *value_number(struct str text);

#endif
