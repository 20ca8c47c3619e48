/* main: the targets under libFuzzer.  FUZZ=NAME picks one; all else is libFuzzer's own command line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_named *target;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	const char *name = getenv("FUZZ");
	target = fuzz_by_name(name);
	if (target)
		return 0;
	(void)fprintf(stderr, "FUZZ=%s: there is no such target\n", name ? name : "");
	exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	target->run((struct str){(const char *)data, size});
	return 0;
}
