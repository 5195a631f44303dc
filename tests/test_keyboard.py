from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glissando.keyboard import KeyboardError, keyboard_names, load_keyboard

SMALLEST: dict[str, Any] = {
    "name": "tiny",
    "language": "en",
    "key_width": 0.5,
    "key_height": 1.0,
    "keys": [{"letter": "a", "x": 0.25, "y": 0.5}, {"letter": "b", "x": 0.75, "y": 0.5}],
}


def test_the_shipped_layouts_load_by_name() -> None:
    assert {"qwerty", "azerty"} <= set(keyboard_names())
    for name in keyboard_names():
        assert load_keyboard(name).name == name


@pytest.mark.parametrize("name", keyboard_names())
def test_no_two_keys_of_a_layout_overlap(name: str) -> None:
    board = load_keyboard(name)
    places = np.array(list(board.centres.values())) / board.key_size
    apart = np.abs(places[:, None] - places[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 0.99


def test_qwerty_has_ten_keys_above_and_rows_shifted_by_a_half_and_one_and_a_half() -> None:
    board = load_keyboard("qwerty")
    assert board.key_width == pytest.approx(1 / 10, abs=1e-5)
    assert board.key_height == pytest.approx(1 / 3, abs=1e-5)
    rows = {"qwertyuiop": 0.0, "asdfghjkl": 0.5, "zxcvbnm": 1.5}
    assert "".join(sorted(board.centres)) == "".join(sorted("".join(rows)))
    for row, (letters, shift) in enumerate(rows.items()):
        columns, heights = (board.centre_array(letters) / board.key_size).T
        np.testing.assert_allclose(columns, np.arange(len(letters)) + 0.5 + shift, atol=1e-4)
        np.testing.assert_allclose(heights, row + 0.5, atol=1e-4)


def test_qwerty_agrees_with_the_layout_that_futo_recorded_on(real_data: Path) -> None:
    recorded = json.loads((real_data / "futo-sample" / "qwerty.json").read_text())["keys"]
    assert len(recorded) == 26
    board = load_keyboard("qwerty")
    for key in recorded:
        assert board.centres[key["letter"]] == pytest.approx((key["cx"], key["cy"]), abs=0.01)


def test_centres_come_in_the_order_asked_for_and_nan_where_there_is_no_key() -> None:
    board = load_keyboard("qwerty")
    centres = board.centre_array("pq'")
    assert centres.dtype == np.float32
    assert centres.shape == (3, 2)
    assert tuple(centres[0]) == pytest.approx(board.centres["p"])
    assert tuple(centres[1]) == pytest.approx(board.centres["q"])
    assert np.isnan(centres[2]).all()


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyboardError, match=r"unknown keyboard 'qwertz'; known: .*qwerty"):
        load_keyboard("qwertz")


def test_a_layout_of_ones_own_is_a_json_file(tmp_path: Path) -> None:
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(SMALLEST))
    assert load_keyboard(path).centres == {"a": (0.25, 0.5), "b": (0.75, 0.5)}


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in SMALLEST.items() if name != field}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{\n  oops", "broken.json:2: not JSON"),
        (b"\xff\xfe", "broken.json: not UTF-8"),
        ([1], "broken.json: expected a JSON object"),
        (without("keys"), "broken.json: field 'keys' is missing"),
        (without("key_width"), "broken.json: field 'key_width' is missing"),
        (SMALLEST | {"keys": [{"letter": "a", "x": 0}]}, "broken.json: field 'y' is missing"),
        (SMALLEST | {"keys": [{"letter": "a", "x": "0", "y": 0}]}, "x: expected a finite number"),
        (SMALLEST | {"keys": SMALLEST["keys"] * 2}, "expected every letter once, found 4"),
        (SMALLEST | {"keys": []}, "expected every letter once, found 0"),
        (SMALLEST | {"key_width": -1}, "key_width and key_height must be positive"),
        (SMALLEST | {"key_height": 0}, "key_width and key_height must be positive"),
        (
            SMALLEST | {"key_height": float("nan")},
            "key_height: expected a finite number, found nan",
        ),
    ],
)
def test_a_broken_file_is_refused_by_name_and_field(
    tmp_path: Path, content: Any, message: str
) -> None:
    path = tmp_path / "broken.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(KeyboardError) as caught:
        load_keyboard(path)
    assert message in str(caught.value)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(KeyboardError, match=r"nowhere\.json: cannot read the keyboard"):
        load_keyboard(tmp_path / "nowhere.json")
