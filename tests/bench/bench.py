"""The table of `make bench`: figures beside the bounds that the project set itself.

A figure is a ratio to another program run in turns with it, or a count of instructions; the note tells where it comes from.  Nothing here
passes or fails a test run: `make test` never looks at a clock.

A section is a module of this folder, named in SECTIONS, with

    TITLE = "what is measured"
    def rows(bench): yield (name, value, bound, note) …

value and bound are numbers, reached when value <= bound; bound None: a figure without a bound; value None: not measured, and the note says
why.  `bench` is a struct Bench below; what sections measure with is in measure.py, what they measure on in inputs.py.  A section that needs a
program calls measure.need(program): where it is missing, the section ends with a row that says so.

usage: bench.py ZHUPI [SECTION…]     environment: RUNS=7, BENCH_FULL=1 for the sizes that take minutes
"""
import importlib
import os
import shutil
import sys
import tempfile
import time

import measure

SECTIONS = (
    "screens",
    "counts",
    "sidecars",
    "extract",
    "library",
    "extremes",
    "formats",
)


class Bench:
    """zhupi: the program.  work: a folder of the section's own, removed after it.  env: an environment without the user's own settings.
    runs: how often to repeat a time.  full: the large sizes are wanted."""

    def __init__(self, zhupi, work):
        self.zhupi = zhupi
        self.work = work
        self.runs = int(os.environ.get("RUNS", "7"))
        self.full = os.environ.get("BENCH_FULL", "") not in ("", "0")
        self.env = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm-256color", USER="bench",
                        XDG_STATE_HOME=work + "/state", XDG_CONFIG_HOME=work + "/config")

    def path(self, *parts):
        return os.path.join(self.work, *parts)


def report(name, value, bound, note):
    if value is None:
        print("  %-58s %10s   %s" % (name, "-", note))
    else:
        shown = "%10.2f" % value if value < 1e6 else "%10.3g" % value
        against = "bound %6.2f  %-8s" % (bound, "reached" if value <= bound else "MISSED") if bound is not None else " " * 22
        print("  %-58s %s   %s %s" % (name, shown, against, note))
    sys.stdout.flush()


def main():
    zhupi = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:] or SECTIONS
    for name in wanted:
        if name not in SECTIONS:
            sys.exit("bench: no section %s; there are: %s" % (name, " ".join(SECTIONS)))
    for name in wanted:
        section = importlib.import_module(name)
        work = tempfile.mkdtemp(prefix="zhupi-bench-")
        begin = time.perf_counter()
        print("%s (%s)" % (section.TITLE, name))
        try:
            for row in section.rows(Bench(zhupi, work)):
                report(*row)
        except measure.Missing as missing:
            report("the rest of this section", None, None, str(missing))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        print("  %.0f s\n" % (time.perf_counter() - begin))


main()
