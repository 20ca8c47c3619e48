"""Makes proposals wrong on purpose and writes the keys that put them right.

usage: perturb.py SEEDS OUT

For each NAME.gold.json of SEEDS: OUT/NAME.jsonl, proposals of which a third miss, and of the others some have an edge off by one
shown character and some another label; OUT/keys, a script for `zhupi --headless` that reviews them all back to the gold.
The only knowledge used beyond the gold is what a reviewer sees: glosses (the gold's noise) are not shown, so a step passes over them.
"""
import json
import os
import sys

LABELS = ["PERSON", "POST", "ORG", "PLACE", "TIME", "MEETING", "MEASURE", "SLOGAN", "QUANTITY", "DISEASE"]
DIGIT = {label: str((i + 1) % 10) for i, label in enumerate(LABELS)}


def shown_positions(text, noise):
    """Code points that the reading layer shows as themselves."""
    hidden = set()
    for piece in noise:
        if piece["kind"] in ("gloss", "mojibake"):
            hidden.update(range(piece["start"], piece["end"]))
    return [i for i, c in enumerate(text) if i not in hidden and c not in "\r\n"]


def is_han(c):
    return "\u4e00" <= c <= "\u9fff"


def perturb(text, gold):
    shown = shown_positions(text, gold.get("noise", []))
    rank = {position: k for k, position in enumerate(shown)}
    proposals, missing, actions = [], [], []
    for n, span in enumerate(gold["spans"]):
        if n % 3 == 2:
            missing.append(span)
            continue
        wrong = dict(span)
        wrong.pop("text")
        keys = []
        first, last = rank[span["start"]], rank[span["end"] - 1]
        kind = n % 9
        if kind in (0, 4) and last + 1 < len(shown) and is_han(text[shown[last + 1]]) and shown[last + 1] == span["end"]:
            wrong["end"] = shown[last + 1] + 1
            keys.append("[")
        elif kind in (1,) and first > 0 and is_han(text[shown[first - 1]]) and shown[first - 1] + 1 == span["start"]:
            wrong["start"] = shown[first - 1]
            keys.append(".")
        elif kind == 3 and last > first + 1 and shown[last - 1] + 1 == shown[last]:
            wrong["end"] = shown[last - 1] + 1
            keys.append("]")
        if kind in (4, 6):
            wrong["label"] = LABELS[(LABELS.index(span["label"]) + 3) % len(LABELS)]
            keys.append(DIGIT[span["label"]])
        else:
            keys.append("y")
        proposals.append(wrong)
        # The queue goes by position: start, then the longer first.
        actions.append(((wrong["start"], -wrong["end"]), keys))
    actions.sort(key=lambda action: action[0])
    return proposals, missing, [key for _, keys in actions for key in keys]


def add_keys(text, gold, span):
    """The instructions that add a missing span: search for what stands only there, select, label."""
    shown = shown_positions(text, gold.get("noise", []))
    rank = {position: k for k, position in enumerate(shown)}
    whole = "".join(text[p] for p in shown)
    first, last = rank[span["start"]], rank[span["end"] - 1]
    line_start = first
    while line_start > 0 and shown[line_start] - shown[line_start - 1] < 20 and "\n" not in text[shown[line_start - 1]:shown[line_start]]:
        line_start -= 1
    for start in range(first, line_start - 1, -1):
        length = 1
        while start + length <= len(whole) and "\n" not in text[shown[start]:shown[start + length - 1] + 1]:
            if whole.count(whole[start:start + length]) == 1 and whole[start:start + length].strip() == whole[start:start + length]:
                steps = ["l"] * (first - start)
                grow = ["l"] * (last - first)
                return ["keys v /", "type " + whole[start:start + length],
                        "keys " + " ".join(["<Enter>"] + steps + ["v"] + grow + [DIGIT[span["label"]]])]
            length += 1
    raise SystemExit("nothing unique near %r" % span)


def main():
    seeds, out = sys.argv[1], sys.argv[2]
    script = ["wait", "keys y"]
    for name in sorted(os.listdir(seeds)):
        if not name.endswith(".gold.json"):
            continue
        with open(os.path.join(seeds, name), encoding="utf-8") as f:
            gold = json.load(f)
        with open(os.path.join(seeds, gold["file"]), encoding="utf-8", newline="") as f:
            text = f.read()
        proposals, missing, keys = perturb(text, gold)
        stem = os.path.join(out, name[: -len(".gold.json")])
        with open(stem + ".jsonl", "w", encoding="utf-8") as f:
            json.dump({"file": gold["file"], "spans": proposals}, f, ensure_ascii=False)
            f.write("\n")
        script.append("keys " + " ".join(keys) + " k")
        for span in missing:
            script.extend(add_keys(text, gold, span))
        script.append("keys m y")
    with open(os.path.join(out, "keys"), "w", encoding="utf-8") as f:
        f.write("\n".join(script) + "\n")


main()
