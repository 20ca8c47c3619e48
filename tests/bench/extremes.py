"""Inputs of no sensible shape: they open, and no key takes longer than a moment."""
import os
import shutil

import inputs
import measure

TITLE = "Extreme articles: processor time of a session of one key less that of a session of none, in ms"
KEYS = (("page", "<Space>"), ("end", "G"), ("search", "/ 查 预 <Enter>"), ("select a word", "v w"), ("select a paragraph", "v }"),
        ("label a paragraph", "v } 1"), ("a decision taken back", "v l 1 u"))


def rows(bench):
    line = inputs.long_line(64_000_000 if bench.full else 16_000_000)
    for name, text in (("one line of %d MB" % (len(line.encode()) // 1_000_000), line), ("a million combining marks", inputs.marks(1_000_000))):
        path = inputs.article(bench.path(name.replace(" ", "")), "a.txt", text, [], bench.zhupi, bench.env)
        idle, peak = session(bench, path, "")
        yield ("%s: peak memory / its size" % name, peak / len(text.encode()), None, "%.0f MB; opened in %.0f ms" % (peak / 1e6, idle * 1e3))
        for what, keys in KEYS:
            spent, _ = session(bench, path, keys)
            yield ("%s: %s" % (name, what), max(0.0, (spent - idle) * 1e3), 100.0, keys)


def session(bench, path, keys):
    """The least of three, each on the article as it was before any of them."""
    script = bench.path("script")
    with open(script, "w", encoding="utf-8") as f:
        f.write("keys %s\n" % keys if keys else "wait\n")
    runs = []
    for _ in range(3):
        for left in (bench.path("state"), os.path.join(os.path.dirname(path), ".zhupi")):
            shutil.rmtree(left, ignore_errors=True)
        if os.path.exists(path + ".yaml"):
            os.unlink(path + ".yaml")
        runs.append(measure.used([bench.zhupi, "--headless", "120x40", path], bench.env, script))
    return min(seconds for seconds, _ in runs), max(peak for _, peak in runs)
