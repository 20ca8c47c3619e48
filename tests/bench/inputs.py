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


def corpus(folder, count, spans, zhupi, env):
    """A folder of `count` short articles in folders of 100, each with a sidecar of `spans` spans (none for 0)."""
    text = prose(1500)
    places = spans_over(len(text), spans) if spans else []
    feed = []
    for k in range(count):
        sub = "f%04d" % (k // 100)
        if k % 100 == 0:
            os.makedirs(os.path.join(folder, sub))
        name = "%s/a%06d.txt" % (sub, k)
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as f:
            f.write("标题%06d\n来源:衡澜日报\n\n" % k + text)
        if places:
            lead = len("标题%06d\n来源:衡澜日报\n\n" % k)
            feed.append(json.dumps({"file": name, "spans": [{"start": lead + a, "end": lead + b, "label": label, "score": 0.5}
                                                            for a, b, label in places]}, ensure_ascii=False))
    if feed:
        subprocess.run([zhupi, "import", "--from", "jsonl", "-", folder], input="\n".join(feed).encode() + b"\n", check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    return folder
