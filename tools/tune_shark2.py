"""Tunes SHARK2's parameters on validation swipes and prints the best found.

    python tools/tune_shark2.py hws-validation.jsonl.gz

The parameters that change distances are tried one after another, each with every combination of
those that only weigh them. The best has the highest mean reciprocal rank (MRR) of the true word,
which is smoother than the share that comes first.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.baselines import Shark2, Shark2Parameters
from glissando.baselines.shark2 import Distances
from glissando.datasets import Located
from glissando.evaluation.matching import match_key
from glissando.evaluation.swipes import read_swipes
from glissando.keyboard import load_keyboard
from glissando.lexicon import load_lexicon

Floats = NDArray[np.float64]

TRIALS: dict[str, Sequence[float]] = {
    "tunnel": (0.0, 0.3, 0.6, 0.9),
    "middle": (0.0, 0.5, 1.0),
    "row_ratio": (1.3, 1.6, 1.9, 2.2, 2.6),
    "radius": (1.25, 1.75, 2.5),
    "samples": (12, 16, 24, 32, 64),
}
WEIGHTS: dict[str, Sequence[float]] = {
    "shape_sigma": (0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.2),
    "location_sigma": (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6),
    "prior_weight": (0.5, 0.75, 1.0, 1.5),
}


def reciprocal_ranks(shark: Shark2, near: Distances, truths: set[int], weights: Floats) -> Floats:
    """One over the place of the first right word; 0 if pruning or the word list left none.

    Args:
        shark: What measured the distances.
        near: Distances from W paths.
        truths: Indices of the words that are right.
        weights: `(3, S)`: of squared distances and log priors, in S settings.

    Returns:
        `(S,)`.
    """
    right = np.flatnonzero(np.isin(near.words, list(truths)))
    if len(right) == 0:
        return np.zeros(weights.shape[1])
    terms = [near.shape**2, near.location**2, shark.log_priors(near.words)]
    scores = np.stack(terms, axis=1) @ weights
    return np.asarray(1.0 / (1.0 + (scores > scores[right].max(axis=0)).sum(axis=0)))


def best_weights(
    shark: Shark2, rows: Sequence[Located], truths: dict[str, set[int]]
) -> tuple[float, Shark2Parameters]:
    """The best MRR that weights alone can give, and the parameters that give it."""
    settings = list(product(*WEIGHTS.values()))
    shape, location, prior = np.array(settings).T
    weights = np.stack([-0.5 / shape**2, -0.5 / location**2, prior])
    total = np.zeros(len(settings))
    for row in rows:
        right = truths.get(match_key(row.gesture.word), set())
        total += reciprocal_ranks(shark, shark.distances(row.gesture.trace), right, weights)
    best = int(np.argmax(total))
    found: dict[str, Any] = dict(zip(WEIGHTS, settings[best], strict=True))
    return float(total[best]) / len(rows), replace(shark.parameters, **found)


def main() -> None:
    """Try, and print the best."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="validation swipes, never those to report on")
    parser.add_argument("--limit", type=int, default=600, help="swipes to tune on")
    parser.add_argument("--lexicon", default="en")
    parser.add_argument("--keyboard", default="qwerty")
    a = parser.parse_args()
    rows = read_swipes([a.data], limit=a.limit).rows
    lexicon, keyboard = load_lexicon(a.lexicon), load_keyboard(a.keyboard)
    truths: dict[str, set[int]] = {}
    for at, word in enumerate(Shark2(lexicon, keyboard, Shark2Parameters()).words):
        truths.setdefault(match_key(word), set()).add(at)
    best, reached = Shark2Parameters(), -1.0
    tried: set[tuple[float, ...]] = set()
    for name, values in TRIALS.items():
        for value in values:
            change: dict[str, Any] = {name: value}
            trial = replace(best, **change)
            key = tuple(asdict(trial)[each] for each in TRIALS)
            if key in tried:
                continue
            tried.add(key)
            mrr, found = best_weights(Shark2(lexicon, keyboard, trial), rows, truths)
            print(f"MRR {mrr:.4f}  {name}={value}  {found}", flush=True)
            if mrr > reached:
                reached, best = mrr, found
    print(f"\nbest on {len(rows)} swipes: MRR {reached:.4f}\n{best}")


if __name__ == "__main__":
    main()
