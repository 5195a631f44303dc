"""Rates of right answers with their intervals, for any choice of rows; in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.evaluation.answers import Answer
from glissando.evaluation.bootstrap import bootstrap, user_numbers
from glissando.evaluation.matching import edit_distance, match_key

Mask = NDArray[np.bool_]

TOPS = (1, 3, 5)
MEASURES = (*(f"top{k}" for k in TOPS), "mrr", "wer", "cer")
"""Names of the rates: top-k and MRR of the n-best, word and character error rate of greedy
decoding without a lexicon."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the rates of some answers are computed from; each row adds to sums.

    Attributes:
        numerators: `(N, M)` what a row adds to each of `MEASURES`.
        denominators: `(N, M)` what it adds to the divisor: 1, or the truth's letters for CER.
        users: `(N,)` number of each row's person.
        greedy: Whether the decoder reads without a lexicon at all.
    """

    numerators: NDArray[np.float64]
    denominators: NDArray[np.float64]
    users: NDArray[np.int64]
    greedy: bool

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Columns:
        """Score answers."""
        ranks = np.array([answer.rank for answer in answers], dtype=np.float64)
        found = ranks > 0
        keys = [match_key(answer.truth) for answer in answers]
        read = [match_key(answer.greedy or "") for answer in answers]
        edits = [edit_distance(key, other) for key, other in zip(keys, read, strict=True)]
        wrong = [key != other for key, other in zip(keys, read, strict=True)]
        numerators = np.stack(
            [
                *(found & (ranks <= k) for k in TOPS),
                np.divide(1, ranks, out=np.zeros_like(ranks), where=found),
                np.array(wrong, dtype=np.float64),
                np.array(edits, dtype=np.float64),
            ],
            axis=1,
        ).astype(np.float64)
        denominators = np.ones_like(numerators)
        denominators[:, MEASURES.index("cer")] = [len(key) for key in keys]
        users = user_numbers([answer.user for answer in answers])
        greedy = any(answer.greedy is not None for answer in answers)
        return cls(numerators, denominators, users, greedy)

    def rates(self, mask: Mask, *, seed: int = 0) -> dict[str, Any]:
        """`n`, every one of `MEASURES` in percent, and `interval95` of each.

        None stands for what cannot be told: no rows, fewer than two people for an interval, or
        a decoder without a greedy mode.
        """
        above, below = self.numerators[mask], self.denominators[mask]
        sums, divisors = above.sum(axis=0), below.sum(axis=0)
        ends = bootstrap(above, below, self.users[mask], seed=seed) * 100
        values: dict[str, float | None] = {}
        intervals: dict[str, list[float] | None] = {}
        for at, name in enumerate(MEASURES):
            told = divisors[at] > 0 and (self.greedy or name not in ("wer", "cer"))
            values[name] = round(float(100 * sums[at] / divisors[at]), 3) if told else None
            sure = told and bool(np.isfinite(ends[at]).all())
            intervals[name] = [round(float(end), 3) for end in ends[at]] if sure else None
        return {"n": int(mask.sum()), **values, "interval95": intervals}
