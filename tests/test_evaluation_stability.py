"""How the shown word behaves while the finger moves, on swipes whose history is known."""

from __future__ import annotations

import numpy as np
import pytest

from glissando.decoding import Candidate
from glissando.evaluation import stability
from glissando.traces import Trace


def trace(milliseconds: float = 1000, points: int = 101) -> Trace:
    t = np.linspace(0, milliseconds, points)
    return Trace.from_arrays(t / milliseconds, t * 0, t)


class Script:
    """Shows what the script says from each time on."""

    def __init__(self, script: dict[float, str]) -> None:
        self.script, self.ends, self.whole = script, [0], 0

    def finish(self, trace: Trace) -> list[Candidate]:
        assert not self.whole, "a swipe ends once"
        self.whole = len(trace)
        return self.update(trace)

    def update(self, trace: Trace) -> list[Candidate]:
        assert len(trace) > self.ends[-1], "every prefix is longer than the one before"
        self.ends.append(len(trace))
        word = [word for start, word in self.script.items() if trace.duration >= start][-1:]
        return [Candidate(one, 0.0, 1.0) for one in word if one]


def test_changes_returns_and_when_it_settled() -> None:
    found = stability(lambda: Script({200: "a", 400: "an", 600: "a", 800: "and"}), [trace()])
    assert (found.swipes, found.changes, found.returns) == (1, 3.0, 1.0)
    assert found.settled_at == pytest.approx(0.8, abs=0.05)
    assert found.settled_by_90 == 1.0


def test_means_are_over_swipes() -> None:
    scripts = iter([Script({0: "the"}), Script({0: "the", 950: "then"})])
    found = stability(lambda: next(scripts), [trace(), trace()])
    assert (found.changes, found.settled_by_90) == (0.5, 0.5)


def test_the_whole_trace_comes_last_and_once() -> None:
    for points, duration in [(1, 0.0), (2, 10.0), (50, 1000.0), (3, 5000.0)]:
        script = Script({0: "a"})
        t = np.linspace(0, duration, points)
        stability(lambda live=script: live, [Trace.from_arrays(t, t, t)])
        assert script.ends[-1] == script.whole == points


def test_a_word_that_vanishes_and_comes_back_is_no_change() -> None:
    found = stability(lambda: Script({200: "a", 400: "", 600: "a"}), [trace()])
    assert (found.changes, found.returns) == (0.0, 0.0)


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="no traces"):
        stability(lambda: Script({}), [])
    with pytest.raises(ValueError, match="step_ms"):
        stability(lambda: Script({}), [trace()], step_ms=0)
