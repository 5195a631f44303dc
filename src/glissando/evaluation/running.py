"""Runs a decoder over many swipes in parallel processes, and measures one decode by itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter, process_time

from glissando.datasets import Located
from glissando.decoding import Candidate, Decoder
from glissando.keyboard import Keyboard

OpenDecoder = Callable[[], Decoder]
"""Opens a decoder anew; picklable, because every process opens its own."""

WARM_UP = 20  # decodes before the clock starts: a decoder fills its caches once, not each time
_ROWS_A_TASK = 16
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB_MAXIMUM")


class EvaluationError(ValueError):
    """A decoder that failed, or results that do not go together; the message names the row."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a decoder said to one swipe: the n-best, and letters read without a lexicon."""

    candidates: tuple[Candidate, ...]
    greedy: str | None


@dataclass(frozen=True, slots=True)
class Latency:
    """What one decode took, in milliseconds.

    Attributes:
        wall: By the clock, as a user waits.
        cpu: Of the processor: the same on a busy machine, where others hold the cores meanwhile.
    """

    wall: float
    cpu: float


def decode_all(
    open_decoder: OpenDecoder,
    rows: Sequence[Located],
    keyboards: Mapping[str, Keyboard],
    *,
    n: int,
    workers: int,
    advance: Callable[[int], object],
) -> list[Reply]:
    """Decode every row, in the rows' order.

    Args:
        open_decoder: Opens the decoder, once in each process.
        rows: The swipes.
        keyboards: Layout → keyboard, for every layout of the rows.
        n: Candidates to ask for.
        workers: Processes, each with one thread; 1 decodes in this process.
        advance: Told the rows decoded.

    Raises:
        EvaluationError: the decoder failed; names the row and the error.
    """
    if workers == 1:
        station = _Station(open_decoder, keyboards, n)
        replies = []
        for row in rows:
            replies.append(station.decode(row))
            advance(1)
        return replies
    starts = range(0, len(rows), _ROWS_A_TASK)
    parts: dict[int, list[Reply]] = {}
    with _pool(min(workers, len(starts)), open_decoder, keyboards, n) as pool:
        with _deaf_children():
            tasks: dict[Future[list[Reply]], int] = {
                pool.submit(_decode, rows[start : start + _ROWS_A_TASK]): start for start in starts
            }
        for task in as_completed(tasks):
            parts[tasks[task]] = task.result()
            advance(len(parts[tasks[task]]))
    return [reply for start in starts for reply in parts[start]]


def measure_latency(
    open_decoder: OpenDecoder,
    rows: Sequence[Located],
    keyboards: Mapping[str, Keyboard],
    *,
    n: int,
) -> list[Latency]:
    """What one decode takes, features to words, for each row.

    Measured in a process of its own with one thread, while no other decodes.

    Raises:
        EvaluationError: as `decode_all`.
    """
    with _pool(1, open_decoder, keyboards, n) as pool:
        with _deaf_children():
            task = pool.submit(_measure, rows)
        return task.result()


class _Station:
    """A decoder in a process, opened when the first row comes."""

    def __init__(
        self, open_decoder: OpenDecoder, keyboards: Mapping[str, Keyboard], n: int
    ) -> None:
        self._open, self._keyboards, self._n = open_decoder, keyboards, n
        self._decoder: Decoder | None = None

    @property
    def decoder(self) -> Decoder:
        if self._decoder is None:
            self._decoder = self._open()
        return self._decoder

    def decode(self, row: Located) -> Reply:
        decoder, gesture = self.decoder, row.gesture
        keyboard = self._keyboards[gesture.layout]
        try:
            candidates = decoder.decode(gesture.trace, keyboard=keyboard, n=self._n)
            greedy = decoder.decode_greedy(gesture.trace, keyboard=keyboard)
        except Exception as error:
            raise EvaluationError(
                f"{row.origin}: {decoder.name} failed on {gesture.word!r}: "
                f"{type(error).__name__}: {error}"
            ) from error
        return Reply(tuple(candidates), greedy)

    def time(self, row: Located) -> Latency:
        decoder, keyboard = self.decoder, self._keyboards[row.gesture.layout]
        wall, cpu = perf_counter(), process_time()
        decoder.decode(row.gesture.trace, keyboard=keyboard, n=self._n)
        return Latency(1000 * (perf_counter() - wall), 1000 * (process_time() - cpu))


_station: _Station  # this process's own, set by `_start`


def _start(open_decoder: OpenDecoder, keyboards: Mapping[str, Keyboard], n: int) -> None:
    global _station
    _station = _Station(open_decoder, keyboards, n)


def _decode(rows: Sequence[Located]) -> list[Reply]:
    return [_station.decode(row) for row in rows]


def _measure(rows: Sequence[Located]) -> list[Latency]:
    for row in rows[:WARM_UP]:
        _station.decode(row)
    return [_station.time(row) for row in rows]


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Let processes that start meanwhile never hear Ctrl-C: it is the first process's to answer."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _pool(
    workers: int, open_decoder: OpenDecoder, keyboards: Mapping[str, Keyboard], n: int
) -> Iterator[ProcessPoolExecutor]:
    """Processes with one thread each; what is queued is dropped when the block ends early."""
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start, initargs=(open_decoder, keyboards, n)
    )
    before = dict(os.environ)
    # libraries read these when they are first imported, so they must stand before a child starts
    os.environ.update({f"{name}_NUM_THREADS": "1" for name in _THREADS})
    try:
        yield pool
    except BrokenProcessPool as error:
        raise EvaluationError(
            "a worker process died while decoding; out of memory? Try fewer workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        os.environ.clear()
        os.environ.update(before)
