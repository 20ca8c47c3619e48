"""Reading, judging and saving: sidecars against libyaml's bare events, a decision against a bare write and sync."""
import os
import time

import inputs
import measure

TITLE = "Sidecars and decisions"
SPANS = 50_000


def rows(bench):
    env, zhupi = bench.env, bench.zhupi
    text = inputs.prose(10_000_000)
    plain = inputs.article(bench.path("plain"), "a.txt", text, [], zhupi, env)
    big = inputs.article(bench.path("big"), "a.txt", text, inputs.spans_over(len(text), SPANS), zhupi, env)
    yield from decisions(bench)
    yield from saves(bench, big)

    events = measure.compiled("yaml_events.c", bench.work, "-lyaml")
    names = bench.path("names")
    with open(names, "w", encoding="utf-8") as f:
        f.write(big + ".yaml\n")
    ours, without, bare = measure.in_turns(
        bench.runs, lambda: measure.used([zhupi, "stats", big], env)[0], lambda: measure.used([zhupi, "stats", plain], env)[0],
        lambda: measure.used([events], env, names)[0])
    yield ("a sidecar of %s spans loaded and counted / libyaml's events" % format(SPANS, ","), (ours - without) / bare, 1 / 0.7,
           "%.0f ms : %.0f ms" % ((ours - without) * 1e3, bare * 1e3))


def decisions(bench):
    """Each beside a write and sync of 200 bytes in the same folder, medians of what came in turns."""
    text = inputs.prose(100_000)
    path = inputs.article(bench.path("judged"), "a.txt", text, inputs.spans_over(len(text), 300), bench.zhupi, bench.env)
    t = measure.Terminal([bench.zhupi, path], bench.env)
    t.until(b"P000003")
    t.settle(0.5)
    for _ in range(3):
        t.key(b"y")
    fd = os.open(bench.path("judged", "bare"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    keys, syncs, before = [], [], t.processor()
    for _ in range(10 * bench.runs):
        keys.append(t.key(b"y")[0])
        begin = time.perf_counter()
        os.write(fd, b"x" * 200)
        os.fsync(fd)
        syncs.append(time.perf_counter() - begin)
    os.close(fd)
    spent = (t.processor() - before) / len(keys)
    t.close()
    ours, bare = measure.median(keys), measure.median(syncs)
    yield ("a decision shown and synced / write and fsync of 200 bytes", ours / bare, 3.0,
           "%.2f ms : %.2f ms; %.2f ms of the processor each" % (ours * 1e3, bare * 1e3, spent * 1e3))


def saves(bench, big):
    """Processor time of ten saves of many spans, and the longest that a key waits while one is written."""
    def session(saves):
        script = bench.path("script")
        with open(script, "w", encoding="utf-8") as f:
            f.write("keys y\nidle\n" * saves)
        return measure.used([bench.zhupi, "--headless", "120x40", big], bench.env, script)[0]
    few, many = measure.in_turns(3, lambda: session(1), lambda: session(11))
    size = os.path.getsize(big + ".yaml")
    yield ("a save of %s spans, checked, in ms" % format(SPANS, ","), (many - few) * 100, None,
           "%.1f MB; processor time, rendered, read back, compared, hashed and written" % (size / 1e6))
