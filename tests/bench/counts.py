"""Instructions of a key, a frame and a decision: what must not grow with the article and its spans."""
import inputs
import measure

TITLE = "Instructions (callgrind), in thousands, and as ratios to 10 KB and 30 spans"
KEYS = 10
STEP = 115  # code points from span to span: 30 of them in 10 KB


def rows(bench):
    sizes = [(10_000, 30, 1), (1_000_000, 30, 1), (1_000_000, 3_000, 1), (10_000_000, 30_000, 1)]
    if bench.full:
        sizes += [(100_000_000, 30, 1), (100_000_000, 100_000, 1)]
    sizes += [(10_000, 30, 10), (100_000_000 if bench.full else 10_000_000, 100_000 if bench.full else 30_000, 10)]
    base = {}
    for size, spans, depth in sizes:
        text = inputs.prose(size)
        if depth == 1:
            places = inputs.spans_every(STEP, spans, len(text))
        else:
            groups = inputs.spans_every(STEP * depth, spans // depth, len(text))
            places = [(a + d, a + 2 * depth - d, label) for a, _, label in groups for d in range(depth)]
        what = "%s, %s spans%s" % (size_name(size), format(len(places), ","), ", ten deep" if depth > 1 else "")
        path = inputs.article(bench.path(what.replace(" ", "")), "a.txt", text, places, bench.zhupi, bench.env)
        for name, instructions in measured(bench, path):
            first = base.setdefault((name, depth), instructions)
            bound = 1.2 if first != instructions else None
            yield ("%s: %s" % (what, name), instructions / first, bound, "%.0f thousand" % (instructions / 1e3))


def size_name(size):
    return "%d KB" % (size // 1000) if size < 1_000_000 else "%d MB" % (size // 1_000_000)


def measured(bench, path):
    c = measure.Counted(bench.zhupi, path, bench.env, bench.work)
    try:
        # The first decision opens the journal, and what was only shown before is then written: not what each costs.
        c.say("keys y", "idle", "keys u", "idle", "keys g j")

        def each(*keys):
            return c.instructions("keys " + " ".join(keys * KEYS)) / KEYS / len(keys)
        yield "a frame", each("<F12>")
        yield "a key (j)", each("j")
        yield "a decision (y)", each("y")
        c.say("keys G")
        yield "a key at the end (k)", each("k")
        yield "a page at the end (PgUp, PgDn)", each("<PgUp>", "<PgDn>")
    finally:
        c.close()
