#!/usr/bin/env python3
"""The program on every kind of terminal, through every kind of end: `matrix.py ZHUPI` prints TAP, one case a kind with how
many runs it took.  After each run the terminal must be as it was."""
import collections
import filecmp
import multiprocessing
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
UTF8 = ("C.UTF-8", "POSIX", "C", "zh_CN.GB18030")
TERMS = ("xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100", "dumb", "no-such-terminal", None)
FATAL = (signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SIGNALS = FATAL + ENDING + (signal.SIGTSTP, signal.SIGWINCH)
MOMENTS = 20
FLOOD = int(os.environ.get("FLOOD", 1 << 17))  # bytes at once

signal.signal(signal.SIGINT, signal.SIG_DFL)
work = tempfile.mkdtemp(prefix="zhupi-matrix-")
env = environment(work)


def start(path="c", rows=24, cols=80, **more):
    own = dict(env, **more.pop("env", {}))
    return Terminal([ZHUPI, path], work, {k: v for k, v in own.items() if v is not None}, rows, cols, **more)


def ends_well(t, status=(0,)):
    """None, or what is wrong with a run that should have ended."""
    ended = t.wait_end(b"")
    said = "does not end" if ended is None else "ended with %d" % ended if ended not in status else t.restored()
    t.kill()
    return said


# ---- kinds of runs; each returns None or what went wrong -------------------------------------------------------------------

def size(rows, cols, path):
    t = start(path, rows, cols)
    t.wait_end(b"qq")
    return ends_well(t)


def kind_of_terminal(term, locale, path):
    t = start(path, env={"TERM": term, "LC_ALL": locale})
    if locale.endswith("GB18030") or term in ("dumb", "no-such-terminal", None):
        wrong = ends_well(t, (2,))
        lines = t.output.decode().strip().split("\r\n")
        return wrong or (None if len(lines) == 1 and lines[0].startswith("zhupi: ") else "not one line: " + ascii(lines))
    t.wait_end(b"qq")
    return ends_well(t)


def signalled(number, moment):
    """moment: after how much output the signal comes, from before the first byte to a while after the first frame."""
    t = start("c/a1.txt")
    want = moment * 150
    while len(t.output) < want and t.ended() is None and b"saved" not in t.output:
        t.drain(0.05)
    if moment >= MOMENTS - 4:
        t.wait_for(b"saved 0")
        t.send(b"y" * (moment % 4))
    os.kill(t.pid, number)
    if number == signal.SIGTSTP:
        # It stops, or goes on where there is nobody who could continue it; once continued it is as it was.
        end = time.monotonic() + 10
        while t.ended() is None and time.monotonic() < end:
            if t.stopped():
                os.kill(t.pid, signal.SIGCONT)
            if not t.drain(0.1):
                t.send(b"qq")
        return ends_well(t)
    if number == signal.SIGWINCH:
        t.wait_end(b"qq")
        return ends_well(t)
    began = time.monotonic()
    wrong = ends_well(t, (-number, 128 + number))
    return wrong or ("took %.1f s" % (time.monotonic() - began) if time.monotonic() - began > 4 else None)


def terminal_lost(moment, ignored):
    """The terminal goes away; SIGHUP may be ignored, as under nohup."""
    t = start("c/a2.txt", before=(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) if ignored else None)
    if moment:
        t.wait_for(b"saved 0")
        t.send(b"yu" * moment)
    cpu = t.cpu()
    t.close()
    began = time.monotonic()
    used = cpu
    while t.ended() is None and time.monotonic() - began < 10:
        try:
            used = t.cpu()
        except (OSError, IndexError):
            break
        time.sleep(0.005)
    ended = t.wait_end()
    t.kill()
    if ended is None:
        return "a lost terminal does not end it"
    # Before the handlers are there SIGHUP ends it as it ends anything.
    return None if used - cpu <= 0.3 and ended in (2, 129, -signal.SIGHUP) else "used %.2f s, ended with %d" % (used - cpu, ended)


def closed_files(closed, path, null):
    before = null and (lambda: os.dup2(os.open("/dev/null", os.O_RDONLY), 0))
    t = start(path, closed=closed, before=before or None)
    if 1 not in closed:
        t.wait_end(b"qq")
    wrong = ends_well(t, (0, 1, 2))
    for name in ("a1.txt", "a2.txt"):
        if not filecmp.cmp(work + "/c/" + name, work + "/before/" + name, shallow=False):
            wrong = "the article was written to"
    return wrong


# ---- what is pasted, flooded, blocked -----------------------------------------------------------------------------------------

def decisions(corpus):
    r = subprocess.run([ZHUPI, "export", "--to", "jsonl", corpus], cwd=work, env=env, capture_output=True, check=True)
    return r.stdout.count(b'"verdict":"accepted"') + r.stdout.count(b'"verdict":"rejected"') + r.stdout.count(b'"verdict":"corrected"')


def on_own_corpus(name, act):
    corpus = "own-" + name
    make_corpus(ZHUPI, work + "/" + corpus, env, 1)
    return act(corpus)


def pasted(what, term="xterm-256color"):
    def act(corpus):
        t = start(corpus + "/a1.txt", env={"TERM": term})
        if not t.wait_for(b"saved 0"):
            return "no first frame"
        t.send(what)
        # Whatever is pending has been given up, and the keys behind it are keys again.
        since = len(t.output)
        t.wait_for(b".", since)
        if not t.wait_for(b"saved 0", since, b"\x1b\x0c"):
            return "does not go on: " + ascii(t.output[-200:].decode(errors="replace"))
        t.wait_end(b"qq")
        wrong = ends_well(t)
        n = decisions(corpus)
        return wrong or ("%d decisions" % n if n else None)
    return on_own_corpus("paste%d" % (hash(what) % 100000), act)


def flooded():
    def act(corpus):
        t = start(corpus + "/a1.txt")
        t.wait_for(b"saved 0")
        rss = t.rss()
        noise = random.Random(SEED)
        # Any bytes but those that leave: q, Ctrl-C, Ctrl-Z, Esc, and a command line that could.
        any_byte = bytes(sorted(set(range(256)) - set(b"qQ\x03\x1a\x1b:m")))
        keys = bytes(noise.choices(any_byte, k=FLOOD))
        for at in range(0, len(keys), 4096):
            t.send(keys[at:at + 4096])
        since = len(t.output)
        if not t.wait_for(rb"saved \d", since, b"\x1b\x1b\x0c", 60):
            return "no frame after the flood"
        grown = t.rss() - rss
        t.kill()
        return None if grown < 100000 else "grew by %d KiB" % grown
    return on_own_corpus("flood", act)


def blocked():
    """Nobody reads what is drawn: decisions that were shown before are on the disk."""
    def act(corpus):
        t = start(corpus + "/a1.txt")
        t.wait_for(b"saved 0")
        t.send(b"y")
        if not t.wait_for(b"saved 1", 0, b"\x0c"):
            return "no decision"
        try:
            for _ in range(200):
                os.write(t.master, b"\x0c")
            os.write(t.master, b"yyyy")
        except BlockingIOError:
            pass
        time.sleep(0.2)  # until its output is full; less of it weakens the case and breaks nothing
        os.kill(t.pid, signal.SIGKILL)
        t.kill()
        n = decisions(corpus)
        return None if n >= 1 else "the decision is lost"
    return on_own_corpus("blocked", act)


def waits_in(pid):
    """The system call that it waits in: "read", "write", or another; None where the system does not tell."""
    try:
        with open("/proc/%d/syscall" % pid) as f:
            number = f.read().split()[0]
    except (OSError, IndexError):
        return None
    names = {"x86_64": {"0": "read", "1": "write", "20": "write", "7": "poll", "271": "poll", "23": "poll", "270": "poll"},
             "aarch64": {"63": "read", "64": "write", "66": "write", "73": "poll", "72": "poll"}}
    return names.get(os.uname().machine, {}).get(number, "running")


def fill(t):
    """Redraws, of which nothing is read, until the program waits for somebody to read: their number; 0: it does not come to that."""
    end, redraws = time.monotonic() + 20, 0
    while time.monotonic() < end:
        state = waits_in(t.pid)
        if state == "write":
            return redraws
        if state == "poll":
            t.send_only(b"\x0c")
            redraws += 1
    return 0


def quiet(t):
    """Reads until the program waits for keys and nothing is left to read: how much came."""
    before = len(t.output)
    while t.drain(0.05) or waits_in(t.pid) != "poll":
        pass
    return len(t.output) - before


def slow_reader():
    """A reader of 30 bytes a step and a key each third step, after one that read nothing: keys typed meanwhile are taken in their
    order, each once, and what is drawn in the end does not grow with them."""
    def act(corpus):
        t = start(corpus + "/a1.txt")
        t.wait_for(b"saved 0")
        if waits_in(t.pid) is None:
            return t.kill()
        quiet(t)
        t.send_only(b"\x0c")
        redraw = quiet(t)
        redraws = fill(t)
        if not redraws:
            return "its output takes everything"
        keys = b"yx" * 12
        t.send_only(keys[:12])  # it sleeps in write() however long this takes
        drawn, typed, steps = 0, 12, 0
        while waits_in(t.pid) == "write" or typed < len(keys):
            drawn += len(t.read_bytes(30))
            steps += 1
            if typed < len(keys) and steps % 3 == 0:
                t.send_only(keys[typed:typed + 1])
                typed += 1
        drawn += quiet(t)
        # The width of the terminal's buffers is in the redraws; 400 bytes are what a decision may draw.
        most = redraws * redraw + len(keys) * 400
        wrong = None if t.wait_for(b"saved 24", len(t.output), b"\x0c") else "not all that was typed is there"
        t.wait_end(b"qq")
        wrong = wrong or ends_well(t)
        r = subprocess.run([ZHUPI, "export", "--to", "jsonl", corpus], cwd=work, env=env, capture_output=True, check=True)
        said = re.findall(rb'"verdict":"(\w)', r.stdout)[:len(keys)]
        if said != [b"a" if k == ord("y") else b"r" for k in keys]:
            wrong = wrong or "verdicts are not in the order of the keys: %r" % said
        return wrong or (None if drawn <= most else "%d bytes were drawn, not %d" % (drawn, most))
    return on_own_corpus("slow", act)


# ---- all of them ----------------------------------------------------------------------------------------------------------------

def cases():
    rolled = random.Random(SEED)
    for rows in range(1, 21):
        for cols in range(1, 21):
            yield "sizes from 1x1 to 20x20", size, (rows, cols, "c" if (rows + cols) % 2 else "c/a1.txt")
    for rows, cols in [(1, 500), (500, 1)] + [(rolled.randint(1, 120), rolled.randint(1, 250)) for _ in range(150)]:
        yield "sizes very long, very wide, random", size, (rows, cols, "c/a1.txt")
    for term in TERMS:
        for locale in UTF8:
            for path in ("c", "c/a1.txt"):
                yield "8 terminals, 4 locales", kind_of_terminal, (term, locale, path)
    for number in SIGNALS:
        for moment in range(MOMENTS):
            yield "11 signals at 20 moments", signalled, (number, moment)
    for moment in range(20):
        for ignored in (False, True):
            yield "terminal lost, also with SIGHUP ignored", terminal_lost, (moment % 7, ignored)
    for bits in range(8):
        for path in ("c", "c/a1.txt"):
            for null in (False, True):
                yield "descriptors 0 to 2 closed, /dev/null", closed_files, ([fd for fd in range(3) if bits >> fd & 1], path, null)
    prose = "今天下午开会讨论工作安排,大家都要参加, yes no x y 1 2 3。\n".encode() * 1400
    for what in (b"\x1b[200~" + prose + b"\x1b[201~", b"\x1b[200~yyy\x1b[201~xxyy" + prose + b"\x1b[201~",
                 b"\x1b[200~" + prose[:60000] + b"y" * 1000, b"\x1b[200~" + b"yx\r" * 30000 + b"\x1b[201~"):
        yield "100 kB pasted: whole, with an end mark inside, never ended", pasted, (what,)
    yield "100 kB pasted: whole, with an end mark inside, never ended", pasted, (prose, "vt100")
    yield "a flood of random bytes", flooded, ()
    yield "a terminal that nobody reads", blocked, ()
    yield "a terminal that is read by 30 bytes a key", slow_reader, ()


def one(case):
    name, run, arguments = case
    try:
        return name, run.__name__, arguments, run(*arguments)
    except Exception as e:  # a case that cannot be driven has failed
        return name, run.__name__, arguments, "%s: %s" % (type(e).__name__, e)


def main():
    make_corpus(ZHUPI, work + "/c", env)
    shutil.copytree(work + "/c", work + "/before")
    ran, failed = collections.Counter(), collections.defaultdict(list)
    with multiprocessing.get_context("fork").Pool(int(os.environ.get("JOBS", 4 * os.cpu_count()))) as pool:
        for name, what, arguments, wrong in pool.imap_unordered(one, cases()):
            ran[name] += 1
            if wrong:
                failed[name].append("%s%s: %s" % (what, ascii(arguments)[:120], wrong))
    for name, n in ran.items():
        print("%s - terminal: %s, %d runs" % ("not ok" if failed[name] else "ok", name, n))
        for line in failed[name][:5]:
            print("#   " + line)
    print("# terminal: %d runs, seed %d" % (sum(ran.values()), SEED))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
