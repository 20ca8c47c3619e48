"""Extraction beside jieba.posseg on the same files, its start, its memory, and its cost against the size of the text and of a word list.

The articles are the plain ones of tests/extract/reports with their mark-up taken out, each copy with other digits.  Those with readings in brackets are left
out: jieba takes hundreds of times longer on them.
"""
import glob
import os
import random
import re
import subprocess

import measure

TITLE = "Extraction"
TIMES = 20         # as fast as jieba.posseg, at least
START = 0.030      # seconds of a start with the whole pack
MEMORY = 64e6      # bytes on 10,000 articles
SIDECARS = 60      # seconds for 10,000 articles
ENTRIES = 1_000_000
REPORTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "extract", "reports")

# Reads the files named, tags them, and tells how many seconds of the processor that took without loading its dictionaries.
POSSEG = """
import sys, time
import jieba, jieba.posseg
jieba.setLogLevel("ERROR")
list(jieba.posseg.cut("预热"))
begin = time.process_time()
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as f:
        for word in jieba.posseg.cut(f.read()):
            pass
print(time.process_time() - begin)
"""


def reports():
    """The plain articles, without mark-up."""
    mark, reading = re.compile(r"\{[A-Z]+\|([^{}]*)\}"), re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+[)）]")
    for path in sorted(glob.glob(os.path.join(REPORTS, "*.txt"))):
        if os.path.basename(path) == "README.txt":
            continue
        with open(path, encoding="utf-8", newline="") as f:
            text = f.read().split("\n%%\n")[0] + "\n"
        while mark.search(text):
            text = mark.sub(r"\1", text)
        if not reading.search(text):
            yield text


def articles(folder, count, seed=1):
    """`count` of them, a hundred to a folder; answers their paths."""
    source, texts, paths = random.Random(seed), list(reports()), []
    for k in range(count):
        inner = os.path.join(folder, "f%03d" % (k // 100))
        if k % 100 == 0:
            os.makedirs(inner)
        paths.append(os.path.join(inner, "a%05d.txt" % k))
        with open(paths[-1], "w", encoding="utf-8", newline="") as f:
            f.write(re.sub("[0-9]", lambda _: source.choice("0123456789"), texts[k % len(texts)]))
    return paths


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    return path


def printing(bench, *more):
    """Seconds of the processor and peak memory of an extraction that prints what it finds."""
    return measure.used([bench.zhupi, "extract", "--dry-run", "--to", "jsonl", *more], bench.env)


def with_jieba():
    """A Python that has it, or None."""
    for python in ("python3", "/usr/bin/python3"):
        try:
            if subprocess.run([python, "-c", "import jieba.posseg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                return python
        except FileNotFoundError:
            pass
    return None


def rows(bench):
    yield from throughput(bench)
    yield from start(bench)
    yield from sizes(bench)
    yield from many(bench)
    yield from gazetteer(bench)


def throughput(bench):
    few = articles(bench.path("few"), 600)
    tagged = few[:100]
    size, tagged_size = (sum(os.path.getsize(path) for path in paths) for paths in (few, tagged))
    python = with_jieba()
    if not python:
        ours = min(printing(bench, bench.path("few"))[0] for _ in range(bench.runs))
        yield "throughput / (20 x jieba.posseg)", None, None, "python3-jieba is not installed; %.2f MB/s" % (size / ours / 1e6)
        return
    empty = write(bench.path("empty", "a.txt"), "")
    theirs, ours, nothing = measure.in_turns(
        max(3, bench.runs // 2), lambda: float(subprocess.run([python, "-c", POSSEG, *tagged], env=bench.env, check=True, stdout=subprocess.PIPE).stdout),
        lambda: printing(bench, bench.path("few"))[0], lambda: printing(bench, empty)[0])
    times = (size / ours) / (tagged_size / theirs)
    yield ("20 / (throughput : jieba.posseg's)", TIMES / times, 1.0,
           "%.1f times: %.2f MB/s : %.2f MB/s, ours with its start" % (times, size / ours / 1e6, tagged_size / theirs / 1e6))
    times *= ours / (ours - nothing)
    yield "the same, neither with its start", TIMES / times, None, "%.1f times" % times


def start(bench):
    empty = write(bench.path("empty", "a.txt"), "")
    ours, bare = measure.in_turns(2 * bench.runs, lambda: printing(bench, empty)[0], lambda: measure.used([bench.zhupi, "--version"], bench.env)[0])
    yield ("start with the whole pack, on an empty article, ms", ours * 1e3, START * 1e3,
           "of the processor; zhupi --version: %.1f ms" % (bare * 1e3))


def sizes(bench):
    text = "".join(reports())
    one, ten = (write(bench.path("sizes", name), text * (size // len(text.encode()))) for name, size in (("one.txt", 1_000_000), ("ten.txt", 10_000_000)))
    empty = bench.path("empty", "a.txt")
    nothing, small, large = measure.in_turns(
        3, lambda: printing(bench, empty)[0], lambda: printing(bench, one)[0], lambda: printing(bench, ten)[0])
    each = [(seconds - nothing) / os.path.getsize(path) * 1e9 for seconds, path in ((small, one), (large, ten))]
    yield ("an article of 10 MB / ten of 1 MB", each[1] / each[0], 1.25, "%.0f ms : %.0f ms a MB" % (each[1], each[0]))


def many(bench):
    articles(bench.path("many"), 10_000)
    seconds, peak = printing(bench, bench.path("many"))
    yield "peak memory on 10,000 articles / 64 MB", peak / MEMORY, 1.0, "%.1f MB, %.1f s of the processor" % (peak / 1e6, seconds)
    folder, count = (bench.path("many"), 10_000) if bench.full else (bench.path("some"), 2_000)
    if not bench.full:
        articles(folder, count)

    def run():
        subprocess.run([bench.zhupi, "extract", folder], env=bench.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
    seconds = measure.in_turns(1, run)[0] * 10_000 / count
    used, peak = measure.used([bench.zhupi, "extract", folder], bench.env)
    yield ("10,000 articles into sidecars, s", seconds, SIDECARS, "" if bench.full else "of 2,000, five times; BENCH_FULL=1 for all")
    yield "the same where all is there, peak memory / 64 MB", peak / MEMORY, 1.0, "%.1f MB, %.1f s of the processor" % (peak / 1e6, used)


def gazetteer(bench):
    """A list of a million made-up words: what it adds to the start, and whether the text then costs more."""
    source, words = random.Random(1), set()
    while len(words) < ENTRIES:
        words.add("".join(chr(source.randrange(0x4E00, 0x9F00)) for _ in range(source.randint(2, 6))))
    words = sorted(words)
    texts = ["  - |\n    %s\n" % " ".join(words[k:k + 20_000]) for k in range(0, ENTRIES, 20_000)]
    pack = write(bench.path("pack", "million.yaml"), "lists:\n  million:\n%srules:\n- {name: million, as: ORG, match: \"@million\"}\n" % "".join(texts))
    pack = os.path.dirname(pack)
    one, empty = bench.path("sizes", "one.txt"), bench.path("empty", "a.txt")
    loading, peak = printing(bench, "--pack", pack, empty)
    text = printing(bench, "--pack", pack, one)[0] - loading
    plain = printing(bench, one)[0] - printing(bench, empty)[0]
    yield "a list of 1,000,000 words read, s", loading, None, "%.0f MB, %.0f bytes a word" % (peak / 1e6, peak / ENTRIES)
    yield "1 MB of text with it / without", text / plain, None, "%.0f ms : %.0f ms" % (text * 1e3, plain * 1e3)
