"""The one record of the project: a swipe (`Trace`) and what is known about it (`Gesture`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Milliseconds: a day. In float32, longer times would lose the difference of two points.
_LONGEST = 86_400_000.0


class TraceError(ValueError):
    """Points that are no swipe; `reason` is the stable name that reports count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """The path of one finger.

    Attributes:
        x: Float32 `(T,)`, fractions of the letter area's width; 0 is its left edge, 1 its right.
        y: Float32 `(T,)`, fractions of the letter area's height; 0 is its top edge, 1 its bottom.
        t: Float32 `(T,)`, milliseconds since the first point, never decreasing.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    t: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.t)

    @property
    def duration(self) -> float:
        """Milliseconds from the first point to the last."""
        return float(self.t[-1] - self.t[0])

    def points(self) -> NDArray[np.float32]:
        """The trace as one `(T, 3)` array of x, y, t."""
        return np.stack([self.x, self.y, self.t], axis=1)

    @classmethod
    def from_arrays(cls, x: Any, y: Any, t: Any) -> Trace:
        """Check three sequences of one length and start the clock at the first point.

        `t` may count from any epoch; the subtraction is done in float64 because epoch
        milliseconds do not fit float32.

        Raises:
            TraceError: no points or no numbers, unequal lengths, NaN or infinity, time going
                backwards or on for more than a day.
        """
        columns = [_column(values, name) for values, name in zip((x, y, t), "xyt", strict=True)]
        count = columns[0].size
        if not all(column.shape == (count,) for column in columns):
            shapes = [column.shape for column in columns]
            raise TraceError("bad_points", f"x, y and t must be equally long, found {shapes}")
        if count == 0:
            raise TraceError("no_points", "the list of points is empty")
        for name, column in zip("xyt", columns, strict=True):
            finite = np.isfinite(column)
            if not finite.all():
                at = int(np.argmin(finite))
                raise TraceError(
                    "not_finite", f"points[{at}].{name} is {column[at]}, expected a finite number"
                )
        backwards = np.flatnonzero(columns[2][1:] < columns[2][:-1])
        if len(backwards):
            at = int(backwards[0]) + 1
            before, now = columns[2][at - 1], columns[2][at]
            raise TraceError(
                "time_backwards",
                f"points[{at}].t is {now:.15g}, before points[{at - 1}].t {before:.15g}",
            )
        with np.errstate(over="ignore"):
            clock = columns[2] - columns[2][0]
            x32, y32, t32 = (c.astype(np.float32) for c in (columns[0], columns[1], clock))
        for name, single in zip("xyt", (x32, y32, t32), strict=True):
            if not np.isfinite(single).all():
                raise TraceError("not_finite", f"{name} does not fit a 32-bit float")
        if clock[-1] > _LONGEST:
            raise TraceError(
                "too_long", f"t spans {clock[-1]:.6g} ms, expected at most {_LONGEST:.0f}, a day"
            )
        return cls(x32, y32, t32)

    @classmethod
    def from_points(cls, points: Any) -> Trace:
        """Read `[{"x": …, "y": …, "t": …}, …]` as JSON gives it.

        Raises:
            TraceError: as `from_arrays`, and where a point or a number has the wrong type.
        """
        if not isinstance(points, Sequence) or isinstance(points, str | bytes):
            raise TraceError("bad_points", f"points: expected a list, found {_kind(points)}")
        try:  # the common case at three times the speed
            columns = [[point[name] for point in points] for name in "xyt"]
            if all({int, float}.issuperset(map(type, column)) for column in columns):
                return cls.from_arrays(*columns)
        except (KeyError, TypeError, IndexError, OverflowError):
            pass  # the loop below says where
        columns = [[], [], []]
        for at, point in enumerate(points):
            if not isinstance(point, Mapping):
                raise TraceError(
                    "bad_points", f"points[{at}]: expected an object, found {_kind(point)}"
                )
            for name, column in zip("xyt", columns, strict=True):
                column.append(_number(point, name, at))
        return cls.from_arrays(*columns)

    def to_points(self) -> list[dict[str, float]]:
        """The inverse of `from_points`, rounded to 1e-5 of the area and 0.01 ms."""
        columns = ((self.x, 5), (self.y, 5), (self.t, 2))
        rounded = (np.round(column.astype(np.float64), digits) for column, digits in columns)
        rows = zip(*(column.tolist() for column in rounded), strict=True)
        return [{"x": x, "y": y, "t": t} for x, y, t in rows]


@dataclass(frozen=True, eq=False, slots=True)
class Gesture:
    """A swipe with its truth and its circumstances.

    Attributes:
        trace: The path.
        word: What the user meant, as the source spells it.
        user: Anonymous id of the person, empty if unknown.
        sentence: The prompt that the word came from, empty if unknown.
        layout: Name of the keyboard's layout.
        width: Width of the letter area in CSS pixels, 0 if unknown.
        height: Height of the letter area in CSS pixels, 0 if unknown.
        is_err: The recorder itself flagged the swipe as wrong.
        clean: The source's quality check passed (`True` where the source makes none).
        source: Name of the corpus.
    """

    trace: Trace
    word: str
    user: str = ""
    sentence: str = ""
    layout: str = "qwerty"
    width: float = 0.0
    height: float = 0.0
    is_err: bool = False
    clean: bool = True
    source: str = ""

    def to_row(self) -> dict[str, Any]:
        """One row of the training manifest (a JSON object)."""
        return {
            "word": self.word,
            "points": self.trace.to_points(),
            "user": self.user,
            "sentence": self.sentence,
            "keyboard": {"layout": self.layout, "width": self.width, "height": self.height},
            "is_err": self.is_err,
            "clean": self.clean,
            "source": self.source,
        }


def _column(values: Any, name: str) -> NDArray[np.float64]:
    try:
        column = np.asarray(values)
        if column.dtype == object:  # integers beyond 64 bits, or no numbers
            return np.array([_float(value) for value in values], np.float64)
        if column.dtype.kind in "iuf":
            return column.astype(np.float64)
    except (TypeError, ValueError):
        pass
    raise TraceError("bad_points", f"{name}: expected numbers in a row, found {_kind(values)}")


def _number(point: Mapping[str, Any], name: str, at: int) -> float:
    if name not in point:
        raise TraceError("bad_points", f"points[{at}] has no {name}")
    value = point[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TraceError("not_a_number", f"points[{at}].{name}: expected a number, found {value!r}")
    return _float(value)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
