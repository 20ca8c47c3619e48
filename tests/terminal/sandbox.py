#!/usr/bin/env python3
"""No corpus makes the program run another one, open a socket or write outside: `sandbox.py ZHUPI` runs sessions and commands
on a hostile corpus under strace and prints TAP.  The only programs that may run are those that the user's own configuration
names, and an editor when asked for."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from terminal import environment

ZHUPI = os.path.abspath(sys.argv[1])
CALLS = "trace=execve,execveat,socket,connect,bind,ptrace,openat,open,creat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir"
FORBIDDEN = re.compile(r"\b(execveat|socket|connect|bind|ptrace)\(")
WRITES = re.compile(r'\b(?:openat|open|creat)\((?:AT_FDCWD, |\d+, )?"([^"]*)".*(?:O_WRONLY|O_RDWR|O_CREAT)')

work = tempfile.mkdtemp(prefix="zhupi-sandbox-")
env = dict(environment(work), TMPDIR=work)


def make_hostile():
    os.makedirs(work + "/c/sub")
    evil = "$(touch /tmp/zhupi-owned)"
    with open(work + "/c/zhupi.yaml", "w") as f:
        f.write("zhupi: 1\nextractor: mine\nextractors: {mine: [touch, owned]}\n"
                "editor: touch owned\nkeys: {accept: '!touch owned'}\ninclude: /etc/passwd\n")
    for name in ("a.txt", evil.replace("/", "_") + ".txt", "`id`.txt", "-rf.txt", "; touch owned;.txt", "sub/| touch owned.txt"):
        with open(work + "/c/" + name, "w") as f:
            f.write("会议标题\n\n  张三丰主持会议。vim: set modeline exrc:\n# -*- eval: (shell-command \"touch owned\") -*-\n")
    with open(work + "/c/a.txt.yaml", "w") as f:
        f.write("zhupi: 1\narticle: {file: ../../../etc/passwd}\nspans:\n- {id: bcd23, label: '%s', at: [[8, 11]], text: 张三丰, note: '%s',\n"
                "   links: [{db: file, id: 'file:///etc/passwd', name: '!touch owned'}], verdict: undecided}\n" % (evil, evil))
    os.symlink("/etc/passwd", work + "/c/passwd.txt.yaml")
    with open(work + "/c/passwd.txt", "w") as f:
        f.write("题目\n")


def traced(name, args, stdin=b"", may_run=(), status=(0, 1)):
    log = work + "/log"
    r = subprocess.run(["strace", "-f", "-qq", "-e", CALLS, "-o", log, ZHUPI, *args], cwd=work, env=env, input=stdin, capture_output=True)
    with open(log, errors="replace") as f:
        lines = f.read().splitlines()
    bad = [line for line in lines if FORBIDDEN.search(line)]
    bad += [line for line in lines if re.search(r"\bexecve\(", line) and not line.split('"')[1].endswith((os.path.basename(ZHUPI), *may_run))]
    for line in lines:
        written = WRITES.search(line)
        path = os.path.normpath(os.path.join(work, written.group(1))) if written else work
        if not path.startswith((work, "/dev/null", "/dev/tty")) and not re.match(r"/tmp/zhupi-[0-9a-f]{16}/", path):  # a note for the editor
            bad.append(line)
    if os.path.exists("/tmp/zhupi-owned") or any("owned" in files for _, _, files in os.walk(work)):
        bad.append("a command of the corpus was run")
    traced_something = any("execve(" in line for line in lines)
    print("%s - sandbox: %s, %d calls looked at" % ("ok" if not bad and traced_something and r.returncode in status else "not ok", name, len(lines)))
    if r.returncode not in status:
        bad.append("ended with %d: %s" % (r.returncode, r.stderr.decode(errors="replace")[-300:]))
    for line in bad[:5]:
        print("#   " + ascii(line))


def main():
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "true"], capture_output=True).returncode:
        print("ok - sandbox # SKIP strace is not installed or may not trace here")
        return
    make_hostile()
    everything = "\n".join(["keys " + " ".join(keys) for keys in (
        "j j j <Enter>", "y u U x s", "v l l <Enter> p", "<Esc> i <Esc> H q", "e <Enter> <Esc>", "c", "<Esc> R <Enter> <Esc>", "P", "m", "<Esc> q q")])
    # What a person does with an article: the editor is the one that the environment names, and it is asked for.
    traced("browsing", ["--headless", "80x24", "c"], everything.encode() + b"\nidle\n")
    traced("an article", ["--headless", "80x24", "c/a.txt"], b"keys y x u ! \ntype why\nkeys <Enter> c\ntype note\nkeys <Enter>\nidle\n")
    traced("the editor that was asked for", ["--headless", "80x24", "c/a.txt"], b"keys E\n", ("false", "sh"))
    for args in (["show", "c/a.txt"], ["check", "c"], ["stats", "c"], ["log", "c/a.txt"], ["extract", "--with", "zh-report", "c"],
                 ["export", "--to", "jsonl", "c"], ["export", "--to", "html", "-o", "out", "c"], ["score", "--gold", "c", "--system", "c"]):
        traced(" ".join(args), args)
    traced("extract by a name that only the corpus knows", ["extract", "c"], status=(2,))
    traced("import that names other files", ["import", "--from", "jsonl", "-", "c"],
           b'{"file":"../outside.txt","text":"x"}\n{"file":"/tmp/zhupi-owned","text":"x"}\n{"file":"c.txt","text":"good"}\n')
    page = '<html><head><link rel=stylesheet href="http://127.0.0.1:9/x.css"><script src="http://127.0.0.1:9/"></script></head>' \
           '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><body><img src="http://127.0.0.1:9/i"><p>正文&e;</p></body></html>'
    with open(work + "/page.html", "w") as f:
        f.write(page)
    traced("import of a page that wants more", ["import", "--from", "html", "page.html", "c"])
    with open(work + "/x.xmi", "w") as f:
        f.write('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://127.0.0.1:9/">]>'
                '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI">&e;&n;</xmi:XMI>')
    with open(work + "/c/zhupi.yaml", "w") as f:
        f.write("zhupi: 1\narticles: ['../**/*', '/etc/*', '**/*.txt']\n")
    traced("a zhupi.yaml that names files outside", ["stats", "c"], status=(0, 1, 2))
    os.remove(work + "/c/zhupi.yaml")
    traced("import of XML with entities", ["import", "--from", "xmi", "x.xmi", "c"], status=(2,))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
