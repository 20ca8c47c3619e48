"""dict.py: the dictionary of a fuzz target in libFuzzer's form, made of tests/fuzz/dict/TARGET.

A line there is a token; `\\s` in it is a blank, `\\e` ESC, and `\\n \\r \\t \\xNN \\\\` are as in C.  `# …` says something,
`with OTHER` takes in another dictionary, and `from FILE…` (patterns) the short words between quotation marks in sources
that read the format, or the words of a YAML file: so what is added to a table there is known here.

    python3 tests/fuzz/dict.py TARGET >FILE
"""
import glob
import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
LONGEST = 24  # of a word of a source; what is longer is a message
BLANKS = {"s": b" ", "e": b"\x1b", "n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}


def unescape(line):
    out = b""
    for part in re.findall(r"\\x[0-9a-fA-F]{2}|\\.|[^\\]+", line):
        if part.startswith("\\x"):
            out += bytes([int(part[2:], 16)])
        elif part.startswith("\\"):
            out += BLANKS[part[1]]
        else:
            out += part.encode()
    return out


def words_of(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".yaml"):
        return re.findall(r"[a-z][a-z-]+", text)
    text = re.sub(r"/\*.*?\*/|^#.*?$", "", text, flags=re.DOTALL | re.MULTILINE) if path.endswith(".c") else text
    return [w for w in re.findall(r'"([^"\\\n%]+)"', text) if len(w) <= LONGEST and " " not in w.strip()]


def tokens(target):
    with open(os.path.join(here, "dict", target), encoding="utf-8") as f:
        for line in f.read().split("\n"):
            kind, _, rest = line.partition(" ")
            if not line or kind == "#" and rest[:1].isupper():
                continue
            if kind == "with":
                yield from tokens(rest)
            elif kind == "from":
                for pattern in rest.split():
                    paths = sorted(glob.glob(os.path.join(root, pattern)))
                    if not paths:
                        sys.exit(f"tests/fuzz/dict/{target}: there is no {pattern}")
                    for path in paths:
                        yield from (w.encode() for w in words_of(path))
            else:
                yield unescape(line)


def main():
    for token in dict.fromkeys(t for t in tokens(sys.argv[1]) if t):
        print('"' + "".join(f"\\x{b:02x}" for b in token) + '"')


main()
