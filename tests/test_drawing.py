"""The picture of a swipe."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.drawing import swipe_svg
from glissando.keyboard import keyboard_names, load_keyboard
from glissando.traces import Trace

SVG = "{http://www.w3.org/2000/svg}"
QWERTY = load_keyboard("qwerty")
TRACE = Trace.from_arrays([0.05, 0.5, 0.95], [0.17, 0.5, 0.17], [0, 200, 500])


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)


def box(picture: ET.Element) -> tuple[float, float]:
    _, _, width, height = (float(v) for v in picture.attrib["viewBox"].split())
    return width, height


def path_points(picture: ET.Element) -> np.ndarray:
    lines = [line.attrib["points"] for line in picture.iter(f"{SVG}polyline")]
    pairs = [pair.split(",") for line in lines for pair in line.split()]
    return np.array(pairs, dtype=float)


@pytest.mark.parametrize("name", keyboard_names())
def test_every_key_is_drawn_inside_the_picture(name: str) -> None:
    board = load_keyboard(name)
    picture = parsed(swipe_svg(TRACE, board))
    keys = list(picture.iter(f"{SVG}rect"))
    assert len(keys) == len(board.centres)
    letters = [text.text for text in picture.iter(f"{SVG}text")]
    assert sorted(letters) == sorted(board.centres)
    width, height = box(picture)
    for key in keys:
        assert 0 <= float(key.attrib["x"]) <= width - float(key.attrib["width"])
        assert 0 <= float(key.attrib["y"]) <= height - float(key.attrib["height"])


def test_path_runs_from_the_first_point_to_the_last() -> None:
    """q, then g, then p: as far apart in the picture as the keys are."""
    picture = parsed(swipe_svg(TRACE, QWERTY, row_ratio=1.5))
    path = path_points(picture)
    dot = next(picture.iter(f"{SVG}circle"))
    assert (float(dot.attrib["cx"]), float(dot.attrib["cy"])) == pytest.approx(path[0], abs=0.1)
    assert path[-1] - path[0] == pytest.approx([9 * 56, 0], abs=0.2)
    lowest = path[path[:, 1].argmax()]
    assert lowest - path[0] == pytest.approx([4.5 * 56, 0.99 * 56 * 1.5], abs=0.2)


def test_picture_has_the_screen_s_aspect() -> None:
    """One more half key width a row makes the three rows that much higher."""
    low, high = (box(parsed(swipe_svg(TRACE, QWERTY, row_ratio=r))) for r in (1.2, 1.7))
    assert high[0] == low[0]
    assert high[1] - low[1] == pytest.approx(3 * 0.5 * 56, abs=1)


def test_colour_changes_with_time_and_starts_as_the_dot() -> None:
    picture = parsed(swipe_svg(TRACE, QWERTY))
    strokes = [line.attrib["stroke"] for line in picture.iter(f"{SVG}polyline")]
    assert len(set(strokes)) == len(strokes)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_stays_text(word: str, caption: str) -> None:
    """What XML cannot hold is replaced; nothing breaks out of its element."""
    picture = parsed(swipe_svg(TRACE, QWERTY, word=word + "<&\"'>", caption=caption + "</svg>"))
    shown = [text.text or "" for text in picture.iter(f"{SVG}text")]
    assert shown[0].endswith("<&\"'>")
    assert shown[-1].endswith("</svg>")


@pytest.mark.parametrize(
    "points",
    [
        ([0.5], [0.5], [0]),
        ([0.5, 0.5], [0.5, 0.5], [0, 0]),
        ([0.1, 0.1, 0.9, 0.9], [0.5, 0.6, 0.5, 0.6], [0, 0, 0, 7]),
        ([-3.0, 4.0], [-2.0, 5.0], [0, 100]),
    ],
)
def test_odd_traces_stay_inside_the_picture(points: tuple[list[float], ...]) -> None:
    """One point, time standing still, points far outside the keyboard."""
    picture = parsed(swipe_svg(Trace.from_arrays(*points), QWERTY))
    path = path_points(picture)
    assert np.isfinite(path).all()
    assert (path >= 0).all()
    assert (path <= np.array(box(picture))).all()
