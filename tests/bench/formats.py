"""Interchange: how fast files come in and go out, and whether memory follows the largest article.

brat cannot be shipped, so its figure is a constant: its server's own reader (TextAnnotations of nlplab/brat@44ecd825 under Python 3.10) took
100,000 text-bound lines on a text of 10 MB at 60,000 a second.  Seconds of two machines do not compare: beside it a small reader of the same
lines in Python runs here, in turns, which does what brat's does of them: takes them apart, checks offsets, compares texts.

The JSON library is jansson; what it alone needs for the same lines is told by json_lines.c.
"""
import json
import os
import random
import shutil
import subprocess
import sys

import measure

TITLE = "interchange"

BRAT_PER_SECOND = 60_000  # brat's own reader
TIMES_BRAT = 20

LABELS = ("PERSON", "ORG", "OFFICE", "PLACE", "TIME")
SIGNS = "春风吹过江南岸细雨落在山城里人们谈论着今年的收成与明日会议安排市长书记局长委员主任"

READER = r"""
import sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
ids, spans = set(), []
for line in open(sys.argv[2], encoding="utf-8", newline=""):
    id, middle, said = line.rstrip("\n").split("\t")
    label, start, end = middle.split(" ")
    start, end = int(start), int(end)
    if id in ids or start > end or end > len(text) or text[start:end] != said:
        sys.exit("bad line: " + line)
    ids.add(id)
    spans.append((id, label, start, end))
"""


def prose(source, size):
    return "".join(source.choice(SIGNS) for _ in range(size - 2)) + "。\n"


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def make_brat(folder, size, count):
    """big.txt of about `size` bytes and big.ann with `count` lines."""
    source = random.Random(7)
    parts, used = [], 0
    while used < size:
        parts.append(prose(source, 60 + source.randrange(60)))
        used += 3 * len(parts[-1]) - 2
    text, lines = "".join(parts), []
    starts = sorted(source.randrange(len(text) - 10) for _ in range(count))
    for k, start in enumerate(starts, 1):
        end = start + 2 + source.randrange(5)
        end = text.find("\n", start, end) if "\n" in text[start:end] else end
        lines.append("T%d\t%s %d %d\t%s\n" % (k, source.choice(LABELS), start, end, text[start:end]))
    os.makedirs(folder)
    write(os.path.join(folder, "big.txt"), text)
    write(os.path.join(folder, "big.ann"), "".join(lines))


def records(count):
    source = random.Random(3)
    for k in range(count):
        text = "".join(prose(source, 60) for _ in range(12))
        spans = []
        for start in sorted(source.randrange(len(text) - 8) for _ in range(30)):
            end = start + 2 + source.randrange(5)
            spans.append({"start": start, "end": end, "label": source.choice(LABELS), "text": text[start:end], "score": 0.93})
        yield {"file": "a%05d.txt" % k, "text": text, "spans": spans}


def make_lines(path, count):
    with open(path, "w", encoding="utf-8", newline="") as f:
        for record in records(count):
            f.write(json.dumps(record, ensure_ascii=False) + "\n")


def make_list(path, count):
    """The same as one list, as Label Studio exports it."""
    with open(path, "w", encoding="utf-8", newline="") as f:
        for k, record in enumerate(records(count)):
            result = [{"id": "r%d" % i, "type": "labels", "from_name": "label", "to_name": "text",
                       "value": {"start": s["start"], "end": s["end"], "text": s["text"], "labels": [s["label"]]}}
                      for i, s in enumerate(record["spans"])]
            task = {"id": k + 1, "data": {"text": record["text"]}, "annotations": [{"id": k + 1, "result": result}]}
            f.write((",\n" if k else "[") + json.dumps(task, ensure_ascii=False))
        f.write("]\n")


def cpu(argv, env):
    """Seconds of the processor, of the program and of the kernel for it: a disk that others use does not count."""
    return measure.used(argv, env)[0]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    return folder


def brat_rows(bench):
    count, source, corpus = 100_000, bench.path("brat"), bench.path("corpus")
    make_brat(source, 10_000_000, count)
    ann, text = os.path.join(source, "big.ann"), os.path.join(source, "big.txt")
    zhupi = [bench.zhupi, "import", "--from", "brat", ann, corpus]

    def dry():
        return cpu(zhupi + ["--dry-run"], bench.env)

    def whole():
        fresh(corpus)
        shutil.copy(text, corpus)
        return cpu(zhupi, bench.env)

    def reader():
        return cpu([sys.executable, "-c", READER, text, ann], bench.env)

    fresh(corpus)
    shutil.copy(text, corpus)
    checked, read = measure.in_turns(bench.runs, dry, reader)
    kept, = measure.in_turns(max(2, bench.runs // 2), whole)
    bound = count / (BRAT_PER_SECOND * TIMES_BRAT)
    yield ("brat, 100,000 lines checked (--dry-run) / 20 x brat", checked / bound, 1.0,
           "%.0f ms, %.2f million a second" % (checked * 1e3, count / checked / 1e6))
    yield ("the same / a reader in Python that does as much", checked / read, None, "%.0f ms : %.0f ms" % (checked * 1e3, read * 1e3))
    yield ("brat, the same taken in, journal and sidecar synced", kept / bound, 1.0,
           "%.0f ms, %.0f thousand a second" % (kept * 1e3, count / kept / 1e3))


def jsonl_rows(bench):
    lines, corpus = bench.path("lines.jsonl"), fresh(bench.path("corpus"))
    make_lines(lines, 4000)
    size = os.path.getsize(lines)
    program = measure.compiled("json_lines.c", bench.work, "-ljansson")
    zhupi = [bench.zhupi, "import", "--from", "jsonl", lines, corpus]
    out = [bench.zhupi, "export", "--to", "jsonl", "--text", corpus]
    checked, bare = measure.in_turns(bench.runs, lambda: cpu(zhupi + ["--dry-run"], bench.env), lambda: cpu([program, lines], bench.env))
    yield ("jsonl checked (--dry-run) / jansson alone", checked / bare, 1.0,
           "%.0f MB/s : %.0f MB/s" % (size / checked / 1e6, size / bare / 1e6))
    taken = cpu(zhupi, bench.env)
    yield ("jsonl taken in, an article and a sidecar a line / jansson", taken / bare, None, "%.1f MB/s" % (size / taken / 1e6))
    told = bench.path("out.jsonl")
    subprocess.run(out + ["-o", told], env=bench.env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    written, bare, same, both = measure.in_turns(bench.runs, lambda: cpu(out, bench.env), lambda: cpu([program, lines], bench.env),
                                                 lambda: cpu([program, told], bench.env), lambda: cpu([program, told, "write"], bench.env))
    size = os.path.getsize(told)
    yield ("jsonl written, sidecars read / jansson reading lines", written / bare, 1.0, "%.0f MB/s" % (size / written / 1e6))
    yield ("the same / jansson reading what was written", written / same, None, "%.0f MB/s" % (size / same / 1e6))
    yield ("the same / jansson reading it and writing it again", written / both, None, "%.0f MB/s" % (size / both / 1e6))


def memory_rows(bench):
    few, many = 100, 10_000
    runner = measure.compiled("child_peak.c", bench.work)

    def peak(argv):
        return 1024 * int(subprocess.run([runner] + argv, env=bench.env, check=True, capture_output=True, text=True).stdout)

    for name, make, suffix in (("jsonl", make_lines, ".jsonl"), ("label-studio", make_list, ".json")):
        peaks = []
        for count in (few, many):
            path, corpus = bench.path("in" + suffix), fresh(bench.path("corpus"))
            make(path, count)
            peaks.append(peak([bench.zhupi, "import", "--dry-run", "--from", name, path, corpus]))
        yield ("memory, %s of 10,000 articles / of 100" % name, peaks[1] / peaks[0], 1.1, "%.1f MB : %.1f MB" % (peaks[1] / 1e6, peaks[0] / 1e6))
    peaks = []
    for count in (few, many if bench.full else 2_000):
        path, corpus = bench.path("in.jsonl"), fresh(bench.path("corpus"))
        make_lines(path, count)
        peaks.append(peak([bench.zhupi, "import", "--from", "jsonl", path, corpus]))
        peaks.append(peak([bench.zhupi, "export", "--to", "jsonl", "--text", corpus]))
    yield ("memory, taken in: many articles / 100", peaks[2] / peaks[0], 1.25, "%.1f MB : %.1f MB" % (peaks[2] / 1e6, peaks[0] / 1e6))
    yield ("memory, written: many articles / 100", peaks[3] / peaks[1], 1.25, "%.1f MB : %.1f MB" % (peaks[3] / 1e6, peaks[1] / 1e6))


def rows(bench):
    yield from brat_rows(bench)
    yield from memory_rows(bench)
    yield from jsonl_rows(bench)
