"""The one table that every corpus becomes: its columns, and rows to and from Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from glissando.datasets.records import Located
from glissando.traces import Gesture, Trace

SCHEMA_VERSION = 1
"""Raised when prepared data of before must be prepared again."""

POINT_COLUMNS = ("x", "y", "t")
_POINTS = pa.list_(pa.field("element", pa.float32(), nullable=False))

SCHEMA = pa.schema(
    [
        pa.field("word", pa.string(), nullable=False),  # as the source spells it
        pa.field("label", pa.string(), nullable=False),  # as the alphabet spells it
        *(pa.field(name, _POINTS, nullable=False) for name in POINT_COLUMNS),  # as in `Trace`
        pa.field("user", pa.string(), nullable=False),
        pa.field("sentence", pa.string(), nullable=False),
        pa.field("layout", pa.string(), nullable=False),
        pa.field("width", pa.float32(), nullable=False),
        pa.field("height", pa.float32(), nullable=False),
        pa.field("is_err", pa.bool_(), nullable=False),
        pa.field("clean", pa.bool_(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("origin", pa.string(), nullable=False),  # file:line it was read from
    ]
)
"""Field by field what `Gesture` means by the same name, with the points as three lists."""


def point_lists(lengths: NDArray[np.integer[Any]], values: NDArray[np.float32]) -> Any:
    """One `x`, `y` or `t` column from flat values.

    Args:
        lengths: `(N,)` points of each row.
        values: `(sum(lengths),)` the rows' values end to end.

    Returns:
        A `pyarrow.ListArray` of N lists.
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(np.ascontiguousarray(values, dtype=np.float32)), type=_POINTS
    )


def conform(batch: Any) -> Any:
    """A record batch with the same columns, in `SCHEMA`'s order and types.

    Raises:
        KeyError: a column is missing.
        pyarrow.ArrowInvalid: a column has nulls or cannot become its type.
    """
    if batch.schema.equals(SCHEMA):
        return batch
    return batch.select(SCHEMA.names).cast(SCHEMA)


class RowBuffer:
    """Gathers gestures until there are enough for a record batch."""

    def __init__(self) -> None:
        self._rows: list[tuple[Gesture, str, str]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, gesture: Gesture, label: str, origin: str) -> None:
        """Append one row."""
        self._rows.append((gesture, label, origin))

    def drain(self) -> Any:
        """The rows so far as one `pyarrow.RecordBatch` of `SCHEMA`; the buffer is empty after."""
        gestures = [gesture for gesture, _, _ in self._rows]
        lengths = np.array([len(gesture.trace) for gesture in gestures], dtype=np.int64)
        columns: dict[str, Any] = {
            "label": [label for _, label, _ in self._rows],
            "origin": [origin for _, _, origin in self._rows],
        }
        for name in POINT_COLUMNS:
            parts = [getattr(gesture.trace, name) for gesture in gestures]
            flat = np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)
            columns[name] = point_lists(lengths, flat)
        for name in SCHEMA.names:
            if name not in columns:
                columns[name] = [getattr(gesture, name) for gesture in gestures]
        self._rows = []
        arrays = [
            column if isinstance(column, pa.Array) else pa.array(column, SCHEMA.field(name).type)
            for name, column in ((name, columns[name]) for name in SCHEMA.names)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def rows(batch: Any) -> Iterator[tuple[Located, str]]:
    """Each row of a record batch of `SCHEMA` as a gesture with its origin, and its label."""
    points = [batch.column(name) for name in POINT_COLUMNS]
    offsets = [column.offsets.to_numpy() for column in points]
    values = [column.values.to_numpy() for column in points]
    others = [name for name in SCHEMA.names if name not in POINT_COLUMNS]
    for at, row in enumerate(batch.select(others).to_pylist()):
        trace = Trace(
            *(v[o[at] : o[at + 1]] for v, o in zip(values, offsets, strict=True)),
        )
        label, origin = row.pop("label"), row.pop("origin")
        yield Located(Gesture(trace=trace, **row), origin), label
