"""First screens, keys and memory over a pseudo-terminal, as a person meets them."""
import os

import inputs
import measure

TITLE = "Screens"
STEP = 100  # code points from span to span


def rows(bench):
    env, zhupi = bench.env, bench.zhupi
    if bench.full:
        yield against_vim(bench, inputs.article(bench.path("hundred"), "a.txt", inputs.prose(100_000_000), [], zhupi, env), "100 MB", 1.0)
    text = inputs.prose(10_000_000)
    plain = inputs.article(bench.path("plain"), "plain.txt", text, [], zhupi, env)
    big = inputs.article(bench.path("big"), "big.txt", text, inputs.spans_over(len(text), 10_000), zhupi, env)
    # As far from one another in both, so that a key moves over as much text and draws as much.
    dense = inputs.article(bench.path("dense"), "dense.txt", text, inputs.spans_every(STEP, 10_000, len(text)), zhupi, env)
    little = inputs.prose(10_000)
    small = inputs.article(bench.path("small"), "small.txt", little, inputs.spans_every(STEP, 30, len(little)), zhupi, env)

    for path, what in ((plain, "10 MB"), (big, "10 MB, 10,000 spans")):
        yield against_vim(bench, path, what, 0.5)

    latency, drawn = {}, {}
    for name, path in (("big", big), ("dense", dense), ("small", small)):
        t = measure.Terminal([zhupi, path], env)
        t.until(b"P000003")
        t.settle(0.5)
        samples = [t.key(b"j") for _ in range(25)]
        latency[name] = measure.median(s[0] for s in samples)
        drawn[name] = [s[1] for s in samples]
        if name == "big":
            peak = t.memory()
        t.close()
    yield ("a key by time, 10 MB and 10,000 spans / 10 KB and 30", latency["dense"] / latency["small"], 1.5,
           "%.2f ms : %.2f ms" % (latency["dense"] * 1e3, latency["small"] * 1e3))
    yield ("the same where it moves the screen, too: spans 350 code points apart", latency["big"] / latency["small"], None,
           "%.2f ms; %d bytes drawn, not %d" % (latency["big"] * 1e3, measure.median(drawn["big"]), measure.median(drawn["small"])))
    yield ("bytes drawn for a move on the same screen / 400", measure.median(drawn["small"]) / 400, 1.0,
           "median %d, all %s" % (measure.median(drawn["small"]), sorted(drawn["small"])))

    t = measure.Terminal([zhupi, inputs.article(bench.path("empty"), "one.txt", inputs.prose(1_000), [], zhupi, env)], env)
    t.until(b"P000001")
    t.settle(0.3)
    floor = t.memory()
    t.close()
    allowed = 1.5 * os.path.getsize(big) + os.path.getsize(big + ".yaml") + 200 * 10_000
    yield ("article memory / (1.5 x bytes + sidecar + 200 a span)", (peak - floor) / allowed, 1.0,
           "%.1f MB of %.1f MB, above an empty start of %.1f MB" % ((peak - floor) / 1e6, allowed / 1e6, floor / 1e6))


def against_vim(bench, path, what, bound):
    def ours():
        return measure.first_screen([bench.zhupi, path], b"P000004", bench.env)
    name = "first screen of %s / vim -R" % what
    try:
        vim = measure.need("vim")
    except measure.Missing as missing:
        return (name, None, None, "%s; zhupi: %.0f ms" % (missing, measure.in_turns(bench.runs, ours)[0] * 1e3))
    mine, theirs = measure.in_turns(bench.runs, ours, lambda: measure.first_screen([vim, "-R", path], b"P000004", bench.env))
    return (name, mine / theirs, bound, "%.0f ms : %.0f ms" % (mine * 1e3, theirs * 1e3))
