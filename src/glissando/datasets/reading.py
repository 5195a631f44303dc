"""What a reader of a corpus is, and the reading of lines and JSON rows that readers share."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from glissando.datasets.records import DataError, Located, Rejection, Row
from glissando.traces import Gesture, TraceError

Advance = Callable[[int], object]
"""Called with the bytes of a file that were read since the last call; feeds progress bars."""

MAX_LINE = 1 << 24
_GZIP = b"\x1f\x8b"
_SAMPLE_LINES = 50


class Reader(Protocol):
    """One corpus: how to tell it and how to read it, row by row, in memory that does not grow."""

    @property
    def name(self) -> str:
        """The name that `--format` takes."""

    @property
    def expects(self) -> str:
        """What the corpus looks like on disk, in a few words."""

    def recognise(self, path: Path) -> bool:
        """Whether the content of this file or folder is of this corpus.

        Raises:
            DataError: the file is empty or damaged, whatever it holds.
        """

    def read(self, path: Path, advance: Advance) -> Iterator[Row]:
        """Every row in order, the bad ones as rejections.

        Raises:
            DataError: the file itself cannot be read; names it and the line reached.
        """


class RowError(ValueError):
    """A row with a wrong field; `reason` is the stable name that reports count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def idle(_bytes: int) -> None:
    """An `Advance` for when nobody watches."""


def attempt(
    build: Callable[[Mapping[str, Any]], Gesture], origin: str, row: Mapping[str, Any]
) -> Row:
    """The gesture that `build` makes of a row, or the rejection that says why it could not."""
    try:
        return Located(build(row), origin)
    except (RowError, TraceError) as error:
        return Rejection(error.reason, str(error), origin)


def read_lines(path: Path, advance: Advance = idle) -> Iterator[tuple[int, bytes]]:
    """The lines of a plain or gzipped file, numbered from 1.

    Raises:
        DataError: no such file, empty, damaged or truncated `.gz`, or a line without end.
    """
    number = 0
    try:
        with path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == _GZIP  # by content: names lie
            file = gzip.GzipFile(fileobj=raw) if zipped else raw
            position = 0
            while line := file.readline(MAX_LINE):
                number += 1
                if len(line) == MAX_LINE and not line.endswith(b"\n"):
                    raise DataError(
                        f"{path}:{number}: a line of more than {MAX_LINE >> 20} MiB; "
                        "expected one row a line"
                    )
                if (now := raw.tell()) != position:
                    advance(now - position)
                    position = now
                yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    except EOFError as error:
        raise DataError(f"{path}:{number + 1}: truncated: the .gz ends inside this line") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}:{number + 1}: damaged .gz: {error}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot read: {error.strerror or error}") from error
    if number == 0:
        raise DataError(f"{path}: the file is empty")


def read_objects(
    path: Path, advance: Advance = idle
) -> Iterator[tuple[str, dict[str, Any]] | Rejection]:
    """The JSON objects of a JSON-lines file, each with its `file:line`; blank lines are skipped.

    Raises:
        DataError: as `read_lines`.
    """
    for number, line in read_lines(path, advance):
        if line.isspace():
            continue
        origin = f"{path}:{number}"
        try:
            row = json.loads(line.rstrip())
        except (ValueError, RecursionError) as error:
            yield Rejection("malformed_json", f"not JSON: {json_fault(error)}", origin)
            continue
        if isinstance(row, dict):
            yield origin, row
        else:
            found = type(row).__name__
            yield Rejection("not_an_object", f"expected a JSON object, found {found}", origin)


def sample_fields(path: Path) -> set[str]:
    """The fields of the first JSON objects of a file; empty if it is no JSON-lines file.

    Raises:
        DataError: as `read_lines`.
    """
    fields: set[str] = set()
    for item in islice(read_objects(path), _SAMPLE_LINES):
        if not isinstance(item, Rejection):
            fields.update(item[1])
    return fields


def json_fault(error: ValueError | RecursionError) -> str:
    """Where and why one line is no JSON."""
    if isinstance(error, json.JSONDecodeError):  # its own text would speak of line 1
        return f"column {error.colno}: {error.msg}"
    return str(error)


def word_field(row: Mapping[str, Any]) -> str:
    """The word of a row.

    Raises:
        RowError: there is none, or it is no text.
    """
    if row.get("word") is None:
        raise RowError("no_word", "the row has no word")
    return text_field(row, "word")


def text_field(row: Mapping[str, Any], name: str) -> str:
    """A text of a row, empty where there is none; whole numbers count, as ids may be numbers.

    Raises:
        RowError: another type, or text that is no Unicode.
    """
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name != "word":
        return str(value)
    if not isinstance(value, str):
        raise RowError("bad_field", f"{name}: expected text, found {value!r:.40}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RowError("bad_field", f"{name}: half a character at {error.start}") from error
    return value


def number_field(row: Mapping[str, Any], name: str) -> float:
    """A size of a row, 0 where there is none.

    Raises:
        RowError: no number, or below 0.
    """
    value = row.get(name)
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise RowError("bad_field", f"{name}: expected a size, found {value!r:.40}")
    return float(value)


def flag_field(row: Mapping[str, Any], name: str, default: bool) -> bool:
    """A yes or no of a row: true, false, 1 or 0.

    Raises:
        RowError: anything else.
    """
    value = row.get(name)
    if value is None:
        return default
    if value not in (0, 1) or not isinstance(value, int):
        raise RowError("bad_field", f"{name}: expected true or false, found {value!r:.40}")
    return bool(value)
