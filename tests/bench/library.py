"""A corpus of many articles: the first screen, all statuses, the commands over it."""
import os

import inputs
import measure

TITLE = "A corpus of many articles"


def rows(bench):
    env, zhupi = bench.env, bench.zhupi
    count = 100_000 if bench.full else 20_000
    many = inputs.corpus(bench.path("many"), count, 10, zhupi, env)
    few = inputs.corpus(bench.path("few"), count // 100, 10, zhupi, env)
    name = format(count, ",") + " articles"

    first = measure.in_turns(bench.runs, lambda: measure.first_screen([zhupi, many], b"f0003", env))[0]
    yield ("first library screen of %s, in ms" % name, first * 1e3, 100.0, "a time, not a ratio: the bound is one")

    for command in (["stats"], ["check"], ["export", "--to", "jsonl"], ["extract", "--dry-run"]):
        seconds, peak = measure.used([zhupi, *command, many], env)
        _, before = measure.used([zhupi, *command, few], env)
        yield ("%s: peak of %s / of a hundredth" % (" ".join(command), name), peak / before, None,
               "%.1f MB : %.1f MB, %.0f bytes an article more; %.0f us an article" % (
                   peak / 1e6, before / 1e6, (peak - before) / (count - count // 100), seconds / count * 1e6))

    events = measure.compiled("yaml_events.c", bench.work, "-lyaml")
    names = bench.path("names")
    with open(names, "w", encoding="utf-8") as f:
        f.writelines("%s/f%04d/a%06d.txt.yaml\n" % (many, k // 100, k) for k in range(count))
    script = bench.path("script")
    with open(script, "w", encoding="utf-8") as f:
        f.write("wait\n")
    browser = [zhupi, "--headless", "120x40", many]

    def all_anew():
        kept = os.path.join(env["XDG_STATE_HOME"], "zhupi", "known")
        for file in os.listdir(kept) if os.path.isdir(kept) else []:
            os.unlink(os.path.join(kept, file))
        return measure.used(browser, env, script)[0]
    bare, anew, again = measure.in_turns(2, lambda: measure.used([events], env, names)[0], all_anew,
                                         lambda: measure.used(browser, env, script)[0])
    note = "%.2f s : %.2f s of the processor, start to end of the browser"
    yield ("statuses and titles of %s, first time / libyaml" % name, anew / bare, 1.5, note % (anew, bare))
    yield ("the same the second time / libyaml", again / bare, 0.1, note % (again, bare))
