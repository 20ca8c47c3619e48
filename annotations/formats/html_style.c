/* html_style: how pages look, see html_out.c.
 *
 * A label has a hue, --h; lightness is the page's, --ink for letters and --tint for what lies behind them, so that one
 * rule does for light and dark.  Text of a span is underlined at a depth that says how many spans are around it, the
 * outermost lowest; its label stands before it in small letters, unless names are switched off.  A label that is
 * switched off takes no colour and no room. */
#include "annotations/formats/html_out.h"

#define HUE_STEP 137 /* degrees: the golden angle, which keeps neighbours apart */

static const char style[] =
    ":root{color-scheme:light dark;--ink:30%;--line:48%;--tint:.2;--soft:#666;--rule:#ddd;--paper:#fff}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:76%;--line:58%;--tint:.26;--soft:#9a9a9a;--rule:#3a3a3a;--paper:#161616}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:46em;padding:1.5em 1.2em 4em;background:var(--paper);"
    "font:1.05rem/1.7 'Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif}\n"
    "h1{font-size:1.6em;line-height:1.4;margin:.4em 0 .2em}\n"
    "nav,section,header p,footer{font:.82rem/1.6 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}\n"
    "header p,footer{color:var(--soft);margin:0 0 1em}\n"
    "nav{position:sticky;top:0;z-index:1;background:var(--paper);padding:.6em 0;margin-bottom:1.2em;"
    "border-bottom:1px solid var(--rule)}\n"
    "nav label{display:inline-block;padding:.05em .6em;margin:.15em .15em .15em 0;border-radius:1em;cursor:pointer;"
    "border:1px solid hsl(var(--h) 60% var(--line)/.6);color:hsl(var(--h) 65% var(--ink));"
    "background:hsl(var(--h) 75% 55%/var(--tint))}\n"
    "nav label b{font-weight:400;opacity:.75}\n"
    "nav .names{border-color:var(--rule);color:var(--soft);background:none}\n"
    "main{white-space:pre-wrap;overflow-wrap:anywhere;line-height:2.25}\n"
    "mark{color:inherit;background:hsl(var(--h) 75% 55%/var(--tint));"
    "border-bottom:2px solid hsl(var(--h) 65% var(--line));padding:.12em 0 .34em}\n"
    "mark mark{padding:.06em 0 .17em}\n"
    "mark mark mark{padding:0}\n"
    "mark.b{border-start-start-radius:.3em;border-end-start-radius:.15em;margin-left:.06em}\n"
    "mark.e{border-start-end-radius:.3em;border-end-end-radius:.15em;margin-right:.06em}\n"
    "mark.b::before{content:attr(data-l);font:600 .54em/1 system-ui,sans-serif;letter-spacing:.03em;vertical-align:.75em;"
    "padding:0 .35em 0 .4em;color:hsl(var(--h) 65% var(--ink));user-select:none}\n"
    "mark.z::after{content:\"\\2038\"}\n"
    "mark:target{outline:2px solid;outline-offset:2px}\n"
    "section{margin-top:2.2em;border-top:1px solid var(--rule)}\n"
    "h2{font-size:1em;letter-spacing:.04em;color:var(--soft);margin:1em 0 .4em}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "td,th{text-align:left;vertical-align:top;padding:.25em 1em .25em 0;border-bottom:1px solid var(--rule)}\n"
    "th{font-weight:600;white-space:nowrap}\n"
    "section a{color:inherit;text-decoration:none;border-bottom:2px solid hsl(var(--h) 65% var(--line))}\n"
    "section a:hover,section a:focus{background:hsl(var(--h) 75% 55%/var(--tint))}\n"
    ".c{position:absolute;opacity:0}\n"
    "#names:not(:checked)~main mark.b::before{content:none}\n"
    "#names:not(:checked)~nav .names{text-decoration:line-through}\n"
    "#names:focus-visible~nav .names{outline:2px solid}\n"
    "@media print{nav{position:static}body{max-width:none;padding:0}}\n";

void html_add_style(struct buf *out, size_t labels)
{
	buf_adds(out, "<style>\n");
	buf_adds(out, style);
	for (size_t i = 0; i < labels; i++)
		buf_addf(out,
		         ".l%zu{--h:%zu}\n"
		         "#l%zu:not(:checked)~main .l%zu{background:none;border-color:transparent;margin:0}\n"
		         "#l%zu:not(:checked)~main .l%zu::before{content:none}\n"
		         "#l%zu:not(:checked)~nav label[for=l%zu]{background:none;opacity:.5;text-decoration:line-through}\n"
		         "#l%zu:focus-visible~nav label[for=l%zu]{outline:2px solid}\n",
		         i, (i * HUE_STEP + 210) % 360, i, i, i, i, i, i, i, i);
	buf_adds(out, "</style>\n");
}
