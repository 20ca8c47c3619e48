#!/usr/bin/env python3
"""Keys at random, with everything else that happens to a terminal: `monkey.py ZHUPI` prints TAP.

Sessions on pseudo terminals get weighted random keys, mouse reports, pastes, bytes that are no character, other sizes, stops;
after every 500 keys the session ends in some way (quit, signal, lost terminal, kill -9) and what is on the disk is compared with
a model that is not the program's own: the journals replayed here, group by group, onto what was imported.  More keys go through
--headless, where no terminal is.

SEED, KEYS (in terminals) and HEADLESS (keys there) are taken from the environment; each failure prints its own repeat command."""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from terminal import Terminal, environment, make_corpus

ZHUPI = os.path.abspath(sys.argv[1])
SEED = int(os.environ.get("SEED", "1"))
KEYS = int(os.environ.get("KEYS", "60000"))
HEADLESS = int(os.environ.get("HEADLESS", "150000"))
ROUND = 500
SLOW = 20  # seconds that a burst may take on a machine that is busy with other things

# Keys with weights; what leaves for good (q, Ctrl-Z) is rare so that sessions last.
PLAIN = ([(30, k) for k in "yxsujk;'"] + [(12, k) for k in "SU!r]}[.,{><lhvwb()dn1234567890=+|*#gGJKLtzpofia"]
         + [(4, k) for k in "cReZmHVYXNP/?:E^$"] + [(1, "q")])
NAMED = [("<Enter>", b"\r", 20), ("<Esc>", b"\x1b", 40), ("<Tab>", b"\t", 10), ("<Down>", b"\x1b[B", 10), ("<Up>", b"\x1b[A", 10),
         ("<Left>", b"\x1b[D", 6), ("<Right>", b"\x1b[C", 6), ("<PgDn>", b"\x1b[6~", 6), ("<PgUp>", b"\x1b[5~", 6), ("<Home>", b"\x1b[H", 4),
         ("<End>", b"\x1b[F", 4), ("<Space>", b" ", 8), ("<C-r>", b"\x12", 6), ("<C-l>", b"\x0c", 4), ("<BS>", b"\x7f", 6)]
TYPED = "高 会议abcé🇨🇳\u202e。"


class Keys:
    def __init__(self, seed):
        self.roll = random.Random(seed)
        self.names = [k for _, k in PLAIN] + [n for n, _, _ in NAMED]
        self.bytes = {n: b for n, b, _ in NAMED}
        self.weights = [w for w, _ in PLAIN] + [w for _, _, w in NAMED]

    def some(self, n, leave=True):
        """leave: q is among them."""
        weights = [w if leave or k != "q" else 0 for k, w in zip(self.names, self.weights)]
        return self.roll.choices(self.names, weights, k=n)

    def as_bytes(self, name):
        return self.bytes.get(name) or name.encode()

    def odd(self):
        """What is no key of the table."""
        r = self.roll
        row, col = r.randint(1, 50), r.randint(1, 120)
        return r.choice([
            lambda: b"\x1b[<%d;%d;%dM" % (r.choice([0, 0, 0, 32, 64, 65, 2]), col, row),
            lambda: b"\x1b[<0;%d;%dm" % (col, row),
            lambda: b"\x1b[200~" + r.choice([b"yyyxx", TYPED.encode(), b"\xff\xfe\x1b[31m", b"y\x1b[201~x"]) + b"\x1b[201~",
            lambda: bytes(r.choices(range(128, 256), k=3)),
            lambda: b"\x1b[" + bytes(r.choices(b"0123456789;?<>ABCxyz~", k=5)),
            lambda: TYPED.encode(),
        ])()


# ---- the model: journals replayed onto what was imported ------------------------------------------------------------------------

class Model:
    """Spans by article and id as the journals say."""

    def __init__(self, folder):
        self.folder, self.start = folder, self.exported(folder)

    @staticmethod
    def exported(folder):
        r = subprocess.run([ZHUPI, "export", "--to", "jsonl", folder], env=env, capture_output=True)
        if r.returncode != 0:
            raise AssertionError("export ended with %d: %s" % (r.returncode, r.stderr.decode(errors="replace")[-300:]))
        state = {}
        for line in r.stdout.decode().splitlines():
            article = json.loads(line)
            for s in article.get("spans", []):
                at = s.get("fragments") or [[s["start"], s["end"]]]
                state[article["file"], s["id"]] = (s["label"], s.get("verdict", "undecided"), at)
        return state

    def groups(self):
        """Of all journals, oldest first.  A line without its newline was never promised."""
        folder = self.folder + "/.zhupi/journal"
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            with open(folder + "/" + name, "rb") as f:
                for line in f.read().split(b"\n")[:-1]:
                    yield name, json.loads(line)

    def expected(self):
        items = {}
        for key, (label, verdict, at) in self.start.items():
            items[key] = {"label": label, "verdict": verdict, "at": at}
        for _, line in self.groups():
            for op in line.get("ops", []):
                if op["kind"] != "span":
                    continue
                key = op["file"], op["id"]
                if op["set"] is None:
                    items.pop(key, None)
                elif op["was"] is None:
                    items[key] = dict(op["set"])
                elif key in items:
                    for k, v in op["set"].items():
                        if v is None:
                            items[key].pop(k, None)
                        else:
                            items[key][k] = v
        return {k: (v["label"], v.get("verdict", "undecided"), v["at"]) for k, v in items.items()}

    def differs(self):
        want, have = self.expected(), self.exported(self.folder)
        wrong = [k for k in set(want) | set(have) if want.get(k) != have.get(k)]
        return None if not wrong else "%d spans are not as decided, such as %s: %s instead of %s" % (
            len(wrong), wrong[0], have.get(wrong[0]), want.get(wrong[0]))

    def count(self):
        return sum(1 for _, line in self.groups() if "ops" in line)


# ---- sessions -----------------------------------------------------------------------------------------------------------------

work = tempfile.mkdtemp(prefix="zhupi-monkey-")
env = environment(work)
counted = {"keys": 0, "resizes": 0, "sessions": 0, "stops": 0}


def saved(t, keys=b"\x1b\x1b\x0c"):
    """N of `saved N` after all that was typed, asked for by Esc and Ctrl-L; None: the program has ended."""
    since = len(t.output)
    t.send(keys)
    found = t.wait_for(rb"saved (\d+)", since, keys, SLOW)
    # A frame on its way may be an older one: the next is drawn for these keys.
    if found:
        since = len(t.output)
        t.send(b"\x0c")
        found = t.wait_for(rb"saved (\d+)", since, b"\x0c", SLOW) or found
    if not found and t.ended() is None:
        raise AssertionError("does not answer: " + ascii(t.output[-200:].decode(errors="replace")))
    return int(found.group(1)) if found else None


def one_round(roll, keys, path):
    """500 keys and an end.  Returns what was said on the screen last as saved, if anything."""
    t = Terminal([ZHUPI, path], work, env, roll.randint(2, 50), roll.randint(10, 160))
    t.wait_for(rb"\x1b\[", 0, b"", SLOW)
    try:
        left = ROUND
        while left > 0 and t.ended() is None:
            n = min(left, roll.randint(1, 60))
            burst = b"".join(keys.as_bytes(k) for k in keys.some(n))
            left -= n
            counted["keys"] += n
            t.send(burst)
            happening = roll.random()
            if happening < 0.6:
                t.resize(roll.randint(1, 60), roll.randint(1, 180))
                counted["resizes"] += 1
            if happening < 0.3:
                t.send(keys.odd())
                counted["keys"] += 1
            if happening > 0.97 and t.ended() is None:
                os.kill(t.pid, signal.SIGTSTP)
                counted["stops"] += 1
            if t.stopped():
                os.kill(t.pid, signal.SIGCONT)
            t.drain()
        t.resize(24, 100)
        if t.stopped():
            os.kill(t.pid, signal.SIGCONT)
        n = saved(t) if t.ended() is None else None
        end = roll.choice(["kill", "term", "hup", "lost", "quit"])
        if t.ended() is None:
            if end == "lost":
                t.close()
            elif end == "quit":
                t.wait_end(b"\x1b\x1bqq", SLOW)
            else:
                os.kill(t.pid, {"kill": signal.SIGKILL, "term": signal.SIGTERM, "hup": signal.SIGHUP}[end])
        status = t.wait_end()
        if status is None:
            raise AssertionError("does not end after " + end)
        if status not in (0, 2, -9, 128 + signal.SIGTERM, 128 + signal.SIGHUP, -signal.SIGHUP):
            raise AssertionError("ended with %d: %s" % (status, t.output[-1500:].decode(errors="replace")))
        if end != "kill" and end != "lost" and t.restored():
            raise AssertionError("the terminal is not as it was: " + t.restored())
        counted["sessions"] += 1
        return n
    finally:
        t.kill()


def in_terminals(seed):
    corpus = work + "/c%d" % seed
    make_corpus(ZHUPI, corpus, env, 5, 30)
    with open(corpus + "/evil.txt", "wb") as f:
        f.write("會議實(shí)\u202e\u200b首页\n".encode() + b"\xff\xfe\x1b[31m\n" + "字".encode() * 500 + b"\n")
    model, keys = Model(corpus), Keys(seed)
    done = 0
    while done < KEYS // 2:
        before = model.count()
        n = one_round(keys.roll, keys, corpus if keys.roll.random() < 0.7 else corpus + "/a%d.txt" % keys.roll.randint(1, 5))
        done += ROUND
        if n is not None and model.count() - before < n:
            raise AssertionError("`saved %d` was shown, %d groups are there" % (n, model.count() - before))
        wrong = model.differs()
        if wrong:
            raise AssertionError(wrong)


def headless(seed):
    corpus = work + "/h%d" % seed
    make_corpus(ZHUPI, corpus, env, 5, 30)
    model, keys = Model(corpus), Keys(seed)
    done = 0
    while done < HEADLESS // 2:
        script = []
        for _ in range(25):
            script.append("keys " + " ".join(keys.some(40, False)))
            if keys.roll.random() < 0.3:
                script.append("resize %dx%d" % (keys.roll.randint(1, 180), keys.roll.randint(1, 60)))
                counted["resizes"] += 1
            if keys.roll.random() < 0.1:
                script.append(keys.roll.choice(["idle", "paste yyxx\\nq", "type " + TYPED, "mouse press 3 20", "mouse drag 5 9", "mouse release 5 9",
                                                "mouse double 4 4", "mouse wheel-down 3 3"]))
        path = corpus if keys.roll.random() < 0.5 else corpus + "/a%d.txt" % keys.roll.randint(1, 5)
        r = subprocess.run([ZHUPI, "--headless", "100x30", path], input="\n".join(script + ["screen", ""]).encode(), env=env,
                           capture_output=True, timeout=600)
        if r.returncode != 0:
            raise AssertionError("ended with %d: %s" % (r.returncode, r.stderr.decode(errors="replace")[-1500:]))
        if r.stdout.count(b"\n") < 3:
            raise AssertionError("it ended before the keys did")
        done += 1000
        counted["keys"] += 1000
        wrong = model.differs() if done % 4000 == 0 else None
        if wrong:
            raise AssertionError(wrong)


def attempt(name, act, seed):
    began = time.monotonic()
    before = dict(counted)
    wrong = None
    try:
        act(seed)
    except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as e:
        wrong = str(e)
    did = {k: counted[k] - before[k] for k in counted}
    print("%s - monkey: %s, seed %d: %d keys, %d resizes, %d stops, %d sessions" % (
        "not ok" if wrong else "ok", name, seed, did["keys"], did["resizes"], did["stops"], did["sessions"]))
    if wrong:
        for line in wrong.splitlines()[-12:]:
            print("#   " + ascii(line)[1:-1])
        print("#   repeat: SEED=%d KEYS=%d HEADLESS=%d python3 tests/terminal/monkey.py %s" % (SEED, KEYS, HEADLESS, ZHUPI))
    sys.stdout.flush()
    return time.monotonic() - began


def main():
    children = []
    for half in (0, 1):
        pid = os.fork()
        if pid == 0:
            if KEYS:
                attempt("on terminals", in_terminals, 2 * SEED + half)
            if HEADLESS:
                attempt("headless", headless, 2 * SEED + half)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
