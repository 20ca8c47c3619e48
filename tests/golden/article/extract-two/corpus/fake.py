# An extractor that finds 高建军 and goes wrong where the article's name says how.
import json
import sys

for line in sys.stdin:
    article = json.loads(line)
    name, text = article["id"], article["text"]
    at = text.find("高建军")
    spans = [{"start": at, "end": at + 3, "label": "PERSON", "score": 0.7}] if at >= 0 else []
    if name.startswith("crash"):
        print("Traceback\nValueError: nothing\x1b[31m to see", file=sys.stderr, flush=True)
        sys.exit(7)
    if name.startswith("json"):
        print("[1, 2", flush=True)
        continue
    if name.startswith("label"):
        spans.append({"start": 0, "end": 2, "label": "DRAGON"})
    if name.startswith("outside"):
        spans.append({"start": 0, "end": 9999, "label": "ORG"})
    print(json.dumps({"id": name, "spans": spans}), flush=True)
