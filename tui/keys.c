/* keys.c: bindings made from keys.def.h and the user's settings, see keys.h. */
#include "tui/keys.h"

#include "model/utf8.h"

/* ---- the table ---------------------------------------------------------------------------------------------- */

struct action_text {
	const char *name, *keys, *hint, *help;
	enum key_context context;
};

#define KEY(where, what, its_name, its_keys, its_hint, its_help) \
	[what] = {.name = its_name, .keys = its_keys, .hint = its_hint, .help = its_help, .context = where},
static const struct action_text actions[ACTIONS] = {
	[ACTION_NONE] = {.name = "", .keys = "", .hint = "", .help = "", .context = KEY_CONTEXTS},
#include "tui/keys.def.h"
};
#undef KEY

#define KEY(where, what, its_name, its_keys, its_hint, its_help) {where, what, GROUP},
static const struct key_row table[] = {
#include "tui/keys.def.h"
};
#undef KEY

size_t key_rows(const struct key_row **out)
{
	*out = table;
	return COUNT_OF(table);
}

const char *action_name(enum action a)
{
	return actions[a].name;
}

enum action action_of_name(struct str name)
{
	for (enum action a = ACTION_NONE + 1; a < ACTIONS; a++)
		if (str_eq(str_of(actions[a].name), name))
			return a;
	return ACTION_NONE;
}

enum key_context action_context(enum action a)
{
	return actions[a].context;
}

const char *action_help(enum action a)
{
	return actions[a].help;
}

const char *action_hint(enum action a)
{
	return actions[a].hint;
}

const char *context_title(enum key_context c)
{
	static const char *const titles[KEY_CONTEXTS] = {
		[IN_EVERYWHERE] = "everywhere", [IN_ARTICLE] = "article",   [IN_SELECT] = "select",
		[IN_PANE] = "pane",             [IN_TOGGLES] = "toggles",   [IN_LABELS] = "labels",
		[IN_LIBRARY] = "library",       [IN_END] = "end card",      [IN_HISTORY] = "history",
		[IN_HELP] = "help",
	};
	return titles[c];
}

/* ---- bindings ----------------------------------------------------------------------------------------------- */

struct binding {
	enum action action;
	uint32_t key;
};

struct keymap {
	struct binding *list; /* in the order of the table, an action's keys together */
	size_t n;
};

/* The setting of the user for an action; the last one counts. */
static const struct key_setting *setting_of(const struct user_config *config, enum action a)
{
	for (size_t i = config ? config->n_keys : 0; i-- > 0;)
		if (str_eq(str_of(config->keys[i].action), str_of(actions[a].name)))
			return &config->keys[i];
	return NULL;
}

static void bind(struct keymap *k, enum action a, uint32_t key)
{
	k->list = mem_grow(k->list, k->n + 1, sizeof(*k->list));
	k->list[k->n++] = (struct binding){a, key};
}

static struct str next_name(struct str *names)
{
	*names = str_trim(*names);
	size_t n = str_byte(*names, ' ', 0);
	struct str name = str_sub(*names, 0, n);
	*names = str_sub(*names, name.n, names->n);
	return name;
}

/* Binds the keys named; answers the first name that is no key, or the empty slice. */
static struct str bind_names(struct keymap *k, enum action a, const char *keys)
{
	struct str names = str_of(keys), name;
	while ((name = next_name(&names)).n) {
		uint32_t key = key_of_name(name);
		if (!key)
			return name;
		bind(k, a, key);
	}
	return STR_NONE;
}

static bool contexts_meet(enum key_context a, enum key_context b)
{
	return a == b || a == IN_EVERYWHERE || b == IN_EVERYWHERE;
}

/* Two actions on one key: told at the setting that was written last; defaults alone never clash. */
static bool clash(const struct user_config *config, struct binding a, struct binding b, struct error *err)
{
	const struct key_setting *of_a = setting_of(config, a.action), *of_b = setting_of(config, b.action);
	bool a_is_to_blame = of_a && (!of_b || of_a->line > of_b->line);
	const struct key_setting *setting = a_is_to_blame ? of_a : of_b;
	const char *set = action_name(a_is_to_blame ? a.action : b.action),
	           *other = action_name(a_is_to_blame ? b.action : a.action);
	struct buf name = {0};
	key_name(&name, b.key);
	error_at(err, ERROR_SCHEMA, config ? config->path : NULL, setting ? setting->line : 0,
	         setting ? setting->column : 0,
	         "the key %s of %s is also that of %s: give %s another key under `keys:`", name.p, set, other, other);
	buf_free(&name);
	return false;
}

static bool check_clashes(const struct keymap *k, const struct user_config *config, struct error *err)
{
	for (size_t i = 0; i < k->n; i++)
		for (size_t j = 0; j < i; j++) {
			struct binding a = k->list[j], b = k->list[i];
			if (a.key == b.key && a.action != b.action &&
			    contexts_meet(actions[a.action].context, actions[b.action].context))
				return clash(config, a, b, err);
		}
	return true;
}

static bool check_names(const struct user_config *config, struct error *err)
{
	for (size_t i = 0; config && i < config->n_keys; i++) {
		const struct key_setting *s = &config->keys[i];
		if (action_of_name(str_of(s->action)) == ACTION_NONE)
			return error_at(err, ERROR_SCHEMA, config->path, s->line, s->column,
			                "there is no action %s: `zhupi keys` lists them", s->action);
	}
	return true;
}

static bool bind_all(struct keymap *k, const struct user_config *config, struct error *err)
{
	for (enum action a = ACTION_NONE + 1; a < ACTIONS; a++) {
		const struct key_setting *s = setting_of(config, a);
		struct str wrong = bind_names(k, a, s ? s->keys : actions[a].keys);
		if (wrong.n)
			return error_at(
			    err, ERROR_SCHEMA, config ? config->path : NULL, s ? s->line : 0, s ? s->column : 0,
			    "%.*s is no key: write one character, or a name such as <Space>, <Enter>, <C-r>, <F1>",
			    (int)wrong.n, wrong.p);
	}
	return true;
}

bool keymap_new(const struct user_config *config, struct keymap **out, struct error *err)
{
	struct keymap *k = mem_alloc(sizeof(*k));
	if (!check_names(config, err) || !bind_all(k, config, err) || !check_clashes(k, config, err)) {
		keymap_free(k);
		return false;
	}
	*out = k;
	return true;
}

void keymap_free(struct keymap *k)
{
	if (!k)
		return;
	mem_free(k->list);
	mem_free(k);
}

void keymap_keys(const struct keymap *k, enum action a, struct buf *out)
{
	bool first = true;
	for (size_t i = 0; i < k->n; i++) {
		if (k->list[i].action != a)
			continue;
		if (!first)
			buf_addc(out, ' ');
		key_name(out, k->list[i].key);
		first = false;
	}
}

void keymap_first(const struct keymap *k, enum action a, struct buf *out)
{
	struct buf keys = {0};
	keymap_keys(k, a, &keys);
	struct str first = str_sub(buf_str(&keys), 0, str_byte(buf_str(&keys), ' ', 0));
	if (first.n > 2 && first.p[0] == '<')
		first = str_sub(first, 1, first.n - 1);
	buf_add(out, first);
	buf_free(&keys);
}

/* ---- looking up --------------------------------------------------------------------------------------------- */

/* Marks that input methods put on the keys of a keyboard in Chinese mode, beside the full-width forms: the pairs of
 * the common pinyin input methods for Windows, macOS and Linux. */
static uint32_t ascii_of_mark(uint32_t key)
{
	switch (key) {
	case 0x3000: return ' ';
	case 0x3001: return '/'; /* 、 */
	case 0x3002: case 0xFF61: return '.'; /* 。 */
	case 0x3008: case 0x300A: return '<'; /* 〈《 */
	case 0x3009: case 0x300B: return '>';
	case 0x300C: case 0x3010: case 0x3014: case 0xFF62: return '['; /* 「【〔 */
	case 0x300D: case 0x3011: case 0x3015: case 0xFF63: return ']';
	case 0x300E: case 0x3016: return '{'; /* 『〖 */
	case 0x300F: case 0x3017: return '}';
	case 0x2018: case 0x2019: return '\'';
	case 0x201C: case 0x201D: return '"';
	case 0x2014: return '_'; /* — */
	case 0x2026: return '^'; /* … */
	case 0x00B7: return '`'; /* · */
	case 0xFFE5: case 0x00A5: return '$'; /* ￥ */
	default:     break;
	}
	return key >= 0xFF01 && key <= 0xFF5E ? key - 0xFEE0 : key;
}

uint32_t key_as_ascii(uint32_t key)
{
	return ascii_of_mark(key);
}

static enum action bound(const struct keymap *k, enum key_context context, uint32_t key)
{
	enum action everywhere = ACTION_NONE;
	for (size_t i = 0; i < k->n; i++) {
		if (k->list[i].key != key)
			continue;
		enum action a = k->list[i].action;
		if (actions[a].context == context)
			return a;
		if (actions[a].context == IN_EVERYWHERE)
			everywhere = a;
	}
	return everywhere;
}

enum action keymap_action(const struct keymap *k, enum key_context context, uint32_t key, bool *is_han)
{
	if (is_han)
		*is_han = cp_is_han(key);
	enum action a = bound(k, context, key);
	return a != ACTION_NONE ? a : bound(k, context, ascii_of_mark(key));
}

/* ---- names of keys ------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{"<Up>", KEY_UP_},         {"<Down>", KEY_DOWN_},     {"<Left>", KEY_LEFT_},     {"<Right>", KEY_RIGHT_},
	{"<Home>", KEY_HOME_},     {"<End>", KEY_END_},       {"<PgUp>", KEY_PGUP_},     {"<PgDn>", KEY_PGDN_},
	{"<Insert>", KEY_INSERT_}, {"<Delete>", KEY_DELETE_}, {"<BS>", KEY_BACKSPACE_},  {"<Enter>", KEY_ENTER_},
	{"<Tab>", KEY_TAB_},       {"<S-Tab>", KEY_BACKTAB_}, {"<Esc>", KEY_ESC_},       {"<Space>", ' '},
};

/* A terminal sends these the same way as the keys with names of their own. */
static uint32_t control_key(char letter)
{
	switch (letter) {
	case 'h': return KEY_BACKSPACE_;
	case 'i': return KEY_TAB_;
	case 'j': case 'm': return KEY_ENTER_;
	default: return (uint32_t)(letter - 'a' + 1);
	}
}

uint32_t key_of_name(struct str name)
{
	codepoint cp;
	size_t step = utf8_step(name, 0, &cp);
	if (step && step == name.n)
		return cp_is_hidden(cp) || cp == ' ' ? 0 : cp;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(name, str_of(names[i].name)))
			return names[i].key;
	if (name.n == 5 && str_starts(name, S("<C-")) && name.p[4] == '>' && name.p[3] >= 'a' && name.p[3] <= 'z')
		return control_key(name.p[3]);
	uint64_t number;
	if (str_starts(name, S("<F")) && str_ends(name, S(">")) && str_number(str_sub(name, 2, name.n - 1), &number) &&
	    number >= 1 && number <= KEY_LIMIT_ - KEY_F1_)
		return KEY_F1_ + (uint32_t)number - 1;
	return 0;
}

void key_name(struct buf *out, uint32_t key)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].key == key) {
			buf_adds(out, names[i].name);
			return;
		}
	if (key >= KEY_F1_ && key < KEY_LIMIT_)
		buf_addf(out, "<F%u>", (unsigned)(key - KEY_F1_ + 1));
	else if (key >= 1 && key <= 26)
		buf_addf(out, "<C-%c>", (char)('a' + key - 1));
	else
		utf8_add(out, key);
}
