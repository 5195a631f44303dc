r"""Writes the section of docs/results.md on what off, slow, torn or hurried swipes cost.

    python tools/measure_robustness.py validation.jsonl.gz --out docs/results/robustness.md

Swipes that their recorder flagged as wrong (is_err) are the last row, beside none of the changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from glissando import GestureDecoder
from glissando.evaluation import Rows, read_swipes
from glissando.evaluation.stress import STRESSES, Stressed, under_stress
from glissando.keyboard import load_keyboard


def section(name: str, data: str, found: Sequence[Stressed]) -> Iterator[str]:
    """The lines of the section."""
    yield "## Robustness"
    yield ""
    yield f"{name} on {data}: each row does one thing to every swipe (`glissando.evaluation.stress`"
    yield "says what exactly); the last row is other swipes, as they were recorded."
    yield ""
    yield "| swipes | n | top-1 | top-3 | top-1 lost |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for one in found:
        lost = f"{found[0].top1 - one.top1:.1f}" if one.n == found[0].n else "–"
        yield f"| {one.name} | {one.n:,} | {one.top1:.1f} | {one.top3:.1f} | {lost} |"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="validation swipes, all on QWERTY")
    parser.add_argument("--bundle", type=Path, help="the shipped one if not given")
    parser.add_argument("--limit", type=int, help="only so many swipes, always the same ones")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    decoder, keyboard = GestureDecoder.load(a.bundle), load_keyboard("qwerty")
    gestures = [row.gesture for row in read_swipes([a.data], limit=a.limit).rows]
    flagged = [r.gesture for r in read_swipes([a.data], rows=Rows.ALL).rows if r.gesture.is_err]
    work = [(name, gestures, change) for name, change in STRESSES.items()]
    work.append(("flagged as wrong (`is_err`)", flagged, STRESSES["as recorded"]))
    found = []
    for name, some, change in work:
        found.append(under_stress(decoder, some, keyboard, name, change))
        print(name, f"{found[-1].top1:.1f}", flush=True)
    lines = section(decoder.name, a.data.name, found)
    a.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"written    {a.out}")


if __name__ == "__main__":
    main()
