/* io_temp.c: names of temporary files, which tell whose they are; see io.h.
 *
 * .TARGET.MACHINE-PID-RANDOM.tmp: MACHINE is of the host, its last start and the space that process ids are of, so that
 * a process id says something about this machine alone. */
#include "model/io_internal.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "model/sha256.h"

#define MACHINE_LENGTH 8 /* hex digits */
#define RANDOM_LENGTH 10

/* Empty where the system does not tell: then nothing is known of any process id. */
static char *machine(void)
{
	struct buf all = {0};
	struct stat space;
	char host[256] = "";
	bool told = io_read_file("/proc/sys/kernel/random/boot_id", 256, &all, NULL, NULL) &&
	            io_get()->stat("/proc/self/ns/pid", &space) == 0 && gethostname(host, sizeof(host)) == 0;
	host[sizeof(host) - 1] = '\0';
	if (!told) {
		buf_free(&all);
		return mem_dup("");
	}
	buf_addf(&all, "%s %llu", host, (unsigned long long)space.st_ino);
	char *hash = sha256_of(buf_str(&all));
	hash[MACHINE_LENGTH] = '\0';
	buf_free(&all);
	return hash;
}

char *temp_name(const char *path)
{
	static const char digits[] = "bcdfghjkmnpqrstvwxz2345679";
	unsigned char random[RANDOM_LENGTH];
	io_random(random, sizeof(random));
	char *folder = io_folder_of(path), *here = machine();
	struct buf temp = {0}, tail = {0};
	buf_addf(&tail, ".%s-%ld-", here, (long)getpid());
	for (size_t i = 0; i < sizeof(random); i++)
		buf_addc(&tail, digits[random[i] % (sizeof(digits) - 1)]);
	buf_adds(&tail, ".tmp");
	buf_addc(&temp, '.');
	buf_add(&temp, str_sub(str_of(io_name_of(path)), 0, NAME_MAX - 1 - tail.n));
	buf_add(&temp, buf_str(&tail));
	char *whole = io_join(folder, temp.p);
	buf_free(&temp);
	buf_free(&tail);
	mem_free(folder);
	mem_free(here);
	return whole;
}

/* Takes what stands behind the last c off the end of *s; false where there is no c. */
static bool take_off(struct str *s, char c, struct str *taken)
{
	size_t at = s->n;
	while (at > 0 && s->p[at - 1] != c)
		at--;
	if (at == 0)
		return false;
	*taken = str_sub(*s, at, s->n);
	*s = str_sub(*s, 0, at - 1);
	return true;
}

bool temp_is_stale(const char *name)
{
	struct str rest = str_of(name), random, pid, there;
	uint64_t number;
	if (!str_starts(rest, S(".")) || !str_ends(rest, S(".tmp")))
		return false;
	rest = str_sub(rest, 0, rest.n - 4);
	if (!take_off(&rest, '-', &random) || random.n != RANDOM_LENGTH || !take_off(&rest, '-', &pid) ||
	    !str_number(pid, &number) || number == 0 || number > INT_MAX || !take_off(&rest, '.', &there) ||
	    there.n != MACHINE_LENGTH)
		return false;
	char *here = machine();
	bool stale = str_eq(there, str_of(here)) && kill((pid_t)number, 0) != 0 && errno == ESRCH;
	mem_free(here);
	return stale;
}
