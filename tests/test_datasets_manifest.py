"""Rows of a training manifest: what is read from good ones and said of bad ones."""

import math
from pathlib import Path
from typing import Any

import pytest
from swipe_files import POINTS, point, row, write_lines

from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import Located, Rejection
from glissando.traces import Gesture, Trace


def read_one(path: Path, content: Any) -> Located | Rejection:
    write_lines(path / "a.jsonl", [content])
    [item] = ManifestReader().read(path / "a.jsonl", idle)
    assert item.origin == f"{path / 'a.jsonl'}:1"
    return item


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_plain_row(tmp_path: Path, name: str) -> None:
    path = write_lines(tmp_path / name, [row("The")])
    assert ManifestReader().recognise(path)
    [item] = ManifestReader().read(path, idle)
    assert isinstance(item, Located)
    assert item.gesture.word == "The"
    assert item.gesture.trace.to_points() == POINTS
    assert (item.gesture.user, item.gesture.layout, item.gesture.clean) == ("", "qwerty", True)


def test_every_field_survives_the_way_through_a_row(tmp_path: Path) -> None:
    gesture = Gesture(
        trace=Trace.from_points(POINTS),
        word="don’t",
        user="u1",
        sentence="I don’t",
        layout="azerty",
        width=360,
        height=174.5,
        is_err=True,
        clean=False,
        source="somewhere",
    )
    item = read_one(tmp_path, gesture.to_row())
    assert isinstance(item, Located)
    assert item.gesture.to_row() == gesture.to_row()


def test_numbers_as_ids_and_flags_are_taken(tmp_path: Path) -> None:
    item = read_one(tmp_path, row(user=17, is_err=1, clean=0, keyboard="azerty"))
    assert isinstance(item, Located)
    found = item.gesture
    assert (found.user, found.is_err, found.clean, found.layout) == ("17", True, False, "azerty")


BAD = [
    ({"word": "the"}, "no_points", "the row has no points"),
    (row(points=[]), "no_points", "the list of points is empty"),
    (row(points=None), "bad_points", "points: expected a list, found nothing"),
    (row(points="0,0"), "bad_points", "points: expected a list, found str"),
    (row(points=[[0, 0, 0]]), "bad_points", "points[0]: expected an object, found list"),
    (row(points=[{"x": 0, "y": 0}]), "bad_points", "points[0] has no t"),
    (
        row(points=[point(), point(x="0.5")]),
        "not_a_number",
        "points[1].x: expected a number, found '0.5'",
    ),
    (row(points=[point(y=True)]), "not_a_number", "points[0].y: expected a number, found True"),
    (row(points=[point(x=math.nan)]), "not_finite", "points[0].x is nan, expected a finite number"),
    (
        row(points=[point(), point(y=-math.inf)]),
        "not_finite",
        "points[1].y is -inf, expected a finite number",
    ),
    (row(points=[point(x=10**400)]), "not_finite", "points[0].x is inf, expected a finite number"),
    (
        row(points=[point(t=5), point(t=4)]),
        "time_backwards",
        "points[1].t is 4, before points[0].t 5",
    ),
    ({"points": POINTS}, "no_word", "the row has no word"),
    (row(word=7), "bad_field", "word: expected text, found 7"),
    (
        '{"word": "\\ud800", "points": [{"x": 0, "y": 0, "t": 0}]}',
        "bad_field",
        "word: half a character at 0",
    ),
    (row(user=["a"]), "bad_field", "user: expected text, found ['a']"),
    (row(is_err="no"), "bad_field", "is_err: expected true or false, found 'no'"),
    (row(keyboard=3), "bad_field", "keyboard: expected an object, found 3"),
    (row(keyboard={"width": -1}), "bad_field", "width: expected a size, found -1"),
]


@pytest.mark.parametrize(("content", "reason", "message"), BAD, ids=[f"{b[1]}-{b[2]}" for b in BAD])
def test_a_bad_row_says_what_is_wrong(
    tmp_path: Path, content: Any, reason: str, message: str
) -> None:
    item = read_one(tmp_path, content)
    assert isinstance(item, Rejection)
    assert (item.reason, item.message) == (reason, message)
