from __future__ import annotations

import math
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundles import swipe
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glissando import GestureDecoder
from glissando.bundle import BundleError
from glissando.keyboard import Keyboard, load_keyboard
from glissando.traces import Trace, TraceError

FEW = settings(max_examples=60)


@pytest.fixture(scope="module", params=["tiny_bundle", "tiny_ctc_bundle"])
def decoder(request: pytest.FixtureRequest) -> GestureDecoder:
    return GestureDecoder.load(request.getfixturevalue(request.param))


@contextmanager
def bounded(seconds: float = 1.0, megabytes: float = 100.0) -> Iterator[None]:
    """Fails where what happens inside takes this thread longer, or the process more memory."""
    start, peak = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.thread_time() - start < seconds
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024 < megabytes


def answers(decoder: GestureDecoder, points: Any) -> str:
    """What comes of points: the reason of a `TraceError`, or "answer"; all else fails."""
    with bounded():
        try:
            candidates = decoder.decode(points)
            greedy = decoder.decode_greedy(points)
            batch = decoder.decode_batch([points, swipe("the")])
        except TraceError as error:
            for decode in (decoder.decode, decoder.decode_greedy):
                with pytest.raises(TraceError):
                    decode(points)
            return error.reason
    assert isinstance(greedy, str)
    assert [c.word for c in batch[0]] == [c.word for c in candidates]
    assert all(math.isfinite(c.score) for c in candidates)
    assert all(0 <= c.probability <= 1 for c in candidates)
    assert sum(c.probability for c in candidates) < 1 + 1e-6
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    return "answer"


def changed(at: int, column: int, value: float) -> Any:
    points = swipe("hello").astype(np.float64)
    points[at, column] = value
    return points


def still(times: Any) -> Any:
    return np.stack([np.full(len(times), 0.5), np.full(len(times), 0.5), times], axis=1)


POINT = {"x": 0.5, "y": 0.5, "t": 0}


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        (swipe("hello"), "answer"),
        (swipe("hello")[:1], "answer"),
        (swipe("hello", 100_000), "answer"),
        (still(np.arange(50.0)), "answer"),
        (still(np.zeros(50)), "answer"),
        (np.zeros((50, 3)), "answer"),
        (changed(3, 0, 1e30), "answer"),
        (changed(0, 1, -1e30), "answer"),
        (swipe("hello") * np.array([3e38, 3e38, 1]), "answer"),
        (swipe("hello") - np.array([0, 0, 1e6]), "answer"),  # times before the epoch
        (changed(-1, 2, 86_400_000.0), "answer"),  # as long as it may be
        (changed(-1, 2, 86_400_001.0), "too_long"),
        (changed(-1, 2, 1e30), "too_long"),
        (changed(-1, 2, 3e38), "too_long"),
        (still(np.array([-1.7e38, 1.7e38])), "too_long"),
        (still(np.array([-3e38, 3e38])), "not_finite"),  # its span does not fit a 32-bit float
        (changed(3, 0, 1e39), "not_finite"),
        (changed(3, 0, math.nan), "not_finite"),
        (changed(3, 1, -math.inf), "not_finite"),
        (changed(-1, 2, math.nan), "not_finite"),
        (changed(-1, 2, -1.0), "time_backwards"),
        (swipe("hello", 131_073), "too_many_points"),
        (np.zeros((0, 3)), "no_points"),
        ([], "no_points"),
        (np.zeros((5, 2)), "bad_points"),
        (np.zeros((5, 3, 1)), "bad_points"),
        (np.zeros(3), "bad_points"),
        (np.zeros(()), "bad_points"),
        (np.array([["0.5", "0.5", "0"]]), "bad_points"),
        (np.array([[1j, 0, 0]]), "bad_points"),
        (np.array([[True, True, True]]), "bad_points"),
        (np.array([[object(), 0, 0]]), "bad_points"),
        (np.array([[10**400, 0, 0]], dtype=object), "not_finite"),
        (np.array([["2026-01-01", "2026-01-01", "2026-01-01"]], dtype="M8[D]"), "bad_points"),
        (None, "bad_points"),
        (5, "bad_points"),
        ("hello", "bad_points"),
        (b"hello", "bad_points"),
        ({"points": [POINT]}, "bad_points"),
        ([[0.5, 0.5, 0]], "bad_points"),
        ([None], "bad_points"),
        ([POINT | {"x": "0.5"}], "not_a_number"),
        ([POINT | {"t": None}], "not_a_number"),
        ([POINT | {"t": True}], "not_a_number"),
        ([POINT | {"y": 10**400}], "not_finite"),
        ([{"x": 0.5, "y": 0.5}], "bad_points"),
        ([POINT], "answer"),
    ],
)
def test_odd_points_get_an_answer_or_an_error(
    decoder: GestureDecoder, points: Any, wanted: str
) -> None:
    assert answers(decoder, points) == wanted


@pytest.mark.parametrize("column", [0, 1, 2])
def test_traces_that_were_built_unchecked_are_checked(decoder: GestureDecoder, column: int) -> None:
    columns = list(swipe("hello").T.copy())
    columns[column][5] = math.nan
    assert answers(decoder, Trace(*columns)) == "not_finite"
    assert answers(decoder, Trace(*(c[:0] for c in columns))) == "no_points"
    assert answers(decoder, Trace(columns[0], columns[1][:4], columns[2])) != "answer"


floats = st.floats(width=32) | st.sampled_from([0.0, 1.0, 1e30, -1e30, 3e38, math.nan, math.inf])


@FEW
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(3)), elements=floats),
    st.booleans(),
)
@example(np.array([[0, 0, 0], [1, 1, 1e-45]], np.float32), True)
def test_any_numbers_get_an_answer_or_an_error(tiny: Any, points: Any, in_order: bool) -> None:
    if in_order:
        points[:, 2] = np.sort(np.abs(np.nan_to_num(points[:, 2], posinf=0)) % 1e9)
    answers(tiny, points)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["x", "y", "t", "points"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@FEW
@given(json_values)
def test_any_json_gets_an_answer_or_an_error(tiny: Any, points: Any) -> None:
    answers(tiny, points)


@pytest.fixture(scope="module")
def tiny(tiny_bundle: Path) -> GestureDecoder:
    return GestureDecoder.load(tiny_bundle)


def test_one_long_swipe_does_not_blow_up_a_batch(tiny: GestureDecoder) -> None:
    short = swipe("the")
    alone = tiny.decode(short)
    with bounded(seconds=10):
        found = tiny.decode_batch([short] * 70 + [swipe("hello", 100_000)] + [short] * 500)
    assert len(found) == 571
    for answer in (found[0], found[69], found[71], found[-1]):
        assert [c.word for c in answer] == [c.word for c in alone]


def test_a_keyboard_of_no_size_is_no_silent_nonsense(tiny: GestureDecoder) -> None:
    board = load_keyboard("qwerty")
    flat = Keyboard("flat", "en", 0.0, math.nan, board.centres)
    with pytest.raises(BundleError, match="not finite"):
        tiny.decode(swipe("hello"), keyboard=flat)
