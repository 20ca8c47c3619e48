"""What the sections of the bench measure with: a pseudo-terminal, processes beside each other, instructions, memory.

Times are wall-clock seconds and mean something only as a ratio of two taken in turns in the same run (`in_turns`).
Instructions come from callgrind and do not depend on what else the machine does.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import termios
import time

ROWS, COLS = 40, 120


class Missing(Exception):
    """A program to compare with is not installed; its row says so."""


def need(program):
    if not shutil.which(program):
        raise Missing("%s is not installed" % program)
    return program


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

    def until(self, marker, limit=60.0):
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

    def processor(self):
        """Seconds of the processor used so far."""
        with open("/proc/%d/schedstat" % self.pid) as f:
            return int(f.read().split()[0]) / 1e9

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_screen(argv, marker, env):
    """Seconds from starting argv until marker was drawn."""
    t = Terminal(argv, env)
    try:
        return t.until(marker)
    finally:
        t.close()


def in_turns(runs, *actions):
    """Runs the actions one after the other, `runs` times over, so that a busy moment meets all of them.  An action returns seconds, or
    None to be timed from outside.  Returns the least of each: what the work costs when nothing disturbs it."""
    taken = [[] for _ in actions]
    for _ in range(runs):
        for times, action in zip(taken, actions):
            begin = time.perf_counter()
            seconds = action()
            times.append(time.perf_counter() - begin if seconds is None else seconds)
    return [min(times) for times in taken]


def used(argv, env, stdin=os.devnull):
    """What a command run to its end used: seconds of the processor, peak resident bytes.  stdin: a file."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(stdin, os.O_RDONLY), 0)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execvpe(argv[0], argv, env)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError("%r ended with %d" % (argv, status))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def compiled(source, work, *libraries):
    """A program made of a C file of this folder."""
    program = os.path.join(work, os.path.basename(source)[:-2])
    here = os.path.dirname(os.path.abspath(__file__))
    if subprocess.run([need("cc"), "-O2", "-o", program, os.path.join(here, source), *libraries]).returncode:
        raise Missing("%s could not be compiled" % source)
    return program


def median(values):
    return statistics.median(values)


class Counted:
    """zhupi --headless under callgrind, counting nothing until asked: what happens at the start costs a fifth of the time that way, and an
    article of 100 MB can be opened."""

    def __init__(self, zhupi, path, env, work):
        need("valgrind")
        self.env = env
        self.out = os.path.join(work, "callgrind.out")
        self.process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + self.out, "--log-file=" + os.devnull,
             zhupi, "--headless", "%dx%d" % (COLS, ROWS), path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        self.say("wait")
        self._control("-i", "on")

    def say(self, *lines):
        """Gives instructions and waits until they are done."""
        self.process.stdin.write("".join(line + "\n" for line in lines).encode() + b"say done\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line == b"done\n":
                return
        raise RuntimeError("zhupi --headless ended at %r" % (lines,))

    def _control(self, *argv):
        subprocess.run(["callgrind_control", *argv, str(self.process.pid)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=self.env)  # the name of the pipe it talks through is made of $USER

    def instructions(self, *lines):
        """What the instructions cost, in instructions of the processor."""
        self._control("-z")
        self.say(*lines)
        self._control("-d")
        newest = max((f for f in os.listdir(os.path.dirname(self.out)) if f.startswith("callgrind.out.")),
                     key=lambda f: int(f.rsplit(".", 1)[1]))
        newest = os.path.join(os.path.dirname(self.out), newest)
        with open(newest, encoding="utf-8") as f:
            total = re.search(r"^(?:summary|totals): (\d+)", f.read(), re.M)
        os.unlink(newest)
        return int(total.group(1))

    def close(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
