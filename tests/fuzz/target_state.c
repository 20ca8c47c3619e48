/* State that zhupi keeps for itself: the first byte says which: `l` learned.yaml, else reading places. */

#include "annotations/extract/learned.h"
#include "model/io.h"
#include "model/sha256.h"
#include "tests/fuzz/fuzz.h"
#include "tui/places.h"

/* What was read is written and then read and written the same. */
static void of_learned(struct str input)
{
	struct error err = {0};
	struct learned *l = NULL, *back = NULL;
	struct buf one = {0}, two = {0};
	fuzz_put("learned.yaml", input);
	if (!learned_read("learned.yaml", &l, &err)) {
		HOLDS(!l);
		fuzz_error(&err);
		return;
	}
	SUCCEEDS(learned_write(l, "learned.yaml", &err), &err);
	fuzz_get("learned.yaml", &one);
	SUCCEEDS(learned_read("learned.yaml", &back, &err), &err);
	SUCCEEDS(learned_write(back, "learned.yaml", &err), &err);
	fuzz_get("learned.yaml", &two);
	HOLDS(str_eq(buf_str(&one), buf_str(&two)));
	learned_free(l);
	learned_free(back);
	buf_free(&one);
	buf_free(&two);
}

static char *places_path(void)
{
	struct error err = {0};
	struct buf path = {0};
	char *real = io_real_path(".", &err), *hash = sha256_of(str_of(real));
	buf_addf(&path, "zhupi/places/%.16s", hash);
	mem_free(real);
	mem_free(hash);
	return buf_take(&path);
}

static void of_places(struct str input)
{
	struct error err = {0};
	char *path = places_path();
	fuzz_put(path, input);
	struct places *p = places_open(".");
	struct article_place was = places_get(p, S("a.txt"));
	struct buf span = {0};
	buf_add(&span, was.span);
	places_set(p, S("b\n\t\\.txt"), 7, S("kfq2m"));
	places_set_setting(p, S("width"), S("60"));
	SUCCEEDS(places_save(p, &err), &err);
	places_free(p);
	p = places_open(".");
	struct article_place now = places_get(p, S("a.txt")), other = places_get(p, S("b\n\t\\.txt"));
	HOLDS(now.seen == was.seen && now.off == was.off && str_eq(now.span, buf_str(&span)));
	HOLDS(other.seen && other.off == 7 && str_eq(other.span, S("kfq2m")));
	HOLDS(str_eq(places_setting(p, S("width")), S("60")));
	places_free(p);
	buf_free(&span);
	mem_free(path);
}

void fuzz_state(struct str input)
{
	fuzz_folder();
	if (fuzz_byte(&input) == 'l')
		of_learned(input);
	else
		of_places(input);
}
