r"""Measures what off, slow, torn or hurried swipes cost a decoder, for docs/results.md.

    python tools/measure_robustness.py validation.jsonl.gz --out robustness.json

Swipes that their recorder flagged as wrong (is_err) are the last row, beside none of the changes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from glissando import GestureDecoder
from glissando.evaluation import Rows, read_swipes
from glissando.evaluation.stress import STRESSES, under_stress
from glissando.keyboard import load_keyboard


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="validation swipes, all on QWERTY")
    parser.add_argument("--bundle", type=Path, help="the shipped one if not given")
    parser.add_argument("--limit", type=int, help="only so many swipes, always the same ones")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    decoder, keyboard = GestureDecoder.load(a.bundle), load_keyboard("qwerty")
    swipes = read_swipes([a.data], limit=a.limit)
    gestures = [row.gesture for row in swipes.rows]
    flagged = [r.gesture for r in read_swipes([a.data], rows=Rows.ALL).rows if r.gesture.is_err]
    work = [(name, gestures, change) for name, change in STRESSES.items()]
    work.append(("flagged as wrong by the recorder", flagged, STRESSES["as recorded"]))
    found = []
    for name, some, change in work:
        one = under_stress(decoder, some, keyboard, name, change)
        print(f"{one.name:36}{one.n:6}{one.top1:7.1f}{one.top3:7.1f}", flush=True)
        found.append(asdict(one))
    facts = {"decoder": decoder.name, "files": swipes.files, "stresses": found}
    a.out.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
