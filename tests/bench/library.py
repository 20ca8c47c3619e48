"""A corpus of many articles: the first screen, all statuses, the commands over it."""
import os
import shutil

import inputs
import measure

TITLE = "A corpus of many articles"


def rows(bench):
    env, zhupi = bench.env, bench.zhupi
    count = 100_000 if bench.full else 50_000
    many = inputs.corpus(bench.path("many"), count, 10, zhupi, env)
    few = inputs.corpus(bench.path("few"), count // 100, 10, zhupi, env)
    fewest = inputs.corpus(bench.path("fewest"), count // 1000, 10, zhupi, env)
    name = format(count, ",") + " articles"

    first = measure.in_turns(bench.runs, lambda: measure.first_screen([zhupi, many], b"f0003", env))[0]
    yield ("first library screen of %s, in ms" % name, first * 1e3, 100.0, "a time, not a ratio: the bound is one")

    for command in (["stats"], ["check"], ["export", "--to", "jsonl"]):
        yield flat(bench, command, many, count, few, count // 100)
    yield flat(bench, ["extract", "--dry-run"], few, count // 100, fewest, count // 1000)  # slower by its nature, and no less flat

    events = measure.compiled("yaml_events.c", bench.work, "-lyaml")
    names = bench.path("names")
    with open(names, "w", encoding="utf-8") as f:
        f.writelines("%s/f%04d/a%06d.txt.yaml\n" % (many, k // 100, k) for k in range(count))
    browser = [zhupi, many]
    kept = os.path.join(env["XDG_STATE_HOME"], "zhupi", "known")

    def statuses():
        """Seconds of the processor until the last one is known, which the header says."""
        t = measure.Terminal(browser, env)
        t.until(b"spans judged")
        seconds = t.processor()
        t.close()
        return seconds

    def statuses_anew():
        shutil.rmtree(kept, ignore_errors=True)
        return statuses()

    def keep():
        """A session that ends by itself keeps what it knows."""
        measure.used([zhupi, "--headless", "120x40", many], env)
        return 0.0
    bare, anew, _, again = measure.in_turns(max(2, bench.runs // 3), lambda: measure.used([events], env, names)[0], statuses_anew, keep, statuses)
    note = "%.2f s : %.2f s of the processor"
    yield ("all statuses of %s, first time / libyaml" % name, anew / bare, 1.5, note % (anew, bare))
    yield ("all statuses the second time / libyaml", again / bare, 0.1, note % (again, bare))


def flat(bench, command, many, n_many, few, n_few):
    seconds, peak = measure.used([bench.zhupi, *command, many], bench.env)
    _, before = measure.used([bench.zhupi, *command, few], bench.env)
    return ("%s: peak memory of %s articles / of %s" % (" ".join(command), format(n_many, ","), format(n_few, ",")), peak / before, None,
            "%.1f MB : %.1f MB, %.0f bytes an article more; %.0f us an article" % (
                peak / 1e6, before / 1e6, (peak - before) / (n_many - n_few), seconds / n_many * 1e6))
