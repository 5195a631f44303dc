"""Many swipes as flat arrays, and their way from and to gestures and the canonical table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glissando.traces import Gesture, Trace


@dataclass(frozen=True, eq=False, slots=True)
class SwipeBatch:
    """B swipes with P points in all, end to end.

    Attributes:
        words: The B words.
        users: The B user ids.
        lengths: Int64 `(B,)`, points of each swipe, P in all.
        x: Float32 `(P,)`, fractions of the letter area's width, as in `Trace`.
        y: Float32 `(P,)`, fractions of the letter area's height.
        t: Float32 `(P,)`, milliseconds since the first point of the swipe.
        width: Float32 `(B,)`, width of the letter area in CSS pixels.
        height: Float32 `(B,)`, height of the letter area in CSS pixels.
    """

    words: tuple[str, ...]
    users: tuple[str, ...]
    lengths: NDArray[np.int64]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    t: NDArray[np.float32]
    width: NDArray[np.float32]
    height: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.words)

    @property
    def starts(self) -> NDArray[np.int64]:
        """`(B,)`: index of each swipe's first point."""
        return np.cumsum(self.lengths) - self.lengths

    @property
    def owner(self) -> NDArray[np.int64]:
        """`(P,)`: which swipe each point belongs to."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @classmethod
    def from_gestures(cls, gestures: Sequence[Gesture]) -> SwipeBatch:
        """Recorded swipes in the same form, so that they are measured by the same code."""
        traces = [gesture.trace for gesture in gestures]
        empty = np.empty(0, dtype=np.float32)
        return cls(
            words=tuple(gesture.word for gesture in gestures),
            users=tuple(gesture.user for gesture in gestures),
            lengths=np.array([len(trace) for trace in traces], dtype=np.int64),
            x=np.concatenate([trace.x for trace in traces] or [empty]),
            y=np.concatenate([trace.y for trace in traces] or [empty]),
            t=np.concatenate([trace.t for trace in traces] or [empty]),
            width=np.array([gesture.width for gesture in gestures], dtype=np.float32),
            height=np.array([gesture.height for gesture in gestures], dtype=np.float32),
        )

    def with_user_prefix(self, prefix: str) -> SwipeBatch:
        """The same swipes with ids of users that begin with `prefix`."""
        return replace(self, users=tuple(prefix + user for user in self.users))

    def traces(self) -> Iterator[Trace]:
        """The swipes one by one."""
        for start, length in zip(self.starts.tolist(), self.lengths.tolist(), strict=True):
            part = slice(start, start + length)
            yield Trace(self.x[part], self.y[part], self.t[part])

    def gestures(self, *, layout: str, source: str) -> Iterator[Gesture]:
        """The swipes one by one with what is known about them."""
        rows = zip(self.traces(), self.words, self.users, self.width, self.height, strict=True)
        for trace, word, user, width, height in rows:
            yield Gesture(
                trace=trace,
                word=word,
                user=user,
                layout=layout,
                width=float(width),
                height=float(height),
                source=source,
            )
