/* glob.c: see glob.h.  Both levels are matched greedily with one place to go back to: the last star seen is the only
 * one that ever has to give way. */
#include "annotations/glob.h"

#include "model/utf8.h"

/* Parts of a path are cut off its front one by one. */
static struct str first_part(struct str path)
{
	size_t slash = str_byte(path, '/', 0);
	return slash == NOWHERE ? path : str_sub(path, 0, slash);
}

static struct str after_part(struct str path, struct str part)
{
	return part.n < path.n ? str_sub(path, part.n + 1, path.n) : STR_NONE;
}

static bool is_plain(struct str pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (pattern.p[i] == '*' || pattern.p[i] == '?')
			return false;
	return true;
}

static bool match_name(struct str pattern, struct str name)
{
	size_t p = 0, n = 0, star = NOWHERE, star_n = 0;
	while (n < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			star_n = n;
			struct str rest = str_sub(pattern, p, pattern.n);
			if (is_plain(rest)) /* the usual end: nothing has to be tried */
				return str_ends(str_sub(name, n, name.n), rest);
		} else if (p < pattern.n && pattern.p[p] == '?') {
			p++;
			n += utf8_step(name, n, NULL);
		} else if (p < pattern.n && pattern.p[p] == name.p[n]) {
			p++;
			n++;
		} else if (star != NOWHERE) {
			p = star + 1;
			star_n += utf8_step(name, star_n, NULL);
			n = star_n;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

static bool is_folders(struct str part)
{
	return str_eq(part, S("**"));
}

bool glob_match(struct str pattern, struct str path)
{
	struct str star_pattern = STR_NONE, star_path = STR_NONE;
	bool star = false;
	while (path.n) {
		struct str part = first_part(pattern), name = first_part(path);
		if (pattern.n && is_folders(part)) {
			star = true;
			star_pattern = pattern = after_part(pattern, part);
			star_path = path;
		} else if (pattern.n && match_name(part, name)) {
			pattern = after_part(pattern, part);
			path = after_part(path, name);
		} else if (star) {
			pattern = star_pattern;
			path = star_path = after_part(star_path, first_part(star_path));
		} else {
			return false;
		}
	}
	while (pattern.n && is_folders(first_part(pattern)))
		pattern = after_part(pattern, first_part(pattern));
	return pattern.n == 0;
}
