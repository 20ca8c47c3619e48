"""Inputs for the bench, made up from a fixed seed: prose, articles with spans, folders of articles.  No word of them is anybody's."""
import json
import os
import random
import subprocess

WORDS = ["会议", "指出", "全市", "防汛", "工作", "要", "加强", "落实", "责任", "群众", "安全", "水库", "巡查", "预案", "演练", "培训", "检查",
         "整改", "项目", "企业"]
LABELS = ["ORG", "PERSON", "PLACE", "POST", "MEETING"]


def prose(size, seed=1):
    """Chinese prose of about `size` bytes, each paragraph with a number to look for (P000001 …)."""
    source = random.Random(seed)
    block = ["".join(source.choice(WORDS) for _ in range(60)) for _ in range(997)]  # a prime: no period of the numbers
    out, used, n = [], 0, 0
    while used < size:
        n += 1
        line = "P%06d %s。\n" % (n, block[n % len(block)])
        out.append(line)
        used += len(line.encode())
    return "".join(out)


def long_line(size):
    """One line of about `size` bytes."""
    return prose(size).replace("\n", " ") + "\n"


def marks(count):
    """One base character with `count` combining marks between two plain paragraphs."""
    return "P000001 前\n基" + "\u0301" * count + "\nP000002 后\n"


def spans_over(length, count, depth=1):
    """`count` spans over a text of `length` code points; `depth` of them at a time lie in each other.  As (start, end, label)."""
    groups = max(1, count // depth)
    step = max(2 * depth + 2, (length - 100) // groups)
    out = []
    for g in range(groups):
        start = g * step + 10
        for d in range(depth):
            if start + 2 * depth - d < length:
                out.append((start + d, start + 2 * depth - d, LABELS[d % len(LABELS)]))
    return out[:count]


def article(folder, name, text, spans, zhupi, env):
    """Writes an article and its sidecar (by `zhupi import`).  Returns the path of the article."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    if spans:
        record = {"file": name, "spans": [{"start": a, "end": b, "label": label, "score": 0.5} for a, b, label in spans]}
        feed = json.dumps(record, ensure_ascii=False) + "\n"
        subprocess.run([zhupi, "import", "--from", "jsonl", "-", folder], input=feed.encode(), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    return path


def spans_every(step, count, length):
    """`count` spans, one every `step` code points, as far as they fit: the same on each screen whatever the size."""
    return [(10 + k * step, 12 + k * step, LABELS[k % len(LABELS)]) for k in range(min(count, (length - 20) // step))]


def corpus(folder, count, spans, zhupi, env):
    """A folder of `count` short articles of the same text in folders of 100, each with a sidecar of `spans` spans (none for 0), as zhupi
    writes it."""
    text = "防汛工作会议\n2022-03-14 来源: 衡澜日报\n\n" + prose(1500)
    sidecar = ""
    if spans:
        one = article(folder, "one.txt", text, spans_over(len(text), spans), zhupi, env)
        with open(one + ".yaml", encoding="utf-8", newline="") as f:
            sidecar = f.read()
        os.unlink(one)
        os.unlink(one + ".yaml")
    for k in range(count):
        sub = os.path.join(folder, "f%04d" % (k // 100))
        if k % 100 == 0:
            os.makedirs(sub)
        name = "a%06d.txt" % k
        with open(os.path.join(sub, name), "w", encoding="utf-8", newline="") as f:
            f.write(text)
        if spans:
            with open(os.path.join(sub, name + ".yaml"), "w", encoding="utf-8", newline="") as f:
                f.write(sidecar.replace("one.txt", name))
    return folder
