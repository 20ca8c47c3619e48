"""Times zhupi over a pseudo-terminal, as a person meets it, beside other programs in the same run.

A figure is a ratio with the bound that the project set itself; the milliseconds are only there to see where it comes from.
Nothing here passes or fails a test run: `make test` never looks at a clock.
"""
import fcntl
import json
import os
import pty
import random
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

ZHUPI = os.path.abspath(sys.argv[1])
ROWS, COLS = 40, 120
RUNS = int(os.environ.get("RUNS", "7"))


class Terminal:
    """A program on a pseudo-terminal of ROWS x COLS."""

    def __init__(self, argv, env):
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
        self.seen = b""

    def read(self, timeout):
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        if b"\x1b[6n" in data:  # the width probe: answer as a terminal that draws ambiguous characters narrow
            os.write(self.fd, b"\x1b[1;2R")
        return data

    def until(self, marker, limit=30.0):
        """Seconds from the start until marker was drawn."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            self.seen += self.read(0.5)
            if marker in self.seen:
                return time.perf_counter() - self.started
        raise RuntimeError("never drawn: %r; last seen %r" % (marker, self.seen[-300:]))

    def settle(self, quiet=0.05):
        """Reads until nothing came for `quiet` seconds: bytes read and the time of the last one."""
        count, last = 0, time.perf_counter()
        while True:
            data = self.read(quiet)
            if not data:
                return count, last
            count += len(data)
            last = time.perf_counter()

    def key(self, keys):
        """Latency to the last byte drawn, and bytes drawn."""
        sent = time.perf_counter()
        os.write(self.fd, keys)
        count, last = self.settle()
        return max(0.0, last - sent), count

    def memory(self):
        """Peak resident bytes."""
        with open("/proc/%d/status" % self.pid) as f:
            for line in f:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) * 1024
        return 0

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def paragraphs(size, seed):
    """Invented Chinese prose of about `size` bytes, each paragraph with a number to look for."""
    source = random.Random(seed)
    words = ["会议", "指出", "全市", "防汛", "工作", "要", "加强", "落实", "责任", "群众", "安全", "水库", "巡查", "预案", "演练", "培训", "检查", "整改", "项目", "企业"]
    out, used, n = [], 0, 0
    while used < size:
        n += 1
        line = "P%06d " % n + "".join(source.choice(words) for _ in range(60)) + "。\n"
        out.append(line)
        used += len(line.encode())
    return "".join(out)


def make_article(folder, name, size, spans):
    text = paragraphs(size, 1)
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    if spans:
        step = max(4, (len(text) - 100) // spans)
        record = {"file": name, "spans": [{"start": k * step + 10, "end": k * step + 12, "label": "ORG", "score": 0.5} for k in range(spans)]}
        feed = json.dumps(record, ensure_ascii=False) + "\n"
        subprocess.run([ZHUPI, "import", "--from", "jsonl", "-", folder], input=feed.encode(), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
    return path


def median_first(argv, marker, env):
    times = []
    for _ in range(RUNS):
        t = Terminal(argv, env)
        times.append(t.until(marker))
        t.close()
    return statistics.median(times)


def report(what, value, bound, note):
    mark = "reached" if value <= bound else "MISSED"
    print("%-58s %8.2f   bound %6.2f   %-8s %s" % (what, value, bound, mark, note))
    sys.stdout.flush()


def main():
    global ENV
    work = tempfile.mkdtemp(prefix="zhupi-bench-")
    ENV = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm-256color", XDG_STATE_HOME=work + "/state", XDG_CONFIG_HOME=work + "/config", USER="bench")
    try:
        big, small = os.path.join(work, "big"), os.path.join(work, "small")
        os.mkdir(big)
        os.mkdir(small)
        big_path = make_article(big, "big.txt", 10_000_000, 10_000)
        small_path = make_article(small, "small.txt", 10_000, 30)
        plain = os.path.join(work, "plain")
        os.mkdir(plain)
        plain_path = make_article(plain, "plain.txt", 10_000_000, 0)

        for path, what in ((plain_path, "10 MB"), (big_path, "10 MB, 10,000 spans")):
            ours = median_first([ZHUPI, path], b"P000004", ENV)
            if shutil.which("vim"):
                theirs = median_first(["vim", "-R", path], b"P000004", ENV)
                report("first screen of %s / vim -R" % what, ours / theirs, 1.0, "%.0f ms : %.0f ms" % (ours * 1e3, theirs * 1e3))
            else:
                print("first screen of %s: %.0f ms (no vim to compare with)" % (what, ours * 1e3))

        latency, drawn = {}, {}
        for name, path in (("big", big_path), ("small", small_path)):
            t = Terminal([ZHUPI, path], ENV)
            t.until(b"P000003")
            t.settle(0.5)
            samples = [t.key(b"j") for _ in range(25)]
            latency[name] = statistics.median(s[0] for s in samples)
            drawn[name] = [s[1] for s in samples]
            if name == "big":
                peak = t.memory()
            t.close()
        report("a key, 10 MB and 10,000 spans / 10 KB and 30", latency["big"] / latency["small"], 1.5,
               "%.2f ms : %.2f ms" % (latency["big"] * 1e3, latency["small"] * 1e3))
        report("bytes drawn for a move on the same screen / 400", statistics.median(drawn["small"]) / 400, 1.0,
               "median %d, all %s" % (statistics.median(drawn["small"]), sorted(drawn["small"])))

        empty = os.path.join(work, "empty")
        os.mkdir(empty)
        t = Terminal([ZHUPI, make_article(empty, "one.txt", 1_000, 0)], ENV)
        t.until(b"P000001")
        t.settle(0.3)
        floor = t.memory()
        t.close()
        allowed = 1.5 * os.path.getsize(big_path) + os.path.getsize(big_path + ".yaml") + 200 * 10_000
        report("article memory / (1.5 x bytes + sidecar + 200 a span)", (peak - floor) / allowed, 1.0,
               "%.1f MB of %.1f MB, above an empty start of %.1f MB" % ((peak - floor) / 1e6, allowed / 1e6, floor / 1e6))

        library = os.path.join(work, "library")
        for k in range(20_000):
            folder = os.path.join(library, "f%03d" % (k // 100))
            if k % 100 == 0:
                os.makedirs(folder)
            with open(os.path.join(folder, "a%05d.txt" % k), "w", encoding="utf-8") as f:
                f.write("标题%d\n来源:衡澜日报\n\n会议指出,要抓好落实。\n" % k)
        ours = median_first([ZHUPI, library], b"f003", ENV)
        finds = []
        for _ in range(RUNS):
            begin = time.perf_counter()
            subprocess.run(["find", library, "-type", "f"], stdout=subprocess.DEVNULL, check=True)
            finds.append(time.perf_counter() - begin)
        theirs = statistics.median(finds)
        report("library of 20,000 on screen / (2 x find + 50 ms)", ours / (2 * theirs + 0.05), 1.0,
               "%.0f ms : find %.0f ms" % (ours * 1e3, theirs * 1e3))
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
