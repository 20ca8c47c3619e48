"""A program on a pseudo terminal: what it writes there, the terminal's modes, its end.  Nothing sleeps for time to pass: all
waiting is for bytes, for the end of the process, or for a limit that only a failure reaches."""
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time

LIMIT = 20    # seconds
AGAIN = 0.3   # seconds of silence after which keys are sent once more: those typed before a screen's first frame are dropped

# What a terminal in its usual mode makes of a line end.
COOKED = re.compile("\r(?=\n)")
# What must be on after the program starts and off when it has ended: alternate screen, bracketed paste, mouse, hidden cursor.
MODES = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1002h", b"\x1b[?1002l"),
         (b"\x1b[?1006h", b"\x1b[?1006l"), (b"\x1b[?25l", b"\x1b[?25h"))


class Terminal:
    def __init__(self, argv, folder, env, rows=24, cols=80, closed=(), before=None):
        self.master, slave = os.openpty()
        os.set_blocking(self.master, False)
        self.resize(rows, cols)
        self.was = termios.tcgetattr(slave)
        self.output, self.status, self.lost = b"", None, False
        started, starting = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.closerange(3, starting)
                os.closerange(starting + 1, 256)
                for fd in closed:
                    os.close(fd)
                os.chdir(folder)
                # A shell ignores the first two in what it runs in the background, nohup the third.
                for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                    signal.signal(number, signal.SIG_DFL)
                if before:
                    before()
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)
        os.close(slave)
        os.close(starting)
        os.read(started, 1)  # ends when the program has taken the place of this one
        os.close(started)

    def resize(self, rows, cols):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def drain(self, wait=0.0):
        """Reads what is there, waiting for the first byte; False when nothing came."""
        if self.lost or not select.select([self.master], [], [], wait)[0]:
            return False
        try:
            got = os.read(self.master, 65536)
        except BlockingIOError:
            return False
        except OSError:
            got = b""
        self.lost = not got
        self.output += got
        return bool(got)

    def send(self, data):
        """The terminal may be full in both directions: reads while it writes."""
        end = time.monotonic() + LIMIT
        while data and not self.lost and self.ended() is None:
            if time.monotonic() > end:
                raise TimeoutError("%d bytes are not taken" % len(data))
            readable, writable, _ = select.select([self.master], [self.master], [], 0.1)
            if readable:
                self.drain()
            if writable:
                try:
                    data = data[os.write(self.master, data):]
                except BlockingIOError:
                    continue
                except OSError:
                    return

    def send_only(self, data):
        """What the terminal takes at once; nothing is read."""
        try:
            os.write(self.master, data)
        except BlockingIOError:
            pass

    def read_bytes(self, most):
        """At most so many, waiting a moment for the first."""
        if self.lost or not select.select([self.master], [], [], 0.1)[0]:
            return b""
        got = os.read(self.master, most)
        self.output += got
        return got

    def wait_for(self, what, since=0, keys=b"", limit=LIMIT):
        """Until a regular expression (bytes) is in the output behind since; keys are sent again where nothing comes."""
        end = time.monotonic() + limit
        while True:
            found = re.search(what, self.output[since:])
            if found:
                return found
            if time.monotonic() > end or (self.lost and self.ended() is not None):
                return None
            if not self.drain(AGAIN):
                if self.lost or self.ended() is not None:
                    return re.search(what, self.output[since:])
                if keys:
                    self.send(keys)

    def ended(self):
        """None while it runs; then its status as subprocess has it."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def wait_end(self, keys=b"", limit=LIMIT):
        end = time.monotonic() + limit
        while self.ended() is None and time.monotonic() < end:
            if self.lost:
                time.sleep(0.002)  # nothing to select on: poll for the end
            elif not self.drain(0.02 if not keys else 0.1) and keys:
                self.send(keys)
        while self.drain():
            pass
        return self.ended()

    def stopped(self):
        try:
            with open("/proc/%d/stat" % self.pid) as f:
                return f.read().rsplit(")", 1)[1].split()[0] == "T"
        except OSError:
            return False

    def cpu(self):
        """Seconds of processor time so far."""
        with open("/proc/%d/stat" % self.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss(self):
        """KiB in memory."""
        with open("/proc/%d/status" % self.pid) as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))

    def restored(self):
        """What of the terminal is not as it was, or None."""
        if not self.lost or self.ended() is not None:
            try:
                if termios.tcgetattr(self.master) != self.was:
                    return "modes of the line"
            except termios.error:
                pass
        for on, off in MODES:
            if self.output.rfind(on) > self.output.rfind(off):
                return ascii(on.decode()) + " is left"
        return None

    def close(self):
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
            self.lost = True

    def kill(self):
        if self.ended() is None:
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
        self.close()


def run(argv, folder, env, steps, rows=24, cols=80):
    """steps: (text to wait for in what came since the last step, keys to send then).  All output and the status."""
    t = Terminal(argv, folder, env, rows, cols)
    since, sent = 0, b""
    for what, keys in steps:
        if not t.wait_for(re.escape(what), since, sent):
            break
        since, sent = len(t.output), keys
        t.send(keys)
    t.wait_end(sent)
    t.kill()
    return t.output, t.status


# ---- corpora -----------------------------------------------------------------------------------------------------------

def environment(work):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "USER": "tester", "HOME": work, "TERM": "xterm-256color",
           "XDG_CONFIG_HOME": work + "/config", "XDG_STATE_HOME": work + "/state", "EDITOR": "false"}
    for name, value in os.environ.items():
        if name.endswith("SAN_OPTIONS"):
            env[name] = value
    return env


def make_corpus(zhupi, folder, env, articles=4, spans=40):
    """Articles of lines that each name a person, a proposal on each name."""
    import json
    import subprocess
    os.makedirs(folder, exist_ok=True)
    lines = []
    for n in range(1, articles + 1):
        with open("%s/a%d.txt" % (folder, n), "w") as f:
            f.write("会议标题%d\n\n" % n + "  张三丰主持会议。\n" * spans)
        lines.append(json.dumps({"file": "a%d.txt" % n, "spans": [
            {"id": "p%d%03d" % (n, i), "start": 9 + i * 11, "end": 12 + i * 11, "label": "PERSON", "text": "张三丰"} for i in range(spans)]}))
    subprocess.run([zhupi, "import", "--from", "jsonl", "-", folder], input="\n".join(lines).encode(), env=env, check=True,
                   capture_output=True)
