"""FUTO's schemas as JSON lines and as Parquet, made up and real."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from swipe_files import write_lines

from glissando.datasets.filters import Judge
from glissando.datasets.futo import FutoReader
from glissando.datasets.reading import idle
from glissando.datasets.records import DataError, Located, Rejection, Row
from glissando.datasets.registry import find_readers

POINTS = [{"t": 1724382632746, "x": 0.25, "y": 0.5}, {"t": 1724382632762, "x": 0.5, "y": -0.125}]


def row(word: str = "The", data: Any = POINTS, **more: Any) -> dict[str, Any]:
    facts = {"canvas_width": 422, "canvas_height": 170.5, "session": "s1", "sentence": "The end."}
    return {"id": 1, "word": word, "data": data, **facts, **more}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return path
    return write_lines(path, rows)


def read(path: Path) -> list[Row]:
    assert FutoReader().recognise(path)
    return list(FutoReader().read(path, idle))


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_a_row(tmp_path: Path, name: str) -> None:
    rows = [row(potentially_invalid_sentence=True), row("Brahmarshi."), row("x", data=[])]
    path = write(tmp_path / name, rows)
    first, second, empty = read(path)
    assert isinstance(first, Located) and isinstance(second, Located)
    assert [first.origin, second.origin, empty.origin] == [f"{path}:{n}" for n in (1, 2, 3)]
    found = first.gesture
    np.testing.assert_array_equal(found.trace.points(), [[0.25, 0.5, 0], [0.5, -0.125, 16]])
    assert (found.word, found.user, found.sentence) == ("The", "s1", "The end.")
    assert (found.layout, found.width, found.height) == ("qwerty", 422, 170.5)
    assert (found.is_err, found.clean, found.source) == (False, True, "futo")
    assert isinstance(empty, Rejection) and empty.reason == "no_points"
    assert Judge().label(second) == "brahmarshi"


TWO_FINGERS = {"L": [POINTS], "R": [POINTS, POINTS]}


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
@pytest.mark.parametrize(
    "rows", [[row(data=TWO_FINGERS)], [row(dual_finger=1), row(dual_finger=0)]]
)
def test_two_fingers_are_set_aside(tmp_path: Path, name: str, rows: list[dict[str, Any]]) -> None:
    items = read(write(tmp_path / name, rows))
    assert isinstance(items[0], Rejection)
    assert items[0].reason == "two_fingers"
    assert items[0].message == "data of two fingers, expected the path of one"
    assert all(isinstance(item, Located) for item in items[1:])


def test_points_that_parquet_holds_as_text(tmp_path: Path) -> None:
    data = ['[{"t": 5, "x": 0, "y": 1}, {"t": 9, "x": 0, "y": 1}]', '{"L": [], "R": []}', "[{"]
    good, two, bad = read(write(tmp_path / "a.parquet", [row(data=text) for text in data]))
    assert isinstance(good, Located) and good.gesture.trace.t.tolist() == [0, 4]
    assert isinstance(two, Rejection) and two.reason == "two_fingers"
    assert isinstance(bad, Rejection) and bad.reason == "malformed_json"


def test_layouts_and_languages_go_with_the_gesture(tmp_path: Path) -> None:
    rows = [
        row("Buvo", layout="lithuanian_qwerty", language="lt"),
        row(layout="qwerty", language="de"),
    ]
    other_layout, other_language = read(write(tmp_path / "a.jsonl", rows))
    assert isinstance(other_layout, Located) and isinstance(other_language, Located)
    verdicts = [Judge().label(item) for item in (other_layout, other_language)]
    assert [v.reason for v in verdicts if isinstance(v, Rejection)] == [
        "unknown_keyboard",
        "other_language",
    ]


def test_a_damaged_parquet_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", [row()])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"a\.parquet: damaged \.parquet"):
        find_readers(path)


def test_the_real_sample(real_data: Path, tmp_path: Path) -> None:
    judge = Judge()
    for reader, path in find_readers(real_data / "futo-sample"):
        assert reader.name == "futo"
        rows = [item for item in reader.read(path, idle) if isinstance(item, Located)]
        verdicts = [judge.label(item) for item in rows]
        reasons = {v.reason for v in verdicts if isinstance(v, Rejection)}
        if path.name.startswith("swipe5"):
            assert reasons == {"unknown_keyboard"}
        else:
            assert reasons <= {"too_few_points"}  # taps of one-letter words
        for item in rows:
            assert 0 < item.gesture.trace.x.mean() < 1
            assert item.gesture.trace.duration < 20_000
