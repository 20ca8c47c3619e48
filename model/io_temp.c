/* io_temp.c: names of temporary files and of locks, which tell whose they are; see io.h.
 *
 * .TARGET.HOST-START-SPACE-PID-RANDOM.tmp: the host, its last start, and the space that process ids are of.  A file of
 * this host from before its last start is of nobody; one from since then is where its process is no more, which can be
 * asked in the same space alone.  .TARGET.OLD-NEW.HOST-START-SPACE-PID-RANDOM.swap, or
 * .aside: the second stage (io_swap.c). */
#include "model/io_internal.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "model/sha256.h"

#define LOCK_WAIT 5 /* milliseconds between two tries */

#define HASH_LENGTH 6 /* hex digits of HOST, START and SPACE */
#define RANDOM_LENGTH 10

struct place {
	char host[HASH_LENGTH + 1], start[HASH_LENGTH + 1], space[HASH_LENGTH + 1];
};

static void hash_into(char *to, struct str bytes)
{
	char *hash = sha256_of(bytes);
	memcpy(to, hash, HASH_LENGTH);
	to[HASH_LENGTH] = '\0';
	mem_free(hash);
}

/* Hosts are called alike; those that have a number of their own are told apart by it. */
static bool add_machine_id(struct buf *host)
{
	struct error err = {0};
	bool known = io_read_file("/etc/machine-id", 256, host, NULL, &err) || err.code == ERROR_MISSING;
	error_clear(&err);
	return known;
}

/* False where the system does not tell: then nothing is known of any process id. */
static bool find_place(struct place *here)
{
	struct buf boot = {0}, host = {0};
	struct stat space;
	char name[256] = "";
	*here = (struct place){"", "", ""};
	bool told = io_read_file("/proc/sys/kernel/random/boot_id", 256, &boot, NULL, NULL) &&
	            add_machine_id(&host) && io_get()->stat("/proc/self/ns/pid", &space) == 0 &&
	            io_get()->gethostname(name, sizeof(name)) == 0;
	if (told) {
		name[sizeof(name) - 1] = '\0';
		buf_adds(&host, name);
		hash_into(here->host, buf_str(&host));
		hash_into(here->start, buf_str(&boot));
		struct buf number = {0};
		buf_addf(&number, "%llu", (unsigned long long)space.st_ino);
		hash_into(here->space, buf_str(&number));
		buf_free(&number);
	}
	buf_free(&host);
	buf_free(&boot);
	return told;
}

/* middle: what stands between the target's name and whose it is. */
static char *name_of(const char *path, struct str middle, struct str suffix)
{
	static const char digits[] = "bcdfghjkmnpqrstvwxz2345679";
	unsigned char random[RANDOM_LENGTH];
	io_random(random, sizeof(random));
	char *folder = io_folder_of(path);
	struct buf temp = {0}, tail = {0};
	struct place here;
	(void)find_place(&here);
	buf_add(&tail, middle);
	buf_addf(&tail, ".%s-%s-%s-%ld-", here.host, here.start, here.space, (long)getpid());
	for (size_t i = 0; i < sizeof(random); i++)
		buf_addc(&tail, digits[random[i] % (sizeof(digits) - 1)]);
	buf_add(&tail, suffix);
	buf_addc(&temp, '.');
	buf_add(&temp, str_sub(str_of(io_name_of(path)), 0, NAME_MAX - 1 - tail.n));
	buf_add(&temp, buf_str(&tail));
	char *whole = io_join(folder, temp.p);
	buf_free(&temp);
	buf_free(&tail);
	mem_free(folder);
	return whole;
}

char *temp_name(const char *path)
{
	return name_of(path, STR_NONE, S(".tmp"));
}

char *swap_name(const char *path, bool aside, const char *old, const char *new)
{
	struct buf middle = {0};
	buf_addf(&middle, ".%.*s-%.*s", SWAP_DIGITS, old, SWAP_DIGITS, new);
	char *name = name_of(path, buf_str(&middle), aside ? S(".aside") : S(".swap"));
	buf_free(&middle);
	return name;
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

static bool is_hash(struct str s)
{
	return s.n == HASH_LENGTH;
}

/* Takes whose it is off the end of a name without suffix; whether that process is no more. */
static bool owner_is_gone(struct str *name)
{
	struct str rest = *name, random, pid, space, start, host;
	struct place here;
	uint64_t number;
	if (!take_off(&rest, '-', &random) || random.n != RANDOM_LENGTH || !take_off(&rest, '-', &pid) ||
	    !str_number(pid, &number) || number == 0 || number > INT_MAX || !take_off(&rest, '-', &space) ||
	    !is_hash(space) || !take_off(&rest, '-', &start) || !is_hash(start) || !take_off(&rest, '.', &host) ||
	    !is_hash(host))
		return false;
	*name = rest;
	if (!find_place(&here) || !str_eq(host, str_of(here.host)))
		return false;
	if (!str_eq(start, str_of(here.start)))
		return true;
	return str_eq(space, str_of(here.space)) && kill((pid_t)number, 0) != 0 && errno == ESRCH;
}

/* The name without its suffix, where it has that and is hidden. */
static bool is_temporary(const char *name, struct str suffix, struct str *stem)
{
	*stem = str_of(name);
	if (!str_starts(*stem, S(".")) || !str_ends(*stem, suffix))
		return false;
	*stem = str_sub(*stem, 0, stem->n - suffix.n);
	return true;
}

bool temp_is_stale(const char *name)
{
	struct str stem;
	return is_temporary(name, S(".tmp"), &stem) && owner_is_gone(&stem);
}

static bool take_digits(struct str *stem, char before, char digits[SWAP_DIGITS + 1])
{
	struct str taken;
	if (!take_off(stem, before, &taken) || taken.n != SWAP_DIGITS)
		return false;
	memcpy(digits, taken.p, SWAP_DIGITS);
	digits[SWAP_DIGITS] = '\0';
	return true;
}

bool swap_is_stale(const char *name, struct swapped *out)
{
	struct str stem;
	*out = (struct swapped){0};
	out->aside = is_temporary(name, S(".aside"), &stem);
	if ((!out->aside && !is_temporary(name, S(".swap"), &stem)) || !owner_is_gone(&stem) || !take_digits(&stem, '-', out->new) ||
	    !take_digits(&stem, '.', out->old) || stem.n < 2)
		return false;
	/* One that fills all the room there is for a name was cut off. */
	if (strlen(name) < NAME_MAX)
		out->target = str_dup(str_sub(stem, 1, stem.n));
	return true;
}

/* ---- locks by name ---------------------------------------------------------------------------------------------- */

/* Where the link leads; NULL when there is none. */
static char *owner_of(const char *path)
{
	char target[NAME_MAX + 1];
	ssize_t n = io_get()->readlink(path, target, sizeof(target));
	return n > 0 ? str_dup((struct str){target, (size_t)n}) : NULL;
}

/* Takes the lock of a dead process away.  Another one may have done so and taken the lock between looking and now: then
 * it is put back. */
static void break_lock(const char *path, const char *owner)
{
	char *aside = temp_name(path);
	if (io_get()->rename(path, aside) == 0) {
		char *taken = owner_of(aside);
		if (taken && strcmp(taken, owner) != 0)
			(void)io_get()->symlink(taken, path);
		unlink_quietly(aside);
		mem_free(taken);
	}
	mem_free(aside);
}

bool io_lock_name(const char *path, int64_t ms)
{
	char *me = temp_name("lock");
	bool held = false;
	for (int64_t waited = 0; waited <= ms;) {
		held = io_get()->symlink(io_name_of(me), path) == 0;
		if (held || (errno != EEXIST && errno != EINTR))
			break;
		char *owner = owner_of(path);
		if (owner && temp_is_stale(owner)) {
			break_lock(path, owner);
			waited++;
		} else {
			(void)io_get()->poll(NULL, 0, LOCK_WAIT);
			waited += LOCK_WAIT;
		}
		mem_free(owner);
	}
	mem_free(me);
	return held;
}

void io_unlock_name(const char *path)
{
	unlink_quietly(path);
}
