/* The key table: KEY(context, action, name, keys, hint, help).  One row for each action of a context, in the order of
 * help and manual.
 * GROUP is the title of the rows below it.  Included several times with different meanings of KEY; hence no include
 * guard. */

#undef GROUP
#define GROUP "Everywhere"
KEY(IN_EVERYWHERE, ACT_HELP, "help", "? <F1>", "help", "this help")
KEY(IN_EVERYWHERE, ACT_COMMAND, "command", ":", "", "name an action, with completion")
KEY(IN_EVERYWHERE, ACT_UNDO, "undo", "u", "undo", "undo the last change, here or in another article")
KEY(IN_EVERYWHERE, ACT_REDO, "redo", "U <C-r>", "", "do again what was undone")
KEY(IN_EVERYWHERE, ACT_REDRAW, "redraw", "<C-l>", "", "draw the screen afresh")
KEY(IN_EVERYWHERE, ACT_SUSPEND, "suspend", "<C-z>", "", "back to the shell; fg returns")
KEY(IN_EVERYWHERE, ACT_CANCEL, "cancel", "<Esc> <C-c>", "", "leave what was begun")

#undef GROUP
#define GROUP "Judging: one key, then on to the next undecided span"
KEY(IN_ARTICLE, ACT_ACCEPT, "accept", "y", "accept", "accept the span, go on")
KEY(IN_ARTICLE, ACT_REJECT, "reject", "x", "reject", "reject the span, go on")
KEY(IN_ARTICLE, ACT_SKIP, "skip", "s", "", "leave it undecided, go on")
KEY(IN_ARTICLE, ACT_UNDECIDE, "undecide", "S", "", "take its verdict back: undecided again; stays")
KEY(IN_ARTICLE, ACT_FLAG, "flag", "!", "", "flag it with a reason, or take the flag away; blocks done")
KEY(IN_ARTICLE, ACT_LABEL_1, "label-1", "1", "",
	"it is the schema's first label: the same accepts, another corrects; go on")
KEY(IN_ARTICLE, ACT_LABEL_2, "label-2", "2", "", "the second label")
KEY(IN_ARTICLE, ACT_LABEL_3, "label-3", "3", "", "the third label")
KEY(IN_ARTICLE, ACT_LABEL_4, "label-4", "4", "", "the fourth label")
KEY(IN_ARTICLE, ACT_LABEL_5, "label-5", "5", "", "the fifth label")
KEY(IN_ARTICLE, ACT_LABEL_6, "label-6", "6", "", "the sixth label")
KEY(IN_ARTICLE, ACT_LABEL_7, "label-7", "7", "", "the seventh label")
KEY(IN_ARTICLE, ACT_LABEL_8, "label-8", "8", "", "the eighth label")
KEY(IN_ARTICLE, ACT_LABEL_9, "label-9", "9", "", "the ninth label")
KEY(IN_ARTICLE, ACT_LABEL_10, "label-10", "0", "", "the tenth label")
KEY(IN_ARTICLE, ACT_LABEL_MENU, "label-menu", "r", "label", "choose the label by its letter")

#undef GROUP
#define GROUP "Correcting"
KEY(IN_ARTICLE, ACT_END_RIGHT, "end-right", "]", "ends", "end one character to the right")
KEY(IN_ARTICLE, ACT_END_LEFT, "end-left", "[", "ends", "end one character to the left")
KEY(IN_ARTICLE, ACT_START_RIGHT, "start-right", ".", "ends", "start one character to the right")
KEY(IN_ARTICLE, ACT_START_LEFT, "start-left", ",", "ends", "start one character to the left")
KEY(IN_ARTICLE, ACT_END_WORD_RIGHT, "end-word-right", "}", "", "end one word to the right")
KEY(IN_ARTICLE, ACT_END_WORD_LEFT, "end-word-left", "{", "", "end one word to the left")
KEY(IN_ARTICLE, ACT_START_WORD_RIGHT, "start-word-right", ">", "", "start one word to the right")
KEY(IN_ARTICLE, ACT_START_WORD_LEFT, "start-word-left", "<", "", "start one word to the left")
KEY(IN_ARTICLE, ACT_SELECT, "select", "v", "select", "a caret at the current span; v again begins a selection there")
KEY(IN_ARTICLE, ACT_CARET_LEFT, "caret-left", "h <Left>", "", "select, one character to the left")
KEY(IN_ARTICLE, ACT_CARET_RIGHT, "caret-right", "l <Right>", "", "select, one character to the right")
KEY(IN_ARTICLE, ACT_ADD, "add", "a", "add", "pick a label; each selection gets it until Esc")
KEY(IN_ARTICLE, ACT_FRAGMENT, "fragment", "+", "", "add the selection to the span as a fragment")
KEY(IN_ARTICLE, ACT_SPLIT, "split", "|", "", "split the span in two fragments at the caret")
KEY(IN_ARTICLE, ACT_DELETE, "delete", "d", "", "delete the span: a proposal is rejected, a person's own goes")
KEY(IN_ARTICLE, ACT_SAME_VERDICT, "same-verdict", "=", "", "give this verdict to every span of the same string here")
KEY(IN_ARTICLE, ACT_ACCEPT_ALL, "accept-all", "Y", "", "accept all undecided of the filter (asks); in the order by string: of this string")
KEY(IN_ARTICLE, ACT_REJECT_ALL, "reject-all", "X", "", "reject all undecided of the filter (asks); in the order by string: of this string")

#undef GROUP
#define GROUP "Going"
KEY(IN_ARTICLE, ACT_NEXT, "next", "j <Down>", "", "next span in the order")
KEY(IN_ARTICLE, ACT_PREVIOUS, "previous", "k <Up>", "", "previous span")
KEY(IN_ARTICLE, ACT_NEXT_UNDECIDED, "next-undecided", ";", "next", "next undecided span")
KEY(IN_ARTICLE, ACT_PREVIOUS_UNDECIDED, "previous-undecided", "'", "", "previous undecided span")
KEY(IN_ARTICLE, ACT_NEXT_SAME, "next-same", "*", "", "next span of the same string")
KEY(IN_ARTICLE, ACT_PREVIOUS_SAME, "previous-same", "#", "", "previous span of the same string")
KEY(IN_ARTICLE, ACT_NEXT_LABEL, "next-same-label", ")", "", "next span of the same label")
KEY(IN_ARTICLE, ACT_PREVIOUS_LABEL, "previous-same-label", "(", "", "previous span of the same label")
KEY(IN_ARTICLE, ACT_LOWEST, "lowest-score", "L", "", "undecided span with the lowest score")
KEY(IN_ARTICLE, ACT_FIRST, "first", "g <Home>", "", "first span")
KEY(IN_ARTICLE, ACT_LAST, "last", "G <End>", "", "last span")
KEY(IN_ARTICLE, ACT_NEXT_ARTICLE, "next-article", "J", "", "next article")
KEY(IN_ARTICLE, ACT_PREVIOUS_ARTICLE, "previous-article", "K", "", "previous article")
KEY(IN_ARTICLE, ACT_PAGE_DOWN, "page-down", "<Space> <PgDn>", "", "a page on")
KEY(IN_ARTICLE, ACT_PAGE_UP, "page-up", "b <PgUp>", "", "a page back")
KEY(IN_ARTICLE, ACT_SEARCH, "search", "/", "search", "search in the text, as you type")
KEY(IN_ARTICLE, ACT_SEARCH_NEXT, "search-next", "n", "", "next match")
KEY(IN_ARTICLE, ACT_SEARCH_PREVIOUS, "search-previous", "N", "", "previous match")

#undef GROUP
#define GROUP "More"
KEY(IN_ARTICLE, ACT_EDIT, "edit", "e <Enter>", "edit", "edit the current item in the pane")
KEY(IN_ARTICLE, ACT_EDITOR, "editor", "E", "", "its note in $EDITOR")
KEY(IN_ARTICLE, ACT_NOTE, "note", "c", "", "write a note on it")
KEY(IN_ARTICLE, ACT_RELATE, "relate", "R", "", "relation from here: go to the other end, Enter")
KEY(IN_ARTICLE, ACT_WHY, "why", "i", "", "why it was proposed, and what the guideline says")
KEY(IN_ARTICLE, ACT_EXTRACT, "extract-article", "P", "", "propose in this article, by rules or the extractors of the corpus")
KEY(IN_ARTICLE, ACT_FOCUS, "focus", "<Tab>", "", "text or pane")
KEY(IN_ARTICLE, ACT_PANE, "pane", "p", "", "show or hide the pane")
KEY(IN_ARTICLE, ACT_ORDER, "order", "o", "", "order of the queue: position, score, label, string")
KEY(IN_ARTICLE, ACT_FILTER, "filter", "f", "", "filter the queue by label")
KEY(IN_ARTICLE, ACT_TOGGLES, "toggles", "t", "", "what is shown: glosses, furniture, script …")
KEY(IN_ARTICLE, ACT_FOLD, "fold", "z", "", "open or fold the furniture here")
KEY(IN_ARTICLE, ACT_ZONE, "zone", "Z", "", "say what part of the page this is: title, body, notice …")
KEY(IN_ARTICLE, ACT_HISTORY, "history", "H", "", "who decided what and when")
KEY(IN_ARTICLE, ACT_DONE, "done", "m", "", "the end card: judge what is left, mark done")
KEY(IN_ARTICLE, ACT_BACK, "back", "q", "", "back to the library")

#undef GROUP
#define GROUP "Selecting"
KEY(IN_SELECT, SEL_LEFT, "caret-char-left", "h <Left>", "", "caret one character left")
KEY(IN_SELECT, SEL_RIGHT, "caret-char-right", "l <Right>", "", "caret one character right")
KEY(IN_SELECT, SEL_DOWN, "caret-down", "j <Down>", "", "caret a row down")
KEY(IN_SELECT, SEL_UP, "caret-up", "k <Up>", "", "caret a row up")
KEY(IN_SELECT, SEL_WORD_RIGHT, "caret-word-right", "w", "", "caret a word right")
KEY(IN_SELECT, SEL_WORD_LEFT, "caret-word-left", "b", "", "caret a word left")
KEY(IN_SELECT, SEL_SENTENCE_RIGHT, "caret-sentence-right", ")", "", "caret a sentence right")
KEY(IN_SELECT, SEL_SENTENCE_LEFT, "caret-sentence-left", "(", "", "caret a sentence left")
KEY(IN_SELECT, SEL_PARAGRAPH_RIGHT, "caret-paragraph-right", "}", "", "caret a paragraph right")
KEY(IN_SELECT, SEL_PARAGRAPH_LEFT, "caret-paragraph-left", "{", "", "caret a paragraph left")
KEY(IN_SELECT, SEL_ROW_START, "caret-row-start", "^ <Home>", "", "caret to the row's start")
KEY(IN_SELECT, SEL_ROW_END, "caret-row-end", "$ <End>", "", "caret to the row's end")
KEY(IN_SELECT, SEL_GROW, "grow", "v", "begin, grow", "begin a selection at the caret; again: word, clause, sentence, paragraph")
KEY(IN_SELECT, SEL_SHRINK, "shrink", "V", "", "the other way")
KEY(IN_SELECT, SEL_OTHER, "other-end", "o", "", "move the other end")
KEY(IN_SELECT, SEL_LABEL_1, "as-label-1", "1", "", "add with the first label")
KEY(IN_SELECT, SEL_LABEL_2, "as-label-2", "2", "", "add with the second label")
KEY(IN_SELECT, SEL_LABEL_3, "as-label-3", "3", "", "add with the third label")
KEY(IN_SELECT, SEL_LABEL_4, "as-label-4", "4", "", "add with the fourth label")
KEY(IN_SELECT, SEL_LABEL_5, "as-label-5", "5", "", "add with the fifth label")
KEY(IN_SELECT, SEL_LABEL_6, "as-label-6", "6", "", "add with the sixth label")
KEY(IN_SELECT, SEL_LABEL_7, "as-label-7", "7", "", "add with the seventh label")
KEY(IN_SELECT, SEL_LABEL_8, "as-label-8", "8", "", "add with the eighth label")
KEY(IN_SELECT, SEL_LABEL_9, "as-label-9", "9", "", "add with the ninth label")
KEY(IN_SELECT, SEL_LABEL_10, "as-label-10", "0", "", "add with the tenth label")
KEY(IN_SELECT, SEL_LABEL_MENU, "as-label-menu", "r", "label", "add with a label chosen by its letter")
KEY(IN_SELECT, SEL_ADD, "add-selection", "<Enter>", "add", "add with the label of `a`")
KEY(IN_SELECT, SEL_FRAGMENT, "as-fragment", "+", "", "add to the current span as a fragment")
KEY(IN_SELECT, SEL_SPLIT, "split-here", "|", "", "split the current span at the caret")
KEY(IN_SELECT, SEL_ZONE, "as-zone", "Z", "", "say what part of the page the selection is")
KEY(IN_SELECT, SEL_SEARCH, "select-search", "/", "", "search; the caret goes along")
KEY(IN_SELECT, SEL_SEARCH_NEXT, "select-search-next", "n", "", "next match")
KEY(IN_SELECT, SEL_SEARCH_PREVIOUS, "select-search-previous", "N", "", "previous match")
KEY(IN_SELECT, SEL_CANCEL, "cancel-selection", "q", "cancel", "no selection")

#undef GROUP
#define GROUP "In the pane"
KEY(IN_PANE, PANE_DOWN, "pane-down", "j <Down>", "", "next line")
KEY(IN_PANE, PANE_UP, "pane-up", "k <Up>", "", "previous line")
KEY(IN_PANE, PANE_FIRST, "pane-first", "g <Home>", "", "first line")
KEY(IN_PANE, PANE_LAST, "pane-last", "G <End>", "", "last line")
KEY(IN_PANE, PANE_EDIT, "pane-edit", "e <Enter>", "edit", "edit this line")
KEY(IN_PANE, PANE_EDITOR, "pane-editor", "E", "", "edit it in $EDITOR")
KEY(IN_PANE, PANE_ACCEPT, "pane-accept", "y", "accept", "accept it")
KEY(IN_PANE, PANE_REJECT, "pane-reject", "x", "reject", "reject it")
KEY(IN_PANE, PANE_UNDECIDE, "pane-undecide", "S", "", "take its verdict back: undecided again")
KEY(IN_PANE, PANE_FLAG, "pane-flag", "!", "", "flag it")
KEY(IN_PANE, PANE_NOTE, "pane-note", "c", "", "write a note on it")
KEY(IN_PANE, PANE_ADD, "pane-add", "a", "add", "add a value, link, note or field here")
KEY(IN_PANE, PANE_DELETE, "pane-delete", "d", "", "delete it")
KEY(IN_PANE, PANE_DONE, "pane-done", "m", "", "the end card")
KEY(IN_PANE, PANE_NEXT_ARTICLE, "pane-next-article", "J", "", "next article")
KEY(IN_PANE, PANE_PREVIOUS_ARTICLE, "pane-previous-article", "K", "", "previous article")
KEY(IN_PANE, PANE_FOCUS, "pane-focus", "<Tab>", "text", "back to the text")
KEY(IN_PANE, PANE_BACK, "pane-back", "q", "", "back to the text")

#undef GROUP
#define GROUP "What is shown (after t)"
KEY(IN_TOGGLES, TOGGLE_GLOSSES, "toggle-glosses", "g", "glosses", "readings in brackets")
KEY(IN_TOGGLES, TOGGLE_MOJIBAKE, "toggle-mojibake", "m", "mojibake", "question marks that stood for spaces")
KEY(IN_TOGGLES, TOGGLE_FURNITURE, "toggle-furniture", "f", "furniture", "navigation, notices, related articles")
KEY(IN_TOGGLES, TOGGLE_SCRIPT, "toggle-script", "s", "script", "as written, simplified, traditional")
KEY(IN_TOGGLES, TOGGLE_RAW, "toggle-raw", "r", "raw", "everything as it stands in the file")
KEY(IN_TOGGLES, TOGGLE_WORD_STEP, "toggle-word-step", "w", "word step",
	"boundaries move by words instead of characters")
KEY(IN_TOGGLES, TOGGLE_LANES, "toggle-lanes", "l", "lanes", "a row of edges under each row of text")
KEY(IN_TOGGLES, TOGGLE_PANE, "toggle-pane-place", "p", "pane", "pane right, below, hidden")
KEY(IN_TOGGLES, TOGGLE_MOUSE, "toggle-mouse", "x", "mouse", "mouse on or off")
KEY(IN_TOGGLES, TOGGLE_REJECTED, "toggle-rejected", "d", "rejected", "rejected spans")

#undef GROUP
#define GROUP "Library"
KEY(IN_LIBRARY, LIB_REVIEW, "review", "y", "go on reviewing", "go on reviewing where work is left")
KEY(IN_LIBRARY, LIB_DOWN, "down", "j <Down>", "", "next line")
KEY(IN_LIBRARY, LIB_UP, "up", "k <Up>", "", "previous line")
KEY(IN_LIBRARY, LIB_OPEN, "open", "<Enter>", "open", "open the article; open or close the folder")
KEY(IN_LIBRARY, LIB_INTO, "into", "l <Right>", "", "open the article, or go into the folder")
KEY(IN_LIBRARY, LIB_CLOSE, "close-folder", "h <Left>", "", "close the folder, or go to the one around it")
KEY(IN_LIBRARY, LIB_FIRST, "first-line", "g <Home>", "", "first line")
KEY(IN_LIBRARY, LIB_LAST, "last-line", "G <End>", "", "last line")
KEY(IN_LIBRARY, LIB_PAGE_DOWN, "lines-down", "<Space> <PgDn>", "", "a page on")
KEY(IN_LIBRARY, LIB_PAGE_UP, "lines-up", "b <PgUp>", "", "a page back")
KEY(IN_LIBRARY, LIB_PREVIEW, "preview", "<Tab>", "", "show the article beside the list")
KEY(IN_LIBRARY, LIB_DONE, "mark-done", "m", "", "done, or not done after all")
KEY(IN_LIBRARY, LIB_UNREAD, "mark-unread", "M", "", "unread again")
KEY(IN_LIBRARY, LIB_ORDER, "sort", "o", "order", "order: name, date, status, progress, title")
KEY(IN_LIBRARY, LIB_FILTER, "show-only", "f", "filter", "only unread, reviewing, done, flagged, all")
KEY(IN_LIBRARY, LIB_EXTRACT, "extract", "x", "extract", "propose in this article, or in the whole folder (asks); Esc stops")
KEY(IN_LIBRARY, LIB_EXTRACT_FOLDER, "extract-folder", "X", "", "propose in the folder around it (asks)")
KEY(IN_LIBRARY, LIB_NEXT_FLAGGED, "next-flagged", "!", "", "next article with a flag")
KEY(IN_LIBRARY, LIB_SEARCH, "find", "/", "search", "search titles and names, as you type")
KEY(IN_LIBRARY, LIB_SEARCH_NEXT, "find-next", "n", "", "next match")
KEY(IN_LIBRARY, LIB_SEARCH_PREVIOUS, "find-previous", "N", "", "previous match")
KEY(IN_LIBRARY, LIB_HISTORY, "article-history", "H", "", "who decided what and when")
KEY(IN_LIBRARY, LIB_QUIT, "quit", "q", "quit", "leave zhupi; everything is saved")

#undef GROUP
#define GROUP "End of an article"
KEY(IN_END, END_ACCEPT, "finish", "y", "accept, done, next",
	"accept what remains and whose ends are accepted, done, next article")
KEY(IN_END, END_LEAVE, "leave-open", "s", "leave open", "leave it reviewing, next article")
KEY(IN_END, END_BACK, "back-to-text", "k q", "back", "back to the article")
KEY(IN_END, END_SINGLY, "singly", "<Enter>", "singly", "judge what remains singly; unseen paragraphs first")

#undef GROUP
#define GROUP "History"
KEY(IN_HISTORY, HIST_DOWN, "history-down", "j <Down>", "", "next line")
KEY(IN_HISTORY, HIST_UP, "history-up", "k <Up>", "", "previous line")
KEY(IN_HISTORY, HIST_PAGE_DOWN, "history-page-down", "<Space> <PgDn>", "", "a page on")
KEY(IN_HISTORY, HIST_PAGE_UP, "history-page-up", "b <PgUp>", "", "a page back")
KEY(IN_HISTORY, HIST_FIRST, "history-first", "g <Home>", "", "oldest")
KEY(IN_HISTORY, HIST_LAST, "history-last", "G <End>", "", "newest")
KEY(IN_HISTORY, HIST_GO, "history-go", "<Enter>", "go there", "go to the item")
KEY(IN_HISTORY, HIST_BACK, "history-back", "q h <Left>", "back", "back")

#undef GROUP
#define GROUP "Help"
KEY(IN_HELP, HELP_DOWN, "help-down", "j <Down>", "", "a line on")
KEY(IN_HELP, HELP_UP, "help-up", "k <Up>", "", "a line back")
KEY(IN_HELP, HELP_PAGE_DOWN, "help-page-down", "<Space> <PgDn>", "page", "a page on")
KEY(IN_HELP, HELP_PAGE_UP, "help-page-up", "b <PgUp>", "", "a page back")
KEY(IN_HELP, HELP_BACK, "help-back", "q", "back", "back")
#undef GROUP
