/* pinyin: the syllables of Mandarin without their tones, and the readings of characters.
 *
 * The table is made at build by gen/pinyin_make.c from gen/pinyin_readings.txt, whose header names its sources (Unihan
 * 15.0.0, 现代汉语词典).  Syllables are lower-case ASCII: `v` stands for ü, `ea` for ê.  A syllable's number is its place in
 * the sorted list. */
#ifndef ZHUPI_MODEL_PINYIN_H
#define ZHUPI_MODEL_PINYIN_H

#include "model/utf8.h"

#define PINYIN_MOST 4   /* no character has more readings; the generator makes sure of it */
#define PINYIN_LETTERS 6 /* of the longest syllable */

struct str pinyin_syllable(unsigned number);             /* STR_NONE beyond the list */
bool pinyin_find(struct str syllable, unsigned *number); /* number may be NULL */
/* The readings of a character as numbers in rising order; 0 for what has none. */
unsigned pinyin_readings(codepoint cp, unsigned numbers[PINYIN_MOST]);
bool pinyin_reads(codepoint cp, unsigned number);        /* whether that is one of its readings */

#endif
