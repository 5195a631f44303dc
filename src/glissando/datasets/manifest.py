"""Reads training manifests: JSON lines with `word` and `points`, plain or gzipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from glissando.datasets.reading import (
    Advance,
    RowError,
    attempt,
    flag_field,
    number_field,
    read_objects,
    sample_fields,
    text_field,
    word_field,
)
from glissando.datasets.records import Rejection, Row
from glissando.traces import Gesture, Trace


class ManifestReader:
    """Rows as `Gesture.to_row` writes them; everything but `word` and `points` may be absent."""

    name = "manifest"
    expects = 'JSON lines {"word", "points": [{"x", "y", "t"}…]}, plain or .gz'

    def recognise(self, path: Path) -> bool:
        """Whether the first rows have `points`."""
        return path.is_file() and "points" in sample_fields(path)

    def read(self, path: Path, advance: Advance) -> Iterator[Row]:
        """Every row in order, the bad ones as rejections."""
        for item in read_objects(path, advance):
            yield item if isinstance(item, Rejection) else attempt(gesture_from_row, *item)


def gesture_from_row(row: Mapping[str, Any]) -> Gesture:
    """The gesture of a row; the inverse of `Gesture.to_row`.

    Raises:
        RowError: a field is missing or wrong.
        TraceError: the points are no swipe.
    """
    keyboard = row.get("keyboard") or {}
    if isinstance(keyboard, str):
        keyboard = {"layout": keyboard}
    if not isinstance(keyboard, Mapping):
        raise RowError("bad_field", f"keyboard: expected an object, found {keyboard!r:.40}")
    if "points" not in row:
        raise RowError("no_points", "the row has no points")
    return Gesture(
        trace=Trace.from_points(row["points"]),
        word=word_field(row),
        user=text_field(row, "user"),
        sentence=text_field(row, "sentence"),
        layout=text_field(keyboard, "layout") or "qwerty",
        width=number_field(keyboard, "width"),
        height=number_field(keyboard, "height"),
        is_err=flag_field(row, "is_err", False),
        clean=flag_field(row, "clean", True),
        source=text_field(row, "source"),
    )
