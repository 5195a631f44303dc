"""Reads FUTO's swipe collections (swipe-1 to swipe-5) as JSON lines or as Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glissando.datasets.reading import (
    Advance,
    RowError,
    attempt,
    flag_field,
    idle,
    number_field,
    read_objects,
    sample_fields,
    text_field,
    word_field,
)
from glissando.datasets.records import DataError, Located, Rejection, Row
from glissando.traces import Gesture, Trace

_FIELDS = {"word", "data", "canvas_width", "canvas_height"}
_PARQUET = b"PAR1"
_BATCH = 512


class FutoReader:
    """Rows with `word`, `data: [{t, x, y}…]` and the canvas; the user is the session.

    swipe-5 adds `layout` and `language`. It also has words made with two fingers (`data: {L, R}`
    or `dual_finger: 1`), which are no single path and set aside. `potentially_invalid_sentence` is
    about the prompt's text and not about the swipe, so it decides nothing.
    """

    name = "futo"
    expects = "FUTO's swipe-1 to swipe-5, JSON lines or .parquet"

    def recognise(self, path: Path) -> bool:
        """Whether the rows have FUTO's fields."""
        if not path.is_file():
            return False
        if is_parquet(path):
            return set(_open(path).schema_arrow.names) >= _FIELDS
        return sample_fields(path) >= _FIELDS

    def read(self, path: Path, advance: Advance = idle) -> Iterator[Row]:
        """Every row in order, the bad ones as rejections."""
        rows = _parquet_rows(path, advance) if is_parquet(path) else read_objects(path, advance)
        for item in rows:
            yield item if isinstance(item, Rejection) else _row(*item)


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet files do."""
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET


def _row(origin: str, row: Mapping[str, Any]) -> Row:
    made = attempt(_gesture, origin, row)
    language = row.get("language")
    if isinstance(made, Located) and isinstance(language, str):
        return replace(made, language=language)
    return made


def _gesture(row: Mapping[str, Any]) -> Gesture:
    data = row.get("data")
    if isinstance(data, str):  # Parquet has no column of both lists and objects
        data = _decode(data)
    if isinstance(data, Mapping) or flag_field(row, "dual_finger", False):
        raise RowError("two_fingers", "data of two fingers, expected the path of one")
    return Gesture(
        trace=Trace.from_points(data),
        word=word_field(row),
        user=text_field(row, "session"),
        sentence=text_field(row, "sentence"),
        layout=text_field(row, "layout") or "qwerty",
        width=number_field(row, "canvas_width"),
        height=number_field(row, "canvas_height"),
        source=FutoReader.name,
    )


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RowError("malformed_json", f"data: not JSON: {error}") from error


def _open(path: Path) -> Any:
    try:
        return pq.ParquetFile(path, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}: damaged .parquet: {error}") from error


def _parquet_rows(path: Path, advance: Advance) -> Iterator[tuple[str, dict[str, Any]]]:
    file = _open(path)
    number = 0
    bytes_a_row = path.stat().st_size / max(file.metadata.num_rows, 1)
    try:
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                number += 1
                yield f"{path}:{number}", row
            advance(round(bytes_a_row * batch.num_rows))
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path}:{number + 1}: damaged .parquet: {error}") from error
    finally:
        file.close()
