"""Two decoders on the same swipes: the paired difference and whether chance explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glissando.evaluation.answers import Answer
from glissando.evaluation.bootstrap import bootstrap, sign_test
from glissando.evaluation.metrics import MEASURES, Columns
from glissando.evaluation.running import EvaluationError


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of both decoders, in percent.

    Attributes:
        a: The first decoder's.
        b: The second's.
        difference: b - a, in points.
        interval95: Ends of the difference's 95 % interval; None with fewer than two people.
    """

    a: float
    b: float
    difference: float
    interval95: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two decoders on the same swipes.

    Attributes:
        n: Swipes.
        users: People.
        measures: Name → difference, for every measure that both decoders have.
        both: Swipes that both read right (top-1).
        only_a: Swipes that only the first read right.
        only_b: Swipes that only the second read right.
        neither: Swipes that none read right.
        p: Of the sign test on `only_a` and `only_b` (McNemar).
    """

    n: int
    users: int
    measures: dict[str, Difference]
    both: int
    only_a: int
    only_b: int
    neither: int
    p: float

    def to_json(self) -> dict[str, Any]:
        """A JSON object."""
        measures = {
            name: {
                "a": m.a,
                "b": m.b,
                "difference": m.difference,
                "interval95": list(m.interval95) if m.interval95 else None,
            }
            for name, m in self.measures.items()
        }
        counts = {name: getattr(self, name) for name in ("both", "only_a", "only_b", "neither")}
        return {"n": self.n, "users": self.users, **measures, "top1_counts": counts, "p": self.p}


def compare(a: Sequence[Answer], b: Sequence[Answer], *, seed: int = 0) -> Comparison:
    """Pair the answers of two decoders, swipe by swipe.

    Raises:
        EvaluationError: they are not answers to the same swipes in the same order.
    """
    _check_pairs(a, b)
    one, other = Columns.of(a), Columns.of(b)
    ends = bootstrap(other.numerators - one.numerators, one.denominators, one.users, seed=seed)
    measures = {}
    for at, name in enumerate(MEASURES):
        if name in ("wer", "cer") and not (one.greedy and other.greedy):
            continue
        rates = [
            100 * float(c.numerators[:, at].sum() / c.denominators[:, at].sum())
            for c in (one, other)
        ]
        low, high = (round(100 * float(end), 3) for end in ends[at])
        measures[name] = Difference(
            a=round(rates[0], 3),
            b=round(rates[1], 3),
            difference=round(rates[1] - rates[0], 3),
            interval95=(low, high) if np.isfinite(ends[at]).all() else None,
        )
    right = [np.array([answer.rank == 1 for answer in answers]) for answers in (a, b)]
    only_a, only_b = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    return Comparison(
        n=len(a),
        users=int(one.users.max()) + 1,
        measures=measures,
        both=int((right[0] & right[1]).sum()),
        only_a=only_a,
        only_b=only_b,
        neither=int((~right[0] & ~right[1]).sum()),
        p=sign_test(only_a, only_b),
    )


def _check_pairs(a: Sequence[Answer], b: Sequence[Answer]) -> None:
    if len(a) != len(b):
        raise EvaluationError(f"cannot pair {len(a):,} answers with {len(b):,}")
    if not a:
        raise EvaluationError("nothing to compare: no answers")
    for place, (one, other) in enumerate(zip(a, b, strict=True), start=1):
        if one.id != other.id:
            raise EvaluationError(
                f"answer {place} is to another swipe: {one.truth!r} of {one.origin} "
                f"and {other.truth!r} of {other.origin}; only answers to the same can be paired"
            )
