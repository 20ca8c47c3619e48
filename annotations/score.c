/* score: see score.h. */
#include "annotations/score.h"

#define SCORE_MOST 990 /* agreement is no proof */

uint16_t score_of(struct str text)
{
	uint32_t score, worth = 1000;
	size_t dot = str_byte(text, '.', 0);
	/* The smallest are written with an exponent. */
	if (text.n && text.p[0] != '-' && str_find(text, S("e-"), 0) != NOWHERE)
		return 0;
	uint64_t whole;
	if (!str_number(str_sub(text, 0, dot == NOWHERE ? text.n : dot), &whole) || whole > 1)
		return SCORE_NONE;
	score = (uint32_t)whole * worth;
	for (size_t i = dot == NOWHERE ? text.n : dot + 1; i < text.n; i++) {
		char c = text.p[i];
		if (c < '0' || c > '9' || (whole == 1 && c != '0'))
			return SCORE_NONE;
		worth /= 10;
		score += worth * (uint32_t)(c - '0');
	}
	return (uint16_t)score;
}

struct node *score_node(uint16_t score)
{
	struct buf text = {0};
	buf_addf(&text, "%u.%02u", score / 1000u, score % 1000u / 10u);
	struct node *n = node_plain(buf_str(&text));
	buf_free(&text);
	return n;
}

uint16_t score_join(uint16_t a, uint16_t b)
{
	if (a == SCORE_NONE || b == SCORE_NONE)
		return a == SCORE_NONE ? b : a;
	uint32_t joint = 1000 - (1000u - a) * (1000u - b) / 1000;
	uint32_t most = a > b ? a : b;
	if (joint > SCORE_MOST)
		joint = most > SCORE_MOST ? most : SCORE_MOST;
	return (uint16_t)joint;
}
