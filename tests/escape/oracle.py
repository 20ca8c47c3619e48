#!/usr/bin/env python3
"""No byte of any input reaches a terminal as a control, a bidi or an invisible character: every payload through every
surface.  `oracle.py ZHUPI` prints TAP, one case a surface with how many payloads were seen there.

Each payload stands between Q017x and xQ, so that a surface counts only for payloads whose Q017x it really shows."""
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "terminal")]
import grammar
import payloads
import terminal

ZHUPI = os.path.abspath(sys.argv[1])
GROUP = 16
FLOOR = 5000
MARK = re.compile(rb"Q(\d{3})x")


def marked(i):
    return b"Q%03dx" % i + payloads.ALL[i] + b"xQ"


def text_of(i):
    """For where only UTF-8 can stand; None where the payload is none."""
    return marked(i).decode() if payloads.is_text(payloads.ALL[i]) else None


class Surfaces:
    """What was seen: surface -> payloads, and leaks."""

    def __init__(self):
        self.seen, self.leaks = {}, []

    def look(self, surface, output, allowed=None, lines="\n\t"):
        seen = self.seen.setdefault(surface, set())
        seen.update(int(n) for n in MARK.findall(output))
        for at, what in grammar.leaks(output, allowed, lines)[:3]:
            near = output.decode(errors="replace")[max(0, at - 30):at + 20]
            self.leaks.append((surface, what, near))
        # A line end from within a payload would let it make up whole lines of an answer; what prints texts may have it.
        if lines == "\n" and not surface.startswith("show") and re.search(rb"Q\d{3}x[^\n]{0,3}\nzhupi: done", output):
            self.leaks.append((surface, "a line made up", ""))


class Bench:
    """A folder, an environment and runs of the program in it."""

    def __init__(self, surfaces):
        self.at, self.surfaces = tempfile.mkdtemp(prefix="zhupi-escape-"), surfaces
        self.env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "tester", "HOME": self.at,
                    "XDG_CONFIG_HOME": self.at + "/config", "XDG_STATE_HOME": self.at + "/state"}
        os.makedirs(self.at + "/config/zhupi")

    def close(self):
        shutil.rmtree(self.at)

    def put(self, name, data):
        path = os.path.join(self.at.encode(), name if isinstance(name, bytes) else name.encode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    def run(self, surface, *args, stdin=b"", allowed=None, env=None, lines="\n\t"):
        r = subprocess.run([ZHUPI, *args], input=stdin, capture_output=True, cwd=self.at, env={**self.env, **(env or {})}, timeout=60)
        if r.returncode not in (0, 1, 2):
            self.surfaces.leaks.append((surface, "ended with %d" % r.returncode, ""))
        self.surfaces.look(surface, r.stdout, allowed, lines)
        self.surfaces.look(surface + ", stderr", r.stderr)
        return r

    def screen(self, surface, path, script, env=None):
        keys = "".join(line + "\nscreen\n" for line in script)
        self.run(surface, "--headless", "100x40", path, stdin=keys.encode(), env=env, lines="\n")


# ---- a corpus of payloads --------------------------------------------------------------------------------------------

def yaml(text):
    """A YAML scalar in double quotes; JSON's escapes are YAML's."""
    return json.dumps(text)


def sidecar(i, article):
    p = yaml(text_of(i))
    judged = '{by: %s, "on": "2026-01-02T03:04:05Z"}' % p
    return f"""zhupi: 1
schema: {p}
status: reviewing
mine: {p}
spans:
- id: b{i:03d}
  label: {p}
  at: [[0, 5]]
  text: {p}
  context: [{p}, {p}]
  verdict: corrected
  source: {{by: {p}, rule: {p}, version: {p}, score: 0.5}}
  original: {{label: {p}, at: [[0, 4]]}}
  judged: {judged}
  attributes: {{{p}: {p}}}
  links: [{{db: {p}, id: {p}, name: {p}}}]
  note: {p}
  flag: {p}
- id: c{i:03d}
  label: PERSON
  at: [[0, {len(article)}]]
  text: {yaml(article)}
  verdict: undecided
  source: {{by: {p}, rule: {p}}}
  attributes: {{role: {p}}}
  note: {p}
relations:
- {{id: r{i:03d}, type: {p}, args: {{from: b{i:03d}, to: c{i:03d}}}, verdict: undecided, note: {p}, source: {{by: {p}}}}}
fields:
- {{id: f{i:03d}, name: title, value: {p}, spans: [c{i:03d}], verdict: undecided, source: {{by: {p}}}}}
- {{id: g{i:03d}, name: {p}, value: {p}, spans: [{p}], verdict: accepted, judged: {judged}}}
notes:
- {{id: n{i:03d}, text: {p}, by: {p}, "on": {p}}}
"""


def name_of(i):
    return marked(i).replace(b"/", b"_")


def make_corpus(b, group):
    b.put("c/zhupi.yaml", "zhupi: 1\n")
    for i in group:
        article = "%s。\n" % (text_of(i) or "Q%03dx" % i)
        b.put("c/t%03d.txt" % i, marked(i) + "。\n\n  张三丰主持会议".encode() + marked(i) + b"\n")
        b.put(b"c/d" + name_of(i) + b"/f" + name_of(i) + b".txt", "题目\n\n  正文\n")
        if text_of(i):
            b.put("c/t%03d.txt.yaml" % i, sidecar(i, article.rstrip("\n")))
        b.put(b"c/broken" + name_of(i) + b".txt", "题目\n")
        b.put(b"c/broken" + name_of(i) + b".txt.yaml", b"zhupi: 1\nspans: [" + marked(i) + b"\n")


def with_corpus(b, group):
    make_corpus(b, group)
    articles = ["c/t%03d.txt" % i for i in group]
    names = [b"c/d" + name_of(i) + b"/f" + name_of(i) + b".txt" for i in group]
    b.run("show", "show", *articles, lines="\n")
    b.run("show --color --lanes", "show", "--color", "always", "--lanes", *articles, allowed=grammar.SGR, lines="\n")
    b.run("show --raw --script", "show", "--raw", "--script", "hans", "--width", "20", *articles, lines="\n")
    b.run("show --json", "show", "--json", *articles, lines="\n")
    b.run("show of a file name", "show", *names, lines="\n")
    b.run("show --json of a file name", "show", "--json", *names, lines="\n")
    b.run("log", "log", *articles, lines="\n")
    b.run("log --json", "log", "--json", *articles, lines="\n")
    b.run("log of a file name", "log", *names, lines="\n")
    for command in ("stats", "check"):
        b.run(command, command, "c", lines="\n")
        b.run(command + " --json", command, "--json", "c", lines="\n")
    for form in ("csv", "tsv"):
        # Exact into a file or a pipe, where they are data; on a terminal they are not.
        output, _ = terminal.run([ZHUPI, "export", "--to", form, "--text", *articles], b.at, b.env, [])
        b.surfaces.look("export %s on a terminal" % form, output, terminal.COOKED)
    for form in ("jsonl", "markdown", "conll", "hf", "doccano", "prodigy", "label-studio", "spacy", "w3c", "cluener"):
        b.run("export " + form, "export", "--to", form, "--text", "--verdict", "undecided,accepted,corrected,rejected", *articles)
    b.run("export into a folder", "export", "--to", "html", "-o", "html", *articles)
    for folder, _, files in os.walk(b.at + "/html"):
        for name in files:
            with open(os.path.join(folder, name), "rb") as f:
                b.surfaces.look("pages of export html", f.read())
    b.run("extract --dry-run", "extract", "--dry-run", *articles, lines="\n")
    b.run("extract --explain", "extract", "--explain", *articles, lines="\n")
    b.run("extract --to jsonl", "extract", "--to", "jsonl", "c", lines="\n")
    b.run("score --show", "score", "--gold", "c", "--system", "c", "--show", "missed", lines="\n")
    b.run("score --show --json", "score", "--gold", "c", "--system", "c", "--show", "same", "--json", lines="\n")


def with_screens(b, group):
    b.screen("screen: library", "c", ["resize 100x200", "keys j j", "keys ?", "keys <Esc> v", "keys s", "keys /", "type Q"])
    for i in group:
        if text_of(i):
            b.screen("screen: article", "c/t%03d.txt" % i,
                     ["resize 130x40", "keys g", "keys j", "keys i", "keys <Esc> e", "keys <Esc> <Tab>", "keys j j", "keys j j j j",
                      "keys <Esc> r", "keys <Esc> H", "keys q f", "keys <Esc> m", "keys <Esc> t r", "keys y", "keys u", "keys c",
                      "keys <Esc> R", "keys <Esc> =", "keys <Esc> *", "keys !", "resize 40x12"])
        else:
            b.screen("screen: article", "c/t%03d.txt" % i, ["keys v $", "keys <Esc> t r"])
        b.screen("screen: typed and pasted", "c/t%03d.txt" % i,
                 ["keys /", "paste Q%03dx" % i + text_of(i).replace("\\", "\\\\").replace("\n", "\\n") + "xQ", "keys <Enter>", "keys :",
                  "paste " + text_of(i).replace("\\", "\\\\").replace("\n", "\\n"), "keys <Enter>"] if text_of(i) else ["keys :"])


# ---- one run a payload -------------------------------------------------------------------------------------------------

def imports(b, i):
    p = text_of(i)
    if p:
        lines = [{"file": p, "text": "x"}, {"file": "t%03d.txt" % i, "spans": [{"start": 0, "end": 3, "label": p, "text": p}]},
                 {"file": "../" + p}, {p: p, "file": "n%03d.txt" % i, "text": p, "status": p}, {"file": "t%03d.txt" % i, "fields": {p: 3}},
                 {"file": "t%03d.txt" % i, "relations": [{"type": p, "from": p, "to": p}]}]
        b.run("import jsonl", "import", "--from", "jsonl", "-", "c", stdin="\n".join(map(json.dumps, lines)).encode(), lines="\n")
    b.run("import of what is broken", "import", "--from", "jsonl", "-", "c", stdin=b'{"file": ' + marked(i) + b"}\n", lines="\n")
    b.put(b"in/" + name_of(i) + b".ann", b"T1\t" + marked(i).replace(b"\n", b" ") + b" 0 3\tabc\n")
    b.run("import brat", "import", "--from", "brat", b"in/" + name_of(i) + b".ann", "c", lines="\n")


def errors(b, i):
    arg = marked(i)
    b.run("usage: no such file", "show", arg, lines="\n")
    b.run("usage: no such file, --json", "check", "--json", arg, lines="\n")
    b.run("usage: no such option", "stats", b"--" + arg, lines="\n")
    b.run("usage: no such value", "export", "--to", arg, "c", lines="\n")
    b.run("no such thing to browse", arg, lines="\n")
    b.put("config/zhupi/config.yaml", b"palette: " + arg + b"\n" + arg + b": 1\n")
    b.run("error in config.yaml", "--headless", "80x24", "c", lines="\n")
    p = text_of(i)
    if p:
        b.put("config/zhupi/config.yaml", "%s: 1\nkeys: {%s: %s}\npalette: %s\n" % (yaml(p), yaml(p), yaml(p), yaml(p)))
        b.run("value in config.yaml", "--headless", "80x24", "c", lines="\n")
        b.put("z/zhupi.yaml", "zhupi: 1\n%s: 1\nschema: {labels: [{name: %s, help: %s, zh: %s, %s: 1}], fields: [{name: %s, from: [%s]}]}\n"
              % ((yaml(p),) * 7))
        b.put("z/a.txt", "题目\n")
        b.run("value in zhupi.yaml", "check", "z", lines="\n")
        b.put("pack/a.yaml", "labels:\n- {name: A, layer: flat}\nrules:\n- {name: %s, as: A, match: 题, why: %s}\n" % (yaml(p), yaml(p)))
        b.run("rule of a pack", "extract", "--explain", "--pack", "pack", "z", lines="\n")
    os.remove(b.at + "/config/zhupi/config.yaml")
    b.put("z/zhupi.yaml", b"zhupi: 1\nschema: " + arg + b"\n")
    b.put("z/a.txt", "题目\n")
    b.run("error in zhupi.yaml", "check", "z", lines="\n")
    b.put("pack/a.yaml", b"rules:\n- {name: " + arg + b"}\n")
    b.run("error in a pack", "extract", "--dry-run", "--pack", "pack", "c", lines="\n")
    env = {"TERM": os.fsdecode(arg.replace(b"/", b"_"))}
    b.surfaces.look("error of TERM", terminal.run([ZHUPI, "c"], b.at, {**b.env, **env}, [])[0], terminal.COOKED, "\n")
    env = {"TERM": "xterm-256color", "LC_ALL": os.fsdecode(arg)}
    b.surfaces.look("error of LC_ALL", terminal.run([ZHUPI, "c"], b.at, {**b.env, **env}, [])[0], terminal.COOKED, "\n")


def on_a_terminal(b, group):
    env = {**b.env, "TERM": "xterm-256color"}
    # Ctrl-L sends the frame whole, so that the awaited text comes again after each key.
    steps = [(b"saved", b"j\x0c"), (b"saved", b"\x1b[F\x0c"), (b"saved", b"q")]
    output, _ = terminal.run([ZHUPI, "c"], b.at, env, steps, 200, 120)
    b.surfaces.look("terminal: library", output, grammar.TERMINAL, "\r\n\b\t")
    for i in group:
        steps = [(b"saved", b"g\x0c"), (b"saved", b"j\x0c"), (b"saved", b"i\x0c"), (b"\x1b", b"qq")]
        output, _ = terminal.run([ZHUPI, "c/t%03d.txt" % i], b.at, env, steps, 40, 130)
        b.surfaces.look("terminal: article", output, grammar.TERMINAL, "\r\n\b\t")


def check_group(group):
    surfaces = Surfaces()
    b = Bench(surfaces)
    with_corpus(b, group)
    with_screens(b, group)
    on_a_terminal(b, group)
    for i in group:
        errors(b, i)
        imports(b, i)
    b.close()
    return surfaces.seen, surfaces.leaks


def main():
    every = list(range(len(payloads.ALL)))
    groups = [every[at::len(every) // GROUP] for at in range(len(every) // GROUP)]
    seen, leaks = {}, []
    with multiprocessing.Pool(int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        for some, more in pool.imap_unordered(check_group, groups):
            leaks += more
            for surface, n in some.items():
                seen.setdefault(surface, set()).update(n)
    for surface in sorted(seen):
        bad = [leak for leak in leaks if leak[0] == surface]
        if not seen[surface] and not bad:
            continue
        print("%s - escape: %s, %d payloads" % ("not ok" if bad else "ok", surface, len(seen[surface])))
        for _, what, near in bad[:5]:
            print("#   %s in %s" % (what, ascii(near)))
    checks = sum(map(len, seen.values()))
    print("%s - escape: %d checks, %d payloads, %d surfaces" % ("ok" if checks >= FLOOR else "not ok", checks, len(every),
                                                                sum(1 for s in seen.values() if s)))


if __name__ == "__main__":
    main()
