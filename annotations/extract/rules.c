/* rules.c: see rules.h; the lists of a pack are read in rules_lists.c. */
#include "annotations/extract/rules.h"

#include <string.h>

#include "annotations/extract/rules_read.h"
#include "annotations/yaml_block.h"
#include "model/fold.h"

#define ZONES_DEFAULT ((1u << ZONE_TITLE) | (1u << ZONE_BODY) | (1u << ZONE_BYLINE))
#define RULES_MAX 4096
#define BYTES_AN_EDGE 8 /* of a pack; the built-in one has that many to a code point of a word behind its first */

/* FNV-1a (Fowler, Noll, Vo): names are asked for thousands of times while a pack is read. */
static uint32_t hash_of(struct str name)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < name.n; i++)
		hash = (hash ^ (unsigned char)name.p[i]) * 16777619u;
	return hash;
}

class_id pack_class(const struct pack *p, struct str name)
{
	uint32_t hash = hash_of(name);
	class_id at = p->by_hash[hash % CLASS_HASHES];
	while (at != CLASS_NONE && (p->classes[at].hash != hash || !str_eq(p->classes[at].name, name)))
		at = p->classes[at].next;
	return at;
}

class_id pack_make_class(struct pack *p, struct str name, const char *path, size_t line)
{
	class_id found = pack_class(p, name);
	if (found != CLASS_NONE || p->n_classes >= RULES_MAX)
		return found;
	if (p->n_classes == p->cap_classes) {
		p->cap_classes = p->cap_classes ? p->cap_classes * 2 : 128;
		p->classes = mem_grow(p->classes, p->cap_classes, sizeof *p->classes);
	}
	struct buf whence = {0};
	buf_addf(&whence, "%s:%zu", path, line);
	uint32_t hash = hash_of(name);
	class_id *last = &p->by_hash[hash % CLASS_HASHES], id = (class_id)p->n_classes++;
	p->classes[id] = (struct class){.name = arena_dup(&p->memory, name), .hash = hash, .next = *last, .whence = arena_dup(&p->memory, buf_str(&whence)),
	                                .label = name.n && name.p[0] >= 'A' && name.p[0] <= 'Z'};
	*last = id;
	buf_free(&whence);
	return id;
}

/* ---- one rule --------------------------------------------------------------------------------------------------- */

static bool bad(const struct reader *r, const struct node *n, const char *message, struct error *err)
{
	return error_at(err, ERROR_SCHEMA, r->path, n->line, n->column, "%s", message);
}

static class_id name_class(void *ctx, struct str name)
{
	struct reader *r = ctx;
	return pack_make_class(r->pack, name, r->path, r->line);
}

static bool read_number(const struct reader *r, const struct node *rule, const char *key, uint64_t most, uint64_t *out, struct error *err)
{
	const struct node *n = node_get(rule, str_of(key));
	if (!n)
		return true;
	if (!node_is_number(n, out) || *out > most)
		return error_at(err, ERROR_SCHEMA, r->path, n->line, n->column, "%s must be a whole number up to %zu", key, (size_t)most);
	return true;
}

static bool read_zones(const struct reader *r, const struct node *rule, struct rule *out, struct error *err)
{
	const struct node *list = node_get(rule, S("zones"));
	enum zone_kind kind;
	out->zones = ZONES_DEFAULT;
	if (!list)
		return true;
	if (list->kind != NODE_LIST)
		return bad(r, list, "zones must be a list: [title, body]", err);
	out->zones = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (!zone_of_name(node_scalar(list->items[i]), &kind))
			return bad(r, list->items[i], "no such zone; there are title, byline, body, nav, notice, related, share, ticker", err);
		out->zones |= 1u << kind;
	}
	return true;
}

static bool read_class(struct reader *r, const struct node *rule, const char *key, class_id *out, struct error *err)
{
	const struct node *n = node_get(rule, str_of(key));
	*out = CLASS_NONE;
	if (!n)
		return true;
	if (n->kind != NODE_SCALAR || !n->text.n)
		return error_at(err, ERROR_SCHEMA, r->path, n->line, n->column, "%s must be the name of a class", key);
	*out = name_class(r, n->text);
	return *out != CLASS_NONE || bad(r, n, "too many classes", err);
}

static bool read_flag(const struct reader *r, const struct node *rule, const char *key, const char *yes, const char *no, bool *out,
                      struct error *err)
{
	const struct node *n = node_get(rule, str_of(key));
	if (!n)
		return true;
	*out = str_eq(node_scalar(n), str_of(yes));
	return *out || str_eq(node_scalar(n), str_of(no)) ||
	       error_at(err, ERROR_SCHEMA, r->path, n->line, n->column, "%s is %s or %s", key, yes, no);
}

/* The class of one character, which is listed so that the one pass over the text finds it too. */
static class_id class_of_character(struct reader *r, codepoint c)
{
	struct lexicon *l = r->pack->lexicon;
	uint32_t state = lexicon_step(l, 0, c);
	for (const struct lexicon_out *o = state ? lexicon_first(l, state) : NULL; o; o = lexicon_next(l, o))
		if (r->pack->classes[o->class].character)
			return o->class;
	struct buf name = {0};
	buf_addc(&name, '.');
	utf8_add(&name, c);
	class_id class = pack_make_class(r->pack, buf_str(&name), r->path, r->line);
	buf_free(&name);
	if (class != CLASS_NONE) {
		r->pack->classes[class].character = r->pack->classes[class].given = true;
		(void)lexicon_add(l, &c, 1, class, 0);
	}
	return class;
}

/* False: there are more classes than there may be. */
static bool make_set(struct reader *r, const class_id *classes, size_t n, const codepoint *characters, size_t n_characters, set_id *set)
{
	class_id *all = mem_array(n + n_characters + 1, sizeof *all);
	bool fine = true;
	for (size_t i = 0; i < n; i++)
		all[i] = classes[i];
	for (size_t i = 0; i < n_characters; i++) {
		all[n + i] = class_of_character(r, characters[i]);
		fine = fine && all[n + i] != CLASS_NONE;
	}
	if (fine)
		*set = class_sets_add(&r->pack->sets, all, n + n_characters);
	mem_free(all);
	return fine;
}

static class_id *copy_classes(struct reader *r, const class_id *classes, size_t n)
{
	class_id *copy = arena_alloc(&r->pack->memory, (n + 1) * sizeof *copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = classes[i];
	return copy;
}

static bool makes(const struct rule *rule, class_id class)
{
	const class_id *groups;
	size_t n;
	pattern_groups(rule->pattern, &groups, &n);
	for (size_t i = 0; i < n; i++)
		if (groups[i] == class)
			return true;
	return rule->as == class;
}

static void take_needs(struct reader *r, struct rule *rule)
{
	struct needed needed;
	size_t n = 0;
	while (pattern_needs(rule->pattern, n, &needed))
		n++;
	rule->needs = arena_alloc(&r->pack->memory, (n + 1) * sizeof *rule->needs);
	for (size_t i = 0; pattern_needs(rule->pattern, i, &needed); i++) {
		struct rule_need *need = &rule->needs[rule->n_needs];
		*need = (struct rule_need){.steps = needed.steps, .hits = needed.hits,
		                           .passed = copy_classes(r, needed.passed, needed.n_passed), .n_passed = needed.n_passed};
		for (size_t k = 0; k < need->n_passed; k++)
			need->open = need->open || makes(rule, need->passed[k]);
		rule->n_needs += make_set(r, needed.classes, needed.n, needed.characters, needed.n_characters, &need->set);
	}
}

static void take_starts(struct reader *r, struct rule *rule)
{
	const class_id *classes;
	const codepoint *characters;
	size_t n, n_characters;
	rule->anywhere = !pattern_starts(rule->pattern, &classes, &n, &characters, &n_characters) ||
	                 !make_set(r, classes, n, characters, n_characters, &rule->starts);
	rule->bounded = pattern_behind(rule->pattern, &classes, &n, &characters, &n_characters, &rule->edge) &&
	                make_set(r, classes, n, characters, n_characters, &rule->behind);
}

static bool read_match(struct reader *r, const struct node *rule, struct rule *out, struct error *err)
{
	static const char *const keys[] = {"match", "before", "not-before", "after", "not-after"};
	struct pattern_source source = {.match = node_get_text(rule, S("match")), .before = node_get_text(rule, S("before")),
	                                .not_before = node_get_text(rule, S("not-before")), .after = node_get_text(rule, S("after")),
	                                .not_after = node_get_text(rule, S("not-after"))};
	struct error inner = {0};
	size_t part = 0;
	const struct node *pick = node_get(rule, S("pick"));
	source.all = str_eq(node_scalar(pick), S("all"));
	source.longest = !pick || str_eq(node_scalar(pick), S("longest"));
	if (!source.all && !source.longest && !str_eq(node_scalar(pick), S("first")))
		return bad(r, pick, "pick is longest, first or all", err);
	if (pattern_compile(&source, name_class, r, &out->pattern, &part, &inner)) {
		take_starts(r, out);
		take_needs(r, out);
		return true;
	}
	const struct node *n = node_get(rule, str_of(keys[part]));
	size_t column = n ? n->column + (n->quoted ? 1 : 0) + inner.column - 1 : 0;
	error_at(err, ERROR_SYNTAX, r->path, n ? n->line : rule->line, column, "%s: %s", keys[part], inner.message);
	error_clear(&inner);
	return false;
}

static bool read_regex(struct reader *r, const struct node *rule, struct rule *out, struct error *err)
{
	const struct node *n = node_get(rule, S("regex"));
	struct error inner = {0};
	if (out->trigger == CLASS_NONE)
		return bad(r, n, "a rule with a regex needs a trigger: the list that must be met before it is tried", err);
	if (node_get(rule, S("before")) || node_get(rule, S("after")) || node_get(rule, S("not-before")) || node_get(rule, S("not-after")))
		return bad(r, n, "a regex says what stands before and after itself: (?<=…) (?=…)", err);
	if (out->as == CLASS_NONE)
		return bad(r, n, "a rule with a regex needs `as`", err);
	if (regex_compile(node_scalar(n), 0, &out->regex, &inner))
		return true;
	error_at(err, ERROR_SYNTAX, r->path, n->line, n->column + (n->quoted ? 1 : 0) + (inner.column ? inner.column - 1 : 0), "%s",
	         inner.message);
	error_clear(&inner);
	return false;
}

static bool known_keys(const struct reader *r, const struct node *rule, struct error *err)
{
	static const char *const keys[] = {"name", "as", "match", "before", "not-before", "after", "not-after", "zones", "score", "pick",
	                                   "over", "sure", "series", "why", "regex", "trigger"};
	for (size_t i = 0; i < rule->n; i++) {
		size_t k = 0;
		while (k < COUNT_OF(keys) && !str_eq(rule->keys[i], str_of(keys[k])))
			k++;
		if (k == COUNT_OF(keys))
			return error_at(err, ERROR_SCHEMA, r->path, rule->items[i]->line, rule->items[i]->column, "%.*s is no key of a rule",
			                (int)rule->keys[i].n, rule->keys[i].p);
	}
	return true;
}

static bool read_rule(struct reader *r, const struct node *node, struct error *err)
{
	struct pack *p = r->pack;
	struct str name = node_get_text(node, S("name"));
	uint64_t score = SCORE_DEFAULT, over = 0;
	r->line = node->line;
	if (node->kind != NODE_MAP || !name.n)
		return bad(r, node, "a rule is a map with a name", err);
	if (!known_keys(r, node, err))
		return false;
	for (size_t i = 0; i < p->n_rules; i++)
		if (str_eq(p->rules[i].name, name))
			return error_at(err, ERROR_DUPLICATE, r->path, node->line, node->column, "a rule of the name %.*s is there already",
			                (int)name.n, name.p);
	if (p->n_rules >= RULES_MAX)
		return bad(r, node, "more than 4096 rules", err);
	if (p->n_rules == p->cap_rules) {
		p->cap_rules = p->cap_rules ? p->cap_rules * 2 : 64;
		p->rules = mem_grow(p->rules, p->cap_rules, sizeof *p->rules);
	}
	struct rule *rule = &p->rules[p->n_rules];
	*rule = (struct rule){.name = arena_dup(&p->memory, name), .why = arena_dup(&p->memory, node_get_text(node, S("why")))};
	p->n_rules++;
	if (!read_class(r, node, "as", &rule->as, err) || !read_class(r, node, "sure", &rule->sure, err) ||
	    !read_class(r, node, "trigger", &rule->trigger, err) || !read_zones(r, node, rule, err) ||
	    !read_number(r, node, "score", 1000, &score, err) || !read_number(r, node, "over", 100, &over, err) ||
	    !read_flag(r, node, "series", "true", "false", &rule->series, err))
		return false;
	rule->score = (uint16_t)score;
	rule->over = (uint8_t)over;
	bool match = node_get(node, S("match")) != NULL;
	if (match == (node_get(node, S("regex")) != NULL))
		return bad(r, node, "a rule has either match or regex", err);
	if (!(match ? read_match(r, node, rule, err) : read_regex(r, node, rule, err)))
		return false;
	const class_id *groups;
	size_t n_groups = 0;
	if (match)
		pattern_groups(rule->pattern, &groups, &n_groups);
	for (size_t i = 0; i < n_groups; i++)
		p->classes[groups[i]].given = true;
	if (rule->as != CLASS_NONE)
		p->classes[rule->as].given = true;
	if (rule->sure != CLASS_NONE)
		p->classes[rule->sure].given = true;
	return rule->as != CLASS_NONE || n_groups || bad(r, node, "a rule needs `as` or a named part", err);
}

/* ---- labels ------------------------------------------------------------------------------------------------- */

static bool read_label(struct reader *r, const struct node *node, uint16_t order, struct error *err)
{
	class_id id;
	r->line = node->line;
	if (node->kind != NODE_MAP || !read_class(r, node, "name", &id, err) || id == CLASS_NONE || !r->pack->classes[id].label)
		return bad(r, node, "a label is a map with a name in capital letters", err);
	bool container = false;
	if (!read_flag(r, node, "layer", "container", "flat", &container, err))
		return false;
	const struct node *swallows = node_get(node, S("swallows"));
	uint16_t list[SWALLOWS_MAX] = {0};
	uint8_t n = 0;
	for (size_t i = 0; swallows && swallows->kind == NODE_LIST && i < swallows->n; i++) {
		if (n == SWALLOWS_MAX || !node_scalar(swallows->items[i]).n)
			return bad(r, swallows->items[i], "up to eight names of labels are wanted here", err);
		list[n] = name_class(r, node_scalar(swallows->items[i]));
		if (list[n++] == CLASS_NONE)
			return bad(r, node, "too many classes", err);
	}
	struct class *c = &r->pack->classes[id];
	c->given = true;
	c->container = container;
	c->order = (uint16_t)(order + 1); /* NONE, of order 0, wins every tie */
	c->n_swallows = n;
	memcpy(c->swallows, list, sizeof list);
	c->attribute = arena_dup(&r->pack->memory, node_get_text(node, S("attribute")));
	return true;
}

static bool read_labels(struct reader *r, const struct node *list, struct error *err)
{
	if (list->kind != NODE_LIST)
		return bad(r, list, "labels must be a list", err);
	for (size_t i = 0; i < list->n && i < UINT16_MAX; i++)
		if (!read_label(r, list->items[i], (uint16_t)i, err))
			return false;
	return true;
}

/* ---- files -------------------------------------------------------------------------------------------------- */

static bool read_file(struct pack *p, struct str name, struct str bytes, struct error *err)
{
	char *path = str_dup(name);
	struct reader r = {.pack = p, .path = path, .bytes = bytes};
	struct node *root = NULL;
	bool fine = yaml_block_or_read(bytes, path, &root, err);
	if (fine && root->kind != NODE_MAP)
		fine = bad(&r, root, "a rule file is a map with lists and rules", err);
	for (size_t i = 0; fine && i < root->n; i++) {
		const struct node *value = root->items[i];
		if (str_eq(root->keys[i], S("lists")))
			fine = rules_read_lists(&r, value, err);
		else if (str_eq(root->keys[i], S("labels")))
			fine = read_labels(&r, value, err);
		else if (str_eq(root->keys[i], S("rules"))) {
			if (value->kind != NODE_LIST)
				fine = bad(&r, value, "rules must be a list", err);
			for (size_t k = 0; fine && k < value->n; k++)
				fine = read_rule(&r, value->items[k], err);
		} else if (!str_eq(root->keys[i], S("source")) && !str_eq(root->keys[i], S("date"))) {
			fine = error_at(err, ERROR_SCHEMA, path, value->line, value->column, "a rule file has source, date, labels, lists and rules, no %.*s",
			                (int)root->keys[i].n, root->keys[i].p);
		}
	}
	node_free(root);
	mem_free(path);
	return fine;
}

/* A class that nothing makes is a slip of the pen. */
static bool check_classes(const struct pack *p, struct error *err)
{
	for (size_t i = 0; i < p->n_classes; i++) {
		const struct class *c = &p->classes[i];
		if (c->given)
			continue;
		char *whence = str_dup(c->whence);
		char *colon = strrchr(whence, ':');
		uint64_t line = 0;
		(void)str_number(str_of(colon + 1), &line);
		*colon = '\0';
		error_at(err, ERROR_REFERENCE, whence, (size_t)line, 1, "there is no list or rule that makes %.*s", (int)c->name.n, c->name.p);
		mem_free(whence);
		return false;
	}
	return true;
}

static void add_uses(struct pack *p, set_id set, enum class_use use)
{
	const struct class_set *s = &p->sets.list[set];
	for (size_t i = 0; i < s->n; i++)
		p->uses[s->classes[i]] |= (uint8_t)use;
}

/* What a pattern rule asks before it runs, and waits for. */
static void add_asked(struct pack *p, const struct rule *r)
{
	for (size_t i = 0; i < r->n_needs; i++) {
		add_uses(p, r->needs[i].set, CLASS_STARTS);
		class_sets_wait(&p->sets, r->needs[i].set);
	}
	if (!r->anywhere) {
		add_uses(p, r->starts, CLASS_STARTS);
		class_sets_wait(&p->sets, r->starts);
	}
	if (r->bounded)
		add_uses(p, r->behind, CLASS_ENDS);
	if (r->bounded && !r->edge)
		class_sets_wait(&p->sets, r->behind);
}

/* Hits that rules make, and labels, are asked for one by one. */
static void find_uses(struct pack *p)
{
	bool *made = mem_array(p->n_classes, sizeof *made);
	p->uses = mem_array(p->n_classes, sizeof *p->uses);
	for (size_t i = 0; i < p->n_classes; i++)
		if (p->classes[i].label)
			p->uses[i] = CLASS_WHOLE;
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct rule *r = &p->rules[i];
		const class_id *groups;
		size_t n = 0;
		class_sets_rule(&p->sets);
		if (r->pattern) {
			pattern_uses(r->pattern, p->uses);
			pattern_groups(r->pattern, &groups, &n);
			add_asked(p, r);
		} else {
			set_id trigger = class_sets_add(&p->sets, &r->trigger, 1);
			add_uses(p, trigger, CLASS_STARTS);
			class_sets_wait(&p->sets, trigger);
		}
		for (size_t k = 0; k < n; k++)
			made[groups[k]] = true;
		if (r->as != CLASS_NONE)
			made[r->as] = true;
		if (r->sure != CLASS_NONE)
			p->uses[r->sure] = CLASS_WHOLE;
	}
	for (size_t i = 0; i < p->n_classes; i++)
		if (made[i])
			p->uses[i] = CLASS_WHOLE;
	class_sets_finish(&p->sets, made, p->n_classes);
	mem_free(made);
}

bool pack_read(const struct str *files, size_t n, struct pack **out, struct error *err)
{
	struct pack *p = mem_alloc(sizeof *p);
	bool fine = true;
	size_t bytes = 0;
	for (size_t i = 0; i < n; i++)
		bytes += files[2 * i + 1].n;
	p->lexicon = lexicon_new(true, bytes / BYTES_AN_EDGE);
	for (size_t i = 0; i < CLASS_HASHES; i++)
		p->by_hash[i] = CLASS_NONE;
	pack_make_class(p, S("NONE"), "", 0);
	p->classes[0].given = true;
	for (size_t i = 0; i < n && fine; i++)
		fine = read_file(p, files[2 * i], files[2 * i + 1], err);
	fine = fine && check_classes(p, err);
	if (fine) {
		find_uses(p);
		lexicon_freeze(p->lexicon);
		*out = p;
	} else {
		pack_free(p);
	}
	return fine;
}

void pack_free(struct pack *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_rules; i++) {
		pattern_free(p->rules[i].pattern);
		regex_free(p->rules[i].regex);
	}
	mem_free(p->rules);
	mem_free(p->classes);
	mem_free(p->uses);
	class_sets_free(&p->sets);
	lexicon_free(p->lexicon);
	arena_free(&p->memory);
	mem_free(p);
}
