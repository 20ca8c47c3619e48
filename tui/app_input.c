/* app_input.c: what a key, a paste or the mouse does: a question that is asked has it, then a field that is edited, then
 * the key table; see app.h. */
#include "model/utf8.h"
#include "tui/app.h"

static void input_mouse(struct app *a, const struct input *in)
{
	struct screen *s = app_top(a);
	if (in->button != MOUSE_DRAG && in->button != MOUSE_RELEASE)
		message_clear(a);
	if (s && s->ops->mouse)
		app_answer(a, s, s->ops->mouse(s, in));
}

static bool is_editing(const struct screen *s)
{
	return s && s->ops->editing && s->ops->editing(s);
}

static void input_paste(struct app *a, struct str text)
{
	struct screen *s = app_top(a);
	enum answer answer = is_editing(s) && s->ops->text ? s->ops->text(s, text, true) : PASS;
	if (answer == PASS)
		app_say(a, "A paste of %zu characters was refused: no field is being edited", utf8_count(text));
	else
		app_answer(a, s, answer);
}

/* Ctrl-Z and Ctrl-L do in a field what they do everywhere. */
static bool terminal_key(struct app *a, const struct input *in)
{
	enum action action = in->text.n ? ACTION_NONE : keymap_action(a->keys, IN_EVERYWHERE, in->key, NULL);
	if (action != ACT_SUSPEND && action != ACT_REDRAW)
		return false;
	app_act(a, action);
	return true;
}

/* What the field being edited does with a key. */
static enum answer field_key(struct screen *s, const struct input *in)
{
	if (in->text.n)
		return s->ops->text ? s->ops->text(s, in->text, false) : PASS;
	return s->ops->edit_key ? s->ops->edit_key(s, in->key) : PASS;
}

/* Why a key does nothing: often it is one of the text, pressed while something else has the keys. */
static void say_no_key(struct app *a, uint32_t key, bool is_han)
{
	enum key_context here = app_context(a);
	bool of_text = keymap_action(a->keys, IN_ARTICLE, key, NULL) != ACTION_NONE;
	struct buf name = {0}, back = {0};
	key_name(&name, key);
	if (is_han) {
		app_say(a, "%s is no key here: an input method is on", name.p);
	} else if (here == IN_PANE && of_text) {
		keymap_first(a->keys, PANE_FOCUS, &back);
		app_say(a, "%s is a key of the text, and this is the pane: %s goes there", name.p, back.p);
	} else if (here == IN_SELECT && of_text) {
		keymap_first(a->keys, SEL_CANCEL, &back);
		app_say(a, "%s is no key while selecting: %s or Esc ends that", name.p, back.p);
	} else {
		app_say(a, "%s is no key here: ? lists them", name.p);
	}
	buf_free(&back);
	buf_free(&name);
}

static void input_key(struct app *a, const struct input *in)
{
	struct screen *s = app_top(a);
	message_clear(a);
	bool editing = is_editing(s);
	if (editing && terminal_key(a, in))
		return;
	if (editing) {
		enum answer answer = field_key(s, in);
		if (answer != PASS) {
			app_answer(a, s, answer);
			return;
		}
	}
	bool is_han;
	enum action action = keymap_action(a->keys, editing ? IN_EVERYWHERE : app_context(a), in->key, &is_han);
	if (action != ACTION_NONE) {
		app_answer(a, s, app_act(a, action));
		return;
	}
	say_no_key(a, in->key, is_han);
}

void app_input(struct app *a, const struct input *in)
{
	if (in->kind == INPUT_MOUSE) {
		if (!a->asking.label)
			input_mouse(a, in);
	} else if (!asking_input(a, in)) {
		if (in->kind == INPUT_PASTE)
			input_paste(a, in->text);
		else
			input_key(a, in);
	}
}
