/* replay: runs files through a target without libFuzzer: `replay TARGET FILE…`, or `replay --targets` for what
 * targets.h says. */
#include <stdio.h>
#include <string.h>

#include "model/io.h"
#include "tests/fuzz/fuzz.h"

static const struct fuzz_named names[] = {
#define FUZZ_TARGET(name, max, runs) {#name, fuzz_##name, max, runs},
#include "tests/fuzz/targets.h"
#undef FUZZ_TARGET
};

static int list(void)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		(void)printf("%s %zu %zu\n", names[i].name, names[i].max, names[i].runs);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--targets") == 0)
		return list();
	const struct fuzz_named *target = argc > 1 ? fuzz_by_name(argv[1]) : NULL;
	if (!target) {
		(void)fprintf(stderr, "usage: replay TARGET FILE…\n");
		return 2;
	}
	/* Read before the target goes to a folder of its own. */
	size_t n = (size_t)argc - 2;
	struct buf *inputs = mem_array(n + 1, sizeof *inputs);
	struct error err = {0};
	for (size_t i = 0; i < n; i++)
		if (!io_read_file(argv[i + 2], (size_t)1 << 26, &inputs[i], NULL, &err)) {
			(void)fprintf(stderr, "%s: %s\n", argv[i + 2], err.message);
			return 2;
		}
	for (size_t i = 0; i < n; i++) {
		target->run(buf_str(&inputs[i]));
		buf_free(&inputs[i]);
	}
	mem_free(inputs);
	return 0;
}
