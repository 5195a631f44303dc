"""Reads the swipes that a user hands to a command: manifest rows or plain traces, file or pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from glissando.datasets.manifest import gesture_from_row
from glissando.datasets.reading import MAX_LINE, RowError, json_fault, read_lines
from glissando.datasets.records import DataError
from glissando.traces import Gesture, TraceError

_Lines = Iterator[tuple[int, bytes]]


def read_traces(path_or_dash: str) -> Iterator[tuple[int, Gesture]]:
    """The swipes of a file with the line that each begins in, counted from 1.

    One JSON value a line: a manifest row, its word empty where absent, or the list of a swipe's
    points. A file whose first line is no JSON by itself is read as one such value.

    Args:
        path_or_dash: A file, plain or `.gz`, or `-` for standard input.

    Raises:
        DataError: no such file, no swipe in it, or a line that is none; names file, line and field.
    """
    piped = path_or_dash == "-"
    name = "<stdin>" if piped else path_or_dash
    numbered = enumerate(sys.stdin.buffer, start=1) if piped else read_lines(Path(path_or_dash))
    lines = ((number, line) for number, line in numbered if not line.isspace())
    first = next(lines, None)
    if first is None:
        raise DataError(f"{name}: no swipes in it; expected JSON, one swipe a line")
    for number, value in _values(first, lines, name):
        try:
            yield number, _gesture(value)
        except (RowError, TraceError) as error:
            raise DataError(f"{name}:{number}: {error}") from error


def _values(first: tuple[int, bytes], lines: _Lines, name: str) -> Iterator[tuple[int, Any]]:
    number, line = first
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        yield number, _spanning_value(first, lines, name)
        return
    yield number, value
    for number, line in lines:
        try:
            value = json.loads(line.rstrip())
        except (ValueError, RecursionError) as error:
            raise DataError(f"{name}:{number}: not JSON: {json_fault(error)}") from error
        yield number, value


def _spanning_value(first: tuple[int, bytes], lines: _Lines, name: str) -> Any:
    """The one value that all lines make together."""
    text = b""
    numbers = []  # blank lines are gone
    for number, line in chain([first], lines):
        text += line
        numbers.append(number)
        if len(text) > MAX_LINE:
            break
    try:
        return json.loads(text.rstrip())
    except (ValueError, RecursionError) as error:
        at = error.lineno - 1 if isinstance(error, json.JSONDecodeError) else 0
        raise DataError(f"{name}:{numbers[at]}: not JSON: {json_fault(error)}") from error


def _gesture(value: Any) -> Gesture:
    if isinstance(value, list):
        value = {"points": value}
    if not isinstance(value, dict):
        raise RowError("not_an_object", f"expected a row or a list of points, found {value!r:.40}")
    return gesture_from_row({**value, "word": "" if (word := value.get("word")) is None else word})
