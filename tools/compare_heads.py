r"""Writes the section of docs/results.md that sets transducer against CTC over several seeds.

    glissando evaluate BUNDLE test.jsonl.gz --json rnnt-1.json --answers rnnt-1.jsonl   (and so on)
    python tools/compare_heads.py --rnnt rnnt-1 rnnt-2 rnnt-3 --ctc ctc-1 ctc-2 ctc-3 --out heads.md

Each name stands for a .json and a .jsonl file. A swipe's score is its mean over a head's seeds, and
the intervals of the difference draw people anew, as everywhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.evaluation import read_answers
from glissando.evaluation.bootstrap import bootstrap
from glissando.evaluation.metrics import MEASURES, Columns
from glissando.evaluation.strata import PrefixPairs, common_words, kinds_of

SHOWN = {"top1": "top-1", "top3": "top-3", "top5": "top-5", "wer": "WER", "cer": "CER"}
KINDS = {
    "<=3": "up to 3 letters",
    "4-6": "4 to 6 letters",
    ">=7": "7 letters and more",
    "doubled": "doubled letters",
    "prefix_pairs": "prefix pairs",
    "straight": "straight-line letters",
}


@dataclass(frozen=True)
class Head:
    """All seeds of one head.

    Attributes:
        name: Of the head.
        seeds: Of each seed what its rates are computed from.
        latency: p50 in ms of each seed.
        truths: The words, equal for all.
        ids: The swipes, equal for all.
    """

    name: str
    seeds: list[Columns]
    latency: list[float]
    truths: list[str]
    ids: list[str]

    @property
    def mean(self) -> NDArray[np.float64]:
        """`(N, M)`: what each swipe adds to each measure, mean over seeds."""
        return np.asarray(np.mean([seed.numerators for seed in self.seeds], axis=0))

    def rate(self, measure: str, mask: NDArray[np.bool_]) -> list[float]:
        """In percent, of each seed."""
        at = MEASURES.index(measure)
        return [
            100 * float(s.numerators[mask, at].sum() / s.denominators[mask, at].sum())
            for s in self.seeds
        ]


def load(name: str, stems: Sequence[Path]) -> Head:
    """The evaluations of one head."""
    answers = [read_answers(stem.with_name(stem.name + ".jsonl")) for stem in stems]
    numbers: list[dict[str, Any]] = [
        json.loads(stem.with_name(stem.name + ".json").read_text(encoding="utf-8"))
        for stem in stems
    ]
    ids = [[answer.id for answer in some] for some in answers]
    if any(other != ids[0] for other in ids):
        raise SystemExit(f"{name}: its seeds were evaluated on different swipes")
    latency = [float(one["latency_ms"]["p50"]) for one in numbers]
    truths = [answer.truth for answer in answers[0]]
    return Head(name, [Columns.of(some) for some in answers], latency, truths, ids[0])


def section(title: str, a: Head, b: Head, note: str) -> Iterator[str]:
    """The lines; differences are b - a."""
    if a.ids != b.ids:
        raise SystemExit(f"{a.name} and {b.name} were evaluated on different swipes")
    everything = np.ones(len(a.ids), dtype=bool)
    kinds = kinds_of(a.truths, PrefixPairs(common_words()[1]))
    yield f"## {title}"
    yield ""
    if note:
        yield note
        yield ""
    yield f"{len(a.ids):,} swipes, {len(a.seeds)} seeds a head: mean (lowest to highest seed)."
    yield ""
    yield f"| | {a.name} | {b.name} | {b.name} - {a.name} (95 %) |"
    yield "| --- | ---: | ---: | ---: |"
    for measure, label in SHOWN.items():
        yield row(label, a, b, measure, everything)
    latency = [f"{np.mean(h.latency):.1f} ({min(h.latency):.1f}–{max(h.latency):.1f})"
               for h in (a, b)]  # fmt: skip
    yield f"| p50 of a decode, ms | {latency[0]} | {latency[1]} | |"
    for kind, label in KINDS.items():
        yield row(f"top-1, {label} ({kinds[kind].sum():,})", a, b, "top1", kinds[kind])


def row(label: str, a: Head, b: Head, measure: str, mask: NDArray[np.bool_]) -> str:
    """One measure of both heads and the paired difference."""
    at, one = MEASURES.index(measure), a.seeds[0]
    ends = (
        100
        * bootstrap((b.mean - a.mean)[mask], one.denominators[mask], one.users[mask], seed=0)[at]
    )
    rates = [h.rate(measure, mask) for h in (a, b)]
    cells = [f"{np.mean(r):.1f} ({min(r):.1f}–{max(r):.1f})" for r in rates]
    difference = float(np.mean(rates[1]) - np.mean(rates[0]))
    cells.append(f"{difference:+.1f} ({ends[0]:+.1f} to {ends[1]:+.1f})")
    return f"| {label} | {' | '.join(cells)} |"


def main() -> None:
    """Write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rnnt", nargs="+", type=Path, required=True)
    parser.add_argument("--ctc", nargs="+", type=Path, required=True)
    parser.add_argument("--title", default="Transducer against CTC")
    parser.add_argument("--note", default="", help="a paragraph under the title")
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    lines = section(a.title, load("CTC", a.ctc), load("transducer", a.rnnt), a.note)
    a.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"written    {a.out}")


if __name__ == "__main__":
    main()
