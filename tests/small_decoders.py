"""Small decoders for the tests of evaluation; each keeps the whole protocol."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from glissando.datasets import Located
from glissando.decoding import Candidate
from glissando.evaluation.matching import match_key
from glissando.keyboard import Keyboard, load_keyboard
from glissando.traces import Trace

TEXT = """the then they this that you your in into on one and any are as at be been but by can
for from good great had have hello her him his how letter little more need not now of off only or
other our out people see she so some take than their there thing time to too two up us use want we
well what when which who will with word work would year keyboard gesture typing"""
WORDS = TEXT.split()


def ranked(words: Sequence[str], scores: Sequence[float], n: int) -> list[Candidate]:
    """The n best words with probabilities that sum to 1."""
    order = np.argsort(-np.asarray(scores), kind="stable")[:n]
    powers = np.exp(np.asarray(scores)[order] - np.max(scores))
    chances = powers / powers.sum()
    return [
        Candidate(words[at], float(scores[at]), float(p))
        for at, p in zip(order, chances, strict=True)
    ]


class Small:
    """What the decoders share."""

    name = "small"
    lexicon_name = "few"
    size_bytes = 1_500_000
    words: list[str] = WORDS

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        raise NotImplementedError

    def decode_greedy(self, trace: Trace, *, keyboard: Keyboard | None = None) -> str | None:
        return None


class Oracle(Small):
    """Has been told the truth of each trace; answers it at a place of the n-best, 0 for never."""

    name = "oracle"

    def __init__(self, rows: Iterable[Located], place: int = 1) -> None:
        self._truths = {r.gesture.trace.points().tobytes(): r.gesture.word for r in rows}
        self._place = place
        self.words = sorted({*WORDS, *map(str.lower, self._truths.values())})

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        truth = self._truths[trace.points().tobytes()]
        others = [word for word in self.words if match_key(word) != match_key(truth)]
        answers = others[:n]
        if self._place:
            answers.insert(self._place - 1, truth.upper())  # case must not matter
        return ranked(answers, [-float(at) for at in range(len(answers))], n)

    def decode_greedy(self, trace: Trace, *, keyboard: Keyboard | None = None) -> str | None:
        return self._truths[trace.points().tobytes()] if self._place == 1 else ""


class Template(Small):
    """Distance of the path from straight lines between the word's keys."""

    name = "template"

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        board = keyboard or load_keyboard("qwerty")
        path = resampled(np.stack([trace.x, trace.y], axis=1) / board.key_size)
        ideal = [
            resampled(board.centre_array(word.replace("'", "")) / board.key_size)
            for word in self.words
        ]
        return ranked(self.words, [-float(np.abs(path - one).mean()) * 10 for one in ideal], n)


class Speller(Template):
    """Template, and in second place the truth spelt out where the list lacks it."""

    name = "speller"

    def __init__(self, rows: Iterable[Located]) -> None:
        self._truths = {r.gesture.trace.points().tobytes(): r.gesture.word for r in rows}

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        first, *others = super().decode(trace, keyboard=keyboard, n=n)
        truth = self._truths[trace.points().tobytes()]
        spelt = [] if truth in self.words else [Candidate(truth, first.score, 0.0, literal=True)]
        return [first, *spelt, *others][:n]


class Backwards(Template):
    """Puts the nearest word last."""

    name = "backwards"

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        return super().decode(trace, keyboard=keyboard, n=n)[::-1]


class Failing(Template):
    """Breaks on paths that begin right of the middle."""

    name = "failing"

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        if trace.x[0] > 0.5:
            raise RuntimeError("no right half")
        return super().decode(trace, keyboard=keyboard, n=n)


class Slow(Template):
    """Takes its time, and says when it begins."""

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        sys.stdout.write("decoding\n")
        sys.stdout.flush()
        time.sleep(0.1)
        return super().decode(trace, keyboard=keyboard, n=n)


class Dying(Template):
    """Takes its whole process along."""

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        os._exit(1)


class Process(Template):
    """Tells of its process: how many threads it may use, and whether it is deaf to Ctrl-C."""

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        deaf = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
        facts = {"threads": float(os.environ["OMP_NUM_THREADS"]), "deaf": float(deaf)}
        return [Candidate(name, value, 0.5) for name, value in facts.items()]


def resampled(path: NDArray[np.float32], count: int = 24) -> NDArray[np.float64]:
    """`(count, 2)` points at equal distances along a path."""
    steps = np.hypot(*np.diff(path, axis=0).T) if len(path) > 1 else np.empty(0)
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, reached[-1], count)
    return np.stack([np.interp(wanted, reached, path[:, axis]) for axis in range(2)], axis=1)
