/* brat_used: what was written to standoff files, as annotation.conf, visual.conf and kb_shortcuts.conf, without which
 * brat shows none of it; see brat.h. */
#include "annotations/formats/brat.h"

struct brat_used {
	struct node *labels;     /* name -> color, key, text shown */
	struct node *relations;  /* type -> from, to */
	struct node *events;     /* label -> roles */
	struct node *attributes; /* name -> on, values */
	bool schema;             /* taken already */
	bool kept;               /* the files go out as they came: */
	struct buf files[3];
};

struct brat_used *brat_used_new(void)
{
	struct brat_used *u = mem_alloc(sizeof *u);
	u->labels = node_map();
	u->relations = node_map();
	u->events = node_map();
	u->attributes = node_map();
	return u;
}

void brat_used_free(struct brat_used *u)
{
	if (!u)
		return;
	node_free(u->labels);
	node_free(u->relations);
	node_free(u->events);
	node_free(u->attributes);
	for (size_t i = 0; i < COUNT_OF(u->files); i++)
		buf_free(&u->files[i]);
	mem_free(u);
}

static void add_list(struct node *map, const char *key, const struct schema *s, const struct label_list *list)
{
	struct node *names = node_child(map, str_of(key), NODE_MAP);
	for (size_t i = 0; i < list->n; i++)
		node_put_text(names, s->labels[list->list[i]].name, S("1"));
}

/* The first of 8 colors that a terminal has, as a page shows them well. */
static const char *page_color(enum color c)
{
	static const char *const colors[COLORS] = {
	    [COLOR_DEFAULT] = "#dddddd", [COLOR_RED] = "#ff9999",     [COLOR_GREEN] = "#99dd99", [COLOR_YELLOW] = "#ffee88",
	    [COLOR_BLUE] = "#99bbff",    [COLOR_MAGENTA] = "#ee99ee", [COLOR_CYAN] = "#88dddd",  [COLOR_WHITE] = "#eeeeee"};
	return colors[c];
}

void brat_use_corpus(struct brat_used *u, const struct corpus *c, const struct schema *s)
{
	if (u->schema)
		return;
	u->schema = true;
	u->kept = brat_conf_kept(c, &u->files[0], &u->files[1], &u->files[2], u);
	for (size_t i = 0; i < s->n_labels; i++) {
		if (!s->labels[i].known)
			continue;
		struct node *label = node_child(u->labels, s->labels[i].name, NODE_MAP);
		struct str shown = s->labels[i].zh.n ? s->labels[i].zh : s->labels[i].help;
		node_put_text(label, S("color"), str_of(page_color(s->labels[i].color)));
		if (s->labels[i].key)
			node_put_text(label, S("key"), (struct str){&s->labels[i].key, 1});
		if (shown.n && shown.n < 60)
			node_put_text(label, S("shown"), shown);
	}
	for (size_t i = 0; i < s->n_relations; i++) {
		struct node *relation = node_child(u->relations, s->relations[i].name, NODE_MAP);
		add_list(relation, "from", s, &s->relations[i].from);
		add_list(relation, "to", s, &s->relations[i].to);
	}
	for (size_t i = 0; i < s->n_attributes; i++) {
		add_list(node_child(u->attributes, s->attributes[i].name, NODE_MAP), "on", s, &s->attributes[i].on);
		for (size_t k = 0; k < s->attributes[i].n_values; k++)
			brat_use_attribute(u, s->attributes[i].name, s->attributes[i].values[k]);
	}
}

void brat_use_label(struct brat_used *u, struct str label)
{
	if (!node_get(u->labels, label))
		node_child(u->labels, label, NODE_MAP);
}

void brat_use_relation(struct brat_used *u, struct str type)
{
	if (!node_get(u->relations, type))
		node_child(u->relations, type, NODE_MAP);
}

void brat_use_role(struct brat_used *u, struct str event, struct str role)
{
	node_put_text(node_child(u->events, event, NODE_MAP), role, S("1"));
}

void brat_use_attribute(struct brat_used *u, struct str name, struct str value)
{
	struct node *values = node_child(node_child(u->attributes, name, NODE_MAP), S("values"), NODE_MAP);
	if (!str_eq(value, S("true")) && str_byte(value, '|', 0) == NOWHERE && value.n < 60)
		node_put_text(values, value, S("1"));
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

static void add_alternatives(struct buf *out, const struct node *names)
{
	for (size_t i = 0; names && i < names->n; i++) {
		buf_adds(out, i ? "|" : "");
		record_add_word(out, names->keys[i]);
	}
	if (!names || names->n == 0)
		buf_adds(out, "<ANY>");
}

static void add_annotation_conf(struct buf *out, const struct brat_used *u)
{
	buf_adds(out, "[entities]\n");
	for (size_t i = 0; i < u->labels->n; i++) {
		if (node_get(u->events, u->labels->keys[i]))
			continue;
		record_add_word(out, u->labels->keys[i]);
		buf_addc(out, '\n');
	}
	buf_adds(out, "\n[relations]\n");
	for (size_t i = 0; i < u->relations->n; i++) {
		record_add_word(out, u->relations->keys[i]);
		buf_adds(out, "\tArg1:");
		add_alternatives(out, node_get(u->relations->items[i], S("from")));
		buf_adds(out, ", Arg2:");
		add_alternatives(out, node_get(u->relations->items[i], S("to")));
		buf_addc(out, '\n');
	}
	buf_adds(out, "\n[events]\n");
	for (size_t i = 0; i < u->events->n; i++) {
		record_add_word(out, u->events->keys[i]);
		for (size_t k = 0; k < u->events->items[i]->n; k++) {
			const struct node *relation = node_get(u->relations, u->events->items[i]->keys[k]);
			buf_adds(out, k ? ", " : "\t");
			record_add_word(out, u->events->items[i]->keys[k]);
			buf_adds(out, "*:");
			add_alternatives(out, node_get(relation, S("to")));
		}
		buf_addc(out, '\n');
	}
	buf_adds(out, "\n[attributes]\n");
	for (size_t i = 0; i < u->attributes->n; i++) {
		record_add_word(out, u->attributes->keys[i]);
		const struct node *values = node_get(u->attributes->items[i], S("values"));
		buf_adds(out, "\tArg:");
		add_alternatives(out, node_get(u->attributes->items[i], S("on")));
		if (values && values->n) {
			buf_adds(out, ", Value:");
			add_alternatives(out, values);
		}
		buf_addc(out, '\n');
	}
}

static void add_visual_conf(struct buf *out, const struct brat_used *u)
{
	buf_adds(out, "[labels]\n");
	for (size_t i = 0; i < u->labels->n; i++) {
		struct str shown = node_get_text(u->labels->items[i], S("shown"));
		if (!shown.n || str_byte(shown, '|', 0) != NOWHERE)
			continue;
		record_add_word(out, u->labels->keys[i]);
		buf_addf(out, " | %.*s\n", (int)shown.n, shown.p);
	}
	buf_adds(out, "\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:#dddddd, borderColor:darken\n"
	              "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5\n");
	for (size_t i = 0; i < u->labels->n; i++) {
		struct str color = node_get_text(u->labels->items[i], S("color"));
		if (!color.n)
			continue;
		record_add_word(out, u->labels->keys[i]);
		buf_addf(out, "\tbgColor:%.*s\n", (int)color.n, color.p);
	}
}

static void add_shortcuts(struct buf *out, const struct brat_used *u)
{
	for (size_t i = 0; i < u->labels->n; i++) {
		struct str key = node_get_text(u->labels->items[i], S("key"));
		if (!key.n)
			continue;
		buf_addf(out, "%.*s\t", (int)key.n, key.p);
		record_add_word(out, u->labels->keys[i]);
		buf_addc(out, '\n');
	}
}

bool brat_conf_export(struct export_job *job, const struct brat_used *u, struct error *err)
{
	static const struct {
		const char *name;
		void (*add)(struct buf *out, const struct brat_used *u);
	} files[] = {{"annotation.conf", add_annotation_conf},
	             {"visual.conf", add_visual_conf},
	             {"kb_shortcuts.conf", add_shortcuts}};
	bool fine = true;
	for (size_t i = 0; fine && i < COUNT_OF(files); i++) {
		struct buf out = {0};
		struct error there = {0};
		if (u->kept)
			buf_add(&out, buf_str(&u->files[i]));
		else
			files[i].add(&out, u);
		/* A folder that has settings keeps its own. */
		fine = (u->kept && !out.n) || job->write_file(job->ctx, files[i].name, buf_str(&out), &there) ||
		       there.code == ERROR_EXISTS;
		if (!fine)
			error_set(err, there.code, there.path, "%s", there.message);
		error_clear(&there);
		buf_free(&out);
	}
	return fine;
}
