"""Swipes that a user hands to a command, by file and by pipe."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from swipe_files import POINTS, point, row, write_lines

from glissando.cli.trace_files import read_traces
from glissando.datasets import DataError
from glissando.traces import Gesture


def words_and_points(found: list[tuple[int, Gesture]]) -> list[tuple[int, str, Any]]:
    return [(line, gesture.word, gesture.trace.to_points()) for line, gesture in found]


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_every_form_of_a_swipe_in_one_file(tmp_path: Path) -> None:
    rows = [row("The", keyboard={"layout": "azerty"}), "", POINTS, {"points": POINTS}]
    found = list(read_traces(str(write_lines(tmp_path / "a.jsonl", rows))))
    assert words_and_points(found) == [(1, "The", POINTS), (3, "", POINTS), (4, "", POINTS)]
    assert [gesture.layout for _, gesture in found] == ["azerty", "qwerty", "qwerty"]


@pytest.mark.parametrize("value", [POINTS, row("The")])
@pytest.mark.parametrize("before", ["", "\n\n"])
def test_one_swipe_over_many_lines(tmp_path: Path, value: Any, before: str) -> None:
    text = before + json.dumps(value, indent=2)
    (tmp_path / "a.json").write_text(text)
    [(line, gesture)] = read_traces(str(tmp_path / "a.json"))
    assert (line, gesture.trace.to_points()) == (1 + len(before), POINTS)


def test_zipped(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(json.dumps(POINTS).encode()))
    assert words_and_points(list(read_traces(str(tmp_path / "a.gz")))) == [(1, "", POINTS)]


def test_a_pipe_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came is handed out before what follows is looked at: here it is broken."""
    pipe(monkeypatch, json.dumps(row("a")) + "\n{broken\n")
    found = read_traces("-")
    assert next(found)[1].word == "a"
    with pytest.raises(DataError, match=r"<stdin>:2: not JSON: column 2: "):
        next(found)


BAD = [
    ("", "{}: the file is empty"),
    ("\n \n", "{}: no swipes in it; expected JSON, one swipe a line"),
    (json.dumps(POINTS) + "\n\n7\n", "{}:3: expected a row or a list of points, found 7"),
    ('{"word": "a"}\n', "{}:1: the row has no points"),
    ("[]\n", "{}:1: the list of points is empty"),
    ('{"word": 5, "points": []}\n', "{}:1: the list of points is empty"),
    (json.dumps(row(5)), "{}:1: word: expected text, found 5"),
    (json.dumps([point(), {"x": 1}]), "{}:1: points[1] has no y"),
    (json.dumps([point(x="a")]), "{}:1: points[0].x: expected a number, found 'a'"),
    (json.dumps(row(keyboard=3)), "{}:1: keyboard: expected an object, found 3"),
    ('\n[\n{"x": 1,\n\n"y" 2}]\n', "{}:5: not JSON: column 5: Expecting ':' delimiter"),
    ('{"points": [}\n[]\n', "{}:1: not JSON: column 13: Expecting value"),
    ("[" * 100_000, "{}:1: not JSON: "),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        list(read_traces(str(path)))
    assert str(caught.value).startswith(message.format(path))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe\xfa\n")
    with pytest.raises(DataError, match=r"a:1: not JSON: "):
        list(read_traces(str(tmp_path / "a")))


def test_an_empty_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "")
    with pytest.raises(DataError, match=r"^<stdin>: no swipes in it"):
        list(read_traces("-"))


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nope: cannot read: No such file"):
        list(read_traces(str(tmp_path / "nope")))
