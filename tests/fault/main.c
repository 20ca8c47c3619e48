/* main.c: the fault tests, one kind for each argument, all of them without. */
#include "runner.h"

#include <string.h>

static const struct {
	const char *name;
	void (*test)(void);
} kinds[] = {
	{"kills", test_kills},
	{"failures", test_failures},
	{"limits", test_limits},
	{"power", test_power},
	{"writers", test_writers},
	{"files", test_files},
	{"intruders", test_intruders},
	{"memory", test_memory},
	{"memory_import", test_memory_import},
	{"double", test_double},
};

int main(int argc, char **argv)
{
	mem_start();
	operations_load();
	if (argc == 3 && strcmp(argv[1], "trace") == 0)
		return trace_operation(argv[2]);
	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		list_operations();
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		bool wanted = argc < 2;
		for (int k = 1; k < argc; k++)
			wanted |= strcmp(argv[k], kinds[i].name) == 0;
		if (wanted)
			kinds[i].test();
	}
	return reported();
}
