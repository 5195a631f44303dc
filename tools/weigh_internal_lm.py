r"""Finds what subtracting a transducer's internal language model would change on validation.

    python tools/weigh_internal_lm.py validation.jsonl.gz --every 2

The n-best of a wide search is scored anew: network + a * log prior - b * log P of the word under
the prediction network alone (Meng et al., "Internal language model estimation for domain-adaptive
end-to-end speech recognition", SLT 2021). Prints top-1 and top-3 for each a and b.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from draw_letter_dependencies import log_next_labels
from numpy.typing import NDArray

from glissando import GestureDecoder
from glissando.bundle import Bundle, read_bundle
from glissando.decoding.scorer import is_transducer
from glissando.evaluation import read_swipes
from glissando.evaluation.matching import match_key
from glissando.runtime.decoder import DEFAULT_BUNDLE
from glissando.traces import Gesture

CANDIDATES, WIDTH, THRESHOLD = 60, 100, 18.0
PRIORS = (0.0, 0.2, 0.35, 0.5, 0.7, 0.9)
INTERNAL = (-0.2, 0.0, 0.1, 0.2, 0.3, 0.5)

# Per swipe: scores `(C, 3)` of network, prior and internal model, and which candidate is right.
Scored = tuple[NDArray[np.float64], NDArray[np.bool_]]


def scored(bundle: Bundle, swipes: Sequence[Gesture]) -> list[Scored]:
    """The candidates of every swipe, their scores apart."""
    beam = replace(bundle.description.decoding, width=WIDTH, threshold=THRESHOLD)
    decoder = GestureDecoder(
        replace(bundle, description=replace(bundle.description, decoding=beam))
    )
    if not is_transducer(decoder.scorer):
        raise SystemExit("only a transducer has an internal language model")
    space, alphabet, scorer = decoder.space(), bundle.description.alphabet, decoder.scorer
    priors = dict(zip(space.words, space.log_priors.tolist(), strict=True))

    @cache
    def internal(word: str) -> float:
        if not word:
            return 0.0
        before, last = word[:-1], alphabet.encode(word[-1])[0]
        return internal(before) + float(log_next_labels(scorer, alphabet, before)[last])

    found = []
    for gesture in swipes:
        best = decoder.decode(gesture.trace, n=CANDIDATES)
        rows = [
            (
                c.score - beam.prior_weight * priors[c.word],
                priors[c.word],
                internal(match_key(c.word)),
            )
            for c in best
        ]
        right = [match_key(c.word) == match_key(gesture.word) for c in best]
        found.append((np.array(rows).reshape(-1, 3), np.array(right, bool)))
    return found


def rates(found: Sequence[Scored], a: float, b: float) -> tuple[float, float]:
    """Top-1 and top-3 in percent."""
    places = []
    for scores, right in found:
        order = np.argsort(-(scores @ np.array([1.0, a, -b])), kind="stable")
        places.append(int(np.argmax(right[order])) if right.any() else CANDIDATES)
    top1, top3 = (100 * float(np.mean(np.array(places) < k)) for k in (1, 3))
    return top1, top3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="validation swipes, all on QWERTY")
    parser.add_argument("--bundle", type=Path, default=DEFAULT_BUNDLE)
    parser.add_argument("--every", type=int, default=1, help="take every such swipe")
    a = parser.parse_args()
    swipes = [row.gesture for row in read_swipes([a.data]).rows][:: a.every]
    found = scored(read_bundle(a.bundle), swipes)
    print(f"{len(swipes)} swipes; top-1 / top-3; columns: internal model less {INTERNAL}")
    for prior in PRIORS:
        cells = ("{:.1f} / {:.1f}".format(*rates(found, prior, b)) for b in INTERNAL)
        print(f"prior {prior:<4}  {'   '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
