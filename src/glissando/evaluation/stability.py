"""How steady the shown word is while the finger still moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from glissando.decoding import Candidate
from glissando.traces import Trace

NEARLY_DONE = 0.9


class LiveDecoder(Protocol):
    """Decodes one swipe while it is drawn."""

    def update(self, trace: Trace) -> list[Candidate]:
        """The n-best for the path so far, which begins with every path given before."""
        ...

    def finish(self, trace: Trace) -> list[Candidate]:
        """The n-best for the whole path, when the finger is lifted."""
        ...


@dataclass(frozen=True, slots=True)
class Stability:
    """How the top word of swipes behaved over time.

    Attributes:
        swipes: Swipes that were fed.
        changes: Mean number of times that the top word gave way to another, a swipe.
        returns: Mean number of changes back to a word that was shown before, a swipe: flicker.
        settled_at: Mean share of a swipe's time after which the top word was final.
        settled_by_90: Share of swipes whose top word was final at 90 % of their time.
    """

    swipes: int
    changes: float
    returns: float
    settled_at: float
    settled_by_90: float


def stability(
    open_live: Callable[[], LiveDecoder], traces: Iterable[Trace], *, step_ms: float = 50.0
) -> Stability:
    """Feed growing prefixes of each trace to a live decoder and watch its top word.

    Args:
        open_live: A live decoder for one swipe.
        traces: The whole swipes.
        step_ms: Time between updates.

    Raises:
        ValueError: no traces, or a step that is not positive.
    """
    if not step_ms > 0:
        raise ValueError(f"step_ms: expected more than 0, found {step_ms}")
    seen = [_watch(open_live(), trace, step_ms) for trace in traces]
    if not seen:
        raise ValueError("no traces to measure stability on")
    changes, returns, settled = np.array(seen, dtype=np.float64).T
    return Stability(
        swipes=len(seen),
        changes=float(changes.mean()),
        returns=float(returns.mean()),
        settled_at=float(settled.mean()),
        settled_by_90=float((settled <= NEARLY_DONE).mean()),
    )


def _watch(live: LiveDecoder, trace: Trace, step_ms: float) -> tuple[int, int, float]:
    """Changes and returns of the top word, and the share of time at which it was final."""
    shown: list[str] = []
    times: list[float] = []
    for end in (*_ends(trace, step_ms), len(trace)):
        part = Trace(trace.x[:end], trace.y[:end], trace.t[:end])
        candidates = live.finish(trace) if end == len(trace) else live.update(part)
        word = candidates[0].word if candidates else ""
        if word != (shown[-1] if shown else ""):
            shown.append(word)
            times.append(float(trace.t[end - 1]))
    words = [word for word in shown if word]
    changes = sum(one != other for one, other in pairwise(words))
    returns = _returns(words)
    return changes, returns, (times[-1] if times else 0.0) / (trace.duration or 1.0)


def _returns(words: Sequence[str]) -> int:
    """How often a word comes after it had given way to another."""
    return sum(word in words[:at] and words[at - 1] != word for at, word in enumerate(words) if at)


def _ends(trace: Trace, step_ms: float) -> list[int]:
    """How many points each prefix has: what was drawn each time that a step has passed."""
    clock = np.arange(step_ms, trace.duration, step_ms)
    ends = np.searchsorted(trace.t - trace.t[0], clock, side="right")
    # the whole trace is not among them; rounding may carry the last step to its end
    return [end for end in dict.fromkeys(ends.tolist()) if end < len(trace)]
